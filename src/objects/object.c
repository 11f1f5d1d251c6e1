/* object.c - the type named object: the root of all classes, with the default of every protocol.
 *
 * No state.
 */
#include "objects/audit.h"
#include "objects/dispatch.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"
#include "objects/weakref.h"

#include "base/hash.h"
#include "object.gen.h"

/* ---- Making instances ---- */

/* "Can't instantiate abstract class A with abstract methods f, g" */
static GI_COLD GiRef raise_abstract(GiThread *ts, GiType *type) {
    GiRef set = gi_getattr(ts, gi_type_val(type), GI_N(__abstractmethods__));
    if (gi_is_null(set)) return GI_NULL;
    GiRef names = gi_to_list(ts, gi_val(set));
    gi_drop(ts, set);
    if (gi_is_null(names)) return GI_NULL;
    if (!gi_list_sort(ts, gi_val(names), GI_NOVAL, false)) {
        GiRef sep = gi_str_from_cstr(ts, ", ");
        if (!gi_is_null(sep)) {
            size_t n = gi_list_len(names);
            GiRef text = gi_str_join(ts, gi_val(sep), (const GiVal *)gi_list_of(names)->items, n);
            if (!gi_is_null(text)) {
                gi_raise(ts, &gi_exc_TypeError, "Can't instantiate abstract class %s with abstract method%s %U",
                         type->name, n > 1 ? "s" : "", gi_val(text));
                gi_drop(ts, text);
            }
            gi_drop(ts, sep);
        }
    }
    gi_drop(ts, names);
    return GI_NULL;
}

static bool has_arguments(size_t nargs, GiVal kwnames) {
    return nargs || (!gi_is_null(kwnames) && gi_tuple_len(kwnames));
}

GiRef gi_object_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (GI_UNLIKELY(has_arguments(nargs, kwnames))) {
        if (type->new_ != gi_object_new)
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "object.__new__() takes exactly one argument (the type to instantiate)");
        if (type->init == gi_object_init)
            return gi_raise_ref(ts, &gi_exc_TypeError, "%.200s() takes no arguments", type->name);
    }
    if (GI_UNLIKELY(type->flags & GI_TYPE_ABSTRACT)) return raise_abstract(ts, type);
    return gi_type_alloc(ts, type, 0);
}

GiStatus gi_object_init(GiThread *ts, GiVal self, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (GI_LIKELY(!has_arguments(nargs, kwnames))) return GI_OK;
    GiType *type = gi_type_of(self);
    if (type->init != gi_object_init)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "object.__init__() takes exactly one argument (the instance to initialize)");
    if (type->new_ == gi_object_new)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "%.200s.__init__() takes exactly one argument (the instance to initialize)",
                               type->name);
    return GI_OK;
}

/* T.__new__(cls, ...): checks that T is the right one to ask, then T's new_. */
static GiRef new_wrapper(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiType *owner = gi_as_type(self);
    if (nargs < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s.__new__(): not enough arguments", owner->name);
    if (!gi_is_type(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s.__new__(X): X is not a type object (%T)", owner->name,
                            args[0]);
    GiType *type = gi_as_type(args[0]);
    if (!gi_is_subtype(type, owner))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s.__new__(%s): %s is not a subtype of %s", owner->name,
                            type->name, type->name, owner->name);
    GiType *builtin = type;
    while (builtin->base && (builtin->flags & GI_TYPE_HEAP)) builtin = builtin->base;
    if (builtin->new_ != owner->new_ || (type->flags & GI_TYPE_NO_NEW))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s.__new__(%s) is not safe, use %s.__new__()", owner->name,
                            type->name, builtin->name);
    return owner->new_(ts, type, args + 1, nargs - 1, kwnames);
}

const GiMethodDef gi_new_wrapper_def = {
    .name = "__new__", .body = (GiNativeBody)(void *)new_wrapper, .shape = GI_CALL_RAW,
    .binding = GI_METHOD_FUNCTION, .text_signature = "($type, *args, **kwargs)",
    .doc = "Create and return a new object.  See help(type) for accurate signature.",
};

/* ---- Text, identity ---- */

GiRef gi_object_repr(GiThread *ts, GiVal self) {
    GiType *type = gi_type_of(self);
    const void *address = (void *)(uintptr_t)self.bits;
    if (!(type->flags & GI_TYPE_HEAP)) {
        if (!type->module || strcmp(type->module, "builtins") == 0)
            return gi_str_format(ts, "<%s object at %p>", type->name, address);
        return gi_str_format(ts, "<%s.%s object at %p>", type->module, gi_type_short_name(type), address);
    }
    GiRef name = gi_type_fullname(ts, type);
    if (gi_is_null(name)) return GI_NULL;
    GiRef text = gi_str_format(ts, "<%U object at %p>", gi_val(name), address);
    gi_drop(ts, name);
    return text;
}

static GiRef object_str(GiThread *ts, GiVal self) {
    GiUnaryFn repr = gi_type_of(self)->repr;
    return repr ? repr(ts, self) : gi_object_repr(ts, self);
}

int64_t gi_object_hash(GiThread *ts GI_UNUSED, GiVal self) {
    return gi_hash_pointer((void *)(uintptr_t)self.bits);
}

static GiRef object_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if (op == GI_EQ) return gi_same(a, b) ? GI_REF_TRUE : GI_REF_NOTIMPLEMENTED;
    if (op != GI_NE) return GI_REF_NOTIMPLEMENTED;
    GiType *type = gi_type_of(a);
    if (!type->compare) return GI_REF_NOTIMPLEMENTED;
    GiRef eq = type->compare(ts, a, b, GI_EQ);
    if (gi_is_null(eq) || gi_is_notimplemented(eq)) return eq;
    GiTruth truth = gi_truth(ts, gi_val(eq));
    gi_drop(ts, eq);
    return truth.value < 0 ? GI_NULL : gi_bool_ref(!truth.value);
}

/* ---- __class__ ---- */

GI_GETTER(object, __class__, "the object's class") { return gi_dup(ts, gi_type_val(gi_type_of(self))); }

/* Moves a live object to another class of the same layout. *changed: it was not of class `old` any more. */
static GiStatus change_class(GiThread *ts, GiVal self, GiType *old, GiType *fresh, bool *changed) {
    GiObj *obj = gi_obj(self);
    if (old->flags & GI_TYPE_ATTRS) {
        GiRef dict = gi_attrs_dict(ts, obj);
        if (gi_is_null(dict)) return GI_FAIL;
        gi_drop(ts, dict);
    }
    bool stop = ts->core.free_running;
    if (stop) gi_stop_world_for(&ts->core, "class change");
    *changed = gi_obj_type(obj) != old;
    if (!*changed) {
        if (fresh->flags & GI_TYPE_HEAP) gi_incref_obj(ts, &fresh->obj);
        obj->head = (obj->head & ~GI_HEAD_TYPE_MASK) | (uint64_t)(uintptr_t)fresh;
        if (old->flags & GI_TYPE_ATTRS) gi_attrs_class_changed(obj);
    }
    if (stop) gi_start_world(&ts->core);
    if (!*changed && old->flags & GI_TYPE_HEAP) gi_decref_obj(ts, &old->obj);
    return GI_OK;
}

GI_SETTER(object, __class__) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "can't delete __class__ attribute");
    if (!gi_is_type(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__class__ must be set to a class, not '%T' object", value);
    if (GI_AUDIT(ts, "object.__setattr__", self, GI_N(__class__), value) < 0) return GI_FAIL;
    GiType *fresh = gi_as_type(value);
    for (bool changed = true; changed;) {
        GiType *old = gi_type_of(self);
        bool modules = gi_is_subtype(old, &gi_module_type) && gi_is_subtype(fresh, &gi_module_type);
        bool mutable = !(old->flags & GI_TYPE_IMMUTABLE) && !(fresh->flags & GI_TYPE_IMMUTABLE);
        if ((!modules && !mutable) || (old != fresh && !gi_is_heap(self)))
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "__class__ assignment only supported for mutable types or ModuleType subclasses");
        if (old == fresh) return GI_OK;
        /* The class may go while it is no longer this object's. */
        GiRef held = gi_dup(ts, gi_type_val(old));
        GiStatus status = gi_type_check_compatible(ts, old, fresh, "__class__");
        if (!status) status = change_class(ts, self, old, fresh, &changed);
        gi_drop(ts, held);
        if (status) return status;
    }
    return GI_OK;
}

/* ---- __dict__ and __weakref__ of instances ---- */

/* The __dict__ descriptor of a builtin base that keeps one of its own (modules, classes), or null. */
static GiVal builtin_dict_descr(GiThread *ts, GiVal self) {
    for (GiType *t = gi_type_of(self); t; t = t->base) {
        GiVal dict = t->flags & GI_TYPE_HEAP ? GI_NOVAL : gi_type_dict(ts, t);
        if (gi_is_null(dict)) continue;
        GiVal d = gi_dict_get_str_peek(ts, dict, GI_N(__dict__));
        if (gi_is_null(d)) continue;
        bool generic = gi_is_exact(d, &gi_getset_descr_type) && gi_descr_of(d)->def == &gi_dict_getset_row;
        return generic ? GI_NOVAL : d;
    }
    return GI_NOVAL;
}

static GiRef instance_dict(GiThread *ts, GiVal self) {
    GiVal own = gi_has_flag(self, GI_TYPE_ATTRS) ? GI_NOVAL : builtin_dict_descr(ts, self);
    if (!gi_is_null(own)) return gi_type_of(own)->descr_get(ts, own, self, gi_type_val(gi_type_of(self)));
    if (gi_has_flag(self, GI_TYPE_ATTRS)) return gi_attrs_dict(ts, gi_obj(self));
    return gi_raise_ref(ts, &gi_exc_AttributeError, "'%.100T' object has no attribute '__dict__'", self);
}

static GiStatus set_instance_dict(GiThread *ts, GiVal self, GiVal value) {
    GiVal own = gi_has_flag(self, GI_TYPE_ATTRS) ? GI_NOVAL : builtin_dict_descr(ts, self);
    if (!gi_is_null(own) && gi_type_of(own)->descr_set) return gi_type_of(own)->descr_set(ts, own, self, value);
    if (!gi_has_flag(self, GI_TYPE_ATTRS))
        return gi_raise_status(ts, &gi_exc_AttributeError, "This object has no __dict__");
    if (gi_is_null(value)) {
        const GiType *builtin = gi_type_of(self);
        while (builtin->flags & GI_TYPE_HEAP) builtin = builtin->base;
        if (builtin->flags & GI_TYPE_ATTRS)
            return gi_raise_status(ts, &gi_exc_TypeError, "cannot delete __dict__");
        GiRef empty = gi_dict_new(ts);
        if (gi_is_null(empty)) return GI_FAIL;
        GiStatus status = gi_attrs_set_dict(ts, gi_obj(self), gi_val(empty));
        gi_drop(ts, empty);
        return status;
    }
    if (!gi_is_dict(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__dict__ must be set to a dictionary, not a '%.200T'",
                               value);
    return gi_attrs_set_dict(ts, gi_obj(self), value);
}

const GiGetSetDef gi_dict_getset_row = {
    "__dict__", instance_dict, set_instance_dict, "dictionary for instance variables (if defined)",
};

static GiRef instance_weakref(GiThread *ts, GiVal self) {
    GiRef list = gi_weakref_list(ts, self);
    if (gi_is_null(list)) return GI_NULL;
    GiRef first = gi_list_len(list) ? gi_list_get(ts, gi_val(list), 0) : GI_REF_NONE;
    gi_drop(ts, list);
    return first;
}

const GiGetSetDef gi_weakref_getset_row = {
    "__weakref__", instance_weakref, NULL, "list of weak references to the object (if defined)",
};

/* ---- Methods ---- */

GI_METHOD(object, __reduce_ex__, "(self, protocol: int, /)", "Helper for pickle.") {
    GiRef own;
    if (gi_getattr_opt(ts, self, GI_N(__reduce__), &own)) return GI_NULL;
    if (!gi_is_null(own)) {
        GiVal mine = gi_type_lookup_peek(ts, gi_type_of(self), GI_N(__reduce__));
        GiVal base = gi_type_lookup_peek(ts, &gi_object_type, GI_N(__reduce__));
        if (!gi_same(mine, base)) {
            GiRef r = gi_call0(ts, gi_val(own));
            gi_drop(ts, own);
            return r;
        }
        gi_drop(ts, own);
    }
    return gi_object_reduce(ts, self, a->protocol);
}

GI_METHOD(object, __reduce__, "(self, /)", "Helper for pickle.") { return gi_object_reduce(ts, self, 0); }

GI_METHOD(object, __getstate__, "(self, /)", "Helper for pickle.") {
    return gi_object_getstate(ts, self, false);
}

GI_CLASSMETHOD(object, __subclasshook__, "(cls, object, /)",
               "Abstract classes can override this to customize issubclass().\\n\\nThis is invoked early on "
               "by abc.ABCMeta.__subclasscheck__().\\nIt should return True, False or NotImplemented.  If it "
               "returns\\nNotImplemented, the normal algorithm is used.  Otherwise, it\\noverrides the normal "
               "algorithm (and the outcome is cached).\\n") {
    return GI_REF_NOTIMPLEMENTED;
}

GI_CLASSMETHOD(object, __init_subclass__, "(cls)",
               "This method is called when a class is subclassed.\\n\\nThe default implementation does "
               "nothing. It may be\\noverridden to extend subclasses.\\n") {
    return GI_REF_NONE;
}

GI_METHOD(object, __format__, "(self, format_spec: str, /)", "Default object formatter.") {
    if (gi_str_len(a->format_spec) > 0)
        return gi_raise_ref(ts, &gi_exc_TypeError, "unsupported format string passed to %.200T.__format__", self);
    return gi_str(ts, self);
}

GI_METHOD(object, __sizeof__, "(self, /)", "Size of object in memory, in bytes.") {
    GiType *type = gi_type_of(self);
    int64_t size = type->size;
    if (type->inline_attrs) size = type->inline_offset + type->inline_attrs * (int64_t)sizeof(GiSlot);
    if (type->item_size && type->length) {
        ssize_t n = type->length(ts, self);
        if (n < 0) return GI_NULL;
        size += n * (int64_t)type->item_size;
    }
    return gi_smallint_ref(size);
}

GI_METHOD(object, __dir__, "(self, /)", "Default dir() implementation.") {
    GiRef dict;
    if (gi_getattr_opt(ts, self, GI_N(__dict__), &dict)) return GI_NULL;
    GiRef names = gi_is_null(dict) || !gi_is_dict(gi_val(dict)) ? gi_dict_new(ts) : gi_dict_copy(ts, gi_val(dict));
    gi_xdrop(ts, dict);
    if (gi_is_null(names)) return GI_NULL;
    GiRef cls, list = GI_NULL;
    GiStatus status = gi_getattr_opt(ts, self, GI_N(__class__), &cls);
    if (!status && !gi_is_null(cls)) {
        status = gi_merge_class_dict(ts, gi_val(names), gi_val(cls));
        gi_drop(ts, cls);
    }
    if (!status) list = gi_dict_keys_list(ts, gi_val(names));
    gi_drop(ts, names);
    return list;
}

GiType gi_object_type = {
    .obj = GI_TYPE_HEAD, .name = "object", .size = sizeof(GiObj), .flags = GI_TYPE_BASE,
    .doc = "object()\n--\n\n"
           "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and returns a new "
           "featureless\ninstance that has no instance attributes and cannot be given any.\n",
    .methods = object_methods, .getset = object_getset, .new_ = gi_object_new, .init = gi_object_init,
    .repr = gi_object_repr, .str = object_str, .hash = gi_object_hash, .compare = object_compare,
    .getattr = gi_object_getattr, .setattr = gi_object_setattr,
};
