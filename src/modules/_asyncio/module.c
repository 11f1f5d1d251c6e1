/* module.c - _asyncio: running loops, the functions about them and about tasks, the module.
 *
 * The running loop of a thread stands in the thread's dict; a block of the thread's own says which process set it:
 * in the child of a fork no loop runs. Only the thread itself touches them.
 */
#include "modules/_asyncio/asyncio.h"

#include "memory/extra.h"
#include "modules/_asyncio/module.gen.h"
#include <unistd.h>

typedef struct OfThread {
    GiAsyncio *state;
    pid_t pid; /* 0: no loop runs */
} OfThread;

extern const GiModuleDef gi_module__asyncio;

GiAsyncio *gi_asyncio(GiThread *ts) {
    OfThread *own = ts->extra[GI_EXTRA_ASYNCIO];
    if (GI_LIKELY(own != NULL)) return own->state;
    GiAsyncio *state = gi_module_state_of(ts, &gi_module__asyncio);
    own = calloc(1, sizeof *own);
    if (own) *own = (OfThread){.state = state};
    ts->extra[GI_EXTRA_ASYNCIO] = own; /* NULL: found anew each time */
    return state;
}

/* ---- The running loop ---- */

GiRef gi_running_loop(GiThread *ts) {
    OfThread *own = ts->extra[GI_EXTRA_ASYNCIO];
    if (own == NULL || own->pid == 0 || ts->dict.bits == 0 || own->pid != getpid()) return GI_NULL;
    return gi_dict_get_str(ts, gi_val(ts->dict), gi_val(own->state->running));
}
static GiStatus set_running_loop(GiThread *ts, GiVal loop) {
    GiAsyncio *state = gi_asyncio(ts);
    OfThread *own = ts->extra[GI_EXTRA_ASYNCIO];
    if (own == NULL) return gi_raise_nomem(ts), GI_FAIL;
    if (ts->dict.bits == 0) {
        GiRef dict = gi_dict_new(ts);
        if (gi_is_null(dict)) return GI_FAIL;
        gi_slot_init(&ts->dict, dict);
    }
    pid_t before = own->pid;
    own->pid = gi_is_none(loop) ? 0 : getpid();
    GiStatus status = gi_dict_set(ts, gi_val(ts->dict), gi_val(state->running), loop);
    if (status < 0) own->pid = before;
    return status;
}
GiRef gi_asyncio_loop(GiThread *ts) {
    GiRef loop = gi_running_loop(ts);
    if (!gi_is_null(loop) || gi_raised(ts)) return loop;
    GI_AUTO GiRef policy = gi_call0(ts, GI_ASYNCIO(get_policy));
    if (gi_is_null(policy)) return GI_NULL;
    return gi_asyncio_call(ts, GI_ASYNCIO(get_event_loop), (GiVal[]){gi_val(policy)}, 1, GI_NOVAL);
}

GiRef gi_asyncio_call(GiThread *ts, GiVal name, const GiVal *args, size_t nargs, GiVal kwnames) {
    bool self_needed;
    GiRef method = gi_getmethod(ts, args[0], name, &self_needed);
    if (gi_is_null(method)) return method;
    size_t skip = self_needed ? 0 : 1;
    GiRef r = gi_call(ts, gi_val(method), args + skip, nargs - skip, kwnames);
    gi_drop(ts, method);
    return r;
}
GiStatus gi_call_soon(GiThread *ts, GiVal loop, GiVal fn, GiVal arg, GiVal context) {
    GiAsyncio *state = gi_asyncio(ts);
    GiVal args[4] = {loop, fn};
    size_t nargs = 2;
    if (!gi_is_null(arg)) args[nargs++] = arg;
    args[nargs] = context;
    GiRef r = gi_asyncio_call(ts, gi_val(state->call_soon), args, nargs,
                              gi_is_null(context) ? GI_NOVAL : gi_val(state->with_context));
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}

/* ---- Functions ---- */

GI_FUNCTION(_asyncio, get_event_loop, "()", "Return an asyncio event loop.\n\nWhen called from a coroutine or a callback (e.g. scheduled with\ncall_soon or similar API), this function will always return the\nrunning event loop.\n\nIf there is no running event loop set, the function will return\nthe result of `get_event_loop_policy().get_event_loop()` call.") {
    return gi_asyncio_loop(ts);
}
GI_FUNCTION(_asyncio, _get_event_loop, "(stacklevel: int = 3)", NULL) { return gi_asyncio_loop(ts); }
GI_FUNCTION(_asyncio, get_running_loop, "()", "Return the running event loop.  Raise a RuntimeError if there is none.\n\nThis function is thread-specific.") {
    GiRef loop = gi_running_loop(ts);
    if (gi_is_null(loop) && !gi_raised(ts)) gi_raise(ts, &gi_exc_RuntimeError, "no running event loop");
    return loop;
}
GI_FUNCTION(_asyncio, _get_running_loop, "()", "Return the running event loop or None.\n\nThis is a low-level function intended to be used by event loops.\nThis function is thread-specific.") {
    GiRef loop = gi_running_loop(ts);
    return gi_is_null(loop) && !gi_raised(ts) ? GI_REF_NONE : loop;
}
GI_FUNCTION(_asyncio, _set_running_loop, "(loop, /)", "Set the running event loop.\n\nThis is a low-level function intended to be used by event loops.\nThis function is thread-specific.") {
    return set_running_loop(ts, a->loop) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_asyncio, _register_task, "(task)", "Register a new task in asyncio as executed by loop.\n\nReturns None.") {
    return gi_register_task(ts, a->task) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_asyncio, _unregister_task, "(task)", "Unregister a task.\n\nReturns None.") {
    GiRef r = gi_asyncio_call(ts, GI_ASYNCIO(discard), (GiVal[]){GI_ASYNCIO(all_tasks), a->task}, 2, GI_NOVAL);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? r : GI_REF_NONE;
}
GI_FUNCTION(_asyncio, _enter_task, "(loop, task)", "Enter into task execution or resume suspended task.\n\nTask belongs to loop.\n\nReturns None.") {
    return gi_enter_task(ts, a->loop, a->task) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_asyncio, _leave_task, "(loop, task)", "Leave task execution or suspend a task.\n\nTask belongs to loop.\n\nReturns None.") {
    return gi_leave_task(ts, a->loop, a->task) < 0 ? GI_NULL : GI_REF_NONE;
}

/* ---- The module ---- */

/* What is taken from the library, and names. */
static const struct { size_t offset; const char *module, *name; } imports[] = {
#define IMPORT(slot, module, name) {offsetof(GiAsyncio, slot), module, name}
    IMPORT(get_policy, "asyncio.events", "get_event_loop_policy"),
    IMPORT(future_repr, "asyncio.base_futures", "_future_repr"),
    IMPORT(cancelled_error, "asyncio.exceptions", "CancelledError"),
    IMPORT(invalid_state_error, "asyncio.exceptions", "InvalidStateError"),
    IMPORT(task_repr, "asyncio.base_tasks", "_task_repr"),
    IMPORT(task_get_stack, "asyncio.base_tasks", "_task_get_stack"),
    IMPORT(task_print_stack, "asyncio.base_tasks", "_task_print_stack"),
    IMPORT(iscoroutine, "asyncio.coroutines", "iscoroutine"),
    IMPORT(extract_stack, "traceback", "extract_stack"),
    IMPORT(copy_context, "_contextvars", "copy_context"),
};
static const struct { size_t offset; const char *text; } names[] = {
#define NAME(slot, text) {offsetof(GiAsyncio, slot), text}
    NAME(call_soon, "call_soon"), NAME(get_debug, "get_debug"), NAME(get_event_loop, "get_event_loop"),
    NAME(get_loop, "get_loop"), NAME(loop, "_loop"), NAME(blocking, "_asyncio_future_blocking"),
    NAME(add_done_callback, "add_done_callback"), NAME(cancel, "cancel"),
    NAME(call_exception_handler, "call_exception_handler"), NAME(add, "add"), NAME(discard, "discard"),
    NAME(result, "result"), NAME(running, "__asyncio_running_event_loop__"), NAME(pending, "PENDING"),
    NAME(cancelled, "CANCELLED"), NAME(finished, "FINISHED"),
};

/* A tuple of one name, for calls. */
static GiStatus keyword(GiThread *ts, GiSlot *slot, const char *text) {
    GiRef name = gi_intern_cstr(ts, text);
    if (gi_is_null(name)) return GI_FAIL;
    gi_slot_set(ts, slot, gi_tuple_pack(ts, 1, gi_val(name)));
    gi_drop(ts, name);
    return slot->bits ? GI_OK : GI_FAIL;
}
static GiStatus fill_state(GiThread *ts, GiAsyncio *state) {
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        GiRef name = gi_intern_cstr(ts, names[i].text);
        if (gi_is_null(name)) return GI_FAIL;
        gi_slot_set(ts, (GiSlot *)((char *)state + names[i].offset), name);
    }
    for (size_t i = 0; i < GI_COUNTOF(imports); i++) {
        GiRef r = gi_import_attr(ts, imports[i].module, imports[i].name);
        if (gi_is_null(r)) return GI_FAIL;
        gi_slot_set(ts, (GiSlot *)((char *)state + imports[i].offset), r);
    }
    GI_AUTO GiRef weak_set = gi_import_attr(ts, "weakref", "WeakSet");
    if (gi_is_null(weak_set)) return GI_FAIL;
    gi_slot_set(ts, &state->all_tasks, gi_call0(ts, gi_val(weak_set)));
    gi_slot_set(ts, &state->current_tasks, gi_dict_new(ts));
    if (state->all_tasks.bits == 0 || state->current_tasks.bits == 0) return GI_FAIL;
    return keyword(ts, &state->with_context, "context") < 0 ? GI_FAIL : keyword(ts, &state->with_msg, "msg");
}
static GiStatus asyncio_exec(GiThread *ts, GiVal module) {
    GiAsyncio *state = gi_module_state(module);
    if (gi_type_ready(ts, &gi_future_iter_type) < 0 || gi_type_ready(ts, &gi_task_step_type) < 0 ||
        gi_module_add_type(ts, module, &gi_future_type) < 0 || gi_module_add_type(ts, module, &gi_task_type) < 0 ||
        fill_state(ts, state) < 0)
        return GI_FAIL;
    return gi_module_add(ts, module, "_all_tasks", gi_slot_dup(ts, &state->all_tasks)) < 0
               ? GI_FAIL
               : gi_module_add(ts, module, "_current_tasks", gi_slot_dup(ts, &state->current_tasks));
}

#define STATE_SLOT(name) GI_SLOT(GiAsyncio, name),
static const GiField state_fields[] = {GI_ASYNCIO_SLOTS(STATE_SLOT) GI_FIELDS_END};
const GiModuleDef gi_module__asyncio = {
    .name = "_asyncio", .doc = "Accelerator module for asyncio", .functions = _asyncio_functions, .exec = asyncio_exec,
    .state_size = sizeof(GiAsyncio), .state_fields = state_fields,
};
