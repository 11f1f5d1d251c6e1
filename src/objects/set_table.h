/* set_table.h - the struct of set and frozenset, and its hash table.
 *
 * Open addressing over cells of hash and key: a few neighbours are looked at first, then a jump
 * that uses the upper bits of the hash. INVARIANT: `filled` cells are live or marked deleted
 * (key null, hash -1) and at most three fifths; the others are empty (key null, hash 0).
 * Readers without the lock (free mode) take cells and mask from one word, `table`. A hash is stored
 * before its key, a key is emptied before its hash is; a table in use changes its cells only so, and
 * is retired as it is.
 * LOCK: functions called _locked need the byte lock; find may release it in between.
 */
#ifndef GI_OBJECTS_SET_TABLE_H
#define GI_OBJECTS_SET_TABLE_H

#include "objects/container.h"

typedef struct GiSetCell {
    int64_t hash;
    GiSlot key;
} GiSetCell;

typedef struct GiSet {
    GiObj obj;
    size_t used, filled;
    size_t mask;      /* number of cells less one; meaningless while cells is NULL */
    GiSetCell *cells;
    uint64_t table;   /* cells | log2 of their number << GI_SET_LOG2_SHIFT */
    int64_t hash;     /* frozenset: 0 unknown */
    size_t finger;    /* where pop looks first */
    uint32_t mutations;
} GiSet;
#define gi_set_of(v) ((GiSet *)gi_obj(v))

#define GI_SET_LOG2_SHIFT 56
/* `table` while a change of many is under way: readers ask for the lock, so that they see all of it or none. */
#define GI_SET_MOVING 1

enum { GI_SET_ABSENT = -1, GI_SET_FAILED = -2, GI_SET_UNSURE = -3, GI_SET_FOUND = 0 };

/* For readers without the lock: FOUND, ABSENT or UNSURE (ask again under the lock). */
int gi_set_find_free(GiThread *ts, const GiSet *s, GiVal key, int64_t hash);
/* The item from *pos on, which moves behind it. */
int gi_set_step_free(GiThread *ts, const GiSet *s, size_t *pos, GiRef *key, int64_t *hash);

/* Keys with their hashes, which the array owns: what a set, a dict, a list or a tuple holds at one
 * moment. */
typedef struct GiHashedKey {
    int64_t hash;
    GiRef key;
} GiHashedKey;
typedef struct GiHashedKeys {
    GiHashedKey *items;
    size_t count;
    bool distinct; /* a set's or dict's: room is made for all of them */
} GiHashedKeys;
GI_NODISCARD GiStatus gi_hashed_keys_of(GiThread *ts, GiVal container, GiHashedKeys *out);
void gi_hashed_keys_drop(GiThread *ts, GiHashedKeys *keys);
/* What is done with each key of an array, in one step as far as that takes no Python code. */
typedef enum { GI_SET_ADD, GI_SET_REMOVE, GI_SET_TOGGLE } GiSetChange;
GI_NODISCARD GiStatus gi_set_change_free(GiThread *ts, GiVal set, const GiHashedKeys *keys, GiSetChange change);
/* Removes what is not in `other`, in one step; *done false: that takes Python code, nothing is done. */
GI_NODISCARD GiStatus gi_set_retain_free(GiThread *ts, GiVal set, GiVal other, bool *done);

/* Whether all of x is in y, in one step: 1, 0, or -1 when that takes Python code; and how many each holds. */
int gi_set_within_free(GiThread *ts, GiVal x, GiVal y, size_t *m, size_t *n);

/* Adds those items of `from` that are in `in` (or are not, if `present` is false) to `out`, a fresh set, in one step;
 * *done false: that takes Python code, and out holds some of them. */
GI_NODISCARD GiStatus gi_set_filter_free(GiThread *ts, GiVal from, GiVal in, bool present, GiVal out, bool *done);

/* Cell number, GI_SET_ABSENT, or GI_SET_FAILED with an exception; locked in every case. */
ssize_t gi_set_find_locked(GiThread *ts, GiVal set, GiVal key, int64_t hash);
/* Adds a key known to be absent; consumes it only on success. */
GI_NODISCARD GiStatus gi_set_insert_locked(GiThread *ts, GiSet *s, GiRef key, int64_t hash);
GiRef gi_set_delete_locked(GiSet *s, size_t cell);
GI_NODISCARD GiStatus gi_set_reserve_locked(GiThread *ts, GiSet *s, size_t count);
GI_NODISCARD GiStatus gi_set_clone_locked(GiThread *ts, GiSet *to, const GiSet *from);

GI_NODISCARD GiStatus gi_set_add_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash);
GiTruth gi_set_contains_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash);
GI_NODISCARD GiStatus gi_set_discard_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash, bool *found);
/* Owned items with their hashes, tolerating changes of the set. */
bool gi_set_next(GiThread *ts, GiVal set, size_t *pos, GiRef *key, int64_t *hash);
void gi_set_clear(GiThread *ts, GiVal set);

#endif
