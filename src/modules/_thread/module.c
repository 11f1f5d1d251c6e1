/* module.c - _thread: starting threads, their identity, excepthook. */
#include "memory/split.h"
#include "modules/_thread/internal.h"
#include "os/thread.h"
#include "runtime/gil_watch.h"
#include "vm/frame.h"
#include <errno.h>
#include <signal.h>
#include "modules/_thread/module.gen.h"

typedef struct ThreadState { GiSlot excepthook_args; } ThreadState;

/* What a new thread is given; its references belong to the new thread. */
typedef struct Boot { GiThread *ts; GiRef func, args, kwargs; } Boot;

static void report(GiThread *ts, GiVal func) {
    if (gi_exc_matches(ts, &gi_exc_SystemExit)) gi_exc_clear(ts);
    else gi_unraisable(ts, func, "Exception ignored in thread started by");
}

/* Releases the lock that threading's join() waits for, when the thread has let go of everything else. */
static void release_sentinel(GiThread *ts, GiRef sentinel) {
    if (gi_is_null(sentinel)) return;
    GiRef lock = gi_weakref_get(ts, gi_val(sentinel));
    if (!gi_is_null(lock)) {
        gi_lock_release(&((GiLockObject *)gi_obj(lock))->lock);
        gi_drop(ts, lock);
    }
    gi_drop(ts, sentinel);
}

static void thread_main(void *arg) {
    Boot boot = *(Boot *)arg;
    free(arg);
    GiThread *ts = boot.ts;
    GiRuntime *runtime = ts->vm->runtime;
    gi_thread_state_bind(ts);
    gi_attach(&ts->core);
    atomic_fetch_add(&runtime->thread_count, 1);
    GiRef r = gi_call_ex(ts, gi_val(boot.func), gi_val(boot.args), gi_val(boot.kwargs));
    if (gi_is_null(r)) report(ts, gi_val(boot.func));
    else gi_drop(ts, r);
    gi_drop(ts, boot.func);
    gi_drop(ts, boot.args);
    gi_xdrop(ts, boot.kwargs);
    GiRef dict = gi_slot_take(&ts->dict);
    gi_xdrop(ts, dict);
    atomic_fetch_sub(&runtime->thread_count, 1);
    GiRef sentinel = gi_slot_take(&ts->main_sentinel);
    gi_thread_clear(ts);
    release_sentinel(ts, sentinel);
    gi_hot_forget(ts, ts);
    /* What others hand to this thread from now on they find with its heap: whoever has joined it may
     * rely on its being done with Python code. */
    gi_stack_free(ts);
    gi_thread_free(ts, ts);
}

static GiRef start(GiThread *ts, GiVal func, GiVal args, GiVal kwargs) {
    if (!gi_is_callable(func)) return gi_raise_ref(ts, &gi_exc_TypeError, "first arg must be callable");
    if (!gi_is_tuple(args)) return gi_raise_ref(ts, &gi_exc_TypeError, "2nd arg must be a tuple");
    if (!gi_is_null(kwargs) && !gi_is_dict(kwargs))
        return gi_raise_ref(ts, &gi_exc_TypeError, "optional 3rd arg must be a dictionary");
    Boot *boot = malloc(sizeof *boot);
    if (boot == NULL) return gi_raise_nomem(ts);
    boot->ts = gi_thread_state_new(ts->vm, ts);
    if (boot->ts == NULL) {
        free(boot);
        return gi_raise_nomem(ts);
    }
    gi_gil_name_new_thread(ts, boot->ts, func);
    boot->func = gi_dup(ts, func);
    boot->args = gi_dup(ts, args);
    boot->kwargs = gi_xdup(ts, kwargs);
    GiOsThread handle;
    GiThread *made = boot->ts;
    int error = gi_os_thread_start(&handle, thread_main, boot, __atomic_load_n(&ts->vm->runtime->stack_size, __ATOMIC_RELAXED), true);
    if (error) {
        gi_drop(ts, boot->func);
        gi_drop(ts, boot->args);
        gi_xdrop(ts, boot->kwargs);
        free(boot);
        gi_thread_free(made, ts);
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "can't start new thread");
    }
    return gi_int_from_u64(ts, (uint64_t)handle.handle);
}
GI_FUNCTION(_thread, start_new_thread, "(function, args, kwargs = <null>, /)", "start_new_thread(function, args[, kwargs])\n(start_new() is an obsolete synonym)\n\nStart a new thread and return its identifier.\n\nThe thread will call the function with positional arguments from the\ntuple args and keyword arguments taken from the optional dictionary\nkwargs.  The thread exits when the function returns; the return value\nis ignored.  The thread will also exit when the function raises an\nunhandled exception; a stack trace will be printed unless the exception\nis SystemExit.") {
    return start(ts, a->function, a->args, a->kwargs);
}
GI_FUNCTION(_thread, start_new, "(function, args, kwargs = <null>, /)", "An obsolete synonym of start_new_thread().") {
    return start(ts, a->function, a->args, a->kwargs);
}
GI_FUNCTION(_thread, allocate_lock, "()", "allocate_lock() -> lock object\n(allocate() is an obsolete synonym)\n\nCreate a new lock object. See help(type(threading.Lock())) for\ninformation about locks.") {
    return gi_lock_object_new(ts);
}
GI_FUNCTION(_thread, allocate, "()", "An obsolete synonym of allocate_lock().") { return gi_lock_object_new(ts); }
GI_FUNCTION(_thread, get_ident, "()", "get_ident() -> integer\n\nReturn a non-zero integer that uniquely identifies the current thread\namongst other threads that exist simultaneously.") {
    return gi_int_from_u64(ts, ts->core.ident);
}
GI_FUNCTION(_thread, get_native_id, "()", "get_native_id() -> integer\n\nReturn a non-negative integer identifying the thread as reported\nby the OS (kernel).") {
    return gi_int_from_u64(ts, gi_os_thread_native_id());
}
GI_FUNCTION(_thread, exit, "()", "exit()\n(exit_thread() is an obsolete synonym)\n\nThis is synonymous to ``raise SystemExit''.  It will cause the current\nthread to exit silently unless the exception is caught.") {
    gi_raise_none(ts, &gi_exc_SystemExit);
    return GI_NULL;
}
GI_FUNCTION(_thread, exit_thread, "()", "An obsolete synonym of exit().") {
    gi_raise_none(ts, &gi_exc_SystemExit);
    return GI_NULL;
}
GI_FUNCTION(_thread, _count, "()", "_count() -> integer\n\nReturn the number of currently running Python threads, excluding\nthe main thread.") {
    return gi_int_from_i64(ts, atomic_load(&ts->vm->runtime->thread_count));
}
GI_FUNCTION(_thread, stack_size, "(size: ssize = 0, /)", "stack_size([size]) -> size\n\nReturn the thread stack size used when creating new threads.  The\noptional size argument specifies the stack size (in bytes) to be used\nwhen creating new threads.") {
    if (a->size < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "size must be 0 or a positive value");
    if (a->size && !gi_os_stack_size_ok((size_t)a->size))
        return gi_raise_ref(ts, &gi_exc_ValueError, "size not valid: %zd bytes", a->size);
    size_t old = __atomic_exchange_n(&ts->vm->runtime->stack_size, (size_t)a->size, __ATOMIC_RELAXED);
    return gi_int_from_u64(ts, old);
}
GI_FUNCTION(_thread, interrupt_main, "(signum: int = 2, /)", "interrupt_main(signum=signal.SIGINT, /)\n\nSimulate the arrival of the given signal in the main thread,\nwhere the corresponding signal handler will be executed.\nIf *signum* is omitted, SIGINT is assumed.\nA subthread can use this function to interrupt the main thread.\n\nNote: the default signal handler for SIGINT raises ``KeyboardInterrupt``.") {
    if (a->signum < 1 || a->signum > SIGRTMAX) return gi_raise_ref(ts, &gi_exc_ValueError, "signal number out of range");
    if (ts->vm->runtime->trip_signal) ts->vm->runtime->trip_signal(ts, a->signum);
    return GI_REF_NONE;
}
GI_FUNCTION(_thread, _set_sentinel, "()", "_set_sentinel() -> lock\n\nSet a sentinel lock that will be released when the current thread\nstate is finalized (after it is untied from the interpreter).\n\nThis is a private API for the threading module.") {
    GiRef lock = gi_lock_object_new(ts);
    if (gi_is_null(lock)) return lock;
    GiRef weak = gi_weakref_new(ts, &gi_weakref_type, gi_val(lock), GI_NOVAL);
    if (gi_is_null(weak)) {
        gi_drop(ts, lock);
        return weak;
    }
    gi_slot_set(ts, &ts->main_sentinel, weak);
    return lock;
}

static GiRef thread_name(GiThread *ts, GiVal thread) {
    GiRef name = GI_NULL;
    if (!gi_is_none(thread) && gi_getattr_opt(ts, thread, GI_N(name), &name) < 0) return GI_NULL;
    if (gi_is_null(name)) return gi_str_format(ts, "%llu", (unsigned long long)ts->core.ident);
    GiRef text = gi_str(ts, gi_val(name));
    gi_drop(ts, name);
    return text;
}
GI_FUNCTION(_thread, _excepthook, "(args, /)", "excepthook(exc_type, exc_value, exc_traceback, thread)\n\nHandle uncaught Thread.run() exception.") {
    ThreadState *state = gi_module_state(self);
    if (!gi_is_instance_of(a->args, gi_as_type(state->excepthook_args)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "_thread.excepthook argument type must be ExceptHookArgs");
    GiVal type = gi_tuple_get(a->args, 0), value = gi_tuple_get(a->args, 1), thread = gi_tuple_get(a->args, 3);
    if (gi_same(type, gi_type_val(&gi_exc_SystemExit))) return GI_REF_NONE;
    GiRef held = gi_sys_get(ts, "stderr");
    if (gi_is_null(held) || gi_is_none(held)) {
        if (gi_is_none(thread)) return GI_REF_NONE;
        held = gi_getattr_cstr(ts, thread, "_stderr");
        if (gi_is_null(held)) return held;
        if (gi_is_none(held)) return GI_REF_NONE;
    }
    GiRef name = thread_name(ts, thread), text = GI_NULL, r = GI_NULL;
    if (!gi_is_null(name)) text = gi_str_format(ts, "Exception in thread %U:\n", gi_val(name));
    if (!gi_is_null(text)) {
        GiVal arg = gi_val(text);
        r = gi_call_method_cstr(ts, gi_val(held), "write", &arg, 1);
    }
    if (!gi_is_null(r)) {
        gi_drop(ts, r);
        r = gi_display_exception(ts, value, gi_val(held)) < 0 ? GI_NULL
                                                               : gi_call_method_cstr(ts, gi_val(held), "flush", NULL, 0);
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, text);
    gi_drop(ts, held);
    if (gi_is_null(r)) return r;
    gi_drop(ts, r);
    return GI_REF_NONE;
}

static GiStatus _thread_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"exc_type", "Exception type"}, {"exc_value", "Exception value"},
                                           {"exc_traceback", "Exception traceback"}, {"thread", "Thread"}};
    if (gi_module_add_type(ts, module, &gi_lock_type) < 0 || gi_module_add_type(ts, module, &gi_rlock_type) < 0 ||
        gi_module_add_type(ts, module, &gi_local_type) < 0 || gi_type_ready(ts, &gi_local_share_type) < 0)
        return GI_FAIL;
    if (gi_module_add(ts, module, "LockType", gi_dup(ts, gi_type_val(&gi_lock_type))) < 0 ||
        gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_RuntimeError))) < 0 ||
        gi_module_add(ts, module, "TIMEOUT_MAX", gi_double_ref(9223372036.0)) < 0)
        return GI_FAIL;
    bool found;
    GiRef lock_name = gi_intern_cstr(ts, "lock");
    if (gi_is_null(lock_name) || gi_dict_del(ts, gi_module_dict(module), gi_val(lock_name), &found) < 0) return GI_FAIL;
    GiRef args = gi_structseq_type(ts, "_thread._ExceptHookArgs", "ExceptHookArgs\n\nType used to pass arguments to threading.excepthook.", fields, 4, 4);
    if (gi_is_null(args)) return GI_FAIL;
    gi_slot_init(&((ThreadState *)gi_module_state(module))->excepthook_args, gi_dup(ts, gi_val(args)));
    return gi_module_add(ts, module, "_ExceptHookArgs", args);
}
static const GiField thread_state_fields[] = {GI_SLOT(ThreadState, excepthook_args), GI_FIELDS_END};
const GiModuleDef gi_module__thread = {
    .name = "_thread", .doc = "This module provides primitive operations to write multi-threaded programs.\nThe 'threading' module provides a more convenient interface.",
    .functions = _thread_functions, .exec = _thread_exec, .state_size = sizeof(ThreadState), .state_fields = thread_state_fields};
