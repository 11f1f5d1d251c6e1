/* format_spec.c - parsing the format mini-language and laying out numbers (see format_spec.h). */
#include "base/format_spec.h"

#include "base/float_text.h"
#include "base/unicode.h"
#include "base/utf8.h"

#include <limits.h>
#include <math.h>

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

GI_PRINTF(2, 3) static GiFormatStatus fail(GiStrbuf *message, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_strbuf_vprintf(message, format, args);
    va_end(args);
    return message->failed ? GI_FORMAT_NO_MEMORY : GI_FORMAT_VALUE_ERROR;
}

GiFormatStatus gi_format_unknown_type(uint32_t type, const char *type_name, GiStrbuf *message) {
    if (type > 32 && type < 128)
        return fail(message, "Unknown format code '%c' for object of type '%s'", (int)type,
                    type_name);
    return fail(message, "Unknown format code '\\x%x' for object of type '%s'", (unsigned)type,
                type_name);
}

/* Reads decimal digits (of any script) at *pos; *value is -1 when there are none. */
static GiFormatStatus read_number(GiTextView t, size_t *pos, int64_t *value, GiStrbuf *message) {
    int digit;
    *value = -1;
    for (; *pos < t.len && (digit = gi_uc_decimal(gi_text_at(t, *pos))) >= 0; ++*pos) {
        if (*value < 0) *value = 0;
        if (__builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, digit, value))
            return fail(message, "Too many decimal digits in format string");
    }
    return GI_FORMAT_OK;
}

/* Checks that the grouping option goes with the type. */
static GiFormatStatus check_grouping(const GiFormatSpec *spec, GiStrbuf *message) {
    switch (spec->type) {
    case 'd':
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'G':
    case '%':
    case 'F':
    case 0: return GI_FORMAT_OK;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
        if (spec->grouping == '_') return GI_FORMAT_OK;
        break;
    }
    if (spec->type > 32 && spec->type < 128)
        return fail(message, "Cannot specify '%c' with '%c'.", (int)spec->grouping,
                    (int)spec->type);
    return fail(message, "Cannot specify '%c' with '\\x%x'.", (int)spec->grouping,
                (unsigned)spec->type);
}

/* Reads fill, alignment, sign, 'z', '#' and '0'. */
static void read_flags(GiTextView t, size_t *pos, char default_align, GiFormatSpec *spec) {
    size_t i = 0;
    if (t.len >= 2 && is_align(gi_text_at(t, 1))) {
        spec->fill = gi_text_at(t, 0);
        spec->align = gi_text_at(t, 1);
        spec->fill_given = spec->align_given = true;
        i = 2;
    } else if (t.len >= 1 && is_align(gi_text_at(t, 0))) {
        spec->align = gi_text_at(t, 0);
        spec->align_given = true;
        i = 1;
    }
    uint32_t c = i < t.len ? gi_text_at(t, i) : 0;
    if (c == '+' || c == '-' || c == ' ') {
        spec->sign = c;
        i++;
    }
    if (i < t.len && gi_text_at(t, i) == 'z') {
        spec->no_neg_0 = true;
        i++;
    }
    if (i < t.len && gi_text_at(t, i) == '#') {
        spec->alternate = true;
        i++;
    }
    if (!spec->fill_given && i < t.len && gi_text_at(t, i) == '0') {
        spec->fill = '0';
        if (!spec->align_given && default_align == '>') spec->align = '=';
        i++;
    }
    *pos = i;
}

GiFormatStatus gi_format_spec_parse(GiTextView text, uint32_t default_type, char default_align,
                                    const char *type_name, GiFormatSpec *out, GiStrbuf *message) {
    GiFormatSpec spec = {.fill = ' ',
                         .align = (uint32_t)default_align,
                         .type = default_type,
                         .width = -1,
                         .precision = -1};
    size_t i;
    read_flags(text, &i, default_align, &spec);
    GiFormatStatus status = read_number(text, &i, &spec.width, message);
    if (status != GI_FORMAT_OK) return status;
    if (i < text.len && gi_text_at(text, i) == ',') {
        spec.grouping = ',';
        i++;
    }
    if (i < text.len && gi_text_at(text, i) == '_') {
        if (spec.grouping) return fail(message, "Cannot specify both ',' and '_'.");
        spec.grouping = '_';
        i++;
    }
    if (i < text.len && spec.grouping == '_' && gi_text_at(text, i) == ',')
        return fail(message, "Cannot specify both ',' and '_'.");
    if (i < text.len && gi_text_at(text, i) == '.') {
        i++;
        status = read_number(text, &i, &spec.precision, message);
        if (status != GI_FORMAT_OK) return status;
        if (spec.precision < 0) return fail(message, "Format specifier missing precision");
    }
    if (text.len - i > 1) {
        gi_strbuf_puts(message, "Invalid format specifier '");
        for (size_t j = 0; j < text.len; j++)
            gi_strbuf_put_utf8(message, gi_text_at(text, j));
        return fail(message, "' for object of type '%s'", type_name);
    }
    if (text.len - i == 1) spec.type = gi_text_at(text, i);
    if (spec.grouping) {
        status = check_grouping(&spec, message);
        if (status != GI_FORMAT_OK) return status;
    }
    *out = spec;
    return GI_FORMAT_OK;
}

void gi_format_padding(const GiFormatSpec *spec, size_t len, size_t *left, size_t *right) {
    size_t total = spec->width > 0 && (size_t)spec->width > len ? (size_t)spec->width - len : 0;
    *left = spec->align == '<' ? 0 : spec->align == '^' ? total / 2 : total;
    *right = total - *left;
}

GiFormatStatus gi_format_check_str(const GiFormatSpec *spec, GiStrbuf *message) {
    if (spec->type != 's') return gi_format_unknown_type(spec->type, "str", message);
    if (spec->sign == ' ') return fail(message, "Space not allowed in string format specifier");
    if (spec->sign) return fail(message, "Sign not allowed in string format specifier");
    if (spec->no_neg_0)
        return fail(message, "Negative zero coercion (z) not allowed in string format specifier");
    if (spec->alternate)
        return fail(message, "Alternate form (#) not allowed in string format specifier");
    if (spec->align == '=')
        return fail(message, "'=' alignment not allowed in string format specifier");
    return GI_FORMAT_OK;
}

GiFormatStatus gi_format_check_int(const GiFormatSpec *spec, GiStrbuf *message) {
    if (spec->precision != -1)
        return fail(message, "Precision not allowed in integer format specifier");
    if (spec->no_neg_0)
        return fail(message, "Negative zero coercion (z) not allowed in integer format specifier");
    if (spec->type == 'c') {
        if (spec->sign) return fail(message, "Sign not allowed with integer format specifier 'c'");
        if (spec->alternate)
            return fail(message,
                        "Alternate form (#) not allowed with integer format specifier 'c'");
    }
    return GI_FORMAT_OK;
}

/* Walks the groups of n digits from the right. With `write` (the end of the room) it writes
 * backwards; gives the length in bytes, and in characters by *chars. */
static size_t walk_groups(const char *digits, size_t n, int64_t min_width, const char *grouping,
                          const char *sep, char *write, size_t *chars) {
    size_t sep_bytes = strlen(sep), sep_chars = gi_utf8_count(sep, sep_bytes);
    size_t bytes = 0;
    int64_t left = (int64_t)n;
    *chars = 0;
    for (bool first = true;; first = false) {
        int64_t wanted = GI_MAX(GI_MAX(left, min_width), 1), size = wanted;
        bool last = *grouping == 0 || *grouping == CHAR_MAX || *grouping < 0;
        if (!last) size = GI_MIN(wanted, *grouping);
        if (!first) {
            bytes += sep_bytes;
            *chars += sep_chars;
            if (write) memcpy(write -= sep_bytes, sep, sep_bytes);
        }
        int64_t taken = GI_MIN(size, left);
        bytes += (size_t)size;
        *chars += (size_t)size;
        if (write) {
            write -= taken;
            left -= taken;
            memcpy(write, digits + left, (size_t)taken);
            write -= size - taken;
            memset(write, '0', (size_t)(size - taken));
        } else {
            left -= taken;
        }
        min_width -= size;
        if (last || (left <= 0 && min_width <= 0)) return bytes;
        min_width -= (int64_t)sep_chars;
        if (grouping[1]) grouping++; /* the last size repeats */
    }
}

/* gi_group_digits, which also gives the length in characters. */
static GiStatus group_digits(GiStrbuf *out, const char *digits, size_t n, size_t min_width,
                             const char *grouping, const char *sep, size_t *chars) {
    if (min_width > PTRDIFF_MAX) return GI_FAIL;
    size_t bytes = walk_groups(digits, n, (int64_t)min_width, grouping, sep, NULL, chars);
    if (!out) return GI_OK;
    char *room = gi_strbuf_extend(out, bytes);
    if (!room) return GI_FAIL;
    walk_groups(digits, n, (int64_t)min_width, grouping, sep, room + bytes, chars);
    return GI_OK;
}

GiStatus gi_group_digits(GiStrbuf *out, const char *digits, size_t n, size_t min_width,
                         const char *grouping, const char *sep) {
    size_t chars;
    return group_digits(out, digits, n, min_width, grouping, sep, &chars);
}

/* Appends a character n times. */
static void fill(GiStrbuf *out, uint32_t c, size_t n) {
    if (c < 0x80) {
        gi_strbuf_fill(out, (char)c, n);
        return;
    }
    /* What there is no memory for is refused before it is begun. */
    if (n > PTRDIFF_MAX / 4 || gi_strbuf_reserve(out, n * 4) != GI_OK) out->failed = true;
    for (; n && !out->failed; n--)
        gi_strbuf_put_utf8(out, c);
}

GiFormatStatus gi_format_number(GiStrbuf *out, const GiFormatSpec *spec, bool negative,
                                const char *prefix, const char *digits, size_t n_digits,
                                const char *rest, size_t n_rest, const GiNumberLocale *locale) {
    const char *grouping = "", *sep = "", *point = ".";
    if (spec->type == 'n' && locale) {
        grouping = locale->grouping;
        sep = locale->separator;
        point = locale->point;
    } else if (spec->grouping) {
        bool four =
            spec->type == 'b' || spec->type == 'o' || spec->type == 'x' || spec->type == 'X';
        grouping = four ? "\4" : "\3";
        sep = spec->grouping == ',' ? "," : "_";
    }
    char sign = negative ? '-' : spec->sign == '+' ? '+' : spec->sign == ' ' ? ' ' : 0;
    size_t n_prefix = strlen(prefix), n_point = 0;
    bool has_point = n_rest && *rest == '.';
    if (has_point) {
        rest++;
        n_rest--;
        n_point = gi_utf8_count(point, strlen(point));
    }
    size_t around = (sign != 0) + n_prefix + n_point + n_rest, width = 0, n_grouped = 0;
    if (spec->width > 0) width = (size_t)spec->width;
    size_t min_width = 0;
    if (spec->fill == '0' && spec->align == '=' && width > around) min_width = width - around;
    if (n_digits &&
        group_digits(NULL, digits, n_digits, min_width, grouping, sep, &n_grouped) != GI_OK)
        return GI_FORMAT_NO_MEMORY;
    size_t left, right;
    gi_format_padding(spec, around + n_grouped, &left, &right);
    if (gi_strbuf_reserve(out, around + n_grouped + left + right) != GI_OK)
        return GI_FORMAT_NO_MEMORY;
    if (spec->align != '=') fill(out, spec->fill, left);
    if (sign) gi_strbuf_putc(out, sign);
    gi_strbuf_append(out, prefix, n_prefix);
    if (spec->align == '=') fill(out, spec->fill, left);
    if (n_digits &&
        group_digits(out, digits, n_digits, min_width, grouping, sep, &n_grouped) != GI_OK)
        return GI_FORMAT_NO_MEMORY;
    if (has_point) gi_strbuf_puts(out, point);
    gi_strbuf_append(out, rest, n_rest);
    fill(out, spec->fill, right);
    return out->failed ? GI_FORMAT_NO_MEMORY : GI_FORMAT_OK;
}

/* Length of the leading digits. */
static size_t count_digits(const char *s, size_t n) {
    size_t i = 0;
    while (i < n && s[i] >= '0' && s[i] <= '9')
        i++;
    return i;
}

/* Lays out the text of a float as gi_float_format made it. */
static GiFormatStatus lay_out(GiStrbuf *out, const GiFormatSpec *spec, const GiStrbuf *text,
                              const GiNumberLocale *locale) {
    const char *s = text->data;
    size_t n = text->len;
    /* PERF: nothing to group, to pad or to put in front. */
    if (spec->type != 'n' && !spec->grouping && !spec->sign && (spec->width <= 0 || (size_t)spec->width <= n))
        return gi_strbuf_append(out, s, n) == GI_OK ? GI_FORMAT_OK : GI_FORMAT_NO_MEMORY;
    bool negative = n && *s == '-';
    if (negative) {
        s++;
        n--;
    }
    size_t digits = count_digits(s, n);
    return gi_format_number(out, spec, negative, "", s, digits, s + digits, n - digits, locale);
}

static GiFormatStatus check_precision(const GiFormatSpec *spec, GiStrbuf *message) {
    if (spec->precision > INT_MAX) return fail(message, "precision too big");
    return GI_FORMAT_OK;
}

GiFormatStatus gi_format_float(GiStrbuf *out, const GiFormatSpec *spec, double v,
                               const char *type_name, const GiNumberLocale *locale,
                               GiStrbuf *message) {
    uint32_t type = spec->type;
    unsigned flags = 0;
    int64_t precision = spec->precision < 0 ? 6 : spec->precision;
    bool percent = false;
    switch (type) {
    case 0:
        flags = GI_FLOAT_DOT_0;
        type = spec->precision < 0 ? 'r' : 'g';
        break;
    case 'n': type = 'g'; break;
    case '%':
        type = 'f';
        v *= 100;
        percent = true;
        break;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': break;
    default: return gi_format_unknown_type(type, type_name, message);
    }
    GiFormatStatus status = check_precision(spec, message);
    if (status != GI_FORMAT_OK) return status;
    if (spec->alternate) flags |= GI_FLOAT_ALT;
    if (spec->no_neg_0) flags |= GI_FLOAT_NO_NEG_0;
    GiStrbuf text = {0};
    if (gi_float_format(&text, v, (char)type, (int)precision, flags) != GI_OK ||
        (percent && gi_strbuf_putc(&text, '%') != GI_OK))
        status = GI_FORMAT_NO_MEMORY;
    else
        status = lay_out(out, spec, &text, locale);
    gi_strbuf_free(&text);
    return status;
}

/* Makes the parts of a complex number, unpadded, with parentheses where repr has them. */
static GiFormatStatus complex_parts(GiStrbuf *out, const GiFormatSpec *spec, double re, double im,
                                    const GiNumberLocale *locale) {
    bool plain = spec->type == 0;
    char type = plain ? (spec->precision < 0 ? 'r' : 'g') : (char)spec->type;
    bool only_im = plain && re == 0 && !signbit(re);
    if (type == 'n') type = 'g';
    int precision = spec->precision < 0 ? 6 : (int)spec->precision;
    unsigned flags =
        (spec->alternate ? GI_FLOAT_ALT : 0u) | (spec->no_neg_0 ? GI_FLOAT_NO_NEG_0 : 0u);
    GiFormatSpec part = *spec;
    part.width = -1;
    part.align = '<';
    GiStrbuf text = {0};
    GiFormatStatus status = GI_FORMAT_OK;
    if (plain && !only_im) gi_strbuf_putc(out, '(');
    if (!only_im) {
        status = gi_float_format(&text, re, type, precision, flags) == GI_OK
                     ? lay_out(out, &part, &text, locale)
                     : GI_FORMAT_NO_MEMORY;
        part.sign = '+';
    }
    if (status == GI_FORMAT_OK) {
        gi_strbuf_free(&text);
        status = gi_float_format(&text, im, type, precision, flags) == GI_OK
                     ? lay_out(out, &part, &text, locale)
                     : GI_FORMAT_NO_MEMORY;
    }
    gi_strbuf_free(&text);
    gi_strbuf_putc(out, 'j');
    if (plain && !only_im) gi_strbuf_putc(out, ')');
    if (out->failed) return GI_FORMAT_NO_MEMORY;
    return status;
}

GiFormatStatus gi_format_complex(GiStrbuf *out, const GiFormatSpec *spec, double re, double im,
                                 const GiNumberLocale *locale, GiStrbuf *message) {
    switch (spec->type) {
    case 0:
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'n': break;
    default: return gi_format_unknown_type(spec->type, "complex", message);
    }
    if (spec->fill == '0')
        return fail(message, "Zero padding is not allowed in complex format specifier");
    if (spec->align == '=')
        return fail(message, "'=' alignment flag is not allowed in complex format specifier");
    GiFormatStatus status = check_precision(spec, message);
    if (status != GI_FORMAT_OK) return status;
    GiStrbuf text = {0};
    status = complex_parts(&text, spec, re, im, locale);
    if (status == GI_FORMAT_OK) {
        size_t left, right;
        gi_format_padding(spec, gi_utf8_count(text.data, text.len), &left, &right);
        fill(out, spec->fill, left);
        gi_strbuf_append(out, text.data, text.len);
        fill(out, spec->fill, right);
        if (out->failed) status = GI_FORMAT_NO_MEMORY;
    }
    gi_strbuf_free(&text);
    return status;
}
