/* hash.h - the hash values that Python programs see.
 *
 * Numbers hash by their value modulo the Mersenne prime 2^61 - 1, so that equal numbers of
 * different types hash alike; text and bytes by SipHash-1-3 with a key; tuples by a variant of
 * xxHash. No result is ever -1 (it becomes -2). No state; all functions are reentrant.
 * PYSEM: values equal those of CPython 3.11 on 64-bit machines (tests/unit/test_base_hash.c).
 */
#ifndef GI_BASE_HASH_H
#define GI_BASE_HASH_H

#include "base/common.h"

#define GI_HASH_BITS 61
#define GI_HASH_MODULUS ((UINT64_C(1) << GI_HASH_BITS) - 1)
#define GI_HASH_INF 314159
#define GI_HASH_IMAG 1000003

typedef struct GiHashKey {
    uint64_t k0, k1;
} GiHashKey;

/* The key for PYTHONHASHSEED=seed: all zero for 0, else filled by a linear congruential generator.
 */
GiHashKey gi_hash_key_from_seed(uint32_t seed);
/* SipHash-1-3 of n bytes, raw. */
uint64_t gi_siphash13(GiHashKey key, const void *data, size_t n);
/* Hash of a bytes-like object or of the storage of a str; 0 when empty. */
int64_t gi_hash_bytes(GiHashKey key, const void *data, size_t n);
/* Hash of a float that is not a NaN (NaNs hash by identity: gi_hash_pointer). */
int64_t gi_hash_double(double v);
/* Hash of a big integer given by its magnitude, least significant limb first. */
int64_t gi_hash_limbs(const uint64_t *limbs, size_t n, bool negative);
/* Combines the hashes of real and imaginary part of a complex. */
int64_t gi_hash_complex(int64_t real_hash, int64_t imag_hash);

/* Replaces -1, which means failure, by -2. */
static inline int64_t gi_hash_fix(int64_t h) { return h == -1 ? -2 : h; }

/* Hash of an integer of 64 bits. */
static inline int64_t gi_hash_i64(int64_t v) {
    uint64_t m = v < 0 ? -(uint64_t)v : (uint64_t)v;
    m = (m & GI_HASH_MODULUS) + (m >> GI_HASH_BITS);
    if (m >= GI_HASH_MODULUS) m -= GI_HASH_MODULUS;
    return gi_hash_fix(v < 0 ? -(int64_t)m : (int64_t)m);
}

/* Hash by identity: the address, rotated so that alignment bits do not lead. */
static inline int64_t gi_hash_pointer(const void *p) {
    uint64_t a = (uint64_t)(uintptr_t)p;
    return gi_hash_fix((int64_t)(a >> 4 | a << 60));
}

/* Combining the hashes of a tuple's items in order. */
typedef struct GiTupleHash {
    uint64_t acc;
    size_t len;
} GiTupleHash;

#define GI_TUPLE_HASH_INIT ((GiTupleHash){UINT64_C(2870177450012600261), 0})

static inline void gi_tuple_hash_add(GiTupleHash *t, int64_t item_hash) {
    t->acc += (uint64_t)item_hash * UINT64_C(14029467366897019727);
    t->acc = t->acc << 31 | t->acc >> 33;
    t->acc *= UINT64_C(11400714785074694791);
    t->len++;
}

static inline int64_t gi_tuple_hash_end(GiTupleHash t) {
    uint64_t h = t.acc + (t.len ^ (UINT64_C(2870177450012600261) ^ UINT64_C(3527539)));
    return h == UINT64_MAX ? 1546275796 : (int64_t)h;
}

/* Combining the hashes of a set's items, in any order (the algorithm of
 * collections.abc.Set._hash). */
typedef struct GiSetHash {
    uint64_t acc;
    size_t len;
} GiSetHash;

static inline void gi_set_hash_add(GiSetHash *s, int64_t item_hash) {
    uint64_t x = (uint64_t)item_hash;
    s->acc ^= ((x ^ UINT64_C(89869747)) ^ x << 16) * UINT64_C(3644798167);
    s->len++;
}

static inline int64_t gi_set_hash_end(GiSetHash s) {
    uint64_t h = s.acc ^ ((uint64_t)s.len + 1) * UINT64_C(1927868237);
    h ^= h >> 11 ^ h >> 25;
    h = h * UINT64_C(69069) + UINT64_C(907133923);
    return h == UINT64_MAX ? 590923713 : (int64_t)h;
}

#endif
