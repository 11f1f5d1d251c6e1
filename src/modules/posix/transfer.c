/* transfer.c - data between descriptors and several buffers: readv and its kin, copy_file_range,
 * splice, sendfile, eventfd, memfd, advice.
 */
#include "modules/posix/internal.h"
#include <limits.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include "modules/posix/transfer.gen.h"

/* The buffers of a vectored call: views, and the table that the system reads. */
typedef struct Vector {
    struct iovec *table;
    GiBuffer *views;
    size_t count;
} Vector;

static void vector_free(GiThread *ts, Vector *v) {
    int error = errno;
    for (size_t i = 0; i < v->count; i++) gi_buffer_release(ts, &v->views[i]);
    free(v->views);
    free(v->table);
    errno = error;
}
static GiStatus vector_get(GiThread *ts, GiVal buffers, const char *function, bool writable, Vector *v) {
    *v = (Vector){NULL, NULL, 0};
    if (!gi_is_sequence(buffers))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() arg 2 must be a sequence", function);
    GiRef list = gi_to_tuple(ts, buffers);
    if (gi_is_null(list)) return GI_FAIL;
    size_t n = gi_tuple_len(list);
    v->table = calloc(n + 1, sizeof *v->table);
    v->views = calloc(n + 1, sizeof *v->views);
    bool failed = !v->table || !v->views;
    if (failed) gi_raise_nomem(ts);
    for (size_t i = 0; !failed && i < n; i++) {
        failed = gi_buffer_get(ts, gi_tuple_get(gi_val(list), i), &v->views[i], writable ? GI_BUF_WRITABLE : GI_BUF_SIMPLE) < 0;
        if (failed) break;
        v->table[i] = (struct iovec){v->views[i].data, (size_t)v->views[i].len};
        v->count++;
    }
    gi_drop(ts, list);
    if (!failed) return GI_OK;
    vector_free(ts, v);
    return GI_FAIL;
}
/* The system call `expression` on the vector `v`, whose views are released. */
#define VECTOR_CALL(argument, function, writable, expression)                                              \
    do {                                                                                                   \
        Vector v;                                                                                          \
        ssize_t n;                                                                                         \
        bool raised;                                                                                       \
        if (vector_get(ts, argument, function, writable, &v) < 0) return GI_NULL;                          \
        GI_SYSCALL(ts, function, n, raised, expression);                                                   \
        vector_free(ts, &v);                                                                               \
        return n < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, n);    \
    } while (0)

GI_FUNCTION(posix, readv, "(fd: int, buffers, /)", "Read from a file descriptor fd into an iterable of buffers.\n\nThe buffers should be mutable buffers accepting bytes.\nreadv will transfer data into each buffer until it is full\nand then move on to the next buffer in the sequence to hold\nthe rest of the data.\n\nreadv returns the total number of bytes read,\nwhich may be less than the total capacity of all the buffers.") {
    VECTOR_CALL(a->buffers, "readv", true, readv(a->fd, v.table, (int)v.count));
}
GI_FUNCTION(posix, writev, "(fd: int, buffers, /)", "Iterate over buffers, and write the contents of each to a file descriptor.\n\nReturns the total number of bytes written.\nbuffers must be a sequence of bytes-like objects.") {
    VECTOR_CALL(a->buffers, "writev", false, writev(a->fd, v.table, (int)v.count));
}
GI_FUNCTION(posix, preadv, "(fd: int, buffers, offset: i64, flags: int = 0, /)", "Reads from a file descriptor into a number of mutable bytes-like objects.\n\nCombines the functionality of readv() and pread(). As readv(), it will\ntransfer data into each buffer until it is full and then move on to the next\nbuffer in the sequence to hold the rest of the data. Its fourth argument,\nspecifies the file offset at which the input operation is to be performed. It\nwill return the total number of bytes read (which can be less than the total\ncapacity of all the objects).\n\nThe flags argument contains a bitwise OR of zero or more of the following flags:\n\n- RWF_HIPRI\n- RWF_NOWAIT\n\nUsing non-zero flags requires Linux 4.6 or newer.") {
    VECTOR_CALL(a->buffers, "preadv2", true, preadv2(a->fd, v.table, (int)v.count, a->offset, a->flags));
}
GI_FUNCTION(posix, pwritev, "(fd: int, buffers, offset: i64, flags: int = 0, /)", "Writes the contents of bytes-like objects to a file descriptor at a given offset.\n\nCombines the functionality of writev() and pwrite(). All buffers must be a sequence\nof bytes-like objects. Buffers are processed in array order. Entire contents of first\nbuffer is written before proceeding to second, and so on. The operating system may\nset a limit (sysconf() value SC_IOV_MAX) on the number of buffers that can be used.\nThis function writes the contents of each object to the file descriptor and returns\nthe total number of bytes written.\n\nThe flags argument contains a bitwise OR of zero or more of the following flags:\n\n- RWF_DSYNC\n- RWF_SYNC\n- RWF_APPEND\n\nUsing non-zero flags requires Linux 4.7 or newer.") {
    VECTOR_CALL(a->buffers, "pwritev", false, pwritev2(a->fd, v.table, (int)v.count, a->offset, a->flags));
}

/* An offset argument: null pointer for None, else its place in *value. */
static GiStatus offset_get(GiThread *ts, GiVal v, off_t *value, off_t **at) {
    *at = NULL;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    int64_t number;
    if (gi_as_i64(ts, v, &number) < 0) return GI_FAIL;
    *value = number;
    *at = value;
    return GI_OK;
}
GI_FUNCTION(posix, copy_file_range, "(src: int, dst: int, count: ssize, offset_src = None, offset_dst = None)", "Copy count bytes from one file descriptor to another.\n\n  src\n    Source file descriptor.\n  dst\n    Destination file descriptor.\n  count\n    Number of bytes to copy.\n  offset_src\n    Starting offset in src.\n  offset_dst\n    Starting offset in dst.\n\nIf offset_src is None, then src is read from the current position;\nrespectively for offset_dst.") {
    off_t from = 0, to = 0, *from_at, *to_at;
    ssize_t n;
    bool raised;
    if (a->count < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative value for 'count' not allowed");
    if (offset_get(ts, a->offset_src, &from, &from_at) < 0 || offset_get(ts, a->offset_dst, &to, &to_at) < 0) return GI_NULL;
    GI_SYSCALL(ts, "copy_file_range", n, raised, copy_file_range(a->src, from_at, a->dst, to_at, (size_t)a->count, 0));
    return n < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, n);
}
GI_FUNCTION(posix, splice, "(src: int, dst: int, count: ssize, offset_src = None, offset_dst = None, flags: uint = 0)", "Transfer count bytes from one pipe to a descriptor or vice versa.\n\n  src\n    Source file descriptor.\n  dst\n    Destination file descriptor.\n  count\n    Number of bytes to copy.\n  offset_src\n    Starting offset in src.\n  offset_dst\n    Starting offset in dst.\n  flags\n    Flags to modify the semantics of the call.\n\nIf offset_src is None, then src is read from the current position;\nrespectively for offset_dst. The offset associated to the file\ndescriptor that refers to a pipe must be None.") {
    off_t from = 0, to = 0, *from_at, *to_at;
    ssize_t n;
    bool raised;
    if (a->count < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative value for 'count' not allowed");
    if (offset_get(ts, a->offset_src, &from, &from_at) < 0 || offset_get(ts, a->offset_dst, &to, &to_at) < 0) return GI_NULL;
    GI_SYSCALL(ts, "splice", n, raised, splice(a->src, from_at, a->dst, to_at, (size_t)a->count, a->flags));
    return n < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, n);
}
GI_FUNCTION(posix, sendfile, "(out_fd: int, in_fd: int, offset, count: ssize)", "Copy count bytes from file descriptor in_fd to file descriptor out_fd.") {
    off_t offset = 0, *at;
    ssize_t n;
    bool raised;
    if (offset_get(ts, a->offset, &offset, &at) < 0) return GI_NULL;
    GI_SYSCALL(ts, "sendfile", n, raised, sendfile(a->out_fd, a->in_fd, at, (size_t)a->count));
    return n < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, n);
}
GI_FUNCTION(posix, posix_fadvise, "(fd: int, offset: i64, length: i64, advice: int, /)", "Announce an intention to access data in a specific pattern.\n\nAnnounce an intention to access data in a specific pattern, thus allowing\nthe kernel to make optimizations.\nThe advice applies to the region of the file specified by fd starting at\noffset and continuing for length bytes.\nadvice is one of POSIX_FADV_NORMAL, POSIX_FADV_SEQUENTIAL,\nPOSIX_FADV_RANDOM, POSIX_FADV_NOREUSE, POSIX_FADV_WILLNEED, or\nPOSIX_FADV_DONTNEED.") {
    int error = 0;
    do GI_BLOCKING(&ts->core, "posix_fadvise") error = posix_fadvise(a->fd, a->offset, a->length, a->advice);
    while (error == EINTR && gi_check_signals(ts) == 0);
    return gi_raised(ts) ? GI_NULL : error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}

GI_FUNCTION(posix, eventfd, "(initval: uint, flags: int = EFD_CLOEXEC)", "Creates and returns an event notification file descriptor.") {
    int fd = eventfd(a->initval, a->flags);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(fd);
}
GI_FUNCTION(posix, eventfd_read, "(fd: fd)", "Read eventfd value") {
    eventfd_t value = 0;
    int result;
    bool raised;
    GI_SYSCALL(ts, "eventfd_read", result, raised, eventfd_read(a->fd, &value));
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_u64(ts, value);
}
GI_FUNCTION(posix, eventfd_write, "(fd: fd, value)", "Write eventfd value.") {
    GiRef index = gi_index(ts, a->value);
    if (gi_is_null(index)) return index;
    int sign = gi_int_sign(gi_val(index));
    uint64_t value;
    GiStatus status = sign < 0 ? gi_raise_status(ts, &gi_exc_ValueError, "value must be positive") : gi_as_u64(ts, gi_val(index), &value);
    gi_drop(ts, index);
    if (status < 0) return GI_NULL;
    int result;
    bool raised;
    GI_SYSCALL(ts, "eventfd_write", result, raised, eventfd_write(a->fd, value));
    return result < 0 ? raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, memfd_create, "(name, flags: uint = MFD_CLOEXEC)", NULL) {
    GI_PATH(path);
    if (gi_path_get(ts, a->name, "memfd_create", "name", false, false, &path) < 0) return GI_NULL;
    int fd = memfd_create(path.text, a->flags);
    gi_path_drop(ts, &path);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(fd);
}

GiStatus gi_posix_transfer_init(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"EFD_CLOEXEC", EFD_CLOEXEC}, {"EFD_NONBLOCK", EFD_NONBLOCK}, {"EFD_SEMAPHORE", EFD_SEMAPHORE},
        {"MFD_CLOEXEC", MFD_CLOEXEC}, {"MFD_ALLOW_SEALING", MFD_ALLOW_SEALING}, {"MFD_HUGETLB", MFD_HUGETLB},
        {"MFD_HUGE_SHIFT", MFD_HUGE_SHIFT}, {"MFD_HUGE_MASK", MFD_HUGE_MASK}, {"MFD_HUGE_64KB", MFD_HUGE_64KB},
        {"MFD_HUGE_512KB", MFD_HUGE_512KB}, {"MFD_HUGE_1MB", MFD_HUGE_1MB}, {"MFD_HUGE_2MB", MFD_HUGE_2MB},
        {"MFD_HUGE_8MB", MFD_HUGE_8MB}, {"MFD_HUGE_16MB", MFD_HUGE_16MB}, {"MFD_HUGE_32MB", MFD_HUGE_32MB},
        {"MFD_HUGE_256MB", MFD_HUGE_256MB}, {"MFD_HUGE_512MB", MFD_HUGE_512MB}, {"MFD_HUGE_1GB", MFD_HUGE_1GB},
        {"MFD_HUGE_2GB", MFD_HUGE_2GB}, {"MFD_HUGE_16GB", (int64_t)MFD_HUGE_16GB},
        {"POSIX_FADV_NORMAL", POSIX_FADV_NORMAL}, {"POSIX_FADV_SEQUENTIAL", POSIX_FADV_SEQUENTIAL},
        {"POSIX_FADV_RANDOM", POSIX_FADV_RANDOM}, {"POSIX_FADV_NOREUSE", POSIX_FADV_NOREUSE},
        {"POSIX_FADV_WILLNEED", POSIX_FADV_WILLNEED}, {"POSIX_FADV_DONTNEED", POSIX_FADV_DONTNEED},
        {"RWF_APPEND", RWF_APPEND}, {"RWF_DSYNC", RWF_DSYNC}, {"RWF_HIPRI", RWF_HIPRI}, {"RWF_NOWAIT", RWF_NOWAIT},
        {"RWF_SYNC", RWF_SYNC}, {"SPLICE_F_MOVE", SPLICE_F_MOVE}, {"SPLICE_F_NONBLOCK", SPLICE_F_NONBLOCK},
        {"SPLICE_F_MORE", SPLICE_F_MORE}};
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiMethodDef *const gi_posix_transfer_functions = posix_functions;
