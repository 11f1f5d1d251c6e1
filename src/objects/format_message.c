/* format_message.c - printf for messages, with values: gi_str_format (see objects/error.h). */
#include "objects/error.h"
#include "objects/protocol.h"
#include "objects/str.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Spec {
    char flags[8];
    int width;      /* -1: none */
    int precision;  /* -1: none */
    char length[3]; /* "", "l", "ll", "z", "h" */
    char kind;
} Spec;

/* Reads what follows '%'; gives the place after it. */
static const char *parse_spec(const char *p, Spec *s, va_list args) {
    size_t n = 0;
    *s = (Spec){.width = -1, .precision = -1};
    while (*p && strchr("-+ #0", *p) && n < sizeof s->flags - 1) s->flags[n++] = *p++;
    if (*p == '*') {
        s->width = va_arg(args, int);
        p++;
    } else if (*p >= '0' && *p <= '9') {
        s->width = (int)strtol(p, (char **)&p, 10);
    }
    if (*p == '.') {
        p++;
        if (*p == '*') {
            s->precision = va_arg(args, int);
            p++;
        } else {
            s->precision = (int)strtol(p, (char **)&p, 10);
        }
    }
    n = 0;
    while (*p && strchr("lzh", *p) && n < sizeof s->length - 1) s->length[n++] = *p++;
    s->kind = *p ? *p++ : 0;
    return p;
}

static void put_integer(GiStrBuilder *sb, const Spec *s, long long value) {
    char format[40], text[128];
    int width = s->width < 0 ? 0 : GI_MIN(s->width, 60);
    if (s->precision >= 0)
        snprintf(format, sizeof format, "%%%s%d.%dll%c", s->flags, width, GI_MIN(s->precision, 60), s->kind);
    else if (width)
        snprintf(format, sizeof format, "%%%s%dll%c", s->flags, width, s->kind);
    else
        snprintf(format, sizeof format, "%%%sll%c", s->flags, s->kind);
    int n = snprintf(text, sizeof text, format, value);
    gi_sb_ascii(sb, text, (size_t)n);
}

static long long integer_argument(const Spec *s, va_list args) {
    bool sign = s->kind == 'd' || s->kind == 'i';
    if (s->length[0] == 'l' && s->length[1] == 'l') return va_arg(args, long long);
    if (s->length[0] == 'l') return sign ? va_arg(args, long) : (long long)va_arg(args, unsigned long);
    if (s->length[0] == 'z') return sign ? (long long)va_arg(args, ssize_t) : (long long)va_arg(args, size_t);
    return sign ? va_arg(args, int) : (long long)va_arg(args, unsigned int);
}

static void put_cstr(GiStrBuilder *sb, const Spec *s, const char *text) {
    if (!text) text = "(null)";
    size_t n = s->precision >= 0 ? strnlen(text, (size_t)s->precision) : strlen(text);
    /* Do not cut a character in two. */
    if (text[n]) while (n && ((unsigned char)text[n] & 0xC0) == 0x80) n--;
    if (s->width > (int)n && !strchr(s->flags, '-')) gi_sb_fill(sb, ' ', (size_t)s->width - n);
    gi_sb_utf8(sb, text, n);
    if (s->width > (int)n && strchr(s->flags, '-')) gi_sb_fill(sb, ' ', (size_t)s->width - n);
}

/* Appends a str that was made for it (null: it failed). */
static void put_made(GiStrBuilder *sb, const Spec *s, GiRef text) {
    if (gi_is_null(text)) {
        sb->failed = true;
        return;
    }
    size_t n = gi_str_len(text);
    if (s->precision >= 0 && n > (size_t)s->precision) n = (size_t)s->precision;
    if (s->width > 0 && (size_t)s->width > n) gi_sb_fill(sb, ' ', (size_t)s->width - n);
    gi_sb_slice(sb, gi_val(text), 0, n);
    gi_drop(sb->ts, text);
}

static void put_value(GiStrBuilder *sb, const Spec *s, GiVal v) {
    GiThread *ts = sb->ts;
    if (gi_is_null(v)) {
        gi_sb_lit(sb, s->kind == 'T' ? "NULL" : "<NULL>");
        return;
    }
    switch (s->kind) {
    case 'R': put_made(sb, s, gi_repr(ts, v)); break;
    case 'S': put_made(sb, s, gi_str(ts, v)); break;
    case 'A': put_made(sb, s, gi_ascii(ts, v)); break;
    case 'U': put_made(sb, s, gi_is_str(v) ? gi_dup(ts, v) : gi_str(ts, v)); break;
    default: put_cstr(sb, s, gi_is_none(v) && strchr(s->flags, '#') ? "None" : gi_type_name(v)); break;
    }
}

static void put_directive(GiStrBuilder *sb, const Spec *s, va_list args) {
    char text[64];
    switch (s->kind) {
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o':
        put_integer(sb, s, integer_argument(s, args));
        break;
    case 'c': gi_sb_char(sb, (uint32_t)va_arg(args, int)); break;
    case 's': put_cstr(sb, s, va_arg(args, const char *)); break;
    case 'p':
        gi_sb_ascii(sb, text, (size_t)snprintf(text, sizeof text, "%p", va_arg(args, void *)));
        break;
    case 'g':
        gi_sb_ascii(sb, text, (size_t)snprintf(text, sizeof text, "%.*g", s->precision < 0 ? 6 : GI_MIN(s->precision, 20),
                                               va_arg(args, double)));
        break;
    case 'R': case 'S': case 'A': case 'U': case 'T': put_value(sb, s, va_arg(args, GiVal)); break;
    case 'N': put_cstr(sb, s, va_arg(args, GiType *)->name); break;
    case '%': gi_sb_char(sb, '%'); break;
    default: GI_ASSERT(!"unknown directive in a message format"); break;
    }
}

/* A va_list that can be passed on by address. */
typedef struct Arguments { va_list list; } Arguments;

GiRef gi_str_vformat(GiThread *ts, const char *format, va_list list) {
    GiStrBuilder sb;
    Arguments args;
    va_copy(args.list, list);
    gi_sb_init(&sb, ts);
    const char *p = format;
    while (*p && !sb.failed) {
        const char *end = strchr(p, '%');
        if (!end) end = p + strlen(p);
        gi_sb_utf8(&sb, p, (size_t)(end - p));
        p = end;
        if (!*p) break;
        Spec s;
        p = parse_spec(p + 1, &s, args.list);
        put_directive(&sb, &s, args.list);
    }
    va_end(args.list);
    return gi_sb_finish(&sb);
}

GiRef gi_str_format(GiThread *ts, const char *format, ...) {
    va_list args;
    va_start(args, format);
    GiRef r = gi_str_vformat(ts, format, args);
    va_end(args);
    return r;
}
