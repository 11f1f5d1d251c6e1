/* module.c - module objects: their dict, PEP 562's __getattr__, repr by the import system's rules.
 *
 * LOCK: the dict locks itself. State of native modules belongs to their functions.
 */
#include "objects/descr.h"
#include "memory/slots.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"

#include "module.gen.h"

#define MODULE(v) ((GiModule *)gi_obj(v))

static GiStatus fill(GiThread *ts, GiVal self, GiVal name, GiVal doc) {
    GiModule *m = MODULE(self);
    GiVal dict = gi_val(m->dict);
    gi_slot_store(ts, &m->name, gi_dup(ts, name));
    if (gi_dict_set(ts, dict, GI_N(__name__), name) || gi_dict_set(ts, dict, GI_N(__doc__), doc) ||
        gi_dict_set(ts, dict, GI_N(__package__), GI_NONE) ||
        gi_dict_set(ts, dict, GI_N(__loader__), GI_NONE) || gi_dict_set(ts, dict, GI_N(__spec__), GI_NONE))
        return GI_FAIL;
    return GI_OK;
}

static GiRef module_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    GiRef self = gi_type_alloc(ts, type, 0);
    if (gi_is_null(self)) return GI_NULL;
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) {
        gi_drop(ts, self);
        return GI_NULL;
    }
    gi_slot_init(&MODULE(self)->dict, dict);
    return self;
}

GiRef gi_module_new(GiThread *ts, GiVal name) {
    GiRef self = module_new(ts, &gi_module_type, NULL, 0, GI_NOVAL);
    if (gi_is_null(self) || !fill(ts, gi_val(self), name, GI_NONE)) return self;
    gi_drop(ts, self);
    return GI_NULL;
}

GI_INIT(module, "(self, name: str, doc=None)") {
    return fill(ts, self, a->name, gi_is_null(a->doc) ? GI_NONE : a->doc);
}

/* ---- Attributes ---- */

/* Is the module still being imported: __spec__._initializing. */
static bool is_initialising(GiThread *ts, GiVal dict) {
    GiRef spec = gi_dict_get_str(ts, dict, GI_N(__spec__)), flag = GI_NULL;
    bool yes = false;
    if (!gi_is_null(spec) && !gi_getattr_opt(ts, gi_val(spec), GI_N(_initializing), &flag) &&
        !gi_is_null(flag))
        yes = gi_truth(ts, gi_val(flag)).value > 0;
    if (gi_raised(ts)) gi_exc_clear(ts);
    gi_xdrop(ts, spec);
    gi_xdrop(ts, flag);
    return yes;
}

/* Whether module.__spec__._uninitialized_submodules has the name. */
static bool is_submodule_in_progress(GiThread *ts, GiVal dict, GiVal name) {
    GiRef spec = gi_dict_get_str(ts, dict, GI_N(__spec__)), key = GI_NULL, list = GI_NULL;
    bool yes = false;
    if (!gi_is_null(spec)) key = gi_intern_cstr(ts, "_uninitialized_submodules");
    if (!gi_is_null(key) && gi_getattr_opt(ts, gi_val(spec), gi_val(key), &list) == GI_OK && !gi_is_null(list))
        yes = gi_contains(ts, gi_val(list), name).value > 0;
    if (gi_raised(ts)) gi_exc_clear(ts);
    gi_xdrop(ts, spec);
    gi_xdrop(ts, key);
    gi_xdrop(ts, list);
    return yes;
}

static GI_COLD GiRef no_attribute(GiThread *ts, GiVal self, GiVal name) {
    GiVal dict = gi_val(MODULE(self)->dict);
    GiRef hook = gi_dict_get_str(ts, dict, GI_N(__getattr__));
    if (!gi_is_null(hook)) {
        GiRef r = gi_call1(ts, gi_val(hook), name);
        gi_drop(ts, hook);
        return r;
    }
    GiRef own = gi_dict_get_str(ts, dict, GI_N(__name__));
    if (gi_is_null(own) || !gi_is_str(gi_val(own)))
        gi_raise_attribute(ts, self, name, "module has no attribute '%U'", name);
    else if (is_initialising(ts, dict))
        gi_raise_attribute(ts, self, name,
                           "partially initialized module '%U' has no attribute '%U' (most likely due to a "
                           "circular import)",
                           gi_val(own), name);
    else if (is_submodule_in_progress(ts, dict, name))
        gi_raise_attribute(ts, self, name,
                           "cannot access submodule '%U' of module '%U' (most likely due to a circular import)", name,
                           gi_val(own));
    else
        gi_raise_attribute(ts, self, name, "module '%U' has no attribute '%U'", gi_val(own), name);
    gi_xdrop(ts, own);
    return GI_NULL;
}

static GiRef module_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiType *type = gi_type_of(self);
    GiRef descr = gi_type_lookup(ts, type, name);
    GiType *dt = gi_is_null(descr) ? NULL : gi_type_of(gi_val(descr));
    if (dt && dt->descr_get && dt->descr_set) {
        GiRef r = dt->descr_get(ts, gi_val(descr), self, gi_type_val(type));
        gi_drop(ts, descr);
        return r;
    }
    GiVal dict = gi_val(MODULE(self)->dict);
    GiRef own = gi_is_null(dict) ? GI_NULL : gi_dict_get_str(ts, dict, name);
    if (GI_LIKELY(!gi_is_null(own)) || gi_raised(ts)) {
        gi_xdrop(ts, descr);
        return own;
    }
    if (!dt) return no_attribute(ts, self, name);
    if (!dt->descr_get) return descr;
    GiRef r = dt->descr_get(ts, gi_val(descr), self, gi_type_val(type));
    gi_drop(ts, descr);
    return r;
}

static GiStatus module_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    GiRef descr = gi_type_lookup(ts, gi_type_of(self), name);
    if (!gi_is_null(descr) && gi_type_of(gi_val(descr))->descr_set) {
        GiStatus status = gi_type_of(gi_val(descr))->descr_set(ts, gi_val(descr), self, value);
        gi_drop(ts, descr);
        return status;
    }
    gi_xdrop(ts, descr);
    GiVal dict = gi_val(MODULE(self)->dict);
    if (!gi_is_null(value)) {
        GiVal known = gi_is_str_exact(name) ? gi_str_interned_peek(ts, name) : GI_NOVAL;
        return gi_dict_set(ts, dict, gi_is_null(known) ? name : known, value);
    }
    bool found;
    if (gi_dict_del(ts, dict, name, &found)) return GI_FAIL;
    if (found) return GI_OK;
    return gi_raise_status(ts, &gi_exc_AttributeError, "'%.100T' object has no attribute '%U'", self, name);
}

/* ---- repr ---- */

/* "<module 'name' ...>" from a spec. */
static GiRef repr_of_spec(GiThread *ts, GiVal spec) {
    GiRef name = gi_getattr(ts, spec, GI_N(name)), origin = GI_NULL, r = GI_NULL;
    GiRef loader = GI_NULL, located = GI_NULL;
    if (gi_is_null(name)) return GI_NULL;
    if (gi_is_none(name)) name = gi_str_from_cstr(ts, "?");
    if (gi_is_null(name)) return GI_NULL;
    origin = gi_getattr(ts, spec, GI_N(origin));
    if (gi_is_null(origin)) goto out;
    if (gi_is_none(origin)) {
        loader = gi_getattr(ts, spec, GI_N(loader));
        if (gi_is_null(loader)) goto out;
        r = gi_is_none(loader) ? gi_str_format(ts, "<module %R>", gi_val(name))
                               : gi_str_format(ts, "<module %R (%R)>", gi_val(name), gi_val(loader));
        goto out;
    }
    located = gi_getattr(ts, spec, GI_N(has_location));
    if (gi_is_null(located)) goto out;
    GiTruth truth = gi_truth(ts, gi_val(located));
    if (truth.value < 0) goto out;
    r = truth.value ? gi_str_format(ts, "<module %R from %R>", gi_val(name), gi_val(origin))
                    : gi_str_format(ts, "<module %R (%S)>", gi_val(name), gi_val(origin));
out:
    gi_drop(ts, name);
    gi_xdrop(ts, origin);
    gi_xdrop(ts, loader);
    gi_xdrop(ts, located);
    return r;
}

/* What a loader of the old kind says by module_repr(); an exception there does not count. */
static bool repr_by_loader(GiThread *ts, GiVal self, GiRef *r) {
    GiRef loader, method = GI_NULL;
    if (gi_getattr_opt(ts, self, GI_N(__loader__), &loader) || gi_is_null(loader)) return false;
    GiRef name = gi_intern_cstr(ts, "module_repr");
    if (!gi_is_null(name) && gi_getattr_opt(ts, gi_val(loader), gi_val(name), &method) == GI_OK && !gi_is_null(method)) {
        *r = gi_call1(ts, gi_val(method), self);
        if (gi_is_null(*r) && gi_exc_matches(ts, &gi_exc_Exception)) gi_exc_clear(ts);
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, method);
    gi_drop(ts, loader);
    return !gi_is_null(*r);
}

static GiRef module_repr(GiThread *ts, GiVal self) {
    GiRef spec, name, file, loader, r = GI_NULL;
    if (gi_getattr_opt(ts, self, GI_N(__spec__), &spec)) return GI_NULL;
    if (!gi_is_null(spec) && !gi_is_none(spec)) {
        r = repr_of_spec(ts, gi_val(spec));
        gi_drop(ts, spec);
        return r;
    }
    if (repr_by_loader(ts, self, &r) || gi_raised(ts)) return r;
    if (gi_getattr_opt(ts, self, GI_N(__name__), &name)) return GI_NULL;
    if (gi_is_null(name)) name = gi_str_from_cstr(ts, "?");
    if (gi_is_null(name)) return GI_NULL;
    if (gi_getattr_opt(ts, self, GI_N(__file__), &file)) goto out;
    if (!gi_is_null(file)) {
        r = gi_str_format(ts, "<module %R from %R>", gi_val(name), gi_val(file));
        gi_drop(ts, file);
        goto out;
    }
    if (gi_getattr_opt(ts, self, GI_N(__loader__), &loader)) goto out;
    r = gi_is_null(loader) || gi_is_none(loader)
            ? gi_str_format(ts, "<module %R>", gi_val(name))
            : gi_str_format(ts, "<module %R (%R)>", gi_val(name), gi_val(loader));
    gi_xdrop(ts, loader);
out:
    gi_drop(ts, name);
    return r;
}

GI_METHOD(module, __dir__, "(self, /)", "__dir__() -> list\\nspecialized dir() implementation") {
    GiRef dict = gi_getattr(ts, self, GI_N(__dict__));
    if (gi_is_null(dict)) return GI_NULL;
    GiRef r = GI_NULL;
    if (!gi_is_dict(gi_val(dict))) {
        gi_raise(ts, &gi_exc_TypeError, "%R is not a dictionary", gi_val(dict));
    } else {
        GiRef hook = gi_dict_get_str(ts, gi_val(dict), GI_N(__dir__));
        r = gi_is_null(hook) ? gi_dict_keys_list(ts, gi_val(dict)) : gi_call0(ts, gi_val(hook));
        gi_xdrop(ts, hook);
    }
    gi_drop(ts, dict);
    return r;
}

GI_GETTER(module, __annotations__, "") {
    GiVal dict = gi_val(MODULE(self)->dict);
    GiRef found = gi_dict_get_str(ts, dict, GI_N(__annotations__));
    if (!gi_is_null(found) || gi_raised(ts)) return found;
    GiRef fresh = gi_dict_new(ts);
    if (gi_is_null(fresh) || !gi_dict_set(ts, dict, GI_N(__annotations__), gi_val(fresh))) return fresh;
    gi_drop(ts, fresh);
    return GI_NULL;
}
GI_SETTER(module, __annotations__) {
    GiVal dict = gi_val(MODULE(self)->dict);
    if (!gi_is_null(value)) return gi_dict_set(ts, dict, GI_N(__annotations__), value);
    bool found;
    if (gi_dict_del(ts, dict, GI_N(__annotations__), &found)) return GI_FAIL;
    if (found) return GI_OK;
    return gi_raise_status(ts, &gi_exc_AttributeError, "__annotations__");
}

/* ---- State of native modules ---- */

static void each_state_slot(GiObj *obj, GiVisit visit, void *arg) {
    GiModule *m = (GiModule *)obj;
    if (!m->state || !m->state_fields) return;
    for (const GiField *f = m->state_fields; f->kind != GI_FIELD_END; f++) {
        char *at = (char *)m->state + f->offset;
        if (f->kind == GI_FIELD_SLOT) {
            GiSlot *s = (GiSlot *)at;
            if (!gi_is_null(*s) && gi_is_heap(*s)) visit(s, arg);
        } else if (f->kind == GI_FIELD_CUSTOM) {
            f->each(obj, visit, arg);
        } else if (f->kind == GI_FIELD_ARRAY || f->kind == GI_FIELD_INLINE) {
            GiSlot *s = f->kind == GI_FIELD_ARRAY ? *(GiSlot **)at : (GiSlot *)at;
            size_t n = s ? *(size_t *)((char *)m->state + f->count) : 0;
            for (size_t i = 0; i < n; i++)
                if (!gi_is_null(s[i]) && gi_is_heap(s[i])) visit(&s[i], arg);
        }
    }
}

static void drop_state_slot(GiSlot *slot, void *arg) { gi_xdrop(arg, gi_slot_take(slot)); }

static void module_destroy(GiThread *ts, GiObj *obj) {
    GiModule *m = (GiModule *)obj;
    if (!m->state) return;
    each_state_slot(obj, drop_state_slot, ts);
    if (m->state_free) m->state_free(m->state);
    gi_mem_free(m->state);
    m->state = NULL;
}

static const GiField module_fields[] = {GI_SLOT(GiModule, dict), GI_SLOT(GiModule, name),
                                        GI_CUSTOM(each_state_slot), GI_FIELDS_END};
static const GiMemberDef module_members[] = {
    {"__dict__", GI_MEMBER_OBJECT, offsetof(GiModule, dict), true, NULL},
    {.name = NULL},
};
GiType gi_module_type = {
    .obj = GI_TYPE_HEAD, .name = "module", .size = sizeof(GiModule),
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_LASTING,
    .doc = "module(name, doc=None)\n--\n\nCreate a module object.\n\n"
           "The name must be a string; the optional doc argument can have any type.",
    .fields = module_fields, .members = module_members, .methods = module_methods, .getset = module_getset,
    .new_ = module_new, .init = module_init, .getattr = module_getattr, .setattr = module_setattr,
    .repr = module_repr, .destroy = module_destroy,
};
