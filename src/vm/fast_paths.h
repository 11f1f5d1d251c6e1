/* fast_paths.h - what instructions do by themselves for the operands met most, without a call.
 *
 * Each says when it does not apply; the instruction then goes the general way, which is right for
 * everything. Without the GIL containers are left to the general way, which locks.
 */
#ifndef GI_VM_FAST_PATHS_H
#define GI_VM_FAST_PATHS_H

#include "objects/dict.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/protocol.h"
#include "objects/tuple.h"

#include <math.h>

/* Number fast ways. Each gives the result's bits, or 0: take the general way. */
static inline bool both_ints(uint64_t x, uint64_t y) { return (x & y) >= GI_TAG_INT; }

static inline bool both_numbers(uint64_t x, uint64_t y, double *a, double *b) {
    if (x < GI_TAG_DOUBLE || y < GI_TAG_DOUBLE) return false;
    *a = x >= GI_TAG_INT ? (double)((int64_t)(x << 16) >> 16) : gi_double_bits_value(x);
    *b = y >= GI_TAG_INT ? (double)((int64_t)(y << 16) >> 16) : gi_double_bits_value(y);
    return true;
}

#define SIGNED(bits) ((int64_t)((bits) << 16) >> 16)

static inline uint64_t fast_add(uint64_t x, uint64_t y) {
    int64_t r;
    double a, b;
    if (GI_LIKELY(both_ints(x, y)))
        return __builtin_add_overflow((int64_t)(x << 16), (int64_t)(y << 16), &r)
                   ? 0 : GI_TAG_INT | (uint64_t)r >> 16;
    if (both_numbers(x, y, &a, &b)) return gi_double(a + b).bits;
    return 0;
}
static inline uint64_t fast_sub(uint64_t x, uint64_t y) {
    int64_t r;
    double a, b;
    if (GI_LIKELY(both_ints(x, y)))
        return __builtin_sub_overflow((int64_t)(x << 16), (int64_t)(y << 16), &r)
                   ? 0 : GI_TAG_INT | (uint64_t)r >> 16;
    if (both_numbers(x, y, &a, &b)) return gi_double(a - b).bits;
    return 0;
}
static inline uint64_t fast_mul(uint64_t x, uint64_t y) {
    int64_t r;
    double a, b;
    if (GI_LIKELY(both_ints(x, y)))
        return __builtin_mul_overflow((int64_t)(x << 16), SIGNED(y), &r)
                   ? 0 : GI_TAG_INT | (uint64_t)r >> 16;
    if (both_numbers(x, y, &a, &b)) return gi_double(a * b).bits;
    return 0;
}
static inline uint64_t fast_truediv(uint64_t x, uint64_t y) {
    double a, b;
    /* 48-bit integers are exact as doubles, so the quotient is correctly rounded. */
    if (both_numbers(x, y, &a, &b) && b != 0.0) return gi_double(a / b).bits;
    return 0;
}
static inline uint64_t fast_floordiv(uint64_t x, uint64_t y) {
    if (both_ints(x, y)) {
        int64_t a = SIGNED(x), b = SIGNED(y);
        if (b == 0) return 0;
        int64_t q = a / b;
        if ((a % b != 0) && ((a < 0) != (b < 0))) q--;
        return gi_fits_smallint(q) ? gi_smallint(q).bits : 0;
    }
    return 0;
}
static inline uint64_t fast_mod(uint64_t x, uint64_t y) {
    if (both_ints(x, y)) {
        int64_t a = SIGNED(x), b = SIGNED(y);
        if (b == 0) return 0;
        int64_t r = a % b;
        if (r != 0 && (r < 0) != (b < 0)) r += b;
        return gi_smallint(r).bits;
    }
    return 0;
}
static inline uint64_t fast_pow(uint64_t x, uint64_t y) {
    double a, b;
    if (both_ints(x, y)) {
        int64_t base = SIGNED(x), e = SIGNED(y), r = 1;
        if (e < 0 || e > 63) return 0;
        for (; e > 0; e--)
            if (__builtin_mul_overflow(r, base, &r)) return 0;
        return gi_fits_smallint(r) ? gi_smallint(r).bits : 0;
    }
    if (both_numbers(x, y, &a, &b) && a > 0.0) {
        double r = pow(a, b);
        if (isfinite(r)) return gi_double(r).bits;
    }
    return 0;
}
static inline uint64_t fast_lshift(uint64_t x, uint64_t y) {
    if (both_ints(x, y)) {
        int64_t a = SIGNED(x), n = SIGNED(y);
        if (n < 0 || n > 46) return 0;
        int64_t r = (int64_t)((uint64_t)a << n);
        return (r >> n) == a && gi_fits_smallint(r) ? gi_smallint(r).bits : 0;
    }
    return 0;
}
static inline uint64_t fast_rshift(uint64_t x, uint64_t y) {
    if (both_ints(x, y)) {
        int64_t n = SIGNED(y);
        if (n < 0) return 0;
        return gi_smallint(SIGNED(x) >> (n > 63 ? 63 : n)).bits;
    }
    return 0;
}
static inline uint64_t fast_and(uint64_t x, uint64_t y) { return both_ints(x, y) ? (x & y) : 0; }
static inline uint64_t fast_or(uint64_t x, uint64_t y) { return both_ints(x, y) ? (x | y) : 0; }
static inline uint64_t fast_xor(uint64_t x, uint64_t y) {
    return both_ints(x, y) ? (x ^ y) | GI_TAG_INT : 0;
}
static inline uint64_t fast_matmul(uint64_t x GI_UNUSED, uint64_t y GI_UNUSED) { return 0; }

/* 1, 0, or -1: take the general way. */
#define FAST_COMPARE(name, op)                                        \
    static inline int fast_##name(uint64_t x, uint64_t y) {           \
        double a, b;                                                  \
        if (GI_LIKELY(both_ints(x, y))) return SIGNED(x) op SIGNED(y);\
        if (both_numbers(x, y, &a, &b)) return a op b;                \
        return -1;                                                    \
    }
FAST_COMPARE(lt, <)
FAST_COMPARE(le, <=)
FAST_COMPARE(eq, ==)
FAST_COMPARE(ne, !=)
FAST_COMPARE(gt, >)
FAST_COMPARE(ge, >=)
#undef FAST_COMPARE

static inline int fast_truth(uint64_t bits) {
    if ((bits | 1) == GI_BITS_TRUE) return bits == GI_BITS_TRUE;
    if (bits == GI_BITS_NONE) return 0;
    if (bits >= GI_TAG_INT) return bits != GI_TAG_INT;
    return -1;
}

/* v[i] for the containers met most. Null without exception: take the general way. */
static inline GiRef fast_get_item(GiThread *ts, GiVal v, GiVal key) {
    if (!gi_is_heap(v)) return GI_NULL;
    GiType *type = gi_obj_type(gi_obj(v));
    if (gi_is_smallint(key)) {
        int64_t i = gi_smallint_value(key);
        if (type == &gi_list_type) {
            if (ts->core.free_running) return gi_list_at(ts, v, i);
            GiList *list = gi_list_of(v);
            if (i < 0) i += (int64_t)list->count;
            if ((uint64_t)i < list->count) return gi_dup(ts, gi_val(list->items[i]));
        } else if (type == &gi_tuple_type) {
            GiTuple *tuple = gi_tuple_of(v);
            if (i < 0) i += (int64_t)tuple->count;
            if ((uint64_t)i < tuple->count) return gi_dup(ts, gi_val(tuple->items[i]));
        }
    }
    return GI_NULL;
}

/* v[key], with dicts looked up directly. */
static inline GiRef get_item(GiThread *ts, GiVal v, GiVal key) {
    if (gi_is_exact(v, &gi_dict_type)) {
        GiRef found;
        if (gi_dict_get(ts, v, key, &found) < 0) return GI_NULL;
        return GI_LIKELY(!gi_is_null(found)) ? found : gi_raise_key(ts, key);
    }
    return gi_getitem(ts, v, key);
}

/* v[key] = value likewise. */
static inline GiStatus set_item(GiThread *ts, GiVal v, GiVal key, GiVal value) {
    if (gi_is_exact(v, &gi_dict_type)) return gi_dict_set(ts, v, key, value);
    return gi_setitem(ts, v, key, value);
}

/* key in v likewise. */
static inline GiTruth contains(GiThread *ts, GiVal v, GiVal key) {
    if (gi_is_exact(v, &gi_dict_type)) return gi_dict_contains(ts, v, key);
    return gi_contains(ts, v, key);
}

static inline bool fast_set_item(GiThread *ts, GiVal v, GiVal key, GiVal value) {
    if (gi_is_exact(v, &gi_list_type) && gi_is_smallint(key) && !ts->core.free_running) {
        GiList *list = gi_list_of(v);
        int64_t i = gi_smallint_value(key);
        if (i < 0) i += (int64_t)list->count;
        if ((uint64_t)i < list->count) {
            gi_slot_set(ts, &list->items[i], gi_dup(ts, value));
            return true;
        }
    }
    return false;
}

#endif
