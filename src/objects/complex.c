/* complex.c - the type complex: pairs of doubles. Immutable; nothing locks. */
#include "objects/float_internal.h"

#include "base/float_text.h"
#include "objects/native.h"

#include <stdlib.h>
#include <math.h>

#include "objects/complex.gen.h"

typedef struct Pair {
    double re, im;
} Pair;

#define complex_of(v) ((GiComplex *)gi_obj(v))
#define is_complex(v) (gi_is_heap(v) && gi_is_instance_of(v, &gi_complex_type))
static Pair pair_of(GiVal v) { return (Pair){complex_of(v)->real, complex_of(v)->imag}; }

static GiRef complex_of_type(GiThread *ts, GiType *type, Pair p) {
    GiRef r = type == &gi_complex_type ? gi_own_obj(gi_heap_new_fast(ts, type, sizeof(GiComplex)))
                                       : gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    complex_of(r)->real = p.re;
    complex_of(r)->imag = p.im;
    return r;
}
static GiRef complex_from(GiThread *ts, Pair p) { return complex_of_type(ts, &gi_complex_type, p); }
GiRef gi_complex_new(GiThread *ts, double real, double imag) { return complex_from(ts, (Pair){real, imag}); }

/* ---- Text ---- */

/* A float without sign at s, or nothing (0). */
static size_t part(const char *s, size_t n, double *out) {
    if (n == 0 || *s == '+' || *s == '-') return 0;
    return gi_float_parse(s, n, out);
}

/* [sign] number [sign number 'j'], a lone number with or without 'j', where a missing number
 * before 'j' is 1; all n bytes. */
static bool parse_complex(const char *s, size_t n, Pair *out) {
    double sign = 1.0, value = 1.0;
    *out = (Pair){0.0, 0.0};
    if (n && (*s == '+' || *s == '-')) sign = *s == '-' ? -1.0 : 1.0, s++, n--;
    size_t used = part(s, n, &value);
    s += used, n -= used;
    if (n && (*s | 0x20) == 'j') {
        out->im = sign * value;
        return n == 1;
    }
    if (!used) return false;
    out->re = sign * value;
    if (n == 0) return true;
    if (*s != '+' && *s != '-') return false;
    sign = *s == '-' ? -1.0 : 1.0, value = 1.0, s++, n--;
    used = part(s, n, &value);
    s += used, n -= used;
    out->im = sign * value;
    return n == 1 && (*s | 0x20) == 'j';
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static GiStatus complex_from_str(GiThread *ts, GiVal str, Pair *out) {
    GiNumberText t;
    if (gi_number_text_of_str(ts, &t, str)) return GI_FAIL;
    size_t before_nul = strnlen(t.text, t.len);
    if (t.bad_underscore || (t.had_underscore && before_nul < t.len)) {
        gi_number_text_free(&t);
        return gi_raise_status(ts, &gi_exc_ValueError, "could not convert string to complex: %R", str);
    }
    const char *s = t.text;
    size_t n = t.len;
    bool ok = true;
    if (n && *s == '(') {
        ok = s[n - 1] == ')' && n >= 2;
        if (ok) s++, n -= 2;
        while (n && is_blank(*s)) s++, n--;
        while (n && is_blank(s[n - 1])) n--;
    }
    ok = ok && parse_complex(s, n, out);
    gi_number_text_free(&t);
    if (ok) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "complex() arg is a malformed string");
}

static GiRef complex_repr(GiThread *ts, GiVal self) {
    Pair p = pair_of(self);
    GiStrbuf out = {0};
    bool both = p.re != 0.0 || signbit(p.re);
    if (both) {
        gi_strbuf_putc(&out, '(');
        if (gi_float_format(&out, p.re, 'r', 0, 0)) out.failed = true;
    }
    if (gi_float_format(&out, p.im, 'r', 0, both ? GI_FLOAT_SIGN : 0)) out.failed = true;
    gi_strbuf_puts(&out, both ? "j)" : "j");
    GiRef r = out.failed ? gi_raise_nomem(ts) : gi_str_from_latin1(ts, out.data, out.len);
    gi_strbuf_free(&out);
    return r;
}

GI_METHOD(complex, __format__, "(self, format_spec: str, /)", "Convert to a string according to format_spec.") {
    if (gi_str_len(a->format_spec) == 0) return gi_str(ts, self);
    GiFormatSpec spec;
    GiStrbuf out = {0}, message = {0};
    Pair p = pair_of(self);
    GiNumberLocale locale = gi_number_locale();
    GiFormatStatus status =
        gi_format_spec_parse(gi_str_view(a->format_spec), 0, '>', "complex", &spec, &message);
    if (status == GI_FORMAT_OK) status = gi_format_complex(&out, &spec, p.re, p.im, &locale, &message);
    GiRef result = GI_NULL;
    if (status != GI_FORMAT_OK) (void)gi_format_fail(ts, status, &message);
    else result = gi_str_from_wtf8(ts, out.data ? out.data : "", out.len);
    gi_strbuf_free(&out);
    gi_strbuf_free(&message);
    return result;
}

/* ---- complex(real, imag) ---- */

/* Calls v.__complex__ if there is one. GI_OK with *found false: there is none. */
static GiStatus by_special_method(GiThread *ts, GiVal v, Pair *out, bool *found) {
    GiRef method;
    *found = false;
    if (gi_lookup_special(ts, v, GI_N(__complex__), &method)) return GI_FAIL;
    if (gi_is_null(method)) return GI_OK;
    GiRef r = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    if (gi_is_null(r)) return GI_FAIL;
    GiStatus status = GI_FAIL;
    if (!is_complex(gi_val(r)))
        gi_raise(ts, &gi_exc_TypeError, "__complex__ returned non-complex (type %.200T)", gi_val(r));
    else if (gi_is_exact(gi_val(r), &gi_complex_type) ||
             !gi_warn(ts, &gi_exc_DeprecationWarning, 1,
                      "__complex__ returned non-complex (type %.200T).  The ability to return an instance of "
                      "a strict subclass of complex is deprecated, and may be removed in a future version of "
                      "Python.",
                      gi_val(r))) {
        *out = pair_of(gi_val(r));
        *found = true;
        status = GI_OK;
    }
    gi_drop(ts, r);
    return status;
}

static bool is_number(GiVal v) {
    return is_complex(v) || gi_type_of(v)->to_float || gi_type_of(v)->index;
}

/* complex(v) of any number (not text), for cmath and friends. */
GiStatus gi_number_complex(GiThread *ts, GiVal v, double *re, double *im) {
    Pair p = {0.0, 0.0};
    bool found = false;
    if (is_complex(v)) p = pair_of(v), found = true;
    else if (by_special_method(ts, v, &p, &found)) return GI_FAIL;
    if (!found && gi_as_double(ts, v, &p.re)) return GI_FAIL;
    *re = p.re;
    *im = p.im;
    return GI_OK;
}

GI_NEW(complex, "(cls, real=0, imag=0)", "") {
    Pair r = {0.0, 0.0}, i = {0.0, 0.0};
    bool r_complex = false, i_complex = false, special = false;
    if (gi_is_null(a->imag) && !gi_is_null(a->real) && type == &gi_complex_type &&
        gi_is_exact(a->real, type))
        return gi_dup(ts, a->real);
    if (!gi_is_null(a->real) && gi_is_str(a->real)) {
        if (!gi_is_null(a->imag))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "complex() can't take second arg if first is a string");
        return complex_from_str(ts, a->real, &r) ? GI_NULL : complex_of_type(ts, type, r);
    }
    if (!gi_is_null(a->imag) && gi_is_str(a->imag))
        return gi_raise_ref(ts, &gi_exc_TypeError, "complex() second arg can't be a string");
    if (!gi_is_null(a->real) && by_special_method(ts, a->real, &r, &special)) return GI_NULL;
    if (!special && !gi_is_null(a->real) && !is_number(a->real))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "complex() first argument must be a string or a number, not '%.200T'", a->real);
    if (!gi_is_null(a->imag) && !is_number(a->imag))
        return gi_raise_ref(ts, &gi_exc_TypeError, "complex() second argument must be a number, not '%.200T'",
                            a->imag);
    if (special) {
        r_complex = true;
    } else if (!gi_is_null(a->real)) {
        r_complex = is_complex(a->real);
        if (r_complex) r = pair_of(a->real);
        else if (gi_as_double(ts, a->real, &r.re)) return GI_NULL;
    }
    if (gi_is_null(a->imag)) return complex_of_type(ts, type, r);
    i_complex = is_complex(a->imag);
    if (i_complex) i = pair_of(a->imag);
    else if (gi_as_double(ts, a->imag, &i.re)) return GI_NULL;
    if (i_complex) r.re -= i.im;
    if (r_complex) i.re += r.im;
    return complex_of_type(ts, type, (Pair){r.re, i.re});
}

/* ---- Operators ---- */

/* As float_operand, for complex. */
static int operand(GiThread *ts, GiVal v, Pair *out) {
    if (is_complex(v)) {
        *out = pair_of(v);
        return 1;
    }
    out->im = 0.0;
    return float_operand(ts, v, &out->re);
}
#define OPERANDS(x, y) \
    Pair x, y; \
    do { \
        int ok_ = operand(ts, a, &x); \
        if (ok_ > 0) ok_ = operand(ts, b, &y); \
        if (ok_ <= 0) return ok_ ? GI_NULL : GI_REF_NOTIMPLEMENTED; \
    } while (0)

static Pair times(Pair x, Pair y) { return (Pair){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re}; }

/* Robert Smith's algorithm (1962): scale by the larger part of the divisor. */
static bool divide(Pair x, Pair y, Pair *out) {
    if (y.re == 0.0 && y.im == 0.0) return false;
    if (isnan(y.re) || isnan(y.im)) {
        *out = (Pair){NAN, NAN};
    } else if (fabs(y.re) >= fabs(y.im)) {
        double ratio = y.im / y.re, scale = y.re + y.im * ratio;
        *out = (Pair){(x.re + x.im * ratio) / scale, (x.im - x.re * ratio) / scale};
    } else {
        double ratio = y.re / y.im, scale = y.re * ratio + y.im;
        *out = (Pair){(x.re * ratio + x.im) / scale, (x.im * ratio - x.re) / scale};
    }
    return true;
}

static GiRef complex_add(GiThread *ts, GiVal a, GiVal b) {
    OPERANDS(x, y);
    return complex_from(ts, (Pair){x.re + y.re, x.im + y.im});
}
static GiRef complex_sub(GiThread *ts, GiVal a, GiVal b) {
    OPERANDS(x, y);
    return complex_from(ts, (Pair){x.re - y.re, x.im - y.im});
}
static GiRef complex_mul(GiThread *ts, GiVal a, GiVal b) {
    OPERANDS(x, y);
    return complex_from(ts, times(x, y));
}
static GiRef complex_truediv(GiThread *ts, GiVal a, GiVal b) {
    OPERANDS(x, y);
    Pair r;
    if (!divide(x, y, &r)) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "complex division by zero");
    return complex_from(ts, r);
}

static Pair power_whole(Pair x, long n) {
    Pair r = {1.0, 0.0};
    for (; n > 0; n >>= 1) {
        if (n & 1) r = times(r, x);
        x = times(x, x);
    }
    return r;
}

/* By polar coordinates. *edom: zero to a negative or complex power. */
static Pair power_polar(Pair x, Pair y, bool *edom) {
    if (y.re == 0.0 && y.im == 0.0) return (Pair){1.0, 0.0};
    if (x.re == 0.0 && x.im == 0.0) {
        *edom = y.im != 0.0 || y.re < 0.0;
        return (Pair){0.0, 0.0};
    }
    double radius = hypot(x.re, x.im), length = pow(radius, y.re), angle = atan2(x.im, x.re);
    double phase = angle * y.re;
    if (y.im != 0.0) {
        length /= exp(angle * y.im);
        phase += y.im * log(radius);
    }
    if (isinf(phase)) *edom = true;
    return (Pair){length * cos(phase), length * sin(phase)};
}

GiRef gi_complex_slot_pow(GiThread *ts, GiVal a, GiVal b) {
    OPERANDS(x, y);
    bool edom = false;
    Pair r;
    if (y.im == 0.0 && y.re == floor(y.re) && fabs(y.re) <= 100.0) {
        r = power_whole(x, labs((long)y.re));
        if (y.re < 0 && !divide((Pair){1.0, 0.0}, r, &r)) edom = true;
    } else {
        r = power_polar(x, y, &edom);
    }
    if (isinf(r.re) || isinf(r.im))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "complex exponentiation");
    if (edom) return gi_raise_ref(ts, &gi_exc_ZeroDivisionError, "0.0 to a negative or complex power");
    return complex_from(ts, r);
}

static GiRef complex_power(GiThread *ts, GiVal a, GiVal b, GiVal mod) {
    OPERANDS(x, y);
    (void)x, (void)y;
    if (!gi_is_none(mod)) return gi_raise_ref(ts, &gi_exc_ValueError, "complex modulo");
    return gi_complex_slot_pow(ts, a, b);
}

static GiRef complex_neg(GiThread *ts, GiVal v) {
    return gi_complex_new(ts, -complex_of(v)->real, -complex_of(v)->imag);
}
static GiRef complex_exact(GiThread *ts, GiVal v) {
    return gi_is_exact(v, &gi_complex_type) ? gi_dup(ts, v) : complex_from(ts, pair_of(v));
}
static GiRef complex_abs(GiThread *ts, GiVal v) {
    Pair p = pair_of(v);
    double r = hypot(p.re, p.im);
    if (isinf(r) && isfinite(p.re) && isfinite(p.im))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "absolute value too large");
    return gi_double_ref(r);
}
static GiTruth complex_truth(GiThread *ts GI_UNUSED, GiVal v) {
    return gi_truth_of(complex_of(v)->real != 0.0 || complex_of(v)->imag != 0.0);
}
static int64_t complex_hash(GiThread *ts GI_UNUSED, GiVal v) {
    return gi_hash_complex(gi_float_hash(complex_of(v)->real), gi_float_hash(complex_of(v)->imag));
}

static GiRef complex_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !is_complex(self)) return GI_REF_NOTIMPLEMENTED;
    Pair x = pair_of(self);
    bool equal;
    if (is_complex(other)) {
        Pair y = pair_of(other);
        equal = x.re == y.re && x.im == y.im;
    } else if (gi_is_float(other)) {
        equal = x.re == gi_float_value(other) && x.im == 0.0;
    } else if (gi_is_int(other)) {
        equal = x.im == 0.0 && !isnan(x.re) && gi_double_order_int(x.re, other) == 0;
    } else {
        return GI_REF_NOTIMPLEMENTED;
    }
    return gi_bool_ref(equal == (op == GI_EQ));
}

/* ---- Methods ---- */

GI_METHOD(complex, conjugate, "(self)",
          "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j.") {
    return gi_complex_new(ts, complex_of(self)->real, -complex_of(self)->imag);
}
GI_METHOD(complex, __complex__, "(self)", "Convert this value to exact type complex.") {
    return complex_exact(ts, self);
}
GI_METHOD(complex, __getnewargs__, "(self)", NULL) {
    Pair p = pair_of(self);
    return gi_tuple_steal(ts, (GiRef[]){gi_double_ref(p.re), gi_double_ref(p.im)}, 2);
}

static const GiMemberDef complex_members[] = {
    {"real", GI_MEMBER_DOUBLE, offsetof(GiComplex, real), true, "the real part of a complex number"},
    {"imag", GI_MEMBER_DOUBLE, offsetof(GiComplex, imag), true, "the imaginary part of a complex number"},
    {.name = NULL},
};

GiType gi_complex_type = {
    .obj = GI_TYPE_HEAD,
    .name = "complex",
    .flags = GI_TYPE_BASE | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiComplex),
    .base = &gi_object_type,
    .doc = "complex(real=0, imag=0)\n--\n\nCreate a complex number from a real part and an optional imaginary "
           "part.\n\nThis is equivalent to (real + imag*1j) where imag defaults to 0.",
    .methods = complex_methods,
    .members = complex_members,
    .new_ = complex_new,
    .repr = complex_repr,
    .hash = complex_hash,
    .compare = complex_compare,
    .truth = complex_truth,
    .binary = {[GI_BIN_ADD] = complex_add,
               [GI_BIN_SUB] = complex_sub,
               [GI_BIN_MUL] = complex_mul,
               [GI_BIN_TRUEDIV] = complex_truediv,
               [GI_BIN_POW] = gi_complex_slot_pow},
    .power = complex_power,
    .unary = {[GI_UN_NEG] = complex_neg, [GI_UN_POS] = complex_exact, [GI_UN_ABS] = complex_abs},
};
