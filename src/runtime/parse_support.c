/* parse_support.c - encodings of source files (PEP 263). */
#include "runtime/parse_support.h"
#include "base/utf8.h"
#include <ctype.h>

/* Lower case, '_' as '-', and the many spellings of UTF-8 and Latin-1 as one. */
static void normalise_encoding(char *name) {
    char low[13];
    size_t i = 0;
    for (; i < 12 && name[i]; i++) low[i] = name[i] == '_' ? '-' : (char)tolower((unsigned char)name[i]);
    low[i] = 0;
    if (strcmp(low, "utf-8") == 0 || strncmp(low, "utf-8-", 6) == 0)
        strcpy(name, "utf-8");
    else if (strcmp(low, "latin-1") == 0 || strcmp(low, "iso-8859-1") == 0 || strcmp(low, "iso-latin-1") == 0 ||
             strncmp(low, "latin-1-", 8) == 0 || strncmp(low, "iso-8859-1-", 11) == 0 ||
             strncmp(low, "iso-latin-1-", 12) == 0)
        strcpy(name, "iso-8859-1");
}

/* A cookie in the comment of one line: coding[:=]\s*([-\w.]+). */
static bool cookie_in_line(const char *line, size_t len, char *encoding, size_t size) {
    size_t i = 0;
    while (i < len && (line[i] == ' ' || line[i] == '\t' || line[i] == '\f')) i++;
    if (i >= len || line[i] != '#') return false;
    for (; i + 7 <= len; i++) {
        if (memcmp(line + i, "coding", 6) != 0 || (line[i + 6] != ':' && line[i + 6] != '=')) continue;
        size_t at = i + 7, n = 0;
        while (at < len && (line[at] == ' ' || line[at] == '\t')) at++;
        while (at < len && (isalnum((unsigned char)line[at]) || strchr("-_.", line[at])) && n + 1 < size)
            encoding[n++] = line[at++];
        encoding[n] = 0;
        if (n == 0) continue;
        normalise_encoding(encoding);
        return true;
    }
    return false;
}

bool gi_source_cookie(const char *bytes, size_t size, char *encoding, size_t encoding_size) {
    if (encoding_size < 16) return false;
    for (int line = 0; line < 2; line++) {
        size_t len = 0;
        while (len < size && bytes[len] != '\n' && bytes[len] != '\r') len++;
        if (cookie_in_line(bytes, len, encoding, encoding_size)) return true;
        /* Only blank lines and comments may stand before the second line's cookie. */
        for (size_t i = 0; i < len; i++) {
            if (bytes[i] == '#') break;
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\f') return false;
        }
        if (len < size && bytes[len] == '\r' && len + 1 < size && bytes[len + 1] == '\n') len++;
        if (len >= size) return false;
        bytes += len + 1;
        size -= len + 1;
    }
    return false;
}

bool gi_source_check_utf8(const char *bytes, size_t size, size_t *bad_line) {
    GiUtf8Scan scan;
    if (gi_utf8_scan(bytes, size, 0, &scan)) return true;
    *bad_line = 1;
    for (size_t i = 0; i < scan.bytes; i++) *bad_line += bytes[i] == '\n';
    return false;
}
