/* disassemble.c - a code object's instructions as data and text, for module dis (runtime/supplement.c). */
#include "bytecode/code.h"
#include "bytecode/specialised.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include <stdio.h>

static void put_operand(GiStrBuilder *sb, const GiCode *code, GiOperandKind kind, unsigned x) {
    char text[32];
    switch (kind) {
    case GI_OPERAND_W: case GI_OPERAND_R: case GI_OPERAND_S: case GI_OPERAND_X: {
        unsigned reg = x & GI_REGISTER_MAX;
        if (reg < code->local_count && !gi_is_null(code->variables[reg])) {
            gi_sb_str(sb, gi_val(code->variables[reg]));
        } else {
            /* The mark of a temporary's last use is a bit of operands that are read. */
            snprintf(text, sizeof text, "r%u", reg);
            gi_sb_ascii(sb, text, strlen(text));
        }
        return;
    }
    case GI_OPERAND_K:
        if (x < code->const_count) gi_sb_repr(sb, gi_val(code->consts[x]));
        return;
    case GI_OPERAND_N:
        if (x < code->name_count) gi_sb_repr(sb, gi_val(code->names[x]));
        return;
    case GI_OPERAND_F:
        if (x < code->free_count) gi_sb_str(sb, gi_val(code->variables[code->local_count + x]));
        return;
    case GI_OPERAND_I: snprintf(text, sizeof text, "%d", (int16_t)x); break;
    default: snprintf(text, sizeof text, "%u", x); break;
    }
    gi_sb_ascii(sb, text, strlen(text));
}

/* Where the instruction at `at` may jump, or -1. */
static int64_t target_of(uint64_t w, uint32_t at, uint32_t cache) {
    const GiOpcodeInfo *info = &gi_opcode_info[gi_instr_op(w)];
    int64_t next = (int64_t)at + 1 + info->caches;
    if (info->operands[1] == GI_OPERAND_JJ) return next + (int32_t)gi_instr_bc(w);
    if (info->operands[2] == GI_OPERAND_J) return next + (int16_t)gi_instr_c(w);
    return gi_general_opcode(gi_instr_op(w)) == OP_FOR_ITER ? next + (int32_t)cache : -1;
}

static void put_operands(GiStrBuilder *sb, const GiCode *code, uint64_t w, int64_t target) {
    unsigned op = gi_instr_op(w), general = gi_general_opcode(op);
    const GiOpcodeInfo *info = &gi_opcode_info[op];
    unsigned operands[3] = {gi_instr_a(w), gi_instr_b(w), gi_instr_c(w)};
    const char *between = "";
    for (int i = 0; i < 3; i++) {
        GiOperandKind kind = info->operands[i];
        bool call = i == 2 && (general == OP_CALL || general == OP_CALL_METHOD); /* constant c - 1, or none */
        if (kind == GI_OPERAND__ || kind == GI_OPERAND_J || kind == GI_OPERAND_JJ || (call && operands[2] == 0)) continue;
        gi_sb_ascii(sb, between, strlen(between));
        between = ", ";
        if (kind == GI_OPERAND_UU) put_operand(sb, code, GI_OPERAND_K, gi_instr_bc(w));
        else put_operand(sb, code, kind, call ? operands[2] - 1 : operands[i]);
        if (kind == GI_OPERAND_UU) break;
    }
    if (target >= 0) {
        char text[48];
        snprintf(text, sizeof text, "%sto %lld", between, 2 * (long long)target);
        gi_sb_ascii(sb, text, strlen(text));
    }
}

/* (offset, number, name, a, b, c, text of the operands, offset it may jump to or None) */
static GiRef row_of(GiThread *ts, const GiCode *code, uint64_t w, uint32_t at, uint32_t cache) {
    int64_t target = target_of(w, at, cache);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    put_operands(&sb, code, w, target);
    GiRef text = gi_sb_finish(&sb), name = gi_str_from_cstr(ts, gi_opcode_info[gi_instr_op(w)].name), row = GI_NULL;
    if (!gi_is_null(text) && !gi_is_null(name))
        row = gi_tuple_pack(ts, 8, gi_smallint(2 * (int64_t)at), gi_smallint(gi_instr_op(w)), gi_val(name),
                            gi_smallint(gi_instr_a(w)), gi_smallint(gi_instr_b(w)), gi_smallint(gi_instr_c(w)), gi_val(text),
                            target < 0 ? GI_NONE : gi_smallint(2 * target));
    gi_xdrop(ts, text);
    gi_xdrop(ts, name);
    return row;
}

GiRef gi_code_rows(GiThread *ts, GiVal v, bool adaptive) {
    const GiCode *code = gi_code_of(v);
    GiRef list = gi_list_new(ts, 0);
    uint64_t *general = gi_is_null(list) ? NULL : gi_code_general_instrs(ts, code);
    if (general == NULL) {
        gi_xdrop(ts, list);
        return GI_NULL;
    }
    for (uint32_t at = 0; at < code->instr_count;) {
        /* What another thread specialises meanwhile keeps its length. */
        uint64_t w = adaptive ? __atomic_load_n(&code->instrs[at], __ATOMIC_RELAXED) : general[at];
        unsigned caches = gi_opcode_info[gi_instr_op(w)].caches;
        GiRef row = row_of(ts, code, w, at, caches ? (uint32_t)general[at + 1] : 0);
        if (gi_is_null(row) || gi_list_append(ts, gi_val(list), row) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
            break;
        }
        at += 1u + caches;
    }
    gi_mem_free(general);
    return list;
}

GiRef gi_code_handlers(GiThread *ts, GiVal v) {
    const GiCode *code = gi_code_of(v);
    GiRef list = gi_list_new(ts, code->handler_count);
    for (size_t i = 0; i < code->handler_count && !gi_is_null(list); i++) {
        const GiHandler *h = &code->handlers[i];
        GiRef row = gi_tuple_pack(ts, 4, gi_smallint(2 * (int64_t)h->start), gi_smallint(2 * (int64_t)h->end),
                                  gi_smallint(2 * (int64_t)h->target), gi_smallint(h->depth));
        if (gi_is_null(row) || gi_list_append(ts, gi_val(list), row) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}
