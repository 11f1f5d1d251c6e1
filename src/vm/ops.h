/* ops.h - the parts of instructions that are too long for the dispatch loop. Regs point into the
 * frame; contracts as the instruction's line in opcodes.def says. */
#ifndef GI_VM_OPS_H
#define GI_VM_OPS_H

#include "objects/shape.h"
#include "vm/frame.h"

GI_NODISCARD GiRef gi_op_load_global(GiThread *ts, GiFrame *f, GiVal name);
GI_NODISCARD GiRef gi_op_load_name(GiThread *ts, GiFrame *f, GiVal name);
GI_NODISCARD GiStatus gi_op_store_name(GiThread *ts, GiFrame *f, GiVal name, GiVal value);
GI_NODISCARD GiStatus gi_op_delete_name(GiThread *ts, GiFrame *f, GiVal name);
GI_NODISCARD GiStatus gi_op_delete_global(GiThread *ts, GiFrame *f, GiVal name);
GI_NODISCARD GiStatus gi_op_setup_annotations(GiThread *ts, GiFrame *f);
/* The locals mapping first (when there is one), then the cell; null with NameError. */
GI_NODISCARD GiRef gi_op_load_class_cell(GiThread *ts, GiFrame *f, GiVal name, GiVal cell, bool is_free);
GI_NODISCARD GiStatus gi_op_unpack(GiThread *ts, GiVal v, GiSlot *out, size_t count);
GI_NODISCARD GiStatus gi_op_unpack_ex(GiThread *ts, GiVal v, GiSlot *out, size_t before, size_t after);
GI_NODISCARD GiStatus gi_op_list_extend(GiThread *ts, GiVal list, GiVal v, bool in_call);
GI_NODISCARD GiStatus gi_op_dict_update(GiThread *ts, GiVal dict, GiVal v);
GI_NODISCARD GiStatus gi_op_dict_merge(GiThread *ts, GiVal dict, GiVal v, GiVal callable);
GI_NODISCARD GiRef gi_op_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs);
GI_NODISCARD GiRef gi_op_format(GiThread *ts, GiVal v, unsigned conversion, GiVal spec);
GI_NODISCARD GiRef gi_op_build_string(GiThread *ts, const GiVal *parts, size_t count);
/* Consumes nothing; drops the registers itself. flags as MAKE_FUNCTION's c. */
GI_NODISCARD GiRef gi_op_make_function(GiThread *ts, GiFrame *f, GiVal code, GiSlot *run, unsigned flags, uint64_t *ip);
/* Drops the registers of the run that are not results. Writes the caches at ip. */
GI_NODISCARD GiStatus gi_op_load_super(GiThread *ts, GiSlot *run, GiVal name, uint64_t *ip);
/* RAISE: always fails; true when it raises again what is handled (no new traceback entry). */
bool gi_op_raise(GiThread *ts, unsigned count, GiVal exc, GiVal cause);
GiTruth gi_op_match_exc(GiThread *ts, GiVal exc, GiVal type);
GI_NODISCARD GiStatus gi_op_match_exc_group(GiThread *ts, GiSlot *run, GiVal types);
GI_NODISCARD GiRef gi_op_prepare_reraise_star(GiThread *ts, GiVal original, GiVal list);
GI_NODISCARD GiStatus gi_op_begin_with(GiThread *ts, GiSlot *run, bool is_async);
GI_NODISCARD GiRef gi_op_with_except(GiThread *ts, GiVal exit, GiVal exc);
GI_NODISCARD GiRef gi_op_match_keys(GiThread *ts, GiVal subject, GiVal keys);
GI_NODISCARD GiRef gi_op_match_class(GiThread *ts, GiVal subject, GiVal cls, size_t positional, GiVal names);
GI_NODISCARD GiRef gi_op_import_name(GiThread *ts, GiFrame *f, GiVal name, GiVal level, GiVal fromlist);
GI_NODISCARD GiRef gi_op_import_from(GiThread *ts, GiVal module, GiVal name);
GI_NODISCARD GiStatus gi_op_import_star(GiThread *ts, GiFrame *f, GiVal module);
GI_NODISCARD GiStatus gi_op_print_expr(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_op_yield_from_iter(GiThread *ts, GiFrame *f, GiVal v);
GI_NODISCARD GiRef gi_op_get_aiter(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_op_get_anext(GiThread *ts, GiVal v);
void gi_raise_unbound_local(GiThread *ts, const GiCode *code, unsigned variable);
void gi_raise_unbound_cell(GiThread *ts, const GiCode *code, unsigned variable);

/* Specialisation (vm/specialise.c): look at what the instruction meets and rewrite it. The result
 * of the operation itself is made by the general way. */
void gi_specialise_global(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name);
/* Makes a LOAD_GLOBAL_METHOD that has hit a LOAD_GLOBAL_CALLEE, or renews one that has missed, if what it
 * loads can be remembered. Without the GIL. */
void gi_specialise_callee(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name, GiVal attr);
void gi_specialise_store_global(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name);
void gi_specialise_load_attr(GiThread *ts, uint64_t *ip, GiVal obj, GiVal name);
void gi_specialise_load_method(GiThread *ts, uint64_t *ip, GiVal obj, GiVal name);
/* Before the store: what it looks like then. after: called with the shape that was there before. */
void gi_specialise_store_attr(GiThread *ts, uint64_t *ip, GiVal obj, GiVal name, const void *shape_before);
/* Makes the instruction another of its forms. Nothing is stored when it is that already: other threads
 * read this line of memory. */
static inline void gi_rewrite_op(uint64_t *ip, unsigned op) {
    uint64_t now = gi_word(ip);
    if ((now & 0xFFFF) != op) gi_word_publish(ip, (now & ~(uint64_t)0xFFFF) | op);
}
/* Calls have no caches: the form is all. */
static inline void gi_specialise_call(uint64_t *ip, unsigned form) { gi_rewrite_op(ip, form); }

/* STORE_ATTR_* without the lock (vm/ops_names.c). Into a slot of an object that had one for `name`. */
GI_NODISCARD GiStatus gi_op_store_slot(GiThread *ts, GiVal v, GiSlot *slot, GiVal name, GiRef value);
/* Adds an attribute to an object of shape `before`, which still has that id; false: it is another by now. */
bool gi_op_add_slot(GiThread *ts, GiVal v, const GiShape *before, uint32_t id, GiSlot *slot, GiVal value,
                    GiShape *after);
struct GiAttrEntry; /* vm/attr_cache.h */
/* As one of the two: 1 done, 0 it is another shape by now, -1 failed. */
GI_NODISCARD int gi_op_store_known(GiThread *ts, GiVal v, const struct GiAttrEntry *e, GiSlot *slot, GiVal name,
                                   GiVal value);

/* The Python function that is `type`'s __init__, if calling the class just makes a plain instance and
 * runs it; else null. Borrowed. */
GiVal gi_type_python_init_peek(GiThread *ts, GiType *type);

/* Tracing and profiling (vm/trace.c). */
GI_NODISCARD GiStatus gi_trace_call(GiThread *ts, GiFrame *f);
GI_NODISCARD GiStatus gi_trace_line(GiThread *ts, GiFrame *f);
GI_NODISCARD GiStatus gi_trace_return(GiThread *ts, GiFrame *f, GiVal result); /* null result: by exception */
void gi_trace_exception(GiThread *ts, GiFrame *f);
/* A call that may be a native function's: as gi_call, with the events c_call, c_return, c_exception. */
GI_NODISCARD GiRef gi_trace_native_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs, GiVal kwnames);
/* The same with a tuple and a dict (or null) of arguments. */
GI_NODISCARD GiRef gi_trace_native_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs);
/* What a running trace or profile function was called for (ts->trace_state). */
typedef enum { GI_EVENT_CALL, GI_EVENT_LINE, GI_EVENT_OTHER } GiTraceEvent;
typedef struct GiTraceState {
    GiFrame *frame;
    GiTraceEvent event;
} GiTraceState;
/* The frame, stopped in a line event, goes on at the first line from `line` on. ValueError when none
 * fits. */
GI_NODISCARD GiStatus gi_frame_jump(GiThread *ts, GiFrame *frame, int line);
/* An exception is thrown into the generator of f: its call event. It stays raised, or another is. */
void gi_trace_throw(GiThread *ts, GiFrame *f);
/* An iterator ended by StopIteration(value): the exception event of that in f. */
GI_NODISCARD GiStatus gi_trace_stop(GiThread *ts, GiFrame *f, GiVal value);

#endif
