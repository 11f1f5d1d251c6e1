/* run.c - running a command, a module, a file or folder, standard input. */
#include "main/run.h"
#include "bytecode/code.h"
#include "bytecode/opcodes.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/gil_watch.h"
#include "runtime/marshal.h"
#include "runtime/parse_support.h"
#include "syntax/source.h"
#include "vm/function.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* sys.modules['__main__'], made on first use; borrowed. */
static GiVal main_dict(GiThread *ts) {
    GiVal modules = gi_val(ts->vm->modules);
    GiVal module = gi_dict_get_str_peek(ts, modules, GI_N(__main__));
    if (!gi_is_null(module)) return gi_module_dict(module);
    GiRef made = gi_module_new(ts, GI_N(__main__));
    if (gi_is_null(made)) return GI_NOVAL;
    GiVal dict = gi_module_dict(gi_val(made));
    GiStatus status = gi_dict_set(ts, dict, GI_N(__builtins__), gi_val(ts->vm->builtins));
    GiRef annotations = status == GI_OK ? gi_dict_new(ts) : GI_NULL;
    status = gi_is_null(annotations) ? GI_FAIL : gi_dict_set(ts, dict, GI_N(__annotations__), gi_val(annotations));
    gi_xdrop(ts, annotations);
    if (status == GI_OK) status = gi_dict_set(ts, modules, GI_N(__main__), gi_val(made));
    gi_drop(ts, made);
    return status < 0 ? GI_NOVAL : dict;
}

static GiStatus set_loader(GiThread *ts, GiVal dict, const char *class_name, const char *path) {
    GiRef external = ts->vm->hooks->import(ts, path ? "_frozen_importlib_external" : "_frozen_importlib");
    GiRef class_ = gi_is_null(external) ? GI_NULL : gi_getattr_cstr(ts, gi_val(external), class_name);
    gi_xdrop(ts, external);
    if (gi_is_null(class_)) return GI_FAIL;
    GiRef loader;
    if (path) {
        GiRef text = gi_str_from_fs(ts, path, strlen(path));
        loader = gi_is_null(text) ? GI_NULL : gi_call2(ts, gi_val(class_), GI_N(__main__), gi_val(text));
        gi_xdrop(ts, text);
        gi_drop(ts, class_);
    } else {
        loader = class_;
    }
    if (gi_is_null(loader)) return GI_FAIL;
    GiStatus status = gi_dict_set(ts, dict, GI_N(__loader__), gi_val(loader));
    gi_drop(ts, loader);
    return status;
}

static GiStatus prepend_path(GiThread *ts, GiRef entry) {
    if (gi_is_null(entry)) return GI_FAIL;
    GiRef path = gi_sys_get(ts, "path");
    if (gi_is_null(path) || !gi_is_list(path)) {
        gi_xdrop(ts, path);
        gi_drop(ts, entry);
        return GI_OK;
    }
    GiStatus status = gi_list_insert(ts, gi_val(path), 0, entry);
    gi_drop(ts, path);
    return status;
}

/* Reports the raised exception: exit status. */
static int finish(GiThread *ts, GiRef result) {
    if (gi_is_null(result)) return gi_handle_exit(ts);
    gi_drop(ts, result);
    return 0;
}

static GiRef run_text(GiThread *ts, const char *text, size_t len, const char *shown, bool bytes, GiVal dict) {
    GiRef filename = gi_str_from_fs(ts, shown, strlen(shown));
    if (gi_is_null(filename)) return filename;
    GiRef source = bytes ? gi_bytes_from(ts, text, len) : gi_str_from_fs(ts, text, len);
    GiRef code = GI_NULL, owner;
    const char *utf8;
    size_t size;
    int flags = bytes ? GI_PYCF_WHOLE_FILE : 0;
    if (!gi_is_null(source) &&
        gi_source_text(ts, gi_val(source), "program", &flags, gi_val(filename), &owner, &utf8, &size) == GI_OK) {
        if (bytes) flags |= GI_PYCF_WHOLE_FILE;
        code = gi_compile_source(ts, utf8, size, gi_val(filename), "exec", flags, -1, -1);
        gi_drop(ts, owner);
    }
    gi_xdrop(ts, source);
    gi_drop(ts, filename);
    if (gi_is_null(code)) return code;
    GiRef r = gi_eval_code(ts, gi_val(code), dict, dict, GI_NOVAL);
    gi_drop(ts, code);
    return r;
}

/* Whether a file is compiled code: by its name, or by the magic number at its beginning. */
static bool is_compiled(const char *path, const char *text, size_t len) {
    size_t n = strlen(path);
    uint32_t magic = gi_opcode_magic();
    const char head[4] = {(char)magic, (char)(magic >> 8), '\r', '\n'};
    return (n > 4 && strcmp(path + n - 4, ".pyc") == 0) || (len >= 4 && memcmp(text, head, 4) == 0);
}

/* Runs compiled code: a header of 16 bytes, then the marshalled code object. */
static GiRef run_compiled(GiThread *ts, const char *text, size_t len, GiVal dict) {
    uint32_t magic = gi_opcode_magic();
    const char head[4] = {(char)magic, (char)(magic >> 8), '\r', '\n'};
    if (len < 16 || memcmp(text, head, 4) != 0)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "Bad magic number in .pyc file");
    GiRef code = gi_marshal_load(ts, (const uint8_t *)text + 16, len - 16, GI_NOVAL);
    if (gi_is_null(code)) return code;
    GiRef result = gi_is_exact(gi_val(code), &gi_code_type)
                       ? gi_eval_code(ts, gi_val(code), dict, dict, GI_NOVAL)
                       : gi_raise_ref(ts, &gi_exc_RuntimeError, "Bad code object in .pyc file");
    gi_drop(ts, code);
    return result;
}

static int run_command(GiThread *ts, const GiOptions *o, GiVal dict) {
    if (!o->config.safe_path && prepend_path(ts, gi_str_from_cstr(ts, "")) < 0) return gi_handle_exit(ts);
    if (set_loader(ts, dict, "BuiltinImporter", NULL) < 0) return gi_handle_exit(ts);
    size_t len = strlen(o->target), line;
    if (!gi_source_check_utf8(o->target, len, &line)) fputs("Unable to decode the command from the command line:\n", stderr);
    return finish(ts, run_text(ts, o->target, len, "<string>", false, dict));
}

int gi_run_source(GiThread *ts, const char *text, size_t len, const char *filename) {
    GiVal dict = main_dict(ts);
    if (gi_is_null(dict)) return gi_handle_exit(ts);
    return finish(ts, run_text(ts, text, len, filename, true, dict));
}

/* runpy runs modules, folders and archives. */
static int run_module(GiThread *ts, const char *name, bool set_argv0) {
    GiRef runpy = ts->vm->hooks->import(ts, "runpy");
    GiRef f = gi_is_null(runpy) ? GI_NULL : gi_getattr_cstr(ts, gi_val(runpy), "_run_module_as_main");
    gi_xdrop(ts, runpy);
    if (gi_is_null(f)) {
        fprintf(stderr, "Could not import runpy module\n");
        return gi_handle_exit(ts);
    }
    GiRef text = gi_str_from_fs(ts, name, strlen(name));
    GiRef r = gi_is_null(text) ? GI_NULL : gi_call2(ts, gi_val(f), gi_val(text), gi_bool(set_argv0));
    gi_xdrop(ts, text);
    gi_drop(ts, f);
    return finish(ts, r);
}

/* A folder or archive with a __main__: its path hook is known. */
static bool importable_path(GiThread *ts, const char *path) {
    GiRef module = ts->vm->hooks->import(ts, "pkgutil");
    GiRef f = gi_is_null(module) ? GI_NULL : gi_getattr_cstr(ts, gi_val(module), "get_importer");
    GiRef text = gi_str_from_fs(ts, path, strlen(path));
    GiRef importer = gi_is_null(f) || gi_is_null(text) ? GI_NULL : gi_call1(ts, gi_val(f), gi_val(text));
    bool yes = !gi_is_null(importer) && !gi_is_none(importer);
    if (gi_raised(ts)) gi_exc_clear(ts);
    gi_xdrop(ts, importer);
    gi_xdrop(ts, text);
    gi_xdrop(ts, f);
    gi_xdrop(ts, module);
    return yes;
}

static char *read_all(int fd, size_t *len) {
    size_t capacity = 65536, n = 0;
    char *text = malloc(capacity);
    while (text != NULL) {
        if (n == capacity) {
            char *grown = realloc(text, capacity *= 2);
            if (grown == NULL) {
                free(text);
                return NULL;
            }
            text = grown;
        }
        ssize_t got = read(fd, text + n, capacity - n);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            free(text);
            return NULL;
        }
        if (got == 0) break;
        n += (size_t)got;
    }
    *len = n;
    return text;
}

static GiRef script_folder(GiThread *ts, const char *path) {
    char resolved[8192];
    ssize_t n = readlink(path, resolved, sizeof resolved - 1);
    char joined[16384];
    if (n > 0) {
        resolved[n] = 0;
        const char *slash = strrchr(path, '/');
        if (resolved[0] != '/' && slash) snprintf(joined, sizeof joined, "%.*s/%s", (int)(slash - path), path, resolved);
        else snprintf(joined, sizeof joined, "%s", resolved);
        path = joined;
    }
    char *full = realpath(path, NULL);
    const char *text = full ? full : path;
    const char *slash = strrchr(text, '/');
    GiRef folder = slash == NULL ? gi_str_from_cstr(ts, "")
                   : gi_str_from_fs(ts, text, slash == text ? 1 : (size_t)(slash - text));
    free(full);
    return folder;
}

/* The path with the working directory in front when it is relative (to be freed), or NULL: not to be had. */
static char *absolute_path(const char *path) {
    if (path[0] == '/') return strdup(path);
    char *folder = getcwd(NULL, 0), *full = NULL;
    if (path[0] == 0) return folder;
    if (folder != NULL && asprintf(&full, "%s/%s", folder, path) < 0) full = NULL;
    free(folder);
    return full;
}

static int run_path(GiThread *ts, const GiOptions *o, const char *path, GiVal dict);

static int run_file(GiThread *ts, const GiOptions *o, GiVal dict) {
    char *path = absolute_path(o->target);
    int status = run_path(ts, o, path != NULL ? path : o->target, dict);
    free(path);
    return status;
}

static GiStatus set_file(GiThread *ts, GiVal dict, const char *path) {
    GiRef file = gi_str_from_fs(ts, path, strlen(path));
    GiStatus status = gi_is_null(file) ? GI_FAIL : gi_dict_set(ts, dict, GI_N(__file__), gi_val(file));
    gi_xdrop(ts, file);
    return status < 0 ? GI_FAIL : gi_dict_set(ts, dict, GI_N(__cached__), GI_NONE);
}
static GiStatus clear_file(GiThread *ts, GiVal dict) {
    bool found;
    return gi_dict_del(ts, dict, GI_N(__file__), &found) < 0 ? GI_FAIL : gi_dict_del(ts, dict, GI_N(__cached__), &found);
}

/* Whether a regular file is a zip archive, perhaps with something before it: its directory is at the end. */
static bool is_archive(int fd, off_t size) {
    enum { TAIL = 65536 + 22 };
    size_t n = (size_t)GI_MIN(size, (off_t)TAIL);
    char *tail = n >= 22 ? malloc(n) : NULL;
    bool yes = tail && pread(fd, tail, n, size - (off_t)n) == (ssize_t)n && memmem(tail, n, "PK\5\6", 4) != NULL;
    free(tail);
    return yes;
}

/* Whether a comment before the first statement says "gila: gil": the script needs the lock. */
static bool asks_for_gil(const char *text, size_t len) {
    const char *end = text + len;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) text += 3;
    while (text < end) {
        const char *line = text, *stop = memchr(text, '\n', (size_t)(end - text));
        if (!stop) stop = end;
        text = stop + (stop < end);
        while (line < stop && strchr(" \t\f\r", *line)) line++;
        if (line == stop) continue;
        if (*line != '#') return false;
        int used = 0;
        char comment[64];
        snprintf(comment, sizeof comment, "%.*s", (int)GI_MIN(stop - line, 60), line);
        if (sscanf(comment, "# gila : gil %n", &used) == 0 && used > 0 && comment[used] == 0) return true;
    }
    return false;
}

static GiStatus require_gil(GiThread *ts, const char *path) {
    GiRef name = gi_str_from_fs(ts, path, strlen(path));
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_gil_require(ts, gi_val(name));
    gi_xdrop(ts, name);
    return status;
}

static int run_path(GiThread *ts, const GiOptions *o, const char *path, GiVal dict) {
    struct stat info;
    int fd = -1, error = 0;
    bool archive = false;
    GI_BLOCKING(&ts->core, "open") {
        fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && fstat(fd, &info) == 0) archive = S_ISREG(info.st_mode) && is_archive(fd, info.st_size);
        error = errno;
    }
    if (fd < 0) {
        fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n", o->config.program, path, error, strerror(error));
        return 2;
    }
    if ((S_ISDIR(info.st_mode) || archive) && importable_path(ts, path)) {
        close(fd);
        if (prepend_path(ts, gi_str_from_fs(ts, path, strlen(path))) < 0) return gi_handle_exit(ts);
        return run_module(ts, "__main__", false);
    }
    if (S_ISDIR(info.st_mode)) {
        close(fd);
        fprintf(stderr, "%s: can't find '__main__' module in '%s'\n", o->config.program, path);
        return 1;
    }
    size_t len, start = 0;
    char *text = NULL;
    GI_BLOCKING(&ts->core, "read") {
        text = read_all(fd, &len);
        error = errno;
    }
    close(fd);
    if (text == NULL) {
        fprintf(stderr, "%s: can't read file '%s': [Errno %d] %s\n", o->config.program, path, error, strerror(error));
        return 2;
    }
    bool compiled = is_compiled(path, text, len);
    /* -x: the first line goes, its end stays, so that lines keep their numbers. */
    while (o->skip_first_line && start < len && text[start] != '\n') start++;
    GiStatus status = set_file(ts, dict, path);
    if (status == GI_OK && !o->config.safe_path) status = prepend_path(ts, script_folder(ts, path));
    if (status == GI_OK) status = set_loader(ts, dict, compiled ? "SourcelessFileLoader" : "SourceFileLoader", path);
    if (status == GI_OK && !compiled && asks_for_gil(text + start, len - start)) status = require_gil(ts, path);
    int result;
    if (status < 0) result = gi_handle_exit(ts);
    else if (compiled) result = finish(ts, run_compiled(ts, text, len, dict));
    else result = finish(ts, run_text(ts, text + start, len - start, path, true, dict));
    free(text);
    return result;
}

/* PYTHONSTARTUP: a file run before the prompt; a mistake in it is shown. False: the program ends. */
static bool run_startup(GiThread *ts, const GiOptions *o, GiVal dict, int *status) {
    const char *path = o->config.ignore_environment ? NULL : getenv("PYTHONSTARTUP");
    if (path == NULL || *path == 0) return true;
    size_t len;
    char *text = NULL;
    int fd, error = 0;
    GI_BLOCKING(&ts->core, "read") {
        fd = open(path, O_RDONLY | O_CLOEXEC);
        text = fd < 0 ? NULL : read_all(fd, &len);
        error = errno;
        if (fd >= 0) close(fd);
    }
    if (text == NULL) {
        fprintf(stderr, "Could not open PYTHONSTARTUP\n");
        GiRef name = gi_str_from_fs(ts, path, strlen(path));
        if (!gi_is_null(name)) gi_raise_errno(ts, error, gi_val(name));
        gi_xdrop(ts, name);
        gi_print_exception(ts);
        return true;
    }
    GiRef r = set_file(ts, dict, path) < 0 ? GI_NULL : run_text(ts, text, len, path, true, dict);
    free(text);
    if (gi_is_null(r)) {
        *status = gi_handle_exit(ts);
        if (ts->vm->runtime->exited) return false;
    } else {
        gi_drop(ts, r);
    }
    if (clear_file(ts, dict) < 0) gi_exc_clear(ts);
    return true;
}

static int run_stdin(GiThread *ts, const GiOptions *o, GiVal dict) {
    if (!o->config.safe_path && prepend_path(ts, gi_str_from_cstr(ts, "")) < 0) return gi_handle_exit(ts);
    if (set_loader(ts, dict, "BuiltinImporter", NULL) < 0) return gi_handle_exit(ts);
    int status;
    if (isatty(0) || o->config.interactive) {
        if (!o->config.quiet) gi_banner(ts);
        ts->vm->runtime->config.inspect = 0;
        return run_startup(ts, o, dict, &status) ? gi_prompt(ts, dict) : status;
    }
    size_t len;
    char *text = NULL;
    GI_BLOCKING(&ts->core, "read") { text = read_all(0, &len); }
    if (text == NULL) {
        fprintf(stderr, "%s: can't read standard input: %s\n", o->config.program, strerror(errno));
        return 2;
    }
    if (set_file(ts, dict, "<stdin>") < 0 || (asks_for_gil(text, len) && require_gil(ts, "<stdin>") < 0))
        status = gi_handle_exit(ts);
    else status = finish(ts, run_text(ts, text, len, "<stdin>", true, dict));
    free(text);
    return status;
}

int gi_run(GiThread *ts, const GiOptions *o) {
    GiVal dict = main_dict(ts);
    if (gi_is_null(dict)) return gi_handle_exit(ts);
    if (gi_dict_set(ts, dict, GI_N(__spec__), GI_NONE) < 0 || gi_dict_set(ts, dict, GI_N(__package__), GI_NONE) < 0 ||
        gi_dict_set(ts, dict, GI_N(__doc__), GI_NONE) < 0)
        return gi_handle_exit(ts);
    int status;
    switch (o->what) {
    case GI_RUN_COMMAND: status = run_command(ts, o, dict); break;
    case GI_RUN_MODULE:
        if (!o->config.safe_path) {
            char *folder = getcwd(NULL, 0);
            GiStatus added = prepend_path(ts, gi_str_from_fs(ts, folder ? folder : "", folder ? strlen(folder) : 0));
            free(folder);
            if (added < 0) return gi_handle_exit(ts);
        }
        status = run_module(ts, o->target, true);
        break;
    case GI_RUN_FILE: status = run_file(ts, o, dict); break;
    default: status = run_stdin(ts, o, dict);
    }
    /* The program itself may have asked for a prompt. */
    const char *asked = o->config.ignore_environment ? NULL : getenv("PYTHONINSPECT");
    bool inspect = ts->vm->runtime->config.inspect || (asked && *asked);
    if (o->what == GI_RUN_STDIN && (isatty(0) || o->config.interactive)) inspect = false; /* was one */
    if (inspect && (isatty(0) || o->config.interactive)) {
        ts->vm->runtime->exit_signal = 0;
        status = gi_prompt(ts, dict);
    }
    return status;
}
