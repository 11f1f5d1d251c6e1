/* fileio.c - FileIO: a raw stream over a file descriptor.
 *
 * Every system call runs detached and again after EINTR, signal handlers in between. The descriptor
 * is read once for each call: another thread may close the object meanwhile.
 */
#include "modules/_io/io.h"
#include "modules/posix/internal.h"
#include "modules/unclosed.h"
#include <limits.h>
#include <poll.h>
#include "modules/_io/fileio.gen.h"

#define IO_MAX ((size_t)0x7ffff000)

static GiRef raise_closed(GiThread *ts) { return gi_raise_ref(ts, &gi_exc_ValueError, "I/O operation on closed file"); }

static const char *mode_string(const GiFileIO *f) {
    if (f->created) return f->readable ? "xb+" : "xb";
    if (f->appending) return f->readable ? "ab+" : "ab";
    if (f->readable) return f->writable ? "rb+" : "rb";
    return "wb";
}

/* ---- opening and closing ---- */

/* Closes the descriptor, if no other thread does. */
static GiStatus close_fd(GiThread *ts, GiFileIO *f) {
    int fd = atomic_exchange(&f->fd, -1), result = 0, error = 0;
    if (fd < 0) return GI_OK;
    GI_BLOCKING(&ts->core, "close") {
        result = close(fd);
        error = errno;
    }
    if (result < 0 && error != EINTR) {
        (void)gi_raise_errno(ts, error, GI_NOVAL);
        return GI_FAIL;
    }
    return GI_OK;
}

/* Reads the mode into f and *flags. */
static GiStatus parse_mode(GiThread *ts, GiFileIO *f, const char *mode, int *flags) {
    bool chosen = false, plus = false;
    *flags = 0;
    for (const char *s = mode; *s; s++) {
        switch (*s) {
        case 'x':
        case 'r':
        case 'w':
        case 'a':
            if (chosen) goto bad;
            chosen = true;
            if (*s == 'r') {
                f->readable = true;
            } else {
                f->writable = true;
                f->created = *s == 'x';
                f->appending = *s == 'a';
                *flags |= *s == 'x' ? O_EXCL | O_CREAT : *s == 'w' ? O_CREAT | O_TRUNC : O_APPEND | O_CREAT;
            }
            break;
        case 'b': break;
        case '+':
            if (plus) goto bad;
            plus = true;
            f->readable = f->writable = true;
            break;
        default: return gi_raise_status(ts, &gi_exc_ValueError, "invalid mode: %.200s", mode);
        }
    }
    if (!chosen) goto bad;
    *flags |= (f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY) | O_CLOEXEC;
    return GI_OK;
bad:
    return gi_raise_status(ts, &gi_exc_ValueError,
                           "Must have exactly one of create/read/write/append mode and at most one plus");
}

static GiStatus audit_open(GiThread *ts, GiVal file, const char *mode, int flags) {
    if (ts->vm->hooks->audit == NULL) return GI_OK;
    GiRef text = gi_str_from_cstr(ts, mode);
    if (gi_is_null(text)) return GI_FAIL;
    GiRef args = gi_tuple_pack(ts, 3, file, gi_val(text), gi_smallint(flags));
    gi_drop(ts, text);
    if (gi_is_null(args)) return GI_FAIL;
    GiStatus status = ts->vm->hooks->audit(ts, "open", gi_val(args));
    gi_drop(ts, args);
    return status;
}

/* The descriptor that `opener` gives. */
static GiStatus call_opener(GiThread *ts, GiVal opener, GiVal file, int flags, int *fd) {
    GiRef r = gi_call2(ts, opener, file, gi_smallint(flags));
    if (gi_is_null(r)) return GI_FAIL;
    if (!gi_is_int(gi_val(r))) {
        gi_drop(ts, r);
        return gi_raise_status(ts, &gi_exc_TypeError, "expected integer from opener");
    }
    GiStatus status = gi_as_int(ts, gi_val(r), fd);
    gi_drop(ts, r);
    if (status == GI_OK && *fd < 0) return gi_raise_status(ts, &gi_exc_ValueError, "opener returned %d", *fd);
    if (status == GI_OK) {
        int now = fcntl(*fd, F_GETFD);
        if (now < 0 || (!(now & FD_CLOEXEC) && fcntl(*fd, F_SETFD, now | FD_CLOEXEC) < 0)) {
            (void)gi_raise_errno(ts, errno, GI_NOVAL);
            return GI_FAIL;
        }
    }
    return status;
}

/* What is known after opening: no directory, the block size, the end for appending. */
static GiStatus inspect_fd(GiThread *ts, GiFileIO *f, GiVal file) {
    struct stat info;
    int result = 0, error = 0, fd = f->fd;
    GI_BLOCKING(&ts->core, "fstat") {
        result = fstat(fd, &info);
        error = errno;
    }
    if (result < 0) {
        if (error != EBADF) return GI_OK;
        (void)gi_raise_errno(ts, error, GI_NOVAL);
        return GI_FAIL;
    }
    if (S_ISDIR(info.st_mode)) {
        (void)gi_raise_errno(ts, EISDIR, file);
        return GI_FAIL;
    }
    f->block_size = info.st_blksize > 1 && info.st_blksize <= INT_MAX ? (int)info.st_blksize : GI_IO_BUFFER_SIZE;
    return GI_OK;
}

static GiStatus fileio_open(GiThread *ts, GiVal self, GiVal file, const char *mode, bool closefd, GiVal opener) {
    GiFileIO *f = GI_FILEIO(self);
    if (f->fd >= 0) {
        if (f->closefd) {
            if (close_fd(ts, f) < 0) return GI_FAIL;
        } else {
            f->fd = -1;
        }
    }
    int fd = -1, flags;
    if (gi_is_int(file)) {
        int64_t n;
        if (gi_int_as_i64(file, &n) == 0 && n >= 0 && n <= INT_MAX) fd = (int)n;
        else if (gi_int_sign(file) < 0) return gi_raise_status(ts, &gi_exc_ValueError, "negative file descriptor");
    }
    GiRef path = GI_NULL;
    if (fd < 0) {
        path = gi_fs_path(ts, file);
        if (gi_is_null(path)) return GI_FAIL;
    }
    f->seekable = -1;
    f->closefd = closefd;
    GiFileIO of_mode = {.fd = -1};
    GiStatus status = parse_mode(ts, &of_mode, mode, &flags);
    f->created = of_mode.created, f->readable = of_mode.readable;
    f->writable = of_mode.writable, f->appending = of_mode.appending;
    bool own = false;
    if (status == GI_OK) status = audit_open(ts, file, mode, flags);
    if (status < 0) goto done;
    if (fd >= 0) {
        f->fd = fd;
    } else {
        own = true;
        if (!closefd) {
            status = gi_raise_status(ts, &gi_exc_ValueError, "Cannot use closefd=False with file name");
            goto done;
        }
        if (gi_is_null(opener) || gi_is_none(opener)) {
            bool raised;
            GI_SYSCALL(ts, "open", fd, raised, open((const char *)gi_bytes_data(path), flags, 0666));
            if (fd < 0) {
                if (!raised) (void)gi_raise_errno(ts, errno, file);
                status = GI_FAIL;
                goto done;
            }
        } else if ((status = call_opener(ts, opener, file, flags, &fd)) < 0) {
            goto done;
        }
        f->fd = fd;
    }
    status = inspect_fd(ts, f, file);
    if (status == GI_OK) status = gi_setattr(ts, self, GI_N(name), file);
    if (status == GI_OK && f->appending) GI_BLOCKING(&ts->core, "lseek") (void)!lseek(fd, 0, SEEK_END);
done:
    if (status < 0) {
        if (!own) {
            f->fd = -1;
        } else if (f->fd >= 0) {
            GiRef raised = gi_exc_take(ts);
            if (close_fd(ts, f) < 0) gi_exc_clear(ts);
            gi_exc_restore(ts, raised);
        }
    }
    gi_xdrop(ts, path);
    return status;
}

static GiRef fileio_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiFileIO *f = GI_FILEIO(made);
    f->fd = -1;
    f->seekable = -1;
    f->closefd = true;
    return made;
}
GI_INIT(fileio, "(self, file, mode: cstr = 'r', closefd: bool = True, opener = None)") {
    return fileio_open(ts, self, a->file, a->mode ? a->mode : "r", a->closefd, a->opener);
}

static void warn_unclosed(GiThread *ts, GiFileIO *f, GiVal source) {
    if (f->fd >= 0 && f->closefd) gi_warn_unclosed(ts, "file ", source, gi_from_obj(f));
}
GI_METHOD(fileio, _dealloc_warn, "(self, source, /)", NULL) {
    warn_unclosed(ts, GI_FILEIO(self), a->source);
    return GI_REF_NONE;
}

GI_METHOD(fileio, close, "(self)", "Close the file.\n\nA closed file cannot be used for further I/O operations.  close() may be\ncalled more than once without error.") {
    GiFileIO *f = GI_FILEIO(self);
    GiRef r = gi_iobase_close(ts, self);
    if (!f->closefd) {
        f->fd = -1;
        return r;
    }
    /* Without the GIL another thread may close it between the look at `closed` and flush(). */
    if (gi_is_null(r) && ts->core.free_running && f->fd < 0 && gi_exc_matches(ts, &gi_exc_ValueError)) {
        gi_exc_clear(ts);
        r = GI_REF_NONE;
    }
    GiRef first = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    if (f->finalizing) warn_unclosed(ts, f, self);
    GiStatus status = close_fd(ts, f);
    gi_io_chain(ts, first);
    if (status == GI_OK && !gi_raised(ts)) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}

/* ---- reading and writing ---- */

ssize_t gi_fileio_read_to(GiThread *ts, GiVal self, void *to, size_t len) {
    int fd = GI_FILEIO(self)->fd;
    if (GI_UNLIKELY(fd < 0)) return raise_closed(ts).bits ? 0 : GI_IO_FAILED;
    if (GI_UNLIKELY(!GI_FILEIO(self)->readable))
        return gi_io_unsupported(ts, "File not open for reading").bits ? 0 : GI_IO_FAILED;
    ssize_t n;
    bool raised;
    GI_SYSCALL(ts, "read", n, raised, read(fd, to, GI_MIN(len, IO_MAX)));
    if (GI_LIKELY(n >= 0)) return n;
    if (raised) return GI_IO_FAILED;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return GI_IO_WOULD_BLOCK;
    (void)gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_IO_FAILED;
}

ssize_t gi_fileio_write_from(GiThread *ts, GiVal self, const void *from, size_t len) {
    int fd = GI_FILEIO(self)->fd;
    if (GI_UNLIKELY(fd < 0)) return raise_closed(ts).bits ? 0 : GI_IO_FAILED;
    if (GI_UNLIKELY(!GI_FILEIO(self)->writable))
        return gi_io_unsupported(ts, "File not open for writing").bits ? 0 : GI_IO_FAILED;
    ssize_t n;
    bool raised;
    GI_SYSCALL_IF(ts, "write", gi_write_detaches(ts, fd, len), n, raised, write(fd, from, GI_MIN(len, IO_MAX)));
    if (GI_LIKELY(n >= 0)) return n;
    if (raised) return GI_IO_FAILED;
    if (errno == EAGAIN || errno == EWOULDBLOCK) return GI_IO_WOULD_BLOCK;
    (void)gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_IO_FAILED;
}

int64_t gi_fileio_seek(GiThread *ts, GiVal self, int64_t offset, int whence) {
    GiFileIO *f = GI_FILEIO(self);
    int fd = f->fd, error = 0;
    if (fd < 0) return raise_closed(ts).bits ? 0 : -1;
    off_t at = 0;
    GI_BLOCKING(&ts->core, "lseek") {
        at = lseek(fd, offset, whence);
        error = errno;
    }
    if (f->seekable < 0) f->seekable = at >= 0;
    if (at < 0) (void)gi_raise_errno(ts, error, GI_NOVAL);
    return at;
}

static GiRef size_ref(GiThread *ts, ssize_t n) {
    return n >= 0 ? gi_int_from_i64(ts, n) : n == GI_IO_WOULD_BLOCK ? GI_REF_NONE : GI_NULL;
}

/* How much to read at first: what is left of the file and a byte that finds the end. */
static size_t first_size(GiThread *ts, int fd) {
    struct stat info;
    off_t left = 0;
    GI_BLOCKING(&ts->core, "fstat") {
        off_t at = lseek(fd, 0, SEEK_CUR);
        if (at >= 0 && fstat(fd, &info) == 0 && info.st_size >= at) left = info.st_size - at + 1;
    }
    return left > 1 && (size_t)left < ((size_t)1 << 47) ? (size_t)left : GI_IO_BUFFER_SIZE;
}

GiRef gi_fileio_readall(GiThread *ts, GiVal self) {
    GiFileIO *f = GI_FILEIO(self);
    if (f->fd < 0) return raise_closed(ts);
    size_t size = first_size(ts, f->fd), len = 0;
    GiRef bytes = gi_bytes_from(ts, NULL, size);
    if (gi_is_null(bytes)) return bytes;
    for (;;) {
        if (len == size) {
            size_t more = size > 65536 ? size >> 3 : 256 + size;
            size_t larger = size + GI_MAX(more, (size_t)GI_IO_BUFFER_SIZE);
            GiRef grown = gi_bytes_from(ts, NULL, larger);
            if (gi_is_null(grown)) break;
            memcpy(gi_bytes_data(grown), gi_bytes_data(bytes), len);
            gi_drop(ts, bytes);
            bytes = grown;
            size = larger;
        }
        ssize_t n = gi_fileio_read_to(ts, self, gi_bytes_data(bytes) + len, size - len);
        if (n == GI_IO_FAILED) break;
        if (n == GI_IO_WOULD_BLOCK && len == 0) {
            gi_drop(ts, bytes);
            return GI_REF_NONE;
        }
        if (n <= 0) return len < size ? gi_bytes_shrink(ts, bytes, len) : bytes;
        len += (size_t)n;
    }
    gi_drop(ts, bytes);
    return GI_NULL;
}

GI_METHOD(fileio, readinto, "(self, buffer: rwbuffer, /)", "Same as RawIOBase.readinto().") {
    return size_ref(ts, gi_fileio_read_to(ts, self, a->buffer.data, (size_t)a->buffer.len));
}
GI_METHOD(fileio, readall, "(self)", "Read all data from the file, returned as bytes.\n\nIn non-blocking mode, returns as much as is immediately available,\nor None if no data is available.  Return an empty bytes object at EOF.") {
    if (GI_FILEIO(self)->fd >= 0 && !GI_FILEIO(self)->readable) return gi_io_unsupported(ts, "File not open for reading");
    return gi_fileio_readall(ts, self);
}
GI_METHOD(fileio, read, "(self, size = -1, /)", "Read at most size bytes, returned as bytes.\n\nOnly makes one system call, so less data may be returned than requested.\nIn non-blocking mode, returns None if no data is available.\nReturn an empty bytes object at EOF.") {
    ssize_t size;
    if (gi_io_size(ts, a->size, &size) < 0) return GI_NULL;
    if (GI_FILEIO(self)->fd < 0) return raise_closed(ts);
    if (!GI_FILEIO(self)->readable) return gi_io_unsupported(ts, "File not open for reading");
    if (size < 0) return gi_fileio_readall(ts, self);
    size_t want = GI_MIN((size_t)size, IO_MAX);
    GiRef bytes = gi_bytes_from(ts, NULL, want);
    if (gi_is_null(bytes)) return bytes;
    ssize_t n = gi_fileio_read_to(ts, self, gi_bytes_data(bytes), want);
    if (n >= 0) return (size_t)n < want ? gi_bytes_shrink(ts, bytes, (size_t)n) : bytes;
    gi_drop(ts, bytes);
    return size_ref(ts, n);
}
GI_METHOD(fileio, write, "(self, b: buffer, /)", "Write buffer b to file, return number of bytes written.\n\nOnly makes one system call, so not all of the data may be written.\nThe number of bytes actually written is returned.  In non-blocking mode,\nreturns None if the write would block.") {
    return size_ref(ts, gi_fileio_write_from(ts, self, a->b.data, (size_t)a->b.len));
}

/* ---- position ---- */

GI_METHOD(fileio, seek, "(self, pos, whence: int = 0, /)", "Move to new file position and return the file position.\n\nArgument offset is a byte count.  Optional argument whence defaults to\nSEEK_SET or 0 (offset from start of file, offset should be >= 0); other values\nare SEEK_CUR or 1 (move relative to current position, positive or negative),\nand SEEK_END or 2 (move relative to end of file, usually negative, although\nmany platforms allow seeking beyond the end of a file).\n\nNote that not all file objects are seekable.") {
    if (GI_FILEIO(self)->fd < 0) return raise_closed(ts);
    int64_t offset;
    if (gi_as_i64(ts, a->pos, &offset) < 0) return GI_NULL;
    int64_t at = gi_fileio_seek(ts, self, offset, a->whence);
    return at < 0 ? GI_NULL : gi_int_from_i64(ts, at);
}
GI_METHOD(fileio, tell, "(self)", "Current file position.\n\nCan raise OSError for non seekable files.") {
    int64_t at = gi_fileio_seek(ts, self, 0, SEEK_CUR);
    return at < 0 ? GI_NULL : gi_int_from_i64(ts, at);
}
GI_METHOD(fileio, truncate, "(self, size = None, /)", "Truncate the file to at most size bytes and return the truncated size.\n\nSize defaults to the current file position, as returned by tell().\nThe current file position is changed to the value of size.") {
    GiFileIO *f = GI_FILEIO(self);
    if (f->fd < 0) return raise_closed(ts);
    if (!f->writable) return gi_io_unsupported(ts, "File not open for writing");
    GiRef size;
    if (gi_is_null(a->size) || gi_is_none(a->size)) {
        int64_t at = gi_fileio_seek(ts, self, 0, SEEK_CUR);
        if (at < 0) return GI_NULL;
        size = gi_int_from_i64(ts, at);
    } else {
        size = gi_dup(ts, a->size);
    }
    int64_t length;
    if (gi_is_null(size)) return size;
    if (gi_as_i64(ts, gi_val(size), &length) < 0) {
        gi_drop(ts, size);
        return GI_NULL;
    }
    int result, fd = f->fd;
    bool raised;
    GI_SYSCALL(ts, "ftruncate", result, raised, ftruncate(fd, length));
    if (result == 0) return size;
    int error = errno;
    gi_drop(ts, size);
    return raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
}
GI_METHOD(fileio, seekable, "(self)", "True if file supports random-access.") {
    GiFileIO *f = GI_FILEIO(self);
    if (f->fd < 0) return raise_closed(ts);
    if (f->seekable < 0) {
        int fd = f->fd;
        off_t at = 0;
        GI_BLOCKING(&ts->core, "lseek") at = lseek(fd, 0, SEEK_CUR);
        f->seekable = at >= 0;
    }
    return gi_bool_ref(f->seekable > 0);
}
GI_METHOD(fileio, readable, "(self)", "True if file was opened in a read mode.") {
    return GI_FILEIO(self)->fd < 0 ? raise_closed(ts) : gi_bool_ref(GI_FILEIO(self)->readable);
}
GI_METHOD(fileio, writable, "(self)", "True if file was opened in a write mode.") {
    return GI_FILEIO(self)->fd < 0 ? raise_closed(ts) : gi_bool_ref(GI_FILEIO(self)->writable);
}
GI_METHOD(fileio, fileno, "(self)", "Return the underlying file descriptor (an integer).") {
    return GI_FILEIO(self)->fd < 0 ? raise_closed(ts) : gi_smallint_ref(GI_FILEIO(self)->fd);
}
GI_METHOD(fileio, isatty, "(self)", "True if the file is connected to a TTY device.") {
    int fd = GI_FILEIO(self)->fd, terminal = 0;
    if (fd < 0) return raise_closed(ts);
    GI_BLOCKING(&ts->core, "isatty") terminal = isatty(fd);
    return gi_bool_ref(terminal);
}

GI_GETTER(fileio, closed, "True if the file is closed") { return gi_bool_ref(GI_FILEIO(self)->fd < 0); }
GI_GETTER(fileio, closefd, "True if the file descriptor will be closed by close().") { return gi_bool_ref(GI_FILEIO(self)->closefd); }
GI_GETTER(fileio, mode, "String giving the file mode") { return gi_str_from_cstr(ts, mode_string(GI_FILEIO(self))); }

static GiRef fileio_repr(GiThread *ts, GiVal self) {
    GiFileIO *f = GI_FILEIO(self);
    if (f->fd < 0) return gi_str_from_cstr(ts, "<_io.FileIO [closed]>");
    GiRef name;
    if (gi_getattr_opt(ts, self, GI_N(name), &name) < 0) return GI_NULL;
    const char *closes = f->closefd ? "True" : "False";
    if (gi_is_null(name))
        return gi_str_format(ts, "<_io.FileIO fd=%d mode='%s' closefd=%s>", (int)f->fd, mode_string(f), closes);
    GiRef text = GI_NULL;
    int entered = gi_repr_enter(ts, self);
    if (entered > 0) gi_raise(ts, &gi_exc_RuntimeError, "reentrant call inside %T.__repr__", self);
    if (entered == 0) {
        text = gi_str_format(ts, "<_io.FileIO name=%R mode='%s' closefd=%s>", gi_val(name), mode_string(f), closes);
        gi_repr_leave(ts, self);
    }
    gi_drop(ts, name);
    return text;
}

static const GiMemberDef fileio_members[] = {
    {"_blksize", GI_MEMBER_INT, offsetof(GiFileIO, block_size), false, NULL},
    {"_finalizing", GI_MEMBER_BOOL, offsetof(GiFileIO, finalizing), false, NULL},
    {.name = NULL},
};
/* The object goes without its finalizer having closed it (a subclass overrode it). */
static void fileio_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiFileIO *f = (GiFileIO *)obj;
    if (f->fd >= 0 && f->closefd) close(f->fd);
    f->fd = -1;
}

GiType gi_fileio_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.FileIO", .module = "_io", .size = sizeof(GiFileIO), .base = &gi_rawiobase_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .methods = fileio_methods,
    .getset = fileio_getset, .members = fileio_members, .new_ = fileio_new, .init = fileio_init, .repr = fileio_repr,
    .destroy = fileio_destroy, .doc = "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nOpen a file.\n\nThe mode can be 'r' (default), 'w', 'x' or 'a' for reading,\nwriting, exclusive creation or appending.  The file will be created if it\ndoesn't exist when opened for writing or appending; it will be truncated\nwhen opened for writing.  A FileExistsError will be raised if it already\nexists when opened for creating. Opening a file for creating implies\nwriting so this mode behaves in a similar way to 'w'.Add a '+' to the mode\nto allow simultaneous reading and writing. A custom opener can be used by\npassing a callable as *opener*. The underlying file descriptor for the file\nobject is then obtained by calling opener with (*name*, *flags*).\n*opener* must return an open file descriptor (passing os.open as *opener*\nresults in functionality similar to passing None).",
};
