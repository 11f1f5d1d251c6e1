/* check.h - what a unit test needs: CHECK and friends, which print the place and end with 1.
 *
 * A test prints nothing on success and gives exit status 0.
 */
#ifndef GI_TESTS_CHECK_H
#define GI_TESTS_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: CHECK(%s)\n", __FILE__, __LINE__, #condition);                 \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#define CHECK_INT(actual, expected)                                                                \
    do {                                                                                           \
        long long actual_ = (long long)(actual), expected_ = (long long)(expected);                \
        if (actual_ != expected_) {                                                                \
            fprintf(stderr, "%s:%d: %s is %lld, not %lld\n", __FILE__, __LINE__, #actual, actual_, \
                    expected_);                                                                    \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

/* Compares n bytes with a C string. */
#define CHECK_TEXT(actual, n, expected)                                                            \
    do {                                                                                           \
        const char *actual_ = (actual), *expected_ = (expected);                                   \
        size_t n_ = (n);                                                                           \
        if (n_ != strlen(expected_) || (n_ && memcmp(actual_, expected_, n_) != 0)) {              \
            fprintf(stderr, "%s:%d: %s is \"%.*s\", not \"%s\"\n", __FILE__, __LINE__, #actual,    \
                    (int)n_, actual_ ? actual_ : "", expected_);                                   \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

#endif
