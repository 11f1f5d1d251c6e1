/* idnum.h - user and group numbers as arguments: any int from -1 to 2**32 - 1. */
#ifndef GI_MODULES_IDNUM_H
#define GI_MODULES_IDNUM_H

#include "modules/module.h"

/* Reads v into *id; `what` is "uid" or "gid" for messages: TypeError, OverflowError. */
static inline GiStatus gi_read_id(GiThread *ts, GiVal v, const char *what, uint32_t *id) {
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s should be integer, not %T", what, v);
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return GI_FAIL;
    int64_t value;
    int sign = gi_int_as_i64(gi_val(n), &value);
    gi_drop(ts, n);
    if (sign == 0 && value >= -1 && value <= UINT32_MAX) {
        *id = (uint32_t)value;
        return GI_OK;
    }
    return gi_raise_status(ts, &gi_exc_OverflowError, sign > 0 ? "%s is greater than maximum" : "%s is less than minimum", what);
}
/* An id as Python sees it: all ones is -1. */
static inline GiVal gi_id_value(uint32_t id) { return gi_smallint(id == UINT32_MAX ? -1 : (int64_t)id); }

#endif
