/* ops_names.c - names: globals, builtins, class bodies, imports; what unbound names raise. */
#include "memory/slots.h"
#include "objects/container.h"
#include "vm/attr_cache.h"
#include "vm/ops.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/str.h"
#include "objects/tuple.h"

void gi_raise_unbound_local(GiThread *ts, const GiCode *code, unsigned variable) {
    gi_raise(ts, &gi_exc_UnboundLocalError,
             "cannot access local variable '%U' where it is not associated with a value",
             gi_val(code->variables[variable]));
}

void gi_raise_unbound_cell(GiThread *ts, const GiCode *code, unsigned variable) {
    if (variable < code->local_count) {
        gi_raise_unbound_local(ts, code, variable);
        return;
    }
    gi_raise(ts, &gi_exc_NameError,
             "cannot access free variable '%U' where it is not associated with a value in enclosing scope",
             gi_val(code->variables[variable]));
}

static GiRef raise_name(GiThread *ts, GiVal name) {
    gi_raise(ts, &gi_exc_NameError, "name '%U' is not defined", name);
    if (gi_exc_matches(ts, &gi_exc_NameError)) {
        GiRef exc = gi_exc_take(ts);
        if (gi_setattr(ts, gi_val(exc), GI_N(name), name) < 0) gi_exc_clear(ts);
        gi_exc_restore(ts, exc);
    }
    return GI_NULL;
}

/* mapping[name]; *out null when a KeyError says that it is not there. */
static GiStatus mapping_get(GiThread *ts, GiVal mapping, GiVal name, GiRef *out) {
    if (gi_is_dict_exact(mapping)) return gi_dict_get(ts, mapping, name, out);
    *out = gi_getitem(ts, mapping, name);
    if (gi_is_null(*out)) {
        if (!gi_exc_matches(ts, &gi_exc_KeyError)) return GI_FAIL;
        gi_exc_clear(ts);
    }
    return GI_OK;
}

GiRef gi_op_load_global(GiThread *ts, GiFrame *f, GiVal name) {
    GiFunction *func = gi_frame_func(f);
    GiRef r;
    if (mapping_get(ts, gi_val(func->globals), name, &r) < 0) return GI_NULL;
    if (!gi_is_null(r)) return r;
    if (gi_builtins_get(ts, func, name, &r) < 0) return GI_NULL;
    return gi_is_null(r) ? raise_name(ts, name) : r;
}

GiRef gi_op_load_name(GiThread *ts, GiFrame *f, GiVal name) {
    GiRef r;
    if (mapping_get(ts, gi_val(f->locals), name, &r) < 0) return GI_NULL;
    if (!gi_is_null(r)) return r;
    return gi_op_load_global(ts, f, name);
}

static GiVal name_scope(GiFrame *f) { return f->locals.bits ? gi_val(f->locals) : gi_frame_globals(f); }

GiStatus gi_op_store_name(GiThread *ts, GiFrame *f, GiVal name, GiVal value) {
    GiVal scope = name_scope(f);
    if (gi_is_dict_exact(scope)) return gi_dict_set(ts, scope, name, value);
    return gi_setitem(ts, scope, name, value);
}

GiStatus gi_op_delete_name(GiThread *ts, GiFrame *f, GiVal name) {
    if (gi_delitem(ts, name_scope(f), name) < 0) {
        if (gi_exc_matches(ts, &gi_exc_KeyError)) {
            gi_exc_clear(ts);
            raise_name(ts, name);
        }
        return GI_FAIL;
    }
    return GI_OK;
}

GiStatus gi_op_delete_global(GiThread *ts, GiFrame *f, GiVal name) {
    bool found;
    if (gi_dict_del(ts, gi_frame_globals(f), name, &found) < 0) return GI_FAIL;
    if (!found) {
        raise_name(ts, name);
        return GI_FAIL;
    }
    return GI_OK;
}

GiStatus gi_op_setup_annotations(GiThread *ts, GiFrame *f) {
    GiVal scope = name_scope(f);
    GiRef found;
    if (mapping_get(ts, scope, GI_N(__annotations__), &found) < 0) return GI_FAIL;
    if (!gi_is_null(found)) {
        gi_drop(ts, found);
        return GI_OK;
    }
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return GI_FAIL;
    GiStatus status = gi_setitem(ts, scope, GI_N(__annotations__), gi_val(dict));
    gi_drop(ts, dict);
    return status;
}

GiRef gi_op_load_class_cell(GiThread *ts, GiFrame *f, GiVal name, GiVal cell, bool is_free) {
    if (f->locals.bits) {
        GiRef r;
        if (mapping_get(ts, gi_val(f->locals), name, &r) < 0) return GI_NULL;
        if (!gi_is_null(r)) return r;
    }
    GiRef r = gi_slot_load(ts, &((GiCell *)gi_obj(cell))->value);
    if (!gi_is_null(r)) return r;
    if (is_free)
        return gi_raise_ref(ts, &gi_exc_NameError,
                            "cannot access free variable '%U' where it is not associated with a value in enclosing scope",
                            name);
    return gi_raise_ref(ts, &gi_exc_UnboundLocalError,
                        "cannot access local variable '%U' where it is not associated with a value", name);
}

/* ---- Imports ---- */

GiRef gi_op_import_name(GiThread *ts, GiFrame *f, GiVal name, GiVal level, GiVal fromlist) {
    GiRef import;
    if (gi_builtins_get(ts, gi_frame_func(f), GI_N(__import__), &import) < 0) return GI_NULL;
    if (gi_is_null(import)) return gi_raise_ref(ts, &gi_exc_ImportError, "__import__ not found");
    GiVal args[5] = {name, gi_frame_globals(f), f->locals.bits ? gi_val(f->locals) : GI_NONE, fromlist, level};
    GiRef r = gi_call(ts, gi_val(import), args, 5, GI_NOVAL);
    gi_drop(ts, import);
    return r;
}

/* The attribute of a module as a str, or null without exception. */
static GiRef str_attribute(GiThread *ts, GiVal module, GiVal name) {
    GiRef r;
    if (gi_getattr_opt(ts, module, name, &r) < 0) {
        gi_exc_clear(ts);
        return GI_NULL;
    }
    if (!gi_is_null(r) && !gi_is_str(gi_val(r))) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

static bool still_initialising(GiThread *ts, GiVal module) {
    GiRef spec, flag;
    bool result = false;
    if (gi_getattr_opt(ts, module, GI_N(__spec__), &spec) < 0) gi_exc_clear(ts);
    else if (!gi_is_null(spec)) {
        if (gi_getattr_opt(ts, gi_val(spec), GI_N(_initializing), &flag) < 0) gi_exc_clear(ts);
        else if (!gi_is_null(flag)) {
            GiTruth t = gi_truth(ts, gi_val(flag));
            if (t.value < 0) gi_exc_clear(ts);
            result = t.value > 0;
            gi_drop(ts, flag);
        }
        gi_drop(ts, spec);
    }
    return result;
}

static GiRef raise_cannot_import(GiThread *ts, GiVal module, GiVal name, GiVal package) {
    GiRef file = str_attribute(ts, module, GI_N(__file__));
    GiRef unknown = GI_NULL;
    if (gi_is_null(package)) {
        unknown = gi_str_from_cstr(ts, "<unknown module name>");
        package = gi_val(unknown);
    }
    if (gi_is_null(file))
        gi_raise(ts, &gi_exc_ImportError, "cannot import name %R from %R (unknown location)", name, package);
    else if (still_initialising(ts, module))
        gi_raise(ts, &gi_exc_ImportError,
                 "cannot import name %R from partially initialized module %R (most likely due to a circular import) (%U)",
                 name, package, gi_val(file));
    else
        gi_raise(ts, &gi_exc_ImportError, "cannot import name %R from %R (%U)", name, package, gi_val(file));
    if (gi_exc_matches(ts, &gi_exc_ImportError)) {
        GiRef exc = gi_exc_take(ts);
        if (gi_setattr(ts, gi_val(exc), GI_N(name), package) < 0) gi_exc_clear(ts);
        if (gi_setattr(ts, gi_val(exc), GI_N(path), gi_is_null(file) ? GI_NONE : gi_val(file)) < 0) gi_exc_clear(ts);
        gi_exc_restore(ts, exc);
    }
    gi_xdrop(ts, file);
    gi_xdrop(ts, unknown);
    return GI_NULL;
}

GiRef gi_op_import_from(GiThread *ts, GiVal module, GiVal name) {
    GiRef r;
    if (gi_getattr_opt(ts, module, name, &r) < 0) return GI_NULL;
    if (!gi_is_null(r)) return r;
    /* A submodule that is being imported in a circle is not an attribute yet. */
    GiRef package = str_attribute(ts, module, GI_N(__name__));
    if (!gi_is_null(package)) {
        GiRef full = gi_str_format(ts, "%U.%U", gi_val(package), name);
        if (gi_is_null(full)) {
            gi_drop(ts, package);
            return GI_NULL;
        }
        GiStatus status = mapping_get(ts, gi_val(ts->vm->modules), gi_val(full), &r);
        gi_drop(ts, full);
        if (status < 0 || !gi_is_null(r)) {
            gi_drop(ts, package);
            return status < 0 ? GI_NULL : r;
        }
    }
    raise_cannot_import(ts, module, name, gi_val(package));
    gi_xdrop(ts, package);
    return GI_NULL;
}

static GiStatus raise_star_name(GiThread *ts, GiVal module, GiVal name, bool of_dict) {
    GiRef own = gi_getattr(ts, module, GI_N(__name__));
    if (gi_is_null(own)) return GI_FAIL;
    if (!gi_is_str(gi_val(own)))
        gi_raise(ts, &gi_exc_TypeError, "module __name__ must be a string, not %.100T", gi_val(own));
    else
        gi_raise(ts, &gi_exc_TypeError, "%s in %U.__%s__ must be str, not %.100T", of_dict ? "Key" : "Item", gi_val(own),
                 of_dict ? "dict" : "all", name);
    gi_drop(ts, own);
    return GI_FAIL;
}

static GiStatus star_bind(GiThread *ts, GiVal scope, GiVal module, GiVal name, bool skip_private) {
    if (!gi_is_str(name))
        return raise_star_name(ts, module, name, skip_private);
    if (skip_private && gi_str_len(name) > 0 && gi_str_char(name, 0) == '_') return GI_OK;
    GiRef value = gi_getattr(ts, module, name);
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_setitem(ts, scope, name, gi_val(value));
    gi_drop(ts, value);
    return status;
}

GiStatus gi_op_import_star(GiThread *ts, GiFrame *f, GiVal module) {
    GiRef names;
    bool skip_private = false;
    if (gi_getattr_opt(ts, module, GI_N(__all__), &names) < 0) return GI_FAIL;
    if (gi_is_null(names)) {
        GiRef dict;
        if (gi_getattr_opt(ts, module, GI_N(__dict__), &dict) < 0) return GI_FAIL;
        if (gi_is_null(dict))
            return gi_raise_status(ts, &gi_exc_ImportError, "from-import-* object has no __dict__ and no __all__");
        names = gi_call_method_cstr(ts, gi_val(dict), "keys", NULL, 0);
        gi_drop(ts, dict);
        if (gi_is_null(names)) return GI_FAIL;
        skip_private = true;
    }
    GiRef list = gi_to_list(ts, gi_val(names));
    gi_drop(ts, names);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_list_len(list); i++)
        status = star_bind(ts, name_scope(f), module, gi_list_peek_locked(gi_val(list), i), skip_private);
    gi_drop(ts, list);
    return status;
}

GiStatus gi_op_print_expr(GiThread *ts, GiVal v) {
    GiRef hook = gi_dict_get_cstr(ts, gi_val(ts->vm->sys_dict), "displayhook");
    if (gi_is_null(hook)) return gi_raise_status(ts, &gi_exc_RuntimeError, "lost sys.displayhook");
    GiRef r = gi_call1(ts, gi_val(hook), v);
    gi_drop(ts, hook);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* ---- Attributes without the lock (objects/shape.c says why this is right) ---- */

GiStatus gi_op_store_slot(GiThread *ts, GiVal v, GiSlot *slot, GiVal name, GiRef value) {
    GiRef old = gi_slot_exchange(ts, slot, value);
    GiStatus status = GI_OK;
    if (GI_UNLIKELY(__atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE)->is_dict)) {
        /* It got a dict meanwhile: what did not move with the others follows. */
        GiRef left = gi_slot_exchange(ts, slot, GI_NULL);
        if (!gi_is_null(left)) status = gi_attrs_set(ts, gi_obj(v), name, left);
    }
    gi_xdrop(ts, old);
    return status;
}

bool gi_op_add_slot(GiThread *ts, GiVal v, const GiShape *before, uint32_t id, GiSlot *slot, GiVal value,
                    GiShape *after) {
    GiAttrs *attrs = gi_attrs(gi_obj(v));
    gi_lock_obj(ts, v);
    /* The id too: a class may have changed while this thread waited for the lock. */
    bool same = attrs->shape == before && atomic_load_explicit(&before->id, memory_order_relaxed) == id;
    if (GI_LIKELY(same)) {
        __atomic_store_n(&slot->bits, gi_dup(ts, value).bits, __ATOMIC_RELEASE);
        __atomic_store_n(&attrs->shape, after, __ATOMIC_RELEASE);
    }
    gi_unlock_obj(ts, v);
    return same;
}

int gi_op_store_known(GiThread *ts, GiVal v, const GiAttrEntry *e, GiSlot *slot, GiVal name, GiVal value) {
    if (e->value > GI_ATTR_MEMBER) {
        const GiShape *before = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
        return gi_op_add_slot(ts, v, before, e->id, slot, value, (GiShape *)(uintptr_t)e->value);
    }
    if (e->value != GI_ATTR_MEMBER) return gi_op_store_slot(ts, v, slot, name, gi_dup(ts, value)) < 0 ? -1 : 1;
    gi_slot_store(ts, slot, gi_dup(ts, value));
    return 1;
}
