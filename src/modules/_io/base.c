/* base.c - the abstract classes _IOBase, _RawIOBase, _BufferedIOBase, _TextIOBase, and helpers.
 *
 * They have no state of their own but the attribute __IOBase_closed.
 */
#include "modules/_io/io.h"
#include <stdlib.h>
#include "modules/_io/base.gen.h"

/* ---- helpers ---- */

GiType *gi_io_unsupported_type(GiThread *ts) {
    GiIoState *state = gi_module_state_of(ts, &gi_module__io);
    return state && state->unsupported.bits ? gi_as_type(state->unsupported) : &gi_exc_OSError;
}
GiRef gi_io_unsupported(GiThread *ts, const char *message) {
    return gi_raise_ref(ts, gi_io_unsupported_type(ts), "%s", message);
}

/* Whether a lock can still be let go: its holder is among the threads. Serial 0: it has not said yet who it is
 * (who waits takes the lock detached), so it may be any that runs but the caller; one that the end of the
 * interpreter has stopped has touched nothing. `text`: of a text or memory stream, which the lock guards without
 * the GIL only: a holder stopped for good is taken to be gone, as under the GIL, where there is no such lock. */
static bool holder_exists(GiThread *ts, uint64_t serial, bool text) {
    bool found = false;
    gi_world_lock(&ts->vm->world, &ts->core);
    for (GiThreadCore *c = NULL; !found && (c = gi_world_next_core(&ts->vm->world, c)) != NULL;) {
        bool hung = atomic_load(&c->state) == GI_STATE_HUNG;
        found = serial ? c->serial == serial && !(hung && text) : c != &ts->core && !hung;
    }
    gi_world_unlock(&ts->vm->world, &ts->core);
    return found;
}

/* The end of the interpreter, and a daemon thread that will never run again holds the lock: what it
 * was doing with the buffer cannot be known. */
static GI_NORETURN GI_COLD void die_waiting(GiThread *ts, GiVal self) {
    GiRef shown = gi_repr(ts, self);
    const char *text = gi_is_null(shown) ? NULL : gi_str_utf8(ts, gi_val(shown), NULL);
    fprintf(stderr, "Fatal Python error: _enter_buffered_busy: could not acquire lock for %s at interpreter shutdown, "
                    "possibly due to daemon threads\n", text ? text : "a buffered stream");
    fflush(stderr);
    abort();
}

GiStatus gi_io_lock(GiThread *ts, GiIoLock *lock, GiVal self, bool recursive) {
    uint64_t me = ts->core.serial;
    if (GI_UNLIKELY(atomic_load_explicit(&lock->owner, memory_order_relaxed) == me)) {
        if (recursive) {
            lock->depth++;
            return GI_OK;
        }
        return gi_raise_status(ts, &gi_exc_RuntimeError, "reentrant call inside %R", self);
    }
    GiLockResult got = gi_lock_acquire(&ts->core, &lock->lock, 0);
    while (GI_UNLIKELY(got != GI_LOCK_ACQUIRED)) {
        uint64_t owner = atomic_load(&lock->owner);
        /* Who held it when the process forked is not here. At the end, those who wait detached may take it once
         * more each, and never come back. */
        if (!holder_exists(ts, owner, recursive) && atomic_compare_exchange_strong(&lock->owner, &owner, 0)) {
            lock->depth = 0;
            gi_lock_after_fork_child(&lock->lock);
            got = gi_lock_acquire(&ts->core, &lock->lock, 0);
            continue;
        }
        got = gi_lock_acquire(&ts->core, &lock->lock, __atomic_load_n(&ts->vm->finalizing, __ATOMIC_RELAXED) ? 1000000000 : -1);
        if (got == GI_LOCK_INTERRUPTED && gi_check_signals(ts) < 0) return GI_FAIL;
        if (got == GI_LOCK_TIMEOUT) die_waiting(ts, self);
    }
    atomic_store_explicit(&lock->owner, me, memory_order_relaxed);
    lock->depth = 1;
    return GI_OK;
}
void gi_io_unlock(GiThread *ts GI_UNUSED, GiIoLock *lock) {
    if (--lock->depth) return;
    atomic_store_explicit(&lock->owner, 0, memory_order_relaxed);
    gi_lock_release(&lock->lock);
}
uint32_t gi_io_leave(GiThread *ts, GiIoLock *lock) {
    if (!ts->core.free_running || atomic_load_explicit(&lock->owner, memory_order_relaxed) != ts->core.serial) return 0;
    uint32_t depth = lock->depth;
    lock->depth = 1;
    gi_io_unlock(ts, lock);
    return depth;
}
GiStatus gi_io_return(GiThread *ts, GiIoLock *lock, uint32_t depth) {
    GiRef raised = gi_raised(ts) ? gi_exc_take(ts) : GI_NULL;
    while (depth && gi_io_lock(ts, lock, GI_NONE, true) < 0) {
        gi_xdrop(ts, raised);
        raised = gi_exc_take(ts);
    }
    if (depth) lock->depth = depth;
    if (gi_is_null(raised)) return GI_OK;
    gi_exc_restore(ts, raised);
    return GI_FAIL;
}
GiStatus gi_io_scope_take(GiThread *ts, GiIoLock *lock) { return gi_io_lock(ts, lock, GI_NONE, true); }

bool gi_io_plain(GiThread *ts, GiVal v, const GiType *type) {
    if (!gi_is_exact(v, type)) return false;
    const GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
    return shape == type->root_shape || (shape && !shape->is_dict && shape->count == 1 && gi_same(shape->name, GI_N(name)));
}

GiStatus gi_io_size(GiThread *ts, GiVal v, ssize_t *size) {
    *size = -1;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (gi_is_smallint(v)) {
        *size = (ssize_t)gi_smallint_value(v);
        return GI_OK;
    }
    if (!gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError, "argument should be integer or None, not '%.200T'", v);
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t i;
    int over = gi_int_as_i64(gi_val(index), &i);
    gi_drop(ts, index);
    if (over) return gi_raise_status(ts, &gi_exc_OverflowError, "cannot fit '%.200T' into an index-sized integer", v);
    *size = (ssize_t)i;
    return GI_OK;
}

GiStatus gi_io_offset(GiThread *ts, GiVal v, int64_t *offset) {
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int over = gi_int_as_i64(gi_val(index), offset);
    gi_drop(ts, index);
    return over ? gi_raise_status(ts, &gi_exc_ValueError, "cannot fit '%.200T' into an offset-sized integer", v) : GI_OK;
}

GiRef gi_io_call0(GiThread *ts, GiVal v, GiVal name) { return gi_call_method(ts, name, &v, 1); }
GiRef gi_io_call1(GiThread *ts, GiVal v, GiVal name, GiVal a) {
    return gi_call_method(ts, name, (GiVal[]){v, a}, 2);
}
GiRef gi_io_call2(GiThread *ts, GiVal v, GiVal name, GiVal a, GiVal b) {
    return gi_call_method(ts, name, (GiVal[]){v, a, b}, 3);
}

void gi_io_chain(GiThread *ts, GiRef first) {
    if (gi_is_null(first)) return;
    if (gi_raised(ts)) gi_exc_chain_context(ts, first);
    else gi_exc_restore(ts, first);
}

bool gi_io_trap_eintr(GiThread *ts) {
    if (!gi_raised(ts) || !gi_exc_matches(ts, &gi_exc_OSError)) return false;
    GiVal number = gi_val(((GiOSError *)gi_obj(gi_exc_peek(ts)))->errno_);
    if (!gi_is_smallint(number) || gi_smallint_value(number) != EINTR) return false;
    gi_exc_clear(ts);
    return true;
}

void gi_io_raise_blocking(GiThread *ts, int number, ssize_t written) {
    GiRef text = gi_str_from_cstr(ts, "write could not complete without blocking");
    if (gi_is_null(text)) return;
    GiRef exc = gi_call3(ts, gi_type_val(&gi_exc_BlockingIOError), gi_smallint(number), gi_val(text), gi_smallint(written));
    gi_drop(ts, text);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
}

static GiTruth drop_truth(GiThread *ts, GiRef r) {
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    GiTruth truth = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return truth;
}

GiTruth gi_io_closed(GiThread *ts, GiVal v) {
    if (gi_is_exact(v, &gi_fileio_type)) return gi_truth_of(GI_FILEIO(v)->fd < 0);
    return drop_truth(ts, gi_getattr(ts, v, GI_N(closed)));
}

GiStatus gi_io_check_closed(GiThread *ts, GiVal v) {
    GiTruth closed = gi_io_closed(ts, v);
    if (closed.value > 0) gi_raise(ts, &gi_exc_ValueError, "I/O operation on closed file.");
    return closed.value ? GI_FAIL : GI_OK;
}

static GiStatus check_ability(GiThread *ts, GiVal v, GiVal method, const char *message) {
    GiRef r = gi_io_call0(ts, v, method);
    if (gi_is_null(r)) return GI_FAIL;
    bool able = gi_is_true(r);
    gi_drop(ts, r);
    if (able) return GI_OK;
    (void)gi_io_unsupported(ts, message);
    return GI_FAIL;
}
GiStatus gi_io_check_readable(GiThread *ts, GiVal v) {
    return check_ability(ts, v, GI_N(readable), "File or stream is not readable.");
}
GiStatus gi_io_check_writable(GiThread *ts, GiVal v) {
    return check_ability(ts, v, GI_N(writable), "File or stream is not writable.");
}
GiStatus gi_io_check_seekable(GiThread *ts, GiVal v) {
    return check_ability(ts, v, GI_N(seekable), "File or stream is not seekable.");
}

/* ---- _IOBase ---- */

static bool marked_closed(GiThread *ts, GiVal self, bool *failed) {
    GiRef name = gi_intern_cstr(ts, "__IOBase_closed"), mark = GI_NULL;
    *failed = gi_is_null(name) || gi_getattr_opt(ts, self, gi_val(name), &mark) < 0;
    gi_xdrop(ts, name);
    bool found = !*failed && !gi_is_null(mark);
    gi_xdrop(ts, mark);
    return found;
}

GiRef gi_iobase_close(GiThread *ts, GiVal self) {
    bool failed, closed = marked_closed(ts, self, &failed);
    if (failed) return GI_NULL;
    if (closed) return GI_REF_NONE;
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    GiRef first = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    gi_xdrop(ts, r);
    GiStatus status = gi_setattr_cstr(ts, self, "__IOBase_closed", GI_TRUE);
    gi_io_chain(ts, first);
    return status < 0 || gi_raised(ts) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(iobase, seek, "(self, *args)", "Change stream position.\n\nChange the stream position to the given byte offset. The offset is\ninterpreted relative to the position indicated by whence.  Values\nfor whence are:\n\n* 0 -- start of stream (the default); offset should be zero or positive\n* 1 -- current stream position; offset may be negative\n* 2 -- end of stream; offset is usually negative\n\nReturn the new absolute position.") { return gi_io_unsupported(ts, "seek"); }
GI_METHOD(iobase, tell, "(self)", "Return current stream position.") { return gi_io_call2(ts, self, GI_N(seek), gi_smallint(0), gi_smallint(1)); }
GI_METHOD(iobase, truncate, "(self, *args)", "Truncate file to size bytes.\n\nFile pointer is left unchanged.  Size defaults to the current IO\nposition as reported by tell().  Returns the new size.") { return gi_io_unsupported(ts, "truncate"); }
GI_METHOD(iobase, fileno, "(self)", "Returns underlying file descriptor if one exists.\n\nOSError is raised if the IO object does not use a file descriptor.") { return gi_io_unsupported(ts, "fileno"); }
GI_METHOD(iobase, flush, "(self)", "Flush write buffers, if applicable.\n\nThis is not implemented for read-only and non-blocking streams.") {
    bool failed, closed = marked_closed(ts, self, &failed);
    if (failed) return GI_NULL;
    if (closed) return gi_raise_ref(ts, &gi_exc_ValueError, "I/O operation on closed file.");
    return GI_REF_NONE;
}
GI_METHOD(iobase, close, "(self)", "Flush and close the IO object.\n\nThis method has no effect if the file is already closed.") { return gi_iobase_close(ts, self); }
GI_METHOD(iobase, seekable, "(self)", "Return whether object supports random access.\n\nIf False, seek(), tell() and truncate() will raise OSError.\nThis method may need to do a test seek().") { return GI_REF_FALSE; }
GI_METHOD(iobase, readable, "(self)", "Return whether object was opened for reading.\n\nIf False, read() will raise OSError.") { return GI_REF_FALSE; }
GI_METHOD(iobase, writable, "(self)", "Return whether object was opened for writing.\n\nIf False, write() will raise OSError.") { return GI_REF_FALSE; }
GI_METHOD(iobase, isatty, "(self)", "Return whether this is an 'interactive' stream.\n\nReturn False if it can't be determined.") { return gi_io_check_closed(ts, self) < 0 ? GI_NULL : GI_REF_FALSE; }
GI_METHOD(iobase, _checkClosed, "(self, message = None, /)", NULL) {
    return gi_io_check_closed(ts, self) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(iobase, _checkSeekable, "(self, message = None, /)", NULL) {
    return gi_io_check_seekable(ts, self) < 0 ? GI_NULL : GI_REF_TRUE;
}
GI_METHOD(iobase, _checkReadable, "(self, message = None, /)", NULL) {
    return gi_io_check_readable(ts, self) < 0 ? GI_NULL : GI_REF_TRUE;
}
GI_METHOD(iobase, _checkWritable, "(self, message = None, /)", NULL) {
    return gi_io_check_writable(ts, self) < 0 ? GI_NULL : GI_REF_TRUE;
}
GI_METHOD(iobase, __enter__, "(self)", NULL) { return gi_io_check_closed(ts, self) < 0 ? GI_NULL : gi_dup(ts, self); }
GI_METHOD(iobase, __exit__, "(self, *args)", NULL) { return gi_io_call0(ts, self, GI_N(close)); }
GI_GETTER(iobase, closed, NULL) {
    bool failed, closed = marked_closed(ts, self, &failed);
    return failed ? GI_NULL : gi_bool_ref(closed);
}

/* How many bytes to read for a line, by what peek() shows; -1: failed. */
static ssize_t peek_line(GiThread *ts, GiVal peek, ssize_t left) {
    GiRef ahead;
    do ahead = gi_call1(ts, peek, gi_smallint(1));
    while (gi_is_null(ahead) && gi_io_trap_eintr(ts));
    if (gi_is_null(ahead)) return -1;
    ssize_t n = 1;
    if (!gi_is_bytes(ahead)) {
        gi_raise(ts, &gi_exc_OSError, "peek() should have returned a bytes object, not '%.200T'", gi_val(ahead));
        n = -1;
    } else if (gi_bytes_len(ahead) > 0) {
        size_t len = gi_bytes_len(ahead);
        if (left >= 0) len = GI_MIN(len, (size_t)left);
        const uint8_t *end = memchr(gi_bytes_data(ahead), '\n', len);
        n = end ? end - gi_bytes_data(ahead) + 1 : (ssize_t)len;
    }
    gi_drop(ts, ahead);
    return n;
}

GI_METHOD(iobase, readline, "(self, size = -1, /)", "Read and return a line from the stream.\n\nIf size is specified, at most size bytes will be read.\n\nThe line terminator is always b'\\n' for binary files; for text\nfiles, the newlines argument to open can be used to select the line\nterminator(s) recognized.") {
    ssize_t limit;
    GiRef peek, line;
    if (gi_io_size(ts, a->size, &limit) < 0) return GI_NULL;
    GiRef peek_name = gi_intern_cstr(ts, "peek");
    if (gi_is_null(peek_name)) return GI_NULL;
    GiStatus looked = gi_getattr_opt(ts, self, gi_val(peek_name), &peek);
    gi_drop(ts, peek_name);
    if (looked < 0) return GI_NULL;
    line = gi_bytearray_from(ts, NULL, 0);
    if (gi_is_null(line)) goto fail;
    GiByteArray *out = (GiByteArray *)gi_obj(line);
    while (limit < 0 || (ssize_t)out->length < limit) {
        ssize_t want = 1;
        if (!gi_is_null(peek) && (want = peek_line(ts, gi_val(peek), limit < 0 ? -1 : limit - (ssize_t)out->length)) < 0)
            goto fail;
        GiRef piece;
        do piece = gi_io_call1(ts, self, GI_N(read), gi_smallint(want));
        while (gi_is_null(piece) && gi_io_trap_eintr(ts));
        if (gi_is_null(piece)) goto fail;
        if (!gi_is_bytes(piece)) {
            gi_raise(ts, &gi_exc_OSError, "read() should have returned a bytes object, not '%.200T'", gi_val(piece));
            gi_drop(ts, piece);
            goto fail;
        }
        size_t n = gi_bytes_len(piece), had = out->length;
        bool ended = n == 0 || gi_bytes_data(piece)[n - 1] == '\n';
        if (gi_bytearray_resize(ts, gi_val(line), had + n) < 0) {
            gi_drop(ts, piece);
            goto fail;
        }
        memcpy(out->data + had, gi_bytes_data(piece), n);
        gi_drop(ts, piece);
        if (ended) break;
    }
    GiRef result = gi_bytes_from(ts, out->data, out->length);
    gi_drop(ts, line);
    gi_xdrop(ts, peek);
    return result;
fail:
    gi_xdrop(ts, line);
    gi_xdrop(ts, peek);
    return GI_NULL;
}

GI_METHOD(iobase, readlines, "(self, hint = -1, /)", "Return a list of lines from the stream.\n\nhint can be specified to control the number of lines read: no more\nlines will be read if the total size (in bytes/characters) of all\nlines so far exceeds hint.") {
    ssize_t hint, total = 0;
    if (gi_io_size(ts, a->hint, &hint) < 0) return GI_NULL;
    if (hint <= 0) return gi_to_list(ts, self);
    GiRef list = gi_list_new(ts, 0), iterator = gi_is_null(list) ? GI_NULL : gi_iter(ts, self);
    if (gi_is_null(iterator)) {
        gi_xdrop(ts, list);
        return GI_NULL;
    }
    for (;;) {
        GiRef line = gi_next(ts, gi_val(iterator));
        if (gi_is_null(line)) break;
        ssize_t n = gi_length(ts, gi_val(line));
        if (n < 0) {
            gi_drop(ts, line);
            break;
        }
        if (gi_list_append(ts, gi_val(list), line) < 0) break;
        if (n > hint - total) break;
        total += n;
    }
    gi_drop(ts, iterator);
    if (!gi_raised(ts)) return list;
    gi_drop(ts, list);
    return GI_NULL;
}

GI_METHOD(iobase, writelines, "(self, lines, /)", "Write a list of lines to stream.\n\nLine separators are not added, so it is usual for each of the\nlines provided to have a line separator at the end.") {
    if (gi_io_check_closed(ts, self) < 0) return GI_NULL;
    GiRef iterator = gi_iter(ts, a->lines);
    if (gi_is_null(iterator)) return GI_NULL;
    for (;;) {
        GiRef line = gi_next(ts, gi_val(iterator));
        if (gi_is_null(line)) break;
        GiRef r;
        do r = gi_io_call1(ts, self, GI_N(write), gi_val(line));
        while (gi_is_null(r) && gi_io_trap_eintr(ts));
        gi_drop(ts, line);
        if (gi_is_null(r)) break;
        gi_drop(ts, r);
    }
    gi_drop(ts, iterator);
    return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
}

static GiRef iobase_iter(GiThread *ts, GiVal self) {
    return gi_io_check_closed(ts, self) < 0 ? GI_NULL : gi_dup(ts, self);
}
static GiRef iobase_next(GiThread *ts, GiVal self) {
    GiRef line = gi_io_call0(ts, self, GI_N(readline));
    if (gi_is_null(line)) return line;
    ssize_t n = gi_length(ts, gi_val(line));
    if (n > 0) return line;
    gi_drop(ts, line);
    return GI_NULL;
}
static GiRef iobase_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}

/* Closes what was not closed. Errors show in development mode only. */
static void iobase_finalize(GiThread *ts, GiVal self) {
    GiRef raised = gi_exc_take(ts);
    GiTruth closed = gi_io_closed(ts, self);
    if (closed.value < 0) gi_exc_clear(ts);
    if (closed.value <= 0) {
        if (gi_setattr_cstr(ts, self, "_finalizing", GI_TRUE) < 0) gi_exc_clear(ts);
        GiRef r = gi_io_call0(ts, self, GI_N(close));
        if (gi_is_null(r)) {
            if (ts->vm->dev_mode) gi_unraisable(ts, self, NULL);
            else gi_exc_clear(ts);
        }
        gi_xdrop(ts, r);
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

#define BASE_FLAGS (GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF)
GiType gi_iobase_type = {
    .obj = GI_TYPE_HEAD, .name = "_io._IOBase", .module = "_io", .size = sizeof(GiObj), .base = &gi_object_type,
    .flags = BASE_FLAGS, .methods = iobase_methods, .getset = iobase_getset, .iter = iobase_iter, .next = iobase_next,
    .new_ = iobase_new, .finalize = iobase_finalize,
    .doc = "The abstract base class for all I/O classes.\n\nThis class provides dummy implementations for many methods that\nderived classes can override selectively; the default implementations\nrepresent a file that cannot be read, written or seeked.\n\nEven though IOBase does not declare read, readinto, or write because\ntheir signatures will vary, implementations and clients should\nconsider those methods part of the interface. Also, implementations\nmay raise UnsupportedOperation when operations they do not support are\ncalled.\n\nThe basic type used for binary data read from or written to a file is\nbytes. Other bytes-like objects are accepted as method arguments too.\nIn some cases (such as readinto), a writable object is required. Text\nI/O classes work with str data.\n\nNote that calling any method (except additional calls to close(),\nwhich are ignored) on a closed stream should raise a ValueError.\n\nIOBase (and its subclasses) support the iterator protocol, meaning\nthat an IOBase object can be iterated over yielding the lines in a\nstream.\n\nIOBase also supports the :keyword:`with` statement. In this example,\nfp is closed after the suite of the with statement is complete:\n\nwith open('spam.txt', 'r') as fp:\n    fp.write('Spam and eggs!')\n",
};

/* ---- _RawIOBase ---- */

GI_METHOD(rawiobase, read, "(self, size: ssize = -1, /)", NULL) {
    if (a->size < 0) return gi_io_call0(ts, self, GI_N(readall));
    GiRef array = gi_bytearray_from(ts, NULL, 0), got = GI_NULL, result = GI_NULL;
    if (gi_is_null(array) || gi_bytearray_resize(ts, gi_val(array), (size_t)a->size) < 0) goto done;
    memset(((GiByteArray *)gi_obj(array))->data, 0, (size_t)a->size);
    got = gi_io_call1(ts, self, GI_N(readinto), gi_val(array));
    if (gi_is_null(got)) goto done;
    if (gi_is_none(got)) {
        result = GI_REF_NONE;
        goto done;
    }
    ssize_t n;
    if (gi_as_ssize(ts, gi_val(got), false, &n) < 0) goto done;
    GiByteArray *bytes = (GiByteArray *)gi_obj(array);
    if (n < 0 || (size_t)n > bytes->length)
        gi_raise(ts, &gi_exc_ValueError, "readinto returned %zd outside buffer size %zd", n, (ssize_t)bytes->length);
    else
        result = gi_bytes_from(ts, bytes->data, (size_t)n);
done:
    gi_xdrop(ts, array);
    gi_xdrop(ts, got);
    return result;
}

GI_METHOD(rawiobase, readall, "(self)", "Read until EOF, using multiple read() call.") {
    GiRef all = gi_bytearray_from(ts, NULL, 0);
    if (gi_is_null(all)) return all;
    GiByteArray *out = (GiByteArray *)gi_obj(all);
    GiRef result = GI_NULL;
    for (;;) {
        GiRef piece = gi_io_call1(ts, self, GI_N(read), gi_smallint(GI_IO_BUFFER_SIZE));
        if (gi_is_null(piece)) {
            if (gi_io_trap_eintr(ts)) continue;
            break;
        }
        if (gi_is_none(piece) && out->length == 0) {
            result = GI_REF_NONE;
            break;
        }
        if (!gi_is_none(piece) && !gi_is_bytes(piece)) {
            gi_drop(ts, piece);
            gi_raise(ts, &gi_exc_TypeError, "read() should return bytes");
            break;
        }
        size_t n = gi_is_none(piece) ? 0 : gi_bytes_len(piece), had = out->length;
        if (n == 0) {
            gi_drop(ts, piece);
            result = gi_bytes_from(ts, out->data, out->length);
            break;
        }
        GiStatus grown = gi_bytearray_resize(ts, gi_val(all), had + n);
        if (grown == GI_OK) memcpy(out->data + had, gi_bytes_data(piece), n);
        gi_drop(ts, piece);
        if (grown < 0) break;
    }
    gi_drop(ts, all);
    return result;
}
GI_METHOD(rawiobase, readinto, "(self, *args)", NULL) { return gi_raise_none(ts, &gi_exc_NotImplementedError), GI_NULL; }
GI_METHOD(rawiobase, write, "(self, *args)", NULL) { return gi_raise_none(ts, &gi_exc_NotImplementedError), GI_NULL; }

GiType gi_rawiobase_type = {
    .obj = GI_TYPE_HEAD, .name = "_io._RawIOBase", .module = "_io", .size = sizeof(GiObj), .base = &gi_iobase_type,
    .flags = BASE_FLAGS, .methods = rawiobase_methods, .doc = "Base class for raw binary I/O.",
};

/* ---- _BufferedIOBase ---- */

static GiRef read_into(GiThread *ts, GiVal self, GiVal buffer, const char *method) {
    GiBuffer view;
    if (gi_buffer_get(ts, buffer, &view, GI_BUF_WRITABLE) < 0) return GI_NULL;
    GiRef result = GI_NULL, data = gi_call_method_cstr(ts, self, method, (GiVal[]){gi_smallint(view.len)}, 1);
    if (!gi_is_null(data)) {
        if (!gi_is_bytes(data)) {
            gi_raise(ts, &gi_exc_TypeError, "read() should return bytes");
        } else if ((ssize_t)gi_bytes_len(data) > view.len) {
            gi_raise(ts, &gi_exc_ValueError, "read() returned too much data: %zd bytes requested, %zd returned", view.len,
                     (ssize_t)gi_bytes_len(data));
        } else {
            memcpy(view.data, gi_bytes_data(data), gi_bytes_len(data));
            result = gi_int_from_i64(ts, (int64_t)gi_bytes_len(data));
        }
        gi_drop(ts, data);
    }
    gi_buffer_release(ts, &view);
    return result;
}
GI_METHOD(bufferediobase, detach, "(self)", "Disconnect this buffer from its underlying raw stream and return it.\n\nAfter the raw stream has been detached, the buffer is in an unusable\nstate.") { return gi_io_unsupported(ts, "detach"); }
GI_METHOD(bufferediobase, read, "(self, *args)", "Read and return up to n bytes.\n\nIf the argument is omitted, None, or negative, reads and\nreturns all data until EOF.\n\nIf the argument is positive, and the underlying raw stream is\nnot 'interactive', multiple raw reads may be issued to satisfy\nthe byte count (unless EOF is reached first).  But for\ninteractive raw streams (as well as sockets and pipes), at most\none raw read will be issued, and a short result does not imply\nthat EOF is imminent.\n\nReturns an empty bytes object on EOF.\n\nReturns None if the underlying raw stream was open in non-blocking\nmode and no data is available at the moment.\n") { return gi_io_unsupported(ts, "read"); }
GI_METHOD(bufferediobase, read1, "(self, *args)", "Read and return up to n bytes, with at most one read() call\nto the underlying raw stream. A short result does not imply\nthat EOF is imminent.\n\nReturns an empty bytes object on EOF.\n") { return gi_io_unsupported(ts, "read1"); }
GI_METHOD(bufferediobase, readinto, "(self, buffer, /)", NULL) { return read_into(ts, self, a->buffer, "read"); }
GI_METHOD(bufferediobase, readinto1, "(self, buffer, /)", NULL) { return read_into(ts, self, a->buffer, "read1"); }
GI_METHOD(bufferediobase, write, "(self, *args)", "Write the given buffer to the IO stream.\n\nReturns the number of bytes written, which is always the length of b\nin bytes.\n\nRaises BlockingIOError if the buffer is full and the\nunderlying raw stream cannot accept more data at the moment.\n") { return gi_io_unsupported(ts, "write"); }

GiType gi_bufferediobase_type = {
    .obj = GI_TYPE_HEAD, .name = "_io._BufferedIOBase", .module = "_io", .size = sizeof(GiObj), .base = &gi_iobase_type,
    .flags = BASE_FLAGS, .methods = bufferediobase_methods, .doc = "Base class for buffered IO objects.\n\nThe main difference with RawIOBase is that the read() method\nsupports omitting the size argument, and does not have a default\nimplementation that defers to readinto().\n\nIn addition, read(), readinto() and write() may raise\nBlockingIOError if the underlying raw stream is in non-blocking\nmode and not ready; unlike their raw counterparts, they will never\nreturn None.\n\nA typical implementation should not inherit from a RawIOBase\nimplementation, but wrap one.\n",
};

/* ---- _TextIOBase ---- */

GI_METHOD(textiobase, detach, "(self)", "Separate the underlying buffer from the TextIOBase and return it.\n\nAfter the underlying buffer has been detached, the TextIO is in an\nunusable state.\n") { return gi_io_unsupported(ts, "detach"); }
GI_METHOD(textiobase, read, "(self, *args)", "Read at most n characters from stream.\n\nRead from underlying buffer until we have n characters or we hit EOF.\nIf n is negative or omitted, read until EOF.\n") { return gi_io_unsupported(ts, "read"); }
GI_METHOD(textiobase, readline, "(self, *args)", "Read until newline or EOF.\n\nReturns an empty string if EOF is hit immediately.\n") { return gi_io_unsupported(ts, "readline"); }
GI_METHOD(textiobase, write, "(self, *args)", "Write string to stream.\nReturns the number of characters written (which is always equal to\nthe length of the string).\n") { return gi_io_unsupported(ts, "write"); }
GI_GETTER(textiobase, encoding, "Encoding of the text stream.\n\nSubclasses should override.\n") { return GI_REF_NONE; }
GI_GETTER(textiobase, newlines, "Line endings translated so far.\n\nOnly line endings translated during reading are considered.\n\nSubclasses should override.\n") { return GI_REF_NONE; }
GI_GETTER(textiobase, errors, "The error setting of the decoder or encoder.\n\nSubclasses should override.\n") { return GI_REF_NONE; }

GiType gi_textiobase_type = {
    .obj = GI_TYPE_HEAD, .name = "_io._TextIOBase", .module = "_io", .size = sizeof(GiObj), .base = &gi_iobase_type,
    .flags = BASE_FLAGS, .methods = textiobase_methods, .getset = textiobase_getset, .doc = "Base class for text I/O.\n\nThis class provides a character and line based interface to stream\nI/O. There is no readinto method because Python's character strings\nare immutable.\n",
};
