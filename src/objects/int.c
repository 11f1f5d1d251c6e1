/* int.c - integers as C code sees them: making them, reading them, comparing and hashing.
 *
 * Arithmetic stands in int_arith.c, int_bits.c and int_power.c, text in int_text.c, the type in
 * int_type.c. Ints are immutable; nothing here locks.
 */
#include "objects/int_internal.h"

#include <math.h>

/* ---- Making ---- */

GiInt *gi_int_room(GiThread *ts, size_t n) {
    if (GI_UNLIKELY(n > SSIZE_MAX / sizeof(mp_limb_t) - 64)) {
        (void)gi_raise_nomem(ts);
        return NULL;
    }
    return (GiInt *)gi_heap_new_fast(ts, &gi_int_type, sizeof(GiInt) + n * sizeof(mp_limb_t));
}

GiRef gi_int_finish(GiThread *ts, GiInt *i, size_t n, bool negative) {
    size_t had = n;
    while (n && i->limbs[n - 1] == 0) n--;
    if (n <= 1) {
        mp_limb_t low = n ? i->limbs[0] : 0;
        if (low <= (mp_limb_t)GI_INT_MAX + negative) {
            i->size = 0;
            gi_drop(ts, gi_own_obj(i));
            return gi_smallint_ref(negative ? -(int64_t)low : (int64_t)low);
        }
    }
    i->size = negative ? -(ssize_t)n : (ssize_t)n;
    if (had - n > 8) {
        GiObj *smaller = gi_heap_resize(ts, &i->obj, sizeof(GiInt) + n * sizeof(mp_limb_t));
        if (smaller) return gi_own_obj(smaller);
        gi_exc_clear(ts); /* the larger one serves as well */
    }
    return gi_own_obj(i);
}

GiRef gi_int_from_u64(GiThread *ts, uint64_t u) {
    if (GI_LIKELY(u <= (uint64_t)GI_INT_MAX)) return gi_smallint_ref((int64_t)u);
    GiInt *i = gi_int_room(ts, 1);
    if (!i) return GI_NULL;
    i->size = 1;
    i->limbs[0] = u;
    return gi_own_obj(i);
}

GiRef gi_int_from_i64(GiThread *ts, int64_t v) {
    if (GI_LIKELY(gi_fits_smallint(v))) return gi_smallint_ref(v);
    GiInt *i = gi_int_room(ts, 1);
    if (!i) return GI_NULL;
    i->size = v < 0 ? -1 : 1;
    i->limbs[0] = v < 0 ? -(uint64_t)v : (uint64_t)v;
    return gi_own_obj(i);
}

GiRef gi_int_from_wide(GiThread *ts, __int128 v) {
    if (v >= GI_INT_MIN && v <= GI_INT_MAX) return gi_smallint_ref((int64_t)v);
    unsigned __int128 magnitude = v < 0 ? -(unsigned __int128)v : (unsigned __int128)v;
    mp_limb_t high = (mp_limb_t)(magnitude >> 64);
    ssize_t n = high ? 2 : 1;
    GiInt *i = gi_int_room(ts, (size_t)n);
    if (!i) return GI_NULL;
    i->limbs[0] = (mp_limb_t)magnitude;
    if (high) i->limbs[1] = high;
    i->size = v < 0 ? -n : n;
    return gi_own_obj(i);
}

GiRef gi_int_from_limbs(GiThread *ts, const mp_limb_t *limbs, size_t n, bool negative) {
    while (n && limbs[n - 1] == 0) n--;
    if (n == 0) return gi_smallint_ref(0);
    if (n == 1 && limbs[0] <= (mp_limb_t)GI_INT_MAX)
        return gi_smallint_ref(negative ? -(int64_t)limbs[0] : (int64_t)limbs[0]);
    GiInt *i = gi_int_room(ts, n);
    if (!i) return GI_NULL;
    memcpy(i->limbs, limbs, n * sizeof(mp_limb_t));
    return gi_int_finish(ts, i, n, negative);
}

GiRef gi_int_from_double(GiThread *ts, double d) {
    if (d > -140737488355329.0 && d < 140737488355328.0) return gi_smallint_ref((int64_t)d);
    if (isnan(d)) return gi_raise_ref(ts, &gi_exc_ValueError, "cannot convert float NaN to integer");
    if (isinf(d))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "cannot convert float infinity to integer");
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(d), &exponent), 53);
    exponent -= 53;
    if (exponent <= 0) {
        mantissa >>= -exponent;
        return gi_int_from_limbs(ts, &mantissa, 1, d < 0);
    }
    size_t shift = (size_t)exponent, words = shift / LIMB_BITS;
    GiInt *i = gi_int_room(ts, words + 2);
    if (!i) return GI_NULL;
    __uint128_t wide = (__uint128_t)mantissa << shift % LIMB_BITS;
    memset(i->limbs, 0, words * sizeof(mp_limb_t));
    i->limbs[words] = (mp_limb_t)wide;
    i->limbs[words + 1] = (mp_limb_t)(wide >> 64);
    return gi_int_finish(ts, i, words + 2, d < 0);
}

GiRef gi_int_from_bytes(GiThread *ts, const uint8_t *bytes, size_t n, bool little, bool is_signed) {
    if (n == 0) return gi_smallint_ref(0);
    bool negative = is_signed && bytes[little ? n - 1 : 0] & 0x80;
    size_t words = (n + 7) / 8;
    GiInt *i = gi_int_room(ts, words);
    if (!i) return GI_NULL;
    uint8_t *to = (uint8_t *)i->limbs;
    if (little) memcpy(to, bytes, n);
    else
        for (size_t k = 0; k < n; k++) to[k] = bytes[n - 1 - k];
    memset(to + n, negative ? 0xFF : 0, words * 8 - n);
    if (negative) mpn_neg(i->limbs, i->limbs, (mp_size_t)words);
    return gi_int_finish(ts, i, words, negative);
}

GiRef gi_int_as_subtype(GiThread *ts, GiType *type, GiVal v) {
    IntView view;
    int_view(v, &view);
    GiRef r = gi_type_alloc(ts, type, view.n * sizeof(mp_limb_t));
    if (gi_is_null(r)) return r;
    gi_int_of(r)->size = view.negative ? -(ssize_t)view.n : (ssize_t)view.n;
    memcpy(gi_int_of(r)->limbs, view.limbs, view.n * sizeof(mp_limb_t));
    return r;
}

GiRef gi_int_exact(GiThread *ts, GiVal v) {
    if (gi_is_int_exact(v)) return gi_dup(ts, v);
    if (gi_is_bool(v)) return gi_smallint_ref(gi_is_true(v));
    IntView view;
    int_view(v, &view);
    return gi_int_from_limbs(ts, view.limbs, view.n, view.negative);
}

/* ---- Reading ---- */

ssize_t gi_int_limbs(GiVal v, const mp_limb_t **limbs, mp_limb_t store[1]) {
    if (gi_is_heap(v)) {
        *limbs = gi_int_of(v)->limbs;
        return gi_int_of(v)->size;
    }
    int64_t small = gi_is_smallint(v) ? gi_smallint_value(v) : gi_is_true(v);
    store[0] = small < 0 ? -(uint64_t)small : (uint64_t)small;
    *limbs = store;
    return small < 0 ? -1 : small > 0;
}

int gi_int_as_i64(GiVal v, int64_t *out) {
    if (int_fits(v, out)) return 0;
    const GiInt *i = gi_int_of(v);
    if (i->size == -1 && i->limbs[0] == (mp_limb_t)1 << 63) {
        *out = INT64_MIN;
        return 0;
    }
    return i->size < 0 ? -1 : 1;
}

int gi_int_as_u64(GiVal v, uint64_t *out) {
    int64_t small;
    if (int_fits(v, &small)) {
        if (small < 0) return -1;
        *out = (uint64_t)small;
        return 0;
    }
    const GiInt *i = gi_int_of(v);
    if (i->size == 1) {
        *out = i->limbs[0];
        return 0;
    }
    return i->size < 0 ? -1 : 1;
}

uint64_t gi_int_mask_u64(GiVal v) {
    int64_t small;
    if (int_fits(v, &small)) return (uint64_t)small;
    const GiInt *i = gi_int_of(v);
    return i->size < 0 ? -i->limbs[0] : i->limbs[0];
}

int gi_int_sign(GiVal v) {
    if (gi_is_smallint(v)) return gi_smallint_value(v) < 0 ? -1 : gi_smallint_value(v) > 0;
    if (gi_is_bool(v)) return gi_is_true(v);
    return gi_int_of(v)->size < 0 ? -1 : gi_int_of(v)->size > 0;
}

size_t gi_int_bit_length(GiVal v) {
    IntView view;
    int_view(v, &view);
    if (view.n == 0) return 0;
    return view.n * LIMB_BITS - (size_t)__builtin_clzll(view.limbs[view.n - 1]);
}

GiStatus gi_int_to_bytes(GiThread *ts, GiVal v, uint8_t *bytes, size_t n, bool little, bool is_signed) {
    IntView view;
    int_view(v, &view);
    if (view.negative && !is_signed)
        return gi_raise_status(ts, &gi_exc_OverflowError, "can't convert negative int to unsigned");
    /* In two's complement -2^k needs as many bits as 2^k - 1, and a sign bit. */
    size_t bits = gi_int_bit_length(v);
    if (view.negative && mpn_scan1(view.limbs, 0) == bits - 1) bits--;
    if (view.n && is_signed) bits++;
    if (bits > n * 8) return gi_raise_status(ts, &gi_exc_OverflowError, "int too big to convert");
    mp_limb_t carry = view.negative;
    for (size_t k = 0; k < n; k++) {
        mp_limb_t limb = k / 8 < view.n ? view.limbs[k / 8] : 0;
        mp_limb_t byte = limb >> k % 8 * 8 & 0xFF;
        if (view.negative) {
            byte = (byte ^ 0xFF) + carry;
            carry = byte >> 8;
        }
        bytes[little ? k : n - 1 - k] = (uint8_t)byte;
    }
    return GI_OK;
}

/* The 64 highest bits of the magnitude, normalised, with a sticky lowest bit for what is below. */
static uint64_t top_bits(const IntView *v) {
    mp_limb_t high = v->limbs[v->n - 1];
    int zeros = __builtin_clzll(high);
    uint64_t top = high << zeros;
    size_t below = v->n - 1;
    if (below && zeros) {
        top |= v->limbs[below - 1] >> (64 - zeros);
        if (v->limbs[below - 1] << zeros) return top | 1;
        below--;
    }
    while (below--)
        if (v->limbs[below]) return top | 1;
    return top;
}

/* A 64-bit normalised magnitude with a sticky bit, rounded to 53 bits (half to even): as an
 * integer of 53 bits, or 2^53. */
static uint64_t round_53(uint64_t top) {
    uint64_t kept = top >> 11, rest = top & 0x7FF;
    return kept + (rest > 0x400 || (rest == 0x400 && kept & 1));
}

double gi_int_frexp(GiVal v, int64_t *exponent) {
    IntView view;
    int_view(v, &view);
    *exponent = 0;
    if (view.n == 0) return 0.0;
    *exponent = (int64_t)gi_int_bit_length(v);
    double m = ldexp((double)round_53(top_bits(&view)), -53);
    if (m == 1.0) {
        m = 0.5;
        ++*exponent;
    }
    return view.negative ? -m : m;
}

GiStatus gi_int_as_double(GiThread *ts, GiVal v, double *out) {
    int64_t small, exponent;
    if (int_fits(v, &small)) {
        *out = (double)small;
        return GI_OK;
    }
    double m = gi_int_frexp(v, &exponent);
    if (exponent > 1024)
        return gi_raise_status(ts, &gi_exc_OverflowError, "int too large to convert to float");
    *out = ldexp(m, (int)exponent);
    return GI_OK;
}

int64_t gi_int_hash(GiVal v) {
    if (gi_is_smallint(v)) return gi_hash_i64(gi_smallint_value(v));
    if (gi_is_bool(v)) return gi_is_true(v);
    const GiInt *i = gi_int_of(v);
    return gi_hash_limbs((const uint64_t *)i->limbs, (size_t)(i->size < 0 ? -i->size : i->size),
                         i->size < 0);
}

int gi_int_order(GiVal a, GiVal b) {
    int64_t x, y;
    if (int_fits(a, &x) && int_fits(b, &y)) return x < y ? -1 : x > y;
    IntView u, v;
    int_view(a, &u);
    int_view(b, &v);
    if (u.negative != v.negative) return u.negative ? -1 : 1;
    int order = u.n != v.n ? (u.n < v.n ? -1 : 1) : mpn_cmp(u.limbs, v.limbs, (mp_size_t)u.n);
    if (order) order = order < 0 ? -1 : 1;
    return u.negative ? -order : order;
}

int gi_double_order_int(double d, GiVal v) {
    int64_t small;
    if (int_fits(v, &small) && small >= -(INT64_C(1) << 53) && small <= INT64_C(1) << 53) {
        double other = (double)small;
        return d < other ? -1 : d > other;
    }
    int sign = gi_int_sign(v);
    if (isinf(d)) return d < 0 ? -1 : 1;
    if ((d < 0 ? -1 : d > 0) != sign) return d < 0 ? -1 : d > 0 ? 1 : -sign;
    /* Of one sign, and v is large: compare exponents, then the integral part limb by limb. */
    IntView view;
    int_view(v, &view);
    int exponent;
    double m = frexp(fabs(d), &exponent);
    size_t bits = gi_int_bit_length(v);
    if (exponent <= 0 || (size_t)exponent != bits) {
        bool less = exponent <= 0 || (size_t)exponent < bits;
        return less ? -sign : sign;
    }
    /* d has 53 bits, v as many as d's exponent says: 64-bit tops compare exactly. */
    uint64_t top = (uint64_t)ldexp(m, 64), other = top_bits(&view);
    if (top == other) return 0;
    return top < other ? -sign : sign;
}
