/* unicode_names.c - names of code points, both ways (see unicode.h and unicode_tables.h).
 *
 * Names are stored as numbers of words. A lookup hashes the name and spells out the few candidates
 * of its bucket. Hangul syllables and unified ideographs have computed names.
 */
#include "base/unicode_tables.h"

#include <stdio.h>

static const char hangul_l[19][3] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                     "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
static const char hangul_v[21][4] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                     "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                     "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char hangul_t[28][3] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                     "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                     "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
static const char hangul_prefix[] = "HANGUL SYLLABLE ";
static const char ideograph_prefix[] = "CJK UNIFIED IDEOGRAPH-";

static const struct {
    uint32_t first, last;
} ideographs[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0x20000, 0x2A6DF}, {0x2A700, 0x2B738},
                  {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1}, {0x2CEB0, 0x2EBE0}, {0x30000, 0x3134A}};

static bool is_ideograph(uint32_t c) {
    for (size_t i = 0; i < GI_COUNTOF(ideographs); i++)
        if (c >= ideographs[i].first && c <= ideographs[i].last) return true;
    return false;
}

/* Spells the entry at `code` of the stream; c is its code point. Gives the length. */
static size_t spell(const uint8_t *code, uint32_t c, char out[GI_UNICODE_NAME_MAX]) {
    size_t n = 0;
    const uint8_t *end = code + 1 + code[0];
    for (code++; code < end;) {
        uint32_t word = *code++;
        if (word >= GI_UC_ONE_BYTE)
            word = GI_UC_ONE_BYTE + ((word - GI_UC_ONE_BYTE) << 8 | *code++);
        if (word == 0) {
            n += (size_t)snprintf(out + n, GI_UNICODE_NAME_MAX - n, "-%04X", (unsigned)c);
            continue;
        }
        if (n) out[n++] = ' ';
        uint32_t from = gi_uc_word_offsets[word];
        size_t size = gi_uc_word_offsets[word + 1] - from;
        memcpy(out + n, gi_uc_words + from, size);
        n += size;
    }
    out[n] = 0;
    return n;
}

/* The stream's entry of a code point, or NULL. */
static const uint8_t *find_entry(uint32_t c) {
    if (c > GI_UNICODE_MAX) return NULL;
    unsigned number =
        gi_uc_name_index2[((unsigned)gi_uc_name_index1[c >> 10] << 4) + (c >> 6 & 15)];
    if (number == 0xFFFF) return NULL;
    const GiUcNameBlock *block = &gi_uc_name_blocks[number];
    uint64_t bit = UINT64_C(1) << (c & 63);
    if (!(block->present & bit)) return NULL;
    const uint8_t *p = gi_uc_name_stream + block->start;
    for (int skip = __builtin_popcountll(block->present & (bit - 1)); skip; skip--)
        p += 1 + p[0];
    return p;
}

size_t gi_uc_name(uint32_t c, bool old, char out[GI_UNICODE_NAME_MAX]) {
    out[0] = 0;
    if (old && !gi_uc_in_old(c)) return 0;
    if (c - 0xAC00 < 19 * 21 * 28) {
        uint32_t s = c - 0xAC00;
        return (size_t)snprintf(out, GI_UNICODE_NAME_MAX, "%s%s%s%s", hangul_prefix,
                                hangul_l[s / 588], hangul_v[s / 28 % 21], hangul_t[s % 28]);
    }
    if (is_ideograph(c))
        return (size_t)snprintf(out, GI_UNICODE_NAME_MAX, "%s%X", ideograph_prefix, (unsigned)c);
    const uint8_t *entry = find_entry(c);
    return entry ? spell(entry, c, out) : 0;
}

/* Index of the longest of n names (of `size` bytes each) that begins text; -1 when none does. */
static int longest_match(const char *names, size_t size, int n, const char *text, size_t len,
                         size_t *matched) {
    int best = -1;
    *matched = 0;
    for (int i = 0; i < n; i++) {
        size_t m = strlen(names + (size_t)i * size);
        if (m <= len && memcmp(names + (size_t)i * size, text, m) == 0 &&
            (best < 0 || m > *matched)) {
            best = i;
            *matched = m;
        }
    }
    return best;
}

/* The Hangul syllable whose short name this is, or 0. */
static uint32_t find_hangul(const char *s, size_t len) {
    size_t m;
    int l = longest_match(hangul_l[0], sizeof hangul_l[0], 19, s, len, &m);
    s += m;
    len -= m;
    int v = longest_match(hangul_v[0], sizeof hangul_v[0], 21, s, len, &m);
    s += m;
    len -= m;
    int t = longest_match(hangul_t[0], sizeof hangul_t[0], 28, s, len, &m);
    if (l < 0 || v < 0 || t < 0 || m != len) return 0;
    return 0xAC00u + (uint32_t)(l * 588 + v * 28 + t);
}

/* The unified ideograph whose number in hexadecimal this is, or 0. */
static uint32_t find_ideograph(const char *s, size_t len) {
    if (len != 4 && len != 5) return 0;
    uint32_t c = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] >= '0' && s[i] <= '9')
            c = c << 4 | (uint32_t)(s[i] - '0');
        else if (s[i] >= 'A' && s[i] <= 'F')
            c = c << 4 | (uint32_t)(s[i] - 'A' + 10);
        else
            return 0;
    }
    return is_ideograph(c) ? c : 0;
}

/* Looks through the bucket of an upper case name; gives its number there, or UINT32_MAX. */
static uint32_t find_key(const char *name, size_t len) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (uint8_t)name[i]) * 16777619u;
    h ^= h >> 15;
    uint32_t bucket = h & ((1u << GI_UC_NAME_BUCKET_BITS) - 1);
    uint32_t tag = h >> GI_UC_NAME_BUCKET_BITS & 0xFF;
    char spelled[GI_UNICODE_NAME_MAX];
    for (unsigned i = gi_uc_name_buckets[bucket]; i < gi_uc_name_buckets[bucket + 1]; i++) {
        uint32_t key = gi_uc_name_keys[i];
        if (key >> 24 != tag) continue;
        key &= 0xFFFFFF;
        const uint8_t *entry = key > GI_UNICODE_MAX
                                   ? gi_uc_name_stream + gi_uc_extra_names[key - 0x110000].start
                                   : find_entry(key);
        if (spell(entry, key, spelled) == len && memcmp(spelled, name, len) == 0) return key;
    }
    return UINT32_MAX;
}

int gi_uc_lookup(const char *name, size_t len, bool with_sequences, bool old, uint32_t out[4]) {
    char upper[GI_UNICODE_NAME_MAX];
    uint32_t c = 0;
    if (len == 0 || len >= sizeof upper) return 0;
    /* PYSEM: computed names are compared with case, all others without. */
    if (len > sizeof hangul_prefix - 1 &&
        memcmp(name, hangul_prefix, sizeof hangul_prefix - 1) == 0) {
        c = find_hangul(name + sizeof hangul_prefix - 1, len - (sizeof hangul_prefix - 1));
    } else if (len >= sizeof ideograph_prefix - 1 &&
               memcmp(name, ideograph_prefix, sizeof ideograph_prefix - 1) == 0) {
        c = find_ideograph(name + sizeof ideograph_prefix - 1, len - (sizeof ideograph_prefix - 1));
    } else {
        for (size_t i = 0; i < len; i++)
            upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
        uint32_t key = find_key(upper, len);
        if (key == UINT32_MAX) return 0;
        if (key > GI_UNICODE_MAX) {
            const GiUcExtraName *extra = &gi_uc_extra_names[key - 0x110000];
            /* PYSEM: the 3.2 view knows neither aliases nor sequences. */
            if (old || (!with_sequences && key - 0x110000 >= gi_uc_alias_count)) return 0;
            for (int i = 0; i < extra->count; i++)
                out[i] = gi_uc_extra_chars[extra->chars + i];
            return extra->count;
        }
        c = key;
    }
    if (c == 0 || (old && !gi_uc_in_old(c))) return 0;
    out[0] = c;
    return 1;
}
