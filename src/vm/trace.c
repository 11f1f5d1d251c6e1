/* trace.c - sys.settrace and sys.setprofile: events of the running thread.
 *
 * ts->tracing counts why the slow dispatch table is in use: 1 when a trace or profile function is
 * set. ts->trace_state is non-NULL while a hook runs, so that hooks are not traced themselves, and
 * says what for, so that only a line's hook may jump.
 */
#include "memory/slots.h"
#include "vm/ops.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type.h"

static GiRef call_hook(GiThread *ts, GiVal hook, GiFrame *f, const char *event, GiVal arg) {
    GiRef frame = gi_frame_object(ts, f);
    if (gi_is_null(frame)) return frame;
    GiRef name = gi_intern_cstr(ts, event);
    if (gi_is_null(name)) {
        gi_drop(ts, frame);
        return name;
    }
    int tracing = ts->tracing;
    GiTraceState state = {f, event[0] == 'l' ? GI_EVENT_LINE : event[0] == 'c' && event[1] == 'a' ? GI_EVENT_CALL : GI_EVENT_OTHER};
    ts->trace_state = &state;
    ts->tracing = 0;
    GiRef held = gi_dup(ts, hook);
    GiRef r = gi_call3(ts, hook, gi_val(frame), gi_val(name), arg);
    gi_drop(ts, held);
    ts->tracing = ts->trace_func.bits || ts->profile_func.bits ? GI_MAX(tracing, 1) : 0;
    ts->trace_state = NULL;
    gi_drop(ts, name);
    gi_drop(ts, frame);
    return r;
}

static void stop_tracing(GiThread *ts, bool profile) {
    gi_slot_clear(ts, profile ? &ts->profile_func : &ts->trace_func);
    if (!ts->trace_func.bits && !ts->profile_func.bits) ts->tracing = 0;
}

static GiStatus profile(GiThread *ts, GiFrame *f, const char *event, GiVal arg) {
    if (!ts->profile_func.bits || ts->trace_state) return GI_OK;
    GiRef r = call_hook(ts, gi_val(ts->profile_func), f, event, arg);
    if (gi_is_null(r)) {
        stop_tracing(ts, true);
        return GI_FAIL;
    }
    gi_drop(ts, r);
    return GI_OK;
}

/* Calls the local trace function f_trace; its result replaces it unless it is None. */
static GiStatus trace_local(GiThread *ts, GiFrame *f, const char *event, GiVal arg) {
    if (!ts->trace_func.bits || ts->trace_state || !f->object.bits) return GI_OK;
    GiFrameObject *object = (GiFrameObject *)gi_obj(f->object);
    if (!object->trace.bits) return GI_OK;
    GiRef held = gi_slot_dup(ts, &f->object);
    GiRef r = call_hook(ts, gi_val(object->trace), f, event, arg);
    if (gi_is_null(r)) {
        gi_slot_clear(ts, &object->trace);
        stop_tracing(ts, false);
        gi_drop(ts, held);
        return GI_FAIL;
    }
    if (gi_is_none(r)) gi_drop(ts, r);
    else gi_slot_set(ts, &object->trace, r);
    gi_drop(ts, held);
    return GI_OK;
}

static GiStatus tell_call(GiThread *ts, GiFrame *f) {
    if (ts->trace_func.bits) {
        GiRef r = call_hook(ts, gi_val(ts->trace_func), f, "call", GI_NONE);
        if (gi_is_null(r)) {
            stop_tracing(ts, false);
            return GI_FAIL;
        }
        if (gi_is_none(r)) {
            gi_drop(ts, r);
        } else {
            GiRef object = gi_frame_object(ts, f);
            if (gi_is_null(object)) {
                gi_drop(ts, r);
                return GI_FAIL;
            }
            gi_slot_set(ts, &((GiFrameObject *)gi_obj(object))->trace, r);
            gi_drop(ts, object);
        }
    }
    f->flags |= GI_FRAME_TRACED;
    return profile(ts, f, "call", GI_NONE);
}

GiStatus gi_trace_call(GiThread *ts, GiFrame *f) {
    if (ts->trace_state) return GI_OK;
    uint32_t at = (uint32_t)(f->pc - f->code->instrs);
    /* Making a generator is no call yet; going on after a yield is one, on the line of the yield. */
    bool generator = (f->code->flags & GI_CO_ANY_GENERATOR) != 0, resumed = generator && at > 1;
    if (generator && at == 0) return GI_OK;
    f->trace_line = resumed ? gi_code_position(f->code, at - 1).line : 0;
    f->pc -= resumed;
    GiStatus status = tell_call(ts, f);
    f->pc += resumed;
    return status;
}

/* Whether the instruction leads back to a line. What a delegating generator does to go on does not. */
static bool jumps_back(const GiCode *code, uint32_t at) {
    uint64_t instr = gi_word(&code->instrs[at]);
    return gi_instr_op(instr) == OP_JUMP_BACK &&
           gi_instr_op(gi_word(&code->instrs[(int64_t)at + 1 + (int32_t)gi_instr_bc(instr)])) != OP_SEND;
}

GiStatus gi_trace_line(GiThread *ts, GiFrame *f) {
    if (ts->trace_state || !f->object.bits) return GI_OK;
    GiFrameObject *object = (GiFrameObject *)gi_obj(f->object);
    if (!object->trace.bits) return GI_OK;
    uint32_t at = (uint32_t)(f->pc - f->code->instrs);
    GiPosition position = gi_code_position(f->code, at);
    bool jumped_back = jumps_back(f->code, at);
    if (position.line > 0 && position.line != f->trace_line) {
        f->trace_line = position.line;
        if (object->trace_lines && trace_local(ts, f, "line", GI_NONE) < 0) return GI_FAIL;
    }
    if (object->trace_opcodes && trace_local(ts, f, "opcode", GI_NONE) < 0) return GI_FAIL;
    if (jumped_back && f->pc == f->code->instrs + at) f->trace_line = 0; /* the line a loop comes back to is reported again */
    return GI_OK;
}

GiStatus gi_trace_return(GiThread *ts, GiFrame *f, GiVal result) {
    if (ts->trace_state) return GI_OK;
    bool failed = gi_is_null(result);
    GiRef exc = failed ? gi_exc_take(ts) : GI_NULL;
    GiStatus status = trace_local(ts, f, "return", failed ? GI_NONE : result);
    if (status == GI_OK) status = profile(ts, f, "return", failed ? GI_NONE : result);
    if (failed) {
        if (status == GI_OK) gi_exc_restore(ts, exc);
        else gi_drop(ts, exc);
    }
    return status;
}

void gi_trace_exception(GiThread *ts, GiFrame *f) {
    if (ts->trace_state || !ts->trace_func.bits) return;
    GiRef exc = gi_exc_take(ts);
    GiVal v = gi_val(exc);
    GiException *e = (GiException *)gi_obj(v);
    GiRef traceback = gi_slot_load(ts, &e->traceback);
    GiRef info = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(v)), v, gi_is_null(traceback) ? GI_NONE : gi_val(traceback));
    gi_xdrop(ts, traceback);
    if (gi_is_null(info)) {
        gi_drop(ts, exc);
        return;
    }
    GiStatus status = trace_local(ts, f, "exception", gi_val(info));
    gi_drop(ts, info);
    if (status == GI_OK) gi_exc_restore(ts, exc);
    else gi_drop(ts, exc);
}

/* What a profile function is told is called: a native function, or a native method bound to its
 * first argument; null when the call is not told (classes, other callables) or on failure. */
static GiRef profiled_native(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs) {
    if (gi_is_exact(callable, &gi_native_type)) return gi_dup(ts, callable);
    if (gi_is_exact(callable, &gi_method_descr_type) && nargs > 0)
        return gi_method_descr_type.descr_get(ts, callable, args[0], gi_type_val(gi_type_of(args[0])));
    return GI_NULL;
}

/* Tells that a native call is over; r is its result (consumed, given back unless telling fails). */
static GiRef told_result(GiThread *ts, GiFrame *f, GiVal told, GiRef r) {
    GiRef raised = gi_is_null(r) ? gi_exc_take(ts) : GI_NULL;
    if (profile(ts, f, gi_is_null(r) ? "c_exception" : "c_return", told) < 0) {
        gi_xdrop(ts, r);
        gi_xdrop(ts, raised);
        return GI_NULL;
    }
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
    return r;
}

GiRef gi_trace_native_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiFrame *f = ts->frame;
    if (!ts->profile_func.bits || ts->trace_state || !gi_is_heap(callable)) return gi_call(ts, callable, args, nargs, kwnames);
    GiRef told = profiled_native(ts, callable, args, nargs);
    if (gi_is_null(told)) return gi_raised(ts) ? GI_NULL : gi_call(ts, callable, args, nargs, kwnames);
    GiRef r = GI_NULL;
    if (profile(ts, f, "c_call", gi_val(told)) == GI_OK)
        r = told_result(ts, f, gi_val(told), gi_call(ts, callable, args, nargs, kwnames));
    gi_drop(ts, told);
    return r;
}

GiRef gi_trace_native_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs) {
    GiFrame *f = ts->frame;
    if (!ts->profile_func.bits || ts->trace_state || !gi_is_heap(callable)) return gi_call_ex(ts, callable, args, kwargs);
    GiRef told = profiled_native(ts, callable, gi_tuple_items(args), gi_tuple_len(args));
    if (gi_is_null(told)) return gi_raised(ts) ? GI_NULL : gi_call_ex(ts, callable, args, kwargs);
    GiRef r = GI_NULL;
    if (profile(ts, f, "c_call", gi_val(told)) == GI_OK) r = told_result(ts, f, gi_val(told), gi_call_ex(ts, callable, args, kwargs));
    gi_drop(ts, told);
    return r;
}

void gi_trace_throw(GiThread *ts, GiFrame *f) {
    GiRef exc = gi_exc_take(ts);
    f->pc++; /* as when it goes on after the yield */
    GiStatus status = gi_trace_call(ts, f);
    f->pc--;
    if (status == GI_OK) gi_exc_restore(ts, exc);
    else gi_drop(ts, exc);
}

GiStatus gi_trace_stop(GiThread *ts, GiFrame *f, GiVal value) {
    if (ts->trace_state || !ts->trace_func.bits) return GI_OK;
    gi_raise_stop_iteration(ts, value);
    GiRef stop = gi_dup(ts, gi_exc_peek(ts));
    gi_trace_exception(ts, f);
    bool same = gi_same(stop, gi_exc_peek(ts));
    gi_drop(ts, stop);
    if (!same) return GI_FAIL;
    gi_exc_clear(ts);
    return GI_OK;
}
