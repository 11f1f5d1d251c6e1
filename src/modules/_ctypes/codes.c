/* codes.c - simple C values: what a type code's memory is to Python, and back.
 *
 * A py_object's memory is the word of the value itself, which it does not own: the ctypes object keeps it.
 */
#include "modules/_ctypes/ctypes.h"
#include <wchar.h>

static const GiCodeInfo codes[] = {
    {'c', 1, &ffi_type_schar, "c", false, false}, {'b', 1, &ffi_type_schar, "b", false, true},
    {'B', 1, &ffi_type_uchar, "B", false, true},  {'h', 2, &ffi_type_sshort, "h", true, true},
    {'H', 2, &ffi_type_ushort, "H", true, true},  {'i', 4, &ffi_type_sint, "i", true, true},
    {'I', 4, &ffi_type_uint, "I", true, true},    {'l', 8, &ffi_type_slong, "q", true, true},
    {'L', 8, &ffi_type_ulong, "Q", true, true},   {'q', 8, &ffi_type_sint64, "q", true, true},
    {'Q', 8, &ffi_type_uint64, "Q", true, true},  {'f', 4, &ffi_type_float, "f", true, false},
    {'d', 8, &ffi_type_double, "d", true, false}, {'g', 16, &ffi_type_longdouble, "g", false, false},
    {'P', 8, &ffi_type_pointer, "P", false, false}, {'z', 8, &ffi_type_pointer, "z", false, false},
    {'Z', 8, &ffi_type_pointer, "Z", false, false}, {'u', 4, &ffi_type_sint32, "u", false, false},
    {'O', 8, &ffi_type_pointer, "O", false, false}, {'?', 1, &ffi_type_uchar, "?", false, true},
    {'v', 2, &ffi_type_sshort, "v", false, true},
};

const GiCodeInfo *gi_ct_code(uint32_t code) {
    for (size_t i = 0; i < GI_COUNTOF(codes); i++)
        if ((uint32_t)codes[i].code == code) return &codes[i];
    return NULL;
}

GiRef gi_ct_wide(GiThread *ts, GiVal text) {
    size_t n = gi_str_len(text);
    GiRef bytes = gi_bytes_from(ts, NULL, (n + 1) * sizeof(wchar_t));
    if (gi_is_null(bytes)) return bytes;
    wchar_t *to = (wchar_t *)(void *)gi_bytes_data(gi_val(bytes));
    for (size_t i = 0; i < n; i++) to[i] = (wchar_t)gi_str_char(text, i);
    to[n] = 0;
    return bytes;
}

GiRef gi_ct_wide_text(GiThread *ts, const void *from, size_t n) {
    uint32_t *chars = gi_mem_alloc(ts, GI_MAX(n, 1) * sizeof *chars);
    if (chars == NULL) return GI_NULL;
    memcpy(chars, from, n * sizeof *chars);
    GiRef text = GI_NULL;
    size_t i = 0;
    while (i < n && chars[i] <= 0x10FFFF) i++;
    if (i < n)
        gi_raise(ts, &gi_exc_ValueError, "character U+%x is not in range [U+0000; U+10ffff]", chars[i]);
    else
        text = gi_str_from_ucs4(ts, chars, n);
    gi_mem_free(chars);
    return text;
}

static uint64_t read_word(const GiCType *ct, const uint8_t *from) {
    uint64_t u = 0;
    memcpy(&u, from, ct->size);
    return ct->swapped ? __builtin_bswap64(u) >> (64 - 8 * ct->size) : u;
}

GiRef gi_ct_load(GiThread *ts, const GiCType *ct, const uint8_t *from) {
    if (ct->code == 'g') {
        long double g;
        memcpy(&g, from, sizeof g);
        return gi_double_ref((double)g);
    }
    uint64_t u = read_word(ct, from);
    switch (ct->code) {
    case 'c': return gi_bytes_from(ts, from, 1);
    case 'b': return gi_smallint_ref((int8_t)u);
    case 'h': return gi_smallint_ref((int16_t)u);
    case 'i': return gi_smallint_ref((int32_t)u);
    case 'l':
    case 'q': return gi_int_from_i64(ts, (int64_t)u);
    case 'f': {
        uint32_t bits = (uint32_t)u;
        float f;
        memcpy(&f, &bits, sizeof f);
        return gi_double_ref(f);
    }
    case 'd': {
        double d;
        memcpy(&d, &u, sizeof d);
        return gi_double_ref(d);
    }
    case '?':
    case 'v': return gi_bool_ref(u != 0);
    case 'u': return gi_ct_wide_text(ts, from, 1);
    case 'P': return u ? gi_int_from_u64(ts, u) : GI_REF_NONE;
    case 'z': return u ? gi_bytes_from(ts, (const char *)(uintptr_t)u, strlen((const char *)(uintptr_t)u)) : GI_REF_NONE;
    case 'Z': return u ? gi_ct_wide_text(ts, (const void *)(uintptr_t)u, wcslen((const wchar_t *)(uintptr_t)u)) : GI_REF_NONE;
    case 'O':
        if (u) return gi_dup(ts, (GiVal){u});
        return gi_raise_ref(ts, &gi_exc_ValueError, "PyObject is NULL");
    default: return gi_int_from_u64(ts, u);
    }
}

static GiStatus store_char(GiThread *ts, GiVal v, uint8_t *to) {
    int64_t i;
    if (gi_is_bytes(v) && gi_bytes_len(v) == 1) {
        *to = gi_bytes_data(v)[0];
    } else if (gi_is_bytearray(v) && ((GiByteArray *)gi_obj(v))->length == 1) {
        GiBuffer view;
        if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF)) return GI_FAIL;
        if (view.len == 1) *to = *(uint8_t *)view.data;
        gi_buffer_release(ts, &view);
    } else if (gi_is_int(v) && gi_int_as_i64(v, &i) == 0 && i >= 0 && i < 256) {
        *to = (uint8_t)i;
    } else {
        return gi_raise_status(ts, &gi_exc_TypeError, "one character bytes, bytearray or integer expected");
    }
    return GI_OK;
}

/* The address that a pointer-like code is set to. */
static GiStatus store_address(GiThread *ts, char code, GiVal v, uint64_t *u, GiRef *keep) {
    *u = 0;
    if (gi_is_none(v)) return GI_OK;
    if (gi_is_int(v)) {
        *u = gi_int_mask_u64(v);
    } else if (code == 'z' && gi_is_bytes(v)) {
        *u = (uintptr_t)gi_bytes_data(v);
        *keep = gi_dup(ts, v);
    } else if (code == 'Z' && gi_is_str(v)) {
        GiRef wide = gi_ct_wide(ts, v);
        if (gi_is_null(wide)) return GI_FAIL;
        *u = (uintptr_t)gi_bytes_data(gi_val(wide));
        *keep = wide;
    } else if (code == 'P') {
        return gi_raise_status(ts, &gi_exc_TypeError, "cannot be converted to pointer");
    } else {
        return gi_raise_status(ts, &gi_exc_TypeError, "%s or integer address expected instead of %T instance",
                               code == 'z' ? "bytes" : "unicode string", v);
    }
    return GI_OK;
}

static GiStatus store_float(GiThread *ts, const GiCType *ct, GiVal v, uint8_t *to, uint64_t *u) {
    double d;
    if (gi_as_double(ts, v, &d)) return GI_FAIL;
    if (ct->code == 'g') {
        long double g = d;
        memset(to, 0, sizeof g);
        memcpy(to, &g, 10);
    } else if (ct->code == 'f') {
        float f = (float)d;
        uint32_t bits;
        memcpy(&bits, &f, sizeof bits);
        *u = bits;
    } else {
        memcpy(u, &d, sizeof d);
    }
    return GI_OK;
}

GiStatus gi_ct_store(GiThread *ts, const GiCType *ct, GiVal v, uint8_t *to, GiRef *keep) {
    uint64_t u = 0;
    *keep = GI_REF_NONE;
    switch (ct->code) {
    case 'c': return store_char(ts, v, to);
    case 'u':
        if (!gi_is_str(v))
            return gi_raise_status(ts, &gi_exc_TypeError, "unicode string expected instead of %T instance", v);
        if (gi_str_len(v) != 1) return gi_raise_status(ts, &gi_exc_TypeError, "one character unicode string expected");
        u = gi_str_char(v, 0);
        break;
    case 'g':
    case 'f':
    case 'd':
        if (store_float(ts, ct, v, to, &u)) return GI_FAIL;
        if (ct->code == 'g') return GI_OK;
        break;
    case '?':
    case 'v': { /* VARIANT_BOOL: true is -1 */
        GiTruth t = gi_truth(ts, v);
        if (t.value < 0) return GI_FAIL;
        u = ct->code == 'v' ? (uint64_t)-t.value : (uint64_t)t.value;
        break;
    }
    case 'P':
    case 'z':
    case 'Z':
        if (store_address(ts, ct->code, v, &u, keep)) return GI_FAIL;
        break;
    case 'O':
        u = v.bits;
        *keep = gi_dup(ts, v);
        break;
    default: {
        GiRef n = gi_index(ts, v);
        if (gi_is_null(n)) return GI_FAIL;
        u = gi_int_mask_u64(gi_val(n));
        gi_drop(ts, n);
    }
    }
    if (ct->swapped) u = __builtin_bswap64(u) >> (64 - 8 * ct->size);
    memcpy(to, &u, ct->size);
    return GI_OK;
}
