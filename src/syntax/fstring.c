/* fstring.c - f-strings as Python 3.11 has them: fields are cut out of the token's text and
 * parsed by a parser of their own, as if they stood in parentheses.
 *
 * All constants and fields of a group of adjacent literals bear the position of the whole group;
 * nodes inside a field bear their true position, as far as 3.11 knows it.
 */
#include "syntax/parser_internal.h"

#include <stdlib.h>

typedef struct {
    const Token *token;
    const char *s, *end;
    bool raw;
    GiAstPos whole;
    bool kind_u;
} Scan;

static bool field(Parser *p, Scan *f, int level, TextBuffer *pending, GiAstExpr **out);

static bool fail(Parser *p, const char *message) {
    gi_fail_last(p, GI_DIAG_SYNTAX, "%s", message);
    return false;
}

/* ---- Literal text ---------------------------------------------------------------------------- */

/* Finds the end of a run of literal text; f->s goes behind it and behind the first of a doubled
 * brace. *len is its length, *doubled tells that more text follows. */
static bool literal_run(Parser *p, Scan *f, int level, const char **start, size_t *len,
                        bool *doubled) {
    const char *s = f->s;
    *start = s;
    *doubled = false;
    while (s < f->end) {
        char c = *s++;
        if (!f->raw && c == '\\' && s < f->end) {
            c = *s++;
            if (c == 'N') {
                /* The braces of \N{name} open no field. */
                if (s < f->end && *s++ == '{') {
                    while (s < f->end && *s++ != '}') {
                    }
                }
                continue;
            }
            if (c == '{') {
                gi_parser_warn(p, false, "invalid escape sequence '\\{'", f->token->lineno,
                               f->token->col, f->token->end_lineno, f->token->end_col);
            }
        }
        if (c == '{' || c == '}') {
            if (level == 0) {
                if (s < f->end && *s == c) {
                    *len = (size_t)(s - *start);
                    f->s = s + 1;
                    *doubled = true;
                    return true;
                }
                if (c == '}') {
                    return fail(p, "f-string: single '}' is not allowed");
                }
            }
            s--;
            break;
        }
    }
    *len = (size_t)(s - *start);
    f->s = s;
    return true;
}

/* Text and fields up to the end (level 0) or the closing brace of a format specification. */
static bool pieces(Parser *p, Scan *f, int level, TextBuffer *pending) {
    for (;;) {
        const char *start;
        size_t len = 0;
        bool doubled;
        if (!literal_run(p, f, level, &start, &len, &doubled)) {
            return false;
        }
        if (len != 0) {
            size_t decoded_len;
            char *text = gi_decode_string(p, f->token, start, len, f->raw, &decoded_len);
            if (text == NULL || !gi_text_append(p, pending, text, decoded_len)) {
                return false;
            }
        }
        if (doubled) {
            continue;
        }
        if (f->s >= f->end || *f->s == '}') {
            return true;
        }
        GiAstExpr *value = NULL;
        if (!field(p, f, level, pending, &value) ||
            !gi_push_text(p, pending, f->whole, f->kind_u) || !gi_parser_push(p, value)) {
            return false;
        }
    }
}

/* ---- Fields ---------------------------------------------------------------------------------- */

/* Moves f->s to the character that ends the expression of a field: ! : = or }. */
static bool find_expr_end(Parser *p, Scan *f) {
    char quote = 0;
    int quotes = 0;
    char open[LEXER_MAX_LEVEL];
    int depth = 0;
    for (; f->s < f->end; f->s++) {
        char c = *f->s;
        if (c == '\\') {
            return fail(p, "f-string expression part cannot include a backslash");
        }
        if (quote != 0) {
            if (c == quote) {
                if (quotes == 1) {
                    quote = 0;
                } else if (f->s + 2 < f->end && f->s[1] == c && f->s[2] == c) {
                    f->s += 2;
                    quote = 0;
                }
            }
        } else if (c == '\'' || c == '"') {
            quote = c;
            quotes = 1;
            if (f->s + 2 < f->end && f->s[1] == c && f->s[2] == c) {
                quotes = 3;
                f->s += 2;
            }
        } else if (c == '[' || c == '{' || c == '(') {
            if (depth >= LEXER_MAX_LEVEL) {
                return fail(p, "f-string: too many nested parenthesis");
            }
            open[depth++] = c;
        } else if (c == '#') {
            return fail(p, "f-string expression part cannot include '#'");
        } else if (depth == 0 && memchr("!:}=<>", c, 6) != NULL) {
            if (f->s + 1 < f->end && f->s[1] == '=' && c != ':' && c != '}') {
                f->s++;
            } else if (c != '>' && c != '<') {
                break;
            }
        } else if (c == ']' || c == '}' || c == ')') {
            if (depth == 0) {
                gi_fail_last(p, GI_DIAG_SYNTAX, "f-string: unmatched '%c'", c);
                return false;
            }
            char opener = open[--depth];
            if ((opener == '(' && c != ')') || (opener == '[' && c != ']') ||
                (opener == '{' && c != '}')) {
                gi_fail_last(p, GI_DIAG_SYNTAX,
                             "f-string: closing parenthesis '%c' does not match opening "
                             "parenthesis '%c'",
                             c, opener);
                return false;
            }
        }
    }
    if (quote != 0) {
        return fail(p, "f-string: unterminated string");
    }
    if (depth != 0) {
        gi_fail_last(p, GI_DIAG_SYNTAX, "f-string: unmatched '%c'", open[depth - 1]);
        return false;
    }
    return f->s < f->end || fail(p, "f-string: expecting '}'");
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Finds line and column of the brace that opens a field. */
static void locate(const Scan *f, const char *brace, int32_t *lineno, int32_t *col) {
    const Token *t = f->token;
    bool newline_first = true;
    for (const char *s = brace + 1; s < f->end && *s != '}' && *s != '\n'; s++) {
        if (*s != ' ' && *s != '\t' && *s != '\f') {
            newline_first = false;
            break;
        }
    }
    int32_t lines = 0;
    const char *line = t->start;
    for (const char *s = t->start; s < brace; s++) {
        if (*s == '\n') {
            lines++;
            line = s + 1;
        }
    }
    int32_t cols = newline_first ? 0 : (int32_t)(brace - line);
    *lineno = t->lineno + lines;
    *col = lines != 0 ? cols : t->col + cols;
}

/* Parses s[0..len) in parentheses with the parser kept for that. */
static GiAstExpr *parse_field(Parser *p, const Scan *f, const char *brace, size_t len) {
    if (p->inner == NULL) {
        p->inner = calloc(1, sizeof *p->inner);
        if (p->inner == NULL) {
            return gi_fail_memory(p);
        }
    }
    Parser *q = p->inner;
    q->arena = p->arena;
    q->options = p->options;
    q->result = p->result;
    q->outer = p;
    q->names = p->names;
    q->feature = p->feature;
    q->max_depth = p->max_depth;
    q->warnings = p->warnings;
    q->warned_lineno = p->warned_lineno;
    q->warned_col = p->warned_col;
    locate(f, brace, &q->first_lineno, &q->first_col);
    char *text = gi_arena_alloc(p->arena, len + 4);
    if (text == NULL) {
        return gi_fail_memory(p);
    }
    text[0] = '(';
    memcpy(text + 1, brace + 1, len);
    memcpy(text + 1 + len, ")\n", 3);
    GiAstExpr *e = NULL;
    Token last = {0};
    gi_parser_start(q, text, len + 3);
    gi_parser_fetch(q);
    for (;;) {
        q->tok = q->tokens;
        q->pos = 0;
        q->depth = p->depth + BRACKET_DEPTH;
        e = q->failed ? NULL : gi_parse_star_expressions(q);
        if (e != NULL || q->failed || q->diagnose) {
            break;
        }
        last = q->tokens[q->fill - 1];
        gi_parser_second_pass(q, q->fill);
    }
    if (q->failed || e == NULL) {
        gi_fail_generic(q, &last);
        p->failed = true;
        return NULL;
    }
    return e;
}

/* The expression of a field, which ends at f->s. */
static GiAstExpr *field_expression(Parser *p, Scan *f, const char *brace) {
    const char *s = brace + 1;
    while (s < f->s && is_blank(*s)) {
        s++;
    }
    if (s == f->s) {
        if (*f->s == '!' || *f->s == ':' || *f->s == '=') {
            return gi_fail_last(p, GI_DIAG_SYNTAX, "f-string: expression required before '%c'",
                                *f->s);
        }
        return gi_fail_last(p, GI_DIAG_SYNTAX, "f-string: empty expression not allowed");
    }
    return parse_field(p, f, brace, (size_t)(f->s - brace - 1));
}

static GiAstExpr *format_spec(Parser *p, Scan *f, int level) {
    size_t from = p->sp;
    TextBuffer text = {0};
    /* PYSEM: a specification, and the text it ends with, bear the position of their own literal
     * only; fields and text before fields that of all adjacent literals. */
    const Token *t = f->token;
    GiAstPos own = {t->lineno, t->col, t->end_lineno, t->end_col};
    GiAstExpr *e = gi_parser_alloc(p, sizeof *e);
    if (e == NULL || !pieces(p, f, level + 1, &text) || !gi_push_text(p, &text, own, false) ||
        !TAKE_SEQ(p, from, &e->JoinedStr.values)) {
        return NULL;
    }
    e->kind = GI_EXPR_JoinedStr;
    e->pos = own;
    return e;
}

/* At the '{' of a field: gives its FormattedValue; the text of a `=` field goes to pending. */
static bool field(Parser *p, Scan *f, int level, TextBuffer *pending, GiAstExpr **out) {
    const char *brace = f->s;
    if (level >= 2) {
        return fail(p, "f-string: expressions nested too deeply");
    }
    f->s++;
    if (!find_expr_end(p, f)) {
        return false;
    }
    GiAstExpr *value = field_expression(p, f, brace);
    if (value == NULL) {
        return false;
    }
    bool debug = *f->s == '=';
    if (debug) {
        if (!gi_parser_feature(p, 8, "f-string: self documenting expressions are")) {
            return false;
        }
        f->s++;
        while (f->s < f->end && is_blank(*f->s)) {
            f->s++;
        }
        if (f->s >= f->end) {
            return fail(p, "f-string: expecting '}'");
        }
        size_t len = (size_t)(f->s - brace - 1);
        char *text = gi_arena_copy(p->arena, brace + 1, len);
        if (text == NULL) {
            gi_fail_memory(p);
            return false;
        }
        if (!gi_text_append(p, pending, text, len)) {
            return false;
        }
    }
    int conversion = -1;
    if (*f->s == '!') {
        f->s++;
        if (f->s >= f->end) {
            return fail(p, "f-string: expecting '}'");
        }
        conversion = (unsigned char)*f->s++;
        if (conversion != 's' && conversion != 'r' && conversion != 'a') {
            return fail(p, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
        }
    }
    GiAstExpr *spec = NULL;
    if (f->s < f->end && *f->s == ':') {
        f->s++;
        spec = f->s < f->end ? format_spec(p, f, level) : NULL;
        if (spec == NULL) {
            return p->failed ? false : fail(p, "f-string: expecting '}'");
        }
    }
    if (f->s >= f->end || *f->s != '}') {
        return fail(p, "f-string: expecting '}'");
    }
    f->s++;
    GiAstExpr *e = gi_parser_alloc(p, sizeof *e);
    if (e == NULL) {
        return false;
    }
    e->kind = GI_EXPR_FormattedValue;
    e->pos = f->whole;
    e->FormattedValue.value = value;
    e->FormattedValue.conversion = debug && conversion < 0 && spec == NULL ? 'r' : conversion;
    e->FormattedValue.format_spec = spec;
    *out = e;
    return true;
}

bool gi_parse_fstring(Parser *p, const Token *token, const char *s, size_t len, bool raw,
                      GiAstPos whole, bool kind_u, TextBuffer *pending) {
    Scan f = {.token = token, .s = s, .end = s + len, .raw = raw, .whole = whole, .kind_u = kind_u};
    return pieces(p, &f, 0, pending) &&
           (f.s >= f.end || fail(p, "f-string: unexpected end of string"));
}
