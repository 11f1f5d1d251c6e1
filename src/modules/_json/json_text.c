/* json_text.c - see json_text.h. */
#include "modules/_json/json_text.h"

static const char hex[] = "0123456789abcdef";

static size_t put_u(char *to, uint32_t c) {
    to[0] = '\\';
    to[1] = 'u';
    for (int k = 0; k < 4; k++) to[2 + k] = hex[c >> (12 - 4 * k) & 15];
    return 6;
}

/* The escape of c (which needs one); gives its length. */
static size_t escape(char to[12], uint32_t c) {
    to[0] = '\\';
    switch (c) {
    case '"': case '\\': to[1] = (char)c; return 2;
    case '\n': to[1] = 'n'; return 2;
    case '\r': to[1] = 'r'; return 2;
    case '\t': to[1] = 't'; return 2;
    case '\f': to[1] = 'f'; return 2;
    case '\b': to[1] = 'b'; return 2;
    default: break;
    }
    if (c < 0x10000) return put_u(to, c);
    c -= 0x10000;
    put_u(to, 0xD800 | c >> 10);
    put_u(to + 6, 0xDC00 | (c & 0x3FF));
    return 12;
}

static inline bool plain(uint32_t c, bool ascii) { return c >= ' ' && c != '"' && c != '\\' && (!ascii || c < 0x7F); }

void gi_json_quote(GiStrBuilder *sb, GiVal s, bool ascii) {
    GiTextView t = gi_str_view(s);
    gi_sb_lit(sb, "\"");
    for (size_t i = 0; i < t.len && !sb->failed;) {
        size_t start = i;
        if (t.kind == 1) {
            const uint8_t *p = t.data;
            while (i < t.len && plain(p[i], ascii)) i++;
        } else {
            while (i < t.len && plain(gi_text_at(t, i), ascii)) i++;
        }
        if (i > start) {
            if (start == 0 && i == t.len)
                gi_sb_str(sb, s);
            else
                gi_sb_slice(sb, s, start, i);
        }
        if (i < t.len) {
            char text[12];
            gi_sb_ascii(sb, text, escape(text, gi_text_at(t, i++)));
        }
    }
    gi_sb_lit(sb, "\"");
}
