/* codec_errors.c - the native error handlers of codecs, as C functions and as Python functions. */
#include "objects/codec.h"
#include "memory/slots.h"

#include "base/unicode.h"
#include "base/utf8.h"
#include "objects/bytes.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/native.h"
#include "objects/tuple.h"

#include <strings.h>

#include "objects/codec_errors.gen.h"

static const struct ModeName {
    const char *name;
    GiErrorMode mode;
} mode_names[] = {
    {"strict", GI_ERRORS_STRICT},
    {"ignore", GI_ERRORS_IGNORE},
    {"replace", GI_ERRORS_REPLACE},
    {"xmlcharrefreplace", GI_ERRORS_XMLCHARREF},
    {"backslashreplace", GI_ERRORS_BACKSLASH},
    {"namereplace", GI_ERRORS_NAME},
    {"surrogatepass", GI_ERRORS_SURROGATEPASS},
    {"surrogateescape", GI_ERRORS_SURROGATEESCAPE},
};

GiErrorMode gi_error_mode(const char *errors) {
    if (!errors) return GI_ERRORS_STRICT;
    for (size_t i = 0; i < GI_COUNTOF(mode_names); i++)
        if (strcmp(errors, mode_names[i].name) == 0) return mode_names[i].mode;
    return GI_ERRORS_OTHER;
}

/* Bytes a surrogate takes in a Unicode encoding, 0 when it is none; *big tells the byte order. */
static int surrogate_width(const char *encoding, bool *big) {
    char name[16];
    size_t n = 0;
    for (const char *p = encoding; *p; p++) {
        if (*p == '-' || *p == '_') continue;
        if (n == sizeof name - 1) return 0;
        name[n++] = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    }
    name[n] = 0;
    *big = n > 2 && strcmp(name + n - 2, "be") == 0;
    if (strcmp(name, "utf8") == 0 || strcmp(name, "cputf8") == 0) return 3;
    if (strcmp(name, "utf16") == 0 || strcmp(name, "utf16le") == 0 || strcmp(name, "utf16be") == 0) return 2;
    if (strcmp(name, "utf32") == 0 || strcmp(name, "utf32le") == 0 || strcmp(name, "utf32be") == 0) return 4;
    return 0;
}

static bool put_ascii(GiU32Buf *out, const char *text) {
    for (; *text; text++)
        if (gi_u32buf_push(out, (uint8_t)*text) != GI_OK) return false;
    return true;
}

static bool put_escape(GiU32Buf *out, uint32_t c) {
    char text[16];
    const char *form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    GiStrbuf b = {0};
    bool good = gi_strbuf_printf(&b, form, c) == GI_OK;
    if (good) memcpy(text, b.data, b.len + 1);
    gi_strbuf_free(&b);
    return good && put_ascii(out, text);
}

static bool put_replacement(GiErrorMode mode, GiU32Buf *out, uint32_t c) {
    char name[GI_UNICODE_NAME_MAX];
    GiStrbuf b = {0};
    bool good;
    switch (mode) {
    case GI_ERRORS_REPLACE: return gi_u32buf_push(out, '?') == GI_OK;
    case GI_ERRORS_XMLCHARREF:
        good = gi_strbuf_printf(&b, "&#%u;", c) == GI_OK && put_ascii(out, b.data);
        gi_strbuf_free(&b);
        return good;
    case GI_ERRORS_NAME:
        if (gi_uc_name(c, false, name) == 0) return put_escape(out, c);
        return put_ascii(out, "\\N{") && put_ascii(out, name) && put_ascii(out, "}");
    default: return put_escape(out, c);
    }
}

int gi_error_encode(GiErrorMode mode, const char *encoding, GiTextView text, size_t start, size_t end,
                    GiU32Buf *text_out, GiStrbuf *bytes_out, size_t *resume) {
    bool big;
    int width;
    *resume = end;
    switch (mode) {
    case GI_ERRORS_STRICT:
    case GI_ERRORS_OTHER: return 0;
    case GI_ERRORS_IGNORE: return 1;
    case GI_ERRORS_SURROGATEESCAPE:
        for (size_t i = start; i < end; i++) {
            uint32_t c = gi_text_at(text, i);
            if (c < 0xDC80 || c > 0xDCFF) {
                *resume = i;
                return i > start;
            }
            if (gi_strbuf_putc(bytes_out, (char)(c - 0xDC00)) != GI_OK) return -1;
        }
        return 1;
    case GI_ERRORS_SURROGATEPASS:
        width = surrogate_width(encoding, &big);
        for (size_t i = start; i < end; i++) {
            uint32_t c = gi_text_at(text, i);
            if (width == 0 || (c & 0xFFFFF800u) != 0xD800) return 0;
            char bytes[4] = {0, 0, 0, 0};
            if (width == 3)
                gi_utf8_put(bytes, c);
            else
                for (int k = 0; k < 2; k++) bytes[big ? width - 1 - k : k] = (char)(c >> 8 * k);
            if (gi_strbuf_append(bytes_out, bytes, (size_t)width) != GI_OK) return -1;
        }
        return 1;
    default:
        for (size_t i = start; i < end; i++)
            if (!put_replacement(mode, text_out, gi_text_at(text, i))) return -1;
        return 1;
    }
}

/* surrogatepass: the surrogate that stands at data[start]. */
static int decode_surrogate(const char *encoding, const uint8_t *data, size_t len, size_t start, GiU32Buf *out,
                            size_t *resume) {
    bool big;
    int width = surrogate_width(encoding, &big);
    if (width == 0 || len - start < (size_t)width) return 0;
    const uint8_t *p = data + start;
    uint32_t c = 0;
    if (width == 3) {
        if ((p[0] & 0xF0) != 0xE0 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        c = (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    } else {
        for (int k = 0; k < width; k++) c |= (uint32_t)p[big ? width - 1 - k : k] << 8 * k;
    }
    if (c < 0xD800 || c > 0xDFFF) return 0;
    *resume = start + (size_t)width;
    return gi_u32buf_push(out, c) == GI_OK ? 1 : -1;
}

int gi_error_decode(GiErrorMode mode, const char *encoding, const uint8_t *data, size_t len, size_t start,
                    size_t end, GiU32Buf *out, size_t *resume) {
    size_t i = start;
    *resume = end;
    switch (mode) {
    case GI_ERRORS_IGNORE: return 1;
    case GI_ERRORS_REPLACE: return gi_u32buf_push(out, 0xFFFD) == GI_OK ? 1 : -1;
    case GI_ERRORS_BACKSLASH:
        for (; i < end; i++)
            if (!put_escape(out, data[i])) return -1;
        return 1;
    case GI_ERRORS_SURROGATEESCAPE:
        for (; i < end && i - start < 4 && data[i] >= 0x80; i++)
            if (gi_u32buf_push(out, 0xDC00u + data[i]) != GI_OK) return -1;
        *resume = i;
        return i > start;
    case GI_ERRORS_SURROGATEPASS: return decode_surrogate(encoding, data, len, start, out, resume);
    default: return 0;
    }
}

/* ---- as Python functions ---- */

static GiRef refuse(GiThread *ts, GiVal exc) {
    return gi_raise_ref(ts, &gi_exc_TypeError, "don't know how to handle %.200T in error callback", exc);
}

static GiRef answer(GiThread *ts, GiRef replacement, size_t resume) {
    if (gi_is_null(replacement)) return replacement;
    GiRef r = gi_tuple_pack(ts, 2, gi_val(replacement), gi_smallint((int64_t)resume));
    gi_drop(ts, replacement);
    return r;
}

/* The range [start, end) of the exception, within its object of length n. */
static void clip(const GiUnicodeError *e, size_t n, size_t *start, size_t *end) {
    ssize_t i = e->start, j = e->end, len = (ssize_t)n;
    if (i < 0) i = 0;
    if (i >= len) i = len ? len - 1 : 0;
    if (j < 1) j = 1;
    if (j > len) j = len;
    *start = (size_t)i;
    *end = (size_t)GI_MAX(j, i);
}

static GiRef raise_again(GiThread *ts, GiVal exc) {
    gi_raise_object(ts, gi_dup(ts, exc));
    return GI_NULL;
}

/* object and encoding are those of the exception, or null. */
static GiRef handle_encode(GiThread *ts, GiErrorMode mode, GiVal exc, GiVal object, GiVal encoding, bool translate) {
    const GiUnicodeError *e = (GiUnicodeError *)gi_obj(exc);
    if (gi_is_null(object) || !gi_is_str(object)) return gi_raise_ref(ts, &gi_exc_TypeError, "object attribute must be unicode");
    size_t start, end, resume;
    clip(e, gi_str_len(object), &start, &end);
    GiU32Buf text = {0};
    GiStrbuf bytes = {0};
    const char *name = !gi_is_null(encoding) && gi_is_str(encoding) && gi_str_is_ascii(encoding) ? gi_str_data(encoding) : "";
    int done;
    if (translate && mode == GI_ERRORS_REPLACE) {
        done = 1;
        resume = end;
        for (size_t i = start; i < end && done > 0; i++) done = gi_u32buf_push(&text, 0xFFFD) == GI_OK ? 1 : -1;
    } else {
        done = gi_error_encode(mode, name, gi_str_view(object), start, end, &text, &bytes, &resume);
        if (done > 0 && resume < end) done = 0;
    }
    GiRef r = GI_NULL;
    if (done < 0)
        (void)gi_raise_nomem(ts);
    else if (done == 0)
        r = raise_again(ts, exc);
    else if (mode == GI_ERRORS_SURROGATEPASS || mode == GI_ERRORS_SURROGATEESCAPE)
        r = answer(ts, gi_bytes_from(ts, bytes.data, bytes.len), resume);
    else
        r = answer(ts, gi_str_from_ucs4(ts, text.data, text.len), resume);
    gi_u32buf_free(&text);
    gi_strbuf_free(&bytes);
    return r;
}

static GiRef handle_decode(GiThread *ts, GiErrorMode mode, GiVal exc, GiVal object, GiVal encoding) {
    const GiUnicodeError *e = (GiUnicodeError *)gi_obj(exc);
    if (gi_is_null(object) || !gi_is_bytes(object)) return gi_raise_ref(ts, &gi_exc_TypeError, "object attribute must be bytes");
    size_t start, end, resume;
    clip(e, gi_bytes_len(object), &start, &end);
    GiU32Buf text = {0};
    const char *name = !gi_is_null(encoding) && gi_is_str(encoding) && gi_str_is_ascii(encoding) ? gi_str_data(encoding) : "";
    int done = gi_error_decode(mode, name, gi_bytes_data(object), gi_bytes_len(object), start, end, &text, &resume);
    GiRef r = GI_NULL;
    if (done < 0)
        (void)gi_raise_nomem(ts);
    else if (done == 0)
        r = raise_again(ts, exc);
    else
        r = answer(ts, gi_str_from_ucs4(ts, text.data, text.len), resume);
    gi_u32buf_free(&text);
    return r;
}

static GiRef handle(GiThread *ts, GiErrorMode mode, GiVal exc) {
    bool encode_only = mode == GI_ERRORS_XMLCHARREF || mode == GI_ERRORS_NAME;
    bool both = mode == GI_ERRORS_SURROGATEPASS || mode == GI_ERRORS_SURROGATEESCAPE;
    bool encode = gi_is_instance_of(exc, &gi_exc_UnicodeEncodeError);
    bool decode = !encode_only && gi_is_instance_of(exc, &gi_exc_UnicodeDecodeError);
    bool translate = !encode_only && !both && gi_is_instance_of(exc, &gi_exc_UnicodeTranslateError);
    if (!encode && !decode && !translate) return refuse(ts, exc);
    const GiUnicodeError *e = (GiUnicodeError *)gi_obj(exc);
    GiRef object = gi_slot_load(ts, &e->object), encoding = gi_slot_load(ts, &e->encoding), r;
    if (decode) r = handle_decode(ts, mode, exc, gi_val(object), gi_val(encoding));
    else r = handle_encode(ts, mode, exc, gi_val(object), gi_val(encoding), translate);
    gi_xdrop(ts, object);
    gi_xdrop(ts, encoding);
    return r;
}

GI_FUNCTION(errors, strict_errors, "(exception, /)", "Implements the 'strict' error handling, which raises a UnicodeError on coding errors.") {
    if (!gi_is_exception(a->exception)) return gi_raise_ref(ts, &gi_exc_TypeError, "codec must pass exception instance");
    return raise_again(ts, a->exception);
}
GI_FUNCTION(errors, ignore_errors, "(exception, /)", "Implements the 'ignore' error handling, which ignores malformed data and continues.") {
    return handle(ts, GI_ERRORS_IGNORE, a->exception);
}
GI_FUNCTION(errors, replace_errors, "(exception, /)", "Implements the 'replace' error handling, which replaces malformed data with a replacement marker.") {
    return handle(ts, GI_ERRORS_REPLACE, a->exception);
}
GI_FUNCTION(errors, xmlcharrefreplace_errors, "(exception, /)", "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character with the appropriate XML character reference.") {
    return handle(ts, GI_ERRORS_XMLCHARREF, a->exception);
}
GI_FUNCTION(errors, backslashreplace_errors, "(exception, /)", "Implements the 'backslashreplace' error handling, which replaces malformed data with a backslashed escape sequence.") {
    return handle(ts, GI_ERRORS_BACKSLASH, a->exception);
}
GI_FUNCTION(errors, namereplace_errors, "(exception, /)", "Implements the 'namereplace' error handling, which replaces an unencodable character with a \\\\N{...} escape sequence.") {
    return handle(ts, GI_ERRORS_NAME, a->exception);
}
GI_FUNCTION(errors, surrogatepass, "(exception, /)", "") { return handle(ts, GI_ERRORS_SURROGATEPASS, a->exception); }
GI_FUNCTION(errors, surrogateescape, "(exception, /)", "") { return handle(ts, GI_ERRORS_SURROGATEESCAPE, a->exception); }

GiRef gi_error_handler_native(GiThread *ts, const char *name) {
    for (size_t i = 0; i < GI_COUNTOF(mode_names); i++)
        if (strcmp(name, mode_names[i].name) == 0) return gi_native_new(ts, &errors_functions[i], GI_NOVAL, GI_NOVAL);
    return GI_NULL;
}
