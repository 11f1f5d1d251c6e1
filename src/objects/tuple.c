/* tuple.c - tuple: immutable, its items in the object. No locks: never changes once shared. */
#include "objects/container.h"

#include "objects/tuple.gen.h"

/* INVARIANT: never written to; shared by all VMs. */
static const GiTuple empty_tuple = {
    .obj = {.head = (uint64_t)(uintptr_t)&gi_tuple_type, .owner = GI_OWNER_IMMORTAL, .local = 1},
    .count = 0,
};

#define TUPLE_MAX ((size_t)(PTRDIFF_MAX / sizeof(GiSlot) - 8))

static GiRef tuple_alloc(GiThread *ts, size_t count) {
    if (GI_UNLIKELY(count > TUPLE_MAX)) return gi_raise_nomem(ts);
    GiObj *obj = gi_heap_new_fast(ts, &gi_tuple_type, sizeof(GiTuple) + count * sizeof(GiSlot));
    if (GI_UNLIKELY(obj == NULL)) return GI_NULL;
    ((GiTuple *)obj)->count = count;
    return gi_own_obj(obj);
}

GiRef gi_tuple_new(GiThread *ts, size_t count) {
    if (count == 0) return gi_own_obj(&empty_tuple);
    return tuple_alloc(ts, count);
}

GiRef gi_tuple_from(GiThread *ts, const GiVal *items, size_t count) {
    GiRef t = gi_tuple_new(ts, count);
    if (gi_is_null(t)) return t;
    GiSlot *to = gi_tuple_of(t)->items;
    for (size_t i = 0; i < count; i++) gi_slot_init(&to[i], gi_dup(ts, items[i]));
    return t;
}

GiRef gi_tuple_steal(GiThread *ts, const GiRef *items, size_t count) {
    GiRef t = gi_tuple_new(ts, count);
    if (gi_is_null(t)) {
        gi_drop_all(ts, items, count);
        return t;
    }
    GiSlot *to = gi_tuple_of(t)->items;
    for (size_t i = 0; i < count; i++) gi_slot_init(&to[i], items[i]);
    return t;
}

GiRef gi_tuple_pack(GiThread *ts, size_t count, ...) {
    GiRef t = gi_tuple_new(ts, count);
    if (gi_is_null(t)) return t;
    va_list ap;
    va_start(ap, count);
    for (size_t i = 0; i < count; i++) gi_tuple_init(t, i, gi_dup(ts, va_arg(ap, GiVal)));
    va_end(ap);
    return t;
}

GiRef gi_tuple_slice(GiThread *ts, GiVal t, size_t start, size_t stop) {
    if (stop > gi_tuple_len(t)) stop = gi_tuple_len(t);
    if (start >= stop) return gi_tuple_new(ts, 0);
    if (start == 0 && stop == gi_tuple_len(t) && gi_is_tuple_exact(t)) return gi_dup(ts, t);
    return gi_tuple_from(ts, gi_tuple_items(t) + start, stop - start);
}

static ssize_t tuple_length(GiThread *ts GI_UNUSED, GiVal self) { return (ssize_t)gi_tuple_len(self); }

static GiRef tuple_item(GiThread *ts, GiVal self, ssize_t index) {
    if (index < 0 || (size_t)index >= gi_tuple_len(self))
        return gi_raise_ref(ts, &gi_exc_IndexError, "tuple index out of range");
    return gi_dup(ts, gi_tuple_get(self, (size_t)index));
}

static GiRef tuple_subscript(GiThread *ts, GiVal self, GiVal key) {
    ssize_t n = (ssize_t)gi_tuple_len(self);
    if (gi_is_slice(key)) {
        ssize_t start, stop, step;
        if (gi_slice_unpack(ts, key, &start, &stop, &step)) return GI_NULL;
        size_t count = gi_slice_adjust((size_t)n, &start, &stop, step);
        if (step == 1) return gi_tuple_slice(ts, self, (size_t)start, (size_t)start + count);
        GiRef t = gi_tuple_new(ts, count);
        if (gi_is_null(t)) return t;
        for (size_t i = 0; i < count; i++, start += step)
            gi_tuple_init(t, i, gi_dup(ts, gi_tuple_get(self, (size_t)start)));
        return t;
    }
    if (!gi_has_index(key))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "tuple indices must be integers or slices, not %T", key);
    ssize_t i;
    if (gi_read_index(ts, key, &i)) return GI_NULL;
    return tuple_item(ts, self, i < 0 ? i + n : i);
}

static GiTruth tuple_contains(GiThread *ts, GiVal self, GiVal item) {
    for (size_t i = 0; i < gi_tuple_len(self); i++) {
        GiTruth eq = gi_item_equal(ts, gi_tuple_get(self, i), item);
        if (eq.value != 0) return eq;
    }
    return GI_TRUTH_NO;
}

static GiRef tuple_concat(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_tuple(right))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "can only concatenate tuple (not \"%T\") to tuple", right);
    size_t m = gi_tuple_len(left), n = gi_tuple_len(right);
    if (m == 0 && gi_is_tuple_exact(right)) return gi_dup(ts, right);
    if (n == 0 && gi_is_tuple_exact(left)) return gi_dup(ts, left);
    GiRef t = gi_tuple_new(ts, m + n);
    if (gi_is_null(t)) return t;
    for (size_t i = 0; i < m; i++) gi_tuple_init(t, i, gi_dup(ts, gi_tuple_get(left, i)));
    for (size_t i = 0; i < n; i++) gi_tuple_init(t, m + i, gi_dup(ts, gi_tuple_get(right, i)));
    return t;
}

static GiRef tuple_repeat(GiThread *ts, GiVal self, ssize_t times) {
    size_t n = gi_tuple_len(self);
    if ((n == 0 || times == 1) && gi_is_tuple_exact(self)) return gi_dup(ts, self);
    if (n == 0 || times <= 0) return gi_tuple_new(ts, 0);
    if ((size_t)times > TUPLE_MAX / n) return gi_raise_nomem(ts);
    GiRef t = gi_tuple_new(ts, n * (size_t)times);
    if (gi_is_null(t)) return t;
    GiSlot *to = gi_tuple_of(t)->items;
    for (ssize_t k = 0; k < times; k++)
        for (size_t i = 0; i < n; i++) gi_slot_init(to++, gi_dup(ts, gi_tuple_get(self, i)));
    return t;
}

static int64_t tuple_hash(GiThread *ts, GiVal self) {
    GiTupleHash acc = GI_TUPLE_HASH_INIT;
    size_t n = gi_tuple_len(self);
    for (size_t i = 0; i < n; i++) {
        GiVal item = gi_tuple_get(self, i);
        int64_t h;
        if (gi_is_tuple(item)) { /* only tuples nest without end */
            if (gi_enter_recursive(ts, "")) return -1;
            h = gi_hash(ts, item);
            gi_leave_recursive(ts);
        } else {
            h = gi_key_hash(ts, item);
        }
        if (h == -1) return -1;
        gi_tuple_hash_add(&acc, h);
    }
    return gi_tuple_hash_end(acc);
}

static GiRef tuple_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_tuple(self) || !gi_is_tuple(other)) return GI_REF_NOTIMPLEMENTED;
    size_t m = gi_tuple_len(self), n = gi_tuple_len(other), i = 0, both = GI_MIN(m, n);
    for (; i < both; i++) {
        GiTruth eq = gi_item_equal(ts, gi_tuple_get(self, i), gi_tuple_get(other, i));
        if (eq.value < 0) return GI_NULL;
        if (!eq.value) break;
    }
    if (i < both) {
        if (op == GI_EQ) return GI_REF_FALSE;
        if (op == GI_NE) return GI_REF_TRUE;
        return gi_compare(ts, gi_tuple_get(self, i), gi_tuple_get(other, i), op);
    }
    return gi_order_ref((ssize_t)m - (ssize_t)n, op);
}

static GiRef tuple_repr(GiThread *ts, GiVal self) {
    size_t n = gi_tuple_len(self);
    if (n == 0) return gi_str_from_cstr(ts, "()");
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "(...)");
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_char(&sb, '(');
    for (size_t i = 0; i < n && !sb.failed; i++) {
        if (i) gi_sb_lit(&sb, ", ");
        gi_sb_repr(&sb, gi_tuple_get(self, i));
    }
    if (n == 1) gi_sb_char(&sb, ',');
    gi_sb_char(&sb, ')');
    gi_repr_leave(ts, self);
    return gi_sb_finish(&sb);
}

GiRef gi_to_tuple(GiThread *ts, GiVal v) {
    if (gi_is_tuple_exact(v)) return gi_dup(ts, v);
    if (gi_is_list_exact(v)) return gi_list_to_tuple(ts, v);
    GiItems items;
    /* PYSEM: the iterable is asked for its length, and its error comes through; gi_items_of asks the iterator. */
    const GiType *type = gi_type_of(v);
    if (type->flags & GI_TYPE_HEAP && type->iter && gi_length_hint(ts, v, 8) < 0) return GI_NULL;
    if (gi_items_of(ts, v, &items, NULL)) return GI_NULL;
    GiRef t = gi_tuple_steal(ts, items.items, items.count);
    gi_mem_free(items.items);
    return t;
}

GI_NEW(tuple, "(cls, iterable=(), /)", "Built-in immutable sequence.") {
    if (type == &gi_tuple_type)
        return gi_is_null(a->iterable) ? gi_tuple_new(ts, 0) : gi_to_tuple(ts, a->iterable);
    GiRef items = gi_is_null(a->iterable) ? gi_tuple_new(ts, 0) : gi_to_tuple(ts, a->iterable);
    if (gi_is_null(items)) return items;
    size_t n = gi_tuple_len(items);
    GiRef t = gi_type_alloc(ts, type, n * sizeof(GiSlot));
    if (!gi_is_null(t)) {
        gi_tuple_of(t)->count = n;
        for (size_t i = 0; i < n; i++)
            gi_tuple_init(t, i, gi_dup(ts, gi_tuple_get(gi_val(items), i)));
    }
    gi_drop(ts, items);
    return t;
}

static GiRef tuple_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_tuple_type, "tuple", kwnames)) return GI_NULL;
    return tuple_new(ts, type, args, nargs, GI_NOVAL);
}

static GiRef tuple_vectornew(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                             GiVal kwnames) {
    if (gi_is_null(kwnames) && nargs == 1) {
        struct tuple_new_args a = {args[0]};
        return tuple_new_body(ts, type, &a);
    }
    if (gi_no_kwargs(ts, "tuple", kwnames)) return GI_NULL;
    return tuple_new(ts, type, args, nargs, kwnames);
}

GI_METHOD(tuple, __getnewargs__, "(self, /)", NULL) {
    GiRef copy = gi_tuple_from(ts, gi_tuple_items(self), gi_tuple_len(self));
    return gi_is_null(copy) ? copy : gi_tuple_steal(ts, &copy, 1);
}

GI_METHOD(tuple, index, "(self, value, start: index = 0, stop: index = 9223372036854775807, /)",
          "Return first index of value.\n\nRaises ValueError if the value is not present.") {
    ssize_t n = (ssize_t)gi_tuple_len(self), start = a->start, stop = a->stop;
    if (start < 0) start = GI_MAX(start + n, 0);
    if (stop < 0) stop += n;
    else if (stop > n) stop = n;
    for (ssize_t i = start; i < stop; i++) {
        GiTruth eq = gi_item_equal(ts, gi_tuple_get(self, (size_t)i), a->value);
        if (eq.value < 0) return GI_NULL;
        if (eq.value) return gi_smallint_ref(i);
    }
    return gi_raise_ref(ts, &gi_exc_ValueError, "tuple.index(x): x not in tuple");
}

GI_METHOD(tuple, count, "(self, value, /)", "Return number of occurrences of value.") {
    int64_t found = 0;
    for (size_t i = 0; i < gi_tuple_len(self); i++) {
        GiTruth eq = gi_item_equal(ts, gi_tuple_get(self, i), a->value);
        if (eq.value < 0) return GI_NULL;
        found += eq.value;
    }
    return gi_smallint_ref(found);
}

GI_CLASSMETHOD(tuple, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static GiRef tuple_iter(GiThread *ts, GiVal self);

GiType gi_tuple_type = {
    .obj = GI_TYPE_HEAD,
    .name = "tuple",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_SEQUENCE | GI_TYPE_MATCH_SELF | GI_TYPE_TUPLE |
             GI_TYPE_VARSIZED | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiTuple),
    .item_size = sizeof(GiSlot),
    .base = &gi_object_type,
    .doc = "tuple(iterable=(), /)\n--\n\nBuilt-in immutable sequence.\n\nIf no argument is given, the constructor returns an "
           "empty tuple.\nIf iterable is specified the tuple is initialized from iterable's "
           "items.\n\nIf the argument is a tuple, the return value is the same object.",
    .fields = (const GiField[]){GI_INLINE(GiTuple, items, count), GI_FIELDS_END},
    .methods = tuple_methods,
    .new_ = tuple_slot_new,
    .vectornew = tuple_vectornew,
    .repr = tuple_repr,
    .hash = tuple_hash,
    .compare = tuple_compare,
    .iter = tuple_iter,
    .length = tuple_length,
    .item = tuple_item,
    .subscript = tuple_subscript,
    .contains = tuple_contains,
    .concat = tuple_concat,
    .repeat = tuple_repeat,
};

/* ---- tuple_iterator ---- */

static GiRef tuple_iter(GiThread *ts, GiVal self) {
    GiTupleIter *it = (GiTupleIter *)gi_heap_new_fast(ts, &gi_tuple_iter_type, sizeof(GiTupleIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->tuple, gi_dup(ts, self));
    return gi_own_obj(it);
}

static GI_NOINLINE GiRef tuple_iter_next_free(GiThread *ts, GiVal self) {
    GiTupleIter *it = (GiTupleIter *)gi_obj(self);
    GiVal t = gi_slot_peek_shared(&it->tuple);
    if (gi_is_null(t)) return GI_NULL;
    for (;;) {
        ssize_t i = gi_position((ssize_t *)&it->index);
        if ((size_t)i < gi_tuple_len(t)) {
            if (GI_LIKELY(gi_claim(ts, self, (ssize_t *)&it->index, i, i + 1))) return gi_dup(ts, gi_tuple_get(t, (size_t)i));
        } else if (i == -1 || gi_claim(ts, self, (ssize_t *)&it->index, i, -1)) {
            gi_exhaust_of(ts, self, &it->tuple);
            return GI_NULL;
        }
    }
}

static GiRef tuple_iter_next(GiThread *ts, GiVal self) {
    if (GI_UNLIKELY(ts->core.free_running)) return tuple_iter_next_free(ts, self);
    GiTupleIter *it = (GiTupleIter *)gi_obj(self);
    GiVal t = gi_slot_peek(&it->tuple);
    if (gi_is_null(t)) return GI_NULL;
    size_t i = it->index;
    if (i < gi_tuple_len(t)) {
        it->index = i + 1;
        return gi_dup(ts, gi_tuple_get(t, i));
    }
    gi_slot_clear(ts, &it->tuple);
    return GI_NULL;
}

/* The tuple of an iterator that is not exhausted, and its position. */
static GiRef iter_tuple(GiThread *ts, GiVal self, ssize_t *index) {
    GiTupleIter *it = (GiTupleIter *)gi_obj(self);
    *index = gi_position((ssize_t *)&it->index);
    return *index < 0 ? GI_NULL : gi_slot_load(ts, &it->tuple);
}

static GiRef tuple_iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

GI_METHOD(tuple_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    ssize_t index, left = 0;
    GiRef t = iter_tuple(ts, self, &index);
    if (!gi_is_null(t)) left = (ssize_t)gi_tuple_len(t) - index;
    gi_xdrop(ts, t);
    return gi_smallint_ref(GI_MAX(left, 0));
}

GI_METHOD(tuple_iter, __reduce__, "(self)", "Return state information for pickling.") {
    ssize_t index;
    GiRef t = iter_tuple(ts, self, &index);
    GiRef result = gi_reduce_iter(ts, "iter", gi_val(t), index, true);
    gi_xdrop(ts, t);
    return result;
}

GI_METHOD(tuple_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    ssize_t index;
    GiRef t = iter_tuple(ts, self, &index);
    if (gi_is_null(t)) return GI_REF_NONE;
    ssize_t to = GI_MIN(GI_MAX(a->state, 0), (ssize_t)gi_tuple_len(t));
    while (index >= 0 && !gi_claim(ts, self, (ssize_t *)&((GiTupleIter *)gi_obj(self))->index, index, to))
        index = gi_position((ssize_t *)&((GiTupleIter *)gi_obj(self))->index);
    gi_drop(ts, t);
    return GI_REF_NONE;
}

static bool tuple_iter_spent(GiObj *self) { return ((GiTupleIter *)self)->index == SIZE_MAX; }

GiType gi_tuple_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "tuple_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiTupleIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiTupleIter, tuple), GI_FIELDS_END},
    .methods = tuple_iter_methods,
    .iter = tuple_iter_self,
    .next = tuple_iter_next,
    .spent = tuple_iter_spent,
};
