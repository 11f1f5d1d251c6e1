/* limits.c - configuration values: sysconf, pathconf, confstr; extended attributes. */
#include "modules/posix/internal.h"
#include <stdlib.h>
#include <linux/limits.h>
#include <sys/xattr.h>
#include "modules/posix/limits.gen.h"

/* clang-format off */
static const GiIntConstant sysconf_names[] = {
    {"SC_2_CHAR_TERM", _SC_2_CHAR_TERM}, {"SC_2_C_BIND", _SC_2_C_BIND}, {"SC_2_C_DEV", _SC_2_C_DEV},
    {"SC_2_C_VERSION", _SC_2_C_VERSION}, {"SC_2_FORT_DEV", _SC_2_FORT_DEV},
    {"SC_2_FORT_RUN", _SC_2_FORT_RUN}, {"SC_2_LOCALEDEF", _SC_2_LOCALEDEF},
    {"SC_2_SW_DEV", _SC_2_SW_DEV}, {"SC_2_UPE", _SC_2_UPE}, {"SC_2_VERSION", _SC_2_VERSION},
    {"SC_AIO_LISTIO_MAX", _SC_AIO_LISTIO_MAX}, {"SC_AIO_MAX", _SC_AIO_MAX},
    {"SC_AIO_PRIO_DELTA_MAX", _SC_AIO_PRIO_DELTA_MAX}, {"SC_ARG_MAX", _SC_ARG_MAX},
    {"SC_ASYNCHRONOUS_IO", _SC_ASYNCHRONOUS_IO}, {"SC_ATEXIT_MAX", _SC_ATEXIT_MAX},
    {"SC_AVPHYS_PAGES", _SC_AVPHYS_PAGES}, {"SC_BC_BASE_MAX", _SC_BC_BASE_MAX},
    {"SC_BC_DIM_MAX", _SC_BC_DIM_MAX}, {"SC_BC_SCALE_MAX", _SC_BC_SCALE_MAX},
    {"SC_BC_STRING_MAX", _SC_BC_STRING_MAX}, {"SC_CHARCLASS_NAME_MAX", _SC_CHARCLASS_NAME_MAX},
    {"SC_CHAR_BIT", _SC_CHAR_BIT}, {"SC_CHAR_MAX", _SC_CHAR_MAX}, {"SC_CHAR_MIN", _SC_CHAR_MIN},
    {"SC_CHILD_MAX", _SC_CHILD_MAX}, {"SC_CLK_TCK", _SC_CLK_TCK},
    {"SC_COLL_WEIGHTS_MAX", _SC_COLL_WEIGHTS_MAX}, {"SC_DELAYTIMER_MAX", _SC_DELAYTIMER_MAX},
    {"SC_EQUIV_CLASS_MAX", _SC_EQUIV_CLASS_MAX}, {"SC_EXPR_NEST_MAX", _SC_EXPR_NEST_MAX},
    {"SC_FSYNC", _SC_FSYNC}, {"SC_GETGR_R_SIZE_MAX", _SC_GETGR_R_SIZE_MAX},
    {"SC_GETPW_R_SIZE_MAX", _SC_GETPW_R_SIZE_MAX}, {"SC_INT_MAX", _SC_INT_MAX},
    {"SC_INT_MIN", _SC_INT_MIN}, {"SC_IOV_MAX", _SC_IOV_MAX}, {"SC_JOB_CONTROL", _SC_JOB_CONTROL},
    {"SC_LINE_MAX", _SC_LINE_MAX}, {"SC_LOGIN_NAME_MAX", _SC_LOGIN_NAME_MAX},
    {"SC_LONG_BIT", _SC_LONG_BIT}, {"SC_MAPPED_FILES", _SC_MAPPED_FILES},
    {"SC_MB_LEN_MAX", _SC_MB_LEN_MAX}, {"SC_MEMLOCK", _SC_MEMLOCK},
    {"SC_MEMLOCK_RANGE", _SC_MEMLOCK_RANGE}, {"SC_MEMORY_PROTECTION", _SC_MEMORY_PROTECTION},
    {"SC_MESSAGE_PASSING", _SC_MESSAGE_PASSING}, {"SC_MINSIGSTKSZ", _SC_MINSIGSTKSZ},
    {"SC_MQ_OPEN_MAX", _SC_MQ_OPEN_MAX}, {"SC_MQ_PRIO_MAX", _SC_MQ_PRIO_MAX},
    {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX}, {"SC_NL_ARGMAX", _SC_NL_ARGMAX},
    {"SC_NL_LANGMAX", _SC_NL_LANGMAX}, {"SC_NL_MSGMAX", _SC_NL_MSGMAX}, {"SC_NL_NMAX", _SC_NL_NMAX},
    {"SC_NL_SETMAX", _SC_NL_SETMAX}, {"SC_NL_TEXTMAX", _SC_NL_TEXTMAX},
    {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF}, {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN},
    {"SC_NZERO", _SC_NZERO}, {"SC_OPEN_MAX", _SC_OPEN_MAX}, {"SC_PAGESIZE", _SC_PAGESIZE},
    {"SC_PAGE_SIZE", _SC_PAGE_SIZE}, {"SC_PASS_MAX", _SC_PASS_MAX},
    {"SC_PHYS_PAGES", _SC_PHYS_PAGES}, {"SC_PII", _SC_PII}, {"SC_PII_INTERNET", _SC_PII_INTERNET},
    {"SC_PII_INTERNET_DGRAM", _SC_PII_INTERNET_DGRAM},
    {"SC_PII_INTERNET_STREAM", _SC_PII_INTERNET_STREAM}, {"SC_PII_OSI", _SC_PII_OSI},
    {"SC_PII_OSI_CLTS", _SC_PII_OSI_CLTS}, {"SC_PII_OSI_COTS", _SC_PII_OSI_COTS},
    {"SC_PII_OSI_M", _SC_PII_OSI_M}, {"SC_PII_SOCKET", _SC_PII_SOCKET}, {"SC_PII_XTI", _SC_PII_XTI},
    {"SC_POLL", _SC_POLL}, {"SC_PRIORITIZED_IO", _SC_PRIORITIZED_IO},
    {"SC_PRIORITY_SCHEDULING", _SC_PRIORITY_SCHEDULING},
    {"SC_REALTIME_SIGNALS", _SC_REALTIME_SIGNALS}, {"SC_RE_DUP_MAX", _SC_RE_DUP_MAX},
    {"SC_RTSIG_MAX", _SC_RTSIG_MAX}, {"SC_SAVED_IDS", _SC_SAVED_IDS},
    {"SC_SCHAR_MAX", _SC_SCHAR_MAX}, {"SC_SCHAR_MIN", _SC_SCHAR_MIN}, {"SC_SELECT", _SC_SELECT},
    {"SC_SEMAPHORES", _SC_SEMAPHORES}, {"SC_SEM_NSEMS_MAX", _SC_SEM_NSEMS_MAX},
    {"SC_SEM_VALUE_MAX", _SC_SEM_VALUE_MAX},
    {"SC_SHARED_MEMORY_OBJECTS", _SC_SHARED_MEMORY_OBJECTS}, {"SC_SHRT_MAX", _SC_SHRT_MAX},
    {"SC_SHRT_MIN", _SC_SHRT_MIN}, {"SC_SIGQUEUE_MAX", _SC_SIGQUEUE_MAX},
    {"SC_SSIZE_MAX", _SC_SSIZE_MAX}, {"SC_STREAM_MAX", _SC_STREAM_MAX},
    {"SC_SYNCHRONIZED_IO", _SC_SYNCHRONIZED_IO}, {"SC_THREADS", _SC_THREADS},
    {"SC_THREAD_ATTR_STACKADDR", _SC_THREAD_ATTR_STACKADDR},
    {"SC_THREAD_ATTR_STACKSIZE", _SC_THREAD_ATTR_STACKSIZE},
    {"SC_THREAD_DESTRUCTOR_ITERATIONS", _SC_THREAD_DESTRUCTOR_ITERATIONS},
    {"SC_THREAD_KEYS_MAX", _SC_THREAD_KEYS_MAX},
    {"SC_THREAD_PRIORITY_SCHEDULING", _SC_THREAD_PRIORITY_SCHEDULING},
    {"SC_THREAD_PRIO_INHERIT", _SC_THREAD_PRIO_INHERIT},
    {"SC_THREAD_PRIO_PROTECT", _SC_THREAD_PRIO_PROTECT},
    {"SC_THREAD_PROCESS_SHARED", _SC_THREAD_PROCESS_SHARED},
    {"SC_THREAD_SAFE_FUNCTIONS", _SC_THREAD_SAFE_FUNCTIONS},
    {"SC_THREAD_STACK_MIN", _SC_THREAD_STACK_MIN},
    {"SC_THREAD_THREADS_MAX", _SC_THREAD_THREADS_MAX}, {"SC_TIMERS", _SC_TIMERS},
    {"SC_TIMER_MAX", _SC_TIMER_MAX}, {"SC_TTY_NAME_MAX", _SC_TTY_NAME_MAX},
    {"SC_TZNAME_MAX", _SC_TZNAME_MAX}, {"SC_T_IOV_MAX", _SC_T_IOV_MAX},
    {"SC_UCHAR_MAX", _SC_UCHAR_MAX}, {"SC_UINT_MAX", _SC_UINT_MAX},
    {"SC_UIO_MAXIOV", _SC_UIO_MAXIOV}, {"SC_ULONG_MAX", _SC_ULONG_MAX},
    {"SC_USHRT_MAX", _SC_USHRT_MAX}, {"SC_VERSION", _SC_VERSION}, {"SC_WORD_BIT", _SC_WORD_BIT},
    {"SC_XBS5_ILP32_OFF32", _SC_XBS5_ILP32_OFF32}, {"SC_XBS5_ILP32_OFFBIG", _SC_XBS5_ILP32_OFFBIG},
    {"SC_XBS5_LP64_OFF64", _SC_XBS5_LP64_OFF64}, {"SC_XBS5_LPBIG_OFFBIG", _SC_XBS5_LPBIG_OFFBIG},
    {"SC_XOPEN_CRYPT", _SC_XOPEN_CRYPT}, {"SC_XOPEN_ENH_I18N", _SC_XOPEN_ENH_I18N},
    {"SC_XOPEN_LEGACY", _SC_XOPEN_LEGACY}, {"SC_XOPEN_REALTIME", _SC_XOPEN_REALTIME},
    {"SC_XOPEN_REALTIME_THREADS", _SC_XOPEN_REALTIME_THREADS}, {"SC_XOPEN_SHM", _SC_XOPEN_SHM},
    {"SC_XOPEN_UNIX", _SC_XOPEN_UNIX}, {"SC_XOPEN_VERSION", _SC_XOPEN_VERSION},
    {"SC_XOPEN_XCU_VERSION", _SC_XOPEN_XCU_VERSION}, {"SC_XOPEN_XPG2", _SC_XOPEN_XPG2},
    {"SC_XOPEN_XPG3", _SC_XOPEN_XPG3}, {"SC_XOPEN_XPG4", _SC_XOPEN_XPG4},
};
static const GiIntConstant pathconf_names[] = {
    {"PC_ALLOC_SIZE_MIN", _PC_ALLOC_SIZE_MIN}, {"PC_ASYNC_IO", _PC_ASYNC_IO},
    {"PC_CHOWN_RESTRICTED", _PC_CHOWN_RESTRICTED}, {"PC_FILESIZEBITS", _PC_FILESIZEBITS},
    {"PC_LINK_MAX", _PC_LINK_MAX}, {"PC_MAX_CANON", _PC_MAX_CANON}, {"PC_MAX_INPUT", _PC_MAX_INPUT},
    {"PC_NAME_MAX", _PC_NAME_MAX}, {"PC_NO_TRUNC", _PC_NO_TRUNC}, {"PC_PATH_MAX", _PC_PATH_MAX},
    {"PC_PIPE_BUF", _PC_PIPE_BUF}, {"PC_PRIO_IO", _PC_PRIO_IO},
    {"PC_REC_INCR_XFER_SIZE", _PC_REC_INCR_XFER_SIZE},
    {"PC_REC_MAX_XFER_SIZE", _PC_REC_MAX_XFER_SIZE},
    {"PC_REC_MIN_XFER_SIZE", _PC_REC_MIN_XFER_SIZE}, {"PC_REC_XFER_ALIGN", _PC_REC_XFER_ALIGN},
    {"PC_SOCK_MAXBUF", _PC_SOCK_MAXBUF}, {"PC_SYMLINK_MAX", _PC_SYMLINK_MAX},
    {"PC_SYNC_IO", _PC_SYNC_IO}, {"PC_VDISABLE", _PC_VDISABLE},
};
static const GiIntConstant confstr_names[] = {
    {"CS_GNU_LIBC_VERSION", _CS_GNU_LIBC_VERSION},
    {"CS_GNU_LIBPTHREAD_VERSION", _CS_GNU_LIBPTHREAD_VERSION},
    {"CS_LFS64_CFLAGS", _CS_LFS64_CFLAGS}, {"CS_LFS64_LDFLAGS", _CS_LFS64_LDFLAGS},
    {"CS_LFS64_LIBS", _CS_LFS64_LIBS}, {"CS_LFS64_LINTFLAGS", _CS_LFS64_LINTFLAGS},
    {"CS_LFS_CFLAGS", _CS_LFS_CFLAGS}, {"CS_LFS_LDFLAGS", _CS_LFS_LDFLAGS},
    {"CS_LFS_LIBS", _CS_LFS_LIBS}, {"CS_LFS_LINTFLAGS", _CS_LFS_LINTFLAGS}, {"CS_PATH", _CS_PATH},
    {"CS_XBS5_ILP32_OFF32_CFLAGS", _CS_XBS5_ILP32_OFF32_CFLAGS},
    {"CS_XBS5_ILP32_OFF32_LDFLAGS", _CS_XBS5_ILP32_OFF32_LDFLAGS},
    {"CS_XBS5_ILP32_OFF32_LIBS", _CS_XBS5_ILP32_OFF32_LIBS},
    {"CS_XBS5_ILP32_OFF32_LINTFLAGS", _CS_XBS5_ILP32_OFF32_LINTFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_CFLAGS", _CS_XBS5_ILP32_OFFBIG_CFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_LDFLAGS", _CS_XBS5_ILP32_OFFBIG_LDFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_LIBS", _CS_XBS5_ILP32_OFFBIG_LIBS},
    {"CS_XBS5_ILP32_OFFBIG_LINTFLAGS", _CS_XBS5_ILP32_OFFBIG_LINTFLAGS},
    {"CS_XBS5_LP64_OFF64_CFLAGS", _CS_XBS5_LP64_OFF64_CFLAGS},
    {"CS_XBS5_LP64_OFF64_LDFLAGS", _CS_XBS5_LP64_OFF64_LDFLAGS},
    {"CS_XBS5_LP64_OFF64_LIBS", _CS_XBS5_LP64_OFF64_LIBS},
    {"CS_XBS5_LP64_OFF64_LINTFLAGS", _CS_XBS5_LP64_OFF64_LINTFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_CFLAGS", _CS_XBS5_LPBIG_OFFBIG_CFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_LDFLAGS", _CS_XBS5_LPBIG_OFFBIG_LDFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_LIBS", _CS_XBS5_LPBIG_OFFBIG_LIBS},
    {"CS_XBS5_LPBIG_OFFBIG_LINTFLAGS", _CS_XBS5_LPBIG_OFFBIG_LINTFLAGS},
};
/* clang-format on */

/* The number of a configuration name: an int, or a str of the table (sorted by name). */
static GiStatus config_number(GiThread *ts, GiVal name, const GiIntConstant *table, size_t count, int *number) {
    if (gi_is_int(name)) return gi_as_int(ts, name, number);
    if (!gi_is_str(name))
        return gi_raise_status(ts, &gi_exc_TypeError, "configuration names must be strings or integers");
    for (size_t i = 0; i < count; i++)
        if (gi_str_equals_cstr(name, table[i].name)) {
            *number = (int)table[i].value;
            return GI_OK;
        }
    return gi_raise_status(ts, &gi_exc_ValueError, "unrecognized configuration name");
}
GI_FUNCTION(posix, sysconf, "(name, /)", "Return an integer-valued system configuration variable.") {
    int number;
    if (config_number(ts, a->name, sysconf_names, GI_COUNTOF(sysconf_names), &number) < 0) return GI_NULL;
    errno = 0;
    long value = sysconf(number);
    return value == -1 && errno ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_int_from_i64(ts, value);
}
GI_FUNCTION(posix, confstr, "(name, /)", "Return a string-valued system configuration variable.") {
    int number;
    if (config_number(ts, a->name, confstr_names, GI_COUNTOF(confstr_names), &number) < 0) return GI_NULL;
    errno = 0;
    size_t n = confstr(number, NULL, 0);
    if (n == 0) return errno ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
    char *text = malloc(n);
    if (text == NULL) return gi_raise_nomem(ts);
    confstr(number, text, n);
    GiRef r = gi_str_from_fs(ts, text, n - 1);
    free(text);
    return r;
}
GI_FUNCTION(posix, fpathconf, "(fd: fd, name, /)", "Return the configuration limit name for the file descriptor fd.\n\nIf there is no limit, return -1.") {
    int number, error = 0;
    long value = 0;
    if (config_number(ts, a->name, pathconf_names, GI_COUNTOF(pathconf_names), &number) < 0) return GI_NULL;
    GI_BLOCKING(&ts->core, "fpathconf") {
        errno = 0;
        value = fpathconf(a->fd, number);
        error = errno;
    }
    return value == -1 && error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_int_from_i64(ts, value);
}
GI_FUNCTION(posix, pathconf, "(path, name)", "Return the configuration limit name for the file or directory path.\n\nIf there is no limit, return -1.\nOn some platforms, path may also be specified as an open file descriptor.\n  If this functionality is unavailable, using it raises an exception.") {
    GI_PATH(path);
    int number, error = 0;
    long value = 0;
    if (gi_path_get(ts, a->path, "pathconf", "path", true, false, &path) < 0) return GI_NULL;
    if (config_number(ts, a->name, pathconf_names, GI_COUNTOF(pathconf_names), &number) < 0) {
        gi_path_drop(ts, &path);
        return GI_NULL;
    }
    GI_BLOCKING(&ts->core, "pathconf") {
        errno = 0;
        value = path.text ? pathconf(path.text, number) : fpathconf(path.fd, number);
        error = errno;
    }
    gi_path_drop(ts, &path);
    errno = error;
    return value == -1 && error ? gi_path_error(ts, &path) : gi_int_from_i64(ts, value);
}

/* ---- Extended attributes ---- */

/* The path and the attribute's name of one call. */
typedef struct Attribute { GiPath path, name; } Attribute;
static void attribute_free(Attribute *at) {
    gi_path_free(&at->path);
    gi_path_free(&at->name);
}

static GiStatus attribute_get(GiThread *ts, GiVal path, GiVal name, const char *function, Attribute *at) {
    if (gi_path_get(ts, path, function, "path", true, false, &at->path) < 0) return GI_FAIL;
    if (gi_path_get(ts, name, function, "attribute", false, false, &at->name) == GI_OK) return GI_OK;
    gi_path_drop(ts, &at->path);
    return GI_FAIL;
}
static GiRef attribute_done(GiThread *ts, Attribute *at, ssize_t result) {
    gi_path_drop(ts, &at->path);
    gi_path_drop(ts, &at->name);
    return result < 0 ? gi_path_error(ts, &at->path) : GI_REF_NONE;
}
static GiStatus check_follow(GiThread *ts, const char *function, const GiPath *path, bool follow) {
    if (path->text || follow) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "%s: cannot use fd and follow_symlinks together", function);
}

typedef ssize_t (*Reader)(const void *call, char *buffer, size_t size);

/* What `read` gives into a buffer that grows until it is large enough; the length, or -1 with errno. */
static ssize_t read_growing(GiThread *ts, Reader read, const void *call, char **out) {
    *out = NULL;
    for (size_t size = 256;; size = size < XATTR_SIZE_MAX ? XATTR_SIZE_MAX : size * 4) {
        char *grown = realloc(*out, size);
        if (grown == NULL) {
            errno = ENOMEM;
            return -1;
        }
        *out = grown;
        ssize_t n = 0;
        int error = 0;
        GI_BLOCKING(&ts->core, "xattr") {
            n = read(call, grown, size);
            error = errno;
        }
        errno = error;
        if (n >= 0 || error != ERANGE || size > (1u << 24)) return n;
    }
}
typedef struct AttributeCall { const char *path, *name; int fd; bool follow; } AttributeCall;
static ssize_t read_attribute(const void *call, char *buffer, size_t size) {
    const AttributeCall *c = call;
    if (!c->path) return fgetxattr(c->fd, c->name, buffer, size);
    return c->follow ? getxattr(c->path, c->name, buffer, size) : lgetxattr(c->path, c->name, buffer, size);
}
static ssize_t read_names(const void *call, char *buffer, size_t size) {
    const AttributeCall *c = call;
    if (!c->path) return flistxattr(c->fd, buffer, size);
    return c->follow ? listxattr(c->path, buffer, size) : llistxattr(c->path, buffer, size);
}
GI_FUNCTION(posix, getxattr, "(path, attribute, *, follow_symlinks: bool = True)", "Return the value of extended attribute attribute on path.\n\npath may be either a string, a path-like object, or an open file descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, getxattr will examine the symbolic link itself instead of the file\n  the link points to.") {
    __attribute__((cleanup(attribute_free))) Attribute at = {.path = GI_PATH_EMPTY, .name = GI_PATH_EMPTY};
    if (attribute_get(ts, a->path, a->attribute, "getxattr", &at) < 0 ||
        gi_auditf(ts, "os.getxattr", "OO", at.path.object, at.name.object) < 0)
        return GI_NULL;
    AttributeCall call = {at.path.text, at.name.text, at.path.fd, a->follow_symlinks};
    char *data;
    ssize_t n = read_growing(ts, read_attribute, &call, &data);
    GiRef r = attribute_done(ts, &at, n);
    if (!gi_is_null(r)) r = gi_bytes_from(ts, data, (size_t)n);
    free(data);
    return r;
}
GI_FUNCTION(posix, setxattr, "(path, attribute, value: buffer, flags: int = 0, *, follow_symlinks: bool = True)", "Set extended attribute attribute on path to value.\n\npath may be either a string, a path-like object,  or an open file descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, setxattr will modify the symbolic link itself instead of the file\n  the link points to.") {
    __attribute__((cleanup(attribute_free))) Attribute at = {.path = GI_PATH_EMPTY, .name = GI_PATH_EMPTY};
    if (attribute_get(ts, a->path, a->attribute, "setxattr", &at) < 0) return GI_NULL;
    GI_AUTO GiRef value = gi_audit_wanted(ts) ? gi_bytes_from(ts, a->value.data, (size_t)a->value.len) : GI_REF_NONE;
    if (gi_is_null(value) || gi_auditf(ts, "os.setxattr", "OOOi", at.path.object, at.name.object, gi_val(value), a->flags) < 0) return GI_NULL;
    int result = 0, error = 0;
    const char *path = at.path.text, *name = at.name.text;
    size_t n = (size_t)a->value.len;
    GI_BLOCKING(&ts->core, "setxattr") {
        result = !path               ? fsetxattr(at.path.fd, name, a->value.data, n, a->flags)
                 : a->follow_symlinks ? setxattr(path, name, a->value.data, n, a->flags)
                                      : lsetxattr(path, name, a->value.data, n, a->flags);
        error = errno;
    }
    errno = error;
    return attribute_done(ts, &at, result);
}
GI_FUNCTION(posix, removexattr, "(path, attribute, *, follow_symlinks: bool = True)", "Remove extended attribute attribute on path.\n\npath may be either a string, a path-like object, or an open file descriptor.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, removexattr will modify the symbolic link itself instead of the file\n  the link points to.") {
    __attribute__((cleanup(attribute_free))) Attribute at = {.path = GI_PATH_EMPTY, .name = GI_PATH_EMPTY};
    if (attribute_get(ts, a->path, a->attribute, "removexattr", &at) < 0 ||
        gi_auditf(ts, "os.removexattr", "OO", at.path.object, at.name.object) < 0)
        return GI_NULL;
    int result = 0, error = 0;
    GI_BLOCKING(&ts->core, "removexattr") {
        result = !at.path.text        ? fremovexattr(at.path.fd, at.name.text)
                 : a->follow_symlinks ? removexattr(at.path.text, at.name.text)
                                      : lremovexattr(at.path.text, at.name.text);
        error = errno;
    }
    errno = error;
    return attribute_done(ts, &at, result);
}
GI_FUNCTION(posix, listxattr, "(path = None, *, follow_symlinks: bool = True)", "Return a list of extended attributes on path.\n\npath may be either None, a string, a path-like object, or an open file descriptor.\nif path is None, listxattr will examine the current directory.\nIf follow_symlinks is False, and the last element of the path is a symbolic\n  link, listxattr will examine the symbolic link itself instead of the file\n  the link points to.") {
    GI_PATH(path);
    if (gi_path_get(ts, a->path, "listxattr", "path", true, true, &path) < 0 || gi_auditf(ts, "os.listxattr", "O", a->path) < 0) return GI_NULL;
    if (check_follow(ts, "listxattr", &path, a->follow_symlinks) < 0) {
        gi_path_drop(ts, &path);
        return GI_NULL;
    }
    AttributeCall call = {path.text, NULL, path.fd, a->follow_symlinks};
    char *names;
    ssize_t n = read_growing(ts, read_names, &call, &names);
    gi_path_drop(ts, &path);
    GiRef list = n < 0 ? gi_path_error(ts, &path) : gi_list_new(ts, 4);
    for (char *name = names; !gi_is_null(list) && name < names + n; name += strlen(name) + 1)
        if (gi_list_append(ts, gi_val(list), gi_str_from_fs(ts, name, strlen(name))) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    free(names);
    return list;
}

static GiStatus add_names(GiThread *ts, GiVal module, const char *name, const GiIntConstant *table, size_t count) {
    GiRef names = gi_dict_new(ts);
    for (size_t i = 0; i < count && !gi_is_null(names); i++)
        if (gi_dict_set_cstr(ts, gi_val(names), table[i].name, gi_smallint(table[i].value)) < 0) {
            gi_drop(ts, names);
            names = GI_NULL;
        }
    return gi_module_add(ts, module, name, names);
}
GiStatus gi_posix_limits_init(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"XATTR_CREATE", XATTR_CREATE}, {"XATTR_REPLACE", XATTR_REPLACE}, {"XATTR_SIZE_MAX", XATTR_SIZE_MAX}};
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0 ||
        add_names(ts, module, "sysconf_names", sysconf_names, GI_COUNTOF(sysconf_names)) < 0 ||
        add_names(ts, module, "pathconf_names", pathconf_names, GI_COUNTOF(pathconf_names)) < 0)
        return GI_FAIL;
    return add_names(ts, module, "confstr_names", confstr_names, GI_COUNTOF(confstr_names));
}
const GiMethodDef *const gi_posix_limit_functions = posix_functions;
