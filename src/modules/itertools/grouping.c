/* grouping.c - groupby and its groups; tee and the chunks of items that its iterators share. */
#include "modules/itertools/itertools.h"

#include "os/clock.h"

#define CHUNK 57

typedef struct GiGroupBy {
    GiObj obj;
    GiTurn turn;
    GiSlot iter, key_func;          /* key_func null: the items themselves */
    GiSlot target, key, value;      /* key of the group given out; the item looked at; null: none */
    uint64_t group;                 /* number of the current group */
} GiGroupBy;
typedef struct GiGrouper {
    GiObj obj;
    GiSlot parent, target;
    uint64_t group;
} GiGrouper;
typedef struct GiTeeData {
    GiObj obj;
    GiSlot iter, next;              /* next chunk, null: not made yet */
    size_t count;
    bool running;
    GiSlot values[CHUNK];
} GiTeeData;
typedef struct GiTee {
    GiObj obj;
    GiSlot data;
    size_t index;
} GiTee;

#include "modules/itertools/grouping.gen.h"

#define groupby_of(v) ((GiGroupBy *)gi_obj(v))
#define grouper_of(v) ((GiGrouper *)gi_obj(v))
#define data_of(v) ((GiTeeData *)gi_obj(v))
#define tee_of(v) ((GiTee *)gi_obj(v))

/* ---- groupby ---- */

GI_NEW(groupby, "(cls, iterable, key = None)", "") {
    GiRef iter = gi_iter(ts, a->iterable);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    gi_slot_init(&groupby_of(ref)->iter, iter);
    gi_turn_for(&groupby_of(ref)->turn, gi_val(iter));
    if (!gi_is_null(a->key) && !gi_is_none(a->key)) {
        gi_slot_init(&groupby_of(ref)->key_func, gi_dup(ts, a->key));
        gi_turn_for_python(&groupby_of(ref)->turn);
    }
    return ref;
}

/* A slot of a groupby that changes. */
static GiRef group_slot(GiThread *ts, GiVal groupby, const GiSlot *slot) {
    if (gi_is_private(ts, groupby)) return gi_slot_dup(ts, slot);
    GiRef r = GI_NULL;
    GI_STEP(ts, groupby) r = gi_slot_dup(ts, slot);
    return r;
}

/* Makes the next group the current one; gives its number. */
static uint64_t group_begins(GiThread *ts, GiVal groupby) {
    uint64_t group = 0;
    GI_STEP(ts, groupby) {
        group = groupby_of(groupby)->group + 1;
        __atomic_store_n(&groupby_of(groupby)->group, group, __ATOMIC_RELAXED);
    }
    return group;
}
static bool group_is_current(GiGrouper *me) {
    return __atomic_load_n(&groupby_of(me->parent)->group, __ATOMIC_RELAXED) == me->group;
}

/* Looks at the next item. GI_FAIL at the end, too (then nothing is raised). */
static GiStatus groupby_look(GiThread *ts, GiVal self) {
    GiGroupBy *g = groupby_of(self);
    GiRef value = gi_next_inner(ts, self, &g->iter);
    if (gi_is_null(value)) return GI_FAIL;
    GiRef key = gi_is_null(g->key_func) ? gi_dup(ts, gi_val(value))
                                        : gi_call1(ts, gi_slot_peek(&g->key_func), gi_val(value));
    if (gi_is_null(key)) {
        gi_drop(ts, value);
        return GI_FAIL;
    }
    GI_STEP(ts, self) {
        value = gi_step_swap(&g->value, value);
        key = gi_step_swap(&g->key, key);
    }
    gi_xdrop(ts, value), gi_xdrop(ts, key);
    return GI_OK;
}

/* Consumes both; no if one is null. */
static GiTruth same_key(GiThread *ts, GiRef a, GiRef b) {
    GiTruth eq = gi_is_null(a) || gi_is_null(b) ? GI_TRUTH_NO : gi_item_equal(ts, gi_val(a), gi_val(b));
    gi_xdrop(ts, a), gi_xdrop(ts, b);
    return eq;
}

/* Goes to the first item of the next group: its key becomes the target, and is given. */
static GiRef next_group_key(GiThread *ts, GiVal self) {
    GiGroupBy *g = groupby_of(self);
    for (;;) { /* skip the rest of the group */
        bool first = false;
        if (!gi_slot_empty(&g->key)) {
            first = gi_slot_empty(&g->target);
            if (!first) {
                GiTruth same = same_key(ts, group_slot(ts, self, &g->target), group_slot(ts, self, &g->key));
                if (same.value < 0) return GI_NULL;
                first = !same.value;
            }
        }
        if (first) {
            GiRef key = GI_NULL, old = GI_NULL;
            GI_STEP(ts, self) {
                key = gi_slot_dup(ts, &g->key);
                if (!gi_is_null(key)) old = gi_step_swap(&g->target, gi_dup(ts, gi_val(key)));
            }
            gi_xdrop(ts, old);
            if (!gi_is_null(key)) return key; /* the comparison may have used it up */
        }
        if (groupby_look(ts, self)) return GI_NULL;
    }
}

static GiRef groupby_step(GiThread *ts, GiVal self) {
    uint64_t group = group_begins(ts, self);
    GiRef key = next_group_key(ts, self);
    if (gi_is_null(key)) return key;
    GiGrouper *grouper = (GiGrouper *)gi_heap_new(ts, &gi_itertools_grouper_type, sizeof(GiGrouper));
    if (grouper == NULL) {
        gi_drop(ts, key);
        return GI_NULL;
    }
    gi_slot_init(&grouper->parent, gi_dup(ts, self));
    gi_slot_init(&grouper->target, gi_dup(ts, gi_val(key)));
    grouper->group = group;
    return gi_tuple_steal(ts, (GiRef[]){key, gi_own_obj(grouper)}, 2);
}

static GiRef groupby_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &groupby_of(self)->turn) item = groupby_step(ts, self);
    return item;
}

GI_METHOD(groupby, __reduce__, "(self)", "Return state information for pickling.") {
    GiGroupBy *g = groupby_of(self);
    GiVal func = gi_is_null(g->key_func) ? GI_NONE : gi_slot_peek(&g->key_func);
    GiRef args = gi_tuple_pack(ts, 2, gi_val(g->iter), func), state = GI_NULL;
    GiRef now[3] = {GI_NULL, GI_NULL, GI_NULL};
    GI_STEP(ts, self) {
        now[0] = gi_slot_dup(ts, &g->key);
        now[1] = gi_slot_dup(ts, &g->value);
        now[2] = gi_slot_dup(ts, &g->target);
    }
    if (gi_is_null(now[0]) || gi_is_null(now[1]) || gi_is_null(now[2]) || gi_is_null(args)) {
        gi_drop_all(ts, now, 3);
    } else {
        state = gi_tuple_steal(ts, now, 3);
        if (gi_is_null(state)) {
            gi_drop(ts, args);
            return state;
        }
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

GI_METHOD(groupby, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    if (gi_check_state(ts, a->state, 3, 3)) return GI_NULL;
    GiGroupBy *g = groupby_of(self);
    GiSlot *slots[] = {&g->key, &g->value, &g->target};
    GiRef refs[3];
    for (size_t i = 0; i < 3; i++) refs[i] = gi_dup(ts, gi_tuple_get(a->state, i));
    GI_STEP(ts, self) for (size_t i = 0; i < 3; i++) refs[i] = gi_step_swap(slots[i], refs[i]);
    gi_drop_all(ts, refs, 3);
    return GI_REF_NONE;
}

GiType gi_itertools_groupby_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools.groupby",
    .module = "itertools",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiGroupBy),
    .base = &gi_object_type,
    .doc = "groupby(iterable, key=None)\n--\n\nmake an iterator that returns consecutive keys and groups from the iterable\n\n  "
           "iterable\n    Elements to divide into groups according to the key function.\n  key\n    A "
           "function for computing the group category for each element.\n    If the key function is "
           "not specified or is None, the element itself\n    is used for grouping.",
    .fields = (const GiField[]){GI_SLOT(GiGroupBy, iter), GI_SLOT(GiGroupBy, key_func),
                                GI_SLOT(GiGroupBy, target), GI_SLOT(GiGroupBy, key),
                                GI_SLOT(GiGroupBy, value), GI_FIELDS_END},
    .methods = groupby_methods,
    .new_ = groupby_new,
    .iter = gi_iter_self,
    .next = groupby_next,
};

/* ---- _grouper ---- */

static GiRef grouper_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "_grouper", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "_grouper", nargs, 2, 2)) return GI_NULL;
    if (!gi_is_instance_of(args[0], &gi_itertools_groupby_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "_grouper() argument 1 must be itertools.groupby, not %T",
                            args[0]);
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    gi_slot_init(&grouper_of(ref)->parent, gi_dup(ts, args[0]));
    gi_slot_init(&grouper_of(ref)->target, gi_dup(ts, args[1]));
    grouper_of(ref)->group = group_begins(ts, args[0]);
    return ref;
}

static GiRef grouper_step(GiThread *ts, GiVal self) {
    GiGrouper *me = grouper_of(self);
    GiVal parent = gi_slot_peek(&me->parent);
    GiGroupBy *g = groupby_of(parent);
    if (!group_is_current(me)) return GI_NULL;
    for (;;) {
        if (gi_slot_empty(&g->value) && groupby_look(ts, parent)) return GI_NULL;
        GiTruth same = same_key(ts, gi_slot_dup(ts, &me->target), group_slot(ts, parent, &g->key));
        if (same.value <= 0) return GI_NULL;
        GiRef value = GI_NULL, key = GI_NULL;
        GI_STEP(ts, parent) {
            value = gi_step_take(&g->value);
            key = gi_step_take(&g->key);
        }
        gi_xdrop(ts, key);
        if (!gi_is_null(value) || !ts->core.free_running) return value;
    }
}

static GiRef grouper_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GiVal parent = gi_slot_peek(&grouper_of(self)->parent);
    GI_TURN(ts, parent, &groupby_of(parent)->turn) item = grouper_step(ts, self);
    return item;
}

GI_METHOD(grouper, __reduce__, "(self)", "Return state information for pickling.") {
    GiGrouper *me = grouper_of(self);
    if (!group_is_current(me))
        return gi_reduce_iter(ts, "iter", GI_NOVAL, 0, false);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self),
                           gi_tuple_pack(ts, 2, gi_val(me->parent), gi_val(me->target)), GI_NULL);
}

GiType gi_itertools_grouper_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools._grouper",
    .module = "itertools",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiGrouper),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiGrouper, parent), GI_SLOT(GiGrouper, target), GI_FIELDS_END},
    .methods = grouper_methods,
    .new_ = grouper_new,
    .iter = gi_iter_self,
    .next = grouper_next,
};

/* ---- tee: chunks ---- */

static GiRef data_make(GiThread *ts, GiVal iter) {
    GiTeeData *d = (GiTeeData *)gi_heap_new(ts, &gi_itertools_tee_data_type, sizeof(GiTeeData));
    if (d == NULL) return GI_NULL;
    gi_slot_init(&d->iter, gi_dup(ts, iter));
    return gi_own_obj(d);
}

static size_t data_count(const GiTeeData *d) { return __atomic_load_n(&d->count, __ATOMIC_ACQUIRE); }

/* Claims the right to fetch the next item. Who is refused has come back to the iterator out of itself, or
 * met another thread in it; the latter waits a moment first, since without the GIL that thread need not
 * be in Python code. */
static bool data_enter(GiThread *ts, GiTeeData *d) {
    if (GI_LIKELY(!ts->core.free_running)) {
        bool taken = d->running;
        d->running = true;
        return !taken;
    }
    for (int64_t pause = 1000; __atomic_exchange_n(&d->running, true, __ATOMIC_ACQUIRE); pause *= 2) {
        if (pause > 20000000) return false;
        GI_BLOCKING(&ts->core, "tee") gi_os_sleep_until(gi_os_deadline((uint64_t)pause));
    }
    return true;
}

/* Item i of a chunk, fetched when it is the next one. */
static GiRef data_item(GiThread *ts, GiTeeData *d, size_t i) {
    if (i < data_count(d)) return gi_slot_dup(ts, &d->values[i]);
    if (!data_enter(ts, d))
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot re-enter the tee iterator");
    GiRef item;
    if (i < data_count(d)) { /* another thread has been quicker */
        item = gi_slot_dup(ts, &d->values[i]);
    } else {
        item = gi_next(ts, gi_slot_peek(&d->iter));
        if (!gi_is_null(item)) {
            gi_slot_init(&d->values[d->count], gi_dup(ts, gi_val(item)));
            __atomic_store_n(&d->count, d->count + 1, __ATOMIC_RELEASE);
        }
    }
    __atomic_store_n(&d->running, false, __ATOMIC_RELEASE);
    return item;
}

/* The chunk after a full one: the first that is made stays. */
static GiRef data_next(GiThread *ts, GiTeeData *d) {
    if (__atomic_load_n(&d->next.bits, __ATOMIC_ACQUIRE) == 0) {
        GiRef next = data_make(ts, gi_slot_peek(&d->iter));
        if (gi_is_null(next)) return next;
        uint64_t none = 0;
        if (!__atomic_compare_exchange_n(&d->next.bits, &none, next.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            gi_drop(ts, next);
    }
    return gi_slot_load(ts, &d->next);
}

static GiRef data_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "teedataobject", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "teedataobject", nargs, 3, 3)) return GI_NULL;
    if (!gi_is_list(args[1]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "teedataobject() argument 2 must be list, not %T", args[1]);
    GiRef values = gi_list_to_tuple(ts, args[1]);
    if (gi_is_null(values)) return values;
    size_t n = gi_tuple_len(gi_val(values));
    bool next = !gi_is_none(args[2]);
    GiRef ref = GI_NULL;
    if (n > CHUNK || (n != CHUNK && next))
        gi_raise(ts, &gi_exc_ValueError, "Invalid arguments");
    else if (next && !gi_is_exact(args[2], type))
        gi_raise(ts, &gi_exc_ValueError, "Invalid arguments");
    else
        ref = data_make(ts, args[0]);
    if (!gi_is_null(ref)) {
        GiTeeData *d = data_of(ref);
        for (size_t i = 0; i < n; i++)
            gi_slot_init(&d->values[i], gi_dup(ts, gi_tuple_get(gi_val(values), i)));
        d->count = n;
        if (next) gi_slot_init(&d->next, gi_dup(ts, args[2]));
    }
    gi_drop(ts, values);
    return ref;
}

GI_METHOD(tee_data, __reduce__, "(self)", "Return state information for pickling.") {
    GiTeeData *d = data_of(self);
    GiRef values = gi_list_from(ts, (const GiVal *)d->values, data_count(d));
    if (gi_is_null(values)) return values;
    GiRef next = gi_slot_dup(ts, &d->next);
    if (gi_is_null(next)) next = GI_REF_NONE;
    GiRef args = gi_tuple_steal(ts, (GiRef[]){gi_slot_dup(ts, &d->iter), values, next}, 3);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, GI_NULL);
}

GiType gi_itertools_tee_data_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools._tee_dataobject",
    .module = "itertools",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiTeeData),
    .base = &gi_object_type,
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee objects.",
    .fields = (const GiField[]){GI_SLOT(GiTeeData, iter), GI_SLOT(GiTeeData, next),
                                GI_INLINE(GiTeeData, values, count), GI_FIELDS_END},
    .methods = tee_data_methods,
    .new_ = data_new,
};

/* ---- tee: iterators ---- */

/* Consumes data (null: failed before). */
static GiRef tee_make(GiThread *ts, GiRef data, size_t index) {
    GiTee *t = NULL;
    if (!gi_is_null(data)) t = (GiTee *)gi_heap_new(ts, &gi_itertools_tee_type, sizeof(GiTee));
    if (t == NULL) {
        gi_xdrop(ts, data);
        return GI_NULL;
    }
    gi_slot_init(&t->data, data);
    t->index = index;
    return gi_own_obj(t);
}

/* Where a tee stands: its chunk, and the place in it. */
static GiRef tee_place(GiThread *ts, GiVal self, size_t *index) {
    GiTee *t = tee_of(self);
    GiRef data = GI_NULL;
    GI_STEP(ts, self) {
        data = gi_slot_dup(ts, &t->data);
        *index = t->index;
    }
    return data;
}

/* Moves it from there (data, index) to place `to`, of chunk `next` if that is given (consumed); false: another
 * thread has moved it. */
static bool tee_move(GiThread *ts, GiVal self, GiVal data, size_t index, GiRef next, size_t to) {
    GiTee *t = tee_of(self);
    bool moved = false;
    GI_STEP(ts, self) {
        moved = gi_same(t->data, data) && t->index == index;
        if (moved) t->index = to;
        if (moved && !gi_is_null(next)) next = gi_step_swap(&t->data, next);
    }
    gi_xdrop(ts, next);
    return moved;
}

static GiRef tee_copy(GiThread *ts, GiVal self) {
    size_t index = 0;
    GiRef data = tee_place(ts, self, &index);
    return tee_make(ts, data, index);
}

static GiRef tee_from(GiThread *ts, GiVal iterable) {
    GiRef iter = gi_iter(ts, iterable);
    if (gi_is_null(iter)) return iter;
    GiRef tee = gi_is_exact(gi_val(iter), &gi_itertools_tee_type)
                    ? tee_copy(ts, gi_val(iter))
                    : tee_make(ts, data_make(ts, gi_val(iter)), 0);
    gi_drop(ts, iter);
    return tee;
}

static GiRef tee_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "_tee", kwnames) || gi_check_args(ts, "_tee", nargs, 1, 1)) return GI_NULL;
    return tee_from(ts, args[0]);
}

static GiRef tee_next_shared(GiThread *ts, GiVal self) {
    for (;;) {
        size_t index = 0;
        GiRef data = tee_place(ts, self, &index), item = GI_NULL;
        bool moved = true;
        if (index < CHUNK) { /* it may be more where threads met while the GIL was lifted */
            item = data_item(ts, data_of(data), index);
            if (!gi_is_null(item)) moved = tee_move(ts, self, gi_val(data), index, GI_NULL, index + 1) || !ts->core.free_running;
        } else {
            GiRef next = data_next(ts, data_of(data));
            moved = gi_is_null(next);
            if (!moved) (void)tee_move(ts, self, gi_val(data), index, next, 0);
        }
        gi_drop(ts, data);
        if (moved) return item;
        gi_xdrop(ts, item);
    }
}

static GiRef tee_next(GiThread *ts, GiVal self) {
    GiTee *t = tee_of(self);
    if (!gi_is_private(ts, self) || t->index >= CHUNK) return tee_next_shared(ts, self);
    if (t->index < data_count(data_of(t->data))) return gi_slot_dup(ts, &data_of(t->data)->values[t->index++]);
    GiRef data = gi_slot_dup(ts, &t->data);
    GiRef item = data_item(ts, data_of(data), t->index);
    gi_drop(ts, data);
    if (!gi_is_null(item)) t->index++;
    return item;
}

GI_METHOD(tee, __copy__, "(self)", "Returns an independent iterator.") { return tee_copy(ts, self); }

GI_METHOD(tee, __reduce__, "(self)", "Return state information for pickling.") {
    GiRef empty = gi_tuple_new(ts, 0), args = gi_tuple_steal(ts, &empty, 1);
    size_t index = 0;
    GiRef data = tee_place(ts, self, &index);
    GiRef state = gi_tuple_steal(ts, (GiRef[]){data, gi_smallint_ref((int64_t)index)}, 2);
    if (gi_is_null(state)) {
        gi_xdrop(ts, args);
        return state;
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

GI_METHOD(tee, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    if (gi_check_state(ts, a->state, 2, 2)) return GI_NULL;
    GiVal data = gi_tuple_get(a->state, 0);
    ssize_t index;
    if (!gi_is_exact(data, &gi_itertools_tee_data_type))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "argument 1 must be itertools._tee_dataobject, not %T", data);
    if (gi_as_ssize(ts, gi_tuple_get(a->state, 1), false, &index)) return GI_NULL;
    if (index < 0 || index > CHUNK)
        return gi_raise_ref(ts, &gi_exc_ValueError, "Index out of range");
    GiRef old = GI_NULL;
    GI_STEP(ts, self) {
        old = gi_step_swap(&tee_of(self)->data, gi_dup(ts, data));
        tee_of(self)->index = (size_t)index;
    }
    gi_drop(ts, old);
    return GI_REF_NONE;
}

GiType gi_itertools_tee_type = {
    .obj = GI_TYPE_HEAD,
    .name = "itertools._tee",
    .module = "itertools",
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiTee),
    .base = &gi_object_type,
    .doc = "Iterator wrapped to make it copyable.",
    .fields = (const GiField[]){GI_SLOT(GiTee, data), GI_FIELDS_END},
    .methods = tee_methods,
    .new_ = tee_new,
    .iter = gi_iter_self,
    .next = tee_next,
};

GiRef gi_itertools_tee(GiThread *ts, GiVal iterable, ssize_t n) {
    GiRef result = gi_tuple_new(ts, (size_t)n);
    if (gi_is_null(result) || n == 0) return result;
    GiRef first = gi_iter(ts, iterable), copy = GI_NULL;
    if (gi_is_null(first) || gi_getattr_opt(ts, gi_val(first), GI_N(__copy__), &copy)) goto fail;
    if (gi_is_null(copy)) {
        GiRef tee = tee_from(ts, gi_val(first));
        gi_drop(ts, first);
        first = tee;
        if (gi_is_null(first) || gi_getattr_opt(ts, gi_val(first), GI_N(__copy__), &copy)) goto fail;
    }
    for (ssize_t i = 1; i < n; i++) {
        GiRef other = gi_call0(ts, gi_val(copy));
        if (gi_is_null(other)) goto fail;
        gi_tuple_init(result, (size_t)i, other);
    }
    gi_tuple_init(result, 0, first);
    gi_drop(ts, copy);
    return result;
fail:
    gi_xdrop(ts, first), gi_xdrop(ts, copy), gi_drop(ts, result);
    return GI_NULL;
}
