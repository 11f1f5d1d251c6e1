/* heap.h - where objects live: pages by size class, one set per thread.
 *
 * A page is 16 KiB, aligned to its size, and holds blocks of one size and one kind; the owner
 * thread allocates from its pages without locks. A block whose object died is only ever reused for
 * an object of the same class, so a racing reader of a dead header still reads a header.
 * Kinds keep the collector's walk short: it visits only pages of the two collectable kinds.
 * Small buffers have pages as well. A pointer tells by itself whether it lies in such a page: segments
 * are mapped in a window of addresses where nothing else is.
 * Objects above GI_HEAP_SMALL_MAX come from the system's allocator and are listed in the VM's
 * table of large objects.
 */
#ifndef GI_MEMORY_HEAP_H
#define GI_MEMORY_HEAP_H

#include "memory/object.h"

#define GI_HEAP_PAGE_SIZE 16384u
#define GI_HEAP_SMALL_MAX 512u

typedef enum {
    GI_KIND_BUFFER, /* no object: a small buffer of gi_mem_alloc */
    GI_KIND_PLAIN,  /* holds no references that can be part of a cycle (str, int, bytes) */
    GI_KIND_GC,     /* collectable; the object starts at the block's start */
    GI_KIND_ATTRS,  /* collectable; preceded by a GiAttrs (see objects/shape.h) */
    GI_KIND_COUNT,
} GiHeapKind;

/* What precedes the header of an object whose class gives its instances a __dict__. Both words
 * are NULL in a fresh object until its creator sets the shape. */
typedef struct GiAttrs {
    struct GiShape *shape;
    GiSlot *overflow;  /* slots that do not fit in the object, or the materialised __dict__ */
} GiAttrs;
#define gi_attrs(obj) (&((GiAttrs *)(obj))[-1])

typedef struct GiHeapShared GiHeapShared;

/* The head of a page. Blocks follow; block_size is a multiple of 16. */
typedef struct GiHeapPage {
    struct GiHeapLocal *owner;
    struct GiHeapPage *next;     /* in the owner's list of its kind */
    uint32_t block_size, block_count;
    uint32_t first;              /* offset of the first block's object header */
    uint32_t carved;             /* so many blocks were ever on a free list */
    uint32_t inverse;            /* 2^32 / block_size, rounded up */
    uint8_t kind, size_class;
    uint32_t gc_base;            /* collector: place of the first block in its side array */
} GiHeapPage;

/* What precedes an object (and its GiAttrs) that has memory of its own. Collectable ones are
 * listed in the VM under its large_lock. */
typedef struct GiLarge {
    struct GiLarge *next, *prev;
    size_t size;                 /* from the object's header on */
    uint32_t kind;
    int32_t gc_refs;             /* collector */
} GiLarge;

/* A free block. `dead` is where the header's head was, `link` where its counts were: the next block's
 * address above GI_OWNER_FREE, so that who still has the address of the dead object sees that it is. */
typedef struct GiHeapFree {
    uint64_t dead;
    uint64_t link;
} GiHeapFree;

static inline GiHeapFree *gi_free_next(const GiHeapFree *block) {
    /* Atomic as all that touch the word: others may be trying to count up the dead object. */
    return (GiHeapFree *)(uintptr_t)(__atomic_load_n(&block->link, __ATOMIC_RELAXED) >> 16);
}
static inline void gi_free_set_next(GiHeapFree *block, const GiHeapFree *next) {
    __atomic_store_n(&block->link, (uint64_t)(uintptr_t)next << 16 | GI_OWNER_FREE, __ATOMIC_RELAXED);
}

static inline GiHeapPage *gi_heap_page_of(const void *block) {
    return (GiHeapPage *)((uintptr_t)block & ~(uintptr_t)(GI_HEAP_PAGE_SIZE - 1));
}
GiLarge *gi_heap_large_of(GiObj *obj);
GiHeapKind gi_heap_kind_of(GiObj *obj);

/* Memory for an object of `size` bytes from the start of its header, zeroed, the header set up
 * (type, owner, one reference of the caller's; heap types are counted). Collectable kinds are
 * tracked at once: the object must be traversable as it is (all zero); attributes get the type's
 * root shape. Raises MemoryError. The inline form for hot paths is gi_heap_new_fast in
 * objects/alloc.h. */
GI_NODISCARD GiObj *gi_heap_new(GiThread *ts, GiType *type, size_t size);
GI_NODISCARD GiObj *gi_heap_new_slow(GiThread *ts, GiType *type, size_t size);

/* For an object of kind PLAIN of which the caller holds the only reference: makes it `size` bytes
 * long, moving it if need be; new bytes are not zeroed. The old one is then gone. On failure NULL
 * with MemoryError; the object is as before. */
GI_NODISCARD GiObj *gi_heap_resize(GiThread *ts, GiObj *obj, size_t size);
/* Bytes that the object's block has, from its header on. */
size_t gi_heap_room(GiObj *obj);

/* Gives the memory of a dead object back (drops the count on its heap type). */
void gi_heap_free(GiThread *ts, GiObj *obj);

/* Memory that is no object: buffers of lists, dicts, ... Never zeroed. Raises MemoryError; NULL.
 * Use these, and not malloc, wherever Python code decides the size, so that failing allocations
 * can be injected. Up to GI_HEAP_SMALL_MAX bytes come from the thread's pages. Only gi_mem_free gives
 * them back; it takes blocks of malloc as well, and may be called by any thread, attached or not. */
GI_NODISCARD void *gi_mem_alloc(GiThread *ts, size_t size);
GI_NODISCARD void *gi_mem_calloc(GiThread *ts, size_t count, size_t size);
/* On failure the old block stays valid. */
GI_NODISCARD void *gi_mem_realloc(GiThread *ts, void *block, size_t size);
void gi_mem_free(void *block);
/* The room in a block, at least what was asked for. */
size_t gi_mem_size(const void *block);

/* Live objects of any kind that are not immortal (large plain ones left out): to hunt leaks with. */
size_t gi_heap_count(GiVm *vm);
/* Calls visit for every live collectable object of the VM. The world is stopped or the GIL held;
 * visit must not allocate. Dying objects are left out. */
void gi_heap_each(GiVm *vm, void (*visit)(GiObj *obj, void *arg), void *arg);

/* Where lists begin; used by the collector too. */
GiHeapShared *gi_heap_shared(GiVm *vm);

GI_NODISCARD GiStatus gi_heap_thread_init(GiThread *ts); /* GI_FAIL: out of memory, nothing raised */
/* A thread that ends leaves its pages to the VM, which gives them to the next thread. */
void gi_heap_thread_end(GiThread *ts);
GI_NODISCARD GiStatus gi_heap_vm_init(GiVm *vm);
void gi_heap_vm_end(GiVm *vm);

/* Makes an object immortal: it is never counted, never freed, and seen by every VM. */
void gi_make_immortal(GiObj *obj);
/* The same for the object and all that it reaches: what hangs on static types, which all VMs share.
 * GI_FAIL: out of memory (raised); a part may then still be counted. */
GI_NODISCARD GiStatus gi_make_immortal_deep(GiThread *ts, GiObj *obj);

#endif
