/* int_arith.c - sums, products, quotients of ints.
 *
 * What fits 64 bits is computed in registers; the rest over GMP's mpn functions, with results
 * written straight into the new object. Operands of any int class (bool, subclasses) are taken;
 * results are exact ints. Division rounds down; true division is correctly rounded.
 */
#include "objects/int_internal.h"

#include <math.h>

/* Both operands are ints (of any class); otherwise the operator is not ours. */
#define BOTH_INTS(a, b) (gi_is_int(a) && gi_is_int(b))

/* ---- Sums ---- */

/* |u| + |v|, u.n >= v.n. */
static GiRef sum_of(GiThread *ts, const IntView *u, const IntView *v, bool negative) {
    GiInt *r = gi_int_room(ts, u->n + 1);
    if (!r) return GI_NULL;
    mp_limb_t carry = v->n ? mpn_add(r->limbs, u->limbs, (mp_size_t)u->n, v->limbs, (mp_size_t)v->n)
                           : (mpn_copyi(r->limbs, u->limbs, (mp_size_t)u->n), 0);
    r->limbs[u->n] = carry;
    return gi_int_finish(ts, r, u->n + 1, negative);
}

/* |u| - |v|, |u| >= |v|. */
static GiRef difference_of(GiThread *ts, const IntView *u, const IntView *v, bool negative) {
    GiInt *r = gi_int_room(ts, u->n);
    if (!r) return GI_NULL;
    if (v->n) mpn_sub(r->limbs, u->limbs, (mp_size_t)u->n, v->limbs, (mp_size_t)v->n);
    else mpn_copyi(r->limbs, u->limbs, (mp_size_t)u->n);
    return gi_int_finish(ts, r, u->n, negative);
}

/* a + b, or a - b. */
static GI_NOINLINE GiRef add_big(GiThread *ts, GiVal a, GiVal b, bool subtract) {
    IntView u, v;
    __int128 x, y;
    if (int_fits_wide(a, &x) && int_fits_wide(b, &y)) return gi_int_from_wide(ts, subtract ? x - y : x + y);
    int_view(a, &u);
    int_view(b, &v);
    if (subtract) v.negative = !v.negative;
    if (u.negative == v.negative)
        return u.n >= v.n ? sum_of(ts, &u, &v, u.negative) : sum_of(ts, &v, &u, u.negative);
    int order = u.n != v.n ? (u.n < v.n ? -1 : 1) : mpn_cmp(u.limbs, v.limbs, (mp_size_t)u.n);
    if (order == 0) return gi_smallint_ref(0);
    return order > 0 ? difference_of(ts, &u, &v, u.negative) : difference_of(ts, &v, &u, v.negative);
}

GiRef gi_int_add(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y, r;
    if (int_fits(a, &x) && int_fits(b, &y) && !__builtin_add_overflow(x, y, &r))
        return gi_int_from_i64(ts, r);
    return add_big(ts, a, b, false);
}

GiRef gi_int_sub(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y, r;
    if (int_fits(a, &x) && int_fits(b, &y) && !__builtin_sub_overflow(x, y, &r))
        return gi_int_from_i64(ts, r);
    return add_big(ts, a, b, true);
}

GiRef gi_int_slot_add(GiThread *ts, GiVal a, GiVal b) {
    return BOTH_INTS(a, b) ? gi_int_add(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_int_slot_sub(GiThread *ts, GiVal a, GiVal b) {
    return BOTH_INTS(a, b) ? gi_int_sub(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}

GiRef gi_int_slot_neg(GiThread *ts, GiVal a) { return gi_int_sub(ts, gi_smallint(0), a); }
GiRef gi_int_slot_abs(GiThread *ts, GiVal a) {
    return gi_int_sign(a) < 0 ? gi_int_slot_neg(ts, a) : gi_int_exact(ts, a);
}

/* ---- Products ---- */

/* GMP takes its scratch memory for large operands without asking us: see first that it is there. */
GiStatus gi_int_scratch(GiThread *ts, size_t limbs) {
    if (limbs < 1 << 16) return GI_OK;
    void *probe = gi_mem_alloc(ts, limbs * 4 * sizeof(mp_limb_t));
    gi_mem_free(probe);
    return probe ? GI_OK : GI_FAIL;
}

static GI_NOINLINE GiRef mul_big(GiThread *ts, GiVal a, GiVal b) {
    IntView u, v;
    int_view(a, &u);
    int_view(b, &v);
    if (u.n == 0 || v.n == 0) return gi_smallint_ref(0);
    bool negative = u.negative != v.negative;
    if (u.n == 1 && v.n == 1) {
        __uint128_t wide = (__uint128_t)u.limbs[0] * v.limbs[0];
        mp_limb_t limbs[2] = {(mp_limb_t)wide, (mp_limb_t)(wide >> 64)};
        return gi_int_from_limbs(ts, limbs, 2, negative);
    }
    if (gi_int_scratch(ts, u.n + v.n)) return GI_NULL;
    GiInt *r = gi_int_room(ts, u.n + v.n);
    if (!r) return GI_NULL;
    if (u.limbs == v.limbs) mpn_sqr(r->limbs, u.limbs, (mp_size_t)u.n);
    else if (u.n >= v.n) mpn_mul(r->limbs, u.limbs, (mp_size_t)u.n, v.limbs, (mp_size_t)v.n);
    else mpn_mul(r->limbs, v.limbs, (mp_size_t)v.n, u.limbs, (mp_size_t)u.n);
    return gi_int_finish(ts, r, u.n + v.n, negative);
}

GiRef gi_int_mul(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y, r;
    if (int_fits(a, &x) && int_fits(b, &y) && !__builtin_mul_overflow(x, y, &r))
        return gi_int_from_i64(ts, r);
    return mul_big(ts, a, b);
}
GiRef gi_int_slot_mul(GiThread *ts, GiVal a, GiVal b) {
    return BOTH_INTS(a, b) ? gi_int_mul(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}

/* ---- Division rounding down ---- */

/* Quotient and remainder of the magnitudes, u.n >= v.n >= 1, into fresh objects with room; the
 * quotient is not normalised. NULL pointers are filled on success. */
static GiStatus divide_magnitudes(GiThread *ts, const IntView *u, const IntView *v, GiInt **quotient,
                                  GiInt **remainder) {
    size_t qn = u->n - v->n + 1;
    if (gi_int_scratch(ts, u->n)) return GI_FAIL;
    GiInt *q = gi_int_room(ts, qn + 1); /* a limb more, for the carry when rounding down */
    if (!q) return GI_FAIL;
    GiInt *r = gi_int_room(ts, v->n);
    if (!r) {
        gi_drop(ts, gi_own_obj(q));
        return GI_FAIL;
    }
    if (v->n == 1) r->limbs[0] = mpn_divrem_1(q->limbs, 0, u->limbs, (mp_size_t)u->n, v->limbs[0]);
    else mpn_tdiv_qr(q->limbs, r->limbs, 0, u->limbs, (mp_size_t)u->n, v->limbs, (mp_size_t)v->n);
    q->limbs[qn] = 0;
    *quotient = q;
    *remainder = r;
    return GI_OK;
}

static GI_NOINLINE GiStatus divide_big(GiThread *ts, GiVal a, GiVal b, GiRef *quotient,
                                       GiRef *remainder) {
    IntView u, v;
    int_view(a, &u);
    int_view(b, &v);
    if (u.n < v.n || (u.n == v.n && mpn_cmp(u.limbs, v.limbs, (mp_size_t)u.n) < 0)) {
        /* |a| < |b|: the quotient is 0 or -1. */
        bool round = u.n && u.negative != v.negative;
        if (remainder) {
            *remainder = round ? gi_int_add(ts, a, b) : gi_int_exact(ts, a);
            if (gi_is_null(*remainder)) return GI_FAIL;
        }
        if (quotient) *quotient = gi_smallint_ref(round ? -1 : 0);
        return GI_OK;
    }
    GiInt *q, *r;
    if (divide_magnitudes(ts, &u, &v, &q, &r)) return GI_FAIL;
    size_t qn = u.n - v.n + 2;
    if (u.negative != v.negative && !mpn_zero_p(r->limbs, (mp_size_t)v.n)) {
        mpn_sub_n(r->limbs, v.limbs, r->limbs, (mp_size_t)v.n);
        mpn_add_1(q->limbs, q->limbs, (mp_size_t)qn, 1);
    }
    if (quotient) *quotient = gi_int_finish(ts, q, qn, u.negative != v.negative);
    else gi_drop(ts, gi_own_obj(q));
    if (remainder) *remainder = gi_int_finish(ts, r, v.n, v.negative);
    else gi_drop(ts, gi_own_obj(r));
    return GI_OK;
}

GiStatus gi_int_divide(GiThread *ts, GiVal a, GiVal b, GiRef *quotient, GiRef *remainder,
                       const char *message) {
    int64_t x, y;
    if (GI_UNLIKELY(gi_int_sign(b) == 0))
        return gi_raise_status(ts, &gi_exc_ZeroDivisionError, "%s", message);
    if (!int_fits(a, &x) || !int_fits(b, &y)) return divide_big(ts, a, b, quotient, remainder);
    int64_t q = x / y, r = x % y; /* INT64_MIN never fits, so this cannot overflow */
    if (r && (r ^ y) < 0) {
        r += y;
        q--;
    }
    if (quotient) {
        *quotient = gi_int_from_i64(ts, q);
        if (gi_is_null(*quotient)) return GI_FAIL;
    }
    if (remainder) {
        *remainder = gi_int_from_i64(ts, r);
        if (gi_is_null(*remainder)) {
            if (quotient) gi_drop(ts, *quotient);
            return GI_FAIL;
        }
    }
    return GI_OK;
}

#define BY_ZERO "integer division or modulo by zero"

GiRef gi_int_floordiv(GiThread *ts, GiVal a, GiVal b) {
    GiRef q;
    return gi_int_divide(ts, a, b, &q, NULL, BY_ZERO) ? GI_NULL : q;
}
GiRef gi_int_mod(GiThread *ts, GiVal a, GiVal b) {
    GiRef r;
    return gi_int_divide(ts, a, b, NULL, &r, "integer modulo by zero") ? GI_NULL : r;
}
GiRef gi_int_slot_floordiv(GiThread *ts, GiVal a, GiVal b) {
    return BOTH_INTS(a, b) ? gi_int_floordiv(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_int_slot_mod(GiThread *ts, GiVal a, GiVal b) {
    return BOTH_INTS(a, b) ? gi_int_mod(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_int_slot_divmod(GiThread *ts, GiVal a, GiVal b) {
    if (!BOTH_INTS(a, b)) return GI_REF_NOTIMPLEMENTED;
    GiRef pair[2];
    if (gi_int_divide(ts, a, b, &pair[0], &pair[1], BY_ZERO)) return GI_NULL;
    return gi_tuple_steal(ts, pair, 2);
}

/* ---- True division ---- */

/* q, a quotient of 55 to 57 bits whose lowest bit is sticky, times 2^scale, rounded half to even
 * once, also where the result is subnormal. */
static double round_quotient(uint64_t q, int64_t scale) {
    int bits = 64 - __builtin_clzll(q);
    int64_t top = scale + bits;
    int extra = bits - 53;
    if (top < -1021) extra += (int)(-1021 - top > 64 ? 64 : -1021 - top);
    if (extra >= 64) return 0.0;
    uint64_t half = UINT64_C(1) << (extra - 1), rest = q & (half * 2 - 1), kept = q >> extra;
    if (rest > half || (rest == half && kept & 1)) kept++;
    return ldexp((double)kept, (int)(scale + extra));
}

/* |u| / |v|, correctly rounded; infinity when too large. */
static GiStatus divide_true(GiThread *ts, const IntView *u, const IntView *v, size_t u_bits,
                            size_t v_bits, double *out) {
    ssize_t difference = (ssize_t)u_bits - (ssize_t)v_bits;
    if (difference > 1024 || difference < -1076) {
        *out = difference > 0 ? INFINITY : 0.0;
        return GI_OK;
    }
    /* Scaled so that the quotient has 55 or 56 bits: (|u| * 2^shift) / |v|, either way. */
    ssize_t shift = 55 - difference;
    size_t up = shift > 0 ? (size_t)shift : 0, down = shift < 0 ? (size_t)-shift : 0;
    size_t un = u->n + up / LIMB_BITS + 1, vn = v->n + down / LIMB_BITS + 1, qn = un + 2;
    mp_limb_t *block = gi_mem_calloc(ts, un + vn + qn + vn, sizeof(mp_limb_t));
    if (!block) return GI_FAIL;
    mp_limb_t *top = block, *bottom = block + un, *q = bottom + vn, *r = q + qn;
    memcpy(top + up / LIMB_BITS, u->limbs, u->n * sizeof(mp_limb_t));
    if (up % LIMB_BITS) mpn_lshift(top, top, (mp_size_t)un, up % LIMB_BITS);
    memcpy(bottom + down / LIMB_BITS, v->limbs, v->n * sizeof(mp_limb_t));
    if (down % LIMB_BITS) mpn_lshift(bottom, bottom, (mp_size_t)vn, down % LIMB_BITS);
    while (un && top[un - 1] == 0) un--;
    while (bottom[vn - 1] == 0) vn--;
    uint64_t quotient = 0;
    bool sticky;
    if (un < vn) {
        sticky = true;
    } else {
        mpn_tdiv_qr(q, r, 0, top, (mp_size_t)un, bottom, (mp_size_t)vn);
        quotient = q[0];
        sticky = !mpn_zero_p(r, (mp_size_t)vn);
    }
    gi_mem_free(block);
    *out = round_quotient(quotient << 1 | sticky, -shift - 1);
    return GI_OK;
}

GiStatus gi_int_truediv(GiThread *ts, GiVal a, GiVal b, double *out) {
    int64_t x, y;
    const int64_t exact = INT64_C(1) << 53;
    if (gi_int_sign(b) == 0) return gi_raise_status(ts, &gi_exc_ZeroDivisionError, "division by zero");
    if (int_fits(a, &x) && int_fits(b, &y) && x <= exact && x >= -exact && y <= exact && y >= -exact) {
        *out = (double)x / (double)y;
        return GI_OK;
    }
    IntView u, v;
    int_view(a, &u);
    int_view(b, &v);
    if (u.n == 0) {
        *out = v.negative ? -0.0 : 0.0;
        return GI_OK;
    }
    if (divide_true(ts, &u, &v, gi_int_bit_length(a), gi_int_bit_length(b), out)) return GI_FAIL;
    if (isinf(*out))
        return gi_raise_status(ts, &gi_exc_OverflowError,
                               "integer division result too large for a float");
    if (u.negative != v.negative) *out = -*out;
    return GI_OK;
}

GiRef gi_int_slot_truediv(GiThread *ts, GiVal a, GiVal b) {
    if (!BOTH_INTS(a, b)) return GI_REF_NOTIMPLEMENTED;
    double d;
    return gi_int_truediv(ts, a, b, &d) ? GI_NULL : gi_double_ref(d);
}
