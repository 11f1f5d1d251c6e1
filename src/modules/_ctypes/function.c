/* function.c - CFuncPtr: foreign functions as objects, what they take and give; byref objects; from_param.
 *
 * LOCK: argtypes and converters are replaced one after the other; a call reads the converters alone.
 */
#include "modules/_ctypes/ctypes.h"
#include "objects/audit.h"
#include "objects/tuple.h"
#include <dlfcn.h>
#include "modules/_ctypes/function.gen.h"

#define function_of(v) ((GiCFunction *)gi_obj(v))
#define carg_of(v) ((GiCArg *)gi_obj(v))

/* ---- Arguments ---- */

GiRef gi_carg_new(GiThread *ts, char tag, ffi_type *ffi, GiVal keep) {
    GiCArg *arg = (GiCArg *)gi_heap_new(ts, &gi_carg_type, sizeof *arg);
    if (arg == NULL) return GI_NULL;
    arg->tag = tag;
    arg->ffi = ffi;
    gi_slot_init(&arg->keep, gi_xdup(ts, keep));
    return gi_own_obj(arg);
}

static GiRef carg_repr(GiThread *ts, GiVal self) {
    GiCArg *x = carg_of(self);
    switch (x->tag) {
    case 'b':
    case 'B': return gi_str_format(ts, "<cparam '%c' (%d)>", x->tag, (int)x->value.i8);
    case 'h':
    case 'H': return gi_str_format(ts, "<cparam '%c' (%d)>", x->tag, (int)x->value.i16);
    case 'i':
    case 'I': return gi_str_format(ts, "<cparam '%c' (%d)>", x->tag, (int)x->value.i32);
    case 'l':
    case 'L':
    case 'q':
    case 'Q': return gi_str_format(ts, "<cparam '%c' (%lld)>", x->tag, (long long)x->value.i64);
    case 'd':
    case 'f': {
        double d = x->tag == 'd' ? x->value.d : (double)x->value.f;
        return gi_str_format(ts, "<cparam '%c' (%R)>", x->tag, gi_double(d));
    }
    case 'c': {
        uint8_t c = (uint8_t)x->value.i8;
        return c < 0x80 && c >= 32 && c != '\'' ? gi_str_format(ts, "<cparam '%c' ('%c')>", x->tag, c)
                                    : gi_str_format(ts, "<cparam '%c' ('\\x%x%x')>", x->tag, c >> 4, c & 15);
    }
    case 'z':
    case 'Z':
    case 'P': return gi_str_format(ts, "<cparam '%c' (%p)>", x->tag, x->value.p);
    default: return gi_str_format(ts, "<cparam '%c' at %p>", x->tag, (void *)x);
    }
}
GI_GETTER(carg, _obj, "the wrapped object") {
    GiVal keep = gi_val(carg_of(self)->keep);
    return gi_is_null(keep) ? GI_REF_NONE : gi_dup(ts, keep);
}
GiType gi_carg_type = {
    .obj = GI_TYPE_HEAD, .name = "CArgObject", .size = sizeof(GiCArg), .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .base = &gi_object_type, .getset = carg_getset, .repr = carg_repr,
    .fields = (const GiField[]){GI_SLOT(GiCArg, keep), GI_FIELDS_END},
};

/* ---- from_param ---- */

static GiRef address_arg(GiThread *ts, char tag, const void *address, GiVal keep) {
    GiRef arg = gi_carg_new(ts, tag, &ffi_type_pointer, keep);
    if (!gi_is_null(arg)) carg_of(arg)->value.p = (void *)(uintptr_t)address;
    return arg;
}

static GiRef wide_arg(GiThread *ts, GiVal text) {
    GiRef wide = gi_ct_wide(ts, text);
    if (gi_is_null(wide)) return wide;
    GiRef arg = address_arg(ts, 'Z', gi_bytes_data(gi_val(wide)), gi_val(wide));
    gi_drop(ts, wide);
    return arg;
}

/* What pointer-like codes take besides their own instances; null without exception: not this. */
static GiRef text_param(GiThread *ts, GiCType *ct, GiVal value) {
    char code = ct->code;
    if (gi_is_none(value)) return GI_REF_NONE;
    if (gi_is_bytes(value) && code != 'Z') return address_arg(ts, 'z', gi_bytes_data(value), value);
    if (gi_is_str(value) && code != 'z') return wide_arg(ts, value);
    if (code == 'P' && gi_is_int(value)) return address_arg(ts, 'P', (void *)(uintptr_t)gi_int_mask_u64(value), GI_NOVAL);
    if (gi_is_cdata(value)) {
        GiCType *from = gi_cdata_ct(value);
        bool pointer = from->kind == GI_CT_ARRAY || from->kind == GI_CT_POINTER;
        if (pointer && (code == 'P' || gi_ct_is_chars(from, code == 'z' ? 'c' : 'u'))) return gi_dup(ts, value);
        if (code == 'P' && (from->kind == GI_CT_FUNCTION || (from->kind == GI_CT_SIMPLE && strchr("zZ", from->code)))) {
            void *p;
            memcpy(&p, gi_cdata(value)->data, sizeof p);
            return address_arg(ts, from->kind == GI_CT_FUNCTION ? 'P' : 'Z', p, value);
        }
    }
    if (gi_is_exact(value, &gi_carg_type) && carg_of(value)->tag == 'P') {
        GiVal obj = gi_val(carg_of(value)->keep);
        if (code == 'P') return gi_dup(ts, value);
        if (!gi_is_null(obj) && gi_is_cdata(obj) && gi_cdata_ct(obj)->kind == GI_CT_SIMPLE &&
            gi_cdata_ct(obj)->code == (code == 'z' ? 'c' : 'u'))
            return gi_dup(ts, value);
    }
    return GI_NULL;
}

static GiRef from_parameter_attr(GiThread *ts, GiVal type, GiVal value, bool *found) {
    GiRef name = gi_intern_cstr(ts, "_as_parameter_"), param = GI_NULL, r = GI_NULL;
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, value, gi_val(name), &param);
    gi_xdrop(ts, name);
    *found = status < 0 || !gi_is_null(param);
    if (gi_is_null(param)) return GI_NULL;
    if (gi_enter_recursive(ts, "while processing _as_parameter_") == GI_OK) {
        r = gi_ct_from_param(ts, type, gi_val(param));
        gi_leave_recursive(ts);
    }
    gi_drop(ts, param);
    return r;
}

static GiRef simple_param(GiThread *ts, GiCType *ct, GiVal value) {
    bool found;
    if (strchr("zZP", ct->code)) {
        GiRef r = text_param(ts, ct, value);
        if (!gi_is_null(r) || gi_raised(ts)) return r;
    } else {
        GiRef kept = GI_REF_NONE, arg = gi_carg_new(ts, ct->code, &ct->ffi, value);
        if (gi_is_null(arg)) return arg;
        if (gi_ct_store(ts, ct, value, carg_of(arg)->value.bytes, &kept) == GI_OK) {
            gi_drop(ts, kept);
            return arg;
        }
        gi_exc_clear(ts);
        gi_drop(ts, arg);
    }
    GiRef r = from_parameter_attr(ts, gi_ct_ref(ct), value, &found);
    return found ? r : gi_raise_ref(ts, &gi_exc_TypeError, "wrong type");
}

static GiRef byref(GiThread *ts, GiVal obj, int64_t offset) {
    return address_arg(ts, 'P', gi_cdata(obj)->data + offset, obj);
}

GiRef gi_ct_from_param(GiThread *ts, GiVal type, GiVal value) {
    GiCType *ct = gi_ct_of(type);
    if (ct == NULL || !ct->sized) return gi_raise_ref(ts, &gi_exc_TypeError, "abstract class");
    if (ct->kind == GI_CT_POINTER) {
        GiCType *item = gi_ct_item(ct);
        if (gi_is_none(value)) return GI_REF_NONE;
        if (item && gi_is_instance_of(value, &item->type)) return byref(ts, value, 0);
        if (item && gi_is_cdata(value) && (gi_cdata_ct(value)->kind == GI_CT_POINTER || gi_cdata_ct(value)->kind == GI_CT_ARRAY) &&
            gi_ct_item(gi_cdata_ct(value)) && gi_is_subtype(&gi_ct_item(gi_cdata_ct(value))->type, &item->type))
            return gi_dup(ts, value);
    }
    if (gi_is_instance_of(value, &ct->type)) return gi_dup(ts, value);
    if (ct->kind == GI_CT_SIMPLE) return simple_param(ts, ct, value);
    if (gi_is_exact(value, &gi_carg_type)) {
        GiVal obj = gi_val(carg_of(value)->keep);
        GiCType *wanted = ct->kind == GI_CT_POINTER ? gi_ct_item(ct) : ct;
        if (!gi_is_null(obj) && wanted && gi_is_instance_of(obj, &wanted->type)) return gi_dup(ts, value);
        return gi_raise_ref(ts, &gi_exc_TypeError, "expected %s instance instead of pointer to %s", ct->type.name,
                            gi_is_null(obj) ? "??" : gi_type_name(obj));
    }
    bool found;
    GiRef r = from_parameter_attr(ts, type, value, &found);
    return found ? r : gi_raise_ref(ts, &gi_exc_TypeError, "expected %s instance instead of %T", ct->type.name, value);
}

GI_FUNCTION(_ctypes, byref, "(object, offset = <null>, /)",
            "byref(C instance[, offset=0]) -> byref-object\nReturn a pointer lookalike to a C instance, only usable\nas function argument") {
    int64_t offset = 0;
    if (!gi_is_null(a->offset) && gi_as_i64(ts, a->offset, &offset)) return GI_NULL;
    if (!gi_is_cdata(a->object))
        return gi_raise_ref(ts, &gi_exc_TypeError, "byref() argument must be a ctypes instance, not '%T'", a->object);
    return byref(ts, a->object, offset);
}

/* ---- Attributes ---- */

GI_GETTER(cfunction, argtypes, "specify the argument types") {
    GiCFunction *f = function_of(self);
    GiRef r = gi_slot_load(ts, f->has_argtypes ? &f->argtypes : &gi_cdata_ct(self)->argtypes);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
GI_SETTER(cfunction, argtypes) {
    GiCFunction *f = function_of(self);
    GiRef types = GI_NULL, converters = GI_NULL;
    if (!gi_is_null(value) && !gi_is_none(value) && gi_ct_converters(ts, value, &types, &converters)) return GI_FAIL;
    gi_xdrop(ts, types);
    gi_slot_store(ts, &f->converters, converters);
    gi_slot_store(ts, &f->argtypes, gi_is_null(converters) ? GI_NULL : gi_dup(ts, value));
    f->has_argtypes = !gi_is_null(converters);
    return GI_OK;
}
GI_GETTER(cfunction, restype, "specify the result type") {
    GiCFunction *f = function_of(self);
    GiRef r = gi_slot_load(ts, f->has_restype ? &f->restype : &gi_cdata_ct(self)->restype);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
GI_SETTER(cfunction, restype) {
    GiCFunction *f = function_of(self);
    if (!gi_is_null(value) && !gi_is_none(value) && gi_ct_of(value) == NULL && !gi_is_callable(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "restype must be a type, a callable, or None");
    f->has_restype = !gi_is_null(value);
    gi_slot_store(ts, &f->restype, gi_is_null(value) ? GI_NULL : gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(cfunction, errcheck, "a function to check for errors") {
    GiRef r = gi_slot_load(ts, &function_of(self)->errcheck);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
GI_SETTER(cfunction, errcheck) {
    if (!gi_is_null(value) && !gi_is_callable(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "the errcheck attribute must be callable");
    gi_slot_store(ts, &function_of(self)->errcheck, gi_xdup(ts, value));
    return GI_OK;
}

/* ---- Making ---- */

static GiStatus check_paramflags(GiThread *ts, GiCType *ct, GiVal flags) {
    if (!gi_is_tuple(flags)) return gi_raise_status(ts, &gi_exc_TypeError, "paramflags must be a tuple or None");
    GiVal types = gi_val(ct->argtypes);
    if (gi_is_null(types)) return GI_OK;
    if (gi_tuple_len(flags) != gi_tuple_len(types))
        return gi_raise_status(ts, &gi_exc_ValueError, "paramflags must have the same length as argtypes");
    for (size_t i = 0; i < gi_tuple_len(flags); i++) {
        GiVal item = gi_tuple_get(flags, i);
        int64_t flag = 0;
        if (!gi_is_tuple(item) || gi_tuple_len(item) < 1 || gi_tuple_len(item) > 3 || !gi_is_int(gi_tuple_get(item, 0)))
            return gi_raise_status(ts, &gi_exc_TypeError, "paramflags must be a sequence of (int [,string [,value]]) tuples");
        (void)gi_int_as_i64(gi_tuple_get(item, 0), &flag);
        if ((flag & 3) == 2) {
            GiCType *type = gi_ct_of(gi_tuple_get(types, i));
            bool good = type && (type->kind == GI_CT_POINTER || type->kind == GI_CT_ARRAY ||
                                 (type->kind == GI_CT_SIMPLE && strchr("zZP", type->code)));
            if (!good)
                return gi_raise_status(ts, &gi_exc_TypeError, "'out' parameter %zu must be a pointer type, not %s", i + 1,
                                       gi_as_type(gi_tuple_get(types, i))->name);
        }
    }
    return GI_OK;
}

static GiRef with_address(GiThread *ts, GiType *type, void *address) {
    GiRef f = gi_cdata_new(ts, type);
    if (!gi_is_null(f)) memcpy(gi_cdata(f)->data, &address, sizeof address);
    return f;
}

static GiRef from_dll(GiThread *ts, GiType *type, GiVal pair) {
    if (gi_tuple_len(pair) != 2) return gi_raise_ref(ts, &gi_exc_TypeError, "argument must be a tuple of length 2");
    GiVal name = gi_tuple_get(pair, 0), dll = gi_tuple_get(pair, 1);
    const char *text;
    if (gi_is_bytes(name)) text = (const char *)gi_bytes_data(name);
    else if (gi_is_str(name)) text = gi_str_cstr(ts, name);
    else return gi_raise_ref(ts, &gi_exc_TypeError, "function name must be string, bytes object or integer");
    if (text == NULL) return GI_NULL;
    GiRef handle = gi_getattr_cstr(ts, dll, "_handle");
    if (gi_is_null(handle)) return handle;
    bool good = gi_is_int(gi_val(handle));
    void *library = good ? (void *)(uintptr_t)gi_int_mask_u64(gi_val(handle)) : NULL;
    gi_drop(ts, handle);
    if (!good) return gi_raise_ref(ts, &gi_exc_TypeError, "the _handle attribute of the second argument must be an integer");
    if (gi_auditf(ts, "ctypes.dlsym", "OO", dll, name) < 0) return GI_NULL;
    void *address = dlsym(library, text);
    if (address == NULL) {
        const char *why = dlerror();
        return gi_raise_ref(ts, &gi_exc_AttributeError, "%s", why ? why : "symbol is NULL");
    }
    GiRef f = with_address(ts, type, address);
    if (!gi_is_null(f) && gi_cdata_keep(ts, gi_val(f), 0, gi_dup(ts, dll)) < 0) {
        gi_drop(ts, f);
        return GI_NULL;
    }
    return f;
}

static GiRef from_callable(GiThread *ts, GiType *type, GiVal callable) {
    GiCType *ct = (GiCType *)type;
    if (gi_is_null(ct->argtypes))
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot construct instance of this class: no argtypes");
    void *code = NULL;
    GiRef thunk = gi_cthunk_new(ts, callable, gi_val(ct->argtypes), gi_is_null(ct->restype) ? GI_NONE : gi_val(ct->restype),
                                ct->flags, &code);
    if (gi_is_null(thunk)) return thunk;
    GiRef f = with_address(ts, type, code);
    if (gi_is_null(f)) {
        gi_drop(ts, thunk);
        return f;
    }
    gi_slot_init(&function_of(f)->callable, gi_dup(ts, callable));
    gi_slot_init(&function_of(f)->thunk, gi_dup(ts, gi_val(thunk)));
    if (gi_cdata_keep(ts, gi_val(f), 0, thunk) < 0) {
        gi_drop(ts, f);
        return GI_NULL;
    }
    return f;
}

static GiRef function_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames GI_UNUSED) {
    GiCType *ct = gi_ct_of_type(type);
    if (ct == NULL || gi_ct_not_abstract(ts, ct)) return GI_NULL;
    if (nargs == 0) return with_address(ts, type, NULL);
    if (gi_is_tuple(args[0])) {
        GiVal flags = nargs > 1 ? args[1] : GI_NONE;
        if (nargs > 2) return gi_raise_ref(ts, &gi_exc_TypeError, "function takes at most 2 arguments (%zu given)", nargs);
        if (!gi_is_none(flags) && check_paramflags(ts, ct, flags)) return GI_NULL;
        GiRef f = from_dll(ts, type, args[0]);
        if (!gi_is_null(f) && !gi_is_none(flags)) gi_slot_init(&function_of(f)->paramflags, gi_dup(ts, flags));
        return f;
    }
    if (nargs == 1 && gi_is_int(args[0])) return with_address(ts, type, (void *)(uintptr_t)gi_int_mask_u64(args[0]));
    if (!gi_is_callable(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "argument must be callable or integer function address");
    return from_callable(ts, type, args[0]);
}
static GiStatus function_init(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED, const GiVal *args GI_UNUSED, size_t n GI_UNUSED,
                              GiVal kw GI_UNUSED) {
    return GI_OK;
}

/* ---- Calling ---- */

/* The arguments that a call with paramflags passes; outs: those whose value is the result. */
static GiRef flagged_args(GiThread *ts, GiCFunction *f, const GiVal *args, size_t nargs, GiVal kwnames, uint64_t *outs, uint64_t *inouts) {
    GiVal flags = gi_val(f->paramflags), types = gi_val(((GiCType *)gi_type_of(gi_from_obj(f)))->argtypes);
    size_t n = gi_tuple_len(flags), next = 0, inputs = 0;
    GiRef all = gi_tuple_new(ts, n);
    if (gi_is_null(all)) return all;
    for (size_t i = 0; i < n; i++) {
        GiVal item = gi_tuple_get(flags, i);
        GiVal name = gi_tuple_len(item) > 1 ? gi_tuple_get(item, 1) : GI_NONE, given = GI_NOVAL;
        int64_t flag = 0;
        (void)gi_int_as_i64(gi_tuple_get(item, 0), &flag);
        if (flag == 2) {
            GiCType *pointer = gi_ct_of(gi_tuple_get(types, i));
            GiVal target = pointer->kind == GI_CT_POINTER ? gi_val(pointer->item) : gi_ct_ref(pointer);
            GiRef made = gi_call0(ts, target);
            if (gi_is_null(made)) goto fail;
            gi_tuple_init(all, i, made);
            if (i < 64) *outs |= UINT64_C(1) << i;
            continue;
        }
        inputs++;
        if (flag & 2 && i < 64) *inouts |= UINT64_C(1) << i;
        if (next < nargs) given = args[next++];
        else
            for (size_t k = 0; gi_is_str(name) && !gi_is_null(kwnames) && k < gi_tuple_len(kwnames); k++)
                if (gi_str_equal(gi_tuple_get(kwnames, k), name)) given = args[nargs + k];
        if (gi_is_null(given) && gi_tuple_len(item) > 2) given = gi_tuple_get(item, 2);
        if (gi_is_null(given) && flag & 4) given = gi_smallint(0);
        if (gi_is_null(given)) {
            if (gi_is_str(name)) gi_raise(ts, &gi_exc_TypeError, "required argument '%U' missing", name);
            else gi_raise(ts, &gi_exc_TypeError, "not enough arguments");
            goto fail;
        }
        gi_tuple_init(all, i, gi_dup(ts, given));
    }
    size_t kw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nargs + kw <= inputs) return all;
    gi_raise(ts, &gi_exc_TypeError, "call takes exactly %zu arguments (%zu given)", inputs, nargs + kw);
fail:
    gi_drop(ts, all);
    return GI_NULL;
}

/* The result of a call with output parameters: their values. */
static GiRef collect_outs(GiThread *ts, GiRef result, GiVal all, uint64_t outs, uint64_t inouts) {
    if (gi_is_null(result) || (outs | inouts) == 0) return result;
    gi_drop(ts, result);
    size_t n = (size_t)__builtin_popcountll(outs | inouts), at = 0;
    GiRef values = gi_tuple_new(ts, n);
    for (size_t i = 0; !gi_is_null(values) && i < gi_tuple_len(all) && i < 64; i++) {
        if (!((outs | inouts) >> i & 1)) continue;
        GiVal v = gi_tuple_get(all, i);
        GiRef value = outs >> i & 1 ? gi_call_method_cstr(ts, v, "__ctypes_from_outparam__", NULL, 0) : gi_dup(ts, v);
        if (gi_is_null(value)) {
            gi_drop(ts, values);
            return value;
        }
        if (n == 1) {
            gi_drop(ts, values);
            return value;
        }
        gi_tuple_init(values, at++, value);
    }
    return values;
}

static GiRef function_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiCFunction *f = function_of(self);
    GiCType *ct = gi_cdata_ct(self);
    void *address;
    uint64_t outs = 0, inouts = 0;
    memcpy(&address, f->head.data, sizeof address);
    GiRef converters = gi_slot_load(ts, f->has_argtypes ? &f->converters : &ct->converters);
    GiRef restype = gi_slot_load(ts, f->has_restype ? &f->restype : &ct->restype), all = GI_NULL, r = GI_NULL;
    GiRef errcheck = gi_slot_load(ts, &f->errcheck);
    if (!gi_is_null(f->paramflags) && !gi_is_null(ct->argtypes)) {
        all = flagged_args(ts, f, args, nargs, kwnames, &outs, &inouts);
        if (gi_is_null(all)) goto out;
    } else {
        all = gi_tuple_from(ts, args, nargs);
        if (gi_is_null(all)) goto out;
    }
    size_t required = gi_is_null(converters) ? 0 : gi_tuple_len(converters), given = gi_tuple_len(all);
    if (given < required) {
        gi_raise(ts, &gi_exc_TypeError, "this function takes at least %zu argument%s (%zu given)", required,
                 required == 1 ? "" : "s", given);
        goto out;
    }
    r = gi_ct_call(ts, address, ct->flags, gi_tuple_items(gi_val(all)), given, gi_val(converters), gi_val(restype));
    if (!gi_is_null(r) && !gi_is_null(errcheck)) {
        GiRef checked = gi_call3(ts, gi_val(errcheck), gi_val(r), self, gi_val(all));
        /* What errcheck returns replaces the outputs, unless it is the arguments themselves. */
        bool same = !gi_is_null(checked) && gi_same(checked, all);
        gi_drop(ts, r);
        r = checked;
        if (!same) goto out;
    }
    r = collect_outs(ts, r, gi_val(all), outs, inouts);
out:
    gi_xdrop(ts, all);
    gi_xdrop(ts, errcheck);
    gi_xdrop(ts, restype);
    gi_xdrop(ts, converters);
    return r;
}

static GiRef function_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<%s object at %p>", gi_type_name(self), (void *)gi_obj(self));
}
static GiTruth function_truth(GiThread *ts GI_UNUSED, GiVal self) {
    void *address;
    memcpy(&address, gi_cdata(self)->data, sizeof address);
    return gi_truth_of(address != NULL);
}

GiCType gi_c_function = {.type = {
    .obj = {.head = (uint64_t)(uintptr_t)&gi_cfunction_meta, .owner = GI_OWNER_IMMORTAL, .local = 1}, .name = "CFuncPtr",
    .module = "_ctypes", .flags = GI_TYPE_BASE | GI_TYPE_GC, .size = sizeof(GiCFunction), .base = &gi_cdata_type,
    .doc = "Function Pointer", .getset = cfunction_getset, .new_ = function_new, .init = function_init, .call = function_call,
    .repr = function_repr, .truth = function_truth,
    .fields = (const GiField[]){GI_SLOT(GiCFunction, callable), GI_SLOT(GiCFunction, thunk), GI_SLOT(GiCFunction, argtypes),
                                GI_SLOT(GiCFunction, converters), GI_SLOT(GiCFunction, restype), GI_SLOT(GiCFunction, errcheck),
                                GI_SLOT(GiCFunction, paramflags), GI_FIELDS_END},
}};

GiStatus gi_ct_add_byref(GiThread *ts, GiVal module) { return gi_module_add_functions(ts, module, _ctypes_functions); }
