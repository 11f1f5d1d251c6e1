/* asyncgen.c - asynchronous generators: __anext__, asend, athrow, aclose.
 *
 * A yielded value travels out of the frame in a GiAsyncWrapped, so that it differs from what an
 * awaited object yields to the event loop.
 */
#include "vm/generator.h"
#include "objects/exceptions.h"
#include "objects/descr.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/str.h"
#include "vm/asyncgen.gen.h"

typedef struct GiAsyncWrapped { GiObj obj; GiSlot value; } GiAsyncWrapped;
typedef enum { STEP_INIT, STEP_ITER, STEP_CLOSED } StepState;
/* One awaitable step: asend(value), athrow(...) or aclose(). */
typedef struct GiAsyncStep {
    GiObj obj;
    GiSlot gen, value;     /* value null: None */
    GiSlot type, exc, tb;  /* athrow's arguments; type null: aclose */
    uint8_t state;
} GiAsyncStep;

GiRef gi_asyncgen_wrap(GiThread *ts, GiVal value) {
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_asyncgen_wrapped_type, sizeof(GiAsyncWrapped)));
    if (!gi_is_null(made)) gi_slot_init(&((GiAsyncWrapped *)gi_obj(made))->value, gi_dup(ts, value));
    return made;
}

#define GEN ((GiGenerator *)gi_obj(self))
#define STEP ((GiAsyncStep *)gi_obj(self))
#define STEP_GEN(step) ((GiGenerator *)gi_obj((step)->gen))

/* Runs the hooks of sys.set_asyncgen_hooks at the first iteration. */
static GiStatus init_hooks(GiThread *ts, GiGenerator *gen) {
    if (gen->hooks_inited || __atomic_exchange_n(&gen->hooks_inited, true, __ATOMIC_ACQ_REL)) return GI_OK;
    if (ts->asyncgen_finalizer.bits) gi_slot_set(ts, &gen->finalizer, gi_slot_dup(ts, &ts->asyncgen_finalizer));
    if (ts->asyncgen_firstiter.bits) {
        GiRef r = gi_call1(ts, gi_val(ts->asyncgen_firstiter), gi_from_obj(gen));
        if (gi_is_null(r)) return GI_FAIL;
        gi_drop(ts, r);
    }
    return GI_OK;
}

static GiRef new_step(GiThread *ts, GiGenerator *gen, GiType *type, GiVal value) {
    if (init_hooks(ts, gen) < 0) return GI_NULL;
    GiRef made = gi_own_obj(gi_heap_new(ts, type, sizeof(GiAsyncStep)));
    if (gi_is_null(made)) return made;
    GiAsyncStep *step = (GiAsyncStep *)gi_obj(made);
    gi_slot_init(&step->gen, gi_dup(ts, gi_from_obj(gen)));
    gi_slot_init(&step->value, gi_xdup(ts, value));
    step->state = STEP_INIT;
    return made;
}

/* What one resumption gave: a wrapped value ends the step by StopIteration(value). */
static GiRef unwrap(GiThread *ts, GiGenerator *gen, GiRef r, bool returned) {
    if (gi_is_null(r) || returned) {
        if (!gi_is_null(r)) {
            gi_drop(ts, r);
            gi_raise_none(ts, &gi_exc_StopAsyncIteration);
        }
        if (gi_exc_matches(ts, &gi_exc_StopAsyncIteration) || gi_exc_matches(ts, &gi_exc_GeneratorExit))
            gen->ag_closed = true;
        gen->ag_running = false;
        return GI_NULL;
    }
    if (gi_is_exact(gi_val(r), &gi_asyncgen_wrapped_type)) {
        gen->ag_running = false;
        gi_raise_stop_iteration(ts, gi_val(((GiAsyncWrapped *)gi_obj(r))->value));
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

/* True when a step of the generator is under way already; else this one is from now on. */
static bool begin(GiGenerator *gen) { return __atomic_exchange_n(&gen->ag_running, true, __ATOMIC_ACQ_REL); }

static GiRef running_error(GiThread *ts, const char *what) {
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "%s: asynchronous generator is already running", what);
}

static GiRef asend_step(GiThread *ts, GiVal self, GiVal value) {
    GiAsyncStep *step = STEP;
    GiGenerator *gen = STEP_GEN(step);
    if (step->state == STEP_CLOSED)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot reuse already awaited __anext__()/asend()");
    if (step->state == STEP_INIT) {
        if (begin(gen)) return running_error(ts, "anext()");
        if (gi_is_none(value) && step->value.bits) value = gi_val(step->value);
        step->state = STEP_ITER;
    }
    gen->ag_running = true;
    bool returned;
    GiRef r = gi_generator_resume(ts, gen, value, &returned);
    r = unwrap(ts, gen, r, returned);
    if (gi_is_null(r)) step->state = STEP_CLOSED;
    return r;
}

/* aclose(): a yield is an error, the end is StopIteration. */
static GiRef finish_close(GiThread *ts, GiAsyncStep *step, GiRef r, bool returned) {
    GiGenerator *gen = STEP_GEN(step);
    if (!gi_is_null(r) && !returned) {
        if (gi_is_exact(gi_val(r), &gi_asyncgen_wrapped_type)) {
            gen->ag_running = false;
            step->state = STEP_CLOSED;
            gi_drop(ts, r);
            return gi_raise_ref(ts, &gi_exc_RuntimeError, "async generator ignored GeneratorExit");
        }
        return r;
    }
    gen->ag_running = false;
    step->state = STEP_CLOSED;
    if (!gi_is_null(r)) {
        gi_drop(ts, r);
        gi_raise_none(ts, &gi_exc_StopIteration);
        return GI_NULL;
    }
    if (gi_exc_matches(ts, &gi_exc_StopAsyncIteration) || gi_exc_matches(ts, &gi_exc_GeneratorExit)) {
        gi_exc_clear(ts);
        gi_raise_none(ts, &gi_exc_StopIteration);
    }
    return GI_NULL;
}

static GiRef athrow_step(GiThread *ts, GiVal self, GiVal value) {
    GiAsyncStep *step = STEP;
    GiGenerator *gen = STEP_GEN(step);
    bool closing = step->type.bits == 0, returned = false;
    if (step->state == STEP_CLOSED)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot reuse already awaited aclose()/athrow()");
    if (gen->state == GI_GEN_CLOSED) {
        step->state = STEP_CLOSED;
        gi_raise_none(ts, &gi_exc_StopIteration);
        return GI_NULL;
    }
    if (step->state == STEP_INIT) {
        if (begin(gen)) {
            step->state = STEP_CLOSED;
            return running_error(ts, closing ? "aclose()" : "athrow()");
        }
        if (gen->ag_closed) {
            gen->ag_running = false;
            step->state = STEP_CLOSED;
            gi_raise_none(ts, &gi_exc_StopAsyncIteration);
            return GI_NULL;
        }
        if (!gi_is_none(value)) {
            gen->ag_running = false;
            return gi_raise_ref(ts, &gi_exc_RuntimeError, "can't send non-None value to a just-started coroutine");
        }
        step->state = STEP_ITER;
        if (closing) {
            gen->ag_closed = true;
            gi_raise_none(ts, &gi_exc_GeneratorExit);
            GiRef r = gi_generator_throw(ts, gen, false, &returned);
            return finish_close(ts, step, r, returned);
        }
        if (gi_generator_raise_args(ts, gi_val(step->type), gi_val(step->exc), gi_val(step->tb)) < 0) {
            gen->ag_running = false;
            return GI_NULL;
        }
        GiRef r = gi_generator_throw(ts, gen, false, &returned);
        r = unwrap(ts, gen, r, returned);
        if (gi_is_null(r)) step->state = STEP_CLOSED;
        return r;
    }
    GiRef r = gi_generator_resume(ts, gen, value, &returned);
    if (closing) return finish_close(ts, step, r, returned);
    r = unwrap(ts, gen, r, returned);
    if (gi_is_null(r)) step->state = STEP_CLOSED;
    return r;
}

/* step.throw(): into the running generator. */
static GiRef throw_step(GiThread *ts, GiVal self, GiVal type, GiVal value, GiVal tb) {
    GiAsyncStep *step = STEP;
    GiGenerator *gen = STEP_GEN(step);
    bool is_throw = gi_is_exact(self, &gi_asyncgen_athrow_type), closing = is_throw && step->type.bits == 0;
    if (step->state == STEP_CLOSED)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot reuse already awaited %s",
                            is_throw ? "aclose()/athrow()" : "__anext__()/asend()");
    if (gi_generator_raise_args(ts, type, value, tb) < 0) return GI_NULL;
    bool returned = false;
    GiRef r = gi_generator_throw(ts, gen, false, &returned);
    if (closing) return finish_close(ts, step, r, returned);
    r = unwrap(ts, gen, r, returned);
    if (gi_is_null(r)) step->state = STEP_CLOSED;
    return r;
}

GI_METHOD(async_generator, asend, "(self, value, /)", "asend(v) -> send 'v' in generator.") {
    return new_step(ts, GEN, &gi_asyncgen_asend_type, a->value);
}
static GiRef new_throw(GiThread *ts, GiVal self, GiVal type, GiVal exc, GiVal tb) {
    GiRef made = new_step(ts, GEN, &gi_asyncgen_athrow_type, GI_NOVAL);
    if (gi_is_null(made)) return made;
    GiAsyncStep *step = (GiAsyncStep *)gi_obj(made);
    gi_slot_init(&step->type, gi_xdup(ts, type));
    gi_slot_init(&step->exc, gi_xdup(ts, exc));
    gi_slot_init(&step->tb, gi_xdup(ts, tb));
    return made;
}
GI_METHOD(async_generator, athrow, "(self, typ, val = <null>, tb = <null>, /)",
          "athrow(typ[,val[,tb]]) -> raise exception in generator.") {
    return new_throw(ts, self, a->typ, a->val, a->tb);
}
GI_METHOD(async_generator, aclose, "(self)", "aclose() -> raise GeneratorExit inside generator.") {
    return new_throw(ts, self, GI_NOVAL, GI_NOVAL, GI_NOVAL);
}
GI_CLASSMETHOD(async_generator, __class_getitem__, "(type, item, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->item);
}
GI_GETTER(async_generator, ag_frame, NULL) { return gi_generator_get_frame(ts, self); }
GI_GETTER(async_generator, ag_await, "object being awaited on, or None") { return gi_generator_get_delegate(ts, self); }
GI_GETTER(async_generator, ag_suspended, NULL) { (void)ts; return gi_bool_ref(GEN->state == GI_GEN_SUSPENDED); }
GI_GETTER(async_generator, __name__, "name of the async generator") { return gi_generator_text(ts, &GEN->name); }
GI_SETTER(async_generator, __name__) {
    if (gi_is_null(value) || !gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__name__ must be set to a string object");
    gi_slot_set(ts, &GEN->name, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(async_generator, __qualname__, "qualified name of the async generator") { return gi_generator_text(ts, &GEN->qualname); }
GI_SETTER(async_generator, __qualname__) {
    if (gi_is_null(value) || !gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__qualname__ must be set to a string object");
    gi_slot_set(ts, &GEN->qualname, gi_dup(ts, value));
    return GI_OK;
}
static const GiMemberDef async_generator_members[] = {
    {"ag_code", GI_MEMBER_OBJECT, offsetof(GiGenerator, code), true, NULL},
    {"ag_running", GI_MEMBER_BOOL, offsetof(GiGenerator, ag_running), true, NULL},
    {.name = NULL}};

static GiRef return_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
static GiRef asyncgen_aiter(GiThread *ts, GiVal self) {
    return init_hooks(ts, GEN) < 0 ? GI_NULL : gi_dup(ts, self);
}
static GiRef asyncgen_anext(GiThread *ts, GiVal self) {
    return new_step(ts, GEN, &gi_asyncgen_asend_type, GI_NOVAL);
}
static GiRef asyncgen_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<async_generator object %U at %p>", gi_val(GEN->qualname), (void *)gi_obj(self));
}

GiType gi_async_generator_type = {
    .obj = GI_TYPE_HEAD, .name = "async_generator", .size = sizeof(GiGenerator), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_NO_NEW, .fields = gi_generator_fields,
    .methods = async_generator_methods, .getset = async_generator_getset, .members = async_generator_members,
    .repr = asyncgen_repr, .aiter = asyncgen_aiter, .anext = asyncgen_anext,
    .finalize = gi_generator_finalize, .destroy = gi_generator_destroy,
};

static GiRef asend_next(GiThread *ts, GiVal self) { return asend_step(ts, self, GI_NONE); }
static GiRef athrow_next(GiThread *ts, GiVal self) { return athrow_step(ts, self, GI_NONE); }

GI_METHOD(asyncgen_asend, send, "(self, arg, /)", "send(arg)") { return asend_step(ts, self, a->arg); }
GI_METHOD(asyncgen_asend, throw, "(self, typ, val = <null>, tb = <null>, /)", "throw(value)") {
    return throw_step(ts, self, a->typ, a->val, a->tb);
}
GI_METHOD(asyncgen_asend, close, "(self)", "close()") {
    STEP->state = STEP_CLOSED;
    return GI_REF_NONE;
}
GI_METHOD(asyncgen_athrow, send, "(self, arg, /)", "send(arg)") { return athrow_step(ts, self, a->arg); }
GI_METHOD(asyncgen_athrow, throw, "(self, typ, val = <null>, tb = <null>, /)", "throw(value)") {
    return throw_step(ts, self, a->typ, a->val, a->tb);
}
GI_METHOD(asyncgen_athrow, close, "(self)", "close()") {
    STEP->state = STEP_CLOSED;
    return GI_REF_NONE;
}

static const GiField step_fields[] = {
    GI_SLOT(GiAsyncStep, gen), GI_SLOT(GiAsyncStep, value), GI_SLOT(GiAsyncStep, type),
    GI_SLOT(GiAsyncStep, exc), GI_SLOT(GiAsyncStep, tb), GI_FIELDS_END};
GiType gi_asyncgen_asend_type = {
    .obj = GI_TYPE_HEAD, .name = "async_generator_asend", .size = sizeof(GiAsyncStep), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = step_fields, .methods = asyncgen_asend_methods,
    .iter = return_self, .next = asend_next, .await_ = return_self,
};
GiType gi_asyncgen_athrow_type = {
    .obj = GI_TYPE_HEAD, .name = "async_generator_athrow", .size = sizeof(GiAsyncStep), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = step_fields, .methods = asyncgen_athrow_methods,
    .iter = return_self, .next = athrow_next, .await_ = return_self,
};
static const GiField wrapped_fields[] = {GI_SLOT(GiAsyncWrapped, value), GI_FIELDS_END};
GiType gi_asyncgen_wrapped_type = {
    .obj = GI_TYPE_HEAD, .name = "async_generator_wrapped_value", .size = sizeof(GiAsyncWrapped),
    .base = &gi_object_type, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = wrapped_fields,
};
