/* bytearray.c - the mutable array of bytes: storage and the slots that are its alone.
 *
 * INVARIANT: data points into block (or at a constant empty text when block is NULL); data[length]
 * is NUL. LOCK: the object's byte lock guards all fields; while exports > 0 the storage stays put.
 *
 * A native operation that only reads pins the block: under the lock as an export. In free mode that
 * must not make other threads' changes fail, which under the lock came before or after; so a change
 * moves to a fresh block first and leaves the old one, as it is, to those who have pinned it. An export
 * does so too, and while there are exports, by which the bytes may be written to, a copy is pinned.
 */
#include "base/shared_bytes.h"
#include "objects/byteslike.h"

#include "objects/native.h"
#include "objects/whole.h"

#define ARRAY(v) ((GiByteArray *)gi_obj(v))
#define BYTE_LOCK(v) ((GiByteLock *)gi_obj_lock_byte(gi_obj(v)))
#define LOCK(ts, v) GI_LOCKED(&(ts)->core, BYTE_LOCK(v))
#define ARRAY_MAX ((size_t)1 << 46)

static uint8_t *nothing(void) { return (uint8_t *)(uintptr_t)""; }

/* A block that readers have pinned and the array no longer uses. */
typedef struct GiByteBlock {
    struct GiByteBlock *next;
    uint8_t *block;
    ssize_t pins;
} GiByteBlock;

/* The length is also read without the lock (gi_byteslike_length). */
static inline void set_length(GiByteArray *b, size_t len) { __atomic_store_n(&b->length, len, __ATOMIC_RELAXED); }

/* A copy that looks like a block left behind: what is exported may be written to at any time. Null: no memory. */
static void *pin_copy_locked(GiThread *ts, GiByteArray *b) {
    GiByteBlock *left = gi_mem_alloc(ts, sizeof *left);
    uint8_t *block = left == NULL ? NULL : gi_mem_alloc(ts, b->length + 1);
    if (block == NULL) {
        gi_mem_free(left);
        gi_exc_clear(ts);
        return NULL;
    }
    gi_shared_load(block, b->data, b->length + 1);
    *left = (GiByteBlock){b->left, block, 1};
    b->left = left;
    return block;
}

/* Gives the bytes to be read, and what tells an unpin what was pinned; NULL: an export. */
static void *pin_locked(GiThread *ts, GiByteArray *b, uint8_t **data) {
    *data = b->data;
    if (GI_LIKELY(!ts->core.free_running)) {
        b->exports++;
        return NULL;
    }
    if (b->block == NULL) return b; /* an empty array's constant text */
    uint8_t *copy = b->exports > 0 ? pin_copy_locked(ts, b) : NULL;
    if (copy != NULL) {
        *data = copy;
        return copy;
    }
    b->pins++;
    return b->block;
}

static void unpin_locked(GiByteArray *b, void *pin) {
    if (pin == NULL) {
        b->exports--;
    } else if (pin == b->block) {
        b->pins--;
    } else if (pin != b) {
        GiByteBlock **at = &b->left;
        while ((*at)->block != pin) at = &(*at)->next;
        if (--(*at)->pins) return;
        GiByteBlock *gone = *at;
        *at = gone->next;
        gi_mem_free(gone->block);
        gi_mem_free(gone);
    }
}

/* Before a change: leaves the block to who has pinned it. */
static GiStatus leave_block_locked(GiThread *ts, GiByteArray *b) {
    if (GI_LIKELY(b->pins == 0) || b->exports > 0) return GI_OK; /* exported, it cannot move */
    GiByteBlock *left = gi_mem_alloc(ts, sizeof *left);
    uint8_t *block = left == NULL ? NULL : gi_mem_alloc(ts, b->length + 1);
    if (block == NULL) {
        gi_mem_free(left);
        return GI_FAIL;
    }
    memcpy(block, b->data, b->length + 1);
    *left = (GiByteBlock){b->left, b->block, b->pins};
    b->left = left;
    b->pins = 0;
    b->block = b->data = block;
    b->capacity = b->length + 1;
    return GI_OK;
}

GiBytesView gi_bytes_open(GiThread *ts, GiVal self) {
    if (gi_is_bytes(self)) return (GiBytesView){gi_bytes_data(self), gi_bytes_len(self), ts, NULL, NULL};
    GiByteArray *b = ARRAY(self);
    GiBytesView view = {NULL, 0, ts, b, NULL};
    LOCK(ts, self) {
        view.pin = pin_locked(ts, b, &view.data);
        view.len = b->length;
    }
    return view;
}

void gi_bytes_close(GiBytesView *view) {
    if (!view->pinned) return;
    LOCK(view->ts, gi_from_obj(view->pinned)) unpin_locked(view->pinned, view->pin);
}

int gi_byte_at(GiThread *ts, GiVal self, ssize_t index) {
    int byte = -1;
    if (gi_is_bytes(self)) {
        size_t i = index < 0 ? (size_t)index + gi_bytes_len(self) : (size_t)index;
        return i < gi_bytes_len(self) ? gi_bytes_data(self)[i] : -1;
    }
    LOCK(ts, self) {
        size_t i = index < 0 ? (size_t)index + ARRAY(self)->length : (size_t)index;
        if (i < ARRAY(self)->length) byte = ARRAY(self)->data[i];
    }
    return byte;
}

static GiRef array_alloc(GiThread *ts, GiType *type) {
    GiRef made = type == &gi_bytearray_type ? gi_own_obj(gi_heap_new(ts, type, sizeof(GiByteArray)))
                                            : gi_type_alloc(ts, type, 0);
    if (!gi_is_null(made)) ARRAY(made)->data = nothing();
    return made;
}

/* Changes the length; the lock is held. New bytes are not initialised. */
static GiStatus resize_locked(GiThread *ts, GiByteArray *b, size_t len) {
    if (len == b->length) return GI_OK;
    if (b->exports > 0)
        return gi_raise_status(ts, &gi_exc_BufferError, "Existing exports of data: object cannot be re-sized");
    if (leave_block_locked(ts, b)) return GI_FAIL;
    if (len >= ARRAY_MAX) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    size_t offset = (size_t)(b->data - b->block);
    if (b->block && len + 1 + offset <= b->capacity && len >= b->capacity / 4) {
        set_length(b, len);
        b->data[len] = 0;
        return GI_OK;
    }
    if (len == 0) {
        gi_mem_free(b->block);
        b->block = NULL;
        b->data = nothing();
        set_length(b, 0);
        b->capacity = 0;
        return GI_OK;
    }
    size_t capacity = len < b->length ? len + 1 : len + (len >> 3) + (len < 9 ? 3 : 6) + 1;
    if (b->length == 0) capacity = len + 1;
    uint8_t *block;
    if (b->block && offset == 0) {
        block = gi_mem_realloc(ts, b->block, capacity);
        if (!block) return GI_FAIL;
    } else {
        block = gi_mem_alloc(ts, capacity);
        if (!block) return GI_FAIL;
        memcpy(block, b->data, GI_MIN(len, b->length));
        gi_mem_free(b->block);
    }
    b->block = b->data = block;
    b->capacity = capacity;
    set_length(b, len);
    block[len] = 0;
    return GI_OK;
}

GiStatus gi_bytearray_resize(GiThread *ts, GiVal v, size_t len) {
    GiStatus status = GI_OK;
    LOCK(ts, v) status = resize_locked(ts, ARRAY(v), len);
    return status;
}

GiRef gi_bytearray_from(GiThread *ts, const void *data, size_t len) {
    GiRef made = array_alloc(ts, &gi_bytearray_type);
    if (gi_is_null(made) || len == 0) return made;
    if (resize_locked(ts, ARRAY(made), len) != GI_OK) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    if (data) memcpy(ARRAY(made)->data, data, len);
    return made;
}

GiRef gi_bytearray_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    (void)args, (void)nargs, (void)kwnames;
    return array_alloc(ts, type);
}

/* Appends what an iterator gives, one by one: Python code may look at the array meanwhile. */
static GiStatus append_each(GiThread *ts, GiVal self, GiVal iterator) {
    for (;;) {
        GiRef item = gi_next(ts, iterator);
        uint8_t byte;
        if (gi_is_null(item)) return gi_raised(ts) ? GI_FAIL : GI_OK;
        GiStatus status = gi_byte_value(ts, gi_val(item), &byte);
        gi_drop(ts, item);
        if (status != GI_OK || gi_bytearray_splice(ts, self, SIZE_MAX, SIZE_MAX, &byte, 1) != GI_OK) return GI_FAIL;
    }
}

GiStatus gi_bytearray_slot_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal given[3];
    if (gi_bytes_unpack_args(ts, "bytearray", args, nargs, kwnames, given) != GI_OK) return GI_FAIL;
    if (ARRAY(self)->length && gi_bytearray_resize(ts, self, 0) != GI_OK) return GI_FAIL;
    if (nargs == 0 && gi_is_null(kwnames)) return GI_OK;
    if (!gi_is_null(given[0]) && gi_is_null(given[1]) && gi_is_null(given[2]) && gi_is_iterator(given[0]))
        return append_each(ts, self, given[0]);
    GiRef bytes = gi_bytes_from_args(ts, "bytearray", given[0], given[1], given[2]);
    if (gi_is_null(bytes)) return GI_FAIL;
    GiStatus status = gi_bytearray_splice(ts, self, 0, ARRAY(self)->length, gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(ts, bytes);
    return status;
}

void gi_bytearray_slot_destroy(GiThread *ts, GiObj *obj) {
    (void)ts;
    gi_mem_free(((GiByteArray *)obj)->block);
    ((GiByteArray *)obj)->block = NULL;
}

/* [start, stop) becomes len bytes of data; the lock is held. */
static GiStatus splice_locked(GiThread *ts, GiByteArray *b, size_t start, size_t stop, const void *data, size_t len) {
    size_t old = b->length;
    if (leave_block_locked(ts, b)) return GI_FAIL;
    if (stop > old) stop = old;
    if (start > stop) start = stop;
    size_t tail = old - stop;
    if (len < stop - start && start == 0 && b->exports == 0 && tail + len > 0) {
        /* PERF: taking bytes away in front moves the start instead of the data. */
        size_t gone = stop - len;
        b->data += gone;
        set_length(b, b->length - gone);
        if (b->length + 1 < b->capacity / 4) {
            uint8_t *block = gi_mem_alloc(ts, b->length + 1);
            if (block) {
                memcpy(block, b->data, b->length + 1);
                gi_mem_free(b->block);
                b->block = b->data = block;
                b->capacity = b->length + 1;
            } else {
                gi_exc_clear(ts);
            }
        }
    } else if (len < stop - start) {
        if (b->exports > 0)
            return gi_raise_status(ts, &gi_exc_BufferError, "Existing exports of data: object cannot be re-sized");
        memmove(b->data + start + len, b->data + stop, tail);
        if (resize_locked(ts, b, start + len + tail) != GI_OK) return GI_FAIL;
    } else if (len > stop - start) {
        if (resize_locked(ts, b, start + len + tail) != GI_OK) return GI_FAIL;
        memmove(b->data + start + len, b->data + stop, tail);
    }
    if (len) memcpy(b->data + start, data, len);
    return GI_OK;
}

GiStatus gi_bytearray_splice(GiThread *ts, GiVal self, size_t start, size_t stop, const void *data, size_t len) {
    GiStatus status = GI_OK;
    LOCK(ts, self) status = splice_locked(ts, ARRAY(self), start, stop, data, len);
    return status;
}

GiStatus gi_bytearray_take(GiThread *ts, GiVal self, ssize_t index, uint8_t *byte, bool *empty) {
    GiByteArray *b = ARRAY(self);
    GiStatus status = GI_FAIL;
    LOCK(ts, self) {
        if (index < 0) index += (ssize_t)b->length;
        *empty = b->length == 0;
        if (index >= 0 && (size_t)index < b->length) {
            *byte = b->data[index];
            status = splice_locked(ts, b, (size_t)index, (size_t)index + 1, NULL, 0);
        }
    }
    return status;
}

/* The bytes of a value to be assigned to a slice or appended, as a private bytes object. */
static GiRef assigned_bytes(GiThread *ts, GiVal value) {
    if (gi_is_bytes(value)) return gi_dup(ts, value);
    GiType *type = gi_type_of(value);
    if (gi_is_str(value) || type->index || type->to_int || type->to_float || gi_is_instance_of(value, &gi_complex_type))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
    return gi_bytes_from_args(ts, "bytearray", value, GI_NOVAL, GI_NOVAL);
}

GiStatus gi_bytearray_insert(GiThread *ts, GiVal self, ssize_t index, uint8_t byte) {
    GiStatus status = GI_OK;
    LOCK(ts, self) {
        ssize_t n = (ssize_t)ARRAY(self)->length;
        size_t at = (size_t)(index < 0 ? GI_MAX(index + n, 0) : GI_MIN(index, n));
        status = splice_locked(ts, ARRAY(self), at, at, &byte, 1);
    }
    return status;
}

GiStatus gi_bytearray_remove(GiThread *ts, GiVal self, uint8_t byte, bool *found) {
    GiStatus status = GI_OK;
    LOCK(ts, self) {
        const GiByteArray *b = ARRAY(self);
        const uint8_t *at = b->length ? memchr(b->data, byte, b->length) : NULL;
        *found = at != NULL;
        if (*found) status = splice_locked(ts, ARRAY(self), (size_t)(at - b->data), (size_t)(at - b->data) + 1, NULL, 0);
    }
    return status;
}

GiStatus gi_bytearray_reverse(GiThread *ts, GiVal self) {
    GiByteArray *b = ARRAY(self);
    GiStatus status = GI_OK;
    LOCK(ts, self) {
        status = leave_block_locked(ts, b);
        for (size_t i = 0; status == GI_OK && i < b->length / 2; i++) {
            uint8_t c = b->data[i];
            b->data[i] = b->data[b->length - 1 - i];
            b->data[b->length - 1 - i] = c;
        }
    }
    return status;
}

/* b[index] = value, or del; `from_end`: a negative index counts from the end. */
static GiStatus set_item(GiThread *ts, GiVal self, ssize_t index, bool from_end, GiVal value) {
    GiByteArray *b = ARRAY(self);
    uint8_t byte = 0;
    if (!gi_is_null(value) && gi_byte_value(ts, value, &byte) != GI_OK) return GI_FAIL;
    GiStatus status = GI_OK;
    bool in_range = false;
    LOCK(ts, self) {
        if (from_end && index < 0) index += (ssize_t)b->length;
        in_range = index >= 0 && (size_t)index < b->length;
        if (in_range && gi_is_null(value))
            status = splice_locked(ts, b, (size_t)index, (size_t)index + 1, NULL, 0);
        else if (in_range && (status = leave_block_locked(ts, b)) == GI_OK)
            gi_shared_store(&b->data[index], &byte, 1); /* also of an exported block, which others read */
    }
    if (!in_range) return gi_raise_status(ts, &gi_exc_IndexError, "bytearray index out of range");
    return status;
}

GiStatus gi_bytearray_slot_set_item(GiThread *ts, GiVal self, ssize_t index, GiVal value) {
    return set_item(ts, self, index, false, value);
}

/* b[start:stop:step] = data (len bytes), or del when `remove`. */
static GiStatus set_extended(GiThread *ts, GiByteArray *b, ssize_t start, ssize_t step, size_t count, bool remove,
                             const uint8_t *data, size_t len) {
    if (!remove) {
        if (len != count)
            return gi_raise_status(ts, &gi_exc_ValueError,
                                   "attempt to assign bytes of size %zd to extended slice of size %zd", (ssize_t)len,
                                   (ssize_t)count);
        if (leave_block_locked(ts, b)) return GI_FAIL;
        for (size_t i = 0; i < count; i++) b->data[start + (ssize_t)i * step] = data[i];
        return GI_OK;
    }
    if (count == 0) return GI_OK;
    if (b->exports > 0)
        return gi_raise_status(ts, &gi_exc_BufferError, "Existing exports of data: object cannot be re-sized");
    if (leave_block_locked(ts, b)) return GI_FAIL;
    if (step < 0) {
        start += step * (ssize_t)(count - 1);
        step = -step;
    }
    size_t to = (size_t)start, next = (size_t)start, left = count;
    for (size_t from = (size_t)start; from < b->length; from++) {
        if (left && from == next) {
            next += (size_t)step;
            left--;
        } else {
            b->data[to++] = b->data[from];
        }
    }
    return resize_locked(ts, b, to);
}

GiStatus gi_bytearray_slot_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    GiByteArray *b = ARRAY(self);
    if (gi_is_int(key) || gi_type_of(key)->index) {
        ssize_t index;
        if (gi_as_ssize(ts, key, false, &index) != GI_OK) return GI_FAIL;
        return set_item(ts, self, index, true, value);
    }
    if (!gi_is_exact(key, &gi_slice_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "bytearray indices must be integers or slices, not %.200T", key);
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step) != GI_OK) return GI_FAIL;
    GiRef bytes = GI_NULL;
    if (!gi_is_null(value)) {
        bytes = assigned_bytes(ts, value);
        if (gi_is_null(bytes)) return GI_FAIL;
    }
    const uint8_t *data = gi_is_null(bytes) ? NULL : gi_bytes_data(bytes);
    size_t len = gi_is_null(bytes) ? 0 : gi_bytes_len(bytes);
    GiStatus status = GI_OK;
    LOCK(ts, self) {
        size_t count = gi_slice_adjust(b->length, &start, &stop, step);
        if (step == 1)
            status = splice_locked(ts, b, (size_t)start, (size_t)start + count, data, len);
        else
            status = set_extended(ts, b, start, step, count, len == 0, data, len);
    }
    gi_xdrop(ts, bytes);
    return status;
}

int gi_bytearray_order(GiThread *ts, GiVal x, GiVal y) {
    const GiByteArray *a = ARRAY(x), *b = ARRAY(y);
    gi_bytelock_lock2(&ts->core, BYTE_LOCK(x), BYTE_LOCK(y));
    size_t m = a->length, n = b->length, least = GI_MIN(m, n);
    int order = least ? memcmp(a->data, b->data, least) : 0;
    gi_bytelock_unlock2(&ts->core, BYTE_LOCK(x), BYTE_LOCK(y));
    return order ? order : m < n ? -1 : m > n;
}

GiRef gi_bytearray_slot_inplace_concat(GiThread *ts, GiVal self, GiVal other) {
    if (!gi_has_buffer(other))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't concat %.100T to %.100T", other, self);
    GiBuffer view;
    int flags = gi_same(other, self) ? GI_BUF_SIMPLE : GI_BUF_BRIEF;
    if (gi_buffer_get(ts, other, &view, flags) != GI_OK) {
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't concat %.100T to %.100T", other, self);
    }
    /* PYSEM: b += b holds a view of b itself and so raises BufferError unless b is empty. */
    GiStatus status = gi_bytearray_splice(ts, self, SIZE_MAX, SIZE_MAX, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    return status == GI_OK ? gi_dup(ts, self) : GI_NULL;
}

GiRef gi_bytearray_slot_inplace_repeat(GiThread *ts, GiVal self, ssize_t n) {
    GiByteArray *b = ARRAY(self);
    GiStatus status = GI_OK;
    size_t times = n < 0 ? 0 : (size_t)n;
    LOCK(ts, self) {
        size_t len = b->length;
        if (times && len > ARRAY_MAX / times) {
            (void)gi_raise_nomem(ts);
            status = GI_FAIL;
        } else if ((status = resize_locked(ts, b, len * times)) == GI_OK && len > 0) {
            for (size_t i = 1; i < times; i++) memcpy(b->data + i * len, b->data, len);
        }
    }
    return status == GI_OK ? gi_dup(ts, self) : GI_NULL;
}

GiStatus gi_bytearray_slot_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    GiByteArray *b = ARRAY(self);
    GiStatus status = GI_OK;
    LOCK(ts, self) {
        bool brief = flags & GI_BUF_BRIEF;
        uint8_t *data = b->data;
        if (!brief) status = leave_block_locked(ts, b); /* who exports may write */
        if (status == GI_OK) status = gi_buffer_fill(ts, view, self, b->data, (ssize_t)b->length, false, flags);
        if (status == GI_OK && brief) {
            view->internal = pin_locked(ts, b, &data);
            view->data = data;
        } else if (status == GI_OK) {
            b->exports++;
        }
    }
    return status;
}

void gi_bytearray_slot_release(GiThread *ts, GiVal self, GiBuffer *view) {
    LOCK(ts, self) unpin_locked(ARRAY(self), view->internal);
}

GiStatus gi_bytearray_extend(GiThread *ts, GiVal self, GiVal iterable) {
    if (gi_has_buffer(iterable)) {
        GiRef bytes = gi_bytes_from_args(ts, "bytearray", iterable, GI_NOVAL, GI_NOVAL);
        if (gi_is_null(bytes)) return GI_FAIL;
        GiStatus done = gi_bytearray_splice(ts, self, SIZE_MAX, SIZE_MAX, gi_bytes_data(bytes), gi_bytes_len(bytes));
        gi_drop(ts, bytes);
        return done;
    }
    GiRef iter = gi_bytes_numbers(ts, iterable);
    if (gi_is_null(iter)) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return GI_FAIL;
        gi_exc_clear(ts);
        return gi_raise_status(ts, &gi_exc_TypeError, "can't extend bytearray with %.100T", iterable);
    }
    GiStrbuf out = {0};
    GiStatus status = gi_length_hint(ts, iterable, 32) < 0 ? GI_FAIL : GI_OK; /* PYSEM: its errors come through */
    while (status == GI_OK) {
        GiRef item = gi_next(ts, gi_val(iter));
        uint8_t byte;
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = gi_byte_value(ts, gi_val(item), &byte);
        gi_drop(ts, item);
        if (status != GI_OK) break;
        if (gi_strbuf_putc(&out, (char)byte) != GI_OK) {
            (void)gi_raise_nomem(ts);
            status = GI_FAIL;
            break;
        }
    }
    gi_drop(ts, iter);
    if (status == GI_OK) status = gi_bytearray_splice(ts, self, SIZE_MAX, SIZE_MAX, out.data, out.len);
    gi_strbuf_free(&out);
    return status;
}
