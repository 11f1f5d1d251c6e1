/* buffered.c - BufferedReader, BufferedWriter, BufferedRandom.
 *
 * One buffer serves both directions, one at a time: INVARIANT: either buf[rpos, rend) is what was
 * read ahead (the raw stream stands at rend), or buf[0, wlen) waits to be written (the raw stream
 * stands before it); never both. Going from reading to writing seeks the raw stream back.
 * The buffer is a bytes object, so that a memoryview of it that a raw stream written in Python keeps
 * stays valid.
 * LOCK: every operation holds `lock`, also while detached; a call from within the raw stream's
 * methods back into the same object raises RuntimeError. Who asks for `raw` without the lock takes a
 * reference (raw_of), since another thread may detach it.
 */
#include "modules/_io/io.h"

#include "memory/slots.h"

typedef struct GiBuffered {
    GiObj obj;
    GiSlot raw;      /* null: not initialised or detached */
    GiSlot store;    /* bytes of `size` bytes, not shared with anybody's values */
    uint8_t *buf;
    size_t size, rpos, rend, wlen;
    int64_t raw_pos; /* -1: not known */
    GiIoLock lock;
    bool ok, detached, readable, writable, finalizing;
    bool direct;     /* raw was exactly a FileIO when it was given */
} GiBuffered;
#define BUFFERED(v) ((GiBuffered *)gi_obj(v))

#include "modules/_io/buffered.gen.h"

/* ---- state ---- */

static GiStatus check_ok(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    if (GI_LIKELY(b->ok)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, b->detached ? "raw stream has been detached"
                                                               : "I/O operation on uninitialized object");
}
/* The raw stream's C functions may be called directly. */
static inline bool is_direct(GiThread *ts, GiBuffered *b) {
    return b->direct && gi_io_plain(ts, gi_val(b->raw), &gi_fileio_type);
}
/* The raw stream, for who does not hold the lock; null and ValueError when it has been detached. */
static GiRef raw_of(GiThread *ts, GiVal self) {
    GiRef raw = check_ok(ts, self) < 0 ? GI_NULL : gi_slot_load(ts, &BUFFERED(self)->raw);
    if (gi_is_null(raw) && !gi_raised(ts)) gi_raise(ts, &gi_exc_ValueError, "raw stream has been detached");
    return raw;
}
static GiTruth raw_closed(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    if (GI_LIKELY(b->direct && !ts->core.free_running)) return gi_truth_of(GI_FILEIO(b->raw)->fd < 0);
    GiRef raw = raw_of(ts, self);
    if (gi_is_null(raw)) return GI_TRUTH_FAIL;
    GiTruth closed = gi_is_exact(gi_val(raw), &gi_fileio_type) ? gi_truth_of(GI_FILEIO(raw)->fd < 0)
                                                               : gi_io_closed(ts, gi_val(raw));
    gi_drop(ts, raw);
    return closed;
}
static GiStatus check_open(GiThread *ts, GiVal self, const char *message) {
    if (check_ok(ts, self) < 0) return GI_FAIL;
    GiTruth closed = raw_closed(ts, self);
    if (GI_LIKELY(closed.value == 0)) return GI_OK;
    if (closed.value > 0) gi_raise(ts, &gi_exc_ValueError, "%s", message);
    return GI_FAIL;
}
/* Initialised, not closed, and locked on success. */
static GiStatus begin(GiThread *ts, GiVal self, const char *message) {
    if (check_open(ts, self, message) < 0) return GI_FAIL;
    if (gi_io_lock(ts, &BUFFERED(self)->lock, self, false) < 0) return GI_FAIL;
    /* Another thread may have detached it meanwhile. */
    if (GI_LIKELY(BUFFERED(self)->ok)) return GI_OK;
    gi_io_unlock(ts, &BUFFERED(self)->lock);
    return check_ok(ts, self);
}
static inline void end(GiThread *ts, GiVal self) { gi_io_unlock(ts, &BUFFERED(self)->lock); }

/* PYSEM: a raw stream written in Python has no error number to tell (tests/diff/io_buffered.py). */
static int blocking_errno(const GiBuffered *b) { return b->direct ? EAGAIN : 0; }

/* PERF: with the GIL, what neither blocks nor calls Python code needs no lock while nobody has it. */
static inline bool no_lock_needed(GiThread *ts, GiBuffered *b) {
    return !ts->core.free_running && !gi_lock_is_held(&b->lock.lock);
}

#define AHEAD(b) ((b)->rend - (b)->rpos)
static inline void forget_read(GiBuffered *b) { b->rpos = b->rend = 0; }

/* ---- the raw stream ---- */

static GiRef raw_call0(GiThread *ts, GiVal self, GiVal name) {
    GiRef raw = raw_of(ts, self);
    if (gi_is_null(raw)) return raw;
    GiRef r = gi_io_call0(ts, gi_val(raw), name);
    gi_drop(ts, raw);
    return r;
}

static ssize_t raw_count(GiThread *ts, GiRef r, size_t len, bool reading) {
    if (gi_is_none(r)) return GI_IO_WOULD_BLOCK;
    ssize_t n;
    GiStatus status = gi_as_ssize(ts, gi_val(r), false, &n);
    gi_drop(ts, r);
    if (status < 0 && gi_exc_matches(ts, &gi_exc_IndexError))
        gi_raise(ts, &gi_exc_ValueError, "cannot fit 'int' into an index-sized integer");
    if (status < 0 && reading) {
        gi_raise_from_cause(ts, &gi_exc_OSError, "raw readinto() failed");
        return GI_IO_FAILED;
    }
    if (status < 0) {
        gi_exc_clear(ts);
        n = -1;
    }
    if (n >= 0 && (size_t)n <= len) return n;
    gi_raise(ts, &gi_exc_OSError, "raw %s() returned invalid length %zd (should have been between 0 and %zd)",
             reading ? "readinto" : "write", n,
             (ssize_t)len);
    return GI_IO_FAILED;
}

/* A memoryview of memory that lies in owner, for a raw stream written in Python, which may keep it. Bytes
 * stay where they are as long as they live; of another exporter the view holds an export. */
static GiRef lend(GiThread *ts, GiVal owner, void *data, size_t len, bool readonly) {
    if (gi_is_bytes_exact(owner)) return gi_memoryview_over(ts, owner, data, (ssize_t)len, readonly);
    GiRef holder = gi_memoryview_from(ts, owner);
    if (gi_is_null(holder)) return holder;
    GiRef view = gi_memoryview_over(ts, gi_val(holder), data, (ssize_t)len, readonly);
    gi_drop(ts, holder);
    return view;
}
/* Ends the loan (consumed): a view that a traceback keeps shall not lock a bytearray. */
static void take_back(GiThread *ts, GiVal owner, GiRef view) {
    if (!gi_is_bytes_exact(owner)) {
        GiRef raised = gi_exc_take(ts);
        GiRef released = gi_call_method_cstr(ts, gi_val(view), "release", NULL, 0);
        if (gi_is_null(released)) gi_exc_clear(ts);
        gi_xdrop(ts, released);
        if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
    }
    gi_drop(ts, view);
}

/* Reads up to len bytes into memory that lies in owner: a bytes object, or an exporter from which the
 * caller holds a view. */
static ssize_t raw_read(GiThread *ts, GiVal self, GiVal owner, void *to, size_t len) {
    GiBuffered *b = BUFFERED(self);
    ssize_t n;
    if (GI_LIKELY(is_direct(ts, b))) {
        n = gi_fileio_read_to(ts, gi_val(b->raw), to, len);
    } else {
        GiRef view = lend(ts, owner, to, len, false), r;
        if (gi_is_null(view)) return GI_IO_FAILED;
        GiRef raw = gi_slot_dup(ts, &b->raw);
        do r = gi_io_call1(ts, gi_val(raw), GI_N(readinto), gi_val(view));
        while (gi_is_null(r) && gi_io_trap_eintr(ts));
        gi_drop(ts, raw);
        take_back(ts, owner, view);
        if (gi_is_null(r)) return GI_IO_FAILED;
        n = raw_count(ts, r, len, true);
    }
    if (n > 0 && b->raw_pos >= 0) b->raw_pos += n;
    return n;
}

static ssize_t raw_write(GiThread *ts, GiVal self, GiVal owner, const void *from, size_t len) {
    GiBuffered *b = BUFFERED(self);
    ssize_t n;
    if (GI_LIKELY(is_direct(ts, b))) {
        n = gi_fileio_write_from(ts, gi_val(b->raw), from, len);
    } else {
        GiRef view, r;
        if (gi_is_null(owner)) view = gi_bytes_from(ts, from, len);
        else view = lend(ts, owner, (void *)(uintptr_t)from, len, true);
        if (gi_is_null(view)) return GI_IO_FAILED;
        GiRef raw = gi_slot_dup(ts, &b->raw);
        errno = 0;
        do r = gi_io_call1(ts, gi_val(raw), GI_N(write), gi_val(view));
        while (gi_is_null(r) && gi_io_trap_eintr(ts));
        gi_drop(ts, raw);
        take_back(ts, gi_is_null(owner) ? gi_val(view) : owner, view);
        if (gi_is_null(r)) return GI_IO_FAILED;
        n = raw_count(ts, r, len, false);
    }
    if (n > 0 && b->raw_pos >= 0) b->raw_pos += n;
    return n;
}

static int64_t raw_position(GiThread *ts, GiBuffered *b, GiRef r) {
    if (gi_is_null(r)) return -1;
    int64_t n = -1;
    GiStatus status = gi_io_offset(ts, gi_val(r), &n);
    gi_drop(ts, r);
    if (status < 0) return -1;
    if (n < 0) {
        gi_raise(ts, &gi_exc_OSError, "Raw stream returned invalid position %lld", (long long)n);
        return -1;
    }
    return b->raw_pos = n;
}
static int64_t raw_tell(GiThread *ts, GiBuffered *b) {
    b->raw_pos = -1;
    if (is_direct(ts, b)) return b->raw_pos = gi_fileio_seek(ts, gi_val(b->raw), 0, SEEK_CUR);
    GiRef raw = gi_slot_dup(ts, &b->raw);
    GiRef r = gi_io_call0(ts, gi_val(raw), GI_N(tell));
    gi_drop(ts, raw);
    return raw_position(ts, b, r);
}
static int64_t raw_seek(GiThread *ts, GiBuffered *b, int64_t offset, int whence) {
    b->raw_pos = -1;
    if (is_direct(ts, b)) return b->raw_pos = gi_fileio_seek(ts, gi_val(b->raw), offset, whence);
    GiRef to = gi_int_from_i64(ts, offset);
    if (gi_is_null(to)) return -1;
    GiRef raw = gi_slot_dup(ts, &b->raw);
    GiRef r = gi_io_call2(ts, gi_val(raw), GI_N(seek), gi_val(to), gi_smallint(whence));
    gi_drop(ts, raw);
    gi_drop(ts, to);
    return raw_position(ts, b, r);
}

/* ---- writing out and filling ---- */

/* Writes the pending bytes. On failure what was not written stays pending. */
static GiStatus flush_pending(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    size_t done = 0;
    GiStatus status = GI_OK;
    while (done < b->wlen) {
        ssize_t n = raw_write(ts, self, gi_val(b->store), b->buf + done, b->wlen - done);
        if (n == GI_IO_WOULD_BLOCK) gi_io_raise_blocking(ts, blocking_errno(b), 0);
        if (n < 0) {
            status = GI_FAIL;
            break;
        }
        done += (size_t)n;
        /* A write cut short may have been so by a signal. */
        if (done < b->wlen && gi_safepoint(&ts->core) && gi_check_signals(ts) < 0) {
            status = GI_FAIL;
            break;
        }
    }
    if (done < b->wlen) memmove(b->buf, b->buf + done, b->wlen - done);
    b->wlen -= done;
    return status;
}
/* Nothing pending, nothing read ahead: the raw stream's position is the logical one. */
static GiStatus settle(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    if (b->wlen && flush_pending(ts, self) < 0) return GI_FAIL;
    if (AHEAD(b)) {
        if (raw_seek(ts, b, -(int64_t)AHEAD(b), SEEK_CUR) < 0) return GI_FAIL;
    }
    forget_read(b);
    return GI_OK;
}
/* Reads what the buffer has room for behind rend. Bytes read, 0 at the end, or a GI_IO_ code. */
static ssize_t fill(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    if (AHEAD(b) == 0) forget_read(b);
    ssize_t n = raw_read(ts, self, gi_val(b->store), b->buf + b->rend, b->size - b->rend);
    if (n > 0) b->rend += (size_t)n;
    return n;
}

/* ---- construction ---- */

static GiStatus init_locked(GiThread *ts, GiVal self, GiVal raw, ssize_t size, bool readable, bool writable) {
    GiBuffered *b = BUFFERED(self);
    b->ok = b->detached = false;
    bool plain = gi_io_plain(ts, raw, &gi_fileio_type) && GI_FILEIO(raw)->fd >= 0;
    if (readable && writable && gi_io_check_seekable(ts, raw) < 0) return GI_FAIL;
    if (readable && !(plain && GI_FILEIO(raw)->readable) && gi_io_check_readable(ts, raw) < 0) return GI_FAIL;
    if (writable && !(plain && GI_FILEIO(raw)->writable) && gi_io_check_writable(ts, raw) < 0) return GI_FAIL;
    if (size <= 0) return gi_raise_status(ts, &gi_exc_ValueError, "buffer size must be strictly positive");
    GiRef store = gi_bytes_from(ts, NULL, (size_t)size);
    if (gi_is_null(store)) return GI_FAIL;
    gi_slot_store(ts, &b->raw, gi_dup(ts, raw));
    b->buf = gi_bytes_data(store);
    gi_slot_set(ts, &b->store, store);
    b->size = (size_t)size;
    b->readable = readable;
    b->writable = writable;
    b->rpos = b->rend = b->wlen = 0;
    b->raw_pos = -1;
    b->direct = gi_is_exact(raw, &gi_fileio_type);
    if (!b->direct && raw_tell(ts, b) < 0) gi_exc_clear(ts);
    b->ok = true;
    return GI_OK;
}
static GiStatus buffered_init(GiThread *ts, GiVal self, GiVal raw, ssize_t size, bool readable, bool writable) {
    if (gi_io_lock(ts, &BUFFERED(self)->lock, self, false) < 0) return GI_FAIL;
    GiStatus status = init_locked(ts, self, raw, size, readable, writable);
    gi_io_unlock(ts, &BUFFERED(self)->lock);
    return status;
}
static GiRef buffered_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                          GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GI_INIT(reader, "(self, raw, buffer_size: ssize = 8192)") { return buffered_init(ts, self, a->raw, a->buffer_size, true, false); }
GI_INIT(writer, "(self, raw, buffer_size: ssize = 8192)") { return buffered_init(ts, self, a->raw, a->buffer_size, false, true); }
GI_INIT(random, "(self, raw, buffer_size: ssize = 8192)") { return buffered_init(ts, self, a->raw, a->buffer_size, true, true); }

/* ---- what all three have ---- */

GI_SHARED_METHODS(buffered, reader, writer, random);
GI_SHARED_METHODS(bufin, reader, random);
GI_SHARED_METHODS(bufout, writer, random);

GI_METHOD(buffered, _dealloc_warn, "(self, source, /)", NULL) {
    GiBuffered *b = BUFFERED(self);
    GiRef raw = b->ok ? gi_slot_load(ts, &b->raw) : GI_NULL;
    if (!gi_is_null(raw)) {
        GiRef r = gi_call_method_cstr(ts, gi_val(raw), "_dealloc_warn", (GiVal[]){a->source}, 1);
        gi_drop(ts, raw);
        if (gi_is_null(r)) gi_exc_clear(ts);
        gi_xdrop(ts, r);
    }
    return GI_REF_NONE;
}
GI_METHOD(buffered, close, "(self)", NULL) {
    GiBuffered *b = BUFFERED(self);
    if (check_ok(ts, self) < 0 || gi_io_lock(ts, &b->lock, self, false) < 0) return GI_NULL;
    GiTruth closed = raw_closed(ts, self);
    if (closed.value) {
        end(ts, self);
        return closed.value < 0 ? GI_NULL : GI_REF_NONE;
    }
    if (b->finalizing) gi_drop(ts, buffered__dealloc_warn_body(ts, self, &(struct buffered__dealloc_warn_args){self}));
    end(ts, self);
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    GiRef first = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    gi_xdrop(ts, r);
    r = GI_NULL;
    if (gi_io_lock(ts, &b->lock, self, false) == GI_OK) {
        if (b->raw.bits) {
            GiRef raw = gi_slot_dup(ts, &b->raw);
            r = gi_io_call0(ts, gi_val(raw), GI_N(close));
            gi_drop(ts, raw);
        }
        b->rpos = b->rend = b->wlen = 0;
        end(ts, self);
    }
    gi_io_chain(ts, first);
    if (!gi_raised(ts)) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}
GI_METHOD(buffered, detach, "(self)", NULL) {
    if (check_ok(ts, self) < 0) return GI_NULL;
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    if (gi_is_null(r)) return r;
    gi_drop(ts, r);
    GiBuffered *b = BUFFERED(self);
    if (gi_io_lock(ts, &b->lock, self, false) < 0) return GI_NULL;
    GiRef raw = gi_slot_exchange(ts, &b->raw, GI_NULL);
    b->detached = true;
    b->ok = false;
    end(ts, self);
    return gi_is_null(raw) ? gi_raise_ref(ts, &gi_exc_ValueError, "raw stream has been detached") : raw;
}
GI_METHOD(buffered, seekable, "(self)", NULL) { return raw_call0(ts, self, GI_N(seekable)); }
GI_METHOD(buffered, fileno, "(self)", NULL) { return raw_call0(ts, self, GI_N(fileno)); }
GI_METHOD(buffered, isatty, "(self)", NULL) { return raw_call0(ts, self, GI_N(isatty)); }
GI_METHOD(bufin, readable, "(self)", NULL) { return raw_call0(ts, self, GI_N(readable)); }
GI_METHOD(bufout, writable, "(self)", NULL) { return raw_call0(ts, self, GI_N(writable)); }
GI_METHOD(reader, flush, "(self)", NULL) { return raw_call0(ts, self, GI_N(flush)); }
GI_METHOD(bufout, flush, "(self)", NULL) {
    if (begin(ts, self, "flush of closed file") < 0) return GI_NULL;
    GiStatus status = settle(ts, self);
    end(ts, self);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(buffered, tell, "(self)", NULL) {
    if (check_ok(ts, self) < 0 || gi_io_lock(ts, &BUFFERED(self)->lock, self, false) < 0) return GI_NULL;
    GiBuffered *b = BUFFERED(self);
    int64_t at = b->ok ? raw_tell(ts, b) : -1;
    if (at >= 0) at = at - (int64_t)AHEAD(b) + (int64_t)b->wlen;
    end(ts, self);
    return at >= 0 ? gi_int_from_i64(ts, at) : !gi_raised(ts) && check_ok(ts, self) == GI_OK ? gi_smallint_ref(0) : GI_NULL;
}
static GiStatus check_raw_seekable(GiThread *ts, GiVal self) {
    GiRef raw = raw_of(ts, self);
    if (gi_is_null(raw)) return GI_FAIL;
    GiStatus status = GI_OK;
    if (!gi_io_plain(ts, gi_val(raw), &gi_fileio_type) || GI_FILEIO(raw)->seekable <= 0)
        status = gi_io_check_seekable(ts, gi_val(raw));
    gi_drop(ts, raw);
    return status;
}
GI_METHOD(buffered, seek, "(self, target, whence: int = 0, /)", NULL) {
    if (check_ok(ts, self) < 0) return GI_NULL;
    if (a->whence < 0 || a->whence > 4) return gi_raise_ref(ts, &gi_exc_ValueError, "whence value %d unsupported", a->whence);
    int64_t offset;
    if (check_open(ts, self, "seek of closed file") < 0 ||
        check_raw_seekable(ts, self) < 0 ||
        gi_io_offset(ts, a->target, &offset) < 0)
        return GI_NULL;
    if (begin(ts, self, "seek of closed file") < 0) return GI_NULL;
    GiBuffered *b = BUFFERED(self);
    int64_t at = -1;
    if (a->whence <= SEEK_CUR && b->readable && b->wlen == 0) {
        /* Within what was read ahead no call is needed. */
        int64_t raw = b->raw_pos >= 0 ? b->raw_pos : raw_tell(ts, b);
        if (raw < 0) goto done;
        int64_t here = raw - (int64_t)AHEAD(b), move = a->whence == SEEK_SET ? (int64_t)((uint64_t)offset - (uint64_t)here) : offset;
        if (AHEAD(b) && move >= -(int64_t)b->rpos && move <= (int64_t)AHEAD(b)) {
            b->rpos = (size_t)((int64_t)b->rpos + move);
            at = here + move;
            goto done;
        }
    }
    if (b->wlen && flush_pending(ts, self) < 0) goto done;
    if (a->whence == SEEK_CUR && __builtin_sub_overflow(offset, (int64_t)AHEAD(b), &offset)) offset = INT64_MIN;
    at = raw_seek(ts, b, offset, a->whence);
    if (at >= 0) forget_read(b);
done:
    end(ts, self);
    return at < 0 ? GI_NULL : gi_int_from_i64(ts, at);
}
GI_METHOD(buffered, truncate, "(self, pos = None, /)", NULL) {
    if (check_open(ts, self, "truncate of closed file") < 0) return GI_NULL;
    if (!BUFFERED(self)->writable) return gi_io_unsupported(ts, "truncate");
    if (begin(ts, self, "truncate of closed file") < 0) return GI_NULL;
    GiBuffered *b = BUFFERED(self);
    GiRef r = GI_NULL;
    if (settle(ts, self) == GI_OK) {
        GiRef raw = gi_slot_dup(ts, &b->raw);
        r = gi_io_call1(ts, gi_val(raw), GI_N(truncate), gi_is_null(a->pos) ? GI_NONE : a->pos);
        gi_drop(ts, raw);
        if (!gi_is_null(r) && raw_tell(ts, b) < 0) gi_exc_clear(ts);
    }
    end(ts, self);
    return r;
}
GI_METHOD(buffered, __sizeof__, "(self)", NULL) {
    return gi_int_from_i64(ts, (int64_t)(sizeof(GiBuffered) + (BUFFERED(self)->buf ? BUFFERED(self)->size : 0)));
}
static GiRef raw_attribute(GiThread *ts, GiVal self, GiVal name) {
    GiRef raw = raw_of(ts, self);
    if (gi_is_null(raw)) return raw;
    GiRef r = gi_getattr(ts, gi_val(raw), name);
    gi_drop(ts, raw);
    return r;
}
GI_GETTER(buffered, closed, NULL) {
    return raw_attribute(ts, self, GI_N(closed));
}
GI_GETTER(buffered, name, NULL) {
    return raw_attribute(ts, self, GI_N(name));
}
GI_GETTER(buffered, mode, NULL) {
    return raw_attribute(ts, self, GI_N(mode));
}
static const GiMemberDef buffered_members[] = {
    {"raw", GI_MEMBER_OBJECT, offsetof(GiBuffered, raw), true, NULL},
    {"_finalizing", GI_MEMBER_BOOL, offsetof(GiBuffered, finalizing), false, NULL},
    {.name = NULL},
};
static GiRef buffered_repr(GiThread *ts, GiVal self) {
    GiRef name, text = GI_NULL;
    if (gi_getattr_opt(ts, self, GI_N(name), &name) < 0) {
        if (!gi_exc_matches(ts, &gi_exc_ValueError)) return GI_NULL;
        gi_exc_clear(ts);
        name = GI_NULL;
    }
    if (gi_is_null(name)) return gi_str_format(ts, "<%T>", self);
    int entered = gi_repr_enter(ts, self);
    if (entered > 0) gi_raise(ts, &gi_exc_RuntimeError, "reentrant call inside %T.__repr__", self);
    if (entered == 0) {
        text = gi_str_format(ts, "<%T name=%R>", self, gi_val(name));
        gi_repr_leave(ts, self);
    }
    gi_drop(ts, name);
    return text;
}
GiTruth gi_buffered_closed(GiThread *ts, GiVal self) {
    return check_ok(ts, self) < 0 ? GI_TRUTH_FAIL : raw_closed(ts, self);
}

/* ---- reading ---- */

/* Takes up to n bytes of what is there. */
static size_t take(GiBuffered *b, void *to, size_t n) {
    n = GI_MIN(n, AHEAD(b));
    memcpy(to, b->buf + b->rpos, n);
    b->rpos += n;
    return n;
}
/* Before reading: pending bytes go out. */
static inline GiStatus turn_to_reading(GiThread *ts, GiVal self) {
    return GI_UNLIKELY(BUFFERED(self)->wlen) ? flush_pending(ts, self) : GI_OK;
}

/* Everything up to the end. Locked. */
static GiRef read_all(GiThread *ts, GiVal self) {
    GiBuffered *b = BUFFERED(self);
    if (turn_to_reading(ts, self) < 0) return GI_NULL;
    GiRef head = gi_bytes_from(ts, b->buf + b->rpos, AHEAD(b));
    if (gi_is_null(head)) return head;
    forget_read(b);
    GiRef readall = GI_NULL, raw = gi_slot_dup(ts, &b->raw), rest = GI_NULL;
    bool direct = is_direct(ts, b);
    if (!direct && gi_getattr_opt(ts, gi_val(raw), GI_N(readall), &readall) < 0) goto fail;
    b->raw_pos = -1;
    if (direct || !gi_is_null(readall)) {
        rest = direct ? gi_fileio_readall(ts, gi_val(raw)) : gi_call0(ts, gi_val(readall));
        gi_xdrop(ts, readall);
        if (gi_is_null(rest)) goto fail;
        if (!gi_is_none(rest) && !gi_is_bytes(gi_val(rest))) {
            gi_raise(ts, &gi_exc_TypeError, "readall() should return bytes");
            goto fail;
        }
        gi_drop(ts, raw);
        if (gi_bytes_len(head) == 0) {
            gi_drop(ts, head);
            return rest;
        }
        GiRef all = gi_is_none(rest) ? gi_dup(ts, gi_val(head)) : gi_bytes_concat(ts, gi_val(head), gi_val(rest));
        gi_drop(ts, head);
        gi_drop(ts, rest);
        return all;
    }
    GiRef parts = gi_bytearray_from(ts, gi_bytes_data(head), gi_bytes_len(head));
    if (gi_is_null(parts)) goto fail;
    GiByteArray *out = (GiByteArray *)gi_obj(parts);
    for (;;) {
        GiRef piece = gi_io_call0(ts, gi_val(raw), GI_N(read));
        if (gi_is_null(piece)) break;
        if (!gi_is_none(piece) && !gi_is_bytes(gi_val(piece))) {
            gi_drop(ts, piece);
            gi_raise(ts, &gi_exc_TypeError, "read() should return bytes");
            break;
        }
        size_t n = gi_is_none(piece) ? 0 : gi_bytes_len(piece), had = out->length;
        if (n == 0) {
            gi_drop(ts, head);
            head = GI_NULL;
            GiRef all = had || !gi_is_none(piece) ? gi_bytes_from(ts, out->data, had) : GI_REF_NONE;
            gi_drop(ts, piece);
            gi_drop(ts, parts);
            gi_drop(ts, raw);
            return all;
        }
        GiStatus grown = gi_bytearray_resize(ts, gi_val(parts), had + n);
        if (grown == GI_OK) memcpy(out->data + had, gi_bytes_data(piece), n);
        gi_drop(ts, piece);
        if (grown < 0) break;
    }
    gi_drop(ts, parts);
fail:
    gi_drop(ts, head);
    gi_drop(ts, raw);
    gi_xdrop(ts, rest);
    return GI_NULL;
}

/* n bytes, less at the end or when the raw stream would block. Locked. */
static GiRef read_some(GiThread *ts, GiVal self, size_t n) {
    GiBuffered *b = BUFFERED(self);
    if (GI_LIKELY(n <= AHEAD(b))) {
        GiRef bytes = gi_bytes_from(ts, b->buf + b->rpos, n);
        if (!gi_is_null(bytes)) b->rpos += n;
        return bytes;
    }
    GiRef bytes = gi_bytes_from(ts, NULL, n);
    if (gi_is_null(bytes)) return bytes;
    uint8_t *to = gi_bytes_data(bytes);
    size_t done = take(b, to, n);
    forget_read(b);
    ssize_t got = 1;
    if (turn_to_reading(ts, self) < 0) goto fail;
    while (n - done > 0) {
        size_t whole = (n - done) / b->size * b->size;
        if (whole) {
            got = raw_read(ts, self, gi_val(bytes), to + done, whole);
            if (got > 0) done += (size_t)got;
        } else {
            got = fill(ts, self);
            if (got > 0) done += take(b, to + done, n - done);
        }
        if (got == GI_IO_FAILED) goto fail;
        if (got <= 0) break;
    }
    if (got == GI_IO_WOULD_BLOCK && done == 0) {
        gi_drop(ts, bytes);
        return GI_REF_NONE;
    }
    return done < n ? gi_bytes_shrink(ts, bytes, done) : bytes;
fail:
    gi_drop(ts, bytes);
    return GI_NULL;
}

GI_METHOD(bufin, read, "(self, size = -1, /)", NULL) {
    ssize_t n;
    if (gi_io_size(ts, a->size, &n) < 0 || check_ok(ts, self) < 0) return GI_NULL;
    if (n < -1) return gi_raise_ref(ts, &gi_exc_ValueError, "read length must be non-negative or -1");
    if (begin(ts, self, "read of closed file") < 0) return GI_NULL;
    GiRef bytes = n < 0 ? read_all(ts, self) : read_some(ts, self, (size_t)n);
    end(ts, self);
    return bytes;
}
GiRef gi_buffered_read1(GiThread *ts, GiVal self, ssize_t n) {
    if (check_ok(ts, self) < 0) return GI_NULL;
    GiBuffered *b = BUFFERED(self);
    if (n < 0) n = (ssize_t)b->size;
    if (begin(ts, self, "read of closed file") < 0) return GI_NULL;
    GiRef bytes = GI_NULL;
    if (AHEAD(b) || n == 0) {
        size_t have = GI_MIN(AHEAD(b), (size_t)n);
        bytes = gi_bytes_from(ts, b->buf + b->rpos, have);
        if (!gi_is_null(bytes)) b->rpos += have;
    } else if (turn_to_reading(ts, self) == GI_OK && !gi_is_null(bytes = gi_bytes_from(ts, NULL, (size_t)n))) {
        forget_read(b);
        ssize_t got = raw_read(ts, self, gi_val(bytes), gi_bytes_data(bytes), (size_t)n);
        if (got == GI_IO_FAILED) {
            gi_drop(ts, bytes);
            bytes = GI_NULL;
        } else if (got < n) {
            bytes = gi_bytes_shrink(ts, bytes, got < 0 ? 0 : (size_t)got);
        }
    }
    end(ts, self);
    return bytes;
}
GI_METHOD(bufin, read1, "(self, size = -1, /)", NULL) {
    ssize_t n;
    if (!gi_is_null(a->size) && gi_is_none(a->size))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'NoneType' object cannot be interpreted as an integer");
    if (!gi_is_null(a->size)) {
        if (gi_as_ssize(ts, a->size, false, &n) < 0) return GI_NULL;
    } else {
        n = -1;
    }
    return gi_buffered_read1(ts, self, n);
}
GI_METHOD(bufin, peek, "(self, size: ssize = 0, /)", NULL) {
    if (begin(ts, self, "peek of closed file") < 0) return GI_NULL;
    GiBuffered *b = BUFFERED(self);
    GiRef bytes = GI_NULL;
    if (turn_to_reading(ts, self) == GI_OK && (AHEAD(b) || fill(ts, self) != GI_IO_FAILED))
        bytes = gi_bytes_from(ts, b->buf + b->rpos, AHEAD(b));
    end(ts, self);
    return bytes;
}
static GiRef read_into(GiThread *ts, GiVal self, GiVal target, bool once) {
    GiBuffer view;
    if (gi_buffer_get(ts, target, &view, GI_BUF_WRITABLE) < 0) {
        if (gi_exc_matches(ts, &gi_exc_TypeError) || gi_exc_matches(ts, &gi_exc_BufferError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "%s() argument must be read-write bytes-like object, not %T",
                     once ? "readinto1" : "readinto", target);
        }
        return GI_NULL;
    }
    if (begin(ts, self, "readinto of closed file") < 0) {
        gi_buffer_release(ts, &view);
        return GI_NULL;
    }
    GiBuffered *b = BUFFERED(self);
    uint8_t *to = view.data;
    size_t len = (size_t)view.len, done = take(b, to, len);
    ssize_t got = 0;
    GiRef result = GI_NULL;
    if (done < len && (forget_read(b), turn_to_reading(ts, self)) < 0) goto done;
    while (done < len) {
        if (len - done > b->size) {
            got = raw_read(ts, self, target, to + done, len - done);
            if (got > 0) done += (size_t)got;
        } else if (once && done) {
            break;
        } else {
            got = fill(ts, self);
            if (got > 0) done += take(b, to + done, len - done);
        }
        if (got == GI_IO_FAILED) goto done;
        if (got <= 0 || once) break;
    }
    result = got == GI_IO_WOULD_BLOCK && done == 0 ? GI_REF_NONE : gi_int_from_i64(ts, (int64_t)done);
done:
    end(ts, self);
    gi_buffer_release(ts, &view);
    return result;
}
GI_METHOD(bufin, readinto, "(self, buffer, /)", NULL) { return check_ok(ts, self) < 0 ? GI_NULL : read_into(ts, self, a->buffer, false); }
GI_METHOD(bufin, readinto1, "(self, buffer, /)", NULL) { return check_ok(ts, self) < 0 ? GI_NULL : read_into(ts, self, a->buffer, true); }

static GiRef read_line(GiThread *ts, GiVal self, ssize_t limit) {
    GiBuffered *b = BUFFERED(self);
    GiRef line = GI_NULL;
    if (check_open(ts, self, "readline of closed file") < 0) return GI_NULL;
    if (GI_LIKELY(limit < 0 && no_lock_needed(ts, b))) {
        const uint8_t *from = b->buf + b->rpos, *stop = AHEAD(b) ? memchr(from, '\n', AHEAD(b)) : NULL;
        if (GI_LIKELY(stop != NULL)) {
            size_t len = (size_t)(stop - from) + 1;
            line = gi_bytes_from(ts, from, len);
            if (!gi_is_null(line)) b->rpos += len;
            return line;
        }
    }
    if (begin(ts, self, "readline of closed file") < 0) return GI_NULL;
    size_t max = limit < 0 ? SIZE_MAX : (size_t)limit, n = GI_MIN(AHEAD(b), max);
    const uint8_t *start = b->buf + b->rpos, *nl = n ? memchr(start, '\n', n) : NULL;
    if (nl || n == max) {
        if (nl) n = (size_t)(nl - start) + 1;
        line = gi_bytes_from(ts, start, n);
        if (!gi_is_null(line)) b->rpos += n;
        end(ts, self);
        return line;
    }
    GiRef parts = GI_NULL; /* bytearray of what came before the buffer's content */
    if (turn_to_reading(ts, self) < 0) goto done;
    for (;;) {
        /* All of the buffer belongs to the line. */
        if (gi_is_null(parts)) {
            parts = gi_bytearray_from(ts, b->buf + b->rpos, AHEAD(b));
            if (gi_is_null(parts)) goto done;
        } else {
            size_t had = ((GiByteArray *)gi_obj(parts))->length, have = AHEAD(b);
            if (gi_bytearray_resize(ts, gi_val(parts), had + have) < 0) goto done;
            memcpy(((GiByteArray *)gi_obj(parts))->data + had, b->buf + b->rpos, have);
        }
        size_t total = ((GiByteArray *)gi_obj(parts))->length;
        forget_read(b);
        ssize_t got = fill(ts, self);
        if (got == GI_IO_FAILED) goto done;
        n = GI_MIN(AHEAD(b), max - total);
        nl = n ? memchr(b->buf, '\n', n) : NULL;
        if (got > 0 && !nl && n < max - total) continue;
        if (nl) n = (size_t)(nl - b->buf) + 1;
        line = gi_bytes_from(ts, NULL, total + n);
        if (gi_is_null(line)) goto done;
        memcpy(gi_bytes_data(line), ((GiByteArray *)gi_obj(parts))->data, total);
        memcpy(gi_bytes_data(line) + total, b->buf, n);
        b->rpos = n;
        break;
    }
done:
    end(ts, self);
    gi_xdrop(ts, parts);
    return line;
}
GI_METHOD(bufin, readline, "(self, size = -1, /)", NULL) {
    ssize_t limit;
    if (check_ok(ts, self) < 0 || gi_io_size(ts, a->size, &limit) < 0) return GI_NULL;
    return read_line(ts, self, limit);
}
static GiRef bufin_next(GiThread *ts, GiVal self) {
    if (check_ok(ts, self) < 0) return GI_NULL;
    GiRef line;
    if (gi_is_exact(self, &gi_buffered_reader_type) || gi_is_exact(self, &gi_buffered_random_type)) {
        line = read_line(ts, self, -1);
    } else {
        line = gi_io_call0(ts, self, GI_N(readline));
        if (!gi_is_null(line) && !gi_is_bytes(gi_val(line))) {
            gi_raise(ts, &gi_exc_OSError, "readline() should have returned a bytes object, not '%.200T'", gi_val(line));
            gi_drop(ts, line);
            return GI_NULL;
        }
    }
    if (gi_is_null(line) || gi_bytes_len(line)) return line;
    gi_drop(ts, line);
    return GI_NULL;
}

/* ---- writing ---- */

/* The buffer is full and the raw stream would block: keeps what fits. Locked; an exception is
 * raised on entry. */
static ssize_t keep_what_fits(GiThread *ts, GiBuffered *b, const uint8_t *from, size_t len) {
    if (!gi_exc_matches(ts, &gi_exc_BlockingIOError)) return -1;
    size_t room = b->size - b->wlen;
    gi_exc_clear(ts);
    size_t n = GI_MIN(room, len);
    memcpy(b->buf + b->wlen, from, n);
    b->wlen += n;
    if (n == len) return (ssize_t)n;
    gi_io_raise_blocking(ts, blocking_errno(b), (ssize_t)n);
    return -1;
}

/* Locked. Gives how much was taken (all of it), -1: failed. owner: see raw_write. */
static ssize_t write_locked(GiThread *ts, GiVal self, GiVal owner, const uint8_t *from, size_t len) {
    GiBuffered *b = BUFFERED(self);
    if (AHEAD(b) && settle(ts, self) < 0) return -1;
    forget_read(b);
    if (GI_LIKELY(len <= b->size - b->wlen)) {
        memcpy(b->buf + b->wlen, from, len);
        b->wlen += len;
        return (ssize_t)len;
    }
    if (b->wlen && flush_pending(ts, self) < 0) return keep_what_fits(ts, b, from, len);
    size_t done = 0;
    while (len - done > b->size) {
        ssize_t n = raw_write(ts, self, owner, from + done, len - done);
        if (n == GI_IO_FAILED) return -1;
        if (n == GI_IO_WOULD_BLOCK) {
            if (len - done > b->size) {
                memcpy(b->buf, from + done, b->size);
                b->wlen = b->size;
                gi_io_raise_blocking(ts, blocking_errno(b), (ssize_t)(done + b->size));
                return -1;
            }
            break;
        }
        done += (size_t)n;
        if (gi_safepoint(&ts->core) && gi_check_signals(ts) < 0) return -1;
    }
    memcpy(b->buf, from + done, len - done);
    b->wlen = len - done;
    return (ssize_t)len;
}
GI_METHOD(bufout, write, "(self, buffer, /)", NULL) {
    GiBuffer view = {.len = 0};
    if (GI_LIKELY(gi_is_bytes_exact(a->buffer))) {
        GiBuffered *b = BUFFERED(self);
        size_t len = gi_bytes_len(a->buffer);
        if (check_open(ts, self, "write to closed file") < 0) return GI_NULL;
        if (GI_LIKELY(no_lock_needed(ts, b) && !AHEAD(b) && len <= b->size - b->wlen)) {
            forget_read(b);
            memcpy(b->buf + b->wlen, gi_bytes_data(a->buffer), len);
            b->wlen += len;
            return gi_int_from_i64(ts, (int64_t)len);
        }
    }
    if (gi_buffer_get(ts, a->buffer, &view, GI_BUF_BRIEF) < 0) return GI_NULL;
    ssize_t n = -1;
    if (begin(ts, self, "write to closed file") == GI_OK) {
        /* It may have been closed while this thread waited for the lock. */
        if (check_open(ts, self, "write to closed file") == GI_OK)
            n = write_locked(ts, self, gi_val(view.owner), view.data, (size_t)view.len);
        end(ts, self);
    }
    gi_buffer_release(ts, &view);
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
GiStatus gi_buffered_write_from(GiThread *ts, GiVal self, const void *from, size_t len) {
    if (begin(ts, self, "write to closed file") < 0) return GI_FAIL;
    ssize_t n = check_open(ts, self, "write to closed file") < 0 ? -1 : write_locked(ts, self, GI_NOVAL, from, len);
    end(ts, self);
    return n < 0 ? GI_FAIL : GI_OK;
}
GiStatus gi_buffered_flush(GiThread *ts, GiVal self) {
    if (begin(ts, self, "flush of closed file") < 0) return GI_FAIL;
    GiStatus status = settle(ts, self);
    end(ts, self);
    return status;
}

static const GiField buffered_fields[] = {GI_SLOT(GiBuffered, raw), GI_SLOT(GiBuffered, store), GI_FIELDS_END};
#define BUFFERED_TYPE(c_name, py_name, prefix, text)                                                                     \
    .obj = GI_TYPE_HEAD, .name = "_io." py_name, .module = "_io", .size = sizeof(GiBuffered),                            \
    .base = &gi_bufferediobase_type, .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF,               \
    .fields = buffered_fields, .methods = prefix##_methods, .getset = buffered_getset, .members = buffered_members,      \
    .new_ = buffered_new, .init = prefix##_init, .repr = buffered_repr,                           \
    .doc = py_name "(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\n" text
GiType gi_buffered_reader_type = {BUFFERED_TYPE(gi_buffered_reader_type, "BufferedReader", reader, "Create a new buffered reader using the given readable raw IO object."),
                                  .next = bufin_next};
GiType gi_buffered_writer_type = {BUFFERED_TYPE(gi_buffered_writer_type, "BufferedWriter", writer, "A buffer for a writeable sequential RawIO object.\n\nThe constructor creates a BufferedWriter for the given writeable raw\nstream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE.")};
GiType gi_buffered_random_type = {BUFFERED_TYPE(gi_buffered_random_type, "BufferedRandom", random, "A buffered interface to random access streams.\n\nThe constructor creates a reader and writer for a seekable stream,\nraw, given in the first argument. If the buffer_size is omitted it\ndefaults to DEFAULT_BUFFER_SIZE."),
                                  .next = bufin_next};
