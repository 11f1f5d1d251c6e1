/* bintext.h - text forms of bytes: hexadecimal, base64, uuencode, quoted-printable; CRC-CCITT.
 *
 * The cores of the module binascii. Functions that can meet bad input return NULL for success or
 * the message of binascii.Error (a constant, or made in `message`); GI_BINTEXT_NO_MEMORY when out
 * of memory. No state; reentrant.
 */
#ifndef GI_BASE_BINTEXT_H
#define GI_BASE_BINTEXT_H

#include "base/strbuf.h"

#define GI_BINTEXT_MESSAGE_MAX 128
extern const char gi_bintext_no_memory[];
#define GI_BINTEXT_NO_MEMORY gi_bintext_no_memory

/* Writes 2 * n lower case digits. */
void gi_hex_encode(const void *in, size_t n, char *out);
/* As bytes.hex(sep, group): group > 0 counts from the right, < 0 from the left, 0 no separator. */
GiStatus gi_hex_encode_sep(const void *in, size_t n, char sep, int64_t group,
                           GiStrbuf *out) GI_NODISCARD;
/* Reads n (even) digits; false when one is none. */
bool gi_hex_decode(const char *in, size_t n, void *out);

/* binascii.b2a_base64. */
GiStatus gi_base64_encode(const void *in, size_t n, bool newline, GiStrbuf *out) GI_NODISCARD;
/* binascii.a2b_base64. */
const char *gi_base64_decode(const void *in, size_t n, bool strict, GiStrbuf *out,
                             char message[GI_BINTEXT_MESSAGE_MAX]) GI_NODISCARD;
/* binascii.b2a_uu (n <= 45 or a message) and a2b_uu. */
const char *gi_uu_encode(const void *in, size_t n, bool backtick, GiStrbuf *out) GI_NODISCARD;
const char *gi_uu_decode(const void *in, size_t n, GiStrbuf *out) GI_NODISCARD;
/* binascii.b2a_qp and a2b_qp. */
GiStatus gi_qp_encode(const void *in, size_t n, bool quotetabs, bool istext, bool header,
                      GiStrbuf *out) GI_NODISCARD;
GiStatus gi_qp_decode(const void *in, size_t n, bool header, GiStrbuf *out) GI_NODISCARD;

/* binascii.crc_hqx: CRC-CCITT, polynomial 0x1021. */
uint16_t gi_crc_hqx(const void *in, size_t n, uint16_t crc);
/* CRC-32 of zlib and binascii, for where zlib is not at hand. */
uint32_t gi_crc32(const void *in, size_t n, uint32_t crc);

#endif
