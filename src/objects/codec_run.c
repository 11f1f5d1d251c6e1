/* codec_run.c - running the charset cores with error handlers, native or Python's. */
#include "objects/codec.h"
#include "memory/slots.h"

#include "base/utf8.h"
#include "objects/bytes.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/tuple.h"

/* The result of a Python handler: a pair (replacement, position). *resume is clipped to [0, n]. */
static GiStatus check_answer(GiThread *ts, GiVal answer, bool encoding, size_t n, GiVal *replacement, size_t *resume) {
    const char *wrong = encoding ? "encoding error handler must return (str/bytes, int) tuple"
                                 : "decoding error handler must return (str, int) tuple";
    if (!gi_is_tuple(answer) || gi_tuple_len(answer) != 2) return gi_raise_status(ts, &gi_exc_TypeError, "%s", wrong);
    GiVal text = gi_tuple_get(answer, 0), at = gi_tuple_get(answer, 1);
    if (!(gi_is_str(text) || (encoding && gi_is_bytes(text))) || (!gi_is_int(at) && !gi_type_of(at)->index))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s", wrong);
    ssize_t position;
    if (gi_as_ssize(ts, at, false, &position) != GI_OK) return GI_FAIL;
    ssize_t adjusted = position < 0 ? position + (ssize_t)n : position;
    if (adjusted < 0 || adjusted > (ssize_t)n)
        return gi_raise_status(ts, &gi_exc_IndexError, "position %zd from error handler out of bounds", position);
    *replacement = text;
    *resume = (size_t)adjusted;
    return GI_OK;
}

/* Calls the Python handler for the exception that is raised now; gives its answer. */
static GiRef ask(GiThread *ts, GiRef *handler, const char *errors, GiRef *exc_out) {
    *exc_out = GI_NULL;
    if (!gi_exc_matches(ts, &gi_exc_UnicodeError)) return GI_NULL; /* there was no memory for it */
    GiRef exc = gi_exc_take(ts);
    *exc_out = exc;
    if (gi_is_null(*handler)) *handler = gi_codec_lookup_error(ts, errors);
    if (gi_is_null(*handler)) return GI_NULL;
    return gi_call1(ts, gi_val(*handler), gi_val(exc));
}

/* ---- decoding ---- */

typedef struct DecodeRun {
    GiThread *ts;
    const GiDecodeRequest *request;
    GiErrorMode mode;
    GiRef handler;  /* the Python function, once needed */
    GiRef replaced; /* bytes that a handler put in place of the input */
} DecodeRun;

/* The codec's name in errors: UTF-16 and UTF-32 tell the byte order that they found. */
static const char *shown_encoding(const GiDecodeRequest *r, const GiDecoder *d) {
    bool big = d->byte_order > 0;
    if (r->core == gi_decode_utf16) return big ? "utf-16-be" : "utf-16-le";
    if (r->core == gi_decode_utf32) return big ? "utf-32-be" : "utf-32-le";
    return r->encoding;
}

static GiStatus decode_error(GiDecoder *d, size_t *resume) {
    DecodeRun *run = d->context;
    GiThread *ts = run->ts;
    const char *encoding = shown_encoding(run->request, d);
    int done = run->mode == GI_ERRORS_OTHER || run->mode == GI_ERRORS_XMLCHARREF || run->mode == GI_ERRORS_NAME
                   ? 0 : gi_error_decode(run->mode, encoding, d->in, d->n, d->start, d->end, &d->out, resume);
    if (done > 0) return GI_OK;
    if (done < 0) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    gi_raise_unicode_decode(ts, encoding, d->in, d->n, d->start, d->end, d->reason);
    if (run->mode != GI_ERRORS_OTHER && run->mode != GI_ERRORS_XMLCHARREF && run->mode != GI_ERRORS_NAME)
        return GI_FAIL;
    GiRef exc, answer = ask(ts, &run->handler, run->request->errors, &exc);
    GiStatus status = GI_FAIL;
    if (!gi_is_null(answer)) {
        GiRef held = gi_slot_load(ts, &((GiUnicodeError *)gi_obj(exc))->object);
        GiVal object = gi_val(held), text;
        if (gi_is_null(object) || !gi_is_bytes(object)) {
            gi_xdrop(ts, held);
            gi_raise(ts, &gi_exc_TypeError, "object attribute must be bytes");
            gi_drop(ts, answer);
            gi_drop(ts, exc);
            return GI_FAIL;
        }
        if (gi_bytes_len(object) != d->n || memcmp(gi_bytes_data(object), d->in, d->n) != 0) {
            gi_xdrop(ts, run->replaced);
            run->replaced = held;
            d->in = gi_bytes_data(object);
            d->n = gi_bytes_len(object);
        } else {
            gi_drop(ts, held);
        }
        status = check_answer(ts, gi_val(answer), false, d->n, &text, resume);
        if (status == GI_OK && gi_u32buf_append(&d->out, gi_str_view(text)) != GI_OK) {
            (void)gi_raise_nomem(ts);
            status = GI_FAIL;
        }
        gi_drop(ts, answer);
    }
    gi_xdrop(ts, exc);
    return status;
}

/* Charmap: appends what a byte stands for by the mapping; see GiDecoder.lookup. */
static int decode_lookup(GiDecoder *d, uint8_t byte) {
    DecodeRun *run = d->context;
    GiThread *ts = run->ts;
    GiRef to = gi_getitem(ts, run->request->mapping, gi_smallint(byte));
    int result = 0;
    if (gi_is_null(to)) {
        if (!gi_exc_matches(ts, &gi_exc_LookupError)) return -1;
        gi_exc_clear(ts);
        return 1;
    }
    if (gi_is_none(to)) {
        result = 1;
    } else if (gi_is_int(gi_val(to))) {
        int64_t c;
        if (gi_int_as_i64(gi_val(to), &c) != 0 || c < 0 || c > 0x10FFFF) {
            gi_raise(ts, &gi_exc_TypeError, "character mapping must be in range(0x110000)");
            result = -1;
        } else if (c == 0xFFFE) {
            result = 1;
        } else if (gi_u32buf_push(&d->out, (uint32_t)c) != GI_OK) {
            (void)gi_raise_nomem(ts);
            result = -1;
        }
    } else if (gi_is_str(gi_val(to))) {
        if (gi_str_len(to) == 1 && gi_str_char(gi_val(to), 0) == 0xFFFE) {
            result = 1;
        } else if (gi_u32buf_append(&d->out, gi_str_view(gi_val(to))) != GI_OK) {
            (void)gi_raise_nomem(ts);
            result = -1;
        }
    } else {
        gi_raise(ts, &gi_exc_TypeError, "character mapping must return integer, None or str");
        result = -1;
    }
    gi_drop(ts, to);
    return result;
}

GiRef gi_codec_run_decode(GiThread *ts, GiDecodeRequest *r) {
    DecodeRun run = {ts, r, gi_error_mode(r->errors), GI_NULL, GI_NULL};
    GiDecoder d = {.in = r->data, .n = r->len, .final = r->final, .on_error = decode_error, .context = &run,
                   .lookup = decode_lookup, .warn_escape = -1, .byte_order = r->byte_order};
    GiCodecStatus status;
    if (gi_is_null(r->mapping))
        status = r->core(&d);
    else if (gi_is_str(r->mapping))
        status = gi_decode_charmap(&d, gi_str_view(r->mapping));
    else
        status = gi_decode_charmap_by(&d);
    GiRef text = GI_NULL;
    if (status == GI_CODEC_NO_MEMORY) {
        (void)gi_raise_nomem(ts);
    } else if (status == GI_CODEC_ERROR) {
        gi_raise_unicode_decode(ts, shown_encoding(r, &d), d.in, d.n, d.start, d.end, d.reason);
    } else if (status == GI_CODEC_OK) {
        GiStatus warned = GI_OK;
        if (d.warn_escape >= 0377 + 1)
            warned = gi_warn(ts, &gi_exc_DeprecationWarning, 1, "invalid octal escape sequence '\\%o'", d.warn_escape);
        else if (d.warn_escape >= 0)
            warned = gi_warn(ts, &gi_exc_DeprecationWarning, 1, "invalid escape sequence '\\%c'", d.warn_escape);
        r->consumed = d.consumed;
        r->byte_order = d.byte_order;
        if (warned == GI_OK) text = gi_str_from_u32buf(ts, &d.out);
    }
    gi_decoder_free(&d);
    gi_xdrop(ts, run.handler);
    gi_xdrop(ts, run.replaced);
    return text;
}

GiRef gi_decode_utf8_with(GiThread *ts, const void *data, size_t len, const char *errors, bool final,
                          size_t *consumed) {
    GiUtf8Scan scan;
    const uint8_t *p = data;
    if (!final && len >= 2 && p[len - 2] == 0xED && p[len - 1] >= 0xA0 && p[len - 1] <= 0xBF)
        len -= 2; /* what may become a surrogate waits for its last byte */
    if (consumed) *consumed = len;
    if (gi_utf8_scan(data, len, 0, &scan) || (scan.truncated && !final)) {
        if (consumed) *consumed = scan.bytes;
        return gi_str_from_utf8(ts, data, scan.bytes);
    }
    GiDecodeRequest r = {.core = gi_decode_utf8, .encoding = "utf-8", .data = data, .len = len, .errors = errors,
                         .final = final};
    GiRef text = gi_codec_run_decode(ts, &r);
    if (consumed) *consumed = r.consumed;
    return text;
}

/* ---- encoding ---- */

typedef struct EncodeRun {
    GiThread *ts;
    GiVal str;
    const char *encoding, *errors;
    GiErrorMode mode;
    GiRef handler;
    GiRef answer;   /* of the Python handler; keeps the replacement alive */
    GiU32Buf text;  /* the native handler's */
    GiStrbuf bytes;
    GiVal mapping;  /* charmap */
} EncodeRun;

static GiStatus encode_error(GiEncoder *e, size_t *resume) {
    EncodeRun *run = e->context;
    GiThread *ts = run->ts;
    run->text.len = 0;
    run->bytes.len = 0;
    e->fix_bytes = NULL;
    int done = gi_error_encode(run->mode, run->encoding, e->in, e->start, e->end, &run->text, &run->bytes, resume);
    if (done > 0) {
        if (run->bytes.len) {
            e->fix_bytes = run->bytes.data;
            e->fix_bytes_len = run->bytes.len;
        } else {
            e->fix_text = gi_text_ucs4(run->text.data, run->text.len);
        }
        return GI_OK;
    }
    if (done < 0) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    gi_raise_unicode_encode(ts, run->encoding, run->str, e->start, e->end, e->reason);
    if (run->mode != GI_ERRORS_OTHER) return GI_FAIL;
    gi_xdrop(ts, run->answer);
    GiRef exc;
    run->answer = ask(ts, &run->handler, run->errors, &exc);
    gi_xdrop(ts, exc);
    GiVal replacement;
    if (gi_is_null(run->answer) ||
        check_answer(ts, gi_val(run->answer), true, e->in.len, &replacement, resume) != GI_OK)
        return GI_FAIL;
    if (gi_is_bytes(replacement)) {
        e->fix_bytes = gi_bytes_data(replacement);
        e->fix_bytes_len = gi_bytes_len(replacement);
    } else {
        e->fix_text = gi_str_view(replacement);
    }
    return GI_OK;
}

/* Charmap: appends what c stands for by the mapping; see GiEncoder.lookup. */
static int encode_lookup(GiEncoder *e, uint32_t c) {
    EncodeRun *run = e->context;
    GiThread *ts = run->ts;
    GiRef to = gi_getitem(ts, run->mapping, gi_smallint(c));
    if (gi_is_null(to)) {
        if (!gi_exc_matches(ts, &gi_exc_LookupError)) return -1;
        gi_exc_clear(ts);
        return 1;
    }
    int result = 0;
    int64_t byte;
    if (gi_is_none(to)) {
        result = 1;
    } else if (gi_is_int(gi_val(to))) {
        if (gi_int_as_i64(gi_val(to), &byte) != 0 || byte < 0 || byte > 255) {
            gi_raise(ts, &gi_exc_TypeError, "character mapping must be in range(256)");
            result = -1;
        } else if (gi_strbuf_putc(&e->out, (char)byte) != GI_OK) {
            (void)gi_raise_nomem(ts);
            result = -1;
        }
    } else if (gi_is_bytes(gi_val(to))) {
        if (gi_strbuf_append(&e->out, gi_bytes_data(to), gi_bytes_len(to)) != GI_OK) {
            (void)gi_raise_nomem(ts);
            result = -1;
        }
    } else {
        gi_raise(ts, &gi_exc_TypeError, "character mapping must return integer, bytes or None, not %.400T", gi_val(to));
        result = -1;
    }
    gi_drop(ts, to);
    return result;
}

GiRef gi_codec_run_encode(GiThread *ts, GiEncodeCore core, const char *encoding, GiVal str, const char *errors,
                          int byte_order, GiVal mapping) {
    if ((core == gi_encode_ascii || core == gi_encode_latin1 || core == gi_encode_utf8) && gi_str_is_ascii(str))
        return gi_bytes_from(ts, gi_str_data(str), gi_str_len(str));
    if (core == gi_encode_latin1 && gi_str_kind(str) == GI_STR_LATIN1)
        return gi_bytes_from(ts, gi_str_data(str), gi_str_len(str));
    EncodeRun run = {.ts = ts, .str = str, .encoding = encoding, .errors = errors, .mode = gi_error_mode(errors),
                     .mapping = mapping};
    GiEncoder e = {.in = gi_str_view(str), .on_error = encode_error, .context = &run, .byte_order = byte_order,
                   .lookup = gi_is_null(mapping) ? NULL : encode_lookup};
    GiCodecStatus status = core(&e);
    GiRef bytes = GI_NULL;
    if (status == GI_CODEC_OK)
        bytes = gi_bytes_from(ts, e.out.data, e.out.len);
    else if (status == GI_CODEC_NO_MEMORY)
        (void)gi_raise_nomem(ts);
    else if (status == GI_CODEC_ERROR)
        gi_raise_unicode_encode(ts, encoding, str, e.start, e.end, e.reason);
    gi_encoder_free(&e);
    gi_u32buf_free(&run.text);
    gi_strbuf_free(&run.bytes);
    gi_xdrop(ts, run.handler);
    gi_xdrop(ts, run.answer);
    return bytes;
}

GiRef gi_encode_utf8_with(GiThread *ts, GiVal str, const char *errors) {
    if (gi_str_is_ascii(str)) return gi_bytes_from(ts, gi_str_data(str), gi_str_len(str));
    GiTextView view = gi_str_view(str);
    if (gi_text_find_surrogate(view, 0) == view.len) {
        size_t size = gi_utf8_size(view);
        if (size == SIZE_MAX) return gi_raise_nomem(ts);
        GiRef bytes = gi_bytes_from(ts, NULL, size);
        if (!gi_is_null(bytes)) gi_utf8_encode(view, gi_bytes_data(bytes));
        return bytes;
    }
    return gi_codec_run_encode(ts, gi_encode_utf8, "utf-8", str, errors, 0, GI_NOVAL);
}
