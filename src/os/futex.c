/* futex.c - Linux futexes, or a table of condition variables elsewhere. See futex.h.
 *
 * The portable table is the one mutable global of this file. LOCK: a bucket's mutex is innermost.
 */
#include "os/futex.h"

#include <errno.h>
#include <time.h>

#if defined(__linux__) && !defined(GI_OS_PORTABLE_FUTEX)

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

GiWait gi_os_futex_wait(_Atomic uint32_t *word, uint32_t expected, uint64_t deadline)
{
    int saved = errno;
    struct timespec t, *until = NULL;
    if (deadline != GI_NEVER) {
        t = (struct timespec){(time_t)(deadline / GI_NS_PER_SEC), (long)(deadline % GI_NS_PER_SEC)};
        until = &t;
    }
    long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, expected, until, NULL,
                          FUTEX_BITSET_MATCH_ANY);
    int error = result == 0 ? 0 : errno;
    errno = saved;
    if (error == ETIMEDOUT) return GI_WAIT_TIMEOUT;
    if (error == EINTR) return GI_WAIT_INTERRUPTED;
    return GI_WAIT_WOKEN;
}

void gi_os_futex_wake(_Atomic uint32_t *word, int count)
{
    int saved = errno;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, NULL, NULL, 0);
    errno = saved;
}

void gi_os_futex_after_fork_child(void) {}

#else

#include <pthread.h>

enum { BUCKETS = 64 };

/* INVARIANT: a waiter compares its word under the bucket's mutex and wakers take that mutex after
 * changing the word, so no wake is lost. All waiters of a bucket are woken: the few strangers
 * among them see a spurious wake-up. */
typedef struct {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
} Bucket;

static Bucket futex_table[BUCKETS];
static pthread_once_t futex_table_once = PTHREAD_ONCE_INIT;

static void init_table(void)
{
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
#if !defined(__APPLE__)
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
#endif
    for (int i = 0; i < BUCKETS; i++) {
        pthread_mutex_init(&futex_table[i].mutex, NULL);
        pthread_cond_init(&futex_table[i].cond, &attr);
    }
    pthread_condattr_destroy(&attr);
}

static Bucket *bucket_of(const void *word)
{
    pthread_once(&futex_table_once, init_table);
    return &futex_table[(((uintptr_t)word >> 2) * UINT64_C(0x9E3779B97F4A7C15)) >> 58];
}

GiWait gi_os_futex_wait(_Atomic uint32_t *word, uint32_t expected, uint64_t deadline)
{
    Bucket *bucket = bucket_of(word);
    int error = 0;
    pthread_mutex_lock(&bucket->mutex);
    if (atomic_load(word) == expected) {
        if (deadline == GI_NEVER) {
            pthread_cond_wait(&bucket->cond, &bucket->mutex);
        } else {
            uint64_t when = deadline;
#if defined(__APPLE__)
            uint64_t now = gi_os_mono_ns();
            when = (uint64_t)gi_os_real_ns() + (deadline > now ? deadline - now : 0);
#endif
            struct timespec t = {(time_t)(when / GI_NS_PER_SEC), (long)(when % GI_NS_PER_SEC)};
            error = pthread_cond_timedwait(&bucket->cond, &bucket->mutex, &t);
        }
    }
    pthread_mutex_unlock(&bucket->mutex);
    return error == ETIMEDOUT ? GI_WAIT_TIMEOUT : GI_WAIT_WOKEN;
}

void gi_os_futex_wake(_Atomic uint32_t *word, int count)
{
    (void)count;
    Bucket *bucket = bucket_of(word);
    pthread_mutex_lock(&bucket->mutex);
    pthread_cond_broadcast(&bucket->cond);
    pthread_mutex_unlock(&bucket->mutex);
}

void gi_os_futex_after_fork_child(void)
{
    pthread_once(&futex_table_once, init_table);
    init_table();
}

#endif
