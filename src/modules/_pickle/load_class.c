/* load_class.c - finding classes by name, making instances and giving them their state. */
#include "modules/_pickle/pickle.h"
#include "objects/container.h"

/* ---- Finding ---- */

/* Today's names for those of Python 2. */
static GiStatus map_to_python3(GiThread *ts, GiPickleState *state, GiRef *module, GiRef *name) {
    GI_AUTO GiRef key = gi_tuple_pack(ts, 2, gi_val(*module), gi_val(*name));
    GiRef hit;
    if (gi_is_null(key) || gi_dict_get(ts, gi_val(state->names_2to3), gi_val(key), &hit) < 0) return GI_FAIL;
    if (!gi_is_null(hit)) {
        GiVal pair = gi_val(hit);
        if (!gi_is_tuple(pair) || gi_tuple_len(pair) != 2 || !gi_is_str(gi_tuple_get(pair, 0)) || !gi_is_str(gi_tuple_get(pair, 1))) {
            gi_drop(ts, hit);
            return gi_raise_status(ts, &gi_exc_RuntimeError, "_compat_pickle.NAME_MAPPING values should be pairs of str");
        }
        gi_drop(ts, *module);
        gi_drop(ts, *name);
        *module = gi_dup(ts, gi_tuple_get(pair, 0));
        *name = gi_dup(ts, gi_tuple_get(pair, 1));
        gi_drop(ts, hit);
        return GI_OK;
    }
    if (gi_dict_get(ts, gi_val(state->modules_2to3), gi_val(*module), &hit) < 0) return GI_FAIL;
    if (gi_is_null(hit)) return GI_OK;
    gi_drop(ts, *module);
    *module = hit;
    if (!gi_is_str(gi_val(hit))) return gi_raise_status(ts, &gi_exc_RuntimeError, "_compat_pickle.IMPORT_MAPPING values should be strings");
    return GI_OK;
}
GiRef gi_find_class(GiThread *ts, GiPickleState *state, int protocol, bool fix_imports, GiVal module_name, GiVal class_name) {
    GI_AUTO GiRef event = gi_tuple_pack(ts, 2, module_name, class_name);
    if (gi_is_null(event) || ts->vm->hooks->audit(ts, "pickle.find_class", gi_val(event)) < 0) return GI_NULL;
    GI_AUTO GiRef module = gi_dup(ts, module_name);
    GI_AUTO GiRef name = gi_dup(ts, class_name);
    if (protocol < 3 && fix_imports && map_to_python3(ts, state, &module, &name) < 0) return GI_NULL;
    const char *text = gi_str_cstr(ts, gi_val(module));
    GI_AUTO GiRef found = text ? gi_import(ts, text) : GI_NULL;
    if (gi_is_null(found)) return GI_NULL;
    return gi_pickle_getattr(ts, gi_val(found), gi_val(name), protocol >= 4, NULL);
}
GiRef gi_load_find_class(GiLoader *l, GiVal module, GiVal name) {
    GiThread *ts = l->ts;
    if (gi_is_null(l->self)) return gi_find_class(ts, l->state, l->protocol, l->fix_imports, module, name);
    const GiVal args[] = {module, name};
    return gi_call_method_cstr(ts, l->self, "find_class", args, 2);
}
GiRef gi_load_extension(GiLoader *l, int64_t code) {
    GiThread *ts = l->ts;
    GI_AUTO GiRef key = gi_int_from_i64(ts, code);
    GiRef hit;
    if (gi_is_null(key) || gi_dict_get(ts, gi_val(l->state->extension_cache), gi_val(key), &hit) < 0) return GI_NULL;
    if (!gi_is_null(hit)) return hit;
    if (gi_dict_get(ts, gi_val(l->state->inverted_registry), gi_val(key), &hit) < 0) return GI_NULL;
    if (gi_is_null(hit)) return gi_raise_ref(ts, &gi_exc_ValueError, "unregistered extension code %ld", (long)code);
    GI_AUTO GiRef pair = hit;
    GiVal p = gi_val(pair);
    if (!gi_is_tuple(p) || gi_tuple_len(p) != 2 || !gi_is_str(gi_tuple_get(p, 0)) || !gi_is_str(gi_tuple_get(p, 1)))
        return gi_raise_ref(ts, &gi_exc_ValueError, "_inverted_registry[%ld] isn't a 2-tuple of strings", (long)code);
    GiRef found = gi_load_find_class(l, gi_tuple_get(p, 0), gi_tuple_get(p, 1));
    if (!gi_is_null(found) && gi_dict_set(ts, gi_val(l->state->extension_cache), gi_val(key), gi_val(found)) < 0) {
        gi_drop(ts, found);
        return GI_NULL;
    }
    return found;
}

/* ---- Making ---- */

GiRef gi_load_new(GiLoader *l, GiVal cls, GiVal args, GiVal kwargs, const char *op) {
    GiThread *ts = l->ts;
    if (!gi_is_type(cls)) return gi_unpickling_error(ts, "%s class argument must be a type, not %.200T", op, cls), GI_NULL;
    GiType *type = gi_as_type(cls);
    if (type->new_ == NULL || (type->flags & GI_TYPE_NO_NEW))
        return gi_unpickling_error(ts, "%s class argument '%.200s' doesn't have __new__", op, type->name), GI_NULL;
    if (!gi_is_tuple(args)) return gi_unpickling_error(ts, "%s args argument must be a tuple, not %.200T", op, args), GI_NULL;
    if (gi_is_null(kwargs)) return type->new_(ts, type, gi_tuple_items(args), gi_tuple_len(args), GI_NOVAL);
    if (!gi_is_dict(kwargs)) return gi_unpickling_error(ts, "%s kwargs argument must be a dict, not %.200T", op, kwargs), GI_NULL;
    GI_AUTO GiRef method = gi_getattr(ts, cls, GI_N(__new__));
    GI_AUTO GiRef head = gi_is_null(method) ? GI_NULL : gi_tuple_pack(ts, 1, cls);
    GI_AUTO GiRef all = gi_is_null(head) ? GI_NULL : gi_binary(ts, GI_BIN_ADD, gi_val(head), args);
    return gi_is_null(all) ? GI_NULL : gi_call_ex(ts, gi_val(method), gi_val(all), kwargs);
}
/* Protocols 0 and 1: a class without __getinitargs__ is not called. */
GiRef gi_load_instantiate(GiLoader *l, GiVal cls, GiVal args) {
    GiThread *ts = l->ts;
    if (gi_tuple_len(args) == 0 && gi_is_type(cls)) {
        GiRef method;
        if (gi_getattr_opt(ts, cls, GI_N(__getinitargs__), &method) < 0) return GI_NULL;
        if (gi_is_null(method)) return gi_call_method(ts, GI_N(__new__), (const GiVal[]){cls, cls}, 2);
        gi_drop(ts, method);
    }
    return gi_call_ex(ts, cls, args, GI_NOVAL);
}

/* ---- State ---- */

/* True if `inst.__dict__[k] = v` may go to the instance's attributes directly. */
static bool plain_attributes(GiThread *ts, GiVal inst) {
    GiType *type = gi_type_of(inst);
    if (!(type->flags & GI_TYPE_ATTRS) || !(type->flags & GI_TYPE_PLAIN_GETATTR)) return false;
    GiVal own = gi_type_lookup_peek(ts, type, GI_N(__dict__));
    return !gi_is_null(own) && gi_is_exact(own, &gi_getset_descr_type);
}
static GiStatus set_dict_state(GiThread *ts, GiVal inst, GiVal state) {
    bool plain = plain_attributes(ts, inst);
    GI_AUTO GiRef dict = plain ? GI_NULL : gi_getattr(ts, inst, GI_N(__dict__));
    if (!plain && gi_is_null(dict)) return GI_FAIL;
    size_t pos = 0;
    GiRef key, value;
    while (gi_dict_next(ts, state, &pos, &key, &value)) {
        GiStatus status;
        if (gi_is_str_exact(key)) key = gi_str_intern(ts, key);
        if (gi_is_null(key)) {
            gi_drop(ts, value);
            return GI_FAIL;
        }
        if (plain && gi_is_str_exact(key)) {
            status = gi_attrs_set(ts, gi_obj(inst), gi_val(key), value);
        } else {
            if (plain && gi_is_null(dict)) {
                dict = gi_getattr(ts, inst, GI_N(__dict__));
                plain = false;
            }
            status = gi_is_null(dict) ? GI_FAIL : gi_setitem(ts, gi_val(dict), gi_val(key), gi_val(value));
            gi_drop(ts, value);
        }
        gi_drop(ts, key);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}
GiStatus gi_load_build(GiLoader *l, GiVal inst, GiVal state) {
    GiThread *ts = l->ts;
    GiRef method;
    if (gi_getattr_opt(ts, inst, GI_N(__setstate__), &method) < 0) return GI_FAIL;
    if (!gi_is_null(method)) {
        GiRef r = gi_call1(ts, gi_val(method), state);
        gi_drop(ts, method);
        gi_xdrop(ts, r);
        return gi_is_null(r) ? GI_FAIL : GI_OK;
    }
    GiVal slots = GI_NOVAL;
    if (gi_is_tuple(state) && gi_tuple_len(state) == 2) {
        slots = gi_tuple_get(state, 1);
        state = gi_tuple_get(state, 0);
    }
    if (!gi_is_none(state)) {
        if (!gi_is_dict(state)) return gi_unpickling_error(ts, "state is not a dictionary");
        if (set_dict_state(ts, inst, state) < 0) return GI_FAIL;
    }
    if (gi_is_null(slots) || gi_is_none(slots)) return GI_OK;
    if (!gi_is_dict(slots)) return gi_unpickling_error(ts, "slot state is not a dictionary");
    size_t pos = 0;
    GiRef key, value;
    while (gi_dict_next(ts, slots, &pos, &key, &value)) {
        GiStatus status = gi_is_str(gi_val(key)) ? gi_setattr(ts, inst, gi_val(key), gi_val(value))
                          : gi_raise_status(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", gi_val(key));
        gi_drop(ts, key);
        gi_drop(ts, value);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}
