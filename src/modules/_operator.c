/* _operator - the operators as functions, and itemgetter, attrgetter, methodcaller.
 *
 * The getters are immutable after they were made; no locks.
 */
#include "modules/compare_digest.h"
#include "modules/module.h"
#include "objects/whole.h"

typedef struct Getter {
    GiObj obj;
    GiSlot items; /* tuple: items, dotted names as tuples of names, or (name, *args) of a method */
    GiSlot shown; /* tuple for repr and pickling (attrgetter: the names as given) */
    GiSlot kwargs; /* methodcaller: dict or null */
    bool single;
} Getter;

#include "_operator.gen.h"

#define GETTER(v) ((Getter *)gi_obj(v))

static GiRef truth_ref(GiTruth t) { return t.value < 0 ? GI_NULL : gi_bool_ref(t.value); }

/* How often x is among the items of `seq`, or where it is first. */
static GiRef count_or_index(GiThread *ts, GiVal seq, GiVal x, bool index) {
    GiRef it = gi_iter_whole(ts, seq);
    if (gi_is_null(it)) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "argument of type '%.200T' is not iterable", seq);
        }
        return GI_NULL;
    }
    int64_t n = 0;
    GiRef r = GI_NULL;
    for (;;) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) break;
            if (index)
                gi_raise(ts, &gi_exc_ValueError, "sequence.index(x): x not in sequence");
            else
                r = gi_int_from_i64(ts, n);
            break;
        }
        GiTruth same = gi_equal(ts, gi_val(item), x);
        gi_drop(ts, item);
        if (same.value < 0) break;
        if (same.value && index) {
            r = gi_int_from_i64(ts, n);
            break;
        }
        if (same.value || index) n++;
    }
    gi_drop(ts, it);
    return r;
}

/* a + b where both are sequences, by concat slots before numbers' addition. */
static GiRef concatenate(GiThread *ts, GiVal a, GiVal b, bool inplace) {
    GiType *t = gi_type_of(a);
    if (inplace && t->inplace_concat) return t->inplace_concat(ts, a, b);
    if (t->concat) return t->concat(ts, a, b);
    if (gi_is_sequence(a) && gi_is_sequence(b))
        return inplace ? gi_inplace(ts, GI_BIN_ADD, a, b) : gi_binary(ts, GI_BIN_ADD, a, b);
    return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object can't be concatenated", a);
}

/* Compares without a branch that depends on the content. */
static bool same_bytes(const uint8_t *x, size_t nx, const uint8_t *y, size_t ny) {
    volatile uint8_t difference = nx != ny;
    const uint8_t *left = nx == ny ? x : y;
    for (size_t i = 0; i < ny; i++) difference |= left[i] ^ y[i];
    return difference == 0;
}

GiRef gi_compare_digest(GiThread *ts, GiVal a, GiVal b) {
    if (gi_is_str(a) && gi_is_str(b)) {
        if (!gi_str_is_ascii(a) || !gi_str_is_ascii(b))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "comparing strings with non-ASCII characters is not supported");
        return gi_bool_ref(same_bytes(gi_str_data(a), gi_str_len(a), gi_str_data(b), gi_str_len(b)));
    }
    if (!gi_has_buffer(a) && !gi_has_buffer(b))
        return gi_raise_ref(ts, &gi_exc_TypeError, "unsupported operand types(s) or combination of types: "
                            "'%.100T' and '%.100T'", a, b);
    GiBuffer x = {0}, y = {0};
    if (gi_buffer_get(ts, a, &x, GI_BUF_BRIEF)) return GI_NULL;
    if (gi_buffer_get(ts, b, &y, GI_BUF_BRIEF)) {
        gi_buffer_release(ts, &x);
        return GI_NULL;
    }
    bool same = same_bytes(x.data, (size_t)x.len, y.data, (size_t)y.len);
    gi_buffer_release(ts, &x);
    gi_buffer_release(ts, &y);
    return gi_bool_ref(same);
}

GI_FUNCTION(_operator, truth, "(a, /)", "Return True if a is true, False otherwise.") {
    return truth_ref(gi_truth(ts, a->a));
}

GI_FUNCTION(_operator, contains, "(a, b, /)", "Same as b in a (note reversed operands).") {
    return truth_ref(gi_contains(ts, a->a, a->b));
}

GI_FUNCTION(_operator, indexOf, "(a, b, /)", "Return the first index of b in a.") {
    return count_or_index(ts, a->a, a->b, true);
}

GI_FUNCTION(_operator, countOf, "(a, b, /)", "Return the number of items in a which are, or which equal, b.") {
    return count_or_index(ts, a->a, a->b, false);
}

GI_FUNCTION(_operator, is_, "(a, b, /)", "Same as a is b.") {
    return gi_bool_ref(gi_same(a->a, a->b));
}

GI_FUNCTION(_operator, is_not, "(a, b, /)", "Same as a is not b.") {
    return gi_bool_ref(!gi_same(a->a, a->b));
}

GI_FUNCTION(_operator, index, "(a, /)", "Same as a.__index__()") {
    return gi_index(ts, a->a);
}

GI_FUNCTION(_operator, add, "(a, b, /)", "Same as a + b.") {
    return gi_binary(ts, GI_BIN_ADD, a->a, a->b);
}

GI_FUNCTION(_operator, sub, "(a, b, /)", "Same as a - b.") {
    return gi_binary(ts, GI_BIN_SUB, a->a, a->b);
}

GI_FUNCTION(_operator, mul, "(a, b, /)", "Same as a * b.") {
    return gi_binary(ts, GI_BIN_MUL, a->a, a->b);
}

GI_FUNCTION(_operator, matmul, "(a, b, /)", "Same as a @ b.") {
    return gi_binary(ts, GI_BIN_MATMUL, a->a, a->b);
}

GI_FUNCTION(_operator, floordiv, "(a, b, /)", "Same as a // b.") {
    return gi_binary(ts, GI_BIN_FLOORDIV, a->a, a->b);
}

GI_FUNCTION(_operator, truediv, "(a, b, /)", "Same as a / b.") {
    return gi_binary(ts, GI_BIN_TRUEDIV, a->a, a->b);
}

GI_FUNCTION(_operator, mod, "(a, b, /)", "Same as a % b.") {
    return gi_binary(ts, GI_BIN_MOD, a->a, a->b);
}

GI_FUNCTION(_operator, lshift, "(a, b, /)", "Same as a << b.") {
    return gi_binary(ts, GI_BIN_LSHIFT, a->a, a->b);
}

GI_FUNCTION(_operator, rshift, "(a, b, /)", "Same as a >> b.") {
    return gi_binary(ts, GI_BIN_RSHIFT, a->a, a->b);
}

GI_FUNCTION(_operator, and_, "(a, b, /)", "Same as a & b.") {
    return gi_binary(ts, GI_BIN_AND, a->a, a->b);
}

GI_FUNCTION(_operator, xor, "(a, b, /)", "Same as a ^ b.") {
    return gi_binary(ts, GI_BIN_XOR, a->a, a->b);
}

GI_FUNCTION(_operator, or_, "(a, b, /)", "Same as a | b.") {
    return gi_binary(ts, GI_BIN_OR, a->a, a->b);
}

GI_FUNCTION(_operator, neg, "(a, /)", "Same as -a.") {
    return gi_unary(ts, GI_UN_NEG, a->a);
}

GI_FUNCTION(_operator, pos, "(a, /)", "Same as +a.") {
    return gi_unary(ts, GI_UN_POS, a->a);
}

GI_FUNCTION(_operator, abs, "(a, /)", "Same as abs(a).") {
    return gi_unary(ts, GI_UN_ABS, a->a);
}

GI_FUNCTION(_operator, inv, "(a, /)", "Same as ~a.") {
    return gi_unary(ts, GI_UN_INVERT, a->a);
}

GI_FUNCTION(_operator, invert, "(a, /)", "Same as ~a.") {
    return gi_unary(ts, GI_UN_INVERT, a->a);
}

GI_FUNCTION(_operator, not_, "(a, /)", "Same as not a.") {
    GiTruth t = gi_truth(ts, a->a);
    return t.value < 0 ? GI_NULL : gi_bool_ref(!t.value);
}

GI_FUNCTION(_operator, iadd, "(a, b, /)", "Same as a += b.") {
    return gi_inplace(ts, GI_BIN_ADD, a->a, a->b);
}

GI_FUNCTION(_operator, isub, "(a, b, /)", "Same as a -= b.") {
    return gi_inplace(ts, GI_BIN_SUB, a->a, a->b);
}

GI_FUNCTION(_operator, imul, "(a, b, /)", "Same as a *= b.") {
    return gi_inplace(ts, GI_BIN_MUL, a->a, a->b);
}

GI_FUNCTION(_operator, imatmul, "(a, b, /)", "Same as a @= b.") {
    return gi_inplace(ts, GI_BIN_MATMUL, a->a, a->b);
}

GI_FUNCTION(_operator, ifloordiv, "(a, b, /)", "Same as a //= b.") {
    return gi_inplace(ts, GI_BIN_FLOORDIV, a->a, a->b);
}

GI_FUNCTION(_operator, itruediv, "(a, b, /)", "Same as a /= b.") {
    return gi_inplace(ts, GI_BIN_TRUEDIV, a->a, a->b);
}

GI_FUNCTION(_operator, imod, "(a, b, /)", "Same as a %= b.") {
    return gi_inplace(ts, GI_BIN_MOD, a->a, a->b);
}

GI_FUNCTION(_operator, ilshift, "(a, b, /)", "Same as a <<= b.") {
    return gi_inplace(ts, GI_BIN_LSHIFT, a->a, a->b);
}

GI_FUNCTION(_operator, irshift, "(a, b, /)", "Same as a >>= b.") {
    return gi_inplace(ts, GI_BIN_RSHIFT, a->a, a->b);
}

GI_FUNCTION(_operator, iand, "(a, b, /)", "Same as a &= b.") {
    return gi_inplace(ts, GI_BIN_AND, a->a, a->b);
}

GI_FUNCTION(_operator, ixor, "(a, b, /)", "Same as a ^= b.") {
    return gi_inplace(ts, GI_BIN_XOR, a->a, a->b);
}

GI_FUNCTION(_operator, ior, "(a, b, /)", "Same as a |= b.") {
    return gi_inplace(ts, GI_BIN_OR, a->a, a->b);
}

GI_FUNCTION(_operator, concat, "(a, b, /)", "Same as a + b, for a and b sequences.") {
    return concatenate(ts, a->a, a->b, false);
}

GI_FUNCTION(_operator, iconcat, "(a, b, /)", "Same as a += b, for a and b sequences.") {
    return concatenate(ts, a->a, a->b, true);
}

GI_FUNCTION(_operator, getitem, "(a, b, /)", "Same as a[b].") {
    return gi_getitem(ts, a->a, a->b);
}

GI_FUNCTION(_operator, setitem, "(a, b, c, /)", "Same as a[b] = c.") {
    return gi_setitem(ts, a->a, a->b, a->c) ? GI_NULL : GI_REF_NONE;
}

GI_FUNCTION(_operator, delitem, "(a, b, /)", "Same as del a[b].") {
    return gi_delitem(ts, a->a, a->b) ? GI_NULL : GI_REF_NONE;
}

GI_FUNCTION(_operator, pow, "(a, b, /)", "Same as a ** b.") {
    return gi_binary(ts, GI_BIN_POW, a->a, a->b);
}

GI_FUNCTION(_operator, ipow, "(a, b, /)", "Same as a **= b.") {
    return gi_inplace(ts, GI_BIN_POW, a->a, a->b);
}

GI_FUNCTION(_operator, eq, "(a, b, /)", "Same as a == b.") {
    return gi_compare(ts, a->a, a->b, GI_EQ);
}

GI_FUNCTION(_operator, ne, "(a, b, /)", "Same as a != b.") {
    return gi_compare(ts, a->a, a->b, GI_NE);
}

GI_FUNCTION(_operator, lt, "(a, b, /)", "Same as a < b.") {
    return gi_compare(ts, a->a, a->b, GI_LT);
}

GI_FUNCTION(_operator, le, "(a, b, /)", "Same as a <= b.") {
    return gi_compare(ts, a->a, a->b, GI_LE);
}

GI_FUNCTION(_operator, gt, "(a, b, /)", "Same as a > b.") {
    return gi_compare(ts, a->a, a->b, GI_GT);
}

GI_FUNCTION(_operator, ge, "(a, b, /)", "Same as a >= b.") {
    return gi_compare(ts, a->a, a->b, GI_GE);
}

GI_FUNCTION(_operator, length_hint, "(obj, default: ssize = 0, /)", "Return an estimate of the number of items in obj.\n\nThis is useful for presizing containers when building from an iterable.\n\nIf the object supports len(), the result will be exact.\nOtherwise, it may over- or under-estimate by an arbitrary amount.") {
    ssize_t n = gi_length_hint(ts, a->obj, a->default_); /* the default may be negative */
    return n < 0 && gi_raised(ts) ? GI_NULL : gi_int_from_i64(ts, n);
}

GI_FUNCTION(_operator, call, "(obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs).") {
    GiRef args = gi_tuple_from(ts, a->args, a->args_count);
    if (gi_is_null(args)) return GI_NULL;
    GiRef r = gi_call_ex(ts, a->obj, gi_val(args), a->kwargs);
    gi_drop(ts, args);
    return r;
}

GI_FUNCTION(_operator, _compare_digest, "(a, b, /)", "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, making it appropriate for cryptography.\n\na and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\nNote: If a and b are of different lengths, or if an error occurs,\na timing attack could theoretically reveal information about the\ntypes and lengths of a and b--but not their values.") {
    return gi_compare_digest(ts, a->a, a->b);
}

/* ---- itemgetter, attrgetter, methodcaller ---- */

static GiRef getter_make(GiThread *ts, GiType *type, GiRef items, GiRef shown) {
    GiRef self = gi_is_null(items) || gi_is_null(shown) ? GI_NULL : gi_type_alloc(ts, type, 0);
    if (gi_is_null(self)) {
        gi_xdrop(ts, items);
        gi_xdrop(ts, shown);
        return GI_NULL;
    }
    GETTER(self)->single = gi_tuple_len(items) == 1;
    gi_slot_init(&GETTER(self)->items, items);
    gi_slot_init(&GETTER(self)->shown, shown);
    return self;
}

static GiStatus one_argument(GiThread *ts, const char *name, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, name, kwnames)) return GI_FAIL;
    return gi_check_args(ts, name, nargs, 1, 1);
}

/* f(obj) for one item, (f(obj), ...) for several. */
static GiRef getter_apply(GiThread *ts, Getter *g, GiVal obj, GiRef (*get)(GiThread *, GiVal, GiVal)) {
    GiVal items = gi_val(g->items);
    if (g->single) return get(ts, obj, gi_tuple_get(items, 0));
    size_t n = gi_tuple_len(items);
    GiRef result = gi_tuple_new(ts, n);
    for (size_t i = 0; i < n && !gi_is_null(result); i++) {
        GiRef x = get(ts, obj, gi_tuple_get(items, i));
        if (gi_is_null(x)) {
            gi_drop(ts, result);
            return GI_NULL;
        }
        gi_tuple_init(result, i, x);
    }
    return result;
}

static GiRef getter_reduce(GiThread *ts, GiVal self) {
    return gi_tuple_pack(ts, 2, gi_type_val(gi_type_of(self)), gi_val(GETTER(self)->shown));
}

static GiRef getter_repr(GiThread *ts, GiVal self) {
    GiVal shown = gi_val(GETTER(self)->shown);
    const char *name = gi_type_name(self);
    int entered = gi_repr_enter(ts, self);
    if (entered < 0) return GI_NULL;
    if (entered) return gi_str_format(ts, "%s(...)", name);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_ascii(&sb, name, strlen(name));
    gi_sb_char(&sb, '(');
    for (size_t i = 0; i < gi_tuple_len(shown); i++) {
        if (i) gi_sb_lit(&sb, ", ");
        gi_sb_repr(&sb, gi_tuple_get(shown, i));
    }
    size_t pos = 0;
    GiVal key, value;
    while (!gi_is_null(GETTER(self)->kwargs) && gi_dict_next_peek(gi_val(GETTER(self)->kwargs), &pos, &key, &value)) {
        gi_sb_lit(&sb, ", ");
        gi_sb_str(&sb, key);
        gi_sb_char(&sb, '=');
        gi_sb_repr(&sb, value);
    }
    gi_sb_char(&sb, ')');
    GiRef r = gi_sb_finish(&sb);
    gi_repr_leave(ts, self);
    return r;
}

static const GiField getter_fields[] = {GI_SLOT(Getter, items), GI_SLOT(Getter, shown),
                                        GI_SLOT(Getter, kwargs), GI_FIELDS_END};
#define GETTER_TYPE                                                                                \
    .obj = GI_TYPE_HEAD, .size = sizeof(Getter), .module = "operator", .flags = GI_TYPE_GC,        \
    .fields = getter_fields, .repr = getter_repr

static GiRef itemgetter_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "itemgetter", kwnames)) return GI_NULL;
    if (nargs < 1) return gi_raise_ref(ts, &gi_exc_TypeError, "itemgetter expected 1 argument, got 0");
    return getter_make(ts, type, gi_tuple_from(ts, args, nargs), gi_tuple_from(ts, args, nargs));
}
static GiRef itemgetter_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (one_argument(ts, "itemgetter", nargs, kwnames)) return GI_NULL;
    return getter_apply(ts, GETTER(self), args[0], gi_getitem);
}
GI_METHOD(itemgetter, __reduce__, "(self, /)", "Return state information for pickling") {
    return getter_reduce(ts, self);
}
static GiType itemgetter_type = {
    GETTER_TYPE, .name = "itemgetter", .new_ = itemgetter_new, .call = itemgetter_call,
    .methods = itemgetter_methods,
    .doc = "itemgetter(item, ...) --> itemgetter object\n\nReturn a callable object that fetches the given "
           "item(s) from its operand.\nAfter f = itemgetter(2), the call f(r) returns r[2].\nAfter g = "
           "itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
};

/* "a.b" as the tuple ("a", "b") of interned names. */
static GiRef split_name(GiThread *ts, GiVal name) {
    size_t n = gi_str_len(name), count = 1, start = 0, k = 0;
    for (size_t i = 0; i < n; i++) count += gi_str_char(name, i) == '.';
    GiRef parts = gi_tuple_new(ts, count);
    for (size_t i = 0; i <= n && !gi_is_null(parts); i++) {
        if (i < n && gi_str_char(name, i) != '.') continue;
        GiRef part = gi_str_slice(ts, name, start, i);
        if (!gi_is_null(part)) part = gi_str_intern(ts, part);
        if (gi_is_null(part)) {
            gi_drop(ts, parts);
            return GI_NULL;
        }
        gi_tuple_init(parts, k++, part);
        start = i + 1;
    }
    return parts;
}

static GiRef attrgetter_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "attrgetter", kwnames)) return GI_NULL;
    if (nargs < 1) return gi_raise_ref(ts, &gi_exc_TypeError, "attrgetter expected 1 argument, got 0");
    GiRef names = gi_tuple_new(ts, nargs);
    for (size_t i = 0; i < nargs && !gi_is_null(names); i++) {
        GiRef parts = gi_is_str(args[i]) ? split_name(ts, args[i])
                                         : gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be a string");
        if (gi_is_null(parts)) {
            gi_drop(ts, names);
            return GI_NULL;
        }
        gi_tuple_init(names, i, parts);
    }
    return getter_make(ts, type, names, gi_tuple_from(ts, args, nargs));
}
static GiRef get_dotted(GiThread *ts, GiVal obj, GiVal names) {
    GiRef v = gi_dup(ts, obj);
    for (size_t i = 0; i < gi_tuple_len(names) && !gi_is_null(v); i++) {
        GiRef next = gi_getattr(ts, gi_val(v), gi_tuple_get(names, i));
        gi_drop(ts, v);
        v = next;
    }
    return v;
}
static GiRef attrgetter_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (one_argument(ts, "attrgetter", nargs, kwnames)) return GI_NULL;
    return getter_apply(ts, GETTER(self), args[0], get_dotted);
}
GI_METHOD(attrgetter, __reduce__, "(self, /)", "Return state information for pickling") {
    return getter_reduce(ts, self);
}
static GiType attrgetter_type = {
    GETTER_TYPE, .name = "attrgetter", .new_ = attrgetter_new, .call = attrgetter_call,
    .methods = attrgetter_methods,
    .doc = "attrgetter(attr, ...) --> attrgetter object\n\nReturn a callable object that fetches the given "
           "attribute(s) from its operand.\nAfter f = attrgetter('name'), the call f(r) returns r.name.\nAfter g "
           "= attrgetter('name', 'date'), the call g(r) returns (r.name, r.date).\nAfter h = "
           "attrgetter('name.first', 'name.last'), the call h(r) returns\n(r.name.first, r.name.last).",
};

static GiRef methodcaller_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (nargs < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "methodcaller needs at least one argument, the method name");
    if (!gi_is_str(args[0])) return gi_raise_ref(ts, &gi_exc_TypeError, "method name must be a string");
    GiRef shown = gi_tuple_from(ts, args, nargs);
    if (gi_is_null(shown)) return GI_NULL;
    GiRef self = getter_make(ts, type, gi_dup(ts, gi_val(shown)), shown);
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (gi_is_null(self) || kw == 0) return self;
    GiRef dict = gi_dict_new(ts);
    GiStatus status = gi_is_null(dict) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < kw && !status; i++)
        status = gi_dict_set(ts, gi_val(dict), gi_tuple_get(kwnames, i), args[nargs + i]);
    gi_slot_init(&GETTER(self)->kwargs, dict);
    if (!status) return self;
    gi_drop(ts, self);
    return GI_NULL;
}
static GiRef methodcaller_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (one_argument(ts, "methodcaller", nargs, kwnames)) return GI_NULL;
    Getter *g = GETTER(self);
    GiRef method = gi_getattr(ts, args[0], gi_tuple_get(gi_val(g->items), 0));
    if (gi_is_null(method)) return GI_NULL;
    GiRef rest = gi_tuple_slice(ts, gi_val(g->items), 1, gi_tuple_len(gi_val(g->items)));
    GiRef r = gi_is_null(rest) ? GI_NULL : gi_call_ex(ts, gi_val(method), gi_val(rest), gi_val(g->kwargs));
    gi_xdrop(ts, rest);
    gi_drop(ts, method);
    return r;
}
GI_METHOD(methodcaller, __reduce__, "(self, /)", "Return state information for pickling") {
    Getter *g = GETTER(self);
    if (gi_is_null(g->kwargs)) return getter_reduce(ts, self);
    GiVal cls = gi_type_val(gi_type_of(self)), items = gi_val(g->items);
    GiRef partial = gi_import_attr(ts, "functools", "partial");
    if (gi_is_null(partial)) return GI_NULL;
    GiRef head = gi_tuple_pack(ts, 2, cls, gi_tuple_get(items, 0)), fn = GI_NULL, rest = GI_NULL, r = GI_NULL;
    if (!gi_is_null(head)) fn = gi_call_ex(ts, gi_val(partial), gi_val(head), gi_val(g->kwargs));
    if (!gi_is_null(fn)) rest = gi_tuple_slice(ts, items, 1, gi_tuple_len(items));
    if (!gi_is_null(rest)) r = gi_tuple_pack(ts, 2, gi_val(fn), gi_val(rest));
    gi_drop(ts, partial);
    gi_xdrop(ts, head);
    gi_xdrop(ts, fn);
    gi_xdrop(ts, rest);
    return r;
}
static GiType methodcaller_type = {
    GETTER_TYPE, .name = "methodcaller", .new_ = methodcaller_new, .call = methodcaller_call,
    .methods = methodcaller_methods,
    .doc = "methodcaller(name, ...) --> methodcaller object\n\nReturn a callable object that calls the given "
           "method on its operand.\nAfter f = methodcaller('name'), the call f(r) returns r.name().\nAfter g = "
           "methodcaller('name', 'date', foo=1), the call g(r) returns\nr.name('date', foo=1).",
};

static GiStatus operator_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &itemgetter_type) || gi_module_add_type(ts, module, &attrgetter_type) ||
        gi_module_add_type(ts, module, &methodcaller_type))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__operator = {
    .name = "_operator",
    .doc = "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the "
           "intrinsic operators of Python.  For example, operator.add(x, y)\nis equivalent to the expression "
           "x+y.  The function names are those\nused for special methods; variants without leading and "
           "trailing\n'__' are also provided for convenience.",
    .functions = _operator_functions,
    .exec = operator_exec,
};
