/* math.c - the module math: the C library's functions with Python's errors, and exact sums,
 * products and counts.
 *
 * A function of one double is called and then judged: NaN from a number, or an infinity where none
 * can be, is a domain error (ValueError); an infinity where overflow can happen a range error.
 */
#include "modules/module.h"
#include "objects/whole.h"

#include <errno.h>
#include <float.h>
#include <limits.h>
#include <math.h>

#include "modules/math.gen.h"

static GI_COLD GiRef domain_error(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_ValueError, "math domain error");
}
static GI_COLD GiRef range_error(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_OverflowError, "math range error");
}

static inline GiStatus number(GiThread *ts, GiVal v, double *out) {
    if (GI_LIKELY(gi_is_double(v))) {
        *out = gi_double_value(v);
        return GI_OK;
    }
    return gi_as_double(ts, v, out);
}

static inline GiRef unary(GiThread *ts, GiVal v, double (*fn)(double), bool can_overflow) {
    double x;
    if (number(ts, v, &x)) return GI_NULL;
    double r = fn(x);
    if (GI_LIKELY(isfinite(r))) return gi_double_ref(r);
    if (isnan(r) && !isnan(x)) return domain_error(ts);
    if (isinf(r) && isfinite(x)) return can_overflow ? range_error(ts) : domain_error(ts);
    return gi_double_ref(r);
}

/* ---- One argument ---- */

GI_FUNCTION(math, acos, "(x, /)",
            "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.") { return unary(ts, a->x, acos, false); }
GI_FUNCTION(math, acosh, "(x, /)",
            "Return the inverse hyperbolic cosine of x.") { return unary(ts, a->x, acosh, false); }
GI_FUNCTION(math, asin, "(x, /)",
            "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and "
            "pi/2.") { return unary(ts, a->x, asin, false); }
GI_FUNCTION(math, asinh, "(x, /)",
            "Return the inverse hyperbolic sine of x.") { return unary(ts, a->x, asinh, false); }
GI_FUNCTION(math, atan, "(x, /)",
            "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 "
            "and pi/2.") { return unary(ts, a->x, atan, false); }
GI_FUNCTION(math, atanh, "(x, /)",
            "Return the inverse hyperbolic tangent of x.") { return unary(ts, a->x, atanh, false); }
GI_FUNCTION(math, cbrt, "(x, /)",
            "Return the cube root of x.") { return unary(ts, a->x, cbrt, false); }
GI_FUNCTION(math, cos, "(x, /)",
            "Return the cosine of x (measured in radians).") { return unary(ts, a->x, cos, false); }
GI_FUNCTION(math, cosh, "(x, /)",
            "Return the hyperbolic cosine of x.") { return unary(ts, a->x, cosh, true); }
GI_FUNCTION(math, erf, "(x, /)",
            "Error function at x.") { return unary(ts, a->x, erf, false); }
GI_FUNCTION(math, erfc, "(x, /)",
            "Complementary error function at x.") { return unary(ts, a->x, erfc, false); }
GI_FUNCTION(math, exp, "(x, /)",
            "Return e raised to the power of x.") { return unary(ts, a->x, exp, true); }
GI_FUNCTION(math, exp2, "(x, /)",
            "Return 2 raised to the power of x.") { return unary(ts, a->x, exp2, true); }
GI_FUNCTION(math, expm1, "(x, /)",
            "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the "
            "direct evaluation of exp(x)-1 for small x.") { return unary(ts, a->x, expm1, true); }
GI_FUNCTION(math, fabs, "(x, /)",
            "Return the absolute value of the float x.") { return unary(ts, a->x, fabs, false); }
GI_FUNCTION(math, log1p, "(x, /)",
            "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way "
            "which is accurate for x near zero.") { return unary(ts, a->x, log1p, false); }
GI_FUNCTION(math, sin, "(x, /)",
            "Return the sine of x (measured in radians).") { return unary(ts, a->x, sin, false); }
GI_FUNCTION(math, sinh, "(x, /)",
            "Return the hyperbolic sine of x.") { return unary(ts, a->x, sinh, true); }
GI_FUNCTION(math, sqrt, "(x, /)",
            "Return the square root of x.") { return unary(ts, a->x, sqrt, false); }
GI_FUNCTION(math, tan, "(x, /)",
            "Return the tangent of x (measured in radians).") { return unary(ts, a->x, tan, false); }
GI_FUNCTION(math, tanh, "(x, /)",
            "Return the hyperbolic tangent of x.") { return unary(ts, a->x, tanh, false); }

static double gamma_of(double x) {
    if (x == floor(x) && x >= 1.0 && x <= 23.0) { /* factorials are exact */
        double r = 1.0;
        for (double k = 2.0; k < x; k += 1.0) r *= k;
        return r;
    }
    return tgamma(x);
}

GI_FUNCTION(math, gamma, "(x, /)",
            "Gamma function at x.") {
    double x;
    if (number(ts, a->x, &x)) return GI_NULL;
    if (x == -INFINITY || (x <= 0.0 && x == floor(x))) return domain_error(ts);
    double r = gamma_of(x);
    if (isinf(r) && isfinite(x)) return range_error(ts);
    return gi_double_ref(r);
}

GI_FUNCTION(math, lgamma, "(x, /)",
            "Natural logarithm of absolute value of Gamma function at x.") {
    double x;
    int sign;
    if (number(ts, a->x, &x)) return GI_NULL;
    if (isfinite(x) && x <= 0.0 && x == floor(x)) return domain_error(ts);
    if (x == 1.0 || x == 2.0) return gi_double_ref(0.0);
    double r = lgamma_r(x, &sign);
    if (isinf(r) && isfinite(x)) return range_error(ts);
    return gi_double_ref(r);
}

GI_FUNCTION(math, degrees, "(x, /)",
            "Convert angle x from radians to degrees.") {
    double x;
    return number(ts, a->x, &x) ? GI_NULL : gi_double_ref(x * (180.0 / M_PI));
}
GI_FUNCTION(math, radians, "(x, /)",
            "Convert angle x from degrees to radians.") {
    double x;
    return number(ts, a->x, &x) ? GI_NULL : gi_double_ref(x * (M_PI / 180.0));
}
GI_FUNCTION(math, isfinite, "(x, /)",
            "Return True if x is neither an infinity nor a NaN, and False otherwise.") {
    double x;
    return number(ts, a->x, &x) ? GI_NULL : gi_bool_ref(isfinite(x));
}
GI_FUNCTION(math, isinf, "(x, /)",
            "Return True if x is a positive or negative infinity, and False otherwise.") {
    double x;
    return number(ts, a->x, &x) ? GI_NULL : gi_bool_ref(isinf(x));
}
GI_FUNCTION(math, isnan, "(x, /)",
            "Return True if x is a NaN (not a number), and False otherwise.") {
    double x;
    return number(ts, a->x, &x) ? GI_NULL : gi_bool_ref(isnan(x));
}
GI_FUNCTION(math, ulp, "(x, /)",
            "Return the value of the least significant bit of the float x.") {
    double x;
    if (number(ts, a->x, &x)) return GI_NULL;
    if (!isfinite(x)) return gi_double_ref(fabs(x));
    x = fabs(x);
    double up = nextafter(x, INFINITY);
    return gi_double_ref(isinf(up) ? x - nextafter(x, -INFINITY) : up - x);
}

GI_FUNCTION(math, frexp, "(x, /)",
            "Return the mantissa and exponent of x, as pair (m, e).\n\nm is a float and e is an "
            "int, such that x = m * 2.**e.\nIf x is 0, m and e are both 0.  Else 0.5 <= abs(m) < "
            "1.0.") {
    double x;
    int exponent = 0;
    if (number(ts, a->x, &x)) return GI_NULL;
    if (isfinite(x)) x = frexp(x, &exponent);
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(x), gi_smallint_ref(exponent)}, 2);
}

GI_FUNCTION(math, modf, "(x, /)",
            "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x "
            "and are floats.") {
    double x, whole;
    if (number(ts, a->x, &x)) return GI_NULL;
    double fraction = modf(x, &whole);
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(fraction), gi_double_ref(whole)}, 2);
}

/* x.method() if x has it, otherwise GI_NOVAL's null in *out. */
static GiStatus by_method(GiThread *ts, GiVal x, GiVal name, GiRef *out) {
    GiRef method;
    *out = GI_NULL;
    if (gi_lookup_special(ts, x, name, &method)) return GI_FAIL;
    if (gi_is_null(method)) return GI_OK;
    *out = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}

static GiRef to_whole(GiThread *ts, GiVal x, GiVal name, double (*fn)(double)) {
    double d;
    if (!gi_is_double(x)) {
        GiRef r;
        if (gi_is_smallint(x)) return gi_dup(ts, x);
        if (by_method(ts, x, name, &r)) return GI_NULL;
        if (!gi_is_null(r)) return r;
    }
    return number(ts, x, &d) ? GI_NULL : gi_int_from_double(ts, fn(d));
}

GI_FUNCTION(math, ceil, "(x, /)",
            "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.") { return to_whole(ts, a->x, GI_N(__ceil__), ceil); }
GI_FUNCTION(math, floor, "(x, /)",
            "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.") { return to_whole(ts, a->x, GI_N(__floor__), floor); }
GI_FUNCTION(math, trunc, "(x, /)",
            "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic "
            "method.") {
    if (gi_is_double(a->x)) return gi_int_from_double(ts, gi_double_value(a->x));
    GiRef r;
    if (by_method(ts, a->x, GI_N(__trunc__), &r)) return GI_NULL;
    if (!gi_is_null(r)) return r;
    return gi_raise_ref(ts, &gi_exc_TypeError, "type %.100T doesn't define __trunc__ method", a->x);
}

/* ---- Logarithms: ints of any size ---- */

static GiStatus log_of(GiThread *ts, GiVal v, double (*fn)(double), double *out) {
    double x;
    if (gi_is_int(v)) {
        if (gi_int_sign(v) <= 0) return (void)domain_error(ts), GI_FAIL;
        int64_t exponent;
        double m = gi_int_frexp(v, &exponent);
        *out = exponent <= 1024 && isfinite(ldexp(m, (int)exponent)) ? fn(ldexp(m, (int)exponent))
                                                                    : fn(m) + fn(2.0) * (double)exponent;
        return GI_OK;
    }
    if (number(ts, v, &x)) return GI_FAIL;
    if (x <= 0.0) return (void)domain_error(ts), GI_FAIL;
    *out = fn(x);
    return GI_OK;
}

GI_FUNCTION(math, log, "(x, base=<null>, /)",
            "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base "
            "not specified, returns the natural logarithm (base e) of x.") {
    double x, base;
    if (log_of(ts, a->x, log, &x)) return GI_NULL;
    if (gi_is_null(a->base)) return gi_double_ref(x);
    if (log_of(ts, a->base, log, &base)) return GI_NULL;
    if (base == 0.0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "float division by zero");
    return gi_double_ref(x / base);
}
GI_FUNCTION(math, log2, "(x, /)",
            "Return the base 2 logarithm of x.") {
    double r;
    return log_of(ts, a->x, log2, &r) ? GI_NULL : gi_double_ref(r);
}
GI_FUNCTION(math, log10, "(x, /)",
            "Return the base 10 logarithm of x.") {
    double r;
    return log_of(ts, a->x, log10, &r) ? GI_NULL : gi_double_ref(r);
}

/* ---- Two arguments ---- */

#define TWO(v, w, x, y) \
    double x, y; \
    if (number(ts, v, &x) || number(ts, w, &y)) return GI_NULL

GI_FUNCTION(math, atan2, "(y, x, /)",
            "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs "
            "of both x and y are considered.") {
    TWO(a->y, a->x, y, x);
    return gi_double_ref(atan2(y, x));
}
GI_FUNCTION(math, copysign, "(x, y, /)",
            "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn "
            "platforms that support signed zeros, copysign(1.0, -0.0)\nreturns -1.0.\n") {
    TWO(a->x, a->y, x, y);
    return gi_double_ref(copysign(x, y));
}
GI_FUNCTION(math, nextafter, "(x, y, /)",
            "Return the next floating-point value after x towards y.") {
    TWO(a->x, a->y, x, y);
    return gi_double_ref(nextafter(x, y));
}
GI_FUNCTION(math, fmod, "(x, y, /)",
            "Return fmod(x, y), according to platform C.\n\nx % y may differ.") {
    TWO(a->x, a->y, x, y);
    if (isinf(y) && isfinite(x)) return gi_double_ref(x);
    double r = fmod(x, y);
    if (isnan(r) && !isnan(x) && !isnan(y)) return domain_error(ts);
    return gi_double_ref(r);
}
GI_FUNCTION(math, remainder, "(x, y, /)",
            "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where "
            "n*y is the closest integer multiple of y.\nIn the case where x is exactly halfway "
            "between two multiples of\ny, the nearest even value of n is used. The result is "
            "always exact.") {
    TWO(a->x, a->y, x, y);
    double r = remainder(x, y);
    if (isnan(r) && !isnan(x) && !isnan(y)) return domain_error(ts);
    return gi_double_ref(r);
}
GI_FUNCTION(math, pow, "(x, y, /)",
            "Return x**y (x to the power of y).") {
    TWO(a->x, a->y, x, y);
    double r = pow(x, y);
    if (GI_UNLIKELY(!isfinite(r)) && isfinite(x) && isfinite(y)) {
        if (isnan(r) || x == 0.0) return domain_error(ts);
        return range_error(ts);
    }
    return gi_double_ref(r);
}

GI_FUNCTION(math, ldexp, "(x: double, i, /)",
            "Return x * (2**i).\n\nThis is essentially the inverse of frexp().") {
    if (!gi_is_int(a->i))
        return gi_raise_ref(ts, &gi_exc_TypeError, "Expected an int as second argument to ldexp.");
    if (a->x == 0.0 || !isfinite(a->x)) return gi_double_ref(a->x);
    int64_t i;
    int far = gi_int_as_i64(a->i, &i);
    if (far < 0 || (!far && i < INT_MIN)) return gi_double_ref(copysign(0.0, a->x));
    if (far > 0 || i > INT_MAX) return range_error(ts);
    double r = ldexp(a->x, (int)i);
    return isinf(r) ? range_error(ts) : gi_double_ref(r);
}

GI_FUNCTION(math, isclose, "(a: double, b: double, *, rel_tol: double = 1e-09, abs_tol: double = 0.0)",
            "Determine whether two floating point numbers are close in value.\n\n  rel_tol\n    "
            "maximum difference for being considered \"close\", relative to the\n    magnitude of "
            "the input values\n  abs_tol\n    maximum difference for being considered \"close\", "
            "regardless of the\n    magnitude of the input values\n\nReturn True if a is close in "
            "value to b, and False otherwise.\n\nFor the values to be considered close, the "
            "difference between them\nmust be smaller than at least one of the "
            "tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard.  "
            "That\nis, NaN is not close to anything, even itself.  inf and -inf are\nonly close "
            "to themselves.") {
    double x = a->a, y = a->b;
    if (a->rel_tol < 0.0 || a->abs_tol < 0.0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "tolerances must be non-negative");
    if (x == y) return GI_REF_TRUE;
    if (isinf(x) || isinf(y)) return GI_REF_FALSE;
    double diff = fabs(y - x);
    return gi_bool_ref(diff <= fabs(a->rel_tol * y) || diff <= fabs(a->rel_tol * x) || diff <= a->abs_tol);
}

/* ---- Length of a vector ---- */

/* sqrt of the sum of n squares. The sum is kept as two doubles, and the root corrected by what the
 * sum lacks, so the result is rounded correctly but for the rarest cases. */
static double vector_norm(const double *v, size_t n) {
    double max = 0.0;
    bool nan = false;
    for (size_t i = 0; i < n; i++) {
        nan |= isnan(v[i]);
        if (fabs(v[i]) > max) max = fabs(v[i]);
    }
    if (isinf(max)) return max;
    if (nan) return NAN;
    if (max == 0.0 || n == 1) return max;
    int exponent;
    frexp(max, &exponent);
    double high = 0.0, low = 0.0;
    for (size_t i = 0; i < n; i++) {
        double x = ldexp(v[i], -exponent), square = x * x, error = fma(x, x, -square);
        double sum = high + square, part = sum - high;
        low += ((high - (sum - part)) + (square - part)) + error;
        high = sum;
    }
    double total = high + low, root = sqrt(total);
    double rest = fma(-root, root, high) + low;
    return ldexp(root + rest / (2.0 * root), exponent);
}

/* Room for n doubles: the stack's or gi_mem's. */
#define NORM_STACK 16

GI_FUNCTION(math, hypot, "(*coordinates)",
            "hypot(*coordinates) -> value\n\nMultidimensional Euclidean distance from the origin "
            "to a point.\n\nRoughly equivalent to:\n    sqrt(sum(x**2 for x in "
            "coordinates))\n\nFor a two dimensional point (x, y), gives the hypotenuse\nusing the "
            "Pythagorean theorem:  sqrt(x*x + y*y).\n\nFor example, the hypotenuse of a 3/4/5 "
            "right triangle is:\n\n    >>> hypot(3.0, 4.0)\n    5.0\n") {
    double stack[NORM_STACK], *v = stack;
    size_t n = a->coordinates_count;
    if (n > NORM_STACK && !(v = gi_mem_alloc(ts, n * sizeof *v))) return GI_NULL;
    GiRef result = GI_NULL;
    size_t i = 0;
    while (i < n && !number(ts, a->coordinates[i], &v[i])) i++;
    if (i == n) result = gi_double_ref(vector_norm(v, n));
    if (v != stack) gi_mem_free(v);
    return result;
}

static GiRef distance(GiThread *ts, GiVal p, GiVal q) {
    size_t n = gi_tuple_len(p);
    if (gi_tuple_len(q) != n)
        return gi_raise_ref(ts, &gi_exc_ValueError, "both points must have the same number of dimensions");
    double stack[NORM_STACK], *v = stack, x, y;
    if (n > NORM_STACK && !(v = gi_mem_alloc(ts, n * sizeof *v))) return GI_NULL;
    GiRef result = GI_NULL;
    size_t i = 0;
    for (; i < n && !number(ts, gi_tuple_get(p, i), &x) && !number(ts, gi_tuple_get(q, i), &y); i++)
        v[i] = x - y;
    if (i == n) result = gi_double_ref(vector_norm(v, n));
    if (v != stack) gi_mem_free(v);
    return result;
}

GI_FUNCTION(math, dist, "(p, q, /)",
            "Return the Euclidean distance between two points p and q.\n\nThe points should be "
            "specified as sequences (or iterables) of\ncoordinates.  Both inputs must have the "
            "same dimension.\n\nRoughly equivalent to:\n    sqrt(sum((px - qx) ** 2.0 for px, qx "
            "in zip(p, q)))") {
    GiRef p = gi_is_tuple(a->p) ? gi_dup(ts, a->p) : gi_to_tuple(ts, a->p);
    if (gi_is_null(p)) return p;
    GiRef q = gi_is_tuple(a->q) ? gi_dup(ts, a->q) : gi_to_tuple(ts, a->q);
    GiRef result = gi_is_null(q) ? GI_NULL : distance(ts, gi_val(p), gi_val(q));
    gi_xdrop(ts, q);
    gi_drop(ts, p);
    return result;
}

/* ---- fsum ---- */

/* An exact sum: non-overlapping doubles of increasing size (Shewchuk 1997). */
typedef struct ExactSum {
    double *parts, stack[32];
    size_t count, capacity;
    double special;     /* sum of infinities and NaNs */
    double infinities;  /* sum of infinities alone */
} ExactSum;

static GiStatus exact_add(GiThread *ts, ExactSum *s, double x) {
    double given = x;
    size_t kept = 0;
    for (size_t i = 0; i < s->count; i++) {
        double y = s->parts[i];
        if (fabs(x) < fabs(y)) {
            double swap = x;
            x = y;
            y = swap;
        }
        double high = x + y, low = y - (high - x);
        if (low != 0.0) s->parts[kept++] = low;
        x = high;
    }
    s->count = kept;
    if (x == 0.0) return GI_OK;
    if (!isfinite(x)) {
        if (isfinite(given))
            return gi_raise_status(ts, &gi_exc_OverflowError, "intermediate overflow in fsum");
        if (isinf(given)) s->infinities += given;
        s->special += given;
        s->count = 0;
        return GI_OK;
    }
    if (s->count == s->capacity) {
        double *more = gi_mem_alloc(ts, 2 * s->capacity * sizeof(double));
        if (!more) return GI_FAIL;
        memcpy(more, s->parts, s->count * sizeof(double));
        if (s->parts != s->stack) gi_mem_free(s->parts);
        s->parts = more;
        s->capacity *= 2;
    }
    s->parts[s->count++] = x;
    return GI_OK;
}

static GiRef exact_total(GiThread *ts, const ExactSum *s) {
    if (s->special != 0.0) {
        if (isnan(s->infinities)) return gi_raise_ref(ts, &gi_exc_ValueError, "-inf + inf in fsum");
        return gi_double_ref(s->special);
    }
    size_t n = s->count;
    double high = 0.0, low = 0.0;
    if (n) high = s->parts[--n];
    while (n) {
        double x = high, y = s->parts[--n];
        high = x + y;
        low = y - (high - x);
        if (low != 0.0) break;
    }
    /* A half-way case goes the way of what is left. */
    if (n && ((low < 0.0 && s->parts[n - 1] < 0.0) || (low > 0.0 && s->parts[n - 1] > 0.0))) {
        double twice = low * 2.0, up = high + twice;
        if (twice == up - high) high = up;
    }
    return gi_double_ref(high);
}

GI_FUNCTION(math, fsum, "(seq, /)",
            "Return an accurate floating point sum of values in the iterable seq.\n\nAssumes "
            "IEEE-754 floating point arithmetic.") {
    ExactSum sum = {.capacity = GI_COUNTOF(sum.stack)};
    sum.parts = sum.stack;
    GiRef it = gi_iter_whole(ts, a->seq), result = GI_NULL;
    if (gi_is_null(it)) return it;
    GiStatus status = GI_OK;
    while (!status) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        double x;
        status = number(ts, gi_val(item), &x);
        if (!status) status = exact_add(ts, &sum, x);
        gi_drop(ts, item);
    }
    if (!status) result = exact_total(ts, &sum);
    if (sum.parts != sum.stack) gi_mem_free(sum.parts);
    gi_drop(ts, it);
    return result;
}

/* ---- Products and counts of ints ---- */

GI_FUNCTION(math, prod, "(iterable, /, *, start=1)",
            "Calculate the product of all the elements in the input iterable.\n\nThe default "
            "start value for the product is 1.\n\nWhen the iterable is empty, return the start "
            "value.  This function is\nintended specifically for use with numeric values and may "
            "reject\nnon-numeric types.") {
    GiRef result = gi_is_null(a->start) ? gi_smallint_ref(1) : gi_dup(ts, a->start);
    GiRef it = gi_iter_whole(ts, a->iterable);
    while (!gi_is_null(it) && !gi_is_null(result)) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (!gi_raised(ts)) break;
            gi_drop(ts, result);
            result = GI_NULL;
            break;
        }
        GiRef product = gi_is_double(result) && gi_is_double(item)
                            ? gi_double_ref(gi_double_value(result) * gi_double_value(item))
                            : gi_binary(ts, GI_BIN_MUL, gi_val(result), gi_val(item));
        gi_drop(ts, item);
        gi_drop(ts, result);
        result = product;
    }
    if (gi_is_null(it)) {
        gi_drop(ts, result);
        return GI_NULL;
    }
    gi_drop(ts, it);
    return result;
}

/* Consumes both. */
static GiRef mul_refs(GiThread *ts, GiRef x, GiRef y) {
    GiRef r = gi_is_null(x) || gi_is_null(y) ? GI_NULL : gi_int_mul(ts, gi_val(x), gi_val(y));
    gi_xdrop(ts, x);
    gi_xdrop(ts, y);
    return r;
}

/* first * (first + step) * ... of count factors, by halves so that factors are of like size. */
static GiRef product_of(GiThread *ts, uint64_t first, uint64_t count, uint64_t step) {
    if (count <= 16) {
        GiRef r = gi_smallint_ref(1);
        uint64_t part = 1;
        for (uint64_t i = 0; i < count && !gi_is_null(r); i++) {
            uint64_t factor = first + i * step, product;
            if (__builtin_mul_overflow(part, factor, &product)) {
                r = mul_refs(ts, r, gi_int_from_u64(ts, part));
                part = factor;
            } else {
                part = product;
            }
        }
        return mul_refs(ts, r, gi_int_from_u64(ts, part));
    }
    uint64_t half = count / 2;
    GiRef low = product_of(ts, first, half, step);
    if (gi_is_null(low)) return low;
    return mul_refs(ts, low, product_of(ts, first + half * step, count - half, step));
}

/* Odd part of n!: the product over i of the odd numbers up to n >> i. */
static GiRef factorial_of(GiThread *ts, uint64_t n) {
    GiRef inner = gi_smallint_ref(1), outer = gi_smallint_ref(1);
    for (int i = 63; i >= 0 && !gi_is_null(outer); i--) {
        uint64_t top = n >> i, above = i == 63 ? 0 : n >> (i + 1);
        if (top <= 2) continue;
        uint64_t from = (above + 1) | 1, to = top & 1 ? top : top - 1;
        if (to >= from) inner = mul_refs(ts, inner, product_of(ts, from, (to - from) / 2 + 1, 2));
        if (gi_is_null(inner)) break;
        outer = mul_refs(ts, outer, gi_dup(ts, gi_val(inner)));
    }
    if (gi_is_null(inner) || gi_is_null(outer)) {
        gi_xdrop(ts, inner);
        gi_xdrop(ts, outer);
        return GI_NULL;
    }
    gi_drop(ts, inner);
    GiRef shift = gi_int_from_u64(ts, n - (uint64_t)__builtin_popcountll(n));
    GiRef result = gi_binary(ts, GI_BIN_LSHIFT, gi_val(outer), gi_val(shift));
    gi_drop(ts, outer);
    gi_drop(ts, shift);
    return result;
}

static GiRef factorial_int(GiThread *ts, GiVal v) {
    int64_t n;
    int far = gi_int_as_i64(v, &n);
    if (far > 0)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "factorial() argument should not exceed %lld",
                            (long long)INT64_MAX);
    if (far < 0 || n < 0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "factorial() not defined for negative values");
    return factorial_of(ts, (uint64_t)n);
}

GI_FUNCTION(math, factorial, "(n, /)",
            "Find n!.\n\nRaise a ValueError if x is negative or non-integral.") {
    GiRef n = gi_index(ts, a->n);
    if (gi_is_null(n)) return n;
    GiRef r = factorial_int(ts, gi_val(n));
    gi_drop(ts, n);
    return r;
}

/* n (n-1) ... (n-k+1), with n of any size. */
static GiRef falling(GiThread *ts, GiVal n, uint64_t k) {
    uint64_t small;
    if (k == 0) return gi_smallint_ref(1);
    if (k == 1) return gi_dup(ts, n);
    if (!gi_int_as_u64(n, &small)) return product_of(ts, small - k + 1, k, 1);
    uint64_t half = k / 2;
    GiRef high = falling(ts, n, half);
    if (gi_is_null(high)) return high;
    GiRef down = gi_int_from_u64(ts, half);
    GiRef less = gi_is_null(down) ? GI_NULL : gi_int_sub(ts, n, gi_val(down));
    gi_xdrop(ts, down);
    GiRef low = gi_is_null(less) ? GI_NULL : falling(ts, gi_val(less), k - half);
    gi_xdrop(ts, less);
    return mul_refs(ts, high, low);
}

/* n choose k, for k <= n - k: products of factors that fit, divided as they go. */
static GiRef choose(GiThread *ts, GiVal n, uint64_t k) {
    uint64_t small;
    if (!gi_int_as_u64(n, &small)) {
        uint64_t r = 1, i = 0;
        for (; i < k; i++) {
            __uint128_t wide = (__uint128_t)r * (small - i) / (i + 1);
            if (wide > UINT64_MAX) break;
            r = (uint64_t)wide;
        }
        if (i == k) return gi_int_from_u64(ts, r);
    }
    GiRef top = falling(ts, n, k);
    if (gi_is_null(top)) return top;
    GiRef bottom = factorial_of(ts, k);
    GiRef r = gi_is_null(bottom) ? GI_NULL : gi_int_floordiv(ts, gi_val(top), gi_val(bottom));
    gi_xdrop(ts, bottom);
    gi_drop(ts, top);
    return r;
}

/* Checks n and k (ints) for comb and perm: GI_OK with *zero when k > n. */
static GiStatus check_counts(GiThread *ts, GiVal n, GiVal k, bool *zero) {
    if (gi_int_sign(n) < 0)
        return gi_raise_status(ts, &gi_exc_ValueError, "n must be a non-negative integer");
    if (gi_int_sign(k) < 0)
        return gi_raise_status(ts, &gi_exc_ValueError, "k must be a non-negative integer");
    *zero = gi_int_order(k, n) > 0;
    return GI_OK;
}

static GiRef comb_ints(GiThread *ts, GiVal n, GiVal k) {
    bool zero;
    int64_t count;
    if (check_counts(ts, n, k, &zero)) return GI_NULL;
    if (zero) return gi_smallint_ref(0);
    GiRef rest = gi_int_sub(ts, n, k);
    if (gi_is_null(rest)) return rest;
    int far = gi_int_as_i64(gi_int_order(gi_val(rest), k) < 0 ? gi_val(rest) : k, &count);
    gi_drop(ts, rest);
    if (far)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "min(n - k, k) must not exceed %lld",
                            (long long)INT64_MAX);
    return choose(ts, n, (uint64_t)count);
}

static GiRef perm_ints(GiThread *ts, GiVal n, GiVal k) {
    bool zero;
    int64_t count;
    if (check_counts(ts, n, k, &zero)) return GI_NULL;
    if (zero) return gi_smallint_ref(0);
    if (gi_int_as_i64(k, &count))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "k must not exceed %lld", (long long)INT64_MAX);
    return falling(ts, n, (uint64_t)count);
}

static GiRef with_two_ints(GiThread *ts, GiVal x, GiVal y, GiRef (*fn)(GiThread *, GiVal, GiVal)) {
    GiRef n = gi_index(ts, x);
    if (gi_is_null(n)) return n;
    GiRef k = gi_index(ts, y), r = gi_is_null(k) ? GI_NULL : fn(ts, gi_val(n), gi_val(k));
    gi_xdrop(ts, k);
    gi_drop(ts, n);
    return r;
}

GI_FUNCTION(math, comb, "(n, k, /)",
            "Number of ways to choose k items from n items without repetition and without "
            "order.\n\nEvaluates to n! / (k! * (n - k)!) when k <= n and evaluates\nto zero when "
            "k > n.\n\nAlso called the binomial coefficient because it is equivalent\nto the "
            "coefficient of k-th term in polynomial expansion of the\nexpression (1 + "
            "x)**n.\n\nRaises TypeError if either of the arguments are not integers.\nRaises "
            "ValueError if either of the arguments are negative.") { return with_two_ints(ts, a->n, a->k, comb_ints); }
GI_FUNCTION(math, perm, "(n, k=None, /)",
            "Number of ways to choose k items from n items without repetition and with "
            "order.\n\nEvaluates to n! / (n - k)! when k <= n and evaluates\nto zero when k > "
            "n.\n\nIf k is not specified or is None, then k defaults to n\nand the function "
            "returns n!.\n\nRaises TypeError if either of the arguments are not integers.\nRaises "
            "ValueError if either of the arguments are negative.") {
    if (!gi_is_null(a->k) && !gi_is_none(a->k)) return with_two_ints(ts, a->n, a->k, perm_ints);
    GiRef n = gi_index(ts, a->n);
    if (gi_is_null(n)) return n;
    GiRef r = factorial_int(ts, gi_val(n));
    gi_drop(ts, n);
    return r;
}

GI_FUNCTION(math, isqrt, "(n, /)",
            "Return the integer part of the square root of the input.") {
    GiRef n = gi_index(ts, a->n), result = GI_NULL;
    if (gi_is_null(n)) return n;
    const mp_limb_t *limbs;
    mp_limb_t store[1], *root;
    ssize_t size = gi_int_limbs(gi_val(n), &limbs, store);
    if (size < 0) gi_raise(ts, &gi_exc_ValueError, "isqrt() argument must be nonnegative");
    else if (size == 0) result = gi_smallint_ref(0);
    else if ((root = gi_mem_alloc(ts, (size_t)(size + 1) / 2 * sizeof(mp_limb_t)))) {
        mpn_sqrtrem(root, NULL, limbs, size);
        result = gi_int_from_limbs(ts, root, (size_t)(size + 1) / 2, false);
        gi_mem_free(root);
    }
    gi_drop(ts, n);
    return result;
}

static GiRef lcm_ints(GiThread *ts, GiVal x, GiVal y) {
    if (gi_int_sign(x) == 0 || gi_int_sign(y) == 0) return gi_smallint_ref(0);
    GiRef gcd = gi_int_gcd(ts, x, y);
    if (gi_is_null(gcd)) return gcd;
    GiRef part = gi_int_floordiv(ts, x, gi_val(gcd));
    gi_drop(ts, gcd);
    GiRef r = gi_is_null(part) ? GI_NULL : gi_int_mul(ts, gi_val(part), y);
    gi_xdrop(ts, part);
    if (gi_is_null(r) || gi_int_sign(gi_val(r)) >= 0) return r;
    GiRef positive = gi_int_sub(ts, gi_smallint(0), gi_val(r));
    gi_drop(ts, r);
    return positive;
}

/* fn over all of v, starting with `unit`. */
static GiRef fold(GiThread *ts, const GiVal *v, size_t n, int unit, GiRef (*fn)(GiThread *, GiVal, GiVal)) {
    GiRef r = gi_smallint_ref(unit);
    for (size_t i = 0; i < n && !gi_is_null(r); i++) {
        GiRef next = with_two_ints(ts, gi_val(r), v[i], fn);
        gi_drop(ts, r);
        r = next;
    }
    return r;
}

GI_FUNCTION(math, gcd, "(*integers)",
            "Greatest Common Divisor.") {
    return fold(ts, a->integers, a->integers_count, 0, gi_int_gcd);
}
GI_FUNCTION(math, lcm, "(*integers)",
            "Least Common Multiple.") {
    return fold(ts, a->integers, a->integers_count, 1, lcm_ints);
}

static GiStatus math_exec(GiThread *ts, GiVal module) {
    if (gi_module_add(ts, module, "pi", gi_double_ref(M_PI)) ||
        gi_module_add(ts, module, "e", gi_double_ref(M_E)) ||
        gi_module_add(ts, module, "tau", gi_double_ref(2 * M_PI)) ||
        gi_module_add(ts, module, "inf", gi_double_ref(INFINITY)) ||
        gi_module_add(ts, module, "nan", gi_double_ref(NAN)))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module_math = {
    .name = "math",
    .doc = "This module provides access to the mathematical functions\ndefined by the C standard.",
    .functions = math_functions,
    .exec = math_exec,
};
