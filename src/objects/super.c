/* super.c - super objects: attributes looked up behind a class in an mro.
 *
 * __init__ may run anew at any time: what a super object refers to is read by memory/slots.h. No locks.
 */
#include "objects/descr.h"
#include "memory/slots.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"

#define SUPER(v) ((GiSuper *)gi_obj(v))

/* The class whose mro is searched for obj; TypeError when obj does not fit type. */
static GiRef check_fit(GiThread *ts, GiType *type, GiVal obj) {
    if (gi_is_type(obj) && gi_is_subtype(gi_as_type(obj), type)) return gi_dup(ts, obj);
    GiType *t = gi_type_of(obj);
    if (gi_is_subtype(t, type)) return gi_dup(ts, gi_type_val(t));
    GiRef cls;
    if (gi_getattr_opt(ts, obj, GI_N(__class__), &cls)) return GI_NULL;
    if (!gi_is_null(cls) && gi_is_type(gi_val(cls)) && gi_as_type(cls) != t &&
        gi_is_subtype(gi_as_type(cls), type))
        return cls;
    gi_xdrop(ts, cls);
    return gi_raise_ref(ts, &gi_exc_TypeError,
                        "super(type, obj): obj must be an instance or subtype of type");
}

static GiStatus fill(GiThread *ts, GiSuper *su, GiVal type, GiVal obj) {
    GiRef cls = GI_NULL;
    if (gi_is_null(obj) || gi_is_none(obj)) {
        obj = GI_NOVAL;
    } else {
        cls = check_fit(ts, gi_as_type(type), obj);
        if (gi_is_null(cls)) return GI_FAIL;
    }
    gi_slot_store(ts, &su->type, gi_dup(ts, type));
    gi_slot_store(ts, &su->self, gi_xdup(ts, obj));
    gi_slot_store(ts, &su->self_type, cls);
    return GI_OK;
}

GiRef gi_super_new(GiThread *ts, GiVal type, GiVal obj) {
    GiRef v = gi_type_alloc(ts, &gi_super_type, 0);
    if (gi_is_null(v) || !fill(ts, SUPER(v), type, obj)) return v;
    gi_drop(ts, v);
    return GI_NULL;
}

static GiRef super_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                       GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}

static GiStatus super_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "super", kwnames) || gi_check_args(ts, "super()", nargs, 0, 2)) return GI_FAIL;
    if (nargs > 0) {
        if (!gi_is_type(args[0]))
            return gi_raise_status(ts, &gi_exc_TypeError, "super() argument 1 must be a type, not %.200T", args[0]);
        return fill(ts, SUPER(self), args[0], nargs > 1 ? args[1] : GI_NOVAL);
    }
    GiRef type, obj;
    const GiHooks *hooks = ts->vm->hooks;
    if (!hooks || !hooks->super_context)
        return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): no current frame");
    if (hooks->super_context(ts, &type, &obj)) return GI_FAIL;
    GiStatus status = fill(ts, SUPER(self), gi_val(type), gi_val(obj));
    gi_drop(ts, type);
    gi_drop(ts, obj);
    return status;
}

GiRef gi_super_lookup(GiThread *ts, GiType *type, GiType *obj_type, GiVal name) {
    GiVal mro = gi_slot_peek(&obj_type->mro);
    if (gi_is_null(mro)) return GI_NULL;
    size_t n = gi_tuple_len(mro), i = 0;
    while (i < n && !gi_same(gi_tuple_get(mro, i), gi_type_val(type))) i++;
    GiRef found = GI_NULL, held = GI_NULL;
    for (i++; i < n && gi_is_null(found) && !gi_raised(ts); i++) {
        GiVal dict = gi_type_dict(ts, gi_as_type(gi_tuple_get(mro, i)));
        if (gi_is_null(dict)) continue;
        /* PERF: not counted, since classes change in a stopped world only: until code of keys may run. */
        if (GI_UNLIKELY(!gi_dict_of(dict)->str_keys) && gi_is_null(held)) held = gi_dup(ts, mro);
        found = gi_xdup(ts, gi_dict_get_str_peek(ts, dict, name));
    }
    gi_xdrop(ts, held);
    return found;
}

static GiRef super_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiSuper *su = SUPER(self);
    GiRef start = gi_slot_load(ts, &su->self_type), type = GI_NULL, r = GI_NULL;
    if (gi_is_null(start)) return gi_object_getattr(ts, self, name);
    if (!gi_str_equals_cstr(name, "__class__")) {
        type = gi_slot_load(ts, &su->type);
        r = gi_super_lookup(ts, gi_as_type(type), gi_as_type(start), name);
    }
    if (gi_is_null(r)) {
        if (!gi_raised(ts)) r = gi_object_getattr(ts, self, name);
    } else if (gi_type_of(gi_val(r))->descr_get) {
        GiRef found = r, obj = gi_slot_load(ts, &su->self);
        GiVal bound = gi_same(obj, start) ? GI_NOVAL : gi_val(obj);
        r = gi_type_of(gi_val(found))->descr_get(ts, gi_val(found), bound, gi_val(start));
        gi_drop(ts, found);
        gi_xdrop(ts, obj);
    }
    gi_drop(ts, start);
    gi_xdrop(ts, type);
    return r;
}

static GiRef super_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    GiSuper *su = SUPER(self);
    if (gi_is_null(obj) || gi_is_none(obj) || !gi_is_null(su->self)) return gi_dup(ts, self);
    GiRef cls = gi_slot_load(ts, &su->type);
    GiRef r = gi_is_exact(self, &gi_super_type) ? gi_super_new(ts, gi_val(cls), obj)
                                                : gi_call2(ts, gi_type_val(gi_type_of(self)), gi_val(cls), obj);
    gi_xdrop(ts, cls);
    return r;
}

static GiRef super_repr(GiThread *ts, GiVal self) {
    GiSuper *su = SUPER(self);
    GiRef type = gi_slot_load(ts, &su->type), cls = gi_slot_load(ts, &su->self_type);
    const char *name = gi_is_null(type) ? "NULL" : gi_as_type(type)->name;
    GiRef text = gi_is_null(cls) ? gi_str_format(ts, "<super: <class '%s'>, NULL>", name)
                                 : gi_str_format(ts, "<super: <class '%s'>, <%s object>>", name, gi_as_type(cls)->name);
    gi_xdrop(ts, type);
    gi_xdrop(ts, cls);
    return text;
}

static const GiField super_fields[] = {GI_SLOT(GiSuper, type), GI_SLOT(GiSuper, self),
                                       GI_SLOT(GiSuper, self_type), GI_FIELDS_END};
static const GiMemberDef super_members[] = {
    {"__thisclass__", GI_MEMBER_OBJECT, offsetof(GiSuper, type), true, "the class invoking super()"},
    {"__self__", GI_MEMBER_OBJECT, offsetof(GiSuper, self), true,
     "the instance invoking super(); may be None"},
    {"__self_class__", GI_MEMBER_OBJECT, offsetof(GiSuper, self_type), true,
     "the type of the instance invoking super(); may be None"},
    {.name = NULL},
};
GiType gi_super_type = {
    .obj = GI_TYPE_HEAD, .name = "super", .size = sizeof(GiSuper), .flags = GI_TYPE_BASE | GI_TYPE_GC,
    .doc = "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super object\n"
           "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
           "super(type, type2) -> bound super object; requires issubclass(type2, type)\n"
           "Typical use to call a cooperative superclass method:\nclass C(B):\n    def meth(self, arg):\n"
           "        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    @classmethod\n"
           "    def cmeth(cls, arg):\n        super().cmeth(arg)\n",
    .fields = super_fields, .members = super_members, .new_ = super_new, .init = super_init,
    .getattr = super_getattr, .descr_get = super_descr_get, .repr = super_repr,
};
