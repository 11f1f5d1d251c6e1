/* iterators.c - iter() over __getitem__, iter(callable, sentinel), and reversed(); rows of iterators.
 *
 * A slot that is null, an index of -1 or `done` say that the iterator is exhausted, for good. What user code is called with
 * is kept alive during the call: the call may exhaust the iterator.
 */
#include "objects/container.h"
#include "objects/range.h"

typedef struct GiSeqIter {
    GiObj obj;
    GiSlot seq;
    ssize_t index; /* the next one; -1: none */
} GiSeqIter;
typedef struct GiCallIter {
    GiObj obj;
    GiSlot callable, sentinel;
    bool done;
} GiCallIter;

#include "objects/iterators.gen.h"

#define seqiter_of(v) ((GiSeqIter *)gi_obj(v))
#define calliter_of(v) ((GiCallIter *)gi_obj(v))

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

/* True if what is raised ends the iteration over a sequence; it is then cleared. */
static bool is_end(GiThread *ts) {
    if (!gi_raised(ts)) return true;
    if (!gi_exc_matches(ts, &gi_exc_IndexError) && !gi_exc_matches(ts, &gi_exc_StopIteration))
        return false;
    gi_exc_clear(ts);
    return true;
}

/* ---- iterator: over __getitem__ with 0, 1, 2 ... ---- */

GiRef gi_seqiter_new(GiThread *ts, GiVal sequence) {
    GiSeqIter *it = (GiSeqIter *)gi_heap_new(ts, &gi_seqiter_type, sizeof(GiSeqIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->seq, gi_dup(ts, sequence));
    return gi_own_obj(it);
}

/* As gi_claim. Under the lock the sequence's code may have moved the index: that goes on from there. */
static bool claim_item(GiThread *ts, GiVal self, ssize_t from, ssize_t to) {
    ssize_t *index = &seqiter_of(self)->index;
    if (gi_is_private(ts, self)) {
        *index = to == -1 ? -1 : *index + (to - from);
        return true;
    }
    return gi_claim(ts, self, index, from, to);
}

static GiRef seqiter_next(GiThread *ts, GiVal self) {
    GiSeqIter *it = seqiter_of(self);
    GiRef seq = gi_slot_load(ts, &it->seq), item;
    if (gi_is_null(seq)) return seq;
    for (bool again = true; again;) {
        ssize_t index = gi_position(&it->index);
        item = GI_NULL;
        if (index < 0) break;
        if (index == PTRDIFF_MAX) {
            (void)gi_raise_ref(ts, &gi_exc_OverflowError, "iter index too large");
            break;
        }
        item = gi_sequence_item(ts, gi_val(seq), index);
        again = false;
        if (!gi_is_null(item)) {
            again = !claim_item(ts, self, index, index + 1);
            if (again) gi_drop(ts, item); /* another thread has it */
        } else if (is_end(ts)) {
            again = !claim_item(ts, self, index, -1);
            if (!again) gi_exhaust_of(ts, self, &it->seq);
        }
    }
    gi_drop(ts, seq);
    return item;
}

GI_METHOD(seqiter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiSeqIter *it = seqiter_of(self);
    ssize_t index = gi_position(&it->index);
    GiRef seq = index < 0 ? GI_NULL : gi_slot_load(ts, &it->seq);
    if (gi_is_null(seq)) return gi_smallint_ref(0);
    if (gi_type_of(gi_val(seq))->length == NULL) {
        gi_drop(ts, seq);
        return GI_REF_NOTIMPLEMENTED;
    }
    ssize_t n = gi_length(ts, gi_val(seq));
    gi_drop(ts, seq);
    if (n < 0) return GI_NULL;
    return gi_smallint_ref(GI_MAX(n - index, 0));
}

GI_METHOD(seqiter, __reduce__, "(self)", "Return state information for pickling.") {
    GiSeqIter *it = seqiter_of(self);
    ssize_t index = gi_position(&it->index);
    GiRef seq = index < 0 ? GI_NULL : gi_slot_load(ts, &it->seq);
    GiRef result = gi_reduce_iter(ts, "iter", gi_val(seq), index, true);
    gi_xdrop(ts, seq);
    return result;
}

GI_METHOD(seqiter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    GiSeqIter *it = seqiter_of(self);
    for (ssize_t index; (index = gi_position(&it->index)) >= 0;)
        if (gi_claim(ts, self, &it->index, index, GI_MAX(a->state, 0))) break;
    return GI_REF_NONE;
}

static bool seqiter_spent(GiObj *self) { return ((GiSeqIter *)self)->index == -1; }

GiType gi_seqiter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSeqIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiSeqIter, seq), GI_FIELDS_END},
    .methods = seqiter_methods,
    .iter = iter_self,
    .next = seqiter_next,
    .spent = seqiter_spent,
};

/* ---- callable_iterator ---- */

GiRef gi_calliter_new(GiThread *ts, GiVal callable, GiVal sentinel) {
    GiCallIter *it = (GiCallIter *)gi_heap_new(ts, &gi_calliter_type, sizeof(GiCallIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->callable, gi_dup(ts, callable));
    gi_slot_init(&it->sentinel, gi_dup(ts, sentinel));
    return gi_own_obj(it);
}

static GiRef calliter_next(GiThread *ts, GiVal self) {
    GiCallIter *it = calliter_of(self);
    GiRef callable = gi_load_acq(&it->done) ? GI_NULL : gi_slot_load(ts, &it->callable);
    if (gi_is_null(callable)) return callable;
    GiRef item = gi_call0(ts, gi_val(callable));
    gi_drop(ts, callable);
    bool end = false;
    if (gi_is_null(item)) {
        end = gi_exc_matches(ts, &gi_exc_StopIteration);
        if (end) gi_exc_clear(ts);
    } else {
        GiRef sentinel = gi_slot_load(ts, &it->sentinel);
        GiTruth eq = gi_is_null(sentinel) ? GI_TRUTH_YES : gi_item_equal(ts, gi_val(sentinel), gi_val(item));
        gi_xdrop(ts, sentinel);
        if (eq.value != 0) {
            gi_drop(ts, item);
            item = GI_NULL;
        }
        end = eq.value > 0;
    }
    if (end) {
        gi_store_rel(&it->done, true);
        gi_exhaust_of(ts, self, &it->callable);
        gi_exhaust_of(ts, self, &it->sentinel);
    }
    return item;
}

GI_METHOD(calliter, __reduce__, "(self)", "Return state information for pickling.") {
    GiCallIter *it = calliter_of(self);
    bool done = gi_load_acq(&it->done);
    GiRef callable = done ? GI_NULL : gi_slot_load(ts, &it->callable);
    GiRef sentinel = done ? GI_NULL : gi_slot_load(ts, &it->sentinel);
    if (gi_is_null(callable) || gi_is_null(sentinel)) {
        gi_xdrop(ts, callable), gi_xdrop(ts, sentinel);
        return gi_reduce_iter(ts, "iter", GI_NOVAL, 0, false);
    }
    GiRef function = gi_builtin(ts, "iter");
    GiRef args = gi_tuple_steal(ts, (GiRef[]){callable, sentinel}, 2);
    return gi_reduce_tuple(ts, function, args, GI_NULL);
}

static bool calliter_spent(GiObj *self) { return ((GiCallIter *)self)->done; }

GiType gi_calliter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "callable_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiCallIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiCallIter, callable), GI_SLOT(GiCallIter, sentinel),
                                GI_FIELDS_END},
    .methods = calliter_methods,
    .iter = iter_self,
    .next = calliter_next,
    .spent = calliter_spent,
};

/* ---- reversed ---- */

static GiRef reversed_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_reversed_type, "reversed", kwnames)) return GI_NULL;
    if (nargs != 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "reversed expected 1 argument, got %zu", nargs);
    GiRef method = GI_NULL;
    if (gi_lookup_special(ts, args[0], GI_N(__reversed__), &method)) return GI_NULL;
    if (!gi_is_null(method) && !gi_is_none(method)) {
        GiRef it = gi_call0(ts, gi_val(method));
        gi_drop(ts, method);
        return it;
    }
    if (gi_is_none(method) || !gi_is_sequence(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'%T' object is not reversible", args[0]);
    ssize_t n = gi_length(ts, args[0]);
    if (n < 0) return GI_NULL;
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    gi_slot_init(&seqiter_of(ref)->seq, gi_dup(ts, args[0]));
    seqiter_of(ref)->index = n - 1;
    return ref;
}

static GiRef reversed_next(GiThread *ts, GiVal self) {
    GiSeqIter *it = seqiter_of(self);
    GiRef seq = gi_slot_load(ts, &it->seq), item = GI_NULL;
    if (gi_is_null(seq)) return seq;
    for (bool again = true; again;) {
        ssize_t index = gi_position(&it->index);
        item = GI_NULL;
        if (index >= 0) item = gi_sequence_item(ts, gi_val(seq), index);
        again = false;
        if (!gi_is_null(item)) {
            again = !gi_claim(ts, self, &it->index, index, index - 1);
            if (again) gi_drop(ts, item); /* another thread has it */
        } else if (is_end(ts)) {
            again = !gi_claim(ts, self, &it->index, index, -1);
            if (!again) gi_exhaust_of(ts, self, &it->seq);
        }
    }
    gi_drop(ts, seq);
    return item;
}

GI_METHOD(reversed, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiSeqIter *it = seqiter_of(self);
    GiRef seq = gi_slot_load(ts, &it->seq);
    if (gi_is_null(seq)) return gi_smallint_ref(0);
    ssize_t n = gi_length(ts, gi_val(seq)), left = gi_position(&it->index) + 1;
    gi_drop(ts, seq);
    if (n < 0) return GI_NULL;
    return gi_smallint_ref(n < left ? 0 : left);
}

GI_METHOD(reversed, __reduce__, "(self)", "Return state information for pickling.") {
    GiSeqIter *it = seqiter_of(self);
    GiRef seq = gi_slot_load(ts, &it->seq), state = GI_NULL;
    if (gi_is_null(seq)) seq = gi_tuple_new(ts, 0);
    else state = gi_smallint_ref(gi_position(&it->index));
    GiRef args = gi_tuple_steal(ts, &seq, 1);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, state);
}

GI_METHOD(reversed, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    GiSeqIter *it = seqiter_of(self);
    GiRef seq = gi_slot_load(ts, &it->seq);
    if (gi_is_null(seq)) return GI_REF_NONE;
    ssize_t n = gi_length(ts, gi_val(seq));
    gi_drop(ts, seq);
    if (n < 0) return GI_NULL;
    gi_store_rel(&it->index, a->state < -1 ? -1 : a->state > n - 1 ? n - 1 : a->state);
    return GI_REF_NONE;
}

GiType gi_reversed_type = {
    .obj = GI_TYPE_HEAD,
    .name = "reversed",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSeqIter),
    .base = &gi_object_type,
    .doc = "reversed(sequence, /)\n--\n\nReturn a reverse iterator over the values of the given sequence.",
    .fields = (const GiField[]){GI_SLOT(GiSeqIter, seq), GI_FIELDS_END},
    .methods = reversed_methods,
    .new_ = reversed_new,
    .vectornew = reversed_new,
    .iter = iter_self,
    .next = reversed_next,
    .spent = seqiter_spent,
};

/* ---- Rows ---- */

ssize_t *gi_row_position(GiVal it) {
    GiType *type = gi_type_of(it);
    if (type == &gi_list_iter_type) return &((GiListIter *)gi_obj(it))->index;
    if (type == &gi_tuple_iter_type) return (ssize_t *)&((GiTupleIter *)gi_obj(it))->index;
    if (type == &gi_range_iter_type) return &((GiRangeIter *)gi_obj(it))->index;
    return gi_str_iter_position(it);
}

/* The item at a position, null at the end. An iterator that is several threads' keeps its slot. */
static GiRef row_item(GiThread *ts, GiVal it, ssize_t index) {
    GiType *type = gi_type_of(it);
    if (index < 0) return GI_NULL;
    if (type == &gi_list_iter_type) return gi_list_iter_item(ts, it, index);
    if (type == &gi_tuple_iter_type) {
        GiVal t = gi_slot_peek(&((GiTupleIter *)gi_obj(it))->tuple);
        return gi_is_null(t) || (size_t)index >= gi_tuple_len(t) ? GI_NULL : gi_dup(ts, gi_tuple_get(t, (size_t)index));
    }
    if (type == &gi_range_iter_type) {
        GiRangeIter *r = (GiRangeIter *)gi_obj(it);
        if (index >= r->length) return GI_NULL;
        return gi_int_from_i64(ts, (int64_t)((uint64_t)r->start + (uint64_t)index * (uint64_t)r->step));
    }
    return gi_str_iter_item(ts, it, index);
}

/* Moves a position to `index` at least. */
static void advance(ssize_t *position, ssize_t index) {
    ssize_t now = gi_position(position);
    while (now >= 0 && now < index &&
           !__atomic_compare_exchange_n(position, &now, index, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {}
}

bool gi_row_next(GiThread *ts, const GiVal *iters, size_t n, GiRef *out, size_t *at, ssize_t *index) {
    ssize_t *first = gi_row_position(iters[0]);
    for (;;) {
        ssize_t i = gi_position(first);
        size_t got = 0;
        while (got < n && !gi_is_null(out[got] = row_item(ts, iters[got], i))) got++;
        *index = i;
        if (got == n && __atomic_compare_exchange_n(first, &i, i + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            for (size_t k = 1; k < n; k++) advance(gi_row_position(iters[k]), i + 1);
            return true;
        }
        gi_drop_all(ts, out, got);
        if (got == n) continue; /* another thread has this row */
        *at = got;
        if (gi_raised(ts)) return false;
        /* A list that grows afterwards does not begin anew. */
        if (i >= 0 && gi_type_of(iters[got]) == &gi_list_iter_type) {
            ssize_t *ended = gi_row_position(iters[got]), now = gi_position(ended);
            if (got == 0 && !__atomic_compare_exchange_n(ended, &i, -1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) continue;
            if (got > 0 && now >= 0) gi_store_rel(ended, -1);
        }
        return false;
    }
}
