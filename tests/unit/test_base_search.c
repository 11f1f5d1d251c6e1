/* Searches against a plain one, over small alphabets and periodic texts, in all widths. */
#include "base/search.h"
#include "check.h"

static uint32_t state = 12345;
static uint32_t next_random(void) {
    state = state * 1664525u + 1013904223u;
    return state >> 8;
}

static uint32_t unit(const void *p, size_t i, int width) {
    return width == 1 ? ((const uint8_t *)p)[i] : width == 2 ? ((const uint16_t *)p)[i] : ((const uint32_t *)p)[i];
}

static void set_unit(void *p, size_t i, int width, uint32_t v) {
    if (width == 1) ((uint8_t *)p)[i] = (uint8_t)v;
    else if (width == 2) ((uint16_t *)p)[i] = (uint16_t)v;
    else ((uint32_t *)p)[i] = v;
}

static bool at(const void *hay, const void *needle, size_t m, size_t i, int width) {
    for (size_t k = 0; k < m; k++)
        if (unit(hay, i + k, width) != unit(needle, k, width)) return false;
    return true;
}

static void compare(const void *hay, size_t n, const void *needle, size_t m, int width) {
    ssize_t first = -1, last = -1;
    size_t count = 0, free_from = 0;
    for (size_t i = 0; m <= n && i + m <= n; i++) {
        if (!at(hay, needle, m, i, width)) continue;
        if (first < 0) first = (ssize_t)i;
        last = (ssize_t)i;
        if (i >= free_from) {
            count++;
            free_from = i + m;
        }
    }
    CHECK(gi_search(hay, n, needle, m, width) == first);
    CHECK(gi_search_last(hay, n, needle, m, width) == last);
    CHECK(gi_search_count(hay, n, needle, m, width, SIZE_MAX) == count);
}

int main(void) {
    static uint32_t hay[4000], needle[200];
    for (int round = 0; round < 6000; round++) {
        int width = 1 << round % 3;
        uint32_t letters = 1 + next_random() % 3;
        size_t n = next_random() % (round % 50 == 0 ? 4000 : 60), m = 1 + next_random() % (round % 50 == 0 ? 200 : 8);
        uint32_t period = 1 + next_random() % 9;
        for (size_t i = 0; i < n; i++)
            set_unit(hay, i, width, 'a' + (round & 1 ? next_random() % letters : (uint32_t)(i % period == 0)));
        for (size_t i = 0; i < m; i++)
            set_unit(needle, i, width, 'a' + (round & 1 ? next_random() % letters : (uint32_t)(i % period == 0)));
        compare(hay, n, needle, m, width);
    }
    return 0;
}
