/* internal.h - the compiler's own state, shared by its files.
 *
 * A compilation runs on one thread. Errors raise the exception and leave by longjmp to
 * gi_compile_ast, which frees everything: what functions here allocate is owned by the GiCompiler
 * at once (keep list, arena, list of units), never by a C frame.
 *
 * Operands. An operand is a register number, with GI_LAST_USE when it is a temporary whose only
 * use this is. Temporaries are allocated like a stack: unit->top is the first dead one.
 * INVARIANT: a function that evaluates into `dst` finds dst dead (if it is a temporary) and leaves
 * unit->top as it was; dst is written by the last instruction of each path only, so that a
 * variable keeps its value if the expression fails.
 */
#ifndef GI_COMPILE_INTERNAL_H
#define GI_COMPILE_INTERNAL_H

#include "base/vec.h"
#include "bytecode/code.h"
#include "compile/compile.h"
#include "compile/symtable.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include <setjmp.h>

typedef struct Label {
    int32_t at;            /* index of the instruction it stands before; -1: not placed yet */
    bool used;
    uint32_t mark;
    uint64_t *state;       /* variables that are bound on every way to it */
} Label;

typedef struct Instr {
    uint16_t op, a, b, c;
    Label *target;
    uint32_t extra;        /* low half of the first cache word */
    int32_t handler;       /* index into unit->handlers, -1: none */
    GiAstPos pos;
} Instr;

typedef struct Handler {
    Label *label;
    unsigned depth;
} Handler;

typedef enum {
    BLOCK_WHILE, BLOCK_FOR, BLOCK_ASYNC_FOR, BLOCK_TRY, BLOCK_FINALLY, BLOCK_FINALLY_END, BLOCK_WITH,
    BLOCK_ASYNC_WITH, BLOCK_HANDLER, BLOCK_STAR_HANDLER, BLOCK_VALUE,
} BlockKind;

/* What a jump out of a statement has to undo. Stands on the C stack. */
typedef struct Block {
    struct Block *outer;
    BlockKind kind;
    Label *next, *end;     /* loops: where continue and break go */
    unsigned reg;          /* iterator, __exit__, exception or value */
    int handler;           /* the handler in effect outside of it */
    GiNameInfo *name;      /* of an except clause, or NULL */
    const GiAstSeq_stmt *body; /* of finally */
    GiAstPos pos;
} Block;

typedef enum { UNIT_MODULE, UNIT_CLASS, UNIT_FUNCTION, UNIT_ASYNC_FUNCTION, UNIT_LAMBDA, UNIT_COMPREHENSION } UnitKind;

/* A table from a word to a number. */
typedef struct WordMap {
    uint64_t *keys;
    uint32_t *values;
    uint32_t count, capacity;
} WordMap;

typedef struct Unit {
    struct Unit *outer;
    UnitKind kind;
    GiScope *scope;
    GiVal name, qualname;
    int first_line;
    GI_VEC(Instr) code;
    GI_VEC(Handler) handlers;
    GI_VEC(uint64_t) consts, far_consts; /* those that operands of 16 bits reach; the rest stand behind them */
    GI_VEC(GiNameInfo *) names;
    GI_VEC(GiNameInfo *) variables; /* registers' names, then free ones */
    WordMap const_map, far_const_map, name_map, attr_map;
    unsigned local_count, free_count;
    unsigned arg_count, posonly_count, kwonly_count;
    unsigned top, max;
    int handler;           /* in effect now */
    Block *block;
    bool reachable;
    uint32_t state_words;
    uint64_t *deletable;   /* variables that some statement unbinds: never known to be bound */
    uint64_t *state;
    GiVal doc;
    GiNameInfo *first_arg;
} Unit;

typedef struct GiCompiler {
    GiThread *ts;
    GiArena *arena;
    const GiCompileOptions *options;
    jmp_buf fail;
    GI_VEC(GiRef) keep;         /* references that live as long as the compilation */
    GI_VEC(GiName *) touched;   /* tree names whose `user` points to a GiNameInfo */
    GiNameInfo **name_table;
    uint32_t name_count, name_mask;
    uint64_t *pool;             /* canonical constants */
    uint32_t pool_count, pool_mask;
    WordMap scopes;             /* node -> GiScope, as index into scope_list */
    GI_VEC(GiScope *) scope_list;
    GiScope *scope;             /* while building the table */
    GiScope *module_scope;
    Unit *unit;
    uint32_t future;            /* features in effect */
    int future_line;            /* last line on which a future import may stand */
    bool interactive;
    bool immortal;
    int optimize;
    int depth, max_depth;
    GiAstPos pattern_pos;       /* of the pattern visited last, for errors */
} GiCompiler;

/* ---- compile.c: errors, names, memory ---- */
GI_NORETURN void gi_compile_fail(GiCompiler *c); /* an exception is set */
GI_NORETURN void gi_compile_error(GiCompiler *c, const GiAstPos *pos, const char *format, ...);
GI_NORETURN void gi_symtable_error(GiCompiler *c, const GiAstPos *pos, const char *format, ...);
void gi_compile_warn(GiCompiler *c, const GiAstPos *pos, const char *format, ...);
/* Takes over a reference for the rest of the compilation; fails when it is null. */
GiVal gi_keep(GiCompiler *c, GiRef ref);
void *gi_compile_alloc(GiCompiler *c, size_t size); /* zeroed */
GiNameInfo *gi_name_info(GiCompiler *c, const GiName *name);
GiNameInfo *gi_name_info_text(GiCompiler *c, const char *bytes, size_t len);
GiNameInfo *gi_mangle(GiCompiler *c, GiNameInfo *class_name, GiNameInfo *name);
void gi_enter(GiCompiler *c);
static inline void gi_leave(GiCompiler *c) { c->depth--; }
uint32_t *gi_word_map_at(GiCompiler *c, WordMap *map, uint64_t key, bool *fresh);
bool gi_word_map_get(const WordMap *map, uint64_t key, uint32_t *value);

/* ---- symtable_build.c ---- */
void gi_symtable_build(GiCompiler *c, const GiAstMod *mod);
void gi_symtable_analyze(GiCompiler *c, GiScope *scope);
GiScope *gi_scope_of(GiCompiler *c, const void *node);
GiSymbol *gi_scope_add(GiCompiler *c, GiScope *scope, GiNameInfo *name);

/* ---- fold.c ---- */
void gi_fold_module(GiCompiler *c, GiAstMod *mod);
/* The object of a constant, canonical, kept by the compilation. */
GiVal gi_const_value(GiCompiler *c, const GiAstConst *constant);
GiVal gi_const_canonical(GiCompiler *c, GiVal v);

/* ---- emit.c ---- */
Label *gi_label(GiCompiler *c);
void gi_place(GiCompiler *c, Label *label);
Instr *gi_emit(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, unsigned y, unsigned z);
void gi_emit32(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, uint32_t y);
void gi_jump(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, unsigned y, Label *label);
void gi_load_const(GiCompiler *c, const GiAstPos *pos, GiVal value, unsigned dst);
/* Index of a constant for an operand of 16 bits. */
unsigned gi_const_index(GiCompiler *c, GiVal value);
/* The same; false when the constant has none and there should be room for what needs one. */
bool gi_const_near(GiCompiler *c, GiVal value, unsigned *index);
/* The operand of 32 bits that stands for a constant until the code is assembled. */
uint32_t gi_const_far(GiCompiler *c, GiVal value);
#define FAR_CONST 0x80000000u
unsigned gi_name_index(GiCompiler *c, GiNameInfo *name);
int gi_new_handler(GiCompiler *c, Label *label, unsigned depth);
Unit *gi_enter_unit(GiCompiler *c, UnitKind kind, GiScope *scope, GiVal name, int first_line);
/* Makes the code object of the current unit and leaves it. */
GiVal gi_finish_unit(GiCompiler *c);
GiRef gi_assemble(GiCompiler *c, Unit *unit);
void gi_free_unit(Unit *unit);
void gi_alloc_variables(GiCompiler *c);

static inline unsigned gi_temp(GiCompiler *c) {
    Unit *u = c->unit;
    unsigned reg = u->top++;
    if (u->top > u->max) {
        u->max = u->top;
        if (u->max > GI_REGISTER_MAX) {
            gi_raise(c->ts, &gi_exc_OverflowError, "too many temporaries in one code block");
            gi_compile_fail(c);
        }
    }
    return reg;
}
#define IS_TEMP(c, reg) ((reg) >= (c)->unit->local_count)
#define LAST(reg) ((reg) | GI_LAST_USE)
#define REG_OF(operand) ((operand) & GI_REGISTER_MAX)
extern const GiAstPos gi_no_pos;

/* ---- expr.c ---- */
void gi_expr_to(GiCompiler *c, const GiAstExpr *e, unsigned dst);
unsigned gi_expr_operand(GiCompiler *c, const GiAstExpr *e);
unsigned gi_expr_temp(GiCompiler *c, const GiAstExpr *e);
void gi_expr_effect(GiCompiler *c, const GiAstExpr *e);
/* PYSEM: where the code that follows a condition in the same statement is reported: at the
 * condition's last comparison, if it has one. */
GiAstPos gi_pos_after_cond(const GiAstExpr *e, const GiAstPos *pos);
/* Jumps to label if the truth of e is `sense`; pos is that of the statement or expression around. */
void gi_cond_jump(GiCompiler *c, const GiAstPos *pos, const GiAstExpr *e, Label *label, bool sense);
/* Truth of a constant expression: 1, 0, or -1 when it is not known. */
int gi_static_truth(GiCompiler *c, const GiAstExpr *e);
/* True and the value if e is a constant. */
bool gi_is_const(GiCompiler *c, const GiAstExpr *e, GiVal *value);
void gi_drop_operand(GiCompiler *c, unsigned operand);
/* The rest of `await`: the awaitable iterator in the temporary reg; the result stands in reg after. */
void gi_emit_await(GiCompiler *c, const GiAstPos *pos, unsigned reg, unsigned kind);
void gi_emit_send_loop(GiCompiler *c, const GiAstPos *pos, unsigned reg);
/* A call of the function in base, with `given` arguments in place after it, more of them and
 * keywords; the result stands in base. unit->top is base + 1 + given before, base + 1 after. */
void gi_emit_call(GiCompiler *c, const GiAstPos *pos, unsigned base, unsigned given, const GiAstSeq_expr *args,
                  const GiAstSeq_keyword *keywords);
/* Appends what a display or call lists from item `from` on to the list or set in acc. */
void gi_extend_display(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_expr *elts, uint32_t from, unsigned acc, bool set,
                       bool in_call);
/* True when super() without arguments, by this name, finds all it needs: the free cell __class__ and the
 * register of the first argument. */
bool gi_super_context(GiCompiler *c, GiNameInfo *super, unsigned *cell, unsigned *first);
/* The parts of a slice into a run of two or three fresh temporaries; None where one is absent. */
unsigned gi_slice_bounds(GiCompiler *c, const GiAstExpr *e);
/* As gi_expr_operand, with dst (if it is a temporary) for what is no local. */
unsigned gi_expr_operand_in(GiCompiler *c, const GiAstExpr *e, unsigned dst);
/* First register of a run that may begin at dst; the caller resets unit->top. */
unsigned gi_run_base(GiCompiler *c, unsigned dst);
void gi_move_result(GiCompiler *c, const GiAstPos *pos, unsigned dst, unsigned reg);
unsigned gi_binary_opcode(GiAstOperator op);
int gi_compare_index(GiAstCmpOp op); /* GiCompareOp, or -1 for is and in */
/* right_expr NULL: `right` is the operand. */
void gi_emit_compare(GiCompiler *c, const GiAstPos *pos, GiAstCmpOp op, unsigned dst, unsigned left,
                     const GiAstExpr *right_expr, unsigned right);
void gi_check_compare(GiCompiler *c, const GiAstExpr *e);
const char *gi_infer_type(GiCompiler *c, const GiAstExpr *e);
int gi_walrus_local(GiCompiler *c, const GiAstExpr *e);

/* ---- call.c ---- */
void gi_compile_call(GiCompiler *c, const GiAstExpr *e, unsigned dst);

/* ---- names.c ---- */
void gi_load_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned dst);
void gi_store_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned operand);
void gi_delete_name(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name);
/* Register of a plain local variable that may be written directly, or -1. */
int gi_direct_local(GiCompiler *c, GiNameInfo *name);
/* Tells codegen that a register was written. */
void gi_mark_bound(GiCompiler *c, unsigned reg);
/* Reads a plain local: emits the check if needed. -1 if name is none. */
int gi_read_local(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, bool *stable);
void gi_store_target(GiCompiler *c, const GiAstExpr *target, unsigned operand);
void gi_check_forbidden(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, GiAstExprContext ctx);
GiAstPos gi_attr_pos(const GiAstExpr *attribute, const GiAstPos *pos);
GiNameInfo *gi_unit_mangle(GiCompiler *c, const GiName *name);

/* ---- func.c ---- */
void gi_compile_function(GiCompiler *c, const GiAstStmt *s);
void gi_compile_class(GiCompiler *c, const GiAstStmt *s);
void gi_compile_lambda(GiCompiler *c, const GiAstExpr *e, unsigned dst);
void gi_compile_comprehension(GiCompiler *c, const GiAstExpr *e, unsigned dst);
/* The annotation as it is stored: evaluated, or its text. */
void gi_annotation_to(GiCompiler *c, const GiAstExpr *annotation, unsigned dst);

/* The head of a for loop: the next item goes to the target. */
void gi_for_target(GiCompiler *c, const GiAstPos *pos, unsigned iterator, const GiAstExpr *target, Label *end);
/* The same of async for: gives the temporary of the item; the end is an exception at `except`. */
unsigned gi_emit_async_next(GiCompiler *c, const GiAstPos *pos, unsigned iterator, Label *except);

/* ---- stmt.c, try.c, pattern.c ---- */
void gi_compile_stmt(GiCompiler *c, const GiAstStmt *s);
void gi_compile_body(GiCompiler *c, const GiAstSeq_stmt *body, size_t from);
/* The statements of a module or class after annotations and docstring; the final return. */
void gi_compile_module_body(GiCompiler *c, const GiAstSeq_stmt *body);
void gi_compile_try(GiCompiler *c, const GiAstStmt *s);
void gi_compile_try_star(GiCompiler *c, const GiAstStmt *s);
void gi_compile_with(GiCompiler *c, const GiAstStmt *s, size_t item, bool is_async);
void gi_compile_match(GiCompiler *c, const GiAstStmt *s);
/* Emits what leaving the blocks from the innermost to (not including) `stop` needs. value: register
 * of a temporary that is to be returned, or -1. The caller restores u->block and u->handler. Gives
 * the position for what follows. */
const GiAstPos *gi_unwind(GiCompiler *c, const GiAstPos *pos, const Block *stop, int value);
/* Calls the __exit__ in the temporary reg with three None; consumes it. */
void gi_call_exit(GiCompiler *c, const GiAstPos *pos, unsigned reg, bool is_async);
void gi_push_block(GiCompiler *c, Block *block, BlockKind kind);
void gi_pop_block(GiCompiler *c, Block *block);
/* The docstring of a body, or NULL. */
const GiAstExpr *gi_docstring(const GiAstSeq_stmt *body);

#endif
