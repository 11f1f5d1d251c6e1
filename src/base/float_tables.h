/* float_tables.h - powers of ten for reading and writing floats; for the files of float text. */
#ifndef GI_BASE_FLOAT_TABLES_H
#define GI_BASE_FLOAT_TABLES_H

#include "base/common.h"

#define GI_POWER_MIN (-343)
#define GI_POWER_MAX 325

/* 10^k = (high * 2^64 + low + r) * 2^(floor(log2(10^k)) - 127), 0 <= r < 1; the top bit is set. r
 * is 0 for 0 <= k <= 55. */
typedef struct GiPowerOfTen {
    uint64_t high, low;
} GiPowerOfTen;
extern const GiPowerOfTen gi_powers_of_ten[];

/* floor(log2(10^k)) for |k| < 400. */
static inline int gi_floor_log2_pow10(int k) { return (k * 1741647) >> 19; }

#endif
