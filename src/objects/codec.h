/* codec.h - text encodings: the registry of codecs and error handlers, and the UnicodeError helpers.
 *
 * The state of the registry (search path, cache of lookups, error handlers) belongs to the VM:
 * vm->codec_state. Common encodings bypass the registry.
 */
#ifndef GI_OBJECTS_CODEC_H
#define GI_OBJECTS_CODEC_H

#include "base/charset.h"
#include "objects/str.h"

/* Raise UnicodeEncodeError / UnicodeDecodeError / UnicodeTranslateError. */
void gi_raise_unicode_encode(GiThread *ts, const char *encoding, GiVal str, size_t start, size_t end,
                             const char *reason);
void gi_raise_unicode_decode(GiThread *ts, const char *encoding, const void *data, size_t len,
                             size_t start, size_t end, const char *reason);
void gi_raise_unicode_translate(GiThread *ts, GiVal str, size_t start, size_t end, const char *reason);

/* codecs.lookup: the CodecInfo tuple; LookupError "unknown encoding: ...". */
GI_NODISCARD GiRef gi_codec_lookup(GiThread *ts, const char *encoding);
GI_NODISCARD GiStatus gi_codec_register(GiThread *ts, GiVal search_function);
GI_NODISCARD GiStatus gi_codec_unregister(GiThread *ts, GiVal search_function);
/* Error handlers by name (NULL: strict); LookupError "unknown error handler name '...'". */
GI_NODISCARD GiRef gi_codec_lookup_error(GiThread *ts, const char *name);
GI_NODISCARD GiStatus gi_codec_register_error(GiThread *ts, GiVal name, GiVal handler);

/* The native error handlers. */
typedef enum {
    GI_ERRORS_STRICT, GI_ERRORS_IGNORE, GI_ERRORS_REPLACE, GI_ERRORS_XMLCHARREF, GI_ERRORS_BACKSLASH,
    GI_ERRORS_NAME, GI_ERRORS_SURROGATEPASS, GI_ERRORS_SURROGATEESCAPE, GI_ERRORS_OTHER,
} GiErrorMode;
GiErrorMode gi_error_mode(const char *errors); /* NULL: strict */
/* What a native handler makes of text[start:end) that `encoding` cannot encode: appends to text_out
 * or bytes_out and sets *resume. 1: done; 0: it refuses (raise); -1: no memory. */
int gi_error_encode(GiErrorMode mode, const char *encoding, GiTextView text, size_t start, size_t end,
                    GiU32Buf *text_out, GiStrbuf *bytes_out, size_t *resume);
/* The same for bytes that cannot be decoded. */
int gi_error_decode(GiErrorMode mode, const char *encoding, const uint8_t *data, size_t len, size_t start,
                    size_t end, GiU32Buf *out, size_t *resume);
/* The function object of a native handler. */
GI_NODISCARD GiRef gi_error_handler_native(GiThread *ts, const char *name);

/* obj through the registry's encoder or decoder, any result type (codecs.encode and decode). */
GI_NODISCARD GiRef gi_codec_encode_any(GiThread *ts, GiVal obj, const char *encoding, const char *errors);
GI_NODISCARD GiRef gi_codec_decode_any(GiThread *ts, GiVal obj, const char *encoding, const char *errors);

/* The native codecs, with error handlers by name. `charset` runs over the whole input. */
typedef GiCodecStatus (*GiDecodeCore)(GiDecoder *d);
typedef GiCodecStatus (*GiEncodeCore)(GiEncoder *e);
typedef struct GiDecodeRequest {
    GiDecodeCore core;
    const char *encoding;   /* the name for errors */
    const void *data;
    size_t len;
    const char *errors;     /* NULL: strict */
    bool final;
    int byte_order;         /* in and out */
    size_t consumed;        /* out */
    GiVal mapping;          /* charmap: a str, dict or other mapping; null: core is used */
} GiDecodeRequest;
GI_NODISCARD GiRef gi_codec_run_decode(GiThread *ts, GiDecodeRequest *request);
/* mapping: null but for charmap. byte_order as in GiEncoder. Gives bytes. */
GI_NODISCARD GiRef gi_codec_run_encode(GiThread *ts, GiEncodeCore core, const char *encoding, GiVal str,
                                       const char *errors, int byte_order, GiVal mapping);
/* Fast ways that others share: UTF-8 with any error handler. */
GI_NODISCARD GiRef gi_decode_utf8_with(GiThread *ts, const void *data, size_t len, const char *errors,
                                       bool final, size_t *consumed);
GI_NODISCARD GiRef gi_encode_utf8_with(GiThread *ts, GiVal str, const char *errors);

/* bytes % args over a format of len bytes; the characters of *out (all below 256) are the result. */
GI_NODISCARD GiStatus gi_bytes_percent(GiThread *ts, const void *format, size_t len, GiVal args,
                                       GiStrBuilder *out);

#endif
