/* dict_views.c - iterators over a dict, and the views that keys(), values() and items() give.
 *
 * An iterator remembers the number of items it began with, and how many are left: a change of size
 * is an error, and so is meeting more items than there were. A view holds nothing but its dict.
 */
#include "objects/dict_table.h"
#include "objects/whole.h"

#include "objects/dict_views.gen.h"

/* ---- Iterators ---- */

typedef struct GiDictIter {
    GiObj obj;
    GiSlot dict; /* null: exhausted */
    size_t used; /* SIZE_MAX: has failed, and will again; ITER_DONE: exhausted */
    size_t left;
    size_t pos;  /* forwards: where to look next; backwards: behind what to look next */
} GiDictIter;
#define iter_of(v) ((GiDictIter *)gi_obj(v))
#define ITER_DONE (SIZE_MAX - 1)

static GiType *const iter_types[2][3] = {
    {&gi_dict_keyiter_type, &gi_dict_valueiter_type, &gi_dict_itemiter_type},
    {&gi_dict_reverse_keyiter_type, &gi_dict_reverse_valueiter_type, &gi_dict_reverse_itemiter_type},
};

GiRef gi_dict_iter_new(GiThread *ts, GiVal dict, GiDictKind kind, bool reverse) {
    GiDictIter *it = (GiDictIter *)gi_heap_new_fast(ts, iter_types[reverse][kind], sizeof(GiDictIter));
    if (it == NULL) return GI_NULL;
    GiDict *d = gi_dict_of(dict);
    gi_slot_init(&it->dict, gi_dup(ts, dict));
    it->used = it->left = gi_load_relaxed(&d->used);
    it->pos = reverse ? gi_load_relaxed(&d->entry_count) : 0;
    return gi_own_obj(it);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

/* Finds the next entry. LOCK: held. NULL: none; *message is then set if that is an error. */
static inline GiDictEntry *next_entry(GiDictIter *it, GiDict *d, bool reverse,
                                      const char **message) {
    if (GI_UNLIKELY(it->used != d->used)) {
        it->used = SIZE_MAX;
        *message = "dictionary changed size during iteration";
        return NULL;
    }
    GiDictEntry *e = NULL;
    if (reverse) {
        size_t i = GI_MIN(it->pos, d->entry_count);
        while (i > d->first && gi_is_null(d->entries[i - 1].key)) i--;
        if (i > d->first) e = &d->entries[--i];
        it->pos = i;
    } else {
        size_t i = GI_MAX(it->pos, d->first);
        while (i < d->entry_count && gi_is_null(d->entries[i].key)) i++;
        if (i < d->entry_count) e = &d->entries[i++];
        it->pos = i;
    }
    if (e == NULL) return NULL;
    if (GI_UNLIKELY(it->left == 0)) {
        *message = "dictionary keys changed during iteration";
        return NULL;
    }
    it->left--;
    return e;
}

/* The next key and value, as wanted, in free mode. LOCK: the dict's guards the iterator too, unless
 * that is the caller's alone. False: none. */
static bool next_free(GiThread *ts, GiVal self, GiVal dict, bool reverse, GiRef *key, GiRef *value, const char **message) {
    GiDictIter *it = iter_of(self);
    GiDict *d = gi_dict_of(dict);
    if (!reverse && gi_is_unique(ts, self) && it->left && it->used == gi_load_relaxed(&d->used)) {
        int result = gi_dict_step_free(ts, d, &it->pos, NULL, key, value);
        if (GI_LIKELY(result == GI_DICT_FOUND)) {
            it->left--;
            return true;
        }
    }
    GiRef held = gi_slot_load(ts, &it->dict);
    if (gi_is_null(held)) return false;
    gi_lock_obj(ts, dict);
    GiDictEntry *e = it->used == ITER_DONE ? NULL : next_entry(it, d, reverse, message);
    if (e != NULL) {
        if (key != NULL) *key = gi_dup(ts, gi_val(e->key));
        if (value != NULL) *value = gi_xdup(ts, gi_val(e->value));
    } else if (it->used != SIZE_MAX) {
        it->used = ITER_DONE;
    }
    gi_unlock_obj(ts, dict);
    gi_drop(ts, held);
    return e != NULL;
}

static GI_NOINLINE GiRef dict_iter_free(GiThread *ts, GiVal self, GiDictKind kind, bool reverse) {
    GiDictIter *it = iter_of(self);
    GiVal dict = gi_slot_peek_shared(&it->dict);
    if (gi_is_null(dict)) return GI_NULL;
    GiRef key = GI_NULL, value = GI_NULL;
    const char *message = NULL;
    if (GI_LIKELY(next_free(ts, self, dict, reverse, kind == GI_DICT_VALUES ? NULL : &key,
                            kind == GI_DICT_KEYS ? NULL : &value, &message))) {
        if (kind == GI_DICT_KEYS) return key;
        if (kind == GI_DICT_VALUES) return value;
        return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
    }
    if (message != NULL) return gi_raise_ref(ts, &gi_exc_RuntimeError, "%s", message);
    gi_exhaust_of(ts, self, &it->dict);
    return GI_NULL;
}

static inline __attribute__((always_inline)) GiRef dict_iter_step(GiThread *ts, GiVal self,
                                                                  GiDictKind kind, bool reverse) {
    if (GI_UNLIKELY(ts->core.free_running)) return dict_iter_free(ts, self, kind, reverse);
    GiDictIter *it = iter_of(self);
    GiVal dict = gi_slot_peek(&it->dict);
    if (gi_is_null(dict)) return GI_NULL;
    GiRef key = GI_NULL, value = GI_NULL;
    const char *message = NULL;
    gi_lock_obj(ts, dict);
    GiDictEntry *e = next_entry(it, gi_dict_of(dict), reverse, &message);
    if (GI_LIKELY(e != NULL)) {
        if (kind != GI_DICT_VALUES) key = gi_dup(ts, gi_val(e->key));
        if (kind != GI_DICT_KEYS) value = gi_xdup(ts, gi_val(e->value));
    }
    gi_unlock_obj(ts, dict);
    if (GI_LIKELY(e != NULL)) {
        if (kind == GI_DICT_KEYS) return key;
        if (kind == GI_DICT_VALUES) return value;
        return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
    }
    if (message != NULL) {
        bool again = it->used == SIZE_MAX;
        if (!again) gi_slot_clear(ts, &it->dict);
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "%s", message);
    }
    gi_slot_clear(ts, &it->dict);
    return GI_NULL;
}

/* Where a step of the iterator gets a key, a value or both. */
static GiRef taken_item(GiThread *ts, GiDictKind kind, GiRef key, GiRef value) {
    if (kind == GI_DICT_ITEMS) return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
    return kind == GI_DICT_KEYS ? key : value;
}

GiRef gi_dict_list_of_taken(GiThread *ts, GiDictKind kind, GiRef *taken, size_t n) {
    GiRef list = gi_list_new(ts, n);
    for (size_t i = 0; i < n; i++) {
        GiRef item = gi_is_null(list) ? GI_NULL : taken_item(ts, kind, taken[2 * i], taken[2 * i + 1]);
        if (gi_is_null(list)) {
            gi_xdrop(ts, taken[2 * i]), gi_xdrop(ts, taken[2 * i + 1]);
        } else if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item)) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    return list;
}

/* GiRest of all six. */
static GiRef dict_iter_rest(GiThread *ts, GiVal self, bool fresh) {
    GiDictIter *it = iter_of(self);
    GiRef held = gi_slot_load(ts, &it->dict);
    if (gi_is_null(held)) return gi_list_new(ts, 0);
    GiVal dict = gi_val(held);
    GiDict *d = gi_dict_of(dict);
    bool reverse = false;
    GiDictKind kind = GI_DICT_KEYS;
    while (iter_types[reverse][kind] != gi_obj_type(&it->obj))
        if (kind++ == GI_DICT_ITEMS) kind = GI_DICT_KEYS, reverse = true;
    const char *message = NULL;
    size_t n = 0;
    gi_lock_obj(ts, dict);
    if (fresh && !reverse && it->pos == 0 && it->used < ITER_DONE) it->used = it->left = d->used;
    GiRef *taken = gi_mem_alloc(ts, 2 * (it->left + 1) * sizeof(GiRef));
    for (GiDictEntry *e; taken != NULL && it->used != ITER_DONE && (e = next_entry(it, d, reverse, &message)) != NULL; n++) {
        taken[2 * n] = kind == GI_DICT_VALUES ? GI_NULL : gi_dup(ts, gi_val(e->key));
        taken[2 * n + 1] = kind == GI_DICT_KEYS ? GI_NULL : gi_xdup(ts, gi_val(e->value));
    }
    if (taken != NULL && it->used != SIZE_MAX) it->used = ITER_DONE;
    gi_unlock_obj(ts, dict);
    gi_drop(ts, held);
    if (taken == NULL) return GI_NULL;
    GiRef list = GI_NULL;
    if (message == NULL) {
        list = gi_dict_list_of_taken(ts, kind, taken, n);
    } else {
        for (size_t i = 0; i < 2 * n; i++) gi_xdrop(ts, taken[i]);
        gi_raise(ts, &gi_exc_RuntimeError, "%s", message);
    }
    gi_mem_free(taken);
    return list;
}
static const GiRest rest_of_dict = {.list = dict_iter_rest};

static GiRef keyiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_KEYS, false);
}
static GiRef valueiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_VALUES, false);
}
static GiRef itemiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_ITEMS, false);
}
static GiRef reverse_keyiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_KEYS, true);
}
static GiRef reverse_valueiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_VALUES, true);
}
static GiRef reverse_itemiter_next(GiThread *ts, GiVal self) {
    return dict_iter_step(ts, self, GI_DICT_ITEMS, true);
}

GI_METHOD(dict_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiDictIter *it = iter_of(self);
    GiVal dict = gi_slot_peek_shared(&it->dict);
    if (gi_is_null(dict) || it->used != gi_dict_len(dict)) return gi_smallint_ref(0);
    return gi_smallint_ref((int64_t)it->left);
}

GI_METHOD(dict_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiDictIter *it = iter_of(self);
    GiDictIter *copy = (GiDictIter *)gi_heap_new_fast(ts, gi_obj_type(&it->obj), sizeof(GiDictIter));
    if (copy == NULL) return GI_NULL;
    gi_slot_init(&copy->dict, gi_slot_load(ts, &it->dict));
    copy->used = it->used;
    copy->left = it->left;
    copy->pos = it->pos;
    GiRef list = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(list) ? GI_FAIL : gi_list_extend(ts, gi_val(list), gi_from_obj(copy));
    gi_drop(ts, gi_own_obj(copy));
    GiRef result = status ? GI_NULL : gi_reduce_iter(ts, "iter", gi_val(list), 0, false);
    gi_xdrop(ts, list);
    return result;
}

static bool iter_spent(GiObj *self) { return ((GiDictIter *)self)->used == ITER_DONE; }

static const GiField iter_fields[] = {GI_SLOT(GiDictIter, dict), GI_FIELDS_END};

#define DICT_ITER_TYPE(ctype, text, step)                                                          \
    GiType ctype = {                                                                               \
        .obj = GI_TYPE_HEAD,                                                                       \
        .name = text,                                                                              \
        .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,                                  \
        .size = sizeof(GiDictIter),                                                                \
        .base = &gi_object_type,                                                                   \
        .fields = iter_fields,                                                                     \
        .methods = dict_iter_methods,                                                              \
        .iter = iter_self,                                                                         \
        .next = step,                                                                              \
        .spent = iter_spent,                                                                       \
        .native = (void *)&rest_of_dict,                                                           \
    }

DICT_ITER_TYPE(gi_dict_keyiter_type, "dict_keyiterator", keyiter_next);
DICT_ITER_TYPE(gi_dict_valueiter_type, "dict_valueiterator", valueiter_next);
DICT_ITER_TYPE(gi_dict_itemiter_type, "dict_itemiterator", itemiter_next);
DICT_ITER_TYPE(gi_dict_reverse_keyiter_type, "dict_reversekeyiterator", reverse_keyiter_next);
DICT_ITER_TYPE(gi_dict_reverse_valueiter_type, "dict_reversevalueiterator", reverse_valueiter_next);
DICT_ITER_TYPE(gi_dict_reverse_itemiter_type, "dict_reverseitemiterator", reverse_itemiter_next);

/* ---- Views ---- */

#define view_dict(v) gi_slot_peek(&((GiDictView *)gi_obj(v))->dict)

static GiType *const view_types[3] = {&gi_dict_keys_type, &gi_dict_values_type, &gi_dict_items_type};

GiRef gi_dict_view_new(GiThread *ts, GiVal dict, GiDictKind kind) {
    GiDictView *view = (GiDictView *)gi_heap_new_fast(ts, view_types[kind], sizeof(GiDictView));
    if (view == NULL) return GI_NULL;
    gi_slot_init(&view->dict, gi_dup(ts, dict));
    return gi_own_obj(view);
}

static bool is_set_view(GiVal v) {
    return gi_is_instance_of(v, &gi_dict_keys_type) || gi_is_instance_of(v, &gi_dict_items_type);
}

static ssize_t view_length(GiThread *ts GI_UNUSED, GiVal self) {
    GiVal dict = view_dict(self);
    return gi_is_null(dict) ? 0 : (ssize_t)gi_dict_len(dict);
}

static GiRef view_repr(GiThread *ts, GiVal self) {
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "...");
    GiRef list = gi_to_list(ts, self), text = GI_NULL;
    if (!gi_is_null(list)) {
        text = gi_str_format(ts, "%s(%R)", gi_type_name(self), gi_val(list));
        gi_drop(ts, list);
    }
    gi_repr_leave(ts, self);
    return text;
}

static GiRef keys_iter(GiThread *ts, GiVal self) {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_KEYS, false);
}
static GiRef values_iter(GiThread *ts, GiVal self) {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_VALUES, false);
}
static GiRef items_iter(GiThread *ts, GiVal self) {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_ITEMS, false);
}

static GiTruth keys_contains(GiThread *ts, GiVal self, GiVal key) {
    return gi_dict_contains(ts, view_dict(self), key);
}

static GiTruth items_contains(GiThread *ts, GiVal self, GiVal item) {
    if (!gi_is_tuple(item) || gi_tuple_len(item) != 2) return GI_TRUTH_NO;
    GiRef value = GI_NULL;
    if (gi_dict_get(ts, view_dict(self), gi_tuple_get(item, 0), &value)) return GI_TRUTH_FAIL;
    if (gi_is_null(value)) return GI_TRUTH_NO;
    GiTruth eq = gi_item_equal(ts, gi_val(value), gi_tuple_get(item, 1));
    gi_drop(ts, value);
    return eq;
}

/* Whether every item of `part` is in `whole`. */
static GiTruth all_contained(GiThread *ts, GiVal part, GiVal whole) {
    GiRef it = gi_iter_whole(ts, part);
    if (gi_is_null(it)) return GI_TRUTH_FAIL;
    GiTruth result = GI_TRUTH_YES;
    while (result.value == 1) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) result = GI_TRUTH_FAIL;
            break;
        }
        result = gi_contains(ts, whole, gi_val(item));
        gi_drop(ts, item);
    }
    gi_drop(ts, it);
    return result;
}

static GiRef view_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op);

static GiRef same_view(GiThread *ts, GiVal view, GiVal dict) {
    return gi_dict_view_new(ts, dict, gi_is_instance_of(view, &gi_dict_items_type) ? GI_DICT_ITEMS : GI_DICT_KEYS);
}

/* view_compare of what others may be changing: what both hold at one moment is compared. */
static GI_COLD GiRef compare_free(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    GiRef copies[2], result = GI_NULL;
    bool set = gi_is_set(other);
    if (gi_copy_both(ts, view_dict(self), set ? other : view_dict(other), copies)) return GI_NULL;
    GiRef x = same_view(ts, self, gi_val(copies[0]));
    GiRef y = set ? gi_dup(ts, gi_val(copies[1])) : same_view(ts, other, gi_val(copies[1]));
    gi_drop(ts, copies[0]), gi_drop(ts, copies[1]);
    if (!gi_is_null(x) && !gi_is_null(y)) result = view_compare(ts, gi_val(x), gi_val(y), op);
    gi_xdrop(ts, x), gi_xdrop(ts, y);
    return result;
}

/* Only the two types themselves, whose dicts are theirs alone when they are. */
static bool is_private_operand(GiThread *ts, GiVal v) {
    return gi_is_private(ts, v) && (gi_is_set(v) || gi_is_private(ts, view_dict(v)));
}

static GiRef view_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!is_set_view(self) || !(gi_is_set(other) || is_set_view(other)))
        return GI_REF_NOTIMPLEMENTED;
    if (GI_UNLIKELY(ts->core.free_running) && !(is_private_operand(ts, self) && is_private_operand(ts, other)) &&
        gi_is_builtin(self) && gi_is_builtin(other) && !gi_is_null(view_dict(self)) &&
        (gi_is_set(other) || !gi_is_null(view_dict(other))))
        return compare_free(ts, self, other, op);
    ssize_t m = gi_length(ts, self), n = m < 0 ? -1 : gi_length(ts, other);
    if (n < 0) return GI_NULL;
    GiTruth result = GI_TRUTH_NO;
    switch (op) {
    case GI_EQ:
    case GI_NE:
        if (m == n) result = all_contained(ts, self, other);
        if (op == GI_NE && result.value >= 0) result.value = !result.value;
        break;
    case GI_LT:
        if (m < n) result = all_contained(ts, self, other);
        break;
    case GI_LE:
        if (m <= n) result = all_contained(ts, self, other);
        break;
    case GI_GT:
        if (m > n) result = all_contained(ts, other, self);
        break;
    case GI_GE:
        if (m >= n) result = all_contained(ts, other, self);
        break;
    }
    return result.value < 0 ? GI_NULL : gi_bool_ref(result.value);
}

/* Calls a method of a fresh set with one argument, and gives the set. Consumes the set. */
static GiRef set_after(GiThread *ts, GiRef set, GiVal method, GiVal argument) {
    if (gi_is_null(set)) return set;
    GiRef none = gi_call_method(ts, method, (GiVal[]){gi_val(set), argument}, 2);
    if (gi_is_null(none)) {
        gi_drop(ts, set);
        return GI_NULL;
    }
    gi_drop(ts, none);
    return set;
}

static GiRef view_sub(GiThread *ts, GiVal left, GiVal right) {
    return set_after(ts, gi_set_new(ts, left), GI_N(difference_update), right);
}

static GiRef view_or(GiThread *ts, GiVal left, GiVal right) {
    return set_after(ts, gi_set_new(ts, left), GI_N(update), right);
}

static GiRef view_xor(GiThread *ts, GiVal left, GiVal right) {
    GiRef set = gi_set_new(ts, left);
    if (gi_is_null(set)) return set;
    GiRef none = gi_call_method_cstr(ts, gi_val(set), "symmetric_difference_update", &right, 1);
    if (gi_is_null(none)) {
        gi_drop(ts, set);
        return GI_NULL;
    }
    gi_drop(ts, none);
    return set;
}

static GiRef view_and(GiThread *ts, GiVal left, GiVal right) {
    if (!is_set_view(left)) {
        GiVal t = left;
        left = right;
        right = t;
    }
    if (is_set_view(right) && view_length(ts, right) > view_length(ts, left)) {
        GiVal t = left;
        left = right;
        right = t;
    }
    GiRef set = gi_set_new(ts, GI_NOVAL), it = GI_NULL;
    if (gi_is_null(set)) return set;
    it = gi_iter_whole(ts, right);
    GiStatus status = gi_is_null(it) ? GI_FAIL : GI_OK;
    while (status == GI_OK) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        GiTruth in = gi_contains(ts, left, gi_val(item));
        if (in.value < 0) status = GI_FAIL;
        else if (in.value) status = gi_set_add(ts, gi_val(set), gi_val(item));
        gi_drop(ts, item);
    }
    gi_xdrop(ts, it);
    if (status == GI_OK) return set;
    gi_drop(ts, set);
    return GI_NULL;
}

static GiRef view_isdisjoint(GiThread *ts, GiVal self, GiVal other) {
    if (gi_same(self, other)) return gi_bool_ref(view_length(ts, self) == 0);
    if ((gi_is_set(other) || is_set_view(other)) && gi_length(ts, other) > view_length(ts, self)) {
        GiVal t = self;
        self = other;
        other = t;
    }
    GiRef it = gi_iter_whole(ts, other);
    if (gi_is_null(it)) return it;
    GiTruth in = GI_TRUTH_NO;
    while (in.value == 0) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) in = GI_TRUTH_FAIL;
            break;
        }
        in = gi_contains(ts, self, gi_val(item));
        gi_drop(ts, item);
    }
    gi_drop(ts, it);
    return in.value < 0 ? GI_NULL : gi_bool_ref(!in.value);
}

GI_METHOD(dict_keys, isdisjoint, "(self, other, /)",
          "Return True if the view and the given iterable have a null intersection.") {
    return view_isdisjoint(ts, self, a->other);
}
GI_METHOD(dict_items, isdisjoint, "(self, other, /)",
          "Return True if the view and the given iterable have a null intersection.") {
    return view_isdisjoint(ts, self, a->other);
}
GI_METHOD(dict_keys, __reversed__, "(self, /)", "Return a reverse iterator over the dict keys.") {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_KEYS, true);
}
GI_METHOD(dict_values, __reversed__, "(self, /)", "Return a reverse iterator over the dict values.") {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_VALUES, true);
}
GI_METHOD(dict_items, __reversed__, "(self, /)", "Return a reverse iterator over the dict items.") {
    return gi_dict_iter_new(ts, view_dict(self), GI_DICT_ITEMS, true);
}
GI_GETTER(dict_view, mapping, "dictionary that this view refers to") {
    return gi_mappingproxy_new(ts, view_dict(self));
}

static const GiField view_fields[] = {GI_SLOT(GiDictView, dict), GI_FIELDS_END};

GiType gi_dict_keys_type = {
    .obj = GI_TYPE_HEAD,
    .name = "dict_keys",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDictView),
    .base = &gi_object_type,
    .fields = view_fields,
    .methods = dict_keys_methods,
    .getset = dict_view_getset,
    .repr = view_repr,
    .compare = view_compare,
    .iter = keys_iter,
    .length = view_length,
    .contains = keys_contains,
    .binary[GI_BIN_SUB] = view_sub,
    .binary[GI_BIN_AND] = view_and,
    .binary[GI_BIN_OR] = view_or,
    .binary[GI_BIN_XOR] = view_xor,
};

GiType gi_dict_items_type = {
    .obj = GI_TYPE_HEAD,
    .name = "dict_items",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDictView),
    .base = &gi_object_type,
    .fields = view_fields,
    .methods = dict_items_methods,
    .getset = dict_view_getset,
    .repr = view_repr,
    .compare = view_compare,
    .iter = items_iter,
    .length = view_length,
    .contains = items_contains,
    .binary[GI_BIN_SUB] = view_sub,
    .binary[GI_BIN_AND] = view_and,
    .binary[GI_BIN_OR] = view_or,
    .binary[GI_BIN_XOR] = view_xor,
};

GiType gi_dict_values_type = {
    .obj = GI_TYPE_HEAD,
    .name = "dict_values",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDictView),
    .base = &gi_object_type,
    .fields = view_fields,
    .methods = dict_values_methods,
    .getset = dict_view_getset,
    .repr = view_repr,
    .iter = values_iter,
    .length = view_length,
};
