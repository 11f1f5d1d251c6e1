/* dict_table.h - the hash table inside a dict: finding, inserting, deleting entries.
 *
 * Probing: from hash & mask on, by a step that is odd and mixed from the whole hash (double
 * hashing), so that it meets every cell. Keys that are consecutive ints fill a run of cells without
 * collisions; a key that hits the run leaves it with its first step.
 * Readers without the lock (free mode) take entries and size of the index from one word, `table`,
 * and look again at what they have found: at the key, at `table`, and at `mutations`, since an entry
 * that popitem gave up may serve again. So writers store an entry before its cell and a cell's mark
 * before they empty its entry; they fill a block before they publish it, never begin a block anew,
 * and retire the old one as it is. Only keys that compare without Python code are found so.
 * INVARIANT: each live entry has one index cell; the entries before `first` are dead; filled counts the cells that are not EMPTY and is at most entry_capacity, two thirds of them.
 * LOCK: functions called _locked need the dict's byte lock; find may release it in between.
 */
#ifndef GI_OBJECTS_DICT_TABLE_H
#define GI_OBJECTS_DICT_TABLE_H

#include "objects/container.h"

enum { GI_DICT_EMPTY = -1, GI_DICT_DELETED = -2 };
enum { GI_DICT_ABSENT = -1, GI_DICT_FAILED = -2 };

#define GI_DICT_MASK(d) (((size_t)1 << (d)->index_log2) - 1)

typedef struct GiDictProbe {
    size_t cell, step, hash;
} GiDictProbe;
static inline GiDictProbe gi_dict_probe(int64_t hash, size_t mask) {
    return (GiDictProbe){(size_t)hash & mask, 0, (size_t)hash};
}
static inline void gi_dict_probe_next(GiDictProbe *p, size_t mask) {
    if (p->step == 0) p->step = ((p->hash * 0x9E3779B97F4A7C15u) >> 24) | 1;
    p->cell = (p->cell + p->step) & mask;
}

static inline size_t gi_dict_usable(unsigned log2) { return ((size_t)2 << log2) / 3; }

static inline ssize_t gi_dict_cell(const GiDict *d, size_t i) {
    if (d->index_log2 <= 7) return ((const int8_t *)d->index)[i];
    if (d->index_log2 <= 15) return ((const int16_t *)d->index)[i];
    if (d->index_log2 <= 31) return ((const int32_t *)d->index)[i];
    return (ssize_t)((const int64_t *)d->index)[i];
}

/* What a dict holds at one moment. */
typedef struct GiDictCopied {
    int64_t hash;
    GiRef key, value;
} GiDictCopied;
typedef struct GiDictSnapshot {
    GiDictCopied *items;
    size_t count;
} GiDictSnapshot;
GI_NODISCARD GiStatus gi_dict_snapshot(GiThread *ts, GiVal dict, GiDictSnapshot *out);
void gi_dict_snapshot_drop(GiThread *ts, GiDictSnapshot *s);
/* gi_dict_pop and gi_dict_setdefault for who knows the hash. */
GI_NODISCARD GiRef gi_dict_pop_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash);
GI_NODISCARD GiRef gi_dict_setdefault_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash,
                                             GiVal fallback);
/* Makes an object's dict part an empty dict. */
void gi_dict_table_init(GiDict *d);
/* Entry number, GI_DICT_ABSENT, or GI_DICT_FAILED with an exception; locked in every case. */
ssize_t gi_dict_find_locked(GiThread *ts, GiVal dict, GiVal key, int64_t hash);
/* For readers without the lock: like `find`, with the value (NULL: not wanted). UNSURE: ask again
 * under the lock. Raises nothing, runs nothing but what a drop runs. */
enum { GI_DICT_FOUND = 0, GI_DICT_UNSURE = -3 };
int gi_dict_find_free(GiThread *ts, const GiDict *d, GiVal key, int64_t hash, GiRef *value);
/* The live entry from *pos on, which moves behind it; *hash, *key or *value may be NULL. ABSENT at
 * the end. */
int gi_dict_step_free(GiThread *ts, const GiDict *d, size_t *pos, int64_t *hash, GiRef *key, GiRef *value);
/* The value of entry `index` if its key is `name`: FOUND, ABSENT or UNSURE. */
int gi_dict_entry_free(GiThread *ts, const GiDict *d, size_t index, GiVal name, GiRef *value);
/* Entry number, GI_DICT_ABSENT, or GI_DICT_UNSURE when only Python code could tell; stays locked. */
ssize_t gi_dict_find_native_locked(GiThread *ts, const GiDict *d, GiVal key, int64_t hash);
/* The part of it for exact str keys in a dict with str_keys; runs nothing. */
ssize_t gi_dict_find_str(const GiDict *d, GiVal key, int64_t hash);
/* Appends an entry for a key that is known to be absent; consumes both only on success. */
GI_NODISCARD GiStatus gi_dict_insert_locked(GiThread *ts, GiDict *d, GiRef key, int64_t hash, GiRef value);
/* The same in front of all others. */
GI_NODISCARD GiStatus gi_dict_insert_first_locked(GiThread *ts, GiDict *d, GiRef key, int64_t hash,
                                                  GiRef value);
/* To be told before the value `old` goes, null for all of them. LOCK: held. */
void gi_dict_constant_goes(GiVal old);
static inline void gi_dict_value_goes(const GiDict *d, GiVal old) {
    if (GI_UNLIKELY(d->constants != 0)) gi_dict_constant_goes(old);
}
/* Takes an entry out; its key and value are now the caller's. */
void gi_dict_delete_locked(GiDict *d, size_t entry, GiRef *key, GiRef *value);
/* Gives up dead entries behind the last live one. */
void gi_dict_trim_locked(GiDict *d);
/* Moves an entry to an end, where there is room. */
void gi_dict_move_locked(GiDict *d, size_t entry, bool last);
/* Room for one more entry at the end (or in front); moves *entry along if the table is rebuilt. */
GI_NODISCARD GiStatus gi_dict_room_locked(GiThread *ts, GiDict *d, bool last, size_t *entry);
/* Room for `count` live entries in all. */
GI_NODISCARD GiStatus gi_dict_reserve_locked(GiThread *ts, GiDict *d, size_t count);
/* Items of s from *at on, of which none is there twice, in one step also for readers without the lock: up to a key that
 * only Python code can compare, or (override 2) that is there; override 0 keeps the values that are. What is replaced is the
 * caller's: old[0 .. *dropped), where there is room for all of them. MemoryError: nothing is done. */
GI_NODISCARD GiStatus gi_dict_merge_locked(GiThread *ts, GiDict *d, const GiDictSnapshot *s, int override, size_t *at,
                                           GiRef *old, size_t *dropped);
/* Makes `to`, which is fresh, a copy of `from`. Both are locked. */
GI_NODISCARD GiStatus gi_dict_clone_locked(GiThread *ts, GiDict *to, const GiDict *from);

#endif
