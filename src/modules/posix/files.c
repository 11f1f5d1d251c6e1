/* files.c - descriptors: open, close, read, write, seek, dup, pipe. */
#include "modules/posix/internal.h"
#include <sys/uio.h>
#include <limits.h>
#include <poll.h>
#include "modules/posix/files.gen.h"

GI_FUNCTION(posix, open, "(path, flags: int, mode: int = 511, *, dir_fd = None)", "Open a file for low level IO.  Returns a file descriptor (integer).\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and path should be relative; path will then be relative to that directory.\ndir_fd may not be implemented on your platform.\n  If it is unavailable, using it will raise a NotImplementedError.") {
    GI_PATH(path);
    int dir, fd;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "open", "path", false, false, &path) < 0 ||
        gi_auditf(ts, "open", "OOi", path.object, GI_NONE, a->flags | O_CLOEXEC) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, "open", fd, raised, openat(dir, path.text, a->flags | O_CLOEXEC, a->mode));
    gi_path_drop(ts, &path);
    if (fd < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return gi_smallint_ref(fd);
}
GI_FUNCTION(posix, close, "(fd: int)", "Close a file descriptor.") {
    int result = 0, error = 0;
    GI_BLOCKING(&ts->core, "close") {
        result = close(a->fd);
        error = errno;
    }
    /* After EINTR the descriptor is closed all the same (Linux). */
    if (result < 0 && error != EINTR) return gi_raise_errno(ts, error, GI_NOVAL);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, closerange, "(fd_low: int, fd_high: int, /)", "Closes all file descriptors in [fd_low, fd_high), ignoring errors.") {
    GI_BLOCKING(&ts->core, "closerange") {
        if (a->fd_low < a->fd_high && close_range((unsigned)GI_MAX(a->fd_low, 0), (unsigned)(a->fd_high - 1), 0) < 0)
            for (int fd = GI_MAX(a->fd_low, 0); fd < a->fd_high; fd++) close(fd);
    }
    return GI_REF_NONE;
}
GI_FUNCTION(posix, read, "(fd: int, length: ssize, /)", "Read from a file descriptor.  Returns a bytes object.") {
    if (a->length < 0) return gi_raise_errno(ts, EINVAL, GI_NOVAL);
    size_t want = GI_MIN((size_t)a->length, (size_t)0x7ffff000);
    GiRef bytes = gi_bytes_from(ts, NULL, want);
    if (gi_is_null(bytes)) return bytes;
    ssize_t n;
    bool raised;
    GI_SYSCALL(ts, "read", n, raised, read(a->fd, gi_bytes_data(bytes), want));
    if (n < 0) {
        int error = errno;
        gi_drop(ts, bytes);
        return raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
    }
    return (size_t)n < want ? gi_bytes_shrink(ts, bytes, (size_t)n) : bytes;
}
bool gi_write_detaches(GiThread *ts, int fd, size_t len) {
    if (len > PIPE_BUF || !gi_gil_wanted(&ts->core)) return true;
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || flags & (O_DSYNC | O_DIRECT)) return true; /* waits for the disk; O_SYNC includes O_DSYNC */
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    return poll(&p, 1, 0) != 1 || p.revents != POLLOUT;
}
GI_FUNCTION(posix, write, "(fd: int, data: buffer, /)", "Write a bytes object to a file descriptor.") {
    ssize_t n;
    bool raised;
    GI_SYSCALL_IF(ts, "write", gi_write_detaches(ts, a->fd, (size_t)a->data.len), n, raised, write(a->fd, a->data.data, GI_MIN((size_t)a->data.len, (size_t)0x7ffff000)));
    if (n < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_int_from_i64(ts, n);
}
GI_FUNCTION(posix, lseek, "(fd: int, position: i64, how: int, /)", "Set the position of a file descriptor.  Return the new position.\n\nReturn the new cursor position in number of bytes\nrelative to the beginning of the file.") {
    off_t at = 0;
    int error = 0;
    GI_BLOCKING(&ts->core, "lseek") {
        at = lseek(a->fd, a->position, a->how);
        error = errno;
    }
    return at < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : gi_int_from_i64(ts, at);
}
GI_FUNCTION(posix, dup, "(fd: int, /)", "Return a duplicate of a file descriptor.") {
    int fd = fcntl(a->fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(fd);
}
GI_FUNCTION(posix, dup2, "(fd: int, fd2: int, inheritable: bool = True)", "Duplicate file descriptor.") {
    int fd, error = 0;
    if (a->fd < 0 || a->fd2 < 0) return gi_raise_errno(ts, EBADF, GI_NOVAL);
    GI_BLOCKING(&ts->core, "dup2") {
        fd = a->inheritable || a->fd == a->fd2 ? dup2(a->fd, a->fd2) : dup3(a->fd, a->fd2, O_CLOEXEC);
        error = errno;
    }
    return fd < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : gi_smallint_ref(fd);
}
GI_FUNCTION(posix, pipe, "()", "Create a pipe.\n\nReturns a tuple of two file descriptors:\n  (read_fd, write_fd)") {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_tuple_pack(ts, 2, gi_smallint(fds[0]), gi_smallint(fds[1]));
}
GI_FUNCTION(posix, pipe2, "(flags: int, /)", "Create a pipe with flags set atomically.\n\nReturns a tuple of two file descriptors:\n  (read_fd, write_fd)") {
    int fds[2];
    if (pipe2(fds, a->flags) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_tuple_pack(ts, 2, gi_smallint(fds[0]), gi_smallint(fds[1]));
}
GI_FUNCTION(posix, isatty, "(fd: int, /)", "Return True if the fd is connected to a terminal.\n\nReturn True if the file descriptor is an open file descriptor\nconnected to the slave end of a terminal.") {
    return gi_bool_ref(isatty(a->fd));
}
GI_FUNCTION(posix, get_inheritable, "(fd: int, /)", "Get the close-on-exe flag of the specified file descriptor.") {
    int flags = fcntl(a->fd, F_GETFD);
    return flags < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_bool_ref(!(flags & FD_CLOEXEC));
}
GI_FUNCTION(posix, set_inheritable, "(fd: int, inheritable: bool, /)", "Set the inheritable flag of the specified file descriptor.") {
    int flags = fcntl(a->fd, F_GETFD);
    if (flags >= 0) flags = fcntl(a->fd, F_SETFD, a->inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC);
    return flags < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, get_blocking, "(fd: int, /)", "Get the blocking mode of the file descriptor.\n\nReturn False if the O_NONBLOCK flag is set, True if the flag is cleared.") {
    int flags = fcntl(a->fd, F_GETFL);
    return flags < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_bool_ref(!(flags & O_NONBLOCK));
}
GI_FUNCTION(posix, set_blocking, "(fd: int, blocking: bool, /)", "Set the blocking mode of the specified file descriptor.\n\nSet the O_NONBLOCK flag if blocking is False,\nclear the O_NONBLOCK flag otherwise.") {
    int flags = fcntl(a->fd, F_GETFL);
    if (flags >= 0) flags = fcntl(a->fd, F_SETFL, a->blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
    return flags < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
const GiMethodDef *const gi_posix_file_functions = posix_functions;
