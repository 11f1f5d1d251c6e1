/* _locale.c - the module _locale: the C library's locales, collation and message catalogues.
 *
 * The locale is the process's own: changing it concerns all interpreters and threads, as in C.
 * Text comes from the C library in the locale's encoding; bytes that it cannot decode become lone
 * surrogates (surrogateescape).
 */
#include "modules/module.h"

#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "modules/_locale.gen.h"

typedef struct LocaleState {
    GiSlot error;
} LocaleState;

static GI_COLD GiRef raise_locale(GiThread *ts, GiVal module, const char *message) {
    LocaleState *state = gi_module_state(module);
    return gi_raise_ref(ts, gi_as_type(state->error), "%s", message);
}

/* Text of the C library as a str. */
static GiRef decode(GiThread *ts, const char *text) {
    size_t n = strlen(text), len = 0;
    bool ascii = true;
    for (size_t i = 0; i < n; i++) ascii &= (unsigned char)text[i] < 0x80;
    if (ascii) return gi_str_from_latin1(ts, text, n);
    uint32_t *chars = gi_mem_alloc(ts, n * sizeof *chars);
    if (!chars) return GI_NULL;
    mbstate_t state = {0};
    for (size_t i = 0; i < n;) {
        wchar_t ch;
        size_t used = mbrtowc(&ch, text + i, n - i, &state);
        if (used == 0 || used > n - i || (ch >= 0xD800 && ch <= 0xDFFF)) {
            memset(&state, 0, sizeof state);
            chars[len++] = 0xDC00u + (unsigned char)text[i++];
        } else {
            chars[len++] = (uint32_t)ch;
            i += used;
        }
    }
    GiRef s = gi_str_from_ucs4(ts, chars, len);
    gi_mem_free(chars);
    return s;
}

GI_FUNCTION(_locale, setlocale, "(category: int, locale: cstr? = <unrepresentable>, /)",
            "Activates/queries locale processing.") {
    /* LOCK: it changes while no other thread is attached; who reads it has done so by its next safepoint. */
    bool others = ts->core.free_running;
    if (others) gi_stop_world(&ts->core);
    const char *result = setlocale(a->category, a->locale);
    char *name = result ? strdup(result) : NULL;
    if (others) gi_start_world(&ts->core);
    if (!result)
        return raise_locale(ts, self, a->locale ? "unsupported locale setting" : "locale query failed");
    GiRef text = name ? decode(ts, name) : gi_raise_nomem(ts);
    free(name);
    return text;
}

static GiRef grouping_list(GiThread *ts, const char *grouping) {
    GiRef list = gi_list_new(ts, 0);
    for (size_t i = 0; !gi_is_null(list); i++) {
        if (grouping[0] == 0) break;
        if (gi_list_append(ts, gi_val(list), gi_smallint_ref(grouping[i]))) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        if (grouping[i] == 0 || grouping[i] == CHAR_MAX) break;
    }
    return list;
}

/* dict[key] = value; consumes value. */
static GiStatus put(GiThread *ts, GiVal dict, const char *key, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_dict_set_cstr(ts, dict, key, gi_val(value));
    gi_drop(ts, value);
    return status;
}

GI_FUNCTION(_locale, localeconv, "()",
            "Returns numeric and monetary locale-specific parameters.") {
    struct lconv lc = *localeconv();
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return dict;
    GiVal d = gi_val(dict);
#define TEXT(field) put(ts, d, #field, decode(ts, lc.field))
#define NUMBER(field) put(ts, d, #field, gi_smallint_ref(lc.field))
    if (TEXT(int_curr_symbol) || TEXT(currency_symbol) || TEXT(mon_decimal_point) ||
        TEXT(mon_thousands_sep) || put(ts, d, "mon_grouping", grouping_list(ts, lc.mon_grouping)) ||
        TEXT(positive_sign) || TEXT(negative_sign) || NUMBER(int_frac_digits) || NUMBER(frac_digits) ||
        NUMBER(p_cs_precedes) || NUMBER(p_sep_by_space) || NUMBER(n_cs_precedes) ||
        NUMBER(n_sep_by_space) || NUMBER(p_sign_posn) || NUMBER(n_sign_posn) || TEXT(decimal_point) ||
        TEXT(thousands_sep) || put(ts, d, "grouping", grouping_list(ts, lc.grouping))) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
#undef TEXT
#undef NUMBER
    return dict;
}

/* A NUL-terminated copy in wide characters, from gi_mem; ValueError on an embedded NUL. */
static wchar_t *wide(GiThread *ts, GiVal s) {
    size_t n = gi_str_len(s);
    wchar_t *w = gi_mem_alloc(ts, (n + 1) * sizeof *w);
    if (!w) return NULL;
    for (size_t i = 0; i < n; i++) {
        w[i] = (wchar_t)gi_str_char(s, i);
        if (w[i] == 0) {
            gi_mem_free(w);
            gi_raise(ts, &gi_exc_ValueError, "embedded null character");
            return NULL;
        }
    }
    w[n] = 0;
    return w;
}

GI_FUNCTION(_locale, strcoll, "(os1: str, os2: str, /)",
            "Compares two strings according to the locale.") {
    wchar_t *x = wide(ts, a->os1), *y = x ? wide(ts, a->os2) : NULL;
    GiRef result = y ? gi_smallint_ref(wcscoll(x, y)) : GI_NULL;
    gi_mem_free(x);
    gi_mem_free(y);
    return result;
}

GI_FUNCTION(_locale, strxfrm, "(string: str, /)",
            "Return a string that can be used as a key for locale-aware comparisons.") {
    wchar_t *from = wide(ts, a->string), *to = NULL;
    if (!from) return GI_NULL;
    GiRef result = GI_NULL;
    errno = 0;
    size_t n = wcsxfrm(NULL, from, 0);
    if (errno && errno != ERANGE) {
        result = gi_raise_errno(ts, errno, GI_NOVAL);
    } else if ((to = gi_mem_alloc(ts, (n + 1) * sizeof *to))) {
        wcsxfrm(to, from, n + 1);
        result = gi_str_from_ucs4(ts, (const uint32_t *)to, n);
    }
    gi_mem_free(from);
    gi_mem_free(to);
    return result;
}

static const GiIntConstant categories[] = {
    {"LC_CTYPE", LC_CTYPE}, {"LC_TIME", LC_TIME}, {"LC_COLLATE", LC_COLLATE},
    {"LC_MONETARY", LC_MONETARY}, {"LC_MESSAGES", LC_MESSAGES}, {"LC_NUMERIC", LC_NUMERIC},
    {"LC_ALL", LC_ALL}, {"CHAR_MAX", CHAR_MAX},
};

#define ITEM(name) {#name, name},
static const GiIntConstant langinfo[] = {
    ITEM(DAY_1) ITEM(DAY_2) ITEM(DAY_3) ITEM(DAY_4) ITEM(DAY_5) ITEM(DAY_6) ITEM(DAY_7)
    ITEM(ABDAY_1) ITEM(ABDAY_2) ITEM(ABDAY_3) ITEM(ABDAY_4) ITEM(ABDAY_5) ITEM(ABDAY_6) ITEM(ABDAY_7)
    ITEM(MON_1) ITEM(MON_2) ITEM(MON_3) ITEM(MON_4) ITEM(MON_5) ITEM(MON_6)
    ITEM(MON_7) ITEM(MON_8) ITEM(MON_9) ITEM(MON_10) ITEM(MON_11) ITEM(MON_12)
    ITEM(ABMON_1) ITEM(ABMON_2) ITEM(ABMON_3) ITEM(ABMON_4) ITEM(ABMON_5) ITEM(ABMON_6)
    ITEM(ABMON_7) ITEM(ABMON_8) ITEM(ABMON_9) ITEM(ABMON_10) ITEM(ABMON_11) ITEM(ABMON_12)
    ITEM(RADIXCHAR) ITEM(THOUSEP) ITEM(CRNCYSTR) ITEM(D_FMT) ITEM(D_T_FMT) ITEM(T_FMT) ITEM(AM_STR)
    ITEM(PM_STR) ITEM(CODESET) ITEM(T_FMT_AMPM) ITEM(ERA) ITEM(ERA_D_FMT) ITEM(ERA_D_T_FMT)
    ITEM(ERA_T_FMT) ITEM(ALT_DIGITS) ITEM(YESEXPR) ITEM(NOEXPR) ITEM(_DATE_FMT)
};

GI_FUNCTION(_locale, nl_langinfo, "(key: int, /)",
            "Return the value for the locale information associated with key.") {
    for (size_t i = 0; i < GI_COUNTOF(langinfo); i++)
        if (langinfo[i].value == a->key) {
            const char *text = nl_langinfo(a->key);
            return decode(ts, text ? text : "");
        }
    return gi_raise_ref(ts, &gi_exc_ValueError, "unsupported langinfo constant");
}

GI_FUNCTION(_locale, getencoding, "()",
            "Get the current locale encoding.") {
    const char *name = nl_langinfo(CODESET);
    return decode(ts, name && *name ? name : "utf-8");
}

/* ---- Message catalogues ---- */

GI_FUNCTION(_locale, gettext, "(msg: cstr, /)",
            "gettext(msg) -> string\n\nReturn translation of msg.") { return decode(ts, gettext(a->msg)); }
GI_FUNCTION(_locale, dgettext, "(domain: cstr?, msg: cstr, /)",
            "dgettext(domain, msg) -> string\n\nReturn translation of msg in domain.") {
    return decode(ts, dgettext(a->domain, a->msg));
}
GI_FUNCTION(_locale, dcgettext, "(domain: cstr?, msg: cstr, category: int, /)",
            "Return translation of msg in domain and category.") {
    return decode(ts, dcgettext(a->domain, a->msg, a->category));
}

GI_FUNCTION(_locale, textdomain, "(domain: cstr?, /)",
            "Set the C library's textdmain to domain, returning the new domain.") {
    const char *now = textdomain(a->domain);
    return now ? decode(ts, now) : gi_raise_errno(ts, errno, GI_NOVAL);
}

GI_FUNCTION(_locale, bindtextdomain, "(domain: cstr, dir, /)",
            "Bind the C library's domain to dir.") {
    if (!*a->domain) return raise_locale(ts, self, "domain must be a non-empty string");
    GI_AUTO GiRef path = gi_is_none(a->dir) ? GI_NULL : gi_fs_path(ts, a->dir);
    if (gi_is_null(path) && !gi_is_none(a->dir)) return GI_NULL;
    errno = 0;
    const char *now =
        bindtextdomain(a->domain, gi_is_null(path) ? NULL : (const char *)gi_bytes_data(path));
    return now ? decode(ts, now) : gi_raise_errno(ts, errno, GI_NOVAL);
}

GI_FUNCTION(_locale, bind_textdomain_codeset, "(domain: cstr, codeset: cstr?, /)",
            "Bind the C library's domain to codeset.") {
    const char *now = bind_textdomain_codeset(a->domain, a->codeset);
    return now ? decode(ts, now) : GI_REF_NONE;
}

static GiStatus _locale_exec(GiThread *ts, GiVal module) {
    LocaleState *state = gi_module_state(module);
    GiRef error = gi_type_make(ts, "locale.Error", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&state->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "Error", error) ||
        gi_module_add_ints(ts, module, categories, GI_COUNTOF(categories)) ||
        gi_module_add_ints(ts, module, langinfo, GI_COUNTOF(langinfo)))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__locale = {
    .name = "_locale",
    .doc = "Support for POSIX locales.",
    .functions = _locale_functions,
    .exec = _locale_exec,
    .state_size = sizeof(LocaleState),
    .state_fields = (const GiField[]){GI_SLOT(LocaleState, error), GI_FIELDS_END},
};
