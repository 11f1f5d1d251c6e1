/* unicode_normal.c - decomposition, composition and the four normal forms (see unicode.h).
 *
 * Hangul syllables are computed, all else comes from tables. In the 3.2 view code points that
 * were unassigned then neither decompose nor take part in reordering.
 */
#include "base/unicode_tables.h"
#include "base/utf8.h"

#include <stdlib.h>

enum {
    HANGUL_S = 0xAC00,
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7,
    HANGUL_L_COUNT = 19,
    HANGUL_V_COUNT = 21,
    HANGUL_T_COUNT = 28,
    HANGUL_S_COUNT = HANGUL_L_COUNT * HANGUL_V_COUNT * HANGUL_T_COUNT
};

enum { SHORT_RUN = 32 }; /* up to here sorting by insertion is the faster way */

/* The table's decomposition of c: header and code points; NULL when there is none. */
static const uint32_t *find_decomposition(uint32_t c) {
    if (c > GI_UNICODE_MAX) return NULL;
    unsigned block = gi_uc_decomp_index1[c >> GI_UC_DECOMP_SHIFT];
    unsigned low = c & ((1u << GI_UC_DECOMP_SHIFT) - 1);
    unsigned offset = gi_uc_decomp_index2[(block << GI_UC_DECOMP_SHIFT) + low];
    return offset ? gi_uc_decomp_data + offset : NULL;
}

int gi_uc_decomposition(uint32_t c, bool old, const char **tag, uint32_t out[18]) {
    *tag = "";
    if (old && !gi_uc_in_old(c)) return 0;
    const uint32_t *data = find_decomposition(c);
    if (!data) return 0;
    int n = (int)(data[0] & 0xFF);
    *tag = gi_uc_tags[data[0] >> 8];
    for (int i = 0; i < n; i++)
        out[i] = data[1 + i];
    return n;
}

/* Appends the full decomposition of c. */
static GiStatus decompose(uint32_t c, bool compat, bool old, GiU32Buf *out) {
    if (c < 0xA0) return gi_u32buf_push(out, c);
    if (c - HANGUL_S < HANGUL_S_COUNT) {
        uint32_t s = c - HANGUL_S;
        uint32_t t = s % HANGUL_T_COUNT;
        if (gi_u32buf_reserve(out, 3) != GI_OK) return GI_FAIL;
        gi_u32buf_put(out, HANGUL_L + s / (HANGUL_V_COUNT * HANGUL_T_COUNT));
        gi_u32buf_put(out, HANGUL_V + s / HANGUL_T_COUNT % HANGUL_V_COUNT);
        if (t) gi_u32buf_put(out, HANGUL_T + t);
        return GI_OK;
    }
    if (old) {
        if (!gi_uc_in_old(c)) return gi_u32buf_push(out, c);
        const GiUcOldRange *fixed = gi_uc_old_find(gi_uc_corrections, gi_uc_correction_count, c);
        if (fixed) return decompose(fixed->value, compat, old, out);
    }
    const uint32_t *data = find_decomposition(c);
    if (!data || (data[0] >> 8 && !compat)) return gi_u32buf_push(out, c);
    for (uint32_t i = 1; i <= (data[0] & 0xFF); i++)
        if (decompose(data[i], compat, old, out) != GI_OK) return GI_FAIL;
    return GI_OK;
}

static inline unsigned combining_class(uint32_t c) { return c < 0x300 ? 0 : gi_uc_record(c)->combining; }

/* Sorts combining characters by class; those of one class keep their order. */
static GiStatus sort_run(uint32_t *run, size_t n) {
    if (n <= SHORT_RUN) {
        for (size_t i = 1; i < n; i++) {
            uint32_t c = run[i];
            size_t j = i;
            for (; j > 0 && combining_class(run[j - 1]) > combining_class(c); j--)
                run[j] = run[j - 1];
            run[j] = c;
        }
        return GI_OK;
    }
    size_t first[257] = {0}; /* where the characters of each class begin */
    uint32_t *copy = malloc(n * sizeof *copy);
    if (!copy) return GI_FAIL;
    memcpy(copy, run, n * sizeof *copy);
    for (size_t i = 0; i < n; i++)
        first[combining_class(copy[i]) + 1]++;
    for (size_t k = 1; k < 257; k++)
        first[k] += first[k - 1];
    for (size_t i = 0; i < n; i++)
        run[first[combining_class(copy[i])]++] = copy[i];
    free(copy);
    return GI_OK;
}

/* Puts runs of combining characters into canonical order, from `start` on. */
static GiStatus reorder(GiU32Buf *b, size_t start) {
    for (size_t i = start, end; i < b->len; i = end) {
        end = i + 1;
        if (combining_class(b->data[i]) == 0) continue;
        while (end < b->len && combining_class(b->data[end]) != 0)
            end++;
        if (end - i > 1 && sort_run(b->data + i, end - i) != GI_OK) return GI_FAIL;
    }
    return GI_OK;
}

/* The composite of two code points, or 0. */
static uint32_t compose_pair(uint32_t first, uint32_t second) {
    if (first - HANGUL_L < HANGUL_L_COUNT && second - HANGUL_V < HANGUL_V_COUNT)
        return HANGUL_S +
               ((first - HANGUL_L) * HANGUL_V_COUNT + (second - HANGUL_V)) * HANGUL_T_COUNT;
    if (first - HANGUL_S < HANGUL_S_COUNT && (first - HANGUL_S) % HANGUL_T_COUNT == 0 &&
        second > HANGUL_T && second - HANGUL_T < HANGUL_T_COUNT)
        return first + (second - HANGUL_T);
    size_t low = 0, high = gi_uc_pair_count;
    uint64_t wanted = (uint64_t)first << 32 | second;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const GiUcPair *p = &gi_uc_pairs[middle];
        if (((uint64_t)p->first << 32 | p->second) < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == gi_uc_pair_count) return 0;
    const GiUcPair *p = &gi_uc_pairs[low];
    return p->first == first && p->second == second ? p->composite : 0;
}

/* True when the code point can be the second of a pair: NFC says MAYBE. */
static inline bool may_compose(uint32_t c) {
    return c >= 0x300 && (gi_uc_record(c)->quick >> 2 & 3) == GI_NORMAL_MAYBE;
}

/* Composes in place what follows `start`. */
static void compose(GiU32Buf *b, size_t start) {
    size_t out = start, starter = SIZE_MAX;
    unsigned last_class = 0;
    for (size_t i = start; i < b->len; i++) {
        uint32_t c = b->data[i];
        unsigned class = c < 0x300 ? 0 : gi_uc_record(c)->combining;
        if (starter != SIZE_MAX && may_compose(c)) {
            bool adjacent = starter + 1 == out;
            if (adjacent || (last_class < class && last_class != 0)) {
                uint32_t whole = compose_pair(b->data[starter], c);
                if (whole) {
                    b->data[starter] = whole;
                    continue;
                }
            }
        }
        if (class == 0) starter = out;
        last_class = class;
        b->data[out++] = c;
    }
    b->len = out;
}

GiNormalCheck gi_normal_check(GiTextView t, GiNormalForm form, bool old) {
    static const uint8_t shifts[] = {0, 1, 2, 4}, masks[] = {1, 1, 3, 3};
    if (t.kind == 1 && gi_ascii_prefix(t.data, t.len) == t.len) return GI_NORMAL_YES;
    if (old) return GI_NORMAL_MAYBE;
    GiNormalCheck result = GI_NORMAL_YES;
    unsigned last = 0;
    for (size_t i = 0; i < t.len; i++) {
        uint32_t c = gi_text_at(t, i);
        if (c < 0x80) {
            last = 0;
            continue;
        }
        const GiUcRecord *r = gi_uc_record(c);
        if (r->combining && last > r->combining) return GI_NORMAL_NO;
        last = r->combining;
        unsigned q = r->quick >> shifts[form] & masks[form];
        if (q == 0) continue;
        if (form == GI_NFD || form == GI_NFKD || q == GI_NORMAL_NO) return GI_NORMAL_NO;
        result = GI_NORMAL_MAYBE;
    }
    return result;
}

GiStatus gi_normalize(GiTextView t, GiNormalForm form, bool old, GiU32Buf *out) {
    size_t start = out->len;
    bool compat = form == GI_NFKD || form == GI_NFKC;
    if (gi_u32buf_reserve(out, t.len) != GI_OK) return GI_FAIL;
    for (size_t i = 0; i < t.len; i++)
        if (decompose(gi_text_at(t, i), compat, old, out) != GI_OK) return GI_FAIL;
    if (reorder(out, start) != GI_OK) return GI_FAIL;
    if (form == GI_NFC || form == GI_NFKC) compose(out, start);
    out->seen = gi_text_or_all(gi_text_ucs4(out->data, out->len));
    return GI_OK;
}
