/* bio.c - MemoryBIO, and the two kinds of BIO that connections read and write by.
 *
 * Neither waits: a socket's answers "again" where it would, and whoever called libssl waits for the socket
 * with nothing held.
 */
#include "modules/_ssl/internal.h"

#include <errno.h>
#include <sys/socket.h>

#include "modules/_ssl/bio.gen.h"

/* ---- Sockets ---- */

static bool is_again(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

static int wire_write(BIO *bio, const char *data, int len) {
    GiSslWire *wire = gi_ossl.BIO_get_data(bio);
    gi_ossl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    ssize_t n = send(wire->fd, data, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    wire->error = n < 0 ? errno : 0;
    if (n < 0 && is_again(wire->error)) gi_ossl.BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
    return (int)n;
}

static int wire_read(BIO *bio, char *data, int len) {
    GiSslWire *wire = gi_ossl.BIO_get_data(bio);
    gi_ossl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    ssize_t n = recv(wire->fd, data, (size_t)len, MSG_DONTWAIT);
    wire->error = n < 0 ? errno : 0;
    if (n < 0 && is_again(wire->error)) gi_ossl.BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    if (n == 0) wire->eof = true;
    return (int)n;
}

static long wire_control(BIO *bio, int command, long number GI_UNUSED, void *arg GI_UNUSED) {
    const GiSslWire *wire = gi_ossl.BIO_get_data(bio);
    return command == BIO_CTRL_FLUSH ? 1 : command == BIO_CTRL_EOF ? wire->eof : 0;
}

/* ---- Pipes ---- */

static void pipe_unref(GiSslPipe *pipe) {
    if (!pipe || atomic_fetch_sub(&pipe->refs, 1) != 1) return;
    free(pipe->data);
    free(pipe);
}

/* Appends bytes; false: no memory. */
static bool pipe_put(GiSslPipe *pipe, const void *data, size_t len) {
    gi_mutex_lock(&pipe->lock);
    if (pipe->capacity - pipe->end < len && pipe->start > 0) {
        memmove(pipe->data, pipe->data + pipe->start, pipe->end - pipe->start);
        pipe->end -= pipe->start;
        pipe->start = 0;
    }
    bool room = pipe->capacity - pipe->end >= len;
    if (!room) {
        size_t capacity = GI_MAX((pipe->end + len) * 2, (size_t)4096);
        uint8_t *grown = realloc(pipe->data, capacity);
        room = grown != NULL;
        if (room) {
            pipe->data = grown;
            pipe->capacity = capacity;
        }
    }
    if (room && len > 0) {
        memcpy(pipe->data + pipe->end, data, len);
        pipe->end += len;
    }
    gi_mutex_unlock(&pipe->lock);
    return room;
}

/* Takes out at most len bytes. */
static size_t pipe_take(GiSslPipe *pipe, void *data, size_t len) {
    gi_mutex_lock(&pipe->lock);
    size_t n = GI_MIN(len, pipe->end - pipe->start);
    if (n > 0) memcpy(data, pipe->data + pipe->start, n);
    pipe->start += n;
    if (pipe->start == pipe->end) pipe->start = pipe->end = 0;
    gi_mutex_unlock(&pipe->lock);
    return n;
}
static size_t pipe_pending(GiSslPipe *pipe) {
    gi_mutex_lock(&pipe->lock);
    size_t n = pipe->end - pipe->start;
    gi_mutex_unlock(&pipe->lock);
    return n;
}
static bool pipe_is_eof(const GiSslPipe *pipe) { return __atomic_load_n(&pipe->eof, __ATOMIC_ACQUIRE); }

static int pipe_write(BIO *bio, const char *data, int len) {
    gi_ossl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    return pipe_put(gi_ossl.BIO_get_data(bio), data, (size_t)len) ? len : -1;
}
static int pipe_read(BIO *bio, char *data, int len) {
    GiSslPipe *pipe = gi_ossl.BIO_get_data(bio);
    gi_ossl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
    bool eof = pipe_is_eof(pipe);
    size_t n = pipe_take(pipe, data, (size_t)len);
    if (n > 0 || eof) return (int)n;
    gi_ossl.BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    return -1;
}
static long pipe_control(BIO *bio, int command, long number GI_UNUSED, void *arg GI_UNUSED) {
    GiSslPipe *pipe = gi_ossl.BIO_get_data(bio);
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return pipe_is_eof(pipe) && pipe_pending(pipe) == 0;
    case BIO_CTRL_PENDING: return (long)pipe_pending(pipe);
    default: return 0;
    }
}
static int pipe_destroy(BIO *bio) {
    pipe_unref(gi_ossl.BIO_get_data(bio));
    return 1;
}

/* ---- Kinds ---- */

static BIO_METHOD *make_kind(const char *name, int (*write)(BIO *, const char *, int), int (*read)(BIO *, char *, int),
                             long (*control)(BIO *, int, long, void *), int (*destroy)(BIO *)) {
    BIO_METHOD *kind = gi_ossl.BIO_meth_new(gi_ossl.BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, name);
    if (!kind) return NULL;
    bool ok = gi_ossl.BIO_meth_set_write(kind, write) && gi_ossl.BIO_meth_set_read(kind, read) &&
              gi_ossl.BIO_meth_set_ctrl(kind, control) && (!destroy || gi_ossl.BIO_meth_set_destroy(kind, destroy));
    return ok ? kind : NULL;
}
bool gi_ssl_make_bios(void) {
    gi_ossl.wire_kind = make_kind("socket", wire_write, wire_read, wire_control, NULL);
    gi_ossl.pipe_kind = make_kind("memory", pipe_write, pipe_read, pipe_control, pipe_destroy);
    return gi_ossl.wire_kind && gi_ossl.pipe_kind;
}
static BIO *bio_over(const BIO_METHOD *kind, void *data) {
    BIO *bio = gi_ossl.BIO_new(kind);
    if (!bio) return NULL;
    gi_ossl.BIO_set_data(bio, data);
    gi_ossl.BIO_set_init(bio, 1);
    return bio;
}
BIO *gi_ssl_wire_bio(GiSslWire *wire) { return bio_over(gi_ossl.wire_kind, wire); }
BIO *gi_ssl_pipe_bio(GiSslPipe *pipe) {
    BIO *bio = bio_over(gi_ossl.pipe_kind, pipe);
    if (bio) atomic_fetch_add(&pipe->refs, 1);
    return bio;
}

/* ---- MemoryBIO ---- */

static GiRef memory_bio_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "MemoryBIO", kwnames) < 0) return GI_NULL;
    if (nargs) return gi_raise_ref(ts, &gi_exc_TypeError, "MemoryBIO() takes no positional arguments");
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiSslPipe *pipe = calloc(1, sizeof *pipe);
    gi_ssl_bio_of(made)->pipe = pipe;
    if (pipe) {
        pipe->refs = 1;
        return made;
    }
    gi_drop(ts, made);
    return gi_raise_nomem(ts);
}
static void memory_bio_destroy(GiThread *ts GI_UNUSED, GiObj *obj) { pipe_unref(((GiSslBio *)obj)->pipe); }

GI_METHOD(memory_bio, read, "(self, size: int = -1, /)", "Read up to size bytes from the memory BIO.\n\nIf size is not specified, read the entire buffer.\nIf the return value is an empty bytes instance, this means either\nEOF or that no data is available. Use the \"eof\" property to\ndistinguish between the two.") {
    GiSslPipe *pipe = gi_ssl_bio_of(self)->pipe;
    size_t n = pipe_pending(pipe);
    if (a->size >= 0) n = GI_MIN(n, (size_t)a->size);
    GiRef bytes = gi_bytes_from(ts, n ? NULL : "", n);
    if (gi_is_null(bytes) || n == 0) return bytes;
    size_t got = pipe_take(pipe, gi_bytes_data(bytes), n);
    return got == n ? bytes : gi_bytes_shrink(ts, bytes, got);
}
GI_METHOD(memory_bio, write, "(self, b: buffer, /)", "Writes the bytes b into the memory BIO.\n\nReturns the number of bytes written.") {
    GiSslPipe *pipe = gi_ssl_bio_of(self)->pipe;
    if (a->b.len > INT_MAX) return gi_raise_ref(ts, &gi_exc_OverflowError, "string longer than %d bytes", INT_MAX);
    if (pipe_is_eof(pipe)) return gi_ssl_raise_text(ts, "cannot write() after write_eof()");
    if (!pipe_put(pipe, a->b.data, (size_t)a->b.len)) return gi_raise_nomem(ts);
    return gi_int_from_i64(ts, a->b.len);
}
GI_METHOD(memory_bio, write_eof, "(self)", "Write an EOF marker to the memory BIO.\n\nWhen all data has been read, the \"eof\" property will be True.") {
    __atomic_store_n(&gi_ssl_bio_of(self)->pipe->eof, true, __ATOMIC_RELEASE);
    return GI_REF_NONE;
}
GI_GETTER(memory_bio, pending, "The number of bytes pending in the memory BIO.") {
    return gi_int_from_i64(ts, (int64_t)pipe_pending(gi_ssl_bio_of(self)->pipe));
}
GI_GETTER(memory_bio, eof, "Whether the memory BIO is at EOF.") {
    (void)ts;
    GiSslPipe *pipe = gi_ssl_bio_of(self)->pipe;
    return gi_bool_ref(pipe_is_eof(pipe) && pipe_pending(pipe) == 0);
}
GiType gi_ssl_bio_type = {
    .obj = GI_TYPE_HEAD, .name = "_ssl.MemoryBIO", .module = "_ssl", .size = sizeof(GiSslBio), .base = &gi_object_type,
    .flags = GI_TYPE_IMMUTABLE, .new_ = memory_bio_new, .methods = memory_bio_methods, .getset = memory_bio_getset,
    .destroy = memory_bio_destroy,
};
