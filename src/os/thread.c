/* thread.c - native threads over pthreads. See thread.h. */
#include "os/thread.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

/* What a new thread is to run; owned by it. */
typedef struct {
    GiThreadMain run;
    void *arg;
} Start;

static void *start_thread(void *arg)
{
    Start start = *(Start *)arg;
    free(arg);
    start.run(start.arg);
    return NULL;
}

int gi_os_thread_start(GiOsThread *thread, GiThreadMain run, void *arg, size_t stack_size,
                       bool detached)
{
    Start *start = malloc(sizeof *start);
    if (!start) return ENOMEM;
    *start = (Start){run, arg};
    pthread_attr_t attr;
    int error = pthread_attr_init(&attr);
    if (error) {
        free(start);
        return error;
    }
    if (stack_size != 0) error = pthread_attr_setstacksize(&attr, stack_size);
    if (!error && detached) error = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    if (!error) error = pthread_create(&thread->handle, &attr, start_thread, start);
    pthread_attr_destroy(&attr);
    if (error) free(start);
    return error;
}

int gi_os_thread_join(GiOsThread *thread) { return pthread_join(thread->handle, NULL); }

bool gi_os_stack_size_ok(size_t stack_size)
{
    pthread_attr_t attr;
    if (pthread_attr_init(&attr) != 0) return false;
    bool ok = stack_size >= 32768 && pthread_attr_setstacksize(&attr, stack_size) == 0;
    pthread_attr_destroy(&attr);
    return ok;
}

uint64_t gi_os_thread_ident(void) { return (uint64_t)(uintptr_t)pthread_self(); }

uint64_t gi_os_thread_native_id(void)
{
#if defined(__linux__)
    return (uint64_t)syscall(SYS_gettid);
#elif defined(__APPLE__)
    uint64_t id = 0;
    pthread_threadid_np(NULL, &id);
    return id;
#else
    return gi_os_thread_ident();
#endif
}

void gi_os_thread_set_name(const char *name)
{
#if defined(__linux__)
    prctl(PR_SET_NAME, name, 0, 0, 0);
#elif defined(__APPLE__)
    pthread_setname_np(name);
#else
    (void)name;
#endif
}

void gi_os_thread_yield(void) { sched_yield(); }

#if defined(__linux__)
static bool get_mask(pid_t thread, unsigned long *mask)
{
    memset(mask, 0, sizeof(cpu_set_t));
    return sched_getaffinity(thread, sizeof(cpu_set_t), (cpu_set_t *)mask) == 0;
}
#endif

void gi_os_wake_here(uint64_t native_id, GiOsPin *pin)
{
#if defined(__linux__)
    _Static_assert(sizeof pin->before == sizeof(cpu_set_t), "a mask of the C library");
    unsigned processor = 0;
    cpu_set_t here, *before = (cpu_set_t *)pin->before;
    if (pin->changed || getcpu(&processor, NULL) != 0 || processor >= CPU_SETSIZE) return;
    if (!get_mask((pid_t)native_id, pin->before) || !CPU_ISSET(processor, before) || CPU_COUNT(before) < 2) return;
    CPU_ZERO(&here);
    CPU_SET(processor, &here);
    if (sched_setaffinity((pid_t)native_id, sizeof here, &here) != 0) return;
    pin->processor = processor;
    pin->changed = true;
#else
    (void)native_id, (void)pin;
#endif
}

void gi_os_unpin(GiOsPin *pin)
{
#if defined(__linux__)
    cpu_set_t now;
    if (!pin->changed) return;
    pin->changed = false;
    if (!get_mask(0, (unsigned long *)&now) || CPU_COUNT(&now) != 1 || !CPU_ISSET(pin->processor, &now)) return;
    (void)sched_setaffinity(0, sizeof(cpu_set_t), (const cpu_set_t *)pin->before);
#else
    (void)pin;
#endif
}

void gi_os_thread_hang(void)
{
    for (;;) pause();
}

#if defined(__GLIBC__)
extern void *__libc_stack_end; /* the dynamic linker's: where the main thread's stack began */

/* PERF: the main thread's bounds without pthread_getattr_np, which reads and parses all of
 * /proc/self/maps for them. False in another thread: with a limit raised far enough its stack, too,
 * is within the limit of where the main one began. */
static bool main_stack_bounds(uintptr_t *low, uintptr_t *high)
{
    struct rlimit limit;
    if (getpid() != (pid_t)gi_os_thread_native_id()) return false;
    uintptr_t here = (uintptr_t)__builtin_frame_address(0), end = (uintptr_t)__libc_stack_end;
    if (getrlimit(RLIMIT_STACK, &limit) != 0) return false;
    uintptr_t most = limit.rlim_cur == RLIM_INFINITY ? (uintptr_t)64 << 20 : (uintptr_t)limit.rlim_cur;
    if (here > end || end - here >= most) return false;
    *high = end;
    *low = end - most;
    return true;
}
#endif

bool gi_os_stack_bounds(uintptr_t *low, uintptr_t *high)
{
#if defined(__linux__)
#if defined(__GLIBC__)
    if (main_stack_bounds(low, high)) return true;
#endif
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) != 0) return false;
    void *base;
    size_t size, guard = 0;
    bool ok = pthread_attr_getstack(&attr, &base, &size) == 0;
    if (ok) {
        pthread_attr_getguardsize(&attr, &guard);
        *high = (uintptr_t)base + size;
        *low = (uintptr_t)base + guard;
        struct rlimit limit;
        /* The main thread's stack grows on demand; without a limit, count on 64 MiB. */
        if (getpid() == (pid_t)gi_os_thread_native_id() && getrlimit(RLIMIT_STACK, &limit) == 0) {
            uintptr_t most = limit.rlim_cur == RLIM_INFINITY ? (uintptr_t)64 << 20
                                                             : (uintptr_t)limit.rlim_cur;
            if (*high - *low > most) *low = *high - most;
        }
    }
    pthread_attr_destroy(&attr);
    return ok;
#elif defined(__APPLE__)
    *high = (uintptr_t)pthread_get_stackaddr_np(pthread_self());
    *low = *high - pthread_get_stacksize_np(pthread_self());
    return true;
#else
    (void)low;
    (void)high;
    return false;
#endif
}

int gi_os_cpu_usable(void)
{
#if defined(__linux__)
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return GI_MAX(CPU_COUNT(&set), 1);
#endif
    return gi_os_cpu_count();
}

int gi_os_cpu_count(void) { return GI_MAX((int)sysconf(_SC_NPROCESSORS_ONLN), 1); }
