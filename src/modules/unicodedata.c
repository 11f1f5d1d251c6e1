/* unicodedata.c - the module unicodedata: functions for Unicode 14, and their 3.2.0 view as methods
 * of the object ucd_3_2_0.
 */
#include "modules/module.h"

#include "base/unicode.h"

typedef struct Ucd {
    GiObj obj;
} Ucd;

extern GiType gi_ucd_type;

#include "modules/unicodedata.gen.h"

static GiRef int_value(GiThread *ts, int value, GiVal fallback, const char *message) {
    if (value >= 0) return gi_smallint_ref(value);
    if (!gi_is_null(fallback)) return gi_dup(ts, fallback);
    return gi_raise_ref(ts, &gi_exc_ValueError, "%s", message);
}

static GiRef numeric_value(GiThread *ts, double value, GiVal fallback) {
    if (value != -1.0) return gi_double_ref(value);
    if (!gi_is_null(fallback)) return gi_dup(ts, fallback);
    return gi_raise_ref(ts, &gi_exc_ValueError, "not a numeric character");
}

static GiRef decomposition(GiThread *ts, uint32_t c, bool old) {
    uint32_t parts[18];
    const char *tag;
    int n = gi_uc_decomposition(c, old, &tag, parts);
    if (n == 0) return gi_dup(ts, GI_STR_EMPTY);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_ascii(&sb, tag, strlen(tag));
    for (int i = 0; i < n; i++) {
        char text[12];
        int digits = parts[i] > 0xFFFFF ? 6 : parts[i] > 0xFFFF ? 5 : 4;
        if (i || *tag) gi_sb_char(&sb, ' ');
        for (int k = 0; k < digits; k++) text[k] = "0123456789ABCDEF"[parts[i] >> 4 * (digits - 1 - k) & 15];
        gi_sb_ascii(&sb, text, (size_t)digits);
    }
    return gi_sb_finish(&sb);
}

static GiStatus read_form(GiThread *ts, GiVal text, GiNormalForm *form) {
    if (gi_str_equals_cstr(text, "NFC")) *form = GI_NFC;
    else if (gi_str_equals_cstr(text, "NFKC")) *form = GI_NFKC;
    else if (gi_str_equals_cstr(text, "NFD")) *form = GI_NFD;
    else if (gi_str_equals_cstr(text, "NFKD")) *form = GI_NFKD;
    else return gi_raise_status(ts, &gi_exc_ValueError, "invalid normalization form");
    return GI_OK;
}

static GiRef normalize(GiThread *ts, GiVal name, GiVal text, bool old) {
    GiNormalForm form;
    if (gi_str_len(text) == 0) return gi_dup(ts, text);
    if (read_form(ts, name, &form) != GI_OK) return GI_NULL;
    GiTextView view = gi_str_view(text);
    bool same = gi_str_is_ascii(text) || gi_normal_check(view, form, old) == GI_NORMAL_YES;
    if (same && !old) return gi_dup(ts, text); /* PYSEM: also of a subclass (tests/diff/unicode_data.py) */
    if (same) return gi_str_slice(ts, text, 0, gi_str_len(text));
    GiU32Buf out = {0};
    if (gi_normalize(view, form, old, &out) != GI_OK) {
        gi_u32buf_free(&out);
        return gi_raise_nomem(ts);
    }
    return gi_str_from_u32buf(ts, &out);
}

static GiRef is_normalized(GiThread *ts, GiVal name, GiVal text, bool old) {
    GiNormalForm form;
    if (gi_str_len(text) == 0) return GI_REF_TRUE;
    if (read_form(ts, name, &form) != GI_OK) return GI_NULL;
    GiNormalCheck check = gi_normal_check(gi_str_view(text), form, old);
    if (check != GI_NORMAL_MAYBE) return gi_bool_ref(check == GI_NORMAL_YES);
    GiRef other = normalize(ts, name, text, old);
    if (gi_is_null(other)) return other;
    bool same = gi_str_equal(gi_val(other), text);
    gi_drop(ts, other);
    return gi_bool_ref(same);
}

static GiRef char_name(GiThread *ts, uint32_t c, GiVal fallback, bool old) {
    char name[GI_UNICODE_NAME_MAX];
    size_t n = gi_uc_name(c, old, name);
    if (n) return gi_str_from_latin1(ts, name, n);
    if (!gi_is_null(fallback)) return gi_dup(ts, fallback);
    return gi_raise_ref(ts, &gi_exc_ValueError, "no such name");
}

static GiRef lookup(GiThread *ts, const GiBuffer *name, bool old) {
    uint32_t found[4];
    if (name->len > GI_UNICODE_NAME_MAX) return gi_raise_ref(ts, &gi_exc_KeyError, "name too long");
    int n = gi_uc_lookup(name->data, (size_t)name->len, !old, old, found);
    if (n) return gi_str_from_ucs4(ts, found, (size_t)n);
    size_t len = strnlen(name->data, (size_t)name->len); /* the message ends at a NUL, as in CPython */
    GiRef shown = gi_decode(ts, name->data, len, "utf-8", "replace");
    if (gi_is_null(shown)) return shown;
    gi_raise(ts, &gi_exc_KeyError, "undefined character name '%U'", gi_val(shown));
    gi_drop(ts, shown);
    return GI_NULL;
}

/* ---- the same for both versions: the functions, and the methods of ucd_3_2_0 ---- */

GI_FUNCTION(unicodedata, decimal, "(chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return int_value(ts, gi_uc_decimal_in(a->chr, false), a->default_, "not a decimal");
}
GI_METHOD(ucd, decimal, "(self, chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent decimal value.\n\nReturns the decimal value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return int_value(ts, gi_uc_decimal_in(a->chr, true), a->default_, "not a decimal");
}
GI_FUNCTION(unicodedata, digit, "(chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return int_value(ts, gi_uc_digit_in(a->chr, false), a->default_, "not a digit");
}
GI_METHOD(ucd, digit, "(self, chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent digit value.\n\nReturns the digit value assigned to the character chr as integer.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return int_value(ts, gi_uc_digit_in(a->chr, true), a->default_, "not a digit");
}
GI_FUNCTION(unicodedata, numeric, "(chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric value assigned to the character chr as float.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return numeric_value(ts, gi_uc_numeric_in(a->chr, false), a->default_);
}
GI_METHOD(ucd, numeric, "(self, chr: char, default=<unrepresentable>, /)", "Converts a Unicode character into its equivalent numeric value.\n\nReturns the numeric value assigned to the character chr as float.\nIf no such value is defined, default is returned, or, if not given,\nValueError is raised.") {
    return numeric_value(ts, gi_uc_numeric_in(a->chr, true), a->default_);
}
GI_FUNCTION(unicodedata, category, "(chr: char, /)", "Returns the general category assigned to the character chr as string.") {
    return gi_str_from_cstr(ts, gi_uc_category(a->chr, false));
}
GI_METHOD(ucd, category, "(self, chr: char, /)", "Returns the general category assigned to the character chr as string.") {
    return gi_str_from_cstr(ts, gi_uc_category(a->chr, true));
}
GI_FUNCTION(unicodedata, bidirectional, "(chr: char, /)", "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such value is defined, an empty string is returned.") {
    return gi_str_from_cstr(ts, gi_uc_bidirectional(a->chr, false));
}
GI_METHOD(ucd, bidirectional, "(self, chr: char, /)", "Returns the bidirectional class assigned to the character chr as string.\n\nIf no such value is defined, an empty string is returned.") {
    return gi_str_from_cstr(ts, gi_uc_bidirectional(a->chr, true));
}
GI_FUNCTION(unicodedata, combining, "(chr: char, /)", "Returns the canonical combining class assigned to the character chr as integer.\n\nReturns 0 if no combining class is defined.") {
    return gi_smallint_ref(gi_uc_combining(a->chr, false));
}
GI_METHOD(ucd, combining, "(self, chr: char, /)", "Returns the canonical combining class assigned to the character chr as integer.\n\nReturns 0 if no combining class is defined.") {
    return gi_smallint_ref(gi_uc_combining(a->chr, true));
}
GI_FUNCTION(unicodedata, mirrored, "(chr: char, /)", "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 if the character has been identified as a \"mirrored\"\ncharacter in bidirectional text, 0 otherwise.") {
    return gi_smallint_ref(gi_uc_mirrored(a->chr, false));
}
GI_METHOD(ucd, mirrored, "(self, chr: char, /)", "Returns the mirrored property assigned to the character chr as integer.\n\nReturns 1 if the character has been identified as a \"mirrored\"\ncharacter in bidirectional text, 0 otherwise.") {
    return gi_smallint_ref(gi_uc_mirrored(a->chr, true));
}
GI_FUNCTION(unicodedata, east_asian_width, "(chr: char, /)", "Returns the east asian width assigned to the character chr as string.") {
    return gi_str_from_cstr(ts, gi_uc_east_asian_width(a->chr, false));
}
GI_METHOD(ucd, east_asian_width, "(self, chr: char, /)", "Returns the east asian width assigned to the character chr as string.") {
    return gi_str_from_cstr(ts, gi_uc_east_asian_width(a->chr, true));
}
GI_FUNCTION(unicodedata, decomposition, "(chr: char, /)", "Returns the character decomposition mapping assigned to the character chr as string.\n\nAn empty string is returned in case no such mapping is defined.") {
    return decomposition(ts, a->chr, false);
}
GI_METHOD(ucd, decomposition, "(self, chr: char, /)", "Returns the character decomposition mapping assigned to the character chr as string.\n\nAn empty string is returned in case no such mapping is defined.") {
    return decomposition(ts, a->chr, true);
}
GI_FUNCTION(unicodedata, is_normalized, "(form: str, unistr: str, /)", "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.") {
    return is_normalized(ts, a->form, a->unistr, false);
}
GI_METHOD(ucd, is_normalized, "(self, form: str, unistr: str, /)", "Return whether the Unicode string unistr is in the normal form 'form'.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.") {
    return is_normalized(ts, a->form, a->unistr, true);
}
GI_FUNCTION(unicodedata, normalize, "(form: str, unistr: str, /)", "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.") {
    return normalize(ts, a->form, a->unistr, false);
}
GI_METHOD(ucd, normalize, "(self, form: str, unistr: str, /)", "Return the normal form 'form' for the Unicode string unistr.\n\nValid values for form are 'NFC', 'NFKC', 'NFD', and 'NFKD'.") {
    return normalize(ts, a->form, a->unistr, true);
}
GI_FUNCTION(unicodedata, name, "(chr: char, default=<unrepresentable>, /)", "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, default is returned, or, if not given,\nValueError is raised.") {
    return char_name(ts, a->chr, a->default_, false);
}
GI_METHOD(ucd, name, "(self, chr: char, default=<unrepresentable>, /)", "Returns the name assigned to the character chr as a string.\n\nIf no name is defined, default is returned, or, if not given,\nValueError is raised.") {
    return char_name(ts, a->chr, a->default_, true);
}
GI_FUNCTION(unicodedata, lookup, "(name: strbuffer, /)", "Look up character by name.\n\nIf a character with the given name is found, return the\ncorresponding character.  If not found, KeyError is raised.") {
    return lookup(ts, &a->name, false);
}
GI_METHOD(ucd, lookup, "(self, name: strbuffer, /)", "Look up character by name.\n\nIf a character with the given name is found, return the\ncorresponding character.  If not found, KeyError is raised.") {
    return lookup(ts, &a->name, true);
}
GI_GETTER(ucd, unidata_version, "") { return gi_str_from_cstr(ts, GI_UNICODE_OLD_VERSION); }

GiType gi_ucd_type = {
    .obj = GI_TYPE_HEAD,
    .name = "unicodedata.UCD",
    .module = "unicodedata",
    .flags = GI_TYPE_NO_NEW,
    .size = sizeof(Ucd),
    .base = &gi_object_type,
    .methods = ucd_methods,
    .getset = ucd_getset,
};

static GiStatus unicodedata_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &gi_ucd_type) != GI_OK ||
        gi_module_add_str(ts, module, "unidata_version", GI_UNICODE_VERSION) != GI_OK)
        return GI_FAIL;
    return gi_module_add(ts, module, "ucd_3_2_0", gi_own_obj(gi_heap_new(ts, &gi_ucd_type, sizeof(Ucd))));
}

const GiModuleDef gi_module_unicodedata = {
    .name = "unicodedata",
    .doc = "This module provides access to the Unicode Character Database which\ndefines character properties for all Unicode characters. The data in\nthis database is based on the UnicodeData.txt file version\n14.0.0 which is publicly available from ftp://ftp.unicode.org/.\n\nThe module uses the same names and symbols as defined by the\nUnicodeData File Format 14.0.0.",
    .functions = unicodedata_functions,
    .exec = unicodedata_exec,
};
