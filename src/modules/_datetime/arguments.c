/* arguments.c - the arguments of the constructors, their checks, and pickled states.
 *
 * PYSEM: the wording of errors is that of CPython's older unpackers, which name no function and
 * convert an argument before they look at the next (tests/diff/mod_datetime_errors.py).
 */
#include "modules/_datetime/internal.h"

#include <limits.h>

static ssize_t keyword_at(const DtParams *p, GiVal key) {
    for (size_t i = 0; p->kinds[i]; i++)
        if (gi_str_equals_cstr(key, p->names[i])) return (ssize_t)i;
    return -1;
}

/* The keywords that were not used: each is unknown, or given by position too. */
static GI_COLD GiStatus bad_keyword(GiThread *ts, const DtParams *p, size_t nargs, GiVal kwnames) {
    const char *name = p->fname ? p->fname : "function";
    for (size_t k = 0; k < gi_tuple_len(kwnames); k++) {
        ssize_t at = keyword_at(p, gi_tuple_get(kwnames, k));
        if (at >= 0 && (size_t)at < nargs)
            return gi_raise_status(ts, &gi_exc_TypeError, "argument for %s given by name ('%s') and position (%zd)", name,
                                   p->names[at], at + 1);
    }
    for (size_t k = 0; k < gi_tuple_len(kwnames); k++)
        if (keyword_at(p, gi_tuple_get(kwnames, k)) < 0)
            return gi_raise_status(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for %s",
                                   gi_tuple_get(kwnames, k), p->fname ? p->fname : "this function");
    return GI_OK;
}

GiStatus gi_dt_unpack(GiThread *ts, const DtParams *p, const GiVal *args, size_t nargs, GiVal kwnames, DtArg *out) {
    const char *name = p->fname ? p->fname : "function";
    size_t count = strlen(p->kinds), nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames), used = 0;
    if (nargs + nkw > count)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s takes at most %zu %sargument%s (%zu given)", name, count,
                               nargs ? "" : "keyword ", count == 1 ? "" : "s", nargs + nkw);
    if (nargs > p->positional && p->positional == 0)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s takes no positional arguments", name);
    if (nargs > p->positional)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s takes at most %u positional arguments (%zu given)", name,
                               p->positional, nargs);
    for (size_t i = 0; i < count; i++) {
        GiVal v = i < nargs ? args[i] : GI_NOVAL;
        for (size_t k = 0; gi_is_null(v) && k < nkw; k++)
            if (gi_str_equals_cstr(gi_tuple_get(kwnames, k), p->names[i])) v = args[nargs + k], used++;
        if (gi_is_null(v)) {
            if (i < p->required)
                return gi_raise_status(ts, &gi_exc_TypeError, "%s missing required argument '%s' (pos %zu)", name,
                                       p->names[i], i + 1);
            out[i].v = GI_NOVAL;
            continue;
        }
        out[i].v = v;
        if (p->kinds[i] == 'i' && gi_dt_int(ts, v, &out[i].i)) return GI_FAIL;
    }
    return used < nkw ? bad_keyword(ts, p, nargs, kwnames) : GI_OK;
}

GiStatus gi_dt_unpack_dict(GiThread *ts, const DtParams *p, const GiVal *args, size_t nargs, GiVal kwargs, DtArg *out) {
    enum { MOST = 16 };
    size_t nkw = gi_is_null(kwargs) ? 0 : gi_dict_len(kwargs), at = nargs, pos = 0;
    GiVal all[MOST], names[MOST], key, value;
    if (nargs + nkw > MOST) /* too many for any of them */
        return gi_raise_status(ts, &gi_exc_TypeError, "function takes at most %zu arguments (%zu given)", strlen(p->kinds), nargs + nkw);
    for (size_t i = 0; i < nargs; i++) all[i] = args[i];
    while (nkw && gi_dict_next_peek(kwargs, &pos, &key, &value)) names[at - nargs] = key, all[at++] = value;
    GI_AUTO GiRef kwnames = nkw ? gi_tuple_from(ts, names, nkw) : GI_NULL;
    if (nkw && gi_is_null(kwnames)) return GI_FAIL;
    return gi_dt_unpack(ts, p, all, nargs, gi_val(kwnames), out);
}

GiStatus gi_dt_int(GiThread *ts, GiVal v, int *out) {
    int64_t i = 0;
    if (GI_LIKELY(gi_is_smallint(v))) {
        i = gi_smallint_value(v);
    } else {
        GiRef index = gi_index(ts, v);
        if (gi_is_null(index)) return GI_FAIL;
        int far = gi_int_as_i64(gi_val(index), &i);
        gi_drop(ts, index);
        if (far) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    }
    if (i > INT_MAX) return gi_raise_status(ts, &gi_exc_OverflowError, "signed integer is greater than maximum");
    if (i < INT_MIN) return gi_raise_status(ts, &gi_exc_OverflowError, "signed integer is less than minimum");
    *out = (int)i;
    return GI_OK;
}

GiStatus gi_dt_int_opt(GiThread *ts, GiVal v, int *out) { return gi_is_null(v) ? GI_OK : gi_dt_int(ts, v, out); }

GiStatus gi_dt_exactly(GiThread *ts, const char *fname, size_t count, size_t wanted) {
    if (count == wanted) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes exactly %zu argument%s (%zu given)", fname, wanted,
                           wanted == 1 ? "" : "s", count);
}

GiStatus gi_dt_want_str(GiThread *ts, const char *fname, int number, GiVal v) {
    if (gi_is_str(v)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() argument %d must be str, not %#T", fname, number, v);
}

int gi_dt_state(GiThread *ts, GiVal v, size_t n, size_t at, uint8_t mask, uint8_t low, uint8_t high,
                const char *what, uint8_t *out) {
    uint32_t key;
    if (gi_is_bytes(v)) {
        if (gi_bytes_len(v) != n) return 0;
        key = gi_bytes_data(v)[at];
    } else if (gi_is_str(v)) {
        if (gi_str_len(v) != n) return 0;
        key = gi_str_char(v, at);
    } else {
        return 0;
    }
    if (key > 0xFF && gi_is_str(v)) key = 0;
    key &= (uint32_t)~mask & 0xFF;
    if (key < low || key > high) return 0;
    if (gi_is_bytes(v)) {
        memcpy(out, gi_bytes_data(v), n);
        return 1;
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t ch = gi_str_char(v, i);
        if (ch > 0xFF) {
            gi_raise(ts, &gi_exc_ValueError, "Failed to encode latin1 string when unpickling a %s object. "
                     "pickle.load(data, encoding='latin1') is assumed.", what);
            return -1;
        }
        out[i] = (uint8_t)ch;
    }
    return 1;
}

GiStatus gi_dt_check_day(GiThread *ts, int year, int month, int day, DtDay *out) {
    if (year < DT_MIN_YEAR || year > DT_MAX_YEAR)
        return gi_raise_status(ts, &gi_exc_ValueError, "year %i is out of range", year);
    if (month < 1 || month > 12) return gi_raise_status(ts, &gi_exc_ValueError, "month must be in 1..12");
    if (day < 1 || day > dt_days_in_month(year, month))
        return gi_raise_status(ts, &gi_exc_ValueError, "day is out of range for month");
    *out = (DtDay){(uint16_t)year, (uint8_t)month, (uint8_t)day};
    return GI_OK;
}

GiStatus gi_dt_check_clock(GiThread *ts, int hour, int minute, int second, int us, int fold, DtClock *out) {
    const char *wrong = hour < 0 || hour > 23       ? "hour must be in 0..23"
                        : minute < 0 || minute > 59 ? "minute must be in 0..59"
                        : second < 0 || second > 59 ? "second must be in 0..59"
                        : us < 0 || us > 999999     ? "microsecond must be in 0..999999"
                        : fold != 0 && fold != 1    ? "fold must be either 0 or 1"
                                                    : NULL;
    if (wrong) return gi_raise_status(ts, &gi_exc_ValueError, "%s", wrong);
    *out = (DtClock){(uint8_t)hour, (uint8_t)minute, (uint8_t)second, (uint8_t)fold, us};
    return GI_OK;
}

GiStatus gi_dt_check_tzinfo(GiThread *ts, GiVal tzinfo) {
    if (gi_is_none(tzinfo) || gi_is_tzinfo(tzinfo)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "tzinfo argument must be None or of a tzinfo subclass, not type '%T'",
                           tzinfo);
}
