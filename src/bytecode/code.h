/* code.h - the code object: instructions, constants, names, variables, tables. Immutable after it
 * is made, except that instructions are specialised and caches written, each one atomic 64-bit
 * store. All threads share it.
 *
 * Code that comes out of marshalled bytes has only its head at first; its body is read when it is
 * first run or looked at, since most functions of a program never run. gi_code_load reads it, and
 * gi_frame_push does so: whoever has a frame has the body.
 * INVARIANT: instrs is set last, and never changes again; NULL means that there is no body yet.
 */
#ifndef GI_BYTECODE_CODE_H
#define GI_BYTECODE_CODE_H

#include "objects/type.h"
#include "bytecode/opcodes.h"

enum { /* co_flags, values as documented in inspect */
    GI_CO_OPTIMIZED = 1, GI_CO_NEWLOCALS = 2, GI_CO_VARARGS = 4, GI_CO_VARKEYWORDS = 8, GI_CO_NESTED = 0x10,
    GI_CO_GENERATOR = 0x20, GI_CO_COROUTINE = 0x80, GI_CO_ITERABLE_COROUTINE = 0x100,
    GI_CO_ASYNC_GENERATOR = 0x200,
    GI_CO_FUTURE_MASK = 0x1fe0000, GI_CO_FUTURE_BARRY = 0x400000, GI_CO_FUTURE_ANNOTATIONS = 0x1000000,
};
#define GI_CO_ANY_GENERATOR (GI_CO_GENERATOR | GI_CO_COROUTINE | GI_CO_ASYNC_GENERATOR)

/* Where an exception raised in instructions [start, end) goes. Innermost first. */
typedef struct GiHandler {
    uint32_t start, end, target; /* in words */
    uint16_t depth;              /* first temporary that is dead there: receives the exception */
} GiHandler;

/* Source position of the instructions from `start` to the next entry's. Columns are UTF-8 byte
 * offsets; -1: none. line 0: no line (artificial). */
typedef struct GiPosition {
    uint32_t start;
    int32_t line, end_line, col, end_col;
} GiPosition;

typedef struct GiCode GiCode;
/* Reads the body of `code`, or only its docstring, into `part`, a copy of its head on the caller's stack. */
typedef GiStatus (*GiReadBody)(GiThread *ts, const GiCode *code, GiCode *part, bool only_doc);

/* Holds the marshalled bytes of bodies that are not read yet: a bytes object's, or mapped ones. */
typedef struct GiCodeSource {
    GiObj obj;
    GiSlot owner;   /* who owns the bytes, or null */
    void *mapping;  /* or memory to be unmapped, `mapped` bytes */
    size_t mapped;
    bool trusted;   /* bodies are not verified in release builds */
    GiReadBody read;
} GiCodeSource;

struct GiCode {
    GiObj obj;
    /* The head. */
    uint32_t flags;            /* GI_CO_ */
    int32_t first_line;
    uint16_t arg_count;        /* positional ones, incl. positional-only */
    uint16_t posonly_count, kwonly_count;
    uint16_t local_count;      /* registers of named variables: arguments, locals, cells */
    uint16_t register_count;
    uint16_t free_count;
    uint16_t self_attrs;       /* distinct attributes that are set on the first argument (hint) */
    bool simple_args;          /* no *args, **kwargs, keyword-only */
    uint32_t version;
    int64_t hash;
    GiSlot filename, name, qualname;
    GiSlot extra;              /* lazily made tuples for Python: consts, names, varnames... */
    GiSlot source;             /* GiCodeSource whose bytes hold the body, or null */
    const uint8_t *body;       /* there, body_len bytes */
    size_t body_len;
    /* The body. */
    uint64_t *instrs;
    uint32_t instr_count;      /* words */
    GiSlot *consts;            /* immortal while the code lives; nested code objects among them */
    size_t const_count;
    GiSlot *names;             /* interned str */
    size_t name_count;
    /* Names of the variables: first local_count - for registers (args first), then free ones. */
    GiSlot *variables;
    size_t variable_count;     /* local_count + free_count */
    uint8_t *variable_is_cell; /* of registers: 1 holds a cell */
    /* Arguments that are cells are wrapped by MAKE_CELL at the start. */
    GiHandler *handlers;
    size_t handler_count;
    const GiPosition *positions; /* in own_positions, or in the source's bytes */
    size_t position_count;
    GiPosition *own_positions;
    GiSlot doc;                /* first constant if a str, else None: function's __doc__ */
};

extern GiType gi_code_type;
#define gi_code_of(v) ((GiCode *)gi_obj(v))

extern GiType gi_code_source_type;
/* A source of bodies for `read`. Consumes owner (may be null); unmaps mapping at its end, even if this fails. */
GI_NODISCARD GiRef gi_code_source_new(GiThread *ts, GiRef owner, void *mapping, size_t mapped, GiReadBody read);
GI_NODISCARD GiStatus gi_code_load_slow(GiThread *ts, GiCode *code);
/* Makes sure that the code has its body. Any thread; MemoryError, or ValueError when the bytes are damaged. */
GI_NODISCARD static inline GiStatus gi_code_load(GiThread *ts, GiCode *code) {
    if (GI_LIKELY(__atomic_load_n(&code->instrs, __ATOMIC_ACQUIRE) != NULL)) return GI_OK;
    return gi_code_load_slow(ts, code);
}
/* The docstring of a function, or None, without making the body. */
GI_NODISCARD GiRef gi_code_doc(GiThread *ts, GiCode *code);
/* Frees what a body on the stack holds. */
void gi_code_drop_part(GiThread *ts, GiCode *part);

/* Allocates an empty code object; the maker fills it and calls gi_code_seal. */
GI_NODISCARD GiRef gi_code_new(GiThread *ts);
GI_NODISCARD GiStatus gi_code_seal(GiThread *ts, GiVal code);
/* Position of word index `at`. */
GiPosition gi_code_position(const GiCode *code, uint32_t at);
/* The innermost handler for word index `at`, or NULL. */
const GiHandler *gi_code_handler(const GiCode *code, uint32_t at);
/* Checks operands, jumps and tables: ValueError. Done to all code that a program makes or hands over, and in
 * debug builds to what the compiler made or the cache held. What is verified can be looked at; that its
 * registers hold what its instructions expect (cells, iterators) nobody checks: do not run damaged code. */
GI_NODISCARD GiStatus gi_code_verify(GiThread *ts, const GiCode *code);
/* The instructions as the compiler wrote them, without special forms; to be freed with gi_mem_free.
 * NULL: MemoryError. */
uint64_t *gi_code_general_instrs(GiThread *ts, const GiCode *code);
/* Which temporaries hold values when each of `count` instructions begins: live[i * register_count + r]. */
GI_NODISCARD GiStatus gi_code_live_temps(GiThread *ts, const GiCode *code, const uint32_t *at, size_t count, uint8_t *live);
/* The instructions of a code object that has its body, for dis: a list of tuples (offset, number, name, a, b, c,
 * text of the operands, offset of a jump or None); `adaptive` shows special forms as they are now. */
GI_NODISCARD GiRef gi_code_rows(GiThread *ts, GiVal code, bool adaptive);
/* Likewise its handlers: a list of tuples (start, end, target, depth). */
GI_NODISCARD GiRef gi_code_handlers(GiThread *ts, GiVal code);

#endif
