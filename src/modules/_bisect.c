/* _bisect.c - binary search in sorted sequences. No state. */
#include "modules/module.h"
#include "objects/container.h"

#include "modules/_bisect.gen.h"

/* x < y, deciding numbers in place. */
static GiTruth less(GiThread *ts, GiVal x, GiVal y) {
    if (gi_is_smallint(x) && gi_is_smallint(y))
        return gi_truth_of(gi_smallint_value(x) < gi_smallint_value(y));
    if (gi_is_double(x) && gi_is_double(y))
        return gi_truth_of(gi_double_value(x) < gi_double_value(y));
    return gi_compare_truth(ts, x, y, GI_LT);
}

/* hi: None or an index. */
static GiStatus read_hi(GiThread *ts, GiVal v, ssize_t *out) {
    *out = -1;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (!gi_has_index(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "argument should be integer or None, not '%T'", v);
    return gi_as_ssize(ts, v, true, out);
}

/* Where x belongs in a[lo:hi]; -1: failed. */
static ssize_t search(GiThread *ts, GiVal a, GiVal x, ssize_t lo, GiVal hi_arg, GiVal key, bool right) {
    ssize_t hi;
    if (read_hi(ts, hi_arg, &hi)) return -1;
    if (lo < 0) {
        gi_raise(ts, &gi_exc_ValueError, "lo must be non-negative");
        return -1;
    }
    if (hi == -1) {
        hi = gi_length(ts, a);
        if (hi < 0) return -1;
    }
    bool plain = gi_is_null(key) || gi_is_none(key);
    while (lo < hi) {
        ssize_t mid = (ssize_t)(((size_t)lo + (size_t)hi) / 2);
        GiRef item = gi_sequence_item(ts, a, mid);
        if (gi_is_null(item)) return -1;
        if (!plain) {
            GiRef k = gi_call1(ts, key, gi_val(item));
            gi_drop(ts, item);
            if (gi_is_null(k)) return -1;
            item = k;
        }
        GiTruth t = right ? less(ts, x, gi_val(item)) : less(ts, gi_val(item), x);
        gi_drop(ts, item);
        if (t.value < 0) return -1;
        if (t.value != right) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

/* insort into a list whose items compare with x natively, in one step; *done false: they do not. */
static GiRef insort_natively(GiThread *ts, GiVal a, GiVal x, ssize_t lo_arg, GiVal hi_arg, bool right, bool *done) {
    GiList *list = gi_list_of(a);
    ssize_t limit;
    *done = lo_arg >= 0 && gi_is_plain(x) && (gi_is_null(hi_arg) || gi_is_none(hi_arg) || gi_is_smallint(hi_arg));
    if (!*done) return GI_NULL;
    if (read_hi(ts, hi_arg, &limit)) return GI_NULL;
    GiRef item = gi_dup(ts, x);
    gi_lock_obj(ts, a);
    size_t lo = (size_t)lo_arg, hi = limit < 0 ? list->count : (size_t)limit;
    GiStatus status = GI_OK;
    while (lo < hi && *done && status == GI_OK) {
        size_t mid = (lo + hi) / 2;
        if (mid >= list->count || !gi_is_plain(gi_val(list->items[mid]))) {
            *done = false;
            break;
        }
        GiVal there = gi_val(list->items[mid]);
        GiTruth t = right ? less(ts, x, there) : less(ts, there, x);
        if (t.value < 0) status = GI_FAIL;
        else if (t.value != right) lo = mid + 1;
        else hi = mid;
    }
    bool inserted = *done && status == GI_OK;
    if (inserted) inserted = gi_list_insert_locked(ts, list, GI_MIN(lo, list->count), item) == GI_OK;
    gi_unlock_obj(ts, a);
    if (!inserted) gi_drop(ts, item);
    return inserted ? GI_REF_NONE : GI_NULL;
}

static GiRef insort(GiThread *ts, GiVal a, GiVal x, ssize_t lo, GiVal hi, GiVal key, bool right) {
    GiRef k = GI_NULL;
    if (gi_is_list_exact(a) && (gi_is_null(key) || gi_is_none(key))) {
        bool done;
        GiRef none = insort_natively(ts, a, x, lo, hi, right, &done);
        if (done) return none;
    }
    if (!gi_is_null(key) && !gi_is_none(key)) {
        k = gi_call1(ts, key, x);
        if (gi_is_null(k)) return k;
    }
    ssize_t at = search(ts, a, gi_is_null(k) ? x : gi_val(k), lo, hi, key, right);
    gi_xdrop(ts, k);
    if (at < 0) return GI_NULL;
    if (gi_is_list_exact(a)) return gi_list_insert(ts, a, at, gi_dup(ts, x)) ? GI_NULL : GI_REF_NONE;
    GiRef index = gi_int_from_i64(ts, at);
    if (gi_is_null(index)) return index;
    GiRef none = gi_call_method(ts, GI_N(insert), (GiVal[]){a, gi_val(index), x}, 3);
    gi_drop(ts, index);
    if (gi_is_null(none)) return none;
    gi_drop(ts, none);
    return GI_REF_NONE;
}

GI_FUNCTION(_bisect, bisect_right, "(a, x, lo: ssize = 0, hi = None, *, key = None)",
            "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return "
            "value i is such that all e in a[:i] have e <= x, and all e in\na[i:] have e > x.  So if x "
            "already appears in the list, a.insert(i, x) will\ninsert just after the rightmost x "
            "already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of "
            "a to be searched.\n\nA custom key function can be supplied to customize the sort order.") {
    ssize_t at = search(ts, a->a, a->x, a->lo, a->hi, a->key, true);
    return at < 0 ? GI_NULL : gi_int_from_i64(ts, at);
}

GI_FUNCTION(_bisect, bisect_left, "(a, x, lo: ssize = 0, hi = None, *, key = None)",
            "Return the index where to insert item x in list a, assuming a is sorted.\n\nThe return "
            "value i is such that all e in a[:i] have e < x, and all e in\na[i:] have e >= x.  So if x "
            "already appears in the list, a.insert(i, x) will\ninsert just before the leftmost x "
            "already there.\n\nOptional args lo (default 0) and hi (default len(a)) bound the\nslice of "
            "a to be searched.\n\nA custom key function can be supplied to customize the sort order.") {
    ssize_t at = search(ts, a->a, a->x, a->lo, a->hi, a->key, false);
    return at < 0 ? GI_NULL : gi_int_from_i64(ts, at);
}

GI_FUNCTION(_bisect, insort_right, "(a, x, lo: ssize = 0, hi = None, *, key = None)",
            "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, "
            "insert it to the right of the rightmost x.\n\nOptional args lo (default 0) and hi "
            "(default len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be "
            "supplied to customize the sort order.") {
    return insort(ts, a->a, a->x, a->lo, a->hi, a->key, true);
}

GI_FUNCTION(_bisect, insort_left, "(a, x, lo: ssize = 0, hi = None, *, key = None)",
            "Insert item x in list a, and keep it sorted assuming a is sorted.\n\nIf x is already in a, "
            "insert it to the left of the leftmost x.\n\nOptional args lo (default 0) and hi (default "
            "len(a)) bound the\nslice of a to be searched.\n\nA custom key function can be supplied to "
            "customize the sort order.") {
    return insort(ts, a->a, a->x, a->lo, a->hi, a->key, false);
}

const GiModuleDef gi_module__bisect = {
    .name = "_bisect",
    .doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted "
           "order without\nhaving to sort the list after each insertion. For long lists of items "
           "with\nexpensive comparison operations, this can be an improvement over the more\ncommon "
           "approach.\n",
    .functions = _bisect_functions,
};
