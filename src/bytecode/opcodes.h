/* opcodes.h - numbers and encoding of instructions, from opcodes.def. */
#ifndef GI_BYTECODE_OPCODES_H
#define GI_BYTECODE_OPCODES_H

#include "base/common.h"

typedef enum {
#define OP(name, caches, a, b, c, doc) OP_##name,
#include "bytecode/opcodes.def"
#undef OP
    OP_COUNT
} GiOpcode;

typedef enum {
    GI_OPERAND__, GI_OPERAND_W, GI_OPERAND_R, GI_OPERAND_S, GI_OPERAND_X, GI_OPERAND_K, GI_OPERAND_N,
    GI_OPERAND_F, GI_OPERAND_U, GI_OPERAND_I, GI_OPERAND_J, GI_OPERAND_JJ, GI_OPERAND_UU,
} GiOperandKind;

typedef struct GiOpcodeInfo {
    const char *name;
    uint8_t caches;
    uint8_t operands[3]; /* GiOperandKind */
    const char *doc;
} GiOpcodeInfo;
extern const GiOpcodeInfo gi_opcode_info[OP_COUNT];

/* A temporary's last use, in an operand of kind R. */
#define GI_LAST_USE 0x8000u
#define GI_REGISTER_MAX 0x7FFFu

static inline uint64_t gi_instr(unsigned op, unsigned a, unsigned b, unsigned c) {
    return (uint64_t)(op & 0xFFFF) | (uint64_t)(a & 0xFFFF) << 16 | (uint64_t)(b & 0xFFFF) << 32 |
           (uint64_t)(c & 0xFFFF) << 48;
}
/* b and c as one 32-bit operand. */
static inline uint64_t gi_instr32(unsigned op, unsigned a, uint32_t bc) {
    return (uint64_t)(op & 0xFFFF) | (uint64_t)(a & 0xFFFF) << 16 | (uint64_t)bc << 32;
}
#define gi_instr_op(w) ((uint16_t)(w))
#define gi_instr_a(w) ((uint16_t)((w) >> 16))
#define gi_instr_b(w) ((uint16_t)((w) >> 32))
#define gi_instr_c(w) ((uint16_t)((w) >> 48))
#define gi_instr_bc(w) ((uint32_t)((w) >> 32))

/* The one way to read an instruction of code that is run, or a word of its caches: without the GIL other threads
 * may be writing it. One load. */
static inline uint64_t gi_word(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }
/* Likewise for the word that says whose the other caches are: what was written before it is seen. */
static inline uint64_t gi_word_mark(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }
/* Writes a cache word; seen by whoever sees what is published after it (gi_word_publish). */
static inline void gi_word_set(uint64_t *word, uint64_t bits) { __atomic_store_n(word, bits, __ATOMIC_RELAXED); }
static inline void gi_word_publish(uint64_t *word, uint64_t bits) { __atomic_store_n(word, bits, __ATOMIC_RELEASE); }

/* Changes with opcodes.def: the compile cache's magic number. */
uint32_t gi_opcode_magic(void);
/* Part of the magic: grows whenever the layout of code in marshal.c changes, or old files are read as new ones. */
enum { GI_CODE_FORMAT = 2 };

#endif
