/* locks.h - locks that interpreter threads wait for: the one-byte object lock, and Python's lock.
 *
 * Both are bytes: bit 0 held, bit 1 somebody is parked. Waiting happens in the parking lot, on the
 * byte's address, detached. A waiter that has waited a millisecond is handed the lock directly, so
 * a thread that takes it again and again starves nobody; otherwise whoever comes first has it.
 *
 * INVARIANT: byte locks (GiByteLock) are never held across a safepoint, a detach, a blocking call
 * or a call into Python code. Hence under the GIL they are never contended and are not taken at
 * all (checked builds mark them to find violations); and in a stopped world none is held. To wait
 * for one, a thread must hold none, except in gi_bytelock_lock2, which backs off.
 */
#ifndef GI_THREADS_LOCKS_H
#define GI_THREADS_LOCKS_H

#include "threads/count.h"
#include "threads/world.h"

enum { GI_LOCK_FREE = 0, GI_LOCK_HELD = 1, GI_LOCK_PARKED = 2 };

typedef _Atomic uint8_t GiByteLock;

/* Waits about a microsecond, twice as long each round, without touching memory. For a thread that has just met
 * another one at the same object: while it keeps away, the other goes on with the object's memory in its own
 * cache, and does in that time what would cost both far more by turns. */
void gi_keep_away(unsigned round);

void gi_bytelock_lock_slow(GiThreadCore *core, GiByteLock *lock);
void gi_bytelock_unlock_slow(GiThreadCore *core, GiByteLock *lock);

/* Locks an object; a no-op under the GIL. The thread is attached; it may be detached while it
 * waits, so whatever was read before must be read again. */
static inline void gi_bytelock_lock(GiThreadCore *core, GiByteLock *lock)
{
    if (GI_LIKELY(!core->free_running)) {
#ifndef NDEBUG
        GI_ASSERT(atomic_load_explicit(lock, memory_order_relaxed) == GI_LOCK_FREE);
        atomic_store_explicit(lock, GI_LOCK_HELD, memory_order_relaxed);
        core->locks_held++;
#endif
        return;
    }
    gi_count_shared(LOCKS);
    uint8_t free = GI_LOCK_FREE;
    if (GI_UNLIKELY(!atomic_compare_exchange_strong_explicit(
            lock, &free, GI_LOCK_HELD, memory_order_acquire, memory_order_relaxed)))
        gi_bytelock_lock_slow(core, lock);
    gi_point();
#ifndef NDEBUG
    core->locks_held++;
#endif
}

/* Locks if that needs no waiting; true on success. */
static inline bool gi_bytelock_trylock(GiThreadCore *core, GiByteLock *lock)
{
    if (GI_LIKELY(!core->free_running)) {
        gi_bytelock_lock(core, lock);
        return true;
    }
    uint8_t free = GI_LOCK_FREE;
    if (!atomic_compare_exchange_strong_explicit(lock, &free, GI_LOCK_HELD, memory_order_acquire,
                                                 memory_order_relaxed))
        return false;
#ifndef NDEBUG
    core->locks_held++;
#endif
    return true;
}

/* Unlocks what gi_bytelock_lock locked. The object must outlive the call: the caller owns a
 * reference to it. */
static inline void gi_bytelock_unlock(GiThreadCore *core, GiByteLock *lock)
{
#ifndef NDEBUG
    GI_ASSERT(core->locks_held > 0);
    core->locks_held--;
#endif
    if (GI_LIKELY(!core->free_running)) {
#ifndef NDEBUG
        atomic_store_explicit(lock, GI_LOCK_FREE, memory_order_relaxed);
#endif
        return;
    }
    uint8_t held = GI_LOCK_HELD;
    if (GI_UNLIKELY(!atomic_compare_exchange_strong_explicit(
            lock, &held, GI_LOCK_FREE, memory_order_release, memory_order_relaxed)))
        gi_bytelock_unlock_slow(core, lock);
    gi_point();
}

/* Locks two objects (the same one twice is allowed) in address order without deadlock. */
void gi_bytelock_lock2(GiThreadCore *core, GiByteLock *a, GiByteLock *b);
/* Unlocks what gi_bytelock_lock2 locked. */
void gi_bytelock_unlock2(GiThreadCore *core, GiByteLock *a, GiByteLock *b);

/* A byte lock held for a scope: GI_LOCKED(core, &object->lock) { ... } ; return and goto out of
 * it unlock. */
typedef struct {
    GiThreadCore *core;
    GiByteLock *lock;
    bool done;
} GiLockedScope;

static inline GiLockedScope gi_locked_begin(GiThreadCore *core, GiByteLock *lock)
{
    gi_bytelock_lock(core, lock);
    return (GiLockedScope){core, lock, false};
}
static inline void gi_locked_end(GiLockedScope *scope)
{
    gi_bytelock_unlock(scope->core, scope->lock);
}

#define GI_LOCKED(core, lock)                                                                    \
    for (GiLockedScope gi_locked_scope __attribute__((cleanup(gi_locked_end))) =                 \
             gi_locked_begin((core), (lock));                                                    \
         !gi_locked_scope.done; gi_locked_scope.done = true)

/* The lock behind _thread.lock: any thread may release it. Zero is free. */
typedef struct {
    GiByteLock byte;
} GiLock;

typedef enum {
    GI_LOCK_ACQUIRED,
    GI_LOCK_TIMEOUT,     /* also: not blocking, and it was held */
    GI_LOCK_INTERRUPTED, /* requests wait: run signal handlers, then call again */
} GiLockResult;

/* Acquires the lock. `timeout` is in nanoseconds: 0 does not wait, negative waits for ever. The
 * thread is attached, and detached while it waits (unless the lock is free). After INTERRUPTED the
 * caller works out what is left of its timeout. */
GI_NODISCARD GiLockResult gi_lock_acquire(GiThreadCore *core, GiLock *lock, int64_t timeout);

/* The same to an absolute deadline (GI_NEVER: for ever), so that retries need no arithmetic. */
GI_NODISCARD GiLockResult gi_lock_acquire_until(GiThreadCore *core, GiLock *lock,
                                                uint64_t deadline);

void gi_lock_release_slow(GiLock *lock);

/* Releases a held lock, waking a waiter; false (nothing done) when it was not held. */
static inline bool gi_lock_release(GiLock *lock)
{
    uint8_t held = GI_LOCK_HELD;
    if (GI_LIKELY(atomic_compare_exchange_strong_explicit(
            &lock->byte, &held, GI_LOCK_FREE, memory_order_release, memory_order_relaxed)))
        return true;
    if (!(held & GI_LOCK_HELD)) return false;
    gi_lock_release_slow(lock);
    return true;
}

static inline bool gi_lock_is_held(GiLock *lock)
{
    return atomic_load_explicit(&lock->byte, memory_order_relaxed) & GI_LOCK_HELD;
}

/* Makes the lock free, in the child of a fork. */
static inline void gi_lock_after_fork_child(GiLock *lock)
{
    atomic_store_explicit(&lock->byte, GI_LOCK_FREE, memory_order_relaxed);
}

/* gi_event_wait for attached threads: detaches while it waits; `why` as for gi_detach. False when
 * the deadline passed. */
bool gi_event_wait_detached(GiThreadCore *core, GiEvent *event, uint64_t deadline,
                            const char *why);

#endif
