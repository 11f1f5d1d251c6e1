/* task.c - tasks: steps of a coroutine, cancelling it, who runs in a loop. See asyncio.h for the locking.
 *
 * A task that is pending either has a step scheduled or a `waiter` one of whose callbacks is its task_wakeup.
 * A step runs the coroutine up to where it waits: a return is no exception, the slot `send` tells it.
 */
#include "modules/_asyncio/asyncio.h"

#include "vm/generator.h"

/* What the loop calls to run a step of a task. */
typedef struct GiTaskStep { GiObj obj; GiSlot task, exc; } GiTaskStep;
#define STEP(v) ((GiTaskStep *)gi_obj(v))
#include "modules/_asyncio/task.gen.h"

/* ---- Which task runs ---- */

GiStatus gi_enter_task(GiThread *ts, GiVal loop, GiVal task) {
    GiVal current = GI_ASYNCIO(current_tasks);
    GiRef other;
    if (gi_dict_get(ts, current, loop, &other) < 0) return GI_FAIL;
    if (gi_is_null(other)) return gi_dict_set(ts, current, loop, task);
    gi_raise(ts, &gi_exc_RuntimeError, "Cannot enter into task %R while another task %R is being executed.", task, gi_val(other));
    gi_drop(ts, other);
    return GI_FAIL;
}
GiStatus gi_leave_task(GiThread *ts, GiVal loop, GiVal task) {
    GiVal current = GI_ASYNCIO(current_tasks);
    GiRef other;
    bool found;
    if (gi_dict_get(ts, current, loop, &other) < 0) return GI_FAIL;
    if (gi_same(other, task)) {
        gi_drop(ts, other);
        return gi_dict_del(ts, current, loop, &found);
    }
    gi_raise(ts, &gi_exc_RuntimeError, "Leaving task %R does not match the current task %R.", task,
             gi_is_null(other) ? GI_NONE : gi_val(other));
    gi_xdrop(ts, other);
    return GI_FAIL;
}

/* ---- Scheduling ---- */

/* The next step, with an exception to be thrown (consumed) or null. */
static GiStatus step_soon(GiThread *ts, GiVal self, GiRef exc) {
    GiTask *t = GI_TASK(self);
    GiRef made = gi_own_obj(gi_heap_new_fast(ts, &gi_task_step_type, sizeof(GiTaskStep)));
    if (gi_is_null(made)) {
        gi_xdrop(ts, exc);
        return GI_FAIL;
    }
    gi_slot_init(&STEP(made)->task, gi_dup(ts, self));
    gi_slot_init(&STEP(made)->exc, exc);
    GiRef loop = gi_slot_load(ts, &t->future.loop), context = gi_slot_load(ts, &t->context);
    GiStatus status = gi_call_soon(ts, gi_val(loop), gi_val(made), GI_NOVAL, gi_val(context));
    gi_drop(ts, loop);
    gi_xdrop(ts, context);
    gi_drop(ts, made);
    return status;
}

/* A step that throws a RuntimeError with that message. */
static GiStatus fail_soon(GiThread *ts, GiVal self, GiRef message) {
    if (gi_is_null(message)) return GI_FAIL;
    GiRef exc = gi_exception_new(ts, &gi_exc_RuntimeError, gi_val(message));
    gi_drop(ts, message);
    return gi_is_null(exc) ? GI_FAIL : step_soon(ts, self, exc);
}

GI_METHOD(wakeup, task_wakeup, "(self, future, /)", NULL) { return gi_task_wakeup(ts, self, a->future); }
static GiRef new_wakeup(GiThread *ts, GiVal self) { return gi_native_new(ts, wakeup_methods, self, GI_NOVAL); }

/* ---- Making a task ---- */

static GiTruth is_coroutine(GiThread *ts, GiVal v) {
    if (gi_is_exact(v, &gi_coroutine_type)) return GI_TRUTH_YES;
    GI_AUTO GiRef r = gi_call1(ts, GI_ASYNCIO(iscoroutine), v);
    return gi_is_null(r) ? GI_TRUTH_FAIL : gi_truth(ts, gi_val(r));
}

GiStatus gi_register_task(GiThread *ts, GiVal task) {
    GiRef r = gi_asyncio_call(ts, GI_ASYNCIO(add), (GiVal[]){GI_ASYNCIO(all_tasks), task}, 2, GI_NOVAL);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}

GiStatus gi_task_setup(GiThread *ts, GiVal self, GiVal coro, GiVal loop, GiVal name, GiVal context) {
    GiTask *t = GI_TASK(self);
    if (gi_future_setup(ts, self, loop) < 0) return GI_FAIL;
    GiTruth fits = is_coroutine(ts, coro);
    if (fits.value < 0) return GI_FAIL;
    if (!fits.value) {
        t->log_destroyed = false;
        return gi_raise_status(ts, &gi_exc_TypeError, "a coroutine was expected, got %R", coro);
    }
    bool own = gi_is_null(context) || gi_is_none(context);
    GiRef with = own ? gi_call0(ts, GI_ASYNCIO(copy_context)) : gi_dup(ts, context);
    if (gi_is_null(with)) return GI_FAIL;
    gi_slot_store(ts, &t->context, with);
    gi_slot_store(ts, &t->waiter, GI_NULL);
    t->must_cancel = false;
    t->log_destroyed = true;
    t->cancels = 0;
    gi_slot_store(ts, &t->coro, gi_dup(ts, coro));
    GiRef text;
    if (gi_is_null(name) || gi_is_none(name)) text = gi_smallint_ref((int64_t)++gi_asyncio(ts)->names);
    else text = gi_is_str_exact(name) ? gi_dup(ts, name) : gi_str(ts, name);
    if (gi_is_null(text)) return GI_FAIL;
    gi_slot_store(ts, &t->name, text);
    return step_soon(ts, self, GI_NULL) < 0 ? GI_FAIL : gi_register_task(ts, self);
}

GiRef gi_task_name(GiThread *ts, GiVal self) {
    GiRef name = gi_slot_load(ts, &GI_TASK(self)->name);
    if (gi_is_null(name)) return GI_REF_NONE;
    if (!gi_is_smallint(gi_val(name))) return name;
    GiRef text = gi_str_format(ts, "Task-%lld", (long long)gi_smallint_value(gi_val(name)));
    if (!gi_is_null(text)) gi_slot_store(ts, &GI_TASK(self)->name, gi_dup(ts, gi_val(text)));
    return text;
}

void gi_task_finalize(GiThread *ts, GiVal self) {
    GiTask *t = GI_TASK(self);
    if (ts->vm->module_states == NULL) return;
    if (gi_future_state(self) == GI_FUTURE_PENDING && t->log_destroyed) {
        GiRef raised = gi_exc_take(ts);
        gi_tell_loop(ts, self, "task", gi_str_from_cstr(ts, "Task was destroyed but it is pending!"), GI_NOVAL);
        if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
    }
    gi_future_finalize(ts, self);
}

/* ---- Cancelling ---- */

/* future.cancel(msg=msg): true when it did. */
static GiTruth cancel_any(GiThread *ts, GiVal future, GiVal msg) {
    bool done = false;
    if (gi_is_exact(future, &gi_future_type))
        return gi_future_cancel(ts, future, msg, &done) < 0 ? GI_TRUTH_FAIL : gi_truth_of(done);
    if (gi_enter_recursive(ts, " while cancelling a task") < 0) return GI_TRUTH_FAIL;
    GiTruth truth;
    if (gi_is_exact(future, &gi_task_type)) {
        truth = gi_task_cancel(ts, future, msg, &done) < 0 ? GI_TRUTH_FAIL : gi_truth_of(done);
    } else {
        GiVal args[] = {future, gi_is_null(msg) ? GI_NONE : msg};
        GI_AUTO GiRef r = gi_asyncio_call(ts, GI_ASYNCIO(cancel), args, 1, GI_ASYNCIO(with_msg));
        truth = gi_is_null(r) ? GI_TRUTH_FAIL : gi_truth(ts, gi_val(r));
    }
    gi_leave_recursive(ts);
    return truth;
}

GiStatus gi_task_cancel(GiThread *ts, GiVal self, GiVal msg, bool *cancelled) {
    GiTask *t = GI_TASK(self);
    t->future.log_traceback = false;
    *cancelled = gi_future_state(self) == GI_FUTURE_PENDING;
    if (!*cancelled) return GI_OK;
    t->cancels++;
    GI_AUTO GiRef waiter = gi_slot_load(ts, &t->waiter);
    if (!gi_is_null(waiter)) {
        /* It stays the waiter: it may be a task that ignores this, and then is cancelled again. */
        GiTruth did = cancel_any(ts, gi_val(waiter), msg);
        if (did.value) return did.value < 0 ? GI_FAIL : GI_OK;
    }
    gi_slot_store(ts, &t->future.cancel_message, gi_xdup(ts, msg));
    t->must_cancel = true;
    return GI_OK;
}

/* ---- Steps ---- */

/* Resumes the coroutine, throwing exc unless it is null. *returned: it came to its end with what is given. */
static GiRef resume(GiThread *ts, GiVal coro, GiVal exc, bool *returned) {
    GiType *type = gi_type_of(coro);
    GiRef r;
    *returned = false;
    if (gi_is_null(exc)) {
        if (type->send) return type->send(ts, coro, GI_NONE, returned);
        if (type->next) {
            r = gi_next(ts, coro);
            if (gi_is_null(r) && !gi_raised(ts)) r = gi_take_stop_value(ts), *returned = true;
            return r;
        }
        r = gi_call_method_cstr(ts, coro, "send", (GiVal[]){GI_NONE}, 1);
    } else if (type == &gi_coroutine_type || type == &gi_generator_type) {
        gi_exc_restore(ts, gi_dup(ts, exc));
        r = gi_generator_throw(ts, (GiGenerator *)gi_obj(coro), true, returned);
    } else {
        r = gi_call_method(ts, GI_N(throw), (GiVal[]){coro, exc}, 2);
    }
    if (gi_is_null(r) && gi_exc_matches(ts, &gi_exc_StopIteration)) r = gi_take_raised_stop(ts), *returned = true;
    return r;
}

/* The coroutine raised: so ends the task. What is to end the loop is raised on. */
static GiStatus end_raised(GiThread *ts, GiVal self) {
    GiRef exc = gi_exc_take(ts);
    bool ended;
    if (gi_is_instance_of(gi_val(exc), gi_as_type(GI_ASYNCIO(cancelled_error)))) {
        gi_slot_store(ts, &GI_FUTURE(self)->cancelled_error, exc);
        return gi_future_cancel(ts, self, GI_NOVAL, &ended);
    }
    GiStatus status = gi_future_set_exception(ts, self, gi_val(exc));
    if (status == GI_OK && (gi_is_instance_of(gi_val(exc), &gi_exc_KeyboardInterrupt) ||
                            gi_is_instance_of(gi_val(exc), &gi_exc_SystemExit))) {
        gi_exc_restore(ts, exc);
        return GI_FAIL;
    }
    gi_drop(ts, exc);
    return status;
}
static GiStatus end_returned(GiThread *ts, GiVal self, GiVal result) {
    GiTask *t = GI_TASK(self);
    bool ended;
    if (!t->must_cancel) return gi_future_set_result(ts, self, result);
    /* It was cancelled right before its end. */
    t->must_cancel = false;
    GI_AUTO GiRef msg = gi_slot_load(ts, &t->future.cancel_message);
    return gi_future_cancel(ts, self, gi_val(msg), &ended);
}

/* The task waits for `future` from now on, which has its wake-up among the callbacks. */
static GiStatus wait_for(GiThread *ts, GiVal self, GiVal future) {
    GiTask *t = GI_TASK(self);
    gi_slot_store(ts, &t->waiter, gi_dup(ts, future));
    if (!t->must_cancel) return GI_OK;
    GI_AUTO GiRef msg = gi_slot_load(ts, &t->future.cancel_message);
    GiTruth did = cancel_any(ts, future, gi_val(msg));
    if (did.value > 0) t->must_cancel = false;
    return did.value < 0 ? GI_FAIL : GI_OK;
}

static GiStatus fail_loop(GiThread *ts, GiVal self, GiVal future) {
    return fail_soon(ts, self, gi_str_format(ts, "Task %R got Future %R attached to a different loop", self, future));
}
static GiStatus fail_yield(GiThread *ts, GiVal self, GiVal future) {
    return fail_soon(ts, self, gi_str_format(ts, "yield was used instead of yield from in task %R with %R", self, future));
}

/* It yielded a future of this module's types. */
static GiStatus await_native(GiThread *ts, GiVal self, GiVal future) {
    if (!gi_same(GI_FUTURE(future)->loop, GI_FUTURE(self)->loop)) return fail_loop(ts, self, future);
    if (!GI_FUTURE(future)->blocking) return fail_yield(ts, self, future);
    GI_FUTURE(future)->blocking = false;
    GI_AUTO GiRef wakeup = new_wakeup(ts, self);
    GI_AUTO GiRef context = gi_slot_load(ts, &GI_TASK(self)->context);
    if (gi_is_null(wakeup) || gi_future_add_callback(ts, future, gi_val(wakeup), gi_val(context)) < 0) return GI_FAIL;
    return wait_for(ts, self, future);
}

/* The loop of something like a future: get_loop(), or _loop. */
static GiRef loop_of(GiThread *ts, GiVal future) {
    GiRef get;
    if (gi_getattr_opt(ts, future, GI_ASYNCIO(get_loop), &get) < 0) return GI_NULL;
    if (gi_is_null(get)) return gi_getattr(ts, future, GI_ASYNCIO(loop));
    GiRef loop = gi_call0(ts, gi_val(get));
    gi_drop(ts, get);
    return loop;
}
/* It yielded something with _asyncio_future_blocking, which is `flag`. */
static GiStatus await_other(GiThread *ts, GiVal self, GiVal future, GiVal flag) {
    GiTruth blocking = gi_truth(ts, flag);
    GI_AUTO GiRef loop = blocking.value < 0 ? GI_NULL : loop_of(ts, future);
    if (gi_is_null(loop)) return GI_FAIL;
    if (!gi_same(loop, GI_FUTURE(self)->loop)) return fail_loop(ts, self, future);
    if (!blocking.value) return fail_yield(ts, self, future);
    if (gi_setattr(ts, future, GI_ASYNCIO(blocking), GI_FALSE) < 0) return GI_FAIL;
    GI_AUTO GiRef wakeup = new_wakeup(ts, self);
    GI_AUTO GiRef context = gi_slot_load(ts, &GI_TASK(self)->context);
    if (gi_is_null(wakeup)) return GI_FAIL;
    GiVal args[] = {future, gi_val(wakeup), gi_val(context)};
    GiRef r = gi_asyncio_call(ts, GI_ASYNCIO(add_done_callback), args, 2, GI_ASYNCIO(with_context));
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return wait_for(ts, self, future);
}

/* What is to be done with what the coroutine yielded. */
static GiStatus handle_yield(GiThread *ts, GiVal self, GiVal result) {
    if (gi_same(result, self)) return fail_soon(ts, self, gi_str_format(ts, "Task cannot await on itself: %R", self));
    if (gi_is_native_future(result)) return await_native(ts, self, result);
    if (gi_is_none(result)) return step_soon(ts, self, GI_NULL);
    GiRef flag;
    if (gi_getattr_opt(ts, result, GI_ASYNCIO(blocking), &flag) < 0) return GI_FAIL;
    if (!gi_is_null(flag) && !gi_is_none(gi_val(flag))) {
        GiStatus status = await_other(ts, self, result, gi_val(flag));
        gi_drop(ts, flag);
        return status;
    }
    if (gi_is_exact(result, &gi_generator_type))
        return fail_soon(ts, self, gi_str_format(ts, "yield was used instead of yield from for generator in task %R with %R", self, result));
    return fail_soon(ts, self, gi_str_format(ts, "Task got bad yield: %R", result));
}

/* The step proper, between entering and leaving. */
static GiStatus run_step(GiThread *ts, GiVal self, GiVal exc) {
    GI_AUTO GiRef coro = gi_slot_load(ts, &GI_TASK(self)->coro);
    if (gi_is_null(coro)) return gi_raise_status(ts, &gi_exc_RuntimeError, "uninitialized Task object");
    bool returned;
    GiRef r = resume(ts, gi_val(coro), exc, &returned);
    if (gi_is_null(r)) return end_raised(ts, self);
    GiStatus status = returned ? end_returned(ts, self, gi_val(r)) : handle_yield(ts, self, gi_val(r));
    gi_drop(ts, r);
    return status;
}

/* A step, with an exception to be thrown (consumed) or null. */
static GiRef step(GiThread *ts, GiVal self, GiRef given) {
    GiTask *t = GI_TASK(self);
    GI_AUTO GiRef exc = given;
    if (gi_future_state(self) != GI_FUTURE_PENDING) {
        gi_raise(ts, gi_as_type(GI_ASYNCIO(invalid_state_error)), "_step(): already done: %R %R", self,
                 gi_is_null(exc) ? GI_NONE : gi_val(exc));
        return GI_NULL;
    }
    if (t->must_cancel) {
        if (gi_is_null(exc) || !gi_is_instance_of(gi_val(exc), gi_as_type(GI_ASYNCIO(cancelled_error)))) {
            gi_xdrop(ts, gi_move(&exc));
            exc = gi_future_make_cancelled(ts, self);
            if (gi_is_null(exc)) return GI_NULL;
        }
        t->must_cancel = false;
    }
    gi_slot_store(ts, &t->waiter, GI_NULL);
    GI_AUTO GiRef loop = gi_slot_load(ts, &t->future.loop);
    if (gi_enter_task(ts, gi_val(loop), self) < 0) return GI_NULL;
    GiStatus status = run_step(ts, self, gi_val(exc));
    GiRef raised = gi_exc_take(ts);
    GiStatus left = gi_leave_task(ts, gi_val(loop), self);
    if (!gi_is_null(raised)) {
        if (left < 0) gi_exc_chain_context(ts, raised);
        else gi_exc_restore(ts, raised);
    }
    return status < 0 || left < 0 ? GI_NULL : GI_REF_NONE;
}

GiRef gi_task_wakeup(GiThread *ts, GiVal self, GiVal future) {
    GiRef exc;
    if (gi_is_native_future(future) && gi_future_state(future) != GI_FUTURE_PENDING) {
        exc = gi_future_exception(ts, future);
        if (gi_is_null(exc) && gi_raised(ts)) return GI_NULL;
        return step(ts, self, exc);
    }
    GiRef r = gi_is_native_future(future) ? gi_future_result(ts, future)
                                          : gi_asyncio_call(ts, GI_ASYNCIO(result), &future, 1, GI_NOVAL);
    exc = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    gi_xdrop(ts, r);
    return step(ts, self, exc);
}

/* ---- The callable of a step ---- */

static GiRef step_call(GiThread *ts, GiVal self, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (!gi_is_null(kwnames) && gi_tuple_len(kwnames))
        return gi_raise_ref(ts, &gi_exc_TypeError, "function takes no keyword arguments");
    if (nargs) return gi_raise_ref(ts, &gi_exc_TypeError, "function takes no positional arguments");
    GI_AUTO GiRef task = gi_slot_load(ts, &STEP(self)->task);
    if (gi_is_null(task)) return GI_REF_NONE;
    return step(ts, gi_val(task), gi_slot_load(ts, &STEP(self)->exc));
}
GI_GETTER(taskstep, __self__, NULL) {
    GiRef task = gi_slot_load(ts, &STEP(self)->task);
    return gi_is_null(task) ? GI_REF_NONE : task;
}
static const GiField step_fields[] = {GI_SLOT(GiTaskStep, task), GI_SLOT(GiTaskStep, exc), GI_FIELDS_END};
GiType gi_task_step_type = {
    .obj = GI_TYPE_HEAD, .name = "TaskStepMethWrapper", .size = sizeof(GiTaskStep), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = step_fields, .getset = taskstep_getset, .call = step_call,
};
