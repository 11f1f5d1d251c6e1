/* text_view.h - how the base layer sees text: code units of one, two or four bytes.
 *
 * A GiTextView borrows; it owns nothing and has no state. A unit is a code point (two-byte text
 * holds no surrogate pairs in the UTF-16 sense, only lone surrogates), as in Python's str.
 * GiU32Buf is the growable output of everything here that produces code points.
 */
#ifndef GI_BASE_TEXT_VIEW_H
#define GI_BASE_TEXT_VIEW_H

#include "base/common.h"

typedef struct GiTextView {
    const void *data;
    size_t len; /* in code points */
    int kind;   /* bytes a code point: 1, 2 or 4 */
} GiTextView;

/* The i-th code point of a view; i < len. */
static inline uint32_t gi_text_at(GiTextView t, size_t i) {
    switch (t.kind) {
    case 1: return ((const uint8_t *)t.data)[i];
    case 2: return ((const uint16_t *)t.data)[i];
    default: return ((const uint32_t *)t.data)[i];
    }
}

/* A view of Latin-1 (or ASCII) bytes. */
static inline GiTextView gi_text_latin1(const void *data, size_t len) {
    return (GiTextView){data, len, 1};
}

/* A view of n code points of four bytes. */
static inline GiTextView gi_text_ucs4(const uint32_t *data, size_t len) {
    return (GiTextView){data, len, 4};
}

/* The part [start, end) of a view; start <= end <= len. */
static inline GiTextView gi_text_slice(GiTextView t, size_t start, size_t end) {
    return (GiTextView){(const char *)t.data + start * (size_t)t.kind, end - start, t.kind};
}

/* An upper bound of all code points of the view, exact up to the class that matters for storage:
 * the bitwise or of all units (so < 0x80, < 0x100, < 0x10000 are decided exactly). */
uint32_t gi_text_or_all(GiTextView t);

/* A growable array of code points. `seen` is the bitwise or of all of them. Zero-initialised is
 * empty. */
typedef struct GiU32Buf {
    uint32_t *data;
    size_t len, cap;
    uint32_t seen;
} GiU32Buf;

/* Makes room for `more` further code points; fails when out of memory. */
GiStatus gi_u32buf_reserve(GiU32Buf *b, size_t more) GI_NODISCARD;
/* Appends a whole view; fails when out of memory. */
GiStatus gi_u32buf_append(GiU32Buf *b, GiTextView t) GI_NODISCARD;
/* Frees the storage and leaves an empty buffer. */
void gi_u32buf_free(GiU32Buf *b);

/* Appends one code point for which room was reserved. */
static inline void gi_u32buf_put(GiU32Buf *b, uint32_t c) {
    b->data[b->len++] = c;
    b->seen |= c;
}

/* Appends one code point; fails when out of memory. */
static inline GiStatus GI_NODISCARD gi_u32buf_push(GiU32Buf *b, uint32_t c) {
    if (GI_UNLIKELY(b->len == b->cap) && gi_u32buf_reserve(b, 1) != GI_OK) return GI_FAIL;
    gi_u32buf_put(b, c);
    return GI_OK;
}

#endif
