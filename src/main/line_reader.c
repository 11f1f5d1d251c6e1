/* line_reader.c - reading lines for the prompt. See line_reader.h.
 *
 * On a terminal libedit edits the line; it keeps the history, which stands in ~/.gila_history from
 * one session to the next. Characters are read by read_character(), so that signal handlers of
 * Python run while the user types. Otherwise bytes are read one at a time: what follows the line is
 * left for the program, whose input() may want it.
 */
#include "main/line_reader.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/list.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include <ctype.h>
#include <errno.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <wchar.h>

enum { HISTORY_LINES = 1000 };

struct GiLineReader {
    EditLine *edit; /* NULL: plain reading */
    History *history;
    const char *prompt;
    GiThread *ts;
    GiVal globals;
    bool interrupted; /* a signal handler raised while a line was read */
};

/* ---- Reading characters ---- */

/* Reads a byte from standard input, detached; handlers of signals run attached. */
static int read_byte(GiLineReader *r, unsigned char *byte) {
    for (;;) {
        ssize_t n = read(0, byte, 1);
        if (n == 1) return 1;
        if (n == 0) return 0;
        if (errno != EINTR) return -1;
        gi_attach(&r->ts->core);
        r->interrupted = r->ts->vm->hooks->safepoint(r->ts) < 0;
        gi_detach(&r->ts->core, "read");
        if (r->interrupted) return -1;
    }
}
static int read_character(EditLine *edit, wchar_t *out) {
    GiLineReader *r;
    el_get(edit, EL_CLIENTDATA, &r);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        unsigned char byte;
        int n = read_byte(r, &byte);
        if (n != 1) return n;
        char c = (char)byte;
        size_t used = mbrtowc(out, &c, 1, &state);
        if (used == (size_t)-2) continue;
        if (used == (size_t)-1) *out = L'?';
        else if (used == 0) *out = 0;
        return 1;
    }
}
static char *plain_line(GiLineReader *r, const char *prompt, bool *ended) {
    size_t len = 0, capacity = 128;
    char *line = malloc(capacity);
    fputs(prompt, stderr);
    fflush(stderr);
    while (line != NULL) {
        unsigned char byte;
        int n = read_byte(r, &byte);
        if (n < 1 && (r->interrupted || len == 0)) {
            *ended = !r->interrupted;
            free(line);
            return NULL;
        }
        if (n < 1) break;
        if (len + 2 > capacity) {
            char *grown = realloc(line, capacity *= 2);
            if (grown == NULL) {
                free(line);
                return NULL;
            }
            line = grown;
        }
        line[len++] = (char)byte;
        if (byte == '\n') break;
    }
    if (line != NULL) line[len] = 0;
    return line;
}

/* ---- Completion of names, by the library's rlcompleter ---- */

static bool in_name(char c) { return isalnum((unsigned char)c) || c == '_' || c == '.' || (unsigned char)c >= 128; }

/* The completions of a word: a list of str, or null without exception. */
static GiRef completions(GiThread *ts, GiVal globals, const char *word) {
    GiRef module = ts->vm->hooks->import(ts, "rlcompleter");
    GiRef class = gi_is_null(module) ? GI_NULL : gi_getattr_cstr(ts, gi_val(module), "Completer");
    GiRef completer = gi_is_null(class) ? GI_NULL : gi_call1(ts, gi_val(class), globals);
    GiRef text = gi_str_from_cstr(ts, word), list = gi_list_new(ts, 0);
    bool failed = gi_is_null(completer) || gi_is_null(text) || gi_is_null(list);
    for (int i = 0; !failed && i < 200; i++) {
        GiVal args[2] = {gi_val(text), gi_smallint(i)};
        GiRef one = gi_call_method_cstr(ts, gi_val(completer), "complete", args, 2);
        if (gi_is_null(one) || gi_is_none(one)) {
            gi_xdrop(ts, one);
            break;
        }
        failed = gi_list_append(ts, gi_val(list), one) < 0;
    }
    if (gi_raised(ts)) gi_exc_clear(ts);
    gi_xdrop(ts, text);
    gi_xdrop(ts, completer);
    gi_xdrop(ts, class);
    gi_xdrop(ts, module);
    return list;
}

/* Puts in what all completions have in common behind the word; shows them when that is nothing. */
static void insert_common(EditLine *edit, GiThread *ts, GiVal list, const char *word) {
    size_t count = gi_list_len(list), common = SIZE_MAX;
    const char *first = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *text = gi_str_utf8(ts, gi_list_peek_locked(list, i), NULL);
        if (text == NULL) return gi_exc_clear(ts);
        size_t n = 0;
        if (first == NULL) first = text;
        while (first[n] && first[n] == text[n]) n++;
        common = GI_MIN(common, n);
    }
    if (first == NULL || common < strlen(word)) return;
    if (common > strlen(word)) {
        char *more = strndup(first + strlen(word), common - strlen(word));
        if (more) el_insertstr(edit, more);
        free(more);
        return;
    }
    fputc('\n', stdout);
    for (size_t i = 0; i < count; i++) {
        const char *text = gi_str_utf8(ts, gi_list_peek_locked(list, i), NULL);
        if (text) printf("%s%s", text, i + 1 < count ? "  " : "\n");
    }
    fflush(stdout);
}

static unsigned char complete(EditLine *edit, int key) {
    (void)key;
    GiLineReader *r;
    el_get(edit, EL_CLIENTDATA, &r);
    const LineInfo *line = el_line(edit);
    const char *start = line->cursor;
    while (start > line->buffer && in_name(start[-1])) start--;
    if (start == line->cursor) {
        el_insertstr(edit, "    ");
        return CC_REFRESH;
    }
    char *word = strndup(start, (size_t)(line->cursor - start));
    if (word == NULL) return CC_ERROR;
    gi_attach(&r->ts->core);
    GiRef list = completions(r->ts, r->globals, word);
    bool several = !gi_is_null(list) && gi_list_len(list) > 1;
    if (!gi_is_null(list)) insert_common(edit, r->ts, gi_val(list), word);
    gi_xdrop(r->ts, list);
    gi_detach(&r->ts->core, "read");
    free(word);
    return several ? CC_REDISPLAY : CC_REFRESH;
}

/* ---- History ---- */

static bool history_path(char *out, size_t size) {
    const char *home = getenv("HOME");
    return home && home[0] == '/' && (size_t)snprintf(out, size, "%s/.gila_history", home) < size;
}
static void load_history(GiLineReader *r) {
    char path[4096], line[4096];
    HistEvent event;
    FILE *file = history_path(path, sizeof path) ? fopen(path, "r") : NULL;
    if (file == NULL) return;
    while (fgets(line, sizeof line, file)) history(r->history, &event, H_ENTER, line);
    fclose(file);
}
static void save_history(GiLineReader *r) {
    char path[4096];
    HistEvent event;
    FILE *file = history_path(path, sizeof path) ? fopen(path, "w") : NULL;
    if (file == NULL) return;
    for (int more = history(r->history, &event, H_LAST); more >= 0; more = history(r->history, &event, H_PREV))
        fputs(event.str, file);
    fclose(file);
}

/* ---- The reader ---- */

static char *prompt_of(EditLine *edit) {
    GiLineReader *r;
    el_get(edit, EL_CLIENTDATA, &r);
    return (char *)(uintptr_t)r->prompt;
}

static void start_editing(GiLineReader *r) {
    const char *term = getenv("TERM");
    if (!isatty(0) || !isatty(1) || term == NULL || *term == 0 || strcmp(term, "dumb") == 0) return;
    HistEvent event;
    r->history = history_init();
    r->edit = r->history ? el_init("gila", stdin, stdout, stderr) : NULL;
    if (r->edit == NULL) return;
    history(r->history, &event, H_SETSIZE, HISTORY_LINES);
    history(r->history, &event, H_SETUNIQUE, 1);
    el_set(r->edit, EL_CLIENTDATA, r);
    el_set(r->edit, EL_PROMPT, prompt_of);
    el_set(r->edit, EL_EDITOR, "emacs");
    el_set(r->edit, EL_HIST, history, r->history);
    el_set(r->edit, EL_GETCFN, read_character);
    el_set(r->edit, EL_ADDFN, "gila-complete", "complete a name", complete);
    el_set(r->edit, EL_BIND, "^I", "gila-complete", NULL);
    el_set(r->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(r->edit, NULL);
    load_history(r);
}

GiLineReader *gi_line_reader_new(GiVal globals) {
    GiLineReader *r = calloc(1, sizeof *r);
    if (r == NULL) return NULL;
    r->globals = globals;
    start_editing(r);
    return r;
}

void gi_line_reader_free(GiLineReader *r) {
    if (r == NULL) return;
    if (r->edit) {
        save_history(r);
        el_end(r->edit);
    }
    if (r->history) history_end(r->history);
    free(r);
}

char *gi_line_read(GiThread *ts, GiLineReader *r, const char *prompt, bool *ended) {
    *ended = false;
    if (r == NULL) {
        gi_raise_nomem(ts);
        return NULL;
    }
    r->ts = ts;
    r->prompt = prompt;
    r->interrupted = false;
    char *line = NULL;
    GI_BLOCKING(&ts->core, "read") {
        if (r->edit) {
            int count = 0;
            HistEvent event;
            const char *text = el_gets(r->edit, &count);
            if (text != NULL && count > 0) {
                line = strdup(text);
                if (strspn(text, " \t\n") < (size_t)count) history(r->history, &event, H_ENTER, text);
            } else if (!r->interrupted) {
                *ended = true;
            }
        } else {
            line = plain_line(r, prompt, ended);
        }
    }
    if (line == NULL && !*ended && !gi_raised(ts)) gi_raise_nomem(ts);
    return line;
}
