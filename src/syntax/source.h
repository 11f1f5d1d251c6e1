/* source.h - which encoding a source file is in: byte order mark and coding line (PEP 263). */
#ifndef GI_SYNTAX_SOURCE_H
#define GI_SYNTAX_SOURCE_H

#include "base/common.h"

#define GI_ENCODING_MAX 64

typedef enum {
    GI_SOURCE_OK,
    GI_SOURCE_BOM_MISMATCH /* a UTF-8 mark, but the coding line names another encoding */
} GiSourceStatus;

typedef struct {
    GiSourceStatus status;
    size_t bom;                     /* bytes of the byte order mark at the start: 0 or 3 */
    bool declared;                  /* a coding line was found */
    bool is_utf8;                   /* the text may be parsed as it is (without the mark) */
    int lineno;                     /* of the coding line, 0 if there is none */
    char encoding[GI_ENCODING_MAX]; /* as the coding line names it, with the usual spellings of
                                       UTF-8 and Latin-1 made "utf-8" and "iso-8859-1" */
} GiSourceEncoding;

/* Finds a source's encoding from its first two lines. Reads only; without mark and coding line it
 * is "utf-8". */
void gi_source_encoding(const char *bytes, size_t len, GiSourceEncoding *result);

#endif
