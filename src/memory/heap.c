/* heap.c - pages, size classes, large objects.
 *
 * A thread allocates from its own free lists. A block that another thread frees goes to the remote
 * list of the heap that owns its page, which that heap takes as a whole when its own list is empty.
 * LOCK: GiHeapShared.lock for segments and the list of heaps; large_lock for the ring of large
 * collectable objects. Free lists belong to their thread.
 */
#include "memory/heap_internal.h"
#include "memory/gc.h"
#include "memory/split.h"
#include "objects/error.h"
#include "objects/shape.h"
#include "os/memory.h"
#include "os/process.h"

#include <stdlib.h>

_Static_assert(sizeof(GiObj) == 16, "the header is two words");
_Static_assert(sizeof(GiHeapPage) % 8 == 0 && sizeof(GiHeapPage) <= 64, "page head");
_Static_assert(sizeof(GiAttrs) == 16, "attributes precede the header by two words");
_Static_assert(sizeof(GiLarge) % 16 == 0, "objects are aligned to 16");

#define PAGE_HEAD 64u

/* True when the injected failure is due. Buffers ask for it in malloc itself (base/hostile.h). */
static inline bool fail_now(void) {
#ifdef GI_HOSTILE
    return gi_hostile_due();
#else
    return false;
#endif
}

/* ---- Pages ---- */

GiHeapShared *gi_heap_shared(GiVm *vm) { return vm->heap; }

#define WINDOW_SLOTS (((uint64_t)1 << GI_HEAP_WINDOW_BITS) / GI_HEAP_SEGMENT_SIZE)
#define WINDOW_TRIES 1024 /* segments of other VMs that are stepped over */

/* A segment in the window, beginning at a random place of it; NULL if the system has none there. */
static char *segment_in_window(GiHeapShared *shared) {
#if defined(GI_HEAP_ASAN) || defined(GI_HOSTILE) || defined(__SANITIZE_THREAD__)
    (void)shared;
    return NULL; /* ThreadSanitizer has no shadow for the window; there the C library's allocator watches over buffers */
#else
    if (!shared->slot_chosen) {
        uint32_t random = 0;
        if (gi_os_addresses_random() && gi_os_random(&random, sizeof random, false) == 0)
            shared->next_slot = random % (uint32_t)(WINDOW_SLOTS / 2);
        shared->slot_chosen = true;
    }
    for (int i = 0; i < WINDOW_TRIES; i++) {
        uint64_t slot = shared->next_slot++ % WINDOW_SLOTS;
        char *at = (char *)(uintptr_t)(((uint64_t)1 << GI_HEAP_WINDOW_BITS) + slot * GI_HEAP_SEGMENT_SIZE);
        if (gi_os_pages_alloc_at(at, GI_HEAP_SEGMENT_SIZE)) return at;
    }
    return NULL;
#endif
}

/* LOCK: shared->lock. False when out of memory. */
static bool add_segment(GiHeapShared *shared) {
    if (gi_vec_reserve(&shared->segments, 1) != GI_OK) return false;
    char *segment = segment_in_window(shared);
    if (!segment) segment = gi_os_pages_alloc(GI_HEAP_SEGMENT_SIZE, GI_HEAP_SEGMENT_SIZE);
    if (!segment) return false;
    gi_os_pages_prefer_huge(segment, GI_HEAP_SEGMENT_SIZE);
    shared->segments.data[shared->segments.len++] = segment;
    shared->segment_next = segment;
    shared->segment_end = segment + GI_HEAP_SEGMENT_SIZE;
    LSAN_ROOT(segment, GI_HEAP_SEGMENT_SIZE);
    return true;
}

/* A fresh zeroed page; NULL when out of memory, or for a buffer, when outside the window. */
static GiHeapPage *page_from_system(GiHeapShared *shared, GiHeapKind kind) {
    GiHeapPage *page = NULL;
    gi_mutex_lock(&shared->lock);
    if (shared->segment_next != shared->segment_end || add_segment(shared)) {
        if (kind != GI_KIND_BUFFER || gi_heap_in_window(shared->segment_next)) {
            page = (GiHeapPage *)shared->segment_next;
            shared->segment_next += GI_HEAP_PAGE_SIZE;
        }
    }
    gi_mutex_unlock(&shared->lock);
    return page;
}

static GiHeapPage *page_new(GiThread *ts, GiHeapKind kind, size_t size_class) {
    GiHeapLocal *heap = ts->heap;
    GiHeapPage *page = page_from_system(heap->shared, kind);
    if (!page) return NULL;
    page->owner = heap;
    page->kind = (uint8_t)kind;
    page->size_class = (uint8_t)size_class;
    page->block_size = (uint32_t)size_class * 16;
    page->block_count = (GI_HEAP_PAGE_SIZE - PAGE_HEAD) / page->block_size;
    page->first = PAGE_HEAD + (kind == GI_KIND_ATTRS ? (uint32_t)sizeof(GiAttrs) : 0);
    page->inverse = (uint32_t)(((uint64_t)1 << 32) / page->block_size + 1);
    page->next = heap->pages[kind];
    heap->pages[kind] = page;
    heap->current[kind][size_class] = page;
    return page;
}

/* Blocks of an idle heap, or NULL. */
static GiHeapFree *take_from_idle(GiHeapShared *shared, GiHeapKind kind, size_t size_class) {
    GiHeapFree *list = NULL;
    gi_mutex_lock(&shared->lock);
    for (GiHeapLocal *h = shared->heaps; h && !list; h = h->next) {
        if (h->thread) continue;
        list = h->idle_lists[kind][size_class];
        h->idle_lists[kind][size_class] = NULL;
        if (!list)
            list = atomic_exchange_explicit(&h->remote[kind][size_class], NULL,
                                            memory_order_acquire);
    }
    gi_mutex_unlock(&shared->lock);
    return list;
}

bool gi_heap_refill(GiThread *ts, GiHeapKind kind, size_t size_class) {
    GiHeapLocal *heap = ts->heap;
    GiHeapFree *list =
        atomic_exchange_explicit(&heap->remote[kind][size_class], NULL, memory_order_acquire);
    if (!list && heap->next) list = take_from_idle(heap->shared, kind, size_class);
    if (!list) {
        GiHeapPage *page = heap->current[kind][size_class];
        if (!page || page->carved == page->block_count) page = page_new(ts, kind, size_class);
        if (!page) return false;
        /* A few blocks at a time, so that memory is touched when it is needed. */
        uint32_t batch = GI_MAX(4096 / page->block_size, 4);
        uint32_t end = GI_MIN(page->carved + batch, page->block_count);
        for (uint32_t i = end; i-- > page->carved;) {
            GiHeapFree *block = (GiHeapFree *)gi_page_object(page, i);
            gi_free_set_next(block, list);
            list = block;
            POISON((char *)block + 16, page->block_size - 16 -
                                           (kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        }
        page->carved = end;
    }
    ts->free_lists[kind][size_class] = list;
    return true;
}

/* ---- Objects ---- */

GiLarge *gi_heap_large_of(GiObj *obj) {
    GI_ASSERT(gi_obj_head(obj) & GI_HEAD_LARGE);
    char *p = (char *)obj;
    if (gi_type_kind(gi_obj_type(obj)) == GI_KIND_ATTRS) p -= sizeof(GiAttrs);
    return (GiLarge *)p - 1;
}

GiHeapKind gi_heap_kind_of(GiObj *obj) {
    if (gi_obj_head(obj) & GI_HEAD_LARGE) return (GiHeapKind)gi_heap_large_of(obj)->kind;
    return (GiHeapKind)gi_heap_page_of(obj)->kind;
}

static GiObj *large_new(GiThread *ts, GiHeapKind kind, size_t size) {
    size_t head = sizeof(GiLarge) + (kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0);
    if (size > PTRDIFF_MAX - head) return NULL;
    GiLarge *large = calloc(1, head + size);
    if (!large) return NULL;
    GiObj *obj = (GiObj *)((char *)large + head);
    large->size = size;
    large->kind = (uint32_t)kind;
    if (kind != GI_KIND_PLAIN) {
        GiHeapShared *shared = ts->vm->heap;
        gi_mutex_lock(&shared->large_lock);
        large->next = &shared->large;
        large->prev = shared->large.prev;
        large->prev->next = large;
        shared->large.prev = large;
        gi_mutex_unlock(&shared->large_lock);
    }
    return obj;
}

static void free_retired(void *ptr, void *arg GI_UNUSED) { free(ptr); }

/* Who has found its address without a reference may still look at its header: it stays for an epoch. */
static void large_free(GiThread *ts, GiObj *obj) {
    GiLarge *large = gi_heap_large_of(obj);
    if (large->kind != GI_KIND_PLAIN) {
        GiHeapShared *shared = ts->vm->heap;
        gi_mutex_lock(&shared->large_lock);
        large->prev->next = large->next;
        large->next->prev = large->prev;
        gi_mutex_unlock(&shared->large_lock);
    }
    if (GI_UNLIKELY(ts->core.free_running)) gi_retire(&ts->core, large, large->size, free_retired, NULL);
    else free(large);
}

/* Off the fast path: an empty free list, a large object, or a build that checks more. */
GiObj *gi_heap_new_slow(GiThread *ts, GiType *type, size_t size) {
    GiHeapKind kind = gi_type_kind(type);
    if (fail_now()) goto nomem;
    size_t total = size + (kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0);
    GiObj *obj;
    uint64_t large = 0;
    if (total < size) goto nomem;
    if (total > GI_HEAP_SMALL_MAX) {
        obj = large_new(ts, kind, size);
        if (!obj) goto nomem;
        large = GI_HEAD_LARGE;
    } else {
        size_t words = (total + 15) / 16;
        GiHeapFree **list = &ts->free_lists[kind][words];
        if (!*list && !gi_heap_refill(ts, kind, words)) goto nomem;
        GiHeapFree *block = *list;
        GI_ASSERT(block->dead == 0);
        *list = gi_free_next(block);
        obj = (GiObj *)block;
        size_t room = words * 16 - (kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0);
        UNPOISON(obj, room);
        memset((char *)obj + 16, 0, room - 16);
    }
    if (kind != GI_KIND_PLAIN) {
        if (kind == GI_KIND_ATTRS) *gi_attrs(obj) = (GiAttrs){type->root_shape, NULL};
        if (--ts->gc_countdown < 0) gi_gc_request(ts);
    }
    gi_heap_born(ts, obj, (uint64_t)(uintptr_t)type | large | (kind == GI_KIND_ATTRS ? GI_HEAD_ATTRS : 0));
    gi_ledger_born(ts, obj);
    if (type->flags & GI_TYPE_HEAP) gi_incref_obj(ts, &type->obj);
    return obj;
nomem:
    gi_raise_nomem(ts);
    return NULL;
}

GiObj *gi_heap_new(GiThread *ts, GiType *type, size_t size) {
    return gi_heap_new_fast(ts, type, size);
}

void gi_heap_free_remote(GiHeapPage *page, GiHeapFree *block) {
    _Atomic(GiHeapFree *) *head = &page->owner->remote[page->kind][page->size_class];
    GiHeapFree *next = atomic_load_explicit(head, memory_order_relaxed);
    do gi_free_set_next(block, next);
    while (!atomic_compare_exchange_weak_explicit(head, &next, block, memory_order_release,
                                                  memory_order_relaxed));
}

void gi_heap_free_large(GiThread *ts, GiObj *obj) {
    ts->gc_countdown += gi_heap_kind_of(obj) != GI_KIND_PLAIN;
    gi_ledger_died(ts, obj);
    large_free(ts, obj);
}

void gi_heap_free(GiThread *ts, GiObj *obj) { gi_heap_free_fast(ts, obj); }

size_t gi_heap_room(GiObj *obj) {
    if (gi_obj_head(obj) & GI_HEAD_LARGE) return gi_heap_large_of(obj)->size;
    GiHeapPage *page = gi_heap_page_of(obj);
    return page->block_size - (page->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0);
}

GiObj *gi_heap_resize(GiThread *ts, GiObj *obj, size_t size) {
    GI_ASSERT(gi_heap_kind_of(obj) == GI_KIND_PLAIN && size >= sizeof(GiObj));
    bool is_large = gi_obj_head(obj) & GI_HEAD_LARGE;
    if (fail_now()) goto nomem;
    if (is_large && size > GI_HEAP_SMALL_MAX && !ts->core.free_running) {
        if (size > PTRDIFF_MAX - sizeof(GiLarge)) goto nomem;
        gi_ledger_died(ts, obj);
        GiLarge *large = realloc(gi_heap_large_of(obj), sizeof(GiLarge) + size);
        gi_ledger_born(ts, large ? (GiObj *)(large + 1) : obj);
        if (!large) goto nomem;
        large->size = size;
        return (GiObj *)(large + 1);
    }
    if (!is_large && size <= gi_heap_room(obj) && size + 15 >= gi_heap_room(obj)) return obj;
    GiObj *fresh = gi_heap_new(ts, gi_obj_type(obj), size);
    if (!fresh) return NULL;
    memcpy(fresh + 1, obj + 1, GI_MIN(gi_heap_room(obj), size) - sizeof(GiObj));
    gi_obj_flag_byte(fresh) = gi_obj_flags(obj);
    /* A racing reader may have taken a passing reference: then its drop is the object's end. */
    uint64_t one = (uint64_t)ts->core.owner | 0x10000u;
    if (!ts->core.free_running ||
        __atomic_compare_exchange_n(&gi_obj_counts(obj), &one, (uint64_t)ts->core.owner, false,
                                    __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        gi_heap_free(ts, obj);
    else
        gi_decref_obj(ts, obj);
    return fresh;
nomem:
    gi_raise_nomem(ts);
    return NULL;
}

void gi_heap_each(GiVm *vm, void (*visit)(GiObj *obj, void *arg), void *arg) {
    GiHeapShared *shared = vm->heap;
    for (GiHeapLocal *h = shared->heaps; h; h = h->next) {
        for (int kind = GI_KIND_GC; kind < GI_KIND_COUNT; kind++) {
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next) {
                for (uint32_t i = 0; i < page->carved; i++) {
                    GiObj *obj = gi_page_object(page, i);
                    if (obj->head && !(gi_obj_flags(obj) & GI_OBJ_DYING)) visit(obj, arg);
                }
            }
        }
    }
    for (GiLarge *l = shared->large.next; l != &shared->large; l = l->next) {
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        if (obj->head && !(gi_obj_flags(obj) & GI_OBJ_DYING)) visit(obj, arg);
    }
}

size_t gi_heap_count(GiVm *vm) {
    size_t n = 0;
    for (GiHeapLocal *h = vm->heap->heaps; h; h = h->next)
        for (int kind = GI_KIND_PLAIN; kind < GI_KIND_COUNT; kind++)
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next)
                for (uint32_t i = 0; i < page->carved; i++) {
                    GiObj *obj = gi_page_object(page, i);
                    n += obj->head && obj->owner != GI_OWNER_IMMORTAL;
                }
    for (GiLarge *l = vm->heap->large.next; l != &vm->heap->large; l = l->next) {
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        n += obj->owner != GI_OWNER_IMMORTAL;
    }
    return n;
}

/* ---- Threads and VMs ---- */

GiStatus gi_heap_thread_init(GiThread *ts) {
    GiHeapShared *shared = ts->vm->heap;
    gi_mutex_lock(&shared->lock);
    GiHeapLocal *h = shared->heaps;
    while (h && h->thread) h = h->next;
    if (!h) {
        h = gi_os_aligned_zalloc(sizeof *h, 64);
        if (h) {
            h->shared = shared;
            h->next = shared->heaps;
            shared->heaps = h;
        }
    }
    if (h && shared->by_owner && gi_split_thread_init(ts) != GI_OK) h = NULL;
    if (h) {
        memcpy(ts->free_lists, h->idle_lists, sizeof ts->free_lists);
        memset(h->idle_lists, 0, sizeof h->idle_lists);
        gi_mutex_lock(&h->lock);
        h->thread = ts;
        gi_mutex_unlock(&h->lock);
        if (shared->by_owner) atomic_store(&shared->by_owner[ts->core.owner], h);
        ts->heap = h;
    }
    gi_mutex_unlock(&shared->lock);
    if (!h) return GI_FAIL;
    gi_gc_thread_init(ts);
    return GI_OK;
}

void gi_heap_thread_end(GiThread *ts) {
    GiHeapLocal *h = ts->heap;
    if (!h) return;
    GiHeapShared *shared = h->shared;
    gi_mutex_lock(&shared->lock);
    memcpy(h->idle_lists, ts->free_lists, sizeof ts->free_lists);
    memset(ts->free_lists, 0, sizeof ts->free_lists);
    gi_split_thread_end(shared, ts);
    gi_mutex_lock(&h->lock);
    h->thread = NULL;
    bool left = h->handed.len > 0;
    gi_mutex_unlock(&h->lock);
    ts->heap = NULL;
    gi_mutex_unlock(&shared->lock);
    GiThreadCore *main_core = atomic_load(&ts->vm->world.main_core);
    if (left && main_core) gi_request(main_core, GI_SP_GC); /* somebody has to drop it */
}

GiStatus gi_heap_lift(GiVm *vm) {
    GiHeapShared *shared = vm->heap;
    GiStatus status = GI_OK;
    gi_mutex_lock(&shared->lock);
    shared->by_owner = calloc(GI_OWNER_LIMIT, sizeof *shared->by_owner);
    if (!shared->by_owner) status = GI_FAIL;
    for (GiHeapLocal *h = shared->heaps; h && status == GI_OK; h = h->next)
        if (h->thread) status = gi_split_thread_init(h->thread);
    if (status != GI_OK) {
        for (GiHeapLocal *h = shared->heaps; h; h = h->next)
            if (h->thread) gi_split_thread_end(shared, h->thread);
        free(shared->by_owner);
        shared->by_owner = NULL;
    }
    gi_mutex_unlock(&shared->lock);
    return status;
}

void gi_heap_lifted(GiVm *vm) {
    GiHeapShared *shared = vm->heap;
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        if (h->thread) atomic_store(&shared->by_owner[h->thread->core.owner], h);
}

GiStatus gi_heap_vm_init(GiVm *vm) {
    GiHeapShared *shared = calloc(1, sizeof *shared);
    if (!shared) return GI_FAIL;
    shared->large.next = shared->large.prev = &shared->large;
    vm->heap = shared;
    return GI_OK;
}

/* Whether any block of the page holds an immortal object: others may know it (interned strings,
 * what hangs on static types), so its memory stays for ever. Buffers may be such an object's. */
static bool page_has_immortal(const GiHeapPage *page) {
    if (page->kind == GI_KIND_BUFFER) return true;
    for (uint32_t i = 0; i < page->carved; i++) {
        const GiObj *obj = gi_page_object(page, i);
        if (obj->head && obj->owner == GI_OWNER_IMMORTAL) return true;
    }
    return false;
}

/* Gives the segments back in which no page is needed any more. */
static void free_segments(GiHeapShared *shared) {
    for (size_t i = 0; i < shared->segments.len; i++) {
        char *start = shared->segments.data[i], *end = start + GI_HEAP_SEGMENT_SIZE;
        if (i + 1 == shared->segments.len) end = shared->segment_next;
        bool keep = false;
        for (char *p = start; p < end && !keep; p += GI_HEAP_PAGE_SIZE)
            keep = page_has_immortal((const GiHeapPage *)p);
        if (keep) continue;
        UNPOISON(start, GI_HEAP_SEGMENT_SIZE);
        LSAN_NO_ROOT(start, GI_HEAP_SEGMENT_SIZE);
        gi_os_pages_free(start, GI_HEAP_SEGMENT_SIZE);
    }
    gi_vec_free(&shared->segments);
}

void gi_heap_vm_end(GiVm *vm) {
    GiHeapShared *shared = vm->heap;
    if (!shared) return;
    for (GiLarge *l = shared->large.next, *next; l != &shared->large; l = next) {
        next = l->next;
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        if (obj->owner != GI_OWNER_IMMORTAL) free(l);
    }
    for (GiHeapLocal *h = shared->heaps, *next; h; h = next) {
        next = h->next;
        for (GiHeapPage *p = h->pages[GI_KIND_BUFFER]; p; p = p->next) p->owner = NULL;
        gi_vec_free(&h->handed);
        free(h);
    }
    free_segments(shared);
    gi_split_vm_end(shared);
    free(shared->by_owner);
    free(shared);
    vm->heap = NULL;
}
