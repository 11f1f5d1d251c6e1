/* text.c - dates and times as text: offsets, times of day, strftime.
 *
 * strftime hands the format to time.strftime after it has put in what that does not know: %z, %Z and %f
 * of this object. As there, a format ends at the first NUL.
 */
#include "modules/_datetime/internal.h"

#include <stdio.h>

char *gi_dt_put(char *to, unsigned value, int width) {
    char digits[10];
    int n = 0;
    do digits[n++] = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    for (; width > n; width--) *to++ = '0';
    while (n) *to++ = digits[--n];
    return to;
}
static char *put_after(char *to, char sep, unsigned value, int width) {
    *to = sep;
    return gi_dt_put(to + 1, value, width);
}

char *gi_dt_put_day(char *to, DtDay d) {
    return put_after(put_after(gi_dt_put(to, d.year, 4), '-', d.month, 2), '-', d.day, 2);
}

size_t gi_dt_offset_text(char text[DT_OFFSET_TEXT], int64_t us, bool colons) {
    char *p = text;
    *p++ = us < 0 ? '-' : '+';
    if (us < 0) us = -us;
    unsigned seconds = (unsigned)(us / DT_US_PER_SECOND), rest = (unsigned)(us % DT_US_PER_SECOND);
    p = gi_dt_put(p, seconds / 3600, 2);
    p = colons ? put_after(p, ':', seconds / 60 % 60, 2) : gi_dt_put(p, seconds / 60 % 60, 2);
    if (seconds % 60 || rest) p = colons ? put_after(p, ':', seconds % 60, 2) : gi_dt_put(p, seconds % 60, 2);
    if (rest) p = put_after(p, '.', rest, 6);
    return (size_t)(p - text);
}

int gi_dt_clock_text(GiThread *ts, char text[DT_CLOCK_TEXT], DtClock c, GiVal timespec) {
    enum { AUTO, HOURS, MINUTES, SECONDS, MILLISECONDS, MICROSECONDS, SPECS };
    static const char *const names[SPECS] = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"};
    int spec = AUTO;
    if (!gi_is_null(timespec)) {
        if (!gi_str_utf8(ts, timespec, NULL)) return -1;
        while (spec < SPECS && !gi_str_equals_cstr(timespec, names[spec])) spec++;
    }
    if (spec == SPECS) {
        gi_raise(ts, &gi_exc_ValueError, "Unknown timespec value");
        return -1;
    }
    if (spec == AUTO) spec = c.us ? MICROSECONDS : SECONDS;
    char *p = gi_dt_put(text, c.hour, 2); /* what was unpickled may be wider */
    if (spec >= MINUTES) p = put_after(p, ':', c.minute, 2);
    if (spec >= SECONDS) p = put_after(p, ':', c.second, 2);
    if (spec == MILLISECONDS) p = put_after(p, '.', (unsigned)c.us / 1000, 3);
    if (spec == MICROSECONDS) p = put_after(p, '.', (unsigned)c.us, 6);
    return (int)(p - text);
}

GiRef gi_dt_ctime(GiThread *ts, DtDay d, DtClock c) {
    static const char days[] = "MonTueWedThuFriSatSun", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[64];
    int n = snprintf(text, sizeof text, "%.3s %.3s %2d %02d:%02d:%02d %04d", days + 3 * dt_weekday(dt_day_ordinal(d)),
                     months + 3 * (d.month - 1), d.day, c.hour, c.minute, c.second, d.year);
    return gi_str_from_latin1(ts, text, (size_t)n);
}

GiRef gi_dt_struct_time(GiThread *ts, DtDay d, DtClock c, int isdst) {
    int64_t ordinal = dt_day_ordinal(d);
    const int64_t fields[9] = {d.year, d.month, d.day, c.hour, c.minute, c.second, dt_weekday(ordinal),
                               ordinal - dt_ordinal(d.year, 1, 1) + 1, isdst};
    GiVal items[9];
    for (int i = 0; i < 9; i++) items[i] = gi_smallint(fields[i]);
    GI_AUTO GiRef type = gi_import_attr(ts, "time", "struct_time");
    GI_AUTO GiRef tuple = gi_is_null(type) ? GI_NULL : gi_tuple_from(ts, items, 9);
    return gi_is_null(tuple) ? GI_NULL : gi_call1(ts, gi_val(type), gi_val(tuple));
}

GiRef gi_dt_format(GiThread *ts, GiVal self, GiVal spec) {
    if (gi_str_len(spec) == 0) return gi_str(ts, self);
    return gi_call_method(ts, gi_dt_shared()->strftime, (GiVal[]){self, spec}, 2);
}

/* ---- strftime ---- */

typedef struct Zone {
    GiVal tzinfo, arg;
    int us;
} Zone;

/* Appends what stands for %z, %Z or %f, ready for another round of formatting. */
static GiStatus put_own(GiThread *ts, GiStrBuilder *sb, uint32_t directive, const Zone *zone) {
    char text[DT_OFFSET_TEXT];
    if (directive == 'f') {
        gi_sb_ascii(sb, text, (size_t)snprintf(text, sizeof text, "%06d", zone->us));
        return GI_OK;
    }
    if (directive == 'z') {
        DtOffset offset;
        if (gi_dt_ask_offset(ts, zone->tzinfo, gi_dt_shared()->utcoffset, zone->arg, &offset)) return GI_FAIL;
        if (offset.known) gi_sb_ascii(sb, text, gi_dt_offset_text(text, offset.us, false));
        return GI_OK;
    }
    GI_AUTO GiRef name = gi_dt_ask_name(ts, zone->tzinfo, zone->arg);
    if (gi_is_null(name)) return GI_FAIL;
    if (gi_is_none(name)) return GI_OK;
    GiVal percent = GI_STR_LATIN1_CHAR('%');
    GI_AUTO GiRef twice = gi_str_concat(ts, percent, percent);
    if (gi_is_null(twice)) return GI_FAIL;
    GI_AUTO GiRef escaped = gi_call_method_cstr(ts, gi_val(name), "replace", (GiVal[]){percent, gi_val(twice)}, 2);
    if (gi_is_null(escaped)) return GI_FAIL;
    if (!gi_is_str(gi_val(escaped))) return gi_raise_status(ts, &gi_exc_TypeError, "tzname.replace() did not return a string");
    if (!gi_str_utf8(ts, gi_val(escaped), NULL)) return GI_FAIL;
    gi_sb_str(sb, gi_val(escaped));
    return GI_OK;
}

GiRef gi_dt_strftime(GiThread *ts, GiVal format, GiVal timetuple, GiVal tzinfo, GiVal arg, int us) {
    const Zone zone = {tzinfo, arg, us};
    if (!gi_str_utf8(ts, format, NULL)) return GI_NULL; /* surrogates are refused */
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t n = gi_str_len(format);
    for (size_t i = 0; i < n && gi_str_char(format, i); i++) {
        uint32_t ch = gi_str_char(format, i), next = i + 1 < n ? gi_str_char(format, i + 1) : 0;
        if (ch == '%' && (next == 'z' || next == 'Z' || next == 'f')) {
            if (put_own(ts, &sb, next, &zone)) {
                gi_sb_discard(&sb);
                return GI_NULL;
            }
            i++;
        } else {
            gi_sb_char(&sb, ch);
            if (ch == '%' && next) gi_sb_char(&sb, next), i++;
        }
    }
    GI_AUTO GiRef plain = gi_sb_finish(&sb);
    GI_AUTO GiRef function = gi_is_null(plain) ? GI_NULL : gi_import_attr(ts, "time", "strftime");
    return gi_is_null(function) ? GI_NULL : gi_call2(ts, gi_val(function), gi_val(plain), timetuple);
}
