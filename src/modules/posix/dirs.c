/* dirs.c - directories: listdir, scandir and its entries, mkdir, rename, unlink, links, cwd. */
#include "modules/posix/internal.h"
#include "modules/unclosed.h"
#include "threads/mutex.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct GiScanDir {
    GiObj obj;
    DIR *dir;          /* LOCK: mutex; NULL: exhausted or closed */
    GiMutex mutex;
    GiSlot path;       /* as given, or null (".") */
    int fd;            /* of a descriptor argument, or -1 */
    bool was_bytes;
} GiScanDir;
typedef struct GiDirEntry {
    GiObj obj;
    GiSlot name, path, stat, lstat;
    int dir_fd;
    uint8_t d_type;
    ino_t inode;
} GiDirEntry;
extern GiType gi_scandir_type, gi_direntry_type;
#include "modules/posix/dirs.gen.h"

/* The directory at a path, or that of a descriptor, which stays the caller's; NULL with *error. */
static DIR *open_dir(GiThread *ts, const GiPath *path, int *error) {
    DIR *dir = NULL;
    GI_BLOCKING(&ts->core, "opendir") {
        if (path->text) {
            dir = opendir(path->text);
        } else {
            int fd = fcntl(path->fd, F_DUPFD_CLOEXEC, 0);
            dir = fd < 0 ? NULL : fdopendir(fd);
            if (dir == NULL && fd >= 0) close(fd);
            if (dir) rewinddir(dir);
        }
        *error = errno;
    }
    return dir;
}

GI_FUNCTION(posix, listdir, "(path = None)", "Return a list containing the names of the files in the directory.\n\npath can be specified as either str, bytes, or a path-like object.  If path is bytes,\n  the filenames returned will also be bytes; in all other circumstances\n  the filenames returned will be str.\nIf path is None, uses the path='.'.\nOn some platforms, path may also be specified as an open file descriptor;\\\n  the file descriptor must refer to a directory.\n  If this functionality is unavailable, using it raises NotImplementedError.\n\nThe list is in arbitrary order.  It does not include the special\nentries '.' and '..' even if they are present in the directory.") {
    GI_PATH(path);
    if (gi_path_get(ts, a->path, "listdir", "path", true, true, &path) < 0 || gi_auditf(ts, "os.listdir", "O", a->path) < 0) return GI_NULL;
    int error = 0;
    DIR *dir = open_dir(ts, &path, &error);
    GiRef list = GI_NULL;
    if (dir == NULL) {
        errno = error;
        (void)(path.text ? gi_path_error(ts, &path) : gi_raise_errno(ts, error, GI_NOVAL));
    } else {
        list = gi_list_new(ts, 16);
    }
    while (!gi_is_null(list)) {
        struct dirent *entry = NULL;
        GI_BLOCKING(&ts->core, "readdir") {
            errno = 0;
            entry = readdir(dir);
            error = errno;
        }
        if (entry == NULL) {
            if (error == 0) break;
            errno = error;
            (void)(path.text ? gi_path_error(ts, &path) : gi_raise_errno(ts, error, GI_NOVAL));
        } else {
            const char *n = entry->d_name;
            if (n[0] == '.' && (n[1] == 0 || (n[1] == '.' && n[2] == 0))) continue;
            GiRef name = gi_path_name(ts, &path, n, strlen(n));
            if (!gi_is_null(name) && gi_list_append(ts, gi_val(list), name) == GI_OK) continue;
        }
        gi_drop(ts, list);
        list = GI_NULL;
    }
    if (dir) GI_BLOCKING(&ts->core, "closedir") closedir(dir);
    gi_path_drop(ts, &path);
    return list;
}

#define SCAN(v) ((GiScanDir *)gi_obj(v))
#define ENTRY(v) ((GiDirEntry *)gi_obj(v))

static DIR *take_dir(GiScanDir *scan) {
    gi_mutex_lock(&scan->mutex);
    DIR *dir = scan->dir;
    scan->dir = NULL;
    gi_mutex_unlock(&scan->mutex);
    return dir;
}
static void put_dir(GiScanDir *scan, DIR *dir) {
    gi_mutex_lock(&scan->mutex);
    scan->dir = dir;
    gi_mutex_unlock(&scan->mutex);
}

GI_FUNCTION(posix, scandir, "(path = None)", "Return an iterator of DirEntry objects for given path.\n\npath can be specified as either str, bytes, or a path-like object.  If path\nis bytes, the names of yielded DirEntry objects will also be bytes; in\nall other circumstances they will be str.\n\nIf path is None, uses the path='.'.") {
    GI_PATH(path);
    if (gi_path_get(ts, a->path, "scandir", "path", true, true, &path) < 0 || gi_auditf(ts, "os.scandir", "O", a->path) < 0) return GI_NULL;
    int error = 0;
    DIR *dir = open_dir(ts, &path, &error);
    if (dir == NULL) {
        errno = error;
        return gi_path_error(ts, &path);
    }
    GiRef made = gi_type_alloc(ts, &gi_scandir_type, 0);
    if (gi_is_null(made)) {
        GI_BLOCKING(&ts->core, "closedir") closedir(dir);
        return made;
    }
    GiScanDir *scan = SCAN(made);
    scan->dir = dir;
    scan->fd = path.fd;
    scan->was_bytes = path.was_bytes;
    if (path.text && !gi_is_null(path.object)) {
        bool text = gi_is_str(path.object) || gi_is_bytes(path.object);
        gi_slot_init(&scan->path, gi_dup(ts, text ? path.object : gi_val(path.bytes)));
    }
    return made;
}

static GiRef join(GiThread *ts, GiScanDir *scan, const char *name) {
    size_t n = strlen(name);
    if (scan->fd != -1) return scan->was_bytes ? gi_bytes_from(ts, name, n) : gi_str_from_fs(ts, name, n);
    char *text;
    size_t len;
    if (scan->path.bits == 0) {
        len = n + 2;
        text = malloc(len + 1);
        if (text) snprintf(text, len + 1, "./%s", name);
    } else {
        GiRef dir = gi_fs_path(ts, gi_val(scan->path));
        if (gi_is_null(dir)) return dir;
        size_t d = gi_bytes_len(dir);
        bool slash = d > 0 && gi_bytes_data(dir)[d - 1] != '/';
        len = d + slash + n;
        text = malloc(len + 1);
        if (text) {
            memcpy(text, gi_bytes_data(dir), d);
            if (slash) text[d] = '/';
            memcpy(text + d + slash, name, n);
        }
        gi_drop(ts, dir);
    }
    if (text == NULL) return gi_raise_nomem(ts);
    GiRef r = scan->was_bytes ? gi_bytes_from(ts, text, len) : gi_str_from_fs(ts, text, len);
    free(text);
    return r;
}

static GiRef scandir_next(GiThread *ts, GiVal self) {
    GiScanDir *scan = SCAN(self);
    DIR *dir = take_dir(scan);
    if (dir == NULL) return GI_NULL;
    struct dirent *entry = NULL;
    int error = 0;
    GI_BLOCKING(&ts->core, "readdir") {
        do {
            errno = 0;
            entry = readdir(dir);
            error = errno;
        } while (entry && entry->d_name[0] == '.' && (entry->d_name[1] == 0 || strcmp(entry->d_name, "..") == 0));
    }
    if (entry == NULL) {
        GI_BLOCKING(&ts->core, "closedir") closedir(dir);
        if (error) gi_raise_errno(ts, error, scan->path.bits ? gi_val(scan->path) : GI_NOVAL);
        return GI_NULL;
    }
    GiRef name = scan->was_bytes ? gi_bytes_from(ts, entry->d_name, strlen(entry->d_name))
                                 : gi_str_from_fs(ts, entry->d_name, strlen(entry->d_name));
    GiRef full = join(ts, scan, entry->d_name);
    uint8_t d_type = entry->d_type;
    ino_t inode = entry->d_ino;
    put_dir(scan, dir);
    if (gi_is_null(name) || gi_is_null(full)) {
        gi_xdrop(ts, name);
        gi_xdrop(ts, full);
        return GI_NULL;
    }
    GiRef made = gi_type_alloc(ts, &gi_direntry_type, 0);
    if (gi_is_null(made)) {
        gi_drop(ts, name);
        gi_drop(ts, full);
        return made;
    }
    GiDirEntry *e = ENTRY(made);
    gi_slot_init(&e->name, name);
    gi_slot_init(&e->path, full);
    e->dir_fd = scan->fd != -1 ? scan->fd : AT_FDCWD;
    e->d_type = d_type;
    e->inode = inode;
    return made;
}
static GiRef return_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
GI_METHOD(scandir, __enter__, "(self)", NULL) { return gi_dup(ts, self); }
static void close_scan(GiThread *ts, GiVal self) {
    DIR *dir = take_dir(SCAN(self));
    if (dir) GI_BLOCKING(&ts->core, "closedir") closedir(dir);
}
GI_METHOD(scandir, __exit__, "(self, *args)", NULL) {
    close_scan(ts, self);
    return GI_REF_NONE;
}
GI_METHOD(scandir, close, "(self)", NULL) {
    close_scan(ts, self);
    return GI_REF_NONE;
}
static void scandir_finalize(GiThread *ts, GiVal self) {
    DIR *dir = take_dir(SCAN(self));
    if (dir == NULL) return;
    GI_BLOCKING(&ts->core, "closedir") closedir(dir);
    gi_warn_unclosed(ts, "scandir iterator ", self, self);
}
static const GiField scandir_fields[] = {GI_SLOT(GiScanDir, path), GI_FIELDS_END};
GiType gi_scandir_type = {
    .obj = GI_TYPE_HEAD, .name = "posix.ScandirIterator", .module = "posix", .size = sizeof(GiScanDir), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = scandir_fields, .methods = scandir_methods, .iter = return_self,
    .next = scandir_next, .finalize = scandir_finalize,
};

/* stat of the entry, cached; following links or not. New reference. */
static GiRef entry_stat(GiThread *ts, GiVal self, bool follow) {
    GiDirEntry *e = ENTRY(self);
    bool link = e->d_type == DT_LNK || e->d_type == DT_UNKNOWN;
    GiSlot *slot = follow && link ? &e->stat : &e->lstat;
    if (__atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE)) return gi_slot_dup(ts, slot);
    GiRef name = gi_fs_path(ts, e->dir_fd == AT_FDCWD ? gi_val(e->path) : gi_val(e->name));
    if (gi_is_null(name)) return name;
    struct stat info;
    int result;
    bool raised;
    GI_SYSCALL(ts, "stat", result, raised,
               fstatat(e->dir_fd, (const char *)gi_bytes_data(name), &info, follow && link ? 0 : AT_SYMLINK_NOFOLLOW));
    gi_drop(ts, name);
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, gi_val(e->path));
    GiRef made = gi_stat_result(ts, &info);
    uint64_t none = 0; /* the first result stays */
    if (!gi_is_null(made) && __atomic_compare_exchange_n(&slot->bits, &none, made.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return gi_dup(ts, gi_val(made));
    return made;
}
static GiRef entry_is(GiThread *ts, GiVal self, bool follow, mode_t kind) {
    GiDirEntry *e = ENTRY(self);
    if (e->d_type != DT_UNKNOWN && !(follow && e->d_type == DT_LNK))
        return gi_bool_ref((kind == S_IFDIR && e->d_type == DT_DIR) || (kind == S_IFREG && e->d_type == DT_REG) ||
                           (kind == S_IFLNK && e->d_type == DT_LNK));
    GiRef stat = entry_stat(ts, self, follow);
    if (gi_is_null(stat)) {
        if (!gi_exc_matches(ts, &gi_exc_FileNotFoundError)) return GI_NULL;
        gi_exc_clear(ts);
        return GI_REF_FALSE;
    }
    int64_t mode = 0;
    (void)gi_int_as_i64(gi_tuple_get(gi_val(stat), 0), &mode);
    gi_drop(ts, stat);
    return gi_bool_ref(((mode_t)mode & S_IFMT) == kind);
}
GI_METHOD(direntry, is_dir, "(self, *, follow_symlinks: bool = True)", "Return True if the entry is a directory; cached per entry.") { return entry_is(ts, self, a->follow_symlinks, S_IFDIR); }
GI_METHOD(direntry, is_file, "(self, *, follow_symlinks: bool = True)", "Return True if the entry is a file; cached per entry.") { return entry_is(ts, self, a->follow_symlinks, S_IFREG); }
GI_METHOD(direntry, is_symlink, "(self)", "Return True if the entry is a symbolic link; cached per entry.") { return entry_is(ts, self, false, S_IFLNK); }
GI_METHOD(direntry, stat, "(self, *, follow_symlinks: bool = True)", "Return stat_result object for the entry; cached per entry.") { return entry_stat(ts, self, a->follow_symlinks); }
GI_METHOD(direntry, inode, "(self)", "Return inode of the entry; cached per entry.") { return gi_int_from_u64(ts, ENTRY(self)->inode); }
GI_METHOD(direntry, __fspath__, "(self)", "Returns the path for the entry.") { return gi_slot_dup(ts, &ENTRY(self)->path); }
GI_CLASSMETHOD(direntry, __class_getitem__, "(type, item, /)", "See PEP 585") { return gi_generic_alias_new(ts, self, a->item); }
static GiRef direntry_repr(GiThread *ts, GiVal self) { return gi_str_format(ts, "<DirEntry %R>", gi_val(ENTRY(self)->name)); }
static const GiMemberDef direntry_members[] = {
    {"name", GI_MEMBER_OBJECT, offsetof(GiDirEntry, name), true, "the entry's base filename, relative to scandir() \"path\" argument"},
    {"path", GI_MEMBER_OBJECT, offsetof(GiDirEntry, path), true, "the entry's full path name; equivalent to os.path.join(scandir_path, entry.name)"},
    {.name = NULL}};
static const GiField direntry_fields[] = {GI_SLOT(GiDirEntry, name), GI_SLOT(GiDirEntry, path), GI_SLOT(GiDirEntry, stat),
                                          GI_SLOT(GiDirEntry, lstat), GI_FIELDS_END};
GiType gi_direntry_type = {
    .obj = GI_TYPE_HEAD, .name = "posix.DirEntry", .module = "posix", .size = sizeof(GiDirEntry), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = direntry_fields, .methods = direntry_methods, .members = direntry_members,
    .repr = direntry_repr,
};

/* One path and a system call on it: None or OSError. */
#define PATH_CALL(name, argument, audit, expression)                                                            \
    do {                                                                                                        \
        GI_PATH(path);                                                                                          \
        int dir = AT_FDCWD, result;                                                                             \
        bool raised;                                                                                            \
        if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, argument, name, "path", false, false, &path) < 0)\
            return GI_NULL;                                                                                     \
        if ((audit) < 0) return GI_NULL;                                                                        \
        GI_SYSCALL(ts, name, result, raised, expression);                                                       \
        gi_path_drop(ts, &path);                                                                                \
        if (result < 0) return raised ? GI_NULL : gi_path_error(ts, &path);                                     \
        return GI_REF_NONE;                                                                                     \
    } while (0)

GI_FUNCTION(posix, mkdir, "(path, mode: int = 511, *, dir_fd = None)", "Create a directory.\n\nIf dir_fd is not None, it should be a file descriptor open to a directory,\n  and path should be relative; path will then be relative to that directory.\ndir_fd may not be implemented on your platform.\n  If it is unavailable, using it will raise a NotImplementedError.\n\nThe mode argument is ignored on Windows. Where it is used, the current umask\nvalue is first masked out.") {
    PATH_CALL("mkdir", a->path, gi_auditf(ts, "os.mkdir", "Oii", path.object, a->mode, gi_dir_shown(dir)),
              mkdirat(dir, path.text, (mode_t)a->mode));
}
GI_FUNCTION(posix, rmdir, "(path, *, dir_fd = None)", "Remove a directory.") {
    PATH_CALL("rmdir", a->path, gi_auditf(ts, "os.rmdir", "Oi", path.object, gi_dir_shown(dir)), unlinkat(dir, path.text, AT_REMOVEDIR));
}
GI_FUNCTION(posix, unlink, "(path, *, dir_fd = None)", "Remove a file (same as remove()).") {
    PATH_CALL("unlink", a->path, gi_auditf(ts, "os.remove", "Oi", path.object, gi_dir_shown(dir)), unlinkat(dir, path.text, 0));
}
GI_FUNCTION(posix, remove, "(path, *, dir_fd = None)", "Remove a file (same as unlink()).") {
    PATH_CALL("remove", a->path, gi_auditf(ts, "os.remove", "Oi", path.object, gi_dir_shown(dir)), unlinkat(dir, path.text, 0));
}

static GiRef two_paths(GiThread *ts, const char *name, GiVal src, GiVal dst, GiVal src_fd, GiVal dst_fd,
                       int (*call)(int, const char *, int, const char *)) {
    GI_PATH(from);
    GI_PATH(to);
    int sd, dd, result;
    bool raised;
    if (gi_dir_fd(ts, src_fd, &sd) < 0 || gi_dir_fd(ts, dst_fd, &dd) < 0 ||
        gi_path_get(ts, src, name, "src", false, false, &from) < 0)
        return GI_NULL;
    if (gi_path_get(ts, dst, name, "dst", false, false, &to) < 0) {
        gi_path_drop(ts, &from);
        return GI_NULL;
    }
    if (gi_auditf(ts, call == renameat ? "os.rename" : "os.link", "OOii", from.object, to.object, gi_dir_shown(sd), gi_dir_shown(dd)) < 0)
        return GI_NULL;
    GI_SYSCALL(ts, name, result, raised, call(sd, from.text, dd, to.text));
    gi_path_drop(ts, &from);
    gi_path_drop(ts, &to);
    if (result < 0) return raised ? GI_NULL : gi_raise_errno2(ts, errno, from.object, to.object);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, rename, "(src, dst, *, src_dir_fd = None, dst_dir_fd = None)", "Rename a file or directory.") { return two_paths(ts, "rename", a->src, a->dst, a->src_dir_fd, a->dst_dir_fd, renameat); }
GI_FUNCTION(posix, replace, "(src, dst, *, src_dir_fd = None, dst_dir_fd = None)", "Rename a file or directory, overwriting the destination.") { return two_paths(ts, "replace", a->src, a->dst, a->src_dir_fd, a->dst_dir_fd, renameat); }
static int link_follow(int sd, const char *s, int dd, const char *d) { return linkat(sd, s, dd, d, AT_SYMLINK_FOLLOW); }
static int link_plain(int sd, const char *s, int dd, const char *d) { return linkat(sd, s, dd, d, 0); }
GI_FUNCTION(posix, link, "(src, dst, *, src_dir_fd = None, dst_dir_fd = None, follow_symlinks: bool = True)", "Create a hard link to a file.") {
    return two_paths(ts, "link", a->src, a->dst, a->src_dir_fd, a->dst_dir_fd, a->follow_symlinks ? link_follow : link_plain);
}
GI_FUNCTION(posix, symlink, "(src, dst, target_is_directory: bool = False, *, dir_fd = None)", "Create a symbolic link pointing to src named dst.") {
    GI_PATH(from);
    GI_PATH(to);
    int dir, result;
    bool raised;
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->src, "symlink", "src", false, false, &from) < 0) return GI_NULL;
    if (gi_path_get(ts, a->dst, "symlink", "dst", false, false, &to) < 0) {
        gi_path_drop(ts, &from);
        return GI_NULL;
    }
    if (gi_auditf(ts, "os.symlink", "OOi", from.object, to.object, gi_dir_shown(dir)) < 0) return GI_NULL;
    GI_SYSCALL(ts, "symlink", result, raised, symlinkat(from.text, dir, to.text));
    gi_path_drop(ts, &from);
    gi_path_drop(ts, &to);
    if (result < 0) return raised ? GI_NULL : gi_raise_errno2(ts, errno, from.object, to.object);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, readlink, "(path, *, dir_fd = None)", "Return a string representing the path to which the symbolic link points.") {
    GI_PATH(path);
    int dir;
    ssize_t n;
    bool raised;
    char text[8192];
    if (gi_dir_fd(ts, a->dir_fd, &dir) < 0 || gi_path_get(ts, a->path, "readlink", "path", false, false, &path) < 0) return GI_NULL;
    GI_SYSCALL(ts, "readlink", n, raised, readlinkat(dir, path.text, text, sizeof text));
    gi_path_drop(ts, &path);
    if (n < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return gi_path_name(ts, &path, text, (size_t)n);
}
static GiRef cwd(GiThread *ts, bool bytes) {
    char *text = NULL;
    int error = 0;
    GI_BLOCKING(&ts->core, "getcwd") {
        text = getcwd(NULL, 0);
        error = errno;
    }
    if (text == NULL) return gi_raise_errno(ts, error, GI_NOVAL);
    GiRef r = bytes ? gi_bytes_from(ts, text, strlen(text)) : gi_str_from_fs(ts, text, strlen(text));
    free(text);
    return r;
}
GI_FUNCTION(posix, getcwd, "()", "Return a unicode string representing the current working directory.") { return cwd(ts, false); }
GI_FUNCTION(posix, getcwdb, "()", "Return a bytes string representing the current working directory.") { return cwd(ts, true); }
GI_FUNCTION(posix, chdir, "(path)", "Change the current working directory to the specified path.\n\npath may always be specified as a string.\nOn some platforms, path may also be specified as an open file descriptor.\n  If this functionality is unavailable, using it raises an exception.") {
    GI_PATH(path);
    int result;
    bool raised;
    if (gi_path_get(ts, a->path, "chdir", "path", true, false, &path) < 0 || gi_auditf(ts, "os.chdir", "O", path.object) < 0) return GI_NULL;
    GI_SYSCALL(ts, "chdir", result, raised, path.text ? chdir(path.text) : fchdir(path.fd));
    gi_path_drop(ts, &path);
    if (result < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, fchdir, "(fd: fd)", "Change to the directory of the given file descriptor.\n\nfd must be opened on a directory, not a file.\nEquivalent to os.chdir(fd).") {
    int result;
    bool raised;
    if (gi_auditf(ts, "os.chdir", "i", a->fd) < 0) return GI_NULL;
    GI_SYSCALL(ts, "fchdir", result, raised, fchdir(a->fd));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}
GI_FUNCTION(posix, fspath, "(path)", "Return the file system path representation of the object.\n\nIf the object is str or bytes, then allow it to pass through as-is. If the\nobject defines __fspath__(), then return the result of that method. All other\ntypes raise a TypeError.") {
    if (gi_is_str(a->path) || gi_is_bytes(a->path)) return gi_dup(ts, a->path);
    GiRef method;
    if (gi_lookup_special(ts, a->path, GI_N(__fspath__), &method) < 0) return GI_NULL;
    if (gi_is_null(method))
        return gi_raise_ref(ts, &gi_exc_TypeError, "expected str, bytes or os.PathLike object, not %T", a->path);
    GiRef r = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    if (!gi_is_null(r) && !gi_is_str(gi_val(r)) && !gi_is_bytes(gi_val(r))) {
        gi_raise(ts, &gi_exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", a->path, gi_val(r));
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

GI_FUNCTION(posix, chroot, "(path)", "Change root directory to path.") {
    GI_PATH(path);
    int result;
    bool raised;
    if (gi_path_get(ts, a->path, "chroot", "path", false, false, &path) < 0) return GI_NULL;
    GI_SYSCALL(ts, "chroot", result, raised, chroot(path.text));
    gi_path_drop(ts, &path);
    if (result < 0) return raised ? GI_NULL : gi_path_error(ts, &path);
    return GI_REF_NONE;
}
/* Writes the normal form of the path into out (as long as the path); its length. `root` is the
 * number of leading slashes that stay: none, one, or exactly two. */
static size_t normalise(const uint32_t *path, size_t n, uint32_t *out) {
    size_t root = 0, m, least;
    while (root < n && path[root] == '/') root++;
    if (root > 2) root = 1;
    for (m = 0; m < root; m++) out[m] = '/';
    least = m; /* ".." cannot go back behind this */
    for (size_t i = root; i < n;) {
        size_t end = i;
        while (end < n && path[end] != '/') end++;
        size_t part = end - i;
        bool up = part == 2 && path[i] == '.' && path[i + 1] == '.';
        if (part == 0 || (part == 1 && path[i] == '.')) {
            /* says nothing */
        } else if (up && m > least) {
            while (m > least && out[m - 1] != '/') m--;
            if (m > least) m--;
        } else if (!up || root == 0) {
            if (m > root) out[m++] = '/';
            memcpy(out + m, path + i, part * sizeof *out);
            m += part;
            if (up) least = m;
        }
        i = end + 1;
    }
    return m;
}
GI_FUNCTION(posix, _path_normpath, "(path)", "Basic path normalization.") {
    if (!gi_is_str(a->path)) return gi_raise_ref(ts, &gi_exc_TypeError, "expected 'str', not '%T'", a->path);
    size_t n = gi_str_len(a->path);
    uint32_t *text = malloc((2 * n + 1) * sizeof *text);
    if (text == NULL) return gi_raise_nomem(ts);
    for (size_t i = 0; i < n; i++) text[i] = gi_str_char(a->path, i);
    size_t m = normalise(text, n, text + n);
    GiRef r = gi_str_from_ucs4(ts, text + n, m);
    free(text);
    return r;
}

GiStatus gi_posix_dirs_init(GiThread *ts, GiVal module) {
    if (gi_type_ready(ts, &gi_scandir_type) < 0) return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_direntry_type);
}
const GiMethodDef *const gi_posix_dir_functions = posix_functions;
