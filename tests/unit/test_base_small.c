/* Vectors, string buffers, integer text and the Mersenne Twister. */
#include "check.h"

#include "base/int_text.h"
#include "base/mt19937.h"
#include "base/strbuf.h"
#include "base/vec.h"

static void test_vec(void) {
    GI_VEC(int) v = {0};
    for (int i = 0; i < 1000; i++)
        CHECK(gi_vec_push(&v, i) == GI_OK);
    CHECK_INT(v.len, 1000);
    CHECK_INT(gi_vec_last(&v), 999);
    CHECK(gi_vec_insert(&v, 0, -1) == GI_OK);
    CHECK_INT(v.data[0], -1);
    CHECK_INT(v.data[1000], 999);
    CHECK_INT(gi_vec_pop(&v), 999);
    const int more[] = {5, 6};
    CHECK(gi_vec_extend(&v, more, 2) == GI_OK);
    CHECK_INT(gi_vec_last(&v), 6);
    CHECK(gi_vec_resize(&v, 2000) == GI_OK);
    CHECK_INT(gi_vec_last(&v), 0);
    CHECK(gi_vec_reserve(&v, SIZE_MAX) == GI_FAIL);
    CHECK(gi_vec_reserve(&v, SIZE_MAX / 8) == GI_FAIL);
    CHECK_INT(v.len, 2000);
    gi_vec_free(&v);
    CHECK(v.data == NULL && v.len == 0);
}

static void test_strbuf(void) {
    GiStrbuf b = {0};
    gi_strbuf_puts(&b, "abc");
    gi_strbuf_putc(&b, '-');
    gi_strbuf_printf(&b, "%d/%s", 42, "x");
    gi_strbuf_fill(&b, '.', 3);
    gi_strbuf_put_utf8(&b, 0x20AC);
    CHECK_TEXT(b.data, b.len, "abc-42/x...\xE2\x82\xAC");
    gi_strbuf_truncate(&b, 3);
    CHECK_TEXT(b.data, strlen(b.data), "abc");
    for (int i = 0; i < 100; i++)
        gi_strbuf_printf(&b, "%0100d", i);
    CHECK_INT(b.len, 10003);
    char *s = gi_strbuf_take(&b);
    CHECK_INT(strlen(s), 10003);
    free(s);
    CHECK(gi_strbuf_reserve(&b, SIZE_MAX - 1) == GI_FAIL && b.failed);
    CHECK(gi_strbuf_putc(&b, 'x') == GI_FAIL);
    CHECK(gi_strbuf_take(&b) == NULL);
    CHECK(!b.failed);
    s = gi_strbuf_take(&b);
    CHECK_TEXT(s, strlen(s), "");
    free(s);
}

static void test_int_text(void) {
    char out[GI_INT_BASE_MAX], expected[32];
    uint64_t v = 1;
    for (int i = 0; i < 20000; i++) {
        uint64_t value = v >> (i % 64);
        int n = snprintf(expected, sizeof expected, "%" PRIu64, value);
        CHECK_INT(gi_u64_digits(value), n);
        CHECK_TEXT(out, gi_u64_to_text(value, out), expected);
        uint64_t back;
        CHECK(gi_u64_from_text(out, (size_t)n, &back) && back == value);
        snprintf(expected, sizeof expected, "%" PRId64, (int64_t)value);
        size_t m = gi_i64_to_text((int64_t)value, out);
        CHECK_TEXT(out, m, expected);
        int64_t signed_back;
        CHECK(gi_i64_from_text(out, m, &signed_back) && signed_back == (int64_t)value);
        snprintf(expected, sizeof expected, "%" PRIx64, value);
        CHECK_TEXT(out, gi_u64_to_base(value, 16, false, out), expected);
        snprintf(expected, sizeof expected, "%" PRIo64, value);
        CHECK_TEXT(out, gi_u64_to_base(value, 8, false, out), expected);
        v = v * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    }
    for (uint64_t p = 1, i = 1; i <= 20; i++, p *= 10) {
        CHECK_INT(gi_u64_digits(p), i);
        CHECK_INT(gi_u64_digits(p - 1), i == 1 ? 1 : i - 1);
    }
    CHECK_TEXT(out, gi_u64_to_text(UINT64_MAX, out), "18446744073709551615");
    CHECK_TEXT(out, gi_i64_to_text(INT64_MIN, out), "-9223372036854775808");
    CHECK_INT(gi_u64_to_base(UINT64_MAX, 2, false, out), 64);
    CHECK_TEXT(out, gi_u64_to_base(35 * 36 + 1, 36, true, out), "Z1");
    uint64_t u;
    int64_t s;
    CHECK(!gi_u64_from_text("18446744073709551616", 20, &u));
    CHECK(!gi_u64_from_text("", 0, &u) && !gi_u64_from_text("1a", 2, &u));
    CHECK(!gi_i64_from_text("9223372036854775808", 19, &s));
    CHECK(gi_i64_from_text("-9223372036854775808", 20, &s) && s == INT64_MIN);
    CHECK(gi_i64_from_text("+5", 2, &s) && s == 5);
    CHECK(!gi_i64_from_text("-", 1, &s));
}

/* The first three words, a double, and the 1300th word after it, as random.seed(n) gives them. */
static void check_mt(const uint32_t *key, size_t n, const uint32_t words[3], double d,
                     uint32_t far_word) {
    GiMt mt;
    gi_mt_seed_array(&mt, key, n);
    for (int i = 0; i < 3; i++)
        CHECK_INT(gi_mt_next(&mt), words[i]);
    CHECK(gi_mt_double(&mt) == d);
    for (int i = 0; i < 1299; i++)
        gi_mt_next(&mt);
    CHECK_INT(gi_mt_next(&mt), far_word);
}

static void test_mt(void) {
    const uint32_t zero[] = {0}, answer[] = {42}, two32[] = {0, 1}, seven[] = {7};
    const uint32_t w0[] = {3626764237u, 1654615998u, 3255389356u};
    const uint32_t w42[] = {2746317213u, 478163327u, 107420369u};
    const uint32_t w232[] = {485306839u, 1508871100u, 1794561286u};
    const uint32_t w7[] = {1390851128u, 4071050724u, 647892279u};
    check_mt(zero, 1, w0, 0x1.c7ce0d1aeaa51p-1, 2667785436u);
    check_mt(answer, 1, w42, 0x1.7bac81d19a149p-1, 4041837371u);
    check_mt(two32, 2, w232, 0x1.de93c9811139cp-1, 3408211852u);
    check_mt(seven, 1, w7, 0x1.944c9c5351d22p-2, 468349022u);
}

int main(void) {
    test_vec();
    test_strbuf();
    test_int_text();
    test_mt();
    return 0;
}
