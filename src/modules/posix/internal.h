/* internal.h - what the files of module posix share.
 *
 * Module posix is a folder: one file for each kind of system call (stat.c, dirs.c, files.c ...),
 * each with a table of functions that module.c adds.
 */
#ifndef GI_MODULES_POSIX_INTERNAL_H
#define GI_MODULES_POSIX_INTERNAL_H

#include "modules/module.h"
#include "objects/audit.h"
#include "runtime/runtime.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Tables and set-up of the parts. */
extern const GiMethodDef *const gi_posix_stat_functions, *const gi_posix_dir_functions, *const gi_posix_file_functions,
    *const gi_posix_process_functions, *const gi_posix_attribute_functions, *const gi_posix_identity_functions,
    *const gi_posix_limit_functions, *const gi_posix_transfer_functions, *const gi_posix_spawn_functions;
GI_NODISCARD GiStatus gi_posix_stat_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_dirs_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_process_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_attributes_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_identity_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_limits_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_transfer_init(GiThread *ts, GiVal module);
GI_NODISCARD GiStatus gi_posix_spawn_init(GiThread *ts, GiVal module);

/* The VM's state of the module. */
typedef struct GiPosixState { GiSlot stat_result, statvfs_result, sched_param, waitid_result; } GiPosixState;
GiPosixState *gi_posix_state(GiThread *ts);

/* A path argument: str, bytes, os.PathLike, or (allow_fd) a descriptor. */
typedef struct GiPath {
    const char *text; /* NULL when it is a descriptor */
    int fd;           /* -1 when it is a path */
    GiRef bytes;      /* holds text */
    GiVal object;     /* as given, or what its __fspath__() gave: for messages */
    GiRef held;       /* holds object when that is not the argument */
    bool was_bytes;   /* results are bytes then */
} GiPath;
void gi_path_free(GiPath *path);
#define GI_PATH_EMPTY ((GiPath){.fd = -1, .bytes = GI_NULL, .held = GI_NULL})
/* Declares a path that is let go at the end of its scope. */
#define GI_PATH(name) __attribute__((cleanup(gi_path_free))) GiPath name = GI_PATH_EMPTY
/* function: for messages ("stat: path should be string, bytes, os.PathLike or integer, not list"). */
GI_NODISCARD GiStatus gi_path_get(GiThread *ts, GiVal v, const char *function, const char *argument, bool allow_fd,
                                  bool allow_none, GiPath *path);
/* Lets the text go early; the object for messages stays. */
void gi_path_drop(GiThread *ts, GiPath *path);
/* OSError of errno with the path's name. */
GiRef gi_path_error(GiThread *ts, const GiPath *path);
/* A file name as str or bytes as the path was given. */
GI_NODISCARD GiRef gi_path_name(GiThread *ts, const GiPath *path, const char *name, size_t len);
/* dir_fd argument: null or None is AT_FDCWD. */
GI_NODISCARD GiStatus gi_dir_fd(GiThread *ts, GiVal v, int *fd);
/* A directory as audit events tell it. */
static inline int gi_dir_shown(int dir) { return dir == AT_FDCWD ? -1 : dir; }
GI_NODISCARD GiRef gi_stat_result(GiThread *ts, const struct stat *info);

/* A user's or group's number ("uid", "gid" in messages); -1 stands for "as it is". */
GI_NODISCARD GiStatus gi_posix_id(GiThread *ts, GiVal v, const char *kind, uint32_t *out);
struct sched_param;
/* The parameters in an os.sched_param. */
GI_NODISCARD GiStatus gi_posix_sched_param(GiThread *ts, GiVal v, struct sched_param *out);

/* Whether to let go of the GIL for a write: not when others wait for it and the write is small and
 * finds room at once (a hand-over there and back costs more than to ask). */
bool gi_write_detaches(GiThread *ts, int fd, size_t len);

/* Runs a system call detached, again after EINTR (handlers run in between): `expression` gives
 * -1 with errno. The result is in `result`; `raised` tells that a handler raised. */
#define GI_SYSCALL(ts, name, result, raised, expression) GI_SYSCALL_IF(ts, name, true, result, raised, expression)

/* The same; only `if` so is it run detached. */
#define GI_SYSCALL_IF(ts, name, detach, result, raised, expression)               \
    do {                                                                          \
        raised = false;                                                           \
        int gi_error;                                                             \
        do {                                                                      \
            GI_BLOCKING_IF(&(ts)->core, name, detach) {                           \
                errno = 0;                                                        \
                result = (expression);                                            \
                gi_error = errno;                                                 \
            }                                                                     \
            errno = gi_error;                                                     \
        } while (result == -1 && gi_error == EINTR && !(raised = gi_check_signals(ts) < 0)); \
        errno = gi_error;                                                         \
    } while (0)

#endif
