/* combinatoric.c - product, permutations, combinations and combinations_with_replacement.
 *
 * Each holds its pool (or pools) as tuples and an array of indices into it; a step changes the
 * indices to those of the next result in lexicographic order. LOCK: the indices, counters and flags change
 * in steps; a result is made behind the step, from a copy of the indices if others may change them.
 */
#include "modules/itertools/itertools.h"

/* One struct serves all four. */
typedef struct GiCombi {
    GiObj obj;
    GiSlot pool;      /* tuple; product: a tuple of tuples */
    size_t *indices;  /* r of them; permutations: one for each item of the pool */
    size_t *cycles;   /* permutations: r counters */
    size_t r;
    bool started, stopped;
} GiCombi;

#include "modules/itertools/combinatoric.gen.h"

#define combi_of(v) ((GiCombi *)gi_obj(v))

static const GiField combi_fields[] = {GI_SLOT(GiCombi, pool), GI_BUFFER_FIELD(GiCombi, indices),
                                       GI_BUFFER_FIELD(GiCombi, cycles), GI_FIELDS_END};

/* Consumes pool. */
static GiRef combi_make(GiThread *ts, GiType *type, GiRef pool, size_t r, size_t indices, bool cycles) {
    GiRef ref = gi_is_null(pool) ? pool : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, pool);
        return ref;
    }
    GiCombi *c = combi_of(ref);
    gi_slot_init(&c->pool, pool);
    c->r = r;
    c->indices = gi_mem_calloc(ts, GI_MAX(indices, 1), sizeof(size_t));
    if (cycles && c->indices != NULL) c->cycles = gi_mem_calloc(ts, GI_MAX(r, 1), sizeof(size_t));
    if (c->indices == NULL || (cycles && c->cycles == NULL)) {
        gi_drop(ts, ref);
        return GI_NULL;
    }
    return ref;
}

/* The items of the pool at r indices. */
static GiRef pool_items(GiThread *ts, GiCombi *c, const size_t *indices) {
    GiVal pool = gi_slot_peek(&c->pool);
    GiRef result = gi_tuple_new(ts, c->r);
    for (size_t i = 0; i < c->r && !gi_is_null(result); i++)
        gi_tuple_init(result, i, gi_dup(ts, gi_tuple_get(pool, indices[i])));
    return result;
}

/* One step: `advance` goes to the next result's indices (false: there is none), `make` makes it of them. */
static inline GiRef combi_next(GiThread *ts, GiVal self, bool (*advance)(GiCombi *c),
                               GiRef (*make)(GiThread *ts, GiCombi *c, const size_t *indices)) {
    GiCombi *c = combi_of(self);
    if (gi_is_private(ts, self)) return advance(c) ? make(ts, c, c->indices) : GI_NULL;
    size_t small[32], *indices = small;
    if (c->r > GI_COUNTOF(small) && !(indices = gi_mem_alloc(ts, c->r * sizeof(size_t)))) return GI_NULL;
    bool more = false;
    GI_STEP(ts, self) {
        more = advance(c);
        if (more) memcpy(indices, c->indices, c->r * sizeof(size_t));
    }
    GiRef result = more ? make(ts, c, indices) : GI_NULL;
    if (indices != small) gi_mem_free(indices);
    return result;
}

/* A copy of n indices (or counters) as they are in one moment, and of the flags; NULL: no memory. */
static size_t *combi_state(GiThread *ts, GiVal self, size_t n, size_t cycles, bool *started, bool *stopped) {
    GiCombi *c = combi_of(self);
    size_t *copy = gi_mem_alloc(ts, GI_MAX(n + cycles, 1) * sizeof(size_t));
    if (copy == NULL) return copy;
    GI_STEP(ts, self) {
        *started = c->started;
        *stopped = c->stopped;
        if (*started && !*stopped) {
            memcpy(copy, c->indices, n * sizeof(size_t));
            if (cycles) memcpy(copy + n, c->cycles, cycles * sizeof(size_t));
        }
    }
    return copy;
}

/* Puts n indices (and as many counters) there that have been read into `from`, which it frees. */
static GiRef combi_set_state(GiThread *ts, GiVal self, size_t *from, size_t n, size_t cycles) {
    GiCombi *c = combi_of(self);
    GI_STEP(ts, self) {
        memcpy(c->indices, from, n * sizeof(size_t));
        if (cycles) memcpy(c->cycles, from + n, cycles * sizeof(size_t));
        c->started = true;
    }
    gi_mem_free(from);
    return GI_REF_NONE;
}

static GiRef indices_tuple(GiThread *ts, const size_t *indices, size_t n) {
    GiRef t = gi_tuple_new(ts, n);
    for (size_t i = 0; i < n && !gi_is_null(t); i++)
        gi_tuple_init(t, i, gi_smallint_ref((int64_t)indices[i]));
    return t;
}

/* n indices from a tuple, each clipped to [least, most(i)]; to be freed. NULL: failed. */
static size_t *read_indices(GiThread *ts, GiVal state, size_t n, ssize_t least,
                            ssize_t (*most)(const GiCombi *c, size_t i), const GiCombi *c) {
    if (!gi_is_tuple(state) || gi_tuple_len(state) != n) {
        gi_raise(ts, &gi_exc_ValueError, "invalid arguments");
        return NULL;
    }
    size_t *out = gi_mem_alloc(ts, GI_MAX(n, 1) * sizeof(size_t));
    for (size_t i = 0; i < n && out != NULL; i++) {
        ssize_t v;
        if (gi_as_ssize(ts, gi_tuple_get(state, i), false, &v)) {
            gi_mem_free(out);
            return NULL;
        }
        out[i] = (size_t)GI_MAX(least, GI_MIN(v, most(c, i)));
    }
    return out;
}

static GiRef method_sizeof(GiVal self) {
    GiCombi *c = combi_of(self);
    return gi_smallint_ref((int64_t)(gi_type_of(self)->size + c->r * sizeof(size_t) * (c->cycles ? 2 : 1)));
}

#define COMBI_TYPE(ctype, text)                                                                    \
    GiType gi_itertools_##ctype##_type = {                                                         \
        .obj = GI_TYPE_HEAD,                                                                       \
        .name = "itertools." #ctype,                                                               \
        .module = "itertools",                                                                     \
        .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,                                    \
        .size = sizeof(GiCombi),                                                                   \
        .base = &gi_object_type,                                                                   \
        .doc = text,                                                                               \
        .fields = combi_fields,                                                                    \
        .methods = ctype##_methods,                                                                \
        .new_ = ctype##_new,                                                                       \
        .iter = gi_iter_self,                                                                      \
        .next = ctype##_next,                                                                      \
    }

/* ---- product ---- */

static GiRef product_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    ssize_t repeat = 1;
    for (size_t i = 0; !gi_is_null(kwnames) && i < gi_tuple_len(kwnames); i++) {
        GiVal name = gi_tuple_get(kwnames, i);
        if (!gi_str_equals_cstr(name, "repeat"))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "'%U' is an invalid keyword argument for product()", name);
        if (gi_as_ssize(ts, args[nargs + i], false, &repeat)) return GI_NULL;
        if (repeat < 0)
            return gi_raise_ref(ts, &gi_exc_ValueError, "repeat argument cannot be negative");
    }
    if (repeat == 0) nargs = 0;
    if (nargs && (size_t)repeat > PTRDIFF_MAX / sizeof(size_t) / nargs)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "repeat argument too large");
    size_t r = nargs * (size_t)repeat;
    GiRef pools = gi_tuple_new(ts, r);
    for (size_t i = 0; i < r && !gi_is_null(pools); i++) {
        GiRef pool = i < nargs ? gi_to_tuple(ts, args[i])
                               : gi_dup(ts, gi_tuple_get(gi_val(pools), i - nargs));
        if (gi_is_null(pool)) {
            gi_drop(ts, pools);
            return pool;
        }
        gi_tuple_init(pools, i, pool);
    }
    return combi_make(ts, type, pools, r, r, false);
}

#define pool_at(c, i) gi_tuple_get(gi_slot_peek(&(c)->pool), i)

static bool product_advance(GiCombi *c) {
    if (c->stopped) return false;
    if (!c->started) {
        c->started = true;
        for (size_t i = 0; i < c->r; i++)
            if (gi_tuple_len(pool_at(c, i)) == 0) c->stopped = true;
    } else {
        size_t i = c->r;
        while (i > 0 && ++c->indices[i - 1] == gi_tuple_len(pool_at(c, i - 1))) c->indices[--i] = 0;
        if (i == 0) c->stopped = true;
    }
    return !c->stopped;
}

static GiRef product_items(GiThread *ts, GiCombi *c, const size_t *indices) {
    GiRef result = gi_tuple_new(ts, c->r);
    for (size_t i = 0; i < c->r && !gi_is_null(result); i++)
        gi_tuple_init(result, i, gi_dup(ts, gi_tuple_get(pool_at(c, i), indices[i])));
    return result;
}

static GiRef product_next(GiThread *ts, GiVal self) {
    return combi_next(ts, self, product_advance, product_items);
}

GI_METHOD(product, __reduce__, "(self)", "Return state information for pickling.") {
    GiCombi *c = combi_of(self);
    bool started = false, stopped = false;
    size_t *indices = combi_state(ts, self, c->r, 0, &started, &stopped);
    if (indices == NULL) return GI_NULL;
    GiRef args, state = GI_NULL;
    if (stopped) {
        GiRef empty = gi_tuple_new(ts, 0);
        args = gi_tuple_steal(ts, &empty, 1);
    } else {
        if (started) state = indices_tuple(ts, indices, c->r);
        args = started && gi_is_null(state) ? GI_NULL : gi_slot_dup(ts, &c->pool);
    }
    gi_mem_free(indices);
    return gi_is_null(args) ? args : gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

static ssize_t product_most(const GiCombi *c, size_t i) {
    return (ssize_t)gi_tuple_len(pool_at(c, i)) - 1;
}

GI_METHOD(product, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiCombi *c = combi_of(self);
    size_t *indices = read_indices(ts, a->state, c->r, 0, product_most, c);
    if (indices == NULL) return GI_NULL;
    bool none = false;
    for (size_t i = 0; i < c->r; i++) none |= gi_tuple_len(pool_at(c, i)) == 0;
    if (none) GI_STEP(ts, self) c->stopped = true;
    return combi_set_state(ts, self, indices, c->r, 0);
}

GI_METHOD(product, __sizeof__, "(self)", "Returns size in memory, in bytes.") { return method_sizeof(self); }

COMBI_TYPE(product, "product(*iterables, repeat=1) --> product object\n\nCartesian product of input "
                    "iterables.  Equivalent to nested for-loops.\n\nFor example, product(A, B) "
                    "returns the same as:  ((x,y) for x in A for y in B).");

/* ---- combinations and combinations_with_replacement ---- */

static GiRef combi_new(GiThread *ts, GiType *type, GiVal iterable, ssize_t r, bool again) {
    GiRef pool = gi_to_tuple(ts, iterable);
    if (gi_is_null(pool)) return pool;
    if (r < 0) {
        gi_drop(ts, pool);
        return gi_raise_ref(ts, &gi_exc_ValueError, "r must be non-negative");
    }
    size_t n = gi_tuple_len(gi_val(pool));
    bool none = again ? n == 0 && r > 0 : (size_t)r > n;
    GiRef ref = combi_make(ts, type, pool, (size_t)r, none ? 0 : (size_t)r, false);
    if (gi_is_null(ref)) return ref;
    combi_of(ref)->stopped = none;
    for (size_t i = 0; !again && !none && i < (size_t)r; i++) combi_of(ref)->indices[i] = i;
    return ref;
}

GI_NEW(combinations, "(cls, iterable, r: ssize)", "") {
    return combi_new(ts, type, a->iterable, a->r, false);
}
GI_NEW(combinations_with_replacement, "(cls, iterable, r: ssize)", "") {
    return combi_new(ts, type, a->iterable, a->r, true);
}

static bool combinations_advance(GiCombi *c) {
    if (c->stopped) return false;
    if (c->started) {
        size_t n = gi_tuple_len(c->pool), i = c->r;
        while (i > 0 && c->indices[i - 1] == i - 1 + n - c->r) i--;
        if (i == 0) {
            c->stopped = true;
            return false;
        }
        c->indices[i - 1]++;
        for (; i < c->r; i++) c->indices[i] = c->indices[i - 1] + 1;
    }
    return c->started = true;
}
static GiRef combinations_next(GiThread *ts, GiVal self) {
    return combi_next(ts, self, combinations_advance, pool_items);
}

static bool replacement_advance(GiCombi *c) {
    if (c->stopped) return false;
    if (c->started) {
        size_t n = gi_tuple_len(c->pool), i = c->r;
        while (i > 0 && c->indices[i - 1] == n - 1) i--;
        if (i == 0) {
            c->stopped = true;
            return false;
        }
        size_t index = c->indices[i - 1] + 1;
        for (i--; i < c->r; i++) c->indices[i] = index;
    }
    return c->started = true;
}
static GiRef combinations_with_replacement_next(GiThread *ts, GiVal self) {
    return combi_next(ts, self, replacement_advance, pool_items);
}

/* (type, (pool, r), indices): what all but product have in common. Consumes state. */
static GiRef combi_reduce(GiThread *ts, GiVal self, bool stopped, GiRef state) {
    GiCombi *c = combi_of(self);
    GiRef pool = stopped ? gi_tuple_new(ts, 0) : gi_slot_dup(ts, &c->pool);
    GiRef args = gi_tuple_steal(ts, (GiRef[]){pool, gi_smallint_ref((int64_t)c->r)}, 2);
    return gi_reduce_tuple(ts, gi_type_ref(ts, self), args, state);
}

static GiRef combinations_reduce(GiThread *ts, GiVal self) {
    size_t r = combi_of(self)->r;
    bool started = false, stopped = false;
    size_t *indices = combi_state(ts, self, r, 0, &started, &stopped);
    if (indices == NULL) return GI_NULL;
    bool none = !started || stopped;
    GiRef state = none ? GI_NULL : indices_tuple(ts, indices, r);
    gi_mem_free(indices);
    return !none && gi_is_null(state) ? state : combi_reduce(ts, self, stopped, state);
}

static ssize_t combinations_most(const GiCombi *c, size_t i) {
    return (ssize_t)(i + gi_tuple_len(c->pool)) - (ssize_t)c->r;
}
static ssize_t replacement_most(const GiCombi *c, size_t i GI_UNUSED) {
    return (ssize_t)gi_tuple_len(c->pool) - 1;
}

static GiRef combinations_setstate(GiThread *ts, GiVal self, GiVal state,
                                   ssize_t (*most)(const GiCombi *c, size_t i)) {
    GiCombi *c = combi_of(self);
    bool stopped = false;
    GI_STEP(ts, self) stopped = c->stopped;
    if (stopped && c->r > 0) { /* it has no indices */
        if (!gi_is_tuple(state) || gi_tuple_len(state) != c->r)
            return gi_raise_ref(ts, &gi_exc_ValueError, "invalid arguments");
        return GI_REF_NONE;
    }
    size_t *indices = read_indices(ts, state, c->r, 0, most, c);
    return indices ? combi_set_state(ts, self, indices, c->r, 0) : GI_NULL;
}

GI_METHOD(combinations, __reduce__, "(self)", "Return state information for pickling.") {
    return combinations_reduce(ts, self);
}
GI_METHOD(combinations, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    return combinations_setstate(ts, self, a->state, combinations_most);
}
GI_METHOD(combinations, __sizeof__, "(self)", "Returns size in memory, in bytes.") {
    return method_sizeof(self);
}
GI_METHOD(combinations_with_replacement, __reduce__, "(self)", "Return state information for pickling.") {
    return combinations_reduce(ts, self);
}
GI_METHOD(combinations_with_replacement, __setstate__, "(self, state, /)",
          "Set state information for unpickling.") {
    return combinations_setstate(ts, self, a->state, replacement_most);
}
GI_METHOD(combinations_with_replacement, __sizeof__, "(self)", "Returns size in memory, in bytes.") {
    return method_sizeof(self);
}

COMBI_TYPE(combinations, "combinations(iterable, r)\n--\n\n"
           "Return successive r-length combinations of elements in the "
                         "iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)");
COMBI_TYPE(combinations_with_replacement,
           "combinations_with_replacement(iterable, r)\n--\n\n"
           "Return successive r-length combinations of elements in the iterable allowing individual "
           "elements to have successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> "
           "('A','A'), ('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')");

/* ---- permutations ---- */

GI_NEW(permutations, "(cls, iterable, r = None)", "") {
    GiRef pool = gi_to_tuple(ts, a->iterable);
    if (gi_is_null(pool)) return pool;
    size_t n = gi_tuple_len(gi_val(pool));
    ssize_t r = (ssize_t)n;
    if (!gi_is_null(a->r) && !gi_is_none(a->r)) {
        if (!gi_is_int(a->r)) gi_raise(ts, &gi_exc_TypeError, "Expected int as r");
        else if (gi_as_ssize(ts, a->r, false, &r) == GI_OK && r < 0)
            gi_raise(ts, &gi_exc_ValueError, "r must be non-negative");
        if (gi_raised(ts)) {
            gi_drop(ts, pool);
            return GI_NULL;
        }
    }
    bool none = (size_t)r > n;
    GiRef ref = combi_make(ts, type, pool, (size_t)r, n, !none);
    if (gi_is_null(ref)) return ref;
    GiCombi *c = combi_of(ref);
    c->stopped = none;
    for (size_t i = 0; i < n; i++) c->indices[i] = i;
    for (size_t i = 0; !none && i < (size_t)r; i++) c->cycles[i] = n - i;
    return ref;
}

static bool permutations_advance(GiCombi *c) {
    if (c->stopped) return false;
    if (c->started) {
        size_t n = gi_tuple_len(c->pool), i = c->r;
        for (; i > 0; i--) {
            size_t *at = &c->indices[i - 1];
            if (--c->cycles[i - 1] > 0) { /* exchange with the next candidate */
                size_t j = n - c->cycles[i - 1], t = *at;
                *at = c->indices[j];
                c->indices[j] = t;
                break;
            }
            size_t first = *at; /* all candidates had their turn: restore the order behind */
            memmove(at, at + 1, (n - i) * sizeof(size_t));
            c->indices[n - 1] = first;
            c->cycles[i - 1] = n - (i - 1);
        }
        if (i == 0) {
            c->stopped = true;
            return false;
        }
    }
    return c->started = true;
}
static GiRef permutations_next(GiThread *ts, GiVal self) {
    return combi_next(ts, self, permutations_advance, pool_items);
}

GI_METHOD(permutations, __reduce__, "(self)", "Return state information for pickling.") {
    GiCombi *c = combi_of(self);
    size_t n = gi_tuple_len(c->pool);
    bool started = false, stopped = false;
    size_t *copy = combi_state(ts, self, n, c->cycles ? c->r : 0, &started, &stopped);
    if (copy == NULL) return GI_NULL;
    GiRef indices = GI_NULL, cycles = GI_NULL, state = GI_NULL;
    bool none = !started || stopped;
    if (!none) {
        indices = indices_tuple(ts, copy, n);
        cycles = gi_is_null(indices) ? GI_NULL : indices_tuple(ts, copy + n, c->r);
        if (gi_is_null(cycles)) gi_xdrop(ts, indices);
        else state = gi_tuple_steal(ts, (GiRef[]){indices, cycles}, 2);
    }
    gi_mem_free(copy);
    return !none && gi_is_null(state) ? state : combi_reduce(ts, self, stopped, state);
}

static ssize_t cycles_most(const GiCombi *c, size_t i) {
    return (ssize_t)(gi_tuple_len(c->pool) - i);
}

GI_METHOD(permutations, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiCombi *c = combi_of(self);
    if (gi_check_state(ts, a->state, 2, 2)) return GI_NULL;
    GiVal indices = gi_tuple_get(a->state, 0), cycles = gi_tuple_get(a->state, 1);
    size_t n = gi_tuple_len(c->pool);
    if (!gi_is_tuple(cycles) || gi_tuple_len(cycles) != c->r)
        return gi_raise_ref(ts, &gi_exc_ValueError, "invalid arguments");
    size_t *order = read_indices(ts, indices, n, 0, replacement_most, c);
    size_t *left = order && c->cycles ? read_indices(ts, cycles, c->r, 1, cycles_most, c) : NULL;
    size_t *both = order && (left || !c->cycles) ? gi_mem_alloc(ts, GI_MAX(n + c->r, 1) * sizeof(size_t)) : NULL;
    if (both != NULL) {
        memcpy(both, order, n * sizeof(size_t));
        if (left) memcpy(both + n, left, c->r * sizeof(size_t));
    }
    gi_mem_free(order), gi_mem_free(left);
    return both ? combi_set_state(ts, self, both, n, c->cycles ? c->r : 0) : GI_NULL;
}

GI_METHOD(permutations, __sizeof__, "(self)", "Returns size in memory, in bytes.") {
    return method_sizeof(self);
}

COMBI_TYPE(permutations, "permutations(iterable, r=None)\n--\n\n"
           "Return successive r-length permutations of elements in the "
                         "iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), (2,0), (2,1)");
