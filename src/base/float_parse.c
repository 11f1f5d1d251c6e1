/* float_parse.c - reading floats, decimal and hexadecimal (see float_text.h).
 *
 * Decimal text takes one of three ways, each only where it is provably right: exact arithmetic in
 * doubles for short numbers (William Clinger, 1990); a product with a 128-bit power of ten, kept
 * when both ends of its error interval round alike (after Daniel Lemire, "Number parsing at a
 * gigabyte per second", 2021); else comparison of big integers with the halfway point.
 */
#include "base/float_text.h"

#include "base/float_tables.h"

#include <math.h>

typedef unsigned __int128 u128;

#define MAX_DIGITS 800 /* beyond, only whether something non-zero follows matters */

/* A decimal as read: digits * 10^exponent. */
typedef struct Decimal {
    uint64_t head;    /* the first 19 significant digits */
    int n;            /* significant digits kept in text, at most MAX_DIGITS */
    int64_t exponent; /* of head */
    int64_t dropped;  /* digits that head lacks */
    bool more;        /* something non-zero follows what text holds */
    char text[MAX_DIGITS];
} Decimal;

/* m * 2^e rounded half to even; m is not 0. `sticky` says that the true value is a bit larger. */
static double round_to_double(uint64_t m, int e, bool sticky) {
    int shift = __builtin_clzll(m);
    m <<= shift;
    e -= shift;
    int drop = 11; /* of 64 bits, 53 stay; fewer when subnormal */
    if (e + drop < -1074) drop = -1074 - e;
    if (drop > 64) return 0.0;
    uint64_t kept = drop == 64 ? 0 : m >> drop;
    uint64_t rest = drop == 64 ? m : m & ((UINT64_C(1) << drop) - 1);
    uint64_t half = UINT64_C(1) << (drop - 1);
    if (rest > half || (rest == half && (sticky || (kept & 1)))) kept++;
    if (e > 1100) return (double)INFINITY;
    return ldexp((double)kept, e + drop);
}

/* Tries head * 10^exponent by a 128-bit product; false when the error could matter. `open`:
 * the true digits lie strictly between head and head + 1. */
static bool multiply_to_double(uint64_t head, int64_t exponent, bool open, double *out) {
    if (exponent < -342 || exponent > 308) return false;
    GiPowerOfTen g = gi_powers_of_ten[exponent - GI_POWER_MIN];
    int shift = __builtin_clzll(head);
    uint64_t w = head << shift;
    int e2 = gi_floor_log2_pow10((int)exponent) - 127 - shift;
    /* 192 bits: high:low, of which the lowest 64 are only worth a carry. */
    u128 low = (u128)w * g.low;
    u128 high = (u128)w * g.high + (uint64_t)(low >> 64);
    /* The true product is in [value, value + slack], in units of the low word's 2^64. */
    bool exact = exponent >= 0 && exponent <= 55 && !open;
    u128 slack = exact ? 0 : (u128)2;               /* w * r / 2^64 < 1, and the word cut off < 1 */
    if (open) slack += ((u128)g.high + 1) << shift; /* one more unit of head, which has 19 digits */
    u128 top = high + slack;
    if (top < high) return false;
    bool sticky = (uint64_t)high != 0 || (exact && (uint64_t)low != 0);
    double a = round_to_double((uint64_t)(high >> 64), e2 + 128, sticky || !exact);
    double b = round_to_double((uint64_t)(top >> 64), e2 + 128, (uint64_t)top != 0 || !exact);
    /* With a word of ones below or exactly zero the stickiness itself is in doubt. */
    if (!exact && (uint64_t)high == 0) return false;
    if (a != b) return false;
    *out = a;
    return true;
}

/* ---- big integers of the last way ---- */

#define BIG_WORDS 130 /* 4,160 bits: 800 digits, or 2^54 * 10^1150 */

typedef struct Big {
    uint32_t word[BIG_WORDS];
    int n;
} Big;

static void big_multiply_add(Big *b, uint32_t factor, uint32_t addend) {
    uint64_t carry = addend;
    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->word[i] * factor;
        b->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) {
        GI_ASSERT(b->n < BIG_WORDS);
        b->word[b->n++] = (uint32_t)carry;
    }
}

static void big_multiply_pow10(Big *b, int64_t e) {
    for (; e >= 9; e -= 9)
        big_multiply_add(b, 1000000000u, 0);
    for (; e > 0; e--)
        big_multiply_add(b, 10, 0);
}

static void big_shift(Big *b, int64_t bits) {
    for (; bits >= 31; bits -= 31)
        big_multiply_add(b, UINT32_C(1) << 31, 0);
    if (bits > 0) big_multiply_add(b, UINT32_C(1) << bits, 0);
}

static void big_set(Big *b, uint64_t v) {
    b->n = 0;
    for (; v; v >>= 32)
        b->word[b->n++] = (uint32_t)v;
}

static int big_compare(const Big *a, const Big *b) {
    if (a->n != b->n) return a->n < b->n ? -1 : 1;
    for (int i = a->n - 1; i >= 0; i--)
        if (a->word[i] != b->word[i]) return a->word[i] < b->word[i] ? -1 : 1;
    return 0;
}

/* Compares the decimal with m * 2^e. */
static int compare_decimal(const Decimal *d, uint64_t m, int e) {
    Big left, right;
    int64_t exponent = d->exponent + d->dropped - (d->n - GI_MIN(d->n, 19)); /* of all of text */
    big_set(&left, 0);
    for (int i = 0; i < d->n; i++)
        big_multiply_add(&left, 10, (uint32_t)(d->text[i] - '0'));
    big_set(&right, m);
    if (exponent >= 0)
        big_multiply_pow10(&left, exponent);
    else
        big_multiply_pow10(&right, -exponent);
    if (e >= 0)
        big_shift(&right, e);
    else
        big_shift(&left, -e);
    int order = big_compare(&left, &right);
    return order == 0 && d->more ? 1 : order;
}

/* The double before or after a positive one. */
static double neighbour(double v, bool up) { return nextafter(v, up ? (double)INFINITY : 0.0); }

/* Decides exactly, starting from a guess that is off by a few units at most. */
static double decide_exactly(const Decimal *d, double guess) {
    if (isinf(guess)) guess = 1.7976931348623157e308;
    for (;;) {
        uint64_t bits;
        memcpy(&bits, &guess, sizeof bits);
        int biased = (int)(bits >> 52);
        uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
        if (biased) m |= UINT64_C(1) << 52;
        int e = (biased ? biased : 1) - 1075;
        int above = compare_decimal(d, 2 * m + 1, e - 1); /* halfway to the next */
        if (above > 0 || (above == 0 && (m & 1))) {
            guess = neighbour(guess, true);
            if (isinf(guess)) return guess;
            if (above == 0) return guess;
            continue;
        }
        if (m == 0) return guess;
        /* Halfway to the one before is nearer at a power of two. */
        bool power = m == UINT64_C(1) << 52 && biased > 1;
        int below =
            power ? compare_decimal(d, 4 * m - 1, e - 2) : compare_decimal(d, 2 * m - 1, e - 1);
        if (below < 0 || (below == 0 && (m & 1) && !power)) {
            guess = neighbour(guess, false);
            if (below == 0) return guess;
            continue;
        }
        return guess;
    }
}

static const double small_powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                      1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                      1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The nearest double of a decimal. */
static double decimal_to_double(const Decimal *d) {
    if (d->head == 0) return 0.0;
    int64_t exponent = d->exponent + d->dropped;
    bool open = d->dropped > 0;
    if (!open && d->head <= UINT64_C(1) << 53 && exponent >= -22 && exponent <= 22)
        return exponent < 0 ? (double)d->head / small_powers[-exponent]
                            : (double)d->head * small_powers[exponent];
    if (exponent > 330) return (double)INFINITY;
    if (exponent < -400) return 0.0;
    double v;
    if (multiply_to_double(d->head, exponent, open, &v)) return v;
    double guess = 0.0;
    if (exponent >= -342 && exponent <= 308) {
        GiPowerOfTen g = gi_powers_of_ten[exponent - GI_POWER_MIN];
        u128 product = (u128)d->head * g.high;
        int e = gi_floor_log2_pow10((int)exponent) - 63;
        int shift = product >> 64 ? 64 - __builtin_clzll((uint64_t)(product >> 64)) : 0;
        guess = round_to_double((uint64_t)(product >> shift), e + shift, false);
    } else if (exponent > 308) {
        guess = (double)INFINITY;
    }
    return decide_exactly(d, guess);
}

/* Takes one digit into the decimal; false places count into the exponent. */
static inline void take_digit(Decimal *d, char c, bool after_point) {
    if (d->n == 0 && c == '0') { /* leading zeros have no weight */
        d->exponent -= after_point;
        return;
    }
    if (d->n < MAX_DIGITS)
        d->text[d->n++] = c;
    else if (c != '0')
        d->more = true;
    if (d->n <= 19 && d->dropped == 0) {
        d->head = d->head * 10 + (uint64_t)(c - '0');
        d->exponent -= after_point;
    } else {
        d->dropped += 1;
        d->exponent -= after_point;
    }
}

/* Length of a case-insensitive word at s, or 0. */
static size_t match_word(const char *s, size_t n, const char *word) {
    size_t len = strlen(word);
    if (n < len) return 0;
    for (size_t i = 0; i < len; i++)
        if ((s[i] | 0x20) != word[i]) return 0;
    return len;
}

/* inf, infinity or nan at s: the length, or 0. */
static size_t match_special(const char *s, size_t n, double *out) {
    size_t len = match_word(s, n, "infinity");
    if (!len) len = match_word(s, n, "inf");
    if (len) {
        *out = (double)INFINITY;
        return len;
    }
    len = match_word(s, n, "nan");
    if (len) *out = (double)NAN;
    return len;
}

static inline bool is_digit(const char *p, const char *end) {
    return p < end && *p >= '0' && *p <= '9';
}

/* Reads an exponent's digits after 'e' or 'p' and sign, saturating; NULL when there are none. */
static const char *read_exponent(const char *p, const char *end, int64_t *value) {
    bool negative = false;
    int64_t v = 0;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    if (!is_digit(p, end)) return NULL;
    for (; is_digit(p, end); p++)
        if (v < INT64_C(1) << 56) v = v * 10 + (*p - '0');
    *value = negative ? -v : v;
    return p;
}

size_t gi_float_parse(const char *s, size_t n, double *out) {
    const char *p = s, *end = s + n;
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    double v;
    size_t len = match_special(p, (size_t)(end - p), &v);
    if (len) {
        *out = negative ? -v : v;
        return (size_t)(p - s) + len;
    }
    Decimal d;
    d.head = 0;
    d.n = 0;
    d.exponent = d.dropped = 0;
    d.more = false;
    const char *start = p;
    for (; is_digit(p, end); p++)
        take_digit(&d, *p, false);
    bool any = p > start;
    if (p < end && *p == '.') {
        start = ++p;
        for (; is_digit(p, end); p++)
            take_digit(&d, *p, true);
        any |= p > start;
    }
    if (!any) return 0;
    if (p < end && (*p == 'e' || *p == 'E')) {
        int64_t exponent;
        const char *after = read_exponent(p + 1, end, &exponent);
        if (after) {
            p = after;
            d.exponent += exponent;
        }
    }
    v = decimal_to_double(&d);
    *out = negative ? -v : v;
    return (size_t)(p - s);
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* Hexadecimal digits as read: mantissa * 2^exponent, plus something when sticky. */
typedef struct HexNumber {
    uint64_t mantissa;
    int64_t exponent;
    bool sticky, any;
} HexNumber;

static const char *read_hex_digits(const char *p, const char *end, bool after_point, HexNumber *h) {
    int digit;
    for (; p < end && (digit = hex_value(*p)) >= 0; p++) {
        h->any = true;
        if (h->mantissa >> 60) {
            h->sticky |= digit != 0;
            h->exponent += after_point ? 0 : 4;
        } else {
            h->mantissa = h->mantissa << 4 | (uint64_t)digit;
            h->exponent -= after_point ? 4 : 0;
        }
    }
    return p;
}

GiFloatHexStatus gi_float_from_hex(const char *s, size_t n, double *out) {
    const char *p = s, *end = s + n;
    while (p < end && is_blank(*p))
        p++;
    while (end > p && is_blank(end[-1]))
        end--;
    bool negative = false;
    if (p < end && (*p == '+' || *p == '-')) negative = *p++ == '-';
    double v = 0;
    size_t len = match_special(p, (size_t)(end - p), &v);
    if (len) {
        if (p + len != end) return GI_FLOAT_HEX_INVALID;
        *out = negative ? -v : v;
        return GI_FLOAT_HEX_OK;
    }
    if (end - p >= 2 && p[0] == '0' && (p[1] | 0x20) == 'x') p += 2;
    HexNumber h = {0, 0, false, false};
    p = read_hex_digits(p, end, false, &h);
    if (p < end && *p == '.') p = read_hex_digits(p + 1, end, true, &h);
    if (!h.any) return GI_FLOAT_HEX_INVALID;
    int64_t exponent = 0;
    if (p < end && (*p | 0x20) == 'p') {
        p = read_exponent(p + 1, end, &exponent);
        if (!p) return GI_FLOAT_HEX_INVALID;
    }
    if (p != end) return GI_FLOAT_HEX_INVALID;
    if (h.mantissa) {
        exponent += h.exponent;
        if (exponent > 2000) return GI_FLOAT_HEX_OVERFLOW;
        v = exponent < -2000 ? 0.0 : round_to_double(h.mantissa, (int)exponent, h.sticky);
        if (isinf(v)) return GI_FLOAT_HEX_OVERFLOW;
    }
    *out = negative ? -v : v;
    return GI_FLOAT_HEX_OK;
}
