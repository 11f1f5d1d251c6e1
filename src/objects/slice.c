/* slice.c - slice objects, and turning them into bounds. Immutable. */
#include "objects/container.h"

#include "objects/bytes.h"
#include "objects/slice.gen.h"

#define slice_of(v) ((GiSlice *)gi_obj(v))

GiRef gi_slice_new(GiThread *ts, GiVal start, GiVal stop, GiVal step) {
    GiSlice *s = (GiSlice *)gi_heap_new_fast(ts, &gi_slice_type, sizeof(GiSlice));
    if (s == NULL) return GI_NULL;
    gi_slot_init(&s->start, gi_is_null(start) ? GI_REF_NONE : gi_dup(ts, start));
    gi_slot_init(&s->stop, gi_is_null(stop) ? GI_REF_NONE : gi_dup(ts, stop));
    gi_slot_init(&s->step, gi_is_null(step) ? GI_REF_NONE : gi_dup(ts, step));
    return gi_own_obj(s);
}

/* Whether v's type looks at a slice's bounds and does not keep it, and the bounds run no code. */
static inline bool transient_slice(const GiType *type, GiVal start, GiVal stop, GiVal step) {
    return (type == &gi_list_type || type == &gi_str_type || type == &gi_tuple_type || type == &gi_bytes_type) &&
           (gi_is_smallint(start) || gi_is_none(start)) && (gi_is_smallint(stop) || gi_is_none(stop)) &&
           (gi_is_smallint(step) || gi_is_none(step));
}

/* A slice that is no heap object: for as long as the call it is passed to. */
#define TRANSIENT_SLICE(start, stop, step)                                                            \
    {{.head = (uint64_t)(uintptr_t)&gi_slice_type, .owner = GI_OWNER_IMMORTAL}, {(start).bits}, {(stop).bits}, \
     {(step).bits}}

GiRef gi_get_slice(GiThread *ts, GiVal v, GiVal start, GiVal stop, GiVal step) {
    GiType *type = gi_type_of(v);
    if (GI_LIKELY(transient_slice(type, start, stop, step))) {
        const GiSlice key = TRANSIENT_SLICE(start, stop, step);
        return type->subscript(ts, v, gi_from_obj(&key));
    }
    GiRef key = gi_slice_new(ts, start, stop, step);
    if (gi_is_null(key)) return key;
    GiRef r = gi_getitem(ts, v, gi_val(key));
    gi_drop(ts, key);
    return r;
}

GiStatus gi_set_slice(GiThread *ts, GiVal v, GiVal start, GiVal stop, GiVal value) {
    GiType *type = gi_type_of(v);
    if (GI_LIKELY(type == &gi_list_type && transient_slice(type, start, stop, GI_NONE))) {
        const GiSlice key = TRANSIENT_SLICE(start, stop, GI_NONE);
        return type->set_subscript(ts, v, gi_from_obj(&key), value);
    }
    GiRef key = gi_slice_new(ts, start, stop, GI_NONE);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = gi_setitem(ts, v, gi_val(key), value);
    gi_drop(ts, key);
    return status;
}

static GiStatus slice_bound(GiThread *ts, GiVal v, ssize_t *out) {
    if (gi_is_smallint(v)) {
        *out = (ssize_t)gi_smallint_value(v);
        return GI_OK;
    }
    if (!gi_has_index(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "slice indices must be integers or None or "
                                                      "have an __index__ method");
    return gi_as_ssize(ts, v, true, out);
}

GiStatus gi_slice_unpack(GiThread *ts, GiVal slice, ssize_t *start, ssize_t *stop, ssize_t *step) {
    GiSlice *s = slice_of(slice);
    GiVal v = gi_slot_peek(&s->step);
    *step = 1;
    if (!gi_is_none(v)) {
        if (slice_bound(ts, v, step)) return GI_FAIL;
        if (*step == 0)
            return gi_raise_status(ts, &gi_exc_ValueError, "slice step cannot be zero");
        if (*step < -PTRDIFF_MAX) *step = -PTRDIFF_MAX; /* so that -step is defined */
    }
    v = gi_slot_peek(&s->start);
    if (gi_is_none(v)) *start = *step < 0 ? PTRDIFF_MAX : 0;
    else if (slice_bound(ts, v, start)) return GI_FAIL;
    v = gi_slot_peek(&s->stop);
    if (gi_is_none(v)) *stop = *step < 0 ? PTRDIFF_MIN : PTRDIFF_MAX;
    else if (slice_bound(ts, v, stop)) return GI_FAIL;
    return GI_OK;
}

static ssize_t clip_bound(ssize_t v, ssize_t length, bool backwards) {
    if (v < 0) {
        v += length;
        if (v < 0) v = backwards ? -1 : 0;
    } else if (v >= length) {
        v = backwards ? length - 1 : length;
    }
    return v;
}

size_t gi_slice_adjust(size_t length, ssize_t *start, ssize_t *stop, ssize_t step) {
    *start = clip_bound(*start, (ssize_t)length, step < 0);
    *stop = clip_bound(*stop, (ssize_t)length, step < 0);
    if (GI_LIKELY(step == 1)) return *start < *stop ? (size_t)(*stop - *start) : 0;
    if (step == -1) return *stop < *start ? (size_t)(*start - *stop) : 0;
    if (step < 0) return *stop < *start ? (size_t)((*start - *stop - 1) / -step + 1) : 0;
    return *start < *stop ? (size_t)((*stop - *start - 1) / step + 1) : 0;
}

GI_NEW(slice, "(cls, *args)", "slice(stop)\nslice(start, stop[, step])") {
    if (a->args_count < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "slice expected at least 1 argument, got 0");
    if (a->args_count > 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "slice expected at most 3 arguments, got %zu",
                            a->args_count);
    if (a->args_count == 1) return gi_slice_new(ts, GI_NOVAL, a->args[0], GI_NOVAL);
    return gi_slice_new(ts, a->args[0], a->args[1], a->args_count > 2 ? a->args[2] : GI_NOVAL);
}

static GiRef slice_vectornew(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs,
                             GiVal kwnames) {
    if (gi_no_kwargs(ts, "slice", kwnames)) return GI_NULL;
    struct slice_new_args a = {args, nargs};
    return slice_new_body(ts, type, &a);
}

/* An int for one of slice's members: __index__ applied. */
static GiRef bound_as_int(GiThread *ts, GiVal v) {
    if (!gi_has_index(v))
        return gi_raise_ref(ts, &gi_exc_TypeError, "slice indices must be integers or None or "
                                                   "have an __index__ method");
    return gi_index(ts, v);
}

/* One bound of slice.indices for any length, by int arithmetic: negative counts from the end,
 * then it is clipped to [lower, upper]. */
static GiRef bound_for_length(GiThread *ts, GiVal v, GiVal fallback, GiVal length, GiVal lower,
                              GiVal upper) {
    if (gi_is_none(v)) return gi_dup(ts, fallback);
    GiRef b = bound_as_int(ts, v);
    if (gi_is_null(b)) return b;
    if (gi_int_sign(gi_val(b)) < 0) {
        GiRef sum = gi_int_add(ts, gi_val(b), length);
        gi_drop(ts, b);
        if (gi_is_null(sum)) return sum;
        b = sum;
        if (gi_int_order(gi_val(b), lower) < 0) {
            gi_drop(ts, b);
            return gi_dup(ts, lower);
        }
    } else if (gi_int_order(gi_val(b), upper) > 0) {
        gi_drop(ts, b);
        return gi_dup(ts, upper);
    }
    return b;
}

GI_METHOD(slice, indices, "(self, length, /)",
          "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate "
          "the start and stop\nindices, and the stride length of the extended slice described "
          "by\nS. Out of bounds indices are clipped in a manner consistent with the\nhandling of "
          "normal slices.") {
    GiSlice *s = slice_of(self);
    GiRef length = gi_index(ts, a->length), step = GI_NULL, lower = GI_NULL, upper = GI_NULL;
    GiRef start = GI_NULL, stop = GI_NULL, result = GI_NULL;
    if (gi_is_null(length)) return length;
    if (gi_int_sign(gi_val(length)) < 0) {
        gi_raise(ts, &gi_exc_ValueError, "length should not be negative");
        goto done;
    }
    GiVal v = gi_slot_peek(&s->step);
    step = gi_is_none(v) ? gi_smallint_ref(1) : bound_as_int(ts, v);
    if (gi_is_null(step)) goto done;
    int sign = gi_int_sign(gi_val(step));
    if (sign == 0) {
        gi_raise(ts, &gi_exc_ValueError, "slice step cannot be zero");
        goto done;
    }
    lower = gi_smallint_ref(sign < 0 ? -1 : 0);
    upper = sign < 0 ? gi_int_add(ts, gi_val(length), gi_val(lower)) : gi_dup(ts, gi_val(length));
    if (gi_is_null(upper)) goto done;
    GiVal low = gi_val(lower), high = gi_val(upper), len = gi_val(length);
    start = bound_for_length(ts, gi_slot_peek(&s->start), sign < 0 ? high : low, len, low, high);
    if (gi_is_null(start)) goto done;
    stop = bound_for_length(ts, gi_slot_peek(&s->stop), sign < 0 ? low : high, len, low, high);
    if (gi_is_null(stop)) goto done;
    result = gi_tuple_pack(ts, 3, gi_val(start), gi_val(stop), gi_val(step));
done:
    gi_xdrop(ts, length), gi_xdrop(ts, step), gi_xdrop(ts, upper);
    gi_xdrop(ts, start), gi_xdrop(ts, stop);
    return result;
}

GI_METHOD(slice, __reduce__, "(self)", "Return state information for pickling.") {
    GiSlice *s = slice_of(self);
    GiRef args = gi_tuple_pack(ts, 3, gi_val(s->start), gi_val(s->stop), gi_val(s->step));
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(&gi_slice_type)), args, GI_NULL);
}

static GiRef slice_as_tuple(GiThread *ts, GiVal v) {
    GiSlice *s = slice_of(v);
    return gi_tuple_pack(ts, 3, gi_val(s->start), gi_val(s->stop), gi_val(s->step));
}

static GiRef slice_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_slice(self) || !gi_is_slice(other)) return GI_REF_NOTIMPLEMENTED;
    if (gi_same(self, other))
        return gi_bool_ref(op == GI_EQ || op == GI_LE || op == GI_GE);
    GiRef x = slice_as_tuple(ts, self);
    if (gi_is_null(x)) return x;
    GiRef y = slice_as_tuple(ts, other);
    GiRef result = gi_is_null(y) ? y : gi_compare(ts, gi_val(x), gi_val(y), op);
    gi_drop(ts, x);
    gi_xdrop(ts, y);
    return result;
}

static GiRef slice_repr(GiThread *ts, GiVal self) {
    GiSlice *s = slice_of(self);
    return gi_str_format(ts, "slice(%R, %R, %R)", gi_val(s->start), gi_val(s->stop),
                         gi_val(s->step));
}

static const GiMemberDef slice_members[] = {
    {"start", GI_MEMBER_OBJECT, offsetof(GiSlice, start), true, NULL},
    {"stop", GI_MEMBER_OBJECT, offsetof(GiSlice, stop), true, NULL},
    {"step", GI_MEMBER_OBJECT, offsetof(GiSlice, step), true, NULL},
    {.name = NULL},
};

/* Comparison without hash: slices are unhashable. */
GiType gi_slice_type = {
    .obj = GI_TYPE_HEAD,
    .name = "slice",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiSlice),
    .base = &gi_object_type,
    .doc = "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for "
           "extended slicing (e.g. a[0:10:2]).",
    .fields = (const GiField[]){GI_SLOT(GiSlice, start), GI_SLOT(GiSlice, stop),
                                GI_SLOT(GiSlice, step), GI_FIELDS_END},
    .methods = slice_methods,
    .members = slice_members,
    .new_ = slice_new,
    .vectornew = slice_vectornew,
    .repr = slice_repr,
    .compare = slice_compare,
};
