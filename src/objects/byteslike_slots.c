/* byteslike_slots.c - the slots and iterators that bytes and bytearray share. */
#include "objects/byteslike.h"

#include "objects/container.h"

#include "base/search.h"
#include "objects/native.h"
#include "objects/whole.h"

GiRef gi_bytes_like(GiThread *ts, GiVal self, const void *data, size_t len) {
    return gi_is_bytes(self) ? gi_bytes_from(ts, data, len) : gi_bytearray_from(ts, data, len);
}

GiRef gi_byteslike_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (gi_is_bytes(self) && gi_is_bytes(other)) {
        const GiBytes *a = gi_bytes_of(self), *b = gi_bytes_of(other);
        if (op == GI_EQ || op == GI_NE)
            return gi_bool_ref((a->length == b->length && memcmp(a->data, b->data, a->length) == 0) == (op == GI_EQ));
    } else if (gi_is_str(other) || !gi_has_buffer(other) || !gi_has_buffer(self) ||
               gi_is_bytes(self)) { /* a bytearray compares itself with bytes */
        if ((op == GI_EQ || op == GI_NE) && ts->vm->bytes_warning && gi_is_str(other) &&
            gi_warn(ts, &gi_exc_BytesWarning, 1, "Comparison between %s and string",
                    gi_is_bytes(self) ? "bytes" : "bytearray") != GI_OK)
            return GI_NULL;
        return GI_REF_NOTIMPLEMENTED;
    }
    if (GI_UNLIKELY(ts->core.free_running) && gi_is_bytearray(self) && gi_is_bytearray(other))
        return gi_order_ref(gi_bytearray_order(ts, self, other), op);
    GiBuffer a, b;
    if (gi_buffer_get(ts, self, &a, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
    if (gi_buffer_get(ts, other, &b, GI_BUF_BRIEF) != GI_OK) {
        gi_buffer_release(ts, &a);
        gi_exc_clear(ts);
        return GI_REF_NOTIMPLEMENTED;
    }
    size_t n = (size_t)GI_MIN(a.len, b.len);
    int order = n ? memcmp(a.data, b.data, n) : 0;
    if (order == 0) order = a.len < b.len ? -1 : a.len > b.len;
    gi_buffer_release(ts, &a);
    gi_buffer_release(ts, &b);
    return gi_order_ref(order, op);
}

/* PYSEM: what goes wrong in __index__ only says that it is no number. */
static GiStatus contained_byte(GiThread *ts, GiVal item, uint8_t *byte) {
    ssize_t i;
    if (gi_as_ssize(ts, item, true, &i) == GI_OK) return gi_byte_value(ts, gi_smallint(i < 0 || i > 255 ? -1 : i), byte);
    gi_exc_clear(ts);
    return gi_raise_status(ts, &gi_exc_TypeError, "a bytes-like object is required, not '%.100T'", item);
}

GiTruth gi_byteslike_contains(GiThread *ts, GiVal self, GiVal item) {
    if (gi_is_int(item) || (gi_type_of(item)->index && !gi_has_buffer(item))) {
        uint8_t byte = 0;
        if (contained_byte(ts, item, &byte) != GI_OK) return GI_TRUTH_FAIL;
        GI_BYTES_SELF(v, self);
        return gi_truth_of(v.len && memchr(v.data, byte, v.len));
    }
    GiBuffer view;
    if (gi_buffer_get(ts, item, &view, GI_BUF_BRIEF) != GI_OK) return GI_TRUTH_FAIL;
    GI_BYTES_SELF(v, self);
    ssize_t at = gi_search(v.data, v.len, view.data, (size_t)view.len, 1);
    gi_buffer_release(ts, &view);
    return gi_truth_of(at >= 0);
}

GiRef gi_byteslike_repeat(GiThread *ts, GiVal self, ssize_t n) {
    GI_BYTES_SELF(v, self);
    size_t times = n < 0 ? 0 : (size_t)n;
    if (times == 1 && gi_is_exact(self, &gi_bytes_type)) return gi_dup(ts, self);
    if (times && v.len > SSIZE_MAX / times) {
        if (gi_is_bytes(self)) return gi_raise_ref(ts, &gi_exc_OverflowError, "repeated bytes are too long");
        return gi_raise_nomem(ts);
    }
    GiRef r = gi_bytes_like(ts, self, NULL, v.len * times);
    if (gi_is_null(r) || v.len * times == 0) return r;
    uint8_t *data = gi_bytes_like_data(r);
    size_t total = v.len * times, done = v.len;
    if (v.len == 1) {
        memset(data, v.data[0], total);
        return r;
    }
    memcpy(data, v.data, v.len);
    while (done < total) {
        size_t more = GI_MIN(done, total - done);
        memcpy(data + done, data, more);
        done += more;
    }
    return r;
}

GiRef gi_byteslike_concat(GiThread *ts, GiVal a, GiVal b) {
    if (!gi_has_buffer(a) || !gi_has_buffer(b))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't concat %.100T to %.100T", b, a);
    if (gi_is_bytes_exact(a) && gi_is_bytes_exact(b)) {
        if (gi_bytes_len(a) == 0) return gi_dup(ts, b);
        if (gi_bytes_len(b) == 0) return gi_dup(ts, a);
    }
    if (gi_is_bytearray(a) && gi_same(a, b) && ts->core.free_running) { /* at one moment */
        GiRef once = gi_bytes_from_args(ts, "bytes", a, GI_NOVAL, GI_NOVAL);
        GiRef twice = gi_is_null(once) ? once : gi_byteslike_concat(ts, gi_val(once), gi_val(once));
        gi_xdrop(ts, once);
        if (gi_is_null(twice)) return twice;
        once = gi_bytes_like(ts, a, gi_bytes_data(twice), gi_bytes_len(twice));
        gi_drop(ts, twice);
        return once;
    }
    GiBuffer x, y;
    if (gi_buffer_get(ts, a, &x, GI_BUF_BRIEF) != GI_OK) goto fail;
    if (gi_buffer_get(ts, b, &y, GI_BUF_BRIEF) != GI_OK) {
        gi_buffer_release(ts, &x);
        goto fail;
    }
    GiRef r = gi_bytes_like(ts, a, NULL, (size_t)(x.len + y.len));
    if (!gi_is_null(r) && x.len + y.len) {
        uint8_t *data = gi_bytes_like_data(r);
        if (x.len) memcpy(data, x.data, (size_t)x.len);
        if (y.len) memcpy(data + x.len, y.data, (size_t)y.len);
    }
    gi_buffer_release(ts, &x);
    gi_buffer_release(ts, &y);
    return r;
fail:
    gi_exc_clear(ts);
    return gi_raise_ref(ts, &gi_exc_TypeError, "can't concat %.100T to %.100T", b, a);
}

GiRef gi_byteslike_mod(GiThread *ts, GiVal a, GiVal b) {
    if (!gi_is_bytes(a) && !gi_is_bytearray(a)) return GI_REF_NOTIMPLEMENTED;
    GI_BYTES_SELF(v, a);
    GiStrBuilder sb;
    if (gi_bytes_percent(ts, v.data, v.len, b, &sb) != GI_OK) return GI_NULL;
    GiRef r = gi_bytes_like(ts, a, sb.data, sb.length);
    gi_sb_discard(&sb);
    return r;
}

ssize_t gi_byteslike_length(GiThread *ts, GiVal self) {
    (void)ts;
    return (ssize_t)(gi_is_bytes(self) ? gi_bytes_len(self) : gi_load_relaxed(&((GiByteArray *)gi_obj(self))->length));
}

static GiRef item_or_error(GiThread *ts, GiVal self, ssize_t index) {
    int byte = gi_byte_at(ts, self, index);
    if (GI_LIKELY(byte >= 0)) return gi_smallint_ref(byte);
    return gi_raise_ref(ts, &gi_exc_IndexError, gi_is_bytes(self) ? "index out of range" : "bytearray index out of range");
}

GiRef gi_byteslike_item(GiThread *ts, GiVal self, ssize_t index) {
    return item_or_error(ts, self, index < 0 ? PTRDIFF_MAX : index);
}

GiRef gi_byteslike_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (gi_is_smallint(key) || gi_type_of(key)->index) {
        ssize_t index;
        if (gi_as_ssize(ts, key, false, &index) != GI_OK) return GI_NULL;
        return item_or_error(ts, self, index);
    }
    if (!gi_is_exact(key, &gi_slice_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s indices must be integers or slices, not %.200T",
                            gi_is_bytes(self) ? "byte" : "bytearray", key);
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step) != GI_OK) return GI_NULL;
    GI_BYTES_SELF(v, self);
    size_t count = gi_slice_adjust(v.len, &start, &stop, step);
    if (step == 1) {
        if (count == v.len && gi_is_exact(self, &gi_bytes_type)) return gi_dup(ts, self);
        return gi_bytes_like(ts, self, count ? v.data + start : NULL, count);
    }
    GiRef r = gi_bytes_like(ts, self, NULL, count);
    if (gi_is_null(r) || count == 0) return r;
    uint8_t *data = gi_bytes_like_data(r);
    for (size_t i = 0; i < count; i++) data[i] = v.data[start + (ssize_t)i * step];
    return r;
}

void gi_bytes_repr_to(GiStrBuilder *sb, const uint8_t *data, size_t len, bool array) {
    static const char hex[] = "0123456789abcdef";
    char quote = len && memchr(data, '\'', len) && !memchr(data, '"', len) ? '"' : '\'';
    gi_sb_char(sb, 'b');
    gi_sb_char(sb, (uint8_t)quote);
    for (size_t i = 0; i < len && !sb->failed; i++) {
        uint8_t c = data[i];
        size_t run = i;
        while (run < len && data[run] >= ' ' && data[run] < 0x7F && data[run] != '\\' && data[run] != (uint8_t)quote &&
               !(array && data[run] == '\''))
            run++;
        if (run > i) {
            gi_sb_ascii(sb, (const char *)data + i, run - i);
            i = run - 1;
            continue;
        }
        char text[4] = {'\\', (char)c, 0, 0};
        size_t n = 2;
        if (c == '\n' || c == '\r' || c == '\t') {
            text[1] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
        } else if (c != '\\' && c != (uint8_t)quote && !(array && c == '\'')) {
            text[1] = 'x';
            text[2] = hex[c >> 4];
            text[3] = hex[c & 15];
            n = 4;
        }
        gi_sb_ascii(sb, text, n);
    }
    gi_sb_char(sb, (uint8_t)quote);
}

GiRef gi_byteslike_repr(GiThread *ts, GiVal self) {
    GI_BYTES_SELF(v, self);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    bool array = !gi_is_bytes(self);
    if (array) {
        const char *name = gi_type_short_name(gi_type_of(self));
        gi_sb_utf8(&sb, name, strlen(name));
        gi_sb_char(&sb, '(');
    }
    gi_bytes_repr_to(&sb, v.data, v.len, array);
    if (array) gi_sb_char(&sb, ')');
    return gi_sb_finish(&sb);
}

GiRef gi_byteslike_str(GiThread *ts, GiVal self) {
    if (ts->vm->bytes_warning && gi_warn(ts, &gi_exc_BytesWarning, 1, "str() on a %s instance",
                                         gi_is_bytes(self) ? "bytes" : "bytearray") != GI_OK)
        return GI_NULL;
    return gi_byteslike_repr(ts, self);
}

/* ---- iterators ---- */

typedef struct BytesIter {
    GiObj obj;
    GiSlot bytes; /* null: exhausted */
    ssize_t index; /* -1: exhausted */
} BytesIter;

#include "objects/byteslike_slots.gen.h"

extern GiType gi_bytes_iter_type, gi_bytearray_iter_type;

GiRef gi_bytes_iter(GiThread *ts, GiVal v) {
    BytesIter *it = (BytesIter *)gi_heap_new(ts, gi_is_bytes(v) ? &gi_bytes_iter_type : &gi_bytearray_iter_type,
                                             sizeof(BytesIter));
    if (!it) return GI_NULL;
    gi_slot_init(&it->bytes, gi_dup(ts, v));
    return gi_own_obj(it);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

/* The byte at a position, -1 at the end. To look at a bytearray may mean to wait: it is counted. */
static int byte_of_iter(GiThread *ts, BytesIter *it, ssize_t index) {
    GiVal bytes = gi_slot_peek_shared(&it->bytes);
    if (gi_is_null(bytes)) return -1;
    if (gi_is_bytes(bytes) || !ts->core.free_running) return gi_byte_at(ts, bytes, index);
    GiRef held = gi_slot_load(ts, &it->bytes);
    if (gi_is_null(held)) return -1;
    int byte = gi_byte_at(ts, gi_val(held), index);
    gi_drop(ts, held);
    return byte;
}

static bool iter_spent(GiObj *self) { return ((BytesIter *)self)->index == -1; }

static GiRef iter_next(GiThread *ts, GiVal self) {
    BytesIter *it = (BytesIter *)gi_obj(self);
    for (;;) {
        ssize_t i = gi_position(&it->index);
        int byte = i < 0 ? -1 : byte_of_iter(ts, it, i);
        if (byte >= 0) {
            if (GI_LIKELY(gi_claim(ts, self, &it->index, i, i + 1))) return gi_smallint_ref(byte);
        } else if (i < 0 || gi_claim(ts, self, &it->index, i, -1)) {
            gi_exhaust_of(ts, self, &it->bytes);
            return GI_NULL;
        }
    }
}

/* What an iterator that is not exhausted goes over, and its position. */
static GiRef iter_bytes(GiThread *ts, GiVal self, ssize_t *index) {
    BytesIter *it = (BytesIter *)gi_obj(self);
    *index = gi_position(&it->index);
    return *index < 0 ? GI_NULL : gi_slot_load(ts, &it->bytes);
}

static GiRef iter_rest(GiThread *ts, GiVal self, bool fresh GI_UNUSED) {
    BytesIter *it = (BytesIter *)gi_obj(self);
    ssize_t i = __atomic_exchange_n(&it->index, -1, __ATOMIC_ACQ_REL);
    GiRef from = i < 0 ? GI_NULL : gi_slot_load(ts, &it->bytes), list = gi_list_new(ts, 0);
    GiBuffer view;
    if (gi_is_null(list) || gi_is_null(from)) {
        gi_xdrop(ts, from);
        return list;
    }
    GiStatus got = gi_buffer_get(ts, gi_val(from), &view, GI_BUF_BRIEF);
    gi_drop(ts, from); /* the view has it */
    if (got) {
        gi_drop(ts, list);
        return GI_NULL;
    }
    GiStatus status = GI_OK;
    for (const uint8_t *bytes = view.data; i < view.len && status == GI_OK; i++)
        status = gi_list_append(ts, gi_val(list), gi_smallint_ref(bytes[i]));
    gi_buffer_release(ts, &view);
    if (status == GI_OK) return list;
    gi_drop(ts, list);
    return GI_NULL;
}
static const GiRest rest_of_bytearray = {.list = iter_rest};

GI_METHOD(bytes_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    ssize_t index, left = 0;
    GiRef bytes = iter_bytes(ts, self, &index);
    if (!gi_is_null(bytes)) left = gi_byteslike_length(ts, gi_val(bytes)) - index;
    gi_xdrop(ts, bytes);
    return gi_smallint_ref(GI_MAX(left, 0));
}

GI_METHOD(bytes_iter, __reduce__, "(self)", "Return state information for pickling.") {
    ssize_t index;
    GiRef v = iter_bytes(ts, self, &index), iter = gi_builtin(ts, "iter"), r = GI_NULL;
    GiRef inner = gi_is_null(v) ? gi_tuple_new(ts, 0) : gi_dup(ts, gi_val(v));
    GiRef args = gi_is_null(inner) || gi_is_null(iter) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(inner));
    if (!gi_is_null(args))
        r = gi_is_null(v) ? gi_tuple_pack(ts, 2, gi_val(iter), gi_val(args))
                          : gi_tuple_pack(ts, 3, gi_val(iter), gi_val(args), gi_smallint(index));
    gi_xdrop(ts, v), gi_xdrop(ts, iter), gi_xdrop(ts, inner), gi_xdrop(ts, args);
    return r;
}

GI_METHOD(bytes_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    ssize_t index;
    GiRef bytes = iter_bytes(ts, self, &index);
    if (gi_is_null(bytes)) return GI_REF_NONE;
    ssize_t to = GI_MIN(GI_MAX(a->state, 0), gi_byteslike_length(ts, gi_val(bytes)));
    ssize_t *position = &((BytesIter *)gi_obj(self))->index;
    while (index >= 0 && !gi_claim(ts, self, position, index, to)) index = gi_position(position);
    gi_drop(ts, bytes);
    return GI_REF_NONE;
}

static const GiField iter_fields[] = {GI_SLOT(BytesIter, bytes), GI_FIELDS_END};

#define ITER_TYPE(type_name, rest)                                                                 \
    {.obj = GI_TYPE_HEAD, .name = type_name, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,                 \
     .size = sizeof(BytesIter), .fields = iter_fields, .base = &gi_object_type,                    \
     .methods = bytes_iter_methods, .iter = iter_self, .next = iter_next, .spent = iter_spent, .native = (void *)(rest)}

GiType gi_bytes_iter_type = ITER_TYPE("bytes_iterator", NULL);
GiType gi_bytearray_iter_type = ITER_TYPE("bytearray_iterator", &rest_of_bytearray);
