/* memoryview.c - views of other objects' memory, with shape, strides and format.
 *
 * A view refers to a managed buffer (hidden type), which holds the one GiBuffer got from the
 * exporter; slices and casts share it, and the last of them to be released gives it back.
 * INVARIANT: shape and strides are always there and have ndim entries; format is never NULL. A
 * view is immutable but for `released`, `managed` and `exports`; LOCK: the byte lock guards those.
 * Who looks at the memory while other threads may release the view holds the managed buffer (HOLD):
 * a release then succeeds, and the exporter is let go when the last holder is done.
 */
#include "base/shared_bytes.h"
#include "memory/keep.h"
#include "objects/buffer.h"

#include "base/hash.h"
#include "objects/bytes.h"
#include "objects/container.h"
#include "objects/byteslike.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#define MAX_NDIM 64

typedef struct Managed {
    GiObj obj;
    GiBuffer buffer;
    bool raw; /* memory lent by the owner: dropping the owner is all there is to release */
} Managed;

typedef struct View {
    GiObj obj;
    GiSlot managed; /* null once released */
    char *data;
    ssize_t len, item_size;
    int ndim;
    bool readonly, released;
    const char *format;
    ssize_t *shape, *strides, *suboffsets; /* suboffsets may be NULL */
    ssize_t small[4];                      /* shape and strides of one or two dimensions */
    ssize_t exports;
    int64_t hash; /* 0: not computed */
} View;

#define VIEW(v) ((View *)gi_obj(v))
#define LOCK(ts, v) GI_LOCKED(&(ts)->core, (GiByteLock *)gi_obj_lock_byte(gi_obj(v)))

#include "objects/memoryview.gen.h"

/* ---- managed buffers ---- */

static void managed_destroy(GiThread *ts, GiObj *obj) {
    Managed *m = (Managed *)obj;
    if (m->raw)
        gi_xdrop(ts, gi_slot_take(&m->buffer.owner));
    else
        gi_buffer_release(ts, &m->buffer);
}

/* A collection leaves it the owner, who counts it. */
static void managed_owner(GiObj *obj, GiVisit visit, void *arg) {
    if (!gi_visit_empties(visit)) visit(&((Managed *)obj)->buffer.owner, arg);
}
static const GiField managed_fields[] = {GI_CUSTOM(managed_owner), GI_FIELDS_END};

GiType gi_managedbuffer_type = {
    .obj = GI_TYPE_HEAD,
    .name = "managedbuffer",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(Managed),
    .fields = managed_fields,
    .base = &gi_object_type,
    .destroy = managed_destroy,
};

/* ---- making views ---- */

static View *view_alloc(GiThread *ts, int ndim) {
    View *view = (View *)gi_heap_new(ts, &gi_memoryview_type, sizeof(View));
    if (!view) return NULL;
    view->shape = view->small;
    if (ndim > 2) {
        view->shape = gi_mem_calloc(ts, 2 * (size_t)ndim, sizeof(ssize_t));
        if (!view->shape) {
            view->shape = view->small;
            gi_drop(ts, gi_own_obj(view));
            return NULL;
        }
    }
    view->ndim = ndim;
    view->strides = view->shape + (ndim > 2 ? ndim : 2);
    return view;
}

static void view_destroy(GiThread *ts, GiObj *obj) {
    View *view = (View *)obj;
    (void)ts;
    if (view->shape && view->shape != view->small) gi_mem_free(view->shape);
    view->shape = view->small;
}

/* C-contiguous strides for the shape. */
static void set_strides(View *view) {
    ssize_t step = view->item_size;
    for (int i = view->ndim - 1; i >= 0; i--) {
        view->strides[i] = step;
        step *= view->shape[i];
    }
}

/* A view of all of a managed buffer (consumed). */
static GiRef view_of_managed(GiThread *ts, GiRef managed) {
    GiBuffer *b = &((Managed *)gi_obj(managed))->buffer;
    View *view = b->ndim > MAX_NDIM ? NULL : view_alloc(ts, b->ndim);
    if (!view) {
        if (b->ndim > MAX_NDIM)
            gi_raise(ts, &gi_exc_ValueError, "memoryview: number of dimensions must not exceed 64");
        gi_drop(ts, managed);
        return GI_NULL;
    }
    view->data = b->data;
    view->len = b->len;
    view->item_size = b->item_size;
    view->readonly = b->readonly;
    view->format = b->format ? b->format : "B";
    view->suboffsets = b->suboffsets;
    for (int i = 0; i < b->ndim; i++)
        view->shape[i] = b->shape ? b->shape[i] : b->item_size ? b->len / b->item_size : b->len;
    if (b->strides)
        memcpy(view->strides, b->strides, (size_t)b->ndim * sizeof(ssize_t));
    else
        set_strides(view);
    gi_slot_init(&view->managed, managed);
    return gi_own_obj(view);
}

static bool is_released(const View *view) { return __atomic_load_n(&view->released, __ATOMIC_RELAXED); }

static GiStatus check_released(GiThread *ts, const View *view) {
    if (GI_LIKELY(!is_released(view))) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "operation forbidden on released memoryview object");
}

/* The managed buffer of a view, null with an exception when that is released. */
static GiRef managed_of(GiThread *ts, const View *view) {
    GiRef managed = GI_NULL;
    LOCK(ts, gi_from_obj(view)) managed = gi_slot_dup(ts, &view->managed);
    if (gi_is_null(managed)) (void)check_released(ts, view);
    return managed;
}

typedef struct Hold {
    GiThread *ts;
    GiRef managed;
    bool good;
} Hold;

static inline Hold hold_begin(GiThread *ts, GiVal self, bool brief) {
    Hold hold = {ts, GI_NULL, true};
    if (GI_LIKELY(!ts->core.free_running) || (brief && gi_is_unique(ts, self))) {
        hold.good = check_released(ts, VIEW(self)) == GI_OK;
    } else {
        hold.managed = managed_of(ts, VIEW(self));
        hold.good = !gi_is_null(hold.managed);
    }
    return hold;
}
static inline void hold_end(Hold *hold) { gi_xdrop(hold->ts, hold->managed); }

/* For the rest of the block the memory stays; returns `failed` if the view is released. BRIEF when no
 * Python code runs in it. */
#define HOLD_IF(self, brief, failed)                                                               \
    Hold hold __attribute__((cleanup(hold_end))) = hold_begin(ts, self, brief);                    \
    if (GI_UNLIKELY(!hold.good)) return failed
#define HOLD(self, failed) HOLD_IF(self, false, failed)

/* A copy of a view with its own shape. */
static View *view_copy(GiThread *ts, const View *from) {
    GiRef managed = managed_of(ts, from);
    if (gi_is_null(managed)) return NULL;
    View *view = view_alloc(ts, from->ndim);
    if (!view) {
        gi_drop(ts, managed);
        return NULL;
    }
    view->data = from->data;
    view->len = from->len;
    view->item_size = from->item_size;
    view->readonly = from->readonly;
    view->format = from->format;
    view->suboffsets = from->suboffsets;
    memcpy(view->shape, from->shape, (size_t)from->ndim * sizeof(ssize_t));
    memcpy(view->strides, from->strides, (size_t)from->ndim * sizeof(ssize_t));
    gi_slot_init(&view->managed, managed);
    return view;
}

GiRef gi_memoryview_from(GiThread *ts, GiVal v) {
    if (gi_is_exact(v, &gi_memoryview_type)) {
        if (check_released(ts, VIEW(v)) != GI_OK) return GI_NULL;
        return gi_own_obj(view_copy(ts, VIEW(v)));
    }
    if (!gi_has_buffer(v))
        return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: a bytes-like object is required, not '%.200T'", v);
    Managed *m = (Managed *)gi_heap_new(ts, &gi_managedbuffer_type, sizeof(Managed));
    if (!m) return GI_NULL;
    GiRef managed = gi_own_obj(m);
    if (gi_buffer_get(ts, v, &m->buffer, GI_BUF_FULL_RO) != GI_OK) {
        memset(&m->buffer, 0, sizeof m->buffer);
        gi_drop(ts, managed);
        return GI_NULL;
    }
    return view_of_managed(ts, managed);
}

GiRef gi_memoryview_over(GiThread *ts, GiVal owner, void *data, ssize_t len, bool readonly) {
    Managed *m = (Managed *)gi_heap_new(ts, &gi_managedbuffer_type, sizeof(Managed));
    if (!m) return GI_NULL;
    m->raw = true;
    if (gi_buffer_fill(ts, &m->buffer, owner, data, len, readonly, GI_BUF_FULL_RO) != GI_OK) {
        gi_drop(ts, gi_own_obj(m));
        return GI_NULL;
    }
    return view_of_managed(ts, gi_own_obj(m));
}

GI_NEW(memoryview, "(cls, object)", "Create a new memoryview object which references the given object.") {
    (void)type;
    return gi_memoryview_from(ts, a->object);
}

/* ---- contiguity ---- */

static bool contiguous_c(int ndim, const ssize_t *shape, const ssize_t *strides, ssize_t item) {
    for (int i = ndim - 1; i >= 0; i--) {
        if (shape[i] == 0) return true;
        if (shape[i] > 1 && strides[i] != item) return false;
        item *= shape[i];
    }
    return true;
}

static bool contiguous_f(int ndim, const ssize_t *shape, const ssize_t *strides, ssize_t item) {
    for (int i = 0; i < ndim; i++) {
        if (shape[i] == 0) return true;
        if (shape[i] > 1 && strides[i] != item) return false;
        item *= shape[i];
    }
    return true;
}

bool gi_buffer_is_contiguous(const GiBuffer *b, char order) {
    if (b->suboffsets) return false;
    if (!b->strides || !b->shape) return order != 'F' || b->ndim <= 1;
    if (b->len == 0) return true;
    bool c = contiguous_c(b->ndim, b->shape, b->strides, b->item_size);
    return order == 'C' ? c : contiguous_f(b->ndim, b->shape, b->strides, b->item_size) || (order == 'A' && c);
}

static char *follow(char *at, const ssize_t *suboffsets, int dim) {
    return suboffsets && suboffsets[dim] >= 0 ? *(char **)(void *)at + suboffsets[dim] : at;
}

/* Copies the items below dimension dim in C order; gives the next free place. */
static char *copy_out(char *to, char *from, int ndim, const ssize_t *shape, const ssize_t *strides,
                      const ssize_t *suboffsets, ssize_t item, int dim) {
    if (dim == ndim) {
        gi_shared_load(to, from, (size_t)item);
        return to + item;
    }
    for (ssize_t i = 0; i < shape[dim]; i++)
        to = copy_out(to, follow(from + i * strides[dim], suboffsets, dim), ndim, shape, strides, suboffsets, item,
                      dim + 1);
    return to;
}

/* Copies in Fortran order: the first index runs fastest. */
static void copy_out_f(char *to, char *from, int ndim, const ssize_t *shape, const ssize_t *strides, ssize_t item) {
    ssize_t index[MAX_NDIM] = {0}, total = 1;
    for (int i = 0; i < ndim; i++) total *= shape[i];
    for (ssize_t k = 0; k < total; k++) {
        char *at = from;
        for (int i = 0; i < ndim; i++) at += index[i] * strides[i];
        gi_shared_load(to, at, (size_t)item);
        to += item;
        for (int i = 0; i < ndim && ++index[i] == shape[i]; i++) index[i] = 0;
    }
}

void gi_buffer_to_contiguous(const GiBuffer *b, void *to, char order) {
    if (b->len == 0) return;
    if (gi_buffer_is_contiguous(b, 'C') && (order != 'F' || b->ndim <= 1)) {
        gi_shared_load(to, b->data, (size_t)b->len);
        return;
    }
    if (order == 'A') order = gi_buffer_is_contiguous(b, 'F') ? 'F' : 'C';
    ssize_t strides[MAX_NDIM], step = b->item_size;
    for (int i = b->ndim - 1; i >= 0; i--) {
        strides[i] = b->strides ? b->strides[i] : step;
        step *= b->shape[i];
    }
    if (order == 'F' && !b->suboffsets)
        copy_out_f(to, b->data, b->ndim, b->shape, strides, b->item_size);
    else
        copy_out(to, b->data, b->ndim, b->shape, strides, b->suboffsets, b->item_size, 0);
}

/* The view as a GiBuffer without owner, for the functions above. */
static GiBuffer as_buffer(const View *view) {
    return (GiBuffer){.data = view->data, .len = view->len, .item_size = view->item_size, .readonly = view->readonly,
                      .ndim = view->ndim, .format = view->format, .shape = view->shape, .strides = view->strides,
                      .suboffsets = view->suboffsets};
}

/* As the flags of a view say it: one dimension goes by the stride even when it is empty. */
static bool view_is_contiguous(const View *view, char order) {
    if (view->ndim == 1 && !view->suboffsets)
        return view->shape[0] == 1 || view->strides[0] == view->item_size;
    GiBuffer b = as_buffer(view);
    return gi_buffer_is_contiguous(&b, order);
}

/* ---- the buffer protocol of views themselves ---- */

static GiStatus view_get_buffer(GiThread *ts, GiVal self, GiBuffer *out, int flags) {
    View *view = VIEW(self);
    if (check_released(ts, view) != GI_OK) return GI_FAIL;
    *out = as_buffer(view);
    const char *wrong = NULL;
    if ((flags & GI_BUF_WRITABLE) && view->readonly)
        wrong = "memoryview: underlying buffer is not writable";
    else if ((flags & GI_BUF_C_CONTIGUOUS) == GI_BUF_C_CONTIGUOUS && !view_is_contiguous(view, 'C'))
        wrong = "memoryview: underlying buffer is not C-contiguous";
    else if ((flags & GI_BUF_F_CONTIGUOUS) == GI_BUF_F_CONTIGUOUS && !view_is_contiguous(view, 'F'))
        wrong = "memoryview: underlying buffer is not Fortran contiguous";
    else if ((flags & GI_BUF_ANY_CONTIGUOUS) == GI_BUF_ANY_CONTIGUOUS && !view_is_contiguous(view, 'A'))
        wrong = "memoryview: underlying buffer is not contiguous";
    else if ((flags & GI_BUF_INDIRECT) != GI_BUF_INDIRECT && view->suboffsets)
        wrong = "memoryview: underlying buffer requires suboffsets";
    else if ((flags & GI_BUF_STRIDES) != GI_BUF_STRIDES && !view_is_contiguous(view, 'C'))
        wrong = "memoryview: underlying buffer is not C-contiguous";
    else if ((flags & GI_BUF_ND) != GI_BUF_ND && (flags & GI_BUF_FORMAT) && view->format)
        wrong = "memoryview: cannot cast to unsigned bytes if the format flag is present";
    if (wrong) {
        memset(out, 0, sizeof *out);
        return gi_raise_status(ts, &gi_exc_BufferError, "%s", wrong);
    }
    if (!(flags & GI_BUF_FORMAT)) out->format = NULL;
    if ((flags & GI_BUF_STRIDES) != GI_BUF_STRIDES) out->strides = NULL;
    if ((flags & GI_BUF_ND) != GI_BUF_ND) {
        out->ndim = 1;
        out->shape = NULL;
    }
    bool released = false;
    LOCK(ts, self) {
        released = view->released;
        view->exports += !released;
    }
    if (released) {
        memset(out, 0, sizeof *out);
        return check_released(ts, view);
    }
    gi_slot_init(&out->owner, gi_dup(ts, self));
    return GI_OK;
}

static void view_release_buffer(GiThread *ts, GiVal self, GiBuffer *out) {
    (void)out;
    LOCK(ts, self) VIEW(self)->exports--;
}

static GiStatus view_release(GiThread *ts, GiVal self) {
    View *view = VIEW(self);
    ssize_t exports = 0;
    GiRef managed = GI_NULL;
    LOCK(ts, self) {
        exports = view->exports;
        if (exports == 0 && !view->released) {
            __atomic_store_n(&view->released, true, __ATOMIC_RELAXED);
            managed = gi_slot_take(&view->managed);
        }
    }
    gi_xdrop(ts, managed);
    if (exports > 0)
        return gi_raise_status(ts, &gi_exc_BufferError, "memoryview has %zd exported buffer%s", exports,
                               exports == 1 ? "" : "s");
    return GI_OK;
}

/* ---- single items ---- */

static const char native_formats[] = "cbBhHiIlLqQnNfd?P";

/* Bytes of a native format character, 0 when it is none. */
static ssize_t format_size(char c) {
    switch (c) {
    case 'c': case 'b': case 'B': case '?': return 1;
    case 'h': case 'H': return 2;
    case 'i': case 'I': case 'f': return 4;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'd': case 'P': return 8;
    default: return 0;
    }
}

/* The character of a native single format ("B", "@B"), 0 when the format is another. */
static char native_format(const char *format) {
    if (*format == '@') format++;
    return format[0] && !format[1] && format_size(format[0]) ? format[0] : 0;
}

/* Others may be writing the memory. */
#define LOAD(type, p) ({ type load_; gi_shared_load(&load_, (p), sizeof load_); load_; })

static GiRef unpack_item(GiThread *ts, const View *view, const char *p) {
    switch (native_format(view->format)) {
    case 'c': {
        char c = LOAD(char, p);
        return gi_bytes_from(ts, &c, 1);
    }
    case 'b': return gi_smallint_ref(LOAD(int8_t, p));
    case 'B': return gi_smallint_ref(LOAD(uint8_t, p));
    case '?': return gi_bool_ref(LOAD(char, p) != 0);
    case 'h': return gi_smallint_ref(LOAD(int16_t, p));
    case 'H': return gi_smallint_ref(LOAD(uint16_t, p));
    case 'i': return gi_smallint_ref(LOAD(int32_t, p));
    case 'I': return gi_smallint_ref(LOAD(uint32_t, p));
    case 'l': case 'q': case 'n': return gi_int_from_i64(ts, LOAD(int64_t, p));
    case 'L': case 'Q': case 'N': case 'P': return gi_int_from_u64(ts, LOAD(uint64_t, p));
    case 'f': return gi_double_ref(LOAD(float, p));
    case 'd': return gi_double_ref(LOAD(double, p));
    default: return gi_raise_ref(ts, &gi_exc_NotImplementedError, "memoryview: format %s not supported", view->format);
    }
}

static GiStatus pack_failed(GiThread *ts, const View *view) {
    bool type = gi_exc_matches(ts, &gi_exc_TypeError), value = gi_exc_matches(ts, &gi_exc_OverflowError) ||
                                                               gi_exc_matches(ts, &gi_exc_ValueError);
    if (!type && !value) return GI_FAIL;
    gi_exc_clear(ts);
    return gi_raise_status(ts, type ? &gi_exc_TypeError : &gi_exc_ValueError, "memoryview: invalid %s for format '%s'",
                           type ? "type" : "value", view->format);
}

static GiStatus out_of_range(GiThread *ts, const View *view) {
    return gi_raise_status(ts, &gi_exc_ValueError, "memoryview: invalid value for format '%s'", view->format);
}

static GiStatus pack_int(GiThread *ts, const View *view, char c, char *p, GiVal v) {
    GiRef i = gi_index(ts, v);
    if (gi_is_null(i)) return pack_failed(ts, view);
    ssize_t size = format_size(c);
    bool is_signed = strchr("bhilqn", c) != NULL;
    uint64_t u = 0;
    int64_t s = 0;
    bool fits;
    if (is_signed) {
        fits = gi_int_as_i64(gi_val(i), &s) == 0;
        if (fits && size < 8) fits = s >= -(INT64_C(1) << (8 * size - 1)) && s < INT64_C(1) << (8 * size - 1);
        u = (uint64_t)s;
    } else {
        fits = gi_int_as_u64(gi_val(i), &u) == 0 && (size == 8 || u >> 8 * size == 0);
    }
    gi_drop(ts, i);
    if (!fits) return out_of_range(ts, view);
    memcpy(p, &u, (size_t)size);
    return GI_OK;
}

static GiStatus pack_item(GiThread *ts, View *view, char *p, GiVal v) {
    char c = native_format(view->format);
    double d;
    switch (c) {
    case 0:
        return gi_raise_status(ts, &gi_exc_NotImplementedError, "memoryview: format %s not supported", view->format);
    case 'c':
        if (!gi_is_bytes(v))
            return gi_raise_status(ts, &gi_exc_TypeError, "memoryview: invalid type for format '%s'", view->format);
        if (gi_bytes_len(v) != 1) return out_of_range(ts, view);
        gi_shared_store(p, gi_bytes_data(v), 1);
        return GI_OK;
    case '?': {
        GiTruth truth = gi_truth(ts, v);
        if (truth.value < 0) return GI_FAIL;
        if (check_released(ts, view) != GI_OK) return GI_FAIL;
        gi_shared_store(p, &(char){(char)truth.value}, 1);
        return GI_OK;
    }
    case 'f':
    case 'd':
        if (gi_as_double(ts, v, &d) != GI_OK) return pack_failed(ts, view);
        if (check_released(ts, view) != GI_OK) return GI_FAIL;
        if (c == 'f') {
            float f = (float)d;
            gi_shared_store(p, &f, sizeof f);
        } else {
            gi_shared_store(p, &d, sizeof d);
        }
        return GI_OK;
    default: {
        char bytes[8];
        if (pack_int(ts, view, c, bytes, v) != GI_OK || check_released(ts, view) != GI_OK) return GI_FAIL;
        gi_shared_store(p, bytes, (size_t)format_size(c));
        return GI_OK;
    }
    }
}

/* ---- indexing ---- */

static char *item_address(GiThread *ts, const View *view, char *at, ssize_t index, int dim) {
    ssize_t n = view->shape[dim];
    if (index < 0) index += n;
    if (index < 0 || index >= n) {
        gi_raise(ts, &gi_exc_IndexError, "index out of bounds on dimension %d", dim + 1);
        return NULL;
    }
    return follow(at + index * view->strides[dim], view->suboffsets, dim);
}

static bool is_index(GiVal v) { return gi_is_int(v) || gi_type_of(v)->index; }

/* The address that a tuple of indices names. */
static char *tuple_address(GiThread *ts, const View *view, GiVal key) {
    size_t n = gi_tuple_len(key);
    if (n != (size_t)view->ndim) {
        if (n < (size_t)view->ndim)
            gi_raise(ts, &gi_exc_NotImplementedError, "sub-views are not implemented");
        else
            gi_raise(ts, &gi_exc_TypeError, "cannot index %d-dimension view with %zd-element tuple", view->ndim,
                     (ssize_t)n);
        return NULL;
    }
    char *at = view->data;
    for (int i = 0; i < view->ndim && at; i++) {
        ssize_t index;
        if (gi_as_ssize(ts, gi_tuple_get(key, (size_t)i), false, &index) != GI_OK) return NULL;
        if (check_released(ts, view) != GI_OK) return NULL;
        at = item_address(ts, view, at, index, i);
    }
    return at;
}

static bool all_tuple(GiVal key, bool slices) {
    if (!gi_is_tuple(key)) return false;
    for (size_t i = 0; i < gi_tuple_len(key); i++) {
        GiVal v = gi_tuple_get(key, i);
        if (slices ? !gi_is_exact(v, &gi_slice_type) : !is_index(v)) return false;
    }
    return !slices || gi_tuple_len(key) > 0;
}

static GiRef view_item(GiThread *ts, GiVal self, ssize_t index) {
    View *view = VIEW(self);
    HOLD_IF(self, true, GI_NULL);
    if (view->ndim == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "invalid indexing of 0-dim memory");
    if (view->ndim > 1)
        return gi_raise_ref(ts, &gi_exc_NotImplementedError, "multi-dimensional sub-views are not implemented");
    char *at = item_address(ts, view, view->data, index, 0);
    return at ? unpack_item(ts, view, at) : GI_NULL;
}

/* Cuts the first dimension of a fresh view. */
static GiStatus slice_first(GiThread *ts, View *view, GiVal key) {
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step) != GI_OK) return GI_FAIL;
    size_t count = gi_slice_adjust((size_t)view->shape[0], &start, &stop, step);
    view->data += view->strides[0] * start;
    view->shape[0] = (ssize_t)count;
    view->strides[0] *= step;
    view->len = view->item_size;
    for (int i = 0; i < view->ndim; i++) view->len *= view->shape[i];
    return GI_OK;
}

static GiRef view_subscript(GiThread *ts, GiVal self, GiVal key) {
    View *view = VIEW(self);
    HOLD_IF(self, gi_is_smallint(key), GI_NULL);
    if (view->ndim == 0) {
        if (gi_is_tuple(key) && gi_tuple_len(key) == 0) return unpack_item(ts, view, view->data);
        if (gi_is_ellipsis(key)) return gi_dup(ts, self);
        return gi_raise_ref(ts, &gi_exc_TypeError, "invalid indexing of 0-dim memory");
    }
    if (is_index(key)) {
        ssize_t index;
        if (gi_as_ssize(ts, key, false, &index) != GI_OK) return GI_NULL;
        return view_item(ts, self, index);
    }
    if (gi_is_exact(key, &gi_slice_type)) {
        View *part = view_copy(ts, view);
        if (!part) return GI_NULL;
        if (slice_first(ts, part, key) == GI_OK) return gi_own_obj(part);
        gi_drop(ts, gi_own_obj(part));
        return GI_NULL;
    }
    if (all_tuple(key, false)) {
        char *at = tuple_address(ts, view, key);
        return at && check_released(ts, view) == GI_OK ? unpack_item(ts, view, at) : GI_NULL;
    }
    if (all_tuple(key, true))
        return gi_raise_ref(ts, &gi_exc_NotImplementedError, "multi-dimensional slicing is not implemented");
    return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: invalid slice key");
}

static GiStatus assign_slice(GiThread *ts, View *view, GiVal key, GiVal value) {
    GiBuffer source;
    if (gi_buffer_get(ts, value, &source, GI_BUF_FULL_RO) != GI_OK) return GI_FAIL;
    View *part = view_copy(ts, view);
    GiStatus status = part ? slice_first(ts, part, key) : GI_FAIL;
    if (status == GI_OK) status = check_released(ts, view);
    if (status == GI_OK) {
        const char *a = part->format, *b = source.format ? source.format : "B";
        bool same = source.ndim == 1 && strcmp(*a == '@' ? a + 1 : a, *b == '@' ? b + 1 : b) == 0 &&
                    source.item_size == part->item_size && source.len == part->len;
        if (!same) {
            status = gi_raise_status(ts, &gi_exc_ValueError,
                                     "memoryview assignment: lvalue and rvalue have different structures");
        } else if (source.len) {
            char *copy = gi_mem_alloc(ts, (size_t)source.len);
            if (copy) {
                gi_buffer_to_contiguous(&source, copy, 'C');
                for (ssize_t i = 0; i < part->shape[0]; i++)
                    gi_shared_store(follow(part->data + i * part->strides[0], part->suboffsets, 0),
                                    copy + i * part->item_size, (size_t)part->item_size);
                gi_mem_free(copy);
            } else {
                status = GI_FAIL;
            }
        }
    }
    if (part) gi_drop(ts, gi_own_obj(part));
    gi_buffer_release(ts, &source);
    return status;
}

static GiStatus view_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    View *view = VIEW(self);
    HOLD_IF(self, gi_is_smallint(key) && !gi_is_heap(value), GI_FAIL);
    if (view->readonly) return gi_raise_status(ts, &gi_exc_TypeError, "cannot modify read-only memory");
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "cannot delete memory");
    if (view->ndim == 0) {
        if (gi_is_ellipsis(key) || (gi_is_tuple(key) && gi_tuple_len(key) == 0))
            return pack_item(ts, view, view->data, value);
        return gi_raise_status(ts, &gi_exc_TypeError, "invalid indexing of 0-dim memory");
    }
    char *at = NULL;
    if (is_index(key)) {
        ssize_t index;
        if (view->ndim > 1) return gi_raise_status(ts, &gi_exc_NotImplementedError, "sub-views are not implemented");
        if (gi_as_ssize(ts, key, false, &index) != GI_OK || check_released(ts, view) != GI_OK) return GI_FAIL;
        at = item_address(ts, view, view->data, index, 0);
        return at ? pack_item(ts, view, at, value) : GI_FAIL;
    }
    if (gi_is_exact(key, &gi_slice_type) && view->ndim == 1) return assign_slice(ts, view, key, value);
    if (all_tuple(key, false)) {
        at = tuple_address(ts, view, key);
        return at ? pack_item(ts, view, at, value) : GI_FAIL;
    }
    if (gi_is_exact(key, &gi_slice_type) || all_tuple(key, true))
        return gi_raise_status(ts, &gi_exc_NotImplementedError,
                               "memoryview slice assignments are currently restricted to ndim = 1");
    return gi_raise_status(ts, &gi_exc_TypeError, "memoryview: invalid slice key");
}

static ssize_t view_length(GiThread *ts, GiVal self) {
    View *view = VIEW(self);
    if (check_released(ts, view) != GI_OK) return -1;
    return view->ndim == 0 ? 1 : view->shape[0];
}

/* ---- comparison and hash ---- */

/* The items of one side of a comparison: native ones are unpacked here, others by struct. */
static GiRef compare_item(GiThread *ts, const View *view, GiVal unpacker, const char *at) {
    if (gi_is_null(unpacker)) return unpack_item(ts, view, at);
    GiRef bytes = gi_bytes_from(ts, at, (size_t)view->item_size);
    if (gi_is_null(bytes)) return bytes;
    GiVal args[1] = {gi_val(bytes)};
    GiRef tuple = gi_call_method_cstr(ts, unpacker, "unpack", args, 1);
    gi_drop(ts, bytes);
    return tuple;
}

static GiRef make_unpacker(GiThread *ts, const View *view) {
    GiRef module = ts->vm->hooks->import(ts, "_struct");
    if (gi_is_null(module)) return module;
    GiRef type = gi_getattr_cstr(ts, gi_val(module), "Struct"), format = gi_str_from_cstr(ts, view->format);
    GiRef made = gi_is_null(type) || gi_is_null(format) ? GI_NULL : gi_call1(ts, gi_val(type), gi_val(format));
    gi_xdrop(ts, type);
    gi_xdrop(ts, format);
    gi_drop(ts, module);
    return made;
}

static GiTruth equal_below(GiThread *ts, const View *a, const View *b, GiVal ua, GiVal ub, char *pa, char *pb,
                           int dim) {
    if (dim == a->ndim) {
        GiRef x = compare_item(ts, a, ua, pa);
        if (gi_is_null(x)) return GI_TRUTH_FAIL;
        GiRef y = compare_item(ts, b, ub, pb);
        GiTruth same = gi_is_null(y) ? GI_TRUTH_FAIL : gi_compare_truth(ts, gi_val(x), gi_val(y), GI_EQ);
        gi_drop(ts, x);
        gi_xdrop(ts, y);
        return same;
    }
    for (ssize_t i = 0; i < a->shape[dim]; i++) {
        GiTruth same = equal_below(ts, a, b, ua, ub, follow(pa + i * a->strides[dim], a->suboffsets, dim),
                                   follow(pb + i * b->strides[dim], b->suboffsets, dim), dim + 1);
        if (same.value != 1) return same;
    }
    return GI_TRUTH_YES;
}

static GiTruth views_equal(GiThread *ts, const View *a, const View *b) {
    if (a->ndim != b->ndim) return GI_TRUTH_NO;
    for (int i = 0; i < a->ndim; i++) {
        if (a->shape[i] != b->shape[i]) return GI_TRUTH_NO;
        if (a->shape[i] == 0) break;
    }
    char fa = native_format(a->format), fb = native_format(b->format);
    GiBuffer x = as_buffer(a), y = as_buffer(b);
    if (fa && fa == fb && fa != 'f' && fa != 'd' && fa != '?' && gi_buffer_is_contiguous(&x, 'C') &&
        gi_buffer_is_contiguous(&y, 'C'))
        return gi_truth_of(a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, (size_t)a->len) == 0));
    GiRef ua = GI_NULL, ub = GI_NULL;
    if (!fa) ua = make_unpacker(ts, a);
    if (!fb && !gi_raised(ts)) ub = make_unpacker(ts, b);
    GiTruth result;
    if (gi_raised(ts)) {
        gi_exc_clear(ts); /* a format that struct does not know compares unequal */
        result = GI_TRUTH_NO;
    } else {
        if (gi_is_null(ua) != gi_is_null(ub)) {
            if (gi_is_null(ua)) ua = make_unpacker(ts, a);
            if (gi_is_null(ub)) ub = make_unpacker(ts, b);
        }
        result = gi_raised(ts) ? GI_TRUTH_FAIL : equal_below(ts, a, b, gi_val(ua), gi_val(ub), a->data, b->data, 0);
    }
    gi_xdrop(ts, ua);
    gi_xdrop(ts, ub);
    return result;
}

static GiRef view_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (op != GI_EQ && op != GI_NE) return GI_REF_NOTIMPLEMENTED;
    View *a = VIEW(self);
    Hold hold __attribute__((cleanup(hold_end))) = hold_begin(ts, self, false);
    if (!hold.good) {
        gi_exc_clear(ts);
        bool same = gi_same(self, other);
        return gi_bool_ref(same == (op == GI_EQ));
    }
    if (!gi_has_buffer(other)) return GI_REF_NOTIMPLEMENTED;
    if (gi_is_exact(other, &gi_memoryview_type) && is_released(VIEW(other))) return gi_bool_ref(op == GI_NE);
    GiRef right = gi_memoryview_from(ts, other);
    if (gi_is_null(right)) {
        gi_exc_clear(ts);
        return GI_REF_NOTIMPLEMENTED;
    }
    GiTruth same = views_equal(ts, a, VIEW(right));
    gi_drop(ts, right);
    return same.value < 0 ? GI_NULL : gi_bool_ref(same.value == (op == GI_EQ));
}

static int64_t view_hash(GiThread *ts, GiVal self) {
    View *view = VIEW(self);
    int64_t known = __atomic_load_n(&view->hash, __ATOMIC_RELAXED);
    if (known) return known;
    HOLD(self, -1);
    char c = native_format(view->format);
    if (!view->readonly) {
        gi_raise(ts, &gi_exc_ValueError, "cannot hash writable memoryview object");
        return -1;
    }
    if (c != 'B' && c != 'b' && c != 'c') {
        gi_raise(ts, &gi_exc_ValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
        return -1;
    }
    GiRef managed = managed_of(ts, view); /* the owner's __hash__ may release the view */
    if (gi_is_null(managed)) return -1;
    GiVal owner = gi_slot_peek(&((Managed *)gi_obj(managed))->buffer.owner);
    bool hashable = gi_is_null(owner) || gi_hash(ts, owner) != -1;
    gi_drop(ts, managed);
    if (!hashable || check_released(ts, view) != GI_OK) return -1;
    char *bytes = gi_mem_alloc(ts, (size_t)view->len + 1);
    if (!bytes) return -1;
    GiBuffer b = as_buffer(view);
    gi_buffer_to_contiguous(&b, bytes, 'C');
    GiHashKey key;
    memcpy(&key, ts->vm->hash_key, sizeof key);
    known = gi_hash_bytes(key, bytes, (size_t)view->len);
    __atomic_store_n(&view->hash, known, __ATOMIC_RELAXED);
    gi_mem_free(bytes);
    return known;
}

static GiRef view_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, is_released(VIEW(self)) ? "<released memory at %p>" : "<memory at %p>", (void *)gi_obj(self));
}

/* ---- methods ---- */

GI_METHOD(memoryview, release, "(self)", "Release the underlying buffer exposed by the memoryview object.") {
    return view_release(ts, self) == GI_OK ? GI_REF_NONE : GI_NULL;
}

GI_METHOD(memoryview, __enter__, "(self)", "") {
    return check_released(ts, VIEW(self)) == GI_OK ? gi_dup(ts, self) : GI_NULL;
}

GI_METHOD(memoryview, __exit__, "(self, *args)", "") {
    return view_release(ts, self) == GI_OK ? GI_REF_NONE : GI_NULL;
}

static GiRef to_list(GiThread *ts, const View *view, char *at, int dim) {
    if (dim == view->ndim) return unpack_item(ts, view, at);
    GiRef list = gi_list_new(ts, (size_t)view->shape[dim]);
    for (ssize_t i = 0; !gi_is_null(list) && i < view->shape[dim]; i++) {
        GiRef item = to_list(ts, view, follow(at + i * view->strides[dim], view->suboffsets, dim), dim + 1);
        if (!gi_is_null(item) && gi_list_append(ts, gi_val(list), item) == GI_OK) continue;
        gi_drop(ts, list);
        return GI_NULL;
    }
    return list;
}

GI_METHOD(memoryview, tolist, "(self)", "Return the data in the buffer as a list of elements.") {
    View *view = VIEW(self);
    HOLD(self, GI_NULL);
    return to_list(ts, view, view->data, 0);
}

GI_METHOD(memoryview, tobytes, "(self, order: cstr? = 'C')",
          "Return the data in the buffer as a byte string.\n\nOrder can be {'C', 'F', 'A'}. When order is 'C' or 'F', the data of the\noriginal array is converted to C or Fortran order. For contiguous views,\n'A' returns an exact copy of the physical memory. In particular, in-memory\nFortran order is preserved. For non-contiguous views, the data is converted\nto C first. order=None is the same as order='C'.") {
    View *view = VIEW(self);
    HOLD(self, GI_NULL);
    char order = a->order && a->order[0] ? a->order[0] : a->order ? 0 : 'C';
    if ((order != 'C' && order != 'F' && order != 'A') || (a->order && a->order[1]))
        return gi_raise_ref(ts, &gi_exc_ValueError, "order must be 'C', 'F' or 'A'");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)view->len);
    if (gi_is_null(bytes)) return bytes;
    GiBuffer b = as_buffer(view);
    gi_buffer_to_contiguous(&b, gi_bytes_data(bytes), order);
    return bytes;
}

GI_METHOD(memoryview, hex, "(self, sep=<unrepresentable>, bytes_per_sep: int = 1)",
          "Return the data in the buffer as a str of hexadecimal numbers.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nExample:\n>>> value = memoryview(b'\\xb9\\x01\\xef')\n>>> value.hex()\n'b901ef'\n>>> value.hex(':')\n'b9:01:ef'\n>>> value.hex(':', 2)\n'b9:01ef'\n>>> value.hex(':', -2)\n'b901:ef'") {
    View *view = VIEW(self);
    HOLD(self, GI_NULL);
    char *bytes = gi_mem_alloc(ts, (size_t)view->len + 1);
    if (!bytes) return GI_NULL;
    GiBuffer b = as_buffer(view);
    gi_buffer_to_contiguous(&b, bytes, 'C');
    GiRef text = gi_bytes_hex(ts, bytes, (size_t)view->len, a->sep, a->bytes_per_sep);
    gi_mem_free(bytes);
    return text;
}

GI_METHOD(memoryview, toreadonly, "(self)", "Return a readonly version of the memoryview.") {
    if (check_released(ts, VIEW(self)) != GI_OK) return GI_NULL;
    View *view = view_copy(ts, VIEW(self));
    if (view) view->readonly = true;
    return gi_own_obj(view);
}

/* The constant text of a native format as given ("B" or "@B"); NULL when it is none. */
static const char *constant_format(const char *format) {
    static const char plain[] = "c\0b\0B\0h\0H\0i\0I\0l\0L\0q\0Q\0n\0N\0f\0d\0?\0P";
    static const char marked[] = "@c\0@b\0@B\0@h\0@H\0@i\0@I\0@l\0@L\0@q\0@Q\0@n\0@N\0@f\0@d\0@?\0@P";
    char c = native_format(format);
    if (!c) return NULL;
    size_t i = (size_t)(strchr(native_formats, c) - native_formats);
    return *format == '@' ? marked + 3 * i : plain + 2 * i;
}

/* Reads the shape argument of cast; -1: failed. */
static int read_shape(GiThread *ts, GiVal shape, ssize_t *out) {
    if (!gi_is_list(shape) && !gi_is_tuple(shape)) {
        gi_raise(ts, &gi_exc_TypeError, "shape must be a list or a tuple");
        return -1;
    }
    GiRef items = gi_to_tuple(ts, shape);
    if (gi_is_null(items)) return -1;
    size_t n = gi_tuple_len(items);
    int result = (int)n;
    if (n > MAX_NDIM) {
        gi_raise(ts, &gi_exc_ValueError, "memoryview: number of dimensions must not exceed 64");
        result = -1;
    }
    for (size_t i = 0; result >= 0 && i < n; i++) {
        GiVal v = gi_tuple_get(gi_val(items), i);
        int64_t value = 0;
        if (!gi_is_int(v)) {
            gi_raise(ts, &gi_exc_TypeError, "memoryview.cast(): elements of shape must be integers");
            result = -1;
        } else if (gi_int_as_i64(v, &value) != 0 || value <= 0) {
            gi_raise(ts, &gi_exc_ValueError, "memoryview.cast(): elements of shape must be integers > 0");
            result = -1;
        }
        out[i] = value;
    }
    gi_drop(ts, items);
    return result;
}

static bool is_byte_format(char c) { return c == 'B' || c == 'b' || c == 'c'; }

GI_METHOD(memoryview, cast, "(self, format: cstr, shape=<unrepresentable>)", "Cast a memoryview to a new format or shape.") {
    View *view = VIEW(self);
    HOLD(self, GI_NULL);
    if (!view_is_contiguous(view, 'C'))
        return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: casts are restricted to C-contiguous views");
    bool shaped = !gi_is_null(a->shape);
    for (int i = 0; (shaped || view->ndim != 1) && i < view->ndim; i++)
        if (view->shape[i] == 0)
            return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: cannot cast view with zeros in shape or strides");
    if (shaped && !gi_is_list(a->shape) && !gi_is_tuple(a->shape))
        return gi_raise_ref(ts, &gi_exc_TypeError, "shape must be a list or a tuple");
    if (shaped && view->ndim != 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
    const char *format = constant_format(a->format);
    if (!format)
        return gi_raise_ref(ts, &gi_exc_ValueError, "memoryview: destination format must be a native single character "
                                                    "format prefixed with an optional '@'");
    char from = native_format(view->format), to = native_format(format);
    /* PYSEM: a source of any format can be seen as bytes (tests/diff/lib_ctypes.py). */
    if (!is_byte_format(from) && !is_byte_format(to))
        return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: cannot cast between two non-byte formats");
    ssize_t item = format_size(to), shape[MAX_NDIM];
    if (view->len % item)
        return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: length is not a multiple of itemsize");
    int ndim = 1;
    shape[0] = view->len / item;
    if (shaped) {
        ndim = read_shape(ts, a->shape, shape);
        if (ndim < 0) return GI_NULL;
        ssize_t product = item;
        for (int i = 0; i < ndim; i++)
            if (__builtin_mul_overflow(product, shape[i], &product))
                return gi_raise_ref(ts, &gi_exc_ValueError, "memoryview.cast(): product(shape) > SSIZE_MAX");
        if (product != view->len)
            return gi_raise_ref(ts, &gi_exc_TypeError, "memoryview: product(shape) * itemsize != buffer size");
    }
    GiRef managed = managed_of(ts, view);
    if (gi_is_null(managed)) return managed;
    View *made = view_alloc(ts, ndim);
    if (!made) {
        gi_drop(ts, managed);
        return GI_NULL;
    }
    made->data = view->data;
    made->len = view->len;
    made->item_size = item;
    made->readonly = view->readonly;
    made->format = format;
    memcpy(made->shape, shape, (size_t)ndim * sizeof *shape);
    set_strides(made);
    gi_slot_init(&made->managed, managed);
    return gi_own_obj(made);
}

/* ---- attributes ---- */

#define LIVE if (check_released(ts, VIEW(self)) != GI_OK) return GI_NULL

static GiRef sizes(GiThread *ts, const ssize_t *values, int n) {
    GiRef tuple = gi_tuple_new(ts, values ? (size_t)n : 0);
    for (int i = 0; values && !gi_is_null(tuple) && i < n; i++)
        gi_tuple_init(tuple, (size_t)i, gi_smallint_ref(values[i]));
    return tuple;
}

GI_GETTER(memoryview, obj, "The underlying object of the memoryview.") {
    GiRef managed = managed_of(ts, VIEW(self));
    if (gi_is_null(managed)) return managed;
    GiRef owner = gi_slot_dup(ts, &((Managed *)gi_obj(managed))->buffer.owner);
    gi_drop(ts, managed);
    return gi_is_null(owner) ? GI_REF_NONE : owner;
}
GI_GETTER(memoryview, nbytes, "The amount of space in bytes that the array would use in\n a contiguous representation.") {
    LIVE;
    const View *view = VIEW(self);
    if (view->ndim == 0) return gi_smallint_ref(view->len); /* a C object may be larger than its type says */
    ssize_t n = view->item_size;
    for (int i = 0; i < view->ndim; i++) n *= view->shape[i];
    return gi_smallint_ref(n);
}
GI_GETTER(memoryview, readonly, "A bool indicating whether the memory is read only.") {
    LIVE;
    return gi_bool_ref(VIEW(self)->readonly);
}
GI_GETTER(memoryview, itemsize, "The size in bytes of each element of the memoryview.") {
    LIVE;
    return gi_smallint_ref(VIEW(self)->item_size);
}
GI_GETTER(memoryview, format, "A string containing the format (in struct module style)\n for each element in the view.") {
    LIVE;
    return gi_str_from_cstr(ts, VIEW(self)->format);
}
GI_GETTER(memoryview, ndim, "An integer indicating how many dimensions of a multi-dimensional\n array the memory represents.") {
    LIVE;
    return gi_smallint_ref(VIEW(self)->ndim);
}
GI_GETTER(memoryview, shape, "A tuple of ndim integers giving the shape of the memory\n as an N-dimensional array.") {
    LIVE;
    return sizes(ts, VIEW(self)->shape, VIEW(self)->ndim);
}
GI_GETTER(memoryview, strides, "A tuple of ndim integers giving the size in bytes to access\n each element for each dimension of the array.") {
    LIVE;
    return sizes(ts, VIEW(self)->strides, VIEW(self)->ndim);
}
GI_GETTER(memoryview, suboffsets, "A tuple of integers used internally for PIL-style arrays.") {
    LIVE;
    return sizes(ts, VIEW(self)->suboffsets, VIEW(self)->ndim);
}

static GiRef contiguous(GiThread *ts, GiVal self, char order) {
    LIVE;
    return gi_bool_ref(view_is_contiguous(VIEW(self), order));
}
GI_GETTER(memoryview, c_contiguous, "A bool indicating whether the memory is C contiguous.") { return contiguous(ts, self, 'C'); }
GI_GETTER(memoryview, f_contiguous, "A bool indicating whether the memory is Fortran contiguous.") { return contiguous(ts, self, 'F'); }
GI_GETTER(memoryview, contiguous, "A bool indicating whether the memory is contiguous.") { return contiguous(ts, self, 'A'); }

/* ---- iteration ---- */

typedef struct ViewIter {
    GiObj obj;
    GiSlot view; /* null: exhausted */
    ssize_t index; /* -1: exhausted */
} ViewIter;

static GiRef view_iter(GiThread *ts, GiVal self) {
    LIVE;
    if (VIEW(self)->ndim == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "invalid indexing of 0-dim memory");
    if (VIEW(self)->ndim > 1)
        return gi_raise_ref(ts, &gi_exc_NotImplementedError, "multi-dimensional sub-views are not implemented");
    if (!native_format(VIEW(self)->format))
        return gi_raise_ref(ts, &gi_exc_NotImplementedError, "memoryview: format %s not supported", VIEW(self)->format);
    ViewIter *it = (ViewIter *)gi_heap_new(ts, &gi_memoryview_iter_type, sizeof(ViewIter));
    if (!it) return GI_NULL;
    gi_slot_init(&it->view, gi_dup(ts, self));
    return gi_own_obj(it);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef iter_next(GiThread *ts, GiVal self) {
    ViewIter *it = (ViewIter *)gi_obj(self);
    GiRef view = gi_slot_load(ts, &it->view), item = GI_NULL;
    if (gi_is_null(view)) return view;
    for (;;) {
        ssize_t i = gi_position(&it->index);
        if (i < 0 || check_released(ts, VIEW(view)) != GI_OK) break;
        bool more = i < VIEW(view)->shape[0];
        if (!gi_claim(ts, self, &it->index, i, more ? i + 1 : -1)) continue;
        if (more) item = view_item(ts, gi_val(view), i);
        else gi_exhaust_of(ts, self, &it->view);
        break;
    }
    gi_drop(ts, view);
    return item;
}

static bool view_iter_spent(GiObj *self) { return ((ViewIter *)self)->index == -1; }

static const GiField iter_fields[] = {GI_SLOT(ViewIter, view), GI_FIELDS_END};

GiType gi_memoryview_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "memory_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(ViewIter),
    .fields = iter_fields,
    .base = &gi_object_type,
    .iter = iter_self,
    .next = iter_next,
    .spent = view_iter_spent,
};

static const GiField view_fields[] = {GI_SLOT(View, managed), GI_FIELDS_END};

GiType gi_memoryview_type = {
    .obj = GI_TYPE_HEAD,
    .name = "memoryview",
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_SEQUENCE,
    .size = sizeof(View),
    .fields = view_fields,
    .base = &gi_object_type,
    .doc = "memoryview(object)\n--\n\nCreate a new memoryview object which references the given object.",
    .methods = memoryview_methods,
    .getset = memoryview_getset,
    .new_ = memoryview_new,
    .destroy = view_destroy,
    .repr = view_repr,
    .hash = view_hash,
    .compare = view_compare,
    .iter = view_iter,
    .length = view_length,
    .item = view_item,
    .subscript = view_subscript,
    .set_subscript = view_set_subscript,
    .get_buffer = view_get_buffer,
    .release_buffer = view_release_buffer,
};
