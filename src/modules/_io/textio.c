/* textio.c - TextIOWrapper: construction, writing, attributes.
 *
 * UTF-8, ASCII and Latin-1 are encoded and decoded here; other encodings through the incremental
 * encoder and decoder objects of their codec. Text to be written is encoded at once and collected in
 * `pending` until there is a chunk of it.
 * Methods call Python code (buffer, codecs, error handlers), which may close, detach or write to the
 * same object: state is read again after such calls, and `pending` is taken out while it is written.
 */
#include "modules/_io/textio.h"

#include "memory/slots.h"
#include "base/utf8.h"
#include "objects/codec.h"
#include <langinfo.h>
#include "modules/_io/textio.gen.h"

/* Whether there is a buffer. Written under the stream's lock; who has it not may ask, and asks again when it has it. */
static void set_state(GiTextIO *t, bool ok, bool detached) {
    __atomic_store_n(&t->ok, ok, __ATOMIC_RELEASE);
    __atomic_store_n(&t->detached, detached, __ATOMIC_RELAXED);
}
static bool is_detached(const GiTextIO *t) { return __atomic_load_n(&t->detached, __ATOMIC_RELAXED); }

GiStatus gi_textio_check(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (GI_LIKELY(__atomic_load_n(&t->ok, __ATOMIC_ACQUIRE))) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, is_detached(t) ? "underlying buffer has been detached"
                                                               : "I/O operation on uninitialized object");
}
static bool direct_writer(GiThread *ts, GiVal buffer) {
    return gi_io_plain(ts, buffer, &gi_buffered_writer_type) || gi_io_plain(ts, buffer, &gi_buffered_random_type);
}
GiStatus gi_textio_check_open(GiThread *ts, GiVal self) {
    if (gi_textio_check(ts, self) < 0) return GI_FAIL;
    GiVal buffer = gi_val(TEXTIO(self)->buffer);
    GiTruth closed;
    if (gi_is_exact(self, &gi_textio_type) &&
        (gi_io_plain(ts, buffer, &gi_buffered_reader_type) || direct_writer(ts, buffer)))
        closed = gi_buffered_closed(ts, buffer);
    else
        closed = gi_io_closed(ts, self);
    if (GI_LIKELY(closed.value == 0)) return GI_OK;
    if (closed.value > 0) gi_raise(ts, &gi_exc_ValueError, "I/O operation on closed file.");
    return GI_FAIL;
}

/* ---- construction ---- */

static GiTextCodec codec_kind(const char *encoding) {
    static const struct { const char *name; GiTextCodec codec; } names[] = {
        {"utf_8", GI_TEXT_UTF8}, {"utf8", GI_TEXT_UTF8}, {"ascii", GI_TEXT_ASCII}, {"us_ascii", GI_TEXT_ASCII},
        {"latin_1", GI_TEXT_LATIN1}, {"latin1", GI_TEXT_LATIN1}, {"iso_8859_1", GI_TEXT_LATIN1}, {"iso8859_1", GI_TEXT_LATIN1}};
    char name[12];
    size_t n = 0;
    for (const char *p = encoding; *p; p++) {
        if (n == sizeof name - 1) return GI_TEXT_OBJECT;
        name[n++] = *p == '-' ? '_' : *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    }
    name[n] = 0;
    for (size_t i = 0; i < GI_COUNTOF(names); i++)
        if (strcmp(name, names[i].name) == 0) return names[i].codec;
    return GI_TEXT_OBJECT;
}

/* What encoding=None and encoding="locale" mean. */
static GiRef locale_encoding(GiThread *ts) {
    if (ts->vm->runtime->config.utf8_mode) return gi_str_from_cstr(ts, "utf-8");
    const char *name = nl_langinfo(CODESET);
    /* Without a locale the file system's encoding is used. */
    return gi_str_from_cstr(ts, !name || !*name || strcmp(name, "ANSI_X3.4-1968") == 0 ? "UTF-8" : name);
}

static GiStatus set_newline(GiThread *ts, GiTextIO *t, GiVal newline) {
    bool none = gi_is_null(newline) || gi_is_none(newline);
    const char *text = none ? NULL : gi_str_cstr(ts, newline);
    if (!none && !text) return GI_FAIL;
    if (text && text[0] && strcmp(text, "\n") && strcmp(text, "\r") && strcmp(text, "\r\n"))
        return gi_raise_status(ts, &gi_exc_ValueError, "illegal newline value: %s", text);
    t->read_universal = !text || !text[0];
    t->newlines.translate = !text;
    strcpy(t->read_nl, text && text[0] ? text : "");
    if (t->read_nl[0] == 0 && t->newlines.translate) strcpy(t->read_nl, "\n");
    t->write_translate = !text || text[0];
    strcpy(t->write_nl, t->write_translate && text && strcmp(text, "\n") ? text : "");
    return GI_OK;
}

/* An incremental encoder or decoder of the codec. */
static GiRef incremental(GiThread *ts, GiVal codec, const char *which, GiVal errors) {
    GiRef factory = gi_getattr_cstr(ts, codec, which);
    if (gi_is_null(factory)) return factory;
    GiRef made = gi_call1(ts, gi_val(factory), errors);
    gi_drop(ts, factory);
    return made;
}

/* Sets encoding (a str) and errors; makes encoder and decoder. */
static GiStatus set_codec(GiThread *ts, GiTextIO *t, GiVal encoding, GiVal errors) {
    const char *name = gi_str_cstr(ts, encoding), *handler = name ? gi_str_cstr(ts, errors) : NULL;
    if (!handler) return GI_FAIL;
    GiTextCodec kind = codec_kind(name);
    GiRef encoder = GI_NULL, decoder = GI_NULL;
    if (ts->vm->dev_mode) {
        GiRef found = gi_codec_lookup_error(ts, handler);
        if (gi_is_null(found)) return GI_FAIL;
        gi_drop(ts, found);
    }
    if (kind == GI_TEXT_OBJECT) {
        GiRef codec = gi_codec_lookup(ts, name), flag = GI_NULL;
        if (gi_is_null(codec)) return GI_FAIL;
        flag = gi_getattr_cstr(ts, gi_val(codec), "_is_text_encoding");
        if (gi_is_null(flag)) gi_exc_clear(ts);
        GiTruth text = gi_is_null(flag) ? GI_TRUTH_YES : gi_truth(ts, gi_val(flag));
        gi_xdrop(ts, flag);
        if (text.value == 0)
            gi_raise(ts, &gi_exc_LookupError, "'%.400s' is not a text encoding; use codecs.open() to handle arbitrary codecs", name);
        if (text.value > 0 && t->can_read) decoder = incremental(ts, gi_val(codec), "incrementaldecoder", errors);
        if (text.value > 0 && t->can_write && !gi_raised(ts))
            encoder = incremental(ts, gi_val(codec), "incrementalencoder", errors);
        gi_drop(ts, codec);
        if (gi_raised(ts)) {
            gi_xdrop(ts, encoder);
            gi_xdrop(ts, decoder);
            return GI_FAIL;
        }
    }
    t->codec = kind;
    t->tail_len = 0;
    t->newlines.pending_cr = false;
    t->newlines.seen = 0;
    gi_slot_set(ts, &t->encoder, encoder);
    gi_slot_set(ts, &t->decoder, decoder);
    gi_slot_store(ts, &t->encoding, gi_dup(ts, encoding));
    gi_slot_store(ts, &t->errors, gi_dup(ts, errors));
    return GI_OK;
}

GiStatus gi_textio_reset_encoder(GiThread *ts, GiVal self, bool at_start) {
    GiTextIO *t = TEXTIO(self);
    if (t->codec != GI_TEXT_OBJECT || !t->encoder.bits) return GI_OK;
    GiRef r = at_start ? gi_call_method_cstr(ts, gi_val(t->encoder), "reset", NULL, 0)
                       : gi_call_method_cstr(ts, gi_val(t->encoder), "setstate", (GiVal[]){gi_smallint(0)}, 1);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}
/* The encoder must not write a mark in the middle of a file. */
static GiStatus fix_encoder(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (!t->seekable || !t->can_write || (t->codec != GI_TEXT_OBJECT && direct_writer(ts, gi_val(t->buffer)))) return GI_OK;
    GiRef at = gi_io_call0(ts, gi_val(t->buffer), GI_N(tell));
    if (gi_is_null(at)) return GI_FAIL;
    GiTruth zero = gi_compare_truth(ts, gi_val(at), gi_smallint(0), GI_EQ);
    gi_drop(ts, at);
    if (zero.value) return zero.value < 0 ? GI_FAIL : GI_OK;
    return gi_textio_reset_encoder(ts, self, false);
}

static GiStatus ability(GiThread *ts, GiVal buffer, GiVal method, bool *able) {
    GiRef r = gi_io_call0(ts, buffer, method);
    if (gi_is_null(r)) return GI_FAIL;
    GiTruth truth = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    *able = truth.value > 0;
    return truth.value < 0 ? GI_FAIL : GI_OK;
}

GiStatus gi_textio_init_values(GiThread *ts, GiVal self, GiVal buffer, GiVal encoding, GiVal errors, GiVal newline,
                               bool line_buffering, bool write_through) {
    GiTextIO *t = TEXTIO(self);
    GI_IO_GUARD_OR(&t->lock, GI_FAIL);
    set_state(t, false, false);
    bool no_encoding = gi_is_null(encoding) || gi_is_none(encoding);
    if (no_encoding && ts->vm->runtime->config.warn_default_encoding &&
        gi_warn(ts, &gi_exc_EncodingWarning, 1, "'encoding' argument not specified") < 0)
        return GI_FAIL;
    if (set_newline(ts, t, newline) < 0) return GI_FAIL;
    GiRef name = no_encoding || gi_str_equals_cstr(encoding, "locale") ? locale_encoding(ts) : gi_dup(ts, encoding);
    GiRef handler = gi_is_null(errors) || gi_is_none(errors) ? gi_dup(ts, GI_N(strict)) : gi_dup(ts, errors), read1;
    GiStatus status = GI_FAIL;
    if (gi_is_null(name) || gi_is_null(handler)) goto done;
    t->can_read = t->can_write = t->seekable = false;
    gi_textio_forget(ts, t);
    t->pending_len = 0;
    t->chunk = GI_IO_BUFFER_SIZE;
    t->bytes_per_char = 0;
    t->line_buffering = line_buffering;
    t->write_through = write_through;
    gi_slot_store(ts, &t->buffer, gi_dup(ts, buffer));
    if (ability(ts, buffer, GI_N(readable), &t->can_read) < 0 || ability(ts, buffer, GI_N(writable), &t->can_write) < 0 ||
        set_codec(ts, t, gi_val(name), gi_val(handler)) < 0 || ability(ts, buffer, GI_N(seekable), &t->seekable) < 0)
        goto done;
    t->telling = t->seekable;
    read1 = gi_getattr_cstr(ts, buffer, "read1");
    t->has_read1 = !gi_is_null(read1);
    if (gi_is_null(read1)) {
        if (!gi_exc_matches(ts, &gi_exc_AttributeError)) goto done;
        gi_exc_clear(ts);
    }
    gi_xdrop(ts, read1);
    if (fix_encoder(ts, self) < 0) goto done;
    set_state(t, true, false);
    status = GI_OK;
done:
    gi_xdrop(ts, name);
    gi_xdrop(ts, handler);
    return status;
}

static GiRef textio_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GI_INIT(textio, "(self, buffer, encoding: str? = None, errors: str? = None, newline: str? = None, line_buffering: bool = False, write_through: bool = False)") {
    return gi_textio_init_values(ts, self, a->buffer, a->encoding, a->errors, a->newline, a->line_buffering, a->write_through);
}

/* ---- writing ---- */

/* buffer.name(), or buffer.name(arg), without the stream's lock: the method may want another stream, by which a third
 * thread has come here. */
static GiRef call_out(GiThread *ts, GiTextIO *t, GiVal buffer, GiVal name, GiVal arg) {
    uint32_t depth = gi_io_leave(ts, &t->lock);
    GiRef r = gi_is_null(arg) ? gi_io_call0(ts, buffer, name) : gi_io_call1(ts, buffer, name, arg);
    if (gi_io_return(ts, &t->lock, depth) == GI_OK) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}

/* buffer.write(data). */
static GiStatus write_out(GiThread *ts, GiTextIO *t, GiVal buffer, const void *data, size_t len) {
    if (direct_writer(ts, buffer)) return gi_buffered_write_from(ts, buffer, data, len);
    GiRef bytes = gi_bytes_from(ts, data, len), r;
    if (gi_is_null(bytes)) return GI_FAIL;
    do r = call_out(ts, t, buffer, GI_N(write), gi_val(bytes));
    while (gi_is_null(r) && gi_io_trap_eintr(ts));
    gi_drop(ts, bytes);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}
GiStatus gi_textio_write_pending(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (t->pending_len == 0) return GI_OK;
    uint8_t *block = t->pending;
    size_t len = t->pending_len, cap = t->pending_cap;
    t->pending = NULL;
    t->pending_len = t->pending_cap = 0;
    GiRef buffer = gi_slot_dup(ts, &t->buffer);
    GiStatus status = write_out(ts, t, gi_val(buffer), block, len);
    gi_drop(ts, buffer);
    if (t->pending == NULL && cap <= 4 * GI_IO_BUFFER_SIZE) {
        t->pending = block;
        t->pending_cap = cap;
    } else {
        gi_mem_free(block);
    }
    return status;
}

/* Room for n more pending bytes. */
static uint8_t *reserve(GiThread *ts, GiTextIO *t, size_t n) {
    if (GI_UNLIKELY(t->pending_cap - t->pending_len < n)) {
        size_t cap = GI_MAX(t->pending_len + n, GI_MAX(t->pending_cap * 2, (size_t)512));
        uint8_t *block = gi_mem_realloc(ts, t->pending, cap);
        if (!block) return NULL;
        t->pending = block;
        t->pending_cap = cap;
    }
    return t->pending + t->pending_len;
}

/* Appends encoded bytes; what was pending goes out first when it would get more than a chunk. */
static GiStatus collect(GiThread *ts, GiVal self, const void *data, size_t len) {
    GiTextIO *t = TEXTIO(self);
    if (len == 0) return GI_OK;
    if (t->pending_len && t->pending_len + len > (size_t)t->chunk) {
        if (gi_textio_write_pending(ts, self) < 0 || gi_textio_check(ts, self) < 0) return GI_FAIL;
    }
    uint8_t *to = reserve(ts, t, len);
    if (!to) return GI_FAIL;
    memcpy(to, data, len);
    t->pending_len += len;
    return GI_OK;
}

/* Encodes text and collects it. */
static GiStatus encode(GiThread *ts, GiVal self, GiVal text) {
    GiTextIO *t = TEXTIO(self);
    GiStrKind kind = gi_str_kind(text);
    if (GI_LIKELY(t->codec != GI_TEXT_OBJECT && (kind == GI_STR_ASCII || (t->codec == GI_TEXT_LATIN1 && kind == GI_STR_LATIN1))))
        return collect(ts, self, gi_str_data(text), gi_str_len(text));
    GiRef bytes;
    if (t->codec == GI_TEXT_OBJECT) {
        GiRef encoder = gi_slot_dup(ts, &t->encoder);
        if (gi_is_null(encoder)) return gi_io_unsupported(ts, "not writable"), GI_FAIL;
        bytes = gi_io_call1(ts, gi_val(encoder), GI_N(encode), text);
        gi_drop(ts, encoder);
        if (!gi_is_null(bytes) && !gi_is_bytes(gi_val(bytes))) {
            gi_raise(ts, &gi_exc_TypeError, "encoder should return a bytes object, not '%.200T'", gi_val(bytes));
            gi_drop(ts, bytes);
            return GI_FAIL;
        }
    } else {
        const char *errors = gi_str_utf8(ts, gi_val(t->errors), NULL);
        bytes = t->codec == GI_TEXT_UTF8 ? gi_encode_utf8_with(ts, text, errors)
                                         : gi_encode(ts, text, t->codec == GI_TEXT_ASCII ? "ascii" : "latin-1", errors);
    }
    if (gi_is_null(bytes)) return GI_FAIL;
    GiStatus status = gi_textio_check(ts, self);
    if (status == GI_OK) status = collect(ts, self, gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(ts, bytes);
    return status;
}

static bool contains(GiVal text, char c) {
    GiTextView view = gi_str_view(text);
    if (view.kind == 1) return view.len && memchr(view.data, c, view.len) != NULL;
    for (size_t i = 0; i < view.len; i++)
        if (gi_text_at(view, i) == (uint32_t)c) return true;
    return false;
}

GI_METHOD(textio, write, "(self, text, /)", NULL) {
    GiTextIO *t = TEXTIO(self);
    GiVal text = a->text;
    if (!gi_is_str(text)) {
        if (gi_is_none(text)) return gi_raise_ref(ts, &gi_exc_TypeError, "write() argument must be str, not None");
        return gi_raise_ref(ts, &gi_exc_TypeError, "write() argument must be str, not %.50T", text);
    }
    GI_IO_GUARD(&t->lock);
    if (gi_textio_check_open(ts, self) < 0) return GI_NULL;
    if (!t->can_write) return gi_io_unsupported(ts, "not writable");
    bool newline = (t->write_nl[0] || t->line_buffering) && contains(text, '\n');
    bool flush = t->line_buffering && (newline || contains(text, '\r'));
    GiStatus status;
    if (newline && t->write_nl[0]) {
        GiRef expanded = gi_newlines_expand(ts, text, t->write_nl);
        if (gi_is_null(expanded)) return GI_NULL;
        status = encode(ts, self, gi_val(expanded));
        gi_drop(ts, expanded);
    } else {
        status = encode(ts, self, text);
    }
    if (status < 0) return GI_NULL;
    if (flush || t->write_through || t->pending_len >= (size_t)t->chunk)
        if (gi_textio_write_pending(ts, self) < 0) return GI_NULL;
    if (flush && gi_textio_check(ts, self) < 0) return GI_NULL;
    if (flush) {
        GiRef buffer = gi_slot_dup(ts, &t->buffer), r = GI_REF_NONE;
        if (direct_writer(ts, gi_val(buffer))) r = gi_buffered_flush(ts, gi_val(buffer)) < 0 ? GI_NULL : GI_REF_NONE;
        else r = call_out(ts, t, gi_val(buffer), GI_N(flush), GI_NOVAL);
        gi_drop(ts, buffer);
        if (gi_is_null(r)) return r;
        gi_drop(ts, r);
    }
    if (GI_UNLIKELY(t->can_read)) {
        gi_textio_forget(ts, t);
        if (t->ok && gi_textio_reset_decoder(ts, self) < 0) return GI_NULL;
    }
    return gi_int_from_i64(ts, (int64_t)gi_str_len(text));
}
GI_METHOD(textio, flush, "(self)", NULL) {
    GiTextIO *t = TEXTIO(self);
    GI_IO_GUARD(&t->lock);
    if (gi_textio_check_open(ts, self) < 0) return GI_NULL;
    t->telling = t->seekable;
    if (gi_textio_write_pending(ts, self) < 0 || gi_textio_check(ts, self) < 0) return GI_NULL;
    GiRef buffer = gi_slot_dup(ts, &t->buffer);
    GiRef r = call_out(ts, t, gi_val(buffer), GI_N(flush), GI_NOVAL);
    gi_drop(ts, buffer);
    return r;
}
static GiStatus call_flush(GiThread *ts, GiVal self) {
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

GI_METHOD(textio, detach, "(self)", NULL) {
    GiTextIO *t = TEXTIO(self);
    GI_IO_GUARD(&t->lock);
    if (gi_textio_check(ts, self) < 0 || call_flush(ts, self) < 0 || gi_textio_check(ts, self) < 0) return GI_NULL;
    set_state(t, false, true);
    return gi_slot_exchange(ts, &t->buffer, GI_NULL);
}
GI_METHOD(textio, close, "(self)", NULL) {
    GiTextIO *t = TEXTIO(self);
    GI_IO_GUARD(&t->lock);
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    GiTruth closed = gi_io_closed(ts, self);
    if (closed.value) return closed.value < 0 ? GI_NULL : GI_REF_NONE;
    GiRef buffer = gi_slot_dup(ts, &t->buffer);
    if (t->finalizing) {
        GiRef warned = gi_call_method_cstr(ts, gi_val(buffer), "_dealloc_warn", (GiVal[]){self}, 1);
        if (gi_is_null(warned)) gi_exc_clear(ts);
        gi_xdrop(ts, warned);
    }
    GiRef first = call_flush(ts, self) < 0 ? gi_exc_take(ts) : GI_NULL;
    GiRef r = gi_io_call0(ts, gi_val(buffer), GI_N(close));
    gi_drop(ts, buffer);
    gi_io_chain(ts, first);
    if (!gi_raised(ts)) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}

/* ---- reconfigure ---- */

static GiStatus optional_bool(GiThread *ts, GiVal v, bool *value) {
    int number;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (gi_as_int(ts, v, &number) < 0) return GI_FAIL;
    *value = number != 0;
    return GI_OK;
}
GI_METHOD(textio, reconfigure, "(self, *, encoding: str? = None, errors: str? = None, newline = <unrepresentable>, line_buffering = None, write_through = None)", "Reconfigure the text stream with new parameters.\n\nThis also does an implicit stream flush.") {
    GiTextIO *t = TEXTIO(self);
    GI_IO_GUARD(&t->lock);
    bool has_newline = !gi_is_null(a->newline);
    if (has_newline && !gi_is_none(a->newline) && !gi_is_str(a->newline))
        return gi_raise_ref(ts, &gi_exc_TypeError, "bad argument type for built-in operation");
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    bool has_encoding = !gi_is_null(a->encoding) && !gi_is_none(a->encoding),
         has_errors = !gi_is_null(a->errors) && !gi_is_none(a->errors);
    if (t->decoded.bits && (has_encoding || has_errors || has_newline))
        return gi_io_unsupported(ts, "It is not possible to set the encoding or newline of stream after the first read");
    bool line_buffering = t->line_buffering, write_through = t->write_through;
    if (optional_bool(ts, a->line_buffering, &line_buffering) < 0 || optional_bool(ts, a->write_through, &write_through) < 0 ||
        call_flush(ts, self) < 0 || gi_textio_check(ts, self) < 0)
        return GI_NULL;
    t->bytes_per_char = 0;
    if (has_newline && set_newline(ts, t, a->newline) < 0) return GI_NULL;
    if (has_encoding || has_errors || has_newline) {
        GiRef name = !has_encoding                                    ? gi_slot_dup(ts, &t->encoding)
                     : gi_str_equals_cstr(a->encoding, "locale") ? locale_encoding(ts)
                                                                      : gi_dup(ts, a->encoding);
        GiRef errors = has_errors     ? gi_dup(ts, a->errors)
                       : has_encoding ? gi_dup(ts, GI_N(strict))
                                      : gi_slot_dup(ts, &t->errors);
        GiStatus status = gi_is_null(name) ? GI_FAIL : set_codec(ts, t, gi_val(name), gi_val(errors));
        gi_xdrop(ts, name);
        gi_xdrop(ts, errors);
        if (status < 0 || fix_encoder(ts, self) < 0) return GI_NULL;
    }
    t->line_buffering = line_buffering;
    t->write_through = write_through;
    return GI_REF_NONE;
}

/* ---- reading: textio_read.c ---- */

GI_METHOD(textio, read, "(self, size = -1, /)", NULL) {
    ssize_t n;
    GI_IO_GUARD(&TEXTIO(self)->lock);
    if (gi_io_size(ts, a->size, &n) < 0 || gi_textio_check_open(ts, self) < 0) return GI_NULL;
    return gi_textio_read(ts, self, n);
}
GI_METHOD(textio, readline, "(self, size: ssize = -1, /)", NULL) {
    GI_IO_GUARD(&TEXTIO(self)->lock);
    if (gi_textio_check_open(ts, self) < 0) return GI_NULL;
    return gi_textio_readline(ts, self, a->size);
}
GI_METHOD(textio, tell, "(self)", NULL) {
    GI_IO_GUARD(&TEXTIO(self)->lock);
    return gi_textio_check_open(ts, self) < 0 ? GI_NULL : gi_textio_tell(ts, self);
}
GI_METHOD(textio, seek, "(self, cookie, whence: int = 0, /)", NULL) {
    GI_IO_GUARD(&TEXTIO(self)->lock);
    return gi_textio_check_open(ts, self) < 0 ? GI_NULL : gi_textio_seek(ts, self, a->cookie, a->whence);
}
/* The stream below, for who does not hold the lock; null and ValueError when it has been detached. */
static GiRef buffer_of(GiThread *ts, GiVal self) {
    for (;;) {
        if (gi_textio_check(ts, self) < 0) return GI_NULL;
        GiRef buffer = gi_slot_load(ts, &TEXTIO(self)->buffer);
        if (!gi_is_null(buffer)) return buffer;
    }
}
static GiRef buffer_attribute(GiThread *ts, GiVal self, GiVal name) {
    GiRef buffer = buffer_of(ts, self);
    if (gi_is_null(buffer)) return buffer;
    GiRef r = gi_getattr(ts, gi_val(buffer), name);
    gi_drop(ts, buffer);
    return r;
}
GI_METHOD(textio, truncate, "(self, pos = None, /)", NULL) {
    if (gi_textio_check(ts, self) < 0 || call_flush(ts, self) < 0 || gi_textio_check(ts, self) < 0) return GI_NULL;
    GiRef buffer = buffer_of(ts, self);
    if (gi_is_null(buffer)) return buffer;
    GiRef r = gi_io_call1(ts, gi_val(buffer), GI_N(truncate), gi_is_null(a->pos) ? GI_NONE : a->pos);
    gi_drop(ts, buffer);
    return r;
}

/* ---- attributes ---- */

static GiRef ask_buffer(GiThread *ts, GiVal self, GiVal method) {
    GiRef buffer = buffer_of(ts, self);
    if (gi_is_null(buffer)) return buffer;
    GiRef r = gi_io_call0(ts, gi_val(buffer), method);
    gi_drop(ts, buffer);
    return r;
}
GI_METHOD(textio, fileno, "(self)", NULL) { return ask_buffer(ts, self, GI_N(fileno)); }
GI_METHOD(textio, seekable, "(self)", NULL) { return ask_buffer(ts, self, GI_N(seekable)); }
GI_METHOD(textio, readable, "(self)", NULL) { return ask_buffer(ts, self, GI_N(readable)); }
GI_METHOD(textio, writable, "(self)", NULL) { return ask_buffer(ts, self, GI_N(writable)); }
GI_METHOD(textio, isatty, "(self)", NULL) { return ask_buffer(ts, self, GI_N(isatty)); }

GI_GETTER(textio, name, NULL) {
    return buffer_attribute(ts, self, GI_N(name));
}
GI_GETTER(textio, closed, NULL) {
    return buffer_attribute(ts, self, GI_N(closed));
}
GI_GETTER(textio, newlines, NULL) {
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    GiTextIO *t = TEXTIO(self);
    return t->can_read && t->read_universal ? gi_newlines_seen(ts, t->newlines.seen) : GI_REF_NONE;
}
GI_GETTER(textio, errors, NULL) {
    if (!is_detached(TEXTIO(self)) && gi_textio_check(ts, self) < 0) return GI_NULL;
    return gi_slot_load(ts, &TEXTIO(self)->errors);
}
GI_GETTER(textio, _CHUNK_SIZE, NULL) {
    return gi_textio_check(ts, self) < 0 ? GI_NULL : gi_int_from_i64(ts, TEXTIO(self)->chunk);
}
GI_SETTER(textio, _CHUNK_SIZE) {
    ssize_t n;
    if (gi_textio_check(ts, self) < 0) return GI_FAIL;
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_AttributeError, "cannot delete attribute");
    if (gi_as_ssize(ts, value, false, &n) < 0) {
        if (!gi_exc_matches(ts, &gi_exc_IndexError)) return GI_FAIL;
        gi_exc_clear(ts);
        return gi_raise_status(ts, &gi_exc_ValueError, "cannot fit '%.200T' into an index-sized integer", value);
    }
    if (n <= 0) return gi_raise_status(ts, &gi_exc_ValueError, "a strictly positive integer is required");
    TEXTIO(self)->chunk = n;
    return GI_OK;
}
static const GiMemberDef textio_members[] = {
    {"encoding", GI_MEMBER_OBJECT, offsetof(GiTextIO, encoding), true, NULL},
    {"buffer", GI_MEMBER_OBJECT, offsetof(GiTextIO, buffer), true, NULL},
    {"line_buffering", GI_MEMBER_BOOL, offsetof(GiTextIO, line_buffering), true, NULL},
    {"write_through", GI_MEMBER_BOOL, offsetof(GiTextIO, write_through), true, NULL},
    {"_finalizing", GI_MEMBER_BOOL, offsetof(GiTextIO, finalizing), false, NULL},
    {.name = NULL},
};

/* " name=..." for an attribute that there is. */
static GiStatus add_attribute(GiThread *ts, GiStrBuilder *sb, GiVal self, GiVal name, const char *label) {
    GiRef value;
    if (gi_getattr_opt(ts, self, name, &value) < 0) {
        if (!gi_exc_matches(ts, &gi_exc_ValueError)) return GI_FAIL;
        gi_exc_clear(ts);
        return GI_OK;
    }
    if (gi_is_null(value)) return GI_OK;
    gi_sb_ascii(sb, label, strlen(label));
    gi_sb_repr(sb, gi_val(value));
    gi_drop(ts, value);
    return GI_OK;
}
static GiRef textio_repr(GiThread *ts, GiVal self) {
    if (!TEXTIO(self)->ok && !TEXTIO(self)->detached) {
        if (gi_textio_check(ts, self) < 0) return GI_NULL;
    }
    int entered = gi_repr_enter(ts, self);
    if (entered > 0) return gi_raise_ref(ts, &gi_exc_RuntimeError, "reentrant call inside %T.__repr__", self);
    if (entered < 0) return GI_NULL;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_lit(&sb, "<_io.TextIOWrapper");
    bool failed = add_attribute(ts, &sb, self, GI_N(name), " name=") < 0 || add_attribute(ts, &sb, self, GI_N(mode), " mode=") < 0;
    if (!failed) {
        gi_sb_lit(&sb, " encoding=");
        GiRef encoding = gi_slot_load(ts, &TEXTIO(self)->encoding);
        gi_sb_repr(&sb, gi_is_null(encoding) ? GI_NONE : gi_val(encoding));
        gi_xdrop(ts, encoding);
        gi_sb_char(&sb, '>');
    }
    gi_repr_leave(ts, self);
    if (!failed) return gi_sb_finish(&sb);
    gi_sb_discard(&sb);
    return GI_NULL;
}

static const GiField textio_fields[] = {
    GI_SLOT(GiTextIO, buffer),  GI_SLOT(GiTextIO, encoding),   GI_SLOT(GiTextIO, errors),
    GI_SLOT(GiTextIO, encoder), GI_SLOT(GiTextIO, decoder),    GI_SLOT(GiTextIO, decoded),
    GI_SLOT(GiTextIO, snap_input), GI_BUFFER_FIELD(GiTextIO, pending), GI_FIELDS_END};
GiType gi_textio_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.TextIOWrapper", .module = "_io", .size = sizeof(GiTextIO), .base = &gi_textiobase_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF, .fields = textio_fields,
    .methods = textio_methods, .getset = textio_getset, .members = textio_members, .new_ = textio_new,
    .init = textio_init, .repr = textio_repr, .next = gi_textio_next, .doc = "TextIOWrapper(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, write_through=False)\n--\n\nCharacter and line based layer over a BufferedIOBase object, buffer.\n\nencoding gives the name of the encoding that the stream will be\ndecoded or encoded with. It defaults to locale.getencoding().\n\nerrors determines the strictness of encoding and decoding (see\nhelp(codecs.Codec) or the documentation for codecs.register) and\ndefaults to \"strict\".\n\nnewline controls how line endings are handled. It can be None, '',\n'\\n', '\\r', and '\\r\\n'.  It works as follows:\n\n* On input, if newline is None, universal newlines mode is\n  enabled. Lines in the input can end in '\\n', '\\r', or '\\r\\n', and\n  these are translated into '\\n' before being returned to the\n  caller. If it is '', universal newline mode is enabled, but line\n  endings are returned to the caller untranslated. If it has any of\n  the other legal values, input lines are only terminated by the given\n  string, and the line ending is returned to the caller untranslated.\n\n* On output, if newline is None, any '\\n' characters written are\n  translated to the system default line separator, os.linesep. If\n  newline is '' or '\\n', no translation takes place. If newline is any\n  of the other legal values, any '\\n' characters written are translated\n  to the given string.\n\nIf line_buffering is True, a call to flush is implied when a call to\nwrite contains a newline character.",
};
