/* deque.c - collections.deque: a ring of slots that grows at both ends.
 *
 * INVARIANT: item i stands in items[(head + i) & (capacity - 1)]; capacity is 0 or a power of two;
 * `state` changes with every mutation, so that iterators notice. With a maximum length, items fall
 * off at the other end. LOCK: the byte lock guards the ring, for reading too.
 */
#include "modules/_collections/collections.h"
#include "objects/range.h"
#include "objects/whole.h"

typedef struct GiDeque {
    GiObj obj;
    GiSlot *items;
    size_t capacity, head, count;
    ssize_t max; /* -1: none */
    uint64_t state;
} GiDeque;
typedef struct GiDequeIter {
    GiObj obj;
    GiSlot deque;
    size_t index, left;
    uint64_t state;
} GiDequeIter;

#include "modules/_collections/deque.gen.h"

#define deque_of(v) ((GiDeque *)gi_obj(v))
#define deque_iter_of(v) ((GiDequeIter *)gi_obj(v))
#define is_deque(v) gi_is_instance_of(v, &gi_deque_type)

static inline GiSlot *slot_at(const GiDeque *d, size_t i) {
    return &d->items[(d->head + i) & (d->capacity - 1)];
}

/* How many there are is also looked at without the lock, to find memory for them. */
static inline void set_count(GiDeque *d, size_t count) { __atomic_store_n(&d->count, count, __ATOMIC_RELAXED); }

/* Room for `more` items. LOCK: held. */
static GiStatus reserve_locked(GiThread *ts, GiDeque *d, size_t more) {
    if (d->capacity - d->count >= more) return GI_OK;
    size_t capacity = GI_MAX(d->capacity, 8);
    while (capacity - d->count < more) {
        if (capacity > PTRDIFF_MAX / sizeof(GiSlot) / 2) {
            gi_raise_nomem(ts);
            return GI_FAIL;
        }
        capacity *= 2;
    }
    GiSlot *items = gi_mem_alloc(ts, capacity * sizeof(GiSlot));
    if (items == NULL) return GI_FAIL;
    for (size_t i = 0; i < d->count; i++) items[i] = *slot_at(d, i);
    gi_mem_retire(ts, d->items);
    d->items = items;
    d->capacity = capacity;
    d->head = 0;
    return GI_OK;
}

/* Appends at an end; what falls off at the other, or the item on failure, is the caller's. LOCK: held. */
static GiStatus push_locked(GiThread *ts, GiDeque *d, GiRef item, bool left, GiRef *off) {
    GiStatus status = GI_OK;
    *off = GI_NULL;
    if (d->max == 0) {
        *off = item;
    } else {
        if (d->max > 0 && d->count >= (size_t)d->max) {
            off->bits = slot_at(d, left ? d->count - 1 : 0)->bits;
            if (!left) d->head = (d->head + 1) & (d->capacity - 1);
            set_count(d, d->count - 1);
        } else {
            status = reserve_locked(ts, d, 1);
        }
        if (status == GI_OK) {
            if (left) d->head = (d->head - 1) & (d->capacity - 1);
            slot_at(d, left ? 0 : d->count)->bits = item.bits;
            set_count(d, d->count + 1);
        } else {
            *off = item;
        }
    }
    d->state++;
    return status;
}

/* Appends at an end; what falls off at the other is dropped. Consumes item. */
static GiStatus deque_push(GiThread *ts, GiVal v, GiRef item, bool left) {
    GiRef off;
    gi_lock_obj(ts, v);
    GiStatus status = push_locked(ts, deque_of(v), item, left, &off);
    gi_unlock_obj(ts, v);
    gi_xdrop(ts, off);
    return status;
}

/* Takes an item off an end; null when empty, nothing raised. */
static GiRef deque_take(GiThread *ts, GiVal v, bool left) {
    GiDeque *d = deque_of(v);
    GiRef item = GI_NULL;
    gi_lock_obj(ts, v);
    if (d->count) {
        item.bits = slot_at(d, left ? 0 : d->count - 1)->bits;
        if (left) d->head = (d->head + 1) & (d->capacity - 1);
        set_count(d, d->count - 1);
        d->state++;
    }
    gi_unlock_obj(ts, v);
    return item;
}

/* Item i, from the end if that is negative; null without exception when out of range. */
static GiRef deque_at(GiThread *ts, GiVal v, ssize_t at) {
    GiDeque *d = deque_of(v);
    gi_lock_obj(ts, v);
    size_t i = at < 0 ? (size_t)at + d->count : (size_t)at;
    GiRef item = i < d->count ? gi_slot_dup(ts, slot_at(d, i)) : GI_NULL;
    gi_unlock_obj(ts, v);
    return item;
}

/* The same for who counts up. */
static GiRef deque_get(GiThread *ts, GiVal v, size_t i) { return deque_at(ts, v, (ssize_t)i); }

static void deque_clear(GiThread *ts, GiVal v) {
    GiDeque *d = deque_of(v);
    gi_lock_obj(ts, v);
    GiDeque old = *d;
    d->items = NULL;
    d->capacity = d->head = 0;
    set_count(d, 0);
    d->state++;
    gi_unlock_obj(ts, v);
    for (size_t i = 0; i < old.count; i++) gi_drop(ts, (GiRef){slot_at(&old, i)->bits});
    gi_mem_retire(ts, old.items);
}

/* The items at one moment, and the state then. */
static GiStatus deque_items(GiThread *ts, GiVal v, GiItems *out, uint64_t *state) {
    const GiDeque *d = deque_of(v);
    for (;;) {
        size_t room = gi_load_relaxed(&d->count);
        *out = (GiItems){gi_mem_alloc(ts, (room + 1) * sizeof(GiRef)), 0};
        if (out->items == NULL) return GI_FAIL;
        gi_lock_obj(ts, v);
        bool fits = d->count <= room;
        for (size_t i = 0; fits && i < d->count; i++) out->items[out->count++] = gi_slot_dup(ts, slot_at(d, i));
        *state = d->state;
        gi_unlock_obj(ts, v);
        if (GI_LIKELY(fits)) return GI_OK;
        gi_mem_free(out->items); /* it grew while memory was being found */
    }
}

/* Pushes all items, `times` over, in one step, unless `state` is given and has changed: *done false. */
static GiStatus push_all(GiThread *ts, GiVal v, const GiItems *items, size_t times, bool left,
                         const uint64_t *state, bool *done) {
    GiDeque *d = deque_of(v);
    size_t dropped = 0, total = items->count * times;
    GiRef *off = gi_mem_alloc(ts, (total + 1) * sizeof(GiRef));
    if (off == NULL) return GI_FAIL;
    GiStatus status = GI_OK;
    gi_lock_obj(ts, v);
    *done = state == NULL || d->state == *state;
    for (size_t i = 0; *done && i < total && status == GI_OK; i++) {
        GiRef gone;
        status = push_locked(ts, d, gi_dup(ts, gi_val(items->items[i % items->count])), left, &gone);
        if (!gi_is_null(gone)) off[dropped++] = gone;
    }
    gi_unlock_obj(ts, v);
    gi_drop_all(ts, off, dropped);
    gi_mem_free(off);
    return status;
}

static GiStatus extend_at_once(GiThread *ts, GiVal v, GiVal iterable, bool left) {
    GiItems items;
    uint64_t state;
    bool done;
    if (is_deque(iterable) ? deque_items(ts, iterable, &items, &state) : gi_items_of(ts, iterable, &items, NULL))
        return GI_FAIL;
    GiStatus status = push_all(ts, v, &items, 1, left, NULL, &done);
    gi_items_drop(ts, &items);
    return status;
}

static GiStatus extend_from(GiThread *ts, GiVal v, GiRef it, bool left) {
    if (gi_is_null(it)) return GI_FAIL;
    GiStatus status = GI_OK;
    while (status == GI_OK) {
        GiRef item = gi_next(ts, gi_val(it));
        if (gi_is_null(item)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = deque_push(ts, v, item, left);
    }
    gi_drop(ts, it);
    return status;
}

static GI_COLD GiStatus extend_free(GiThread *ts, GiVal v, GiVal iterable, bool left) {
    if (gi_gives_natively(ts, iterable) || gi_same(v, iterable)) return extend_at_once(ts, v, iterable, left);
    bool listed;
    GiRef it = gi_iter_listed(ts, iterable, &listed);
    if (!listed || gi_is_null(it)) return extend_from(ts, v, it, left);
    GiStatus status = extend_at_once(ts, v, gi_val(it), left);
    gi_drop(ts, it);
    return status;
}

static GiStatus deque_extend(GiThread *ts, GiVal v, GiVal iterable, bool left) {
    if (GI_UNLIKELY(ts->core.free_running)) return extend_free(ts, v, iterable, left);
    if (gi_same(v, iterable)) {
        GiRef copy = gi_to_list(ts, iterable);
        if (gi_is_null(copy)) return GI_FAIL;
        GiStatus status = deque_extend(ts, v, gi_val(copy), left);
        gi_drop(ts, copy);
        return status;
    }
    return extend_from(ts, v, gi_iter(ts, iterable), left);
}

/* Turns the ring by n to the right. LOCK: held. */
static void rotate_locked(GiDeque *d, ssize_t n) {
    if (d->count < 2) return;
    n %= (ssize_t)d->count;
    if (n < 0) n += (ssize_t)d->count;
    if (n == 0) return;
    if (d->count == d->capacity) {
        d->head = (d->head - (size_t)n) & (d->capacity - 1);
    } else if ((size_t)n <= d->count / 2) {
        for (; n > 0; n--) {
            GiSlot last = *slot_at(d, d->count - 1);
            d->head = (d->head - 1) & (d->capacity - 1);
            *slot_at(d, 0) = last;
        }
    } else {
        for (n = (ssize_t)d->count - n; n > 0; n--) {
            GiSlot first = *slot_at(d, 0);
            d->head = (d->head + 1) & (d->capacity - 1);
            *slot_at(d, d->count - 1) = first;
        }
    }
    d->state++;
}

/* Takes item i out of the middle. LOCK: held; i < count. */
static GiRef remove_at_locked(GiDeque *d, size_t i) {
    GiRef old = {slot_at(d, i)->bits};
    if (i < d->count / 2) {
        for (; i > 0; i--) *slot_at(d, i) = *slot_at(d, i - 1);
        d->head = (d->head + 1) & (d->capacity - 1);
    } else {
        for (; i + 1 < d->count; i++) *slot_at(d, i) = *slot_at(d, i + 1);
    }
    set_count(d, d->count - 1);
    d->state++;
    return old;
}

/* ---- Construction ---- */

static GiRef deque_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                       GiVal kwnames GI_UNUSED) {
    GiRef ref = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(ref)) deque_of(ref)->max = -1;
    return ref;
}

GI_INIT(deque, "(self, iterable = <unrepresentable>, maxlen = <unrepresentable>)") {
    ssize_t max = -1;
    if (!gi_is_null(a->maxlen) && !gi_is_none(a->maxlen)) {
        if (!gi_is_int(a->maxlen))
            return gi_raise_status(ts, &gi_exc_TypeError, "an integer is required");
        int64_t n;
        if (gi_int_as_i64(a->maxlen, &n))
            return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
        if (n < 0) return gi_raise_status(ts, &gi_exc_ValueError, "maxlen must be non-negative");
        max = n;
    }
    gi_lock_obj(ts, self);
    deque_of(self)->max = max;
    gi_unlock_obj(ts, self);
    if (deque_of(self)->count) deque_clear(ts, self);
    if (gi_is_null(a->iterable)) return GI_OK;
    return deque_extend(ts, self, a->iterable, false);
}

static GiRef deque_make(GiThread *ts, ssize_t max) {
    GiRef ref = gi_type_alloc(ts, &gi_deque_type, 0);
    if (!gi_is_null(ref)) deque_of(ref)->max = max;
    return ref;
}

/* A copy of the same type and maximum length. */
static GiRef deque_copy_of(GiThread *ts, GiVal self) {
    ssize_t max = deque_of(self)->max;
    if (!gi_is_exact(self, &gi_deque_type)) {
        GiRef limit = max < 0 ? GI_REF_NONE : gi_int_from_i64(ts, max);
        if (gi_is_null(limit)) return limit;
        GiRef copy = max < 0 ? gi_call1(ts, gi_type_val(gi_type_of(self)), self)
                             : gi_call2(ts, gi_type_val(gi_type_of(self)), self, gi_val(limit));
        gi_drop(ts, limit);
        if (!gi_is_null(copy) && !is_deque(gi_val(copy))) {
            gi_raise(ts, &gi_exc_TypeError, "%N() must return a deque, not %T", gi_type_of(self),
                     gi_val(copy));
            gi_drop(ts, copy);
            return GI_NULL;
        }
        return copy;
    }
    GiRef copy = deque_make(ts, max);
    if (gi_is_null(copy)) return copy;
    GiDeque *d = deque_of(self), *to = deque_of(copy);
    gi_lock_obj(ts, self);
    GiStatus status = d->count ? reserve_locked(ts, to, d->count) : GI_OK;
    if (status == GI_OK) {
        for (size_t i = 0; i < d->count; i++) to->items[i].bits = gi_slot_dup(ts, slot_at(d, i)).bits;
        to->count = d->count;
    }
    gi_unlock_obj(ts, self);
    if (status == GI_OK) return copy;
    gi_drop(ts, copy);
    return GI_NULL;
}

/* ---- Slots ---- */

/* Under the lock, since some changes go through lengths that nobody is to see. */
static ssize_t deque_length(GiThread *ts, GiVal self) {
    if (gi_is_private(ts, self)) return (ssize_t)deque_of(self)->count;
    gi_lock_obj(ts, self);
    size_t n = deque_of(self)->count;
    gi_unlock_obj(ts, self);
    return (ssize_t)n;
}

/* A deque takes its negative indices itself, in one step; a subclass may have a length of its own. */
static bool from_end(GiVal self) { return gi_type_of(self)->flags & GI_TYPE_ITEM_FROM_END; }

static GiRef deque_item(GiThread *ts, GiVal self, ssize_t i) {
    GiRef item = i < 0 && !from_end(self) ? GI_NULL : deque_at(ts, self, i);
    if (gi_is_null(item)) gi_raise(ts, &gi_exc_IndexError, "deque index out of range");
    return item;
}

static GiStatus deque_set_item(GiThread *ts, GiVal self, ssize_t i, GiVal value) {
    GiDeque *d = deque_of(self);
    GiRef old = GI_NULL;
    gi_lock_obj(ts, self);
    if (i < 0 && from_end(self)) i += (ssize_t)d->count;
    if (i >= 0 && (size_t)i < d->count) {
        if (gi_is_null(value)) {
            old = remove_at_locked(d, (size_t)i);
        } else {
            old.bits = slot_at(d, (size_t)i)->bits;
            slot_at(d, (size_t)i)->bits = gi_dup(ts, value).bits;
        }
    }
    gi_unlock_obj(ts, self);
    if (gi_is_null(old))
        return gi_raise_status(ts, &gi_exc_IndexError, "deque index out of range");
    gi_drop(ts, old);
    return GI_OK;
}

/* Makes start and stop count from the front. */
static void clip(ssize_t *start, ssize_t *stop, size_t count) {
    if (*start < 0) *start = GI_MAX(*start + (ssize_t)count, 0);
    if (*stop < 0) *stop = GI_MAX(*stop + (ssize_t)count, 0);
    if (*stop > (ssize_t)count) *stop = (ssize_t)count;
}

/* deque_find beside other threads: in one step, except for comparisons in Python code. `taken` not NULL:
 * the item is taken out as well; `number` not NULL: all of them are counted. */
static ssize_t find_free(GiThread *ts, GiVal self, GiVal v, ssize_t start, ssize_t stop, GiType *error,
                         const char *message, GiRef *taken, int64_t *number) {
    GiDeque *d = deque_of(self);
    bool plain = gi_is_plain(v);
    ssize_t at = -1;
    gi_lock_obj(ts, self);
    uint64_t state = d->state;
    clip(&start, &stop, d->count);
    for (size_t i = (size_t)start; i < (size_t)stop && i < d->count; i++) {
        GiVal x = gi_val(*slot_at(d, i));
        GiTruth eq = GI_TRUTH_YES;
        if (!gi_same(x, v)) {
            if (plain && gi_is_plain(x)) {
                eq = gi_equal(ts, x, v);
            } else {
                GiRef item = gi_dup(ts, x);
                gi_unlock_obj(ts, self);
                eq = gi_equal(ts, gi_val(item), v);
                gi_drop(ts, item);
                gi_lock_obj(ts, self);
                if (eq.value >= 0 && d->state != state) {
                    gi_raise(ts, error, "%s", message);
                    eq = GI_TRUTH_FAIL;
                }
            }
        }
        if (eq.value < 0) {
            at = -2;
            break;
        }
        if (eq.value == 0) continue;
        at = (ssize_t)i;
        if (number != NULL) {
            ++*number;
            continue;
        }
        if (taken != NULL) *taken = remove_at_locked(d, i);
        break;
    }
    gi_unlock_obj(ts, self);
    return at;
}

/* Position of the first item from start to stop (either from the end, if negative) that equals v, -1:
 * none, -2: failed. */
static ssize_t deque_find(GiThread *ts, GiVal self, GiVal v, ssize_t start, ssize_t stop,
                          GiType *error, const char *message) {
    if (ts->core.free_running) return find_free(ts, self, v, start, stop, error, message, NULL, NULL);
    uint64_t state = deque_of(self)->state;
    clip(&start, &stop, deque_of(self)->count);
    for (ssize_t i = start; i < stop; i++) {
        GiRef item = deque_get(ts, self, (size_t)i);
        if (gi_is_null(item)) break;
        GiTruth eq = gi_item_equal(ts, gi_val(item), v);
        gi_drop(ts, item);
        if (eq.value < 0) return -2;
        if (deque_of(self)->state != state) {
            gi_raise(ts, error, "%s", message);
            return -2;
        }
        if (eq.value) return i;
    }
    return -1;
}
#define MUTATED "deque mutated during iteration"

static GiTruth deque_contains(GiThread *ts, GiVal self, GiVal v) {
    ssize_t at = deque_find(ts, self, v, 0, PTRDIFF_MAX, &gi_exc_RuntimeError, MUTATED);
    return at == -2 ? GI_TRUTH_FAIL : gi_truth_of(at >= 0);
}

static GiRef deque_concat(GiThread *ts, GiVal left, GiVal right) {
    if (!is_deque(right))
        return gi_raise_ref(ts, &gi_exc_TypeError, "can only concatenate deque (not \"%T\") to deque", right);
    GiRef copy = deque_copy_of(ts, left);
    if (!gi_is_null(copy) && deque_extend(ts, gi_val(copy), right, false)) {
        gi_drop(ts, copy);
        return GI_NULL;
    }
    return copy;
}

static GiRef deque_inplace_concat(GiThread *ts, GiVal self, GiVal other) {
    return deque_extend(ts, self, other, false) ? GI_NULL : gi_dup(ts, self);
}

/* self *= n, n > 1, beside other threads. */
static GI_COLD GiRef repeat_at_once(GiThread *ts, GiVal self, size_t n) {
    for (bool done = false; !done;) {
        GiItems items;
        uint64_t state;
        if (deque_items(ts, self, &items, &state)) return GI_NULL;
        size_t times = n - 1, limit = gi_load_relaxed(&deque_of(self)->max) < 0 ? PTRDIFF_MAX / 64
                                                                                : (size_t)deque_of(self)->max;
        GiStatus status = GI_OK;
        /* With a maximum length only the last items matter. */
        if (items.count && times > limit / items.count + 2) times = limit / items.count + 2;
        if (items.count && times > PTRDIFF_MAX / 64 / items.count) {
            (void)gi_raise_nomem(ts);
            status = GI_FAIL;
        }
        if (status == GI_OK) status = push_all(ts, self, &items, times, false, &state, &done);
        gi_items_drop(ts, &items);
        if (status) return GI_NULL;
    }
    return gi_dup(ts, self);
}

static GiRef deque_inplace_repeat(GiThread *ts, GiVal self, ssize_t n) {
    GiDeque *d = deque_of(self);
    if (n <= 0) {
        deque_clear(ts, self);
        return gi_dup(ts, self);
    }
    if (n == 1 || gi_load_relaxed(&d->count) == 0) return gi_dup(ts, self);
    if (!gi_is_private(ts, self)) return repeat_at_once(ts, self, (size_t)n);
    GiRef items = gi_to_list(ts, self);
    if (gi_is_null(items)) return items;
    size_t count = gi_list_len(items);
    if (count > PTRDIFF_MAX / 8 / (size_t)n && d->max < 0) {
        gi_drop(ts, items);
        return gi_raise_nomem(ts);
    }
    GiStatus status = GI_OK;
    /* With a maximum length only the last items matter. */
    if (d->max >= 0 && (size_t)n > (size_t)d->max / count + 2) {
        ssize_t less = (ssize_t)((size_t)d->max / count + 2);
        n = less;
    }
    if (d->max < 0) {
        gi_lock_obj(ts, self);
        status = reserve_locked(ts, d, count * (size_t)(n - 1));
        gi_unlock_obj(ts, self);
    }
    for (ssize_t k = 1; k < n && status == GI_OK; k++)
        status = deque_extend(ts, self, gi_val(items), false);
    gi_drop(ts, items);
    return status ? GI_NULL : gi_dup(ts, self);
}

static GiRef deque_repeat(GiThread *ts, GiVal self, ssize_t n) {
    GiRef copy = deque_copy_of(ts, self);
    if (gi_is_null(copy)) return copy;
    GiRef again = deque_inplace_repeat(ts, gi_val(copy), n);
    gi_drop(ts, copy);
    return again;
}

/* Appends the deque's items to a list that has room for them. LOCK: the deque's. */
static void list_items_locked(GiThread *ts, const GiDeque *d, GiList *list) {
    for (size_t i = 0; i < d->count; i++) gi_slot_init(&list->items[list->count++], gi_slot_dup(ts, slot_at(d, i)));
}

/* What the two hold at one moment is compared. */
static GI_COLD GiRef compare_free(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    const GiDeque *a = deque_of(self), *b = deque_of(other);
    for (bool fits = false;;) {
        GiRef x = gi_list_new(ts, gi_load_relaxed(&a->count)), result = GI_NULL;
        GiRef y = gi_is_null(x) ? GI_NULL : gi_list_new(ts, gi_load_relaxed(&b->count));
        if (!gi_is_null(y)) {
            gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(self), GI_OBJ_LOCK(other));
            fits = a->count <= gi_list_of(x)->capacity && b->count <= gi_list_of(y)->capacity;
            if (fits) list_items_locked(ts, a, gi_list_of(x)), list_items_locked(ts, b, gi_list_of(y));
            gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(self), GI_OBJ_LOCK(other));
            if (fits) result = gi_compare(ts, gi_val(x), gi_val(y), op);
        }
        bool failed = gi_is_null(y);
        gi_xdrop(ts, x), gi_xdrop(ts, y);
        if (fits || failed) return result; /* else one grew while memory was being found */
    }
}

static GiRef deque_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!is_deque(self) || !is_deque(other)) return GI_REF_NOTIMPLEMENTED;
    GiDeque *x = deque_of(self), *y = deque_of(other);
    if (ts->core.free_running) return compare_free(ts, self, other, op);
    if ((op == GI_EQ || op == GI_NE) && x->count != y->count) return gi_bool_ref(op == GI_NE);
    uint64_t xs = x->state, ys = y->state;
    for (size_t i = 0;; i++) {
        if (x->state != xs || y->state != ys)
            return gi_raise_ref(ts, &gi_exc_RuntimeError, MUTATED);
        GiRef p = deque_get(ts, self, i), q = deque_get(ts, other, i), result = GI_NULL;
        GiTruth eq = GI_TRUTH_NO;
        bool ends = gi_is_null(p) || gi_is_null(q);
        if (!ends) {
            eq = gi_item_equal(ts, gi_val(p), gi_val(q));
            if (eq.value == 0) result = gi_compare(ts, gi_val(p), gi_val(q), op);
        }
        gi_xdrop(ts, p), gi_xdrop(ts, q);
        if (ends) break;
        if (eq.value <= 0) return result;
    }
    size_t m = x->count, n = y->count;
    bool answer = op == GI_LT ? m < n : op == GI_LE ? m <= n : op == GI_EQ ? m == n
                  : op == GI_NE ? m != n : op == GI_GT ? m > n : m >= n;
    return gi_bool_ref(answer);
}

static const char *short_name(GiVal self) {
    const char *name = gi_type_name(self), *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

static GiRef deque_repr(GiThread *ts, GiVal self) {
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "[...]");
    GiItems items;
    uint64_t state;
    GiRef list = GI_NULL, text = GI_NULL;
    if (deque_items(ts, self, &items, &state) == GI_OK) {
        list = gi_list_from(ts, (const GiVal *)items.items, items.count);
        gi_items_drop(ts, &items);
    }
    if (!gi_is_null(list)) {
        ssize_t max = deque_of(self)->max;
        if (max < 0) text = gi_str_format(ts, "%s(%R)", short_name(self), gi_val(list));
        else text = gi_str_format(ts, "%s(%R, maxlen=%zd)", short_name(self), gi_val(list), max);
        gi_drop(ts, list);
    }
    gi_repr_leave(ts, self);
    return text;
}

static GiRef deque_iter_make(GiThread *ts, GiVal deque, bool reverse) {
    GiType *type = reverse ? &gi_deque_reverse_iter_type : &gi_deque_iter_type;
    GiDequeIter *it = (GiDequeIter *)gi_heap_new(ts, type, sizeof(GiDequeIter));
    if (it == NULL) return GI_NULL;
    gi_slot_init(&it->deque, gi_dup(ts, deque));
    gi_lock_obj(ts, deque);
    it->left = deque_of(deque)->count;
    it->state = deque_of(deque)->state;
    gi_unlock_obj(ts, deque);
    it->index = reverse ? it->left - 1 : 0;
    return gi_own_obj(it);
}
static GiRef deque_iter(GiThread *ts, GiVal self) { return deque_iter_make(ts, self, false); }

/* ---- Methods ---- */

GI_METHOD(deque, append, "(self, item, /)", "Add an element to the right side of the deque.") {
    return deque_push(ts, self, gi_dup(ts, a->item), false) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(deque, appendleft, "(self, item, /)", "Add an element to the left side of the deque.") {
    return deque_push(ts, self, gi_dup(ts, a->item), true) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(deque, pop, "(self)", "Remove and return the rightmost element.") {
    GiRef item = deque_take(ts, self, false);
    if (gi_is_null(item)) gi_raise(ts, &gi_exc_IndexError, "pop from an empty deque");
    return item;
}
GI_METHOD(deque, popleft, "(self)", "Remove and return the leftmost element.") {
    GiRef item = deque_take(ts, self, true);
    if (gi_is_null(item)) gi_raise(ts, &gi_exc_IndexError, "pop from an empty deque");
    return item;
}
GI_METHOD(deque, extend, "(self, iterable, /)",
          "Extend the right side of the deque with elements from the iterable") {
    return deque_extend(ts, self, a->iterable, false) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(deque, extendleft, "(self, iterable, /)",
          "Extend the left side of the deque with elements from the iterable") {
    return deque_extend(ts, self, a->iterable, true) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(deque, clear, "(self)", "Remove all elements from the deque.") {
    deque_clear(ts, self);
    return GI_REF_NONE;
}
GI_METHOD(deque, copy, "(self)", "Return a shallow copy of a deque.") { return deque_copy_of(ts, self); }
GI_METHOD(deque, __copy__, "(self)", "Return a shallow copy of a deque.") { return deque_copy_of(ts, self); }

GI_METHOD(deque, count, "(self, value, /)", "D.count(value) -> integer -- return number of occurrences of value") {
    int64_t found = 0;
    if (ts->core.free_running) {
        if (find_free(ts, self, a->value, 0, PTRDIFF_MAX, &gi_exc_RuntimeError, MUTATED, NULL, &found) == -2) return GI_NULL;
        return gi_smallint_ref(found);
    }
    uint64_t state = deque_of(self)->state;
    for (size_t i = 0;; i++) {
        GiRef item = deque_get(ts, self, i);
        if (gi_is_null(item)) return gi_smallint_ref(found);
        GiTruth eq = gi_item_equal(ts, gi_val(item), a->value);
        gi_drop(ts, item);
        if (eq.value < 0) return GI_NULL;
        found += eq.value;
        if (deque_of(self)->state != state) return gi_raise_ref(ts, &gi_exc_RuntimeError, MUTATED);
    }
}

GI_METHOD(deque, index, "(self, value, start: index = 0, stop: index = 9223372036854775807, /)",
          "D.index(value, [start, [stop]]) -> integer -- return first index of value.\nRaises "
          "ValueError if the value is not present.") {
    ssize_t at = deque_find(ts, self, a->value, a->start, a->stop, &gi_exc_RuntimeError, MUTATED);
    if (at == -2) return GI_NULL;
    if (at >= 0) return gi_smallint_ref(at);
    return gi_raise_ref(ts, &gi_exc_ValueError, "%R is not in deque", a->value);
}

GI_METHOD(deque, insert, "(self, index: ssize, object, /)", "D.insert(index, object) -- insert object before index") {
    GiDeque *d = deque_of(self);
    gi_lock_obj(ts, self);
    bool full = d->max >= 0 && d->count >= (size_t)d->max;
    GiStatus status = full ? GI_FAIL : reserve_locked(ts, d, 1);
    if (status == GI_OK) {
        ssize_t n = (ssize_t)d->count, i = a->index;
        if (i < 0) i = GI_MAX(i + n, 0);
        if (i > n) i = n;
        if (i < n / 2) {
            d->head = (d->head - 1) & (d->capacity - 1);
            set_count(d, d->count + 1);
            for (ssize_t k = 0; k < i; k++) *slot_at(d, (size_t)k) = *slot_at(d, (size_t)k + 1);
        } else {
            set_count(d, d->count + 1);
            for (ssize_t k = n; k > i; k--) *slot_at(d, (size_t)k) = *slot_at(d, (size_t)k - 1);
        }
        slot_at(d, (size_t)i)->bits = gi_dup(ts, a->object).bits;
        d->state++;
    }
    gi_unlock_obj(ts, self);
    if (full) return gi_raise_ref(ts, &gi_exc_IndexError, "deque already at its maximum size");
    return status ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(deque, remove, "(self, value, /)", "D.remove(value) -- remove first occurrence of value.") {
    const char *message = "deque mutated during remove().";
    GiRef taken = GI_NULL;
    ssize_t at = ts->core.free_running
                     ? find_free(ts, self, a->value, 0, PTRDIFF_MAX, &gi_exc_IndexError, message, &taken, NULL)
                     : deque_find(ts, self, a->value, 0, PTRDIFF_MAX, &gi_exc_IndexError, message);
    if (at == -2) return GI_NULL;
    if (at < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "%R is not in deque", a->value);
    if (!gi_is_null(taken)) {
        gi_drop(ts, taken);
        return GI_REF_NONE;
    }
    return deque_set_item(ts, self, at, GI_NOVAL) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(deque, reverse, "(self)", "D.reverse() -- reverse *IN PLACE*") {
    GiDeque *d = deque_of(self);
    gi_lock_obj(ts, self);
    for (size_t i = 0, j = d->count; i + 1 < j; i++) {
        GiSlot t = *slot_at(d, i);
        *slot_at(d, i) = *slot_at(d, --j);
        *slot_at(d, j) = t;
    }
    gi_unlock_obj(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(deque, rotate, "(self, n: ssize = 1, /)",
          "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left.") {
    gi_lock_obj(ts, self);
    rotate_locked(deque_of(self), a->n);
    gi_unlock_obj(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(deque, __reversed__, "(self)", "D.__reversed__() -- return a reverse iterator over the deque") {
    return deque_iter_make(ts, self, true);
}

GI_METHOD(deque, __sizeof__, "(self)", "D.__sizeof__() -- size of D in memory, in bytes") {
    return gi_smallint_ref((int64_t)(gi_type_of(self)->size + deque_of(self)->capacity * sizeof(GiSlot)));
}

GI_METHOD(deque, __reduce__, "(self)", "Return state information for pickling.") {
    ssize_t max = deque_of(self)->max;
    GiRef state = gi_call_method_cstr(ts, self, "__getstate__", NULL, 0);
    if (gi_is_null(state)) return state;
    GiRef it = gi_iter(ts, self), empty = gi_tuple_new(ts, 0), args;
    if (max < 0) args = empty;
    else args = gi_tuple_steal(ts, (GiRef[]){empty, gi_int_from_i64(ts, max)}, 2);
    if (gi_is_null(it) || gi_is_null(args)) {
        gi_drop(ts, state), gi_xdrop(ts, it), gi_xdrop(ts, args);
        return GI_NULL;
    }
    GiRef type = gi_dup(ts, gi_type_val(gi_type_of(self)));
    return gi_tuple_steal(ts, (GiRef[]){type, args, state, it}, 4);
}

GI_CLASSMETHOD(deque, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

GI_GETTER(deque, maxlen, "maximum size of a deque or None if unbounded") {
    ssize_t max = deque_of(self)->max;
    return max < 0 ? GI_REF_NONE : gi_int_from_i64(ts, max);
}

static void deque_each(GiObj *obj, GiVisit visit, void *arg) {
    GiDeque *d = (GiDeque *)obj;
    for (size_t i = 0; i < d->count; i++) visit(slot_at(d, i), arg);
}

GiType gi_deque_type = {
    .obj = GI_TYPE_HEAD,
    .name = "collections.deque",
    .module = "collections",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF | GI_TYPE_SEQUENCE | GI_TYPE_IMMUTABLE |
             GI_TYPE_ITEM_FROM_END,
    .size = sizeof(GiDeque),
    .base = &gi_object_type,
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data "
           "accesses near its endpoints.",
    .fields = (const GiField[]){GI_CUSTOM(deque_each), GI_BUFFER_FIELD(GiDeque, items), GI_FIELDS_END},
    .methods = deque_methods,
    .getset = deque_getset,
    .new_ = deque_new,
    .init = deque_init,
    .repr = deque_repr,
    .compare = deque_compare,
    .iter = deque_iter,
    .length = deque_length,
    .item = deque_item,
    .set_item = deque_set_item,
    .contains = deque_contains,
    .concat = deque_concat,
    .inplace_concat = deque_inplace_concat,
    .repeat = deque_repeat,
    .inplace_repeat = deque_inplace_repeat,
};

/* ---- Iterators ---- */

/* LOCK: the deque's guards its iterators too. */
static inline GiRef iter_step(GiThread *ts, GiVal self, size_t by) {
    GiDequeIter *it = deque_iter_of(self);
    GiVal deque = gi_slot_peek(&it->deque);
    GiDeque *d = deque_of(deque);
    GiRef item = GI_NULL;
    gi_lock_obj(ts, deque);
    bool changed = d->state != it->state;
    if (GI_UNLIKELY(changed)) {
        it->left = 0;
    } else if (it->left) {
        item = gi_slot_dup(ts, slot_at(d, it->index));
        it->left--;
        it->index += by;
    }
    gi_unlock_obj(ts, deque);
    if (GI_UNLIKELY(changed)) return gi_raise_ref(ts, &gi_exc_RuntimeError, MUTATED);
    return item;
}
static GiRef deque_iter_next(GiThread *ts, GiVal self) { return iter_step(ts, self, 1); }
static GiRef deque_reverse_iter_next(GiThread *ts, GiVal self) { return iter_step(ts, self, SIZE_MAX); }

static GiRef deque_iter_rest(GiThread *ts, GiVal self, bool fresh) {
    GiDequeIter *it = deque_iter_of(self);
    GiVal deque = gi_slot_peek(&it->deque);
    GiDeque *d = deque_of(deque);
    size_t by = gi_obj_type(&it->obj) == &gi_deque_iter_type ? 1 : SIZE_MAX;
    size_t n = 0;
    gi_lock_obj(ts, deque);
    if (fresh && by == 1 && it->index == 0) {
        it->left = d->count;
        it->state = d->state;
    }
    bool changed = d->state != it->state;
    GiRef *taken = gi_mem_alloc(ts, (it->left + 1) * sizeof(GiRef));
    if (taken != NULL || changed) {
        for (; !changed && n < it->left; it->index += by) taken[n++] = gi_slot_dup(ts, slot_at(d, it->index));
        it->left = 0;
    }
    gi_unlock_obj(ts, deque);
    if (taken == NULL) return GI_NULL;
    GiRef list = changed ? gi_raise_ref(ts, &gi_exc_RuntimeError, MUTATED) : gi_list_from(ts, (const GiVal *)taken, n);
    gi_drop_all(ts, taken, n);
    gi_mem_free(taken);
    return list;
}
static const GiRest rest_of_deque = {.list = deque_iter_rest};

static GiRef iter_new(GiThread *ts, const GiVal *args, size_t nargs, GiVal kwnames, bool reverse) {
    const char *name = reverse ? "_deque_reverse_iterator" : "_deque_iterator";
    if (gi_no_kwargs(ts, name, kwnames) || gi_check_args(ts, name, nargs, 1, 2)) return GI_NULL;
    if (!is_deque(args[0]))
        return gi_raise_ref(ts, &gi_exc_TypeError, "argument 1 must be collections.deque, not %T", args[0]);
    ssize_t skip = 0;
    if (nargs == 2 && gi_read_index(ts, args[1], &skip)) return GI_NULL;
    GiRef ref = deque_iter_make(ts, args[0], reverse);
    if (gi_is_null(ref)) return ref;
    GiDequeIter *it = deque_iter_of(ref);
    size_t n = skip < 0 ? 0 : GI_MIN((size_t)skip, it->left);
    it->left -= n;
    it->index += reverse ? -n : n;
    return ref;
}
static GiRef deque_iter_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    return iter_new(ts, args, nargs, kwnames, false);
}
static GiRef deque_reverse_iter_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args, size_t nargs,
                                    GiVal kwnames) {
    return iter_new(ts, args, nargs, kwnames, true);
}

GI_METHOD(deque_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    return gi_smallint_ref((int64_t)gi_load_relaxed(&deque_iter_of(self)->left));
}
GI_METHOD(deque_iter, __reduce__, "(self)", "Return state information for pickling.") {
    GiDequeIter *it = deque_iter_of(self);
    GiVal deque = gi_slot_peek(&it->deque);
    int64_t done = (int64_t)gi_load_relaxed(&deque_of(deque)->count) - (int64_t)gi_load_relaxed(&it->left);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(gi_type_of(self))),
                           gi_tuple_pack(ts, 2, deque, gi_smallint(done)), GI_NULL);
}

static const GiField iter_fields[] = {GI_SLOT(GiDequeIter, deque), GI_FIELDS_END};

GiType gi_deque_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_collections._deque_iterator",
    .module = "_collections",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDequeIter),
    .base = &gi_object_type,
    .fields = iter_fields,
    .methods = deque_iter_methods,
    .new_ = deque_iter_new,
    .iter = gi_iter_self,
    .next = deque_iter_next,
    .native = (void *)&rest_of_deque,
};

GiType gi_deque_reverse_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_collections._deque_reverse_iterator",
    .module = "_collections",
    .flags = GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDequeIter),
    .base = &gi_object_type,
    .fields = iter_fields,
    .methods = deque_iter_methods,
    .new_ = deque_reverse_iter_new,
    .iter = gi_iter_self,
    .next = deque_reverse_iter_next,
    .native = (void *)&rest_of_deque,
};
