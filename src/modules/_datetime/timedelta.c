/* timedelta.c - differences of times.
 *
 * A timedelta is one number of microseconds, below 2**67 in magnitude: arithmetic is done in 128 bits,
 * and only what does not fit there (arguments that may yet cancel out) in Python integers. Halves
 * are rounded to even.
 */
#include "modules/_datetime/internal.h"

#include "base/hash.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>

typedef __int128 Micros;
typedef unsigned __int128 UMicros;

static GiRef delta_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
#include "modules/_datetime/timedelta.gen.h"

enum { MAX_DAYS = 999999999 };

static GI_COLD GiRef too_large(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C int");
}

GiRef gi_dt_delta_new(GiThread *ts, GiType *type, Micros us) {
    Micros days = us / DT_US_PER_DAY;
    int64_t rest = (int64_t)(us - days * DT_US_PER_DAY);
    if (rest < 0) rest += DT_US_PER_DAY, days--;
    if (days > MAX_DAYS || days < -MAX_DAYS) {
        if (days > INT_MAX || days < INT_MIN) return too_large(ts);
        return gi_raise_ref(ts, &gi_exc_OverflowError, "days=%d; must have magnitude <= %d", (int)days, MAX_DAYS);
    }
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    GiDelta *d = gi_delta_of(r);
    d->days = (int32_t)days;
    d->seconds = (int32_t)(rest / DT_US_PER_SECOND);
    d->us = (int32_t)(rest % DT_US_PER_SECOND);
    return r;
}

/* ---- Integers of 128 bits ---- */

/* An int as 128 bits: 0, or its sign when it does not fit. */
static int micros_of(GiThread *ts, GiVal v, Micros *out) {
    int64_t small;
    if (gi_int_as_i64(v, &small) == 0) {
        *out = small;
        return 0;
    }
    if (gi_int_bit_length(v) > 126) return gi_int_sign(v);
    if (gi_int_to_bytes(ts, v, (uint8_t *)out, sizeof *out, true, true)) gi_exc_clear(ts);
    return 0;
}
static GiRef int_of(GiThread *ts, Micros v) {
    if (v >= INT64_MIN && v <= INT64_MAX) return gi_int_from_i64(ts, (int64_t)v);
    return gi_int_from_bytes(ts, (const uint8_t *)&v, sizeof v, true, true);
}
static UMicros magnitude(Micros v) { return v < 0 ? -(UMicros)v : (UMicros)v; }

/* a / b to the nearest integer, halves to even; b is not 0. */
static Micros divide_nearest(Micros a, Micros b) {
    UMicros n = magnitude(a), d = magnitude(b), q = n / d, r = n - q * d;
    if (r > d - r || (r == d - r && (q & 1))) q++;
    return (a < 0) != (b < 0) ? -(Micros)q : (Micros)q;
}
static Micros divide_floor(Micros a, Micros b) {
    Micros q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

double gi_dt_seconds(Micros us) {
    if (magnitude(us) <= UINT64_C(1) << 53) return (double)us / 1e6;
    /* 40 binary places more, and the last one sticky: rounding happens once. */
    UMicros scaled = magnitude(us) << 40, q = scaled / (UMicros)DT_US_PER_SECOND;
    q |= scaled % (UMicros)DT_US_PER_SECOND != 0;
    double d = ldexp((double)q, -40);
    return us < 0 ? -d : d;
}

/* ---- Making ---- */

static const char *const delta_names[] = {"days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"};
static const int64_t delta_units[] = {DT_US_PER_DAY, DT_US_PER_SECOND, 1, 1000, 60 * DT_US_PER_SECOND,
                                      3600 * DT_US_PER_SECOND, 7 * DT_US_PER_DAY};
enum { DELTA_PARTS = GI_COUNTOF(delta_units) };

typedef struct Sum {
    Micros us;
    GiRef big;       /* what does not fit in us, or null */
    double leftover; /* fractions of a microsecond */
} Sum;

static GiStatus add_big(GiThread *ts, Sum *sum, GiVal v, int64_t unit) {
    GI_AUTO GiRef factor = gi_int_from_i64(ts, unit);
    GI_AUTO GiRef product = gi_is_null(factor) ? GI_NULL : gi_int_mul(ts, v, gi_val(factor));
    if (gi_is_null(product)) return GI_FAIL;
    GiRef old = sum->big;
    sum->big = gi_is_null(old) ? gi_move(&product) : gi_int_add(ts, gi_val(old), gi_val(product));
    gi_xdrop(ts, old);
    return gi_is_null(sum->big) ? GI_FAIL : GI_OK;
}

static GiStatus add_int(GiThread *ts, Sum *sum, GiVal v, int64_t unit) {
    int64_t n;
    if (gi_int_as_i64(v, &n)) return add_big(ts, sum, v, unit);
    sum->us += (Micros)n * unit;
    return GI_OK;
}

/* The whole part exactly; of the fraction what is less than a microsecond is left over. */
static GiStatus add_float(GiThread *ts, Sum *sum, double d, int64_t unit) {
    double whole, rest = modf(d, &whole);
    GI_AUTO GiRef n = gi_int_from_double(ts, whole);
    if (gi_is_null(n) || add_int(ts, sum, gi_val(n), unit)) return GI_FAIL;
    rest = modf(rest * (double)unit, &whole);
    sum->us += (int64_t)whole;
    sum->leftover += rest;
    return GI_OK;
}

static GiStatus add_part(GiThread *ts, Sum *sum, GiVal v, int part) {
    if (gi_is_int(v)) return add_int(ts, sum, v, delta_units[part]);
    if (gi_is_float(v)) return add_float(ts, sum, gi_float_value(v), delta_units[part]);
    return gi_raise_status(ts, &gi_exc_TypeError, "unsupported type for timedelta %s component: %T", delta_names[part], v);
}

/* All of it as microseconds; OverflowError. */
static GiStatus sum_total(GiThread *ts, Sum *sum, Micros *out) {
    Micros total = sum->us;
    if (!gi_is_null(sum->big)) {
        GI_AUTO GiRef small = int_of(ts, total);
        GI_AUTO GiRef all = gi_is_null(small) ? GI_NULL : gi_int_add(ts, gi_val(sum->big), gi_val(small));
        if (gi_is_null(all)) return GI_FAIL;
        if (micros_of(ts, gi_val(all), &total)) {
            (void)too_large(ts);
            return GI_FAIL;
        }
    }
    /* leftover is at most seven: the nearest integer, and of two of them the one that makes total even. */
    double whole = floor(sum->leftover), rest = sum->leftover - whole;
    total += (int64_t)whole;
    if (rest > 0.5 || (rest == 0.5 && (total & 1))) total++;
    *out = total;
    return GI_OK;
}

static GiRef delta_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    static const DtParams params = {"__new__()", delta_names, "OOOOOOO", 0, DELTA_PARTS};
    /* PYSEM: the smallest unit first, since a wrong type is told when it is met. */
    static const int order[DELTA_PARTS] = {2, 3, 1, 4, 5, 0, 6};
    DtArg a[DELTA_PARTS];
    if (gi_dt_unpack(ts, &params, args, nargs, kwnames, a)) return GI_NULL;
    Sum sum = {0, GI_NULL, 0.0};
    Micros total = 0;
    GiStatus status = GI_OK;
    for (int i = 0; i < DELTA_PARTS && status == GI_OK; i++)
        if (!gi_is_null(a[order[i]].v)) status = add_part(ts, &sum, a[order[i]].v, order[i]);
    if (status == GI_OK) status = sum_total(ts, &sum, &total);
    gi_xdrop(ts, sum.big);
    return status ? GI_NULL : gi_dt_delta_new(ts, type, total);
}

/* ---- Arithmetic ---- */

static GiRef delta_add(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l) || !gi_is_delta(r)) return GI_REF_NOTIMPLEMENTED;
    return gi_dt_delta(ts, gi_dt_delta_us(l) + gi_dt_delta_us(r));
}
static GiRef delta_sub(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l) || !gi_is_delta(r)) return GI_REF_NOTIMPLEMENTED;
    return gi_dt_delta(ts, gi_dt_delta_us(l) - gi_dt_delta_us(r));
}
static GiRef delta_neg(GiThread *ts, GiVal v) { return gi_dt_delta(ts, -gi_dt_delta_us(v)); }
static GiRef delta_pos(GiThread *ts, GiVal v) { return gi_dt_delta(ts, gi_dt_delta_us(v)); }
static GiRef delta_abs(GiThread *ts, GiVal v) { return gi_dt_delta(ts, (Micros)magnitude(gi_dt_delta_us(v))); }
static GiTruth delta_truth(GiThread *ts GI_UNUSED, GiVal v) { return gi_truth_of(gi_dt_delta_us(v) != 0); }

/* A finite float as mantissa * 2**exponent, the mantissa of 53 bits (or 0). */
static GiStatus ratio_of(GiThread *ts, double d, int64_t *mantissa, int *exponent) {
    if (isnan(d)) return gi_raise_status(ts, &gi_exc_ValueError, "cannot convert NaN to integer ratio");
    if (isinf(d)) return gi_raise_status(ts, &gi_exc_OverflowError, "cannot convert Infinity to integer ratio");
    *mantissa = (int64_t)ldexp(frexp(d, exponent), 53);
    *exponent -= 53;
    return GI_OK;
}

static GiRef times_float(GiThread *ts, Micros us, double d) {
    int64_t m;
    int e;
    if (ratio_of(ts, d, &m, &e)) return GI_NULL;
    Micros product = us * m; /* below 2**120 */
    if (product == 0) e = 0;
    if (e > 0) {
        if (e > 100 || magnitude(product) >> (126 - e)) return too_large(ts);
        product *= (Micros)1 << e;
    } else if (e < 0) {
        product = e < -125 ? 0 : divide_nearest(product, (Micros)1 << -e);
    }
    return gi_dt_delta(ts, product);
}

static GiRef over_float(GiThread *ts, Micros us, double d) {
    int64_t m;
    int e;
    if (ratio_of(ts, d, &m, &e)) return GI_NULL;
    if (m == 0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "integer division or modulo by zero");
    if (us == 0) return gi_dt_delta(ts, 0);
    if (e < 0) { /* us * 2**-e / m: what needs more bits is out of range by far */
        if (-e > 126 || magnitude(us) >> (126 + e)) return too_large(ts);
        return gi_dt_delta(ts, divide_nearest(us * ((Micros)1 << -e), m));
    }
    return gi_dt_delta(ts, e > 70 ? 0 : divide_nearest(us, m * ((Micros)1 << e)));
}

/* us * a / b to the nearest microsecond, in Python integers. */
static GiRef scale(GiThread *ts, Micros us, GiVal a, GiVal b) {
    int sign = gi_int_sign(b);
    if (sign == 0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "integer division or modulo by zero");
    GI_AUTO GiRef n = int_of(ts, sign < 0 ? -us : us);
    GI_AUTO GiRef product = gi_is_null(n) ? GI_NULL : gi_int_mul(ts, gi_val(n), a);
    GI_AUTO GiRef divisor = gi_is_null(product) ? GI_NULL : gi_unary(ts, GI_UN_ABS, b);
    GI_AUTO GiRef q = gi_is_null(divisor) ? GI_NULL : gi_int_floordiv(ts, gi_val(product), gi_val(divisor));
    GI_AUTO GiRef rest = gi_is_null(q) ? GI_NULL : gi_int_mod(ts, gi_val(product), gi_val(divisor));
    GI_AUTO GiRef twice = gi_is_null(rest) ? GI_NULL : gi_int_add(ts, gi_val(rest), gi_val(rest));
    if (gi_is_null(twice)) return GI_NULL;
    Micros result;
    if (micros_of(ts, gi_val(q), &result)) return too_large(ts);
    int order = gi_int_order(gi_val(twice), gi_val(divisor));
    return gi_dt_delta(ts, result + (order > 0 || (order == 0 && (result & 1))));
}

/* With a float of a subclass, whose as_integer_ratio() counts. */
static GiRef scale_by_ratio(GiThread *ts, Micros us, GiVal v, bool divide) {
    GI_AUTO GiRef ratio = gi_call_method_cstr(ts, v, "as_integer_ratio", NULL, 0);
    if (gi_is_null(ratio)) return GI_NULL;
    if (!gi_is_tuple(gi_val(ratio)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "unexpected return type from as_integer_ratio(): expected tuple, got '%T'",
                            gi_val(ratio));
    if (gi_tuple_len(ratio) != 2)
        return gi_raise_ref(ts, &gi_exc_ValueError, "as_integer_ratio() must return a 2-tuple");
    GiVal a = gi_tuple_get(gi_val(ratio), divide), b = gi_tuple_get(gi_val(ratio), !divide);
    if (!gi_is_int(a) || !gi_is_int(b)) return gi_raise_ref(ts, &gi_exc_TypeError, "non-integer arguments in division");
    return scale(ts, us, a, b);
}

static GiRef delta_mul(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l)) {
        GiVal t = l;
        l = r, r = t;
    }
    Micros us = gi_dt_delta_us(l), n, product;
    if (gi_is_int(r)) {
        if (us == 0) return gi_dt_delta(ts, 0);
        if (micros_of(ts, r, &n) || __builtin_mul_overflow(us, n, &product)) return too_large(ts);
        return gi_dt_delta(ts, product);
    }
    if (gi_is_double(r)) return times_float(ts, us, gi_double_value(r));
    return gi_is_float(r) ? scale_by_ratio(ts, us, r, false) : GI_REF_NOTIMPLEMENTED;
}

static GiRef no_division(GiThread *ts, const char *message) {
    return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "%s", message);
}

static GiRef delta_truediv(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l)) return GI_REF_NOTIMPLEMENTED;
    Micros us = gi_dt_delta_us(l), n;
    if (gi_is_delta(r)) {
        Micros by = gi_dt_delta_us(r);
        if (by == 0) return no_division(ts, "division by zero");
        if (magnitude(us) <= UINT64_C(1) << 53 && magnitude(by) <= UINT64_C(1) << 53)
            return gi_double_ref((double)us / (double)by);
        GI_AUTO GiRef x = int_of(ts, us);
        GI_AUTO GiRef y = gi_is_null(x) ? GI_NULL : int_of(ts, by);
        return gi_is_null(y) ? GI_NULL : gi_binary(ts, GI_BIN_TRUEDIV, gi_val(x), gi_val(y));
    }
    if (gi_is_int(r)) {
        if (micros_of(ts, r, &n)) return gi_dt_delta(ts, 0);
        if (n == 0) return no_division(ts, "integer division or modulo by zero");
        return gi_dt_delta(ts, divide_nearest(us, n));
    }
    if (gi_is_double(r)) return over_float(ts, us, gi_double_value(r));
    return gi_is_float(r) ? scale_by_ratio(ts, us, r, true) : GI_REF_NOTIMPLEMENTED;
}

static GiRef delta_floordiv(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l)) return GI_REF_NOTIMPLEMENTED;
    Micros us = gi_dt_delta_us(l), n = 0;
    int far = 0;
    bool by_delta = gi_is_delta(r);
    if (by_delta) n = gi_dt_delta_us(r);
    else if (gi_is_int(r)) far = micros_of(ts, r, &n);
    else return GI_REF_NOTIMPLEMENTED;
    if (far) return gi_dt_delta(ts, us == 0 || (us < 0) == (far < 0) ? 0 : -1);
    if (n == 0) return no_division(ts, "integer division or modulo by zero");
    return by_delta ? int_of(ts, divide_floor(us, n)) : gi_dt_delta(ts, divide_floor(us, n));
}

static GiRef delta_mod(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l) || !gi_is_delta(r)) return GI_REF_NOTIMPLEMENTED;
    Micros us = gi_dt_delta_us(l), by = gi_dt_delta_us(r);
    if (by == 0) return no_division(ts, "integer modulo by zero");
    return gi_dt_delta(ts, us - divide_floor(us, by) * by);
}

static GiRef delta_divmod(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_delta(l) || !gi_is_delta(r)) return GI_REF_NOTIMPLEMENTED;
    Micros us = gi_dt_delta_us(l), by = gi_dt_delta_us(r);
    if (by == 0) return no_division(ts, "integer division or modulo by zero");
    Micros q = divide_floor(us, by);
    GI_AUTO GiRef quotient = int_of(ts, q);
    GI_AUTO GiRef rest = gi_is_null(quotient) ? GI_NULL : gi_dt_delta(ts, us - q * by);
    return gi_is_null(rest) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(quotient), gi_val(rest));
}

/* ---- Comparing and text ---- */

static GiRef delta_compare(GiThread *ts GI_UNUSED, GiVal l, GiVal r, GiCompareOp op) {
    if (!gi_is_delta(r)) return GI_REF_NOTIMPLEMENTED;
    Micros order = gi_dt_delta_us(l) - gi_dt_delta_us(r);
    return gi_order_ref((order > 0) - (order < 0), op);
}

static int64_t hash_parts(int32_t days, int32_t seconds, int32_t us) {
    GiTupleHash h = GI_TUPLE_HASH_INIT;
    gi_tuple_hash_add(&h, gi_hash_i64(days));
    gi_tuple_hash_add(&h, gi_hash_i64(seconds));
    gi_tuple_hash_add(&h, gi_hash_i64(us));
    return gi_tuple_hash_end(h);
}
int64_t gi_dt_delta_hash(Micros us) {
    Micros days = divide_floor(us, DT_US_PER_DAY);
    int64_t rest = (int64_t)(us - days * DT_US_PER_DAY);
    return hash_parts((int32_t)days, (int32_t)(rest / DT_US_PER_SECOND), (int32_t)(rest % DT_US_PER_SECOND));
}
static int64_t delta_hash(GiThread *ts GI_UNUSED, GiVal v) {
    GiDelta *d = gi_delta_of(v);
    int64_t h = atomic_load_explicit(&d->hash, memory_order_relaxed);
    if (h == 0) {
        h = hash_parts(d->days, d->seconds, d->us);
        atomic_store_explicit(&d->hash, h, memory_order_relaxed);
    }
    return h;
}

static GiRef delta_repr(GiThread *ts, GiVal v) {
    const GiDelta *d = gi_delta_of(v);
    const struct { const char *name; int value; } parts[] = {
        {"days", d->days}, {"seconds", d->seconds}, {"microseconds", d->us}};
    char text[100] = "";
    int n = 0;
    for (size_t i = 0; i < GI_COUNTOF(parts); i++)
        if (parts[i].value)
            n += snprintf(text + n, sizeof text - (size_t)n, "%s%s=%d", n ? ", " : "", parts[i].name, parts[i].value);
    return gi_str_format(ts, "%s(%s)", gi_type_name(v), n ? text : "0");
}

static GiRef delta_str(GiThread *ts, GiVal v) {
    const GiDelta *d = gi_delta_of(v);
    char text[100];
    int n = 0;
    if (d->days) n = snprintf(text, sizeof text, "%d day%s, ", d->days, d->days == 1 || d->days == -1 ? "" : "s");
    n += snprintf(text + n, sizeof text - (size_t)n, "%d:%02d:%02d", d->seconds / 3600, d->seconds / 60 % 60, d->seconds % 60);
    if (d->us) n += snprintf(text + n, sizeof text - (size_t)n, ".%06d", d->us);
    return gi_str_from_latin1(ts, text, (size_t)n);
}

GI_METHOD(delta, total_seconds, "(self)", "Total seconds in the duration.") {
    return gi_double_ref(gi_dt_seconds(gi_dt_delta_us(self)));
}
GI_METHOD(delta, __reduce__, "(self)", "__reduce__() -> (cls, state)") {
    const GiDelta *d = gi_delta_of(self);
    GI_AUTO GiRef state = gi_tuple_pack(ts, 3, gi_smallint(d->days), gi_smallint(d->seconds), gi_smallint(d->us));
    return gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(gi_type_of(self)), gi_val(state));
}

static const GiMemberDef delta_members[] = {
    {"days", GI_MEMBER_INT, offsetof(GiDelta, days), true, "Number of days."},
    {"seconds", GI_MEMBER_INT, offsetof(GiDelta, seconds), true, "Number of seconds (>= 0 and less than 1 day)."},
    {"microseconds", GI_MEMBER_INT, offsetof(GiDelta, us), true, "Number of microseconds (>= 0 and less than 1 second)."},
    {.name = NULL}};

GiType gi_delta_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.timedelta",
    .module = "datetime",
    .size = sizeof(GiDelta),
    .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_IMMUTABLE,
    .doc = "Difference between two datetime values.\n\ntimedelta(days=0, seconds=0, microseconds=0, milliseconds=0, "
           "minutes=0, hours=0, weeks=0)\n\nAll arguments are optional and default to 0.\n"
           "Arguments may be integers or floats, and may be positive or negative.",
    .methods = delta_methods,
    .members = delta_members,
    .new_ = delta_new,
    .getattr = gi_object_getattr,
    .repr = delta_repr,
    .str = delta_str,
    .hash = delta_hash,
    .compare = delta_compare,
    .truth = delta_truth,
    .binary[GI_BIN_ADD] = delta_add,
    .binary[GI_BIN_SUB] = delta_sub,
    .binary[GI_BIN_MUL] = delta_mul,
    .binary[GI_BIN_TRUEDIV] = delta_truediv,
    .binary[GI_BIN_FLOORDIV] = delta_floordiv,
    .binary[GI_BIN_MOD] = delta_mod,
    .binary[GI_BIN_DIVMOD] = delta_divmod,
    .unary[GI_UN_NEG] = delta_neg,
    .unary[GI_UN_POS] = delta_pos,
    .unary[GI_UN_ABS] = delta_abs,
};
