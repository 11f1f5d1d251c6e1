/* int_text.h - decimal (and other bases) text of integers of 64 bits. No state; reentrant. */
#ifndef GI_BASE_INT_TEXT_H
#define GI_BASE_INT_TEXT_H

#include "base/common.h"

#define GI_INT_TEXT_MAX 20  /* digits of a decimal uint64_t; sign and digits of an int64_t */
#define GI_INT_BASE_MAX 65 /* sign and digits in base 2 */

/* Decimal digits of v, not terminated; gives their number. */
size_t gi_u64_to_text(uint64_t v, char *out);
/* Sign and decimal digits of v, not terminated; gives their number. */
size_t gi_i64_to_text(int64_t v, char *out);
/* Digits of v in base 2 to 36, not terminated; gives their number (at most 64). */
size_t gi_u64_to_base(uint64_t v, unsigned base, bool upper, char *out);
/* Number of decimal digits of v (1 for 0). */
unsigned gi_u64_digits(uint64_t v);
/* Parses exactly n ASCII decimal digits (no sign, n >= 1); false on other bytes or overflow. */
bool gi_u64_from_text(const char *s, size_t n, uint64_t *out);
/* Parses an optional sign and decimal digits, all n bytes; false on other bytes or overflow. */
bool gi_i64_from_text(const char *s, size_t n, int64_t *out);
/* Value of an ASCII letter or digit as a digit in bases up to 36, or 37 when it is none. */
unsigned gi_digit_value(unsigned char c);

#endif
