/* atom.c - names, constants and everything in brackets; comprehensions. */
#include "syntax/parser_internal.h"

static GiAstExpr *constant(Parser *p, GiConstKind kind) {
    Start start = start_here(p);
    advance(p);
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Constant, start);
    if (e != NULL) {
        e->Constant.value.kind = kind;
    }
    return e;
}

static GiAstExpr *name(Parser *p) {
    Start start = start_here(p);
    GiName *id = gi_parser_take_name(p);
    GiAstExpr *e = id != NULL ? gi_parser_expr(p, GI_EXPR_Name, start) : NULL;
    if (e != NULL) {
        e->Name.id = id;
        e->Name.ctx = GI_CTX_Load;
    }
    return e;
}

/* ---- Sequences of elements ------------------------------------------------------------------- */

/* Pushes the elements that follow the first, which is on the stack; the current token is a
 * comma. Leaves the last comma's token in *comma. False: an error. */
static bool more_elements(Parser *p, Token *comma) {
    while (at(p, T_COMMA)) {
        *comma = *p->tok;
        advance(p);
        Mark m = mark(p);
        if (!gi_starts_expr[p->tok->kind] && !at(p, T_STAR)) {
            break;
        }
        GiAstExpr *e = gi_parse_star_named(p);
        if (e == NULL) {
            if (p->failed) {
                return false;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, e)) {
            return false;
        }
    }
    return !p->failed;
}

/* ---- Comprehensions -------------------------------------------------------------------------- */

/* Second pass, at the target of a `for` that did not parse. */
static void check_for_target(Parser *p) {
    GiAstExpr *e = gi_parse_star_expressions(p);
    if (e != NULL && !p->failed) {
        gi_fail_target(p, e, TARGET_FOR);
    }
}

static GiAstComprehension *for_if_clause(Parser *p) {
    bool is_async = accept(p, T_ASYNC);
    advance(p);
    Mark m = mark(p);
    GiAstExpr *target = gi_parse_star_targets(p);
    if (target == NULL || !at(p, T_IN)) {
        if (p->diagnose && !p->failed) {
            reset(p, &m);
            check_for_target(p);
        }
        return NULL;
    }
    advance(p);
    GiAstExpr *iter = gi_parse_disjunction(p);
    if (iter == NULL) {
        return NULL;
    }
    size_t from = p->sp;
    while (at(p, T_IF)) {
        m = mark(p);
        advance(p);
        GiAstExpr *test = gi_parse_disjunction(p);
        if (test == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, test)) {
            return NULL;
        }
    }
    if (is_async && !gi_parser_feature(p, 6, "Async comprehensions are")) {
        return NULL;
    }
    GiAstComprehension *clause = gi_parser_alloc(p, sizeof *clause);
    if (clause == NULL || !TAKE_SEQ(p, from, &clause->ifs)) {
        return NULL;
    }
    clause->target = target;
    clause->iter = iter;
    clause->is_async = is_async;
    return clause;
}

bool gi_parse_for_if_clauses(Parser *p, GiAstSeq_comprehension *clauses) {
    size_t from = p->sp;
    while (at_for(p)) {
        Mark m = mark(p);
        GiAstComprehension *clause = for_if_clause(p);
        if (clause == NULL) {
            if (p->failed || p->sp == from) {
                return false;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, clause)) {
            return false;
        }
    }
    return p->sp > from && TAKE_SEQ(p, from, clauses);
}

const GiAstExpr *gi_last_of_clauses(const GiAstSeq_comprehension *clauses) {
    const GiAstComprehension *last = clauses->items[clauses->count - 1];
    return last->ifs.count != 0 ? last->ifs.items[last->ifs.count - 1] : last->iter;
}

/* Second pass, at an opening bracket: a starred element or a target without parentheses in a
 * comprehension. Without such a mistake the position is as before. */
void gi_check_comprehension(Parser *p) {
    Mark open = mark(p);
    bool paren = at(p, T_LPAR);
    GiAstSeq_comprehension clauses;
    advance(p);
    Mark m = mark(p);
    if (at(p, T_STAR)) {
        Token star = *p->tok;
        advance(p);
        GiAstExpr *value = gi_parse_expression(p);
        GiAstPos end = p->end_of_last;
        if (value != NULL && !p->failed && at_for(p) && gi_parse_for_if_clauses(p, &clauses) &&
            !p->failed) {
            gi_fail_range(p, star.lineno, star.col, end.end_lineno, end.end_col_offset,
                          "iterable unpacking cannot be used in comprehension");
        }
        if (p->failed) {
            return;
        }
        reset(p, &m);
    }
    size_t from = p->sp;
    GiAstExpr *first = paren ? NULL : gi_parse_star_named(p);
    if (first != NULL && !p->failed && at(p, T_COMMA)) {
        Token comma;
        if (gi_parser_push(p, first) && more_elements(p, &comma)) {
            size_t count = p->sp - from;
            const GiAstExpr *last = p->stack[p->sp - 1];
            if (at_for(p) && gi_parse_for_if_clauses(p, &clauses) && !p->failed) {
                GiAstPos end = last->pos;
                gi_fail_range(p, first->pos.lineno, first->pos.col_offset,
                              count > 1 ? end.end_lineno : comma.end_lineno,
                              count > 1 ? end.end_col_offset : comma.end_col,
                              "did you forget parentheses around the comprehension target?");
            }
        }
    }
    if (!p->failed) {
        reset(p, &open);
    }
}

/* Second pass, from a starred first element in parentheses on: (*x), or a mistake in x. */
static void check_starred_group(Parser *p, const Mark *at_star) {
    Start start = {p->tokens[at_star->pos].lineno, p->tokens[at_star->pos].col};
    reset(p, at_star);
    advance(p);
    GiAstExpr *value = gi_parse_expression(p);
    if (value != NULL && !p->failed && at(p, T_RPAR)) {
        gi_fail_range(p, start.lineno, start.col, value->pos.end_lineno,
                      p->end_of_last.end_col_offset, "cannot use starred expression here");
    }
}

/* ---- Tuples, groups, lists ------------------------------------------------------------------- */

static GiAstExpr *tuple_rest(Parser *p, Start start, GiAstExpr *first) {
    size_t from = p->sp;
    Token comma;
    if (!gi_parser_push(p, first) || !more_elements(p, &comma) || !accept(p, T_RPAR)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Tuple, start);
    if (e == NULL || !TAKE_SEQ(p, from, &e->Tuple.elts)) {
        return NULL;
    }
    e->Tuple.ctx = GI_CTX_Load;
    return e;
}

static GiAstExpr *genexp_rest(Parser *p, Start start, GiAstExpr *elt) {
    GiAstSeq_comprehension clauses;
    if (!gi_parse_for_if_clauses(p, &clauses) || !accept(p, T_RPAR)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_GeneratorExp, start);
    if (e != NULL) {
        e->GeneratorExp.elt = elt;
        e->GeneratorExp.generators = clauses;
    }
    return e;
}

static GiAstExpr *parenthesised(Parser *p) {
    Start start = start_here(p);
    advance(p);
    if (accept(p, T_RPAR)) {
        GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Tuple, start);
        if (e != NULL) {
            e->Tuple.ctx = GI_CTX_Load;
        }
        return e;
    }
    if (at(p, T_YIELD)) {
        GiAstExpr *e = gi_parse_yield(p);
        return e != NULL && accept(p, T_RPAR) ? e : NULL;
    }
    if (at(p, T_DOUBLESTAR)) {
        Token stars = *p->tok;
        if (!p->diagnose) {
            return NULL;
        }
        advance(p);
        if (gi_parse_expression(p) != NULL && at(p, T_RPAR)) {
            FAIL_TOKEN(p, stars, "cannot use double starred expression here");
        }
        return NULL;
    }
    bool star = at(p, T_STAR);
    Mark m = mark(p);
    GiAstExpr *first = gi_parse_star_named(p);
    if (first != NULL && at(p, T_COMMA)) {
        GiAstExpr *tuple = tuple_rest(p, start, first);
        if (tuple != NULL || !star) {
            return tuple;
        }
        first = NULL;
    }
    if (first != NULL && !star && at(p, T_RPAR)) {
        advance(p);
        return first;
    }
    if (first != NULL && !star && at_for(p)) {
        return genexp_rest(p, start, first);
    }
    if (star && p->diagnose && !p->failed) {
        check_starred_group(p, &m);
    }
    return NULL;
}

static GiAstExpr *list(Parser *p) {
    Start start = start_here(p);
    size_t from = p->sp;
    advance(p);
    if (!at(p, T_RSQB)) {
        bool star = at(p, T_STAR);
        GiAstExpr *first = gi_parse_star_named(p);
        if (first == NULL) {
            return NULL;
        }
        if (!star && at_for(p)) {
            GiAstSeq_comprehension clauses;
            if (!gi_parse_for_if_clauses(p, &clauses) || !accept(p, T_RSQB)) {
                return NULL;
            }
            GiAstExpr *e = gi_parser_expr(p, GI_EXPR_ListComp, start);
            if (e != NULL) {
                e->ListComp.elt = first;
                e->ListComp.generators = clauses;
            }
            return e;
        }
        Token comma;
        if (!gi_parser_push(p, first) || !more_elements(p, &comma)) {
            return NULL;
        }
    }
    if (!accept(p, T_RSQB)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_List, start);
    if (e == NULL || !TAKE_SEQ(p, from, &e->List.elts)) {
        return NULL;
    }
    e->List.ctx = GI_CTX_Load;
    return e;
}

/* ---- Dictionaries and sets ------------------------------------------------------------------- */

static GiAstExpr *set_rest(Parser *p, Start start, GiAstExpr *first, bool star) {
    size_t from = p->sp;
    if (!star && at_for(p)) {
        GiAstSeq_comprehension clauses;
        if (!gi_parse_for_if_clauses(p, &clauses) || !accept(p, T_RBRACE)) {
            return NULL;
        }
        GiAstExpr *e = gi_parser_expr(p, GI_EXPR_SetComp, start);
        if (e != NULL) {
            e->SetComp.elt = first;
            e->SetComp.generators = clauses;
        }
        return e;
    }
    Token comma;
    if (!gi_parser_push(p, first) || !more_elements(p, &comma)) {
        return NULL;
    }
    if (!accept(p, T_RBRACE)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Set, start);
    return e != NULL && TAKE_SEQ(p, from, &e->Set.elts) ? e : NULL;
}

/* At the ':' behind a key: its value is missing or starred. PYSEM: these mistakes in dictionary
 * displays are reported in the first pass already, before mistakes inside keys and values. */
static void check_dict_value(Parser *p) {
    Token colon = *p->tok;
    advance(p);
    if (at(p, T_STAR)) {
        Token star = *p->tok;
        advance(p);
        if (gi_parse_bitwise_or(p) != NULL && !p->failed) {
            gi_fail_range(p, star.lineno, star.col, star.lineno, END_AT_LEXER,
                          "cannot use a starred expression in a dictionary value");
        }
    } else if (at(p, T_RBRACE) || at(p, T_COMMA)) {
        FAIL_TOKEN(p, colon, "expression expected after dictionary key and ':'");
    }
}

/* A pair, pushed as key (NULL for **) and value. With a key already parsed: at its ':'. */
static bool dict_pair(Parser *p, GiAstExpr *key) {
    GiAstExpr *value;
    if (key == NULL && accept(p, T_DOUBLESTAR)) {
        value = gi_parse_bitwise_or(p);
    } else {
        if (key == NULL && (key = gi_parse_expression(p)) == NULL) {
            return false;
        }
        if (!at(p, T_COLON)) {
            gi_fail_range(p, key->pos.lineno, key->pos.end_col_offset - 1, key->pos.end_lineno,
                          END_UNKNOWN, "':' expected after dictionary key");
            return false;
        }
        Mark colon = mark(p);
        advance(p);
        value = gi_parse_expression(p);
        if (value == NULL && !p->failed) {
            reset(p, &colon);
            check_dict_value(p);
        }
    }
    return value != NULL && gi_parser_push(p, key) && gi_parser_push(p, value);
}

static GiAstExpr *dict_comprehension(Parser *p, Start start, size_t from, const Token *open) {
    GiAstSeq_comprehension clauses;
    GiAstExpr *key = p->stack[from];
    GiAstExpr *value = p->stack[from + 1];
    if (key == NULL && !p->diagnose) {
        return NULL;
    }
    if (!gi_parse_for_if_clauses(p, &clauses) || !at(p, T_RBRACE)) {
        return NULL;
    }
    if (key == NULL) {
        return FAIL_TOKEN(p, *open, "dict unpacking cannot be used in dict comprehension");
    }
    advance(p);
    p->sp = from;
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_DictComp, start);
    if (e != NULL) {
        e->DictComp.key = key;
        e->DictComp.value = value;
        e->DictComp.generators = clauses;
    }
    return e;
}

/* The pairs on the stack as a Dict, whose closing brace is passed. */
static GiAstExpr *dict_node(Parser *p, Start start, size_t from) {
    uint32_t count = (uint32_t)((p->sp - from) / 2);
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Dict, start);
    if (e == NULL || count == 0) {
        return e;
    }
    GiAstExpr **keys = gi_parser_alloc(p, count * sizeof *keys);
    GiAstExpr **values = gi_parser_alloc(p, count * sizeof *values);
    if (keys == NULL || values == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        keys[i] = p->stack[from + 2 * i];
        values[i] = p->stack[from + 2 * i + 1];
    }
    p->sp = from;
    e->Dict.keys = (GiAstSeq_expr){count, keys};
    e->Dict.values = (GiAstSeq_expr){count, values};
    return e;
}

static GiAstExpr *dict_rest(Parser *p, Start start, GiAstExpr *key) {
    size_t from = p->sp;
    Token open = *p->tok;
    if (!dict_pair(p, key)) {
        return NULL;
    }
    if (at_for(p)) {
        return dict_comprehension(p, start, from, &open);
    }
    while (accept(p, T_COMMA) && !at(p, T_RBRACE)) {
        Mark m = mark(p);
        if (!dict_pair(p, NULL)) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
    }
    if (!accept(p, T_RBRACE)) {
        return NULL;
    }
    return dict_node(p, start, from);
}

static GiAstExpr *braces(Parser *p) {
    Start start = start_here(p);
    advance(p);
    if (accept(p, T_RBRACE)) {
        return gi_parser_expr(p, GI_EXPR_Dict, start);
    }
    if (at(p, T_DOUBLESTAR)) {
        return dict_rest(p, start, NULL);
    }
    if (at(p, T_STAR) || (at(p, T_NAME) && peek_next(p) == T_COLONEQUAL)) {
        bool star = at(p, T_STAR);
        GiAstExpr *first = gi_parse_star_named(p);
        return first != NULL ? set_rest(p, start, first, star) : NULL;
    }
    int pos = p->pos;
    GiAstExpr *first = gi_parse_expression(p);
    if (first == NULL) {
        return NULL;
    }
    if (at(p, T_COLON)) {
        return dict_rest(p, start, first);
    }
    first = gi_parse_named_rest(p, pos, first);
    return first != NULL ? set_rest(p, start, first, false) : NULL;
}

/* ---- Atoms ----------------------------------------------------------------------------------- */

static GiAstExpr *bracketed(Parser *p) {
    GiAstExpr *e = NULL;
    Mark m = mark(p);
    if (enter(p, BRACKET_DEPTH)) {
        e = at(p, T_LPAR) ? parenthesised(p) : at(p, T_LSQB) ? list(p) : braces(p);
        if (GI_UNLIKELY(e == NULL && p->diagnose && !p->failed)) {
            reset(p, &m);
            gi_check_comprehension(p);
        }
    }
    p->depth = m.depth;
    return e;
}

GiAstExpr *gi_parse_atom(Parser *p) {
    switch (p->tok->kind) {
    case T_NAME: return name(p);
    case T_NUMBER: return gi_parse_number(p);
    case T_STRING: return gi_parse_strings(p);
    case T_TRUE: return constant(p, GI_CONST_TRUE);
    case T_FALSE: return constant(p, GI_CONST_FALSE);
    case T_NONE: return constant(p, GI_CONST_NONE);
    case T_ELLIPSIS: return constant(p, GI_CONST_ELLIPSIS);
    case T_LPAR:
    case T_LSQB:
    case T_LBRACE:
        return bracketed(p);
    default: return NULL;
    }
}
