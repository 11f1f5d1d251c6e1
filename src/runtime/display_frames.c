/* display_frames.c - tracebacks as text: entries, source lines, the marks under them. */
#include "base/arena.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/protocol.h"
#include "runtime/code_cache.h"
#include "runtime/display.h"
#include "runtime/runtime.h"
#include "syntax/parser.h"
#include "vm/frame.h"
#include <stdio.h>
#include <stdlib.h>

enum { MOST_ENTRIES = 1000, SAME_LINES = 3 };

/* ---- Source lines ---- */

/* The bytes of a source file: the name as it is, else its last part in the folders of sys.path. */
static char *read_source(GiThread *ts, GiVal name, size_t *len) {
    GiRef path = gi_fs_path(ts, name);
    if (gi_is_null(path)) return NULL;
    const char *text = (const char *)gi_bytes_data(path);
    size_t n = strlen(text);
    char *data = NULL;
    if (n > 0 && !(text[0] == '<' && text[n - 1] == '>')) {
        data = gi_read_whole_file(ts, text, len);
        const char *slash = strrchr(text, '/'), *tail = slash ? slash + 1 : text;
        GiRef folders = data ? GI_NULL : gi_sys_get(ts, "path");
        GiRef list = !gi_is_null(folders) && gi_is_list(folders) ? gi_to_list(ts, gi_val(folders)) : GI_NULL;
        gi_xdrop(ts, folders);
        for (size_t i = 0; !data && !gi_is_null(list) && i < gi_list_len(list); i++) {
            GiVal entry = gi_list_peek_locked(gi_val(list), i);
            GiRef folder = gi_is_str(entry) ? gi_fs_path(ts, entry) : GI_NULL;
            if (gi_is_null(folder)) {
                if (gi_raised(ts)) gi_exc_clear(ts); /* a name that no folder can have */
                continue;
            }
            char full[4096];
            size_t m = gi_bytes_len(folder);
            const char *start = (const char *)gi_bytes_data(folder);
            int size = snprintf(full, sizeof full, "%s%s%s", start, m && start[m - 1] != '/' ? "/" : "", tail);
            if (size > 0 && (size_t)size < sizeof full) data = gi_read_whole_file(ts, full, len);
            gi_drop(ts, folder);
        }
        gi_xdrop(ts, list);
    }
    gi_drop(ts, path);
    return data;
}

/* Makes `name` the file that is looked into. */
static void open_source(GiDisplay *d, GiVal name) {
    GiThread *ts = d->ts;
    if (!gi_is_null(d->file) && gi_str_equal(gi_val(d->file), name)) return;
    gi_xdrop(ts, d->file);
    gi_xdrop(ts, d->owner);
    d->file = gi_dup(ts, name);
    d->owner = GI_NULL;
    d->text = NULL;
    size_t len;
    char *data = read_source(ts, name, &len);
    if (data != NULL) {
        GiRef bytes = gi_bytes_from(ts, data, len);
        int flags = 0;
        free(data);
        if (gi_is_null(bytes) ||
            gi_source_text(ts, gi_val(bytes), "source", &flags, name, &d->owner, &d->text, &d->len) < 0)
            d->text = NULL;
        gi_xdrop(ts, bytes);
    }
    if (gi_raised(ts)) gi_exc_clear(ts);
}

/* A line of the file, without its end; false when there is none. */
static bool source_line(GiDisplay *d, GiVal name, int number, const char **line, size_t *len) {
    open_source(d, name);
    if (d->text == NULL || number < 1) return false;
    const char *at = d->text, *end = at + d->len;
    for (;;) {
        const char *stop = at;
        while (stop < end && *stop != '\n' && *stop != '\r') stop++;
        if (--number == 0) {
            *line = at;
            *len = (size_t)(stop - at);
            return at < end;
        }
        if (stop == end) return false;
        at = stop + (stop[0] == '\r' && stop + 1 < end && stop[1] == '\n' ? 2 : 1);
    }
}

GiRef gi_source_line(GiThread *ts, GiVal filename, int lineno) {
    GiDisplay d = {.ts = ts, .file = GI_NULL, .owner = GI_NULL, .seen = GI_NULL};
    const char *line;
    size_t len, lead = 0;
    GiRef r = GI_NULL;
    if (source_line(&d, filename, lineno, &line, &len)) {
        while (lead < len && (line[lead] == ' ' || line[lead] == '\t' || line[lead] == '\f')) lead++;
        r = gi_str_from_wtf8(ts, line + lead, len - lead);
        if (gi_is_null(r)) gi_exc_clear(ts);
    }
    gi_xdrop(ts, d.file);
    gi_xdrop(ts, d.owner);
    return r;
}

/* ---- Marks ---- */

static size_t characters(const char *text, size_t bytes) {
    size_t n = 0;
    for (size_t i = 0; i < bytes; i++) n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}
static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\f'; }

/* Where in an expression (bytes) the operator or the subscript stands; false: it is neither. */
static bool find_anchors(const char *text, size_t len, size_t *left, size_t *right) {
    GiArena arena;
    gi_arena_init(&arena);
    GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
    GiParseResult result;
    memset(&result, 0, sizeof result);
    options.max_depth = 500;
    bool found = false;
    if (gi_parse(&arena, text, len, &options, &result) == GI_OK && result.mod->Module.body.count == 1 &&
        result.mod->Module.body.items[0]->kind == GI_STMT_Expr) {
        const GiAstExpr *e = result.mod->Module.body.items[0]->Expr.value;
        if (e->kind == GI_EXPR_BinOp) {
            size_t stop = GI_MIN((size_t)e->BinOp.right->pos.col_offset, len);
            for (size_t i = (size_t)e->BinOp.left->pos.end_col_offset; i < stop && !found; i++) {
                if (is_space(text[i])) continue;
                *left = i;
                *right = i + 1 + (i + 1 < stop && !is_space(text[i + 1]));
                found = true;
            }
        } else if (e->kind == GI_EXPR_Subscript) {
            *left = (size_t)e->Subscript.value->pos.end_col_offset;
            *right = (size_t)e->Subscript.slice->pos.end_col_offset + 1;
            found = true;
        }
    }
    gi_arena_free(&arena);
    return found;
}

/* The line of ~ and ^ under a source line of which `lead` blanks are not shown. */
static void marks(GiDisplay *d, const char *line, size_t len, size_t lead, GiPosition p) {
    size_t trimmed = len, from = (size_t)p.col, to = p.end_line == p.line ? (size_t)p.end_col : SIZE_MAX;
    while (trimmed > lead && is_space(line[trimmed - 1])) trimmed--;
    to = GI_MIN(to, p.end_line == p.line ? len : trimmed);
    if (p.col < 0 || p.end_col < 0 || from >= to) return;
    size_t left = 0, right = 0;
    bool anchors = find_anchors(line + from, to - from, &left, &right);
    size_t start = characters(line, from), end = characters(line, to);
    if (!anchors && end - start == characters(line, trimmed) - lead) return;
    size_t mark = start + characters(line + from, left), mark_end = start + characters(line + from, GI_MIN(right, to - from));
    gi_display_margin(d);
    gi_sb_lit(&d->out, "    ");
    for (size_t i = lead; i < end; i++)
        gi_sb_char(&d->out, i < start ? ' ' : !anchors || (i >= mark && i < mark_end) ? '^' : '~');
    gi_sb_char(&d->out, '\n');
}

/* ---- Entries ---- */

static void number(GiDisplay *d, long n) {
    char text[24];
    gi_sb_ascii(&d->out, text, (size_t)snprintf(text, sizeof text, "%ld", n));
}

static void entry(GiDisplay *d, GiCode *code, GiPosition position, int lineno) {
    GiVal file = gi_val(code->filename);
    gi_display_margin(d);
    gi_sb_lit(&d->out, "  File \"");
    gi_sb_str(&d->out, file);
    gi_sb_lit(&d->out, "\", line ");
    number(d, lineno);
    gi_sb_lit(&d->out, ", in ");
    gi_sb_str(&d->out, gi_val(code->name));
    gi_sb_char(&d->out, '\n');
    const char *line;
    size_t len, lead = 0;
    if (!source_line(d, file, lineno, &line, &len)) return;
    while (lead < len && is_space(line[lead])) lead++;
    gi_display_margin(d);
    gi_sb_lit(&d->out, "    ");
    gi_sb_utf8(&d->out, line + lead, len - lead);
    gi_sb_char(&d->out, '\n');
    marks(d, line, len, lead, position);
}

static void repeated(GiDisplay *d, long count) {
    if (count <= SAME_LINES) return;
    gi_display_margin(d);
    gi_sb_lit(&d->out, "  [Previous line repeated ");
    number(d, count - SAME_LINES);
    gi_sb_ascii(&d->out, " more times", count - SAME_LINES == 1 ? 10 : 11);
    gi_sb_lit(&d->out, "]\n");
}

/* sys.tracebacklimit, or the default. */
static int64_t entry_limit(GiThread *ts) {
    GiRef limit = gi_sys_get(ts, "tracebacklimit");
    int64_t n = MOST_ENTRIES;
    if (!gi_is_null(limit) && gi_is_int(gi_val(limit)) && gi_int_as_i64(gi_val(limit), &n) != 0)
        n = gi_int_sign(gi_val(limit)) < 0 ? 0 : INT64_MAX;
    gi_xdrop(ts, limit);
    return n;
}

static GiRef next_entry(GiThread *ts, GiRef entry) {
    GiTraceback *tb = (GiTraceback *)gi_obj(entry);
    GiRef next = tb->next.bits ? gi_slot_dup(ts, &tb->next) : GI_NULL;
    gi_drop(ts, entry);
    return next;
}

GiStatus gi_display_traceback(GiDisplay *d, GiVal traceback, bool group) {
    int64_t limit = entry_limit(d->ts), length = 0;
    if (limit <= 0) return GI_OK;
    if (group && d->depth == 1) gi_sb_lit(&d->out, "  + ");
    else gi_display_margin(d);
    if (group) gi_sb_lit(&d->out, "Exception Group ");
    gi_sb_lit(&d->out, "Traceback (most recent call last):\n");
    GiTraceback *tb = (GiTraceback *)gi_obj(traceback);
    GiRef held = gi_dup(d->ts, traceback); /* files are read detached: others may cut the chain */
    for (GiTraceback *t = tb; t; t = t->next.bits ? (GiTraceback *)gi_obj(t->next) : NULL) length++;
    GiRef last_file = GI_NULL, last_name = GI_NULL;
    int last_line = 0;
    long count = 0;
    while (!gi_is_null(held) && !d->out.failed) {
        tb = (GiTraceback *)gi_obj(held);
        if (length-- > limit) {
            held = next_entry(d->ts, held);
            continue;
        }
        GiCode *code = ((GiFrameObject *)gi_obj(tb->frame))->frame->code;
        GiPosition position = gi_code_position(code, (uint32_t)tb->lasti / 2);
        int line = tb->lineno >= 0 ? tb->lineno : position.line;
        bool same = !gi_is_null(last_file) && line == last_line &&
                    gi_str_equal(gi_val(code->filename), gi_val(last_file)) && gi_str_equal(gi_val(code->name), gi_val(last_name));
        if (!same) {
            repeated(d, count);
            count = 0;
            gi_xdrop(d->ts, last_file);
            gi_xdrop(d->ts, last_name);
            last_file = gi_slot_dup(d->ts, &code->filename);
            last_name = gi_slot_dup(d->ts, &code->name);
        }
        last_line = line;
        if (++count <= SAME_LINES) entry(d, code, position, line);
        held = next_entry(d->ts, held);
    }
    gi_xdrop(d->ts, held);
    gi_xdrop(d->ts, last_file);
    gi_xdrop(d->ts, last_name);
    repeated(d, count);
    return d->out.failed ? GI_FAIL : GI_OK;
}
