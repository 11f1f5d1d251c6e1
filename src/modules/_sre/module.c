/* module.c - the module _sre: Pattern, Match and SRE_Scanner objects. */
#include "modules/_sre/sre.h"
#include "modules/step.h"

#include "base/strbuf.h"
#include "base/unicode.h"

#include <ctype.h>

typedef struct Pattern {
    GiObj obj;
    GiSlot pattern;    /* str, bytes or None */
    GiSlot groupindex; /* dict: name -> number */
    GiSlot indexgroup; /* tuple: number -> name or None */
    uint32_t *code;
    size_t code_len;
    SreProgram program;
    size_t groups;
    int flags;
    int is_bytes;      /* -1: unknown (pattern is None) */
} Pattern;

typedef struct Match {
    GiObj obj;
    GiSlot string;  /* the text; null when released */
    GiSlot pattern;
    ssize_t pos, endpos;
    ssize_t lastindex; /* -1 none */
    size_t groups;     /* with group 0 */
    ssize_t marks[];   /* 2 * groups */
} Match;

typedef struct Scanner {
    GiObj obj;
    GiSlot pattern, string;
    GiBuffer view; /* keeps a bytes-like text as it is */
    size_t start, end, endpos, pos;
    bool must_advance, done;
    uint64_t steps; /* how often it has moved */
} Scanner;

#define PATTERN(v) ((Pattern *)gi_obj(v))
#define MATCH(v) ((Match *)gi_obj(v))
#define MAXSIZE 9223372036854775807

extern GiType gi_sre_pattern_type, gi_sre_match_type, gi_sre_scanner_type;

#include "modules/_sre/module.gen.h"

/* ---- texts ---- */

/* A text being searched, with its view when it is bytes-like. */
typedef struct Text {
    GiVal object;
    GiBuffer view;
    const void *data;
    size_t length;
    int width;
    bool is_bytes;
} Text;

static GiStatus text_open(GiThread *ts, GiVal v, Text *t) {
    memset(t, 0, sizeof *t);
    t->object = v;
    if (gi_is_str(v)) {
        GiTextView view = gi_str_view(v);
        t->data = view.data;
        t->length = view.len;
        t->width = view.kind;
        return GI_OK;
    }
    if (!gi_has_buffer(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "expected string or bytes-like object, got '%.200T'", v);
    if (gi_buffer_get(ts, v, &t->view, GI_BUF_BRIEF) != GI_OK) return GI_FAIL;
    t->data = t->view.data ? t->view.data : "";
    t->length = (size_t)t->view.len;
    t->width = 1;
    t->is_bytes = true;
    return GI_OK;
}

static void text_close(GiThread *ts, Text *t) { gi_buffer_release(ts, &t->view); }

/* The part [start, stop) as match.group() gives it. */
static GiRef text_slice(GiThread *ts, const Text *t, ssize_t start, ssize_t stop) {
    if (!t->is_bytes) return gi_str_slice(ts, t->object, (size_t)start, (size_t)stop);
    if (gi_is_bytes_exact(t->object) && start == 0 && (size_t)stop == t->length) return gi_dup(ts, t->object);
    return gi_bytes_from(ts, (const char *)t->data + start, (size_t)(stop - start));
}

/* A scan of a text by a pattern: opens both. */
typedef struct Scan {
    SreState state;
    Text text;
    size_t pos, endpos;
} Scan;

static GiStatus scan_open(GiThread *ts, Scan *s, const Pattern *p, GiVal string, ssize_t start, ssize_t end) {
    if (text_open(ts, string, &s->text) != GI_OK) return GI_FAIL;
    if (p->is_bytes >= 0 && p->is_bytes != s->text.is_bytes) {
        text_close(ts, &s->text);
        return gi_raise_status(ts, &gi_exc_TypeError,
                               p->is_bytes ? "cannot use a bytes pattern on a string-like object"
                                           : "cannot use a string pattern on a bytes-like object");
    }
    ssize_t n = (ssize_t)s->text.length;
    if (start < 0) start = 0;
    if (start > n) start = n;
    if (end < 0) end = 0;
    if (end > n) end = n;
    if (gi_sre_state_init(ts, &s->state, &p->program) != GI_OK) {
        text_close(ts, &s->text);
        return GI_FAIL;
    }
    s->pos = (size_t)start;
    s->endpos = (size_t)end;
    s->state.text = s->text.data;
    s->state.width = s->text.width;
    s->state.start = (size_t)start;
    s->state.length = (size_t)end;
    return GI_OK;
}

static void scan_close(GiThread *ts, Scan *s) {
    gi_sre_state_free(&s->state);
    text_close(ts, &s->text);
}

/* Searches on, after the match that was found last. */
static int scan_next(Scan *s) {
    int found = gi_sre_search(&s->state);
    return found;
}

static void scan_advance(Scan *s) {
    s->state.must_advance = s->state.match_end == s->state.match_start;
    s->state.start = s->state.match_end;
}

static GiRef match_new(GiThread *ts, GiVal pattern, const Scan *s) {
    size_t groups = PATTERN(pattern)->groups + 1;
    Match *m = (Match *)gi_heap_new(ts, &gi_sre_match_type, sizeof(Match) + 2 * groups * sizeof(ssize_t));
    if (!m) return GI_NULL;
    gi_slot_init(&m->string, gi_dup(ts, s->text.object));
    gi_slot_init(&m->pattern, gi_dup(ts, pattern));
    m->pos = (ssize_t)s->pos;
    m->endpos = (ssize_t)s->endpos;
    m->groups = groups;
    m->lastindex = s->state.lastindex;
    m->marks[0] = (ssize_t)s->state.match_start;
    m->marks[1] = (ssize_t)s->state.match_end;
    for (size_t g = 1; g < groups; g++) {
        ssize_t from = s->state.marks[2 * g - 2], to = s->state.marks[2 * g - 1];
        bool set = from >= 0 && to >= from;
        m->marks[2 * g] = set ? from : -1;
        m->marks[2 * g + 1] = set ? to : -1;
    }
    return gi_own_obj(m);
}

/* ---- Pattern ---- */

static GiRef match_once(GiThread *ts, GiVal self, GiVal string, ssize_t pos, ssize_t endpos, bool search, bool full) {
    Scan s;
    if (scan_open(ts, &s, PATTERN(self), string, pos, endpos) != GI_OK) return GI_NULL;
    s.state.match_all = full;
    int found = search ? gi_sre_search(&s.state) : gi_sre_match(&s.state);
    GiRef r = found < 0 ? GI_NULL : found ? match_new(ts, self, &s) : GI_REF_NONE;
    scan_close(ts, &s);
    return r;
}

GI_METHOD(pattern, match, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)",
          "Matches zero or more characters at the beginning of the string.") {
    return match_once(ts, self, a->string, a->pos, a->endpos, false, false);
}
GI_METHOD(pattern, fullmatch, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)",
          "Matches against all of the string.") {
    return match_once(ts, self, a->string, a->pos, a->endpos, false, true);
}
GI_METHOD(pattern, search, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)",
          "Scan through string looking for a match, and return a corresponding match object instance.\n\nReturn None if no position in the string matches.") {
    return match_once(ts, self, a->string, a->pos, a->endpos, true, false);
}

/* Group g of the scan's current match, or null without exception when it took no part. */
static GiRef scan_group(GiThread *ts, const Scan *s, size_t g) {
    if (g == 0) return text_slice(ts, &s->text, (ssize_t)s->state.match_start, (ssize_t)s->state.match_end);
    ssize_t from = s->state.marks[2 * g - 2], to = s->state.marks[2 * g - 1];
    if (from < 0 || to < from) return GI_NULL;
    return text_slice(ts, &s->text, from, to);
}

static GiRef empty_text(GiThread *ts, const Text *t) { return text_slice(ts, t, 0, 0); }

static GiRef findall_item(GiThread *ts, const Scan *s, size_t groups) {
    if (groups == 0) return scan_group(ts, s, 0);
    GiRef tuple = groups == 1 ? GI_NULL : gi_tuple_new(ts, groups);
    if (groups > 1 && gi_is_null(tuple)) return tuple;
    for (size_t g = 1; g <= groups; g++) {
        GiRef part = scan_group(ts, s, g);
        if (gi_is_null(part) && !gi_raised(ts)) part = empty_text(ts, &s->text);
        if (groups == 1) return part;
        if (gi_is_null(part)) {
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        gi_tuple_init(tuple, g - 1, part);
    }
    return tuple;
}

GI_METHOD(pattern, findall, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)",
          "Return a list of all non-overlapping matches of pattern in string.") {
    Scan s;
    if (scan_open(ts, &s, PATTERN(self), a->string, a->pos, a->endpos) != GI_OK) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    while (!gi_is_null(list)) {
        int found = scan_next(&s);
        if (found == 0) break;
        GiRef item = found < 0 ? GI_NULL : findall_item(ts, &s, PATTERN(self)->groups);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) != GI_OK) {
            gi_drop(ts, list);
            list = GI_NULL;
            break;
        }
        scan_advance(&s);
    }
    scan_close(ts, &s);
    return list;
}

static GiRef scanner_new(GiThread *ts, GiVal pattern, GiVal string, ssize_t pos, ssize_t endpos) {
    Scan s;
    if (scan_open(ts, &s, PATTERN(pattern), string, pos, endpos) != GI_OK) return GI_NULL;
    scan_close(ts, &s);
    Scanner *sc = (Scanner *)gi_heap_new(ts, &gi_sre_scanner_type, sizeof(Scanner));
    if (!sc) return GI_NULL;
    gi_slot_init(&sc->pattern, gi_dup(ts, pattern));
    gi_slot_init(&sc->string, gi_dup(ts, string));
    sc->pos = sc->start = s.pos;
    sc->endpos = s.endpos;
    GiRef r = gi_own_obj(sc);
    if (gi_is_str(string) || gi_buffer_get(ts, string, &sc->view, GI_BUF_SIMPLE) == GI_OK) return r;
    memset(&sc->view, 0, sizeof sc->view);
    gi_drop(ts, r);
    return GI_NULL;
}

GI_METHOD(pattern, scanner, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)", "") {
    return scanner_new(ts, self, a->string, a->pos, a->endpos);
}

GI_METHOD(pattern, finditer, "(self, string, pos: ssize = 0, endpos: ssize = 9223372036854775807)",
          "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\nFor each match, the iterator returns a match object.") {
    GiRef scanner = scanner_new(ts, self, a->string, a->pos, a->endpos);
    if (gi_is_null(scanner)) return scanner;
    GiRef search = gi_getattr_cstr(ts, gi_val(scanner), "search");
    gi_drop(ts, scanner);
    if (gi_is_null(search)) return search;
    GiRef iter = gi_calliter_new(ts, gi_val(search), GI_NONE);
    gi_drop(ts, search);
    return iter;
}

/* Appends text[start:stop]. */
static GiStatus list_slice(GiThread *ts, GiVal list, const Text *t, size_t start, size_t stop) {
    GiRef part = text_slice(ts, t, (ssize_t)start, (ssize_t)stop);
    return gi_is_null(part) ? GI_FAIL : gi_list_append(ts, list, part);
}

GI_METHOD(pattern, split, "(self, string, maxsplit: ssize = 0)", "Split string by the occurrences of pattern.") {
    Scan s;
    if (scan_open(ts, &s, PATTERN(self), a->string, 0, SSIZE_MAX) != GI_OK) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    size_t last = 0;
    for (ssize_t n = 0; status == GI_OK && (a->maxsplit == 0 || n < a->maxsplit); n++) {
        int found = scan_next(&s);
        if (found == 0) break;
        status = found < 0 ? GI_FAIL : list_slice(ts, gi_val(list), &s.text, last, s.state.match_start);
        for (size_t g = 1; status == GI_OK && g <= PATTERN(self)->groups; g++) {
            GiRef part = scan_group(ts, &s, g);
            if (gi_is_null(part)) {
                if (gi_raised(ts)) {
                    status = GI_FAIL;
                    break;
                }
                part = GI_REF_NONE;
            }
            status = gi_list_append(ts, gi_val(list), part);
        }
        last = s.state.match_end;
        scan_advance(&s);
    }
    if (status == GI_OK) status = list_slice(ts, gi_val(list), &s.text, last, s.text.length);
    scan_close(ts, &s);
    if (status == GI_OK) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}

/* ---- substitution ---- */

/* The output of sub(): text in a builder, bytes in a buffer. items counts the pieces, as messages
 * number them. */
typedef struct Output {
    GiThread *ts;
    bool is_bytes;
    GiStrBuilder text;
    GiStrbuf bytes;
    ssize_t items;
} Output;

static void out_init(GiThread *ts, Output *out, bool is_bytes) {
    out->ts = ts;
    out->is_bytes = is_bytes;
    out->items = 0;
    out->bytes = (GiStrbuf){0};
    gi_sb_init(&out->text, ts);
}

static void out_slice(Output *out, const Text *t, size_t start, size_t stop) {
    if (start >= stop) return;
    out->items++;
    if (out->is_bytes)
        gi_strbuf_append(&out->bytes, (const char *)t->data + start, stop - start);
    else
        gi_sb_slice(&out->text, t->object, start, stop);
}

/* Appends an object that must be of the text's kind; None is left out. */
static GiStatus out_object(Output *out, GiVal v) {
    GiThread *ts = out->ts;
    if (gi_is_none(v)) return GI_OK;
    ssize_t item = out->items++;
    if (!out->is_bytes) {
        if (!gi_is_str(v))
            return gi_raise_status(ts, &gi_exc_TypeError, "sequence item %zd: expected str instance, %.80T found", item, v);
        gi_sb_str(&out->text, v);
        return GI_OK;
    }
    GiBuffer view;
    if (!gi_has_buffer(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "sequence item %zd: expected a bytes-like object, %.80T found",
                               item, v);
    if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF) != GI_OK) return GI_FAIL;
    gi_strbuf_append(&out->bytes, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    return GI_OK;
}

static GiRef out_finish(Output *out, GiStatus status) {
    GiRef r = GI_NULL;
    if (status == GI_OK && out->is_bytes)
        r = out->bytes.failed ? gi_raise_nomem(out->ts) : gi_bytes_from(out->ts, out->bytes.data, out->bytes.len);
    if (status == GI_OK && !out->is_bytes)
        r = gi_sb_finish(&out->text);
    else
        gi_sb_discard(&out->text);
    gi_strbuf_free(&out->bytes);
    return r;
}

/* What replaces a match: a constant, a function, or a template as re._parser makes it. */
typedef struct Replacement {
    GiRef constant; /* null: not one */
    GiRef function; /* borrowed semantics kept simple: owned */
    GiRef groups;   /* list of (index, group) */
    GiRef literals; /* list of texts and None */
} Replacement;

static void replacement_free(GiThread *ts, Replacement *r) {
    gi_xdrop(ts, r->constant);
    gi_xdrop(ts, r->function);
    gi_xdrop(ts, r->groups);
    gi_xdrop(ts, r->literals);
}

static bool is_literal_template(GiThread *ts, GiVal repl) {
    if (gi_is_str(repl)) {
        GiTextView t = gi_str_view(repl);
        for (size_t i = 0; i < t.len; i++)
            if (gi_text_at(t, i) == '\\') return false;
        return true;
    }
    GiBuffer view;
    if (!gi_has_buffer(repl)) return false;
    if (gi_buffer_get(ts, repl, &view, GI_BUF_BRIEF) != GI_OK) {
        gi_exc_clear(ts);
        return false;
    }
    bool literal = view.len == 0 || !memchr(view.data, '\\', (size_t)view.len);
    gi_buffer_release(ts, &view);
    return literal;
}

/* Parses a template by the library: (groups, literals). */
static GiStatus parse_template(GiThread *ts, GiVal pattern, GiVal repl, const char *module, const char *function,
                               Replacement *r) {
    GiRef parse = gi_import_attr(ts, module, function);
    if (gi_is_null(parse)) return GI_FAIL;
    GiRef pair = gi_call2(ts, gi_val(parse), repl, pattern);
    gi_drop(ts, parse);
    if (gi_is_null(pair)) return GI_FAIL;
    GiVal v = gi_val(pair);
    bool good = gi_is_tuple(v) && gi_tuple_len(v) == 2 && gi_is_list(gi_tuple_get(v, 0)) && gi_is_list(gi_tuple_get(v, 1));
    if (!good) {
        gi_drop(ts, pair);
        return gi_raise_status(ts, &gi_exc_TypeError, "invalid template");
    }
    GiVal literals = gi_tuple_get(v, 1);
    if (gi_list_len(gi_tuple_get(v, 0)) == 0 && gi_list_len(literals) == 1) {
        r->constant = gi_list_get(ts, literals, 0);
    } else {
        r->groups = gi_dup(ts, gi_tuple_get(v, 0));
        r->literals = gi_dup(ts, literals);
    }
    gi_drop(ts, pair);
    return GI_OK;
}

static GiStatus replacement_init(GiThread *ts, GiVal pattern, GiVal repl, Replacement *r) {
    memset(r, 0, sizeof *r);
    if (gi_is_callable(repl)) {
        r->function = gi_dup(ts, repl);
        return GI_OK;
    }
    if (is_literal_template(ts, repl)) {
        r->constant = gi_dup(ts, repl);
        return GI_OK;
    }
    /* The library's helper first, so that its warnings find the frames they count on. */
    GiRef helper = gi_import_attr(ts, "re", "_subx");
    if (gi_is_null(helper)) return GI_FAIL;
    GiRef filter = gi_call2(ts, gi_val(helper), pattern, repl);
    gi_drop(ts, helper);
    if (gi_is_null(filter)) return GI_FAIL;
    if (!gi_is_callable(gi_val(filter))) {
        r->constant = filter;
        return GI_OK;
    }
    gi_drop(ts, filter);
    return parse_template(ts, pattern, repl, "re", "_compile_repl", r);
}

/* The number of the group that entry i of a template's literals is, -1 when it is text. */
static ssize_t template_group(GiVal groups, size_t *next, size_t i) {
    if (*next >= gi_list_len(groups)) return -1;
    GiVal pair = gi_list_peek_locked(groups, *next);
    if (!gi_is_tuple(pair) || gi_tuple_len(pair) != 2) return -1;
    GiVal index = gi_tuple_get(pair, 0), group = gi_tuple_get(pair, 1);
    if (!gi_is_smallint(index) || !gi_is_smallint(group) || (size_t)gi_smallint_value(index) != i) return -1;
    ++*next;
    return gi_smallint_value(group);
}

/* Appends a template filled from marks (2 * groups positions, group 0 first). */
static GiStatus out_template(Output *out, const Replacement *r, const Text *t, const ssize_t *marks, size_t groups) {
    GiVal literals = gi_val(r->literals);
    size_t next = 0, n = gi_list_len(literals);
    ssize_t item = out->items;
    for (size_t i = 0; i < n; i++) {
        ssize_t g = template_group(gi_val(r->groups), &next, i);
        if (g < 0) {
            GiRef text = gi_list_get(out->ts, literals, i);
            GiStatus status = gi_is_null(text) ? GI_OK : out_object(out, gi_val(text));
            gi_xdrop(out->ts, text);
            if (status != GI_OK) return status;
        } else if ((size_t)g >= groups) {
            return gi_raise_status(out->ts, &gi_exc_IndexError, "no such group");
        } else if (marks[2 * g] >= 0) {
            out_slice(out, t, (size_t)marks[2 * g], (size_t)marks[2 * g + 1]);
        }
    }
    out->items = item + 1;
    return GI_OK;
}

static GiStatus replace_match(GiThread *ts, GiVal pattern, Scan *s, const Replacement *r, Output *out) {
    if (!gi_is_null(r->constant)) return out_object(out, gi_val(r->constant));
    GiRef match = match_new(ts, pattern, s);
    if (gi_is_null(match)) return GI_FAIL;
    GiStatus status;
    if (!gi_is_null(r->function)) {
        GiRef made = gi_call1(ts, gi_val(r->function), gi_val(match));
        status = gi_is_null(made) ? GI_FAIL : out_object(out, gi_val(made));
        gi_xdrop(ts, made);
    } else {
        status = out_template(out, r, &s->text, MATCH(match)->marks, MATCH(match)->groups);
    }
    gi_drop(ts, match);
    return status;
}

static GiRef substitute(GiThread *ts, GiVal self, GiVal repl, GiVal string, ssize_t count, bool with_count) {
    Scan s;
    Replacement r;
    Output out;
    if (replacement_init(ts, self, repl, &r) != GI_OK) {
        replacement_free(ts, &r);
        return GI_NULL;
    }
    if (scan_open(ts, &s, PATTERN(self), string, 0, SSIZE_MAX) != GI_OK) {
        replacement_free(ts, &r);
        return GI_NULL;
    }
    out_init(ts, &out, s.text.is_bytes);
    GiStatus status = GI_OK;
    ssize_t n = 0;
    size_t last = 0;
    while (status == GI_OK && (count == 0 || n < count)) {
        int found = scan_next(&s);
        if (found == 0) break;
        if (found < 0) {
            status = GI_FAIL;
            break;
        }
        out_slice(&out, &s.text, last, s.state.match_start);
        last = s.state.match_end;
        status = replace_match(ts, self, &s, &r, &out);
        n++;
        scan_advance(&s);
    }
    GiRef text;
    if (status == GI_OK && n == 0) {
        (void)out_finish(&out, GI_FAIL);
        text = text_slice(ts, &s.text, 0, (ssize_t)s.text.length);
    } else {
        if (status == GI_OK) out_slice(&out, &s.text, last, s.text.length);
        text = out_finish(&out, status);
    }
    scan_close(ts, &s);
    replacement_free(ts, &r);
    if (gi_is_null(text) || !with_count) return text;
    GiRef parts[2] = {text, gi_smallint_ref(n)};
    return gi_tuple_steal(ts, parts, 2);
}

GI_METHOD(pattern, sub, "(self, repl, string, count: ssize = 0)",
          "Return the string obtained by replacing the leftmost non-overlapping occurrences of pattern in string by the replacement repl.") {
    return substitute(ts, self, a->repl, a->string, a->count, false);
}
GI_METHOD(pattern, subn, "(self, repl, string, count: ssize = 0)",
          "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost non-overlapping occurrences of pattern with the replacement repl.") {
    return substitute(ts, self, a->repl, a->string, a->count, true);
}

GI_METHOD(pattern, __copy__, "(self)", "") { return gi_dup(ts, self); }
GI_METHOD(pattern, __deepcopy__, "(self, memo, /)", "") { return gi_dup(ts, self); }
GI_CLASSMETHOD(pattern, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}
GI_GETTER(pattern, pattern, "The pattern string from which the RE object was compiled.") {
    return gi_slot_dup(ts, &PATTERN(self)->pattern);
}
GI_GETTER(pattern, flags, "The regex matching flags.") { return gi_smallint_ref(PATTERN(self)->flags); }
GI_GETTER(pattern, groups, "The number of capturing groups in the pattern.") {
    return gi_smallint_ref((int64_t)PATTERN(self)->groups);
}
GI_GETTER(pattern, groupindex, "A dictionary mapping group names to group numbers.") {
    return gi_mappingproxy_new(ts, gi_slot_peek(&PATTERN(self)->groupindex));
}

static GiRef pattern_repr(GiThread *ts, GiVal self) {
    static const struct { const char *name; int flag; } names[] = {
        {"re.TEMPLATE", SRE_FLAG_TEMPLATE}, {"re.IGNORECASE", SRE_FLAG_IGNORECASE}, {"re.LOCALE", SRE_FLAG_LOCALE},
        {"re.MULTILINE", SRE_FLAG_MULTILINE}, {"re.DOTALL", SRE_FLAG_DOTALL}, {"re.UNICODE", SRE_FLAG_UNICODE},
        {"re.VERBOSE", SRE_FLAG_VERBOSE}, {"re.DEBUG", SRE_FLAG_DEBUG}, {"re.ASCII", SRE_FLAG_ASCII},
    };
    Pattern *p = PATTERN(self);
    int flags = p->flags;
    if (p->is_bytes == 0 && (flags & (SRE_FLAG_LOCALE | SRE_FLAG_UNICODE | SRE_FLAG_ASCII)) == SRE_FLAG_UNICODE)
        flags &= ~SRE_FLAG_UNICODE;
    GiRef text = gi_repr(ts, gi_slot_peek(&p->pattern));
    if (gi_is_null(text)) return text;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_lit(&sb, "re.compile(");
    gi_sb_slice(&sb, gi_val(text), 0, GI_MIN(gi_str_len(text), 200));
    gi_drop(ts, text);
    const char *separator = ", ";
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        if (!(flags & names[i].flag)) continue;
        gi_sb_ascii(&sb, separator, strlen(separator));
        gi_sb_ascii(&sb, names[i].name, strlen(names[i].name));
        separator = "|";
        flags &= ~names[i].flag;
    }
    if (flags) {
        GiStrbuf hex = {0};
        gi_strbuf_printf(&hex, "%s0x%x", separator, (unsigned)flags);
        gi_sb_ascii(&sb, hex.data ? hex.data : "", hex.len);
        gi_strbuf_free(&hex);
    }
    gi_sb_char(&sb, ')');
    return gi_sb_finish(&sb);
}

static int64_t pattern_hash(GiThread *ts, GiVal self) {
    Pattern *p = PATTERN(self);
    int64_t hash = gi_hash(ts, gi_slot_peek(&p->pattern));
    if (hash == -1) return -1;
    uint64_t mix = 1469598103934665603u;
    for (size_t i = 0; i < p->code_len; i++) mix = (mix ^ p->code[i]) * 1099511628211u;
    hash ^= (int64_t)mix ^ p->flags ^ p->is_bytes ^ (int64_t)p->groups;
    return hash == -1 ? -2 : hash;
}

static GiRef pattern_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(self, &gi_sre_pattern_type) ||
        !gi_is_exact(other, &gi_sre_pattern_type))
        return GI_REF_NOTIMPLEMENTED;
    Pattern *a = PATTERN(self), *b = PATTERN(other);
    bool same = a == b || (a->flags == b->flags && a->is_bytes == b->is_bytes && a->code_len == b->code_len &&
                           memcmp(a->code, b->code, a->code_len * sizeof *a->code) == 0);
    if (same && a != b) {
        GiTruth truth = gi_equal(ts, gi_slot_peek(&a->pattern), gi_slot_peek(&b->pattern));
        if (truth.value < 0) return GI_NULL;
        same = truth.value;
    }
    return gi_bool_ref(same == (op == GI_EQ));
}

static void pattern_destroy(GiThread *ts, GiObj *obj) {
    (void)ts;
    Pattern *p = (Pattern *)obj;
    gi_sre_program_free(&p->program);
    gi_mem_free(p->code);
    p->code = NULL;
}

static const GiField pattern_fields[] = {GI_SLOT(Pattern, pattern), GI_SLOT(Pattern, groupindex),
                                         GI_SLOT(Pattern, indexgroup), GI_FIELDS_END};

GiType gi_sre_pattern_type = {
    .obj = GI_TYPE_HEAD,
    .name = "re.Pattern",
    .module = "re",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_WEAKREF,
    .size = sizeof(Pattern),
    .fields = pattern_fields,
    .base = &gi_object_type,
    .doc = "Compiled regular expression object.",
    .methods = pattern_methods,
    .getset = pattern_getset,
    .destroy = pattern_destroy,
    .repr = pattern_repr,
    .hash = pattern_hash,
    .compare = pattern_compare,
};

/* ---- Match ---- */

/* The number of a group given by number or name; -1 with IndexError, or what asking raised. */
static ssize_t group_number(GiThread *ts, const Match *m, GiVal which) {
    ssize_t g = -1;
    if (gi_is_smallint(which)) {
        g = gi_smallint_value(which);
    } else if (gi_type_of(which)->index && !gi_is_null(which)) {
        if (gi_as_ssize(ts, which, true, &g) != GI_OK) return -1;
    } else {
        GiRef number;
        if (gi_dict_get(ts, gi_slot_peek(&PATTERN(m->pattern)->groupindex), which, &number) != GI_OK)
            return -1;
        if (!gi_is_null(number)) {
            if (gi_is_smallint(number)) g = gi_smallint_value(number);
            gi_drop(ts, number);
        }
    }
    if (g >= 0 && (size_t)g < m->groups) return g;
    gi_raise(ts, &gi_exc_IndexError, "no such group");
    return -1;
}

/* The text of a group, or `fallback` when it took no part. */
static GiRef group_text(GiThread *ts, const Match *m, ssize_t g, GiVal fallback) {
    ssize_t from = m->marks[2 * g], to = m->marks[2 * g + 1];
    if (from < 0) return gi_dup(ts, fallback);
    GiVal string = gi_slot_peek(&m->string);
    if (gi_is_str(string)) {
        ssize_t n = (ssize_t)gi_str_len(string);
        return gi_str_slice(ts, string, (size_t)GI_MIN(from, n), (size_t)GI_MIN(to, n));
    }
    Text t;
    if (text_open(ts, string, &t) != GI_OK) return GI_NULL;
    ssize_t n = (ssize_t)t.length;
    GiRef r = text_slice(ts, &t, GI_MIN(from, n), GI_MIN(to, n));
    text_close(ts, &t);
    return r;
}

static GiRef group_of(GiThread *ts, GiVal self, GiVal which) {
    ssize_t g = group_number(ts, MATCH(self), which);
    return g < 0 ? GI_NULL : group_text(ts, MATCH(self), g, GI_NONE);
}

GI_METHOD(match, group, "(self, *args)", "group([group1, ...]) -> str or tuple.\n\nReturn subgroup(s) of the match by indices or names.\nFor 0 returns the entire match.") {
    if (a->args_count == 0) return group_text(ts, MATCH(self), 0, GI_NONE);
    if (a->args_count == 1) return group_of(ts, self, a->args[0]);
    GiRef tuple = gi_tuple_new(ts, a->args_count);
    for (size_t i = 0; !gi_is_null(tuple) && i < a->args_count; i++) {
        GiRef part = group_of(ts, self, a->args[i]);
        if (gi_is_null(part)) {
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        gi_tuple_init(tuple, i, part);
    }
    return tuple;
}

static GiRef match_subscript(GiThread *ts, GiVal self, GiVal key) { return group_of(ts, self, key); }

static GiRef match_position(GiThread *ts, GiVal self, GiVal group, int side) {
    ssize_t g = gi_is_null(group) ? 0 : group_number(ts, MATCH(self), group);
    return g < 0 ? GI_NULL : gi_smallint_ref(MATCH(self)->marks[2 * g + side]);
}

GI_METHOD(match, start, "(self, group=0, /)", "Return index of the start of the substring matched by group.") {
    return match_position(ts, self, a->group, 0);
}
GI_METHOD(match, end, "(self, group=0, /)", "Return index of the end of the substring matched by group.") {
    return match_position(ts, self, a->group, 1);
}

static GiRef span_tuple(GiThread *ts, const Match *m, ssize_t g) {
    GiRef parts[2] = {gi_smallint_ref(m->marks[2 * g]), gi_smallint_ref(m->marks[2 * g + 1])};
    return gi_tuple_steal(ts, parts, 2);
}

GI_METHOD(match, span, "(self, group=0, /)", "For match object m, return the 2-tuple (m.start(group), m.end(group)).") {
    ssize_t g = gi_is_null(a->group) ? 0 : group_number(ts, MATCH(self), a->group);
    return g < 0 ? GI_NULL : span_tuple(ts, MATCH(self), g);
}

GI_METHOD(match, groups, "(self, default=None)", "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n    Is used for groups that did not participate in the match.") {
    Match *m = MATCH(self);
    GiRef tuple = gi_tuple_new(ts, m->groups - 1);
    for (size_t g = 1; !gi_is_null(tuple) && g < m->groups; g++) {
        GiRef part = group_text(ts, m, (ssize_t)g, gi_is_null(a->default_) ? GI_NONE : a->default_);
        if (gi_is_null(part)) {
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        gi_tuple_init(tuple, g - 1, part);
    }
    return tuple;
}

GI_METHOD(match, groupdict, "(self, default=None)", "Return a dictionary containing all the named subgroups of the match, keyed by the subgroup name.\n\n  default\n    Is used for groups that did not participate in the match.") {
    GiRef dict = gi_dict_new(ts);
    GiVal index = gi_slot_peek(&PATTERN(MATCH(self)->pattern)->groupindex), key, value;
    size_t pos = 0;
    while (!gi_is_null(dict) && gi_dict_next_peek(index, &pos, &key, &value)) {
        ssize_t g = group_number(ts, MATCH(self), value);
        GiRef part = g < 0 ? GI_NULL : group_text(ts, MATCH(self), g, gi_is_null(a->default_) ? GI_NONE : a->default_);
        if (!gi_is_null(part) && gi_dict_set_steal(ts, gi_val(dict), key, part) == GI_OK) continue;
        gi_drop(ts, dict);
        return GI_NULL;
    }
    return dict;
}

GI_METHOD(match, expand, "(self, template)", "Return the string obtained by doing backslash substitution on the string template, as done by the sub() method.") {
    GiRef helper = gi_import_attr(ts, "re", "_expand");
    if (gi_is_null(helper)) return helper;
    GiRef text = gi_call3(ts, gi_val(helper), gi_slot_peek(&MATCH(self)->pattern), self, a->template);
    gi_drop(ts, helper);
    return text;
}

GI_METHOD(match, __copy__, "(self)", "") { return gi_dup(ts, self); }
GI_METHOD(match, __deepcopy__, "(self, memo, /)", "") { return gi_dup(ts, self); }
GI_CLASSMETHOD(match, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

GI_GETTER(match, string, "The string passed to match() or search().") { return gi_slot_dup(ts, &MATCH(self)->string); }
GI_GETTER(match, re, "The regular expression object.") { return gi_slot_dup(ts, &MATCH(self)->pattern); }
GI_GETTER(match, pos, "The index into the string at which the RE engine started looking for a match.") {
    return gi_smallint_ref(MATCH(self)->pos);
}
GI_GETTER(match, endpos, "The index into the string beyond which the RE engine will not go.") {
    return gi_smallint_ref(MATCH(self)->endpos);
}
GI_GETTER(match, lastindex, "The integer index of the last matched capturing group.") {
    return MATCH(self)->lastindex >= 0 ? gi_smallint_ref(MATCH(self)->lastindex) : GI_REF_NONE;
}
GI_GETTER(match, lastgroup, "The name of the last matched capturing group.") {
    Match *m = MATCH(self);
    GiVal names = gi_slot_peek(&PATTERN(m->pattern)->indexgroup);
    if (m->lastindex < 0 || (size_t)m->lastindex >= gi_tuple_len(names)) return GI_REF_NONE;
    return gi_dup(ts, gi_tuple_get(names, (size_t)m->lastindex));
}
GI_GETTER(match, regs, "") {
    Match *m = MATCH(self);
    GiRef tuple = gi_tuple_new(ts, m->groups);
    for (size_t g = 0; !gi_is_null(tuple) && g < m->groups; g++) {
        GiRef span = span_tuple(ts, m, (ssize_t)g);
        if (gi_is_null(span)) {
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        gi_tuple_init(tuple, g, span);
    }
    return tuple;
}

static GiRef match_repr(GiThread *ts, GiVal self) {
    Match *m = MATCH(self);
    GiRef text = group_text(ts, m, 0, GI_NONE);
    if (gi_is_null(text)) return text;
    GiRef r = gi_str_format(ts, "<%s object; span=(%zd, %zd), match=%.50R>", gi_type_name(self), m->marks[0],
                            m->marks[1], gi_val(text));
    gi_drop(ts, text);
    return r;
}

static const GiField match_fields[] = {GI_SLOT(Match, string), GI_SLOT(Match, pattern), GI_FIELDS_END};

GiType gi_sre_match_type = {
    .obj = GI_TYPE_HEAD,
    .name = "re.Match",
    .module = "re",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(Match),
    .fields = match_fields,
    .base = &gi_object_type,
    .doc = "The result of re.match() and re.search().\nMatch objects always have a boolean value of True.",
    .methods = match_methods,
    .getset = match_getset,
    .repr = match_repr,
    .subscript = match_subscript,
};

/* ---- Scanner ---- */

/* One search from where the scanner stands; `moved`: the scanner has gone on by it, null was not raised. */
static GiRef scanner_try(GiThread *ts, GiVal self, bool search, bool *moved) {
    Scanner *sc = (Scanner *)gi_obj(self);
    GiVal pattern = gi_slot_peek(&sc->pattern);
    size_t start = 0;
    uint64_t steps = 0;
    bool must_advance = false, done = false;
    GI_STEP(ts, self) {
        start = sc->start, must_advance = sc->must_advance, done = sc->done;
        steps = sc->steps;
    }
    *moved = true;
    if (done) return GI_REF_NONE;
    Scan s;
    if (scan_open(ts, &s, PATTERN(pattern), gi_slot_peek(&sc->string), (ssize_t)start, (ssize_t)sc->endpos) != GI_OK)
        return GI_NULL;
    s.pos = sc->pos;
    s.state.must_advance = must_advance;
    int found = search ? gi_sre_search(&s.state) : gi_sre_match(&s.state);
    GiRef r = found > 0 ? match_new(ts, pattern, &s) : found == 0 ? GI_REF_NONE : GI_NULL;
    if (found >= 0) GI_STEP(ts, self) {
        *moved = !ts->core.free_running || sc->steps == steps;
        if (!*moved) continue;
        sc->steps++;
        if (found == 0) {
            sc->done = true;
        } else {
            sc->must_advance = s.state.match_end == s.state.match_start;
            sc->start = s.state.match_end;
        }
    }
    scan_close(ts, &s);
    return r;
}

static GiRef scanner_step(GiThread *ts, GiVal self, bool search) {
    for (;;) {
        bool moved;
        GiRef r = scanner_try(ts, self, search, &moved);
        if (moved || gi_is_null(r)) return r;
        gi_drop(ts, r); /* another thread has given this one */
    }
}

GI_METHOD(scanner, match, "(self)", "") { return scanner_step(ts, self, false); }
GI_METHOD(scanner, search, "(self)", "") { return scanner_step(ts, self, true); }
GI_GETTER(scanner, pattern, "") { return gi_slot_dup(ts, &((Scanner *)gi_obj(self))->pattern); }

static void scanner_destroy(GiThread *ts, GiObj *obj) { gi_buffer_release(ts, &((Scanner *)obj)->view); }

static void scanner_owner(GiObj *obj, GiVisit visit, void *arg) {
    if (!gi_visit_empties(visit)) visit(&((Scanner *)obj)->view.owner, arg);
}
static const GiField scanner_fields[] = {GI_SLOT(Scanner, pattern), GI_SLOT(Scanner, string), GI_CUSTOM(scanner_owner),
                                         GI_FIELDS_END};

GiType gi_sre_scanner_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_sre.SRE_Scanner",
    .module = "_sre",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(Scanner),
    .fields = scanner_fields,
    .base = &gi_object_type,
    .methods = scanner_methods,
    .getset = scanner_getset,
    .destroy = scanner_destroy,
};

/* ---- the module ---- */

static GiStatus read_code(GiThread *ts, GiVal list, Pattern *p) {
    size_t n = gi_list_len(list);
    p->code = gi_mem_alloc(ts, (n + 1) * sizeof *p->code);
    if (!p->code) return GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        GiRef item = gi_list_get(ts, list, i);
        uint64_t word = UINT64_MAX;
        if (!gi_is_null(item) && gi_as_u64(ts, gi_val(item), &word) != GI_OK) {
            gi_exc_clear(ts);
            word = UINT64_MAX;
        }
        gi_xdrop(ts, item);
        if (word > UINT32_MAX)
            return gi_raise_status(ts, &gi_exc_OverflowError, "regular expression code size limit exceeded");
        p->code[i] = (uint32_t)word;
    }
    p->code_len = n;
    return GI_OK;
}

GI_FUNCTION(_sre, compile, "(pattern, flags: int, code: list, groups: ssize, groupindex: dict, indexgroup: tuple)", "") {
    Pattern *p = (Pattern *)gi_heap_new(ts, &gi_sre_pattern_type, sizeof(Pattern));
    if (!p) return GI_NULL;
    GiRef r = gi_own_obj(p);
    gi_slot_init(&p->pattern, gi_dup(ts, a->pattern));
    gi_slot_init(&p->groupindex, gi_dup(ts, a->groupindex));
    gi_slot_init(&p->indexgroup, gi_dup(ts, a->indexgroup));
    p->flags = a->flags;
    p->groups = (size_t)a->groups;
    p->is_bytes = gi_is_none(a->pattern) ? -1 : !gi_is_str(a->pattern);
    GiStatus status = GI_OK;
    if (a->groups < 0 || a->groups > 1073741823)
        status = gi_raise_status(ts, &gi_exc_RuntimeError, "invalid SRE code");
    else if (p->is_bytes > 0 && !gi_has_buffer(a->pattern))
        status = gi_raise_status(ts, &gi_exc_TypeError, "expected string or bytes-like object, got '%.200T'", a->pattern);
    if (status == GI_OK) status = read_code(ts, a->code, p);
    if (status == GI_OK) status = gi_sre_translate(ts, p->code, p->code_len, (uint32_t)p->groups, &p->program);
    if (status == GI_OK) return r;
    gi_drop(ts, r);
    return GI_NULL;
}

GI_FUNCTION(_sre, getcodesize, "()", "") { return gi_smallint_ref(4); }
GI_FUNCTION(_sre, ascii_iscased, "(character: int, /)", "") {
    return gi_bool_ref(a->character >= 0 && a->character < 128 && isalpha(a->character));
}
GI_FUNCTION(_sre, unicode_iscased, "(character: int, /)", "") {
    uint32_t c = (uint32_t)a->character;
    return gi_bool_ref(gi_sre_unicode_lower(c) != c || gi_sre_unicode_upper(c) != c);
}
GI_FUNCTION(_sre, ascii_tolower, "(character: int, /)", "") {
    return gi_smallint_ref(a->character >= 'A' && a->character <= 'Z' ? a->character | 0x20 : a->character);
}
GI_FUNCTION(_sre, unicode_tolower, "(character: int, /)", "") {
    return gi_smallint_ref((int32_t)gi_sre_unicode_lower((uint32_t)a->character));
}

static GiStatus sre_exec(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"MAGIC", 20220615}, {"CODESIZE", 4}, {"MAXREPEAT", 4294967295}, {"MAXGROUPS", 1073741823}};
    if (gi_type_ready(ts, &gi_sre_pattern_type) != GI_OK || gi_type_ready(ts, &gi_sre_match_type) != GI_OK ||
        gi_type_ready(ts, &gi_sre_scanner_type) != GI_OK ||
        gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) != GI_OK)
        return GI_FAIL;
    return gi_module_add_str(ts, module, "copyright", " SRE 2.2.2 Copyright (c) 1997-2002 by Secret Labs AB ");
}

const GiModuleDef gi_module__sre = {.name = "_sre", .functions = _sre_functions, .exec = sre_exec};
