/* Hash values equal those of CPython 3.11 (PYTHONHASHSEED as given). */
#include "check.h"

#include "base/hash.h"

#include <math.h>

static int64_t text_hash(uint32_t seed, const char *s) {
    return gi_hash_bytes(gi_hash_key_from_seed(seed), s, strlen(s));
}

static void test_bytes(void) {
    char many[100];
    memset(many, 'x', sizeof many);
    CHECK_INT(text_hash(0, "a"), 4644417185603328019);
    CHECK_INT(text_hash(0, "ab"), 6148830537548944441);
    CHECK_INT(text_hash(0, "abc"), -4594863902769663758);
    CHECK_INT(text_hash(0, "hello world"), -5642461784034726774);
    CHECK_INT(text_hash(0, ""), 0);
    CHECK_INT(gi_hash_bytes(gi_hash_key_from_seed(0), many, 100), 1359644457043326220);
    CHECK_INT(text_hash(0, "\xe9"), 6047309291227476195);
    const uint16_t japanese[] = {0x65e5, 0x672c};
    CHECK_INT(gi_hash_bytes(gi_hash_key_from_seed(0), japanese, 4), 6243316497235261705);
    const uint32_t smile = 0x1f600;
    CHECK_INT(gi_hash_bytes(gi_hash_key_from_seed(0), &smile, 4), -3536540696076613844);
    CHECK_INT(text_hash(1, "abc"), -4667308735975688587);
    CHECK_INT(text_hash(42, "abc"), 3869580338025362921);
    CHECK_INT(text_hash(42, "hello world"), -3893157060480277979);
    CHECK_INT(text_hash(4294967295u, "abc"), -6122489556238538401);
}

static void test_numbers(void) {
    CHECK_INT(gi_hash_double(1.5), 1152921504606846977);
    CHECK_INT(gi_hash_double(-2.5), -1152921504606846978);
    CHECK_INT(gi_hash_double(1e300), 1224995262755759164);
    CHECK_INT(gi_hash_double(-1e300), -1224995262755759164);
    CHECK_INT(gi_hash_double(5e-324), 16777216);
    CHECK_INT(gi_hash_double(0.1), 230584300921369408);
    CHECK_INT(gi_hash_double(2305843009213693952.0), 1);
    CHECK_INT(gi_hash_double(INFINITY), 314159);
    CHECK_INT(gi_hash_double(-INFINITY), -314159);
    CHECK_INT(gi_hash_double(1e16), 10000000000000000);
    CHECK_INT(gi_hash_double(123456789012345678.0), 123456789012345680);
    CHECK_INT(gi_hash_double(-0.5), -1152921504606846976);
    CHECK_INT(gi_hash_double(ldexp(1, 122)), 1);
    CHECK_INT(gi_hash_double(1e308), 156575653125701);
    CHECK_INT(gi_hash_double(-1.0), -2);
    CHECK_INT(gi_hash_double(-0.0), 0);
    CHECK_INT(gi_hash_i64((INT64_C(1) << 61) - 1), 0);
    CHECK_INT(gi_hash_i64(INT64_C(1) << 61), 1);
    CHECK_INT(gi_hash_i64(-(INT64_C(1) << 61)), -2);
    CHECK_INT(gi_hash_i64(INT64_MIN), -4);
    CHECK_INT(gi_hash_i64(-1), -2);
    CHECK_INT(gi_hash_i64(7), 7);
    const uint64_t two64[] = {0, 1};
    CHECK_INT(gi_hash_limbs(two64, 2, false), 8);
    const uint64_t ten30[] = {UINT64_C(5076944270305263616), UINT64_C(54210108624)};
    CHECK_INT(gi_hash_limbs(ten30, 2, false), 465258685558744706);
    CHECK_INT(gi_hash_limbs(ten30, 2, true), -465258685558744706);
    const uint64_t big[] = {7, 0, 0, 256};
    CHECK_INT(gi_hash_limbs(big, 4, false), 131079);
    CHECK_INT(gi_hash_complex(gi_hash_double(1), gi_hash_double(2)), 2000007);
    CHECK_INT(gi_hash_complex(gi_hash_double(-0.0), gi_hash_double(-1)), -2000006);
}

static void test_combined(void) {
    GiTupleHash t = GI_TUPLE_HASH_INIT;
    CHECK_INT(gi_tuple_hash_end(t), 5740354900026072187);
    for (int i = 1; i <= 3; i++)
        gi_tuple_hash_add(&t, i);
    CHECK_INT(gi_tuple_hash_end(t), 529344067295497451);
    GiTupleHash one = GI_TUPLE_HASH_INIT;
    gi_tuple_hash_add(&one, 1);
    CHECK_INT(gi_tuple_hash_end(one), -6644214454873602895);
    GiSetHash s = {0};
    CHECK_INT(gi_set_hash_end(s), 133146708735736);
    for (int i = 1; i <= 3; i++)
        gi_set_hash_add(&s, i);
    CHECK_INT(gi_set_hash_end(s), -272375401224217160);
}

int main(void) {
    test_bytes();
    test_numbers();
    test_combined();
    return 0;
}
