/* literal.c - numbers and strings: token text to constants.
 *
 * Strings are decoded into WTF-8: lone surrogates from \u escapes are kept, encoded like any
 * other character. A decoded string is never longer than its source.
 */
#include "syntax/parser_internal.h"

#include "base/charset.h"
#include "base/float_text.h"
#include "base/unicode.h"
#include "syntax/chars.h"

/* ---- Numbers --------------------------------------------------------------------------------- */

/* Copies a number's text without underscores. */
static char *plain_digits(Parser *p, const char *s, const char *end, size_t *len) {
    char *text = gi_arena_alloc(p->arena, (size_t)(end - s) + 1);
    if (text == NULL) {
        return gi_fail_memory(p);
    }
    char *to = text;
    for (; s < end; s++) {
        if (*s != '_') {
            *to++ = *s;
        }
    }
    *to = '\0';
    *len = (size_t)(to - text);
    return text;
}

static int radix_of(const Token *token) {
    if (token->end - token->start < 2 || token->start[0] != '0') {
        return 10;
    }
    switch (token->start[1]) {
    case 'x':
    case 'X': return 16;
    case 'o':
    case 'O': return 8;
    case 'b':
    case 'B': return 2;
    default: return 10;
    }
}

static bool is_integer(const char *text, size_t len) {
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

static bool number_value(Parser *p, const Token *token, GiAstConst *value) {
    int base = radix_of(token);
    const char *start = token->start + (base == 10 ? 0 : 2);
    size_t len = 0;
    char *text = plain_digits(p, start, token->end, &len);
    if (text == NULL) {
        return false;
    }
    if (len < (size_t)(token->end - start) &&
        !gi_parser_feature(p, 6, "Underscores in numeric literals are")) {
        return false;
    }
    if (base != 10 || is_integer(text, len)) {
        if (base == 10 && p->options->max_int_digits > 0 &&
            len > (size_t)p->options->max_int_digits) {
            gi_fail_range(p, token->lineno, -1, token->lineno, END_UNKNOWN,
                          "Exceeds the limit (%d digits) for integer string conversion: value has "
                          "%zu digits; use sys.set_int_max_str_digits() to increase the limit - "
                          "Consider hexadecimal for huge integer literals to avoid decimal "
                          "conversion limits.",
                          p->options->max_int_digits, len);
            return false;
        }
        value->kind = GI_CONST_INT;
        value->base = (uint8_t)base;
        value->text.bytes = text;
        value->text.len = len;
        return true;
    }
    bool imaginary = text[len - 1] == 'j' || text[len - 1] == 'J';
    double number = 0.0;
    gi_float_parse(text, len - imaginary, &number);
    value->kind = imaginary ? GI_CONST_IMAGINARY : GI_CONST_FLOAT;
    value->number = number;
    return true;
}

GiAstExpr *gi_parse_number(Parser *p) {
    Start start = start_here(p);
    GiAstConst value = {0};
    if (!number_value(p, p->tok, &value)) {
        return NULL;
    }
    advance(p);
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Constant, start);
    if (e != NULL) {
        e->Constant.value = value;
    }
    return e;
}

/* ---- Escapes --------------------------------------------------------------------------------- */

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

typedef struct {
    Parser *p;
    const Token *token;
    const char *begin, *s, *end;
    char *to;
    const char *bad; /* the first backslash that begins no escape */
} Escapes;

/* Where `at` stands in what CPython's decoder sees: characters above 127 are escapes there. */
static int position_of(const Escapes *d, const char *at) {
    int n = 0;
    const char *s = d->begin;
    while (s < at) {
        if (*s == '\\' && s + 1 < at && (unsigned char)s[1] >= 0x80) {
            n += 6;
            s++;
        } else if ((unsigned char)*s >= 0x80) {
            uint32_t c;
            s += gi_chars_decode(s, d->end, &c);
            n += 10;
        } else {
            if (*s == '\\' && s + 1 < at) {
                n++;
                s++;
            }
            n++;
            s++;
        }
    }
    return n;
}

static GI_COLD bool fail_escape(const Escapes *d, const char *from, const char *to,
                                const char *reason) {
    gi_fail_last(d->p, GI_DIAG_SYNTAX,
                 "(unicode error) 'unicodeescape' codec can't decode bytes in position %d-%d: %s",
                 position_of(d, from), position_of(d, to) - 1, reason);
    return false;
}

static bool decode_hex(Escapes *d, const char *from, int digits, const char *reason) {
    uint32_t c = 0;
    int n = 0;
    int digit;
    while (n < digits && d->s < d->end && (digit = hex_digit(*d->s)) >= 0) {
        c = c << 4 | (uint32_t)digit;
        d->s++;
        n++;
    }
    if (n < digits) {
        return fail_escape(d, from, d->s, reason);
    }
    if (c > 0x10ffff) {
        return fail_escape(d, from, d->s, "illegal Unicode character");
    }
    d->to += gi_chars_encode(c, d->to);
    return true;
}

static bool decode_char_name(Escapes *d, const char *from) {
    const char *close = d->s < d->end && *d->s == '{'
                            ? memchr(d->s, '}', (size_t)(d->end - d->s))
                            : NULL;
    if (close == NULL || close == d->s + 1) {
        const char *stop = d->s >= d->end || *d->s != '{' ? d->s
                           : close != NULL                ? close
                                                          : d->end;
        return fail_escape(d, from, stop, "malformed \\N character escape");
    }
    uint32_t c[4];
    int found = gi_uc_lookup(d->s + 1, (size_t)(close - d->s - 1), false, false, c);
    d->s = close + 1;
    if (found != 1) {
        return fail_escape(d, from, d->s, "unknown Unicode character name");
    }
    d->to += gi_chars_encode(c[0], d->to);
    return true;
}

static uint32_t decode_octal(Escapes *d, char first) {
    uint32_t c = (uint32_t)(first - '0');
    const char *from = d->s - 2;
    for (int n = 1; n < 3 && d->s < d->end && *d->s >= '0' && *d->s <= '7'; n++) {
        c = c << 3 | (uint32_t)(*d->s++ - '0');
    }
    if (c > 0377) {
        d->bad = d->bad != NULL ? d->bad : from;
    }
    return c;
}

/* d->s is behind a backslash at `from`. */
static bool decode_escape(Escapes *d, const char *from) {
    if (d->s >= d->end || (unsigned char)*d->s >= 0x80) {
        *d->to++ = '\\';
        return true;
    }
    char c = *d->s++;
    int simple = gi_simple_escape((unsigned char)c);
    if (simple >= 0) {
        *d->to++ = (char)simple;
        return true;
    }
    switch (c) {
    case '\n': return true;
    case '0' ... '7': d->to += gi_chars_encode(decode_octal(d, c), d->to); return true;
    case 'x': return decode_hex(d, from, 2, "truncated \\xXX escape");
    case 'u': return decode_hex(d, from, 4, "truncated \\uXXXX escape");
    case 'U': return decode_hex(d, from, 8, "truncated \\UXXXXXXXX escape");
    case 'N': return decode_char_name(d, from);
    default:
        d->bad = d->bad != NULL ? d->bad : from;
        *d->to++ = '\\';
        *d->to++ = c;
        return true;
    }
}

static void warn_escape(Parser *p, const Token *token, const char *bad) {
    const char *message =
        bad[1] >= '4' && bad[1] <= '7'
            ? gi_syntax_format(p->arena, "invalid octal escape sequence '%.4s'", bad)
            : gi_syntax_format(p->arena, "invalid escape sequence '\\%c'", bad[1]);
    if (message == NULL) {
        gi_fail_memory(p);
        return;
    }
    gi_parser_warn(p, false, message, token->lineno, token->col, token->end_lineno, token->end_col);
}

char *gi_decode_string(Parser *p, const Token *token, const char *s, size_t len, bool raw,
                       size_t *out_len) {
    if (raw || len == 0 || memchr(s, '\\', len) == NULL) {
        char *copy = gi_arena_copy(p->arena, s, len);
        *out_len = len;
        return copy != NULL ? copy : gi_fail_memory(p);
    }
    char *out = gi_arena_alloc(p->arena, len + 5);
    if (out == NULL) {
        return gi_fail_memory(p);
    }
    Escapes d = {.p = p, .token = token, .begin = s, .s = s, .end = s + len, .to = out};
    while (d.s < d.end) {
        const char *from = d.s;
        if (*from != '\\') {
            *d.to++ = *d.s++;
            continue;
        }
        d.s++;
        if (!decode_escape(&d, from)) {
            return NULL;
        }
    }
    *d.to = '\0';
    *out_len = (size_t)(d.to - out);
    if (d.bad != NULL) {
        warn_escape(p, token, d.bad);
    }
    return p->failed ? NULL : out;
}

/* The same for bytes literals. */
static char *decode_bytes(Parser *p, const Token *token, const char *s, size_t len, bool raw,
                          size_t *out_len) {
    char *out = gi_arena_alloc(p->arena, len + 5);
    if (out == NULL) {
        return gi_fail_memory(p);
    }
    Escapes d = {.p = p, .token = token, .begin = s, .s = s, .end = s + len, .to = out};
    while (d.s < d.end) {
        const char *from = d.s;
        if (*from != '\\' || raw || d.s + 1 >= d.end) {
            *d.to++ = *d.s++;
            continue;
        }
        char c = from[1];
        d.s += 2;
        int simple = gi_simple_escape((unsigned char)c);
        if (simple >= 0) {
            *d.to++ = (char)simple;
        } else if (c >= '0' && c <= '7') {
            *d.to++ = (char)decode_octal(&d, c);
        } else if (c == 'x') {
            int high = d.s < d.end ? hex_digit(d.s[0]) : -1;
            int low = high >= 0 && d.s + 1 < d.end ? hex_digit(d.s[1]) : -1;
            if (low < 0) {
                return gi_fail_last(p, GI_DIAG_SYNTAX,
                                    "(value error) invalid \\x escape at position %d",
                                    (int)(from - s));
            }
            *d.to++ = (char)(high << 4 | low);
            d.s += 2;
        } else if (c != '\n') {
            d.bad = d.bad != NULL ? d.bad : from;
            *d.to++ = '\\';
            *d.to++ = c;
        }
    }
    *d.to = '\0';
    *out_len = (size_t)(d.to - out);
    if (d.bad != NULL) {
        warn_escape(p, token, d.bad);
    }
    return p->failed ? NULL : out;
}

/* ---- Adjacent literals ----------------------------------------------------------------------- */

bool gi_text_append(Parser *p, TextBuffer *text, const char *bytes, size_t len) {
    if (text->len + len + 1 > text->capacity) {
        if (text->capacity == 0 && text->bytes == NULL) {
            /* The first piece is taken as it is; it is copied only if another follows. */
            text->bytes = (char *)bytes;
            text->len = len;
            return true;
        }
        size_t capacity = GI_MAX((text->len + len + 1) * 2, (size_t)64);
        char *grown = gi_arena_alloc(p->arena, capacity);
        if (grown == NULL) {
            gi_fail_memory(p);
            return false;
        }
        memcpy(grown, text->bytes, text->len);
        text->bytes = grown;
        text->capacity = capacity;
    }
    memcpy(text->bytes + text->len, bytes, len);
    text->len += len;
    text->bytes[text->len] = '\0';
    return true;
}

typedef struct {
    bool bytes, raw, format, u;
    const char *body;
    size_t len;
} Literal;

/* Takes a STRING token apart. */
static Literal literal_parts(const Token *token) {
    Literal lit = {0};
    const char *s = token->start;
    for (; *s != '"' && *s != '\''; s++) {
        char c = (char)(*s | 0x20);
        lit.bytes |= c == 'b';
        lit.raw |= c == 'r';
        lit.format |= c == 'f';
        lit.u |= c == 'u';
    }
    size_t len = (size_t)(token->end - s);
    size_t quotes = len >= 6 && s[1] == s[0] && s[2] == s[0] ? 3 : 1;
    lit.body = s + quotes;
    lit.len = len - 2 * quotes;
    return lit;
}

static bool is_ascii(const char *s, size_t len) {
    unsigned char all = 0;
    for (size_t i = 0; i < len; i++) {
        all |= (unsigned char)s[i];
    }
    return all < 0x80;
}

static GiAstExpr *text_constant(Parser *p, GiAstPos whole, GiConstKind kind, const TextBuffer *text,
                                bool kind_u) {
    GiAstExpr *e = gi_parser_alloc(p, sizeof *e);
    if (e == NULL) {
        return NULL;
    }
    e->kind = GI_EXPR_Constant;
    e->pos = whole;
    e->Constant.value.kind = (uint8_t)kind;
    e->Constant.value.text.bytes = text->bytes != NULL ? text->bytes : "";
    e->Constant.value.text.len = text->len;
    e->Constant.value.ascii = kind == GI_CONST_STR && is_ascii(text->bytes, text->len);
    if (kind_u) {
        if (p->kind_u == NULL) {
            p->kind_u = gi_parser_intern(p, "u", 1, gi_name_hash("u", 1));
        }
        e->Constant.kind = p->kind_u;
    }
    return e;
}

bool gi_push_text(Parser *p, TextBuffer *pending, GiAstPos whole, bool kind_u) {
    if (pending->len == 0) {
        return true;
    }
    GiAstExpr *e = text_constant(p, whole, GI_CONST_STR, pending, kind_u);
    *pending = (TextBuffer){0};
    return e != NULL && gi_parser_push(p, e);
}

/* One token's contribution: text to `text`, replacement fields to the stack. */
static bool add_literal(Parser *p, const Token *token, const Literal *lit, GiAstPos whole,
                        bool kind_u, TextBuffer *text) {
    size_t len;
    char *decoded;
    if (lit->format) {
        return gi_parser_feature(p, 6, "Format strings are") &&
               gi_parse_fstring(p, token, lit->body, lit->len, lit->raw, whole, kind_u, text);
    }
    if (lit->bytes) {
        if (!is_ascii(lit->body, lit->len)) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "bytes can only contain ASCII literal characters");
            return false;
        }
        decoded = decode_bytes(p, token, lit->body, lit->len, lit->raw, &len);
    } else {
        decoded = gi_decode_string(p, token, lit->body, lit->len, lit->raw, &len);
    }
    return decoded != NULL && gi_text_append(p, text, decoded, len);
}

GiAstExpr *gi_parse_strings(Parser *p) {
    Start start = start_here(p);
    int first = p->pos;
    while (at(p, T_STRING)) {
        advance(p);
    }
    if (p->failed) {
        return NULL;
    }
    int last = p->pos;
    GiAstPos whole = span(p, start);
    size_t from = p->sp;
    TextBuffer text = {0};
    bool format = false;
    bool bytes = false;
    bool kind_u = p->tokens[first].start[0] == 'u';
    for (int i = first; i < last; i++) {
        Token token = p->tokens[i];
        Literal lit = literal_parts(&token);
        format |= lit.format;
        bool mixed = i > first && lit.bytes != bytes;
        bytes = lit.bytes;
        /* A fault in the literal itself comes first, one inside an f-string's field later. */
        if (!(mixed && lit.format) && !add_literal(p, &token, &lit, whole, kind_u, &text)) {
            return NULL;
        }
        if (mixed) {
            return gi_fail_last(p, GI_DIAG_SYNTAX, "cannot mix bytes and nonbytes literals");
        }
    }
    if (!format) {
        return text_constant(p, whole, bytes ? GI_CONST_BYTES : GI_CONST_STR, &text, kind_u);
    }
    GiAstExpr *e = gi_parser_alloc(p, sizeof *e);
    if (e == NULL || !gi_push_text(p, &text, whole, kind_u) ||
        !TAKE_SEQ(p, from, &e->JoinedStr.values)) {
        return NULL;
    }
    e->kind = GI_EXPR_JoinedStr;
    e->pos = whole;
    return e;
}
