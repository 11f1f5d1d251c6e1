/* heap_internal.h - what the files of memory/ share: a thread's pages, and the VM's.
 *
 * A GiHeapLocal outlives its thread: it becomes idle with all its pages, and the next thread that
 * starts takes it over. So a page's owner is a valid address as long as the VM lives.
 */
#ifndef GI_MEMORY_HEAP_INTERNAL_H
#define GI_MEMORY_HEAP_INTERNAL_H

#include "base/vec.h"
#include "memory/ledger.h"
#include "memory/thread.h"
#include "objects/type.h"

#ifdef GI_HEAP_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#define LSAN_ROOT(p, n) __lsan_register_root_region(p, n)
#define LSAN_NO_ROOT(p, n) __lsan_unregister_root_region(p, n)
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define LSAN_ROOT(p, n) ((void)(p), (void)(n))
#define LSAN_NO_ROOT(p, n) ((void)(p), (void)(n))
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif
#define GI_HEAP_QUARANTINE 8192
typedef struct GiHeapLocal {
    GiHeapShared *shared;
    struct GiHeapLocal *next;              /* all heaps; LOCK: shared->lock */
    GiThread *thread;                      /* NULL: idle; LOCK: shared->lock, and lock to change it */
    GiHeapPage *pages[GI_KIND_COUNT];
    GiHeapPage *current[GI_KIND_COUNT][GI_HEAP_CLASSES]; /* the page that is being carved */
    /* Blocks that other threads freed; the owner takes the whole list. */
    _Atomic(GiHeapFree *) remote[GI_KIND_COUNT][GI_HEAP_CLASSES];
    /* The thread's free lists while it is idle. */
    GiHeapFree *idle_lists[GI_KIND_COUNT][GI_HEAP_CLASSES];
    GiMutex lock;                          /* guards handed */
    GI_VEC(GiObj *) handed;                /* references to drop (see object.c) */
#ifdef GI_HEAP_ASAN
    /* Freed blocks wait here before they are used again, so that late uses of them are noticed. */
    GiObj *quarantine[GI_HEAP_QUARANTINE];
    size_t quarantined;
#endif
} GiHeapLocal;

#define GI_HEAP_SEGMENT_SIZE (1u << 21)

/* Segments lie where the system puts nothing by itself, 16 TiB of addresses from 1 << 44 on: so an
 * address tells whether it is in a page. */
#define GI_HEAP_WINDOW_BITS 44
static inline bool gi_heap_in_window(const void *p) {
    return (uint64_t)(uintptr_t)p >> GI_HEAP_WINDOW_BITS == 1;
}

struct GiHeapShared {
    GiMutex lock;                          /* heaps, segments */
    GiHeapLocal *heaps;
    GI_VEC(char *) segments;
    char *segment_next, *segment_end;      /* unused pages of the newest segment */
    uint32_t next_slot;                    /* place in the window for the next segment */
    bool slot_chosen;
    /* Once the GIL is lifted: the heap of the thread with an owner number. An entry is good while
     * `thread` of the heap, looked at under its lock, has that number. */
    _Atomic(GiHeapLocal *) *by_owner;
    struct GiSplitTable *split;            /* memory/split.c; NULL until needed */
    GiMutex large_lock;
    GiLarge large;                         /* head of the ring of collectable large objects */
};

/* Places of objects in pages. */
static inline uint32_t gi_page_index(const GiHeapPage *page, const GiObj *obj) {
    uint32_t offset = (uint32_t)((uintptr_t)obj - (uintptr_t)page) - page->first;
    return (uint32_t)(((uint64_t)offset * page->inverse) >> 32);
}
static inline GiObj *gi_page_object(const GiHeapPage *page, uint32_t i) {
    return (GiObj *)((char *)page + page->first + (size_t)i * page->block_size);
}

/* Drops what was handed to any thread, also to those that are blocked. At a safepoint. */
void gi_take_all_handed_drops(GiThread *ts);
/* Prepares for the end of the GIL (GI_FAIL: no memory, nothing has changed), and after it: the
 * threads have their owner numbers. In a stopped world. */
GI_NODISCARD GiStatus gi_heap_lift(GiVm *vm);
void gi_heap_lifted(GiVm *vm);
/* Fills an empty free list; false when out of memory (or addresses, for buffers). */
bool gi_heap_refill(GiThread *ts, GiHeapKind kind, size_t size_class);
void gi_heap_free_remote(GiHeapPage *page, GiHeapFree *block);
void gi_heap_free_large(GiThread *ts, GiObj *obj);

/* gi_heap_free, inline. PERF: the path of every object's death. */
static inline void gi_heap_free_fast(GiThread *ts, GiObj *obj) {
    GiType *type = gi_obj_type(obj);
    if (GI_UNLIKELY(gi_obj_head(obj) & GI_HEAD_LARGE)) {
        gi_heap_free_large(ts, obj);
    } else {
        GiHeapPage *page = gi_heap_page_of(obj);
        GiHeapKind kind = (GiHeapKind)page->kind;
        ts->gc_countdown += kind != GI_KIND_PLAIN;
#if !defined(NDEBUG) || defined(GI_HEAP_ASAN)
        size_t room = page->block_size - (kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0);
        memset((char *)obj + 16, 0xDB, room - 16);
        POISON((char *)obj + 16, room - 16);
#endif
        gi_ledger_died(ts, obj);
        GiHeapFree *block = (GiHeapFree *)obj;
        __atomic_store_n(&block->dead, 0, __ATOMIC_RELAXED);
#ifdef GI_HEAP_ASAN
        gi_free_set_next(block, NULL);
        GiObj **place = &ts->heap->quarantine[ts->heap->quarantined++ % GI_HEAP_QUARANTINE];
        block = (GiHeapFree *)*place;
        *place = obj;
        page = block ? gi_heap_page_of((GiObj *)block) : page;
        kind = (GiHeapKind)page->kind;
        if (!block) goto heap_type;
#endif
        if (GI_LIKELY(page->owner == ts->heap)) {
            GiHeapFree **list = &ts->free_lists[kind][page->size_class];
            gi_free_set_next(block, *list);
            *list = block;
        } else {
            gi_heap_free_remote(page, block);
        }
    }
#ifdef GI_HEAP_ASAN
heap_type:
#endif
    if (type->flags & GI_TYPE_HEAP) gi_decref_obj(ts, &type->obj);
}

#endif
