/* float_text.c - floats as text: float(), repr(), format(), and cleaning text for all numbers. */
#include "objects/float_internal.h"

#include "base/float_text.h"
#include "objects/buffer.h"

/* ---- Cleaning ---- */

static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

GiStatus gi_number_text_clean(GiThread *ts, GiNumberText *t, const char *text, size_t len) {
    while (len && is_blank(*text)) text++, len--;
    while (len && is_blank(text[len - 1])) len--;
    *t = (GiNumberText){.text = text, .len = len};
    if (!memchr(text, '_', strnlen(text, len))) return GI_OK;
    t->had_underscore = true;
    char *to = t->small;
    if (len > sizeof t->small) {
        to = t->owned = gi_mem_alloc(ts, len);
        if (!to) return GI_FAIL;
    }
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '_') to[n++] = text[i];
        else if (i == 0 || i + 1 == len || !is_digit(text[i - 1]) || !is_digit(text[i + 1]))
            t->bad_underscore = true;
    }
    t->text = to;
    t->len = n;
    return GI_OK;
}

GiStatus gi_number_text_of_str(GiThread *ts, GiNumberText *t, GiVal s) {
    size_t len;
    char *text = gi_number_text(ts, s, &len);
    if (!text) return GI_FAIL;
    GiStatus status = gi_number_text_clean(ts, t, text, len);
    if (text == gi_str_data(s)) return status;
    if (status || t->owned || t->text == t->small) {
        gi_mem_free(text);
        return status;
    }
    /* The cleaned text lies in what we own, from wherever it starts. */
    t->owned = text;
    return GI_OK;
}

void gi_number_text_free(GiNumberText *t) { gi_mem_free(t->owned); }

/* ---- float() ---- */

static GiStatus parse_clean(const GiNumberText *t, double *out) {
    if (t->bad_underscore || t->len == 0) return GI_FAIL;
    return gi_float_parse(t->text, t->len, out) == t->len ? GI_OK : GI_FAIL;
}

static GiStatus parse_or_raise(GiThread *ts, GiNumberText *t, GiVal original, double *out) {
    GiStatus status = parse_clean(t, out);
    gi_number_text_free(t);
    if (status)
        gi_raise(ts, &gi_exc_ValueError, "could not convert string to float: %R", original);
    return status;
}

GiStatus gi_float_no_number(GiThread *ts, GiVal v) {
    return gi_raise_status(ts, &gi_exc_TypeError,
                           "float() argument must be a string or a real number, not '%.200T'", v);
}

GiStatus gi_float_from_text(GiThread *ts, GiVal v, double *out) {
    GiNumberText t;
    if (gi_is_str(v)) return gi_number_text_of_str(ts, &t, v) ? GI_FAIL : parse_or_raise(ts, &t, v, out);
    GiBuffer view;
    if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF)) {
        gi_exc_clear(ts); /* PYSEM: which way it is no such buffer is not said (tests/diff/floats.py) */
        return gi_float_no_number(ts, v);
    }
    GiStatus status = gi_number_text_clean(ts, &t, view.data ? view.data : "", (size_t)view.len);
    if (!status) status = parse_or_raise(ts, &t, v, out);
    gi_buffer_release(ts, &view);
    return status;
}

/* ---- repr() and format() ---- */

GiRef gi_float_to_str(GiThread *ts, double d) {
    char text[GI_FLOAT_REPR_MAX];
    return gi_str_from_latin1(ts, text, gi_float_repr(d, text));
}

GiRef gi_float_format_spec(GiThread *ts, GiVal v, GiVal spec_text) {
    GiFormatSpec spec;
    GiStrbuf out = {0}, message = {0};
    const char *name = gi_type_short_name(gi_type_of(v));
    GiNumberLocale locale = {0};
    GiFormatStatus status = gi_format_spec_parse(gi_str_view(spec_text), 0, '>', name, &spec, &message);
    if (status == GI_FORMAT_OK && spec.type == 'n') locale = gi_number_locale();
    if (status == GI_FORMAT_OK)
        status = gi_format_float(&out, &spec, gi_float_value(v), name, &locale, &message);
    GiRef result = GI_NULL;
    if (status != GI_FORMAT_OK) (void)gi_format_fail(ts, status, &message);
    else result = gi_str_from_wtf8(ts, out.data ? out.data : "", out.len);
    gi_strbuf_free(&out);
    gi_strbuf_free(&message);
    return result;
}
