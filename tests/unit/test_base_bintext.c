/* Text forms of bytes, against binascii of CPython 3.11. */
#include "check.h"

#include "base/bintext.h"

static void check_base64(const char *text, bool strict, const char *expected) {
    GiStrbuf out = {0};
    char message[GI_BINTEXT_MESSAGE_MAX];
    const char *error = gi_base64_decode(text, strlen(text), strict, &out, message);
    const char *actual = error ? error : out.data;
    CHECK_TEXT(actual, strlen(actual), expected);
    gi_strbuf_free(&out);
}

static void test_base64(void) {
    GiStrbuf out = {0};
    CHECK(gi_base64_encode("hello wo", 8, true, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, "aGVsbG8gd28=\n");
    gi_strbuf_free(&out);
    check_base64("aGVsbG8gd28=", true, "hello wo");
    check_base64("aGVs\nbG8 gd28=", false, "hello wo");
    check_base64("YQ", false, "Incorrect padding");
    check_base64("YWJjY", false,
                 "Invalid base64-encoded string: number of data characters (5) cannot be 1 more "
                 "than a multiple of 4");
    check_base64("=YQ==", true, "Leading padding not allowed");
    check_base64("Y=Q=", true, "Discontinuous padding not allowed");
    check_base64("YQ==x", true, "Excess data after padding");
    check_base64("Y!Q==", true, "Only base64 data is allowed");
}

static void test_uu(void) {
    GiStrbuf out = {0};
    CHECK(gi_uu_encode("abc\0\0", 5, true, &out) == NULL);
    CHECK_TEXT(out.data, out.len, "%86)C````\n");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_uu_decode("#86)C  \n", 8, &out) == NULL);
    CHECK_TEXT(out.data, out.len, "abc");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_uu_decode("", 0, &out) == NULL);
    CHECK_INT(out.len, 32);
    const char *error = gi_uu_decode("#86)Cx\n", 7, &out);
    CHECK_TEXT(error, strlen(error), "Trailing garbage");
    error = gi_uu_decode("#~~~~", 5, &out);
    CHECK_TEXT(error, strlen(error), "Illegal char");
    char many[46] = {0};
    error = gi_uu_encode(many, 46, false, &out);
    CHECK_TEXT(error, strlen(error), "At most 45 bytes at once");
    gi_strbuf_free(&out);
}

static void check_qp(const char *in, bool quotetabs, bool istext, bool header,
                     const char *expected) {
    GiStrbuf out = {0};
    CHECK(gi_qp_encode(in, strlen(in), quotetabs, istext, header, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, expected);
    gi_strbuf_free(&out);
}

static void test_qp(void) {
    check_qp("a=b \n\xE9_\t", false, true, false, "a=3Db=20\n=E9_=09");
    check_qp("a b_", false, true, true, "a_b=5F");
    check_qp(".\n..", true, false, false, "=2E=0A..");
    GiStrbuf out = {0};
    CHECK(gi_qp_decode("a=3Db==c=\nd=zz_=", 16, true, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, "a=b=cd=zz ");
    gi_strbuf_free(&out);
}

static void test_hex(void) {
    GiStrbuf out = {0};
    CHECK(gi_hex_encode_sep("abcdefg", 7, ':', 3, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, "61:626364:656667");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_hex_encode_sep("abcdefg", 7, ':', -3, &out) == GI_OK);
    CHECK_TEXT(out.data, out.len, "616263:646566:67");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_hex_encode_sep("", 0, ':', 1, &out) == GI_OK);
    CHECK_INT(out.len, 0);
    gi_strbuf_free(&out);
    char bytes[3];
    CHECK(gi_hex_decode("61fFz0", 4, bytes) && bytes[0] == 'a' && bytes[1] == (char)0xFF);
    CHECK(!gi_hex_decode("61fFz0", 6, bytes));
    CHECK_INT(gi_crc_hqx("hello", 5, 0), 50018);
    CHECK_INT(gi_crc_hqx("abc", 3, 0xFFFF), 20810);
    CHECK_INT(gi_crc32("hello", 5, 0), 907060870);
    CHECK_INT(gi_crc32("x", 1, 7), 314082080);
}

int main(void) {
    test_base64();
    test_uu();
    test_qp();
    test_hex();
    return 0;
}
