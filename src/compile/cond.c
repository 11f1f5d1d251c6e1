/* cond.c - conditions: jumps that depend on the truth of an expression, without making its value. */
#include "compile/internal.h"

static void jump_on(GiCompiler *c, const GiAstPos *pos, unsigned operand, Label *label, bool sense) {
    gi_jump(c, pos, sense ? OP_JUMP_IF : OP_JUMP_IF_NOT, operand, 0, label);
}

static void jump_bool_op(GiCompiler *c, const GiAstPos *pos, const GiAstExpr *e, Label *label, bool sense) {
    bool is_and = e->BoolOp.op == GI_BOOLOP_And;
    uint32_t last = e->BoolOp.values.count - 1;
    /* `and` decides for false early, `or` for true. */
    bool early = !is_and;
    Label *skip = early == sense ? label : gi_label(c);
    for (uint32_t i = 0; i < last; i++) gi_cond_jump(c, pos, e->BoolOp.values.items[i], skip, early);
    gi_cond_jump(c, pos, e->BoolOp.values.items[last], label, sense);
    if (skip != label) gi_place(c, skip);
}

static bool is_none(const GiAstExpr *e) {
    if (e->kind != GI_EXPR_Constant) return false;
    const GiAstConst *k = &e->Constant.value;
    return k->kind == GI_CONST_NONE || (k->kind == GI_CONST_OBJECT && k->object == GI_BITS_NONE);
}

/* One comparison; left is an operand. */
static void jump_compare(GiCompiler *c, const GiAstPos *pos, GiAstCmpOp op, unsigned left, const GiAstExpr *right_expr,
                         Label *label, bool sense) {
    int index = gi_compare_index(op);
    GiVal k;
    unsigned number;
    if (index >= 0) {
        if (gi_is_const(c, right_expr, &k) && gi_const_near(c, k, &number)) {
            gi_jump(c, pos, (sense ? OP_JUMP_LT_K : OP_JUMP_NOT_LT_K) + (unsigned)index, left, number, label);
        } else {
            unsigned right = gi_expr_operand(c, right_expr);
            gi_jump(c, pos, (sense ? OP_JUMP_LT : OP_JUMP_NOT_LT) + (unsigned)index, left, right, label);
        }
        return;
    }
    if ((op == GI_CMPOP_Is || op == GI_CMPOP_IsNot) && is_none(right_expr)) {
        bool none = (op == GI_CMPOP_Is) == sense;
        gi_jump(c, pos, none ? OP_JUMP_IF_NONE : OP_JUMP_IF_NOT_NONE, left, 0, label);
        return;
    }
    static const uint16_t jumps[2][2] = {{OP_JUMP_IS, OP_JUMP_IS_NOT}, {OP_JUMP_IN, OP_JUMP_NOT_IN}};
    bool membership = op == GI_CMPOP_In || op == GI_CMPOP_NotIn;
    bool positive = (op == GI_CMPOP_Is || op == GI_CMPOP_In) == sense;
    unsigned right = gi_expr_operand(c, right_expr);
    gi_jump(c, pos, jumps[membership][!positive], left, right, label);
}

static void jump_chain(GiCompiler *c, const GiAstPos *pos, const GiAstExpr *e, Label *label, bool sense) {
    uint32_t count = e->Compare.ops.count;
    unsigned spare[2] = {gi_temp(c), gi_temp(c)};
    unsigned left = gi_expr_operand_in(c, e->Compare.left, spare[1]);
    Label *end = gi_label(c), *clean[2] = {NULL, NULL}, *failed = sense ? end : label;
    for (uint32_t i = 0; i + 1 < count; i++) {
        unsigned right = gi_expr_operand_in(c, e->Compare.comparators.items[i], spare[i & 1]);
        GiAstCmpOp op = e->Compare.ops.items[i];
        Label *out = failed;
        if (right & GI_LAST_USE) {
            if (clean[i & 1] == NULL) clean[i & 1] = gi_label(c);
            out = clean[i & 1];
        }
        int index = gi_compare_index(op);
        if (index >= 0) {
            gi_jump(c, pos, OP_JUMP_NOT_LT + (unsigned)index, left, REG_OF(right), out);
        } else {
            unsigned reg = gi_temp(c);
            gi_emit_compare(c, pos, op, reg, left, NULL, REG_OF(right));
            jump_on(c, pos, LAST(reg), out, false);
        }
        left = right;
    }
    jump_compare(c, pos, e->Compare.ops.items[count - 1], left, e->Compare.comparators.items[count - 1], label, sense);
    if (clean[0] || clean[1]) gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    for (int i = 0; i < 2; i++) {
        if (clean[i] == NULL) continue;
        gi_place(c, clean[i]);
        gi_emit(c, pos, OP_DROP, spare[i], 0, 0);
        gi_jump(c, pos, OP_JUMP, 0, 0, failed);
    }
    gi_place(c, end);
}

static void cond_jump(GiCompiler *c, const GiAstPos *pos, const GiAstExpr *e, Label *label, bool sense) {
    int truth = gi_static_truth(c, e);
    if (truth >= 0) {
        if ((bool)truth == sense) gi_jump(c, pos, OP_JUMP, 0, 0, label);
        return;
    }
    switch (e->kind) {
    case GI_EXPR_UnaryOp:
        if (e->UnaryOp.op != GI_UNARYOP_Not) break;
        gi_cond_jump(c, pos, e->UnaryOp.operand, label, !sense);
        return;
    case GI_EXPR_BoolOp: jump_bool_op(c, pos, e, label, sense); return;
    case GI_EXPR_IfExp: {
        Label *orelse = gi_label(c), *end = gi_label(c);
        gi_cond_jump(c, pos, e->IfExp.test, orelse, false);
        gi_cond_jump(c, pos, e->IfExp.body, label, sense);
        gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
        gi_place(c, orelse);
        gi_cond_jump(c, pos, e->IfExp.orelse, label, sense);
        gi_place(c, end);
        return;
    }
    case GI_EXPR_Compare:
        gi_check_compare(c, e);
        if (e->Compare.ops.count > 1) {
            jump_chain(c, pos, e, label, sense);
        } else {
            unsigned left = gi_expr_operand(c, e->Compare.left);
            jump_compare(c, &e->pos, e->Compare.ops.items[0], left, e->Compare.comparators.items[0], label, sense);
        }
        return;
    case GI_EXPR_NamedExpr: {
        int local = gi_walrus_local(c, e);
        if (local < 0) break;
        jump_on(c, pos, (unsigned)local, label, sense);
        return;
    }
    default: break;
    }
    jump_on(c, pos, gi_expr_operand(c, e), label, sense);
}

GiAstPos gi_pos_after_cond(const GiAstExpr *e, const GiAstPos *pos) {
    switch (e->kind) {
    case GI_EXPR_Compare: return e->pos;
    case GI_EXPR_UnaryOp: return e->UnaryOp.op == GI_UNARYOP_Not ? gi_pos_after_cond(e->UnaryOp.operand, pos) : *pos;
    case GI_EXPR_BoolOp: {
        GiAstPos at = *pos;
        for (uint32_t i = 0; i < e->BoolOp.values.count; i++) at = gi_pos_after_cond(e->BoolOp.values.items[i], &at);
        return at;
    }
    case GI_EXPR_IfExp: {
        GiAstPos at = gi_pos_after_cond(e->IfExp.test, pos);
        at = gi_pos_after_cond(e->IfExp.body, &at);
        return gi_pos_after_cond(e->IfExp.orelse, &at);
    }
    default: return *pos;
    }
}

void gi_cond_jump(GiCompiler *c, const GiAstPos *pos, const GiAstExpr *e, Label *label, bool sense) {
    unsigned top = c->unit->top;
    gi_enter(c);
    cond_jump(c, pos, e, label, sense);
    gi_leave(c);
    c->unit->top = top;
}
