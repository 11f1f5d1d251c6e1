/* charset.c - the cores of ASCII, Latin-1, UTF-8, UTF-16, UTF-32 and charmap (see charset.h). */
#include "base/charset.h"

#include "base/charset_impl.h"
#include "base/utf8.h"

void gi_decoder_free(GiDecoder *d) { gi_u32buf_free(&d->out); }

void gi_encoder_free(GiEncoder *e) { gi_strbuf_free(&e->out); }

GiCodecStatus gi_decoder_error(GiDecoder *d, size_t start, size_t end, const char *reason,
                               size_t *pos) {
    d->start = start;
    d->end = end;
    d->reason = reason;
    if (!d->on_error) return GI_CODEC_ERROR;
    size_t resume = end;
    if (d->on_error(d, &resume) != GI_OK) return GI_CODEC_HANDLER;
    GI_ASSERT(resume <= d->n);
    *pos = resume;
    return GI_CODEC_OK;
}

GiCodecStatus gi_encoder_error(GiEncoder *e, size_t start, size_t end, const char *reason,
                               size_t *pos) {
    e->start = start;
    e->end = end;
    e->reason = reason;
    e->fix_bytes = NULL;
    e->fix_bytes_len = 0;
    e->fix_text = (GiTextView){"", 0, 1};
    if (!e->on_error) return GI_CODEC_ERROR;
    size_t resume = end;
    if (e->on_error(e, &resume) != GI_OK) return GI_CODEC_HANDLER;
    GI_ASSERT(resume <= e->in.len);
    *pos = resume;
    return GI_CODEC_OK;
}

GiCodecStatus gi_encoder_end(GiEncoder *e) {
    gi_strbuf_truncate(&e->out, e->out.len);
    return e->out.failed ? GI_CODEC_NO_MEMORY : GI_CODEC_OK;
}

/* Appends bytes as code points. */
static GiStatus widen(GiU32Buf *out, const uint8_t *p, size_t n) {
    if (gi_u32buf_reserve(out, n) != GI_OK) return GI_FAIL;
    uint32_t *dst = out->data + out->len, seen = 0;
    for (size_t i = 0; i < n; i++) {
        dst[i] = p[i];
        seen |= p[i];
    }
    out->len += n;
    out->seen |= seen;
    return GI_OK;
}

/* ---- decoders ---- */

GiCodecStatus gi_decode_latin1(GiDecoder *d) {
    d->consumed = 0;
    if (widen(&d->out, d->in, d->n) != GI_OK) return GI_CODEC_NO_MEMORY;
    d->consumed = d->n;
    return GI_CODEC_OK;
}

GiCodecStatus gi_decode_ascii(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    while (i < d->n) {
        size_t run = gi_ascii_prefix(d->in + i, d->n - i);
        if (widen(&d->out, d->in + i, run) != GI_OK) return GI_CODEC_NO_MEMORY;
        i += run;
        if (i < d->n) GI_CODEC_TRY(gi_decoder_error(d, i, i + 1, "ordinal not in range(128)", &i));
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

GiCodecStatus gi_decode_utf8(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    while (i < d->n) {
        GiUtf8Scan scan;
        gi_utf8_scan(d->in + i, d->n - i, 0, &scan);
        if (gi_u32buf_reserve(&d->out, scan.chars) != GI_OK) return GI_CODEC_NO_MEMORY;
        gi_utf8_decode(d->in + i, scan.bytes, d->out.data + d->out.len, 4);
        d->out.len += scan.chars;
        d->out.seen |= scan.max_char;
        if (scan.reason == NULL) break;
        size_t start = i + scan.bytes, end = i + scan.error_end;
        if (scan.truncated && !d->final) {
            d->consumed = start;
            return GI_CODEC_OK;
        }
        GI_CODEC_TRY(gi_decoder_error(d, start, end, scan.reason, &i));
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

static inline uint32_t unit16(const uint8_t *p, bool big) {
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

GiCodecStatus gi_decode_utf16(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    if (d->byte_order == 0 && d->n >= 2) {
        uint32_t mark = unit16(d->in, false);
        if (mark == 0xFEFF || mark == 0xFFFE) {
            d->byte_order = mark == 0xFEFF ? -1 : 1;
            i = 2;
        }
    }
    bool big = d->byte_order > 0;
    if (gi_u32buf_reserve(&d->out, d->n / 2 + 1) != GI_OK) return GI_CODEC_NO_MEMORY;
    for (;;) {
        const char *reason;
        size_t start = i, end, left = d->n - i;
        if (left < 2) {
            if (left == 0 || !d->final) break;
            reason = "truncated data";
            end = d->n;
        } else {
            uint32_t c = unit16(d->in + i, big);
            if (GI_LIKELY(c < 0xD800 || c > 0xDFFF)) {
                GI_CODEC_PUT(d, c);
                i += 2;
                continue;
            }
            end = i + 2;
            if (c >= 0xDC00) {
                reason = "illegal encoding";
            } else if (left < 4) {
                if (!d->final) break;
                reason = "unexpected end of data";
                end = d->n;
            } else {
                uint32_t low = unit16(d->in + i + 2, big);
                if ((low & 0xFC00) == 0xDC00) {
                    GI_CODEC_PUT(d, 0x10000 + ((c & 0x3FF) << 10 | (low & 0x3FF)));
                    i += 4;
                    continue;
                }
                reason = "illegal UTF-16 surrogate";
            }
        }
        GI_CODEC_TRY(gi_decoder_error(d, start, end, reason, &i));
    }
    d->consumed = i;
    return GI_CODEC_OK;
}

static inline uint32_t unit32(const uint8_t *p, bool big) {
    return big ? unit16(p, true) << 16 | unit16(p + 2, true)
               : unit16(p + 2, false) << 16 | unit16(p, false);
}

GiCodecStatus gi_decode_utf32(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    if (d->byte_order == 0 && d->n >= 4) {
        uint32_t mark = unit32(d->in, false);
        if (mark == 0xFEFF || mark == 0xFFFE0000u) {
            d->byte_order = mark == 0xFEFF ? -1 : 1;
            i = 4;
        }
    }
    bool big = d->byte_order > 0;
    if (gi_u32buf_reserve(&d->out, d->n / 4 + 1) != GI_OK) return GI_CODEC_NO_MEMORY;
    for (;;) {
        const char *reason;
        size_t end = i + 4;
        if (d->n - i < 4) {
            if (d->n == i || !d->final) break;
            reason = "truncated data";
            end = d->n;
        } else {
            uint32_t c = unit32(d->in + i, big);
            if (GI_LIKELY(c < 0xD800 || (c > 0xDFFF && c <= 0x10FFFF))) {
                GI_CODEC_PUT(d, c);
                i += 4;
                continue;
            }
            reason = c > 0x10FFFF ? "code point not in range(0x110000)"
                                  : "code point in surrogate code point range(0xd800, 0xe000)";
        }
        GI_CODEC_TRY(gi_decoder_error(d, i, end, reason, &i));
    }
    d->consumed = i;
    return GI_CODEC_OK;
}

static const char undefined_reason[] = "character maps to <undefined>";

GiCodecStatus gi_decode_charmap(GiDecoder *d, GiTextView table) {
    size_t i = 0;
    d->consumed = 0;
    if (gi_u32buf_reserve(&d->out, d->n) != GI_OK) return GI_CODEC_NO_MEMORY;
    while (i < d->n) {
        uint32_t c = d->in[i] < table.len ? gi_text_at(table, d->in[i]) : 0xFFFE;
        if (GI_LIKELY(c != 0xFFFE)) {
            GI_CODEC_PUT(d, c);
            i++;
        } else {
            GI_CODEC_TRY(gi_decoder_error(d, i, i + 1, undefined_reason, &i));
        }
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

GiCodecStatus gi_decode_charmap_by(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    while (i < d->n) {
        int found = d->lookup(d, d->in[i]);
        if (found < 0) return GI_CODEC_HANDLER;
        if (found == 0)
            i++;
        else
            GI_CODEC_TRY(gi_decoder_error(d, i, i + 1, undefined_reason, &i));
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

/* ---- encoders ---- */

/* Appends what the callback gave, of text only code points below limit. */
static GiCodecStatus put_fix(GiEncoder *e, uint32_t limit) {
    if (e->fix_bytes)
        return gi_strbuf_append(&e->out, e->fix_bytes, e->fix_bytes_len) == GI_OK
                   ? GI_CODEC_OK
                   : GI_CODEC_NO_MEMORY;
    GiTextView t = e->fix_text;
    GI_CODEC_ROOM(e, t.len);
    for (size_t i = 0; i < t.len; i++)
        if (gi_text_at(t, i) >= limit) return GI_CODEC_ERROR;
    for (size_t i = 0; i < t.len; i++)
        e->out.data[e->out.len++] = (char)gi_text_at(t, i);
    return GI_CODEC_OK;
}

/* ASCII and Latin-1. */
static GiCodecStatus encode_below(GiEncoder *e, uint32_t limit, const char *reason) {
    GiTextView t = e->in;
    size_t i = 0;
    GI_CODEC_ROOM(e, t.len);
    while (i < t.len) {
        size_t from = i, end;
        GI_CODEC_ROOM(e, t.len - i);
        char *dst = e->out.data + e->out.len;
        for (uint32_t c; i < t.len && (c = gi_text_at(t, i)) < limit; i++)
            *dst++ = (char)c;
        e->out.len += i - from;
        if (i == t.len) break;
        for (end = i + 1; end < t.len && gi_text_at(t, end) >= limit; end++) {
        }
        GI_CODEC_TRY(gi_encoder_error(e, i, end, reason, &i));
        GI_CODEC_TRY(put_fix(e, limit));
    }
    return gi_encoder_end(e);
}

GiCodecStatus gi_encode_ascii(GiEncoder *e) {
    return encode_below(e, 0x80, "ordinal not in range(128)");
}

GiCodecStatus gi_encode_latin1(GiEncoder *e) {
    return encode_below(e, 0x100, "ordinal not in range(256)");
}

static const char surrogate_reason[] = "surrogates not allowed";

static inline bool is_surrogate(uint32_t c) { return (c & 0xFFFFF800u) == 0xD800; }

GiCodecStatus gi_encode_utf8(GiEncoder *e) {
    GiTextView t = e->in;
    size_t i = 0;
    for (;;) {
        size_t stop = gi_text_find_surrogate(t, i), end;
        GiTextView part = gi_text_slice(t, i, stop);
        size_t size = gi_utf8_size(part);
        if (size == SIZE_MAX) return GI_CODEC_NO_MEMORY;
        char *dst = gi_strbuf_extend(&e->out, size);
        if (!dst) return GI_CODEC_NO_MEMORY;
        gi_utf8_encode(part, dst);
        if (stop == t.len) return GI_CODEC_OK;
        for (end = stop + 1; end < t.len && is_surrogate(gi_text_at(t, end)); end++) {
        }
        GI_CODEC_TRY(gi_encoder_error(e, stop, end, surrogate_reason, &i));
        GI_CODEC_TRY(put_fix(e, 0x80));
    }
}

static inline void put16(GiStrbuf *out, uint32_t unit, bool big) {
    char *p = out->data + out->len;
    p[big] = (char)unit;
    p[!big] = (char)(unit >> 8);
    out->len += 2;
}

static inline void put32(GiStrbuf *out, uint32_t c, bool big) {
    put16(out, big ? c >> 16 : c & 0xFFFF, big);
    put16(out, big ? c & 0xFFFF : c >> 16, big);
}

/* UTF-16 and UTF-32: appends what the callback gave; bytes must be whole units, text ASCII. */
static GiCodecStatus put_wide_fix(GiEncoder *e, size_t unit, bool big) {
    if (e->fix_bytes && e->fix_bytes_len % unit) return GI_CODEC_ERROR;
    if (e->fix_bytes) return put_fix(e, 0);
    GiTextView t = e->fix_text;
    if (t.len > SIZE_MAX / 8) return GI_CODEC_NO_MEMORY;
    GI_CODEC_ROOM(e, t.len * unit);
    for (size_t i = 0; i < t.len; i++)
        if (gi_text_at(t, i) >= 0x80) return GI_CODEC_ERROR;
    for (size_t i = 0; i < t.len; i++) {
        if (unit == 2)
            put16(&e->out, gi_text_at(t, i), big);
        else
            put32(&e->out, gi_text_at(t, i), big);
    }
    return GI_CODEC_OK;
}

GiCodecStatus gi_encode_utf16(GiEncoder *e) {
    GiTextView t = e->in;
    bool big = e->byte_order > 0;
    if (t.len > SIZE_MAX / 8) return GI_CODEC_NO_MEMORY;
    GI_CODEC_ROOM(e, t.len * 2 + 2);
    if (e->byte_order == 0) put16(&e->out, 0xFEFF, false);
    size_t i = 0;
    while (i < t.len) {
        uint32_t c = gi_text_at(t, i);
        if (GI_UNLIKELY(is_surrogate(c))) {
            GI_CODEC_TRY(gi_encoder_error(e, i, i + 1, surrogate_reason, &i));
            GI_CODEC_TRY(put_wide_fix(e, 2, big));
            continue;
        }
        GI_CODEC_ROOM(e, 4);
        if (c < 0x10000) {
            put16(&e->out, c, big);
        } else {
            put16(&e->out, 0xD800 | (c - 0x10000) >> 10, big);
            put16(&e->out, 0xDC00 | (c & 0x3FF), big);
        }
        i++;
    }
    return gi_encoder_end(e);
}

GiCodecStatus gi_encode_utf32(GiEncoder *e) {
    GiTextView t = e->in;
    bool big = e->byte_order > 0;
    if (t.len > SIZE_MAX / 16) return GI_CODEC_NO_MEMORY;
    GI_CODEC_ROOM(e, t.len * 4 + 4);
    if (e->byte_order == 0) put32(&e->out, 0xFEFF, false);
    size_t i = 0;
    while (i < t.len) {
        uint32_t c = gi_text_at(t, i);
        if (GI_UNLIKELY(is_surrogate(c))) {
            GI_CODEC_TRY(gi_encoder_error(e, i, i + 1, surrogate_reason, &i));
            GI_CODEC_TRY(put_wide_fix(e, 4, big));
            continue;
        }
        GI_CODEC_ROOM(e, 4);
        put32(&e->out, c, big);
        i++;
    }
    return gi_encoder_end(e);
}

/* Looks up a code point without leaving output behind: 0 found, 1 undefined, -1 failed. */
static int probe(GiEncoder *e, uint32_t c) {
    size_t len = e->out.len;
    int found = e->lookup(e, c);
    if (found == 0) gi_strbuf_truncate(&e->out, len);
    return found;
}

GiCodecStatus gi_encode_charmap(GiEncoder *e) {
    GiTextView t = e->in;
    size_t i = 0;
    while (i < t.len) {
        int found = e->lookup(e, gi_text_at(t, i));
        if (found < 0) return GI_CODEC_HANDLER;
        if (found == 0) {
            i++;
            continue;
        }
        size_t end = i + 1;
        for (; end < t.len && (found = probe(e, gi_text_at(t, end))) != 0; end++)
            if (found < 0) return GI_CODEC_HANDLER;
        GI_CODEC_TRY(gi_encoder_error(e, i, end, undefined_reason, &i));
        if (e->fix_bytes) {
            GI_CODEC_TRY(put_fix(e, 0));
            continue;
        }
        GiTextView fix = e->fix_text;
        for (size_t j = 0; j < fix.len; j++) {
            found = e->lookup(e, gi_text_at(fix, j));
            if (found != 0) return found < 0 ? GI_CODEC_HANDLER : GI_CODEC_ERROR;
        }
    }
    return gi_encoder_end(e);
}
