/* lexer.h - tokens of Python 3.11 source text; internal to src/syntax.
 *
 * The lexer gives one token at a time and never looks further than it must, because where it
 * stands when the parser fails decides which error is reported. The text is a private copy with
 * "\n" line ends and a NUL behind its last byte. A lexer is used by one thread.
 */
#ifndef GI_SYNTAX_LEXER_H
#define GI_SYNTAX_LEXER_H

#include "base/arena.h"
#include "syntax/parser.h"

typedef enum {
    T_ENDMARKER,
    T_NEWLINE,
    T_INDENT,
    T_DEDENT,
    T_TYPE_IGNORE,
    T_LAST_WHITESPACE = T_TYPE_IGNORE, /* no node ends at one of the above */
    T_TYPE_COMMENT,
    T_ERROR, /* lexer.error says why */
    T_NAME,
    T_NUMBER,
    T_STRING,
    T_LPAR,
    T_RPAR,
    T_LSQB,
    T_RSQB,
    T_LBRACE,
    T_RBRACE,
    T_COLON,
    T_COMMA,
    T_SEMI,
    T_DOT,
    T_ELLIPSIS,
    T_ARROW,
    T_COLONEQUAL,
    T_EQUAL,
    T_PLUS,
    T_MINUS,
    T_STAR,
    T_SLASH,
    T_VBAR,
    T_AMPER,
    T_LESS,
    T_GREATER,
    T_PERCENT,
    T_EQEQUAL,
    T_NOTEQUAL,
    T_LESSEQUAL,
    T_GREATEREQUAL,
    T_TILDE,
    T_CIRCUMFLEX,
    T_LEFTSHIFT,
    T_RIGHTSHIFT,
    T_DOUBLESTAR,
    T_DOUBLESLASH,
    T_AT,
    T_PLUSEQUAL, /* augmented assignments are contiguous */
    T_MINEQUAL,
    T_STAREQUAL,
    T_SLASHEQUAL,
    T_PERCENTEQUAL,
    T_AMPEREQUAL,
    T_VBAREQUAL,
    T_CIRCUMFLEXEQUAL,
    T_LEFTSHIFTEQUAL,
    T_RIGHTSHIFTEQUAL,
    T_DOUBLESTAREQUAL,
    T_DOUBLESLASHEQUAL,
    T_ATEQUAL,
    T_UNKNOWN, /* a character that is no operator: $ ? ! ` */
    T_FIRST_KEYWORD,
    T_FALSE = T_FIRST_KEYWORD,
    T_NONE,
    T_TRUE,
    T_AND,
    T_AS,
    T_ASSERT,
    T_ASYNC,
    T_AWAIT,
    T_BREAK,
    T_CLASS,
    T_CONTINUE,
    T_DEF,
    T_DEL,
    T_ELIF,
    T_ELSE,
    T_EXCEPT,
    T_FINALLY,
    T_FOR,
    T_FROM,
    T_GLOBAL,
    T_IF,
    T_IMPORT,
    T_IN,
    T_IS,
    T_LAMBDA,
    T_NONLOCAL,
    T_NOT,
    T_OR,
    T_PASS,
    T_RAISE,
    T_RETURN,
    T_TRY,
    T_WHILE,
    T_WITH,
    T_YIELD,
    T_COUNT
} TokenKind;

typedef struct {
    uint8_t kind; /* TokenKind */
    uint8_t level; /* open brackets behind this token */
    bool ascii;    /* a name of ASCII letters only */
    uint32_t hash; /* of a name's spelling */
    int32_t lineno, col, end_lineno, end_col; /* col is -1 for indents, dedents and the end */
    const char *start, *end;
} Token;

#define LEXER_MAX_INDENT 100
#define LEXER_MAX_LEVEL 200

/* Why the lexer gave T_ERROR. `settled` errors win over a parser's error found earlier in the
 * text; the others count only where the parser meets them. */
enum { LEX_END_BEHIND = -2 };
typedef struct {
    GiDiagKind kind;
    const char *message;
    int32_t lineno, end_lineno;
    int32_t col;     /* settled: bytes up to and with the last bad one; else bytes before it */
    int32_t end_col; /* settled: likewise; else -1: unknown, LEX_END_BEHIND: col is line's end */
    bool settled;
    bool in_bytes;  /* settled: shown as bytes, not characters, as CPython has it */
    bool at_eof;    /* the text ended too early ... */
    bool in_string; /* ... in a string */
} LexError;

typedef struct {
    int32_t lineno, col;
    char bracket;
} OpenBracket;

typedef struct {
    GiArena *arena;
    const GiParseOptions *options;
    const char *text, *end; /* the whole text */
    const char *cur;        /* next byte */
    const char *line;       /* start of the current line */
    const char *buffer;     /* the same, or where a line began that a string or a backslash
                               continues to this one */
    int32_t lineno;
    bool at_line_start;
    bool done;
    bool interactive; /* GI_PARSE_SINGLE: the end first counts as a newline ... */
    bool started;     /* ... if a token came since the last such newline */
    bool touched_end; /* a token was looked for at or behind the end */
    bool empty_string; /* the last string was '' or the like */
    bool in_fstring;    /* a replacement field of an f-string: errors are said so */
    bool type_comments;
    bool async_is_name; /* feature_minor < 7 */
    bool async_def, async_def_nl;
    int async_def_indent;
    int pending; /* indents (positive) or dedents (negative) to give */
    int indent;  /* top of the stacks below */
    int level;
    int32_t columns[LEXER_MAX_INDENT];
    int32_t alt_columns[LEXER_MAX_INDENT];
    OpenBracket open[LEXER_MAX_LEVEL];
    LexError error;
    void (*deprecated)(void *parser, const char *message, const char *where);
    void *parser;
} Lexer;

/* Starts lexing text[0..len), which must be followed by a NUL. */
void gi_lexer_init(Lexer *lexer, GiArena *arena, const GiParseOptions *options, const char *text,
                   size_t len);

/* Gives the next token; after T_ERROR only the same T_ERROR. */
void gi_lexer_next(Lexer *lexer, Token *token);

/* Copies source text to the arena with "\n" line ends, a NUL behind it and, if add_newline, a
 * newline at its end. NULL when out of memory. */
char *gi_lexer_copy_text(GiArena *arena, const char *utf8, size_t len, bool add_newline,
                         size_t *out_len);

/* Formats a message into the arena; NULL when out of memory. */
const char *gi_syntax_format(GiArena *arena, const char *format, ...) GI_PRINTF(2, 3);

#endif
