/* ops_exceptions.c - raise, except, except*, with, match. */
#include "vm/ops.h"
#include "memory/slots.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/set.h"

/* An instance for what `raise` was given; null with TypeError. */
static GiRef make_exception(GiThread *ts, GiVal v, const char *message) {
    if (gi_is_type(v) && gi_is_subtype(gi_as_type(v), &gi_exc_BaseException)) {
        GiRef exc = gi_call0(ts, v);
        if (!gi_is_null(exc) && !gi_is_instance_of(gi_val(exc), &gi_exc_BaseException)) {
            gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %R", v,
                     gi_type_val(gi_type_of(gi_val(exc))));
            gi_drop(ts, exc);
            return GI_NULL;
        }
        return exc;
    }
    if (gi_is_instance_of(v, &gi_exc_BaseException)) return gi_dup(ts, v);
    return gi_raise_ref(ts, &gi_exc_TypeError, "%s", message);
}

bool gi_op_raise(GiThread *ts, unsigned count, GiVal v, GiVal cause_val) {
    if (count == 0) {
        GiVal handled = gi_handled_peek(ts);
        if (gi_is_null(handled)) {
            gi_raise(ts, &gi_exc_RuntimeError, "No active exception to reraise");
            return false;
        }
        gi_exc_restore(ts, gi_dup(ts, handled));
        return true;
    }
    GiRef exc = make_exception(ts, v, "exceptions must derive from BaseException");
    if (gi_is_null(exc)) return false;
    if (count == 2) {
        GiRef cause = GI_REF_NONE;
        if (!gi_is_none(cause_val)) {
            cause = make_exception(ts, cause_val, "exception causes must derive from BaseException");
            if (gi_is_null(cause)) {
                gi_drop(ts, exc);
                return false;
            }
        }
        gi_exception_set_cause(ts, gi_val(exc), cause);
    }
    gi_raise_object(ts, exc);
    return false;
}

static bool is_exception_class(GiVal v) {
    return gi_is_type(v) && gi_is_subtype(gi_as_type(v), &gi_exc_BaseException);
}

static GiStatus check_handler_type(GiThread *ts, GiVal type) {
    const char *message = "catching classes that do not inherit from BaseException is not allowed";
    if (gi_is_tuple(type)) {
        for (size_t i = 0; i < gi_tuple_len(type); i++)
            if (!is_exception_class(gi_tuple_get(type, i))) return gi_raise_status(ts, &gi_exc_TypeError, "%s", message);
        return GI_OK;
    }
    return is_exception_class(type) ? GI_OK : gi_raise_status(ts, &gi_exc_TypeError, "%s", message);
}

GiTruth gi_op_match_exc(GiThread *ts, GiVal exc, GiVal type) {
    if (check_handler_type(ts, type) < 0) return GI_TRUTH_FAIL;
    GiType *have = gi_type_of(exc);
    if (gi_is_tuple(type)) {
        for (size_t i = 0; i < gi_tuple_len(type); i++)
            if (gi_is_subtype(have, gi_as_type(gi_tuple_get(type, i)))) return GI_TRUTH_YES;
        return GI_TRUTH_NO;
    }
    return gi_truth_of(gi_is_subtype(have, gi_as_type(type)));
}

/* What the clause of an except* handles is its match. */
static void handle_match(GiThread *ts, const GiSlot *match) {
    if (!gi_is_none(*match) && ts->handled) gi_slot_set(ts, &ts->handled->exc, gi_slot_dup(ts, match));
}

GiStatus gi_op_match_exc_group(GiThread *ts, GiSlot *run, GiVal types) {
    if (check_handler_type(ts, types) < 0) return GI_FAIL;
    size_t n = gi_is_tuple(types) ? gi_tuple_len(types) : 1;
    for (size_t i = 0; i < n; i++) {
        GiVal type = gi_is_tuple(types) ? gi_tuple_get(types, i) : types;
        if (gi_is_subtype(gi_as_type(type), &gi_exc_BaseExceptionGroup))
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "catching ExceptionGroup with except* is not allowed. Use except instead.");
    }
    GiVal exc = gi_val(run[0]);
    if (gi_is_none(exc)) {
        gi_slot_set(ts, &run[1], GI_REF_NONE);
        return GI_OK;
    }
    GiTruth whole = gi_op_match_exc(ts, exc, types);
    if (whole.value < 0) return GI_FAIL;
    if (whole.value) {
        GiRef match;
        if (gi_is_instance_of(exc, &gi_exc_BaseExceptionGroup)) {
            match = gi_dup(ts, exc);
        } else {
            GiRef list = gi_tuple_pack(ts, 1, exc);
            GiRef empty = gi_str_from_cstr(ts, "");
            match = gi_is_null(list) || gi_is_null(empty)
                        ? GI_NULL
                        : gi_call2(ts, gi_type_val(&gi_exc_BaseExceptionGroup), gi_val(empty), gi_val(list));
            gi_xdrop(ts, list);
            gi_xdrop(ts, empty);
            if (gi_is_null(match)) return GI_FAIL;
        }
        gi_slot_set(ts, &run[1], match);
        gi_slot_set(ts, &run[0], GI_REF_NONE);
        handle_match(ts, &run[1]);
        return GI_OK;
    }
    if (!gi_is_instance_of(exc, &gi_exc_BaseExceptionGroup)) {
        gi_slot_set(ts, &run[1], GI_REF_NONE);
        return GI_OK;
    }
    GiRef pair = gi_call_method_cstr(ts, exc, "split", &types, 1);
    if (gi_is_null(pair)) return GI_FAIL;
    if (!gi_is_tuple(gi_val(pair)) || gi_tuple_len(pair) < 2) {
        gi_raise(ts, &gi_exc_TypeError, "%T.split must return a %s", exc,
                 gi_is_tuple(gi_val(pair)) ? "2-tuple" : "tuple");
        gi_drop(ts, pair);
        return GI_FAIL;
    }
    for (size_t i = 0; i < 2; i++) {
        GiVal part = gi_tuple_get(gi_val(pair), i);
        if (gi_is_none(part) || gi_is_exception(part)) continue;
        gi_raise(ts, &gi_exc_TypeError, "%T.split must return exceptions or None, not %T", exc, part);
        gi_drop(ts, pair);
        return GI_FAIL;
    }
    gi_slot_set(ts, &run[1], gi_dup(ts, gi_tuple_get(gi_val(pair), 0)));
    gi_slot_set(ts, &run[0], gi_dup(ts, gi_tuple_get(gi_val(pair), 1)));
    gi_drop(ts, pair);
    handle_match(ts, &run[1]);
    return GI_OK;
}

/* True when `exc` was raised again as it was, i.e. is part of the original group. */
static bool same_slots(const GiSlot *a, const GiSlot *b) {
    return __atomic_load_n(&a->bits, __ATOMIC_RELAXED) == __atomic_load_n(&b->bits, __ATOMIC_RELAXED);
}
static bool same_metadata(const GiException *a, const GiException *b) {
    return same_slots(&a->traceback, &b->traceback) && same_slots(&a->cause, &b->cause) && same_slots(&a->context, &b->context);
}

/* The members of a group: a tuple of exceptions. */
static GiVal members_peek(GiVal group) { return gi_val(((GiExceptionGroup *)gi_obj(group))->exceptions); }

/* An exception's identity, as a set keeps it. */
static GiVal identity(GiVal exc) { return gi_smallint((int64_t)(exc.bits & 0x7FFFFFFFFFFFull)); }

static GiStatus collect_leaves(GiThread *ts, GiVal exc, GiVal set) {
    if (gi_is_none(exc)) return GI_OK;
    if (!gi_is_instance_of(exc, &gi_exc_BaseExceptionGroup)) return gi_set_add(ts, set, identity(exc));
    GiStatus status = gi_enter_recursive(ts, " in an exception group");
    if (status < 0) return status;
    GiVal members = members_peek(exc);
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(members); i++)
        status = collect_leaves(ts, gi_tuple_get(members, i), set);
    gi_leave_recursive(ts);
    return status;
}

static GiRef project_leaves(GiThread *ts, GiVal exc, GiVal set);

/* The parts of a group's members, a list. */
static GiRef project_members(GiThread *ts, GiVal group, GiVal set) {
    GiVal members = members_peek(group);
    GiRef kept = gi_list_new(ts, gi_tuple_len(members));
    for (size_t i = 0; i < gi_tuple_len(members) && !gi_is_null(kept); i++) {
        GiRef part = project_leaves(ts, gi_tuple_get(members, i), set);
        if (gi_is_none(part)) continue;
        if (gi_is_null(part) || gi_list_append(ts, gi_val(kept), part) < 0) {
            gi_drop(ts, kept);
            return GI_NULL;
        }
    }
    return kept;
}

/* The part of group `exc` whose leaves are in set, or None.
 * PYSEM: groups are derived anew even when all of them remains (tests/diff/except_star_again.py). */
static GiRef project_leaves(GiThread *ts, GiVal exc, GiVal set) {
    if (!gi_is_instance_of(exc, &gi_exc_BaseExceptionGroup)) {
        GiTruth in = gi_set_contains(ts, set, identity(exc));
        if (in.value < 0) return GI_NULL;
        return in.value ? gi_dup(ts, exc) : GI_REF_NONE;
    }
    if (gi_enter_recursive(ts, " in an exception group") < 0) return GI_NULL;
    GiRef kept = project_members(ts, exc, set);
    gi_leave_recursive(ts);
    if (gi_is_null(kept)) return kept;
    GiRef result = gi_exception_group_subset(ts, exc, gi_val(kept));
    if (gi_is_null(result) && !gi_raised(ts)) result = GI_REF_NONE;
    gi_drop(ts, kept);
    return result;
}

GiRef gi_op_prepare_reraise_star(GiThread *ts, GiVal original, GiVal list) {
    size_t n = gi_list_len(list);
    if (n == 0) return GI_REF_NONE;
    if (!gi_is_instance_of(original, &gi_exc_BaseExceptionGroup)) {
        /* A naked exception was wrapped: at most one is left. */
        return gi_dup(ts, gi_list_peek_locked(list, 0));
    }
    GiRef raised = gi_list_new(ts, n), leaves = gi_set_new(ts, GI_NOVAL);
    GiRef result = GI_NULL, again = GI_NULL;
    if (gi_is_null(raised) || gi_is_null(leaves)) goto done;
    for (size_t i = 0; i < n; i++) {
        GiVal exc = gi_list_peek_locked(list, i);
        if (gi_is_none(exc)) continue;
        if (same_metadata((GiException *)gi_obj(exc), (GiException *)gi_obj(original))) {
            if (collect_leaves(ts, exc, gi_val(leaves)) < 0) goto done;
        } else if (gi_list_append(ts, gi_val(raised), gi_dup(ts, exc)) < 0) {
            goto done;
        }
    }
    again = project_leaves(ts, original, gi_val(leaves));
    if (gi_is_null(again)) goto done;
    if (gi_list_len(raised) == 0) {
        result = again;
        again = GI_NULL;
        goto done;
    }
    if (!gi_is_none(again) && gi_list_append(ts, gi_val(raised), gi_dup(ts, gi_val(again))) < 0) goto done;
    GiRef empty = gi_str_from_cstr(ts, "");
    if (gi_is_null(empty)) goto done;
    result = gi_call2(ts, gi_type_val(&gi_exc_BaseExceptionGroup), gi_val(empty), gi_val(raised));
    gi_drop(ts, empty);
done:
    gi_xdrop(ts, raised);
    gi_xdrop(ts, leaves);
    gi_xdrop(ts, again);
    return result;
}

/* ---- with ---- */

GiStatus gi_op_begin_with(GiThread *ts, GiSlot *run, bool is_async) {
    GiVal manager = gi_val(run[0]);
    GiRef enter, exit;
    if (gi_lookup_special(ts, manager, is_async ? GI_N(__aenter__) : GI_N(__enter__), &enter) < 0) return GI_FAIL;
    if (gi_is_null(enter))
        return gi_raise_status(ts, &gi_exc_TypeError, "'%T' object does not support the %s protocol", manager,
                               is_async ? "asynchronous context manager" : "context manager");
    if (gi_lookup_special(ts, manager, is_async ? GI_N(__aexit__) : GI_N(__exit__), &exit) < 0) {
        gi_drop(ts, enter);
        return GI_FAIL;
    }
    if (gi_is_null(exit)) {
        gi_drop(ts, enter);
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "'%T' object does not support the %s protocol (missed %s method)", manager,
                               is_async ? "asynchronous context manager" : "context manager",
                               is_async ? "__aexit__" : "__exit__");
    }
    GiRef value = gi_call0(ts, gi_val(enter));
    gi_drop(ts, enter);
    if (gi_is_null(value)) {
        gi_drop(ts, exit);
        return GI_FAIL;
    }
    gi_slot_set(ts, &run[1], value);
    gi_slot_set(ts, &run[0], exit);
    return GI_OK;
}

GiRef gi_op_with_except(GiThread *ts, GiVal exit, GiVal exc) {
    GiException *e = (GiException *)gi_obj(exc);
    GiRef traceback = gi_slot_load(ts, &e->traceback); /* another thread may be raising it, too */
    GiRef result = gi_call3(ts, exit, gi_type_val(gi_type_of(exc)), exc, gi_is_null(traceback) ? GI_NONE : gi_val(traceback));
    gi_xdrop(ts, traceback);
    return result;
}

/* ---- match ---- */

GiRef gi_op_match_keys(GiThread *ts, GiVal subject, GiVal keys) {
    size_t n = gi_tuple_len(keys);
    if (n == 0) return gi_tuple_new(ts, 0);
    GiRef seen = gi_set_new(ts, GI_NOVAL), get = GI_NULL, missing = GI_NULL, values = GI_NULL;
    if (gi_is_null(seen) || gi_is_null(get = gi_getattr_cstr(ts, subject, "get")) ||
        gi_is_null(missing = gi_call0(ts, gi_type_val(&gi_object_type))) || gi_is_null(values = gi_list_new(ts, n)))
        goto fail;
    for (size_t i = 0; i < n; i++) {
        GiVal key = gi_tuple_get(keys, i);
        GiTruth in = gi_set_contains(ts, gi_val(seen), key);
        if (in.value < 0) goto fail;
        if (in.value) {
            gi_raise(ts, &gi_exc_ValueError, "mapping pattern checks duplicate key (%R)", key);
            goto fail;
        }
        if (gi_set_add(ts, gi_val(seen), key) < 0) goto fail;
        GiRef value = gi_call2(ts, gi_val(get), key, gi_val(missing));
        if (gi_is_null(value)) goto fail;
        if (gi_same(value, missing)) {
            gi_drop(ts, value);
            gi_drop(ts, values);
            values = GI_REF_NONE;
            break;
        }
        if (gi_list_append(ts, gi_val(values), value) < 0) goto fail;
    }
    gi_drop(ts, seen);
    gi_drop(ts, get);
    gi_drop(ts, missing);
    if (gi_is_none(values)) return values;
    GiRef tuple = gi_list_to_tuple(ts, gi_val(values));
    gi_drop(ts, values);
    return tuple;
fail:
    gi_xdrop(ts, seen);
    gi_xdrop(ts, get);
    gi_xdrop(ts, missing);
    gi_xdrop(ts, values);
    return GI_NULL;
}

/* Appends subject.name to list; *absent says that there is no such attribute. */
static GiStatus match_attribute(GiThread *ts, GiVal subject, GiVal cls, GiVal name, GiVal seen, GiVal list,
                                bool *absent) {
    GiTruth in = gi_set_contains(ts, seen, name);
    if (in.value < 0) return GI_FAIL;
    if (in.value)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() got multiple sub-patterns for attribute %R",
                               gi_as_type(cls)->name, name);
    if (gi_set_add(ts, seen, name) < 0) return GI_FAIL;
    GiRef value;
    if (gi_getattr_opt(ts, subject, name, &value) < 0) return GI_FAIL;
    if (gi_is_null(value)) {
        *absent = true;
        return GI_OK;
    }
    return gi_list_append(ts, list, value);
}

static GiStatus match_positional(GiThread *ts, GiVal subject, GiVal cls, size_t count, GiVal seen, GiVal list,
                                 bool *absent) {
    GiRef match_args;
    if (gi_getattr_opt(ts, cls, GI_N(__match_args__), &match_args) < 0) return GI_FAIL;
    bool match_self = false;
    if (gi_is_null(match_args)) {
        match_self = gi_as_type(cls)->flags & GI_TYPE_MATCH_SELF;
        match_args = gi_tuple_new(ts, 0);
        if (gi_is_null(match_args)) return GI_FAIL;
    } else if (!gi_is_tuple_exact(gi_val(match_args))) {
        gi_raise(ts, &gi_exc_TypeError, "%s.__match_args__ must be a tuple (got %T)", gi_as_type(cls)->name,
                 gi_val(match_args));
        gi_drop(ts, match_args);
        return GI_FAIL;
    }
    size_t allowed = match_self ? 1 : gi_tuple_len(match_args);
    GiStatus status = GI_OK;
    if (allowed < count) {
        status = gi_raise_status(ts, &gi_exc_TypeError, "%s() accepts %zu positional sub-pattern%s (%zu given)",
                                 gi_as_type(cls)->name, allowed, allowed == 1 ? "" : "s", count);
    } else if (match_self) {
        status = gi_list_append(ts, list, gi_dup(ts, subject));
    } else {
        for (size_t i = 0; status == GI_OK && i < count && !*absent; i++) {
            GiVal name = gi_tuple_get(gi_val(match_args), i);
            if (!gi_is_str_exact(name))
                status = gi_raise_status(ts, &gi_exc_TypeError, "__match_args__ elements must be strings (got %T)", name);
            else
                status = match_attribute(ts, subject, cls, name, seen, list, absent);
        }
    }
    gi_drop(ts, match_args);
    return status;
}

GiRef gi_op_match_class(GiThread *ts, GiVal subject, GiVal cls, size_t positional, GiVal names) {
    if (!gi_is_type(cls)) return gi_raise_ref(ts, &gi_exc_TypeError, "called match pattern must be a type");
    GiTruth is = gi_isinstance(ts, subject, cls);
    if (is.value < 0) return GI_NULL;
    if (!is.value) return GI_REF_NONE;
    GiRef seen = gi_set_new(ts, GI_NOVAL), list = gi_list_new(ts, positional + gi_tuple_len(names));
    bool absent = false;
    GiStatus status = gi_is_null(seen) || gi_is_null(list) ? GI_FAIL : GI_OK;
    if (status == GI_OK && positional > 0)
        status = match_positional(ts, subject, cls, positional, gi_val(seen), gi_val(list), &absent);
    for (size_t i = 0; status == GI_OK && !absent && i < gi_tuple_len(names); i++)
        status = match_attribute(ts, subject, cls, gi_tuple_get(names, i), gi_val(seen), gi_val(list), &absent);
    GiRef result = GI_NULL;
    if (status == GI_OK) result = absent ? GI_REF_NONE : gi_list_to_tuple(ts, gi_val(list));
    gi_xdrop(ts, seen);
    gi_xdrop(ts, list);
    return result;
}
