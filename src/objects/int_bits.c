/* int_bits.c - shifts and bitwise operators of ints, which act on two's complement of any length.
 *
 * A negative number's limbs are complemented on the fly: ~x = -x - 1.
 */
#include "objects/int_internal.h"

#define BOTH_INTS(a, b) (gi_is_int(a) && gi_is_int(b))

/* ---- Shifts ---- */

GiRef gi_int_shift_left(GiThread *ts, GiVal a, size_t n) {
    int64_t x;
    if (n < 63 && int_fits(a, &x)) {
        int64_t r = (int64_t)((uint64_t)x << n);
        if (r >> n == x) return gi_int_from_i64(ts, r);
    }
    IntView u;
    int_view(a, &u);
    if (u.n == 0) return gi_smallint_ref(0);
    size_t words = n / LIMB_BITS, total = u.n + words + 1;
    GiInt *r = gi_int_room(ts, total);
    if (!r) return GI_NULL;
    memset(r->limbs, 0, words * sizeof(mp_limb_t));
    if (n % LIMB_BITS)
        r->limbs[total - 1] = mpn_lshift(r->limbs + words, u.limbs, (mp_size_t)u.n, n % LIMB_BITS);
    else {
        memcpy(r->limbs + words, u.limbs, u.n * sizeof(mp_limb_t));
        r->limbs[total - 1] = 0;
    }
    return gi_int_finish(ts, r, total, u.negative);
}

GiRef gi_int_shift_right(GiThread *ts, GiVal a, size_t n) {
    int64_t x;
    if (int_fits(a, &x)) return gi_int_from_i64(ts, n >= 64 ? -(x < 0) : x >> n);
    IntView u;
    int_view(a, &u);
    size_t words = n / LIMB_BITS;
    if (words >= u.n) return gi_smallint_ref(u.negative ? -1 : 0);
    size_t total = u.n - words;
    GiInt *r = gi_int_room(ts, total + 1);
    if (!r) return GI_NULL;
    mp_limb_t lost = 0;
    if (n % LIMB_BITS)
        lost = mpn_rshift(r->limbs, u.limbs + words, (mp_size_t)total, n % LIMB_BITS);
    else
        memcpy(r->limbs, u.limbs + words, total * sizeof(mp_limb_t));
    r->limbs[total] = 0;
    if (u.negative && (lost || (words && !mpn_zero_p(u.limbs, (mp_size_t)words))))
        mpn_add_1(r->limbs, r->limbs, (mp_size_t)total + 1, 1);
    return gi_int_finish(ts, r, total + 1, u.negative);
}

static GiStatus shift_count(GiThread *ts, GiVal b, int64_t *count, bool *huge) {
    if (gi_int_sign(b) < 0) return gi_raise_status(ts, &gi_exc_ValueError, "negative shift count");
    *huge = gi_int_as_i64(b, count) != 0;
    return GI_OK;
}

GiRef gi_int_slot_lshift(GiThread *ts, GiVal a, GiVal b) {
    if (!BOTH_INTS(a, b)) return GI_REF_NOTIMPLEMENTED;
    int64_t count;
    bool huge;
    if (shift_count(ts, b, &count, &huge)) return GI_NULL;
    if (gi_int_sign(a) == 0) return gi_smallint_ref(0);
    if (huge && gi_int_bit_length(b) > 66)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "too many digits in integer");
    if (huge) return gi_raise_nomem(ts);
    return gi_int_shift_left(ts, a, (size_t)count);
}

GiRef gi_int_slot_rshift(GiThread *ts, GiVal a, GiVal b) {
    if (!BOTH_INTS(a, b)) return GI_REF_NOTIMPLEMENTED;
    int64_t count;
    bool huge;
    if (shift_count(ts, b, &count, &huge)) return GI_NULL;
    if (huge) return gi_smallint_ref(gi_int_sign(a) < 0 ? -1 : 0);
    return gi_int_shift_right(ts, a, (size_t)count);
}

/* ---- Bitwise ---- */

typedef enum { BIT_AND, BIT_OR, BIT_XOR } BitOp;

/* Limb k of a number in two's complement; *borrow is 1 at the lowest limb of a negative one. */
static inline mp_limb_t twos_limb(const IntView *v, size_t k, mp_limb_t *borrow) {
    mp_limb_t limb = k < v->n ? v->limbs[k] : 0;
    if (!v->negative) return limb;
    mp_limb_t less = limb - *borrow;
    *borrow = *borrow && limb == 0;
    return ~less;
}

static GI_NOINLINE GiRef bitwise_big(GiThread *ts, GiVal a, GiVal b, BitOp op) {
    IntView u, v;
    __int128 x, y;
    if (int_fits_wide(a, &x) && int_fits_wide(b, &y))
        return gi_int_from_wide(ts, op == BIT_AND ? (x & y) : op == BIT_OR ? (x | y) : (x ^ y));
    int_view(a, &u);
    int_view(b, &v);
    size_t n = GI_MAX(u.n, v.n);
    if (op == BIT_AND) { /* zeros above a non-negative operand stay zeros */
        if (!u.negative) n = v.negative ? u.n : GI_MIN(u.n, v.n);
        else if (!v.negative) n = v.n;
    }
    bool negative = op == BIT_AND ? u.negative && v.negative
                    : op == BIT_OR ? u.negative || v.negative
                                   : u.negative != v.negative;
    GiInt *r = gi_int_room(ts, n + 1);
    if (!r) return GI_NULL;
    mp_limb_t borrow_u = u.negative, borrow_v = v.negative, carry = negative;
    for (size_t k = 0; k < n; k++) {
        mp_limb_t x = twos_limb(&u, k, &borrow_u), y = twos_limb(&v, k, &borrow_v);
        mp_limb_t z = op == BIT_AND ? x & y : op == BIT_OR ? x | y : x ^ y;
        if (negative) { /* back to a magnitude */
            z = ~z + carry;
            carry = carry && z == 0;
        }
        r->limbs[k] = z;
    }
    r->limbs[n] = negative ? carry : 0;
    return gi_int_finish(ts, r, n + 1, negative);
}

GiRef gi_int_slot_and(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y;
    if (int_fits(a, &x) && int_fits(b, &y)) return gi_int_from_i64(ts, x & y);
    return BOTH_INTS(a, b) ? bitwise_big(ts, a, b, BIT_AND) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_int_slot_or(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y;
    if (int_fits(a, &x) && int_fits(b, &y)) return gi_int_from_i64(ts, x | y);
    return BOTH_INTS(a, b) ? bitwise_big(ts, a, b, BIT_OR) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_int_slot_xor(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y;
    if (int_fits(a, &x) && int_fits(b, &y)) return gi_int_from_i64(ts, x ^ y);
    return BOTH_INTS(a, b) ? bitwise_big(ts, a, b, BIT_XOR) : GI_REF_NOTIMPLEMENTED;
}

GiRef gi_int_slot_invert(GiThread *ts, GiVal a) { return gi_int_sub(ts, gi_smallint(-1), a); }
