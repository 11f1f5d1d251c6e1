/* int.h - integers of any size: 48-bit immediates, and heap objects over GMP's mpn layer.
 *
 * INVARIANT: an exact int that fits 48 bits is immediate. Instances of int subclasses (except bool,
 * which is immediate) are always heap objects, of any magnitude. Limbs are normalised.
 */
#ifndef GI_OBJECTS_INT_H
#define GI_OBJECTS_INT_H

#include "objects/type.h"
#include <gmp.h>
#include <sys/types.h>

typedef struct GiInt {
    GiObj obj;
    ssize_t size;       /* number of limbs, negative for a negative number, 0 for zero */
    mp_limb_t limbs[];
} GiInt;

/* int, its subclasses, and bool. */
#define gi_is_int(v) (gi_is_smallint(v) || gi_has_flag(v, GI_TYPE_INT))
#define gi_is_int_exact(v) (gi_is_smallint(v) || gi_is_exact(v, &gi_int_type))

GI_NODISCARD GiRef gi_int_from_i64(GiThread *ts, int64_t i);
GI_NODISCARD GiRef gi_int_from_u64(GiThread *ts, uint64_t u);
GI_NODISCARD GiRef gi_int_from_double(GiThread *ts, double d); /* truncates; OverflowError/ValueError */
GI_NODISCARD GiRef gi_int_from_limbs(GiThread *ts, const mp_limb_t *limbs, size_t n, bool negative);
/* text: digits (underscores allowed as in literals), base 0 or 2..36; ValueError as int() raises. */
GI_NODISCARD GiRef gi_int_from_text(GiThread *ts, const char *text, size_t len, int base);
GI_NODISCARD GiRef gi_int_from_bytes(GiThread *ts, const uint8_t *bytes, size_t n, bool little, bool is_signed);
/* OverflowError when it does not fit. */
GI_NODISCARD GiStatus gi_int_to_bytes(GiThread *ts, GiVal v, uint8_t *bytes, size_t n, bool little, bool is_signed);
/* v is an int. 0: fits; otherwise its sign (no exception is set). */
int gi_int_as_i64(GiVal v, int64_t *out);
int gi_int_as_u64(GiVal v, uint64_t *out); /* negative: -1 */
uint64_t gi_int_mask_u64(GiVal v);         /* modulo 2**64 */
GI_NODISCARD GiStatus gi_int_as_double(GiThread *ts, GiVal v, double *out); /* OverflowError */
int gi_int_sign(GiVal v);
size_t gi_int_bit_length(GiVal v);
/* A view of any int as limbs: *limbs points into v or into `store`. Gives the signed size. */
ssize_t gi_int_limbs(GiVal v, const mp_limb_t **limbs, mp_limb_t store[1]);
int64_t gi_int_hash(GiVal v);
int gi_int_order(GiVal a, GiVal b);
GI_NODISCARD GiRef gi_int_add(GiThread *ts, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_int_sub(GiThread *ts, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_int_mul(GiThread *ts, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_int_floordiv(GiThread *ts, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_int_mod(GiThread *ts, GiVal a, GiVal b);
/* Greatest common divisor, not negative. */
GI_NODISCARD GiRef gi_int_gcd(GiThread *ts, GiVal a, GiVal b);
/* mantissa in [0.5,1) and exponent, correctly rounded; for math and division. */
double gi_int_frexp(GiVal v, int64_t *exponent);
/* int(v): any number or text, an exact int. */
GI_NODISCARD GiRef gi_number_int(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_int_to_str(GiThread *ts, GiVal v, int base, bool prefix);
GI_NODISCARD GiRef gi_int_format(GiThread *ts, GiVal v, GiVal spec);

GI_NODISCARD GiRef gi_float_format_spec(GiThread *ts, GiVal v, GiVal spec);
GI_NODISCARD GiRef gi_float_to_str(GiThread *ts, double d);
#define gi_is_float(v) (gi_is_double(v) || gi_has_flag(v, GI_TYPE_FLOAT))
typedef struct GiFloat { GiObj obj; double value; } GiFloat; /* instances of float subclasses */
static inline double gi_float_value(GiVal v) {
    return gi_is_double(v) ? gi_double_value(v) : ((GiFloat *)gi_obj(v))->value;
}
typedef struct GiComplex { GiObj obj; double real, imag; } GiComplex;
extern GiType gi_complex_type;
GI_NODISCARD GiRef gi_complex_new(GiThread *ts, double real, double imag);
/* Any number as complex (__complex__, __float__, __index__). */
GI_NODISCARD GiStatus gi_number_complex(GiThread *ts, GiVal v, double *re, double *im);

#endif
