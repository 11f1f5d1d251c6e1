/* wait_lock.c - waiting for a lock that is held over detached work. See wait_lock.h.
 *
 * LOCK: the parking bucket of the word's address; under it a release decides what is left behind.
 */
#include "modules/wait_lock.h"

#include "os/clock.h"

#define PARKED (UINT64_C(1) << 62)   /* somebody may be parked */
#define RESERVED (UINT64_C(1) << 63) /* free, but first for the waiter that was just woken */
#define MARKS (PARKED | RESERVED)
#define FAIR_NS GI_NS_PER_MS
#define POLITE_NS GI_NS_PER_MS /* how long others leave it to that waiter, who may be gone as well */

/* A wait for the word to become another one than was seen. */
typedef struct Wait {
    GiWaitLock *lock;
    uint64_t seen;
} Wait;

static bool unchanged(void *arg) {
    const Wait *wait = arg;
    return atomic_load_explicit(&wait->lock->word, memory_order_relaxed) == wait->seen;
}

static bool change(GiWaitLock *lock, uint64_t from, uint64_t to) {
    return atomic_compare_exchange_strong_explicit(&lock->word, &from, to, memory_order_acquire,
                                                   memory_order_relaxed);
}

/* False when the thread did not come along in a fork, or will never run again. */
static bool can_return(GiThread *ts, uint64_t serial) {
    bool found = false;
    gi_world_lock(&ts->vm->world, &ts->core);
    for (GiThreadCore *c = NULL; !found && (c = gi_world_next_core(&ts->vm->world, c)) != NULL;)
        found = c->serial == serial && atomic_load(&c->state) != GI_STATE_HUNG;
    gi_world_unlock(&ts->vm->world, &ts->core);
    return found;
}

GiStatus gi_wait_lock_slow(GiThread *ts, GiWaitLock *lock) {
    GiThreadCore *core = &ts->core;
    bool woken = false;
    for (;;) {
        uint64_t seen = atomic_load(&lock->word), holder = seen & ~MARKS;
        if (holder == 0 && (woken || !(seen & RESERVED))) {
            if (change(lock, seen, core->serial | (seen & PARKED))) return GI_OK;
            continue;
        }
        if (holder != 0 && !can_return(ts, holder)) {
            if (atomic_load(&lock->word) != seen) continue; /* it let go and ended meanwhile */
            return gi_raise_status(ts, &gi_exc_RuntimeError, "a thread that is gone has left this object half changed");
        }
        if (gi_check_signals(ts) < 0) return GI_FAIL;
        if (!(seen & PARKED) && !change(lock, seen, seen | PARKED)) continue;
        Wait wait = {lock, seen | PARKED};
        uint64_t deadline = holder != 0 ? GI_NEVER : gi_os_deadline(POLITE_NS);
        gi_detach(core, "lock");
        GiPark how = gi_park(&core->parker, lock, unchanged, &wait, deadline, true);
        gi_attach(core);
        woken = how == GI_PARK_UNPARKED || how == GI_PARK_TIMEOUT;
    }
}

static bool choose(void *arg, GiUnpark what) {
    GiWaitLock *lock = arg;
    uint64_t left = what.more ? PARKED : 0;
    if (what.found && what.waited_ns >= FAIR_NS) left |= RESERVED;
    atomic_store_explicit(&lock->word, left, memory_order_release);
    return false;
}

void gi_wait_unlock_slow(GiWaitLock *lock) { gi_unpark_one(lock, choose, lock); }

GiStatus gi_busy_enter(GiThread *ts, GiBusy *busy) {
    if (!gi_wait_lock_is_mine(ts, &busy->lock)) {
        if (gi_wait_lock(ts, &busy->lock) < 0) return GI_FAIL;
        busy->depth = 0;
    }
    busy->depth++;
    return GI_OK;
}

void gi_busy_leave(GiThread *ts, GiBusy *busy) {
    if (--busy->depth == 0) gi_wait_unlock(ts, &busy->lock);
}
