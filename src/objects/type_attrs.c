/* type_attrs.c - the type named type: its constructor, attributes of classes, methods, repr.
 *
 * LOCK: in free mode the dict of a class changes with the world stopped (see type.c).
 */
#include "objects/audit.h"
#include "memory/slots.h"
#include "objects/dispatch.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/type_dict.h"
#include "objects/set.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/weakref.h"

#include <stdlib.h>

#include "type_attrs.gen.h"

#define TYPE(v) gi_as_type(v)

/* ---- Instances ---- */

GiRef gi_type_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiType *type = TYPE(self);
    if (type->vectornew) return type->vectornew(ts, type, args, nargs, kwnames);
    if (GI_UNLIKELY(!type->new_ || (type->flags & GI_TYPE_NO_NEW)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot create '%.100s' instances", type->name);
    GiRef obj = type->new_(ts, type, args, nargs, kwnames);
    if (gi_is_null(obj)) return GI_NULL;
    GiType *t = gi_type_of(gi_val(obj));
    if (GI_UNLIKELY(t != type && !gi_is_subtype(t, type))) return obj;
    if (!t->init) return obj;
    if (t->init(ts, gi_val(obj), args, nargs, kwnames)) {
        gi_drop(ts, obj);
        return GI_NULL;
    }
    return obj;
}

/* type(x); the rest as any class. */
static GiRef type_vectornew(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nargs == 1 && kw == 0) return gi_dup(ts, gi_type_val(gi_type_of(args[0])));
    if (nargs == 1) return gi_raise_ref(ts, &gi_exc_TypeError, "type() takes no keyword arguments");
    if (nargs != 3) return gi_raise_ref(ts, &gi_exc_TypeError, "type() takes 1 or 3 arguments");
    GiRef cls = type->new_(ts, type, args, nargs, kwnames);
    if (gi_is_null(cls) || !gi_is_type(gi_val(cls))) return cls;
    GiType *meta = gi_type_of(gi_val(cls));
    if (meta->init(ts, gi_val(cls), args, nargs, kwnames)) {
        gi_drop(ts, cls);
        return GI_NULL;
    }
    return cls;
}

/* The most derived metaclass of meta and those of the bases. */
static GiType *winning_metaclass(GiThread *ts, GiType *meta, GiVal bases) {
    for (size_t i = 0; i < gi_tuple_len(bases); i++) {
        GiType *t = gi_type_of(gi_tuple_get(bases, i));
        if (gi_is_subtype(meta, t)) continue;
        if (gi_is_subtype(t, meta)) {
            meta = t;
            continue;
        }
        gi_raise(ts, &gi_exc_TypeError,
                 "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of "
                 "the metaclasses of all its bases");
        return NULL;
    }
    return meta;
}

static GiStatus refuse_mro_entries(GiThread *ts, GiVal bases) {
    for (size_t i = 0; i < gi_tuple_len(bases); i++) {
        GiVal base = gi_tuple_get(bases, i);
        if (gi_is_type(base)) continue;
        GiRef entries;
        if (gi_getattr_opt(ts, base, GI_N(__mro_entries__), &entries)) return GI_FAIL;
        if (gi_is_null(entries)) continue;
        gi_drop(ts, entries);
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "type() doesn't support MRO entry resolution; use types.new_class()");
    }
    return GI_OK;
}

static GiRef type_new(GiThread *ts, GiType *meta, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (nargs != 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "type.__new__() takes exactly 3 arguments (%zu given)",
                            nargs);
    if (!gi_is_str(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "type.__new__() argument 1 must be str, not %#.50T", args[0]);
    if (!gi_is_tuple(args[1]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "type.__new__() argument 2 must be tuple, not %#.50T",
                            args[1]);
    if (!gi_is_dict(args[2]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "type.__new__() argument 3 must be dict, not %#.50T",
                            args[2]);
    if (refuse_mro_entries(ts, args[1])) return GI_NULL;
    GiType *winner = winning_metaclass(ts, meta, args[1]);
    if (!winner) return GI_NULL;
    if (winner != meta && winner->new_ != type_new) return winner->new_(ts, winner, args, nargs, kwnames);
    return gi_type_new_class(ts, winner, args[0], args[1], args[2], args + 3, kwnames);
}

static GiStatus type_init(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args GI_UNUSED, size_t nargs,
                          GiVal kwnames) {
    if (!gi_is_null(kwnames) && nargs == 1 && gi_tuple_len(kwnames))
        return gi_raise_status(ts, &gi_exc_TypeError, "type.__init__() takes no keyword arguments");
    if (nargs != 1 && nargs != 3)
        return gi_raise_status(ts, &gi_exc_TypeError, "type.__init__() takes 1 or 3 arguments");
    return GI_OK;
}

/* ---- Attributes ---- */

/* As getattr on a class, without raising when it is missing: GI_OK and null. */
static GiStatus type_getattr_opt(GiThread *ts, GiVal self, GiVal name, GiRef *out) {
    GiType *type = TYPE(self), *meta = gi_type_of(self);
    GiRef meta_attr = gi_type_lookup(ts, meta, name);
    GiType *mt = gi_is_null(meta_attr) ? NULL : gi_type_of(gi_val(meta_attr));
    if (mt && mt->descr_get && mt->descr_set) {
        *out = mt->descr_get(ts, gi_val(meta_attr), self, gi_type_val(meta));
        gi_drop(ts, meta_attr);
        return gi_is_null(*out) ? GI_FAIL : GI_OK;
    }
    GiRef attr = gi_type_lookup(ts, type, name);
    if (!gi_is_null(attr)) {
        gi_xdrop(ts, meta_attr);
        GiType *t = gi_type_of(gi_val(attr));
        if (!t->descr_get) {
            *out = attr;
            return GI_OK;
        }
        *out = t->descr_get(ts, gi_val(attr), GI_NOVAL, self);
        gi_drop(ts, attr);
        return gi_is_null(*out) ? GI_FAIL : GI_OK;
    }
    *out = meta_attr;
    if (mt && mt->descr_get) {
        *out = mt->descr_get(ts, gi_val(meta_attr), self, gi_type_val(meta));
        gi_drop(ts, meta_attr);
        if (gi_is_null(*out)) return GI_FAIL;
    }
    return GI_OK;
}

GiRef gi_type_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiRef r;
    if (type_getattr_opt(ts, self, name, &r)) return GI_NULL;
    if (gi_is_null(r))
        gi_raise_attribute(ts, self, name, "type object '%.50s' has no attribute '%U'", TYPE(self)->name,
                           name);
    return r;
}

static GiStatus check_mutable(GiThread *ts, GiType *type, GiVal name) {
    if (!(type->flags & GI_TYPE_IMMUTABLE)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "cannot set %R attribute of immutable type '%s'", name,
                           type->name);
}

/* Changes the dict; the world stands still meanwhile in free mode. */
static GiStatus change_dict_and_flags(GiThread *ts, GiType *type, GiVal name, GiVal value, uint32_t off, uint32_t on) {
    GiVal dict = gi_val(type->dict);
    bool stop = ts->core.free_running;
    if (stop) gi_stop_world_for(&ts->core, "class change");
    GiRef old = gi_xdup(ts, gi_dict_get_str_peek(ts, dict, name));
    GiStatus status = GI_OK;
    bool found = true;
    if (gi_is_null(value))
        status = gi_dict_del(ts, dict, name, &found);
    else
        status = gi_dict_set(ts, dict, name, value);
    if (!status && found) {
        type->flags = (type->flags & ~off) | on;
        gi_type_modified(ts, type, name);
    }
    if (stop) gi_start_world(&ts->core);
    gi_xdrop(ts, old);
    if (!status && !found) {
        return gi_raise_status(ts, &gi_exc_AttributeError, "type object '%.50s' has no attribute '%U'",
                               type->name, name);
    }
    return status;
}

static GiStatus change_dict(GiThread *ts, GiType *type, GiVal name, GiVal value) {
    return change_dict_and_flags(ts, type, name, value, 0, 0);
}

GiStatus gi_type_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    GiType *type = TYPE(self);
    if (check_mutable(ts, type, name)) return GI_FAIL;
    GiRef key = gi_str_intern(ts, gi_is_str_exact(name) ? gi_dup(ts, name)
                                                        : gi_str_slice(ts, name, 0, gi_str_len(name)));
    if (gi_is_null(key)) return GI_FAIL;
    GiRef meta_attr = gi_type_lookup(ts, gi_type_of(self), gi_val(key));
    GiStatus status;
    if (!gi_is_null(meta_attr) && gi_type_of(gi_val(meta_attr))->descr_set)
        status = gi_type_of(gi_val(meta_attr))->descr_set(ts, gi_val(meta_attr), self, value);
    else
        status = change_dict(ts, type, gi_val(key), value);
    gi_xdrop(ts, meta_attr);
    gi_drop(ts, key);
    return status;
}

/* ---- Names ---- */

static GiRef type_repr(GiThread *ts, GiVal self) {
    GiType *type = TYPE(self);
    GiRef module = gi_getattr(ts, self, GI_N(__module__));
    if (gi_is_null(module)) gi_exc_clear(ts);
    GiRef qualname = gi_getattr(ts, self, GI_N(__qualname__));
    GiRef r = GI_NULL;
    if (gi_is_null(qualname)) goto out;
    if (!gi_is_null(module) && gi_is_str(gi_val(module)) &&
        !gi_str_equals_cstr(gi_val(module), "builtins"))
        r = gi_str_format(ts, "<class '%U.%U'>", gi_val(module), gi_val(qualname));
    else
        r = gi_str_format(ts, "<class '%s'>", type->name);
out:
    gi_xdrop(ts, module);
    gi_xdrop(ts, qualname);
    return r;
}

GI_GETTER(type, __name__, "") {
    GiType *type = TYPE(self);
    if (type->flags & GI_TYPE_HEAP) return gi_slot_load(ts, &type->name_str);
    return gi_intern_cstr(ts, gi_type_short_name(type));
}

/* Refuses deletion and immutable types, as the setters of special attributes do. */
static GiStatus check_special_set(GiThread *ts, GiType *type, GiVal value, const char *name) {
    if (!(type->flags & GI_TYPE_HEAP) || (type->flags & GI_TYPE_IMMUTABLE))
        return gi_raise_status(ts, &gi_exc_TypeError, "cannot set '%s' attribute of immutable type '%s'", name,
                               type->name);
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "cannot delete '%s' attribute of immutable type '%s'",
                               name, type->name);
    GiRef text = gi_intern_cstr(ts, name);
    GiStatus status = gi_is_null(text) ? GI_FAIL : GI_AUDIT(ts, "object.__setattr__", gi_type_val(type), gi_val(text), value);
    gi_xdrop(ts, text);
    return status;
}

GI_SETTER(type, __name__) {
    GiType *type = TYPE(self);
    if (check_special_set(ts, type, value, "__name__")) return GI_FAIL;
    if (!gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "can only assign string to %s.__name__, not '%T'",
                               type->name, value);
    size_t len;
    const char *text = gi_str_utf8(ts, value, &len);
    if (!text) return GI_FAIL;
    if (strlen(text) != len)
        return gi_raise_status(ts, &gi_exc_ValueError, "type name must not contain null characters");
    /* Messages are made of the bare text, by threads that count nothing. */
    bool stop = ts->core.free_running;
    if (stop) gi_stop_world_for(&ts->core, "class change");
    GiRef old = gi_slot_exchange(ts, &type->name_str, gi_dup(ts, value));
    type->name = text;
    if (stop) gi_start_world(&ts->core);
    gi_xdrop(ts, old);
    return GI_OK;
}

GI_GETTER(type, __qualname__, "") {
    GiType *type = TYPE(self);
    if (type->flags & GI_TYPE_HEAP) return gi_slot_load(ts, &type->qualname);
    return gi_intern_cstr(ts, gi_type_short_name(type));
}
GI_SETTER(type, __qualname__) {
    GiType *type = TYPE(self);
    if (check_special_set(ts, type, value, "__qualname__")) return GI_FAIL;
    if (!gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "can only assign string to %s.__qualname__, not '%T'",
                               type->name, value);
    gi_slot_store(ts, &type->qualname, gi_dup(ts, value));
    return GI_OK;
}

GI_GETTER(type, __module__, "") {
    GiType *type = TYPE(self);
    if (!(type->flags & GI_TYPE_HEAP)) return gi_intern_cstr(ts, type->module ? type->module : "builtins");
    GiVal module = gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__module__));
    if (!gi_is_null(module)) return gi_dup(ts, module);
    if (!gi_raised(ts)) gi_raise_attribute(ts, self, GI_N(__module__), "__module__");
    return GI_NULL;
}
GI_SETTER(type, __module__) {
    GiType *type = TYPE(self);
    if (check_special_set(ts, type, value, "__module__")) return GI_FAIL;
    return change_dict(ts, type, GI_N(__module__), value);
}

/* ---- Relations ---- */

GI_GETTER(type, __mro__, "") {
    GiRef mro = gi_slot_load(ts, &TYPE(self)->mro);
    return gi_is_null(mro) ? GI_REF_NONE : mro;
}
GI_GETTER(type, __base__, "") {
    GiType *base = TYPE(self)->base;
    return base ? gi_dup(ts, gi_type_val(base)) : GI_REF_NONE;
}
GI_GETTER(type, __bases__, "") { return gi_slot_load(ts, &TYPE(self)->bases); }

/* True when instances of a and b are laid out alike, so that __class__ or __bases__ may change. */
static bool same_layout(GiThread *ts, GiType *a, GiType *b) {
    const uint32_t mask = GI_TYPE_ATTRS | GI_TYPE_DICT | GI_TYPE_WEAKREF | GI_TYPE_VARSIZED;
    if (a->size != b->size || (a->flags & mask) != (b->flags & mask)) return false;
    GiType *sa = gi_type_solid_base(a), *sb = gi_type_solid_base(b);
    if (sa == sb) return true;
    if (sa->base != sb->base && gi_type_solid_base(sa->base) != gi_type_solid_base(sb->base)) return false;
    if (gi_is_null(sa->slot_names) || gi_is_null(sb->slot_names)) return false;
    GiTruth same = gi_equal(ts, gi_val(sa->slot_names), gi_val(sb->slot_names));
    if (same.value < 0) gi_exc_clear(ts);
    return same.value > 0;
}

GiStatus gi_type_check_compatible(GiThread *ts, GiType *old, GiType *fresh, const char *attr) {
    if (same_layout(ts, old, fresh)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s assignment: '%s' object layout differs from '%s'", attr,
                           fresh->name, old->name);
}

/* Computes the mro of a class and of all that derive from it. */
static GiStatus renew_mro(GiThread *ts, GiType *type) {
    if (gi_type_compute_mro(ts, type)) return GI_FAIL;
    GiRef subclasses = gi_type_subclass_list(ts, type);
    if (gi_is_null(subclasses)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < gi_tuple_len(subclasses) && !status; i++)
        status = renew_mro(ts, TYPE(gi_tuple_get(gi_val(subclasses), i)));
    gi_drop(ts, subclasses);
    return status;
}

static GiStatus check_bases(GiThread *ts, GiType *type, GiVal value) {
    if (!gi_is_tuple(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "can only assign tuple to %s.__bases__, not %T",
                               type->name, value);
    if (gi_tuple_len(value) == 0)
        return gi_raise_status(ts, &gi_exc_TypeError, "can only assign non-empty tuple to %s.__bases__, not ()",
                               type->name);
    for (size_t i = 0; i < gi_tuple_len(value); i++) {
        GiVal base = gi_tuple_get(value, i);
        if (!gi_is_type(base))
            return gi_raise_status(ts, &gi_exc_TypeError, "%s.__bases__ must be tuple of classes, not '%T'",
                                   type->name, base);
        bool cycle = gi_is_subtype(TYPE(base), type);
        for (GiType *t = TYPE(base); t && !cycle; t = t->base) cycle = t == type;
        if (cycle)
            return gi_raise_status(ts, &gi_exc_TypeError, "a __bases__ item causes an inheritance cycle");
    }
    return GI_OK;
}

/* Makes `value` the bases of a class, which others read without counting, and the class one of their
 * subclasses; gives what was there before. expected: do so only if these are its bases, else *old is null.
 * PYSEM: a class is listed by its bases alone, also if a metaclass's mro() has set others meanwhile
 * (tests/regress/bases_set_in_mro.py). */
static GiStatus put_bases(GiThread *ts, GiType *type, GiVal expected, GiVal value, GiType *base, GiRef *old,
                          GiType **old_base) {
    bool stop = ts->core.free_running;
    *old = GI_NULL;
    if (stop) gi_stop_world_for(&ts->core, "class change");
    GiStatus status = GI_OK;
    if (gi_is_null(expected) || gi_same(type->bases, expected)) {
        size_t added = 0, n = gi_tuple_len(value);
        while (added < n && !(status = gi_type_add_subclass(ts, TYPE(gi_tuple_get(value, added)), type))) added++;
        GiVal leave = status ? value : gi_val(type->bases);
        for (size_t i = 0; i < (status ? added : gi_tuple_len(leave)); i++)
            gi_type_remove_subclass(ts, TYPE(gi_tuple_get(leave, i)), type);
        if (!status) {
            *old = gi_slot_exchange(ts, &type->bases, gi_dup(ts, value));
            *old_base = type->base;
            type->base = base;
        }
    }
    if (stop) gi_start_world(&ts->core);
    return status;
}

/* What is found on the class and on those below it has changed. */
static void modified(GiThread *ts, GiType *type) {
    bool stop = ts->core.free_running;
    if (stop) gi_stop_world_for(&ts->core, "class change");
    __atomic_store_n(&type->drop, 0, __ATOMIC_RELAXED);
    gi_type_modified(ts, type, GI_NOVAL);
    if (stop) gi_start_world(&ts->core);
}

GI_SETTER(type, __bases__) {
    GiType *type = TYPE(self);
    if (check_special_set(ts, type, value, "__bases__") || check_bases(ts, type, value)) return GI_FAIL;
    GiType *base = gi_type_best_base(ts, value);
    if (!base || gi_type_check_compatible(ts, type->base, base, "__bases__")) return GI_FAIL;
    GiRef old;
    GiType *old_base;
    if (put_bases(ts, type, GI_NOVAL, value, base, &old, &old_base)) return GI_FAIL;
    GiStatus status = renew_mro(ts, type);
    if (status) {
        GiRef exc = gi_exc_take(ts), tried = GI_NULL;
        GiType *tried_base;
        /* Not when they were set anew before it failed: by a metaclass's mro(), by another thread. */
        if (put_bases(ts, type, value, gi_val(old), old_base, &tried, &tried_base)) gi_exc_clear(ts);
        if (!gi_is_null(tried) && renew_mro(ts, type)) gi_exc_clear(ts);
        modified(ts, type);
        gi_exc_restore(ts, exc);
        gi_xdrop(ts, tried);
    } else {
        modified(ts, type);
    }
    gi_drop(ts, old); /* what caches have of them is found no more */
    return status;
}

GI_METHOD(type, mro, "(self, /)", "Return a type's method resolution order.") {
    GiRef tuple = gi_mro_merge(ts, TYPE(self), gi_val(TYPE(self)->bases));
    if (gi_is_null(tuple)) return GI_NULL;
    GiRef list = gi_to_list(ts, gi_val(tuple));
    gi_drop(ts, tuple);
    return list;
}

GI_METHOD(type, __subclasses__, "(self, /)", "Return a list of immediate subclasses.") {
    GiRef tuple = gi_type_subclass_list(ts, TYPE(self));
    if (gi_is_null(tuple)) return GI_NULL;
    GiRef list = gi_to_list(ts, gi_val(tuple));
    gi_drop(ts, tuple);
    return list;
}

GI_CLASSMETHOD(type, __prepare__, "(cls, *args, **kwargs)",
               "__prepare__() -> dict\\nused to create the namespace for the class statement") {
    return gi_dict_new(ts);
}

static GiRef truth_result(GiTruth t) { return t.value < 0 ? GI_NULL : gi_bool_ref(t.value); }

GI_METHOD(type, __instancecheck__, "(self, instance, /)", "Check if an object is an instance.") {
    return truth_result(gi_plain_isinstance(ts, a->instance, self));
}
GI_METHOD(type, __subclasscheck__, "(self, subclass, /)", "Check if a class is a subclass.") {
    return truth_result(gi_plain_issubclass(ts, a->subclass, self));
}

/* Adds what cls.__dict__ and those of its bases hold to `names`. */
GiStatus gi_merge_class_dict(GiThread *ts, GiVal names, GiVal cls) {
    GiRef dict, bases;
    if (gi_getattr_opt(ts, cls, GI_N(__dict__), &dict)) return GI_FAIL;
    if (!gi_is_null(dict)) {
        GiStatus status = gi_dict_update(ts, names, gi_val(dict));
        gi_drop(ts, dict);
        if (status) return GI_FAIL;
    }
    if (gi_getattr_opt(ts, cls, GI_N(__bases__), &bases)) return GI_FAIL;
    if (gi_is_null(bases)) return GI_OK;
    GiRef tuple = gi_to_tuple(ts, gi_val(bases));
    gi_drop(ts, bases);
    if (gi_is_null(tuple)) return GI_FAIL;
    GiStatus status = gi_enter_recursive(ts, "");
    if (!status) {
        for (size_t i = 0; i < gi_tuple_len(tuple) && !status; i++)
            status = gi_merge_class_dict(ts, names, gi_tuple_get(gi_val(tuple), i));
        gi_leave_recursive(ts);
    }
    gi_drop(ts, tuple);
    return status;
}

GI_METHOD(type, __dir__, "(self, /)", "Specialized __dir__ implementation for types.") {
    GiRef names = gi_dict_new(ts);
    if (gi_is_null(names)) return GI_NULL;
    GiRef list = GI_NULL;
    if (!gi_merge_class_dict(ts, gi_val(names), self)) list = gi_dict_keys_list(ts, gi_val(names));
    gi_drop(ts, names);
    return list;
}

GI_METHOD(type, __sizeof__, "(self, /)", "Return memory consumption of the type object.") {
    return gi_smallint_ref((int64_t)sizeof(GiType));
}

/* ---- Facts ---- */

GI_GETTER(type, __basicsize__, "") { return gi_smallint_ref(TYPE(self)->size); }
GI_GETTER(type, __itemsize__, "") { return gi_smallint_ref(TYPE(self)->item_size); }
GI_GETTER(type, __dictoffset__, "") {
    return gi_smallint_ref(TYPE(self)->flags & GI_TYPE_ATTRS ? -(int)sizeof(GiAttrs) : 0);
}
GI_GETTER(type, __weakrefoffset__, "") {
    return gi_smallint_ref(TYPE(self)->flags & GI_TYPE_WEAKREF ? (int)sizeof(GiObj) : 0);
}

/* CPython's numbers of the flags that programs look at. */
GI_GETTER(type, __flags__, "") {
    static const struct { uint32_t own; int bit; } map[] = {
        {GI_TYPE_SEQUENCE, 5}, {GI_TYPE_MAPPING, 6}, {GI_TYPE_NO_NEW, 7}, {GI_TYPE_IMMUTABLE, 8},
        {GI_TYPE_HEAP, 9}, {GI_TYPE_BASE, 10}, {GI_TYPE_READY, 12}, {GI_TYPE_GC, 14},
        {GI_TYPE_METHOD_DESCR, 17}, {GI_TYPE_READY, 19}, {GI_TYPE_ABSTRACT, 20},
        {GI_TYPE_MATCH_SELF, 22}, {GI_TYPE_INT, 24}, {GI_TYPE_LIST, 25}, {GI_TYPE_TUPLE, 26},
        {GI_TYPE_BYTES, 27}, {GI_TYPE_STR, 28}, {GI_TYPE_DICT, 29}, {GI_TYPE_EXCEPTION, 30},
        {GI_TYPE_IS_TYPE, 31},
    };
    GiType *type = TYPE(self);
    uint64_t flags = 0;
    for (size_t i = 0; i < GI_COUNTOF(map); i++)
        if (type->flags & map[i].own) flags |= UINT64_C(1) << map[i].bit;
    bool managed = (type->flags & GI_TYPE_HEAP) && (type->flags & GI_TYPE_ATTRS);
    return gi_smallint_ref((int64_t)(flags | (managed ? 16 : 0)));
}

GI_GETTER(type, __dict__, "") {
    GiVal dict = gi_type_dict(ts, TYPE(self));
    return gi_is_null(dict) ? GI_NULL : gi_mappingproxy_new(ts, dict);
}

GI_GETTER(type, __doc__, "") {
    GiType *type = TYPE(self);
    if (!(type->flags & GI_TYPE_HEAP)) {
        const char *doc = gi_type_doc_text(type);
        return doc ? gi_str_from_cstr(ts, doc) : GI_REF_NONE;
    }
    GiRef doc = gi_xdup(ts, gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__doc__)));
    if (gi_is_null(doc)) return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
    GiType *t = gi_type_of(gi_val(doc));
    if (!t->descr_get) return doc;
    GiRef r = t->descr_get(ts, gi_val(doc), GI_NOVAL, self);
    gi_drop(ts, doc);
    return r;
}
GI_SETTER(type, __doc__) {
    if (check_special_set(ts, TYPE(self), value, "__doc__")) return GI_FAIL;
    return change_dict(ts, TYPE(self), GI_N(__doc__), value);
}

GI_GETTER(type, __text_signature__, "") {
    GiType *type = TYPE(self);
    const char *doc = type->doc;
    if (type->flags & GI_TYPE_HEAP) { /* a class may give a signature in its doc as builtin types do */
        GiVal text = gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__doc__));
        doc = gi_is_null(text) || !gi_is_str(text) ? NULL : gi_str_utf8(ts, text, NULL);
        if (gi_raised(ts)) gi_exc_clear(ts);
    }
    const char *name = gi_type_short_name(type);
    size_t n = strlen(name);
    if (!doc || strncmp(doc, name, n) != 0 || doc[n] != '(') return GI_REF_NONE;
    const char *end = strstr(doc, ")\n--\n\n");
    return end ? gi_str_from_utf8(ts, doc + n, (size_t)(end + 1 - (doc + n))) : GI_REF_NONE;
}

GI_GETTER(type, __abstractmethods__, "") {
    GiType *type = TYPE(self);
    GiVal found = type == &gi_type_type
                      ? GI_NOVAL
                      : gi_dict_get_str_peek(ts, gi_type_dict(ts, type), GI_N(__abstractmethods__));
    if (!gi_is_null(found)) return gi_dup(ts, found);
    if (!gi_raised(ts)) gi_raise_attribute(ts, self, GI_N(__abstractmethods__), "__abstractmethods__");
    return GI_NULL;
}
GI_SETTER(type, __abstractmethods__) {
    GiType *type = TYPE(self);
    bool abstract = false;
    if (type->flags & GI_TYPE_IMMUTABLE) return check_special_set(ts, type, value, "__abstractmethods__");
    if (!gi_is_null(value)) {
        GiTruth truth = gi_truth(ts, value);
        if (truth.value < 0) return GI_FAIL;
        abstract = truth.value;
    } else if (gi_is_null(gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__abstractmethods__)))) {
        gi_raise_attribute(ts, self, GI_N(__abstractmethods__), "__abstractmethods__");
        return GI_FAIL;
    }
    return change_dict_and_flags(ts, type, GI_N(__abstractmethods__), value, GI_TYPE_ABSTRACT,
                                 abstract ? GI_TYPE_ABSTRACT : 0);
}

GI_GETTER(type, __annotations__, "") {
    GiType *type = TYPE(self);
    if (!(type->flags & GI_TYPE_HEAP)) {
        gi_raise_attribute(ts, self, GI_N(__annotations__), "type object '%s' has no attribute '__annotations__'",
                           type->name);
        return GI_NULL;
    }
    GiRef found = gi_xdup(ts, gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__annotations__)));
    if (!gi_is_null(found)) {
        GiType *t = gi_type_of(gi_val(found));
        if (!t->descr_get) return found;
        GiRef r = t->descr_get(ts, gi_val(found), GI_NOVAL, self);
        gi_drop(ts, found);
        return r;
    }
    if (gi_raised(ts)) return GI_NULL;
    GiRef fresh = gi_dict_new(ts);
    if (gi_is_null(fresh) || !change_dict(ts, type, GI_N(__annotations__), gi_val(fresh))) return fresh;
    gi_drop(ts, fresh);
    return GI_NULL;
}
GI_SETTER(type, __annotations__) {
    GiType *type = TYPE(self);
    if (!(type->flags & GI_TYPE_HEAP))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "cannot set '__annotations__' attribute of immutable type '%s'", type->name);
    if (gi_is_null(value) &&
        gi_is_null(gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__annotations__)))) {
        gi_raise_attribute(ts, self, GI_N(__annotations__), "__annotations__");
        return GI_FAIL;
    }
    return change_dict(ts, type, GI_N(__annotations__), value);
}

static GiRef type_or(GiThread *ts, GiVal a, GiVal b) { return gi_union_new(ts, a, b); }

/* ---- Death of a class ---- */

static void type_destroy(GiThread *ts, GiObj *obj) {
    GiType *type = (GiType *)obj;
    size_t n = gi_is_null(type->bases) ? 0 : gi_tuple_len(type->bases);
    for (size_t i = 0; i < n; i++)
        gi_type_remove_subclass(ts, TYPE(gi_tuple_get(gi_val(type->bases), i)), type);
    if (type->flags & GI_TYPE_ATTRS) gi_shape_type_free(ts, type);
    gi_type_free_subclasses(type);
}

static const GiField type_fields[] = {
    GI_SLOT(GiType, bases), GI_SLOT(GiType, mro), GI_SLOT(GiType, dict), GI_SLOT(GiType, name_str),
    GI_SLOT(GiType, qualname), GI_SLOT(GiType, full_name), GI_SLOT(GiType, slot_names),
    GI_SLOT(GiType, module_obj), GI_FIELDS_END,
};

GiType gi_type_type = {
    .obj = GI_TYPE_HEAD, .name = "type", .size = sizeof(GiType), .item_size = 40,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_IS_TYPE | GI_TYPE_VARSIZED,
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .fields = type_fields, .destroy = type_destroy, .methods = type_methods, .getset = type_getset,
    .new_ = type_new, .init = type_init, .vectornew = type_vectornew, .call = gi_type_call,
    .repr = type_repr, .getattr = gi_type_getattr, .setattr = gi_type_setattr,
    .binary[GI_BIN_OR] = type_or,
};
