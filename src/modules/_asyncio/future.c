/* future.c - the state of a future: ending it, its callbacks, its iterator. See asyncio.h for the locking. */
#include "modules/_asyncio/asyncio.h"

#include "objects/container.h"

/* Callbacks that were taken out of a future. */
typedef struct Taken {
    GiRef fn, context;
    GiFutureCallback *more;
    size_t count;
} Taken;

/* In a step. */
static Taken take_callbacks(GiFuture *f) {
    Taken t = {gi_step_take(&f->first.fn), gi_step_take(&f->first.context), f->more, f->more_count};
    f->more = NULL;
    f->more_count = f->more_capacity = 0;
    return t;
}

/* Schedules them in their order, up to the first that fails, and drops them. */
static GiStatus finish_callbacks(GiThread *ts, GiVal self, Taken t, bool schedule) {
    GiStatus status = GI_OK;
    if (gi_is_null(t.fn)) return GI_OK;
    GiRef loop = gi_slot_load(ts, &GI_FUTURE(self)->loop);
    for (size_t i = 0; i <= t.count; i++) {
        GiRef fn = i ? gi_slot_take(&t.more[i - 1].fn) : t.fn;
        GiRef context = i ? gi_slot_take(&t.more[i - 1].context) : t.context;
        if (schedule && status == GI_OK) status = gi_call_soon(ts, gi_val(loop), gi_val(fn), self, gi_val(context));
        gi_xdrop(ts, fn);
        gi_xdrop(ts, context);
    }
    gi_xdrop(ts, loop);
    gi_mem_free(t.more);
    return status;
}

GiStatus gi_future_check(GiThread *ts, GiVal self) {
    if (!gi_slot_empty(&GI_FUTURE(self)->loop)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_RuntimeError, "Future object is not initialized.");
}

GiStatus gi_future_setup(GiThread *ts, GiVal self, GiVal loop) {
    GiFuture *f = GI_FUTURE(self);
    GiRef mine = gi_is_null(loop) || gi_is_none(loop) ? gi_asyncio_loop(ts) : gi_dup(ts, loop);
    if (gi_is_null(mine)) return GI_FAIL;
    /* Of a future that is made again nothing stays. */
    GiSlot *const slots[] = {&f->loop, &f->value, &f->traceback, &f->source_traceback, &f->cancel_message, &f->cancelled_error};
    GiRef old[GI_COUNTOF(slots)];
    Taken t;
    GI_STEP(ts, self) {
        for (size_t i = 0; i < GI_COUNTOF(slots); i++) old[i] = gi_step_take(slots[i]);
        t = take_callbacks(f);
        gi_step_swap(&f->loop, mine);
        f->failed = f->log_traceback = f->blocking = false;
        __atomic_store_n(&f->state, GI_FUTURE_PENDING, __ATOMIC_RELEASE);
    }
    for (size_t i = 0; i < GI_COUNTOF(slots); i++) gi_xdrop(ts, old[i]);
    if (finish_callbacks(ts, self, t, false) < 0) return GI_FAIL;
    GI_AUTO GiRef held = gi_slot_load(ts, &f->loop);
    GI_AUTO GiRef debug = gi_asyncio_call(ts, GI_ASYNCIO(get_debug), (GiVal[]){gi_val(held)}, 1, GI_NOVAL);
    if (gi_is_null(debug)) return GI_FAIL;
    GiTruth on = gi_truth(ts, gi_val(debug));
    if (on.value <= 0) return on.value < 0 ? GI_FAIL : GI_OK;
    GiRef stack = gi_call0(ts, GI_ASYNCIO(extract_stack));
    if (gi_is_null(stack)) return GI_FAIL;
    gi_slot_store(ts, &f->source_traceback, stack);
    return GI_OK;
}

/* Ends a future with a value (consumed) put into `slot`, if it is pending; it takes the callbacks then. `failed`:
 * the value is an exception. */
static bool end(GiThread *ts, GiVal self, GiFutureState to, GiSlot *slot, GiRef value, bool failed, Taken *t) {
    GiFuture *f = GI_FUTURE(self);
    GiRef traceback = failed ? gi_slot_load(ts, &gi_exception_of(gi_val(value))->traceback) : GI_NULL;
    GiRef old_value = value, old_traceback = traceback;
    bool ended = false;
    GI_STEP(ts, self) {
        if (f->state == GI_FUTURE_PENDING) {
            old_value = gi_step_swap(slot, value);
            old_traceback = gi_step_swap(&f->traceback, traceback);
            *t = take_callbacks(f);
            f->failed = failed;
            __atomic_store_n(&f->state, (uint8_t)to, __ATOMIC_RELEASE);
            ended = true;
        }
    }
    gi_xdrop(ts, old_value);
    gi_xdrop(ts, old_traceback);
    return ended;
}

static GiStatus raise_state(GiThread *ts, const char *text) {
    gi_raise(ts, gi_as_type(GI_ASYNCIO(invalid_state_error)), "%s", text);
    return GI_FAIL;
}

GiStatus gi_future_set_result(GiThread *ts, GiVal self, GiVal result) {
    Taken t;
    if (!end(ts, self, GI_FUTURE_FINISHED, &GI_FUTURE(self)->value, gi_dup(ts, result), false, &t))
        return raise_state(ts, "invalid state");
    return finish_callbacks(ts, self, t, true);
}

GiStatus gi_future_set_exception(GiThread *ts, GiVal self, GiVal exception) {
    GiFuture *f = GI_FUTURE(self);
    if (gi_future_state(self) != GI_FUTURE_PENDING) return raise_state(ts, "invalid state");
    GI_AUTO GiRef exc = gi_is_exception_class(exception) ? gi_call0(ts, exception) : gi_dup(ts, exception);
    if (gi_is_null(exc)) return GI_FAIL;
    if (!gi_is_exception(gi_val(exc))) return gi_raise_status(ts, &gi_exc_TypeError, "invalid exception object");
    if (gi_is_exact(gi_val(exc), &gi_exc_StopIteration))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "StopIteration interacts badly with generators and cannot be raised into a Future");
    Taken t;
    if (!end(ts, self, GI_FUTURE_FINISHED, &f->value, gi_dup(ts, gi_val(exc)), true, &t))
        return raise_state(ts, "invalid state");
    GiStatus status = finish_callbacks(ts, self, t, true);
    if (status == GI_OK) f->log_traceback = true;
    return status;
}

GiStatus gi_future_cancel(GiThread *ts, GiVal self, GiVal msg, bool *ended) {
    GiFuture *f = GI_FUTURE(self);
    Taken t;
    f->log_traceback = false;
    *ended = end(ts, self, GI_FUTURE_CANCELLED, &f->cancel_message, gi_xdup(ts, msg), false, &t);
    return *ended ? finish_callbacks(ts, self, t, true) : GI_OK;
}

GiRef gi_future_make_cancelled(GiThread *ts, GiVal self) {
    GiFuture *f = GI_FUTURE(self);
    GiRef exc = gi_slot_exchange(ts, &f->cancelled_error, GI_NULL);
    if (!gi_is_null(exc)) return exc;
    GI_AUTO GiRef msg = gi_slot_load(ts, &f->cancel_message);
    GiVal type = GI_ASYNCIO(cancelled_error);
    return gi_is_null(msg) || gi_is_none(gi_val(msg)) ? gi_call0(ts, type) : gi_call1(ts, type, gi_val(msg));
}

GiRef gi_future_exception(GiThread *ts, GiVal self) {
    GiFuture *f = GI_FUTURE(self);
    if (gi_future_state(self) == GI_FUTURE_CANCELLED) return gi_future_make_cancelled(ts, self);
    f->log_traceback = false;
    if (!f->failed) return GI_NULL;
    GiRef exc = gi_slot_load(ts, &f->value);
    /* PYSEM: the traceback is that of the moment when it was set, the first time only. */
    gi_exception_set_traceback(ts, gi_val(exc), gi_slot_exchange(ts, &f->traceback, GI_NULL));
    return exc;
}

GiRef gi_future_result(GiThread *ts, GiVal self) {
    if (gi_future_state(self) == GI_FUTURE_PENDING) {
        bool made = !gi_slot_empty(&GI_FUTURE(self)->loop);
        return raise_state(ts, made ? "Result is not set." : "Future object is not initialized."), GI_NULL;
    }
    GiRef exc = gi_future_exception(ts, self);
    if (gi_is_null(exc)) return gi_raised(ts) ? GI_NULL : gi_slot_load(ts, &GI_FUTURE(self)->value);
    gi_raise_object(ts, exc);
    return GI_NULL;
}

/* ---- Callbacks ---- */

/* In a step, of a pending future: adds a pair (consumed on success). */
static GiStatus push_callback(GiThread *ts, GiFuture *f, GiRef fn, GiRef context) {
    if (f->first.fn.bits == 0) {
        gi_step_swap(&f->first.fn, fn);
        gi_step_swap(&f->first.context, context);
        return GI_OK;
    }
    if (f->more_count == f->more_capacity) {
        size_t capacity = f->more_capacity ? f->more_capacity * 2 : 4;
        GiFutureCallback *more = gi_mem_realloc(ts, f->more, capacity * sizeof *more);
        if (more == NULL) return GI_FAIL;
        f->more = more;
        f->more_capacity = capacity;
    }
    f->more[f->more_count++] = (GiFutureCallback){{fn.bits}, {context.bits}};
    return GI_OK;
}

GiStatus gi_future_add_callback(GiThread *ts, GiVal self, GiVal fn, GiVal context) {
    GiFuture *f = GI_FUTURE(self);
    GiRef with = gi_is_null(context) ? gi_call0(ts, GI_ASYNCIO(copy_context)) : gi_dup(ts, context);
    if (gi_is_null(with)) return GI_FAIL;
    GiRef held = gi_dup(ts, fn);
    bool pending = false;
    GiStatus status = GI_OK;
    GI_STEP(ts, self) {
        pending = f->state == GI_FUTURE_PENDING;
        if (pending) status = push_callback(ts, f, held, with);
    }
    if (pending && status == GI_OK) return GI_OK;
    if (!pending) {
        GiRef loop = gi_slot_load(ts, &f->loop);
        status = gi_call_soon(ts, gi_val(loop), fn, self, gi_val(with));
        gi_drop(ts, loop);
    }
    gi_drop(ts, held);
    gi_drop(ts, with);
    return status;
}

/* In a step: the i-th callback, NULL behind the last. */
static GiFutureCallback *callback_at(GiFuture *f, size_t i) {
    if (i == 0) return f->first.fn.bits ? &f->first : NULL;
    return i <= f->more_count ? &f->more[i - 1] : NULL;
}

/* A pair, or null without exception behind the last. */
static GiRef callback_pair(GiThread *ts, GiVal self, size_t i) {
    GiRef fn = GI_NULL, context = GI_NULL;
    GI_STEP(ts, self) {
        GiFutureCallback *at = callback_at(GI_FUTURE(self), i);
        if (at) fn = gi_slot_dup(ts, &at->fn), context = gi_slot_dup(ts, &at->context);
    }
    if (gi_is_null(fn)) return GI_NULL;
    GiRef pair = gi_tuple_pack(ts, 2, gi_val(fn), gi_val(context));
    gi_drop(ts, fn);
    gi_drop(ts, context);
    return pair;
}

GiRef gi_future_callbacks(GiThread *ts, GiVal self) {
    if (gi_slot_empty(&GI_FUTURE(self)->first.fn)) return GI_REF_NONE;
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    for (size_t i = 0;; i++) {
        GiRef pair = callback_pair(ts, self, i);
        if (gi_is_null(pair) && !gi_raised(ts)) return list;
        if (gi_is_null(pair) || gi_list_append(ts, gi_val(list), pair) < 0) break;
    }
    gi_drop(ts, list);
    return GI_NULL;
}

/* In a step: takes the first callback that is one of `out` out of the future. */
static bool take_one(GiFuture *f, GiVal fn, GiFutureCallback *out) {
    GiFutureCallback *at;
    for (size_t i = 0; (at = callback_at(f, i)) != NULL; i++) {
        if (at->fn.bits != fn.bits) continue;
        *out = *at;
        for (GiFutureCallback *next; (next = callback_at(f, i + 1)) != NULL; i++, at = next) *at = *next;
        *at = (GiFutureCallback){{0}, {0}};
        if (i > 0) f->more_count--;
        return true;
    }
    return false;
}

GiStatus gi_future_remove_callback(GiThread *ts, GiVal self, GiVal fn, size_t *removed) {
    *removed = 0;
    GI_AUTO GiRef pairs = gi_future_callbacks(ts, self);
    if (gi_is_null(pairs)) return GI_FAIL;
    for (size_t i = 0; !gi_is_none(gi_val(pairs)) && i < gi_list_len(gi_val(pairs)); i++) {
        GiVal other = gi_tuple_items(gi_list_peek_locked(gi_val(pairs), i))[0];
        GiTruth same = gi_equal(ts, other, fn);
        if (same.value < 0) return GI_FAIL;
        if (!same.value) continue;
        GiFutureCallback out;
        bool found = false;
        GI_STEP(ts, self) found = take_one(GI_FUTURE(self), other, &out);
        if (!found) continue;
        ++*removed;
        gi_slot_clear(ts, &out.fn);
        gi_slot_clear(ts, &out.context);
    }
    return GI_OK;
}

/* ---- Death ---- */

void gi_tell_loop(GiThread *ts, GiVal self, const char *key, GiRef message, GiVal exception) {
    GiFuture *f = GI_FUTURE(self);
    GI_AUTO GiRef text = message;
    GI_AUTO GiRef loop = gi_slot_load(ts, &f->loop);
    GI_AUTO GiRef source = gi_slot_load(ts, &f->source_traceback);
    GI_AUTO GiRef context = gi_is_null(text) || gi_is_null(loop) ? GI_NULL : gi_dict_new(ts);
    GiVal told = gi_val(context);
    if (gi_is_null(told) || gi_dict_set_cstr(ts, told, "message", gi_val(text)) < 0 ||
        (!gi_is_null(exception) && gi_dict_set_cstr(ts, told, "exception", exception) < 0) ||
        gi_dict_set_cstr(ts, told, key, self) < 0 ||
        (!gi_is_null(source) && gi_dict_set_cstr(ts, told, "source_traceback", gi_val(source)) < 0)) {
        if (gi_raised(ts)) gi_unraisable(ts, self, NULL);
        return;
    }
    GI_AUTO GiRef handler = gi_getattr(ts, gi_val(loop), GI_ASYNCIO(call_exception_handler));
    if (gi_is_null(handler)) {
        gi_unraisable(ts, self, NULL);
        return;
    }
    GiRef r = gi_call1(ts, gi_val(handler), told);
    if (gi_is_null(r)) gi_unraisable(ts, gi_val(handler), NULL);
    gi_xdrop(ts, r);
}

void gi_future_finalize(GiThread *ts, GiVal self) {
    GiFuture *f = GI_FUTURE(self);
    if (!f->log_traceback || ts->vm->module_states == NULL) return;
    f->log_traceback = false;
    GiRef raised = gi_exc_take(ts);
    GiRef exc = gi_slot_load(ts, &f->value);
    gi_tell_loop(ts, self, "future", gi_str_format(ts, "%s exception was never retrieved", gi_type_short_name(gi_type_of(self))),
                 gi_val(exc));
    gi_xdrop(ts, exc);
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

/* ---- The iterator ---- */

typedef struct GiFutureIter { GiObj obj; GiSlot future; /* null: ended */ } GiFutureIter;
#define ITER(v) ((GiFutureIter *)gi_obj(v))
#include "modules/_asyncio/future.gen.h"

GiRef gi_future_iter(GiThread *ts, GiVal self) {
    if (gi_future_check(ts, self) < 0) return GI_NULL;
    GiRef made = gi_own_obj(gi_heap_new_fast(ts, &gi_future_iter_type, sizeof(GiFutureIter)));
    if (!gi_is_null(made)) gi_slot_init(&ITER(made)->future, gi_dup(ts, self));
    return made;
}

/* PYSEM: what is sent does not matter. A pending future comes once, as a sign that it is to be waited for. */
static GiRef iter_send(GiThread *ts, GiVal self, GiVal value GI_UNUSED, bool *is_return) {
    *is_return = false;
    GiRef future = gi_slot_load(ts, &ITER(self)->future);
    if (gi_is_null(future)) {
        *is_return = true;
        return GI_REF_NONE;
    }
    GiFuture *f = GI_FUTURE(future);
    if (gi_future_state(gi_val(future)) == GI_FUTURE_PENDING) {
        if (!f->blocking) {
            f->blocking = true;
            return future;
        }
        gi_drop(ts, future);
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "await wasn't used with future");
    }
    gi_slot_store(ts, &ITER(self)->future, GI_NULL);
    GiRef r = gi_future_result(ts, gi_val(future));
    gi_drop(ts, future);
    *is_return = true;
    return r;
}
static GiRef iter_next(GiThread *ts, GiVal self) {
    bool returned;
    GiRef r = iter_send(ts, self, GI_NONE, &returned);
    if (gi_is_null(r) || !returned) return r;
    if (!gi_is_none(gi_val(r))) gi_raise_stop_iteration(ts, gi_val(r));
    gi_drop(ts, r);
    return GI_NULL;
}

GI_METHOD(futureiter, send, "(self, value = <null>, /)", NULL) {
    if (gi_is_null(a->value))
        return gi_raise_ref(ts, &gi_exc_TypeError, "FutureIter.send() takes exactly one argument (0 given)");
    bool returned;
    GiRef r = iter_send(ts, self, a->value, &returned);
    if (gi_is_null(r) || !returned) return r;
    gi_raise_stop_iteration(ts, gi_val(r));
    gi_drop(ts, r);
    return GI_NULL;
}
GI_METHOD(futureiter, throw, "(self, type = <null>, value = <null>, traceback = <null>, /)", NULL) {
    GiVal value = gi_is_null(a->value) || gi_is_none(a->value) ? GI_NOVAL : a->value;
    GiVal traceback = gi_is_null(a->traceback) || gi_is_none(a->traceback) ? GI_NOVAL : a->traceback;
    if (gi_is_null(a->type)) return gi_raise_ref(ts, &gi_exc_TypeError, "throw expected at least 1 argument, got 0");
    if (!gi_is_null(traceback) && strcmp(gi_type_name(traceback), "traceback") != 0)
        return gi_raise_ref(ts, &gi_exc_TypeError, "throw() third argument must be a traceback");
    GiRef exc;
    if (gi_is_exception(a->type)) {
        if (!gi_is_null(value)) return gi_raise_ref(ts, &gi_exc_TypeError, "instance exception may not have a separate value");
        exc = gi_dup(ts, a->type);
    } else if (!gi_is_exception_class(a->type)) {
        return gi_raise_ref(ts, &gi_exc_TypeError, "exceptions must be classes deriving BaseException or instances of such a class");
    } else if (gi_is_null(value)) {
        exc = gi_call0(ts, a->type);
    } else if (gi_is_instance_of(value, gi_as_type(a->type))) {
        exc = gi_dup(ts, value);
    } else {
        exc = gi_is_tuple(value) ? gi_call_ex(ts, a->type, value, GI_NOVAL) : gi_call1(ts, a->type, value);
    }
    gi_slot_store(ts, &ITER(self)->future, GI_NULL);
    if (gi_is_null(exc)) return GI_NULL;
    if (!gi_is_exception(gi_val(exc))) {
        gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %T", a->type, gi_val(exc));
        gi_drop(ts, exc);
        return GI_NULL;
    }
    if (!gi_is_null(traceback)) gi_exception_set_traceback(ts, gi_val(exc), gi_dup(ts, traceback));
    gi_exc_restore(ts, exc);
    return GI_NULL;
}
GI_METHOD(futureiter, close, "(self)", NULL) {
    gi_slot_store(ts, &ITER(self)->future, GI_NULL);
    return GI_REF_NONE;
}
static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
static const GiField iter_fields[] = {GI_SLOT(GiFutureIter, future), GI_FIELDS_END};
GiType gi_future_iter_type = {
    .obj = GI_TYPE_HEAD, .name = "_asyncio.FutureIter", .module = "_asyncio", .size = sizeof(GiFutureIter), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = iter_fields, .methods = futureiter_methods, .iter = iter_self,
    .next = iter_next, .send = iter_send,
};
