/* stat.c - stat, lstat, fstat, statvfs and their results. */
#include "modules/posix/internal.h"
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include "modules/posix/stat.gen.h"

static const GiStructField stat_fields[] = {
    {"st_mode", "protection bits"}, {"st_ino", "inode"}, {"st_dev", "device"}, {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"}, {"st_gid", "group ID of owner"}, {"st_size", "total size, in bytes"},
    {NULL, "integer time of last access"}, {NULL, "integer time of last modification"}, {NULL, "integer time of last change"},
    {"st_atime", "time of last access"}, {"st_mtime", "time of last modification"}, {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"}, {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"}, {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"}, {"st_rdev", "device type (if inode device)"}};
static const GiStructField statvfs_fields[] = {
    {"f_bsize", NULL}, {"f_frsize", NULL}, {"f_blocks", NULL}, {"f_bfree", NULL}, {"f_bavail", NULL}, {"f_files", NULL},
    {"f_ffree", NULL}, {"f_favail", NULL}, {"f_flag", NULL}, {"f_namemax", NULL}, {"f_fsid", NULL}};

static GiRef seconds(struct timespec t) { return gi_double_ref((double)t.tv_sec + 1e-9 * (double)t.tv_nsec); }
static GiRef nanoseconds(GiThread *ts, struct timespec t) {
    return gi_int_from_i64(ts, (int64_t)t.tv_sec * 1000000000 + t.tv_nsec);
}

GiRef gi_stat_result(GiThread *ts, const struct stat *s) {
    GiRef v[] = {gi_int_from_u64(ts, s->st_mode), gi_int_from_u64(ts, s->st_ino), gi_int_from_u64(ts, s->st_dev),
                 gi_int_from_u64(ts, s->st_nlink), gi_int_from_u64(ts, s->st_uid), gi_int_from_u64(ts, s->st_gid),
                 gi_int_from_i64(ts, s->st_size), gi_int_from_i64(ts, s->st_atim.tv_sec),
                 gi_int_from_i64(ts, s->st_mtim.tv_sec), gi_int_from_i64(ts, s->st_ctim.tv_sec), seconds(s->st_atim),
                 seconds(s->st_mtim), seconds(s->st_ctim), nanoseconds(ts, s->st_atim), nanoseconds(ts, s->st_mtim),
                 nanoseconds(ts, s->st_ctim), gi_int_from_i64(ts, s->st_blksize), gi_int_from_i64(ts, s->st_blocks),
                 gi_int_from_u64(ts, s->st_rdev)};
    return gi_structseq_new(ts, gi_val(gi_posix_state(ts)->stat_result), v, GI_COUNTOF(v));
}

static GiRef do_stat(GiThread *ts, const char *name, GiVal v, bool allow_fd, GiVal dir_fd, bool follow) {
    GI_PATH(path);
    int dir, result;
    bool raised;
    struct stat info;
    if (gi_dir_fd(ts, dir_fd, &dir) < 0 || gi_path_get(ts, v, name, "path", allow_fd, false, &path) < 0) return GI_NULL;
    if (path.text == NULL && dir != AT_FDCWD) {
        gi_path_drop(ts, &path);
        return gi_raise_ref(ts, &gi_exc_ValueError, "%s: can't specify dir_fd without matching path", name);
    }
    GI_SYSCALL(ts, "stat", result, raised,
               path.text ? fstatat(dir, path.text, &info, follow ? 0 : AT_SYMLINK_NOFOLLOW) : fstat(path.fd, &info));
    gi_path_drop(ts, &path);
    if (result < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return gi_stat_result(ts, &info);
}
GI_FUNCTION(posix, stat, "(path, *, dir_fd = None, follow_symlinks: bool = True)", "Perform a stat system call on the given path.\n\n  path\n    Path to be examined; can be string, bytes, a path-like object or\n    open-file-descriptor int.\n  dir_fd\n    If not None, it should be a file descriptor open to a directory,\n    and path should be a relative string; path will then be relative to\n    that directory.\n  follow_symlinks\n    If False, and the last element of the path is a symbolic link,\n    stat will examine the symbolic link itself instead of the file\n    the link points to.") {
    return do_stat(ts, "stat", a->path, true, a->dir_fd, a->follow_symlinks);
}
GI_FUNCTION(posix, lstat, "(path, *, dir_fd = None)", "Perform a stat system call on the given path, without following symbolic links.\n\nLike stat(), but do not follow symbolic links.\nEquivalent to stat(path, follow_symlinks=False).") {
    return do_stat(ts, "lstat", a->path, false, a->dir_fd, false);
}
GI_FUNCTION(posix, fstat, "(fd: int)", "Perform a stat system call on the given file descriptor.\n\nLike stat(), but for an open file descriptor.\nEquivalent to os.stat(fd).") {
    struct stat info;
    int result;
    bool raised;
    GI_SYSCALL(ts, "fstat", result, raised, fstat(a->fd, &info));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_stat_result(ts, &info);
}
static GiRef statvfs_result(GiThread *ts, const struct statvfs *s) {
    GiRef v[] = {gi_int_from_u64(ts, s->f_bsize), gi_int_from_u64(ts, s->f_frsize), gi_int_from_u64(ts, s->f_blocks),
                 gi_int_from_u64(ts, s->f_bfree), gi_int_from_u64(ts, s->f_bavail), gi_int_from_u64(ts, s->f_files),
                 gi_int_from_u64(ts, s->f_ffree), gi_int_from_u64(ts, s->f_favail), gi_int_from_u64(ts, s->f_flag),
                 gi_int_from_u64(ts, s->f_namemax), gi_int_from_u64(ts, s->f_fsid)};
    return gi_structseq_new(ts, gi_val(gi_posix_state(ts)->statvfs_result), v, GI_COUNTOF(v));
}
GI_FUNCTION(posix, statvfs, "(path)", "Perform a statvfs system call on the given path.\n\npath may always be specified as a string.\nOn some platforms, path may also be specified as an open file descriptor.\n  If this functionality is unavailable, using it raises an exception.") {
    GI_PATH(path);
    struct statvfs info;
    int result;
    bool raised;
    if (gi_path_get(ts, a->path, "statvfs", "path", true, false, &path) < 0) return GI_NULL;
    GI_SYSCALL(ts, "statvfs", result, raised, path.text ? statvfs(path.text, &info) : fstatvfs(path.fd, &info));
    gi_path_drop(ts, &path);
    if (result < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return statvfs_result(ts, &info);
}
GI_FUNCTION(posix, fstatvfs, "(fd: int, /)", "Perform an fstatvfs system call on the given fd.\n\nEquivalent to statvfs(fd).") {
    struct statvfs info;
    int result;
    bool raised;
    GI_SYSCALL(ts, "fstatvfs", result, raised, fstatvfs(a->fd, &info));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return statvfs_result(ts, &info);
}
GI_FUNCTION(posix, major, "(device: u64, /)", "Extracts a device major number from a raw device number.") { return gi_int_from_u64(ts, major(a->device)); }
GI_FUNCTION(posix, minor, "(device: u64, /)", "Extracts a device minor number from a raw device number.") { return gi_int_from_u64(ts, minor(a->device)); }
GI_FUNCTION(posix, makedev, "(major: uint, minor: uint, /)", "Composes a raw device number from the major and minor device numbers.") { return gi_int_from_u64(ts, makedev(a->major, a->minor)); }

GiStatus gi_posix_stat_init(GiThread *ts, GiVal module) {
    GiPosixState *state = gi_module_state(module);
    GiRef type = gi_structseq_type(ts, "os.stat_result", "stat_result: Result from stat, fstat, or lstat.\n\nThis object may be accessed either as a tuple of\n  (mode, ino, dev, nlink, uid, gid, size, atime, mtime, ctime)\nor via the attributes st_mode, st_ino, st_dev, st_nlink, st_uid, and so on.\n\nPosix/windows: If your platform supports st_blksize, st_blocks, st_rdev,\nor st_flags, they are available as attributes only.\n\nSee os.stat for more information.", stat_fields, GI_COUNTOF(stat_fields), 10);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state->stat_result, gi_dup(ts, gi_val(type)));
    if (gi_module_add(ts, module, "stat_result", type) < 0) return GI_FAIL;
    type = gi_structseq_type(ts, "os.statvfs_result", "statvfs_result: Result from statvfs or fstatvfs.\n\nThis object may be accessed either as a tuple of\n  (bsize, frsize, blocks, bfree, bavail, files, ffree, favail, flag, namemax),\nor via the attributes f_bsize, f_frsize, f_blocks, f_bfree, and so on.\n\nSee os.statvfs for more information.", statvfs_fields, GI_COUNTOF(statvfs_fields), 10);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state->statvfs_result, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, "statvfs_result", type);
}
const GiMethodDef *const gi_posix_stat_functions = posix_functions;
