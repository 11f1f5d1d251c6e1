/* text_view.c - views of text and the growable buffer of code points (see text_view.h). */
#include "base/text_view.h"

#include <stdlib.h>

uint32_t gi_text_or_all(GiTextView t) {
    size_t i = 0;
    uint32_t seen = 0;
    if (t.kind == 1) {
        const uint8_t *p = t.data;
        uint64_t wide = 0;
        for (; i + 8 <= t.len; i += 8) {
            uint64_t w;
            memcpy(&w, p + i, 8);
            wide |= w;
        }
        wide |= wide >> 32;
        wide |= wide >> 16;
        seen = (uint32_t)((wide | wide >> 8) & 0xFF);
        for (; i < t.len; i++)
            seen |= p[i];
    } else if (t.kind == 2) {
        const uint16_t *p = t.data;
        for (; i < t.len; i++)
            seen |= p[i];
    } else {
        const uint32_t *p = t.data;
        for (; i < t.len; i++)
            seen |= p[i];
    }
    return seen;
}

GiStatus gi_u32buf_reserve(GiU32Buf *b, size_t more) {
    if (b->cap - b->len >= more) return GI_OK;
    size_t limit = SIZE_MAX / 2 / sizeof(uint32_t);
    if (more > limit - b->len) return GI_FAIL;
    size_t cap = b->cap + b->cap / 2;
    if (cap < b->len + more) cap = b->len + more;
    if (cap < 16) cap = 16;
    uint32_t *data = realloc(b->data, cap * sizeof *data);
    if (!data) return GI_FAIL;
    b->data = data;
    b->cap = cap;
    return GI_OK;
}

GiStatus gi_u32buf_append(GiU32Buf *b, GiTextView t) {
    if (gi_u32buf_reserve(b, t.len) != GI_OK) return GI_FAIL;
    for (size_t i = 0; i < t.len; i++)
        gi_u32buf_put(b, gi_text_at(t, i));
    return GI_OK;
}

void gi_u32buf_free(GiU32Buf *b) {
    free(b->data);
    *b = (GiU32Buf){0};
}
