/* compound.c - statements that have blocks, except match (pattern.c). */
#include "syntax/parser_internal.h"

/* Passes a token that must be here even in the first pass. */
static bool force(Parser *p, int kind, const char *text) {
    if (at(p, kind)) {
        advance(p);
        return true;
    }
    if (!p->failed) {
        FAIL_TOKEN(p, *p->tok, "expected '%s'", text);
    }
    return false;
}

/* Passes the ':' of a statement; the second pass tells if the line just ends instead. */
static bool colon(Parser *p) {
    if (at(p, T_COLON)) {
        advance(p);
        return true;
    }
    if (p->diagnose && at(p, T_NEWLINE)) {
        gi_fail_last(p, GI_DIAG_SYNTAX, "expected ':'");
    }
    return false;
}

bool gi_parse_block(Parser *p, const char *what, int32_t lineno, GiAstSeq_stmt *body) {
    size_t from = p->sp;
    if (!at(p, T_NEWLINE)) {
        return gi_parse_simple_line(p) && TAKE_SEQ(p, from, body);
    }
    advance(p);
    if (!at(p, T_INDENT)) {
        if (p->diagnose) {
            gi_fail_last(p, GI_DIAG_INDENTATION, "expected an indented block after %s on line %d",
                         what, (int)lineno);
        }
        return false;
    }
    if (!enter(p, 1)) {
        return false;
    }
    advance(p);
    do {
        if (!gi_parse_statement(p)) {
            return false;
        }
    } while (!at(p, T_DEDENT));
    advance(p);
    p->depth--;
    return TAKE_SEQ(p, from, body);
}

static bool else_block(Parser *p, GiAstSeq_stmt *body) {
    *body = (GiAstSeq_stmt){0};
    if (!at(p, T_ELSE)) {
        return true;
    }
    int32_t lineno = p->tok->lineno;
    advance(p);
    return force(p, T_COLON, ":") && gi_parse_block(p, "'else' statement", lineno, body);
}

/* ---- if, while, for -------------------------------------------------------------------------- */

/* At `if` or `elif`. */
static GiAstStmt *if_statement(Parser *p) {
    Start start = start_here(p);
    bool elif = at(p, T_ELIF);
    advance(p);
    GiAstExpr *test = gi_parse_named(p);
    GiAstSeq_stmt body;
    GiAstSeq_stmt orelse = {0};
    if (test == NULL || !colon(p) ||
        !gi_parse_block(p, elif ? "'elif' statement" : "'if' statement", start.lineno, &body)) {
        return NULL;
    }
    if (at(p, T_ELIF)) {
        size_t from = p->sp;
        GiAstStmt *next = enter(p, 1) ? if_statement(p) : NULL;
        p->depth--;
        if (next == NULL || !gi_parser_push(p, next) || !TAKE_SEQ(p, from, &orelse)) {
            return NULL;
        }
    } else if (!else_block(p, &orelse)) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_If, start);
    if (s != NULL) {
        s->If.test = test;
        s->If.body = body;
        s->If.orelse = orelse;
    }
    return s;
}

static GiAstStmt *while_statement(Parser *p) {
    Start start = start_here(p);
    advance(p);
    GiAstExpr *test = gi_parse_named(p);
    GiAstSeq_stmt body, orelse;
    if (test == NULL || !colon(p) ||
        !gi_parse_block(p, "'while' statement", start.lineno, &body) || !else_block(p, &orelse)) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_While, start);
    if (s != NULL) {
        s->While.test = test;
        s->While.body = body;
        s->While.orelse = orelse;
    }
    return s;
}

/* At `for`; start is at `async` if that came before. */
static GiAstStmt *for_statement(Parser *p, Start start, bool is_async) {
    int32_t lineno = p->tok->lineno;
    advance(p);
    Mark m = mark(p);
    GiAstExpr *target = gi_parse_star_targets(p);
    if (target == NULL || !at(p, T_IN)) {
        if (p->diagnose && !p->failed) {
            reset(p, &m);
            GiAstExpr *e = gi_parse_star_expressions(p);
            if (e != NULL && !p->failed) {
                gi_fail_target(p, e, TARGET_FOR);
            }
        }
        return NULL;
    }
    advance(p);
    GiAstExpr *iter = gi_parse_star_expressions(p);
    if (iter == NULL || !colon(p)) {
        return NULL;
    }
    GiName *comment = gi_parse_type_comment(p);
    GiAstSeq_stmt body, orelse;
    if (p->failed || !gi_parse_block(p, "'for' statement", lineno, &body) ||
        !else_block(p, &orelse) ||
        (is_async && !gi_parser_feature(p, 5, "Async for loops are"))) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, is_async ? GI_STMT_AsyncFor : GI_STMT_For, start);
    if (s == NULL) {
        return NULL;
    }
    /* For and AsyncFor have the same fields in the same order. */
    s->For.target = target;
    s->For.iter = iter;
    s->For.body = body;
    s->For.orelse = orelse;
    s->For.type_comment = comment;
    return s;
}

/* ---- with ------------------------------------------------------------------------------------ */

/* expression ['as' target] where a comma, parenthesis or colon follows the target. */
static GiAstWithItem *with_item(Parser *p) {
    GiAstExpr *context = gi_parse_expression(p);
    if (context == NULL) {
        return NULL;
    }
    GiAstExpr *vars = NULL;
    if (at(p, T_AS)) {
        Mark m = mark(p);
        advance(p);
        Mark target = mark(p);
        vars = gi_parse_star_target(p);
        if (p->failed) {
            return NULL;
        }
        if (vars == NULL || !(at(p, T_COMMA) || at(p, T_RPAR) || at(p, T_COLON))) {
            if (p->diagnose) {
                reset(p, &target);
                GiAstExpr *e = gi_parse_expression(p);
                if (e != NULL && !p->failed &&
                    (at(p, T_COMMA) || at(p, T_RPAR) || at(p, T_COLON))) {
                    gi_fail_target(p, e, TARGET_STORE);
                }
                if (p->failed) {
                    return NULL;
                }
            }
            reset(p, &m);
            vars = NULL;
        }
    }
    GiAstWithItem *item = gi_parser_alloc(p, sizeof *item);
    if (item != NULL) {
        item->context_expr = context;
        item->optional_vars = vars;
    }
    return item;
}

/* Items with commas between, pushed; in parentheses a last comma is allowed. */
static bool with_items(Parser *p, bool paren) {
    for (;;) {
        GiAstWithItem *item = with_item(p);
        if (item == NULL || !gi_parser_push(p, item)) {
            return false;
        }
        if (!at(p, T_COMMA)) {
            return true;
        }
        advance(p);
        if (paren && at(p, T_RPAR)) {
            return true;
        }
    }
}

/* Second pass, at the first item: the same without its colon. */
static void check_with_colon(Parser *p) {
    Mark m = mark(p);
    for (int paren = 0; paren < 2 && !p->failed; paren++) {
        reset(p, &m);
        if (paren && !accept(p, T_LPAR)) {
            return;
        }
        bool ok;
        do {
            ok = !(paren && at(p, T_RPAR)) && gi_parse_expression(p) != NULL;
            if (ok && at(p, T_AS)) {
                advance(p);
                ok = gi_parse_star_target(p) != NULL;
            }
        } while (ok && !p->failed && accept(p, T_COMMA));
        if (!p->failed && (!paren || accept(p, T_RPAR)) && (ok || paren) && at(p, T_NEWLINE)) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "expected ':'");
        }
    }
}

/* At `with`; start is at `async` if that came before. */
static GiAstStmt *with_statement(Parser *p, Start start, bool is_async) {
    int32_t lineno = p->tok->lineno;
    advance(p);
    Mark m = mark(p);
    size_t from = p->sp;
    bool ok = false;
    if (at(p, T_LPAR)) {
        advance(p);
        ok = with_items(p, true) && accept(p, T_RPAR) && at(p, T_COLON);
        if (p->failed) {
            return NULL;
        }
    }
    bool paren = ok;
    if (!ok) {
        reset(p, &m);
        ok = with_items(p, false) && at(p, T_COLON);
    }
    if (!ok) {
        if (p->diagnose && !p->failed) {
            reset(p, &m);
            check_with_colon(p);
        }
        return NULL;
    }
    GiAstSeq_withitem items;
    GiAstSeq_stmt body;
    if (!TAKE_SEQ(p, from, &items)) {
        return NULL;
    }
    advance(p);
    GiName *comment = gi_parse_type_comment(p);
    if (p->failed || !gi_parse_block(p, "'with' statement", lineno, &body) ||
        (paren && !gi_parser_feature(p, 9, "Parenthesized context managers are")) ||
        (is_async && !gi_parser_feature(p, 5, "Async with statements are"))) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, is_async ? GI_STMT_AsyncWith : GI_STMT_With, start);
    if (s == NULL) {
        return NULL;
    }
    /* With and AsyncWith have the same fields in the same order. */
    s->With.items = items;
    s->With.body = body;
    s->With.type_comment = comment;
    return s;
}

/* ---- try ------------------------------------------------------------------------------------- */

/* Passes `as NAME` if both are there. */
static void pass_as_name(Parser *p) {
    Mark m = mark(p);
    if (accept(p, T_AS) && gi_parser_take_name(p) == NULL && !p->failed) {
        reset(p, &m);
    }
}

/* Second pass behind `except` [*]: several types without parentheses, a missing colon. */
static void check_except(Parser *p, bool star) {
    Mark m = mark(p);
    GiAstExpr *e = gi_starts_expr[p->tok->kind] ? gi_parse_expression(p) : NULL;
    if (e == NULL) {
        if (!p->failed && at(p, T_NEWLINE)) {
            gi_fail_last(p, GI_DIAG_SYNTAX,
                         star ? "expected one or more exception types" : "expected ':'");
        } else if (!p->failed && star && at(p, T_COLON)) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "expected one or more exception types");
        }
        return;
    }
    if (at(p, T_COMMA)) {
        bool more = false;
        while (accept(p, T_COMMA) && gi_starts_expr[p->tok->kind] &&
               gi_parse_expression(p) != NULL) {
            more = true;
        }
        if (p->failed) {
            return;
        }
        pass_as_name(p);
        if (more && at(p, T_COLON)) {
            gi_fail_range(p, e->pos.lineno, e->pos.col_offset, 0, END_AT_LEXER,
                          "multiple exception types must be parenthesized");
        }
        return;
    }
    pass_as_name(p);
    if (at(p, T_NEWLINE)) {
        gi_fail_last(p, GI_DIAG_SYNTAX, "expected ':'");
    }
    if (!p->failed) {
        reset(p, &m);
    }
}

/* At `except`. */
static GiAstExceptHandler *except_block(Parser *p, bool star) {
    Start start = start_here(p);
    advance(p);
    if (star) {
        advance(p);
    }
    Mark m = mark(p);
    GiAstExpr *type = NULL;
    GiName *name = NULL;
    bool ok = true;
    if (!at(p, T_COLON) || star) {
        type = gi_parse_expression(p);
        ok = type != NULL;
        if (ok && accept(p, T_AS)) {
            name = gi_parser_take_name(p);
            ok = name != NULL;
        }
    }
    if (!ok || !at(p, T_COLON)) {
        if (p->diagnose && !p->failed) {
            reset(p, &m);
            check_except(p, star);
        }
        return NULL;
    }
    advance(p);
    GiAstSeq_stmt body;
    if (!gi_parse_block(p, star ? "'except*' statement" : "'except' statement", start.lineno,
                        &body)) {
        return NULL;
    }
    GiAstExceptHandler *handler = gi_parser_alloc(p, sizeof *handler);
    if (handler != NULL) {
        handler->kind = GI_HANDLER_ExceptHandler;
        handler->pos = span(p, start);
        handler->ExceptHandler.type = type;
        handler->ExceptHandler.name = name;
        handler->ExceptHandler.body = body;
    }
    return handler;
}

static bool finally_block(Parser *p, GiAstSeq_stmt *body) {
    int32_t lineno = p->tok->lineno;
    advance(p);
    return force(p, T_COLON, ":") && gi_parse_block(p, "'finally' statement", lineno, body);
}

/* Second pass, at an `except` of the other kind behind handlers. */
static void check_mixed_except(Parser *p, bool star) {
    Token word = *p->tok;
    Token mark_token = word;
    Mark m = mark(p);
    advance(p);
    if (!star) {
        advance(p);
    }
    check_except(p, !star);
    if (p->failed) {
        return;
    }
    reset(p, &m);
    advance(p);
    if (!star) {
        mark_token = *p->tok;
        advance(p);
    }
    if (gi_starts_expr[p->tok->kind]) {
        if (gi_parse_expression(p) == NULL) {
            return;
        }
        pass_as_name(p);
    } else if (!star) {
        return;
    }
    if (at(p, T_COLON) && !p->failed) {
        gi_fail_range(p, word.lineno, word.col, mark_token.end_lineno, mark_token.end_col,
                      "cannot have both 'except' and 'except*' on the same 'try'");
    }
}

static bool except_blocks(Parser *p, bool star, GiAstSeq_excepthandler *handlers) {
    size_t from = p->sp;
    while (at(p, T_EXCEPT) && (peek_next(p) == T_STAR) == star) {
        GiAstExceptHandler *handler = except_block(p, star);
        if (handler == NULL || !gi_parser_push(p, handler)) {
            return false;
        }
    }
    if (p->diagnose && at(p, T_EXCEPT)) {
        check_mixed_except(p, star);
        return false;
    }
    return TAKE_SEQ(p, from, handlers);
}

static GiAstStmt *try_statement(Parser *p) {
    Start start = start_here(p);
    advance(p);
    GiAstSeq_stmt body;
    GiAstSeq_stmt orelse = {0};
    GiAstSeq_stmt final = {0};
    GiAstSeq_excepthandler handlers = {0};
    if (!force(p, T_COLON, ":") || !gi_parse_block(p, "'try' statement", start.lineno, &body)) {
        return NULL;
    }
    bool star = false;
    if (at(p, T_EXCEPT)) {
        star = peek_next(p) == T_STAR;
        if (!except_blocks(p, star, &handlers) || !else_block(p, &orelse)) {
            return NULL;
        }
    } else if (!at(p, T_FINALLY)) {
        if (p->diagnose) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "expected 'except' or 'finally' block");
        }
        return NULL;
    }
    if (at(p, T_FINALLY) && !finally_block(p, &final)) {
        return NULL;
    }
    if (star && !gi_parser_feature(p, 11, "Exception groups are")) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, star ? GI_STMT_TryStar : GI_STMT_Try, start);
    if (s == NULL) {
        return NULL;
    }
    /* Try and TryStar have the same fields in the same order. */
    s->Try.body = body;
    s->Try.handlers = handlers;
    s->Try.orelse = orelse;
    s->Try.finalbody = final;
    return s;
}

/* ---- def, class ------------------------------------------------------------------------------ */

/* A signature as type comment, on the line of the def or on the next. */
static GiName *func_type_comment(Parser *p) {
    if (at(p, T_NEWLINE) && peek_next(p) == T_TYPE_COMMENT) {
        Mark m = mark(p);
        advance(p);
        GiName *text = gi_parse_type_comment(p);
        if (at(p, T_NEWLINE) && peek_next(p) == T_INDENT) {
            return text;
        }
        reset(p, &m);
        return NULL;
    }
    if (!at(p, T_TYPE_COMMENT)) {
        return NULL;
    }
    GiName *text = gi_parse_type_comment(p);
    if (p->diagnose && at(p, T_NEWLINE) && peek_next(p) == T_TYPE_COMMENT) {
        Mark m = mark(p);
        advance(p);
        advance(p);
        if (at(p, T_NEWLINE) && peek_next(p) == T_INDENT) {
            return gi_fail_last(p, GI_DIAG_SYNTAX, "Cannot have two type comments on def");
        }
        reset(p, &m);
    }
    return text;
}

/* At `def`; start is at `async` if that came before. */
static GiAstStmt *function(Parser *p, Start start, bool is_async, const GiAstSeq_expr *decorators) {
    int32_t lineno = p->tok->lineno;
    advance(p);
    GiName *name = gi_parser_take_name(p);
    if (name == NULL || !force(p, T_LPAR, "(")) {
        return NULL;
    }
    GiAstArguments *args = gi_parse_parameters(p, false);
    if (args == NULL || !accept(p, T_RPAR)) {
        return NULL;
    }
    GiAstExpr *returns = NULL;
    if (at(p, T_ARROW)) {
        Mark m = mark(p);
        advance(p);
        returns = gi_parse_expression(p);
        if (returns == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    if (!force(p, T_COLON, ":")) {
        return NULL;
    }
    GiName *comment = func_type_comment(p);
    GiAstSeq_stmt body;
    if (p->failed || !gi_parse_block(p, "function definition", lineno, &body) ||
        (is_async && !gi_parser_feature(p, 5, "Async functions are"))) {
        return NULL;
    }
    GiAstStmt *s =
        gi_parser_stmt(p, is_async ? GI_STMT_AsyncFunctionDef : GI_STMT_FunctionDef, start);
    if (s == NULL) {
        return NULL;
    }
    /* FunctionDef and AsyncFunctionDef have the same fields in the same order. */
    s->FunctionDef.name = name;
    s->FunctionDef.args = args;
    s->FunctionDef.body = body;
    s->FunctionDef.decorator_list = *decorators;
    s->FunctionDef.returns = returns;
    s->FunctionDef.type_comment = comment;
    return s;
}

static GiAstStmt *class(Parser *p, const GiAstSeq_expr *decorators) {
    Start start = start_here(p);
    advance(p);
    GiName *name = gi_parser_take_name(p);
    GiAstSeq_expr bases = {0};
    GiAstSeq_keyword keywords = {0};
    GiAstSeq_stmt body;
    if (name == NULL) {
        return NULL;
    }
    if (accept(p, T_LPAR)) {
        if (!at(p, T_RPAR) && !gi_parse_arguments(p, false, &bases, &keywords)) {
            return NULL;
        }
        if (!accept(p, T_RPAR)) {
            return NULL;
        }
    }
    if (p->failed || !colon(p) || !gi_parse_block(p, "class definition", start.lineno, &body)) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_ClassDef, start);
    if (s != NULL) {
        s->ClassDef.name = name;
        s->ClassDef.bases = bases;
        s->ClassDef.keywords = keywords;
        s->ClassDef.body = body;
        s->ClassDef.decorator_list = *decorators;
    }
    return s;
}

/* At the first '@', or at a def or class without decorators. */
static GiAstStmt *definition(Parser *p) {
    size_t from = p->sp;
    GiAstSeq_expr decorators;
    while (at(p, T_AT)) {
        advance(p);
        GiAstExpr *e = gi_parse_named(p);
        if (e == NULL || !gi_parser_push(p, e) || !at(p, T_NEWLINE)) {
            return NULL;
        }
        advance(p);
    }
    if (!TAKE_SEQ(p, from, &decorators)) {
        return NULL;
    }
    Start start = start_here(p);
    if (at(p, T_CLASS)) {
        return class(p, &decorators);
    }
    bool is_async = at(p, T_ASYNC) && peek_next(p) == T_DEF;
    if (is_async) {
        advance(p);
    }
    return at(p, T_DEF) ? function(p, start, is_async, &decorators) : NULL;
}

static GiAstStmt *async_statement(Parser *p) {
    Start start = start_here(p);
    switch (peek_next(p)) {
    case T_DEF: return definition(p);
    case T_FOR: advance(p); return for_statement(p, start, true);
    case T_WITH: advance(p); return with_statement(p, start, true);
    default: return NULL;
    }
}

bool gi_parse_compound(Parser *p) {
    GiAstStmt *s;
    Start start = start_here(p);
    switch (p->tok->kind) {
    case T_IF: s = if_statement(p); break;
    case T_WHILE: s = while_statement(p); break;
    case T_FOR: s = for_statement(p, start, false); break;
    case T_TRY: s = try_statement(p); break;
    case T_WITH: s = with_statement(p, start, false); break;
    case T_DEF:
    case T_CLASS:
    case T_AT: s = definition(p); break;
    case T_ASYNC: s = async_statement(p); break;
    case T_NAME: s = at_word(p, "match", 5) ? gi_parse_match(p) : NULL; break;
    default: return false;
    }
    return s != NULL && !p->failed && gi_parser_push(p, s);
}
