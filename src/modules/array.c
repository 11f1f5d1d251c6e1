/* array.c - the array module: arrays of machine numbers.
 *
 * A type code has a row in `kinds`: size, and how an item is made from and stored into memory.
 * LOCK: the byte lock guards data, count and capacity; values are converted before it is taken.
 * INVARIANT: while `exports` is not 0 the data does not move and the length does not change.
 */
#include "modules/module.h"
#include "objects/audit.h"
#include "objects/container.h"
#include "objects/whole.h"

typedef struct ArrayKind {
    char code;
    uint8_t size;
    bool is_signed, is_float;
    int8_t format; /* machine format code, little endian */
    const char *buffer_format;
} ArrayKind;

typedef struct GiArray {
    GiObj obj;
    uint8_t *data;
    size_t count, capacity; /* items */
    const ArrayKind *kind;
    ssize_t exports;
} GiArray;
typedef struct GiArrayIter {
    GiObj obj;
    GiSlot array; /* null: exhausted */
    ssize_t index;
} GiArrayIter;

#include "modules/array.gen.h"

static const ArrayKind kinds[] = {
    {'b', 1, true, false, 1, "b"},  {'B', 1, false, false, 0, "B"}, {'u', 4, false, false, 20, "w"},
    {'h', 2, true, false, 4, "h"},  {'H', 2, false, false, 2, "H"}, {'i', 4, true, false, 8, "i"},
    {'I', 4, false, false, 6, "I"}, {'l', 8, true, false, 12, "l"}, {'L', 8, false, false, 10, "L"},
    {'q', 8, true, false, 12, "q"}, {'Q', 8, false, false, 10, "Q"}, {'f', 4, true, true, 14, "f"},
    {'d', 8, true, true, 16, "d"},
};

#define array_of(v) ((GiArray *)gi_obj(v))
#define array_iter_of(v) ((GiArrayIter *)gi_obj(v))
#define is_array(v) gi_is_instance_of(v, &gi_array_type)
extern GiType gi_array_type, gi_array_iter_type;

static const ArrayKind *find_kind(uint32_t code) {
    for (size_t i = 0; i < GI_COUNTOF(kinds); i++)
        if ((uint32_t)kinds[i].code == code) return &kinds[i];
    return NULL;
}

/* ---- Items ---- */

typedef union Item {
    int64_t i;
    uint64_t u;
    uint8_t bytes[8];
} Item;

static GiRef item_load(GiThread *ts, const ArrayKind *kind, const uint8_t *from) {
    switch (kind->code) {
    case 'b': return gi_smallint_ref((int8_t)*from);
    case 'B': return gi_smallint_ref(*from);
    case 'h': { int16_t v; memcpy(&v, from, 2); return gi_smallint_ref(v); }
    case 'H': { uint16_t v; memcpy(&v, from, 2); return gi_smallint_ref(v); }
    case 'i': { int32_t v; memcpy(&v, from, 4); return gi_smallint_ref(v); }
    case 'I': { uint32_t v; memcpy(&v, from, 4); return gi_smallint_ref(v); }
    case 'l':
    case 'q': { int64_t v; memcpy(&v, from, 8); return gi_int_from_i64(ts, v); }
    case 'L':
    case 'Q': { uint64_t v; memcpy(&v, from, 8); return gi_int_from_u64(ts, v); }
    case 'f': { float v; memcpy(&v, from, 4); return gi_double_ref(v); }
    case 'd': { double v; memcpy(&v, from, 8); return gi_double_ref(v); }
    default: {
        uint32_t v;
        memcpy(&v, from, 4);
        if (v > 0x10FFFF)
            return gi_raise_ref(ts, &gi_exc_ValueError,
                                "character U+%x is not in range [U+0000; U+10ffff]", v);
        return gi_str_from_char(ts, v);
    }
    }
}

/* What an integer out of range is called in the message. */
static GiStatus range_error(GiThread *ts, const ArrayKind *kind, int sign, bool huge) {
    const char *side = sign > 0 ? "greater than maximum" : "less than minimum", *name;
    switch (kind->code) {
    case 'b': name = "signed char is"; break;
    case 'B': name = "unsigned byte integer is"; break;
    case 'h': name = "signed short integer is"; break;
    case 'H': name = "unsigned short is"; break;
    case 'i': name = "signed integer is"; break;
    case 'I':
    case 'L':
        if (sign < 0)
            return gi_raise_status(ts, &gi_exc_OverflowError, "can't convert negative value to unsigned int");
        if (kind->code == 'L' || huge)
            return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C unsigned long");
        name = "unsigned int is";
        break;
    case 'l': return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    default:
        return gi_raise_status(ts, &gi_exc_OverflowError,
                               sign < 0 && kind->code == 'Q' ? "can't convert negative int to unsigned"
                                                             : "int too big to convert");
    }
    if (huge && kind->code != 'I')
        return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    return gi_raise_status(ts, &gi_exc_OverflowError, "%s %s", name, side);
}

static GiStatus store_int(GiThread *ts, const ArrayKind *kind, GiVal v, Item *out) {
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return GI_FAIL;
    GiStatus status = GI_OK;
    int bits = kind->size * 8;
    if (kind->is_signed || bits < 64) {
        int64_t value, low = 0, high;
        int sign = gi_int_as_i64(gi_val(n), &value);
        if (kind->is_signed) {
            high = bits == 64 ? INT64_MAX : (INT64_C(1) << (bits - 1)) - 1;
            low = -high - 1;
        } else {
            high = (INT64_C(1) << bits) - 1;
        }
        if (sign) status = range_error(ts, kind, sign, true);
        else if (value < low || value > high) status = range_error(ts, kind, value < low ? -1 : 1, false);
        else out->i = value;
    } else {
        int sign = gi_int_as_u64(gi_val(n), &out->u);
        if (sign) status = range_error(ts, kind, sign, true);
    }
    gi_drop(ts, n);
    return status;
}

/* Converts v to the memory of one item. */
static GiStatus item_store(GiThread *ts, const ArrayKind *kind, GiVal v, Item *out) {
    if (kind->is_float) {
        double d;
        if (gi_as_double(ts, v, &d)) return GI_FAIL;
        if (kind->size == 4) {
            float f = (float)d;
            memcpy(out->bytes, &f, 4);
        } else {
            memcpy(out->bytes, &d, 8);
        }
        return GI_OK;
    }
    if (kind->code == 'u') {
        if (!gi_is_str(v) || gi_str_len(v) != 1)
            return gi_raise_status(ts, &gi_exc_TypeError, "array item must be unicode character");
        out->u = gi_str_char(v, 0);
        return GI_OK;
    }
    return store_int(ts, kind, v, out);
}

/* ---- Storage ---- */

static GiRef array_alloc(GiThread *ts, GiType *type, const ArrayKind *kind, size_t count) {
    if (count > PTRDIFF_MAX / kind->size) return gi_raise_nomem(ts);
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (gi_is_null(ref)) return ref;
    GiArray *x = array_of(ref);
    x->kind = kind;
    if (count) {
        x->data = gi_mem_calloc(ts, count, kind->size);
        if (x->data == NULL) {
            gi_drop(ts, ref);
            return GI_NULL;
        }
        x->count = x->capacity = count;
    }
    return ref;
}

/* Makes room for a length of `count`. LOCK: held. */
static GiStatus reserve_locked(GiThread *ts, GiArray *x, size_t count) {
    if (x->exports)
        return gi_raise_status(ts, &gi_exc_BufferError, "cannot resize an array that is exporting buffers");
    if (count <= x->capacity) return GI_OK;
    size_t capacity = count + (count >> 4) + (x->count ? 8 : 0);
    if (count > PTRDIFF_MAX / x->kind->size || capacity > PTRDIFF_MAX / x->kind->size) {
        gi_raise_nomem(ts);
        return GI_FAIL;
    }
    uint8_t *data = gi_mem_alloc(ts, capacity * x->kind->size);
    if (data == NULL) return GI_FAIL;
    if (x->count) memcpy(data, x->data, x->count * x->kind->size);
    gi_mem_retire(ts, x->data);
    x->data = data;
    x->capacity = capacity;
    return GI_OK;
}

/* LOCK: held. Replaces items [start, start + removed) by n items of memory. */
static GiStatus splice_locked(GiThread *ts, GiArray *x, ssize_t start, size_t removed, const void *items, size_t n) {
    size_t size = x->kind->size;
    ssize_t count = (ssize_t)x->count;
    if (start < 0) start = GI_MAX(start + count, 0);
    if (start > count) start = count;
    removed = GI_MIN(removed, (size_t)(count - start));
    if (n != removed && reserve_locked(ts, x, x->count - removed + n)) return GI_FAIL;
    uint8_t *at = x->data + (size_t)start * size;
    size_t tail = x->count - (size_t)start - removed;
    if (n != removed && tail) memmove(at + n * size, at + removed * size, tail * size);
    if (n) memcpy(at, items, n * size);
    __atomic_store_n(&x->count, x->count - removed + n, __ATOMIC_RELAXED);
    return GI_OK;
}

/* The same with the lock taken. */
static GiStatus array_splice(GiThread *ts, GiVal v, ssize_t start, size_t removed, const void *items,
                             size_t n) {
    gi_lock_obj(ts, v);
    GiStatus status = splice_locked(ts, array_of(v), start, removed, items, n);
    gi_unlock_obj(ts, v);
    return status;
}

/* Copies the item at i, which counts from the end when it is negative, and takes it out if `take`. *there:
 * whether there is one. */
static GiStatus item_bytes(GiThread *ts, GiVal self, ssize_t i, bool take, uint8_t bytes[8], bool *there) {
    GiArray *x = array_of(self);
    GiStatus status = GI_OK;
    gi_lock_obj(ts, self);
    if (i < 0) i += (ssize_t)x->count;
    *there = i >= 0 && (size_t)i < x->count;
    if (*there) {
        memcpy(bytes, x->data + (size_t)i * x->kind->size, x->kind->size);
        if (take) status = splice_locked(ts, x, i, 1, NULL, 0);
    }
    gi_unlock_obj(ts, self);
    return status;
}

static GiStatus array_append(GiThread *ts, GiVal self, GiVal v) {
    Item item;
    if (item_store(ts, array_of(self)->kind, v, &item)) return GI_FAIL;
    return array_splice(ts, self, PTRDIFF_MAX, 0, item.bytes, 1);
}

/* Item i; null without exception when out of range. */
static GiRef array_get(GiThread *ts, GiVal self, size_t i) {
    GiArray *x = array_of(self);
    uint8_t bytes[8];
    gi_lock_obj(ts, self);
    bool there = i < x->count;
    if (there) memcpy(bytes, x->data + i * x->kind->size, x->kind->size);
    gi_unlock_obj(ts, self);
    return there ? item_load(ts, x->kind, bytes) : GI_NULL;
}

/* A private copy of the items' memory (at least one byte long). */
static uint8_t *copy_data(GiThread *ts, GiVal self, size_t *count) {
    GiArray *x = array_of(self);
    gi_lock_obj(ts, self);
    *count = x->count;
    uint8_t *copy = gi_mem_alloc(ts, GI_MAX(x->count * x->kind->size, 1));
    if (copy != NULL && x->count) memcpy(copy, x->data, x->count * x->kind->size);
    gi_unlock_obj(ts, self);
    return copy;
}

/* The items of a list that only the caller has: those in a row that convert without Python code in one step. */
static GI_COLD GiStatus array_extend_listed(GiThread *ts, GiVal self, GiVal list) {
    const ArrayKind *kind = array_of(self)->kind;
    size_t n = gi_list_len(list), have = 0;
    uint8_t *bytes = gi_mem_alloc(ts, GI_MAX(n * kind->size, 1));
    GiStatus status = bytes == NULL ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < n && status == GI_OK; i++) {
        GiRef v = gi_list_get(ts, list, i);
        Item item;
        if (gi_is_builtin(gi_val(v))) {
            status = item_store(ts, kind, gi_val(v), &item);
            if (status == GI_OK) memcpy(bytes + have++ * kind->size, item.bytes, kind->size);
        } else {
            status = array_splice(ts, self, PTRDIFF_MAX, 0, bytes, have);
            have = 0;
            if (status == GI_OK) status = array_append(ts, self, gi_val(v));
        }
        gi_drop(ts, v);
    }
    /* PYSEM: what came before an item that cannot be converted is in the array. */
    GiRef raised = status < 0 ? gi_exc_take(ts) : GI_NULL;
    if (bytes != NULL && have && array_splice(ts, self, PTRDIFF_MAX, 0, bytes, have) < 0) {
        if (!gi_is_null(raised)) gi_exc_clear(ts);
        status = GI_FAIL;
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
    gi_mem_free(bytes);
    return status;
}

static GiStatus array_extend_iter(GiThread *ts, GiVal self, GiVal iterable) {
    bool listed = ts->core.free_running && gi_gives_natively(ts, iterable);
    GiRef it = listed ? gi_to_list(ts, iterable) : gi_iter_listed(ts, iterable, &listed);
    if (listed && !gi_is_null(it)) {
        GiStatus status = array_extend_listed(ts, self, gi_val(it));
        gi_drop(ts, it);
        return status;
    }
    if (gi_is_null(it)) return GI_FAIL;
    GiStatus status = GI_OK;
    while (status == GI_OK) {
        GiRef v = gi_next(ts, gi_val(it));
        if (gi_is_null(v)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = array_append(ts, self, gi_val(v));
        gi_drop(ts, v);
    }
    gi_drop(ts, it);
    return status;
}

/* self *= times, in one step. */
static GiStatus array_multiply(GiThread *ts, GiVal self, size_t times) {
    GiArray *x = array_of(self);
    gi_lock_obj(ts, self);
    size_t n = x->count, size = x->kind->size;
    bool fits = n == 0 || times <= PTRDIFF_MAX / size / n;
    GiStatus status = !fits ? GI_FAIL : times == 1 ? GI_OK : reserve_locked(ts, x, n * times);
    if (status == GI_OK) {
        for (size_t i = 1; n && i < times; i++) memcpy(x->data + i * n * size, x->data, n * size);
        __atomic_store_n(&x->count, n * times, __ATOMIC_RELAXED);
    }
    gi_unlock_obj(ts, self);
    if (!fits) gi_raise_nomem(ts);
    return status;
}

static GiStatus array_extend(GiThread *ts, GiVal self, GiVal other) {
    if (gi_same(self, other)) return array_multiply(ts, self, 2);
    if (!is_array(other)) return array_extend_iter(ts, self, other);
    if (array_of(other)->kind != array_of(self)->kind)
        return gi_raise_status(ts, &gi_exc_TypeError, "can only extend with array of same kind");
    size_t n;
    uint8_t *copy = copy_data(ts, other, &n);
    if (copy == NULL) return GI_FAIL;
    GiStatus status = array_splice(ts, self, PTRDIFF_MAX, 0, copy, n);
    gi_mem_free(copy);
    return status;
}

static GiStatus array_from_bytes(GiThread *ts, GiVal self, const void *data, size_t n) {
    size_t size = array_of(self)->kind->size;
    if (n % size)
        return gi_raise_status(ts, &gi_exc_ValueError, "bytes length not a multiple of item size");
    return array_splice(ts, self, PTRDIFF_MAX, 0, data, n / size);
}

static GiStatus array_from_str(GiThread *ts, GiVal self, GiVal text) {
    size_t n = gi_str_len(text);
    uint32_t *chars = gi_mem_alloc(ts, GI_MAX(n, 1) * 4);
    if (chars == NULL) return GI_FAIL;
    for (size_t i = 0; i < n; i++) chars[i] = gi_str_char(text, i);
    GiStatus status = array_splice(ts, self, PTRDIFF_MAX, 0, chars, n);
    gi_mem_free(chars);
    return status;
}

/* ---- Construction ---- */

static GiStatus fill_new(GiThread *ts, GiVal self, GiVal initial) {
    const ArrayKind *kind = array_of(self)->kind;
    if (gi_is_str(initial)) {
        if (kind->code != 'u')
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "cannot use a str to initialize an array with typecode '%c'", kind->code);
        return array_from_str(ts, self, initial);
    }
    if (is_array(initial)) {
        if (array_of(initial)->kind == kind) return array_extend(ts, self, initial);
        if (array_of(initial)->kind->code == 'u')
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "cannot use a unicode array to initialize an array with typecode '%c'",
                                   kind->code);
        return array_extend_iter(ts, self, initial);
    }
    if (gi_is_bytes(initial) || gi_is_bytearray(initial)) {
        GiBuffer view;
        if (gi_buffer_get(ts, initial, &view, GI_BUF_BRIEF)) return GI_FAIL;
        GiStatus status = array_from_bytes(ts, self, view.data, (size_t)view.len);
        gi_buffer_release(ts, &view);
        return status;
    }
    return array_extend_iter(ts, self, initial);
}

static GiRef array_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs_of(ts, type, &gi_array_type, "array.array", kwnames)) return GI_NULL;
    if (nargs < 1)
        return gi_raise_ref(ts, &gi_exc_TypeError, "array() takes at least 1 argument (0 given)");
    if (nargs > 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "array() takes at most 2 arguments (%zu given)", nargs);
    if (!gi_is_str(args[0]) || gi_str_len(args[0]) != 1)
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "array() argument 1 must be a unicode character, not %T", args[0]);
    if (gi_auditf(ts, "array.__new__", "OO", args[0], nargs == 2 ? args[1] : GI_NONE) < 0) return GI_NULL;
    const ArrayKind *kind = find_kind(gi_str_char(args[0], 0));
    if (kind == NULL)
        return gi_raise_ref(ts, &gi_exc_ValueError,
                            "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    GiRef ref = array_alloc(ts, type, kind, 0);
    if (gi_is_null(ref) || nargs < 2) return ref;
    if (fill_new(ts, gi_val(ref), args[1])) {
        gi_drop(ts, ref);
        return GI_NULL;
    }
    return ref;
}

/* A plain array with a copy of n items. */
static GiRef array_from(GiThread *ts, const ArrayKind *kind, const void *items, size_t n) {
    GiRef ref = array_alloc(ts, &gi_array_type, kind, n);
    if (!gi_is_null(ref) && n) memcpy(array_of(ref)->data, items, n * kind->size);
    return ref;
}

/* What self holds in one moment: a copy if other threads can reach it. */
static GiRef steady(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return gi_dup(ts, self);
    size_t n;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    GiRef ref = array_from(ts, array_of(self)->kind, copy, n);
    gi_mem_free(copy);
    return ref;
}
static size_t array_count_now(GiVal self) { return __atomic_load_n(&array_of(self)->count, __ATOMIC_RELAXED); }

/* ---- Slots ---- */

static ssize_t array_length(GiThread *ts GI_UNUSED, GiVal self) { return (ssize_t)array_count_now(self); }

/* Item i, from the end when it is negative. */
static GiRef array_item_at(GiThread *ts, GiVal self, ssize_t i) {
    uint8_t bytes[8];
    bool there;
    if (item_bytes(ts, self, i, false, bytes, &there)) return GI_NULL;
    return there ? item_load(ts, array_of(self)->kind, bytes)
                 : gi_raise_ref(ts, &gi_exc_IndexError, "array index out of range");
}
static GiRef array_item(GiThread *ts, GiVal self, ssize_t i) { return array_item_at(ts, self, i < 0 ? PTRDIFF_MIN : i); }

static GiRef array_slice(GiThread *ts, GiVal self, GiVal key) {
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step)) return GI_NULL;
    GiArray *x = array_of(self);
    const ArrayKind *kind = x->kind;
    for (;;) {
        size_t count = x->count;
        ssize_t at = start, end = stop;
        size_t n = gi_slice_adjust(count, &at, &end, step);
        GiRef ref = array_alloc(ts, &gi_array_type, kind, n);
        if (gi_is_null(ref)) return ref;
        uint8_t *to = array_of(ref)->data;
        gi_lock_obj(ts, self);
        bool same = x->count == count; /* without the GIL it may have changed just now */
        if (same && step == 1 && n) memcpy(to, x->data + (size_t)at * kind->size, n * kind->size);
        else
            for (size_t i = 0; same && i < n; i++, at += step)
                memcpy(to + i * kind->size, x->data + (size_t)at * kind->size, kind->size);
        gi_unlock_obj(ts, self);
        if (same) return ref;
        gi_drop(ts, ref);
    }
}

static GiRef array_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (gi_has_index(key)) {
        ssize_t i;
        if (gi_read_index(ts, key, &i)) return GI_NULL;
        return array_item_at(ts, self, i);
    }
    if (gi_is_slice(key)) return array_slice(ts, self, key);
    return gi_raise_ref(ts, &gi_exc_TypeError, "array indices must be integers");
}

/* self[i] = value, or del self[i]; i counts from the end when it is negative. */
static GiStatus array_set_at(GiThread *ts, GiVal self, ssize_t i, GiVal value) {
    GiArray *x = array_of(self);
    ssize_t count = (ssize_t)array_count_now(self);
    bool there = i < 0 ? i >= -count : i < count;
    Item item = {0};
    if (there && gi_is_null(value)) {
        if (item_bytes(ts, self, i, true, item.bytes, &there)) return GI_FAIL;
    } else if (there) {
        if (item_store(ts, x->kind, value, &item)) return GI_FAIL;
        gi_lock_obj(ts, self);
        if (i < 0) i += (ssize_t)x->count;
        there = i >= 0 && (size_t)i < x->count;
        if (there) memcpy(x->data + (size_t)i * x->kind->size, item.bytes, x->kind->size);
        gi_unlock_obj(ts, self);
    }
    return there ? GI_OK : gi_raise_status(ts, &gi_exc_IndexError, "array assignment index out of range");
}
static GiStatus array_set_item(GiThread *ts, GiVal self, ssize_t i, GiVal value) {
    return array_set_at(ts, self, i < 0 ? PTRDIFF_MIN : i, value);
}

/* LOCK: held. del self[start:stop:step], n items from start on, which there are. */
static GiStatus delete_locked(GiThread *ts, GiArray *x, ssize_t start, ssize_t step, size_t n) {
    size_t size = x->kind->size;
    if (n == 0) return GI_OK;
    if (step < 0) {
        start += (ssize_t)(n - 1) * step;
        step = -step;
    }
    if (reserve_locked(ts, x, x->count)) return GI_FAIL;
    size_t to = (size_t)start, next = (size_t)start, taken = 0;
    for (size_t from = (size_t)start; from < x->count; from++) {
        if (taken < n && from == next) {
            taken++;
            next += (size_t)step;
        } else {
            memmove(x->data + to++ * size, x->data + from * size, size);
        }
    }
    x->count -= n;
    return GI_OK;
}

/* self[slice] = `given` items of memory, or del self[slice] when that is NULL, in one step. */
static GiStatus assign_slice(GiThread *ts, GiVal self, const ssize_t bounds[3], const uint8_t *items, size_t given) {
    GiArray *x = array_of(self);
    size_t size = x->kind->size;
    ssize_t start = bounds[0], stop = bounds[1], step = bounds[2];
    GiStatus status = GI_OK;
    gi_lock_obj(ts, self);
    size_t n = gi_slice_adjust(x->count, &start, &stop, step);
    bool fits = items == NULL || step == 1 || given == n;
    if (step == 1) status = splice_locked(ts, x, start, n, items, given);
    else if (items == NULL) status = delete_locked(ts, x, start, step, n);
    else
        for (size_t i = 0; fits && i < n; i++, start += step) memcpy(x->data + (size_t)start * size, items + i * size, size);
    gi_unlock_obj(ts, self);
    if (fits) return status;
    return gi_raise_status(ts, &gi_exc_ValueError, "attempt to assign array of size %zu to extended slice of size %zu", given, n);
}

static GiStatus array_set_slice(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t bounds[3];
    if (gi_slice_unpack(ts, key, &bounds[0], &bounds[1], &bounds[2])) return GI_FAIL;
    if (gi_is_null(value)) return assign_slice(ts, self, bounds, NULL, 0);
    if (!is_array(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "can only assign array (not \"%T\") to array slice", value);
    if (array_of(value)->kind != array_of(self)->kind)
        return gi_raise_status(ts, &gi_exc_TypeError, "bad argument type for built-in operation");
    size_t given;
    uint8_t *copy = copy_data(ts, value, &given);
    if (copy == NULL) return GI_FAIL;
    GiStatus status = assign_slice(ts, self, bounds, copy, given);
    gi_mem_free(copy);
    return status;
}

static GiStatus array_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    if (gi_has_index(key)) {
        ssize_t i;
        if (gi_read_index(ts, key, &i)) return GI_FAIL;
        return array_set_at(ts, self, i, value);
    }
    if (gi_is_slice(key)) return array_set_slice(ts, self, key, value);
    return gi_raise_status(ts, &gi_exc_TypeError, "array indices must be integers");
}

/* Position of the first item equal to v in [start, stop), -1: none, -2: failed. */
static ssize_t array_find(GiThread *ts, GiVal self, GiVal v, size_t start, size_t stop) {
    for (size_t i = start; i < stop; i++) {
        GiRef item = array_get(ts, self, i);
        if (gi_is_null(item)) return gi_raised(ts) ? -2 : -1;
        GiTruth eq = gi_item_equal(ts, gi_val(item), v);
        gi_drop(ts, item);
        if (eq.value < 0) return -2;
        if (eq.value) return (ssize_t)i;
    }
    return -1;
}

static GiTruth array_contains(GiThread *ts, GiVal self, GiVal v) {
    GiRef now = steady(ts, self);
    ssize_t at = gi_is_null(now) ? -2 : array_find(ts, gi_val(now), v, 0, SIZE_MAX);
    gi_xdrop(ts, now);
    return at == -2 ? GI_TRUTH_FAIL : gi_truth_of(at >= 0);
}

static GiRef array_concat(GiThread *ts, GiVal left, GiVal right) {
    if (!is_array(right))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can only append array (not \"%T\") to array", right);
    if (array_of(left)->kind != array_of(right)->kind)
        return gi_raise_ref(ts, &gi_exc_TypeError, "bad argument type for built-in operation");
    GiRef ref = array_alloc(ts, &gi_array_type, array_of(left)->kind, 0);
    if (gi_is_null(ref)) return ref;
    if (array_extend(ts, gi_val(ref), left) || array_extend(ts, gi_val(ref), right)) {
        gi_drop(ts, ref);
        return GI_NULL;
    }
    return ref;
}

static GiRef array_inplace_concat(GiThread *ts, GiVal self, GiVal other) {
    if (!is_array(other))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can only extend array with array (not \"%T\")", other);
    return array_extend(ts, self, other) ? GI_NULL : gi_dup(ts, self);
}

static GiRef array_repeat(GiThread *ts, GiVal self, ssize_t times) {
    size_t n, k = times < 0 ? 0 : (size_t)times;
    const ArrayKind *kind = array_of(self)->kind;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    GiRef ref = GI_NULL;
    if (n && k > PTRDIFF_MAX / kind->size / n) gi_raise_nomem(ts);
    else ref = array_alloc(ts, &gi_array_type, kind, n * k);
    for (size_t i = 0; !gi_is_null(ref) && n && i < k; i++)
        memcpy(array_of(ref)->data + i * n * kind->size, copy, n * kind->size);
    gi_mem_free(copy);
    return ref;
}

static GiRef array_inplace_repeat(GiThread *ts, GiVal self, ssize_t times) {
    return array_multiply(ts, self, times < 0 ? 0 : (size_t)times) ? GI_NULL : gi_dup(ts, self);
}

static GiRef compare_items(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    GiArray *x = array_of(self), *y = array_of(other);
    if ((op == GI_EQ || op == GI_NE) && x->count != y->count) return gi_bool_ref(op == GI_NE);
    for (size_t i = 0;; i++) {
        GiRef p = array_get(ts, self, i), q = array_get(ts, other, i), result = GI_NULL;
        bool ends = gi_is_null(p) || gi_is_null(q);
        GiTruth eq = GI_TRUTH_FAIL;
        if (!ends) {
            eq = gi_item_equal(ts, gi_val(p), gi_val(q));
            if (gi_is_double(p) && gi_double_value(p) != gi_double_value(p)) eq = GI_TRUTH_NO;
            if (eq.value == 0) result = gi_compare(ts, gi_val(p), gi_val(q), op);
        }
        gi_xdrop(ts, p), gi_xdrop(ts, q);
        if (ends) break;
        if (eq.value <= 0) return result;
    }
    if (gi_raised(ts)) return GI_NULL;
    size_t m = x->count, n = y->count;
    return gi_bool_ref(op == GI_LT ? m < n : op == GI_LE ? m <= n : op == GI_EQ ? m == n
                       : op == GI_NE ? m != n : op == GI_GT ? m > n : m >= n);
}

static GiRef array_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!is_array(self) || !is_array(other)) return GI_REF_NOTIMPLEMENTED;
    GiRef x = steady(ts, self), y = gi_is_null(x) ? x : gi_same(self, other) ? gi_dup(ts, gi_val(x)) : steady(ts, other);
    GiRef r = gi_is_null(x) || gi_is_null(y) ? GI_NULL : compare_items(ts, gi_val(x), gi_val(y), op);
    gi_xdrop(ts, x), gi_xdrop(ts, y);
    return r;
}

static GiRef items_list(GiThread *ts, GiVal self) {
    GiRef list = gi_list_new(ts, array_of(self)->count);
    for (size_t i = 0; !gi_is_null(list); i++) {
        GiRef item = array_get(ts, self, i);
        if (gi_is_null(item) && !gi_raised(ts)) break;
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item)) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static GiRef array_to_list(GiThread *ts, GiVal self) {
    GiRef now = steady(ts, self), list = gi_is_null(now) ? now : items_list(ts, gi_val(now));
    gi_xdrop(ts, now);
    return list;
}

static GiRef array_to_str(GiThread *ts, GiVal self) {
    size_t n;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    GiRef text = GI_NULL;
    for (size_t i = 0; i < n; i++) {
        uint32_t ch;
        memcpy(&ch, copy + i * 4, 4);
        if (ch > 0x10FFFF) {
            gi_raise(ts, &gi_exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", ch);
            break;
        }
    }
    if (!gi_raised(ts)) text = gi_str_from_ucs4(ts, (const uint32_t *)(void *)copy, n);
    gi_mem_free(copy);
    return text;
}

static GiRef array_repr(GiThread *ts, GiVal self) {
    GiArray *x = array_of(self);
    const char *name = gi_type_name(self), *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    bool chars = x->kind->code == 'u';
    GiRef items = chars ? array_to_str(ts, self) : array_to_list(ts, self);
    if (gi_is_null(items)) return items;
    bool empty = (chars ? gi_str_len(items) : gi_list_len(items)) == 0;
    GiRef text = empty ? gi_str_format(ts, "%s('%c')", name, x->kind->code)
                       : gi_str_format(ts, "%s('%c', %R)", name, x->kind->code, gi_val(items));
    gi_drop(ts, items);
    return text;
}

static GiStatus array_get_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    static const uint8_t nothing[8];
    GiArray *x = array_of(self);
    gi_lock_obj(ts, self);
    *view = (GiBuffer){.data = x->data ? x->data : (void *)(uintptr_t)nothing,
                       .len = (ssize_t)(x->count * x->kind->size),
                       .item_size = x->kind->size,
                       .ndim = 1};
    if (flags & GI_BUF_FORMAT) view->format = x->kind->buffer_format;
    view->shape_inline[0] = (ssize_t)x->count;
    view->shape_inline[1] = x->kind->size;
    if (flags & GI_BUF_ND) view->shape = &view->shape_inline[0];
    if ((flags & GI_BUF_STRIDES) == GI_BUF_STRIDES) view->strides = &view->shape_inline[1];
    x->exports++;
    gi_unlock_obj(ts, self);
    gi_slot_init(&view->owner, gi_dup(ts, self));
    return GI_OK;
}

static void array_release_buffer(GiThread *ts, GiVal self, GiBuffer *view GI_UNUSED) {
    gi_lock_obj(ts, self);
    array_of(self)->exports--;
    gi_unlock_obj(ts, self);
}

static GiRef array_iter(GiThread *ts, GiVal self) {
    GiArrayIter *it = (GiArrayIter *)gi_heap_new(ts, &gi_array_iter_type, sizeof(GiArrayIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->array, gi_dup(ts, self));
    return gi_own_obj(it);
}

/* ---- Methods ---- */

GI_METHOD(array, append, "(self, v, /)", "Append new value v to the end of the array.") {
    return array_append(ts, self, a->v) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, buffer_info, "(self, /)",
          "Return a tuple (address, length) giving the current memory address and the length in items "
          "of the buffer used to hold array's contents.") {
    GiRef address = gi_int_from_u64(ts, (uint64_t)(uintptr_t)array_of(self)->data);
    if (gi_is_null(address)) return address;
    return gi_tuple_steal(ts, (GiRef[]){address, gi_smallint_ref((int64_t)array_of(self)->count)}, 2);
}

GI_METHOD(array, byteswap, "(self, /)", "Byteswap all items of the array.") {
    GiArray *x = array_of(self);
    size_t size = x->kind->size;
    gi_lock_obj(ts, self);
    for (uint8_t *p = x->data, *end = p + x->count * size; p < end; p += size)
        for (size_t i = 0, j = size - 1; i < j; i++, j--) {
            uint8_t t = p[i];
            p[i] = p[j];
            p[j] = t;
        }
    gi_unlock_obj(ts, self);
    return GI_REF_NONE;
}

static GiRef array_copy(GiThread *ts, GiVal self) {
    size_t n;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    GiRef ref = array_from(ts, array_of(self)->kind, copy, n);
    gi_mem_free(copy);
    return ref;
}
GI_METHOD(array, __copy__, "(self, /)", "Return a copy of the array.") { return array_copy(ts, self); }
GI_METHOD(array, __deepcopy__, "(self, unused, /)", "Return a copy of the array.") {
    return array_copy(ts, self);
}

GI_METHOD(array, count, "(self, v, /)", "Return number of occurrences of v in the array.") {
    int64_t found = 0;
    GiRef now = steady(ts, self);
    if (gi_is_null(now)) return now;
    ssize_t at = 0;
    while ((at = array_find(ts, gi_val(now), a->v, (size_t)at, SIZE_MAX)) >= 0) {
        found++;
        at++;
    }
    gi_drop(ts, now);
    return at == -2 ? GI_NULL : gi_smallint_ref(found);
}

GI_METHOD(array, index, "(self, v, start: index = 0, stop: index = 9223372036854775807, /)",
          "Return index of first occurrence of v in the array.\n\nRaise ValueError if the value is not present.") {
    GiRef now = steady(ts, self);
    if (gi_is_null(now)) return now;
    ssize_t n = (ssize_t)array_of(now)->count, start = a->start, stop = a->stop;
    if (start < 0) start = GI_MAX(start + n, 0);
    if (stop < 0) stop = GI_MAX(stop + n, 0);
    ssize_t at = start < stop ? array_find(ts, gi_val(now), a->v, (size_t)start, (size_t)stop) : -1;
    gi_drop(ts, now);
    if (at >= 0) return gi_smallint_ref(at);
    return at == -2 ? GI_NULL : gi_raise_ref(ts, &gi_exc_ValueError, "array.index(x): x not in array");
}

GI_METHOD(array, remove, "(self, v, /)", "Remove the first occurrence of v in the array.") {
    for (;;) {
        GiRef now = steady(ts, self);
        if (gi_is_null(now)) return now;
        ssize_t at = array_find(ts, gi_val(now), a->v, 0, SIZE_MAX);
        GiArray *x = array_of(self), *seen = array_of(now);
        GiStatus status = GI_FAIL;
        gi_lock_obj(ts, self);
        /* What was searched must still be so. */
        bool same = x == seen || at < 0 || (x->count > (size_t)at && memcmp(x->data, seen->data, ((size_t)at + 1) * x->kind->size) == 0);
        if (same && at >= 0) status = splice_locked(ts, x, at, 1, NULL, 0);
        gi_unlock_obj(ts, self);
        gi_drop(ts, now);
        if (at == -1) return gi_raise_ref(ts, &gi_exc_ValueError, "array.remove(x): x not in array");
        if (same || at < 0) return status ? GI_NULL : GI_REF_NONE;
    }
}

GI_METHOD(array, insert, "(self, i: ssize, v, /)", "Insert a new item v into the array before position i.") {
    Item item;
    if (item_store(ts, array_of(self)->kind, a->v, &item)) return GI_NULL;
    return array_splice(ts, self, a->i, 0, item.bytes, 1) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, pop, "(self, i: ssize = -1, /)",
          "Return the i-th element and delete it from the array.\n\ni defaults to -1.") {
    uint8_t bytes[8];
    bool there;
    if (item_bytes(ts, self, a->i, true, bytes, &there)) return GI_NULL;
    if (there) return item_load(ts, array_of(self)->kind, bytes);
    return gi_raise_ref(ts, &gi_exc_IndexError, array_count_now(self) ? "pop index out of range" : "pop from empty array");
}

GI_METHOD(array, extend, "(self, bb, /)", "Append items to the end of the array.") {
    return array_extend(ts, self, a->bb) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, frombytes, "(self, buffer, /)",
          "Appends items from the string, interpreting it as an array of machine values, as if it had "
          "been read from a file using the fromfile() method.") {
    GiBuffer view;
    if (gi_buffer_get(ts, a->buffer, &view, GI_BUF_BRIEF)) return GI_NULL;
    GiStatus status;
    if (view.item_size != 1)
        status = gi_raise_status(ts, &gi_exc_TypeError, "a bytes-like object is required");
    else
        status = array_from_bytes(ts, self, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    return status ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, fromfile, "(self, f, n: ssize, /)",
          "Read n objects from the file object f and append them to the end of the array.") {
    ssize_t size = array_of(self)->kind->size;
    if (a->n < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative count");
    if (a->n > PTRDIFF_MAX / size) return gi_raise_nomem(ts);
    GiRef want = gi_int_from_i64(ts, a->n * size);
    if (gi_is_null(want)) return want;
    GiRef bytes = gi_call_method_cstr(ts, a->f, "read", (GiVal[]){gi_val(want)}, 1);
    gi_drop(ts, want);
    if (gi_is_null(bytes)) return bytes;
    GiStatus status;
    if (!gi_is_bytes(gi_val(bytes))) {
        status = gi_raise_status(ts, &gi_exc_TypeError, "read() didn't return bytes");
    } else {
        size_t got = gi_bytes_len(gi_val(bytes));
        status = array_from_bytes(ts, self, gi_bytes_data(gi_val(bytes)), got);
        if (status == GI_OK && got != (size_t)(a->n * size))
            status = gi_raise_status(ts, &gi_exc_EOFError, "read() didn't return enough bytes");
    }
    gi_drop(ts, bytes);
    return status ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, fromlist, "(self, list, /)", "Append items to array from list.") {
    if (!gi_is_list(a->list)) return gi_raise_ref(ts, &gi_exc_TypeError, "arg must be list");
    const ArrayKind *kind = array_of(self)->kind;
    size_t n = gi_list_len(a->list);
    GiRef fresh = array_alloc(ts, &gi_array_type, kind, n);
    if (gi_is_null(fresh)) return fresh;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < n && status == GI_OK; i++) {
        GiRef v = gi_list_get(ts, a->list, i);
        Item item;
        status = gi_is_null(v) ? GI_FAIL : item_store(ts, kind, gi_val(v), &item);
        gi_xdrop(ts, v);
        if (gi_list_len(a->list) != n && !gi_raised(ts))
            status = gi_raise_status(ts, &gi_exc_RuntimeError, "list changed size during iteration");
        if (status == GI_OK) memcpy(array_of(fresh)->data + i * kind->size, item.bytes, kind->size);
    }
    if (status == GI_OK) status = array_splice(ts, self, PTRDIFF_MAX, 0, array_of(fresh)->data, n);
    gi_drop(ts, fresh);
    return status ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, fromunicode, "(self, ustr: str, /)",
          "Extends this array with data from the unicode string ustr.\n\nThe array must be a unicode "
          "type array; otherwise a ValueError is raised.\nUse array.frombytes(ustr.encode(...)) to "
          "append Unicode data to an array of\nsome other type.") {
    if (array_of(self)->kind->code != 'u')
        return gi_raise_ref(ts, &gi_exc_ValueError, "fromunicode() may only be called on unicode type arrays");
    return array_from_str(ts, self, a->ustr) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, tounicode, "(self, /)",
          "Extends this array with data from the unicode string ustr.\n\nConvert the array to a "
          "unicode string.  The array must be a unicode type array;\notherwise a ValueError is "
          "raised.  Use array.tobytes().decode() to obtain a\nunicode string from an array of some "
          "other type.") {
    if (array_of(self)->kind->code != 'u')
        return gi_raise_ref(ts, &gi_exc_ValueError, "tounicode() may only be called on unicode type arrays");
    return array_to_str(ts, self);
}

GI_METHOD(array, reverse, "(self, /)", "Reverse the order of the items in the array.") {
    GiArray *x = array_of(self);
    size_t size = x->kind->size;
    gi_lock_obj(ts, self);
    for (size_t i = 0, j = x->count; i + 1 < j; i++) {
        uint8_t t[8], *p = x->data + i * size, *q = x->data + --j * size;
        memcpy(t, p, size);
        memmove(p, q, size);
        memcpy(q, t, size);
    }
    gi_unlock_obj(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(array, tobytes, "(self, /)", "Convert the array to an array of machine values and return the bytes representation.") {
    size_t n;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    GiRef bytes = gi_bytes_from(ts, copy, n * array_of(self)->kind->size);
    gi_mem_free(copy);
    return bytes;
}

GI_METHOD(array, tofile, "(self, f, /)", "Write all items (as machine values) to the file object f.") {
    size_t n;
    uint8_t *copy = copy_data(ts, self, &n);
    if (copy == NULL) return GI_NULL;
    n *= array_of(self)->kind->size;
    GiStatus status = GI_OK;
    for (size_t at = 0; at < n && status == GI_OK;) {
        size_t chunk = GI_MIN(n - at, 65536);
        GiRef bytes = gi_bytes_from(ts, copy + at, chunk);
        GiVal arg = gi_val(bytes);
        GiRef result = gi_is_null(bytes) ? bytes : gi_call_method_cstr(ts, a->f, "write", &arg, 1);
        status = gi_is_null(result) ? GI_FAIL : GI_OK;
        gi_xdrop(ts, bytes), gi_xdrop(ts, result);
        at += chunk;
    }
    gi_mem_free(copy);
    return status ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(array, tolist, "(self, /)", "Convert array to an ordinary list with the same items.") {
    return array_to_list(ts, self);
}

GI_METHOD(array, __sizeof__, "(self, /)", "Size of the array in memory, in bytes.") {
    GiArray *x = array_of(self);
    return gi_smallint_ref((int64_t)(gi_type_of(self)->size + x->capacity * x->kind->size));
}

GI_METHOD(array, __reduce_ex__, "(self, value: ssize, /)", "Return state information for pickling.") {
    GiArray *x = array_of(self);
    GiRef dict = GI_NULL, type = gi_dup(ts, gi_type_val(gi_type_of(self)));
    GiRef code = gi_str_from_char(ts, (uint32_t)x->kind->code), items, function, args;
    if (gi_getattr_opt(ts, self, GI_N(__dict__), &dict) || gi_is_null(code)) {
        gi_drop(ts, type), gi_xdrop(ts, code);
        return GI_NULL;
    }
    if (gi_is_null(dict)) dict = GI_REF_NONE;
    if (a->value < 3) {
        items = array_to_list(ts, self);
        function = gi_dup(ts, gi_val(type));
        args = gi_is_null(items) ? items : gi_tuple_steal(ts, (GiRef[]){code, items}, 2);
        gi_drop(ts, type);
        if (gi_is_null(items)) gi_drop(ts, code);
        return gi_reduce_tuple(ts, function, args, dict);
    }
    function = gi_import_attr(ts, "array", "_array_reconstructor");
    struct array_tobytes_args none = {};
    items = gi_is_null(function) ? function : array_tobytes_body(ts, self, &none);
    if (gi_is_null(items)) {
        gi_drop_all(ts, (GiRef[]){function, type, code, dict}, 4);
        return items;
    }
    args = gi_tuple_steal(ts, (GiRef[]){type, code, gi_smallint_ref(x->kind->format), items}, 4);
    return gi_reduce_tuple(ts, function, args, dict);
}

GI_GETTER(array, typecode, "the typecode character used to create the array") {
    return gi_str_from_char(ts, (uint32_t)array_of(self)->kind->code);
}
GI_GETTER(array, itemsize, "the size, in bytes, of one array item") {
    return gi_smallint_ref(array_of(self)->kind->size);
}

GiType gi_array_type = {
    .obj = GI_TYPE_HEAD,
    .name = "array.array",
    .module = "array",
    .flags = GI_TYPE_BASE | GI_TYPE_WEAKREF | GI_TYPE_SEQUENCE | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiArray),
    .base = &gi_object_type,
    .doc = "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are restricted "
           "by typecode, and\ninitialized from the optional initializer value, which must be a "
           "list,\nstring or iterable over elements of the appropriate type.",
    .fields = (const GiField[]){GI_BUFFER_FIELD(GiArray, data), GI_FIELDS_END},
    .methods = array_methods,
    .getset = array_getset,
    .new_ = array_new,
    .repr = array_repr,
    .compare = array_compare,
    .iter = array_iter,
    .length = array_length,
    .item = array_item,
    .set_item = array_set_item,
    .subscript = array_subscript,
    .set_subscript = array_set_subscript,
    .contains = array_contains,
    .concat = array_concat,
    .inplace_concat = array_inplace_concat,
    .repeat = array_repeat,
    .inplace_repeat = array_inplace_repeat,
    .get_buffer = array_get_buffer,
    .release_buffer = array_release_buffer,
};

/* ---- arrayiterator ---- */

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef array_iter_next(GiThread *ts, GiVal self) {
    GiArrayIter *it = array_iter_of(self);
    for (;;) {
        ssize_t i = gi_position(&it->index);
        GiRef array = i < 0 ? GI_NULL : gi_slot_load(ts, &it->array);
        if (gi_is_null(array)) return array;
        GiRef item = array_get(ts, gi_val(array), (size_t)i);
        gi_drop(ts, array);
        if (gi_is_null(item) && gi_raised(ts)) return item;
        if (gi_claim(ts, self, &it->index, i, gi_is_null(item) ? -1 : i + 1)) {
            if (gi_is_null(item)) gi_exhaust_of(ts, self, &it->array);
            return item;
        }
        gi_xdrop(ts, item);
    }
}

static bool array_iter_spent(GiObj *self) { return ((GiArrayIter *)self)->index == -1; }

static GiRef array_iter_rest(GiThread *ts, GiVal self, bool fresh GI_UNUSED) {
    GiArrayIter *it = array_iter_of(self);
    ssize_t i = __atomic_exchange_n(&it->index, -1, __ATOMIC_ACQ_REL);
    GiRef array = i < 0 ? GI_NULL : gi_slot_load(ts, &it->array);
    if (gi_is_null(array)) return gi_list_new(ts, 0);
    GiRef all = array_to_list(ts, gi_val(array));
    gi_drop(ts, array);
    if (i == 0 || gi_is_null(all)) return all;
    GiRef rest = gi_list_slice(ts, gi_val(all), i, PTRDIFF_MAX);
    gi_drop(ts, all);
    return rest;
}
static const GiRest rest_of_array = {.list = array_iter_rest};

GI_METHOD(array_iter, __reduce__, "(self, /)", "Return state information for pickling.") {
    GiArrayIter *it = array_iter_of(self);
    ssize_t i = gi_position(&it->index);
    GiRef array = i < 0 ? GI_NULL : gi_slot_load(ts, &it->array);
    GiRef result = gi_reduce_iter(ts, "iter", gi_val(array), i, true);
    gi_xdrop(ts, array);
    return result;
}

GI_METHOD(array_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    GiArrayIter *it = array_iter_of(self);
    ssize_t i = gi_position(&it->index);
    GiRef array = i < 0 ? GI_NULL : gi_slot_load(ts, &it->array);
    if (!gi_is_null(array)) {
        ssize_t n = (ssize_t)array_count_now(gi_val(array));
        (void)gi_claim(ts, self, &it->index, i, GI_MAX(0, GI_MIN(a->state, n)));
        gi_drop(ts, array);
    }
    return GI_REF_NONE;
}

GiType gi_array_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "array.arrayiterator",
    .module = "array",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiArrayIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiArrayIter, array), GI_FIELDS_END},
    .methods = array_iter_methods,
    .iter = iter_self,
    .next = array_iter_next,
    .spent = array_iter_spent,
    .native = (void *)&rest_of_array,
};

/* ---- The module ---- */

/* Items of a foreign machine format, turned into little endian; then they are as ours. */
static GiRef reconstruct_numbers(GiThread *ts, const ArrayKind *kind, int format, GiVal bytes) {
    size_t n = gi_bytes_len(bytes), size = kind->size;
    if (n % size)
        return gi_raise_ref(ts, &gi_exc_ValueError, "bytes length not a multiple of item size");
    GiRef ref = array_from(ts, kind, gi_bytes_data(bytes), n / size);
    if (!gi_is_null(ref) && (format & 1) && size > 1) {
        struct array_byteswap_args none = {};
        gi_drop(ts, array_byteswap_body(ts, gi_val(ref), &none));
    }
    return ref;
}

GI_FUNCTION(array, _array_reconstructor, "(arraytype: type, typecode: char, mformat_code: int, items, /)",
            "Internal. Used for pickling support.") {
    GiType *type = gi_as_type(a->arraytype);
    if (!gi_is_subtype(type, &gi_array_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%N is not a subtype of array.array", type);
    const ArrayKind *kind = find_kind(a->typecode);
    if (kind == NULL)
        return gi_raise_ref(ts, &gi_exc_ValueError, "second argument must be a valid type code");
    int format = a->mformat_code;
    if (format < 0 || format > 21)
        return gi_raise_ref(ts, &gi_exc_ValueError, "third argument must be a valid machine format code.");
    if (!gi_is_bytes(a->items))
        return gi_raise_ref(ts, &gi_exc_TypeError, "fourth argument should be bytes, not %T", a->items);
    GiRef fresh;
    if (format >= 18) {
        static const char *const names[] = {"utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"};
        size_t n = gi_bytes_len(a->items);
        if (n % 4) /* for UTF-16, too */
            return gi_raise_ref(ts, &gi_exc_ValueError, "string length not a multiple of item size");
        GiRef text = gi_decode(ts, gi_bytes_data(a->items), n, names[format - 18], NULL);
        if (gi_is_null(text)) return text;
        fresh = array_alloc(ts, &gi_array_type, find_kind('u'), 0);
        if (!gi_is_null(fresh) && array_from_str(ts, gi_val(fresh), gi_val(text))) {
            gi_drop(ts, fresh);
            fresh = GI_NULL;
        }
        gi_drop(ts, text);
        kind = find_kind('u');
    } else {
        /* The given code if it has this format here, else the first that has; a float of another
         * size is converted. */
        const ArrayKind *wanted = kind;
        int ours = format <= 1 ? format : format & ~1;
        for (size_t i = 0; kind->format != ours && i < GI_COUNTOF(kinds); i++)
            if (kinds[i].format == ours) kind = &kinds[i];
        fresh = reconstruct_numbers(ts, kind, format <= 1 ? 0 : format, a->items);
        if (!gi_is_null(fresh) && kind->is_float && wanted != kind) {
            GiRef converted = array_alloc(ts, &gi_array_type, wanted, 0);
            if (!gi_is_null(converted) && array_extend_iter(ts, gi_val(converted), gi_val(fresh))) {
                gi_drop(ts, converted);
                converted = GI_NULL;
            }
            gi_drop(ts, fresh);
            fresh = converted;
            kind = wanted;
        }
    }
    if (gi_is_null(fresh) || type == &gi_array_type) return fresh;
    GiRef code = gi_str_from_char(ts, (uint32_t)kind->code), result = GI_NULL;
    if (!gi_is_null(code)) {
        result = gi_call2(ts, a->arraytype, gi_val(code), gi_val(fresh));
        gi_drop(ts, code);
    }
    gi_drop(ts, fresh);
    return result;
}

static GiStatus array_exec(GiThread *ts, GiVal module) {
    if (gi_type_ready(ts, &gi_array_iter_type) || gi_module_add_type(ts, module, &gi_array_type))
        return GI_FAIL;
    GiRef abc = gi_import_attr(ts, "collections.abc", "MutableSequence");
    if (gi_is_null(abc)) return GI_FAIL;
    GiVal type = gi_type_val(&gi_array_type);
    GiRef registered = gi_call_method_cstr(ts, gi_val(abc), "register", &type, 1);
    gi_drop(ts, abc);
    if (gi_is_null(registered)) return GI_FAIL;
    gi_drop(ts, registered);
    if (gi_module_add(ts, module, "ArrayType", gi_dup(ts, gi_type_val(&gi_array_type)))) return GI_FAIL;
    char codes[GI_COUNTOF(kinds) + 1] = "";
    for (size_t i = 0; i < GI_COUNTOF(kinds); i++) codes[i] = kinds[i].code;
    return gi_module_add_str(ts, module, "typecodes", codes);
}

const GiModuleDef gi_module_array = {
    .name = "array",
    .doc = "This module defines an object type which can efficiently represent\nan array of basic "
           "values: characters, integers, floating point\nnumbers.  Arrays are sequence types and "
           "behave very much like lists,\nexcept that the type of objects stored in them is "
           "constrained.\n",
    .functions = array_functions,
    .exec = array_exec,
};
