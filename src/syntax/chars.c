/* chars.c - UTF-8 and identifiers; see chars.h. Pure functions. */
#include "syntax/chars.h"

#include "base/unicode.h"

int gi_chars_decode(const char *s, const char *end, uint32_t *c) {
    const unsigned char *p = (const unsigned char *)s;
    ptrdiff_t left = end - s;
    if (p[0] >= 0xf0 && p[0] < 0xf8 && left >= 4) {
        *c = (p[0] & 7u) << 18 | (p[1] & 63u) << 12 | (p[2] & 63u) << 6 | (p[3] & 63u);
        return 4;
    }
    if (p[0] >= 0xe0 && p[0] < 0xf0 && left >= 3) {
        *c = (p[0] & 15u) << 12 | (p[1] & 63u) << 6 | (p[2] & 63u);
        return 3;
    }
    if (p[0] >= 0xc0 && p[0] < 0xe0 && left >= 2) {
        *c = (p[0] & 31u) << 6 | (p[1] & 63u);
        return 2;
    }
    *c = p[0];
    return 1;
}

int gi_chars_encode(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

size_t gi_chars_count(const char *s, const char *end) {
    size_t n = 0;
    for (; s < end; s++) {
        n += ((unsigned char)*s & 0xc0) != 0x80;
    }
    return n;
}

size_t gi_chars_valid_utf8(const char *s, size_t len) {
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;
    while (i < len) {
        uint64_t word;
        while (i + 8 <= len && (memcpy(&word, p + i, 8), (word & 0x8080808080808080u) == 0)) {
            i += 8;
        }
        if (i >= len) {
            break;
        }
        unsigned char c = p[i];
        if (c < 0x80) {
            i++;
            continue;
        }
        size_t n = c >= 0xc2 && c < 0xe0   ? 2
                   : c >= 0xe0 && c < 0xf0 ? 3
                   : c >= 0xf0 && c < 0xf5 ? 4
                                           : 0;
        if (n == 0 || i + n > len) {
            return i;
        }
        for (size_t k = 1; k < n; k++) {
            if ((p[i + k] & 0xc0) != 0x80) {
                return i;
            }
        }
        if ((c == 0xe0 && p[i + 1] < 0xa0) || (c == 0xed && p[i + 1] >= 0xa0) ||
            (c == 0xf0 && p[i + 1] < 0x90) || (c == 0xf4 && p[i + 1] >= 0x90)) {
            return i;
        }
        i += n;
    }
    return len;
}

int gi_chars_identifier(const char *s, size_t len, size_t *bad) {
    const char *end = s + len;
    for (const char *p = s; p < end;) {
        uint32_t c;
        int n = gi_chars_decode(p, end, &c);
        bool ok = c == '_' || (p == s ? gi_uc_is_xid_start(c) : gi_uc_is_xid_continue(c));
        if (!ok) {
            *bad = (size_t)(p - s);
            return 0;
        }
        p += n;
    }
    return 1;
}

const char *gi_chars_normalize(GiArena *arena, const char *s, size_t len, size_t *out_len) {
    GiU32Buf text = {0};
    GiU32Buf normal = {0};
    const char *result = NULL;
    const char *end = s + len;
    for (const char *p = s; p < end;) {
        uint32_t c;
        p += gi_chars_decode(p, end, &c);
        if (gi_u32buf_push(&text, c) != GI_OK) {
            goto done;
        }
    }
    GiTextView view = gi_text_ucs4(text.data, text.len);
    if (gi_normal_check(view, GI_NFKC, false) == GI_NORMAL_YES) {
        *out_len = len;
        result = s;
        goto done;
    }
    if (gi_normalize(view, GI_NFKC, false, &normal) != GI_OK) {
        goto done;
    }
    char *out = gi_arena_alloc(arena, normal.len * 4 + 1);
    if (out != NULL) {
        size_t n = 0;
        for (size_t i = 0; i < normal.len; i++) {
            n += (size_t)gi_chars_encode(normal.data[i], out + n);
        }
        out[n] = '\0';
        *out_len = n;
        result = out;
    }
done:
    gi_u32buf_free(&text);
    gi_u32buf_free(&normal);
    return result;
}
