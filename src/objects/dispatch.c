/* dispatch.c - slots of Python classes: dispatchers that call the special methods.
 *
 * A slot of a heap type is either that of a builtin base (when no Python class overrides any of
 * the slot's methods) or a dispatcher, a function that looks its method up on the type and calls
 * it. gi_type_update_slots decides which. No state; the lookups are cached by type.c.
 */
#include "objects/dispatch.h"
#include "memory/slots.h"
#include "objects/type_dict.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include <alloca.h>

/* ---- Calling a special method ---- */

GiRef gi_bind(GiThread *ts, GiRef descr, GiVal obj, GiType *type) {
    GiType *t = gi_type_of(gi_val(descr));
    if (!t->descr_get) return descr;
    GiRef bound = t->descr_get(ts, gi_val(descr), obj, gi_type_val(type));
    gi_drop(ts, descr);
    return bound;
}

static GiRef call_found(GiThread *ts, GiRef fn, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef result;
    if (gi_has_flag(gi_val(fn), GI_TYPE_METHOD_DESCR)) {
        result = gi_call(ts, gi_val(fn), args, nargs, kwnames);
    } else {
        fn = gi_bind(ts, fn, args[0], gi_type_of(args[0]));
        if (gi_is_null(fn)) return GI_NULL;
        result = gi_call(ts, gi_val(fn), args + 1, nargs - 1, kwnames);
    }
    gi_drop(ts, fn);
    return result;
}

GiRef gi_call_special(GiThread *ts, GiVal name, const GiVal *args, size_t nargs) {
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(args[0]), name);
    if (gi_is_null(found)) {
        gi_raise_value(ts, &gi_exc_AttributeError, name);
        return GI_NULL;
    }
    return call_found(ts, gi_dup(ts, found), args, nargs, GI_NOVAL);
}

GiStatus gi_call_special_opt(GiThread *ts, GiVal name, const GiVal *args, size_t nargs, GiRef *out) {
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(args[0]), name);
    *out = GI_NULL;
    if (gi_is_null(found)) return GI_OK;
    *out = call_found(ts, gi_dup(ts, found), args, nargs, GI_NOVAL);
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}

static GiRef call1(GiThread *ts, GiVal name, GiVal self) { return gi_call_special(ts, name, &self, 1); }
static GiRef call2(GiThread *ts, GiVal name, GiVal self, GiVal a) {
    GiVal args[2] = {self, a};
    return gi_call_special(ts, name, args, 2);
}
static GiRef call3(GiThread *ts, GiVal name, GiVal self, GiVal a, GiVal b) {
    GiVal args[3] = {self, a, b};
    return gi_call_special(ts, name, args, 3);
}
static GiStatus drop_result(GiThread *ts, GiRef r) {
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* True when the class switched the method off by `name = None`. */
static bool is_switched_off(GiThread *ts, GiVal self, GiVal name) {
    return gi_is_none(gi_type_lookup_peek(ts, gi_type_of(self), name));
}

/* ---- Life ---- */

static GiRef slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef fn = gi_type_lookup(ts, type, GI_N(__new__));
    if (gi_is_null(fn)) return gi_raise_ref(ts, &gi_exc_TypeError, "cannot create '%.100s' instances", type->name);
    if (gi_is_exact(gi_val(fn), &gi_staticmethod_type)) {
        GiRef inner = gi_slot_load(ts, &((GiWrapMethod *)gi_obj(fn))->func);
        gi_drop(ts, fn);
        fn = inner;
    } else {
        fn = gi_bind(ts, fn, GI_NOVAL, type);
        if (gi_is_null(fn)) return GI_NULL;
    }
    size_t total = nargs + (gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames));
    bool large = total > 64;
    GiVal *all = large ? gi_mem_alloc(ts, (total + 1) * sizeof *all) : alloca((total + 1) * sizeof *all);
    if (!all) {
        gi_drop(ts, fn);
        return GI_NULL;
    }
    all[0] = gi_type_val(type);
    if (total) memcpy(all + 1, args, total * sizeof *all);
    GiRef result = gi_call(ts, gi_val(fn), all, nargs + 1, kwnames);
    if (large) gi_mem_free(all);
    gi_drop(ts, fn);
    return result;
}

/* Calls self.name(*args, **kw): the receiver is put in front of the arguments. */
static GiRef call_with_receiver(GiThread *ts, GiVal name, GiVal self, const GiVal *args, size_t nargs,
                                GiVal kwnames) {
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(self), name);
    if (gi_is_null(found)) {
        gi_raise_value(ts, &gi_exc_AttributeError, name);
        return GI_NULL;
    }
    GiRef fn = gi_dup(ts, found);
    size_t total = nargs + (gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames));
    GiRef result;
    if (gi_has_flag(gi_val(fn), GI_TYPE_METHOD_DESCR)) {
        bool large = total > 64;
        GiVal *all = large ? gi_mem_alloc(ts, (total + 1) * sizeof *all)
                           : alloca((total + 1) * sizeof *all);
        if (!all) {
            gi_drop(ts, fn);
            return GI_NULL;
        }
        all[0] = self;
        if (total) memcpy(all + 1, args, total * sizeof *all);
        result = gi_call(ts, gi_val(fn), all, nargs + 1, kwnames);
        if (large) gi_mem_free(all);
    } else {
        fn = gi_bind(ts, fn, self, gi_type_of(self));
        if (gi_is_null(fn)) return GI_NULL;
        result = gi_call(ts, gi_val(fn), args, nargs, kwnames);
    }
    gi_drop(ts, fn);
    return result;
}

static GiStatus slot_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef r = call_with_receiver(ts, GI_N(__init__), self, args, nargs, kwnames);
    if (gi_is_null(r)) return GI_FAIL;
    if (GI_LIKELY(gi_is_none(r))) return GI_OK;
    gi_raise(ts, &gi_exc_TypeError, "__init__() should return None, not '%.200T'", gi_val(r));
    gi_drop(ts, r);
    return GI_FAIL;
}

static void slot_del(GiThread *ts, GiVal self) {
    GiRef fn = gi_type_lookup(ts, gi_type_of(self), GI_N(__del__));
    if (gi_is_null(fn)) return;
    GiRef saved = gi_exc_take(ts);
    GiRef r = call_found(ts, gi_dup(ts, gi_val(fn)), &self, 1, GI_NOVAL);
    if (gi_is_null(r))
        gi_unraisable(ts, gi_val(fn), NULL);
    else
        gi_drop(ts, r);
    gi_drop(ts, fn);
    if (!gi_is_null(saved)) gi_exc_restore(ts, saved);
}

/* ---- Basic protocol ---- */

static GiRef slot_repr(GiThread *ts, GiVal self) { return call1(ts, GI_N(__repr__), self); }
static GiRef slot_str(GiThread *ts, GiVal self) { return call1(ts, GI_N(__str__), self); }

int64_t gi_hash_unhashable(GiThread *ts, GiVal self) {
    gi_raise(ts, &gi_exc_TypeError, "unhashable type: '%.200T'", self);
    return -1;
}

static int64_t slot_hash(GiThread *ts, GiVal self) {
    if (is_switched_off(ts, self, GI_N(__hash__))) return gi_hash_unhashable(ts, self);
    GiRef r = call1(ts, GI_N(__hash__), self);
    if (gi_is_null(r)) return -1;
    int64_t h;
    if (!gi_is_int(gi_val(r))) {
        gi_raise(ts, &gi_exc_TypeError, "__hash__ method should return an integer");
        h = -1;
    } else {
        if (gi_int_as_i64(gi_val(r), &h) != 0) h = gi_int_hash(gi_val(r));
        if (h == -1) h = -2;
    }
    gi_drop(ts, r);
    return h;
}

static GiVal compare_name(GiThread *ts, GiCompareOp op) {
    switch (op) {
    case GI_LT: return GI_N(__lt__);
    case GI_LE: return GI_N(__le__);
    case GI_EQ: return GI_N(__eq__);
    case GI_NE: return GI_N(__ne__);
    case GI_GT: return GI_N(__gt__);
    default: return GI_N(__ge__);
    }
}

static GiRef slot_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    GiVal args[2] = {self, other};
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(self), compare_name(ts, op));
    if (gi_is_null(found)) return GI_REF_NOTIMPLEMENTED;
    if (gi_has_flag(found, GI_TYPE_METHOD_DESCR)) return call_found(ts, gi_dup(ts, found), args, 2, GI_NOVAL);
    GiRef bound = gi_bind(ts, gi_dup(ts, found), self, gi_type_of(self));
    if (gi_is_null(bound)) { /* PYSEM: a failing descriptor counts as no method */
        gi_exc_clear(ts);
        return GI_REF_NOTIMPLEMENTED;
    }
    GiRef r = gi_call1(ts, gi_val(bound), other);
    gi_drop(ts, bound);
    return r;
}

static GiTruth slot_truth(GiThread *ts, GiVal self) {
    GiRef r = call1(ts, GI_N(__bool__), self);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    if (gi_is_bool(r)) return gi_truth_of(gi_is_true(r));
    gi_raise(ts, &gi_exc_TypeError, "__bool__ should return bool, returned %T", gi_val(r));
    gi_drop(ts, r);
    return GI_TRUTH_FAIL;
}

/* __getattribute__ (native or Python), then __getattr__ if the class has it. */
static GiRef slot_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiType *type = gi_type_of(self);
    GiVal getattribute = gi_type_lookup_peek(ts, type, GI_N(__getattribute__));
    bool native = !gi_is_null(getattribute) && gi_is_exact(getattribute, &gi_wrapper_descr_type);
    GiRef result;
    if (native) {
        GiRef (*get)(GiThread *, GiVal, GiVal) =
            (GiRef(*)(GiThread *, GiVal, GiVal))gi_descr_of(getattribute)->wrapped;
        if (get == gi_object_getattr) {
            (void)!gi_object_getattr_opt(ts, self, name, &result);
        } else {
            result = get(ts, self, name);
        }
    } else {
        result = call2(ts, GI_N(__getattribute__), self, name);
    }
    if (!gi_is_null(result)) return result;
    if (gi_raised(ts) && !gi_exc_matches(ts, &gi_exc_AttributeError)) return GI_NULL;
    GiRef hook = gi_type_lookup(ts, gi_type_of(self), GI_N(__getattr__));
    if (gi_is_null(hook)) {
        if (!gi_raised(ts)) return gi_object_getattr(ts, self, name);
        return GI_NULL;
    }
    gi_exc_clear(ts);
    GiVal args[2] = {self, name};
    return call_found(ts, hook, args, 2, GI_NOVAL);
}

static GiStatus slot_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    if (gi_is_null(value)) return drop_result(ts, call2(ts, GI_N(__delattr__), self, name));
    return drop_result(ts, call3(ts, GI_N(__setattr__), self, name, value));
}

static GiRef slot_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    return call_with_receiver(ts, GI_N(__call__), self, args, nargs, kwnames);
}

static GiRef slot_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type) {
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(self), GI_N(__get__));
    if (gi_is_null(found)) return gi_dup(ts, self);
    GiVal args[3] = {self, gi_is_null(obj) ? GI_NONE : obj, gi_is_null(type) ? GI_NONE : type};
    GiRef fn = gi_dup(ts, found), r = gi_call(ts, gi_val(fn), args, 3, GI_NOVAL); /* PYSEM: not bound */
    gi_drop(ts, fn);
    return r;
}

static GiStatus slot_descr_set(GiThread *ts, GiVal self, GiVal obj, GiVal value) {
    if (gi_is_null(value)) return drop_result(ts, call2(ts, GI_N(__delete__), self, obj));
    return drop_result(ts, call3(ts, GI_N(__set__), self, obj, value));
}

/* ---- Iteration ---- */

static GiRef slot_iter(GiThread *ts, GiVal self) {
    if (is_switched_off(ts, self, GI_N(__iter__)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object is not iterable", self);
    return call1(ts, GI_N(__iter__), self);
}

static GiRef slot_next(GiThread *ts, GiVal self) {
    GiRef r = call1(ts, GI_N(__next__), self);
    if (GI_LIKELY(!gi_is_null(r)) || !gi_exc_matches(ts, &gi_exc_StopIteration)) return r;
    GiRef exc = gi_exc_take(ts);
    GiRef value;
    if (gi_getattr_opt(ts, gi_val(exc), GI_N(value), &value)) gi_exc_clear(ts);
    else gi_slot_set(ts, &ts->stop_value, value);
    gi_drop(ts, exc);
    return GI_NULL;
}

static GiRef slot_await(GiThread *ts, GiVal self) { return call1(ts, GI_N(__await__), self); }
static GiRef slot_aiter(GiThread *ts, GiVal self) { return call1(ts, GI_N(__aiter__), self); }
static GiRef slot_anext(GiThread *ts, GiVal self) { return call1(ts, GI_N(__anext__), self); }

/* ---- Numbers ---- */

/* Calls args[0].name(args[1]); NotImplemented when there is no such method. */
static GiRef call_maybe(GiThread *ts, GiVal name, GiVal self, GiVal other) {
    GiVal args[2] = {self, other};
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(self), name);
    if (gi_is_null(found)) return GI_REF_NOTIMPLEMENTED;
    return call_found(ts, gi_dup(ts, found), args, 2, GI_NOVAL);
}

/* True when right's class gives a reflected method of its own, other than left's. */
static bool overrides(GiThread *ts, GiVal left, GiVal right, GiVal rname) {
    GiVal b = gi_type_lookup_peek(ts, gi_type_of(right), rname);
    if (gi_is_null(b)) return false;
    GiVal a = gi_type_lookup_peek(ts, gi_type_of(left), rname);
    return !gi_same(a, b);
}

static GiRef dispatch_binary(GiThread *ts, GiVal a, GiVal b, GiBinaryFn own, GiBinOp op, GiVal name,
                             GiVal rname) {
    GiType *ta = gi_type_of(a), *tb = gi_type_of(b);
    bool other = ta != tb && tb->binary[op] == own;
    if (ta->binary[op] == own) {
        if (other && gi_is_subtype(tb, ta) && overrides(ts, a, b, rname)) {
            GiRef r = call_maybe(ts, rname, b, a);
            if (!gi_is_notimplemented(r)) return r;
            other = false;
        }
        GiRef r = call_maybe(ts, name, a, b);
        if (!gi_is_notimplemented(r) || ta == tb) return r;
    }
    if (other) return call_maybe(ts, rname, b, a);
    return GI_REF_NOTIMPLEMENTED;
}

#define BINARY(fn, OP, name, rname)                                                                \
    static GiRef fn(GiThread *ts, GiVal a, GiVal b) {                                              \
        return dispatch_binary(ts, a, b, fn, GI_BIN_##OP, GI_N(name), GI_N(rname));                \
    }
BINARY(slot_add, ADD, __add__, __radd__)
BINARY(slot_sub, SUB, __sub__, __rsub__)
BINARY(slot_mul, MUL, __mul__, __rmul__)
BINARY(slot_truediv, TRUEDIV, __truediv__, __rtruediv__)
BINARY(slot_floordiv, FLOORDIV, __floordiv__, __rfloordiv__)
BINARY(slot_mod, MOD, __mod__, __rmod__)
BINARY(slot_lshift, LSHIFT, __lshift__, __rlshift__)
BINARY(slot_rshift, RSHIFT, __rshift__, __rrshift__)
BINARY(slot_and, AND, __and__, __rand__)
BINARY(slot_or, OR, __or__, __ror__)
BINARY(slot_xor, XOR, __xor__, __rxor__)
BINARY(slot_matmul, MATMUL, __matmul__, __rmatmul__)
BINARY(slot_divmod, DIVMOD, __divmod__, __rdivmod__)
BINARY(slot_pow, POW, __pow__, __rpow__)

/* pow(a, b, mod) asks a's class only. */
static GiRef slot_power(GiThread *ts, GiVal a, GiVal b, GiVal mod) {
    if (gi_type_of(a)->power != slot_power) return GI_REF_NOTIMPLEMENTED;
    return call3(ts, GI_N(__pow__), a, b, mod);
}

#define INPLACE(fn, name)                                                                          \
    static GiRef fn(GiThread *ts, GiVal a, GiVal b) { return call2(ts, GI_N(name), a, b); }
INPLACE(slot_iadd, __iadd__)
INPLACE(slot_isub, __isub__)
INPLACE(slot_imul, __imul__)
INPLACE(slot_itruediv, __itruediv__)
INPLACE(slot_ifloordiv, __ifloordiv__)
INPLACE(slot_imod, __imod__)
INPLACE(slot_ilshift, __ilshift__)
INPLACE(slot_irshift, __irshift__)
INPLACE(slot_iand, __iand__)
INPLACE(slot_ior, __ior__)
INPLACE(slot_ixor, __ixor__)
INPLACE(slot_imatmul, __imatmul__)
INPLACE(slot_ipow, __ipow__)

#define UNARY(fn, name)                                                                            \
    static GiRef fn(GiThread *ts, GiVal self) { return call1(ts, GI_N(name), self); }
UNARY(slot_neg, __neg__)
UNARY(slot_pos, __pos__)
UNARY(slot_invert, __invert__)
UNARY(slot_abs, __abs__)
UNARY(slot_int, __int__)
UNARY(slot_float, __float__)
UNARY(slot_index, __index__)

/* ---- Containers ---- */

static ssize_t slot_length(GiThread *ts, GiVal self) {
    GiRef r = call1(ts, GI_N(__len__), self);
    if (gi_is_null(r)) return -1;
    GiRef index = gi_index(ts, gi_val(r));
    gi_drop(ts, r);
    if (gi_is_null(index)) return -1;
    ssize_t n = -1;
    if (gi_int_sign(gi_val(index)) < 0)
        gi_raise(ts, &gi_exc_ValueError, "__len__() should return >= 0");
    else if (gi_as_ssize(ts, gi_val(index), false, &n)) {
        if (gi_exc_matches(ts, &gi_exc_IndexError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_OverflowError, "cannot fit '%.200T' into an index-sized integer",
                     gi_val(index));
        }
        n = -1;
    }
    gi_drop(ts, index);
    return n;
}

static GiRef slot_subscript(GiThread *ts, GiVal self, GiVal key) {
    return call2(ts, GI_N(__getitem__), self, key);
}
static GiStatus slot_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    if (gi_is_null(value)) return drop_result(ts, call2(ts, GI_N(__delitem__), self, key));
    return drop_result(ts, call3(ts, GI_N(__setitem__), self, key, value));
}
static GiRef slot_item(GiThread *ts, GiVal self, ssize_t i) {
    GiRef index = gi_int_from_i64(ts, i);
    if (gi_is_null(index)) return GI_NULL;
    GiRef r = call2(ts, GI_N(__getitem__), self, gi_val(index));
    gi_drop(ts, index);
    return r;
}
static GiStatus slot_set_item(GiThread *ts, GiVal self, ssize_t i, GiVal value) {
    GiRef index = gi_int_from_i64(ts, i);
    if (gi_is_null(index)) return GI_FAIL;
    GiStatus status = slot_set_subscript(ts, self, gi_val(index), value);
    gi_drop(ts, index);
    return status;
}
static GiTruth slot_contains(GiThread *ts, GiVal self, GiVal item) {
    if (is_switched_off(ts, self, GI_N(__contains__))) {
        gi_raise(ts, &gi_exc_TypeError, "'%.200T' object is not a container", self);
        return GI_TRUTH_FAIL;
    }
    GiRef r = call2(ts, GI_N(__contains__), self, item);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    GiTruth truth = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return truth;
}

/* ---- The table ---- */

#define SLOTFN_NULL NULL
const GiSlotRow gi_slot_rows[] = {
#define GI_DUNDER(name, slot, wrap, op, fn, doc, sig)                                              \
    {#name, GI_NAME_##name, offsetof(GiType, slot), GI_WRAP_##wrap, op, (void (*)(void))fn, doc, sig},
#include "objects/slots.def"
#undef GI_DUNDER
};
const size_t gi_slot_row_count = GI_COUNTOF(gi_slot_rows);

/* ---- Which function goes into a slot ---- */

/* The first class along the mro that has `name` in its dict, with the value. */
static GiType *definer_of(GiThread *ts, GiType *type, GiVal name, GiVal *value) {
    size_t n = gi_tuple_len(type->mro);
    bool pending = gi_raised(ts);
    for (size_t i = 0; i < n; i++) {
        GiType *t = gi_as_type(gi_tuple_get(gi_val(type->mro), i));
        GiVal dict = gi_type_dict(ts, t);
        if (gi_is_null(dict)) continue;
        *value = gi_dict_get_str_peek(ts, dict, name);
        if (!gi_is_null(*value)) return t;
        if (!pending && gi_raised(ts)) gi_exc_clear(ts);
    }
    return NULL;
}

/* The native function that an alias like `__repr__ = object.__repr__` in a class stands for. */
static void (*alias_target(GiType *type, const GiSlotRow *row, GiVal value))(void) {
    if (row->wrap == GI_WRAP_NEW) {
        if (!gi_is_exact(value, &gi_native_type)) return NULL;
        GiNative *fn = (GiNative *)gi_obj(value);
        if (fn->def != &gi_new_wrapper_def) return NULL;
        GiType *owner = gi_as_type(fn->self);
        return gi_is_subtype(type, owner) ? (void (*)(void))owner->new_ : NULL;
    }
    if (gi_is_none(value) && row->wrap == GI_WRAP_HASH) return (void (*)(void))gi_hash_unhashable;
    if (!gi_is_exact(value, &gi_wrapper_descr_type)) return NULL;
    GiDescr *d = gi_descr_of(value);
    const GiSlotRow *other = d->def;
    if (other->offset != row->offset || !gi_is_subtype(type, gi_descr_owner(d))) return NULL;
    return (void (*)(void))d->wrapped;
}

static void update_slot(GiThread *ts, GiType *type, const GiSlotRow *rows, size_t count) {
    void (*native)(void) = NULL;
    bool have_native = false, generic = false;
    GiType *nearest = NULL;
    size_t nearest_at = SIZE_MAX;
    for (size_t i = 0; i < count && !generic; i++) {
        GiVal value;
        GiType *definer = definer_of(ts, type, ts->names[rows[i].name_id], &value);
        if (!definer) continue;
        if (definer->flags & GI_TYPE_HEAP) {
            void (*target)(void) = alias_target(type, &rows[i], value);
            if (!target || (have_native && native != target)) generic = true;
            native = target;
            have_native = true;
            continue;
        }
        size_t at = 0;
        while (!gi_same(gi_tuple_get(gi_val(type->mro), at), gi_type_val(definer))) at++;
        if (at < nearest_at) {
            nearest_at = at;
            nearest = definer;
        }
    }
    if (!generic && nearest) {
        void (*builtin)(void) = gi_slot_at(nearest, rows->offset);
        if (have_native && native != builtin && count > 1) generic = true;
        if (!have_native) native = builtin;
    }
    /* A sequence's concat and the like: Python classes have only the number's slot. */
    if (generic) native = rows->dispatcher;
    gi_slot_at(type, rows->offset) = native;
}

/* Rows that share their slot with row i: [*first, *last). */
static void slot_range(size_t i, size_t *first, size_t *last) {
    *first = *last = i;
    while (*first > 0 && gi_slot_rows[*first - 1].offset == gi_slot_rows[i].offset) --*first;
    while (*last < gi_slot_row_count && gi_slot_rows[*last].offset == gi_slot_rows[i].offset) ++*last;
}

static void finish_update(GiType *type, void (*old_finalize)(GiThread *, GiVal)) {
    gi_type_set_plain_flags(type);
    if (type->finalize != old_finalize) {
        type->flags &= ~(uint32_t)GI_TYPE_HAS_FINALIZER;
        __atomic_store_n(&type->drop, 0, __ATOMIC_RELAXED);
        if (type->finalize) type->flags |= GI_TYPE_HAS_FINALIZER;
    }
}

_Static_assert(GI_COUNTOF(gi_slot_rows) < 128, "rows + 1 fit GiSlotIndex.next");

static size_t index_start(uint64_t bits) { return (bits >> 4 ^ bits >> 12) & 255; }

void gi_slot_index_fill(GiThread *ts, GiSlotIndex *index) {
    for (size_t row = gi_slot_row_count; row-- > 0;) {
        uint64_t bits = ts->names[gi_slot_rows[row].name_id].bits;
        size_t i = index_start(bits);
        while (index->names[i] != 0 && index->names[i] != bits) i = (i + 1) & 255;
        index->names[i] = bits;
        index->next[row + 1] = index->rows[i];
        index->rows[i] = (uint8_t)(row + 1);
    }
}

/* The first row of a name, + 1, or 0. */
static size_t first_row(GiThread *ts, GiVal name) {
    if (!gi_is_str(name) || gi_str_len(name) < 5 || gi_str_char(name, 0) != '_' || gi_str_char(name, 1) != '_') return 0;
    if (!gi_is_str_exact(name) || !gi_str_is_interned(name)) name = gi_str_interned_peek(ts, name);
    if (gi_is_null(name)) return 0;
    const GiSlotIndex *index = gi_slot_index_peek(ts);
    for (size_t i = index_start(name.bits); index->names[i] != 0; i = (i + 1) & 255)
        if (index->names[i] == name.bits) return index->rows[i];
    return 0;
}

static void update_slots_of(GiThread *ts, GiType *type, GiVal name) {
    const GiSlotIndex *index = gi_slot_index_peek(ts);
    for (size_t row = first_row(ts, name); row != 0; row = index->next[row]) {
        size_t first, last;
        slot_range(row - 1, &first, &last);
        update_slot(ts, type, &gi_slot_rows[first], last - first);
    }
}

static void update_all_slots(GiThread *ts, GiType *type) {
    for (size_t i = 0; i < gi_slot_row_count;) {
        size_t first, last;
        slot_range(i, &first, &last);
        update_slot(ts, type, &gi_slot_rows[first], last - first);
        i = last;
    }
}

void gi_type_update_slots(GiThread *ts, GiType *type, GiVal name) {
    void (*finalize)(GiThread *, GiVal) = type->finalize;
    if (gi_is_null(name)) update_all_slots(ts, type);
    else update_slots_of(ts, type, name);
    finish_update(type, finalize);
}

/* True if the base's classes stand on the type's mro in the order that they have on the base's own,
 * as they do unless a metaclass has its own mro(). */
static bool keeps_order(const GiType *type, const GiType *base) {
    size_t at = 0, count = gi_tuple_len(base->mro);
    for (size_t i = 0; i < gi_tuple_len(type->mro) && at < count; i++)
        at += gi_same(gi_tuple_get(gi_val(type->mro), i), gi_tuple_get(gi_val(base->mro), at));
    return at == count;
}

/* A name that only classes on the base's mro have gives what it gives the base. So the names that the
 * other classes have decide. */
void gi_type_derive_slots(GiThread *ts, GiType *type, const GiType *base) {
    void (*finalize)(GiThread *, GiVal) = type->finalize;
    if (base->vectornew || (base->flags & GI_TYPE_NO_NEW) || !keeps_order(type, base)) {
        gi_type_update_slots(ts, type, GI_NOVAL);
        return;
    }
    for (size_t i = 0; i < gi_tuple_len(type->mro); i++) {
        GiType *t = gi_as_type(gi_tuple_get(gi_val(type->mro), i));
        if (gi_is_subtype(base, t)) continue;
        GiVal dict = gi_type_dict(ts, t), key, value;
        size_t pos = 0;
        while (!gi_is_null(dict) && gi_dict_next_peek(dict, &pos, &key, &value)) update_slots_of(ts, type, key);
    }
    finish_update(type, finalize);
}
