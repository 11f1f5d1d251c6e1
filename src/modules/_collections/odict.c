/* odict.c - collections.OrderedDict: a dict, which is ordered, with the ends within reach.
 *
 * The order is that of the dict's entries: moving a key to an end takes its entry out and puts it
 * in again (dict_table.c leaves room in front when that is done). Iterators remember the dict's
 * count of mutations. Methods go through item assignment where a subclass may have overridden it.
 */
#include "modules/_collections/collections.h"
#include "objects/shape.h"
#include "objects/whole.h"

typedef struct GiODictIter {
    GiObj obj;
    GiSlot dict; /* null: exhausted */
    GiDictKind kind;
    bool reverse, done;
    size_t pos;
    uint32_t mutations;
} GiODictIter;

#include "modules/_collections/odict.gen.h"

#define odict_iter_of(v) ((GiODictIter *)gi_obj(v))
#define is_odict(v) gi_is_instance_of(v, &gi_odict_type)
#define is_exact(v) gi_is_exact(v, &gi_odict_type)

/* ---- Filling ---- */

static GiStatus put(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    return is_exact(self) ? gi_dict_set(ts, self, key, value) : gi_setitem(ts, self, key, value);
}

/* One element of an update from pairs. */
static GiStatus put_pair(GiThread *ts, GiVal self, GiVal pair) {
    GiItems items;
    if (gi_items_of(ts, pair, &items, NULL)) return GI_FAIL;
    GiStatus status = GI_FAIL;
    if (items.count == 2)
        status = put(ts, self, gi_val(items.items[0]), gi_val(items.items[1]));
    else if (items.count < 2)
        gi_raise(ts, &gi_exc_ValueError, "need more than %zu value%s to unpack", items.count,
                 items.count == 1 ? "" : "s");
    else
        gi_raise(ts, &gi_exc_ValueError, "too many values to unpack (expected 2)");
    gi_items_drop(ts, &items);
    return status;
}

/* self[key] = value for each pair of an iterable, or (from a mapping) for each key. */
static GiStatus put_each(GiThread *ts, GiVal self, GiVal iterable, GiVal mapping) {
    GiRef it = !is_exact(self) ? gi_iter(ts, iterable) : gi_is_null(mapping) ? gi_dict_iter_pairs(ts, self, iterable)
                                                                               : gi_iter_whole(ts, iterable);
    if (gi_is_null(it)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    GiStatus status = GI_OK;
    while (status == GI_OK) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        if (gi_is_null(mapping)) {
            status = put_pair(ts, self, gi_val(item));
        } else {
            GiRef value = gi_getitem(ts, mapping, gi_val(item));
            status = gi_is_null(value) ? GI_FAIL : put(ts, self, gi_val(item), gi_val(value));
            gi_xdrop(ts, value);
        }
        gi_drop(ts, item);
    }
    gi_drop(ts, it);
    return status;
}

/* Calls `name` of other if it has it: *out null when not. */
static GiStatus call_if_there(GiThread *ts, GiVal other, GiVal name, GiRef *out) {
    GiRef method = GI_NULL;
    *out = GI_NULL;
    if (gi_getattr_opt(ts, other, name, &method)) return GI_FAIL;
    if (gi_is_null(method)) return GI_OK;
    *out = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}

/* True if the dict's keys and items are those of its native part. */
static bool reads_natively(GiThread *ts, GiVal dict) {
    GiType *type = gi_type_of(dict);
    if (gi_is_builtin(dict)) return true;
    if (type->iter != gi_dict_type.iter || type->subscript != gi_dict_type.subscript) return false;
    GiRef own = gi_type_lookup(ts, type, GI_N(keys)), native = gi_type_lookup(ts, &gi_dict_type, GI_N(keys));
    bool same = gi_same(gi_val(own), gi_val(native));
    gi_xdrop(ts, own), gi_xdrop(ts, native);
    return same;
}

/* What needs no Python code is one step where other threads use self, too; *done false: nothing is done. */
static GI_COLD GiStatus update_free(GiThread *ts, GiVal self, GiVal other, bool *done) {
    *done = false;
    if (gi_is_dict(other)) {
        *done = reads_natively(ts, other);
        return *done ? gi_dict_merge(ts, self, other, 1) : GI_OK;
    }
    if (gi_is_exact(other, &gi_mappingproxy_type) && gi_is_dict_exact(gi_mappingproxy_of(other)))
        return update_free(ts, self, gi_mappingproxy_of(other), done);
    return GI_OK;
}

/* As MutableMapping.update does: a dict's items, a mapping's keys, or pairs. */
static GiStatus odict_update_from(GiThread *ts, GiVal self, GiVal other) {
    GiRef got;
    GiStatus status;
    if (GI_UNLIKELY(ts->core.free_running) && is_exact(self)) {
        bool done;
        status = update_free(ts, self, other, &done);
        if (done || status) return status;
    }
    if (gi_is_dict_exact(other) || (ts->core.free_running && is_exact(other))) { /* as it is at one moment */
        got = gi_dict_items_list(ts, other);
        if (gi_is_null(got)) return GI_FAIL;
        status = put_each(ts, self, gi_val(got), GI_NOVAL);
        gi_drop(ts, got);
        return status;
    }
    if (call_if_there(ts, other, GI_N(keys), &got)) return GI_FAIL;
    if (!gi_is_null(got)) {
        status = put_each(ts, self, gi_val(got), other);
        gi_drop(ts, got);
        return status;
    }
    if (call_if_there(ts, other, GI_N(items), &got)) return GI_FAIL;
    if (gi_is_null(got)) return put_each(ts, self, other, GI_NOVAL);
    status = put_each(ts, self, gi_val(got), GI_NOVAL);
    gi_drop(ts, got);
    return status;
}

static GiStatus odict_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (nargs > 1)
        return gi_raise_status(ts, &gi_exc_TypeError, "expected at most 1 arguments, got %zu", nargs);
    if (nargs && odict_update_from(ts, self, args[0])) return GI_FAIL;
    for (size_t i = 0; !gi_is_null(kwnames) && i < gi_tuple_len(kwnames); i++)
        if (put(ts, self, gi_tuple_get(kwnames, i), args[nargs + i])) return GI_FAIL;
    return GI_OK;
}

GI_METHOD(odict, update, "(self, *args, **kwargs)",
          "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.") {
    if (a->args_count > 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "update() takes at most 1 positional argument (%zu given)",
                            a->args_count);
    if (a->args_count && odict_update_from(ts, self, a->args[0])) return GI_NULL;
    if (!gi_is_null(a->kwargs) && odict_update_from(ts, self, a->kwargs)) return GI_NULL;
    return GI_REF_NONE;
}

/* ---- Slots ---- */

static GiRef odict_iter_make(GiThread *ts, GiVal dict, GiDictKind kind, bool reverse) {
    GiODictIter *it = (GiODictIter *)gi_heap_new(ts, &gi_odict_iter_type, sizeof(GiODictIter));
    if (it == NULL) return GI_NULL;
    GiDict *d = gi_dict_of(dict);
    gi_slot_init(&it->dict, gi_dup(ts, dict));
    it->kind = kind;
    it->reverse = reverse;
    gi_lock_obj(ts, dict);
    it->mutations = d->mutations;
    it->pos = reverse ? d->entry_count : 0;
    gi_unlock_obj(ts, dict);
    return gi_own_obj(it);
}

static GiRef odict_iter(GiThread *ts, GiVal self) { return odict_iter_make(ts, self, GI_DICT_KEYS, false); }

static GiRef odict_repr(GiThread *ts, GiVal self) {
    const char *name = gi_type_name(self), *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    if (!is_exact(self) && gi_dict_len(self) == 0) return gi_str_format(ts, "%s()", name);
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "...");
    GiRef list = GI_NULL, text = GI_NULL;
    if (is_exact(self)) {
        list = gi_dict_items_list(ts, self);
    } else {
        GiRef items = gi_call_method(ts, GI_N(items), &self, 1);
        if (!gi_is_null(items)) {
            list = gi_to_list(ts, gi_val(items));
            gi_drop(ts, items);
        }
    }
    if (!gi_is_null(list)) {
        bool empty = is_exact(self) && gi_list_len(list) == 0;
        text = empty ? gi_str_format(ts, "%s()", name) : gi_str_format(ts, "%s(%R)", name, gi_val(list));
        gi_drop(ts, list);
    }
    gi_repr_leave(ts, self);
    return text;
}

/* Whether two dicts hold the same, in the same order if that counts. */
static GiTruth dicts_equal(GiThread *ts, GiVal one, GiVal other, bool ordered) {
    GiRef same = gi_dict_type.compare(ts, one, other, GI_EQ);
    if (gi_is_null(same)) return GI_TRUTH_FAIL;
    bool equal = gi_is_true(same);
    gi_drop(ts, same);
    if (!equal || !ordered) return gi_truth_of(equal);
    GiRef x = gi_dict_keys_list(ts, one), y = gi_is_null(x) ? x : gi_dict_keys_list(ts, other);
    GiTruth eq = gi_is_null(y) ? GI_TRUTH_FAIL : gi_compare_truth(ts, gi_val(x), gi_val(y), GI_EQ);
    gi_xdrop(ts, x), gi_xdrop(ts, y);
    return eq;
}

static GiRef odict_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_dict(other)) return GI_REF_NOTIMPLEMENTED;
    GiTruth eq;
    if (ts->core.free_running && is_odict(other)) { /* values and order of one moment */
        GiRef copies[2];
        if (gi_copy_both(ts, self, other, copies)) return GI_NULL;
        eq = dicts_equal(ts, gi_val(copies[0]), gi_val(copies[1]), true);
        gi_drop(ts, copies[0]), gi_drop(ts, copies[1]);
    } else {
        eq = dicts_equal(ts, self, other, is_odict(other));
    }
    return eq.value < 0 ? GI_NULL : gi_bool_ref(eq.value == (op == GI_EQ));
}

static GiRef odict_or(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_dict(left) || !gi_is_dict(right)) return GI_REF_NOTIMPLEMENTED;
    GiType *type = gi_type_of(is_odict(left) ? left : right);
    GiRef result = gi_call1(ts, gi_type_val(type), left);
    if (gi_is_null(result)) return result;
    if (!gi_is_dict(gi_val(result)) || odict_update_from(ts, gi_val(result), right)) {
        gi_drop(ts, result);
        return gi_raised(ts) ? GI_NULL : GI_REF_NOTIMPLEMENTED;
    }
    return result;
}

static GiRef odict_inplace_or(GiThread *ts, GiVal self, GiVal other) {
    return odict_update_from(ts, self, other) ? GI_NULL : gi_dup(ts, self);
}

/* ---- Methods ---- */

GI_CLASSMETHOD(odict, fromkeys, "(type, iterable, value = None)",
               "Create a new ordered dictionary with keys from iterable and values set to value.") {
    GiVal value = gi_is_null(a->value) ? GI_NONE : a->value;
    GiRef dict = gi_call0(ts, self), it = GI_NULL;
    if (gi_is_null(dict)) return dict;
    it = is_exact(gi_val(dict)) ? gi_iter_whole(ts, a->iterable) : gi_iter(ts, a->iterable);
    GiStatus status = gi_is_null(it) ? GI_FAIL : GI_OK;
    while (status == GI_OK) {
        GiRef key = gi_next(ts, gi_val(it));
        if (gi_is_null(key)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = put(ts, gi_val(dict), gi_val(key), value);
        gi_drop(ts, key);
    }
    gi_xdrop(ts, it);
    if (status == GI_OK) return dict;
    gi_drop(ts, dict);
    return GI_NULL;
}

GI_METHOD(odict, setdefault, "(self, key, default = None)",
          "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value "
          "for key if key is in the dictionary, else default.") {
    GiVal fallback = gi_is_null(a->default_) ? GI_NONE : a->default_;
    if (is_exact(self)) return gi_dict_setdefault(ts, self, a->key, fallback);
    GiTruth in = gi_contains(ts, self, a->key);
    if (in.value < 0) return GI_NULL;
    if (in.value) return gi_getitem(ts, self, a->key);
    return gi_setitem(ts, self, a->key, fallback) ? GI_NULL : gi_dup(ts, fallback);
}

GI_METHOD(odict, pop, "(self, key, default = <unrepresentable>)",
          "od.pop(key[,default]) -> v, remove specified key and return the corresponding value.\n\nIf "
          "the key is not found, return the default if given; otherwise,\nraise a KeyError.") {
    GiRef value = gi_dict_pop(ts, self, a->key);
    if (!gi_is_null(value) || gi_raised(ts)) return value;
    return gi_is_null(a->default_) ? gi_raise_key(ts, a->key) : gi_dup(ts, a->default_);
}

GI_METHOD(odict, popitem, "(self, last: bool = True)",
          "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO "
          "order if last is true or FIFO order if false.") {
    GiRef key, value;
    gi_dict_popitem(ts, self, a->last, &key, &value);
    if (gi_is_null(key)) return gi_raise_ref(ts, &gi_exc_KeyError, "dictionary is empty");
    return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
}

GI_METHOD(odict, move_to_end, "(self, key, last: bool = True)",
          "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if "
          "the element does not exist.") {
    bool found;
    if (gi_dict_move_to_end(ts, self, a->key, a->last, &found)) return GI_NULL;
    return found ? GI_REF_NONE : gi_raise_key(ts, a->key);
}

GI_METHOD(odict, clear, "(self)", "od.clear() -> None.  Remove all items from od.") {
    gi_dict_clear(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(odict, copy, "(self)", "od.copy() -> a shallow copy of od") {
    GiRef copy = gi_call0(ts, gi_type_val(gi_type_of(self)));
    if (gi_is_null(copy)) return copy;
    GiStatus status = is_exact(self) ? gi_dict_merge(ts, gi_val(copy), self, 1)
                                     : put_each(ts, gi_val(copy), self, self);
    if (status == GI_OK) return copy;
    gi_drop(ts, copy);
    return GI_NULL;
}

GI_METHOD(odict, __reduce__, "(self)", "Return state information for pickling") {
    GiRef state = gi_call_method_cstr(ts, self, "__getstate__", NULL, 0), it = GI_NULL;
    if (gi_is_null(state)) return state;
    GiRef items = gi_call_method(ts, GI_N(items), &self, 1);
    if (!gi_is_null(items)) {
        it = gi_iter(ts, gi_val(items));
        gi_drop(ts, items);
    }
    if (gi_is_null(it)) {
        gi_drop(ts, state);
        return it;
    }
    GiRef type = gi_dup(ts, gi_type_val(gi_type_of(self)));
    return gi_tuple_steal(ts, (GiRef[]){type, gi_tuple_new(ts, 0), state, GI_REF_NONE, it}, 5);
}

GI_METHOD(odict, __sizeof__, "(self)", "Size of the dict in memory, in bytes.") {
    GiDict *d = gi_dict_of(self);
    size_t size = gi_type_of(self)->size + sizeof(GiAttrs);
    if (d->entries != NULL)
        size += d->entry_capacity * sizeof(GiDictEntry) +
                (((size_t)1 << d->index_log2) << (d->index_log2 > 7) << (d->index_log2 > 15));
    return gi_smallint_ref((int64_t)size);
}

GI_METHOD(odict, __reversed__, "(self)", "od.__reversed__() <==> reversed(od)") {
    return odict_iter_make(ts, self, GI_DICT_KEYS, true);
}

static GiRef view_make(GiThread *ts, GiType *type, GiVal dict) {
    GiDictView *view = (GiDictView *)gi_heap_new(ts, type, sizeof(GiDictView));
    if (view == NULL) return GI_NULL;
    gi_slot_init(&view->dict, gi_dup(ts, dict));
    return gi_own_obj(view);
}
GI_METHOD(odict, keys, "(self)", NULL) { return view_make(ts, &gi_odict_keys_type, self); }
GI_METHOD(odict, values, "(self)", NULL) { return view_make(ts, &gi_odict_values_type, self); }
GI_METHOD(odict, items, "(self)", NULL) { return view_make(ts, &gi_odict_items_type, self); }

GiType gi_odict_type = {
    .obj = GI_TYPE_HEAD,
    .name = "collections.OrderedDict",
    .module = "collections",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_MAPPING | GI_TYPE_MATCH_SELF | GI_TYPE_DICT |
             GI_TYPE_WEAKREF | GI_TYPE_ATTRS | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDict),
    .base = &gi_dict_type,
    .doc = "Dictionary that remembers insertion order",
    .methods = odict_methods,
    .init = odict_init,
    .repr = odict_repr,
    .compare = odict_compare,
    .iter = odict_iter,
    .binary[GI_BIN_OR] = odict_or,
    .inplace[GI_BIN_OR] = odict_inplace_or,
};

/* ---- Iterator and views ---- */

/* The next entry of an iterator that is not done, NULL at the end. LOCK: the dict's guards the iterator too. */
static GiDictEntry *odict_iter_entry(GiODictIter *it, GiDict *d) {
    size_t i = it->reverse ? GI_MIN(it->pos, d->entry_count) : GI_MAX(it->pos, d->first);
    GiDictEntry *e = NULL;
    if (it->reverse) {
        while (i > d->first && gi_is_null(d->entries[i - 1].key)) i--;
        if (i > d->first) e = &d->entries[--i];
    } else {
        while (i < d->entry_count && gi_is_null(d->entries[i].key)) i++;
        if (i < d->entry_count) e = &d->entries[i++];
    }
    it->pos = i;
    return e;
}

static GiRef odict_changed(GiThread *ts, bool cleared) {
    return gi_raise_ref(ts, &gi_exc_RuntimeError, cleared ? "OrderedDict changed size during iteration"
                                                          : "OrderedDict mutated during iteration");
}

static GiRef odict_iter_rest(GiThread *ts, GiVal self, bool fresh) {
    GiODictIter *it = odict_iter_of(self);
    GiRef dict = gi_slot_load(ts, &it->dict);
    if (gi_is_null(dict)) return gi_list_new(ts, 0);
    GiDict *d = gi_dict_of(dict);
    GiDictEntry *e;
    size_t n = 0;
    gi_lock_obj(ts, gi_val(dict));
    if (fresh && !it->reverse && it->pos == 0) it->mutations = d->mutations;
    bool changed = !it->done && d->mutations != it->mutations, cleared = changed && d->entries == NULL;
    GiRef *taken = gi_mem_alloc(ts, 2 * (d->used + 1) * sizeof(GiRef));
    for (; taken != NULL && !changed && !it->done && (e = odict_iter_entry(it, d)) != NULL; n++) {
        taken[2 * n] = it->kind == GI_DICT_VALUES ? GI_NULL : gi_slot_dup(ts, &e->key);
        taken[2 * n + 1] = it->kind == GI_DICT_KEYS ? GI_NULL : gi_slot_dup(ts, &e->value);
    }
    if (taken != NULL) it->done = true;
    gi_unlock_obj(ts, gi_val(dict));
    gi_drop(ts, dict);
    if (taken == NULL) return GI_NULL;
    GiRef list = changed ? odict_changed(ts, cleared) : gi_dict_list_of_taken(ts, it->kind, taken, n);
    gi_mem_free(taken);
    return list;
}
static const GiRest rest_of_odict = {.list = odict_iter_rest};

static GiRef odict_iter_next(GiThread *ts, GiVal self) {
    GiODictIter *it = odict_iter_of(self);
    GiRef dict = gi_slot_load(ts, &it->dict), key = GI_NULL, value = GI_NULL;
    if (gi_is_null(dict)) return dict;
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, gi_val(dict));
    bool changed = !it->done && d->mutations != it->mutations, cleared = changed && d->entries == NULL;
    GiDictEntry *e = changed || it->done ? NULL : odict_iter_entry(it, d);
    if (e != NULL) {
        key = gi_slot_dup(ts, &e->key);
        value = gi_slot_dup(ts, &e->value);
    }
    if (gi_is_null(key)) it->done = true;
    gi_unlock_obj(ts, gi_val(dict));
    gi_drop(ts, dict);
    if (changed) {
        gi_exhaust_of(ts, self, &it->dict);
        return odict_changed(ts, cleared);
    }
    if (gi_is_null(key)) {
        gi_exhaust_of(ts, self, &it->dict);
        return key;
    }
    if (it->kind == GI_DICT_ITEMS) return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
    gi_xdrop(ts, it->kind == GI_DICT_KEYS ? value : key);
    return it->kind == GI_DICT_KEYS ? key : value;
}

static bool odict_iter_spent(GiObj *self) { return ((GiODictIter *)self)->done; }

GI_METHOD(odict_iter, __reduce__, "(self)", "Return state information for pickling") {
    GiODictIter *it = odict_iter_of(self);
    GiODictIter *copy = (GiODictIter *)gi_heap_new(ts, &gi_odict_iter_type, sizeof(GiODictIter));
    if (copy == NULL) return GI_NULL;
    gi_slot_init(&copy->dict, gi_slot_load(ts, &it->dict));
    copy->kind = it->kind, copy->reverse = it->reverse;
    copy->pos = it->pos, copy->done = it->done, copy->mutations = it->mutations;
    GiRef list = gi_to_list(ts, gi_from_obj(copy));
    gi_drop(ts, gi_own_obj(copy));
    if (gi_is_null(list)) return list;
    GiRef result = gi_reduce_iter(ts, "iter", gi_val(list), 0, false);
    gi_drop(ts, list);
    return result;
}

GiType gi_odict_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "odict_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiODictIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiODictIter, dict), GI_FIELDS_END},
    .methods = odict_iter_methods,
    .iter = gi_iter_self,
    .next = odict_iter_next,
    .spent = odict_iter_spent,
    .native = (void *)&rest_of_odict,
};

#define view_dict(v) gi_slot_peek(&((GiDictView *)gi_obj(v))->dict)

#define ODICT_VIEW(kind_, KIND)                                                                    \
    static GiRef kind_##_iter(GiThread *ts, GiVal self) {                                          \
        return odict_iter_make(ts, view_dict(self), GI_DICT_##KIND, false);                        \
    }                                                                                              \
    GiType gi_odict_##kind_##_type = {                                                             \
        .obj = GI_TYPE_HEAD,                                                                       \
        .name = "odict_" #kind_,                                                                   \
        .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,                                  \
        .size = sizeof(GiDictView),                                                                \
        .base = &gi_dict_##kind_##_type,                                                           \
        .methods = odict_##kind_##_methods,                                                        \
        .iter = kind_##_iter,                                                                      \
    }

GI_METHOD(odict_keys, __reversed__, "(self)", NULL) {
    return odict_iter_make(ts, view_dict(self), GI_DICT_KEYS, true);
}
GI_METHOD(odict_values, __reversed__, "(self)", NULL) {
    return odict_iter_make(ts, view_dict(self), GI_DICT_VALUES, true);
}
GI_METHOD(odict_items, __reversed__, "(self)", NULL) {
    return odict_iter_make(ts, view_dict(self), GI_DICT_ITEMS, true);
}

ODICT_VIEW(keys, KEYS);
ODICT_VIEW(values, VALUES);
ODICT_VIEW(items, ITEMS);
