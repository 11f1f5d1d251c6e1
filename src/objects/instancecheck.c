/* instancecheck.c - isinstance and issubclass: classes, tuples, unions, __instancecheck__, and
 * objects that merely look like classes (they have __bases__).
 *
 * No state.
 */
#include "objects/protocol.h"

#include "objects/descr.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/tuple.h"

/* cls.__bases__ if it is a tuple; null when there is none (*failed tells an error). */
static GiRef abstract_bases(GiThread *ts, GiVal cls, bool *failed) {
    GiRef bases;
    *failed = false;
    if (gi_getattr_opt(ts, cls, GI_N(__bases__), &bases)) {
        *failed = true;
        return GI_NULL;
    }
    if (!gi_is_null(bases) && !gi_is_tuple(bases)) {
        gi_drop(ts, bases);
        return GI_NULL;
    }
    return bases;
}

static GiTruth abstract_issubclass(GiThread *ts, GiVal derived, GiVal cls) {
    if (gi_same(derived, cls)) return GI_TRUTH_YES;
    bool failed;
    GiRef bases = abstract_bases(ts, derived, &failed);
    if (gi_is_null(bases)) return failed ? GI_TRUTH_FAIL : GI_TRUTH_NO;
    GiTruth found = GI_TRUTH_NO;
    if (gi_enter_recursive(ts, " in __issubclass__")) {
        gi_drop(ts, bases);
        return GI_TRUTH_FAIL;
    }
    for (size_t i = 0; i < gi_tuple_len(bases) && found.value == 0; i++)
        found = abstract_issubclass(ts, gi_tuple_get(gi_val(bases), i), cls);
    gi_leave_recursive(ts);
    gi_drop(ts, bases);
    return found;
}

/* Raises TypeError with this text unless cls looks like a class. */
static GiStatus check_class(GiThread *ts, GiVal cls, const char *error) {
    bool failed;
    GiRef bases = abstract_bases(ts, cls, &failed);
    if (failed) return GI_FAIL;
    if (gi_is_null(bases)) return gi_raise_status(ts, &gi_exc_TypeError, "%s", error);
    gi_drop(ts, bases);
    return GI_OK;
}

/* False when v.__class__ can only be its type: object's own descriptor serves it. */
static bool may_lie(GiThread *ts, GiType *type) {
    GiVal own = gi_type_lookup_peek(ts, type, GI_N(__class__));
    if (!gi_same(own, gi_type_lookup_peek(ts, &gi_object_type, GI_N(__class__)))) return true;
    if (type->flags & GI_TYPE_PLAIN_GETATTR) return false;
    GiVal get = gi_type_lookup_peek(ts, type, GI_N(__getattribute__));
    return !gi_same(get, gi_type_lookup_peek(ts, &gi_object_type, GI_N(__getattribute__)));
}

/* The rule of type.__instancecheck__. */
static GiTruth plain_isinstance(GiThread *ts, GiVal v, GiVal cls) {
    GiType *type = gi_type_of(v);
    if (gi_is_type(cls)) {
        if (gi_is_subtype(type, gi_as_type(cls))) return GI_TRUTH_YES;
        if (!may_lie(ts, type)) return GI_TRUTH_NO;
        GiRef own;
        if (gi_getattr_opt(ts, v, GI_N(__class__), &own)) return GI_TRUTH_FAIL;
        bool yes = !gi_is_null(own) && gi_is_type(gi_val(own)) && gi_as_type(own) != type &&
                   gi_is_subtype(gi_as_type(own), gi_as_type(cls));
        gi_xdrop(ts, own);
        return gi_truth_of(yes);
    }
    if (check_class(ts, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union"))
        return GI_TRUTH_FAIL;
    GiRef own;
    if (gi_getattr_opt(ts, v, GI_N(__class__), &own)) return GI_TRUTH_FAIL;
    if (gi_is_null(own)) return GI_TRUTH_NO;
    GiTruth truth = abstract_issubclass(ts, gi_val(own), cls);
    gi_drop(ts, own);
    return truth;
}

static GiTruth plain_issubclass(GiThread *ts, GiVal sub, GiVal cls) {
    if (gi_is_type(sub) && gi_is_type(cls))
        return gi_truth_of(gi_is_subtype(gi_as_type(sub), gi_as_type(cls)));
    if (check_class(ts, sub, "issubclass() arg 1 must be a class") ||
        (!gi_is_type(cls) &&
         check_class(ts, cls, "issubclass() arg 2 must be a class, a tuple of classes, or a union")))
        return GI_TRUTH_FAIL;
    return abstract_issubclass(ts, sub, cls);
}

typedef GiTruth (*Check)(GiThread *ts, GiVal v, GiVal cls);

static GiTruth check_tuple(GiThread *ts, GiVal v, GiVal tuple, Check check, const char *where) {
    if (gi_enter_recursive(ts, where)) return GI_TRUTH_FAIL;
    GiTruth found = GI_TRUTH_NO;
    for (size_t i = 0; i < gi_tuple_len(tuple) && found.value == 0; i++)
        found = check(ts, v, gi_tuple_get(tuple, i));
    gi_leave_recursive(ts);
    return found;
}

/* Calls cls.name(v) looked up on cls's type; -2 in `value` when it has no such method. */
static GiTruth check_special(GiThread *ts, GiVal v, GiVal cls, GiVal name, const char *where) {
    GiVal args[2] = {cls, v};
    GiRef r;
    if (gi_enter_recursive(ts, where)) return GI_TRUTH_FAIL;
    GiStatus status = gi_call_special_opt(ts, name, args, 2, &r);
    gi_leave_recursive(ts);
    if (status) return GI_TRUTH_FAIL;
    if (gi_is_null(r)) return (GiTruth){-2};
    GiTruth truth = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return truth;
}

GiTruth gi_isinstance(GiThread *ts, GiVal v, GiVal cls) {
    if (gi_type_val(gi_type_of(v)).bits == cls.bits) return GI_TRUTH_YES;
    if (gi_is_exact(cls, &gi_type_type)) return plain_isinstance(ts, v, cls);
    if (gi_is_tuple(cls)) return check_tuple(ts, v, cls, gi_isinstance, " in __instancecheck__");
    GiTruth truth = check_special(ts, v, cls, GI_N(__instancecheck__), " in __instancecheck__");
    return truth.value == -2 ? plain_isinstance(ts, v, cls) : truth;
}

GiTruth gi_issubclass(GiThread *ts, GiVal sub, GiVal cls) {
    if (gi_is_exact(cls, &gi_type_type)) {
        if (gi_same(sub, cls)) return GI_TRUTH_YES;
        return plain_issubclass(ts, sub, cls);
    }
    if (gi_is_tuple(cls)) return check_tuple(ts, sub, cls, gi_issubclass, " in __subclasscheck__");
    GiTruth truth = check_special(ts, sub, cls, GI_N(__subclasscheck__), " in __subclasscheck__");
    return truth.value == -2 ? plain_issubclass(ts, sub, cls) : truth;
}

GiTruth gi_plain_isinstance(GiThread *ts, GiVal v, GiVal cls) { return plain_isinstance(ts, v, cls); }
GiTruth gi_plain_issubclass(GiThread *ts, GiVal sub, GiVal cls) { return plain_issubclass(ts, sub, cls); }
