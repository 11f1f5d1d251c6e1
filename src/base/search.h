/* search.h - finding a text in a text, in units of one, two or four bytes.
 *
 * Linear in the worst case (two-way string matching, Crochemore and Perrin 1991, takes over when a
 * quick scan does too much work), sublinear or vectorised by the C library on usual input. No
 * state; reentrant. Positions and lengths are in units; both texts have the same width.
 */
#ifndef GI_BASE_SEARCH_H
#define GI_BASE_SEARCH_H

#include "base/common.h"

#include <sys/types.h>

/* First occurrence of needle[0..m) in hay[0..n), -1 when there is none; 0 for an empty needle. */
ssize_t gi_search(const void *hay, size_t n, const void *needle, size_t m, int width);
/* Last occurrence; n for an empty needle. */
ssize_t gi_search_last(const void *hay, size_t n, const void *needle, size_t m, int width);
/* Occurrences without overlap, at most max; n + 1 for an empty needle. */
size_t gi_search_count(const void *hay, size_t n, const void *needle, size_t m, int width, size_t max);
/* First and last position of one unit, -1 when there is none. */
ssize_t gi_search_unit(const void *hay, size_t n, uint32_t unit, int width);
ssize_t gi_search_unit_last(const void *hay, size_t n, uint32_t unit, int width);

#endif
