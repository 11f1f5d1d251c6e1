/* zip_map_filter.c - the lazy iterators over iterators: zip, map and filter.
 *
 * What they iterate over never changes after construction, so borrowing it across calls is sound.
 * When several threads step one of them, the iterators that it has made itself over lists, tuples,
 * ranges and str are taken from row by row; those of other kinds, one after the other.
 */
#include "objects/container.h"
#include "objects/whole.h"

typedef struct GiZip {
    GiObj obj;
    GiSlot iters; /* tuple */
    bool rows;    /* all of them are this object's own, and have positions */
    bool strict;
} GiZip;
typedef struct GiMap {
    GiObj obj;
    GiSlot func, iters;
    bool rows;
} GiMap;
typedef struct GiFilter {
    GiObj obj;
    GiSlot func, iter;
} GiFilter;

#include "objects/zip_map_filter.gen.h"

#define zip_of(v) ((GiZip *)gi_obj(v))
#define map_of(v) ((GiMap *)gi_obj(v))
#define filter_of(v) ((GiFilter *)gi_obj(v))

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

/* A tuple of iterators over the given objects. */
static GiRef iterators_over(GiThread *ts, const GiVal *args, size_t n) {
    GiRef iters = gi_tuple_new(ts, n);
    for (size_t i = 0; i < n && !gi_is_null(iters); i++) {
        GiRef it = gi_iter(ts, args[i]);
        if (gi_is_null(it)) {
            gi_drop(ts, iters);
            return GI_NULL;
        }
        gi_tuple_init(iters, i, it);
    }
    return iters;
}

/* True if gi_row_next can step the iterators over `args`, which nobody else knows. */
static bool are_rows(GiVal iters, const GiVal *args, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (gi_same(gi_tuple_get(iters, i), args[i]) || gi_row_position(gi_tuple_get(iters, i)) == NULL) return false;
    return n > 0;
}

/* The next of each iterator, for several threads; *at is the one that has ended, or failed. */
static bool next_of_each(GiThread *ts, GiVal iters, bool rows, GiRef *out, size_t *at) {
    size_t n = gi_tuple_len(iters);
    ssize_t index;
    if (rows) return gi_row_next(ts, gi_tuple_items(iters), n, out, at, &index);
    for (*at = 0; *at < n; ++*at) {
        GiRef it = gi_dup(ts, gi_tuple_get(iters, *at)); /* so that it is nobody's alone */
        out[*at] = gi_next(ts, gi_val(it));
        gi_drop(ts, it);
        if (!gi_is_null(out[*at])) continue;
        gi_drop_all(ts, out, *at);
        return false;
    }
    return true;
}

/* GiRest's parts: the members of the tuple, unless __reduce__ has given it to somebody. */
static GiSlot *part_of(GiSlot *iters, size_t i) {
    GiVal tuple = gi_slot_peek(iters);
    return i < gi_tuple_len(tuple) && gi_is_sole(tuple) ? &gi_tuple_of(tuple)->items[i] : NULL;
}

/* ---- zip ---- */

static GiRef zip_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    bool strict = false;
    for (size_t i = 0; !gi_is_null(kwnames) && i < gi_tuple_len(kwnames); i++) {
        GiVal name = gi_tuple_get(kwnames, i);
        if (!gi_str_equals_cstr(name, "strict"))
            return gi_raise_ref(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for zip()",
                                name);
        GiTruth t = gi_truth(ts, args[nargs + i]);
        if (t.value < 0) return GI_NULL;
        strict = t.value;
    }
    GiRef iters = iterators_over(ts, args, nargs);
    GiRef ref = gi_is_null(iters) ? iters : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iters);
        return ref;
    }
    gi_slot_init(&zip_of(ref)->iters, iters);
    zip_of(ref)->strict = strict;
    zip_of(ref)->rows = are_rows(gi_val(iters), args, nargs);
    return ref;
}

/* One iterator (the first: at 0) of a strict zip has ended; the others must, too. */
static GiRef zip_check_ends(GiThread *ts, GiVal iters, size_t at) {
    if (at > 0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "zip() argument %zu is shorter than argument%s%zu",
                            at + 1, at == 1 ? " " : "s 1-", at);
    for (size_t i = 1; i < gi_tuple_len(iters); i++) {
        GiRef item = gi_next(ts, gi_tuple_get(iters, i));
        if (!gi_is_null(item)) {
            gi_drop(ts, item);
            return gi_raise_ref(ts, &gi_exc_ValueError,
                                "zip() argument %zu is longer than argument%s%zu", i + 1,
                                i == 1 ? " " : "s 1-", i);
        }
        if (gi_raised(ts)) return GI_NULL;
    }
    return GI_NULL;
}

static GI_NOINLINE GiRef zip_next_shared(GiThread *ts, GiVal self) {
    GiZip *z = zip_of(self);
    GiVal iters = gi_slot_peek(&z->iters);
    size_t n = gi_tuple_len(iters), at;
    GiRef few[4], *items = n <= 4 ? few : gi_mem_alloc(ts, n * sizeof(GiRef)), result = GI_NULL;
    if (items == NULL) return GI_NULL;
    if (next_of_each(ts, iters, z->rows, items, &at)) result = gi_tuple_steal(ts, items, n);
    else if (!gi_raised(ts) && z->strict) result = zip_check_ends(ts, iters, at);
    if (items != few) gi_mem_free(items);
    return result;
}

static GiRef zip_next(GiThread *ts, GiVal self) {
    GiZip *z = zip_of(self);
    GiVal iters = gi_slot_peek(&z->iters);
    size_t n = gi_tuple_len(iters);
    if (n == 0) return GI_NULL;
    if (!gi_is_private(ts, self)) return zip_next_shared(ts, self);
    GiRef result = gi_tuple_new(ts, n);
    if (gi_is_null(result)) return result;
    for (size_t i = 0; i < n; i++) {
        GiRef item = gi_next(ts, gi_tuple_get(iters, i));
        if (GI_UNLIKELY(gi_is_null(item))) {
            gi_drop(ts, result);
            if (gi_raised(ts) || !z->strict) return GI_NULL;
            return zip_check_ends(ts, iters, i);
        }
        gi_tuple_init(result, i, item);
    }
    return result;
}

GI_METHOD(zip, __reduce__, "(self)", "Return state information for pickling.") {
    GiZip *z = zip_of(self);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), gi_slot_dup(ts, &z->iters),
                           z->strict ? GI_REF_TRUE : GI_NULL);
}

GI_METHOD(zip, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiTruth t = gi_truth(ts, a->state);
    if (t.value < 0) return GI_NULL;
    zip_of(self)->strict = t.value;
    return GI_REF_NONE;
}

static GiSlot *zip_part(GiVal self, size_t i) { return part_of(&zip_of(self)->iters, i); }
static const GiRest parts_of_zip = {.part = zip_part};

GiType gi_zip_type = {
    .obj = GI_TYPE_HEAD,
    .name = "zip",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiZip),
    .base = &gi_object_type,
    .doc = "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\n   >>> "
           "list(zip('abcdefg', range(3), range(4)))\n   [('a', 0, 0), ('b', 1, 1), ('c', 2, 2)]\n\n"
           "The zip object yields n-length tuples, where n is the number of iterables\npassed as "
           "positional arguments to zip().  The i-th element in every tuple\ncomes from the i-th "
           "iterable argument to zip().  This continues until the\nshortest argument is "
           "exhausted.\n\nIf strict is true and one of the arguments is exhausted before the "
           "others,\nraise a ValueError.",
    .fields = (const GiField[]){GI_SLOT(GiZip, iters), GI_FIELDS_END},
    .methods = zip_methods,
    .new_ = zip_new,
    .vectornew = zip_new,
    .iter = iter_self,
    .next = zip_next,
    .native = (void *)&parts_of_zip,
};

/* ---- map ---- */

static GiRef map_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_map_type, "map", kwnames)) return GI_NULL;
    if (nargs < 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "map() must have at least two arguments.");
    GiRef iters = iterators_over(ts, args + 1, nargs - 1);
    GiRef ref = gi_is_null(iters) ? iters : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iters);
        return ref;
    }
    gi_slot_init(&map_of(ref)->iters, iters);
    gi_slot_init(&map_of(ref)->func, gi_dup(ts, args[0]));
    map_of(ref)->rows = are_rows(gi_val(iters), args + 1, nargs - 1);
    return ref;
}

static GiRef map_next(GiThread *ts, GiVal self) {
    GiMap *m = map_of(self);
    GiVal iters = gi_slot_peek(&m->iters);
    size_t n = gi_tuple_len(iters), got = 0;
    GiRef few[4], *args = n <= 4 ? few : gi_mem_alloc(ts, n * sizeof(GiRef)), result = GI_NULL;
    if (args == NULL) return GI_NULL;
    if (!gi_is_private(ts, self)) {
        size_t at;
        got = next_of_each(ts, iters, m->rows, args, &at) ? n : 0;
    } else for (; got < n; got++) {
        args[got] = gi_next(ts, gi_tuple_get(iters, got));
        if (gi_is_null(args[got])) break;
    }
    if (got == n) result = gi_call(ts, gi_slot_peek(&m->func), (const GiVal *)args, n, GI_NOVAL);
    gi_drop_all(ts, args, got);
    if (args != few) gi_mem_free(args);
    return result;
}

GI_METHOD(map, __reduce__, "(self)", "Return state information for pickling.") {
    GiMap *m = map_of(self);
    GiVal iters = gi_slot_peek(&m->iters);
    size_t n = gi_tuple_len(iters);
    GiRef args = gi_tuple_new(ts, n + 1);
    if (gi_is_null(args)) return args;
    gi_tuple_init(args, 0, gi_slot_dup(ts, &m->func));
    for (size_t i = 0; i < n; i++) gi_tuple_init(args, i + 1, gi_dup(ts, gi_tuple_get(iters, i)));
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, GI_NULL);
}

static GiSlot *map_part(GiVal self, size_t i) {
    GiMap *m = map_of(self);
    return gi_is_native_callable(gi_slot_peek(&m->func)) ? part_of(&m->iters, i) : NULL;
}
static const GiRest parts_of_map = {.part = map_part};

GiType gi_map_type = {
    .obj = GI_TYPE_HEAD,
    .name = "map",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiMap),
    .base = &gi_object_type,
    .doc = "map(func, *iterables) --> map object\n\nMake an iterator that computes the function "
           "using arguments from\neach of the iterables.  Stops when the shortest iterable is "
           "exhausted.",
    .fields = (const GiField[]){GI_SLOT(GiMap, func), GI_SLOT(GiMap, iters), GI_FIELDS_END},
    .methods = map_methods,
    .new_ = map_new,
    .vectornew = map_new,
    .iter = iter_self,
    .next = map_next,
    .native = (void *)&parts_of_map,
};

/* ---- filter ---- */

static GiRef filter_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_filter_type, "filter", kwnames)) return GI_NULL;
    if (nargs != 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "filter expected 2 arguments, got %zu", nargs);
    GiRef iter = gi_iter(ts, args[1]);
    GiRef ref = gi_is_null(iter) ? iter : gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) {
        gi_xdrop(ts, iter);
        return ref;
    }
    gi_slot_init(&filter_of(ref)->func, gi_dup(ts, args[0]));
    gi_slot_init(&filter_of(ref)->iter, iter);
    return ref;
}

static GiRef filter_next(GiThread *ts, GiVal self) {
    GiFilter *f = filter_of(self);
    GiVal func = gi_slot_peek(&f->func);
    bool identity = gi_is_none(func) || gi_same(func, gi_type_val(&gi_bool_type));
    for (;;) {
        GiRef item = gi_next_inner(ts, self, &f->iter);
        if (gi_is_null(item)) return item;
        GiTruth keep;
        if (identity) {
            keep = gi_truth(ts, gi_val(item));
        } else {
            GiRef answer = gi_call1(ts, func, gi_val(item));
            keep = gi_is_null(answer) ? GI_TRUTH_FAIL : gi_truth(ts, gi_val(answer));
            gi_xdrop(ts, answer);
        }
        if (keep.value > 0) return item;
        gi_drop(ts, item);
        if (keep.value < 0) return GI_NULL;
    }
}

GI_METHOD(filter, __reduce__, "(self)", "Return state information for pickling.") {
    GiFilter *f = filter_of(self);
    GiRef args = gi_tuple_pack(ts, 2, gi_val(f->func), gi_val(f->iter));
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))), args, GI_NULL);
}

static GiSlot *filter_part(GiVal self, size_t i) {
    GiFilter *f = filter_of(self);
    GiVal func = gi_slot_peek(&f->func);
    return i == 0 && (gi_is_none(func) || gi_is_native_callable(func)) ? &f->iter : NULL;
}
static const GiRest parts_of_filter = {.part = filter_part};

GiType gi_filter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "filter",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiFilter),
    .base = &gi_object_type,
    .doc = "filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding those "
           "items of iterable for which function(item)\nis true. If function is None, return the "
           "items that are true.",
    .fields = (const GiField[]){GI_SLOT(GiFilter, func), GI_SLOT(GiFilter, iter), GI_FIELDS_END},
    .methods = filter_methods,
    .new_ = filter_new,
    .vectornew = filter_new,
    .iter = iter_self,
    .next = filter_next,
    .native = (void *)&parts_of_filter,
};
