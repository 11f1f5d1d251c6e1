/* charset_utf7.c - UTF-7 (RFC 2152), see charset.h. */
#include "base/charset_impl.h"

/* Value of a character of base64, or -1. */
static int base64_value(uint32_t c) {
    if (c >= 'A' && c <= 'Z') return (int)c - 'A';
    if (c >= 'a' && c <= 'z') return (int)c - 'a' + 26;
    if (c >= '0' && c <= '9') return (int)c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* ---- decoding ---- */

typedef struct Shift {
    bool active;
    uint32_t bits; /* not yet used, n_bits of them */
    unsigned n_bits;
    uint32_t surrogate; /* a high one that waits for its mate, or 0 */
    size_t start;       /* where in the input the sequence began */
    size_t out_start;   /* and in the output */
} Shift;

/* Takes a UTF-16 unit: joins surrogates, lets lone ones stand. */
static GiCodecStatus take_unit(GiDecoder *d, Shift *s, uint32_t unit) {
    if (s->surrogate) {
        uint32_t high = s->surrogate;
        s->surrogate = 0;
        if ((unit & 0xFC00) == 0xDC00) {
            GI_CODEC_PUT(d, 0x10000 + ((high & 0x3FF) << 10 | (unit & 0x3FF)));
            return GI_CODEC_OK;
        }
        GI_CODEC_PUT(d, high);
    }
    if ((unit & 0xFC00) == 0xD800)
        s->surrogate = unit;
    else
        GI_CODEC_PUT(d, unit);
    return GI_CODEC_OK;
}

/* What is wrong with the bits left at the end of a sequence, or NULL. */
static const char *leftover_error(const Shift *s) {
    if (s->n_bits >= 6) return "partial character in shift sequence";
    if (s->n_bits > 0 && s->bits) return "non-zero padding bits in shift sequence";
    return NULL;
}

/* Handles the character at *pos within a sequence. */
static GiCodecStatus shifted_char(GiDecoder *d, Shift *s, size_t *pos) {
    uint32_t c = d->in[*pos];
    int value = base64_value(c);
    if (value >= 0) {
        s->bits = s->bits << 6 | (uint32_t)value;
        s->n_bits += 6;
        ++*pos;
        if (s->n_bits < 16) return GI_CODEC_OK;
        s->n_bits -= 16;
        uint32_t unit = s->bits >> s->n_bits & 0xFFFF;
        s->bits &= (1u << s->n_bits) - 1;
        return take_unit(d, s, unit);
    }
    s->active = false;
    const char *reason = leftover_error(s);
    s->n_bits = 0;
    s->bits = 0;
    if (reason) return gi_decoder_error(d, s->start, *pos + 1, reason, pos);
    if (s->surrogate && c < 0x80) GI_CODEC_PUT(d, s->surrogate);
    s->surrogate = 0;
    if (c == '-') ++*pos;
    return GI_CODEC_OK;
}

/* Handles the character at *pos outside of a sequence. */
static GiCodecStatus direct_char(GiDecoder *d, Shift *s, size_t *pos) {
    uint32_t c = d->in[*pos];
    if (c == '+') {
        size_t start = *pos, next = start + 1;
        if (next < d->n && d->in[next] == '-') {
            *pos += 2;
            GI_CODEC_PUT(d, '+');
            return GI_CODEC_OK;
        }
        if (next < d->n && base64_value(d->in[next]) < 0)
            return gi_decoder_error(d, start, next + 1, "ill-formed sequence", pos);
        *s = (Shift){.active = true, .start = start, .out_start = d->out.len};
        *pos = next;
        return GI_CODEC_OK;
    }
    if (c < 0x80) {
        GI_CODEC_PUT(d, c);
        ++*pos;
        return GI_CODEC_OK;
    }
    return gi_decoder_error(d, *pos, *pos + 1, "unexpected special character", pos);
}

GiCodecStatus gi_decode_utf7(GiDecoder *d) {
    Shift s = {0};
    size_t i = 0;
    d->consumed = 0;
    for (;;) {
        while (i < d->n) {
            if (s.active)
                GI_CODEC_TRY(shifted_char(d, &s, &i));
            else
                GI_CODEC_TRY(direct_char(d, &s, &i));
        }
        if (!s.active || !d->final) break;
        s.active = false;
        if (!s.surrogate && s.n_bits < 6 && !(s.n_bits > 0 && s.bits)) break;
        GI_CODEC_TRY(gi_decoder_error(d, s.start, d->n, "unterminated shift sequence", &i));
    }
    d->consumed = d->n;
    if (s.active) {
        d->consumed = s.start;
        d->out.len = s.out_start;
    }
    return GI_CODEC_OK;
}

/* ---- encoding ---- */

/* True for characters that stand for themselves. */
static bool is_direct(uint32_t c) {
    if (c >= 0x80 || c == '+' || c == '\\' || c == '~') return false;
    return c >= 0x20 ? c != 0x7F : c == '\t' || c == '\n' || c == '\r';
}

GiCodecStatus gi_encode_utf7(GiEncoder *e) {
    GiTextView t = e->in;
    GiStrbuf *out = &e->out;
    bool shifted = false;
    uint32_t bits = 0;
    unsigned n_bits = 0;
    for (size_t i = 0; i < t.len; i++) {
        uint32_t c = gi_text_at(t, i);
        GI_CODEC_ROOM(e, 12);
        if (is_direct(c)) {
            if (shifted) {
                if (n_bits) gi_strbuf_putc(out, base64_digits[bits << (6 - n_bits) & 63]);
                if (base64_value(c) >= 0 || c == '-') gi_strbuf_putc(out, '-');
                shifted = false;
                n_bits = 0;
            }
            gi_strbuf_putc(out, (char)c);
            continue;
        }
        if (!shifted && c == '+') {
            gi_strbuf_append(out, "+-", 2);
            continue;
        }
        if (!shifted) gi_strbuf_putc(out, '+');
        shifted = true;
        uint32_t units[2] = {c, 0};
        int n = 1;
        if (c >= 0x10000) {
            units[0] = 0xD800 | (c - 0x10000) >> 10;
            units[1] = 0xDC00 | (c & 0x3FF);
            n = 2;
        }
        for (int k = 0; k < n; k++) {
            bits = bits << 16 | units[k];
            for (n_bits += 16; n_bits >= 6; n_bits -= 6)
                gi_strbuf_putc(out, base64_digits[bits >> (n_bits - 6) & 63]);
            bits &= (1u << n_bits) - 1;
        }
    }
    if (shifted) {
        if (n_bits) gi_strbuf_putc(out, base64_digits[bits << (6 - n_bits) & 63]);
        gi_strbuf_putc(out, '-');
    }
    return gi_encoder_end(e);
}
