/* parser_internal.h - what the files of the parser share; internal to src/syntax.
 *
 * The parser is recursive descent with one rule of conduct taken from parsing expression
 * grammars: a piece that may be left out, and fails, is left out. So every function parses the
 * longest sensible beginning, and failure is noticed where something required is missing. A
 * function that gives NULL leaves the position anywhere; a caller that goes on resets it.
 *
 * Two passes. The first only decides and builds. When it fails without a message, the second
 * parses the same text with p->diagnose set, and then every rule also looks for the well-known
 * mistakes and reports the first it finds; if none is found the error is "invalid syntax" at the
 * furthest token the first pass looked at.
 *
 * INVARIANT: once p->failed is set every function returns NULL as soon as it can.
 * INVARIANT: p->tok is valid after every call, but moves when tokens are fetched: keep copies of
 * positions, not pointers to tokens.
 */
#ifndef GI_SYNTAX_PARSER_INTERNAL_H
#define GI_SYNTAX_PARSER_INTERNAL_H

#include "syntax/ast.h"
#include "syntax/lexer.h"
#include "syntax/parser.h"

#define PARSER_DEFAULT_DEPTH 6000
#define BRACKET_DEPTH 10 /* depth that one pair of brackets costs */
#define LEGACY_DEPTH 7   /* what looking behind a name for `print x` costs */

/* Names of one tree, so that equal names are the same pointer. */
typedef struct {
    GiName **slots;
    uint32_t mask, count;
} NameTable;

/* What the second pass found at a token before. */
typedef enum {
    MEMO_EXPRESSION,
    MEMO_DISJUNCTION,
    MEMO_BITWISE_OR,
    MEMO_PRIMARY,
    MEMO_COUNT
} MemoKind;
typedef struct {
    GiAstExpr *expr;
    int end; /* position behind it */
    bool known;
    GiAstPos end_of_last;
} ExprMemo;
typedef struct {
    ExprMemo of[MEMO_COUNT];
} TokenMemo;

typedef struct Parser Parser;
struct Parser {
    Lexer lexer;
    GiArena *arena;
    const GiParseOptions *options;
    GiParseResult *result;
    Token *tokens;
    int fill, capacity, pos;
    int base;   /* tokens dropped before tokens[0] */
    Token *tok; /* tokens + pos */
    GiAstPos end_of_last; /* its end_ fields: end of the last token passed that is not blank */
    bool diagnose;
    bool failed;
    TokenMemo *memo; /* by token; second pass only */
    int memo_capacity;
    bool hold_newline; /* a simple line stops at its newline: nothing behind it may be read */
    int depth, max_depth;
    int feature;
    void **stack; /* items of sequences under construction */
    size_t sp, stack_capacity;
    NameTable *names;
    Parser *outer;          /* the parser of the f-string this is a field of, or NULL */
    Parser *inner;          /* a parser kept for fields of f-strings */
    int32_t first_lineno;   /* position of the text's first character */
    int32_t first_col;
    const char *text;
    size_t text_len;
    GiParseWarning **warnings; /* the end of the list */
    int32_t warned_lineno, warned_col;
    struct { GiAstTypeIgnore **items; uint32_t count, capacity; } ignores;
    GiName *kind_u;
};

/* A position to go back to. */
typedef struct {
    int pos;
    int depth;
    size_t sp;
    GiAstPos end_of_last;
} Mark;

/* Where a node starts. */
typedef struct {
    int32_t lineno, col;
} Start;

/* ---- parser.c: tokens, memory, sequences ----------------------------------------------------- */

/* Fetches one more token into the buffer; sets p->failed on a lexer's error. */
void gi_parser_fetch(Parser *p);

static inline void advance(Parser *p) {
    const Token *tok = p->tok;
    if (tok->kind > T_LAST_WHITESPACE) {
        p->end_of_last.end_lineno = tok->end_lineno;
        p->end_of_last.end_col_offset = tok->end_col;
    }
    p->pos++;
    if (p->pos == p->fill) {
        gi_parser_fetch(p);
    }
    p->tok = &p->tokens[p->pos];
}

/* The kind of the token behind the current one. */
static inline int peek_next(Parser *p) {
    if (p->pos + 1 == p->fill) {
        gi_parser_fetch(p);
        p->tok = &p->tokens[p->pos];
        if (GI_UNLIKELY(p->failed)) {
            return T_ERROR;
        }
    }
    return p->tokens[p->pos + 1].kind;
}

static inline bool at(const Parser *p, int kind) {
    return p->tok->kind == kind;
}

/* Passes a token of this kind if it is next. */
static inline bool accept(Parser *p, int kind) {
    if (p->tok->kind == kind) {
        advance(p);
        return !p->failed || kind == T_NEWLINE;
    }
    return false;
}

static inline Mark mark(const Parser *p) {
    return (Mark){p->pos, p->depth, p->sp, p->end_of_last};
}

static inline void reset(Parser *p, const Mark *m) {
    p->pos = m->pos;
    p->depth = m->depth;
    p->sp = m->sp;
    p->end_of_last = m->end_of_last;
    p->tok = &p->tokens[p->pos];
}

static inline Start start_here(const Parser *p) {
    return (Start){p->tok->lineno, p->tok->col};
}

/* Sets a node's position: from start to the last token passed. */
static inline GiAstPos span(const Parser *p, Start start) {
    return (GiAstPos){start.lineno, start.col, p->end_of_last.end_lineno,
                      p->end_of_last.end_col_offset};
}

/* Takes one level of recursion, or `cost` of them; false (with an error) when too deep. */
bool gi_parser_too_deep(Parser *p);
static inline bool enter(Parser *p, int cost) {
    p->depth += cost;
    return GI_LIKELY(p->depth <= p->max_depth) || gi_parser_too_deep(p);
}

/* A new node without fields set (they are zero). NULL (with an error) when out of memory. */
GiAstExpr *gi_parser_expr(Parser *p, GiAstExprKind kind, Start start);
GiAstStmt *gi_parser_stmt(Parser *p, GiAstStmtKind kind, Start start);
GiAstPattern *gi_parser_pattern(Parser *p, GiAstPatternKind kind, Start start);
void *gi_parser_alloc(Parser *p, size_t size); /* zeroed */

/* Sequences: push items, then take all behind `from` off the stack. False or fail: no memory. */
bool gi_parser_push(Parser *p, void *item);
GiStatus gi_parser_take(Parser *p, size_t from, void *seq);
#define TAKE_SEQ(p, from, seq) (gi_parser_take((p), (from), (seq)) == GI_OK)

/* The interned name of a NAME token's spelling, or of any text. NULL when out of memory. */
GiName *gi_parser_name_of(Parser *p, const Token *token);
GiName *gi_parser_intern(Parser *p, const char *bytes, size_t len, uint32_t hash);
/* Passes a NAME and gives its name; NULL if something else is next. */
GiName *gi_parser_take_name(Parser *p);

/* True if the current token is a NAME spelt so. */
static inline bool at_word(const Parser *p, const char *word, size_t len) {
    return p->tok->kind == T_NAME && (size_t)(p->tok->end - p->tok->start) == len &&
           memcmp(p->tok->start, word, len) == 0;
}

/* Makes p (zeroed or used before) a parser of text[0..len). */
void gi_parser_start(Parser *p, const char *text, size_t len);
void gi_parser_release(Parser *p);

/* Makes the memo of the second pass reach to the current position; false if out of memory. */
bool gi_parser_memo_room(Parser *p);
/* Goes over to the second pass: the text from its start, `fetched` tokens already there. */
void gi_parser_second_pass(Parser *p, int fetched);

/* ---- diagnose.c: errors ---------------------------------------------------------------------- */

enum { END_UNKNOWN = -1, END_AT_LEXER = -5 };

/* Sets the error, unless there is one. Columns are bytes; all give NULL for convenience. */
void *gi_fail_range(Parser *p, int32_t lineno, int32_t col, int32_t end_lineno, int32_t end_col,
                    const char *format, ...) GI_PRINTF(6, 7) GI_COLD;
/* At the last token fetched. */
void *gi_fail_last(Parser *p, GiDiagKind kind, const char *format, ...) GI_PRINTF(3, 4) GI_COLD;
void *gi_fail_memory(Parser *p) GI_COLD;
/* From a node's start to its end / to another node's end / to where the lexer stands. */
#define FAIL_AT(p, node, ...)                                                                      \
    gi_fail_range((p), (node)->pos.lineno, (node)->pos.col_offset, (node)->pos.end_lineno,         \
                  (node)->pos.end_col_offset, __VA_ARGS__)
#define FAIL_FROM_TO(p, a, b, ...)                                                                 \
    gi_fail_range((p), (a)->pos.lineno, (a)->pos.col_offset, (b)->pos.end_lineno,                  \
                  (b)->pos.end_col_offset, __VA_ARGS__)
/* At a copied token. */
#define FAIL_TOKEN(p, t, ...)                                                                      \
    gi_fail_range((p), (t).lineno, (t).col, (t).end_lineno, (t).end_col, __VA_ARGS__)

/* Turns the lexer's error into the parser's. */
void gi_fail_lexer(Parser *p);
/* After both passes failed: finds the final error. `last` is the furthest token of pass one. */
void gi_fail_generic(Parser *p, const Token *last);
/* Lets an error of the lexer further on in the text replace the parser's. */
void gi_prefer_lexer_error(Parser *p);
/* Records a warning at a position (once). */
void gi_parser_warn(Parser *p, bool syntax, const char *message, int32_t lineno, int32_t col,
                    int32_t end_lineno, int32_t end_col);
/* Fails unless the source may use what Python 3.<minor> brought; true if it may. */
bool gi_parser_feature(Parser *p, int minor, const char *what);

typedef enum { TARGET_STORE, TARGET_DELETE, TARGET_FOR } TargetUse;
/* The part of an expression that cannot be a target, or NULL. */
const GiAstExpr *gi_invalid_target(const GiAstExpr *e, TargetUse use);
/* Reports an invalid target, if there is one. */
void gi_fail_target(Parser *p, const GiAstExpr *e, TargetUse use);
/* What messages call an expression. */
const char *gi_expr_noun(const GiAstExpr *e);

/* ---- expr.c ---------------------------------------------------------------------------------- */

extern const bool gi_starts_expr[T_COUNT];

GiAstExpr *gi_parse_expression(Parser *p);        /* expression */
GiAstExpr *gi_parse_disjunction(Parser *p);       /* without if-else and lambda */
GiAstExpr *gi_parse_bitwise_or(Parser *p);        /* without comparisons */
GiAstExpr *gi_parse_primary(Parser *p);           /* an atom and what follows it */
GiAstExpr *gi_parse_star_expressions(Parser *p);  /* a tuple without brackets or one expression */
GiAstExpr *gi_parse_star_expression(Parser *p);
GiAstExpr *gi_parse_star_named(Parser *p);        /* *x or a named expression */
GiAstExpr *gi_parse_named(Parser *p);             /* x := y or an expression */
GiAstExpr *gi_parse_yield(Parser *p);
GiAstExpr *gi_parse_yield_or_star(Parser *p);     /* right side of an assignment */
/* More of a named expression after `e`, which started at token `pos`: checks only. */
GiAstExpr *gi_parse_named_rest(Parser *p, int pos, GiAstExpr *e);
GiAstExpr *gi_parse_slices(Parser *p);
/* star_targets / one target; ctx is set. For `for`, `with`, comprehensions. */
GiAstExpr *gi_parse_star_targets(Parser *p);
GiAstExpr *gi_parse_star_target(Parser *p);
bool gi_is_target(const GiAstExpr *e);
void gi_set_context(GiAstExpr *e, GiAstExprContext ctx);

/* ---- atom.c ---------------------------------------------------------------------------------- */

GiAstExpr *gi_parse_atom(Parser *p);
bool gi_parse_for_if_clauses(Parser *p, GiAstSeq_comprehension *clauses);
void gi_check_comprehension(Parser *p);
static inline bool at_for(Parser *p) {
    return at(p, T_FOR) || (at(p, T_ASYNC) && peek_next(p) == T_FOR);
}

/* ---- args.c ---------------------------------------------------------------------------------- */

/* Arguments of a call or class: up to the closing parenthesis, which is not passed. */
bool gi_parse_arguments(Parser *p, bool call, GiAstSeq_expr *args, GiAstSeq_keyword *keywords);
/* Parameters of def (annotations and type comments allowed) or lambda, which may be none. */
GiAstArguments *gi_parse_parameters(Parser *p, bool lambda);
GiAstExpr *gi_parse_lambda(Parser *p);
const GiAstExpr *gi_last_of_clauses(const GiAstSeq_comprehension *clauses);

/* ---- literal.c, fstring.c -------------------------------------------------------------------- */

GiAstExpr *gi_parse_number(Parser *p);
GiAstExpr *gi_parse_strings(Parser *p);
/* Decodes escapes of a string literal's body. NULL after reporting. */
char *gi_decode_string(Parser *p, const Token *token, const char *s, size_t len, bool raw,
                       size_t *out_len);
/* Pieces of one f-string token pushed on the stack as values, merging constants into *pending. */
typedef struct {
    char *bytes;
    size_t len, capacity;
} TextBuffer;
bool gi_text_append(Parser *p, TextBuffer *text, const char *bytes, size_t len);
bool gi_parse_fstring(Parser *p, const Token *token, const char *s, size_t len, bool raw,
                      GiAstPos whole, bool kind_u, TextBuffer *pending);
bool gi_push_text(Parser *p, TextBuffer *pending, GiAstPos whole, bool kind_u);

/* ---- stmt.c, compound.c, pattern.c ----------------------------------------------------------- */

bool gi_parse_statement(Parser *p);   /* pushes the statements it finds */
bool gi_parse_simple_line(Parser *p); /* simple statements up to the newline, which is passed */
bool gi_parse_compound(Parser *p);    /* pushes a statement with blocks; false if it is none */
/* A block behind its colon. `what`, begun on line `lineno`, is named if the block is missing. */
bool gi_parse_block(Parser *p, const char *what, int32_t lineno, GiAstSeq_stmt *body);
GiName *gi_parse_type_comment(Parser *p);
GiAstStmt *gi_parse_match(Parser *p);

#endif
