/* _opcode.c - what the library's module opcode asks of the interpreter.
 *
 * opcode.py names CPython's instructions by number. Gila does not run these (its own stand in
 * bytecode/opcodes.def), so stack_effect answers for the instruction set which that file
 * describes: a row gives the effect as a constant and a multiple of the operand; what depends on
 * the operand's bits or on the jump is worked out in place.
 */
#include "modules/module.h"

#include <limits.h>

#include "modules/_opcode.gen.h"

enum { HAVE_ARGUMENT = 90, NONE = INT_MAX }; /* NONE is an effect that none can have */
typedef struct Effect { uint8_t op; int8_t base, times; } Effect;
static const Effect effects[] = {
    {0, 0, 0}, {1, -1, 0}, {2, 1, 0}, {9, 0, 0}, {10, 0, 0}, {11, 0, 0}, {12, 0, 0}, {15, 0, 0}, {25, -1, 0}, {30, 1, 0},
    {31, 1, 0}, {32, 1, 0}, {33, 1, 0}, {35, 1, 0}, {36, 0, 0}, {37, 0, 0}, {49, 1, 0}, {50, 0, 0}, {51, 1, 0}, {52, 1, 0},
    {53, 1, 0}, {54, -2, 0}, {60, -3, 0}, {61, -2, 0}, {68, 0, 0}, {69, 0, 0}, {70, -1, 0}, {71, 1, 0}, {74, 1, 0}, {75, 0, 0},
    {82, 0, 0}, {83, -1, 0}, {84, -1, 0}, {85, 0, 0}, {86, 0, 0}, {87, 0, 0}, {88, -1, 0}, {89, -1, 0}, {90, -1, 0}, {91, 0, 0},
    {92, -1, 1}, {95, -2, 0}, {96, -1, 0}, {97, -1, 0}, {98, 0, 0}, {99, 0, 0}, {100, 1, 0}, {101, 1, 0}, {102, 1, -1},
    {103, 1, -1}, {104, 1, -1}, {105, 1, -2}, {106, 0, 0}, {107, -1, 0}, {108, -1, 0}, {109, 1, 0}, {110, 0, 0}, {114, -1, 0},
    {115, -1, 0}, {117, -1, 0}, {118, -1, 0}, {119, -1, 0}, {120, 1, 0}, {122, -1, 0}, {124, 1, 0}, {125, -1, 0}, {126, 0, 0},
    {128, -1, 0}, {129, -1, 0}, {130, 0, -1}, {131, 0, 0}, {134, 0, 0}, {135, 0, 0}, {136, 1, 0}, {137, 1, 0}, {138, -1, 0},
    {139, 0, 0}, {140, 0, 0}, {144, 0, 0}, {145, -1, 0}, {146, -1, 0}, {147, -2, 0}, {148, 1, 0}, {149, 0, 0}, {151, 0, 0},
    {152, -2, 0}, {156, 0, -1}, {157, 1, -1}, {160, 1, 0}, {162, -1, 0}, {163, -1, 0}, {164, -1, 0}, {165, -1, 0}, {166, 0, -1},
    {171, -1, 0}, {172, 0, 0}, {173, -1, 0}, {174, -1, 0}, {175, -1, 0}, {176, -1, 0},
};
/* By mnemonic in opcode.py; `jump` is 1, 0 or -1 (the greater of both). */
static int special_effect(int op, int arg, int jump) {
    switch (op) {
    case 93: return jump > 0 ? -1 : 1;                         /* FOR_ITER */
    case 94: return (arg & 0xFF) + (arg >> 8);                 /* UNPACK_EX */
    case 111: case 112: return jump ? 0 : -1;                  /* JUMP_IF_..._OR_POP */
    case 116: return (arg & 1) + 1;                            /* LOAD_GLOBAL */
    case 123: return jump > 0 ? -1 : 0;                        /* SEND */
    case 132: return -!!(arg & 1) - !!(arg & 2) - !!(arg & 4) - !!(arg & 8); /* MAKE_FUNCTION */
    case 133: return arg == 3 ? -2 : -1;                       /* BUILD_SLICE */
    case 142: return -2 - (arg & 1);                           /* CALL_FUNCTION_EX */
    case 155: return (arg & 4) ? -1 : 0;                       /* FORMAT_VALUE */
    default: return NONE;
    }
}
static int effect_of(int op, int arg, int jump) {
    for (size_t i = 0; i < GI_COUNTOF(effects); i++)
        if (effects[i].op == op) /* any int may come as operand: wraps around */
            return (int)((unsigned)effects[i].base + (unsigned)effects[i].times * (unsigned)arg);
    return op < 0 ? NONE : special_effect(op, arg, jump);
}

GI_FUNCTION(_opcode, stack_effect, "(opcode: int, oparg = None, /, *, jump = None)", "Compute the stack effect of the opcode.") {
    int arg = 0, jump;
    bool given = !gi_is_null(a->oparg) && !gi_is_none(a->oparg);
    if (a->opcode >= HAVE_ARGUMENT) {
        if (!given) return gi_raise_ref(ts, &gi_exc_ValueError, "stack_effect: opcode requires oparg but oparg was not specified");
        int64_t wide; /* PYSEM: only the low bits count (tests/diff/mod_resource_opcode.py) */
        if (gi_as_i64(ts, a->oparg, &wide) < 0) return GI_NULL;
        arg = (int)wide;
    } else if (given) {
        return gi_raise_ref(ts, &gi_exc_ValueError, "stack_effect: opcode does not permit oparg but oparg was specified");
    }
    if (gi_is_null(a->jump) || gi_is_none(a->jump)) jump = -1;
    else if (gi_is_bool(a->jump)) jump = gi_is_true(a->jump);
    else return gi_raise_ref(ts, &gi_exc_ValueError, "stack_effect: jump must be False, True or None");
    int effect = effect_of(a->opcode, arg, jump);
    if (effect == NONE) return gi_raise_ref(ts, &gi_exc_ValueError, "invalid opcode or oparg");
    return gi_smallint_ref(effect);
}
GI_FUNCTION(_opcode, get_specialization_stats, "()", "Return the specialization stats") { return GI_REF_NONE; }

const GiModuleDef gi_module__opcode = {.name = "_opcode", .doc = "Opcode support module.", .functions = _opcode_functions};
