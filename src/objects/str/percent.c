/* percent.c - the % operator of str, bytes and bytearray: one engine for both.
 *
 * The format is a view of code points (bytes: of one byte each); output is collected in a
 * GiStrBuilder, whose characters stay below 256 for bytes.
 */
#include "objects/str/internal.h"

#include "base/float_text.h"
#include "base/int_text.h"

typedef struct Percent {
    GiThread *ts;
    GiTextView format;
    bool bytes;
    size_t pos;
    GiVal args;        /* what stands right of % */
    GiVal mapping;     /* args when it can be one, else null */
    const GiVal *items;
    size_t count, next;
    bool single;       /* args is one argument, not a tuple of them */
    bool directives;   /* the format has any */
    bool keyed;        /* the current directive has a (key) */
    GiRef key_value;   /* its value */
    GiStrBuilder out;
} Percent;

typedef struct Directive {
    bool minus, plus, blank, alt, zero;
    int64_t width, precision; /* -1: not given */
    uint32_t type;
    size_t type_at;
} Directive;

#define FAIL(p, type, ...) (gi_raise((p)->ts, &gi_exc_##type, __VA_ARGS__), GI_FAIL)

/* The next argument, owned. */
static GiRef next_arg(Percent *p) {
    if (p->keyed) {
        GiRef v = p->key_value;
        p->key_value = GI_NULL;
        if (!gi_is_null(v)) {
            p->key_value = gi_dup(p->ts, gi_val(v));
            return v;
        }
    } else if (p->next < p->count) {
        return gi_dup(p->ts, p->items[p->next++]);
    }
    return gi_raise_ref(p->ts, &gi_exc_TypeError, "not enough arguments for format string");
}

/* Reads the next format character; fails at the end. */
static GiStatus next_char(Percent *p, uint32_t *c) {
    if (p->pos >= p->format.len) return FAIL(p, ValueError, "incomplete format");
    *c = gi_text_at(p->format, p->pos++);
    return GI_OK;
}

static GiStatus read_key(Percent *p) {
    GiThread *ts = p->ts;
    if (gi_is_null(p->mapping)) return FAIL(p, TypeError, "format requires a mapping");
    size_t start = p->pos, depth = 1;
    while (depth > 0) {
        if (p->pos >= p->format.len) return FAIL(p, ValueError, "incomplete format key");
        uint32_t c = gi_text_at(p->format, p->pos++);
        if (c == ')') depth--;
        if (c == '(') depth++;
    }
    GiTextView text = gi_text_slice(p->format, start, p->pos - 1);
    GiRef key = p->bytes ? gi_bytes_from(ts, text.data, text.len) : gi_str_from_view(ts, text);
    if (gi_is_null(key)) return GI_FAIL;
    GiRef value = gi_getitem(ts, p->mapping, gi_val(key));
    gi_drop(ts, key);
    if (gi_is_null(value)) return GI_FAIL;
    gi_xdrop(ts, p->key_value);
    p->key_value = value;
    p->keyed = true;
    return GI_OK;
}

/* A number in the format, or * for an argument. */
static GiStatus read_number(Percent *p, uint32_t *c, bool precision, int64_t *out) {
    const char *too_big = !precision ? "width too big" : p->bytes ? "prec too big" : "precision too big";
    if (*c == '*') {
        GiRef arg = next_arg(p);
        if (gi_is_null(arg)) return GI_FAIL;
        int64_t value;
        bool is_int = gi_is_int(gi_val(arg));
        int sign = is_int ? gi_int_as_i64(gi_val(arg), &value) : 0;
        gi_drop(p->ts, arg);
        if (!is_int) return FAIL(p, TypeError, "* wants int");
        if (precision && (sign || value > INT32_MAX || value < INT32_MIN))
            return FAIL(p, OverflowError, "Python int too large to convert to C int");
        if (sign) return FAIL(p, OverflowError, "Python int too large to convert to C ssize_t");
        *out = precision ? GI_MAX(value, 0) : value;
        return next_char(p, c);
    }
    int64_t value = 0;
    while (*c >= '0' && *c <= '9') {
        int digit = (int)(*c - '0');
        if (value > ((precision ? INT32_MAX : INT64_MAX) - digit) / 10) return FAIL(p, ValueError, "%s", too_big);
        value = value * 10 + digit;
        if (next_char(p, c) != GI_OK) return GI_FAIL;
    }
    *out = value;
    return GI_OK;
}

static GiStatus read_directive(Percent *p, Directive *d) {
    uint32_t c;
    *d = (Directive){.width = -1, .precision = -1};
    if (next_char(p, &c) != GI_OK) return GI_FAIL;
    if (c == '(') {
        if (read_key(p) != GI_OK || next_char(p, &c) != GI_OK) return GI_FAIL;
    }
    for (;; ) {
        if (c == '-') d->minus = true;
        else if (c == '+') d->plus = true;
        else if (c == ' ') d->blank = true;
        else if (c == '#') d->alt = true;
        else if (c == '0') d->zero = true;
        else break;
        if (next_char(p, &c) != GI_OK) return GI_FAIL;
    }
    if (c == '*' || (c >= '0' && c <= '9')) {
        if (read_number(p, &c, false, &d->width) != GI_OK) return GI_FAIL;
        if (d->width < 0) {
            d->minus = true;
            d->width = d->width == INT64_MIN ? INT64_MAX : -d->width;
        }
    }
    if (c == '.') {
        d->precision = 0;
        if (next_char(p, &c) != GI_OK) return GI_FAIL;
        if (c == '*' || (c >= '0' && c <= '9'))
            if (read_number(p, &c, true, &d->precision) != GI_OK) return GI_FAIL;
    }
    if ((c == 'h' || c == 'l' || c == 'L') && next_char(p, &c) != GI_OK) return GI_FAIL;
    d->type = c;
    d->type_at = p->pos - 1;
    return GI_OK;
}

/* ---- laying out ---- */

/* Text with blanks around. */
static void put_padded(Percent *p, const Directive *d, GiTextView text) {
    size_t pad = d->width > (int64_t)text.len ? (size_t)d->width - text.len : 0;
    if (!d->minus) gi_sb_fill(&p->out, ' ', pad);
    gi_sb_view(&p->out, text);
    if (d->minus) gi_sb_fill(&p->out, ' ', pad);
}

/* A number: sign, prefix, zeros, digits. */
static void put_number(Percent *p, const Directive *d, bool negative, const char *prefix, size_t zeros,
                       const char *digits, size_t n) {
    char sign = negative ? '-' : d->plus ? '+' : d->blank ? ' ' : 0;
    size_t used = (sign != 0) + strlen(prefix) + zeros + n;
    size_t pad = d->width > (int64_t)used ? (size_t)d->width - used : 0;
    if (!d->minus && !d->zero) gi_sb_fill(&p->out, ' ', pad);
    if (sign) gi_sb_char(&p->out, (uint8_t)sign);
    gi_sb_ascii(&p->out, prefix, strlen(prefix));
    if (!d->minus && d->zero) zeros += pad;
    gi_sb_fill(&p->out, '0', zeros);
    gi_sb_ascii(&p->out, digits, n);
    if (d->minus) gi_sb_fill(&p->out, ' ', pad);
}

/* ---- directives ---- */

static GiStatus put_text(Percent *p, const Directive *d, GiVal text) {
    GiTextView view = gi_str_view(text);
    if (d->precision >= 0 && (size_t)d->precision < view.len) view = gi_text_slice(view, 0, (size_t)d->precision);
    if (d->width <= (int64_t)view.len && view.len == gi_str_len(text))
        gi_sb_str(&p->out, text);
    else
        put_padded(p, d, view);
    return GI_OK;
}

/* %b and %s of bytes: the bytes of v. */
static GiStatus put_bytes(Percent *p, const Directive *d, GiVal v) {
    GiThread *ts = p->ts;
    GiRef made = GI_NULL;
    if (!gi_is_bytes(v) && !gi_is_bytearray(v)) {
        GiRef method;
        if (gi_lookup_special(ts, v, GI_N(__bytes__), &method) != GI_OK) return GI_FAIL;
        if (!gi_is_null(method)) {
            made = gi_call0(ts, gi_val(method));
            gi_drop(ts, method);
            if (gi_is_null(made)) return GI_FAIL;
            if (!gi_is_bytes(gi_val(made))) {
                gi_raise(ts, &gi_exc_TypeError, "__bytes__ returned non-bytes (type %.200T)", gi_val(made));
                gi_drop(ts, made);
                return GI_FAIL;
            }
            v = gi_val(made);
        } else if (!gi_has_buffer(v)) {
            return FAIL(p, TypeError,
                        "%%b requires a bytes-like object, or an object that implements __bytes__, not '%.100T'", v);
        }
    }
    GiBuffer view;
    GiStatus status = gi_buffer_get(ts, v, &view, GI_BUF_BRIEF);
    if (status == GI_OK) {
        GiTextView text = gi_text_latin1(view.data, (size_t)view.len);
        if (d->precision >= 0 && (size_t)d->precision < text.len) text.len = (size_t)d->precision;
        put_padded(p, d, text);
        gi_buffer_release(ts, &view);
    }
    gi_xdrop(ts, made);
    return status;
}

static GiStatus put_object(Percent *p, const Directive *d, GiVal v) {
    if (p->bytes && (d->type == 's' || d->type == 'b')) return put_bytes(p, d, v);
    if (d->type == 's' && gi_is_str_exact(v)) return put_text(p, d, v);
    GiRef text = p->bytes || d->type == 'a' ? gi_ascii(p->ts, v)
                 : d->type == 'r'           ? gi_repr(p->ts, v)
                                            : gi_str(p->ts, v);
    if (gi_is_null(text)) return GI_FAIL;
    GiStatus status = put_text(p, d, gi_val(text));
    gi_drop(p->ts, text);
    return status;
}

static GiStatus put_char(Percent *p, const Directive *d, GiVal v) {
    uint32_t limit = p->bytes ? 0x100 : 0x110000, c;
    const char *wrong = p->bytes ? "%%c requires an integer in range(256) or a single byte"
                                 : "%%c requires int or char";
    if (!p->bytes && gi_is_str(v) && gi_str_len(v) == 1) {
        c = gi_str_char(v, 0);
    } else if (p->bytes && gi_is_bytes(v) && gi_bytes_len(v) == 1) {
        c = gi_bytes_data(v)[0];
    } else if (p->bytes && gi_is_bytearray(v) && ((GiByteArray *)gi_obj(v))->length == 1) {
        c = ((GiByteArray *)gi_obj(v))->data[0];
    } else {
        int64_t code = -1;
        if (!gi_is_int(v) && !gi_type_of(v)->index) return FAIL(p, TypeError, wrong);
        GiRef i = gi_index(p->ts, v);
        if (gi_is_null(i)) {
            if (!gi_exc_matches(p->ts, &gi_exc_TypeError)) return GI_FAIL;
            gi_exc_clear(p->ts);
            return FAIL(p, TypeError, wrong);
        }
        int over = gi_int_as_i64(gi_val(i), &code);
        gi_drop(p->ts, i);
        if (over || code < 0 || code >= (int64_t)limit)
            return FAIL(p, OverflowError, p->bytes ? "%%c arg not in range(256)" : "%%c arg not in range(0x110000)");
        c = (uint32_t)code;
    }
    put_padded(p, d, gi_text_ucs4(&c, 1));
    return GI_OK;
}

static GiStatus not_a_number(Percent *p, const Directive *d, GiVal v, bool real) {
    return FAIL(p, TypeError, "%%%c format: %s is required, not %.200T", (int)d->type,
                real ? "a real number" : "an integer", v);
}

/* The int that an integer directive formats, owned. */
static GiRef integer_of(Percent *p, const Directive *d, GiVal v) {
    GiThread *ts = p->ts;
    bool real = d->type == 'd' || d->type == 'i' || d->type == 'u';
    if (gi_is_int(v)) return gi_dup(ts, v);
    GiType *type = gi_type_of(v);
    if (gi_is_str(v) || gi_is_bytes(v) || (real ? !type->to_int && !type->index : !type->index)) {
        (void)not_a_number(p, d, v, real);
        return GI_NULL;
    }
    GiRef i = real ? gi_call1(ts, gi_type_val(&gi_int_type), v) : gi_index(ts, v);
    if (gi_is_null(i) && gi_exc_matches(ts, &gi_exc_TypeError)) {
        gi_exc_clear(ts);
        (void)not_a_number(p, d, v, real);
    }
    return i;
}

static GiStatus put_integer(Percent *p, const Directive *d, GiVal v) {
    char small[GI_INT_TEXT_MAX + 1];
    if (gi_is_smallint(v) && (d->type == 'd' || d->type == 'i')) {
        int64_t i = gi_smallint_value(v);
        size_t n = gi_u64_to_text(i < 0 ? (uint64_t)-i : (uint64_t)i, small);
        put_number(p, d, i < 0, "", d->precision > (int64_t)n ? (size_t)d->precision - n : 0, small, n);
        return GI_OK;
    }
    GiRef i = integer_of(p, d, v);
    if (gi_is_null(i)) return GI_FAIL;
    int base = d->type == 'x' || d->type == 'X' ? 16 : d->type == 'o' ? 8 : 10;
    GiRef text = gi_int_to_str(p->ts, gi_val(i), base, false);
    gi_drop(p->ts, i);
    if (gi_is_null(text)) return GI_FAIL;
    const char *digits = gi_str_data(text), *prefix = "";
    size_t n = gi_str_len(text);
    char *upper = NULL;
    bool negative = digits[0] == '-';
    if (negative) {
        digits++;
        n--;
    }
    if (d->alt && base != 10) prefix = d->type == 'x' ? "0x" : d->type == 'X' ? "0X" : "0o";
    if (d->type == 'X') {
        upper = gi_mem_alloc(p->ts, n + 1);
        if (!upper) {
            gi_drop(p->ts, text);
            return GI_FAIL;
        }
        for (size_t k = 0; k < n; k++) upper[k] = digits[k] >= 'a' ? (char)(digits[k] - 32) : digits[k];
        digits = upper;
    }
    put_number(p, d, negative, prefix, d->precision > (int64_t)n ? (size_t)d->precision - n : 0, digits, n);
    if (upper) gi_mem_free(upper);
    gi_drop(p->ts, text);
    return GI_OK;
}

static GiStatus put_float(Percent *p, const Directive *d, GiVal v) {
    double value;
    if (gi_as_double(p->ts, v, &value) != GI_OK) {
        if (p->bytes && gi_exc_matches(p->ts, &gi_exc_TypeError)) {
            gi_exc_clear(p->ts);
            return FAIL(p, TypeError, "float argument required, not %.200T", v);
        }
        return GI_FAIL;
    }
    GiStrbuf text = {0};
    int precision = d->precision < 0 ? 6 : d->precision > INT32_MAX ? INT32_MAX : (int)d->precision;
    if (gi_float_format(&text, value, (char)d->type, precision, d->alt ? GI_FLOAT_ALT : 0) != GI_OK) {
        gi_strbuf_free(&text);
        (void)gi_raise_nomem(p->ts);
        return GI_FAIL;
    }
    bool negative = text.len && text.data[0] == '-';
    put_number(p, d, negative, "", 0, text.data + negative, text.len - negative);
    gi_strbuf_free(&text);
    return GI_OK;
}

static GiStatus put_directive(Percent *p) {
    Directive d;
    if (p->pos < p->format.len && gi_text_at(p->format, p->pos) == '%') {
        p->pos++;
        gi_sb_char(&p->out, '%');
        return GI_OK;
    }
    if (read_directive(p, &d) != GI_OK) return GI_FAIL;
    GiRef v = next_arg(p);
    if (gi_is_null(v)) return GI_FAIL;
    GiStatus status;
    switch (d.type) {
    case 'd': case 'i': case 'u': case 'x': case 'X': case 'o': status = put_integer(p, &d, gi_val(v)); break;
    case 'e': case 'E': case 'f': case 'F': case 'g': case 'G': status = put_float(p, &d, gi_val(v)); break;
    case 'c': status = put_char(p, &d, gi_val(v)); break;
    case 's': case 'r': case 'a': status = put_object(p, &d, gi_val(v)); break;
    default:
        if (p->bytes && d.type == 'b') {
            status = put_object(p, &d, gi_val(v));
            break;
        }
        status = FAIL(p, ValueError, "unsupported format character '%c' (0x%x) at index %zd",
                      d.type > 31 && d.type < 127 ? (int)d.type : '?', d.type, (ssize_t)d.type_at);
    }
    gi_drop(p->ts, v);
    p->keyed = false;
    return status;
}

static GiStatus run(Percent *p) {
    if (gi_is_tuple(p->args)) {
        p->items = gi_tuple_items(p->args);
        p->count = gi_tuple_len(p->args);
    } else {
        p->items = &p->args;
        p->count = 1;
        p->single = true;
        bool text = gi_is_str(p->args) || (p->bytes && (gi_is_bytes(p->args) || gi_is_bytearray(p->args)));
        if (!text && (gi_type_of(p->args)->subscript || gi_is_mapping(p->args))) p->mapping = p->args;
    }
    while (p->pos < p->format.len) {
        ssize_t at = gi_search_unit((const char *)p->format.data + p->pos * (size_t)p->format.kind,
                                    p->format.len - p->pos, '%', p->format.kind);
        size_t stop = at < 0 ? p->format.len : p->pos + (size_t)at;
        gi_sb_view(&p->out, gi_text_slice(p->format, p->pos, stop));
        p->pos = stop;
        if (at < 0) break;
        p->pos++;
        p->directives = true;
        if (put_directive(p) != GI_OK) return GI_FAIL;
    }
    if (p->next < p->count && gi_is_null(p->mapping))
        return FAIL(p, TypeError, "not all arguments converted during %s formatting", p->bytes ? "bytes" : "string");
    return GI_OK;
}

GiRef gi_str_mod(GiThread *ts, GiVal format, GiVal args) {
    Percent p = {.ts = ts, .format = gi_str_view(format), .args = args};
    gi_sb_init(&p.out, ts);
    GiStatus status = run(&p);
    gi_xdrop(ts, p.key_value);
    if (status == GI_OK && p.directives) return gi_sb_finish(&p.out);
    gi_sb_discard(&p.out);
    return status == GI_OK ? gi_dup(ts, format) : GI_NULL;
}

GiStatus gi_bytes_percent(GiThread *ts, const void *format, size_t len, GiVal args, GiStrBuilder *out) {
    Percent p = {.ts = ts, .format = gi_text_latin1(format, len), .bytes = true, .args = args};
    gi_sb_init(&p.out, ts);
    GiStatus status = run(&p);
    gi_xdrop(ts, p.key_value);
    gi_sb_init(out, ts);
    if (status == GI_OK) gi_sb_view(out, (GiTextView){p.out.data, p.out.length, 1});
    bool failed = p.out.failed || out->failed;
    gi_sb_discard(&p.out);
    if (status == GI_OK && !failed) return GI_OK;
    gi_sb_discard(out);
    return GI_FAIL;
}
