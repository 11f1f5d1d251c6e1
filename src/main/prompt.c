/* prompt.c - the interactive prompt: statements read line by line, run in __main__, results shown.
 *
 * A statement is complete when the parser says so. Lines come from main/line_reader.c. What an
 * exception does is the same as at the end of a program, only that the prompt comes back.
 */
#include "base/arena.h"
#include "main/line_reader.h"
#include "main/run.h"
#include "bytecode/code.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "syntax/parser.h"
#include "vm/function.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct Prompt {
    GiThread *ts;
    GiLineReader *reader;
    char *text; /* the statement so far */
    size_t len, capacity;
    int flags;  /* of `from __future__` */
} Prompt;

typedef enum { READ_CODE, READ_NOTHING, READ_END, READ_FAILED } ReadResult;

/* sys.ps1 or sys.ps2 as text from malloc. */
static char *prompt_text(GiThread *ts, const char *name, const char *fallback) {
    GiRef held = gi_sys_get(ts, name);
    GiRef text = gi_is_null(held) ? GI_NULL : gi_str(ts, gi_val(held));
    const char *utf8 = gi_is_null(text) ? NULL : gi_str_utf8(ts, gi_val(text), NULL);
    if (gi_raised(ts)) gi_exc_clear(ts);
    char *out = strdup(utf8 ? utf8 : gi_is_null(held) ? fallback : "");
    gi_xdrop(ts, text);
    gi_xdrop(ts, held);
    return out;
}

static GiStatus append(Prompt *p, const char *line, size_t len) {
    if (p->len + len + 2 > p->capacity) {
        size_t wanted = (p->len + len + 2) * 2;
        char *grown = realloc(p->text, wanted);
        if (grown == NULL) return gi_raise_nomem(p->ts), GI_FAIL;
        p->text = grown;
        p->capacity = wanted;
    }
    memcpy(p->text + p->len, line, len);
    p->len += len;
    if (len == 0 || line[len - 1] != '\n') p->text[p->len++] = '\n';
    p->text[p->len] = 0;
    return GI_OK;
}

/* Parses the text so far, or all but its last newline: 0 fine, 1 it ends too early, -1 a mistake. */
static int try_parse(const Prompt *p, size_t len) {
    GiArena arena;
    gi_arena_init(&arena);
    GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
    options.mode = GI_PARSE_SINGLE;
    options.flags = GI_PARSE_DONT_IMPLY_DEDENT | GI_PARSE_ALLOW_INCOMPLETE;
    GiParseResult result;
    memset(&result, 0, sizeof result);
    bool ok = gi_parse(&arena, p->text, len, &options, &result) == GI_OK;
    bool early = !ok && result.error.message && strcmp(result.error.message, "incomplete input") == 0;
    gi_arena_free(&arena);
    return ok ? 0 : early ? 1 : -1;
}

/* Whether the text so far wants more lines. A text with a mistake is complete: it fails. A compound
 * statement wants an empty line behind it: its text is complete even without the last newline. */
static bool wants_more(const Prompt *p) {
    int result = try_parse(p, p->len);
    return result > 0 || (result == 0 && try_parse(p, p->len - 1) != 0);
}

static bool is_blank(const char *line) {
    line += strspn(line, " \t\f");
    return *line == 0 || *line == '\n' || *line == '\r' || *line == '#';
}

/* Reads a statement and compiles it. */
static ReadResult read_statement(Prompt *p, GiVal filename, GiRef *code) {
    GiThread *ts = p->ts;
    p->len = 0;
    bool ended = false;
    do {
        char *shown = prompt_text(ts, p->len ? "ps2" : "ps1", "");
        char *line = shown ? gi_line_read(ts, p->reader, shown, &ended) : NULL;
        free(shown);
        if (line == NULL && !ended) return READ_FAILED;
        if (line == NULL && p->len == 0) return READ_END;
        if (line == NULL) fputc('\n', stderr); /* the end in the midst of a statement */
        if (line != NULL) {
            bool blank = p->len == 0 && is_blank(line);
            GiStatus status = blank ? GI_OK : append(p, line, strlen(line));
            free(line);
            if (blank) return READ_NOTHING;
            if (status < 0) return READ_FAILED;
        }
    } while (!ended && wants_more(p));
    *code = gi_compile_source(ts, p->text, p->len, filename, "single", p->flags, -1, -1);
    return gi_is_null(*code) ? READ_FAILED : READ_CODE;
}

/* Shows the raised exception; true when it ends the prompt, with *status. */
static bool report(GiThread *ts, int *status) {
    GiRuntime *runtime = ts->vm->runtime;
    *status = gi_handle_exit(ts);
    bool ends = runtime->exited;
    runtime->exited = false;
    runtime->exit_signal = 0;
    return ends;
}

static int run_loop(Prompt *p, GiVal globals, GiVal filename) {
    GiThread *ts = p->ts;
    int status = 0;
    for (;;) {
        GiRef code = GI_NULL;
        gi_flush_standard(ts); /* output and prompts keep their order */
        ReadResult result = read_statement(p, filename, &code);
        if (result == READ_NOTHING) continue;
        if (result == READ_END) {
            fputc('\n', stderr);
            return status;
        }
        bool reading = result == READ_FAILED && gi_exc_matches(ts, &gi_exc_KeyboardInterrupt);
        if (reading) {
            gi_exc_clear(ts);
            fputs("\nKeyboardInterrupt\n", stderr);
            continue;
        }
        GiRef r = GI_NULL;
        if (result == READ_CODE) {
            p->flags |= (int)(gi_code_of(gi_val(code))->flags & GI_CO_FUTURE_MASK);
            r = gi_eval_code(ts, gi_val(code), globals, globals, GI_NOVAL);
            gi_drop(ts, code);
        }
        if (!gi_is_null(r)) gi_drop(ts, r);
        else if (report(ts, &status)) return status;
        status = 0;
    }
}

static GiStatus default_prompt(GiThread *ts, const char *name, const char *text) {
    GiRef own = gi_sys_get(ts, name);
    if (gi_is_null(own)) return gi_sys_set(ts, name, gi_str_from_cstr(ts, text));
    gi_drop(ts, own);
    return GI_OK;
}

/* What site or the user hang on the start of a prompt: sys.__interactivehook__(). */
static void call_hook(GiThread *ts) {
    GiRef hook = gi_sys_get(ts, "__interactivehook__");
    if (gi_is_null(hook)) return;
    GiRef r = gi_call0(ts, gi_val(hook));
    gi_drop(ts, hook);
    if (gi_is_null(r)) {
        fputs("Failed calling sys.__interactivehook__\n", stderr);
        gi_print_exception(ts);
        gi_exc_clear(ts);
    } else {
        gi_drop(ts, r);
    }
}

int gi_prompt(GiThread *ts, GiVal globals) {
    ts->vm->runtime->config.inspect = 0; /* SystemExit ends the prompt */
    ts->vm->runtime->exited = false;
    call_hook(ts);
    GiRef filename = gi_str_from_cstr(ts, "<stdin>");
    if (gi_is_null(filename) || default_prompt(ts, "ps1", ">>> ") < 0 || default_prompt(ts, "ps2", "... ") < 0)
        return gi_handle_exit(ts);
    Prompt p = {.ts = ts, .reader = gi_line_reader_new(globals)};
    int status = run_loop(&p, globals, gi_val(filename));
    gi_line_reader_free(p.reader);
    free(p.text);
    gi_drop(ts, filename);
    return status;
}

void gi_banner(GiThread *ts) {
    GiRef version = gi_sys_get(ts, "version");
    const char *text = gi_is_null(version) || !gi_is_str(version) ? NULL : gi_str_utf8(ts, gi_val(version), NULL);
    fprintf(stderr, "Python %s on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n",
            text ? text : "");
    gi_xdrop(ts, version);
}
