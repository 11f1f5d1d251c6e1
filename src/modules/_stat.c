/* _stat.c - the module _stat: file modes taken apart, and their text. */
#include "modules/module.h"

#include <sys/stat.h>

enum { FILE_KIND = S_IFMT };
#undef S_IFMT /* a function here */

#include "modules/_stat.gen.h"

/* A mode given as an int. */
static GiStatus mode_of(GiThread *ts, GiVal v, unsigned *mode) {
    uint64_t wide;
    if (!gi_is_int(v)) return gi_raise_status(ts, &gi_exc_TypeError, "an integer is required");
    int far = gi_int_as_u64(v, &wide);
    if (far)
        return gi_raise_status(ts, &gi_exc_OverflowError,
                               far < 0 ? "can't convert negative value to unsigned int"
                                       : "Python int too large to convert to C unsigned long");
    if (wide > UINT32_MAX) return gi_raise_status(ts, &gi_exc_OverflowError, "mode out of range");
    *mode = (unsigned)wide;
    return GI_OK;
}

static GiRef is_kind(GiThread *ts, GiVal v, unsigned kind) {
    unsigned mode;
    if (mode_of(ts, v, &mode)) return GI_NULL;
    return gi_bool_ref(kind && (mode & FILE_KIND) == kind);
}

GI_FUNCTION(_stat, S_ISDIR, "(mode, /)",
            "S_ISDIR(mode) -> bool\n\nReturn True if mode is from a directory.") { return is_kind(ts, a->mode, S_IFDIR); }
GI_FUNCTION(_stat, S_ISCHR, "(mode, /)",
            "S_ISCHR(mode) -> bool\n\nReturn True if mode is from a character special device "
            "file.") { return is_kind(ts, a->mode, S_IFCHR); }
GI_FUNCTION(_stat, S_ISBLK, "(mode, /)",
            "S_ISBLK(mode) -> bool\n\nReturn True if mode is from a block special device file.") { return is_kind(ts, a->mode, S_IFBLK); }
GI_FUNCTION(_stat, S_ISREG, "(mode, /)",
            "S_ISREG(mode) -> bool\n\nReturn True if mode is from a regular file.") { return is_kind(ts, a->mode, S_IFREG); }
GI_FUNCTION(_stat, S_ISFIFO, "(mode, /)",
            "S_ISFIFO(mode) -> bool\n\nReturn True if mode is from a FIFO (named pipe).") { return is_kind(ts, a->mode, S_IFIFO); }
GI_FUNCTION(_stat, S_ISLNK, "(mode, /)",
            "S_ISLNK(mode) -> bool\n\nReturn True if mode is from a symbolic link.") { return is_kind(ts, a->mode, S_IFLNK); }
GI_FUNCTION(_stat, S_ISSOCK, "(mode, /)",
            "S_ISSOCK(mode) -> bool\n\nReturn True if mode is from a socket.") { return is_kind(ts, a->mode, S_IFSOCK); }
GI_FUNCTION(_stat, S_ISDOOR, "(mode, /)",
            "S_ISDOOR(mode) -> bool\n\nReturn True if mode is from a door.") { return is_kind(ts, a->mode, 0); }
GI_FUNCTION(_stat, S_ISPORT, "(mode, /)",
            "S_ISPORT(mode) -> bool\n\nReturn True if mode is from an event port.") { return is_kind(ts, a->mode, 0); }
GI_FUNCTION(_stat, S_ISWHT, "(mode, /)",
            "S_ISWHT(mode) -> bool\n\nReturn True if mode is from a whiteout.") { return is_kind(ts, a->mode, 0); }

GI_FUNCTION(_stat, S_IMODE, "(mode, /)",
            "Return the portion of the file's mode that can be set by os.chmod().") {
    unsigned mode;
    return mode_of(ts, a->mode, &mode) ? GI_NULL : gi_smallint_ref(mode & 07777);
}
GI_FUNCTION(_stat, S_IFMT, "(mode, /)",
            "Return the portion of the file's mode that describes the file type.") {
    unsigned mode;
    return mode_of(ts, a->mode, &mode) ? GI_NULL : gi_smallint_ref(mode & FILE_KIND);
}

static char kind_letter(unsigned mode) {
    switch (mode & FILE_KIND) {
    case S_IFREG: return '-';
    case S_IFDIR: return 'd';
    case S_IFLNK: return 'l';
    case S_IFBLK: return 'b';
    case S_IFCHR: return 'c';
    case S_IFIFO: return 'p';
    case S_IFSOCK: return 's';
    default: return '?';
    }
}

GI_FUNCTION(_stat, filemode, "(mode, /)",
            "Convert a file's mode to a string of the form '-rwxrwxrwx'") {
    unsigned mode;
    if (mode_of(ts, a->mode, &mode)) return GI_NULL;
    char text[10];
    text[0] = kind_letter(mode);
    for (int i = 0; i < 9; i++) text[i + 1] = mode & (0400u >> i) ? "rwx"[i % 3] : '-';
    if (mode & S_ISUID) text[3] = mode & S_IXUSR ? 's' : 'S';
    if (mode & S_ISGID) text[6] = mode & S_IXGRP ? 's' : 'S';
    if (mode & S_ISVTX) text[9] = mode & S_IXOTH ? 't' : 'T';
    return gi_str_from_latin1(ts, text, sizeof text);
}

static const GiIntConstant constants[] = {
    {"SF_APPEND", 0x40000},
    {"SF_ARCHIVED", 0x10000},
    {"SF_IMMUTABLE", 0x20000},
    {"SF_NOUNLINK", 0x100000},
    {"SF_SNAPSHOT", 0x200000},
    {"ST_ATIME", 7},
    {"ST_CTIME", 9},
    {"ST_DEV", 2},
    {"ST_GID", 5},
    {"ST_INO", 1},
    {"ST_MODE", 0},
    {"ST_MTIME", 8},
    {"ST_NLINK", 3},
    {"ST_SIZE", 6},
    {"ST_UID", 4},
    {"S_ENFMT", 02000},
    {"S_IEXEC", 0100},
    {"S_IFBLK", 060000},
    {"S_IFCHR", 020000},
    {"S_IFDIR", 040000},
    {"S_IFDOOR", 0},
    {"S_IFIFO", 010000},
    {"S_IFLNK", 0120000},
    {"S_IFPORT", 0},
    {"S_IFREG", 0100000},
    {"S_IFSOCK", 0140000},
    {"S_IFWHT", 0},
    {"S_IREAD", 0400},
    {"S_IRGRP", 040},
    {"S_IROTH", 004},
    {"S_IRUSR", 0400},
    {"S_IRWXG", 070},
    {"S_IRWXO", 007},
    {"S_IRWXU", 0700},
    {"S_ISGID", 02000},
    {"S_ISUID", 04000},
    {"S_ISVTX", 01000},
    {"S_IWGRP", 020},
    {"S_IWOTH", 002},
    {"S_IWRITE", 0200},
    {"S_IWUSR", 0200},
    {"S_IXGRP", 010},
    {"S_IXOTH", 001},
    {"S_IXUSR", 0100},
    {"UF_APPEND", 0x4},
    {"UF_COMPRESSED", 0x20},
    {"UF_HIDDEN", 0x8000},
    {"UF_IMMUTABLE", 0x2},
    {"UF_NODUMP", 0x1},
    {"UF_NOUNLINK", 0x10},
    {"UF_OPAQUE", 0x8},
};

static GiStatus _stat_exec(GiThread *ts, GiVal module) {
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}

const GiModuleDef gi_module__stat = {
    .name = "_stat",
    .doc = "S_IFMT_: file type bits\n"
           "S_IFDIR: directory\n"
           "S_IFCHR: character device\n"
           "S_IFBLK: block device\n"
           "S_IFREG: regular file\n"
           "S_IFIFO: fifo (named pipe)\n"
           "S_IFLNK: symbolic link\n"
           "S_IFSOCK: socket file\n"
           "S_IFDOOR: door\n"
           "S_IFPORT: event port\n"
           "S_IFWHT: whiteout\n"
           "\n"
           "S_ISUID: set UID bit\n"
           "S_ISGID: set GID bit\n"
           "S_ENFMT: file locking enforcement\n"
           "S_ISVTX: sticky bit\n"
           "S_IREAD: Unix V7 synonym for S_IRUSR\n"
           "S_IWRITE: Unix V7 synonym for S_IWUSR\n"
           "S_IEXEC: Unix V7 synonym for S_IXUSR\n"
           "S_IRWXU: mask for owner permissions\n"
           "S_IRUSR: read by owner\n"
           "S_IWUSR: write by owner\n"
           "S_IXUSR: execute by owner\n"
           "S_IRWXG: mask for group permissions\n"
           "S_IRGRP: read by group\n"
           "S_IWGRP: write by group\n"
           "S_IXGRP: execute by group\n"
           "S_IRWXO: mask for others (not in group) permissions\n"
           "S_IROTH: read by others\n"
           "S_IWOTH: write by others\n"
           "S_IXOTH: execute by others\n"
           "\n"
           "UF_NODUMP: do not dump file\n"
           "UF_IMMUTABLE: file may not be changed\n"
           "UF_APPEND: file may only be appended to\n"
           "UF_OPAQUE: directory is opaque when viewed through a union stack\n"
           "UF_NOUNLINK: file may not be renamed or deleted\n"
           "UF_COMPRESSED: OS X: file is hfs-compressed\n"
           "UF_HIDDEN: OS X: file should not be displayed\n"
           "SF_ARCHIVED: file may be archived\n"
           "SF_IMMUTABLE: file may not be changed\n"
           "SF_APPEND: file may only be appended to\n"
           "SF_NOUNLINK: file may not be renamed or deleted\n"
           "SF_SNAPSHOT: file is a snapshot file\n"
           "\n"
           "ST_MODE\n"
           "ST_INO\n"
           "ST_DEV\n"
           "ST_NLINK\n"
           "ST_UID\n"
           "ST_GID\n"
           "ST_SIZE\n"
           "ST_ATIME\n"
           "ST_MTIME\n"
           "ST_CTIME\n"
           "\n"
           "FILE_ATTRIBUTE_*: Windows file attribute constants\n"
           "                   (only present on Windows)\n"
           "",
    .functions = _stat_functions,
    .exec = _stat_exec,
};
