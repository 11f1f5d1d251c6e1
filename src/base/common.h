/* common.h - the few macros and integer types that every layer uses.
 *
 * Nothing here has state. Rank 0: includes only the C library.
 */
#ifndef GI_BASE_COMMON_H
#define GI_BASE_COMMON_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GI_LIKELY(x) __builtin_expect(!!(x), 1)
#define GI_UNLIKELY(x) __builtin_expect(!!(x), 0)
#define GI_NODISCARD __attribute__((warn_unused_result))
#define GI_NOINLINE __attribute__((noinline))
#define GI_COLD __attribute__((cold, noinline))
#define GI_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define GI_UNUSED __attribute__((unused))
#define GI_NORETURN __attribute__((noreturn))
#define GI_COUNTOF(array) (sizeof(array) / sizeof((array)[0]))
#define GI_CONTAINER_OF(ptr, type, member) ((type *)((char *)(ptr)-offsetof(type, member)))
#define GI_ASSERT(x) assert(x)

/* Success or failure of a function that gives no object. In layers that know Python objects a
 * failure means that an exception is set on the thread; below them it means what the function's
 * contract says (usually: out of memory). */
typedef enum { GI_OK = 0, GI_FAIL = -1 } GiStatus;

#define GI_MAX(a, b) ((a) > (b) ? (a) : (b))
#define GI_MIN(a, b) ((a) < (b) ? (a) : (b))

#endif
