/* int_type.c - the types int and bool: constructors, slots, methods.
 *
 * Exact ints that fit 48 bits are immediate, instances of subclasses never; bool has the two
 * immediate instances True and False. Immutable; nothing locks.
 */
#include "objects/int_internal.h"

#include "objects/bytes.h"
#include "objects/buffer.h"
#include "objects/native.h"

#include "objects/int_type.gen.h"

/* ---- int(x, base) ---- */

/* What __int__ or __index__ gave, made exact; consumes. */
static GiRef checked_int(GiThread *ts, GiRef r, const char *method) {
    if (gi_is_null(r) || gi_is_int_exact(gi_val(r))) return r;
    GiRef exact = GI_NULL;
    if (!gi_is_int(gi_val(r)))
        gi_raise(ts, &gi_exc_TypeError, "%s returned non-int (type %.200T)", method, gi_val(r));
    else if (!gi_warn(ts, &gi_exc_DeprecationWarning, 1,
                      "%s returned non-int (type %.200T).  The ability to return an instance of a strict "
                      "subclass of int is deprecated, and may be removed in a future version of Python.",
                      method, gi_val(r)))
        exact = gi_int_exact(ts, gi_val(r));
    gi_drop(ts, r);
    return exact;
}

static GiRef int_from_trunc(GiThread *ts, GiRef trunc) {
    GiRef r = GI_NULL;
    if (!gi_warn(ts, &gi_exc_DeprecationWarning, 1, "The delegation of int() to __trunc__ is deprecated."))
        r = gi_call0(ts, gi_val(trunc));
    gi_drop(ts, trunc);
    if (gi_is_null(r) || gi_is_int_exact(gi_val(r))) return r;
    GiRef exact = GI_NULL;
    if (gi_is_int(gi_val(r))) exact = gi_int_exact(ts, gi_val(r));
    else if (gi_type_of(gi_val(r))->index) exact = gi_index(ts, gi_val(r));
    else gi_raise(ts, &gi_exc_TypeError, "__trunc__ returned non-Integral (type %.200T)", gi_val(r));
    gi_drop(ts, r);
    return exact;
}

static GI_COLD GiRef no_number(GiThread *ts, GiVal v) {
    return gi_raise_ref(ts, &gi_exc_TypeError,
                        "int() argument must be a string, a bytes-like object or a real number, not '%.200T'",
                        v);
}

static GiRef int_from_buffer(GiThread *ts, GiVal v, int base) {
    GiBuffer view;
    if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF)) {
        gi_exc_clear(ts); /* PYSEM: which way it is no such buffer is not said (tests/diff/ints.py) */
        return no_number(ts, v);
    }
    GiRef bytes = gi_bytes_from(ts, view.len ? view.data : "", (size_t)view.len), result = GI_NULL;
    gi_buffer_release(ts, &view);
    if (gi_is_null(bytes)) return bytes;
    result = gi_int_parse(ts, (const char *)gi_bytes_data(bytes), gi_bytes_len(bytes), base, gi_val(bytes));
    gi_drop(ts, bytes);
    return result;
}

/* int(v), an exact int. */
GiRef gi_number_int(GiThread *ts, GiVal v) {
    if (gi_is_int_exact(v)) return gi_dup(ts, v);
    if (gi_is_double(v)) return gi_int_from_double(ts, gi_double_value(v));
    GiType *type = gi_type_of(v);
    if (type->to_int) return checked_int(ts, type->to_int(ts, v), "__int__");
    if (type->index) return gi_index(ts, v);
    GiRef trunc;
    if (gi_lookup_special(ts, v, GI_N(__trunc__), &trunc)) return GI_NULL;
    if (!gi_is_null(trunc)) return int_from_trunc(ts, trunc);
    if (gi_is_str(v)) return gi_int_from_str(ts, v, 10);
    if (gi_has_buffer(v)) return int_from_buffer(ts, v, 10);
    return no_number(ts, v);
}

static GiRef int_with_base(GiThread *ts, GiVal x, GiVal base_value) {
    ssize_t base;
    if (gi_as_ssize(ts, base_value, true, &base)) return GI_NULL;
    if (base < 0 || base == 1 || base > 36)
        return gi_raise_ref(ts, &gi_exc_ValueError, "int() base must be >= 2 and <= 36, or 0");
    if (gi_is_str(x)) return gi_int_from_str(ts, x, (int)base);
    if (gi_is_bytes(x) || gi_is_bytearray(x)) return int_from_buffer(ts, x, (int)base);
    return gi_raise_ref(ts, &gi_exc_TypeError, "int() can't convert non-string with explicit base");
}

/* Arguments (x=0, /, base=10). */
static GiRef int_construct(GiThread *ts, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nargs + kw > 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "int() takes at most 2 arguments (%zu given)", nargs + kw);
    GiVal x = nargs ? args[0] : GI_NOVAL, base = nargs > 1 ? args[1] : GI_NOVAL;
    for (size_t i = 0; i < kw; i++) {
        if (!gi_str_equals_cstr(gi_tuple_get(kwnames, i), "base"))
            return gi_raise_ref(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for int()",
                                gi_tuple_get(kwnames, i));
        base = args[nargs + i];
    }
    if (gi_is_null(x)) {
        if (gi_is_null(base)) return gi_smallint_ref(0);
        return gi_raise_ref(ts, &gi_exc_TypeError, "int() missing string argument");
    }
    return gi_is_null(base) ? gi_number_int(ts, x) : int_with_base(ts, x, base);
}

static GiRef int_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef value = nargs == 1 && gi_is_null(kwnames) ? gi_number_int(ts, args[0])
                                                    : int_construct(ts, args, nargs, kwnames);
    if (type == &gi_int_type || gi_is_null(value)) return value;
    GiRef instance = gi_int_as_subtype(ts, type, gi_val(value));
    gi_drop(ts, value);
    return instance;
}

/* ---- Slots ---- */

static GiRef int_repr(GiThread *ts, GiVal self) { return gi_int_to_str(ts, self, 10, false); }
static int64_t int_hash(GiThread *ts GI_UNUSED, GiVal self) { return gi_int_hash(self); }
static GiTruth int_truth(GiThread *ts GI_UNUSED, GiVal self) { return gi_truth_of(gi_int_sign(self) != 0); }
static GiRef int_to_int(GiThread *ts, GiVal self) { return gi_int_exact(ts, self); }
static GiRef int_to_float(GiThread *ts, GiVal self) {
    double d;
    return gi_int_as_double(ts, self, &d) ? GI_NULL : gi_double_ref(d);
}

static GiRef int_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_int(self) || !gi_is_int(other)) return GI_REF_NOTIMPLEMENTED;
    int order = gi_int_order(self, other);
    return gi_order_ref(order, op);
}

/* ---- Methods ---- */

GI_METHOD(int, conjugate, "(self)", "Returns self, the complex conjugate of any int.") {
    return gi_int_exact(ts, self);
}

GI_METHOD(int, bit_length, "(self)",
          "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n"
          ">>> (37).bit_length()\n6") {
    return gi_int_from_u64(ts, gi_int_bit_length(self));
}

GI_METHOD(int, bit_count, "(self)",
          "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as the "
          "population count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3") {
    IntView v;
    int_view(self, &v);
    return gi_int_from_u64(ts, v.n ? mpn_popcount(v.limbs, (mp_size_t)v.n) : 0);
}

/* 'little' or 'big' (the default); ValueError. */
static GiStatus byte_order(GiThread *ts, GiVal order, bool *little) {
    *little = false;
    if (gi_is_null(order) || gi_str_equals_cstr(order, "big")) return GI_OK;
    *little = true;
    if (gi_str_equals_cstr(order, "little")) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "byteorder must be either 'little' or 'big'");
}

GI_METHOD(int, to_bytes, "(self, length: ssize = 1, byteorder: str = 'big', *, signed: bool = False)",
          "Return an array of bytes representing an integer.\n\n  length\n    Length of bytes object to use.  "
          "An OverflowError is raised if the\n    integer is not representable with the given number of "
          "bytes.  Default\n    is length 1.\n  byteorder\n    The byte order used to represent the integer. "
          " If byteorder is 'big',\n    the most significant byte is at the beginning of the byte array.  "
          "If\n    byteorder is 'little', the most significant byte is at the end of the\n    byte array.  To "
          "request the native byte order of the host system, use\n    `sys.byteorder' as the byte order "
          "value.  Default is to use 'big'.\n  signed\n    Determines whether two's complement is used to "
          "represent the integer.\n    If signed is False and a negative integer is given, an "
          "OverflowError\n    is raised.") {
    bool little;
    if (byte_order(ts, a->byteorder, &little)) return GI_NULL;
    if (a->length < 0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "length argument must be non-negative");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->length);
    if (gi_is_null(bytes)) return bytes;
    if (gi_int_to_bytes(ts, self, gi_bytes_data(bytes), (size_t)a->length, little, a->signed_)) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    return bytes;
}

/* v as bytes: what has __bytes__, a buffer or items; a str or a number is none of these. */
static GiRef bytes_of(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    if (gi_is_str(v) || (type->index && !type->get_buffer && !type->iter && !type->item)) {
        GiRef method;
        if (gi_lookup_special(ts, v, GI_N(__bytes__), &method)) return GI_NULL;
        if (gi_is_null(method))
            return gi_raise_ref(ts, &gi_exc_TypeError, "cannot convert '%.200T' object to bytes", v);
        gi_drop(ts, method);
    }
    return gi_to_bytes(ts, v);
}

GI_CLASSMETHOD(int, from_bytes, "(type, bytes, byteorder: str = 'big', *, signed: bool = False)",
               "Return the integer represented by the given array of bytes.\n\n  bytes\n    Holds the array "
               "of bytes to convert.  The argument must either\n    support the buffer protocol or be an "
               "iterable object producing bytes.\n    Bytes and bytearray are examples of built-in objects "
               "that support the\n    buffer protocol.\n  byteorder\n    The byte order used to represent "
               "the integer.  If byteorder is 'big',\n    the most significant byte is at the beginning of "
               "the byte array.  If\n    byteorder is 'little', the most significant byte is at the end of "
               "the\n    byte array.  To request the native byte order of the host system, use\n    "
               "`sys.byteorder' as the byte order value.  Default is to use 'big'.\n  signed\n    Indicates "
               "whether two's complement is used to represent the integer.") {
    bool little;
    if (byte_order(ts, a->byteorder, &little)) return GI_NULL;
    GiRef bytes = bytes_of(ts, a->bytes);
    if (gi_is_null(bytes)) return bytes;
    GiRef value = gi_int_from_bytes(ts, gi_bytes_data(bytes), gi_bytes_len(bytes), little, a->signed_);
    gi_drop(ts, bytes);
    if (gi_is_null(value) || gi_as_type(self) == &gi_int_type) return value;
    GiRef instance = gi_call1(ts, self, gi_val(value));
    gi_drop(ts, value);
    return instance;
}

GI_METHOD(int, as_integer_ratio, "(self)",
          "Return integer ratio.\n\nReturn a pair of integers, whose ratio is exactly equal to the original "
          "int\nand with a positive denominator.\n\n>>> (10).as_integer_ratio()\n(10, 1)\n>>> "
          "(-10).as_integer_ratio()\n(-10, 1)\n>>> (0).as_integer_ratio()\n(0, 1)") {
    GiRef exact = gi_int_exact(ts, self);
    if (gi_is_null(exact)) return exact;
    return gi_tuple_steal(ts, (GiRef[]){exact, gi_smallint_ref(1)}, 2);
}

GI_METHOD(int, __trunc__, "(self)", "Truncating an Integral returns itself.") { return gi_int_exact(ts, self); }
GI_METHOD(int, __floor__, "(self)", "Flooring an Integral returns itself.") { return gi_int_exact(ts, self); }
GI_METHOD(int, __ceil__, "(self)", "Ceiling of an Integral returns itself.") { return gi_int_exact(ts, self); }

/* v rounded to a multiple of unit (> 0), half to even. */
static GiRef round_to_multiple(GiThread *ts, GiVal v, GiVal unit) {
    GiRef q, r, result = GI_NULL;
    if (gi_int_divide(ts, v, unit, &q, &r, "")) return GI_NULL;
    GiRef twice = gi_int_add(ts, gi_val(r), gi_val(r));
    if (!gi_is_null(twice)) {
        int order = gi_int_order(gi_val(twice), unit);
        if (order > 0 || (order == 0 && gi_int_mask_u64(gi_val(q)) & 1)) {
            GiRef up = gi_int_add(ts, gi_val(q), gi_smallint(1));
            gi_drop(ts, q);
            q = up;
        }
        if (!gi_is_null(q)) result = gi_int_mul(ts, gi_val(q), unit);
        gi_drop(ts, twice);
    }
    gi_xdrop(ts, q);
    gi_drop(ts, r);
    return result;
}

GI_METHOD(int, __round__, "(self, ndigits=<unrepresentable>, /)",
          "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer.") {
    if (gi_is_null(a->ndigits)) return gi_int_exact(ts, self);
    GiRef ndigits = gi_index(ts, a->ndigits);
    if (gi_is_null(ndigits)) return ndigits;
    int64_t n;
    int far = gi_int_as_i64(gi_val(ndigits), &n);
    gi_drop(ts, ndigits);
    if (far > 0 || (!far && n >= 0)) return gi_int_exact(ts, self);
    /* 10^-n above twice the value rounds to zero. */
    if (far < 0 || (uint64_t)-n > gi_int_bit_length(self) / 3 + 2) return gi_smallint_ref(0);
    GiRef unit = gi_int_power(ts, gi_smallint(10), gi_smallint(-n));
    if (gi_is_null(unit)) return unit;
    GiRef result = round_to_multiple(ts, self, gi_val(unit));
    gi_drop(ts, unit);
    return result;
}

GI_METHOD(int, __getnewargs__, "(self)", NULL) {
    GiRef exact = gi_int_exact(ts, self);
    if (gi_is_null(exact)) return exact;
    return gi_tuple_steal(ts, &exact, 1);
}

GI_METHOD(int, __format__, "(self, format_spec: str, /)", NULL) {
    if (gi_str_len(a->format_spec) == 0) return gi_str(ts, self);
    return gi_int_format(ts, self, a->format_spec);
}

/* PYSEM: what CPython's digits of 30 bits take. */
GI_METHOD(int, __sizeof__, "(self)", "Returns size in memory, in bytes.") {
    size_t digits = (gi_int_bit_length(self) + 29) / 30;
    return gi_int_from_u64(ts, 24 + 4 * GI_MAX(digits, 1));
}

GI_GETTER(int, real, "the real part of a complex number") { return gi_int_exact(ts, self); }
GI_GETTER(int, imag, "the imaginary part of a complex number") {
    (void)ts, (void)self;
    return gi_smallint_ref(0);
}
GI_GETTER(int, numerator, "the numerator of a rational number in lowest terms") {
    return gi_int_exact(ts, self);
}
GI_GETTER(int, denominator, "the denominator of a rational number in lowest terms") {
    (void)ts, (void)self;
    return gi_smallint_ref(1);
}

GiType gi_int_type = {
    .obj = GI_TYPE_HEAD,
    .name = "int",
    .flags = GI_TYPE_BASE | GI_TYPE_INT | GI_TYPE_VARSIZED | GI_TYPE_MATCH_SELF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiInt),
    .item_size = sizeof(mp_limb_t),
    .base = &gi_object_type,
    .doc = "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or "
           "return 0 if no arguments\nare given.  If x is a number, return x.__int__().  For floating "
           "point\nnumbers, this truncates towards zero.\n\nIf x is not a number or if base is given, then x "
           "must be a string,\nbytes, or bytearray instance representing an integer literal in the\ngiven "
           "base.  The literal can be preceded by '+' or '-' and be surrounded\nby whitespace.  The base "
           "defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to interpret the base from the string "
           "as an integer literal.\n>>> int('0b100', base=0)\n4",
    .methods = int_methods,
    .getset = int_getset,
    .new_ = int_new,
    .vectornew = int_new,
    .repr = int_repr,
    .hash = int_hash,
    .compare = int_compare,
    .truth = int_truth,
    .binary = {[GI_BIN_ADD] = gi_int_slot_add,
               [GI_BIN_SUB] = gi_int_slot_sub,
               [GI_BIN_MUL] = gi_int_slot_mul,
               [GI_BIN_TRUEDIV] = gi_int_slot_truediv,
               [GI_BIN_FLOORDIV] = gi_int_slot_floordiv,
               [GI_BIN_MOD] = gi_int_slot_mod,
               [GI_BIN_POW] = gi_int_slot_pow,
               [GI_BIN_LSHIFT] = gi_int_slot_lshift,
               [GI_BIN_RSHIFT] = gi_int_slot_rshift,
               [GI_BIN_AND] = gi_int_slot_and,
               [GI_BIN_OR] = gi_int_slot_or,
               [GI_BIN_XOR] = gi_int_slot_xor,
               [GI_BIN_DIVMOD] = gi_int_slot_divmod},
    .power = gi_int_slot_power,
    .unary = {[GI_UN_NEG] = gi_int_slot_neg,
              [GI_UN_POS] = int_to_int,
              [GI_UN_INVERT] = gi_int_slot_invert,
              [GI_UN_ABS] = gi_int_slot_abs},
    .to_int = int_to_int,
    .to_float = int_to_float,
    .index = int_to_int,
};
