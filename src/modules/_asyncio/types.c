/* types.c - Future and Task as Python sees them: methods, attributes, type objects. */
#include "modules/_asyncio/asyncio.h"

GI_SHARED_METHODS(common, future, task);
#include "modules/_asyncio/types.gen.h"

#define REQUIRE(self) do { if (gi_future_check(ts, self) < 0) return GI_NULL; } while (0)

static GiRef slot_or_none(GiThread *ts, const GiSlot *slot) {
    GiRef r = gi_slot_load(ts, slot);
    return gi_is_null(r) ? GI_REF_NONE : r;
}

/* ---- Both ---- */

GI_METHOD(common, result, "(self, /)", "Return the result this future represents.\n\nIf the future has been cancelled, raises CancelledError.  If the\nfuture's result isn't yet available, raises InvalidStateError.  If\nthe future is done and has an exception set, this exception is raised.") {
    return gi_future_result(ts, self);
}
GI_METHOD(common, exception, "(self, /)", "Return the exception that was set on this future.\n\nThe exception (or None if no exception was set) is returned only if\nthe future is done.  If the future has been cancelled, raises\nCancelledError.  If the future isn't done yet, raises\nInvalidStateError.") {
    GiFutureState state = gi_future_state(self);
    if (state == GI_FUTURE_FINISHED) {
        GI_FUTURE(self)->log_traceback = false;
        return GI_FUTURE(self)->failed ? slot_or_none(ts, &GI_FUTURE(self)->value) : GI_REF_NONE;
    }
    if (state == GI_FUTURE_CANCELLED) {
        GiRef exc = gi_future_make_cancelled(ts, self);
        if (!gi_is_null(exc)) gi_raise_object(ts, exc);
        return GI_NULL;
    }
    bool made = !gi_slot_empty(&GI_FUTURE(self)->loop);
    return gi_raise_ref(ts, gi_as_type(GI_ASYNCIO(invalid_state_error)), "%s", made ? "Exception is not set." : "Future object is not initialized.");
}
GI_METHOD(common, add_done_callback, "(self, fn, /, *, context = <unrepresentable>)", "Add a callback to be run when the future becomes done.\n\nThe callback is called with a single argument - the future object. If\nthe future is already done when this is called, the callback is\nscheduled with call_soon.") {
    if (gi_slot_empty(&GI_FUTURE(self)->loop)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "uninitialized Future object");
    return gi_future_add_callback(ts, self, a->fn, a->context) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(common, remove_done_callback, "(self, fn, /)", "Remove all instances of a callback from the \"call when done\" list.\n\nReturns the number of callbacks removed.") {
    REQUIRE(self);
    size_t removed;
    return gi_future_remove_callback(ts, self, a->fn, &removed) < 0 ? GI_NULL : gi_smallint_ref((int64_t)removed);
}
GI_METHOD(common, cancelled, "(self, /)", "Return True if the future was cancelled.") {
    return gi_bool_ref(gi_future_state(self) == GI_FUTURE_CANCELLED);
}
GI_METHOD(common, done, "(self, /)", "Return True if the future is done.\n\nDone means either that a result / exception are available, or that the\nfuture was cancelled.") {
    return gi_bool_ref(gi_future_state(self) != GI_FUTURE_PENDING);
}
GI_METHOD(future, get_loop, "(self, /)", "Return the event loop the Future is bound to.") {
    REQUIRE(self);
    return gi_slot_load(ts, &GI_FUTURE(self)->loop);
}
GI_METHOD(future, _make_cancelled_error, "(self, /)", "Create the CancelledError to raise if the Future is cancelled.\n\nThis should only be called once when handling a cancellation since\nit erases the context exception value.") {
    return gi_future_make_cancelled(ts, self);
}
GI_METHOD(task, _make_cancelled_error, "(self, /)", "Create the CancelledError to raise if the Task is cancelled.\n\nThis should only be called once when handling a cancellation since\nit erases the context exception value.") {
    return gi_future_make_cancelled(ts, self);
}
GI_CLASSMETHOD(common, __class_getitem__, "(cls, item, /)", "See PEP 585") { return gi_generic_alias_new(ts, self, a->item); }

GI_GETTER(future, _state, NULL) {
    REQUIRE(self);
    GiFutureState state = gi_future_state(self);
    GiVal text = state == GI_FUTURE_PENDING ? GI_ASYNCIO(pending) : state == GI_FUTURE_CANCELLED ? GI_ASYNCIO(cancelled) : GI_ASYNCIO(finished);
    return gi_dup(ts, text);
}
GI_GETTER(future, _asyncio_future_blocking, NULL) {
    return gi_bool_ref(GI_FUTURE(self)->blocking);
}
static GiStatus no_delete(GiThread *ts) { return gi_raise_status(ts, &gi_exc_AttributeError, "cannot delete attribute"); }
GI_SETTER(future, _asyncio_future_blocking) {
    if (gi_is_null(value)) return no_delete(ts);
    if (gi_future_check(ts, self) < 0) return GI_FAIL;
    GiTruth truth = gi_truth(ts, value);
    if (truth.value < 0) return GI_FAIL;
    GI_FUTURE(self)->blocking = truth.value;
    return GI_OK;
}
GI_GETTER(future, _loop, NULL) { return slot_or_none(ts, &GI_FUTURE(self)->loop); }
GI_GETTER(future, _callbacks, NULL) {
    REQUIRE(self);
    return gi_future_callbacks(ts, self);
}
GI_GETTER(future, _result, NULL) {
    REQUIRE(self);
    return gi_future_state(self) == GI_FUTURE_FINISHED && !GI_FUTURE(self)->failed ? slot_or_none(ts, &GI_FUTURE(self)->value) : GI_REF_NONE;
}
GI_GETTER(future, _exception, NULL) {
    REQUIRE(self);
    return gi_future_state(self) == GI_FUTURE_FINISHED && GI_FUTURE(self)->failed ? slot_or_none(ts, &GI_FUTURE(self)->value) : GI_REF_NONE;
}
GI_GETTER(future, _log_traceback, NULL) {
    REQUIRE(self);
    return gi_bool_ref(GI_FUTURE(self)->log_traceback);
}
GI_SETTER(future, _log_traceback) {
    if (gi_is_null(value)) return no_delete(ts);
    GiTruth truth = gi_truth(ts, value);
    if (truth.value < 0) return GI_FAIL;
    if (truth.value) return gi_raise_status(ts, &gi_exc_ValueError, "_log_traceback can only be set to False");
    GI_FUTURE(self)->log_traceback = false;
    return GI_OK;
}
GI_GETTER(future, _source_traceback, NULL) { return slot_or_none(ts, &GI_FUTURE(self)->source_traceback); }
GI_GETTER(future, _cancel_message, NULL) { return slot_or_none(ts, &GI_FUTURE(self)->cancel_message); }
GI_SETTER(future, _cancel_message) {
    if (gi_is_null(value)) return no_delete(ts);
    gi_slot_store(ts, &GI_FUTURE(self)->cancel_message, gi_dup(ts, value));
    return GI_OK;
}

static void callbacks_each(GiObj *obj, GiVisit visit, void *arg) {
    GiFuture *f = (GiFuture *)obj;
    for (size_t i = 0; i < f->more_count; i++) visit(&f->more[i].fn, arg), visit(&f->more[i].context, arg);
}

/* ---- Future ---- */

GI_INIT(future, "(self, *, loop = None)") { return gi_future_setup(ts, self, a->loop); }
static GiRef future_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED, GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GI_METHOD(future, set_result, "(self, result, /)", "Mark the future done and set its result.\n\nIf the future is already done when this method is called, raises\nInvalidStateError.") {
    REQUIRE(self);
    return gi_future_set_result(ts, self, a->result) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(future, set_exception, "(self, exception, /)", "Mark the future done and set an exception.\n\nIf the future is already done when this method is called, raises\nInvalidStateError.") {
    REQUIRE(self);
    return gi_future_set_exception(ts, self, a->exception) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(future, cancel, "(self, /, msg = None)", "Cancel the future and schedule callbacks.\n\nIf the future is already done or cancelled, return False.  Otherwise,\nchange the future's state to cancelled, schedule the callbacks and\nreturn True.") {
    REQUIRE(self);
    bool ended;
    return gi_future_cancel(ts, self, a->msg, &ended) < 0 ? GI_NULL : gi_bool_ref(ended);
}
static GiRef future_repr(GiThread *ts, GiVal self) {
    REQUIRE(self);
    return gi_call1(ts, GI_ASYNCIO(future_repr), self);
}

static const GiField future_fields[] = {
    GI_SLOT(GiFuture, loop), GI_SLOT(GiFuture, value), GI_SLOT(GiFuture, traceback), GI_SLOT(GiFuture, source_traceback),
    GI_SLOT(GiFuture, cancel_message), GI_SLOT(GiFuture, cancelled_error), GI_SLOT(GiFuture, first.fn), GI_SLOT(GiFuture, first.context),
    GI_CUSTOM(callbacks_each), GI_BUFFER_FIELD(GiFuture, more), GI_FIELDS_END};
#define FLAGS (GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF | GI_TYPE_IMMUTABLE)
GiType gi_future_type = {
    .obj = GI_TYPE_HEAD, .name = "_asyncio.Future", .module = "_asyncio", .size = sizeof(GiFuture), .base = &gi_object_type,
    .flags = FLAGS, .fields = future_fields, .methods = future_methods, .getset = future_getset, .new_ = future_new, .init = future_init,
    .finalize = gi_future_finalize, .repr = future_repr, .iter = gi_future_iter, .await_ = gi_future_iter,
    .doc = "Future(*, loop=None)\n--\n\nThis class is *almost* compatible with concurrent.futures.Future.\n\n    Differences:\n\n    - result() and exception() do not take a timeout argument and\n      raise an exception when the future isn't done yet.\n\n    - Callbacks registered with add_done_callback() are always called\n      via the event loop's call_soon_threadsafe().\n\n    - This class is not compatible with the wait() and as_completed()\n      methods in the concurrent.futures package.",
};

/* ---- Task ---- */

GI_INIT(task, "(self, coro, *, loop = None, name = None, context = None)") {
    return gi_task_setup(ts, self, a->coro, a->loop, a->name, a->context);
}
GI_METHOD(task, cancel, "(self, /, msg = None)", "Request that this task cancel itself.\n\nThis arranges for a CancelledError to be thrown into the\nwrapped coroutine on the next cycle through the event loop.\nThe coroutine then has a chance to clean up or even deny\nthe request using try/except/finally.\n\nUnlike Future.cancel, this does not guarantee that the\ntask will be cancelled: the exception might be caught and\nacted upon, delaying cancellation of the task or preventing\ncancellation completely.  The task may also return a value or\nraise a different exception.\n\nImmediately after this method is called, Task.cancelled() will\nnot return True (unless the task was already cancelled).  A\ntask will be marked as cancelled when the wrapped coroutine\nterminates with a CancelledError exception (even if cancel()\nwas not called).\n\nThis also increases the task's count of cancellation requests.") {
    bool cancelled;
    return gi_task_cancel(ts, self, a->msg, &cancelled) < 0 ? GI_NULL : gi_bool_ref(cancelled);
}
GI_METHOD(task, cancelling, "(self, /)", "Return the count of the task's cancellation requests.\n\nThis count is incremented when .cancel() is called\nand may be decremented using .uncancel().") {
    return gi_int_from_i64(ts, GI_TASK(self)->cancels);
}
GI_METHOD(task, uncancel, "(self, /)", "Decrement the task's count of cancellation requests.\n\nThis should be used by tasks that catch CancelledError\nand wish to continue indefinitely until they are cancelled again.\n\nReturns the remaining number of cancellation requests.") {
    int64_t count = GI_TASK(self)->cancels;
    while (count > 0 && !atomic_compare_exchange_weak(&GI_TASK(self)->cancels, &count, count - 1)) continue;
    return gi_int_from_i64(ts, count > 0 ? count - 1 : 0);
}
GI_METHOD(task, set_result, "(self, result, /)", NULL) {
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "Task does not support set_result operation");
}
GI_METHOD(task, set_exception, "(self, exception, /)", NULL) {
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "Task does not support set_exception operation");
}
GI_METHOD(task, get_name, "(self, /)", NULL) { return gi_task_name(ts, self); }
GI_METHOD(task, set_name, "(self, value, /)", NULL) {
    GiRef name = gi_is_str_exact(a->value) ? gi_dup(ts, a->value) : gi_str(ts, a->value);
    if (gi_is_null(name)) return name;
    gi_slot_store(ts, &GI_TASK(self)->name, name);
    return GI_REF_NONE;
}
GI_METHOD(task, get_coro, "(self, /)", NULL) { return slot_or_none(ts, &GI_TASK(self)->coro); }
GI_METHOD(task, get_stack, "(self, /, *, limit = None)", "Return the list of stack frames for this task's coroutine.\n\nIf the coroutine is not done, this returns the stack where it is\nsuspended.  If the coroutine has completed successfully or was\ncancelled, this returns an empty list.  If the coroutine was\nterminated by an exception, this returns the list of traceback\nframes.\n\nThe frames are always ordered from oldest to newest.\n\nThe optional limit gives the maximum number of frames to\nreturn; by default all available frames are returned.  Its\nmeaning differs depending on whether a stack or a traceback is\nreturned: the newest frames of a stack are returned, but the\noldest frames of a traceback are returned.  (This matches the\nbehavior of the traceback module.)\n\nFor reasons beyond our control, only one stack frame is\nreturned for a suspended coroutine.") {
    return gi_call2(ts, GI_ASYNCIO(task_get_stack), self, gi_is_null(a->limit) ? GI_NONE : a->limit);
}
GI_METHOD(task, print_stack, "(self, /, *, limit = None, file = None)", "Print the stack or traceback for this task's coroutine.\n\nThis produces output similar to that of the traceback module,\nfor the frames retrieved by get_stack().  The limit argument\nis passed to get_stack().  The file argument is an I/O stream\nto which the output is written; by default output is written\nto sys.stderr.") {
    return gi_call3(ts, GI_ASYNCIO(task_print_stack), self, gi_is_null(a->limit) ? GI_NONE : a->limit, gi_is_null(a->file) ? GI_NONE : a->file);
}
static GiRef task_repr(GiThread *ts, GiVal self) {
    REQUIRE(self);
    return gi_call1(ts, GI_ASYNCIO(task_repr), self);
}
static GiRef get_log_destroyed(GiThread *ts GI_UNUSED, GiVal self) { return gi_bool_ref(GI_TASK(self)->log_destroyed); }
static GiStatus set_log_destroyed(GiThread *ts, GiVal self, GiVal value) {
    if (gi_is_null(value)) return no_delete(ts);
    GiTruth truth = gi_truth(ts, value);
    if (truth.value < 0) return GI_FAIL;
    GI_TASK(self)->log_destroyed = truth.value;
    return GI_OK;
}
static GiRef get_must_cancel(GiThread *ts GI_UNUSED, GiVal self) { return gi_bool_ref(GI_TASK(self)->must_cancel); }
static GiRef get_coro(GiThread *ts, GiVal self) { return slot_or_none(ts, &GI_TASK(self)->coro); }
static GiRef get_waiter(GiThread *ts, GiVal self) { return slot_or_none(ts, &GI_TASK(self)->waiter); }
static const GiGetSetDef task_getset[] = {
    {"_state", future_get__state, NULL, NULL},
    {"_asyncio_future_blocking", future_get__asyncio_future_blocking, future_set__asyncio_future_blocking, NULL},
    {"_loop", future_get__loop, NULL, NULL},
    {"_callbacks", future_get__callbacks, NULL, NULL},
    {"_result", future_get__result, NULL, NULL},
    {"_exception", future_get__exception, NULL, NULL},
    {"_log_traceback", future_get__log_traceback, future_set__log_traceback, NULL},
    {"_source_traceback", future_get__source_traceback, NULL, NULL},
    {"_cancel_message", future_get__cancel_message, future_set__cancel_message, NULL},
    {"_log_destroy_pending", get_log_destroyed, set_log_destroyed, NULL},
    {"_must_cancel", get_must_cancel, NULL, NULL},
    {"_coro", get_coro, NULL, NULL},
    {"_fut_waiter", get_waiter, NULL, NULL},
    {.name = NULL},
};
static const GiField task_fields[] = {
    GI_SLOT(GiTask, waiter), GI_SLOT(GiTask, coro), GI_SLOT(GiTask, name), GI_SLOT(GiTask, context), GI_FIELDS_END};
GiType gi_task_type = {
    .obj = GI_TYPE_HEAD, .name = "_asyncio.Task", .module = "_asyncio", .size = sizeof(GiTask), .base = &gi_future_type,
    .flags = FLAGS, .fields = task_fields, .methods = task_methods, .getset = task_getset, .new_ = future_new, .init = task_init,
    .finalize = gi_task_finalize, .repr = task_repr, .iter = gi_future_iter, .await_ = gi_future_iter,
    .doc = "Task(coro, *, loop=None, name=None, context=None)\n--\n\nA coroutine wrapped in a Future.",
};
