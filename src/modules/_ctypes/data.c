/* data.c - _CData: objects over C memory, what they keep alive, reading and writing parts of them. */
#include "modules/_ctypes/ctypes.h"
#include <stdio.h>
#include "objects/tuple.h"
#include "modules/_ctypes/data.gen.h"

/* ---- Making ---- */

static GiRef new_object(GiThread *ts, GiCType *ct) {
    if (gi_ct_not_abstract(ts, ct)) return GI_NULL;
    __atomic_store_n(&ct->final, true, __ATOMIC_RELEASE);
    return gi_type_alloc(ts, &ct->type, 0);
}

GiRef gi_cdata_new(GiThread *ts, GiType *type) {
    GiRef ref = new_object(ts, (GiCType *)type);
    if (gi_is_null(ref)) return ref;
    GiCData *x = gi_cdata(ref);
    x->size = ((GiCType *)type)->size;
    x->owned = true;
    x->data = x->size <= sizeof x->value ? x->value.bytes : gi_mem_calloc(ts, 1, x->size);
    if (x->data != NULL) return ref;
    gi_drop(ts, ref);
    return GI_NULL;
}

GiRef gi_cdata_at(GiThread *ts, GiCType *ct, void *at) {
    GiRef ref = new_object(ts, ct);
    if (gi_is_null(ref)) return ref;
    gi_cdata(ref)->data = at;
    gi_cdata(ref)->size = ct->size;
    return ref;
}

GiRef gi_cdata_part(GiThread *ts, GiCType *ct, GiVal base, size_t index, uint8_t *at) {
    GiRef ref = gi_cdata_at(ts, ct, at);
    if (gi_is_null(ref)) return ref;
    gi_cdata(ref)->index = index;
    gi_slot_init(&gi_cdata(ref)->base, gi_dup(ts, base));
    return ref;
}

static void cdata_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiCData *x = (GiCData *)obj;
    if (x->owned && x->data != x->value.bytes) gi_mem_free(x->data);
    x->data = NULL;
    x->owned = false;
}

/* ---- What is kept ---- */

/* The object whose memory v's is a part of; it lives as long as v does. */
static GiVal root_of(GiVal v) {
    while (!gi_is_null(gi_cdata(v)->base)) v = gi_val(gi_cdata(v)->base);
    return v;
}

/* What the root keeps; containers get their dict now. */
static GiRef root_kept(GiThread *ts, GiVal root) {
    GiCData *x = gi_cdata(root);
    GiRef kept = gi_slot_load(ts, &x->keep);
    if (!gi_is_null(kept)) return kept;
    if (gi_cdata_ct(root)->kind == GI_CT_SIMPLE || gi_cdata_ct(root)->length == 0) return GI_REF_NONE;
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return dict;
    uint64_t none = 0;
    GiRef mine = gi_dup(ts, gi_val(dict));
    if (__atomic_compare_exchange_n(&x->keep.bits, &none, mine.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) return dict;
    gi_drop(ts, mine);
    gi_drop(ts, dict);
    return root_kept(ts, root);
}

GiRef gi_cdata_kept(GiThread *ts, GiVal src) { return root_kept(ts, root_of(src)); }

static GiRef part_key(GiThread *ts, GiVal dst, size_t index) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    for (;;) {
        char digits[24];
        int n = snprintf(digits, sizeof digits, index == (size_t)-1 ? "ffffffff" : "%zx", index);
        gi_sb_ascii(&sb, digits, (size_t)n);
        if (gi_is_null(gi_cdata(dst)->base)) return gi_sb_finish(&sb);
        gi_sb_lit(&sb, ":");
        index = gi_cdata(dst)->index;
        dst = gi_val(gi_cdata(dst)->base);
    }
}

GiStatus gi_cdata_keep(GiThread *ts, GiVal dst, size_t index, GiRef kept) {
    if (gi_is_null(kept)) return GI_FAIL;
    if (gi_is_none(kept)) return GI_OK;
    GiVal root = root_of(dst);
    GiRef all = root_kept(ts, root);
    GiStatus status = GI_FAIL;
    if (gi_is_null(all)) {
        gi_drop(ts, kept);
        return status;
    }
    if (!gi_is_dict_exact(gi_val(all)) || gi_cdata_ct(root)->kind == GI_CT_SIMPLE) {
        gi_slot_store(ts, &gi_cdata(root)->keep, kept);
        gi_drop(ts, all);
        return GI_OK;
    }
    GiRef key = part_key(ts, dst, index);
    if (!gi_is_null(key)) status = gi_dict_set(ts, gi_val(all), gi_val(key), gi_val(kept));
    gi_xdrop(ts, key);
    gi_drop(ts, all);
    gi_drop(ts, kept);
    return status;
}

/* ---- Parts ---- */

GiRef gi_cdata_get(GiThread *ts, GiCType *ct, GiVal base, size_t index, uint8_t *at) {
    return gi_ct_is_plain(ct) ? gi_ct_load(ts, ct, at) : gi_cdata_part(ts, ct, base, index, at);
}

/* A tuple becomes an object of the type. */
static GiStatus set_from_tuple(GiThread *ts, GiVal dst, GiCType *ct, GiVal value, size_t index, uint8_t *at) {
    GiRef made = gi_call_ex(ts, gi_ct_ref(ct), value, GI_NOVAL);
    if (!gi_is_null(made)) {
        GiStatus status = gi_cdata_set(ts, dst, ct, gi_val(made), index, at);
        gi_drop(ts, made);
        return status;
    }
    GiRef exc = gi_exc_take(ts);
    gi_raise(ts, &gi_exc_RuntimeError, "(%s) %s: %S", ct->type.name, gi_type_short_name(gi_type_of(gi_val(exc))), gi_val(exc));
    gi_drop(ts, exc);
    return GI_FAIL;
}

/* An array where a pointer to its items is expected. */
static GiStatus set_from_array(GiThread *ts, GiVal dst, GiVal value, size_t index, uint8_t *at) {
    memcpy(at, &gi_cdata(value)->data, sizeof(void *));
    GiRef kept = gi_cdata_kept(ts, value);
    if (gi_is_null(kept)) return GI_FAIL;
    GiRef both = gi_tuple_pack(ts, 2, gi_val(kept), value);
    gi_drop(ts, kept);
    return gi_cdata_keep(ts, dst, index, both);
}

GiStatus gi_cdata_set(GiThread *ts, GiVal dst, GiCType *ct, GiVal value, size_t index, uint8_t *at) {
    if (gi_is_instance_of(value, &ct->type)) {
        memmove(at, gi_cdata(value)->data, GI_MIN(ct->size, gi_cdata(value)->size));
        return gi_cdata_keep(ts, dst, index, gi_cdata_kept(ts, value));
    }
    if (ct->kind == GI_CT_SIMPLE) {
        GiRef kept = GI_REF_NONE;
        if (gi_ct_store(ts, ct, value, at, &kept)) return GI_FAIL;
        return gi_cdata_keep(ts, dst, index, kept);
    }
    bool is_data = gi_is_cdata(value);
    if (!is_data && gi_is_tuple(value)) return set_from_tuple(ts, dst, ct, value, index, at);
    if (ct->kind == GI_CT_POINTER && gi_is_none(value)) {
        memset(at, 0, sizeof(void *));
        return GI_OK;
    }
    if (!is_data) return gi_raise_status(ts, &gi_exc_TypeError, "expected %s instance, got %T", ct->type.name, value);
    GiCType *from = gi_cdata_ct(value);
    if (ct->kind == GI_CT_POINTER && from->kind == GI_CT_ARRAY && gi_ct_item(ct) &&
        gi_is_subtype(&gi_ct_item(from)->type, &gi_ct_item(ct)->type))
        return set_from_array(ts, dst, value, index, at);
    return gi_raise_status(ts, &gi_exc_TypeError, "incompatible types, %T instance instead of %s instance", value, ct->type.name);
}

/* ---- The type ---- */

static GiStatus cdata_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    GiCData *x = gi_cdata(self);
    GiCType *ct = gi_cdata_ct(self), *item = ct;
    if (gi_buffer_fill(ts, view, self, x->data, (ssize_t)x->size, false, flags) < 0) return GI_FAIL;
    while (item->kind == GI_CT_ARRAY && gi_ct_item(item)) item = gi_ct_item(item);
    view->item_size = (ssize_t)item->size;
    view->ndim = ct->ndim;
    view->format = flags & GI_BUF_FORMAT ? ct->format ? ct->format : "B" : NULL;
    view->shape = ct->ndim ? ct->shape : NULL;
    view->strides = NULL;
    view->suboffsets = NULL;
    if (ct->ndim == 0 || (flags & GI_BUF_STRIDES) != GI_BUF_STRIDES) return GI_OK;
    ssize_t *strides = ct->ndim <= 2 ? view->shape_inline : gi_mem_alloc(ts, (size_t)ct->ndim * sizeof *strides);
    if (strides == NULL) {
        gi_buffer_release(ts, view);
        return GI_FAIL;
    }
    view->internal = ct->ndim <= 2 ? NULL : strides;
    ssize_t step = view->item_size;
    for (int i = ct->ndim; i-- > 0;) {
        strides[i] = step;
        step *= ct->shape[i];
    }
    view->strides = strides;
    return GI_OK;
}
static void cdata_release_buffer(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED, GiBuffer *view) {
    gi_mem_free(view->internal);
    view->internal = NULL;
}

static int64_t cdata_hash(GiThread *ts, GiVal self GI_UNUSED) {
    gi_raise(ts, &gi_exc_TypeError, "unhashable type");
    return -1;
}

static GiRef cdata_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED, GiVal kw GI_UNUSED) {
    if (gi_ct_of_type(type) == NULL) return gi_raise_ref(ts, &gi_exc_TypeError, "cannot create '%s' instances", type->name);
    return gi_cdata_new(ts, type);
}

GI_GETTER(cdata, _objects, "internal objects tree (NEVER CHANGE THIS OBJECT!)") {
    GiRef r = gi_slot_load(ts, &gi_cdata(self)->keep);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
GI_GETTER(cdata, _b_base_, "the base object") {
    GiVal base = gi_val(gi_cdata(self)->base);
    return gi_is_null(base) ? GI_REF_NONE : gi_dup(ts, base);
}
GI_GETTER(cdata, _b_needsfree_, "whether the object owns the memory or not") { return gi_smallint_ref(gi_cdata(self)->owned); }

GI_METHOD(cdata, __ctypes_from_outparam__, "(self, /)", "") { return gi_dup(ts, self); }

GI_METHOD(cdata, __reduce__, "(self, /)", "") {
    GiCType *ct = gi_cdata_ct(self);
    if (ct->has_pointer)
        return gi_raise_ref(ts, &gi_exc_ValueError, "ctypes objects containing pointers cannot be pickled");
    GiRef dict = GI_NULL, bytes = gi_bytes_from(ts, gi_cdata(self)->data, gi_cdata(self)->size), r = GI_NULL;
    if (gi_is_null(bytes)) return r;
    GiStatus status = gi_getattr_opt(ts, self, GI_N(__dict__), &dict);
    if (status == GI_OK && gi_is_null(dict)) dict = gi_dict_new(ts);
    if (!gi_is_null(dict)) {
        GiRef state = gi_tuple_pack(ts, 2, gi_val(dict), gi_val(bytes));
        GiRef args = gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 2, gi_ct_ref(ct), gi_val(state));
        if (!gi_is_null(args)) r = gi_tuple_pack(ts, 2, gi_val(gi_ct_state(ts)->unpickle), gi_val(args));
        gi_xdrop(ts, state);
        gi_xdrop(ts, args);
        gi_drop(ts, dict);
    }
    gi_drop(ts, bytes);
    return r;
}

GI_METHOD(cdata, __setstate__, "(self, dict, data: bytes, /)", "") {
    GiCData *x = gi_cdata(self);
    memcpy(x->data, gi_bytes_data(a->data), GI_MIN(x->size, gi_bytes_len(a->data)));
    GiRef dict;
    if (gi_getattr_opt(ts, self, GI_N(__dict__), &dict)) return GI_NULL;
    if (gi_is_null(dict)) return GI_REF_NONE;
    GiStatus status = gi_dict_update(ts, gi_val(dict), a->dict);
    gi_drop(ts, dict);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}

/* PYSEM: the text that is "to be provided" is CPython's own, as help() shows it. */
GiType gi_cdata_type = {
    .obj = GI_TYPE_HEAD, .name = "_CData", .module = "_ctypes", .size = sizeof(GiCData),
    .flags = GI_TYPE_BASE | GI_TYPE_GC, .base = &gi_object_type, .doc = "XXX to be provided",
    .fields = (const GiField[]){GI_SLOT(GiCData, base), GI_SLOT(GiCData, keep), GI_FIELDS_END},
    .destroy = cdata_destroy, .methods = cdata_methods, .getset = cdata_getset, .new_ = cdata_new, .hash = cdata_hash,
    .get_buffer = cdata_buffer, .release_buffer = cdata_release_buffer,
};
