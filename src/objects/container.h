/* container.h - what the implementations of the container types share: locking, comparing items,
 * reading indices. For src/objects and src/modules only.
 *
 * LOCK: gi_lock_obj guards the native part of a mutation; never held while Python code runs or an
 * unknown object is dropped.
 */
#ifndef GI_OBJECTS_CONTAINER_H
#define GI_OBJECTS_CONTAINER_H

#include "base/hash.h"
#include "objects/buffer.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/str.h"
#include "memory/slots.h"
#include "objects/tuple.h"
#include "threads/epoch.h"
#include "threads/locks.h"

#define GI_OBJ_LOCK(v) ((GiByteLock *)gi_obj_lock_byte(gi_obj(v)))
static inline void gi_lock_obj(GiThread *ts, GiVal v) { gi_bytelock_lock(&ts->core, GI_OBJ_LOCK(v)); }
static inline void gi_unlock_obj(GiThread *ts, GiVal v) {
    gi_bytelock_unlock(&ts->core, GI_OBJ_LOCK(v));
}

static inline void gi_retire_mem_free(void *ptr, void *arg GI_UNUSED) { gi_mem_free(ptr); }
/* Frees the storage of a container that other threads may be reading without its lock. */
static inline void gi_mem_retire(GiThread *ts, void *block) {
    if (block == NULL) return;
    if (GI_UNLIKELY(ts->core.free_running))
        gi_retire(&ts->core, block, gi_mem_size(block), gi_retire_mem_free, NULL);
    else
        gi_mem_free(block);
}

/* `a is b or a == b`, deciding the common cases in place. */
static inline GiTruth gi_item_equal(GiThread *ts, GiVal a, GiVal b) {
    if (gi_same(a, b)) return GI_TRUTH_YES;
    if (gi_is_smallint(a) && gi_is_smallint(b)) return GI_TRUTH_NO;
    if (gi_is_str_exact(a) && gi_is_str_exact(b)) return gi_truth_of(gi_str_equal(a, b));
    return gi_equal(ts, a, b);
}

/* True if comparing v with another value of this sort runs no Python code: small ints, floats and
 * other immediates, exact int and str, native objects that equal themselves only (classes without a metaclass of
 * their own, functions), and tuples of such. (It may still raise TypeError.) */
bool gi_is_plain_slow(GiVal v, unsigned depth);
static inline bool gi_is_plain(GiVal v) {
    return !gi_is_heap(v) || gi_is_str_exact(v) || gi_is_plain_slow(v, 8);
}

/* Hash of a key; the cases of small ints and str do not call. -1: failed. */
static inline int64_t gi_key_hash(GiThread *ts, GiVal key) {
    if (gi_is_str_exact(key)) {
        int64_t h = atomic_load_explicit(&gi_str_of(key)->hash, memory_order_relaxed);
        return GI_LIKELY(h != 0) ? h : gi_str_hash(ts, key);
    }
    if (gi_is_smallint(key)) return gi_hash_i64(gi_smallint_value(key));
    return gi_hash(ts, key);
}

/* True if v can serve as an index (has __index__). */
static inline bool gi_has_index(GiVal v) {
    return gi_is_smallint(v) || gi_type_of(v)->index != NULL;
}
#define gi_is_slice(v) gi_is_exact(v, &gi_slice_type)

/* An index that is an int or has __index__; IndexError when it does not fit. */
static inline GiStatus gi_read_index(GiThread *ts, GiVal v, ssize_t *out) {
    if (GI_LIKELY(gi_is_smallint(v))) {
        *out = (ssize_t)gi_smallint_value(v);
        return GI_OK;
    }
    return gi_as_ssize(ts, v, false, out);
}

extern GiType gi_seqiter_type, gi_calliter_type, gi_reversed_type, gi_enumerate_type, gi_zip_type,
    gi_map_type, gi_filter_type;

/* Drops n references. */
static inline void gi_drop_all(GiThread *ts, const GiRef *refs, size_t n) {
    for (size_t i = 0; i < n; i++) gi_xdrop(ts, refs[i]);
}

/* ---- What several threads may step at once ----
 *
 * An iterator that nobody else can reach is stepped plainly. Who steps it owns the reference that
 * tells (a register's, an argument's): an iterator that steps another one behind a slot of its own
 * does so by gi_next_inner. */

/* True when no other thread can be using `v`, to which the caller has a reference. It holds to the
 * next safepoint. */
static inline bool gi_is_private(GiThread *ts, GiVal v) {
    return GI_LIKELY(!ts->core.free_running) || gi_is_unique(ts, v);
}

/* gi_next of the iterator in a slot of `outer`, which does not lose it meanwhile. */
static inline GiRef gi_next_inner(GiThread *ts, GiVal outer, const GiSlot *inner) {
    if (gi_is_private(ts, outer)) return gi_next(ts, gi_slot_peek(inner));
    GiRef it = gi_slot_load(ts, inner);
    if (gi_is_null(it)) return it;
    GiRef item = gi_next(ts, gi_val(it));
    gi_drop(ts, it);
    return item;
}

/* What a slot of another container holds, looked at without its lock: false when that is about to
 * change (look at everything anew; nothing borrowed has survived). Unlike gi_slot_load it may meet
 * memory that was unlinked, whose slots never change again: who calls it looks afterwards whether
 * the memory is still linked. */
static inline bool gi_slot_try(GiThread *ts, const GiSlot *slot, GiRef *out) {
    GiRef r = {__atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE)};
    gi_point();
    *out = r;
    if (r.bits - 1 >= GI_TAG_SPECIAL - 1) return true;
    GiObj *obj = gi_obj(r);
    uint32_t word = __atomic_load_n(&gi_obj_local_word(obj), __ATOMIC_RELAXED);
    uint32_t more = word + 0x10000u;
    if (GI_LIKELY((uint16_t)word == ts->core.owner && more > word)) {
        gi_hostile_counts(ts, obj, 1);
        __atomic_store_n(&gi_obj_local_word(obj), more, __ATOMIC_RELAXED);
        return true;
    }
    if ((uint16_t)word == GI_OWNER_IMMORTAL) return true;
    if (!gi_try_incref(ts, obj)) return false;
    gi_point();
    if (GI_LIKELY(__atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE) == r.bits)) return true;
    gi_drop(ts, r);
    return false;
}
/* Stores into slots that others read without the lock. LOCK: held. */
static inline void gi_slot_publish(GiSlot *slot, GiRef r) { __atomic_store_n(&slot->bits, r.bits, __ATOMIC_RELEASE); }
static inline GiRef gi_slot_withdraw(GiSlot *slot) {
    GiRef r = {slot->bits};
    __atomic_store_n(&slot->bits, 0, __ATOMIC_RELEASE);
    return r;
}
#define gi_store_rel(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)
#define gi_load_acq(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define gi_load_relaxed(p) __atomic_load_n(p, __ATOMIC_RELAXED)

/* The position of an iterator, which others may be moving. */
static inline ssize_t gi_position(const ssize_t *index) { return __atomic_load_n(index, __ATOMIC_ACQUIRE); }

/* Moves the position of iterator `self` on; false when another thread has moved it since it was
 * `from`: read it again. */
static inline bool gi_claim(GiThread *ts, GiVal self, ssize_t *index, ssize_t from, ssize_t to) {
    if (gi_is_private(ts, self)) {
        *index = to;
        return true;
    }
    return __atomic_compare_exchange_n(index, &from, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* Iterators over list, tuple, small range and str have a position, from which an iterator that has
 * made them, and whose own they are, can take whole rows while several threads step it. */
ssize_t *gi_row_position(GiVal it); /* NULL: it is another kind */
/* Takes one item of each of n iterators at one position, *index; false at the end (without an
 * exception), which iterator *at has reached. */
bool gi_row_next(GiThread *ts, const GiVal *iters, size_t n, GiRef *out, size_t *at, ssize_t *index);
/* For list.c and str/iter.c, whose iterators are their own. */
GiRef gi_list_iter_item(GiThread *ts, GiVal it, ssize_t index);
ssize_t *gi_str_iter_position(GiVal it);
GiRef gi_str_iter_item(GiThread *ts, GiVal it, ssize_t index);

/* Iterator `self` is done, which another word of it tells from now on: lets go of what it iterated
 * over, unless other threads may be using that slot; then a collection does it (`spent` of its type). So who
 * looks at such a slot without counting may not wait for a lock while it uses what it saw. */
static inline void gi_exhaust_of(GiThread *ts, GiVal self, GiSlot *slot) {
    if (gi_is_private(ts, self)) gi_slot_clear(ts, slot);
}

/* (callable-by-name of builtins, (arg,), state-or-nothing) for __reduce__ of builtin iterators. */
GI_NODISCARD GiRef gi_builtin(GiThread *ts, const char *name);
/* Gives a (f, args, state) tuple; consumes all, fails on a null one. `state` null: two items. */
GI_NODISCARD GiRef gi_reduce_tuple(GiThread *ts, GiRef function, GiRef args, GiRef state);
/* (iter, (sequence,), index) or (iter, ((),)) when sequence is null. */
GI_NODISCARD GiRef gi_reduce_iter(GiThread *ts, const char *builtin, GiVal sequence, ssize_t index,
                                  bool with_index);

/* For new_ of builtin types: keyword arguments are refused unless a subclass has an __init__ of its
 * own, which may take them. */
static inline GiStatus gi_no_kwargs_of(GiThread *ts, GiType *type, const GiType *base, const char *name,
                                       GiVal kwnames) {
    if (GI_LIKELY(gi_is_null(kwnames)) || (type != base && type->init != base->init)) return GI_OK;
    return gi_no_kwargs(ts, name, kwnames);
}

/* True if no code of the program can be a method of v's own (what is in v may be anything). */
static inline bool gi_is_builtin(GiVal v) {
    return !gi_is_heap(v) || !(gi_obj_type(gi_obj(v))->flags & GI_TYPE_HEAP);
}

/* Copies of two lists, two dicts or sets (subclasses: of their native part), as both are at one
 * moment; for what has to look at them without the locks. */
GI_NODISCARD GiStatus gi_copy_both(GiThread *ts, GiVal x, GiVal y, GiRef out[2]);

/* A sequence's items as an array: a list's or tuple's own items are copied (owned references). */
typedef struct GiItems {
    GiRef *items;
    size_t count;
} GiItems;
/* The items of any iterable; `message` for a non-iterable (NULL: the usual one). */
GI_NODISCARD GiStatus gi_items_of(GiThread *ts, GiVal iterable, GiItems *out, const char *message);
void gi_items_drop(GiThread *ts, GiItems *items);

#endif
