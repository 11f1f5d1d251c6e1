/* utf8.c - UTF-8 (see utf8.h).
 *
 * PERF: runs of ASCII are taken sixteen bytes at a time; the compiler turns the widening loops
 * into vector code.
 */
#include "base/utf8.h"

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t load64(const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    return w;
}

size_t gi_ascii_prefix(const void *bytes, size_t n) {
    const uint8_t *p = bytes;
    size_t i = 0;
    for (; i + 16 <= n; i += 16)
        if ((load64(p + i) | load64(p + i + 8)) & HIGH_BITS) break;
    for (; i + 8 <= n; i += 8) {
        uint64_t high = load64(p + i) & HIGH_BITS;
        if (high) return i + (size_t)__builtin_ctzll(high) / 8;
    }
    while (i < n && p[i] < 0x80)
        i++;
    return i;
}

/* Examines a character that is not ASCII, at p with n bytes left. Gives its length, or 0 and
 * describes the error: *bad bytes are wrong. */
static inline unsigned scan_char(const uint8_t *p, size_t n, unsigned flags, uint32_t *c,
                                 GiUtf8Scan *out, size_t *bad) {
    unsigned lead = p[0], low = 0x80, high = 0xBF, need;
    if (lead < 0xC2 || lead > 0xF4) {
        out->reason = "invalid start byte";
        *bad = 1;
        return 0;
    }
    if (lead < 0xE0) {
        need = 2;
    } else if (lead < 0xF0) {
        need = 3;
        if (lead == 0xE0) low = 0xA0;
        if (lead == 0xED && !(flags & GI_UTF8_SURROGATES)) high = 0x9F;
    } else {
        need = 4;
        if (lead == 0xF0) low = 0x90;
        if (lead == 0xF4) high = 0x8F;
    }
    uint32_t v = lead & (0x7Fu >> need);
    for (unsigned i = 1; i < need; i++) {
        if (i >= n) {
            out->reason = "unexpected end of data";
            out->truncated = true;
            *bad = n;
            return 0;
        }
        if (p[i] < low || p[i] > high) {
            out->reason = "invalid continuation byte";
            *bad = i;
            return 0;
        }
        v = v << 6 | (p[i] & 0x3Fu);
        low = 0x80;
        high = 0xBF;
    }
    *c = v;
    return need;
}

bool gi_utf8_scan(const void *bytes, size_t n, unsigned flags, GiUtf8Scan *out) {
    const uint8_t *p = bytes;
    size_t i = 0, chars = 0, bad;
    uint32_t seen = 0, c = 0;
    *out = (GiUtf8Scan){0};
    for (;;) {
        size_t run = gi_ascii_prefix(p + i, n - i);
        i += run;
        chars += run;
        while (i < n && p[i] >= 0x80) {
            unsigned len = scan_char(p + i, n - i, flags, &c, out, &bad);
            if (len == 0) {
                out->error_end = i + bad;
                goto done;
            }
            seen |= c;
            i += len;
            chars++;
        }
        if (i == n) break;
    }
done:
    out->bytes = i;
    out->chars = chars;
    out->max_char = seen < 0x80 ? 0x7F : seen < 0x100 ? 0xFF : seen < 0x10000 ? 0xFFFF : 0x10FFFF;
    return i == n;
}

size_t gi_utf8_count(const void *bytes, size_t n) {
    const uint8_t *p = bytes;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += (p[i] & 0xC0) != 0x80;
    return count;
}

#define DEFINE_DECODE(name, unit, copy)                                                            \
    static void name(const uint8_t *p, size_t n, unit *dst) {                                      \
        const uint8_t *end = p + n;                                                                \
        while (p < end) {                                                                          \
            size_t run = gi_ascii_prefix(p, (size_t)(end - p));                                    \
            copy;                                                                                  \
            p += run;                                                                              \
            dst += run;                                                                            \
            while (p < end && *p >= 0x80)                                                          \
                *dst++ = (unit)gi_utf8_next(&p);                                                   \
        }                                                                                          \
    }

DEFINE_DECODE(decode_1, uint8_t, memcpy(dst, p, run))
DEFINE_DECODE(decode_2, uint16_t, for (size_t i = 0; i < run; i++) dst[i] = p[i])
DEFINE_DECODE(decode_4, uint32_t, for (size_t i = 0; i < run; i++) dst[i] = p[i])

void gi_utf8_decode(const void *bytes, size_t n, void *dst, int kind) {
    switch (kind) {
    case 1: decode_1(bytes, n, dst); break;
    case 2: decode_2(bytes, n, dst); break;
    default: decode_4(bytes, n, dst); break;
    }
}

size_t gi_utf8_size(GiTextView t) {
    size_t extra = 0;
    if (t.kind == 1) {
        const uint8_t *p = t.data;
        size_t i = 0;
        for (; i + 8 <= t.len; i += 8)
            extra += (size_t)__builtin_popcountll(load64(p + i) & HIGH_BITS);
        for (; i < t.len; i++)
            extra += p[i] >> 7;
        return t.len + extra;
    }
    if (t.len > SIZE_MAX / 8) return SIZE_MAX;
    if (t.kind == 2) {
        const uint16_t *p = t.data;
        for (size_t i = 0; i < t.len; i++)
            extra += (size_t)(p[i] >= 0x80) + (p[i] >= 0x800);
    } else {
        const uint32_t *p = t.data;
        for (size_t i = 0; i < t.len; i++)
            extra += (size_t)(p[i] >= 0x80) + (p[i] >= 0x800) + (p[i] >= 0x10000);
    }
    return t.len + extra;
}

size_t gi_utf8_encode(GiTextView t, void *dst) {
    uint8_t *q = dst;
    if (t.kind == 1) {
        const uint8_t *p = t.data, *end = p + t.len;
        while (p < end) {
            size_t run = gi_ascii_prefix(p, (size_t)(end - p));
            memcpy(q, p, run);
            p += run;
            q += run;
            for (; p < end && *p >= 0x80; p++) {
                *q++ = (uint8_t)(0xC0 | *p >> 6);
                *q++ = (uint8_t)(0x80 | (*p & 0x3F));
            }
        }
    } else if (t.kind == 2) {
        const uint16_t *p = t.data;
        for (size_t i = 0; i < t.len; i++)
            q += gi_utf8_put(q, p[i]);
    } else {
        const uint32_t *p = t.data;
        for (size_t i = 0; i < t.len; i++)
            q += gi_utf8_put(q, p[i]);
    }
    return (size_t)(q - (uint8_t *)dst);
}

size_t gi_text_find_surrogate(GiTextView t, size_t start) {
    if (t.kind == 1) return t.len;
    for (size_t i = start; i < t.len; i++)
        if ((gi_text_at(t, i) & 0xFFFFF800u) == 0xD800) return i;
    return t.len;
}
