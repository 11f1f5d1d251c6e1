/* object.c - the slow paths of reference counts.
 *
 * What can happen off the fast path:
 *   the owner's local count overflows      half of it moves to `shared`
 *   the owner's local count reaches zero   dead when shared is zero; a spilled half comes back;
 *                                          otherwise the counts are merged: nobody owns it any more
 *   somebody else takes a reference        shared + 1, atomically
 *   somebody else drops one                shared - 1 if it is positive. If it is zero, the
 *       reference is part of the owner's count: it is handed to the owner, who drops it at its next
 *       safepoint. When no thread bears the owner's number (it has ended, or the number is that of
 *       the GIL, which was lifted), the counts are merged on the spot.
 * The first two happen in both modes; the others only without the GIL. All changes of `shared`, and
 * every change of owner, are read-modify-writes of the whole 64-bit word or of shared alone; the
 * owner's fast path writes its half of the word plainly, and nobody else changes that half while
 * the owner's number is in use.
 * LOCK: GiHeapLocal.lock guards its list of handed drops; GiHeapShared.lock that of heaps.
 */
#include "memory/heap_internal.h"
#include "memory/thread.h"
#include "memory/gc.h"

#include <stdlib.h>

#define GI_LOCAL_SPILL 0x8000u
/* So many references make an object immortal: the count could overflow. */
#define GI_SHARED_LIMIT 0x60000000

#define counts_owner(c) ((uint16_t)(c))
#define counts_local(c) ((uint16_t)((c) >> 16))
#define counts_shared(c) ((int32_t)((c) >> 32))
static inline uint64_t counts_make(uint16_t owner, uint32_t local, int32_t shared) {
    return (uint64_t)owner | (uint64_t)local << 16 | (uint64_t)(uint32_t)shared << 32;
}
static inline uint64_t counts_load(const GiObj *obj) {
    return __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED);
}
static inline bool counts_swap(GiObj *obj, uint64_t *expected, uint64_t desired) {
    return __atomic_compare_exchange_n(&gi_obj_counts(obj), expected, desired, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

void gi_incref_slow(GiThread *ts, GiObj *obj) {
    uint64_t c = counts_load(obj);
    if (counts_owner(c) == ts->core.owner) {
        do {
            if (counts_shared(c) > GI_SHARED_LIMIT) {
                gi_make_immortal(obj);
                return;
            }
        } while (!counts_swap(obj, &c, counts_make(counts_owner(c),
                                                   counts_local(c) + 1u - GI_LOCAL_SPILL,
                                                   counts_shared(c) + (int32_t)GI_LOCAL_SPILL)));
        return;
    }
    int32_t old = atomic_fetch_add_explicit(&obj->shared, 1, memory_order_relaxed);
    if (GI_UNLIKELY(old > GI_SHARED_LIMIT)) gi_make_immortal(obj);
}

/* The owner drops the last reference that its own count holds. */
static void decref_last_local(GiThread *ts, GiObj *obj) {
    uint64_t c = counts_load(obj);
    for (;;) {
        uint16_t owner = counts_owner(c);
        int32_t shared = counts_shared(c);
        uint64_t next = shared == 0 ? counts_make(owner, 0, 0)
                        : shared >= (int32_t)GI_LOCAL_SPILL
                            ? counts_make(owner, GI_LOCAL_SPILL, shared - (int32_t)GI_LOCAL_SPILL)
                            : counts_make(GI_OWNER_NONE, 0, shared);
        if (counts_swap(obj, &c, next)) {
            if (shared == 0) gi_dealloc(ts, obj);
            return;
        }
    }
}

/* The heap of the thread that bears this owner number, NULL when none does. LOCK: shared->lock. */
static GiHeapLocal *heap_of_owner_locked(GiHeapShared *shared, uint16_t owner) {
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        if (h->thread && h->thread->core.owner == owner) return h;
    return NULL;
}

/* Merges the counts of an object whose owner cannot run, less one reference. True: it is dead. */
static bool merge_and_drop(GiObj *obj) {
    uint64_t c = counts_load(obj);
    int32_t total;
    do {
        if (counts_owner(c) == GI_OWNER_IMMORTAL) return false;
        total = (int32_t)counts_local(c) + counts_shared(c) - 1;
    } while (!counts_swap(obj, &c, counts_make(GI_OWNER_NONE, 0, total)));
    return total == 0;
}

/* Hands the reference to the owner. The owner's thread cannot go away meanwhile: it leaves under
 * the same lock. */
static void hand_drop(GiThread *ts, GiObj *obj, uint16_t owner) {
    GiHeapShared *shared = gi_heap_shared(ts->vm);
    bool dead = false, queued = false;
    gi_mutex_lock(&shared->lock);
    GiHeapLocal *h = heap_of_owner_locked(shared, owner);
    if (!h) {
        dead = merge_and_drop(obj);
        queued = true;
    } else {
        gi_mutex_lock(&h->lock);
        if (gi_vec_push(&h->handed, obj) == GI_OK) {
            queued = true;
            gi_request(&h->thread->core, GI_SP_GC);
        }
        gi_mutex_unlock(&h->lock);
    }
    gi_mutex_unlock(&shared->lock);
    if (!queued) { /* no memory for the list: do the owner's work while it stands still */
        gi_stop_world(&ts->core);
        dead = merge_and_drop(obj);
        gi_start_world(&ts->core);
    }
    if (dead) gi_dealloc(ts, obj);
}

void gi_decref_shared(GiThread *ts, GiObj *obj) {
    uint64_t c = counts_load(obj);
    GI_ASSERT(obj->head != 0); /* otherwise: dropped after its death */
    if (counts_owner(c) == ts->core.owner) {
        GI_ASSERT(counts_local(c) == 1);
        decref_last_local(ts, obj);
        return;
    }
    for (;;) {
        uint16_t owner = counts_owner(c);
        int32_t shared = counts_shared(c);
        if (owner == GI_OWNER_IMMORTAL) return;
        if (shared <= 0) {
            GI_ASSERT(owner != GI_OWNER_NONE);
            hand_drop(ts, obj, owner);
            return;
        }
        if (counts_swap(obj, &c, counts_make(owner, counts_local(c), shared - 1))) {
            if (owner == GI_OWNER_NONE && shared == 1) gi_dealloc(ts, obj);
            return;
        }
    }
}

/* One reference that was handed to the thread, or to one that has ended; NULL: there is none. */
static GiObj *take_handed(GiThread *ts) {
    GiHeapLocal *own = ts->heap;
    GiHeapShared *shared = own->shared;
    GiObj *obj = NULL;
    gi_mutex_lock(&own->lock);
    if (own->handed.len) obj = gi_vec_pop(&own->handed);
    gi_mutex_unlock(&own->lock);
    if (obj || !ts->core.free_running) return obj;
    gi_mutex_lock(&shared->lock);
    for (GiHeapLocal *h = shared->heaps; h && !obj; h = h->next) {
        if (h->thread) continue;
        gi_mutex_lock(&h->lock);
        if (h->handed.len) obj = gi_vec_pop(&h->handed);
        gi_mutex_unlock(&h->lock);
    }
    gi_mutex_unlock(&shared->lock);
    return obj;
}

void gi_take_handed_drops(GiThread *ts) {
    GiObj *obj;
    while ((obj = take_handed(ts)) != NULL) gi_decref_obj(ts, obj);
}

bool gi_try_incref(GiThread *ts, GiObj *obj) {
    uint64_t c = __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_ACQUIRE);
    for (;;) {
        uint16_t owner = counts_owner(c);
        if (owner == GI_OWNER_IMMORTAL) return true;
        if (owner == GI_OWNER_FREE) return false;
        if (__atomic_load_n(&gi_obj_flags(obj), __ATOMIC_RELAXED) & GI_OBJ_DYING) return false;
        if (counts_local(c) == 0 && counts_shared(c) == 0) return false;
        if (owner == ts->core.owner) {
            gi_incref_obj(ts, obj);
            return true;
        }
        if (counts_swap(obj, &c, counts_make(owner, counts_local(c), counts_shared(c) + 1)))
            return true;
    }
}

void gi_make_immortal(GiObj *obj) {
    if (obj->owner == GI_OWNER_IMMORTAL) return; /* it may stand in read-only memory */
    __atomic_store_n(&gi_obj_counts(obj), counts_make(GI_OWNER_IMMORTAL, 1, 0), __ATOMIC_RELEASE);
}
