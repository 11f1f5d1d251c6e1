/* hash.c - SipHash-1-3 and the hashing of numbers (see hash.h). */
#include "base/hash.h"

#include <math.h>

GiHashKey gi_hash_key_from_seed(uint32_t seed) {
    GiHashKey key = {0, 0};
    if (seed == 0) return key;
    uint32_t x = seed;
    for (unsigned i = 0; i < 16; i++) {
        x = x * 214013u + 2531011u;
        uint64_t byte = x >> 16 & 0xFF;
        if (i < 8)
            key.k0 |= byte << 8 * i;
        else
            key.k1 |= byte << 8 * (i - 8);
    }
    return key;
}

#define ROTATE(x, n) ((x) << (n) | (x) >> (64 - (n)))

#define SIP_ROUND(v0, v1, v2, v3)                                                                  \
    do {                                                                                           \
        v0 += v1;                                                                                  \
        v2 += v3;                                                                                  \
        v1 = ROTATE(v1, 13) ^ v0;                                                                  \
        v3 = ROTATE(v3, 16) ^ v2;                                                                  \
        v0 = ROTATE(v0, 32) + v3;                                                                  \
        v2 += v1;                                                                                  \
        v3 = ROTATE(v3, 21) ^ v0;                                                                  \
        v1 = ROTATE(v1, 17) ^ v2;                                                                  \
        v2 = ROTATE(v2, 32);                                                                       \
    } while (0)

/* Up to 7 trailing bytes as a little-endian number. */
static inline uint64_t load_tail(const uint8_t *p, size_t n) {
    uint64_t w = 0;
    if (n >= 4) {
        uint32_t low, high;
        memcpy(&low, p, 4);
        memcpy(&high, p + n - 4, 4);
        return low | (uint64_t)high << 8 * (n - 4);
    }
    for (size_t i = 0; i < n; i++)
        w |= (uint64_t)p[i] << 8 * i;
    return w;
}

uint64_t gi_siphash13(GiHashKey key, const void *data, size_t n) {
    const uint8_t *p = data;
    uint64_t v0 = key.k0 ^ UINT64_C(0x736f6d6570736575), v1 = key.k1 ^ UINT64_C(0x646f72616e646f6d);
    uint64_t v2 = key.k0 ^ UINT64_C(0x6c7967656e657261), v3 = key.k1 ^ UINT64_C(0x7465646279746573);
    uint64_t last = (uint64_t)n << 56;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t w;
        memcpy(&w, p, 8);
        v3 ^= w;
        SIP_ROUND(v0, v1, v2, v3);
        v0 ^= w;
    }
    last |= load_tail(p, n);
    v3 ^= last;
    SIP_ROUND(v0, v1, v2, v3);
    v0 ^= last;
    v2 ^= 0xFF;
    SIP_ROUND(v0, v1, v2, v3);
    SIP_ROUND(v0, v1, v2, v3);
    SIP_ROUND(v0, v1, v2, v3);
    return v0 ^ v1 ^ v2 ^ v3;
}

int64_t gi_hash_bytes(GiHashKey key, const void *data, size_t n) {
    if (n == 0) return 0;
    return gi_hash_fix((int64_t)gi_siphash13(key, data, n));
}

/* x * 2^shift modulo 2^61 - 1, for 0 <= shift < 61: a rotation within 61 bits. */
static uint64_t rotate_mod(uint64_t x, unsigned shift) {
    if (shift == 0) return x;
    return (x << shift & GI_HASH_MODULUS) | x >> (GI_HASH_BITS - shift);
}

int64_t gi_hash_double(double v) {
    if (!isfinite(v)) return isinf(v) ? (v > 0 ? GI_HASH_INF : -GI_HASH_INF) : 0;
    int64_t as_int = v >= -9e15 && v <= 9e15 ? (int64_t)v : 0;
    if ((double)as_int == v) return gi_hash_i64(as_int);
    int exponent;
    double fraction = frexp(fabs(v), &exponent);
    uint64_t mantissa = (uint64_t)ldexp(fraction, 53); /* v = mantissa * 2^(exponent - 53) */
    int shift = (exponent - 53) % GI_HASH_BITS;
    if (shift < 0) shift += GI_HASH_BITS;
    uint64_t m = rotate_mod(mantissa, (unsigned)shift);
    if (m == GI_HASH_MODULUS) m = 0;
    return gi_hash_fix(v < 0 ? -(int64_t)m : (int64_t)m);
}

int64_t gi_hash_limbs(const uint64_t *limbs, size_t n, bool negative) {
    uint64_t m = 0; /* Horner's scheme; 2^64 is 8 modulo 2^61 - 1 */
    for (size_t i = n; i-- > 0;) {
        uint64_t limb = (limbs[i] & GI_HASH_MODULUS) + (limbs[i] >> GI_HASH_BITS);
        m = rotate_mod(m, 3) + limb;
        m = (m & GI_HASH_MODULUS) + (m >> GI_HASH_BITS);
        if (m >= GI_HASH_MODULUS) m -= GI_HASH_MODULUS;
    }
    return gi_hash_fix(negative ? -(int64_t)m : (int64_t)m);
}

int64_t gi_hash_complex(int64_t real_hash, int64_t imag_hash) {
    return gi_hash_fix(
        (int64_t)((uint64_t)real_hash + (uint64_t)GI_HASH_IMAG * (uint64_t)imag_hash));
}
