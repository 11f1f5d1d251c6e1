/* descr.c - property, classmethod, staticmethod, bound methods and cells.
 *
 * LOCK: none. The slots of a property, of a classmethod and of a cell may be replaced while others read them
 * (memory/slots.h); bound methods do not change.
 */
#include "objects/descr.h"
#include "memory/slots.h"

#include "objects/container.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/stack.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "threads/threads.h"

#include "base/hash.h"

#include <alloca.h>

#include "descr.gen.h"

/* True, false or failed: v.__isabstractmethod__. */
GiTruth gi_is_abstract_method(GiThread *ts, GiVal v) {
    if (gi_is_null(v) || gi_is_none(v)) return GI_TRUTH_NO;
    GiRef flag;
    GiStatus status = gi_getattr_opt(ts, v, GI_N(__isabstractmethod__), &flag);
    if (status) return GI_TRUTH_FAIL;
    if (gi_is_null(flag)) return GI_TRUTH_NO;
    GiTruth truth = gi_truth(ts, gi_val(flag));
    gi_drop(ts, flag);
    return truth;
}

/* The same of what stands in a slot that may be assigned meanwhile. */
static GiTruth is_abstract_in(GiThread *ts, const GiSlot *slot) {
    GiRef held = gi_slot_load(ts, slot);
    GiTruth truth = gi_is_abstract_method(ts, gi_val(held));
    gi_xdrop(ts, held);
    return truth;
}

/* ---- property ---- */

#define PROPERTY(v) ((GiProperty *)gi_obj(v))

static GiStatus set_property_doc(GiThread *ts, GiVal self, GiRef doc) {
    if (gi_is_exact(self, &gi_property_type)) {
        gi_slot_store(ts, &PROPERTY(self)->doc, doc);
        return GI_OK;
    }
    GiStatus status = gi_setattr(ts, self, GI_N(__doc__), gi_val(doc));
    gi_drop(ts, doc);
    return status;
}

static GiRef given(GiThread *ts, GiVal v) { return gi_is_null(v) || gi_is_none(v) ? GI_NULL : gi_dup(ts, v); }

GI_INIT(property, "(self, fget=None, fset=None, fdel=None, doc=None)") {
    GiProperty *p = PROPERTY(self);
    gi_slot_store(ts, &p->get, given(ts, a->fget));
    gi_slot_store(ts, &p->set, given(ts, a->fset));
    gi_slot_store(ts, &p->del, given(ts, a->fdel));
    gi_slot_store(ts, &p->doc, gi_xdup(ts, a->doc));
    gi_slot_store(ts, &p->name, GI_NULL);
    p->getter_doc = false;
    bool no_doc = gi_is_null(a->doc) || gi_is_none(a->doc);
    if (!no_doc || gi_is_null(a->fget) || gi_is_none(a->fget)) {
        if (!gi_is_exact(self, &gi_property_type) && !no_doc)
            return set_property_doc(ts, self, gi_dup(ts, a->doc));
        return GI_OK;
    }
    GiRef doc;
    if (gi_getattr_opt(ts, a->fget, GI_N(__doc__), &doc)) return GI_FAIL;
    if (gi_is_null(doc)) return GI_OK;
    p->getter_doc = true;
    return set_property_doc(ts, self, doc);
}

static GI_COLD void no_accessor(GiThread *ts, GiProperty *p, GiVal obj, const char *what) {
    GiRef qualname = gi_getattr(ts, gi_type_val(gi_type_of(obj)), GI_N(__qualname__));
    if (gi_is_null(qualname)) return;
    GiRef name = gi_slot_load(ts, &p->name);
    if (!gi_is_null(name))
        gi_raise(ts, &gi_exc_AttributeError, "property %R of %R object has no %s", gi_val(name),
                 gi_val(qualname), what);
    else
        gi_raise(ts, &gi_exc_AttributeError, "property of %R object has no %s", gi_val(qualname), what);
    gi_xdrop(ts, name);
    gi_drop(ts, qualname);
}

static GiRef property_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    GiProperty *p = PROPERTY(self);
    if (gi_is_null(obj) || (gi_is_none(obj) && !gi_is_null(type) && gi_as_type(type) != &gi_none_type))
        return gi_dup(ts, self);
    GiRef fn = gi_slot_load(ts, &p->get);
    if (GI_UNLIKELY(gi_is_null(fn))) {
        no_accessor(ts, p, obj, "getter");
        return GI_NULL;
    }
    GiRef r = gi_call(ts, gi_val(fn), &obj, 1, GI_NOVAL);
    gi_drop(ts, fn);
    return r;
}

static GiStatus property_descr_set(GiThread *ts, GiVal self, GiVal obj, GiVal value) {
    GiProperty *p = PROPERTY(self);
    bool del = gi_is_null(value);
    GiRef fn = gi_slot_load(ts, del ? &p->del : &p->set);
    if (gi_is_null(fn)) {
        no_accessor(ts, p, obj, del ? "deleter" : "setter");
        return GI_FAIL;
    }
    GiVal args[2] = {obj, value};
    GiRef r = gi_call(ts, gi_val(fn), args, del ? 1 : 2, GI_NOVAL);
    gi_drop(ts, fn);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* A copy with one accessor replaced (those that are null stay). */
static GiRef property_with(GiThread *ts, GiVal self, GiVal get, GiVal set, GiVal del) {
    GiProperty *p = PROPERTY(self);
    GiVal given[4] = {get, set, del, GI_NOVAL}, args[4];
    const GiSlot *slots[4] = {&p->get, &p->set, &p->del, &p->doc};
    GiRef held[4];
    for (int i = 0; i < 4; i++) {
        held[i] = gi_is_null(given[i]) ? gi_slot_load(ts, slots[i]) : gi_dup(ts, given[i]);
        if (gi_is_null(held[i])) held[i] = GI_REF_NONE;
        args[i] = gi_val(held[i]);
    }
    if (p->getter_doc && !gi_is_none(args[0])) args[3] = GI_NONE;
    GiRef copy = gi_call(ts, gi_type_val(gi_type_of(self)), args, 4, GI_NOVAL);
    for (int i = 0; i < 4; i++) gi_drop(ts, held[i]);
    if (!gi_is_null(copy) && gi_is_heap(copy) && gi_is_instance_of(gi_val(copy), &gi_property_type))
        gi_slot_store(ts, &PROPERTY(copy)->name, gi_slot_load(ts, &p->name));
    return copy;
}

GI_METHOD(property, getter, "(self, object, /)", "Descriptor to obtain a copy of the property with a different getter.") {
    return property_with(ts, self, a->object, GI_NOVAL, GI_NOVAL);
}
GI_METHOD(property, setter, "(self, object, /)", "Descriptor to obtain a copy of the property with a different setter.") {
    return property_with(ts, self, GI_NOVAL, a->object, GI_NOVAL);
}
GI_METHOD(property, deleter, "(self, object, /)", "Descriptor to obtain a copy of the property with a different deleter.") {
    return property_with(ts, self, GI_NOVAL, GI_NOVAL, a->object);
}
GI_METHOD(property, __set_name__, "(self, *args)", "Method to set name of a property.") {
    if (a->args_count != 2)
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "__set_name__() takes 2 positional arguments but %zu were given", a->args_count);
    gi_slot_store(ts, &PROPERTY(self)->name, gi_dup(ts, a->args[1]));
    return GI_REF_NONE;
}
GI_GETTER(property, __isabstractmethod__, "") {
    GiProperty *p = PROPERTY(self);
    GiSlot *slots[] = {&p->get, &p->set, &p->del};
    for (int i = 0; i < 3; i++) {
        GiTruth t = is_abstract_in(ts, slots[i]);
        if (t.value) return t.value < 0 ? GI_NULL : GI_REF_TRUE;
    }
    return GI_REF_FALSE;
}

static GiRef plain_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                       GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}

static const GiField property_fields[] = {
    GI_SLOT(GiProperty, get), GI_SLOT(GiProperty, set), GI_SLOT(GiProperty, del),
    GI_SLOT(GiProperty, doc), GI_SLOT(GiProperty, name), GI_FIELDS_END,
};
static const GiMemberDef property_members[] = {
    {"fget", GI_MEMBER_OBJECT, offsetof(GiProperty, get), true, NULL},
    {"fset", GI_MEMBER_OBJECT, offsetof(GiProperty, set), true, NULL},
    {"fdel", GI_MEMBER_OBJECT, offsetof(GiProperty, del), true, NULL},
    {"__doc__", GI_MEMBER_OBJECT, offsetof(GiProperty, doc), false, NULL},
    {.name = NULL},
};
GiType gi_property_type = {
    .obj = GI_TYPE_HEAD, .name = "property", .size = sizeof(GiProperty),
    .flags = GI_TYPE_BASE | GI_TYPE_GC, .fields = property_fields, .members = property_members,
    .methods = property_methods, .getset = property_getset, .new_ = plain_new, .init = property_init,
    .descr_get = property_descr_get, .descr_set = property_descr_set,
    .doc = "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\n"
           "Property attribute.\n\n"
           "  fget\n    function to be used for getting an attribute value\n"
           "  fset\n    function to be used for setting an attribute value\n"
           "  fdel\n    function to be used for del\'ing an attribute\n"
           "  doc\n    docstring\n\n"
           "Typical use is to define a managed attribute x:\n\n"
           "class C(object):\n"
           "    def getx(self): return self._x\n"
           "    def setx(self, value): self._x = value\n"
           "    def delx(self): del self._x\n"
           "    x = property(getx, setx, delx, \"I\'m the \'x\' property.\")\n\n"
           "Decorators make defining new properties or modifying existing ones easy:\n\n"
           "class C(object):\n"
           "    @property\n"
           "    def x(self):\n"
           "        \"I am the \'x\' property.\"\n"
           "        return self._x\n"
           "    @x.setter\n"
           "    def x(self, value):\n"
           "        self._x = value\n"
           "    @x.deleter\n"
           "    def x(self):\n"
           "        del self._x",
};

/* ---- classmethod and staticmethod ---- */

#define WRAP(v) ((GiWrapMethod *)gi_obj(v))

/* Copies what functools.wraps would, as far as the callable has it. */
static GiStatus copy_metadata(GiThread *ts, GiVal self, GiVal callable) {
    GiVal names[] = {GI_N(__module__), GI_N(__name__), GI_N(__qualname__), GI_N(__doc__),
                     GI_N(__annotations__)};
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        GiRef value;
        if (gi_getattr_opt(ts, callable, names[i], &value)) return GI_FAIL;
        if (gi_is_null(value)) continue;
        if (gi_attrs_set(ts, gi_obj(self), names[i], value)) return GI_FAIL;
    }
    if (gi_has_flag(callable, GI_TYPE_FUNCTION)) {
        const GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(callable))->shape, __ATOMIC_ACQUIRE);
        if (shape && !shape->is_dict && shape->count == 0) return GI_OK;
    }
    GiRef dict;
    if (gi_getattr_opt(ts, callable, GI_N(__dict__), &dict)) return GI_FAIL;
    if (gi_is_null(dict)) return GI_OK;
    GiStatus status = GI_OK;
    if (gi_is_dict(gi_val(dict)) && gi_dict_len(gi_val(dict)) > 0) {
        GiRef own = gi_attrs_dict(ts, gi_obj(self));
        status = gi_is_null(own) ? GI_FAIL : gi_dict_update(ts, gi_val(own), gi_val(dict));
        gi_xdrop(ts, own);
    }
    gi_drop(ts, dict);
    return status;
}

GI_INIT(classmethod, "(self, function, /)") {
    gi_slot_store(ts, &WRAP(self)->func, gi_dup(ts, a->function));
    return copy_metadata(ts, self, a->function);
}
GI_INIT(staticmethod, "(self, function, /)") {
    gi_slot_store(ts, &WRAP(self)->func, gi_dup(ts, a->function));
    return copy_metadata(ts, self, a->function);
}

static GiRef wrap_new(GiThread *ts, GiType *type, GiVal callable) {
    GiRef obj = gi_type_alloc(ts, type, 0);
    if (gi_is_null(obj)) return GI_NULL;
    gi_slot_init(&WRAP(obj)->func, gi_dup(ts, callable));
    if (!copy_metadata(ts, gi_val(obj), callable)) return obj;
    gi_drop(ts, obj);
    return GI_NULL;
}
GiRef gi_classmethod_new(GiThread *ts, GiVal callable) { return wrap_new(ts, &gi_classmethod_type, callable); }
GiRef gi_staticmethod_new(GiThread *ts, GiVal callable) {
    return wrap_new(ts, &gi_staticmethod_type, callable);
}

static GiRef uninitialised(GiThread *ts, const char *name) {
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "uninitialized %s object", name);
}

static GiRef classmethod_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type) {
    if (gi_is_null(WRAP(self)->func)) return uninitialised(ts, "classmethod");
    if (gi_stack_spent(ts)) return GI_NULL;
    if (gi_is_null(type)) type = gi_type_val(gi_type_of(obj));
    GiRef fn = gi_slot_load(ts, &WRAP(self)->func), r; /* __init__ may run anew meanwhile */
    GiType *t = gi_type_of(gi_val(fn));
    if (!(t->flags & GI_TYPE_FUNCTION) && t != &gi_bound_method_type && t->descr_get)
        r = t->descr_get(ts, gi_val(fn), type, type);
    else
        r = gi_bound_method_new(ts, gi_val(fn), type);
    gi_drop(ts, fn);
    return r;
}
static GiRef staticmethod_descr_get(GiThread *ts, GiVal self, GiVal obj GI_UNUSED, GiVal type GI_UNUSED) {
    if (gi_is_null(WRAP(self)->func)) return uninitialised(ts, "staticmethod");
    return gi_slot_load(ts, &WRAP(self)->func);
}
static GiRef staticmethod_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef fn = gi_slot_load(ts, &WRAP(self)->func);
    if (gi_is_null(fn)) return uninitialised(ts, "staticmethod");
    GiRef r = gi_call(ts, gi_val(fn), args, nargs, kwnames);
    gi_drop(ts, fn);
    return r;
}
static GiRef wrap_repr(GiThread *ts, GiVal self, const char *format) {
    GiRef func = gi_slot_load(ts, &WRAP(self)->func);
    GiRef text = gi_str_format(ts, format, gi_val(func));
    gi_xdrop(ts, func);
    return text;
}
static GiRef classmethod_repr(GiThread *ts, GiVal self) {
    return wrap_repr(ts, self, "<classmethod(%R)>");
}
static GiRef staticmethod_repr(GiThread *ts, GiVal self) {
    return wrap_repr(ts, self, "<staticmethod(%R)>");
}
static GiRef truth_ref(GiTruth t) { return t.value < 0 ? GI_NULL : gi_bool_ref(t.value); }
GI_GETTER(wrap, __isabstractmethod__, "") {
    return truth_ref(is_abstract_in(ts, &WRAP(self)->func));
}

static const GiField wrap_fields[] = {GI_SLOT(GiWrapMethod, func), GI_FIELDS_END};
static const GiMemberDef wrap_members[] = {
    {"__func__", GI_MEMBER_OBJECT, offsetof(GiWrapMethod, func), true, NULL},
    {"__wrapped__", GI_MEMBER_OBJECT, offsetof(GiWrapMethod, func), true, NULL},
    {.name = NULL},
};
#define WRAP_TYPE                                                                                  \
    .obj = GI_TYPE_HEAD, .size = sizeof(GiWrapMethod), .inline_attrs = 5,                          \
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS, .fields = wrap_fields,                     \
    .members = wrap_members, .getset = wrap_getset, .new_ = plain_new

GiType gi_classmethod_type = {
    WRAP_TYPE, .name = "classmethod", .init = classmethod_init, .descr_get = classmethod_descr_get,
    .repr = classmethod_repr,
    .doc = "classmethod(function) -> method\n\nConvert a function to be a class method.\n\n"
           "A class method receives the class as implicit first argument,\n"
           "just like an instance method receives the instance.\n"
           "To declare a class method, use this idiom:\n\n"
           "  class C:\n      @classmethod\n      def f(cls, arg1, arg2, ...):\n          ...\n\n"
           "It can be called either on the class (e.g. C.f()) or on an instance\n"
           "(e.g. C().f()).  The instance is ignored except for its class.\n"
           "If a class method is called for a derived class, the derived class\n"
           "object is passed as the implied first argument.\n\n"
           "Class methods are different than C++ or Java static methods.\n"
           "If you want those, see the staticmethod builtin.",
};
GiType gi_staticmethod_type = {
    WRAP_TYPE, .name = "staticmethod", .init = staticmethod_init, .descr_get = staticmethod_descr_get,
    .repr = staticmethod_repr, .call = staticmethod_call,
    .doc = "staticmethod(function) -> method\n\nConvert a function to be a static method.\n\n"
           "A static method does not receive an implicit first argument.\n"
           "To declare a static method, use this idiom:\n\n"
           "     class C:\n         @staticmethod\n         def f(arg1, arg2, ...):\n             ...\n\n"
           "It can be called either on the class (e.g. C.f()) or on an instance\n"
           "(e.g. C().f()). Both the class and the instance are ignored, and\n"
           "neither is passed implicitly as the first argument to the method.\n\n"
           "Static methods in Python are similar to those found in Java or C++.\n"
           "For a more advanced concept, see the classmethod builtin.",
};

/* ---- method: a function bound to its first argument ---- */

#define METHOD(v) ((GiBoundMethod *)gi_obj(v))

GiRef gi_bound_method_new(GiThread *ts, GiVal func, GiVal self) {
    GiObj *obj = gi_heap_new(ts, &gi_bound_method_type, sizeof(GiBoundMethod));
    if (!obj) return GI_NULL;
    gi_slot_init(&((GiBoundMethod *)obj)->func, gi_dup(ts, func));
    gi_slot_init(&((GiBoundMethod *)obj)->self, gi_dup(ts, self));
    return gi_own_obj(obj);
}

GI_NEW(method, "(cls, function, instance, /)", "") {
    if (!gi_is_callable(a->function))
        return gi_raise_ref(ts, &gi_exc_TypeError, "first argument must be callable");
    if (gi_is_none(a->instance)) return gi_raise_ref(ts, &gi_exc_TypeError, "instance must not be None");
    return gi_bound_method_new(ts, a->function, a->instance);
}

static GiRef method_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiBoundMethod *m = METHOD(self);
    size_t total = nargs + (gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames));
    bool large = total > 64;
    GiVal *all = large ? gi_mem_alloc(ts, (total + 1) * sizeof *all) : alloca((total + 1) * sizeof *all);
    if (!all) return GI_NULL;
    all[0] = gi_val(m->self);
    if (total) memcpy(all + 1, args, total * sizeof *all);
    GiRef r = gi_call(ts, gi_val(m->func), all, nargs + 1, kwnames);
    if (large) gi_mem_free(all);
    return r;
}

static GiRef method_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiRef descr = gi_type_lookup(ts, &gi_bound_method_type, name);
    if (gi_is_null(descr)) return gi_getattr(ts, gi_val(METHOD(self)->func), name);
    GiType *t = gi_type_of(gi_val(descr));
    if (!t->descr_get) return descr;
    GiRef r = t->descr_get(ts, gi_val(descr), self, gi_type_val(&gi_bound_method_type));
    gi_drop(ts, descr);
    return r;
}

static GiRef method_descr_get(GiThread *ts, GiVal self, GiVal obj GI_UNUSED, GiVal type GI_UNUSED) {
    return gi_dup(ts, self);
}

static GiRef method_repr(GiThread *ts, GiVal self) {
    GiBoundMethod *m = METHOD(self);
    GiRef name;
    if (gi_getattr_opt(ts, gi_val(m->func), GI_N(__qualname__), &name)) return GI_NULL;
    if (gi_is_null(name) && gi_getattr_opt(ts, gi_val(m->func), GI_N(__name__), &name)) return GI_NULL;
    GiRef r;
    if (!gi_is_null(name) && gi_is_str(gi_val(name)))
        r = gi_str_format(ts, "<bound method %U of %R>", gi_val(name), gi_val(m->self));
    else
        r = gi_str_format(ts, "<bound method ? of %R>", gi_val(m->self));
    gi_xdrop(ts, name);
    return r;
}

static int64_t method_hash(GiThread *ts, GiVal self) {
    GiBoundMethod *m = METHOD(self);
    int64_t h = gi_hash(ts, gi_val(m->func));
    if (h == -1) return -1;
    return gi_hash_fix(h ^ gi_hash_pointer((void *)(uintptr_t)m->self.bits));
}

static GiRef method_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(b, &gi_bound_method_type)) return GI_REF_NOTIMPLEMENTED;
    GiTruth same = gi_equal(ts, gi_val(METHOD(a)->func), gi_val(METHOD(b)->func));
    if (same.value < 0) return GI_NULL;
    bool equal = same.value && gi_same(METHOD(a)->self, METHOD(b)->self);
    return gi_bool_ref(equal == (op == GI_EQ));
}

GI_METHOD(method, __reduce__, "(self, /)", "") {
    GiRef name = gi_getattr(ts, gi_val(METHOD(self)->func), GI_N(__name__));
    if (gi_is_null(name)) return GI_NULL;
    GiRef getattr = gi_builtin(ts, "getattr"), args = GI_NULL, r = GI_NULL;
    if (!gi_is_null(getattr)) args = gi_tuple_pack(ts, 2, gi_val(METHOD(self)->self), gi_val(name));
    if (!gi_is_null(args)) r = gi_tuple_pack(ts, 2, gi_val(getattr), gi_val(args));
    gi_xdrop(ts, getattr);
    gi_xdrop(ts, args);
    gi_drop(ts, name);
    return r;
}
GI_GETTER(method, __doc__, "") { return gi_getattr(ts, gi_val(METHOD(self)->func), GI_N(__doc__)); }

static const GiField method_fields[] = {GI_SLOT(GiBoundMethod, func), GI_SLOT(GiBoundMethod, self),
                                        GI_FIELDS_END};
static const GiMemberDef method_members[] = {
    {"__func__", GI_MEMBER_OBJECT, offsetof(GiBoundMethod, func), true,
     "the function (or other callable) implementing a method"},
    {"__self__", GI_MEMBER_OBJECT, offsetof(GiBoundMethod, self), true,
     "the instance to which a method is bound"},
    {.name = NULL},
};
GiType gi_bound_method_type = {
    .obj = GI_TYPE_HEAD, .name = "method", .size = sizeof(GiBoundMethod),
    .doc = "method(function, instance, /)\n--\n\nCreate a bound instance method object.",
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF, .fields = method_fields, .members = method_members,
    .methods = method_methods, .getset = method_getset, .new_ = method_new, .call = method_call,
    .getattr = method_getattr, .descr_get = method_descr_get, .repr = method_repr, .hash = method_hash,
    .compare = method_compare,
};

/* ---- cell ---- */

#define CELL(v) ((GiCell *)gi_obj(v))

GiRef gi_cell_new(GiThread *ts, GiRef value) {
    GiObj *obj = gi_heap_new(ts, &gi_cell_type, sizeof(GiCell));
    if (!obj) {
        gi_xdrop(ts, value);
        return GI_NULL;
    }
    gi_slot_init(&((GiCell *)obj)->value, value);
    return gi_own_obj(obj);
}

static GiRef cell_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "cell", kwnames) || gi_check_args(ts, "cell", nargs, 0, 1)) return GI_NULL;
    return gi_cell_new(ts, nargs ? gi_dup(ts, args[0]) : GI_NULL);
}

static GiRef cell_get(GiThread *ts, GiVal self) { return gi_slot_load(ts, &CELL(self)->value); }

GI_GETTER(cell, cell_contents, "") {
    GiRef v = cell_get(ts, self);
    return gi_is_null(v) ? gi_raise_ref(ts, &gi_exc_ValueError, "Cell is empty") : v;
}
GI_SETTER(cell, cell_contents) {
    gi_slot_store(ts, &CELL(self)->value, gi_xdup(ts, value));
    return GI_OK;
}

static GiRef cell_repr(GiThread *ts, GiVal self) {
    GiRef v = cell_get(ts, self);
    const void *at = gi_obj(self);
    if (gi_is_null(v)) return gi_str_format(ts, "<cell at %p: empty>", at);
    GiRef r = gi_str_format(ts, "<cell at %p: %.80T object at %p>", at, gi_val(v), (void *)(uintptr_t)v.bits);
    gi_drop(ts, v);
    return r;
}

static GiRef cell_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if (!gi_is_exact(a, &gi_cell_type) || !gi_is_exact(b, &gi_cell_type)) return GI_REF_NOTIMPLEMENTED;
    GiRef x = cell_get(ts, a), y = cell_get(ts, b);
    GiRef r;
    if (!gi_is_null(x) && !gi_is_null(y)) {
        r = gi_compare(ts, gi_val(x), gi_val(y), op);
    } else { /* an empty cell comes before a full one */
        int order = (int)gi_is_null(y) - (int)gi_is_null(x);
        bool yes = op == GI_LT ? order < 0 : op == GI_LE ? order <= 0 : op == GI_EQ ? order == 0
                   : op == GI_NE ? order != 0 : op == GI_GT ? order > 0 : order >= 0;
        r = gi_bool_ref(yes);
    }
    gi_xdrop(ts, x);
    gi_xdrop(ts, y);
    return r;
}

static const GiField cell_fields[] = {GI_SLOT(GiCell, value), GI_FIELDS_END};
GiType gi_cell_type = {
    .obj = GI_TYPE_HEAD, .name = "cell", .size = sizeof(GiCell), .flags = GI_TYPE_GC, .fields = cell_fields,
    .doc = "cell([contents])\n--\n\nCreate a new cell object.\n\n  contents\n"
           "    the contents of the cell. If not specified, the cell will be empty,\n    and \n"
           " further attempts to access its cell_contents attribute will\n    raise a ValueError.",
    .getset = cell_getset, .new_ = cell_new, .repr = cell_repr, .compare = cell_compare,
};
