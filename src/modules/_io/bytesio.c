/* bytesio.c - BytesIO: a binary stream in memory, and the object behind getbuffer().
 *
 * The content stands in a bytes object `store` of `cap` bytes of which `len` count. While `shared` is
 * set the object is known outside (it was the initial value, or was given by getvalue) and is copied
 * before it changes. While there are exports (views of getbuffer) neither changes place nor length.
 */
#include "modules/_io/io.h"
#include "objects/whole.h"

typedef struct GiBytesIO {
    GiObj obj;
    GiSlot store; /* null: empty, or closed */
    size_t len, cap, pos;
    _Atomic ssize_t exports;
    bool shared, closed;
    GiIoLock lock;
} GiBytesIO;
#define BYTESIO(v) ((GiBytesIO *)gi_obj(v))
#define DATA(b) ((b)->store.bits ? gi_bytes_data((b)->store) : (uint8_t *)"")
typedef struct GiBytesIOBuffer { GiObj obj; GiSlot source; } GiBytesIOBuffer;

#include "modules/_io/bytesio.gen.h"

#define OPEN(b) \
    if (GI_UNLIKELY((b)->closed)) return gi_raise_ref(ts, &gi_exc_ValueError, "I/O operation on closed file.")
static GiStatus check_exports(GiThread *ts, GiBytesIO *b) {
    if (b->exports == 0) return GI_OK;
    return gi_raise_status(ts, &gi_exc_BufferError, "Existing exports of data: object cannot be re-sized");
}
/* The store is our own and has room for cap bytes. */
static GiStatus own(GiThread *ts, GiBytesIO *b, size_t cap) {
    if (!b->shared && cap <= b->cap) return GI_OK;
    if (cap > b->cap) {
        if (cap > (size_t)PTRDIFF_MAX / 2) return gi_raise_status(ts, &gi_exc_OverflowError, "new buffer size too large");
        if (b->cap) cap = GI_MAX(cap, b->len + (b->len >> 3) + (b->len < 9 ? 3 : 6));
        if (b->len > 4096) cap = GI_MAX(cap, b->len + b->len / 2);
    } else {
        cap = b->cap;
    }
    GiRef store = gi_bytes_from(ts, NULL, cap);
    if (gi_is_null(store)) return GI_FAIL;
    memcpy(gi_bytes_data(store), DATA(b), b->len);
    gi_slot_set(ts, &b->store, store);
    b->cap = cap;
    b->shared = false;
    return GI_OK;
}
static GiStatus write_bytes(GiThread *ts, GiBytesIO *b, const void *data, size_t n) {
    if (check_exports(ts, b) < 0) return GI_FAIL;
    if (n == 0) return GI_OK;
    size_t end = b->pos + n;
    if (end < n) return gi_raise_status(ts, &gi_exc_OverflowError, "new buffer size too large");
    if (own(ts, b, GI_MAX(end, b->len)) < 0) return GI_FAIL;
    uint8_t *at = DATA(b);
    if (b->pos > b->len) memset(at + b->len, 0, b->pos - b->len);
    memmove(at + b->pos, data, n);
    b->pos = end;
    b->len = GI_MAX(b->len, end);
    return GI_OK;
}
static GiRef take(GiThread *ts, GiBytesIO *b, size_t n) {
    size_t left = b->pos < b->len ? b->len - b->pos : 0;
    n = GI_MIN(n, left);
    GiRef r = n == b->len && b->shared && b->cap == n && n > 0 ? gi_slot_dup(ts, &b->store)
                                                                : gi_bytes_from(ts, DATA(b) + (n ? b->pos : 0), n);
    if (!gi_is_null(r)) b->pos += n;
    return r;
}

static GiRef bytesio_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                         GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
static GiStatus set_initial(GiThread *ts, GiBytesIO *b, GiVal initial) {
    if (gi_is_null(initial) || gi_is_none(initial)) return GI_OK;
    if (gi_is_bytes_exact(initial)) {
        gi_slot_set(ts, &b->store, gi_dup(ts, initial));
        b->len = b->cap = gi_bytes_len(initial);
        b->shared = true;
        return GI_OK;
    }
    GiBuffer view;
    if (gi_buffer_get(ts, initial, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
    GiStatus status = write_bytes(ts, b, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    b->pos = 0;
    return status;
}
GI_INIT(bytesio, "(self, initial_bytes = b'')") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD_OR(&b->lock, GI_FAIL);
    if (check_exports(ts, b) < 0) return GI_FAIL;
    b->len = b->cap = b->pos = 0;
    b->shared = b->closed = false;
    gi_slot_clear(ts, &b->store);
    return set_initial(ts, b, a->initial_bytes);
}

GI_METHOD(bytesio, readable, "(self)", "Returns True if the IO object can be read.") { OPEN(BYTESIO(self)); return GI_REF_TRUE; }
GI_METHOD(bytesio, writable, "(self)", "Returns True if the IO object can be written.") { OPEN(BYTESIO(self)); return GI_REF_TRUE; }
GI_METHOD(bytesio, seekable, "(self)", "Returns True if the IO object can be seeked.") { OPEN(BYTESIO(self)); return GI_REF_TRUE; }
GI_METHOD(bytesio, flush, "(self)", "Does nothing.") { OPEN(BYTESIO(self)); return GI_REF_NONE; }
GI_METHOD(bytesio, isatty, "(self)", "Always returns False.\n\nBytesIO objects are not connected to a TTY-like device.") { OPEN(BYTESIO(self)); return GI_REF_FALSE; }
GI_METHOD(bytesio, tell, "(self)", "Current file position, an integer.") { OPEN(BYTESIO(self)); return gi_int_from_i64(ts, (int64_t)BYTESIO(self)->pos); }
GI_METHOD(bytesio, close, "(self)", "Disable all I/O operations.") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    if (check_exports(ts, b) < 0) return GI_NULL;
    b->closed = true;
    b->len = b->cap = 0;
    b->shared = false;
    gi_slot_clear(ts, &b->store);
    return GI_REF_NONE;
}
GI_GETTER(bytesio, closed, "True if the file is closed.") { return gi_bool_ref(BYTESIO(self)->closed); }

static GiRef value_of(GiThread *ts, GiBytesIO *b) {
    if (b->shared && b->len == b->cap && b->store.bits) return gi_slot_dup(ts, &b->store);
    GiRef value = gi_bytes_from(ts, DATA(b), b->len);
    if (gi_is_null(value) || b->exports || b->len == 0) return value;
    gi_slot_set(ts, &b->store, gi_dup(ts, gi_val(value)));
    b->cap = b->len;
    b->shared = true;
    return value;
}
GI_METHOD(bytesio, getvalue, "(self)", "Retrieve the entire contents of the BytesIO object.") {
    GI_IO_GUARD(&BYTESIO(self)->lock);
    OPEN(BYTESIO(self));
    return value_of(ts, BYTESIO(self));
}
GI_METHOD(bytesio, read, "(self, size = -1, /)", "Read at most size bytes, returned as a bytes object.\n\nIf the size argument is negative, read until EOF is reached.\nReturn an empty bytes object at EOF.") {
    ssize_t n;
    GI_IO_GUARD(&BYTESIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0) return GI_NULL;
    OPEN(BYTESIO(self));
    return take(ts, BYTESIO(self), n < 0 ? SIZE_MAX : (size_t)n);
}
GI_METHOD(bytesio, read1, "(self, size = -1, /)", "Read at most size bytes, returned as a bytes object.\n\nIf the size argument is negative or omitted, read until EOF is reached.\nReturn an empty bytes object at EOF.") {
    ssize_t n;
    GI_IO_GUARD(&BYTESIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0) return GI_NULL;
    OPEN(BYTESIO(self));
    return take(ts, BYTESIO(self), n < 0 ? SIZE_MAX : (size_t)n);
}
/* Length of the next line, at most limit (< 0: none). */
static size_t line_length(GiBytesIO *b, ssize_t limit) {
    if (b->pos >= b->len) return 0;
    size_t n = b->len - b->pos;
    if (limit >= 0) n = GI_MIN(n, (size_t)limit);
    const uint8_t *start = DATA(b) + b->pos, *nl = n ? memchr(start, '\n', n) : NULL;
    return nl ? (size_t)(nl - start) + 1 : n;
}
GI_METHOD(bytesio, readline, "(self, size = -1, /)", "Next line from the file, as a bytes object.\n\nRetain newline.  A non-negative size argument limits the maximum\nnumber of bytes to return (an incomplete line may be returned then).\nReturn an empty bytes object at EOF.") {
    ssize_t n;
    GI_IO_GUARD(&BYTESIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0) return GI_NULL;
    OPEN(BYTESIO(self));
    return take(ts, BYTESIO(self), line_length(BYTESIO(self), n));
}
GI_METHOD(bytesio, readlines, "(self, size = None, /)", "List of bytes objects, each a line from the file.\n\nCall readline() repeatedly and return a list of the lines so read.\nThe optional size argument, if given, is an approximate bound on the\ntotal number of bytes in the lines returned.") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    ssize_t max = 0, total = 0;
    OPEN(b);
    if (!gi_is_null(a->size) && !gi_is_none(a->size)) {
        if (!gi_is_int(a->size)) return gi_raise_ref(ts, &gi_exc_TypeError, "integer argument expected, got '%T'", a->size);
        if (gi_as_ssize(ts, a->size, false, &max) < 0) return GI_NULL;
    }
    GiRef list = gi_list_new(ts, 0);
    for (size_t n; !gi_is_null(list) && (n = line_length(b, -1)) > 0;) {
        GiRef line = take(ts, b, n);
        if (gi_is_null(line) || gi_list_append(ts, gi_val(list), line) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        total += (ssize_t)n;
        if (max > 0 && total >= max) break;
    }
    return list;
}
static GiRef bytesio_next(GiThread *ts, GiVal self) {
    GI_IO_GUARD(&BYTESIO(self)->lock);
    OPEN(BYTESIO(self));
    size_t n = line_length(BYTESIO(self), -1);
    return n ? take(ts, BYTESIO(self), n) : GI_NULL;
}
static GiRef bytesio_iter(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
GI_METHOD(bytesio, readinto, "(self, buffer: rwbuffer, /)", "Read bytes into buffer.\n\nReturns number of bytes read (0 for EOF), or None if the object\nis set not to block and has no data to read.") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    OPEN(b);
    size_t n = b->pos < b->len ? GI_MIN(b->len - b->pos, (size_t)a->buffer.len) : 0;
    if (n) memmove(a->buffer.data, DATA(b) + b->pos, n);
    b->pos += n;
    return gi_int_from_i64(ts, (int64_t)n);
}
static GiRef write_object(GiThread *ts, GiVal self, GiVal data) {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    OPEN(b);
    if (GI_LIKELY(gi_is_bytes_exact(data))) {
        size_t len = gi_bytes_len(data);
        return write_bytes(ts, b, gi_bytes_data(data), len) < 0 ? GI_NULL : gi_int_from_i64(ts, (int64_t)len);
    }
    if (check_exports(ts, b) < 0) return GI_NULL;
    GiBuffer view;
    if (gi_buffer_get(ts, data, &view, GI_BUF_BRIEF) < 0) return GI_NULL;
    GiStatus status = b->closed ? gi_raise_status(ts, &gi_exc_ValueError, "I/O operation on closed file.")
                                : write_bytes(ts, b, view.data, (size_t)view.len);
    ssize_t n = view.len;
    gi_buffer_release(ts, &view);
    return status < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
GI_METHOD(bytesio, write, "(self, b, /)", "Write bytes to file.\n\nReturn the number of bytes written.") { return write_object(ts, self, a->b); }
GI_METHOD(bytesio, writelines, "(self, lines, /)", "Write lines to the file.\n\nNote that newlines are not added.  lines can be any iterable object\nproducing bytes-like objects. This is equivalent to calling write() for\neach element.") {
    OPEN(BYTESIO(self));
    GiRef iterator = gi_iter_whole(ts, a->lines);
    if (gi_is_null(iterator)) return iterator;
    for (;;) {
        GiRef line = gi_next(ts, gi_val(iterator));
        if (gi_is_null(line)) break;
        GiRef r = write_object(ts, self, gi_val(line));
        gi_drop(ts, line);
        if (gi_is_null(r)) break;
        gi_drop(ts, r);
    }
    gi_drop(ts, iterator);
    return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(bytesio, truncate, "(self, size = None, /)", "Truncate the file to at most size bytes.\n\nSize defaults to the current file position, as returned by tell().\nThe current file position is unchanged.  Returns the new size.") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    OPEN(b);
    if (check_exports(ts, b) < 0) return GI_NULL;
    ssize_t size = (ssize_t)b->pos;
    if (!gi_is_null(a->size) && !gi_is_none(a->size)) {
        if (gi_io_size(ts, a->size, &size) < 0) return GI_NULL;
        if (size < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative size value %zd", size);
    }
    if ((size_t)size < b->len) {
        if (own(ts, b, (size_t)size) < 0) return GI_NULL;
        b->len = (size_t)size;
    }
    return gi_int_from_i64(ts, size);
}
GI_METHOD(bytesio, seek, "(self, pos: ssize, whence: int = 0, /)", "Change stream position.\n\nSeek to byte offset pos relative to position indicated by whence:\n     0  Start of stream (the default).  pos should be >= 0;\n     1  Current position - pos may be negative;\n     2  End of stream - pos usually negative.\nReturns the new absolute position.") {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    ssize_t pos = a->pos, base = a->whence == 1 ? (ssize_t)b->pos : a->whence == 2 ? (ssize_t)b->len : 0;
    OPEN(b);
    if (a->whence < 0 || a->whence > 2)
        return gi_raise_ref(ts, &gi_exc_ValueError, "invalid whence (%i, should be 0, 1 or 2)", a->whence);
    if (a->whence == 0 && pos < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative seek value %zd", pos);
    if (pos > PTRDIFF_MAX - base) return gi_raise_ref(ts, &gi_exc_OverflowError, "new position too large");
    pos = GI_MAX(pos + base, 0);
    b->pos = (size_t)pos;
    return gi_int_from_i64(ts, pos);
}
GI_METHOD(bytesio, __getstate__, "(self)", NULL) {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    OPEN(b);
    GiRef value = value_of(ts, b), pos = gi_int_from_i64(ts, (int64_t)b->pos), dict = gi_attrs_snapshot(ts, gi_obj(self));
    if (!gi_is_null(dict) && gi_dict_len(dict) == 0) {
        gi_drop(ts, dict);
        dict = GI_REF_NONE;
    }
    if (gi_is_null(value) || gi_is_null(pos) || gi_is_null(dict)) {
        gi_xdrop(ts, value);
        gi_xdrop(ts, pos);
        gi_xdrop(ts, dict);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, (GiRef[]){value, pos, dict}, 3);
}
GI_METHOD(bytesio, __setstate__, "(self, state, /)", NULL) {
    GiBytesIO *b = BYTESIO(self);
    GI_IO_GUARD(&b->lock);
    if (!gi_is_tuple(a->state) || gi_tuple_len(a->state) < 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "%T.__setstate__ argument should be 3-tuple, got %T", self, a->state);
    GiVal pos = gi_tuple_get(a->state, 1), dict = gi_tuple_get(a->state, 2);
    OPEN(b);
    if (check_exports(ts, b) < 0) return GI_NULL;
    b->len = b->cap = b->pos = 0;
    b->shared = false;
    gi_slot_clear(ts, &b->store);
    GiVal initial = gi_tuple_get(a->state, 0);
    if (gi_is_none(initial)) return gi_raise_ref(ts, &gi_exc_TypeError, "a bytes-like object is required, not 'NoneType'");
    if (set_initial(ts, b, initial) < 0) return GI_NULL;
    if (!gi_is_int(pos))
        return gi_raise_ref(ts, &gi_exc_TypeError, "second item of state must be an integer, not %.200T", pos);
    ssize_t at;
    if (gi_as_ssize(ts, pos, false, &at) < 0) return GI_NULL;
    if (at < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "position value cannot be negative");
    b->pos = (size_t)at;
    if (gi_is_none(dict)) return GI_REF_NONE;
    if (!gi_is_dict(dict))
        return gi_raise_ref(ts, &gi_exc_TypeError, "third item of state should be a dict, got a %.200T", dict);
    GiRef mine = gi_attrs_dict(ts, gi_obj(self));
    if (gi_is_null(mine)) return mine;
    GiStatus status = gi_dict_update(ts, gi_val(mine), dict);
    gi_drop(ts, mine);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(bytesio, __sizeof__, "(self)", NULL) {
    GiBytesIO *b = BYTESIO(self);
    size_t size = sizeof(GiBytesIO) + (b->store.bits && !b->shared ? sizeof(GiBytes) + b->cap + 1 : 0);
    return gi_int_from_i64(ts, (int64_t)size);
}
GI_METHOD(bytesio, getbuffer, "(self)", "Get a read-write view over the contents of the BytesIO object.") {
    OPEN(BYTESIO(self));
    GiRef holder = gi_own_obj(gi_heap_new(ts, &gi_bytesio_buffer_type, sizeof(GiBytesIOBuffer)));
    if (gi_is_null(holder)) return holder;
    gi_slot_init(&((GiBytesIOBuffer *)gi_obj(holder))->source, gi_dup(ts, self));
    GiRef view = gi_memoryview_from(ts, gi_val(holder));
    gi_drop(ts, holder);
    return view;
}

static const GiField bytesio_fields[] = {GI_SLOT(GiBytesIO, store), GI_FIELDS_END};
GiType gi_bytesio_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.BytesIO", .module = "_io", .size = sizeof(GiBytesIO), .base = &gi_bufferediobase_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .fields = bytesio_fields,
    .methods = bytesio_methods, .getset = bytesio_getset, .new_ = bytesio_new, .init = bytesio_init,
    .iter = bytesio_iter, .next = bytesio_next, .doc = "BytesIO(initial_bytes=b'')\n--\n\nBuffered I/O implementation using an in-memory bytes buffer.",
};

/* ---- what getbuffer's view refers to ---- */

static GiStatus buffer_get(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    GiVal source = gi_val(((GiBytesIOBuffer *)gi_obj(self))->source);
    GiBytesIO *b = BYTESIO(source);
    GI_IO_GUARD_OR(&b->lock, GI_FAIL);
    if (b->closed) return gi_raise_status(ts, &gi_exc_ValueError, "I/O operation on closed file.");
    if (b->exports == 0 && b->shared && own(ts, b, b->len) < 0) return GI_FAIL;
    if (gi_buffer_fill(ts, view, self, DATA(b), (ssize_t)b->len, false, flags) < 0) return GI_FAIL;
    b->exports++;
    return GI_OK;
}
static void buffer_release(GiThread *ts GI_UNUSED, GiVal self, GiBuffer *view GI_UNUSED) {
    BYTESIO(((GiBytesIOBuffer *)gi_obj(self))->source)->exports--;
}
static void buffer_source(GiObj *obj, GiVisit visit, void *arg) {
    if (!gi_visit_empties(visit)) visit(&((GiBytesIOBuffer *)obj)->source, arg);
}
static const GiField buffer_fields[] = {GI_CUSTOM(buffer_source), GI_FIELDS_END};
GiType gi_bytesio_buffer_type = {
    .obj = GI_TYPE_HEAD, .name = "_io._BytesIOBuffer", .module = "_io", .size = sizeof(GiBytesIOBuffer),
    .base = &gi_object_type, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = buffer_fields, .get_buffer = buffer_get,
    .release_buffer = buffer_release,
};
