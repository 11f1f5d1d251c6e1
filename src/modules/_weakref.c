/* _weakref.c - the native part of weakref. */
#include "modules/module.h"

#include "modules/_weakref.gen.h"

GI_FUNCTION(_weakref, getweakrefcount, "(object, /)",
            "Return the number of weak references to 'object'.") {
    return gi_int_from_u64(ts, gi_weakref_count(ts, a->object));
}

GI_FUNCTION(_weakref, getweakrefs, "(object, /)",
            "Return a list of all weak reference objects pointing to 'object'.") {
    return gi_weakref_list(ts, a->object);
}

GI_FUNCTION(_weakref, proxy, "(object, callback=None, /)",
            "Create a proxy object that weakly references 'object'.\n\n'callback', if given, is called "
            "with a reference to the\nproxy when 'object' is about to be finalized.") {
    return gi_weakproxy_new(ts, a->object, a->callback);
}

/* Without the GIL: takes the entry out, and puts it back if it is a live reference that another thread has
 * stored meanwhile; an entry newer than that one stays. */
static GiStatus remove_if_dead(GiThread *ts, GiVal dict, GiVal key) {
    GiRef gone = gi_dict_pop(ts, dict, key);
    if (gi_is_null(gone)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    GiRef referent = gi_is_weakref(gi_val(gone)) ? gi_weakref_get(ts, gi_val(gone)) : gi_dup(ts, gi_val(gone));
    GiStatus status = GI_OK;
    if (!gi_is_null(referent)) {
        GiRef kept = gi_dict_setdefault(ts, dict, key, gi_val(gone));
        status = gi_is_null(kept) ? GI_FAIL : GI_OK;
        gi_xdrop(ts, kept);
    }
    gi_xdrop(ts, referent), gi_drop(ts, gone);
    return status;
}

GI_FUNCTION(_weakref, _remove_dead_weakref, "(dct: dict, key, /)",
            "Atomically remove key from dict if it points to a dead weakref.") {
    GiRef value;
    if (gi_dict_get(ts, a->dct, a->key, &value)) return GI_NULL;
    if (gi_is_null(value)) return GI_REF_NONE;
    if (!gi_is_weakref(gi_val(value))) {
        gi_drop(ts, value);
        return gi_raise_ref(ts, &gi_exc_TypeError, "not a weakref");
    }
    GiRef referent = gi_weakref_get(ts, gi_val(value));
    bool dead = gi_is_null(referent), found;
    gi_xdrop(ts, referent);
    gi_drop(ts, value);
    if (dead && ts->core.free_running) return remove_if_dead(ts, a->dct, a->key) ? GI_NULL : GI_REF_NONE;
    if (dead && gi_dict_del(ts, a->dct, a->key, &found)) return GI_NULL;
    return GI_REF_NONE;
}

static GiStatus _weakref_exec(GiThread *ts, GiVal module) {
    if (gi_module_add(ts, module, "ref", gi_dup(ts, gi_type_val(&gi_weakref_type))) ||
        gi_module_add(ts, module, "ReferenceType", gi_dup(ts, gi_type_val(&gi_weakref_type))) ||
        gi_module_add(ts, module, "ProxyType", gi_dup(ts, gi_type_val(&gi_weakproxy_type))) ||
        gi_module_add(ts, module, "CallableProxyType", gi_dup(ts, gi_type_val(&gi_weakcallableproxy_type))))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__weakref = {
    .name = "_weakref",
    .doc = "Weak-reference support module.",
    .functions = _weakref_functions,
    .exec = _weakref_exec,
};
