/* scalar.c - _SimpleCData and _Pointer: objects that hold one C value or address. */
#include "modules/_ctypes/ctypes.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "modules/_ctypes/scalar.gen.h"

/* ---- Simple values ---- */

static GiStatus set_value(GiThread *ts, GiVal self, GiVal value) {
    GiRef kept = GI_REF_NONE;
    if (gi_ct_store(ts, gi_cdata_ct(self), value, gi_cdata(self)->data, &kept)) return GI_FAIL;
    return gi_cdata_keep(ts, self, 0, kept);
}

GI_GETTER(csimple, value, "current value") { return gi_ct_load(ts, gi_cdata_ct(self), gi_cdata(self)->data); }
GI_SETTER(csimple, value) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "can't delete attribute");
    return set_value(ts, self, value);
}

GI_METHOD(csimple, __ctypes_from_outparam__, "(self, /)", "") {
    return gi_ct_is_plain(gi_cdata_ct(self)) ? gi_ct_load(ts, gi_cdata_ct(self), gi_cdata(self)->data) : gi_dup(ts, self);
}

static GiStatus simple_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames GI_UNUSED) {
    if (nargs > 1) return gi_raise_status(ts, &gi_exc_TypeError, "__init__ expected at most 1 argument, got %zu", nargs);
    return nargs ? set_value(ts, self, args[0]) : GI_OK;
}

static GiRef simple_repr(GiThread *ts, GiVal self) {
    if (gi_type_of(self)->base != &gi_c_simple.type)
        return gi_str_format(ts, "<%s object at %p>", gi_type_name(self), (void *)gi_obj(self));
    GiRef value = gi_ct_load(ts, gi_cdata_ct(self), gi_cdata(self)->data);
    if (gi_is_null(value)) return value;
    GiRef text = gi_str_format(ts, "%s(%R)", gi_type_name(self), gi_val(value));
    gi_drop(ts, value);
    return text;
}

static GiTruth any_set(GiThread *ts GI_UNUSED, GiVal self) {
    for (size_t i = 0; i < gi_cdata(self)->size; i++)
        if (gi_cdata(self)->data[i]) return GI_TRUTH_YES;
    return GI_TRUTH_NO;
}

static GiRef data_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t n GI_UNUSED, GiVal kw GI_UNUSED) {
    return gi_cdata_new(ts, type);
}

#define C_TYPE_HEAD(meta, text, about)                                                                    \
    .obj = {.head = (uint64_t)(uintptr_t)&meta, .owner = GI_OWNER_IMMORTAL, .local = 1}, .name = text,     \
    .module = "_ctypes", .flags = GI_TYPE_BASE | GI_TYPE_GC, .size = sizeof(GiCData),   \
    .base = &gi_cdata_type, .doc = about

/* PYSEM: the text that is "to be provided" is CPython's own, as help() shows it. */
GiCType gi_c_simple = {.type = {
    C_TYPE_HEAD(gi_csimple_meta, "_SimpleCData", "XXX to be provided"), .methods = csimple_methods, .getset = csimple_getset,
    .new_ = data_new, .init = simple_init, .repr = simple_repr, .truth = any_set,
}};

/* ---- Pointers ---- */

/* What a pointer's type points to; a type made by name may not have been told yet: NULL, raised. */
static GiCType *pointed_to(GiThread *ts, GiVal self) {
    GiCType *ct = gi_ct_item(gi_cdata_ct(self));
    if (ct == NULL) gi_raise(ts, &gi_exc_TypeError, "%s has no _type_", gi_type_name(self));
    return ct;
}

static GiCType *target_of(GiThread *ts, GiVal self, uint8_t **at) {
    memcpy(at, gi_cdata(self)->data, sizeof *at);
    if (*at == NULL) {
        gi_raise(ts, &gi_exc_ValueError, "NULL pointer access");
        return NULL;
    }
    return pointed_to(ts, self);
}

GI_GETTER(cpointer, contents, "the object this pointer points to (read-write)") {
    uint8_t *at;
    GiCType *ct = target_of(ts, self, &at);
    return ct ? gi_cdata_part(ts, ct, self, 0, at) : GI_NULL;
}
GI_SETTER(cpointer, contents) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "Pointer does not support item deletion");
    GiCType *ct = pointed_to(ts, self);
    if (ct == NULL) return GI_FAIL;
    if (!gi_is_cdata(value) || !gi_is_instance_of(value, &ct->type))
        return gi_raise_status(ts, &gi_exc_TypeError, "expected %s instead of %T", ct->type.name, value);
    memcpy(gi_cdata(self)->data, &gi_cdata(value)->data, sizeof(void *));
    if (gi_cdata_keep(ts, self, 1, gi_dup(ts, value))) return GI_FAIL;
    return gi_cdata_keep(ts, self, 0, gi_cdata_kept(ts, value));
}

static GiRef pointer_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t n GI_UNUSED, GiVal kw GI_UNUSED) {
    GiCType *ct = gi_ct_of_type(type);
    if (ct == NULL || gi_ct_item(ct) == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "Cannot create instance: has no _type_");
    return gi_cdata_new(ts, type);
}

static GiStatus pointer_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames GI_UNUSED) {
    if (nargs > 1) return gi_raise_status(ts, &gi_exc_TypeError, "POINTER() takes at most 1 argument (%zu given)", nargs);
    return nargs ? cpointer_set_contents(ts, self, args[0]) : GI_OK;
}

static GiRef pointer_item(GiThread *ts, GiVal self, int64_t i) {
    uint8_t *at;
    GiCType *ct = target_of(ts, self, &at);
    return ct ? gi_cdata_get(ts, ct, self, (size_t)i, at + i * (int64_t)ct->size) : GI_NULL;
}

/* Part of a slice: what is left out is null. */
static GiStatus slice_part(GiThread *ts, GiVal slice, const char *name, int64_t *out, bool *given) {
    GiRef v = gi_getattr_cstr(ts, slice, name);
    if (gi_is_null(v)) return GI_FAIL;
    *given = !gi_is_none(v);
    GiStatus status = *given ? gi_as_i64(ts, gi_val(v), out) : GI_OK;
    gi_drop(ts, v);
    return status;
}

static GiRef pointer_slice(GiThread *ts, GiVal self, GiVal slice) {
    int64_t start = 0, stop = 0, step = 1;
    bool has_start, has_stop, has_step;
    if (slice_part(ts, slice, "step", &step, &has_step) || slice_part(ts, slice, "start", &start, &has_start) ||
        slice_part(ts, slice, "stop", &stop, &has_stop))
        return GI_NULL;
    if (step == 0) return gi_raise_ref(ts, &gi_exc_ValueError, "slice step cannot be zero");
    if (!has_start && step < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "slice start is required for step < 0");
    if (!has_stop) return gi_raise_ref(ts, &gi_exc_ValueError, "slice stop is required");
    int64_t n = step > 0 ? (stop > start ? (stop - start - 1) / step + 1 : 0) : start > stop ? (start - stop - 1) / -step + 1 : 0;
    GiCType *item = pointed_to(ts, self);
    if (item == NULL) return GI_NULL;
    uint8_t *at;
    memcpy(&at, gi_cdata(self)->data, sizeof at);
    if (item->kind == GI_CT_SIMPLE && (item->code == 'c' || item->code == 'u')) {
        size_t size = item->size;
        if (n && at == NULL) return gi_raise_ref(ts, &gi_exc_ValueError, "NULL pointer access");
        uint8_t *copy = gi_mem_alloc(ts, GI_MAX((size_t)n, 1) * size);
        if (copy == NULL) return GI_NULL;
        for (int64_t i = 0; i < n; i++) memcpy(copy + (size_t)i * size, at + (start + i * step) * (int64_t)size, size);
        GiRef r = item->code == 'c' ? gi_bytes_from(ts, copy, (size_t)n) : gi_ct_wide_text(ts, copy, (size_t)n);
        gi_mem_free(copy);
        return r;
    }
    GiRef list = gi_list_new(ts, 0);
    for (int64_t i = 0; !gi_is_null(list) && i < n; i++) {
        GiRef v = pointer_item(ts, self, start + i * step);
        GiStatus status = gi_is_null(v) ? GI_FAIL : gi_list_append(ts, gi_val(list), v);
        if (status == GI_OK) continue;
        gi_drop(ts, list);
        return GI_NULL;
    }
    return list;
}

static GiRef pointer_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (gi_is_exact(key, &gi_slice_type)) return pointer_slice(ts, self, key);
    if (!gi_is_int(key) && gi_type_of(key)->index == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "Pointer indices must be integer");
    ssize_t i;
    return gi_as_ssize(ts, key, false, &i) < 0 ? GI_NULL : pointer_item(ts, self, i);
}

static GiStatus pointer_store(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t i;
    uint8_t *at;
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "Pointer does not support item deletion");
    if (gi_as_ssize(ts, key, false, &i) < 0) return GI_FAIL;
    GiCType *ct = target_of(ts, self, &at);
    return ct ? gi_cdata_set(ts, self, ct, value, (size_t)i, at + i * (int64_t)ct->size) : GI_FAIL;
}

GiCType gi_c_pointer = {.type = {
    C_TYPE_HEAD(gi_cpointer_meta, "_Pointer", "XXX to be provided"), .getset = cpointer_getset, .new_ = pointer_new,
    .init = pointer_init, .truth = any_set, .subscript = pointer_subscript, .set_subscript = pointer_store,
}};
