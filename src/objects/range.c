/* range.c - range: an arithmetic progression of ints of any size, computed on demand.
 *
 * Small ranges (see range.h) work with 64-bit arithmetic, others with int objects. Immutable; the
 * iterators are not locked: two threads that share one may see an item twice.
 */
#include "objects/range.h"

#include "objects/container.h"

typedef struct GiLongRangeIter {
    GiObj obj;
    GiSlot start, step, length, index;
} GiLongRangeIter;

#include "objects/range.gen.h"

#define slot_int(slot) gi_val(slot)

/* (hi - lo - 1) / step + 1 for a progression of ints. */
static GiRef range_length(GiThread *ts, GiVal start, GiVal stop, GiVal step) {
    bool backwards = gi_int_sign(step) < 0;
    GiVal lo = backwards ? stop : start, hi = backwards ? start : stop;
    if (gi_int_order(lo, hi) >= 0) return gi_smallint_ref(0);
    GiRef width = gi_int_sub(ts, hi, lo), magnitude = GI_NULL, result = GI_NULL;
    if (gi_is_null(width)) return width;
    magnitude = backwards ? gi_int_sub(ts, gi_smallint(0), step) : gi_dup(ts, step);
    if (!gi_is_null(magnitude)) {
        GiRef less = gi_int_sub(ts, gi_val(width), gi_smallint(1));
        if (!gi_is_null(less)) {
            GiRef quotient = gi_int_floordiv(ts, gi_val(less), gi_val(magnitude));
            gi_drop(ts, less);
            if (!gi_is_null(quotient)) {
                result = gi_int_add(ts, gi_val(quotient), gi_smallint(1));
                gi_drop(ts, quotient);
            }
        }
        gi_drop(ts, magnitude);
    }
    gi_drop(ts, width);
    return result;
}

/* The same in 64 bits; false when something does not fit. */
static bool small_range(GiRange *r, GiVal start, GiVal stop, GiVal step) {
    int64_t a, b, s, past;
    if (gi_int_as_i64(start, &a) || gi_int_as_i64(stop, &b) || gi_int_as_i64(step, &s)) return false;
    if (__builtin_add_overflow(b, s, &past) || s == INT64_MIN) return false;
    uint64_t length = 0;
    if (s > 0 && a < b) length = ((uint64_t)b - (uint64_t)a - 1) / (uint64_t)s + 1;
    if (s < 0 && a > b) length = ((uint64_t)a - (uint64_t)b - 1) / (uint64_t)-s + 1;
    if (length > INT64_MAX) return false;
    r->small = true;
    r->small_start = a;
    r->small_step = s;
    r->small_length = (int64_t)length;
    return true;
}

GiRef gi_range_new(GiThread *ts, GiVal start, GiVal stop, GiVal step) {
    GiRange *r = (GiRange *)gi_heap_new_fast(ts, &gi_range_type, sizeof(GiRange));
    if (r == NULL) return GI_NULL;
    gi_slot_init(&r->start, gi_dup(ts, start));
    gi_slot_init(&r->stop, gi_dup(ts, stop));
    gi_slot_init(&r->step, gi_dup(ts, step));
    GiRef length = small_range(r, start, stop, step) ? gi_int_from_i64(ts, r->small_length)
                                                     : range_length(ts, start, stop, step);
    if (gi_is_null(length)) {
        gi_drop(ts, gi_own_obj(r));
        return length;
    }
    gi_slot_init(&r->length, length);
    return gi_own_obj(r);
}

static GiRef range_vectornew(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs,
                             GiVal kwnames) {
    if (gi_no_kwargs(ts, "range", kwnames)) return GI_NULL;
    if (nargs < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "range expected at least 1 argument, got 0");
    if (nargs > 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "range expected at most 3 arguments, got %zu", nargs);
    GiRef v[3] = {gi_smallint_ref(0), GI_NULL, gi_smallint_ref(1)}, result = GI_NULL;
    if (nargs == 1) {
        v[1] = gi_index(ts, args[0]);
        if (gi_is_null(v[1])) return GI_NULL;
    } else {
        for (size_t i = 0; i < nargs; i++) {
            v[i] = gi_index(ts, args[i]);
            if (gi_is_null(v[i])) goto done;
        }
    }
    if (nargs == 3 && gi_int_sign(gi_val(v[2])) == 0) {
        gi_raise(ts, &gi_exc_ValueError, "range() arg 3 must not be zero");
        goto done;
    }
    result = gi_range_new(ts, gi_val(v[0]), gi_val(v[1]), gi_val(v[2]));
done:
    gi_drop_all(ts, v, 3);
    return result;
}

/* ---- Items ---- */

/* start + i * step */
static GiRef progression(GiThread *ts, GiVal start, GiVal i, GiVal step) {
    GiRef offset = gi_int_mul(ts, i, step);
    if (gi_is_null(offset)) return offset;
    GiRef item = gi_int_add(ts, start, gi_val(offset));
    gi_drop(ts, offset);
    return item;
}

static GiRef range_item_big(GiThread *ts, GiRange *r, GiVal index) {
    GiRef i = gi_int_sign(index) < 0 ? gi_int_add(ts, index, slot_int(r->length)) : gi_dup(ts, index);
    if (gi_is_null(i)) return i;
    GiRef item = GI_NULL;
    if (gi_int_sign(gi_val(i)) < 0 || gi_int_order(gi_val(i), slot_int(r->length)) >= 0)
        gi_raise(ts, &gi_exc_IndexError, "range object index out of range");
    else
        item = progression(ts, slot_int(r->start), gi_val(i), slot_int(r->step));
    gi_drop(ts, i);
    return item;
}

static GiRef range_item(GiThread *ts, GiVal self, ssize_t index) {
    GiRange *r = gi_range_of(self);
    if (!r->small) {
        GiRef i = gi_int_from_i64(ts, index);
        if (gi_is_null(i)) return i;
        GiRef item = range_item_big(ts, r, gi_val(i));
        gi_drop(ts, i);
        return item;
    }
    if (index < 0 || index >= r->small_length)
        return gi_raise_ref(ts, &gi_exc_IndexError, "range object index out of range");
    return gi_int_from_i64(ts, r->small_start + index * r->small_step);
}

static GiRef range_slice(GiThread *ts, GiVal self, GiVal slice) {
    GiRange *r = gi_range_of(self);
    GiVal length = slot_int(r->length);
    GiRef bounds = gi_call_method_cstr(ts, slice, "indices", &length, 1);
    if (gi_is_null(bounds)) return bounds;
    GiVal b = gi_val(bounds);
    GiRef start = progression(ts, slot_int(r->start), gi_tuple_get(b, 0), slot_int(r->step));
    GiRef stop = progression(ts, slot_int(r->start), gi_tuple_get(b, 1), slot_int(r->step));
    GiRef step = gi_int_mul(ts, slot_int(r->step), gi_tuple_get(b, 2)), result = GI_NULL;
    if (!gi_is_null(start) && !gi_is_null(stop) && !gi_is_null(step))
        result = gi_range_new(ts, gi_val(start), gi_val(stop), gi_val(step));
    gi_xdrop(ts, start), gi_xdrop(ts, stop), gi_xdrop(ts, step);
    gi_drop(ts, bounds);
    return result;
}

static GiRef range_subscript(GiThread *ts, GiVal self, GiVal key) {
    GiRange *r = gi_range_of(self);
    if (gi_is_smallint(key) && r->small) {
        int64_t i = gi_smallint_value(key);
        return range_item(ts, self, i < 0 ? i + r->small_length : i);
    }
    if (gi_is_slice(key)) return range_slice(ts, self, key);
    if (!gi_has_index(key))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "range indices must be integers or slices, not %T", key);
    GiRef i = gi_index(ts, key);
    if (gi_is_null(i)) return i;
    GiRef item = range_item_big(ts, r, gi_val(i));
    gi_drop(ts, i);
    return item;
}

static ssize_t range_len(GiThread *ts, GiVal self) {
    GiRange *r = gi_range_of(self);
    if (r->small) return r->small_length;
    int64_t n;
    if (gi_int_as_i64(slot_int(r->length), &n) == 0) return n;
    gi_raise(ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
    return -1;
}

static GiTruth range_truth(GiThread *ts GI_UNUSED, GiVal self) {
    return gi_truth_of(gi_int_sign(slot_int(gi_range_of(self)->length)) != 0);
}

/* ---- Searching ---- */

/* Position of an exact int or bool; *out null when it is not there. */
static GiStatus range_find(GiThread *ts, GiRange *r, GiVal v, GiRef *out) {
    int64_t i;
    *out = GI_NULL;
    if (gi_is_bool(v)) v = gi_smallint(gi_is_true(v));
    if (r->small && gi_int_as_i64(v, &i) == 0) {
        if (r->small_length == 0) return GI_OK;
        int64_t last = r->small_start + (r->small_length - 1) * r->small_step;
        if (i < GI_MIN(r->small_start, last) || i > GI_MAX(r->small_start, last)) return GI_OK;
        uint64_t distance = r->small_step > 0 ? (uint64_t)i - (uint64_t)r->small_start
                                              : (uint64_t)r->small_start - (uint64_t)i;
        uint64_t width = r->small_step > 0 ? (uint64_t)r->small_step : (uint64_t)-r->small_step;
        if (distance % width) return GI_OK;
        *out = gi_int_from_u64(ts, distance / width);
        return gi_is_null(*out) ? GI_FAIL : GI_OK;
    }
    GiRef distance = gi_int_sub(ts, v, slot_int(r->start));
    if (gi_is_null(distance)) return GI_FAIL;
    GiRef rest = gi_int_mod(ts, gi_val(distance), slot_int(r->step));
    GiStatus status = gi_is_null(rest) ? GI_FAIL : GI_OK;
    if (status == GI_OK && gi_int_sign(gi_val(rest)) == 0) {
        GiRef position = gi_int_floordiv(ts, gi_val(distance), slot_int(r->step));
        if (gi_is_null(position)) status = GI_FAIL;
        else if (gi_int_sign(gi_val(position)) < 0 ||
                 gi_int_order(gi_val(position), slot_int(r->length)) >= 0)
            gi_drop(ts, position);
        else
            *out = position;
    }
    gi_xdrop(ts, rest);
    gi_drop(ts, distance);
    return status;
}

#define is_plain_int(v) (gi_is_int_exact(v) || gi_is_bool(v))

/* Compares with each item: how often it is there, or (first) where it is first, -1: nowhere. */
static GiStatus range_search(GiThread *ts, GiVal self, GiVal v, bool first, int64_t *out) {
    GiRef it = gi_iter(ts, self);
    if (gi_is_null(it)) return GI_FAIL;
    GiStatus status = GI_OK;
    int64_t found = 0, at = 0;
    *out = first ? -1 : 0;
    for (;; at++) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        GiTruth eq = gi_item_equal(ts, gi_val(item), v);
        gi_drop(ts, item);
        if (eq.value < 0) {
            status = GI_FAIL;
            break;
        }
        found += eq.value;
        if (first && found) {
            *out = at;
            break;
        }
    }
    if (!first) *out = found;
    gi_drop(ts, it);
    return status;
}

static GiTruth range_contains(GiThread *ts, GiVal self, GiVal v) {
    if (is_plain_int(v)) {
        GiRef position;
        if (range_find(ts, gi_range_of(self), v, &position)) return GI_TRUTH_FAIL;
        bool found = !gi_is_null(position);
        gi_xdrop(ts, position);
        return gi_truth_of(found);
    }
    int64_t at;
    if (range_search(ts, self, v, true, &at)) return GI_TRUTH_FAIL;
    return gi_truth_of(at >= 0);
}

GI_METHOD(range, index, "(self, value, /)",
          "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the "
          "value is not present.") {
    if (is_plain_int(a->value)) {
        GiRef position;
        if (range_find(ts, gi_range_of(self), a->value, &position)) return GI_NULL;
        if (!gi_is_null(position)) return position;
        return gi_raise_ref(ts, &gi_exc_ValueError, "%R is not in range", a->value);
    }
    int64_t at;
    if (range_search(ts, self, a->value, true, &at)) return GI_NULL;
    if (at >= 0) return gi_int_from_i64(ts, at);
    return gi_raise_ref(ts, &gi_exc_ValueError, "sequence.index(x): x not in sequence");
}

GI_METHOD(range, count, "(self, value, /)",
          "rangeobject.count(value) -> integer -- return number of occurrences of value") {
    if (is_plain_int(a->value)) {
        GiTruth in = range_contains(ts, self, a->value);
        return in.value < 0 ? GI_NULL : gi_smallint_ref(in.value);
    }
    int64_t n;
    return range_search(ts, self, a->value, false, &n) ? GI_NULL : gi_int_from_i64(ts, n);
}

/* ---- The rest of the protocol ---- */

static int64_t range_hash(GiThread *ts, GiVal self) {
    GiRange *r = gi_range_of(self);
    GiVal length = slot_int(r->length);
    bool none = gi_int_sign(length) == 0, one = gi_same(length, gi_smallint(1));
    GiRef t = gi_tuple_pack(ts, 3, length, none ? GI_NONE : slot_int(r->start),
                            none || one ? GI_NONE : slot_int(r->step));
    if (gi_is_null(t)) return -1;
    int64_t hash = gi_hash(ts, gi_val(t));
    gi_drop(ts, t);
    return hash;
}

static GiRef range_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_range(self) || !gi_is_range(other))
        return GI_REF_NOTIMPLEMENTED;
    GiRange *x = gi_range_of(self), *y = gi_range_of(other);
    GiVal length = slot_int(x->length);
    bool equal = gi_int_order(length, slot_int(y->length)) == 0;
    if (equal && gi_int_sign(length) != 0) {
        equal = gi_int_order(slot_int(x->start), slot_int(y->start)) == 0;
        if (equal && !gi_same(length, gi_smallint(1)))
            equal = gi_int_order(slot_int(x->step), slot_int(y->step)) == 0;
    }
    return gi_bool_ref(equal == (op == GI_EQ));
}

static GiRef range_repr(GiThread *ts, GiVal self) {
    GiRange *r = gi_range_of(self);
    if (gi_same(slot_int(r->step), gi_smallint(1)))
        return gi_str_format(ts, "range(%R, %R)", slot_int(r->start), slot_int(r->stop));
    return gi_str_format(ts, "range(%R, %R, %R)", slot_int(r->start), slot_int(r->stop),
                         slot_int(r->step));
}

GI_METHOD(range, __reduce__, "(self)", NULL) {
    GiRange *r = gi_range_of(self);
    GiRef args = gi_tuple_pack(ts, 3, slot_int(r->start), slot_int(r->stop), slot_int(r->step));
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(&gi_range_type)), args, GI_NULL);
}

static GiRef range_iter_new(GiThread *ts, int64_t start, int64_t step, int64_t length) {
    GiRangeIter *it = (GiRangeIter *)gi_heap_new_fast(ts, &gi_range_iter_type, sizeof(GiRangeIter));
    if (it == NULL) return GI_NULL;
    it->start = start;
    it->step = step;
    it->length = length;
    return gi_own_obj(it);
}

/* Consumes start and step (null: failed before). */
static GiRef long_iter_new(GiThread *ts, GiRef start, GiRef step, GiVal length) {
    GiLongRangeIter *it = NULL;
    if (!gi_is_null(start) && !gi_is_null(step))
        it = (GiLongRangeIter *)gi_heap_new_fast(ts, &gi_long_range_iter_type, sizeof(*it));
    if (it == NULL) {
        gi_xdrop(ts, start), gi_xdrop(ts, step);
        return GI_NULL;
    }
    gi_slot_init(&it->start, start);
    gi_slot_init(&it->step, step);
    gi_slot_init(&it->length, gi_dup(ts, length));
    gi_slot_init(&it->index, gi_smallint_ref(0));
    return gi_own_obj(it);
}

static GiRef range_iter(GiThread *ts, GiVal self) {
    GiRange *r = gi_range_of(self);
    if (r->small) return range_iter_new(ts, r->small_start, r->small_step, r->small_length);
    return long_iter_new(ts, gi_slot_dup(ts, &r->start), gi_slot_dup(ts, &r->step), slot_int(r->length));
}

GI_METHOD(range, __reversed__, "(self)", "Return a reverse iterator.") {
    GiRange *r = gi_range_of(self);
    if (r->small && r->small_step != INT64_MIN) {
        uint64_t last = (uint64_t)r->small_start +
                        ((uint64_t)r->small_length - 1) * (uint64_t)r->small_step;
        return range_iter_new(ts, (int64_t)last, -r->small_step, r->small_length);
    }
    GiRef back = gi_int_sub(ts, slot_int(r->length), gi_smallint(1)), last = GI_NULL;
    if (gi_is_null(back)) return back;
    last = progression(ts, slot_int(r->start), gi_val(back), slot_int(r->step));
    gi_drop(ts, back);
    return long_iter_new(ts, last, gi_int_sub(ts, gi_smallint(0), slot_int(r->step)),
                         slot_int(r->length));
}

static const GiMemberDef range_members[] = {
    {"start", GI_MEMBER_OBJECT, offsetof(GiRange, start), true, NULL},
    {"stop", GI_MEMBER_OBJECT, offsetof(GiRange, stop), true, NULL},
    {"step", GI_MEMBER_OBJECT, offsetof(GiRange, step), true, NULL},
    {.name = NULL},
};

GiType gi_range_type = {
    .obj = GI_TYPE_HEAD,
    .name = "range",
    .flags = GI_TYPE_SEQUENCE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiRange),
    .base = &gi_object_type,
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an "
           "object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) "
           "by step.  range(i, j) produces i, i+1, i+2, ..., j-1.\nstart defaults to 0, and stop is "
           "omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid indices for a list "
           "of 4 elements.\nWhen step is given, it specifies the increment (or decrement).",
    .fields = (const GiField[]){GI_SLOT(GiRange, start), GI_SLOT(GiRange, stop),
                                GI_SLOT(GiRange, step), GI_SLOT(GiRange, length), GI_FIELDS_END},
    .methods = range_methods,
    .members = range_members,
    .new_ = range_vectornew,
    .vectornew = range_vectornew,
    .repr = range_repr,
    .hash = range_hash,
    .compare = range_compare,
    .truth = range_truth,
    .iter = range_iter,
    .length = range_len,
    .item = range_item,
    .subscript = range_subscript,
    .contains = range_contains,
};

/* ---- Iterators ---- */

#define range_iter_of(v) ((GiRangeIter *)gi_obj(v))
#define long_iter_of(v) ((GiLongRangeIter *)gi_obj(v))

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef range_iter_next(GiThread *ts, GiVal self) {
    GiRangeIter *it = range_iter_of(self);
    int64_t i = __atomic_load_n(&it->index, __ATOMIC_RELAXED);
    if (i >= it->length) return GI_NULL;
    if (gi_is_private(ts, self)) {
        it->index = i + 1;
    } else {
        while (!__atomic_compare_exchange_n(&it->index, &i, i + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
            if (i >= it->length) return GI_NULL;
    }
    int64_t v = (int64_t)((uint64_t)it->start + (uint64_t)i * (uint64_t)it->step);
    return GI_LIKELY(gi_fits_smallint(v)) ? gi_smallint_ref(v) : gi_int_from_i64(ts, v);
}

GI_METHOD(range_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    GiRangeIter *it = range_iter_of(self);
    return gi_int_from_i64(ts, it->length - gi_load_relaxed(&it->index));
}

/* (iter, (range(start, start + length * step, step),), index) of ints; consumes the first three. */
static GiRef reduce_range(GiThread *ts, GiRef start, GiRef step, GiRef length, GiRef index) {
    GiRef range = GI_NULL;
    if (!gi_is_null(start) && !gi_is_null(step) && !gi_is_null(length)) {
        GiRef stop = progression(ts, gi_val(start), gi_val(length), gi_val(step));
        if (!gi_is_null(stop)) {
            range = gi_range_new(ts, gi_val(start), gi_val(stop), gi_val(step));
            gi_drop(ts, stop);
        }
    }
    gi_xdrop(ts, start), gi_xdrop(ts, step), gi_xdrop(ts, length);
    GiRef args = gi_is_null(range) ? range : gi_tuple_steal(ts, &range, 1);
    if (gi_is_null(args) || gi_is_null(index)) {
        gi_xdrop(ts, args), gi_xdrop(ts, index);
        return GI_NULL;
    }
    GiRef iter = gi_builtin(ts, "iter");
    return gi_reduce_tuple(ts, iter, args, index);
}

GI_METHOD(range_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiRangeIter *it = range_iter_of(self);
    return reduce_range(ts, gi_int_from_i64(ts, it->start), gi_int_from_i64(ts, it->step),
                        gi_int_from_i64(ts, it->length), gi_int_from_i64(ts, gi_load_relaxed(&it->index)));
}

GI_METHOD(range_iter, __setstate__, "(self, state: i64, /)", "Set state information for unpickling.") {
    GiRangeIter *it = range_iter_of(self);
    __atomic_store_n(&it->index, a->state < 0 ? 0 : GI_MIN(a->state, it->length), __ATOMIC_RELAXED);
    return GI_REF_NONE;
}

GiType gi_range_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "range_iterator",
    .flags = GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiRangeIter),
    .base = &gi_object_type,
    .methods = range_iter_methods,
    .iter = iter_self,
    .next = range_iter_next,
};

static GiRef long_iter_next(GiThread *ts, GiVal self) {
    GiLongRangeIter *it = long_iter_of(self);
again:;
    GiRef i = gi_slot_load(ts, &it->index);
    if (gi_int_order(gi_val(i), slot_int(it->length)) >= 0) {
        gi_drop(ts, i);
        return GI_NULL;
    }
    GiRef item = progression(ts, slot_int(it->start), gi_val(i), slot_int(it->step));
    GiRef next = gi_is_null(item) ? GI_NULL : gi_int_add(ts, gi_val(i), gi_smallint(1));
    if (gi_is_null(next)) {
        gi_drop(ts, i);
        gi_xdrop(ts, item);
        return GI_NULL;
    }
    uint64_t former = i.bits; /* no other number has this word while it is ours */
    bool mine = __atomic_compare_exchange_n(&it->index.bits, &former, next.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    gi_drop(ts, i);
    gi_drop(ts, mine ? i : next); /* what stood in the slot, or did not come to stand there */
    if (GI_LIKELY(mine)) return item;
    gi_drop(ts, item);
    goto again;
}

GI_METHOD(long_range_iter, __length_hint__, "(self)",
          "Private method returning an estimate of len(list(it)).") {
    GiLongRangeIter *it = long_iter_of(self);
    GiRef index = gi_slot_load(ts, &it->index), left = gi_int_sub(ts, slot_int(it->length), gi_val(index));
    gi_drop(ts, index);
    return left;
}

GI_METHOD(long_range_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiLongRangeIter *it = long_iter_of(self);
    return reduce_range(ts, gi_slot_dup(ts, &it->start), gi_slot_dup(ts, &it->step),
                        gi_slot_dup(ts, &it->length), gi_slot_load(ts, &it->index));
}

GI_METHOD(long_range_iter, __setstate__, "(self, state, /)", "Set state information for unpickling.") {
    GiLongRangeIter *it = long_iter_of(self);
    if (!gi_is_int(a->state))
        return gi_raise_ref(ts, &gi_exc_TypeError, "an integer is required");
    GiRef state = gi_index(ts, a->state);
    if (gi_is_null(state)) return state;
    if (gi_int_sign(gi_val(state)) < 0) {
        gi_drop(ts, state);
        state = gi_smallint_ref(0);
    } else if (gi_int_order(gi_val(state), slot_int(it->length)) > 0) {
        gi_drop(ts, state);
        state = gi_slot_dup(ts, &it->length);
    }
    gi_slot_store(ts, &it->index, state);
    return GI_REF_NONE;
}

GiType gi_long_range_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "longrange_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiLongRangeIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiLongRangeIter, start), GI_SLOT(GiLongRangeIter, step),
                                GI_SLOT(GiLongRangeIter, length), GI_SLOT(GiLongRangeIter, index),
                                GI_FIELDS_END},
    .methods = long_range_iter_methods,
    .iter = iter_self,
    .next = long_iter_next,
};
