/* dealloc.c - the death of an object: finalizer, weak references, fields, memory.
 *
 * The order is that which Python programs see in CPython: __del__ (the object may revive), weak
 * references die and their callbacks run, native clean-up, __slots__, attributes, then the fields
 * of the builtin part; arrays from their end. Chains of any length do not recurse: below a depth
 * the object waits on ts->dealloc_queue, linked through the word of its counts, and the outermost
 * gi_dealloc empties the queue.
 * INVARIANT: GI_OBJ_DYING is set while an object is torn down or queued; whoever finds objects
 * otherwise than by a reference (collector, weak table) leaves such an object alone.
 */
#include "memory/gc.h"
#include "memory/heap_internal.h"
#include "objects/error.h"
#include "objects/shape.h"
#include "objects/weakref.h"

/* Deaths nested in each other, before they are queued. */
#define DEPTH_LIMIT 50

/* GiType.drop. 0: not known yet, or not any more (dispatch.c). */
enum { DROP_READY = 1, DROP_PLAIN = 2 }; /* PLAIN: nothing to drop or destroy, just memory to free */

void gi_type_prepare_dealloc(GiType *type) {
    GiType *fields = type, *slots = type;
    while (fields && !fields->fields) fields = fields->base;
    while (slots && !slots->slots_count) slots = slots->base;
    /* Two threads may do so at once, and write the same. */
    __atomic_store_n(&type->fields_type, fields, __ATOMIC_RELAXED);
    __atomic_store_n(&type->slots_type, slots, __ATOMIC_RELAXED);
    /* A class may be given a __del__ later. */
    bool plain = !(type->flags & (GI_TYPE_HEAP | GI_TYPE_ATTRS | GI_TYPE_WEAKREF)) && !fields && !slots &&
                 !type->destroy && !type->finalize;
    __atomic_store_n(&type->drop, DROP_READY | (plain ? DROP_PLAIN : 0), __ATOMIC_RELEASE);
}

/* The type's way to die, ready. */
static inline uint8_t drop_of(GiType *type) {
    uint8_t drop = __atomic_load_n(&type->drop, __ATOMIC_ACQUIRE);
    if (GI_LIKELY(drop)) return drop;
    gi_type_prepare_dealloc(type);
    return __atomic_load_n(&type->drop, __ATOMIC_ACQUIRE);
}

static inline GiType *fields_type_of(GiType *type) {
    (void)drop_of(type);
    return __atomic_load_n(&type->fields_type, __ATOMIC_RELAXED);
}
static inline GiType *slots_type_of(GiType *type) {
    (void)drop_of(type);
    return __atomic_load_n(&type->slots_type, __ATOMIC_RELAXED);
}
static inline GiType *next_fields_type(const GiType *type) { return type->base ? fields_type_of(type->base) : NULL; }
static inline GiType *next_slots_type(const GiType *type) { return type->base ? slots_type_of(type->base) : NULL; }

#define FIELD_AT(obj, T, offset) ((T *)((char *)(obj) + (offset)))

static void each_field(GiObj *obj, const GiField *f, GiVisit visit, void *arg) {
    for (; f->kind != GI_FIELD_END; f++) {
        switch (f->kind) {
        case GI_FIELD_SLOT: {
            GiSlot *s = FIELD_AT(obj, GiSlot, f->offset);
            if (!gi_is_null(*s) && gi_is_heap(*s)) visit(s, arg);
            break;
        }
        case GI_FIELD_ARRAY:
        case GI_FIELD_INLINE: {
            GiSlot *items = f->kind == GI_FIELD_ARRAY ? *FIELD_AT(obj, GiSlot *, f->offset)
                                                      : FIELD_AT(obj, GiSlot, f->offset);
            size_t n = items ? *FIELD_AT(obj, size_t, f->count) : 0;
            for (size_t i = 0; i < n; i++)
                if (!gi_is_null(items[i]) && gi_is_heap(items[i])) visit(&items[i], arg);
            break;
        }
        case GI_FIELD_CUSTOM: f->each(obj, visit, arg); break;
        default: break;
        }
    }
}

void gi_each_slot(GiObj *obj, GiVisit visit, void *arg) {
    GiType *type = gi_obj_type(obj);
    for (GiType *t = slots_type_of(type); t; t = next_slots_type(t)) {
        GiSlot *s = FIELD_AT(obj, GiSlot, t->slots_offset);
        for (unsigned i = 0; i < t->slots_count; i++)
            if (!gi_is_null(s[i]) && gi_is_heap(s[i])) visit(&s[i], arg);
    }
    if (type->flags & GI_TYPE_ATTRS) gi_attrs_each(obj, visit, arg);
    for (GiType *t = fields_type_of(type); t; t = next_fields_type(t))
        each_field(obj, t->fields, visit, arg);
}

void gi_each_reference(GiObj *obj, GiVisit visit, void *arg) {
    GiType *type = gi_obj_type(obj);
    gi_each_slot(obj, visit, arg);
    if (type->flags & GI_TYPE_HEAP) {
        GiSlot slot = {(uint64_t)(uintptr_t)type};
        visit(&slot, arg);
    }
}

typedef struct Reach {
    GI_VEC(GiObj *) stack;
    bool failed;
} Reach;

static void immortal_visit(GiSlot *slot, void *arg) {
    Reach *reach = arg;
    GiObj *obj = gi_slot_obj(slot);
    if (!obj || gi_obj_owner(obj) == GI_OWNER_IMMORTAL) return;
    gi_make_immortal(obj);
    if (gi_vec_push(&reach->stack, obj) != GI_OK) reach->failed = true;
}

GiStatus gi_make_immortal_deep(GiThread *ts, GiObj *obj) {
    Reach reach = {.failed = false};
    gi_make_immortal(obj);
    gi_each_slot(obj, immortal_visit, &reach);
    while (reach.stack.len) gi_each_slot(gi_vec_pop(&reach.stack), immortal_visit, &reach);
    gi_vec_free(&reach.stack);
    if (!reach.failed) return GI_OK;
    (void)gi_raise_nomem(ts);
    return GI_FAIL;
}

static inline void drop_slot(GiThread *ts, GiSlot *s) { gi_xdrop(ts, gi_slot_take(s)); }

static void drop_visit(GiSlot *slot, void *arg) {
    GiRef r = gi_slot_take(slot);
    if (!gi_is_null(r)) gi_drop(arg, r);
}

/* From the end. The object is dying: nobody looks at the slots again, so they are left as they are. */
static inline void drop_items(GiThread *ts, const GiSlot *items, size_t n) {
    while (n-- > 0)
        if (!gi_is_null(items[n]) && gi_is_heap(items[n])) gi_decref_obj(ts, gi_obj(items[n]));
}

static void drop_fields(GiThread *ts, GiObj *obj, const GiField *f) {
    for (; f->kind != GI_FIELD_END; f++) {
        if (GI_LIKELY(f->kind == GI_FIELD_SLOT)) { /* PERF: nearly all are */
            drop_slot(ts, FIELD_AT(obj, GiSlot, f->offset));
            continue;
        }
        switch (f->kind) {
        case GI_FIELD_ARRAY: {
            GiSlot *items = *FIELD_AT(obj, GiSlot *, f->offset);
            if (!items) break;
            *FIELD_AT(obj, GiSlot *, f->offset) = NULL;
            drop_items(ts, items, *FIELD_AT(obj, size_t, f->count));
            gi_mem_free(items);
            break;
        }
        case GI_FIELD_INLINE:
            drop_items(ts, FIELD_AT(obj, GiSlot, f->offset), *FIELD_AT(obj, size_t, f->count));
            break;
        case GI_FIELD_CUSTOM: f->each(obj, drop_visit, ts); break;
        case GI_FIELD_BUFFER: {
            void **p = FIELD_AT(obj, void *, f->offset);
            gi_mem_free(*p);
            *p = NULL;
            break;
        }
        default: break;
        }
    }
}

void gi_finalize(GiThread *ts, GiObj *obj) {
    GiType *type = gi_obj_type(obj);
    if (!type->finalize || gi_obj_flags(obj) & GI_OBJ_FINALIZED) return;
    /* While it runs, others may make weak references, which changes the flags too. */
    __atomic_fetch_or(&gi_obj_flag_byte(obj), GI_OBJ_FINALIZED, __ATOMIC_RELAXED);
    GiSlot saved = ts->exc;
    ts->exc = (GiSlot){0};
    type->finalize(ts, gi_from_obj(obj));
    if (GI_UNLIKELY(!gi_is_null(ts->exc))) gi_unraisable(ts, gi_from_obj(obj), NULL);
    ts->exc = saved;
}

/* True when the finalizer has made new references to the object. */
static bool finalize_revives(GiThread *ts, GiObj *obj) {
    __atomic_store_n(&gi_obj_counts(obj), (uint64_t)ts->core.owner | 0x10000u, __ATOMIC_RELEASE);
    gi_finalize(ts, obj);
    /* At once: while the count is not zero, other threads may take references from the weak table. */
    uint64_t one = (uint64_t)ts->core.owner | 0x10000u;
    if (__atomic_compare_exchange_n(&gi_obj_counts(obj), &one, (uint64_t)ts->core.owner, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        return false;
    gi_decref_obj(ts, obj);
    return true;
}

/* Tears down and frees an object that nothing refers to. */
static void bury(GiThread *ts, GiObj *obj, GiType *type) {
    if (GI_UNLIKELY(type->finalize != NULL) && !(gi_obj_flags(obj) & GI_OBJ_FINALIZED) &&
        finalize_revives(ts, obj))
        return;
    gi_obj_flag_on(obj, GI_OBJ_DYING);
    if (GI_UNLIKELY(gi_obj_flags(obj) & GI_OBJ_WEAKREFS)) gi_weakrefs_clear(ts, obj, true);
    if (type->destroy) type->destroy(ts, obj);
    for (GiType *t = slots_type_of(type); t; t = next_slots_type(t)) {
        GiSlot *s = FIELD_AT(obj, GiSlot, t->slots_offset);
        for (unsigned i = 0; i < t->slots_count; i++) drop_slot(ts, &s[i]);
    }
    if (type->flags & GI_TYPE_ATTRS) gi_attrs_free(ts, obj);
    for (GiType *t = fields_type_of(type); t; t = next_fields_type(t)) drop_fields(ts, obj, t->fields);
    gi_heap_free_fast(ts, obj);
}

/* Death at depth 0 has queued others. They are buried at depth 1, so that deaths below them do not
 * come here. */
static GI_NOINLINE void empty_queue(GiThread *ts) {
    ts->dealloc_depth++;
    while (ts->dealloc_queue) {
        GiObj *next = ts->dealloc_queue;
        ts->dealloc_queue = (GiObj *)(uintptr_t)(gi_obj_counts(next) >> 16);
        __atomic_store_n(&gi_obj_counts(next), ts->core.owner, __ATOMIC_RELEASE);
        gi_obj_flag_off(next, GI_OBJ_DYING);
        bury(ts, next, gi_obj_type(next));
    }
    ts->dealloc_depth--;
}

static inline void dealloc(GiThread *ts, GiObj *obj) {
    GiType *type = gi_obj_type(obj);
    if (drop_of(type) & DROP_PLAIN) {
        gi_heap_free_fast(ts, obj);
        return;
    }
    if (GI_UNLIKELY(ts->dealloc_depth >= DEPTH_LIMIT)) {
        /* Whoever reads the link as counts sees a free block. */
        gi_obj_flag_on(obj, GI_OBJ_DYING);
        __atomic_store_n(&gi_obj_counts(obj), (uint64_t)(uintptr_t)ts->dealloc_queue << 16 | GI_OWNER_FREE,
                         __ATOMIC_RELEASE);
        ts->dealloc_queue = obj;
        return;
    }
    ts->dealloc_depth++;
    bury(ts, obj, type);
    if (GI_UNLIKELY(--ts->dealloc_depth == 0 && ts->dealloc_queue)) empty_queue(ts);
}

void gi_dealloc(GiThread *ts, GiObj *obj) { dealloc(ts, obj); }

void gi_decref_slow(GiThread *ts, GiObj *obj) {
    /* PERF: with the GIL the usual case is the last reference, and needs no atomic operation. */
    uint64_t counts = __atomic_load_n(&gi_obj_counts(obj), __ATOMIC_RELAXED);
    if ((uint16_t)counts == GI_OWNER_SPLIT) { /* first, so that it needs no frame */
        ts->split[counts >> 16]--;
        return;
    }
    if (GI_LIKELY(counts == (0x10000u | (uint64_t)ts->core.owner) && !ts->core.free_running)) {
        gi_obj_counts(obj) = ts->core.owner;
        dealloc(ts, obj);
        return;
    }
    gi_decref_shared(ts, obj);
}
