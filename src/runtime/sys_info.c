/* sys_info.c - the constants of module sys: versions, limits, flags, paths, streams. */
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/code_cache.h"
#include "runtime/runtime.h"
#include "runtime/sys_internal.h"
#include <locale.h>
#include <langinfo.h>
#include <float.h>
#include <stdio.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <gnu/libc-version.h>

#define HEX_VERSION 0x030b02f0

static const char *const stdlib_names[] = {
    "__future__", "_abc", "_aix_support", "_ast", "_asyncio", "_bisect", "_blake2",
    "_bootsubprocess", "_bz2", "_codecs", "_codecs_cn", "_codecs_hk", "_codecs_iso2022",
    "_codecs_jp", "_codecs_kr", "_codecs_tw", "_collections", "_collections_abc", "_compat_pickle",
    "_compression", "_contextvars", "_crypt", "_csv", "_ctypes", "_curses", "_curses_panel",
    "_datetime", "_dbm", "_decimal", "_elementtree", "_frozen_importlib",
    "_frozen_importlib_external", "_functools", "_gdbm", "_hashlib", "_heapq", "_imp", "_io",
    "_json", "_locale", "_lsprof", "_lzma", "_markupbase", "_md5", "_msi", "_multibytecodec",
    "_multiprocessing", "_opcode", "_operator", "_osx_support", "_overlapped", "_pickle",
    "_posixshmem", "_posixsubprocess", "_py_abc", "_pydecimal", "_pyio", "_queue", "_random",
    "_scproxy", "_sha1", "_sha256", "_sha3", "_sha512", "_signal", "_sitebuiltins", "_socket",
    "_sqlite3", "_sre", "_ssl", "_stat", "_statistics", "_string", "_strptime", "_struct",
    "_symtable", "_thread", "_threading_local", "_tkinter", "_tokenize", "_tracemalloc", "_typing",
    "_uuid", "_warnings", "_weakref", "_weakrefset", "_winapi", "_zoneinfo", "abc", "aifc",
    "antigravity", "argparse", "array", "ast", "asynchat", "asyncio", "asyncore", "atexit",
    "audioop", "base64", "bdb", "binascii", "bisect", "builtins", "bz2", "cProfile", "calendar",
    "cgi", "cgitb", "chunk", "cmath", "cmd", "code", "codecs", "codeop", "collections", "colorsys",
    "compileall", "concurrent", "configparser", "contextlib", "contextvars", "copy", "copyreg",
    "crypt", "csv", "ctypes", "curses", "dataclasses", "datetime", "dbm", "decimal", "difflib",
    "dis", "distutils", "doctest", "email", "encodings", "ensurepip", "enum", "errno",
    "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch", "fractions", "ftplib", "functools",
    "gc", "genericpath", "getopt", "getpass", "gettext", "glob", "graphlib", "grp", "gzip",
    "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib", "imghdr", "imp", "importlib",
    "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3", "linecache", "locale",
    "logging", "lzma", "mailbox", "mailcap", "marshal", "math", "mimetypes", "mmap",
    "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt",
    "ntpath", "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev",
    "pathlib", "pdb", "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib",
    "poplib", "posix", "posixpath", "pprint", "profile", "pstats", "pty", "pwd", "py_compile",
    "pyclbr", "pydoc", "pydoc_data", "pyexpat", "queue", "quopri", "random", "re", "readline",
    "reprlib", "resource", "rlcompleter", "runpy", "sched", "secrets", "select", "selectors",
    "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib", "sndhdr", "socket",
    "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl", "stat",
    "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symtable", "sys",
    "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap",
    "this", "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace",
    "traceback", "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata",
    "unittest", "urllib", "uu", "uuid", "venv", "warnings", "wave", "weakref", "webbrowser",
    "winreg", "winsound", "wsgiref", "xdrlib", "xml", "xmlrpc", "zipapp", "zipfile", "zipimport",
    "zlib", "zoneinfo",
};

static GiRef text(GiThread *ts, const char *s) { return s ? gi_str_from_fs(ts, s, strlen(s)) : GI_REF_NONE; }

/* A struct sequence of a new type; consumes values. */
static GiRef record(GiThread *ts, const char *name, const char *doc, const GiStructField *fields, size_t n,
                    GiRef *values) {
    for (size_t i = 0; i < n; i++) {
        if (!gi_is_null(values[i])) continue;
        for (size_t k = 0; k < n; k++) gi_xdrop(ts, values[k]);
        return GI_NULL;
    }
    GiRef type = gi_structseq_type(ts, name, doc, fields, n, n);
    if (gi_is_null(type)) {
        for (size_t k = 0; k < n; k++) gi_drop(ts, values[k]);
        return type;
    }
    GiRef made = gi_structseq_new(ts, gi_val(type), values, n);
    gi_drop(ts, type);
    return made;
}
/* A record whose type cannot be called by Python code. */
static GiRef only_one(GiRef made) {
    if (!gi_is_null(made)) gi_type_of(gi_val(made))->flags |= GI_TYPE_NO_NEW;
    return made;
}
#define RECORD(name, doc, fields, ...)                                         \
    record(ts, name, doc, fields, GI_COUNTOF(fields), (GiRef[]){__VA_ARGS__})
#define INT(v) gi_int_from_i64(ts, (v))

static GiRef version_info(GiThread *ts) {
    static const GiStructField fields[] = {{"major", "Major release number"}, {"minor", "Minor release number"},
        {"micro", "Patch release number"}, {"releaselevel", "'alpha', 'beta', 'candidate', or 'final'"},
        {"serial", "Serial release number"}};
    return only_one(RECORD("sys.version_info", "sys.version_info\n\nVersion information as a named tuple.", fields, INT(3), INT(11),
                  INT(2), text(ts, "final"), INT(0)));
}
static GiRef hash_info(GiThread *ts) {
    static const GiStructField fields[] = {{"width", NULL}, {"modulus", NULL}, {"inf", NULL}, {"nan", NULL},
        {"imag", NULL}, {"algorithm", NULL}, {"hash_bits", NULL}, {"seed_bits", NULL}, {"cutoff", NULL}};
    return RECORD("sys.hash_info", "hash_info\n\nA named tuple providing parameters used for computing hashes.", fields,
                  INT(64), INT((INT64_C(1) << 61) - 1), INT(314159), INT(0), INT(1000003), text(ts, "siphash13"), INT(64),
                  INT(128), INT(0));
}
static GiRef float_info(GiThread *ts) {
    static const GiStructField fields[] = {{"max", NULL}, {"max_exp", NULL}, {"max_10_exp", NULL}, {"min", NULL},
        {"min_exp", NULL}, {"min_10_exp", NULL}, {"dig", NULL}, {"mant_dig", NULL}, {"epsilon", NULL}, {"radix", NULL},
        {"rounds", NULL}};
    return RECORD("sys.float_info", "sys.float_info\n\nA named tuple holding information about the float type.", fields,
                  gi_double_ref(DBL_MAX), INT(DBL_MAX_EXP), INT(DBL_MAX_10_EXP), gi_double_ref(DBL_MIN), INT(DBL_MIN_EXP),
                  INT(DBL_MIN_10_EXP), INT(DBL_DIG), INT(DBL_MANT_DIG), gi_double_ref(DBL_EPSILON), INT(FLT_RADIX), INT(1));
}
static GiRef int_info(GiThread *ts) {
    static const GiStructField fields[] = {{"bits_per_digit", NULL}, {"sizeof_digit", NULL},
        {"default_max_str_digits", NULL}, {"str_digits_check_threshold", NULL}};
    return RECORD("sys.int_info", "sys.int_info\n\nA named tuple that holds information about Python's internal representation of integers.",
                  fields, INT(64), INT(8), INT(4300), INT(640));
}
static GiRef thread_info(GiThread *ts) {
    static const GiStructField fields[] = {{"name", NULL}, {"lock", NULL}, {"version", NULL}};
    char version[64];
    snprintf(version, sizeof version, "NPTL %s", gnu_get_libc_version());
    return RECORD("sys.thread_info", "sys.thread_info\n\nA named tuple holding information about the thread implementation.",
                  fields, text(ts, "pthread"), text(ts, "semaphore"), text(ts, version));
}
static GiRef flags(GiThread *ts, const GiConfig *c) {
    static const GiStructField fields[] = {{"debug", "-d"}, {"inspect", "-i"}, {"interactive", "-i"}, {"optimize", "-O or -OO"},
        {"dont_write_bytecode", "-B"}, {"no_user_site", "-s"}, {"no_site", "-S"}, {"ignore_environment", "-E"},
        {"verbose", "-v"}, {"bytes_warning", "-b"}, {"quiet", "-q"}, {"hash_randomization", "-R"}, {"isolated", "-I"},
        {"dev_mode", "-X dev"}, {"utf8_mode", "-X utf8"}, {"warn_default_encoding", "-X warn_default_encoding"},
        {"safe_path", "-P"}, {"int_max_str_digits", "-X int_max_str_digits"}};
    return only_one(RECORD("sys.flags", "sys.flags\n\nFlags provided through command line arguments or environment vars.", fields,
                  INT(c->debug), INT(c->inspect), INT(c->interactive), INT(c->optimize), INT(c->dont_write_bytecode),
                  INT(c->no_user_site), INT(c->no_site), INT(c->ignore_environment), INT(c->verbose), INT(c->bytes_warning),
                  INT(c->quiet), INT(ts->vm->hash_randomised), INT(c->isolated), gi_bool_ref(c->dev_mode), INT(c->utf8_mode),
                  INT(c->warn_default_encoding), gi_bool_ref(c->safe_path), INT(c->int_max_str_digits)));
}
static GiRef asyncgen_hooks_type(GiThread *ts) {
    static const GiStructField fields[] = {{"firstiter", NULL}, {"finalizer", NULL}};
    return gi_structseq_type(ts, "asyncgen_hooks", NULL, fields, 2, 2);
}
static GiRef unraisable_type(GiThread *ts) {
    static const GiStructField fields[] = {{"exc_type", "Exception type"}, {"exc_value", "Exception value"},
        {"exc_traceback", "Exception traceback"}, {"err_msg", "Error message"}, {"object", "Object causing the exception"}};
    return gi_structseq_type(ts, "UnraisableHookArgs", "UnraisableHookArgs\n\nType used to pass arguments to sys.unraisablehook.",
                             fields, 5, 5);
}

static GiRef implementation(GiThread *ts) {
    GiRef dict = gi_dict_new(ts), ns = GI_NULL;
    if (gi_is_null(dict)) return dict;
    GiVal d = gi_val(dict), version = gi_sys_get_peek(ts, "version_info"); /* at the start */
    if (gi_dict_set_steal(ts, d, GI_N(name), text(ts, "gila")) == GI_OK &&
        gi_dict_set_steal(ts, d, GI_N(cache_tag), text(ts, "gila-311")) == GI_OK &&
        gi_dict_set_cstr(ts, d, "version", version) == GI_OK &&
        gi_dict_set_cstr(ts, d, "hexversion", gi_smallint(HEX_VERSION)) == GI_OK) {
        GiRef multiarch = text(ts, "x86_64-linux-gnu");
        if (!gi_is_null(multiarch) && gi_dict_set_cstr(ts, d, "_multiarch", gi_val(multiarch)) == GI_OK)
            ns = gi_namespace_new(ts, d);
        gi_xdrop(ts, multiarch);
    }
    gi_drop(ts, dict);
    return ns;
}

static GiRef string_list(GiThread *ts, char *const *items, int count) {
    GiRef list = gi_list_new(ts, (size_t)GI_MAX(count, 0));
    for (int i = 0; i < count && !gi_is_null(list); i++) {
        GiRef item = text(ts, items[i]);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static GiRef x_options(GiThread *ts, const GiConfig *c) {
    GiRef dict = gi_dict_new(ts);
    for (int i = 0; i < c->x_option_count && !gi_is_null(dict); i++) {
        const char *option = c->x_options[i], *eq = strchr(option, '=');
        GiRef name = gi_str_from_fs(ts, option, eq ? (size_t)(eq - option) : strlen(option));
        GiRef value = eq ? text(ts, eq + 1) : GI_REF_TRUE;
        if (gi_is_null(name) || gi_is_null(value) || gi_dict_set(ts, gi_val(dict), gi_val(name), gi_val(value)) < 0) {
            gi_drop(ts, dict);
            dict = GI_NULL;
        }
        gi_xdrop(ts, name);
        gi_xdrop(ts, value);
    }
    return dict;
}

static GiRef module_names(GiThread *ts, const char *const *names, bool as_set) {
    GiRef list = gi_list_new(ts, 0);
    for (; *names && !gi_is_null(list); names++) {
        GiRef name = gi_intern_cstr(ts, *names);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    if (gi_is_null(list)) return list;
    GiRef r = as_set ? gi_frozenset_new(ts, gi_val(list)) : gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    return r;
}

/* An entry of PYTHONPATH: relative ones are made absolute, so that they stay where they are when the
 * program changes its folder. `folder` is the current one, or NULL when it is not known. */
static GiRef path_entry(GiThread *ts, const char *entry, size_t len, const char *folder) {
    while (len > 0 && entry[0] == '.' && (len == 1 || entry[1] == '/'))
        for (entry++, len--; len > 0 && entry[0] == '/'; entry++) len--;
    GiRef tail = gi_str_from_fs(ts, entry, len);
    if (gi_is_null(tail) || folder == NULL || (len > 0 && entry[0] == '/')) return tail;
    GiRef head = text(ts, folder);
    GiRef full = gi_is_null(head) ? GI_NULL
                 : len == 0       ? gi_dup(ts, gi_val(head))
                                  : gi_str_format(ts, "%S/%S", gi_val(head), gi_val(tail));
    gi_xdrop(ts, head);
    gi_drop(ts, tail);
    return full;
}

/* PYTHONPATH, the library's zip and folder, as Debian's python3.11 orders them. What stands in its
 * lib-dynload are native modules of CPython. */
static GiRef module_path(GiThread *ts, const GiConfig *c) {
    const char *p = c->python_path;
    char *folder = p && *p ? getcwd(NULL, 0) : NULL;
    GiRef list = gi_list_new(ts, 8);
    for (bool more = p && *p; more && !gi_is_null(list);) { /* nothing between colons: the current folder */
        const char *end = strchrnul(p, ':');
        GiRef item = path_entry(ts, p, (size_t)(end - p), folder);
        more = *end != 0;
        p = end + 1;
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    free(folder);
    if (gi_is_null(list)) return list;
    char zip[4096];
    snprintf(zip, sizeof zip, "%.*s/python311.zip", (int)(strrchr(c->stdlib, '/') - c->stdlib), c->stdlib);
    GiRef item = text(ts, zip);
    if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) goto fail;
    item = text(ts, c->stdlib);
    if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) goto fail;
    return list;
fail:
    gi_drop(ts, list);
    return GI_NULL;
}

static GiRef version_text(GiThread *ts) {
#ifdef __clang__
    return text(ts, "3.11.2 (gila " GI_VERSION ", " __DATE__ ", " __TIME__ ") [Clang " __clang_version__ "]");
#else
    return text(ts, "3.11.2 (gila " GI_VERSION ", " __DATE__ ", " __TIME__ ") [GCC " __VERSION__ "]");
#endif
}

GiStatus gi_sys_init(GiThread *ts, const GiConfig *c) {
    GiVm *vm = ts->vm;
    GiRef name = gi_intern_cstr(ts, "sys");
    GiRef module = gi_is_null(name) ? GI_NULL : gi_module_new(ts, gi_val(name));
    GiRef modules = gi_dict_new(ts);
    if (gi_is_null(module) || gi_is_null(modules)) return GI_FAIL;
    GiVal dict = gi_module_dict(gi_val(module));
    gi_slot_init(&vm->sys_dict, gi_dup(ts, dict));
    gi_slot_init(&vm->modules, gi_dup(ts, gi_val(modules)));
    for (const GiMethodDef *def = gi_sys_functions; def->name; def++) {
        GiRef f = gi_native_new(ts, def, gi_val(module), gi_val(name));
        if (gi_is_null(f) || gi_dict_set_cstr(ts, dict, def->name, gi_val(f)) < 0) return GI_FAIL;
        gi_drop(ts, f);
    }
    static const char *const aliases[][2] = {{"__displayhook__", "displayhook"}, {"__excepthook__", "excepthook"},
        {"__breakpointhook__", "breakpointhook"}, {"__unraisablehook__", "unraisablehook"}};
    for (size_t i = 0; i < GI_COUNTOF(aliases); i++)
        if (gi_dict_set_cstr(ts, dict, aliases[i][0], gi_dict_get_cstr_peek(ts, dict, aliases[i][1])) < 0) return GI_FAIL;
    if (gi_dict_set(ts, gi_val(modules), gi_val(name), gi_val(module)) < 0 ||
        gi_dict_set(ts, gi_val(modules), GI_N(builtins), gi_val(vm->builtins)) < 0)
        return GI_FAIL;
    gi_drop(ts, name);
#define SET(key, value) if (gi_sys_set(ts, key, value) < 0) return GI_FAIL
    SET("modules", modules);
    SET("__doc__", text(ts, "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter."));
    SET("version", version_text(ts));
    SET("hexversion", INT(HEX_VERSION));
    SET("version_info", version_info(ts));
    SET("implementation", implementation(ts));
    SET("hash_info", hash_info(ts));
    SET("float_info", float_info(ts));
    SET("int_info", int_info(ts));
    SET("thread_info", thread_info(ts));
    SET("flags", flags(ts, c));
    SET("_asyncgen_hooks_type", asyncgen_hooks_type(ts));
    GiRef args_type = unraisable_type(ts);
    if (gi_is_null(args_type)) return GI_FAIL;
    gi_slot_init(&vm->runtime->unraisable_args, args_type);
    SET("api_version", INT(1013));
    SET("copyright", text(ts, "Copyright (c) 2026 The Gila developers.\nAll Rights Reserved."));
    SET("platform", text(ts, "linux"));
    SET("byteorder", text(ts, "little"));
    SET("maxsize", INT(INT64_MAX));
    SET("maxunicode", INT(0x10FFFF));
    SET("float_repr_style", text(ts, "short"));
    SET("abiflags", text(ts, ""));
    SET("platlibdir", text(ts, "lib"));
    SET("_framework", text(ts, ""));
    SET("_home", GI_REF_NONE);
    SET("_git", gi_tuple_steal(ts, (GiRef[]){text(ts, "gila"), text(ts, ""), text(ts, "")}, 3));
    SET("_stdlib_dir", text(ts, c->stdlib));
    SET("executable", text(ts, c->executable));
    SET("_base_executable", text(ts, c->base_executable ? c->base_executable : c->executable));
    SET("prefix", text(ts, "/usr"));
    SET("base_prefix", text(ts, "/usr"));
    SET("exec_prefix", text(ts, "/usr"));
    SET("base_exec_prefix", text(ts, "/usr"));
    SET("dont_write_bytecode", gi_bool_ref(c->dont_write_bytecode));
    SET("pycache_prefix", text(ts, c->pycache_prefix));
    SET("argv", string_list(ts, c->argv, c->argc));
    SET("orig_argv", string_list(ts, c->orig_argv, c->orig_argc));
    SET("warnoptions", string_list(ts, c->warn_options, c->warn_option_count));
    SET("_xoptions", x_options(ts, c));
    SET("path", module_path(ts, c));
    SET("meta_path", gi_list_new(ts, 4));
    SET("path_hooks", gi_list_new(ts, 4));
    SET("path_importer_cache", gi_dict_new(ts));
    SET("builtin_module_names", module_names(ts, gi_native_modules(vm)->names, false));
    const char *names[GI_COUNTOF(stdlib_names) + 1];
    memcpy(names, stdlib_names, sizeof stdlib_names);
    names[GI_COUNTOF(stdlib_names)] = NULL;
    SET("stdlib_module_names", module_names(ts, names, true));
#undef SET
    gi_drop(ts, module);
    return GI_OK;
}

/* The name that the codec of an encoding gives itself ("latin-1" is "iso8859-1"). */
static GiRef codec_name(GiThread *ts, const char *encoding) {
    if (strcmp(encoding, "utf-8") == 0 || strcmp(encoding, "UTF-8") == 0) return text(ts, "utf-8");
    GiRef codecs = ts->vm->hooks->import(ts, "codecs"), name = text(ts, encoding);
    GiVal arg = gi_is_null(name) ? GI_NONE : gi_val(name);
    GiRef info = gi_is_null(codecs) || gi_is_null(name) ? GI_NULL : gi_call_method_cstr(ts, gi_val(codecs), "lookup", &arg, 1);
    GiRef r = gi_is_null(info) ? GI_NULL : gi_getattr_cstr(ts, gi_val(info), "name");
    gi_xdrop(ts, info);
    gi_xdrop(ts, name);
    gi_xdrop(ts, codecs);
    return r;
}

/* sys.std*: text over buffered binary streams, as io.open makes them. */
static GiStatus make_stream(GiThread *ts, GiVal io, const char *attribute, const char *shadow, int fd, bool writing) {
    const GiConfig *c = &ts->vm->runtime->config;
    char shown[16];
    snprintf(shown, sizeof shown, "<%s>", attribute);
    if (fcntl(fd, F_GETFD) < 0) {
        if (gi_sys_set(ts, attribute, GI_REF_NONE) < 0) return GI_FAIL;
        return gi_sys_set(ts, shadow, GI_REF_NONE);
    }
    bool unbuffered = c->unbuffered && writing, terminal = isatty(fd);
    GiRef name = text(ts, shown), mode = text(ts, writing ? "wb" : "rb");
    GiRef open = gi_getattr_cstr(ts, io, "open"), wrapper = gi_getattr_cstr(ts, io, "TextIOWrapper");
    GiRef raw = GI_NULL, stream = GI_NULL, keywords = GI_NULL, errors = GI_NULL, encoding = GI_NULL;
    if (gi_is_null(name) || gi_is_null(mode) || gi_is_null(open) || gi_is_null(wrapper)) goto done;
    GiVal open_args[7] = {gi_smallint(fd), gi_val(mode), gi_smallint(unbuffered ? 0 : -1), GI_NONE, GI_NONE, GI_NONE,
                          GI_FALSE};
    raw = gi_call(ts, gi_val(open), open_args, 7, GI_NOVAL);
    if (gi_is_null(raw)) goto done;
    GiRef inner = gi_dup(ts, gi_val(raw));
    if (!unbuffered) {
        gi_drop(ts, inner);
        inner = gi_getattr_cstr(ts, gi_val(raw), "raw");
        if (gi_is_null(inner)) goto done;
    }
    GiStatus named = gi_setattr_cstr(ts, gi_val(inner), "name", gi_val(name));
    gi_drop(ts, inner);
    if (named < 0) goto done;
    const char *environment = c->ignore_environment ? NULL : getenv("PYTHONIOENCODING");
    char chosen[128] = "utf-8", handler[64] = "strict";
    const char *locale = setlocale(LC_CTYPE, NULL);
    static const char *const plain[] = {"C", "POSIX", "C.UTF-8", "C.utf8", "UTF-8"};
    bool posix_locale = locale == NULL;
    for (size_t i = 0; i < GI_COUNTOF(plain) && !posix_locale; i++) posix_locale = strcmp(locale, plain[i]) == 0;
    if (!c->utf8_mode) snprintf(chosen, sizeof chosen, "%s", nl_langinfo(CODESET));
    if (posix_locale || c->utf8_mode) strcpy(handler, "surrogateescape");
    if (environment && *environment) {
        const char *colon = strchrnul(environment, ':');
        if (colon > environment) {
            snprintf(chosen, sizeof chosen, "%.*s", (int)(colon - environment), environment);
            strcpy(handler, "strict");
        }
        if (*colon && colon[1]) snprintf(handler, sizeof handler, "%s", colon + 1);
    }
    if (fd == 2) strcpy(handler, "backslashreplace");
    errors = text(ts, handler);
    encoding = codec_name(ts, chosen);
    if (gi_is_null(errors) || gi_is_null(encoding)) goto done;
    GiVal args[6] = {gi_val(raw), gi_val(encoding), gi_val(errors), GI_NONE,
                     gi_bool(writing && !unbuffered && (fd == 2 || terminal)), gi_bool(unbuffered)};
    GiRef newline = writing ? text(ts, "\n") : GI_REF_NONE;
    if (gi_is_null(newline)) goto done;
    args[3] = gi_val(newline);
    stream = gi_call(ts, gi_val(wrapper), args, 6, GI_NOVAL);
    gi_drop(ts, newline);
    if (!gi_is_null(stream)) {
        GiRef short_mode = text(ts, writing ? "w" : "r");
        if (gi_is_null(short_mode) || gi_setattr_cstr(ts, gi_val(stream), "mode", gi_val(short_mode)) < 0) {
            gi_drop(ts, stream);
            stream = GI_NULL;
        }
        gi_xdrop(ts, short_mode);
    }
done:
    gi_xdrop(ts, name);
    gi_xdrop(ts, mode);
    gi_xdrop(ts, open);
    gi_xdrop(ts, wrapper);
    gi_xdrop(ts, raw);
    gi_xdrop(ts, keywords);
    gi_xdrop(ts, errors);
    gi_xdrop(ts, encoding);
    if (gi_is_null(stream)) return GI_FAIL;
    GiStatus status = gi_sys_set(ts, attribute, gi_dup(ts, gi_val(stream)));
    if (status < 0) {
        gi_drop(ts, stream);
        return status;
    }
    return gi_sys_set(ts, shadow, stream);
}

GiStatus gi_sys_init_streams(GiThread *ts) {
    GiRef io = ts->vm->hooks->import(ts, "io");
    if (gi_is_null(io)) return GI_FAIL;
    GiRef open = gi_getattr_cstr(ts, gi_val(io), "open");
    GiStatus status = gi_is_null(open) ? GI_FAIL : gi_dict_set_cstr(ts, gi_val(ts->vm->builtins_dict), "open", gi_val(open));
    gi_xdrop(ts, open);
    if (status == GI_OK) status = make_stream(ts, gi_val(io), "stdin", "__stdin__", 0, false);
    if (status == GI_OK) status = make_stream(ts, gi_val(io), "stdout", "__stdout__", 1, true);
    if (status == GI_OK) status = make_stream(ts, gi_val(io), "stderr", "__stderr__", 2, true);
    gi_drop(ts, io);
    return status;
}
