/* slots.h - slots that other threads may read and replace at any time: fields of shared objects.
 *
 * Registers, and fields of objects that only one thread knows, are handled by gi_slot_dup and its like
 * (memory/object.h); so is everything under the GIL, at no more than the cost of one test here. Without
 * the GIL a plain load and a count afterwards would be too late: between the two another thread may have
 * replaced the content and dropped the last reference. So the content is counted only if it is still
 * alive, and then looked at again in the slot. The slot's own storage must stay readable until the next
 * safepoint (an object that the caller has a reference to, or memory that is retired: threads/epoch.h).
 */
#ifndef GI_MEMORY_SLOTS_H
#define GI_MEMORY_SLOTS_H

#include "memory/thread.h"
#include "threads/count.h"

/* gi_slot_load for an object that this thread does not count by itself. */
GiRef gi_slot_load_foreign(GiThread *ts, const GiSlot *slot, uint64_t bits);

/* A reference to what the slot holds, null if nothing. */
static inline GiRef gi_slot_load(GiThread *ts, const GiSlot *slot) {
    uint64_t bits = __atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE);
    gi_point();
    if (bits - 1 >= GI_TAG_SPECIAL - 1) return (GiRef){bits};
    GiObj *obj = (GiObj *)(uintptr_t)bits;
    uint32_t word = __atomic_load_n(&gi_obj_local_word(obj), __ATOMIC_RELAXED);
    uint32_t more = word + 0x10000u;
    /* Its owner drops it last, so for the owner it lives to the next safepoint at least. */
    if (GI_LIKELY((uint16_t)word == ts->core.owner && more > word)) {
        gi_hostile_counts(ts, obj, 1);
        __atomic_store_n(&gi_obj_local_word(obj), more, __ATOMIC_RELAXED);
        return (GiRef){bits};
    }
    if ((uint16_t)word == GI_OWNER_IMMORTAL) return (GiRef){bits};
    if ((uint16_t)word == GI_OWNER_SPLIT) {
        /* Such objects come and go in a stopped world only: it is what the slot held. */
        gi_hostile_counts(ts, obj, 1);
        ts->split[__atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED) >> 16]++;
        return (GiRef){bits};
    }
    return gi_slot_load_foreign(ts, slot, bits);
}

/* What the slot holds, uncounted: to be used before the next safepoint, and before waiting for any lock. */
static inline GiVal gi_slot_peek_shared(const GiSlot *slot) {
    return (GiVal){__atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE)};
}

/* A reference to what was in such a slot at some moment since the thread's last safepoint, if it cannot have died
 * since: it is the thread's own, or dies in a stopped world only. Null if another thread may have ended it. */
static inline GiRef gi_lasting_dup(GiThread *ts, GiVal v) {
    GiObj *obj = gi_obj(v);
    uint32_t word = __atomic_load_n(&gi_obj_local_word(obj), __ATOMIC_RELAXED);
    uint32_t more = word + 0x10000u;
    if ((uint16_t)word == GI_OWNER_SPLIT) {
        gi_hostile_counts(ts, obj, 1);
        ts->split[__atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED) >> 16]++;
    } else if ((uint16_t)word == ts->core.owner && more > word) {
        gi_hostile_counts(ts, obj, 1);
        __atomic_store_n(&gi_obj_local_word(obj), more, __ATOMIC_RELAXED);
    } else if ((uint16_t)word != GI_OWNER_IMMORTAL) {
        return GI_NULL;
    }
    return (GiRef){v.bits};
}

/* gi_slot_exchange when another thread is changing the slot too. */
GiRef gi_slot_exchange_contended(GiSlot *slot, GiRef r);

/* Puts r into the slot and gives what was there: each content goes to one thread only. */
static inline GiRef gi_slot_exchange(GiThread *ts, GiSlot *slot, GiRef r) {
    if (GI_UNLIKELY(ts->core.free_running)) {
        gi_count_shared(EXCHANGES);
        uint64_t old = __atomic_load_n(&slot->bits, __ATOMIC_RELAXED);
        if (GI_LIKELY(__atomic_compare_exchange_n(&slot->bits, &old, r.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)))
            return (GiRef){old};
        return gi_slot_exchange_contended(slot, r);
    }
    GiRef old = {slot->bits};
    slot->bits = r.bits;
    return old;
}

/* As gi_slot_set, for a slot that other threads use as well. */
static inline void gi_slot_store(GiThread *ts, GiSlot *slot, GiRef r) {
    gi_xdrop(ts, gi_slot_exchange(ts, slot, r));
}

#endif
