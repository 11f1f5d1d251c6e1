/* defaultdict.c - collections.defaultdict, _count_elements, _tuplegetter, and the module. */
#include "modules/_collections/collections.h"
#include "objects/dict_table.h"
#include "objects/whole.h"

typedef struct GiDefaultDict {
    GiDict dict;
    GiSlot factory; /* null: None */
} GiDefaultDict;
typedef struct GiTupleGetter {
    GiObj obj;
    ssize_t index;
    GiSlot doc;
} GiTupleGetter;

#include "modules/_collections/defaultdict.gen.h"

#define dd_of(v) ((GiDefaultDict *)gi_obj(v))
#define getter_of(v) ((GiTupleGetter *)gi_obj(v))

static const char *short_name(GiVal self) {
    const char *name = gi_type_name(self), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

/* ---- defaultdict ---- */

static GiStatus defaultdict_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal factory = nargs ? args[0] : GI_NONE;
    if (!gi_is_none(factory) && !gi_is_callable(factory))
        return gi_raise_status(ts, &gi_exc_TypeError, "first argument must be callable or None");
    gi_slot_store(ts, &dd_of(self)->factory, gi_dup(ts, factory));
    size_t rest = nargs ? nargs - 1 : 0;
    return gi_dict_update_args(ts, self, "dict", nargs ? args + 1 : args, rest, kwnames);
}

static GiRef dd_missing(GiThread *ts, GiVal self, GiVal key) {
    GiRef factory = gi_slot_load(ts, &dd_of(self)->factory);
    if (gi_is_null(factory) || gi_is_none(factory)) return gi_raise_key(ts, key);
    GiRef value = gi_call0(ts, gi_val(factory));
    /* PYSEM: no Python code runs between the miss and the store when a builtin type makes the value,
     * so what another thread has put there in between is given (tests/threads/free_containers.py). */
    bool native = ts->core.free_running && gi_is_type(gi_val(factory)) &&
                  !(gi_as_type(gi_val(factory))->flags & GI_TYPE_HEAP);
    gi_drop(ts, factory);
    if (gi_is_null(value)) return value;
    if (native && gi_is_exact(self, &gi_defaultdict_type)) {
        GiRef there = gi_dict_setdefault(ts, self, key, gi_val(value));
        gi_drop(ts, value);
        return there;
    }
    GiStatus status = gi_is_exact(self, &gi_defaultdict_type)
                          ? gi_dict_set(ts, self, key, gi_val(value))
                          : gi_setitem(ts, self, key, gi_val(value));
    if (status == GI_OK) return value;
    gi_drop(ts, value);
    return GI_NULL;
}

/* PERF: the dict's own slot, without looking __missing__ up for a plain defaultdict. */
static GiRef dd_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (!gi_is_exact(self, &gi_defaultdict_type)) return gi_dict_type.subscript(ts, self, key);
    GiRef value = GI_NULL;
    if (gi_dict_get(ts, self, key, &value)) return GI_NULL;
    return gi_is_null(value) ? dd_missing(ts, self, key) : value;
}

/* A defaultdict of self's type and factory with the items of `items`. */
static GiRef dd_make(GiThread *ts, GiVal self, GiVal items) {
    GiRef factory = gi_slot_load(ts, &dd_of(self)->factory);
    if (gi_is_null(factory)) factory = GI_REF_NONE;
    GiRef copy = gi_call2(ts, gi_type_val(gi_type_of(self)), gi_val(factory), items);
    gi_drop(ts, factory);
    return copy;
}

static GiRef dd_or(GiThread *ts, GiVal left, GiVal right) {
    bool first = gi_is_instance_of(left, &gi_defaultdict_type);
    GiVal self = first ? left : right, other = first ? right : left;
    if (!gi_is_dict(other)) return GI_REF_NOTIMPLEMENTED;
    GiRef result = dd_make(ts, self, left);
    if (gi_is_null(result)) return result;
    if (gi_is_dict(gi_val(result)) && gi_dict_update(ts, gi_val(result), right) == GI_OK) return result;
    gi_drop(ts, result);
    return GI_NULL;
}

static GiRef dd_repr(GiThread *ts, GiVal self) {
    GiRef items = gi_dict_type.repr(ts, self), factory = GI_NULL, text = GI_NULL;
    if (gi_is_null(items)) return items;
    GiRef f = gi_slot_load(ts, &dd_of(self)->factory);
    if (gi_is_null(f)) f = GI_REF_NONE;
    int entered = gi_is_heap(f) ? gi_repr_enter(ts, gi_val(f)) : 0;
    if (entered > 0) factory = gi_str_from_cstr(ts, "...");
    else if (entered == 0) factory = gi_repr(ts, gi_val(f));
    if (entered == 0 && gi_is_heap(f)) gi_repr_leave(ts, gi_val(f));
    if (!gi_is_null(factory)) {
        text = gi_str_format(ts, "%s(%U, %U)", short_name(self), gi_val(factory), gi_val(items));
        gi_drop(ts, factory);
    }
    gi_drop(ts, f), gi_drop(ts, items);
    return text;
}

GI_METHOD(defaultdict, __missing__, "(self, key, /)",
          "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if "
          "self.default_factory is None: raise KeyError((key,))\n  self[key] = value = "
          "self.default_factory()\n  return value") {
    return dd_missing(ts, self, a->key);
}
GI_METHOD(defaultdict, copy, "(self)", "D.copy() -> a shallow copy of D.") { return dd_make(ts, self, self); }
GI_METHOD(defaultdict, __copy__, "(self)", "D.copy() -> a shallow copy of D.") { return dd_make(ts, self, self); }
GI_METHOD(defaultdict, __reduce__, "(self)", "Return state information for pickling.") {
    GiRef factory = gi_slot_load(ts, &dd_of(self)->factory), args, it = GI_NULL;
    if (gi_is_null(factory) || gi_is_none(factory)) args = gi_tuple_new(ts, 0);
    else args = gi_tuple_steal(ts, &factory, 1);
    GiRef items = gi_is_null(args) ? args : gi_call_method(ts, GI_N(items), &self, 1);
    if (!gi_is_null(items)) {
        it = gi_iter(ts, gi_val(items));
        gi_drop(ts, items);
    }
    if (gi_is_null(it)) {
        gi_xdrop(ts, args);
        return it;
    }
    GiRef type = gi_dup(ts, gi_type_val(gi_type_of(self)));
    return gi_tuple_steal(ts, (GiRef[]){type, args, GI_REF_NONE, GI_REF_NONE, it}, 5);
}
GI_CLASSMETHOD(defaultdict, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static const GiMemberDef defaultdict_members[] = {
    {"default_factory", GI_MEMBER_OBJECT, offsetof(GiDefaultDict, factory), false,
     "Factory for default value called by __missing__()."},
    {.name = NULL},
};

GiType gi_defaultdict_type = {
    .obj = GI_TYPE_HEAD,
    .name = "collections.defaultdict",
    .module = "collections",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_MAPPING | GI_TYPE_MATCH_SELF | GI_TYPE_DICT |
             GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDefaultDict),
    .base = &gi_dict_type,
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default "
           "factory is called without arguments to produce\na new value when a key is not present, "
           "in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll "
           "remaining arguments are treated the same as if they were\npassed to the dict "
           "constructor, including keyword arguments.",
    .fields = (const GiField[]){GI_SLOT(GiDefaultDict, factory), GI_FIELDS_END},
    .methods = defaultdict_methods,
    .members = defaultdict_members,
    .init = defaultdict_init,
    .repr = dd_repr,
    .subscript = dd_subscript,
    .binary[GI_BIN_OR] = dd_or,
};

/* ---- _tuplegetter ---- */

static GiRef tuplegetter_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "_tuplegetter", kwnames) || gi_check_args(ts, "_tuplegetter", nargs, 2, 2))
        return GI_NULL;
    ssize_t index;
    if (gi_as_ssize(ts, args[0], false, &index)) return GI_NULL;
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    getter_of(ref)->index = index;
    gi_slot_init(&getter_of(ref)->doc, gi_dup(ts, args[1]));
    return ref;
}

static GiRef tuplegetter_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    ssize_t i = getter_of(self)->index;
    if (gi_is_null(obj)) return gi_dup(ts, self);
    if (!gi_is_tuple(obj)) {
        if (gi_is_none(obj)) return gi_dup(ts, self);
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' object",
                            i, obj);
    }
    if (i < 0 || (size_t)i >= gi_tuple_len(obj))
        return gi_raise_ref(ts, &gi_exc_IndexError, "tuple index out of range");
    return gi_dup(ts, gi_tuple_get(obj, (size_t)i));
}

static GiStatus tuplegetter_set(GiThread *ts, GiVal self GI_UNUSED, GiVal obj GI_UNUSED, GiVal value) {
    return gi_raise_status(ts, &gi_exc_AttributeError,
                           gi_is_null(value) ? "can't delete attribute" : "can't set attribute");
}

static GiRef tuplegetter_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "%s(%zd, %R)", short_name(self), getter_of(self)->index,
                         gi_val(getter_of(self)->doc));
}

GI_METHOD(tuplegetter, __reduce__, "(self)", NULL) {
    GiRef index = gi_int_from_i64(ts, getter_of(self)->index);
    if (gi_is_null(index)) return index;
    GiRef args = gi_tuple_steal(ts, (GiRef[]){index, gi_slot_dup(ts, &getter_of(self)->doc)}, 2);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, GI_NULL);
}

static const GiMemberDef tuplegetter_members[] = {
    {"__doc__", GI_MEMBER_OBJECT, offsetof(GiTupleGetter, doc), false, NULL},
    {.name = NULL},
};

GiType gi_tuplegetter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_collections._tuplegetter",
    .module = "_collections",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiTupleGetter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiTupleGetter, doc), GI_FIELDS_END},
    .methods = tuplegetter_methods,
    .members = tuplegetter_members,
    .new_ = tuplegetter_new,
    .repr = tuplegetter_repr,
    .descr_get = tuplegetter_get,
    .descr_set = tuplegetter_set,
};

/* ---- _count_elements ---- */

/* True if self's class leaves get() and item assignment as dict has them. */
static bool counts_like_dict(GiThread *ts, GiVal self) {
    if (!gi_is_dict(self)) return false;
    GiType *type = gi_type_of(self);
    return gi_same(gi_type_lookup_peek(ts, type, GI_N(get)), gi_type_lookup_peek(ts, &gi_dict_type, GI_N(get))) &&
           gi_same(gi_type_lookup_peek(ts, type, GI_N(__setitem__)),
                   gi_type_lookup_peek(ts, &gi_dict_type, GI_N(__setitem__)));
}

/* Adds 1 in one step; *done false: the key, or its count, takes more than that. */
static GiStatus count_natively(GiThread *ts, GiVal dict, GiVal key, int64_t hash, bool *done) {
    GiDict *d = gi_dict_of(dict);
    GiStatus status = GI_OK;
    GiRef k = gi_dup(ts, key);
    *done = false;
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_native_locked(ts, d, key, hash);
    if (i >= 0) {
        GiVal old = gi_val(d->entries[i].value);
        *done = gi_is_smallint(old) && gi_fits_smallint(gi_smallint_value(old) + 1);
        if (*done) gi_slot_publish(&d->entries[i].value, gi_smallint_ref(gi_smallint_value(old) + 1));
    } else if (i == GI_DICT_ABSENT) {
        *done = true;
        status = gi_dict_insert_locked(ts, d, k, hash, gi_smallint_ref(1));
        if (status == GI_OK) k = GI_NULL;
    }
    gi_unlock_obj(ts, dict);
    gi_xdrop(ts, k);
    return status;
}

static GiStatus count_in_dict(GiThread *ts, GiVal dict, GiVal key) {
    int64_t hash = gi_key_hash(ts, key);
    GiRef old = GI_NULL, sum;
    if (hash != -1 && ts->core.free_running) {
        bool done;
        GiStatus status = count_natively(ts, dict, key, hash, &done);
        if (done) return status;
    }
    if (hash == -1 || gi_dict_get_hashed(ts, dict, key, hash, &old)) return GI_FAIL;
    if (gi_is_null(old)) sum = gi_smallint_ref(1);
    else if (gi_is_smallint(old)) sum = gi_int_from_i64(ts, gi_smallint_value(old) + 1);
    else sum = gi_binary(ts, GI_BIN_ADD, gi_val(old), gi_smallint(1));
    gi_xdrop(ts, old);
    return gi_is_null(sum) ? GI_FAIL : gi_dict_set_hashed(ts, dict, key, hash, sum);
}

static GiStatus count_in_mapping(GiThread *ts, GiVal mapping, GiVal get, GiVal key) {
    GiRef old = gi_call2(ts, get, key, gi_smallint(0));
    if (gi_is_null(old)) return GI_FAIL;
    GiRef sum = gi_binary(ts, GI_BIN_ADD, gi_val(old), gi_smallint(1));
    gi_drop(ts, old);
    if (gi_is_null(sum)) return GI_FAIL;
    GiStatus status = gi_setitem(ts, mapping, key, gi_val(sum));
    gi_drop(ts, sum);
    return status;
}

GI_FUNCTION(_collections, _count_elements, "(mapping, iterable, /)",
            "Count elements in the iterable, updating the mapping") {
    bool plain = counts_like_dict(ts, a->mapping);
    GiRef it = plain ? gi_iter_whole(ts, a->iterable) : gi_iter(ts, a->iterable), get = GI_NULL;
    if (gi_is_null(it)) return it;
    GiStatus status = GI_OK;
    if (!plain) {
        get = gi_getattr(ts, a->mapping, GI_N(get));
        if (gi_is_null(get)) status = GI_FAIL;
    }
    while (status == GI_OK) {
        GiRef key = gi_next(ts, gi_val(it));
        if (gi_is_null(key)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = gi_is_null(get) ? count_in_dict(ts, a->mapping, gi_val(key))
                                 : count_in_mapping(ts, a->mapping, gi_val(get), gi_val(key));
        gi_drop(ts, key);
    }
    gi_drop(ts, it), gi_xdrop(ts, get);
    return status ? GI_NULL : GI_REF_NONE;
}

static GiStatus collections_exec(GiThread *ts, GiVal module) {
    GiType *types[] = {&gi_deque_type, &gi_deque_iter_type, &gi_deque_reverse_iter_type,
                       &gi_defaultdict_type, &gi_odict_type, &gi_tuplegetter_type};
    GiType *hidden[] = {&gi_odict_iter_type, &gi_odict_keys_type, &gi_odict_values_type,
                        &gi_odict_items_type};
    for (size_t i = 0; i < GI_COUNTOF(hidden); i++)
        if (gi_type_ready(ts, hidden[i])) return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(types); i++)
        if (gi_module_add_type(ts, module, types[i])) return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__collections = {
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from "
           "endpoints only\n- defaultdict:  dict subclass with a default value factory\n",
    .functions = _collections_functions,
    .exec = collections_exec,
};
