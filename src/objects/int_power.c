/* int_power.c - powers, powers modulo, inverses and greatest common divisors of ints.
 *
 * Powers go left to right through the exponent's bits. Modulo a 64-bit number everything stays in
 * registers; an odd modulus of moderate size uses GMP's Montgomery exponentiation, others square
 * and reduce.
 */
#include "objects/int_internal.h"

#define POWM_LIMBS_MAX 64 /* mpn_sec_powm multiplies by the school method */

/* ---- Powers ---- */

/* u ** e for u odd or small, e >= 1, into an int object shifted by `zeros` bits. */
static GiRef power_limbs(GiThread *ts, const mp_limb_t *u, size_t un, uint64_t e, size_t zeros,
                         bool negative) {
    size_t bits = un * LIMB_BITS - (size_t)__builtin_clzll(u[un - 1]), total_bits;
    if (__builtin_mul_overflow(bits, e, &total_bits) || total_bits > (size_t)1 << 44 ||
        zeros > (size_t)1 << 44) {
        (void)gi_raise_nomem(ts);
        return GI_NULL;
    }
    size_t room = total_bits / LIMB_BITS + 2, words = zeros / LIMB_BITS;
    if (gi_int_scratch(ts, room)) return GI_NULL;
    mp_limb_t *x = gi_mem_alloc(ts, 2 * (room + un) * sizeof(mp_limb_t));
    if (!x) return GI_NULL;
    mp_limb_t *block = x, *y = x + room + un;
    size_t n = un;
    memcpy(x, u, un * sizeof(mp_limb_t));
    for (int bit = 62 - __builtin_clzll(e); bit >= 0; bit--) {
        mpn_sqr(y, x, (mp_size_t)n);
        n *= 2;
        n -= y[n - 1] == 0;
        mp_limb_t *swap = x;
        x = y;
        y = swap;
        if (!(e >> bit & 1)) continue;
        if (n >= un) mpn_mul(y, x, (mp_size_t)n, u, (mp_size_t)un);
        else mpn_mul(y, u, (mp_size_t)un, x, (mp_size_t)n);
        n += un;
        n -= y[n - 1] == 0;
        swap = x;
        x = y;
        y = swap;
    }
    GiInt *r = gi_int_room(ts, n + words + 1);
    if (r) {
        memset(r->limbs, 0, words * sizeof(mp_limb_t));
        r->limbs[n + words] = 0;
        if (zeros % LIMB_BITS)
            r->limbs[n + words] = mpn_lshift(r->limbs + words, x, (mp_size_t)n, zeros % LIMB_BITS);
        else
            memcpy(r->limbs + words, x, n * sizeof(mp_limb_t));
    }
    gi_mem_free(block);
    return r ? gi_int_finish(ts, r, n + words + 1, negative) : GI_NULL;
}

/* The result if it and all in between fits 64 bits. */
static bool power_small(int64_t base, uint64_t e, int64_t *out) {
    int64_t result = 1;
    for (;;) {
        if ((e & 1) && __builtin_mul_overflow(result, base, &result)) return false;
        e >>= 1;
        if (!e) break;
        if (__builtin_mul_overflow(base, base, &base)) return false;
    }
    *out = result;
    return true;
}

GiRef gi_int_power(GiThread *ts, GiVal base, GiVal exponent) {
    int64_t b, r;
    uint64_t e;
    bool small = int_fits(base, &b), odd = gi_int_mask_u64(exponent) & 1;
    if (gi_int_sign(exponent) == 0) return gi_smallint_ref(1);
    if (small && b >= -1 && b <= 1) return gi_smallint_ref(b == -1 && !odd ? 1 : b);
    if (gi_int_as_u64(exponent, &e)) {
        (void)gi_raise_nomem(ts);
        return GI_NULL;
    }
    if (small && power_small(b, e, &r)) return gi_int_from_i64(ts, r);
    IntView u;
    int_view(base, &u);
    bool negative = u.negative && odd;
    size_t zeros = mpn_scan1(u.limbs, 0), words = zeros / LIMB_BITS, n = u.n - words, all_zeros;
    if (__builtin_mul_overflow(zeros, e, &all_zeros)) {
        (void)gi_raise_nomem(ts);
        return GI_NULL;
    }
    if (zeros == 0) return power_limbs(ts, u.limbs, u.n, e, 0, negative);
    mp_limb_t *odd_part = gi_mem_alloc(ts, n * sizeof(mp_limb_t));
    if (!odd_part) return GI_NULL;
    if (zeros % LIMB_BITS) mpn_rshift(odd_part, u.limbs + words, (mp_size_t)n, zeros % LIMB_BITS);
    else memcpy(odd_part, u.limbs + words, n * sizeof(mp_limb_t));
    n -= odd_part[n - 1] == 0;
    GiRef result = n == 1 && odd_part[0] == 1
                       ? gi_int_shift_left(ts, gi_smallint(negative ? -1 : 1), all_zeros)
                       : power_limbs(ts, odd_part, n, e, all_zeros, negative);
    gi_mem_free(odd_part);
    return result;
}

GiRef gi_int_slot_pow(GiThread *ts, GiVal a, GiVal b) {
    if (!gi_is_int(a) || !gi_is_int(b)) return GI_REF_NOTIMPLEMENTED;
    if (GI_LIKELY(gi_int_sign(b) >= 0)) return gi_int_power(ts, a, b);
    double x, y;
    if (gi_int_as_double(ts, a, &x) || gi_int_as_double(ts, b, &y)) return GI_NULL;
    return gi_float_slot_pow(ts, gi_double(x), gi_double(y));
}

/* ---- Modulo ---- */

static uint64_t power_mod_64(uint64_t base, const IntView *e, uint64_t m) {
    uint64_t r = 1 % m;
    base %= m;
    for (size_t i = e->n; i-- > 0;)
        for (int bit = LIMB_BITS - 1; bit >= 0; bit--) {
            r = (uint64_t)((__uint128_t)r * r % m);
            if (e->limbs[i] >> bit & 1) r = (uint64_t)((__uint128_t)r * base % m);
        }
    return r;
}

/* r (n limbs) = base ** e mod m for odd m; base has bn <= n limbs. */
static GiStatus power_mod_odd(GiThread *ts, mp_limb_t *r, const mp_limb_t *base, size_t bn,
                              const IntView *e, const IntView *m) {
    mp_bitcnt_t bits = e->n * LIMB_BITS - (size_t)__builtin_clzll(e->limbs[e->n - 1]);
    mp_limb_t *scratch = gi_mem_alloc(
        ts, (size_t)mpn_sec_powm_itch((mp_size_t)bn, bits, (mp_size_t)m->n) * sizeof(mp_limb_t));
    if (!scratch) return GI_FAIL;
    mpn_sec_powm(r, base, (mp_size_t)bn, e->limbs, bits, m->limbs, (mp_size_t)m->n, scratch);
    gi_mem_free(scratch);
    return GI_OK;
}

/* r = x * y mod m, all of n limbs. block: 3n + 1 limbs of scratch. */
static void multiply_mod(mp_limb_t *r, const mp_limb_t *x, const mp_limb_t *y, const IntView *m,
                         mp_limb_t *block) {
    mp_size_t n = (mp_size_t)m->n;
    if (x == y) mpn_sqr(block, x, n);
    else mpn_mul_n(block, x, y, n);
    mpn_tdiv_qr(block + 2 * n, r, 0, block, 2 * n, m->limbs, n);
}

/* The same for any m, with windows of four bits. */
static GiStatus power_mod_any(GiThread *ts, mp_limb_t *r, const mp_limb_t *base, size_t bn,
                              const IntView *e, const IntView *m) {
    size_t n = m->n;
    mp_limb_t *table = gi_mem_calloc(ts, 16 * n + 3 * n + 1, sizeof(mp_limb_t));
    if (!table) return GI_FAIL;
    mp_limb_t *block = table + 16 * n;
    table[0] = 1;
    memcpy(table + n, base, bn * sizeof(mp_limb_t));
    for (size_t i = 2; i < 16; i++)
        multiply_mod(table + i * n, table + (i - 1) * n, table + n, m, block);
    mpn_zero(r, (mp_size_t)n);
    r[0] = 1;
    for (size_t i = e->n; i-- > 0;)
        for (int shift = LIMB_BITS - 4; shift >= 0; shift -= 4) {
            for (int k = 0; k < 4; k++) multiply_mod(r, r, r, m, block);
            size_t digit = e->limbs[i] >> shift & 15;
            if (digit) multiply_mod(r, r, table + digit * n, m, block);
        }
    gi_mem_free(table);
    return GI_OK;
}

/* base ** e mod |m|, for 0 <= base < |m|, e >= 1, |m| > 1. */
static GiRef power_mod(GiThread *ts, GiVal base, GiVal exponent, GiVal mod) {
    IntView b, e, m;
    int_view(base, &b);
    int_view(exponent, &e);
    int_view(mod, &m);
    if (b.n == 0) return gi_smallint_ref(0);
    if (m.n == 1) return gi_int_from_u64(ts, power_mod_64(b.limbs[0], &e, m.limbs[0]));
    GiInt *r = gi_int_scratch(ts, 3 * m.n) ? NULL : gi_int_room(ts, m.n);
    if (!r) return GI_NULL;
    GiStatus status = (m.limbs[0] & 1) && m.n <= POWM_LIMBS_MAX
                          ? power_mod_odd(ts, r->limbs, b.limbs, b.n, &e, &m)
                          : power_mod_any(ts, r->limbs, b.limbs, b.n, &e, &m);
    if (status) {
        gi_drop(ts, gi_own_obj(r));
        return GI_NULL;
    }
    return gi_int_finish(ts, r, m.n, false);
}

/* The inverse of a modulo m > 1, 0 <= a < m; ValueError. */
static GiRef inverse_mod(GiThread *ts, GiVal a, GiVal m) {
    IntView u, v;
    int_view(a, &u);
    int_view(m, &v);
    size_t n = v.n;
    if (gi_int_scratch(ts, 3 * n)) return GI_NULL;
    mp_limb_t *block = gi_mem_calloc(ts, 5 * (n + 2), sizeof(mp_limb_t));
    if (!block) return GI_NULL;
    mp_limb_t *x = block, *y = x + n + 2, *g = y + n + 2, *s = g + n + 2;
    /* (a + m) s + m t = g, so that the first operand is the larger one. */
    size_t xn = n;
    if (u.n) x[n] = mpn_add(x, v.limbs, (mp_size_t)n, u.limbs, (mp_size_t)u.n);
    else memcpy(x, v.limbs, n * sizeof(mp_limb_t));
    xn += x[n] != 0;
    memcpy(y, v.limbs, n * sizeof(mp_limb_t));
    mp_size_t sn, gn = mpn_gcdext(g, s, &sn, x, (mp_size_t)xn, y, (mp_size_t)n);
    GiRef result = GI_NULL;
    if (gn != 1 || g[0] != 1)
        gi_raise(ts, &gi_exc_ValueError, "base is not invertible for the given modulus");
    else
        result = gi_int_from_limbs(ts, s, (size_t)(sn < 0 ? -sn : sn), sn < 0);
    gi_mem_free(block);
    if (gi_is_null(result) || gi_int_sign(gi_val(result)) >= 0) return result;
    GiRef positive = gi_int_add(ts, gi_val(result), m);
    gi_drop(ts, result);
    return positive;
}

/* As gi_int_slot_power for a positive modulus above 1. */
static GiRef power_positive(GiThread *ts, GiVal a, GiVal b, GiVal m) {
    GiRef base = gi_int_mod(ts, a, m), exponent = GI_NULL, result = GI_NULL;
    if (gi_is_null(base)) return base;
    if (gi_int_sign(b) < 0) {
        GiRef inverse = inverse_mod(ts, gi_val(base), m);
        gi_drop(ts, base);
        base = inverse;
        if (gi_is_null(base)) return base;
    }
    exponent = gi_int_slot_abs(ts, b);
    if (!gi_is_null(exponent)) {
        result = gi_int_sign(gi_val(exponent)) ? power_mod(ts, gi_val(base), gi_val(exponent), m)
                                               : gi_smallint_ref(1);
        gi_drop(ts, exponent);
    }
    gi_drop(ts, base);
    return result;
}

GiRef gi_int_slot_power(GiThread *ts, GiVal a, GiVal b, GiVal mod) {
    if (gi_is_none(mod)) return gi_int_slot_pow(ts, a, b);
    if (!gi_is_int(a) || !gi_is_int(b) || !gi_is_int(mod)) return GI_REF_NOTIMPLEMENTED;
    int sign = gi_int_sign(mod);
    if (sign == 0) return gi_raise_ref(ts, &gi_exc_ValueError, "pow() 3rd argument cannot be 0");
    if (gi_int_bit_length(mod) == 1) return gi_smallint_ref(0);
    if (sign > 0) return power_positive(ts, a, b, mod);
    GiRef positive = gi_int_slot_neg(ts, mod);
    if (gi_is_null(positive)) return positive;
    GiRef result = power_positive(ts, a, b, gi_val(positive));
    gi_drop(ts, positive);
    if (gi_is_null(result) || gi_int_sign(gi_val(result)) == 0) return result;
    GiRef negative = gi_int_add(ts, gi_val(result), mod);
    gi_drop(ts, result);
    return negative;
}

/* ---- Greatest common divisor ---- */

static uint64_t gcd_64(uint64_t x, uint64_t y) {
    if (!x || !y) return x | y;
    int twos = __builtin_ctzll(x | y);
    x >>= __builtin_ctzll(x);
    do {
        y >>= __builtin_ctzll(y);
        if (x > y) {
            uint64_t swap = x;
            x = y;
            y = swap;
        }
        y -= x;
    } while (y);
    return x << twos;
}

/* Copies |v| without its lowest `zeros` bits; gives the number of limbs. */
static size_t strip_zeros(mp_limb_t *to, const IntView *v, size_t zeros) {
    size_t words = zeros / LIMB_BITS, n = v->n - words;
    if (zeros % LIMB_BITS) mpn_rshift(to, v->limbs + words, (mp_size_t)n, zeros % LIMB_BITS);
    else memcpy(to, v->limbs + words, n * sizeof(mp_limb_t));
    return n - (to[n - 1] == 0);
}

GiRef gi_int_gcd(GiThread *ts, GiVal a, GiVal b) {
    int64_t x, y;
    if (int_fits(a, &x) && int_fits(b, &y))
        return gi_int_from_u64(ts, gcd_64(x < 0 ? -(uint64_t)x : (uint64_t)x,
                                          y < 0 ? -(uint64_t)y : (uint64_t)y));
    IntView u, v;
    int_view(a, &u);
    int_view(b, &v);
    if (u.n == 0) return gi_int_slot_abs(ts, b);
    if (v.n == 0) return gi_int_slot_abs(ts, a);
    if (gi_int_scratch(ts, u.n + v.n)) return GI_NULL;
    mp_limb_t *block = gi_mem_alloc(ts, (u.n + v.n + GI_MAX(u.n, v.n) + 3) * sizeof(mp_limb_t));
    if (!block) return GI_NULL;
    mp_limb_t *p = block, *q = p + u.n + 1, *g = q + v.n + 1;
    size_t zu = mpn_scan1(u.limbs, 0), zv = mpn_scan1(v.limbs, 0), twos = GI_MIN(zu, zv);
    size_t pn = strip_zeros(p, &u, zu), qn = strip_zeros(q, &v, zv);
    bool first = pn != qn ? pn > qn : mpn_cmp(p, q, (mp_size_t)pn) >= 0;
    mp_size_t n = first ? mpn_gcd(g, p, (mp_size_t)pn, q, (mp_size_t)qn)
                        : mpn_gcd(g, q, (mp_size_t)qn, p, (mp_size_t)pn);
    GiRef odd = gi_int_from_limbs(ts, g, (size_t)n, false);
    gi_mem_free(block);
    if (gi_is_null(odd) || twos == 0) return odd;
    GiRef result = gi_int_shift_left(ts, gi_val(odd), twos);
    gi_drop(ts, odd);
    return result;
}
