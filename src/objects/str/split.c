/* split.c - taking text apart and putting it together: split, partition, strip, replace, join. */
#include "objects/str/internal.h"

/* Appends s[start:stop] to a list. */
static GiStatus add_part(GiThread *ts, GiVal list, GiVal s, size_t start, size_t stop) {
    GiRef part = gi_str_slice(ts, s, start, stop);
    if (gi_is_null(part)) return GI_FAIL;
    return gi_list_append(ts, list, part);
}

static bool is_space(GiTextView t, size_t i) {
    uint32_t c = gi_text_at(t, i);
    if (c < 128) return c == ' ' || c - 9 <= 4 || c - 28 <= 3;
    return gi_uc_is_space(c);
}

static GiRef split_spaces(GiThread *ts, GiVal s, size_t max) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    GiTextView t = gi_str_view(s);
    size_t i = 0, n = t.len;
    for (;;) {
        while (i < n && is_space(t, i)) i++;
        if (i == n) return list;
        size_t start = i;
        if (max-- == 0) {
            i = n;
        } else {
            while (i < n && !is_space(t, i)) i++;
        }
        if (add_part(ts, gi_val(list), s, start, i) != GI_OK) break;
        if (max == SIZE_MAX) return list;
    }
    gi_drop(ts, list);
    return GI_NULL;
}

static GiRef rsplit_spaces(GiThread *ts, GiVal s, size_t max) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    GiTextView t = gi_str_view(s);
    size_t i = t.len;
    for (;;) {
        while (i > 0 && is_space(t, i - 1)) i--;
        if (i == 0) break;
        size_t stop = i;
        bool rest = max-- == 0;
        if (rest) {
            i = 0;
        } else {
            while (i > 0 && !is_space(t, i - 1)) i--;
        }
        if (add_part(ts, gi_val(list), s, i, stop) != GI_OK) goto fail;
        if (rest) break;
    }
    if (gi_list_reverse(ts, gi_val(list)) != GI_OK) goto fail;
    return list;
fail:
    gi_drop(ts, list);
    return GI_NULL;
}

static GiStatus check_sep(GiThread *ts, GiVal sep) {
    if (gi_str_len(sep) == 0) return gi_raise_status(ts, &gi_exc_ValueError, "empty separator");
    return GI_OK;
}

/* The separator prepared for searching in s. */
typedef struct Needle {
    const void *units;
    void *owned;
    size_t len;
    int shift;
    bool possible;
} Needle;

static GiStatus needle_init(GiThread *ts, Needle *n, GiVal s, GiVal sub) {
    n->shift = gi_str_shift_of(s);
    n->len = gi_str_len(sub);
    n->owned = NULL;
    n->units = NULL;
    n->possible = gi_str_kind(sub) <= gi_str_kind(s);
    return n->possible ? gi_str_widen_needle(ts, sub, n->shift, &n->units, &n->owned) : GI_OK;
}

static ssize_t needle_find(const Needle *n, GiVal s, size_t start, size_t stop, bool last) {
    if (!n->possible) return -1;
    const char *hay = (const char *)gi_str_data(s) + (start << n->shift);
    ssize_t at = last ? gi_search_last(hay, stop - start, n->units, n->len, 1 << n->shift)
                      : gi_search(hay, stop - start, n->units, n->len, 1 << n->shift);
    return at < 0 ? -1 : at + (ssize_t)start;
}

static void needle_free(Needle *n) {
    if (n->owned) gi_mem_free(n->owned);
}

/* True if the separator is wider or longer than s: then s itself is the one part, whatever its class. */
static bool cannot_hold(GiVal s, GiVal sep) {
    return gi_str_shift_of(sep) > gi_str_shift_of(s) || gi_str_len(sep) > gi_str_len(s);
}

GiRef gi_str_split(GiThread *ts, GiVal s, GiVal sep, ssize_t maxsplit) {
    size_t max = maxsplit < 0 ? SIZE_MAX - 1 : (size_t)maxsplit;
    if (gi_is_null(sep)) return split_spaces(ts, s, max);
    Needle needle;
    if (check_sep(ts, sep) != GI_OK) return GI_NULL;
    if (cannot_hold(s, sep)) return gi_list_from(ts, &s, 1);
    if (needle_init(ts, &needle, s, sep) != GI_OK) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    size_t start = 0, n = gi_str_len(s);
    bool good = !gi_is_null(list);
    while (good && max-- > 0) {
        ssize_t at = needle_find(&needle, s, start, n, false);
        if (at < 0) break;
        good = add_part(ts, gi_val(list), s, start, (size_t)at) == GI_OK;
        start = (size_t)at + needle.len;
    }
    needle_free(&needle);
    if (good && add_part(ts, gi_val(list), s, start, n) == GI_OK) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}

GiRef gi_str_rsplit(GiThread *ts, GiVal s, GiVal sep, ssize_t maxsplit) {
    size_t max = maxsplit < 0 ? SIZE_MAX - 1 : (size_t)maxsplit;
    if (gi_is_null(sep)) return rsplit_spaces(ts, s, max);
    Needle needle;
    if (check_sep(ts, sep) != GI_OK) return GI_NULL;
    if (cannot_hold(s, sep)) return gi_list_from(ts, &s, 1);
    if (needle_init(ts, &needle, s, sep) != GI_OK) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    size_t stop = gi_str_len(s);
    bool good = !gi_is_null(list);
    while (good && max-- > 0) {
        ssize_t at = needle_find(&needle, s, 0, stop, true);
        if (at < 0) break;
        good = add_part(ts, gi_val(list), s, (size_t)at + needle.len, stop) == GI_OK;
        stop = (size_t)at;
    }
    needle_free(&needle);
    if (good && add_part(ts, gi_val(list), s, 0, stop) == GI_OK && gi_list_reverse(ts, gi_val(list)) == GI_OK)
        return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}

GiRef gi_str_splitlines(GiThread *ts, GiVal s, bool keepends) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    GiTextView t = gi_str_view(s);
    size_t i = 0;
    while (i < t.len) {
        size_t start = i;
        while (i < t.len && !gi_uc_is_linebreak(gi_text_at(t, i))) i++;
        size_t stop = i;
        if (i < t.len) {
            i += gi_text_at(t, i) == '\r' && i + 1 < t.len && gi_text_at(t, i + 1) == '\n' ? 2 : 1;
            if (keepends) stop = i;
        }
        if (add_part(ts, gi_val(list), s, start, stop) != GI_OK) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

GiRef gi_str_partition(GiThread *ts, GiVal s, GiVal sep, bool last) {
    if (!gi_is_str(sep)) return gi_raise_ref(ts, &gi_exc_TypeError, "must be str, not %.100T", sep);
    ssize_t at;
    size_t n = gi_str_len(s);
    if (check_sep(ts, sep) != GI_OK || gi_str_search(ts, s, sep, 0, n, last, &at) != GI_OK) return GI_NULL;
    GiRef parts[3];
    if (at < 0) {
        parts[last ? 2 : 0] = gi_dup(ts, s);
        parts[1] = gi_dup(ts, GI_STR_EMPTY);
        parts[last ? 0 : 2] = gi_dup(ts, GI_STR_EMPTY);
    } else {
        parts[0] = gi_str_slice(ts, s, 0, (size_t)at);
        parts[1] = gi_dup(ts, sep);
        parts[2] = gi_str_slice(ts, s, (size_t)at + gi_str_len(sep), n);
    }
    if (gi_is_null(parts[0]) || gi_is_null(parts[1]) || gi_is_null(parts[2])) {
        for (int i = 0; i < 3; i++) gi_xdrop(ts, parts[i]);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, parts, 3);
}

GiRef gi_str_strip(GiThread *ts, GiVal s, GiVal chars, int sides) {
    GiTextView t = gi_str_view(s);
    size_t start = 0, stop = t.len;
    if (gi_is_null(chars)) {
        if (sides & GI_STRIP_LEFT)
            while (start < stop && is_space(t, start)) start++;
        if (sides & GI_STRIP_RIGHT)
            while (stop > start && is_space(t, stop - 1)) stop--;
        return gi_str_slice(ts, s, start, stop);
    }
    GiTextView set = gi_str_view(chars);
    if (sides & GI_STRIP_LEFT)
        while (start < stop && gi_search_unit(set.data, set.len, gi_text_at(t, start), set.kind) >= 0) start++;
    if (sides & GI_STRIP_RIGHT)
        while (stop > start && gi_search_unit(set.data, set.len, gi_text_at(t, stop - 1), set.kind) >= 0) stop--;
    return gi_str_slice(ts, s, start, stop);
}

/* Replaces into one-byte units, all sizes known. */
static GiRef replace_ascii(GiThread *ts, GiVal s, GiVal old, GiVal new_, size_t count) {
    size_t n = gi_str_len(s), m = gi_str_len(old), k = gi_str_len(new_);
    const char *hay = gi_str_data(s), *text = gi_str_data(new_);
    size_t grow = k > m ? k - m : 0;
    if (grow && count > (GI_STR_MAX_LENGTH - n) / grow)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "replace string is too long");
    GiRef r = gi_str_new(ts, n - count * m + count * k, GI_STR_ASCII);
    if (gi_is_null(r) || gi_str_len(r) == 0) return r;
    char *to = gi_str_data(r);
    size_t at = 0;
    while (count-- > 0) {
        size_t skip = (size_t)gi_search(hay + at, n - at, gi_str_data(old), m, 1);
        memcpy(to, hay + at, skip);
        memcpy(to + skip, text, k);
        to += skip + k;
        at += skip + m;
    }
    memcpy(to, hay + at, n - at);
    return r;
}

static GiRef replace_between(GiThread *ts, GiVal s, GiVal new_, size_t max) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t n = gi_str_len(s);
    for (size_t i = 0; i <= n && !sb.failed; i++) {
        if (max > 0) {
            gi_sb_str(&sb, new_);
            max--;
        }
        if (i < n) gi_sb_char(&sb, gi_str_char(s, i));
    }
    return gi_sb_finish(&sb);
}

GiRef gi_str_replace(GiThread *ts, GiVal s, GiVal old, GiVal new_, ssize_t maxcount) {
    size_t max = maxcount < 0 ? SIZE_MAX : (size_t)maxcount, n = gi_str_len(s), count;
    if (max == 0 || (gi_str_len(old) == 0 && gi_str_len(new_) == 0)) return gi_str_slice(ts, s, 0, n);
    if (gi_str_len(old) == 0) return replace_between(ts, s, new_, max);
    if (gi_str_count(ts, s, old, 0, n, max, &count) != GI_OK) return GI_NULL;
    if (count == 0) return gi_str_slice(ts, s, 0, n);
    if (gi_str_is_ascii(s) && gi_str_is_ascii(new_)) return replace_ascii(ts, s, old, new_, count);
    Needle needle;
    if (needle_init(ts, &needle, s, old) != GI_OK) return GI_NULL;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t at = 0;
    while (count-- > 0 && !sb.failed) {
        size_t found = (size_t)needle_find(&needle, s, at, n, false);
        gi_sb_slice(&sb, s, at, found);
        gi_sb_str(&sb, new_);
        at = found + needle.len;
    }
    gi_sb_slice(&sb, s, at, n);
    needle_free(&needle);
    return gi_sb_finish(&sb);
}

GiRef gi_str_join(GiThread *ts, GiVal sep, const GiVal *parts, size_t count) {
    if (count == 0) return gi_dup(ts, GI_STR_EMPTY);
    if (count == 1 && gi_is_str_exact(parts[0])) return gi_dup(ts, parts[0]);
    size_t total = 0, sep_len = gi_str_len(sep);
    GiStrKind kind = count > 1 && sep_len ? gi_str_kind(sep) : GI_STR_ASCII;
    for (size_t i = 0; i < count; i++) {
        if (!gi_is_str(parts[i]))
            return gi_raise_ref(ts, &gi_exc_TypeError, "sequence item %zd: expected str instance, %.80T found",
                                (ssize_t)i, parts[i]);
        total += gi_str_len(parts[i]) + (i ? sep_len : 0);
        if (total >= GI_STR_MAX_LENGTH)
            return gi_raise_ref(ts, &gi_exc_OverflowError, "join() result is too long for a Python string");
        if (gi_str_kind(parts[i]) > kind) kind = gi_str_kind(parts[i]);
    }
    if (total == 1 && kind != GI_STR_UCS2 && kind != GI_STR_UCS4) {
        for (size_t i = 0; i < count; i++)
            if (gi_str_len(parts[i])) return gi_str_from_char(ts, gi_str_char(parts[i], 0));
        return gi_str_from_char(ts, gi_str_char(sep, 0));
    }
    GiRef r = gi_str_new(ts, total, kind);
    if (gi_is_null(r) || total == 0) return r;
    int shift = gi_str_shift(kind);
    char *to = gi_str_data(r);
    for (size_t i = 0; i < count; i++) {
        if (i && sep_len) {
            gi_units_copy(to, shift, gi_str_data(sep), gi_str_shift_of(sep), sep_len);
            to += sep_len << shift;
        }
        size_t n = gi_str_len(parts[i]);
        gi_units_copy(to, shift, gi_str_data(parts[i]), gi_str_shift_of(parts[i]), n);
        to += n << shift;
    }
    return r;
}

GiRef gi_str_join_iterable(GiThread *ts, GiVal sep, GiVal iterable) {
    if (gi_is_tuple_exact(iterable)) return gi_str_join(ts, sep, gi_tuple_items(iterable), gi_tuple_len(iterable));
    if (gi_is_list_exact(iterable) && !ts->core.free_running)
        return gi_str_join(ts, sep, (const GiVal *)gi_list_of(iterable)->items, gi_list_len(iterable));
    GiItems items;
    if (gi_items_of(ts, iterable, &items, "can only join an iterable")) return GI_NULL;
    GiRef r = gi_str_join(ts, sep, (const GiVal *)items.items, items.count);
    gi_items_drop(ts, &items);
    return r;
}
