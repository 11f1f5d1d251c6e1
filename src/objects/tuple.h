/* tuple.h - immutable sequence with its items in the object. Slices and structseq beside it. */
#ifndef GI_OBJECTS_TUPLE_H
#define GI_OBJECTS_TUPLE_H

#include "objects/type.h"
#include <sys/types.h>

typedef struct GiTuple {
    GiObj obj;
    size_t count;
    GiSlot items[];
} GiTuple;

extern GiType gi_tuple_type, gi_tuple_iter_type;
typedef struct GiTupleIter { GiObj obj; GiSlot tuple; size_t index; } GiTupleIter;
#define gi_is_tuple(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_TUPLE))
#define gi_is_tuple_exact(v) gi_is_exact(v, &gi_tuple_type)
#define gi_tuple_of(v) ((GiTuple *)gi_obj(v))
#define gi_tuple_len(v) (gi_tuple_of(v)->count)
/* Immutable: borrowing an item is always sound while the tuple lives. */
static inline GiVal gi_tuple_get(GiVal t, size_t i) { return gi_val(gi_tuple_of(t)->items[i]); }
#define gi_tuple_items(t) ((const GiVal *)gi_tuple_of(t)->items)

/* Zero-filled; the creator fills every item (null items are tolerated by the collector). count 0
 * gives the shared empty tuple. */
GI_NODISCARD GiRef gi_tuple_new(GiThread *ts, size_t count);
GI_NODISCARD GiRef gi_tuple_from(GiThread *ts, const GiVal *items, size_t count);
/* Consumes the items, also on failure. */
GI_NODISCARD GiRef gi_tuple_steal(GiThread *ts, const GiRef *items, size_t count);
static inline void gi_tuple_init(GiRef t, size_t i, GiRef item) { gi_slot_init(&gi_tuple_of(t)->items[i], item); }
GI_NODISCARD GiRef gi_tuple_pack(GiThread *ts, size_t count, ...); /* of GiVal, borrowed */
GI_NODISCARD GiRef gi_tuple_slice(GiThread *ts, GiVal t, size_t start, size_t stop);

/* slice objects */
typedef struct GiSlice { GiObj obj; GiSlot start, stop, step; } GiSlice;
extern GiType gi_slice_type;
GI_NODISCARD GiRef gi_slice_new(GiThread *ts, GiVal start, GiVal stop, GiVal step); /* null means None */
/* v[start:stop:step], and v[start:stop] = value: without a slice object where its type is known not to
 * keep it. Absent parts are None. */
GI_NODISCARD GiRef gi_get_slice(GiThread *ts, GiVal v, GiVal start, GiVal stop, GiVal step);
GI_NODISCARD GiStatus gi_set_slice(GiThread *ts, GiVal v, GiVal start, GiVal stop, GiVal value);
/* slice.indices without the length clipping, then with it. */
GI_NODISCARD GiStatus gi_slice_unpack(GiThread *ts, GiVal slice, ssize_t *start, ssize_t *stop, ssize_t *step);
size_t gi_slice_adjust(size_t length, ssize_t *start, ssize_t *stop, ssize_t step); /* number of items */

/* Struct sequences (os.stat_result, time.struct_time, sys.flags): tuple subclasses with names.
 * Fields beyond n_sequence are attributes only. A name NULL is an unnamed item. */
typedef struct GiStructField { const char *name, *doc; } GiStructField;
GI_NODISCARD GiRef gi_structseq_type(GiThread *ts, const char *dotted_name, const char *doc,
                        const GiStructField *fields, size_t n_fields, size_t n_sequence);
/* Consumes values (n_fields of them), also on failure. */
GI_NODISCARD GiRef gi_structseq_new(GiThread *ts, GiVal type, const GiRef *values, size_t n);

#endif
