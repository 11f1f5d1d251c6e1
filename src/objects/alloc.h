/* alloc.h - the inline way to a new object: a block off the thread's free list, zeroed.
 *
 * Included by type.h. gi_heap_new is the same out of line.
 */
#ifndef GI_OBJECTS_ALLOC_H
#define GI_OBJECTS_ALLOC_H

#include "objects/type.h"

#if defined(__SANITIZE_ADDRESS__)
#define GI_HEAP_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define GI_HEAP_ASAN 1
#endif
#endif

static inline GiHeapKind gi_type_kind(const GiType *type) {
    return type->flags & GI_TYPE_ATTRS ? GI_KIND_ATTRS
           : type->flags & GI_TYPE_GC  ? GI_KIND_GC
                                       : GI_KIND_PLAIN;
}

/* Writes the header: the counts last, since until then racing readers see a free block. */
static inline void gi_heap_born(GiThread *ts, GiObj *obj, uint64_t head) {
    __atomic_store_n(&obj->head, head, __ATOMIC_RELAXED);
    __atomic_store_n(&gi_obj_counts(obj), (uint64_t)((GiThreadCore *)ts)->owner | 0x10000u, __ATOMIC_RELEASE);
}

/* As gi_heap_new. PERF: the path of every object creation; a constant size helps. */
static inline GiObj *gi_heap_new_fast(GiThread *ts, GiType *type, size_t size) {
    GiHeapKind kind = gi_type_kind(type);
    size_t total = kind == GI_KIND_ATTRS ? size + sizeof(GiAttrs) : size;
#if defined(GI_HEAP_ASAN) || defined(GI_HOSTILE)
    return gi_heap_new_slow(ts, type, size);
#endif
    if (GI_UNLIKELY(total > GI_HEAP_SMALL_MAX)) return gi_heap_new_slow(ts, type, size);
    size_t words = (total + 15) / 16;
    GiHeapFree *block = ts->free_lists[kind][words];
    if (GI_UNLIKELY(!block)) return gi_heap_new_slow(ts, type, size);
    ts->free_lists[kind][words] = gi_free_next(block);
    GiObj *obj = (GiObj *)block;
    /* Stores of 16 bytes: the rest of the block after the header. */
    typedef uint64_t __attribute__((vector_size(16), may_alias)) Pair;
    Pair *p = (Pair *)obj;
    size_t rest = words - (kind == GI_KIND_ATTRS);
    for (size_t i = 1; i < rest; i++) p[i] = (Pair){0, 0};
    if (kind != GI_KIND_PLAIN) {
        if (kind == GI_KIND_ATTRS) {
            gi_attrs(obj)->shape = type->root_shape;
            gi_attrs(obj)->overflow = NULL;
        }
        if (GI_UNLIKELY(--ts->gc_countdown < 0)) gi_gc_request(ts);
    }
    gi_heap_born(ts, obj, (uint64_t)(uintptr_t)type | (kind == GI_KIND_ATTRS ? GI_HEAD_ATTRS : 0));
    if (type->flags & GI_TYPE_HEAP) gi_incref_obj(ts, &type->obj);
    return obj;
}

#endif
