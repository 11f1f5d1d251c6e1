/* parser.c - the parser's machinery: tokens, memory, names, and the way in.
 *
 * LOCK: none; a parser lives on one thread for one call of gi_parse.
 */
#include "syntax/parser_internal.h"

#include <stdlib.h>

#include "syntax/chars.h"

/* ---- Tokens ---------------------------------------------------------------------------------- */

static bool grow_tokens(Parser *p) {
    int capacity = p->capacity == 0 ? 64 : p->capacity * 2;
    Token *tokens = realloc(p->tokens, (size_t)capacity * sizeof(Token));
    if (tokens == NULL) {
        gi_fail_memory(p);
        if (p->fill != 0) {
            /* The last token stays current: a T_ERROR nothing can match. */
            p->tokens[p->fill - 1].kind = T_ERROR;
        }
        return false;
    }
    p->tokens = tokens;
    p->capacity = capacity;
    return true;
}

static void add_type_ignore(Parser *p, const Token *token) {
    GiAstTypeIgnore *ignore = gi_parser_alloc(p, sizeof *ignore);
    GiName *tag = gi_name_new(p->arena, token->start, (size_t)(token->end - token->start));
    if (ignore == NULL || tag == NULL) {
        gi_fail_memory(p);
        return;
    }
    if (p->ignores.count == p->ignores.capacity) {
        uint32_t capacity = p->ignores.capacity == 0 ? 8 : p->ignores.capacity * 2;
        GiAstTypeIgnore **items = gi_arena_alloc(p->arena, capacity * sizeof *items);
        if (items == NULL) {
            gi_fail_memory(p);
            return;
        }
        if (p->ignores.count != 0) {
            memcpy(items, p->ignores.items, p->ignores.count * sizeof *items);
        }
        p->ignores.items = items;
        p->ignores.capacity = capacity;
    }
    ignore->kind = GI_TYPE_IGNORE_TypeIgnore;
    ignore->TypeIgnore.lineno = token->lineno;
    ignore->TypeIgnore.tag = tag;
    p->ignores.items[p->ignores.count++] = ignore;
}

void gi_parser_fetch(Parser *p) {
    if (p->fill == p->capacity && !grow_tokens(p)) {
        p->pos = GI_MAX(p->fill - 1, 0);
        return;
    }
    Token *token = &p->tokens[p->fill];
    gi_lexer_next(&p->lexer, token);
    while (GI_UNLIKELY(token->kind == T_TYPE_IGNORE)) {
        add_type_ignore(p, token);
        gi_lexer_next(&p->lexer, token);
    }
    if (p->outer != NULL) {
        /* PYSEM: a string that ends on a later line keeps its column in the field. */
        if (token->end_lineno == 1 && token->col >= 0) {
            token->col += p->first_col;
            token->end_col += p->first_col;
        }
        token->lineno += p->first_lineno - 1;
        token->end_lineno += p->first_lineno - 1;
    }
    p->fill++;
    if (token->kind == T_ERROR) {
        gi_fail_lexer(p);
    } else if (GI_UNLIKELY(p->failed)) {
        token->kind = T_ERROR;
    }
}

bool gi_parser_too_deep(Parser *p) {
    if (!p->failed) {
        gi_fail_memory(p); /* PYSEM: a MemoryError without a message */
    }
    return false;
}

/* ---- Memory ---------------------------------------------------------------------------------- */

void *gi_parser_alloc(Parser *p, size_t size) {
    void *result = gi_arena_calloc(p->arena, size);
    return GI_LIKELY(result != NULL) ? result : gi_fail_memory(p);
}

GiAstExpr *gi_parser_expr(Parser *p, GiAstExprKind kind, Start start) {
    GiAstExpr *e = gi_parser_alloc(p, sizeof *e);
    if (GI_LIKELY(e != NULL)) {
        e->kind = kind;
        e->pos = span(p, start);
    }
    return e;
}

GiAstStmt *gi_parser_stmt(Parser *p, GiAstStmtKind kind, Start start) {
    GiAstStmt *s = gi_parser_alloc(p, sizeof *s);
    if (GI_LIKELY(s != NULL)) {
        s->kind = kind;
        s->pos = span(p, start);
    }
    return s;
}

GiAstPattern *gi_parser_pattern(Parser *p, GiAstPatternKind kind, Start start) {
    GiAstPattern *pattern = gi_parser_alloc(p, sizeof *pattern);
    if (GI_LIKELY(pattern != NULL)) {
        pattern->kind = kind;
        pattern->pos = span(p, start);
    }
    return pattern;
}

bool gi_parser_push(Parser *p, void *item) {
    if (GI_UNLIKELY(p->sp == p->stack_capacity)) {
        size_t capacity = p->stack_capacity == 0 ? 64 : p->stack_capacity * 2;
        void **stack = realloc(p->stack, capacity * sizeof *stack);
        if (stack == NULL) {
            gi_fail_memory(p);
            return false;
        }
        p->stack = stack;
        p->stack_capacity = capacity;
    }
    p->stack[p->sp++] = item;
    return true;
}

GiStatus gi_parser_take(Parser *p, size_t from, void *seq) {
    GiAstAnySeq *out = seq;
    size_t count = p->sp - from;
    out->count = (uint32_t)count;
    out->items = NULL;
    if (count != 0) {
        out->items = gi_arena_alloc(p->arena, count * sizeof(void *));
        if (out->items == NULL) {
            gi_fail_memory(p);
            return GI_FAIL;
        }
        memcpy(out->items, p->stack + from, count * sizeof(void *));
    }
    p->sp = from;
    return GI_OK;
}

/* ---- Names ----------------------------------------------------------------------------------- */

static bool grow_names(NameTable *table) {
    uint32_t size = table->slots == NULL ? 256 : (table->mask + 1) * 2;
    GiName **slots = calloc(size, sizeof *slots);
    if (slots == NULL) {
        return false;
    }
    for (uint32_t i = 0; table->slots != NULL && i <= table->mask; i++) {
        GiName *name = table->slots[i];
        if (name != NULL) {
            uint32_t at = name->hash & (size - 1);
            while (slots[at] != NULL) {
                at = (at + 1) & (size - 1);
            }
            slots[at] = name;
        }
    }
    free(table->slots);
    table->slots = slots;
    table->mask = size - 1;
    return true;
}

GiName *gi_parser_intern(Parser *p, const char *bytes, size_t len, uint32_t hash) {
    NameTable *table = p->names;
    if ((table->slots == NULL || table->count * 2 > table->mask) && !grow_names(table)) {
        return gi_fail_memory(p);
    }
    uint32_t at = hash & table->mask;
    GiName *name;
    while ((name = table->slots[at]) != NULL) {
        if (name->hash == hash && name->len == len && memcmp(name->bytes, bytes, len) == 0) {
            return name;
        }
        at = (at + 1) & table->mask;
    }
    name = gi_name_new(p->arena, bytes, len);
    if (name == NULL) {
        return gi_fail_memory(p);
    }
    table->slots[at] = name;
    table->count++;
    return name;
}

GiName *gi_parser_name_of(Parser *p, const Token *token) {
    const char *bytes = token->start;
    size_t len = (size_t)(token->end - token->start);
    if (GI_LIKELY(token->ascii)) {
        return gi_parser_intern(p, bytes, len, token->hash);
    }
    size_t normal_len;
    const char *normal = gi_chars_normalize(p->arena, bytes, len, &normal_len);
    if (normal == NULL) {
        return gi_fail_memory(p);
    }
    return gi_parser_intern(p, normal, normal_len, gi_name_hash(normal, normal_len));
}

GiName *gi_parser_take_name(Parser *p) {
    if (p->tok->kind != T_NAME) {
        return NULL;
    }
    GiName *name = gi_parser_name_of(p, p->tok);
    advance(p);
    return name;
}

/* ---- Entry ----------------------------------------------------------------------------------- */

static void lexer_warning(void *parser, const char *message, const char *where) {
    Parser *p = parser;
    const Lexer *lx = &p->lexer;
    int32_t col = (int32_t)(where - lx->line);
    gi_parser_warn(p, true, message, lx->lineno, col - 1, lx->lineno, col - 1);
}

void gi_parser_start(Parser *p, const char *text, size_t len) {
    gi_lexer_init(&p->lexer, p->arena, p->options, text, len);
    p->lexer.deprecated = lexer_warning;
    p->lexer.parser = p;
    if (p->outer != NULL) {
        p->lexer.in_fstring = true;
        p->lexer.interactive = false;
        p->lexer.type_comments = false;
    }
    p->text = text;
    p->text_len = len;
    p->fill = p->pos = p->base = 0;
    p->sp = 0;
    p->failed = false;
    p->diagnose = false;
    free(p->memo);
    p->memo = NULL;
    p->memo_capacity = 0;
    p->end_of_last = (GiAstPos){0};
    p->ignores.count = 0;
}

bool gi_parser_memo_room(Parser *p) {
    if (GI_LIKELY(p->pos < p->memo_capacity)) {
        return true;
    }
    int capacity = GI_MAX(p->memo_capacity * 2, p->pos + 64);
    TokenMemo *memo = realloc(p->memo, (size_t)capacity * sizeof *memo);
    if (memo == NULL) {
        gi_fail_memory(p);
        return false;
    }
    memset(memo + p->memo_capacity, 0, (size_t)(capacity - p->memo_capacity) * sizeof *memo);
    p->memo = memo;
    p->memo_capacity = capacity;
    return true;
}

void gi_parser_second_pass(Parser *p, int fetched) {
    gi_parser_start(p, p->text, p->text_len);
    p->diagnose = true;
    while (p->fill < fetched && !p->failed) {
        gi_parser_fetch(p);
    }
    p->memo_capacity = 0;
    gi_parser_memo_room(p);
}

void gi_parser_release(Parser *p) {
    free(p->memo);
    p->memo = NULL;
    if (p->inner != NULL) {
        gi_parser_release(p->inner);
        free(p->inner);
        p->inner = NULL;
    }
    free(p->tokens);
    free(p->stack);
    p->tokens = NULL;
    p->stack = NULL;
}

/* Drops the tokens already parsed, so that the buffer stays small. First pass only. */
static void drop_tokens(Parser *p) {
    int keep = p->fill - p->pos;
    memmove(p->tokens, p->tok, (size_t)keep * sizeof(Token));
    p->base += p->pos;
    p->fill = keep;
    p->pos = 0;
    p->tok = p->tokens;
}

static GiAstMod *new_mod(Parser *p, GiAstModKind kind) {
    GiAstMod *mod = gi_parser_alloc(p, sizeof *mod);
    if (mod != NULL) {
        mod->kind = kind;
    }
    return mod;
}

static GiAstMod *parse_file(Parser *p) {
    while (!at(p, T_ENDMARKER)) {
        if (!gi_parse_statement(p)) {
            return NULL;
        }
        if (!p->diagnose && p->pos > 32) {
            drop_tokens(p);
        }
    }
    GiAstMod *mod = new_mod(p, GI_MOD_Module);
    if (mod == NULL || !TAKE_SEQ(p, 0, &mod->Module.body)) {
        return NULL;
    }
    mod->Module.type_ignores.count = p->ignores.count;
    mod->Module.type_ignores.items = p->ignores.count != 0 ? p->ignores.items : NULL;
    return mod;
}

/* True if only blanks and comments follow the one statement of interactive input. */
static bool only_blanks_follow(const Parser *p) {
    const char *s = p->lexer.cur;
    const char *end = p->lexer.end;
    while (s < end) {
        if (*s == '#') {
            while (s < end && *s != '\n') {
                s++;
            }
        } else if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\f') {
            s++;
        } else {
            return false;
        }
    }
    return true;
}

static GiAstMod *parse_single(Parser *p) {
    Start start = start_here(p);
    if (at(p, T_ENDMARKER)) {
        return NULL;
    }
    if (accept(p, T_NEWLINE)) {
        GiAstStmt *pass = gi_parser_stmt(p, GI_STMT_Pass, start);
        if (pass == NULL || !gi_parser_push(p, pass)) {
            return NULL;
        }
    } else {
        Mark m = mark(p);
        if (gi_parse_compound(p)) {
            if (!at(p, T_NEWLINE)) {
                return NULL;
            }
        } else {
            reset(p, &m);
            p->hold_newline = true;
            if (p->failed || !gi_parse_simple_line(p)) {
                return NULL;
            }
        }
    }
    if (!only_blanks_follow(p)) {
        p->lexer.done = true; /* what is wrong further on does not matter */
        return gi_fail_last(p, GI_DIAG_SYNTAX,
                            "multiple statements found while compiling a single statement");
    }
    GiAstMod *mod = new_mod(p, GI_MOD_Interactive);
    return mod != NULL && TAKE_SEQ(p, 0, &mod->Interactive.body) ? mod : NULL;
}

static bool parse_end(Parser *p) {
    while (accept(p, T_NEWLINE)) {
    }
    return at(p, T_ENDMARKER);
}

/* expression (',' expression)* [','] */
static GiAstExpr *parse_expressions(Parser *p) {
    Start start = start_here(p);
    GiAstExpr *first = gi_parse_expression(p);
    if (first == NULL || !at(p, T_COMMA)) {
        return first;
    }
    size_t from = p->sp;
    if (!gi_parser_push(p, first)) {
        return NULL;
    }
    while (accept(p, T_COMMA) && gi_starts_expr[p->tok->kind]) {
        Mark m = mark(p);
        GiAstExpr *e = gi_parse_expression(p);
        if (e == NULL) {
            if (p->failed) {
                return NULL;
            }
            reset(p, &m);
            break;
        }
        if (!gi_parser_push(p, e)) {
            return NULL;
        }
    }
    GiAstExpr *tuple = gi_parser_expr(p, GI_EXPR_Tuple, start);
    if (tuple == NULL || !TAKE_SEQ(p, from, &tuple->Tuple.elts)) {
        return NULL;
    }
    tuple->Tuple.ctx = GI_CTX_Load;
    return tuple;
}

static GiAstMod *parse_eval(Parser *p) {
    GiAstExpr *e = parse_expressions(p);
    GiAstMod *mod = e != NULL && parse_end(p) ? new_mod(p, GI_MOD_Expression) : NULL;
    if (mod != NULL) {
        mod->Expression.body = e;
    }
    return mod;
}

/* '(' [expressions, then *e, then **e] ')' '->' expression */
static GiAstMod *parse_func_type(Parser *p) {
    size_t from = p->sp;
    if (!accept(p, T_LPAR)) {
        return NULL;
    }
    int stage = 0; /* 1 after *, 2 after ** */
    while (!at(p, T_RPAR)) {
        int now = at(p, T_STAR) ? 1 : at(p, T_DOUBLESTAR) ? 2 : 0;
        if ((now == 0 && stage > 0) || (now > 0 && now <= stage)) {
            return NULL;
        }
        if (now > 0) {
            stage = now;
            advance(p);
        }
        GiAstExpr *e = gi_parse_expression(p);
        if (e == NULL || !gi_parser_push(p, e)) {
            return NULL;
        }
        if (stage == 2 || !accept(p, T_COMMA)) {
            break;
        }
        if (at(p, T_RPAR)) {
            return NULL;
        }
    }
    GiAstMod *mod = new_mod(p, GI_MOD_FunctionType);
    if (mod == NULL || !TAKE_SEQ(p, from, &mod->FunctionType.argtypes) || !accept(p, T_RPAR) ||
        !accept(p, T_ARROW)) {
        return NULL;
    }
    mod->FunctionType.returns = gi_parse_expression(p);
    return mod->FunctionType.returns != NULL && parse_end(p) ? mod : NULL;
}

static GiAstMod *parse_start(Parser *p) {
    p->depth = 0;
    p->sp = 0;
    p->hold_newline = false;
    if (p->fill == 0) {
        gi_parser_fetch(p);
    }
    p->pos = 0;
    if (p->fill == 0) {
        return NULL;
    }
    p->tok = p->tokens;
    switch (p->options->mode) {
    case GI_PARSE_SINGLE: return parse_single(p);
    case GI_PARSE_EVAL: return parse_eval(p);
    case GI_PARSE_FUNC_TYPE: return parse_func_type(p);
    default: return parse_file(p);
    }
}

/* Has the lexer come to the end of the text, so that more text could follow? */
static bool at_end(const Lexer *lx) {
    return lx->done ? lx->error.at_eof || lx->error.in_string : lx->touched_end;
}

/* Both passes; leaves an error if there is no tree. */
static GiAstMod *parse_twice(Parser *p) {
    GiAstMod *mod = parse_start(p);
    if (mod != NULL && !p->failed) {
        return mod;
    }
    GiDiagKind kind = p->result->error.kind;
    if ((p->options->flags & GI_PARSE_ALLOW_INCOMPLETE) != 0 && at_end(&p->lexer) &&
        kind != GI_DIAG_MEMORY) {
        /* Whatever is wrong, more input may put it right. */
        p->failed = false;
        gi_fail_last(p, GI_DIAG_SYNTAX, "incomplete input");
        return NULL;
    }
    if (!p->failed) {
        Token last = p->tokens[p->fill - 1];
        gi_parser_second_pass(p, p->base + p->fill);
        if (!p->failed) {
            parse_start(p);
        }
        gi_fail_generic(p, &last);
    } else {
        gi_fail_generic(p, NULL);
    }
    return NULL;
}


GiStatus gi_parse(GiArena *arena, const char *utf8, size_t len, const GiParseOptions *options,
                  GiParseResult *result) {
    *result = (GiParseResult){0};
    NameTable names = {0};
    Parser *p = calloc(1, sizeof *p);
    size_t text_len = 0;
    char *text = gi_lexer_copy_text(arena, utf8, len, options->mode == GI_PARSE_EXEC, &text_len);
    if (p == NULL || text == NULL) {
        free(p);
        result->error = (GiDiagnostic){.kind = GI_DIAG_MEMORY};
        return GI_FAIL;
    }
    p->arena = arena;
    p->options = options;
    p->result = result;
    p->max_depth = options->max_depth > 0 ? options->max_depth : PARSER_DEFAULT_DEPTH;
    p->feature = options->feature_minor;
    p->names = &names;
    p->warnings = &result->warnings;
    p->first_lineno = 1;
    p->warned_lineno = -1;
    gi_parser_start(p, text, text_len);
    size_t valid = gi_chars_valid_utf8(text, text_len);
    if (valid < text_len) {
        int lineno = 1;
        for (size_t i = 0; i < valid; i++) {
            lineno += text[i] == '\n';
        }
        result->error = (GiDiagnostic){.kind = GI_DIAG_UNICODE, .lineno = lineno,
                                       .message = "invalid UTF-8 in source"};
    } else {
        result->mod = parse_twice(p);
    }
    gi_parser_release(p);
    free(names.slots);
    free(p);
    return result->mod != NULL ? GI_OK : GI_FAIL;
}
