/* The format mini-language: parsing, messages, layout. Values are CPython 3.11's. */
#include "check.h"

#include "base/format_spec.h"

static GiFormatStatus parse(const char *text, uint32_t type, char align, GiFormatSpec *spec,
                            GiStrbuf *message) {
    return gi_format_spec_parse(gi_text_latin1(text, strlen(text)), type, align, "float", spec,
                                message);
}

static void check_float(double v, const char *text, const char *expected) {
    GiFormatSpec spec;
    GiStrbuf message = {0}, out = {0};
    CHECK(parse(text, 0, '>', &spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_float(&out, &spec, v, "float", NULL, &message) == GI_FORMAT_OK);
    CHECK_TEXT(out.data, out.len, expected);
    gi_strbuf_free(&out);
}

static void check_error(const char *text, const char *expected) {
    GiFormatSpec spec;
    GiStrbuf message = {0}, out = {0};
    GiFormatStatus status = parse(text, 0, '>', &spec, &message);
    if (status == GI_FORMAT_OK) status = gi_format_float(&out, &spec, 1.0, "float", NULL, &message);
    CHECK_INT(status, GI_FORMAT_VALUE_ERROR);
    CHECK_TEXT(message.data, message.len, expected);
    gi_strbuf_free(&message);
    gi_strbuf_free(&out);
}

static void check_int(const char *digits, const char *prefix, const char *text,
                      const char *expected) {
    GiFormatSpec spec;
    GiStrbuf message = {0}, out = {0};
    CHECK(parse(text, 'd', '>', &spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_check_int(&spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_number(&out, &spec, false, prefix, digits, strlen(digits), "", 0, NULL) ==
          GI_FORMAT_OK);
    CHECK_TEXT(out.data, out.len, expected);
    gi_strbuf_free(&out);
}

static void check_complex(double re, double im, const char *text, const char *expected) {
    GiFormatSpec spec;
    GiStrbuf message = {0}, out = {0};
    CHECK(parse(text, 0, '>', &spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_complex(&out, &spec, re, im, NULL, &message) == GI_FORMAT_OK);
    CHECK_TEXT(out.data, out.len, expected);
    gi_strbuf_free(&out);
}

static void test_locale(void) {
    const GiNumberLocale german = {",", ".", "\3\3"}, indian = {".", ",", "\3\2"},
                         french = {",", "\xE2\x80\xAF", "\3"};
    GiFormatSpec spec;
    GiStrbuf message = {0}, out = {0};
    CHECK(parse("n", 0, '>', &spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_float(&out, &spec, 12345.5, "float", &german, &message) == GI_FORMAT_OK);
    CHECK_TEXT(out.data, out.len, "12.345,5");
    gi_strbuf_truncate(&out, 0);
    CHECK(gi_group_digits(&out, "123456789", 9, 0, indian.grouping, indian.separator) == GI_OK);
    CHECK_TEXT(out.data, out.len, "12,34,56,789");
    gi_strbuf_truncate(&out, 0);
    CHECK(parse("010n", 0, '>', &spec, &message) == GI_FORMAT_OK);
    CHECK(gi_format_float(&out, &spec, 12345.0, "float", &french, &message) == GI_FORMAT_OK);
    CHECK_TEXT(out.data, out.len,
               "00\xE2\x80\xAF"
               "012\xE2\x80\xAF"
               "345");
    gi_strbuf_free(&out);
}

int main(void) {
    check_float(1.5, "", "1.5");
    check_float(1.5, "020,", "00,000,000,000,001.5");
    check_float(1.5, "=+10", "+      1.5");
    check_float(1.5, "\xE9^7.2f",
                "\xC3\xA9"
                "1.50\xC3\xA9\xC3\xA9");
    check_float(0.256, ".1%", "25.6%");
    check_float(1234567.891, ",.2f", "1,234,567.89");
    check_float(-1e-10, "z.2f", "0.00");
    check_float(100.0, ".3", "1e+02");
    check_int("1", "", "020,", "0,000,000,000,000,001");
    check_int("1", "0b", "-#020_b", "0b000_0000_0000_0001");
    check_int("1234", "", "*<10", "1234******");
    check_complex(0, 1, "", "1j");
    check_complex(1, 2, "^10", "  (1+2j)  ");
    check_complex(-0.0, -1, ".2f", "-0.00-1.00j");
    check_error("zz", "Unknown format code 'z' for object of type 'float'");
    check_error("\t", "Unknown format code '\\x9' for object of type 'float'");
    check_error("10.", "Format specifier missing precision");
    check_error("99999999999999999999", "Too many decimal digits in format string");
    check_error("_,", "Cannot specify both ',' and '_'.");
    check_error(",x", "Cannot specify ',' with 'x'.");
    check_error(">>>10", "Invalid format specifier '>>>10' for object of type 'float'");
    check_error(".2147483648f", "precision too big");
    test_locale();
    return 0;
}
