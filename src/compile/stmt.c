/* stmt.c - code for simple statements and loops. */
#include "compile/internal.h"

/* PYSEM: as deep as CPython lets blocks nest (tests/limits, deep_blocks). */
#define MAX_BLOCKS 20

void gi_push_block(GiCompiler *c, Block *block, BlockKind kind) {
    int depth = 0;
    for (const Block *b = c->unit->block; b != NULL; b = b->outer) depth++;
    if (depth >= MAX_BLOCKS) {
        const Block *known = block->pos.lineno > 0 ? block : c->unit->block;
        gi_compile_error(c, &known->pos, "too many statically nested blocks");
    }
    block->kind = kind;
    block->outer = c->unit->block;
    block->handler = c->unit->handler;
    c->unit->block = block;
}

void gi_pop_block(GiCompiler *c, Block *block) {
    c->unit->block = block->outer;
    c->unit->handler = block->handler;
}

/* ---- Leaving ---- */

static bool runs_code(const Unit *u) {
    for (const Block *b = u->block; b != NULL; b = b->outer)
        if (b->kind != BLOCK_WHILE && b->kind != BLOCK_FOR && b->kind != BLOCK_ASYNC_FOR && b->kind != BLOCK_TRY) return true;
    return false;
}

static void compile_return(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    const GiAstExpr *value = s->Return.value;
    if (u->scope->kind != GI_BLOCK_FUNCTION) gi_compile_error(c, &s->pos, "'return' outside function");
    if (value != NULL && u->scope->coroutine && u->scope->generator)
        gi_compile_error(c, &s->pos, "'return' with value in async generator");
    unsigned top = u->top;
    Block *block = u->block;
    int handler = u->handler;
    GiVal k = GI_NONE;
    if (value == NULL || gi_is_const(c, value, &k)) {
        bool other_line = value != NULL && value->pos.lineno != s->pos.lineno;
        const GiAstPos *pos = value == NULL || other_line ? &s->pos : &value->pos;
        if (other_line) gi_emit(c, &value->pos, OP_NOP, 0, 0, 0);
        if (block != NULL) gi_emit(c, pos, OP_NOP, 0, 0, 0);
        gi_emit32(c, gi_unwind(c, pos, NULL, -1), OP_RETURN_K, 0, gi_const_far(c, k));
    } else {
        unsigned operand = runs_code(u) ? LAST(gi_expr_temp(c, value)) : gi_expr_operand(c, value);
        const GiAstPos *pos = gi_unwind(c, &s->pos, NULL, operand & GI_LAST_USE ? (int)REG_OF(operand) : -1);
        gi_emit(c, pos, OP_RETURN, operand, 0, 0);
    }
    u->block = block;
    u->handler = handler;
    u->top = top;
}

static Block *innermost_loop(GiCompiler *c) {
    for (Block *b = c->unit->block; b != NULL; b = b->outer)
        if (b->kind == BLOCK_WHILE || b->kind == BLOCK_FOR || b->kind == BLOCK_ASYNC_FOR) return b;
    return NULL;
}

static void compile_break(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    Block *block = u->block, *loop = innermost_loop(c);
    int handler = u->handler;
    bool is_break = s->kind == GI_STMT_Break;
    gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    const GiAstPos *pos = gi_unwind(c, &s->pos, loop, -1);
    if (loop == NULL)
        gi_compile_error(c, &s->pos, is_break ? "'break' outside loop" : "'continue' not properly in loop");
    if (is_break) {
        if (loop->kind != BLOCK_WHILE) gi_emit(c, pos, OP_DROP, loop->reg, 0, 0);
        gi_jump(c, pos, OP_JUMP, 0, 0, loop->end);
    } else {
        gi_jump(c, pos, OP_JUMP_BACK, 0, 0, loop->next);
    }
    u->block = block;
    u->handler = handler;
}

/* ---- Branches and loops ---- */

static void compile_if(GiCompiler *c, const GiAstStmt *s) {
    Label *orelse = gi_label(c), *end = gi_label(c);
    if (gi_static_truth(c, s->If.test) >= 0) gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    gi_cond_jump(c, &s->pos, s->If.test, orelse, false);
    gi_compile_body(c, &s->If.body, 0);
    if (s->If.orelse.count > 0) gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    gi_place(c, orelse);
    gi_compile_body(c, &s->If.orelse, 0);
    gi_place(c, end);
}

static void compile_while(GiCompiler *c, const GiAstStmt *s) {
    Label *orelse = gi_label(c);
    Block block = {.next = gi_label(c), .end = gi_label(c), .pos = s->pos};
    gi_place(c, block.next);
    gi_push_block(c, &block, BLOCK_WHILE);
    if (gi_static_truth(c, s->While.test) >= 0) gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    gi_cond_jump(c, &s->pos, s->While.test, orelse, false);
    gi_compile_body(c, &s->While.body, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP_BACK, 0, 0, block.next);
    gi_pop_block(c, &block);
    gi_place(c, orelse);
    gi_compile_body(c, &s->While.orelse, 0);
    gi_place(c, block.end);
}

static void compile_for(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    Label *done = gi_label(c);
    Block block = {.next = gi_label(c), .end = gi_label(c), .reg = gi_temp(c), .pos = s->pos};
    unsigned operand = gi_expr_operand_in(c, s->For.iter, block.reg);
    gi_emit(c, &s->pos, OP_GET_ITER, block.reg, operand, 0);
    gi_push_block(c, &block, BLOCK_FOR);
    gi_place(c, block.next);
    gi_for_target(c, &s->pos, block.reg, s->For.target, done);
    gi_compile_body(c, &s->For.body, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP_BACK, 0, 0, block.next);
    gi_pop_block(c, &block);
    gi_place(c, done);
    u->top = top;
    gi_compile_body(c, &s->For.orelse, 0);
    gi_place(c, block.end);
}

static void check_async(GiCompiler *c, const GiAstStmt *s, const char *what) {
    Unit *u = c->unit;
    if (c->options->top_level_await && u->scope->kind == GI_BLOCK_MODULE) return;
    if (u->kind != UNIT_ASYNC_FUNCTION) gi_compile_error(c, &s->pos, "'%s' outside async function", what);
}

static void compile_async_for(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    check_async(c, s, "async for");
    Label *except = gi_label(c);
    Block block = {.next = gi_label(c), .end = gi_label(c), .reg = gi_temp(c), .pos = s->pos};
    gi_expr_to(c, s->AsyncFor.iter, block.reg);
    gi_emit(c, &s->pos, OP_GET_AITER, block.reg, 0, 0);
    gi_push_block(c, &block, BLOCK_ASYNC_FOR);
    gi_place(c, block.next);
    unsigned item = gi_emit_async_next(c, &s->pos, block.reg, except);
    gi_store_target(c, s->AsyncFor.target, LAST(item));
    u->top = block.reg + 1;
    gi_compile_body(c, &s->AsyncFor.body, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP_BACK, 0, 0, block.next);
    gi_pop_block(c, &block);
    gi_place(c, except);
    gi_emit(c, &s->AsyncFor.iter->pos, OP_END_ASYNC_FOR, gi_temp(c), block.reg, 0);
    u->top = top;
    gi_compile_body(c, &s->AsyncFor.orelse, 0);
    gi_place(c, block.end);
}

/* ---- Assignment ---- */

/* a, b = x, y without making a tuple. */
static bool assign_pairwise(GiCompiler *c, const GiAstExpr *target, const GiAstExpr *value) {
    if (value->kind != GI_EXPR_Tuple || (target->kind != GI_EXPR_Tuple && target->kind != GI_EXPR_List)) return false;
    const GiAstSeq_expr *to = target->kind == GI_EXPR_Tuple ? &target->Tuple.elts : &target->List.elts;
    const GiAstSeq_expr *from = &value->Tuple.elts;
    uint32_t n = to->count;
    if (n != from->count || n > 8) return false;
    for (uint32_t i = 0; i < n; i++)
        if (to->items[i]->kind == GI_EXPR_Starred || from->items[i]->kind == GI_EXPR_Starred) return false;
    unsigned top = c->unit->top;
    for (uint32_t i = 0; i < n; i++) gi_expr_temp(c, from->items[i]);
    for (uint32_t i = 0; i < n; i++) gi_store_target(c, to->items[i], LAST(top + i));
    c->unit->top = top;
    return true;
}

static void assign_one(GiCompiler *c, const GiAstExpr *target, const GiAstExpr *value) {
    Unit *u = c->unit;
    unsigned top = u->top;
    if (target->kind == GI_EXPR_Name) {
        GiNameInfo *name = gi_unit_mangle(c, target->Name.id);
        int reg = gi_direct_local(c, name);
        if (reg >= 0) {
            gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
            gi_expr_to(c, value, (unsigned)reg);
            gi_mark_bound(c, (unsigned)reg);
            return;
        }
    }
    if (assign_pairwise(c, target, value)) return;
    unsigned operand = gi_expr_operand(c, value);
    gi_store_target(c, target, operand);
    u->top = top;
}

static void compile_assign(GiCompiler *c, const GiAstStmt *s) {
    const GiAstSeq_expr *targets = &s->Assign.targets;
    if (targets->count == 1) {
        assign_one(c, targets->items[0], s->Assign.value);
        return;
    }
    unsigned reg = gi_expr_temp(c, s->Assign.value);
    for (uint32_t i = 0; i < targets->count; i++)
        gi_store_target(c, targets->items[i], i + 1 < targets->count ? reg : LAST(reg));
    c->unit->top = reg;
}

/* dst = (left op= value) */
static void emit_inplace(GiCompiler *c, const GiAstStmt *s, unsigned dst, unsigned left) {
    unsigned op = gi_binary_opcode(s->AugAssign.op) - OP_ADD;
    GiVal k;
    unsigned index;
    if (gi_is_const(c, s->AugAssign.value, &k) && !gi_is_heap(k) && gi_const_near(c, k, &index))
        gi_emit(c, &s->pos, OP_IADD_K + op, dst, left, index);
    else
        gi_emit(c, &s->pos, OP_IADD + op, dst, left, gi_expr_operand(c, s->AugAssign.value));
}

static void augment_name(GiCompiler *c, const GiAstStmt *s) {
    const GiAstExpr *target = s->AugAssign.target;
    GiNameInfo *name = gi_unit_mangle(c, target->Name.id);
    gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
    bool stable = false;
    int local = gi_read_local(c, &target->pos, name, &stable);
    if (local >= 0 && stable) {
        emit_inplace(c, s, (unsigned)local, (unsigned)local);
        gi_mark_bound(c, (unsigned)local);
        return;
    }
    unsigned reg = gi_temp(c);
    gi_load_name(c, &target->pos, name, reg);
    emit_inplace(c, s, reg, LAST(reg));
    gi_store_name(c, &target->pos, name, LAST(reg));
}

static void compile_aug_assign(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    const GiAstExpr *target = s->AugAssign.target;
    if (target->kind == GI_EXPR_Name) {
        augment_name(c, s);
    } else if (target->kind == GI_EXPR_Attribute) {
        unsigned obj = gi_expr_operand(c, target->Attribute.value), reg = gi_temp(c);
        GiAstPos pos = gi_attr_pos(target, &target->pos);
        unsigned name = gi_name_index(c, gi_unit_mangle(c, target->Attribute.attr));
        gi_emit(c, &pos, OP_LOAD_ATTR, reg, REG_OF(obj), name);
        emit_inplace(c, s, reg, LAST(reg));
        gi_emit(c, &pos, OP_STORE_ATTR, obj, name, LAST(reg));
    } else if (target->kind == GI_EXPR_Subscript) {
        unsigned obj = gi_expr_operand(c, target->Subscript.value);
        unsigned key = gi_expr_operand(c, target->Subscript.slice), reg = gi_temp(c);
        gi_emit(c, &target->pos, OP_GET_ITEM, reg, REG_OF(obj), REG_OF(key));
        emit_inplace(c, s, reg, LAST(reg));
        gi_emit(c, &target->pos, OP_SET_ITEM, obj, key, LAST(reg));
    } else {
        gi_raise(c->ts, &gi_exc_SystemError, "invalid node type (%d) for augmented assignment", (int)target->kind);
        gi_compile_fail(c);
    }
    u->top = top;
}

static void effect_of_index(GiCompiler *c, const GiAstExpr *e) {
    if (e->kind == GI_EXPR_Slice) {
        if (e->Slice.lower) gi_expr_effect(c, e->Slice.lower);
        if (e->Slice.upper) gi_expr_effect(c, e->Slice.upper);
        if (e->Slice.step) gi_expr_effect(c, e->Slice.step);
    } else if (e->kind == GI_EXPR_Tuple) {
        for (uint32_t i = 0; i < e->Tuple.elts.count; i++) effect_of_index(c, e->Tuple.elts.items[i]);
    } else {
        gi_expr_effect(c, e);
    }
}

static void compile_ann_assign(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    const GiAstExpr *target = s->AnnAssign.target, *annotation = s->AnnAssign.annotation;
    bool stores = u->scope->kind != GI_BLOCK_FUNCTION;
    if (s->AnnAssign.value) assign_one(c, target, s->AnnAssign.value);
    switch (target->kind) {
    case GI_EXPR_Name:
        gi_check_forbidden(c, &s->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
        if (s->AnnAssign.simple && stores) {
            unsigned value = gi_temp(c), dict = gi_temp(c), key = gi_temp(c);
            gi_annotation_to(c, annotation, value);
            gi_load_name(c, &s->pos, gi_name_info_text(c, "__annotations__", 15), dict);
            gi_load_const(c, &s->pos, gi_unit_mangle(c, target->Name.id)->str, key);
            gi_emit(c, &s->pos, OP_SET_ITEM, LAST(dict), LAST(key), LAST(value));
        }
        break;
    case GI_EXPR_Attribute:
        gi_check_forbidden(c, &s->pos, gi_name_info(c, target->Attribute.attr), GI_CTX_Store);
        if (!s->AnnAssign.value) gi_expr_effect(c, target->Attribute.value);
        break;
    case GI_EXPR_Subscript:
        if (!s->AnnAssign.value) {
            gi_expr_effect(c, target->Subscript.value);
            effect_of_index(c, target->Subscript.slice);
        }
        break;
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid node type (%d) for annotated assignment", (int)target->kind);
        gi_compile_fail(c);
    }
    u->top = top;
    if (!s->AnnAssign.simple && stores && !(c->future & GI_CO_FUTURE_ANNOTATIONS)) gi_expr_effect(c, annotation);
    u->top = top;
}

static void compile_delete(GiCompiler *c, const GiAstExpr *target) {
    unsigned top = c->unit->top;
    gi_enter(c);
    switch (target->kind) {
    case GI_EXPR_Name:
        gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Del);
        gi_delete_name(c, &target->pos, gi_unit_mangle(c, target->Name.id));
        break;
    case GI_EXPR_Attribute: {
        unsigned obj = gi_expr_operand(c, target->Attribute.value);
        GiAstPos pos = gi_attr_pos(target, &target->pos);
        gi_emit(c, &pos, OP_DELETE_ATTR, obj, gi_name_index(c, gi_unit_mangle(c, target->Attribute.attr)), 0);
        break;
    }
    case GI_EXPR_Subscript: {
        unsigned obj = gi_expr_operand(c, target->Subscript.value);
        unsigned key = gi_expr_operand(c, target->Subscript.slice);
        gi_emit(c, &target->pos, OP_DEL_ITEM, obj, key, 0);
        break;
    }
    case GI_EXPR_Tuple:
    case GI_EXPR_List: {
        const GiAstSeq_expr *elts = target->kind == GI_EXPR_Tuple ? &target->Tuple.elts : &target->List.elts;
        for (uint32_t i = 0; i < elts->count; i++) compile_delete(c, elts->items[i]);
        break;
    }
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid deletion target");
        gi_compile_fail(c);
    }
    c->unit->top = top;
    gi_leave(c);
}

/* ---- Imports ---- */

static void emit_import(GiCompiler *c, const GiAstPos *pos, GiNameInfo *module, int level, GiVal fromlist, unsigned reg) {
    gi_load_const(c, pos, gi_smallint(level), reg);
    gi_load_const(c, pos, fromlist, gi_temp(c));
    gi_emit(c, pos, OP_IMPORT_NAME, reg, gi_name_index(c, module), 0);
    c->unit->top = reg + 1;
}

static void store_import(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned reg) {
    gi_check_forbidden(c, pos, name, GI_CTX_Store);
    gi_store_name(c, pos, gi_mangle(c, c->unit->scope->class_name, name), LAST(reg));
}

/* import a.b.c as d: d is a's attribute b's attribute c. */
static void import_as(GiCompiler *c, const GiAstPos *pos, const GiAstAlias *alias, unsigned reg) {
    const char *text = alias->name->bytes, *end = text + alias->name->len;
    const char *dot = memchr(text, '.', alias->name->len);
    while (dot != NULL) {
        const char *next = memchr(dot + 1, '.', (size_t)(end - dot - 1));
        size_t len = (size_t)((next ? next : end) - dot - 1);
        unsigned name = gi_name_index(c, gi_name_info_text(c, dot + 1, len));
        gi_emit(c, pos, OP_IMPORT_FROM, reg, LAST(reg), name);
        dot = next;
    }
    store_import(c, pos, gi_name_info(c, alias->asname), reg);
}

static void compile_import(GiCompiler *c, const GiAstStmt *s) {
    for (uint32_t i = 0; i < s->Import.names.count; i++) {
        const GiAstAlias *alias = s->Import.names.items[i];
        unsigned reg = gi_temp(c);
        emit_import(c, &s->pos, gi_name_info(c, alias->name), 0, GI_NONE, reg);
        if (alias->asname != NULL) {
            import_as(c, &s->pos, alias, reg);
        } else {
            const char *dot = memchr(alias->name->bytes, '.', alias->name->len);
            GiNameInfo *top = dot ? gi_name_info_text(c, alias->name->bytes, (size_t)(dot - alias->name->bytes))
                                  : gi_name_info(c, alias->name);
            store_import(c, &s->pos, top, reg);
        }
        c->unit->top = reg;
    }
}

static void compile_import_from(GiCompiler *c, const GiAstStmt *s) {
    const GiAstSeq_alias *names = &s->ImportFrom.names;
    if (s->pos.lineno > c->future_line && gi_name_is(s->ImportFrom.module, "__future__") && s->ImportFrom.level == 0)
        gi_compile_error(c, &s->pos, "from __future__ imports must occur at the beginning of the file");
    GiVal *list = gi_compile_alloc(c, (names->count + 1) * sizeof *list);
    for (uint32_t i = 0; i < names->count; i++) list[i] = gi_name_info(c, names->items[i]->name)->str;
    GiVal fromlist = gi_keep(c, gi_tuple_from(c->ts, list, names->count));
    GiNameInfo *module = s->ImportFrom.module ? gi_name_info(c, s->ImportFrom.module) : gi_name_info_text(c, "", 0);
    unsigned reg = gi_temp(c);
    emit_import(c, &s->pos, module, s->ImportFrom.level, fromlist, reg);
    for (uint32_t i = 0; i < names->count; i++) {
        const GiAstAlias *alias = names->items[i];
        if (i == 0 && gi_name_is(alias->name, "*")) {
            gi_emit(c, &s->pos, OP_IMPORT_STAR, LAST(reg), 0, 0);
            c->unit->top = reg;
            return;
        }
        unsigned t = gi_temp(c);
        gi_emit(c, &s->pos, OP_IMPORT_FROM, t, reg, gi_name_index(c, gi_name_info(c, alias->name)));
        store_import(c, &s->pos, gi_name_info(c, alias->asname ? alias->asname : alias->name), t);
        c->unit->top = t;
    }
    gi_emit(c, &s->pos, OP_DROP, reg, 0, 0);
    c->unit->top = reg;
}

/* ---- Others ---- */

static void compile_assert(GiCompiler *c, const GiAstStmt *s) {
    const GiAstExpr *test = s->Assert.test;
    GiVal k;
    if ((test->kind == GI_EXPR_Tuple && test->Tuple.elts.count > 0) ||
        (gi_is_const(c, test, &k) && gi_is_tuple(k) && gi_tuple_len(k) > 0))
        gi_compile_warn(c, &s->pos, "assertion is always true, perhaps remove parentheses?");
    if (c->optimize > 0) return;
    Label *end = gi_label(c);
    gi_cond_jump(c, &s->pos, test, end, true);
    unsigned reg = gi_temp(c);
    GiAstPos pos = gi_pos_after_cond(test, &s->pos);
    gi_emit(c, &pos, OP_LOAD_ASSERTION_ERROR, reg, 0, 0);
    if (s->Assert.msg) {
        gi_expr_temp(c, s->Assert.msg);
        gi_emit(c, &pos, OP_CALL, reg, 1, 0);
    }
    gi_emit(c, &pos, OP_RAISE, LAST(reg), 0, 1);
    c->unit->top = reg;
    gi_place(c, end);
}

static void compile_raise(GiCompiler *c, const GiAstStmt *s) {
    unsigned top = c->unit->top, exc = 0, cause = 0, count = 0;
    if (s->Raise.exc) {
        exc = gi_expr_operand(c, s->Raise.exc);
        count = 1;
        if (s->Raise.cause) {
            cause = gi_expr_operand(c, s->Raise.cause);
            count = 2;
        }
    }
    gi_emit(c, &s->pos, OP_RAISE, exc, cause, count);
    c->unit->top = top;
}

static void compile_expr_stmt(GiCompiler *c, const GiAstStmt *s) {
    const GiAstExpr *e = s->Expr.value;
    if (c->interactive && c->unit->kind == UNIT_MODULE) {
        unsigned top = c->unit->top;
        unsigned operand = gi_expr_operand(c, e);
        gi_emit(c, &s->pos, OP_PRINT_EXPR, operand, 0, 0);
        c->unit->top = top;
    } else if (e->kind == GI_EXPR_Constant) {
        gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    } else {
        gi_expr_effect(c, e);
    }
}

static void compile_stmt(GiCompiler *c, const GiAstStmt *s) {
    switch (s->kind) {
    case GI_STMT_FunctionDef:
    case GI_STMT_AsyncFunctionDef: gi_compile_function(c, s); break;
    case GI_STMT_ClassDef: gi_compile_class(c, s); break;
    case GI_STMT_Return: compile_return(c, s); break;
    case GI_STMT_Delete:
        for (uint32_t i = 0; i < s->Delete.targets.count; i++) compile_delete(c, s->Delete.targets.items[i]);
        break;
    case GI_STMT_Assign: compile_assign(c, s); break;
    case GI_STMT_AugAssign: compile_aug_assign(c, s); break;
    case GI_STMT_AnnAssign: compile_ann_assign(c, s); break;
    case GI_STMT_For: compile_for(c, s); break;
    case GI_STMT_AsyncFor: compile_async_for(c, s); break;
    case GI_STMT_While: compile_while(c, s); break;
    case GI_STMT_If: compile_if(c, s); break;
    case GI_STMT_With: gi_compile_with(c, s, 0, false); break;
    case GI_STMT_AsyncWith:
        check_async(c, s, "async with");
        gi_compile_with(c, s, 0, true);
        break;
    case GI_STMT_Match: gi_compile_match(c, s); break;
    case GI_STMT_Raise: compile_raise(c, s); break;
    case GI_STMT_Try: gi_compile_try(c, s); break;
    case GI_STMT_TryStar: gi_compile_try_star(c, s); break;
    case GI_STMT_Assert: compile_assert(c, s); break;
    case GI_STMT_Import: compile_import(c, s); break;
    case GI_STMT_ImportFrom: compile_import_from(c, s); break;
    case GI_STMT_Global:
    case GI_STMT_Nonlocal: break;
    case GI_STMT_Expr: compile_expr_stmt(c, s); break;
    case GI_STMT_Pass: gi_emit(c, &s->pos, OP_NOP, 0, 0, 0); break;
    case GI_STMT_Break:
    case GI_STMT_Continue: compile_break(c, s); break;
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid kind of statement");
        gi_compile_fail(c);
    }
}

void gi_compile_stmt(GiCompiler *c, const GiAstStmt *s) {
    gi_enter(c);
    compile_stmt(c, s);
    gi_leave(c);
}

void gi_compile_body(GiCompiler *c, const GiAstSeq_stmt *body, size_t from) {
    for (size_t i = from; i < body->count; i++) gi_compile_stmt(c, body->items[i]);
}

/* ---- Modules and classes ---- */

static bool has_annotations(const GiAstSeq_stmt *body);

static bool stmt_has_annotations(const GiAstStmt *s) {
    switch (s->kind) {
    case GI_STMT_AnnAssign: return true;
    case GI_STMT_For:
    case GI_STMT_AsyncFor: return has_annotations(&s->For.body) || has_annotations(&s->For.orelse);
    case GI_STMT_While: return has_annotations(&s->While.body) || has_annotations(&s->While.orelse);
    case GI_STMT_If: return has_annotations(&s->If.body) || has_annotations(&s->If.orelse);
    case GI_STMT_With:
    case GI_STMT_AsyncWith: return has_annotations(&s->With.body);
    case GI_STMT_Match:
        for (uint32_t i = 0; i < s->Match.cases.count; i++)
            if (has_annotations(&s->Match.cases.items[i]->body)) return true;
        return false;
    case GI_STMT_Try:
    case GI_STMT_TryStar:
        for (uint32_t i = 0; i < s->Try.handlers.count; i++)
            if (has_annotations(&s->Try.handlers.items[i]->ExceptHandler.body)) return true;
        return has_annotations(&s->Try.body) || has_annotations(&s->Try.orelse) || has_annotations(&s->Try.finalbody);
    default: return false;
    }
}

static bool has_annotations(const GiAstSeq_stmt *body) {
    for (uint32_t i = 0; i < body->count; i++)
        if (stmt_has_annotations(body->items[i])) return true;
    return false;
}

void gi_compile_module_body(GiCompiler *c, const GiAstSeq_stmt *body) {
    Unit *u = c->unit;
    GiAstPos start = body->count > 0 ? body->items[0]->pos : gi_no_pos;
    if (has_annotations(body)) gi_emit(c, &start, OP_SETUP_ANNOTATIONS, 0, 0, 0);
    const GiAstExpr *doc = c->interactive ? NULL : gi_docstring(body);
    if (doc != NULL && c->optimize < 2) {
        unsigned t = gi_expr_temp(c, doc);
        gi_store_name(c, &doc->pos, gi_name_info_text(c, "__doc__", 7), LAST(t));
        u->top = t;
    }
    gi_compile_body(c, body, doc != NULL);
    if (u->scope->needs_class_cell) {
        unsigned t = gi_temp(c);
        gi_emit(c, &gi_no_pos, OP_COPY, t, 0, 0);
        gi_store_name(c, &gi_no_pos, gi_name_info_text(c, "__classcell__", 13), t);
        gi_emit(c, &gi_no_pos, OP_RETURN, LAST(t), 0, 0);
        u->top = t;
    } else {
        gi_emit32(c, &gi_no_pos, OP_RETURN_K, 0, gi_const_far(c, GI_NONE));
    }
}
