/* diagnose.c - how errors of the front end get their place, text and wording.
 *
 * The first error set wins; the exceptions are in gi_prefer_lexer_error. Columns come in as
 * bytes and leave as characters counted from 1. Inside a field of an f-string the text shown is
 * the field in parentheses, and columns count in it.
 */
#include "syntax/parser_internal.h"

#include <stdarg.h>
#include <stdio.h>

#include "syntax/chars.h"

void *gi_fail_memory(Parser *p) {
    if (!p->failed) {
        p->failed = true;
        p->result->error = (GiDiagnostic){.kind = GI_DIAG_MEMORY, .message = ""};
    }
    return NULL;
}

/* The text of line `lineno` (in p's own counting, from 1), without its newline. */
static const char *find_line(const Parser *p, int32_t lineno, size_t *len) {
    const char *line = p->text;
    const char *end = p->text + p->text_len;
    for (int32_t n = 1; n < lineno; n++) {
        const char *eol = memchr(line, '\n', (size_t)(end - line));
        if (eol == NULL) {
            break;
        }
        line = eol + 1;
    }
    const char *eol = memchr(line, '\n', (size_t)(end - line));
    *len = (size_t)((eol != NULL ? eol : end) - line);
    return line;
}

static int chars_before(const char *line, size_t len, int32_t col) {
    return (int)gi_chars_count(line, line + GI_MIN(len, (size_t)GI_MAX(col, 0)));
}

/* Is the line the one the lexer is in? */
static bool is_lexer_line(const Parser *p, int32_t lineno) {
    return lineno - p->first_lineno + 1 >= p->lexer.lineno;
}

/* The text shown for an error in a line. PYSEM: for the line where the lexer stands it begins
 * where that line's first token began, and has its newline. */
static const char *shown_line(const Parser *p, int32_t lineno, size_t *len) {
    if (!is_lexer_line(p, lineno)) {
        return find_line(p, lineno - p->first_lineno + 1, len);
    }
    const Lexer *lx = &p->lexer;
    if (lx->error.in_string) {
        *len = (size_t)(lx->end - lx->buffer);
        return lx->buffer;
    }
    const char *eol = lx->cur > lx->line && lx->cur[-1] == '\n'
                          ? lx->cur - 1
                          : memchr(lx->cur, '\n', (size_t)(lx->end - lx->cur));
    *len = (size_t)((eol != NULL ? eol + 1 : lx->end) - lx->buffer);
    return lx->buffer;
}

static void set_text(Parser *p, GiDiagnostic *d, const char *text, size_t len) {
    d->text = gi_arena_copy(p->arena, text, len);
    d->text_len = d->text != NULL ? len : 0;
}

static const char *format_message(Parser *p, const char *format, va_list args) {
    char buffer[512];
    int n = vsnprintf(buffer, sizeof buffer, format, args);
    if (n < 0) {
        return format;
    }
    const char *prefix = p->outer != NULL ? "f-string: " : "";
    const char *message = gi_syntax_format(p->arena, "%s%s", prefix, buffer);
    return message != NULL ? message : format;
}

/* Turns byte columns of two lines into a diagnostic's offsets. */
static void place(Parser *p, GiDiagnostic *d, int32_t lineno, int32_t col, int32_t end_lineno,
                  int32_t end_col) {
    size_t len;
    int32_t shift = p->outer != NULL ? p->first_col : 0;
    const char *line = shown_line(p, lineno, &len);
    set_text(p, d, line, len);
    d->lineno = lineno;
    d->offset = col < 0 ? 0 : chars_before(line, len, col - shift) + 1;
    if (end_col == END_AT_LEXER) {
        const Lexer *lx = &p->lexer;
        d->end_lineno = lx->lineno + p->first_lineno - 1;
        d->end_offset = (int)gi_chars_count(lx->line, lx->cur);
        return;
    }
    d->end_lineno = end_lineno;
    d->end_offset = 0;
    if (end_col >= 0) {
        /* PYSEM: counted in the first line's text, wherever the end is. */
        d->end_offset = chars_before(line, len, end_col - shift) + 1;
    }
}

void *gi_fail_range(Parser *p, int32_t lineno, int32_t col, int32_t end_lineno, int32_t end_col,
                    const char *format, ...) {
    if (p->failed) {
        return NULL;
    }
    p->failed = true;
    va_list args;
    va_start(args, format);
    GiDiagnostic d = {.kind = GI_DIAG_SYNTAX, .message = format_message(p, format, args)};
    va_end(args);
    place(p, &d, lineno, col, end_lineno, end_col);
    p->result->error = d;
    return NULL;
}

void *gi_fail_last(Parser *p, GiDiagKind kind, const char *format, ...) {
    if (p->failed) {
        return NULL;
    }
    va_list args;
    va_start(args, format);
    GiDiagnostic d = {.kind = kind, .message = format_message(p, format, args)};
    va_end(args);
    p->failed = true;
    const Token *last = &p->tokens[p->fill - 1];
    if (last->col < 0) {
        d.lineno = d.end_lineno = last->lineno;
        d.offset = (int)gi_chars_count(p->lexer.line, p->lexer.cur);
        d.end_offset = -1;
        size_t len;
        const char *line = shown_line(p, last->lineno, &len);
        set_text(p, &d, line, len);
    } else {
        place(p, &d, last->lineno, last->col, last->end_lineno, last->end_col);
    }
    p->result->error = d;
    return NULL;
}

/* The innermost bracket that is open where the lexer stands was never closed. */
static void fail_unclosed(Parser *p) {
    const OpenBracket *open = &p->lexer.open[p->lexer.level - 1];
    int32_t shift = open->lineno == 1 ? p->first_col : 0;
    int32_t lineno = open->lineno + p->first_lineno - 1;
    gi_fail_range(p, lineno, open->col + shift, lineno, END_UNKNOWN, "'%c' was never closed",
                  open->bracket);
}

void gi_fail_lexer(Parser *p) {
    const LexError *error = &p->lexer.error;
    if (p->failed) {
        return;
    }
    if (error->kind == GI_DIAG_NONE || error->kind == GI_DIAG_MEMORY || error->message == NULL) {
        gi_fail_memory(p);
        return;
    }
    if (error->at_eof && p->lexer.level > 0) {
        fail_unclosed(p);
        return;
    }
    p->failed = true;
    size_t len;
    int32_t lineno = error->lineno + p->first_lineno - 1;
    const char *line = error->settled ? find_line(p, error->lineno, &len)
                                      : shown_line(p, lineno, &len);
    GiDiagnostic d = {.kind = error->kind, .message = error->message};
    d.lineno = lineno;
    d.end_lineno = error->end_lineno + p->first_lineno - 1;
    d.offset = chars_before(line, len, error->col);
    if (error->settled) {
        d.end_offset = chars_before(line, len, error->end_col);
        if (error->in_bytes) {
            d.offset = error->col;
            d.end_offset = error->end_col;
        }
    } else if (error->end_col == LEX_END_BEHIND) {
        d.end_offset = -1;
    } else {
        d.offset++;
    }
    set_text(p, &d, line, len);
    p->result->error = d;
}

void gi_prefer_lexer_error(Parser *p) {
    if (p->lexer.done || p->fill == 0) {
        return;
    }
    int32_t error_line = p->tokens[p->fill - 1].lineno - p->first_lineno + 1;
    Token token;
    do {
        gi_lexer_next(&p->lexer, &token);
    } while (token.kind != T_ERROR && token.kind != T_ENDMARKER);
    if (token.kind != T_ERROR) {
        return;
    }
    if (p->lexer.error.settled) {
        p->failed = false;
        gi_fail_lexer(p);
    } else if (p->lexer.level > 0 && error_line > p->lexer.open[p->lexer.level - 1].lineno) {
        p->failed = false;
        fail_unclosed(p);
    }
}

void gi_fail_generic(Parser *p, const Token *last) {
    GiDiagKind kind = p->result->error.kind;
    if (p->failed) {
        if (kind == GI_DIAG_SYNTAX || kind == GI_DIAG_INDENTATION || kind == GI_DIAG_TAB) {
            gi_prefer_lexer_error(p);
        }
        return;
    }
    if (last->kind == T_INDENT || last->kind == T_DEDENT) {
        gi_fail_last(p, GI_DIAG_INDENTATION,
                     last->kind == T_INDENT ? "unexpected indent" : "unexpected unindent");
        return;
    }
    FAIL_TOKEN(p, *last, "invalid syntax");
    gi_prefer_lexer_error(p);
}

void gi_parser_warn(Parser *p, bool syntax, const char *message, int32_t lineno, int32_t col,
                    int32_t end_lineno, int32_t end_col) {
    /* Text parsed twice gives its warnings once: they come in order of the text. */
    if (lineno < p->warned_lineno ||
        (lineno == p->warned_lineno && col <= p->warned_col)) {
        return;
    }
    p->warned_lineno = lineno;
    p->warned_col = col;
    GiParseWarning *warning = gi_parser_alloc(p, sizeof *warning);
    if (warning == NULL) {
        return;
    }
    warning->is_syntax = syntax;
    warning->message = message;
    warning->lineno = lineno;
    warning->as_error = (GiDiagnostic){.kind = GI_DIAG_SYNTAX, .message = message};
    place(p, &warning->as_error, lineno, col, end_lineno, end_col);
    if (syntax) {
        size_t len;
        const char *line = find_line(p, lineno - p->first_lineno + 1, &len);
        set_text(p, &warning->as_error, line, len);
    }
    while (*p->warnings != NULL) {
        p->warnings = &(*p->warnings)->next;
    }
    *p->warnings = warning;
    p->warnings = &warning->next;
}

bool gi_parser_feature(Parser *p, int minor, const char *what) {
    if (GI_LIKELY(p->feature >= minor)) {
        return true;
    }
    gi_fail_last(p, GI_DIAG_SYNTAX, "%s only supported in Python 3.%d and greater", what, minor);
    return false;
}

/* ---- Targets --------------------------------------------------------------------------------- */

static const GiAstExpr *invalid_item(const GiAstSeq_expr *items, TargetUse use) {
    for (uint32_t i = 0; i < items->count; i++) {
        const GiAstExpr *bad = gi_invalid_target(items->items[i], use);
        if (bad != NULL) {
            return bad;
        }
    }
    return NULL;
}

const GiAstExpr *gi_invalid_target(const GiAstExpr *e, TargetUse use) {
    switch (e->kind) {
    case GI_EXPR_List: return invalid_item(&e->List.elts, use);
    case GI_EXPR_Tuple: return invalid_item(&e->Tuple.elts, use);
    case GI_EXPR_Starred:
        return use == TARGET_DELETE ? e : gi_invalid_target(e->Starred.value, use);
    case GI_EXPR_Compare:
        /* `for x in y` lacks its colon: the target is x. */
        if (use == TARGET_FOR) {
            return e->Compare.ops.items[0] == GI_CMPOP_In
                       ? gi_invalid_target(e->Compare.left, use)
                       : NULL;
        }
        return e;
    case GI_EXPR_Name:
    case GI_EXPR_Subscript:
    case GI_EXPR_Attribute: return NULL;
    default: return e;
    }
}

void gi_fail_target(Parser *p, const GiAstExpr *e, TargetUse use) {
    const GiAstExpr *bad = gi_invalid_target(e, use);
    if (bad != NULL) {
        FAIL_AT(p, bad, "cannot %s %s", use == TARGET_DELETE ? "delete" : "assign to",
                gi_expr_noun(bad));
    }
}

const char *gi_expr_noun(const GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_Attribute: return "attribute";
    case GI_EXPR_Subscript: return "subscript";
    case GI_EXPR_Starred: return "starred";
    case GI_EXPR_Name: return "name";
    case GI_EXPR_List: return "list";
    case GI_EXPR_Tuple: return "tuple";
    case GI_EXPR_Lambda: return "lambda";
    case GI_EXPR_Call: return "function call";
    case GI_EXPR_BoolOp:
    case GI_EXPR_BinOp:
    case GI_EXPR_UnaryOp: return "expression";
    case GI_EXPR_GeneratorExp: return "generator expression";
    case GI_EXPR_Yield:
    case GI_EXPR_YieldFrom: return "yield expression";
    case GI_EXPR_Await: return "await expression";
    case GI_EXPR_ListComp: return "list comprehension";
    case GI_EXPR_SetComp: return "set comprehension";
    case GI_EXPR_DictComp: return "dict comprehension";
    case GI_EXPR_Dict: return "dict literal";
    case GI_EXPR_Set: return "set display";
    case GI_EXPR_JoinedStr:
    case GI_EXPR_FormattedValue: return "f-string expression";
    case GI_EXPR_Compare: return "comparison";
    case GI_EXPR_IfExp: return "conditional expression";
    case GI_EXPR_NamedExpr: return "named expression";
    case GI_EXPR_Constant:
        switch (e->Constant.value.kind) {
        case GI_CONST_NONE: return "None";
        case GI_CONST_TRUE: return "True";
        case GI_CONST_FALSE: return "False";
        case GI_CONST_ELLIPSIS: return "ellipsis";
        default: return "literal";
        }
    default: return "expression";
    }
}
