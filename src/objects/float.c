/* float.c - the type float: arithmetic, constructor, methods.
 *
 * Exact floats are immediate; instances of subclasses are GiFloat objects. Comparison and
 * equality with ints are exact. Immutable; nothing locks.
 */
#include "objects/float_internal.h"

#include "base/float_text.h"
#include "objects/native.h"

#include <float.h>
#include <math.h>

#include "objects/float.gen.h"

GiRef gi_raise_range(GiThread *ts) {
    GiRef text = gi_str_from_cstr(ts, "Numerical result out of range");
    if (gi_is_null(text)) return text;
    GiRef exc = gi_call2(ts, gi_type_val(&gi_exc_OverflowError), gi_smallint(34), gi_val(text));
    gi_drop(ts, text);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}

/* ---- float(x) ---- */

/* By __float__, which a subclass of float may have overridden. */
static GiStatus by_dunder_float(GiThread *ts, GiVal v, double *out) {
    GiRef r = gi_type_of(v)->to_float(ts, v);
    if (gi_is_null(r)) return GI_FAIL;
    GiStatus status = GI_FAIL;
    if (!gi_is_float(gi_val(r)))
        gi_raise(ts, &gi_exc_TypeError, "%.50T.__float__ returned non-float (type %.50T)", v, gi_val(r));
    else if (gi_is_double(r) ||
             !gi_warn(ts, &gi_exc_DeprecationWarning, 1,
                      "%.50T.__float__ returned non-float (type %.50T).  The ability to return an instance "
                      "of a strict subclass of float is deprecated, and may be removed in a future version of "
                      "Python.",
                      v, gi_val(r))) {
        *out = gi_float_value(gi_val(r));
        status = GI_OK;
    }
    gi_drop(ts, r);
    return status;
}

GiStatus gi_number_float(GiThread *ts, GiVal v, double *out) {
    if (gi_is_double(v)) {
        *out = gi_double_value(v);
        return GI_OK;
    }
    GiType *type = gi_type_of(v);
    if (type->to_float && gi_is_heap(v)) return by_dunder_float(ts, v, out);
    if (type->to_float || type->index) return gi_as_double(ts, v, out);
    if (gi_is_str(v) || type->get_buffer) return gi_float_from_text(ts, v, out);
    return gi_float_no_number(ts, v);
}

static GiRef float_of_type(GiThread *ts, GiType *type, double d) {
    if (type == &gi_float_type) return gi_double_ref(d);
    GiRef r = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(r)) ((GiFloat *)gi_obj(r))->value = d;
    return r;
}

static GiRef float_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if ((type == &gi_float_type || type->init == gi_float_type.init) && gi_no_kwargs(ts, "float", kwnames))
        return GI_NULL;
    if (gi_check_args(ts, "float", nargs, 0, 1)) return GI_NULL;
    double d = 0.0;
    if (nargs && gi_number_float(ts, args[0], &d)) return GI_NULL;
    return float_of_type(ts, type, d);
}

/* ---- Operators ---- */

static GiRef float_add(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    return gi_double_ref(x + y);
}
static GiRef float_sub(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    return gi_double_ref(x - y);
}
static GiRef float_mul(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    return gi_double_ref(x * y);
}
static GiRef float_truediv(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    if (y == 0.0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "float division by zero");
    return gi_double_ref(x / y);
}

/* Quotient rounded down and remainder of y's sign; y is not zero. */
static double float_divide(double x, double y, double *remainder) {
    double r = fmod(x, y), q = (x - r) / y;
    if (r == 0.0) {
        r = copysign(0.0, y);
    } else if ((r < 0) != (y < 0)) {
        r += y;
        q -= 1.0;
    }
    *remainder = r;
    if (q == 0.0) return copysign(0.0, x / y);
    double down = floor(q);
    return q - down > 0.5 ? down + 1.0 : down; /* q was meant to be a whole number */
}

static GiRef float_floordiv(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    if (y == 0.0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "float floor division by zero");
    double r;
    return gi_double_ref(float_divide(x, y, &r));
}
static GiRef float_mod(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    if (y == 0.0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "float modulo");
    double r;
    float_divide(x, y, &r);
    return gi_double_ref(r);
}
static GiRef float_divmod(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    if (y == 0.0) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "float divmod()");
    double r, q = float_divide(x, y, &r);
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(q), gi_double_ref(r)}, 2);
}

GiRef gi_float_slot_pow(GiThread *ts, GiVal a, GiVal b) {
    FLOAT_OPERANDS(x, y);
    if (x == 0.0 && y < 0.0 && isfinite(y))
        return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "0.0 cannot be raised to a negative power");
    if (x < 0.0 && isfinite(x) && isfinite(y) && y != floor(y)) return gi_complex_slot_pow(ts, a, b);
    double r = pow(x, y);
    if (isinf(r) && isfinite(x) && isfinite(y)) return gi_raise_range(ts);
    return gi_double_ref(r);
}

static GiRef float_power(GiThread *ts, GiVal a, GiVal b, GiVal mod) {
    if (!gi_is_none(mod))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "pow() 3rd argument not allowed unless all arguments are integers");
    return gi_float_slot_pow(ts, a, b);
}

static GiRef float_exact(GiThread *ts GI_UNUSED, GiVal v) { return gi_double_ref(gi_float_value(v)); }
static GiRef float_neg(GiThread *ts GI_UNUSED, GiVal v) { return gi_double_ref(-gi_float_value(v)); }
static GiRef float_abs(GiThread *ts GI_UNUSED, GiVal v) { return gi_double_ref(fabs(gi_float_value(v))); }
static GiTruth float_truth(GiThread *ts GI_UNUSED, GiVal v) { return gi_truth_of(gi_float_value(v) != 0.0); }
static GiRef float_to_int(GiThread *ts, GiVal v) { return gi_int_from_double(ts, gi_float_value(v)); }
static GiRef float_repr(GiThread *ts, GiVal v) { return gi_float_to_str(ts, gi_float_value(v)); }

int64_t gi_float_hash(double d) {
    return isnan(d) ? gi_hash_pointer((void *)(uintptr_t)gi_double(d).bits) : gi_hash_double(d);
}
static int64_t float_hash(GiThread *ts GI_UNUSED, GiVal v) {
    double d = gi_float_value(v);
    return isnan(d) && gi_is_heap(v) ? gi_hash_pointer(gi_obj(v)) : gi_float_hash(d);
}

static GiRef float_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_float(self)) return GI_REF_NOTIMPLEMENTED;
    double x = gi_float_value(self), y;
    if (gi_is_float(other)) {
        y = gi_float_value(other);
    } else if (gi_is_int(other)) {
        if (isnan(x)) return gi_bool_ref(op == GI_NE);
        x = gi_double_order_int(x, other);
        y = 0.0;
    } else {
        return GI_REF_NOTIMPLEMENTED;
    }
    switch (op) {
    case GI_LT: return gi_bool_ref(x < y);
    case GI_LE: return gi_bool_ref(x <= y);
    case GI_EQ: return gi_bool_ref(x == y);
    case GI_NE: return gi_bool_ref(x != y);
    case GI_GT: return gi_bool_ref(x > y);
    default: return gi_bool_ref(x >= y);
    }
}

/* ---- Methods ---- */

GI_METHOD(float, conjugate, "(self)", "Return self, the complex conjugate of any float.") {
    return float_exact(ts, self);
}
GI_METHOD(float, __trunc__, "(self)", "Return the Integral closest to x between 0 and x.") {
    return float_to_int(ts, self);
}
GI_METHOD(float, __floor__, "(self)", "Return the floor as an Integral.") {
    return gi_int_from_double(ts, floor(gi_float_value(self)));
}
GI_METHOD(float, __ceil__, "(self)", "Return the ceiling as an Integral.") {
    return gi_int_from_double(ts, ceil(gi_float_value(self)));
}

/* To the nearest whole number, half to even. */
static double round_half_even(double d) {
    double r = round(d);
    return fabs(d - r) == 0.5 ? 2.0 * round(d / 2.0) : r;
}

GI_METHOD(float, __round__, "(self, ndigits=None, /)",
          "Return the Integral closest to x, rounding half toward even.\n\nWhen an argument is passed, work "
          "like built-in round(x, ndigits).") {
    double d = gi_float_value(self);
    if (gi_is_null(a->ndigits) || gi_is_none(a->ndigits))
        return gi_int_from_double(ts, isfinite(d) ? round_half_even(d) : d);
    ssize_t n;
    if (gi_as_ssize(ts, a->ndigits, true, &n)) return GI_NULL;
    /* Beyond these bounds every float is a multiple of the unit, or less than half of it. */
    if (!isfinite(d) || n > (int)((DBL_MANT_DIG - DBL_MIN_EXP) * 0.30103)) return gi_double_ref(d);
    if (n < -(int)((DBL_MAX_EXP + 1) * 0.30103)) return gi_double_ref(0.0 * d);
    bool overflow = false;
    double r = gi_float_round(d, (int)n, &overflow);
    if (overflow) return gi_raise_ref(ts, &gi_exc_OverflowError, "rounded value too large to represent");
    return gi_double_ref(r);
}

GI_METHOD(float, as_integer_ratio, "(self)",
          "Return integer ratio.\n\nReturn a pair of integers, whose ratio is exactly equal to the original "
          "float\nand with a positive denominator.\n\nRaise OverflowError on infinities and a ValueError on "
          "NaNs.\n\n>>> (10.0).as_integer_ratio()\n(10, 1)\n>>> (0.0).as_integer_ratio()\n(0, 1)\n>>> "
          "(-.25).as_integer_ratio()\n(-1, 4)") {
    double d = gi_float_value(self);
    if (isinf(d)) return gi_raise_ref(ts, &gi_exc_OverflowError, "cannot convert Infinity to integer ratio");
    if (isnan(d)) return gi_raise_ref(ts, &gi_exc_ValueError, "cannot convert NaN to integer ratio");
    int exponent;
    int64_t mantissa = (int64_t)ldexp(frexp(d, &exponent), 53);
    exponent -= 53;
    if (mantissa == 0) exponent = 0;
    while (exponent < 0 && !(mantissa & 1)) {
        mantissa /= 2;
        exponent++;
    }
    GiRef pair[2];
    GiRef whole = gi_int_from_i64(ts, mantissa);
    if (gi_is_null(whole)) return whole;
    pair[0] = gi_int_shift_left(ts, gi_val(whole), exponent > 0 ? (size_t)exponent : 0);
    gi_drop(ts, whole);
    if (gi_is_null(pair[0])) return GI_NULL;
    pair[1] = gi_int_shift_left(ts, gi_smallint(1), exponent < 0 ? (size_t)-exponent : 0);
    if (gi_is_null(pair[1])) {
        gi_drop(ts, pair[0]);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, pair, 2);
}

GI_CLASSMETHOD(float, fromhex, "(type, string, /)",
               "Create a floating-point number from a hexadecimal string.\n\n>>> "
               "float.fromhex('0x1.ffffp10')\n2047.984375\n>>> float.fromhex('-0x1p-1074')\n-5e-324") {
    if (!gi_is_str(a->string))
        return gi_raise_ref(ts, &gi_exc_TypeError, "bad argument type for built-in operation");
    size_t len;
    const char *text = gi_str_utf8(ts, a->string, &len);
    if (!text) return GI_NULL;
    double d;
    switch (gi_float_from_hex(text, len, &d)) {
    case GI_FLOAT_HEX_OK: break;
    case GI_FLOAT_HEX_OVERFLOW:
        return gi_raise_ref(ts, &gi_exc_OverflowError, "hexadecimal value too large to represent as a float");
    case GI_FLOAT_HEX_TOO_LONG:
        return gi_raise_ref(ts, &gi_exc_ValueError, "hexadecimal string too long to convert");
    default:
        return gi_raise_ref(ts, &gi_exc_ValueError, "invalid hexadecimal floating-point string");
    }
    if (gi_as_type(self) == &gi_float_type) return gi_double_ref(d);
    return gi_call1(ts, self, gi_double(d));
}

GI_METHOD(float, hex, "(self)",
          "Return a hexadecimal representation of a floating-point number.\n\n>>> (-0.1).hex()\n"
          "'-0x1.999999999999ap-4'\n>>> 3.14159.hex()\n'0x1.921f9f01b866ep+1'") {
    char text[GI_FLOAT_HEX_MAX];
    return gi_str_from_latin1(ts, text, gi_float_to_hex(gi_float_value(self), text));
}

GI_METHOD(float, is_integer, "(self)", "Return True if the float is an integer.") {
    double d = gi_float_value(self);
    return gi_bool_ref(isfinite(d) && d == floor(d));
}

GI_METHOD(float, __getnewargs__, "(self)", NULL) {
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(gi_float_value(self))}, 1);
}

GI_CLASSMETHOD(float, __getformat__, "(type, typestr: str, /)",
               "You probably don't want to use this function.\n\n  typestr\n    Must be 'double' or "
               "'float'.\n\nIt exists mainly to be used in Python's test suite.\n\nThis function returns "
               "whichever of 'unknown', 'IEEE, big-endian' or 'IEEE,\nlittle-endian' best describes the format "
               "of floating point numbers used by the\nC type named by typestr.") {
    if (gi_str_equals_cstr(a->typestr, "double") || gi_str_equals_cstr(a->typestr, "float"))
        return gi_str_from_cstr(ts, "IEEE, little-endian");
    return gi_raise_ref(ts, &gi_exc_ValueError, "__getformat__() argument 1 must be 'double' or 'float'");
}

GI_METHOD(float, __format__, "(self, format_spec: str, /)", "Formats the float according to format_spec.") {
    if (gi_str_len(a->format_spec) == 0) return gi_str(ts, self);
    return gi_float_format_spec(ts, self, a->format_spec);
}

GI_METHOD(float, __sizeof__, "(self)", "Size of object in memory, in bytes.") {
    return gi_smallint_ref(sizeof(GiFloat));
}

GI_GETTER(float, real, "the real part of a complex number") { return float_exact(ts, self); }
GI_GETTER(float, imag, "the imaginary part of a complex number") {
    (void)ts, (void)self;
    return gi_double_ref(0.0);
}

GiType gi_float_type = {
    .obj = GI_TYPE_HEAD,
    .name = "float",
    .flags = GI_TYPE_BASE | GI_TYPE_FLOAT | GI_TYPE_MATCH_SELF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiFloat),
    .base = &gi_object_type,
    .doc = "float(x=0, /)\n--\n\nConvert a string or number to a floating point number, if possible.",
    .methods = float_methods,
    .getset = float_getset,
    .new_ = float_new,
    .vectornew = float_new,
    .repr = float_repr,
    .hash = float_hash,
    .compare = float_compare,
    .truth = float_truth,
    .binary = {[GI_BIN_ADD] = float_add,
               [GI_BIN_SUB] = float_sub,
               [GI_BIN_MUL] = float_mul,
               [GI_BIN_TRUEDIV] = float_truediv,
               [GI_BIN_FLOORDIV] = float_floordiv,
               [GI_BIN_MOD] = float_mod,
               [GI_BIN_POW] = gi_float_slot_pow,
               [GI_BIN_DIVMOD] = float_divmod},
    .power = float_power,
    .unary = {[GI_UN_NEG] = float_neg, [GI_UN_POS] = float_exact, [GI_UN_ABS] = float_abs},
    .to_int = float_to_int,
    .to_float = float_exact,
};
