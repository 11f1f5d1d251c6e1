/* expr.c - code for expressions (calls stand in call.c, conditions in cond.c).
 *
 * Ways to evaluate: gi_expr_to into a given register, gi_expr_operand to wherever it already is,
 * gi_expr_effect for nothing but its effect. See internal.h for the conventions.
 */
#include "compile/internal.h"
#include "objects/bytes.h"
#include "objects/int.h"
#include "objects/protocol.h"

enum { DIRECT_LIMIT = 255 }; /* longest run of temporaries that a display or call uses */

bool gi_is_const(GiCompiler *c, const GiAstExpr *e, GiVal *value) {
    if (e->kind != GI_EXPR_Constant) return false;
    *value = gi_const_value(c, &e->Constant.value);
    return true;
}

int gi_static_truth(GiCompiler *c, const GiAstExpr *e) {
    GiVal v;
    if (!gi_is_const(c, e, &v)) return -1;
    GiTruth t = gi_truth(c->ts, v);
    if (t.value < 0) gi_compile_fail(c);
    return t.value;
}

void gi_drop_operand(GiCompiler *c, unsigned operand) {
    if (operand & GI_LAST_USE) gi_emit(c, &gi_no_pos, OP_DROP, REG_OF(operand), 0, 0);
}

unsigned gi_expr_temp(GiCompiler *c, const GiAstExpr *e) {
    unsigned reg = gi_temp(c);
    gi_expr_to(c, e, reg);
    return reg;
}

/* The register of a local variable that may stand as an operand while later operands are
 * evaluated, or -1. */
static int stable_local(GiCompiler *c, const GiAstExpr *e) {
    if (e->kind != GI_EXPR_Name) return -1;
    GiNameInfo *name = gi_unit_mangle(c, e->Name.id);
    if (gi_direct_local(c, name) < 0) return -1;
    bool stable;
    int reg = gi_read_local(c, &e->pos, name, &stable);
    return stable ? reg : -1;
}

unsigned gi_expr_operand(GiCompiler *c, const GiAstExpr *e) {
    int local = stable_local(c, e);
    return local >= 0 ? (unsigned)local : LAST(gi_expr_temp(c, e));
}

unsigned gi_expr_operand_in(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    int local = stable_local(c, e);
    if (local >= 0) return (unsigned)local;
    if (!IS_TEMP(c, dst)) return LAST(gi_expr_temp(c, e));
    gi_expr_to(c, e, dst);
    return LAST(dst);
}

unsigned gi_run_base(GiCompiler *c, unsigned dst) {
    return IS_TEMP(c, dst) && dst == c->unit->top - 1 ? dst : gi_temp(c);
}

void gi_move_result(GiCompiler *c, const GiAstPos *pos, unsigned dst, unsigned reg) {
    if (dst != reg) gi_emit(c, pos, OP_MOVE, dst, LAST(reg), 0);
}

/* ---- Operators ---- */

unsigned gi_binary_opcode(GiAstOperator op) {
    static const uint16_t table[] = {
        [GI_OPERATOR_Add] = OP_ADD, [GI_OPERATOR_Sub] = OP_SUB, [GI_OPERATOR_Mult] = OP_MUL,
        [GI_OPERATOR_MatMult] = OP_MATMUL, [GI_OPERATOR_Div] = OP_TRUEDIV, [GI_OPERATOR_Mod] = OP_MOD,
        [GI_OPERATOR_Pow] = OP_POW, [GI_OPERATOR_LShift] = OP_LSHIFT, [GI_OPERATOR_RShift] = OP_RSHIFT,
        [GI_OPERATOR_BitOr] = OP_OR, [GI_OPERATOR_BitXor] = OP_XOR, [GI_OPERATOR_BitAnd] = OP_AND,
        [GI_OPERATOR_FloorDiv] = OP_FLOORDIV,
    };
    return table[op];
}

static void binary(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top, op = gi_binary_opcode(e->BinOp.op);
    unsigned left = gi_expr_operand_in(c, e->BinOp.left, dst);
    GiVal k;
    unsigned index;
    if (gi_is_const(c, e->BinOp.right, &k) && gi_const_near(c, k, &index)) {
        gi_emit(c, &e->pos, op - OP_ADD + OP_ADD_K, dst, left, index);
    } else {
        unsigned right = gi_expr_operand(c, e->BinOp.right);
        gi_emit(c, &e->pos, op, dst, left, right);
    }
    c->unit->top = top;
}

static void unary(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    static const uint16_t table[] = {
        [GI_UNARYOP_Invert] = OP_INVERT, [GI_UNARYOP_Not] = OP_NOT, [GI_UNARYOP_UAdd] = OP_POS, [GI_UNARYOP_USub] = OP_NEG,
    };
    unsigned top = c->unit->top;
    unsigned operand = gi_expr_operand_in(c, e->UnaryOp.operand, dst);
    gi_emit(c, &e->pos, table[e->UnaryOp.op], dst, operand, 0);
    c->unit->top = top;
}

static void bool_op(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    unsigned reg = IS_TEMP(c, dst) ? dst : gi_temp(c);
    bool is_and = e->BoolOp.op == GI_BOOLOP_And;
    Label *end = gi_label(c);
    uint32_t last = e->BoolOp.values.count - 1;
    for (uint32_t i = 0; i < last; i++) {
        const GiAstExpr *value = e->BoolOp.values.items[i];
        int truth = gi_static_truth(c, value);
        if (truth >= 0 && (bool)truth == is_and) continue;
        gi_expr_to(c, value, reg);
        if (truth >= 0) gi_jump(c, &e->pos, OP_JUMP, 0, 0, end);
        else gi_jump(c, &e->pos, is_and ? OP_JUMP_NOT_OR_POP : OP_JUMP_OR_POP, reg, 0, end);
    }
    gi_expr_to(c, e->BoolOp.values.items[last], reg);
    gi_place(c, end);
    gi_move_result(c, &e->pos, dst, reg);
    c->unit->top = top;
}

static void conditional(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Label *orelse = gi_label(c), *end = gi_label(c);
    gi_cond_jump(c, &e->pos, e->IfExp.test, orelse, false);
    gi_expr_to(c, e->IfExp.body, dst);
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    gi_place(c, orelse);
    gi_expr_to(c, e->IfExp.orelse, dst);
    gi_place(c, end);
}

/* ---- Comparisons ---- */

int gi_compare_index(GiAstCmpOp op) {
    switch (op) {
    case GI_CMPOP_Lt: return GI_LT;
    case GI_CMPOP_LtE: return GI_LE;
    case GI_CMPOP_Eq: return GI_EQ;
    case GI_CMPOP_NotEq: return GI_NE;
    case GI_CMPOP_Gt: return GI_GT;
    case GI_CMPOP_GtE: return GI_GE;
    default: return -1;
    }
}

void gi_emit_compare(GiCompiler *c, const GiAstPos *pos, GiAstCmpOp op, unsigned dst, unsigned left, const GiAstExpr *right_expr,
                     unsigned right) {
    int index = gi_compare_index(op);
    GiVal k;
    unsigned number;
    if (index >= 0 && right_expr != NULL && gi_is_const(c, right_expr, &k) && gi_const_near(c, k, &number)) {
        gi_emit(c, pos, OP_LT_K + (unsigned)index, dst, left, number);
        return;
    }
    if (right_expr != NULL) right = gi_expr_operand(c, right_expr);
    unsigned opcode = index >= 0 ? OP_LT + (unsigned)index
                      : op == GI_CMPOP_Is    ? OP_IS
                      : op == GI_CMPOP_IsNot ? OP_IS_NOT
                      : op == GI_CMPOP_In    ? OP_IN
                                             : OP_NOT_IN;
    gi_emit(c, pos, opcode, dst, left, right);
}

static bool may_be_compared_by_is(const GiAstExpr *e) {
    if (e->kind != GI_EXPR_Constant) return true;
    const GiAstConst *k = &e->Constant.value;
    if (k->kind == GI_CONST_OBJECT) {
        GiVal v = {k->object};
        return gi_is_none(v) || gi_is_bool(v) || gi_is_ellipsis(v);
    }
    return k->kind == GI_CONST_NONE || k->kind == GI_CONST_TRUE || k->kind == GI_CONST_FALSE || k->kind == GI_CONST_ELLIPSIS;
}

void gi_check_compare(GiCompiler *c, const GiAstExpr *e) {
    bool left = may_be_compared_by_is(e->Compare.left);
    for (uint32_t i = 0; i < e->Compare.ops.count; i++) {
        GiAstCmpOp op = e->Compare.ops.items[i];
        bool right = may_be_compared_by_is(e->Compare.comparators.items[i]);
        if ((op == GI_CMPOP_Is || op == GI_CMPOP_IsNot) && (!right || !left)) {
            gi_compile_warn(c, &e->pos, op == GI_CMPOP_Is ? "\"is\" with a literal. Did you mean \"==\"?"
                                                           : "\"is not\" with a literal. Did you mean \"!=\"?");
            return;
        }
        left = right;
    }
}

static void compare(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    uint32_t count = e->Compare.ops.count;
    gi_check_compare(c, e);
    if (count == 1) {
        unsigned left = gi_expr_operand_in(c, e->Compare.left, dst);
        gi_emit_compare(c, &e->pos, e->Compare.ops.items[0], dst, left, e->Compare.comparators.items[0], 0);
        c->unit->top = top;
        return;
    }
    unsigned reg = IS_TEMP(c, dst) ? dst : gi_temp(c);
    unsigned start = c->unit->top;
    Label *end = gi_label(c), *clean[2] = {NULL, NULL};
    /* The operand in the middle is needed twice: two temporaries take turns. */
    unsigned spare[2] = {gi_temp(c), gi_temp(c)};
    unsigned left = gi_expr_operand_in(c, e->Compare.left, spare[1]);
    for (uint32_t i = 0; i + 1 < count; i++) {
        const GiAstExpr *middle = e->Compare.comparators.items[i];
        unsigned right = gi_expr_operand_in(c, middle, spare[i & 1]);
        gi_emit_compare(c, &e->pos, e->Compare.ops.items[i], reg, left, NULL, REG_OF(right));
        Label *out = end;
        if (right & GI_LAST_USE) {
            if (clean[i & 1] == NULL) clean[i & 1] = gi_label(c);
            out = clean[i & 1];
        }
        gi_jump(c, &e->pos, OP_JUMP_NOT_OR_POP, reg, 0, out);
        left = right;
    }
    gi_emit_compare(c, &e->pos, e->Compare.ops.items[count - 1], reg, left, e->Compare.comparators.items[count - 1], 0);
    if (clean[0] || clean[1]) gi_jump(c, &e->pos, OP_JUMP, 0, 0, end);
    for (int i = 0; i < 2; i++) {
        if (clean[i] == NULL) continue;
        gi_place(c, clean[i]);
        gi_emit(c, &e->pos, OP_DROP, spare[i], 0, 0);
        if (i == 0 && clean[1]) gi_jump(c, &e->pos, OP_JUMP, 0, 0, end);
    }
    gi_place(c, end);
    c->unit->top = start;
    gi_move_result(c, &e->pos, dst, reg);
    c->unit->top = top;
}

/* ---- Displays ---- */

typedef enum { MAKE_LIST, MAKE_SET, MAKE_TUPLE } Display;

static bool all_constant(const GiAstSeq_expr *elts) {
    for (uint32_t i = 0; i < elts->count; i++)
        if (elts->items[i]->kind != GI_EXPR_Constant) return false;
    return true;
}

void gi_extend_display(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_expr *elts, uint32_t from, unsigned acc, bool set,
                       bool in_call) {
    for (uint32_t i = from; i < elts->count; i++) {
        const GiAstExpr *item = elts->items[i];
        unsigned top = c->unit->top;
        if (item->kind == GI_EXPR_Starred) {
            unsigned operand = gi_expr_operand(c, item->Starred.value);
            gi_emit(c, pos, set ? OP_SET_UPDATE : OP_LIST_EXTEND, acc, operand, in_call);
        } else {
            unsigned operand = gi_expr_operand(c, item);
            gi_emit(c, pos, set ? OP_SET_ADD : OP_LIST_APPEND, acc, operand, 0);
        }
        c->unit->top = top;
    }
}

static void load_constant_display(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_expr *elts, Display kind, unsigned acc) {
    GiVal *values = gi_compile_alloc(c, elts->count * sizeof *values);
    for (uint32_t i = 0; i < elts->count; i++) values[i] = gi_const_value(c, &elts->items[i]->Constant.value);
    GiVal tuple = gi_const_canonical(c, gi_keep(c, gi_tuple_from(c->ts, values, elts->count)));
    unsigned t = gi_temp(c);
    gi_emit(c, pos, kind == MAKE_SET ? OP_BUILD_SET : OP_BUILD_LIST, acc, acc, 0);
    gi_load_const(c, pos, tuple, t);
    gi_emit(c, pos, kind == MAKE_SET ? OP_SET_UPDATE : OP_LIST_EXTEND, acc, LAST(t), 0);
}

static void display(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_expr *elts, Display kind, unsigned dst) {
    Unit *u = c->unit;
    unsigned top = u->top;
    uint32_t plain = 0;
    while (plain < elts->count && elts->items[plain]->kind != GI_EXPR_Starred) plain++;
    static const uint16_t build[] = {OP_BUILD_LIST, OP_BUILD_SET, OP_BUILD_TUPLE};
    unsigned base = gi_run_base(c, dst);
    if (plain == elts->count && kind != MAKE_TUPLE && plain > 2 && all_constant(elts)) {
        load_constant_display(c, pos, elts, kind, base);
        gi_move_result(c, pos, dst, base);
    } else {
        bool whole = plain == elts->count && plain <= DIRECT_LIMIT;
        if (!whole && plain > 16) plain = plain > DIRECT_LIMIT ? 0 : plain;
        for (uint32_t i = 0; i < plain; i++) {
            unsigned reg = i == 0 ? base : gi_temp(c);
            gi_expr_to(c, elts->items[i], reg);
        }
        if (whole) {
            gi_emit(c, pos, build[kind], dst, base, plain);
        } else {
            gi_emit(c, pos, kind == MAKE_SET ? OP_BUILD_SET : OP_BUILD_LIST, base, base, plain);
            u->top = base + 1;
            gi_extend_display(c, pos, elts, plain, base, kind == MAKE_SET, false);
            if (kind == MAKE_TUPLE) gi_emit(c, pos, OP_LIST_TO_TUPLE, base, 0, 0);
            gi_move_result(c, pos, dst, base);
        }
    }
    u->top = top;
}

static void dict_display(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Unit *u = c->unit;
    unsigned top = u->top;
    GiAstExpr **keys = e->Dict.keys.items, **values = e->Dict.values.items;
    uint32_t count = e->Dict.values.count, run = 0;
    bool constant = true;
    for (; run < count && keys[run] != NULL && run < 64; run++)
        constant = constant && keys[run]->kind == GI_EXPR_Constant;
    unsigned base = gi_run_base(c, dst);
    unsigned index = 0;
    if (constant && run > 1) {
        GiVal *names = gi_compile_alloc(c, run * sizeof *names);
        for (uint32_t i = 0; i < run; i++) names[i] = gi_const_value(c, &keys[i]->Constant.value);
        constant = gi_const_near(c, gi_keep(c, gi_tuple_from(c->ts, names, run)), &index);
    }
    bool whole = run == count;
    unsigned target = whole ? dst : base;
    if (constant && run > 1) {
        for (uint32_t i = 0; i < run; i++) gi_expr_to(c, values[i], i == 0 ? base : gi_temp(c));
        gi_emit(c, &e->pos, OP_BUILD_DICT_KEYS, target, base, index);
    } else {
        for (uint32_t i = 0; i < run; i++) {
            gi_expr_to(c, keys[i], i == 0 ? base : gi_temp(c));
            gi_expr_to(c, values[i], gi_temp(c));
        }
        gi_emit(c, &e->pos, OP_BUILD_DICT, target, base, run);
    }
    u->top = base + 1;
    for (uint32_t i = run; i < count; i++) {
        unsigned mark = u->top;
        if (keys[i] == NULL) {
            unsigned operand = gi_expr_operand(c, values[i]);
            gi_emit(c, &e->pos, OP_DICT_UPDATE, base, operand, 0);
        } else {
            unsigned key = gi_expr_operand(c, keys[i]);
            unsigned value = gi_expr_operand(c, values[i]);
            gi_emit(c, &e->pos, OP_DICT_SET, base, key, value);
        }
        u->top = mark;
    }
    if (!whole) gi_move_result(c, &e->pos, dst, base);
    u->top = top;
}

/* ---- Text ---- */

static void formatted_value(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    unsigned conversion = e->FormattedValue.conversion > 0 ? (unsigned)e->FormattedValue.conversion : 0;
    if (e->FormattedValue.format_spec == NULL) {
        unsigned operand = gi_expr_operand_in(c, e->FormattedValue.value, dst);
        gi_emit(c, &e->pos, OP_FORMAT_VALUE, dst, operand, conversion);
    } else {
        unsigned base = gi_run_base(c, dst);
        gi_expr_to(c, e->FormattedValue.value, base);
        gi_expr_to(c, e->FormattedValue.format_spec, gi_temp(c));
        gi_emit(c, &e->pos, OP_FORMAT_SPEC, base, conversion, 0);
        gi_move_result(c, &e->pos, dst, base);
    }
    c->unit->top = top;
}

static void joined_str(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    const GiAstSeq_expr *parts = &e->JoinedStr.values;
    Unit *u = c->unit;
    unsigned top = u->top;
    if (parts->count == 0) {
        gi_load_const(c, &e->pos, GI_STR_EMPTY, dst);
        return;
    }
    if (parts->count == 1) {
        gi_expr_to(c, parts->items[0], dst);
        return;
    }
    unsigned base = gi_run_base(c, dst), used = 0;
    for (uint32_t i = 0; i < parts->count; i++) {
        unsigned reg = used == 0 ? base : gi_temp(c);
        gi_expr_to(c, parts->items[i], reg);
        used++;
        if (used == DIRECT_LIMIT && i + 1 < parts->count) {
            gi_emit(c, &e->pos, OP_BUILD_STRING, base, base, used);
            u->top = base + 1;
            used = 1;
        }
    }
    gi_emit(c, &e->pos, OP_BUILD_STRING, dst, base, used);
    u->top = top;
}

/* ---- Attributes and items ---- */

static void attribute(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    unsigned obj = gi_expr_operand_in(c, e->Attribute.value, dst);
    GiAstPos pos = gi_attr_pos(e, &e->pos);
    gi_emit(c, &pos, OP_LOAD_ATTR, dst, obj, gi_name_index(c, gi_unit_mangle(c, e->Attribute.attr)));
    c->unit->top = top;
}

/* The name of the type that an expression surely has, or NULL. */
const char *gi_infer_type(GiCompiler *c, const GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_Tuple: return "tuple";
    case GI_EXPR_List:
    case GI_EXPR_ListComp: return "list";
    case GI_EXPR_Dict:
    case GI_EXPR_DictComp: return "dict";
    case GI_EXPR_Set:
    case GI_EXPR_SetComp: return "set";
    case GI_EXPR_GeneratorExp: return "generator";
    case GI_EXPR_Lambda: return "function";
    case GI_EXPR_JoinedStr:
    case GI_EXPR_FormattedValue: return "str";
    case GI_EXPR_Constant: return gi_type_name(gi_const_value(c, &e->Constant.value));
    default: return NULL;
    }
}

static void check_subscript(GiCompiler *c, const GiAstExpr *e) {
    const GiAstExpr *value = e->Subscript.value, *key = e->Subscript.slice;
    bool indexed = false, wrong = false;
    switch (value->kind) {
    case GI_EXPR_Constant: {
        GiVal v = gi_const_value(c, &value->Constant.value);
        indexed = gi_is_str(v) || gi_is_bytes(v) || gi_is_tuple(v);
        wrong = gi_is_none(v) || gi_is_ellipsis(v) || gi_is_int(v) || gi_is_bool(v) || gi_is_float(v) ||
                gi_is_exact(v, &gi_complex_type) || gi_has_flag(v, GI_TYPE_SET);
        break;
    }
    case GI_EXPR_Set: case GI_EXPR_SetComp: case GI_EXPR_GeneratorExp: case GI_EXPR_Lambda: wrong = true; break;
    case GI_EXPR_Tuple: case GI_EXPR_List: case GI_EXPR_ListComp: case GI_EXPR_JoinedStr: case GI_EXPR_FormattedValue:
        indexed = true;
        break;
    default: break;
    }
    if (wrong) {
        gi_compile_warn(c, &e->pos, "'%s' object is not subscriptable; perhaps you missed a comma?", gi_infer_type(c, value));
        return;
    }
    if (!indexed) return;
    const char *type = gi_infer_type(c, key);
    if (type == NULL || strcmp(type, "int") == 0 || strcmp(type, "bool") == 0) return;
    gi_compile_warn(c, &e->pos, "%s indices must be integers or slices, not %s; perhaps you missed a comma?",
                    gi_infer_type(c, value), type);
}

static void slice_part(GiCompiler *c, const GiAstExpr *slice, const GiAstExpr *part, unsigned reg) {
    if (part != NULL) gi_expr_to(c, part, reg);
    else gi_emit(c, &slice->pos, OP_LOAD_NONE, reg, 0, 0);
}

unsigned gi_slice_bounds(GiCompiler *c, const GiAstExpr *e) {
    unsigned base = gi_temp(c);
    slice_part(c, e, e->Slice.lower, base);
    slice_part(c, e, e->Slice.upper, gi_temp(c));
    if (e->Slice.step != NULL) gi_expr_to(c, e->Slice.step, gi_temp(c));
    return base;
}

static void subscript(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    check_subscript(c, e);
    unsigned obj = gi_expr_operand_in(c, e->Subscript.value, dst);
    const GiAstExpr *key_expr = e->Subscript.slice;
    GiVal k;
    unsigned index;
    if (key_expr->kind == GI_EXPR_Slice) {
        unsigned base = gi_slice_bounds(c, key_expr);
        gi_emit(c, &e->pos, key_expr->Slice.step ? OP_GET_SLICE_STEP : OP_GET_SLICE, dst, obj, base);
    } else if (gi_is_const(c, key_expr, &k) && gi_const_near(c, k, &index)) {
        gi_emit(c, &e->pos, OP_GET_ITEM_K, dst, obj, index);
    } else {
        unsigned key = gi_expr_operand(c, e->Subscript.slice);
        gi_emit(c, &e->pos, OP_GET_ITEM, dst, obj, key);
    }
    c->unit->top = top;
}

static void slice(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    unsigned base = gi_run_base(c, dst);
    slice_part(c, e, e->Slice.lower, base);
    slice_part(c, e, e->Slice.upper, gi_temp(c));
    if (e->Slice.step != NULL) gi_expr_to(c, e->Slice.step, gi_temp(c));
    gi_emit(c, &e->pos, OP_BUILD_SLICE, base, e->Slice.step ? 3 : 2, 0);
    gi_move_result(c, &e->pos, dst, base);
    c->unit->top = top;
}

/* ---- Generators and coroutines ---- */

static void yield(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Unit *u = c->unit;
    unsigned top = u->top;
    if (u->scope->kind != GI_BLOCK_FUNCTION) gi_compile_error(c, &e->pos, "'yield' outside function");
    unsigned operand;
    if (e->Yield.value == NULL) {
        unsigned reg = IS_TEMP(c, dst) ? dst : gi_temp(c);
        gi_emit(c, &e->pos, OP_LOAD_NONE, reg, 0, 0);
        operand = LAST(reg);
    } else if (u->scope->coroutine) {
        operand = LAST(gi_expr_temp(c, e->Yield.value));
    } else {
        operand = gi_expr_operand_in(c, e->Yield.value, dst);
    }
    if (u->scope->coroutine) gi_emit(c, &e->pos, OP_ASYNC_GEN_WRAP, REG_OF(operand), 0, 0);
    gi_emit(c, &e->pos, OP_YIELD, dst, operand, 0);
    u->top = top;
}

/* reg: the iterator; afterwards dead, with the result in reg + 1. */
static void send_loop(GiCompiler *c, const GiAstPos *pos, unsigned reg) {
    Label *loop = gi_label(c), *end = gi_label(c);
    gi_emit(c, pos, OP_LOAD_NONE, reg + 1, 0, 0);
    gi_place(c, loop);
    gi_jump(c, pos, OP_SEND, reg, 0, end);
    gi_emit(c, pos, OP_YIELD_DELEGATE, reg, 0, 0);
    gi_jump(c, pos, OP_JUMP_BACK, 0, 0, loop);
    gi_place(c, end);
}

void gi_emit_send_loop(GiCompiler *c, const GiAstPos *pos, unsigned reg) {
    unsigned top = c->unit->top;
    while (gi_temp(c) < reg + 1) {
    }
    send_loop(c, pos, reg);
    gi_emit(c, pos, OP_MOVE, reg, LAST(reg + 1), 0);
    c->unit->top = top;
}

void gi_emit_await(GiCompiler *c, const GiAstPos *pos, unsigned reg, unsigned kind) {
    gi_emit(c, pos, OP_GET_AWAITABLE, reg, kind, 0);
    gi_emit_send_loop(c, pos, reg);
}

static void delegate(GiCompiler *c, const GiAstExpr *e, const GiAstExpr *value, bool await, unsigned dst) {
    unsigned top = c->unit->top;
    unsigned base = gi_run_base(c, dst);
    gi_expr_to(c, value, base);
    if (await) gi_emit(c, &e->pos, OP_GET_AWAITABLE, base, 0, 0);
    else gi_emit(c, &e->pos, OP_GET_YIELD_FROM, base, 0, 0);
    gi_temp(c);
    send_loop(c, &e->pos, base);
    gi_emit(c, &e->pos, OP_MOVE, dst, LAST(base + 1), 0);
    c->unit->top = top;
}

static void yield_from(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Unit *u = c->unit;
    if (u->scope->kind != GI_BLOCK_FUNCTION) gi_compile_error(c, &e->pos, "'yield' outside function");
    if (u->kind == UNIT_ASYNC_FUNCTION) gi_compile_error(c, &e->pos, "'yield from' inside async function");
    delegate(c, e, e->YieldFrom.value, false, dst);
}

static void await(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Unit *u = c->unit;
    if (!(c->options->top_level_await && u->scope->kind == GI_BLOCK_MODULE)) {
        if (u->scope->kind != GI_BLOCK_FUNCTION) gi_compile_error(c, &e->pos, "'await' outside function");
        if (u->kind != UNIT_ASYNC_FUNCTION && u->kind != UNIT_COMPREHENSION)
            gi_compile_error(c, &e->pos, "'await' outside async function");
    }
    delegate(c, e, e->Await.value, true, dst);
}

/* ---- := ---- */

static void walrus(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    const GiAstExpr *target = e->NamedExpr.target;
    gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
    unsigned top = c->unit->top;
    unsigned reg = IS_TEMP(c, dst) ? dst : gi_temp(c);
    gi_expr_to(c, e->NamedExpr.value, reg);
    gi_store_name(c, &target->pos, gi_unit_mangle(c, target->Name.id), reg);
    gi_move_result(c, &e->pos, dst, reg);
    c->unit->top = top;
}

/* Evaluates x := value when only x is wanted: gives its register, or -1 if it is no plain local. */
int gi_walrus_local(GiCompiler *c, const GiAstExpr *e) {
    const GiAstExpr *target = e->NamedExpr.target;
    GiNameInfo *name = gi_unit_mangle(c, target->Name.id);
    int reg = gi_direct_local(c, name);
    if (reg < 0) return -1;
    gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
    gi_expr_to(c, e->NamedExpr.value, (unsigned)reg);
    gi_mark_bound(c, (unsigned)reg);
    return reg;
}

/* ---- The choice ---- */

static void expr_to(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    switch (e->kind) {
    case GI_EXPR_BoolOp: bool_op(c, e, dst); break;
    case GI_EXPR_NamedExpr: walrus(c, e, dst); break;
    case GI_EXPR_BinOp: binary(c, e, dst); break;
    case GI_EXPR_UnaryOp: unary(c, e, dst); break;
    case GI_EXPR_Lambda: gi_compile_lambda(c, e, dst); break;
    case GI_EXPR_IfExp: conditional(c, e, dst); break;
    case GI_EXPR_Dict: dict_display(c, e, dst); break;
    case GI_EXPR_Set: display(c, &e->pos, &e->Set.elts, MAKE_SET, dst); break;
    case GI_EXPR_ListComp:
    case GI_EXPR_SetComp:
    case GI_EXPR_DictComp:
    case GI_EXPR_GeneratorExp: gi_compile_comprehension(c, e, dst); break;
    case GI_EXPR_Await: await(c, e, dst); break;
    case GI_EXPR_Yield: yield(c, e, dst); break;
    case GI_EXPR_YieldFrom: yield_from(c, e, dst); break;
    case GI_EXPR_Compare: compare(c, e, dst); break;
    case GI_EXPR_Call: gi_compile_call(c, e, dst); break;
    case GI_EXPR_FormattedValue: formatted_value(c, e, dst); break;
    case GI_EXPR_JoinedStr: joined_str(c, e, dst); break;
    case GI_EXPR_Constant: gi_load_const(c, &e->pos, gi_const_value(c, &e->Constant.value), dst); break;
    case GI_EXPR_Attribute: attribute(c, e, dst); break;
    case GI_EXPR_Subscript: subscript(c, e, dst); break;
    case GI_EXPR_Starred: gi_compile_error(c, &e->pos, "can't use starred expression here");
    case GI_EXPR_Name: gi_load_name(c, &e->pos, gi_unit_mangle(c, e->Name.id), dst); break;
    case GI_EXPR_List: display(c, &e->pos, &e->List.elts, MAKE_LIST, dst); break;
    case GI_EXPR_Tuple: display(c, &e->pos, &e->Tuple.elts, MAKE_TUPLE, dst); break;
    case GI_EXPR_Slice: slice(c, e, dst); break;
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid kind of expression");
        gi_compile_fail(c);
    }
}

void gi_expr_to(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    gi_enter(c);
    expr_to(c, e, dst);
    gi_leave(c);
}

void gi_expr_effect(GiCompiler *c, const GiAstExpr *e) {
    unsigned top = c->unit->top;
    if (e->kind == GI_EXPR_NamedExpr && gi_walrus_local(c, e) >= 0) return;
    if (e->kind == GI_EXPR_Name && stable_local(c, e) >= 0) return;
    unsigned reg = gi_expr_temp(c, e);
    gi_emit(c, &e->pos, OP_DROP, reg, 0, 0);
    c->unit->top = top;
}
