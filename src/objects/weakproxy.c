/* weakproxy.c - proxies: objects that pass every operation on to what they weakly refer to. */
#include "objects/container.h"
#include "objects/weakref.h"

#include "objects/weakproxy.gen.h"

void gi_weakref_destroy(GiThread *ts, GiObj *self);

/* The referent of a proxy, any other value as it is; null: ReferenceError is set. */
static GiRef unwrap(GiThread *ts, GiVal v) {
    if (!gi_is_weakproxy(v)) return gi_dup(ts, v);
    GiRef r = gi_weakref_get(ts, v);
    if (gi_is_null(r)) gi_raise(ts, &gi_exc_ReferenceError, "weakly-referenced object no longer exists");
    return r;
}

#define UNARY(name, expression)                                                                    \
    static GiRef name(GiThread *ts, GiVal self) {                                                  \
        GiRef x = unwrap(ts, self);                                                                \
        if (gi_is_null(x)) return x;                                                               \
        GiRef result = expression;                                                                 \
        gi_drop(ts, x);                                                                            \
        return result;                                                                             \
    }
UNARY(proxy_str, gi_str(ts, gi_val(x)))
UNARY(proxy_iter, gi_iter(ts, gi_val(x)))
UNARY(proxy_neg, gi_unary(ts, GI_UN_NEG, gi_val(x)))
UNARY(proxy_pos, gi_unary(ts, GI_UN_POS, gi_val(x)))
UNARY(proxy_invert, gi_unary(ts, GI_UN_INVERT, gi_val(x)))
UNARY(proxy_abs, gi_unary(ts, GI_UN_ABS, gi_val(x)))
UNARY(proxy_int, gi_call1(ts, gi_type_val(&gi_int_type), gi_val(x)))
UNARY(proxy_float, gi_call1(ts, gi_type_val(&gi_float_type), gi_val(x)))
UNARY(proxy_index, gi_index(ts, gi_val(x)))

static GiRef proxy_next(GiThread *ts, GiVal self) {
    GiRef x = unwrap(ts, self), result = GI_NULL;
    if (gi_is_null(x)) return x;
    if (!gi_is_iterator(gi_val(x)))
        gi_raise(ts, &gi_exc_TypeError, "Weakref proxy referenced a non-iterator '%.200T' object", gi_val(x));
    else
        result = gi_next(ts, gi_val(x));
    gi_drop(ts, x);
    return result;
}

/* Unwraps both and applies f(op). */
static GiRef apply(GiThread *ts, GiRef (*f)(GiThread *, GiBinOp, GiVal, GiVal), GiBinOp op, GiVal a, GiVal b) {
    GiRef x = unwrap(ts, a);
    if (gi_is_null(x)) return x;
    GiRef y = unwrap(ts, b), result = GI_NULL;
    if (!gi_is_null(y)) {
        result = f(ts, op, gi_val(x), gi_val(y));
        gi_drop(ts, y);
    }
    gi_drop(ts, x);
    return result;
}
#define OPERATORS(X)                                                                               \
    X(ADD) X(SUB) X(MUL) X(TRUEDIV) X(FLOORDIV) X(MOD) X(POW) X(LSHIFT) X(RSHIFT) X(AND) X(OR)     \
    X(XOR) X(MATMUL) X(DIVMOD)
#define BINARY(NAME)                                                                               \
    static GiRef proxy_##NAME(GiThread *ts, GiVal a, GiVal b) {                                    \
        return apply(ts, gi_binary, GI_BIN_##NAME, a, b);                                          \
    }                                                                                              \
    GI_UNUSED static GiRef proxy_i##NAME(GiThread *ts, GiVal a, GiVal b) {                         \
        return apply(ts, gi_inplace, GI_BIN_##NAME, a, b);                                         \
    }
OPERATORS(BINARY)

static GiRef proxy_power(GiThread *ts, GiVal a, GiVal b, GiVal c) {
    GiRef x = unwrap(ts, a), y = GI_NULL, z = GI_NULL, result = GI_NULL;
    if (!gi_is_null(x)) y = unwrap(ts, b);
    if (!gi_is_null(y)) z = unwrap(ts, c);
    if (!gi_is_null(z)) result = gi_power(ts, gi_val(x), gi_val(y), gi_val(z));
    gi_xdrop(ts, x);
    gi_xdrop(ts, y);
    gi_xdrop(ts, z);
    return result;
}

static GiRef proxy_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    GiRef x = unwrap(ts, a), y = GI_NULL, result = GI_NULL;
    if (!gi_is_null(x)) y = unwrap(ts, b);
    if (!gi_is_null(y)) result = gi_compare(ts, gi_val(x), gi_val(y), op);
    gi_xdrop(ts, x);
    gi_xdrop(ts, y);
    return result;
}

static GiTruth proxy_truth(GiThread *ts, GiVal self) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return GI_TRUTH_FAIL;
    GiTruth t = gi_truth(ts, gi_val(x));
    gi_drop(ts, x);
    return t;
}

static ssize_t proxy_length(GiThread *ts, GiVal self) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return -1;
    ssize_t n = gi_length(ts, gi_val(x));
    gi_drop(ts, x);
    return n;
}

static GiTruth proxy_contains(GiThread *ts, GiVal self, GiVal item) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return GI_TRUTH_FAIL;
    GiTruth t = gi_contains(ts, gi_val(x), item);
    gi_drop(ts, x);
    return t;
}

static GiRef proxy_subscript(GiThread *ts, GiVal self, GiVal key) {
    GiRef x = unwrap(ts, self), k = GI_NULL, result = GI_NULL;
    if (!gi_is_null(x)) k = unwrap(ts, key);
    if (!gi_is_null(k)) result = gi_getitem(ts, gi_val(x), gi_val(k));
    gi_xdrop(ts, x);
    gi_xdrop(ts, k);
    return result;
}

static GiStatus proxy_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return GI_FAIL;
    GiStatus status = gi_is_null(value) ? gi_delitem(ts, gi_val(x), key) : gi_setitem(ts, gi_val(x), key, value);
    gi_drop(ts, x);
    return status;
}

static GiRef proxy_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return x;
    GiRef result = gi_getattr(ts, gi_val(x), name);
    gi_drop(ts, x);
    return result;
}

static GiStatus proxy_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return GI_FAIL;
    GiStatus status =
        gi_is_null(value) ? gi_delattr(ts, gi_val(x), name) : gi_setattr(ts, gi_val(x), name, value);
    gi_drop(ts, x);
    return status;
}

static GiRef proxy_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return x;
    GiRef result = gi_call(ts, gi_val(x), args, nargs, kwnames);
    gi_drop(ts, x);
    return result;
}

static GiRef proxy_repr(GiThread *ts, GiVal self) {
    GiRef x = gi_weakref_get(ts, self);
    GiVal shown = gi_is_null(x) ? GI_NONE : gi_val(x);
    void *where = gi_is_null(x) ? (void *)&gi_none_type : (void *)gi_obj(x);
    GiRef text = gi_str_format(ts, "<weakproxy at %p to %T at %p>", (void *)gi_obj(self), shown, where);
    gi_xdrop(ts, x);
    return text;
}

GI_METHOD(weakproxy, __bytes__, "(self, /)", NULL) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return x;
    GiRef result = gi_call_method_cstr(ts, gi_val(x), "__bytes__", NULL, 0);
    gi_drop(ts, x);
    return result;
}

GI_METHOD(weakproxy, __reversed__, "(self, /)", NULL) {
    GiRef x = unwrap(ts, self);
    if (gi_is_null(x)) return x;
    GiRef result = gi_call_method_cstr(ts, gi_val(x), "__reversed__", NULL, 0);
    gi_drop(ts, x);
    return result;
}

static const GiField weakproxy_fields[] = {GI_SLOT(GiWeakRef, callback), GI_FIELDS_END};

/* Unhashable: `compare` without `hash`. */
#define SLOT(NAME) [GI_BIN_##NAME] = proxy_##NAME,
#define INPLACE_SLOT(NAME) [GI_BIN_##NAME] = proxy_i##NAME,
#define PROXY_SLOTS                                                                                \
    .fields = weakproxy_fields, .methods = weakproxy_methods, .destroy = gi_weakref_destroy,       \
    .repr = proxy_repr, .str = proxy_str, .compare = proxy_compare, .truth = proxy_truth,          \
    .getattr = proxy_getattr, .setattr = proxy_setattr, .iter = proxy_iter, .next = proxy_next,    \
    .length = proxy_length, .subscript = proxy_subscript, .set_subscript = proxy_set_subscript,    \
    .contains = proxy_contains, .binary = {OPERATORS(SLOT)}, .power = proxy_power,                 \
    .inplace = {[GI_BIN_ADD] = proxy_iADD, [GI_BIN_SUB] = proxy_iSUB, [GI_BIN_MUL] = proxy_iMUL,   \
                [GI_BIN_TRUEDIV] = proxy_iTRUEDIV, [GI_BIN_FLOORDIV] = proxy_iFLOORDIV,            \
                [GI_BIN_MOD] = proxy_iMOD, [GI_BIN_POW] = proxy_iPOW,                              \
                [GI_BIN_LSHIFT] = proxy_iLSHIFT, [GI_BIN_RSHIFT] = proxy_iRSHIFT,                  \
                [GI_BIN_AND] = proxy_iAND, [GI_BIN_OR] = proxy_iOR, [GI_BIN_XOR] = proxy_iXOR,     \
                [GI_BIN_MATMUL] = proxy_iMATMUL},                                                  \
    .unary = {[GI_UN_NEG] = proxy_neg, [GI_UN_POS] = proxy_pos, [GI_UN_INVERT] = proxy_invert,     \
              [GI_UN_ABS] = proxy_abs},                                                            \
    .to_int = proxy_int, .to_float = proxy_float, .index = proxy_index

GiType gi_weakproxy_type = {
    .obj = GI_TYPE_HEAD,
    .name = "ProxyType",
    .module = "weakref",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(GiWeakRef),
    .base = &gi_object_type,
    PROXY_SLOTS,
};
GiType gi_weakcallableproxy_type = {
    .obj = GI_TYPE_HEAD,
    .name = "CallableProxyType",
    .module = "weakref",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(GiWeakRef),
    .base = &gi_object_type,
    .call = proxy_call,
    PROXY_SLOTS,
};
