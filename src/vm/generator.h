/* generator.h - generators, coroutines, asynchronous generators: one struct, three types. */
#ifndef GI_VM_GENERATOR_H
#define GI_VM_GENERATOR_H

#include "vm/frame.h"

typedef enum { GI_GEN_CREATED, GI_GEN_SUSPENDED, GI_GEN_RUNNING, GI_GEN_CLOSED } GiGenState;

typedef struct GiGenerator {
    GiObj obj;
    GiSlot name, qualname, code;
    GiSlot origin;           /* cr_origin: tuple or null */
    GiSlot finalizer;        /* ag: hook of sys.set_asyncgen_hooks, or null */
    uint8_t state;           /* GiGenState; changed by claims (generator.c) */
    bool hooks_inited, ag_closed, ag_running;
    bool *ended;             /* while it runs: where finishing says so, or NULL */
    GiFrame frame;           /* valid unless CLOSED */
    GiSlot regs[];
} GiGenerator;

extern GiType gi_generator_type, gi_coroutine_type, gi_async_generator_type, gi_coroutine_wrapper_type,
    gi_asyncgen_asend_type, gi_asyncgen_athrow_type, gi_asyncgen_wrapped_type;

/* RETURN_GENERATOR: the innermost frame moves into a new generator object and is popped. */
GI_NODISCARD GiRef gi_generator_from_frame(GiThread *ts, GiFrame *frame);
/* Resumes with `value` (borrowed). Null with no exception and *returned: it ended; the result is
 * the value if *returned is set, else what it yielded. Null with an exception: failed. */
GI_NODISCARD GiRef gi_generator_resume(GiThread *ts, GiGenerator *gen, GiVal value, bool *returned);
/* Before and after an inline resume by the VM (FOR_ITER, SEND). */
/* 0: entered. 1: it has ended, or cannot take this value yet. -1: it runs already, or too deep recursion. */
GI_NODISCARD int gi_generator_enter(GiThread *ts, GiGenerator *gen, GiVal value);
static inline GiGenState gi_generator_state(const GiGenerator *gen) {
    return (GiGenState)__atomic_load_n(&gen->state, __ATOMIC_ACQUIRE);
}
void gi_generator_leave(GiThread *ts, GiGenerator *gen); /* at a yield */
/* For a frame that ends without running: false when another thread was first. */
bool gi_generator_end_idle(GiThread *ts, GiGenerator *gen);
void gi_generator_finish(GiThread *ts, GiGenerator *gen); /* returned or raised: frame is cleared */
/* StopIteration out of a generator becomes RuntimeError. */
void gi_generator_fix_exception(GiThread *ts, GiGenerator *gen);
/* Throws the raised exception into gen; close(); the shared parts of the three types. */
GiRef gi_generator_throw(GiThread *ts, GiGenerator *gen, bool close_on_exit, bool *returned);
GI_NODISCARD GiRef gi_generator_close(GiThread *ts, GiGenerator *gen);
/* Takes the StopIteration that a call of send() or throw() raised: its own value, whatever a subclass says. */
GI_NODISCARD GiRef gi_take_raised_stop(GiThread *ts);
/* A name of a generator; one that the collector has emptied has none. */
GiRef gi_generator_text(GiThread *ts, GiSlot *slot);
GI_NODISCARD GiStatus gi_generator_raise_args(GiThread *ts, GiVal type, GiVal value, GiVal tb);
GI_NODISCARD GiRef gi_generator_get_frame(GiThread *ts, GiVal self);
GI_NODISCARD GiRef gi_generator_get_delegate(GiThread *ts, GiVal self);
void gi_generator_each(GiObj *obj, GiVisit visit, void *arg);
void gi_generator_destroy(GiThread *ts, GiObj *obj);
void gi_generator_finalize(GiThread *ts, GiVal self);
extern const GiField gi_generator_fields[];
/* cr_origin: a tuple of (file, line, function) of the frames from `frame` outwards. */
GI_NODISCARD GiRef gi_coroutine_origin(GiThread *ts, GiFrame *frame);
/* await: the iterator of an awaitable. */
GI_NODISCARD GiRef gi_get_awaitable(GiThread *ts, GiVal v, int where);
GI_NODISCARD GiRef gi_asyncgen_wrap(GiThread *ts, GiVal value);

#endif
