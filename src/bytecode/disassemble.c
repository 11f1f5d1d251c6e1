/* disassemble.c - the text of a code object's instructions. */
#include "bytecode/code.h"
#include "objects/error.h"
#include "objects/str.h"
#include <stdio.h>

static void put_operand(GiStrBuilder *sb, const GiCode *code, GiOperandKind kind, unsigned x) {
    char text[32];
    switch (kind) {
    case GI_OPERAND_W: case GI_OPERAND_R: case GI_OPERAND_S: case GI_OPERAND_X: {
        unsigned reg = x & GI_REGISTER_MAX;
        if (reg < code->local_count && !gi_is_null(code->variables[reg])) {
            gi_sb_str(sb, gi_val(code->variables[reg]));
        } else {
            snprintf(text, sizeof text, "r%u%s", reg, x & GI_LAST_USE ? "!" : "");
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

static void put_instr(GiStrBuilder *sb, const GiCode *code, uint32_t at) {
    uint64_t w = code->instrs[at];
    const GiOpcodeInfo *info = &gi_opcode_info[gi_instr_op(w)];
    unsigned operands[3] = {gi_instr_a(w), gi_instr_b(w), gi_instr_c(w)};
    int64_t next = (int64_t)at + 1 + info->caches;
    char text[64];
    snprintf(text, sizeof text, "%5d %5u %-20s", gi_code_position(code, at).line, at, info->name);
    gi_sb_ascii(sb, text, strlen(text));
    for (int i = 0; i < 3; i++) {
        GiOperandKind kind = info->operands[i];
        if (kind == GI_OPERAND__) continue;
        gi_sb_char(sb, ' ');
        if (kind == GI_OPERAND_JJ || kind == GI_OPERAND_J) {
            int64_t target = next + (kind == GI_OPERAND_JJ ? (int32_t)gi_instr_bc(w) : (int16_t)operands[2]);
            snprintf(text, sizeof text, "-> %lld", (long long)target);
            gi_sb_ascii(sb, text, strlen(text));
        } else if (kind == GI_OPERAND_UU) {
            put_operand(sb, code, GI_OPERAND_K, gi_instr_bc(w));
        } else if (i == 2 && (gi_instr_op(w) == OP_CALL || gi_instr_op(w) == OP_CALL_METHOD)) {
            if (operands[2] != 0) put_operand(sb, code, GI_OPERAND_K, operands[2] - 1);
        } else {
            put_operand(sb, code, kind, operands[i]);
        }
        if (kind == GI_OPERAND_JJ || kind == GI_OPERAND_UU) break;
    }
    if (gi_instr_op(w) == OP_FOR_ITER) {
        snprintf(text, sizeof text, " -> %lld", (long long)(next + (int32_t)code->instrs[at + 1]));
        gi_sb_ascii(sb, text, strlen(text));
    }
    gi_sb_char(sb, '\n');
}

GiRef gi_code_disassemble(GiThread *ts, GiVal v) {
    GiCode *code = gi_code_of(v);
    if (gi_code_load(ts, code) < 0) return GI_NULL;
    GiStrBuilder sb;
    char text[96];
    gi_sb_init(&sb, ts);
    for (uint32_t at = 0; at < code->instr_count;) {
        if (gi_instr_op(code->instrs[at]) >= OP_COUNT) break;
        put_instr(&sb, code, at);
        at += 1u + gi_opcode_info[gi_instr_op(code->instrs[at])].caches;
    }
    for (size_t i = 0; i < code->handler_count; i++) {
        const GiHandler *h = &code->handlers[i];
        snprintf(text, sizeof text, "handler [%u, %u) -> %u, depth r%u\n", h->start, h->end, h->target, h->depth);
        gi_sb_ascii(&sb, text, strlen(text));
    }
    return gi_sb_finish(&sb);
}
