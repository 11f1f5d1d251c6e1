/* parser.h - the front end's interface: text in, tree or diagnostic out.
 *
 *     GiArena arena;  gi_arena_init(&arena);
 *     GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
 *     GiParseResult result;
 *     if (gi_parse(&arena, text, len, &options, &result) == GI_OK) compile(result.mod);
 *     else raise(&result.error);
 *
 * Everything in the result lives in the arena. Nothing here knows Python objects: what CPython
 * raises in its compiler or symbol table ('return' outside function, ...) is not found here.
 * The source is UTF-8 (see source.h for finding a file's encoding); its bytes are only read.
 */
#ifndef GI_SYNTAX_PARSER_H
#define GI_SYNTAX_PARSER_H

#include "base/arena.h"
#include "base/common.h"
#include "syntax/ast.h"

typedef enum {
    GI_PARSE_EXEC,     /* a file: Module */
    GI_PARSE_SINGLE,   /* one interactive statement: Interactive */
    GI_PARSE_EVAL,     /* an expression: Expression */
    GI_PARSE_FUNC_TYPE /* a signature type comment: FunctionType */
} GiParseMode;

enum {
    GI_PARSE_TYPE_COMMENTS = 1 << 0,     /* PyCF_TYPE_COMMENTS */
    GI_PARSE_DONT_IMPLY_DEDENT = 1 << 1, /* PyCF_DONT_IMPLY_DEDENT */
    GI_PARSE_ALLOW_INCOMPLETE = 1 << 2,  /* PyCF_ALLOW_INCOMPLETE_INPUT */
    GI_PARSE_BARRY_AS_BDFL = 1 << 3      /* <> for !=; a text cannot ask for it itself */
};

typedef struct {
    GiParseMode mode;
    unsigned flags;
    int feature_minor;       /* accept Python 3.<feature_minor>; 11 by default */
    int max_int_digits;      /* refuse longer decimal integers, as sys.set_int_max_str_digits
                                says; 0 means no limit */
    int max_depth;           /* greatest nesting of recursive descent; 0 means the default, which
                                needs less than 2 MB of stack in the optimised build */
} GiParseOptions;

#define GI_PARSE_OPTIONS_DEFAULT ((GiParseOptions){.mode = GI_PARSE_EXEC, .feature_minor = 11})

typedef enum {
    GI_DIAG_NONE = 0,
    GI_DIAG_SYNTAX,      /* SyntaxError */
    GI_DIAG_INDENTATION, /* IndentationError */
    GI_DIAG_TAB,         /* TabError */
    GI_DIAG_MEMORY,      /* MemoryError: no memory, or nested too deeply; the message is empty */
    GI_DIAG_RECURSION,   /* RecursionError; not given by the parser now */
    GI_DIAG_UNICODE      /* UnicodeDecodeError in an input that is not UTF-8: lineno only */
} GiDiagKind;

/* An error: the arguments of SyntaxError(msg, (filename, lineno, offset, text, ...)). Offsets
 * count characters from 1; an end of 0 means "not known" and is passed on as it is. */
typedef struct {
    GiDiagKind kind;
    const char *message; /* UTF-8 */
    int lineno, offset, end_lineno, end_offset;
    const char *text; /* the source line, WTF-8, with its newline if it has one; may be NULL */
    size_t text_len;
} GiDiagnostic;

/* A warning that CPython would issue while parsing, in source order. If the warning is turned
 * into an error, raise `as_error` instead. */
typedef struct GiParseWarning {
    struct GiParseWarning *next;
    bool is_syntax; /* SyntaxWarning; else DeprecationWarning */
    const char *message;
    int lineno;            /* where the warning is reported */
    GiDiagnostic as_error; /* the same as a SyntaxError */
} GiParseWarning;

typedef struct {
    GiAstMod *mod;            /* NULL on failure */
    GiDiagnostic error;       /* kind is GI_DIAG_NONE on success */
    GiParseWarning *warnings; /* also set on failure */
} GiParseResult;

/* Parses len bytes of UTF-8. GI_FAIL means result->error is set. */
GiStatus gi_parse(GiArena *arena, const char *utf8, size_t len, const GiParseOptions *options,
                  GiParseResult *result) GI_NODISCARD;

/* Writes an expression the way annotations are spelled under `from __future__ import
 * annotations`; NUL-terminated WTF-8 in the arena. GI_FAIL when out of memory or too deep. A
 * GI_CONST_OBJECT constant is written by `object_repr` (may be NULL if there is none). */
typedef struct {
    GiStatus (*object_repr)(void *context, uint64_t object, GiArena *arena, const char **text,
                            size_t *len);
    void *context;
} GiUnparseOptions;
GiStatus gi_unparse_expr(GiArena *arena, const GiAstExpr *expr, const GiUnparseOptions *options,
                         const char **text, size_t *len) GI_NODISCARD;

#endif
