/* memory.h - pages from the system, aligned blocks, and what the process uses.
 *
 * No state; thread-safe. Sizes of page calls are rounded up to whole pages.
 */
#ifndef GI_OS_MEMORY_H
#define GI_OS_MEMORY_H

#include "base/common.h"

/* The system's page size in bytes. */
size_t gi_os_page_size(void);

/* Zeroed pages whose address is a multiple of `align` (a power of two); NULL when out of memory. */
GI_NODISCARD void *gi_os_pages_alloc(size_t size, size_t align);
/* Zeroed pages at just that address (a multiple of the page size); false if they cannot be had there,
 * because something else is there, or at all. */
GI_NODISCARD bool gi_os_pages_alloc_at(void *address, size_t size);
/* False when the system was asked to lay out all processes alike (as debuggers do). */
bool gi_os_addresses_random(void);
/* Asks that the range be backed by huge pages; nothing happens where there are none. */
void gi_os_pages_prefer_huge(void *pages, size_t size);
/* Gives pages back; `size` is what was asked for. */
void gi_os_pages_free(void *pages, size_t size);
/* Lets the system take the contents (they read as zero or as before); the range stays mapped. */
void gi_os_pages_decommit(void *pages, size_t size);
/* Forbids (or allows again) every access, for guard pages; 0 or an errno value. */
int gi_os_pages_protect(void *pages, size_t size, bool accessible);

/* A zeroed block at a multiple of `align` from the ordinary heap; release it with free(). */
GI_NODISCARD void *gi_os_aligned_zalloc(size_t size, size_t align);

/* Largest resident size so far, in bytes. */
uint64_t gi_os_memory_peak(void);
/* Resident size now, in bytes; 0 when unknown. */
uint64_t gi_os_memory_now(void);

#endif
