/* wait_lock.h - a lock that may be held over detached work: one thread at a time uses an object
 * whose operations block or compute for long.
 *
 * Waiters wait detached, and signal handlers run meanwhile. Whoever has waited a millisecond goes
 * before the others when the lock is let go.
 *
 * INVARIANT: `word` says who holds the lock, and is set by that thread while attached. So in the
 * child of a fork, and at exit, a holder that is gone is known for what it is. What it was doing is
 * half done: taking its lock fails with RuntimeError, then and ever after.
 */
#ifndef GI_MODULES_WAIT_LOCK_H
#define GI_MODULES_WAIT_LOCK_H

#include "modules/module.h"

/* Zero is free; else the serial number of the thread that holds it, and marks above. */
typedef struct GiWaitLock {
    _Atomic uint64_t word;
} GiWaitLock;

GI_NODISCARD GiStatus gi_wait_lock_slow(GiThread *ts, GiWaitLock *lock);
void gi_wait_unlock_slow(GiWaitLock *lock);

/* Takes the lock, which is not recursive. GI_FAIL: a signal handler raised, or the holder is gone. */
GI_NODISCARD static inline GiStatus gi_wait_lock(GiThread *ts, GiWaitLock *lock) {
    uint64_t free = 0;
    if (GI_LIKELY(atomic_compare_exchange_strong_explicit(&lock->word, &free, ts->core.serial,
                                                          memory_order_acquire, memory_order_relaxed)))
        return GI_OK;
    return gi_wait_lock_slow(ts, lock);
}

/* Lets go of the lock, which the calling thread holds. */
static inline void gi_wait_unlock(GiThread *ts, GiWaitLock *lock) {
    uint64_t mine = ts->core.serial;
    if (GI_UNLIKELY(!atomic_compare_exchange_strong_explicit(&lock->word, &mine, 0, memory_order_release,
                                                             memory_order_relaxed)))
        gi_wait_unlock_slow(lock);
}

/* True when the calling thread holds the lock. */
static inline bool gi_wait_lock_is_mine(GiThread *ts, GiWaitLock *lock) {
    uint64_t word = atomic_load_explicit(&lock->word, memory_order_relaxed);
    return (word & ~(UINT64_C(3) << 62)) == ts->core.serial;
}

/* An object that one thread uses at a time, which may call itself. LOCK: `lock` waits detached, and is
 * held over calls into Python code; depth is its holder's. */
typedef struct GiBusy {
    GiWaitLock lock;
    int depth;
} GiBusy;
GI_NODISCARD GiStatus gi_busy_enter(GiThread *ts, GiBusy *busy);
void gi_busy_leave(GiThread *ts, GiBusy *busy);

typedef struct GiBusyScope {
    GiThread *ts;
    GiBusy *busy; /* NULL: not entered */
} GiBusyScope;
static inline void gi_busy_scope_end(GiBusyScope *s) {
    if (s->busy) gi_busy_leave(s->ts, s->busy);
}
/* After gi_busy_enter: leaves at the end of the block. */
#define GI_BUSY_SCOPE(ts, entered)                                                                 \
    GiBusyScope gi_busy_scope __attribute__((cleanup(gi_busy_scope_end), unused)) = {(ts), (entered)}
/* To the end of the block, without the GIL only; gives `failure` when the lock cannot be had. */
#define GI_BUSY_IF_FREE(ts, lock_of, failure)                                                      \
    GI_BUSY_SCOPE(ts, NULL);                                                                       \
    if (GI_UNLIKELY((ts)->core.free_running)) {                                                    \
        if (gi_busy_enter((ts), (lock_of)) < 0) return failure;                                    \
        gi_busy_scope.busy = (lock_of);                                                            \
    }

#endif
