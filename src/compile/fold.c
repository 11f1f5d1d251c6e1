/* fold.c - constants: their objects, and the evaluation of constant expressions in the tree.
 *
 * Folding changes the tree in place, before scopes are found. A folded expression is a Constant
 * whose value is an object kept by the compilation. What would raise, or grow beyond small limits,
 * is left for run time. Annotations that are kept as text are left alone.
 */
#include "compile/internal.h"
#include "objects/bytes.h"
#include "objects/int.h"
#include "objects/protocol.h"
#include "objects/set.h"

enum { MAX_INT_BITS = 128, MAX_ITEMS = 256, MAX_TEXT = 4096, MAX_TOTAL_ITEMS = 1024 };

static void fold_expr(GiCompiler *c, GiAstExpr *e);
static void fold_stmts(GiCompiler *c, const GiAstSeq_stmt *body);
static void fold_pattern(GiCompiler *c, GiAstPattern *p);

/* ---- Objects ---- */

static bool looks_like_name(GiVal s) {
    if (!gi_str_is_ascii(s)) return false;
    const unsigned char *data = gi_str_data(s);
    for (size_t i = 0, n = gi_str_len(s); i < n; i++) {
        unsigned char ch = data[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9') || ch == '_')) return false;
    }
    return true;
}

static GiRef int_object(GiThread *ts, const GiAstConst *k) {
    if (k->base == 10 && k->text.len <= 14) {
        int64_t value = 0;
        for (size_t i = 0; i < k->text.len; i++) value = value * 10 + (k->text.bytes[i] - '0');
        return gi_smallint_ref(value);
    }
    return gi_int_from_text(ts, k->text.bytes, k->text.len, k->base);
}

static GiRef const_object(GiThread *ts, const GiAstConst *k) {
    switch ((GiConstKind)k->kind) {
    case GI_CONST_NONE: return GI_REF_NONE;
    case GI_CONST_TRUE: return GI_REF_TRUE;
    case GI_CONST_FALSE: return GI_REF_FALSE;
    case GI_CONST_ELLIPSIS: return GI_REF_ELLIPSIS;
    case GI_CONST_INT: return int_object(ts, k);
    case GI_CONST_FLOAT: return gi_double_ref(k->number);
    case GI_CONST_IMAGINARY: return gi_complex_new(ts, 0.0, k->number);
    case GI_CONST_STR: {
        GiRef s = gi_str_from_wtf8(ts, k->text.bytes, k->text.len);
        if (!gi_is_null(s) && looks_like_name(gi_val(s))) s = gi_str_intern(ts, s);
        return s;
    }
    case GI_CONST_BYTES: return gi_bytes_from(ts, k->text.bytes, k->text.len);
    case GI_CONST_OBJECT: return gi_dup(ts, (GiVal){k->object});
    }
    return gi_raise_ref(ts, &gi_exc_SystemError, "invalid kind of constant");
}

GiVal gi_const_value(GiCompiler *c, const GiAstConst *constant) {
    GiRef ref = const_object(c->ts, constant);
    if (gi_is_null(ref)) gi_compile_fail(c);
    if (!gi_is_heap(ref)) return gi_val(ref);
    GiVal same = gi_const_canonical(c, gi_val(ref));
    if (!gi_same(same, ref)) {
        gi_drop(c->ts, ref);
        return same;
    }
    return gi_keep(c, ref);
}

static void become(GiAstExpr *e, GiVal value) {
    e->kind = GI_EXPR_Constant;
    memset(&e->Constant, 0, sizeof e->Constant);
    e->Constant.value.kind = GI_CONST_OBJECT;
    e->Constant.value.object = value.bits;
}

/* Makes e the constant `result`, unless making it failed: then the expression stays. */
static void become_result(GiCompiler *c, GiAstExpr *e, GiRef result) {
    if (gi_is_null(result)) {
        if (!gi_exc_matches(c->ts, &gi_exc_Exception)) gi_compile_fail(c);
        gi_exc_clear(c->ts);
        return;
    }
    GiVal value = gi_keep(c, result);
    become(e, gi_const_canonical(c, value));
}

static bool constant(GiCompiler *c, const GiAstExpr *e, GiVal *value) {
    if (e->kind != GI_EXPR_Constant) return false;
    *value = gi_const_value(c, &e->Constant.value);
    return true;
}

/* ---- Operators ---- */

static size_t int_bits(GiVal v) { return gi_is_bool(v) ? (size_t)gi_is_true(v) : gi_int_bit_length(v); }

/* Number of items in nested tuples and frozensets, or more than the limit. */
static ssize_t total_items(GiVal v, ssize_t limit) {
    if (!gi_is_tuple(v)) return limit;
    limit -= (ssize_t)gi_tuple_len(v);
    for (size_t i = 0; limit >= 0 && i < gi_tuple_len(v); i++) limit = total_items(gi_tuple_get(v, i), limit);
    return limit;
}

static bool small_product(GiVal v, GiVal w) {
    if (gi_is_int(v) && gi_is_int(w)) return int_bits(v) + int_bits(w) <= MAX_INT_BITS;
    if (!gi_is_int(v)) {
        if (!gi_is_int(w)) return true;
        GiVal t = v;
        v = w;
        w = t;
    }
    int64_t n = 0;
    bool fits = gi_is_bool(v) ? (n = gi_is_true(v), true) : gi_int_as_i64(v, &n) == 0;
    if (gi_is_tuple(w) || gi_has_flag(w, GI_TYPE_SET)) {
        size_t size = gi_is_tuple(w) ? gi_tuple_len(w) : gi_set_len(w);
        if (size == 0) return true;
        return fits && n >= 0 && (size_t)n <= MAX_ITEMS / size && (n == 0 || total_items(w, MAX_TOTAL_ITEMS) >= 0);
    }
    if (gi_is_str(w) || gi_is_bytes(w)) {
        size_t size = gi_is_str(w) ? gi_str_len(w) : gi_bytes_len(w);
        return size == 0 || (fits && n >= 0 && (size_t)n <= MAX_TEXT / size);
    }
    return true;
}

static bool worth_folding(GiAstOperator op, GiVal v, GiVal w) {
    int64_t n;
    switch (op) {
    case GI_OPERATOR_Mult: return small_product(v, w);
    case GI_OPERATOR_Pow:
        if (!gi_is_int(v) || !gi_is_int(w) || gi_is_bool(w) || gi_int_sign(w) <= 0) return true;
        return gi_int_as_i64(w, &n) == 0 && n <= MAX_INT_BITS && int_bits(v) <= (size_t)(MAX_INT_BITS / n);
    case GI_OPERATOR_LShift:
        if (!gi_is_int(v) || !gi_is_int(w) || gi_is_bool(w) || gi_is_bool(v)) return true;
        if (gi_int_sign(v) == 0 || gi_int_sign(w) == 0) return true;
        return gi_int_as_i64(w, &n) == 0 && n <= MAX_INT_BITS && int_bits(v) <= (size_t)(MAX_INT_BITS - n);
    case GI_OPERATOR_Mod: return !gi_is_str(v) && !gi_is_bytes(v);
    case GI_OPERATOR_MatMult: return false;
    default: return true;
    }
}

static GiBinOp binary_op(GiAstOperator op) {
    static const uint8_t table[] = {
        [GI_OPERATOR_Add] = GI_BIN_ADD, [GI_OPERATOR_Sub] = GI_BIN_SUB, [GI_OPERATOR_Mult] = GI_BIN_MUL,
        [GI_OPERATOR_MatMult] = GI_BIN_MATMUL, [GI_OPERATOR_Div] = GI_BIN_TRUEDIV, [GI_OPERATOR_Mod] = GI_BIN_MOD,
        [GI_OPERATOR_Pow] = GI_BIN_POW, [GI_OPERATOR_LShift] = GI_BIN_LSHIFT, [GI_OPERATOR_RShift] = GI_BIN_RSHIFT,
        [GI_OPERATOR_BitOr] = GI_BIN_OR, [GI_OPERATOR_BitXor] = GI_BIN_XOR, [GI_OPERATOR_BitAnd] = GI_BIN_AND,
        [GI_OPERATOR_FloorDiv] = GI_BIN_FLOORDIV,
    };
    return (GiBinOp)table[op];
}

static GiAstExpr *text_part(GiCompiler *c, const GiAstExpr *at, GiVal format, size_t from, size_t to) {
    GiAstExpr *part = gi_compile_alloc(c, sizeof *part);
    part->pos = at->pos;
    GiStrBuilder sb;
    gi_sb_init(&sb, c->ts);
    for (size_t i = from; i < to; i++) {
        uint32_t ch = gi_str_char(format, i);
        gi_sb_char(&sb, ch);
        if (ch == '%') i++; /* %% */
    }
    become(part, gi_const_canonical(c, gi_keep(c, gi_sb_finish(&sb))));
    return part;
}

/* 'x %s y %r' % (a, b) becomes a formatted string, if there are only plain %s, %r, %a. */
static bool fold_format(GiCompiler *c, GiAstExpr *e, GiVal format) {
    const GiAstSeq_expr *args = &e->BinOp.right->Tuple.elts;
    size_t n = gi_str_len(format), used = 0, count = 0, start = 0;
    for (uint32_t i = 0; i < args->count; i++)
        if (args->items[i]->kind == GI_EXPR_Starred) return false;
    for (size_t i = 0; i < n; i++) {
        if (gi_str_char(format, i) != '%') continue;
        if (++i == n) return false;
        uint32_t ch = gi_str_char(format, i);
        if (ch == '%') continue;
        if (ch != 's' && ch != 'r' && ch != 'a') return false;
        used++;
    }
    if (used != args->count) return false;
    GiAstExpr **parts = gi_compile_alloc(c, (2 * used + 1) * sizeof *parts);
    used = 0;
    for (size_t i = 0; i < n; i++) {
        if (gi_str_char(format, i) != '%') continue;
        uint32_t ch = gi_str_char(format, ++i);
        if (ch == '%') continue;
        if (i - 1 > start) parts[count++] = text_part(c, e, format, start, i - 1);
        GiAstExpr *value = gi_compile_alloc(c, sizeof *value);
        value->kind = GI_EXPR_FormattedValue;
        value->pos = args->items[used]->pos;
        value->FormattedValue.value = args->items[used++];
        value->FormattedValue.conversion = (int)ch;
        parts[count++] = value;
        start = i + 1;
    }
    if (n > start) parts[count++] = text_part(c, e, format, start, n);
    e->kind = GI_EXPR_JoinedStr;
    e->JoinedStr.values.items = parts;
    e->JoinedStr.values.count = (uint32_t)count;
    return true;
}

static void fold_binary(GiCompiler *c, GiAstExpr *e) {
    GiVal left, right;
    fold_expr(c, e->BinOp.left);
    fold_expr(c, e->BinOp.right);
    if (e->BinOp.op == GI_OPERATOR_Mod && e->BinOp.right->kind == GI_EXPR_Tuple && constant(c, e->BinOp.left, &left) &&
        gi_is_str(left) && fold_format(c, e, left))
        return;
    if (!constant(c, e->BinOp.left, &left) || !constant(c, e->BinOp.right, &right)) return;
    if (!worth_folding(e->BinOp.op, left, right)) return;
    become_result(c, e, gi_binary(c->ts, binary_op(e->BinOp.op), left, right));
}

static void fold_unary(GiCompiler *c, GiAstExpr *e) {
    GiAstExpr *operand = e->UnaryOp.operand;
    fold_expr(c, operand);
    GiVal v;
    if (operand->kind == GI_EXPR_Compare) {
        if (e->UnaryOp.op != GI_UNARYOP_Not || operand->Compare.ops.count != 1) return;
        GiAstCmpOp *op = &operand->Compare.ops.items[0], flipped;
        switch (*op) {
        case GI_CMPOP_Is: flipped = GI_CMPOP_IsNot; break;
        case GI_CMPOP_IsNot: flipped = GI_CMPOP_Is; break;
        case GI_CMPOP_In: flipped = GI_CMPOP_NotIn; break;
        case GI_CMPOP_NotIn: flipped = GI_CMPOP_In; break;
        default: return;
        }
        *op = flipped;
        GiAstPos pos = operand->pos; /* the comparison keeps its own place */
        *e = *operand;
        e->pos = pos;
        return;
    }
    if (!constant(c, operand, &v)) return;
    switch (e->UnaryOp.op) {
    case GI_UNARYOP_Not: {
        GiTruth t = gi_truth(c->ts, v);
        if (t.value < 0) gi_compile_fail(c);
        become(e, gi_bool(!t.value));
        return;
    }
    case GI_UNARYOP_Invert: become_result(c, e, gi_unary(c->ts, GI_UN_INVERT, v)); return;
    case GI_UNARYOP_UAdd: become_result(c, e, gi_unary(c->ts, GI_UN_POS, v)); return;
    default: become_result(c, e, gi_unary(c->ts, GI_UN_NEG, v)); return;
    }
}

/* The tuple of a sequence of constants; null without exception if one is none. */
static GiRef constant_tuple(GiCompiler *c, const GiAstSeq_expr *elts) {
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind != GI_EXPR_Constant) return GI_NULL;
    GiVal *values = gi_compile_alloc(c, (elts->count + 1) * sizeof *values);
    for (uint32_t i = 0; i < elts->count; i++) values[i] = gi_const_value(c, &elts->items[i]->Constant.value);
    GiRef tuple = gi_tuple_from(c->ts, values, elts->count);
    if (gi_is_null(tuple)) gi_compile_fail(c);
    return tuple;
}

static void fold_tuple(GiCompiler *c, GiAstExpr *e) {
    if (e->Tuple.ctx != GI_CTX_Load) return;
    GiRef tuple = constant_tuple(c, &e->Tuple.elts);
    if (!gi_is_null(tuple)) become_result(c, e, tuple);
}

/* What is only iterated or searched need not be a list or a set. */
static void fold_iterated(GiCompiler *c, GiAstExpr *e) {
    if (e->kind == GI_EXPR_List) {
        GiAstSeq_expr elts = e->List.elts;
        for (uint32_t i = 0; i < elts.count; i++)
            if (elts.items[i]->kind == GI_EXPR_Starred) return;
        e->kind = GI_EXPR_Tuple;
        e->Tuple.elts = elts;
        e->Tuple.ctx = GI_CTX_Load;
        fold_tuple(c, e);
    } else if (e->kind == GI_EXPR_Set) {
        GiRef tuple = constant_tuple(c, &e->Set.elts);
        if (gi_is_null(tuple)) return;
        GiRef set = gi_frozenset_new(c->ts, gi_val(tuple));
        gi_drop(c->ts, tuple);
        become_result(c, e, set);
    }
}

/* ---- The walk ---- */

static void fold_exprs(GiCompiler *c, const GiAstSeq_expr *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] != NULL) fold_expr(c, list->items[i]);
}

static void fold_optional(GiCompiler *c, GiAstExpr *e) {
    if (e != NULL) fold_expr(c, e);
}

static void fold_keywords(GiCompiler *c, const GiAstSeq_keyword *list) {
    for (uint32_t i = 0; i < list->count; i++) fold_expr(c, list->items[i]->value);
}

static void fold_generators(GiCompiler *c, const GiAstSeq_comprehension *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        fold_expr(c, list->items[i]->target);
        fold_expr(c, list->items[i]->iter);
        fold_exprs(c, &list->items[i]->ifs);
        fold_iterated(c, list->items[i]->iter);
    }
}

static void fold_annotation(GiCompiler *c, GiAstExpr *e) {
    if (e != NULL && !(c->future & GI_CO_FUTURE_ANNOTATIONS)) fold_expr(c, e);
}

static void fold_params(GiCompiler *c, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++) fold_annotation(c, list->items[i]->annotation);
}

static void fold_arguments(GiCompiler *c, const GiAstArguments *a) {
    fold_params(c, &a->posonlyargs);
    fold_params(c, &a->args);
    if (a->vararg) fold_annotation(c, a->vararg->annotation);
    fold_params(c, &a->kwonlyargs);
    fold_exprs(c, &a->kw_defaults);
    if (a->kwarg) fold_annotation(c, a->kwarg->annotation);
    fold_exprs(c, &a->defaults);
}

static void fold_subscript(GiCompiler *c, GiAstExpr *e) {
    GiVal v, key;
    fold_expr(c, e->Subscript.value);
    fold_expr(c, e->Subscript.slice);
    if (e->Subscript.ctx != GI_CTX_Load || !constant(c, e->Subscript.value, &v) || !constant(c, e->Subscript.slice, &key))
        return;
    become_result(c, e, gi_getitem(c->ts, v, key));
}

static void fold_compare(GiCompiler *c, GiAstExpr *e) {
    fold_expr(c, e->Compare.left);
    fold_exprs(c, &e->Compare.comparators);
    uint32_t last = e->Compare.ops.count - 1;
    GiAstCmpOp op = e->Compare.ops.items[last];
    if (op == GI_CMPOP_In || op == GI_CMPOP_NotIn) fold_iterated(c, e->Compare.comparators.items[last]);
}

static void fold_inner(GiCompiler *c, GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_BoolOp: fold_exprs(c, &e->BoolOp.values); break;
    case GI_EXPR_NamedExpr: fold_expr(c, e->NamedExpr.value); break;
    case GI_EXPR_BinOp: fold_binary(c, e); break;
    case GI_EXPR_UnaryOp: fold_unary(c, e); break;
    case GI_EXPR_Lambda:
        fold_arguments(c, e->Lambda.args);
        fold_expr(c, e->Lambda.body);
        break;
    case GI_EXPR_IfExp:
        fold_expr(c, e->IfExp.test);
        fold_expr(c, e->IfExp.body);
        fold_expr(c, e->IfExp.orelse);
        break;
    case GI_EXPR_Dict:
        fold_exprs(c, &e->Dict.keys);
        fold_exprs(c, &e->Dict.values);
        break;
    case GI_EXPR_Set: fold_exprs(c, &e->Set.elts); break;
    case GI_EXPR_ListComp:
        fold_expr(c, e->ListComp.elt);
        fold_generators(c, &e->ListComp.generators);
        break;
    case GI_EXPR_SetComp:
        fold_expr(c, e->SetComp.elt);
        fold_generators(c, &e->SetComp.generators);
        break;
    case GI_EXPR_DictComp:
        fold_expr(c, e->DictComp.key);
        fold_expr(c, e->DictComp.value);
        fold_generators(c, &e->DictComp.generators);
        break;
    case GI_EXPR_GeneratorExp:
        fold_expr(c, e->GeneratorExp.elt);
        fold_generators(c, &e->GeneratorExp.generators);
        break;
    case GI_EXPR_Await: fold_expr(c, e->Await.value); break;
    case GI_EXPR_Yield: fold_optional(c, e->Yield.value); break;
    case GI_EXPR_YieldFrom: fold_expr(c, e->YieldFrom.value); break;
    case GI_EXPR_Compare: fold_compare(c, e); break;
    case GI_EXPR_Call:
        fold_expr(c, e->Call.func);
        fold_exprs(c, &e->Call.args);
        fold_keywords(c, &e->Call.keywords);
        break;
    case GI_EXPR_FormattedValue:
        fold_expr(c, e->FormattedValue.value);
        fold_optional(c, e->FormattedValue.format_spec);
        break;
    case GI_EXPR_JoinedStr: fold_exprs(c, &e->JoinedStr.values); break;
    case GI_EXPR_Attribute: fold_expr(c, e->Attribute.value); break;
    case GI_EXPR_Subscript: fold_subscript(c, e); break;
    case GI_EXPR_Starred: fold_expr(c, e->Starred.value); break;
    case GI_EXPR_Name:
        if (e->Name.ctx == GI_CTX_Load && gi_name_is(e->Name.id, "__debug__")) become(e, gi_bool(c->optimize == 0));
        break;
    case GI_EXPR_List: fold_exprs(c, &e->List.elts); break;
    case GI_EXPR_Tuple:
        fold_exprs(c, &e->Tuple.elts);
        fold_tuple(c, e);
        break;
    case GI_EXPR_Slice:
        fold_optional(c, e->Slice.lower);
        fold_optional(c, e->Slice.upper);
        fold_optional(c, e->Slice.step);
        break;
    default: break;
    }
}

static void fold_expr(GiCompiler *c, GiAstExpr *e) {
    if (e->kind == GI_EXPR_Constant || (e->kind == GI_EXPR_Name && e->Name.id->len != 9)) return;
    gi_enter(c);
    fold_inner(c, e);
    gi_leave(c);
}

static void fold_patterns(GiCompiler *c, const GiAstSeq_pattern *list) {
    for (uint32_t i = 0; i < list->count; i++) fold_pattern(c, list->items[i]);
}

static void fold_pattern(GiCompiler *c, GiAstPattern *p) {
    gi_enter(c);
    switch (p->kind) {
    case GI_PATTERN_MatchValue: fold_expr(c, p->MatchValue.value); break;
    case GI_PATTERN_MatchSequence: fold_patterns(c, &p->MatchSequence.patterns); break;
    case GI_PATTERN_MatchMapping:
        fold_exprs(c, &p->MatchMapping.keys);
        fold_patterns(c, &p->MatchMapping.patterns);
        break;
    case GI_PATTERN_MatchClass:
        fold_expr(c, p->MatchClass.cls);
        fold_patterns(c, &p->MatchClass.patterns);
        fold_patterns(c, &p->MatchClass.kwd_patterns);
        break;
    case GI_PATTERN_MatchAs:
        if (p->MatchAs.pattern) fold_pattern(c, p->MatchAs.pattern);
        break;
    case GI_PATTERN_MatchOr: fold_patterns(c, &p->MatchOr.patterns); break;
    default: break;
    }
    gi_leave(c);
}

static bool is_text(const GiAstExpr *e) {
    if (e->kind != GI_EXPR_Constant) return false;
    const GiAstConst *k = &e->Constant.value;
    return k->kind == GI_CONST_STR || (k->kind == GI_CONST_OBJECT && gi_is_str((GiVal){k->object}));
}

/* A body whose first expression only becomes text by folding has no docstring. */
static void fold_body(GiCompiler *c, const GiAstSeq_stmt *body) {
    GiAstStmt *first = body->count > 0 && body->items[0]->kind == GI_STMT_Expr ? body->items[0] : NULL;
    bool before = first != NULL && is_text(first->Expr.value);
    fold_stmts(c, body);
    if (first == NULL || before || !is_text(first->Expr.value)) return;
    GiAstExpr *joined = gi_compile_alloc(c, sizeof *joined);
    joined->kind = GI_EXPR_JoinedStr;
    joined->pos = first->Expr.value->pos;
    joined->JoinedStr.values.items = gi_compile_alloc(c, sizeof(GiAstExpr *));
    joined->JoinedStr.values.items[0] = first->Expr.value;
    joined->JoinedStr.values.count = 1;
    first->Expr.value = joined;
}

static void fold_handlers(GiCompiler *c, const GiAstSeq_excepthandler *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        fold_optional(c, list->items[i]->ExceptHandler.type);
        fold_stmts(c, &list->items[i]->ExceptHandler.body);
    }
}

static void fold_stmt(GiCompiler *c, GiAstStmt *s) {
    switch (s->kind) {
    case GI_STMT_FunctionDef:
    case GI_STMT_AsyncFunctionDef:
        fold_arguments(c, s->FunctionDef.args);
        fold_body(c, &s->FunctionDef.body);
        fold_exprs(c, &s->FunctionDef.decorator_list);
        fold_annotation(c, s->FunctionDef.returns);
        break;
    case GI_STMT_ClassDef:
        fold_exprs(c, &s->ClassDef.bases);
        fold_keywords(c, &s->ClassDef.keywords);
        fold_body(c, &s->ClassDef.body);
        fold_exprs(c, &s->ClassDef.decorator_list);
        break;
    case GI_STMT_Return: fold_optional(c, s->Return.value); break;
    case GI_STMT_Delete: fold_exprs(c, &s->Delete.targets); break;
    case GI_STMT_Assign:
        fold_exprs(c, &s->Assign.targets);
        fold_expr(c, s->Assign.value);
        break;
    case GI_STMT_AugAssign:
        fold_expr(c, s->AugAssign.target);
        fold_expr(c, s->AugAssign.value);
        break;
    case GI_STMT_AnnAssign:
        fold_expr(c, s->AnnAssign.target);
        fold_annotation(c, s->AnnAssign.annotation);
        fold_optional(c, s->AnnAssign.value);
        break;
    case GI_STMT_For:
    case GI_STMT_AsyncFor:
        fold_expr(c, s->For.target);
        fold_expr(c, s->For.iter);
        fold_stmts(c, &s->For.body);
        fold_stmts(c, &s->For.orelse);
        if (s->kind == GI_STMT_For) fold_iterated(c, s->For.iter);
        break;
    case GI_STMT_While:
        fold_expr(c, s->While.test);
        fold_stmts(c, &s->While.body);
        fold_stmts(c, &s->While.orelse);
        break;
    case GI_STMT_If:
        fold_expr(c, s->If.test);
        fold_stmts(c, &s->If.body);
        fold_stmts(c, &s->If.orelse);
        break;
    case GI_STMT_With:
    case GI_STMT_AsyncWith:
        for (uint32_t i = 0; i < s->With.items.count; i++) {
            fold_expr(c, s->With.items.items[i]->context_expr);
            fold_optional(c, s->With.items.items[i]->optional_vars);
        }
        fold_stmts(c, &s->With.body);
        break;
    case GI_STMT_Match:
        fold_expr(c, s->Match.subject);
        for (uint32_t i = 0; i < s->Match.cases.count; i++) {
            fold_pattern(c, s->Match.cases.items[i]->pattern);
            fold_optional(c, s->Match.cases.items[i]->guard);
            fold_stmts(c, &s->Match.cases.items[i]->body);
        }
        break;
    case GI_STMT_Raise:
        fold_optional(c, s->Raise.exc);
        fold_optional(c, s->Raise.cause);
        break;
    case GI_STMT_Try:
    case GI_STMT_TryStar:
        fold_stmts(c, &s->Try.body);
        fold_handlers(c, &s->Try.handlers);
        fold_stmts(c, &s->Try.orelse);
        fold_stmts(c, &s->Try.finalbody);
        break;
    case GI_STMT_Assert:
        fold_expr(c, s->Assert.test);
        fold_optional(c, s->Assert.msg);
        break;
    case GI_STMT_Expr: fold_expr(c, s->Expr.value); break;
    default: break;
    }
}

static void fold_stmts(GiCompiler *c, const GiAstSeq_stmt *body) {
    for (uint32_t i = 0; i < body->count; i++) {
        gi_enter(c);
        fold_stmt(c, body->items[i]);
        gi_leave(c);
    }
}

void gi_fold_module(GiCompiler *c, GiAstMod *mod) {
    if (mod->kind == GI_MOD_Module) fold_body(c, &mod->Module.body);
    else if (mod->kind == GI_MOD_Interactive) fold_stmts(c, &mod->Interactive.body);
    else if (mod->kind == GI_MOD_Expression) fold_expr(c, mod->Expression.body);
}
