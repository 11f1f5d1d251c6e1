/* seconds.h - times and timeouts as arguments: ints or floats, as nanoseconds. */
#ifndef GI_MODULES_SECONDS_H
#define GI_MODULES_SECONDS_H

#include "modules/module.h"
#include <math.h>

enum { GI_UNIT_MS = 1000000, GI_UNIT_S = 1000000000 };

/* Timeouts are rounded so: the wait is not shorter than asked for. */
static inline double gi_away_from_zero(double d) { return d >= 0 ? ceil(d) : floor(d); }

/* Reads v, a number of `unit` nanoseconds; `round` is for what a float has beyond nanoseconds.
 * ValueError for NaN, OverflowError, TypeError (a float or what has __index__ is needed). */
GI_NODISCARD static inline GiStatus gi_read_time(GiThread *ts, GiVal v, int64_t unit, double (*round)(double), int64_t *ns) {
    static const char far_off[] = "timestamp too large to convert to C _PyTime_t";
    if (gi_is_float(v)) {
        double d = gi_float_value(v);
        if (d != d) return gi_raise_status(ts, &gi_exc_ValueError, "Invalid value NaN (not a number)");
        d = round(d * (double)unit);
        if (!(d >= -9223372036854775808.0 && d < 9223372036854775808.0))
            return gi_raise_status(ts, &gi_exc_OverflowError, far_off);
        *ns = (int64_t)d;
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t n = 0;
    int far = gi_int_as_i64(gi_val(index), &n);
    gi_drop(ts, index);
    if (far || __builtin_mul_overflow(n, unit, ns)) return gi_raise_status(ts, &gi_exc_OverflowError, far_off);
    return GI_OK;
}

#endif
