/* shared_bytes.h - bytes that other threads may be writing to at the same time: maps of files, what a memoryview
 * shows. Which of the values a byte had one sees is the program's affair, that reading it is defined is ours:
 * the shared side is read and written by relaxed atomic accesses, items of 2, 4 and 8 bytes that are aligned
 * as a whole.
 */
#ifndef GI_BASE_SHARED_BYTES_H
#define GI_BASE_SHARED_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The width of the next access at an address with n > 0 bytes left. */
static inline size_t gi_shared_width(const void *at, size_t n) {
    size_t width = 8;
    while (width > n || ((uintptr_t)at & (width - 1))) width >>= 1;
    return width;
}

/* Copies n bytes out of shared memory. */
static inline void gi_shared_load(void *to, const void *shared, size_t n) {
    unsigned char *t = to;
    const unsigned char *f = shared;
    while (n) {
        for (; n >= 8 && !((uintptr_t)f & 7); t += 8, f += 8, n -= 8) {
            uint64_t whole = __atomic_load_n((const uint64_t *)(const void *)f, __ATOMIC_RELAXED);
            memcpy(t, &whole, 8);
        }
        if (!n) return;
        size_t width = gi_shared_width(f, n);
        uint64_t word;
        switch (width) {
        case 8: word = __atomic_load_n((const uint64_t *)(const void *)f, __ATOMIC_RELAXED); break;
        case 4: word = __atomic_load_n((const uint32_t *)(const void *)f, __ATOMIC_RELAXED); break;
        case 2: word = __atomic_load_n((const uint16_t *)(const void *)f, __ATOMIC_RELAXED); break;
        default: word = __atomic_load_n(f, __ATOMIC_RELAXED); break;
        }
        memcpy(t, &word, width); /* little-endian, as all of Gila */
        t += width, f += width, n -= width;
    }
}

/* Copies n bytes into shared memory. */
static inline void gi_shared_store(void *shared, const void *from, size_t n) {
    unsigned char *t = shared;
    const unsigned char *f = from;
    while (n) {
        for (; n >= 8 && !((uintptr_t)t & 7); t += 8, f += 8, n -= 8) {
            uint64_t whole;
            memcpy(&whole, f, 8);
            __atomic_store_n((uint64_t *)(void *)t, whole, __ATOMIC_RELAXED);
        }
        if (!n) return;
        size_t width = gi_shared_width(t, n);
        uint64_t word = 0;
        memcpy(&word, f, width);
        switch (width) {
        case 8: __atomic_store_n((uint64_t *)(void *)t, word, __ATOMIC_RELAXED); break;
        case 4: __atomic_store_n((uint32_t *)(void *)t, (uint32_t)word, __ATOMIC_RELAXED); break;
        case 2: __atomic_store_n((uint16_t *)(void *)t, (uint16_t)word, __ATOMIC_RELAXED); break;
        default: __atomic_store_n(t, (unsigned char)word, __ATOMIC_RELAXED); break;
        }
        t += width, f += width, n -= width;
    }
}

#endif
