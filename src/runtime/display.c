/* display.c - exceptions as text, the way the interpreter shows those that nobody caught: chains,
 * groups, notes, places of syntax errors, suggestions. PYSEM: tests/diff/display_exceptions.py.
 *
 * The text is made whole and written with one call of the file's write().
 */
#include "memory/slots.h"
#include "runtime/display.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/tuple.h"
#include "runtime/runtime.h"
#include <stdio.h>

enum { GROUP_WIDTH = 15, GROUP_DEPTH = 10 };

static void show_chain(GiDisplay *d, GiVal exc);

void gi_display_margin(GiDisplay *d) {
    if (d->depth == 0) return;
    gi_sb_fill(&d->out, ' ', 2 * (size_t)d->depth);
    gi_sb_lit(&d->out, "| ");
}

/* ---- The last line ---- */

/* Writes str(v), or a stand-in; nothing when the text is empty and `colon` precedes it. */
static void show_text(GiDisplay *d, GiVal v, bool colon, const char *failed) {
    GiThread *ts = d->ts;
    GiRef text = gi_str(ts, v);
    if (gi_is_null(text)) gi_exc_clear(ts);
    if (colon && (gi_is_null(text) || gi_str_len(text) > 0)) gi_sb_lit(&d->out, ": ");
    if (gi_is_null(text)) gi_sb_ascii(&d->out, failed, strlen(failed));
    else gi_sb_str(&d->out, gi_val(text));
    gi_xdrop(ts, text);
}

/* "module.Class", without the modules that go without saying. */
static void show_class(GiDisplay *d, GiVal exc) {
    GiThread *ts = d->ts;
    GiVal type = gi_type_val(gi_type_of(exc));
    GiRef module = gi_getattr(ts, type, GI_N(__module__));
    if (gi_is_null(module) || !gi_is_str(gi_val(module))) {
        if (gi_is_null(module)) gi_exc_clear(ts);
        gi_sb_lit(&d->out, "<unknown>.");
    } else if (!gi_str_equals_cstr(gi_val(module), "builtins") && !gi_str_equals_cstr(gi_val(module), "__main__")) {
        gi_sb_str(&d->out, gi_val(module));
        gi_sb_char(&d->out, '.');
    }
    gi_xdrop(ts, module);
    GiRef name = gi_getattr(ts, type, GI_N(__qualname__));
    if (gi_is_null(name) || !gi_is_str(gi_val(name))) {
        if (gi_is_null(name)) gi_exc_clear(ts);
        gi_sb_lit(&d->out, "<unknown>");
    } else {
        gi_sb_str(&d->out, gi_val(name));
    }
    gi_xdrop(ts, name);
}

static void show_suggestion(GiDisplay *d, GiVal exc) {
    GiRef name = gi_suggestion(d->ts, exc);
    if (gi_is_null(name)) return;
    gi_sb_lit(&d->out, ". Did you mean: '");
    gi_sb_str(&d->out, gi_val(name));
    gi_sb_lit(&d->out, "'?");
    gi_drop(d->ts, name);
}

/* The lines of a text, each behind the margin. */
static void show_lines(GiDisplay *d, GiVal text) {
    size_t n = gi_str_len(text), start = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && gi_str_char(text, i) != '\n') continue;
        gi_display_margin(d);
        gi_sb_slice(&d->out, text, start, i);
        gi_sb_char(&d->out, '\n');
        start = i + 1;
    }
}

static void show_notes(GiDisplay *d, GiVal exc) {
    GiThread *ts = d->ts;
    GiRef notes;
    if (gi_getattr_opt(ts, exc, GI_N(__notes__), &notes) < 0) gi_exc_clear(ts);
    else if (gi_is_null(notes)) return;
    else if (!gi_is_sequence(gi_val(notes))) {
        gi_display_margin(d);
        GiRef shown = gi_repr(ts, gi_val(notes));
        if (gi_is_null(shown)) {
            gi_exc_clear(ts);
            gi_sb_lit(&d->out, "<__notes__ repr() failed>");
        } else {
            gi_sb_str(&d->out, gi_val(shown));
            gi_drop(ts, shown);
        }
        gi_drop(ts, notes);
    } else {
        GiRef list = gi_to_tuple(ts, gi_val(notes));
        gi_drop(ts, notes);
        if (gi_is_null(list)) gi_exc_clear(ts);
        for (size_t i = 0; !gi_is_null(list) && i < gi_tuple_len(list); i++) {
            GiRef text = gi_str(ts, gi_tuple_get(gi_val(list), i));
            if (gi_is_null(text)) {
                gi_exc_clear(ts);
                text = gi_str_from_cstr(ts, "<note str() failed>");
                if (gi_is_null(text)) break;
            }
            show_lines(d, gi_val(text));
            gi_drop(ts, text);
        }
        gi_xdrop(ts, list);
    }
}

/* ---- Syntax errors ---- */

/* The place of a syntax error as its attributes tell. The text is null when there is none. */
typedef struct Place {
    GiRef message, filename, text;
    int64_t line, offset, end_line, end_offset; /* offsets from 1; -1: not known */
} Place;

static void place_drop(GiThread *ts, Place *p) {
    gi_xdrop(ts, p->message);
    gi_xdrop(ts, p->filename);
    gi_xdrop(ts, p->text);
}
/* An attribute that is an int, or None (then *out stays). */
static bool int_attribute(GiThread *ts, GiVal exc, const char *name, int64_t *out, bool none_ok) {
    GiRef v = gi_getattr_cstr(ts, exc, name);
    bool ok = !gi_is_null(v) && (gi_is_none(v) ? none_ok : gi_is_int(gi_val(v)) && gi_int_as_i64(gi_val(v), out) == 0);
    gi_xdrop(ts, v);
    return ok;
}
static bool place_get(GiThread *ts, GiVal exc, Place *p) {
    *p = (Place){.message = GI_NULL, .filename = GI_NULL, .text = GI_NULL, .offset = -1, .end_offset = -1};
    GiRef marker;
    if (gi_getattr_opt(ts, exc, GI_N(print_file_and_line), &marker) < 0 || gi_is_null(marker)) return false;
    gi_drop(ts, marker);
    p->message = gi_getattr_cstr(ts, exc, "msg");
    GiRef filename = gi_is_null(p->message) ? GI_NULL : gi_getattr_cstr(ts, exc, "filename");
    if (gi_is_null(filename)) return false;
    p->filename = gi_is_none(filename) ? gi_str_from_cstr(ts, "<string>") : gi_str(ts, gi_val(filename));
    gi_drop(ts, filename);
    if (gi_is_null(p->filename) || !int_attribute(ts, exc, "lineno", &p->line, false) ||
        !int_attribute(ts, exc, "offset", &p->offset, true))
        return false;
    p->end_line = p->line;
    if (!int_attribute(ts, exc, "end_lineno", &p->end_line, true) ||
        !int_attribute(ts, exc, "end_offset", &p->end_offset, true))
        return false;
    p->offset = GI_MAX(p->offset, -1);
    p->end_offset = GI_MAX(p->end_offset, -1);
    p->text = gi_getattr_cstr(ts, exc, "text");
    return !gi_is_null(p->text);
}

/* The source line (no margin: as CPython shows it) and the carets. */
static void show_place_text(GiDisplay *d, const Place *p) {
    GiVal text = gi_val(p->text);
    size_t start = 0, end = gi_str_len(text);
    if (end > 0 && gi_str_char(text, end - 1) == '\n') end--;
    int64_t from = p->offset - 1, to = p->end_offset - 1;
    if (p->end_line > p->line) to = (int64_t)end - 1;
    /* Of several lines the one with the place is shown, and what follows it. */
    for (size_t i = 0; i < end && from > (int64_t)(i - start); i++)
        if (gi_str_char(text, i) == '\n') {
            from -= (int64_t)(i + 1 - start);
            to -= (int64_t)(i + 1 - start);
            start = i + 1;
        }
    while (start < end) {
        uint32_t c = gi_str_char(text, start);
        if (c != ' ' && c != '\t' && c != '\f') break;
        start++, from--, to--;
    }
    gi_sb_lit(&d->out, "    ");
    gi_sb_slice(&d->out, text, start, end);
    gi_sb_char(&d->out, '\n');
    if (from < 0 || p->offset < 1) return;
    int64_t length = (int64_t)(end - start);
    from = GI_MIN(from, length);
    to = GI_MIN(to, length);
    gi_sb_fill(&d->out, ' ', 4 + (size_t)from);
    gi_sb_fill(&d->out, '^', to > from ? (size_t)(to - from) : 1);
    gi_sb_char(&d->out, '\n');
}

/* Shows a syntax error; false: it is none, or its attributes are of no use. */
static bool show_syntax_error(GiDisplay *d, GiVal exc) {
    Place p;
    GiThread *ts = d->ts;
    bool ok = place_get(ts, exc, &p);
    if (gi_raised(ts)) gi_exc_clear(ts);
    if (ok) {
        char line[48];
        gi_display_margin(d);
        gi_sb_lit(&d->out, "  File \"");
        gi_sb_str(&d->out, gi_val(p.filename));
        gi_sb_ascii(&d->out, line, (size_t)snprintf(line, sizeof line, "\", line %lld\n", (long long)p.line));
        if (!gi_is_exact(exc, &gi_exc_SyntaxError)) p.end_offset = 0, p.end_line = p.line; /* PYSEM: one caret for subclasses */
        if (gi_is_str(gi_val(p.text))) show_place_text(d, &p);
        gi_display_margin(d);
        show_class(d, exc);
        if (!gi_is_none(p.message)) show_text(d, gi_val(p.message), true, "<exception str() failed>");
        gi_sb_char(&d->out, '\n');
    }
    place_drop(ts, &p);
    return ok;
}

/* ---- Groups and chains ---- */

static void show_one(GiDisplay *d, GiVal exc, bool group) {
    GiRef tb = gi_slot_load(d->ts, &gi_exception_of(exc)->traceback);
    if (!gi_is_null(tb)) {
        if (gi_display_traceback(d, gi_val(tb), group) < 0 && gi_raised(d->ts)) d->out.failed = true;
        gi_drop(d->ts, tb);
    }
    if (show_syntax_error(d, exc)) return; /* PYSEM: without notes, as in 3.11 */
    gi_display_margin(d);
    show_class(d, exc);
    show_text(d, exc, true, "<exception str() failed>");
    show_suggestion(d, exc);
    gi_sb_char(&d->out, '\n');
    show_notes(d, exc);
}

static void box_line(GiDisplay *d, const char *label, bool first) {
    gi_sb_fill(&d->out, ' ', 2 * (size_t)d->depth);
    gi_sb_ascii(&d->out, first ? "+-" : "  ", 2);
    gi_sb_lit(&d->out, "+----------------");
    if (label) {
        gi_sb_char(&d->out, ' ');
        gi_sb_ascii(&d->out, label, strlen(label));
        gi_sb_char(&d->out, ' ');
    } else {
        gi_sb_lit(&d->out, "----");
    }
    gi_sb_lit(&d->out, "----------------\n");
}

static void show_group(GiDisplay *d, GiVal exc) {
    GiThread *ts = d->ts;
    char label[64];
    if (d->depth > GROUP_DEPTH) {
        gi_display_margin(d);
        gi_sb_ascii(&d->out, label, (size_t)snprintf(label, sizeof label, "... (max_group_depth is %d)\n", GROUP_DEPTH));
        return;
    }
    bool outermost = d->depth == 0;
    if (outermost) d->depth = 1;
    show_one(d, exc, true);
    GiRef members = gi_slot_dup(ts, &((GiExceptionGroup *)gi_obj(exc))->exceptions);
    size_t count = gi_tuple_len(members), shown = GI_MIN(count, (size_t)GROUP_WIDTH + 1);
    d->need_close = false;
    for (size_t i = 0; i < shown && !d->out.failed; i++) {
        bool more = i == GROUP_WIDTH;
        if (more) snprintf(label, sizeof label, "...");
        else snprintf(label, sizeof label, "%zu", i + 1);
        if (i + 1 == shown) d->need_close = true;
        box_line(d, label, i == 0);
        d->depth++;
        if (more) {
            gi_display_margin(d);
            size_t left = count - GROUP_WIDTH;
            gi_sb_ascii(&d->out, label, (size_t)snprintf(label, sizeof label, "and %zu more exception%s\n", left, left > 1 ? "s" : ""));
        } else {
            show_chain(d, gi_tuple_get(gi_val(members), i));
        }
        d->depth--;
        if (i + 1 == shown && d->need_close) {
            box_line(d, NULL, false);
            d->need_close = false;
        }
    }
    gi_drop(ts, members);
    if (outermost) d->depth = 0;
}

/* Notes that exc is shown: true when it was before. */
static bool was_seen(GiDisplay *d, GiVal exc) {
    GiThread *ts = d->ts;
    GiRef key = gi_int_from_u64(ts, (uint64_t)(uintptr_t)gi_obj(exc));
    if (gi_is_null(key)) {
        d->out.failed = true;
        return true;
    }
    bool seen = gi_set_contains(ts, gi_val(d->seen), gi_val(key)).value > 0;
    if (!seen && gi_set_add(ts, gi_val(d->seen), gi_val(key)) < 0) d->out.failed = true;
    gi_drop(ts, key);
    return seen;
}

/* What is shown before exc: its cause, or its context; null: nothing, or it was shown already. */
static GiRef earlier(GiDisplay *d, GiVal exc, bool *is_cause) {
    GiException *e = gi_exception_of(exc);
    GiRef other = gi_slot_load(d->ts, &e->cause);
    *is_cause = !gi_is_null(other);
    if (!*is_cause && !__atomic_load_n(&e->suppress_context, __ATOMIC_RELAXED)) other = gi_slot_load(d->ts, &e->context);
    if (gi_is_null(other)) return other;
    if (!was_seen(d, gi_val(other))) return other;
    gi_drop(d->ts, other);
    return GI_NULL;
}

static void show_link(GiDisplay *d, bool is_cause) {
    gi_display_margin(d);
    gi_sb_char(&d->out, '\n');
    gi_display_margin(d);
    if (is_cause) gi_sb_lit(&d->out, "The above exception was the direct cause of the following exception:\n");
    else gi_sb_lit(&d->out, "During handling of the above exception, another exception occurred:\n");
    gi_display_margin(d);
    gi_sb_char(&d->out, '\n');
}

static void show_chain(GiDisplay *d, GiVal exc) {
    GiThread *ts = d->ts;
    if (gi_enter_recursive(ts, " in exception display") < 0) {
        d->out.failed = true;
        return;
    }
    /* From exc back to the first one, each with how the next came of it; then shown in order. */
    GiRef chain = gi_list_new(ts, 0);
    GiRef current = gi_dup(ts, exc);
    bool is_cause;
    (void)was_seen(d, exc);
    while (!gi_is_null(chain) && !gi_is_null(current) && !d->out.failed) {
        GiRef before = earlier(d, gi_val(current), &is_cause);
        if (gi_list_append(ts, gi_val(chain), current) < 0 || gi_list_append(ts, gi_val(chain), gi_bool_ref(is_cause)) < 0)
            d->out.failed = true;
        current = before;
    }
    gi_xdrop(ts, current);
    if (gi_is_null(chain)) d->out.failed = true;
    size_t n = gi_is_null(chain) ? 0 : gi_list_len(chain);
    for (size_t i = n; i > 0 && !d->out.failed; i -= 2) {
        GiVal one = gi_list_peek_locked(gi_val(chain), i - 2);
        if (i < n) show_link(d, gi_same(gi_list_peek_locked(gi_val(chain), i - 1), GI_TRUE));
        if (gi_is_instance_of(one, &gi_exc_BaseExceptionGroup)) show_group(d, one);
        else show_one(d, one, false);
    }
    gi_xdrop(ts, chain);
    gi_leave_recursive(ts);
}

/* ---- The whole ---- */

/* Makes the text: null with an exception when that fails. */
static GiRef display_text(GiThread *ts, GiVal exc) {
    GiDisplay d = {.ts = ts, .seen = gi_set_new(ts, GI_NOVAL), .file = GI_NULL, .owner = GI_NULL};
    if (gi_is_null(d.seen)) return GI_NULL;
    gi_sb_init(&d.out, ts);
    show_chain(&d, exc);
    gi_drop(ts, d.seen);
    gi_xdrop(ts, d.file);
    gi_xdrop(ts, d.owner);
    if (!d.out.failed) return gi_sb_finish(&d.out);
    gi_sb_discard(&d.out);
    if (!gi_raised(ts)) gi_raise_nomem(ts);
    return GI_NULL;
}

static GiStatus write_text(GiThread *ts, GiVal file, GiRef text) {
    if (gi_is_null(text)) return GI_FAIL;
    GiVal arg = gi_val(text);
    GiRef r = gi_call_method_cstr(ts, file, "write", &arg, 1);
    gi_drop(ts, text);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

GiStatus gi_display_exception(GiThread *ts, GiVal exc, GiVal file) {
    GiRef text = display_text(ts, exc);
    if (gi_is_null(text)) {
        /* Memory or stack are short: the class alone. */
        gi_exc_clear(ts);
        text = gi_str_format(ts, "%T\n", exc);
    }
    if (write_text(ts, file, text) < 0) {
        gi_exc_clear(ts);
        fputs("lost sys.stderr\n", stderr);
        return GI_OK;
    }
    GiRef r = gi_call_method_cstr(ts, file, "flush", NULL, 0);
    if (gi_is_null(r)) gi_exc_clear(ts);
    else gi_drop(ts, r);
    return GI_OK;
}

GiStatus gi_display_unchained(GiThread *ts, GiVal exc, GiVal traceback, GiVal file) {
    GiDisplay d = {.ts = ts, .seen = GI_NULL, .file = GI_NULL, .owner = GI_NULL};
    gi_sb_init(&d.out, ts);
    if (!gi_is_null(traceback) && !gi_is_none(traceback) && gi_display_traceback(&d, traceback, false) < 0) d.out.failed = true;
    show_class(&d, exc);
    show_text(&d, exc, true, "<exception str() failed>");
    gi_sb_char(&d.out, '\n');
    gi_xdrop(ts, d.file);
    gi_xdrop(ts, d.owner);
    if (d.out.failed) {
        gi_sb_discard(&d.out);
        gi_exc_clear(ts);
    }
    return write_text(ts, file, d.out.failed ? gi_str_format(ts, "%T\n", exc) : gi_sb_finish(&d.out));
}
