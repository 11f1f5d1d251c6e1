/* mmap.c - memory maps of files and of anonymous memory.
 *
 * LOCK: the byte lock guards data, size, pos, exports and pins. A map is not moved or closed while it
 * has exports (views of the buffer protocol: an error) or pins: our own longer operations, which pin
 * the map instead of holding the lock, run no Python code, and are waited for. A resize pins it too, and
 * is the only one that changes data and size of a map that is open: a map that shrinks stays where it
 * is, one that grows is moved only when nobody else has pinned it.
 */
#include "modules/module.h"
#include "base/shared_bytes.h"
#include "objects/container.h"
#include "modules/posix/internal.h"
#include <sys/mman.h>

typedef enum { ACCESS_DEFAULT, ACCESS_READ, ACCESS_WRITE, ACCESS_COPY } Access;

typedef struct GiMmap {
    GiObj obj;
    uint8_t *_Atomic data; /* NULL: closed; this and the next two are looked at without the lock, too */
    _Atomic ssize_t size, pos;
    int64_t offset;
    _Atomic ssize_t exports;
    ssize_t pins;
    int fd;         /* a descriptor of our own, or -1 */
    Access access;
} GiMmap;
extern GiType gi_mmap_type;
#include "modules/mmap.gen.h"

#define MMAP(v) ((GiMmap *)gi_obj(v))

static GI_COLD GiRef raise_closed(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_ValueError, "mmap closed or invalid");
}
static GiStatus check_open(GiThread *ts, GiVal self) {
    if (MMAP(self)->data != NULL) return GI_OK;
    raise_closed(ts);
    return GI_FAIL;
}
static GiStatus check_writable(GiThread *ts, GiVal self) {
    if (MMAP(self)->access != ACCESS_READ) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "mmap can't modify a readonly memory map.");
}
/* Keeps the map in its place; false with ValueError when it is closed. */
static bool pin(GiThread *ts, GiVal self) {
    gi_lock_obj(ts, self);
    bool open = MMAP(self)->data != NULL;
    if (open) MMAP(self)->pins++;
    gi_unlock_obj(ts, self);
    if (!open) raise_closed(ts);
    return open;
}
static void unpin(GiThread *ts, GiVal self) {
    gi_lock_obj(ts, self);
    MMAP(self)->pins--;
    gi_unlock_obj(ts, self);
}
/* Takes the lock when no more than `mine` operations have pinned the map, true, or when it may not change: it is
 * exported, or pinned for seconds. Operations are short, but for those that the system makes long (msync), and those
 * of threads that a fork has left behind, which never end; so this looks again from time to time. */
static bool lock_unpinned(GiThread *ts, GiVal self, ssize_t mine) {
    const long longest = 1000000;
    for (long ns = 2000, waits = 0;; ns = GI_MIN(ns * 2, longest), waits++) {
        gi_lock_obj(ts, self);
        if (MMAP(self)->exports > 0 || MMAP(self)->data == NULL) return MMAP(self)->exports == 0;
        if (GI_LIKELY(MMAP(self)->pins <= mine)) return true;
        if (waits > 5000) return false;
        gi_unlock_obj(ts, self);
        GI_BLOCKING(&ts->core, "mmap") nanosleep(&(struct timespec){0, ns}, NULL);
    }
}

/* ---- Making ---- */

/* The access that prot and flags stand for, and the other way round. */
static GiStatus settle_access(GiThread *ts, int access, int *flags, int *prot, Access *out) {
    if (access && (*flags != MAP_SHARED || *prot != (PROT_READ | PROT_WRITE)))
        return gi_raise_status(ts, &gi_exc_ValueError, "mmap can't specify both access and flags, prot.");
    switch (access) {
    case ACCESS_READ: *flags = MAP_SHARED, *prot = PROT_READ; break;
    case ACCESS_WRITE: *flags = MAP_SHARED, *prot = PROT_READ | PROT_WRITE; break;
    case ACCESS_COPY: *flags = MAP_PRIVATE, *prot = PROT_READ | PROT_WRITE; break;
    case ACCESS_DEFAULT:
        if ((*prot & PROT_READ) && (*prot & PROT_WRITE)) access = ACCESS_DEFAULT;
        else access = (*prot & PROT_WRITE) ? ACCESS_WRITE : ACCESS_READ;
        break;
    default: return gi_raise_status(ts, &gi_exc_ValueError, "mmap invalid access parameter.");
    }
    *out = (Access)access;
    return GI_OK;
}
/* The size of the map, given what was asked for and the file's size. */
static GiStatus settle_size(GiThread *ts, int fd, int64_t offset, ssize_t *size) {
    struct stat info;
    int result;
    GI_BLOCKING(&ts->core, "fstat") result = fstat(fd, &info);
    if (result < 0 || !S_ISREG(info.st_mode)) return GI_OK;
    if (*size == 0) {
        if (info.st_size == 0) return gi_raise_status(ts, &gi_exc_ValueError, "cannot mmap an empty file");
        if (offset >= info.st_size) return gi_raise_status(ts, &gi_exc_ValueError, "mmap offset is greater than file size");
        *size = info.st_size - offset;
        return GI_OK;
    }
    if (offset > info.st_size || info.st_size - offset < *size)
        return gi_raise_status(ts, &gi_exc_ValueError, "mmap length is greater than file size");
    return GI_OK;
}
GI_NEW(mmap, "(cls, fileno: int, length: ssize, flags: int = 1, prot: int = 3, access: int = 0, offset: i64 = 0)", NULL) {
    int flags = a->flags, prot = a->prot, fd = a->fileno;
    if (a->length < 0) return gi_raise_ref(ts, &gi_exc_OverflowError, "memory mapped length must be positive");
    if (a->offset < 0) return gi_raise_ref(ts, &gi_exc_OverflowError, "memory mapped offset must be positive");
    Access access;
    if (settle_access(ts, a->access, &flags, &prot, &access) < 0) return GI_NULL;
    GI_AUTO GiRef offset = gi_int_from_i64(ts, a->offset), length = gi_int_from_i64(ts, a->length);
    if (gi_is_null(offset) || gi_is_null(length)) return GI_NULL;
    GI_AUTO GiRef event = gi_tuple_pack(ts, 4, gi_smallint(fd), gi_val(length), gi_smallint(a->access), gi_val(offset));
    if (gi_is_null(event) || ts->vm->hooks->audit(ts, "mmap.__new__", gi_val(event)) < 0) return GI_NULL;
    ssize_t size = a->length;
    if (fd != -1 && settle_size(ts, fd, a->offset, &size) < 0) return GI_NULL;
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiMmap *m = MMAP(made);
    m->fd = -1;
    m->access = access;
    m->offset = a->offset;
    if (fd == -1) {
        flags |= MAP_ANONYMOUS;
    } else if ((m->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0)) < 0) {
        gi_raise_errno(ts, errno, GI_NOVAL);
        gi_drop(ts, made);
        return GI_NULL;
    }
    int error = 0;
    void *data;
    GI_BLOCKING(&ts->core, "mmap") {
        data = mmap(NULL, (size_t)size, prot, flags, m->fd, a->offset);
        error = errno;
    }
    if (data == MAP_FAILED) {
        gi_drop(ts, made);
        return gi_raise_errno(ts, error, GI_NOVAL);
    }
    m->size = size;
    m->data = data;
    return made;
}
static void mmap_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiMmap *m = (GiMmap *)obj;
    if (m->fd >= 0) close(m->fd);
    if (m->data) munmap(m->data, (size_t)m->size);
}
static GiStatus close_map(GiThread *ts, GiVal self) {
    GiMmap *m = MMAP(self);
    bool busy = !lock_unpinned(ts, self, 0);
    int fd = m->fd;
    uint8_t *data = m->data;
    ssize_t size = m->size;
    if (!busy) m->fd = -1, m->data = NULL;
    gi_unlock_obj(ts, self);
    if (busy) return gi_raise_status(ts, &gi_exc_BufferError, "cannot close exported pointers exist");
    GI_BLOCKING(&ts->core, "munmap") {
        if (fd >= 0) close(fd);
        if (data) munmap(data, (size_t)size);
    }
    return GI_OK;
}
GI_METHOD(mmap, close, "(self)", NULL) { return close_map(ts, self) < 0 ? GI_NULL : GI_REF_NONE; }
GI_METHOD(mmap, __enter__, "(self)", NULL) { return check_open(ts, self) < 0 ? GI_NULL : gi_dup(ts, self); }
GI_METHOD(mmap, __exit__, "(self, *args)", NULL) { return close_map(ts, self) < 0 ? GI_NULL : GI_REF_NONE; }
GI_GETTER(mmap, closed, NULL) { return gi_bool_ref(MMAP(self)->data == NULL); }

/* ---- The bytes ----
 *
 * A map is memory that other threads write to as they like. Without the GIL it is therefore copied by atomic
 * accesses, and searched in such copies. */

/* A bytes object of n bytes at `from`. */
static GiRef bytes_of(GiThread *ts, const uint8_t *from, size_t n) {
    if (!ts->core.free_running) return gi_bytes_from(ts, from, n);
    GiRef r = gi_bytes_from(ts, NULL, n);
    if (!gi_is_null(r) && n) gi_shared_load(gi_bytes_data(r), from, n);
    return r;
}
/* The two may overlap with the lock, as memory of the same map. */
static void write_bytes(GiThread *ts, uint8_t *to, const uint8_t *from, size_t n) {
    if (ts->core.free_running) gi_shared_store(to, from, n);
    else memmove(to, from, n);
}
/* Within one map, in any order. False: no memory (nothing is raised, nothing was moved). */
static bool move_bytes(GiThread *ts, uint8_t *to, const uint8_t *from, size_t n) {
    if (!ts->core.free_running) {
        memmove(to, from, n);
        return true;
    }
    uint8_t *copy = malloc(n + 1);
    if (copy == NULL) return false;
    gi_shared_load(copy, from, n);
    gi_shared_store(to, copy, n);
    free(copy);
    return true;
}
static const uint8_t *last_in(const uint8_t *in, size_t n, const uint8_t *what, size_t len) {
    for (size_t i = n >= len ? n - len + 1 : 0; i-- > 0;)
        if (memcmp(in + i, what, len) == 0) return in + i;
    return NULL;
}
/* Whether `what` stands at an address of shared memory. */
static bool stands_at(const uint8_t *at, const uint8_t *what, size_t len) {
    uint8_t part[64];
    for (size_t n; len; at += n, what += n, len -= n) {
        n = GI_MIN(len, sizeof part);
        gi_shared_load(part, at, n);
        if (memcmp(part, what, n) != 0) return false;
    }
    return true;
}
static const uint8_t *find_first(GiThread *ts, const uint8_t *in, size_t n, const uint8_t *what, size_t len) {
    if (!ts->core.free_running || len == 0) return memmem(in, n, what, len);
    uint8_t window[4096];
    for (size_t at = 0, part; at + len <= n; at += part) {
        part = GI_MIN(n - len + 1 - at, sizeof window);
        gi_shared_load(window, in + at, part);
        for (const uint8_t *p = window, *end = window + part; (p = memchr(p, what[0], (size_t)(end - p))) != NULL; p++)
            if (stands_at(in + at + (p - window), what, len)) return in + at + (p - window);
    }
    return NULL;
}
static const uint8_t *find_last(GiThread *ts, const uint8_t *in, size_t n, const uint8_t *what, size_t len) {
    if (!ts->core.free_running || len == 0) return last_in(in, n, what, len);
    for (size_t i = n >= len ? n - len + 1 : 0; i-- > 0;)
        if (stands_at(in + i, what, len)) return in + i;
    return NULL;
}

/* ---- Reading and writing at the position ---- */

/* A copy of n bytes at `start`, fewer at the end. */
static GiRef copy_out(GiThread *ts, GiVal self, ssize_t start, ssize_t n) {
    if (!pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    start = GI_MIN(start, m->size);
    GiRef r = bytes_of(ts, m->data + start, (size_t)GI_MIN(n, m->size - start));
    unpin(ts, self);
    return r;
}
/* The position before a read of up to n bytes (as many as are left), moved behind it. */
static ssize_t advance(GiThread *ts, GiVal self, ssize_t n, ssize_t *taken) {
    GiMmap *m = MMAP(self);
    gi_lock_obj(ts, self);
    ssize_t left = m->pos < m->size ? m->size - m->pos : 0, start = m->pos;
    *taken = n < 0 || n > left ? left : n;
    m->pos += *taken;
    gi_unlock_obj(ts, self);
    return start;
}
GI_METHOD(mmap, read, "(self, size = None, /)", NULL) {
    ssize_t n = -1, taken;
    if (check_open(ts, self) < 0) return GI_NULL;
    if (!gi_is_null(a->size) && !gi_is_none(a->size)) {
        if (!gi_has_index(a->size))
            return gi_raise_ref(ts, &gi_exc_TypeError, "argument should be integer or None, not '%T'", a->size);
        if (gi_as_ssize(ts, a->size, false, &n) < 0 || check_open(ts, self) < 0) return GI_NULL;
    }
    ssize_t start = advance(ts, self, n, &taken);
    return copy_out(ts, self, start, taken);
}
GI_METHOD(mmap, read_byte, "(self)", NULL) {
    if (check_open(ts, self) < 0) return GI_NULL;
    GiMmap *m = MMAP(self);
    uint8_t raw;
    int byte = -1;
    gi_lock_obj(ts, self);
    if (m->data && m->pos < m->size) gi_shared_load(&raw, m->data + m->pos++, 1), byte = raw;
    gi_unlock_obj(ts, self);
    return byte < 0 ? gi_raise_ref(ts, &gi_exc_ValueError, "read byte out of range") : gi_smallint_ref(byte);
}
GI_METHOD(mmap, readline, "(self)", NULL) {
    if (!pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    gi_lock_obj(ts, self); /* no two threads read the same line */
    ssize_t start = GI_MIN(m->pos, m->size), end = m->size;
    const uint8_t *eol = find_first(ts, m->data + start, (size_t)(end - start), (const uint8_t *)"\n", 1);
    if (eol) end = eol + 1 - m->data;
    m->pos = end;
    gi_unlock_obj(ts, self);
    GiRef line = bytes_of(ts, m->data + start, (size_t)(end - start));
    unpin(ts, self);
    return line;
}
GI_METHOD(mmap, write, "(self, bytes: buffer, /)", NULL) {
    if (!pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    GiRef r = GI_NULL;
    if (check_writable(ts, self) == GI_OK) {
        gi_lock_obj(ts, self);
        ssize_t start = m->pos;
        bool room = start <= m->size && m->size - start >= a->bytes.len;
        if (room) m->pos += a->bytes.len;
        gi_unlock_obj(ts, self);
        if (room) write_bytes(ts, m->data + start, a->bytes.data, (size_t)a->bytes.len);
        r = room ? gi_int_from_i64(ts, a->bytes.len) : gi_raise_ref(ts, &gi_exc_ValueError, "data out of range");
    }
    unpin(ts, self);
    return r;
}
GI_METHOD(mmap, write_byte, "(self, byte, /)", NULL) {
    if (check_open(ts, self) < 0) return GI_NULL;
    int64_t value;
    if (gi_as_i64(ts, a->byte, &value) < 0) return GI_NULL;
    if (value < 0 || value > 255)
        return gi_raise_ref(ts, &gi_exc_OverflowError, value < 0 ? "unsigned byte integer is less than minimum" : "unsigned byte integer is greater than maximum");
    if (check_open(ts, self) < 0 || check_writable(ts, self) < 0) return GI_NULL;
    GiMmap *m = MMAP(self);
    gi_lock_obj(ts, self);
    bool room = m->data && m->pos < m->size;
    if (room) gi_shared_store(m->data + m->pos++, &(uint8_t){(uint8_t)value}, 1);
    gi_unlock_obj(ts, self);
    return room ? GI_REF_NONE : gi_raise_ref(ts, &gi_exc_ValueError, "write byte out of range");
}
GI_METHOD(mmap, tell, "(self)", NULL) { return check_open(ts, self) < 0 ? GI_NULL : gi_int_from_i64(ts, MMAP(self)->pos); }
GI_METHOD(mmap, seek, "(self, pos: ssize, whence: int = 0, /)", NULL) {
    if (check_open(ts, self) < 0) return GI_NULL;
    GiMmap *m = MMAP(self);
    if (a->whence < 0 || a->whence > 2) return gi_raise_ref(ts, &gi_exc_ValueError, "unknown seek type");
    gi_lock_obj(ts, self);
    ssize_t base = a->whence == 0 ? 0 : a->whence == 1 ? m->pos : m->size, to;
    bool bad = __builtin_add_overflow(base, a->pos, &to) || to < 0 || to > m->size;
    if (!bad) m->pos = to;
    gi_unlock_obj(ts, self);
    return bad ? gi_raise_ref(ts, &gi_exc_ValueError, "seek out of range") : GI_REF_NONE;
}

/* ---- Searching and moving ---- */

static ssize_t clip(ssize_t i, ssize_t size) {
    if (i < 0) i += size;
    return i < 0 ? 0 : GI_MIN(i, size);
}
static GiRef find(GiThread *ts, GiVal self, const GiBuffer *sub, GiVal first, GiVal last, bool reverse) {
    ssize_t start = 0, end = 0;
    bool has_start = !gi_is_null(first), has_end = !gi_is_null(last);
    if (check_open(ts, self) < 0 || (has_start && gi_as_ssize(ts, first, false, &start) < 0) ||
        (has_end && gi_as_ssize(ts, last, false, &end) < 0) || !pin(ts, self))
        return GI_NULL;
    GiMmap *m = MMAP(self);
    start = clip(has_start ? start : m->pos, m->size);
    end = has_end ? clip(end, m->size) : m->size;
    const uint8_t *hit = NULL;
    if (start <= end && sub->len <= end - start) {
        const uint8_t *from = m->data + start;
        size_t n = (size_t)(end - start), len = (size_t)sub->len;
        hit = reverse ? find_last(ts, from, n, sub->data, len) : find_first(ts, from, n, sub->data, len);
    }
    ssize_t at = hit ? hit - m->data : -1;
    unpin(ts, self);
    return gi_int_from_i64(ts, at);
}
GI_METHOD(mmap, find, "(self, sub: buffer, start = <unrepresentable>, end = <unrepresentable>, /)", NULL) { return find(ts, self, &a->sub, a->start, a->end, false); }
GI_METHOD(mmap, rfind, "(self, sub: buffer, start = <unrepresentable>, end = <unrepresentable>, /)", NULL) { return find(ts, self, &a->sub, a->start, a->end, true); }
GI_METHOD(mmap, move, "(self, dest: ssize, src: ssize, count: ssize, /)", NULL) {
    if (check_open(ts, self) < 0 || check_writable(ts, self) < 0 || !pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    bool bad = a->dest < 0 || a->src < 0 || a->count < 0 || m->size - a->dest < a->count || m->size - a->src < a->count;
    bool moved = bad || move_bytes(ts, m->data + a->dest, m->data + a->src, (size_t)a->count);
    unpin(ts, self);
    if (!moved) return gi_raise_nomem(ts);
    return bad ? gi_raise_ref(ts, &gi_exc_ValueError, "source, destination, or count out of range") : GI_REF_NONE;
}

/* ---- The map as a whole ---- */

GI_METHOD(mmap, size, "(self)", NULL) {
    if (!pin(ts, self)) return GI_NULL;
    int fd = MMAP(self)->fd, error = EBADF;
    struct stat info;
    if (fd >= 0) GI_BLOCKING(&ts->core, "fstat") error = fstat(fd, &info) < 0 ? errno : 0;
    unpin(ts, self);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_int_from_i64(ts, info.st_size);
}

/* Pins the map for a resize; what it is to have less goes out of reach at once, for others may look
 * at it while the file is cut. *old gets the size. */
static GiStatus begin_resize(GiThread *ts, GiVal self, ssize_t size, ssize_t *old) {
    GiMmap *m = MMAP(self);
    bool busy = !lock_unpinned(ts, self, 0), open = m->data != NULL;
    *old = m->size;
    if (open && !busy) {
        m->pins++;
        m->size = GI_MIN(size, m->size);
    }
    gi_unlock_obj(ts, self);
    if (!open) raise_closed(ts);
    else if (busy) gi_raise(ts, &gi_exc_BufferError, "mmap can't resize with extant buffers exported.");
    return open && !busy ? GI_OK : GI_FAIL;
}
/* Gives the map its size, now that the file has it: an errno value, or -1: it may not be moved, since
 * another thread has exported it meanwhile. Then the size stays. */
static int remap(GiThread *ts, GiVal self, ssize_t size, ssize_t old) {
    GiMmap *m = MMAP(self);
    int error = 0;
    bool may_move = size > old && lock_unpinned(ts, self, 1);
    if (size <= old) gi_lock_obj(ts, self);
    if (size > old && !may_move) {
        error = -1;
    } else {
        void *data = mremap(m->data, (size_t)old, (size_t)size, size > old ? MREMAP_MAYMOVE : 0);
        if (data == MAP_FAILED) {
            error = errno;
        } else {
            m->data = data;
            m->size = size;
        }
    }
    gi_unlock_obj(ts, self);
    return error;
}
GI_METHOD(mmap, resize, "(self, newsize: ssize, /)", NULL) {
    GiMmap *m = MMAP(self);
    ssize_t old;
    if (check_open(ts, self) < 0) return GI_NULL;
    if (m->exports > 0) return gi_raise_ref(ts, &gi_exc_BufferError, "mmap can't resize with extant buffers exported.");
    if (m->access != ACCESS_DEFAULT && m->access != ACCESS_WRITE)
        return gi_raise_ref(ts, &gi_exc_TypeError, "mmap can't resize a readonly or copy-on-write memory map.");
    if (a->newsize < 0 || INT64_MAX - a->newsize < m->offset)
        return gi_raise_ref(ts, &gi_exc_ValueError, "new size out of range");
    if (begin_resize(ts, self, a->newsize, &old) < 0) return GI_NULL;
    int error = 0;
    if (m->fd >= 0) GI_BLOCKING(&ts->core, "ftruncate") error = ftruncate(m->fd, m->offset + a->newsize) < 0 ? errno : 0;
    if (error == 0) error = remap(ts, self, a->newsize, old);
    gi_lock_obj(ts, self);
    if (error) m->size = old; /* PYSEM: so also after resize(0), which leaves a map without a file behind it */
    m->pins--;
    gi_unlock_obj(ts, self);
    if (error < 0) return gi_raise_ref(ts, &gi_exc_BufferError, "mmap can't resize with extant buffers exported.");
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(mmap, flush, "(self, offset: ssize = 0, size = <unrepresentable>, /)", NULL) {
    ssize_t size = 0;
    if (check_open(ts, self) < 0 || (!gi_is_null(a->size) && gi_as_ssize(ts, a->size, false, &size) < 0) || !pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    if (gi_is_null(a->size)) size = m->size;
    GiRef r = GI_REF_NONE;
    if (size < 0 || a->offset < 0 || m->size - a->offset < size) {
        r = gi_raise_ref(ts, &gi_exc_ValueError, "flush values out of range");
    } else if (m->access != ACCESS_READ && m->access != ACCESS_COPY) {
        int result, error = 0;
        GI_BLOCKING(&ts->core, "msync") {
            result = msync(m->data + a->offset, (size_t)size, MS_SYNC);
            error = errno;
        }
        if (result < 0) r = gi_raise_errno(ts, error, GI_NOVAL);
    }
    unpin(ts, self);
    return r;
}
GI_METHOD(mmap, madvise, "(self, option: int, start: ssize = 0, length = <unrepresentable>, /)", NULL) {
    ssize_t length = 0, start = a->start;
    if (check_open(ts, self) < 0 || (!gi_is_null(a->length) && gi_as_ssize(ts, a->length, false, &length) < 0) || !pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    if (gi_is_null(a->length)) length = m->size;
    GiRef r = GI_REF_NONE;
    if (start < 0 || start >= m->size) r = gi_raise_ref(ts, &gi_exc_ValueError, "madvise start out of bounds");
    else if (length < 0) r = gi_raise_ref(ts, &gi_exc_ValueError, "madvise length invalid");
    else if (PTRDIFF_MAX - start < length) r = gi_raise_ref(ts, &gi_exc_OverflowError, "madvise length too large");
    else {
        length = GI_MIN(length, m->size - start);
        int result, error = 0;
        GI_BLOCKING(&ts->core, "madvise") {
            result = madvise(m->data + start, (size_t)length, a->option);
            error = errno;
        }
        if (result < 0) r = gi_raise_errno(ts, error, GI_NOVAL);
    }
    unpin(ts, self);
    return r;
}
static GiRef mmap_repr(GiThread *ts, GiVal self) {
    static const char *const names[] = {"ACCESS_DEFAULT", "ACCESS_READ", "ACCESS_WRITE", "ACCESS_COPY"};
    GiMmap *m = MMAP(self);
    if (m->data == NULL) return gi_str_format(ts, "<%s closed=True>", gi_type_of(self)->name);
    return gi_str_format(ts, "<%s closed=False, access=%s, length=%zd, pos=%zd, offset=%lld>", gi_type_of(self)->name,
                         names[m->access], m->size, m->pos, (long long)m->offset);
}

/* ---- Sequence, mapping, buffer ---- */

static ssize_t mmap_length(GiThread *ts, GiVal self) { return check_open(ts, self) < 0 ? -1 : MMAP(self)->size; }
/* Byte i, or -1 with the exception set. */
static int byte_at(GiThread *ts, GiVal self, ssize_t i) {
    GiMmap *m = MMAP(self);
    int byte = -1;
    gi_lock_obj(ts, self);
    bool open = m->data != NULL;
    uint8_t raw;
    if (open && i >= 0 && i < m->size) gi_shared_load(&raw, m->data + i, 1), byte = raw;
    gi_unlock_obj(ts, self);
    if (byte >= 0) return byte;
    if (!open) raise_closed(ts);
    else gi_raise(ts, &gi_exc_IndexError, "mmap index out of range");
    return -1;
}
static GiRef mmap_item(GiThread *ts, GiVal self, ssize_t i) {
    int byte = byte_at(ts, self, i);
    uint8_t b = (uint8_t)byte;
    return byte < 0 ? GI_NULL : gi_bytes_from(ts, &b, 1);
}
static GiRef mmap_subscript(GiThread *ts, GiVal self, GiVal key) {
    ssize_t start, stop, step;
    if (check_open(ts, self) < 0) return GI_NULL;
    if (gi_has_index(key)) {
        if (gi_read_index(ts, key, &start) < 0) return GI_NULL;
        int byte = byte_at(ts, self, start < 0 ? start + MMAP(self)->size : start);
        return byte < 0 ? GI_NULL : gi_smallint_ref(byte);
    }
    if (!gi_is_slice(key)) return gi_raise_ref(ts, &gi_exc_TypeError, "mmap indices must be integers");
    if (gi_slice_unpack(ts, key, &start, &stop, &step) < 0 || !pin(ts, self)) return GI_NULL;
    GiMmap *m = MMAP(self);
    size_t n = gi_slice_adjust((size_t)m->size, &start, &stop, step);
    GiRef r = step == 1 && n ? bytes_of(ts, m->data + start, n) : gi_bytes_from(ts, NULL, n);
    if (step != 1 && !gi_is_null(r))
        for (size_t i = 0; i < n; i++) gi_shared_load(gi_bytes_data(r) + i, m->data + start + (ssize_t)i * step, 1);
    unpin(ts, self);
    return r;
}
static GiStatus set_byte(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t i;
    int64_t byte;
    if (gi_read_index(ts, key, &i) < 0) return GI_FAIL;
    GiMmap *m = MMAP(self);
    if (i < 0) i += m->size;
    if (i < 0 || i >= m->size) return gi_raise_status(ts, &gi_exc_IndexError, "mmap index out of range");
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "mmap doesn't support item deletion");
    if (!gi_has_index(value)) return gi_raise_status(ts, &gi_exc_TypeError, "mmap item value must be an int");
    if (gi_as_i64(ts, value, &byte) < 0) return GI_FAIL;
    if (byte < 0 || byte > 255) return gi_raise_status(ts, &gi_exc_ValueError, "mmap item value must be in range(0, 256)");
    gi_lock_obj(ts, self);
    bool open = m->data != NULL && i < m->size;
    if (open) gi_shared_store(m->data + i, &(uint8_t){(uint8_t)byte}, 1);
    gi_unlock_obj(ts, self);
    return open ? GI_OK : (raise_closed(ts), GI_FAIL);
}
static GiStatus mmap_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t start, stop, step;
    if (check_open(ts, self) < 0 || check_writable(ts, self) < 0) return GI_FAIL;
    if (gi_has_index(key)) return set_byte(ts, self, key, value);
    if (!gi_is_slice(key)) return gi_raise_status(ts, &gi_exc_TypeError, "mmap indices must be integer");
    if (gi_slice_unpack(ts, key, &start, &stop, &step) < 0) return GI_FAIL;
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "mmap object doesn't support slice deletion");
    GiBuffer view;
    if (gi_buffer_get(ts, value, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
    GiStatus status = GI_FAIL;
    if (pin(ts, self)) {
        GiMmap *m = MMAP(self);
        size_t n = gi_slice_adjust((size_t)m->size, &start, &stop, step);
        if ((size_t)view.len != n) {
            gi_raise(ts, &gi_exc_IndexError, "mmap slice assignment is wrong size");
        } else {
            const uint8_t *from = view.data;
            if (step == 1) write_bytes(ts, m->data + start, from, n);
            else for (size_t i = 0; i < n; i++) gi_shared_store(m->data + start + (ssize_t)i * step, from + i, 1);
            status = GI_OK;
        }
        unpin(ts, self);
    }
    gi_buffer_release(ts, &view);
    return status;
}
static void unexport(GiThread *ts, GiVal self) {
    gi_lock_obj(ts, self);
    MMAP(self)->exports--;
    gi_unlock_obj(ts, self);
}
static GiStatus mmap_get_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    GiMmap *m = MMAP(self);
    gi_lock_obj(ts, self);
    uint8_t *data = m->data;
    ssize_t size = m->size;
    if (data != NULL) m->exports++;
    gi_unlock_obj(ts, self);
    if (data == NULL) {
        raise_closed(ts);
        return GI_FAIL;
    }
    if (gi_buffer_fill(ts, view, self, data, size, m->access == ACCESS_READ, flags) == GI_OK) return GI_OK;
    unexport(ts, self);
    return GI_FAIL;
}
static void mmap_release_buffer(GiThread *ts, GiVal self, GiBuffer *view GI_UNUSED) { unexport(ts, self); }

GiType gi_mmap_type = {
    .obj = GI_TYPE_HEAD, .name = "mmap.mmap", .module = "mmap", .size = sizeof(GiMmap), .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_WEAKREF, .new_ = mmap_new, .destroy = mmap_destroy, .repr = mmap_repr,
    .methods = mmap_methods, .getset = mmap_getset, .length = mmap_length, .item = mmap_item,
    .subscript = mmap_subscript, .set_subscript = mmap_set_subscript, .get_buffer = mmap_get_buffer,
    .release_buffer = mmap_release_buffer,
    .doc = "Windows: mmap(fileno, length[, tagname[, access[, offset]]])\n\nMaps length bytes from the file specified by the file handle fileno,\nand returns a mmap object.  If length is larger than the current size\nof the file, the file is extended to contain length bytes.  If length\nis 0, the maximum length of the map is the current size of the file,\nexcept that if the file is empty Windows raises an exception (you cannot\ncreate an empty mapping on Windows).\n\nUnix: mmap(fileno, length[, flags[, prot[, access[, offset]]]])\n\nMaps length bytes from the file specified by the file descriptor fileno,\nand returns a mmap object.  If length is 0, the maximum length of the map\nwill be the current size of the file when mmap is called.\nflags specifies the nature of the mapping. MAP_PRIVATE creates a\nprivate copy-on-write mapping, so changes to the contents of the mmap\nobject will be private to this process, and MAP_SHARED creates a mapping\nthat's shared with all other processes mapping the same areas of the file.\nThe default value is MAP_SHARED.\n\nTo map anonymous memory, pass -1 as the fileno (both versions).",
};

static GiStatus mmap_exec(GiThread *ts, GiVal module) {
#define C(name) {#name, name}
    static const GiIntConstant constants[] = {
        {"ACCESS_COPY", 3}, {"ACCESS_DEFAULT", 0}, {"ACCESS_READ", 1}, {"ACCESS_WRITE", 2}, {"ALLOCATIONGRANULARITY",
        4096}, C(MADV_DODUMP), C(MADV_DOFORK), C(MADV_DONTDUMP), C(MADV_DONTFORK), C(MADV_DONTNEED), C(MADV_FREE),
        C(MADV_HUGEPAGE), C(MADV_HWPOISON), C(MADV_MERGEABLE), C(MADV_NOHUGEPAGE), C(MADV_NORMAL), C(MADV_RANDOM),
        C(MADV_REMOVE), C(MADV_SEQUENTIAL), C(MADV_UNMERGEABLE), C(MADV_WILLNEED), C(MAP_ANON), C(MAP_ANONYMOUS),
        C(MAP_DENYWRITE), C(MAP_EXECUTABLE), C(MAP_POPULATE), C(MAP_PRIVATE), C(MAP_SHARED), C(MAP_STACK), {"PAGESIZE",
        4096}, C(PROT_EXEC), C(PROT_READ), C(PROT_WRITE)};
#undef C
    if (gi_module_add_type(ts, module, &gi_mmap_type) < 0 ||
        gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_OSError))) < 0 ||
        gi_module_add_int(ts, module, "PAGESIZE", sysconf(_SC_PAGESIZE)) < 0 ||
        gi_module_add_int(ts, module, "ALLOCATIONGRANULARITY", sysconf(_SC_PAGESIZE)) < 0)
        return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiModuleDef gi_module_mmap = {.name = "mmap", .exec = mmap_exec};
