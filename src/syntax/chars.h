/* chars.h - the little about characters that the front end needs; internal to src/syntax.
 * Pure functions.
 */
#ifndef GI_SYNTAX_CHARS_H
#define GI_SYNTAX_CHARS_H

#include "base/arena.h"
#include "base/common.h"

/* Decodes one character of WTF-8; gives its length. A stray byte decodes as itself, length 1. */
int gi_chars_decode(const char *s, const char *end, uint32_t *c);

/* Encodes a code point below 0x110000 (surrogates too); gives its length, at most 4. */
int gi_chars_encode(uint32_t c, char *out);

/* Counts the characters of WTF-8 text. */
size_t gi_chars_count(const char *s, const char *end);

/* Length of the valid UTF-8 at the start of s[0..len). */
size_t gi_chars_valid_utf8(const char *s, size_t len);

/* Tells whether text with bytes above 127 is an identifier: 1, or 0 with the byte offset of the
 * first bad character. */
int gi_chars_identifier(const char *s, size_t len, size_t *bad);

/* Brings an identifier into form NFKC. Gives the arena's copy, or s itself if nothing changes;
 * NULL when out of memory. */
const char *gi_chars_normalize(GiArena *arena, const char *s, size_t len, size_t *out_len);

#endif
