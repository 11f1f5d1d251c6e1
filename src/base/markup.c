/* markup.c - see markup.h. */
#include "base/markup.h"
#include "base/unicode.h"

/* Reads [name][!conversion][:spec]} after the opening brace. */
static bool read_field(GiMarkup *m, GiMarkupPiece *piece, const char **error) {
    bool bracket = false;
    uint32_t c = 0;
    piece->name_start = m->pos;
    while (m->pos < m->end) {
        c = gi_text_at(m->text, m->pos++);
        if (c == '[') bracket = true;
        if (c == ']') bracket = false;
        if (bracket) continue;
        if (c == '{') {
            *error = "unexpected '{' in field name";
            return false;
        }
        if (c == '}' || c == ':' || c == '!') break;
    }
    if (bracket || (c != '}' && c != ':' && c != '!')) {
        *error = "expected '}' before end of string";
        return false;
    }
    piece->name_end = m->pos - 1;
    piece->spec_start = piece->spec_end = m->pos;
    if (c == '}') return true;
    if (c == '!') {
        if (m->pos >= m->end) {
            *error = "end of string while looking for conversion specifier";
            return false;
        }
        piece->conversion = gi_text_at(m->text, m->pos++);
        if (m->pos < m->end) {
            c = gi_text_at(m->text, m->pos++);
            piece->spec_start = piece->spec_end = m->pos;
            if (c == '}') return true;
            if (c != ':') {
                *error = "expected ':' after conversion specifier";
                return false;
            }
        }
    }
    piece->spec_start = m->pos;
    for (size_t depth = 1; m->pos < m->end;) {
        c = gi_text_at(m->text, m->pos++);
        if (c == '{') {
            piece->spec_nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            piece->spec_end = m->pos - 1;
            return true;
        }
    }
    *error = "unmatched '{' in format spec";
    return false;
}

int gi_markup_next(GiMarkup *m, GiMarkupPiece *piece, const char **error) {
    memset(piece, 0, sizeof *piece);
    if (m->pos >= m->end) return 0;
    piece->literal_start = m->pos;
    uint32_t c = 0;
    while (m->pos < m->end) {
        c = gi_text_at(m->text, m->pos++);
        if (c == '{' || c == '}') break;
    }
    piece->literal_end = m->pos;
    if (c != '{' && c != '}') return 1;
    bool at_end = m->pos >= m->end;
    if (at_end || (c == '}' && gi_text_at(m->text, m->pos) != '}')) {
        *error = c == '{' ? "Single '{' encountered in format string"
                          : "Single '}' encountered in format string";
        return -1;
    }
    if (gi_text_at(m->text, m->pos) == c) { /* doubled: keep one */
        m->pos++;
        return 1;
    }
    piece->literal_end--;
    piece->has_field = true;
    return read_field(m, piece, error) ? 1 : -1;
}

/* The number that [start, end) spells, -1 when it is none, -2 when it is too large. */
static int64_t number_of(GiTextView text, size_t start, size_t end) {
    int64_t number = 0;
    if (start == end) return -1;
    for (size_t i = start; i < end; i++) {
        int digit = gi_uc_decimal(gi_text_at(text, i));
        if (digit < 0) return -1;
        if (number > (INT64_MAX - digit) / 10) return -2;
        number = number * 10 + digit;
    }
    return number;
}

static bool set_number(GiMarkup *m, GiFieldPart *part, const char **error) {
    part->number = number_of(m->text, part->start, part->end);
    if (part->number != -2) return true;
    *error = "Too many decimal digits in format string";
    return false;
}

bool gi_field_first(GiMarkup *m, GiFieldPart *part, const char **error) {
    part->is_attr = false;
    part->start = m->pos;
    while (m->pos < m->end) {
        uint32_t c = gi_text_at(m->text, m->pos);
        if (c == '.' || c == '[') break;
        m->pos++;
    }
    part->end = m->pos;
    return set_number(m, part, error);
}

int gi_field_next(GiMarkup *m, GiFieldPart *part, const char **error) {
    if (m->pos >= m->end) return 0;
    uint32_t c = gi_text_at(m->text, m->pos++);
    if (c != '.' && c != '[') {
        *error = "Only '.' or '[' may follow ']' in format field specifier";
        return -1;
    }
    part->is_attr = c == '.';
    part->start = m->pos;
    part->number = -1;
    if (part->is_attr) {
        while (m->pos < m->end && (c = gi_text_at(m->text, m->pos), c != '.' && c != '[')) m->pos++;
        part->end = m->pos;
    } else {
        while (m->pos < m->end && gi_text_at(m->text, m->pos) != ']') m->pos++;
        if (m->pos >= m->end) {
            *error = "Missing ']' in format string";
            return -1;
        }
        part->end = m->pos++;
        if (!set_number(m, part, error)) return -1;
    }
    if (part->start == part->end) {
        *error = "Empty attribute in format string";
        return -1;
    }
    return 1;
}
