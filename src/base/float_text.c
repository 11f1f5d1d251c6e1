/* float_text.c - writing floats: shortest, to a given precision, hexadecimal (see float_text.h).
 *
 * The shortest digits come from the Schubfach method (Raffaello Giulietti, "The Schubfach way to
 * render doubles", 2020). Digits to a precision come exactly from 128-bit integers where they fit,
 * else from the C library, whose decimal point is skipped whatever the locale says it is.
 */
#include "base/float_text.h"

#include "base/float_tables.h"
#include "base/int_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef unsigned __int128 u128;

#define MANTISSA_BITS 52
#define MANTISSA_MASK ((UINT64_C(1) << MANTISSA_BITS) - 1)
#define EXACT_MAX 1100 /* more digits than any double has after its first */

static inline uint64_t bits_of(double v) {
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    return bits;
}

/* floor(log10(2^q)) and floor(log10(3/4 * 2^q)) for |q| < 1500. */
static inline int floor_log10_pow2(int q) { return (q * 1262611) >> 22; }
static inline int floor_log10_three_quarters_pow2(int q) { return (q * 1262611 - 524031) >> 22; }

/* The high 64 bits of g * cp / 2^64, with the lowest bit set when anything follows ("round to
 * odd"). */
static inline uint64_t multiply_round_odd(GiPowerOfTen g, uint64_t cp) {
    u128 low = (u128)g.low * cp;
    u128 high = (u128)g.high * cp + (uint64_t)(low >> 64);
    return (uint64_t)(high >> 64) | ((uint64_t)high > 1);
}

/* Shortest decimal s * 10^*exponent for the positive double c * 2^q. */
static uint64_t schubfach(uint64_t c, int q, bool irregular, int *exponent) {
    uint64_t odd = c & 1;
    uint64_t cb = 4 * c, cbl = irregular ? cb - 1 : cb - 2, cbr = cb + 2;
    int k = irregular ? floor_log10_three_quarters_pow2(q) : floor_log10_pow2(q);
    int h = q + gi_floor_log2_pow10(-k) + 1;
    GiPowerOfTen g = gi_powers_of_ten[-k - GI_POWER_MIN];
    if (-k < 0 || -k > 55) { /* the method wants the power rounded up */
        g.low++;
        g.high += g.low == 0;
    }
    uint64_t vbl = multiply_round_odd(g, cbl << h);
    uint64_t vb = multiply_round_odd(g, cb << h);
    uint64_t vbr = multiply_round_odd(g, cbr << h);
    uint64_t lower = vbl + odd, upper = vbr - odd;
    uint64_t s = vb / 4;
    if (s >= 10) {
        uint64_t sp = s / 10;
        bool under = lower <= 40 * sp, over = 40 * sp + 40 <= upper;
        if (under != over) {
            *exponent = k + 1;
            return sp + over;
        }
    }
    *exponent = k;
    bool under = lower <= 4 * s, over = 4 * s + 4 <= upper;
    if (under != over) return s + over;
    uint64_t middle = 4 * s + 2;
    return s + (vb > middle || (vb == middle && (s & 1)));
}

/* Shortest decimal of finite v != 0 without trailing zeros. */
static uint64_t shortest(double v, int *exponent) {
    uint64_t bits = bits_of(v);
    uint64_t mantissa = bits & MANTISSA_MASK;
    int biased = (int)(bits >> MANTISSA_BITS & 0x7FF);
    uint64_t s;
    if (biased == 0) {
        s = schubfach(mantissa, -1074, false, exponent);
    } else {
        uint64_t c = mantissa | UINT64_C(1) << MANTISSA_BITS;
        int q = biased - 1075;
        if (q <= 0 && q >= -52 && (c & ((UINT64_C(1) << -q) - 1)) == 0) {
            s = c >> -q; /* an integer below 2^53: its own digits are the shortest */
            *exponent = 0;
        } else {
            s = schubfach(c, q, mantissa == 0 && biased > 1, exponent);
        }
    }
    while (s % 100 == 0) {
        s /= 100;
        *exponent += 2;
    }
    if (s % 10 == 0) {
        s /= 10;
        ++*exponent;
    }
    return s;
}

int gi_float_shortest(double v, char digits[17], int *point) {
    int exponent;
    char text[GI_INT_TEXT_MAX];
    size_t n = gi_u64_to_text(shortest(v, &exponent), text);
    memcpy(digits, text, n);
    *point = (int)n + exponent;
    return (int)n;
}

/* Writes 'e', a sign and at least two digits. */
static char *put_exponent(char *p, int e, bool upper) {
    *p++ = upper ? 'E' : 'e';
    *p++ = e < 0 ? '-' : '+';
    unsigned u = (unsigned)(e < 0 ? -e : e);
    if (u < 10) *p++ = '0';
    return p + gi_u64_to_text(u, p);
}

size_t gi_float_repr(double v, char out[GI_FLOAT_REPR_MAX]) {
    char *p = out;
    if (isnan(v)) {
        memcpy(out, "nan", 3);
        return 3;
    }
    if (signbit(v)) *p++ = '-';
    if (isinf(v)) {
        memcpy(p, "inf", 3);
        return (size_t)(p + 3 - out);
    }
    if (v == 0) {
        memcpy(p, "0.0", 3);
        return (size_t)(p + 3 - out);
    }
    char digits[17];
    int point, n = gi_float_shortest(v, digits, &point);
    if (point > 16 || point <= -4) {
        *p++ = digits[0];
        if (n > 1) {
            *p++ = '.';
            memcpy(p, digits + 1, (size_t)n - 1);
            p += n - 1;
        }
        p = put_exponent(p, point - 1, false);
    } else if (point <= 0) {
        memcpy(p, "0.0000", 6);
        p += 2 - point;
        memcpy(p, digits, (size_t)n);
        p += n;
    } else if (point >= n) {
        memcpy(p, digits, (size_t)n);
        memset(p + n, '0', (size_t)(point - n));
        p += point;
        *p++ = '.';
        *p++ = '0';
    } else {
        memcpy(p, digits, (size_t)point);
        p += point;
        *p++ = '.';
        memcpy(p, digits + point, (size_t)(n - point));
        p += n - point;
    }
    return (size_t)(p - out);
}

static const uint64_t tens[16] = {1,
                                  10,
                                  100,
                                  1000,
                                  10000,
                                  100000,
                                  1000000,
                                  10000000,
                                  100000000,
                                  1000000000,
                                  UINT64_C(10000000000),
                                  UINT64_C(100000000000),
                                  UINT64_C(1000000000000),
                                  UINT64_C(10000000000000),
                                  UINT64_C(100000000000000),
                                  UINT64_C(1000000000000000)};

/* |v| * 10^precision rounded half to even into *n, when that is exact to find and fits. */
static bool scaled_integer(double v, int precision, uint64_t *n) {
    if (precision < 0 || precision > 15) return false;
    uint64_t bits = bits_of(v);
    int biased = (int)(bits >> MANTISSA_BITS & 0x7FF);
    uint64_t c = bits & MANTISSA_MASK;
    if (biased) c |= UINT64_C(1) << MANTISSA_BITS;
    int q = (biased ? biased : 1) - 1075;
    u128 product = (u128)c * tens[precision];
    if (q >= 0) {
        if (q > 10 || product >> (64 - q)) return false;
        *n = (uint64_t)product << q;
        return true;
    }
    if (q < -120) {
        *n = 0;
        return true;
    }
    u128 whole = product >> -q;
    if (whole >= UINT64_MAX) return false;
    u128 rest = product & (((u128)1 << -q) - 1), half = (u128)1 << (-q - 1);
    uint64_t w = (uint64_t)whole;
    if (rest > half || (rest == half && (w & 1))) w++;
    *n = w;
    return true;
}

static const uint64_t big_tens[3] = {UINT64_C(10000000000000000), UINT64_C(100000000000000000),
                                     UINT64_C(1000000000000000000)};

static inline uint64_t ten_to(int n) { return n < 16 ? tens[n] : big_tens[n - 16]; }

/* |v| * 10^k for v != 0 as a whole number below 2^60 and what follows: 1 when that rounds up (ties
 * to even), 0 when not, -1 when unknown. The caller sees to the range. */
static int scale(uint64_t c, int q, int k, uint64_t *whole) {
    GiPowerOfTen g = gi_powers_of_ten[k - GI_POWER_MIN];
    int shift = __builtin_clzll(c);
    uint64_t w = c << shift;
    u128 low = (u128)w * g.low;
    u128 high = (u128)w * g.high + (uint64_t)(low >> 64);
    int drop = -(q - shift + gi_floor_log2_pow10(k) - 127 + 64);
    if (drop < 2 || drop > 127) return -1;
    *whole = (uint64_t)(high >> drop);
    u128 rest = high & (((u128)1 << drop) - 1), half = (u128)1 << (drop - 1);
    bool exact = k >= 0 && k <= 55;
    if (exact) {
        if (rest != half) return rest > half;
        return (uint64_t)low != 0 || (*whole & 1);
    }
    if (rest > half) return 1;
    return rest + 2 > half ? -1 : 0; /* the error is below two units */
}

/* exact_digits for up to 17 digits by one multiplication; false when that cannot decide. */
static bool quick_digits(double v, int n, char *digits, int *exponent) {
    if (n > 17 || v == 0) return false;
    uint64_t bits = bits_of(v), c = bits & MANTISSA_MASK, whole;
    int biased = (int)(bits >> MANTISSA_BITS & 0x7FF);
    if (biased) c |= UINT64_C(1) << MANTISSA_BITS;
    int q = (biased ? biased : 1) - 1075;
    int e = floor_log10_pow2(q + 63 - __builtin_clzll(c));
    for (;; e++) { /* the guess may be one too small */
        int k = n - 1 - e;
        if (k < GI_POWER_MIN || k > GI_POWER_MAX) return false;
        int up = scale(c, q, k, &whole);
        if (up < 0) return false;
        if (whole >= ten_to(n)) continue;
        whole += (unsigned)up;
        break;
    }
    if (whole == ten_to(n)) {
        whole /= 10;
        e++;
    }
    gi_u64_to_text(whole, digits);
    *exponent = e;
    return true;
}

/* Digits of |v| as printf's %.*e makes them: precision + 1 of them, value d.ddd * 10^*exponent. */
static void exact_digits(double v, int precision, char *digits, int *exponent) {
    if (quick_digits(v, precision + 1, digits, exponent)) return;
    char text[EXACT_MAX + 64];
    snprintf(text, sizeof text, "%.*e", precision, fabs(v));
    char *e = strrchr(text, 'e');
    *exponent = atoi(e + 1);
    int n = 0;
    for (char *p = text; p < e; p++)
        if (*p >= '0' && *p <= '9') digits[n++] = *p;
    GI_ASSERT(n == precision + 1);
}

/* The number being laid out: digits (zeros follow without end) and the place of the point. */
typedef struct Layout {
    const char *digits;
    int n;            /* digits at hand */
    int point;        /* digits before the point; may be negative or beyond n */
    int64_t fraction; /* digits to show after the point */
} Layout;

/* Appends digits [from, to) of the layout; negative places and those beyond n are zeros. */
static void put_digits(GiStrbuf *out, const Layout *l, int64_t from, int64_t to) {
    if (from < 0) {
        int64_t zeros = GI_MIN(to, 0) - from;
        gi_strbuf_fill(out, '0', (size_t)zeros);
        from = GI_MIN(to, 0);
    }
    if (from < to && from < l->n) {
        int64_t end = GI_MIN(to, l->n);
        gi_strbuf_append(out, l->digits + from, (size_t)(end - from));
        from = end;
    }
    if (from < to) gi_strbuf_fill(out, '0', (size_t)(to - from));
}

/* Appends in fixed notation. */
static void put_fixed(GiStrbuf *out, const Layout *l, bool keep_point) {
    if (l->point <= 0)
        gi_strbuf_putc(out, '0');
    else
        put_digits(out, l, 0, l->point);
    if (l->fraction > 0 || keep_point) gi_strbuf_putc(out, '.');
    put_digits(out, l, l->point, l->point + l->fraction);
}

/* Appends in scientific notation with n_shown digits. */
static void put_scientific(GiStrbuf *out, const Layout *l, int64_t n_shown, bool keep_point,
                           bool upper) {
    char exponent[8];
    put_digits(out, l, 0, 1);
    if (n_shown > 1 || keep_point) gi_strbuf_putc(out, '.');
    put_digits(out, l, 1, n_shown);
    char *end = put_exponent(exponent, l->point - 1, upper);
    gi_strbuf_append(out, exponent, (size_t)(end - exponent));
}

/* Appends a sign when there is one to show. */
static void put_sign(GiStrbuf *out, bool negative, unsigned flags) {
    if (negative)
        gi_strbuf_putc(out, '-');
    else if (flags & GI_FLOAT_SIGN)
        gi_strbuf_putc(out, '+');
}

static bool all_zeros(const char *digits, int n) {
    for (int i = 0; i < n; i++)
        if (digits[i] != '0') return false;
    return true;
}

/* type 'f'. */
static void format_fixed(GiStrbuf *out, double v, int precision, unsigned flags) {
    uint64_t scaled;
    bool negative = signbit(v);
    if (scaled_integer(v, precision, &scaled)) {
        char text[GI_INT_TEXT_MAX];
        int n = (int)gi_u64_to_text(scaled, text);
        if (scaled == 0) n = 0;
        if (scaled == 0 && (flags & GI_FLOAT_NO_NEG_0)) negative = false;
        put_sign(out, negative, flags);
        Layout l = {text, n, n - precision, precision};
        put_fixed(out, &l, flags & GI_FLOAT_ALT);
        return;
    }
    int shown = GI_MIN(precision, EXACT_MAX), n = 0;
    char text[EXACT_MAX + 400], digits[EXACT_MAX + 400];
    snprintf(text, sizeof text, "%.*f", shown, fabs(v));
    for (char *p = text; *p; p++)
        if (*p >= '0' && *p <= '9') digits[n++] = *p;
    if ((flags & GI_FLOAT_NO_NEG_0) && all_zeros(digits, n)) negative = false;
    put_sign(out, negative, flags);
    Layout l = {digits, n, n - shown, precision};
    put_fixed(out, &l, flags & GI_FLOAT_ALT);
}

/* type 'e'. */
static void format_scientific(GiStrbuf *out, double v, int precision, unsigned flags, bool upper) {
    char digits[EXACT_MAX + 16];
    int shown = GI_MIN(precision, EXACT_MAX), exponent;
    exact_digits(v, shown, digits, &exponent);
    put_sign(out, signbit(v) && !(v == 0 && (flags & GI_FLOAT_NO_NEG_0)), flags);
    Layout l = {digits, shown + 1, exponent + 1, 0};
    put_scientific(out, &l, (int64_t)precision + 1, flags & GI_FLOAT_ALT, upper);
}

/* types 'g' and 'r'. */
static void format_general(GiStrbuf *out, double v, char type, int precision, unsigned flags,
                           bool upper) {
    char digits[EXACT_MAX + 16];
    int n, point, limit;
    if (type == 'r') {
        if (v == 0) {
            digits[0] = '0';
            n = point = 1;
        } else {
            n = gi_float_shortest(v, digits, &point);
        }
        limit = precision = 16;
    } else {
        if (precision < 1) precision = 1;
        n = GI_MIN(precision, EXACT_MAX);
        exact_digits(v, n - 1, digits, &point);
        point++;
        limit = flags & GI_FLOAT_DOT_0 ? precision - 1 : precision;
    }
    while (n > 1 && digits[n - 1] == '0')
        n--;
    put_sign(out, signbit(v) && !(v == 0 && (flags & GI_FLOAT_NO_NEG_0)), flags);
    bool keep = flags & GI_FLOAT_ALT;
    int64_t shown = keep && type != 'r' ? precision : n;
    Layout l = {digits, n, point, 0};
    if (point <= -4 || point > limit) {
        put_scientific(out, &l, shown, keep, upper);
        return;
    }
    l.fraction = GI_MAX(shown - point, 0);
    if ((flags & GI_FLOAT_DOT_0) && l.fraction == 0) l.fraction = 1;
    put_fixed(out, &l, keep);
}

GiStatus gi_float_format(GiStrbuf *out, double v, char type, int precision, unsigned flags) {
    bool upper = type >= 'A' && type <= 'Z';
    if (upper) type = (char)(type + 32);
    if (!isfinite(v)) {
        put_sign(out, !isnan(v) && signbit(v), flags);
        const char *text = isnan(v) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
        return gi_strbuf_puts(out, text);
    }
    switch (type) {
    case 'f': format_fixed(out, v, precision, flags); break;
    case 'e': format_scientific(out, v, precision, flags, upper); break;
    default: format_general(out, v, type, precision, flags, upper); break;
    }
    return out->failed ? GI_FAIL : GI_OK;
}

double gi_float_round(double v, int ndigits, bool *overflow) {
    *overflow = false;
    if (!isfinite(v) || v == 0 || ndigits > 323) return v;
    if (ndigits < -308) return copysign(0.0, v);
    uint64_t scaled;
    if (scaled_integer(v, ndigits, &scaled) && scaled <= UINT64_C(1) << 53)
        return copysign((double)scaled / (double)tens[ndigits], v);
    /* All digits, cut by hand: d.ddd * 10^exponent, to keep exponent + ndigits + 1 of them. */
    char digits[EXACT_MAX + 16], text[EXACT_MAX + 32];
    int exponent;
    exact_digits(v, 800, digits, &exponent);
    int keep = exponent + ndigits + 1;
    if (keep > 800) return v;
    if (keep < 0) return copysign(0.0, v);
    bool up = digits[keep] > '5';
    if (digits[keep] == '5')
        up = !all_zeros(digits + keep + 1, 800 - keep) || (keep > 0 && (digits[keep - 1] & 1));
    int n = 0;
    text[n++] = '0';
    memcpy(text + n, digits, (size_t)keep);
    n += keep;
    for (int i = n - 1; up; i--) {
        up = text[i] == '9';
        text[i] = up ? '0' : (char)(text[i] + 1);
    }
    n += snprintf(text + n, 16, "e%d", -ndigits);
    double result;
    gi_float_parse(text, (size_t)n, &result);
    *overflow = isinf(result);
    return copysign(result, v);
}

size_t gi_float_to_hex(double v, char out[GI_FLOAT_HEX_MAX]) {
    if (!isfinite(v)) return gi_float_repr(v, out);
    char *p = out;
    uint64_t bits = bits_of(v), mantissa = bits & MANTISSA_MASK;
    int biased = (int)(bits >> MANTISSA_BITS & 0x7FF);
    if (bits >> 63) *p++ = '-';
    if (biased == 0 && mantissa == 0) {
        memcpy(p, "0x0.0p+0", 8);
        return (size_t)(p + 8 - out);
    }
    *p++ = '0';
    *p++ = 'x';
    *p++ = biased ? '1' : '0';
    *p++ = '.';
    for (int shift = 48; shift >= 0; shift -= 4)
        *p++ = "0123456789abcdef"[mantissa >> shift & 15];
    int e = biased ? biased - 1023 : -1022;
    *p++ = 'p';
    *p++ = e < 0 ? '-' : '+';
    p += gi_u64_to_text((uint64_t)(e < 0 ? -e : e), p);
    return (size_t)(p - out);
}

bool gi_float_to_half(double v, uint16_t *out) {
    uint16_t sign = signbit(v) ? 0x8000 : 0;
    if (isnan(v) || isinf(v)) {
        *out = sign | (isnan(v) ? 0x7E00 : 0x7C00);
        return true;
    }
    double a = fabs(v);
    if (a >= 65520.0) return false;
    int e;
    frexp(a, &e); /* a = f * 2^e, 0.5 <= f < 1 */
    int unit = GI_MAX(e - 11, -24);
    /* Rounded half to even by hand: independent of the rounding mode. */
    double scaled = ldexp(a, -unit), whole = floor(scaled), rest = scaled - whole;
    uint32_t n = (uint32_t)whole;
    if (rest > 0.5 || (rest == 0.5 && (n & 1))) n++;
    /* n counts units of 2^unit; adding the biased exponent lets a carry move into it. */
    *out = (uint16_t)(sign + (a == 0 ? 0 : n + ((uint32_t)(unit + 24) << 10)));
    return true;
}

double gi_float_from_half(uint16_t h) {
    int e = h >> 10 & 31;
    double m = h & 0x3FF, v;
    if (e == 31)
        v = m != 0 ? (double)NAN : (double)INFINITY;
    else
        v = e ? ldexp(1024 + m, e - 25) : ldexp(m, -24);
    return h & 0x8000 ? -v : v;
}
