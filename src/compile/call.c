/* call.c - code for calls: plain, of methods, and with unpacked arguments. */
#include "compile/internal.h"

enum { DIRECT_ARGUMENTS = 255 }; /* more arguments go through a tuple and a dict */

static void check_keywords(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_keyword *keywords) {
    for (uint32_t i = 0; i < keywords->count; i++) {
        const GiAstKeyword *k = keywords->items[i];
        if (k->arg == NULL) continue;
        gi_check_forbidden(c, pos, gi_name_info(c, k->arg), GI_CTX_Store);
        for (uint32_t j = i + 1; j < keywords->count; j++) {
            const GiAstKeyword *other = keywords->items[j];
            if (other->arg != NULL && gi_name_info(c, other->arg) == gi_name_info(c, k->arg))
                gi_compile_error(c, &other->pos, "keyword argument repeated: %U", gi_name_info(c, k->arg)->str);
        }
    }
}

static bool is_plain(unsigned given, const GiAstSeq_expr *args, const GiAstSeq_keyword *keywords) {
    if (given + args->count + keywords->count > DIRECT_ARGUMENTS) return false;
    for (uint32_t i = 0; i < args->count; i++)
        if (args->items[i]->kind == GI_EXPR_Starred) return false;
    for (uint32_t i = 0; i < keywords->count; i++)
        if (keywords->items[i]->arg == NULL) return false;
    return true;
}

/* Names of the keyword arguments [from, to) as a constant tuple: its index. */
static uint32_t keyword_names(GiCompiler *c, const GiAstSeq_keyword *keywords, uint32_t from, uint32_t to) {
    GiVal *names = gi_compile_alloc(c, (to - from + 1) * sizeof *names);
    for (uint32_t i = from; i < to; i++) names[i - from] = gi_name_info(c, keywords->items[i]->arg)->str;
    GiVal tuple = gi_keep(c, gi_tuple_from(c->ts, names, to - from));
    return gi_const_index(c, tuple);
}

/* Arguments and keywords into the registers that follow; gives the operand c of CALL. */
static unsigned push_arguments(GiCompiler *c, const GiAstSeq_expr *args, const GiAstSeq_keyword *keywords) {
    for (uint32_t i = 0; i < args->count; i++) gi_expr_temp(c, args->items[i]);
    for (uint32_t i = 0; i < keywords->count; i++) gi_expr_temp(c, keywords->items[i]->value);
    return keywords->count > 0 ? keyword_names(c, keywords, 0, keywords->count) + 1 : 0;
}

/* All keywords as one dict in reg; base holds the function, for messages. */
static void keyword_dict(GiCompiler *c, const GiAstPos *pos, unsigned base, unsigned reg, const GiAstSeq_keyword *keywords) {
    Unit *u = c->unit;
    bool have = false;
    for (uint32_t i = 0; i < keywords->count;) {
        unsigned top = u->top;
        if (keywords->items[i]->arg == NULL) {
            if (!have) gi_emit(c, pos, OP_BUILD_DICT, reg, reg, 0);
            unsigned operand = gi_expr_operand(c, keywords->items[i]->value);
            gi_emit(c, pos, OP_DICT_MERGE, reg, operand, base);
            i++;
        } else {
            uint32_t end = i;
            unsigned run = have ? gi_temp(c) : reg;
            for (; end < keywords->count && keywords->items[end]->arg != NULL && end - i < DIRECT_ARGUMENTS; end++)
                gi_expr_to(c, keywords->items[end]->value, end == i ? run : gi_temp(c));
            gi_emit(c, pos, OP_BUILD_DICT_KEYS, run, run, keyword_names(c, keywords, i, end));
            if (have) gi_emit(c, pos, OP_DICT_MERGE, reg, LAST(run), base);
            i = end;
        }
        have = true;
        u->top = top;
    }
}

static void call_unpacked(GiCompiler *c, const GiAstPos *pos, unsigned base, unsigned given, const GiAstSeq_expr *args,
                          const GiAstSeq_keyword *keywords) {
    Unit *u = c->unit;
    unsigned reg = base + 1;
    if (given == 0) gi_temp(c);
    if (given == 0 && args->count == 1 && args->items[0]->kind == GI_EXPR_Starred) {
        gi_expr_to(c, args->items[0]->Starred.value, reg);
    } else if (given == 0 && args->count == 0) {
        gi_emit(c, pos, OP_BUILD_TUPLE, reg, reg, 0);
    } else {
        uint32_t plain = 0;
        while (plain < args->count && args->items[plain]->kind != GI_EXPR_Starred && plain < 16) {
            gi_expr_to(c, args->items[plain], given + plain == 0 ? reg : gi_temp(c));
            plain++;
        }
        gi_emit(c, pos, OP_BUILD_LIST, reg, reg, given + plain);
        u->top = reg + 1;
        gi_extend_display(c, pos, args, plain, reg, false, true);
        gi_emit(c, pos, OP_LIST_TO_TUPLE, reg, 0, 0);
    }
    u->top = reg + 1;
    if (keywords->count > 0) keyword_dict(c, pos, base, gi_temp(c), keywords);
    gi_emit(c, pos, OP_CALL_EX, base, keywords->count > 0, 0);
}

void gi_emit_call(GiCompiler *c, const GiAstPos *pos, unsigned base, unsigned given, const GiAstSeq_expr *args,
                  const GiAstSeq_keyword *keywords) {
    check_keywords(c, pos, keywords);
    if (is_plain(given, args, keywords)) {
        unsigned names = push_arguments(c, args, keywords);
        gi_emit(c, pos, OP_CALL, base, given + args->count + keywords->count, names);
    } else {
        call_unpacked(c, pos, base, given, args, keywords);
    }
    c->unit->top = base + 1;
}

static void check_callable(GiCompiler *c, const GiAstExpr *call) {
    const GiAstExpr *f = call->Call.func;
    switch (f->kind) {
    case GI_EXPR_Constant: case GI_EXPR_Tuple: case GI_EXPR_List: case GI_EXPR_ListComp: case GI_EXPR_Dict:
    case GI_EXPR_DictComp: case GI_EXPR_Set: case GI_EXPR_SetComp: case GI_EXPR_GeneratorExp: case GI_EXPR_JoinedStr:
    case GI_EXPR_FormattedValue:
        gi_compile_warn(c, &call->pos, "'%s' object is not callable; perhaps you missed a comma?", gi_infer_type(c, f));
        break;
    default: break;
    }
}

/* super().name to base, base + 1 like LOAD_METHOD, without a super object; false: e is not that. */
static bool load_super_method(GiCompiler *c, const GiAstExpr *f, unsigned base) {
    const GiAstExpr *call = f->Attribute.value;
    unsigned cell, first;
    if (call->kind != GI_EXPR_Call || call->Call.func->kind != GI_EXPR_Name || call->Call.args.count > 0 ||
        call->Call.keywords.count > 0 || !gi_name_is(call->Call.func->Name.id, "super"))
        return false;
    GiNameInfo *super = gi_name_info(c, call->Call.func->Name.id);
    if (!gi_super_context(c, super, &cell, &first)) return false;
    gi_load_name(c, &call->Call.func->pos, super, base);
    gi_temp(c), gi_temp(c);
    gi_emit(c, &call->pos, OP_GET_FREE_CELL, base + 1, cell, 0);
    gi_emit(c, &call->pos, OP_COPY, base + 2, first, 0);
    GiAstPos at = gi_attr_pos(f, &f->pos);
    gi_emit(c, &at, OP_LOAD_SUPER, base, 0, gi_name_index(c, gi_unit_mangle(c, f->Attribute.attr)));
    c->unit->top = base + 2;
    return true;
}

void gi_compile_call(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Unit *u = c->unit;
    unsigned top = u->top;
    const GiAstExpr *f = e->Call.func;
    unsigned base = gi_run_base(c, dst);
    if (f->kind == GI_EXPR_Attribute && is_plain(0, &e->Call.args, &e->Call.keywords)) {
        check_keywords(c, &e->pos, &e->Call.keywords);
        GiAstPos at = gi_attr_pos(f, &f->pos), pos = gi_attr_pos(f, &e->pos);
        if (!load_super_method(c, f, base)) {
            unsigned obj = gi_expr_operand_in(c, f->Attribute.value, base);
            gi_temp(c);
            gi_emit(c, &at, OP_LOAD_METHOD, base, obj, gi_name_index(c, gi_unit_mangle(c, f->Attribute.attr)));
        }
        unsigned names = push_arguments(c, &e->Call.args, &e->Call.keywords);
        gi_emit(c, &pos, OP_CALL_METHOD, base, e->Call.args.count + e->Call.keywords.count, names);
    } else {
        check_callable(c, e);
        gi_expr_to(c, f, base);
        gi_emit_call(c, &e->pos, base, 0, &e->Call.args, &e->Call.keywords);
    }
    u->top = base + 1;
    gi_move_result(c, &e->pos, dst, base);
    u->top = top;
}
