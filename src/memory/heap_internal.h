/* heap_internal.h - what the files of memory/ share: a thread's pages, and the VM's.
 *
 * A GiHeapLocal outlives its thread: it becomes idle with all its pages, and the next thread that
 * starts takes it over. So a page's owner is a valid address as long as the VM lives.
 */
#ifndef GI_MEMORY_HEAP_INTERNAL_H
#define GI_MEMORY_HEAP_INTERNAL_H

#include "base/vec.h"
#include "memory/thread.h"

typedef struct GiHeapLocal {
    GiHeapShared *shared;
    struct GiHeapLocal *next;              /* all heaps; LOCK: shared->lock */
    GiThread *thread;                      /* NULL: idle; LOCK: shared->lock */
    GiHeapPage *pages[GI_KIND_COUNT];
    GiHeapPage *current[GI_KIND_COUNT][GI_HEAP_CLASSES]; /* the page that is being carved */
    /* Blocks that other threads freed; the owner takes the whole list. */
    _Atomic(GiHeapFree *) remote[GI_KIND_COUNT][GI_HEAP_CLASSES];
    /* The thread's free lists while it is idle. */
    GiHeapFree *idle_lists[GI_KIND_COUNT][GI_HEAP_CLASSES];
    GiMutex lock;                          /* guards handed */
    GI_VEC(GiObj *) handed;                /* references to drop (see object.c) */
} GiHeapLocal;

#define GI_HEAP_SEGMENT_SIZE (1u << 20)

struct GiHeapShared {
    GiMutex lock;                          /* heaps, segments */
    GiHeapLocal *heaps;
    GI_VEC(char *) segments;
    char *segment_next, *segment_end;      /* unused pages of the newest segment */
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

#endif
