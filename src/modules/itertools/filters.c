/* filters.c - iterators that choose, join or transform the items of others: accumulate, chain,
 * compress, dropwhile, takewhile, filterfalse, islice, pairwise, starmap, zip_longest. */
#include "modules/itertools/itertools.h"

typedef struct GiAccumulate {
    GiObj obj;
    GiTurn turn;
    GiSlot iter, func, total, initial; /* func null: + */
} GiAccumulate;
typedef struct GiChain {
    GiObj obj;
    GiTurn turn;
    GiSlot source, active;
} GiChain;
typedef struct GiCompress {
    GiObj obj;
    GiTurn turn;
    GiSlot data, selectors;
} GiCompress;
typedef struct GiWhile { /* dropwhile, takewhile, filterfalse, starmap */
    GiObj obj;
    GiSlot func, iter;
    _Atomic bool turned; /* dropwhile: dropping is over. takewhile: taking is over */
} GiWhile;
typedef struct GiIslice {
    GiObj obj;
    GiTurn turn;
    GiSlot iter;
    ssize_t next, stop, step, done; /* stop -1: none; done: items taken from iter */
} GiIslice;
typedef struct GiPairwise {
    GiObj obj;
    GiTurn turn;
    GiSlot iter, old;
} GiPairwise;
typedef struct GiZipLongest {
    GiObj obj;
    GiTurn turn;
    GiSlot *iters; /* null: exhausted */
    size_t count, active;
    GiSlot fill;
} GiZipLongest;

#include "modules/itertools/filters.gen.h"

#define accumulate_of(v) ((GiAccumulate *)gi_obj(v))
#define chain_of(v) ((GiChain *)gi_obj(v))
#define compress_of(v) ((GiCompress *)gi_obj(v))
#define while_of(v) ((GiWhile *)gi_obj(v))
#define islice_of(v) ((GiIslice *)gi_obj(v))
#define pairwise_of(v) ((GiPairwise *)gi_obj(v))
#define longest_of(v) ((GiZipLongest *)gi_obj(v))

#define ITER_TYPE(ctype, struct_, text, ...)                                                       \
    GiType gi_itertools_##ctype##_type = {                                                         \
        .obj = GI_TYPE_HEAD,                                                                       \
        .name = "itertools." #ctype,                                                               \
        .module = "itertools",                                                                     \
        .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,                                    \
        .size = sizeof(struct_),                                                                   \
        .base = &gi_object_type,                                                                   \
        .doc = text,                                                                               \
        .new_ = ctype##_new,                                                                       \
        .iter = gi_iter_self,                                                                      \
        .next = ctype##_next,                                                                      \
        __VA_ARGS__}

/* ---- accumulate ---- */

GI_NEW(accumulate, "(cls, iterable, func = None, *, initial = None)", "") {
    GiRef iter = gi_iter(ts, a->iterable);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    GiAccumulate *c = accumulate_of(ref);
    gi_slot_init(&c->iter, iter);
    gi_turn_for(&c->turn, gi_val(iter));
    if (!gi_is_null(a->func) && !gi_is_none(a->func)) {
        gi_slot_init(&c->func, gi_dup(ts, a->func));
        gi_turn_for_python(&c->turn);
    }
    if (!gi_is_null(a->initial) && !gi_is_none(a->initial))
        gi_slot_init(&c->initial, gi_dup(ts, a->initial));
    return ref;
}

/* The initial value if it has not been given yet: it is the first total. */
static GiRef accumulate_first(GiThread *ts, GiVal self) {
    GiAccumulate *c = accumulate_of(self);
    GiRef first = GI_NULL, old = GI_NULL;
    GI_STEP(ts, self) {
        first = gi_step_take(&c->initial);
        if (!gi_is_null(first)) old = gi_step_swap(&c->total, gi_dup(ts, gi_val(first)));
    }
    gi_xdrop(ts, old);
    return first;
}

/* Consumes item: the total with it. */
static GiRef accumulate_add(GiThread *ts, GiVal self, GiRef item) {
    GiAccumulate *c = accumulate_of(self);
    for (;;) {
        GiRef total = GI_NULL, old = GI_NULL;
        GI_STEP(ts, self) {
            total = gi_slot_dup(ts, &c->total);
            if (gi_is_null(total)) old = gi_step_swap(&c->total, gi_dup(ts, gi_val(item)));
        }
        if (gi_is_null(total)) return item;
        GiRef sum = gi_is_null(c->func) ? gi_binary(ts, GI_BIN_ADD, gi_val(total), gi_val(item))
                                        : gi_call2(ts, gi_val(c->func), gi_val(total), gi_val(item));
        bool counts = true; /* not if another thread has added to the same total */
        if (!gi_is_null(sum)) GI_STEP(ts, self) {
            counts = !ts->core.free_running || gi_same(c->total, total);
            if (counts) old = gi_step_swap(&c->total, gi_dup(ts, gi_val(sum)));
        }
        gi_drop(ts, total), gi_xdrop(ts, old);
        if (counts) {
            gi_drop(ts, item);
            return sum;
        }
        gi_drop(ts, sum);
    }
}

static GiRef accumulate_step(GiThread *ts, GiVal self) {
    GiAccumulate *c = accumulate_of(self);
    if (!gi_slot_empty(&c->initial)) {
        GiRef first = accumulate_first(ts, self);
        if (!gi_is_null(first)) return first;
    }
    GiRef item = gi_next_inner(ts, self, &c->iter);
    return gi_is_null(item) ? item : accumulate_add(ts, self, item);
}

/* PERF: as the step, for an iterator that only this thread can reach. */
static GiRef accumulate_plain(GiThread *ts, GiVal self) {
    GiAccumulate *c = accumulate_of(self);
    if (!gi_is_null(c->initial)) return accumulate_first(ts, self);
    GiRef item = gi_next(ts, gi_slot_peek(&c->iter));
    if (gi_is_null(item)) return item;
    GiRef total = gi_slot_dup(ts, &c->total);
    if (gi_is_null(total)) {
        gi_slot_set(ts, &c->total, gi_dup(ts, gi_val(item)));
        return item;
    }
    GiRef sum = gi_is_null(c->func) ? gi_binary(ts, GI_BIN_ADD, gi_val(total), gi_val(item))
                                    : gi_call2(ts, gi_val(c->func), gi_val(total), gi_val(item));
    gi_drop(ts, total), gi_drop(ts, item);
    if (!gi_is_null(sum)) gi_slot_store(ts, &c->total, gi_dup(ts, gi_val(sum)));
    return sum;
}

static GiRef accumulate_next(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return accumulate_plain(ts, self);
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &accumulate_of(self)->turn) item = accumulate_step(ts, self);
    return item;
}

static GiRef accumulate_func(GiThread *ts, GiAccumulate *c) {
    return gi_is_null(c->func) ? GI_REF_NONE : gi_slot_dup(ts, &c->func);
}

/* A total of None cannot be a state (None says: no state): the rest of a new accumulate that
 * starts with it. */
static GiRef reduce_none_total(GiThread *ts, GiVal self) {
    GiAccumulate *c = accumulate_of(self);
    GiVal none = GI_NONE;
    GiRef it = gi_chain_two(ts, gi_tuple_from(ts, &none, 1), gi_slot_dup(ts, &c->iter));
    if (gi_is_null(it)) return it;
    GiRef func = accumulate_func(ts, c);
    GiRef again = gi_call2(ts, gi_type_val(gi_type_of(self)), gi_val(it), gi_val(func));
    gi_drop(ts, it), gi_drop(ts, func);
    if (gi_is_null(again)) return again;
    GiRef args = gi_tuple_steal(ts, (GiRef[]){again, gi_smallint_ref(1), GI_REF_NONE}, 3);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(&gi_itertools_islice_type)), args, GI_NULL);
}

GI_METHOD(accumulate, __reduce__, "(self)", "Return state information for pickling.") {
    GiAccumulate *c = accumulate_of(self);
    GiRef it, initial = GI_NULL, total = GI_NULL;
    GI_STEP(ts, self) {
        initial = gi_slot_dup(ts, &c->initial);
        total = gi_slot_dup(ts, &c->total);
    }
    if (!gi_is_null(initial)) {
        gi_xdrop(ts, total);
        total = GI_NULL;
        it = gi_chain_two(ts, gi_tuple_steal(ts, &initial, 1), gi_slot_dup(ts, &c->iter));
    } else if (gi_is_none(total)) {
        return reduce_none_total(ts, self);
    } else {
        it = gi_slot_dup(ts, &c->iter);
    }
    GiRef state = gi_is_null(total) ? GI_REF_NONE : total;
    if (gi_is_null(it)) {
        gi_drop(ts, state);
        return it;
    }
    GiRef args = gi_tuple_steal(ts, (GiRef[]){it, accumulate_func(ts, c)}, 2);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

GI_METHOD(accumulate, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiRef old = GI_NULL;
    GI_STEP(ts, self) old = gi_step_swap(&accumulate_of(self)->total, gi_dup(ts, a->state));
    gi_xdrop(ts, old);
    return GI_REF_NONE;
}

ITER_TYPE(accumulate, GiAccumulate, "accumulate(iterable, func=None, *, initial=None)\n--\n\n"
          "Return series of accumulated sums (or other binary function results).",
          .methods = accumulate_methods,
          .fields = (const GiField[]){GI_SLOT(GiAccumulate, iter), GI_SLOT(GiAccumulate, func),
                                      GI_SLOT(GiAccumulate, total), GI_SLOT(GiAccumulate, initial),
                                      GI_FIELDS_END});

/* ---- chain ---- */

/* Consumes source, an iterator of iterables (null: failed before). */
static GiRef chain_make(GiThread *ts, GiType *type, GiRef source) {
    GiRef ref = gi_is_null(source) ? source : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, source);
        return ref;
    }
    gi_slot_init(&chain_of(ref)->source, source);
    gi_turn_for(&chain_of(ref)->turn, gi_val(source));
    return ref;
}

GiRef gi_chain_two(GiThread *ts, GiRef first, GiRef second) {
    if (gi_is_null(first) || gi_is_null(second)) {
        gi_xdrop(ts, first), gi_xdrop(ts, second);
        return GI_NULL;
    }
    GiRef both = gi_tuple_steal(ts, (GiRef[]){first, second}, 2);
    if (gi_is_null(both)) return both;
    GiRef source = gi_iter(ts, gi_val(both));
    gi_drop(ts, both);
    return chain_make(ts, &gi_itertools_chain_type, source);
}

static GiRef chain_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_itertools_chain_type, "chain", kwnames)) return GI_NULL;
    GiRef all = gi_tuple_from(ts, args, nargs);
    if (gi_is_null(all)) return all;
    GiRef source = gi_iter(ts, gi_val(all));
    gi_drop(ts, all);
    return chain_make(ts, type, source);
}

/* Makes `iter` the one that items come from, in front of what another thread may have put there. Consumes it. */
static GiStatus chain_activate(GiThread *ts, GiVal self, GiRef iter) {
    GiChain *c = chain_of(self);
    gi_turn_for(&c->turn, gi_val(iter));
    for (;;) {
        GiRef other = GI_NULL;
        GI_STEP(ts, self) {
            if (ts->core.free_running) other = gi_step_take(&c->active);
            if (gi_is_null(other)) iter = gi_step_swap(&c->active, iter);
        }
        if (gi_is_null(other)) {
            gi_xdrop(ts, iter);
            return GI_OK;
        }
        iter = gi_chain_two(ts, iter, other);
        if (gi_is_null(iter)) return GI_FAIL;
    }
}

/* The next of the iterators that items come from; null at the end, or after an error that ends it, too. */
static GiRef chain_go_on(GiThread *ts, GiVal self) {
    GiChain *c = chain_of(self);
    GiRef source = GI_NULL;
    GI_STEP(ts, self) source = gi_slot_dup(ts, &c->source);
    if (gi_is_null(source)) return source;
    GiRef iterable = gi_next(ts, gi_val(source)), end = GI_NULL;
    GiRef iter = gi_is_null(iterable) ? iterable : gi_iter(ts, gi_val(iterable));
    gi_xdrop(ts, iterable);
    if (gi_is_null(iter)) {
        GI_STEP(ts, self) end = gi_step_take_if(&c->source, gi_val(source));
    } else if (chain_activate(ts, self, gi_dup(ts, gi_val(iter)))) {
        gi_drop(ts, iter);
        iter = GI_NULL;
    }
    gi_drop(ts, source), gi_xdrop(ts, end);
    return iter;
}

static GiRef chain_step(GiThread *ts, GiVal self) {
    GiChain *c = chain_of(self);
    for (;;) {
        GiRef active = GI_NULL, gone = GI_NULL;
        if (!gi_slot_empty(&c->active)) GI_STEP(ts, self) active = gi_slot_dup(ts, &c->active);
        if (gi_is_null(active)) active = chain_go_on(ts, self);
        if (gi_is_null(active)) return active;
        GiRef item = gi_next(ts, gi_val(active));
        bool ended = gi_is_null(item) && !gi_raised(ts);
        if (ended) GI_STEP(ts, self) gone = gi_step_take_if(&c->active, gi_val(active));
        gi_xdrop(ts, gone), gi_drop(ts, active);
        if (!ended) return item;
    }
}

/* PERF: as the step, for an iterator that only this thread can reach. */
static GiRef chain_plain(GiThread *ts, GiVal self) {
    GiChain *c = chain_of(self);
    for (;;) {
        GiRef active = gi_slot_dup(ts, &c->active);
        if (gi_is_null(active)) active = chain_go_on(ts, self);
        if (gi_is_null(active)) return active;
        GiRef item = gi_next(ts, gi_val(active)), gone = GI_NULL;
        if (GI_LIKELY(!gi_is_null(item))) {
            gi_drop(ts, active);
            return item;
        }
        bool ended = !gi_raised(ts);
        if (ended) GI_STEP(ts, self) gone = gi_step_take_if(&c->active, gi_val(active));
        gi_xdrop(ts, gone), gi_drop(ts, active);
        if (!ended) return item;
    }
}

static GiRef chain_next(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return chain_plain(ts, self);
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &chain_of(self)->turn) item = chain_step(ts, self);
    return item;
}

GI_CLASSMETHOD(chain, from_iterable, "(type, iterable, /)",
               "Alternative chain() constructor taking a single iterable argument that evaluates lazily.") {
    return chain_make(ts, gi_as_type(self), gi_iter(ts, a->iterable));
}

GI_CLASSMETHOD(chain, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

GI_METHOD(chain, __reduce__, "(self)", "Return state information for pickling.") {
    GiChain *c = chain_of(self);
    GiRef source = GI_NULL, active = GI_NULL, state = GI_NULL;
    GI_STEP(ts, self) {
        source = gi_slot_dup(ts, &c->source);
        active = gi_slot_dup(ts, &c->active);
    }
    if (!gi_is_null(source)) {
        state = gi_tuple_steal(ts, (GiRef[]){source, active}, gi_is_null(active) ? 1 : 2);
        if (gi_is_null(state)) return state;
    } else {
        gi_xdrop(ts, active);
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), gi_tuple_new(ts, 0), state);
}

GI_METHOD(chain, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    if (gi_check_state(ts, a->state, 1, 2)) return GI_NULL;
    for (size_t i = 0; i < gi_tuple_len(a->state); i++)
        if (!gi_is_iterator(gi_tuple_get(a->state, i)))
            return gi_raise_ref(ts, &gi_exc_TypeError, "Arguments must be iterators.");
    GiChain *c = chain_of(self);
    gi_turn_for_python(&c->turn);
    GiRef source = gi_dup(ts, gi_tuple_get(a->state, 0));
    GiRef active = gi_tuple_len(a->state) > 1 ? gi_dup(ts, gi_tuple_get(a->state, 1)) : GI_NULL;
    GI_STEP(ts, self) {
        source = gi_step_swap(&c->source, source);
        active = gi_step_swap(&c->active, active);
    }
    gi_xdrop(ts, source), gi_xdrop(ts, active);
    return GI_REF_NONE;
}

ITER_TYPE(chain, GiChain,
          "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method "
          "returns elements from the\nfirst iterable until it is exhausted, then elements from the "
          "next\niterable, until all of the iterables are exhausted.",
          .methods = chain_methods,
          .fields = (const GiField[]){GI_SLOT(GiChain, source), GI_SLOT(GiChain, active), GI_FIELDS_END});

/* ---- compress ---- */

GI_NEW(compress, "(cls, data, selectors)", "") {
    GiRef data = gi_iter(ts, a->data);
    if (gi_is_null(data)) return data;
    GiRef selectors = gi_iter(ts, a->selectors);
    GiRef ref = gi_is_null(selectors) ? selectors : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_drop(ts, data), gi_xdrop(ts, selectors);
        return ref;
    }
    gi_slot_init(&compress_of(ref)->data, data);
    gi_slot_init(&compress_of(ref)->selectors, selectors);
    gi_turn_for(&compress_of(ref)->turn, gi_val(data));
    gi_turn_for(&compress_of(ref)->turn, gi_val(selectors));
    return ref;
}

static GiRef compress_step(GiThread *ts, GiVal self) {
    GiCompress *c = compress_of(self);
    for (;;) {
        GiRef item = gi_next_inner(ts, self, &c->data);
        if (gi_is_null(item)) return item;
        GiRef selector = gi_next_inner(ts, self, &c->selectors);
        if (gi_is_null(selector)) {
            gi_drop(ts, item);
            return selector;
        }
        GiTruth keep = gi_truth(ts, gi_val(selector));
        gi_drop(ts, selector);
        if (keep.value > 0) return item;
        gi_drop(ts, item);
        if (keep.value < 0) return GI_NULL;
    }
}

static GiRef compress_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &compress_of(self)->turn) item = compress_step(ts, self);
    return item;
}

GI_METHOD(compress, __reduce__, "(self)", "Return state information for pickling.") {
    GiCompress *c = compress_of(self);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self),
                           gi_tuple_pack(ts, 2, gi_val(c->data), gi_val(c->selectors)), GI_NULL);
}

ITER_TYPE(compress, GiCompress,
          "compress(data, selectors)\n--\n\n"
          "Return data elements corresponding to true selector elements.\n\nForms a shorter iterator "
          "from selected data elements using the selectors to\nchoose the data elements.",
          .methods = compress_methods,
          .fields = (const GiField[]){GI_SLOT(GiCompress, data), GI_SLOT(GiCompress, selectors),
                                      GI_FIELDS_END});

/* ---- dropwhile, takewhile, filterfalse, starmap: a function and an iterator ---- */

static const GiField while_fields[] = {GI_SLOT(GiWhile, func), GI_SLOT(GiWhile, iter), GI_FIELDS_END};

static GiRef while_make(GiThread *ts, GiType *exact, const char *name, GiType *type, const GiVal *args,
                        size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, exact, name, kwnames)) return GI_NULL;
    if (gi_check_args(ts, name, nargs, 2, 2)) return GI_NULL;
    GiRef iter = gi_iter(ts, args[1]);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    gi_slot_init(&while_of(ref)->func, gi_dup(ts, args[0]));
    gi_slot_init(&while_of(ref)->iter, iter);
    return ref;
}
#define WHILE_NEW(name)                                                                            \
    static GiRef name##_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,           \
                            GiVal kwnames) {                                                       \
        return while_make(ts, &gi_itertools_##name##_type, #name, type, args, nargs, kwnames);     \
    }
WHILE_NEW(dropwhile)
WHILE_NEW(takewhile)
WHILE_NEW(filterfalse)
WHILE_NEW(starmap)

static inline bool is_turned(GiWhile *w) { return atomic_load_explicit(&w->turned, memory_order_relaxed); }
static inline void turn(GiWhile *w, bool on) { atomic_store_explicit(&w->turned, on, memory_order_relaxed); }

static GiTruth while_test(GiThread *ts, GiWhile *w, GiVal item) {
    GiRef answer = gi_call1(ts, gi_slot_peek(&w->func), item);
    if (gi_is_null(answer)) return GI_TRUTH_FAIL;
    GiTruth t = gi_truth(ts, gi_val(answer));
    gi_drop(ts, answer);
    return t;
}

static GiRef dropwhile_next(GiThread *ts, GiVal self) {
    GiWhile *w = while_of(self);
    for (;;) {
        GiRef item = gi_next_inner(ts, self, &w->iter);
        if (gi_is_null(item) || is_turned(w)) return item;
        GiTruth drop = while_test(ts, w, gi_val(item));
        if (drop.value == 0) {
            turn(w, true);
            return item;
        }
        gi_drop(ts, item);
        if (drop.value < 0) return GI_NULL;
    }
}

static GiRef takewhile_next(GiThread *ts, GiVal self) {
    GiWhile *w = while_of(self);
    if (is_turned(w)) return GI_NULL;
    GiRef item = gi_next_inner(ts, self, &w->iter);
    if (gi_is_null(item)) return item;
    GiTruth take = while_test(ts, w, gi_val(item));
    if (take.value > 0) return item;
    gi_drop(ts, item);
    if (take.value == 0) turn(w, true);
    return GI_NULL;
}

static GiRef filterfalse_next(GiThread *ts, GiVal self) {
    GiWhile *w = while_of(self);
    GiVal func = gi_slot_peek(&w->func);
    bool identity = gi_is_none(func) || gi_same(func, gi_type_val(&gi_bool_type));
    for (;;) {
        GiRef item = gi_next_inner(ts, self, &w->iter);
        if (gi_is_null(item)) return item;
        GiTruth t = identity ? gi_truth(ts, gi_val(item)) : while_test(ts, w, gi_val(item));
        if (t.value == 0) return item;
        gi_drop(ts, item);
        if (t.value < 0) return GI_NULL;
    }
}

static GiRef starmap_next(GiThread *ts, GiVal self) {
    GiWhile *w = while_of(self);
    GiRef item = gi_next_inner(ts, self, &w->iter);
    if (gi_is_null(item)) return item;
    GiRef args = gi_to_tuple(ts, gi_val(item));
    gi_drop(ts, item);
    if (gi_is_null(args)) return args;
    GiVal t = gi_val(args);
    GiRef result = gi_call(ts, gi_slot_peek(&w->func), gi_tuple_items(t), gi_tuple_len(t), GI_NOVAL);
    gi_drop(ts, args);
    return result;
}

static GiRef while_reduce(GiThread *ts, GiVal self, bool with_state) {
    GiWhile *w = while_of(self);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self),
                           gi_tuple_pack(ts, 2, gi_val(w->func), gi_val(w->iter)),
                           with_state ? gi_smallint_ref(is_turned(w)) : GI_NULL);
}
static GiRef while_setstate(GiThread *ts, GiVal self, GiVal state) {
    GiTruth t = gi_truth(ts, state);
    if (t.value < 0) return GI_NULL;
    turn(while_of(self), t.value);
    return GI_REF_NONE;
}

GI_METHOD(dropwhile, __reduce__, "(self)", "Return state information for pickling.") {
    return while_reduce(ts, self, true);
}
GI_METHOD(dropwhile, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    return while_setstate(ts, self, a->state);
}
GI_METHOD(takewhile, __reduce__, "(self)", "Return state information for pickling.") {
    return while_reduce(ts, self, true);
}
GI_METHOD(takewhile, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    return while_setstate(ts, self, a->state);
}
GI_METHOD(filterfalse, __reduce__, "(self)", "Return state information for pickling.") {
    return while_reduce(ts, self, false);
}
GI_METHOD(starmap, __reduce__, "(self)", "Return state information for pickling.") {
    return while_reduce(ts, self, false);
}

ITER_TYPE(dropwhile, GiWhile,
          "dropwhile(predicate, iterable, /)\n--\n\n"
          "Drop items from the iterable while predicate(item) is true.\n\nAfterwards, return every "
          "element until the iterable is exhausted.",
          .methods = dropwhile_methods, .fields = while_fields);
ITER_TYPE(takewhile, GiWhile,
          "takewhile(predicate, iterable, /)\n--\n\n"
          "Return successive entries from an iterable as long as the predicate evaluates to true for each entry.",
          .methods = takewhile_methods, .fields = while_fields);
ITER_TYPE(filterfalse, GiWhile,
          "filterfalse(function, iterable, /)\n--\n\n"
          "Return those items of iterable for which function(item) is false.\n\nIf function is None, "
          "return the items that are false.",
          .methods = filterfalse_methods, .fields = while_fields);
ITER_TYPE(starmap, GiWhile,
          "starmap(function, iterable, /)\n--\n\n"
          "Return an iterator whose values are returned from the function evaluated with an argument "
          "tuple taken from the given sequence.",
          .methods = starmap_methods, .fields = while_fields);

/* ---- islice ---- */

/* A bound: None gives fallback; false (nothing raised) for what is not a number from least on. */
static bool islice_bound(GiThread *ts, GiVal v, ssize_t fallback, ssize_t least, ssize_t *out) {
    *out = fallback;
    if (gi_is_none(v)) return true;
    if (gi_has_index(v) && gi_as_ssize(ts, v, false, out) == GI_OK) return *out >= least;
    gi_exc_clear(ts);
    return false;
}

static GiRef islice_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_itertools_islice_type, "islice", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "islice", nargs, 2, 4)) return GI_NULL;
    ssize_t start = 0, stop, step = 1;
    GiVal stop_arg = nargs == 2 ? args[1] : args[2];
    if (nargs > 2 && !islice_bound(ts, args[1], 0, 0, &start)) {
        ssize_t unused;
        if (islice_bound(ts, stop_arg, -1, 0, &unused))
            return gi_raise_ref(ts, &gi_exc_ValueError, "Indices for islice() must be None or an "
                                                        "integer: 0 <= x <= sys.maxsize.");
    }
    if (!islice_bound(ts, stop_arg, -1, 0, &stop))
        return gi_raise_ref(ts, &gi_exc_ValueError, "Stop argument for islice() must be None or an "
                                                    "integer: 0 <= x <= sys.maxsize.");
    if (nargs == 4 && !islice_bound(ts, args[3], 1, 1, &step))
        return gi_raise_ref(ts, &gi_exc_ValueError,
                            "Step for islice() must be a positive integer or None.");
    GiRef iter = gi_iter(ts, args[0]);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    GiIslice *s = islice_of(ref);
    gi_slot_init(&s->iter, iter);
    gi_turn_for(&s->turn, gi_val(iter));
    s->next = start;
    s->stop = stop;
    s->step = step;
    return ref;
}

/* After an item: where the one to be given next stands. */
static inline void islice_forward(GiIslice *s) {
    if (__builtin_add_overflow(s->next, s->step, &s->next) || (s->stop != -1 && s->next > s->stop))
        s->next = s->stop == -1 ? PTRDIFF_MAX : s->stop;
}

/* Claims the place of the next item, to which `skip` items lead; false: there are only those to be skipped. */
static bool islice_claim(GiIslice *s, ssize_t *skip) {
    *skip = s->done < s->next ? s->next - s->done : 0;
    s->done += *skip;
    if (s->stop != -1 && s->done >= s->stop) return false;
    s->done++;
    islice_forward(s);
    return true;
}

/* For an islice that several threads step: each fetches the items that it has claimed. */
static GiRef islice_next_shared(GiThread *ts, GiVal self) {
    GiIslice *s = islice_of(self);
    GiRef iter = GI_NULL, item = GI_NULL, end = GI_NULL;
    ssize_t skip = 0;
    bool more = false;
    GI_STEP(ts, self) {
        iter = gi_slot_dup(ts, &s->iter);
        if (!gi_is_null(iter)) more = islice_claim(s, &skip);
    }
    if (gi_is_null(iter)) return iter;
    for (; skip > 0; skip--) {
        item = gi_next(ts, gi_val(iter));
        if (gi_is_null(item)) break;
        gi_drop(ts, item);
    }
    item = more && skip == 0 ? gi_next(ts, gi_val(iter)) : GI_NULL;
    if (gi_is_null(item)) GI_STEP(ts, self) end = gi_step_take(&s->iter);
    gi_drop(ts, iter), gi_xdrop(ts, end);
    return item;
}

static GiRef islice_step(GiThread *ts, GiVal self) {
    if (!gi_is_private(ts, self)) return islice_next_shared(ts, self);
    GiIslice *s = islice_of(self);
    GiRef iter = gi_slot_dup(ts, &s->iter), item = GI_NULL;
    if (gi_is_null(iter)) return iter;
    bool end = false;
    while (s->done < s->next && !end) {
        item = gi_next(ts, gi_val(iter));
        end = gi_is_null(item);
        if (!end) {
            gi_drop(ts, item);
            s->done++;
        }
    }
    if (!end) {
        end = s->stop != -1 && s->done >= s->stop;
        item = end ? GI_NULL : gi_next(ts, gi_val(iter));
        end = gi_is_null(item);
    }
    gi_drop(ts, iter);
    if (end) {
        gi_slot_clear(ts, &s->iter);
        return GI_NULL;
    }
    s->done++;
    islice_forward(s);
    return item;
}

static GiRef islice_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &islice_of(self)->turn) item = islice_step(ts, self);
    return item;
}

GI_METHOD(islice, __reduce__, "(self)", "Return state information for pickling.") {
    GiIslice now = {0}, *s = &now;
    GiRef iter = GI_NULL;
    GI_STEP(ts, self) {
        now.next = islice_of(self)->next, now.stop = islice_of(self)->stop;
        now.step = islice_of(self)->step, now.done = islice_of(self)->done;
        iter = gi_slot_dup(ts, &islice_of(self)->iter);
    }
    if (gi_is_null(iter)) {
        GiRef empty = gi_list_new(ts, 0);
        if (gi_is_null(empty)) return empty;
        iter = gi_iter(ts, gi_val(empty));
        gi_drop(ts, empty);
        if (gi_is_null(iter)) return iter;
        return gi_reduce_tuple(ts, gi_type_ref(ts, self),
                               gi_tuple_steal(ts, (GiRef[]){iter, gi_smallint_ref(0)}, 2),
                               gi_smallint_ref(0));
    }
    GiRef next = gi_int_from_i64(ts, s->next), step = gi_int_from_i64(ts, s->step);
    GiRef stop = s->stop == -1 ? GI_REF_NONE : gi_int_from_i64(ts, s->stop);
    GiRef done = gi_int_from_i64(ts, s->done);
    if (gi_is_null(next) || gi_is_null(stop) || gi_is_null(step) || gi_is_null(done)) {
        gi_drop_all(ts, (GiRef[]){iter, next, stop, step, done}, 5);
        return GI_NULL;
    }
    GiRef args = gi_tuple_steal(ts, (GiRef[]){iter, next, stop, step}, 4);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, done);
}

GI_METHOD(islice, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    if (!gi_is_int(a->state)) return gi_raise_ref(ts, &gi_exc_TypeError, "an integer is required");
    ssize_t done;
    if (gi_as_ssize(ts, a->state, false, &done)) return GI_NULL;
    GI_STEP(ts, self) islice_of(self)->done = done;
    return GI_REF_NONE;
}

ITER_TYPE(islice, GiIslice,
          "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice "
          "object\n\nReturn an iterator whose next() method returns selected values from an\n"
          "iterable.  If start is specified, will skip all preceding elements;\notherwise, start "
          "defaults to zero.  Step defaults to one.  If\nspecified as another value, step determines "
          "how many values are\nskipped between successive calls.  Works like a slice() on a list\n"
          "but returns an iterator.",
          .methods = islice_methods,
          .fields = (const GiField[]){GI_SLOT(GiIslice, iter), GI_FIELDS_END});

/* ---- pairwise ---- */

static GiRef pairwise_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_itertools_pairwise_type, "pairwise", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "pairwise", nargs, 1, 1)) return GI_NULL;
    GiRef iter = gi_iter(ts, args[0]);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    gi_slot_init(&pairwise_of(ref)->iter, iter);
    gi_turn_for(&pairwise_of(ref)->turn, gi_val(iter));
    return ref;
}

/* For a pairwise that several threads step: each fetches one item, which follows the one put there last. */
static GiRef pairwise_next_shared(GiThread *ts, GiVal self) {
    GiPairwise *p = pairwise_of(self);
    for (;;) {
        GiRef iter = GI_NULL, old = GI_NULL, end = GI_NULL;
        GI_STEP(ts, self) iter = gi_slot_dup(ts, &p->iter);
        if (gi_is_null(iter)) return iter;
        GiRef item = gi_next(ts, gi_val(iter));
        GI_STEP(ts, self) {
            old = gi_step_swap(&p->old, gi_xdup(ts, gi_val(item)));
            end = gi_is_null(item) ? gi_step_take(&p->iter) : GI_NULL;
        }
        gi_drop(ts, iter), gi_xdrop(ts, end);
        if (gi_is_null(item)) {
            gi_xdrop(ts, old);
            return item;
        }
        if (!gi_is_null(old)) return gi_tuple_steal(ts, (GiRef[]){old, item}, 2);
        gi_drop(ts, item); /* the first one */
    }
}

static GiRef pairwise_step(GiThread *ts, GiVal self) {
    GiPairwise *p = pairwise_of(self);
    if (!gi_is_private(ts, self)) return pairwise_next_shared(ts, self);
    GiRef iter = gi_slot_dup(ts, &p->iter);
    if (gi_is_null(iter)) return iter;
    GiRef old = gi_slot_dup(ts, &p->old), new = GI_NULL;
    if (gi_is_null(old)) {
        old = gi_next(ts, gi_val(iter));
        if (!gi_is_null(old)) gi_slot_set(ts, &p->old, gi_dup(ts, gi_val(old)));
    }
    if (!gi_is_null(old)) new = gi_next(ts, gi_val(iter));
    gi_drop(ts, iter);
    if (gi_is_null(new)) {
        gi_xdrop(ts, old);
        gi_slot_clear(ts, &p->iter);
        gi_slot_clear(ts, &p->old);
        return new;
    }
    gi_slot_set(ts, &p->old, gi_dup(ts, gi_val(new)));
    return gi_tuple_steal(ts, (GiRef[]){old, new}, 2);
}

static GiRef pairwise_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &pairwise_of(self)->turn) item = pairwise_step(ts, self);
    return item;
}

ITER_TYPE(pairwise, GiPairwise,
          "pairwise(iterable, /)\n--\n\n"
          "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), "
          "(s1,s2), (s2, s3), ...",
          .fields = (const GiField[]){GI_SLOT(GiPairwise, iter), GI_SLOT(GiPairwise, old), GI_FIELDS_END});

/* ---- zip_longest ---- */

static GiRef zip_longest_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal fill = GI_NONE;
    for (size_t i = 0; !gi_is_null(kwnames) && i < gi_tuple_len(kwnames); i++) {
        if (!gi_str_equals_cstr(gi_tuple_get(kwnames, i), "fillvalue"))
            return gi_raise_ref(ts, &gi_exc_TypeError, "zip_longest() got an unexpected keyword argument");
        fill = args[nargs + i];
    }
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    GiZipLongest *z = longest_of(ref);
    gi_slot_init(&z->fill, gi_dup(ts, fill));
    z->iters = gi_mem_calloc(ts, GI_MAX(nargs, 1), sizeof(GiSlot));
    if (z->iters == NULL) {
        gi_drop(ts, ref);
        return GI_NULL;
    }
    z->count = z->active = nargs;
    for (size_t i = 0; i < nargs; i++) {
        GiRef iter = gi_iter(ts, args[i]);
        if (gi_is_null(iter)) {
            gi_drop(ts, ref);
            return iter;
        }
        gi_slot_init(&z->iters[i], iter);
        gi_turn_for(&z->turn, gi_val(iter));
    }
    return ref;
}

static GiRef longest_slot(GiThread *ts, GiVal self, const GiSlot *slot) {
    if (gi_is_private(ts, self)) return gi_slot_dup(ts, slot);
    GiRef r = GI_NULL;
    GI_STEP(ts, self) r = gi_slot_dup(ts, slot);
    return r;
}

/* `iter` of place i gave no item: false when that was the last that did, or when it failed. */
static bool longest_ended(GiThread *ts, GiVal self, size_t i, GiVal iter) {
    GiZipLongest *z = longest_of(self);
    GiRef gone = GI_NULL;
    bool failed = gi_raised(ts), more = false;
    GI_STEP(ts, self) {
        size_t active = failed ? 0 : z->active;
        if (active && gi_same(z->iters[i], iter) && --active) gone = gi_step_take(&z->iters[i]);
        __atomic_store_n(&z->active, active, __ATOMIC_RELAXED); /* looked at without the step, too */
        more = active != 0;
    }
    gi_xdrop(ts, gone);
    return more;
}

static GiRef zip_longest_step(GiThread *ts, GiVal self) {
    GiZipLongest *z = longest_of(self);
    if (z->count == 0 || __atomic_load_n(&z->active, __ATOMIC_RELAXED) == 0) return GI_NULL;
    GiRef result = gi_tuple_new(ts, z->count);
    if (gi_is_null(result)) return result;
    for (size_t i = 0; i < z->count; i++) {
        GiRef iter = longest_slot(ts, self, &z->iters[i]), item = GI_NULL;
        if (!gi_is_null(iter)) {
            item = gi_next(ts, gi_val(iter));
            bool more = !gi_is_null(item) || longest_ended(ts, self, i, gi_val(iter));
            gi_drop(ts, iter);
            if (!more) {
                gi_drop(ts, result);
                return GI_NULL;
            }
        }
        gi_tuple_init(result, i, gi_is_null(item) ? longest_slot(ts, self, &z->fill) : item);
    }
    return result;
}

static GiRef zip_longest_next(GiThread *ts, GiVal self) {
    GiRef item = GI_NULL;
    GI_TURN(ts, self, &longest_of(self)->turn) item = zip_longest_step(ts, self);
    return item;
}

GI_METHOD(zip_longest, __reduce__, "(self)", "Return state information for pickling.") {
    GiZipLongest *z = longest_of(self);
    GiRef args = gi_tuple_new(ts, z->count);
    if (gi_is_null(args)) return args;
    for (size_t i = 0; i < z->count; i++) {
        GiRef iter = longest_slot(ts, self, &z->iters[i]);
        gi_tuple_init(args, i, gi_is_null(iter) ? gi_tuple_new(ts, 0) : iter);
    }
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, longest_slot(ts, self, &z->fill));
}

GI_METHOD(zip_longest, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiRef old = GI_NULL;
    GI_STEP(ts, self) old = gi_step_swap(&longest_of(self)->fill, gi_dup(ts, a->state));
    gi_drop(ts, old);
    return GI_REF_NONE;
}

ITER_TYPE(zip_longest, GiZipLongest,
          "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\nReturn a "
          "zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes "
          "from the i-th iterable argument.  The .__next__()\nmethod continues until the longest "
          "iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When "
          "the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The "
          "fillvalue\ndefaults to None or can be specified by a keyword argument.",
          .methods = zip_longest_methods,
          .fields = (const GiField[]){GI_ARRAY(GiZipLongest, iters, count), GI_SLOT(GiZipLongest, fill),
                                      GI_FIELDS_END});
