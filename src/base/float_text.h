/* float_text.h - text of binary floating-point numbers, both ways.
 *
 * Output is correctly rounded, shortest where asked for; input is correctly rounded to nearest,
 * ties to even. Nothing depends on the locale. No state; reentrant.
 */
#ifndef GI_BASE_FLOAT_TEXT_H
#define GI_BASE_FLOAT_TEXT_H

#include "base/strbuf.h"

#define GI_FLOAT_REPR_MAX 32 /* room enough for repr() of any float */
#define GI_FLOAT_HEX_MAX 32  /* room enough for float.hex() of any float */

enum {
    GI_FLOAT_SIGN = 1,     /* always a sign */
    GI_FLOAT_DOT_0 = 2,    /* add ".0" to what looks like an integer (repr) */
    GI_FLOAT_ALT = 4,      /* '#': keep the point and trailing zeros */
    GI_FLOAT_NO_NEG_0 = 8, /* 'z': negative zero after rounding becomes positive */
};

/* Shortest digits that read back as v (finite, not zero, sign ignored): fills up to 17 ASCII
 * digits without trailing zeros, value = 0.d1d2... * 10^*point. Gives their number. */
int gi_float_shortest(double v, char digits[17], int *point);
/* repr(v), not terminated; gives the length. */
size_t gi_float_repr(double v, char out[GI_FLOAT_REPR_MAX]);
/* Appends v in presentation type 'e' 'E' 'f' 'F' 'g' 'G' or 'r' (shortest; precision ignored) with
 * `precision` digits and GI_FLOAT_... flags; fails when out of memory. Infinities and NaN give
 * "inf" and "nan" (upper case for E, F, G). */
GiStatus gi_float_format(GiStrbuf *out, double v, char type, int precision,
                         unsigned flags) GI_NODISCARD;
/* round(v, ndigits) for finite v; *overflow when the result is too large. */
double gi_float_round(double v, int ndigits, bool *overflow);

/* Parses the longest prefix of s[0..n) that is a float as Python writes it: sign, digits with
 * point and exponent, or inf, infinity, nan in any case. No blanks, no underscores. Gives the
 * number of bytes used, 0 when there is none. Too large gives an infinity. */
size_t gi_float_parse(const char *s, size_t n, double *out);

/* float.hex(): gives the length, not terminated. */
size_t gi_float_to_hex(double v, char out[GI_FLOAT_HEX_MAX]);

typedef enum {
    GI_FLOAT_HEX_OK,
    GI_FLOAT_HEX_INVALID,  /* ValueError "invalid hexadecimal floating-point string" */
    GI_FLOAT_HEX_OVERFLOW, /* OverflowError "hexadecimal value too large to represent as a float" */
    GI_FLOAT_HEX_TOO_LONG, /* ValueError "hexadecimal string too long to convert" */
} GiFloatHexStatus;

/* float.fromhex() of a whole text (blanks around are allowed). */
GiFloatHexStatus gi_float_from_hex(const char *s, size_t n, double *out);

/* IEEE half precision, as struct's 'e'. */
bool gi_float_to_half(double v, uint16_t *out); /* false when too large */
double gi_float_from_half(uint16_t h);

#endif
