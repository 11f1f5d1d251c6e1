/* int_text.c - text of integers of 64 bits (see int_text.h).
 *
 * PERF: digits are made two at a time from a table of the hundred pairs, after counting them, so
 * they are written in place.
 */
#include "base/int_text.h"

static const char digit_pairs[201] = "00010203040506070809"
                                     "10111213141516171819"
                                     "20212223242526272829"
                                     "30313233343536373839"
                                     "40414243444546474849"
                                     "50515253545556575859"
                                     "60616263646566676869"
                                     "70717273747576777879"
                                     "80818283848586878889"
                                     "90919293949596979899";

static const uint64_t powers_of_ten[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

unsigned gi_u64_digits(uint64_t v) {
    unsigned bits = 64u - (unsigned)__builtin_clzll(v | 1);
    unsigned guess = bits * 1233 >> 12; /* log10(2) = 0.30103 */
    return guess + (guess > 19 ? 0 : (v >= powers_of_ten[guess])) + (v == 0);
}

size_t gi_u64_to_text(uint64_t v, char *out) {
    size_t n = gi_u64_digits(v);
    char *p = out + n;
    while (v >= 100) {
        uint64_t rest = v / 100;
        memcpy(p -= 2, digit_pairs + 2 * (v - rest * 100), 2);
        v = rest;
    }
    if (v >= 10)
        memcpy(p - 2, digit_pairs + 2 * v, 2);
    else
        p[-1] = (char)('0' + v);
    return n;
}

size_t gi_i64_to_text(int64_t v, char *out) {
    if (v >= 0) return gi_u64_to_text((uint64_t)v, out);
    *out = '-';
    return 1 + gi_u64_to_text(-(uint64_t)v, out + 1);
}

size_t gi_u64_to_base(uint64_t v, unsigned base, bool upper, char *out) {
    const char *digits =
        upper ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" : "0123456789abcdefghijklmnopqrstuvwxyz";
    char buffer[64];
    size_t n = 0;
    GI_ASSERT(base >= 2 && base <= 36);
    if ((base & (base - 1)) == 0) {
        unsigned bits = (unsigned)__builtin_ctz(base);
        do {
            buffer[63 - n++] = digits[v & (base - 1)];
            v >>= bits;
        } while (v);
    } else {
        do {
            buffer[63 - n++] = digits[v % base];
            v /= base;
        } while (v);
    }
    memcpy(out, buffer + 64 - n, n);
    return n;
}

bool gi_u64_from_text(const char *s, size_t n, uint64_t *out) {
    if (n == 0) return false;
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned digit = (unsigned char)s[i] - '0';
        if (digit > 9) return false;
        if (__builtin_mul_overflow(v, UINT64_C(10), &v) || __builtin_add_overflow(v, digit, &v))
            return false;
    }
    *out = v;
    return true;
}

bool gi_i64_from_text(const char *s, size_t n, int64_t *out) {
    bool negative = n && *s == '-';
    uint64_t v;
    if (n && (*s == '-' || *s == '+')) {
        s++;
        n--;
    }
    if (!gi_u64_from_text(s, n, &v)) return false;
    if (v > (uint64_t)INT64_MAX + negative) return false;
    *out = (int64_t)(negative ? -v : v);
    return true;
}

unsigned gi_digit_value(unsigned char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10u : 37u;
}
