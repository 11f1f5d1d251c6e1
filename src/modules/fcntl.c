/* fcntl.c - fcntl, ioctl, flock, lockf: each call detached, again after a signal.
 *
 * A buffer argument of up to 1024 bytes is copied, and a guard behind it tells when the system
 * wrote past its end.
 */
#include "modules/posix/internal.h"
#include <sys/file.h>
#include <sys/ioctl.h>
#include "modules/fcntl.gen.h"

enum { COPY_MAX = 1024, GUARD = 8 };
static const uint8_t guard[GUARD] = {0x5A, 0xA5, 0x3C, 0xC3, 0x69, 0x96, 0xF0, 0x0F};

/* fcntl's and ioctl's argument when it is text or bytes (a writable buffer is none of these). */
static GiStatus copy_argument(GiThread *ts, GiVal arg, const char *name, char *copy, size_t *len) {
    GiBuffer view = {0};
    const void *data;
    if (gi_is_str(arg)) {
        data = gi_str_utf8(ts, arg, len);
        if (data == NULL) return GI_FAIL;
    } else {
        if (gi_buffer_get(ts, arg, &view, GI_BUF_SIMPLE) < 0) return GI_FAIL;
        data = view.data;
        *len = (size_t)view.len;
    }
    GiStatus status = GI_OK;
    if (*len > COPY_MAX) {
        status = gi_raise_status(ts, &gi_exc_ValueError, "%s string arg too long", name);
    } else {
        if (*len) memcpy(copy, data, *len);
        memcpy(copy + *len, guard, GUARD);
    }
    if (view.data) gi_buffer_release(ts, &view);
    return status;
}
static GiRef copy_result(GiThread *ts, const char *copy, size_t len) {
    if (memcmp(copy + len, guard, GUARD) != 0)
        return gi_raise_ref(ts, &gi_exc_SystemError, "buffer overflow");
    return gi_bytes_from(ts, copy, len);
}
static GiStatus read_mask(GiThread *ts, GiVal v, uint64_t *out) {
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return GI_FAIL;
    *out = gi_int_mask_u64(gi_val(n));
    gi_drop(ts, n);
    return GI_OK;
}

GI_FUNCTION(fcntl, fcntl, "(fd: fd, cmd: int, arg = 0, /)", "Perform the operation `cmd` on file descriptor fd.\n\nThe values used for `cmd` are operating system dependent, and are available\nas constants in the fcntl module, using the same names as used in\nthe relevant C header files.  The argument arg is optional, and\ndefaults to 0; it may be an int or a string.  If arg is given as a string,\nthe return value of fcntl is a string of that length, containing the\nresulting value put in the arg buffer by the operating system.  The length\nof the arg string is not allowed to exceed 1024 bytes.  If the arg given\nis an integer or if none is specified, the result value is an integer\ncorresponding to the return value of the fcntl call in the C code.") {
    int result;
    bool raised;
    if (gi_auditf(ts, "fcntl.fcntl", "iiO", a->fd, a->cmd, a->arg) < 0) return GI_NULL;
    if (!gi_is_null(a->arg) && (gi_is_str(a->arg) || gi_is_bytes(a->arg))) {
        char copy[COPY_MAX + GUARD];
        size_t len;
        if (copy_argument(ts, a->arg, "fcntl", copy, &len) < 0) return GI_NULL;
        GI_SYSCALL(ts, "fcntl", result, raised, fcntl(a->fd, a->cmd, copy));
        if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
        return copy_result(ts, copy, len);
    }
    uint64_t number = 0;
    if (!gi_is_null(a->arg) && read_mask(ts, a->arg, &number) < 0) return GI_NULL;
    GI_SYSCALL(ts, "fcntl", result, raised, fcntl(a->fd, a->cmd, (long)(int)(uint32_t)number));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_smallint_ref(result);
}

/* A writable buffer: passed to the system in place if `mutate`, otherwise as a copy. */
static GiRef ioctl_buffer(GiThread *ts, int fd, unsigned request, GiVal arg, bool mutate) {
    char copy[COPY_MAX + GUARD];
    int result;
    bool raised;
    GiBuffer view = {0};
    size_t len;
    if (mutate && !gi_is_str(arg) && gi_buffer_get(ts, arg, &view, GI_BUF_WRITABLE) == GI_OK) {
        len = (size_t)view.len;
        void *at = view.data;
        if (len <= COPY_MAX) {
            if (len) memcpy(copy, at, len);
            memcpy(copy + len, guard, GUARD);
            at = copy;
        }
        GI_SYSCALL(ts, "ioctl", result, raised, ioctl(fd, request, at));
        int error = errno;
        if (at == copy && len) memcpy(view.data, copy, len);
        gi_buffer_release(ts, &view);
        if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
        if (at == copy && memcmp(copy + len, guard, GUARD) != 0)
            return gi_raise_ref(ts, &gi_exc_SystemError, "buffer overflow");
        return gi_smallint_ref(result);
    }
    if (gi_raised(ts)) gi_exc_clear(ts);
    if (copy_argument(ts, arg, "ioctl", copy, &len) < 0) return GI_NULL;
    GI_SYSCALL(ts, "ioctl", result, raised, ioctl(fd, request, copy));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return copy_result(ts, copy, len);
}
GI_FUNCTION(fcntl, ioctl, "(fd: fd, request, arg = 0, mutate_flag: bool = True, /)", "Perform the operation `request` on file descriptor `fd`.\n\nThe values used for `request` are operating system dependent, and are available\nas constants in the fcntl or termios library modules, using the same names as\nused in the relevant C header files.\n\nThe argument `arg` is optional, and defaults to 0; it may be an int or a\nbuffer containing character data (most likely a string or an array).\n\nIf the argument is a mutable buffer (such as an array) and if the\nmutate_flag argument (which is only allowed in this case) is true then the\nbuffer is (in effect) passed to the operating system and changes made by\nthe OS will be reflected in the contents of the buffer after the call has\nreturned.  The return value is the integer returned by the ioctl system\ncall.\n\nIf the argument is a mutable buffer and the mutable_flag argument is false,\nthe behavior is as if a string had been passed.\n\nIf the argument is an immutable buffer (most likely a string) then a copy\nof the buffer is passed to the operating system and the return value is a\nstring of the same length containing whatever the operating system put in\nthe buffer.  The length of the arg buffer in this case is not allowed to\nexceed 1024 bytes.\n\nIf the arg given is an integer or if none is specified, the result value is\nan integer corresponding to the return value of the ioctl call in the C\ncode.") {
    uint64_t request;
    if (read_mask(ts, a->request, &request) < 0 || gi_auditf(ts, "fcntl.ioctl", "iuO", a->fd, request & UINT32_MAX, a->arg) < 0) return GI_NULL;
    if (!gi_is_null(a->arg) && (gi_is_str(a->arg) || gi_has_buffer(a->arg)))
        return ioctl_buffer(ts, a->fd, (unsigned)request, a->arg, a->mutate_flag);
    int arg = 0, result;
    bool raised;
    if (!gi_is_null(a->arg)) {
        GiRef n = gi_index(ts, a->arg);
        if (gi_is_null(n)) return n;
        int64_t value;
        int sign = gi_int_as_i64(gi_val(n), &value);
        gi_drop(ts, n);
        if (sign) return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
        if (value > INT_MAX || value < INT_MIN)
            return gi_raise_ref(ts, &gi_exc_OverflowError, value > 0 ? "signed integer is greater than maximum" : "signed integer is less than minimum");
        arg = (int)value;
    }
    GI_SYSCALL(ts, "ioctl", result, raised, ioctl(a->fd, (unsigned)request, arg));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_smallint_ref(result);
}
GI_FUNCTION(fcntl, flock, "(fd: fd, operation: int, /)", "Perform the lock operation `operation` on file descriptor `fd`.\n\nSee the Unix manual page for flock(2) for details (On some systems, this\nfunction is emulated using fcntl()).") {
    int result;
    bool raised;
    if (gi_auditf(ts, "fcntl.flock", "ii", a->fd, a->operation) < 0) return GI_NULL;
    GI_SYSCALL(ts, "flock", result, raised, flock(a->fd, a->operation));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}
/* An offset: any int that fits 64 bits. */
static GiStatus read_offset(GiThread *ts, GiVal v, off_t *out) {
    *out = 0;
    if (gi_is_null(v)) return GI_OK;
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return GI_FAIL;
    int64_t value;
    int sign = gi_int_as_i64(gi_val(n), &value);
    gi_drop(ts, n);
    if (sign) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    *out = value;
    return GI_OK;
}
GI_FUNCTION(fcntl, lockf, "(fd: fd, cmd: int, len = 0, start = 0, whence: int = 0, /)", "A wrapper around the fcntl() locking calls.\n\n`fd` is the file descriptor of the file to lock or unlock, and operation is one\nof the following values:\n\n    LOCK_UN - unlock\n    LOCK_SH - acquire a shared lock\n    LOCK_EX - acquire an exclusive lock\n\nWhen operation is LOCK_SH or LOCK_EX, it can also be bitwise ORed with\nLOCK_NB to avoid blocking on lock acquisition.  If LOCK_NB is used and the\nlock cannot be acquired, an OSError will be raised and the exception will\nhave an errno attribute set to EACCES or EAGAIN (depending on the operating\nsystem -- for portability, check for either value).\n\n`len` is the number of bytes to lock, with the default meaning to lock to\nEOF.  `start` is the byte offset, relative to `whence`, to that the lock\nstarts.  `whence` is as with fileobj.seek(), specifically:\n\n    0 - relative to the start of the file (SEEK_SET)\n    1 - relative to the current buffer position (SEEK_CUR)\n    2 - relative to the end of the file (SEEK_END)") {
    struct flock l = {0};
    if (gi_auditf(ts, "fcntl.lockf", "iiOOi", a->fd, a->cmd, a->len, a->start, a->whence) < 0) return GI_NULL;
    if (a->cmd == LOCK_UN) l.l_type = F_UNLCK;
    else if (a->cmd & LOCK_SH) l.l_type = F_RDLCK;
    else if (a->cmd & LOCK_EX) l.l_type = F_WRLCK;
    else return gi_raise_ref(ts, &gi_exc_ValueError, "unrecognized lockf argument");
    if (read_offset(ts, a->start, &l.l_start) < 0 || read_offset(ts, a->len, &l.l_len) < 0) return GI_NULL;
    l.l_whence = (short)a->whence;
    int result;
    bool raised;
    GI_SYSCALL(ts, "lockf", result, raised, fcntl(a->fd, (a->cmd & LOCK_NB) ? F_SETLK : F_SETLKW, &l));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}

static GiStatus fcntl_exec(GiThread *ts, GiVal module) {
#define C(name) {#name, name}
    static const GiIntConstant constants[] = {
        C(DN_ACCESS), C(DN_ATTRIB), C(DN_CREATE), C(DN_DELETE), C(DN_MODIFY), C(DN_MULTISHOT), C(DN_RENAME), C(FASYNC),
        C(FD_CLOEXEC), C(F_ADD_SEALS), C(F_DUPFD), C(F_DUPFD_CLOEXEC), C(F_EXLCK), C(F_GETFD), C(F_GETFL),
        C(F_GETLEASE), C(F_GETLK), C(F_GETLK64), C(F_GETOWN), C(F_GETPIPE_SZ), C(F_GETSIG), C(F_GET_SEALS),
        C(F_NOTIFY), C(F_OFD_GETLK), C(F_OFD_SETLK), C(F_OFD_SETLKW), C(F_RDLCK), C(F_SEAL_GROW), C(F_SEAL_SEAL),
        C(F_SEAL_SHRINK), C(F_SEAL_WRITE), C(F_SETFD), C(F_SETFL), C(F_SETLEASE), C(F_SETLK), C(F_SETLK64),
        C(F_SETLKW), C(F_SETLKW64), C(F_SETOWN), C(F_SETPIPE_SZ), C(F_SETSIG), C(F_SHLCK), C(F_UNLCK), C(F_WRLCK),
        C(LOCK_EX), C(LOCK_MAND), C(LOCK_NB), C(LOCK_READ), C(LOCK_RW), C(LOCK_SH), C(LOCK_UN), C(LOCK_WRITE)};
#undef C
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiModuleDef gi_module_fcntl = {
    .name = "fcntl", .functions = fcntl_functions, .exec = fcntl_exec,
    .doc = "This module performs file control and I/O control on file\ndescriptors.  It is an interface to the fcntl() and ioctl() Unix\nroutines.  File descriptors can be obtained with the fileno() method of\na file or socket object.",
};
