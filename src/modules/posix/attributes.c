/* attributes.c - access, modes, owners, times, sizes; fsync and friends; terminals. */
#include "modules/posix/internal.h"
#include <math.h>
#include <stdlib.h>
#include <pty.h>
#include <sys/random.h>
#include "modules/posix/attributes.gen.h"

/* The result of a call on a path: None or OSError. */
static GiRef done(GiThread *ts, GiPath *path, int result, bool raised) {
    gi_path_drop(ts, path);
    if (result < 0) return raised ? GI_NULL : gi_path_error(ts, path);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, access, "(path, mode: int, *, dir_fd = None, effective_ids: bool = False, follow_symlinks: bool = True)", "Use the real uid/gid to test for access to a path.") {
    GI_PATH(path);
    int dir, result = 0;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "access", "path", false, false, &path) < 0) return GI_NULL;
    int flags = (a->effective_ids ? AT_EACCESS : 0) | (a->follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
    GI_BLOCKING(&ts->core, "access") result = faccessat(dir, path.text, a->mode, flags);
    gi_path_drop(ts, &path);
    return gi_bool_ref(result == 0);
}
GI_FUNCTION(posix, chmod, "(path, mode: int, *, dir_fd = None, follow_symlinks: bool = True)", "Change the access permissions of a file.") {
    GI_PATH(path);
    int dir, result;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "chmod", "path", true, false, &path) < 0 ||
        gi_auditf(ts, "os.chmod", "Oii", path.object, a->mode, gi_dir_shown(dir)) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, "chmod", result, raised, path.text ? fchmodat(dir, path.text, (mode_t)a->mode, a->follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW) : fchmod(path.fd, (mode_t)a->mode));
    if (result < 0 && !raised && errno == EOPNOTSUPP && !a->follow_symlinks) {
        gi_path_drop(ts, &path);
        return gi_raise_ref(ts, &gi_exc_NotImplementedError, "chmod: follow_symlinks unavailable on this platform");
    }
    return done(ts, &path, result, raised);
}
GI_FUNCTION(posix, fchmod, "(fd: int, mode: int)", "Change the access permissions of the file given by file descriptor fd.\n\nEquivalent to os.chmod(fd, mode).") {
    int result;
    bool raised;
    if (gi_auditf(ts, "os.chmod", "iii", a->fd, a->mode, -1) < 0) return GI_NULL;
    GI_SYSCALL(ts, "fchmod", result, raised, fchmod(a->fd, (mode_t)a->mode));
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, chown, "(path, uid, gid, *, dir_fd = None, follow_symlinks: bool = True)", "Change the owner and group id of path to the numeric uid and gid.") {
    uint32_t uid, gid;
    if (gi_posix_id(ts, a->uid, "uid", &uid) < 0 || gi_posix_id(ts, a->gid, "gid", &gid) < 0) return GI_NULL;
    GI_PATH(path);
    int dir, result;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "chown", "path", true, false, &path) < 0) return GI_NULL;
    if (!path.text && dir != AT_FDCWD) {
        gi_path_drop(ts, &path);
        return gi_raise_ref(ts, &gi_exc_ValueError, "chown: can't specify both dir_fd and fd");
    }
    if (gi_auditf(ts, "os.chown", "Onni", path.object, (int64_t)uid, (int64_t)gid, gi_dir_shown(dir)) < 0) return GI_NULL;
    GI_SYSCALL(ts, "chown", result, raised, path.text ? fchownat(dir, path.text, uid, gid, a->follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW) : fchown(path.fd, uid, gid));
    return done(ts, &path, result, raised);
}
GI_FUNCTION(posix, lchown, "(path, uid, gid)", "Change the owner and group id of path to the numeric uid and gid.\n\nThis function will not follow symbolic links.\nEquivalent to os.chown(path, uid, gid, follow_symlinks=False).") {
    uint32_t uid, gid;
    if (gi_posix_id(ts, a->uid, "uid", &uid) < 0 || gi_posix_id(ts, a->gid, "gid", &gid) < 0) return GI_NULL;
    GI_PATH(path);
    int result;
    bool raised;
    if (gi_path_get(ts, a->path, "lchown", "path", false, false, &path) < 0 ||
        gi_auditf(ts, "os.chown", "Onni", path.object, (int64_t)uid, (int64_t)gid, -1) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, "lchown", result, raised, lchown(path.text, uid, gid));
    return done(ts, &path, result, raised);
}
GI_FUNCTION(posix, fchown, "(fd: int, uid, gid)", "Change the owner and group id of the file specified by file descriptor.\n\nEquivalent to os.chown(fd, uid, gid).") {
    uint32_t uid, gid;
    if (gi_posix_id(ts, a->uid, "uid", &uid) < 0 || gi_posix_id(ts, a->gid, "gid", &gid) < 0) return GI_NULL;
    int result;
    bool raised;
    if (gi_auditf(ts, "os.chown", "inni", a->fd, (int64_t)uid, (int64_t)gid, -1) < 0) return GI_NULL;
    GI_SYSCALL(ts, "fchown", result, raised, fchown(a->fd, uid, gid));
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
static GiStatus timespec_of(GiThread *ts, GiVal v, bool ns, struct timespec *t) {
    if (ns) { /* beyond 64 bits, too: divmod(v, 10**9) */
        GI_AUTO GiRef pair = gi_binary(ts, GI_BIN_DIVMOD, v, gi_smallint(1000000000));
        int64_t s = 0, rest = 0;
        if (gi_is_null(pair)) return GI_FAIL;
        if (!gi_is_tuple(pair) || gi_tuple_len(pair) != 2)
            return gi_raise_status(ts, &gi_exc_TypeError, "%T.__divmod__() must return a 2-tuple, not %T", v, gi_val(pair));
        GI_AUTO GiRef whole = gi_index(ts, gi_tuple_get(gi_val(pair), 0));
        if (gi_is_null(whole)) return GI_FAIL;
        if (gi_int_as_i64(gi_val(whole), &s))
            return gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t");
        if (gi_as_i64(ts, gi_tuple_get(gi_val(pair), 1), &rest) < 0) return GI_FAIL;
        *t = (struct timespec){s, rest};
        return GI_OK;
    }
    if (gi_is_float(v)) {
        double d = gi_float_value(v), whole = floor(d);
        if (d != d) return gi_raise_status(ts, &gi_exc_ValueError, "Invalid value NaN (not a number)");
        if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
            return gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t");
        *t = (struct timespec){(time_t)whole, (long)((d - whole) * 1e9)};
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t s = 0;
    int far = gi_int_as_i64(gi_val(index), &s);
    gi_drop(ts, index);
    if (far) return gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t");
    *t = (struct timespec){s, 0};
    return GI_OK;
}
GI_FUNCTION(posix, utime, "(path, times = None, *, ns = <unrepresentable>, dir_fd = None, follow_symlinks: bool = True)", "Set the access and modified time of path.") {
    GI_PATH(path);
    int dir, result;
    bool raised, has_times = !gi_is_null(a->times) && !gi_is_none(a->times), has_ns = !gi_is_null(a->ns);
    struct timespec t[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
    if (has_times && has_ns)
        return gi_raise_ref(ts, &gi_exc_ValueError, "utime: you may specify either 'times' or 'ns' but not both");
    GiVal pair = has_ns ? a->ns : a->times;
    if (has_times || has_ns) {
        if (!gi_is_tuple_exact(pair) || gi_tuple_len(pair) != 2)
            return gi_raise_ref(ts, &gi_exc_TypeError, has_ns ? "utime: 'ns' must be a tuple of two ints"
                                                              : "utime: 'times' must be either a tuple of two ints or None");
        if (timespec_of(ts, gi_tuple_get(pair, 0), has_ns, &t[0]) < 0 || timespec_of(ts, gi_tuple_get(pair, 1), has_ns, &t[1]) < 0)
            return GI_NULL;
    }
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "utime", "path", true, false, &path) < 0) return GI_NULL;
    if (!path.text && dir != AT_FDCWD) {
        gi_path_drop(ts, &path);
        return gi_raise_ref(ts, &gi_exc_ValueError, "utime: can't specify dir_fd without matching path");
    }
    if (!path.text && !a->follow_symlinks) {
        gi_path_drop(ts, &path);
        return gi_raise_errno(ts, EINVAL, GI_NOVAL);
    }
    if (gi_auditf(ts, "os.utime", "OOOi", path.object, has_times ? a->times : GI_NONE, has_ns ? a->ns : GI_NONE, gi_dir_shown(dir)) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, "utime", result, raised, path.text ? utimensat(dir, path.text, t, a->follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW) : futimens(path.fd, t));
    gi_path_drop(ts, &path); /* the error names no file, as in CPython */
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, truncate, "(path, length: i64)", "Truncate a file, specified by path, to a specific length.\n\nOn some platforms, path may also be specified as an open file descriptor.\nIf this functionality is unavailable, using it raises an exception.") {
    GI_PATH(path);
    int result;
    bool raised;
    if (gi_path_get(ts, a->path, "truncate", "path", true, false, &path) < 0 ||
        gi_auditf(ts, "os.truncate", "On", path.object, a->length) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, "truncate", result, raised, path.text ? truncate(path.text, a->length) : ftruncate(path.fd, a->length));
    return done(ts, &path, result, raised);
}
/* A call on a descriptor: None or OSError. */
#define FD_CALL(name, expression)                                                                    \
    do {                                                                                             \
        int result;                                                                                  \
        bool raised;                                                                                 \
        GI_SYSCALL(ts, name, result, raised, expression);                                            \
        return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;    \
    } while (0)
GI_FUNCTION(posix, ftruncate, "(fd: int, length: i64, /)", "Truncate a file, specified by file descriptor, to a specific length.") {
    if (gi_auditf(ts, "os.truncate", "in", a->fd, a->length) < 0) return GI_NULL;
    FD_CALL("ftruncate", ftruncate(a->fd, a->length));
}
GI_FUNCTION(posix, fsync, "(fd: fd)", "Force write of fd to disk.") { FD_CALL("fsync", fsync(a->fd)); }
GI_FUNCTION(posix, fdatasync, "(fd: fd)", "Force write of fd to disk without forcing update of metadata.") { FD_CALL("fdatasync", fdatasync(a->fd)); }
GI_FUNCTION(posix, sync, "()", "Force write of everything to disk.") {
    GI_BLOCKING(&ts->core, "sync") sync();
    return GI_REF_NONE;
}
GI_FUNCTION(posix, lockf, "(fd: int, command: int, length: i64, /)", "Apply, test or remove a POSIX lock on an open file descriptor.") {
    if (gi_auditf(ts, "os.lockf", "iin", a->fd, a->command, a->length) < 0) return GI_NULL;
    FD_CALL("lockf", lockf(a->fd, a->command, a->length));
}
GI_FUNCTION(posix, posix_fallocate, "(fd: int, offset: i64, length: i64, /)", "Ensure a file has allocated at least a particular number of bytes on disk.") {
    int error = 0;
    do GI_BLOCKING(&ts->core, "posix_fallocate") error = posix_fallocate(a->fd, a->offset, a->length);
    while (error == EINTR && gi_check_signals(ts) == 0);
    return gi_raised(ts) ? GI_NULL : error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, pread, "(fd: int, length: ssize, offset: i64, /)", "Read a number of bytes from a file descriptor starting at a particular offset.\n\nRead length bytes from file descriptor fd, starting at offset bytes from\nthe beginning of the file.  The file offset remains unchanged.") {
    if (a->length < 0) return gi_raise_errno(ts, EINVAL, GI_NOVAL);
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->length);
    if (gi_is_null(bytes)) return bytes;
    ssize_t n;
    bool raised;
    GI_SYSCALL(ts, "pread", n, raised, pread(a->fd, gi_bytes_data(bytes), (size_t)a->length, a->offset));
    if (n < 0) {
        int error = errno;
        gi_drop(ts, bytes);
        return raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
    }
    return n < a->length ? gi_bytes_shrink(ts, bytes, (size_t)n) : bytes;
}
GI_FUNCTION(posix, pwrite, "(fd: int, buffer: buffer, offset: i64, /)", "Write bytes to a file descriptor starting at a particular offset.\n\nWrite buffer to fd, starting at offset bytes from the beginning of\nthe file.  Returns the number of bytes written.  Does not change the\ncurrent file offset.") {
    ssize_t n;
    bool raised;
    GI_SYSCALL(ts, "pwrite", n, raised, pwrite(a->fd, a->buffer.data, (size_t)a->buffer.len, a->offset));
    return n < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, n);
}
GI_FUNCTION(posix, mkfifo, "(path, mode: int = 438, *, dir_fd = None)", "Create a \\\"fifo\\\" (a POSIX named pipe).") {
    GI_PATH(path);
    int dir, result;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "mkfifo", "path", false, false, &path) < 0) return GI_NULL;
    GI_SYSCALL(ts, "mkfifo", result, raised, mkfifoat(dir, path.text, (mode_t)a->mode));
    gi_path_drop(ts, &path); /* the error names no file, as in CPython */
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, mknod, "(path, mode: int = 384, device: u64 = 0, *, dir_fd = None)", "Create a node in the file system.") {
    GI_PATH(path);
    int dir, result;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "mknod", "path", false, false, &path) < 0) return GI_NULL;
    GI_SYSCALL(ts, "mknod", result, raised, mknodat(dir, path.text, (mode_t)a->mode, a->device));
    gi_path_drop(ts, &path); /* the error names no file, as in CPython */
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, getrandom, "(size: ssize, flags: int = 0)", "Obtain a series of random bytes.") {
    if (a->size < 0) return gi_raise_errno(ts, EINVAL, GI_NOVAL);
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->size);
    if (gi_is_null(bytes)) return bytes;
    ssize_t n;
    bool raised;
    GI_SYSCALL(ts, "getrandom", n, raised, getrandom(gi_bytes_data(bytes), (size_t)a->size, (unsigned)a->flags));
    if (n < 0) {
        int error = errno;
        gi_drop(ts, bytes);
        return raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
    }
    return n < a->size ? gi_bytes_shrink(ts, bytes, (size_t)n) : bytes;
}
GI_FUNCTION(posix, openpty, "()", "Open a pseudo-terminal.\n\nReturn a tuple of (master_fd, slave_fd) containing open file descriptors\nfor both the master and slave ends.") {
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    return gi_tuple_pack(ts, 2, gi_smallint(master), gi_smallint(slave));
}
GI_FUNCTION(posix, ttyname, "(fd: int, /)", "Return the name of the terminal device connected to 'fd'.\n\n  fd\n    Integer file descriptor handle.") {
    char name[256];
    int error = ttyname_r(a->fd, name, sizeof name);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_str_from_fs(ts, name, strlen(name));
}
GI_FUNCTION(posix, device_encoding, "(fd: int)", "Return a string describing the encoding of a terminal's file descriptor.\n\nThe file descriptor must be attached to a terminal.\nIf the device is not a terminal, return None.") {
    return isatty(a->fd) ? gi_str_from_cstr(ts, "UTF-8") : GI_REF_NONE;
}
GiStatus gi_posix_attributes_init(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"F_LOCK", F_LOCK}, {"F_TLOCK", F_TLOCK}, {"F_ULOCK", F_ULOCK}, {"F_TEST", F_TEST}, {"SEEK_DATA", SEEK_DATA},
        {"SEEK_HOLE", SEEK_HOLE}, {"GRND_RANDOM", GRND_RANDOM}, {"GRND_NONBLOCK", GRND_NONBLOCK}};
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiMethodDef *const gi_posix_attribute_functions = posix_functions;
