/* callback.c - C functions made of Python callables: libffi closures.
 *
 * C code calls them from any thread: one that is detached in a foreign call, one that is attached (PyDLL), or
 * one that the interpreter has not seen, which gets a thread state for the call. Errors cannot reach the
 * C code, so they go to sys.unraisablehook, and the result is zero.
 */
#include "modules/_ctypes/ctypes.h"
#include "objects/tuple.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <errno.h>

typedef struct GiCThunk {
    GiObj obj;
    ffi_closure *closure;
    ffi_cif cif;
    ffi_type **types;
    GiSlot callable, argtypes, restype;
    int flags;
    GiVm *vm;
} GiCThunk;

static GiRef take_value(GiThread *ts, GiVal type, const void *from) {
    GiCType *ct = gi_ct_of(type);
    if (ct == NULL) return gi_raise_ref(ts, &gi_exc_TypeError, "cannot build parameter");
    if (gi_ct_is_plain(ct)) return gi_ct_load(ts, ct, from);
    GiRef v = gi_cdata_new(ts, &ct->type);
    if (!gi_is_null(v)) memcpy(gi_cdata(v)->data, from, ct->size);
    return v;
}

static void give_result(GiThread *ts, GiCThunk *thunk, GiVal value, void *result) {
    GiCType *ct = gi_is_none(thunk->restype) ? NULL : gi_ct_of(gi_val(thunk->restype));
    GiRef kept = GI_REF_NONE;
    uint8_t memory[16] = {0};
    if (ct == NULL) return;
    if (ct->kind != GI_CT_SIMPLE) {
        GiRef from = gi_ct_from_param(ts, gi_ct_ref(ct), value);
        if (!gi_is_null(from) && gi_is_cdata(gi_val(from))) memcpy(memory, gi_cdata(from)->data, sizeof(void *));
        gi_xdrop(ts, from);
    } else if (gi_ct_store(ts, ct, value, memory, &kept) == GI_OK) {
        if (ct->code == 'O') {
            (void)gi_dup(ts, value).bits; /* the caller's reference */
        } else if (!gi_is_none(kept) && !gi_same(kept, value)) {
            if (gi_warn(ts, &gi_exc_RuntimeWarning, 1, "memory leak in callback function.") == GI_OK) (void)gi_dup(ts, gi_val(kept)).bits;
        }
        gi_drop(ts, kept);
    }
    if (gi_raised(ts)) {
        gi_unraisable(ts, gi_val(thunk->callable), "Exception ignored on converting result of ctypes callback function");
        return;
    }
    /* libffi wants integers narrower than a register widened. */
    if (ct->kind == GI_CT_SIMPLE && ct->size < sizeof(ffi_arg) && !strchr("fd", ct->code)) {
        uint64_t u = 0;
        memcpy(&u, memory, ct->size);
        int shift = (int)(64 - 8 * ct->size);
        if (strchr("bhi", ct->code)) u = (uint64_t)((int64_t)(u << shift) >> shift);
        memcpy(result, &u, sizeof u);
    } else {
        memcpy(result, memory, GI_MAX(GI_MIN(ct->size, sizeof memory), sizeof(ffi_arg)));
    }
}

static void call_python(GiThread *ts, GiCThunk *thunk, void *result, void **values) {
    size_t n = gi_tuple_len(gi_val(thunk->argtypes));
    GiRef keep = gi_dup(ts, gi_from_obj(thunk)), args = gi_tuple_new(ts, n), r = GI_NULL;
    for (size_t i = 0; !gi_is_null(args) && i < n; i++) {
        GiRef v = take_value(ts, gi_tuple_get(gi_val(thunk->argtypes), i), values[i]);
        if (gi_is_null(v)) {
            gi_drop(ts, args);
            args = GI_NULL;
            break;
        }
        gi_tuple_init(args, i, v);
    }
    int *mine = thunk->flags & GI_CT_USE_ERRNO && !gi_is_null(args) ? gi_ct_errno(ts) : NULL, saved = errno;
    if (gi_raised(ts)) { /* no memory for it */
        gi_xdrop(ts, args);
        args = GI_NULL;
    }
    if (mine) {
        saved = *mine;
        *mine = errno;
    }
    if (!gi_is_null(args)) r = gi_call_ex(ts, gi_val(thunk->callable), gi_val(args), GI_NOVAL);
    if (mine) {
        errno = *mine;
        *mine = saved;
    }
    if (gi_is_null(r)) gi_unraisable(ts, gi_val(thunk->callable), "Exception ignored on calling ctypes callback function");
    else give_result(ts, thunk, gi_val(r), result);
    gi_xdrop(ts, r);
    gi_xdrop(ts, args);
    gi_drop(ts, keep);
}

/* A thread that the interpreter has not made: a state for the time of the call. */
static void call_from_outside(GiCThunk *thunk, void *result, void **values) {
    GiThread *ts = gi_thread_state_new(thunk->vm, NULL);
    if (ts == NULL) return;
    ts->names = thunk->vm->main_thread->names;
    gi_thread_state_bind(ts);
    gi_attach(&ts->core);
    call_python(ts, thunk, result, values);
    GiRef dict = gi_slot_take(&ts->dict);
    gi_xdrop(ts, dict);
    gi_thread_clear(ts);
    gi_stack_free(ts);
    gi_thread_free(ts, ts);
    gi_set_current_thread(NULL);
}

static void enter(ffi_cif *cif, void *result, void **values, void *arg) {
    GiCThunk *thunk = arg;
    GiThread *ts = gi_current_thread();
    if (cif->rtype->type != FFI_TYPE_VOID) memset(result, 0, GI_MAX(cif->rtype->size, sizeof(ffi_arg)));
    if (ts == NULL) {
        call_from_outside(thunk, result, values);
        return;
    }
    bool detached = !gi_is_attached(&ts->core);
    if (detached) gi_attach(&ts->core);
    call_python(ts, thunk, result, values);
    if (detached) gi_detach(&ts->core, "foreign call");
}

GiRef gi_cthunk_new(GiThread *ts, GiVal callable, GiVal argtypes, GiVal restype, int flags, void **code) {
    size_t n = gi_tuple_len(argtypes);
    GiCType *ct = gi_is_none(restype) ? NULL : gi_ct_of(restype);
    bool good = gi_is_none(restype) || (ct && ct->kind == GI_CT_SIMPLE);
    if (!good) return gi_raise_ref(ts, &gi_exc_TypeError, "invalid result type for callback function");
    GiCThunk *thunk = (GiCThunk *)gi_heap_new(ts, &gi_cthunk_type, sizeof *thunk);
    if (thunk == NULL) return GI_NULL;
    GiRef ref = gi_own_obj(thunk);
    gi_slot_init(&thunk->callable, gi_dup(ts, callable));
    gi_slot_init(&thunk->argtypes, gi_dup(ts, argtypes));
    gi_slot_init(&thunk->restype, gi_dup(ts, restype));
    thunk->flags = flags;
    thunk->vm = ts->vm;
    thunk->types = gi_mem_calloc(ts, n + 1, sizeof *thunk->types);
    if (thunk->types == NULL) goto fail;
    for (size_t i = 0; i < n; i++) {
        GiCType *type = gi_ct_of(gi_tuple_get(argtypes, i));
        thunk->types[i] = type == NULL || type->kind == GI_CT_ARRAY ? &ffi_type_pointer : &type->ffi;
    }
    thunk->closure = ffi_closure_alloc(sizeof(ffi_closure), code);
    if (thunk->closure == NULL) {
        (void)gi_raise_nomem(ts);
        goto fail;
    }
    if (ffi_prep_cif(&thunk->cif, FFI_DEFAULT_ABI, (unsigned)n, ct ? &ct->ffi : &ffi_type_void, thunk->types) == FFI_OK &&
        ffi_prep_closure_loc(thunk->closure, &thunk->cif, enter, thunk, *code) == FFI_OK)
        return ref;
    gi_raise(ts, &gi_exc_RuntimeError, "ffi_prep_closure failed");
fail:
    gi_drop(ts, ref);
    return GI_NULL;
}

static void thunk_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiCThunk *thunk = (GiCThunk *)obj;
    if (thunk->closure) ffi_closure_free(thunk->closure);
    thunk->closure = NULL;
}

GiType gi_cthunk_type = {
    .obj = GI_TYPE_HEAD, .name = "CThunkObject", .module = "_ctypes", .size = sizeof(GiCThunk), .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .base = &gi_object_type, .doc = "CThunkObject", .destroy = thunk_destroy,
    .fields = (const GiField[]){GI_SLOT(GiCThunk, callable), GI_SLOT(GiCThunk, argtypes), GI_SLOT(GiCThunk, restype),
                                GI_BUFFER_FIELD(GiCThunk, types), GI_FIELDS_END},
};
