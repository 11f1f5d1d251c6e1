/* specialised.c - from specialised instructions back to what the compiler wrote. */
#include "bytecode/specialised.h"

#include <stdbool.h>

#define OP(name, caches, a, b, c, doc)
#include "bytecode/opcodes.def"
#undef OP

unsigned gi_general_opcode(unsigned op) {
    switch (op) {
#define CASE(special, general) case OP_##special: return OP_##general;
        SPECIALISED_OPS(CASE)
#undef CASE
    default: return op;
    }
}

uint64_t gi_code_general_instr(uint64_t word) {
    unsigned op = gi_instr_op(word), general = gi_general_opcode(op);
    bool by_entry = general == OP_LOAD_GLOBAL || general == OP_LOAD_NAME || general == OP_STORE_GLOBAL ||
                    general == OP_STORE_NAME;
    if (by_entry) return gi_instr(general, gi_instr_a(word), gi_instr_b(word), 0);
    return (word & ~UINT64_C(0xFFFF)) | general;
}

uint64_t gi_code_general_cache(uint64_t word, uint64_t cache) {
    unsigned op = gi_instr_op(word);
    return op == OP_FOR_ITER || op == OP_UNPACK_EX ? (uint32_t)cache : 0;
}

void gi_general_words(const uint64_t *words, uint32_t count, uint64_t *out) {
    for (uint32_t at = 0; at < count;) {
        uint64_t word = out[at] = gi_code_general_instr(gi_word(&words[at]));
        unsigned op = gi_instr_op(word), caches = op < OP_COUNT ? gi_opcode_info[op].caches : 0;
        for (at++; caches > 0 && at < count; caches--, at++) out[at] = gi_code_general_cache(word, gi_word(&words[at]));
    }
}
