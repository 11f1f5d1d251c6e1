/* opcodes.c - the table of instructions as data, from opcodes.def. */
#include "bytecode/opcodes.h"

#define KIND(x) GI_OPERAND_##x
const GiOpcodeInfo gi_opcode_info[OP_COUNT] = {
#define OP(name, caches, a, b, c, doc) [OP_##name] = {#name, caches, {KIND(a), KIND(b), KIND(c)}, doc},
#include "bytecode/opcodes.def"
#undef OP
};

/* Raised when the compiler writes other code than before with the same instructions, so that nothing
 * kept by an older one is used. */
#define CODE_VERSION "10 "

/* Raised with the texts that are compiled behind files of the library (runtime/supplement.c). */
#define SUPPLEMENT_VERSION "supplements 4 "

static const char table_text[] = CODE_VERSION SUPPLEMENT_VERSION
#define OP(name, caches, a, b, c, doc) #name " " #caches " " #a " " #b " " #c ";"
#include "bytecode/opcodes.def"
#undef OP
    ;

uint32_t gi_opcode_magic(void) {
    uint32_t hash = 2166136261u + GI_CODE_FORMAT;
    for (const char *p = table_text; *p != '\0'; p++) hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash;
}
