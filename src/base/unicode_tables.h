/* unicode_tables.h - the generated tables, for the files of the character database alone. */
#ifndef GI_BASE_UNICODE_TABLES_H
#define GI_BASE_UNICODE_TABLES_H

#include "base/unicode.h"

/* Full case mappings: lower, title, upper, folded follow each other from `start` on. */
typedef struct GiUcSpecial {
    uint8_t lengths[4];
    uint16_t start;
} GiUcSpecial;
extern const GiUcSpecial gi_uc_specials[];
extern const uint32_t gi_uc_special_chars[];

/* What Unicode 3.2 said differently about [first, last]; sorted. */
typedef struct GiUcOldRange {
    uint32_t first, last, value;
} GiUcOldRange;
extern const GiUcOldRange gi_uc_old_category[], gi_uc_old_bidi[], gi_uc_old_width[],
    gi_uc_old_mirrored[], gi_uc_old_decimal[], gi_uc_corrections[];
extern const size_t gi_uc_old_category_count, gi_uc_old_bidi_count, gi_uc_old_width_count,
    gi_uc_old_mirrored_count, gi_uc_old_decimal_count, gi_uc_correction_count;

/* The range that holds c, or NULL. */
const GiUcOldRange *gi_uc_old_find(const GiUcOldRange *ranges, size_t count, uint32_t c);
#define GI_UC_OLD(name, c) gi_uc_old_find(gi_uc_old_##name, gi_uc_old_##name##_count, c)

/* True when the code point was assigned in Unicode 3.2. */
static inline bool gi_uc_in_old(uint32_t c) { return gi_uc_record(c)->quick >> 6 & 1; }

/* Decompositions: data[i] is length | tag << 8, then the code points; index 0 means none. */
#define GI_UC_DECOMP_SHIFT 6
extern const char *const gi_uc_tags[];
extern const uint16_t gi_uc_decomp_index1[];
extern const uint16_t gi_uc_decomp_index2[];
extern const uint32_t gi_uc_decomp_data[];

/* Primary composites, sorted by first and second. */
typedef struct GiUcPair {
    uint32_t first, second, composite;
} GiUcPair;
extern const GiUcPair gi_uc_pairs[];
extern const size_t gi_uc_pair_count;

/* Names: the stream holds, for each code point that has one, the length of its code and word
 * numbers: below GI_UC_ONE_BYTE one byte, else two. Word 0 stands for '-' and the code point. A
 * block covers 64 code points. */
#define GI_UC_ONE_BYTE 190
#define GI_UC_NAME_BUCKET_BITS 12
typedef struct GiUcNameBlock {
    uint64_t present;
    uint32_t start;
} GiUcNameBlock;
extern const uint8_t gi_uc_name_stream[];
extern const uint16_t gi_uc_name_index1[]; /* by code point >> 10 */
extern const uint16_t gi_uc_name_index2[]; /* 16 blocks each; 0xFFFF none */
extern const GiUcNameBlock gi_uc_name_blocks[];
extern const uint32_t gi_uc_word_offsets[];
extern const char gi_uc_words[];

/* Aliases, then named sequences. In the keys they are the numbers from 0x110000 on. */
typedef struct GiUcExtraName {
    uint32_t start; /* in the stream */
    uint16_t chars; /* in gi_uc_extra_chars */
    uint16_t count;
} GiUcExtraName;
extern const GiUcExtraName gi_uc_extra_names[];
extern const uint32_t gi_uc_alias_count;
extern const uint32_t gi_uc_extra_chars[];

/* Name lookup: keys of a bucket (low bits of the hash): next 8 bits of it << 24 | number. */
extern const uint16_t gi_uc_name_buckets[];
extern const uint32_t gi_uc_name_keys[];

#endif
