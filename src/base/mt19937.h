/* mt19937.h - the Mersenne Twister MT19937 of Matsumoto and Nishimura (1998, 2002).
 *
 * One generator belongs to one thread at a time; the caller locks.
 */
#ifndef GI_BASE_MT19937_H
#define GI_BASE_MT19937_H

#include "base/common.h"

#define GI_MT_N 624

typedef struct GiMt {
    uint32_t state[GI_MT_N];
    uint32_t index; /* of the next word to give; GI_MT_N when a block must be made */
} GiMt;

/* Initialises from one word. */
void gi_mt_seed(GiMt *mt, uint32_t s);
/* Initialises from n >= 1 words (random.seed: the absolute value, least significant word first). */
void gi_mt_seed_array(GiMt *mt, const uint32_t *key, size_t n);
/* Makes the next block of words; sets index to 0. */
void gi_mt_block(GiMt *mt);

/* What a word of the state is as a random number. */
static inline uint32_t gi_mt_temper(uint32_t y) {
    y ^= y >> 11;
    y ^= y << 7 & UINT32_C(0x9D2C5680);
    y ^= y << 15 & UINT32_C(0xEFC60000);
    return y ^ y >> 18;
}

/* The next 32 random bits. */
static inline uint32_t gi_mt_next(GiMt *mt) {
    if (GI_UNLIKELY(mt->index >= GI_MT_N)) gi_mt_block(mt);
    return gi_mt_temper(mt->state[mt->index++]);
}

/* A double in [0, 1) of 53 bits from two words. */
static inline double gi_mt_as_double(uint32_t first, uint32_t second) {
    uint32_t a = first >> 5, b = second >> 6;
    return ((double)a * 67108864.0 + (double)b) * (1.0 / 9007199254740992.0);
}

/* The next one (random.random). */
static inline double gi_mt_double(GiMt *mt) {
    uint32_t first = gi_mt_next(mt);
    return gi_mt_as_double(first, gi_mt_next(mt));
}

#endif
