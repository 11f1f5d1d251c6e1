/* sys.c - the functions of module sys. Its constants are in sys_info.c. */
#include "memory/slots.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/audit.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/gil_watch.h"
#include "runtime/runtime.h"
#include "runtime/sys_internal.h"
#include "vm/frame.h"
#include "vm/generator.h"
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include "runtime/sys.gen.h"

GiVal gi_sys_get_peek(GiThread *ts, const char *name) {
    if (gi_is_null(ts->vm->sys_dict)) return GI_NOVAL;
    return gi_dict_get_cstr_peek(ts, gi_val(ts->vm->sys_dict), name);
}
GiRef gi_sys_get(GiThread *ts, const char *name) {
    if (gi_is_null(ts->vm->sys_dict)) return GI_NULL;
    return gi_dict_get_cstr(ts, gi_val(ts->vm->sys_dict), name);
}
GiStatus gi_sys_set(GiThread *ts, const char *name, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_dict_set_cstr(ts, gi_val(ts->vm->sys_dict), name, gi_val(value));
    gi_drop(ts, value);
    return status;
}

GI_FUNCTION(sys, _clear_type_cache, "()", "Clear the internal type lookup cache.") { return GI_REF_NONE; }
GI_FUNCTION(sys, _debugmallocstats, "()", "Print debug info to stderr about the state of pymalloc and structmalloc.") {
    return GI_REF_NONE;
}
GI_FUNCTION(sys, _getquickenedcount, "()", NULL) { return gi_smallint_ref(0); }

/* Calls visit for every thread of the VM with the world stopped. */
static GiStatus each_thread(GiThread *ts, GiStatus (*visit)(GiThread *ts, GiThread *other, GiVal dict), GiVal dict) {
    gi_stop_world(&ts->core);
    GiStatus status = GI_OK;
    for (GiThreadCore *core = NULL; status == GI_OK && (core = gi_world_next_core(&ts->vm->world, core)) != NULL;)
        status = visit(ts, (GiThread *)core, dict);
    gi_start_world(&ts->core);
    return status;
}
static GiStatus put_frame(GiThread *ts, GiThread *other, GiVal dict) {
    if (other->frame == NULL) return GI_OK;
    GiRef frame = gi_frame_object(ts, other->frame), id = gi_int_from_u64(ts, other->core.ident);
    GiStatus status = gi_is_null(frame) || gi_is_null(id) ? GI_FAIL : gi_dict_set(ts, dict, gi_val(id), gi_val(frame));
    gi_xdrop(ts, frame);
    gi_xdrop(ts, id);
    return status;
}
static GiStatus put_exception(GiThread *ts, GiThread *other, GiVal dict) {
    GiVal exc = gi_handled_peek(other);
    GiRef id = gi_int_from_u64(ts, other->core.ident), info = GI_NULL;
    if (!gi_is_null(id))
        info = gi_is_null(exc) ? gi_tuple_pack(ts, 3, GI_NONE, GI_NONE, GI_NONE)
                               : gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(exc)), exc,
                                               gi_exception_of(exc)->traceback.bits
                                                   ? gi_val(gi_exception_of(exc)->traceback) : GI_NONE);
    GiStatus status = gi_is_null(info) ? GI_FAIL : gi_dict_set(ts, dict, gi_val(id), gi_val(info));
    gi_xdrop(ts, id);
    gi_xdrop(ts, info);
    return status;
}
static GiRef thread_dict(GiThread *ts, GiStatus (*visit)(GiThread *, GiThread *, GiVal)) {
    GiRef dict = gi_dict_new(ts);
    if (!gi_is_null(dict) && each_thread(ts, visit, gi_val(dict)) < 0) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    return dict;
}
GI_FUNCTION(sys, _current_frames, "()",
            "Return a dict mapping each thread's thread id to its current stack frame.\n\nThis function should be used for "
            "specialized purposes only.") {
    return gi_audit(ts, "sys._current_frames", NULL, 0) < 0 ? GI_NULL : thread_dict(ts, put_frame);
}
GI_FUNCTION(sys, _current_exceptions, "()",
            "Return a dict mapping each thread's identifier to its current raised exception.\n\nThis function should be used "
            "for specialized purposes only.") {
    return gi_audit(ts, "sys._current_exceptions", NULL, 0) < 0 ? GI_NULL : thread_dict(ts, put_exception);
}
GI_FUNCTION(sys, _getframe, "(depth: int = 0, /)",
            "Return a frame object from the call stack.\n\nIf optional integer depth is given, return the frame object that "
            "many\ncalls below the top of the stack.  If that is deeper than the call\nstack, ValueError is raised.  The "
            "default for depth is zero, returning\nthe frame at the top of the call stack.\n\nThis function should be used "
            "for internal and specialized purposes\nonly.") {
    GiFrame *frame = ts->frame;
    for (int depth = a->depth; frame != NULL && depth > 0; depth--) frame = frame->back;
    if (frame == NULL) return gi_raise_ref(ts, &gi_exc_ValueError, "call stack is not deep enough");
    GiRef object = gi_frame_object(ts, frame);
    if (gi_is_null(object) || GI_AUDIT(ts, "sys._getframe", gi_val(object)) == GI_OK) return object;
    gi_drop(ts, object);
    return GI_NULL;
}
GI_FUNCTION(sys, addaudithook, "(hook)", "Adds a new audit hook callback.") {
    GiRuntime *runtime = ts->vm->runtime;
    GiRef none = gi_tuple_new(ts, 0);
    GiStatus status = gi_is_null(none) ? GI_FAIL : ts->vm->hooks->audit(ts, "sys.addaudithook", gi_val(none));
    gi_xdrop(ts, none);
    if (status < 0) {
        if (!gi_exc_matches(ts, &gi_exc_RuntimeError)) return GI_NULL;
        gi_exc_clear(ts); /* an earlier hook forbids it, silently */
        return GI_REF_NONE;
    }
    size_t n = runtime->audit_hooks.bits ? gi_tuple_len(runtime->audit_hooks) : 0;
    GiRef hooks = gi_tuple_new(ts, n + 1);
    if (gi_is_null(hooks)) return hooks;
    for (size_t i = 0; i < n; i++)
        gi_tuple_init(hooks, i, gi_dup(ts, gi_tuple_get(gi_val(runtime->audit_hooks), i)));
    gi_tuple_init(hooks, n, gi_dup(ts, a->hook));
    gi_slot_set(ts, &runtime->audit_hooks, hooks);
    return GI_REF_NONE;
}
GI_FUNCTION(sys, audit, "(*args)", "audit(event, *args)\n\nPasses the event to any hooks that are attached.") {
    if (a->args_count == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "audit() missing 1 required positional argument: 'event'");
    if (ts->vm->runtime->audit_hooks.bits == 0) return GI_REF_NONE;
    if (!gi_is_str(a->args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "expected str for argument 'event', not %T", a->args[0]);
    const char *event = gi_str_cstr(ts, a->args[0]);
    if (event == NULL) return GI_NULL;
    GiRef rest = gi_tuple_from(ts, a->args + 1, a->args_count - 1);
    if (gi_is_null(rest)) return rest;
    GiStatus status = ts->vm->hooks->audit(ts, event, gi_val(rest));
    gi_drop(ts, rest);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(sys, breakpointhook, "(*args, **kws)",
            "breakpointhook(*args, **kws)\n\nThis hook function is called by built-in breakpoint().\n") {
    const char *name = ts->vm->runtime->config.ignore_environment ? NULL : getenv("PYTHONBREAKPOINT");
    if (name == NULL || name[0] == 0) name = "pdb.set_trace";
    if (strcmp(name, "0") == 0) return GI_REF_NONE;
    const char *dot = strrchr(name, '.');
    char module[256] = "builtins";
    if (dot != NULL) snprintf(module, sizeof module, "%.*s", (int)(dot - name), name);
    GiRef m = module[0] ? ts->vm->hooks->import(ts, module)
                        : gi_raise_ref(ts, &gi_exc_ImportError, "no module in '%s'", name);
    GiRef hook = gi_is_null(m) ? GI_NULL : gi_getattr_cstr(ts, gi_val(m), dot ? dot + 1 : name);
    gi_xdrop(ts, m);
    if (gi_is_null(hook)) {
        if (!gi_exc_matches(ts, &gi_exc_ImportError) && !gi_exc_matches(ts, &gi_exc_AttributeError)) return GI_NULL;
        gi_exc_clear(ts);
        if (gi_warn(ts, &gi_exc_RuntimeWarning, 0, "Ignoring unimportable $PYTHONBREAKPOINT: \"%s\"", name) < 0)
            return GI_NULL;
        return GI_REF_NONE;
    }
    GiRef args = gi_tuple_from(ts, a->args, a->args_count);
    GiRef r = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, gi_val(hook), gi_val(args), a->kws);
    gi_xdrop(ts, args);
    gi_drop(ts, hook);
    return r;
}
GI_FUNCTION(sys, call_tracing, "(func, args: tuple, /)",
            "Call func(*args), while tracing is enabled.\n\nThe tracing state is saved, and restored afterwards.  This is "
            "intended\nto be called from a debugger from a checkpoint, to recursively debug\nsome other code.") {
    void *state = ts->trace_state;
    int tracing = ts->tracing;
    ts->trace_state = NULL;
    ts->tracing = ts->trace_func.bits || ts->profile_func.bits;
    GiRef r = gi_call_ex(ts, a->func, a->args, GI_NOVAL);
    ts->trace_state = state;
    ts->tracing = tracing;
    return r;
}
GI_FUNCTION(sys, displayhook, "(object, /)", "Print an object to sys.stdout and also save it in builtins._") {
    GiVal builtins = gi_val(ts->vm->builtins_dict);
    if (gi_is_none(a->object)) return GI_REF_NONE;
    if (gi_dict_set(ts, builtins, GI_N(_), GI_NONE) < 0) return GI_NULL;
    GiRef held = gi_sys_get(ts, "stdout");
    if (gi_is_null(held) || gi_is_none(held)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "lost sys.stdout");
    GiVal out = gi_val(held);
    GiRef text = gi_repr(ts, a->object), line = GI_NULL, r = GI_NULL;
    if (!gi_is_null(text)) line = gi_str_format(ts, "%U\n", gi_val(text));
    if (!gi_is_null(line)) {
        GiVal arg = gi_val(line);
        r = gi_call_method_cstr(ts, out, "write", &arg, 1);
        if (gi_is_null(r) && gi_exc_matches(ts, &gi_exc_UnicodeEncodeError)) {
            gi_exc_clear(ts);
            GiRef encoding = gi_getattr_cstr(ts, out, "encoding");
            GiRef plain = GI_NULL;
            if (!gi_is_null(encoding) && gi_is_str(gi_val(encoding))) {
                const char *name = gi_str_cstr(ts, gi_val(encoding));
                GiRef bytes = name ? gi_encode(ts, arg, name, "backslashreplace") : GI_NULL;
                if (!gi_is_null(bytes)) plain = gi_decode(ts, gi_bytes_data(bytes), gi_bytes_len(bytes), name, "strict");
                gi_xdrop(ts, bytes);
            }
            gi_xdrop(ts, encoding);
            if (!gi_is_null(plain)) {
                arg = gi_val(plain);
                r = gi_call_method_cstr(ts, out, "write", &arg, 1);
                gi_drop(ts, plain);
            }
        }
    }
    gi_xdrop(ts, text);
    gi_xdrop(ts, line);
    gi_drop(ts, held);
    if (gi_is_null(r)) return r;
    gi_drop(ts, r);
    return gi_dict_set(ts, builtins, GI_N(_), a->object) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(sys, exc_info, "()",
            "Return current exception information: (type, value, traceback).\n\nReturn information about the most recent "
            "exception caught by an except\nclause in the current stack frame or in an older stack frame.") {
    GiVal exc = gi_handled_peek(ts);
    if (gi_is_null(exc)) return gi_tuple_pack(ts, 3, GI_NONE, GI_NONE, GI_NONE);
    GiRef tb = gi_slot_load(ts, &gi_exception_of(exc)->traceback);
    if (gi_is_null(tb)) tb = GI_REF_NONE;
    GiRef info = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(exc)), exc, gi_val(tb));
    gi_drop(ts, tb);
    return info;
}
GI_FUNCTION(sys, exception, "()",
            "Return the current exception.\n\nReturn the most recent exception caught by an except clause\nin the current "
            "stack frame or in an older stack frame, or None\nif no such clause exists.") {
    GiVal exc = gi_handled_peek(ts);
    return gi_is_null(exc) ? GI_REF_NONE : gi_dup(ts, exc);
}
GI_FUNCTION(sys, excepthook, "(exctype, value, traceback, /)",
            "Handle an exception by displaying it with a traceback on sys.stderr.") {
    GiRef file = gi_sys_get(ts, "stderr");
    if (gi_is_null(file) || gi_is_none(file)) return GI_REF_NONE;
    GiStatus status;
    if (!gi_is_exception(a->value)) {
        GiRef text = gi_str_format(ts, "TypeError: print_exception(): Exception expected for value, %T found\n", a->value);
        GiVal arg = gi_val(text);
        GiRef r = gi_is_null(text) ? GI_NULL : gi_call_method_cstr(ts, gi_val(file), "write", &arg, 1);
        status = gi_is_null(r) ? GI_FAIL : GI_OK;
        gi_xdrop(ts, text);
        gi_xdrop(ts, r);
    } else {
        if (gi_is_exact(a->traceback, &gi_traceback_type))
            gi_exception_set_traceback(ts, a->value, gi_dup(ts, a->traceback));
        status = gi_display_exception(ts, a->value, gi_val(file));
    }
    gi_drop(ts, file);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(sys, exit, "(status = None, /)",
            "Exit the interpreter by raising SystemExit(status).\n\nIf the status is omitted or None, it defaults to zero "
            "(i.e., success).\nIf the status is an integer, it will be used as the system exit status.\nIf it is another kind "
            "of object, it will be printed and the system\nexit status will be one (i.e., failure).") {
    if (gi_is_null(a->status)) {
        gi_raise_none(ts, &gi_exc_SystemExit);
    } else if (gi_is_tuple(a->status)) {
        GiRef exc = gi_call_ex(ts, gi_type_val(&gi_exc_SystemExit), a->status, GI_NOVAL);
        if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    } else {
        gi_raise_value(ts, &gi_exc_SystemExit, a->status);
    }
    return GI_NULL;
}
GI_FUNCTION(sys, get_asyncgen_hooks, "()", "Return the installed asynchronous generators hooks.\n\nThis returns a namedtuple of the form (firstiter, finalizer).") {
    GiRef values[2] = {ts->asyncgen_firstiter.bits ? gi_slot_dup(ts, &ts->asyncgen_firstiter) : GI_REF_NONE,
                       ts->asyncgen_finalizer.bits ? gi_slot_dup(ts, &ts->asyncgen_finalizer) : GI_REF_NONE};
    GiRef type = gi_sys_get(ts, "_asyncgen_hooks_type");
    GiRef hooks = gi_structseq_new(ts, gi_val(type), values, 2);
    gi_xdrop(ts, type);
    return hooks;
}
static GiStatus set_hook(GiThread *ts, GiSlot *slot, GiVal hook, const char *name) {
    if (gi_is_null(hook)) return GI_OK;
    if (gi_is_none(hook)) {
        gi_slot_clear(ts, slot);
        return GI_OK;
    }
    if (!gi_is_callable(hook))
        return gi_raise_status(ts, &gi_exc_TypeError, "callable %s expected, got %T", name, hook);
    gi_slot_set(ts, slot, gi_dup(ts, hook));
    return GI_OK;
}
GI_FUNCTION(sys, set_asyncgen_hooks, "(firstiter = <null>, finalizer = <null>)",
            "set_asyncgen_hooks(* [, firstiter] [, finalizer])\n\nSet a finalizer for async generators objects.") {
    if (!gi_is_null(a->finalizer) && !gi_is_none(a->finalizer) && !gi_is_callable(a->finalizer))
        return gi_raise_ref(ts, &gi_exc_TypeError, "callable finalizer expected, got %T", a->finalizer);
    if (!gi_is_null(a->finalizer) && gi_audit(ts, "sys.set_asyncgen_hook_finalizer", NULL, 0) < 0) return GI_NULL;
    if (!gi_is_null(a->firstiter) && gi_audit(ts, "sys.set_asyncgen_hook_firstiter", NULL, 0) < 0) return GI_NULL;
    if (set_hook(ts, &ts->asyncgen_firstiter, a->firstiter, "firstiter") < 0 ||
        set_hook(ts, &ts->asyncgen_finalizer, a->finalizer, "finalizer") < 0)
        return GI_NULL;
    return GI_REF_NONE;
}
GI_FUNCTION(sys, get_coroutine_origin_tracking_depth, "()", "Check status of origin tracking for coroutine objects in this thread.") {
    return gi_smallint_ref(ts->coroutine_origin_depth);
}
GI_FUNCTION(sys, set_coroutine_origin_tracking_depth, "(depth: int)",
            "Enable or disable origin tracking for coroutine objects in this thread.\n\nCoroutine objects will track 'depth' "
            "frames of traceback information\nabout where they came from, available in their cr_origin attribute.\n\nSet a "
            "depth of 0 to disable.") {
    if (a->depth < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "depth must be >= 0");
    ts->coroutine_origin_depth = a->depth;
    return GI_REF_NONE;
}
GI_FUNCTION(sys, get_int_max_str_digits, "()", "Return the maximum string digits limit for non-binary int<->str conversions.") {
    return gi_smallint_ref(ts->vm->int_max_str_digits);
}
GI_FUNCTION(sys, set_int_max_str_digits, "(maxdigits: int)", "Set the maximum string digits limit for non-binary int<->str conversions.") {
    if (a->maxdigits != 0 && a->maxdigits < 640)
        return gi_raise_ref(ts, &gi_exc_ValueError, "maxdigits must be 0 or larger than 640");
    ts->vm->int_max_str_digits = a->maxdigits;
    return GI_REF_NONE;
}
GI_FUNCTION(sys, getallocatedblocks, "()", "Return the number of memory blocks currently allocated.") {
    gi_stop_world(&ts->core);
    size_t n = gi_heap_count(ts->vm);
    gi_start_world(&ts->core);
    return gi_int_from_u64(ts, n);
}
GI_FUNCTION(sys, getdefaultencoding, "()", "Return the current default encoding used by the Unicode implementation.") {
    return gi_str_from_cstr(ts, "utf-8");
}
GI_FUNCTION(sys, getfilesystemencoding, "()", "Return the encoding used to convert Unicode filenames to OS filenames.") {
    return gi_str_from_cstr(ts, "utf-8");
}
GI_FUNCTION(sys, getfilesystemencodeerrors, "()", "Return the error mode used for Unicode to OS filename conversion.") {
    return gi_str_from_cstr(ts, "surrogateescape");
}
GI_FUNCTION(sys, getdlopenflags, "()", "Return the current value of the flags that are used for dlopen calls.\n\nThe flag constants are defined in the os module.") {
    GiRef v = gi_sys_get(ts, "_dlopenflags");
    return gi_is_null(v) ? gi_smallint_ref(RTLD_NOW) : v;
}
GI_FUNCTION(sys, setdlopenflags, "(flags: int, /)", "Set the flags used by the interpreter for dlopen calls.") {
    return gi_sys_set(ts, "_dlopenflags", gi_smallint_ref(a->flags)) < 0 ? GI_NULL : GI_REF_NONE;
}
static GiRef hook_of(GiThread *ts, GiSlot *slot) { return slot->bits ? gi_slot_dup(ts, slot) : GI_REF_NONE; }
static GiRef set_trace(GiThread *ts, GiSlot *slot, GiVal function, const char *what) {
    /* The end of the old function may run code that sets another one. */
    if (ts->installing_trace)
        return gi_raise_ref(ts, &gi_exc_RuntimeError,
                            "Cannot install a %s function while another %s function is being installed", what, what);
    if (gi_audit(ts, what[0] == 't' ? "sys.settrace" : "sys.setprofile", NULL, 0) < 0) return GI_NULL;
    ts->installing_trace = true;
    gi_slot_set(ts, slot, gi_is_none(function) ? GI_NULL : gi_dup(ts, function));
    ts->installing_trace = false;
    ts->tracing = ts->trace_func.bits || ts->profile_func.bits;
    return GI_REF_NONE;
}
GI_FUNCTION(sys, gettrace, "()", "Return the global debug tracing function set with sys.settrace.\n\nSee the debugger chapter in the library manual.") {
    return hook_of(ts, &ts->trace_func);
}
GI_FUNCTION(sys, settrace, "(function, /)", "settrace(function)\n\nSet the global debug tracing function.  It will be called on each\nfunction call.  See the debugger chapter in the library manual.") {
    /* The line that tracing begins on is not reported any more. */
    if (ts->frame && !ts->trace_func.bits && ts->frame->object.bits) ts->frame->trace_line = gi_frame_line(ts->frame);
    return set_trace(ts, &ts->trace_func, a->function, "trace");
}
GI_FUNCTION(sys, getprofile, "()", "Return the profiling function set with sys.setprofile.\n\nSee the profiler chapter in the library manual.") {
    return hook_of(ts, &ts->profile_func);
}
GI_FUNCTION(sys, setprofile, "(function, /)", "setprofile(function)\n\nSet the profiling function.  It will be called on each function call\nand return.  See the profiler chapter in the library manual.") {
    return set_trace(ts, &ts->profile_func, a->function, "profile");
}
GI_FUNCTION(sys, getrecursionlimit, "()", "Return the current value of the recursion limit.\n\nThe recursion limit is the maximum depth of the Python interpreter\nstack.  This limit prevents infinite recursion from causing an overflow\nof the C stack and crashing Python.") {
    return gi_smallint_ref(ts->recursion_limit);
}
GI_FUNCTION(sys, setrecursionlimit, "(limit: int, /)", "Set the maximum depth of the Python interpreter stack to n.\n\nThis limit prevents infinite recursion from causing an overflow of the C\nstack and crashing Python.  The highest possible limit is platform-\ndependent.") {
    if (a->limit < 1) return gi_raise_ref(ts, &gi_exc_ValueError, "recursion limit must be greater or equal than 1");
    if (ts->recursion >= a->limit)
        return gi_raise_ref(ts, &gi_exc_RecursionError,
                            "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low", a->limit,
                            ts->recursion);
    gi_stop_world(&ts->core);
    for (GiThreadCore *core = NULL; (core = gi_world_next_core(&ts->vm->world, core)) != NULL;)
        ((GiThread *)core)->recursion_limit = a->limit;
    gi_start_world(&ts->core);
    return GI_REF_NONE;
}
GI_FUNCTION(sys, getrefcount, "(object, /)", "Return the reference count of object.\n\nThe count returned is generally one higher than you might expect,\nbecause it includes the (temporary) reference as an argument to\ngetrefcount().") {
    if (!gi_is_heap(a->object)) return gi_smallint_ref(INT32_MAX);
    GiObj *obj = gi_obj(a->object);
    if (obj->owner == GI_OWNER_IMMORTAL) return gi_smallint_ref(INT32_MAX);
    return gi_smallint_ref((int64_t)obj->local + atomic_load_explicit(&obj->shared, memory_order_relaxed));
}
GI_FUNCTION(sys, getsizeof, "(object, default = <null>)", "getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes.") {
    GiRef method;
    if (gi_lookup_special(ts, a->object, GI_N(__sizeof__), &method) < 0) return GI_NULL;
    GiRef r = gi_is_null(method) ? gi_raise_ref(ts, &gi_exc_TypeError, "Type %T doesn't define __sizeof__", a->object)
                                 : gi_call0(ts, gi_val(method));
    gi_xdrop(ts, method);
    int64_t size;
    if (!gi_is_null(r) && !gi_is_int(gi_val(r))) {
        gi_drop(ts, r);
        r = gi_raise_ref(ts, &gi_exc_TypeError, "an integer is required");
    }
    if (gi_is_null(r)) {
        if (gi_is_null(a->default_) || !gi_exc_matches(ts, &gi_exc_TypeError)) return r;
        gi_exc_clear(ts);
        return gi_dup(ts, a->default_);
    }
    if (gi_int_as_i64(gi_val(r), &size) == 0 && size < 0) {
        gi_drop(ts, r);
        return gi_raise_ref(ts, &gi_exc_ValueError, "__sizeof__() should return >= 0");
    }
    return r;
}
GI_FUNCTION(sys, getswitchinterval, "()", "Return the current thread switch interval; see sys.setswitchinterval().") {
    return gi_double_ref((double)gi_world_interval(&ts->vm->world) / 1e9);
}
GI_FUNCTION(sys, setswitchinterval, "(interval: double, /)", "Set the ideal thread switching delay inside the Python interpreter.\n\nThe actual frequency of switching threads can be lower if the\ninterpreter executes long sequences of uninterruptible code\n(this is implementation-specific and workload-dependent).\n\nThe parameter must represent the desired switching delay in seconds\nA typical value is 0.005 (5 milliseconds).") {
    if (!(a->interval > 0)) return gi_raise_ref(ts, &gi_exc_ValueError, "switch interval must be strictly positive");
    double ns = a->interval * 1e9;
    gi_world_set_interval(&ts->vm->world, ns > 1e18 ? (uint64_t)1e18 : (uint64_t)ns);
    return GI_REF_NONE;
}
GI_FUNCTION(sys, intern, "(string, /)", "``Intern'' the given string.\n\nThis enters the string in the (global) table of interned strings whose\npurpose is to speed up dictionary lookups. Return the string itself or\nthe previously interned string object with the same value.") {
    if (!gi_is_str(a->string)) return gi_raise_ref(ts, &gi_exc_TypeError, "intern() argument must be str, not %T", a->string);
    if (!gi_is_str_exact(a->string)) return gi_raise_ref(ts, &gi_exc_TypeError, "can't intern %T", a->string);
    return gi_str_intern(ts, gi_dup(ts, a->string));
}
GI_FUNCTION(sys, is_finalizing, "()", "Return True if Python is exiting.") { return gi_bool_ref(__atomic_load_n(&ts->vm->finalizing, __ATOMIC_RELAXED)); }
GI_FUNCTION(sys, _is_gil_enabled, "()", "Return True if the GIL is enabled.") {
    return gi_bool_ref(gi_gil_is_enabled(ts->vm));
}
GI_FUNCTION(sys, unraisablehook, "(unraisable, /)", "Handle an unraisable exception.\n\nThe unraisable argument has the following attributes:\n\n* exc_type: Exception type.\n* exc_value: Exception value, can be None.\n* exc_traceback: Exception traceback, can be None.\n* err_msg: Error message, can be None.\n* object: Object causing the exception, can be None.") {
    GiVal wanted = gi_val(ts->vm->runtime->unraisable_args);
    if (gi_is_null(wanted) || gi_type_of(a->unraisable) != gi_as_type(wanted))
        return gi_raise_ref(ts, &gi_exc_TypeError, "sys.unraisablehook argument type must be UnraisableHookArgs");
    GiRef held = gi_sys_get(ts, "stderr");
    if (gi_is_null(held) || gi_is_none(held)) return GI_REF_NONE;
    GiRef exc = gi_getattr_cstr(ts, a->unraisable, "exc_value"), message = gi_getattr_cstr(ts, a->unraisable, "err_msg"),
          object = gi_getattr_cstr(ts, a->unraisable, "object"),
          traceback = gi_getattr_cstr(ts, a->unraisable, "exc_traceback"), head = GI_NULL, result = GI_NULL;
    if (gi_is_null(exc) || gi_is_null(message) || gi_is_null(object) || gi_is_null(traceback)) goto done;
    if (!gi_is_exact(gi_val(traceback), &gi_traceback_type)) {
        gi_drop(ts, traceback);
        traceback = GI_REF_NONE;
    }
    if (gi_is_none(object)) {
        head = gi_is_none(message) ? gi_str_from_cstr(ts, "") : gi_str_format(ts, "%S:\n", gi_val(message));
    } else {
        GiRef shown = gi_repr(ts, gi_val(object));
        if (gi_is_null(shown)) {
            gi_exc_clear(ts);
            shown = gi_str_from_cstr(ts, "<object repr() failed>");
            if (gi_is_null(shown)) goto done;
        }
        head = gi_is_none(message) ? gi_str_format(ts, "Exception ignored in: %U\n", gi_val(shown))
                                   : gi_str_format(ts, "%S: %U\n", gi_val(message), gi_val(shown));
        gi_drop(ts, shown);
    }
    if (gi_is_null(head)) goto done;
    GiVal arg = gi_val(head);
    GiRef r = gi_call_method_cstr(ts, gi_val(held), "write", &arg, 1);
    if (gi_is_null(r)) goto done;
    gi_drop(ts, r);
    GiRef type = gi_is_none(exc) ? gi_getattr_cstr(ts, a->unraisable, "exc_type") : GI_NULL;
    if (!gi_is_null(type) && gi_is_type(gi_val(type))) {
        GiRef line = gi_str_format(ts, "%s\n", gi_type_short_name(gi_as_type(type)));
        GiVal line_arg = gi_is_null(line) ? GI_NONE : gi_val(line);
        r = gi_is_null(line) ? GI_NULL : gi_call_method_cstr(ts, gi_val(held), "write", &line_arg, 1);
        gi_xdrop(ts, line);
        gi_xdrop(ts, r);
    }
    gi_xdrop(ts, type);
    if (gi_raised(ts)) goto done;
    if (gi_is_none(exc) || gi_display_unchained(ts, gi_val(exc), gi_val(traceback), gi_val(held)) == GI_OK) {
        r = gi_call_method_cstr(ts, gi_val(held), "flush", NULL, 0);
        if (gi_is_null(r)) gi_exc_clear(ts);
        else gi_drop(ts, r);
        result = GI_REF_NONE;
    }
done:
    gi_xdrop(ts, exc);
    gi_xdrop(ts, message);
    gi_xdrop(ts, object);
    gi_xdrop(ts, traceback);
    gi_xdrop(ts, head);
    gi_drop(ts, held);
    return result;
}

const GiMethodDef *const gi_sys_functions = sys_functions;
