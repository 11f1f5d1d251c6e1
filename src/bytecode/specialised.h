/* specialised.h - from specialised instructions back to what the compiler wrote. */
#ifndef GI_BYTECODE_SPECIALISED_H
#define GI_BYTECODE_SPECIALISED_H

#include "bytecode/opcodes.h"

/* The opcode that a specialised one stands for; other opcodes are given back. */
unsigned gi_general_opcode(unsigned op);
/* The instruction word as the compiler wrote it. */
uint64_t gi_code_general_instr(uint64_t word);
/* A cache word as the compiler wrote it; `word` is its general instruction. */
uint64_t gi_code_general_cache(uint64_t word, uint64_t cache);
/* All of `count` words as the compiler wrote them; damaged ones do no harm. */
void gi_general_words(const uint64_t *words, uint32_t count, uint64_t *out);

#endif
