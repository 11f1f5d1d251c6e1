/* hooks.c - what lower layers ask of the runtime: safepoints, warnings, unraisable exceptions. */
#include "memory/slots.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/gil_watch.h"
#include "runtime/runtime.h"
#include "vm/frame.h"

static GiStatus raise_async(GiThread *ts) {
    gi_world_lock(&ts->vm->world, &ts->core);
    GiRef exc = gi_slot_take(&ts->async_exc);
    gi_world_unlock(&ts->vm->world, &ts->core);
    if (gi_is_null(exc)) return GI_OK;
    if (gi_is_type(gi_val(exc))) {
        gi_raise_none(ts, gi_as_type(exc));
        gi_drop(ts, exc);
    } else {
        gi_raise_object(ts, exc);
    }
    return GI_FAIL;
}

/* GI_DEBUG=switch:every: the thread gives way now, and comes here again at its next safepoint (GI_SP_CALLS, since a
 * blocking call takes GI_SP_DROP off). Without the lock the system may put another thread in its place. */
static void give_way_again(GiThread *ts) {
    gi_request(&ts->core, GI_SP_CALLS | GI_SP_DROP);
    if (ts->core.free_running) gi_os_thread_yield();
}

static GiStatus safepoint(GiThread *ts) {
    GiThreadCore *core = &ts->core;
    uint32_t asked = gi_safepoint(core);
    GiStatus status = GI_OK;
    const uint32_t served = GI_SP_SIGNAL | GI_SP_ASYNC_EXC | GI_SP_GC | GI_SP_CALLS | GI_SP_LIFT;
    if (asked & served) {
        GiRuntime *runtime = ts->vm->runtime;
        uint32_t mine = gi_take_requests(core, served);
        if (mine & GI_SP_LIFT) gi_gil_lift_wanted(ts);
        if (mine & GI_SP_GC) {
            GiRef raised = gi_exc_take(ts);
            gi_gc_safepoint(ts);
            if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
        }
        if ((mine & GI_SP_SIGNAL) && runtime->run_signals) status = runtime->run_signals(ts);
        if (status == GI_OK && (mine & GI_SP_CALLS) && runtime->run_pending) status = runtime->run_pending(ts);
        if (mine & GI_SP_ASYNC_EXC) {
            if (status == GI_OK) status = raise_async(ts);
            else gi_request(core, GI_SP_ASYNC_EXC);
        }
    }
    if (GI_UNLIKELY(ts->vm->debug_flags & GI_DEBUG_SWITCH_EVERY)) give_way_again(ts);
    if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
    return status;
}

static GiRef import_dotted(GiThread *ts, const char *name) {
    GiRef text = gi_intern_cstr(ts, name);
    if (gi_is_null(text)) return text;
    GiRef known;
    if (gi_dict_get(ts, gi_val(ts->vm->modules), gi_val(text), &known) < 0) {
        gi_drop(ts, text);
        return GI_NULL;
    }
    if (gi_is_null(known)) {
        GiRef top = gi_import_module_level(ts, gi_val(text), GI_NONE, GI_NONE, 0);
        if (!gi_is_null(top)) {
            gi_drop(ts, top);
            if (gi_dict_get(ts, gi_val(ts->vm->modules), gi_val(text), &known) == GI_OK && gi_is_null(known))
                gi_raise(ts, &gi_exc_ModuleNotFoundError, "No module named %R", gi_val(text));
        }
    } else if (gi_import_wait(ts, gi_val(known), gi_val(text)) < 0) {
        gi_drop(ts, known);
        known = GI_NULL;
    }
    gi_drop(ts, text);
    return known;
}

static GiStatus done(GiThread *ts, GiRef r) {
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* Before the import system stands there are no filters. */
static bool can_warn(GiThread *ts) { return ts->vm->initialised; }

/* The functions that _warnings has left when it was made: in the end the module is emptied. */
enum { WARN, WARN_EXPLICIT };

static GiStatus warn(GiThread *ts, GiType *category, GiVal message, int stack_level) {
    if (!can_warn(ts)) return GI_OK;
    GiRef f = gi_slot_dup(ts, &ts->vm->warnings_state[WARN]);
    if (gi_is_null(f)) return GI_OK;
    GiRef r = gi_call3(ts, gi_val(f), message, gi_type_val(category), gi_smallint(stack_level));
    gi_drop(ts, f);
    return done(ts, r);
}

static GiStatus warn_explicit(GiThread *ts, GiType *category, GiVal message, GiVal filename, int lineno, GiVal module,
                              GiVal registry) {
    if (!can_warn(ts)) return GI_OK;
    GiRef f = gi_slot_dup(ts, &ts->vm->warnings_state[WARN_EXPLICIT]);
    if (gi_is_null(f)) return GI_OK;
    GiVal args[6] = {message, gi_type_val(category), filename, gi_smallint(lineno),
                     gi_is_null(module) ? GI_NONE : module, gi_is_null(registry) ? GI_NONE : registry};
    GiRef r = gi_call(ts, gi_val(f), args, 6, GI_NOVAL);
    gi_drop(ts, f);
    return done(ts, r);
}

/* What sys.unraisablehook itself raises is shown on stderr. */
static void report_failed_hook(GiThread *ts, GiVal exc, GiVal hook) {
    GiRef held = gi_sys_get(ts, "stderr"), r = GI_NULL;
    if (gi_is_null(held) || gi_is_none(held)) return;
    GiRef shown = gi_repr(ts, hook);
    GiRef head = gi_is_null(shown) ? GI_NULL : gi_str_format(ts, "Exception ignored in sys.unraisablehook: %U\n", gi_val(shown));
    if (!gi_is_null(head)) {
        GiVal arg = gi_val(head);
        r = gi_call_method_cstr(ts, gi_val(held), "write", &arg, 1);
    }
    GiRef tb = gi_slot_load(ts, &gi_exception_of(exc)->traceback);
    if (gi_is_null(tb)) tb = GI_REF_NONE;
    if (!gi_is_null(r) && gi_display_unchained(ts, exc, gi_val(tb), gi_val(held)) == GI_OK) {
        /* shown */
    }
    gi_exc_clear(ts);
    gi_drop(ts, tb);
    gi_xdrop(ts, r);
    gi_xdrop(ts, head);
    gi_xdrop(ts, shown);
    gi_drop(ts, held);
}

/* Calls sys.unraisablehook with an object that has the five attributes of UnraisableHookArgs. */
static void unraisable(GiThread *ts, GiVal where, const char *message) {
    GiRef exc = gi_exc_take(ts);
    if (gi_is_null(exc)) return;
    GiException *e = (GiException *)gi_obj(exc);
    if (gi_is_null(e->traceback) && ts->frame != NULL) {
        gi_exc_restore(ts, exc);
        gi_traceback_add(ts, ts->frame);
        exc = gi_exc_take(ts);
        e = (GiException *)gi_obj(exc);
    }
    GiRef held = gi_sys_get(ts, "unraisablehook"), tb = gi_slot_load(ts, &e->traceback);
    GiVal hook = gi_val(held), type = gi_val(ts->vm->runtime->unraisable_args);
    if (gi_is_null(hook) || gi_is_null(type)) {
        gi_xdrop(ts, held);
        gi_xdrop(ts, tb);
        gi_drop(ts, exc);
        return;
    }
    if (gi_is_null(tb)) tb = GI_REF_NONE;
    GiRef text = message ? gi_str_from_cstr(ts, message) : GI_REF_NONE;
    GiRef values = gi_is_null(text) ? GI_NULL
        : gi_tuple_pack(ts, 5, gi_type_val(gi_type_of(gi_val(exc))), gi_val(exc),
                        gi_val(tb), gi_val(text),
                        gi_is_null(where) ? GI_NONE : where);
    GiRef args = gi_is_null(values) ? GI_NULL : gi_call1(ts, type, gi_val(values));
    GiRef r = gi_is_null(args) || GI_AUDIT(ts, "sys.unraisablehook", hook, gi_val(args)) < 0 ? GI_NULL : gi_call1(ts, hook, gi_val(args));
    gi_xdrop(ts, r);
    gi_xdrop(ts, args);
    gi_xdrop(ts, values);
    gi_xdrop(ts, text);
    gi_drop(ts, tb);
    GiRef failure = gi_raised(ts) ? gi_exc_take(ts) : GI_NULL;
    if (!gi_is_null(failure)) report_failed_hook(ts, gi_val(failure), gi_val(held));
    gi_xdrop(ts, failure);
    gi_drop(ts, held);
    gi_drop(ts, exc);
}

static GiVal current_globals(GiThread *ts) { return ts->frame ? gi_frame_globals(ts->frame) : GI_NOVAL; }

/* Calls one audit hook. PYSEM: it is not traced, unless its __cantrace__ is true. */
static GiStatus call_audit_hook(GiThread *ts, GiVal hook, GiVal event, GiVal args) {
    int tracing = ts->tracing;
    if (tracing) {
        GiRef name = gi_intern_cstr(ts, "__cantrace__"), value = GI_NULL;
        if (gi_is_null(name)) return GI_FAIL;
        GiStatus status = gi_getattr_opt(ts, hook, gi_val(name), &value);
        gi_drop(ts, name);
        if (status < 0) return GI_FAIL;
        GiTruth may = gi_is_null(value) ? GI_TRUTH_NO : gi_truth(ts, gi_val(value));
        gi_xdrop(ts, value);
        if (may.value < 0) return GI_FAIL;
        if (!may.value) ts->tracing = 0;
    }
    GiStatus status = done(ts, gi_call2(ts, hook, event, args));
    if (tracing && ts->tracing == 0) ts->tracing = ts->trace_func.bits || ts->profile_func.bits;
    return status;
}

/* event NULL: GI_FAIL says that there are hooks. */
static GiStatus audit(GiThread *ts, const char *event, GiVal args) {
    GiRuntime *runtime = ts->vm->runtime;
    if (runtime == NULL || runtime->audit_hooks.bits == 0) return GI_OK;
    if (event == NULL) return GI_FAIL;
    GiRef name = gi_intern_cstr(ts, event);
    if (gi_is_null(name)) return GI_FAIL;
    GiRef hooks = gi_slot_load(ts, &runtime->audit_hooks);
    GiStatus status = GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(hooks); i++)
        status = call_audit_hook(ts, gi_tuple_get(gi_val(hooks), i), gi_val(name), args);
    gi_drop(ts, hooks);
    gi_drop(ts, name);
    return status;
}

static GiStatus super_context(GiThread *ts, GiRef *type, GiRef *self) {
    GiFrame *frame = ts->frame;
    if (frame == NULL) return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): no current frame");
    GiCode *code = frame->code;
    if (code->arg_count == 0) return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): no arguments");
    GiVal first = gi_val(frame->regs[0]);
    GiSlot *stored = &frame->regs[0];
    if (!gi_is_null(first) && code->variable_is_cell[0] && gi_is_exact(first, &gi_cell_type))
        stored = &((GiCell *)gi_obj(first))->value;
    if (gi_is_null(*stored)) return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): arg[0] deleted");
    for (unsigned i = 0; i < code->free_count; i++) {
        if (!gi_str_equals_cstr(gi_val(code->variables[code->local_count + i]), "__class__")) continue;
        GiVal cell = gi_tuple_get(gi_val(gi_frame_func(frame)->closure), i);
        if (!gi_is_exact(cell, &gi_cell_type))
            return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): bad __class__ cell");
        GiRef cls = gi_slot_load(ts, &((GiCell *)gi_obj(cell))->value);
        if (gi_is_null(cls)) return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): empty __class__ cell");
        if (!gi_is_type(gi_val(cls))) {
            gi_raise(ts, &gi_exc_RuntimeError, "super(): __class__ is not a type (%T)", gi_val(cls));
            gi_drop(ts, cls);
            return GI_FAIL;
        }
        *self = gi_slot_load(ts, stored);
        if (gi_is_null(*self)) { /* by another thread, just now */
            gi_drop(ts, cls);
            return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): arg[0] deleted");
        }
        *type = cls;
        return GI_OK;
    }
    return gi_raise_status(ts, &gi_exc_RuntimeError, "super(): __class__ cell not found");
}

static int attr_hint(GiThread *ts GI_UNUSED, GiVal function) {
    if (!gi_is_exact(function, &gi_function_type)) return 0;
    return gi_code_of(gi_function_of(function)->code)->self_attrs;
}

const GiHooks gi_runtime_hooks = {
    .import = import_dotted,
    .warn = warn,
    .warn_explicit = warn_explicit,
    .unraisable = unraisable,
    .safepoint = safepoint,
    .current_globals = current_globals,
    .audit = audit,
    .super_context = super_context,
    .attr_hint = attr_hint,
};
