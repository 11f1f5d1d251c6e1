/* types.c - the metaclasses: the layout of a new class, its array and pointer types, from_... methods. */
#include "modules/_ctypes/ctypes.h"
#include <stdio.h>
#include "modules/step.h"
#include "objects/audit.h"
#include "objects/tuple.h"
#include <dlfcn.h>

GI_SHARED_METHODS(meta, cmeta, cpointer_meta);
#include "modules/_ctypes/types.gen.h"

GiStatus gi_ct_not_abstract(GiThread *ts, const GiCType *ct) {
    return ct->sized ? GI_OK : gi_raise_status(ts, &gi_exc_TypeError, "abstract class");
}

void gi_ct_type_destroy(GiThread *ts, GiObj *obj) {
    GiCType *ct = (GiCType *)obj;
    gi_mem_free(ct->format);
    gi_mem_free(ct->shape);
    gi_mem_free(ct->elements);
    ct->format = NULL;
    ct->shape = NULL;
    ct->elements = NULL;
    gi_type_type.destroy(ts, obj);
}

ffi_type **gi_ct_elements(GiThread *ts, ffi_type *const *members, size_t count) {
    ffi_type **elements = gi_mem_calloc(ts, count + 2, sizeof *elements);
    if (elements == NULL) return NULL;
    for (size_t i = 0; i < count; i++) elements[i] = members[i];
    if (count == 0) elements[0] = &ffi_type_uchar;
    return elements;
}

void gi_ct_set_ffi(GiCType *ct, ffi_type **elements) {
    ct->elements = elements;
    ct->ffi = (ffi_type){.size = ct->size, .alignment = (unsigned short)ct->align, .type = FFI_TYPE_STRUCT, .elements = elements};
}

/* Both, for a type that is being made. */
static GiStatus make_ffi(GiThread *ts, GiCType *ct, ffi_type *const *members, size_t count) {
    ffi_type **elements = gi_ct_elements(ts, members, count);
    if (elements == NULL) return GI_FAIL;
    gi_ct_set_ffi(ct, elements);
    return GI_OK;
}

/* ---- Layout by kind ---- */

static GiStatus set_format(GiThread *ts, GiCType *ct, const char *format, ...) __attribute__((format(printf, 3, 4)));
static GiStatus set_format(GiThread *ts, GiCType *ct, const char *format, ...) {
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ct->format = gi_mem_alloc(ts, (size_t)n + 1);
    if (ct->format != NULL) vsnprintf(ct->format, (size_t)n + 1, format, again);
    va_end(again);
    return ct->format != NULL ? GI_OK : GI_FAIL;
}

/* The attribute `name` that a class or one of its bases has; null without exception if none. */
static GiStatus class_attr(GiThread *ts, GiCType *ct, const char *name, GiRef *out) {
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = gi_getattr_opt(ts, gi_ct_ref(ct), gi_val(key), out);
    gi_drop(ts, key);
    return status;
}

/* The same of the class itself, not of its bases. */
static GiStatus own_attr(GiThread *ts, GiCType *ct, const char *name, GiRef *out) {
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    *out = gi_dict_get_str(ts, gi_type_dict(ts, &ct->type), gi_val(key));
    gi_drop(ts, key);
    return gi_is_null(*out) && gi_raised(ts) ? GI_FAIL : GI_OK;
}

static GiStatus swapped_twin(GiThread *ts, GiCType *ct, GiVal name, GiVal bases, GiVal dict) {
    GiRef twin = gi_type_new_class(ts, gi_type_of(gi_ct_ref(ct)), name, bases, dict, NULL, GI_NOVAL);
    if (gi_is_null(twin)) return GI_FAIL;
    GiCType *other = (GiCType *)gi_obj(twin);
    other->kind = GI_CT_SIMPLE;
    other->code = ct->code;
    other->size = ct->size;
    other->align = ct->align;
    other->ffi = ct->ffi;
    other->sized = true;
    other->swapped = true;
    GiRef text = gi_str_format(ts, "%s_be", ct->type.name);
    other->type.name = gi_is_null(text) ? other->type.name : gi_str_utf8(ts, gi_val(text), NULL);
    gi_slot_init(&other->type.full_name, text);
    GiStatus status = gi_is_null(text) ? GI_FAIL : set_format(ts, other, ">%s", gi_ct_code((uint32_t)ct->code)->format);
    GiVal big = gi_val(twin), little = gi_ct_ref(ct);
    for (int i = 0; i < 2 && status == GI_OK; i++) {
        status = gi_setattr_cstr(ts, i ? big : little, "__ctype_be__", big);
        if (status == GI_OK) status = gi_setattr_cstr(ts, i ? big : little, "__ctype_le__", little);
    }
    gi_drop(ts, twin);
    return status;
}

static GiStatus init_simple(GiThread *ts, GiCType *ct, const GiVal *args) {
    GiRef code;
    if (class_attr(ts, ct, "_type_", &code)) return GI_FAIL;
    if (gi_is_null(code)) return gi_raise_status(ts, &gi_exc_AttributeError, "class must define a '_type_' attribute");
    GiStatus status = GI_FAIL;
    const GiCodeInfo *info = NULL;
    if (!gi_is_str(code))
        gi_raise(ts, &gi_exc_TypeError, "class must define a '_type_' string attribute");
    else if (gi_str_len(code) != 1)
        gi_raise(ts, &gi_exc_ValueError, "class must define a '_type_' attribute which must be a string of length 1");
    else if (gi_str_char(gi_val(code), 0) == 'X') /* BSTR, which only Windows has */
        gi_raise(ts, &gi_exc_ValueError, "_type_ 'X' not supported");
    else if ((info = gi_ct_code(gi_str_char(gi_val(code), 0))) == NULL)
        gi_raise(ts, &gi_exc_AttributeError,
                 "class must define a '_type_' attribute which must be\n"
                 "a single character string containing one of 'cbBhHiIlLdfuzZqQPXOv?g'.");
    else
        status = set_format(ts, ct, "<%s", info->format);
    gi_drop(ts, code);
    if (status < 0) return status;
    ct->code = info->code;
    ct->size = ct->align = info->size;
    ct->ffi = *info->ffi;
    ct->sized = true;
    ct->has_pointer = strchr("zZPO", info->code) != NULL;
    GiCType *base = gi_ct_of_type(ct->type.base);
    bool direct = base == &gi_c_simple;
    if (!direct && base) ct->swapped = base->swapped;
    return info->swappable && direct ? swapped_twin(ts, ct, args[0], args[1], args[2]) : GI_OK;
}

static GiStatus array_shape(GiThread *ts, GiCType *ct, GiCType *item) {
    ct->ndim = item->ndim + 1;
    ct->shape = gi_mem_alloc(ts, (size_t)ct->ndim * sizeof *ct->shape);
    if (ct->shape == NULL) return GI_FAIL;
    ct->shape[0] = (ssize_t)ct->length;
    for (int i = 0; i < item->ndim; i++) ct->shape[i + 1] = item->shape[i];
    return set_format(ts, ct, "%s", item->format ? item->format : "B");
}

static GiStatus array_ffi(GiThread *ts, GiCType *ct, GiCType *item) {
    ffi_type *members[64];
    size_t n = ct->size <= sizeof members / sizeof *members ? ct->length : 0; /* bigger ones go by address */
    for (size_t i = 0; i < n && i < 64; i++) members[i] = &item->ffi;
    return make_ffi(ts, ct, members, n <= 64 ? n : 0);
}

static GiStatus init_array(GiThread *ts, GiCType *ct) {
    GiRef length, item;
    if (class_attr(ts, ct, "_length_", &length)) return GI_FAIL;
    if (gi_is_null(length)) return gi_raise_status(ts, &gi_exc_AttributeError, "class must define a '_length_' attribute");
    int64_t n = 0;
    bool is_int = gi_is_int(gi_val(length));
    int over = is_int ? gi_int_as_i64(gi_val(length), &n) : 0, sign = is_int ? gi_int_sign(gi_val(length)) : 0;
    gi_drop(ts, length);
    if (!is_int) return gi_raise_status(ts, &gi_exc_TypeError, "The '_length_' attribute must be an integer");
    if (sign < 0) return gi_raise_status(ts, &gi_exc_ValueError, "The '_length_' attribute must not be negative");
    if (over) return gi_raise_status(ts, &gi_exc_OverflowError, "The '_length_' attribute is too large");
    if (class_attr(ts, ct, "_type_", &item)) return GI_FAIL;
    if (gi_is_null(item)) return gi_raise_status(ts, &gi_exc_AttributeError, "class must define a '_type_' attribute");
    GiCType *of = gi_ct_of(gi_val(item));
    if (of == NULL || !of->sized) {
        gi_drop(ts, item);
        return gi_raise_status(ts, &gi_exc_TypeError, "_type_ must have storage info");
    }
    gi_slot_init(&ct->item, item);
    if (of->size && (size_t)n > PTRDIFF_MAX / of->size) return gi_raise_status(ts, &gi_exc_OverflowError, "array too large");
    ct->length = (size_t)n;
    ct->size = ct->length * of->size;
    ct->align = of->align;
    ct->has_pointer = of->has_pointer;
    ct->sized = true;
    return array_shape(ts, ct, of) < 0 ? GI_FAIL : array_ffi(ts, ct, of);
}

/* What a pointer type points to; the type of the first moment stands. */
static GiStatus set_target(GiThread *ts, GiCType *ct, GiVal target) {
    GiCType *of = gi_ct_of(target);
    if (of == NULL) return gi_raise_status(ts, &gi_exc_TypeError, "_type_ must have storage info");
    gi_slot_store(ts, &ct->item, gi_dup(ts, target));
    if (ct->format) return GI_OK;
    const char *inner = of->format ? of->format : "B";
    if (of->kind != GI_CT_ARRAY) return set_format(ts, ct, "&%s", inner);
    char dims[256];
    size_t used = 0;
    for (int i = 0; i < of->ndim && used < sizeof dims - 24; i++)
        used += (size_t)snprintf(dims + used, sizeof dims - used, i ? ",%zd" : "%zd", of->shape[i]);
    return set_format(ts, ct, "&(%s)%s", dims, inner);
}

static GiStatus init_pointer(GiThread *ts, GiCType *ct) {
    GiRef target;
    ct->size = ct->align = sizeof(void *);
    ct->length = 1;
    ct->ffi = ffi_type_pointer;
    ct->has_pointer = true;
    ct->sized = true;
    if (own_attr(ts, ct, "_type_", &target)) return GI_FAIL;
    if (gi_is_null(target)) return GI_OK;
    GiStatus status = set_target(ts, ct, gi_val(target));
    gi_drop(ts, target);
    return status;
}

GiStatus gi_ct_converters(GiThread *ts, GiVal argtypes, GiRef *types, GiRef *converters) {
    if (!gi_is_tuple(argtypes) && !gi_is_instance_of(argtypes, &gi_list_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "_argtypes_ must be a sequence of types");
    *types = gi_to_tuple(ts, argtypes);
    if (gi_is_null(*types)) return GI_FAIL;
    size_t n = gi_tuple_len(*types);
    GiRef out = GI_NULL;
    if (n > 1024) {
        gi_raise(ts, gi_as_type(gi_ct_state(ts)->argument_error),
                 "_argtypes_ has too many arguments (%zd), maximum is 1024", (ssize_t)n);
        goto fail;
    }
    out = gi_tuple_new(ts, n);
    if (gi_is_null(out)) goto fail;
    for (size_t i = 0; i < n; i++) {
        GiVal type = gi_tuple_get(gi_val(*types), i);
        GiRef name = gi_intern_cstr(ts, "from_param"), method = GI_NULL;
        GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, type, gi_val(name), &method);
        gi_xdrop(ts, name);
        if (status < 0) goto fail;
        if (gi_is_null(method)) {
            gi_raise(ts, &gi_exc_TypeError, "item %zu in _argtypes_ has no from_param method", i + 1);
            goto fail;
        }
        gi_tuple_init(out, i, method);
    }
    *converters = out;
    return GI_OK;
fail:
    gi_xdrop(ts, out);
    gi_drop(ts, *types);
    *types = GI_NULL;
    return GI_FAIL;
}

static GiStatus init_function(GiThread *ts, GiCType *ct) {
    GiRef flags, argtypes, restype;
    if (class_attr(ts, ct, "_flags_", &flags)) return GI_FAIL;
    int64_t bits = 0;
    bool good = !gi_is_null(flags) && gi_is_int(gi_val(flags)) && gi_int_as_i64(gi_val(flags), &bits) == 0;
    gi_xdrop(ts, flags);
    if (!good) return gi_raise_status(ts, &gi_exc_TypeError, "class must define _flags_ which must be an integer");
    ct->flags = (int)bits;
    ct->size = ct->align = sizeof(void *);
    ct->length = 1;
    ct->ffi = ffi_type_pointer;
    ct->has_pointer = true;
    ct->sized = true;
    if (set_format(ts, ct, "X{}") || class_attr(ts, ct, "_argtypes_", &argtypes)) return GI_FAIL;
    if (!gi_is_null(argtypes)) {
        GiRef types, converters;
        GiStatus status = gi_ct_converters(ts, gi_val(argtypes), &types, &converters);
        gi_drop(ts, argtypes);
        if (status < 0) return status;
        gi_slot_init(&ct->argtypes, types);
        gi_slot_init(&ct->converters, converters);
    }
    if (class_attr(ts, ct, "_restype_", &restype)) return GI_FAIL;
    if (gi_is_null(restype)) return GI_OK;
    gi_slot_init(&ct->restype, restype);
    if (!gi_is_none(restype) && gi_ct_of(gi_val(restype)) == NULL && !gi_is_callable(gi_val(restype)))
        return gi_raise_status(ts, &gi_exc_TypeError, "_restype_ must be a type, a callable, or None");
    return GI_OK;
}

/* A struct or union: its base's layout, until _fields_ is set, perhaps now. One whose body has `_abstract_` has none. */
static GiStatus init_aggregate(GiThread *ts, GiCType *ct) {
    GiCType *base = gi_ct_of_type(ct->type.base);
    GiRef abstract;
    if (own_attr(ts, ct, "_abstract_", &abstract)) return GI_FAIL;
    gi_xdrop(ts, abstract);
    if (!gi_is_null(abstract)) return GI_OK;
    ct->align = 1;
    ct->sized = true;
    if (base && base->sized) {
        __atomic_store_n(&base->final, true, __ATOMIC_RELEASE);
        ct->size = base->size;
        ct->align = base->align;
        ct->length = base->length;
        ct->has_pointer = base->has_pointer;
        if (base->format && set_format(ts, ct, "%s", base->format)) return GI_FAIL;
    }
    GiRef fields;
    GiStatus status = own_attr(ts, ct, "_fields_", &fields);
    /* By way of the metaclass, which may have a __setattr__ (that of ctypes' swapped structures has). */
    if (!gi_is_null(fields)) status = gi_setattr_cstr(ts, gi_ct_ref(ct), "_fields_", gi_val(fields));
    if (gi_is_null(fields) && status == GI_OK && base && base->elements) {
        size_t n = 0;
        while (base->elements[n]) n++;
        status = make_ffi(ts, ct, base->elements, n);
    } else if (gi_is_null(fields) && status == GI_OK) {
        status = make_ffi(ts, ct, NULL, 0);
    }
    gi_xdrop(ts, fields);
    return status;
}

static GiCKind kind_of_meta(const GiType *meta) {
    static GiType *const metas[] = {&gi_csimple_meta, &gi_cstruct_meta, &gi_cunion_meta,
                                    &gi_carray_meta, &gi_cpointer_meta, &gi_cfunction_meta};
    for (size_t i = 0; i < GI_COUNTOF(metas); i++)
        if (gi_is_subtype(meta, metas[i])) return (GiCKind)(GI_CT_SIMPLE + i);
    return GI_CT_NONE;
}

static GiRef meta_new(GiThread *ts, GiType *meta, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef cls = gi_type_type.new_(ts, meta, args, nargs, kwnames);
    if (gi_is_null(cls)) return cls;
    GiCType *ct = gi_ct_of(gi_val(cls));
    if (ct == NULL || ct->kind != GI_CT_NONE) return cls; /* a more derived metaclass has made it */
    GiStatus status = GI_OK;
    ct->kind = kind_of_meta(gi_type_of(gi_val(cls)));
    switch ((GiCKind)ct->kind) {
    case GI_CT_SIMPLE: status = init_simple(ts, ct, args); break;
    case GI_CT_STRUCT:
    case GI_CT_UNION: status = init_aggregate(ts, ct); break;
    case GI_CT_ARRAY: status = init_array(ts, ct); break;
    case GI_CT_POINTER: status = init_pointer(ts, ct); break;
    case GI_CT_FUNCTION: status = init_function(ts, ct); break;
    case GI_CT_NONE: break;
    }
    if (status == GI_OK) return cls;
    gi_drop(ts, cls);
    return GI_NULL;
}

static GiStatus aggregate_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    GiCType *ct = gi_ct_of(self);
    if (ct && !gi_is_null(value) && gi_str_equals_cstr(name, "_fields_") && gi_type_of(self) != &gi_type_type) {
        if (!ct->sized) return gi_raise_status(ts, &gi_exc_TypeError, "ctypes state is not initialized");
        if (gi_type_type.setattr(ts, self, name, value)) return GI_FAIL;
        return gi_ct_set_fields(ts, ct, value);
    }
    return gi_type_type.setattr(ts, self, name, value);
}

/* ---- Types made of types ---- */

static GiRef make_class(GiThread *ts, GiCType *base, GiRef name, const char *key, GiVal value, const char *key2, GiVal value2) {
    GiRef dict = gi_dict_new(ts), bases = gi_tuple_pack(ts, 1, gi_ct_ref(base)), cls = GI_NULL;
    GiVal globals = ts->vm->hooks->current_globals(ts);
    if (!gi_is_null(name) && !gi_is_null(dict) && !gi_is_null(bases) &&
        (key == NULL || gi_dict_set_cstr(ts, gi_val(dict), key, value) == GI_OK) &&
        (key2 == NULL || gi_dict_set_cstr(ts, gi_val(dict), key2, value2) == GI_OK)) {
        GiRef module = gi_is_null(globals) ? GI_NULL : gi_dict_get_str(ts, globals, GI_N(__name__));
        GiVal args[3] = {gi_val(name), gi_val(bases), gi_val(dict)};
        if (!gi_is_null(module) && gi_dict_set(ts, gi_val(dict), GI_N(__module__), gi_val(module)) < 0) gi_exc_clear(ts);
        gi_xdrop(ts, module);
        cls = gi_call(ts, gi_type_val(gi_type_of(gi_ct_ref(base))), args, 3, GI_NOVAL);
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, dict);
    gi_xdrop(ts, bases);
    return cls;
}

/* The class that the weak reference under `key` leads to; null without exception if there is none. */
static GiStatus known_array(GiThread *ts, GiVal key, GiRef *cls) {
    GiRef ref;
    *cls = GI_NULL;
    if (gi_dict_get(ts, gi_val(gi_ct_state(ts)->arrays), key, &ref)) return GI_FAIL;
    if (gi_is_null(ref)) return GI_OK;
    *cls = gi_weakref_get(ts, gi_val(ref));
    gi_drop(ts, ref);
    return GI_OK;
}

/* Makes the class known; the one that another thread has made known meanwhile is taken instead. Consumes cls. */
static GiRef remember_array(GiThread *ts, GiVal key, GiRef cls) {
    GiVal arrays = gi_val(gi_ct_state(ts)->arrays);
    GiRef ref = gi_weakref_new(ts, &gi_weakref_type, gi_val(cls), GI_NOVAL), first = GI_NULL;
    GiRef stored = gi_is_null(ref) ? GI_NULL : gi_dict_setdefault(ts, arrays, key, gi_val(ref));
    if (!gi_is_null(stored)) first = gi_weakref_get(ts, gi_val(stored));
    if (!gi_is_null(stored) && gi_is_null(first) && gi_dict_set(ts, arrays, key, gi_val(ref)) == GI_OK) {
        first = cls;
        cls = GI_NULL;
    }
    gi_xdrop(ts, ref);
    gi_xdrop(ts, stored);
    gi_xdrop(ts, cls);
    return first;
}

GiRef gi_ct_array_of(GiThread *ts, GiCType *ct, ssize_t n) {
    GiRef length = gi_int_from_i64(ts, n), cls = GI_NULL;
    if (gi_is_null(length)) return length;
    GiRef key = gi_tuple_pack(ts, 2, gi_ct_ref(ct), gi_val(length));
    if (!gi_is_null(key) && known_array(ts, gi_val(key), &cls) == GI_OK && gi_is_null(cls)) {
        cls = make_class(ts, &gi_c_array, gi_str_format(ts, "%.200s_Array_%zd", ct->type.name, n), "_length_", gi_val(length),
                         "_type_", gi_ct_ref(ct));
        if (!gi_is_null(cls)) cls = remember_array(ts, gi_val(key), cls);
    }
    gi_drop(ts, length);
    gi_xdrop(ts, key);
    return cls;
}

static GiRef meta_repeat(GiThread *ts, GiVal self, ssize_t n) {
    GiCType *ct = gi_ct_of(self);
    if (n < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "Array length must be >= 0, not %zd", n);
    if (ct == NULL) return gi_raise_ref(ts, &gi_exc_TypeError, "Expected a type object");
    return gi_ct_array_of(ts, ct, n);
}

GiRef gi_ct_pointer_to(GiThread *ts, GiVal type) {
    GiVal cache = gi_val(gi_ct_state(ts)->pointer_types);
    GiRef cls, key = GI_NULL;
    if (gi_dict_get(ts, cache, type, &cls) < 0 || !gi_is_null(cls)) return cls;
    if (gi_is_str(type)) {
        cls = make_class(ts, &gi_c_pointer, gi_str_format(ts, "LP_%U", type), NULL, GI_NOVAL, NULL, GI_NOVAL);
        if (gi_is_null(cls)) return cls;
        key = gi_int_from_u64(ts, (uintptr_t)gi_obj(cls));
    } else if (gi_is_type(type)) {
        cls = make_class(ts, &gi_c_pointer, gi_str_format(ts, "LP_%s", gi_as_type(type)->name), "_type_", type, NULL, GI_NOVAL);
        if (gi_is_null(cls)) return cls;
        key = gi_dup(ts, type);
    } else {
        return gi_raise_ref(ts, &gi_exc_TypeError, "must be a ctypes type");
    }
    GiRef first = gi_is_null(key) ? GI_NULL : gi_dict_setdefault(ts, cache, gi_val(key), gi_val(cls));
    gi_drop(ts, cls);
    gi_xdrop(ts, key);
    return first;
}

/* ---- Methods of the metaclasses ---- */

static GiCType *sized_self(GiThread *ts, GiVal self) {
    GiCType *ct = gi_ct_of(self);
    return ct && gi_ct_not_abstract(ts, ct) == GI_OK ? ct : NULL;
}

GI_METHOD(meta, from_address, "(self, integer, /)", "C.from_address(integer) -> C instance\naccess a C instance at the specified address") {
    GiCType *ct = gi_ct_of(self);
    if (!gi_is_int(a->integer)) return gi_raise_ref(ts, &gi_exc_TypeError, "integer expected");
    if (gi_auditf(ts, "ctypes.cdata", "O", a->integer) < 0 || (ct = sized_self(ts, self)) == NULL) return GI_NULL;
    return gi_cdata_at(ts, ct, (void *)(uintptr_t)gi_int_mask_u64(a->integer));
}

static GiStatus check_room(GiThread *ts, GiCType *ct, ssize_t len, ssize_t offset) {
    if (offset < 0) return gi_raise_status(ts, &gi_exc_ValueError, "offset cannot be negative");
    if ((ssize_t)ct->size > len - offset)
        return gi_raise_status(ts, &gi_exc_ValueError, "Buffer size too small (%zd instead of at least %zd bytes)", len,
                               (ssize_t)ct->size + offset);
    return GI_OK;
}

GI_METHOD(meta, from_buffer, "(self, object, offset: ssize = 0, /)",
          "C.from_buffer(object, offset=0, /) -> C instance\ncreate a C instance from a writeable buffer") {
    GiCType *ct = sized_self(ts, self);
    if (ct == NULL) return GI_NULL;
    GiRef memory = gi_memoryview_from(ts, a->object);
    if (gi_is_null(memory)) return memory;
    GiBuffer view;
    if (gi_buffer_get(ts, gi_val(memory), &view, GI_BUF_FULL_RO)) goto fail;
    if (view.readonly)
        gi_raise(ts, &gi_exc_TypeError, "underlying buffer is not writable");
    else if (!gi_buffer_is_contiguous(&view, 'C'))
        gi_raise(ts, &gi_exc_TypeError, "underlying buffer is not C contiguous");
    else
        (void)!check_room(ts, ct, view.len, a->offset);
    uint8_t *at = gi_raised(ts) ? NULL : (uint8_t *)view.data + a->offset;
    ssize_t len = view.len;
    gi_buffer_release(ts, &view);
    if (at == NULL || gi_auditf(ts, "ctypes.cdata/buffer", "unn", (uint64_t)(uintptr_t)at, (int64_t)len, (int64_t)a->offset) < 0)
        goto fail;
    GiRef r = gi_cdata_at(ts, ct, at);
    if (gi_is_null(r)) goto fail;
    gi_slot_init(&gi_cdata(r)->keep, GI_NULL);
    if (gi_cdata_keep(ts, gi_val(r), (size_t)-1, memory) < 0) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
fail:
    gi_drop(ts, memory);
    return GI_NULL;
}

GI_METHOD(meta, from_buffer_copy, "(self, object, offset: ssize = 0, /)",
          "C.from_buffer_copy(object, offset=0, /) -> C instance\ncreate a C instance from a readable buffer") {
    GiCType *ct = gi_ct_of(self);
    GiBuffer view;
    if (gi_buffer_get(ts, a->object, &view, GI_BUF_SIMPLE)) return GI_NULL;
    GiRef r = GI_NULL;
    if ((ct = sized_self(ts, self)) != NULL && check_room(ts, ct, view.len, a->offset) == GI_OK &&
        gi_auditf(ts, "ctypes.cdata/buffer", "unn", (uint64_t)(uintptr_t)view.data, (int64_t)view.len, (int64_t)a->offset) == GI_OK)
        r = gi_cdata_new(ts, &ct->type);
    if (!gi_is_null(r)) memcpy(gi_cdata(r)->data, (uint8_t *)view.data + a->offset, ct->size);
    gi_buffer_release(ts, &view);
    return r;
}

GI_METHOD(meta, in_dll, "(self, dll, name: cstr, /)", "C.in_dll(dll, name) -> C instance\naccess a C instance in a dll") {
    GiCType *ct = sized_self(ts, self);
    if (ct == NULL) return GI_NULL;
    GiRef handle = gi_getattr_cstr(ts, a->dll, "_handle");
    if (gi_is_null(handle)) return handle;
    bool good = gi_is_int(gi_val(handle));
    void *dll = good ? (void *)(uintptr_t)gi_int_mask_u64(gi_val(handle)) : NULL;
    gi_drop(ts, handle);
    if (!good) return gi_raise_ref(ts, &gi_exc_TypeError, "the _handle attribute of the second argument must be an integer");
    if (gi_auditf(ts, "ctypes.dlsym", "Os", a->dll, a->name) < 0) return GI_NULL;
    void *at = dlsym(dll, a->name);
    if (at == NULL) {
        const char *why = dlerror();
        return gi_raise_ref(ts, &gi_exc_ValueError, "%s", why ? why : "symbol is NULL");
    }
    return gi_cdata_at(ts, ct, at);
}

GI_METHOD(meta, from_param, "(self, object, /)", "Convert a Python object into a function call parameter.") {
    return gi_ct_from_param(ts, self, a->object);
}

GI_METHOD(cpointer_meta, set_type, "(self, object, /)", "") {
    if (set_target(ts, gi_ct_of(self), a->object)) return GI_NULL;
    return gi_setattr_cstr(ts, self, "_type_", a->object) < 0 ? GI_NULL : GI_REF_NONE;
}

static const GiField meta_fields[] = {
    GI_SLOT(GiCType, item), GI_SLOT(GiCType, names), GI_SLOT(GiCType, argtypes), GI_SLOT(GiCType, converters),
    GI_SLOT(GiCType, restype), GI_SLOT(GiCType, other), GI_FIELDS_END,
};
#define META(variable, text, table, ...)                                                                    \
    GiType variable = {                                                                                     \
        .obj = GI_TYPE_HEAD, .name = text, .module = "_ctypes", .size = sizeof(GiCType),                     \
        .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_IS_TYPE | GI_TYPE_VARSIZED,          \
        .base = &gi_type_type, .fields = meta_fields, .destroy = gi_ct_type_destroy, .methods = table,      \
        .new_ = meta_new, .repeat = meta_repeat, __VA_ARGS__                                                \
    }
META(gi_csimple_meta, "PyCSimpleType", cmeta_methods, .doc = "metatype for the PyCSimpleType Objects");
META(gi_cstruct_meta, "PyCStructType", cmeta_methods, .setattr = aggregate_setattr, .doc = "metatype for the CData Objects");
META(gi_cunion_meta, "UnionType", cmeta_methods, .setattr = aggregate_setattr, .doc = "metatype for the CData Objects");
META(gi_carray_meta, "PyCArrayType", cmeta_methods, .doc = "metatype for the Array Objects");
META(gi_cpointer_meta, "PyCPointerType", cpointer_meta_methods, .doc = "metatype for the Pointer Objects");
META(gi_cfunction_meta, "PyCFuncPtrType", cmeta_methods, .doc = "metatype for C function pointers");
