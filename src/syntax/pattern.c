/* pattern.c - match statements and their patterns. */
#include "syntax/parser_internal.h"

static GiAstPattern *closed_pattern(Parser *p);
static GiAstPattern *pattern(Parser *p);

/* ---- Literals and values --------------------------------------------------------------------- */

static bool is_imaginary(const GiAstExpr *e) {
    return e->Constant.value.kind == GI_CONST_IMAGINARY;
}

/* ['-'] NUMBER */
static GiAstExpr *signed_number(Parser *p) {
    Start start = start_here(p);
    bool minus = accept(p, T_MINUS);
    GiAstExpr *number = at(p, T_NUMBER) ? gi_parse_number(p) : NULL;
    if (number == NULL || !minus) {
        return number;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_UnaryOp, start);
    if (e != NULL) {
        e->UnaryOp.op = GI_UNARYOP_USub;
        e->UnaryOp.operand = number;
    }
    return e;
}

/* A signed number, or a sum or difference of a real and an imaginary one. */
static GiAstExpr *number_expr(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *left = signed_number(p);
    if (left == NULL || !(at(p, T_PLUS) || at(p, T_MINUS))) {
        return left;
    }
    const GiAstExpr *real = left->kind == GI_EXPR_UnaryOp ? left->UnaryOp.operand : left;
    if (is_imaginary(real)) {
        return FAIL_AT(p, real, "real number required in complex literal");
    }
    GiAstOperator op = at(p, T_PLUS) ? GI_OPERATOR_Add : GI_OPERATOR_Sub;
    advance(p);
    GiAstExpr *right = at(p, T_NUMBER) ? gi_parse_number(p) : NULL;
    if (right == NULL) {
        return NULL;
    }
    if (!is_imaginary(right)) {
        return FAIL_AT(p, right, "imaginary number required in complex literal");
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_BinOp, start);
    if (e != NULL) {
        e->BinOp.left = left;
        e->BinOp.op = op;
        e->BinOp.right = right;
    }
    return e;
}

/* NAME ('.' NAME)* */
static GiAstExpr *name_or_attr(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *e = gi_parse_atom(p);
    while (e != NULL && at(p, T_DOT)) {
        Mark m = mark(p);
        advance(p);
        GiName *attr = gi_parser_take_name(p);
        if (attr == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        GiAstExpr *longer = gi_parser_expr(p, GI_EXPR_Attribute, start);
        if (longer == NULL) {
            return NULL;
        }
        longer->Attribute.value = e;
        longer->Attribute.attr = attr;
        longer->Attribute.ctx = GI_CTX_Load;
        e = longer;
    }
    return e;
}

static GiAstPattern *match_value(Parser *p, Start start, GiAstExpr *value) {
    GiAstPattern *m = value != NULL ? gi_parser_pattern(p, GI_PATTERN_MatchValue, start) : NULL;
    if (m != NULL) {
        m->MatchValue.value = value;
    }
    return m;
}

static GiAstPattern *singleton(Parser *p, Start start, GiConstKind kind) {
    advance(p);
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchSingleton, start);
    if (m != NULL) {
        m->MatchSingleton.value.kind = (uint8_t)kind;
    }
    return m;
}

/* ---- Captures -------------------------------------------------------------------------------- */

static bool at_wildcard(const Parser *p) {
    return at_word(p, "_", 1);
}

/* A name that can be bound here, or NULL. */
static GiName *capture_target(Parser *p) {
    if (!at(p, T_NAME) || at_wildcard(p)) {
        return NULL;
    }
    int next = peek_next(p);
    if (next == T_DOT || next == T_LPAR || next == T_EQUAL) {
        return NULL;
    }
    return gi_parser_take_name(p);
}

static GiAstPattern *match_as(Parser *p, Start start, GiAstPattern *inner, GiName *name) {
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchAs, start);
    if (m != NULL) {
        m->MatchAs.pattern = inner;
        m->MatchAs.name = name;
    }
    return m;
}

/* '*' NAME, '*' '_' */
static GiAstPattern *star_pattern(Parser *p) {
    Start start = start_here(p);
    advance(p);
    GiName *name = NULL;
    if (at_wildcard(p)) {
        advance(p);
    } else {
        name = capture_target(p);
        if (name == NULL) {
            return NULL;
        }
    }
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchStar, start);
    if (m != NULL) {
        m->MatchStar.name = name;
    }
    return m;
}

/* ---- Sequences ------------------------------------------------------------------------------- */

static GiAstPattern *maybe_star(Parser *p) {
    return at(p, T_STAR) ? star_pattern(p) : pattern(p);
}

/* Pushes the patterns that follow one on the stack; the current token is a comma. */
static bool more_patterns(Parser *p) {
    while (accept(p, T_COMMA)) {
        Mark m = mark(p);
        GiAstPattern *next = maybe_star(p);
        if (next == NULL) {
            if (p->failed) {
                return false;
            }
            reset(p, &m);
            return true;
        }
        if (!gi_parser_push(p, next)) {
            return false;
        }
    }
    return !p->failed;
}

static GiAstPattern *sequence_node(Parser *p, Start start, size_t from) {
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchSequence, start);
    return m != NULL && TAKE_SEQ(p, from, &m->MatchSequence.patterns) ? m : NULL;
}

/* [ ... ] or ( ... ): a sequence, or a group. */
static GiAstPattern *bracketed(Parser *p) {
    Start start = start_here(p);
    bool square = at(p, T_LSQB);
    int close = square ? T_RSQB : T_RPAR;
    size_t from = p->sp;
    advance(p);
    if (accept(p, close)) {
        return sequence_node(p, start, from);
    }
    bool star = at(p, T_STAR);
    GiAstPattern *first = maybe_star(p);
    if (first == NULL) {
        return NULL;
    }
    if (!square && !at(p, T_COMMA)) {
        return !star && accept(p, T_RPAR) ? first : NULL;
    }
    if (!gi_parser_push(p, first) || !more_patterns(p) || !accept(p, close)) {
        return NULL;
    }
    return sequence_node(p, start, from);
}

/* ---- Mappings -------------------------------------------------------------------------------- */

/* A literal or dotted name. */
static GiAstExpr *mapping_key(Parser *p) {
    switch (p->tok->kind) {
    case T_NUMBER:
    case T_MINUS: return number_expr(p);
    case T_STRING:
    case T_NONE:
    case T_TRUE:
    case T_FALSE: return gi_parse_atom(p);
    case T_NAME: {
        GiAstExpr *e = peek_next(p) == T_DOT ? name_or_attr(p) : NULL;
        return e != NULL && e->kind == GI_EXPR_Attribute ? e : NULL;
    }
    default: return NULL;
    }
}

static bool take_pairs(Parser *p, size_t from, GiAstSeq_expr *keys, GiAstSeq_pattern *values) {
    uint32_t count = (uint32_t)((p->sp - from) / 2);
    *keys = (GiAstSeq_expr){0};
    *values = (GiAstSeq_pattern){0};
    if (count == 0) {
        return true;
    }
    keys->items = gi_parser_alloc(p, count * sizeof *keys->items);
    values->items = gi_parser_alloc(p, count * sizeof *values->items);
    if (keys->items == NULL || values->items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        keys->items[i] = p->stack[from + 2 * i];
        values->items[i] = p->stack[from + 2 * i + 1];
    }
    keys->count = values->count = count;
    p->sp = from;
    return true;
}

static GiAstPattern *mapping_pattern(Parser *p) {
    Start start = start_here(p);
    size_t from = p->sp;
    GiName *rest = NULL;
    advance(p);
    while (!at(p, T_RBRACE)) {
        if (accept(p, T_DOUBLESTAR)) {
            rest = capture_target(p);
            if (rest == NULL) {
                return NULL;
            }
            accept(p, T_COMMA);
            break;
        }
        GiAstExpr *key = mapping_key(p);
        if (key == NULL || !accept(p, T_COLON)) {
            return NULL;
        }
        GiAstPattern *value = pattern(p);
        if (value == NULL || !gi_parser_push(p, key) || !gi_parser_push(p, value)) {
            return NULL;
        }
        if (!accept(p, T_COMMA)) {
            break;
        }
    }
    if (!accept(p, T_RBRACE)) {
        return NULL;
    }
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchMapping, start);
    if (m == NULL ||
        !take_pairs(p, from, &m->MatchMapping.keys, &m->MatchMapping.patterns)) {
        return NULL;
    }
    m->MatchMapping.rest = rest;
    return m;
}

/* ---- Classes --------------------------------------------------------------------------------- */

/* Second pass, behind keyword patterns and a comma. */
static void check_class_arguments(Parser *p) {
    GiAstPattern *first = NULL;
    GiAstPattern *last = NULL;
    for (;;) {
        if (at(p, T_NAME) && peek_next(p) == T_EQUAL) {
            break;
        }
        GiAstPattern *next = pattern(p);
        if (next == NULL || p->failed) {
            break;
        }
        first = first != NULL ? first : next;
        last = next;
        if (!accept(p, T_COMMA)) {
            break;
        }
    }
    if (first != NULL && !p->failed) {
        FAIL_FROM_TO(p, first, last, "positional patterns follow keyword patterns");
    }
}

/* At the '(' behind a class. */
static GiAstPattern *class_pattern(Parser *p, Start start, GiAstExpr *cls) {
    GiAstSeq_pattern positional = {0};
    size_t from = p->sp;
    advance(p);
    bool more = true;
    while (more && !at(p, T_RPAR) && !(at(p, T_NAME) && peek_next(p) == T_EQUAL)) {
        GiAstPattern *next = pattern(p);
        if (next == NULL || !gi_parser_push(p, next)) {
            return NULL;
        }
        more = accept(p, T_COMMA);
    }
    if (!TAKE_SEQ(p, from, &positional)) {
        return NULL;
    }
    while (more && at(p, T_NAME) && peek_next(p) == T_EQUAL) {
        GiName *name = gi_parser_take_name(p);
        advance(p);
        GiAstPattern *value = pattern(p);
        if (name == NULL || value == NULL || !gi_parser_push(p, name) ||
            !gi_parser_push(p, value)) {
            return NULL;
        }
        more = accept(p, T_COMMA);
    }
    if (!accept(p, T_RPAR)) {
        if (p->diagnose && !p->failed && more && p->sp > from) {
            check_class_arguments(p);
        }
        return NULL;
    }
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchClass, start);
    GiAstSeq_expr names;
    if (m == NULL || !take_pairs(p, from, &names, &m->MatchClass.kwd_patterns)) {
        return NULL;
    }
    m->MatchClass.cls = cls;
    m->MatchClass.patterns = positional;
    m->MatchClass.kwd_attrs = (GiAstSeq_identifier){names.count, (GiName **)names.items};
    return m;
}

/* ---- Patterns -------------------------------------------------------------------------------- */

/* A pattern that begins with a name. */
static GiAstPattern *name_pattern(Parser *p) {
    Start start = start_here(p);
    if (at_wildcard(p)) {
        advance(p);
        return match_as(p, start, NULL, NULL);
    }
    GiName *name = capture_target(p);
    if (name != NULL || p->failed) {
        return name != NULL ? match_as(p, start, NULL, name) : NULL;
    }
    GiAstExpr *value = name_or_attr(p);
    if (value == NULL || at(p, T_EQUAL)) {
        return NULL;
    }
    if (at(p, T_LPAR)) {
        GiAstPattern *m = enter(p, BRACKET_DEPTH) ? class_pattern(p, start, value) : NULL;
        p->depth -= BRACKET_DEPTH;
        return m;
    }
    return value->kind == GI_EXPR_Attribute ? match_value(p, start, value) : NULL;
}

static GiAstPattern *closed_pattern(Parser *p) {
    Start start = start_here(p);
    GiAstPattern *m = NULL;
    switch (p->tok->kind) {
    case T_NUMBER:
    case T_MINUS: return match_value(p, start, number_expr(p));
    case T_STRING: return match_value(p, start, gi_parse_strings(p));
    case T_NONE: return singleton(p, start, GI_CONST_NONE);
    case T_TRUE: return singleton(p, start, GI_CONST_TRUE);
    case T_FALSE: return singleton(p, start, GI_CONST_FALSE);
    case T_NAME: return name_pattern(p);
    case T_LPAR:
    case T_LSQB:
    case T_LBRACE:
        if (enter(p, BRACKET_DEPTH)) {
            m = at(p, T_LBRACE) ? mapping_pattern(p) : bracketed(p);
        }
        p->depth -= BRACKET_DEPTH;
        return m;
    default: return NULL;
    }
}

static GiAstPattern *or_pattern(Parser *p) {
    Start start = start_here(p);
    GiAstPattern *first = closed_pattern(p);
    if (first == NULL || !at(p, T_VBAR)) {
        return first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (at(p, T_VBAR)) {
        Mark m = mark(p);
        advance(p);
        GiAstPattern *next = closed_pattern(p);
        if (next == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, next)) {
            return NULL;
        }
    }
    if (p->sp == from + 1) {
        p->sp = from;
        return first;
    }
    GiAstPattern *m = gi_parser_pattern(p, GI_PATTERN_MatchOr, start);
    return m != NULL && TAKE_SEQ(p, from, &m->MatchOr.patterns) ? m : NULL;
}

/* or_pattern ['as' NAME] */
static GiAstPattern *pattern(Parser *p) {
    Start start = start_here(p);
    GiAstPattern *inner = or_pattern(p);
    if (inner == NULL || !at(p, T_AS)) {
        return inner;
    }
    Mark m = mark(p);
    advance(p);
    GiName *name = capture_target(p);
    if (name != NULL) {
        return match_as(p, start, inner, name);
    }
    if (p->failed) {
        return NULL;
    }
    if (p->diagnose) {
        if (at_wildcard(p)) {
            return FAIL_TOKEN(p, *p->tok, "cannot use '_' as a target");
        }
        if (!at(p, T_NAME)) {
            GiAstExpr *e = gi_parse_expression(p);
            if (e != NULL && !p->failed) {
                return FAIL_AT(p, e, "invalid pattern target");
            }
        }
        if (p->failed) {
            return NULL;
        }
    }
    reset(p, &m);
    return inner;
}

/* A sequence without brackets, or one pattern. */
static GiAstPattern *patterns(Parser *p) {
    Start start = start_here(p);
    bool star = at(p, T_STAR);
    size_t from = p->sp;
    GiAstPattern *first = maybe_star(p);
    if (first == NULL || !at(p, T_COMMA)) {
        return star ? NULL : first;
    }
    if (!gi_parser_push(p, first) || !more_patterns(p)) {
        return NULL;
    }
    return sequence_node(p, start, from);
}

/* ---- match ----------------------------------------------------------------------------------- */

static GiAstMatchCase *case_block(Parser *p) {
    int32_t lineno = p->tok->lineno;
    if (!at_word(p, "case", 4)) {
        return NULL;
    }
    advance(p);
    GiAstPattern *what = patterns(p);
    GiAstExpr *guard = NULL;
    if (what == NULL) {
        return NULL;
    }
    if (at(p, T_IF)) {
        Mark m = mark(p);
        advance(p);
        guard = gi_parse_named(p);
        if (guard == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    if (!at(p, T_COLON)) {
        if (p->diagnose && at(p, T_NEWLINE)) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "expected ':'");
        }
        return NULL;
    }
    advance(p);
    GiAstSeq_stmt body;
    if (!gi_parse_block(p, "'case' statement", lineno, &body)) {
        return NULL;
    }
    GiAstMatchCase *result = gi_parser_alloc(p, sizeof *result);
    if (result != NULL) {
        result->pattern = what;
        result->guard = guard;
        result->body = body;
    }
    return result;
}

/* What is matched: a tuple without brackets or a named expression. */
static GiAstExpr *subject(Parser *p) {
    Start start = start_here(p);
    bool star = at(p, T_STAR);
    GiAstExpr *first = gi_parse_star_named(p);
    if (first == NULL || !at(p, T_COMMA)) {
        return star ? NULL : first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (accept(p, T_COMMA) && (gi_starts_expr[p->tok->kind] || at(p, T_STAR))) {
        Mark m = mark(p);
        GiAstExpr *e = gi_parse_star_named(p);
        if (e == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, e)) {
            return NULL;
        }
    }
    GiAstExpr *tuple = gi_parser_expr(p, GI_EXPR_Tuple, start);
    if (tuple == NULL || !TAKE_SEQ(p, from, &tuple->Tuple.elts)) {
        return NULL;
    }
    tuple->Tuple.ctx = GI_CTX_Load;
    return tuple;
}

GiAstStmt *gi_parse_match(Parser *p) {
    Start start = start_here(p);
    int next = peek_next(p);
    if (!gi_starts_expr[next] && next != T_STAR) {
        return NULL;
    }
    advance(p);
    GiAstExpr *what = subject(p);
    if (what == NULL) {
        return NULL;
    }
    if (!at(p, T_COLON)) {
        if (p->diagnose && at(p, T_NEWLINE) &&
            gi_parser_feature(p, 10, "Pattern matching is")) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "expected ':'");
        }
        return NULL;
    }
    advance(p);
    if (!at(p, T_NEWLINE)) {
        return NULL;
    }
    advance(p);
    if (!at(p, T_INDENT)) {
        if (p->diagnose) {
            gi_fail_last(p, GI_DIAG_INDENTATION,
                         "expected an indented block after 'match' statement on line %d",
                         (int)start.lineno);
        }
        return NULL;
    }
    if (!enter(p, 1)) {
        return NULL;
    }
    advance(p);
    size_t from = p->sp;
    do {
        GiAstMatchCase *one = case_block(p);
        if (one == NULL || !gi_parser_push(p, one)) {
            return NULL;
        }
    } while (!at(p, T_DEDENT));
    advance(p);
    p->depth--;
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Match, start);
    if (s == NULL || !TAKE_SEQ(p, from, &s->Match.cases) ||
        !gi_parser_feature(p, 10, "Pattern matching is")) {
        return NULL;
    }
    s->Match.subject = what;
    return s;
}
