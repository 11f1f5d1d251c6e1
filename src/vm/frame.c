/* frame.c - the register stack, and the end of frames.
 *
 * The register stack is a chain of chunks; a frame lies in one chunk. One empty chunk is kept so
 * that a call at a chunk's edge does not allocate again and again; the first stays as long as the
 * thread does. Belongs to its thread.
 */
#include "memory/slots.h"
#include "vm/frame.h"
#include "objects/dict.h"
#include "objects/names.h"
#include "objects/tuple.h"
#include "objects/descr.h"

#define CHUNK_WORDS (32 * 1024)

struct GiStackChunk {
    GiStackChunk *back, *spare;
    GiSlot *top_before;   /* stack_top in the chunk before */
    GiSlot *limit;
    GiSlot words[];
};

static GiStatus add_chunk(GiThread *ts, size_t words) {
    GiStackChunk *current = ts->stack_chunk;
    GiStackChunk *chunk = current ? current->spare : NULL;
    if (chunk != NULL && (size_t)(chunk->limit - chunk->words) >= words) {
        current->spare = NULL;
    } else {
        size_t count = GI_MAX(words, (size_t)CHUNK_WORDS);
        chunk = gi_mem_alloc(ts, sizeof *chunk + count * sizeof(GiSlot));
        if (chunk == NULL) return GI_FAIL;
        chunk->limit = chunk->words + count;
    }
    chunk->spare = NULL;
    chunk->back = current;
    chunk->top_before = ts->stack_top;
    ts->stack_chunk = chunk;
    ts->stack_top = chunk->words;
    ts->stack_limit = chunk->limit;
    return GI_OK;
}

static void leave_chunk(GiThread *ts) {
    GiStackChunk *chunk = ts->stack_chunk, *back = chunk->back;
    ts->stack_top = chunk->top_before;
    ts->stack_chunk = back;
    ts->stack_limit = back->limit;
    if (back->spare == NULL) {
        back->spare = chunk;
        gi_mem_free(chunk->spare);
        chunk->spare = NULL;
    } else {
        gi_mem_free(chunk->spare);
        gi_mem_free(chunk);
    }
}

static GI_COLD bool too_deep(GiThread *ts) {
    int limit = ts->recursion_limit;
    if (ts->recursion_headroom > 0) limit += 50;
    if (ts->recursion < limit) return false;
    ts->recursion_headroom++;
    gi_raise(ts, &gi_exc_RecursionError, "maximum recursion depth exceeded");
    ts->recursion_headroom--;
    return true;
}

GiFrame *gi_frame_push(GiThread *ts, GiRef func, GiCode *code) {
    if (GI_UNLIKELY(ts->recursion >= ts->recursion_limit) && too_deep(ts)) {
        gi_drop(ts, func);
        return NULL;
    }
    if (gi_code_load(ts, code) < 0) {
        gi_drop(ts, func);
        return NULL;
    }
    size_t words = GI_FRAME_WORDS + code->register_count;
    unsigned flags = 0;
    if (GI_UNLIKELY((size_t)(ts->stack_limit - ts->stack_top) < words)) {
        bool first = ts->stack_chunk == NULL;
        if (add_chunk(ts, words) < 0) {
            gi_drop(ts, func);
            return NULL;
        }
        flags = first ? 0 : GI_FRAME_CHUNK;
    }
    GiFrame *frame = (GiFrame *)ts->stack_top;
    ts->stack_top += words;
    ts->recursion++;
    GiSlot *regs = (GiSlot *)frame + GI_FRAME_WORDS;
    *frame = (GiFrame){.back = ts->frame, .code = code, .func = {func.bits}, .pc = code->instrs, .regs = regs,
                       .flags = (uint8_t)flags};
    for (unsigned i = 0, n = code->register_count; i < n; i++) regs[i].bits = 0;
    ts->frame = frame;
    return frame;
}

void gi_frame_clear(GiThread *ts, GiFrame *frame) {
    /* The code is the function's: without it the collector has emptied the frame before. */
    if (frame->regs != NULL && frame->func.bits != 0)
        for (unsigned i = 0, n = frame->code->register_count; i < n; i++)
            gi_slot_clear(ts, &frame->regs[i]);
    gi_slot_clear(ts, &frame->locals);
    gi_slot_clear(ts, &frame->instance);
    gi_slot_clear(ts, &frame->handled.exc);
    gi_slot_clear(ts, &frame->func);
}

/* The frame ends while its object lives on: its variables move into the object. What an exception left
 * in temporaries goes (`raise X()` leaves the exception, whose traceback has the frame). */
static void hand_to_object(GiThread *ts, GiFrame *frame, GiFrameObject *object) {
    size_t n = frame->code->register_count;
    for (size_t i = frame->code->local_count; i < n; i++) gi_slot_clear(ts, &frame->regs[i]);
    GiSlot *regs = NULL;
    if (n) {
        GiRef raised = gi_exc_take(ts); /* what the frame ends with outlives a MemoryError here */
        regs = gi_mem_alloc(ts, n * sizeof(GiSlot));
        gi_exc_restore(ts, raised);
    }
    GiFrame *own = &object->own;
    *own = *frame;
    own->regs = regs;
    own->handled = (GiHandled){.back = NULL};
    own->instance.bits = own->object.bits = 0;
    own->generator = NULL;
    own->flags = GI_FRAME_OWNED | (frame->flags & GI_FRAME_TRACED);
    own->back = NULL;
    if (regs) memcpy(regs, frame->regs, n * sizeof(GiSlot));
    __atomic_store_n(&object->frame, own, __ATOMIC_RELEASE); /* whole: others look at it from now on */
    GiRef handled = gi_slot_take(&frame->handled.exc), instance = gi_slot_take(&frame->instance);
    gi_xdrop(ts, handled);
    gi_xdrop(ts, instance);
    /* Without memory the object has no variables. */
    for (size_t i = 0; i < n && !regs; i++) gi_slot_clear(ts, &frame->regs[i]);
}

void gi_frame_move_to_object(GiFrame *frame, GiFrameObject *object) {
    size_t n = frame->code->register_count;
    GiFrame *copy = malloc(sizeof(GiFrame) + n * sizeof(GiSlot));
    if (copy == NULL) abort();
    *copy = *frame;
    copy->regs = (GiSlot *)(copy + 1);
    memcpy(copy->regs, frame->regs, n * sizeof(GiSlot));
    memset(frame->regs, 0, n * sizeof(GiSlot));
    frame->func.bits = frame->locals.bits = frame->instance.bits = 0;
    copy->handled = (GiHandled){0};
    copy->object.bits = 0;
    copy->generator = NULL;
    copy->flags = GI_FRAME_OWNED | (frame->flags & GI_FRAME_TRACED);
    copy->back = NULL;
    object->frame = copy;
}

/* Takes away what refers to the frame and empties it. The thread's exception is left alone. What a
 * suspended generator handles is not linked. */
static void end_frame(GiThread *ts, GiFrame *frame, bool running) {
    if (frame->handled.exc.bits != 0) {
        if (running) gi_handled_unlink(ts, frame);
        GiRef exc = gi_slot_take(&frame->handled.exc);
        gi_drop(ts, exc);
    }
    if (frame->object.bits != 0) {
        GiFrameObject *object = (GiFrameObject *)gi_obj(frame->object);
        if (!gi_is_unique(ts, gi_val(frame->object))) {
            /* PYSEM: the frame of a generator has f_back only while it runs (diff/frames_of_ended_generators):
             * a future that keeps a coroutine's exception would lead back to who waits for it. */
            if (frame->back != NULL && frame->generator == NULL) {
                GiRef exc = gi_exc_take(ts);
                GiRef back = gi_frame_object(ts, frame->back);
                if (gi_is_null(back)) gi_exc_clear(ts);
                gi_slot_set(ts, &object->back, back);
                if (!gi_is_null(exc)) gi_exc_restore(ts, exc);
            }
            hand_to_object(ts, frame, object);
            GiRef held = gi_slot_take(&frame->object);
            gi_drop(ts, held);
            return;
        }
        object->frame = NULL;
        GiRef held = gi_slot_take(&frame->object);
        gi_drop(ts, held);
    }
    gi_frame_clear(ts, frame);
}

void gi_frame_pop(GiThread *ts, GiFrame *frame) {
    GI_ASSERT(ts->frame == frame);
    ts->frame = frame->back;
    end_frame(ts, frame, true);
    ts->recursion--;
    if (frame->flags & GI_FRAME_CHUNK)
        leave_chunk(ts);
    else
        ts->stack_top = (GiSlot *)frame;
}

void gi_frame_end_generator(GiThread *ts, GiFrame *frame, bool running) { end_frame(ts, frame, running); }

void gi_stack_free(GiThread *ts) {
    while (ts->stack_chunk != NULL) {
        GiStackChunk *chunk = ts->stack_chunk;
        ts->stack_chunk = chunk->back;
        gi_mem_free(chunk->spare);
        gi_mem_free(chunk);
    }
    ts->stack_top = ts->stack_limit = NULL;
}

void gi_stack_abandon(GiThread *gone) {
    bool known = false;
    for (GiFrame *f = gone->frame, *back; f != NULL; f = back) {
        back = f->back;
        known |= f->object.bits != 0;
        if (f->generator != NULL && !known) f->back = NULL; /* stands in the generator, which lives on */
    }
    if (!known) gi_stack_free(gone);
}

void gi_frame_each_slot(GiFrame *frame, GiVisit visit, void *arg) {
    if (frame->regs != NULL && frame->func.bits != 0)
        for (unsigned i = 0, n = frame->code->register_count; i < n; i++)
            if (frame->regs[i].bits != 0) visit(&frame->regs[i], arg);
    visit(&frame->locals, arg);
    visit(&frame->instance, arg);
    visit(&frame->handled.exc, arg);
    visit(&frame->func, arg); /* last: the visitor may take it out */
}

int gi_frame_line(const GiFrame *frame) {
    uint32_t at = (uint32_t)(frame->pc - frame->code->instrs);
    return gi_code_position(frame->code, at).line;
}

/* Adds the variable's value to the dict, or removes it when it has none. */
static GiStatus put_variable(GiThread *ts, GiVal dict, GiVal name, GiVal value) {
    if (gi_is_null(value)) {
        bool found;
        return gi_dict_del(ts, dict, name, &found);
    }
    return gi_dict_set(ts, dict, name, value);
}

/* Puts the variables of `func` into the dict; values: of its first registers, NULL: none any more. */
static GiStatus fill_locals(GiThread *ts, GiCode *code, const GiVal *values, const GiFunction *func, GiVal dict) {
    for (unsigned i = 0; i < code->local_count; i++) {
        GiVal name = gi_val(code->variables[i]);
        if (gi_is_null(name)) continue;
        GiVal value = values ? values[i] : GI_NOVAL;
        GiRef held = GI_NULL;
        if (!gi_is_null(value) && code->variable_is_cell[i] && gi_is_exact(value, &gi_cell_type))
            held = gi_slot_load(ts, &((GiCell *)gi_obj(value))->value), value = gi_val(held);
        GiStatus status = put_variable(ts, dict, name, value);
        gi_xdrop(ts, held);
        if (status < 0) return GI_FAIL;
    }
    if (func == NULL) return GI_OK;
    GiVal closure = gi_val(func->closure);
    for (unsigned i = 0; i < code->free_count; i++) {
        GiCell *cell = (GiCell *)gi_obj(gi_tuple_get(closure, i));
        GiVal name = gi_val(code->variables[code->local_count + i]);
        GiRef value = gi_slot_load(ts, &cell->value);
        GiStatus status = put_variable(ts, dict, name, gi_val(value));
        gi_xdrop(ts, value);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}

/* The dict that f_locals of a function gives, which is the same each time. */
static GiRef function_locals(GiThread *ts, GiFrameObject *object) {
    GiRef dict = gi_slot_load(ts, &object->locals);
    if (!gi_is_null(dict)) return dict;
    dict = gi_dict_new(ts);
    uint64_t none = 0;
    if (gi_is_null(dict) || __atomic_compare_exchange_n(&object->locals.bits, &none, gi_dup(ts, gi_val(dict)).bits, false,
                                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return dict;
    gi_drop(ts, dict), gi_drop(ts, dict); /* another thread was first */
    return gi_slot_load(ts, &object->locals);
}

/* f_locals, made of what a frame holds. */
static GiRef locals_of(GiThread *ts, GiFrameObject *object, GiCode *code, const GiVal *values, const GiFunction *func,
                       GiVal given, bool cleared) {
    bool optimized = code->flags & GI_CO_OPTIMIZED;
    if (gi_is_null(given) && !optimized) return gi_dup(ts, gi_val(func->globals));
    GiRef locals = gi_is_null(given) ? function_locals(ts, object) : gi_dup(ts, given);
    if (gi_is_null(locals) || !gi_is_dict(gi_val(locals))) return locals;
    if (fill_locals(ts, code, values, optimized && !cleared ? func : NULL, gi_val(locals)) == GI_OK) return locals;
    gi_drop(ts, locals);
    return GI_NULL;
}

GiRef gi_frame_object_locals(GiThread *ts, GiFrameObject *object) {
    GiFrame *frame = object->frame;
    return locals_of(ts, object, frame->code, (const GiVal *)frame->regs, gi_frame_func(frame), gi_val(frame->locals),
                     frame->flags & GI_FRAME_CLEARED);
}

GiStatus gi_frame_shoot(GiThread *ts, const GiFrame *frame, GiFrameShot *shot) {
    size_t n = frame->code->local_count;
    *shot = (GiFrameShot){.code = frame->code, .cleared = frame->flags & GI_FRAME_CLEARED};
    if (frame->regs != NULL) {
        shot->values = gi_mem_alloc(ts, (n + 1) * sizeof(GiRef));
        if (shot->values == NULL) return GI_FAIL;
        for (size_t i = 0; i < n; i++) shot->values[i] = gi_xdup(ts, gi_val(frame->regs[i]));
    }
    shot->func = gi_dup(ts, gi_from_obj(gi_frame_func(frame)));
    shot->locals = gi_xdup(ts, gi_val(frame->locals));
    return GI_OK;
}

GiRef gi_frame_shot_locals(GiThread *ts, GiFrameObject *object, GiFrameShot *shot) {
    GiRef locals = locals_of(ts, object, shot->code, (const GiVal *)shot->values, gi_function_of(shot->func),
                             gi_val(shot->locals), shot->cleared);
    for (size_t i = 0; shot->values != NULL && i < shot->code->local_count; i++) gi_xdrop(ts, shot->values[i]);
    gi_mem_free(shot->values);
    gi_xdrop(ts, shot->locals);
    gi_drop(ts, shot->func);
    return locals;
}

GiRef gi_frame_locals(GiThread *ts, GiFrame *frame) {
    GiRef object = gi_frame_object(ts, frame);
    if (gi_is_null(object)) return object;
    GiRef locals = gi_frame_object_locals(ts, (GiFrameObject *)gi_obj(object));
    gi_drop(ts, object);
    return locals;
}
