/* search.c - see search.h. */
#include "base/search.h"

#include <wchar.h>

static ssize_t find_unit16(const uint16_t *hay, size_t n, uint16_t unit) {
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        unsigned hit = 0;
        for (size_t k = 0; k < 8; k++) hit |= (unsigned)(hay[i + k] == unit);
        if (hit) break;
    }
    for (; i < n; i++)
        if (hay[i] == unit) return (ssize_t)i;
    return -1;
}

ssize_t gi_search_unit(const void *hay, size_t n, uint32_t unit, int width) {
    if (width == 1) {
        if (unit > 0xFF) return -1;
        const char *at = memchr(hay, (int)unit, n);
        return at ? at - (const char *)hay : -1;
    }
    if (width == 2) return unit > 0xFFFF ? -1 : find_unit16(hay, n, (uint16_t)unit);
    const wchar_t *at = wmemchr(hay, (wchar_t)unit, n);
    return at ? at - (const wchar_t *)hay : -1;
}

ssize_t gi_search_unit_last(const void *hay, size_t n, uint32_t unit, int width) {
    if (width == 1) {
        if (unit > 0xFF) return -1;
        const char *at = memrchr(hay, (int)unit, n);
        return at ? at - (const char *)hay : -1;
    }
    if (width == 2) {
        const uint16_t *p = hay;
        for (size_t i = n; i-- > 0;)
            if (p[i] == unit) return (ssize_t)i;
        return -1;
    }
    const uint32_t *p = hay;
    for (size_t i = n; i-- > 0;)
        if (p[i] == unit) return (ssize_t)i;
    return -1;
}

#define UNIT uint8_t
#define NAME(x) x##_8
#define REVERSE 0
#include "base/search_two_way.inc"
#undef NAME
#undef REVERSE
#define NAME(x) x##_8_reverse
#define REVERSE 1
#include "base/search_two_way.inc"
#undef UNIT
#undef NAME
#undef REVERSE
#define UNIT uint16_t
#define NAME(x) x##_16
#define REVERSE 0
#include "base/search_two_way.inc"
#undef NAME
#undef REVERSE
#define NAME(x) x##_16_reverse
#define REVERSE 1
#include "base/search_two_way.inc"
#undef UNIT
#undef NAME
#undef REVERSE
#define UNIT uint32_t
#define NAME(x) x##_32
#define REVERSE 0
#include "base/search_two_way.inc"
#undef NAME
#undef REVERSE
#define NAME(x) x##_32_reverse
#define REVERSE 1
#include "base/search_two_way.inc"

static uint32_t unit_at(const void *p, size_t i, int width) {
    return width == 1 ? ((const uint8_t *)p)[i]
           : width == 2 ? ((const uint16_t *)p)[i] : ((const uint32_t *)p)[i];
}

ssize_t gi_search(const void *hay, size_t n, const void *needle, size_t m, int width) {
    if (m == 0) return 0;
    if (m > n) return -1;
    if (m == 1) return gi_search_unit(hay, n, unit_at(needle, 0, width), width);
    if (m == n) return memcmp(hay, needle, n * (size_t)width) == 0 ? 0 : -1;
    if (width == 1) return find_8(hay, n, needle, m);
    return width == 2 ? find_16(hay, n, needle, m) : find_32(hay, n, needle, m);
}

ssize_t gi_search_last(const void *hay, size_t n, const void *needle, size_t m, int width) {
    if (m == 0) return (ssize_t)n;
    if (m > n) return -1;
    if (m == 1) return gi_search_unit_last(hay, n, unit_at(needle, 0, width), width);
    if (m == n) return memcmp(hay, needle, n * (size_t)width) == 0 ? 0 : -1;
    ssize_t at = width == 1 ? find_8_reverse(hay, n, needle, m)
                 : width == 2 ? find_16_reverse(hay, n, needle, m)
                              : find_32_reverse(hay, n, needle, m);
    return at < 0 ? -1 : (ssize_t)(n - m) - at;
}

size_t gi_search_count(const void *hay, size_t n, const void *needle, size_t m, int width,
                       size_t max) {
    if (m == 0) return GI_MIN(n + 1, max);
    size_t count = 0;
    if (m == 1 && width == 1 && max >= n) {
        const uint8_t *p = hay, unit = *(const uint8_t *)needle;
        for (size_t i = 0; i < n; i++) count += p[i] == unit;
        return count;
    }
    while (count < max) {
        ssize_t at = gi_search(hay, n, needle, m, width);
        if (at < 0) break;
        count++;
        hay = (const char *)hay + ((size_t)at + m) * (size_t)width;
        n -= (size_t)at + m;
    }
    return count;
}
