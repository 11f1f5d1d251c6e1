/* locks.c - lock and RLock over the threading layer's GiLock. */
#include "modules/_thread/internal.h"
#include "modules/seconds.h"
#include "os/clock.h"
#include "modules/_thread/locks.gen.h"

#define TIMEOUT_MAX_NS (INT64_C(9223372036) * 1000000000)

GiStatus gi_lock_deadline(GiThread *ts, bool blocking, GiVal timeout, uint64_t *deadline) {
    const int64_t unset = -GI_UNIT_S;
    int64_t ns = unset;
    if (!gi_is_null(timeout) && gi_read_time(ts, timeout, GI_UNIT_S, gi_away_from_zero, &ns) < 0) return GI_FAIL;
    if (!blocking && ns != unset)
        return gi_raise_status(ts, &gi_exc_ValueError, "can't specify a timeout for a non-blocking call");
    if (ns < 0 && ns != unset) return gi_raise_status(ts, &gi_exc_ValueError, "timeout value must be positive");
    if (ns > TIMEOUT_MAX_NS) return gi_raise_status(ts, &gi_exc_OverflowError, "timeout value is too large");
    if (!blocking) *deadline = 0;
    else if (ns < 0) *deadline = GI_NEVER;
    else *deadline = gi_os_deadline((uint64_t)ns);
    return GI_OK;
}

int gi_lock_wait(GiThread *ts, GiLock *lock, uint64_t deadline) {
    for (;;) {
        switch (gi_lock_acquire_until(&ts->core, lock, deadline)) {
        case GI_LOCK_ACQUIRED: return 1;
        case GI_LOCK_TIMEOUT: return 0;
        case GI_LOCK_INTERRUPTED:
            if (gi_check_signals(ts) < 0) return -1;
        }
    }
}

#define LOCK(v) (&((GiLockObject *)gi_obj(v))->lock)

GiRef gi_lock_object_new(GiThread *ts) { return gi_own_obj(gi_heap_new(ts, &gi_lock_type, sizeof(GiLockObject))); }

static GiRef acquire(GiThread *ts, GiVal self, bool blocking, GiVal timeout) {
    uint64_t deadline;
    if (gi_lock_deadline(ts, blocking, timeout, &deadline) < 0) return GI_NULL;
    int got = gi_lock_wait(ts, LOCK(self), deadline);
    return got < 0 ? GI_NULL : gi_bool_ref(got);
}
GI_METHOD(lock, acquire, "(self, blocking: bool = True, timeout = -1)", "acquire(blocking=True, timeout=-1) -> bool\n\nLock the lock.  Without argument, this blocks if the lock is already\nlocked (even by the same thread), waiting for another thread to release\nthe lock, and return True once the lock is acquired.") {
    return acquire(ts, self, a->blocking, a->timeout);
}
GI_METHOD(lock, acquire_lock, "(self, blocking: bool = True, timeout = -1)", "An obsolete synonym of acquire().") {
    return acquire(ts, self, a->blocking, a->timeout);
}
static GiRef release(GiThread *ts, GiVal self) {
    if (!gi_lock_release(LOCK(self))) return gi_raise_ref(ts, &gi_exc_RuntimeError, "release unlocked lock");
    return GI_REF_NONE;
}
GI_METHOD(lock, release, "(self)", "release()\n\nRelease the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.  The lock must be in the locked state,\nbut it needn't be locked by the same thread that unlocks it.") {
    return release(ts, self);
}
GI_METHOD(lock, release_lock, "(self)", "An obsolete synonym of release().") { return release(ts, self); }
GI_METHOD(lock, locked, "(self)", "locked() -> bool\n\nReturn whether the lock is in the locked state.") {
    return gi_bool_ref(gi_lock_is_held(LOCK(self)));
}
GI_METHOD(lock, locked_lock, "(self)", "An obsolete synonym of locked().") { return gi_bool_ref(gi_lock_is_held(LOCK(self))); }
GI_METHOD(lock, __enter__, "(self)", "Lock the lock.") { return acquire(ts, self, true, GI_NOVAL); }
GI_METHOD(lock, __exit__, "(self, *args)", "Release the lock.") { return release(ts, self); }
GI_METHOD(lock, _at_fork_reinit, "(self)", NULL) {
    gi_lock_after_fork_child(LOCK(self));
    return GI_REF_NONE;
}
static GiRef lock_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<%s %s object at %p>", gi_lock_is_held(LOCK(self)) ? "locked" : "unlocked",
                         gi_type_name(self), (void *)gi_obj(self));
}
GiType gi_lock_type = {
    .obj = GI_TYPE_HEAD, .name = "_thread.lock", .module = "_thread", .size = sizeof(GiLockObject), .base = &gi_object_type,
    .flags = GI_TYPE_WEAKREF | GI_TYPE_NO_NEW, .methods = lock_methods, .repr = lock_repr,
    .doc = "A lock object is a synchronization primitive.  To create a lock,\ncall threading.Lock().",
};

/* RLock. LOCK: owner and count are written by the owner only, while it holds the lock. */
typedef struct GiRLock { GiObj obj; GiLock lock; _Atomic uint64_t owner; uint64_t count; } GiRLock;
#define RLOCK(v) ((GiRLock *)gi_obj(v))
static bool owned(GiThread *ts, GiVal self) {
    return atomic_load_explicit(&RLOCK(self)->owner, memory_order_relaxed) == ts->core.ident;
}
static GiRef rlock_take(GiThread *ts, GiVal self, bool blocking, GiVal timeout) {
    uint64_t deadline;
    if (gi_lock_deadline(ts, blocking, timeout, &deadline) < 0) return GI_NULL;
    GiRLock *r = RLOCK(self);
    if (owned(ts, self)) {
        if (r->count == UINT64_MAX) return gi_raise_ref(ts, &gi_exc_OverflowError, "Internal lock count overflowed");
        r->count++;
        return GI_REF_TRUE;
    }
    int got = gi_lock_wait(ts, &r->lock, deadline);
    if (got > 0) {
        atomic_store_explicit(&r->owner, ts->core.ident, memory_order_relaxed);
        r->count = 1;
    }
    return got < 0 ? GI_NULL : gi_bool_ref(got);
}
static GiRef rlock_give(GiThread *ts, GiVal self) {
    GiRLock *r = RLOCK(self);
    if (!owned(ts, self)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot release un-acquired lock");
    if (--r->count == 0) {
        atomic_store_explicit(&r->owner, 0, memory_order_relaxed);
        gi_lock_release(&r->lock);
    }
    return GI_REF_NONE;
}
GI_NEW(rlock, "(cls, *args, **kwargs)", NULL) { return gi_type_alloc(ts, type, 0); }
GI_METHOD(rlock, acquire, "(self, blocking: bool = True, timeout = -1)", "acquire(blocking=True) -> bool\n\nLock the lock.  `blocking` indicates whether we should wait\nfor the lock to be available or not.") {
    return rlock_take(ts, self, a->blocking, a->timeout);
}
GI_METHOD(rlock, release, "(self)", "release()\n\nRelease the lock, allowing another thread that is blocked waiting for\nthe lock to acquire the lock.") {
    return rlock_give(ts, self);
}
GI_METHOD(rlock, __enter__, "(self, blocking: bool = True, timeout = -1)", "Lock the lock.") { return rlock_take(ts, self, a->blocking, a->timeout); }
GI_METHOD(rlock, __exit__, "(self, *args)", "Release the lock.") { return rlock_give(ts, self); }
GI_METHOD(rlock, _is_owned, "(self)", "_is_owned() -> bool\n\nFor internal use by `threading.Condition`.") { return gi_bool_ref(owned(ts, self)); }
GI_METHOD(rlock, _release_save, "(self)", "_release_save() -> tuple\n\nFor internal use by `threading.Condition`.") {
    GiRLock *r = RLOCK(self);
    if (r->count == 0) return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot release un-acquired lock");
    GiRef count = gi_int_from_u64(ts, r->count), owner = gi_int_from_u64(ts, atomic_load(&r->owner));
    GiRef state = gi_tuple_steal(ts, (GiRef[]){count, owner}, 2);
    if (gi_is_null(state)) return state;
    r->count = 0;
    atomic_store_explicit(&r->owner, 0, memory_order_relaxed);
    gi_lock_release(&r->lock);
    return state;
}
GI_METHOD(rlock, _acquire_restore, "(self, state: tuple, /)", "_acquire_restore(state) -> None\n\nFor internal use by `threading.Condition`.") {
    uint64_t count, owner;
    if (gi_tuple_len(a->state) != 2 || gi_as_u64(ts, gi_tuple_get(a->state, 0), &count) < 0 ||
        gi_as_u64(ts, gi_tuple_get(a->state, 1), &owner) < 0)
        return gi_raised(ts) ? GI_NULL : gi_raise_ref(ts, &gi_exc_TypeError, "a pair (count, owner) is needed");
    GiRLock *r = RLOCK(self);
    /* Not interruptible: the caller's `with` block must find the lock held again. */
    while (gi_lock_acquire_until(&ts->core, &r->lock, GI_NEVER) != GI_LOCK_ACQUIRED)
        if (gi_check_signals(ts) < 0) gi_unraisable(ts, self, NULL);
    r->count = count;
    atomic_store_explicit(&r->owner, owner, memory_order_relaxed);
    return GI_REF_NONE;
}
GI_METHOD(rlock, _at_fork_reinit, "(self)", NULL) {
    GiRLock *r = RLOCK(self);
    gi_lock_after_fork_child(&r->lock);
    atomic_store(&r->owner, 0);
    r->count = 0;
    return GI_REF_NONE;
}
static GiRef rlock_repr(GiThread *ts, GiVal self) {
    GiRLock *r = RLOCK(self);
    return gi_str_format(ts, "<%s %s object owner=%llu count=%llu at %p>", r->count ? "locked" : "unlocked",
                         gi_type_name(self), (unsigned long long)atomic_load(&r->owner), (unsigned long long)r->count,
                         (void *)gi_obj(self));
}
GiType gi_rlock_type = {
    .obj = GI_TYPE_HEAD, .name = "_thread.RLock", .module = "_thread", .size = sizeof(GiRLock), .base = &gi_object_type,
    .flags = GI_TYPE_WEAKREF | GI_TYPE_BASE, .methods = rlock_methods, .repr = rlock_repr, .new_ = rlock_new,
};
