/* list.c - list: a growable array of slots, and its methods.
 *
 * INVARIANT: items[0 .. count-1] are not null; items is NULL exactly when capacity is 0.
 * LOCK: the byte lock guards items, count and capacity. References taken out are dropped after
 * unlocking. Storage that others may be reading is retired (gi_mem_retire).
 *
 * Free-running threads read an item without the lock: items, count, and then items again; the item;
 * and all of it again (get_free). So the storage may only be replaced by one that holds at least as
 * many items, or after `count` has become smaller; what stands at and behind `count` may be anything
 * that was ever an item there.
 */
#include "objects/container.h"

#include "objects/bytes.h"
#include "objects/list.gen.h"
#include "objects/range.h"
#include "objects/whole.h"

#define LIST_MAX ((size_t)(PTRDIFF_MAX / sizeof(GiSlot)))

GiRef gi_list_new(GiThread *ts, size_t capacity) {
    GiList *list = (GiList *)gi_heap_new_fast(ts, &gi_list_type, sizeof(GiList));
    if (GI_UNLIKELY(list == NULL)) return GI_NULL;
    if (capacity) {
        if (capacity <= LIST_MAX) list->items = gi_mem_alloc(ts, capacity * sizeof(GiSlot));
        else gi_raise_nomem(ts);
        if (list->items == NULL) {
            gi_drop(ts, gi_own_obj(list));
            return GI_NULL;
        }
        list->capacity = capacity;
    }
    return gi_own_obj(list);
}

GiRef gi_list_from(GiThread *ts, const GiVal *items, size_t count) {
    GiRef ref = gi_list_new(ts, count);
    if (gi_is_null(ref)) return ref;
    GiList *list = gi_list_of(ref);
    for (size_t i = 0; i < count; i++) gi_slot_init(&list->items[i], gi_dup(ts, items[i]));
    list->count = count;
    return ref;
}

/* Stores for readers without the lock. LOCK: held. */
static inline void set_count(GiList *list, size_t count) { gi_store_rel(&list->count, count); }
static inline void set_items(GiList *list, GiSlot *items) { gi_store_rel(&list->items, items); }

/* As memmove of n slots, word by word as far as readers can tell. */
static inline void move_slots(GiThread *ts, GiSlot *to, const GiSlot *from, size_t n) {
    if (GI_LIKELY(!ts->core.free_running)) {
        memmove(to, from, n * sizeof(GiSlot));
    } else if (to < from) {
        for (size_t i = 0; i < n; i++) __atomic_store_n(&to[i].bits, from[i].bits, __ATOMIC_RELEASE);
    } else {
        while (n-- > 0) __atomic_store_n(&to[n].bits, from[n].bits, __ATOMIC_RELEASE);
    }
}

/* Changes the capacity to exactly `capacity` >= count. LOCK: held. */
static GiStatus list_set_capacity_locked(GiThread *ts, GiList *list, size_t capacity) {
    if (GI_UNLIKELY(capacity > LIST_MAX)) {
        gi_raise_nomem(ts);
        return GI_FAIL;
    }
    GiSlot *items;
    if (capacity == 0) {
        gi_mem_retire(ts, list->items);
        items = NULL;
    } else if (GI_UNLIKELY(ts->core.free_running) && !gi_is_sole(gi_from_obj(&list->obj))) {
        items = gi_mem_alloc(ts, capacity * sizeof(GiSlot));
        if (items == NULL) return GI_FAIL;
        if (list->count) memcpy(items, list->items, list->count * sizeof(GiSlot));
        GiSlot *old = list->items;
        set_items(list, items);
        gi_mem_retire(ts, old);
    } else {
        items = gi_mem_realloc(ts, list->items, capacity * sizeof(GiSlot));
        if (items == NULL) return GI_FAIL;
    }
    set_items(list, items);
    list->capacity = capacity;
    return GI_OK;
}

/* Room for `more` items behind the last. LOCK: held. */
static GiStatus list_reserve_locked(GiThread *ts, GiList *list, size_t more) {
    if (GI_LIKELY(list->capacity - list->count >= more)) return GI_OK;
    if (more > LIST_MAX - list->count) {
        gi_raise_nomem(ts);
        return GI_FAIL;
    }
    size_t need = list->count + more;
    size_t capacity = need + (need >> 3) + 4;
    if (more > 1 && list->count == 0) capacity = need;
    return list_set_capacity_locked(ts, list, capacity);
}

/* Gives memory back when the list has become much shorter. LOCK: held. */
static void list_shrink_locked(GiThread *ts, GiList *list) {
    if (list->capacity < 16 || list->count >= list->capacity / 2) return;
    GiSlot *items = gi_mem_alloc(ts, (list->count + 4) * sizeof(GiSlot));
    if (items == NULL) { /* keeping the old block is as good */
        gi_exc_clear(ts);
        return;
    }
    memcpy(items, list->items, list->count * sizeof(GiSlot));
    GiSlot *old = list->items;
    set_items(list, items);
    list->capacity = list->count + 4;
    gi_mem_retire(ts, old);
}

GiStatus gi_list_append_locked(GiThread *ts, GiList *list, GiRef item) {
    if (list_reserve_locked(ts, list, 1)) return GI_FAIL;
    gi_slot_publish(&list->items[list->count], item);
    set_count(list, list->count + 1);
    return GI_OK;
}

GiStatus gi_list_insert_locked(GiThread *ts, GiList *list, size_t index, GiRef item) {
    if (list_reserve_locked(ts, list, 1)) return GI_FAIL;
    move_slots(ts, &list->items[index + 1], &list->items[index], list->count - index);
    gi_slot_publish(&list->items[index], item);
    set_count(list, list->count + 1);
    return GI_OK;
}

static GI_NOINLINE GiStatus list_append_slow(GiThread *ts, GiVal v, GiRef item) {
    GiStatus status = gi_list_append_locked(ts, gi_list_of(v), item);
    gi_unlock_obj(ts, v);
    if (status) gi_drop(ts, item);
    return status;
}

GiStatus gi_list_append(GiThread *ts, GiVal v, GiRef item) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    if (GI_UNLIKELY(list->count == list->capacity)) return list_append_slow(ts, v, item);
    gi_slot_publish(&list->items[list->count], item);
    set_count(list, list->count + 1);
    gi_unlock_obj(ts, v);
    return GI_OK;
}

/* Item `index`, from the end if that is negative, without the lock; false: that is not to be known. */
static inline bool try_item(GiThread *ts, const GiList *list, ssize_t index, GiRef *out) {
    const GiSlot *items = gi_load_acq(&list->items);
    gi_point();
    size_t n = gi_load_acq(&list->count), i = (size_t)index;
    if (GI_UNLIKELY(gi_load_acq(&list->items) != items)) return false;
    if (index < 0) i += n;
    *out = GI_NULL;
    if (i >= n) return true;
    GiRef item;
    if (!gi_slot_try(ts, &items[i], &item)) return false;
    gi_point();
    size_t now = gi_load_acq(&list->count);
    if (GI_LIKELY(gi_load_acq(&list->items) == items && (now == n || (index >= 0 && i < now)) &&
                  gi_load_acq(&items[i].bits) == item.bits)) {
        *out = item;
        return true;
    }
    gi_drop(ts, item);
    return false;
}

/* Three tries without the lock; false: none succeeded. */
static inline bool try_item_often(GiThread *ts, const GiList *list, ssize_t index, GiRef *out) {
    for (int tries = 0; tries < 3; tries++)
        if (GI_LIKELY(try_item(ts, list, index, out))) return true;
    return false;
}

static GI_NOINLINE GiRef get_locked(GiThread *ts, GiVal v, ssize_t index) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    size_t i = index < 0 ? (size_t)index + list->count : (size_t)index;
    GiRef item = i < list->count ? gi_dup(ts, gi_val(list->items[i])) : GI_NULL;
    gi_unlock_obj(ts, v);
    return item;
}

static GI_NOINLINE GiRef get_free(GiThread *ts, GiVal v, ssize_t index) {
    GiRef item;
    return GI_LIKELY(try_item_often(ts, gi_list_of(v), index, &item)) ? item : get_locked(ts, v, index);
}

GiRef gi_list_at(GiThread *ts, GiVal v, ssize_t index) {
    if (GI_UNLIKELY(ts->core.free_running)) return get_free(ts, v, index);
    return gi_list_get(ts, v, index < 0 ? (size_t)index + gi_list_len(v) : (size_t)index);
}

/* Under the GIL. */
static inline GiRef get_alone(GiThread *ts, GiVal v, size_t index) {
    const GiList *list = gi_list_of(v);
    return index < list->count ? gi_dup(ts, gi_val(list->items[index])) : GI_NULL;
}

GiRef gi_list_get(GiThread *ts, GiVal v, size_t index) {
    if (GI_UNLIKELY(ts->core.free_running)) return index > PTRDIFF_MAX ? GI_NULL : get_free(ts, v, (ssize_t)index);
    return get_alone(ts, v, index);
}

/* list[index] = item; consumes it. */
static GiStatus list_put(GiThread *ts, GiVal v, ssize_t at, GiRef item) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    size_t index = at < 0 ? (size_t)at + list->count : (size_t)at;
    if (GI_UNLIKELY(index >= list->count)) {
        gi_unlock_obj(ts, v);
        gi_drop(ts, item);
        return gi_raise_status(ts, &gi_exc_IndexError, "list assignment index out of range");
    }
    GiRef old = {list->items[index].bits};
    gi_slot_publish(&list->items[index], item);
    gi_unlock_obj(ts, v);
    gi_drop(ts, old);
    return GI_OK;
}

GiStatus gi_list_set(GiThread *ts, GiVal v, size_t index, GiRef item) {
    return list_put(ts, v, index > PTRDIFF_MAX ? PTRDIFF_MAX : (ssize_t)index, item);
}

GiStatus gi_list_insert(GiThread *ts, GiVal v, ssize_t index, GiRef item) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    ssize_t n = (ssize_t)list->count;
    if (index < 0) index = GI_MAX(index + n, 0);
    GiStatus status = gi_list_insert_locked(ts, list, (size_t)GI_MIN(index, n), item);
    gi_unlock_obj(ts, v);
    if (GI_UNLIKELY(status)) gi_drop(ts, item);
    return status;
}

/* Appends what an iterator gives, item by item: an exception keeps what came before. */
static GiStatus list_extend_iter(GiThread *ts, GiVal v, GiVal iterable, GiRef it) {
    if (gi_is_null(it)) return GI_FAIL;
    ssize_t hint = gi_length_hint(ts, iterable, 8);
    GiStatus status = hint < 0 ? GI_FAIL : GI_OK;
    if (hint > 0 && hint <= 1 << 24) {
        gi_lock_obj(ts, v);
        GiList *list = gi_list_of(v);
        if (list->capacity - list->count < (size_t)hint)
            status = list_set_capacity_locked(ts, list, list->count + (size_t)hint);
        gi_unlock_obj(ts, v);
    }
    GiUnaryFn next = gi_type_of(gi_val(it))->next;
    while (status == GI_OK) {
        GiRef item = next(ts, gi_val(it));
        if (GI_UNLIKELY(gi_is_null(item))) {
            if (gi_raised(ts)) {
                if (gi_exc_matches(ts, &gi_exc_StopIteration)) gi_exc_clear(ts);
                else status = GI_FAIL;
            }
            break;
        }
        status = gi_list_append(ts, v, item);
    }
    gi_drop(ts, it);
    return status;
}

/* What it gives is collected first, and appended in one step. */
static GI_COLD GiStatus extend_once(GiThread *ts, GiVal v, GiVal iterable) {
    GiRef items = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(items) ? GI_FAIL : list_extend_iter(ts, gi_val(items), iterable, gi_iter(ts, iterable));
    if (status == GI_OK) status = gi_list_extend(ts, v, gi_val(items));
    gi_xdrop(ts, items);
    return status;
}

GiStatus gi_list_extend(GiThread *ts, GiVal v, GiVal iterable) {
    if (gi_is_tuple_exact(iterable)) {
        size_t n = gi_tuple_len(iterable);
        GiList *list = gi_list_of(v);
        gi_lock_obj(ts, v);
        GiStatus status = list_reserve_locked(ts, list, n);
        if (status == GI_OK) {
            for (size_t i = 0; i < n; i++)
                gi_slot_publish(&list->items[list->count + i], gi_dup(ts, gi_tuple_get(iterable, i)));
            set_count(list, list->count + n);
        }
        gi_unlock_obj(ts, v);
        return status;
    }
    if (gi_is_list_exact(iterable) || gi_same(v, iterable)) { /* its own iterator would never end */
        GiList *to = gi_list_of(v), *from = gi_list_of(iterable);
        gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(v), GI_OBJ_LOCK(iterable));
        size_t n = from->count;
        GiStatus status = list_reserve_locked(ts, to, n);
        if (status == GI_OK) {
            GiSlot *end = to->items + to->count;
            for (size_t i = 0; i < n; i++) gi_slot_publish(&end[i], gi_dup(ts, gi_val(from->items[i])));
            set_count(to, to->count + n);
        }
        gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(v), GI_OBJ_LOCK(iterable));
        return status;
    }
    if (GI_UNLIKELY(ts->core.free_running)) {
        if (gi_gives_natively(ts, iterable) && !gi_is_unique(ts, v)) return extend_once(ts, v, iterable);
        bool listed;
        GiRef it = gi_iter_listed(ts, iterable, &listed);
        if (!listed || gi_is_null(it)) return list_extend_iter(ts, v, iterable, it);
        /* PYSEM: a subclass is asked for its length. */
        GiStatus status = gi_has_flag(iterable, GI_TYPE_HEAP) && gi_length_hint(ts, iterable, 8) < 0 ? GI_FAIL : GI_OK;
        if (status == GI_OK) status = gi_list_extend(ts, v, gi_val(it));
        gi_drop(ts, it);
        return status;
    }
    return list_extend_iter(ts, v, iterable, gi_iter(ts, iterable));
}

GiStatus gi_list_reverse(GiThread *ts, GiVal v) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    if (list->count > 1)
        for (GiSlot *lo = list->items, *hi = lo + list->count - 1; lo < hi; lo++, hi--) {
            GiRef t = {lo->bits};
            gi_slot_publish(lo, (GiRef){hi->bits});
            gi_slot_publish(hi, t);
        }
    gi_unlock_obj(ts, v);
    return GI_OK;
}

/* v[start:stop:step] as it is at one moment. */
static GiRef list_slice(GiThread *ts, GiVal v, ssize_t start, ssize_t stop, ssize_t step) {
    GiRef result = gi_list_new(ts, 0);
    if (gi_is_null(result)) return result;
    GiList *list = gi_list_of(v), *to = gi_list_of(result);
    gi_lock_obj(ts, v);
    size_t n = gi_slice_adjust(list->count, &start, &stop, step);
    if (n) {
        to->items = gi_mem_alloc(ts, n * sizeof(GiSlot));
        if (to->items != NULL) {
            to->capacity = to->count = n;
            for (size_t i = 0; i < n; i++)
                gi_slot_init(&to->items[i], gi_dup(ts, gi_val(list->items[start + (ssize_t)i * step])));
        }
    }
    gi_unlock_obj(ts, v);
    if (n && to->items == NULL) {
        gi_drop(ts, result);
        return GI_NULL;
    }
    return result;
}

GiRef gi_list_slice(GiThread *ts, GiVal v, ssize_t start, ssize_t stop) { return list_slice(ts, v, start, stop, 1); }

GiStatus gi_list_clone_locked(GiThread *ts, GiList *to, const GiList *from) {
    if (from->count == 0) return GI_OK;
    to->items = gi_mem_alloc(ts, from->count * sizeof(GiSlot));
    if (to->items == NULL) return GI_FAIL;
    to->capacity = to->count = from->count;
    for (size_t i = 0; i < from->count; i++) gi_slot_init(&to->items[i], gi_dup(ts, gi_val(from->items[i])));
    return GI_OK;
}

void gi_list_clear(GiThread *ts, GiVal v) {
    GiList *list = gi_list_of(v);
    gi_lock_obj(ts, v);
    GiSlot *items = list->items;
    size_t n = list->count;
    set_count(list, 0);
    set_items(list, NULL);
    list->capacity = 0;
    gi_unlock_obj(ts, v);
    gi_drop_all(ts, (const GiRef *)items, n);
    gi_mem_retire(ts, items);
}

GiRef gi_list_to_tuple(GiThread *ts, GiVal v) {
    for (;;) {
        size_t n = gi_list_len(v);
        GiRef t = gi_tuple_new(ts, n);
        if (gi_is_null(t)) return t;
        GiList *list = gi_list_of(v);
        gi_lock_obj(ts, v);
        bool same = list->count == n;
        if (same)
            for (size_t i = 0; i < n; i++) gi_tuple_init(t, i, gi_dup(ts, gi_val(list->items[i])));
        gi_unlock_obj(ts, v);
        if (GI_LIKELY(same)) return t;
        gi_drop(ts, t); /* it changed while memory was being found */
    }
}

GiRef gi_to_list(GiThread *ts, GiVal v) {
    if (gi_is_list_exact(v)) return gi_list_slice(ts, v, 0, PTRDIFF_MAX);
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    if (gi_list_extend(ts, gi_val(list), v)) {
        gi_drop(ts, list);
        return GI_NULL;
    }
    return list;
}

/* ---- Slots ---- */

static ssize_t list_length(GiThread *ts GI_UNUSED, GiVal self) { return (ssize_t)gi_list_len(self); }

static GiRef list_item(GiThread *ts, GiVal self, ssize_t index) {
    GiRef item = index < 0 ? GI_NULL : gi_list_get(ts, self, (size_t)index);
    if (GI_UNLIKELY(gi_is_null(item)))
        return gi_raise_ref(ts, &gi_exc_IndexError, "list index out of range");
    return item;
}

static GiRef list_subscript_slice(GiThread *ts, GiVal self, GiVal key) {
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step)) return GI_NULL;
    return list_slice(ts, self, start, stop, step);
}

static GiRef list_subscript(GiThread *ts, GiVal self, GiVal key) {
    ssize_t i;
    if (!gi_is_smallint(key)) {
        if (gi_is_slice(key)) return list_subscript_slice(ts, self, key);
        if (!gi_has_index(key))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "list indices must be integers or slices, not %T", key);
    }
    if (gi_read_index(ts, key, &i)) return GI_NULL;
    GiRef item = gi_list_at(ts, self, i);
    if (GI_UNLIKELY(gi_is_null(item)))
        return gi_raise_ref(ts, &gi_exc_IndexError, "list index out of range");
    return item;
}

/* Replaces items [start, start+removed) by n owned references in one step. LOCK: held. The removed
 * ones are left in `out` (room for `removed`). GI_FAIL: nothing changed. */
static GiStatus list_splice_locked(GiThread *ts, GiList *list, size_t start, size_t removed,
                                   const GiRef *items, size_t n, GiRef *out) {
    if (n > removed && list_reserve_locked(ts, list, n - removed)) return GI_FAIL;
    GiSlot *at = list->items + start;
    if (removed) memcpy(out, at, removed * sizeof(GiSlot));
    size_t tail = list->count - start - removed;
    if (n != removed && tail) move_slots(ts, at + n, at + removed, tail);
    if (n) move_slots(ts, at, (const GiSlot *)items, n);
    set_count(list, list->count - removed + n);
    if (n < removed) list_shrink_locked(ts, list);
    return GI_OK;
}

/* list[start:stop] = items (owned, consumed). */
static GiStatus list_assign_range(GiThread *ts, GiVal self, ssize_t start, ssize_t stop,
                                  GiItems *items) {
    GiList *list = gi_list_of(self);
    gi_lock_obj(ts, self);
    size_t removed = gi_slice_adjust(list->count, &start, &stop, 1);
    GiRef few[8], *out = removed <= 8 ? few : gi_mem_alloc(ts, removed * sizeof(GiRef));
    GiStatus status = GI_FAIL;
    if (out != NULL)
        status = list_splice_locked(ts, list, (size_t)start, removed, items->items, items->count, out);
    gi_unlock_obj(ts, self);
    if (status) gi_drop_all(ts, items->items, items->count);
    else gi_drop_all(ts, out, removed);
    if (out != few) gi_mem_free(out);
    gi_mem_free(items->items);
    return status;
}

/* del list[start:stop:step] with step other than 1. */
static GiStatus list_delete_extended(GiThread *ts, GiVal self, ssize_t start, ssize_t stop,
                                     ssize_t step) {
    GiList *list = gi_list_of(self);
    gi_lock_obj(ts, self);
    size_t n = gi_slice_adjust(list->count, &start, &stop, step);
    GiRef *out = n ? gi_mem_alloc(ts, n * sizeof(GiRef)) : NULL;
    if (out != NULL) {
        if (step < 0) {
            start += (ssize_t)(n - 1) * step;
            step = -step;
        }
        size_t to = (size_t)start, next = (size_t)start, taken = 0;
        for (size_t from = (size_t)start; from < list->count; from++) {
            if (taken < n && from == next) {
                out[taken++].bits = list->items[from].bits;
                next += (size_t)step;
            } else {
                gi_slot_publish(&list->items[to++], (GiRef){list->items[from].bits});
            }
        }
        set_count(list, list->count - n);
        list_shrink_locked(ts, list);
    }
    gi_unlock_obj(ts, self);
    if (n == 0) return GI_OK;
    if (out == NULL) return GI_FAIL;
    gi_drop_all(ts, out, n);
    gi_mem_free(out);
    return GI_OK;
}

/* list[start:stop:step] = items (owned, consumed). */
static GiStatus list_assign_extended(GiThread *ts, GiVal self, ssize_t start, ssize_t stop,
                                     ssize_t step, GiItems *items) {
    GiList *list = gi_list_of(self);
    gi_lock_obj(ts, self);
    size_t n = gi_slice_adjust(list->count, &start, &stop, step);
    bool fits = n == items->count;
    if (fits)
        for (size_t i = 0; i < n; i++, start += step) {
            GiRef old = {list->items[start].bits};
            gi_slot_publish(&list->items[start], items->items[i]);
            items->items[i] = old;
        }
    gi_unlock_obj(ts, self);
    size_t given = items->count;
    gi_items_drop(ts, items);
    if (fits) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError,
                           "attempt to assign sequence of size %zu to extended slice of size %zu",
                           given, n);
}

static GiStatus list_set_slice(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t start, stop, step;
    if (gi_slice_unpack(ts, key, &start, &stop, &step)) return GI_FAIL;
    GiItems items = {NULL, 0};
    if (gi_is_null(value)) {
        if (step == 1) return list_assign_range(ts, self, start, stop, &items);
        return list_delete_extended(ts, self, start, stop, step);
    }
    if (gi_items_of(ts, value, &items,
                    step == 1 ? "can only assign an iterable"
                              : "must assign iterable to extended slice"))
        return GI_FAIL;
    if (step == 1) return list_assign_range(ts, self, start, stop, &items);
    return list_assign_extended(ts, self, start, stop, step, &items);
}

/* Takes item `index` out; null without exception when out of range. */
static GiRef list_remove_at(GiThread *ts, GiVal self, ssize_t index) {
    GiList *list = gi_list_of(self);
    GiRef old = GI_NULL;
    gi_lock_obj(ts, self);
    if (index < 0) index += (ssize_t)list->count;
    if (index >= 0 && (size_t)index < list->count) {
        size_t i = (size_t)index;
        old = (GiRef){list->items[i].bits};
        if (i + 1 < list->count) move_slots(ts, &list->items[i], &list->items[i + 1], list->count - i - 1);
        set_count(list, list->count - 1);
        list_shrink_locked(ts, list);
    }
    gi_unlock_obj(ts, self);
    return old;
}

static GiStatus list_set_item(GiThread *ts, GiVal self, ssize_t index, GiVal value) {
    if (gi_is_null(value)) {
        GiRef old = index < 0 ? GI_NULL : list_remove_at(ts, self, index);
        if (gi_is_null(old))
            return gi_raise_status(ts, &gi_exc_IndexError, "list assignment index out of range");
        gi_drop(ts, old);
        return GI_OK;
    }
    if (index < 0)
        return gi_raise_status(ts, &gi_exc_IndexError, "list assignment index out of range");
    return gi_list_set(ts, self, (size_t)index, gi_dup(ts, value));
}

static GiStatus list_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    ssize_t i;
    if (!gi_is_smallint(key)) {
        if (gi_is_slice(key)) return list_set_slice(ts, self, key, value);
        if (!gi_has_index(key))
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "list indices must be integers or slices, not %T", key);
    }
    if (gi_read_index(ts, key, &i)) return GI_FAIL;
    if (!gi_is_null(value)) return list_put(ts, self, i, gi_dup(ts, value));
    GiRef old = list_remove_at(ts, self, i);
    if (gi_is_null(old))
        return gi_raise_status(ts, &gi_exc_IndexError, "list assignment index out of range");
    gi_drop(ts, old);
    return GI_OK;
}

/* The first item from start to stop (either from the end, if negative) that equals `value`, -1: none,
 * -2: that takes Python code; all in one step. `number` not NULL: counts them instead, and gives -1 or -2. */
static ssize_t scan_at_once(GiThread *ts, GiVal self, GiVal value, ssize_t start, ssize_t stop, int64_t *number) {
    const GiList *list = gi_list_of(self);
    ssize_t found = -1;
    if (!gi_is_plain(value)) return -2;
    gi_lock_obj(ts, self);
    if (start < 0) start = GI_MAX(start + (ssize_t)list->count, 0);
    if (stop < 0) stop = GI_MAX(stop + (ssize_t)list->count, 0);
    for (size_t i = (size_t)start; found == -1 && i < (size_t)stop && i < list->count; i++) {
        GiVal x = gi_val(list->items[i]);
        if (!gi_same(x, value) && !gi_is_plain(x)) found = -2;
        else if (!gi_same(x, value) && gi_equal(ts, x, value).value <= 0) continue;
        else if (number != NULL) ++*number;
        else found = (ssize_t)i;
    }
    gi_unlock_obj(ts, self);
    return found;
}

static GiTruth list_contains(GiThread *ts, GiVal self, GiVal item) {
    for (size_t i = 0;; i++) {
        GiRef x = gi_list_get(ts, self, i);
        if (gi_is_null(x)) { /* items may have moved past us while other threads changed the list */
            if (gi_is_private(ts, self)) return GI_TRUTH_NO;
            return gi_truth_of(scan_at_once(ts, self, item, 0, PTRDIFF_MAX, NULL) >= 0);
        }
        GiTruth eq = gi_item_equal(ts, gi_val(x), item);
        gi_drop(ts, x);
        if (eq.value != 0) return eq;
    }
}

static GiRef list_concat(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_list(right))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can only concatenate list (not \"%T\") to list",
                            right);
    GiRef result = gi_list_new(ts, 0);
    if (gi_is_null(result)) return result;
    GiList *to = gi_list_of(result), *x = gi_list_of(left), *y = gi_list_of(right);
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(left), GI_OBJ_LOCK(right));
    size_t n = x->count + y->count;
    if (n) to->items = gi_mem_alloc(ts, n * sizeof(GiSlot));
    bool ok = n == 0 || to->items != NULL;
    if (ok) {
        to->capacity = to->count = n;
        for (size_t i = 0; i < x->count; i++)
            gi_slot_init(&to->items[i], gi_dup(ts, gi_val(x->items[i])));
        for (size_t i = 0; i < y->count; i++)
            gi_slot_init(&to->items[x->count + i], gi_dup(ts, gi_val(y->items[i])));
    }
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(left), GI_OBJ_LOCK(right));
    if (ok) return result;
    gi_drop(ts, result);
    return GI_NULL;
}

static GiRef list_inplace_concat(GiThread *ts, GiVal self, GiVal other) {
    if (gi_list_extend(ts, self, other)) return GI_NULL;
    return gi_dup(ts, self);
}

/* Makes the list's items its first `n` items, `times` over. LOCK: held; n items are there. */
static GiStatus list_multiply_locked(GiThread *ts, GiList *list, size_t n, size_t times) {
    if (times > LIST_MAX / n) {
        gi_raise_nomem(ts);
        return GI_FAIL;
    }
    if (n * times > list->capacity && list_set_capacity_locked(ts, list, n * times)) return GI_FAIL;
    GiSlot *to = list->items + n;
    for (size_t i = 0; i < n; i++) { /* counted before any of them can be seen */
        GiVal v = gi_val(list->items[i]);
        if (!gi_is_heap(v)) continue;
        for (size_t k = 1; k < times; k++) gi_incref_obj(ts, gi_obj(v));
    }
    for (size_t done = n, total = n * times; done < total;) {
        size_t chunk = GI_MIN(done, total - done);
        move_slots(ts, to, list->items, chunk);
        to += chunk;
        done += chunk;
    }
    set_count(list, n * times);
    return GI_OK;
}

static GiRef list_repeat(GiThread *ts, GiVal self, ssize_t times) {
    if (times <= 0) return gi_list_new(ts, 0);
    GiRef result = gi_list_slice(ts, self, 0, PTRDIFF_MAX);
    if (gi_is_null(result) || times == 1 || gi_list_len(result) == 0) return result;
    if (list_multiply_locked(ts, gi_list_of(result), gi_list_len(result), (size_t)times)) {
        gi_drop(ts, result);
        return GI_NULL;
    }
    return result;
}

static GiRef list_inplace_repeat(GiThread *ts, GiVal self, ssize_t times) {
    GiList *list = gi_list_of(self);
    if (times <= 0) {
        gi_list_clear(ts, self);
        return gi_dup(ts, self);
    }
    gi_lock_obj(ts, self);
    GiStatus status = GI_OK;
    if (list->count && times > 1)
        status = list_multiply_locked(ts, list, list->count, (size_t)times);
    gi_unlock_obj(ts, self);
    return status ? GI_NULL : gi_dup(ts, self);
}

static GiRef list_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op);

/* list_compare of lists that others may be changing, in one step. False: an item is an instance of a
 * class of the program, whose code may change both meanwhile. */
static GI_COLD bool compare_free(GiThread *ts, GiVal self, GiVal other, GiCompareOp op, GiRef *result) {
    const GiList *a = gi_list_of(self), *b = gi_list_of(other);
    GiRef x = GI_NULL, y = GI_NULL, copies[2];
    bool plain = true, equality = op == GI_EQ || op == GI_NE;
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(self), GI_OBJ_LOCK(other));
    size_t m = a->count, n = b->count, i = equality && m != n ? SIZE_MAX : 0;
    for (; i < GI_MIN(m, n); i++) {
        GiVal p = gi_val(a->items[i]), q = gi_val(b->items[i]);
        if (gi_same(p, q)) continue;
        plain = gi_is_plain(p) && gi_is_plain(q);
        if (plain && gi_equal(ts, p, q).value > 0) continue;
        x = gi_dup(ts, p), y = gi_dup(ts, q);
        break;
    }
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(self), GI_OBJ_LOCK(other));
    bool done = plain || (gi_is_builtin(gi_val(x)) && gi_is_builtin(gi_val(y)));
    if (done && !plain) {
        *result = GI_NULL;
        if (gi_copy_both(ts, self, other, copies) == GI_OK) {
            *result = list_compare(ts, gi_val(copies[0]), gi_val(copies[1]), op);
            gi_drop(ts, copies[0]), gi_drop(ts, copies[1]);
        }
    } else if (done && (gi_is_null(x) || equality)) {
        *result = gi_is_null(x) ? gi_order_ref((ssize_t)m - (ssize_t)n, op) : gi_bool_ref(op == GI_NE);
    } else if (done) {
        *result = gi_compare(ts, gi_val(x), gi_val(y), op);
    }
    gi_xdrop(ts, x), gi_xdrop(ts, y);
    return done;
}

/* Both lists may change while their items are compared. */
static GiRef list_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    GiRef at_once;
    if (!gi_is_list(self) || !gi_is_list(other)) return GI_REF_NOTIMPLEMENTED;
    if (!(gi_is_private(ts, self) && gi_is_private(ts, other)) && compare_free(ts, self, other, op, &at_once))
        return at_once;
    if (gi_list_len(self) != gi_list_len(other) && (op == GI_EQ || op == GI_NE))
        return gi_bool_ref(op == GI_NE);
    for (size_t i = 0;; i++) {
        GiRef x = gi_list_get(ts, self, i);
        if (gi_is_null(x)) break;
        GiRef y = gi_list_get(ts, other, i);
        if (gi_is_null(y)) {
            gi_drop(ts, x);
            break;
        }
        GiTruth eq = gi_item_equal(ts, gi_val(x), gi_val(y));
        GiRef result = GI_NULL;
        /* PYSEM: if comparing cut a list short, the lengths decide. */
        bool cut = i >= gi_list_len(self) || i >= gi_list_len(other);
        if (eq.value == 0 && !cut) {
            if (op == GI_EQ || op == GI_NE) result = gi_bool_ref(op == GI_NE);
            else result = gi_compare(ts, gi_val(x), gi_val(y), op);
        }
        gi_drop(ts, x);
        gi_drop(ts, y);
        if (eq.value == 0 && cut) break;
        if (eq.value <= 0) return result;
    }
    return gi_order_ref((ssize_t)gi_list_len(self) - (ssize_t)gi_list_len(other), op);
}

static GiRef repr_items(GiThread *ts, GiVal self) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_char(&sb, '[');
    for (size_t i = 0; !sb.failed; i++) {
        GiRef item = gi_list_get(ts, self, i);
        if (gi_is_null(item)) break;
        if (i) gi_sb_lit(&sb, ", ");
        gi_sb_repr(&sb, gi_val(item));
        gi_drop(ts, item);
    }
    gi_sb_char(&sb, ']');
    return gi_sb_finish(&sb);
}

/* Of what others may be changing, what it holds at one moment is shown. */
static GiRef list_repr(GiThread *ts, GiVal self) {
    if (gi_list_len(self) == 0) return gi_str_from_cstr(ts, "[]");
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "[...]");
    GiRef copy = gi_is_private(ts, self) ? GI_NULL : gi_list_slice(ts, self, 0, PTRDIFF_MAX), text = GI_NULL;
    if (!gi_raised(ts)) text = repr_items(ts, gi_is_null(copy) ? self : gi_val(copy));
    gi_xdrop(ts, copy);
    gi_repr_leave(ts, self);
    return text;
}

/* ---- Construction ---- */

static GiRef list_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                      GiVal kwnames GI_UNUSED) {
    return type == &gi_list_type ? gi_list_new(ts, 0) : gi_type_alloc(ts, type, 0);
}

static GiStatus list_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    /* Keywords are for a subclass that takes them in __new__. */
    if (gi_type_of(self)->new_ == list_new && gi_no_kwargs(ts, "list", kwnames)) return GI_FAIL;
    if (gi_check_args(ts, "list", nargs, 0, 1)) return GI_FAIL;
    if (gi_list_of(self)->items != NULL) gi_list_clear(ts, self);
    return nargs ? gi_list_extend(ts, self, args[0]) : GI_OK;
}

static GiRef list_vectornew(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs,
                            GiVal kwnames) {
    if (gi_no_kwargs(ts, "list", kwnames)) return GI_NULL;
    if (gi_check_args(ts, "list", nargs, 0, 1)) return GI_NULL;
    return nargs ? gi_to_list(ts, args[0]) : gi_list_new(ts, 0);
}

/* ---- Methods ---- */

GI_METHOD(list, append, "(self, object, /)", "Append object to the end of the list.") {
    return gi_list_append(ts, self, gi_dup(ts, a->object)) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(list, clear, "(self, /)", "Remove all items from list.") {
    gi_list_clear(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(list, copy, "(self, /)", "Return a shallow copy of the list.") {
    return gi_list_slice(ts, self, 0, PTRDIFF_MAX);
}

GI_METHOD(list, count, "(self, value, /)", "Return number of occurrences of value.") {
    int64_t found = 0;
    if (!gi_is_private(ts, self)) {
        if (scan_at_once(ts, self, a->value, 0, PTRDIFF_MAX, &found) == -1) return gi_smallint_ref(found);
        found = 0;
    }
    for (size_t i = 0;; i++) {
        GiRef x = gi_list_get(ts, self, i);
        if (gi_is_null(x)) return gi_smallint_ref(found);
        GiTruth eq = gi_item_equal(ts, gi_val(x), a->value);
        gi_drop(ts, x);
        if (eq.value < 0) return GI_NULL;
        found += eq.value;
    }
}

GI_METHOD(list, extend, "(self, iterable, /)", "Extend list by appending elements from the iterable.") {
    return gi_list_extend(ts, self, a->iterable) ? GI_NULL : GI_REF_NONE;
}

/* PYSEM: a method beside the slot, as in CPython. */
GI_METHOD(list, __getitem__, "(self, object, /)", "x.__getitem__(y) <==> x[y]") {
    return list_subscript(ts, self, a->object);
}

GI_METHOD(list, index, "(self, value, start: index = 0, stop: index = 9223372036854775807, /)",
          "Return first index of value.\n\nRaises ValueError if the value is not present.") {
    ssize_t start = a->start, stop = a->stop, found = -2;
    if (!gi_is_private(ts, self)) found = scan_at_once(ts, self, a->value, start, stop, NULL);
    if (found >= 0) return gi_smallint_ref(found);
    ssize_t n = (ssize_t)gi_list_len(self);
    if (start < 0) start = GI_MAX(start + n, 0);
    if (stop < 0) stop = GI_MAX(stop + n, 0);
    for (ssize_t i = start; found == -2 && i < stop; i++) {
        GiRef x = gi_list_get(ts, self, (size_t)i);
        if (gi_is_null(x)) break;
        GiTruth eq = gi_item_equal(ts, gi_val(x), a->value);
        gi_drop(ts, x);
        if (eq.value < 0) return GI_NULL;
        if (eq.value) return gi_smallint_ref(i);
    }
    return gi_raise_ref(ts, &gi_exc_ValueError, "%R is not in list", a->value);
}

GI_METHOD(list, insert, "(self, index: ssize, object, /)", "Insert object before index.") {
    return gi_list_insert(ts, self, a->index, gi_dup(ts, a->object)) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(list, pop, "(self, index: ssize = -1, /)",
          "Remove and return item at index (default last).\n\nRaises IndexError if list is empty or "
          "index is out of range.") {
    GiList *list = gi_list_of(self);
    if (a->index == -1) { /* the common case */
        gi_lock_obj(ts, self);
        if (list->count) {
            set_count(list, list->count - 1);
            GiRef last = {list->items[list->count].bits};
            list_shrink_locked(ts, list);
            gi_unlock_obj(ts, self);
            return last;
        }
        gi_unlock_obj(ts, self);
        return gi_raise_ref(ts, &gi_exc_IndexError, "pop from empty list");
    }
    bool empty = gi_list_len(self) == 0;
    GiRef item = list_remove_at(ts, self, a->index);
    if (gi_is_null(item))
        gi_raise(ts, &gi_exc_IndexError, empty ? "pop from empty list" : "pop index out of range");
    return item;
}

/* Takes out item `x`, which stood at `index` a moment ago, wherever it is now; null: nowhere. */
static GiRef take_item_locked(GiThread *ts, GiList *list, size_t index, GiVal x) {
    if (index >= list->count || !gi_same(list->items[index], x))
        for (index = 0; index < list->count && !gi_same(list->items[index], x);) index++;
    if (index >= list->count) return GI_NULL;
    GiRef old = {list->items[index].bits};
    move_slots(ts, &list->items[index], &list->items[index + 1], list->count - index - 1);
    set_count(list, list->count - 1);
    list_shrink_locked(ts, list);
    return old;
}

/* list.remove beside other threads: one step, except for comparisons in Python code. */
static GI_COLD GiRef remove_free(GiThread *ts, GiVal self, GiVal value) {
    GiList *list = gi_list_of(self);
    bool plain = gi_is_plain(value);
    gi_lock_obj(ts, self);
    for (size_t i = 0; i < list->count; i++) {
        GiVal x = gi_val(list->items[i]);
        GiRef old = GI_NULL;
        if (gi_same(x, value) || (plain && gi_is_plain(x))) {
            if (!gi_same(x, value) && gi_equal(ts, x, value).value <= 0) continue;
            old = take_item_locked(ts, list, i, x);
        } else {
            GiRef asked = gi_dup(ts, x);
            gi_unlock_obj(ts, self);
            GiTruth eq = gi_equal(ts, gi_val(asked), value);
            if (eq.value > 0) {
                gi_lock_obj(ts, self);
                old = take_item_locked(ts, list, i, gi_val(asked));
                gi_unlock_obj(ts, self);
            }
            gi_drop(ts, asked);
            if (eq.value < 0) return GI_NULL;
            gi_lock_obj(ts, self);
        }
        if (gi_is_null(old)) continue;
        gi_unlock_obj(ts, self);
        gi_drop(ts, old);
        return GI_REF_NONE;
    }
    gi_unlock_obj(ts, self);
    return gi_raise_ref(ts, &gi_exc_ValueError, "list.remove(x): x not in list");
}

GI_METHOD(list, remove, "(self, value, /)",
          "Remove first occurrence of value.\n\nRaises ValueError if the value is not present.") {
    if (ts->core.free_running) return remove_free(ts, self, a->value);
    for (size_t i = 0;; i++) {
        GiRef x = gi_list_get(ts, self, i);
        if (gi_is_null(x))
            return gi_raise_ref(ts, &gi_exc_ValueError, "list.remove(x): x not in list");
        GiTruth eq = gi_item_equal(ts, gi_val(x), a->value);
        gi_drop(ts, x);
        if (eq.value < 0) return GI_NULL;
        if (eq.value) {
            gi_xdrop(ts, list_remove_at(ts, self, (ssize_t)i));
            return GI_REF_NONE;
        }
    }
}

GI_METHOD(list, reverse, "(self, /)", "Reverse *IN PLACE*.") {
    return gi_list_reverse(ts, self) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(list, sort, "(self, /, *, key = None, reverse: boolint = False)",
          "Sort the list in ascending order and return None.\n\nThe sort is in-place (i.e. the list "
          "itself is modified) and stable (i.e. the\norder of two equal elements is maintained).\n\n"
          "If a key function is given, apply it once to each list item and sort them,\nascending or "
          "descending, according to their function values.\n\nThe reverse flag can be set to sort "
          "in descending order.") {
    return gi_list_sort(ts, self, a->key, a->reverse != 0) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(list, __reversed__, "(self, /)", "Return a reverse iterator over the list.") {
    GiListIter *it = (GiListIter *)gi_heap_new_fast(ts, &gi_list_reverse_iter_type, sizeof(GiListIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->list, gi_dup(ts, self));
    it->index = (ssize_t)gi_list_len(self) - 1;
    return gi_own_obj(it);
}

GI_METHOD(list, __sizeof__, "(self, /)", "Return the size of the list in memory, in bytes.") {
    return gi_smallint_ref((int64_t)(gi_type_of(self)->size +
                                     gi_list_of(self)->capacity * sizeof(GiSlot)));
}

GI_CLASSMETHOD(list, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static GiRef list_iter(GiThread *ts, GiVal self) {
    GiListIter *it = (GiListIter *)gi_heap_new_fast(ts, &gi_list_iter_type, sizeof(GiListIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->list, gi_dup(ts, self));
    return gi_own_obj(it);
}

GiType gi_list_type = {
    .obj = GI_TYPE_HEAD,
    .name = "list",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_SEQUENCE | GI_TYPE_MATCH_SELF | GI_TYPE_LIST |
             GI_TYPE_IMMUTABLE,
    .size = sizeof(GiList),
    .base = &gi_object_type,
    .doc = "list(iterable=(), /)\n--\n\nBuilt-in mutable sequence.\n\nIf no argument is given, the constructor creates a new "
           "empty list.\nThe argument must be an iterable if specified.",
    .fields = (const GiField[]){GI_ARRAY(GiList, items, count), GI_FIELDS_END},
    .methods = list_methods,
    .new_ = list_new,
    .init = list_init,
    .vectornew = list_vectornew,
    .repr = list_repr,
    .compare = list_compare,
    .iter = list_iter,
    .length = list_length,
    .item = list_item,
    .set_item = list_set_item,
    .subscript = list_subscript,
    .set_subscript = list_set_subscript,
    .contains = list_contains,
    .concat = list_concat,
    .inplace_concat = list_inplace_concat,
    .repeat = list_repeat,
    .inplace_repeat = list_inplace_repeat,
};

/* ---- list_iterator and list_reverseiterator ---- */

#define list_iter_of(v) ((GiListIter *)gi_obj(v))

/* Who waits for the list's lock counts the list. */
GiRef gi_list_iter_item(GiThread *ts, GiVal self, ssize_t index) {
    GiSlot *slot = &list_iter_of(self)->list;
    GiVal list = gi_slot_peek_shared(slot);
    GiRef item;
    if (gi_is_null(list)) return GI_NULL;
    if (GI_LIKELY(try_item_often(ts, gi_list_of(list), index, &item))) return item;
    GiRef held = gi_slot_load(ts, slot);
    if (gi_is_null(held)) return GI_NULL;
    item = get_locked(ts, gi_val(held), index);
    gi_drop(ts, held);
    return item;
}

/* The index says where, and -1 that it is exhausted, which it stays. */
static GI_NOINLINE GiRef list_iter_next_free(GiThread *ts, GiVal self, ssize_t step) {
    GiListIter *it = list_iter_of(self);
    for (;;) {
        ssize_t index = gi_position(&it->index);
        GiRef item = index < 0 ? GI_NULL : gi_list_iter_item(ts, self, index);
        if (GI_LIKELY(!gi_is_null(item))) {
            if (GI_LIKELY(gi_claim(ts, self, &it->index, index, index + step))) return item;
            gi_drop(ts, item);
        } else if (index < 0 || gi_claim(ts, self, &it->index, index, -1)) {
            gi_exhaust_of(ts, self, &it->list);
            return GI_NULL;
        }
    }
}

static GiRef list_iter_next(GiThread *ts, GiVal self) {
    if (GI_UNLIKELY(ts->core.free_running)) return list_iter_next_free(ts, self, 1);
    GiListIter *it = list_iter_of(self);
    GiVal list = gi_slot_peek(&it->list);
    if (gi_is_null(list) || it->index < 0) return GI_NULL;
    GiRef item = get_alone(ts, list, (size_t)it->index);
    if (GI_LIKELY(!gi_is_null(item))) {
        it->index++;
        return item;
    }
    it->index = -1; /* once exhausted it stays so */
    gi_slot_clear(ts, &it->list);
    return GI_NULL;
}

static bool list_iter_spent(GiObj *self) { return ((GiListIter *)self)->index < 0; }

/* GiRest of both. */
static GiRef iter_rest(GiThread *ts, GiVal self, bool fresh GI_UNUSED) {
    GiListIter *it = list_iter_of(self);
    bool reverse = gi_obj_type(&it->obj) == &gi_list_reverse_iter_type;
    GiRef list = gi_slot_load(ts, &it->list);
    ssize_t index = __atomic_exchange_n(&it->index, -1, __ATOMIC_ACQ_REL);
    GiRef rest = gi_is_null(list) || index < 0 ? gi_list_new(ts, 0)
                 : reverse                     ? gi_list_slice(ts, gi_val(list), 0, index + 1)
                                               : gi_list_slice(ts, gi_val(list), index, PTRDIFF_MAX);
    gi_xdrop(ts, list);
    if (!reverse || gi_is_null(rest)) return rest;
    if ((ssize_t)gi_list_len(rest) <= index) gi_list_clear(ts, gi_val(rest)); /* it ends there */
    if (gi_list_reverse(ts, gi_val(rest)) == GI_OK) return rest;
    gi_drop(ts, rest);
    return GI_NULL;
}
static const GiRest rest_of_list = {.list = iter_rest};

/* The list of an iterator that is not exhausted, and its position. */
static GiRef iter_list(GiThread *ts, GiVal self, ssize_t *index) {
    GiListIter *it = list_iter_of(self);
    *index = gi_position(&it->index);
    return *index < 0 ? GI_NULL : gi_slot_load(ts, &it->list);
}

static GiRef iter_reduce(GiThread *ts, GiVal self, const char *builtin) {
    ssize_t index;
    GiRef list = iter_list(ts, self, &index), result;
    if (!gi_is_null(list)) {
        result = gi_reduce_iter(ts, builtin, gi_val(list), index, true);
    } else {
        list = gi_list_new(ts, 0);
        if (gi_is_null(list)) return list;
        result = gi_reduce_iter(ts, "iter", gi_val(list), 0, false);
    }
    gi_drop(ts, list);
    return result;
}

/* __setstate__ moves an iterator that is not exhausted; `to` is what its list allows. */
static void iter_move(GiThread *ts, GiVal self, ssize_t to) {
    GiListIter *it = list_iter_of(self);
    for (;;) {
        ssize_t index = gi_position(&it->index);
        if (index < 0 || gi_claim(ts, self, &it->index, index, to)) return;
    }
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

GI_METHOD(list_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    ssize_t index, left = 0;
    GiRef list = iter_list(ts, self, &index);
    if (!gi_is_null(list)) left = (ssize_t)gi_list_len(list) - index;
    gi_xdrop(ts, list);
    return gi_smallint_ref(GI_MAX(left, 0));
}

GI_METHOD(list_iter, __reduce__, "(self)", "Return state information for pickling.") {
    return iter_reduce(ts, self, "iter");
}

GI_METHOD(list_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    iter_move(ts, self, GI_MAX(a->state, 0));
    return GI_REF_NONE;
}

GiType gi_list_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "list_iterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiListIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiListIter, list), GI_FIELDS_END},
    .methods = list_iter_methods,
    .iter = iter_self,
    .next = list_iter_next,
    .spent = list_iter_spent,
    .native = (void *)&rest_of_list,
};

static GiRef list_reverse_iter_next(GiThread *ts, GiVal self) {
    if (GI_UNLIKELY(ts->core.free_running)) return list_iter_next_free(ts, self, -1);
    GiListIter *it = list_iter_of(self);
    GiVal list = gi_slot_peek(&it->list);
    if (gi_is_null(list)) return GI_NULL;
    GiRef item = it->index < 0 ? GI_NULL : get_alone(ts, list, (size_t)it->index);
    if (!gi_is_null(item)) {
        it->index--;
        return item;
    }
    it->index = -1;
    gi_slot_clear(ts, &it->list);
    return GI_NULL;
}

GI_METHOD(list_reverse_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    ssize_t left = 0;
    GiRef list = gi_slot_load(ts, &list_iter_of(self)->list);
    if (!gi_is_null(list)) left = gi_position(&list_iter_of(self)->index) + 1;
    if (left && (ssize_t)gi_list_len(list) < left) left = 0;
    gi_xdrop(ts, list);
    return gi_smallint_ref(left);
}

GI_METHOD(list_reverse_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiRef list = gi_slot_load(ts, &list_iter_of(self)->list), result;
    if (gi_is_null(list)) return iter_reduce(ts, self, "reversed");
    result = gi_reduce_iter(ts, "reversed", gi_val(list), gi_position(&list_iter_of(self)->index), true);
    gi_drop(ts, list);
    return result;
}

GI_METHOD(list_reverse_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    GiRef list = gi_slot_load(ts, &list_iter_of(self)->list);
    if (gi_is_null(list)) return GI_REF_NONE;
    ssize_t n = (ssize_t)gi_list_len(list), i = a->state;
    gi_drop(ts, list);
    __atomic_store_n(&list_iter_of(self)->index, i < -1 ? -1 : i > n - 1 ? n - 1 : i, __ATOMIC_RELEASE);
    return GI_REF_NONE;
}

GiType gi_list_reverse_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "list_reverseiterator",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiListIter),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiListIter, list), GI_FIELDS_END},
    .methods = list_reverse_iter_methods,
    .iter = iter_self,
    .next = list_reverse_iter_next,
    .spent = list_iter_spent,
    .native = (void *)&rest_of_list,
};
