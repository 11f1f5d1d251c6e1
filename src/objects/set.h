/* set.h - set and frozenset: open addressing. LOCK: the object's byte lock guards the table. */
#ifndef GI_OBJECTS_SET_H
#define GI_OBJECTS_SET_H

#include "objects/type.h"

extern GiType gi_set_type, gi_frozenset_type, gi_set_iter_type;
#define gi_is_set(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_SET))

GI_NODISCARD GiRef gi_set_new(GiThread *ts, GiVal iterable_or_null);
GI_NODISCARD GiRef gi_frozenset_new(GiThread *ts, GiVal iterable_or_null);
GI_NODISCARD GiStatus gi_set_add(GiThread *ts, GiVal set, GiVal item); /* also a fresh frozenset */
GI_NODISCARD GiStatus gi_set_discard(GiThread *ts, GiVal set, GiVal item, bool *found);
GiTruth gi_set_contains(GiThread *ts, GiVal set, GiVal item);
size_t gi_set_len(GiVal set);
/* Borrowed items; valid until the set changes. */
bool gi_set_next_peek(GiVal set, size_t *pos, GiVal *item);
/* A list of the items as they are at one moment. */
GI_NODISCARD GiRef gi_set_list(GiThread *ts, GiVal set);
GI_NODISCARD GiStatus gi_set_update(GiThread *ts, GiVal set, GiVal iterable);

#endif
