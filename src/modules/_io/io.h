/* io.h - what the files of module _io share.
 *
 * The classes call each other's methods by name, as subclasses written in Python expect, except
 * where a layer is exactly the builtin type and nobody has put attributes over its methods
 * (gi_io_plain): then the C functions below are called directly.
 * LOCK: buffered streams hold their GiIoLock during every operation, also while detached in a
 * system call. Text and memory streams take theirs only when there is no GIL.
 */
#ifndef GI_MODULES_IO_IO_H
#define GI_MODULES_IO_IO_H

#include "modules/module.h"
#include "objects/exceptions.h"
#include "runtime/runtime.h"
#include <errno.h>
#include <stdio.h>

#define GI_IO_BUFFER_SIZE 8192

extern const GiModuleDef gi_module__io;
typedef struct GiIoState { GiSlot unsupported; } GiIoState;
/* io.UnsupportedOperation. */
GiType *gi_io_unsupported_type(GiThread *ts);
/* Raises UnsupportedOperation(message). */
GiRef gi_io_unsupported(GiThread *ts, const char *message);

extern GiType gi_iobase_type, gi_rawiobase_type, gi_bufferediobase_type, gi_textiobase_type, gi_fileio_type,
    gi_buffered_reader_type, gi_buffered_writer_type, gi_buffered_random_type, gi_buffered_rwpair_type,
    gi_textio_type, gi_newline_decoder_type, gi_stringio_type, gi_bytesio_type, gi_bytesio_buffer_type;

/* ---- locks ---- */

/* Zero is free. INVARIANT: owner (a thread's serial) and depth are written by the holder. */
typedef struct GiIoLock {
    GiLock lock;
    _Atomic uint64_t owner;
    uint32_t depth;
} GiIoLock;
/* Takes the lock; recursive: the owner may take it again, otherwise that raises RuntimeError
 * "reentrant call inside ...". A holder that a fork has left behind is recognised. Signal handlers run
 * meanwhile; GI_FAIL when one raises. */
GI_NODISCARD GiStatus gi_io_lock(GiThread *ts, GiIoLock *lock, GiVal self, bool recursive);
void gi_io_unlock(GiThread *ts, GiIoLock *lock);
/* Lets go of a lock that only free mode takes, while code of the program runs that may want another stream's; how
 * often it was held, 0 if not. Then takes it as often again, in any case; GI_FAIL: an exception is set, since before
 * or by a signal handler. */
uint32_t gi_io_leave(GiThread *ts, GiIoLock *lock);
GI_NODISCARD GiStatus gi_io_return(GiThread *ts, GiIoLock *lock, uint32_t depth);

/* For text and memory streams: a no-op under the GIL. */
typedef struct GiIoScope { GiThread *ts; GiIoLock *lock; bool failed; } GiIoScope;
/* Takes the lock. GI_FAIL: a signal handler raised meanwhile. */
GI_NODISCARD GiStatus gi_io_scope_take(GiThread *ts, GiIoLock *lock);
static inline void gi_io_scope_end(GiIoScope *s) {
    if (s->lock) gi_io_unlock(s->ts, s->lock);
}
static inline GiIoScope gi_io_scope(GiThread *ts, GiIoLock *lock) {
    if (GI_LIKELY(!ts->core.free_running)) return (GiIoScope){ts, NULL, false};
    bool failed = gi_io_scope_take(ts, lock) < 0;
    return (GiIoScope){ts, failed ? NULL : lock, failed};
}
/* To the end of the block; the function gives `failure` when a signal handler raises. */
#define GI_IO_GUARD_OR(lock, failure)                                                              \
    GiIoScope gi_io_guard __attribute__((cleanup(gi_io_scope_end))) = gi_io_scope(ts, lock);       \
    if (GI_UNLIKELY(gi_io_guard.failed)) return failure
#define GI_IO_GUARD(lock) GI_IO_GUARD_OR(lock, GI_NULL)

/* ---- base.c ---- */

/* v is exactly of this type and has no attributes that could hide its methods. */
bool gi_io_plain(GiThread *ts, GiVal v, const GiType *type);
/* size argument: null or None: -1. "argument should be integer or None, not '...'". */
GI_NODISCARD GiStatus gi_io_size(GiThread *ts, GiVal v, ssize_t *size);
/* Truth of `closed`; an offset as int64. */
GiTruth gi_io_closed(GiThread *ts, GiVal v);
GI_NODISCARD GiStatus gi_io_offset(GiThread *ts, GiVal v, int64_t *offset);
/* ValueError unless open; UnsupportedOperation unless v.readable() and so on. */
GI_NODISCARD GiStatus gi_io_check_closed(GiThread *ts, GiVal v);
GI_NODISCARD GiStatus gi_io_check_readable(GiThread *ts, GiVal v);
GI_NODISCARD GiStatus gi_io_check_writable(GiThread *ts, GiVal v);
GI_NODISCARD GiStatus gi_io_check_seekable(GiThread *ts, GiVal v);
/* An OSError with EINTR is raised: it is cleared, and the call shall be made again. */
bool gi_io_trap_eintr(GiThread *ts);
/* v.name(...), with an interned name. */
GI_NODISCARD GiRef gi_io_call0(GiThread *ts, GiVal v, GiVal name);
GI_NODISCARD GiRef gi_io_call1(GiThread *ts, GiVal v, GiVal name, GiVal a);
GI_NODISCARD GiRef gi_io_call2(GiThread *ts, GiVal v, GiVal name, GiVal a, GiVal b);
/* After a failure while another exception is pending (`first`, may be null; consumed): the later one
 * stays raised with the first as its context; without a later one the first is raised. */
void gi_io_chain(GiThread *ts, GiRef first);
/* BlockingIOError(number, "write could not complete without blocking", written). */
void gi_io_raise_blocking(GiThread *ts, int number, ssize_t written);
/* IOBase.close as a function. */
GI_NODISCARD GiRef gi_iobase_close(GiThread *ts, GiVal self);

/* ---- fileio.c ---- */

typedef struct GiFileIO {
    GiObj obj;
    _Atomic int fd;       /* -1: closed */
    int seekable;         /* -1: not known yet */
    int block_size;
    bool created, readable, writable, appending, closefd, finalizing;
} GiFileIO;
#define GI_FILEIO(v) ((GiFileIO *)gi_obj(v))
enum { GI_IO_FAILED = -1, GI_IO_WOULD_BLOCK = -2 };
/* Bytes read or written, or one of the above. `self` is a FileIO. */
ssize_t gi_fileio_read_to(GiThread *ts, GiVal self, void *to, size_t len);
ssize_t gi_fileio_write_from(GiThread *ts, GiVal self, const void *from, size_t len);
GI_NODISCARD GiRef gi_fileio_readall(GiThread *ts, GiVal self);
/* New position; -1: failed. */
int64_t gi_fileio_seek(GiThread *ts, GiVal self, int64_t offset, int whence);

/* ---- buffered.c ---- */

/* self is exactly a BufferedWriter or BufferedRandom (gi_io_plain). Writes all or raises. */
GI_NODISCARD GiStatus gi_buffered_write_from(GiThread *ts, GiVal self, const void *from, size_t len);
GI_NODISCARD GiStatus gi_buffered_flush(GiThread *ts, GiVal self);
/* self is exactly a BufferedReader or BufferedRandom. */
GI_NODISCARD GiRef gi_buffered_read1(GiThread *ts, GiVal self, ssize_t n);
GiTruth gi_buffered_closed(GiThread *ts, GiVal self);

/* ---- newline_decoder.c ---- */

enum { GI_SEEN_CR = 1, GI_SEEN_LF = 2, GI_SEEN_CRLF = 4 };
typedef struct GiNewlines {
    bool translate, pending_cr;
    uint8_t seen;
} GiNewlines;
/* Universal newlines over a piece of text (consumed; null gives null). */
GI_NODISCARD GiRef gi_newlines_translate(GiThread *ts, GiNewlines *state, GiRef text, bool final);
/* The value of a `newlines` attribute. */
GI_NODISCARD GiRef gi_newlines_seen(GiThread *ts, unsigned seen);
/* Position after the line end that is found in text at or after `start` (SIZE_MAX: none; then *from
 * says where a later search with more text shall start, relative to `start`).
 * universal: \n, \r, \r\n end lines; otherwise `nl` of nl_len characters does. */
size_t gi_newlines_find(GiVal text, size_t start, bool universal, const char *nl, size_t *from);
/* text with every '\n' replaced by nl. */
GI_NODISCARD GiRef gi_newlines_expand(GiThread *ts, GiVal text, const char *nl);

/* ---- textio.c ---- */
GI_NODISCARD GiStatus gi_textio_init_values(GiThread *ts, GiVal self, GiVal buffer, GiVal encoding, GiVal errors,
                                            GiVal newline, bool line_buffering, bool write_through);
extern const GiMethodDef *const gi_io_functions;

#endif
