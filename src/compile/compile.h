/* compile.h - from AST to code objects. */
#ifndef GI_COMPILE_COMPILE_H
#define GI_COMPILE_COMPILE_H

#include "objects/type.h"
#include "syntax/ast.h"
#include "base/arena.h"

/* In GiVm.debug_flags: code gets lines only, no columns (-X no_debug_ranges). */
#define GI_VM_NO_COLUMNS (1u << 16)

typedef struct GiCompileOptions {
    GiVal filename;       /* str */
    int optimize;         /* 0, 1 (no asserts), 2 (no docstrings) */
    uint32_t future;      /* GI_CO_FUTURE_ flags inherited from the caller */
    bool top_level_await; /* PyCF_ALLOW_TOP_LEVEL_AWAIT */
    const char *source;   /* UTF-8, for the text of SyntaxErrors; may be NULL */
    size_t source_len;
    bool only_symbols;    /* the result is the module's table of symbols for module _symtable */
} GiCompileOptions;

/* A code object of the module, expression or interactive statement. Raises SyntaxError with
 * CPython's message and position. The arena is scratch space too. */
GI_NODISCARD GiRef gi_compile_ast(GiThread *ts, GiArena *arena, const GiAstMod *mod,
                     const GiCompileOptions *options);

#endif
