/* find.c - finding, counting, comparing parts: the str side of base/search.h. */
#include "objects/str/internal.h"

GiStatus gi_str_widen_needle(GiThread *ts, GiVal needle, int shift, const void **out, void **owned) {
    int own = gi_str_shift_of(needle);
    *owned = NULL;
    *out = gi_str_data(needle);
    if (own >= shift) return GI_OK;
    void *wide = gi_mem_alloc(ts, (gi_str_len(needle) + 1) << shift);
    if (!wide) return GI_FAIL;
    gi_units_copy(wide, shift, gi_str_data(needle), own, gi_str_len(needle));
    *out = *owned = wide;
    return GI_OK;
}

GiStatus gi_str_search(GiThread *ts, GiVal s, GiVal sub, size_t start, size_t stop, bool last, ssize_t *out) {
    size_t m = gi_str_len(sub);
    *out = -1;
    if (start > stop || m > stop - start) return GI_OK;
    if (m == 0) {
        *out = (ssize_t)(last ? stop : start);
        return GI_OK;
    }
    if (gi_str_kind(sub) > gi_str_kind(s)) return GI_OK;
    int shift = gi_str_shift_of(s);
    const char *hay = (const char *)gi_str_data(s) + (start << shift);
    ssize_t at;
    if (m == 1) {
        uint32_t ch = gi_str_char(sub, 0);
        at = last ? gi_search_unit_last(hay, stop - start, ch, 1 << shift)
                  : gi_search_unit(hay, stop - start, ch, 1 << shift);
    } else {
        const void *needle;
        void *owned;
        if (gi_str_widen_needle(ts, sub, shift, &needle, &owned) != GI_OK) return GI_FAIL;
        at = last ? gi_search_last(hay, stop - start, needle, m, 1 << shift)
                  : gi_search(hay, stop - start, needle, m, 1 << shift);
        if (owned) gi_mem_free(owned);
    }
    if (at >= 0) *out = at + (ssize_t)start;
    return GI_OK;
}

ssize_t gi_str_find(GiVal s, GiVal sub, size_t start, size_t stop) {
    size_t m = gi_str_len(sub);
    if (start > stop || m > stop - start) return -1;
    int shift = gi_str_shift_of(s);
    if (gi_str_shift_of(sub) == shift) {
        ssize_t at = gi_search((const char *)gi_str_data(s) + (start << shift), stop - start,
                               gi_str_data(sub), m, 1 << shift);
        return at < 0 ? -1 : at + (ssize_t)start;
    }
    for (size_t i = start; i + m <= stop; i++)
        if (gi_str_tail_match(s, sub, i, i + m, false)) return (ssize_t)i;
    return -1;
}

GiStatus gi_str_count(GiThread *ts, GiVal s, GiVal sub, size_t start, size_t stop, size_t max, size_t *out) {
    size_t m = gi_str_len(sub);
    *out = 0;
    if (start > stop || m > stop - start) return GI_OK;
    if (m && gi_str_kind(sub) > gi_str_kind(s)) return GI_OK;
    int shift = gi_str_shift_of(s);
    const void *needle;
    void *owned;
    if (gi_str_widen_needle(ts, sub, shift, &needle, &owned) != GI_OK) return GI_FAIL;
    *out = gi_search_count((const char *)gi_str_data(s) + (start << shift), stop - start, needle, m,
                           1 << shift, max);
    if (owned) gi_mem_free(owned);
    return GI_OK;
}

bool gi_str_tail_match(GiVal s, GiVal sub, size_t start, size_t stop, bool tail) {
    size_t m = gi_str_len(sub);
    if (start > stop || m > stop - start) return false;
    if (m == 0) return true;
    if (gi_str_kind(sub) > gi_str_kind(s)) return false;
    size_t at = tail ? stop - m : start;
    int shift = gi_str_shift_of(s);
    if (gi_str_shift_of(sub) == shift)
        return memcmp((const char *)gi_str_data(s) + (at << shift), gi_str_data(sub), m << shift) == 0;
    for (size_t i = 0; i < m; i++)
        if (gi_str_char(s, at + i) != gi_str_char(sub, i)) return false;
    return true;
}
