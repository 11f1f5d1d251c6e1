/* module.c - module posix put together: parts, environ, constants. */
#include "modules/posix/internal.h"
#include "os/process.h"
#include <dlfcn.h>
#include <sys/statvfs.h>

extern const GiModuleDef gi_module_posix;

GiPosixState *gi_posix_state(GiThread *ts) { return gi_module_state_of(ts, &gi_module_posix); }

static GiStatus add_environ(GiThread *ts, GiVal module) {
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return GI_FAIL;
    for (char **e = gi_os_environ_peek(); e && *e; e++) {
        const char *eq = strchr(*e, '=');
        if (eq == NULL) continue;
        GiRef key = gi_bytes_from(ts, *e, (size_t)(eq - *e)), value = gi_bytes_from(ts, eq + 1, strlen(eq + 1));
        GiRef old = gi_is_null(key) || gi_is_null(value) ? GI_NULL
                    : gi_dict_setdefault(ts, gi_val(dict), gi_val(key), gi_val(value));
        gi_xdrop(ts, key);
        gi_xdrop(ts, value);
        if (gi_is_null(old)) {
            gi_drop(ts, dict);
            return GI_FAIL;
        }
        gi_drop(ts, old);
    }
    return gi_module_add(ts, module, "environ", dict);
}

static const GiIntConstant constants[] = {
    {"F_OK", F_OK}, {"R_OK", R_OK}, {"W_OK", W_OK}, {"X_OK", X_OK}, {"O_RDONLY", O_RDONLY}, {"O_WRONLY", O_WRONLY},
    {"O_RDWR", O_RDWR}, {"O_NDELAY", O_NDELAY}, {"O_NONBLOCK", O_NONBLOCK}, {"O_APPEND", O_APPEND}, {"O_DSYNC", O_DSYNC},
    {"O_RSYNC", O_RSYNC}, {"O_SYNC", O_SYNC}, {"O_NOCTTY", O_NOCTTY}, {"O_CREAT", O_CREAT}, {"O_EXCL", O_EXCL},
    {"O_TRUNC", O_TRUNC}, {"O_LARGEFILE", O_LARGEFILE}, {"O_PATH", O_PATH}, {"O_TMPFILE", O_TMPFILE},
    {"O_CLOEXEC", O_CLOEXEC}, {"O_ACCMODE", O_ACCMODE}, {"O_ASYNC", O_ASYNC}, {"O_DIRECT", O_DIRECT},
    {"O_DIRECTORY", O_DIRECTORY}, {"O_NOFOLLOW", O_NOFOLLOW}, {"O_NOATIME", O_NOATIME}, {"O_FSYNC", O_FSYNC}, {"RTLD_LAZY", RTLD_LAZY}, {"RTLD_NOW", RTLD_NOW},
    {"RTLD_GLOBAL", RTLD_GLOBAL}, {"RTLD_LOCAL", RTLD_LOCAL}, {"RTLD_NODELETE", RTLD_NODELETE}, {"RTLD_NOLOAD", RTLD_NOLOAD},
    {"RTLD_DEEPBIND", RTLD_DEEPBIND}, {"ST_RDONLY", ST_RDONLY}, {"ST_NOSUID", ST_NOSUID}, {"ST_NODEV", ST_NODEV},
    {"ST_NOEXEC", ST_NOEXEC}, {"ST_SYNCHRONOUS", ST_SYNCHRONOUS}, {"ST_MANDLOCK", ST_MANDLOCK}, {"ST_WRITE", ST_WRITE},
    {"ST_APPEND", ST_APPEND}, {"ST_NOATIME", ST_NOATIME}, {"ST_NODIRATIME", ST_NODIRATIME}, {"ST_RELATIME", ST_RELATIME},
};

static GiStatus posix_exec(GiThread *ts, GiVal module) {
    const GiMethodDef *const tables[] = {gi_posix_stat_functions, gi_posix_dir_functions, gi_posix_file_functions,
                                          gi_posix_process_functions, gi_posix_attribute_functions,
                                          gi_posix_identity_functions, gi_posix_limit_functions,
                                          gi_posix_transfer_functions, gi_posix_spawn_functions};
    for (size_t i = 0; i < GI_COUNTOF(tables); i++)
        if (gi_module_add_functions(ts, module, tables[i]) < 0) return GI_FAIL;
    if (gi_posix_stat_init(ts, module) < 0 || gi_posix_dirs_init(ts, module) < 0 ||
        gi_posix_process_init(ts, module) < 0 || gi_posix_attributes_init(ts, module) < 0 ||
        gi_posix_identity_init(ts, module) < 0 || gi_posix_limits_init(ts, module) < 0 ||
        gi_posix_transfer_init(ts, module) < 0 || gi_posix_spawn_init(ts, module) < 0 || add_environ(ts, module) < 0)
        return GI_FAIL;
    if (gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_OSError))) < 0) return GI_FAIL;
    static const char *const have[] = {"HAVE_EVENTFD", "HAVE_FACCESSAT", "HAVE_FCHDIR", "HAVE_FCHMOD", "HAVE_FCHMODAT", "HAVE_FCHOWN",
        "HAVE_FCHOWNAT", "HAVE_FEXECVE", "HAVE_FDOPENDIR", "HAVE_FPATHCONF", "HAVE_FSTATAT", "HAVE_FSTATVFS",
        "HAVE_FTRUNCATE", "HAVE_FUTIMENS", "HAVE_FUTIMES", "HAVE_FUTIMESAT", "HAVE_LINKAT", "HAVE_LCHOWN", "HAVE_LSTAT", "HAVE_LUTIMES", "HAVE_MEMFD_CREATE",
        "HAVE_MKDIRAT", "HAVE_MKFIFOAT", "HAVE_MKNODAT", "HAVE_OPENAT", "HAVE_READLINKAT", "HAVE_RENAMEAT",
        "HAVE_SYMLINKAT", "HAVE_UNLINKAT", "HAVE_UTIMENSAT"};
    GiRef list = gi_list_new(ts, GI_COUNTOF(have));
    for (size_t i = 0; i < GI_COUNTOF(have) && !gi_is_null(list); i++) {
        GiRef name = gi_intern_cstr(ts, have[i]);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    if (gi_module_add(ts, module, "_have_functions", list) < 0) return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}

static const GiField posix_state_fields[] = {GI_SLOT(GiPosixState, stat_result), GI_SLOT(GiPosixState, statvfs_result),
                                             GI_SLOT(GiPosixState, sched_param), GI_SLOT(GiPosixState, waitid_result),
                                             GI_FIELDS_END};
const GiModuleDef gi_module_posix = {
    .name = "posix", .doc = "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard (a thinly\ndisguised Unix interface).  Refer to the library manual and\ncorresponding Unix manual entries for more information on calls.",
    .exec = posix_exec, .state_size = sizeof(GiPosixState), .state_fields = posix_state_fields};
