/* start.c - start and end of an interpreter. */
#include "base/hash.h"
#include "bytecode/opcodes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/weakref.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "os/process.h"
#include "os/thread.h"
#include "runtime/gil_watch.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

void gi_set_native_modules(GiVm *vm, const GiNativeModules *modules) {
    vm->runtime->natives = modules;
}
const GiNativeModules *gi_native_modules(GiVm *vm) { return vm->runtime->natives; }

/* What hashes of text and bytes start from. All interpreters of a process have the first one's, for
 * they share interned names, which know their hashes. LOCK: its own. */
static struct {
    pthread_mutex_t lock;
    bool chosen, randomised;
    uint8_t key[16];
} process_hash = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void init_hash_key(GiVm *vm, const GiConfig *config) {
    pthread_mutex_lock(&process_hash.lock);
    if (!process_hash.chosen) {
        process_hash.chosen = true;
        process_hash.randomised = !(config->hash_seed_set && config->hash_seed == 0);
        GiHashKey key = gi_hash_key_from_seed(config->hash_seed);
        if (config->hash_seed_set) memcpy(process_hash.key, &key, sizeof process_hash.key);
        else if (gi_os_random(process_hash.key, sizeof process_hash.key, true) != 0)
            memset(process_hash.key, 0x5A, sizeof process_hash.key);
    }
    memcpy(vm->hash_key, process_hash.key, sizeof vm->hash_key);
    vm->hash_randomised = process_hash.randomised;
    pthread_mutex_unlock(&process_hash.lock);
}

static void init_stack_limit(GiThread *ts) {
    uintptr_t low, high;
    ts->recursion_limit = 1000;
    if (gi_os_stack_bounds(&low, &high)) ts->c_stack_limit = (char *)low + GI_MIN((high - low) / 8, (uintptr_t)256 * 1024);
}

GiThread *gi_thread_state_new(GiVm *vm, GiThread *parent) {
    GiThread *ts = gi_thread_new(vm, parent);
    if (ts == NULL) return NULL;
    ts->recursion_limit = parent ? parent->recursion_limit : 1000;
    if (parent) {
        ts->names = parent->names;
    }
    return ts;
}

void gi_thread_state_bind(GiThread *ts) {
    int limit = ts->recursion_limit;
    gi_core_bind(&ts->core);
    gi_set_current_thread(ts);
    init_stack_limit(ts);
    ts->recursion_limit = limit;
}

static GI_COLD GiThread *start_failed(GiThread *ts, const char *step) {
    fprintf(stderr, "Fatal Python error: cannot start: %s\n", step);
    if (gi_raised(ts)) {
        GiRef exc = gi_exc_take(ts);
        GiRef shown = gi_repr(ts, gi_val(exc));
        const char *words = gi_is_null(shown) ? NULL : gi_str_utf8(ts, gi_val(shown), NULL);
        fprintf(stderr, "%s\n", words ? words : "(the exception has no text)");
        for (GiSlot *tb = &gi_exception_of(exc)->traceback; tb->bits; tb = &((GiTraceback *)gi_obj(*tb))->next) {
            GiFrame *f = ((GiFrameObject *)gi_obj(((GiTraceback *)gi_obj(*tb))->frame))->frame;
            uint32_t at = (uint32_t)((GiTraceback *)gi_obj(*tb))->lasti / 2;
            fprintf(stderr, "  File \"%s\", line %d, in %s\n", gi_str_utf8(ts, gi_val(f->code->filename), NULL),
                    gi_code_position(f->code, at).line, gi_str_utf8(ts, gi_val(f->code->name), NULL));
        }
    }
    return NULL;
}

static GiStatus import_quietly(GiThread *ts, const char *name) {
    GiRef m = ts->vm->hooks->import(ts, name);
    if (gi_is_null(m)) return GI_FAIL;
    gi_drop(ts, m);
    return GI_OK;
}

static GiStatus enable_faulthandler(GiThread *ts) {
    GiRef module = ts->vm->hooks->import(ts, "faulthandler");
    if (gi_is_null(module)) return GI_FAIL;
    GiRef r = gi_call_method_cstr(ts, gi_val(module), "enable", NULL, 0);
    gi_drop(ts, module);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* The importable objects: types, exceptions, builtins, sys, importlib, streams, site. */
static GiThread *populate(GiThread *ts, const GiConfig *config) {
    if (gi_names_init(ts) < 0) return start_failed(ts, "names");
    if (gi_types_init(ts) < 0) return start_failed(ts, "types");
    if (gi_errors_vm_init(ts) < 0) return start_failed(ts, "exceptions");
#ifdef GI_HOSTILE
    gi_hostile_fail(config->alloc_fail, false);
#endif
    if (gi_builtins_init(ts) < 0) return start_failed(ts, "builtins");
    if (gi_sys_init(ts, config) < 0) return start_failed(ts, "sys");
    /* Until the streams stand, what is printed (-v) goes nowhere. */
    if (gi_sys_set(ts, "stdout", GI_REF_NONE) < 0 || gi_sys_set(ts, "stderr", GI_REF_NONE) < 0) return start_failed(ts, "sys");
    if (gi_import_init(ts) < 0) return start_failed(ts, "the import system");
    if (import_quietly(ts, "encodings") < 0) return start_failed(ts, "encodings");
    ts->vm->initialised = true;
    if (import_quietly(ts, "_signal") < 0) return start_failed(ts, "signals"); /* Ctrl-C raises from now on */
    if (gi_sys_init_streams(ts) < 0) return start_failed(ts, "standard streams");
    if (import_quietly(ts, "_signal") < 0) return start_failed(ts, "signal handlers");
    if (config->faulthandler && enable_faulthandler(ts) < 0) return start_failed(ts, "faulthandler");
    if (config->warn_option_count > 0 && import_quietly(ts, "warnings") < 0) return start_failed(ts, "warnings");
    if (!config->no_site && import_quietly(ts, "site") < 0) return start_failed(ts, "site");
    return ts;
}

GiThread *gi_vm_start(const GiConfig *config) {
    GiVm *vm = calloc(1, sizeof *vm);
    GiRuntime *runtime = calloc(1, sizeof *runtime);
    if (vm == NULL || runtime == NULL || gi_vm_memory_init(vm, GI_MODE_GIL) < 0) {
        fprintf(stderr, "Fatal Python error: out of memory at start\n");
        return NULL;
    }
    runtime->config = *config;
    runtime->opcode_magic = gi_opcode_magic();
    vm->runtime = runtime;
    vm->hooks = &gi_runtime_hooks;
    vm->int_max_str_digits = config->int_max_str_digits >= 0 ? config->int_max_str_digits : 4300;
    vm->optimize = config->optimize;
    vm->dev_mode = config->dev_mode;
    vm->bytes_warning = config->bytes_warning > 0;
    vm->verbose = config->verbose > 0;
    vm->debug_flags = config->debug_flags;
    vm->ledger_watch = config->ledger_watch;
    vm->world.policy = config->policy;
    atomic_store(&vm->world.wish, config->gil);
    if (config->lift_after_ns) vm->world.gil.lift_after = gi_ticks_from_ns(&vm->world.ticks, config->lift_after_ns);
    vm->world.sites = &gi_site_finder;
    if (config->switch_interval_ns) gi_world_set_interval(&vm->world, config->switch_interval_ns);
    init_hash_key(vm, config);
    gi_set_native_modules(vm, config->natives);
    GiThread *ts = gi_thread_new(vm, NULL);
    if (ts == NULL) return NULL;
    vm->main_thread = ts;
    gi_thread_state_bind(ts);
    gi_core_set_name(&ts->core, "MainThread");
    gi_attach(&ts->core);
    init_stack_limit(ts);
    return populate(ts, config);
}

static void call_quietly(GiThread *ts, GiRef callable) {
    if (gi_is_null(callable)) {
        gi_exc_clear(ts);
        return;
    }
    GiRef r = gi_call0(ts, gi_val(callable));
    if (gi_is_null(r)) gi_unraisable(ts, gi_val(callable), NULL);
    else gi_drop(ts, r);
    gi_drop(ts, callable);
}

/* Waits for the non-daemon threads: threading._shutdown(). */
static void wait_for_threads(GiThread *ts) {
    GiVal threading = gi_dict_get_cstr_peek(ts, gi_val(ts->vm->modules), "threading");
    if (gi_is_null(threading)) return;
    GiRef held = gi_dup(ts, threading);
    call_quietly(ts, gi_getattr_cstr(ts, gi_val(held), "_shutdown"));
    gi_drop(ts, held);
}

/* Flushes a standard stream; false when that failed (and was reported). */
static bool flush(GiThread *ts, const char *name, bool report) {
    GiVal stream = gi_sys_get_peek(ts, name);
    if (gi_is_null(stream) || gi_is_none(stream)) return true;
    GiRef held = gi_dup(ts, stream), closed = gi_getattr_cstr(ts, gi_val(held), "closed");
    bool ok = true;
    GiTruth is_closed = gi_is_null(closed) ? GI_TRUTH_FAIL : gi_truth(ts, gi_val(closed));
    gi_xdrop(ts, closed);
    if (is_closed.value < 0) gi_exc_clear(ts);
    if (is_closed.value == 0) {
        GiRef r = gi_call_method_cstr(ts, gi_val(held), "flush", NULL, 0);
        ok = !gi_is_null(r);
        if (ok) gi_drop(ts, r);
        else if (report) gi_unraisable(ts, gi_val(held), NULL);
        else gi_exc_clear(ts);
    }
    gi_drop(ts, held);
    return ok;
}

/* The globals of a module become None: first private names, then all but __builtins__, so that what
 * finalizers look up is still there (as None), as CPython leaves it. */
static void empty_module(GiThread *ts, GiVal dict) {
    for (int pass = 0; pass < 2; pass++) {
        GiRef keys = gi_dict_keys_list(ts, dict);
        if (gi_is_null(keys)) {
            gi_exc_clear(ts);
            return;
        }
        for (size_t i = 0; i < gi_list_len(keys); i++) {
            GiVal key = gi_list_peek_locked(gi_val(keys), i);
            if (!gi_is_str(key) || gi_str_equals_cstr(key, "__builtins__")) continue;
            bool private = gi_str_len(key) > 1 && gi_str_char(key, 0) == '_' && gi_str_char(key, 1) != '_';
            if ((pass == 1 || private) && gi_dict_set(ts, dict, key, GI_NONE) < 0) gi_exc_clear(ts);
        }
        gi_drop(ts, keys);
    }
}

/* Weak references to the modules in sys.modules, in the order of their import. */
static GiRef weak_modules(GiThread *ts) {
    GiRef modules = gi_dict_values_list(ts, gi_val(ts->vm->modules)), refs = gi_list_new(ts, 0);
    bool failed = gi_is_null(modules) || gi_is_null(refs);
    for (size_t i = 0; !failed && i < gi_list_len(modules); i++) {
        GiVal module = gi_list_peek_locked(gi_val(modules), i);
        if (!gi_is_instance_of(module, &gi_module_type)) continue;
        GiRef ref = gi_weakref_new(ts, &gi_weakref_type, module, GI_NOVAL);
        failed = gi_is_null(ref) || gi_list_append(ts, gi_val(refs), ref) < 0;
    }
    gi_xdrop(ts, modules);
    if (!failed) return refs;
    gi_xdrop(ts, refs);
    return GI_NULL;
}

/* Modules that nothing else refers to die first, with what hangs on them, while their names still
 * stand: finalizers find what they use. PYSEM: tests/diff/gc_cycles.py.
 * The others are emptied in the reverse order of their import, so that finalizers still find what
 * they use; then the collector takes what is left. */
static void clear_modules(GiThread *ts) {
    GiVm *vm = ts->vm;
    static const char *const user_slots[] = {"path", "argv", "ps1", "ps2", "last_type", "last_value", "last_traceback",
                                             "path_importer_cache", "meta_path", "path_hooks", "__interactivehook__"};
    for (size_t i = 0; i < GI_COUNTOF(user_slots); i++)
        if (!gi_is_null(gi_sys_get_peek(ts, user_slots[i])) && gi_sys_set(ts, user_slots[i], GI_REF_NONE) < 0)
            gi_exc_clear(ts);
    static const char *const streams[][2] = {{"stdin", "__stdin__"}, {"stdout", "__stdout__"}, {"stderr", "__stderr__"}};
    for (size_t i = 0; i < 3; i++) {
        GiVal own = gi_sys_get_peek(ts, streams[i][1]);
        if (!gi_is_null(own) && gi_sys_set(ts, streams[i][0], gi_dup(ts, own)) < 0) gi_exc_clear(ts);
    }
    GiRef list = weak_modules(ts);
    if (gi_is_null(list)) {
        gi_exc_clear(ts);
        return;
    }
    gi_dict_clear(ts, gi_val(vm->modules));
    gi_gc_collect(ts, 2);
    for (size_t i = gi_list_len(list); i-- > 0;) {
        GiRef ref = gi_list_get(ts, gi_val(list), i);
        GiRef module = gi_is_null(ref) ? GI_NULL : gi_weakref_get(ts, gi_val(ref));
        if (!gi_is_null(module)) {
            GiVal dict = gi_module_dict(gi_val(module));
            if (!gi_same(dict, vm->sys_dict) && !gi_same(dict, vm->builtins_dict)) empty_module(ts, dict);
        }
        gi_xdrop(ts, module);
        gi_xdrop(ts, ref);
    }
    gi_drop(ts, list);
    gi_gc_collect(ts, 2);
}

/* The standard streams with their buffers and files: flushed apart. Borrowed; gives their number. */
static size_t standard_streams(GiThread *ts, GiObj **out) {
    static const char *const names[] = {"__stdin__", "__stdout__", "__stderr__"};
    static const char *const inner[] = {"buffer", "raw"};
    size_t n = 0;
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        GiVal found = gi_sys_get_peek(ts, names[i]);
        if (gi_is_null(found) || !gi_is_heap(found)) continue;
        GiRef stream = gi_dup(ts, found);
        for (size_t k = 0;; k++) {
            out[n++] = gi_obj(stream);
            GiRef next = k < GI_COUNTOF(inner) ? gi_getattr_cstr(ts, gi_val(stream), inner[k]) : GI_NULL;
            gi_drop(ts, stream);
            if (gi_is_null(next)) break;
            stream = next;
            if (!gi_is_heap(gi_val(stream))) {
                gi_drop(ts, stream);
                break;
            }
        }
        gi_exc_clear(ts);
    }
    return n;
}

/* PERF: most programs leave nothing behind whose death anyone would see; their objects need not be
 * taken down one by one. Builds with assertions do it all the same, to check it. */
static bool must_clear(GiThread *ts) {
#ifdef NDEBUG
    GiObj *streams[9];
    size_t n = standard_streams(ts, streams);
    return gi_gc_end_is_visible(ts, streams, n);
#else
    (void)standard_streams;
    (void)ts;
    return true;
#endif
}

int gi_vm_stop(GiThread *ts) {
    GiVm *vm = ts->vm;
    wait_for_threads(ts);
    if (vm->runtime->run_atexit) vm->runtime->run_atexit(ts);
    bool ok = flush(ts, "stdout", true);
    ok = flush(ts, "stderr", false) && ok;
    __atomic_store_n(&vm->finalizing, true, __ATOMIC_RELAXED);
    gi_world_begin_exit(&ts->core);
    gi_gil_watch_end(ts);
    if (must_clear(ts)) clear_modules(ts);
    if (!flush(ts, "stdout", ok)) ok = false; /* the same failure is not told twice */
    (void)flush(ts, "stderr", false);
    return ok ? 0 : 120;
}
