/* set.c - set and frozenset: protocol and methods over the table of set_table.h.
 *
 * Operations on two sets read one item by item, with its hash, and look it up in the other; either
 * may change while items are compared. Results are of the base type (set or frozenset) of the left
 * operand. Only operations between sets are operators; methods take any iterables.
 */
#include "objects/set_table.h"
#include "objects/whole.h"

#include "objects/set.gen.h"

#define is_exact_set(v) (gi_is_exact(v, &gi_set_type) || gi_is_exact(v, &gi_frozenset_type))
#define is_frozen(v) gi_is_instance_of(v, &gi_frozenset_type)

typedef struct GiSetIter {
    GiObj obj;
    GiSlot set;  /* null: exhausted */
    size_t used; /* SIZE_MAX: has failed, and will again; ITER_DONE: exhausted */
    size_t left, pos;
} GiSetIter;

#define ITER_DONE (SIZE_MAX - 1)

/* ---- For C code ---- */

static GiRef set_alloc(GiThread *ts, GiType *type) {
    if (type == &gi_set_type || type == &gi_frozenset_type)
        return gi_own_obj(gi_heap_new_fast(ts, type, sizeof(GiSet)));
    return gi_type_alloc(ts, type, 0);
}

/* A set of `type` (or its base) with the items of an iterable, or empty. */
static GiRef set_make(GiThread *ts, GiType *type, GiVal iterable) {
    GiRef set = set_alloc(ts, type);
    if (gi_is_null(set) || gi_is_null(iterable)) return set;
    if (gi_set_update(ts, gi_val(set), iterable)) {
        gi_drop(ts, set);
        return GI_NULL;
    }
    return set;
}

GiRef gi_set_new(GiThread *ts, GiVal iterable) { return set_make(ts, &gi_set_type, iterable); }
GiRef gi_frozenset_new(GiThread *ts, GiVal iterable) {
    if (!gi_is_null(iterable) && gi_is_exact(iterable, &gi_frozenset_type))
        return gi_dup(ts, iterable);
    return set_make(ts, &gi_frozenset_type, iterable);
}

size_t gi_set_len(GiVal set) { return gi_load_relaxed(&gi_set_of(set)->used); }

GiStatus gi_set_add(GiThread *ts, GiVal set, GiVal item) {
    int64_t hash = gi_key_hash(ts, item);
    return hash == -1 ? GI_FAIL : gi_set_add_hashed(ts, set, item, hash);
}

/* Hash of what is looked up in a set: a set, which has none, counts as its frozen copy (*frozen is
 * then owned by the caller). */
static int64_t lookup_hash(GiThread *ts, GiVal item, GiRef *frozen) {
    *frozen = GI_NULL;
    int64_t hash = gi_key_hash(ts, item);
    if (hash != -1 || !gi_is_set(item) || !gi_exc_matches(ts, &gi_exc_TypeError)) return hash;
    gi_exc_clear(ts);
    *frozen = set_make(ts, &gi_frozenset_type, item);
    return gi_is_null(*frozen) ? -1 : gi_hash(ts, gi_val(*frozen));
}

GiStatus gi_set_discard(GiThread *ts, GiVal set, GiVal item, bool *found) {
    GiRef frozen;
    int64_t hash = lookup_hash(ts, item, &frozen);
    GiStatus status = GI_FAIL;
    if (hash != -1)
        status = gi_set_discard_hashed(ts, set, gi_is_null(frozen) ? item : gi_val(frozen), hash, found);
    gi_xdrop(ts, frozen);
    return status;
}

GiTruth gi_set_contains(GiThread *ts, GiVal set, GiVal item) {
    GiRef frozen;
    int64_t hash = lookup_hash(ts, item, &frozen);
    GiTruth result = GI_TRUTH_FAIL;
    if (hash != -1)
        result = gi_set_contains_hashed(ts, set, gi_is_null(frozen) ? item : gi_val(frozen), hash);
    gi_xdrop(ts, frozen);
    return result;
}

/* What is done with each item of an iterable. GI_FAIL stops. */
typedef GiStatus (*ItemFn)(GiThread *ts, GiVal item, int64_t hash, void *arg);

static GiStatus each_of_iterator(GiThread *ts, GiRef it, ItemFn fn, void *arg) {
    GiStatus status = GI_OK;
    if (gi_is_null(it)) return GI_FAIL;
    while (status == GI_OK) {
        GiRef key = gi_next(ts, gi_val(it));
        if (gi_is_null(key)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        int64_t hash = gi_key_hash(ts, gi_val(key));
        status = hash == -1 ? GI_FAIL : fn(ts, gi_val(key), hash, arg);
        gi_drop(ts, key);
    }
    gi_drop(ts, it);
    return status;
}

/* Calls fn for each item with its hash: sets and dicts know the hashes. */
static GiStatus each_item(GiThread *ts, GiVal iterable, ItemFn fn, void *arg) {
    GiStatus status = GI_OK;
    size_t pos = 0;
    if (GI_UNLIKELY(ts->core.free_running) && !gi_is_exact(iterable, &gi_frozenset_type) &&
        (gi_is_set(iterable) || gi_is_dict_exact(iterable))) {
        GiHashedKeys keys;
        if (gi_hashed_keys_of(ts, iterable, &keys)) return GI_FAIL;
        for (size_t i = 0; i < keys.count && status == GI_OK; i++)
            status = fn(ts, gi_val(keys.items[i].key), keys.items[i].hash, arg);
        gi_hashed_keys_drop(ts, &keys);
        return status;
    }
    if (gi_is_set(iterable)) {
        GiRef key;
        int64_t hash;
        while (status == GI_OK && gi_set_next(ts, iterable, &pos, &key, &hash)) {
            status = fn(ts, gi_val(key), hash, arg);
            gi_drop(ts, key);
        }
        return status;
    }
    if (gi_is_dict_exact(iterable)) {
        GiRef key;
        int64_t hash;
        while (status == GI_OK && gi_dict_next_key(ts, iterable, &pos, &key, &hash)) {
            status = fn(ts, gi_val(key), hash, arg);
            gi_drop(ts, key);
        }
        return status;
    }
    return each_of_iterator(ts, gi_iter_whole(ts, iterable), fn, arg);
}

/* A change of `set` by all of `iterable` while other threads use both: one step, as far as keys compare
 * without Python code. What gives its items one by one changes it so, by fn. */
static GI_COLD GiStatus change_free(GiThread *ts, GiVal set, GiVal iterable, GiSetChange change, ItemFn fn) {
    GiRef items = GI_NULL;
    if (!gi_is_set(iterable) && !gi_is_dict_exact(iterable) && !gi_is_tuple_exact(iterable)) {
        bool listed = gi_gives_natively(ts, iterable);
        items = listed ? gi_to_list(ts, iterable) : gi_iter_listed(ts, iterable, &listed);
        if (!listed || gi_is_null(items)) return each_of_iterator(ts, items, fn, &set);
        iterable = gi_val(items);
    }
    GiHashedKeys keys;
    GiStatus status = gi_hashed_keys_of(ts, iterable, &keys);
    gi_xdrop(ts, items);
    if (status) return status;
    status = gi_set_change_free(ts, set, &keys, change);
    gi_hashed_keys_drop(ts, &keys);
    return status;
}

static GiStatus add_item(GiThread *ts, GiVal item, int64_t hash, void *set) {
    return gi_set_add_hashed(ts, *(GiVal *)set, item, hash);
}

GiStatus gi_set_update(GiThread *ts, GiVal set, GiVal iterable) {
    if (gi_is_set(iterable)) {
        if (gi_same(set, iterable)) return GI_OK;
        GiSet *to = gi_set_of(set), *from = gi_set_of(iterable);
        GiStatus status = GI_OK;
        gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(set), GI_OBJ_LOCK(iterable));
        bool done = to->cells == NULL;
        if (done) status = gi_set_clone_locked(ts, to, from);
        else if (gi_is_private(ts, set) && (to->filled + from->used) * 5 >= to->mask * 3)
            status = gi_set_reserve_locked(ts, to, to->used + from->used);
        gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(set), GI_OBJ_LOCK(iterable));
        if (done || status) return status;
    } else if (gi_is_dict_exact(iterable) && gi_is_private(ts, set)) {
        gi_lock_obj(ts, set);
        GiSet *to = gi_set_of(set);
        GiStatus status = GI_OK;
        size_t more = gi_dict_len(iterable), cells = to->cells == NULL ? 7 : to->mask;
        if ((to->filled + more) * 5 >= cells * 3)
            status = gi_set_reserve_locked(ts, to, to->used + more);
        gi_unlock_obj(ts, set);
        if (status) return status;
    }
    if (!gi_is_private(ts, set)) return change_free(ts, set, iterable, GI_SET_ADD, add_item);
    return each_item(ts, iterable, add_item, &set);
}

/* ---- Set algebra ---- */

static GiType *base_type(GiVal v) { return is_frozen(v) ? &gi_frozenset_type : &gi_set_type; }

static GiRef set_copy_of(GiThread *ts, GiVal v) {
    return set_make(ts, base_type(v), v);
}

static GiStatus remove_item(GiThread *ts, GiVal item, int64_t hash, void *set) {
    bool found;
    return gi_set_discard_hashed(ts, *(GiVal *)set, item, hash, &found);
}

static GiStatus difference_update(GiThread *ts, GiVal set, GiVal other) {
    if (gi_same(set, other)) {
        gi_set_clear(ts, set);
        return GI_OK;
    }
    if (!gi_is_private(ts, set)) return change_free(ts, set, other, GI_SET_REMOVE, remove_item);
    return each_item(ts, other, remove_item, &set);
}

typedef struct TwoSets {
    GiVal in, out;
    bool full; /* fn stopped because it is done */
} TwoSets;

static GiStatus add_if_in(GiThread *ts, GiVal item, int64_t hash, void *arg) {
    TwoSets *t = arg;
    GiTruth found = gi_set_contains_hashed(ts, t->in, item, hash);
    if (found.value < 0) return GI_FAIL;
    if (!found.value) return GI_OK;
    if (gi_set_add_hashed(ts, t->out, item, hash)) return GI_FAIL;
    /* With all of them found nothing can come any more. */
    if (gi_set_len(t->out) < gi_set_len(t->in)) return GI_OK;
    t->full = true;
    return GI_FAIL;
}

static GiStatus add_if_not_in(GiThread *ts, GiVal item, int64_t hash, void *arg) {
    TwoSets *t = arg;
    GiTruth found = gi_set_contains_hashed(ts, t->in, item, hash);
    if (found.value < 0) return GI_FAIL;
    return found.value ? GI_OK : gi_set_add_hashed(ts, t->out, item, hash);
}

static bool is_steady(GiThread *ts, GiVal v) { return !gi_is_heap(v) || is_frozen(v) || gi_is_private(ts, v); }
/* True if nobody can change either while they are looked at. */
static bool are_steady(GiThread *ts, GiVal x, GiVal y) { return is_steady(ts, x) && is_steady(ts, y); }

/* set_filtered while others may change the sets; *done false: out holds nothing that counts. */
static GI_COLD GiStatus filter_free(GiThread *ts, GiVal from, GiVal in, ItemFn fn, GiVal out, bool *done) {
    *done = false;
    if (!gi_is_set(from) && (!gi_is_builtin(from) || gi_type_of(from)->length == NULL))
        return GI_OK; /* what cannot be gone through again */
    GiRef set = gi_is_set(from) ? gi_dup(ts, from) : gi_set_new(ts, from);
    if (gi_is_null(set)) return GI_FAIL;
    GiStatus status = gi_set_filter_free(ts, gi_val(set), in, fn == add_if_in, out, done);
    gi_drop(ts, set);
    if (!*done) gi_set_clear(ts, out);
    return status;
}

/* A fresh set of the items of `from` by fn, which looks at `in`. */
static GiRef set_filtered(GiThread *ts, GiType *type, GiVal from, GiVal in, ItemFn fn) {
    GiRef out = set_alloc(ts, type);
    if (gi_is_null(out)) return out;
    TwoSets t = {in, gi_val(out), false};
    bool done = false;
    GiStatus status = are_steady(ts, from, in) ? GI_OK : filter_free(ts, from, in, fn, gi_val(out), &done);
    if (status || (!done && each_item(ts, from, fn, &t) && !t.full)) {
        gi_drop(ts, out);
        return GI_NULL;
    }
    return out;
}

static GiRef set_intersection2(GiThread *ts, GiVal self, GiVal other) {
    GiType *type = base_type(self);
    if (gi_same(self, other)) return set_copy_of(ts, self);
    if (gi_is_set(other) && gi_set_len(other) > gi_set_len(self)) {
        GiVal t = self;
        self = other;
        other = t;
    }
    return set_filtered(ts, type, other, self, add_if_in);
}

static GiRef set_difference2(GiThread *ts, GiVal self, GiVal other) {
    if (gi_is_set(other) && (gi_set_len(self) / 4 <= gi_set_len(other) || !are_steady(ts, self, other)))
        return set_filtered(ts, base_type(self), self, other, add_if_not_in);
    GiRef copy = set_copy_of(ts, self);
    if (!gi_is_null(copy) && difference_update(ts, gi_val(copy), other)) {
        gi_drop(ts, copy);
        return GI_NULL;
    }
    return copy;
}

static GiStatus toggle_item(GiThread *ts, GiVal item, int64_t hash, void *arg) {
    GiVal set = *(GiVal *)arg;
    bool found;
    if (gi_set_discard_hashed(ts, set, item, hash, &found)) return GI_FAIL;
    return found ? GI_OK : gi_set_add_hashed(ts, set, item, hash);
}

static GiStatus symmetric_update(GiThread *ts, GiVal set, GiVal other) {
    if (gi_same(set, other)) {
        gi_set_clear(ts, set);
        return GI_OK;
    }
    if (gi_is_set(other) || gi_is_dict_exact(other))
        return gi_is_private(ts, set) ? each_item(ts, other, toggle_item, &set)
                                      : change_free(ts, set, other, GI_SET_TOGGLE, toggle_item);
    GiRef once = gi_set_new(ts, other); /* so that an item given twice counts once */
    if (gi_is_null(once)) return GI_FAIL;
    GiStatus status = symmetric_update(ts, set, gi_val(once));
    gi_drop(ts, once);
    return status;
}

static GiRef method_symmetric_difference(GiThread *ts, GiVal self, GiVal other) {
    GiRef set = set_make(ts, base_type(self), other);
    if (!gi_is_null(set) && symmetric_update(ts, gi_val(set), self)) {
        gi_drop(ts, set);
        return GI_NULL;
    }
    return set;
}

/* Exchanges the contents of a set with those of a fresh one, and drops that. */
static void set_take_over(GiThread *ts, GiVal set, GiRef fresh) {
    GiSet *x = gi_set_of(set), *y = gi_set_of(fresh);
    gi_lock_obj(ts, set);
    GiSet t = *x;
    x->filled = y->filled, x->mask = y->mask, x->cells = y->cells;
    gi_store_rel(&x->table, y->table);
    __atomic_store_n(&x->used, y->used, __ATOMIC_RELAXED);
    gi_store_rel(&x->mutations, x->mutations + 1);
    y->used = t.used, y->filled = t.filled, y->mask = t.mask, y->cells = t.cells, y->table = t.table;
    gi_unlock_obj(ts, set);
    gi_set_clear(ts, gi_val(fresh)); /* which retires the cells: they were shared */
    gi_drop(ts, fresh);
}

static GiTruth is_subset(GiThread *ts, GiVal x, GiVal y) {
    if (gi_set_len(x) > gi_set_len(y)) return GI_TRUTH_NO;
    GiTruth in = GI_TRUTH_YES;
    GiRef key;
    int64_t hash;
    for (size_t pos = 0; in.value == 1 && gi_set_next(ts, x, &pos, &key, &hash);) {
        in = gi_set_contains_hashed(ts, y, gi_val(key), hash);
        gi_drop(ts, key);
    }
    return in;
}

/* Whether x is a subset of y, as both are at one moment, and of which sizes they are then. */
static GI_COLD GiTruth subset_free(GiThread *ts, GiVal x, GiVal y, size_t *m, size_t *n) {
    GiRef copies[2];
    int within = gi_set_within_free(ts, x, y, m, n);
    if (within >= 0) return gi_truth_of(within);
    if (gi_copy_both(ts, x, y, copies)) return GI_TRUTH_FAIL;
    *m = gi_set_len(gi_val(copies[0])), *n = gi_set_len(gi_val(copies[1]));
    GiTruth in = is_subset(ts, gi_val(copies[0]), gi_val(copies[1]));
    gi_drop(ts, copies[0]), gi_drop(ts, copies[1]);
    return in;
}

static GiTruth set_is_subset(GiThread *ts, GiVal x, GiVal y) {
    size_t m, n;
    return GI_LIKELY(are_steady(ts, x, y)) ? is_subset(ts, x, y) : subset_free(ts, x, y, &m, &n);
}

static GiRef truth_ref(GiTruth t) { return t.value < 0 ? GI_NULL : gi_bool_ref(t.value); }

/* ---- Slots ---- */

/* What a change of many has done so far is not to be seen. */
static ssize_t set_length(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return (ssize_t)gi_set_len(self);
    const GiSet *s = gi_set_of(self);
    uint32_t mutations = gi_load_acq(&s->mutations);
    size_t used = gi_load_acq(&s->used);
    if (GI_LIKELY(gi_load_acq(&s->table) != GI_SET_MOVING && gi_load_acq(&s->mutations) == mutations)) return (ssize_t)used;
    gi_lock_obj(ts, self);
    used = s->used;
    gi_unlock_obj(ts, self);
    return (ssize_t)used;
}

static GI_COLD GiRef compare_free(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    size_t m, n;
    bool turned = op == GI_GT || op == GI_GE;
    GiTruth in = turned ? subset_free(ts, other, self, &m, &n) : subset_free(ts, self, other, &m, &n);
    if (in.value < 0) return GI_NULL;
    if (op == GI_EQ || op == GI_NE) return gi_bool_ref((in.value && m == n) == (op == GI_EQ));
    return gi_bool_ref(in.value && (m < n || op == GI_LE || op == GI_GE));
}

static GiRef set_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_set(self) || !gi_is_set(other)) return GI_REF_NOTIMPLEMENTED;
    if (!are_steady(ts, self, other)) return compare_free(ts, self, other, op);
    size_t m = gi_set_len(self), n = gi_set_len(other);
    GiTruth result = GI_TRUTH_NO;
    switch (op) {
    case GI_EQ:
    case GI_NE: {
        int64_t x = gi_set_of(self)->hash, y = gi_set_of(other)->hash;
        if (m == n && !(x && y && x != y)) result = set_is_subset(ts, self, other);
        if (op == GI_NE && result.value >= 0) result.value = !result.value;
        break;
    }
    case GI_LT:
        if (m < n) result = set_is_subset(ts, self, other);
        break;
    case GI_LE: result = set_is_subset(ts, self, other); break;
    case GI_GT:
        if (m > n) result = set_is_subset(ts, other, self);
        break;
    case GI_GE: result = set_is_subset(ts, other, self); break;
    }
    return truth_ref(result);
}

static int64_t frozenset_hash(GiThread *ts GI_UNUSED, GiVal self) {
    GiSet *s = gi_set_of(self);
    int64_t known = gi_load_relaxed(&s->hash);
    if (known) return known;
    GiSetHash acc = {0, 0};
    for (size_t i = 0; s->cells != NULL && i <= s->mask; i++)
        if (!gi_is_null(s->cells[i].key)) gi_set_hash_add(&acc, s->cells[i].hash);
    known = gi_set_hash_end(acc);
    __atomic_store_n(&s->hash, known, __ATOMIC_RELAXED);
    return known;
}

static GiRef set_repr(GiThread *ts, GiVal self) {
    const char *name = gi_type_name(self);
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_format(ts, "%s(...)", name);
    GiRef list = gi_to_list(ts, self);
    if (gi_is_null(list) || gi_list_len(list) == 0) {
        gi_repr_leave(ts, self);
        bool failed = gi_is_null(list);
        gi_xdrop(ts, list);
        return failed ? GI_NULL : gi_str_format(ts, "%s()", name);
    }
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    bool bare = gi_is_exact(self, &gi_set_type);
    if (!bare) {
        gi_sb_ascii(&sb, name, strlen(name));
        gi_sb_char(&sb, '(');
    }
    gi_sb_char(&sb, '{');
    for (size_t i = 0; i < gi_list_len(list) && !sb.failed; i++) {
        if (i) gi_sb_lit(&sb, ", ");
        gi_sb_repr(&sb, gi_list_peek_locked(gi_val(list), i));
    }
    gi_drop(ts, list);
    gi_sb_char(&sb, '}');
    if (!bare) gi_sb_char(&sb, ')');
    gi_repr_leave(ts, self);
    return gi_sb_finish(&sb);
}

static GiRef set_iter(GiThread *ts, GiVal self) {
    GiSetIter *it = (GiSetIter *)gi_heap_new_fast(ts, &gi_set_iter_type, sizeof(GiSetIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->set, gi_dup(ts, self));
    it->used = it->left = gi_set_len(self);
    return gi_own_obj(it);
}

static GiRef set_or(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_set(left) || !gi_is_set(right)) return GI_REF_NOTIMPLEMENTED;
    GiRef set = set_copy_of(ts, left);
    if (!gi_is_null(set) && gi_set_update(ts, gi_val(set), right)) {
        gi_drop(ts, set);
        return GI_NULL;
    }
    return set;
}
static GiRef set_and(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_set(left) || !gi_is_set(right)) return GI_REF_NOTIMPLEMENTED;
    return set_intersection2(ts, left, right);
}
static GiRef set_sub(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_set(left) || !gi_is_set(right)) return GI_REF_NOTIMPLEMENTED;
    return set_difference2(ts, left, right);
}
static GiRef set_xor(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_set(left) || !gi_is_set(right)) return GI_REF_NOTIMPLEMENTED;
    return method_symmetric_difference(ts, left, right);
}
static GiRef set_ior(GiThread *ts, GiVal self, GiVal other) {
    if (!gi_is_set(other)) return GI_REF_NOTIMPLEMENTED;
    return gi_set_update(ts, self, other) ? GI_NULL : gi_dup(ts, self);
}
static GiRef set_iand(GiThread *ts, GiVal self, GiVal other) {
    if (!gi_is_set(other)) return GI_REF_NOTIMPLEMENTED;
    if (!gi_is_private(ts, self)) {
        bool done;
        if (gi_set_retain_free(ts, self, other, &done)) return GI_NULL;
        if (done) return gi_dup(ts, self);
    }
    GiRef both = set_intersection2(ts, self, other);
    if (gi_is_null(both)) return both;
    set_take_over(ts, self, both);
    return gi_dup(ts, self);
}
static GiRef set_isub(GiThread *ts, GiVal self, GiVal other) {
    if (!gi_is_set(other)) return GI_REF_NOTIMPLEMENTED;
    return difference_update(ts, self, other) ? GI_NULL : gi_dup(ts, self);
}
static GiRef set_ixor(GiThread *ts, GiVal self, GiVal other) {
    if (!gi_is_set(other)) return GI_REF_NOTIMPLEMENTED;
    return symmetric_update(ts, self, other) ? GI_NULL : gi_dup(ts, self);
}

/* ---- Construction ---- */

static GiRef set_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                     GiVal kwnames GI_UNUSED) {
    return set_alloc(ts, type);
}

static GiStatus set_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "set", kwnames)) return GI_FAIL;
    if (gi_check_args(ts, gi_type_name(self), nargs, 0, 1)) return GI_FAIL;
    if (gi_set_of(self)->cells != NULL) gi_set_clear(ts, self);
    return nargs ? gi_set_update(ts, self, args[0]) : GI_OK;
}

static GiRef set_vectornew(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                           GiVal kwnames) {
    if (gi_no_kwargs(ts, "set", kwnames) || gi_check_args(ts, "set", nargs, 0, 1)) return GI_NULL;
    return set_make(ts, type, nargs ? args[0] : GI_NOVAL);
}

static GiRef frozenset_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                           GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_frozenset_type, "frozenset", kwnames)) return GI_NULL;
    if (gi_check_args(ts, type->name, nargs, 0, 1)) return GI_NULL;
    GiVal items = nargs ? args[0] : GI_NOVAL;
    return type == &gi_frozenset_type ? gi_frozenset_new(ts, items) : set_make(ts, type, items);
}

/* ---- Methods of both ---- */

static GiRef method_copy(GiThread *ts, GiVal self) {
    if (gi_is_exact(self, &gi_frozenset_type)) return gi_dup(ts, self);
    return set_copy_of(ts, self);
}

static GiRef method_union(GiThread *ts, GiVal self, const GiVal *others, size_t n) {
    GiRef set = set_copy_of(ts, self);
    for (size_t i = 0; i < n && !gi_is_null(set); i++) {
        if (gi_set_update(ts, gi_val(set), others[i])) {
            gi_drop(ts, set);
            set = GI_NULL;
        }
    }
    return set;
}

static GiRef method_intersection(GiThread *ts, GiVal self, const GiVal *others, size_t n) {
    if (n == 0) return set_copy_of(ts, self);
    GiRef set = set_intersection2(ts, self, others[0]);
    for (size_t i = 1; i < n && !gi_is_null(set); i++) {
        GiRef next = set_intersection2(ts, gi_val(set), others[i]);
        gi_drop(ts, set);
        set = next;
    }
    return set;
}

static GiRef method_difference(GiThread *ts, GiVal self, const GiVal *others, size_t n) {
    if (n == 0) return set_copy_of(ts, self);
    GiRef set = set_difference2(ts, self, others[0]);
    for (size_t i = 1; i < n && !gi_is_null(set); i++) {
        if (difference_update(ts, gi_val(set), others[i])) {
            gi_drop(ts, set);
            set = GI_NULL;
        }
    }
    return set;
}

static GiStatus fail_if_in(GiThread *ts, GiVal item, int64_t hash, void *arg) {
    TwoSets *t = arg;
    GiTruth found = gi_set_contains_hashed(ts, t->in, item, hash);
    if (found.value > 0) t->out = GI_TRUE;
    return found.value ? GI_FAIL : GI_OK;
}

static GiRef method_isdisjoint(GiThread *ts, GiVal self, GiVal other) {
    if (gi_is_set(other) && gi_set_len(other) > gi_set_len(self)) {
        GiVal t = self;
        self = other;
        other = t;
    }
    if (gi_is_set(other) && !are_steady(ts, self, other)) {
        GiRef both = set_filtered(ts, &gi_set_type, other, self, add_if_in);
        if (gi_is_null(both)) return both;
        bool none = gi_set_len(gi_val(both)) == 0;
        gi_drop(ts, both);
        return gi_bool_ref(none);
    }
    TwoSets t = {self, GI_FALSE, false};
    if (each_item(ts, other, fail_if_in, &t) == GI_OK) return GI_REF_TRUE;
    return gi_is_true(t.out) ? GI_REF_FALSE : GI_NULL;
}

static GiStatus fail_if_not_in(GiThread *ts, GiVal item, int64_t hash, void *arg) {
    TwoSets *t = arg;
    GiTruth found = gi_set_contains_hashed(ts, t->in, item, hash);
    if (found.value == 0) t->out = GI_TRUE;
    return found.value == 1 ? GI_OK : GI_FAIL;
}

static GiRef method_issuperset(GiThread *ts, GiVal self, GiVal other) {
    if (gi_is_set(other)) return truth_ref(set_is_subset(ts, other, self));
    TwoSets t = {self, GI_FALSE, false};
    if (each_item(ts, other, fail_if_not_in, &t) == GI_OK) return GI_REF_TRUE;
    return gi_is_true(t.out) ? GI_REF_FALSE : GI_NULL;
}

static GiRef method_issubset(GiThread *ts, GiVal self, GiVal other) {
    if (gi_is_set(other)) return truth_ref(set_is_subset(ts, self, other));
    GiRef set = gi_set_new(ts, other);
    if (gi_is_null(set)) return set;
    GiTruth in = set_is_subset(ts, self, gi_val(set));
    gi_drop(ts, set);
    return truth_ref(in);
}

static GiRef method_reduce(GiThread *ts, GiVal self) {
    GiRef list = gi_to_list(ts, self);
    if (gi_is_null(list)) return list;
    GiRef args = gi_tuple_steal(ts, &list, 1);
    if (gi_is_null(args)) return args;
    GiRef state = gi_call_method_cstr(ts, self, "__getstate__", NULL, 0);
    if (gi_is_null(state)) {
        gi_drop(ts, args);
        return state;
    }
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, state);
}

static GiRef method_sizeof(GiVal self) {
    GiSet *s = gi_set_of(self);
    size_t size = gi_type_of(self)->size;
    if (s->cells != NULL) size += (s->mask + 1) * sizeof(GiSetCell);
    return gi_smallint_ref((int64_t)size);
}

/* The methods that set and frozenset share: the same text for both tables. */
/* PYSEM: a method beside the slot, so that what is bound to a set is a builtin function (keyword.iskeyword). */
static GiRef method_contains(GiThread *ts, GiVal self, GiVal item) {
    return truth_ref(gi_set_contains(ts, self, item));
}
GI_METHOD(set, __contains__, "(self, object, /)", "x.__contains__(y) <==> y in x.") {
    return method_contains(ts, self, a->object);
}
GI_METHOD(frozenset, __contains__, "(self, object, /)", "x.__contains__(y) <==> y in x.") {
    return method_contains(ts, self, a->object);
}
GI_METHOD(set, copy, "(self, /)", "Return a shallow copy of a set.") { return method_copy(ts, self); }
GI_METHOD(frozenset, copy, "(self, /)", "Return a shallow copy of a set.") { return method_copy(ts, self); }
GI_METHOD(set, union, "(self, *others)",
          "Return the union of sets as a new set.\n\n(i.e. all elements that are in either set.)") {
    return method_union(ts, self, a->others, a->others_count);
}
GI_METHOD(frozenset, union, "(self, *others)",
          "Return the union of sets as a new set.\n\n(i.e. all elements that are in either set.)") {
    return method_union(ts, self, a->others, a->others_count);
}
GI_METHOD(set, intersection, "(self, *others)",
          "Return the intersection of two sets as a new set.\n\n(i.e. all elements that are in both sets.)") {
    return method_intersection(ts, self, a->others, a->others_count);
}
GI_METHOD(frozenset, intersection, "(self, *others)",
          "Return the intersection of two sets as a new set.\n\n(i.e. all elements that are in both sets.)") {
    return method_intersection(ts, self, a->others, a->others_count);
}
GI_METHOD(set, difference, "(self, *others)",
          "Return the difference of two or more sets as a new set.\n\n(i.e. all elements that are in "
          "this set but not the others.)") {
    return method_difference(ts, self, a->others, a->others_count);
}
GI_METHOD(frozenset, difference, "(self, *others)",
          "Return the difference of two or more sets as a new set.\n\n(i.e. all elements that are in "
          "this set but not the others.)") {
    return method_difference(ts, self, a->others, a->others_count);
}
GI_METHOD(set, symmetric_difference, "(self, other, /)",
          "Return the symmetric difference of two sets as a new set.\n\n(i.e. all elements that are "
          "in exactly one of the sets.)") {
    return method_symmetric_difference(ts, self, a->other);
}
GI_METHOD(frozenset, symmetric_difference, "(self, other, /)",
          "Return the symmetric difference of two sets as a new set.\n\n(i.e. all elements that are "
          "in exactly one of the sets.)") {
    return method_symmetric_difference(ts, self, a->other);
}
GI_METHOD(set, isdisjoint, "(self, other, /)", "Return True if two sets have a null intersection.") {
    return method_isdisjoint(ts, self, a->other);
}
GI_METHOD(frozenset, isdisjoint, "(self, other, /)", "Return True if two sets have a null intersection.") {
    return method_isdisjoint(ts, self, a->other);
}
GI_METHOD(set, issubset, "(self, other, /)", "Report whether another set contains this set.") {
    return method_issubset(ts, self, a->other);
}
GI_METHOD(frozenset, issubset, "(self, other, /)", "Report whether another set contains this set.") {
    return method_issubset(ts, self, a->other);
}
GI_METHOD(set, issuperset, "(self, other, /)", "Report whether this set contains another set.") {
    return method_issuperset(ts, self, a->other);
}
GI_METHOD(frozenset, issuperset, "(self, other, /)", "Report whether this set contains another set.") {
    return method_issuperset(ts, self, a->other);
}
GI_METHOD(set, __reduce__, "(self)", "Return state information for pickling.") {
    return method_reduce(ts, self);
}
GI_METHOD(frozenset, __reduce__, "(self)", "Return state information for pickling.") {
    return method_reduce(ts, self);
}
GI_METHOD(set, __sizeof__, "(self)", "S.__sizeof__() -> size of S in memory, in bytes") {
    return method_sizeof(self);
}
GI_METHOD(frozenset, __sizeof__, "(self)", "S.__sizeof__() -> size of S in memory, in bytes") {
    return method_sizeof(self);
}
GI_CLASSMETHOD(set, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}
GI_CLASSMETHOD(frozenset, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

/* ---- Methods of set alone ---- */

GI_METHOD(set, add, "(self, object, /)",
          "Add an element to a set.\n\nThis has no effect if the element is already present.") {
    return gi_set_add(ts, self, a->object) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(set, clear, "(self, /)", "Remove all elements from this set.") {
    gi_set_clear(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(set, discard, "(self, object, /)",
          "Remove an element from a set if it is a member.\n\nUnlike set.remove(), the discard() "
          "method does not raise\nan exception when an element is missing from the set.") {
    bool found;
    return gi_set_discard(ts, self, a->object, &found) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(set, remove, "(self, object, /)",
          "Remove an element from a set; it must be a member.\n\nIf the element is not a member, "
          "raise a KeyError.") {
    bool found;
    if (gi_set_discard(ts, self, a->object, &found)) return GI_NULL;
    return found ? GI_REF_NONE : gi_raise_key(ts, a->object);
}

GI_METHOD(set, pop, "(self, /)",
          "Remove and return an arbitrary set element.\nRaises KeyError if the set is empty.") {
    GiSet *s = gi_set_of(self);
    GiRef key = GI_NULL;
    gi_lock_obj(ts, self);
    if (s->used) {
        size_t i = s->finger & s->mask;
        while (gi_is_null(s->cells[i].key)) i = (i + 1) & s->mask;
        key = gi_set_delete_locked(s, i);
        s->finger = i + 1;
    }
    gi_unlock_obj(ts, self);
    if (gi_is_null(key)) gi_raise(ts, &gi_exc_KeyError, "pop from an empty set");
    return key;
}

GI_METHOD(set, update, "(self, *others)", "Update a set with the union of itself and others.") {
    for (size_t i = 0; i < a->others_count; i++)
        if (gi_set_update(ts, self, a->others[i])) return GI_NULL;
    return GI_REF_NONE;
}

/* Of a set that other threads use keeps what is in `other`. */
static GiStatus retain_free(GiThread *ts, GiVal self, GiVal other) {
    GiRef in = gi_is_set(other) ? gi_dup(ts, other) : gi_set_new(ts, other);
    if (gi_is_null(in)) return GI_FAIL;
    bool done;
    GiStatus status = gi_set_retain_free(ts, self, gi_val(in), &done);
    if (status == GI_OK && !done) {
        GiRef both = set_intersection2(ts, self, gi_val(in));
        if (gi_is_null(both)) status = GI_FAIL;
        else set_take_over(ts, self, both);
    }
    gi_drop(ts, in);
    return status;
}

GI_METHOD(set, intersection_update, "(self, *others)",
          "Update a set with the intersection of itself and another.") {
    if (!gi_is_private(ts, self)) {
        for (size_t i = 0; i < a->others_count; i++)
            if (retain_free(ts, self, a->others[i])) return GI_NULL;
        return GI_REF_NONE;
    }
    GiRef set = method_intersection(ts, self, a->others, a->others_count);
    if (gi_is_null(set)) return set;
    set_take_over(ts, self, set);
    return GI_REF_NONE;
}

GI_METHOD(set, difference_update, "(self, *others)",
          "Remove all elements of another set from this set.") {
    for (size_t i = 0; i < a->others_count; i++)
        if (difference_update(ts, self, a->others[i])) return GI_NULL;
    return GI_REF_NONE;
}

GI_METHOD(set, symmetric_difference_update, "(self, other, /)",
          "Update a set with the symmetric difference of itself and another.") {
    return symmetric_update(ts, self, a->other) ? GI_NULL : GI_REF_NONE;
}

static void set_each(GiObj *obj, GiVisit visit, void *arg) {
    GiSet *s = (GiSet *)obj;
    if (s->cells == NULL) return;
    for (GiSetCell *c = s->cells, *end = c + s->mask; c <= end; c++)
        if (!gi_is_null(c->key)) visit(&c->key, arg);
}

static const GiField set_fields[] = {GI_CUSTOM(set_each), GI_BUFFER_FIELD(GiSet, cells),
                                     GI_FIELDS_END};

GiType gi_set_type = {
    .obj = GI_TYPE_HEAD,
    .name = "set",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_MATCH_SELF | GI_TYPE_SET | GI_TYPE_WEAKREF |
             GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSet),
    .base = &gi_object_type,
    .doc = "set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered "
           "collection of unique elements.",
    .fields = set_fields,
    .methods = set_methods,
    .new_ = set_new,
    .init = set_init,
    .vectornew = set_vectornew,
    .repr = set_repr,
    .compare = set_compare,
    .iter = set_iter,
    .length = set_length,
    .contains = gi_set_contains,
    .binary[GI_BIN_SUB] = set_sub,
    .binary[GI_BIN_AND] = set_and,
    .binary[GI_BIN_OR] = set_or,
    .binary[GI_BIN_XOR] = set_xor,
    .inplace[GI_BIN_SUB] = set_isub,
    .inplace[GI_BIN_AND] = set_iand,
    .inplace[GI_BIN_OR] = set_ior,
    .inplace[GI_BIN_XOR] = set_ixor,
};

GiType gi_frozenset_type = {
    .obj = GI_TYPE_HEAD,
    .name = "frozenset",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_MATCH_SELF | GI_TYPE_SET | GI_TYPE_WEAKREF |
             GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSet),
    .base = &gi_object_type,
    .doc = "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\nBuild "
           "an immutable unordered collection of unique elements.",
    .fields = set_fields,
    .methods = frozenset_methods,
    .new_ = frozenset_new,
    .vectornew = frozenset_new,
    .repr = set_repr,
    .hash = frozenset_hash,
    .compare = set_compare,
    .iter = set_iter,
    .length = set_length,
    .contains = gi_set_contains,
    .binary[GI_BIN_SUB] = set_sub,
    .binary[GI_BIN_AND] = set_and,
    .binary[GI_BIN_OR] = set_or,
    .binary[GI_BIN_XOR] = set_xor,
};

/* ---- set_iterator ---- */

#define set_iter_of(v) ((GiSetIter *)gi_obj(v))

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

/* LOCK: the set's guards the iterator too, unless that is the caller's alone. */
static GI_NOINLINE GiRef set_iter_next_free(GiThread *ts, GiVal self) {
    GiSetIter *it = set_iter_of(self);
    GiVal set = gi_slot_peek_shared(&it->set);
    if (gi_is_null(set)) return GI_NULL;
    GiRef key = GI_NULL;
    if (gi_is_unique(ts, self) && it->used == gi_set_len(set) &&
        gi_set_step_free(ts, gi_set_of(set), &it->pos, &key, NULL) == GI_SET_FOUND) {
        if (it->left) it->left--;
        return key;
    }
    GiVal k;
    GiRef held = gi_slot_load(ts, &it->set);
    if (gi_is_null(held)) return held;
    key = GI_NULL;
    gi_lock_obj(ts, set);
    bool done = it->used == ITER_DONE, changed = !done && it->used != gi_set_len(set);
    if (changed) {
        it->used = SIZE_MAX;
    } else if (!done && gi_set_next_peek(set, &it->pos, &k)) {
        key = gi_dup(ts, k);
        if (it->left) it->left--;
    } else {
        it->used = ITER_DONE;
        it->left = 0;
    }
    gi_unlock_obj(ts, set);
    gi_drop(ts, held);
    if (changed) return gi_raise_ref(ts, &gi_exc_RuntimeError, "Set changed size during iteration");
    if (gi_is_null(key)) gi_exhaust_of(ts, self, &it->set);
    return key;
}

static bool set_iter_spent(GiObj *self) { return ((GiSetIter *)self)->used == ITER_DONE; }

static GiRef set_iter_next(GiThread *ts, GiVal self) {
    if (GI_UNLIKELY(ts->core.free_running)) return set_iter_next_free(ts, self);
    GiSetIter *it = set_iter_of(self);
    GiVal set = gi_slot_peek(&it->set);
    if (gi_is_null(set)) return GI_NULL;
    GiRef key = GI_NULL;
    GiVal k;
    gi_lock_obj(ts, set);
    bool changed = it->used != gi_set_len(set);
    if (!changed && gi_set_next_peek(set, &it->pos, &k)) key = gi_dup(ts, k);
    gi_unlock_obj(ts, set);
    if (GI_LIKELY(!gi_is_null(key))) {
        if (it->left) it->left--;
        return key;
    }
    if (changed) {
        it->used = SIZE_MAX; /* from now on always an error */
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "Set changed size during iteration");
    }
    it->left = 0;
    gi_slot_clear(ts, &it->set);
    return GI_NULL;
}

static GiRef set_iter_rest(GiThread *ts, GiVal self, bool fresh) {
    GiSetIter *it = set_iter_of(self);
    GiRef held = gi_slot_load(ts, &it->set), list;
    if (gi_is_null(held)) return gi_list_new(ts, 0);
    GiVal set = gi_val(held), k;
    if (fresh && it->pos == 0 && it->used < ITER_DONE) {
        it->used = ITER_DONE;
        it->left = 0;
        list = gi_set_list(ts, set);
        gi_drop(ts, held);
        return list;
    }
    size_t n = 0;
    gi_lock_obj(ts, set);
    bool done = it->used == ITER_DONE, changed = !done && it->used != gi_set_len(set);
    GiRef *taken = gi_mem_alloc(ts, (it->left + 1) * sizeof(GiRef));
    while (taken != NULL && !done && !changed && n <= it->left && gi_set_next_peek(set, &it->pos, &k)) taken[n++] = gi_dup(ts, k);
    if (changed) it->used = SIZE_MAX;
    else if (taken != NULL) it->used = ITER_DONE, it->left = 0;
    gi_unlock_obj(ts, set);
    gi_drop(ts, held);
    if (taken == NULL) return GI_NULL;
    list = changed ? gi_raise_ref(ts, &gi_exc_RuntimeError, "Set changed size during iteration")
                   : gi_list_from(ts, (const GiVal *)taken, n);
    gi_drop_all(ts, taken, n);
    gi_mem_free(taken);
    return list;
}
static const GiRest rest_of_set = {.list = set_iter_rest};

GI_METHOD(set_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiSetIter *it = set_iter_of(self);
    GiVal set = gi_slot_peek_shared(&it->set);
    if (gi_is_null(set) || it->used != gi_set_len(set)) return gi_smallint_ref(0);
    return gi_smallint_ref((int64_t)it->left);
}

GI_METHOD(set_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiSetIter *it = set_iter_of(self);
    GiSetIter *copy = (GiSetIter *)gi_heap_new_fast(ts, &gi_set_iter_type, sizeof(GiSetIter));
    if (copy == NULL) return GI_NULL;
    gi_slot_init(&copy->set, gi_slot_load(ts, &it->set));
    copy->used = it->used, copy->left = it->left, copy->pos = it->pos;
    GiRef list = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(list) ? GI_FAIL : gi_list_extend(ts, gi_val(list), gi_from_obj(copy));
    gi_drop(ts, gi_own_obj(copy));
    GiRef result = status ? GI_NULL : gi_reduce_iter(ts, "iter", gi_val(list), 0, false);
    gi_xdrop(ts, list);
    return result;
}

GiType gi_set_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "set_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSetIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiSetIter, set), GI_FIELDS_END},
    .methods = set_iter_methods,
    .iter = iter_self,
    .next = set_iter_next,
    .spent = set_iter_spent,
    .native = (void *)&rest_of_set,
};
