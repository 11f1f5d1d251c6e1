/* charset_escape.c - the escapes of string literals, both ways (see charset.h). */
#include "base/charset_impl.h"
#include "base/int_text.h"
#include "base/unicode.h"

#include <stdio.h>

int gi_simple_escape(uint8_t c) {
    switch (c) {
    case '\\':
    case '\'':
    case '"': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    default: return -1;
    }
}

/* Reads up to three octal digits at *pos. */
static uint32_t read_octal(const uint8_t *in, size_t n, size_t *pos) {
    uint32_t c = 0;
    for (int k = 0; k < 3 && *pos < n && in[*pos] >= '0' && in[*pos] <= '7'; k++, ++*pos)
        c = c << 3 | (in[*pos] - '0');
    return c;
}

/* Reads exactly `count` hexadecimal digits at *pos; stops at what is none and gives false. */
static bool read_hex(const uint8_t *in, size_t n, size_t *pos, int count, uint32_t *value) {
    uint32_t c = 0;
    for (int k = 0; k < count; k++, ++*pos) {
        unsigned digit = *pos < n ? gi_digit_value(in[*pos]) : 37;
        if (digit > 15) return false;
        c = c << 4 | digit;
    }
    *value = c;
    return true;
}

/* What became of an escape. */
typedef enum { ESC_CHAR, ESC_NOTHING, ESC_KEPT, ESC_ERROR, ESC_INCOMPLETE } Escape;

/* \N{name}; *pos is after the N. */
static Escape named_escape(GiDecoder *d, size_t *pos, uint32_t *c, const char **reason) {
    *reason = "malformed \\N character escape";
    size_t i = *pos;
    if (i == d->n) return ESC_INCOMPLETE;
    if (d->in[i] != '{') return ESC_ERROR;
    size_t start = ++i;
    while (i < d->n && d->in[i] != '}')
        i++;
    *pos = i;
    if (i == d->n) return ESC_INCOMPLETE;
    if (i == start) return ESC_ERROR;
    *pos = i + 1;
    *reason = "unknown Unicode character name";
    uint32_t found[4];
    if (gi_uc_lookup((const char *)d->in + start, i - start, false, false, found) != 1)
        return ESC_ERROR;
    *c = found[0];
    return ESC_CHAR;
}

/* Reads the escape whose backslash is at *pos and moves behind it. On errors *pos is where the
 * wrong part ends. */
static Escape read_escape(GiDecoder *d, size_t *pos, uint32_t *c, const char **reason) {
    size_t i = *pos + 1;
    *reason = "\\ at end of string";
    *pos = i;
    if (i == d->n) return ESC_INCOMPLETE;
    uint8_t letter = d->in[i];
    *pos = i + 1;
    if (letter == '\n') return ESC_NOTHING;
    int simple = gi_simple_escape(letter);
    if (simple >= 0) {
        *c = (uint32_t)simple;
        return ESC_CHAR;
    }
    int digits = 0;
    switch (letter) {
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
        *pos = i;
        *c = read_octal(d->in, d->n, pos);
        if (*c > 0xFF && d->warn_escape < 0) d->warn_escape = (int)*c;
        return ESC_CHAR;
    case 'x':
        digits = 2;
        *reason = "truncated \\xXX escape";
        break;
    case 'u':
        digits = 4;
        *reason = "truncated \\uXXXX escape";
        break;
    case 'U':
        digits = 8;
        *reason = "truncated \\UXXXXXXXX escape";
        break;
    case 'N': return named_escape(d, pos, c, reason);
    default:
        if (d->warn_escape < 0) d->warn_escape = letter;
        *c = letter;
        return ESC_KEPT;
    }
    if (!read_hex(d->in, d->n, pos, digits, c)) return *pos == d->n ? ESC_INCOMPLETE : ESC_ERROR;
    *reason = "illegal Unicode character";
    return *c > 0x10FFFF ? ESC_ERROR : ESC_CHAR;
}

GiCodecStatus gi_decode_unicode_escape(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    d->warn_escape = -1;
    if (gi_u32buf_reserve(&d->out, d->n) != GI_OK) return GI_CODEC_NO_MEMORY;
    while (i < d->n) {
        if (d->in[i] != '\\') {
            GI_CODEC_PUT(d, d->in[i]);
            i++;
            continue;
        }
        size_t start = i;
        uint32_t c;
        const char *reason;
        switch (read_escape(d, &i, &c, &reason)) {
        case ESC_NOTHING: break;
        case ESC_KEPT: GI_CODEC_PUT(d, '\\'); /* fall through */
        case ESC_CHAR: GI_CODEC_PUT(d, c); break;
        case ESC_INCOMPLETE:
            if (!d->final) {
                d->consumed = start;
                return GI_CODEC_OK;
            } /* fall through */
        case ESC_ERROR: GI_CODEC_TRY(gi_decoder_error(d, start, i, reason, &i)); break;
        }
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

GiCodecStatus gi_decode_raw_unicode_escape(GiDecoder *d) {
    size_t i = 0;
    d->consumed = 0;
    if (gi_u32buf_reserve(&d->out, d->n) != GI_OK) return GI_CODEC_NO_MEMORY;
    while (i < d->n) {
        size_t start = i;
        if (d->in[i] != '\\' || (i + 1 == d->n && d->final)) {
            GI_CODEC_PUT(d, d->in[i]);
            i++;
            continue;
        }
        if (++i == d->n) { /* more may follow */
            d->consumed = start;
            return GI_CODEC_OK;
        }
        uint8_t letter = d->in[i++];
        if (letter != 'u' && letter != 'U') {
            GI_CODEC_PUT(d, '\\');
            GI_CODEC_PUT(d, letter);
            continue;
        }
        uint32_t c = 0;
        const char *reason =
            letter == 'u' ? "truncated \\uXXXX escape" : "truncated \\UXXXXXXXX escape";
        if (read_hex(d->in, d->n, &i, letter == 'u' ? 4 : 8, &c)) {
            if (c <= 0x10FFFF) {
                GI_CODEC_PUT(d, c);
                continue;
            }
            reason = "\\Uxxxxxxxx out of range";
        } else if (i == d->n && !d->final) {
            d->consumed = start;
            return GI_CODEC_OK;
        }
        GI_CODEC_TRY(gi_decoder_error(d, start, i, reason, &i));
    }
    d->consumed = d->n;
    return GI_CODEC_OK;
}

/* Appends \xNN, \uNNNN or \UNNNNNNNN; room was reserved. */
static void put_hex_escape(GiStrbuf *out, uint32_t c, int digits) {
    char *p = out->data + out->len;
    *p++ = '\\';
    *p++ = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        *p++ = "0123456789abcdef"[c >> shift & 15];
    out->len = (size_t)(p - out->data);
}

GiCodecStatus gi_encode_raw_unicode_escape(GiEncoder *e) {
    GiTextView t = e->in;
    GI_CODEC_ROOM(e, t.len);
    for (size_t i = 0; i < t.len; i++) {
        uint32_t c = gi_text_at(t, i);
        GI_CODEC_ROOM(e, 10);
        if (c < 0x100)
            e->out.data[e->out.len++] = (char)c;
        else
            put_hex_escape(&e->out, c, c < 0x10000 ? 4 : 8);
    }
    return gi_encoder_end(e);
}

/* Appends an ASCII character as repr shows it (quotes apart); room was reserved. */
static void put_plain_or_escape(GiStrbuf *out, uint32_t c) {
    char letter = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\\' ? '\\' : 0;
    if (letter) {
        out->data[out->len++] = '\\';
        out->data[out->len++] = letter;
    } else if (c >= 0x20 && c < 0x7F) {
        out->data[out->len++] = (char)c;
    } else {
        put_hex_escape(out, c, 2);
    }
}

GiCodecStatus gi_encode_unicode_escape(GiEncoder *e) {
    GiTextView t = e->in;
    GI_CODEC_ROOM(e, t.len);
    for (size_t i = 0; i < t.len; i++) {
        uint32_t c = gi_text_at(t, i);
        GI_CODEC_ROOM(e, 10);
        if (c < 0x100)
            put_plain_or_escape(&e->out, c);
        else
            put_hex_escape(&e->out, c, c < 0x10000 ? 4 : 8);
    }
    return gi_encoder_end(e);
}

GiStatus gi_escape_encode(const uint8_t *in, size_t n, GiStrbuf *out) {
    if (gi_strbuf_reserve(out, n) != GI_OK) return GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        if (gi_strbuf_reserve(out, 4) != GI_OK) return GI_FAIL;
        if (in[i] == '\'') out->data[out->len++] = '\\';
        put_plain_or_escape(out, in[i]);
    }
    gi_strbuf_truncate(out, out->len);
    return GI_OK;
}

GiCodecStatus gi_escape_decode(const uint8_t *in, size_t n, int errors, GiStrbuf *out, int *warn,
                               char message[64]) {
    *warn = -1;
    if (gi_strbuf_reserve(out, n) != GI_OK) return GI_CODEC_NO_MEMORY;
    size_t i = 0;
    while (i < n) {
        uint8_t c = in[i++];
        if (c != '\\') {
            gi_strbuf_putc(out, (char)c);
            continue;
        }
        if (i == n) {
            snprintf(message, 64, "Trailing \\ in string");
            return GI_CODEC_ERROR;
        }
        uint8_t letter = in[i];
        int simple = gi_simple_escape(letter);
        if (letter >= '0' && letter <= '7') {
            uint32_t value = read_octal(in, n, &i);
            if (value > 0xFF && *warn < 0) *warn = (int)value;
            gi_strbuf_putc(out, (char)value);
        } else if (letter == 'x') {
            size_t start = i++ - 1;
            uint32_t value;
            if (read_hex(in, n, &i, 2, &value)) {
                gi_strbuf_putc(out, (char)value);
            } else if (errors == 0) {
                snprintf(message, 64, "invalid \\x escape at position %zu", start);
                return GI_CODEC_ERROR;
            } else if (errors == 1) {
                gi_strbuf_putc(out, '?');
            }
        } else if (letter == '\n') {
            i++;
        } else if (simple >= 0) {
            gi_strbuf_putc(out, (char)simple);
            i++;
        } else {
            if (*warn < 0) *warn = letter;
            gi_strbuf_putc(out, '\\'); /* the letter itself follows in the next round */
        }
    }
    return out->failed ? GI_CODEC_NO_MEMORY : GI_CODEC_OK;
}
