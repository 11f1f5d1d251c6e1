/* bytes.c - bytes objects: making them, and the slots that are theirs alone. */
#include "objects/byteslike.h"

#include "base/hash.h"
#include "objects/list.h"
#include "objects/tuple.h"
#include "objects/whole.h"

static struct EmptyBytes {
    GiObj obj;
    size_t length;
    _Atomic int64_t hash;
    uint8_t data[8];
} empty_bytes = {{.head = (uint64_t)(uintptr_t)&gi_bytes_type, .owner = GI_OWNER_IMMORTAL, .local = 1, .shared = 0},
                 0, 0, {0}};

#define BYTES_MAX ((size_t)1 << 46)

GiRef gi_bytes_from(GiThread *ts, const void *data, size_t len) {
    if (len == 0) return gi_dup(ts, gi_from_obj(&empty_bytes));
    if (GI_UNLIKELY(len >= BYTES_MAX)) return gi_raise_nomem(ts);
    GiObj *obj = gi_heap_new_fast(ts, &gi_bytes_type, sizeof(GiBytes) + len + 1);
    if (!obj) return GI_NULL;
    GiBytes *bytes = (GiBytes *)obj;
    bytes->length = len;
    if (data) memcpy(bytes->data, data, len);
    return gi_own_obj(obj);
}

GiRef gi_bytes_shrink(GiThread *ts, GiRef bytes, size_t len) {
    GiBytes *b = gi_bytes_of(bytes);
    if (len == b->length) return bytes;
    if (len >= b->length / 2 && len > 0) {
        b->length = len;
        b->data[len] = 0;
        return bytes;
    }
    GiRef small = gi_bytes_from(ts, b->data, len);
    gi_drop(ts, bytes);
    return small;
}

GiRef gi_bytes_concat(GiThread *ts, GiVal a, GiVal b) { return gi_byteslike_concat(ts, a, b); }

GiRef gi_bytes_repr(GiThread *ts, GiVal v) { return gi_byteslike_repr(ts, v); }

GiRef gi_to_bytes(GiThread *ts, GiVal v) {
    if (gi_is_bytes_exact(v)) return gi_dup(ts, v);
    return gi_bytes_from_args(ts, "bytes", v, GI_NOVAL, GI_NOVAL);
}

/* ---- bytes(source, encoding, errors) ---- */

GiStatus gi_bytes_unpack_args(GiThread *ts, const char *fname, const GiVal *args, size_t nargs, GiVal kwnames,
                              GiVal out[3]) {
    static const char *const names[3] = {"source", "encoding", "errors"};
    size_t nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    out[0] = out[1] = out[2] = GI_NOVAL;
    if (nargs + nkw > 3)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at most 3 %sarguments (%zu given)", fname,
                               nargs ? "" : "keyword ", nargs + nkw);
    for (size_t i = 0; i < nargs; i++) out[i] = args[i];
    for (size_t k = 0; k < nkw; k++) {
        GiVal name = gi_tuple_get(kwnames, k);
        size_t i = 0;
        while (i < 3 && !gi_str_equals_cstr(name, names[i])) i++;
        if (i == 3)
            return gi_raise_status(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for %s()", name, fname);
        if (i < nargs)
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "argument for %s() given by name ('%s') and position (%zu)", fname, names[i], i + 1);
        out[i] = args[nargs + k];
    }
    for (size_t i = 1; i < 3; i++)
        if (!gi_is_null(out[i]) && !gi_is_str(out[i]))
            return gi_raise_status(ts, &gi_exc_TypeError, "%s() argument '%s' must be str, not %#.50T", fname, names[i],
                                   out[i]);
    return GI_OK;
}

GiStatus gi_byte_value(GiThread *ts, GiVal v, uint8_t *out) {
    ssize_t value;
    if (gi_is_smallint(v)) {
        value = gi_smallint_value(v);
    } else {
        GiRef i = gi_index(ts, v);
        int64_t wide;
        if (gi_is_null(i)) return GI_FAIL;
        value = gi_int_as_i64(gi_val(i), &wide) == 0 ? (ssize_t)wide : -1;
        gi_drop(ts, i);
    }
    if (value < 0 || value > 255) return gi_raise_status(ts, &gi_exc_ValueError, "byte must be in range(0, 256)");
    *out = (uint8_t)value;
    return GI_OK;
}

/* One item of an iterable given to bytes() (whose messages differ) or bytearray(). */
static GiStatus item_value(GiThread *ts, const char *fname, GiVal v, uint8_t *out) {
    if (gi_byte_value(ts, v, out) == GI_OK) return GI_OK;
    if (fname[5] == 0 && gi_exc_matches(ts, &gi_exc_ValueError)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_ValueError, "bytes must be in range(0, 256)");
    }
    return GI_FAIL;
}

/* From an exact list or tuple; a list may change while its items are converted. */
static GiRef from_array(GiThread *ts, const char *fname, GiVal source) {
    bool list = gi_is_list(source);
    GiStrbuf out = {0};
    GiStatus status = gi_strbuf_reserve(&out, list ? gi_list_len(source) : gi_tuple_len(source));
    for (size_t i = 0; status == GI_OK; i++) {
        GiRef item = list ? gi_list_get(ts, source, i)
                          : i < gi_tuple_len(source) ? gi_dup(ts, gi_tuple_get(source, i)) : GI_NULL;
        uint8_t byte;
        if (gi_is_null(item)) break;
        status = item_value(ts, fname, gi_val(item), &byte);
        gi_drop(ts, item);
        if (status == GI_OK) status = gi_strbuf_putc(&out, (char)byte);
    }
    if (status != GI_OK && !gi_raised(ts)) (void)gi_raise_nomem(ts);
    GiRef bytes = status == GI_OK ? gi_bytes_from(ts, out.data, out.len) : GI_NULL;
    gi_strbuf_free(&out);
    return bytes;
}

GiRef gi_bytes_numbers(GiThread *ts, GiVal source) {
    if (!ts->core.free_running || !gi_is_list_exact(source)) return gi_iter_whole(ts, source);
    GiRef all = gi_list_slice(ts, source, 0, PTRDIFF_MAX);
    if (gi_is_null(all)) return all;
    size_t n = gi_list_len(all), i = 0;
    while (i < n && gi_is_smallint(gi_list_peek_locked(gi_val(all), i))) i++;
    if (i == n) return gi_iter_of_list(ts, all);
    gi_drop(ts, all);
    return gi_iter(ts, source);
}

static GiRef from_iterable(GiThread *ts, const char *fname, GiVal source) {
    if ((gi_is_list_exact(source) && !ts->core.free_running) || gi_is_tuple_exact(source)) return from_array(ts, fname, source);
    GiRef iter = gi_bytes_numbers(ts, source);
    if (gi_is_null(iter)) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return GI_NULL;
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot convert '%.200T' object to %s", source, fname);
    }
    GiStrbuf out = {0};
    GiRef bytes = GI_NULL;
    ssize_t hint = fname[5] == 0 ? gi_length_hint(ts, source, 64) : 0; /* bytearray() asks for none */
    if (hint < 0) goto done;
    if (hint > 0 && hint < 1 << 24 && gi_strbuf_reserve(&out, (size_t)hint) != GI_OK) goto no_memory;
    for (;;) {
        GiRef item = gi_next(ts, gi_val(iter));
        if (gi_is_null(item)) {
            if (!gi_raised(ts)) bytes = gi_bytes_from(ts, out.data, out.len);
            break;
        }
        uint8_t value;
        GiStatus status = item_value(ts, fname, gi_val(item), &value);
        gi_drop(ts, item);
        if (status != GI_OK) break;
        if (gi_strbuf_putc(&out, (char)value) != GI_OK) goto no_memory;
    }
done:
    gi_strbuf_free(&out);
    gi_drop(ts, iter);
    return bytes;
no_memory:
    (void)gi_raise_nomem(ts);
    goto done;
}

static GiRef zeros(GiThread *ts, GiVal count) {
    ssize_t n;
    if (gi_as_ssize(ts, count, false, &n) != GI_OK) {
        if (gi_exc_matches(ts, &gi_exc_IndexError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_OverflowError, "cannot fit '%.200T' into an index-sized integer", count);
        }
        return GI_NULL;
    }
    if (n < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative count");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)n);
    if (!gi_is_null(bytes) && n) memset(gi_bytes_data(bytes), 0, (size_t)n);
    return bytes;
}

static GiRef contiguous(GiThread *ts, GiVal source) {
    GiBuffer view;
    if (gi_buffer_get(ts, source, &view, GI_BUF_FULL_RO | GI_BUF_BRIEF) != GI_OK) return GI_NULL;
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)view.len);
    if (!gi_is_null(bytes) && view.len) gi_buffer_to_contiguous(&view, gi_bytes_data(bytes), 'C');
    gi_buffer_release(ts, &view);
    return bytes;
}

GiRef gi_bytes_from_args(GiThread *ts, const char *fname, GiVal source, GiVal encoding, GiVal errors) {
    const char *enc = NULL, *err = NULL;
    if (!gi_is_null(encoding) && !(enc = gi_str_cstr(ts, encoding))) return GI_NULL;
    if (!gi_is_null(errors) && !(err = gi_str_cstr(ts, errors))) return GI_NULL;
    bool is_str = !gi_is_null(source) && gi_is_str(source);
    if (is_str && enc) return gi_encode(ts, source, enc, err);
    if (!is_str && (enc || err))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s without a string argument", enc ? "encoding" : "errors");
    if (gi_is_null(source)) return gi_bytes_from(ts, NULL, 0);
    if (gi_is_bytes_exact(source)) return gi_dup(ts, source);
    if (fname[5] == 0 && !err && !gi_is_str_exact(source)) {
        GiRef method;
        if (gi_lookup_special(ts, source, GI_N(__bytes__), &method) != GI_OK) return GI_NULL;
        if (!gi_is_null(method)) {
            GiRef made = gi_call0(ts, gi_val(method));
            gi_drop(ts, method);
            if (!gi_is_null(made) && !gi_is_bytes(gi_val(made))) {
                gi_raise(ts, &gi_exc_TypeError, "__bytes__ returned non-bytes (type %.200T)", gi_val(made));
                gi_drop(ts, made);
                return GI_NULL;
            }
            return made;
        }
    }
    if (is_str) return gi_raise_ref(ts, &gi_exc_TypeError, "string argument without an encoding");
    if (gi_is_int(source) || gi_type_of(source)->index) {
        GiRef bytes = zeros(ts, source);
        if (!gi_is_null(bytes) || !gi_exc_matches(ts, &gi_exc_TypeError)) return bytes;
        gi_exc_clear(ts);
    }
    if (gi_has_buffer(source)) return contiguous(ts, source);
    return from_iterable(ts, fname, source);
}

GiRef gi_bytes_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal given[3];
    if (gi_bytes_unpack_args(ts, "bytes", args, nargs, kwnames, given) != GI_OK) return GI_NULL;
    GiRef bytes = gi_bytes_from_args(ts, "bytes", given[0], given[1], given[2]);
    if (gi_is_null(bytes) || type == &gi_bytes_type) return bytes;
    size_t n = gi_bytes_len(bytes);
    GiRef made = gi_type_alloc(ts, type, n + 1);
    if (!gi_is_null(made)) {
        gi_bytes_of(made)->length = n;
        memcpy(gi_bytes_data(made), gi_bytes_data(bytes), n);
    }
    gi_drop(ts, bytes);
    return made;
}

int64_t gi_bytes_slot_hash(GiThread *ts, GiVal self) {
    GiBytes *b = gi_bytes_of(self);
    int64_t hash = atomic_load_explicit(&b->hash, memory_order_relaxed);
    if (hash == 0) {
        GiHashKey key;
        memcpy(&key, ts->vm->hash_key, sizeof key);
        hash = gi_hash_bytes(key, b->data, b->length);
        atomic_store_explicit(&b->hash, hash, memory_order_relaxed);
    }
    return hash;
}

GiStatus gi_bytes_slot_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags) {
    return gi_buffer_fill(ts, view, self, gi_bytes_data(self), (ssize_t)gi_bytes_len(self), true, flags);
}
