/* native_types.c - builtin_function_or_method, and the descriptors made from the tables of types.
 *
 * Immutable after they were made; no locks. A descriptor of a heap type owns a reference to it.
 */
#include "objects/dispatch.h"
#include "memory/slots.h"

#include "objects/descr.h"
#include "objects/container.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include "base/hash.h"
#include "native_types.gen.h"

/* (getattr, (owner, name)) */
static GiRef reduce_getattr(GiThread *ts, GiVal owner, GiVal name) {
    GiRef getattr = gi_builtin(ts, "getattr");
    if (gi_is_null(getattr)) return GI_NULL;
    GiRef args = gi_tuple_pack(ts, 2, owner, name);
    if (gi_is_null(args)) {
        gi_drop(ts, getattr);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, (GiRef[]){getattr, args}, 2);
}

static GiRef text_or_none(GiThread *ts, const char *text) {
    return text ? gi_str_from_cstr(ts, text) : GI_REF_NONE;
}

/* ---- builtin_function_or_method ---- */

#define NATIVE(v) ((GiNative *)gi_obj(v))

GiRef gi_native_new(GiThread *ts, const GiMethodDef *def, GiVal self, GiVal module) {
    GiObj *obj = gi_heap_new(ts, &gi_native_type, sizeof(GiNative));
    if (!obj) return GI_NULL;
    GiNative *fn = (GiNative *)obj;
    fn->def = def;
    gi_slot_init(&fn->self, gi_xdup(ts, self));
    gi_slot_init(&fn->module, gi_xdup(ts, module));
    return gi_own_obj(obj);
}

static GiRef native_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiNative *fn = NATIVE(callable);
    return gi_native_call(ts, fn->def, gi_val(fn->self), args, nargs, kwnames);
}

static bool is_module_function(const GiNative *fn) {
    return gi_is_null(fn->self) || !gi_is_heap(fn->self)
               ? gi_is_null(fn->self)
               : gi_is_instance_of(gi_val(fn->self), &gi_module_type);
}

static GiRef native_repr(GiThread *ts, GiVal self) {
    GiNative *fn = NATIVE(self);
    if (is_module_function(fn)) return gi_str_format(ts, "<built-in function %s>", fn->def->name);
    GiVal receiver = gi_val(fn->self);
    const void *address = gi_is_heap(receiver) ? (void *)gi_obj(receiver) : (void *)(uintptr_t)receiver.bits;
    return gi_str_format(ts, "<built-in method %s of %s object at %p>", fn->def->name,
                         gi_type_name(receiver), address);
}

static int64_t native_hash(GiThread *ts GI_UNUSED, GiVal self) {
    GiNative *fn = NATIVE(self);
    uint64_t h = (uint64_t)gi_hash_pointer(fn->def) ^
                 (uint64_t)gi_hash_pointer((void *)(uintptr_t)fn->self.bits);
    return gi_hash_fix((int64_t)h);
}

static GiRef native_compare(GiThread *ts GI_UNUSED, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(b, &gi_native_type)) return GI_REF_NOTIMPLEMENTED;
    bool same = NATIVE(a)->def == NATIVE(b)->def && gi_same(NATIVE(a)->self, NATIVE(b)->self);
    return gi_bool_ref(same == (op == GI_EQ));
}

GI_METHOD(native, __reduce__, "(self, /)", "") {
    GiNative *fn = NATIVE(self);
    if (is_module_function(fn)) return gi_str_from_cstr(ts, fn->def->name);
    GiRef name = gi_str_from_cstr(ts, fn->def->name);
    if (gi_is_null(name)) return GI_NULL;
    GiRef result = reduce_getattr(ts, gi_val(fn->self), gi_val(name));
    gi_drop(ts, name);
    return result;
}

GI_GETTER(native, __doc__, "") { return text_or_none(ts, NATIVE(self)->def->doc); }
GI_GETTER(native, __name__, "") { return gi_intern_cstr(ts, NATIVE(self)->def->name); }
GI_GETTER(native, __text_signature__, "") {
    return text_or_none(ts, NATIVE(self)->def->text_signature);
}
GI_GETTER(native, __self__, "") {
    GiNative *fn = NATIVE(self);
    bool none = gi_is_null(fn->self) || fn->def->binding == GI_METHOD_STATIC;
    return none ? GI_REF_NONE : gi_slot_load(ts, &fn->self);
}
GI_GETTER(native, __module__, "") {
    GiNative *fn = NATIVE(self);
    return gi_is_null(fn->module) ? GI_REF_NONE : gi_slot_load(ts, &fn->module);
}
GI_SETTER(native, __module__) {
    gi_slot_store(ts, &NATIVE(self)->module, gi_xdup(ts, value));
    return GI_OK;
}
GI_GETTER(native, __qualname__, "") {
    GiNative *fn = NATIVE(self);
    GiType *owner;
    if (!gi_is_null(fn->qualname_owner)) {
        owner = gi_as_type(fn->qualname_owner);
    } else if (is_module_function(fn)) {
        return gi_intern_cstr(ts, fn->def->name);
    } else {
        GiVal receiver = gi_val(fn->self);
        owner = gi_is_type(receiver) ? gi_as_type(receiver) : gi_type_of(receiver);
    }
    GiRef qualname = gi_getattr(ts, gi_type_val(owner), GI_N(__qualname__));
    if (gi_is_null(qualname)) return GI_NULL;
    GiRef text = gi_str_format(ts, "%S.%s", gi_val(qualname), fn->def->name);
    gi_drop(ts, qualname);
    return text;
}

static const GiField native_fields[] = {GI_SLOT(GiNative, self), GI_SLOT(GiNative, module),
                                        GI_SLOT(GiNative, qualname_owner), GI_FIELDS_END};
GiType gi_native_type = {
    .obj = GI_TYPE_HEAD, .name = "builtin_function_or_method", .size = sizeof(GiNative),
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_NO_NEW | GI_TYPE_LASTING, .fields = native_fields,
    .methods = native_methods, .getset = native_getset, .repr = native_repr, .hash = native_hash,
    .compare = native_compare, .call = native_call,
};

/* ---- What descriptors share ---- */

GiRef gi_descr_new(GiThread *ts, GiType *kind, GiType *owner, GiVal name, const void *def, void *wrapped) {
    GiObj *obj = gi_heap_new(ts, kind, sizeof(GiDescr));
    if (!obj) return GI_NULL;
    GiDescr *d = (GiDescr *)obj;
    gi_slot_init(&d->owner, gi_dup(ts, gi_type_val(owner)));
    gi_slot_init(&d->name, gi_dup(ts, name));
    d->def = def;
    d->wrapped = wrapped;
    return gi_own_obj(obj);
}

#define DESCR(v) gi_descr_of(v)
static const char *owner_name(const GiDescr *d) { return gi_descr_owner(d)->name; }

/* The check of `descr.__get__(obj)`. */
static GiStatus check_get(GiThread *ts, const GiDescr *d, GiVal obj) {
    if (GI_LIKELY(gi_is_instance_of(obj, gi_descr_owner(d)))) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError,
                           "descriptor '%U' for '%.100s' objects doesn't apply to a '%.100T' object",
                           gi_val(d->name), owner_name(d), obj);
}

static GiRef descr_repr_as(GiThread *ts, GiVal self, const char *what) {
    const GiDescr *d = DESCR(self);
    return gi_str_format(ts, "<%s '%U' of '%s' objects>", what, gi_val(d->name), owner_name(d));
}

static GiRef descr_qualname(GiThread *ts, GiVal self) {
    const GiDescr *d = DESCR(self);
    GiRef qualname = gi_getattr(ts, gi_val(d->owner), GI_N(__qualname__));
    if (gi_is_null(qualname)) return GI_NULL;
    GiRef text = gi_str_format(ts, "%S.%U", gi_val(qualname), gi_val(d->name));
    gi_drop(ts, qualname);
    return text;
}

static const GiField descr_fields[] = {GI_SLOT(GiDescr, owner), GI_SLOT(GiDescr, name), GI_FIELDS_END};
static const GiMemberDef descr_members[] = {
    {"__objclass__", GI_MEMBER_OBJECT, offsetof(GiDescr, owner), true, NULL},
    {"__name__", GI_MEMBER_OBJECT, offsetof(GiDescr, name), true, NULL},
    {.name = NULL},
};

/* ---- method_descriptor ---- */

static GiRef method_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type) {
    if (gi_is_null(obj)) {
        (void)type;
        return gi_dup(ts, self);
    }
    const GiDescr *d = DESCR(self);
    if (check_get(ts, d, obj)) return GI_NULL;
    GiRef fn = gi_native_new(ts, d->def, obj, GI_NOVAL);
    if (!gi_is_null(fn)) gi_slot_init(&NATIVE(fn)->qualname_owner, gi_slot_load(ts, &d->owner));
    return fn;
}

static GiRef method_descr_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                               GiVal kwnames) {
    const GiDescr *d = DESCR(callable);
    if (GI_UNLIKELY(nargs < 1)) {
        GiRef name = descr_qualname(ts, callable);
        if (gi_is_null(name)) return GI_NULL;
        gi_raise(ts, &gi_exc_TypeError, "unbound method %U() needs an argument", gi_val(name));
        gi_drop(ts, name);
        return GI_NULL;
    }
    if (check_get(ts, d, args[0])) return GI_NULL;
    return gi_native_call(ts, d->def, args[0], args + 1, nargs - 1, kwnames);
}

static GiRef method_descr_repr(GiThread *ts, GiVal self) { return descr_repr_as(ts, self, "method"); }

GI_METHOD(method_descr, __reduce__, "(self, /)", "") {
    return reduce_getattr(ts, gi_val(DESCR(self)->owner), gi_val(DESCR(self)->name));
}
GI_GETTER(method_descr, __doc__, "") {
    return text_or_none(ts, ((const GiMethodDef *)DESCR(self)->def)->doc);
}
GI_GETTER(method_descr, __qualname__, "") { return descr_qualname(ts, self); }
GI_GETTER(method_descr, __text_signature__, "") {
    return text_or_none(ts, ((const GiMethodDef *)DESCR(self)->def)->text_signature);
}

#define DESCR_TYPE                                                                                 \
    .obj = GI_TYPE_HEAD, .size = sizeof(GiDescr), .fields = descr_fields, .members = descr_members

GiType gi_method_descr_type = {
    DESCR_TYPE, .name = "method_descriptor",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_METHOD_DESCR, .methods = method_descr_methods,
    .getset = method_descr_getset, .repr = method_descr_repr, .descr_get = method_descr_get,
    .call = method_descr_call,
};

/* ---- classmethod_descriptor ---- */

static GiRef classmethod_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type) {
    const GiDescr *d = DESCR(self);
    if (gi_is_null(type)) {
        if (gi_is_null(obj))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "descriptor '%U' for type '%.100s' needs either an object or a type",
                                gi_val(d->name), owner_name(d));
        type = gi_type_val(gi_type_of(obj));
    }
    if (!gi_is_type(type))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "descriptor '%U' for type '%.100s' needs a type, not a '%.100T' as arg 2",
                            gi_val(d->name), owner_name(d), type);
    if (!gi_is_subtype(gi_as_type(type), gi_descr_owner(d)))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "descriptor '%U' requires a subtype of '%.100s' but received '%.100s'",
                            gi_val(d->name), owner_name(d), gi_as_type(type)->name);
    return gi_native_new(ts, d->def, type, GI_NOVAL);
}

static GiRef classmethod_descr_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                                    GiVal kwnames) {
    const GiDescr *d = DESCR(callable);
    if (nargs < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "descriptor '%U' of '%.100s' object needs an argument",
                            gi_val(d->name), owner_name(d));
    GiRef bound = classmethod_descr_get(ts, callable, GI_NOVAL, args[0]);
    if (gi_is_null(bound)) return GI_NULL;
    GiRef result = gi_call(ts, gi_val(bound), args + 1, nargs - 1, kwnames);
    gi_drop(ts, bound);
    return result;
}

GiType gi_classmethod_descr_type = {
    DESCR_TYPE, .name = "classmethod_descriptor", .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .getset = method_descr_getset, .repr = method_descr_repr,
    .descr_get = classmethod_descr_get, .call = classmethod_descr_call,
};

/* ---- getset_descriptor ---- */

static GiRef getset_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj)) return gi_dup(ts, self);
    const GiDescr *d = DESCR(self);
    if (check_get(ts, d, obj)) return GI_NULL;
    const GiGetSetDef *def = d->def;
    if (def->get) return def->get(ts, obj);
    return gi_raise_ref(ts, &gi_exc_AttributeError, "attribute '%U' of '%.100s' objects is not readable",
                        gi_val(d->name), owner_name(d));
}

static GiStatus getset_descr_set(GiThread *ts, GiVal self, GiVal obj, GiVal value) {
    const GiDescr *d = DESCR(self);
    if (check_get(ts, d, obj)) return GI_FAIL;
    const GiGetSetDef *def = d->def;
    if (def->set) return def->set(ts, obj, value);
    return gi_raise_status(ts, &gi_exc_AttributeError,
                           "attribute '%U' of '%.100s' objects is not writable", gi_val(d->name),
                           owner_name(d));
}

static GiRef attribute_descr_repr(GiThread *ts, GiVal self) { return descr_repr_as(ts, self, "attribute"); }

GI_GETTER(getset_descr, __doc__, "") {
    return text_or_none(ts, ((const GiGetSetDef *)DESCR(self)->def)->doc);
}
GI_GETTER(getset_descr, __qualname__, "") { return descr_qualname(ts, self); }

GiType gi_getset_descr_type = {
    DESCR_TYPE, .name = "getset_descriptor", .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .getset = getset_descr_getset, .repr = attribute_descr_repr, .descr_get = getset_descr_get,
    .descr_set = getset_descr_set,
};

/* ---- member_descriptor: fields of native structs (def set), and __slots__ (wrapped: offset) ---- */

static GiRef member_get(GiThread *ts, const GiDescr *d, GiVal obj) {
    const GiMemberDef *m = d->def;
    size_t offset = m ? m->offset : (size_t)(uintptr_t)d->wrapped;
    const void *at = (char *)gi_obj(obj) + offset;
    switch (m ? m->kind : GI_MEMBER_OBJECT_EX) {
    case GI_MEMBER_OBJECT: {
        GiRef v = gi_slot_load(ts, at);
        return gi_is_null(v) ? GI_REF_NONE : v;
    }
    case GI_MEMBER_OBJECT_EX: {
        GiRef v = gi_slot_load(ts, at);
        if (gi_is_null(v))
            gi_raise_attribute(ts, obj, gi_val(d->name), "'%.200T' object has no attribute '%U'", obj,
                               gi_val(d->name));
        return v;
    }
    case GI_MEMBER_INT: return gi_smallint_ref(*(const int *)at);
    case GI_MEMBER_UINT: return gi_smallint_ref(*(const unsigned *)at);
    case GI_MEMBER_I64: return gi_int_from_i64(ts, *(const int64_t *)at);
    case GI_MEMBER_SSIZE: return gi_int_from_i64(ts, *(const ssize_t *)at);
    case GI_MEMBER_DOUBLE: return gi_double_ref(*(const double *)at);
    case GI_MEMBER_BOOL: return gi_bool_ref(*(const bool *)at);
    case GI_MEMBER_CSTR: return text_or_none(ts, *(const char *const *)at);
    }
    return gi_raise_bad_call(ts, "member kind");
}

static GiStatus member_set_number(GiThread *ts, const GiMemberDef *m, void *at, GiVal value) {
    switch (m->kind) {
    case GI_MEMBER_INT: return gi_as_int(ts, value, at);
    case GI_MEMBER_UINT: {
        uint64_t u;
        if (gi_as_u64(ts, value, &u)) return GI_FAIL;
        *(unsigned *)at = (unsigned)u;
        return GI_OK;
    }
    case GI_MEMBER_I64: return gi_as_i64(ts, value, at);
    case GI_MEMBER_SSIZE: {
        int64_t i;
        if (gi_as_i64(ts, value, &i)) return GI_FAIL;
        *(ssize_t *)at = (ssize_t)i;
        return GI_OK;
    }
    case GI_MEMBER_DOUBLE: return gi_as_double(ts, value, at);
    case GI_MEMBER_BOOL:
        if (!gi_is_bool(value))
            return gi_raise_status(ts, &gi_exc_TypeError, "attribute value type must be bool");
        *(bool *)at = gi_is_true(value);
        return GI_OK;
    default: return gi_raise_status(ts, &gi_exc_TypeError, "readonly attribute");
    }
}

static GiStatus member_set(GiThread *ts, const GiDescr *d, GiVal obj, GiVal value) {
    const GiMemberDef *m = d->def;
    if (m && m->readonly) return gi_raise_status(ts, &gi_exc_AttributeError, "readonly attribute");
    size_t offset = m ? m->offset : (size_t)(uintptr_t)d->wrapped;
    void *at = (char *)gi_obj(obj) + offset;
    GiMemberKind kind = m ? m->kind : GI_MEMBER_OBJECT_EX;
    if (gi_is_null(value)) {
        if (kind != GI_MEMBER_OBJECT && kind != GI_MEMBER_OBJECT_EX)
            return gi_raise_status(ts, &gi_exc_TypeError, "can't delete numeric/char attribute");
        GiRef old = gi_slot_exchange(ts, at, GI_NULL);
        if (gi_is_null(old) && kind == GI_MEMBER_OBJECT_EX) {
            gi_raise_value(ts, &gi_exc_AttributeError, gi_val(d->name));
            return GI_FAIL;
        }
        gi_xdrop(ts, old);
        return GI_OK;
    }
    if (kind == GI_MEMBER_OBJECT || kind == GI_MEMBER_OBJECT_EX) {
        gi_slot_store(ts, at, gi_dup(ts, value));
        return GI_OK;
    }
    return member_set_number(ts, m, at, value);
}

static GiRef member_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj)) return gi_dup(ts, self);
    const GiDescr *d = DESCR(self);
    if (check_get(ts, d, obj)) return GI_NULL;
    return member_get(ts, d, obj);
}

static GiStatus member_descr_set(GiThread *ts, GiVal self, GiVal obj, GiVal value) {
    const GiDescr *d = DESCR(self);
    if (check_get(ts, d, obj)) return GI_FAIL;
    return member_set(ts, d, obj, value);
}

static GiRef member_descr_repr(GiThread *ts, GiVal self) { return descr_repr_as(ts, self, "member"); }

GI_METHOD(member_descr, __reduce__, "(self, /)", "") {
    return reduce_getattr(ts, gi_val(DESCR(self)->owner), gi_val(DESCR(self)->name));
}
GI_GETTER(member_descr, __doc__, "") {
    const GiMemberDef *m = DESCR(self)->def;
    return text_or_none(ts, m ? m->doc : NULL);
}
GI_GETTER(member_descr, __qualname__, "") { return descr_qualname(ts, self); }

GiType gi_member_descr_type = {
    DESCR_TYPE, .name = "member_descriptor", .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .methods = member_descr_methods, .getset = member_descr_getset, .repr = member_descr_repr,
    .descr_get = member_descr_get, .descr_set = member_descr_set,
};

/* ---- wrapper_descriptor and method-wrapper ---- */

static GiRef wrapper_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj)) return gi_dup(ts, self);
    if (check_get(ts, DESCR(self), obj)) return GI_NULL;
    GiObj *w = gi_heap_new(ts, &gi_method_wrapper_type, sizeof(GiMethodWrapper));
    if (!w) return GI_NULL;
    gi_slot_init(&((GiMethodWrapper *)w)->descr, gi_dup(ts, self));
    gi_slot_init(&((GiMethodWrapper *)w)->self, gi_dup(ts, obj));
    return gi_own_obj(w);
}

static GiRef wrapper_descr_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                                GiVal kwnames) {
    const GiDescr *d = DESCR(callable);
    if (GI_UNLIKELY(nargs < 1))
        return gi_raise_ref(ts, &gi_exc_TypeError, "descriptor '%U' of '%.100s' object needs an argument",
                            gi_val(d->name), owner_name(d));
    if (GI_UNLIKELY(!gi_is_instance_of(args[0], gi_descr_owner(d))))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "descriptor '%U' requires a '%.100s' object but received a '%.100T'",
                            gi_val(d->name), owner_name(d), args[0]);
    return gi_wrapper_call(ts, d, args[0], args + 1, nargs - 1, kwnames);
}

static GiRef wrapper_descr_repr(GiThread *ts, GiVal self) { return descr_repr_as(ts, self, "slot wrapper"); }

GI_METHOD(wrapper_descr, __reduce__, "(self, /)", "") {
    return reduce_getattr(ts, gi_val(DESCR(self)->owner), gi_val(DESCR(self)->name));
}
GI_GETTER(wrapper_descr, __doc__, "") {
    return text_or_none(ts, ((const GiSlotRow *)DESCR(self)->def)->doc);
}
GI_GETTER(wrapper_descr, __qualname__, "") { return descr_qualname(ts, self); }
GI_GETTER(wrapper_descr, __text_signature__, "") {
    return text_or_none(ts, ((const GiSlotRow *)DESCR(self)->def)->text_signature);
}

GiType gi_wrapper_descr_type = {
    DESCR_TYPE, .name = "wrapper_descriptor",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_METHOD_DESCR, .methods = wrapper_descr_methods,
    .getset = wrapper_descr_getset, .repr = wrapper_descr_repr, .descr_get = wrapper_descr_get,
    .call = wrapper_descr_call,
};

#define WRAPPER(v) ((GiMethodWrapper *)gi_obj(v))
#define WRAPPED(v) DESCR(WRAPPER(v)->descr)

static GiRef method_wrapper_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                                 GiVal kwnames) {
    return gi_wrapper_call(ts, WRAPPED(callable), gi_val(WRAPPER(callable)->self), args, nargs, kwnames);
}

static GiRef method_wrapper_repr(GiThread *ts, GiVal self) {
    GiVal receiver = gi_val(WRAPPER(self)->self);
    return gi_str_format(ts, "<method-wrapper '%U' of %T object at %p>", gi_val(WRAPPED(self)->name),
                         receiver, (void *)(uintptr_t)receiver.bits);
}

static GiRef method_wrapper_compare(GiThread *ts GI_UNUSED, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(b, &gi_method_wrapper_type))
        return GI_REF_NOTIMPLEMENTED;
    bool same = WRAPPED(a) == WRAPPED(b) && gi_same(WRAPPER(a)->self, WRAPPER(b)->self);
    return gi_bool_ref(same == (op == GI_EQ));
}

static int64_t method_wrapper_hash(GiThread *ts GI_UNUSED, GiVal self) {
    return gi_hash_fix(gi_hash_pointer((void *)(uintptr_t)WRAPPER(self)->self.bits) ^
                       gi_hash_pointer(WRAPPED(self)));
}

GI_METHOD(method_wrapper, __reduce__, "(self, /)", "") {
    return reduce_getattr(ts, gi_val(WRAPPER(self)->self), gi_val(WRAPPED(self)->name));
}
GI_GETTER(method_wrapper, __objclass__, "") { return gi_slot_load(ts, &WRAPPED(self)->owner); }
GI_GETTER(method_wrapper, __name__, "") { return gi_slot_load(ts, &WRAPPED(self)->name); }
GI_GETTER(method_wrapper, __qualname__, "") {
    return descr_qualname(ts, gi_val(WRAPPER(self)->descr));
}
GI_GETTER(method_wrapper, __doc__, "") {
    return text_or_none(ts, ((const GiSlotRow *)WRAPPED(self)->def)->doc);
}
GI_GETTER(method_wrapper, __text_signature__, "") {
    return text_or_none(ts, ((const GiSlotRow *)WRAPPED(self)->def)->text_signature);
}

static const GiField method_wrapper_fields[] = {GI_SLOT(GiMethodWrapper, descr),
                                                GI_SLOT(GiMethodWrapper, self), GI_FIELDS_END};
static const GiMemberDef method_wrapper_members[] = {
    {"__self__", GI_MEMBER_OBJECT, offsetof(GiMethodWrapper, self), true, NULL},
    {.name = NULL},
};
GiType gi_method_wrapper_type = {
    .obj = GI_TYPE_HEAD, .name = "method-wrapper", .size = sizeof(GiMethodWrapper),
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = method_wrapper_fields,
    .members = method_wrapper_members, .methods = method_wrapper_methods,
    .getset = method_wrapper_getset, .repr = method_wrapper_repr, .compare = method_wrapper_compare,
    .hash = method_wrapper_hash, .call = method_wrapper_call,
};
