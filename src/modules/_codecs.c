/* _codecs.c - the module behind `codecs`: the registry, and every native codec as functions. */
#include "modules/module.h"

#include "objects/codec.h"

#include "modules/_codecs.gen.h"

/* (result, consumed) of something owned. */
static GiRef pair(GiThread *ts, GiRef result, size_t consumed) {
    if (gi_is_null(result)) return result;
    GiRef parts[2] = {result, gi_smallint_ref((int64_t)consumed)};
    return gi_tuple_steal(ts, parts, 2);
}

static GiRef decode_with(GiThread *ts, GiDecodeCore core, const char *encoding, const GiBuffer *data, const char *errors,
                         bool final, int order) {
    GiDecodeRequest r = {.core = core, .encoding = encoding, .data = data->data, .len = (size_t)data->len,
                         .errors = errors, .final = final, .byte_order = order};
    GiRef text = gi_codec_run_decode(ts, &r);
    return pair(ts, text, final ? (size_t)data->len : r.consumed);
}

static GiRef encode_with(GiThread *ts, GiEncodeCore core, const char *encoding, GiVal text, const char *errors, int order) {
    return pair(ts, gi_codec_run_encode(ts, core, encoding, text, errors, order, GI_NOVAL), gi_str_len(text));
}

/* ---- the registry ---- */

GI_FUNCTION(_codecs, register, "(search_function, /)",
            "Register a codec search function.\n\nSearch functions are expected to take one argument, the encoding name in\nall lower case letters, and either return None, or a tuple of functions\n(encoder, decoder, stream_reader, stream_writer) (or a CodecInfo object).") {
    return gi_codec_register(ts, a->search_function) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_FUNCTION(_codecs, unregister, "(search_function, /)",
            "Unregister a codec search function and clear the registry's cache.\n\nIf the search function is not registered, do nothing.") {
    return gi_codec_unregister(ts, a->search_function) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_FUNCTION(_codecs, lookup, "(encoding: cstr, /)", "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object.") {
    return gi_codec_lookup(ts, a->encoding);
}
GI_FUNCTION(_codecs, encode, "(obj, encoding: cstr = 'utf-8', errors: cstr = 'strict')",
            "Encodes obj using the codec registered for encoding.\n\nThe default encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors.") {
    return gi_codec_encode_any(ts, a->obj, a->encoding ? a->encoding : "utf-8", a->errors);
}
GI_FUNCTION(_codecs, decode, "(obj, encoding: cstr = 'utf-8', errors: cstr = 'strict')",
            "Decodes obj using the codec registered for encoding.\n\nDefault encoding is 'utf-8'.  errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand 'backslashreplace' as well as any other name registered with\ncodecs.register_error that can handle ValueErrors.") {
    return gi_codec_decode_any(ts, a->obj, a->encoding ? a->encoding : "utf-8", a->errors);
}
GI_FUNCTION(_codecs, register_error, "(errors: str, handler, /)",
            "Register the specified error handler under the name errors.\n\nhandler must be a callable object, that\nwill be called with an exception instance containing\ninformation about the location of the encoding/decoding\nerror and must return a (replacement, new position) tuple.") {
    return gi_codec_register_error(ts, a->errors, a->handler) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_FUNCTION(_codecs, lookup_error, "(name: cstr, /)",
            "lookup_error(errors) -> handler\n\nReturn the error handler for the specified error handling name or raise a\nLookupError, if no handler exists under this name.") {
    return gi_codec_lookup_error(ts, a->name);
}

/* ---- decoders ---- */

GI_FUNCTION(_codecs, ascii_decode, "(data: buffer, errors: cstr? = None, /)", "") {
    return decode_with(ts, gi_decode_ascii, "ascii", &a->data, a->errors, true, 0);
}
GI_FUNCTION(_codecs, latin_1_decode, "(data: buffer, errors: cstr? = None, /)", "") {
    return pair(ts, gi_str_from_latin1(ts, a->data.data, (size_t)a->data.len), (size_t)a->data.len);
}
GI_FUNCTION(_codecs, utf_8_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    size_t consumed = 0;
    GiRef text = gi_decode_utf8_with(ts, a->data.data, (size_t)a->data.len, a->errors, a->final, &consumed);
    return pair(ts, text, a->final ? (size_t)a->data.len : consumed);
}
GI_FUNCTION(_codecs, utf_7_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf7, "utf7", &a->data, a->errors, a->final, 0);
}
GI_FUNCTION(_codecs, utf_16_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf16, "utf-16", &a->data, a->errors, a->final, 0);
}
GI_FUNCTION(_codecs, utf_16_le_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf16, "utf-16-le", &a->data, a->errors, a->final, -1);
}
GI_FUNCTION(_codecs, utf_16_be_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf16, "utf-16-be", &a->data, a->errors, a->final, 1);
}
GI_FUNCTION(_codecs, utf_32_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf32, "utf-32", &a->data, a->errors, a->final, 0);
}
GI_FUNCTION(_codecs, utf_32_le_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf32, "utf-32-le", &a->data, a->errors, a->final, -1);
}
GI_FUNCTION(_codecs, utf_32_be_decode, "(data: buffer, errors: cstr? = None, final: boolint = False, /)", "") {
    return decode_with(ts, gi_decode_utf32, "utf-32-be", &a->data, a->errors, a->final, 1);
}
GI_FUNCTION(_codecs, utf_16_ex_decode, "(data: buffer, errors: cstr? = None, byteorder: int = 0, final: boolint = False, /)", "") {
    GiDecodeRequest r = {.core = gi_decode_utf16, .encoding = "utf-16", .data = a->data.data,
                         .len = (size_t)a->data.len, .errors = a->errors, .final = a->final,
                         .byte_order = a->byteorder};
    GiRef text = gi_codec_run_decode(ts, &r);
    if (gi_is_null(text)) return text;
    GiRef parts[3] = {text, gi_smallint_ref(a->final ? a->data.len : (int64_t)r.consumed), gi_smallint_ref(r.byte_order)};
    return gi_tuple_steal(ts, parts, 3);
}
GI_FUNCTION(_codecs, utf_32_ex_decode, "(data: buffer, errors: cstr? = None, byteorder: int = 0, final: boolint = False, /)", "") {
    GiDecodeRequest r = {.core = gi_decode_utf32, .encoding = "utf-32", .data = a->data.data,
                         .len = (size_t)a->data.len, .errors = a->errors, .final = a->final,
                         .byte_order = a->byteorder};
    GiRef text = gi_codec_run_decode(ts, &r);
    if (gi_is_null(text)) return text;
    GiRef parts[3] = {text, gi_smallint_ref(a->final ? a->data.len : (int64_t)r.consumed), gi_smallint_ref(r.byte_order)};
    return gi_tuple_steal(ts, parts, 3);
}
GI_FUNCTION(_codecs, raw_unicode_escape_decode, "(data: strbuffer, errors: cstr? = None, final: boolint = True, /)", "") {
    return decode_with(ts, gi_decode_raw_unicode_escape, "rawunicodeescape", &a->data, a->errors, a->final, 0);
}
GI_FUNCTION(_codecs, unicode_escape_decode, "(data: strbuffer, errors: cstr? = None, final: boolint = True, /)", "") {
    return decode_with(ts, gi_decode_unicode_escape, "unicodeescape", &a->data, a->errors, a->final, 0);
}
GI_FUNCTION(_codecs, charmap_decode, "(data: buffer, errors: cstr? = None, mapping = None, /)", "") {
    if (gi_is_null(a->mapping) || gi_is_none(a->mapping))
        return pair(ts, gi_str_from_latin1(ts, a->data.data, (size_t)a->data.len), (size_t)a->data.len);
    GiDecodeRequest r = {.core = gi_decode_charmap_by, .encoding = "charmap", .data = a->data.data,
                         .len = (size_t)a->data.len, .errors = a->errors, .final = true, .mapping = a->mapping};
    GiRef text = gi_codec_run_decode(ts, &r);
    return pair(ts, text, (size_t)a->data.len);
}
GI_FUNCTION(_codecs, escape_decode, "(data: strbuffer, errors: cstr? = None, /)", "") {
    int mode = 0, warn = -1;
    char message[64];
    const char *errors = a->errors ? a->errors : "strict";
    if (strcmp(errors, "replace") == 0) mode = 1;
    else if (strcmp(errors, "ignore") == 0) mode = 2;
    GiStrbuf out = {0};
    GiCodecStatus status = gi_escape_decode(a->data.data, (size_t)a->data.len, mode, &out, &warn, message);
    GiRef bytes = GI_NULL;
    if (status == GI_CODEC_ERROR) {
        if (mode == 0 && strcmp(errors, "strict") != 0)
            gi_raise(ts, &gi_exc_ValueError, "decoding error; unknown error handling code: %.400s", errors);
        else
            gi_raise(ts, &gi_exc_ValueError, "%s", message);
    } else if (status != GI_CODEC_OK) {
        (void)gi_raise_nomem(ts);
    } else {
        GiStatus warned = GI_OK;
        if (warn > 0377)
            warned = gi_warn(ts, &gi_exc_DeprecationWarning, 1, "invalid octal escape sequence '\\%o'", warn);
        else if (warn >= 0)
            warned = gi_warn(ts, &gi_exc_DeprecationWarning, 1, "invalid escape sequence '\\%c'", warn);
        if (warned == GI_OK) bytes = gi_bytes_from(ts, out.data, out.len);
    }
    gi_strbuf_free(&out);
    return pair(ts, bytes, (size_t)a->data.len);
}

/* ---- encoders ---- */

GI_FUNCTION(_codecs, escape_encode, "(data: bytes, errors: cstr? = None, /)", "") {
    GiStrbuf out = {0};
    GiRef bytes = gi_escape_encode(gi_bytes_data(a->data), gi_bytes_len(a->data), &out) == GI_OK
                      ? gi_bytes_from(ts, out.data, out.len) : gi_raise_nomem(ts);
    gi_strbuf_free(&out);
    return pair(ts, bytes, gi_bytes_len(a->data));
}
GI_FUNCTION(_codecs, readbuffer_encode, "(data: strbuffer, errors: cstr? = None, /)", "") {
    return pair(ts, gi_bytes_from(ts, a->data.data, (size_t)a->data.len), (size_t)a->data.len);
}
GI_FUNCTION(_codecs, utf_8_encode, "(str: str, errors: cstr? = None, /)", "") {
    return pair(ts, gi_encode_utf8_with(ts, a->str, a->errors), gi_str_len(a->str));
}
GI_FUNCTION(_codecs, ascii_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_ascii, "ascii", a->str, a->errors, 0);
}
GI_FUNCTION(_codecs, latin_1_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_latin1, "latin-1", a->str, a->errors, 0);
}
GI_FUNCTION(_codecs, utf_7_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_utf7, "utf7", a->str, a->errors, 0);
}
GI_FUNCTION(_codecs, utf_16_le_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_utf16, "utf-16-le", a->str, a->errors, -1);
}
GI_FUNCTION(_codecs, utf_16_be_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_utf16, "utf-16-be", a->str, a->errors, 1);
}
GI_FUNCTION(_codecs, utf_32_le_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_utf32, "utf-32-le", a->str, a->errors, -1);
}
GI_FUNCTION(_codecs, utf_32_be_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_utf32, "utf-32-be", a->str, a->errors, 1);
}
GI_FUNCTION(_codecs, unicode_escape_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_unicode_escape, "unicodeescape", a->str, a->errors, 0);
}
GI_FUNCTION(_codecs, raw_unicode_escape_encode, "(str: str, errors: cstr? = None, /)", "") {
    return encode_with(ts, gi_encode_raw_unicode_escape, "rawunicodeescape", a->str, a->errors, 0);
}
GI_FUNCTION(_codecs, utf_16_encode, "(str: str, errors: cstr? = None, byteorder: int = 0, /)", "") {
    const char *name = a->byteorder < 0 ? "utf-16-le" : a->byteorder > 0 ? "utf-16-be" : "utf-16";
    return encode_with(ts, gi_encode_utf16, name, a->str, a->errors, a->byteorder);
}
GI_FUNCTION(_codecs, utf_32_encode, "(str: str, errors: cstr? = None, byteorder: int = 0, /)", "") {
    const char *name = a->byteorder < 0 ? "utf-32-le" : a->byteorder > 0 ? "utf-32-be" : "utf-32";
    return encode_with(ts, gi_encode_utf32, name, a->str, a->errors, a->byteorder);
}
GI_FUNCTION(_codecs, charmap_encode, "(str: str, errors: cstr? = None, mapping = None, /)", "") {
    if (gi_is_null(a->mapping) || gi_is_none(a->mapping))
        return encode_with(ts, gi_encode_latin1, "latin-1", a->str, a->errors, 0);
    return pair(ts, gi_codec_run_encode(ts, gi_encode_charmap, "charmap", a->str, a->errors, 0, a->mapping),
                gi_str_len(a->str));
}
GI_FUNCTION(_codecs, charmap_build, "(map: str, /)", "") {
    GiRef table = gi_dict_new(ts);
    for (size_t i = 0; !gi_is_null(table) && i < gi_str_len(a->map) && i < 256; i++) {
        uint32_t c = gi_str_char(a->map, i);
        if (c == 0xFFFE) continue;
        if (gi_dict_set(ts, gi_val(table), gi_smallint(c), gi_smallint((int64_t)i)) == GI_OK) continue;
        gi_drop(ts, table);
        return GI_NULL;
    }
    return table;
}

const GiModuleDef gi_module__codecs = {.name = "_codecs", .functions = _codecs_functions};
