/* call.c - calling C functions: Python values to machine arguments, libffi, results.
 *
 * What an argument needs to live over the call stands in `keep`. The call itself is detached, unless the
 * function is said to use the interpreter (PyDLL); arguments are copied before.
 */
#include "memory/extra.h"
#include "modules/_ctypes/ctypes.h"
#include "objects/tuple.h"
#include "objects/exceptions.h"
#include <alloca.h>
#include <errno.h>

enum { MAX_ARGS = 1024 };

typedef struct Argument {
    ffi_type *ffi;
    GiCValue value;
    void *at;       /* of aggregates, and &value otherwise */
    GiRef keep;
} Argument;

int *gi_ct_errno(GiThread *ts) {
    if (ts->extra[GI_EXTRA_CTYPES] == NULL && (ts->extra[GI_EXTRA_CTYPES] = calloc(1, sizeof(int))) == NULL)
        (void)gi_raise_nomem(ts);
    return ts->extra[GI_EXTRA_CTYPES];
}

/* A C object as an argument: its value, or the address of its memory for arrays. */
static void take_data(GiThread *ts, GiVal v, Argument *arg) {
    GiCData *x = gi_cdata(v);
    GiCType *ct = gi_cdata_ct(v);
    arg->keep = gi_dup(ts, v);
    if (ct->kind == GI_CT_ARRAY) {
        arg->ffi = &ffi_type_pointer;
        arg->value.p = x->data;
    } else if (ct->kind == GI_CT_STRUCT || ct->kind == GI_CT_UNION) {
        arg->ffi = &ct->ffi;
        arg->at = x->data;
    } else {
        arg->ffi = &ct->ffi;
        memcpy(arg->value.bytes, x->data, GI_MIN(ct->size, sizeof arg->value));
    }
}

static GiStatus take_argument(GiThread *ts, GiVal v, size_t index, Argument *arg) {
    if (gi_is_cdata(v)) {
        take_data(ts, v, arg);
        return GI_OK;
    }
    arg->ffi = &ffi_type_pointer;
    if (gi_is_exact(v, &gi_carg_type)) {
        arg->ffi = ((GiCArg *)gi_obj(v))->ffi;
        arg->value = ((GiCArg *)gi_obj(v))->value;
        arg->keep = gi_dup(ts, v);
    } else if (gi_is_none(v)) {
        arg->value.p = NULL;
    } else if (gi_is_int(v)) {
        int64_t i;
        uint64_t u;
        arg->ffi = &ffi_type_sint;
        if (gi_int_as_u64(v, &u) != 0 && gi_int_as_i64(v, &i) != 0)
            return gi_raise_status(ts, &gi_exc_OverflowError, "int too long to convert");
        arg->value.i64 = 0;
        arg->value.i32 = (int32_t)gi_int_mask_u64(v);
    } else if (gi_is_bytes(v)) {
        arg->value.p = gi_bytes_data(v);
        arg->keep = gi_dup(ts, v);
    } else if (gi_is_str(v)) {
        arg->keep = gi_ct_wide(ts, v);
        if (gi_is_null(arg->keep)) return GI_FAIL;
        arg->value.p = gi_bytes_data(gi_val(arg->keep));
    } else {
        GiRef name = gi_intern_cstr(ts, "_as_parameter_"), param = GI_NULL;
        GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, v, gi_val(name), &param);
        gi_xdrop(ts, name);
        if (status < 0) return status;
        if (gi_is_null(param))
            return gi_raise_status(ts, &gi_exc_TypeError, "Don't know how to convert parameter %zu", index);
        if (gi_enter_recursive(ts, "while processing _as_parameter_") == GI_OK) {
            status = take_argument(ts, gi_val(param), index, arg);
            gi_leave_recursive(ts);
        } else {
            status = GI_FAIL;
        }
        if (gi_is_null(arg->keep)) arg->keep = param;
        else gi_drop(ts, param);
        return status;
    }
    return GI_OK;
}

/* What is raised becomes ArgumentError "argument N: TypeError: ...". */
static void argument_error(GiThread *ts, size_t index) {
    GiRef exc = gi_exc_take(ts);
    gi_raise(ts, gi_as_type(gi_ct_state(ts)->argument_error), "argument %zu: %s: %S", index,
             gi_type_short_name(gi_type_of(gi_val(exc))), gi_val(exc));
    gi_drop(ts, exc);
}

static GiStatus take_arguments(GiThread *ts, const GiVal *args, size_t nargs, GiVal converters, Argument *out) {
    for (size_t i = 0; i < nargs; i++) {
        GiRef converted = GI_NULL;
        GiVal v = args[i];
        out[i].at = &out[i].value;
        if (!gi_is_null(converters) && i < gi_tuple_len(converters)) {
            converted = gi_call1(ts, gi_tuple_get(converters, i), v);
            if (gi_is_null(converted)) {
                argument_error(ts, i + 1);
                return GI_FAIL;
            }
            v = gi_val(converted);
        }
        GiStatus status = take_argument(ts, v, i + 1, &out[i]);
        if (gi_is_null(out[i].keep)) out[i].keep = converted;
        else gi_xdrop(ts, converted);
        if (status < 0) {
            argument_error(ts, i + 1);
            return status;
        }
    }
    return GI_OK;
}

static GiRef make_result(GiThread *ts, GiVal restype, const uint8_t *memory) {
    GiCType *ct = gi_is_null(restype) ? NULL : gi_ct_of(restype);
    if (gi_is_none(restype)) return GI_REF_NONE;
    if (ct == NULL) {
        int32_t i;
        memcpy(&i, memory, sizeof i);
        return gi_is_null(restype) ? gi_smallint_ref(i) : gi_call1(ts, restype, gi_smallint(i));
    }
    GiRef r;
    if (ct->kind == GI_CT_SIMPLE && ct->code == 'O') {
        uint64_t bits;
        memcpy(&bits, memory, sizeof bits); /* the function gives its reference away */
        if (bits == 0 && !gi_raised(ts)) gi_raise(ts, &gi_exc_ValueError, "PyObject is NULL");
        r = gi_raised(ts) ? GI_NULL : (GiRef){bits};
    } else if (gi_ct_is_plain(ct)) {
        r = gi_ct_load(ts, ct, memory);
    } else {
        r = gi_cdata_new(ts, &ct->type);
        if (!gi_is_null(r)) memcpy(gi_cdata(r)->data, memory, ct->size);
    }
    if (gi_is_null(r)) return r;
    GiRef name = gi_intern_cstr(ts, "_check_retval_"), check = GI_NULL;
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, restype, gi_val(name), &check);
    gi_xdrop(ts, name);
    if (status == GI_OK && gi_is_null(check)) return r;
    GiRef checked = status < 0 ? GI_NULL : gi_call1(ts, gi_val(check), gi_val(r));
    gi_xdrop(ts, check);
    gi_drop(ts, r);
    return checked;
}

static GiStatus run(GiThread *ts, void *address, int flags, Argument *args, size_t nargs, size_t fixed, ffi_type *result,
                    void *memory) {
    ffi_type **types = alloca((nargs + 1) * sizeof *types);
    void **values = alloca((nargs + 1) * sizeof *values);
    for (size_t i = 0; i < nargs; i++) {
        types[i] = args[i].ffi;
        values[i] = args[i].at;
    }
    ffi_cif cif;
    ffi_status made = fixed && fixed < nargs
        ? ffi_prep_cif_var(&cif, FFI_DEFAULT_ABI, (unsigned)fixed, (unsigned)nargs, result, types)
        : ffi_prep_cif(&cif, FFI_DEFAULT_ABI, (unsigned)nargs, result, types);
    if (made != FFI_OK) return gi_raise_status(ts, &gi_exc_RuntimeError, "ffi_prep_cif failed");
    int *mine = flags & GI_CT_USE_ERRNO ? gi_ct_errno(ts) : NULL;
    if (flags & GI_CT_USE_ERRNO && mine == NULL) return GI_FAIL;
    GI_BLOCKING_IF(&ts->core, "foreign call", !(flags & GI_CT_PYTHONAPI)) {
        if (mine) errno = *mine;
        ffi_call(&cif, FFI_FN(address), memory, values);
        if (mine) *mine = errno;
    }
    return flags & GI_CT_PYTHONAPI && gi_raised(ts) ? GI_FAIL : GI_OK;
}

GiRef gi_ct_call(GiThread *ts, void *address, int flags, const GiVal *args, size_t nargs, GiVal converters, GiVal restype) {
    if (nargs > MAX_ARGS)
        return gi_raise_ref(ts, gi_as_type(gi_ct_state(ts)->argument_error), "too many arguments (%zu), maximum is %d", nargs,
                            MAX_ARGS);
    GiCType *ct = gi_is_null(restype) ? NULL : gi_ct_of(restype);
    ffi_type *result = gi_is_none(restype) ? &ffi_type_void : ct ? &ct->ffi : &ffi_type_sint;
    if (ct && ct->kind == GI_CT_ARRAY) result = &ffi_type_pointer;
    size_t room = GI_MAX(ct ? ct->size : 0, sizeof(GiCValue));
    Argument *all = gi_mem_calloc(ts, nargs + 1, sizeof *all);
    uint8_t *memory = gi_mem_calloc(ts, 1, room);
    GiRef r = GI_NULL;
    if (all != NULL && memory != NULL && take_arguments(ts, args, nargs, converters, all) == GI_OK &&
        run(ts, address, flags, all, nargs, gi_is_null(converters) ? 0 : gi_tuple_len(converters), result, memory) == GI_OK)
        r = make_result(ts, restype, memory);
    for (size_t i = 0; all != NULL && i < nargs; i++) gi_xdrop(ts, all[i].keep);
    gi_mem_free(all);
    gi_mem_free(memory);
    return r;
}
