/* The character database: spot checks, and digests over all code points. The digests stand for
 * tables that were compared, code point by code point, with CPython 3.11's str and unicodedata. */
#include "check.h"

#include "base/unicode.h"

static uint64_t mix(uint64_t h, const void *data, size_t n) {
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i++)
        h = (h ^ p[i]) * UINT64_C(1099511628211);
    return h;
}

static uint64_t mix_text(uint64_t h, const char *s) { return mix(h, s, strlen(s) + 1); }

static uint64_t digest_flags(void) {
    uint64_t h = 1469598103934665603u;
    for (uint32_t c = 0; c <= GI_UNICODE_MAX; c++) {
        unsigned flags = gi_uc_flags(c);
        h = mix(h, &flags, sizeof flags);
    }
    return h;
}

static uint64_t digest_cases(void) {
    uint64_t h = 1469598103934665603u;
    for (uint32_t c = 0; c <= GI_UNICODE_MAX; c++) {
        uint32_t out[3];
        h = mix(h, out, (size_t)gi_uc_lower_full(c, out) * 4);
        h = mix(h, out, (size_t)gi_uc_upper_full(c, out) * 4);
        h = mix(h, out, (size_t)gi_uc_title_full(c, out) * 4);
        h = mix(h, out, (size_t)gi_uc_fold_full(c, out) * 4);
    }
    return h;
}

static uint64_t digest_data(bool old) {
    uint64_t h = 1469598103934665603u;
    for (uint32_t c = 0; c <= GI_UNICODE_MAX; c++) {
        h = mix_text(h, gi_uc_category(c, old));
        h = mix_text(h, gi_uc_bidirectional(c, old));
        h = mix_text(h, gi_uc_east_asian_width(c, old));
        int numbers[] = {gi_uc_combining(c, old), gi_uc_mirrored(c, old), gi_uc_decimal_in(c, old),
                         gi_uc_digit_in(c, old)};
        h = mix(h, numbers, sizeof numbers);
        double v = gi_uc_numeric_in(c, old);
        h = mix(h, &v, sizeof v);
        uint32_t out[18];
        const char *tag;
        int n = gi_uc_decomposition(c, old, &tag, out);
        h = mix_text(h, tag);
        h = mix(h, out, (size_t)n * 4);
    }
    return h;
}

static uint64_t digest_names(bool old) {
    uint64_t h = 1469598103934665603u;
    for (uint32_t c = 0; c <= GI_UNICODE_MAX; c++) {
        char name[GI_UNICODE_NAME_MAX];
        size_t n = gi_uc_name(c, old, name);
        CHECK(strlen(name) == n);
        h = mix_text(h, name);
        uint32_t out[4];
        if (n && (c < 0x3400 || c > 0xD7A3 || c % 64 == 0)) {
            CHECK_INT(gi_uc_lookup(name, n, true, old, out), 1);
            CHECK_INT(out[0], c);
        }
    }
    return h;
}

static uint64_t digest_normal(bool old) {
    uint64_t h = 1469598103934665603u;
    GiU32Buf b = {0};
    for (uint32_t c = 0; c <= GI_UNICODE_MAX; c++) {
        if (c >= 0xE000 && c < 0xF900) continue;
        for (GiNormalForm form = GI_NFD; form <= GI_NFKC; form++) {
            uint32_t text[] = {'x', c, 0x301, 0x323};
            b.len = 0;
            CHECK(gi_normalize(gi_text_ucs4(text, 4), form, old, &b) == GI_OK);
            h = mix(h, b.data, b.len * 4);
            GiNormalCheck check = gi_normal_check(gi_text_ucs4(text + 1, 1), form, old);
            h = mix(h, &check, sizeof check);
        }
    }
    gi_u32buf_free(&b);
    return h;
}

static void check_digest(const char *what, uint64_t actual, uint64_t expected) {
    if (actual != expected) {
        fprintf(stderr, "digest of %s is 0x%" PRIx64 "\n", what, actual);
        exit(1);
    }
}

static int lookup(const char *name, bool sequences, uint32_t out[4]) {
    return gi_uc_lookup(name, strlen(name), sequences, false, out);
}

static void test_spots(void) {
    uint32_t out[4];
    CHECK_INT(gi_uc_upper_full(0xDF, out), 2);
    CHECK(out[0] == 'S' && out[1] == 'S');
    CHECK_INT(gi_uc_fold_full(0x1E9E, out), 2);
    CHECK(gi_uc_is_xid_start('_') && !gi_uc_is_xid_start('1') && gi_uc_is_xid_continue('1'));
    CHECK(gi_uc_is_identifier(gi_text_latin1("_a1\xe9", 4)));
    CHECK(!gi_uc_is_identifier(gi_text_latin1("1a", 2)));
    CHECK(!gi_uc_is_identifier(gi_text_latin1("", 0)));
    CHECK_INT(gi_uc_decimal(0x669), 9);
    CHECK_INT(gi_uc_digit(0xB2), 2);
    CHECK(gi_uc_numeric(0xBC) == 0.25);
    CHECK_INT(lookup("latin small letter a", false, out), 1);
    CHECK_INT(out[0], 'a');
    CHECK_INT(lookup("NULL", false, out), 1);
    CHECK_INT(out[0], 0);
    CHECK_INT(lookup("KEYCAP DIGIT ONE", false, out), 0);
    CHECK_INT(lookup("KEYCAP DIGIT ONE", true, out), 3);
    CHECK(out[0] == '1' && out[1] == 0xFE0F && out[2] == 0x20E3);
    CHECK_INT(lookup("HANGUL SYLLABLE GAG", false, out), 1);
    CHECK_INT(out[0], 0xAC01);
    CHECK_INT(lookup("hangul syllable gag", false, out), 0);
    CHECK_INT(lookup("CJK UNIFIED IDEOGRAPH-4E00", false, out), 1);
    CHECK_INT(lookup("CJK UNIFIED IDEOGRAPH-4E0", false, out), 0);
    CHECK_INT(lookup("NO SUCH NAME", false, out), 0);
    const uint32_t word[] = {0x39F, 0x3A3, '.'};
    CHECK_INT(gi_uc_lower_at(gi_text_ucs4(word, 3), 1, out), 1);
    CHECK_INT(out[0], 0x3C2);
    CHECK_INT(gi_uc_flags(0xFFFFFFFFu), gi_uc_flags(0x10FFFF));
}

int main(void) {
    test_spots();
    check_digest("flags", digest_flags(), UINT64_C(0x928e3f53afe269b9));
    check_digest("cases", digest_cases(), UINT64_C(0xb5f34099e883c029));
    check_digest("data", digest_data(false), UINT64_C(0x7a2e2118c6e8d019));
    check_digest("old data", digest_data(true), UINT64_C(0x57c097a0a0879883));
    check_digest("names", digest_names(false), UINT64_C(0x26980cfb9394cfe3));
    check_digest("old names", digest_names(true), UINT64_C(0x60bbc77c03467c61));
    check_digest("normal forms", digest_normal(false), UINT64_C(0x47aa2ce84cbf72b0));
    check_digest("old normal forms", digest_normal(true), UINT64_C(0x408f9934d302d7c3));
    return 0;
}
