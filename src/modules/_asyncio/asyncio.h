/* asyncio.h - futures, tasks and what the files of _asyncio share.
 *
 * LOCK: the state of a future (`state`, its value, its callbacks) changes in steps (modules/step.h), so that one
 * thread ends it and each callback is scheduled once. The loop is called and objects are dropped outside of steps.
 * Other slots are replaced by exchange (memory/slots.h).
 * INVARIANT: `loop` is null until __init__ has run: then the future is not initialised. While it is pending, a
 * first callback stands before further ones.
 */
#ifndef GI_MODULES_ASYNCIO_H
#define GI_MODULES_ASYNCIO_H

#include "modules/module.h"
#include "modules/step.h"
#include "objects/exceptions.h"

typedef enum { GI_FUTURE_PENDING, GI_FUTURE_CANCELLED, GI_FUTURE_FINISHED } GiFutureState;

/* One of the done callbacks. */
typedef struct GiFutureCallback { GiSlot fn, context; } GiFutureCallback;

typedef struct GiFuture {
    GiObj obj;
    GiSlot loop;
    GiSlot value;           /* result, or exception if `failed` */
    GiSlot traceback;       /* of the exception, until it is raised */
    GiSlot source_traceback, cancel_message;
    GiSlot cancelled_error; /* the CancelledError that a task ended by */
    GiFutureCallback first;
    GiFutureCallback *more;
    size_t more_count, more_capacity;
    uint8_t state;          /* GiFutureState */
    bool failed, log_traceback, blocking;
} GiFuture;

typedef struct GiTask {
    GiFuture future;
    GiSlot waiter;          /* what it waits for, or null */
    GiSlot coro, name, context; /* name: an int until it is asked for */
    _Atomic int64_t cancels;
    bool must_cancel, log_destroyed;
} GiTask;

#define GI_FUTURE(v) ((GiFuture *)gi_obj(v))
#define GI_TASK(v) ((GiTask *)gi_obj(v))
extern GiType gi_future_type, gi_task_type, gi_future_iter_type, gi_task_step_type;
/* Not of a subclass, whose methods might be overridden. */
static inline bool gi_is_native_future(GiVal v) {
    return gi_is_exact(v, &gi_future_type) || gi_is_exact(v, &gi_task_type);
}

/* What the library defines and the names that are called, found when the module is made. */
#define GI_ASYNCIO_SLOTS(X)                                                                                     \
    X(all_tasks) X(current_tasks) X(cancelled_error) X(invalid_state_error) X(get_policy) X(future_repr)        \
    X(task_repr) X(task_get_stack) X(task_print_stack) X(iscoroutine) X(extract_stack) X(copy_context)          \
    X(call_soon) X(get_debug) X(get_event_loop) X(get_loop) X(loop) X(blocking) X(add_done_callback)            \
    X(cancel) X(call_exception_handler) X(add) X(discard) X(result) X(with_context) X(with_msg) X(running)      \
    X(pending) X(cancelled) X(finished)
typedef struct GiAsyncio {
#define GI_ASYNCIO_SLOT(name) GiSlot name;
    GI_ASYNCIO_SLOTS(GI_ASYNCIO_SLOT)
    _Atomic uint64_t names; /* tasks that were given a name */
} GiAsyncio;
/* The module's state; with it in place a thread finds it by a pointer of its own. */
GiAsyncio *gi_asyncio(GiThread *ts);
/* `.name` of the state as a value. */
#define GI_ASYNCIO(name) gi_val(gi_asyncio(ts)->name)

/* The running loop of this thread and process; null when there is none. */
GiRef gi_running_loop(GiThread *ts);
/* The running loop, or what the policy gives. */
GI_NODISCARD GiRef gi_asyncio_loop(GiThread *ts);
/* args[0].name(*args[1:]), the last ones by the names in kwnames. */
GI_NODISCARD GiRef gi_asyncio_call(GiThread *ts, GiVal name, const GiVal *args, size_t nargs, GiVal kwnames);
/* loop.call_soon(fn[, arg], context=context); arg null: none. */
GI_NODISCARD GiStatus gi_call_soon(GiThread *ts, GiVal loop, GiVal fn, GiVal arg, GiVal context);
/* Hands a dict {"message": ..., key: v, ...} to the loop's exception handler; what goes wrong is unraisable. */
void gi_tell_loop(GiThread *ts, GiVal self, const char *key, GiRef message, GiVal exception);

/* Makes (or makes again) what Future.__init__ does; loop null or None: the current one. */
GI_NODISCARD GiStatus gi_future_setup(GiThread *ts, GiVal self, GiVal loop);
/* RuntimeError when it is not initialised. */
GI_NODISCARD GiStatus gi_future_check(GiThread *ts, GiVal self);
static inline GiFutureState gi_future_state(GiVal v) {
    return (GiFutureState)__atomic_load_n(&GI_FUTURE(v)->state, __ATOMIC_ACQUIRE);
}
/* The parts of result(), set_result(), set_exception(), cancel(), add_done_callback() without the check.
 * ended: it was pending. A null context means a copy of the current one. */
GI_NODISCARD GiRef gi_future_result(GiThread *ts, GiVal self);
GI_NODISCARD GiStatus gi_future_set_result(GiThread *ts, GiVal self, GiVal result);
GI_NODISCARD GiStatus gi_future_set_exception(GiThread *ts, GiVal self, GiVal exception);
GI_NODISCARD GiStatus gi_future_cancel(GiThread *ts, GiVal self, GiVal msg, bool *ended);
GI_NODISCARD GiStatus gi_future_add_callback(GiThread *ts, GiVal self, GiVal fn, GiVal context);
/* An ended future's exception, ready to be raised; null: it has a result (or, raised, an error). */
GiRef gi_future_exception(GiThread *ts, GiVal self);
/* The CancelledError for a cancelled future. */
GI_NODISCARD GiRef gi_future_make_cancelled(GiThread *ts, GiVal self);
/* The callbacks as a list of pairs, or None. */
GI_NODISCARD GiRef gi_future_callbacks(GiThread *ts, GiVal self);
/* Removes those that equal fn. */
GI_NODISCARD GiStatus gi_future_remove_callback(GiThread *ts, GiVal self, GiVal fn, size_t *removed);
/* __del__ */
void gi_future_finalize(GiThread *ts, GiVal self);
void gi_task_finalize(GiThread *ts, GiVal self);

/* Task.__init__, Task.cancel(). */
GI_NODISCARD GiStatus gi_task_setup(GiThread *ts, GiVal self, GiVal coro, GiVal loop, GiVal name, GiVal context);
GI_NODISCARD GiStatus gi_task_cancel(GiThread *ts, GiVal self, GiVal msg, bool *cancelled);
/* Its name, as text. */
GI_NODISCARD GiRef gi_task_name(GiThread *ts, GiVal self);
/* task_wakeup(future): what it waited for has ended. */
GI_NODISCARD GiRef gi_task_wakeup(GiThread *ts, GiVal self, GiVal future);
/* Tells who runs in a loop. */
GI_NODISCARD GiStatus gi_enter_task(GiThread *ts, GiVal loop, GiVal task);
GI_NODISCARD GiStatus gi_leave_task(GiThread *ts, GiVal loop, GiVal task);
/* Adds to _all_tasks. */
GI_NODISCARD GiStatus gi_register_task(GiThread *ts, GiVal task);
/* The iterator of a future. */
GI_NODISCARD GiRef gi_future_iter(GiThread *ts, GiVal self);

#endif
