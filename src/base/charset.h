/* charset.h - the cores of the codecs, over plain buffers.
 *
 * A decoder turns bytes into code points, an encoder text into bytes. When something cannot be
 * converted, the core calls back: the layer above runs the error handler there ("strict",
 * "replace", a Python function). Positions and reasons are CPython's. A core keeps no state
 * outside the struct it is given; one thread at a time.
 */
#ifndef GI_BASE_CHARSET_H
#define GI_BASE_CHARSET_H

#include "base/strbuf.h"
#include "base/text_view.h"

typedef enum {
    GI_CODEC_OK,
    GI_CODEC_ERROR,     /* there is no callback: start, end, reason say what is wrong */
    GI_CODEC_HANDLER,   /* the callback failed (and has said why elsewhere) */
    GI_CODEC_NO_MEMORY, /* out of memory */
} GiCodecStatus;

typedef struct GiDecoder GiDecoder;
struct GiDecoder {
    const uint8_t *in; /* the callback may change in and n (exc.object was replaced) */
    size_t n;
    bool final;      /* the input ends here; otherwise an incomplete tail is left over */
    size_t consumed; /* result: how far the input was used */
    GiU32Buf out;    /* result */
    /* Called with start, end, reason set: appends a replacement to out, sets *resume (<= n) where
     * to go on, or fails. NULL: errors stop the decoder. */
    GiStatus (*on_error)(GiDecoder *d, size_t *resume);
    /* gi_decode_charmap_by: appends what a byte stands for and gives 0, 1 when it is undefined, -1
     * when it failed (and has said why elsewhere). */
    int (*lookup)(GiDecoder *d, uint8_t byte);
    void *context; /* the callbacks' */
    size_t start, end;
    const char *reason;
    int warn_escape; /* result of unicode_escape: the first invalid escape: the character after the
                        backslash, or the value of an octal one (above 0o377); -1 when none */
    int byte_order;  /* UTF-16/32: in: -1 little, 0 by mark, 1 big; out: as found */
};

/* Frees the output. */
void gi_decoder_free(GiDecoder *d);

GiCodecStatus gi_decode_ascii(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_latin1(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_utf8(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_utf7(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_utf16(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_utf32(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_raw_unicode_escape(GiDecoder *d) GI_NODISCARD;
GiCodecStatus gi_decode_unicode_escape(GiDecoder *d) GI_NODISCARD;
/* Decodes by a table: `table` gives a code point for each byte; 0xFFFE or a missing entry is
 * undefined. */
GiCodecStatus gi_decode_charmap(GiDecoder *d, GiTextView table) GI_NODISCARD;
/* Decodes by the callback `lookup`. */
GiCodecStatus gi_decode_charmap_by(GiDecoder *d) GI_NODISCARD;

typedef struct GiEncoder GiEncoder;
struct GiEncoder {
    GiTextView in;
    GiStrbuf out; /* result */
    /* Called with start, end, reason set: sets fix_bytes or fix_text (kept alive until the next
     * call or the end) and *resume (<= in.len), or fails. NULL: errors stop the encoder. */
    GiStatus (*on_error)(GiEncoder *e, size_t *resume);
    void *context;
    size_t start, end;
    const char *reason;
    const void *fix_bytes; /* when not NULL: appended as they are */
    size_t fix_bytes_len;
    GiTextView fix_text; /* otherwise: encoded by the same codec; what cannot be encoded stops */
    int byte_order;      /* UTF-16/32: -1 little, 0 native with mark, 1 big */
    /* Charmap: appends what a code point stands for and gives 0, 1 when it is undefined, -1 when
     * it failed (and has said why elsewhere). */
    int (*lookup)(GiEncoder *e, uint32_t c);
};

void gi_encoder_free(GiEncoder *e);

GiCodecStatus gi_encode_ascii(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_latin1(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_utf8(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_utf7(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_utf16(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_utf32(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_raw_unicode_escape(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_unicode_escape(GiEncoder *e) GI_NODISCARD;
GiCodecStatus gi_encode_charmap(GiEncoder *e) GI_NODISCARD;

/* codecs.escape_decode: bytes with escapes into bytes. errors: 0 strict, 1 replace, 2 ignore.
 * On failure with status GI_CODEC_ERROR writes the message of the ValueError. *warn is as
 * warn_escape in GiDecoder. */
GiCodecStatus gi_escape_decode(const uint8_t *in, size_t n, int errors, GiStrbuf *out, int *warn,
                               char message[64]) GI_NODISCARD;
/* codecs.escape_encode: what repr(bytes) shows between quotes ' ; fails when out of memory. */
GiStatus gi_escape_encode(const uint8_t *in, size_t n, GiStrbuf *out) GI_NODISCARD;

/* The character that a one-letter escape such as \n stands for, or -1. */
int gi_simple_escape(uint8_t letter);

#endif
