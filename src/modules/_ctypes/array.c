/* array.c - Array: a fixed number of items of one C type; arrays of characters as text. */
#include "modules/_ctypes/ctypes.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include <wchar.h>
#include "modules/_ctypes/array.gen.h"

static ssize_t array_length(GiThread *ts GI_UNUSED, GiVal self) { return (ssize_t)gi_cdata_ct(self)->length; }
static uint8_t *item_at(GiVal self, size_t i) { return gi_cdata(self)->data + i * gi_ct_item(gi_cdata_ct(self))->size; }

static GiRef array_item(GiThread *ts, GiVal self, ssize_t i) {
    GiCType *ct = gi_cdata_ct(self);
    if (i < 0 || (size_t)i >= ct->length) return gi_raise_ref(ts, &gi_exc_IndexError, "invalid index");
    return gi_cdata_get(ts, gi_ct_item(ct), self, (size_t)i, item_at(self, (size_t)i));
}

static GiStatus array_set_item(GiThread *ts, GiVal self, ssize_t i, GiVal value) {
    GiCType *ct = gi_cdata_ct(self);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "Array does not support item deletion");
    if (i < 0 || (size_t)i >= ct->length) return gi_raise_status(ts, &gi_exc_IndexError, "invalid index");
    return gi_cdata_set(ts, self, gi_ct_item(ct), value, (size_t)i, item_at(self, (size_t)i));
}

static GiStatus read_index(GiThread *ts, GiVal self, GiVal key, ssize_t *i) {
    if (gi_as_ssize(ts, key, false, i)) return GI_FAIL;
    if (*i < 0) *i += array_length(ts, self);
    return GI_OK;
}

static GiRef array_slice(GiThread *ts, GiVal self, GiVal slice) {
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, slice, &start, &stop, &step)) return GI_NULL;
    GiCType *ct = gi_cdata_ct(self);
    size_t n = gi_slice_adjust(ct->length, &start, &stop, step), size = gi_ct_item(ct)->size;
    bool chars = gi_ct_is_chars(ct, 'c');
    if (chars || gi_ct_is_chars(ct, 'u')) {
        uint8_t *copy = gi_mem_alloc(ts, GI_MAX(n, 1) * size);
        if (copy == NULL) return GI_NULL;
        for (size_t i = 0; i < n; i++) memcpy(copy + i * size, item_at(self, (size_t)(start + (ssize_t)i * step)), size);
        GiRef r = chars ? gi_bytes_from(ts, copy, n) : gi_ct_wide_text(ts, copy, n);
        gi_mem_free(copy);
        return r;
    }
    GiRef list = gi_list_new(ts, 0);
    for (size_t i = 0; !gi_is_null(list) && i < n; i++) {
        GiRef v = array_item(ts, self, start + (ssize_t)i * step);
        GiStatus status = gi_is_null(v) ? GI_FAIL : gi_list_append(ts, gi_val(list), v);
        if (status == GI_OK) continue;
        gi_drop(ts, list);
        return GI_NULL;
    }
    return list;
}

static GiRef array_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (gi_is_exact(key, &gi_slice_type)) return array_slice(ts, self, key);
    if (!gi_is_int(key) && gi_type_of(key)->index == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "indices must be integers");
    ssize_t i;
    return read_index(ts, self, key, &i) < 0 ? GI_NULL : array_item(ts, self, i);
}

static GiStatus array_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t start, stop, step;
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "Array does not support item deletion");
    if (!gi_is_exact(key, &gi_slice_type)) {
        if (!gi_is_int(key) && gi_type_of(key)->index == NULL)
            return gi_raise_status(ts, &gi_exc_TypeError, "indices must be integer");
        return read_index(ts, self, key, &start) < 0 ? GI_FAIL : array_set_item(ts, self, start, value);
    }
    if (gi_slice_unpack(ts, key, &start, &stop, &step)) return GI_FAIL;
    ssize_t n = (ssize_t)gi_slice_adjust(gi_cdata_ct(self)->length, &start, &stop, step), given = gi_length(ts, value);
    if (given < 0) return GI_FAIL;
    if (given != n) return gi_raise_status(ts, &gi_exc_ValueError, "Can only assign sequence of same size");
    for (ssize_t i = 0; i < n; i++) {
        GiRef v = gi_sequence_item(ts, value, i);
        if (gi_is_null(v)) return GI_FAIL;
        GiStatus status = array_set_item(ts, self, start + i * step, gi_val(v));
        gi_drop(ts, v);
        if (status < 0) return status;
    }
    return GI_OK;
}

static GiStatus array_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames GI_UNUSED) {
    for (size_t i = 0; i < nargs; i++)
        if (array_set_item(ts, self, (ssize_t)i, args[i])) return GI_FAIL;
    return GI_OK;
}

static GiRef array_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t n GI_UNUSED, GiVal kw GI_UNUSED) {
    return gi_cdata_new(ts, type);
}

GI_CLASSMETHOD(carray, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}


static GiRef chars_value(GiThread *ts, GiVal self) {
    GiCData *x = gi_cdata(self);
    size_t n = gi_cdata_ct(self)->length;
    if (gi_ct_is_chars(gi_cdata_ct(self), 'c')) return gi_bytes_from(ts, x->data, strnlen((const char *)x->data, n));
    return gi_ct_wide_text(ts, x->data, wcsnlen((const wchar_t *)(void *)x->data, n));
}

static GiStatus set_chars_value(GiThread *ts, GiVal self, GiVal value) {
    GiCData *x = gi_cdata(self);
    size_t room = gi_cdata_ct(self)->length;
    if (gi_ct_is_chars(gi_cdata_ct(self), 'c')) {
        if (!gi_is_bytes(value)) return gi_raise_status(ts, &gi_exc_TypeError, "bytes expected instead of %T instance", value);
        size_t n = gi_bytes_len(value);
        if (n > room) return gi_raise_status(ts, &gi_exc_ValueError, "byte string too long");
        memcpy(x->data, gi_bytes_data(value), n < room ? n + 1 : n);
        return GI_OK;
    }
    if (!gi_is_str(value)) return gi_raise_status(ts, &gi_exc_TypeError, "unicode string expected instead of %T instance", value);
    size_t n = gi_str_len(value);
    if (n > room) return gi_raise_status(ts, &gi_exc_ValueError, "string too long");
    for (size_t i = 0; i <= n && i < room; i++) {
        uint32_t ch = i < n ? gi_str_char(value, i) : 0;
        memcpy(x->data + 4 * i, &ch, 4);
    }
    return GI_OK;
}

static GiStatus set_chars_raw(GiThread *ts, GiVal self, GiVal value) {
    GiBuffer view;
    if (gi_buffer_get(ts, value, &view, GI_BUF_BRIEF)) return GI_FAIL;
    bool fits = (size_t)view.len <= gi_cdata(self)->size;
    if (fits) memmove(gi_cdata(self)->data, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    return fits ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "byte string too long");
}

static GiRef array_getattr(GiThread *ts, GiVal self, GiVal name) {
    bool value = gi_str_equals_cstr(name, "value"), raw = !value && gi_str_equals_cstr(name, "raw");
    if (raw && gi_ct_is_chars(gi_cdata_ct(self), 'c')) return gi_bytes_from(ts, gi_cdata(self)->data, gi_cdata(self)->size);
    if (value && (gi_ct_is_chars(gi_cdata_ct(self), 'c') || gi_ct_is_chars(gi_cdata_ct(self), 'u'))) return chars_value(ts, self);
    return gi_object_getattr(ts, self, name);
}

static GiStatus array_setattr(GiThread *ts, GiVal self, GiVal name, GiVal v) {
    bool value = gi_str_equals_cstr(name, "value"), raw = !value && gi_str_equals_cstr(name, "raw");
    bool narrow = gi_ct_is_chars(gi_cdata_ct(self), 'c');
    if (!(narrow && (value || raw)) && !(value && gi_ct_is_chars(gi_cdata_ct(self), 'u'))) return gi_object_setattr(ts, self, name, v);
    if (gi_is_null(v)) return gi_raise_status(ts, raw ? &gi_exc_AttributeError : &gi_exc_TypeError,
                                              raw ? "cannot delete attribute" : "can't delete attribute");
    return raw ? set_chars_raw(ts, self, v) : set_chars_value(ts, self, v);
}

GiCType gi_c_array = {.type = {
    .obj = {.head = (uint64_t)(uintptr_t)&gi_carray_meta, .owner = GI_OWNER_IMMORTAL, .local = 1}, .name = "Array",
    .module = "_ctypes", .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_SEQUENCE,
    .size = sizeof(GiCData), .base = &gi_cdata_type,
    .doc = "Abstract base class for arrays.\n\nThe recommended way to create concrete array types is by multiplying any\n"
           "ctypes data type with a non-negative integer. Alternatively, you can subclass\nthis type and define "
           "_length_ and _type_ class variables. Array elements can\nbe read and written using standard subscript and "
           "slice accesses for slice\nreads, the resulting object is not itself an Array.",
    .methods = carray_methods, .new_ = array_new, .init = array_init, .length = array_length, .item = array_item,
    .set_item = array_set_item, .subscript = array_subscript, .set_subscript = array_set_subscript,
    .getattr = array_getattr, .setattr = array_setattr,
}};
