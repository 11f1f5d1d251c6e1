/* sre.h - regular expressions: the program that patterns are translated into, and its matcher.
 *
 * The library's re package compiles a pattern to code words (MAGIC 20220615); program.c checks and
 * translates them into instructions for a backtracking machine, match.c runs it. The machine keeps
 * its choices on a stack of its own, so the depth of a match is bounded by memory only.
 */
#ifndef GI_MODULES_SRE_H
#define GI_MODULES_SRE_H

#include "modules/module.h"

#define GI_SRE_MAXREPEAT UINT32_MAX

/* Code words, as the library's re/_constants.py numbers them. */
enum {
    SRE_FAILURE, SRE_SUCCESS, SRE_ANY, SRE_ANY_ALL, SRE_ASSERT, SRE_ASSERT_NOT, SRE_AT, SRE_BRANCH,
    SRE_CATEGORY, SRE_CHARSET, SRE_BIGCHARSET, SRE_GROUPREF, SRE_GROUPREF_EXISTS, SRE_IN, SRE_INFO, SRE_JUMP,
    SRE_LITERAL, SRE_MARK, SRE_MAX_UNTIL, SRE_MIN_UNTIL, SRE_NOT_LITERAL, SRE_NEGATE, SRE_RANGE, SRE_REPEAT,
    SRE_REPEAT_ONE, SRE_SUBPATTERN, SRE_MIN_REPEAT_ONE, SRE_ATOMIC_GROUP, SRE_POSSESSIVE_REPEAT,
    SRE_POSSESSIVE_REPEAT_ONE, SRE_GROUPREF_IGNORE, SRE_IN_IGNORE, SRE_LITERAL_IGNORE, SRE_NOT_LITERAL_IGNORE,
    SRE_GROUPREF_LOC_IGNORE, SRE_IN_LOC_IGNORE, SRE_LITERAL_LOC_IGNORE, SRE_NOT_LITERAL_LOC_IGNORE,
    SRE_GROUPREF_UNI_IGNORE, SRE_IN_UNI_IGNORE, SRE_LITERAL_UNI_IGNORE, SRE_NOT_LITERAL_UNI_IGNORE,
    SRE_RANGE_UNI_IGNORE,
};
enum {
    AT_BEGINNING, AT_BEGINNING_LINE, AT_BEGINNING_STRING, AT_BOUNDARY, AT_NON_BOUNDARY, AT_END, AT_END_LINE,
    AT_END_STRING, AT_LOC_BOUNDARY, AT_LOC_NON_BOUNDARY, AT_UNI_BOUNDARY, AT_UNI_NON_BOUNDARY, AT_COUNT,
};
enum {
    CATEGORY_DIGIT, CATEGORY_NOT_DIGIT, CATEGORY_SPACE, CATEGORY_NOT_SPACE, CATEGORY_WORD, CATEGORY_NOT_WORD,
    CATEGORY_LINEBREAK, CATEGORY_NOT_LINEBREAK, CATEGORY_LOC_WORD, CATEGORY_LOC_NOT_WORD, CATEGORY_UNI_DIGIT,
    CATEGORY_UNI_NOT_DIGIT, CATEGORY_UNI_SPACE, CATEGORY_UNI_NOT_SPACE, CATEGORY_UNI_WORD, CATEGORY_UNI_NOT_WORD,
    CATEGORY_UNI_LINEBREAK, CATEGORY_UNI_NOT_LINEBREAK, CATEGORY_COUNT,
};
enum { SRE_FLAG_TEMPLATE = 1, SRE_FLAG_IGNORECASE = 2, SRE_FLAG_LOCALE = 4, SRE_FLAG_MULTILINE = 8,
       SRE_FLAG_DOTALL = 16, SRE_FLAG_UNICODE = 32, SRE_FLAG_VERBOSE = 64, SRE_FLAG_DEBUG = 128,
       SRE_FLAG_ASCII = 256 };
enum { SRE_INFO_PREFIX = 1, SRE_INFO_LITERAL = 2, SRE_INFO_CHARSET = 4 };

/* A set of characters: the answer for those below 256, and how to find it for others. */
typedef struct SreSet {
    uint8_t table[256];
    bool dynamic;         /* depends on the locale: the table is not valid */
    bool negate;
    uint8_t op;           /* code word: SRE_IN..., SRE_LITERAL_..., SRE_CATEGORY */
    uint32_t literal;     /* or the category */
    const uint32_t *code; /* charset program of SRE_IN... */
    struct SreSet *next;  /* all sets of a program */
} SreSet;

/* What a piece of program can begin with. */
typedef struct SreFirst {
    uint8_t table[256];
    bool other; /* characters from 256 on */
    struct SreFirst *next;
} SreFirst;

typedef enum {
    OP_MATCH, OP_FAIL, OP_CHAR, OP_NOT, OP_ANY, OP_ALL, OP_SET, OP_AT, OP_MARK, OP_JUMP, OP_ALT, OP_REP1, OP_MINREP1,
    OP_POSS1, OP_LOOP, OP_UNTIL, OP_MIN_UNTIL, OP_ATOMIC, OP_ATOMIC_END, OP_ASSERT, OP_ASSERT_END, OP_REFUSE,
    OP_REFUSE_END, OP_GROUPREF, OP_IF,
} SreOp;

#define SRE_NO_HINT UINT32_MAX

/*  op        meaning of the fields
 *  CHAR NOT  x: the character
 *  SET       set
 *  AT        x: the place        MARK x: number of the mark
 *  JUMP      x: target           ALT  x: next alternative or 0; first
 *  REP1...   x, y: least and most times; kind: what is repeated (CHAR NOT ANY ALL SET), w: its
 *            character; z: the character that must follow, or SRE_NO_HINT; narrow: needs no
 *            backtracking over characters below 256
 *  LOOP      x: register, y: its UNTIL
 *  UNTIL...  x: register, y, z: least and most times, w: body; first: of the body
 *  ASSERT    x: characters to go back    REFUSE also y: where to go on
 *  GROUPREF  x: group, kind: code word   IF x: group, y: else */
typedef struct SreIns {
    uint8_t op, kind;
    bool narrow;
    uint32_t x, y, z, w;
    union {
        const SreSet *set;
        const SreFirst *first;
    };
} SreIns;

typedef struct SreProgram {
    SreIns *ins;
    size_t count;
    uint32_t loops, groups;
    SreSet *sets;
    SreFirst *firsts;
    uint32_t min_width;
    const uint32_t *prefix; /* literal text that every match begins with */
    uint32_t prefix_len;
    bool literal;           /* the prefix is all there is */
    bool anchored;          /* can only match at the beginning of the text */
    const SreFirst *first;  /* of the whole program, or NULL */
} SreProgram;

/* Translates n code words, which must outlive the program. Raises RuntimeError or MemoryError. */
GI_NODISCARD GiStatus gi_sre_translate(GiThread *ts, const uint32_t *code, size_t n, uint32_t groups, SreProgram *out);
void gi_sre_program_free(SreProgram *program);
/* Membership by the rules, without the table. */
bool gi_sre_set_test(const SreSet *set, uint32_t c);
bool gi_sre_category(uint32_t category, uint32_t c);
uint32_t gi_sre_lower(uint8_t kind, uint32_t c);
/* Case as patterns see it: the first character of the full mapping. */
uint32_t gi_sre_unicode_lower(uint32_t c);
uint32_t gi_sre_unicode_upper(uint32_t c);
bool gi_sre_chars_equal(uint8_t op, uint32_t a, uint32_t b);

typedef struct SreEntry SreEntry;

/* One scan of a text. Positions are indices in characters. */
typedef struct SreState {
    GiThread *ts;
    const SreProgram *program;
    const void *text;
    int width;          /* bytes a character */
    size_t length;      /* of the whole text up to endpos */
    size_t start;       /* where the next match may begin */
    size_t match_start, match_end; /* result */
    bool must_advance;  /* a match at start must not be empty */
    bool match_all;     /* fullmatch */
    ssize_t *marks;     /* 2 * groups; -1 unset; result */
    ssize_t lastindex;  /* -1 none; result */
    struct { int64_t count; ssize_t last; } *loops;
    SreEntry *stack;
    size_t capacity;
    uint32_t ticks;
    ssize_t small_marks[32];
    struct { int64_t count; ssize_t last; } small_loops[8];
} SreState;

GI_NODISCARD GiStatus gi_sre_state_init(GiThread *ts, SreState *s, const SreProgram *program);
void gi_sre_state_free(SreState *s);
/* 1: matched at s->start; 0: no; -1: raised. */
int gi_sre_match(SreState *s);
/* The same anywhere from s->start on. */
int gi_sre_search(SreState *s);

#endif
