/* number.c - operators on any two objects, and conversions of any object to C numbers.
 *
 * PYSEM: the right operand goes first when its class is a subclass of the left one's and has a
 * slot of its own; sequences' + and * come after the numbers'. No state.
 */
#include "objects/protocol.h"

#include "objects/error.h"
#include "objects/int.h"
#include "objects/native.h"
#include "objects/str.h"

#include <limits.h>

static const char *const op_text[GI_BIN_COUNT] = {
    "+", "-", "*", "/", "//", "%", "** or pow()", "<<", ">>", "&", "|", "^", "@", "divmod()",
};
static const char *const inplace_text[GI_BIN_COUNT] = {
    "+=", "-=", "*=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", "@=", "divmod()",
};

/* The result of the number slots alone, or NotImplemented. */
static GiRef binary_slots(GiThread *ts, GiBinOp op, GiVal a, GiVal b) {
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b);
    GiBinaryFn fa = ta->binary[op], fb = ta == tb ? NULL : tb->binary[op];
    if (fb == fa) fb = NULL;
    if (fa) {
        if (fb && gi_is_subtype(tb, ta)) {
            GiRef r = fb(ts, a, b);
            if (!gi_is_notimplemented(r)) return r;
            fb = NULL;
        }
        GiRef r = fa(ts, a, b);
        if (!gi_is_notimplemented(r)) return r;
    }
    return fb ? fb(ts, a, b) : GI_REF_NOTIMPLEMENTED;
}

static GI_COLD GiRef unsupported(GiThread *ts, const char *op, GiVal a, GiVal b) {
    if (gi_is_exact(a, &gi_native_type) && strcmp(op, ">>") == 0 &&
        strcmp(((GiNative *)gi_obj(a))->def->name, "print") == 0)
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "unsupported operand type(s) for %.100s: '%.100T' and '%.100T'. Did you mean "
                            "\"print(<message>, file=<output_stream>)\"?",
                            op, a, b);
    return gi_raise_ref(ts, &gi_exc_TypeError, "unsupported operand type(s) for %.100s: '%.100T' and '%.100T'",
                        op, a, b);
}

typedef GiRef (*RepeatFn)(GiThread *, GiVal, ssize_t);

static GiRef repeat_sequence(GiThread *ts, RepeatFn repeat, GiVal seq, GiVal n) {
    if (!gi_type_of(n)->index)
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't multiply sequence by non-int of type '%.200T'", n);
    ssize_t count;
    if (gi_as_ssize(ts, n, false, &count)) {
        if (gi_exc_matches(ts, &gi_exc_IndexError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_OverflowError, "cannot fit '%.200T' into an index-sized integer", n);
        }
        return GI_NULL;
    }
    return repeat(ts, seq, count);
}

GiRef gi_binary(GiThread *ts, GiBinOp op, GiVal a, GiVal b) {
    GiRef r = binary_slots(ts, op, a, b);
    if (GI_LIKELY(!gi_is_notimplemented(r))) return r;
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b);
    if (op == GI_BIN_ADD && ta->concat) return ta->concat(ts, a, b);
    if (op == GI_BIN_MUL) {
        if (ta->repeat) return repeat_sequence(ts, ta->repeat, a, b);
        if (tb->repeat) return repeat_sequence(ts, tb->repeat, b, a);
    }
    return unsupported(ts, op_text[op], a, b);
}

/* PYSEM: what has anything of a sequence, as every class of Python code has, is not multiplied from the right by
 * *= (tests/diff/builtin_odd_arguments.py). */
static bool sequence_like(const GiType *type) {
    return type->flags & GI_TYPE_HEAP || type->contains || type->item || type->concat || type->length;
}

GiRef gi_inplace(GiThread *ts, GiBinOp op, GiVal a, GiVal b) {
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b);
    if (ta->inplace[op]) {
        GiRef r = ta->inplace[op](ts, a, b);
        if (!gi_is_notimplemented(r)) return r;
    }
    GiRef r = binary_slots(ts, op, a, b);
    if (GI_LIKELY(!gi_is_notimplemented(r))) return r;
    if (op == GI_BIN_ADD) {
        GiBinaryFn concat = ta->inplace_concat ? ta->inplace_concat : ta->concat;
        if (concat) return concat(ts, a, b);
    }
    if (op == GI_BIN_MUL) {
        RepeatFn repeat = ta->inplace_repeat ? ta->inplace_repeat : ta->repeat;
        if (repeat) return repeat_sequence(ts, repeat, a, b);
        if (tb->repeat && !sequence_like(ta)) return repeat_sequence(ts, tb->repeat, b, a);
    }
    return unsupported(ts, inplace_text[op], a, b);
}

GiRef gi_unary(GiThread *ts, GiUnOp op, GiVal a) {
    GiUnaryFn fn = gi_type_of(a)->unary[op];
    if (GI_LIKELY(fn)) return fn(ts, a);
    static const char *const text[] = {"unary -", "unary +", "unary ~", "abs()"};
    return gi_raise_ref(ts, &gi_exc_TypeError, "bad operand type for %s: '%.200T'", text[op], a);
}

GiRef gi_power(GiThread *ts, GiVal a, GiVal b, GiVal mod) {
    if (gi_is_null(mod) || gi_is_none(mod)) return gi_binary(ts, GI_BIN_POW, a, b);
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b), *tm = gi_type_of(mod);
    GiTernaryFn fa = ta->power, fb = ta == tb ? NULL : tb->power, fm = tm->power;
    if (fb == fa) fb = NULL;
    if (fa) {
        if (fb && gi_is_subtype(tb, ta)) {
            GiRef r = fb(ts, a, b, mod);
            if (!gi_is_notimplemented(r)) return r;
            fb = NULL;
        }
        GiRef r = fa(ts, a, b, mod);
        if (!gi_is_notimplemented(r)) return r;
    }
    if (fb) {
        GiRef r = fb(ts, a, b, mod);
        if (!gi_is_notimplemented(r)) return r;
    }
    if (fm && fm != fa && fm != tb->power) {
        GiRef r = fm(ts, a, b, mod);
        if (!gi_is_notimplemented(r)) return r;
    }
    return gi_raise_ref(ts, &gi_exc_TypeError,
                        "unsupported operand type(s) for ** or pow(): '%.100T', '%.100T', '%.100T'", a, b,
                        mod);
}

/* ---- Conversions ---- */

/* An int of exact type with the value of v, an instance of int or a subclass. */
static GiRef exact_int(GiThread *ts, GiVal v) {
    if (gi_is_int_exact(v)) return gi_dup(ts, v);
    int64_t i;
    if (gi_int_as_i64(v, &i) == 0) return gi_int_from_i64(ts, i);
    mp_limb_t store[1];
    const mp_limb_t *limbs;
    ssize_t n = gi_int_limbs(v, &limbs, store);
    return gi_int_from_limbs(ts, limbs, (size_t)(n < 0 ? -n : n), n < 0);
}

GiRef gi_index(GiThread *ts, GiVal v) {
    if (GI_LIKELY(gi_is_int(v))) return exact_int(ts, v);
    GiUnaryFn index = gi_type_of(v)->index;
    if (!index)
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object cannot be interpreted as an integer", v);
    GiRef r = index(ts, v);
    if (gi_is_null(r) || gi_is_int_exact(gi_val(r))) return r;
    GiRef exact = GI_NULL;
    if (!gi_is_int(gi_val(r)))
        gi_raise(ts, &gi_exc_TypeError, "__index__ returned non-int (type %.200T)", gi_val(r));
    else if (!gi_warn(ts, &gi_exc_DeprecationWarning, 1,
                      "__index__ returned non-int (type %.200T).  The ability to return an instance of a "
                      "strict subclass of int is deprecated, and may be removed in a future version of "
                      "Python.",
                      gi_val(r)))
        exact = exact_int(ts, gi_val(r));
    gi_drop(ts, r);
    return exact;
}

GiStatus gi_as_ssize(GiThread *ts, GiVal v, bool clip, ssize_t *out) {
    if (GI_LIKELY(gi_is_smallint(v))) {
        *out = (ssize_t)gi_smallint_value(v);
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t i;
    int over = gi_int_as_i64(gi_val(index), &i);
    gi_drop(ts, index);
    if (over && !clip)
        return gi_raise_status(ts, &gi_exc_IndexError, "cannot fit '%.200T' into an index-sized integer", v);
    *out = over > 0 ? (ssize_t)INT64_MAX : over < 0 ? (ssize_t)INT64_MIN : (ssize_t)i;
    return GI_OK;
}

GiStatus gi_as_i64(GiThread *ts, GiVal v, int64_t *out) {
    if (GI_LIKELY(gi_is_smallint(v))) {
        *out = gi_smallint_value(v);
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int over = gi_int_as_i64(gi_val(index), out);
    gi_drop(ts, index);
    if (!over) return GI_OK;
    return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
}

GiStatus gi_as_u64(GiThread *ts, GiVal v, uint64_t *out) {
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int over = gi_int_as_u64(gi_val(index), out);
    gi_drop(ts, index);
    if (!over) return GI_OK;
    return gi_raise_status(ts, &gi_exc_OverflowError,
                           over < 0 ? "can't convert negative int to unsigned" : "int too big to convert");
}

GiStatus gi_as_int(GiThread *ts, GiVal v, int *out) {
    int64_t i;
    if (GI_LIKELY(gi_is_smallint(v)) && (i = gi_smallint_value(v)) <= INT_MAX && i >= INT_MIN) {
        *out = (int)i;
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int over = gi_int_as_i64(gi_val(index), &i);
    gi_drop(ts, index);
    if (over || i > INT_MAX || i < INT_MIN)
        return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C int");
    *out = (int)i;
    return GI_OK;
}

GiStatus gi_as_double(GiThread *ts, GiVal v, double *out) {
    if (gi_is_double(v)) {
        *out = gi_double_value(v);
        return GI_OK;
    }
    if (gi_is_smallint(v)) {
        *out = (double)gi_smallint_value(v);
        return GI_OK;
    }
    if (gi_is_float(v)) {
        *out = gi_float_value(v);
        return GI_OK;
    }
    GiType *type = gi_type_of(v);
    if (type->to_float) {
        GiRef r = type->to_float(ts, v);
        if (gi_is_null(r)) return GI_FAIL;
        GiStatus status = GI_FAIL;
        if (!gi_is_float(gi_val(r))) {
            gi_raise(ts, &gi_exc_TypeError, "%.50T.__float__ returned non-float (type %.50T)", v, gi_val(r));
        } else if (gi_is_double(r) ||
                   !gi_warn(ts, &gi_exc_DeprecationWarning, 1,
                            "%.50T.__float__ returned non-float (type %.50T).  The ability to return an "
                            "instance of a strict subclass of float is deprecated, and may be removed in a "
                            "future version of Python.",
                            v, gi_val(r))) {
            *out = gi_float_value(gi_val(r));
            status = GI_OK;
        }
        gi_drop(ts, r);
        return status;
    }
    if (!type->index) return gi_raise_status(ts, &gi_exc_TypeError, "must be real number, not %.50T", v);
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    GiStatus status = gi_int_as_double(ts, gi_val(index), out);
    gi_drop(ts, index);
    return status;
}
