/* format_spec.h - the format mini-language, and laying out numbers by it.
 *
 * [[fill]align][sign][z][#][0][width][grouping][.precision][type]
 * Messages are CPython's texts, appended to a buffer in UTF-8. Nothing here knows Python objects or
 * the process's locale: callers hand in what localeconv() said. No state; reentrant.
 */
#ifndef GI_BASE_FORMAT_SPEC_H
#define GI_BASE_FORMAT_SPEC_H

#include "base/strbuf.h"
#include "base/text_view.h"

typedef struct GiFormatSpec {
    uint32_t fill;     /* a blank by default */
    uint32_t align;    /* '<' '>' '=' '^' */
    uint32_t sign;     /* '+' '-' ' ', 0 when not given */
    uint32_t grouping; /* ',' '_', 0 when not given */
    uint32_t type;     /* presentation type, the default one when not given */
    int64_t width;     /* -1 when not given */
    int64_t precision; /* -1 when not given */
    bool fill_given;
    bool align_given; /* by the text, not by a leading 0 */
    bool alternate;   /* '#' */
    bool no_neg_0;    /* 'z' */
} GiFormatSpec;

/* What localeconv() says, for type 'n'; texts in UTF-8. */
typedef struct GiNumberLocale {
    const char *point;
    const char *separator;
    const char *grouping; /* as in struct lconv */
} GiNumberLocale;

typedef enum {
    GI_FORMAT_OK,
    GI_FORMAT_NO_MEMORY,
    GI_FORMAT_VALUE_ERROR, /* raise ValueError with the message */
} GiFormatStatus;

/* Parses a whole specification. default_type and default_align stand for what is not given;
 * type_name names the object's type in messages. On failure writes the message. */
GiFormatStatus gi_format_spec_parse(GiTextView text, uint32_t default_type, char default_align,
                                    const char *type_name, GiFormatSpec *out,
                                    GiStrbuf *message) GI_NODISCARD;

/* Writes "Unknown format code 'x' for object of type 'T'" as CPython words it; gives
 * GI_FORMAT_VALUE_ERROR. */
GiFormatStatus gi_format_unknown_type(uint32_t type, const char *type_name, GiStrbuf *message);

/* Splits the room that is left into left and right padding for align '<' '>' '^' (and '=' as
 * '>'); len counts code points. Both 0 when the text fills the width. */
void gi_format_padding(const GiFormatSpec *spec, size_t len, size_t *left, size_t *right);

/* Checks a specification for str.__format__; on failure writes the message. */
GiFormatStatus gi_format_check_str(const GiFormatSpec *spec, GiStrbuf *message) GI_NODISCARD;

/* Checks a specification for int.__format__ with an integer type (b c d o x X n); on failure
 * writes the message. */
GiFormatStatus gi_format_check_int(const GiFormatSpec *spec, GiStrbuf *message) GI_NODISCARD;

/* Lays out a number: sign, prefix ("0x"), integer digits to be grouped, and the rest (point,
 * fraction, exponent, "%": the point, if any, leads). Appends UTF-8. locale is used for type 'n'
 * only. */
GiFormatStatus gi_format_number(GiStrbuf *out, const GiFormatSpec *spec, bool negative,
                                const char *prefix, const char *digits, size_t n_digits,
                                const char *rest, size_t n_rest,
                                const GiNumberLocale *locale) GI_NODISCARD;

/* float.__format__ of v by a parsed specification (default type 0, default align '>'); type_name
 * for messages. Appends UTF-8. */
GiFormatStatus gi_format_float(GiStrbuf *out, const GiFormatSpec *spec, double v,
                               const char *type_name, const GiNumberLocale *locale,
                               GiStrbuf *message) GI_NODISCARD;

/* complex.__format__. */
GiFormatStatus gi_format_complex(GiStrbuf *out, const GiFormatSpec *spec, double re, double im,
                                 const GiNumberLocale *locale, GiStrbuf *message) GI_NODISCARD;

/* Groups n digits from the right as a localeconv grouping says, with zeros in front up to
 * min_width characters (separators included; each counts sep_chars). Appends. */
GiStatus gi_group_digits(GiStrbuf *out, const char *digits, size_t n, size_t min_width,
                         const char *grouping, const char *sep) GI_NODISCARD;

#endif
