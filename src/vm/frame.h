/* frame.h - frames and their register windows, frame objects, tracebacks.
 *
 * A call of a Python function pushes a GiFrame and its registers on the thread's register stack
 * (chunks of memory, not the C stack). A generator's frame stands in the generator object. The
 * Python-visible frame object is made on demand; when its frame ends and somebody still refers to
 * the object, the registers move into memory of its own.
 * Only the thread that runs a frame touches it.
 */
#ifndef GI_VM_FRAME_H
#define GI_VM_FRAME_H

#include "objects/error.h"
#include "objects/protocol.h"
#include "vm/function.h"

enum {
    GI_FRAME_ENTRY = 1,      /* returns to C code: gi_vm_run ends with it */
    GI_FRAME_CHUNK = 2,      /* first of its chunk of the register stack */
    GI_FRAME_GENERATOR = 4,  /* stands in a generator object */
    GI_FRAME_INIT = 8,       /* an __init__: the result is the instance, kept in `instance` */
    GI_FRAME_OWNED = 16,     /* stands in memory of its frame object: it has ended */
    GI_FRAME_TRACED = 32,    /* 'call' was reported to the trace function */
    GI_FRAME_CLEARED = 64,   /* frame.clear() was called: it has no variables */
};

struct GiFrame {
    GiFrame *back;           /* NULL: none, or an idle generator */
    GiCode *code;            /* borrowed from func */
    GiSlot func;             /* GiFunction; globals and builtins are its */
    uint64_t *pc;            /* the current instruction */
    GiSlot *regs;
    /* From here to `handled.exc` everything is null in a new frame. */
    GiSlot locals;           /* mapping of class and module bodies; null: function, or globals */
    GiSlot object;           /* GiFrameObject, or null */
    struct GiGenerator *generator;
    GiSlot instance;         /* GI_FRAME_INIT */
    GiHandled handled;       /* exc null: this frame handles none */
    uint16_t result;         /* register of `back` that receives the result */
    uint8_t flags;
    int32_t trace_line;      /* line last reported to the trace function */
};

#define GI_FRAME_WORDS ((sizeof(GiFrame) + sizeof(GiSlot) - 1) / sizeof(GiSlot))

typedef struct GiFrameObject {
    GiObj obj;
    GiFrame *frame;          /* running, suspended, or &own (GI_FRAME_OWNED); never NULL */
    GiSlot back;             /* once the frame has ended: the frame object that called it, or null */
    GiSlot trace;            /* f_trace */
    GiSlot locals;           /* dict that f_locals made for a function */
    bool trace_lines, trace_opcodes;
    GiFrame own;             /* the frame once it has ended; its registers are a buffer, or NULL */
} GiFrameObject;
extern GiType gi_frame_type;

typedef struct GiTraceback {
    GiObj obj;
    GiSlot next, frame;      /* next: null is None */
    int32_t lasti;           /* 2 * word index */
    int32_t lineno;          /* -1: to be computed from lasti */
} GiTraceback;
extern GiType gi_traceback_type;

/* Pushes a frame for func on the register stack: all registers zero. Consumes func. NULL with
 * RecursionError or MemoryError set (func is dropped then). */
GiFrame *gi_frame_push(GiThread *ts, GiRef func, GiCode *code);

/* The same, inline; the first `filled` registers are the caller's to fill at once. */
static inline GiFrame *gi_frame_push_fast(GiThread *ts, GiRef func, GiCode *code, unsigned filled) {
    typedef uint64_t __attribute__((vector_size(16), may_alias, aligned(8))) Pair;
    unsigned count = code->register_count;
    GiFrame *frame = (GiFrame *)ts->stack_top;
    GiSlot *regs = (GiSlot *)frame + GI_FRAME_WORDS, *end = regs + count;
    uint64_t *instrs = __atomic_load_n(&code->instrs, __ATOMIC_ACQUIRE);
    /* PERF: a word more than is needed, so that registers are cleared in pairs. */
    if (GI_UNLIKELY(ts->recursion >= ts->recursion_limit || end >= ts->stack_limit || instrs == NULL))
        return gi_frame_push(ts, func, code);
    ts->stack_top = end;
    ts->recursion++;
    frame->back = ts->frame;
    frame->code = code;
    frame->func.bits = func.bits;
    frame->pc = instrs;
    frame->regs = regs;
    *(Pair *)&frame->locals = *(Pair *)&frame->generator = (Pair){0, 0};
    frame->handled.exc.bits = 0;
    frame->result = 0;
    frame->flags = 0;
    frame->trace_line = 0;
    for (GiSlot *reg = regs + filled; reg < end; reg += 2) *(Pair *)reg = (Pair){0, 0};
    ts->frame = frame;
    return frame;
}
/* Ends the innermost frame: drops what it holds, or hands it to its frame object. */
void gi_frame_pop(GiThread *ts, GiFrame *frame);
/* Ends the frame of a generator (which stands in the generator's memory), running or suspended. */
void gi_frame_end_generator(GiThread *ts, GiFrame *frame, bool running);
/* Frees the register stack of a thread that has no frames any more. */
void gi_stack_free(GiThread *ts);
/* The same for a thread that a fork left behind in the midst of its frames: what they refer to is
 * never dropped (natives on the lost C stack may own more), and a frame that Python code knows stays. */
void gi_stack_abandon(GiThread *gone);
/* The frame object of a frame that has not ended, new reference. */
GI_NODISCARD GiRef gi_frame_object(GiThread *ts, GiFrame *frame);
/* Adds a traceback entry for `frame` to the exception being raised. */
void gi_traceback_add(GiThread *ts, GiFrame *frame);
/* Sets the frame's place to where the exception being raised left it first, by its traceback. */
void gi_frame_go_back(GiThread *ts, GiFrame *frame);
GI_NODISCARD GiRef gi_traceback_new(GiThread *ts, GiVal next, GiVal frame, int lasti, int lineno);
int gi_frame_line(const GiFrame *frame);
/* Drops everything a frame owns (registers, function, locals...). */
void gi_frame_clear(GiThread *ts, GiFrame *frame);
/* Moves what a generator's frame holds into memory of its object, without dropping anything. */
void gi_frame_move_to_object(GiFrame *frame, GiFrameObject *object);
void gi_frame_each_slot(GiFrame *frame, GiVisit visit, void *arg);
/* locals() of a frame that has not ended: the mapping, or a dict made from registers (new reference). */
GI_NODISCARD GiRef gi_frame_locals(GiThread *ts, GiFrame *frame);
/* The same of a frame object, whose frame may have ended. */
/* True if `frame` is one of those that the thread runs, innermost or not. */
static inline bool gi_frame_is_mine(const GiThread *ts, const GiFrame *frame) {
    for (const GiFrame *mine = ts->frame; mine != NULL; mine = mine->back)
        if (mine == frame) return true;
    return false;
}
/* What a frame's variables hold at one moment. */
typedef struct GiFrameShot {
    GiRef func, locals; /* locals: of a class or module body, or null */
    GiRef *values;      /* of the code's local_count registers; NULL: none any more */
    GiCode *code;
    bool cleared;
} GiFrameShot;
/* f_locals of a frame that only this thread runs, or that has ended. */
GI_NODISCARD GiRef gi_frame_object_locals(GiThread *ts, GiFrameObject *object);
/* The same in two parts: takes the shot in a stopped world, drops nothing and runs nothing; then makes
 * f_locals of it, and ends it. */
GI_NODISCARD GiStatus gi_frame_shoot(GiThread *ts, const GiFrame *frame, GiFrameShot *shot);
GI_NODISCARD GiRef gi_frame_shot_locals(GiThread *ts, GiFrameObject *object, GiFrameShot *shot);

static inline GiFunction *gi_frame_func(const GiFrame *f) { return (GiFunction *)gi_obj(f->func); }
static inline GiVal gi_frame_globals(const GiFrame *f) { return gi_val(gi_frame_func(f)->globals); }

/* Handling exceptions (PUSH_EXC, POP_EXC). */
static inline void gi_handled_link(GiThread *ts, GiFrame *frame) {
    frame->handled.back = ts->handled;
    ts->handled = &frame->handled;
}
static inline void gi_handled_unlink(GiThread *ts, GiFrame *frame) {
    GI_ASSERT(ts->handled == &frame->handled);
    ts->handled = frame->handled.back;
}

/* Runs `frame` (the innermost, flagged ENTRY) to its end or next yield: its result. */
GiRef gi_vm_run(GiThread *ts, GiFrame *frame);
/* The same, beginning with the raised exception at the frame's current instruction. */
GiRef gi_vm_throw(GiThread *ts, GiFrame *frame);

/* Puts arguments into a new frame's registers: defaults, *args, **kwargs, keyword-only. Arguments
 * are borrowed. */
GI_NODISCARD GiStatus gi_bind_arguments(GiThread *ts, GiFunction *func, GiCode *code, GiSlot *regs,
                           const GiVal *args, size_t nargs, GiVal kwnames);
/* The call slot of functions. */
GiRef gi_function_call(GiThread *ts, GiVal func, const GiVal *args, size_t nargs, GiVal kwnames);

#endif
