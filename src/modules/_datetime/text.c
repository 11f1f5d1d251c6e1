/* text.c - dates and times as text: offsets, times of day, strftime.
 *
 * strftime hands the format to time.strftime after it has put in what that does not know: %z, %Z and %f
 * of this object. As there, a format ends at the first NUL.
 */
#include "modules/_datetime/internal.h"

#include <stdio.h>

size_t gi_dt_offset_text(char text[DT_OFFSET_TEXT], int64_t us, const char *sep) {
    char sign = us < 0 ? '-' : '+';
    if (us < 0) us = -us;
    int seconds = (int)(us / DT_US_PER_SECOND), rest = (int)(us % DT_US_PER_SECOND);
    int n = snprintf(text, DT_OFFSET_TEXT, "%c%02d%s%02d", sign, seconds / 3600, sep, seconds / 60 % 60);
    if (seconds % 60 || rest) n += snprintf(text + n, DT_OFFSET_TEXT - (size_t)n, "%s%02d", sep, seconds % 60);
    if (rest) n += snprintf(text + n, DT_OFFSET_TEXT - (size_t)n, ".%06d", rest);
    return (size_t)n;
}

int gi_dt_clock_text(GiThread *ts, char text[DT_CLOCK_TEXT], DtClock c, GiVal timespec) {
    enum { AUTO, HOURS, MINUTES, SECONDS, MILLISECONDS, MICROSECONDS, SPECS };
    static const char *const names[SPECS] = {"auto", "hours", "minutes", "seconds", "milliseconds", "microseconds"};
    int spec = AUTO;
    if (!gi_is_null(timespec)) {
        if (!gi_str_utf8(ts, timespec, NULL)) return -1;
        while (spec < SPECS && !gi_str_equals_cstr(timespec, names[spec])) spec++;
    }
    if (spec == AUTO) spec = c.us ? MICROSECONDS : SECONDS;
    if (spec == SPECS) {
        gi_raise(ts, &gi_exc_ValueError, "Unknown timespec value");
        return -1;
    }
    int n = snprintf(text, DT_CLOCK_TEXT, "%02d", c.hour); /* what was unpickled may be wider */
    if (spec >= MINUTES) n += snprintf(text + n, DT_CLOCK_TEXT - (size_t)n, ":%02d", c.minute);
    if (spec >= SECONDS) n += snprintf(text + n, DT_CLOCK_TEXT - (size_t)n, ":%02d", c.second);
    if (spec == MILLISECONDS) n += snprintf(text + n, DT_CLOCK_TEXT - (size_t)n, ".%03d", c.us / 1000);
    if (spec == MICROSECONDS) n += snprintf(text + n, DT_CLOCK_TEXT - (size_t)n, ".%06d", c.us);
    return n;
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
        if (offset.known) gi_sb_ascii(sb, text, gi_dt_offset_text(text, offset.us, ""));
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
