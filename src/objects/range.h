/* range.h - range objects and their iterators. Ranges are immutable. */
#ifndef GI_OBJECTS_RANGE_H
#define GI_OBJECTS_RANGE_H

#include "objects/type.h"

typedef struct GiRange {
    GiObj obj;
    GiSlot start, stop, step, length; /* exact ints */
    bool small;                       /* all of them, and stop + step, fit 64 bits: */
    int64_t small_start, small_step, small_length;
} GiRange;

/* Iterates over a small range: gives start + index * step, `index` counts up to length. */
typedef struct GiRangeIter {
    GiObj obj;
    int64_t start, step, index, length;
} GiRangeIter;

extern GiType gi_range_type, gi_range_iter_type, gi_long_range_iter_type;
#define gi_is_range(v) gi_is_exact(v, &gi_range_type)
#define gi_range_of(v) ((GiRange *)gi_obj(v))
/* range(start, stop, step) of ints; step is not zero. */
GI_NODISCARD GiRef gi_range_new(GiThread *ts, GiVal start, GiVal stop, GiVal step);

#endif
