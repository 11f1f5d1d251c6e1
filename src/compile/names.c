/* names.c - reading, binding and deleting variables, and assignment targets. */
#include "compile/internal.h"

typedef enum { AT_REGISTER, AT_CELL, AT_FREE, AT_GLOBAL, AT_NAME } Place;

/* Where a name of the current unit lives; *index is its register or number. */
static Place place_of(GiCompiler *c, GiNameInfo *name, GiSymbol **symbol) {
    Unit *u = c->unit;
    GiSymbol *s = *symbol = gi_scope_find(u->scope, name);
    bool function = u->scope->kind == GI_BLOCK_FUNCTION;
    switch (s ? s->scope : GI_SCOPE_GLOBAL_IMPLICIT) {
    case GI_SCOPE_LOCAL: return function ? AT_REGISTER : AT_NAME;
    case GI_SCOPE_CELL: return function ? AT_CELL : AT_NAME;
    case GI_SCOPE_FREE: return AT_FREE;
    case GI_SCOPE_GLOBAL_EXPLICIT: return AT_GLOBAL;
    default: return function ? AT_GLOBAL : AT_NAME;
    }
}

static inline bool is_bound(const Unit *u, unsigned reg) { return u->state[reg / 64] >> (reg % 64) & 1; }

void gi_mark_bound(GiCompiler *c, unsigned reg) {
    Unit *u = c->unit;
    if (reg < u->local_count) u->state[reg / 64] |= (UINT64_C(1) << (reg % 64)) & ~u->deletable[reg / 64];
}

int gi_read_local(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, bool *stable) {
    GiSymbol *s;
    if (place_of(c, name, &s) != AT_REGISTER) return -1;
    unsigned reg = (unsigned)s->index;
    if (!is_bound(c->unit, reg)) {
        gi_emit(c, pos, OP_CHECK_LOCAL, reg, reg, 0);
        gi_mark_bound(c, reg);
    }
    *stable = !s->walrus;
    return (int)reg;
}

int gi_direct_local(GiCompiler *c, GiNameInfo *name) {
    GiSymbol *s;
    return place_of(c, name, &s) == AT_REGISTER ? s->index : -1;
}

bool gi_super_context(GiCompiler *c, GiNameInfo *super, unsigned *cell, unsigned *first) {
    GiSymbol *s;
    Unit *u = c->unit;
    if (u->first_arg == NULL || u->scope->kind != GI_BLOCK_FUNCTION || place_of(c, super, &s) != AT_GLOBAL ||
        place_of(c, gi_name_info_text(c, "__class__", 9), &s) != AT_FREE)
        return false;
    *cell = (unsigned)s->index;
    if (place_of(c, u->first_arg, &s) != AT_REGISTER || !is_bound(u, (unsigned)s->index)) return false;
    *first = (unsigned)s->index;
    return true;
}

void gi_load_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned dst) {
    Unit *u = c->unit;
    GiSymbol *s;
    bool stable;
    switch (place_of(c, name, &s)) {
    case AT_REGISTER: {
        unsigned reg = (unsigned)gi_read_local(c, pos, name, &stable);
        if (reg != dst) gi_emit(c, pos, OP_COPY, dst, reg, 0);
        break;
    }
    case AT_CELL: gi_emit(c, pos, OP_LOAD_CELL, dst, (unsigned)s->index, (unsigned)s->index); break;
    case AT_FREE:
        if (u->scope->kind == GI_BLOCK_CLASS)
            gi_emit(c, pos, OP_LOAD_CLASS_FREE, dst, (unsigned)s->index, gi_name_index(c, name));
        else
            gi_emit(c, pos, OP_LOAD_FREE, dst, (unsigned)s->index, u->local_count + (unsigned)s->index);
        break;
    case AT_GLOBAL: gi_emit(c, pos, OP_LOAD_GLOBAL, dst, gi_name_index(c, name), 0); break;
    case AT_NAME: gi_emit(c, pos, OP_LOAD_NAME, dst, gi_name_index(c, name), 0); break;
    }
}

void gi_store_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned operand) {
    GiSymbol *s;
    switch (place_of(c, name, &s)) {
    case AT_REGISTER: {
        unsigned reg = (unsigned)s->index;
        if (operand & GI_LAST_USE) gi_emit(c, pos, OP_MOVE, reg, operand, 0);
        else if (operand != reg) gi_emit(c, pos, OP_COPY, reg, operand, 0);
        gi_mark_bound(c, reg);
        break;
    }
    case AT_CELL: gi_emit(c, pos, OP_STORE_CELL, (unsigned)s->index, operand, 0); break;
    case AT_FREE: gi_emit(c, pos, OP_STORE_FREE, operand, (unsigned)s->index, 0); break;
    case AT_GLOBAL: gi_emit(c, pos, OP_STORE_GLOBAL, operand, gi_name_index(c, name), 0); break;
    case AT_NAME: gi_emit(c, pos, OP_STORE_NAME, operand, gi_name_index(c, name), 0); break;
    }
}

void gi_delete_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name) {
    GiSymbol *s;
    switch (place_of(c, name, &s)) {
    case AT_REGISTER: gi_emit(c, pos, OP_DELETE_LOCAL, (unsigned)s->index, (unsigned)s->index, 0); break;
    case AT_CELL: gi_emit(c, pos, OP_DELETE_CELL, (unsigned)s->index, (unsigned)s->index, 0); break;
    case AT_FREE:
        gi_emit(c, pos, OP_DELETE_FREE, 0, (unsigned)s->index, c->unit->local_count + (unsigned)s->index);
        break;
    case AT_GLOBAL: gi_emit(c, pos, OP_DELETE_GLOBAL, 0, gi_name_index(c, name), 0); break;
    case AT_NAME: gi_emit(c, pos, OP_DELETE_NAME, 0, gi_name_index(c, name), 0); break;
    }
}

void gi_check_forbidden(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, GiAstExprContext ctx) {
    if (name->len != 9 || memcmp(name->bytes, "__debug__", 9) != 0) return;
    if (ctx == GI_CTX_Store) gi_compile_error(c, pos, "cannot assign to __debug__");
    if (ctx == GI_CTX_Del) gi_compile_error(c, pos, "cannot delete __debug__");
}

/* Where an attribute access over several lines is reported: at its name. */
GiAstPos gi_attr_pos(const GiAstExpr *attribute, const GiAstPos *pos) {
    GiAstPos at = *pos;
    if (at.lineno != attribute->pos.end_lineno) {
        at.lineno = attribute->pos.end_lineno;
        const GiName *name = attribute->Attribute.attr;
        int len = 0;
        for (uint32_t i = 0; i < name->len; i++) len += ((unsigned char)name->bytes[i] & 0xC0) != 0x80;
        if (len <= attribute->pos.end_col_offset) {
            at.col_offset = attribute->pos.end_col_offset - len;
        } else {
            at.col_offset = at.end_col_offset = -1;
        }
    }
    return at;
}

/* ---- Targets ---- */

static void unpack(GiCompiler *c, const GiAstExpr *target, const GiAstSeq_expr *elts, unsigned operand) {
    Unit *u = c->unit;
    unsigned top = u->top, n = elts->count;
    int star = -1;
    for (unsigned i = 0; i < n; i++) {
        if (elts->items[i]->kind != GI_EXPR_Starred) continue;
        if (star >= 0) gi_compile_error(c, &target->pos, "multiple starred expressions in assignment");
        if (i >= 256 || n - i - 1 >= (1u << 23))
            gi_compile_error(c, &target->pos, "too many expressions in star-unpacking assignment");
        star = (int)i;
    }
    unsigned run = REG_OF(operand);
    if (!(operand & GI_LAST_USE) || run != top - 1 || n == 0) run = gi_temp(c);
    for (unsigned i = 1; i < n; i++) gi_temp(c);
    if (star < 0) gi_emit(c, &target->pos, OP_UNPACK, run, operand, n);
    else gi_emit(c, &target->pos, OP_UNPACK_EX, run, operand, (unsigned)star)->extra = n - (unsigned)star - 1;
    for (unsigned i = 0; i < n; i++) {
        const GiAstExpr *item = elts->items[i];
        gi_store_target(c, item->kind == GI_EXPR_Starred ? item->Starred.value : item, LAST(run + i));
    }
    u->top = top;
}

void gi_store_target(GiCompiler *c, const GiAstExpr *target, unsigned operand) {
    Unit *u = c->unit;
    unsigned top = u->top;
    gi_enter(c);
    switch (target->kind) {
    case GI_EXPR_Name: {
        gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
        gi_store_name(c, &target->pos, gi_unit_mangle(c, target->Name.id), operand);
        break;
    }
    case GI_EXPR_Attribute: {
        unsigned obj = gi_expr_operand(c, target->Attribute.value);
        GiAstPos pos = gi_attr_pos(target, &target->pos);
        GiNameInfo *name = gi_unit_mangle(c, target->Attribute.attr);
        gi_check_forbidden(c, &pos, name, GI_CTX_Store);
        if (u->first_arg != NULL && target->Attribute.value->kind == GI_EXPR_Name &&
            gi_name_info(c, target->Attribute.value->Name.id) == u->first_arg) {
            bool fresh;
            *gi_word_map_at(c, &u->attr_map, (uint64_t)(uintptr_t)name, &fresh) = 1;
        }
        gi_emit(c, &pos, OP_STORE_ATTR, obj, gi_name_index(c, name), operand);
        break;
    }
    case GI_EXPR_Subscript: {
        unsigned obj = gi_expr_operand(c, target->Subscript.value);
        const GiAstExpr *slice = target->Subscript.slice;
        if (slice->kind == GI_EXPR_Slice && slice->Slice.step == NULL) {
            gi_emit(c, &target->pos, OP_SET_SLICE, obj, gi_slice_bounds(c, slice), operand);
        } else {
            unsigned key = gi_expr_operand(c, slice);
            gi_emit(c, &target->pos, OP_SET_ITEM, obj, key, operand);
        }
        break;
    }
    case GI_EXPR_Tuple: unpack(c, target, &target->Tuple.elts, operand); break;
    case GI_EXPR_List: unpack(c, target, &target->List.elts, operand); break;
    case GI_EXPR_Starred:
        gi_compile_error(c, &target->pos, "starred assignment target must be in a list or tuple");
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid assignment target");
        gi_compile_fail(c);
    }
    u->top = top;
    gi_leave(c);
}
