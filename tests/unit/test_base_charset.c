/* Codec cores: conversions, error positions and reasons (CPython 3.11's), resuming. */
#include "check.h"

#include "base/charset.h"

typedef GiCodecStatus (*DecodeFn)(GiDecoder *);
typedef GiCodecStatus (*EncodeFn)(GiEncoder *);

/* Decodes n bytes and compares with code points; byte order as given. */
static void check_decode(DecodeFn fn, const char *in, size_t n, int order, const uint32_t *expected,
                         size_t count) {
    GiDecoder d = {.in = (const uint8_t *)in, .n = n, .final = true, .byte_order = order};
    CHECK_INT(fn(&d), GI_CODEC_OK);
    CHECK_INT(d.consumed, n);
    CHECK_INT(d.out.len, count);
    CHECK(count == 0 || memcmp(d.out.data, expected, count * sizeof *expected) == 0);
    gi_decoder_free(&d);
}

static void check_error(DecodeFn fn, const char *in, size_t n, int order, size_t start, size_t end,
                        const char *reason) {
    GiDecoder d = {.in = (const uint8_t *)in, .n = n, .final = true, .byte_order = order};
    CHECK_INT(fn(&d), GI_CODEC_ERROR);
    CHECK_INT(d.start, start);
    CHECK_INT(d.end, end);
    CHECK_TEXT(d.reason, strlen(d.reason), reason);
    gi_decoder_free(&d);
}

/* Without the end of the input, so many bytes are used and so many characters made. */
static void check_partial(DecodeFn fn, const char *in, size_t n, int order, size_t used,
                          size_t chars) {
    GiDecoder d = {.in = (const uint8_t *)in, .n = n, .final = false, .byte_order = order};
    CHECK_INT(fn(&d), GI_CODEC_OK);
    CHECK_INT(d.consumed, used);
    CHECK_INT(d.out.len, chars);
    gi_decoder_free(&d);
}

static GiStatus replace_decoded(GiDecoder *d, size_t *resume) {
    *resume = d->end;
    return gi_u32buf_push(&d->out, 0xFFFD);
}

static void test_decoders(void) {
    const uint32_t word[] = {'a', 0xE9, 0x20AC, 0x1F600};
    check_decode(gi_decode_utf8, "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10, 0, word, 4);
    check_decode(gi_decode_utf16, "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE", 10, 0, word, 4);
    check_decode(gi_decode_utf16, "\xFE\xFF\0a\0\xE9\x20\xAC\xD8\x3D\xDE\0", 12, 0, word, 4);
    check_decode(gi_decode_utf32, "a\0\0\0\xE9\0\0\0\xAC\x20\0\0\0\xF6\1\0", 16, -1, word, 4);
    check_decode(gi_decode_utf7, "a+AOkgrNg93gA-", 14, 0, word, 4);
    check_decode(gi_decode_unicode_escape, "\\141\\xe9\\N{EURO SIGN}\\U0001f600", 31, 0, word, 4);
    check_decode(gi_decode_raw_unicode_escape, "a\xE9\\u20ac\\U0001f600", 18, 0, word, 4);
    check_decode(gi_decode_latin1, "a\xE9", 2, 0, word, 2);
    check_error(gi_decode_ascii, "ab\xE9", 3, 0, 2, 3, "ordinal not in range(128)");
    check_error(gi_decode_utf8, "ab\xE9", 3, 0, 2, 3, "unexpected end of data");
    check_error(gi_decode_utf16, "a\0b", 3, -1, 2, 3, "truncated data");
    check_error(gi_decode_utf16, "\x3D\xD8", 2, -1, 0, 2, "unexpected end of data");
    check_error(gi_decode_utf16, "\0\xDC", 2, -1, 0, 2, "illegal encoding");
    check_error(gi_decode_utf16,
                "\x3D\xD8"
                "a\0",
                4, -1, 0, 2, "illegal UTF-16 surrogate");
    check_error(gi_decode_utf32, "\0\0\x11\0", 4, -1, 0, 4, "code point not in range(0x110000)");
    check_error(gi_decode_utf32, "\0\xD8\0\0", 4, -1, 0, 4,
                "code point in surrogate code point range(0xd800, 0xe000)");
    check_error(gi_decode_utf7, "+AO", 3, 0, 0, 3, "unterminated shift sequence");
    check_error(gi_decode_utf7, "a+!", 3, 0, 1, 3, "ill-formed sequence");
    check_error(gi_decode_unicode_escape, "a\\", 2, 0, 1, 2, "\\ at end of string");
    check_error(gi_decode_unicode_escape, "\\xg", 3, 0, 0, 2, "truncated \\xXX escape");
    check_error(gi_decode_unicode_escape, "\\N{foo}", 7, 0, 0, 7, "unknown Unicode character name");
    check_error(gi_decode_raw_unicode_escape, "\\Uffffffff", 10, 0, 0, 10,
                "\\Uxxxxxxxx out of range");
    check_partial(gi_decode_utf8, "ab\xE2\x82", 4, 0, 2, 2);
    check_partial(gi_decode_utf16, "a\0\x3D\xD8\0", 5, -1, 2, 1);
    check_partial(gi_decode_utf32, "a\0\0\0b", 5, -1, 4, 1);
    check_partial(gi_decode_utf7, "ab+AO", 5, 0, 2, 2);
    check_partial(gi_decode_unicode_escape, "ab\\u12", 6, 0, 2, 2);
    check_partial(gi_decode_raw_unicode_escape, "ab\\", 3, 0, 2, 2);
    GiDecoder d = {.in = (const uint8_t *)"\x80"
                                          "ab\xFF",
                   .n = 4,
                   .final = true,
                   .on_error = replace_decoded};
    CHECK_INT(gi_decode_utf8(&d), GI_CODEC_OK);
    CHECK_INT(d.out.len, 4);
    CHECK(d.out.data[0] == 0xFFFD && d.out.data[3] == 0xFFFD);
    gi_decoder_free(&d);
    d = (GiDecoder){.in = (const uint8_t *)"\\q\\777", .n = 6, .final = true};
    CHECK_INT(gi_decode_unicode_escape(&d), GI_CODEC_OK);
    CHECK_INT(d.warn_escape, 'q');
    gi_decoder_free(&d);
    d = (GiDecoder){.in = (const uint8_t *)"\0\1\2", .n = 3, .final = true};
    CHECK_INT(gi_decode_charmap(&d, gi_text_latin1("ab", 2)), GI_CODEC_ERROR);
    CHECK_INT(d.start, 2);
    CHECK_TEXT(d.reason, strlen(d.reason), "character maps to <undefined>");
    gi_decoder_free(&d);
}

static void check_encode(EncodeFn fn, int order, const char *expected, size_t n) {
    const uint32_t word[] = {'a', 0xE9, 0x20AC, 0x1F600};
    GiEncoder e = {.in = gi_text_ucs4(word, 4), .byte_order = order};
    CHECK_INT(fn(&e), GI_CODEC_OK);
    CHECK_INT(e.out.len, n);
    CHECK(memcmp(e.out.data, expected, n) == 0);
    gi_encoder_free(&e);
}

static GiStatus give_bytes(GiEncoder *e, size_t *resume) {
    e->fix_bytes = "<>";
    e->fix_bytes_len = 2;
    *resume = e->end;
    return GI_OK;
}

static GiStatus give_accent(GiEncoder *e, size_t *resume) {
    (void)resume;
    e->fix_text = gi_text_latin1("\xE9", 1);
    return GI_OK;
}

static void test_encoders(void) {
    check_encode(gi_encode_utf8, 0, "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 10);
    check_encode(gi_encode_utf16, 0,
                 "\xFF\xFE"
                 "a\0\xE9\0\xAC\x20\x3D\xD8\0\xDE",
                 12);
    check_encode(gi_encode_utf16, 1, "\0a\0\xE9\x20\xAC\xD8\x3D\xDE\0", 10);
    check_encode(gi_encode_utf32, 1, "\0\0\0a\0\0\0\xE9\0\0\x20\xAC\0\1\xF6\0", 16);
    check_encode(gi_encode_utf7, 0, "a+AOkgrNg93gA-", 14);
    check_encode(gi_encode_unicode_escape, 0, "a\\xe9\\u20ac\\U0001f600", 21);
    check_encode(gi_encode_raw_unicode_escape, 0, "a\xE9\\u20ac\\U0001f600", 18);
    const uint16_t text[] = {'x', 0xD800, 0xDC00, 'y', 0x20AC};
    GiTextView view = {text, 5, 2};
    GiEncoder e = {.in = view};
    CHECK_INT(gi_encode_utf8(&e), GI_CODEC_ERROR);
    CHECK(e.start == 1 && e.end == 3);
    gi_encoder_free(&e);
    e = (GiEncoder){.in = view, .on_error = give_bytes};
    CHECK_INT(gi_encode_latin1(&e), GI_CODEC_OK);
    CHECK_TEXT(e.out.data, e.out.len, "x<>y<>");
    gi_encoder_free(&e);
    e = (GiEncoder){.in = view, .on_error = give_accent};
    CHECK_INT(gi_encode_latin1(&e), GI_CODEC_OK);
    CHECK_TEXT(e.out.data, e.out.len, "x\xE9y\xE9");
    gi_encoder_free(&e);
    e = (GiEncoder){.in = view, .on_error = give_accent};
    CHECK_INT(gi_encode_ascii(&e), GI_CODEC_ERROR);
    CHECK_TEXT(e.reason, strlen(e.reason), "ordinal not in range(128)");
    gi_encoder_free(&e);
}

static void test_escapes(void) {
    GiStrbuf out = {0};
    int warn;
    char message[64];
    CHECK_INT(gi_escape_decode((const uint8_t *)"\\x41\\n\\101\\q", 12, 0, &out, &warn, message),
              GI_CODEC_OK);
    CHECK_TEXT(out.data, out.len, "A\nA\\q");
    CHECK_INT(warn, 'q');
    CHECK_INT(gi_escape_decode((const uint8_t *)"abc\\xz", 6, 0, &out, &warn, message),
              GI_CODEC_ERROR);
    CHECK_TEXT(message, strlen(message), "invalid \\x escape at position 3");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_escape_encode((const uint8_t *)"a'\n\x80\\", 5, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, "a\\'\\n\\x80\\\\");
    gi_strbuf_free(&out);
}

int main(void) {
    test_decoders();
    test_encoders();
    test_escapes();
    return 0;
}
