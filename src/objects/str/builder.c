/* builder.c - collecting text of any width. See GiStrBuilder in str.h.
 *
 * The buffer starts inside the struct, then lives in gi_mem memory; its kind widens as needed.
 */
#include "objects/str/internal.h"

void gi_sb_init(GiStrBuilder *sb, GiThread *ts) {
    sb->ts = ts;
    sb->data = sb->inline_data;
    sb->length = 0;
    sb->capacity = sizeof sb->inline_data;
    sb->kind = GI_STR_ASCII;
    sb->failed = false;
}

static void *sb_at(GiStrBuilder *sb) { return (char *)sb->data + (sb->length << gi_str_shift(sb->kind)); }

/* Room for `more` characters of kind; widens what is there. */
static bool sb_room(GiStrBuilder *sb, size_t more, GiStrKind kind) {
    if (GI_UNLIKELY(sb->failed)) return false;
    int old_shift = gi_str_shift(sb->kind), shift = GI_MAX(old_shift, gi_str_shift(kind));
    if (kind < sb->kind) kind = sb->kind;
    if (shift == old_shift && sb->capacity - sb->length >= more) {
        sb->kind = kind;
        return true;
    }
    if (more >= GI_STR_MAX_LENGTH || sb->length + more >= GI_STR_MAX_LENGTH) {
        (void)gi_raise_nomem(sb->ts);
        sb->failed = true;
        return false;
    }
    size_t need = sb->length + more, capacity = need + need / 2 + 32;
    bool inside = sb->data == sb->inline_data;
    if (shift == old_shift && !inside) {
        void *data = gi_mem_realloc(sb->ts, sb->data, capacity << shift);
        if (!data) {
            sb->failed = true;
            return false;
        }
        sb->data = data;
    } else {
        void *data = gi_mem_alloc(sb->ts, capacity << shift);
        if (!data) {
            sb->failed = true;
            return false;
        }
        gi_units_copy(data, shift, sb->data, old_shift, sb->length);
        if (!inside) gi_mem_free(sb->data);
        sb->data = data;
    }
    sb->capacity = capacity;
    sb->kind = kind;
    return true;
}

void gi_sb_char(GiStrBuilder *sb, uint32_t ch) {
    GiStrKind kind = gi_str_kind_for(ch);
    if (!sb_room(sb, 1, kind)) return;
    switch (gi_str_shift(sb->kind)) {
    case 0: ((uint8_t *)sb->data)[sb->length++] = (uint8_t)ch; break;
    case 1: ((uint16_t *)sb->data)[sb->length++] = (uint16_t)ch; break;
    default: ((uint32_t *)sb->data)[sb->length++] = ch;
    }
}

static void sb_units(GiStrBuilder *sb, const void *data, size_t n, GiStrKind kind) {
    if (n == 0 || !sb_room(sb, n, kind)) return;
    gi_units_copy(sb_at(sb), gi_str_shift(sb->kind), data, gi_str_shift(kind), n);
    sb->length += n;
}

void gi_sb_ascii(GiStrBuilder *sb, const char *text, size_t len) { sb_units(sb, text, len, GI_STR_ASCII); }

void gi_sb_str(GiStrBuilder *sb, GiVal s) { sb_units(sb, gi_str_data(s), gi_str_len(s), gi_str_kind(s)); }

void gi_sb_view(GiStrBuilder *sb, GiTextView text) {
    GiStrKind kind = gi_str_kind_for(gi_text_or_all(text));
    if (text.len == 0 || !sb_room(sb, text.len, kind)) return;
    int shift = gi_str_shift(sb->kind), from = text.kind >> 1;
    if (shift >= from)
        gi_units_copy(sb_at(sb), shift, text.data, from, text.len);
    else
        gi_units_narrow(sb_at(sb), shift, text.data, from, text.len);
    sb->length += text.len;
}

void gi_sb_slice(GiStrBuilder *sb, GiVal s, size_t start, size_t stop) {
    if (gi_str_is_ascii(s))
        gi_sb_ascii(sb, (const char *)gi_str_data(s) + start, stop - start);
    else
        gi_sb_view(sb, gi_text_slice(gi_str_view(s), start, stop));
}

void gi_sb_utf8(GiStrBuilder *sb, const char *text, size_t len) {
    size_t ascii = gi_ascii_prefix(text, len);
    gi_sb_ascii(sb, text, ascii);
    const uint8_t *p = (const uint8_t *)text + ascii, *end = (const uint8_t *)text + len;
    while (p < end && !sb->failed) gi_sb_char(sb, gi_utf8_next(&p));
}

void gi_sb_repr(GiStrBuilder *sb, GiVal v) {
    if (sb->failed) return;
    GiRef text = gi_repr(sb->ts, v);
    if (gi_is_null(text)) {
        sb->failed = true;
        return;
    }
    gi_sb_str(sb, gi_val(text));
    gi_drop(sb->ts, text);
}

void gi_sb_fill(GiStrBuilder *sb, uint32_t ch, size_t count) {
    if (count == 0 || !sb_room(sb, count, gi_str_kind_for(ch))) return;
    switch (gi_str_shift(sb->kind)) {
    case 0: memset(sb_at(sb), (int)ch, count); break;
    case 1:
        for (size_t i = 0; i < count; i++) ((uint16_t *)sb_at(sb))[i] = (uint16_t)ch;
        break;
    default:
        for (size_t i = 0; i < count; i++) ((uint32_t *)sb_at(sb))[i] = ch;
    }
    sb->length += count;
}

GiRef gi_sb_finish(GiStrBuilder *sb) {
    GiRef s = GI_NULL;
    if (!sb->failed) {
        size_t n = sb->length;
        int shift = gi_str_shift(sb->kind);
        if (n == 0) {
            s = gi_dup(sb->ts, GI_STR_EMPTY);
        } else if (n == 1) {
            s = gi_str_from_char(sb->ts, shift == 0   ? *(uint8_t *)sb->data
                                         : shift == 1 ? *(uint16_t *)sb->data
                                                      : *(uint32_t *)sb->data);
        } else {
            s = gi_str_new(sb->ts, n, sb->kind);
            if (!gi_is_null(s)) memcpy(gi_str_data(s), sb->data, n << shift);
        }
    }
    gi_sb_discard(sb);
    return s;
}

void gi_sb_discard(GiStrBuilder *sb) {
    if (sb->data != sb->inline_data) gi_mem_free(sb->data);
    sb->data = sb->inline_data;
    sb->length = 0;
}
