/* wrapper.c - calling a builtin type's slot as the method that it is: int.__add__(1, 2).
 *
 * One function a slot signature (GiWrapKind): checks the number of arguments, converts them,
 * calls the slot and makes its result an object. No state.
 */
#include "objects/dispatch.h"

#include "objects/descr.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/tuple.h"

/* PYSEM: some slots are called by way of a function that words this with an empty name in front. */
static GiStatus count_args(GiThread *ts, GiWrapKind kind, size_t nargs, size_t min, size_t max) {
    if (GI_LIKELY(nargs >= min && nargs <= max)) return GI_OK;
    bool named = max > 1 || kind == GI_WRAP_REPEAT;
    size_t limit = nargs < min ? min : max;
    const char *how = min == max ? "" : nargs < min ? "at least " : "at most ";
    return gi_raise_status(ts, &gi_exc_TypeError, "%sexpected %s%zu argument%s, got %zu", named ? " " : "", how, limit,
                           limit == 1 ? "" : "s", nargs);
}

static GiRef none_if_ok(GiStatus status) { return status ? GI_NULL : GI_REF_NONE; }

/* The sequence index that a method's argument means: negative ones count from the end. */
static GiStatus item_index(GiThread *ts, GiVal self, GiVal arg, ssize_t *out) {
    return gi_as_ssize(ts, arg, false, out) ? GI_FAIL : gi_adjust_index(ts, self, out);
}

/* object.__setattr__(int, 'x', 1) must not go round type.__setattr__. */
static GiStatus check_setattr(GiThread *ts, GiVal self, void (*fn)(void), const char *what) {
    GiType *type = gi_type_of(self);
    while (type && (type->flags & GI_TYPE_HEAP)) type = type->base;
    /* For a module object's own __setattr__ does the same. */
    if (!type || (void (*)(void))type->setattr == fn || type == &gi_module_type) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "can't apply this %s to %s object", what, type->name);
}

#define FN(type) ((type)slot)
typedef int64_t (*HashFn)(GiThread *, GiVal);
typedef GiTruth (*TruthFn)(GiThread *, GiVal);
typedef GiRef (*CompareFn)(GiThread *, GiVal, GiVal, GiCompareOp);
typedef ssize_t (*LengthFn)(GiThread *, GiVal);
typedef GiStatus (*SetFn)(GiThread *, GiVal, GiVal, GiVal);
typedef GiStatus (*InitFn)(GiThread *, GiVal, const GiVal *, size_t, GiVal);
typedef void (*DelFn)(GiThread *, GiVal);
typedef GiRef (*ItemFn)(GiThread *, GiVal, ssize_t);
typedef GiStatus (*SetItemFn)(GiThread *, GiVal, ssize_t, GiVal);
typedef GiTruth (*ContainsFn)(GiThread *, GiVal, GiVal);

static GiRef call_power(GiThread *ts, const GiDescr *d, GiVal self, const GiVal *args, size_t nargs,
                        bool reflected) {
    GiVal a = reflected ? args[0] : self, b = reflected ? self : args[0];
    if (nargs == 1 || gi_is_none(args[1])) return ((GiBinaryFn)d->wrapped)(ts, a, b);
    GiType *owner = gi_descr_owner(d);
    if (!owner->power) return GI_REF_NOTIMPLEMENTED;
    return owner->power(ts, a, b, args[1]);
}

static GiRef call_sequence(GiThread *ts, GiWrapKind kind, void (*slot)(void), GiVal self,
                           const GiVal *args) {
    ssize_t i = 0;
    if (kind == GI_WRAP_REPEAT) {
        if (gi_as_ssize(ts, args[0], false, &i)) {
            if (gi_exc_matches(ts, &gi_exc_IndexError)) {
                gi_exc_clear(ts);
                gi_raise(ts, &gi_exc_OverflowError, "cannot fit '%.200T' into an index-sized integer",
                         args[0]);
            }
            return GI_NULL;
        }
        return FN(ItemFn)(ts, self, i);
    }
    if (item_index(ts, self, args[0], &i)) return GI_NULL;
    switch (kind) {
    case GI_WRAP_ITEM: return FN(ItemFn)(ts, self, i);
    case GI_WRAP_SET_ITEM: return none_if_ok(FN(SetItemFn)(ts, self, i, args[1]));
    default: return none_if_ok(FN(SetItemFn)(ts, self, i, GI_NOVAL));
    }
}

static GiRef call_no_arguments(GiThread *ts, GiWrapKind kind, void (*slot)(void), GiVal self) {
    switch (kind) {
    case GI_WRAP_UNARY: return FN(GiUnaryFn)(ts, self);
    case GI_WRAP_HASH: {
        int64_t h = FN(HashFn)(ts, self);
        return h == -1 ? GI_NULL : gi_int_from_i64(ts, h);
    }
    case GI_WRAP_TRUTH: {
        GiTruth t = FN(TruthFn)(ts, self);
        return t.value < 0 ? GI_NULL : gi_bool_ref(t.value);
    }
    case GI_WRAP_LENGTH: {
        ssize_t n = FN(LengthFn)(ts, self);
        return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
    }
    case GI_WRAP_NEXT: {
        GiRef r = FN(GiUnaryFn)(ts, self);
        if (gi_is_null(r) && !gi_raised(ts)) {
            GiRef value = gi_take_stop_value(ts);
            gi_raise_stop_iteration(ts, gi_val(value));
            gi_drop(ts, value);
        }
        return r;
    }
    default: FN(DelFn)(ts, self); return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
    }
}

static GiRef call_descr_get(GiThread *ts, void (*slot)(void), GiVal self, const GiVal *args,
                            size_t nargs) {
    GiVal obj = gi_is_none(args[0]) ? GI_NOVAL : args[0];
    GiVal type = nargs < 2 || gi_is_none(args[1]) ? GI_NOVAL : args[1];
    if (gi_is_null(obj) && gi_is_null(type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "__get__(None, None) is invalid");
    return FN(GiTernaryFn)(ts, self, obj, type);
}

static GiRef call_attr(GiThread *ts, GiWrapKind kind, void (*slot)(void), GiVal self, const GiVal *args) {
    if (kind == GI_WRAP_GETATTR) {
        if (!gi_is_str(args[0]))
            return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'",
                                args[0]);
        return FN(GiBinaryFn)(ts, self, args[0]);
    }
    bool del = kind == GI_WRAP_DELATTR;
    if (check_setattr(ts, self, slot, del ? "__delattr__" : "__setattr__")) return GI_NULL;
    if (!gi_is_str(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", args[0]);
    return none_if_ok(FN(SetFn)(ts, self, args[0], del ? GI_NOVAL : args[1]));
}

GiRef gi_wrapper_call(GiThread *ts, const GiDescr *d, GiVal self, const GiVal *args, size_t nargs,
                      GiVal kwnames) {
    const GiSlotRow *row = d->def;
    void (*slot)(void) = (void (*)(void))d->wrapped;
    GiWrapKind kind = (GiWrapKind)row->wrap;
    if (GI_UNLIKELY((char *)__builtin_frame_address(0) < ts->c_stack_limit)) {
        if (gi_enter_recursive(ts, " while calling a Python object")) return GI_NULL;
        gi_leave_recursive(ts);
    }
    if (kind == GI_WRAP_CALL) return FN(GiCallFn)(ts, self, args, nargs, kwnames);
    if (kind == GI_WRAP_INIT) return none_if_ok(FN(InitFn)(ts, self, args, nargs, kwnames));
    if (!gi_is_null(kwnames) && gi_tuple_len(kwnames))
        return gi_raise_ref(ts, &gi_exc_TypeError, "wrapper %s() takes no keyword arguments", row->name);
    size_t min = 1, max = 1;
    switch (kind) {
    case GI_WRAP_UNARY: case GI_WRAP_HASH: case GI_WRAP_TRUTH: case GI_WRAP_LENGTH: case GI_WRAP_NEXT:
    case GI_WRAP_DEL: min = max = 0; break;
    case GI_WRAP_TERNARY: case GI_WRAP_TERNARY_R: case GI_WRAP_DESCR_GET: max = 2; break;
    case GI_WRAP_SETATTR: case GI_WRAP_DESCR_SET: case GI_WRAP_SET_ITEM: case GI_WRAP_SET_SUBSCRIPT:
        min = max = 2;
        break;
    default: break;
    }
    if (count_args(ts, kind, nargs, min, max)) return GI_NULL;
    switch (kind) {
    case GI_WRAP_BINARY:
    case GI_WRAP_SUBSCRIPT: return FN(GiBinaryFn)(ts, self, args[0]);
    case GI_WRAP_BINARY_R: return FN(GiBinaryFn)(ts, args[0], self);
    case GI_WRAP_TERNARY: return call_power(ts, d, self, args, nargs, false);
    case GI_WRAP_TERNARY_R: return call_power(ts, d, self, args, nargs, true);
    case GI_WRAP_COMPARE: return FN(CompareFn)(ts, self, args[0], (GiCompareOp)row->op);
    case GI_WRAP_GETATTR:
    case GI_WRAP_SETATTR:
    case GI_WRAP_DELATTR: return call_attr(ts, kind, slot, self, args);
    case GI_WRAP_DESCR_GET: return call_descr_get(ts, slot, self, args, nargs);
    case GI_WRAP_DESCR_SET:
    case GI_WRAP_SET_SUBSCRIPT: return none_if_ok(FN(SetFn)(ts, self, args[0], args[1]));
    case GI_WRAP_DESCR_DELETE:
    case GI_WRAP_DEL_SUBSCRIPT: return none_if_ok(FN(SetFn)(ts, self, args[0], GI_NOVAL));
    case GI_WRAP_ITEM:
    case GI_WRAP_SET_ITEM:
    case GI_WRAP_DEL_ITEM:
    case GI_WRAP_REPEAT: return call_sequence(ts, kind, slot, self, args);
    case GI_WRAP_CONTAINS: {
        GiTruth t = FN(ContainsFn)(ts, self, args[0]);
        return t.value < 0 ? GI_NULL : gi_bool_ref(t.value);
    }
    default: return call_no_arguments(ts, kind, slot, self);
    }
}
