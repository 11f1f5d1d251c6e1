/* _csv.c - reading and writing comma-separated values.
 *
 * A reader is an automaton over characters, fed a line at a time; the end of a line is a character
 * of its own (END). A writer gathers one row in a buffer and writes it as one str. Dialects are
 * immutable.
 * LOCK: a reader or writer belongs to the thread whose method runs; `busy` turns away a second one, which
 * without the GIL waits for a reader (`use`).
 */
#include "modules/wait_lock.h"
#include "objects/container.h"
#include "objects/whole.h"
#include <limits.h>

enum { QUOTE_MINIMAL, QUOTE_ALL, QUOTE_NONNUMERIC, QUOTE_NONE };
#define NO_CHAR UINT32_MAX /* a dialect has no such character */
#define END (UINT32_MAX - 1) /* end of a line, as the automaton sees it */

typedef struct GiDialect {
    GiObj obj;
    uint32_t delimiter, quotechar, escapechar;
    bool doublequote, skipinitialspace, strict;
    int quoting;
    GiSlot lineterminator;
} GiDialect;
typedef enum {
    START_RECORD, START_FIELD, ESCAPED, IN_FIELD, IN_QUOTES, ESCAPED_IN_QUOTES, QUOTE_IN_QUOTES, EAT_NEWLINE, AFTER_ESCAPED_NEWLINE,
} State;
typedef struct GiReader {
    GiObj obj;
    GiSlot lines, dialect, fields;
    GiU32Buf field;
    State state;
    bool numeric; /* the field is not quoted, and such fields are numbers */
    int64_t line_num;
    _Atomic bool busy;
    GiBusy use;
} GiReader;
typedef struct GiWriter {
    GiObj obj;
    GiSlot write, dialect;
} GiWriter;
typedef struct CsvState { GiSlot error, dialects; int64_t limit; } CsvState;
extern const GiModuleDef gi_module__csv;
extern GiType gi_csv_dialect_type, gi_csv_reader_type, gi_csv_writer_type;
#include "modules/_csv.gen.h"

#define DIALECT(v) ((GiDialect *)gi_obj(v))
#define READER(v) ((GiReader *)gi_obj(v))
#define WRITER(v) ((GiWriter *)gi_obj(v))
static CsvState *state_of(GiThread *ts) { return gi_module_state_of(ts, &gi_module__csv); }
static GiStatus csv_error(GiThread *ts, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, gi_as_type(state_of(ts)->error), format, args);
    va_end(args);
    return GI_FAIL;
}

/* ---- Dialects ---- */

typedef enum { SET_DELIMITER, SET_DOUBLEQUOTE, SET_ESCAPECHAR, SET_LINETERMINATOR, SET_QUOTECHAR, SET_QUOTING, SET_SKIP, SET_STRICT, SETTINGS } Setting;
static const char *const setting_names[] = {"delimiter", "doublequote", "escapechar", "lineterminator",
                                            "quotechar", "quoting", "skipinitialspace", "strict"};

static GiStatus read_char(GiThread *ts, const char *name, GiVal v, bool none_ok, uint32_t *out) {
    if (none_ok && gi_is_none(v)) {
        *out = NO_CHAR;
        return GI_OK;
    }
    if (!gi_is_str(v)) return gi_raise_status(ts, &gi_exc_TypeError, none_ok ? "\"%s\" must be string or None, not %.200T" : "\"%s\" must be string, not %.200T", name, v);
    if (gi_str_len(v) != 1) return gi_raise_status(ts, &gi_exc_TypeError, "\"%s\" must be a 1-character string", name);
    *out = gi_str_char(v, 0);
    return GI_OK;
}
static GiStatus read_setting(GiThread *ts, GiDialect *d, Setting which, GiVal v) {
    GiTruth truth;
    switch (which) {
    case SET_DELIMITER: return read_char(ts, "delimiter", v, false, &d->delimiter);
    case SET_ESCAPECHAR: return read_char(ts, "escapechar", v, true, &d->escapechar);
    case SET_QUOTECHAR: return read_char(ts, "quotechar", v, true, &d->quotechar);
    case SET_LINETERMINATOR:
        if (gi_is_none(v)) {
            gi_slot_clear(ts, &d->lineterminator);
        } else {
            if (!gi_is_str(v)) return gi_raise_status(ts, &gi_exc_TypeError, "\"lineterminator\" must be a string");
            gi_slot_set(ts, &d->lineterminator, gi_dup(ts, v));
        }
        return GI_OK;
    case SET_QUOTING:
        if (!gi_is_int_exact(v)) return gi_raise_status(ts, &gi_exc_TypeError, "\"quoting\" must be an integer");
        return gi_as_int(ts, v, &d->quoting);
    default:
        truth = gi_truth(ts, v);
        if (truth.value < 0) return GI_FAIL;
        if (which == SET_DOUBLEQUOTE) d->doublequote = truth.value;
        else if (which == SET_SKIP) d->skipinitialspace = truth.value;
        else d->strict = truth.value;
        return GI_OK;
    }
}
static GiStatus check_dialect(GiThread *ts, GiDialect *d, bool quotechar_is_none, bool quoting_given) {
    if (d->quoting < QUOTE_MINIMAL || d->quoting > QUOTE_NONE) return gi_raise_status(ts, &gi_exc_TypeError, "bad \"quoting\" value");
    if (quotechar_is_none && !quoting_given) d->quoting = QUOTE_NONE;
    if (d->quoting != QUOTE_NONE && d->quotechar == NO_CHAR)
        return gi_raise_status(ts, &gi_exc_TypeError, "quotechar must be set if quoting enabled");
    if (gi_is_null(d->lineterminator)) return gi_raise_status(ts, &gi_exc_TypeError, "lineterminator must be set");
    return GI_OK;
}
/* The registered dialect of this name, or csv.Error. */
static GiRef find_dialect(GiThread *ts, GiVal name) {
    GiRef found;
    if (gi_dict_get(ts, gi_val(state_of(ts)->dialects), name, &found) < 0) return GI_NULL;
    if (gi_is_null(found)) csv_error(ts, "unknown dialect");
    return found;
}
/* A dialect from settings (null: not given), and `base` (or null): a name, class or instance whose
 * attributes are the others. */
static GiRef make_dialect(GiThread *ts, GiType *type, GiVal base, GiVal *settings) {
    GI_AUTO GiRef owned_base = GI_NULL;
    GiRef owned[SETTINGS] = {GI_NULL};
    bool any = false;
    for (int i = 0; i < SETTINGS; i++) any |= !gi_is_null(settings[i]);
    if (!gi_is_null(base) && gi_is_str(base)) {
        owned_base = find_dialect(ts, base);
        if (gi_is_null(owned_base)) return GI_NULL;
        base = gi_val(owned_base);
    }
    if (!gi_is_null(base) && gi_is_instance_of(base, &gi_csv_dialect_type) && !any) return gi_dup(ts, base);
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiDialect *d = DIALECT(made);
    d->delimiter = ',';
    d->quotechar = '"';
    d->escapechar = NO_CHAR;
    d->doublequote = true;
    GiStatus status = GI_OK;
    GiRef terminator = gi_str_from_cstr(ts, "\r\n");
    if (gi_is_null(terminator)) status = GI_FAIL;
    gi_slot_init(&d->lineterminator, terminator);
    for (int i = 0; i < SETTINGS && !gi_is_null(base) && status == GI_OK; i++) {
        if (!gi_is_null(settings[i])) continue;
        owned[i] = gi_getattr_cstr(ts, base, setting_names[i]);
        if (gi_is_null(owned[i])) gi_exc_clear(ts);
        settings[i] = gi_val(owned[i]);
    }
    for (int i = 0; i < SETTINGS && status == GI_OK; i++)
        if (!gi_is_null(settings[i])) status = read_setting(ts, d, (Setting)i, settings[i]);
    if (status == GI_OK)
        status = check_dialect(ts, d, !gi_is_null(settings[SET_QUOTECHAR]) && gi_is_none(settings[SET_QUOTECHAR]), !gi_is_null(settings[SET_QUOTING]));
    gi_drop_all(ts, owned, SETTINGS);
    if (status == GI_OK) return made;
    gi_drop(ts, made);
    return GI_NULL;
}
/* Settings given by keyword. */
static GiStatus take_keywords(GiThread *ts, const GiVal *values, GiVal kwnames, GiVal *base, GiVal *settings) {
    for (size_t k = 0; !gi_is_null(kwnames) && k < gi_tuple_len(kwnames); k++) {
        GiVal key = gi_tuple_get(kwnames, k);
        int i = 0;
        while (i < SETTINGS && !gi_str_equals_cstr(key, setting_names[i])) i++;
        if (i < SETTINGS) settings[i] = values[k];
        else if (gi_str_equals_cstr(key, "dialect")) *base = values[k];
        else return gi_raise_status(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for this function", key);
    }
    return GI_OK;
}
static GiRef csv_dialect_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal base = GI_NOVAL, settings[SETTINGS] = {GI_NOVAL};
    size_t nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (nargs + nkw > SETTINGS + 1) return gi_raise_ref(ts, &gi_exc_TypeError, "function takes at most %d arguments (%zu given)", SETTINGS + 1, nargs + nkw);
    if (nargs) base = args[0];
    for (size_t i = 1; i < nargs; i++) settings[i - 1] = args[i];
    if (take_keywords(ts, args + nargs, kwnames, &base, settings) < 0) return GI_NULL;
    return make_dialect(ts, type, !gi_is_null(base) && gi_is_none(base) ? GI_NOVAL : base, settings);
}
static GiRef char_or_none(GiThread *ts, uint32_t ch) { return ch == NO_CHAR ? GI_REF_NONE : gi_str_from_char(ts, ch); }
GI_GETTER(csv_dialect, delimiter, NULL) { return char_or_none(ts, DIALECT(self)->delimiter); }
GI_GETTER(csv_dialect, escapechar, NULL) { return char_or_none(ts, DIALECT(self)->escapechar); }
GI_GETTER(csv_dialect, quotechar, NULL) { return char_or_none(ts, DIALECT(self)->quotechar); }
GI_GETTER(csv_dialect, lineterminator, NULL) { return gi_slot_dup(ts, &DIALECT(self)->lineterminator); }
GI_GETTER(csv_dialect, quoting, NULL) { return gi_smallint_ref(DIALECT(self)->quoting); }
GI_METHOD(csv_dialect, __reduce__, "(self, *args)", "raises an exception to avoid pickling") { return gi_raise_ref(ts, &gi_exc_TypeError, "cannot pickle 'Dialect' instances"); }
GI_METHOD(csv_dialect, __reduce_ex__, "(self, *args)", "raises an exception to avoid pickling") { return gi_raise_ref(ts, &gi_exc_TypeError, "cannot pickle 'Dialect' instances"); }

/* reader(x, dialect=..., **settings), writer(x, ...) and register_dialect(x, ...). */
static GiRef dialect_of_call(GiThread *ts, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiVal base = nargs > 1 ? args[1] : GI_NOVAL, settings[SETTINGS] = {GI_NOVAL};
    if (take_keywords(ts, args + nargs, kwnames, &base, settings) < 0) return GI_NULL;
    return make_dialect(ts, &gi_csv_dialect_type, !gi_is_null(base) && gi_is_none(base) ? GI_NOVAL : base, settings);
}

/* ---- Reader ---- */

static GiStatus save_field(GiThread *ts, GiReader *r) {
    GiRef field = gi_str_from_ucs4(ts, r->field.data, r->field.len);
    r->field.len = 0;
    if (r->numeric && !gi_is_null(field)) {
        r->numeric = false;
        GiRef number = gi_call1(ts, gi_type_val(&gi_float_type), gi_val(field));
        gi_drop(ts, field);
        field = number;
    }
    return gi_is_null(field) ? GI_FAIL : gi_list_append(ts, gi_val(r->fields), field);
}
static GiStatus add_char(GiThread *ts, GiReader *r, int64_t limit, uint32_t ch) {
    if ((int64_t)r->field.len >= limit) return csv_error(ts, "field larger than field limit (%ld)", (long)limit);
    if (r->field.len == r->field.cap && gi_u32buf_reserve(&r->field, GI_MAX(r->field.len, (size_t)64)) < 0) return gi_raise_nomem(ts), GI_FAIL;
    r->field.data[r->field.len++] = ch;
    return GI_OK;
}
static inline bool is_newline(uint32_t ch) { return ch == '\n' || ch == '\r' || ch == END; }
static GiStatus end_field(GiThread *ts, GiReader *r, State next) {
    r->state = next;
    return save_field(ts, r);
}
static GiStatus start_field(GiThread *ts, GiReader *r, const GiDialect *d, int64_t limit, uint32_t ch) {
    if (is_newline(ch)) return end_field(ts, r, ch == END ? START_RECORD : EAT_NEWLINE);
    if (ch == d->quotechar && d->quoting != QUOTE_NONE) r->state = IN_QUOTES;
    else if (ch == d->escapechar) r->state = ESCAPED;
    else if (ch == ' ' && d->skipinitialspace) return GI_OK;
    else if (ch == d->delimiter) return save_field(ts, r);
    else {
        if (d->quoting == QUOTE_NONNUMERIC) r->numeric = true;
        r->state = IN_FIELD;
        return add_char(ts, r, limit, ch);
    }
    return GI_OK;
}
static GiStatus in_field(GiThread *ts, GiReader *r, const GiDialect *d, int64_t limit, uint32_t ch) {
    if (is_newline(ch)) return end_field(ts, r, ch == END ? START_RECORD : EAT_NEWLINE);
    if (ch == d->escapechar) r->state = ESCAPED;
    else if (ch == d->delimiter) return end_field(ts, r, START_FIELD);
    else return add_char(ts, r, limit, ch);
    return GI_OK;
}
static GiStatus after_quote(GiThread *ts, GiReader *r, const GiDialect *d, int64_t limit, uint32_t ch) {
    if (d->quoting != QUOTE_NONE && ch == d->quotechar) { /* a doubled quote is one */
        r->state = IN_QUOTES;
        return add_char(ts, r, limit, ch);
    }
    if (ch == d->delimiter) return end_field(ts, r, START_FIELD);
    if (is_newline(ch)) return end_field(ts, r, ch == END ? START_RECORD : EAT_NEWLINE);
    if (d->strict) {
        GI_AUTO GiRef delimiter = char_or_none(ts, d->delimiter);
        GI_AUTO GiRef quote = char_or_none(ts, d->quotechar);
        if (gi_is_null(delimiter) || gi_is_null(quote)) return GI_FAIL;
        return csv_error(ts, "'%S' expected after '%S'", gi_val(delimiter), gi_val(quote));
    }
    r->state = IN_FIELD;
    return add_char(ts, r, limit, ch);
}
static GiStatus feed(GiThread *ts, GiReader *r, const GiDialect *d, int64_t limit, uint32_t ch) {
    switch (r->state) {
    case START_RECORD:
        if (ch == END) return GI_OK; /* an empty line: an empty row */
        if (is_newline(ch)) {
            r->state = EAT_NEWLINE;
            return GI_OK;
        }
        r->state = START_FIELD;
        return start_field(ts, r, d, limit, ch);
    case START_FIELD: return start_field(ts, r, d, limit, ch);
    case ESCAPED:
        r->state = ch == '\n' || ch == '\r' ? AFTER_ESCAPED_NEWLINE : IN_FIELD;
        return add_char(ts, r, limit, ch == END ? '\n' : ch);
    case AFTER_ESCAPED_NEWLINE:
        if (ch == END) return GI_OK;
        r->state = IN_FIELD;
        return in_field(ts, r, d, limit, ch);
    case IN_FIELD: return in_field(ts, r, d, limit, ch);
    case IN_QUOTES:
        if (ch == END) return GI_OK;
        if (ch == d->escapechar) r->state = ESCAPED_IN_QUOTES;
        else if (ch == d->quotechar && d->quoting != QUOTE_NONE) r->state = d->doublequote ? QUOTE_IN_QUOTES : IN_FIELD;
        else return add_char(ts, r, limit, ch);
        return GI_OK;
    case ESCAPED_IN_QUOTES:
        r->state = IN_QUOTES;
        return add_char(ts, r, limit, ch == END ? '\n' : ch);
    case QUOTE_IN_QUOTES: return after_quote(ts, r, d, limit, ch);
    case EAT_NEWLINE:
        if (ch == END) r->state = START_RECORD;
        else if (!is_newline(ch))
            return csv_error(ts, "new-line character seen in unquoted field - do you need to open the file in universal-newline mode?");
        return GI_OK;
    }
    return GI_OK;
}
static GiStatus feed_line(GiThread *ts, GiReader *r, const GiDialect *d, int64_t limit, GiVal line) {
    size_t n = gi_str_len(line);
    GiTextView text = gi_str_view(line);
    for (size_t i = 0; i < n; i++)
        if (feed(ts, r, d, limit, gi_text_at(text, i)) < 0) return GI_FAIL;
    return feed(ts, r, d, limit, END);
}
/* 1: a row is in fields, 0: no more lines, -1: failed. */
static int read_row(GiThread *ts, GiReader *r) {
    const GiDialect *d = DIALECT(r->dialect);
    int64_t limit = state_of(ts)->limit;
    do {
        GI_AUTO GiRef line = gi_next(ts, gi_val(r->lines));
        if (gi_is_null(line)) {
            if (gi_raised(ts)) return -1;
            if (r->field.len == 0 && r->state != IN_QUOTES) return 0;
            if (d->strict) return csv_error(ts, "unexpected end of data"), -1;
            return save_field(ts, r) < 0 ? -1 : 1;
        }
        if (!gi_is_str(gi_val(line)))
            return csv_error(ts, "iterator should return strings, not %.200T (the file should be opened in text mode)", gi_val(line)), -1;
        r->line_num++;
        if (feed_line(ts, r, d, limit, gi_val(line)) < 0) return -1;
    } while (r->state != START_RECORD);
    return 1;
}
static GiRef reader_next(GiThread *ts, GiVal self) {
    GiReader *r = READER(self);
    GI_BUSY_IF_FREE(ts, &r->use, GI_NULL);
    if (atomic_exchange(&r->busy, true)) return gi_raise_ref(ts, &gi_exc_ValueError, "reader already executing");
    GiRef fields = gi_list_new(ts, 0), row = GI_NULL;
    if (!gi_is_null(fields)) {
        gi_slot_set(ts, &r->fields, fields);
        r->state = START_RECORD;
        r->field.len = 0;
        r->numeric = false;
        int got = read_row(ts, r);
        row = gi_slot_take(&r->fields);
        if (got <= 0) {
            gi_drop(ts, row);
            row = GI_NULL;
        }
    }
    atomic_store(&r->busy, false);
    return row;
}
static GiRef reader_raw(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_check_args(ts, "", nargs, 1, 2) < 0) return GI_NULL;
    GI_AUTO GiRef lines = gi_iter(ts, args[0]);
    GI_AUTO GiRef dialect = gi_is_null(lines) ? GI_NULL : dialect_of_call(ts, args, nargs, kwnames);
    GiRef made = gi_is_null(dialect) ? GI_NULL : gi_type_alloc(ts, &gi_csv_reader_type, 0);
    if (gi_is_null(made)) return made;
    gi_slot_init(&READER(made)->lines, gi_move(&lines));
    gi_slot_init(&READER(made)->dialect, gi_move(&dialect));
    return made;
}
static void reader_destroy(GiThread *ts GI_UNUSED, GiObj *obj) { gi_u32buf_free(&((GiReader *)obj)->field); }

/* ---- Writer ---- */

typedef struct Row { GiThread *ts; const GiDialect *d; GiU32Buf out; size_t fields; } Row;

static GiStatus put(Row *row, uint32_t ch) {
    if (row->out.len == row->out.cap && gi_u32buf_reserve(&row->out, GI_MAX(row->out.len, (size_t)64)) < 0) return gi_raise_nomem(row->ts), GI_FAIL;
    row->out.data[row->out.len++] = ch;
    return GI_OK;
}
/* Does this character need care: quotes around the field, or an escape? */
static bool is_special(const GiDialect *d, uint32_t ch) {
    if (ch == d->delimiter || ch == d->escapechar || ch == d->quotechar) return true;
    GiVal end = gi_val(d->lineterminator);
    for (size_t i = 0; i < gi_str_len(end); i++)
        if (gi_str_char(end, i) == ch) return true;
    return false;
}
/* What stands before a special character: nothing, a second quote or an escape. Notes that the
 * field must be quoted. */
static GiStatus put_guard(Row *row, uint32_t ch, bool *quoted) {
    const GiDialect *d = row->d;
    bool escape = d->quoting == QUOTE_NONE;
    if (!escape) {
        if (ch == d->quotechar) {
            if (d->doublequote) {
                *quoted = true;
                return put(row, d->quotechar);
            }
            escape = true;
        } else if (ch == d->escapechar) {
            escape = true;
        }
        if (!escape) *quoted = true;
    }
    if (!escape) return GI_OK;
    if (d->escapechar == NO_CHAR) return csv_error(row->ts, "need to escape, but no escapechar set");
    return put(row, d->escapechar);
}
/* Appends a field (text null: an empty one). */
static GiStatus put_field(Row *row, GiVal text, bool quoted) {
    const GiDialect *d = row->d;
    if (row->fields > 0 && put(row, d->delimiter) < 0) return GI_FAIL;
    size_t start = row->out.len, n = gi_is_null(text) ? 0 : gi_str_len(text);
    /* Room for the opening quote is kept until it is known whether it is needed. */
    if (put(row, d->quotechar) < 0) return GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        uint32_t ch = gi_str_char(text, i);
        if (is_special(d, ch) && put_guard(row, ch, &quoted) < 0) return GI_FAIL;
        if (put(row, ch) < 0) return GI_FAIL;
    }
    row->fields++;
    if (quoted) return put(row, d->quotechar);
    memmove(row->out.data + start, row->out.data + start + 1, (row->out.len - start - 1) * sizeof *row->out.data);
    row->out.len--;
    return GI_OK;
}
static bool is_number(GiVal v) {
    GiType *type = gi_type_of(v);
    return type->to_int || type->to_float || type->index || gi_is_instance_of(v, &gi_complex_type);
}
static GiStatus put_value(Row *row, GiVal v) {
    const GiDialect *d = row->d;
    bool quoted = d->quoting == QUOTE_ALL || (d->quoting == QUOTE_NONNUMERIC && !is_number(v));
    if (gi_is_str(v)) return put_field(row, v, quoted);
    if (gi_is_none(v)) return put_field(row, GI_NOVAL, quoted);
    GiRef text = gi_str(row->ts, v);
    if (gi_is_null(text)) return GI_FAIL;
    GiStatus status = put_field(row, gi_val(text), quoted);
    gi_drop(row->ts, text);
    return status;
}
static GiStatus put_row(Row *row, GiVal iterator) {
    GiThread *ts = row->ts;
    for (;;) {
        GiRef v = gi_next(ts, iterator);
        if (gi_is_null(v)) break;
        GiStatus status = put_value(row, gi_val(v));
        gi_drop(ts, v);
        if (status < 0) return GI_FAIL;
    }
    if (gi_raised(ts)) return GI_FAIL;
    if (row->fields > 0 && row->out.len == 0) { /* one empty field: quoted, or the line would be empty */
        if (row->d->quoting == QUOTE_NONE) return csv_error(ts, "single empty field record must be quoted");
        row->fields = 0;
        if (put_field(row, GI_NOVAL, true) < 0) return GI_FAIL;
    }
    GiVal end = gi_val(row->d->lineterminator);
    for (size_t i = 0; i < gi_str_len(end); i++)
        if (put(row, gi_str_char(end, i)) < 0) return GI_FAIL;
    return GI_OK;
}
static GiRef write_row(GiThread *ts, GiVal self, GiVal fields) {
    GI_AUTO GiRef iterator = gi_iter_whole(ts, fields);
    if (gi_is_null(iterator)) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            csv_error(ts, "iterable expected, not %.200T", fields);
        }
        return GI_NULL;
    }
    Row row = {.ts = ts, .d = DIALECT(WRITER(self)->dialect)};
    GiStatus status = put_row(&row, gi_val(iterator));
    GI_AUTO GiRef line = status < 0 ? GI_NULL : gi_str_from_ucs4(ts, row.out.data, row.out.len);
    gi_u32buf_free(&row.out);
    return gi_is_null(line) ? GI_NULL : gi_call1(ts, gi_val(WRITER(self)->write), gi_val(line));
}
GI_METHOD(csv_writer, writerow, "(self, row, /)", "writerow(iterable)\n\nConstruct and write a CSV record from an iterable of fields.  Non-string\nelements will be converted to string.") { return write_row(ts, self, a->row); }
GI_METHOD(csv_writer, writerows, "(self, rows, /)", "writerows(iterable of iterables)\n\nConstruct and write a series of iterables to a csv file.  Non-string\nelements will be converted to string.") {
    GI_AUTO GiRef iterator = gi_iter(ts, a->rows);
    if (gi_is_null(iterator)) return GI_NULL;
    for (;;) {
        GI_AUTO GiRef fields = gi_next(ts, gi_val(iterator));
        if (gi_is_null(fields)) return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
        GiRef r = write_row(ts, self, gi_val(fields));
        if (gi_is_null(r)) return r;
        gi_drop(ts, r);
    }
}
static GiRef writer_raw(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_check_args(ts, "", nargs, 1, 2) < 0) return GI_NULL;
    GI_AUTO GiRef name = gi_intern_cstr(ts, "write");
    GI_AUTO GiRef write = GI_NULL;
    if (gi_is_null(name) || gi_getattr_opt(ts, args[0], gi_val(name), &write) < 0) return GI_NULL;
    if (gi_is_null(write) || !gi_is_callable(gi_val(write))) return gi_raise_ref(ts, &gi_exc_TypeError, "argument 1 must have a \"write\" method");
    GI_AUTO GiRef dialect = dialect_of_call(ts, args, nargs, kwnames);
    GiRef made = gi_is_null(dialect) ? GI_NULL : gi_type_alloc(ts, &gi_csv_writer_type, 0);
    if (gi_is_null(made)) return made;
    gi_slot_init(&WRITER(made)->write, gi_move(&write));
    gi_slot_init(&WRITER(made)->dialect, gi_move(&dialect));
    return made;
}

/* ---- The registry ---- */

static GiRef register_raw(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_check_args(ts, "", nargs, 1, 2) < 0) return GI_NULL;
    if (!gi_is_str(args[0])) return gi_raise_ref(ts, &gi_exc_TypeError, "dialect name must be a string");
    GI_AUTO GiRef dialect = dialect_of_call(ts, args, nargs, kwnames);
    if (gi_is_null(dialect) || gi_dict_set(ts, gi_val(state_of(ts)->dialects), args[0], gi_val(dialect)) < 0) return GI_NULL;
    return GI_REF_NONE;
}
GI_FUNCTION(_csv, get_dialect, "(name)", "Return the dialect instance associated with name.\n\n    dialect = csv.get_dialect(name)") { return find_dialect(ts, a->name); }
GI_FUNCTION(_csv, list_dialects, "()", "Return a list of all known dialect names.\n\n    names = csv.list_dialects()") { return gi_dict_keys_list(ts, gi_val(state_of(ts)->dialects)); }
GI_FUNCTION(_csv, unregister_dialect, "(name)", "Delete the name/dialect mapping associated with a string name.\n\n    csv.unregister_dialect(name)") {
    bool found;
    if (gi_dict_del(ts, gi_val(state_of(ts)->dialects), a->name, &found) < 0) return GI_NULL;
    if (found) return GI_REF_NONE;
    csv_error(ts, "unknown dialect");
    return GI_NULL;
}
GI_FUNCTION(_csv, field_size_limit, "(new_limit = <unrepresentable>)", "Sets an upper limit on parsed fields.\n\n    csv.field_size_limit([limit])\n\nReturns old limit. If limit is not given, no new limit is set and\nthe old limit is returned") {
    CsvState *state = state_of(ts);
    int64_t old = state->limit, limit;
    if (!gi_is_null(a->new_limit)) {
        if (!gi_is_int_exact(a->new_limit)) return gi_raise_ref(ts, &gi_exc_TypeError, "limit must be an integer");
        if (gi_int_as_i64(a->new_limit, &limit)) return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
        state->limit = limit;
    }
    return gi_int_from_i64(ts, old);
}

static const GiMemberDef dialect_members[] = {
    {"doublequote", GI_MEMBER_BOOL, offsetof(GiDialect, doublequote), true, NULL},
    {"skipinitialspace", GI_MEMBER_BOOL, offsetof(GiDialect, skipinitialspace), true, NULL},
    {"strict", GI_MEMBER_BOOL, offsetof(GiDialect, strict), true, NULL}, {.name = NULL}};
static const GiMemberDef reader_members[] = {
    {"dialect", GI_MEMBER_OBJECT, offsetof(GiReader, dialect), true, NULL},
    {"line_num", GI_MEMBER_I64, offsetof(GiReader, line_num), true, NULL}, {.name = NULL}};
static const GiMemberDef writer_members[] = {{"dialect", GI_MEMBER_OBJECT, offsetof(GiWriter, dialect), true, NULL}, {.name = NULL}};
static GiRef reader_iter(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

GiType gi_csv_dialect_type = {
    .obj = GI_TYPE_HEAD, .name = "_csv.Dialect", .module = "_csv", .size = sizeof(GiDialect), .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC, .fields = (const GiField[]){GI_SLOT(GiDialect, lineterminator), GI_FIELDS_END},
    .new_ = csv_dialect_new, .methods = csv_dialect_methods, .getset = csv_dialect_getset, .members = dialect_members, .doc = "CSV dialect\n\nThe Dialect type records CSV parsing and generation options.\n",
};
GiType gi_csv_reader_type = {
    .obj = GI_TYPE_HEAD, .name = "_csv.reader", .module = "_csv", .size = sizeof(GiReader), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .destroy = reader_destroy, .iter = reader_iter, .next = reader_next, .members = reader_members,
    .fields = (const GiField[]){GI_SLOT(GiReader, lines), GI_SLOT(GiReader, dialect), GI_SLOT(GiReader, fields), GI_FIELDS_END},
    .doc = "CSV reader\n\nReader objects are responsible for reading and parsing tabular data\nin CSV format.\n",
};
GiType gi_csv_writer_type = {
    .obj = GI_TYPE_HEAD, .name = "_csv.writer", .module = "_csv", .size = sizeof(GiWriter), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .methods = csv_writer_methods, .members = writer_members,
    .fields = (const GiField[]){GI_SLOT(GiWriter, write), GI_SLOT(GiWriter, dialect), GI_FIELDS_END}, .doc = "CSV writer\n\nWriter objects are responsible for generating tabular data\nin CSV format from sequence input.\n",
};
#define RAW(text, function, docs) \
    {.name = text, .body = (GiNativeBody)(void (*)(void))function, .shape = GI_CALL_RAW, .binding = GI_METHOD_FUNCTION, .doc = docs}
static const GiMethodDef raw_functions[] = {
    RAW("reader", reader_raw, "    csv_reader = reader(iterable [, dialect='excel']\n                        [optional keyword args])\n    for row in csv_reader:\n        process(row)\n\nThe \"iterable\" argument can be any object that returns a line\nof input for each iteration, such as a file object or a list.  The\noptional \"dialect\" parameter is discussed below.  The function\nalso accepts optional keyword arguments which override settings\nprovided by the dialect.\n\nThe returned object is an iterator.  Each iteration returns a row\nof the CSV file (which can span multiple input lines).\n"), RAW("writer", writer_raw, "    csv_writer = csv.writer(fileobj [, dialect='excel']\n                            [optional keyword args])\n    for row in sequence:\n        csv_writer.writerow(row)\n\n    [or]\n\n    csv_writer = csv.writer(fileobj [, dialect='excel']\n                            [optional keyword args])\n    csv_writer.writerows(rows)\n\nThe \"fileobj\" argument can be any object that supports the file API.\n"), RAW("register_dialect", register_raw, "Create a mapping from a string name to a dialect class.\n    dialect = csv.register_dialect(name[, dialect[, **fmtparams]])"), {.name = NULL}};

static GiStatus _csv_exec(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"QUOTE_MINIMAL", QUOTE_MINIMAL}, {"QUOTE_ALL", QUOTE_ALL}, {"QUOTE_NONNUMERIC", QUOTE_NONNUMERIC}, {"QUOTE_NONE", QUOTE_NONE}};
    CsvState *state = gi_module_state(module);
    state->limit = 128 * 1024;
    GiRef error = gi_type_make(ts, "_csv.Error", &gi_exc_Exception, NULL), dialects = gi_dict_new(ts);
    gi_slot_init(&state->error, gi_xdup(ts, gi_val(error)));
    gi_slot_init(&state->dialects, gi_xdup(ts, gi_val(dialects)));
    if (gi_module_add(ts, module, "_dialects", dialects) < 0) {
        gi_xdrop(ts, error);
        return GI_FAIL;
    }
    if (gi_module_add(ts, module, "Error", error) < 0 || gi_module_add_str(ts, module, "__version__", "1.0") < 0 ||
        gi_module_add_functions(ts, module, raw_functions) < 0 || gi_module_add_type(ts, module, &gi_csv_dialect_type) < 0 ||
        gi_type_ready(ts, &gi_csv_reader_type) < 0 || gi_type_ready(ts, &gi_csv_writer_type) < 0 ||
        gi_module_add(ts, module, "Reader", gi_dup(ts, gi_type_val(&gi_csv_reader_type))) < 0 ||
        gi_module_add(ts, module, "Writer", gi_dup(ts, gi_type_val(&gi_csv_writer_type))) < 0)
        return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField state_fields[] = {GI_SLOT(CsvState, error), GI_SLOT(CsvState, dialects), GI_FIELDS_END};
const GiModuleDef gi_module__csv = {.name = "_csv", .functions = _csv_functions, .exec = _csv_exec, .state_size = sizeof(CsvState),
                                    .state_fields = state_fields, .doc = "CSV parsing and writing.\n\nThis module provides classes that assist in the reading and writing\nof Comma Separated Value (CSV) files, and implements the interface\ndescribed by PEP 305.  Although many CSV files are simple to parse,\nthe format is not formally defined by a stable specification and\nis subtle enough that parsing lines of a CSV file with something\nlike line.split(\",\") is bound to fail.  The module supports three\nbasic APIs: reading, writing, and registration of dialects.\n\n\nDIALECT REGISTRATION:\n\nReaders and writers support a dialect argument, which is a convenient\nhandle on a group of settings.  When the dialect argument is a string,\nit identifies one of the dialects previously registered with the module.\nIf it is a class or instance, the attributes of the argument are used as\nthe settings for the reader or writer:\n\n    class excel:\n        delimiter = ','\n        quotechar = '\"'\n        escapechar = None\n        doublequote = True\n        skipinitialspace = False\n        lineterminator = '\\r\\n'\n        quoting = QUOTE_MINIMAL\n\nSETTINGS:\n\n    * quotechar - specifies a one-character string to use as the\n        quoting character.  It defaults to '\"'.\n    * delimiter - specifies a one-character string to use as the\n        field separator.  It defaults to ','.\n    * skipinitialspace - specifies how to interpret spaces which\n        immediately follow a delimiter.  It defaults to False, which\n        means that spaces immediately following a delimiter is part\n        of the following field.\n    * lineterminator -  specifies the character sequence which should\n        terminate rows.\n    * quoting - controls when quotes should be generated by the writer.\n        It can take on any of the following module constants:\n\n        csv.QUOTE_MINIMAL means only when required, for example, when a\n            field contains either the quotechar or the delimiter\n        csv.QUOTE_ALL means that quotes are always placed around fields.\n        csv.QUOTE_NONNUMERIC means that quotes are always placed around\n            fields which do not parse as integers or floating point\n            numbers.\n        csv.QUOTE_NONE means that quotes are never placed around fields.\n    * escapechar - specifies a one-character string used to escape\n        the delimiter when quoting is set to QUOTE_NONE.\n    * doublequote - controls the handling of quotes inside fields.  When\n        True, two consecutive quotes are interpreted as one during read,\n        and when writing, each quote character embedded in the data is\n        written as two quotes\n"};
