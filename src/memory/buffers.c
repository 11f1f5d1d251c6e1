/* buffers.c - memory that is no object: small buffers in pages, larger ones from the C library.
 *
 * A small buffer is a block of a page of kind BUFFER: it comes off the thread's free list, and goes
 * back to its owner's, as objects do (heap.c). gi_mem_free tells the two apart by address. Where the
 * system does not give these addresses, and in builds that check more, all are the C library's.
 * Thread-safe.
 */
#include "memory/heap_internal.h"
#include "objects/error.h"

#include <malloc.h>
#include <stdlib.h>

/* A buffer from the thread's pages, or NULL: then the C library has to give it. */
static inline void *small_new(GiThread *ts, size_t size) {
    size_t words = (size + 15) / 16 + (size == 0);
    GiHeapFree **list = &ts->free_lists[GI_KIND_BUFFER][words];
    if (GI_UNLIKELY(!*list) && !gi_heap_refill(ts, GI_KIND_BUFFER, words)) return NULL;
    GiHeapFree *block = *list;
    *list = gi_free_next(block);
    return block;
}

static void small_free(GiHeapFree *block) {
    GiHeapPage *page = gi_heap_page_of(block);
    if (GI_UNLIKELY(!page->owner)) return; /* its VM has ended; the page lives on for such blocks */
    GiThread *ts = gi_current_thread();
    if (GI_LIKELY(ts && page->owner == ts->heap)) {
        GiHeapFree **list = &ts->free_lists[GI_KIND_BUFFER][page->size_class];
        gi_free_set_next(block, *list);
        *list = block;
    } else {
        gi_heap_free_remote(page, block);
    }
}

/* A block without a word about failure. */
static void *block_new(GiThread *ts, size_t size) {
    void *block = GI_LIKELY(size <= GI_HEAP_SMALL_MAX) ? small_new(ts, size) : NULL;
    if (GI_LIKELY(block != NULL)) return block;
    return size > PTRDIFF_MAX ? NULL : malloc(size ? size : 1);
}

void *gi_mem_alloc(GiThread *ts, size_t size) {
    void *block = block_new(ts, size);
    if (GI_UNLIKELY(!block)) gi_raise_nomem(ts);
    return block;
}

void *gi_mem_calloc(GiThread *ts, size_t count, size_t size) {
    size_t total;
    void *block = NULL;
    if (!__builtin_mul_overflow(count, size, &total) && total <= PTRDIFF_MAX) {
        if (total > GI_HEAP_SMALL_MAX) {
            block = calloc(1, total);
        } else {
            block = block_new(ts, total);
            if (block) memset(block, 0, total);
        }
    }
    if (GI_UNLIKELY(!block)) gi_raise_nomem(ts);
    return block;
}

void *gi_mem_realloc(GiThread *ts, void *block, size_t size) {
    void *fresh;
    if (!block) return gi_mem_alloc(ts, size);
    if (!gi_heap_in_window(block)) {
        fresh = size > PTRDIFF_MAX ? NULL : realloc(block, size ? size : 1);
        if (GI_UNLIKELY(!fresh)) gi_raise_nomem(ts);
        return fresh;
    }
    size_t room = gi_heap_page_of(block)->block_size;
    if (size <= room && size > room / 2) return block;
    fresh = gi_mem_alloc(ts, size);
    if (!fresh) return NULL;
    memcpy(fresh, block, GI_MIN(room, size));
    gi_mem_free(block);
    return fresh;
}

size_t gi_mem_size(const void *block) {
    if (GI_LIKELY(gi_heap_in_window(block))) return gi_heap_page_of(block)->block_size;
    return malloc_usable_size((void *)block);
}

void gi_mem_free(void *block) {
    if (GI_LIKELY(gi_heap_in_window(block))) small_free(block);
    else free(block);
}
