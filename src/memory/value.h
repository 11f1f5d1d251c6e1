/* value.h - the 64-bit value and the three one-word ownership types.
 *
 * Encoding (NaN boxing with untagged pointers). The top 16 bits say what a word is:
 *     0x0000            address of a heap object (GiObj *); the all-zero word is "null": no value
 *     0x0001            a special immediate: None, False, True, Ellipsis, NotImplemented, unbound
 *     0x0002 .. 0xFFFE  a double: its IEEE bits plus 2^49 (a NaN that this would carry into the range of
 *                       integers is replaced by the plain negative one)
 *     0xFFFF            a 48-bit two's complement integer
 * INVARIANT: an exact int that fits in 48 bits, and every exact float, is an immediate; equal
 * immediates are the same word, so identity is comparison of words.
 *
 * Ownership is a matter of types, in every build:
 *     GiVal   borrowed: valid while its owner lives
 *     GiRef   owned: must be dropped, moved or returned; a GiRef parameter is consumed, also on
 *             failure; a null GiRef result says that an exception is set
 *     GiSlot  a register or an object's field, which owns what it holds
 */
#ifndef GI_MEMORY_VALUE_H
#define GI_MEMORY_VALUE_H

#include "base/common.h"

typedef struct GiVal { uint64_t bits; } GiVal;
typedef struct GiRef { uint64_t bits; } GiRef;
typedef struct GiSlot { uint64_t bits; } GiSlot;

typedef struct GiObj GiObj;
typedef struct GiType GiType;
typedef struct GiThread GiThread;
typedef struct GiVm GiVm;

#define GI_TAG_SPECIAL 0x0001000000000000ull
#define GI_TAG_DOUBLE 0x0002000000000000ull
#define GI_TAG_INT 0xFFFF000000000000ull
/* The highest IEEE bits that can be encoded. */
#define GI_RAW_DOUBLE_MAX 0xFFFCFFFFFFFFFFFFull
#define GI_INT_MIN (-(INT64_C(1) << 47))
#define GI_INT_MAX ((INT64_C(1) << 47) - 1)

#define GI_BITS_NONE (GI_TAG_SPECIAL | 0)
#define GI_BITS_FALSE (GI_TAG_SPECIAL | 2)
#define GI_BITS_TRUE (GI_TAG_SPECIAL | 3)
#define GI_BITS_ELLIPSIS (GI_TAG_SPECIAL | 4)
#define GI_BITS_NOTIMPLEMENTED (GI_TAG_SPECIAL | 5)
#define GI_BITS_UNBOUND (GI_TAG_SPECIAL | 6)

#define GI_NONE ((GiVal){GI_BITS_NONE})
#define GI_FALSE ((GiVal){GI_BITS_FALSE})
#define GI_TRUE ((GiVal){GI_BITS_TRUE})
#define GI_ELLIPSIS ((GiVal){GI_BITS_ELLIPSIS})
#define GI_NOTIMPLEMENTED ((GiVal){GI_BITS_NOTIMPLEMENTED})
/* The mark of a local variable, cell or slot that has no value. Never visible to Python code. */
#define GI_UNBOUND ((GiVal){GI_BITS_UNBOUND})
/* "No value": failure where a GiRef is expected, an absent optional argument where a GiVal is. */
#define GI_NULL ((GiRef){0})
#define GI_NOVAL ((GiVal){0})
/* Immediates as owned references (they have no count). */
#define GI_REF_NONE ((GiRef){GI_BITS_NONE})
#define GI_REF_TRUE ((GiRef){GI_BITS_TRUE})
#define GI_REF_FALSE ((GiRef){GI_BITS_FALSE})
#define GI_REF_ELLIPSIS ((GiRef){GI_BITS_ELLIPSIS})
#define GI_REF_NOTIMPLEMENTED ((GiRef){GI_BITS_NOTIMPLEMENTED})

/* The tests work on any of the three one-word structs (each has a `bits` member). */
#define gi_is_null(x) ((x).bits == 0)
#define gi_is_none(x) ((x).bits == GI_BITS_NONE)
#define gi_is_true(x) ((x).bits == GI_BITS_TRUE)
#define gi_is_false(x) ((x).bits == GI_BITS_FALSE)
#define gi_is_unbound(x) ((x).bits == GI_BITS_UNBOUND)
#define gi_is_notimplemented(x) ((x).bits == GI_BITS_NOTIMPLEMENTED)
#define gi_is_ellipsis(x) ((x).bits == GI_BITS_ELLIPSIS)
#define gi_is_bool(x) (((x).bits | 1) == GI_BITS_TRUE)
/* A heap object (the argument is not null). */
#define gi_is_heap(x) ((x).bits < GI_TAG_SPECIAL)
#define gi_is_smallint(x) ((x).bits >= GI_TAG_INT)
#define gi_is_double(x) ((x).bits - GI_TAG_DOUBLE <= GI_RAW_DOUBLE_MAX)
#define gi_same(x, y) ((x).bits == (y).bits)

/* Borrow: a GiVal of what a GiRef or GiSlot owns. */
#define gi_val(x) ((GiVal){(x).bits})
/* The address of a heap object (the argument is known to be one). */
#define gi_obj(x) ((GiObj *)(uintptr_t)(x).bits)
static inline GiVal gi_from_obj(const void *obj) { return (GiVal){(uint64_t)(uintptr_t)obj}; }
/* Takes over the reference that the caller has of a freshly made object (NULL gives null). */
static inline GiRef gi_own_obj(const void *obj) { return (GiRef){(uint64_t)(uintptr_t)obj}; }
/* Hands an immediate out as an owned reference. */
static inline GiRef gi_imm(GiVal v) {
    GI_ASSERT(!gi_is_heap(v));
    return (GiRef){v.bits};
}

static inline GiVal gi_bool(bool b) { return (GiVal){GI_BITS_FALSE | (uint64_t)b}; }
static inline GiRef gi_bool_ref(bool b) { return (GiRef){GI_BITS_FALSE | (uint64_t)b}; }

static inline bool gi_fits_smallint(int64_t i) { return i >= GI_INT_MIN && i <= GI_INT_MAX; }
/* i must fit 48 bits. */
static inline GiVal gi_smallint(int64_t i) {
    return (GiVal){GI_TAG_INT | ((uint64_t)i & 0x0000FFFFFFFFFFFFull)};
}
static inline GiRef gi_smallint_ref(int64_t i) { return (GiRef){gi_smallint(i).bits}; }
#define gi_smallint_value(x) ((int64_t)((x).bits << 16) >> 16)

static inline GiVal gi_double(double d) {
    uint64_t raw;
    memcpy(&raw, &d, sizeof raw);
    /* Only NaNs with the sign bit and a payload in the highest bits are beyond the range. */
    if (GI_UNLIKELY(raw > GI_RAW_DOUBLE_MAX)) raw = 0xFFF8000000000000ull;
    return (GiVal){raw + GI_TAG_DOUBLE};
}
static inline GiRef gi_double_ref(double d) { return (GiRef){gi_double(d).bits}; }
static inline double gi_double_bits_value(uint64_t bits) {
    double d;
    bits -= GI_TAG_DOUBLE;
    memcpy(&d, &bits, sizeof d);
    return d;
}
#define gi_double_value(x) gi_double_bits_value((x).bits)

#endif
