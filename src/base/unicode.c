/* unicode.c - case mapping and single properties (see unicode.h). */
#include "base/unicode.h"

#include "base/unicode_tables.h"

uint32_t gi_uc_upper(uint32_t c) { return c + (uint32_t)gi_uc_record(c)->upper; }
uint32_t gi_uc_lower(uint32_t c) { return c + (uint32_t)gi_uc_record(c)->lower; }
uint32_t gi_uc_title(uint32_t c) { return c + (uint32_t)gi_uc_record(c)->title; }

enum { LOWER, TITLE, UPPER, FOLD };

/* The full mapping `which` of a record that has special ones. */
static int special_mapping(const GiUcRecord *r, int which, uint32_t out[3]) {
    const GiUcSpecial *s = &gi_uc_specials[r->special];
    const uint32_t *chars = gi_uc_special_chars + s->start;
    for (int i = 0; i < which; i++)
        chars += s->lengths[i];
    for (int i = 0; i < s->lengths[which]; i++)
        out[i] = chars[i];
    return s->lengths[which];
}

int gi_uc_upper_full(uint32_t c, uint32_t out[3]) {
    const GiUcRecord *r = gi_uc_record(c);
    if (r->special) return special_mapping(r, UPPER, out);
    out[0] = c + (uint32_t)r->upper;
    return 1;
}

int gi_uc_lower_full(uint32_t c, uint32_t out[3]) {
    const GiUcRecord *r = gi_uc_record(c);
    if (r->special) return special_mapping(r, LOWER, out);
    out[0] = c + (uint32_t)r->lower;
    return 1;
}

int gi_uc_title_full(uint32_t c, uint32_t out[3]) {
    const GiUcRecord *r = gi_uc_record(c);
    if (r->special) return special_mapping(r, TITLE, out);
    out[0] = c + (uint32_t)r->title;
    return 1;
}

int gi_uc_fold_full(uint32_t c, uint32_t out[3]) {
    const GiUcRecord *r = gi_uc_record(c);
    if (r->special) return special_mapping(r, FOLD, out);
    out[0] = c + (uint32_t)r->lower;
    return 1;
}

/* True when the sigma at i is preceded by a cased letter and not followed by one, case-ignorable
 * characters apart (the condition Final_Sigma). */
static bool is_final_sigma(GiTextView t, size_t i) {
    size_t j = i;
    unsigned flags = 0;
    while (j > 0) {
        flags = gi_uc_flags(gi_text_at(t, --j));
        if (!(flags & GI_UC_CASE_IGNORABLE)) break;
        flags = 0;
    }
    if (!(flags & GI_UC_CASED)) return false;
    for (j = i + 1; j < t.len; j++) {
        flags = gi_uc_flags(gi_text_at(t, j));
        if (!(flags & GI_UC_CASE_IGNORABLE)) return !(flags & GI_UC_CASED);
    }
    return true;
}

int gi_uc_lower_at(GiTextView t, size_t i, uint32_t out[3]) {
    uint32_t c = gi_text_at(t, i);
    if (c == 0x3A3) {
        out[0] = is_final_sigma(t, i) ? 0x3C2 : 0x3C3;
        return 1;
    }
    return gi_uc_lower_full(c, out);
}

bool gi_uc_is_identifier(GiTextView t) {
    if (t.len == 0 || !gi_uc_is_xid_start(gi_text_at(t, 0))) return false;
    for (size_t i = 1; i < t.len; i++)
        if (!gi_uc_is_xid_continue(gi_text_at(t, i))) return false;
    return true;
}

int gi_uc_digit(uint32_t c) {
    unsigned d = gi_uc_record(c)->digit;
    return d == 255 ? -1 : (int)d;
}

double gi_uc_numeric(uint32_t c) { return gi_uc_numeric_values[gi_uc_record(c)->numeric]; }

const GiUcOldRange *gi_uc_old_find(const GiUcOldRange *ranges, size_t count, uint32_t c) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && c >= ranges[low].first ? &ranges[low] : NULL;
}

const char *gi_uc_category(uint32_t c, bool old) {
    if (old) {
        if (!gi_uc_in_old(c)) return "Cn";
        const GiUcOldRange *found = GI_UC_OLD(category, c);
        if (found) return gi_uc_category_names[found->value];
    }
    return gi_uc_category_names[gi_uc_record(c)->category];
}

const char *gi_uc_bidirectional(uint32_t c, bool old) {
    if (old) {
        if (!gi_uc_in_old(c)) return "";
        const GiUcOldRange *found = GI_UC_OLD(bidi, c);
        if (found) return gi_uc_bidi_names[found->value];
    }
    return gi_uc_bidi_names[gi_uc_record(c)->bidi];
}

const char *gi_uc_east_asian_width(uint32_t c, bool old) {
    if (old) {
        if (!gi_uc_in_old(c)) return "F"; /* PYSEM: as for all unassigned code points */
        const GiUcOldRange *found = GI_UC_OLD(width, c);
        if (found) return gi_uc_width_names[found->value];
    }
    return gi_uc_width_names[gi_uc_record(c)->width];
}

int gi_uc_combining(uint32_t c, bool old) {
    return old && !gi_uc_in_old(c) ? 0 : gi_uc_record(c)->combining;
}

bool gi_uc_mirrored(uint32_t c, bool old) {
    if (old) {
        if (!gi_uc_in_old(c)) return false;
        const GiUcOldRange *found = GI_UC_OLD(mirrored, c);
        if (found) return found->value;
    }
    return gi_uc_flags(c) & GI_UC_MIRRORED;
}

int gi_uc_decimal_in(uint32_t c, bool old) {
    if (old) {
        if (!gi_uc_in_old(c)) return -1;
        const GiUcOldRange *found = GI_UC_OLD(decimal, c);
        if (found) return (int)(found->value + (c - found->first));
    }
    return gi_uc_decimal(c);
}

int gi_uc_digit_in(uint32_t c, bool old) {
    (void)old; /* PYSEM: the 3.2 view knows today's digits */
    return gi_uc_digit(c);
}

double gi_uc_numeric_in(uint32_t c, bool old) {
    return old && !gi_uc_in_old(c) ? -1.0 : gi_uc_numeric(c);
}
