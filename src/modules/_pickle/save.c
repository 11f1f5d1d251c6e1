/* save.c - writing a pickle: output with frames, memo, and the builtin types.
 *
 * INVARIANT: an object in the memo is kept alive by it, so that identity stands for the object.
 * From protocol 4 on opcodes are gathered into frames of 64 KiB or a little more; a frame ends where
 * an object does. Payloads of that size stand between frames and go to the file without a copy.
 */
#include "modules/_pickle/pickle.h"
#include "objects/container.h"
#include "vm/function.h"
#include <stdio.h>

enum { FRAME_TARGET = 64 * 1024, FRAME_MIN = 4, FRAME_HEADER = 9 };

/* ---- Memo ---- */

static size_t home_of(GiVal key, size_t capacity) {
    return (size_t)((key.bits >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (capacity - 1);
}
ssize_t gi_memo_get(const GiMemo *memo, GiVal key) {
    if (memo->used == 0) return -1;
    for (size_t i = home_of(key, memo->capacity);; i = (i + 1) & (memo->capacity - 1)) {
        if (gi_same(memo->entries[i].key, key)) return (ssize_t)memo->entries[i].index;
        if (gi_is_null(memo->entries[i].key)) return -1;
    }
}
static GiStatus memo_grow(GiThread *ts, GiMemo *memo) {
    size_t capacity = memo->capacity ? memo->capacity * 4 : 32;
    GiMemoEntry *entries = gi_mem_calloc(ts, capacity, sizeof *entries);
    if (entries == NULL) return GI_FAIL;
    for (size_t i = 0; i < memo->capacity; i++) {
        if (gi_is_null(memo->entries[i].key)) continue;
        size_t at = home_of(gi_val(memo->entries[i].key), capacity);
        while (!gi_is_null(entries[at].key)) at = (at + 1) & (capacity - 1);
        entries[at] = memo->entries[i];
    }
    gi_mem_free(memo->entries);
    memo->entries = entries;
    memo->capacity = capacity;
    return GI_OK;
}
GiStatus gi_memo_put(GiThread *ts, GiMemo *memo, GiVal key, size_t index) {
    if (memo->used * 3 >= memo->capacity * 2 && memo_grow(ts, memo) < 0) return GI_FAIL;
    size_t i = home_of(key, memo->capacity);
    while (!gi_is_null(memo->entries[i].key) && !gi_same(memo->entries[i].key, key)) i = (i + 1) & (memo->capacity - 1);
    if (gi_is_null(memo->entries[i].key)) {
        memo->used++;
        gi_slot_init(&memo->entries[i].key, gi_dup(ts, key));
    }
    memo->entries[i].index = index;
    return GI_OK;
}
void gi_memo_clear(GiThread *ts, GiMemo *memo) {
    GiMemo old = *memo;
    *memo = (GiMemo){0};
    for (size_t i = 0; i < old.capacity; i++) gi_xdrop(ts, gi_slot_take(&old.entries[i].key));
    gi_mem_free(old.entries);
}

/* ---- Output ---- */

static GiStatus reserve(GiSaver *s, size_t n) {
    if (GI_LIKELY(s->capacity - s->len >= n)) return GI_OK;
    if (n > PTRDIFF_MAX - s->len) return gi_raise_nomem(s->ts), GI_FAIL;
    size_t capacity = GI_MAX(s->len + n, GI_MAX(s->capacity * 2, (size_t)512));
    uint8_t *out = gi_mem_realloc(s->ts, s->out, capacity);
    if (out == NULL) return GI_FAIL;
    s->out = out;
    s->capacity = capacity;
    return GI_OK;
}
static GI_COLD GiStatus open_frame(GiSaver *s, size_t n) {
    if (reserve(s, n + FRAME_HEADER) < 0) return GI_FAIL;
    s->frame = (ssize_t)s->len;
    s->len += FRAME_HEADER;
    return GI_OK;
}
/* Makes room for n bytes of opcodes, in a frame if frames are written. */
static inline GiStatus room(GiSaver *s, size_t n) {
    if (GI_UNLIKELY(s->framing && s->frame < 0)) return open_frame(s, n);
    return reserve(s, n);
}
GiStatus gi_save_bytes_raw(GiSaver *s, const void *data, size_t n) {
    if (room(s, n) < 0) return GI_FAIL;
    memcpy(s->out + s->len, data, n);
    s->len += n;
    return GI_OK;
}
#define put gi_save_bytes_raw
GiStatus gi_save_op(GiSaver *s, int op) {
    if (room(s, 1) < 0) return GI_FAIL;
    s->out[s->len++] = (uint8_t)op;
    return GI_OK;
}
static void close_frame(GiSaver *s) {
    if (s->frame < 0) return;
    size_t start = (size_t)s->frame, n = s->len - start - FRAME_HEADER;
    s->frame = -1;
    if (n >= FRAME_MIN) {
        uint64_t length = n;
        s->out[start] = OP_FRAME;
        memcpy(s->out + start + 1, &length, 8);
    } else {
        memmove(s->out + start, s->out + start + FRAME_HEADER, n);
        s->len -= FRAME_HEADER;
    }
}
/* Hands what was gathered to the file. */
static GiStatus flush(GiSaver *s) {
    if (gi_is_null(s->write) || s->len == 0) return GI_OK;
    GiRef data = gi_bytes_from(s->ts, s->out, s->len);
    s->len = 0;
    if (gi_is_null(data)) return GI_FAIL;
    GiRef r = gi_call1(s->ts, s->write, gi_val(data));
    gi_drop(s->ts, data);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(s->ts, r);
    return GI_OK;
}
/* An object ends here: so does a frame that is long enough. */
static inline GiStatus boundary(GiSaver *s) {
    if (!s->framing || s->frame < 0 || s->len - (size_t)s->frame < FRAME_TARGET + FRAME_HEADER) return GI_OK;
    close_frame(s);
    return flush(s);
}
/* A header and its payload; a big payload stands outside frames. `owner`: an object whose bytes
 * `data` are and that write() may get, or null. */
static GiStatus put_payload(GiSaver *s, const void *header, size_t header_len, const void *data, size_t n, GiVal owner) {
    if (n < FRAME_TARGET) {
        if (room(s, header_len + n) < 0) return GI_FAIL;
        memcpy(s->out + s->len, header, header_len);
        if (n) memcpy(s->out + s->len + header_len, data, n);
        s->len += header_len + n;
        return GI_OK;
    }
    bool framing = s->framing;
    close_frame(s);
    s->framing = false;
    GiStatus status = put(s, header, header_len);
    if (status == GI_OK && gi_is_null(s->write)) {
        status = put(s, data, n);
    } else if (status == GI_OK) {
        status = flush(s);
        GiRef payload = status < 0 ? GI_NULL : gi_is_null(owner) ? gi_bytes_from(s->ts, data, n) : gi_dup(s->ts, owner);
        GiRef r = gi_is_null(payload) ? GI_NULL : gi_call1(s->ts, s->write, gi_val(payload));
        gi_xdrop(s->ts, payload);
        gi_xdrop(s->ts, r);
        if (gi_is_null(r)) status = GI_FAIL;
    }
    s->framing = framing;
    return status;
}

/* ---- Memo opcodes ---- */

GiStatus gi_save_get(GiSaver *s, size_t index) {
    uint8_t op[32];
    size_t n;
    if (!s->binary) {
        n = (size_t)snprintf((char *)op, sizeof op, "%c%zu\n", OP_GET, index);
    } else if (index < 256) {
        op[0] = OP_BINGET, op[1] = (uint8_t)index, n = 2;
    } else {
        uint32_t small = (uint32_t)index;
        if (small != index) return gi_pickling_error(s->ts, "memo id too large for LONG_BINGET"), GI_FAIL;
        op[0] = OP_LONG_BINGET, n = 5;
        memcpy(op + 1, &small, 4);
    }
    return put(s, op, n);
}
GiStatus gi_save_memoize(GiSaver *s, GiVal obj) {
    if (s->fast) return GI_OK;
    size_t index = s->memo->used;
    uint8_t op[32];
    size_t n;
    if (gi_memo_put(s->ts, s->memo, obj, index) < 0) return GI_FAIL;
    if (s->protocol >= 4) {
        return gi_save_op(s, OP_MEMOIZE);
    } else if (!s->binary) {
        n = (size_t)snprintf((char *)op, sizeof op, "%c%zu\n", OP_PUT, index);
    } else if (index < 256) {
        op[0] = OP_BINPUT, op[1] = (uint8_t)index, n = 2;
    } else {
        uint32_t small = (uint32_t)index;
        if (small != index) return gi_pickling_error(s->ts, "memo id too large for LONG_BINPUT"), GI_FAIL;
        op[0] = OP_LONG_BINPUT, n = 5;
        memcpy(op + 1, &small, 4);
    }
    return put(s, op, n);
}

/* ---- Numbers ---- */

static GiStatus save_bool(GiSaver *s, bool value) {
    if (s->protocol >= 2) return gi_save_op(s, value ? OP_NEWTRUE : OP_NEWFALSE);
    return put(s, value ? "I01\n" : "I00\n", 4);
}
static GiStatus save_big_int(GiSaver *s, GiVal obj) {
    if (s->protocol >= 2) {
        size_t n = gi_int_sign(obj) == 0 ? 0 : gi_int_bit_length(obj) / 8 + 1;
        if (n > INT32_MAX) return gi_raise_status(s->ts, &gi_exc_OverflowError, "int too large to pickle");
        uint8_t *bytes = gi_mem_alloc(s->ts, n + 8);
        if (bytes == NULL) return GI_FAIL;
        GiStatus status = gi_int_to_bytes(s->ts, obj, bytes + 5, n, true, true);
        /* A negative power of two times -1 needs no byte for the sign. */
        if (status == GI_OK && n > 1 && bytes[5 + n - 1] == 0xff && (bytes[5 + n - 2] & 0x80)) n--;
        uint32_t length = (uint32_t)n;
        uint8_t *start = bytes + 3;
        if (n < 256) {
            bytes[3] = OP_LONG1, bytes[4] = (uint8_t)n;
        } else {
            bytes[0] = OP_LONG4;
            memcpy(bytes + 1, &length, 4);
            start = bytes;
        }
        if (status == GI_OK) status = put(s, start, (size_t)(bytes + 5 + n - start));
        gi_mem_free(bytes);
        return status;
    }
    GiRef text = gi_repr(s->ts, obj);
    if (gi_is_null(text)) return GI_FAIL;
    GiStatus status = gi_save_op(s, OP_LONG);
    if (status == GI_OK) status = put(s, gi_str_data(text), gi_str_len(text));
    if (status == GI_OK) status = put(s, "L\n", 2);
    gi_drop(s->ts, text);
    return status;
}
static GiStatus save_int(GiSaver *s, GiVal obj) {
    if (!gi_is_smallint(obj)) return save_big_int(s, obj);
    int64_t i = gi_smallint_value(obj);
    if (i < INT32_MIN || i > INT32_MAX) return save_big_int(s, obj);
    uint8_t op[16];
    size_t n;
    if (!s->binary) {
        n = (size_t)snprintf((char *)op, sizeof op, "%c%d\n", OP_INT, (int)i);
    } else if (i >= 0 && i < 256) {
        op[0] = OP_BININT1, op[1] = (uint8_t)i, n = 2;
    } else if (i >= 0 && i < 65536) {
        op[0] = OP_BININT2, op[1] = (uint8_t)i, op[2] = (uint8_t)(i >> 8), n = 3;
    } else {
        int32_t small = (int32_t)i;
        op[0] = OP_BININT, n = 5;
        memcpy(op + 1, &small, 4);
    }
    return put(s, op, n);
}
static GiStatus save_float(GiSaver *s, double d) {
    if (s->binary) {
        uint64_t raw;
        uint8_t op[9] = {OP_BINFLOAT};
        memcpy(&raw, &d, 8);
        raw = __builtin_bswap64(raw);
        memcpy(op + 1, &raw, 8);
        return put(s, op, 9);
    }
    GiRef text = gi_float_to_str(s->ts, d);
    if (gi_is_null(text)) return GI_FAIL;
    GiStatus status = gi_save_op(s, OP_FLOAT);
    if (status == GI_OK) status = put(s, gi_str_data(text), gi_str_len(text));
    if (status == GI_OK) status = gi_save_op(s, '\n');
    gi_drop(s->ts, text);
    return status;
}

/* ---- Bytes, text, buffers ---- */

/* Opcode and length for n bytes: of the short, the usual or the long form. Gives its length. */
static size_t payload_header(uint8_t header[9], size_t n, int short_op, int op, int long_op) {
    uint64_t length = n;
    if (short_op && n < 256) {
        header[0] = (uint8_t)short_op, header[1] = (uint8_t)n;
        return 2;
    }
    header[0] = (uint8_t)(op && n <= UINT32_MAX ? op : long_op);
    memcpy(header + 1, &length, 8);
    return op && n <= UINT32_MAX ? 5 : 9;
}
static GiStatus put_bytes(GiSaver *s, GiVal memo_key, const void *data, size_t n, GiVal owner) {
    uint8_t header[9];
    if (n > UINT32_MAX && s->protocol < 4)
        return gi_raise_status(s->ts, &gi_exc_OverflowError, "serializing a bytes object larger than 4 GiB requires pickle protocol 4 or higher");
    size_t len = payload_header(header, n, OP_SHORT_BINBYTES, OP_BINBYTES, OP_BINBYTES8);
    if (put_payload(s, header, len, data, n, owner) < 0) return GI_FAIL;
    return gi_save_memoize(s, memo_key);
}
static GiStatus save_bytes(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    if (s->protocol >= 3) return put_bytes(s, obj, gi_bytes_data(obj), gi_bytes_len(obj), obj);
    /* Python 2 has no bytes: made there by encoding a text of the same code points. */
    GI_AUTO GiRef value = GI_NULL;
    if (gi_bytes_len(obj) == 0) {
        GI_AUTO GiRef none = gi_tuple_new(ts, 0);
        if (!gi_is_null(none)) value = gi_tuple_pack(ts, 2, gi_type_val(&gi_bytes_type), gi_val(none));
    } else {
        GI_AUTO GiRef text = gi_str_from_latin1(ts, gi_bytes_data(obj), gi_bytes_len(obj));
        GI_AUTO GiRef latin1 = gi_intern_cstr(ts, "latin1");
        GI_AUTO GiRef args = gi_is_null(text) || gi_is_null(latin1) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(text), gi_val(latin1));
        if (!gi_is_null(args)) value = gi_tuple_pack(ts, 2, gi_val(s->state->codecs_encode), gi_val(args));
    }
    return gi_is_null(value) ? GI_FAIL : gi_save_reduced(s, gi_val(value), obj);
}
static GiStatus put_bytearray(GiSaver *s, GiVal memo_key, const void *data, size_t n, GiVal owner) {
    uint8_t header[9];
    size_t len = payload_header(header, n, 0, 0, OP_BYTEARRAY8);
    if (put_payload(s, header, len, data, n, owner) < 0) return GI_FAIL;
    return gi_save_memoize(s, memo_key);
}
static GiStatus save_bytearray(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    GiBuffer view;
    if (s->protocol >= 5) {
        if (gi_buffer_get(ts, obj, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
        GiStatus status = put_bytearray(s, obj, view.data, (size_t)view.len, obj);
        gi_buffer_release(ts, &view);
        return status;
    }
    GI_AUTO GiRef bytes = gi_to_bytes(ts, obj);
    if (gi_is_null(bytes)) return GI_FAIL;
    GI_AUTO GiRef args = gi_bytes_len(bytes) ? gi_tuple_pack(ts, 1, gi_val(bytes)) : gi_tuple_new(ts, 0);
    if (gi_is_null(args)) return GI_FAIL;
    GI_AUTO GiRef value = gi_tuple_pack(ts, 2, gi_type_val(&gi_bytearray_type), gi_val(args));
    return gi_is_null(value) ? GI_FAIL : gi_save_reduced(s, gi_val(value), obj);
}
static GiStatus save_pickle_buffer(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    if (s->protocol < 5) return gi_pickling_error(ts, "PickleBuffer can only pickled with protocol >= 5"), GI_FAIL;
    GiPickleBufferLook look;
    if (gi_pickle_buffer_look(ts, obj, &look) < 0) return GI_FAIL;
    if (!look.contiguous)
        return gi_pickling_error(ts, "PickleBuffer can not be pickled when pointing to a non-contiguous buffer"), GI_FAIL;
    bool in_band = true, readonly = look.readonly;
    if (!gi_is_null(s->buffer_callback)) {
        GiRef r = gi_call1(ts, s->buffer_callback, obj);
        if (gi_is_null(r)) return GI_FAIL;
        GiTruth truth = gi_truth(ts, gi_val(r));
        gi_drop(ts, r);
        if (truth.value < 0) return GI_FAIL;
        in_band = truth.value;
    }
    if (!in_band) {
        if (gi_save_op(s, OP_NEXT_BUFFER) < 0) return GI_FAIL;
        return readonly ? gi_save_op(s, OP_READONLY_BUFFER) : GI_OK;
    }
    GiRef copy = gi_pickle_buffer_copy(ts, obj); /* the callback may have released it */
    if (gi_is_null(copy)) return GI_FAIL;
    GiStatus status = readonly ? put_bytes(s, obj, gi_bytes_data(copy), gi_bytes_len(copy), gi_val(copy))
                               : put_bytearray(s, obj, gi_bytes_data(copy), gi_bytes_len(copy), gi_val(copy));
    gi_drop(ts, copy);
    return status;
}

/* Protocol 0: raw-unicode-escape, with the characters escaped that end a line or a file. */
static GiStatus put_escaped(GiSaver *s, GiVal text) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < gi_str_len(text); i++) {
        uint32_t ch = gi_str_char(text, i);
        uint8_t piece[10];
        size_t n = 0;
        if (ch >= 256 || ch == '\\' || ch == 0 || ch == '\n' || ch == '\r' || ch == 0x1a) {
            int width = ch >= 0x10000 ? 8 : 4;
            piece[n++] = '\\';
            piece[n++] = ch >= 0x10000 ? 'U' : 'u';
            for (int d = width - 1; d >= 0; d--) piece[n++] = (uint8_t)digits[ch >> (4 * d) & 15];
        } else {
            piece[n++] = (uint8_t)ch;
        }
        if (put(s, piece, n) < 0) return GI_FAIL;
    }
    return GI_OK;
}
static size_t utf8_length(GiVal text) {
    size_t n = 0, count = gi_str_len(text);
    for (size_t i = 0; i < count; i++) {
        uint32_t ch = gi_str_char(text, i);
        n += ch < 0x80 ? 1 : ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
    }
    return n;
}
/* UTF-8 in which lone surrogates pass. */
static void utf8_write(GiVal text, uint8_t *to) {
    for (size_t i = 0; i < gi_str_len(text); i++) {
        uint32_t ch = gi_str_char(text, i);
        if (ch < 0x80) {
            *to++ = (uint8_t)ch;
        } else if (ch < 0x800) {
            *to++ = (uint8_t)(0xC0 | ch >> 6);
            *to++ = (uint8_t)(0x80 | (ch & 63));
        } else if (ch < 0x10000) {
            *to++ = (uint8_t)(0xE0 | ch >> 12);
            *to++ = (uint8_t)(0x80 | (ch >> 6 & 63));
            *to++ = (uint8_t)(0x80 | (ch & 63));
        } else {
            *to++ = (uint8_t)(0xF0 | ch >> 18);
            *to++ = (uint8_t)(0x80 | (ch >> 12 & 63));
            *to++ = (uint8_t)(0x80 | (ch >> 6 & 63));
            *to++ = (uint8_t)(0x80 | (ch & 63));
        }
    }
}
static GiStatus save_str(GiSaver *s, GiVal obj) {
    if (!s->binary) {
        if (gi_save_op(s, OP_UNICODE) < 0 || put_escaped(s, obj) < 0 || gi_save_op(s, '\n') < 0) return GI_FAIL;
        return gi_save_memoize(s, obj);
    }
    bool ascii = gi_str_is_ascii(obj);
    size_t n = ascii ? gi_str_len(obj) : utf8_length(obj);
    uint8_t header[9];
    if (n > UINT32_MAX && s->protocol < 4)
        return gi_raise_status(s->ts, &gi_exc_OverflowError, "serializing a string larger than 4 GiB requires pickle protocol 4 or higher");
    size_t len = payload_header(header, n, s->protocol >= 4 ? OP_SHORT_BINUNICODE : 0, OP_BINUNICODE, OP_BINUNICODE8);
    if (ascii) {
        if (put_payload(s, header, len, gi_str_data(obj), n, GI_NOVAL) < 0) return GI_FAIL;
    } else {
        GiRef bytes = gi_bytes_from(s->ts, NULL, n);
        if (gi_is_null(bytes)) return GI_FAIL;
        utf8_write(obj, gi_bytes_data(bytes));
        GiStatus status = put_payload(s, header, len, gi_bytes_data(bytes), n, gi_val(bytes));
        gi_drop(s->ts, bytes);
        if (status < 0) return GI_FAIL;
    }
    return gi_save_memoize(s, obj);
}

/* ---- Containers ---- */

/* In fast mode nothing is memoized, so deep nesting is checked for cycles. */
static GiStatus fast_enter(GiSaver *s, GiVal obj) {
    if (++s->fast_depth < 50) return GI_OK;
    GiThread *ts = s->ts;
    if (gi_is_null(s->fast_seen)) s->fast_seen = gi_dict_new(ts);
    if (gi_is_null(s->fast_seen)) return GI_FAIL;
    GI_AUTO GiRef key = gi_int_from_u64(ts, obj.bits);
    if (gi_is_null(key)) return GI_FAIL;
    GiTruth there = gi_dict_contains(ts, gi_val(s->fast_seen), gi_val(key));
    if (there.value < 0) return GI_FAIL;
    if (there.value)
        return gi_raise_status(ts, &gi_exc_ValueError, "fast mode: can't pickle cyclic objects including object type %.200s at %p",
                               gi_type_name(obj), (void *)gi_obj(obj));
    return gi_dict_set(ts, gi_val(s->fast_seen), gi_val(key), GI_NONE);
}
static GiStatus fast_leave(GiSaver *s, GiVal obj, GiStatus status) {
    if (s->fast_depth-- < 50 || gi_is_null(s->fast_seen) || status < 0) return status;
    GI_AUTO GiRef key = gi_int_from_u64(s->ts, obj.bits);
    bool found;
    return gi_is_null(key) ? GI_FAIL : gi_dict_del(s->ts, gi_val(s->fast_seen), gi_val(key), &found);
}

static GiStatus save_tuple(GiSaver *s, GiVal obj) {
    size_t n = gi_tuple_len(obj);
    if (n == 0) return s->binary ? gi_save_op(s, OP_EMPTY_TUPLE) : put(s, "(t", 2);
    bool small = n <= 3 && s->protocol >= 2;
    if (!small && gi_save_op(s, OP_MARK) < 0) return GI_FAIL;
    for (size_t i = 0; i < n; i++)
        if (gi_save(s, gi_tuple_get(obj, i), false) < 0) return GI_FAIL;
    ssize_t known = s->fast ? -1 : gi_memo_get(s->memo, obj);
    if (known >= 0) { /* it contains itself, and is in the memo by now: its items go again */
        if (!small && s->binary) {
            if (gi_save_op(s, OP_POP_MARK) < 0) return GI_FAIL;
        } else {
            for (size_t i = 0; i < n + !small; i++)
                if (gi_save_op(s, OP_POP) < 0) return GI_FAIL;
        }
        return gi_save_get(s, (size_t)known);
    }
    if (gi_save_op(s, small ? OP_TUPLE1 + (int)n - 1 : OP_TUPLE) < 0) return GI_FAIL;
    return gi_save_memoize(s, obj);
}

/* The items of an iterator onto the list on top of the stack. */
GiStatus gi_save_batch_list(GiSaver *s, GiVal iterator) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef next = gi_next(ts, iterator);
    while (!gi_is_null(next)) {
        GI_AUTO GiRef item = gi_move(&next);
        bool one = s->protocol == 0;
        if (!one) {
            next = gi_next(ts, iterator);
            if (gi_is_null(next) && gi_raised(ts)) return GI_FAIL;
            one = gi_is_null(next);
        }
        if (!one && gi_save_op(s, OP_MARK) < 0) return GI_FAIL;
        if (gi_save(s, gi_val(item), false) < 0) return GI_FAIL;
        for (int i = 1; !one && i < GI_PICKLE_BATCH && !gi_is_null(next); i++) {
            GI_AUTO GiRef now = gi_move(&next);
            if (gi_save(s, gi_val(now), false) < 0) return GI_FAIL;
            next = gi_next(ts, iterator);
            if (gi_is_null(next) && gi_raised(ts)) return GI_FAIL;
        }
        if (gi_save_op(s, one ? OP_APPEND : OP_APPENDS) < 0) return GI_FAIL;
        if (s->protocol == 0) next = gi_next(ts, iterator);
    }
    return gi_raised(ts) ? GI_FAIL : GI_OK;
}
static GiStatus save_list_items(GiSaver *s, GiVal list) {
    GiThread *ts = s->ts;
    if (gi_list_len(list) == 1) {
        GI_AUTO GiRef item = gi_list_get(ts, list, 0);
        if (gi_is_null(item)) return GI_OK;
        return gi_save(s, gi_val(item), false) < 0 ? GI_FAIL : gi_save_op(s, OP_APPEND);
    }
    for (size_t i = 0; i < gi_list_len(list);) {
        if (gi_save_op(s, OP_MARK) < 0) return GI_FAIL;
        for (size_t stop = i + GI_PICKLE_BATCH; i < stop; i++) {
            GiRef item = gi_list_get(ts, list, i);
            if (gi_is_null(item)) break;
            GiStatus status = gi_save(s, gi_val(item), false);
            gi_drop(ts, item);
            if (status < 0) return GI_FAIL;
        }
        if (gi_save_op(s, OP_APPENDS) < 0) return GI_FAIL;
    }
    return GI_OK;
}
static GiStatus save_list(GiSaver *s, GiVal obj) {
    if (s->fast && fast_enter(s, obj) < 0) return GI_FAIL;
    GiStatus status = s->binary ? gi_save_op(s, OP_EMPTY_LIST) : put(s, "(l", 2);
    if (status == GI_OK) status = gi_save_memoize(s, obj);
    if (status == GI_OK && gi_list_len(obj)) {
        if (s->protocol > 0) {
            status = save_list_items(s, obj);
        } else {
            GI_AUTO GiRef iterator = gi_iter(s->ts, obj);
            status = gi_is_null(iterator) ? GI_FAIL : gi_save_batch_list(s, gi_val(iterator));
        }
    }
    return s->fast ? fast_leave(s, obj, status) : status;
}

/* A key and a value out of an iterator of pairs: 1, 0 at the end, -1 failed. */
static int next_pair(GiThread *ts, GiVal iterator, GiRef *pair) {
    *pair = gi_next(ts, iterator);
    if (gi_is_null(*pair)) return gi_raised(ts) ? -1 : 0;
    if (gi_is_tuple(gi_val(*pair)) && gi_tuple_len(*pair) == 2) return 1;
    gi_drop(ts, *pair);
    *pair = GI_NULL;
    gi_raise(ts, &gi_exc_TypeError, "dict items iterator must return 2-tuples");
    return -1;
}
static GiStatus save_pair(GiSaver *s, GiVal pair) {
    if (gi_save(s, gi_tuple_get(pair, 0), false) < 0) return GI_FAIL;
    return gi_save(s, gi_tuple_get(pair, 1), false);
}
GiStatus gi_save_batch_dict(GiSaver *s, GiVal iterator) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef next = GI_NULL;
    int more = next_pair(ts, iterator, &next);
    while (more > 0) {
        GI_AUTO GiRef pair = gi_move(&next);
        bool one = s->protocol == 0;
        if (!one) {
            more = next_pair(ts, iterator, &next);
            if (more < 0) return GI_FAIL;
            one = more == 0;
        }
        if (!one && gi_save_op(s, OP_MARK) < 0) return GI_FAIL;
        if (save_pair(s, gi_val(pair)) < 0) return GI_FAIL;
        for (int i = 1; !one && i < GI_PICKLE_BATCH && more > 0; i++) {
            GI_AUTO GiRef now = gi_move(&next);
            if (save_pair(s, gi_val(now)) < 0) return GI_FAIL;
            more = next_pair(ts, iterator, &next);
            if (more < 0) return GI_FAIL;
        }
        if (gi_save_op(s, one ? OP_SETITEM : OP_SETITEMS) < 0) return GI_FAIL;
        if (s->protocol == 0) more = next_pair(ts, iterator, &next);
    }
    return more < 0 ? GI_FAIL : GI_OK;
}
static GiStatus save_dict_items(GiSaver *s, GiVal dict) {
    GiThread *ts = s->ts;
    size_t pos = 0, size = gi_dict_len(dict);
    GiRef key, value;
    bool more = gi_dict_next(ts, dict, &pos, &key, &value);
    bool one = size == 1;
    int i;
    do { /* a full batch is followed by another one, be it empty: as CPython's stream has it */
        if (!one && gi_save_op(s, OP_MARK) < 0) {
            if (more) goto fail;
            return GI_FAIL;
        }
        for (i = 0; more && i < GI_PICKLE_BATCH; i++) {
            if (gi_save(s, gi_val(key), false) < 0 || gi_save(s, gi_val(value), false) < 0) goto fail;
            gi_drop(ts, key);
            gi_drop(ts, value);
            if (gi_dict_len(dict) != size) return gi_raise_status(ts, &gi_exc_RuntimeError, "dictionary changed size during iteration");
            more = gi_dict_next(ts, dict, &pos, &key, &value);
        }
        if (gi_save_op(s, one ? OP_SETITEM : OP_SETITEMS) < 0) {
            if (more) goto fail;
            return GI_FAIL;
        }
    } while (i == GI_PICKLE_BATCH);
    return GI_OK;
fail:
    gi_drop(ts, key);
    gi_drop(ts, value);
    return GI_FAIL;
}
static GiStatus save_dict(GiSaver *s, GiVal obj) {
    if (s->fast && fast_enter(s, obj) < 0) return GI_FAIL;
    GiStatus status = s->binary ? gi_save_op(s, OP_EMPTY_DICT) : put(s, "(d", 2);
    if (status == GI_OK) status = gi_save_memoize(s, obj);
    if (status == GI_OK && gi_dict_len(obj)) {
        if (s->protocol > 0) {
            status = save_dict_items(s, obj);
        } else {
            GI_AUTO GiRef iterator = gi_dict_iter_new(s->ts, obj, GI_DICT_ITEMS, false);
            status = gi_is_null(iterator) ? GI_FAIL : gi_save_batch_dict(s, gi_val(iterator));
        }
    }
    return s->fast ? fast_leave(s, obj, status) : status;
}

/* Sets before protocol 4: the class, called with a list. */
static GiStatus save_set_as_list(GiSaver *s, GiVal obj, GiType *type) {
    GI_AUTO GiRef list = gi_to_list(s->ts, obj);
    GI_AUTO GiRef args = gi_is_null(list) ? GI_NULL : gi_tuple_pack(s->ts, 1, gi_val(list));
    if (gi_is_null(args)) return GI_FAIL;
    GI_AUTO GiRef value = gi_tuple_pack(s->ts, 2, gi_type_val(type), gi_val(args));
    return gi_is_null(value) ? GI_FAIL : gi_save_reduced(s, gi_val(value), obj);
}
/* The items of a set, if there is room for them; gives how many there are. */
static size_t copy_set(GiThread *ts, GiVal set, GiRef *items, size_t room) {
    gi_lock_obj(ts, set);
    size_t n = gi_set_len(set), pos = 0, i = 0;
    GiVal item;
    while (n <= room && i < n && gi_set_next_peek(set, &pos, &item)) items[i++] = gi_dup(ts, item);
    gi_unlock_obj(ts, set);
    return n <= room ? i : n;
}
static GiStatus save_set(GiSaver *s, GiVal obj) {
    if (s->protocol < 4) return save_set_as_list(s, obj, &gi_set_type);
    if (gi_save_op(s, OP_EMPTY_SET) < 0 || gi_save_memoize(s, obj) < 0) return GI_FAIL;
    size_t size = gi_set_len(obj);
    if (size == 0) return GI_OK;
    GiRef few[16], *items = few; /* PERF: most sets are small */
    size_t room = GI_COUNTOF(few), n, i = 0;
    while ((n = copy_set(s->ts, obj, items, room)) > room) {
        if (items != few) gi_mem_free(items);
        room = n;
        items = gi_mem_alloc(s->ts, room * sizeof *items);
        if (items == NULL) return GI_FAIL;
    }
    GiStatus status = GI_OK;
    size_t start;
    do {
        start = i;
        status = gi_save_op(s, OP_MARK);
        for (size_t stop = GI_MIN(i + GI_PICKLE_BATCH, n); i < stop && status == GI_OK; i++) {
            status = gi_save(s, gi_val(items[i]), false);
            if (status == GI_OK && gi_set_len(obj) != size)
                status = gi_raise_status(s->ts, &gi_exc_RuntimeError, "set changed size during iteration");
        }
        if (status == GI_OK) status = gi_save_op(s, OP_ADDITEMS);
    } while (i - start == GI_PICKLE_BATCH && status == GI_OK);
    gi_drop_all(s->ts, items, n);
    if (items != few) gi_mem_free(items);
    return status;
}
static GiStatus save_frozenset(GiSaver *s, GiVal obj) {
    if (s->protocol < 4) return save_set_as_list(s, obj, &gi_frozenset_type);
    if (s->fast && fast_enter(s, obj) < 0) return GI_FAIL;
    GiStatus status = gi_save_op(s, OP_MARK);
    GI_AUTO GiRef items = status < 0 ? GI_NULL : gi_to_list(s->ts, obj);
    if (gi_is_null(items)) status = GI_FAIL;
    for (size_t i = 0; status == GI_OK && i < gi_list_len(items); i++) status = gi_save(s, gi_list_peek_locked(gi_val(items), i), false);
    if (status == GI_OK) {
        ssize_t known = s->fast ? -1 : gi_memo_get(s->memo, obj);
        if (known >= 0) {
            status = gi_save_op(s, OP_POP_MARK);
            return status < 0 ? GI_FAIL : gi_save_get(s, (size_t)known);
        }
        status = gi_save_op(s, OP_FROZENSET);
        if (status == GI_OK) status = gi_save_memoize(s, obj);
    }
    return s->fast ? fast_leave(s, obj, status) : status;
}

/* ---- Any object ---- */

/* 1: saved by a persistent id, 0: it has none, -1: failed. */
static int save_persistent(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef pid = gi_call1(ts, s->persistent_id, obj);
    if (gi_is_null(pid)) return -1;
    if (gi_is_none(pid)) return 0;
    if (s->binary) return gi_save(s, gi_val(pid), true) < 0 || gi_save_op(s, OP_BINPERSID) < 0 ? -1 : 1;
    GI_AUTO GiRef text = gi_str(ts, gi_val(pid));
    if (gi_is_null(text)) return -1;
    if (!gi_str_is_ascii(gi_val(text))) return gi_pickling_error(ts, "persistent IDs in protocol 0 must be ASCII strings"), -1;
    return gi_save_op(s, OP_PERSID) < 0 || put(s, gi_str_data(text), gi_str_len(text)) < 0 || gi_save_op(s, '\n') < 0 ? -1 : 1;
}
static GiStatus save_container(GiSaver *s, GiVal obj, GiType *type) {
    if (gi_enter_recursive(s->ts, " while pickling an object") < 0) return GI_FAIL;
    GiStatus status = type == &gi_dict_type       ? save_dict(s, obj)
                      : type == &gi_list_type     ? save_list(s, obj)
                      : type == &gi_tuple_type    ? save_tuple(s, obj)
                      : type == &gi_set_type      ? save_set(s, obj)
                      : type == &gi_frozenset_type ? save_frozenset(s, obj)
                      : type == &gi_bytearray_type ? save_bytearray(s, obj)
                      : type == &gi_pickle_buffer_type ? save_pickle_buffer(s, obj)
                                                  : gi_save_object(s, obj);
    gi_leave_recursive(s->ts);
    return status;
}
GiStatus gi_save(GiSaver *s, GiVal obj, bool no_persistent_id) {
    if (GI_UNLIKELY(!gi_is_null(s->persistent_id) && !no_persistent_id)) {
        int saved = save_persistent(s, obj);
        if (saved) return saved < 0 ? GI_FAIL : GI_OK;
    }
    GiStatus status;
    if (gi_is_smallint(obj)) {
        status = save_int(s, obj);
    } else if (gi_is_double(obj)) {
        status = save_float(s, gi_double_value(obj));
    } else if (gi_is_none(obj)) {
        status = gi_save_op(s, OP_NONE);
    } else if (gi_is_bool(obj)) {
        status = save_bool(s, gi_is_true(obj));
    } else {
        GiType *type = gi_type_of(obj);
        ssize_t known;
        if (type == &gi_int_type) status = save_big_int(s, obj);
        else if (!s->fast && (known = gi_memo_get(s->memo, obj)) >= 0) status = gi_save_get(s, (size_t)known);
        else if (type == &gi_str_type) status = save_str(s, obj);
        else if (type == &gi_bytes_type) status = save_bytes(s, obj);
        else status = save_container(s, obj, type);
    }
    return status < 0 ? GI_FAIL : boundary(s);
}
GiStatus gi_save_stream(GiSaver *s, GiVal obj) {
    s->frame = -1;
    s->framing = false;
    if (s->protocol >= 2) {
        const uint8_t start[2] = {OP_PROTO, (uint8_t)s->protocol};
        if (put(s, start, 2) < 0) return GI_FAIL;
        s->framing = s->protocol >= 4;
    }
    if (gi_save(s, obj, false) < 0 || gi_save_op(s, OP_STOP) < 0) return GI_FAIL;
    close_frame(s);
    s->framing = false;
    return flush(s);
}
