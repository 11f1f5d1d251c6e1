/* unicode.h - the character database of Unicode 14.0, and its 3.2.0 view.
 *
 * The tables are generated (tools/gen_unicode.py) from Debian's unicode-data and constant. No
 * state; reentrant. Code points above 0x10FFFF are treated as unassigned.
 * PYSEM: every property equals that of CPython 3.11's str methods and unicodedata
 * (tests/unit/test_base_unicode.c compares digests over all code points).
 */
#ifndef GI_BASE_UNICODE_H
#define GI_BASE_UNICODE_H

#include "base/text_view.h"

#define GI_UNICODE_VERSION "14.0.0"
#define GI_UNICODE_OLD_VERSION "3.2.0"
#define GI_UNICODE_MAX 0x10FFFFu
#define GI_UNICODE_NAME_MAX 256 /* room enough for any name and its NUL */

enum {
    GI_UC_ALPHA = 1 << 0,     /* str.isalpha */
    GI_UC_DECIMAL = 1 << 1,   /* str.isdecimal */
    GI_UC_DIGIT = 1 << 2,     /* str.isdigit */
    GI_UC_NUMERIC = 1 << 3,   /* str.isnumeric */
    GI_UC_LOWER = 1 << 4,     /* str.islower, of a single character */
    GI_UC_UPPER = 1 << 5,     /* str.isupper */
    GI_UC_TITLE = 1 << 6,     /* category Lt */
    GI_UC_SPACE = 1 << 7,     /* str.isspace, str.split */
    GI_UC_PRINTABLE = 1 << 8, /* str.isprintable */
    GI_UC_XID_START = 1 << 9, /* may begin an identifier ('_' too) */
    GI_UC_XID_CONT = 1 << 10, /* may continue an identifier */
    GI_UC_CASED = 1 << 11,    /* has the property Cased */
    GI_UC_CASE_IGNORABLE = 1 << 12,
    GI_UC_LINEBREAK = 1 << 13,    /* str.splitlines */
    GI_UC_SPECIAL_CASE = 1 << 14, /* a full mapping is longer than one character */
    GI_UC_MIRRORED = 1 << 15,
    GI_UC_ALNUM = GI_UC_ALPHA | GI_UC_DECIMAL | GI_UC_DIGIT | GI_UC_NUMERIC,
};

typedef struct GiUcRecord {
    uint16_t flags;    /* GI_UC_... */
    uint8_t category;  /* index for gi_uc_category_names */
    uint8_t bidi;      /* index for gi_uc_bidi_names */
    uint8_t combining; /* canonical combining class */
    uint8_t width;     /* index for gi_uc_width_names */
    uint8_t quick;     /* bit 0 not NFD, 1 not NFKD, 2-3 NFC, 4-5 NFKC (GiNormalCheck), 6 in 3.2 */
    uint8_t decimal;   /* 0 to 9, 255 none */
    uint8_t digit;     /* 0 to 9, 255 none */
    uint16_t numeric;  /* index for gi_uc_numeric_values, 0 none */
    uint16_t special;  /* index of full case mappings, 0 none */
    int32_t upper, lower, title; /* simple mappings, as differences */
} GiUcRecord;

/* Generated tables. */
#define GI_UC_SHIFT 7
extern const uint16_t gi_uc_index1[];
extern const uint16_t gi_uc_index2[];
extern const GiUcRecord gi_uc_records[];
extern const char gi_uc_category_names[][3];
extern const char gi_uc_bidi_names[][4];
extern const char gi_uc_width_names[][3];
extern const double gi_uc_numeric_values[];

/* The record of a code point; any 32-bit value is allowed. */
static inline const GiUcRecord *gi_uc_record(uint32_t c) {
    if (GI_UNLIKELY(c > GI_UNICODE_MAX)) c = GI_UNICODE_MAX;
    unsigned block = gi_uc_index1[c >> GI_UC_SHIFT];
    return &gi_uc_records[gi_uc_index2[(block << GI_UC_SHIFT) + (c & ((1u << GI_UC_SHIFT) - 1))]];
}

/* The flags GI_UC_... of a code point. */
static inline unsigned gi_uc_flags(uint32_t c) { return gi_uc_record(c)->flags; }

static inline bool gi_uc_is_alpha(uint32_t c) { return gi_uc_flags(c) & GI_UC_ALPHA; }
static inline bool gi_uc_is_decimal(uint32_t c) { return gi_uc_flags(c) & GI_UC_DECIMAL; }
static inline bool gi_uc_is_digit(uint32_t c) { return gi_uc_flags(c) & GI_UC_DIGIT; }
static inline bool gi_uc_is_numeric(uint32_t c) { return gi_uc_flags(c) & GI_UC_NUMERIC; }
static inline bool gi_uc_is_alnum(uint32_t c) { return gi_uc_flags(c) & GI_UC_ALNUM; }
static inline bool gi_uc_is_lower(uint32_t c) { return gi_uc_flags(c) & GI_UC_LOWER; }
static inline bool gi_uc_is_upper(uint32_t c) { return gi_uc_flags(c) & GI_UC_UPPER; }
static inline bool gi_uc_is_title(uint32_t c) { return gi_uc_flags(c) & GI_UC_TITLE; }
static inline bool gi_uc_is_space(uint32_t c) { return gi_uc_flags(c) & GI_UC_SPACE; }
static inline bool gi_uc_is_printable(uint32_t c) { return gi_uc_flags(c) & GI_UC_PRINTABLE; }
static inline bool gi_uc_is_linebreak(uint32_t c) { return gi_uc_flags(c) & GI_UC_LINEBREAK; }
static inline bool gi_uc_is_xid_start(uint32_t c) { return gi_uc_flags(c) & GI_UC_XID_START; }
static inline bool gi_uc_is_xid_continue(uint32_t c) { return gi_uc_flags(c) & GI_UC_XID_CONT; }

/* Simple case mappings (one to one). */
uint32_t gi_uc_upper(uint32_t c);
uint32_t gi_uc_lower(uint32_t c);
uint32_t gi_uc_title(uint32_t c);
/* Full case mappings: write 1 to 3 code points and give how many. Final sigma is not handled here:
 * see gi_uc_lower_at. */
int gi_uc_upper_full(uint32_t c, uint32_t out[3]);
int gi_uc_lower_full(uint32_t c, uint32_t out[3]);
int gi_uc_title_full(uint32_t c, uint32_t out[3]);
int gi_uc_fold_full(uint32_t c, uint32_t out[3]);
/* Full lower case of the i-th character of a text, looking around for a final sigma. */
int gi_uc_lower_at(GiTextView t, size_t i, uint32_t out[3]);

/* Value of a decimal digit, or -1. */
static inline int gi_uc_decimal(uint32_t c) {
    if (c < 0x80) return c - '0' < 10u ? (int)(c - '0') : -1;
    unsigned d = gi_uc_record(c)->decimal;
    return d == 255 ? -1 : (int)d;
}
/* Value of a digit (superscripts too), or -1. */
int gi_uc_digit(uint32_t c);
/* Numeric value, or -1.0 when it has none. */
double gi_uc_numeric(uint32_t c);

/* True when the text is a Python identifier as written (keywords are not looked at). */
bool gi_uc_is_identifier(GiTextView t);

/* ---- unicodedata: `old` asks for the 3.2.0 view ---- */
const char *gi_uc_category(uint32_t c, bool old);
const char *gi_uc_bidirectional(uint32_t c, bool old);
const char *gi_uc_east_asian_width(uint32_t c, bool old);
int gi_uc_combining(uint32_t c, bool old);
bool gi_uc_mirrored(uint32_t c, bool old);
int gi_uc_decimal_in(uint32_t c, bool old);    /* -1 none */
int gi_uc_digit_in(uint32_t c, bool old);      /* -1 none */
double gi_uc_numeric_in(uint32_t c, bool old); /* -1.0 none */
/* The decomposition as unicodedata gives it: writes "<tag>" and code points (at most 18) and gives
 * their number; *tag is "" or like "<compat>". 0 when there is none. */
int gi_uc_decomposition(uint32_t c, bool old, const char **tag, uint32_t out[18]);

typedef enum { GI_NFD, GI_NFKD, GI_NFC, GI_NFKC } GiNormalForm;
typedef enum { GI_NORMAL_YES, GI_NORMAL_MAYBE, GI_NORMAL_NO } GiNormalCheck;

/* Quick check whether a text is normalised; never MAYBE for NFD and NFKD. */
GiNormalCheck gi_normal_check(GiTextView t, GiNormalForm form, bool old);
/* Appends the normalised text; fails when out of memory. */
GiStatus gi_normalize(GiTextView t, GiNormalForm form, bool old, GiU32Buf *out) GI_NODISCARD;

/* Writes the name of a code point (no aliases) with its NUL and gives its length; 0 when it has
 * none. */
size_t gi_uc_name(uint32_t c, bool old, char out[GI_UNICODE_NAME_MAX]);
/* Finds the code points of a name, ignoring case: names, aliases, and with_sequences named
 * sequences too. Writes up to 4 and gives how many; 0 when unknown. */
int gi_uc_lookup(const char *name, size_t len, bool with_sequences, bool old, uint32_t out[4]);

#endif
