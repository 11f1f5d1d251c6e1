/* strbuf.h - a growable buffer of bytes, for building text and binary output.
 *
 * Failure is sticky: after an allocation has failed every further append fails and changes
 * nothing, so a series of appends may be checked once at its end (`failed`). Zero-initialised is
 * empty. data is always followed by a NUL byte once anything was appended. One thread at a time.
 */
#ifndef GI_BASE_STRBUF_H
#define GI_BASE_STRBUF_H

#include "base/common.h"

#include <stdarg.h>

typedef struct GiStrbuf {
    char *data;
    size_t len, cap;
    bool failed;
} GiStrbuf;

/* Makes room for `more` bytes and a NUL; fails when out of memory. */
GiStatus gi_strbuf_reserve(GiStrbuf *b, size_t more);
/* Appends n bytes. */
GiStatus gi_strbuf_append(GiStrbuf *b, const void *bytes, size_t n);
/* Appends a C string. */
GiStatus gi_strbuf_puts(GiStrbuf *b, const char *s);
/* Appends n copies of a byte. */
GiStatus gi_strbuf_fill(GiStrbuf *b, char c, size_t n);
/* Appends a code point as UTF-8 (surrogates too, as three bytes). */
GiStatus gi_strbuf_put_utf8(GiStrbuf *b, uint32_t cp);
/* Appends formatted text. */
GiStatus gi_strbuf_printf(GiStrbuf *b, const char *format, ...) GI_PRINTF(2, 3);
GiStatus gi_strbuf_vprintf(GiStrbuf *b, const char *format, va_list args) GI_PRINTF(2, 0);
/* Appends n uninitialised bytes and gives their address, or NULL when out of memory. */
char *gi_strbuf_extend(GiStrbuf *b, size_t n);
/* Cuts the buffer to n <= len bytes. */
void gi_strbuf_truncate(GiStrbuf *b, size_t n);
/* Gives the NUL-terminated text to the caller (who frees it) and empties the buffer; NULL when the
 * buffer has failed (it is then freed). */
char *gi_strbuf_take(GiStrbuf *b);
/* Frees the storage and leaves an empty, unfailed buffer. */
void gi_strbuf_free(GiStrbuf *b);

/* Appends one byte. */
static inline GiStatus gi_strbuf_putc(GiStrbuf *b, char c) {
    if (GI_UNLIKELY(b->cap - b->len < 2 || b->failed) && gi_strbuf_reserve(b, 1) != GI_OK)
        return GI_FAIL;
    b->data[b->len++] = c;
    b->data[b->len] = 0;
    return GI_OK;
}

#endif
