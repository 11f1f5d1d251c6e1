/* mt19937.c - the Mersenne Twister (see mt19937.h). */
#include "base/mt19937.h"

#define M 397
#define UPPER_BIT UINT32_C(0x80000000)
#define LOWER_BITS UINT32_C(0x7FFFFFFF)
#define MATRIX_A UINT32_C(0x9908B0DF)

void gi_mt_seed(GiMt *mt, uint32_t s) {
    mt->state[0] = s;
    for (uint32_t i = 1; i < GI_MT_N; i++) {
        s = UINT32_C(1812433253) * (s ^ s >> 30) + i;
        mt->state[i] = s;
    }
    mt->index = GI_MT_N;
}

void gi_mt_seed_array(GiMt *mt, const uint32_t *key, size_t n) {
    uint32_t *s = mt->state;
    gi_mt_seed(mt, UINT32_C(19650218));
    size_t i = 1, j = 0;
    for (size_t k = n > GI_MT_N ? n : GI_MT_N; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * UINT32_C(1664525)) + key[j] + (uint32_t)j;
        if (++i == GI_MT_N) {
            s[0] = s[GI_MT_N - 1];
            i = 1;
        }
        if (++j == n) j = 0;
    }
    for (size_t k = GI_MT_N - 1; k; k--) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * UINT32_C(1566083941)) - (uint32_t)i;
        if (++i == GI_MT_N) {
            s[0] = s[GI_MT_N - 1];
            i = 1;
        }
    }
    s[0] = UPPER_BIT;
}

/* One step of the recurrence. */
static inline uint32_t twist(uint32_t far_word, uint32_t high, uint32_t low) {
    uint32_t y = (high & UPPER_BIT) | (low & LOWER_BITS);
    return far_word ^ y >> 1 ^ (-(low & 1) & MATRIX_A);
}

void gi_mt_block(GiMt *mt) {
    uint32_t *s = mt->state;
    size_t i = 0;
    for (; i < GI_MT_N - M; i++)
        s[i] = twist(s[i + M], s[i], s[i + 1]);
    for (; i < GI_MT_N - 1; i++)
        s[i] = twist(s[i + M - GI_MT_N], s[i], s[i + 1]);
    s[GI_MT_N - 1] = twist(s[M - 1], s[GI_MT_N - 1], s[0]);
    mt->index = 0;
}
