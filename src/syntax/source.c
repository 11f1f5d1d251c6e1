/* source.c - byte order mark and coding line; see source.h. Pure functions. */
#include "syntax/source.h"

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\f';
}

static bool is_name_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

/* Copies a name in lower case with '-' for '_'; its usual spellings become one. */
static void set_name(GiSourceEncoding *result, const char *name, size_t len) {
    char norm[13];
    size_t n = GI_MIN(len, sizeof norm - 1);
    for (size_t i = 0; i < n; i++) {
        char c = name[i];
        norm[i] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    norm[n] = '\0';
    if (strcmp(norm, "utf-8") == 0 || strncmp(norm, "utf-8-", 6) == 0) {
        strcpy(result->encoding, "utf-8");
    } else if (strcmp(norm, "latin-1") == 0 || strcmp(norm, "iso-8859-1") == 0 ||
               strcmp(norm, "iso-latin-1") == 0 || strncmp(norm, "latin-1-", 8) == 0 ||
               strncmp(norm, "iso-8859-1-", 11) == 0 || strncmp(norm, "iso-latin-1-", 12) == 0) {
        strcpy(result->encoding, "iso-8859-1");
    } else {
        size_t keep = GI_MIN(len, GI_ENCODING_MAX - 1);
        memcpy(result->encoding, name, keep);
        result->encoding[keep] = '\0';
    }
}

/* Looks for "coding[:=] name" in the comment [s, end). */
static bool find_coding(const char *s, const char *end, GiSourceEncoding *result) {
    for (; end - s > 7; s++) {
        if (memcmp(s, "coding", 6) != 0 || (s[6] != ':' && s[6] != '=')) {
            continue;
        }
        const char *name = s + 7;
        while (name < end && (*name == ' ' || *name == '\t')) {
            name++;
        }
        const char *stop = name;
        while (stop < end && is_name_char(*stop)) {
            stop++;
        }
        if (stop > name) {
            set_name(result, name, (size_t)(stop - name));
            return true;
        }
    }
    return false;
}

void gi_source_encoding(const char *bytes, size_t len, GiSourceEncoding *result) {
    *result = (GiSourceEncoding){.is_utf8 = true};
    strcpy(result->encoding, "utf-8");
    const char *s = bytes;
    const char *end = bytes + len;
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        result->bom = 3;
        s += 3;
    }
    for (int lineno = 1; lineno <= 2 && s < end; lineno++) {
        const char *eol = s;
        while (eol < end && *eol != '\n' && *eol != '\r') {
            eol++;
        }
        while (s < eol && is_blank(*s)) {
            s++;
        }
        if (s < eol && *s != '#') {
            return; /* code: a coding line could only come before it */
        }
        if (s < eol && find_coding(s, eol, result)) {
            result->declared = true;
            result->lineno = lineno;
            result->is_utf8 = strcmp(result->encoding, "utf-8") == 0;
            if (result->bom != 0 && !result->is_utf8) {
                result->status = GI_SOURCE_BOM_MISMATCH;
            }
            return;
        }
        s = eol + (eol + 1 < end && eol[0] == '\r' && eol[1] == '\n' ? 2 : 1);
    }
}
