/* call.c - calling any object, methods without bound methods, recursion limits.
 *
 * No state. A call checks the C stack (ts->c_stack_limit) rather than counting: native recursion
 * of any shape ends in RecursionError before the stack does.
 */
#include "objects/dispatch.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include <alloca.h>

/* More recursion than the limit that is allowed while a RecursionError is being handled. */
#define HEADROOM 50

static GI_COLD GiStatus recursion_error(GiThread *ts, const char *where) {
    return gi_raise_status(ts, &gi_exc_RecursionError, "maximum recursion depth exceeded%s", where);
}

GiStatus gi_enter_recursive(GiThread *ts, const char *where) {
    int limit = ts->recursion_limit + (ts->recursion_headroom > 0 ? HEADROOM : 0);
    if (GI_UNLIKELY(ts->recursion >= limit ||
                    (char *)__builtin_frame_address(0) < ts->c_stack_limit))
        return recursion_error(ts, where);
    ts->recursion++;
    return GI_OK;
}

void gi_raise_stack_spent(GiThread *ts) { (void)recursion_error(ts, " in nested native objects"); }

bool gi_is_callable(GiVal v) { return gi_type_of(v)->call != NULL; }

GiRef gi_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs, GiVal kwnames) {
    GI_ASSERT(!gi_raised(ts)); /* else the caller overlooked a failure */
    GiCallFn call = gi_type_of(callable)->call;
    if (GI_UNLIKELY(!call))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%.200T' object is not callable", callable);
    if (GI_UNLIKELY((char *)__builtin_frame_address(0) < ts->c_stack_limit)) {
        (void)recursion_error(ts, " while calling a Python object");
        return GI_NULL;
    }
    GiRef result = call(ts, callable, args, nargs, kwnames);
    GI_ASSERT(gi_is_null(result) == gi_raised(ts));
    return result;
}

GiRef gi_call0(GiThread *ts, GiVal callable) { return gi_call(ts, callable, NULL, 0, GI_NOVAL); }
GiRef gi_call1(GiThread *ts, GiVal callable, GiVal a) { return gi_call(ts, callable, &a, 1, GI_NOVAL); }
GiRef gi_call2(GiThread *ts, GiVal callable, GiVal a, GiVal b) {
    GiVal args[2] = {a, b};
    return gi_call(ts, callable, args, 2, GI_NOVAL);
}
GiRef gi_call3(GiThread *ts, GiVal callable, GiVal a, GiVal b, GiVal c) {
    GiVal args[3] = {a, b, c};
    return gi_call(ts, callable, args, 3, GI_NOVAL);
}

/* Fills names and values from a dict; the values are owned by the caller afterwards. */
static GiRef split_kwargs(GiThread *ts, GiVal kwargs, GiVal *values, size_t n, size_t *taken) {
    GiRef names = gi_tuple_new(ts, n);
    if (gi_is_null(names)) return GI_NULL;
    size_t pos = 0;
    GiVal key, value;
    while (*taken < n && gi_dict_next_peek(kwargs, &pos, &key, &value)) {
        if (!gi_is_str(key)) {
            gi_drop(ts, names);
            return gi_raise_ref(ts, &gi_exc_TypeError, "keywords must be strings");
        }
        gi_tuple_init(names, *taken, gi_dup(ts, key));
        values[(*taken)++] = gi_val(gi_dup(ts, value));
    }
    return names;
}

GiRef gi_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs) {
    size_t n = gi_tuple_len(args);
    size_t kw = gi_is_null(kwargs) ? 0 : gi_dict_len(kwargs);
    if (GI_UNLIKELY(kw && ts->core.free_running && !gi_is_unique(ts, kwargs))) {
        /* Others may change it while its items are taken out. */
        GiRef own = gi_dict_copy(ts, kwargs);
        if (gi_is_null(own)) return own;
        GiRef result = gi_call_ex(ts, callable, args, gi_val(own));
        gi_drop(ts, own);
        return result;
    }
    if (kw == 0) return gi_call(ts, callable, gi_tuple_items(args), n, GI_NOVAL);
    bool large = n + kw > 64;
    GiVal *all = large ? gi_mem_alloc(ts, (n + kw) * sizeof *all) : alloca((n + kw) * sizeof *all);
    if (!all) return GI_NULL;
    memcpy(all, gi_tuple_items(args), n * sizeof *all);
    size_t taken = 0;
    GiRef result = GI_NULL;
    GiRef names = split_kwargs(ts, kwargs, all + n, kw, &taken);
    if (!gi_is_null(names)) {
        result = gi_call(ts, callable, all, n, gi_val(names));
        gi_drop(ts, names);
    }
    for (size_t i = 0; i < taken; i++) gi_drop(ts, (GiRef){all[n + i].bits});
    if (large) gi_mem_free(all);
    return result;
}

GiRef gi_getmethod(GiThread *ts, GiVal v, GiVal name, bool *self_needed) {
    GiType *type = gi_type_of(v);
    *self_needed = false;
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR) || !gi_str_is_interned(name)) return gi_getattr(ts, v, name);
    GiVal found = gi_type_lookup_peek(ts, type, name);
    if (gi_is_null(found) || !gi_has_flag(found, GI_TYPE_METHOD_DESCR)) return gi_getattr(ts, v, name);
    GiRef method = gi_dup(ts, found);
    if (type->flags & GI_TYPE_ATTRS) {
        GiRef own = gi_attrs_get(ts, gi_obj(v), name);
        if (!gi_is_null(own) || gi_raised(ts)) {
            gi_drop(ts, method);
            return own;
        }
    }
    *self_needed = true;
    return method;
}

GiRef gi_call_method(GiThread *ts, GiVal name, const GiVal *args, size_t nargs) {
    bool self_needed;
    GiRef method = gi_getmethod(ts, args[0], name, &self_needed);
    if (gi_is_null(method)) return GI_NULL;
    /* Callers pass what stands in an object's field; the method may empty that field. */
    GiRef held = gi_dup(ts, args[0]);
    GiRef result = self_needed ? gi_call(ts, gi_val(method), args, nargs, GI_NOVAL)
                               : gi_call(ts, gi_val(method), args + 1, nargs - 1, GI_NOVAL);
    gi_drop(ts, method);
    gi_drop(ts, held);
    return result;
}

GiRef gi_call_method_cstr(GiThread *ts, GiVal self, const char *name, const GiVal *args, size_t nargs) {
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_NULL;
    GiVal all[9];
    GiRef result;
    if (nargs < GI_COUNTOF(all)) {
        all[0] = self;
        if (nargs) memcpy(all + 1, args, nargs * sizeof *all);
        result = gi_call_method(ts, gi_val(key), all, nargs + 1);
    } else {
        GiRef method = gi_getattr(ts, self, gi_val(key));
        result = gi_is_null(method) ? GI_NULL : gi_call(ts, gi_val(method), args, nargs, GI_NOVAL);
        gi_xdrop(ts, method);
    }
    gi_drop(ts, key);
    return result;
}

GiStatus gi_lookup_special(GiThread *ts, GiVal v, GiVal name, GiRef *out) {
    GiType *type = gi_type_of(v);
    GiRef found = gi_type_lookup(ts, type, name);
    *out = GI_NULL;
    if (gi_is_null(found)) return GI_OK;
    *out = gi_bind(ts, found, v, type);
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}
