/* enumerate.c - enumerate(): pairs of a running number and an iterator's item. */
#include "objects/container.h"
#include "objects/whole.h"

typedef struct GiEnumerate {
    GiObj obj;
    GiSlot iter;
    int64_t index; /* while big is null */
    GiSlot big;    /* an int beyond 64 bits */
    int64_t first; /* where index began */
    bool row;      /* iter is this object's own, and has a position: index goes along with it */
} GiEnumerate;

#include "objects/enumerate.gen.h"

#define enumerate_of(v) ((GiEnumerate *)gi_obj(v))

static GiRef enumerate_make(GiThread *ts, GiType *type, GiVal iterable, GiVal start) {
    GiRef first = gi_is_null(start) ? gi_smallint_ref(0) : gi_index(ts, start);
    if (gi_is_null(first)) return first;
    GiRef iter = gi_iter(ts, iterable);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        gi_drop(ts, first);
        return ref;
    }
    GiEnumerate *e = enumerate_of(ref);
    gi_slot_init(&e->iter, iter);
    if (gi_int_as_i64(gi_val(first), &e->index)) {
        gi_slot_init(&e->big, first);
        e->index = INT64_MAX; /* no number is taken from it any more */
    } else {
        gi_drop(ts, first);
    }
    e->first = e->index;
    e->row = gi_is_null(e->big) && e->first < INT64_MAX / 2 && !gi_same(gi_val(e->iter), iterable) &&
             gi_row_position(gi_val(e->iter)) != NULL;
    return ref;
}

static GiRef enumerate_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    GiVal v[2] = {nargs > 0 ? args[0] : GI_NOVAL, nargs > 1 ? args[1] : GI_NOVAL};
    if (nargs + kw > 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "enumerate() takes at most 2 arguments (%zu given)",
                            nargs + kw);
    for (size_t i = 0; i < kw; i++) {
        GiVal name = gi_tuple_get(kwnames, i);
        size_t at = gi_str_equals_cstr(name, "iterable") ? 0 : gi_str_equals_cstr(name, "start") ? 1 : 2;
        if (at == 2 || !gi_is_null(v[at]))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "'%U' is an invalid keyword argument for enumerate()", name);
        v[at] = args[nargs + i];
    }
    if (gi_is_null(v[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "enumerate() missing required argument 'iterable'");
    return enumerate_make(ts, type, v[0], v[1]);
}

/* The running number, which is increased; null on failure. */
static GiRef take_index(GiThread *ts, GiEnumerate *e) {
    if (GI_LIKELY(gi_is_null(e->big))) {
        int64_t i = e->index;
        if (GI_LIKELY(i != INT64_MAX)) {
            e->index = i + 1;
            return GI_LIKELY(gi_fits_smallint(i)) ? gi_smallint_ref(i) : gi_int_from_i64(ts, i);
        }
        GiRef big = gi_int_from_i64(ts, i);
        if (gi_is_null(big)) return big;
        gi_slot_init(&e->big, big);
    }
    GiRef now = gi_slot_dup(ts, &e->big);
    GiRef next = gi_int_add(ts, gi_val(now), gi_smallint(1));
    if (gi_is_null(next)) {
        gi_drop(ts, now);
        return next;
    }
    gi_slot_set(ts, &e->big, next);
    return now;
}

/* The running number, when several threads may take it. */
static GiRef take_index_shared(GiThread *ts, GiVal self) {
    GiEnumerate *e = enumerate_of(self);
    int64_t i = gi_load_relaxed(&e->index);
    while (i != INT64_MAX)
        if (__atomic_compare_exchange_n(&e->index, &i, i + 1, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return gi_int_from_i64(ts, i);
    gi_lock_obj(ts, self);
    GiRef now = gi_is_null(e->big) ? gi_int_from_i64(ts, i) : gi_slot_dup(ts, &e->big);
    GiRef next = gi_is_null(now) ? GI_NULL : gi_int_add(ts, gi_val(now), gi_smallint(1)), old = GI_NULL;
    if (!gi_is_null(next)) old = gi_slot_exchange(ts, &e->big, next);
    gi_unlock_obj(ts, self);
    gi_xdrop(ts, old);
    if (!gi_is_null(next)) return now;
    gi_xdrop(ts, now);
    return GI_NULL;
}

static GI_NOINLINE GiRef enumerate_next_shared(GiThread *ts, GiVal self) {
    GiEnumerate *e = enumerate_of(self);
    GiRef item, index;
    if (e->row) {
        GiVal iter = gi_slot_peek(&e->iter);
        size_t at;
        ssize_t i;
        if (!gi_row_next(ts, &iter, 1, &item, &at, &i)) return GI_NULL;
        __atomic_fetch_add(&e->index, 1, __ATOMIC_RELAXED);
        index = gi_int_from_i64(ts, e->first + i);
    } else {
        item = gi_next_inner(ts, self, &e->iter);
        if (gi_is_null(item)) return item;
        index = take_index_shared(ts, self);
    }
    if (!gi_is_null(index)) return gi_tuple_steal(ts, (GiRef[]){index, item}, 2);
    gi_drop(ts, item);
    return index;
}

static GiRef enumerate_next(GiThread *ts, GiVal self) {
    if (!gi_is_private(ts, self)) return enumerate_next_shared(ts, self);
    GiEnumerate *e = enumerate_of(self);
    GiRef item = gi_next(ts, gi_slot_peek(&e->iter));
    if (gi_is_null(item)) return item;
    GiRef index = take_index(ts, e);
    if (gi_is_null(index)) {
        gi_drop(ts, item);
        return index;
    }
    return gi_tuple_steal(ts, (GiRef[]){index, item}, 2);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

GI_METHOD(enumerate, __reduce__, "(self)", "Return state information for pickling.") {
    GiEnumerate *e = enumerate_of(self);
    GiRef index = gi_slot_load(ts, &e->big);
    if (gi_is_null(index)) index = gi_int_from_i64(ts, gi_load_relaxed(&e->index));
    if (gi_is_null(index)) return index;
    GiRef args = gi_tuple_steal(ts, (GiRef[]){gi_slot_dup(ts, &e->iter), index}, 2);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, GI_NULL);
}

GI_CLASSMETHOD(enumerate, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static GiSlot *enumerate_part(GiVal self, size_t i) { return i == 0 ? &enumerate_of(self)->iter : NULL; }
static const GiRest parts_of_enumerate = {.part = enumerate_part};

GiType gi_enumerate_type = {
    .obj = GI_TYPE_HEAD,
    .name = "enumerate",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiEnumerate),
    .base = &gi_object_type,
    .doc = "enumerate(iterable, start=0)\n--\n\nReturn an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe "
           "enumerate object yields pairs containing a count (from start, which\ndefaults to zero) "
           "and a value yielded by the iterable argument.\n\nenumerate is useful for obtaining an "
           "indexed list:\n    (0, seq[0]), (1, seq[1]), (2, seq[2]), ...",
    .fields = (const GiField[]){GI_SLOT(GiEnumerate, iter), GI_SLOT(GiEnumerate, big), GI_FIELDS_END},
    .methods = enumerate_methods,
    .new_ = enumerate_new,
    .vectornew = enumerate_new,
    .iter = iter_self,
    .next = enumerate_next,
    .native = (void *)&parts_of_enumerate,
};
