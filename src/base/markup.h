/* markup.h - the brace language of str.format: literals, fields, field names.
 *
 * Only parsing, over borrowed text; positions index the text. Error messages are constants. No
 * state beyond the structs; reentrant.
 */
#ifndef GI_BASE_MARKUP_H
#define GI_BASE_MARKUP_H

#include "base/text_view.h"

typedef struct GiMarkup {
    GiTextView text;
    size_t pos, end; /* what is left to read */
} GiMarkup;

/* A piece: literal text (with a doubled brace counted once), then perhaps a field. */
typedef struct GiMarkupPiece {
    size_t literal_start, literal_end;
    bool has_field;
    size_t name_start, name_end, spec_start, spec_end;
    uint32_t conversion; /* 0: none */
    bool spec_nested;    /* the specification holds fields itself */
} GiMarkupPiece;

/* 1: a piece; 0: the end; -1: *error says what is wrong. */
int gi_markup_next(GiMarkup *m, GiMarkupPiece *piece, const char **error);

/* The parts of a field name: first (a number, a name or empty), then attributes and keys. */
typedef struct GiFieldPart {
    size_t start, end;
    bool is_attr;   /* .name; otherwise [key] (or the first part) */
    int64_t number; /* -1: not a number */
} GiFieldPart;

/* Reads the first part from m (text of a field name) and leaves m at the rest. False: *error. */
bool gi_field_first(GiMarkup *m, GiFieldPart *part, const char **error);
/* Next part: 1, 0 at the end, -1 with *error. */
int gi_field_next(GiMarkup *m, GiFieldPart *part, const char **error);

#endif
