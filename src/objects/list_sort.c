/* list_sort.c - a stable, adaptive merge sort for lists.
 *
 * Natural runs are found (descending ones reversed), short ones extended by binary insertion, and
 * merged in the order of Powersort (Munro & Wild 2018), which is within a linear term of optimal.
 * Merging copies the shorter run aside and gallops through stretches that one side wins.
 * The elements are `w` words wide: a key alone (w 1), or a key and its value (w 2). All functions
 * are inlined into six instances, so that comparing small ints and floats calls nothing.
 *
 * While it sorts, the list is empty; what comparisons did to it meanwhile is found out afterwards.
 * INVARIANT: at every moment, also after a failed comparison, each element is in the array once.
 */
#include "objects/container.h"

#define INLINE static inline __attribute__((always_inline))
#define GALLOP_AFTER 8
#define MAX_RUNS 70

typedef struct Sorter {
    GiThread *ts;
    uint64_t *temp;
    size_t temp_capacity; /* elements */
    bool latin1;          /* all keys are str of one byte a character */
} Sorter;

/* 1: a < b, 0: not, -1: failed. Keys are words of values. */
typedef int (*LessFn)(Sorter *s, uint64_t a, uint64_t b);

INLINE int less_int(Sorter *s GI_UNUSED, uint64_t a, uint64_t b) {
    return (int64_t)(a << 16) < (int64_t)(b << 16);
}
INLINE int less_double(Sorter *s GI_UNUSED, uint64_t a, uint64_t b) {
    return gi_double_bits_value(a) < gi_double_bits_value(b);
}
static int less_str(Sorter *s, uint64_t a, uint64_t b) {
    GiVal x = {a}, y = {b};
    if (!s->latin1) return gi_str_order(x, y) < 0;
    size_t m = gi_str_len(x), n = gi_str_len(y);
    int order = memcmp(gi_str_data(x), gi_str_data(y), GI_MIN(m, n));
    return order ? order < 0 : m < n;
}

/* a < b, deciding the common cases in place. */
static int less_value(GiThread *ts, GiVal a, GiVal b) {
    if (gi_is_smallint(a) && gi_is_smallint(b)) return gi_smallint_value(a) < gi_smallint_value(b);
    if (gi_is_double(a) && gi_is_double(b)) return gi_double_value(a) < gi_double_value(b);
    if (gi_is_str_exact(a) && gi_is_str_exact(b)) return gi_str_order(a, b) < 0;
    return gi_compare_truth(ts, a, b, GI_LT).value;
}

static int less_any(Sorter *s, uint64_t a, uint64_t b) {
    return less_value(s->ts, (GiVal){a}, (GiVal){b});
}

/* Keys are exact tuples. */
static int less_tuple(Sorter *s, uint64_t a, uint64_t b) {
    GiVal x = {a}, y = {b};
    size_t m = gi_tuple_len(x), n = gi_tuple_len(y), both = GI_MIN(m, n);
    for (size_t i = 0; i < both; i++) {
        GiTruth eq = gi_item_equal(s->ts, gi_tuple_get(x, i), gi_tuple_get(y, i));
        if (eq.value < 0) return -1;
        if (!eq.value) return less_value(s->ts, gi_tuple_get(x, i), gi_tuple_get(y, i));
    }
    return m < n;
}

INLINE void copy_one(uint64_t *to, const uint64_t *from, size_t w) {
    to[0] = from[0];
    if (w == 2) to[1] = from[1];
}

static void reverse_range(uint64_t *a, size_t n, size_t w) {
    if (n < 2) return;
    for (size_t i = 0, j = n - 1; i < j; i++, j--)
        for (size_t k = 0; k < w; k++) {
            uint64_t t = a[i * w + k];
            a[i * w + k] = a[j * w + k];
            a[j * w + k] = t;
        }
}

/* Length of the run at the start of a[0..n); a strictly descending one is reversed. 0: failed. */
INLINE size_t take_run(Sorter *s, uint64_t *a, size_t n, size_t w, LessFn less) {
    if (n < 2) return n;
    size_t len = 2;
    int descending = less(s, a[w], a[0]);
    if (descending < 0) return 0;
    for (; len < n; len++) {
        int lt = less(s, a[len * w], a[(len - 1) * w]);
        if (lt < 0) return 0;
        if (lt != descending) break;
    }
    if (descending) reverse_range(a, len, w);
    return len;
}

/* Sorts a[0..n) of which a[0..sorted) is sorted already. */
INLINE GiStatus insertion_sort(Sorter *s, uint64_t *a, size_t n, size_t sorted, size_t w,
                               LessFn less) {
    for (size_t i = sorted; i < n; i++) {
        uint64_t item[2];
        copy_one(item, a + i * w, w);
        size_t lo = 0, hi = i;
        while (lo < hi) {
            size_t mid = (lo + hi) / 2;
            int lt = less(s, item[0], a[mid * w]);
            if (lt < 0) return GI_FAIL;
            if (lt) hi = mid;
            else lo = mid + 1;
        }
        memmove(a + (lo + 1) * w, a + lo * w, (i - lo) * w * 8);
        copy_one(a + lo * w, item, w);
    }
    return GI_OK;
}

/* The number of elements of a[0..n) that stand before `key`: those less than it, and with `equal`
 * those equal to it, too. Searches outwards from the start, or with `backwards` from the end. */
INLINE ssize_t gallop(Sorter *s, uint64_t key, const uint64_t *a, size_t n, bool equal,
                      bool backwards, size_t w, LessFn less) {
    size_t lo = 0, hi = n; /* the answer is in [lo, hi] */
    for (size_t step = 1; lo < hi; step = step * 2 + 1) {
        if (step > hi - lo) break;
        size_t probe = backwards ? hi - step : lo + step - 1;
        int before = equal ? less(s, key, a[probe * w]) : less(s, a[probe * w], key);
        if (before < 0) return -1;
        if (equal) before = !before;
        if (backwards) {
            if (before) {
                lo = probe + 1;
                break;
            }
            hi = probe;
        } else {
            if (!before) {
                hi = probe;
                break;
            }
            lo = probe + 1;
        }
    }
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int before = equal ? less(s, key, a[mid * w]) : less(s, a[mid * w], key);
        if (before < 0) return -1;
        if (equal) before = !before;
        if (before) lo = mid + 1;
        else hi = mid;
    }
    return (ssize_t)lo;
}

static GiStatus need_temp(Sorter *s, size_t n, size_t w) {
    if (s->temp_capacity >= n) return GI_OK;
    gi_mem_free(s->temp);
    s->temp_capacity = 0;
    s->temp = gi_mem_alloc(s->ts, n * w * 8);
    if (s->temp == NULL) return GI_FAIL;
    s->temp_capacity = n;
    return GI_OK;
}

/* Merges a[0..m) with a[m..m+n), m <= n: the left run goes aside, filling from the left. */
INLINE GiStatus merge_left(Sorter *s, uint64_t *a, size_t m, size_t n, size_t w, LessFn less) {
    if (need_temp(s, m, w)) return GI_FAIL;
    memcpy(s->temp, a, m * w * 8);
    uint64_t *x = s->temp, *xe = x + m * w, *y = a + m * w, *ye = y + n * w, *to = a;
    GiStatus status = GI_OK;
    size_t x_wins = 0, y_wins = 0;
    while (x < xe && y < ye) {
        int lt = less(s, y[0], x[0]);
        if (GI_UNLIKELY(lt < 0)) {
            status = GI_FAIL;
            break;
        }
        if (lt) {
            copy_one(to, y, w);
            y += w, to += w, y_wins++, x_wins = 0;
        } else {
            copy_one(to, x, w);
            x += w, to += w, x_wins++, y_wins = 0;
        }
        if (GI_LIKELY((x_wins | y_wins) < GALLOP_AFTER) || x == xe || y == ye) continue;
        ssize_t k = x_wins ? gallop(s, y[0], x, (size_t)(xe - x) / w, true, false, w, less)
                           : gallop(s, x[0], y, (size_t)(ye - y) / w, false, false, w, less);
        if (k < 0) {
            status = GI_FAIL;
            break;
        }
        size_t words = (size_t)k * w;
        if (x_wins) {
            memcpy(to, x, words * 8);
            x += words;
        } else {
            memmove(to, y, words * 8);
            y += words;
        }
        to += words;
        x_wins = y_wins = 0;
    }
    if (x < xe) memcpy(to, x, (size_t)(xe - x) * 8); /* the rest of y stands where it belongs */
    return status;
}

/* Merges a[0..m) with a[m..m+n), m > n: the right run goes aside, filling from the right. */
INLINE GiStatus merge_right(Sorter *s, uint64_t *a, size_t m, size_t n, size_t w, LessFn less) {
    if (need_temp(s, n, w)) return GI_FAIL;
    memcpy(s->temp, a + m * w, n * w * 8);
    /* x, y and to point behind the last element that is left or free. */
    uint64_t *x = a + m * w, *y = s->temp + n * w, *to = a + (m + n) * w;
    GiStatus status = GI_OK;
    size_t x_wins = 0, y_wins = 0;
    while (x > a && y > s->temp) {
        int lt = less(s, y[-(ssize_t)w], x[-(ssize_t)w]);
        if (GI_UNLIKELY(lt < 0)) {
            status = GI_FAIL;
            break;
        }
        if (lt) {
            x -= w, to -= w, x_wins++, y_wins = 0;
            copy_one(to, x, w);
        } else {
            y -= w, to -= w, y_wins++, x_wins = 0;
            copy_one(to, y, w);
        }
        if (GI_LIKELY((x_wins | y_wins) < GALLOP_AFTER) || x == a || y == s->temp) continue;
        size_t xs = (size_t)(x - a) / w, ys = (size_t)(y - s->temp) / w;
        ssize_t k = x_wins ? gallop(s, y[-(ssize_t)w], a, xs, true, true, w, less)
                           : gallop(s, x[-(ssize_t)w], s->temp, ys, false, true, w, less);
        if (k < 0) {
            status = GI_FAIL;
            break;
        }
        size_t words = ((x_wins ? xs : ys) - (size_t)k) * w;
        to -= words;
        if (x_wins) {
            x -= words;
            memmove(to, x, words * 8);
        } else {
            y -= words;
            memcpy(to, y, words * 8);
        }
        x_wins = y_wins = 0;
    }
    size_t left = (size_t)(y - s->temp);
    memcpy(to - left, s->temp, left * 8);
    return status;
}

/* Merges two neighbouring runs, after leaving out what is in place already at both ends. */
INLINE GiStatus merge_runs(Sorter *s, uint64_t *a, size_t m, size_t n, size_t w, LessFn less) {
    ssize_t skip = gallop(s, a[m * w], a, m, true, false, w, less);
    if (skip < 0) return GI_FAIL;
    a += (size_t)skip * w;
    m -= (size_t)skip;
    if (m == 0) return GI_OK;
    ssize_t keep = gallop(s, a[(m - 1) * w], a + m * w, n, false, true, w, less);
    if (keep < 0) return GI_FAIL;
    n = (size_t)keep;
    if (n == 0) return GI_OK;
    if (m <= n) return merge_left(s, a, m, n, w, less);
    return merge_right(s, a, m, n, w, less);
}

/* Runs of fewer elements are extended to this: n / 2^k, between 16 and 32, rounded up. */
static size_t minimum_run(size_t n) {
    size_t odd = 0;
    while (n >= 32) {
        odd |= n & 1;
        n >>= 1;
    }
    return n + odd;
}

/* Depth of the boundary between two runs in the nearly optimal merge tree over n elements: the
 * first binary digit in which the midpoints of the runs, as fractions of n, differ. */
static int boundary_power(size_t start, size_t m, size_t end, size_t n) {
    uint64_t x = (uint64_t)(((unsigned __int128)(2 * start + m) << 62) / n);
    uint64_t y = (uint64_t)(((unsigned __int128)(start + m + end) << 62) / n);
    return __builtin_clzll(x ^ y);
}

INLINE GiStatus sort_words(Sorter *s, uint64_t *a, size_t n, size_t w, LessFn less) {
    struct {
        size_t start, len;
        int power; /* of the boundary with the next run */
    } runs[MAX_RUNS];
    size_t top = 0, minrun = minimum_run(n);
    for (size_t at = 0; at < n;) {
        size_t len = take_run(s, a + at * w, n - at, w, less);
        if (len == 0) return GI_FAIL;
        if (len < minrun && len < n - at) {
            size_t longer = GI_MIN(minrun, n - at);
            if (insertion_sort(s, a + at * w, longer, len, w, less)) return GI_FAIL;
            len = longer;
        }
        size_t start = at;
        at += len;
        if (top) {
            int power = boundary_power(runs[top - 1].start, runs[top - 1].len, at, n);
            while (top > 1 && runs[top - 2].power > power) {
                size_t first = runs[top - 2].start, m = runs[top - 2].len;
                if (merge_runs(s, a + first * w, m, runs[top - 1].len, w, less)) return GI_FAIL;
                runs[top - 2].len += runs[top - 1].len;
                top--;
            }
            runs[top - 1].power = power;
        }
        runs[top].start = start;
        runs[top].len = len;
        runs[top].power = 0;
        top++;
    }
    for (; top > 1; top--) {
        size_t first = runs[top - 2].start, m = runs[top - 2].len;
        if (merge_runs(s, a + first * w, m, runs[top - 1].len, w, less)) return GI_FAIL;
        runs[top - 2].len += runs[top - 1].len;
    }
    return GI_OK;
}

static GiStatus sort_ints(Sorter *s, uint64_t *a, size_t n, size_t w) {
    return w == 1 ? sort_words(s, a, n, 1, less_int) : sort_words(s, a, n, 2, less_int);
}
static GiStatus sort_doubles(Sorter *s, uint64_t *a, size_t n, size_t w) {
    return w == 1 ? sort_words(s, a, n, 1, less_double) : sort_words(s, a, n, 2, less_double);
}
static GiStatus sort_calling(Sorter *s, uint64_t *a, size_t n, size_t w, LessFn less) {
    return w == 1 ? sort_words(s, a, n, 1, less) : sort_words(s, a, n, 2, less);
}

static GiStatus sort_by_kind(Sorter *s, uint64_t *a, size_t n, size_t w) {
    bool ints = true, doubles = true, strs = true, tuples = true;
    s->latin1 = true;
    for (size_t i = 0; i < n && (ints || doubles || strs || tuples); i++) {
        GiVal v = {a[i * w]};
        ints = ints && gi_is_smallint(v);
        doubles = doubles && gi_is_double(v);
        strs = strs && gi_is_str_exact(v);
        tuples = tuples && gi_is_tuple_exact(v);
        if (strs && gi_str_kind(v) > GI_STR_LATIN1) s->latin1 = false;
    }
    if (ints) return sort_ints(s, a, n, w);
    if (doubles) return sort_doubles(s, a, n, w);
    return sort_calling(s, a, n, w, strs ? less_str : tuples ? less_tuple : less_any);
}

/* Sorts n owned values by key function: pairs of key and value, then back. */
static GiStatus sort_by_key(Sorter *s, uint64_t *items, size_t n, GiVal key, bool reverse) {
    GiThread *ts = s->ts;
    uint64_t *pairs = gi_mem_alloc(ts, n * 16);
    if (pairs == NULL) return GI_FAIL;
    GiStatus status = GI_OK;
    size_t made = 0;
    for (; made < n; made++) {
        GiRef k = gi_call1(ts, key, (GiVal){items[made]});
        if (gi_is_null(k)) {
            status = GI_FAIL;
            break;
        }
        pairs[made * 2] = k.bits;
        pairs[made * 2 + 1] = items[made];
    }
    if (status == GI_OK) {
        if (reverse) reverse_range(pairs, n, 2);
        status = sort_by_kind(s, pairs, n, 2);
        if (reverse) reverse_range(pairs, n, 2);
        for (size_t i = 0; i < n; i++) items[i] = pairs[i * 2 + 1];
    }
    for (size_t i = 0; i < made; i++) gi_drop(ts, (GiRef){pairs[i * 2]});
    gi_mem_free(pairs);
    return status;
}

/* Sorting that runs no Python code is one step for other threads: a sorted copy takes the items'
 * place. *done false: it would take Python code. */
static GiStatus sort_in_one_step(GiThread *ts, GiVal v, bool reverse, bool *done) {
    GiList *list = gi_list_of(v);
    Sorter s = {.ts = ts};
    GiStatus status = GI_OK;
    *done = true;
    gi_lock_obj(ts, v);
    GiSlot *old = list->items, *items = NULL;
    size_t n = list->count;
    for (size_t i = 0; i < n && *done; i++) *done = gi_is_plain(gi_val(old[i]));
    if (*done && n > 1) {
        items = gi_mem_alloc(ts, list->capacity * sizeof(GiSlot));
        status = items == NULL ? GI_FAIL : GI_OK;
        if (status == GI_OK) {
            memcpy(items, old, n * sizeof(GiSlot));
            if (reverse) reverse_range((uint64_t *)items, n, 1);
            status = sort_by_kind(&s, (uint64_t *)items, n, 1);
            if (reverse) reverse_range((uint64_t *)items, n, 1);
            /* Also after a TypeError: what was put in order by then stays so. */
            gi_store_rel(&list->items, items);
            gi_mem_retire(ts, old);
        }
    }
    gi_unlock_obj(ts, v);
    gi_mem_free(s.temp);
    return status;
}

GiStatus gi_list_sort(GiThread *ts, GiVal v, GiVal key, bool reverse) {
    if (!gi_is_private(ts, v) && (gi_is_null(key) || gi_is_none(key))) {
        bool done;
        GiStatus status = sort_in_one_step(ts, v, reverse, &done);
        if (done) return status;
    }
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    GiSlot *items = list->items;
    size_t n = list->count, capacity = list->capacity;
    gi_store_rel(&list->count, 0);
    gi_store_rel(&list->items, NULL);
    list->capacity = 0;
    gi_unlock_obj(ts, v);

    Sorter s = {.ts = ts};
    GiStatus status = GI_OK;
    if (!gi_is_null(key) && !gi_is_none(key) && n) {
        status = sort_by_key(&s, (uint64_t *)items, n, key, reverse);
    } else if (n > 1) {
        if (reverse) reverse_range((uint64_t *)items, n, 1);
        status = sort_by_kind(&s, (uint64_t *)items, n, 1);
        if (reverse) reverse_range((uint64_t *)items, n, 1);
    }
    gi_mem_free(s.temp);

    gi_lock_obj(ts, v);
    GiSlot *intruders = list->items;
    size_t intruder_count = list->count;
    bool modified = list->capacity != 0;
    /* What readers without the lock see: a count that no array of theirs is shorter than. */
    gi_store_rel(&list->count, 0);
    gi_store_rel(&list->items, items);
    gi_store_rel(&list->count, n);
    list->capacity = capacity;
    gi_unlock_obj(ts, v);
    if (modified) {
        /* An exception in flight must survive the destructors. */
        GiRef exc = gi_exc_take(ts);
        gi_drop_all(ts, (const GiRef *)intruders, intruder_count);
        gi_mem_retire(ts, intruders);
        if (!gi_is_null(exc)) gi_exc_restore(ts, exc);
        if (status == GI_OK)
            status = gi_raise_status(ts, &gi_exc_ValueError, "list modified during sort");
    }
    return status;
}
