/* stringio.c - StringIO: a text stream in memory.
 *
 * The characters stand in an array of one, two or four bytes each, as wide as the widest that was
 * written. The text given by getvalue is remembered while nothing changes.
 */
#include "modules/_io/io.h"

typedef struct GiStringIO {
    GiObj obj;
    GiSlot value;   /* the content as str, or null: it has to be made */
    void *data;
    size_t len, cap, pos;
    uint8_t width;  /* bytes a character */
    bool ok, closed, write_translate, universal, translate;
    char newline[3];    /* "" for universal */
    bool newline_none;  /* newline=None: for getstate */
    char write_nl[3];
    GiNewlines newlines;
    GiIoLock lock;
} GiStringIO;
#define STRINGIO(v) ((GiStringIO *)gi_obj(v))

#include "modules/_io/stringio.gen.h"

static GiStatus check(GiThread *ts, GiStringIO *s) {
    if (GI_UNLIKELY(s->closed)) return gi_raise_status(ts, &gi_exc_ValueError, "I/O operation on closed file");
    if (GI_UNLIKELY(!s->ok)) return gi_raise_status(ts, &gi_exc_ValueError, "I/O operation on uninitialized object");
    return GI_OK;
}
#define OPEN(s) \
    if (check(ts, s) < 0) return GI_NULL

static GiTextView view_of(const GiStringIO *s) { return (GiTextView){s->data ? s->data : "", s->len, s->width}; }

/* Room for cap characters of the given width. */
static GiStatus reserve(GiThread *ts, GiStringIO *s, size_t cap, int width) {
    width = GI_MAX(width, (int)s->width);
    if (cap <= s->cap && width == s->width) return GI_OK;
    if (cap > (size_t)PTRDIFF_MAX / 8) return gi_raise_status(ts, &gi_exc_OverflowError, "new buffer size too large");
    if (cap > s->cap) cap = GI_MAX(cap, s->cap + s->cap / 2 + 64);
    else cap = s->cap;
    if (width == s->width) {
        void *data = gi_mem_realloc(ts, s->data, cap * (size_t)width);
        if (!data) return GI_FAIL;
        s->data = data;
    } else {
        void *data = gi_mem_alloc(ts, cap * (size_t)width);
        if (!data) return GI_FAIL;
        GiTextView old = view_of(s);
        for (size_t i = 0; i < s->len; i++) {
            if (width == 2) ((uint16_t *)data)[i] = (uint16_t)gi_text_at(old, i);
            else ((uint32_t *)data)[i] = gi_text_at(old, i);
        }
        gi_mem_free(s->data);
        s->data = data;
        s->width = (uint8_t)width;
    }
    s->cap = cap;
    return GI_OK;
}

/* Puts the text at the position. */
static GiStatus put(GiThread *ts, GiStringIO *s, GiVal text) {
    GiTextView view = gi_str_view(text);
    if (view.len == 0) return GI_OK;
    size_t end = s->pos + view.len;
    if (reserve(ts, s, GI_MAX(end, s->len), view.kind) < 0) return GI_FAIL;
    if (s->value.bits) gi_slot_clear(ts, &s->value);
    size_t w = s->width;
    if (s->pos > s->len) memset((char *)s->data + s->len * w, 0, (s->pos - s->len) * w);
    char *to = (char *)s->data + s->pos * w;
    if (view.kind == s->width) {
        memcpy(to, view.data, view.len * w);
    } else {
        for (size_t i = 0; i < view.len; i++) {
            if (w == 2) ((uint16_t *)(void *)to)[i] = (uint16_t)gi_text_at(view, i);
            else ((uint32_t *)(void *)to)[i] = gi_text_at(view, i);
        }
    }
    s->pos = end;
    s->len = GI_MAX(s->len, end);
    return GI_OK;
}

/* Writes with the newline rules. */
static GiStatus write_text(GiThread *ts, GiStringIO *s, GiVal text) {
    GiRef piece = gi_dup(ts, text);
    if (s->universal) piece = gi_newlines_translate(ts, &s->newlines, piece, true);
    if (!gi_is_null(piece) && s->write_nl[0]) {
        GiRef expanded = gi_newlines_expand(ts, gi_val(piece), s->write_nl);
        gi_drop(ts, piece);
        piece = expanded;
    }
    if (gi_is_null(piece)) return GI_FAIL;
    GiStatus status = put(ts, s, gi_val(piece));
    gi_drop(ts, piece);
    return status;
}

static GiRef take(GiThread *ts, GiStringIO *s, size_t n) {
    if (s->pos >= s->len) n = 0;
    else n = GI_MIN(n, s->len - s->pos);
    GiRef r = gi_str_from_view(ts, n ? gi_text_slice(view_of(s), s->pos, s->pos + n) : (GiTextView){"", 0, 1});
    if (!gi_is_null(r)) s->pos += n;
    return r;
}
static GiRef value_of(GiThread *ts, GiStringIO *s) {
    if (!s->value.bits) {
        GiRef value = gi_str_from_view(ts, view_of(s));
        if (gi_is_null(value)) return value;
        gi_slot_init(&s->value, value);
    }
    return gi_slot_dup(ts, &s->value);
}

/* ---- construction ---- */

static GiStatus set_up(GiThread *ts, GiStringIO *s, GiVal initial, GiVal newline, bool given) {
    if (given && !gi_is_none(newline) && !gi_is_str(newline))
        return gi_raise_status(ts, &gi_exc_TypeError, "newline must be str or None, not %.200T", newline);
    const char *nl = !given ? "\n" : gi_is_none(newline) ? NULL : gi_str_cstr(ts, newline);
    if (given && !gi_is_none(newline) && !nl) return GI_FAIL;
    if (nl && nl[0] && strcmp(nl, "\n") && strcmp(nl, "\r") && strcmp(nl, "\r\n"))
        return gi_raise_status(ts, &gi_exc_ValueError, "illegal newline value: %R", newline);
    if (!gi_is_null(initial) && !gi_is_none(initial) && !gi_is_str(initial))
        return gi_raise_status(ts, &gi_exc_TypeError, "initial_value must be str or None, not %.200T", initial);
    s->ok = s->closed = false;
    gi_slot_clear(ts, &s->value);
    gi_mem_free(s->data);
    s->data = NULL;
    s->len = s->cap = s->pos = 0;
    s->width = 1;
    s->newline_none = !nl;
    strcpy(s->newline, nl ? nl : "");
    s->universal = !nl || !nl[0];
    s->newlines = (GiNewlines){.translate = !nl};
    strcpy(s->write_nl, nl && nl[0] == '\r' ? nl : "");
    s->ok = true;
    if (gi_is_null(initial) || gi_is_none(initial)) return GI_OK;
    if (write_text(ts, s, initial) < 0) return GI_FAIL;
    s->pos = 0;
    return GI_OK;
}
static GiRef stringio_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                          GiVal kwnames GI_UNUSED) {
    GiRef made = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(made)) STRINGIO(made)->width = 1;
    return made;
}
GI_INIT(stringio, "(self, initial_value = '', newline = '\\n')") {
    GI_IO_GUARD_OR(&STRINGIO(self)->lock, GI_FAIL);
    return set_up(ts, STRINGIO(self), a->initial_value, a->newline, !gi_is_null(a->newline));
}

/* ---- methods ---- */

GI_METHOD(stringio, getvalue, "(self)", "Retrieve the entire contents of the object.") {
    GI_IO_GUARD(&STRINGIO(self)->lock);
    OPEN(STRINGIO(self));
    return value_of(ts, STRINGIO(self));
}
GI_METHOD(stringio, tell, "(self)", "Tell the current file position.") {
    OPEN(STRINGIO(self));
    return gi_int_from_i64(ts, (int64_t)STRINGIO(self)->pos);
}
GI_METHOD(stringio, read, "(self, size = -1, /)", "Read at most size characters, returned as a string.\n\nIf the argument is negative or omitted, read until EOF\nis reached. Return an empty string at EOF.") {
    ssize_t n;
    GI_IO_GUARD(&STRINGIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0) return GI_NULL;
    OPEN(STRINGIO(self));
    return take(ts, STRINGIO(self), n < 0 ? SIZE_MAX : (size_t)n);
}

/* Length of the line at the position, at most limit (< 0: none). */
static size_t line_length(GiStringIO *s, ssize_t limit) {
    if (s->pos >= s->len || limit == 0) return 0;
    size_t left = s->len - s->pos, n = left;
    GiTextView v = gi_text_slice(view_of(s), s->pos, s->len);
    char first = s->universal && !s->newlines.translate ? 0 : s->newline[0] ? s->newline[0] : '\n';
    bool pair = first == '\r' && s->newline[1] == '\n';
    if (first && !pair && v.kind == 1) {
        const char *p = memchr(v.data, first, left);
        if (p) n = (size_t)(p - (const char *)v.data) + 1;
    } else {
        for (size_t i = 0; i < left; i++) {
            uint32_t c = gi_text_at(v, i);
            bool lf_next = i + 1 < left && gi_text_at(v, i + 1) == '\n';
            if (pair ? c == '\r' && lf_next : first ? c == (uint32_t)first : c == '\n' || c == '\r') {
                n = i + 1 + ((pair || (!first && c == '\r')) && lf_next);
                break;
            }
        }
    }
    return limit >= 0 ? GI_MIN(n, (size_t)limit) : n;
}
GI_METHOD(stringio, readline, "(self, size = -1, /)", "Read until newline or EOF.\n\nReturns an empty string if EOF is hit immediately.") {
    ssize_t n;
    GI_IO_GUARD(&STRINGIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0) return GI_NULL;
    OPEN(STRINGIO(self));
    return take(ts, STRINGIO(self), line_length(STRINGIO(self), n));
}
static GiRef stringio_next(GiThread *ts, GiVal self) {
    OPEN(STRINGIO(self));
    GiRef line;
    if (gi_is_exact(self, &gi_stringio_type)) {
        GI_IO_GUARD(&STRINGIO(self)->lock);
        line = take(ts, STRINGIO(self), line_length(STRINGIO(self), -1));
    } else {
        line = gi_io_call0(ts, self, GI_N(readline));
        if (!gi_is_null(line) && !gi_is_str(gi_val(line))) {
            gi_raise(ts, &gi_exc_OSError, "readline() should have returned a str object, not '%.200T'", gi_val(line));
            gi_drop(ts, line);
            return GI_NULL;
        }
    }
    if (gi_is_null(line) || gi_str_len(line)) return line;
    gi_drop(ts, line);
    return GI_NULL;
}
GI_METHOD(stringio, truncate, "(self, pos = None, /)", "Truncate size to pos.\n\nThe pos argument defaults to the current file position, as\nreturned by tell().  The current file position is unchanged.\nReturns the new absolute position.") {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    ssize_t size = (ssize_t)s->pos;
    bool given = !gi_is_null(a->pos) && !gi_is_none(a->pos);
    if (given && gi_io_size(ts, a->pos, &size) < 0) return GI_NULL;
    OPEN(s);
    if (size < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "Negative size value %zd", size);
    if ((size_t)size < s->len) {
        gi_slot_clear(ts, &s->value);
        s->len = (size_t)size;
    }
    return gi_int_from_i64(ts, size);
}
GI_METHOD(stringio, seek, "(self, pos: ssize, whence: int = 0, /)", "Change stream position.\n\nSeek to character offset pos relative to position indicated by whence:\n    0  Start of stream (the default).  pos should be >= 0;\n    1  Current position - pos must be 0;\n    2  End of stream - pos must be 0.\nReturns the new absolute position.") {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    OPEN(s);
    if (a->whence < 0 || a->whence > 2)
        return gi_raise_ref(ts, &gi_exc_ValueError, "Invalid whence (%i, should be 0, 1 or 2)", a->whence);
    if (a->pos < 0 && a->whence == 0) return gi_raise_ref(ts, &gi_exc_ValueError, "Negative seek position %zd", a->pos);
    if (a->whence && a->pos) return gi_raise_ref(ts, &gi_exc_OSError, "Can't do nonzero cur-relative seeks");
    s->pos = a->whence == 1 ? s->pos : a->whence == 2 ? s->len : (size_t)a->pos;
    return gi_int_from_i64(ts, (int64_t)s->pos);
}
GI_METHOD(stringio, write, "(self, s, /)", "Write string to file.\n\nReturns the number of characters written, which is always equal to\nthe length of the string.") {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    if (!gi_is_str(a->s)) {
        if (!s->ok) OPEN(s);
        return gi_raise_ref(ts, &gi_exc_TypeError, "string argument expected, got '%T'", a->s);
    }
    OPEN(s);
    size_t n = gi_str_len(a->s);
    if (n > 0) {
        GiStatus status = s->universal || s->write_nl[0] ? write_text(ts, s, a->s) : put(ts, s, a->s);
        if (status < 0) return GI_NULL;
    }
    return gi_int_from_i64(ts, (int64_t)n);
}
GI_METHOD(stringio, close, "(self)", "Close the IO object.\n\nAttempting any further operation after the object is closed\nwill raise a ValueError.\n\nThis method has no effect if the file is already closed.") {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    s->closed = true;
    gi_slot_clear(ts, &s->value);
    gi_mem_free(s->data);
    s->data = NULL;
    s->len = s->cap = 0;
    return GI_REF_NONE;
}
GI_METHOD(stringio, readable, "(self)", "Returns True if the IO object can be read.") { OPEN(STRINGIO(self)); return GI_REF_TRUE; }
GI_METHOD(stringio, writable, "(self)", "Returns True if the IO object can be written.") { OPEN(STRINGIO(self)); return GI_REF_TRUE; }
GI_METHOD(stringio, seekable, "(self)", "Returns True if the IO object can be seeked.") { OPEN(STRINGIO(self)); return GI_REF_TRUE; }

GI_METHOD(stringio, __getstate__, "(self)", NULL) {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    OPEN(s);
    GiRef parts[4] = {value_of(ts, s), s->newline_none ? GI_REF_NONE : gi_str_from_cstr(ts, s->newline),
                      gi_int_from_i64(ts, (int64_t)s->pos), gi_attrs_snapshot(ts, gi_obj(self))};
    if (!gi_is_null(parts[3]) && gi_dict_len(parts[3]) == 0) {
        gi_drop(ts, parts[3]);
        parts[3] = GI_REF_NONE;
    }
    for (int i = 0; i < 4; i++)
        if (gi_is_null(parts[i])) {
            for (int k = 0; k < 4; k++) gi_xdrop(ts, parts[k]);
            return GI_NULL;
        }
    return gi_tuple_steal(ts, parts, 4);
}
GI_METHOD(stringio, __setstate__, "(self, state, /)", NULL) {
    GiStringIO *s = STRINGIO(self);
    GI_IO_GUARD(&s->lock);
    if (s->closed) OPEN(s);
    if (!gi_is_tuple(a->state) || gi_tuple_len(a->state) < 4)
        return gi_raise_ref(ts, &gi_exc_TypeError, "%T.__setstate__ argument should be 4-tuple, got %.200T", self, a->state);
    GiVal text = gi_tuple_get(a->state, 0), pos = gi_tuple_get(a->state, 2), dict = gi_tuple_get(a->state, 3);
    /* The value has its newlines already: no translation. */
    if (set_up(ts, s, GI_NOVAL, gi_tuple_get(a->state, 1), true) < 0) return GI_NULL;
    if (!gi_is_none(text)) {
        if (!gi_is_str(text))
            return gi_raise_ref(ts, &gi_exc_TypeError, "initial_value must be str or None, not %.200T", text);
        if (put(ts, s, text) < 0) return GI_NULL;
    }
    ssize_t at;
    if (!gi_is_int(pos))
        return gi_raise_ref(ts, &gi_exc_TypeError, "third item of state must be an integer, got %.200T", pos);
    if (gi_as_ssize(ts, pos, false, &at) < 0) return GI_NULL;
    if (at < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "position value cannot be negative");
    s->pos = (size_t)at;
    if (gi_is_none(dict)) return GI_REF_NONE;
    if (!gi_is_dict(dict))
        return gi_raise_ref(ts, &gi_exc_TypeError, "fourth item of state should be a dict, got a %.200T", dict);
    GiRef mine = gi_attrs_dict(ts, gi_obj(self));
    if (gi_is_null(mine)) return mine;
    GiStatus status = gi_dict_update(ts, gi_val(mine), dict);
    gi_drop(ts, mine);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_GETTER(stringio, closed, NULL) {
    if (!STRINGIO(self)->ok) OPEN(STRINGIO(self));
    return gi_bool_ref(STRINGIO(self)->closed);
}
GI_GETTER(stringio, line_buffering, NULL) { OPEN(STRINGIO(self)); return GI_REF_FALSE; }
GI_GETTER(stringio, newlines, NULL) {
    OPEN(STRINGIO(self));
    return STRINGIO(self)->universal ? gi_newlines_seen(ts, STRINGIO(self)->newlines.seen) : GI_REF_NONE;
}

static const GiField stringio_fields[] = {GI_SLOT(GiStringIO, value), GI_BUFFER_FIELD(GiStringIO, data), GI_FIELDS_END};
GiType gi_stringio_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.StringIO", .module = "_io", .size = sizeof(GiStringIO), .base = &gi_textiobase_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .fields = stringio_fields,
    .methods = stringio_methods, .getset = stringio_getset, .new_ = stringio_new, .init = stringio_init,
    .next = stringio_next, .doc = "StringIO(initial_value='', newline='\\n')\n--\n\nText I/O implementation using an in-memory buffer.\n\nThe initial_value argument sets the value of object.  The newline\nargument is like the one of TextIOWrapper's constructor.",
};
