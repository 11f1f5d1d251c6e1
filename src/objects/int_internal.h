/* int_internal.h - what the files of int share: reading any int, and making results.
 *
 * For src/objects/int*.c, float.c and bool.c only. An int object under construction has room for
 * more limbs than it ends up with; gi_int_finish normalises it, or turns it into an immediate.
 */
#ifndef GI_OBJECTS_INT_INTERNAL_H
#define GI_OBJECTS_INT_INTERNAL_H

#include "base/format_spec.h"
#include "base/hash.h"
#include "base/int_text.h"
#include "base/strbuf.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#define gi_int_of(v) ((GiInt *)gi_obj(v))
#define LIMB_BITS 64

/* Any int as magnitude and sign. `limbs` points into the int or to `one`: not to be copied. */
typedef struct IntView {
    const mp_limb_t *limbs;
    size_t n; /* 0 for zero */
    bool negative;
    mp_limb_t one[1];
} IntView;

static inline void int_view(GiVal v, IntView *out) {
    ssize_t n = gi_int_limbs(v, &out->limbs, out->one);
    out->negative = n < 0;
    out->n = (size_t)(n < 0 ? -n : n);
}

/* True for an int (of any class) that fits 64 bits; false for a larger one and for what is no int. */
static inline bool int_fits(GiVal v, int64_t *out) {
    if (GI_LIKELY(gi_is_smallint(v))) {
        *out = gi_smallint_value(v);
        return true;
    }
    if (gi_is_bool(v)) {
        *out = gi_is_true(v);
        return true;
    }
    if (!gi_is_heap(v) || !(gi_obj_type(gi_obj(v))->flags & GI_TYPE_INT)) return false;
    const GiInt *i = gi_int_of(v);
    if (i->size == 0) {
        *out = 0;
        return true;
    }
    if (i->size > 1 || i->size < -1 || i->limbs[0] > INT64_MAX) return false;
    *out = i->size > 0 ? (int64_t)i->limbs[0] : -(int64_t)i->limbs[0];
    return true;
}

/* As int_fits for v, an int, and magnitudes below 2^126: sums and bitwise results stay in range. */
static inline bool int_fits_wide(GiVal v, __int128 *out) {
    int64_t small;
    if (int_fits(v, &small)) {
        *out = small;
        return true;
    }
    const GiInt *i = gi_int_of(v);
    if (i->size > 2 || i->size < -2) return false;
    bool two = i->size == 2 || i->size == -2;
    if (two && i->limbs[1] >> 62) return false;
    __int128 magnitude = (__int128)((unsigned __int128)(two ? i->limbs[1] : 0) << 64 | i->limbs[0]);
    *out = i->size < 0 ? -magnitude : magnitude;
    return true;
}
GI_NODISCARD GiRef gi_int_from_wide(GiThread *ts, __int128 v);

/* GI_FAIL with MemoryError when GMP could not get scratch memory for operands of so many limbs. */
GI_NODISCARD GiStatus gi_int_scratch(GiThread *ts, size_t limbs);
/* An exact int object with room for n limbs, size not set; MemoryError. */
GI_NODISCARD GiInt *gi_int_room(GiThread *ts, size_t n);
/* The result held in the n lowest limbs of i (leading zeros allowed): consumes i. */
GI_NODISCARD GiRef gi_int_finish(GiThread *ts, GiInt *i, size_t n, bool negative);
/* v as an instance of `type`, a subclass of int. */
GI_NODISCARD GiRef gi_int_as_subtype(GiThread *ts, GiType *type, GiVal v);
/* An exact int of the same value (itself when it is one). */
GI_NODISCARD GiRef gi_int_exact(GiThread *ts, GiVal v);
/* Compares a double that is no NaN with an int: -1, 0, 1. */
int gi_double_order_int(double d, GiVal v);
/* 1 / v rounded, as double: a / b, both ints; exceptions as the operator. */
GI_NODISCARD GiStatus gi_int_truediv(GiThread *ts, GiVal a, GiVal b, double *out);
/* quotient and remainder, either may be NULL; ZeroDivisionError with `message`. */
GI_NODISCARD GiStatus gi_int_divide(GiThread *ts, GiVal a, GiVal b, GiRef *quotient, GiRef *remainder,
                                    const char *message);
/* a << n (n >= 0) and a >> n rounding down. */
GI_NODISCARD GiRef gi_int_shift_left(GiThread *ts, GiVal a, size_t n);
GI_NODISCARD GiRef gi_int_shift_right(GiThread *ts, GiVal a, size_t n);
/* base ** exponent, exponent >= 0. */
GI_NODISCARD GiRef gi_int_power(GiThread *ts, GiVal base, GiVal exponent);

/* int(text, base); `original` is what the ValueError shows. */
GI_NODISCARD GiRef gi_int_parse(GiThread *ts, const char *text, size_t len, int base, GiVal original);
GI_NODISCARD GiRef gi_int_from_str(GiThread *ts, GiVal s, int base);
/* A str's text with digits and blanks of any script made ASCII; free it unless it is the str's own
 * data (see int_text.c). */
GI_NODISCARD char *gi_number_text(GiThread *ts, GiVal s, size_t *len);

/* The slots (int_arith.c, int_bits.c, int_power.c). */
GiRef gi_int_slot_add(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_sub(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_mul(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_truediv(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_floordiv(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_mod(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_divmod(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_neg(GiThread *ts, GiVal a);
GiRef gi_int_slot_abs(GiThread *ts, GiVal a);
GiRef gi_int_slot_invert(GiThread *ts, GiVal a);
GiRef gi_int_slot_lshift(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_rshift(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_and(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_or(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_xor(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_pow(GiThread *ts, GiVal a, GiVal b);
GiRef gi_int_slot_power(GiThread *ts, GiVal a, GiVal b, GiVal mod);

/* Slots of float (float.c) that int's power and others fall back to. */
GiRef gi_float_slot_pow(GiThread *ts, GiVal a, GiVal b);

/* What localeconv() says now. */
GiNumberLocale gi_number_locale(void);
/* GI_FAIL with the message of a failed format specification; frees it. */
GI_COLD GiStatus gi_format_fail(GiThread *ts, int status, GiStrbuf *message);

#endif
