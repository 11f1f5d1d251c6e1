/* utf8.h - UTF-8: validation, decoding to one, two or four bytes a code point, encoding.
 *
 * Decoding goes in two steps: gi_utf8_scan finds how far the input is valid, how many code points
 * that is and how wide they are; gi_utf8_decode then converts without checks. Error positions and
 * reasons are those of CPython's UnicodeDecodeError. No state; reentrant.
 */
#ifndef GI_BASE_UTF8_H
#define GI_BASE_UTF8_H

#include "base/text_view.h"

enum {
    GI_UTF8_SURROGATES = 1, /* let encoded surrogates through (WTF-8) */
};

typedef struct GiUtf8Scan {
    size_t bytes;       /* length of the valid prefix */
    size_t chars;       /* code points in it */
    uint32_t max_char;  /* upper bound of them: 0x7F, 0xFF, 0xFFFF or 0x10FFFF (exact class) */
    size_t error_end;   /* when bytes < n: the bytes [bytes, error_end) are wrong */
    const char *reason; /* when bytes < n: why, in CPython's words; else NULL */
    bool truncated;     /* the error is only that the input ends within a character */
} GiUtf8Scan;

/* Scans n bytes up to the first error; gives whether all is valid. */
bool gi_utf8_scan(const void *bytes, size_t n, unsigned flags, GiUtf8Scan *out);
/* Length of the leading ASCII bytes. */
size_t gi_ascii_prefix(const void *bytes, size_t n);
/* Converts n valid bytes into units of kind 1, 2 or 4 (wide enough: see max_char). */
void gi_utf8_decode(const void *bytes, size_t n, void *dst, int kind);
/* Bytes that the text needs as UTF-8, surrogates counted as three. SIZE_MAX when that overflows. */
size_t gi_utf8_size(GiTextView t);
/* Writes the text as UTF-8 (surrogates as three bytes) and gives the length; dst has
 * gi_utf8_size(t) bytes. */
size_t gi_utf8_encode(GiTextView t, void *dst);
/* Index of the first surrogate at or after start; t.len when there is none. */
size_t gi_text_find_surrogate(GiTextView t, size_t start);
/* Number of code points in n bytes of valid UTF-8. */
size_t gi_utf8_count(const void *bytes, size_t n);

/* Writes one code point (any up to 0x10FFFF) and gives its length, 1 to 4. */
static inline unsigned gi_utf8_put(void *dst, uint32_t c) {
    uint8_t *p = (uint8_t *)dst;
    if (c < 0x80) {
        p[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        p[0] = (uint8_t)(0xC0 | c >> 6);
        p[1] = (uint8_t)(0x80 | (c & 0x3F));
        return 2;
    }
    if (c < 0x10000) {
        p[0] = (uint8_t)(0xE0 | c >> 12);
        p[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
        p[2] = (uint8_t)(0x80 | (c & 0x3F));
        return 3;
    }
    p[0] = (uint8_t)(0xF0 | c >> 18);
    p[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
    p[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
    p[3] = (uint8_t)(0x80 | (c & 0x3F));
    return 4;
}

/* Reads one code point of valid UTF-8 and advances *p. */
static inline uint32_t gi_utf8_next(const uint8_t **p) {
    const uint8_t *s = *p;
    uint32_t c = s[0];
    if (c < 0x80) {
        *p = s + 1;
        return c;
    }
    if (c < 0xE0) {
        *p = s + 2;
        return (c & 0x1F) << 6 | (s[1] & 0x3Fu);
    }
    if (c < 0xF0) {
        *p = s + 3;
        return (c & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
    }
    *p = s + 4;
    return (c & 0x07) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
}

#endif
