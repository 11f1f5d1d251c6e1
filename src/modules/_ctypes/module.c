/* module.c - _ctypes: its functions, and what the library calls by address (cast, string_at, wstring_at). */
#include "modules/_ctypes/ctypes.h"
#include "objects/container.h"
#include "objects/audit.h"
#include "objects/tuple.h"
#include <dlfcn.h>
#include <stdio.h>
#include <wchar.h>
#include "modules/_ctypes/module.gen.h"

/* ---- Called through foreign functions of the interpreter's own ---- */

static uint64_t string_at(const char *at, int size) {
    GiThread *ts = gi_current_thread();
    if (gi_auditf(ts, "ctypes.string_at", "ui", (uint64_t)(uintptr_t)at, size) < 0) return 0;
    return gi_bytes_from(ts, at, size < 0 ? strlen(at) : (size_t)size).bits;
}

static uint64_t wstring_at(const wchar_t *at, int size) {
    GiThread *ts = gi_current_thread();
    if (gi_auditf(ts, "ctypes.wstring_at", "ui", (uint64_t)(uintptr_t)at, size) < 0) return 0;
    return gi_ct_wide_text(ts, at, size < 0 ? wcslen(at) : (size_t)size).bits;
}

/* A cast keeps what its source keeps, and the source: the two share one dict. */
static GiStatus share_kept(GiThread *ts, GiVal result, GiVal src) {
    GiRef kept = gi_cdata_kept(ts, src);
    if (gi_is_null(kept)) return GI_FAIL;
    if (!gi_is_dict_exact(gi_val(kept))) {
        GiRef dict = gi_dict_new(ts);
        gi_drop(ts, kept);
        if (gi_is_null(dict)) return GI_FAIL;
        kept = dict;
    }
    GiRef id = gi_int_from_u64(ts, (uintptr_t)gi_obj(src));
    GiStatus status = gi_is_null(id) ? GI_FAIL : gi_dict_set(ts, gi_val(kept), gi_val(id), src);
    gi_xdrop(ts, id);
    gi_slot_store(ts, &gi_cdata(result)->keep, kept);
    return status;
}

static uint64_t cast_to(void *address, uint64_t src_bits, uint64_t type_bits) {
    GiThread *ts = gi_current_thread();
    GiVal src = {src_bits}, type = {type_bits};
    GiCType *ct = gi_ct_of(type);
    bool good = ct && (ct->kind == GI_CT_POINTER || ct->kind == GI_CT_FUNCTION ||
                       (ct->kind == GI_CT_SIMPLE && strchr("sPzUZXO", ct->code)));
    if (!good) {
        if (gi_is_type(type))
            gi_raise(ts, &gi_exc_TypeError, "cast() argument 2 must be a pointer type, not %s", gi_as_type(type)->name);
        else
            gi_raise(ts, &gi_exc_TypeError, "cast() argument 2 must be a pointer type, not %T", type);
        return 0;
    }
    GiRef r = gi_call0(ts, type);
    if (gi_is_null(r)) return 0;
    memcpy(gi_cdata(r)->data, &address, sizeof address);
    if (gi_is_cdata(src) && share_kept(ts, gi_val(r), src) < 0) {
        gi_drop(ts, r);
        return 0;
    }
    return r.bits;
}

/* ---- Functions ---- */

GI_FUNCTION(_ctypes, sizeof, "(object, /)", "sizeof(C type) -> integer\nsizeof(C instance) -> integer\nReturn the size in bytes of a C instance") {
    GiCType *ct = gi_ct_of(a->object);
    if (ct && ct->sized) return gi_int_from_u64(ts, ct->size);
    if (gi_is_cdata(a->object)) return gi_int_from_u64(ts, gi_cdata(a->object)->size);
    return gi_raise_ref(ts, &gi_exc_TypeError, "this type has no size");
}

GI_FUNCTION(_ctypes, alignment, "(object, /)", "alignment(C type) -> integer\nalignment(C instance) -> integer\nReturn the alignment requirements of a C instance") {
    GiCType *ct = gi_is_cdata(a->object) ? gi_cdata_ct(a->object) : gi_ct_of(a->object);
    if (ct && ct->sized) return gi_int_from_u64(ts, ct->align);
    return gi_raise_ref(ts, &gi_exc_TypeError, "no alignment info");
}

GI_FUNCTION(_ctypes, addressof, "(object, /)", "addressof(C instance) -> integer\nReturn the address of the C instance internal buffer") {
    if (!gi_is_cdata(a->object)) return gi_raise_ref(ts, &gi_exc_TypeError, "invalid type");
    if (gi_auditf(ts, "ctypes.addressof", "O", a->object) < 0) return GI_NULL;
    return gi_int_from_u64(ts, (uintptr_t)gi_cdata(a->object)->data);
}

GI_FUNCTION(_ctypes, resize, "(object, size: ssize, /)", "Resize the memory buffer of a ctypes instance") {
    if (!gi_is_cdata(a->object)) return gi_raise_ref(ts, &gi_exc_TypeError, "excepted ctypes instance");
    GiCData *x = gi_cdata(a->object);
    size_t least = gi_cdata_ct(a->object)->size;
    if (a->size < (ssize_t)least) return gi_raise_ref(ts, &gi_exc_ValueError, "minimum size is %zu", least);
    if (!x->owned)
        return gi_raise_ref(ts, &gi_exc_ValueError, "Memory cannot be resized because this object doesn't own it");
    if ((size_t)a->size <= sizeof x->value && x->data == x->value.bytes) {
        x->size = (size_t)a->size;
        return GI_REF_NONE;
    }
    uint8_t *data = gi_mem_calloc(ts, 1, (size_t)a->size);
    if (data == NULL) return GI_NULL;
    gi_lock_obj(ts, a->object);
    uint8_t *old = x->data;
    memcpy(data, old, GI_MIN(x->size, (size_t)a->size));
    x->data = data;
    x->size = (size_t)a->size;
    gi_unlock_obj(ts, a->object);
    if (old != x->value.bytes) gi_mem_retire(ts, old);
    return GI_REF_NONE;
}

GI_FUNCTION(_ctypes, POINTER, "(type, /)", "") { return gi_ct_pointer_to(ts, a->type); }

GI_FUNCTION(_ctypes, pointer, "(object, /)", "") {
    GiRef type = gi_ct_pointer_to(ts, gi_type_val(gi_type_of(a->object)));
    if (gi_is_null(type)) return type;
    GiRef r = gi_call1(ts, gi_val(type), a->object);
    gi_drop(ts, type);
    return r;
}

GI_FUNCTION(_ctypes, buffer_info, "(object, /)", "Return buffer interface information") {
    GiCType *ct = gi_is_cdata(a->object) ? gi_cdata_ct(a->object) : gi_ct_of(a->object);
    if (ct == NULL) return gi_raise_ref(ts, &gi_exc_TypeError, "not a ctypes type or object");
    GiRef shape = gi_tuple_new(ts, (size_t)ct->ndim), format = gi_str_from_cstr(ts, ct->format ? ct->format : "B"), r = GI_NULL;
    for (int i = 0; !gi_is_null(shape) && i < ct->ndim; i++) gi_tuple_init(shape, (size_t)i, gi_smallint_ref(ct->shape[i]));
    if (!gi_is_null(shape) && !gi_is_null(format)) r = gi_tuple_pack(ts, 3, gi_val(format), gi_smallint(ct->ndim), gi_val(shape));
    gi_xdrop(ts, shape);
    gi_xdrop(ts, format);
    return r;
}

GI_FUNCTION(_ctypes, _unpickle, "(type, state: tuple, /)", "") {
    GiRef obj = gi_call_method_cstr(ts, a->type, "__new__", &a->type, 1);
    if (gi_is_null(obj)) return obj;
    GiRef name = gi_intern_cstr(ts, "__setstate__");
    GiRef method = gi_is_null(name) ? GI_NULL : gi_getattr(ts, gi_val(obj), gi_val(name));
    GiRef r = gi_is_null(method) ? GI_NULL : gi_call_ex(ts, gi_val(method), a->state, GI_NOVAL);
    gi_xdrop(ts, name);
    gi_xdrop(ts, method);
    if (!gi_is_null(r)) {
        gi_drop(ts, r);
        return obj;
    }
    gi_drop(ts, obj);
    return GI_NULL;
}

GI_FUNCTION(_ctypes, get_errno, "()", "") {
    int *mine = gi_ct_errno(ts);
    if (mine == NULL || gi_auditf(ts, "ctypes.get_errno", "") < 0) return GI_NULL;
    return gi_smallint_ref(*mine);
}
GI_FUNCTION(_ctypes, set_errno, "(value: int, /)", "") {
    int *mine = gi_ct_errno(ts);
    if (mine == NULL || gi_auditf(ts, "ctypes.set_errno", "i", a->value) < 0) return GI_NULL;
    int old = *mine;
    *mine = a->value;
    return gi_smallint_ref(old);
}

/* ---- Libraries ---- */

GI_FUNCTION(_ctypes, dlopen, "(name, flag: int = 2, /)", "dlopen(name, flag={RTLD_GLOBAL|RTLD_LOCAL}) open a shared library") {
    GiRef path = GI_NULL;
    if (!gi_is_none(a->name)) {
        path = gi_fs_path(ts, a->name);
        if (gi_is_null(path)) return path;
    }
    if (gi_auditf(ts, "ctypes.dlopen", "O", a->name) < 0) {
        gi_xdrop(ts, path);
        return GI_NULL;
    }
    const char *text = gi_is_null(path) ? NULL : (const char *)gi_bytes_data(gi_val(path));
    char why[512] = "dlopen() error";
    void *handle = NULL;
    GI_BLOCKING(&ts->core, "dlopen") {
        handle = dlopen(text, a->flag | RTLD_NOW);
        const char *said = handle == NULL ? dlerror() : NULL;
        if (said) snprintf(why, sizeof why, "%s", said);
    }
    gi_xdrop(ts, path);
    return handle ? gi_int_from_u64(ts, (uintptr_t)handle) : gi_raise_ref(ts, &gi_exc_OSError, "%s", why);
}

GI_FUNCTION(_ctypes, dlclose, "(handle, /)", "dlclose a library") {
    uint64_t handle;
    if (gi_as_u64(ts, a->handle, &handle)) return GI_NULL;
    int failed = 0;
    GI_BLOCKING(&ts->core, "dlclose") { failed = dlclose((void *)(uintptr_t)handle); }
    if (!failed) return GI_REF_NONE;
    const char *why = dlerror();
    return gi_raise_ref(ts, &gi_exc_OSError, "%s", why ? why : "dlclose() error");
}

GI_FUNCTION(_ctypes, dlsym, "(handle, name: cstr, /)", "find symbol in shared library") {
    uint64_t handle;
    if (gi_as_u64(ts, a->handle, &handle)) return GI_NULL;
    if (gi_auditf(ts, "ctypes.dlsym/handle", "Os", a->handle, a->name) < 0) return GI_NULL;
    void *at = dlsym((void *)(uintptr_t)handle, a->name);
    if (at) return gi_int_from_u64(ts, (uintptr_t)at);
    const char *why = dlerror();
    return gi_raise_ref(ts, &gi_exc_OSError, "%s", why ? why : "symbol is NULL");
}

static GiRef call_plain(GiThread *ts, GiVal address, GiVal args, int flags) {
    uint64_t at;
    if (gi_as_u64(ts, address, &at)) return GI_NULL;
    if (gi_auditf(ts, "ctypes.call_function", "OO", address, args) < 0) return GI_NULL;
    return gi_ct_call(ts, (void *)(uintptr_t)at, flags, gi_tuple_items(args), gi_tuple_len(args), GI_NOVAL, GI_NOVAL);
}
GI_FUNCTION(_ctypes, call_function, "(address, arguments: tuple, /)", "") { return call_plain(ts, a->address, a->arguments, 0); }
GI_FUNCTION(_ctypes, call_cdeclfunction, "(address, arguments: tuple, /)", "") {
    return call_plain(ts, a->address, a->arguments, GI_CT_CDECL);
}

static GiVal value_at(GiVal address) { return (GiVal){gi_int_mask_u64(address)}; }
GI_FUNCTION(_ctypes, PyObj_FromPtr, "(address: object, /)", "") {
    if (!gi_is_int(a->address)) return gi_raise_ref(ts, &gi_exc_TypeError, "an integer is required");
    return gi_xdup(ts, value_at(a->address));
}
GI_FUNCTION(_ctypes, Py_INCREF, "(object, /)", "") {
    (void)gi_dup(ts, a->object).bits;
    return gi_dup(ts, a->object);
}
GI_FUNCTION(_ctypes, Py_DECREF, "(object, /)", "") {
    GiRef r = gi_dup(ts, a->object);
    gi_drop(ts, (GiRef){a->object.bits});
    return r;
}

/* ---- The module ---- */

static GiStatus add_types(GiThread *ts, GiVal module) {
    GiType *const hidden[] = {&gi_csimple_meta, &gi_cstruct_meta, &gi_cunion_meta, &gi_carray_meta, &gi_cpointer_meta,
                              &gi_cfunction_meta, &gi_cdata_type, &gi_carg_type, &gi_cfield_type, &gi_cthunk_type};
    GiCType *const bases[] = {&gi_c_simple, &gi_c_struct, &gi_c_union, &gi_c_array, &gi_c_pointer, &gi_c_function};
    for (size_t i = 0; i < GI_COUNTOF(hidden); i++)
        if (gi_type_ready(ts, hidden[i]) < 0) return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(bases); i++)
        if (gi_module_add_type(ts, module, &bases[i]->type) < 0) return GI_FAIL;
    return GI_OK;
}

static GiStatus add_addresses(GiThread *ts, GiVal module) {
    const struct { const char *name; uintptr_t at; } addresses[] = {
        {"_memmove_addr", (uintptr_t)memmove}, {"_memset_addr", (uintptr_t)memset},
        {"_string_at_addr", (uintptr_t)string_at}, {"_wstring_at_addr", (uintptr_t)wstring_at}, {"_cast_addr", (uintptr_t)cast_to}};
    for (size_t i = 0; i < GI_COUNTOF(addresses); i++)
        if (gi_module_add(ts, module, addresses[i].name, gi_int_from_u64(ts, addresses[i].at)) < 0) return GI_FAIL;
    return GI_OK;
}

static GiStatus ctypes_exec(GiThread *ts, GiVal module) {
    static const GiIntConstant ints[] = {
        {"FUNCFLAG_CDECL", GI_CT_CDECL}, {"FUNCFLAG_PYTHONAPI", GI_CT_PYTHONAPI}, {"FUNCFLAG_USE_ERRNO", GI_CT_USE_ERRNO},
        {"FUNCFLAG_USE_LASTERROR", 16}, {"RTLD_LOCAL", RTLD_LOCAL}, {"RTLD_GLOBAL", RTLD_GLOBAL}, {"CTYPES_MAX_ARGCOUNT", 1024},
    };
    GiCtypes *state = gi_module_state(module);
    if (add_types(ts, module) < 0 || gi_ct_add_byref(ts, module) < 0 || gi_module_add_ints(ts, module, ints, GI_COUNTOF(ints)) < 0 ||
        gi_module_add_str(ts, module, "__version__", "1.1.0") < 0 || add_addresses(ts, module) < 0)
        return GI_FAIL;
    gi_slot_set(ts, &state->pointer_types, gi_dict_new(ts));
    gi_slot_set(ts, &state->arrays, gi_dict_new(ts));
    gi_slot_set(ts, &state->argument_error, gi_type_make(ts, "ctypes.ArgumentError", &gi_exc_Exception, NULL));
    gi_slot_set(ts, &state->unpickle, gi_dict_get_cstr(ts, gi_module_dict(module), "_unpickle"));
    if (!state->pointer_types.bits || !state->arrays.bits || !state->argument_error.bits || !state->unpickle.bits) return GI_FAIL;
    return gi_module_add(ts, module, "_pointer_type_cache", gi_slot_dup(ts, &state->pointer_types)) < 0 ? GI_FAIL
           : gi_module_add(ts, module, "ArgumentError", gi_slot_dup(ts, &state->argument_error));
}

static const GiField state_fields[] = {GI_SLOT(GiCtypes, pointer_types), GI_SLOT(GiCtypes, unpickle), GI_SLOT(GiCtypes, arrays),
                                       GI_SLOT(GiCtypes, argument_error), GI_FIELDS_END};
const GiModuleDef gi_module__ctypes = {
    .name = "_ctypes", .doc = "Create and manipulate C compatible data types in Python.", .functions = _ctypes_functions,
    .exec = ctypes_exec, .state_size = sizeof(GiCtypes), .state_fields = state_fields,
};
