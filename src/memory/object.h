/* object.h - the 16-byte header of every heap object, and its counts.
 *
 *   head    bits 3..47 address of the type; bit 0 set for large objects; byte 6 flags; byte 7 the
 *           object's lock. Zero: no object stands here
 *   owner   number of the thread that counts without atomics (biased reference counting, Choi et
 *           al., PACT 2018). Under the GIL every thread bears GI_OWNER_GIL.
 *   local   the owner's count. When it would overflow, half of it moves to `shared`.
 *   shared  everybody else's count, atomic.
 *
 * INVARIANT: an object is alive while local + shared > 0; neither is ever negative. `owner` is
 * GI_OWNER_NONE once the two are merged (then local is 0 and only `shared` counts) and
 * GI_OWNER_IMMORTAL for what never dies. A thread that drops a reference which only the owner's
 * count can stand for hands it to the owner (memory/object.c).
 * The same code serves with and without the GIL; there is no test of the mode.
 */
#ifndef GI_MEMORY_OBJECT_H
#define GI_MEMORY_OBJECT_H

#include "memory/value.h"
#include "threads/threads.h"
#include <stdatomic.h>

struct GiObj {
    uint64_t head;
    uint16_t owner;
    uint16_t local;
    _Atomic int32_t shared;
};

#define GI_HEAD_TYPE_MASK 0x0000FFFFFFFFFFF8ull
#define GI_HEAD_LARGE 1ull /* not in a page: preceded by a GiLarge (memory/heap.h) */
#define GI_HEAD_ATTRS 2ull /* preceded by a GiAttrs: its type has GI_TYPE_ATTRS */
#define GI_OWNER_IMMORTAL 0xFFFFu
#define GI_OWNER_FREE 0xFFFEu /* a free block: the rest of the word is a link (memory/heap.h) */
#define GI_OWNER_SPLIT 0xFFFDu /* every thread counts for itself: the rest is a number (memory/split.h) */

/* Flag byte: the low nibble is generic, the high nibble belongs to the type. */
enum {
    GI_OBJ_WEAKREFS = 1,   /* an entry in the table of weak references exists */
    GI_OBJ_FINALIZED = 2,  /* __del__ has run */
    GI_OBJ_UNTRACKED = 4,  /* of a collectable type, but known to hold no cycle */
    GI_OBJ_DYING = 8,      /* deallocation has begun */
    GI_OBJ_TYPE_SHIFT = 4,
};

/* The byte itself, for who changes it; and what it holds: other threads may be changing it. */
#define gi_obj_flag_byte(obj) (((uint8_t *)&((GiObj *)(obj))->head)[6])
#define gi_obj_flags(obj) __atomic_load_n(&gi_obj_flag_byte(obj), __ATOMIC_RELAXED)
#define gi_obj_lock_byte(obj) (&((uint8_t *)&((GiObj *)(obj))->head)[7])
/* The word as a whole: another thread may be changing its lock or flags. */
static inline uint64_t gi_obj_head(const GiObj *obj) { return __atomic_load_n(&obj->head, __ATOMIC_RELAXED); }
static inline GiType *gi_obj_type(const GiObj *obj) {
    return (GiType *)(uintptr_t)(gi_obj_head(obj) & GI_HEAD_TYPE_MASK);
}

/* Owner, local and shared count as one word: bits 0..15, 16..31, 32..63. */
#define gi_obj_counts(obj) (((uint64_t *)(obj))[1])

/* The owner's number alone, at a glance. */
static inline uint16_t gi_obj_owner(const GiObj *obj) { return __atomic_load_n(&obj->owner, __ATOMIC_RELAXED); }

/* Changes of flags by the one thread that may: no lost updates, others may read meanwhile. */
static inline void gi_obj_flag_on(GiObj *obj, uint8_t flag) {
    uint8_t *p = &gi_obj_flag_byte(obj);
    __atomic_store_n(p, __atomic_load_n(p, __ATOMIC_RELAXED) | flag, __ATOMIC_RELAXED);
}
static inline void gi_obj_flag_off(GiObj *obj, uint8_t flag) {
    uint8_t *p = &gi_obj_flag_byte(obj);
    __atomic_store_n(p, __atomic_load_n(p, __ATOMIC_RELAXED) & (uint8_t)~flag, __ATOMIC_RELAXED);
}

void gi_incref_slow(GiThread *ts, GiObj *obj);
void gi_decref_slow(GiThread *ts, GiObj *obj);
void gi_decref_shared(GiThread *ts, GiObj *obj); /* the part of it that is not about death */
/* A reference to an object that may be dying, or be gone (found by address, not through a reference):
 * false when it is dead. Its memory is still a page's (blocks of pages always are), or the caller keeps
 * it from being freed; another object may stand there by now, so the caller looks again where it had
 * the address from. */
bool gi_try_incref(GiThread *ts, GiObj *obj);
int64_t gi_split_refcount(uint64_t counts);
/* All references that are counted (a snapshot; for sys.getrefcount and the collector). */
static inline int64_t gi_refcount(const GiObj *obj) {
    uint64_t counts = __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED);
    if (GI_UNLIKELY((uint16_t)counts == GI_OWNER_SPLIT)) return gi_split_refcount(counts);
    return (int64_t)(uint16_t)(counts >> 16) + (int32_t)(counts >> 32);
}
/* Drops the references that other threads have handed to this one; at safepoints. */
void gi_take_handed_drops(GiThread *ts);

/* Owner and local count as one word; only the owner writes it while it has one. */
#define gi_obj_local_word(obj) (*(uint32_t *)&(obj)->owner)

#ifdef GI_HOSTILE
/* Ends the program when the object is dead; shows the change when the object is being watched. */
void gi_hostile_counts(GiThread *ts, GiObj *obj, int change);
#else
#define gi_hostile_counts(ts, obj, change) ((void)0)
#endif

static inline void gi_incref_obj(GiThread *ts, GiObj *obj) {
    gi_hostile_counts(ts, obj, 1);
    uint32_t word = __atomic_load_n(&gi_obj_local_word(obj), __ATOMIC_RELAXED);
    uint32_t more = word + 0x10000u;
    if (GI_LIKELY((uint16_t)word == ((GiThreadCore *)ts)->owner && more > word))
        __atomic_store_n(&gi_obj_local_word(obj), more, __ATOMIC_RELAXED);
    else if ((uint16_t)word != GI_OWNER_IMMORTAL)
        gi_incref_slow(ts, obj);
}

static inline void gi_decref_obj(GiThread *ts, GiObj *obj) {
    gi_hostile_counts(ts, obj, -1);
    uint32_t word = __atomic_load_n(&gi_obj_local_word(obj), __ATOMIC_RELAXED);
    if (GI_LIKELY((uint16_t)word == ((GiThreadCore *)ts)->owner && word >= 0x20000u)) {
        __atomic_store_n(&gi_obj_local_word(obj), word - 0x10000u, __ATOMIC_RELAXED);
    } else if ((uint16_t)word != GI_OWNER_IMMORTAL) {
        gi_decref_slow(ts, obj);
    }
}

/* A new reference to what is borrowed. The value is not null. */
static inline GiRef gi_dup(GiThread *ts, GiVal v) {
    if (gi_is_heap(v)) gi_incref_obj(ts, gi_obj(v));
    return (GiRef){v.bits};
}
/* As gi_dup, and null gives null. */
static inline GiRef gi_xdup(GiThread *ts, GiVal v) {
    if (v.bits - 1 < GI_TAG_SPECIAL - 1) gi_incref_obj(ts, gi_obj(v));
    return (GiRef){v.bits};
}
static inline void gi_drop(GiThread *ts, GiRef r) {
    if (gi_is_heap(r)) gi_decref_obj(ts, gi_obj(r));
}
/* As gi_drop, and null is allowed. */
static inline void gi_xdrop(GiThread *ts, GiRef r) {
    if (r.bits - 1 < GI_TAG_SPECIAL - 1) gi_decref_obj(ts, gi_obj(r));
}

/* Slots. A fresh slot is initialised (old content is not looked at); a used one is assigned. */
static inline void gi_slot_init(GiSlot *s, GiRef r) { s->bits = r.bits; }
static inline GiVal gi_slot_peek(const GiSlot *s) { return (GiVal){s->bits}; }
static inline GiRef gi_slot_dup(GiThread *ts, const GiSlot *s) { return gi_xdup(ts, gi_val(*s)); }
/* Takes the content out and leaves null. */
static inline GiRef gi_slot_take(GiSlot *s) {
    GiRef r = {s->bits};
    s->bits = 0;
    return r;
}
/* Stores r; drops what was there, after the store (a destructor may look at the slot). */
static inline void gi_slot_set(GiThread *ts, GiSlot *s, GiRef r) {
    GiRef old = {s->bits};
    s->bits = r.bits;
    gi_xdrop(ts, old);
}
static inline void gi_slot_clear(GiThread *ts, GiSlot *s) { gi_slot_set(ts, s, GI_NULL); }

/* True if the caller's reference is the only one (then it may change the object in place). */
static inline bool gi_is_unique(GiThread *ts, GiVal v) {
    GiObj *obj = gi_obj(v);
    uint64_t counts = __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED);
    return counts == ((uint64_t)((GiThreadCore *)ts)->owner | 0x10000u);
}

/* As gi_is_unique, whoever owns the object: after the lock was lifted that may be the main thread for what
 * another one had made. One reference in all, and the caller has it: so nobody else can be changing it. */
static inline bool gi_is_sole(GiVal v) {
    uint64_t counts = __atomic_load_n(&gi_obj_counts(gi_obj(v)), __ATOMIC_ACQUIRE);
    uint16_t owner = (uint16_t)counts;
    return owner == GI_OWNER_NONE ? counts >> 16 == 0x10000u : owner < GI_OWNER_LIMIT && counts >> 16 == 1;
}

#endif
