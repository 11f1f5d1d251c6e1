/* lexer.c - source text to tokens.
 *
 * One call gives one token. All character tests on ASCII go through one class table; non-ASCII
 * bytes may only appear in identifiers, strings and comments, and identifiers that have them are
 * checked as a whole. Columns are bytes from the line's start. LOCK: none, no shared state.
 */
#include "syntax/lexer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/unicode.h"
#include "syntax/chars.h"

enum { C_IDENT = 1, C_DIGIT = 2, C_HEX = 4, C_START = 8 };

/* Classes of bytes. Bytes above 127 count as parts of identifiers. */
static const uint8_t classes[256] = {
    ['0' ... '9'] = C_IDENT | C_DIGIT | C_HEX,
    ['a' ... 'f'] = C_IDENT | C_START | C_HEX,
    ['A' ... 'F'] = C_IDENT | C_START | C_HEX,
    ['g' ... 'z'] = C_IDENT | C_START,
    ['G' ... 'Z'] = C_IDENT | C_START,
    ['_'] = C_IDENT | C_START,
    [0x80 ... 0xff] = C_IDENT | C_START,
};

#define IS(c, class) ((classes[(unsigned char)(c)] & (class)) != 0)

const char *gi_syntax_format(GiArena *arena, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : gi_arena_alloc(arena, (size_t)len + 1);
    if (text != NULL) {
        vsnprintf(text, (size_t)len + 1, format, again);
    }
    va_end(again);
    return text;
}

char *gi_lexer_copy_text(GiArena *arena, const char *utf8, size_t len, bool add_newline,
                         size_t *out_len) {
    if (len > SIZE_MAX - 2) {
        return NULL;
    }
    char *copy = gi_arena_alloc(arena, len + 2);
    if (copy == NULL) {
        return NULL;
    }
    char *to = copy;
    const char *from = utf8;
    const char *end = utf8 + len;
    while (from < end) {
        const char *cr = memchr(from, '\r', (size_t)(end - from));
        size_t run = (size_t)((cr != NULL ? cr : end) - from);
        memcpy(to, from, run);
        to += run;
        from += run;
        if (cr != NULL) {
            *to++ = '\n';
            from += from + 1 < end && from[1] == '\n' ? 2 : 1;
        }
    }
    if (add_newline && to > copy && to[-1] != '\n') {
        *to++ = '\n';
    }
    *to = '\0';
    *out_len = (size_t)(to - copy);
    return copy;
}

void gi_lexer_init(Lexer *lexer, GiArena *arena, const GiParseOptions *options, const char *text,
                   size_t len) {
    memset(lexer, 0, offsetof(Lexer, columns));
    lexer->columns[0] = lexer->alt_columns[0] = 0;
    lexer->error = (LexError){0};
    lexer->deprecated = NULL;
    lexer->parser = NULL;
    lexer->arena = arena;
    lexer->options = options;
    lexer->text = lexer->cur = lexer->line = lexer->buffer = text;
    lexer->end = text + len;
    lexer->lineno = len != 0;
    lexer->at_line_start = true;
    lexer->type_comments = (options->flags & GI_PARSE_TYPE_COMMENTS) != 0;
    lexer->async_is_name = options->feature_minor < 7;
    lexer->interactive = options->mode == GI_PARSE_SINGLE;
}

/* ---- Errors ---------------------------------------------------------------------------------- */

/* Stops the lexer with an error at [col, end_col) of a line. */
static GI_COLD int fail_at(Lexer *lx, GiDiagKind kind, bool settled, int32_t lineno, int32_t col,
                           int32_t end_col, const char *message) {
    if (message == NULL) {
        kind = GI_DIAG_MEMORY;
        settled = true;
    }
    lx->error = (LexError){.kind = kind,
                           .message = message,
                           .lineno = lineno,
                           .col = col,
                           .end_lineno = lineno,
                           .end_col = end_col,
                           .settled = settled};
    lx->done = true;
    return T_ERROR;
}

/* An error whose last character is the one before lx->cur. */
static GI_COLD int fail_here(Lexer *lx, const char *message) {
    int32_t col = (int32_t)(lx->cur - lx->line);
    return fail_at(lx, GI_DIAG_SYNTAX, true, lx->lineno, col, col, message);
}

/* The text ended inside something. */
static GI_COLD int fail_eof(Lexer *lx) {
    int32_t col = (int32_t)(lx->cur - lx->line);
    fail_at(lx, GI_DIAG_SYNTAX, false, lx->lineno, col, LEX_END_BEHIND,
            "unexpected EOF while parsing");
    lx->error.at_eof = true;
    return T_ERROR;
}

static GI_COLD void warn_literal(Lexer *lx, const char *kind) {
    const char *message = gi_syntax_format(lx->arena, "invalid %s literal", kind);
    if (lx->deprecated != NULL && message != NULL) {
        lx->deprecated(lx->parser, message, lx->cur);
    }
}

/* ---- Names ----------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    uint8_t len, kind;
} keywords[] = {
    {"False", 5, T_FALSE},   {"None", 4, T_NONE},       {"True", 4, T_TRUE},
    {"and", 3, T_AND},       {"as", 2, T_AS},           {"assert", 6, T_ASSERT},
    {"async", 5, T_ASYNC},   {"await", 5, T_AWAIT},     {"break", 5, T_BREAK},
    {"class", 5, T_CLASS},   {"continue", 8, T_CONTINUE}, {"def", 3, T_DEF},
    {"del", 3, T_DEL},       {"elif", 4, T_ELIF},       {"else", 4, T_ELSE},
    {"except", 6, T_EXCEPT}, {"finally", 7, T_FINALLY}, {"for", 3, T_FOR},
    {"from", 4, T_FROM},     {"global", 6, T_GLOBAL},   {"if", 2, T_IF},
    {"import", 6, T_IMPORT}, {"in", 2, T_IN},           {"is", 2, T_IS},
    {"lambda", 6, T_LAMBDA}, {"nonlocal", 8, T_NONLOCAL}, {"not", 3, T_NOT},
    {"or", 2, T_OR},         {"pass", 4, T_PASS},       {"raise", 5, T_RAISE},
    {"return", 6, T_RETURN}, {"try", 3, T_TRY},         {"while", 5, T_WHILE},
    {"with", 4, T_WITH},     {"yield", 5, T_YIELD},
};

/* Where the keywords of each first letter start in the table above, counted from 1. */
static const uint8_t keywords_by_letter[128] = {
    ['F'] = 1,  ['N'] = 2,  ['T'] = 3,  ['a'] = 4,  ['b'] = 9,  ['c'] = 10, ['d'] = 12,
    ['e'] = 14, ['f'] = 17, ['g'] = 20, ['i'] = 21, ['l'] = 25, ['n'] = 26, ['o'] = 28,
    ['p'] = 29, ['r'] = 30, ['t'] = 32, ['w'] = 33, ['y'] = 35,
};

static int keyword_kind(const char *start, size_t len) {
    unsigned char first = (unsigned char)start[0];
    if (len < 2 || len > 8 || first >= 128 || keywords_by_letter[first] == 0) {
        return T_NAME;
    }
    for (size_t i = keywords_by_letter[first] - 1u;
         i < GI_COUNTOF(keywords) && keywords[i].text[0] == (char)first; i++) {
        if (keywords[i].len == len && memcmp(keywords[i].text, start, len) == 0) {
            return keywords[i].kind;
        }
    }
    return T_NAME;
}

/* Reports the character at `bad`, which cannot be part of an identifier. */
static GI_COLD int fail_character(Lexer *lx, const char *bad) {
    uint32_t c;
    int n = gi_chars_decode(bad, lx->end, &c);
    lx->cur = bad + n;
    char text[8] = {0};
    memcpy(text, bad, (size_t)GI_MIN(n, 4));
    bool printable = gi_uc_is_printable(c);
    return fail_here(lx, printable ? gi_syntax_format(lx->arena, "invalid character '%s' (U+%04X)",
                                                      text, c)
                                   : gi_syntax_format(lx->arena,
                                                      "invalid non-printable character U+%04X", c));
}

/* Checks the identifier [start, lx->cur), which has a non-ASCII byte. */
static GI_COLD int check_identifier(Lexer *lx, const char *start) {
    size_t bad = 0;
    size_t len = (size_t)(lx->cur - start);
    int ok = gi_chars_identifier(start, len, &bad);
    return ok > 0 ? T_NAME : fail_character(lx, start + GI_MIN(bad, len - 1));
}

/* ---- Numbers --------------------------------------------------------------------------------- */

/* True if s starts with a keyword that may directly follow a number, as in `1if x else y`. */
static bool keyword_follows(const char *s) {
    static const char *const words[] = {"and", "else", "for", "not", "or"};
    /* PYSEM: after these three nothing is looked at, so 1int is 1 and a name. */
    if (s[0] == 'i') {
        return s[1] == 'n' || s[1] == 'f' || s[1] == 's';
    }
    for (size_t i = 0; i < GI_COUNTOF(words); i++) {
        size_t len = strlen(words[i]);
        if (strncmp(s, words[i], len) == 0) {
            return !IS(s[len], C_IDENT);
        }
    }
    return false;
}

/* A number's digits have ended at lx->cur: what follows must not look like a part of it. */
static int finish_number(Lexer *lx, const char *kind) {
    if (GI_LIKELY(!IS(*lx->cur, C_IDENT))) {
        return T_NUMBER;
    }
    if (keyword_follows(lx->cur)) {
        warn_literal(lx, kind);
        return lx->done ? T_ERROR : T_NUMBER;
    }
    return fail_here(lx, gi_syntax_format(lx->arena, "invalid %s literal", kind));
}

/* Skips digits with single underscores between them; false after reporting an error. */
static bool skip_decimal(Lexer *lx) {
    for (;;) {
        while (IS(*lx->cur, C_DIGIT)) {
            lx->cur++;
        }
        if (*lx->cur != '_') {
            return true;
        }
        lx->cur++;
        if (!IS(*lx->cur, C_DIGIT)) {
            fail_here(lx, "invalid decimal literal");
            return false;
        }
    }
}

/* After 0x, 0o or 0b. */
static int lex_radix(Lexer *lx, int radix, const char *kind) {
    lx->cur++;
    do {
        if (*lx->cur == '_') {
            lx->cur++;
        }
        char c = *lx->cur;
        bool fits = radix == 16 ? IS(c, C_HEX) : (c >= '0' && c < '0' + radix);
        if (!fits) {
            if (IS(c, C_DIGIT)) {
                lx->cur++;
                return fail_here(
                    lx, gi_syntax_format(lx->arena, "invalid digit '%c' in %s literal", c, kind));
            }
            return fail_here(lx, gi_syntax_format(lx->arena, "invalid %s literal", kind));
        }
        while (radix == 16 ? IS(*lx->cur, C_HEX) : (*lx->cur >= '0' && *lx->cur < '0' + radix)) {
            lx->cur++;
        }
    } while (*lx->cur == '_');
    if (radix != 16 && IS(*lx->cur, C_DIGIT)) {
        char c = *lx->cur++;
        return fail_here(lx,
                         gi_syntax_format(lx->arena, "invalid digit '%c' in %s literal", c, kind));
    }
    return finish_number(lx, kind);
}

/* At the part of a number behind its first digits: fraction, exponent, j. */
static int lex_number_rest(Lexer *lx) {
    const char *kind = "decimal";
    if (*lx->cur == '.') {
        lx->cur++;
        if (IS(*lx->cur, C_DIGIT) && !skip_decimal(lx)) {
            return T_ERROR;
        }
    }
    if (*lx->cur == 'e' || *lx->cur == 'E') {
        const char *e = lx->cur;
        lx->cur++;
        if (*lx->cur == '+' || *lx->cur == '-') {
            lx->cur++;
            if (!IS(*lx->cur, C_DIGIT)) {
                return fail_here(lx, "invalid decimal literal");
            }
        } else if (!IS(*lx->cur, C_DIGIT)) {
            lx->cur = e;
            return finish_number(lx, kind);
        }
        if (!skip_decimal(lx)) {
            return T_ERROR;
        }
    }
    if (*lx->cur == 'j' || *lx->cur == 'J') {
        lx->cur++;
        kind = "imaginary";
    }
    return finish_number(lx, kind);
}

static bool starts_rest(char c) {
    return c == '.' || c == 'e' || c == 'E' || c == 'j' || c == 'J';
}

/* A number that starts with 0. */
static int lex_zero(Lexer *lx, const char *start) {
    switch (lx->cur[1]) {
    case 'x':
    case 'X': lx->cur++; return lex_radix(lx, 16, "hexadecimal");
    case 'o':
    case 'O': lx->cur++; return lex_radix(lx, 8, "octal");
    case 'b':
    case 'B': lx->cur++; return lex_radix(lx, 2, "binary");
    default: break;
    }
    lx->cur++;
    bool nonzero = false;
    for (;;) {
        if (*lx->cur == '_') {
            lx->cur++;
            if (!IS(*lx->cur, C_DIGIT)) {
                return fail_here(lx, "invalid decimal literal");
            }
        }
        if (*lx->cur != '0') {
            break;
        }
        lx->cur++;
    }
    const char *zeros_end = lx->cur + 1;
    if (IS(*lx->cur, C_DIGIT)) {
        nonzero = true;
        if (!skip_decimal(lx)) {
            return T_ERROR;
        }
    }
    if (starts_rest(*lx->cur)) {
        return lex_number_rest(lx);
    }
    if (nonzero) {
        fail_at(lx, GI_DIAG_SYNTAX, true, lx->lineno, (int32_t)(start + 1 - lx->line),
                (int32_t)(zeros_end - lx->line),
                "leading zeros in decimal integer literals are not permitted; use an 0o "
                "prefix for octal integers");
        lx->error.in_bytes = true;
        return T_ERROR;
    }
    return finish_number(lx, "decimal");
}

static int lex_number(Lexer *lx) {
    if (*lx->cur == '0') {
        return lex_zero(lx, lx->cur);
    }
    if (*lx->cur != '.' && !skip_decimal(lx)) {
        return T_ERROR;
    }
    return starts_rest(*lx->cur) ? lex_number_rest(lx) : finish_number(lx, "decimal");
}

/* ---- Strings --------------------------------------------------------------------------------- */

/* lx->cur is at the opening quote; the token started at start on the current line. */
static int lex_string(Lexer *lx, const char *start) {
    char quote = *lx->cur;
    const char *first_line = lx->line;
    int32_t first_lineno = lx->lineno;
    bool triple = lx->cur[1] == quote && lx->cur[2] == quote;
    const char *p = lx->cur + (triple ? 3 : 1);
    for (;;) {
        char c = *p;
        if (c == quote) {
            if (!triple) {
                p++;
                break;
            }
            if (p[1] == quote && p[2] == quote) {
                p += 3;
                break;
            }
            p++;
        } else if (c == '\\') {
            p++;
            if (p >= lx->end) {
                continue;
            }
            if (*p == '\n' && p + 1 < lx->end) {
                lx->line = p + 1;
                lx->lineno++;
            }
            p++;
        } else if ((c == '\n' && !triple) || (c == '\0' && p >= lx->end)) {
            int32_t last = lx->lineno;
            bool eof = c == '\0';
            lx->line = first_line;
            lx->lineno = first_lineno;
            lx->cur = start + 1;
            fail_here(lx, gi_syntax_format(lx->arena,
                                           "unterminated %sstring literal (detected at line %d)",
                                           triple ? "triple-quoted " : "", (int)last));
            lx->error.in_string = eof;
            return T_ERROR;
        } else {
            if (c == '\n' && p + 1 < lx->end) {
                lx->line = p + 1;
                lx->lineno++;
            }
            p++;
        }
    }
    lx->cur = p;
    lx->empty_string = p - start >= 2 && p[-2] == quote && !triple;
    return T_STRING;
}

/* A name, keyword or a string's prefix. */
static int lex_name(Lexer *lx, const char *start, Token *token) {
    const char *p = start;
    unsigned prefix = 0; /* bits of b, u, r, f seen while all letters were a possible prefix */
    enum { B = 1, U = 2, R = 4, F = 8, NO = 16 };
    uint32_t hash = 2166136261u;
    unsigned char all = 0;
    while (IS(*p, C_IDENT)) {
        unsigned bit;
        switch (*p | 0x20) {
        case 'b': bit = B; break;
        case 'u': bit = U; break;
        case 'r': bit = R; break;
        case 'f': bit = F; break;
        default: bit = NO; break;
        }
        bool allowed = !(prefix & (NO | bit)) && bit != NO && (bit != U || prefix == 0) &&
                       !(prefix & U) && !((prefix | bit) == (B | F)) &&
                       !((prefix | bit) == (B | F | R));
        prefix = allowed ? prefix | bit : NO;
        all |= (unsigned char)*p;
        hash = (hash ^ (unsigned char)*p) * 16777619u;
        p++;
        if (prefix == NO) {
            break;
        }
    }
    if (prefix != NO && (*p == '"' || *p == '\'')) {
        lx->cur = p;
        return lex_string(lx, start);
    }
    while (IS(*p, C_IDENT)) {
        all |= (unsigned char)*p;
        hash = (hash ^ (unsigned char)*p) * 16777619u;
        p++;
    }
    lx->cur = p;
    token->hash = hash;
    token->ascii = all < 128;
    if (GI_UNLIKELY(all >= 128)) {
        return check_identifier(lx, start);
    }
    return keyword_kind(start, (size_t)(p - start));
}

/* ---- Operators ------------------------------------------------------------------------------- */

static int open_bracket(Lexer *lx, char c, int kind) {
    if (lx->level >= LEXER_MAX_LEVEL) {
        return fail_here(lx, "too many nested parentheses");
    }
    lx->open[lx->level++] = (OpenBracket){
        .lineno = lx->lineno, .col = (int32_t)(lx->cur - 1 - lx->line), .bracket = c};
    return kind;
}

static int close_bracket(Lexer *lx, char c, char opener, int kind) {
    const char *prefix = lx->in_fstring ? "f-string: " : "";
    if (lx->level == 0) {
        return fail_here(lx, gi_syntax_format(lx->arena, "%sunmatched '%c'", prefix, c));
    }
    lx->level--;
    OpenBracket *open = &lx->open[lx->level];
    if (open->bracket == opener) {
        return kind;
    }
    if (open->lineno != lx->lineno) {
        return fail_here(lx, gi_syntax_format(lx->arena,
                                              "%sclosing parenthesis '%c' does not match opening "
                                              "parenthesis '%c' on line %d",
                                              prefix, c, open->bracket, (int)open->lineno));
    }
    return fail_here(lx, gi_syntax_format(lx->arena,
                                          "%sclosing parenthesis '%c' does not match opening "
                                          "parenthesis '%c'",
                                          prefix, c, open->bracket));
}

/* Takes `second` if it comes next. */
static inline bool take(Lexer *lx, char second) {
    if (*lx->cur == second) {
        lx->cur++;
        return true;
    }
    return false;
}

/* An operator whose first character c has been passed. */
static int lex_operator(Lexer *lx, char c) {
    switch (c) {
    case '(': return open_bracket(lx, c, T_LPAR);
    case '[': return open_bracket(lx, c, T_LSQB);
    case '{': return open_bracket(lx, c, T_LBRACE);
    case ')': return close_bracket(lx, c, '(', T_RPAR);
    case ']': return close_bracket(lx, c, '[', T_RSQB);
    case '}': return close_bracket(lx, c, '{', T_RBRACE);
    case ',': return T_COMMA;
    case ';': return T_SEMI;
    case '~': return T_TILDE;
    case ':': return take(lx, '=') ? T_COLONEQUAL : T_COLON;
    case '=': return take(lx, '=') ? T_EQEQUAL : T_EQUAL;
    case '+': return take(lx, '=') ? T_PLUSEQUAL : T_PLUS;
    case '-': return take(lx, '=') ? T_MINEQUAL : take(lx, '>') ? T_ARROW : T_MINUS;
    case '%': return take(lx, '=') ? T_PERCENTEQUAL : T_PERCENT;
    case '&': return take(lx, '=') ? T_AMPEREQUAL : T_AMPER;
    case '|': return take(lx, '=') ? T_VBAREQUAL : T_VBAR;
    case '^': return take(lx, '=') ? T_CIRCUMFLEXEQUAL : T_CIRCUMFLEX;
    case '@': return take(lx, '=') ? T_ATEQUAL : T_AT;
    case '!': return take(lx, '=') ? T_NOTEQUAL : T_UNKNOWN;
    case '*':
        if (take(lx, '*')) {
            return take(lx, '=') ? T_DOUBLESTAREQUAL : T_DOUBLESTAR;
        }
        return take(lx, '=') ? T_STAREQUAL : T_STAR;
    case '/':
        if (take(lx, '/')) {
            return take(lx, '=') ? T_DOUBLESLASHEQUAL : T_DOUBLESLASH;
        }
        return take(lx, '=') ? T_SLASHEQUAL : T_SLASH;
    case '<':
        if (take(lx, '<')) {
            return take(lx, '=') ? T_LEFTSHIFTEQUAL : T_LEFTSHIFT;
        }
        return take(lx, '=') ? T_LESSEQUAL : take(lx, '>') ? T_NOTEQUAL : T_LESS;
    case '>':
        if (take(lx, '>')) {
            return take(lx, '=') ? T_RIGHTSHIFTEQUAL : T_RIGHTSHIFT;
        }
        return take(lx, '=') ? T_GREATEREQUAL : T_GREATER;
    case '.':
        if (lx->cur[0] == '.' && lx->cur[1] == '.') {
            lx->cur += 2;
            return T_ELLIPSIS;
        }
        return T_DOT;
    case '$':
    case '?':
    case '`': return T_UNKNOWN;
    default: {
        /* Anything else is a control character; non-ASCII went to lex_name. */
        if (c == '\0') {
            return fail_here(lx, "source code cannot contain null bytes");
        }
        return fail_here(lx,
                         gi_syntax_format(lx->arena, "invalid non-printable character U+%04X",
                                          (unsigned)(unsigned char)c));
    }
    }
}

/* ---- Lines ----------------------------------------------------------------------------------- */

/* lx->cur is behind a newline: the next line starts, unless the text ends here. */
static inline void next_line(Lexer *lx) {
    if (lx->cur < lx->end) {
        lx->line = lx->buffer = lx->cur;
        lx->lineno++;
    }
}

static GI_COLD int fail_tabs(Lexer *lx) {
    return fail_at(lx, GI_DIAG_TAB, false, lx->lineno, 0, -1,
                   "inconsistent use of tabs and spaces in indentation");
}

/* Compares a new line's indentation with the stack; sets lx->pending. */
static int set_indentation(Lexer *lx, int col, int alt) {
    if (col == lx->columns[lx->indent]) {
        return alt == lx->alt_columns[lx->indent] ? 0 : fail_tabs(lx);
    }
    if (col > lx->columns[lx->indent]) {
        if (lx->indent + 1 >= LEXER_MAX_INDENT) {
            return fail_at(lx, GI_DIAG_INDENTATION, false, lx->lineno, 0, -1,
                           "too many levels of indentation");
        }
        if (alt <= lx->alt_columns[lx->indent]) {
            return fail_tabs(lx);
        }
        lx->pending++;
        lx->indent++;
        lx->columns[lx->indent] = col;
        lx->alt_columns[lx->indent] = alt;
        return 0;
    }
    while (lx->indent > 0 && col < lx->columns[lx->indent]) {
        lx->pending--;
        lx->indent--;
    }
    if (col != lx->columns[lx->indent]) {
        const char *eol = memchr(lx->cur, '\n', (size_t)(lx->end - lx->cur));
        lx->cur = eol != NULL ? eol + 1 : lx->end;
        return fail_at(lx, GI_DIAG_INDENTATION, false, lx->lineno, (int32_t)(lx->cur - lx->line),
                       LEX_END_BEHIND, "unindent does not match any outer indentation level");
    }
    return alt == lx->alt_columns[lx->indent] ? 0 : fail_tabs(lx);
}

/* At a line's start: measures indentation. Gives 0, or T_ERROR. *blank: the line has no code. */
static int start_line(Lexer *lx, bool *blank) {
    int col = 0;
    int alt = 0;
    int continued = 0;
    for (;;) {
        char c = *lx->cur;
        if (c == ' ') {
            col++;
            alt++;
        } else if (c == '\t') {
            col = (col / 8 + 1) * 8;
            alt++;
        } else if (c == '\f') {
            col = alt = 0;
        } else if (c == '\\') {
            /* The indentation of a line that is only continued counts once. */
            continued = continued != 0 ? continued : col;
            if (lx->cur[1] != '\n') {
                lx->cur++;
                return fail_at(lx, GI_DIAG_SYNTAX, false, lx->lineno,
                               (int32_t)(lx->cur - lx->line) - (lx->cur >= lx->end), -1,
                               "unexpected character after line continuation character");
            }
            lx->cur += 2;
            if (lx->cur >= lx->end) {
                return fail_eof(lx);
            }
            next_line(lx);
            continue;
        } else {
            break;
        }
        lx->cur++;
    }
    *blank = *lx->cur == '#' || *lx->cur == '\n';
    if (*blank || lx->level > 0) {
        return 0;
    }
    lx->touched_end |= lx->cur >= lx->end;
    return set_indentation(lx, continued != 0 ? continued : col, continued != 0 ? continued : alt);
}

/* lx->cur is at a '#'. Gives T_TYPE_COMMENT or T_TYPE_IGNORE, or 0 for a plain comment; passes
 * it up to its newline. */
static int lex_comment(Lexer *lx, Token *token) {
    const char *start = lx->cur;
    const char *eol = memchr(start, '\n', (size_t)(lx->end - start));
    lx->cur = eol != NULL ? eol : lx->end;
    if (!lx->type_comments) {
        return 0;
    }
    const char *p = start + 1;
    while (*p == ' ' || *p == '\t') {
        p++;
    }
    if (strncmp(p, "type:", 5) != 0) {
        return 0;
    }
    p += 5;
    while (*p == ' ' || *p == '\t') {
        p++;
    }
    if (lx->cur - p >= 6 && memcmp(p, "ignore", 6) == 0) {
        unsigned char after = (unsigned char)p[6];
        if (p + 6 == lx->cur || !(after >= 128 || (IS(after, C_IDENT) && after != '_'))) {
            token->start = p + 6;
            token->end = lx->cur;
            return T_TYPE_IGNORE;
        }
    }
    token->start = p;
    token->end = lx->cur;
    return T_TYPE_COMMENT;
}

/* `async` and `await` are names before Python 3.7 unless they belong to an async function. */
static GI_COLD int old_async(Lexer *lx, int kind) {
    if (lx->async_def) {
        return kind;
    }
    if (kind == T_AWAIT) {
        return T_NAME;
    }
    const char *p = lx->cur;
    while (*p == ' ' || *p == '\t' || *p == '\f') {
        p++;
    }
    if (strncmp(p, "def", 3) == 0 && !IS(p[3], C_IDENT)) {
        lx->async_def = true;
        lx->async_def_nl = false;
        lx->async_def_indent = lx->indent;
        return kind;
    }
    return T_NAME;
}

static void begin(Lexer *lx, Token *token) {
    token->start = lx->cur;
    token->lineno = lx->lineno;
    token->col = (int32_t)(lx->cur - lx->line);
}

static void finish(Lexer *lx, Token *token, int kind) {
    token->kind = (uint8_t)kind;
    token->level = (uint8_t)lx->level;
    token->end = lx->cur;
    token->end_lineno = lx->lineno;
    token->end_col = (int32_t)(lx->cur - lx->line);
}

/* A token without text: indents, dedents, the end, errors. */
static void finish_empty(Lexer *lx, Token *token, int kind) {
    begin(lx, token);
    finish(lx, token, kind);
    token->col = token->end_col = -1;
}

static void lex_end(Lexer *lx, Token *token) {
    if (lx->level > 0) {
        fail_eof(lx);
        finish_empty(lx, token, T_ERROR);
        return;
    }
    lx->touched_end = true;
    if (lx->interactive && lx->started) {
        lx->started = false;
        if ((lx->options->flags & GI_PARSE_DONT_IMPLY_DEDENT) == 0) {
            lx->pending = -lx->indent;
            lx->indent = 0;
        }
        finish_empty(lx, token, T_NEWLINE);
        return;
    }
    finish_empty(lx, token, T_ENDMARKER);
}

/* At the newline that ends a logical line; the token has begun. */
static bool lex_newline(Lexer *lx, Token *token) {
    finish(lx, token, T_NEWLINE);
    lx->cur++;
    lx->at_line_start = true;
    lx->async_def_nl = lx->async_def_nl || lx->async_def;
    return true;
}

/* The code of a line from lx->cur, which is at no blank; false if it met only a comment or a
 * continuation, so that the caller must go on. */
static bool lex_code(Lexer *lx, Token *token, bool blank) {
    char c = *lx->cur;
    begin(lx, token);
    if (c == '#') {
        int kind = lex_comment(lx, token);
        if (kind == 0) {
            if (blank || lx->level > 0 || *lx->cur != '\n') {
                return false;
            }
            /* The newline behind a comment counts from the comment on. */
            return lex_newline(lx, token);
        }
        if (kind == T_TYPE_IGNORE && blank && *lx->cur == '\n') {
            /* One on a line of its own takes the line's end with it. */
            const char *text = token->start;
            const char *text_end = token->end;
            finish(lx, token, kind);
            token->start = text;
            token->end = text_end;
            lx->cur++;
            next_line(lx);
            lx->at_line_start = true;
            return true;
        }
        const char *start = token->start;
        const char *end = token->end;
        /* The ignore counts from the word; both end where the line does. */
        finish(lx, token, kind);
        if (kind == T_TYPE_COMMENT) {
            token->col = (int32_t)(start - lx->line);
        }
        token->start = start;
        token->end = end;
        return true;
    }
    if (c == '\n') {
        lx->at_line_start = true;
        if (blank || lx->level > 0) {
            lx->cur++;
            next_line(lx);
            return false;
        }
        return lex_newline(lx, token);
    }
    if (c == '\\') {
        lx->cur++;
        if (*lx->cur == '\n' && lx->cur + 1 >= lx->end) {
            lx->cur = lx->end;
            fail_eof(lx);
        } else if (*lx->cur != '\n') {
            int32_t col = (int32_t)(lx->cur - lx->buffer) - (lx->cur >= lx->end);
            fail_at(lx, GI_DIAG_SYNTAX, false, lx->lineno, col, -1,
                    "unexpected character after line continuation character");
        } else {
            lx->cur++;
            lx->line = lx->cur;
            lx->lineno++;
            return false;
        }
        finish_empty(lx, token, T_ERROR);
        return true;
    }
    int kind;
    if (IS(c, C_START)) {
        kind = lex_name(lx, lx->cur, token);
        if (GI_UNLIKELY(lx->async_is_name && (kind == T_ASYNC || kind == T_AWAIT))) {
            kind = old_async(lx, kind);
            token->ascii = true;
        }
    } else if (IS(c, C_DIGIT) || (c == '.' && IS(lx->cur[1], C_DIGIT))) {
        kind = lex_number(lx);
    } else if (c == '"' || c == '\'') {
        kind = lex_string(lx, lx->cur);
    } else {
        lx->cur++;
        kind = lex_operator(lx, c);
    }
    finish(lx, token, kind);
    if (kind == T_ERROR) {
        token->col = token->end_col = -1;
    }
    return true;
}

void gi_lexer_next(Lexer *lx, Token *token) {
    if (GI_UNLIKELY(lx->done)) {
        finish_empty(lx, token, T_ERROR);
        return;
    }
    bool blank = false;
    for (;;) {
        if (lx->at_line_start) {
            lx->at_line_start = false;
            if (lx->cur > lx->line && lx->cur < lx->end && lx->cur[-1] == '\n') {
                next_line(lx);
            }
            if (start_line(lx, &blank) == T_ERROR) {
                finish_empty(lx, token, T_ERROR);
                return;
            }
        }
        if (lx->pending != 0) {
            bool in = lx->pending > 0;
            lx->pending += in ? -1 : 1;
            lx->started = true;
            finish_empty(lx, token, in ? T_INDENT : T_DEDENT);
            return;
        }
        if (GI_UNLIKELY(lx->async_def && !blank && lx->level == 0 && lx->async_def_nl &&
                        lx->async_def_indent >= lx->indent && *lx->cur != '\n')) {
            lx->async_def = false;
        }
        while (*lx->cur == ' ' || *lx->cur == '\t' || *lx->cur == '\f') {
            lx->cur++;
        }
        if (GI_UNLIKELY(lx->cur >= lx->end)) {
            lex_end(lx, token);
            return;
        }
        if (lex_code(lx, token, blank)) {
            lx->started = true;
            /* A token that ends with the text looked behind it to know its end. */
            lx->touched_end |= lx->cur >= lx->end && token->kind != T_NEWLINE &&
                               token->kind != T_ERROR &&
                               (token->kind != T_STRING || lx->empty_string) &&
                               !(token->end - token->start == 3 && token->kind >= T_LPAR &&
                                 token->kind < T_UNKNOWN);
            return;
        }
    }
}
