/* symtable.h - scopes and symbols of a tree, found before code is made.
 *
 * Every module, class, function, lambda and comprehension has a GiScope, found by its node. Flags
 * have the values that module _symtable shows. All lives in the compilation's arena; names are
 * canonical (one GiNameInfo for each spelling), so they compare by address.
 */
#ifndef GI_COMPILE_SYMTABLE_H
#define GI_COMPILE_SYMTABLE_H

#include "base/arena.h"
#include "objects/type.h"
#include "syntax/ast.h"

enum { /* GiSymbol.flags */
    GI_DEF_GLOBAL = 1, GI_DEF_LOCAL = 2, GI_DEF_PARAM = 4, GI_DEF_NONLOCAL = 8, GI_USE = 16, GI_DEF_FREE = 32,
    GI_DEF_FREE_CLASS = 64, GI_DEF_IMPORT = 128, GI_DEF_ANNOT = 256, GI_DEF_COMP_ITER = 512,
    GI_DEF_BOUND = GI_DEF_LOCAL | GI_DEF_PARAM | GI_DEF_IMPORT,
};

typedef enum { GI_SCOPE_LOCAL = 1, GI_SCOPE_GLOBAL_EXPLICIT, GI_SCOPE_GLOBAL_IMPLICIT, GI_SCOPE_FREE, GI_SCOPE_CELL } GiVarScope;
typedef enum { GI_BLOCK_FUNCTION, GI_BLOCK_CLASS, GI_BLOCK_MODULE, GI_BLOCK_ANNOTATION } GiBlockKind;
typedef enum { GI_COMP_NONE, GI_COMP_LIST, GI_COMP_SET, GI_COMP_DICT, GI_COMP_GENERATOR } GiCompKind;

/* One spelling of a name in the compilation. */
typedef struct GiNameInfo {
    GiVal str;             /* interned; kept alive by the compilation */
    uint32_t len, hash;
    const char *bytes;
    struct GiNameInfo *mangled;  /* in the class `mangled_for` */
    struct GiNameInfo *mangled_for;
} GiNameInfo;

typedef struct GiSymbol {
    GiNameInfo *name;
    uint16_t flags;
    uint8_t scope;         /* GiVarScope, after analysis */
    bool deleted;          /* a del statement (or the end of an except clause) unbinds it */
    bool walrus;           /* bound by := in this very scope */
    int32_t index;         /* register, or number of the free variable; -1: none */
    GiAstPos where;        /* of the global or nonlocal declaration */
} GiSymbol;

typedef struct GiScope {
    GiBlockKind kind;
    GiCompKind comprehension;
    GiNameInfo *name;
    const void *node;
    struct GiScope *parent, *first_child, *last_child, *next;
    GiSymbol **symbols;    /* in order of first occurrence */
    uint32_t symbol_count, symbol_capacity;
    GiSymbol **table;      /* open addressing by name */
    uint32_t table_mask;
    GiAstPos pos;
    uint32_t param_count;
    bool nested, generator, coroutine, varargs, varkw, returns_value, needs_class_cell;
    bool comp_iter_target;
    int comp_iter_expr;
    GiNameInfo *class_name; /* for mangling: innermost enclosing class, or NULL */
} GiScope;

/* The symbol of a (mangled) name, or NULL. */
GiSymbol *gi_scope_find(const GiScope *scope, const GiNameInfo *name);

/* The scope and those in it as objects of module _symtable. */
GI_NODISCARD GiRef gi_symtable_object(GiThread *ts, const GiScope *scope);

#endif
