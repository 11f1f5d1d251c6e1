/* _heapq.c - binary heaps in lists, smallest (or, with _max, largest) item first. No state.
 *
 * LOCK: an operation holds the list's lock, but for comparisons that may run Python code; those find
 * out when the list's length has changed.
 */
#include "modules/module.h"
#include "objects/container.h"

#include "modules/_heapq.gen.h"

/* Whether x goes before y. */
static GiTruth before(GiThread *ts, GiVal x, GiVal y, bool max) {
    if (max) {
        GiVal t = x;
        x = y;
        y = t;
    }
    if (gi_is_smallint(x) && gi_is_smallint(y))
        return gi_truth_of(gi_smallint_value(x) < gi_smallint_value(y));
    if (gi_is_double(x) && gi_is_double(y))
        return gi_truth_of(gi_double_value(x) < gi_double_value(y));
    return gi_compare_truth(ts, x, y, GI_LT);
}

/* The part of item_before that is not about numbers. */
static GI_NOINLINE GiTruth item_before_slow(GiThread *ts, GiVal heap, GiVal p, GiVal q, size_t n) {
    if (gi_is_plain(p) && gi_is_plain(q)) return gi_compare_truth(ts, p, q, GI_LT);
    GiRef x = gi_dup(ts, p), y = gi_dup(ts, q);
    gi_unlock_obj(ts, heap);
    GiTruth t = gi_compare_truth(ts, gi_val(x), gi_val(y), GI_LT);
    gi_drop(ts, x), gi_drop(ts, y);
    gi_lock_obj(ts, heap);
    if (gi_list_of(heap)->count == n) return t;
    if (!gi_raised(ts)) gi_raise(ts, &gi_exc_RuntimeError, "list changed size during iteration");
    return GI_TRUTH_FAIL;
}

/* Whether item i goes before item j of a heap of n items; GI_TRUTH_FAIL also if it changed. LOCK: held,
 * before and after; let go of for a comparison that may run code. PERF: inlined, for numbers. */
static inline __attribute__((always_inline)) GiTruth item_before(GiThread *ts, GiVal heap, size_t i, size_t j,
                                                                 size_t n, bool max) {
    const GiList *list = gi_list_of(heap);
    GiVal p = gi_val(list->items[max ? j : i]), q = gi_val(list->items[max ? i : j]);
    if (gi_is_smallint(p) && gi_is_smallint(q)) return gi_truth_of(gi_smallint_value(p) < gi_smallint_value(q));
    if (gi_is_double(p) && gi_is_double(q)) return gi_truth_of(gi_double_value(p) < gi_double_value(q));
    return item_before_slow(ts, heap, p, q, n);
}

static void exchange(GiVal heap, size_t i, size_t j) {
    GiSlot *items = gi_list_of(heap)->items;
    GiRef t = {items[i].bits};
    gi_slot_publish(&items[i], (GiRef){items[j].bits});
    gi_slot_publish(&items[j], t);
}

/* Moves item pos towards the root, not above start, to where it belongs. LOCK: held, as in all of these. */
static GiStatus sift_up(GiThread *ts, GiVal heap, size_t start, size_t pos, bool max) {
    size_t n = gi_list_of(heap)->count;
    while (pos > start) {
        size_t parent = (pos - 1) / 2;
        GiTruth t = item_before(ts, heap, pos, parent, n, max);
        if (t.value < 0) return GI_FAIL;
        if (!t.value) break;
        exchange(heap, pos, parent);
        pos = parent;
    }
    return GI_OK;
}

/* Puts item pos in its place below: all the way down along the better children, then up again
 * (an item that came from the end usually belongs near the leaves). */
static GiStatus sift_down(GiThread *ts, GiVal heap, size_t pos, bool max) {
    size_t n = gi_list_of(heap)->count, start = pos;
    while (pos < n / 2) {
        size_t child = 2 * pos + 1;
        if (child + 1 < n) {
            GiTruth t = item_before(ts, heap, child, child + 1, n, max);
            if (t.value < 0) return GI_FAIL;
            if (!t.value) child++;
        }
        exchange(heap, pos, child);
        pos = child;
    }
    return sift_up(ts, heap, start, pos, max);
}

static GiStatus heapify(GiThread *ts, GiVal heap, bool max) {
    GiStatus status = GI_OK;
    gi_lock_obj(ts, heap);
    for (size_t i = gi_list_of(heap)->count / 2; i-- > 0 && status == GI_OK;) {
        if (2 * i + 1 < gi_list_of(heap)->count) status = sift_down(ts, heap, i, max);
    }
    gi_unlock_obj(ts, heap);
    return status;
}

static GiRef heap_pop(GiThread *ts, GiVal heap, bool max) {
    GiList *list = gi_list_of(heap);
    GiRef first = GI_NULL;
    GiStatus status = GI_OK;
    gi_lock_obj(ts, heap);
    if (list->count) { /* the last item goes to the first one's place */
        size_t left = list->count - 1;
        GiRef last = {list->items[left].bits};
        gi_store_rel(&list->count, left);
        first.bits = list->items[0].bits;
        gi_slot_publish(&list->items[0], last);
        if (left) status = sift_down(ts, heap, 0, max);
    }
    gi_unlock_obj(ts, heap);
    if (gi_is_null(first)) return gi_raise_ref(ts, &gi_exc_IndexError, "index out of range");
    if (status == GI_OK) return first;
    gi_drop(ts, first);
    return GI_NULL;
}

/* Puts item in the first one's place, and then where it belongs. The heap is not empty. */
static GiRef replace_first(GiThread *ts, GiVal heap, GiVal item, bool max, GiStatus *status) {
    GiList *list = gi_list_of(heap);
    GiRef first = {list->items[0].bits};
    gi_slot_publish(&list->items[0], gi_dup(ts, item));
    *status = sift_down(ts, heap, 0, max);
    return first;
}

static GiRef heap_replace(GiThread *ts, GiVal heap, GiVal item, bool max) {
    GiStatus status = GI_OK;
    gi_lock_obj(ts, heap);
    GiRef first = gi_list_of(heap)->count ? replace_first(ts, heap, item, max, &status) : GI_NULL;
    gi_unlock_obj(ts, heap);
    if (gi_is_null(first)) return gi_raise_ref(ts, &gi_exc_IndexError, "index out of range");
    if (status == GI_OK) return first;
    gi_drop(ts, first);
    return GI_NULL;
}

/* heappushpop when the first item compares with the new one natively; *done false: it does not. */
static GiRef pushpop_natively(GiThread *ts, GiVal heap, GiVal item, bool *done) {
    GiList *list = gi_list_of(heap);
    GiRef result = GI_NULL;
    GiStatus status = GI_OK;
    gi_lock_obj(ts, heap);
    *done = list->count == 0 || (gi_is_plain(item) && gi_is_plain(gi_val(list->items[0])));
    if (*done) {
        GiTruth t = list->count ? before(ts, gi_val(list->items[0]), item, false) : GI_TRUTH_NO;
        if (t.value > 0) result = replace_first(ts, heap, item, false, &status);
        else if (t.value == 0) result = gi_dup(ts, item);
    }
    gi_unlock_obj(ts, heap);
    if (status == GI_OK) return result;
    gi_drop(ts, result);
    return GI_NULL;
}

GI_FUNCTION(_heapq, heappush, "(heap: list, item, /)",
            "Push item onto heap, maintaining the heap invariant.") {
    GiRef item = gi_dup(ts, a->item);
    gi_lock_obj(ts, a->heap);
    GiStatus status = gi_list_append_locked(ts, gi_list_of(a->heap), item), sifted = GI_OK;
    if (status == GI_OK) sifted = sift_up(ts, a->heap, 0, gi_list_of(a->heap)->count - 1, false);
    gi_unlock_obj(ts, a->heap);
    if (status) gi_drop(ts, item);
    return status || sifted ? GI_NULL : GI_REF_NONE;
}

GI_FUNCTION(_heapq, heappop, "(heap: list, /)",
            "Pop the smallest item off the heap, maintaining the heap invariant.") {
    return heap_pop(ts, a->heap, false);
}

GI_FUNCTION(_heapq, heapreplace, "(heap: list, item, /)",
            "Pop and return the current smallest value, and add the new item.\n\nThis is more "
            "efficient than heappop() followed by heappush(), and can be\nmore appropriate when using "
            "a fixed-size heap.  Note that the value\nreturned may be larger than item!  That "
            "constrains reasonable uses of\nthis routine unless written as part of a conditional "
            "replacement:\n\n    if item > heap[0]:\n        item = heapreplace(heap, item)") {
    return heap_replace(ts, a->heap, a->item, false);
}

GI_FUNCTION(_heapq, heappushpop, "(heap: list, item, /)",
            "Push item on the heap, then pop and return the smallest item from the heap.\n\nThe "
            "combined action runs more efficiently than heappush() followed by\na separate call to "
            "heappop().") {
    bool done;
    GiRef result = pushpop_natively(ts, a->heap, a->item, &done);
    if (done) return result;
    GiRef first = gi_list_get(ts, a->heap, 0);
    if (gi_is_null(first)) return gi_dup(ts, a->item);
    GiTruth t = before(ts, gi_val(first), a->item, false);
    gi_drop(ts, first);
    if (t.value < 0) return GI_NULL;
    if (!t.value) return gi_dup(ts, a->item);
    return heap_replace(ts, a->heap, a->item, false);
}

GI_FUNCTION(_heapq, heapify, "(heap: list, /)",
            "Transform list into a heap, in-place, in O(len(heap)) time.") {
    return heapify(ts, a->heap, false) ? GI_NULL : GI_REF_NONE;
}

GI_FUNCTION(_heapq, _heappop_max, "(heap: list, /)", "Maxheap variant of heappop.") {
    return heap_pop(ts, a->heap, true);
}
GI_FUNCTION(_heapq, _heapify_max, "(heap: list, /)", "Maxheap variant of heapify.") {
    return heapify(ts, a->heap, true) ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_heapq, _heapreplace_max, "(heap: list, item, /)", "Maxheap variant of heapreplace.") {
    return heap_replace(ts, a->heap, a->item, true);
}

static GiStatus heapq_exec(GiThread *ts, GiVal module) {
    return gi_module_add_str(ts, module, "__about__",
                             "Heap queues\n\nHeaps are lists for which a[k] <= a[2*k+1] and a[k] <= "
                             "a[2*k+2] for all k,\ncounting from 0, so that a[0] is always the "
                             "smallest item. See the module\nheapq for what they are good for.\n");
}

const GiModuleDef gi_module__heapq = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).\n\nHeaps are arrays for which a[k] <= "
           "a[2*k+1] and a[k] <= a[2*k+2] for\nall k, counting elements from 0.\n",
    .functions = _heapq_functions,
    .exec = heapq_exec,
};
