/* _imp.c - what importlib needs of the interpreter. */
#include "modules/module.h"
#include "base/hash.h"
#include "bytecode/code.h"
#include "objects/buffer.h"
#include "runtime/frozen.h"
#include "runtime/own_library.h"
#include "runtime/marshal.h"
#include "runtime/runtime.h"
#include <string.h>
#include <sys/stat.h>
#include "modules/_imp.gen.h"

typedef struct ImpState {
    GiLock lock;
    _Atomic uint64_t owner; /* 0: nobody */
    int depth;              /* the owner's */
    bool ready;
} ImpState;
#define STATE(self) ((ImpState *)gi_module_state(self))

/* The import lock: recursive, held by one thread. importlib takes it for short sections. */
GI_FUNCTION(_imp, acquire_lock, "()", "Acquires the interpreter's import lock for the current thread.\n\nThis lock should be used by import hooks to ensure thread-safety when importing\nmodules. On platforms without threads, this function does nothing.") {
    ImpState *state = STATE(self);
    if (state->owner == ts->core.ident) {
        state->depth++;
        return GI_REF_NONE;
    }
    while (gi_lock_acquire(&ts->core, &state->lock, -1) == GI_LOCK_INTERRUPTED)
        if (gi_check_signals(ts) < 0) return GI_NULL;
    state->owner = ts->core.ident;
    state->depth = 1;
    return GI_REF_NONE;
}
GI_FUNCTION(_imp, release_lock, "()", "Release the interpreter's import lock.\n\nOn platforms without threads, this function does nothing.") {
    ImpState *state = STATE(self);
    if (state->owner != ts->core.ident)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "not holding the import lock");
    if (--state->depth == 0) {
        state->owner = 0;
        gi_lock_release(&state->lock);
    }
    return GI_REF_NONE;
}
GI_FUNCTION(_imp, lock_held, "()", "Return True if the import lock is currently held, else False.\n\nOn platforms without threads, return False.") {
    return gi_bool_ref(STATE(self)->owner != 0);
}
/* Whether the path, or what it begins with, is a regular file. */
static bool leads_to_file(const char *path) {
    char text[4096];
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof text) return false;
    memcpy(text, path, n + 1);
    struct stat info;
    while (stat(text, &info) < 0) {
        char *slash = strrchr(text, '/');
        if (slash == NULL || slash == text) return false;
        *slash = 0;
    }
    return S_ISREG(info.st_mode);
}
/* zipimport, loaded from its file: what looks for it on sys.path would come to an archive again. */
static GiRef load_zipimport(GiThread *ts) {
    GiRef name = gi_intern_cstr(ts, "zipimport"), make = GI_NULL, load = GI_NULL, spec = GI_NULL, module = GI_NULL;
    if (gi_is_null(name)) return name;
    if (gi_dict_get(ts, gi_val(ts->vm->modules), gi_val(name), &module) != GI_OK || !gi_is_null(module)) {
        gi_drop(ts, name);
        return module;
    }
    GiRef path = gi_str_format(ts, "%s/zipimport.py", ts->vm->runtime->config.stdlib);
    if (!gi_is_null(path)) {
        make = gi_import_attr(ts, "_frozen_importlib_external", "spec_from_file_location");
        load = gi_import_attr(ts, "_frozen_importlib", "_load");
    }
    if (!gi_is_null(make) && !gi_is_null(load)) spec = gi_call2(ts, gi_val(make), gi_val(name), gi_val(path));
    if (!gi_is_null(spec)) module = gi_call1(ts, gi_val(load), gi_val(spec));
    gi_drop(ts, name);
    gi_xdrop(ts, path);
    gi_xdrop(ts, make);
    gi_xdrop(ts, load);
    gi_xdrop(ts, spec);
    return module;
}
GI_FUNCTION(_imp, _archive_path_hook, "(path, /)", "zipimport.zipimporter(path), but imports zipimport only if there is a file.") {
    GiRef bytes = gi_fs_path(ts, a->path);
    if (gi_is_null(bytes)) {
        if (!gi_exc_matches(ts, &gi_exc_ValueError)) return GI_NULL;
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_ImportError, "not an archive");
    }
    bool may_be = leads_to_file((const char *)gi_bytes_data(bytes));
    gi_drop(ts, bytes);
    if (!may_be) return gi_raise_ref(ts, &gi_exc_ImportError, "not an archive");
    GiRef module = load_zipimport(ts);
    if (gi_is_null(module)) return module;
    GiRef importer = gi_getattr_cstr(ts, gi_val(module), "zipimporter");
    gi_drop(ts, module);
    if (gi_is_null(importer)) return importer;
    GiRef r = gi_call1(ts, gi_val(importer), a->path);
    gi_drop(ts, importer);
    return r;
}
static bool is_native(GiThread *ts, GiVal name) {
    const char *const *names = gi_native_modules(ts->vm)->names;
    for (; *names; names++)
        if (gi_str_equals_cstr(name, *names)) return true;
    return false;
}
GI_FUNCTION(_imp, is_builtin, "(name: str, /)", "Returns True if the module name corresponds to a built-in module.") {
    if (gi_str_equals_cstr(a->name, "sys") || gi_str_equals_cstr(a->name, "builtins")) return gi_smallint_ref(-1);
    return gi_smallint_ref(is_native(ts, a->name));
}
GI_FUNCTION(_imp, create_builtin, "(spec, /)", "Create an extension module.") {
    GiRef name = gi_getattr_cstr(ts, a->spec, "name");
    if (gi_is_null(name)) return name;
    if (!gi_is_str(gi_val(name))) {
        gi_raise(ts, &gi_exc_TypeError, "name must be string, not %T", gi_val(name));
        gi_drop(ts, name);
        return GI_NULL;
    }
    bool exists;
    GiRef module = gi_native_modules(ts->vm)->create(ts, gi_val(name), a->spec, &exists);
    gi_drop(ts, name);
    if (gi_is_null(module) && !exists) return GI_REF_NONE;
    return module;
}
GI_FUNCTION(_imp, exec_builtin, "(mod, /)", "Initialize a built-in module.") {
    return gi_native_modules(ts->vm)->exec(ts, a->mod) < 0 ? GI_NULL : gi_smallint_ref(0);
}
GI_FUNCTION(_imp, create_dynamic, "(spec, file = None, /)", "Create an extension module.") {
    GiRef name = gi_getattr_cstr(ts, a->spec, "name");
    if (gi_is_null(name)) return name;
    gi_raise(ts, &gi_exc_ImportError, "%S: extension modules in C are built for CPython's C API, which Gila does not have",
             gi_val(name));
    gi_drop(ts, name);
    return GI_NULL;
}
GI_FUNCTION(_imp, exec_dynamic, "(mod, /)", "Initialize an extension module.") { return gi_smallint_ref(0); }
GI_FUNCTION(_imp, extension_suffixes, "()", "Returns the list of file suffixes used to identify extension modules.") {
    return gi_list_new(ts, 0);
}
static GiRef no_frozen(GiThread *ts, GiVal name) {
    return gi_raise_ref(ts, &gi_exc_ImportError, "No such frozen object named %R", name);
}
GI_FUNCTION(_imp, is_frozen, "(name: str, /)", "Returns True if the module name corresponds to a frozen module.") {
    return gi_bool_ref(gi_frozen_find(ts, a->name) != NULL);
}
GI_FUNCTION(_imp, is_frozen_package, "(name: str, /)", "Returns True if the module name is of a frozen package.") {
    const GiFrozen *frozen = gi_frozen_find(ts, a->name);
    return frozen ? gi_bool_ref(frozen->package) : no_frozen(ts, a->name);
}
GI_FUNCTION(_imp, get_frozen_object, "(name: str, data = None, /)", "Create a code object for a frozen module.") {
    if (!gi_is_null(a->data) && !gi_is_none(a->data)) {
        GiBuffer view;
        if (gi_buffer_get(ts, a->data, &view, GI_BUF_BRIEF)) return GI_NULL;
        GiRef code = gi_marshal_load(ts, view.data, (size_t)view.len, GI_NOVAL);
        gi_buffer_release(ts, &view);
        if (gi_is_null(code) || gi_is_exact(gi_val(code), &gi_code_type)) return code;
        gi_drop(ts, code);
        return gi_raise_ref(ts, &gi_exc_TypeError, "frozen object %R is not a code object", a->name);
    }
    const GiFrozen *frozen = gi_frozen_find(ts, a->name);
    return frozen ? gi_frozen_code(ts, frozen) : no_frozen(ts, a->name);
}
/* (data, is_package, origin) */
GI_FUNCTION(_imp, find_frozen, "(name: str, /, *, withdata: bool = False)",
            "Return info about the corresponding frozen module (if there is one) or None.") {
    const GiFrozen *frozen = gi_frozen_find(ts, a->name);
    /* Every search of the path comes by here first. */
    if (!frozen) return gi_own_library_prepare(ts, a->name) < 0 ? GI_NULL : GI_REF_NONE;
    GiRef data = GI_REF_NONE;
    if (a->withdata) {
        GiRef code = gi_frozen_code(ts, frozen);
        if (gi_is_null(code)) return code;
        GiRef bytes = gi_marshal_dump(ts, gi_val(code), 4);
        gi_drop(ts, code);
        if (gi_is_null(bytes)) return bytes;
        data = gi_memoryview_from(ts, gi_val(bytes));
        gi_drop(ts, bytes);
        if (gi_is_null(data)) return data;
    }
    GiRef origin = gi_str_from_cstr(ts, frozen->origin);
    if (gi_is_null(origin)) {
        gi_drop(ts, data);
        return origin;
    }
    return gi_tuple_steal(ts, (GiRef[]){data, gi_bool_ref(frozen->package), origin}, 3);
}
GI_FUNCTION(_imp, init_frozen, "(name: str, /)", "Initializes a frozen module.") {
    if (!gi_frozen_find(ts, a->name)) return GI_REF_NONE;
    return gi_import_module_level(ts, a->name, GI_NONE, GI_NONE, 0);
}
GI_FUNCTION(_imp, _frozen_module_names, "()", "Returns the list of available frozen modules.") {
    GiRef list = gi_list_new(ts, 0);
    for (const GiFrozen *f = gi_frozen_modules; f->name && !gi_is_null(list); f++) {
        GiRef name = gi_str_from_cstr(ts, f->name);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name)) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    return list;
}
GI_FUNCTION(_imp, _override_frozen_modules_for_tests, "(override: int, /)", "(internal-only) Override PyConfig.use_frozen_modules.") {
    ts->vm->runtime->frozen_override = (a->override > 0) - (a->override < 0);
    return GI_REF_NONE;
}
GI_FUNCTION(_imp, _override_multi_interp_extensions_check, "(override: int, /)", NULL) { return gi_smallint_ref(0); }
GI_FUNCTION(_imp, source_hash, "(key: i64, source: buffer)", NULL) {
    GiHashKey key = gi_hash_key_from_seed(0);
    memcpy(&key, &a->key, 8);
    uint64_t hash = gi_siphash13(key, a->source.data, (size_t)a->source.len);
    return gi_bytes_from(ts, &hash, 8);
}
/* Functions whose code is not read yet take their file's name from the code around them. */
static void fix_filename(GiThread *ts, GiCode *code, GiVal old, GiVal new) {
    if (!gi_str_equal(gi_val(code->filename), old)) return;
    gi_slot_set(ts, &code->filename, gi_dup(ts, new));
    for (size_t i = 0; i < code->const_count; i++)
        if (gi_is_exact(gi_val(code->consts[i]), &gi_code_type))
            fix_filename(ts, gi_code_of(code->consts[i]), old, new);
}
GI_FUNCTION(_imp, _fix_co_filename, "(code, path: str, /)", "Changes code.co_filename to specify the passed-in file path.") {
    if (!gi_is_exact(a->code, &gi_code_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "_fix_co_filename() argument 1 must be code, not %T", a->code);
    GiCode *code = gi_code_of(a->code);
    if (gi_str_equal(gi_val(code->filename), a->path)) return GI_REF_NONE;
    GiRef old = gi_slot_dup(ts, &code->filename);
    fix_filename(ts, code, gi_val(old), a->path);
    gi_drop(ts, old);
    return GI_REF_NONE;
}

static GiStatus _imp_exec(GiThread *ts, GiVal module) {
    return gi_module_add_str(ts, module, "check_hash_based_pycs",
                             ts->vm->runtime->config.check_hash_pycs ? ts->vm->runtime->config.check_hash_pycs : "default");
}
const GiModuleDef gi_module__imp = {
    .name = "_imp", .doc = "(Extremely) low-level import machinery bits as used by importlib.",
    .functions = _imp_functions, .exec = _imp_exec, .state_size = sizeof(ImpState)};
