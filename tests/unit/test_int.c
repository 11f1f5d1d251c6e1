/* test_int.c - ints against GMP's own mpz functions, on operands around every boundary. */
#include "check.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "os/memory.h"

#include <math.h>
#include <stdlib.h>

static GiVm *vm;
static GiThread *ts;
static uint64_t state = 88172645463325252u;

static uint64_t rnd(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* A number of up to 700 bits, often near a power of two. */
static void random_number(mpz_t z) {
    static const unsigned edges[] = {0, 1, 15, 31, 46, 47, 48, 49, 53, 62, 63, 64, 65, 127, 128, 129, 512};
    mpz_set_ui(z, 0);
    if (rnd() % 3 == 0) {
        mpz_setbit(z, edges[rnd() % GI_COUNTOF(edges)]);
        mpz_add_ui(z, z, rnd() % 5);
        mpz_sub_ui(z, z, rnd() % 5);
    } else {
        unsigned limbs = (unsigned)(rnd() % 11);
        for (unsigned i = 0; i < limbs; i++) {
            mpz_mul_2exp(z, z, 64);
            mpz_add_ui(z, z, rnd() % 4 ? rnd() : rnd() % 2 ? UINT64_MAX : 0);
        }
        mpz_fdiv_q_2exp(z, z, rnd() % 64);
    }
    if (rnd() % 2) mpz_neg(z, z);
}

static GiRef from_mpz(const mpz_t z) {
    GiRef r = gi_int_from_limbs(ts, mpz_limbs_read(z), mpz_size(z), mpz_sgn(z) < 0);
    CHECK(!gi_is_null(r));
    return r;
}

/* r is normalised and has the value z; consumes r. */
static void expect(GiRef r, const mpz_t z) {
    CHECK(!gi_is_null(r) && gi_is_int_exact(gi_val(r)));
    bool small = mpz_cmp_si(z, GI_INT_MIN) >= 0 && mpz_cmp_si(z, GI_INT_MAX) <= 0;
    CHECK(small == gi_is_smallint(r));
    const mp_limb_t *limbs;
    mp_limb_t store[1];
    ssize_t n = gi_int_limbs(gi_val(r), &limbs, store);
    CHECK((n < 0) == (mpz_sgn(z) < 0) && (size_t)labs(n) == mpz_size(z));
    CHECK(n == 0 || mpn_cmp(limbs, mpz_limbs_read(z), labs(n)) == 0);
    gi_drop(ts, r);
}

static void check_pair(const mpz_t x, const mpz_t y) {
    mpz_t z, w;
    mpz_init(z);
    mpz_init(w);
    GiRef a = from_mpz(x), b = from_mpz(y);
    GiVal u = gi_val(a), v = gi_val(b);
    mpz_add(z, x, y), expect(gi_binary(ts, GI_BIN_ADD, u, v), z);
    mpz_sub(z, x, y), expect(gi_binary(ts, GI_BIN_SUB, u, v), z);
    mpz_mul(z, x, y), expect(gi_binary(ts, GI_BIN_MUL, u, v), z);
    mpz_mul(z, x, x), expect(gi_binary(ts, GI_BIN_MUL, u, u), z);
    mpz_and(z, x, y), expect(gi_binary(ts, GI_BIN_AND, u, v), z);
    mpz_ior(z, x, y), expect(gi_binary(ts, GI_BIN_OR, u, v), z);
    mpz_xor(z, x, y), expect(gi_binary(ts, GI_BIN_XOR, u, v), z);
    mpz_com(z, x), expect(gi_unary(ts, GI_UN_INVERT, u), z);
    mpz_neg(z, x), expect(gi_unary(ts, GI_UN_NEG, u), z);
    mpz_gcd(z, x, y), expect(gi_int_gcd(ts, u, v), z);
    if (mpz_sgn(y)) {
        mpz_fdiv_qr(z, w, x, y);
        expect(gi_int_floordiv(ts, u, v), z);
        expect(gi_int_mod(ts, u, v), w);
    }
    CHECK((gi_int_order(u, v) > 0) - (gi_int_order(u, v) < 0) == (mpz_cmp(x, y) > 0) - (mpz_cmp(x, y) < 0));
    gi_drop(ts, a);
    gi_drop(ts, b);
    mpz_clear(z);
    mpz_clear(w);
}

static void check_one(const mpz_t x) {
    mpz_t z;
    mpz_init(z);
    GiRef a = from_mpz(x);
    GiVal u = gi_val(a);
    unsigned shift = (unsigned)(rnd() % 200);
    mpz_mul_2exp(z, x, shift), expect(gi_binary(ts, GI_BIN_LSHIFT, u, gi_smallint(shift)), z);
    mpz_fdiv_q_2exp(z, x, shift), expect(gi_binary(ts, GI_BIN_RSHIFT, u, gi_smallint(shift)), z);
    unsigned e = (unsigned)(rnd() % 9);
    mpz_pow_ui(z, x, e), expect(gi_binary(ts, GI_BIN_POW, u, gi_smallint(e)), z);
    for (int base = 2; base <= 36; base += 7) {
        char *text = mpz_get_str(NULL, base, x);
        GiRef s = gi_int_to_str(ts, u, base, false);
        CHECK(!gi_is_null(s) && gi_str_equals_cstr(gi_val(s), text));
        gi_drop(ts, s);
        expect(gi_int_from_text(ts, text, strlen(text), base), x);
        free(text);
    }
    uint8_t bytes[100];
    CHECK(gi_int_to_bytes(ts, u, bytes, sizeof bytes, rnd() % 2, true) == GI_OK);
    CHECK(gi_int_to_bytes(ts, u, bytes, sizeof bytes, true, true) == GI_OK);
    expect(gi_int_from_bytes(ts, bytes, sizeof bytes, true, true), x);
    mpz_set_ui(z, 0);
    mpz_setbit(z, 61);
    mpz_sub_ui(z, z, 1);
    mpz_tdiv_r(z, x, z); /* the sign of x */
    long hash = mpz_get_si(z);
    CHECK(gi_int_hash(u) == (hash == -1 ? -2 : hash));
    double d;
    if (gi_int_as_double(ts, u, &d) == GI_OK && fabs(d) < 0x1p53) CHECK(d == mpz_get_d(x));
    gi_exc_clear(ts);
    gi_drop(ts, a);
    mpz_clear(z);
}

static void check_power(const mpz_t x, const mpz_t y, const mpz_t m) {
    if (mpz_sgn(m) == 0 || mpz_sgn(y) < 0) return;
    mpz_t z;
    mpz_init(z);
    GiRef a = from_mpz(x), b = from_mpz(y), c = from_mpz(m);
    mpz_powm(z, x, y, m);
    if (mpz_sgn(m) < 0 && mpz_sgn(z) > 0) mpz_add(z, z, m);
    expect(gi_power(ts, gi_val(a), gi_val(b), gi_val(c)), z);
    gi_drop(ts, a);
    gi_drop(ts, b);
    gi_drop(ts, c);
    mpz_clear(z);
}

int main(void) {
    vm = gi_os_aligned_zalloc(sizeof *vm, 64);
    CHECK(vm && gi_vm_memory_init(vm, GI_MODE_GIL) == GI_OK);
    ts = gi_thread_new(vm, NULL);
    CHECK(ts);
    gi_set_current_thread(ts);
    ts->recursion_limit = 1000;
    gi_core_bind(&ts->core);
    gi_attach(&ts->core);
    CHECK(gi_names_init(ts) == GI_OK && gi_types_init(ts) == GI_OK);
    mpz_t x, y, m;
    mpz_init(x);
    mpz_init(y);
    mpz_init(m);
    for (int i = 0; i < 4000; i++) {
        random_number(x);
        random_number(y);
        random_number(m);
        check_pair(x, y);
        check_one(x);
        if (i % 8 == 0) check_power(x, y, m);
    }
    mpz_clear(x);
    mpz_clear(y);
    mpz_clear(m);
    CHECK(!gi_raised(ts));
    return 0;
}
