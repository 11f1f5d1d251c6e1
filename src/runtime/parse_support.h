/* parse_support.h - encodings of source files (PEP 263). */
#ifndef GI_RUNTIME_PARSE_SUPPORT_H
#define GI_RUNTIME_PARSE_SUPPORT_H

#include "base/common.h"

/* The encoding of a coding cookie in the first two lines (PEP 263), normalised; false: none. */
bool gi_source_cookie(const char *bytes, size_t size, char *encoding, size_t encoding_size);
/* True when bytes are valid UTF-8; otherwise the line of the first bad byte. */
bool gi_source_check_utf8(const char *bytes, size_t size, size_t *bad_line);

#endif
