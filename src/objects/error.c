/* error.c - raising, asking for and handling exceptions from C.
 *
 * INVARIANT: ts->exc is null or an instance of BaseException. Raising while an exception is being
 * handled sets its __context__; no function here makes the chain of contexts a ring.
 */
#include "objects/exceptions.h"
#include "memory/gc.h"
#include "memory/slots.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- The state of raising ---- */

bool gi_exc_matches(GiThread *ts, const GiType *type) {
    return gi_raised(ts) && gi_is_subtype(gi_type_of(gi_exc_peek(ts)), type);
}

GiRef gi_exc_take(GiThread *ts) { return gi_slot_take(&ts->exc); }
void gi_exc_restore(GiThread *ts, GiRef exc) { gi_slot_set(ts, &ts->exc, exc); }
void gi_exc_clear(GiThread *ts) { gi_slot_clear(ts, &ts->exc); }

GiVal gi_handled_peek(const GiThread *ts) {
    for (const GiHandled *h = ts->handled; h; h = h->back)
        if (!gi_is_null(h->exc) && !gi_is_none(h->exc)) return gi_val(h->exc);
    return GI_NOVAL;
}

/* The MemoryError that is raised when there is no other left is everybody's, and keeps nothing alive. */
static void store_unless_last(GiThread *ts, GiVal exc, GiSlot *slot, GiRef r) {
    if (GI_UNLIKELY(gi_obj_owner(gi_obj(exc)) == GI_OWNER_IMMORTAL)) gi_xdrop(ts, r);
    else gi_slot_store(ts, slot, r);
}

void gi_exception_set_context(GiThread *ts, GiVal exc, GiRef context) {
    if (gi_is_none(context)) context = GI_NULL;
    store_unless_last(ts, exc, &gi_exception_of(exc)->context, context);
}
void gi_exception_set_cause(GiThread *ts, GiVal exc, GiRef cause) {
    if (gi_is_none(cause)) cause = GI_NULL;
    __atomic_store_n(&gi_exception_of(exc)->suppress_context, true, __ATOMIC_RELAXED);
    store_unless_last(ts, exc, &gi_exception_of(exc)->cause, cause);
}
void gi_exception_set_traceback(GiThread *ts, GiVal exc, GiRef traceback) {
    if (gi_is_none(traceback)) traceback = GI_NULL;
    store_unless_last(ts, exc, &gi_exception_of(exc)->traceback, traceback);
}

/* The exception before `exc` in its chain of contexts; null at its end. */
static GiRef context_of(GiThread *ts, GiVal exc) { return gi_slot_load(ts, &gi_exception_of(exc)->context); }

/* Where the chain of `handled` leads back to what is raised, it is cut. A ring that a program has made by
 * hand is noticed by a second walker at half the pace. */
static void cut_chain(GiThread *ts, GiVal handled, GiVal raised) {
    GiRef o = gi_dup(ts, handled), slow = gi_dup(ts, handled);
    for (bool step = false;; step = !step) {
        GiRef next = context_of(ts, gi_val(o));
        if (gi_is_null(next)) break;
        if (gi_same(next, raised)) {
            uint64_t bits = raised.bits;
            gi_drop(ts, next);
            if (__atomic_compare_exchange_n(&gi_exception_of(gi_val(o))->context.bits, &bits, 0, false,
                                            __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
                gi_drop(ts, next); /* the slot's */
            break;
        }
        gi_drop(ts, o);
        o = next;
        if (step) {
            next = context_of(ts, gi_val(slow));
            gi_drop(ts, slow);
            slow = next; /* null if another thread has cut the chain meanwhile */
        }
        if (gi_is_null(slow) || gi_same(o, slow)) break;
    }
    gi_drop(ts, o);
    gi_xdrop(ts, slow);
}

void gi_set_implicit_context(GiThread *ts, GiVal raised) {
    GiVal handled = gi_handled_peek(ts);
    if (gi_is_null(handled) || gi_same(handled, raised)) return;
    if (gi_obj_owner(gi_obj(raised)) == GI_OWNER_IMMORTAL) return; /* the last MemoryError keeps nothing alive */
    if (__atomic_load_n(&gi_exception_of(handled)->context.bits, __ATOMIC_RELAXED)) cut_chain(ts, handled, raised);
    gi_exception_set_context(ts, raised, gi_dup(ts, handled));
}

void gi_raise_object(GiThread *ts, GiRef exc) {
    if (gi_is_null(exc)) return; /* it could not be made: that is raised already */
    GI_ASSERT(gi_is_exception(gi_val(exc)));
    gi_set_implicit_context(ts, gi_val(exc));
    gi_slot_set(ts, &ts->exc, exc);
}

/* ---- Making instances ---- */

/* True when an instance is made and initialised as BaseException does it. */
static bool plain_construction(const GiType *type) {
    return type->new_ == gi_exc_BaseException.new_ && type->init == gi_exc_BaseException.init &&
           !type->vectornew;
}

GiRef gi_exception_new(GiThread *ts, GiType *type, GiVal arg) {
    if (!plain_construction(type)) {
        if (gi_is_null(arg)) return gi_call0(ts, gi_type_val(type));
        return gi_call1(ts, gi_type_val(type), arg);
    }
    GiException *exc = (GiException *)gi_obj(gi_type_alloc(ts, type, 0));
    if (!exc) return GI_NULL;
    GiRef args = gi_tuple_from(ts, &arg, gi_is_null(arg) ? 0 : 1);
    if (gi_is_null(args)) {
        gi_drop(ts, gi_own_obj(exc));
        return GI_NULL;
    }
    gi_slot_init(&exc->args, args);
    return gi_own_obj(exc);
}

void gi_raise_value(GiThread *ts, GiType *type, GiVal arg) {
    GiRef exc = gi_exception_new(ts, type, arg);
    if (!gi_is_null(exc) && !gi_is_exception(gi_val(exc))) {
        gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                 gi_type_val(type), gi_type_val(gi_type_of(gi_val(exc))));
        gi_drop(ts, exc);
        return;
    }
    gi_raise_object(ts, exc);
}

void gi_raise_none(GiThread *ts, GiType *type) { gi_raise_value(ts, type, GI_NOVAL); }

void gi_vraise(GiThread *ts, GiType *type, const char *format, va_list args) {
    /* What is raised now would confuse the code that makes the message. */
    gi_exc_clear(ts);
    GiRef message = gi_str_vformat(ts, format, args);
    if (gi_is_null(message)) return;
    gi_raise_value(ts, type, gi_val(message));
    gi_drop(ts, message);
}

void gi_raise(GiThread *ts, GiType *type, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, type, format, args);
    va_end(args);
}

void gi_raise_statement(GiThread *ts, GiVal exc, GiVal cause) {
    GiRef value = GI_NULL, from = GI_NULL;
    if (gi_is_exception_class(exc)) {
        value = gi_call0(ts, exc);
        if (gi_is_null(value)) return;
        if (!gi_is_exception(gi_val(value))) {
            gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                     exc, gi_type_val(gi_type_of(gi_val(value))));
            goto fail;
        }
    } else if (gi_is_exception(exc)) {
        value = gi_dup(ts, exc);
    } else {
        gi_raise(ts, &gi_exc_TypeError, "exceptions must derive from BaseException");
        return;
    }
    if (!gi_is_null(cause)) {
        if (gi_is_exception_class(cause)) {
            from = gi_call0(ts, cause);
            if (gi_is_null(from)) goto fail;
            if (!gi_is_exception(gi_val(from))) {
                gi_raise(ts, &gi_exc_TypeError, "calling %R should have returned an instance of BaseException, not %R",
                         cause, gi_type_val(gi_type_of(gi_val(from))));
                goto fail;
            }
        } else if (gi_is_exception(cause) || gi_is_none(cause)) {
            from = gi_dup(ts, cause);
        } else {
            gi_raise(ts, &gi_exc_TypeError, "exception causes must derive from BaseException");
            goto fail;
        }
        gi_exception_set_cause(ts, gi_val(value), from);
    }
    gi_raise_object(ts, value);
    return;
fail:
    gi_xdrop(ts, from);
    gi_drop(ts, value);
}

/* ---- MemoryError ---- */

#define SPARE_ERRORS 16

/* INVARIANT: `last` is immortal; each spare is ours, and our reference to it the only one. They are taken
 * and given back by exchange. */
struct GiErrorState {
    GiException *spare[SPARE_ERRORS]; /* or NULL */
    GiException *last;
};

static GiException *memory_error_make(GiThread *ts) {
    GiException *exc = (GiException *)gi_heap_new(ts, &gi_exc_MemoryError, sizeof *exc);
    if (!exc) return NULL;
    GiRef args = gi_tuple_new(ts, 0);
    if (gi_is_null(args)) {
        gi_drop(ts, gi_own_obj(exc));
        return NULL;
    }
    gi_slot_init(&exc->args, args);
    return exc;
}

GiStatus gi_errors_vm_init(GiThread *ts) {
    if (ts->vm->errors) return GI_OK;
    struct GiErrorState *state = calloc(1, sizeof *state);
    if (!state) return GI_FAIL;
    ts->vm->errors = state;
    for (size_t i = 0; i < SPARE_ERRORS; i++) {
        state->spare[i] = memory_error_make(ts);
        if (!state->spare[i]) return GI_FAIL;
    }
    state->last = memory_error_make(ts);
    if (!state->last) return GI_FAIL;
    gi_make_immortal(&state->last->obj);
    return GI_OK;
}

void gi_errors_vm_end(GiThread *ts) {
    struct GiErrorState *state = ts->vm->errors;
    if (!state) return;
    ts->vm->errors = NULL;
    for (size_t i = 0; i < SPARE_ERRORS; i++)
        if (state->spare[i]) gi_drop(ts, gi_own_obj(state->spare[i]));
    gi_attrs_free(ts, &state->last->obj); /* immortal, but not what a program has put into it */
    free(state);
}

/* The finalizer of MemoryError: an exact instance goes back to the spares while there is room. */
void gi_memory_error_finalize(GiThread *ts, GiVal self) {
    struct GiErrorState *state = ts->vm->errors;
    GiException *exc = gi_exception_of(self);
    if (!state || __atomic_load_n(&ts->vm->finalizing, __ATOMIC_RELAXED) || gi_type_of(self) != &gi_exc_MemoryError) return;
    gi_slot_clear(ts, &exc->traceback);
    gi_slot_clear(ts, &exc->context);
    gi_slot_clear(ts, &exc->cause);
    exc->suppress_context = false;
    if (gi_is_null(exc->args) || gi_tuple_len(exc->args)) return;
    if (gi_attrs(exc)->shape != gi_exc_MemoryError.root_shape) return;
    for (size_t i = 0; i < SPARE_ERRORS; i++) {
        if (__atomic_load_n(&state->spare[i], __ATOMIC_RELAXED)) continue;
        /* Whole before others can take it. */
        GiException *none = NULL;
        gi_incref_obj(ts, &exc->obj);
        __atomic_fetch_and(&gi_obj_flag_byte(exc), (uint8_t)~GI_OBJ_FINALIZED, __ATOMIC_RELAXED);
        if (__atomic_compare_exchange_n(&state->spare[i], &none, exc, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            return;
        gi_obj_flag_on(&exc->obj, GI_OBJ_FINALIZED);
        gi_decref_obj(ts, &exc->obj);
    }
}

GiRef gi_raise_nomem(GiThread *ts) {
    struct GiErrorState *state = ts->vm->errors;
    if (!state) {
        fputs("gila: out of memory at start\n", stderr);
        abort();
    }
    GiException *exc = NULL;
    for (size_t i = 0; i < SPARE_ERRORS && !exc; i++)
        if (__atomic_load_n(&state->spare[i], __ATOMIC_RELAXED))
            exc = __atomic_exchange_n(&state->spare[i], NULL, __ATOMIC_ACQ_REL);
    if (!exc) exc = state->last;
    if (exc != state->last) gi_set_implicit_context(ts, gi_from_obj(exc));
    gi_slot_set(ts, &ts->exc, gi_own_obj(exc));
    return GI_NULL;
}

/* ---- Particular exceptions ---- */

static GiRef strerror_str(GiThread *ts, int errnum) {
    char buffer[256];
    const char *text = errnum == 0 ? "Error" : strerror_r(errnum, buffer, sizeof buffer);
    return gi_str_from_fs(ts, text, strlen(text));
}

GiRef gi_raise_errno2(GiThread *ts, int errnum, GiVal filename, GiVal filename2) {
    if (errnum == EINTR && ts->vm->hooks && ts->vm->hooks->safepoint(ts) != GI_OK) return GI_NULL;
    GiRef text = strerror_str(ts, errnum);
    if (gi_is_null(text)) return GI_NULL;
    GiVal args[5] = {gi_smallint(errnum), gi_val(text), filename, GI_NONE, filename2};
    size_t n = !gi_is_null(filename2) ? 5 : !gi_is_null(filename) ? 3 : 2;
    if (n == 5 && gi_is_null(filename)) args[2] = GI_NONE;
    GiRef exc = gi_call(ts, gi_type_val(&gi_exc_OSError), args, n, GI_NOVAL);
    gi_drop(ts, text);
    gi_raise_object(ts, exc);
    return GI_NULL;
}

GiRef gi_raise_errno(GiThread *ts, int errnum, GiVal filename) {
    return gi_raise_errno2(ts, errnum, filename, GI_NOVAL);
}

GiRef gi_raise_key(GiThread *ts, GiVal key) {
    gi_raise_value(ts, &gi_exc_KeyError, key);
    return GI_NULL;
}

void gi_raise_stop_iteration(GiThread *ts, GiVal value) {
    bool none = gi_is_null(value) || gi_is_none(value);
    GiStopIteration *exc = (GiStopIteration *)gi_heap_new(ts, &gi_exc_StopIteration, sizeof *exc);
    if (!exc) return;
    GiRef args = gi_tuple_from(ts, &value, none ? 0 : 1);
    if (gi_is_null(args)) {
        gi_drop(ts, gi_own_obj(exc));
        return;
    }
    gi_slot_init(&exc->base.args, args);
    gi_slot_init(&exc->value, none ? GI_REF_NONE : gi_dup(ts, value));
    gi_raise_object(ts, gi_own_obj(exc));
}

GiRef gi_raise_bad_call(GiThread *ts, const char *what) {
    gi_raise(ts, &gi_exc_SystemError, "bad argument to internal function: %s", what);
    return GI_NULL;
}

GiRef gi_raise_type(GiThread *ts, const char *format_with_T, GiVal v) {
    gi_raise(ts, &gi_exc_TypeError, format_with_T, v);
    return GI_NULL;
}

void gi_raise_attribute(GiThread *ts, GiVal object, GiVal name, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, &gi_exc_AttributeError, format, args);
    va_end(args);
    if (!gi_is_exact(gi_exc_peek(ts), &gi_exc_AttributeError)) return;
    GiAttributeError *exc = (GiAttributeError *)gi_obj(ts->exc);
    gi_slot_store(ts, &exc->object, gi_xdup(ts, object));
    gi_slot_store(ts, &exc->name, gi_xdup(ts, name));
}

void gi_raise_name(GiThread *ts, GiType *type, GiVal name, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, type, format, args);
    va_end(args);
    if (!gi_exc_matches(ts, &gi_exc_NameError)) return;
    gi_slot_store(ts, &((GiNameError *)gi_obj(ts->exc))->name, gi_xdup(ts, name));
}

void gi_raise_import(GiThread *ts, GiType *type, GiRef message, GiVal name, GiVal path) {
    if (gi_is_null(message)) return;
    gi_raise_value(ts, type, gi_val(message));
    gi_drop(ts, message);
    if (!gi_exc_matches(ts, &gi_exc_ImportError)) return;
    GiImportError *exc = (GiImportError *)gi_obj(ts->exc);
    if (!gi_is_null(name)) gi_slot_store(ts, &exc->name, gi_dup(ts, name));
    if (!gi_is_null(path)) gi_slot_store(ts, &exc->path, gi_dup(ts, path));
}

void gi_raise_syntax(GiThread *ts, GiType *type, const char *message, GiVal filename, int lineno,
                     int offset, GiVal text, int end_lineno, int end_offset) {
    GiRef where = gi_tuple_pack(ts, 6, gi_is_null(filename) ? GI_NONE : filename,
                                lineno ? gi_smallint(lineno) : GI_NONE, gi_smallint(offset),
                                gi_is_null(text) ? GI_NONE : text,
                                end_lineno ? gi_smallint(end_lineno) : GI_NONE,
                                end_lineno ? gi_smallint(end_offset) : GI_NONE);
    if (gi_is_null(where)) return;
    GiRef msg = gi_str_from_wtf8(ts, message, strlen(message));
    if (!gi_is_null(msg)) {
        gi_raise_object(ts, gi_call2(ts, gi_type_val(type), gi_val(msg), gi_val(where)));
        gi_drop(ts, msg);
    }
    gi_drop(ts, where);
}

/* ---- Chaining ---- */

void gi_exc_chain_context(GiThread *ts, GiRef context) {
    if (gi_is_null(context)) return;
    if (!gi_raised(ts) || gi_same(ts->exc, context)) {
        if (!gi_raised(ts)) gi_exc_restore(ts, context);
        else gi_drop(ts, context);
        return;
    }
    gi_exception_set_context(ts, gi_exc_peek(ts), context);
}

void gi_raise_from_cause(GiThread *ts, GiType *type, const char *format, ...) {
    GiRef cause = gi_exc_take(ts);
    va_list args;
    va_start(args, format);
    gi_vraise(ts, type, format, args);
    va_end(args);
    if (gi_is_null(cause)) return;
    GiVal raised = gi_exc_peek(ts);
    if (gi_same(raised, cause)) {
        gi_drop(ts, cause);
        return;
    }
    gi_exception_set_cause(ts, raised, gi_dup(ts, gi_val(cause)));
    gi_exception_set_context(ts, raised, cause);
}

/* ---- Reports ---- */

void gi_unraisable(GiThread *ts, GiVal where, const char *message) {
    if (!gi_raised(ts)) return;
    if (ts->vm->hooks && ts->vm->hooks->unraisable) {
        ts->vm->hooks->unraisable(ts, where, message);
    } else {
        fprintf(stderr, "Exception ignored: %s\n", gi_type_name(gi_exc_peek(ts)));
    }
    gi_exc_clear(ts);
}

GiStatus gi_warn(GiThread *ts, GiType *category, int stack_level, const char *format, ...) {
    if (!ts->vm->hooks || !ts->vm->hooks->warn) return GI_OK;
    va_list args;
    va_start(args, format);
    GiRef message = gi_str_vformat(ts, format, args);
    va_end(args);
    if (gi_is_null(message)) return GI_FAIL;
    GiStatus status = ts->vm->hooks->warn(ts, category, gi_val(message), stack_level);
    gi_drop(ts, message);
    return status;
}

GiStatus gi_warn_explicit(GiThread *ts, GiType *category, GiVal message, GiVal filename, int lineno,
                          GiVal module, GiVal registry) {
    if (!ts->vm->hooks || !ts->vm->hooks->warn_explicit) return GI_OK;
    return ts->vm->hooks->warn_explicit(ts, category, message, filename, lineno, module, registry);
}
