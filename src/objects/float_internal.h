/* float_internal.h - what float.c, float_text.c and complex.c share. */
#ifndef GI_OBJECTS_FLOAT_INTERNAL_H
#define GI_OBJECTS_FLOAT_INTERNAL_H

#include "objects/int_internal.h"
#include "objects/number_text.h"

/* The value of a str or bytes-like object's text; ValueError, TypeError. */
GI_NODISCARD GiStatus gi_float_from_text(GiThread *ts, GiVal v, double *out);
/* TypeError: float() cannot take v. */
GI_NODISCARD GiStatus gi_float_no_number(GiThread *ts, GiVal v);
/* float(v) as a double. */
GI_NODISCARD GiStatus gi_number_float(GiThread *ts, GiVal v, double *out);
/* Hash of a double; NaNs hash alike, as they are one immediate. */
int64_t gi_float_hash(double d);
/* x ** y of complex numbers. */
GiRef gi_complex_slot_pow(GiThread *ts, GiVal a, GiVal b);

/* An operand of arithmetic between floats: 1 with its value, 0 when it is neither float nor int,
 * -1 when an int is too large (OverflowError is set). */
static inline int float_operand(GiThread *ts, GiVal v, double *out) {
    if (GI_LIKELY(gi_is_double(v))) {
        *out = gi_double_value(v);
        return 1;
    }
    if (gi_is_smallint(v)) {
        *out = (double)gi_smallint_value(v);
        return 1;
    }
    if (gi_is_float(v)) {
        *out = gi_float_value(v);
        return 1;
    }
    if (!gi_is_int(v)) return 0;
    return gi_int_as_double(ts, v, out) ? -1 : 1;
}
#define FLOAT_OPERANDS(x, y) \
    double x, y; \
    do { \
        int ok_ = float_operand(ts, a, &x); \
        if (ok_ > 0) ok_ = float_operand(ts, b, &y); \
        if (ok_ <= 0) return ok_ ? GI_NULL : GI_REF_NOTIMPLEMENTED; \
    } while (0)

#endif
