/* exceptions_group.c - BaseExceptionGroup and ExceptionGroup: split, subgroup, derive.
 *
 * `exceptions` is a tuple and never changes, so its items may be borrowed while the group lives.
 */
#include "objects/exceptions_internal.h"

#include "objects/exceptions_group.gen.h"

#define group_of(v) ((GiExceptionGroup *)gi_obj(v))
#define is_group(v) gi_is_subtype(gi_type_of(v), &gi_exc_BaseExceptionGroup)

/* ---- Construction ---- */

/* All items are exceptions; *plain tells whether all derive from Exception. */
static GiStatus check_members(GiThread *ts, GiVal tuple, bool *plain) {
    *plain = true;
    for (size_t i = 0; i < gi_tuple_len(tuple); i++) {
        GiVal item = gi_tuple_get(tuple, i);
        if (!gi_is_exception(item))
            return gi_raise_status(ts, &gi_exc_ValueError,
                                   "Item %zu of second argument (exceptions) is not an exception", i);
        if (!gi_is_subtype(gi_type_of(item), &gi_exc_Exception)) *plain = false;
    }
    return GI_OK;
}

static GiRef group_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                       GiVal kwnames GI_UNUSED) {
    if (nargs != 2)
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "BaseExceptionGroup.__new__() takes exactly 2 arguments (%zu given)", nargs);
    if (!gi_is_str(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "BaseExceptionGroup.__new__() argument 1 must be str, not %#T", args[0]);
    if (!gi_is_sequence(args[1]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "second argument (exceptions) must be a sequence");
    GiRef members = gi_to_tuple(ts, args[1]);
    if (gi_is_null(members)) return members;
    bool plain;
    if (gi_tuple_len(members) == 0) {
        gi_raise(ts, &gi_exc_ValueError, "second argument (exceptions) must be a non-empty sequence");
        goto fail;
    }
    if (check_members(ts, gi_val(members), &plain)) goto fail;
    if (type == &gi_exc_BaseExceptionGroup) {
        if (plain) type = &gi_exc_ExceptionGroup;
    } else if (!plain && type == &gi_exc_ExceptionGroup) {
        gi_raise(ts, &gi_exc_TypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
        goto fail;
    } else if (!plain && gi_is_subtype(type, &gi_exc_Exception)) {
        gi_raise(ts, &gi_exc_TypeError, "Cannot nest BaseExceptions in '%.200s'", type->name);
        goto fail;
    }
    GiRef self = gi_base_exception_new(ts, type, args, nargs, GI_NOVAL);
    if (gi_is_null(self)) goto fail;
    gi_slot_copy(ts, &group_of(self)->message, args[0]);
    gi_slot_store(ts, &group_of(self)->exceptions, members);
    return self;
fail:
    gi_drop(ts, members);
    return GI_NULL;
}

GiRef gi_exception_group_new(GiThread *ts, GiVal message, GiVal exceptions) {
    GiVal args[] = {message, exceptions};
    return group_new(ts, &gi_exc_BaseExceptionGroup, args, 2, GI_NOVAL);
}

static GiRef group_str(GiThread *ts, GiVal self) {
    size_t n = gi_tuple_len(group_of(self)->exceptions);
    return gi_str_format(ts, "%S (%zu sub-exception%s)", gi_val(group_of(self)->message), n, n > 1 ? "s" : "");
}

GI_METHOD(group, derive, "(self, excs, /)", NULL) {
    return gi_exception_group_new(ts, gi_val(group_of(self)->message), a->excs);
}

GI_CLASSMETHOD(group, __class_getitem__, "(cls, item, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->item);
}

/* ---- Splitting ---- */

/* Gives `target` the traceback, context, cause and notes of `source`. */
static GiStatus copy_metadata(GiThread *ts, GiVal source, GiVal target) {
    GiException *from = gi_exception_of(source), *to = gi_exception_of(target);
    gi_slot_store(ts, &to->traceback, gi_slot_load(ts, &from->traceback));
    gi_slot_store(ts, &to->context, gi_slot_load(ts, &from->context));
    gi_slot_store(ts, &to->cause, gi_slot_load(ts, &from->cause));
    to->suppress_context = true; /* as assigning __cause__ does */
    GiRef notes;
    if (gi_getattr_opt(ts, source, GI_N(__notes__), &notes)) return GI_FAIL;
    if (gi_is_null(notes)) return GI_OK;
    GiStatus status = GI_OK;
    if (gi_is_sequence(gi_val(notes))) {
        GiRef copy = gi_to_list(ts, gi_val(notes));
        status = gi_is_null(copy) ? GI_FAIL : gi_setattr(ts, target, GI_N(__notes__), gi_val(copy));
        gi_xdrop(ts, copy);
    }
    gi_drop(ts, notes);
    return status;
}

GiRef gi_exception_group_subset(GiThread *ts, GiVal original, GiVal members) {
    if (gi_list_len(members) == 0) return GI_NULL;
    GiVal args[] = {original, members};
    GiRef group = gi_call_method_cstr(ts, original, "derive", args + 1, 1);
    if (gi_is_null(group)) return group;
    if (!is_group(gi_val(group))) {
        gi_raise(ts, &gi_exc_TypeError, "derive must return an instance of BaseExceptionGroup");
        goto fail;
    }
    if (copy_metadata(ts, original, gi_val(group))) goto fail;
    return group;
fail:
    gi_drop(ts, group);
    return GI_NULL;
}

typedef enum { BY_TYPE, BY_PREDICATE } MatchKind;
typedef struct Matcher {
    MatchKind kind;
    GiVal value; /* class or tuple of classes; callable */
} Matcher;

static GiStatus make_matcher(GiThread *ts, GiVal value, Matcher *m) {
    *m = (Matcher){BY_TYPE, value};
    if (gi_is_exception_class(value)) return GI_OK;
    if (gi_is_tuple_exact(value)) {
        size_t i = 0;
        while (i < gi_tuple_len(value) && gi_is_exception_class(gi_tuple_get(value, i))) i++;
        if (i == gi_tuple_len(value)) return GI_OK;
    }
    if (!(gi_type_of(value)->flags & GI_TYPE_FUNCTION)) /* PYSEM: other callables are refused */
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "expected a function, exception type or tuple of exception types");
    m->kind = BY_PREDICATE;
    return GI_OK;
}

static bool matches_type(GiVal exc, GiVal value) {
    if (gi_is_type(value)) return gi_is_subtype(gi_type_of(exc), gi_as_type(value));
    for (size_t i = 0; i < gi_tuple_len(value); i++)
        if (gi_is_subtype(gi_type_of(exc), gi_as_type(gi_tuple_get(value, i)))) return true;
    return false;
}

static GiTruth matches(GiThread *ts, GiVal exc, const Matcher *m) {
    if (m->kind == BY_TYPE) return gi_truth_of(matches_type(exc, m->value));
    GiRef r = gi_call1(ts, m->value, exc);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    GiTruth t = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return t;
}

static GiStatus split(GiThread *ts, GiVal exc, const Matcher *m, bool want_rest, GiRef *match, GiRef *rest);

/* Splits each member, collecting what matches and what does not. */
static GiStatus split_members(GiThread *ts, GiVal group, const Matcher *m, GiVal matched, GiVal rest) {
    GiVal members = gi_val(group_of(group)->exceptions);
    for (size_t i = 0; i < gi_tuple_len(members); i++) {
        GiRef one = GI_NULL, other = GI_NULL;
        if (split(ts, gi_tuple_get(members, i), m, !gi_is_null(rest), &one, &other)) return GI_FAIL;
        if (!gi_is_null(one) && gi_list_append(ts, matched, one)) {
            gi_xdrop(ts, other);
            return GI_FAIL;
        }
        if (!gi_is_null(other) && gi_list_append(ts, rest, other)) return GI_FAIL;
    }
    return GI_OK;
}

/* *match and *rest may come out null. */
static GiStatus split(GiThread *ts, GiVal exc, const Matcher *m, bool want_rest, GiRef *match, GiRef *rest) {
    *match = *rest = GI_NULL;
    GiTruth t = matches(ts, exc, m);
    if (t.value < 0) return GI_FAIL;
    if (t.value) {
        *match = gi_dup(ts, exc);
        return GI_OK;
    }
    if (!is_group(exc)) {
        if (want_rest) *rest = gi_dup(ts, exc);
        return GI_OK;
    }
    if (gi_enter_recursive(ts, " in exceptiongroup_split_recursive")) return GI_FAIL;
    GiRef matched = gi_list_new(ts, 0), left = want_rest ? gi_list_new(ts, 0) : GI_NULL;
    GiStatus status = GI_FAIL;
    if (gi_is_null(matched) || (want_rest && gi_is_null(left))) goto end;
    if (split_members(ts, exc, m, gi_val(matched), gi_val(left))) goto end;
    *match = gi_exception_group_subset(ts, exc, gi_val(matched));
    if (gi_raised(ts)) goto end;
    if (want_rest) *rest = gi_exception_group_subset(ts, exc, gi_val(left));
    if (gi_raised(ts)) {
        gi_xdrop(ts, *match);
        *match = GI_NULL;
        goto end;
    }
    status = GI_OK;
end:
    gi_leave_recursive(ts);
    gi_xdrop(ts, matched);
    gi_xdrop(ts, left);
    return status;
}

GI_METHOD(group, split, "(self, condition, /)", NULL) {
    Matcher m;
    GiRef match, rest;
    if (make_matcher(ts, a->condition, &m) || split(ts, self, &m, true, &match, &rest)) return GI_NULL;
    GiRef items[] = {gi_is_null(match) ? GI_REF_NONE : match, gi_is_null(rest) ? GI_REF_NONE : rest};
    return gi_tuple_steal(ts, items, 2);
}

GI_METHOD(group, subgroup, "(self, condition, /)", NULL) {
    Matcher m;
    GiRef match, rest;
    if (make_matcher(ts, a->condition, &m) || split(ts, self, &m, false, &match, &rest)) return GI_NULL;
    return gi_is_null(match) ? GI_REF_NONE : match;
}

static const GiField group_fields[] = {GI_SLOT(GiExceptionGroup, message),
                                       GI_SLOT(GiExceptionGroup, exceptions), GI_FIELDS_END};
static const GiMemberDef group_members[] = {
    {"message", GI_MEMBER_OBJECT, offsetof(GiExceptionGroup, message), true, "exception message"},
    {"exceptions", GI_MEMBER_OBJECT, offsetof(GiExceptionGroup, exceptions), true, "nested exceptions"},
    {.name = NULL},
};
GiType gi_exc_BaseExceptionGroup = {
    .obj = GI_TYPE_HEAD,
    .name = "BaseExceptionGroup",
    .flags = EXC_FLAGS,
    .size = sizeof(GiExceptionGroup),
    .base = &gi_exc_BaseException,
    .doc = "A combination of multiple unrelated exceptions.",
    .fields = group_fields,
    .members = group_members,
    .methods = group_methods,
    .new_ = group_new,
    .init = gi_base_exception_init,
    .str = group_str,
};
GiType gi_exc_ExceptionGroup = {
    .obj = GI_TYPE_HEAD,
    .name = "ExceptionGroup",
    .flags = EXC_FLAGS | GI_TYPE_WEAKREF, /* PYSEM: alone among the builtin exceptions */
    .size = sizeof(GiExceptionGroup),
    .base = &gi_exc_BaseExceptionGroup,
};
