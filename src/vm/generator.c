/* generator.c - generators and coroutines: resuming, throwing, closing, finalizing.
 *
 * A generator's frame stands in the object, so resuming copies nothing.
 * LOCK: `state`. Who changes it to RUNNING, by one exchange, has claimed the generator: until it sets
 * another state the frame and its registers are that thread's. Who finds it RUNNING raises ValueError.
 */
#include "vm/generator.h"
#include "memory/slots.h"
#include "objects/dict.h"
#include "objects/exceptions.h"
#include "objects/hooks.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/ops.h"
#include "vm/generator.gen.h"

static const char *kind_name(const GiGenerator *gen) {
    GiType *type = gi_obj_type(&gen->obj);
    return type == &gi_coroutine_type ? "coroutine" : type == &gi_async_generator_type ? "async generator" : "generator";
}

GiRef gi_generator_from_frame(GiThread *ts, GiFrame *frame) {
    GiCode *code = frame->code;
    GiType *type = code->flags & GI_CO_COROUTINE         ? &gi_coroutine_type
                   : code->flags & GI_CO_ASYNC_GENERATOR ? &gi_async_generator_type
                                                         : &gi_generator_type;
    GiObj *obj = gi_heap_new(ts, type, sizeof(GiGenerator) + code->register_count * sizeof(GiSlot));
    if (obj == NULL) return GI_NULL;
    GiGenerator *gen = (GiGenerator *)obj;
    GiFunction *func = gi_frame_func(frame);
    gi_slot_init(&gen->name, gi_slot_dup(ts, &func->name));
    gi_slot_init(&gen->qualname, gi_slot_dup(ts, &func->qualname));
    gi_slot_init(&gen->code, gi_dup(ts, gi_from_obj(code)));
    if (type == &gi_coroutine_type && ts->coroutine_origin_depth > 0) {
        GiRef origin = gi_coroutine_origin(ts, frame->back);
        if (gi_is_null(origin)) {
            gi_drop(ts, gi_own_obj(obj));
            return GI_NULL;
        }
        gi_slot_init(&gen->origin, origin);
    }
    GiFrame *own = &gen->frame;
    *own = *frame;
    own->regs = gen->regs;
    memcpy(gen->regs, frame->regs, code->register_count * sizeof(GiSlot));
    own->flags = GI_FRAME_GENERATOR;
    own->generator = gen;
    own->back = NULL;
    if (own->object.bits) ((GiFrameObject *)gi_obj(own->object))->frame = own;
    gen->state = GI_GEN_CREATED;
    /* The old frame gave everything away. */
    for (unsigned i = 0; i < code->register_count; i++) frame->regs[i].bits = 0;
    frame->func = (GiSlot){0};
    frame->object.bits = frame->locals.bits = frame->instance.bits = frame->handled.exc.bits = 0;
    gi_frame_pop(ts, frame);
    return gi_own_obj(obj);
}

static inline bool claim(GiThread *ts, GiGenerator *gen, GiGenState from) {
    uint8_t expected = (uint8_t)from;
    if (GI_UNLIKELY(ts->core.free_running))
        return __atomic_compare_exchange_n(&gen->state, &expected, GI_GEN_RUNNING, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    if (gen->state != expected) return false;
    gen->state = GI_GEN_RUNNING;
    return true;
}

/* Ends a claim. */
static inline void release(GiGenerator *gen, GiGenState to) {
    __atomic_store_n(&gen->state, (uint8_t)to, __ATOMIC_RELEASE);
}

static GiStatus raise_executing(GiThread *ts, GiGenerator *gen) {
    return gi_raise_status(ts, &gi_exc_ValueError, "%s already executing", kind_name(gen));
}

/* Puts the frame of a generator that was claimed onto the thread's stack; gives it back on failure. */
static inline GiStatus push_claimed(GiThread *ts, GiGenerator *gen, GiGenState from) {
    if (GI_UNLIKELY(ts->recursion >= ts->recursion_limit)) {
        release(gen, from);
        return gi_raise_status(ts, &gi_exc_RecursionError, "maximum recursion depth exceeded");
    }
    ts->recursion++;
    gi_incref_obj(ts, &gen->obj); /* a running generator keeps itself alive */
    GiFrame *frame = &gen->frame;
    gen->ended = NULL;
    frame->back = ts->frame;
    frame->flags &= (uint8_t)~GI_FRAME_ENTRY;
    ts->frame = frame;
    if (frame->handled.exc.bits != 0) gi_handled_link(ts, frame);
    return GI_OK;
}

int gi_generator_enter(GiThread *ts, GiGenerator *gen, GiVal value) {
    for (;;) {
        GiGenState state = gi_generator_state(gen);
        if (GI_UNLIKELY(state == GI_GEN_RUNNING)) return raise_executing(ts, gen);
        if (GI_UNLIKELY(state == GI_GEN_CLOSED || (state == GI_GEN_CREATED && !gi_is_none(value)))) return 1;
        if (GI_LIKELY(claim(ts, gen, state))) return push_claimed(ts, gen, state);
    }
}

void gi_generator_leave(GiThread *ts, GiGenerator *gen) {
    GiFrame *frame = &gen->frame;
    if (frame->handled.exc.bits != 0) gi_handled_unlink(ts, frame);
    ts->frame = frame->back;
    frame->back = NULL;
    release(gen, GI_GEN_SUSPENDED);
    ts->recursion--;
    gi_decref_obj(ts, &gen->obj);
}

void gi_generator_finish(GiThread *ts, GiGenerator *gen) {
    GiFrame *frame = &gen->frame;
    ts->frame = frame->back;
    ts->recursion--;
    if (gen->ended) *gen->ended = true;
    release(gen, GI_GEN_CLOSED);
    gi_frame_end_generator(ts, frame, true);
    gi_decref_obj(ts, &gen->obj);
}

/* Ends a generator that was claimed and does not run. */
static void finish_claimed(GiThread *ts, GiGenerator *gen) {
    release(gen, GI_GEN_CLOSED);
    gi_frame_end_generator(ts, &gen->frame, false);
}

bool gi_generator_end_idle(GiThread *ts, GiGenerator *gen) {
    for (;;) {
        GiGenState state = gi_generator_state(gen);
        if (state == GI_GEN_RUNNING || state == GI_GEN_CLOSED) return state == GI_GEN_CLOSED;
        if (!claim(ts, gen, state)) continue;
        finish_claimed(ts, gen);
        return true;
    }
}

void gi_generator_fix_exception(GiThread *ts, GiGenerator *gen) {
    GiType *type = gi_obj_type(&gen->obj);
    if (gi_exc_matches(ts, &gi_exc_StopIteration)) {
        gi_raise_from_cause(ts, &gi_exc_RuntimeError, "%s raised StopIteration", kind_name(gen));
    } else if (type == &gi_async_generator_type && gi_exc_matches(ts, &gi_exc_StopAsyncIteration)) {
        gi_raise_from_cause(ts, &gi_exc_RuntimeError, "async generator raised StopAsyncIteration");
    }
}

/* Runs from C a generator that was claimed in state `before`. `throwing`: an exception is raised at its
 * current instruction. */
static GiRef run_generator(GiThread *ts, GiGenerator *gen, GiGenState before, GiVal value, bool throwing, bool *returned) {
    GiFrame *frame = &gen->frame;
    GiRef thrown = throwing ? gi_exc_take(ts) : GI_NULL;
    if (gi_enter_recursive(ts, "") < 0) {
        gi_xdrop(ts, thrown);
        release(gen, before);
        return GI_NULL;
    }
    if (push_claimed(ts, gen, before) < 0) {
        gi_leave_recursive(ts);
        gi_xdrop(ts, thrown);
        return GI_NULL;
    }
    *returned = false;
    gen->ended = returned;
    frame->flags |= GI_FRAME_ENTRY;
    gi_incref_obj(ts, &gen->obj);
    GiRef result;
    if (throwing) {
        /* PYSEM: the context is what the generator itself handles, not what its caller does. */
        if (frame->handled.exc.bits != 0) gi_set_implicit_context(ts, gi_val(thrown));
        gi_exc_restore(ts, thrown);
        result = gi_vm_throw(ts, frame);
    } else {
        uint64_t instr = gi_word(frame->pc);
        unsigned op = gi_instr_op(instr), a = gi_instr_a(instr);
        if (op == OP_YIELD) gi_slot_set(ts, &frame->regs[a], gi_dup(ts, value));
        else if (op == OP_YIELD_DELEGATE) gi_slot_set(ts, &frame->regs[a + 1], gi_dup(ts, value));
        frame->pc++;
        result = gi_vm_run(ts, frame);
    }
    gi_leave_recursive(ts);
    gi_decref_obj(ts, &gen->obj);
    return result;
}

GiRef gi_generator_resume(GiThread *ts, GiGenerator *gen, GiVal value, bool *returned) {
    *returned = false;
    GiGenState state;
    do {
        state = gi_generator_state(gen);
        if (state == GI_GEN_CREATED && !gi_is_none(value))
            return gi_raise_ref(ts, &gi_exc_TypeError, "can't send non-None value to a just-started %s", kind_name(gen));
        if (state == GI_GEN_CLOSED) {
            if (gi_obj_type(&gen->obj) == &gi_coroutine_type)
                return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot reuse already awaited coroutine");
            *returned = true;
            return GI_REF_NONE;
        }
        if (GI_UNLIKELY(state == GI_GEN_RUNNING)) {
            raise_executing(ts, gen);
            return GI_NULL;
        }
    } while (GI_UNLIKELY(!claim(ts, gen, state)));
    return run_generator(ts, gen, state, value, false, returned);
}

/* The type slots. */
static GiRef generator_send_slot(GiThread *ts, GiVal self, GiVal value, bool *returned) {
    return gi_generator_resume(ts, (GiGenerator *)gi_obj(self), value, returned);
}
static GiRef generator_next(GiThread *ts, GiVal self) {
    bool returned;
    GiRef r = gi_generator_resume(ts, (GiGenerator *)gi_obj(self), GI_NONE, &returned);
    if (!gi_is_null(r) && returned) {
        if (!gi_is_none(r)) gi_raise_stop_iteration(ts, gi_val(r));
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}
static GiRef finish_method(GiThread *ts, GiRef r, bool returned) {
    if (!gi_is_null(r) && returned) {
        gi_raise_stop_iteration(ts, gi_val(r));
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

/* The iterator that a suspended generator, which was claimed, delegates to (yield from, await), borrowed
 * or null. */
static GiVal delegate_peek(GiGenerator *gen) {
    uint64_t instr = *gen->frame.pc;
    if (gi_instr_op(instr) != OP_YIELD_DELEGATE) return GI_NOVAL;
    return gi_val(gen->frame.regs[gi_instr_a(instr)]);
}

/* The delegation ended with `value` (consumed): goes on after the SEND loop. */
static GiRef resume_after_delegate(GiThread *ts, GiGenerator *gen, GiRef value, bool *returned) {
    GiFrame *frame = &gen->frame;
    /* SEND stands before YIELD_DELEGATE; its jump leads past the loop. */
    uint64_t *send = frame->pc;
    unsigned a = gi_instr_a(gi_word(send));
    do send--;
    while (gi_instr_op(gi_word(send)) != OP_SEND || gi_instr_a(gi_word(send)) != a);
    GiRef iterator = gi_slot_take(&frame->regs[a]);
    gi_slot_set(ts, &frame->regs[a + 1], value);
    frame->pc = send + (int32_t)gi_instr_bc(gi_word(send)); /* run_generator steps over one word */
    gi_drop(ts, iterator);
    return run_generator(ts, gen, GI_GEN_SUSPENDED, GI_NONE, false, returned);
}

/* As delegate_peek, for one that anybody may be running: then it has none. */
static GiRef delegate_of(GiThread *ts, GiGenerator *gen) {
    if (!claim(ts, gen, GI_GEN_SUSPENDED)) return GI_NULL;
    GiRef it = gi_xdup(ts, delegate_peek(gen));
    release(gen, GI_GEN_SUSPENDED);
    return it;
}

static GiStatus close_delegate(GiThread *ts, GiVal it) {
    if (gi_is_exact(it, &gi_generator_type) || gi_is_exact(it, &gi_coroutine_type)) {
        GiRef r = gi_generator_close(ts, (GiGenerator *)gi_obj(it));
        if (gi_is_null(r)) return GI_FAIL;
        gi_drop(ts, r);
        return GI_OK;
    }
    GiRef method;
    if (gi_getattr_opt(ts, it, GI_N(close), &method) < 0) {
        gi_unraisable(ts, it, NULL);
        return GI_OK;
    }
    if (gi_is_null(method)) return GI_OK;
    GiRef r = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

/* While something is thrown into what a generator delegates to, the generator counts as running. */
static void begin_delegate(GiThread *ts, GiFrame *frame) {
    frame->back = ts->frame;
    ts->frame = frame;
}
static void end_delegate(GiThread *ts, GiFrame *frame) {
    ts->frame = frame->back;
    frame->back = NULL;
}

/* Throws the raised exception into the iterator `it` that gen delegates to. `method` is its throw(), or
 * null: it is a generator or a coroutine. */
static GiRef throw_into_delegate(GiThread *ts, GiGenerator *gen, GiVal it, GiVal method, bool close_on_exit,
                                 bool *returned) {
    GiRef r;
    begin_delegate(ts, &gen->frame);
    if (gi_is_null(method)) {
        r = gi_generator_throw(ts, (GiGenerator *)gi_obj(it), close_on_exit, returned);
    } else {
        GiRef exc = gi_exc_take(ts);
        r = gi_call1(ts, method, gi_val(exc));
        gi_drop(ts, exc);
    }
    end_delegate(ts, &gen->frame);
    return r;
}

GiRef gi_take_raised_stop(GiThread *ts) {
    GiRef exc = gi_exc_take(ts);
    GiRef value = gi_slot_load(ts, &((GiStopIteration *)gi_obj(exc))->value);
    gi_drop(ts, exc);
    return gi_is_null(value) ? GI_REF_NONE : value;
}

/* Throws into a generator, claimed, that delegates to `it`. */
static GiRef throw_delegating(GiThread *ts, GiGenerator *gen, GiVal it, bool close_on_exit, bool *returned) {
    GiRef held = gi_dup(ts, it);
    if (close_on_exit && gi_exc_matches(ts, &gi_exc_GeneratorExit)) {
        GiRef exc = gi_exc_take(ts);
        GiStatus status = close_delegate(ts, it);
        if (status < 0) gi_drop(ts, exc);
        else gi_exc_restore(ts, exc);
        gi_drop(ts, held);
        return run_generator(ts, gen, GI_GEN_SUSPENDED, GI_NONE, true, returned);
    }
    bool sub_returned = false, own = gi_is_exact(it, &gi_generator_type) || gi_is_exact(it, &gi_coroutine_type);
    GiRef method = GI_NULL;
    if (!own) {
        GiRef exc = gi_exc_take(ts);
        release(gen, GI_GEN_SUSPENDED);
        if (gi_getattr_opt(ts, it, GI_N(throw), &method) < 0) {
            gi_drop(ts, exc);
            gi_drop(ts, held);
            return GI_NULL;
        }
        gi_exc_restore(ts, exc);
        bool claimed = claim(ts, gen, GI_GEN_SUSPENDED), same = claimed && gi_same(delegate_peek(gen), held);
        if (!same) { /* looking for throw() ran code that resumed gen, or another thread did */
            if (claimed) release(gen, GI_GEN_SUSPENDED);
            gi_xdrop(ts, method);
            gi_drop(ts, held);
            return gi_generator_throw(ts, gen, close_on_exit, returned);
        }
    }
    if (own || !gi_is_null(method)) {
        GiRef r = throw_into_delegate(ts, gen, it, gi_val(method), close_on_exit, &sub_returned);
        gi_xdrop(ts, method);
        if (gi_is_null(r) && gi_exc_matches(ts, &gi_exc_StopIteration)) {
            r = gi_take_raised_stop(ts);
            sub_returned = true;
        }
        if (!gi_is_null(r)) {
            gi_drop(ts, held);
            if (sub_returned) return resume_after_delegate(ts, gen, r, returned);
            release(gen, GI_GEN_SUSPENDED);
            return r;
        }
    }
    gi_drop(ts, held);
    return run_generator(ts, gen, GI_GEN_SUSPENDED, GI_NONE, true, returned);
}

/* Throws the exception that is raised now into gen. */
GiRef gi_generator_throw(GiThread *ts, GiGenerator *gen, bool close_on_exit, bool *returned) {
    *returned = false;
    GiGenState state;
    do {
        state = gi_generator_state(gen);
        if (state == GI_GEN_CLOSED) {
            if (gi_obj_type(&gen->obj) == &gi_coroutine_type) {
                gi_exc_clear(ts);
                return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot reuse already awaited coroutine");
            }
            return GI_NULL;
        }
        if (state == GI_GEN_RUNNING) {
            gi_exc_clear(ts);
            raise_executing(ts, gen);
            return GI_NULL;
        }
    } while (!claim(ts, gen, state));
    if (state == GI_GEN_CREATED) {
        /* Nothing of the body has run: the exception leaves at once, from its first line. */
        gi_traceback_add(ts, &gen->frame);
        finish_claimed(ts, gen);
        gi_generator_fix_exception(ts, gen);
        return GI_NULL;
    }
    GiVal it = delegate_peek(gen);
    if (gi_is_null(it)) return run_generator(ts, gen, state, GI_NONE, true, returned);
    GiRef exc = gi_exc_take(ts);
    if (gi_enter_recursive(ts, "") < 0) {
        release(gen, state);
        gi_drop(ts, exc);
        return GI_NULL;
    }
    gi_exc_restore(ts, exc);
    GiRef r = throw_delegating(ts, gen, it, close_on_exit, returned);
    gi_leave_recursive(ts);
    return r;
}

GiRef gi_generator_close(GiThread *ts, GiGenerator *gen) {
    GiGenState state = gi_generator_state(gen);
    if (state == GI_GEN_CLOSED) return GI_REF_NONE;
    if (state == GI_GEN_CREATED && claim(ts, gen, GI_GEN_CREATED)) {
        finish_claimed(ts, gen);
        return GI_REF_NONE;
    }
    if (state == GI_GEN_RUNNING) {
        raise_executing(ts, gen);
        return GI_NULL;
    }
    gi_raise_none(ts, &gi_exc_GeneratorExit);
    bool returned;
    GiRef r = gi_generator_throw(ts, gen, true, &returned);
    if (!gi_is_null(r)) {
        gi_drop(ts, r);
        if (returned) return GI_REF_NONE;
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "%s ignored GeneratorExit", kind_name(gen));
    }
    if (gi_exc_matches(ts, &gi_exc_StopIteration) || gi_exc_matches(ts, &gi_exc_GeneratorExit)) {
        gi_exc_clear(ts);
        return GI_REF_NONE;
    }
    return GI_NULL;
}

/* throw(type[, value[, traceback]]) or throw(exception): raises it, normalised. PYSEM: what making
 * the instance raises is thrown in its place; only unsuitable arguments fail. */
GiStatus gi_generator_raise_args(GiThread *ts, GiVal type, GiVal value, GiVal tb) {
    if (!gi_is_null(tb) && gi_is_none(tb)) tb = GI_NOVAL;
    if (!gi_is_null(tb) && !gi_is_exact(tb, &gi_traceback_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "throw() third argument must be a traceback object");
    GiRef exc;
    if (gi_is_type(type) && gi_is_subtype(gi_as_type(type), &gi_exc_BaseException)) {
        if (!gi_is_null(value) && gi_is_instance_of(value, gi_as_type(type))) exc = gi_dup(ts, value);
        else if (gi_is_null(value) || gi_is_none(value)) exc = gi_call0(ts, type);
        else if (gi_is_tuple(value)) exc = gi_call_ex(ts, type, value, GI_NOVAL);
        else exc = gi_call1(ts, type, value);
    } else if (gi_is_instance_of(type, &gi_exc_BaseException)) {
        if (!gi_is_null(value) && !gi_is_none(value))
            return gi_raise_status(ts, &gi_exc_TypeError, "instance exception may not have a separate value");
        exc = gi_dup(ts, type);
    } else {
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (gi_is_null(exc)) return GI_OK;
    if (!gi_is_instance_of(gi_val(exc), &gi_exc_BaseException)) {
        gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %T", type,
                 gi_val(exc));
        gi_drop(ts, exc);
        return GI_OK;
    }
    if (!gi_is_null(tb)) gi_exception_set_traceback(ts, gi_val(exc), gi_dup(ts, tb));
    gi_exc_restore(ts, exc);
    return GI_OK;
}

#define GEN ((GiGenerator *)gi_obj(self))
#define GENERATOR_METHODS(T, SEND_DOC, THROW_DOC, CLOSE_DOC)                                              \
    static GiRef T##_send_impl(GiThread *ts, GiVal self, GiVal value) {                                   \
        bool returned;                                                                                    \
        GiRef r = gi_generator_resume(ts, GEN, value, &returned);                                         \
        return finish_method(ts, r, returned);                                                            \
    }                                                                                                     \
    static GiRef T##_throw_impl(GiThread *ts, GiVal self, GiVal type, GiVal value, GiVal tb) {            \
        if (gi_generator_raise_args(ts, type, value, tb) < 0) return GI_NULL;                             \
        bool returned;                                                                                    \
        GiRef r = gi_generator_throw(ts, GEN, true, &returned);                                           \
        return finish_method(ts, r, returned);                                                            \
    }
GENERATOR_METHODS(generator, , , )

GI_METHOD(generator, send, "(self, arg, /)", "send(arg) -> send 'arg' into generator,\nreturn next yielded value or raise StopIteration.") {
    return generator_send_impl(ts, self, a->arg);
}
GI_METHOD(generator, throw, "(self, typ, val = <null>, tb = <null>, /)",
          "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in generator, return next yielded value or raise\nStopIteration.") {
    return generator_throw_impl(ts, self, a->typ, a->val, a->tb);
}
GI_METHOD(generator, close, "(self)", "close() -> raise GeneratorExit inside generator.") {
    return gi_generator_close(ts, GEN);
}
GI_METHOD(coroutine, send, "(self, arg, /)", "send(arg) -> send 'arg' into coroutine,\nreturn next yielded value or raise StopIteration.") {
    return generator_send_impl(ts, self, a->arg);
}
GI_METHOD(coroutine, throw, "(self, typ, val = <null>, tb = <null>, /)",
          "throw(value)\nthrow(type[,value[,traceback]])\n\nRaise exception in coroutine, return next yielded value or raise\nStopIteration.") {
    return generator_throw_impl(ts, self, a->typ, a->val, a->tb);
}
GI_METHOD(coroutine, close, "(self)", "close() -> raise GeneratorExit inside coroutine.") {
    return gi_generator_close(ts, GEN);
}

GiRef gi_generator_text(GiThread *ts, GiSlot *slot) {
    GiRef text = gi_slot_load(ts, slot);
    return gi_is_null(text) ? gi_str_from_cstr(ts, "") : text;
}

/* Keeps a generator as it is, to look at it: true if the world was stopped for that, since another thread may resume
 * it or be running it. */
static bool hold(GiThread *ts, GiVal self) {
    if (GI_LIKELY(!ts->core.free_running) || gi_is_unique(ts, self) || gi_frame_is_mine(ts, &GEN->frame)) return false;
    gi_stop_world_for(&ts->core, "frame");
    return true;
}

GiRef gi_generator_get_frame(GiThread *ts, GiVal self) {
    bool stopped = hold(ts, self);
    GiRef frame = GEN->state == GI_GEN_CLOSED ? GI_REF_NONE : gi_frame_object(ts, &GEN->frame);
    if (stopped) gi_start_world(&ts->core);
    return frame;
}
GiRef gi_generator_get_delegate(GiThread *ts, GiVal self) {
    bool stopped = hold(ts, self);
    GiRef it = GEN->state == GI_GEN_SUSPENDED ? gi_xdup(ts, delegate_peek(GEN)) : GI_NULL;
    if (stopped) gi_start_world(&ts->core);
    return gi_is_null(it) ? GI_REF_NONE : it;
}
GI_GETTER(generator, gi_frame, NULL) { return gi_generator_get_frame(ts, self); }
GI_GETTER(generator, gi_running, NULL) { (void)ts; return gi_bool_ref(GEN->state == GI_GEN_RUNNING); }
GI_GETTER(generator, gi_suspended, NULL) { (void)ts; return gi_bool_ref(GEN->state == GI_GEN_SUSPENDED); }
GI_GETTER(generator, gi_yieldfrom, "object being iterated by yield from, or None") {
    return gi_generator_get_delegate(ts, self);
}
GI_GETTER(coroutine, cr_frame, NULL) { return gi_generator_get_frame(ts, self); }
GI_GETTER(coroutine, cr_running, NULL) { (void)ts; return gi_bool_ref(GEN->state == GI_GEN_RUNNING); }
GI_GETTER(coroutine, cr_suspended, NULL) { (void)ts; return gi_bool_ref(GEN->state == GI_GEN_SUSPENDED); }
GI_GETTER(coroutine, cr_await, "object being awaited on, or None") { return gi_generator_get_delegate(ts, self); }

static GiStatus set_name(GiThread *ts, GiSlot *slot, GiVal value, const char *name) {
    if (gi_is_null(value) || !gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s must be set to a string object", name);
    gi_slot_store(ts, slot, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(generator, __name__, "name of the generator") { return gi_generator_text(ts, &GEN->name); }
GI_SETTER(generator, __name__) { return set_name(ts, &GEN->name, value, "__name__"); }
GI_GETTER(generator, __qualname__, "qualified name of the generator") { return gi_generator_text(ts, &GEN->qualname); }
GI_SETTER(generator, __qualname__) { return set_name(ts, &GEN->qualname, value, "__qualname__"); }
GI_GETTER(coroutine, __name__, "name of the coroutine") { return gi_generator_text(ts, &GEN->name); }
GI_SETTER(coroutine, __name__) { return set_name(ts, &GEN->name, value, "__name__"); }
GI_GETTER(coroutine, __qualname__, "qualified name of the coroutine") { return gi_generator_text(ts, &GEN->qualname); }
GI_SETTER(coroutine, __qualname__) { return set_name(ts, &GEN->qualname, value, "__qualname__"); }

static const GiMemberDef generator_members[] = {
    {"gi_code", GI_MEMBER_OBJECT, offsetof(GiGenerator, code), true, NULL}, {.name = NULL}};
static const GiMemberDef coroutine_members[] = {
    {"cr_code", GI_MEMBER_OBJECT, offsetof(GiGenerator, code), true, NULL},
    {"cr_origin", GI_MEMBER_OBJECT, offsetof(GiGenerator, origin), true, NULL}, {.name = NULL}};

static GiRef generator_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<%s object %U at %p>", gi_type_name(self), gi_val(GEN->qualname), (void *)gi_obj(self));
}

void gi_generator_each(GiObj *obj, GiVisit visit, void *arg) {
    GiGenerator *gen = (GiGenerator *)obj;
    if (gen->state == GI_GEN_CLOSED || gen->frame.regs == NULL) return;
    if (gen->frame.object.bits) {
        /* The collector empties a generator that would not close: its frame object may live on. */
        GiFrameObject *object = (GiFrameObject *)gi_obj(gen->frame.object);
        visit(&gen->frame.object, arg);
        if (gen->frame.object.bits == 0) {
            gi_frame_move_to_object(&gen->frame, object);
            visit(&gen->frame.handled.exc, arg);
            gen->state = GI_GEN_CLOSED;
            return;
        }
    }
    gi_frame_each_slot(&gen->frame, visit, arg);
}

void gi_generator_destroy(GiThread *ts, GiObj *obj) {
    GiGenerator *gen = (GiGenerator *)obj;
    if (gen->state != GI_GEN_CLOSED && gen->frame.regs != NULL) finish_claimed(ts, gen);
}

/* PYSEM: warnings._warn_unawaited_coroutine() if there is one; where it fails, that is reported and a
 * plain warning given. */
static GiStatus warn_never_awaited(GiThread *ts, GiVal self) {
    GiRef warnings = ts->vm->hooks->import(ts, "warnings"), hook = GI_NULL;
    if (!gi_is_null(warnings)) {
        hook = gi_getattr_cstr(ts, gi_val(warnings), "_warn_unawaited_coroutine");
        gi_drop(ts, warnings);
    }
    if (gi_is_null(hook)) {
        gi_exc_clear(ts);
    } else {
        GiRef r = gi_call1(ts, gi_val(hook), self);
        gi_drop(ts, hook);
        if (!gi_is_null(r)) {
            gi_drop(ts, r);
            return GI_OK;
        }
        gi_unraisable(ts, self, NULL);
    }
    return gi_warn(ts, &gi_exc_RuntimeWarning, 1, "coroutine '%S' was never awaited", gi_val(GEN->qualname));
}

/* __del__ of the three types: close(), for async generators the hook. */
void gi_generator_finalize(GiThread *ts, GiVal self) {
    GiGenerator *gen = GEN;
    if (gen->state == GI_GEN_CLOSED || gen->frame.regs == NULL) return;
    GiRef raised = gi_exc_take(ts);
    GiType *type = gi_obj_type(&gen->obj);
    if (type == &gi_async_generator_type && gen->finalizer.bits && !gen->ag_closed) {
        GiRef r = gi_call1(ts, gi_val(gen->finalizer), self);
        if (gi_is_null(r)) gi_unraisable(ts, self, NULL);
        else gi_drop(ts, r);
    } else {
        if (type == &gi_coroutine_type && gen->state == GI_GEN_CREATED) {
            if (warn_never_awaited(ts, self) < 0) gi_unraisable(ts, self, NULL);
        }
        GiRef r = gi_generator_close(ts, gen);
        if (gi_is_null(r)) gi_unraisable(ts, self, NULL);
        else gi_drop(ts, r);
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

const GiField gi_generator_fields[] = {
    GI_SLOT(GiGenerator, name), GI_SLOT(GiGenerator, qualname), GI_SLOT(GiGenerator, code),
    GI_SLOT(GiGenerator, origin), GI_SLOT(GiGenerator, finalizer), GI_CUSTOM(gi_generator_each), GI_FIELDS_END};

static GiRef return_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

GiType gi_generator_type = {
    .obj = GI_TYPE_HEAD, .name = "generator", .size = sizeof(GiGenerator), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_NO_NEW, .fields = gi_generator_fields,
    .methods = generator_methods, .getset = generator_getset, .members = generator_members,
    .repr = generator_repr, .iter = return_self, .next = generator_next, .send = generator_send_slot,
    .finalize = gi_generator_finalize, .destroy = gi_generator_destroy,
};

/* What coroutine.__await__() gives: an iterator over the coroutine. */
typedef struct GiCoroutineWrapper { GiObj obj; GiSlot coroutine; } GiCoroutineWrapper;
#define WRAPPED gi_val(((GiCoroutineWrapper *)gi_obj(self))->coroutine)
static GiRef coroutine_await(GiThread *ts, GiVal self) {
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_coroutine_wrapper_type, sizeof(GiCoroutineWrapper)));
    if (!gi_is_null(made)) gi_slot_init(&((GiCoroutineWrapper *)gi_obj(made))->coroutine, gi_dup(ts, self));
    return made;
}
GI_METHOD(coroutine_wrapper, send, "(self, arg, /)", "send(arg) -> send 'arg' into coroutine") {
    return generator_send_impl(ts, WRAPPED, a->arg);
}
GI_METHOD(coroutine_wrapper, throw, "(self, typ, val = <null>, tb = <null>, /)", "throw(value)") {
    return generator_throw_impl(ts, WRAPPED, a->typ, a->val, a->tb);
}
GI_METHOD(coroutine_wrapper, close, "(self)", "close() -> raise GeneratorExit inside coroutine.") {
    return gi_generator_close(ts, (GiGenerator *)gi_obj(WRAPPED));
}
static GiRef wrapper_next(GiThread *ts, GiVal self) { return generator_next(ts, WRAPPED); }
static GiRef wrapper_send(GiThread *ts, GiVal self, GiVal value, bool *returned) {
    return gi_generator_resume(ts, (GiGenerator *)gi_obj(WRAPPED), value, returned);
}
static const GiField wrapper_fields[] = {GI_SLOT(GiCoroutineWrapper, coroutine), GI_FIELDS_END};
GiType gi_coroutine_wrapper_type = {
    .obj = GI_TYPE_HEAD, .name = "coroutine_wrapper", .size = sizeof(GiCoroutineWrapper), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = wrapper_fields, .methods = coroutine_wrapper_methods,
    .iter = return_self, .next = wrapper_next, .send = wrapper_send,
    .doc = "A wrapper object implementing __await__ for coroutines.",
};

GiType gi_coroutine_type = {
    .obj = GI_TYPE_HEAD, .name = "coroutine", .size = sizeof(GiGenerator), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_NO_NEW, .fields = gi_generator_fields,
    .methods = coroutine_methods, .getset = coroutine_getset, .members = coroutine_members,
    .repr = generator_repr, .await_ = coroutine_await, .send = generator_send_slot,
    .finalize = gi_generator_finalize, .destroy = gi_generator_destroy,
};

GiRef gi_coroutine_origin(GiThread *ts, GiFrame *frame) {
    GiRef list = gi_list_new(ts, 0);
    for (int depth = ts->coroutine_origin_depth; frame && depth > 0 && !gi_is_null(list); depth--, frame = frame->back) {
        GiRef item = gi_tuple_pack(ts, 3, gi_val(frame->code->filename), gi_smallint(gi_frame_line(frame)),
                                   gi_val(frame->code->name));
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    if (gi_is_null(list)) return list;
    GiRef tuple = gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    return tuple;
}

GiRef gi_get_awaitable(GiThread *ts, GiVal v, int where) {
    if (gi_is_exact(v, &gi_coroutine_type)) {
        GiRef it = delegate_of(ts, (GiGenerator *)gi_obj(v));
        gi_xdrop(ts, it);
        if (!gi_is_null(it))
            return gi_raise_ref(ts, &gi_exc_RuntimeError, "coroutine is being awaited already");
        return gi_dup(ts, v);
    }
    if (gi_is_exact(v, &gi_generator_type) &&
        gi_code_of(((GiGenerator *)gi_obj(v))->code)->flags & GI_CO_ITERABLE_COROUTINE)
        return gi_dup(ts, v);
    GiType *type = gi_type_of(v);
    if (type->await_ == NULL) {
        if (where == 1)
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "'async with' received an object from __aenter__ that does not implement __await__: %T", v);
        if (where == 2)
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "'async with' received an object from __aexit__ that does not implement __await__: %T", v);
        return gi_raise_ref(ts, &gi_exc_TypeError, "object %T can't be used in 'await' expression", v);
    }
    GiRef r = type->await_(ts, v);
    if (gi_is_null(r)) return r;
    GiVal it = gi_val(r);
    if (gi_is_exact(it, &gi_coroutine_type) ||
        (gi_is_exact(it, &gi_generator_type) &&
         gi_code_of(((GiGenerator *)gi_obj(it))->code)->flags & GI_CO_ITERABLE_COROUTINE)) {
        gi_drop(ts, r);
        return gi_raise_ref(ts, &gi_exc_TypeError, "__await__() returned a coroutine");
    }
    if (gi_type_of(it)->next == NULL) {
        gi_raise(ts, &gi_exc_TypeError, "__await__() returned non-iterator of type '%T'", it);
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}
