/* frame_object.c - the Python-visible frame, and tracebacks. */
#include "bytecode/code.h"
#include "memory/slots.h"
#include "objects/dict.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/str.h"
#include "objects/exceptions.h"
#include "vm/generator.h"
#include "vm/ops.h"
#include "vm/frame_object.gen.h"

GiRef gi_frame_object(GiThread *ts, GiFrame *frame) {
    GI_ASSERT(!(frame->flags & GI_FRAME_OWNED));
    if (frame->object.bits != 0) return gi_slot_dup(ts, &frame->object);
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_frame_type, sizeof(GiFrameObject)));
    if (gi_is_null(made)) return made;
    GiFrameObject *object = (GiFrameObject *)gi_obj(made);
    object->frame = frame;
    object->trace_lines = true;
    gi_slot_init(&frame->object, gi_dup(ts, gi_val(made)));
    return made;
}

#define FRAME_OF(v) (((GiFrameObject *)gi_obj(v))->frame)

/* The frame of an object, to look at until release_frame. Without the lock the frame may be one that
 * another thread runs, or suspended in a generator that another resumes: then the world is stopped.
 * What the caller does meanwhile drops nothing and runs no Python code. */
static GiFrame *hold_frame(GiThread *ts, GiVal self, bool *stopped) {
    GiFrameObject *object = (GiFrameObject *)gi_obj(self);
    GiFrame *frame = __atomic_load_n(&object->frame, __ATOMIC_ACQUIRE);
    *stopped = false;
    if (GI_LIKELY(!ts->core.free_running) || frame == &object->own || gi_frame_is_mine(ts, frame)) return frame;
    *stopped = true;
    gi_stop_world_for(&ts->core, "frame");
    return object->frame;
}
static void release_frame(GiThread *ts, bool stopped) {
    if (stopped) gi_start_world(&ts->core);
}

GI_GETTER(frame, f_back, NULL) {
    GiFrameObject *object = (GiFrameObject *)gi_obj(self);
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    GiRef back = GI_REF_NONE;
    if (!(frame->flags & GI_FRAME_OWNED)) {
        if (frame->back != NULL) back = gi_frame_object(ts, frame->back);
    } else if (object->back.bits) {
        back = gi_slot_load(ts, &object->back);
    }
    release_frame(ts, stopped);
    return back;
}
GI_GETTER(frame, f_code, NULL) {
    bool stopped;
    GiRef code = gi_dup(ts, gi_from_obj(hold_frame(ts, self, &stopped)->code));
    release_frame(ts, stopped);
    return code;
}
GI_GETTER(frame, f_globals, NULL) {
    bool stopped;
    GiRef globals = gi_dup(ts, gi_frame_globals(hold_frame(ts, self, &stopped)));
    release_frame(ts, stopped);
    return globals;
}
GI_GETTER(frame, f_builtins, NULL) {
    bool stopped;
    GiRef func = gi_dup(ts, gi_from_obj(gi_frame_func(hold_frame(ts, self, &stopped))));
    release_frame(ts, stopped);
    GiRef builtins = gi_builtins_object(ts, gi_function_of(func));
    gi_drop(ts, func);
    return builtins;
}
GI_GETTER(frame, f_locals, NULL) {
    GiFrameObject *object = (GiFrameObject *)gi_obj(self);
    GiFrameShot shot;
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    if (GI_LIKELY(!stopped)) return gi_frame_object_locals(ts, object);
    GiStatus status = gi_frame_shoot(ts, frame, &shot);
    release_frame(ts, stopped);
    return status ? GI_NULL : gi_frame_shot_locals(ts, object, &shot);
}
GI_GETTER(frame, f_lasti, NULL) {
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    ptrdiff_t at = frame->pc - frame->code->instrs;
    bool created = frame->generator && frame->generator->state == GI_GEN_CREATED;
    release_frame(ts, stopped);
    return gi_smallint_ref(created ? -1 : 2 * (int64_t)at);
}
GI_GETTER(frame, f_lineno, NULL) {
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    int line = gi_frame_line(frame);
    /* PYSEM: a trace function is told of a call at the line of def, before any line of the body. */
    if ((ts->tracing != 0 || ts->trace_state != NULL) && frame->trace_line == 0 &&
        frame->pc - frame->code->instrs <= ((frame->code->flags & GI_CO_ANY_GENERATOR) != 0))
        line = frame->code->first_line;
    /* Where a body ends without a line of its own, the last one still counts. */
    if (line <= 0) line = frame->trace_line;
    release_frame(ts, stopped);
    return line > 0 ? gi_smallint_ref(line) : GI_REF_NONE;
}
GI_SETTER(frame, f_lineno) {
    bool others; /* never the frame that this thread traces */
    GiFrame *frame = hold_frame(ts, self, &others);
    bool owned = frame->flags & GI_FRAME_OWNED;
    release_frame(ts, others);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_AttributeError, "cannot delete attribute");
    int64_t line;
    if (!gi_is_int(value) || gi_int_as_i64(value, &line) != 0)
        return gi_raise_status(ts, &gi_exc_ValueError, "lineno must be an integer");
    const GiTraceState *state = ts->trace_state;
    if (state == NULL || owned || (state->frame == frame && state->event == GI_EVENT_CALL))
        return gi_raise_status(ts, &gi_exc_ValueError, "can't jump from the 'call' trace event of a new frame");
    if (state->frame != frame || state->event != GI_EVENT_LINE)
        return gi_raise_status(ts, &gi_exc_ValueError, "can only jump from a 'line' trace event");
    return gi_frame_jump(ts, frame, (int)GI_MAX(GI_MIN(line, INT32_MAX), INT32_MIN));
}
GI_GETTER(frame, f_trace, NULL) {
    GiSlot *slot = &((GiFrameObject *)gi_obj(self))->trace;
    GiRef trace = gi_slot_load(ts, slot);
    return gi_is_null(trace) ? GI_REF_NONE : trace;
}
GI_SETTER(frame, f_trace) {
    GiSlot *slot = &((GiFrameObject *)gi_obj(self))->trace;
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    /* A frame that is traced from its midst on stands on its line already. */
    if (!(frame->flags & GI_FRAME_OWNED) && !slot->bits && frame->trace_line == 0 &&
        frame->pc - frame->code->instrs > 1)
        frame->trace_line = gi_frame_line(frame);
    release_frame(ts, stopped);
    gi_slot_store(ts, slot, gi_is_null(value) || gi_is_none(value) ? GI_NULL : gi_dup(ts, value));
    return GI_OK;
}

GI_METHOD(frame, clear, "(self)", "F.clear(): clear most references held by the frame") {
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    bool owned = frame->flags & GI_FRAME_OWNED;
    GiGenerator *gen = owned ? NULL : frame->generator;
    bool idle = gen != NULL && gen->state != GI_GEN_RUNNING;
    GiRef held = idle ? gi_dup(ts, gi_from_obj(gen)) : GI_NULL;
    release_frame(ts, stopped);
    if (!owned) {
        if (!idle) return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot clear an executing frame");
        gi_generator_type.finalize(ts, gi_val(held));
        bool ended = gi_generator_end_idle(ts, gen);
        gi_drop(ts, held);
        if (!ended) return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot clear an executing frame");
    }
    frame = FRAME_OF(self);
    if (frame && frame->regs) {
        frame->flags |= GI_FRAME_CLEARED;
        for (unsigned i = 0; i < frame->code->register_count; i++) gi_slot_clear(ts, &frame->regs[i]);
    }
    gi_slot_clear(ts, &((GiFrameObject *)gi_obj(self))->locals);
    return GI_REF_NONE;
}
GI_METHOD(frame, __sizeof__, "(self)", "F.__sizeof__() -> size of F in memory, in bytes") {
    GiFrame *frame = FRAME_OF(self);
    return gi_int_from_i64(ts, (int64_t)(sizeof(GiFrameObject) + frame->code->register_count * sizeof(GiSlot)));
}

static GiRef frame_repr(GiThread *ts, GiVal self) {
    bool stopped;
    GiFrame *frame = hold_frame(ts, self, &stopped);
    GiRef code = gi_dup(ts, gi_from_obj(frame->code));
    int line = gi_frame_line(frame);
    release_frame(ts, stopped);
    GiRef text = gi_str_format(ts, "<frame at %p, file %R, line %d, code %U>", (void *)gi_obj(self),
                               gi_val(gi_code_of(code)->filename), line, gi_val(gi_code_of(code)->name));
    gi_drop(ts, code);
    return text;
}

static void frame_each(GiObj *obj, GiVisit visit, void *arg) {
    GiFrameObject *object = (GiFrameObject *)obj;
    if (object->frame && (object->frame->flags & GI_FRAME_OWNED)) gi_frame_each_slot(object->frame, visit, arg);
}
static void frame_destroy(GiThread *ts, GiObj *obj) {
    GiFrameObject *object = (GiFrameObject *)obj;
    if (object->frame && (object->frame->flags & GI_FRAME_OWNED)) {
        gi_frame_clear(ts, object->frame);
        gi_mem_free(object->own.regs);
        object->frame = NULL;
    }
}
static const GiField frame_fields[] = {
    GI_SLOT(GiFrameObject, back), GI_SLOT(GiFrameObject, trace), GI_SLOT(GiFrameObject, locals),
    GI_CUSTOM(frame_each), GI_FIELDS_END};
static const GiMemberDef frame_members[] = {
    {"f_trace_lines", GI_MEMBER_BOOL, offsetof(GiFrameObject, trace_lines), false, NULL},
    {"f_trace_opcodes", GI_MEMBER_BOOL, offsetof(GiFrameObject, trace_opcodes), false, NULL},
    {.name = NULL}};

GiType gi_frame_type = {
    .obj = GI_TYPE_HEAD, .name = "frame", .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .size = sizeof(GiFrameObject),
    .base = &gi_object_type, .fields = frame_fields, .methods = frame_methods, .getset = frame_getset,
    .members = frame_members, .repr = frame_repr, .destroy = frame_destroy,
};

/* ---- Tracebacks ---- */

GiRef gi_traceback_new(GiThread *ts, GiVal next, GiVal frame, int lasti, int lineno) {
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_traceback_type, sizeof(GiTraceback)));
    if (gi_is_null(made)) return made;
    GiTraceback *tb = (GiTraceback *)gi_obj(made);
    gi_slot_init(&tb->next, gi_is_none(next) ? GI_NULL : gi_xdup(ts, next));
    gi_slot_init(&tb->frame, gi_dup(ts, frame));
    tb->lasti = lasti;
    tb->lineno = lineno;
    return made;
}

/* Makes an entry for the frame the first of a traceback. Other threads may raise the same exception. */
static bool put_before(GiThread *ts, GiSlot *first, GiVal frame, int lasti) {
    for (;;) {
        GiRef old = gi_slot_load(ts, first), tb = gi_traceback_new(ts, gi_val(old), frame, lasti, -1);
        if (gi_is_null(tb)) {
            gi_xdrop(ts, old);
            return false;
        }
        uint64_t expected = old.bits;
        bool put = true;
        if (!ts->core.free_running) first->bits = tb.bits;
        else put = __atomic_compare_exchange_n(&first->bits, &expected, tb.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
        gi_xdrop(ts, old);
        if (put) {
            gi_xdrop(ts, old); /* the slot's */
            return true;
        }
        gi_drop(ts, tb);
    }
}

void gi_traceback_add(GiThread *ts, GiFrame *frame) {
    if (gi_obj_owner(gi_obj(ts->exc)) == GI_OWNER_IMMORTAL) return; /* the last MemoryError, which others raise too */
    GiRef exc = gi_exc_take(ts);
    GiRef object = gi_frame_object(ts, frame);
    if (gi_is_null(object)) {
        gi_xdrop(ts, exc);
        return; /* the MemoryError is what is raised now */
    }
    int at = (int)(frame->pc - frame->code->instrs);
    bool put = put_before(ts, &gi_exception_of(gi_val(exc))->traceback, gi_val(object), 2 * at);
    gi_drop(ts, object);
    if (put) gi_exc_restore(ts, exc);
    else gi_drop(ts, exc); /* as above */
}

void gi_frame_go_back(GiThread *ts, GiFrame *frame) {
    GiRef first = gi_slot_load(ts, &gi_exception_of(gi_exc_peek(ts))->traceback);
    if (gi_is_null(first)) return;
    GiTraceback *tb = (GiTraceback *)gi_obj(first);
    if (__atomic_load_n(&FRAME_OF(gi_val(tb->frame)), __ATOMIC_RELAXED) == frame) frame->pc = frame->code->instrs + tb->lasti / 2;
    gi_drop(ts, first);
}

GI_NEW(traceback, "(cls, tb_next, tb_frame, tb_lasti: int, tb_lineno: int)", "Create a new traceback object.") {
    if (!gi_is_none(a->tb_next) && !gi_is_exact(a->tb_next, &gi_traceback_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "expected traceback object or None, got '%T'", a->tb_next);
    if (!gi_is_exact(a->tb_frame, &gi_frame_type))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "traceback() argument 'tb_frame' must be frame, not %T", a->tb_frame);
    return gi_traceback_new(ts, a->tb_next, a->tb_frame, a->tb_lasti, a->tb_lineno);
}
GI_GETTER(traceback, tb_next, NULL) {
    GiTraceback *tb = (GiTraceback *)gi_obj(self);
    GiRef next = gi_slot_load(ts, &tb->next);
    return gi_is_null(next) ? GI_REF_NONE : next;
}
GI_SETTER(traceback, tb_next) {
    GiTraceback *tb = (GiTraceback *)gi_obj(self);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "can't delete tb_next attribute");
    if (gi_is_none(value)) {
        gi_slot_store(ts, &tb->next, GI_NULL);
        return GI_OK;
    }
    if (!gi_is_exact(value, &gi_traceback_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "expected traceback object, got '%T'", value);
    for (GiVal v = value; !gi_is_null(v); v = gi_val(((GiTraceback *)gi_obj(v))->next))
        if (gi_same(v, self)) return gi_raise_status(ts, &gi_exc_ValueError, "traceback loop detected");
    gi_slot_store(ts, &tb->next, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(traceback, tb_frame, NULL) { return gi_slot_dup(ts, &((GiTraceback *)gi_obj(self))->frame); }
GI_GETTER(traceback, tb_lasti, NULL) { return gi_smallint_ref(((GiTraceback *)gi_obj(self))->lasti); }
GI_GETTER(traceback, tb_lineno, NULL) {
    GiTraceback *tb = (GiTraceback *)gi_obj(self);
    int line = tb->lineno;
    if (line < 0) {
        bool stopped;
        const GiCode *code = hold_frame(ts, gi_val(tb->frame), &stopped)->code;
        line = gi_code_position(code, (uint32_t)tb->lasti / 2).line;
        release_frame(ts, stopped);
        if (line <= 0) return GI_REF_NONE;
    }
    return gi_smallint_ref(line);
}
GI_METHOD(traceback, __dir__, "(self)", NULL) {
    static const char *const names[] = {"tb_frame", "tb_next", "tb_lasti", "tb_lineno"};
    GiRef list = gi_list_new(ts, 4);
    for (size_t i = 0; i < 4 && !gi_is_null(list); i++) {
        GiRef name = gi_str_from_cstr(ts, names[i]);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static const GiField traceback_fields[] = {GI_SLOT(GiTraceback, next), GI_SLOT(GiTraceback, frame), GI_FIELDS_END};
GiType gi_traceback_type = {
    .obj = GI_TYPE_HEAD, .name = "traceback", .flags = GI_TYPE_GC, .size = sizeof(GiTraceback),
    .base = &gi_object_type, .fields = traceback_fields, .methods = traceback_methods,
    .getset = traceback_getset, .new_ = traceback_new,
};
