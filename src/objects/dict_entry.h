/* dict_entry.h - an entry that an instruction remembers by its number, read without the lock.
 *
 * PERF: what stands in globals and modules is read so at each use (gi_dict_entry_load is the same out of
 * line, and does what is unsure here under the lock). dict_table.h says why looking again is enough.
 */
#ifndef GI_OBJECTS_DICT_ENTRY_H
#define GI_OBJECTS_DICT_ENTRY_H

#include "memory/slots.h"
#include "objects/dict.h"

typedef struct GiDictSight {
    const GiDictEntry *entry; /* NULL: not to be seen just now, or not that of the name */
    uint64_t table;
    uint32_t mutations;
} GiDictSight;

static inline GiDictSight gi_dict_sight(const GiDict *d, uint32_t index, GiVal name) {
    GiDictSight s = {.mutations = __atomic_load_n(&d->mutations, __ATOMIC_ACQUIRE)};
    s.table = __atomic_load_n(&d->table, __ATOMIC_ACQUIRE);
    size_t n = __atomic_load_n(&d->entry_count, __ATOMIC_ACQUIRE);
    if (s.table <= 1 || index >= n || __atomic_load_n(&d->table, __ATOMIC_ACQUIRE) != s.table) return s;
    const GiDictEntry *entries = (const GiDictEntry *)(uintptr_t)(s.table & (((uint64_t)1 << GI_DICT_LOG2_SHIFT) - 1));
    if (__atomic_load_n(&entries[index].key.bits, __ATOMIC_ACQUIRE) == name.bits) s.entry = &entries[index];
    return s;
}

/* True if what was read of the entry since was of that name. */
static inline bool gi_dict_sight_holds(const GiDict *d, const GiDictSight *s, GiVal name) {
    return __atomic_load_n(&s->entry->key.bits, __ATOMIC_ACQUIRE) == name.bits &&
           __atomic_load_n(&d->table, __ATOMIC_ACQUIRE) == s->table &&
           __atomic_load_n(&d->mutations, __ATOMIC_ACQUIRE) == s->mutations;
}

/* As gi_dict_entry_load. */
static inline GiRef gi_dict_entry_quick(GiThread *ts, const GiDict *d, uint32_t index, GiVal name) {
    GiDictSight s = gi_dict_sight(d, index, name);
    if (GI_LIKELY(s.entry != NULL)) {
        GiRef value = gi_slot_load(ts, &s.entry->value);
        if (GI_LIKELY(!gi_is_null(value) && gi_dict_sight_holds(d, &s, name))) return value;
        gi_xdrop(ts, value);
    }
    return gi_dict_entry_load(ts, gi_from_obj((GiObj *)&d->obj), index, name);
}

/* The value without a reference, if it cannot die before this thread's next safepoint: it is the thread's
 * own, or dies in a stopped world only; else null. */
static inline GiVal gi_dict_entry_lasting(GiThread *ts, const GiDict *d, uint32_t index, GiVal name) {
    GiDictSight s = gi_dict_sight(d, index, name);
    if (s.entry == NULL) return GI_NOVAL;
    GiVal value = {__atomic_load_n(&s.entry->value.bits, __ATOMIC_ACQUIRE)};
    if (gi_is_null(value) || !gi_is_heap(value)) return GI_NOVAL;
    uint16_t owner = (uint16_t)__atomic_load_n(&gi_obj_local_word(gi_obj(value)), __ATOMIC_RELAXED);
    if (owner != GI_OWNER_SPLIT && owner != ts->core.owner && owner != GI_OWNER_IMMORTAL) return GI_NOVAL;
    bool same = __atomic_load_n(&s.entry->value.bits, __ATOMIC_ACQUIRE) == value.bits;
    return same && gi_dict_sight_holds(d, &s, name) ? value : GI_NOVAL;
}

#endif
