/* import.c - the import system: importlib's own Python files, run from source by the core.
 *
 * Start: the code of importlib/_bootstrap.py (frozen.h) is run in a module called _frozen_importlib,
 * and installed; that imports _bootstrap_external.py as _frozen_importlib_external.
 * An import statement first looks into sys.modules; everything else is importlib's.
 */
#include "memory/extra.h"
#include "memory/slots.h"
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "os/clock.h"
#include "runtime/code_cache.h"
#include "runtime/frozen.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_BOOTSTRAP, STATE_EXTERNAL, STATE_HANDLE_FROMLIST, STATE_FIND_AND_LOAD, STATE_IMP };

/* The content of a regular file with a zero behind it, from malloc; NULL with errno. */
static char *read_file(const char *path, size_t *len) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    struct stat info;
    if (fstat(fd, &info) < 0 || !S_ISREG(info.st_mode)) {
        if (S_ISDIR(info.st_mode)) errno = EISDIR;
        close(fd);
        return NULL;
    }
    char *text = malloc((size_t)info.st_size + 1);
    size_t got = 0;
    while (text != NULL && got < (size_t)info.st_size) {
        ssize_t n = read(fd, text + got, (size_t)info.st_size - got);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        got += (size_t)n;
    }
    close(fd);
    if (text != NULL) text[got] = 0;
    *len = got;
    return text;
}

char *gi_read_whole_file(GiThread *ts, const char *path, size_t *len) {
    char *text = NULL;
    GI_BLOCKING(&ts->core, "read") text = read_file(path, len);
    return text;
}

/* Runs importlib's first file as module `name`; new reference. */
static GiRef run_bootstrap(GiThread *ts, const char *name) {
    GiRef text = gi_intern_cstr(ts, name);
    const GiFrozen *frozen = gi_is_null(text) ? NULL : gi_frozen_find(ts, gi_val(text));
    GiRef code = frozen ? gi_frozen_code(ts, frozen) : GI_NULL;
    if (gi_is_null(code)) {
        gi_xdrop(ts, text);
        return code;
    }
    GiRef module = gi_module_new(ts, gi_val(text));
    GiRef origin = gi_str_from_cstr(ts, frozen->origin);
    GiRef r = GI_NULL;
    if (!gi_is_null(module) && !gi_is_null(origin)) {
        GiVal dict = gi_module_dict(gi_val(module));
        if (gi_dict_set_cstr(ts, dict, "__origname__", gi_val(origin)) == GI_OK &&
            gi_dict_set(ts, dict, GI_N(__builtins__), gi_val(ts->vm->builtins)) == GI_OK &&
            gi_dict_set(ts, gi_val(ts->vm->modules), gi_val(text), gi_val(module)) == GI_OK)
            r = gi_eval_code(ts, gi_val(code), dict, dict, GI_NOVAL);
    }
    gi_drop(ts, text);
    gi_drop(ts, code);
    gi_xdrop(ts, origin);
    if (gi_is_null(r)) {
        gi_xdrop(ts, module);
        return GI_NULL;
    }
    gi_drop(ts, r);
    return module;
}

/* A native module by name, made and executed, in sys.modules. */
static GiRef native_module(GiThread *ts, const char *name) {
    const GiNativeModules *natives = gi_native_modules(ts->vm);
    GiRef text = gi_intern_cstr(ts, name);
    if (gi_is_null(text)) return text;
    bool exists = false;
    GiRef module = natives->create(ts, gi_val(text), GI_NOVAL, &exists);
    if (gi_is_null(module) && !gi_raised(ts)) gi_raise(ts, &gi_exc_ImportError, "no native module %R", gi_val(text));
    if (!gi_is_null(module) && (gi_dict_set(ts, gi_val(ts->vm->modules), gi_val(text), gi_val(module)) < 0 ||
                                natives->exec(ts, gi_val(module)) < 0)) {
        gi_drop(ts, module);
        module = GI_NULL;
    }
    gi_drop(ts, text);
    return module;
}

static GiStatus run_method(GiThread *ts, GiVal module, const char *name, const GiVal *args, size_t n) {
    GiRef f = gi_getattr_cstr(ts, module, name);
    if (gi_is_null(f)) return GI_FAIL;
    GiRef r = gi_call(ts, gi_val(f), args, n, GI_NOVAL);
    gi_drop(ts, f);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* The first path hook is zipimport's, which is imported only when a path may be an archive. */
static GiStatus add_archive_hook(GiThread *ts, GiVal imp) {
    GiRef hooks = gi_sys_get(ts, "path_hooks"), hook = gi_getattr_cstr(ts, imp, "_archive_path_hook");
    GiStatus status = gi_is_null(hook) ? GI_FAIL : gi_list_insert(ts, gi_val(hooks), 0, hook);
    gi_xdrop(ts, hooks);
    return status;
}

GiStatus gi_import_init(GiThread *ts) {
    GiVm *vm = ts->vm;
    if (vm->runtime->config.import_time) fputs("import time: self [us] | cumulative | imported package\n", stderr);
    GiRef imp = native_module(ts, "_imp");
    if (gi_is_null(imp)) return GI_FAIL;
    GiRef bootstrap = run_bootstrap(ts, "_frozen_importlib");
    if (gi_is_null(bootstrap)) return GI_FAIL;
    gi_slot_init(&vm->import_state[STATE_BOOTSTRAP], bootstrap);
    GiRef sys = gi_dict_get_cstr(ts, gi_val(vm->modules), "sys");
    GiVal args[2] = {gi_val(sys), gi_val(imp)};
    gi_slot_init(&vm->import_state[STATE_IMP], imp);
    GiStatus installed = run_method(ts, gi_val(bootstrap), "_install", args, 2);
    gi_xdrop(ts, sys);
    if (installed < 0) return GI_FAIL;
    GiRef f = gi_getattr_cstr(ts, gi_val(bootstrap), "_handle_fromlist");
    GiRef g = gi_getattr_cstr(ts, gi_val(bootstrap), "_find_and_load");
    if (gi_is_null(f) || gi_is_null(g)) return GI_FAIL;
    gi_slot_init(&vm->import_state[STATE_HANDLE_FROMLIST], f);
    gi_slot_init(&vm->import_state[STATE_FIND_AND_LOAD], g);
    if (run_method(ts, gi_val(bootstrap), "_install_external_importers", NULL, 0) < 0) return GI_FAIL;
    GiRef external = gi_getattr_cstr(ts, gi_val(bootstrap), "_bootstrap_external");
    if (gi_is_null(external)) return GI_FAIL;
    gi_slot_init(&vm->import_state[STATE_EXTERNAL], external);
    if (add_archive_hook(ts, gi_val(vm->import_state[STATE_IMP])) < 0) return GI_FAIL;
    return gi_code_cache_install(ts, gi_val(external));
}

bool gi_import_is_caller(GiThread *ts) {
    GiVal external = gi_val(ts->vm->import_state[STATE_EXTERNAL]);
    return !gi_is_null(external) && ts->frame != NULL && gi_same(gi_frame_globals(ts->frame), gi_module_dict(external));
}

/* Package of a relative import, from the importing module's globals. */
static GiRef calc_package(GiThread *ts, GiVal globals) {
    GiRef package_name = gi_dict_get_str(ts, globals, GI_N(__package__));
    GiRef spec = gi_dict_get_str(ts, globals, GI_N(__spec__)), own = gi_dict_get_str(ts, globals, GI_N(__name__));
    if ((gi_is_null(package_name) || gi_is_none(package_name)) && (gi_is_null(spec) || gi_is_none(spec)) &&
        gi_is_null(own) && !gi_raised(ts))
        gi_raise(ts, &gi_exc_KeyError, "'__name__' not in globals");
    gi_xdrop(ts, package_name);
    gi_xdrop(ts, spec);
    gi_xdrop(ts, own);
    if (gi_raised(ts)) return GI_NULL;
    GiRef f = gi_getattr_cstr(ts, gi_val(ts->vm->import_state[STATE_BOOTSTRAP]), "_calc___package__");
    if (gi_is_null(f)) return f;
    GiRef package = gi_call1(ts, gi_val(f), globals);
    gi_drop(ts, f);
    if (!gi_is_null(package) && !gi_is_str(gi_val(package))) {
        gi_drop(ts, package);
        return gi_raise_ref(ts, &gi_exc_TypeError, "package must be a string");
    }
    return package;
}

/* The absolute name of a relative import: the package's, `level - 1` parts cut off, then name. */
static GiRef resolve_name(GiThread *ts, GiVal name, GiVal globals, int level) {
    if (!gi_is_dict(globals)) return gi_raise_ref(ts, &gi_exc_KeyError, "'__name__' not in globals");
    GiRef package = calc_package(ts, globals);
    if (gi_is_null(package)) return package;
    GiVal p = gi_val(package);
    size_t end = gi_str_len(p);
    if (end == 0) {
        gi_drop(ts, package);
        return gi_raise_ref(ts, &gi_exc_ImportError, "attempted relative import with no known parent package");
    }
    for (int up = 1; up < level; up++) {
        size_t i = end;
        while (i > 0 && gi_str_char(p, i - 1) != '.') i--;
        if (i == 0) {
            gi_drop(ts, package);
            return gi_raise_ref(ts, &gi_exc_ImportError, "attempted relative import beyond top-level package");
        }
        end = i - 1;
    }
    GiRef base = gi_str_slice(ts, p, 0, end);
    gi_drop(ts, package);
    if (gi_is_null(base) || gi_str_len(name) == 0) return base;
    GiRef full = gi_str_format(ts, "%U.%U", gi_val(base), name);
    gi_drop(ts, base);
    return full;
}

GiStatus gi_import_wait(GiThread *ts, GiVal module, GiVal name) {
    GiRef spec, flag;
    if (gi_getattr_opt(ts, module, GI_N(__spec__), &spec) < 0) return GI_FAIL;
    if (gi_is_null(spec)) return GI_OK;
    GiStatus status = gi_getattr_opt(ts, gi_val(spec), GI_N(_initializing), &flag);
    gi_drop(ts, spec);
    if (status < 0) return GI_FAIL;
    if (gi_is_null(flag)) return GI_OK;
    GiTruth busy = gi_truth(ts, gi_val(flag));
    gi_drop(ts, flag);
    if (busy.value <= 0) return busy.value < 0 ? GI_FAIL : GI_OK;
    return run_method(ts, gi_val(ts->vm->import_state[STATE_BOOTSTRAP]), "_lock_unlock_module", &name, 1);
}

static GiStatus audit_import(GiThread *ts, GiVal name) {
    static const char *const names[] = {"path", "meta_path", "path_hooks"};
    GiRef parts[GI_COUNTOF(names)];
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        parts[i] = gi_sys_get(ts, names[i]);
        if (gi_is_null(parts[i])) parts[i] = GI_REF_NONE;
    }
    GiStatus status = GI_AUDIT(ts, "import", name, GI_NONE, gi_val(parts[0]), gi_val(parts[1]), gi_val(parts[2]));
    for (size_t i = 0; i < GI_COUNTOF(names); i++) gi_drop(ts, parts[i]);
    return status;
}

/* builtins.__import__, or None. */
static GiRef current_import(GiThread *ts) {
    GiRef hook = gi_dict_get_str(ts, gi_val(ts->vm->builtins_dict), GI_N(__import__));
    return gi_is_null(hook) ? GI_REF_NONE : hook;
}

/* ---- How long imports take ---- */

typedef struct GiImportTimes {
    unsigned depth;       /* imports that are under way */
    uint64_t inner_ns;    /* of those that the innermost of them has caused */
} GiImportTimes;

/* A line for an import that ended, as CPython's. The caller's exception, if any, stays. */
static void show_import_time(GiThread *ts, GiVal name, unsigned depth, uint64_t own_ns, uint64_t all_ns) {
    GiRef raised = gi_exc_take(ts);
    const char *text = gi_str_utf8(ts, name, NULL);
    if (text == NULL) gi_exc_clear(ts);
    GI_BLOCKING(&ts->core, "write") {
        fprintf(stderr, "import time: %9lld | %10lld | %*s%s\n", (long long)(own_ns / 1000), (long long)(all_ns / 1000),
                (int)depth * 2, "", text ? text : "?");
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

/* importlib's _find_and_load, timed. */
static GiRef find_and_load_timed(GiThread *ts, GiVal name, GiVal import_hook) {
    if (ts->extra[GI_EXTRA_IMPORT] == NULL) ts->extra[GI_EXTRA_IMPORT] = calloc(1, sizeof(GiImportTimes));
    GiImportTimes *times = ts->extra[GI_EXTRA_IMPORT];
    if (times == NULL) {
        gi_raise_nomem(ts);
        return GI_NULL;
    }
    uint64_t inner = times->inner_ns, begun = gi_os_mono_ns();
    times->inner_ns = 0;
    times->depth++;
    GiRef module = gi_call2(ts, gi_val(ts->vm->import_state[STATE_FIND_AND_LOAD]), name, import_hook);
    uint64_t all = gi_os_mono_ns() - begun;
    times->depth--;
    show_import_time(ts, name, times->depth, all - times->inner_ns, all);
    times->inner_ns = inner + all;
    return module;
}

static GiRef find_module(GiThread *ts, GiVal name) {
    GiRef module;
    if (gi_dict_get(ts, gi_val(ts->vm->modules), name, &module) < 0) return module;
    if (!gi_is_null(module) && !gi_is_none(module)) {
        if (gi_import_wait(ts, gi_val(module), name) < 0) {
            gi_drop(ts, module);
            return GI_NULL;
        }
        return module;
    }
    if (gi_is_null(ts->vm->import_state[STATE_FIND_AND_LOAD]))
        return gi_raise_ref(ts, &gi_exc_ImportError, "import of %R before the import system stands", name);
    if (audit_import(ts, name) < 0) return GI_NULL;
    GiRef import_hook = current_import(ts);
    if (GI_UNLIKELY(ts->vm->runtime->config.import_time)) module = find_and_load_timed(ts, name, gi_val(import_hook));
    else module = gi_call2(ts, gi_val(ts->vm->import_state[STATE_FIND_AND_LOAD]), name, gi_val(import_hook));
    gi_drop(ts, import_hook);
    return module;
}

/* Up to the first dot of `name`, or the part of the absolute name that corresponds to it. */
static GiRef top_module(GiThread *ts, GiVal name, GiVal abs_name, GiRef module, int level) {
    size_t n = gi_str_len(name), dot = 0;
    while (dot < n && gi_str_char(name, dot) != '.') dot++;
    if (n > 0 && dot == n) return module;
    GiRef top;
    if (level == 0) {
        GiRef front = gi_str_slice(ts, name, 0, dot);
        top = gi_is_null(front) ? GI_NULL : find_module(ts, gi_val(front));
        gi_xdrop(ts, front);
    } else if (n == 0) {
        return module;
    } else {
        GiRef front = gi_str_slice(ts, abs_name, 0, gi_str_len(abs_name) - (n - dot));
        if (gi_is_null(front)) {
            gi_drop(ts, module);
            return front;
        }
        if (gi_dict_get(ts, gi_val(ts->vm->modules), gi_val(front), &top) == GI_OK && gi_is_null(top))
            gi_raise(ts, &gi_exc_KeyError, "%R not in sys.modules as expected", gi_val(front));
        gi_drop(ts, front);
    }
    gi_drop(ts, module);
    return top;
}

/* An ImportError's traceback does not show the frames of importlib: as if it were native. */
static void trim_traceback(GiThread *ts) {
    GiRef exc = gi_exc_take(ts);
    GiException *e = gi_exception_of(exc);
    bool always = gi_is_instance_of(gi_val(exc), &gi_exc_ImportError);
    if (ts->vm->verbose) {
        gi_exc_restore(ts, exc);
        return;
    }
    GiSlot *link = &e->traceback, *chunk = NULL;
    while (link->bits) {
        GiTraceback *tb = (GiTraceback *)gi_obj(*link);
        GiCode *code = ((GiFrameObject *)gi_obj(tb->frame))->frame->code;
        GiVal file = gi_val(code->filename);
        bool ours = gi_str_equals_cstr(file, "<frozen importlib._bootstrap>") ||
                    gi_str_equals_cstr(file, "<frozen importlib._bootstrap_external>");
        if (ours && chunk == NULL) chunk = link;
        if (!ours) chunk = NULL;
        if (ours && (always || gi_str_equals_cstr(gi_val(code->name), "_call_with_frames_removed"))) {
            GiRef next = gi_slot_load(ts, &tb->next);
            link = chunk;
            gi_slot_store(ts, link, next);
            chunk = NULL;
        } else {
            link = &tb->next;
        }
    }
    gi_exc_restore(ts, exc);
}

GiRef gi_import_module_level(GiThread *ts, GiVal name, GiVal globals, GiVal fromlist, int level) {
    if (level < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "level must be >= 0");
    GiRef abs_name;
    if (level > 0) {
        abs_name = resolve_name(ts, name, globals, level);
        if (gi_is_null(abs_name)) return abs_name;
    } else {
        if (gi_str_len(name) == 0) return gi_raise_ref(ts, &gi_exc_ValueError, "Empty module name");
        abs_name = gi_dup(ts, name);
    }
    GiRef module = find_module(ts, gi_val(abs_name));
    if (!gi_is_null(module)) {
        GiTruth has_list = gi_is_none(fromlist) ? GI_TRUTH_NO : gi_truth(ts, fromlist);
        if (has_list.value < 0) {
            gi_drop(ts, module);
            module = GI_NULL;
        } else if (!has_list.value) {
            module = top_module(ts, name, gi_val(abs_name), module, level);
        } else {
            GiRef path;
            if (gi_getattr_opt(ts, gi_val(module), GI_N(__path__), &path) < 0) {
                gi_drop(ts, module);
                module = GI_NULL;
            } else if (!gi_is_null(path)) {
                gi_drop(ts, path);
                GiRef import_hook = current_import(ts);
                GiRef r = gi_call3(ts, gi_val(ts->vm->import_state[STATE_HANDLE_FROMLIST]), gi_val(module), fromlist,
                                   gi_val(import_hook));
                gi_drop(ts, import_hook);
                gi_drop(ts, module);
                module = r;
            }
        }
    }
    gi_drop(ts, abs_name);
    if (gi_is_null(module) && gi_raised(ts)) trim_traceback(ts);
    return module;
}
