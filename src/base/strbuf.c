/* strbuf.c - a growable buffer of bytes (see strbuf.h). */
#include "base/strbuf.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

GiStatus gi_strbuf_reserve(GiStrbuf *b, size_t more) {
    if (b->failed) return GI_FAIL;
    if (b->cap - b->len > more) return GI_OK;
    if (more >= (size_t)PTRDIFF_MAX - b->len - 1) {
        b->failed = true;
        return GI_FAIL;
    }
    size_t need = b->len + more + 1, cap = b->cap + b->cap / 2;
    if (cap < 32) cap = 32;
    if (cap < need) cap = need;
    char *data = realloc(b->data, cap);
    if (!data) {
        b->failed = true;
        return GI_FAIL;
    }
    b->data = data;
    b->cap = cap;
    b->data[b->len] = 0;
    return GI_OK;
}

GiStatus gi_strbuf_append(GiStrbuf *b, const void *bytes, size_t n) {
    if (gi_strbuf_reserve(b, n) != GI_OK) return GI_FAIL;
    if (n) memcpy(b->data + b->len, bytes, n);
    b->len += n;
    b->data[b->len] = 0;
    return GI_OK;
}

GiStatus gi_strbuf_puts(GiStrbuf *b, const char *s) { return gi_strbuf_append(b, s, strlen(s)); }

GiStatus gi_strbuf_fill(GiStrbuf *b, char c, size_t n) {
    if (gi_strbuf_reserve(b, n) != GI_OK) return GI_FAIL;
    memset(b->data + b->len, c, n);
    b->len += n;
    b->data[b->len] = 0;
    return GI_OK;
}

GiStatus gi_strbuf_put_utf8(GiStrbuf *b, uint32_t cp) {
    if (gi_strbuf_reserve(b, 4) != GI_OK) return GI_FAIL;
    b->len += gi_utf8_put(b->data + b->len, cp);
    b->data[b->len] = 0;
    return GI_OK;
}

GiStatus gi_strbuf_vprintf(GiStrbuf *b, const char *format, va_list args) {
    if (gi_strbuf_reserve(b, 64) != GI_OK) return GI_FAIL;
    va_list again;
    va_copy(again, args);
    size_t room = b->cap - b->len;
    int n = vsnprintf(b->data + b->len, room, format, args);
    if (n >= 0 && (size_t)n >= room) {
        b->data[b->len] = 0;
        if (gi_strbuf_reserve(b, (size_t)n) == GI_OK)
            n = vsnprintf(b->data + b->len, (size_t)n + 1, format, again);
    }
    va_end(again);
    if (n < 0) b->failed = true;
    if (b->failed) {
        b->data[b->len] = 0;
        return GI_FAIL;
    }
    b->len += (size_t)n;
    return GI_OK;
}

GiStatus gi_strbuf_printf(GiStrbuf *b, const char *format, ...) {
    va_list args;
    va_start(args, format);
    GiStatus status = gi_strbuf_vprintf(b, format, args);
    va_end(args);
    return status;
}

char *gi_strbuf_extend(GiStrbuf *b, size_t n) {
    if (gi_strbuf_reserve(b, n) != GI_OK) return NULL;
    char *p = b->data + b->len;
    b->len += n;
    b->data[b->len] = 0;
    return p;
}

void gi_strbuf_truncate(GiStrbuf *b, size_t n) {
    GI_ASSERT(n <= b->len);
    b->len = n;
    if (b->data) b->data[n] = 0;
}

char *gi_strbuf_take(GiStrbuf *b) {
    if (gi_strbuf_reserve(b, 0) != GI_OK) {
        gi_strbuf_free(b);
        return NULL;
    }
    char *data = b->data;
    *b = (GiStrbuf){0};
    return data;
}

void gi_strbuf_free(GiStrbuf *b) {
    free(b->data);
    *b = (GiStrbuf){0};
}
