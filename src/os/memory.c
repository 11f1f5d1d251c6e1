/* memory.c - pages by mmap, aligned blocks, and the process's resident size. See memory.h. */
#include "os/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#if defined(__linux__)
#include <sys/personality.h>
#endif

size_t gi_os_page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t round_to_pages(size_t size)
{
    size_t page = gi_os_page_size();
    return (size + page - 1) & ~(page - 1);
}

void *gi_os_pages_alloc(size_t size, size_t align)
{
    size_t page = gi_os_page_size();
    if (size > SIZE_MAX / 4 || align > SIZE_MAX / 4) return NULL;
    size = round_to_pages(size);
    size_t span = align > page ? size + align : size;
    char *base = mmap(NULL, span, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED) return NULL;
    if (span == size) return base;
    char *start = (char *)(((uintptr_t)base + align - 1) & ~(uintptr_t)(align - 1));
    if (start > base) munmap(base, (size_t)(start - base));
    char *end = start + size, *mapped_end = base + span;
    if (mapped_end > end) munmap(end, (size_t)(mapped_end - end));
    return start;
}

bool gi_os_pages_alloc_at(void *address, size_t size)
{
#ifdef MAP_FIXED_NOREPLACE
    int saved = errno, flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE;
    void *got = mmap(address, round_to_pages(size), PROT_READ | PROT_WRITE, flags, -1, 0);
    errno = saved;
    /* An old kernel takes the address for a hint. */
    if (got != MAP_FAILED && got != address) munmap(got, round_to_pages(size));
    return got == address;
#else
    (void)address, (void)size;
    return false;
#endif
}

bool gi_os_addresses_random(void)
{
#if defined(__linux__)
    int now = personality(0xffffffff);
    return now == -1 || !(now & ADDR_NO_RANDOMIZE);
#else
    return true;
#endif
}

void gi_os_pages_prefer_huge(void *pages, size_t size)
{
#ifdef MADV_HUGEPAGE
    int saved = errno;
    madvise(pages, round_to_pages(size), MADV_HUGEPAGE);
    errno = saved;
#else
    (void)pages, (void)size;
#endif
}

void gi_os_pages_free(void *pages, size_t size)
{
    if (pages) munmap(pages, round_to_pages(size));
}

void gi_os_pages_decommit(void *pages, size_t size)
{
    int saved = errno;
    madvise(pages, round_to_pages(size), MADV_DONTNEED);
    errno = saved;
}

int gi_os_pages_protect(void *pages, size_t size, bool accessible)
{
    int protection = accessible ? PROT_READ | PROT_WRITE : PROT_NONE;
    return mprotect(pages, round_to_pages(size), protection) == 0 ? 0 : errno;
}

void *gi_os_aligned_zalloc(size_t size, size_t align)
{
    void *block = NULL;
    if (posix_memalign(&block, GI_MAX(align, sizeof(void *)), size) != 0) return NULL;
    memset(block, 0, size);
    return block;
}

uint64_t gi_os_memory_peak(void)
{
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
#if defined(__APPLE__)
    return (uint64_t)usage.ru_maxrss;
#else
    return (uint64_t)usage.ru_maxrss * 1024;
#endif
}

uint64_t gi_os_memory_now(void)
{
    uint64_t pages = 0;
#if defined(__linux__)
    char text[128];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return 0;
    text[n] = 0;
    char *end;
    strtoull(text, &end, 10);
    pages = strtoull(end, NULL, 10);
#endif
    return pages * gi_os_page_size();
}
