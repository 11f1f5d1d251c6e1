/* core.c - str objects: making, comparing, hashing, joining two, slicing, the type.
 *
 * INVARIANT: the kind is the narrowest that holds every character; a NUL unit ends the data. A str
 * changes after it was seen only in gi_str_append, by its only owner. LOCK: none; the hash is set
 * by a relaxed store of the value that every thread computes alike.
 */
#include "objects/str/internal.h"

#include "base/hash.h"

/* ---- static strings ---- */

#define STATIC_HEAD(flags)                                                                         \
    {.head = (uint64_t)(uintptr_t)&gi_str_type + ((uint64_t)(flags) << 48), .owner = GI_OWNER_IMMORTAL, \
     .local = 1, .shared = 0}
#define STATIC_CHAR(c)                                                                             \
    {{STATIC_HEAD(((c) < 128 ? 0 : 1 << GI_OBJ_TYPE_SHIFT) | GI_STR_INTERNED), 1, 0, 0}, {(c)}}
#define STATIC_CHARS4(c) STATIC_CHAR(c), STATIC_CHAR((c) + 1), STATIC_CHAR((c) + 2), STATIC_CHAR((c) + 3)
#define STATIC_CHARS16(c)                                                                          \
    STATIC_CHARS4(c), STATIC_CHARS4((c) + 4), STATIC_CHARS4((c) + 8), STATIC_CHARS4((c) + 12)
#define STATIC_CHARS64(c)                                                                          \
    STATIC_CHARS16(c), STATIC_CHARS16((c) + 16), STATIC_CHARS16((c) + 32), STATIC_CHARS16((c) + 48)

struct GiStrStatic gi_str_static_chars[256] = {STATIC_CHARS64(0), STATIC_CHARS64(64),
                                               STATIC_CHARS64(128), STATIC_CHARS64(192)};
struct GiStrStatic gi_str_static_empty = {{STATIC_HEAD(GI_STR_INTERNED), 0, 0, 0}, {0}};

/* ---- capacity marks: 11 bits of mantissa, 5 of exponent ---- */

static size_t room_capacity(unsigned room) { return (size_t)(room & 2047) << (room >> 11); }

/* The mark for at least n characters. */
static unsigned room_for(size_t n) {
    unsigned exponent = 0;
    while (n > 2047 && exponent < 31) {
        n = (n + 1) >> 1;
        exponent++;
    }
    return n > 2047 ? 0 : exponent << 11 | (unsigned)n;
}

/* ---- making ---- */

static GiRef new_with_room(GiThread *ts, size_t length, size_t capacity, GiStrKind kind) {
    if (GI_UNLIKELY(capacity >= GI_STR_MAX_LENGTH)) return gi_raise_nomem(ts);
    GiObj *obj = gi_heap_new_fast(ts, &gi_str_type, sizeof(GiStr) + ((capacity + 1) << gi_str_shift(kind)));
    if (GI_UNLIKELY(!obj)) return GI_NULL;
    gi_obj_flag_byte(obj) |= (uint8_t)(kind << GI_OBJ_TYPE_SHIFT);
    ((GiStr *)obj)->length = length;
    return gi_own_obj(obj);
}

GiRef gi_str_new(GiThread *ts, size_t length, GiStrKind kind) {
    if (GI_UNLIKELY(length == 0)) return gi_dup(ts, GI_STR_EMPTY);
    return new_with_room(ts, length, length, kind);
}

void gi_units_narrow(void *dst, int dst_shift, const void *src, int src_shift, size_t n) {
    if (dst_shift == src_shift) {
        memcpy(dst, src, n << src_shift);
    } else if (src_shift == 1) {
        for (size_t i = 0; i < n; i++) ((uint8_t *)dst)[i] = (uint8_t)((const uint16_t *)src)[i];
    } else if (dst_shift == 0) {
        for (size_t i = 0; i < n; i++) ((uint8_t *)dst)[i] = (uint8_t)((const uint32_t *)src)[i];
    } else {
        for (size_t i = 0; i < n; i++) ((uint16_t *)dst)[i] = (uint16_t)((const uint32_t *)src)[i];
    }
}

void gi_str_put(GiVal s, size_t i, uint32_t ch) {
    switch (gi_str_kind(s)) {
    case GI_STR_ASCII:
    case GI_STR_LATIN1: ((uint8_t *)gi_str_data(s))[i] = (uint8_t)ch; break;
    case GI_STR_UCS2: ((uint16_t *)gi_str_data(s))[i] = (uint16_t)ch; break;
    default: ((uint32_t *)gi_str_data(s))[i] = ch;
    }
}

GiRef gi_str_from_char(GiThread *ts, uint32_t ch) {
    if (ch < 256) return gi_dup(ts, GI_STR_LATIN1_CHAR(ch));
    GiRef s = gi_str_new(ts, 1, gi_str_kind_for(ch));
    if (!gi_is_null(s)) gi_str_put(gi_val(s), 0, ch);
    return s;
}

/* A str of a view whose kind is known. */
static GiRef from_view_kind(GiThread *ts, GiTextView text, GiStrKind kind) {
    if (text.len <= 1) {
        if (text.len == 0) return gi_dup(ts, GI_STR_EMPTY);
        return gi_str_from_char(ts, gi_text_at(text, 0));
    }
    GiRef s = gi_str_new(ts, text.len, kind);
    if (gi_is_null(s)) return s;
    gi_units_narrow(gi_str_data(s), gi_str_shift(kind), text.data, text.kind >> 1, text.len);
    return s;
}

GiRef gi_str_from_view(GiThread *ts, GiTextView text) {
    return from_view_kind(ts, text, gi_str_kind_for(gi_text_or_all(text)));
}

GiRef gi_str_from_u32buf(GiThread *ts, GiU32Buf *buf) {
    GiTextView view = gi_text_ucs4(buf->data, buf->len);
    GiRef s = from_view_kind(ts, view, gi_str_kind_for(gi_text_or_all(view)));
    gi_u32buf_free(buf);
    return s;
}

GiRef gi_str_from_latin1(GiThread *ts, const void *text, size_t len) {
    return gi_str_from_view(ts, gi_text_latin1(text, len));
}

GiRef gi_str_from_ucs4(GiThread *ts, const uint32_t *text, size_t len) {
    return gi_str_from_view(ts, gi_text_ucs4(text, len));
}

GiRef gi_str_from_ucs2(GiThread *ts, const uint16_t *text, size_t len) {
    return gi_str_from_view(ts, (GiTextView){text, len, 2});
}

/* Valid UTF-8 (by `flags`) to a str; false in *ok when it is not, with the scan filled. */
static GiRef from_utf8_scan(GiThread *ts, const char *text, size_t len, unsigned flags, GiUtf8Scan *scan) {
    if (len == 1 && (uint8_t)text[0] < 128) {
        scan->reason = NULL;
        return gi_dup(ts, GI_STR_LATIN1_CHAR(text[0]));
    }
    if (!gi_utf8_scan(text, len, flags, scan)) return GI_NULL;
    scan->reason = NULL;
    if (scan->chars == 0) return gi_dup(ts, GI_STR_EMPTY);
    GiStrKind kind = gi_str_kind_for(scan->max_char);
    if (scan->chars == 1) {
        const uint8_t *p = (const uint8_t *)text;
        return gi_str_from_char(ts, gi_utf8_next(&p));
    }
    GiRef s = gi_str_new(ts, scan->chars, kind);
    if (gi_is_null(s)) return s;
    if (kind == GI_STR_ASCII)
        memcpy(gi_str_data(s), text, len);
    else
        gi_utf8_decode(text, len, gi_str_data(s), 1 << gi_str_shift(kind));
    return s;
}

GiRef gi_str_from_utf8(GiThread *ts, const char *text, size_t len) {
    GiUtf8Scan scan;
    GiRef s = from_utf8_scan(ts, text, len, 0, &scan);
    if (gi_is_null(s) && scan.reason)
        gi_raise_unicode_decode(ts, "utf-8", text, len, scan.bytes, scan.error_end, scan.reason);
    return s;
}

GiRef gi_str_from_wtf8(GiThread *ts, const char *text, size_t len) {
    GiUtf8Scan scan;
    GiRef s = from_utf8_scan(ts, text, len, GI_UTF8_SURROGATES, &scan);
    if (gi_is_null(s) && scan.reason)
        gi_raise_unicode_decode(ts, "utf-8", text, len, scan.bytes, scan.error_end, scan.reason);
    return s;
}

GiRef gi_str_from_cstr(GiThread *ts, const char *text) {
    return gi_str_from_wtf8(ts, text, strlen(text));
}

GiRef gi_str_from_fs(GiThread *ts, const char *bytes, size_t len) {
    return gi_decode_utf8_with(ts, bytes, len, "surrogateescape", true, NULL);
}

GiRef gi_str_to_fs(GiThread *ts, GiVal s) { return gi_encode_utf8_with(ts, s, "surrogateescape"); }

/* ---- comparing and hashing ---- */

bool gi_str_equal(GiVal a, GiVal b) {
    if (gi_same(a, b)) return true;
    const GiStr *x = gi_str_of(a), *y = gi_str_of(b);
    if (x->length != y->length) return false;
    GiStrKind kind = gi_str_kind(a);
    if (kind != gi_str_kind(b)) return false;
    int64_t hx = atomic_load_explicit(&x->hash, memory_order_relaxed);
    int64_t hy = atomic_load_explicit(&y->hash, memory_order_relaxed);
    if (hx && hy && hx != hy) return false;
    return memcmp(x + 1, y + 1, (size_t)x->length << gi_str_shift(kind)) == 0;
}

bool gi_str_equals_cstr(GiVal a, const char *ascii) {
    size_t n = gi_str_len(a);
    return gi_str_is_ascii(a) && strlen(ascii) == n && memcmp(gi_str_data(a), ascii, n) == 0;
}

int gi_str_order(GiVal a, GiVal b) {
    if (gi_same(a, b)) return 0;
    size_t na = gi_str_len(a), nb = gi_str_len(b), n = GI_MIN(na, nb);
    int sa = gi_str_shift_of(a), sb = gi_str_shift_of(b);
    if (sa == 0 && sb == 0) {
        int order = memcmp(gi_str_data(a), gi_str_data(b), n);
        if (order) return order < 0 ? -1 : 1;
    } else {
        for (size_t i = 0; i < n; i++) {
            uint32_t x = gi_str_char(a, i), y = gi_str_char(b, i);
            if (x != y) return x < y ? -1 : 1;
        }
    }
    return na < nb ? -1 : na > nb;
}

int64_t gi_str_hash(GiThread *ts, GiVal v) {
    GiStr *s = gi_str_of(v);
    int64_t hash = atomic_load_explicit(&s->hash, memory_order_relaxed);
    if (GI_LIKELY(hash != 0)) return hash;
    GiHashKey key;
    memcpy(&key, ts->vm->hash_key, sizeof key);
    hash = gi_hash_bytes(key, s + 1, (size_t)s->length << gi_str_shift_of(v));
    atomic_store_explicit(&s->hash, hash, memory_order_relaxed);
    return hash;
}

GiRef gi_str_slot_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    (void)ts;
    if (!gi_is_str(self) || !gi_is_str(other)) return GI_REF_NOTIMPLEMENTED;
    if (op == GI_EQ || op == GI_NE) return gi_bool_ref(gi_str_equal(self, other) == (op == GI_EQ));
    int order = gi_str_order(self, other);
    return gi_bool_ref(op == GI_LT   ? order < 0
                       : op == GI_LE ? order <= 0
                       : op == GI_GT ? order > 0
                                     : order >= 0);
}

/* ---- concatenation, slices, repetition ---- */

/* An exact str with the text of v. */
static GiRef exact(GiThread *ts, GiVal v) {
    if (gi_is_str_exact(v)) return gi_dup(ts, v);
    return from_view_kind(ts, gi_str_view(v), gi_str_kind(v));
}

GiRef gi_str_concat(GiThread *ts, GiVal a, GiVal b) {
    size_t na = gi_str_len(a), nb = gi_str_len(b);
    if (na == 0) return exact(ts, b);
    if (nb == 0) return exact(ts, a);
    GiStrKind kind = GI_MAX(gi_str_kind(a), gi_str_kind(b));
    if (GI_UNLIKELY(na + nb >= GI_STR_MAX_LENGTH)) return gi_raise_nomem(ts);
    GiRef s = gi_str_new(ts, na + nb, kind);
    if (gi_is_null(s)) return s;
    gi_str_copy(gi_val(s), 0, a, 0, na);
    gi_str_copy(gi_val(s), na, b, 0, nb);
    return s;
}

GiRef gi_str_append(GiThread *ts, GiRef left, GiVal right) {
    GiVal l = gi_val(left);
    size_t nl = gi_str_len(l), nr = gi_str_len(right);
    GiStrKind kind = gi_str_kind(l), kind_right = gi_str_kind(right);
    if (!gi_is_str_exact(l) || nl == 0 || nr == 0 || !gi_is_unique(ts, l)) {
        GiRef s = gi_str_concat(ts, l, right);
        gi_drop(ts, left);
        return s;
    }
    GiStr *s = gi_str_of(l);
    if (kind_right <= kind && nl + nr <= room_capacity(s->room) && !gi_same(l, right)) {
        gi_str_copy(l, nl, right, 0, nr);
        s->length = nl + nr;
        gi_str_put(l, nl + nr, 0);
        if (GI_UNLIKELY(gi_obj_flags(&s->obj) & GI_STR_UTF8_CACHED)) {
            gi_str_utf8_forget(s);
            gi_obj_flag_byte(&s->obj) &= (uint8_t)~GI_STR_UTF8_CACHED;
        }
        atomic_store_explicit(&s->hash, 0, memory_order_relaxed);
        return left;
    }
    /* PERF: spare room makes a loop of s += t linear. */
    size_t need = nl + nr;
    unsigned room = need < GI_STR_MAX_LENGTH / 2 ? room_for(need + need / 4 + 8) : 0;
    if (kind_right <= kind && room && need > 256 && !gi_same(l, right)) {
        if (GI_UNLIKELY(gi_obj_flags(&s->obj) & GI_STR_UTF8_CACHED)) {
            gi_str_utf8_forget(s);
            gi_obj_flag_byte(&s->obj) &= (uint8_t)~GI_STR_UTF8_CACHED;
        }
        GiObj *moved = gi_heap_resize(ts, &s->obj, sizeof(GiStr) + ((room_capacity(room) + 1) << gi_str_shift(kind)));
        if (!moved) {
            gi_drop(ts, left);
            return GI_NULL;
        }
        s = (GiStr *)moved;
        l = gi_from_obj(moved);
        s->length = need;
        s->room = room;
        atomic_store_explicit(&s->hash, 0, memory_order_relaxed);
        gi_str_copy(l, nl, right, 0, nr);
        gi_str_put(l, need, 0);
        return gi_own_obj(moved);
    }
    kind = GI_MAX(kind, kind_right);
    GiRef grown = new_with_room(ts, need, room ? room_capacity(room) : need, kind);
    if (!gi_is_null(grown)) {
        gi_str_of(grown)->room = room;
        gi_str_copy(gi_val(grown), 0, l, 0, nl);
        gi_str_copy(gi_val(grown), nl, right, 0, nr);
    }
    gi_drop(ts, left);
    return grown;
}

GiRef gi_str_slice(GiThread *ts, GiVal s, size_t start, size_t stop) {
    size_t n = stop - start;
    if (n == gi_str_len(s)) return exact(ts, s);
    if (n == 0) return gi_dup(ts, GI_STR_EMPTY);
    if (n == 1) return gi_str_from_char(ts, gi_str_char(s, start));
    GiTextView part = gi_text_slice(gi_str_view(s), start, stop);
    if (gi_str_is_ascii(s)) {
        GiRef r = gi_str_new(ts, n, GI_STR_ASCII);
        if (!gi_is_null(r)) memcpy(gi_str_data(r), part.data, n);
        return r;
    }
    return gi_str_from_view(ts, part);
}

GiRef gi_str_slot_concat(GiThread *ts, GiVal a, GiVal b) {
    if (!gi_is_str(b))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can only concatenate str (not \"%.200T\") to str", b);
    return gi_str_concat(ts, a, b);
}

GiRef gi_str_slot_repeat(GiThread *ts, GiVal v, ssize_t count) {
    size_t n = gi_str_len(v);
    if (count <= 0 || n == 0) return gi_dup(ts, GI_STR_EMPTY);
    if (count == 1) return exact(ts, v);
    if (n > SSIZE_MAX / (size_t)count)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "repeated string is too long");
    GiRef r = gi_str_new(ts, n * (size_t)count, gi_str_kind(v));
    if (gi_is_null(r)) return r;
    int shift = gi_str_shift_of(v);
    size_t total = n * (size_t)count << shift, done = n << shift;
    char *data = gi_str_data(r);
    if (done == 1) {
        memset(data, *(char *)gi_str_data(v), total);
        return r;
    }
    memcpy(data, gi_str_data(v), done);
    while (done < total) {
        size_t more = GI_MIN(done, total - done);
        memcpy(data + done, data, more);
        done += more;
    }
    return r;
}

ssize_t gi_str_slot_length(GiThread *ts, GiVal v) {
    (void)ts;
    return (ssize_t)gi_str_len(v);
}

GiRef gi_str_slot_item(GiThread *ts, GiVal v, ssize_t index) {
    if (index < 0 || (size_t)index >= gi_str_len(v))
        return gi_raise_ref(ts, &gi_exc_IndexError, "string index out of range");
    return gi_str_from_char(ts, gi_str_char(v, (size_t)index));
}

static GiRef str_slice_step(GiThread *ts, GiVal v, ssize_t start, ssize_t step, size_t count) {
    if (count == 0) return gi_dup(ts, GI_STR_EMPTY);
    uint32_t seen = 0;
    ssize_t at = start;
    for (size_t i = 0; i < count; i++, at += step) seen |= gi_str_char(v, (size_t)at);
    if (count == 1) return gi_str_from_char(ts, seen);
    GiRef r = gi_str_new(ts, count, gi_str_kind_for(seen));
    if (gi_is_null(r)) return r;
    at = start;
    for (size_t i = 0; i < count; i++, at += step) gi_str_put(gi_val(r), i, gi_str_char(v, (size_t)at));
    return r;
}

GiRef gi_str_slot_subscript(GiThread *ts, GiVal v, GiVal key) {
    if (gi_is_smallint(key) || gi_type_of(key)->index) {
        ssize_t index;
        if (gi_as_ssize(ts, key, false, &index) != GI_OK) return GI_NULL;
        if (index < 0) index += (ssize_t)gi_str_len(v);
        return gi_str_slot_item(ts, v, index);
    }
    if (gi_is_exact(key, &gi_slice_type)) {
        ssize_t start, stop, step;
        if (gi_slice_unpack(ts, key, &start, &stop, &step) != GI_OK) return GI_NULL;
        size_t count = gi_slice_adjust(gi_str_len(v), &start, &stop, step);
        if (step == 1 && count) return gi_str_slice(ts, v, (size_t)start, (size_t)start + count);
        return str_slice_step(ts, v, start, step, count);
    }
    return gi_raise_ref(ts, &gi_exc_TypeError, "string indices must be integers, not '%.200T'", key);
}

GiTruth gi_str_slot_contains(GiThread *ts, GiVal v, GiVal item) {
    if (!gi_is_str(item)) {
        gi_raise(ts, &gi_exc_TypeError, "'in <string>' requires string as left operand, not %.200T", item);
        return GI_TRUTH_FAIL;
    }
    ssize_t at;
    if (gi_str_search(ts, v, item, 0, gi_str_len(v), false, &at) != GI_OK) return GI_TRUTH_FAIL;
    return gi_truth_of(at >= 0);
}

GiRef gi_str_slot_str(GiThread *ts, GiVal v) { return exact(ts, v); }

GiRef gi_str_slot_mod(GiThread *ts, GiVal a, GiVal b) {
    if (!gi_is_str(a)) return GI_REF_NOTIMPLEMENTED;
    return gi_str_mod(ts, a, b);
}

/* ---- the type ---- */

/* str(object, encoding, errors) with what was given; null: absent. */
static GiRef make_text(GiThread *ts, GiVal object, GiVal encoding, GiVal errors) {
    if (gi_is_null(object)) return gi_dup(ts, GI_STR_EMPTY);
    if (gi_is_null(encoding) && gi_is_null(errors)) return gi_str(ts, object);
    const char *enc = NULL, *err = NULL;
    if (!gi_is_null(encoding) && !(enc = gi_str_cstr(ts, encoding))) return GI_NULL;
    if (!gi_is_null(errors) && !(err = gi_str_cstr(ts, errors))) return GI_NULL;
    if (gi_is_str(object)) return gi_raise_ref(ts, &gi_exc_TypeError, "decoding str is not supported");
    if (!gi_has_buffer(object))
        return gi_raise_ref(ts, &gi_exc_TypeError, "decoding to str: need a bytes-like object, %.80T found",
                            object);
    GiBuffer view;
    if (gi_buffer_get(ts, object, &view, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
    bool nothing = view.len == 0 && !ts->vm->dev_mode; /* PYSEM: no codec is looked up */
    GiRef text = nothing ? gi_dup(ts, GI_STR_EMPTY) : gi_decode(ts, view.data, (size_t)view.len, enc, err);
    gi_buffer_release(ts, &view);
    return text;
}

static GiStatus check_str_arg(GiThread *ts, GiVal v, const char *name) {
    if (gi_is_null(v) || gi_is_str(v)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "str() argument '%s' must be str, not %#.50T", name, v);
}

GiRef gi_str_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    static const char *const names[3] = {"object", "encoding", "errors"};
    GiVal given[3] = {GI_NOVAL, GI_NOVAL, GI_NOVAL};
    size_t nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nargs + nkw > 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "str() takes at most 3 %sarguments (%zu given)",
                            nargs == 0 ? "keyword " : "", nargs + nkw);
    for (size_t i = 0; i < nargs; i++) given[i] = args[i];
    for (size_t k = 0; k < nkw; k++) {
        GiVal name = gi_tuple_get(kwnames, k);
        size_t i = 0;
        while (i < 3 && !gi_str_equals_cstr(name, names[i])) i++;
        if (i == 3)
            return gi_raise_ref(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for str()", name);
        if (i < nargs)
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "argument for str() given by name ('%s') and position (%zu)", names[i], i + 1);
        given[i] = args[nargs + k];
    }
    if (check_str_arg(ts, given[1], "encoding") != GI_OK || check_str_arg(ts, given[2], "errors") != GI_OK)
        return GI_NULL;
    GiRef text = make_text(ts, given[0], given[1], given[2]);
    if (gi_is_null(text) || type == &gi_str_type) return text;
    size_t n = gi_str_len(text);
    GiStrKind kind = gi_str_kind(text);
    GiRef made = gi_type_alloc(ts, type, (n + 1) << gi_str_shift(kind));
    if (!gi_is_null(made)) {
        gi_obj_flag_byte(gi_obj(made)) |= (uint8_t)(kind << GI_OBJ_TYPE_SHIFT);
        gi_str_of(made)->length = n;
        gi_str_copy(gi_val(made), 0, gi_val(text), 0, n);
    }
    gi_drop(ts, text);
    return made;
}

void gi_str_slot_destroy(GiThread *ts, GiObj *obj) {
    (void)ts;
    if (GI_UNLIKELY(gi_obj_flags(obj) & GI_STR_UTF8_CACHED)) gi_str_utf8_forget((GiStr *)obj);
}
