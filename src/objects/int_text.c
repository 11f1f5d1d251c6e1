/* int_text.c - ints as text, both ways: int(), str(), format().
 *
 * Text in bases that are no powers of two takes quadratic time in the worst case, so it is limited
 * to vm->int_max_str_digits digits (0: no limit), as in CPython.
 * PYSEM: limit and messages are those of 3.11.2 (tests/diff/ints.py).
 */
#include "objects/int_internal.h"

#include "base/unicode.h"
#include <locale.h>
#include <math.h>

#define DIGITS_THRESHOLD 640 /* fewer digits are never refused */

static bool is_power_of_two(int base) { return (base & (base - 1)) == 0; }

/* ---- From text ---- */

static GI_COLD GiRef too_long_text(GiThread *ts, size_t digits) {
    return gi_raise_ref(ts, &gi_exc_ValueError,
                        "Exceeds the limit (%d digits) for integer string conversion: value has %zu "
                        "digits; use sys.set_int_max_str_digits() to increase the limit",
                        ts->vm->int_max_str_digits, digits);
}

static GI_COLD GiRef too_long_int(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_ValueError,
                        "Exceeds the limit (%d digits) for integer string conversion; use "
                        "sys.set_int_max_str_digits() to increase the limit",
                        ts->vm->int_max_str_digits);
}

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/* What stands between the sign and the end of an int's text. */
typedef struct Literal {
    const char *digits;
    size_t len;    /* with underscores */
    size_t count;  /* without */
    int base;
    bool negative;
} Literal;

/* Finds sign, base and digits; false when the text is no int. */
static bool scan_literal(const char *s, size_t n, int base, Literal *out) {
    while (n && is_blank(*s)) s++, n--;
    while (n && is_blank(s[n - 1])) n--;
    out->negative = n && *s == '-';
    if (n && (*s == '-' || *s == '+')) s++, n--;
    int prefix = 10;
    if (n >= 2 && *s == '0') {
        char c = s[1] | 0x20;
        prefix = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
    }
    bool zeros_only = base == 0 && prefix == 10 && n && *s == '0';
    if (prefix != 10 && (base == 0 || base == prefix)) {
        base = prefix;
        s += 2, n -= 2;
        if (n && *s == '_') s++, n--;
    }
    out->base = base ? base : 10;
    out->digits = s;
    out->len = n;
    out->count = 0;
    bool underscore = true; /* none may lead */
    for (size_t i = 0; i < n; i++) {
        if (s[i] == '_') {
            if (underscore) return false;
            underscore = true;
            continue;
        }
        if (gi_digit_value((unsigned char)s[i]) >= (unsigned)out->base) return false;
        if (zeros_only && s[i] != '0') return false;
        underscore = false;
        out->count++;
    }
    return out->count && !underscore;
}

static GiRef from_literal(GiThread *ts, const Literal *t) {
    uint64_t value = 0;
    if (t->count <= 12) {
        for (size_t i = 0; i < t->len; i++)
            if (t->digits[i] != '_')
                value = value * (unsigned)t->base + gi_digit_value((unsigned char)t->digits[i]);
        return gi_int_from_i64(ts, t->negative ? -(int64_t)value : (int64_t)value);
    }
    int limit = ts->vm->int_max_str_digits;
    if (limit > 0 && t->count > DIGITS_THRESHOLD && t->count > (size_t)limit &&
        !is_power_of_two(t->base))
        return too_long_text(ts, t->count);
    uint8_t stack[512], *raw = stack;
    if (t->count > sizeof stack && !(raw = gi_mem_alloc(ts, t->count))) return GI_NULL;
    size_t n = 0, bits = 64 - (size_t)__builtin_clzll((uint64_t)t->base - 1);
    for (size_t i = 0; i < t->len; i++)
        if (t->digits[i] != '_') raw[n++] = (uint8_t)gi_digit_value((unsigned char)t->digits[i]);
    GiInt *r = gi_int_scratch(ts, n * bits / LIMB_BITS) ? NULL : gi_int_room(ts, n * bits / LIMB_BITS + 2);
    size_t limbs = r ? (size_t)mpn_set_str(r->limbs, raw, n, t->base) : 0;
    if (raw != stack) gi_mem_free(raw);
    return r ? gi_int_finish(ts, r, limbs, t->negative) : GI_NULL;
}

GiRef gi_int_parse(GiThread *ts, const char *text, size_t len, int base, GiVal original) {
    Literal t;
    if (GI_LIKELY(scan_literal(text, len, base, &t))) return from_literal(ts, &t);
    return gi_raise_ref(ts, &gi_exc_ValueError, "invalid literal for int() with base %d: %.200R", base,
                        original);
}

GiRef gi_int_from_text(GiThread *ts, const char *text, size_t len, int base) {
    Literal t;
    if (GI_LIKELY(scan_literal(text, len, base, &t))) return from_literal(ts, &t);
    GiRef original = gi_str_from_wtf8(ts, text, len);
    if (gi_is_null(original)) return original;
    GiRef result = gi_int_parse(ts, text, len, base, gi_val(original));
    gi_drop(ts, original);
    return result;
}

/* The text of a str as number parsers want it: digits of any script as ASCII digits, blanks of any
 * kind as ' ', the first other character beyond ASCII as a final '?'. *len bytes; from gi_mem, or the str's own when
 * it is ASCII. */
char *gi_number_text(GiThread *ts, GiVal s, size_t *len) {
    *len = gi_str_len(s);
    if (gi_str_is_ascii(s)) return gi_str_data(s);
    char *text = gi_mem_alloc(ts, *len);
    if (!text) return NULL;
    for (size_t i = 0; i < *len; i++) {
        uint32_t ch = gi_str_char(s, i);
        int digit = ch < 0x80 ? -1 : gi_uc_decimal(ch);
        text[i] = ch < 0x80              ? (char)ch
                  : digit >= 0           ? (char)('0' + digit)
                  : gi_uc_is_space(ch) ? ' '
                                         : '?';
        if (text[i] == '?') *len = i + 1; /* no number: what follows does not matter */
    }
    return text;
}

GiRef gi_int_from_str(GiThread *ts, GiVal s, int base) {
    size_t len;
    char *text = gi_number_text(ts, s, &len);
    if (!text) return GI_NULL;
    GiRef result = gi_int_parse(ts, text, len, base, s);
    if (text != gi_str_data(s)) gi_mem_free(text);
    return result;
}

/* ---- To text ---- */

/* Digits of v in `base` behind room for sign and prefix, most significant first, appended. */
static GiStatus append_digits(GiThread *ts, GiVal v, int base, bool upper, GiStrbuf *out) {
    int64_t small;
    if (int_fits(v, &small)) {
        char text[GI_INT_BASE_MAX];
        uint64_t magnitude = small < 0 ? -(uint64_t)small : (uint64_t)small;
        size_t n = base == 10 ? gi_u64_to_text(magnitude, text)
                              : gi_u64_to_base(magnitude, (unsigned)base, upper, text);
        if (gi_strbuf_append(out, text, n)) return gi_raise_nomem(ts), GI_FAIL;
        return GI_OK;
    }
    IntView view;
    int_view(v, &view);
    int limit = ts->vm->int_max_str_digits;
    bool limited = limit > 0 && !is_power_of_two(base);
    size_t bits = gi_int_bit_length(v);
    double digits = (double)bits / log2(base);
    if (limited && digits > DIGITS_THRESHOLD && digits > (double)limit + 1) return too_long_int(ts), GI_FAIL;
    if (gi_int_scratch(ts, view.n)) return GI_FAIL;
    size_t start = out->len, room = (size_t)(digits * 1.0001) + 8;
    uint8_t *text = (uint8_t *)gi_strbuf_extend(out, room);
    mp_limb_t *copy = gi_mem_alloc(ts, (view.n + 1) * sizeof(mp_limb_t));
    if (!text || !copy) {
        gi_mem_free(copy);
        if (!text && copy) (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    memcpy(copy, view.limbs, view.n * sizeof(mp_limb_t));
    size_t n = mpn_get_str(text, base, copy, (mp_size_t)view.n), zeros = 0;
    gi_mem_free(copy);
    while (zeros < n - 1 && text[zeros] == 0) zeros++;
    n -= zeros;
    if (limited && n > DIGITS_THRESHOLD && n > (size_t)limit) return too_long_int(ts), GI_FAIL;
    const char *alphabet = upper ? "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 : "0123456789abcdefghijklmnopqrstuvwxyz";
    for (size_t i = 0; i < n; i++) text[i] = (uint8_t)alphabet[text[i + zeros]];
    gi_strbuf_truncate(out, start + n);
    return GI_OK;
}

/* The digits of v in base 2, 8, 10 or 16, written before `end`: where they begin. */
static char *small_digits(uint64_t v, int base, bool upper, char *end) {
    if (base == 10) {
        char text[GI_INT_TEXT_MAX + 1];
        size_t n = gi_u64_to_text(v, text);
        return memcpy(end - n, text, n);
    }
    const char *alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    unsigned shift = base == 16 ? 4 : base == 8 ? 3 : 1, mask = (1u << shift) - 1;
    do *--end = alphabet[v & mask];
    while ((v >>= shift) != 0);
    return end;
}

GiRef gi_int_to_str(GiThread *ts, GiVal v, int base, bool prefix) {
    int64_t small;
    if (base == 10 && int_fits(v, &small)) {
        if (small >= 0 && small < 10) return gi_dup(ts, GI_STR_LATIN1_CHAR('0' + small));
        char text[GI_INT_TEXT_MAX + 1];
        return gi_str_from_latin1(ts, text, gi_i64_to_text(small, text));
    }
    if ((base == 16 || base == 8 || base == 2) && int_fits(v, &small)) {
        char text[64 + 3], *end = text + sizeof text;
        char *p = small_digits(small < 0 ? -(uint64_t)small : (uint64_t)small, base, false, end);
        if (prefix) *--p = base == 16 ? 'x' : base == 8 ? 'o' : 'b', *--p = '0';
        if (small < 0) *--p = '-';
        return gi_str_from_latin1(ts, p, (size_t)(end - p));
    }
    GiStrbuf out = {0};
    GiRef result = GI_NULL;
    if (gi_int_sign(v) < 0) gi_strbuf_putc(&out, '-');
    if (prefix && base != 10) gi_strbuf_puts(&out, base == 16 ? "0x" : base == 8 ? "0o" : "0b");
    if (!append_digits(ts, v, base, false, &out)) result = gi_str_from_latin1(ts, out.data, out.len);
    gi_strbuf_free(&out);
    return result;
}

/* ---- format() ---- */

GiStatus gi_format_fail(GiThread *ts, int status, GiStrbuf *message) {
    if (status == GI_FORMAT_NO_MEMORY || message->failed) (void)gi_raise_nomem(ts);
    else {
        GiRef text = gi_str_from_wtf8(ts, message->data ? message->data : "", message->len);
        if (!gi_is_null(text)) {
            gi_raise_value(ts, &gi_exc_ValueError, gi_val(text));
            gi_drop(ts, text);
        }
    }
    gi_strbuf_free(message);
    return GI_FAIL;
}

GiNumberLocale gi_number_locale(void) {
    struct lconv *lc = localeconv();
    return (GiNumberLocale){lc->decimal_point, lc->thousands_sep, lc->grouping};
}

/* PERF: the usual specifications of an int that fits 64 bits, without a buffer: null (without exception)
 * when it is none of these. */
static GiRef format_small(GiThread *ts, int64_t v, const GiFormatSpec *spec) {
    enum { WIDEST = 100 };
    int base = spec->type == 'd' ? 10 : spec->type == 'x' || spec->type == 'X' ? 16 : spec->type == 'b' ? 2 : spec->type == 'o' ? 8 : 0;
    if (base == 0 || spec->grouping || spec->precision != -1 || spec->no_neg_0 || spec->fill >= 0x80 || spec->width > WIDEST)
        return GI_NULL;
    char text[64], *end = text + sizeof text;
    char *p = small_digits(v < 0 ? -(uint64_t)v : (uint64_t)v, base, spec->type == 'X', end);
    char sign = v < 0 ? '-' : spec->sign == '+' || spec->sign == ' ' ? (char)spec->sign : 0;
    bool prefix = spec->alternate && base != 10;
    size_t n = (size_t)(end - p), length = n + (sign != 0) + 2 * (size_t)prefix, left, right;
    gi_format_padding(spec, length, &left, &right);
    if (length + left + right == 1) return gi_str_from_char(ts, (uint8_t)*p);
    GiRef r = gi_str_new(ts, length + left + right, GI_STR_ASCII);
    if (gi_is_null(r)) return r;
    char *to = gi_str_data(r);
    if (spec->align != '=') memset(to, (int)spec->fill, left), to += left;
    if (sign) *to++ = sign;
    if (prefix) *to++ = '0', *to++ = (char)spec->type;
    if (spec->align == '=') memset(to, (int)spec->fill, left), to += left;
    memcpy(to, p, n);
    memset(to + n, (int)spec->fill, right);
    return r;
}

/* Types b c d n o x X. Appends to out; on failure an exception is set. */
static GiStatus format_integer(GiThread *ts, GiVal v, const GiFormatSpec *spec, GiStrbuf *out) {
    GiStrbuf message = {0}, digits = {0};
    GiFormatStatus status = gi_format_check_int(spec, &message);
    if (status != GI_FORMAT_OK) return gi_format_fail(ts, status, &message);
    const char *prefix = "";
    bool negative = false;
    if (spec->type == 'c') {
        int64_t ch;
        if (gi_int_as_i64(v, &ch))
            return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
        if (ch < 0 || ch > 0x10FFFF)
            return gi_raise_status(ts, &gi_exc_OverflowError, "%%c arg not in range(0x110000)");
        gi_strbuf_put_utf8(&digits, (uint32_t)ch);
        size_t left, right;
        GiFormatSpec text = *spec;
        if (!text.align_given && text.align != '=') text.align = '>';
        gi_format_padding(&text, 1, &left, &right);
        while (left--) gi_strbuf_put_utf8(out, spec->fill);
        gi_strbuf_append(out, digits.data, digits.len);
        while (right--) gi_strbuf_put_utf8(out, spec->fill);
        bool failed = out->failed || digits.failed;
        gi_strbuf_free(&digits);
        if (failed) (void)gi_raise_nomem(ts);
        return failed ? GI_FAIL : GI_OK;
    }
    int base = 10;
    switch (spec->type) {
    case 'b': base = 2; prefix = "0b"; break;
    case 'o': base = 8; prefix = "0o"; break;
    case 'x': base = 16; prefix = "0x"; break;
    case 'X': base = 16; prefix = "0X"; break;
    default: break;
    }
    if (!spec->alternate) prefix = "";
    negative = gi_int_sign(v) < 0;
    if (append_digits(ts, v, base, spec->type == 'X', &digits)) {
        gi_strbuf_free(&digits);
        return GI_FAIL;
    }
    GiNumberLocale locale = {0};
    if (spec->type == 'n') locale = gi_number_locale();
    status = gi_format_number(out, spec, negative, prefix, digits.data, digits.len, "", 0, &locale);
    gi_strbuf_free(&digits);
    if (status != GI_FORMAT_OK) (void)gi_raise_nomem(ts);
    return status == GI_FORMAT_OK ? GI_OK : GI_FAIL;
}

static GiStatus format_as_float(GiThread *ts, GiVal v, const GiFormatSpec *spec, GiStrbuf *out) {
    double d;
    GiStrbuf message = {0};
    if (gi_int_as_double(ts, v, &d)) return GI_FAIL;
    GiNumberLocale locale = gi_number_locale();
    GiFormatStatus status = gi_format_float(out, spec, d, "int", &locale, &message);
    if (status != GI_FORMAT_OK) return gi_format_fail(ts, status, &message);
    gi_strbuf_free(&message);
    return GI_OK;
}

GiRef gi_int_format(GiThread *ts, GiVal v, GiVal spec_text) {
    GiFormatSpec spec;
    GiStrbuf out = {0}, message = {0};
    const char *name = gi_type_short_name(gi_type_of(v));
    GiFormatStatus status = gi_format_spec_parse(gi_str_view(spec_text), 'd', '>', name, &spec, &message);
    if (status != GI_FORMAT_OK) {
        (void)gi_format_fail(ts, status, &message);
        return GI_NULL;
    }
    GiStatus done;
    int64_t small;
    if (int_fits(v, &small)) {
        GiRef r = format_small(ts, small, &spec);
        if (!gi_is_null(r) || gi_raised(ts)) return r;
    }
    switch (spec.type) {
    case 'b': case 'c': case 'd': case 'n': case 'o': case 'x': case 'X':
        done = format_integer(ts, v, &spec, &out);
        break;
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': case '%':
        done = format_as_float(ts, v, &spec, &out);
        break;
    default:
        status = gi_format_unknown_type(spec.type, name, &message);
        done = gi_format_fail(ts, status, &message);
    }
    GiRef result = done == GI_OK ? gi_str_from_wtf8(ts, out.data ? out.data : "", out.len) : GI_NULL;
    gi_strbuf_free(&out);
    return result;
}
