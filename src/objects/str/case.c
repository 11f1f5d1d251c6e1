/* case.c - case conversion of text: full mappings, with a fast way for ASCII. */
#include "objects/str/internal.h"

static GiRef ascii_case(GiThread *ts, GiVal s, char first, char last) {
    size_t n = gi_str_len(s);
    if (n == 0) return gi_dup(ts, GI_STR_EMPTY);
    GiRef r = gi_str_new(ts, n, GI_STR_ASCII);
    if (gi_is_null(r)) return r;
    const uint8_t *from = gi_str_data(s);
    uint8_t *to = gi_str_data(r);
    for (size_t i = 0; i < n; i++)
        to[i] = from[i] ^ (uint8_t)((uint8_t)(from[i] - (uint8_t)first) <= (uint8_t)(last - first) ? 0x20 : 0);
    return r;
}

typedef enum { CASE_UPPER, CASE_LOWER, CASE_TITLE, CASE_CAPITAL, CASE_SWAP, CASE_FOLD } CaseMode;

static int map_char(GiTextView text, size_t i, CaseMode mode, bool inside_word, uint32_t out[3]) {
    uint32_t ch = gi_text_at(text, i);
    switch (mode) {
    case CASE_UPPER: return gi_uc_upper_full(ch, out);
    case CASE_LOWER: return gi_uc_lower_at(text, i, out);
    case CASE_TITLE: return inside_word ? gi_uc_lower_at(text, i, out) : gi_uc_title_full(ch, out);
    case CASE_CAPITAL: return i ? gi_uc_lower_at(text, i, out) : gi_uc_title_full(ch, out);
    case CASE_FOLD: return gi_uc_fold_full(ch, out);
    default:
        if (gi_uc_is_upper(ch)) return gi_uc_lower_at(text, i, out);
        if (gi_uc_is_lower(ch)) return gi_uc_upper_full(ch, out);
        out[0] = ch;
        return 1;
    }
}

static GiRef map_case(GiThread *ts, GiVal s, CaseMode mode) {
    GiTextView text = gi_str_view(s);
    GiU32Buf out = {0};
    if (gi_u32buf_reserve(&out, text.len + 3) != GI_OK) return gi_raise_nomem(ts);
    bool inside_word = false;
    for (size_t i = 0; i < text.len; i++) {
        uint32_t mapped[3];
        int n = map_char(text, i, mode, inside_word, mapped);
        for (int k = 0; k < n; k++) {
            if (gi_u32buf_push(&out, mapped[k]) == GI_OK) continue;
            gi_u32buf_free(&out);
            return gi_raise_nomem(ts);
        }
        if (mode == CASE_TITLE) inside_word = gi_uc_flags(gi_text_at(text, i)) & GI_UC_CASED;
    }
    return gi_str_from_u32buf(ts, &out);
}

static GiRef ascii_mixed(GiThread *ts, GiVal s, CaseMode mode) {
    size_t n = gi_str_len(s);
    if (n == 0) return gi_dup(ts, GI_STR_EMPTY);
    GiRef r = gi_str_new(ts, n, GI_STR_ASCII);
    if (gi_is_null(r)) return r;
    const uint8_t *from = gi_str_data(s);
    uint8_t *to = gi_str_data(r);
    bool inside_word = false;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = from[i], letter = (uint8_t)((c | 0x20) - 'a') < 26;
        bool upper = mode == CASE_SWAP ? (c & 0x20) != 0 : mode == CASE_TITLE ? !inside_word : i == 0;
        to[i] = !letter ? c : upper ? c & (uint8_t)~0x20 : c | 0x20;
        inside_word = letter;
    }
    return r;
}

GiRef gi_str_upper(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_case(ts, s, 'a', 'z') : map_case(ts, s, CASE_UPPER);
}
GiRef gi_str_lower(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_case(ts, s, 'A', 'Z') : map_case(ts, s, CASE_LOWER);
}
GiRef gi_str_casefold(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_case(ts, s, 'A', 'Z') : map_case(ts, s, CASE_FOLD);
}
GiRef gi_str_title(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_mixed(ts, s, CASE_TITLE) : map_case(ts, s, CASE_TITLE);
}
GiRef gi_str_capitalize(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_mixed(ts, s, CASE_CAPITAL) : map_case(ts, s, CASE_CAPITAL);
}
GiRef gi_str_swapcase(GiThread *ts, GiVal s) {
    return gi_str_is_ascii(s) ? ascii_mixed(ts, s, CASE_SWAP) : map_case(ts, s, CASE_SWAP);
}
