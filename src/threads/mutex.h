/* mutex.h - native synchronisation in one word each: mutex, event, once.
 *
 * They know no world and no thread state, so they may be used before one exists, and inside the
 * machinery of the GIL itself. LOCK: a GiMutex guards short native sections only. It is never held
 * across a safepoint, an attach, a blocking call or a call into Python code; whoever holds one may
 * not wait for the GIL. Zero bytes are a valid initial state of each.
 */
#ifndef GI_THREADS_MUTEX_H
#define GI_THREADS_MUTEX_H

#include "os/futex.h"
#include "threads/count.h"

/* INVARIANT: state is 0 free, 1 held, 2 held and somebody may wait. */
typedef struct {
    _Atomic uint32_t state;
} GiMutex;

#define GI_MUTEX_INIT {0}

void gi_mutex_lock_slow(GiMutex *mutex);
void gi_mutex_unlock_slow(GiMutex *mutex);

/* Takes the mutex if it is free; true on success. */
static inline bool gi_mutex_trylock(GiMutex *mutex)
{
    uint32_t free = 0;
    return atomic_compare_exchange_strong_explicit(&mutex->state, &free, 1, memory_order_acquire,
                                                   memory_order_relaxed);
}

/* Takes the mutex, waiting if need be. Not recursive. */
static inline void gi_mutex_lock(GiMutex *mutex)
{
    gi_count_shared(MUTEXES);
    if (GI_UNLIKELY(!gi_mutex_trylock(mutex))) gi_mutex_lock_slow(mutex);
    gi_point();
}

/* Releases a mutex that the caller holds. */
static inline void gi_mutex_unlock(GiMutex *mutex)
{
    uint32_t was = atomic_exchange_explicit(&mutex->state, 0, memory_order_release);
    GI_ASSERT(was != 0);
    if (GI_UNLIKELY(was == 2)) gi_mutex_unlock_slow(mutex);
    gi_point();
}

/* Makes the mutex free in the child of a fork, whoever held it. */
static inline void gi_mutex_after_fork_child(GiMutex *mutex)
{
    atomic_store_explicit(&mutex->state, 0, memory_order_relaxed);
}

/* A flag that can be waited for. INVARIANT: state is 0 unset, 1 set, 2 unset with waiters. */
typedef struct {
    _Atomic uint32_t state;
} GiEvent;

/* Sets the event and wakes all who wait; what came before is visible to them. */
void gi_event_set(GiEvent *event);
/* Unsets it; only sound while nobody waits. */
void gi_event_reset(GiEvent *event);
/* Waits until it is set; false when the deadline (GI_NEVER: none) passed. The calling thread must
 * not be attached. */
bool gi_event_wait(GiEvent *event, uint64_t deadline);
static inline bool gi_event_is_set(GiEvent *event)
{
    return atomic_load_explicit(&event->state, memory_order_acquire) == 1;
}

/* Runs a function exactly once. INVARIANT: 0 not run, 1 running, 2 running with waiters, 3 done. */
typedef struct {
    _Atomic uint32_t state;
} GiOnce;

void gi_once_slow(GiOnce *once, void (*run)(void *arg), void *arg);

/* On return `run(arg)` has been run to its end, by this thread or another. */
static inline void gi_once(GiOnce *once, void (*run)(void *arg), void *arg)
{
    if (GI_UNLIKELY(atomic_load_explicit(&once->state, memory_order_acquire) != 3))
        gi_once_slow(once, run, arg);
}

/* A count of owners for native structures shared by threads. */
typedef struct {
    _Atomic size_t count;
} GiShared;

static inline void gi_shared_init(GiShared *shared) { atomic_init(&shared->count, 1); }
static inline void gi_shared_keep(GiShared *shared)
{
    atomic_fetch_add_explicit(&shared->count, 1, memory_order_relaxed);
}
/* True when the caller was the last owner and must free the structure. */
static inline bool gi_shared_drop(GiShared *shared)
{
    return atomic_fetch_sub_explicit(&shared->count, 1, memory_order_acq_rel) == 1;
}

#endif
