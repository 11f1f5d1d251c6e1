/* expr.c - expressions from the outermost operator down to what follows an atom.
 *
 * Binary operators go by precedence climbing; everything else is one function a grammar level.
 * Chains to the left are loops; only what nests to the right or in brackets recurses, and counts
 * against the parser's depth.
 */
#include "syntax/parser_internal.h"

const bool gi_starts_expr[T_COUNT] = {
    [T_NAME] = true,   [T_NUMBER] = true, [T_STRING] = true, [T_LPAR] = true,
    [T_LSQB] = true,   [T_LBRACE] = true, [T_MINUS] = true,  [T_PLUS] = true,
    [T_TILDE] = true,  [T_NOT] = true,    [T_LAMBDA] = true, [T_AWAIT] = true,
    [T_NONE] = true,   [T_TRUE] = true,   [T_FALSE] = true,  [T_ELLIPSIS] = true,
};

/* PERF: the second pass may come many times to one place; without the memo nested mistakes would
 * take exponential time. PYSEM: what was parsed without looking for mistakes is not parsed again
 * to look for them; as in CPython, a mistake can be overlooked that way. */
static GiAstExpr *memoized(Parser *p, MemoKind kind, GiAstExpr *(*parse)(Parser *)) {
    int pos = p->pos;
    if (!gi_parser_memo_room(p)) {
        return NULL;
    }
    ExprMemo *memo = &p->memo[pos].of[kind];
    if (memo->known) {
        if (memo->expr != NULL) {
            p->pos = memo->end;
            p->end_of_last = memo->end_of_last;
            p->tok = &p->tokens[p->pos];
        }
        return memo->expr;
    }
    GiAstExpr *e = parse(p);
    p->memo[pos].of[kind] = (ExprMemo){
        .expr = e, .end = p->pos, .known = true, .end_of_last = p->end_of_last};
    return e;
}

/* ---- Targets --------------------------------------------------------------------------------- */

void gi_set_context(GiAstExpr *e, GiAstExprContext ctx) {
    switch (e->kind) {
    case GI_EXPR_Name: e->Name.ctx = ctx; break;
    case GI_EXPR_Attribute: e->Attribute.ctx = ctx; break;
    case GI_EXPR_Subscript: e->Subscript.ctx = ctx; break;
    case GI_EXPR_Starred:
        e->Starred.ctx = ctx;
        gi_set_context(e->Starred.value, ctx);
        break;
    case GI_EXPR_List:
        e->List.ctx = ctx;
        for (uint32_t i = 0; i < e->List.elts.count; i++) {
            gi_set_context(e->List.elts.items[i], ctx);
        }
        break;
    case GI_EXPR_Tuple:
        e->Tuple.ctx = ctx;
        for (uint32_t i = 0; i < e->Tuple.elts.count; i++) {
            gi_set_context(e->Tuple.elts.items[i], ctx);
        }
        break;
    default: break;
    }
}

bool gi_is_target(const GiAstExpr *e) {
    return gi_invalid_target(e, TARGET_STORE) == NULL;
}

/* An expression of the shape of a target, without operators: what `for` and `as` take. */
static GiAstExpr *star_target(Parser *p) {
    Start start = start_here(p);
    if (accept(p, T_STAR)) {
        GiAstExpr *value = at(p, T_STAR) ? NULL : gi_parse_primary(p);
        GiAstExpr *e = value != NULL ? gi_parser_expr(p, GI_EXPR_Starred, start) : NULL;
        if (e != NULL) {
            e->Starred.value = value;
            e->Starred.ctx = GI_CTX_Load;
        }
        return e;
    }
    return gi_parse_primary(p);
}

GiAstExpr *gi_parse_star_target(Parser *p) {
    GiAstExpr *e = star_target(p);
    if (e == NULL || !gi_is_target(e)) {
        return NULL;
    }
    gi_set_context(e, GI_CTX_Store);
    return e;
}

static bool starts_target(const Parser *p) {
    return at(p, T_NAME) || at(p, T_LPAR) || at(p, T_LSQB) || at(p, T_STAR) ||
           gi_starts_expr[p->tok->kind];
}

GiAstExpr *gi_parse_star_targets(Parser *p) {
    Start start = start_here(p);
    size_t from = p->sp;
    GiAstExpr *first = gi_parse_star_target(p);
    if (first == NULL || !at(p, T_COMMA)) {
        return first;
    }
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (accept(p, T_COMMA) && starts_target(p)) {
        Mark m = mark(p);
        GiAstExpr *e = gi_parse_star_target(p);
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
    tuple->Tuple.ctx = GI_CTX_Store;
    return tuple;
}

/* ---- What follows an atom -------------------------------------------------------------------- */

static GiAstExpr *slice(Parser *p) {
    Start start = start_here(p);
    int pos = p->pos;
    GiAstExpr *lower = NULL;
    if (!at(p, T_COLON)) {
        if (at(p, T_NAME) && peek_next(p) == T_COLONEQUAL) {
            return gi_parse_named(p);
        }
        lower = gi_parse_expression(p);
        if (lower == NULL) {
            return NULL;
        }
        if (!at(p, T_COLON)) {
            return gi_parse_named_rest(p, pos, lower);
        }
    }
    advance(p);
    GiAstExpr *upper = NULL;
    GiAstExpr *step = NULL;
    Mark m = mark(p);
    if (gi_starts_expr[p->tok->kind] && (upper = gi_parse_expression(p)) == NULL) {
        if (p->failed) {
            return NULL;
        }
        reset(p, &m);
    }
    if (accept(p, T_COLON)) {
        m = mark(p);
        if (gi_starts_expr[p->tok->kind] && (step = gi_parse_expression(p)) == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
        }
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Slice, start);
    if (e != NULL) {
        e->Slice.lower = lower;
        e->Slice.upper = upper;
        e->Slice.step = step;
    }
    return e;
}

/* *x: the starred expression of arguments and subscripts. */
static GiAstExpr *starred(Parser *p) {
    Start start = start_here(p);
    advance(p);
    GiAstExpr *value = gi_parse_expression(p);
    GiAstExpr *e = value != NULL ? gi_parser_expr(p, GI_EXPR_Starred, start) : NULL;
    if (e != NULL) {
        e->Starred.value = value;
        e->Starred.ctx = GI_CTX_Load;
    }
    return e;
}

static GiAstExpr *slice_or_starred(Parser *p) {
    return at(p, T_STAR) ? starred(p) : slice(p);
}

GiAstExpr *gi_parse_slices(Parser *p) {
    Start start = start_here(p);
    bool star = at(p, T_STAR);
    GiAstExpr *first = slice_or_starred(p);
    if (first == NULL || (!star && !at(p, T_COMMA))) {
        return first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (accept(p, T_COMMA) && !at(p, T_RSQB)) {
        Mark m = mark(p);
        GiAstExpr *e = slice_or_starred(p);
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

/* ( ... ) after func; NULL if it does not parse. */
static GiAstExpr *call(Parser *p, GiAstExpr *func, Start start) {
    advance(p);
    GiAstSeq_expr args = {0};
    GiAstSeq_keyword keywords = {0};
    if (!at(p, T_RPAR)) {
        if (!gi_parse_arguments(p, true, &args, &keywords)) {
            return NULL;
        }
    }
    if (!accept(p, T_RPAR)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Call, start);
    if (e != NULL) {
        e->Call.func = func;
        e->Call.args = args;
        e->Call.keywords = keywords;
    }
    return e;
}

static GiAstExpr *subscript(Parser *p, GiAstExpr *value, Start start) {
    advance(p);
    GiAstExpr *index = gi_parse_slices(p);
    if (index == NULL || !accept(p, T_RSQB)) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Subscript, start);
    if (e != NULL) {
        e->Subscript.value = value;
        e->Subscript.slice = index;
        e->Subscript.ctx = GI_CTX_Load;
    }
    return e;
}

static GiAstExpr *attribute(Parser *p, GiAstExpr *value, Start start) {
    advance(p);
    GiName *name = gi_parser_take_name(p);
    GiAstExpr *e = name != NULL ? gi_parser_expr(p, GI_EXPR_Attribute, start) : NULL;
    if (e != NULL) {
        e->Attribute.value = value;
        e->Attribute.attr = name;
        e->Attribute.ctx = GI_CTX_Load;
    }
    return e;
}

static GiAstExpr *plain_primary(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *e = gi_parse_atom(p);
    while (e != NULL) {
        int kind = p->tok->kind;
        if (GI_UNLIKELY(p->diagnose) && (kind == T_LPAR || kind == T_LSQB || kind == T_LBRACE)) {
            /* PYSEM: any bracket behind a primary is looked at as if it were a generator
             * expression gone wrong. */
            gi_check_comprehension(p);
            if (p->failed) {
                return NULL;
            }
        }
        if (kind != T_DOT && kind != T_LPAR && kind != T_LSQB) {
            return e;
        }
        Mark m = mark(p);
        GiAstExpr *longer = NULL;
        if (enter(p, kind == T_DOT ? 0 : BRACKET_DEPTH)) {
            longer = kind == T_DOT    ? attribute(p, e, start)
                     : kind == T_LPAR ? call(p, e, start)
                                      : subscript(p, e, start);
        }
        p->depth = m.depth;
        if (longer == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            return e;
        }
        e = longer;
    }
    return NULL;
}

GiAstExpr *gi_parse_primary(Parser *p) {
    return GI_LIKELY(p->memo == NULL) ? plain_primary(p)
                                      : memoized(p, MEMO_PRIMARY, plain_primary);
}

static GiAstExpr *await_primary(Parser *p) {
    if (GI_LIKELY(!at(p, T_AWAIT))) {
        return gi_parse_primary(p);
    }
    Start start = start_here(p);
    advance(p);
    GiAstExpr *value = gi_parse_primary(p);
    if (value == NULL || !gi_parser_feature(p, 5, "Await expressions are")) {
        return NULL;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Await, start);
    if (e != NULL) {
        e->Await.value = value;
    }
    return e;
}

/* ---- Operators ------------------------------------------------------------------------------- */

static GiAstExpr *unary(Parser *p);

static GiAstExpr *binary_node(Parser *p, Start start, GiAstExpr *left, GiAstOperator op,
                              GiAstExpr *right) {
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_BinOp, start);
    if (e != NULL) {
        e->BinOp.left = left;
        e->BinOp.op = op;
        e->BinOp.right = right;
    }
    return e;
}

static GiAstExpr *unary_node(Parser *p, Start start, GiAstUnaryOp op, GiAstExpr *operand) {
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_UnaryOp, start);
    if (e != NULL) {
        e->UnaryOp.op = op;
        e->UnaryOp.operand = operand;
    }
    return e;
}

/* await_primary ['**' unary] */
static GiAstExpr *power(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *base = await_primary(p);
    if (base == NULL || GI_LIKELY(!at(p, T_DOUBLESTAR))) {
        return base;
    }
    Mark m = mark(p);
    advance(p);
    GiAstExpr *exponent = enter(p, 1) ? unary(p) : NULL;
    p->depth = m.depth;
    if (exponent == NULL) {
        if (p->failed) {
            return NULL;
        }
        reset(p, &m);
        return base;
    }
    return binary_node(p, start, base, GI_OPERATOR_Pow, exponent);
}

static GiAstExpr *unary(Parser *p) {
    GiAstUnaryOp op;
    switch (p->tok->kind) {
    case T_MINUS: op = GI_UNARYOP_USub; break;
    case T_PLUS: op = GI_UNARYOP_UAdd; break;
    case T_TILDE: op = GI_UNARYOP_Invert; break;
    default: return power(p);
    }
    Start start = start_here(p);
    advance(p);
    GiAstExpr *operand = enter(p, 1) ? unary(p) : NULL;
    p->depth--;
    return operand != NULL ? unary_node(p, start, op, operand) : NULL;
}

/* Binding strength and meaning of the binary operators; 0: none. */
static const struct {
    uint8_t strength, op;
} binary_ops[T_COUNT] = {
    [T_VBAR] = {1, GI_OPERATOR_BitOr},       [T_CIRCUMFLEX] = {2, GI_OPERATOR_BitXor},
    [T_AMPER] = {3, GI_OPERATOR_BitAnd},     [T_LEFTSHIFT] = {4, GI_OPERATOR_LShift},
    [T_RIGHTSHIFT] = {4, GI_OPERATOR_RShift}, [T_PLUS] = {5, GI_OPERATOR_Add},
    [T_MINUS] = {5, GI_OPERATOR_Sub},        [T_STAR] = {6, GI_OPERATOR_Mult},
    [T_SLASH] = {6, GI_OPERATOR_Div},        [T_DOUBLESLASH] = {6, GI_OPERATOR_FloorDiv},
    [T_PERCENT] = {6, GI_OPERATOR_Mod},      [T_AT] = {6, GI_OPERATOR_MatMult},
};

/* Operators of at least this strength. Recursion is at most six deep. */
static GiAstExpr *binary(Parser *p, int least) {
    Start start = start_here(p);
    GiAstExpr *left = unary(p);
    while (left != NULL) {
        int kind = p->tok->kind;
        int strength = binary_ops[kind].strength;
        if (strength == 0 || strength < least) {
            return left;
        }
        Mark m = mark(p);
        advance(p);
        GiAstExpr *right = binary(p, strength + 1);
        if (right == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            return left;
        }
        if (kind == T_AT && !gi_parser_feature(p, 5, "The '@' operator is")) {
            return NULL;
        }
        left = binary_node(p, start, left, binary_ops[kind].op, right);
    }
    return NULL;
}

static GiAstExpr *plain_bitwise_or(Parser *p) {
    return binary(p, 1);
}

GiAstExpr *gi_parse_bitwise_or(Parser *p) {
    return GI_LIKELY(p->memo == NULL) ? plain_bitwise_or(p)
                                      : memoized(p, MEMO_BITWISE_OR, plain_bitwise_or);
}

/* Passes a comparison operator; 0 if there is none. */
static int comparison_op(Parser *p) {
    switch (p->tok->kind) {
    case T_EQEQUAL: advance(p); return GI_CMPOP_Eq;
    case T_LESS: advance(p); return GI_CMPOP_Lt;
    case T_GREATER: advance(p); return GI_CMPOP_Gt;
    case T_LESSEQUAL: advance(p); return GI_CMPOP_LtE;
    case T_GREATEREQUAL: advance(p); return GI_CMPOP_GtE;
    case T_IN: advance(p); return GI_CMPOP_In;
    case T_NOTEQUAL: {
        bool barry = (p->options->flags & GI_PARSE_BARRY_AS_BDFL) != 0;
        bool angle = p->tok->start[0] == '<';
        if (barry && !angle) {
            gi_fail_last(p, GI_DIAG_SYNTAX, "with Barry as BDFL, use '<>' instead of '!='");
            return 0;
        }
        if (barry != angle) {
            return 0;
        }
        advance(p);
        return GI_CMPOP_NotEq;
    }
    case T_IS:
        advance(p);
        return accept(p, T_NOT) ? GI_CMPOP_IsNot : GI_CMPOP_Is;
    case T_NOT:
        advance(p);
        return accept(p, T_IN) ? GI_CMPOP_NotIn : 0;
    default: return 0;
    }
}

static bool starts_comparison(int kind) {
    return (kind >= T_EQEQUAL && kind <= T_GREATEREQUAL) || kind == T_LESS || kind == T_GREATER ||
           kind == T_IN || kind == T_IS || kind == T_NOT;
}

/* The rest of a comparison whose left side is parsed. Operators and operands alternate on the
 * parser's stack. */
static GiAstExpr *comparison_rest(Parser *p, GiAstExpr *left, Start start) {
    size_t from = p->sp;
    while (starts_comparison(p->tok->kind)) {
        Mark m = mark(p);
        int op = comparison_op(p);
        GiAstExpr *right = op != 0 ? gi_parse_bitwise_or(p) : NULL;
        if (right == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, (void *)(uintptr_t)op) || !gi_parser_push(p, right)) {
            return NULL;
        }
    }
    uint32_t count = (uint32_t)((p->sp - from) / 2);
    if (count == 0) {
        return left;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Compare, start);
    GiAstCmpOp *ops = gi_parser_alloc(p, count * sizeof *ops);
    GiAstExpr **operands = gi_parser_alloc(p, count * sizeof *operands);
    if (e == NULL || ops == NULL || operands == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        ops[i] = (GiAstCmpOp)(uintptr_t)p->stack[from + 2 * i];
        operands[i] = p->stack[from + 2 * i + 1];
    }
    p->sp = from;
    e->Compare.left = left;
    e->Compare.ops = (GiAstSeq_cmpop){count, ops};
    e->Compare.comparators = (GiAstSeq_expr){count, operands};
    return e;
}

/* not x, or a comparison */
static GiAstExpr *inversion(Parser *p) {
    Start start = start_here(p);
    if (at(p, T_NOT)) {
        advance(p);
        GiAstExpr *operand = enter(p, 1) ? inversion(p) : NULL;
        p->depth--;
        return operand != NULL ? unary_node(p, start, GI_UNARYOP_Not, operand) : NULL;
    }
    GiAstExpr *left = gi_parse_bitwise_or(p);
    if (left == NULL || !starts_comparison(p->tok->kind)) {
        return left;
    }
    return comparison_rest(p, left, start);
}

/* Operands of `and` or of `or`, joined to one node. */
static GiAstExpr *bool_op(Parser *p, int kind, GiAstBoolOp op, GiAstExpr *(*operand)(Parser *)) {
    Start start = start_here(p);
    GiAstExpr *first = operand(p);
    if (first == NULL || GI_LIKELY(!at(p, kind))) {
        return first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (at(p, kind)) {
        Mark m = mark(p);
        advance(p);
        GiAstExpr *next = operand(p);
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
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_BoolOp, start);
    if (e == NULL || !TAKE_SEQ(p, from, &e->BoolOp.values)) {
        return NULL;
    }
    e->BoolOp.op = op;
    return e;
}

static GiAstExpr *conjunction(Parser *p) {
    return bool_op(p, T_AND, GI_BOOLOP_And, inversion);
}

static GiAstExpr *plain_disjunction(Parser *p) {
    return bool_op(p, T_OR, GI_BOOLOP_Or, conjunction);
}

GiAstExpr *gi_parse_disjunction(Parser *p) {
    return GI_LIKELY(p->memo == NULL) ? plain_disjunction(p)
                                      : memoized(p, MEMO_DISJUNCTION, plain_disjunction);
}

/* ---- Expressions ----------------------------------------------------------------------------- */

/* PYSEM: CPython 3.11 takes every beginning of a soft keyword ("c", "mat", "_") for one when it
 * decides whether to suggest a comma. */
static bool begins_soft_keyword(const Token *token) {
    static const char *const soft[] = {"_", "case", "match"};
    size_t len = (size_t)(token->end - token->start);
    for (size_t i = 0; token->kind == T_NAME && i < GI_COUNTOF(soft); i++) {
        if (strncmp(soft[i], token->start, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_legacy_statement(const GiAstExpr *e) {
    return e->kind == GI_EXPR_Name &&
           (gi_name_is(e->Name.id, "print") || gi_name_is(e->Name.id, "exec"));
}

static GiAstExpr *plain_expression(Parser *p);

/* Second pass, after the disjunction `a` that started at token `pos`: a missing comma, a Python 2
 * statement. False: an error was set. */
static bool check_juxtaposition(Parser *p, int pos, GiAstExpr *a) {
    bool starts = gi_starts_expr[p->tok->kind];
    const Token *first = &p->tokens[pos];
    bool name_string = first->kind == T_NAME && p->tokens[pos + 1].kind == T_STRING;
    Mark m = mark(p);
    if (starts && !name_string && !begins_soft_keyword(first)) {
        p->diagnose = false;
        GiAstExpr *b = plain_expression(p);
        p->diagnose = true;
        if (p->failed) {
            return false;
        }
        if (b != NULL && !is_legacy_statement(a) && p->tokens[p->pos - 1].level != 0) {
            FAIL_FROM_TO(p, a, b, "invalid syntax. Perhaps you forgot a comma?");
            return false;
        }
        reset(p, &m);
    }
    return true;
}

static bool check_legacy(Parser *p, int pos) {
    Token first = p->tokens[pos]; /* parsing may move the tokens */
    if (first.kind != T_NAME) {
        return true;
    }
    /* The rule looks at any name with an expression behind it, whatever a is; so mistakes in that
     * expression are found here. */
    Mark after = mark(p);
    Mark m = after;
    m.pos = pos + 1;
    reset(p, &m);
    size_t len = (size_t)(first.end - first.start);
    bool print = len == 5 && memcmp(first.start, "print", 5) == 0;
    bool legacy = print || (len == 4 && memcmp(first.start, "exec", 4) == 0);
    if (at(p, T_LPAR) || !(gi_starts_expr[p->tok->kind] || at(p, T_STAR))) {
        reset(p, &after);
        return true;
    }
    GiAstExpr *b = enter(p, LEGACY_DEPTH) ? gi_parse_star_expressions(p) : NULL;
    p->depth = after.depth;
    if (p->failed) {
        return false;
    }
    m = after;
    if (b != NULL && legacy) {
        const char *word = print ? "print" : "exec";
        gi_fail_range(p, first.lineno, first.col, b->pos.end_lineno, b->pos.end_col_offset,
                      "Missing parentheses in call to '%s'. Did you mean %s(...)?", word, word);
        return false;
    }
    reset(p, &m);
    return true;
}

/* disjunction ['if' disjunction 'else' expression] */
static GiAstExpr *conditional(Parser *p) {
    Start start = start_here(p);
    int pos = p->pos;
    GiAstExpr *body = gi_parse_disjunction(p);
    if (body == NULL) {
        return NULL;
    }
    if (GI_UNLIKELY(p->diagnose) && !check_juxtaposition(p, pos, body)) {
        return NULL;
    }
    GiAstExpr *test = NULL;
    GiAstExpr *orelse = NULL;
    Mark m = mark(p);
    if (at(p, T_IF)) {
        advance(p);
        test = gi_parse_disjunction(p);
        if (p->diagnose && test != NULL && !at(p, T_ELSE) && !at(p, T_COLON)) {
            return FAIL_FROM_TO(p, body, test, "expected 'else' after 'if' expression");
        }
    }
    if (GI_UNLIKELY(p->diagnose) && !p->failed) {
        Mark here = mark(p);
        reset(p, &m);
        if (!check_legacy(p, pos)) {
            return NULL;
        }
        reset(p, &here);
    }
    if (test != NULL && accept(p, T_ELSE)) {
        if (enter(p, 1)) {
            orelse = gi_parse_expression(p);
        }
        p->depth = m.depth;
    }
    if (p->failed) {
        return NULL;
    }
    if (orelse == NULL) {
        reset(p, &m);
        return body;
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_IfExp, start);
    if (e != NULL) {
        e->IfExp.test = test;
        e->IfExp.body = body;
        e->IfExp.orelse = orelse;
    }
    return e;
}

static GiAstExpr *plain_expression(Parser *p) {
    return at(p, T_LAMBDA) ? gi_parse_lambda(p) : conditional(p);
}

GiAstExpr *gi_parse_expression(Parser *p) {
    return GI_LIKELY(p->memo == NULL) ? plain_expression(p)
                                      : memoized(p, MEMO_EXPRESSION, plain_expression);
}

/* Is the atom that e starts with, at the token, a list, tuple or generator expression? */
static bool opens_with_display(const GiAstExpr *e, const Token *first) {
    while (e != NULL && e->pos.lineno == first->lineno && e->pos.col_offset == first->col) {
        switch (e->kind) {
        case GI_EXPR_List:
        case GI_EXPR_GeneratorExp: return true;
        case GI_EXPR_Tuple: return first->kind == T_LPAR;
        case GI_EXPR_BinOp: e = e->BinOp.left; break;
        case GI_EXPR_Call: e = e->Call.func; break;
        case GI_EXPR_Attribute: e = e->Attribute.value; break;
        case GI_EXPR_Subscript: e = e->Subscript.value; break;
        default: return false;
        }
    }
    return false;
}

/* Could e, from the token on, have been parsed without comparison, not, and, or, if, lambda? */
static bool is_bitwise_or(const GiAstExpr *e, const Token *first) {
    if (e->pos.lineno != first->lineno || e->pos.col_offset != first->col) {
        return true; /* in parentheses */
    }
    switch (e->kind) {
    case GI_EXPR_Compare:
    case GI_EXPR_BoolOp:
    case GI_EXPR_Lambda:
    case GI_EXPR_IfExp: return false;
    case GI_EXPR_UnaryOp: return e->UnaryOp.op != GI_UNARYOP_Not;
    default: return true;
    }
}

/* Second pass: `a := b` with a strange a, `a = b` where only == or := can stand. */
static void check_named(Parser *p, int pos, GiAstExpr *a) {
    Mark m = mark(p);
    Token first = p->tokens[pos];
    if (accept(p, T_COLONEQUAL)) {
        if (gi_parse_expression(p) != NULL && !p->failed) {
            FAIL_AT(p, a, "cannot use assignment expressions with %s", gi_expr_noun(a));
        }
    } else if (at(p, T_EQUAL) && is_bitwise_or(a, &first)) {
        bool name = first.kind == T_NAME && p->pos == pos + 1;
        bool excluded = first.kind == T_TRUE || first.kind == T_FALSE || first.kind == T_NONE ||
                        opens_with_display(a, &first);
        GiAstExpr *b = NULL;
        if (name || !excluded) {
            advance(p);
            b = gi_parse_bitwise_or(p);
        }
        if (b != NULL && !p->failed && !at(p, T_EQUAL) && !at(p, T_COLONEQUAL)) {
            if (name) {
                FAIL_FROM_TO(p, a, b,
                             "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
            } else {
                FAIL_AT(p, a, "cannot assign to %s here. Maybe you meant '==' instead of '='?",
                        gi_expr_noun(a));
            }
        }
    }
    reset(p, &m);
}

GiAstExpr *gi_parse_named_rest(Parser *p, int pos, GiAstExpr *e) {
    if (GI_UNLIKELY(p->diagnose)) {
        check_named(p, pos, e);
    }
    return at(p, T_COLONEQUAL) || p->failed ? NULL : e;
}

GiAstExpr *gi_parse_named(Parser *p) {
    if (at(p, T_NAME) && peek_next(p) == T_COLONEQUAL) {
        Start start = start_here(p);
        GiAstExpr *target = gi_parse_atom(p);
        advance(p);
        GiAstExpr *value = gi_parse_expression(p);
        if (target == NULL || value == NULL ||
            !gi_parser_feature(p, 8, "Assignment expressions are")) {
            return NULL;
        }
        target->Name.ctx = GI_CTX_Store;
        GiAstExpr *e = gi_parser_expr(p, GI_EXPR_NamedExpr, start);
        if (e != NULL) {
            e->NamedExpr.target = target;
            e->NamedExpr.value = value;
        }
        return e;
    }
    int pos = p->pos;
    GiAstExpr *e = gi_parse_expression(p);
    return e != NULL ? gi_parse_named_rest(p, pos, e) : NULL;
}

/* '*' bitwise_or */
static GiAstExpr *star_or(Parser *p) {
    Start start = start_here(p);
    advance(p);
    GiAstExpr *value = gi_parse_bitwise_or(p);
    GiAstExpr *e = value != NULL ? gi_parser_expr(p, GI_EXPR_Starred, start) : NULL;
    if (e != NULL) {
        e->Starred.value = value;
        e->Starred.ctx = GI_CTX_Load;
    }
    return e;
}

GiAstExpr *gi_parse_star_named(Parser *p) {
    return at(p, T_STAR) ? star_or(p) : gi_parse_named(p);
}

GiAstExpr *gi_parse_star_expression(Parser *p) {
    return at(p, T_STAR) ? star_or(p) : gi_parse_expression(p);
}

GiAstExpr *gi_parse_star_expressions(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *first = gi_parse_star_expression(p);
    if (first == NULL || GI_LIKELY(!at(p, T_COMMA))) {
        return first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (accept(p, T_COMMA) && (gi_starts_expr[p->tok->kind] || at(p, T_STAR))) {
        Mark m = mark(p);
        GiAstExpr *e = gi_parse_star_expression(p);
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

GiAstExpr *gi_parse_yield(Parser *p) {
    Start start = start_here(p);
    advance(p);
    Mark m = mark(p);
    if (accept(p, T_FROM)) {
        GiAstExpr *value = gi_parse_expression(p);
        if (value != NULL) {
            GiAstExpr *e = gi_parser_expr(p, GI_EXPR_YieldFrom, start);
            if (e != NULL) {
                e->YieldFrom.value = value;
            }
            return e;
        }
        if (p->failed) {
            return NULL;
        }
        reset(p, &m);
    }
    GiAstExpr *value = gi_parse_star_expressions(p);
    if (value == NULL) {
        if (p->failed) {
            return NULL;
        }
        reset(p, &m);
    }
    GiAstExpr *e = gi_parser_expr(p, GI_EXPR_Yield, start);
    if (e != NULL) {
        e->Yield.value = value;
    }
    return e;
}

GiAstExpr *gi_parse_yield_or_star(Parser *p) {
    return at(p, T_YIELD) ? gi_parse_yield(p) : gi_parse_star_expressions(p);
}
