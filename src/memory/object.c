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
#include "threads/count.h"
#include "memory/gc.h"
#include "memory/split.h"

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
    if (counts_owner(c) == GI_OWNER_SPLIT) {
        ts->split[c >> 16]++;
        return;
    }
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
    gi_count_shared(COUNTS);
    int32_t old = atomic_fetch_add_explicit(&obj->shared, 1, memory_order_relaxed);
    if (GI_UNLIKELY(old > GI_SHARED_LIMIT)) gi_make_immortal(obj);
    gi_hot_look(ts, obj);
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

/* Merges, if no thread bears the number; true when that was done. A new bearer cannot begin meanwhile:
 * it needs shared->lock first. */
static bool merge_if_ownerless(GiHeapShared *shared, GiObj *obj, uint16_t owner, bool *dead) {
    bool borne = false;
    gi_mutex_lock(&shared->lock);
    for (GiHeapLocal *h = shared->heaps; h && !borne; h = h->next)
        borne = h->thread && h->thread->core.owner == owner;
    if (!borne) *dead = merge_and_drop(obj);
    gi_mutex_unlock(&shared->lock);
    return !borne;
}

/* Does what the owner would do, while it cannot run; true when the object is dead. */
static bool drop_for_owner(GiObj *obj) {
    uint64_t c = counts_load(obj), next;
    do {
        if (counts_owner(c) == GI_OWNER_IMMORTAL) return false;
        if (counts_shared(c) > 0) next = counts_make(counts_owner(c), counts_local(c), counts_shared(c) - 1);
        else next = counts_make(counts_owner(c), counts_local(c) - 1u, counts_shared(c));
    } while (!counts_swap(obj, &c, next));
    return counts_local(next) == 0 && counts_shared(next) == 0;
}

/* So many handed references are dropped in one go when their owner is blocked and comes to no safepoint. */
enum { FOR_BLOCKED = 32 };

/* If the heap's thread is in a blocking call, drops what was handed to it. LOCK: h->lock. Gives how many
 * of the objects, now in `dead`, have died. */
static size_t drop_for_blocked(GiThread *ts, GiHeapLocal *h, GiObj **dead) {
    size_t n = 0;
    if (!gi_world_hold(&ts->core, &h->thread->core)) return 0;
    for (int i = 0; i < FOR_BLOCKED && h->handed.len; i++) {
        GiObj *obj = gi_vec_pop(&h->handed);
        uint16_t owner = counts_owner(counts_load(obj));
        if (owner != h->thread->core.owner) { /* it has changed hands since: try anew from here */
            h->handed.data[h->handed.len++] = obj;
            break;
        }
        if (drop_for_owner(obj)) dead[n++] = obj;
    }
    gi_world_release(&ts->core, &h->thread->core);
    return n;
}

/* Hands the reference to the owner. Its thread cannot go away meanwhile: it leaves under the same
 * lock. Rarely there is no memory for the list: then the owner's work is done while it stands still. */
static void hand_drop(GiThread *ts, GiObj *obj, uint16_t owner) {
    gi_count_shared(HANDED);
    GiHeapShared *shared = gi_heap_shared(ts->vm);
    bool done = false;
    GiObj *dead[FOR_BLOCKED + 1];
    size_t died = 0;
    for (;;) {
        GiHeapLocal *h = shared->by_owner ? atomic_load(&shared->by_owner[owner]) : NULL;
        if (h) gi_mutex_lock(&h->lock);
        if (h && h->thread && h->thread->core.owner == owner) {
            if (gi_vec_push(&h->handed, obj) == GI_OK) {
                done = true;
                /* A container may be what keeps an object whose end is awaited: it, too, does not wait for a thread
                 * that sleeps. */
                bool awaited = gi_obj_type(obj)->finalize || gi_obj_flags(obj) & GI_OBJ_WEAKREFS;
                died = drop_for_blocked(ts, h, dead);
                if (h->handed.len == 1 || awaited) gi_request(&h->thread->core, GI_SP_GC);
            }
            gi_mutex_unlock(&h->lock);
            break;
        }
        if (h) gi_mutex_unlock(&h->lock);
        bool last = false;
        if (merge_if_ownerless(shared, obj, owner, &last)) {
            done = true;
            if (last) dead[died++] = obj;
            break;
        }
    }
    if (!done) {
        gi_stop_world_for(&ts->core, "reference counts");
        if (drop_for_owner(obj)) dead[died++] = obj;
        gi_start_world(&ts->core);
    }
    for (size_t i = 0; i < died; i++) gi_dealloc(ts, dead[i]);
}

void gi_decref_shared(GiThread *ts, GiObj *obj) {
    uint64_t c = counts_load(obj);
    GI_ASSERT(gi_obj_head(obj) != 0); /* otherwise: dropped after its death */
    GI_ASSERT(counts_owner(c) != GI_OWNER_SPLIT);
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
        gi_count_shared(COUNTS);
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

/* Drops one reference that was handed to somebody; true when the object is dead. The world is stopped. */
static bool drop_stopped(GiThread *ts, GiObj *obj) {
    uint64_t c = counts_load(obj);
    if (counts_owner(c) != GI_OWNER_SPLIT) return drop_for_owner(obj);
    ts->split[c >> 16]--;
    return false;
}

void gi_take_all_handed_drops(GiThread *ts) {
    GiHeapShared *shared = ts->vm->heap;
    GI_VEC(GiObj *) dead = {0};
    gi_take_handed_drops(ts);
    if (!ts->core.free_running) return;
    gi_stop_world_for(&ts->core, "reference counts");
    gi_mutex_lock(&shared->lock);
    for (GiHeapLocal *h = shared->heaps; h; h = h->next) {
        gi_mutex_lock(&h->lock);
        if (gi_vec_reserve(&dead, h->handed.len) == GI_OK)
            while (h->handed.len) {
                GiObj *obj = gi_vec_pop(&h->handed);
                if (drop_stopped(ts, obj)) dead.data[dead.len++] = obj;
            }
        gi_mutex_unlock(&h->lock);
    }
    gi_mutex_unlock(&shared->lock);
    gi_start_world(&ts->core);
    while (dead.len) gi_dealloc(ts, gi_vec_pop(&dead));
    gi_vec_free(&dead);
}

bool gi_try_incref(GiThread *ts, GiObj *obj) {
    uint64_t c = __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_ACQUIRE);
    for (;;) {
        uint16_t owner = counts_owner(c);
        if (owner == GI_OWNER_IMMORTAL) return true;
        if (owner == GI_OWNER_FREE) return false;
        if (owner == GI_OWNER_SPLIT) {
            ts->split[c >> 16]++;
            return true;
        }
        if (gi_obj_flags(obj) & GI_OBJ_DYING) return false;
        if (counts_local(c) == 0 && counts_shared(c) == 0) return false;
        if (owner == ts->core.owner) {
            gi_incref_obj(ts, obj);
            return true;
        }
        gi_count_shared(COUNTS);
        if (counts_swap(obj, &c, counts_make(owner, counts_local(c), counts_shared(c) + 1))) {
            gi_hot_look(ts, obj);
            return true;
        }
    }
}

void gi_make_immortal(GiObj *obj) {
    if (gi_obj_owner(obj) == GI_OWNER_IMMORTAL) return; /* it may stand in read-only memory */
    __atomic_store_n(&gi_obj_counts(obj), counts_make(GI_OWNER_IMMORTAL, 1, 0), __ATOMIC_RELEASE);
}
