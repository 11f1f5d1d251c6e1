/* UTF-8: round trips, error positions and reasons, surrogates. */
#include "check.h"

#include "base/utf8.h"

static void check_error(const char *s, size_t n, unsigned flags, size_t start, size_t end,
                        const char *reason) {
    GiUtf8Scan scan;
    CHECK(!gi_utf8_scan(s, n, flags, &scan));
    CHECK_INT(scan.bytes, start);
    CHECK_INT(scan.error_end, end);
    CHECK_TEXT(scan.reason, strlen(scan.reason), reason);
}

static void test_errors(void) {
    check_error("abc\xff", 4, 0, 3, 4, "invalid start byte");
    check_error("abcdefgh\x80xyzabcdefgh", 20, 0, 8, 9, "invalid start byte");
    check_error("\xc0\x80", 2, 0, 0, 1, "invalid start byte");
    check_error("\xe0\x80\x80", 3, 0, 0, 1, "invalid continuation byte");
    check_error("\xe2\x82", 2, 0, 0, 2, "unexpected end of data");
    check_error("x\xe2\x82y", 4, 0, 1, 3, "invalid continuation byte");
    check_error("\xed\xa0\x80", 3, 0, 0, 1, "invalid continuation byte");
    check_error("\xf4\x90\x80\x80", 4, 0, 0, 1, "invalid continuation byte");
    check_error("\xf5\x80\x80\x80", 4, 0, 0, 1, "invalid start byte");
    check_error("\xf0\x9f\x98", 3, 0, 0, 3, "unexpected end of data");
    check_error("\xf0\x9f\x98z", 4, 0, 0, 3, "invalid continuation byte");
    check_error("\xf0\x80", 2, 0, 0, 1, "invalid continuation byte");
    check_error("\xc3", 1, 0, 0, 1, "unexpected end of data");
    GiUtf8Scan scan;
    CHECK(gi_utf8_scan("\xed\xa0\x80", 3, GI_UTF8_SURROGATES, &scan));
    CHECK_INT(scan.chars, 1);
}

static void test_all_code_points(void) {
    static uint32_t text[0x110000], back[0x110000];
    for (uint32_t c = 0; c < 0x110000; c++)
        text[c] = c;
    GiTextView view = gi_text_ucs4(text, 0x110000);
    size_t size = gi_utf8_size(view);
    CHECK_INT(size, 0x80 + 2 * 0x780 + 3 * 0xF800 + 4 * 0x100000);
    char *bytes = malloc(size);
    CHECK_INT(gi_utf8_encode(view, bytes), size);
    GiUtf8Scan scan;
    CHECK(gi_utf8_scan(bytes, size, GI_UTF8_SURROGATES, &scan));
    CHECK_INT(scan.chars, 0x110000);
    CHECK_INT(scan.max_char, 0x10FFFF);
    CHECK_INT(gi_utf8_count(bytes, size), 0x110000);
    gi_utf8_decode(bytes, size, back, 4);
    CHECK(memcmp(text, back, sizeof text) == 0);
    CHECK(!gi_utf8_scan(bytes, size, 0, &scan));
    CHECK_INT(scan.chars, 0xD800);
    CHECK_INT(gi_text_find_surrogate(view, 0), 0xD800);
    CHECK_INT(gi_text_find_surrogate(view, 0xE000), 0x110000);
    free(bytes);
}

static void test_kinds(void) {
    uint8_t latin[300], out1[300];
    uint16_t wide[300], out2[300];
    for (unsigned i = 0; i < 300; i++) {
        latin[i] = (uint8_t)(i < 100 ? 'a' : i);
        wide[i] = (uint16_t)(i < 100 ? 'a' : i * 31);
    }
    char bytes[1200];
    GiUtf8Scan scan;
    size_t n = gi_utf8_encode(gi_text_latin1(latin, 300), bytes);
    CHECK_INT(n, gi_utf8_size(gi_text_latin1(latin, 300)));
    CHECK(gi_utf8_scan(bytes, n, 0, &scan));
    CHECK_INT(scan.max_char, 0xFF);
    CHECK_INT(scan.chars, 300);
    gi_utf8_decode(bytes, n, out1, 1);
    CHECK(memcmp(out1, latin, sizeof latin) == 0);
    GiTextView view = {wide, 300, 2};
    n = gi_utf8_encode(view, bytes);
    CHECK_INT(n, gi_utf8_size(view));
    CHECK(gi_utf8_scan(bytes, n, 0, &scan));
    CHECK_INT(scan.max_char, 0xFFFF);
    gi_utf8_decode(bytes, n, out2, 2);
    CHECK(memcmp(out2, wide, sizeof wide) == 0);
    for (size_t i = 0; i < 40; i++) {
        char ascii[41];
        memset(ascii, 'x', sizeof ascii);
        CHECK_INT(gi_ascii_prefix(ascii, i), i);
        ascii[i] = (char)0xC3;
        CHECK_INT(gi_ascii_prefix(ascii, 41), i);
    }
    CHECK_INT(gi_text_or_all(gi_text_latin1("abcdefghij\x80", 11)) & 0x80, 0x80);
    CHECK(gi_text_or_all(gi_text_latin1("abcdefghij", 10)) < 0x80);
}

int main(void) {
    test_errors();
    test_all_code_points();
    test_kinds();
    return 0;
}
