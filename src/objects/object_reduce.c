/* object_reduce.c - how any object is taken apart for pickle and copy: object.__reduce_ex__ and
 * __getstate__.
 *
 * Protocols below 2 are copyreg._reduce_ex; the others are done here, with copyreg's __newobj__ and
 * __newobj_ex__ as the functions to call. No state.
 */
#include "objects/dispatch.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"

static GiRef copyreg_attr(GiThread *ts, const char *name) {
    /* PERF: once it is imported, which it is after the first object, no import machinery runs. */
    GiRef known = gi_dict_get_cstr(ts, gi_val(ts->vm->modules), "copyreg"), found = GI_NULL;
    if (!gi_is_null(known) && gi_is_exact(gi_val(known), &gi_module_type))
        found = gi_dict_get_cstr(ts, gi_module_dict(gi_val(known)), name);
    gi_xdrop(ts, known);
    if (!gi_is_null(found)) return found;
    if (gi_raised(ts)) gi_exc_clear(ts);
    GiRef module = ts->vm->hooks->import(ts, "copyreg");
    if (gi_is_null(module)) return GI_NULL;
    GiRef value = gi_getattr_cstr(ts, gi_val(module), name);
    gi_drop(ts, module);
    return value;
}

/* copyreg._slotnames(cls), which caches in cls.__slotnames__: a list, or None. */
static GiRef slot_names(GiThread *ts, GiType *type) {
    GiVal cached = gi_dict_get_str_peek(ts, gi_type_dict(ts, type), GI_N(__slotnames__));
    if (!gi_is_null(cached)) {
        if (gi_is_none(cached) || gi_is_list(cached)) return gi_dup(ts, cached);
        return gi_raise_ref(ts, &gi_exc_TypeError, "%.200s.__slotnames__ should be a list or None, not %.200T",
                            type->name, cached);
    }
    GiRef fn = copyreg_attr(ts, "_slotnames");
    if (gi_is_null(fn)) return GI_NULL;
    GiRef names = gi_call1(ts, gi_val(fn), gi_type_val(type));
    gi_drop(ts, fn);
    if (gi_is_null(names) || gi_is_none(names) || gi_is_list(gi_val(names))) return names;
    gi_drop(ts, names);
    return gi_raise_ref(ts, &gi_exc_TypeError, "copyreg._slotnames didn't return a list or None");
}

/* A dict of the __slots__ that have a value; null without exception when none has. */
static GiStatus slot_values(GiThread *ts, GiVal self, GiVal names, GiRef *out) {
    GiRef dict = gi_dict_new(ts);
    *out = GI_NULL;
    if (gi_is_null(dict)) return GI_FAIL;
    for (size_t i = 0; i < gi_list_len(names); i++) {
        GiRef name = gi_list_get(ts, names, i);
        if (gi_is_null(name)) break;
        GiRef value = GI_NULL;
        GiStatus status = gi_getattr_opt(ts, self, gi_val(name), &value);
        if (!status && !gi_is_null(value)) status = gi_dict_set_steal(ts, gi_val(dict), gi_val(name), value);
        gi_drop(ts, name);
        if (status) {
            gi_drop(ts, dict);
            return GI_FAIL;
        }
    }
    if (gi_dict_len(gi_val(dict)) == 0)
        gi_drop(ts, dict);
    else
        *out = dict;
    return GI_OK;
}

/* True when instances hold native data that the state would not show. */
static bool has_hidden_state(GiType *type, size_t slots) {
    return type->size > sizeof(GiObj) + slots * sizeof(GiSlot);
}

static GiRef instance_state(GiThread *ts, GiVal self) {
    if (gi_has_flag(self, GI_TYPE_ATTRS)) {
        GiRef state = gi_attrs_snapshot(ts, gi_obj(self));
        if (gi_is_null(state) || gi_dict_len(gi_val(state)) > 0) return state;
        gi_drop(ts, state);
        return GI_REF_NONE;
    }
    GiRef dict;
    if (gi_lookup_special(ts, self, GI_N(__dict__), &dict)) return GI_NULL; /* its own: a bound method shows another's */
    return gi_is_null(dict) ? GI_REF_NONE : dict;
}

static GiRef default_state(GiThread *ts, GiVal self, bool required) {
    GiType *type = gi_type_of(self);
    if (required && (type->item_size || type == &gi_memoryview_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot pickle %.200s objects", type->name);
    GiRef state = instance_state(ts, self);
    if (gi_is_null(state)) return GI_NULL;
    GiRef names = slot_names(ts, type);
    if (gi_is_null(names)) goto fail;
    size_t n = gi_is_none(names) ? 0 : gi_list_len(gi_val(names));
    if (required && has_hidden_state(type, n)) {
        gi_drop(ts, names);
        gi_raise(ts, &gi_exc_TypeError, "cannot pickle '%.200s' object", type->name);
        goto fail;
    }
    GiRef values = GI_NULL;
    GiStatus status = n ? slot_values(ts, self, gi_val(names), &values) : GI_OK;
    gi_drop(ts, names);
    if (status) goto fail;
    if (gi_is_null(values)) return state;
    return gi_tuple_steal(ts, (GiRef[]){state, values}, 2);
fail:
    gi_drop(ts, state);
    return GI_NULL;
}

GiRef gi_object_getstate(GiThread *ts, GiVal self, bool required) { return default_state(ts, self, required); }

/* self.__getstate__(), with the default one called directly. */
static GiRef state_of(GiThread *ts, GiVal self, bool required) {
    GiVal found = gi_type_lookup_peek(ts, gi_type_of(self), GI_N(__getstate__));
    GiVal standard = gi_type_lookup_peek(ts, &gi_object_type, GI_N(__getstate__));
    if (gi_same(found, standard)) {
        GiType *type = gi_type_of(self);
        bool own = false;
        if (type->flags & GI_TYPE_ATTRS) {
            GiRef attr = gi_attrs_get(ts, gi_obj(self), GI_N(__getstate__));
            own = !gi_is_null(attr);
            gi_xdrop(ts, attr);
        }
        if (!own && !gi_raised(ts)) return default_state(ts, self, required);
    }
    GiRef method = gi_getattr(ts, self, GI_N(__getstate__));
    if (gi_is_null(method)) return GI_NULL;
    GiRef state = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    return state;
}

/* ---- Arguments for __new__ ---- */

static GiStatus args_from_ex(GiThread *ts, GiVal method, GiRef *args, GiRef *kwargs) {
    GiRef r = gi_call0(ts, method);
    if (gi_is_null(r)) return GI_FAIL;
    GiVal v = gi_val(r);
    if (!gi_is_tuple(v))
        gi_raise(ts, &gi_exc_TypeError, "__getnewargs_ex__ should return a tuple, not '%.200T'", v);
    else if (gi_tuple_len(v) != 2)
        gi_raise(ts, &gi_exc_ValueError, "__getnewargs_ex__ should return a tuple of length 2, not %zu",
                 gi_tuple_len(v));
    else if (!gi_is_tuple(gi_tuple_get(v, 0)))
        gi_raise(ts, &gi_exc_TypeError,
                 "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%.200T'",
                 gi_tuple_get(v, 0));
    else if (!gi_is_dict(gi_tuple_get(v, 1)))
        gi_raise(ts, &gi_exc_TypeError,
                 "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%.200T'",
                 gi_tuple_get(v, 1));
    else {
        *args = gi_dup(ts, gi_tuple_get(v, 0));
        *kwargs = gi_dup(ts, gi_tuple_get(v, 1));
    }
    gi_drop(ts, r);
    return gi_raised(ts) ? GI_FAIL : GI_OK;
}

/* What __getnewargs_ex__ or __getnewargs__ give; null when the object has neither. */
static GiStatus new_arguments(GiThread *ts, GiVal self, GiRef *args, GiRef *kwargs) {
    GiRef method;
    *args = *kwargs = GI_NULL;
    if (gi_lookup_special(ts, self, GI_N(__getnewargs_ex__), &method)) return GI_FAIL;
    if (!gi_is_null(method)) {
        GiStatus status = args_from_ex(ts, gi_val(method), args, kwargs);
        gi_drop(ts, method);
        return status;
    }
    if (gi_lookup_special(ts, self, GI_N(__getnewargs__), &method)) return GI_FAIL;
    if (gi_is_null(method)) return GI_OK;
    *args = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    if (gi_is_null(*args)) return GI_FAIL;
    if (gi_is_tuple(gi_val(*args))) return GI_OK;
    gi_raise(ts, &gi_exc_TypeError, "__getnewargs__ should return a tuple, not '%.200T'", gi_val(*args));
    gi_drop(ts, *args);
    *args = GI_NULL;
    return GI_FAIL;
}

/* (cls, *args) */
static GiRef class_and_args(GiThread *ts, GiVal cls, GiRef args) {
    size_t n = gi_is_null(args) ? 0 : gi_tuple_len(args);
    GiRef tuple = gi_tuple_new(ts, n + 1);
    if (gi_is_null(tuple)) return GI_NULL;
    gi_tuple_init(tuple, 0, gi_dup(ts, cls));
    for (size_t i = 0; i < n; i++) gi_tuple_init(tuple, i + 1, gi_dup(ts, gi_tuple_get(gi_val(args), i)));
    return tuple;
}

static GiRef reduce_2(GiThread *ts, GiVal self) {
    GiType *type = gi_type_of(self);
    if (!type->new_ || (type->flags & GI_TYPE_NO_NEW))
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot pickle '%.200s' object", type->name);
    GiRef args, kwargs, parts[5] = {GI_NULL, GI_NULL, GI_NULL, GI_NULL, GI_NULL}, result = GI_NULL;
    if (new_arguments(ts, self, &args, &kwargs)) return GI_NULL;
    bool list = gi_has_flag(self, GI_TYPE_LIST), dict = gi_has_flag(self, GI_TYPE_DICT);
    GiVal cls = gi_type_val(type);
    if (gi_is_null(kwargs) || gi_dict_len(gi_val(kwargs)) == 0) {
        parts[0] = copyreg_attr(ts, "__newobj__");
        if (!gi_is_null(parts[0])) parts[1] = class_and_args(ts, cls, args);
    } else {
        parts[0] = copyreg_attr(ts, "__newobj_ex__");
        if (!gi_is_null(parts[0])) parts[1] = gi_tuple_pack(ts, 3, cls, gi_val(args), gi_val(kwargs));
    }
    if (gi_is_null(parts[0]) || gi_is_null(parts[1])) goto out;
    parts[2] = state_of(ts, self, gi_is_null(args) && !list && !dict);
    if (gi_is_null(parts[2])) goto out;
    parts[3] = list ? gi_iter(ts, self) : GI_REF_NONE;
    if (gi_is_null(parts[3])) goto out;
    if (dict) {
        GiRef items = gi_call_method(ts, GI_N(items), &self, 1);
        if (gi_is_null(items)) goto out;
        parts[4] = gi_iter(ts, gi_val(items));
        gi_drop(ts, items);
        if (gi_is_null(parts[4])) goto out;
    } else {
        parts[4] = GI_REF_NONE;
    }
    result = gi_tuple_from(ts, (const GiVal *)parts, 5);
out:
    for (int i = 0; i < 5; i++) gi_xdrop(ts, parts[i]);
    gi_xdrop(ts, args);
    gi_xdrop(ts, kwargs);
    return result;
}

GiRef gi_object_reduce(GiThread *ts, GiVal self, int protocol) {
    if (protocol >= 2) return reduce_2(ts, self);
    GiRef fn = copyreg_attr(ts, "_reduce_ex");
    if (gi_is_null(fn)) return GI_NULL;
    GiRef r = gi_call2(ts, gi_val(fn), self, gi_smallint(protocol));
    gi_drop(ts, fn);
    return r;
}
