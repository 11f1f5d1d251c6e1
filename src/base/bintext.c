/* bintext.c - text forms of bytes (see bintext.h). */
#include "base/bintext.h"

#include "base/int_text.h"

#include <stdio.h>

const char gi_bintext_no_memory[] = "out of memory";

static const char hex_lower[] = "0123456789abcdef";
static const char hex_upper[] = "0123456789ABCDEF";

/* ---- hexadecimal ---- */

void gi_hex_encode(const void *in, size_t n, char *out) {
    const uint8_t *p = in;
    for (size_t i = 0; i < n; i++) {
        *out++ = hex_lower[p[i] >> 4];
        *out++ = hex_lower[p[i] & 15];
    }
}

GiStatus gi_hex_encode_sep(const void *in, size_t n, char sep, int64_t group, GiStrbuf *out) {
    const uint8_t *p = in;
    if (n > PTRDIFF_MAX / 4) return GI_FAIL;
    size_t size = group < 0 ? -(uint64_t)group : (uint64_t)group;
    if (size == 0 || size >= n) {
        char *dst = gi_strbuf_extend(out, 2 * n);
        if (!dst) return GI_FAIL;
        gi_hex_encode(in, n, dst);
        return GI_OK;
    }
    char *dst = gi_strbuf_extend(out, 2 * n + (n - 1) / size);
    if (!dst) return GI_FAIL;
    /* Counted from the right, the first group is the short one. */
    size_t left = group > 0 && n % size ? n % size : size;
    for (size_t i = 0; i < n; i++, left--) {
        if (left == 0) {
            *dst++ = sep;
            left = size;
        }
        *dst++ = hex_lower[p[i] >> 4];
        *dst++ = hex_lower[p[i] & 15];
    }
    return GI_OK;
}

bool gi_hex_decode(const char *in, size_t n, void *out) {
    uint8_t *dst = out;
    for (size_t i = 0; i + 1 < n; i += 2) {
        unsigned high = gi_digit_value((unsigned char)in[i]);
        unsigned low = gi_digit_value((unsigned char)in[i + 1]);
        if (high > 15 || low > 15) return false;
        *dst++ = (uint8_t)(high << 4 | low);
    }
    return true;
}

/* ---- base64 ---- */

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

#define NO 0xFF
#define NO8 NO, NO, NO, NO, NO, NO, NO, NO
static const uint8_t base64_values[256] = {
    NO8, NO8, NO8, NO8, NO8, NO,  NO,  NO,  62,  NO,  NO,  NO,  63,  52,  53, 54, 55, 56,  57,
    58,  59,  60,  61,  NO,  NO,  NO,  NO,  NO,  NO,  NO,  0,   1,   2,   3,  4,  5,  6,   7,
    8,   9,   10,  11,  12,  13,  14,  15,  16,  17,  18,  19,  20,  21,  22, 23, 24, 25,  NO,
    NO,  NO,  NO,  NO,  NO,  26,  27,  28,  29,  30,  31,  32,  33,  34,  35, 36, 37, 38,  39,
    40,  41,  42,  43,  44,  45,  46,  47,  48,  49,  50,  51,  NO,  NO,  NO, NO, NO, NO8, NO8,
    NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8, NO8,
};

GiStatus gi_base64_encode(const void *in, size_t n, bool newline, GiStrbuf *out) {
    const uint8_t *p = in;
    if (n > PTRDIFF_MAX / 2) return GI_FAIL;
    char *dst = gi_strbuf_extend(out, (n + 2) / 3 * 4 + newline);
    if (!dst) return GI_FAIL;
    for (; n >= 3; n -= 3, p += 3) {
        uint32_t w = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
        *dst++ = base64_digits[w >> 18];
        *dst++ = base64_digits[w >> 12 & 63];
        *dst++ = base64_digits[w >> 6 & 63];
        *dst++ = base64_digits[w & 63];
    }
    if (n) {
        uint32_t w = (uint32_t)p[0] << 16 | (n == 2 ? (uint32_t)p[1] << 8 : 0);
        *dst++ = base64_digits[w >> 18];
        *dst++ = base64_digits[w >> 12 & 63];
        *dst++ = n == 2 ? base64_digits[w >> 6 & 63] : '=';
        *dst++ = '=';
    }
    if (newline) *dst = '\n';
    return GI_OK;
}

const char *gi_base64_decode(const void *in, size_t n, bool strict, GiStrbuf *out,
                             char message[GI_BINTEXT_MESSAGE_MAX]) {
    const uint8_t *p = in;
    size_t start = out->len, i = 0;
    char *first = gi_strbuf_extend(out, n / 4 * 3 + 3), *dst = first;
    if (!first) return GI_BINTEXT_NO_MEMORY;
    uint32_t bits = 0;
    unsigned have = 0, pads = 0; /* characters of the current four; pads after them */
    if (strict && n && p[0] == '=') return "Leading padding not allowed";
    while (i < n) {
        if (have == 0 && pads == 0) { /* PERF: whole fours at once */
            for (; i + 4 <= n; i += 4) {
                unsigned a = base64_values[p[i]], b = base64_values[p[i + 1]];
                unsigned c = base64_values[p[i + 2]], d = base64_values[p[i + 3]];
                if ((a | b | c | d) & 0x80) break;
                uint32_t w = a << 18 | b << 12 | c << 6 | d;
                *dst++ = (char)(w >> 16);
                *dst++ = (char)(w >> 8);
                *dst++ = (char)w;
            }
            if (i == n) break;
        }
        uint8_t c = p[i++];
        unsigned value = base64_values[c];
        if (c == '=') {
            if (have >= 2 && have + ++pads >= 4) {
                if (strict && i < n) return "Excess data after padding";
                goto done;
            }
            if (have < 2) pads += strict; /* remembered: no data may follow */
            continue;
        }
        if (value == NO) {
            if (strict) return "Only base64 data is allowed";
            continue;
        }
        if (strict && pads) return "Discontinuous padding not allowed";
        pads = 0;
        bits = bits << 6 | value;
        if (have) *dst++ = (char)(bits >> (6 - 2 * have));
        have = (have + 1) & 3;
    }
    if (have == 1) {
        snprintf(message, GI_BINTEXT_MESSAGE_MAX,
                 "Invalid base64-encoded string: number of data characters (%zu) cannot be 1 more "
                 "than a multiple of 4",
                 (size_t)(dst - first) / 3 * 4 + 1);
        return message;
    }
    if (have) return "Incorrect padding";
done:
    gi_strbuf_truncate(out, start + (size_t)(dst - first));
    return NULL;
}

/* ---- uuencode ---- */

const char *gi_uu_encode(const void *in, size_t n, bool backtick, GiStrbuf *out) {
    const uint8_t *p = in;
    if (n > 45) return "At most 45 bytes at once";
    char *dst = gi_strbuf_extend(out, 2 + (n + 2) / 3 * 4);
    if (!dst) return GI_BINTEXT_NO_MEMORY;
    char zero = backtick ? '`' : ' ';
    *dst++ = n ? (char)(' ' + n) : zero;
    for (size_t i = 0; i < n; i += 3) {
        uint32_t w = (uint32_t)p[i] << 16;
        if (i + 1 < n) w |= (uint32_t)p[i + 1] << 8;
        if (i + 2 < n) w |= p[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) {
            unsigned value = w >> shift & 63;
            *dst++ = value ? (char)(' ' + value) : zero;
        }
    }
    *dst = '\n';
    return NULL;
}

const char *gi_uu_decode(const void *in, size_t n, GiStrbuf *out) {
    const uint8_t *p = in, *end = p + n;
    size_t size = (n ? *p++ - ' ' : -' ') & 63;
    char *dst = gi_strbuf_extend(out, size);
    if (!dst) return GI_BINTEXT_NO_MEMORY;
    uint32_t bits = 0;
    unsigned n_bits = 0;
    while (size) {
        unsigned value = 0; /* blanks at the end of a line may have been lost */
        if (p < end) {
            uint8_t c = *p++;
            if (c != '\n' && c != '\r') {
                if (c < ' ' || c > ' ' + 64) return "Illegal char";
                value = (c - ' ') & 63u;
            }
        }
        bits = bits << 6 | value;
        n_bits += 6;
        if (n_bits >= 8) {
            n_bits -= 8;
            *dst++ = (char)(bits >> n_bits);
            size--;
        }
    }
    for (; p < end; p++)
        if (*p != ' ' && *p != ' ' + 64 && *p != '\n' && *p != '\r') return "Trailing garbage";
    return NULL;
}

/* ---- quoted-printable ---- */

#define QP_LINE 76

/* True when the byte at i must be written as =XX. */
static bool qp_needs_quote(const uint8_t *p, size_t n, size_t i, size_t column, bool quotetabs,
                           bool istext, bool header) {
    uint8_t c = p[i];
    if (c > 126 || c == '=' || (header && c == '_')) return true;
    if (c == '.' && column == 0) /* a lone dot ends a message in SMTP */
        return i + 1 == n || p[i + 1] == '\n' || p[i + 1] == '\r' || p[i + 1] == 0;
    if (c == '\r' || c == '\n') return !istext;
    if (c == '\t' || c == ' ') return quotetabs || i + 1 == n;
    return c < 33;
}

GiStatus gi_qp_encode(const void *in, size_t n, bool quotetabs, bool istext, bool header,
                      GiStrbuf *out) {
    const uint8_t *p = in;
    const uint8_t *line_end = n ? memchr(p, '\n', n) : NULL;
    const char *newline = line_end && line_end > p && line_end[-1] == '\r' ? "\r\n" : "\n";
    size_t column = 0, base = out->len;
    for (size_t i = 0; i < n && !out->failed; i++) {
        uint8_t c = p[i];
        if (qp_needs_quote(p, n, i, column, quotetabs, istext, header)) {
            if (column + 3 >= QP_LINE) {
                gi_strbuf_putc(out, '=');
                gi_strbuf_puts(out, newline);
                column = 0;
            }
            char quoted[3] = {'=', hex_upper[c >> 4], hex_upper[c & 15]};
            gi_strbuf_append(out, quoted, 3);
            column += 3;
            continue;
        }
        bool pair = c == '\r' && i + 1 < n && p[i + 1] == '\n';
        if (istext && (c == '\n' || pair)) {
            column = 0;
            if (out->len > base &&
                (out->data[out->len - 1] == ' ' || out->data[out->len - 1] == '\t')) {
                char blank = out->data[out->len - 1]; /* it would be lost at the line's end */
                out->data[out->len - 1] = '=';
                gi_strbuf_putc(out, hex_upper[blank >> 4]);
                gi_strbuf_putc(out, hex_upper[blank & 15]);
            }
            gi_strbuf_puts(out, newline);
            i += pair;
            continue;
        }
        if (i + 1 != n && p[i + 1] != '\n' && column + 1 >= QP_LINE) {
            gi_strbuf_putc(out, '=');
            gi_strbuf_puts(out, newline);
            column = 0;
        }
        column++;
        gi_strbuf_putc(out, header && c == ' ' ? '_' : (char)c);
    }
    return out->failed ? GI_FAIL : GI_OK;
}

GiStatus gi_qp_decode(const void *in, size_t n, bool header, GiStrbuf *out) {
    const uint8_t *p = in;
    if (gi_strbuf_reserve(out, n) != GI_OK) return GI_FAIL;
    for (size_t i = 0; i < n;) {
        uint8_t c = p[i++];
        if (c != '=') {
            gi_strbuf_putc(out, header && c == '_' ? ' ' : (char)c);
            continue;
        }
        if (i == n) break;
        if (p[i] == '\n' || p[i] == '\r') { /* a soft line break */
            while (i < n && p[i] != '\n')
                i++;
            i++;
        } else if (p[i] == '=') {
            gi_strbuf_putc(out, '=');
            i++;
        } else if (i + 1 < n && gi_digit_value(p[i]) < 16 && gi_digit_value(p[i + 1]) < 16) {
            gi_strbuf_putc(out, (char)(gi_digit_value(p[i]) << 4 | gi_digit_value(p[i + 1])));
            i += 2;
        } else {
            gi_strbuf_putc(out, '=');
        }
    }
    return out->failed ? GI_FAIL : GI_OK;
}

/* ---- checksums ---- */

uint16_t gi_crc_hqx(const void *in, size_t n, uint16_t crc) {
    const uint8_t *p = in;
    for (size_t i = 0; i < n; i++) {
        /* The table's entry for a byte, computed: x^16 + x^12 + x^5 + 1. */
        uint16_t t = (uint16_t)(crc >> 8 ^ p[i]);
        t ^= t >> 4;
        crc = (uint16_t)(crc << 8 ^ t << 12 ^ t << 5 ^ t);
    }
    return crc;
}

/* Half-byte table of the polynomial 0xEDB88320. */
static const uint32_t crc32_nibbles[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};

uint32_t gi_crc32(const void *in, size_t n, uint32_t crc) {
    const uint8_t *p = in;
    crc = ~crc;
    for (size_t i = 0; i < n; i++) {
        crc ^= p[i];
        crc = crc >> 4 ^ crc32_nibbles[crc & 15];
        crc = crc >> 4 ^ crc32_nibbles[crc & 15];
    }
    return ~crc;
}
