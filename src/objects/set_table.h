/* set_table.h - the struct of set and frozenset, and its hash table.
 *
 * Open addressing over cells of hash and key: a few neighbours are looked at first, then a jump
 * that uses the upper bits of the hash. INVARIANT: `filled` cells are live or marked deleted
 * (key null, hash -1) and at most three fifths; the others are empty (key null, hash 0).
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
    int64_t hash;     /* frozenset: 0 unknown */
    size_t finger;    /* where pop looks first */
    uint32_t mutations;
} GiSet;
#define gi_set_of(v) ((GiSet *)gi_obj(v))

enum { GI_SET_ABSENT = -1, GI_SET_FAILED = -2 };

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
