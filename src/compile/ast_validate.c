/* ast_validate.c - checks of trees that a program has made: what the parser guarantees, and the
 * compiler relies on. Raises ValueError or TypeError as CPython does, the first mistake in its order.
 */
#include "compile/ast_objects.h"
#include "objects/bytes.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/protocol.h"
#include "objects/str.h"

typedef struct Checker { GiThread *ts; } Checker;

#define FAIL(...) gi_raise_status(k->ts, &gi_exc_ValueError, __VA_ARGS__)
#define TRY(check) if ((check) < 0) return GI_FAIL
#define BODY(s, Type, field) TRY(check_nonempty(k, (s).field.count, #field, #Type)); TRY(check_body(k, &(s).field))

static GiStatus check_expr(Checker *k, const GiAstExpr *e, GiAstExprContext ctx);
static GiStatus check_stmt(Checker *k, const GiAstStmt *s);
static GiStatus check_pattern(Checker *k, const GiAstPattern *p, bool star_ok);

static GiStatus check_nonempty(Checker *k, uint32_t count, const char *what, const char *owner) {
    return count > 0 ? GI_OK : FAIL("empty %s on %s", what, owner);
}

static GiStatus check_position(Checker *k, const GiAstPos *p) {
    if (p->lineno > p->end_lineno)
        return FAIL("AST node line range (%d, %d) is not valid", p->lineno, p->end_lineno);
    if ((p->lineno < 0 && p->end_lineno != p->lineno) || (p->col_offset < 0 && p->col_offset != p->end_col_offset))
        return FAIL("AST node column range (%d, %d) for line range (%d, %d) is not valid", p->col_offset,
                    p->end_col_offset, p->lineno, p->end_lineno);
    if (p->lineno == p->end_lineno && p->col_offset > p->end_col_offset)
        return FAIL("line %d, column %d-%d is not a valid range", p->lineno, p->col_offset, p->end_col_offset);
    return GI_OK;
}

static GiStatus check_name(Checker *k, const GiName *name) {
    static const char *const forbidden[] = {"None", "True", "False"};
    for (size_t i = 0; i < GI_COUNTOF(forbidden); i++)
        if (gi_name_is(name, forbidden[i])) return FAIL("identifier field can't represent '%s' constant", forbidden[i]);
    return GI_OK;
}

static GiStatus check_exprs(Checker *k, const GiAstSeq_expr *list, GiAstExprContext ctx, bool null_ok) {
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i] == NULL) {
            if (null_ok) continue;
            return FAIL("None disallowed in expression list");
        }
        TRY(check_expr(k, list->items[i], ctx));
    }
    return GI_OK;
}

static GiStatus check_opt(Checker *k, const GiAstExpr *e, GiAstExprContext ctx) {
    return e == NULL ? GI_OK : check_expr(k, e, ctx);
}

static GiStatus check_body(Checker *k, const GiAstSeq_stmt *body) {
    for (uint32_t i = 0; i < body->count; i++) {
        if (body->items[i] == NULL) return FAIL("None disallowed in statement list");
        TRY(check_stmt(k, body->items[i]));
    }
    return GI_OK;
}

/* ---- Parts ---- */

static GiStatus check_arg_list(Checker *k, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        TRY(check_position(k, &list->items[i]->pos));
        TRY(check_opt(k, list->items[i]->annotation, GI_CTX_Load));
    }
    return GI_OK;
}

static GiStatus check_arguments(Checker *k, const GiAstArguments *a) {
    TRY(check_arg_list(k, &a->posonlyargs));
    TRY(check_arg_list(k, &a->args));
    if (a->vararg) TRY(check_opt(k, a->vararg->annotation, GI_CTX_Load));
    TRY(check_arg_list(k, &a->kwonlyargs));
    if (a->kwarg) TRY(check_opt(k, a->kwarg->annotation, GI_CTX_Load));
    if (a->defaults.count > a->posonlyargs.count + a->args.count)
        return FAIL("more positional defaults than args on arguments");
    if (a->kw_defaults.count != a->kwonlyargs.count)
        return FAIL("length of kwonlyargs is not the same as kw_defaults on arguments");
    TRY(check_exprs(k, &a->defaults, GI_CTX_Load, false));
    return check_exprs(k, &a->kw_defaults, GI_CTX_Load, true);
}

static GiStatus check_keywords(Checker *k, const GiAstSeq_keyword *list) {
    for (uint32_t i = 0; i < list->count; i++) TRY(check_expr(k, list->items[i]->value, GI_CTX_Load));
    return GI_OK;
}

static GiStatus check_comprehension(Checker *k, const GiAstSeq_comprehension *gens) {
    if (gens->count == 0) return FAIL("comprehension with no generators");
    for (uint32_t i = 0; i < gens->count; i++) {
        const GiAstComprehension *g = gens->items[i];
        TRY(check_expr(k, g->target, GI_CTX_Store));
        TRY(check_expr(k, g->iter, GI_CTX_Load));
        TRY(check_exprs(k, &g->ifs, GI_CTX_Load, false));
    }
    return GI_OK;
}

/* ---- Expressions ---- */

static const char *context_name(GiAstExprContext ctx) {
    return ctx == GI_CTX_Store ? "Store" : ctx == GI_CTX_Del ? "Del" : "Load";
}

/* The context that an expression itself has; 0 when its kind has none. */
static int own_context(const GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_Attribute: return (int)e->Attribute.ctx;
    case GI_EXPR_Subscript: return (int)e->Subscript.ctx;
    case GI_EXPR_Starred: return (int)e->Starred.ctx;
    case GI_EXPR_Name: return (int)e->Name.ctx;
    case GI_EXPR_List: return (int)e->List.ctx;
    case GI_EXPR_Tuple: return (int)e->Tuple.ctx;
    default: return 0;
    }
}

static GiStatus check_context(Checker *k, const GiAstExpr *e, GiAstExprContext ctx) {
    int own = own_context(e);
    if (own == 0)
        return ctx == GI_CTX_Load ? GI_OK
                                  : FAIL("expression which can't be assigned to in %s context", context_name(ctx));
    if (own != (int)ctx)
        return FAIL("expression must have %s context but has %s instead", context_name(ctx),
                    context_name((GiAstExprContext)own));
    return GI_OK;
}

static GiStatus check_compare(Checker *k, const GiAstExpr *e) {
    if (e->Compare.comparators.count == 0) return FAIL("Compare with no comparators");
    if (e->Compare.comparators.count != e->Compare.ops.count)
        return FAIL("Compare has a different number of comparators and operands");
    TRY(check_exprs(k, &e->Compare.comparators, GI_CTX_Load, false));
    return check_expr(k, e->Compare.left, GI_CTX_Load);
}

static GiStatus check_expr_kind(Checker *k, const GiAstExpr *e, GiAstExprContext ctx) {
    const GiAstExprContext load = GI_CTX_Load;
    switch (e->kind) {
    case GI_EXPR_BoolOp:
        if (e->BoolOp.values.count < 2) return FAIL("BoolOp with less than 2 values");
        return check_exprs(k, &e->BoolOp.values, load, false);
    case GI_EXPR_NamedExpr:
        if (e->NamedExpr.target->kind != GI_EXPR_Name)
            return gi_raise_status(k->ts, &gi_exc_TypeError, "NamedExpr target must be a Name");
        return check_expr(k, e->NamedExpr.value, load);
    case GI_EXPR_BinOp:
        TRY(check_expr(k, e->BinOp.left, load));
        return check_expr(k, e->BinOp.right, load);
    case GI_EXPR_UnaryOp: return check_expr(k, e->UnaryOp.operand, load);
    case GI_EXPR_Lambda:
        TRY(check_arguments(k, e->Lambda.args));
        return check_expr(k, e->Lambda.body, load);
    case GI_EXPR_IfExp:
        TRY(check_expr(k, e->IfExp.test, load));
        TRY(check_expr(k, e->IfExp.body, load));
        return check_expr(k, e->IfExp.orelse, load);
    case GI_EXPR_Dict:
        if (e->Dict.keys.count != e->Dict.values.count)
            return FAIL("Dict doesn't have the same number of keys as values");
        TRY(check_exprs(k, &e->Dict.keys, load, true));
        return check_exprs(k, &e->Dict.values, load, false);
    case GI_EXPR_Set: return check_exprs(k, &e->Set.elts, load, false);
    case GI_EXPR_ListComp:
        TRY(check_comprehension(k, &e->ListComp.generators));
        return check_expr(k, e->ListComp.elt, load);
    case GI_EXPR_SetComp:
        TRY(check_comprehension(k, &e->SetComp.generators));
        return check_expr(k, e->SetComp.elt, load);
    case GI_EXPR_GeneratorExp:
        TRY(check_comprehension(k, &e->GeneratorExp.generators));
        return check_expr(k, e->GeneratorExp.elt, load);
    case GI_EXPR_DictComp:
        TRY(check_comprehension(k, &e->DictComp.generators));
        TRY(check_expr(k, e->DictComp.key, load));
        return check_expr(k, e->DictComp.value, load);
    case GI_EXPR_Await: return check_expr(k, e->Await.value, load);
    case GI_EXPR_Yield: return check_opt(k, e->Yield.value, load);
    case GI_EXPR_YieldFrom: return check_expr(k, e->YieldFrom.value, load);
    case GI_EXPR_Compare: return check_compare(k, e);
    case GI_EXPR_Call:
        TRY(check_expr(k, e->Call.func, load));
        TRY(check_exprs(k, &e->Call.args, load, false));
        return check_keywords(k, &e->Call.keywords);
    case GI_EXPR_FormattedValue:
        TRY(check_expr(k, e->FormattedValue.value, load));
        return check_opt(k, e->FormattedValue.format_spec, load);
    case GI_EXPR_JoinedStr: return check_exprs(k, &e->JoinedStr.values, load, false);
    case GI_EXPR_Attribute: return check_expr(k, e->Attribute.value, load);
    case GI_EXPR_Subscript:
        TRY(check_expr(k, e->Subscript.slice, load));
        return check_expr(k, e->Subscript.value, load);
    case GI_EXPR_Starred: return check_expr(k, e->Starred.value, ctx);
    case GI_EXPR_Slice:
        TRY(check_opt(k, e->Slice.lower, load));
        TRY(check_opt(k, e->Slice.upper, load));
        return check_opt(k, e->Slice.step, load);
    case GI_EXPR_List: return check_exprs(k, &e->List.elts, ctx, false);
    case GI_EXPR_Tuple: return check_exprs(k, &e->Tuple.elts, ctx, false);
    case GI_EXPR_Name: return check_name(k, e->Name.id);
    default: return GI_OK; /* Constant */
    }
}

static GiStatus check_expr(Checker *k, const GiAstExpr *e, GiAstExprContext ctx) {
    TRY(check_position(k, &e->pos));
    TRY(gi_enter_recursive(k->ts, " during compilation"));
    GiStatus status = e->kind == GI_EXPR_Name ? check_name(k, e->Name.id) : GI_OK;
    if (status == GI_OK) status = check_context(k, e, ctx);
    if (status == GI_OK) status = check_expr_kind(k, e, ctx);
    gi_leave_recursive(k->ts);
    return status;
}

/* ---- Patterns ---- */

static bool is_number(const GiAstConst *c, bool complex_) {
    if (c->kind != GI_CONST_OBJECT) return c->kind == GI_CONST_INT || c->kind == GI_CONST_FLOAT ? !complex_ : c->kind == GI_CONST_IMAGINARY && complex_;
    GiVal v = {c->object};
    if (complex_) return gi_is_exact(v, &gi_complex_type);
    return gi_is_int(v) || gi_is_float(v);
}

/* -number, or a number; `complex_`: an imaginary one. */
static bool is_signed_number(const GiAstExpr *e, bool real, bool imaginary) {
    if (e->kind == GI_EXPR_UnaryOp && e->UnaryOp.op == GI_UNARYOP_USub) e = e->UnaryOp.operand;
    return e->kind == GI_EXPR_Constant &&
           ((real && is_number(&e->Constant.value, false)) || (imaginary && is_number(&e->Constant.value, true)));
}

static GiStatus check_pattern_value(Checker *k, const GiAstExpr *e) {
    TRY(check_expr(k, e, GI_CTX_Load));
    switch (e->kind) {
    case GI_EXPR_Constant: {
        const GiAstConst *c = &e->Constant.value;
        bool literal = c->kind != GI_CONST_ELLIPSIS;
        if (c->kind == GI_CONST_OBJECT) {
            GiVal v = {c->object};
            literal = gi_is_int(v) || gi_is_float(v) || gi_is_exact(v, &gi_bytes_type) || gi_is_str(v) ||
                      gi_is_exact(v, &gi_complex_type);
        } else if (c->kind == GI_CONST_NONE || c->kind == GI_CONST_TRUE || c->kind == GI_CONST_FALSE) {
            literal = false;
        }
        return literal ? GI_OK : FAIL("unexpected constant inside of a literal pattern");
    }
    case GI_EXPR_Attribute:
    case GI_EXPR_JoinedStr: return GI_OK;
    case GI_EXPR_UnaryOp:
        if (is_signed_number(e, true, true)) return GI_OK;
        break;
    case GI_EXPR_BinOp:
        if ((e->BinOp.op == GI_OPERATOR_Add || e->BinOp.op == GI_OPERATOR_Sub) &&
            is_signed_number(e->BinOp.left, true, false) && e->BinOp.right->kind == GI_EXPR_Constant &&
            is_number(&e->BinOp.right->Constant.value, true))
            return GI_OK;
        break;
    default: break;
    }
    return FAIL("patterns may only match literals and attribute lookups");
}

static GiStatus check_capture(Checker *k, const GiName *name) {
    if (gi_name_is(name, "_")) return FAIL("can't capture name '_' in patterns");
    return check_name(k, name);
}

static GiStatus check_patterns(Checker *k, const GiAstSeq_pattern *list, bool star_ok) {
    for (uint32_t i = 0; i < list->count; i++) TRY(check_pattern(k, list->items[i], star_ok));
    return GI_OK;
}

static GiStatus check_mapping(Checker *k, const GiAstPattern *p) {
    if (p->MatchMapping.keys.count != p->MatchMapping.patterns.count)
        return FAIL("MatchMapping doesn't have the same number of keys as patterns");
    if (p->MatchMapping.rest) TRY(check_capture(k, p->MatchMapping.rest));
    for (uint32_t i = 0; i < p->MatchMapping.keys.count; i++) {
        const GiAstExpr *key = p->MatchMapping.keys.items[i];
        if (key == NULL) return FAIL("None disallowed in expression list");
        const GiAstConst *c = key->kind == GI_EXPR_Constant ? &key->Constant.value : NULL;
        if (c && (c->kind == GI_CONST_NONE || c->kind == GI_CONST_TRUE || c->kind == GI_CONST_FALSE)) continue;
        TRY(check_pattern_value(k, key));
    }
    return check_patterns(k, &p->MatchMapping.patterns, false);
}

static GiStatus check_class(Checker *k, const GiAstPattern *p) {
    if (p->MatchClass.kwd_attrs.count != p->MatchClass.kwd_patterns.count)
        return FAIL("MatchClass doesn't have the same number of keyword attributes as patterns");
    TRY(check_expr(k, p->MatchClass.cls, GI_CTX_Load));
    for (const GiAstExpr *cls = p->MatchClass.cls; cls->kind != GI_EXPR_Name; cls = cls->Attribute.value)
        if (cls->kind != GI_EXPR_Attribute)
            return FAIL("MatchClass cls field can only contain Name or Attribute nodes.");
    for (uint32_t i = 0; i < p->MatchClass.kwd_attrs.count; i++)
        TRY(check_name(k, p->MatchClass.kwd_attrs.items[i]));
    TRY(check_patterns(k, &p->MatchClass.patterns, false));
    return check_patterns(k, &p->MatchClass.kwd_patterns, false);
}

static GiStatus check_pattern_kind(Checker *k, const GiAstPattern *p, bool star_ok) {
    switch (p->kind) {
    case GI_PATTERN_MatchValue: return check_pattern_value(k, p->MatchValue.value);
    case GI_PATTERN_MatchSingleton: {
        int kind = (int)p->MatchSingleton.value.kind;
        if (kind == GI_CONST_NONE || kind == GI_CONST_TRUE || kind == GI_CONST_FALSE) return GI_OK;
        return FAIL("MatchSingleton can only contain True, False and None");
    }
    case GI_PATTERN_MatchSequence: return check_patterns(k, &p->MatchSequence.patterns, true);
    case GI_PATTERN_MatchMapping: return check_mapping(k, p);
    case GI_PATTERN_MatchClass: return check_class(k, p);
    case GI_PATTERN_MatchStar:
        if (!star_ok) return FAIL("can't use MatchStar here");
        return p->MatchStar.name ? check_capture(k, p->MatchStar.name) : GI_OK;
    case GI_PATTERN_MatchAs:
        if (p->MatchAs.name) TRY(check_capture(k, p->MatchAs.name));
        if (p->MatchAs.pattern == NULL) return GI_OK;
        if (p->MatchAs.name == NULL) return FAIL("MatchAs must specify a target name if a pattern is given");
        return check_pattern(k, p->MatchAs.pattern, false);
    case GI_PATTERN_MatchOr:
        if (p->MatchOr.patterns.count < 2) return FAIL("MatchOr requires at least 2 patterns");
        return check_patterns(k, &p->MatchOr.patterns, false);
    default: return GI_OK;
    }
}

static GiStatus check_pattern(Checker *k, const GiAstPattern *p, bool star_ok) {
    TRY(check_position(k, &p->pos));
    TRY(gi_enter_recursive(k->ts, " during compilation"));
    GiStatus status = check_pattern_kind(k, p, star_ok);
    gi_leave_recursive(k->ts);
    return status;
}

/* ---- Statements ---- */

static GiStatus check_function(Checker *k, const GiAstStmt *s, const char *owner) {
    /* Both kinds of functions have the same fields. */
    TRY(check_nonempty(k, s->FunctionDef.body.count, "body", owner));
    TRY(check_body(k, &s->FunctionDef.body));
    TRY(check_arguments(k, s->FunctionDef.args));
    TRY(check_exprs(k, &s->FunctionDef.decorator_list, GI_CTX_Load, false));
    return check_opt(k, s->FunctionDef.returns, GI_CTX_Load);
}

static GiStatus check_class_def(Checker *k, const GiAstStmt *s) {
    BODY(s->ClassDef, ClassDef, body);
    TRY(check_exprs(k, &s->ClassDef.bases, GI_CTX_Load, false));
    TRY(check_keywords(k, &s->ClassDef.keywords));
    return check_exprs(k, &s->ClassDef.decorator_list, GI_CTX_Load, false);
}

static GiStatus check_for(Checker *k, const GiAstStmt *s, const char *owner) {
    TRY(check_expr(k, s->For.target, GI_CTX_Store));
    TRY(check_expr(k, s->For.iter, GI_CTX_Load));
    TRY(check_nonempty(k, s->For.body.count, "body", owner));
    TRY(check_body(k, &s->For.body));
    return check_body(k, &s->For.orelse);
}

static GiStatus check_with(Checker *k, const GiAstStmt *s, const char *owner) {
    TRY(check_nonempty(k, s->With.items.count, "items", owner));
    for (uint32_t i = 0; i < s->With.items.count; i++) {
        TRY(check_expr(k, s->With.items.items[i]->context_expr, GI_CTX_Load));
        TRY(check_opt(k, s->With.items.items[i]->optional_vars, GI_CTX_Store));
    }
    TRY(check_nonempty(k, s->With.body.count, "body", owner));
    return check_body(k, &s->With.body);
}

static GiStatus check_try(Checker *k, const GiAstStmt *s, const char *owner) {
    TRY(check_nonempty(k, s->Try.body.count, "body", owner));
    TRY(check_body(k, &s->Try.body));
    if (s->Try.handlers.count == 0 && s->Try.finalbody.count == 0)
        return FAIL("%s has neither except handlers nor finalbody", owner);
    if (s->Try.handlers.count == 0 && s->Try.orelse.count > 0)
        return FAIL("%s has orelse but no except handlers", owner);
    for (uint32_t i = 0; i < s->Try.handlers.count; i++) {
        const GiAstExceptHandler *h = s->Try.handlers.items[i];
        TRY(check_position(k, &h->pos));
        TRY(check_opt(k, h->ExceptHandler.type, GI_CTX_Load));
        BODY(h->ExceptHandler, ExceptHandler, body);
    }
    TRY(check_body(k, &s->Try.orelse));
    return check_body(k, &s->Try.finalbody);
}

static GiStatus check_match(Checker *k, const GiAstStmt *s) {
    TRY(check_expr(k, s->Match.subject, GI_CTX_Load));
    TRY(check_nonempty(k, s->Match.cases.count, "cases", "Match"));
    for (uint32_t i = 0; i < s->Match.cases.count; i++) {
        const GiAstMatchCase *m = s->Match.cases.items[i];
        TRY(check_pattern(k, m->pattern, false));
        TRY(check_opt(k, m->guard, GI_CTX_Load));
        BODY(*m, match_case, body);
    }
    return GI_OK;
}

static GiStatus check_ann_assign(Checker *k, const GiAstStmt *s) {
    if (s->AnnAssign.target->kind != GI_EXPR_Name && s->AnnAssign.simple)
        return gi_raise_status(k->ts, &gi_exc_TypeError, "AnnAssign with simple non-Name target");
    TRY(check_expr(k, s->AnnAssign.target, GI_CTX_Store));
    TRY(check_opt(k, s->AnnAssign.value, GI_CTX_Load));
    return check_expr(k, s->AnnAssign.annotation, GI_CTX_Load);
}

static GiStatus check_stmt_kind(Checker *k, const GiAstStmt *s) {
    const GiAstExprContext load = GI_CTX_Load;
    switch (s->kind) {
    case GI_STMT_FunctionDef: return check_function(k, s, "FunctionDef");
    case GI_STMT_AsyncFunctionDef: return check_function(k, s, "AsyncFunctionDef");
    case GI_STMT_ClassDef: return check_class_def(k, s);
    case GI_STMT_Return: return check_opt(k, s->Return.value, load);
    case GI_STMT_Delete:
        TRY(check_nonempty(k, s->Delete.targets.count, "targets", "Delete"));
        return check_exprs(k, &s->Delete.targets, GI_CTX_Del, false);
    case GI_STMT_Assign:
        TRY(check_nonempty(k, s->Assign.targets.count, "targets", "Assign"));
        TRY(check_exprs(k, &s->Assign.targets, GI_CTX_Store, false));
        return check_expr(k, s->Assign.value, load);
    case GI_STMT_AugAssign:
        TRY(check_expr(k, s->AugAssign.target, GI_CTX_Store));
        return check_expr(k, s->AugAssign.value, load);
    case GI_STMT_AnnAssign: return check_ann_assign(k, s);
    case GI_STMT_For: return check_for(k, s, "For");
    case GI_STMT_AsyncFor: return check_for(k, s, "AsyncFor");
    case GI_STMT_While:
        TRY(check_expr(k, s->While.test, load));
        BODY(s->While, While, body);
        return check_body(k, &s->While.orelse);
    case GI_STMT_If:
        TRY(check_expr(k, s->If.test, load));
        BODY(s->If, If, body);
        return check_body(k, &s->If.orelse);
    case GI_STMT_With: return check_with(k, s, "With");
    case GI_STMT_AsyncWith: return check_with(k, s, "AsyncWith");
    case GI_STMT_Match: return check_match(k, s);
    case GI_STMT_Raise:
        if (s->Raise.exc == NULL) return s->Raise.cause ? FAIL("Raise with cause but no exception") : GI_OK;
        TRY(check_expr(k, s->Raise.exc, load));
        return check_opt(k, s->Raise.cause, load);
    case GI_STMT_Try: return check_try(k, s, "Try");
    case GI_STMT_TryStar: return check_try(k, s, "TryStar");
    case GI_STMT_Assert:
        TRY(check_expr(k, s->Assert.test, load));
        return check_opt(k, s->Assert.msg, load);
    case GI_STMT_Import: return check_nonempty(k, s->Import.names.count, "names", "Import");
    case GI_STMT_ImportFrom:
        if (s->ImportFrom.level < 0) return FAIL("Negative ImportFrom level");
        return check_nonempty(k, s->ImportFrom.names.count, "names", "ImportFrom");
    case GI_STMT_Global: return check_nonempty(k, s->Global.names.count, "names", "Global");
    case GI_STMT_Nonlocal: return check_nonempty(k, s->Nonlocal.names.count, "names", "Nonlocal");
    case GI_STMT_Expr: return check_expr(k, s->Expr.value, load);
    default: return GI_OK; /* Pass, Break, Continue */
    }
}

static GiStatus check_stmt(Checker *k, const GiAstStmt *s) {
    TRY(check_position(k, &s->pos));
    TRY(gi_enter_recursive(k->ts, " during compilation"));
    GiStatus status = check_stmt_kind(k, s);
    gi_leave_recursive(k->ts);
    return status;
}

GiStatus gi_ast_validate(GiThread *ts, const GiAstMod *mod) {
    Checker checker = {ts}, *k = &checker;
    switch (mod->kind) {
    case GI_MOD_Module: return check_body(k, &mod->Module.body);
    case GI_MOD_Interactive: return check_body(k, &mod->Interactive.body);
    case GI_MOD_Expression: return check_expr(k, mod->Expression.body, GI_CTX_Load);
    case GI_MOD_FunctionType:
        TRY(check_exprs(k, &mod->FunctionType.argtypes, GI_CTX_Load, false));
        return check_expr(k, mod->FunctionType.returns, GI_CTX_Load);
    default: return GI_OK;
    }
}
