/* cmath.c - the module cmath: functions of complex numbers.
 *
 * For arguments of ordinary size these are Kahan's formulas ("Branch Cuts for Complex Elementary
 * Functions, or Much Ado About Nothing's Sign Bit", 1987), which give CPython's digits
 * (tests/diff/cmath_digits.py); elsewhere, and for infinities and NaNs, <complex.h>.
 *
 * An infinity out of finite arguments is a range error (OverflowError), at a pole a domain error
 * (ValueError); so is a periodic function of an infinite angle.
 */
#include "modules/module.h"

#include <complex.h>
#include <errno.h>
#include <float.h>
#include <math.h>

#include "modules/cmath.gen.h"

typedef double complex Z;

static GI_COLD GiRef domain_error(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_ValueError, "math domain error");
}
static GI_COLD GiRef range_error(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_OverflowError, "math range error");
}

static Z make_z(double re, double im) {
    Z z;
    __real__ z = re; /* clang 14 has no CMPLX */
    __imag__ z = im;
    return z;
}

static GiStatus read_z(GiThread *ts, GiVal v, Z *out) {
    double re, im;
    if (gi_number_complex(ts, v, &re, &im)) return GI_FAIL;
    *out = make_z(re, im);
    return GI_OK;
}
static GiRef give_z(GiThread *ts, Z z) { return gi_complex_new(ts, creal(z), cimag(z)); }

static bool finite_z(Z z) { return isfinite(creal(z)) && isfinite(cimag(z)); }
static bool infinite_z(Z z) { return isinf(creal(z)) || isinf(cimag(z)); }

/* ---- Kahan's formulas ---- */

/* Whether both parts are zero or far from overflow and underflow, also of their squares. */
static bool ordinary(double x) { return x == 0.0 || (fabs(x) > 1e-140 && fabs(x) < 1e140); }
static bool ordinary_z(Z z) { return ordinary(creal(z)) && ordinary(cimag(z)); }

/* log |2 z| of a z so large that the inverse functions are no other than that; its parts are finite. */
static bool large_z(Z z) { return fabs(creal(z)) > DBL_MAX / 4.0 || fabs(cimag(z)) > DBL_MAX / 4.0; }
static double log_double(Z z) { return log(hypot(creal(z) / 2.0, cimag(z) / 2.0)) + 2.0 * M_LN2; }

static Z sqrt_of(Z z) {
    double x = creal(z), y = cimag(z);
    if (!finite_z(z) || (fabs(x) < DBL_MIN && fabs(y) < DBL_MIN)) return csqrt(z);
    double part = fabs(x) / 8.0, root = 2.0 * sqrt(part + hypot(part, fabs(y) / 8.0)), other = fabs(y) / (2.0 * root);
    return x >= 0.0 ? make_z(root, copysign(other, y)) : make_z(other, copysign(root, y));
}

static Z acos_of(Z z) {
    if (!finite_z(z)) return cacos(z);
    if (large_z(z)) return make_z(atan2(fabs(cimag(z)), creal(z)), copysign(log_double(z), -cimag(z)));
    Z minus = sqrt_of(make_z(1.0 - creal(z), -cimag(z))), plus = sqrt_of(make_z(1.0 + creal(z), cimag(z)));
    return make_z(2.0 * atan2(creal(minus), creal(plus)),
                  asinh(creal(plus) * cimag(minus) - cimag(plus) * creal(minus)));
}

static Z asinh_of(Z z) {
    if (!finite_z(z)) return casinh(z);
    if (large_z(z)) return make_z(copysign(log_double(z), creal(z)), atan2(cimag(z), fabs(creal(z))));
    Z minus = sqrt_of(make_z(1.0 + cimag(z), -creal(z))), plus = sqrt_of(make_z(1.0 - cimag(z), creal(z)));
    return make_z(asinh(creal(minus) * cimag(plus) - creal(plus) * cimag(minus)),
                  atan2(cimag(z), creal(minus) * creal(plus) - cimag(minus) * cimag(plus)));
}

/* -i f(i z) for an f whose values these are. */
static Z turned(Z (*fn)(Z), Z z) {
    Z r = fn(make_z(-cimag(z), creal(z)));
    return make_z(cimag(r), -creal(r));
}
static Z asin_of(Z z) { return turned(asinh_of, z); }

/* PYSEM: both parts are NaN where C leaves one of them open (test_cmath). */
static Z acosh_of(Z z) {
    if (creal(z) == 0.0 && isnan(cimag(z))) return make_z(NAN, NAN);
    if (!finite_z(z)) return cacosh(z);
    if (large_z(z)) return make_z(log_double(z), atan2(cimag(z), creal(z)));
    Z minus = sqrt_of(make_z(creal(z) - 1.0, cimag(z))), plus = sqrt_of(make_z(creal(z) + 1.0, cimag(z)));
    return make_z(asinh(creal(minus) * creal(plus) + cimag(minus) * cimag(plus)),
                  2.0 * atan2(cimag(minus), creal(plus)));
}

static Z atanh_of(Z z) {
    double x = creal(z), y = cimag(z);
    if (!(fabs(x) < 1e140 && fabs(y) < 1e140) || (fabs(x) == 1.0 && fabs(y) < 1e-140))
        return catanh(z);
    if (signbit(x)) return -atanh_of(-z);
    double far = 1.0 - x;
    return make_z(log1p(4.0 * x / (far * far + y * y)) / 4.0, -atan2(-2.0 * y, far * (1.0 + x) - y * y) / 2.0);
}
static Z atan_of(Z z) { return turned(atanh_of, z); }

static Z tanh_of(Z z) {
    double x = creal(z), y = cimag(z);
    if (x == 0.0 && isnan(y)) return make_z(NAN, NAN);
    if (!isfinite(x) || !isfinite(y) || fabs(x) > 300.0) return ctanh(z);
    double th = tanh(x), t = tan(y), c = 1.0 / cosh(x), both = th * t, below = 1.0 + both * both;
    return make_z(th * (1.0 + t * t) / below, ((t / below) * c) * c);
}
static Z tan_of(Z z) {
    if (cimag(z) == 0.0 && isnan(creal(z))) return make_z(NAN, NAN);
    return turned(tanh_of, z);
}

static Z natural_log(Z z) {
    double larger = fmax(fabs(creal(z)), fabs(cimag(z))), smaller = fmin(fabs(creal(z)), fabs(cimag(z)));
    if (!ordinary_z(z) || larger == 0.0) return clog(z);
    double size = hypot(larger, smaller);
    bool near_one = size >= 0.71 && size <= 1.73; /* where the logarithm of `size` cancels */
    return make_z(near_one ? log1p((larger - 1.0) * (larger + 1.0) + smaller * smaller) / 2.0 : log(size),
                  atan2(cimag(z), creal(z)));
}

/* ---- The functions ---- */

/* fn(v), with the error for overflow. */
static GiRef apply(GiThread *ts, GiVal v, Z (*fn)(Z)) {
    Z z;
    if (read_z(ts, v, &z)) return GI_NULL;
    Z r = fn(z);
    if (infinite_z(r) && finite_z(z)) return range_error(ts);
    return give_z(ts, r);
}

/* The same where `angle`, a part of the argument, must not be infinite unless `other` is a NaN. */
static GiRef apply_periodic(GiThread *ts, GiVal v, Z (*fn)(Z), bool angle_is_real, bool other_finite) {
    Z z;
    if (read_z(ts, v, &z)) return GI_NULL;
    double angle = angle_is_real ? creal(z) : cimag(z), other = angle_is_real ? cimag(z) : creal(z);
    if (isinf(angle) && !isnan(other) && (isfinite(other) || !other_finite)) return domain_error(ts);
    Z r = fn(z);
    if (infinite_z(r) && finite_z(z)) return range_error(ts);
    return give_z(ts, r);
}

GI_FUNCTION(cmath, acos, "(z, /)",
            "Return the arc cosine of z.") { return apply(ts, a->z, acos_of); }

GI_FUNCTION(cmath, acosh, "(z, /)",
            "Return the inverse hyperbolic cosine of z.") { return apply(ts, a->z, acosh_of); }
GI_FUNCTION(cmath, asin, "(z, /)",
            "Return the arc sine of z.") { return apply(ts, a->z, asin_of); }
GI_FUNCTION(cmath, asinh, "(z, /)",
            "Return the inverse hyperbolic sine of z.") { return apply(ts, a->z, asinh_of); }
GI_FUNCTION(cmath, sqrt, "(z, /)",
            "Return the square root of z.") { return apply(ts, a->z, sqrt_of); }
GI_FUNCTION(cmath, cos, "(z, /)",
            "Return the cosine of z.") { return apply_periodic(ts, a->z, ccos, true, false); }
GI_FUNCTION(cmath, cosh, "(z, /)",
            "Return the hyperbolic cosine of z.") { return apply_periodic(ts, a->z, ccosh, false, false); }
GI_FUNCTION(cmath, sin, "(z, /)",
            "Return the sine of z.") { return apply_periodic(ts, a->z, csin, true, false); }
GI_FUNCTION(cmath, sinh, "(z, /)",
            "Return the hyperbolic sine of z.") { return apply_periodic(ts, a->z, csinh, false, false); }
GI_FUNCTION(cmath, tan, "(z, /)",
            "Return the tangent of z.") { return apply_periodic(ts, a->z, tan_of, true, true); }
GI_FUNCTION(cmath, tanh, "(z, /)",
            "Return the hyperbolic tangent of z.") { return apply_periodic(ts, a->z, tanh_of, false, true); }

GI_FUNCTION(cmath, exp, "(z, /)",
            "Return the exponential value e**z.") {
    Z z;
    if (read_z(ts, a->z, &z)) return GI_NULL;
    if (isinf(cimag(z)) && !isnan(creal(z)) && creal(z) != -INFINITY) return domain_error(ts);
    Z r = cexp(z);
    if (infinite_z(r) && finite_z(z)) return range_error(ts);
    return give_z(ts, r);
}

GI_FUNCTION(cmath, atan, "(z, /)",
            "Return the arc tangent of z.") {
    Z z;
    if (read_z(ts, a->z, &z)) return GI_NULL;
    if (creal(z) == 0.0 && fabs(cimag(z)) == 1.0) return domain_error(ts);
    return give_z(ts, atan_of(z));
}
GI_FUNCTION(cmath, atanh, "(z, /)",
            "Return the inverse hyperbolic tangent of z.") {
    Z z;
    if (read_z(ts, a->z, &z)) return GI_NULL;
    if (cimag(z) == 0.0 && fabs(creal(z)) == 1.0) return domain_error(ts);
    return give_z(ts, atanh_of(z));
}

/* `pole`: the logarithm of zero is a domain error. */
static GiStatus log_of(GiThread *ts, GiVal v, bool pole, Z *out) {
    Z z;
    if (read_z(ts, v, &z)) return GI_FAIL;
    if (pole && creal(z) == 0.0 && cimag(z) == 0.0) return (void)domain_error(ts), GI_FAIL;
    *out = natural_log(z);
    return GI_OK;
}

GI_FUNCTION(cmath, log, "(z, base=<unrepresentable>, /)",
            "log(z[, base]) -> the logarithm of z to the given base.\n\nIf the base not "
            "specified, returns the natural logarithm (base e) of z.") {
    Z z, base;
    /* PYSEM: zero has a logarithm when a base is given (tests/diff/cmath_digits.py). */
    if (log_of(ts, a->z, gi_is_null(a->base), &z)) return GI_NULL;
    if (gi_is_null(a->base)) return give_z(ts, z);
    if (log_of(ts, a->base, true, &base)) return GI_NULL;
    GI_AUTO GiRef x = give_z(ts, z);
    GI_AUTO GiRef y = gi_is_null(x) ? GI_NULL : give_z(ts, base);
    if (gi_is_null(y)) return GI_NULL;
    if (creal(base) == 0.0 && cimag(base) == 0.0) return domain_error(ts);
    return gi_binary(ts, GI_BIN_TRUEDIV, gi_val(x), gi_val(y));
}
GI_FUNCTION(cmath, log10, "(z, /)",
            "Return the base-10 logarithm of z.") {
    Z z;
    if (log_of(ts, a->z, true, &z)) return GI_NULL;
    return gi_complex_new(ts, creal(z) / M_LN10, cimag(z) / M_LN10);
}

/* ---- Polar coordinates ---- */

GI_FUNCTION(cmath, phase, "(z, /)",
            "Return argument, also known as the phase angle, of a complex.") {
    Z z;
    if (read_z(ts, a->z, &z)) return GI_NULL;
    errno = 0;
    double angle = atan2(cimag(z), creal(z));
    return errno ? range_error(ts) : gi_double_ref(angle); /* PYSEM: also when it is too small */
}

GI_FUNCTION(cmath, polar, "(z, /)",
            "Convert a complex from rectangular coordinates to polar coordinates.\n\nr is the "
            "distance from 0 and phi the phase angle.") {
    Z z;
    if (read_z(ts, a->z, &z)) return GI_NULL;
    double r = hypot(creal(z), cimag(z));
    if (isinf(r) && finite_z(z)) return range_error(ts);
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(r), gi_double_ref(atan2(cimag(z), creal(z)))}, 2);
}

GI_FUNCTION(cmath, rect, "(r: double, phi: double, /)",
            "Convert from polar coordinates to rectangular coordinates.") {
    double r = a->r, phi = a->phi;
    if (r != 0.0 && isinf(phi)) {
        if (!isnan(r)) return domain_error(ts);
        return gi_complex_new(ts, NAN, NAN);
    }
    if (r == 0.0 && !isfinite(phi)) return gi_complex_new(ts, 0.0, 0.0);
    if (isinf(r) && isnan(phi)) return gi_complex_new(ts, INFINITY, NAN);
    if (isnan(r) && phi == 0.0) return gi_complex_new(ts, NAN, 0.0);
    if (isinf(r) && isfinite(phi)) { /* no NaN out of infinity times zero */
        if (phi == 0.0) return gi_complex_new(ts, r, r * phi > 0 ? phi : copysign(0.0, r) * copysign(1.0, phi));
        return gi_complex_new(ts, copysign(INFINITY, cos(phi)) * copysign(1.0, r),
                              copysign(INFINITY, sin(phi)) * copysign(1.0, r));
    }
    if (phi == 0.0) return gi_complex_new(ts, r, r * phi);
    return gi_complex_new(ts, r * cos(phi), r * sin(phi));
}

/* ---- Tests ---- */

GI_FUNCTION(cmath, isfinite, "(z, /)",
            "Return True if both the real and imaginary parts of z are finite, else False.") {
    Z z;
    return read_z(ts, a->z, &z) ? GI_NULL : gi_bool_ref(finite_z(z));
}
GI_FUNCTION(cmath, isinf, "(z, /)",
            "Checks if the real or imaginary part of z is infinite.") {
    Z z;
    return read_z(ts, a->z, &z) ? GI_NULL : gi_bool_ref(infinite_z(z));
}
GI_FUNCTION(cmath, isnan, "(z, /)",
            "Checks if the real or imaginary part of z not a number (NaN).") {
    Z z;
    return read_z(ts, a->z, &z) ? GI_NULL : gi_bool_ref(isnan(creal(z)) || isnan(cimag(z)));
}

GI_FUNCTION(cmath, isclose, "(a, b, *, rel_tol: double = 1e-09, abs_tol: double = 0.0)",
            "Determine whether two complex numbers are close in value.\n\n  rel_tol\n    maximum "
            "difference for being considered \"close\", relative to the\n    magnitude of the "
            "input values\n  abs_tol\n    maximum difference for being considered \"close\", "
            "regardless of the\n    magnitude of the input values\n\nReturn True if a is close in "
            "value to b, and False otherwise.\n\nFor the values to be considered close, the "
            "difference between them must be\nsmaller than at least one of the "
            "tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard. That is, "
            "NaN is\nnot close to anything, even itself. inf and -inf are only close to "
            "themselves.") {
    Z x, y;
    if (read_z(ts, a->a, &x) || read_z(ts, a->b, &y)) return GI_NULL;
    if (a->rel_tol < 0.0 || a->abs_tol < 0.0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "tolerances must be non-negative");
    if (creal(x) == creal(y) && cimag(x) == cimag(y)) return GI_REF_TRUE;
    if (infinite_z(x) || infinite_z(y)) return GI_REF_FALSE;
    double diff = cabs(x - y);
    return gi_bool_ref(diff <= a->rel_tol * cabs(y) || diff <= a->rel_tol * cabs(x) || diff <= a->abs_tol);
}

static GiStatus cmath_exec(GiThread *ts, GiVal module) {
    if (gi_module_add(ts, module, "pi", gi_double_ref(M_PI)) ||
        gi_module_add(ts, module, "e", gi_double_ref(M_E)) ||
        gi_module_add(ts, module, "tau", gi_double_ref(2 * M_PI)) ||
        gi_module_add(ts, module, "inf", gi_double_ref(INFINITY)) ||
        gi_module_add(ts, module, "infj", gi_complex_new(ts, 0.0, INFINITY)) ||
        gi_module_add(ts, module, "nan", gi_double_ref(NAN)) ||
        gi_module_add(ts, module, "nanj", gi_complex_new(ts, 0.0, NAN)))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module_cmath = {
    .name = "cmath",
    .doc = "This module provides access to mathematical functions for complex\nnumbers.",
    .functions = cmath_functions,
    .exec = cmath_exec,
};
