/* args.c - arguments of calls, parameters of functions and lambdas. */
#include "syntax/parser_internal.h"

/* ---- Arguments ------------------------------------------------------------------------------- */

typedef struct {
    size_t from;      /* the stack holds positional arguments as they are, keywords tagged */
    bool keyword;     /* a name=value was seen */
    bool double_star; /* a **x was seen */
} ArgState;

/* Keywords share the stack with positional arguments; their pointers carry a mark. */
#define TAG_KEYWORD(k) ((void *)((uintptr_t)(k) | 1))
#define IS_KEYWORD(item) (((uintptr_t)(item)&1) != 0)
#define UNTAG(item) ((void *)((uintptr_t)(item) & ~(uintptr_t)1))

static bool push_keyword(Parser *p, Start start, GiName *name, GiAstExpr *value) {
    GiAstKeyword *keyword = gi_parser_alloc(p, sizeof *keyword);
    if (keyword == NULL) {
        return false;
    }
    keyword->arg = name;
    keyword->value = value;
    keyword->pos = span(p, start);
    return gi_parser_push(p, TAG_KEYWORD(keyword));
}

/* Second pass, where a keyword argument may stand: None=x, expression=x. */
static void check_keyword(Parser *p) {
    Token first = *p->tok;
    Mark m = mark(p);
    if (first.kind == T_TRUE || first.kind == T_FALSE || first.kind == T_NONE) {
        if (peek_next(p) == T_EQUAL) {
            Token equal = p->tokens[p->pos + 1];
            gi_fail_range(p, first.lineno, first.col, equal.end_lineno, equal.end_col,
                          "cannot assign to %.*s", (int)(first.end - first.start), first.start);
        }
        return;
    }
    if (gi_starts_expr[first.kind]) {
        GiAstExpr *e = gi_parse_expression(p);
        if (e != NULL && !p->failed && at(p, T_EQUAL)) {
            gi_fail_range(p, e->pos.lineno, e->pos.col_offset, p->tok->end_lineno, p->tok->end_col,
                          "expression cannot contain assignment, perhaps you meant \"==\"?");
        }
    }
    if (!p->failed) {
        reset(p, &m);
    }
}

static bool starred_argument(Parser *p, Start start) {
    advance(p);
    GiAstExpr *value = gi_parse_expression(p);
    if (value == NULL) {
        return false;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Starred, start);
    if (e == NULL) {
        return false;
    }
    e->Starred.value = value;
    e->Starred.ctx = GI_CTX_Load;
    return gi_parser_push(p, e);
}

/* One argument, pushed; false if there is none that may stand here. */
static bool argument(Parser *p, ArgState *state) {
    Start start = start_here(p);
    if (at(p, T_STAR)) {
        return !state->double_star && starred_argument(p, start);
    }
    if (at(p, T_DOUBLESTAR)) {
        advance(p);
        GiAstExpr *value = gi_parse_expression(p);
        if (value == NULL || !push_keyword(p, start, NULL, value)) {
            return false;
        }
        state->double_star = true;
        return true;
    }
    if (at(p, T_NAME) && peek_next(p) == T_EQUAL) {
        GiName *name = gi_parser_take_name(p);
        Token equal = *p->tok;
        advance(p);
        GiAstExpr *value = gi_parse_expression(p);
        if (GI_UNLIKELY(p->diagnose) && value != NULL && !p->failed && at_for(p)) {
            GiAstSeq_comprehension clauses;
            Mark m = mark(p);
            if (gi_parse_for_if_clauses(p, &clauses) && !p->failed) {
                gi_fail_range(p, start.lineno, start.col, equal.end_lineno, equal.end_col,
                              "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
            }
            if (p->failed) {
                return false;
            }
            reset(p, &m);
        }
        if (name == NULL || value == NULL || !push_keyword(p, start, name, value)) {
            return false;
        }
        state->keyword = true;
        return true;
    }
    if (state->keyword || state->double_star) {
        if (GI_UNLIKELY(p->diagnose)) {
            check_keyword(p);
        }
        return false;
    }
    Mark m = mark(p);
    GiAstExpr *e;
    if (at(p, T_NAME) && peek_next(p) == T_COLONEQUAL) {
        e = gi_parse_named(p);
    } else {
        e = gi_parse_expression(p);
        if (e != NULL && at(p, T_COLONEQUAL)) {
            e = NULL;
        }
    }
    if (e != NULL && at(p, T_EQUAL)) {
        e = NULL;
    }
    if (e == NULL) {
        if (p->diagnose && !p->failed) {
            reset(p, &m);
            check_keyword(p);
        }
        return false;
    }
    return gi_parser_push(p, e);
}

/* Pushes arguments as long as they parse; the position is behind the last good one. */
static bool argument_list(Parser *p, ArgState *state) {
    *state = (ArgState){.from = p->sp};
    if (!argument(p, state)) {
        return false;
    }
    while (at(p, T_COMMA)) {
        Mark m = mark(p);
        advance(p);
        if (!argument(p, state)) {
            if (p->failed) {
                return false;
            }
            reset(p, &m);
            break;
        }
    }
    return true;
}

static GiAstExpr *clauses_argument(Parser *p, GiAstSeq_comprehension *clauses) {
    GiAstExpr *e = gi_starts_expr[p->tok->kind] ? gi_parse_expression(p) : NULL;
    return e != NULL && !p->failed && at_for(p) && gi_parse_for_if_clauses(p, clauses) ? e : NULL;
}

static void fail_generator(Parser *p, const GiAstExpr *e, const GiAstSeq_comprehension *clauses) {
    const GiAstExpr *last = gi_last_of_clauses(clauses);
    FAIL_FROM_TO(p, e, last, "Generator expression must be parenthesized");
}

/* Second pass: the arguments from `begin` on do not reach the closing parenthesis. If they parsed
 * (args), they end at the current position and lie on the stack. */
static void check_arguments(Parser *p, const Mark *begin, bool args, const ArgState *state) {
    Mark end = mark(p);
    Token first = p->tokens[begin->pos];
    GiAstSeq_comprehension clauses;
    if (args && at(p, T_COMMA) && peek_next(p) == T_STAR) {
        gi_fail_range(p, first.lineno, first.col, p->end_of_last.end_lineno,
                      p->end_of_last.end_col_offset,
                      "iterable argument unpacking follows keyword argument unpacking");
        return;
    }
    size_t positional = 0;
    const GiAstExpr *last = NULL;
    for (size_t i = state->from; args && i < end.sp; i++) {
        if (!IS_KEYWORD(p->stack[i])) {
            positional++;
            last = p->stack[i];
        }
    }
    reset(p, begin);
    GiAstExpr *e = clauses_argument(p, &clauses);
    if (e != NULL && !p->failed && at(p, T_COMMA)) {
        ArgState more;
        advance(p);
        argument_list(p, &more);
        if (!p->failed) {
            fail_generator(p, e, &clauses);
        }
    }
    if (p->failed || !args) {
        return;
    }
    reset(p, &end);
    if (at_for(p) && gi_parse_for_if_clauses(p, &clauses) && !p->failed && positional > 1) {
        fail_generator(p, last, &clauses);
    }
    if (p->failed) {
        return;
    }
    reset(p, &end);
    if (!accept(p, T_COMMA)) {
        return;
    }
    Mark next = mark(p);
    e = clauses_argument(p, &clauses);
    if (e != NULL && !p->failed) {
        fail_generator(p, e, &clauses);
    }
    if (p->failed) {
        return;
    }
    reset(p, &next);
    ArgState more;
    if (argument_list(p, &more) && !p->failed) {
        gi_fail_last(p, GI_DIAG_SYNTAX,
                     state->double_star
                         ? "positional argument follows keyword argument unpacking"
                         : "positional argument follows keyword argument");
    }
}

/* Splits the stack from state->from on into positional arguments and keywords. */
static bool split_arguments(Parser *p, const ArgState *state, GiAstSeq_expr *args,
                            GiAstSeq_keyword *keywords) {
    uint32_t counts[2] = {0, 0};
    for (size_t i = state->from; i < p->sp; i++) {
        counts[IS_KEYWORD(p->stack[i])]++;
    }
    if (counts[1] == 0) {
        return TAKE_SEQ(p, state->from, args);
    }
    *args = (GiAstSeq_expr){0};
    if (counts[0] != 0) {
        args->items = gi_parser_alloc(p, counts[0] * sizeof *args->items);
        if (args->items == NULL) {
            return false;
        }
    }
    *keywords = (GiAstSeq_keyword){0, gi_parser_alloc(p, counts[1] * sizeof *keywords->items)};
    if (keywords->items == NULL) {
        return false;
    }
    for (size_t i = state->from; i < p->sp; i++) {
        void *item = p->stack[i];
        if (IS_KEYWORD(item)) {
            keywords->items[keywords->count++] = UNTAG(item);
        } else {
            args->items[args->count++] = item;
        }
    }
    p->sp = state->from;
    return true;
}

bool gi_parse_arguments(Parser *p, bool call, GiAstSeq_expr *args, GiAstSeq_keyword *keywords) {
    Mark begin = mark(p);
    Start open = {p->tokens[p->pos - 1].lineno, p->tokens[p->pos - 1].col};
    ArgState state;
    bool ok = argument_list(p, &state);
    if (p->failed) {
        return false;
    }
    if (call && ok && p->sp == state.from + 1 && !IS_KEYWORD(p->stack[state.from]) &&
        ((GiAstExpr *)p->stack[state.from])->kind != GI_EXPR_Starred && at_for(p)) {
        /* f(x for x in y): the generator expression has the call's parentheses. */
        Mark m = mark(p);
        GiAstSeq_comprehension clauses;
        if (gi_parse_for_if_clauses(p, &clauses) && at(p, T_RPAR)) {
            Token close = *p->tok;
            GiAstExpr *e = gi_parser_expr(p, GI_EXPR_GeneratorExp, open);
            if (e == NULL) {
                return false;
            }
            e->pos.end_lineno = close.end_lineno;
            e->pos.end_col_offset = close.end_col;
            e->GeneratorExp.elt = p->stack[state.from];
            e->GeneratorExp.generators = clauses;
            p->stack[state.from] = e;
            return TAKE_SEQ(p, state.from, args);
        }
        if (p->failed) {
            return false;
        }
        reset(p, &m);
    }
    Mark end = mark(p);
    if (ok && (accept(p, T_COMMA) || true) && at(p, T_RPAR)) {
        return split_arguments(p, &state, args, keywords);
    }
    if (p->diagnose && !p->failed) {
        if (ok) {
            reset(p, &end);
        }
        check_arguments(p, &begin, ok, &state);
    }
    return false;
}

/* ---- Parameters ------------------------------------------------------------------------------ */

typedef enum { PLAIN, DEFAULTED, SLASH, STAR, DOUBLE_STAR } ParamKind;

typedef struct {
    bool lambda;
    int end;             /* the token that ends the list */
    GiAstArguments *out;
    size_t from;         /* stack: pairs of a parameter before any star and its default or NULL */
    size_t defaults;     /* how many of them have defaults */
    size_t slash;        /* stack entries before the slash */
    size_t slash_defaults; /* defaults before the slash */
    bool has_slash, star;
} Params;

/* name [: annotation] and nothing else. */
static GiAstArg *param(Parser *p, const Params *s, bool star_annotation) {
    Start start = start_here(p);
    GiName *name = gi_parser_take_name(p);
    GiAstArg *arg = name != NULL ? gi_parser_alloc(p, sizeof *arg) : NULL;
    if (arg == NULL) {
        return NULL;
    }
    arg->arg = name;
    if (!s->lambda && at(p, T_COLON)) {
        Mark m = mark(p);
        advance(p);
        arg->annotation = star_annotation ? gi_parse_star_expression(p) : gi_parse_expression(p);
        if (arg->annotation == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    arg->pos = span(p, start);
    return arg;
}

/* Second pass at '=': a default without value. */
static void check_default(Parser *p, const Token *equal) {
    if (at(p, T_RPAR) || at(p, T_COMMA)) {
        FAIL_TOKEN(p, *equal, "expected default value expression");
    }
}

/* ['=' expression]; *value stays NULL if there is none. False: '=' without value. */
static bool default_value(Parser *p, GiAstExpr **value) {
    *value = NULL;
    if (!at(p, T_EQUAL)) {
        return true;
    }
    Token equal = *p->tok;
    advance(p);
    Mark behind = mark(p);
    *value = gi_parse_expression(p);
    if (*value == NULL && p->diagnose && !p->failed) {
        reset(p, &behind);
        check_default(p, &equal);
    }
    return *value != NULL;
}

/* What must follow a parameter: a comma (and a type comment), or the end. */
static bool param_end(Parser *p, const Params *s, GiAstArg *arg) {
    if (accept(p, T_COMMA)) {
        if (!s->lambda && arg != NULL && at(p, T_TYPE_COMMENT)) {
            arg->type_comment = gi_parse_type_comment(p);
        }
        return !p->failed;
    }
    if (!s->lambda && arg != NULL && at(p, T_TYPE_COMMENT)) {
        arg->type_comment = gi_parse_type_comment(p);
    }
    return at(p, s->end);
}

/* **name and what may follow it: nothing. */
static bool double_star_param(Parser *p, Params *s) {
    advance(p);
    GiAstArg *arg = param(p, s, false);
    if (arg == NULL) {
        return false;
    }
    if (p->diagnose) {
        if (at(p, T_EQUAL)) {
            FAIL_TOKEN(p, *p->tok, "var-keyword argument cannot have default value");
            return false;
        }
        if (at(p, T_COMMA)) {
            int next = peek_next(p);
            if (next == T_NAME || next == T_STAR || next == T_DOUBLESTAR || next == T_SLASH) {
                Token after = p->tokens[p->pos + 1];
                advance(p);
                if (next == T_NAME) {
                    GiAstArg *more = param(p, s, false);
                    if (more != NULL && !p->failed) {
                        FAIL_AT(p, more, "arguments cannot follow var-keyword argument");
                    }
                } else {
                    FAIL_TOKEN(p, after, "arguments cannot follow var-keyword argument");
                }
                return false;
            }
        }
    }
    s->out->kwarg = arg;
    return param_end(p, s, arg);
}

/* Second pass behind a '*' or '*name': a second star, a slash. */
static bool check_after_star(Parser *p, const Params *s) {
    if (at(p, T_STAR)) {
        Token star = *p->tok;
        int next = peek_next(p);
        Mark m = mark(p);
        advance(p);
        GiAstArg *arg = next == T_NAME ? param(p, s, false) : NULL;
        if ((arg != NULL && (at(p, T_COMMA) || at(p, s->end))) || next == T_COMMA) {
            FAIL_TOKEN(p, star, "* argument may appear only once");
        } else if (!p->failed) {
            reset(p, &m);
        }
    } else if (at(p, T_SLASH)) {
        FAIL_TOKEN(p, *p->tok, "/ must be ahead of *");
    }
    return !p->failed;
}

/* The parameters behind a star, each with its default or NULL, pushed in pairs. */
static bool keyword_only(Parser *p, Params *s) {
    while (at(p, T_NAME)) {
        GiAstExpr *value;
        GiAstArg *arg = param(p, s, false);
        if (arg == NULL || !default_value(p, &value) || !param_end(p, s, arg)) {
            return false;
        }
        if (!gi_parser_push(p, arg) || !gi_parser_push(p, value)) {
            return false;
        }
    }
    return true;
}

/* Second pass at a bare star: something must follow it. */
static bool check_bare_star(Parser *p, const Params *s, const Token *star) {
    bool comma = at(p, T_COMMA);
    int next = comma ? peek_next(p) : p->tok->kind;
    if (next == s->end || (comma && next == T_DOUBLESTAR)) {
        if (s->lambda) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "named arguments must follow bare *");
        } else {
            FAIL_TOKEN(p, *star, "named arguments must follow bare *");
        }
    } else if (comma && next == T_TYPE_COMMENT) {
        gi_fail_last(p, GI_DIAG_SYNTAX, "bare * has associated type comment");
    }
    return !p->failed;
}

static bool take_keyword_only(Parser *p, Params *s, size_t from) {
    uint32_t count = (uint32_t)((p->sp - from) / 2);
    if (count == 0) {
        return true;
    }
    GiAstArg **args = gi_parser_alloc(p, count * sizeof *args);
    GiAstExpr **values = gi_parser_alloc(p, count * sizeof *values);
    if (args == NULL || values == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        args[i] = p->stack[from + 2 * i];
        values[i] = p->stack[from + 2 * i + 1];
    }
    p->sp = from;
    s->out->kwonlyargs = (GiAstSeq_arg){count, args};
    s->out->kw_defaults = (GiAstSeq_expr){count, values};
    return true;
}

/* From the '*' to the end of the list. */
static bool star_etc(Parser *p, Params *s) {
    Token star = *p->tok;
    advance(p);
    s->star = true;
    if (at(p, T_NAME)) {
        GiAstArg *arg = param(p, s, true);
        if (arg == NULL) {
            return false;
        }
        bool starred = arg->annotation && arg->annotation->kind == GI_EXPR_Starred;
        if (p->diagnose && at(p, T_EQUAL) && !starred) {
            FAIL_TOKEN(p, *p->tok, "var-positional argument cannot have default value");
        }
        if (!param_end(p, s, arg)) {
            return false;
        }
        s->out->vararg = arg;
    } else {
        if (p->diagnose && !check_bare_star(p, s, &star)) {
            return false;
        }
        bool comma = accept(p, T_COMMA);
        if (!comma || !at(p, T_NAME)) {
            if (comma && p->diagnose && !p->failed) {
                check_after_star(p, s);
            }
            return false;
        }
    }
    size_t from = p->sp;
    bool ok = keyword_only(p, s);
    if (ok && p->diagnose && !check_after_star(p, s)) {
        return false;
    }
    if (!ok || !take_keyword_only(p, s, from)) {
        return false;
    }
    return !at(p, T_DOUBLESTAR) || double_star_param(p, s);
}

/* Second pass where a parameter should start: parentheses, misplaced defaults and slashes. */
static void check_parameter(Parser *p, const Params *s) {
    if (at(p, T_LPAR) && s->defaults == 0 && !s->has_slash) {
        Token open = *p->tok;
        bool any = false;
        advance(p);
        while (at(p, T_NAME)) {
            GiAstArg *arg = param(p, s, false);
            if (arg == NULL) {
                return;
            }
            any = true;
            if (!accept(p, T_COMMA)) {
                break;
            }
        }
        if (any && at(p, T_RPAR) && !p->failed) {
            gi_fail_range(p, open.lineno, open.col, p->tok->end_lineno, p->tok->end_col,
                          s->lambda ? "Lambda expression parameters cannot be parenthesized"
                                    : "Function parameters cannot be parenthesized");
        }
    } else if (at(p, T_SLASH) && s->has_slash) {
        FAIL_TOKEN(p, *p->tok, "/ may appear only once");
    } else if (at(p, T_SLASH) && p->sp == s->from && peek_next(p) == T_COMMA) {
        FAIL_TOKEN(p, *p->tok, "at least one argument must precede /");
    }
}

/* One parameter before any star, or the slash; false if it cannot be parsed. */
static bool positional_param(Parser *p, Params *s) {
    if (at(p, T_SLASH)) {
        if (s->has_slash || p->sp == s->from) {
            return false;
        }
        advance(p);
        if (p->diagnose && at(p, T_STAR)) {
            FAIL_TOKEN(p, *p->tok, "expected comma between / and *");
            return false;
        }
        if (!param_end(p, s, NULL) || !gi_parser_feature(p, 8, "Positional-only parameters are")) {
            return false;
        }
        s->has_slash = true;
        s->slash = p->sp - s->from;
        s->slash_defaults = s->defaults;
        return true;
    }
    GiAstExpr *value;
    GiAstArg *arg = param(p, s, false);
    if (arg == NULL || !default_value(p, &value) || !param_end(p, s, arg)) {
        return false;
    }
    if (value == NULL && s->defaults != 0) {
        bool behind_slash = s->has_slash && p->sp - s->from == s->slash;
        if (p->diagnose && (!s->has_slash || (behind_slash && s->slash_defaults > 0))) {
            FAIL_AT(p, arg, "non-default argument follows default argument");
        }
        return false;
    }
    s->defaults += value != NULL;
    return gi_parser_push(p, arg) && gi_parser_push(p, value);
}

static bool take_positional(Parser *p, Params *s) {
    uint32_t count = (uint32_t)((p->sp - s->from) / 2);
    uint32_t before = s->has_slash ? (uint32_t)(s->slash / 2) : 0;
    uint32_t with_default = (uint32_t)s->defaults;
    if (count == 0) {
        return true;
    }
    GiAstArg **args = gi_parser_alloc(p, count * sizeof *args);
    GiAstExpr **values = gi_parser_alloc(p, GI_MAX(with_default, 1u) * sizeof *values);
    if (args == NULL || values == NULL) {
        return false;
    }
    uint32_t filled = 0;
    for (uint32_t i = 0; i < count; i++) {
        args[i] = p->stack[s->from + 2 * i];
        GiAstExpr *value = p->stack[s->from + 2 * i + 1];
        if (value != NULL) {
            values[filled++] = value;
        }
    }
    p->sp = s->from;
    s->out->posonlyargs = (GiAstSeq_arg){before, before != 0 ? args : NULL};
    s->out->args = (GiAstSeq_arg){count - before, count > before ? args + before : NULL};
    s->out->defaults = (GiAstSeq_expr){filled, filled != 0 ? values : NULL};
    return true;
}

GiAstArguments *gi_parse_parameters(Parser *p, bool lambda) {
    Params s = {.lambda = lambda,
                .end = lambda ? T_COLON : T_RPAR,
                .out = gi_parser_alloc(p, sizeof *s.out),
                .from = p->sp};
    if (s.out == NULL) {
        return NULL;
    }
    while (!at(p, s.end)) {
        bool ok;
        Mark m = mark(p);
        if (at(p, T_STAR)) {
            size_t from = s.from;
            ok = take_positional(p, &s) && star_etc(p, &s);
            s.from = from;
            return ok && at(p, s.end) ? s.out : NULL;
        }
        if (at(p, T_DOUBLESTAR)) {
            ok = take_positional(p, &s) && double_star_param(p, &s);
            return ok && at(p, s.end) ? s.out : NULL;
        }
        ok = positional_param(p, &s);
        if (!ok) {
            if (p->diagnose && !p->failed) {
                reset(p, &m);
                check_parameter(p, &s);
            }
            return NULL;
        }
    }
    return take_positional(p, &s) ? s.out : NULL;
}

GiAstExpr *gi_parse_lambda(Parser *p) {
    Start start = start_here(p);
    int depth = p->depth;
    if (!enter(p, 2)) {
        return NULL;
    }
    advance(p);
    GiAstArguments *args = gi_parse_parameters(p, true);
    if (args == NULL || !accept(p, T_COLON)) {
        return NULL;
    }
    GiAstExpr *body = gi_parse_expression(p);
    p->depth = depth;
    GiAstExpr *e = body != NULL ? gi_parser_expr(p, GI_EXPR_Lambda, start) : NULL;
    if (e != NULL) {
        e->Lambda.args = args;
        e->Lambda.body = body;
    }
    return e;
}
