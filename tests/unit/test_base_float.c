/* Floats to text and back: known values, round trips, halfway cases, hexadecimal, half precision.
 */
#include "check.h"

#include "base/float_text.h"
#include "base/mt19937.h"

#include <math.h>

static void check_repr(double v, const char *expected) {
    char out[GI_FLOAT_REPR_MAX];
    size_t n = gi_float_repr(v, out);
    CHECK_TEXT(out, n, expected);
    double back;
    CHECK_INT(gi_float_parse(out, n, &back), n);
    CHECK(back == v || isnan(v));
}

static void check_format(double v, char type, int precision, unsigned flags, const char *expected) {
    GiStrbuf b = {0};
    CHECK(gi_float_format(&b, v, type, precision, flags) == GI_OK);
    CHECK_TEXT(b.data, b.len, expected);
    gi_strbuf_free(&b);
}

static void check_parse(const char *s, size_t used, double expected) {
    double v = 0;
    CHECK_INT(gi_float_parse(s, strlen(s), &v), used);
    if (used) CHECK(memcmp(&v, &expected, sizeof v) == 0);
}

static void test_repr(void) {
    check_repr(0.0, "0.0");
    check_repr(-0.0, "-0.0");
    check_repr(0.1, "0.1");
    check_repr(1e22, "1e+22");
    check_repr(1e23, "1e+23");
    check_repr(1e16, "1e+16");
    check_repr(123456789012345680.0, "1.2345678901234568e+17");
    check_repr(9007199254740993.0, "9007199254740992.0");
    check_repr(0.0001, "0.0001");
    check_repr(0.00001, "1e-05");
    check_repr(5e-324, "5e-324");
    check_repr(2.2250738585072014e-308, "2.2250738585072014e-308");
    check_repr(1.7976931348623157e308, "1.7976931348623157e+308");
    check_repr(100.0, "100.0");
    check_repr(-1.5, "-1.5");
    check_repr(INFINITY, "inf");
    check_repr(-INFINITY, "-inf");
    check_repr(NAN, "nan");
    check_repr(2.0 / 3, "0.6666666666666666");
}

static void test_format(void) {
    check_format(3.14159, 'f', 2, 0, "3.14");
    check_format(0.5, 'f', 0, 0, "0");
    check_format(1.5, 'f', 0, 0, "2");
    check_format(2.5, 'f', 0, GI_FLOAT_ALT, "2.");
    check_format(1e22, 'f', 1, 0, "10000000000000000000000.0");
    check_format(1e-7, 'f', 3, GI_FLOAT_SIGN, "+0.000");
    check_format(-1e-7, 'f', 3, 0, "-0.000");
    check_format(-1e-7, 'f', 3, GI_FLOAT_NO_NEG_0, "0.000");
    check_format(0.1, 'f', 20, 0, "0.10000000000000000555");
    check_format(123456.789, 'e', 3, 0, "1.235e+05");
    check_format(123456.789, 'E', 0, 0, "1E+05");
    check_format(0.0, 'e', 2, 0, "0.00e+00");
    check_format(1e-300, 'e', 17, 0, "1.00000000000000003e-300");
    check_format(100000.0, 'g', 6, 0, "100000");
    check_format(1000000.0, 'g', 6, 0, "1e+06");
    check_format(1.5, 'g', 6, GI_FLOAT_ALT, "1.50000");
    check_format(0.0001, 'g', 6, 0, "0.0001");
    check_format(0.00001, 'G', 6, 0, "1E-05");
    check_format(100.0, 'g', 3, GI_FLOAT_DOT_0, "1e+02");
    check_format(100.0, 'r', 0, GI_FLOAT_DOT_0, "100.0");
    check_format(INFINITY, 'F', 2, GI_FLOAT_SIGN, "+INF");
    check_format(NAN, 'f', 2, GI_FLOAT_SIGN, "+nan");
    GiStrbuf b = {0};
    CHECK(gi_float_format(&b, 1.5, 'f', 5000, 0) == GI_OK);
    CHECK_INT(b.len, 5002);
    gi_strbuf_free(&b);
}

static void test_parse(void) {
    check_parse("1.5e3x", 5, 1500.0);
    check_parse("", 0, 0);
    check_parse(".", 0, 0);
    check_parse("-.5", 3, -0.5);
    check_parse("1.", 2, 1.0);
    check_parse("1e", 1, 1.0);
    check_parse("1e+", 1, 1.0);
    check_parse("-Infinity", 9, -INFINITY);
    check_parse("1e999999999999999999999999", 26, INFINITY);
    check_parse("-0e99999999999999999999", 23, -0.0);
    check_parse("9007199254740993", 16, 9007199254740992.0);
    check_parse("9007199254740993.00000000000000000000000001", 43, 9007199254740994.0);
    check_parse("2.4703282292062327208e-324", 26, 0.0);
    check_parse("2.4703282292062328e-324", 23, 5e-324);
    check_parse("1.7976931348623158e308", 22, 1.7976931348623157e308);
    check_parse("1.7976931348623159e308", 22, INFINITY);
    char many[2000];
    memset(many, '0', sizeof many);
    many[1] = '.';
    memcpy(many + sizeof many - 7, "1e1992", 7);
    check_parse(many, sizeof many - 1, 1.0);
}

static void test_round_trips(void) {
    GiMt mt;
    gi_mt_seed(&mt, 7);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = (uint64_t)gi_mt_next(&mt) << 32 | gi_mt_next(&mt);
        double v, back;
        memcpy(&v, &bits, sizeof v);
        if (!isfinite(v)) continue;
        char out[GI_FLOAT_REPR_MAX], libc_text[64];
        size_t n = gi_float_repr(v, out);
        CHECK_INT(gi_float_parse(out, n, &back), n);
        CHECK(back == v);
        snprintf(libc_text, sizeof libc_text, "%.*e", i % 20, v);
        check_format(v, 'e', i % 20, 0, libc_text);
        gi_float_parse(libc_text, strlen(libc_text), &back);
        CHECK(back == strtod(libc_text, NULL));
        CHECK(gi_float_from_hex(out, gi_float_to_hex(v, out), &back) == GI_FLOAT_HEX_OK);
        CHECK(back == v);
    }
}

static void test_other(void) {
    bool overflow;
    CHECK(gi_float_round(2.675, 2, &overflow) == 2.67);
    CHECK(gi_float_round(0.5, 0, &overflow) == 0.0);
    CHECK(gi_float_round(25.0, -1, &overflow) == 20.0);
    CHECK(gi_float_round(-1234.5678, 1, &overflow) == -1234.6);
    CHECK(gi_float_round(5.015e300, -299, &overflow) == 5e300 && !overflow);
    gi_float_round(1.7976931348623157e308, -308, &overflow);
    CHECK(overflow);
    double v;
    CHECK(gi_float_from_hex(" 0x1.8p1\n", 9, &v) == GI_FLOAT_HEX_OK && v == 3.0);
    CHECK(gi_float_from_hex("0x1p1024", 8, &v) == GI_FLOAT_HEX_OVERFLOW);
    CHECK(gi_float_from_hex("0xg", 3, &v) == GI_FLOAT_HEX_INVALID);
    CHECK(gi_float_from_hex("0x1.00000000000008p0", 20, &v) == GI_FLOAT_HEX_OK && v == 1.0);
    for (unsigned h = 0; h < 0x10000; h++) {
        uint16_t back;
        v = gi_float_from_half((uint16_t)h);
        if (isnan(v)) continue;
        CHECK(gi_float_to_half(v, &back));
        CHECK_INT(back, h);
    }
    uint16_t half;
    CHECK(!gi_float_to_half(65520.0, &half));
    CHECK(gi_float_to_half(65519.99, &half) && half == 0x7BFF);
}

int main(void) {
    test_repr();
    test_format();
    test_parse();
    test_round_trips();
    test_other();
    return 0;
}
