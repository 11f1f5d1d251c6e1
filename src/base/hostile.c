/* hostile.c - the allocations of hostile builds (see hostile.h); empty in all others.
 *
 * The countdown is negative while every attempt fails. Lock-free: one counter is the thread's, the
 * other atomic.
 */
#ifdef GI_HOSTILE
#include "base/hostile.h"
#undef malloc
#undef calloc
#undef realloc
#undef strdup
#undef strndup
#undef posix_memalign
#undef realpath
#undef getcwd
#undef getline
#undef free

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

static _Thread_local int64_t countdown __attribute__((tls_model("initial-exec")));
static _Thread_local bool fail_onwards __attribute__((tls_model("initial-exec")));
static _Atomic int64_t live_blocks;

void gi_hostile_fail(int64_t n, bool onwards) {
    countdown = n;
    fail_onwards = onwards;
}

int64_t gi_hostile_left(void) { return countdown > 0 ? countdown : 0; }

bool gi_hostile_due(void) {
    if (countdown == 0) return false;
    if (countdown > 0 && --countdown > 0) return false;
    if (fail_onwards) countdown = -1;
    return true;
}

int64_t gi_hostile_blocks(void) { return atomic_load_explicit(&live_blocks, memory_order_relaxed); }

static void *counted(void *block) {
    if (block) atomic_fetch_add_explicit(&live_blocks, 1, memory_order_relaxed);
    return block;
}

static bool refused(void) {
    if (!gi_hostile_due()) return false;
    errno = ENOMEM;
    return true;
}

void *gi_hostile_malloc(size_t size) { return refused() ? NULL : counted(malloc(size)); }
void *gi_hostile_calloc(size_t count, size_t size) { return refused() ? NULL : counted(calloc(count, size)); }

void *gi_hostile_realloc(void *block, size_t size) {
    if (refused()) return NULL;
    void *fresh = realloc(block, size);
    return block ? fresh : counted(fresh);
}

char *gi_hostile_strdup(const char *text) { return refused() ? NULL : counted(strdup(text)); }
char *gi_hostile_strndup(const char *text, size_t size) { return refused() ? NULL : counted(strndup(text, size)); }

int gi_hostile_memalign(void **block, size_t align, size_t size) {
    if (refused()) return ENOMEM;
    int error = posix_memalign(block, align, size);
    if (!error) (void)counted(*block);
    return error;
}

char *gi_hostile_realpath(const char *path, char *out) {
    if (refused()) return NULL;
    char *found = realpath(path, out);
    return out ? found : counted(found);
}

char *gi_hostile_getcwd(char *out, size_t size) {
    if (refused()) return NULL;
    char *found = getcwd(out, size);
    return out ? found : counted(found);
}

ssize_t gi_hostile_getline(char **line, size_t *size, FILE *file) {
    if (refused()) return -1;
    bool fresh = !*line;
    ssize_t n = getline(line, size, file);
    if (fresh) (void)counted(*line);
    return n;
}

void gi_hostile_free(void *block) {
    if (block) atomic_fetch_sub_explicit(&live_blocks, 1, memory_order_relaxed);
    free(block);
}

#else
typedef int gi_hostile_is_off; /* a file must declare something */
#endif
