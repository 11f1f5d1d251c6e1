/* stmt.c - statements that stay on one logical line. */
#include "syntax/parser_internal.h"

/* ---- Assignments ----------------------------------------------------------------------------- */

static const uint8_t augmented_ops[T_COUNT] = {
    [T_PLUSEQUAL] = GI_OPERATOR_Add,         [T_MINEQUAL] = GI_OPERATOR_Sub,
    [T_STAREQUAL] = GI_OPERATOR_Mult,        [T_SLASHEQUAL] = GI_OPERATOR_Div,
    [T_PERCENTEQUAL] = GI_OPERATOR_Mod,      [T_AMPEREQUAL] = GI_OPERATOR_BitAnd,
    [T_VBAREQUAL] = GI_OPERATOR_BitOr,       [T_CIRCUMFLEXEQUAL] = GI_OPERATOR_BitXor,
    [T_LEFTSHIFTEQUAL] = GI_OPERATOR_LShift, [T_RIGHTSHIFTEQUAL] = GI_OPERATOR_RShift,
    [T_DOUBLESTAREQUAL] = GI_OPERATOR_Pow,   [T_DOUBLESLASHEQUAL] = GI_OPERATOR_FloorDiv,
    [T_ATEQUAL] = GI_OPERATOR_MatMult,
};

/* Second pass: `[a]: x`, `a, b: x`, `f(): x`. */
static void check_annotation(Parser *p, const Mark *m) {
    if (at(p, T_LPAR) || at(p, T_LSQB)) {
        GiAstExpr *e = gi_parse_atom(p);
        if (e != NULL && !p->failed && at(p, T_COLON) &&
            (e->kind == GI_EXPR_List || e->kind == GI_EXPR_Tuple)) {
            advance(p);
            if (gi_parse_expression(p) != NULL && !p->failed) {
                FAIL_AT(p, e, "only single target (not %s) can be annotated",
                        e->kind == GI_EXPR_List ? "list" : "tuple");
            }
        }
        if (p->failed) {
            return;
        }
        reset(p, m);
    }
    GiAstExpr *first = gi_parse_star_named(p);
    if (first != NULL && !p->failed && at(p, T_COMMA)) {
        /* PYSEM: what follows may even stand side by side without commas. */
        advance(p);
        for (;;) {
            Mark here = mark(p);
            if (!(gi_starts_expr[p->tok->kind] || at(p, T_STAR)) ||
                gi_parse_star_named(p) == NULL) {
                if (p->failed) {
                    return;
                }
                reset(p, &here);
                break;
            }
            accept(p, T_COMMA);
        }
        if (!p->failed && accept(p, T_COLON) && gi_parse_expression(p) != NULL && !p->failed) {
            FAIL_AT(p, first, "only single target (not tuple) can be annotated");
        }
    }
    if (p->failed) {
        return;
    }
    reset(p, m);
    GiAstExpr *e = gi_parse_expression(p);
    if (e != NULL && !p->failed && accept(p, T_COLON) && gi_parse_expression(p) != NULL &&
        !p->failed) {
        FAIL_AT(p, e, "illegal target for annotation");
    }
    if (!p->failed) {
        reset(p, m);
    }
}

/* Second pass: what looked like an assignment, from its start on, is none. */
static void check_assignment(Parser *p) {
    Mark m = mark(p);
    check_annotation(p, &m);
    if (p->failed) {
        return;
    }
    for (;;) {
        bool bare = at(p, T_YIELD);
        GiAstExpr *e = gi_parse_yield_or_star(p);
        if (e == NULL || p->failed || !at(p, T_EQUAL)) {
            break;
        }
        if (bare && (e->kind == GI_EXPR_Yield || e->kind == GI_EXPR_YieldFrom)) {
            const Token *first = &p->tokens[m.pos];
            if (e->pos.lineno != first->lineno || e->pos.col_offset >= first->col) {
                FAIL_AT(p, e, "assignment to yield expression not possible");
                return;
            }
        }
        if (!gi_is_target(e)) {
            gi_fail_target(p, e, TARGET_STORE);
            return;
        }
        advance(p);
    }
    if (p->failed) {
        return;
    }
    reset(p, &m);
    GiAstExpr *e = at(p, T_YIELD) ? NULL : gi_parse_star_expressions(p);
    if (e != NULL && !p->failed && augmented_ops[p->tok->kind] != 0) {
        advance(p);
        if (gi_parse_yield_or_star(p) != NULL && !p->failed) {
            FAIL_AT(p, e, "'%s' is an illegal expression for augmented assignment",
                    gi_expr_noun(e));
        }
    }
}

GiName *gi_parse_type_comment(Parser *p) {
    if (!at(p, T_TYPE_COMMENT)) {
        return NULL;
    }
    GiName *text = gi_name_new(p->arena, p->tok->start, (size_t)(p->tok->end - p->tok->start));
    advance(p);
    return text != NULL ? text : gi_fail_memory(p);
}

/* At the ':' behind a target. */
static GiAstStmt *annotated_assignment(Parser *p, Start start, GiAstExpr *target, bool simple) {
    advance(p);
    GiAstExpr *annotation = gi_parse_expression(p);
    if (annotation == NULL) {
        return NULL;
    }
    GiAstExpr *value = NULL;
    if (at(p, T_EQUAL)) {
        Mark m = mark(p);
        advance(p);
        value = gi_parse_yield_or_star(p);
        if (value == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    if (!gi_parser_feature(p, 6,
                           simple ? "Variable annotation syntax is"
                                  : "Variable annotations syntax is")) {
        return NULL;
    }
    gi_set_context(target, GI_CTX_Store);
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_AnnAssign, start);
    if (s != NULL) {
        s->AnnAssign.target = target;
        s->AnnAssign.annotation = annotation;
        s->AnnAssign.value = value;
        s->AnnAssign.simple = simple;
    }
    return s;
}

static bool is_single_target(const GiAstExpr *e) {
    return e->kind == GI_EXPR_Name || e->kind == GI_EXPR_Attribute ||
           e->kind == GI_EXPR_Subscript;
}

/* At the augmented operator behind a target. */
static GiAstStmt *augmented_assignment(Parser *p, Start start, GiAstExpr *target) {
    GiAstOperator op = augmented_ops[p->tok->kind];
    if (op == GI_OPERATOR_MatMult && !gi_parser_feature(p, 5, "The '@' operator is")) {
        return NULL;
    }
    advance(p);
    GiAstExpr *value = gi_parse_yield_or_star(p);
    if (value == NULL) {
        return NULL;
    }
    gi_set_context(target, GI_CTX_Store);
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_AugAssign, start);
    if (s != NULL) {
        s->AugAssign.target = target;
        s->AugAssign.op = op;
        s->AugAssign.value = value;
    }
    return s;
}

/* At the first '=' behind a target. */
static GiAstStmt *assignment(Parser *p, Start start, GiAstExpr *e) {
    size_t from = p->sp;
    while (at(p, T_EQUAL)) {
        if (!gi_is_target(e)) {
            return NULL;
        }
        gi_set_context(e, GI_CTX_Store);
        if (!gi_parser_push(p, e)) {
            return NULL;
        }
        advance(p);
        e = gi_parse_yield_or_star(p);
        if (e == NULL) {
            return NULL;
        }
    }
    GiName *comment = gi_parse_type_comment(p);
    GiAstStmt *s = p->failed ? NULL : gi_parser_stmt(p, GI_STMT_Assign, start);
    if (s == NULL || !TAKE_SEQ(p, from, &s->Assign.targets)) {
        return NULL;
    }
    s->Assign.value = e;
    s->Assign.type_comment = comment;
    return s;
}

static GiAstStmt *expression_statement(Parser *p) {
    Start start = start_here(p);
    Mark m = mark(p);
    if (at(p, T_NAME) && peek_next(p) == T_COLON) {
        GiAstExpr *target = gi_parse_atom(p);
        GiAstStmt *s = target != NULL ? annotated_assignment(p, start, target, true) : NULL;
        if (s != NULL || p->failed) {
            return s;
        }
        reset(p, &m);
    }
    GiAstExpr *e = gi_parse_yield_or_star(p);
    if (e == NULL) {
        return NULL;
    }
    GiAstStmt *s = NULL;
    int kind = p->tok->kind;
    if (kind == T_EQUAL) {
        s = assignment(p, start, e);
    } else if (augmented_ops[kind] != 0) {
        if (is_single_target(e)) {
            return augmented_assignment(p, start, e);
        }
    } else if (kind == T_COLON) {
        bool bare = e->pos.lineno == start.lineno && e->pos.col_offset == start.col;
        if (e->kind == GI_EXPR_Attribute || e->kind == GI_EXPR_Subscript ||
            (e->kind == GI_EXPR_Name && !bare)) {
            s = annotated_assignment(p, start, e, false);
        }
    } else if (kind != T_COLONEQUAL) {
        s = gi_parser_stmt(p, GI_STMT_Expr, start);
        if (s != NULL) {
            s->Expr.value = e;
        }
    }
    if (GI_UNLIKELY(p->diagnose) && !p->failed &&
        (s == NULL || (s->kind == GI_STMT_Expr && kind != T_NEWLINE && kind != T_SEMI))) {
        Mark end = mark(p);
        reset(p, &m);
        check_assignment(p);
        reset(p, &end);
    }
    return p->failed ? NULL : s;
}

/* ---- Imports --------------------------------------------------------------------------------- */

/* NAME ('.' NAME)*, joined to one name. */
static GiName *dotted_name(Parser *p) {
    GiName *name = gi_parser_take_name(p);
    while (name != NULL && at(p, T_DOT)) {
        Mark m = mark(p);
        advance(p);
        GiName *next = gi_parser_take_name(p);
        if (next == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        size_t len = (size_t)name->len + 1 + next->len;
        char *joined = gi_arena_alloc(p->arena, len + 1);
        if (joined == NULL) {
            return gi_fail_memory(p);
        }
        memcpy(joined, name->bytes, name->len);
        joined[name->len] = '.';
        memcpy(joined + name->len + 1, next->bytes, next->len + 1u);
        name = gi_parser_intern(p, joined, len, gi_name_hash(joined, len));
    }
    return name;
}

/* ['as' NAME] behind an imported name, and the node. */
static GiAstAlias *alias_rest(Parser *p, Start start, GiName *name) {
    GiName *asname = NULL;
    if (at(p, T_AS)) {
        Mark m = mark(p);
        advance(p);
        asname = gi_parser_take_name(p);
        if (asname == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    GiAstAlias *alias = gi_parser_alloc(p, sizeof *alias);
    if (alias != NULL) {
        alias->name = name;
        alias->asname = asname;
        alias->pos = span(p, start);
    }
    return alias;
}

static GiAstStmt *import_names(Parser *p, Start start) {
    size_t from = p->sp;
    advance(p);
    for (;;) {
        Start name_start = start_here(p);
        GiName *name = dotted_name(p);
        GiAstAlias *alias = name != NULL ? alias_rest(p, name_start, name) : NULL;
        if (alias == NULL || !gi_parser_push(p, alias)) {
            return NULL;
        }
        if (!at(p, T_COMMA)) {
            break;
        }
        advance(p);
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Import, start);
    return s != NULL && TAKE_SEQ(p, from, &s->Import.names) ? s : NULL;
}

/* Pushes the names behind `import`. */
static bool import_from_names(Parser *p) {
    Start start = start_here(p);
    if (at(p, T_STAR)) {
        advance(p);
        GiAstAlias *alias = gi_parser_alloc(p, sizeof *alias);
        GiName *star = gi_parser_intern(p, "*", 1, gi_name_hash("*", 1));
        if (alias == NULL || star == NULL) {
            return false;
        }
        alias->name = star;
        alias->pos = span(p, start);
        return gi_parser_push(p, alias);
    }
    bool paren = accept(p, T_LPAR);
    for (;;) {
        start = start_here(p);
        GiName *name = gi_parser_take_name(p);
        GiAstAlias *alias = name != NULL ? alias_rest(p, start, name) : NULL;
        if (alias == NULL || !gi_parser_push(p, alias)) {
            return false;
        }
        if (!at(p, T_COMMA)) {
            break;
        }
        advance(p);
        if (paren && at(p, T_RPAR)) {
            break;
        }
        if (p->diagnose && at(p, T_NEWLINE)) {
            gi_fail_last(p, GI_DIAG_SYNTAX,
                         "trailing comma not allowed without surrounding parentheses");
            return false;
        }
    }
    return !paren || accept(p, T_RPAR);
}

static GiAstStmt *import_from(Parser *p, Start start) {
    advance(p);
    int level = 0;
    while (at(p, T_DOT) || at(p, T_ELLIPSIS)) {
        level += at(p, T_DOT) ? 1 : 3;
        advance(p);
    }
    GiName *module = NULL;
    if (!at(p, T_IMPORT) || level == 0) {
        module = dotted_name(p);
        if (module == NULL) {
            return NULL;
        }
    }
    size_t from = p->sp;
    if (!accept(p, T_IMPORT) || !import_from_names(p)) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_ImportFrom, start);
    if (s == NULL || !TAKE_SEQ(p, from, &s->ImportFrom.names)) {
        return NULL;
    }
    s->ImportFrom.module = module;
    s->ImportFrom.level = level;
    return s;
}

/* ---- The rest -------------------------------------------------------------------------------- */

/* An expression that may follow; *out is NULL if none does. False: an error. */
static bool optional(Parser *p, GiAstExpr *(*parse)(Parser *), GiAstExpr **out) {
    *out = NULL;
    if (!gi_starts_expr[p->tok->kind] && !at(p, T_STAR)) {
        return true;
    }
    Mark m = mark(p);
    *out = parse(p);
    if (*out == NULL) {
        if (p->failed) {
            return false;
        }
        reset(p, &m);
    }
    return true;
}

static GiAstStmt *return_statement(Parser *p, Start start) {
    GiAstExpr *value;
    advance(p);
    if (!optional(p, gi_parse_star_expressions, &value)) {
        return NULL;
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Return, start);
    if (s != NULL) {
        s->Return.value = value;
    }
    return s;
}

static GiAstStmt *raise_statement(Parser *p, Start start) {
    GiAstExpr *exc;
    GiAstExpr *cause = NULL;
    advance(p);
    if (!optional(p, gi_parse_expression, &exc)) {
        return NULL;
    }
    if (exc != NULL && at(p, T_FROM)) {
        Mark m = mark(p);
        advance(p);
        cause = gi_parse_expression(p);
        if (cause == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Raise, start);
    if (s != NULL) {
        s->Raise.exc = exc;
        s->Raise.cause = cause;
    }
    return s;
}

static GiAstStmt *assert_statement(Parser *p, Start start) {
    advance(p);
    GiAstExpr *test = gi_parse_expression(p);
    GiAstExpr *msg = NULL;
    if (test == NULL) {
        return NULL;
    }
    if (at(p, T_COMMA)) {
        Mark m = mark(p);
        advance(p);
        msg = gi_parse_expression(p);
        if (msg == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Assert, start);
    if (s != NULL) {
        s->Assert.test = test;
        s->Assert.msg = msg;
    }
    return s;
}

static GiAstStmt *names_statement(Parser *p, Start start, GiAstStmtKind kind) {
    size_t from = p->sp;
    advance(p);
    for (;;) {
        GiName *name = gi_parser_take_name(p);
        if (name == NULL || !gi_parser_push(p, name)) {
            return NULL;
        }
        if (!at(p, T_COMMA)) {
            break;
        }
        advance(p);
    }
    GiAstStmt *s = gi_parser_stmt(p, kind, start);
    if (s == NULL) {
        return NULL;
    }
    return TAKE_SEQ(p, from, kind == GI_STMT_Global ? &s->Global.names : &s->Nonlocal.names)
               ? s
               : NULL;
}

/* Pushes what `del` is to delete; false if something there cannot be deleted. */
static bool delete_targets(Parser *p) {
    for (;;) {
        Mark m = mark(p);
        GiAstExpr *e = gi_parse_primary(p);
        if (e == NULL || gi_invalid_target(e, TARGET_DELETE) != NULL) {
            if (p->failed || e != NULL) {
                return false;
            }
            reset(p, &m);
            return true;
        }
        gi_set_context(e, GI_CTX_Del);
        if (!gi_parser_push(p, e)) {
            return false;
        }
        if (!at(p, T_COMMA)) {
            return true;
        }
        advance(p);
        if (!gi_starts_expr[p->tok->kind]) {
            return true;
        }
    }
}

static GiAstStmt *delete_statement(Parser *p, Start start) {
    advance(p);
    Mark m = mark(p);
    size_t from = p->sp;
    if (delete_targets(p) && p->sp > from && (at(p, T_SEMI) || at(p, T_NEWLINE))) {
        GiAstStmt *s = gi_parser_stmt(p, GI_STMT_Delete, start);
        return s != NULL && TAKE_SEQ(p, from, &s->Delete.targets) ? s : NULL;
    }
    if (p->diagnose && !p->failed) {
        reset(p, &m);
        GiAstExpr *e = gi_parse_star_expressions(p);
        if (e != NULL && !p->failed) {
            gi_fail_target(p, e, TARGET_DELETE);
        }
    }
    return NULL;
}

static GiAstStmt *word_statement(Parser *p, Start start, GiAstStmtKind kind) {
    advance(p);
    return gi_parser_stmt(p, kind, start);
}

static GiAstStmt *simple_statement(Parser *p) {
    Start start = start_here(p);
    switch (p->tok->kind) {
    case T_PASS: return word_statement(p, start, GI_STMT_Pass);
    case T_BREAK: return word_statement(p, start, GI_STMT_Break);
    case T_CONTINUE: return word_statement(p, start, GI_STMT_Continue);
    case T_RETURN: return return_statement(p, start);
    case T_RAISE: return raise_statement(p, start);
    case T_ASSERT: return assert_statement(p, start);
    case T_DEL: return delete_statement(p, start);
    case T_IMPORT: return import_names(p, start);
    case T_FROM: return import_from(p, start);
    case T_GLOBAL: return names_statement(p, start, GI_STMT_Global);
    case T_NONLOCAL: return names_statement(p, start, GI_STMT_Nonlocal);
    default: return expression_statement(p);
    }
}

bool gi_parse_simple_line(Parser *p) {
    for (;;) {
        GiAstStmt *s = simple_statement(p);
        if (s == NULL || p->failed || !gi_parser_push(p, s)) {
            return false;
        }
        if (at(p, T_SEMI)) {
            advance(p);
            if (!at(p, T_NEWLINE)) {
                continue;
            }
        }
        if (!at(p, T_NEWLINE)) {
            return false;
        }
        if (!p->hold_newline) {
            advance(p);
        }
        return true;
    }
}

bool gi_parse_statement(Parser *p) {
    Mark m = mark(p);
    if (gi_parse_compound(p)) {
        return true;
    }
    if (p->failed) {
        return false;
    }
    reset(p, &m);
    return gi_parse_simple_line(p);
}
