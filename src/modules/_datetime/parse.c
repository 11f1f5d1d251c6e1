/* parse.c - fromisoformat: the texts of ISO 8601.
 *
 * A date is YYYY-MM-DD, YYYYMMDD, YYYY-Www[-D] or YYYYWww[D]; a time HH[:MM[:SS[.f...]]] or the same without
 * colons, of whose fraction six digits count; an offset is Z or a sign and a time. What does not have that
 * form is an "Invalid isoformat string"; fields out of range are told as the constructors tell them.
 */
#include "modules/_datetime/internal.h"

/* A part of a str; digits are those of ASCII only. */
typedef struct Cursor {
    GiVal text;
    size_t at, end;
} Cursor;

static uint32_t peek_at(const Cursor *c, size_t i) { return i < c->end ? gi_str_char(c->text, i) : 0; }
static bool is_digit(uint32_t ch) { return ch - '0' < 10u; }
static bool take(Cursor *c, uint32_t ch) {
    if (c->at >= c->end || gi_str_char(c->text, c->at) != ch) return false;
    c->at++;
    return true;
}
static bool take_number(Cursor *c, int digits, int *out) {
    int n = 0;
    for (int i = 0; i < digits; i++, c->at++) {
        uint32_t ch = peek_at(c, c->at);
        if (!is_digit(ch)) return false;
        n = n * 10 + (int)(ch - '0');
    }
    *out = n;
    return true;
}

static GiStatus invalid(GiThread *ts, GiVal text) {
    return gi_raise_status(ts, &gi_exc_ValueError, "Invalid isoformat string: %R", text);
}
static GiStatus want_text(GiThread *ts, GiVal text) {
    if (gi_is_str(text)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "fromisoformat: argument must be str");
}

/* ---- Dates ---- */

typedef enum { WEEK_OK, WEEK_BAD_YEAR, WEEK_BAD_WEEK, WEEK_BAD_DAY } WeekFault;

static WeekFault from_week(int year, int week, int weekday, int64_t *ordinal) {
    if (year < DT_MIN_YEAR || year > DT_MAX_YEAR) return WEEK_BAD_YEAR;
    if (week < 1 || week > dt_iso_weeks_in_year(year)) return WEEK_BAD_WEEK;
    if (weekday < 1 || weekday > 7) return WEEK_BAD_DAY;
    *ordinal = dt_iso_year_start(year) + (week - 1) * 7 + weekday - 1;
    return WEEK_OK;
}

/* Past the last date only: ISO year 1 begins on the first day. */
static GiStatus day_of_week(GiThread *ts, int64_t ordinal, DtDay *out) {
    int month, day;
    int64_t year = dt_civil(ordinal, &month, &day);
    return gi_dt_check_day(ts, (int)year, month, day, out);
}

GiStatus gi_dt_from_iso_week(GiThread *ts, int year, int week, int weekday, DtDay *out) {
    int64_t ordinal;
    switch (from_week(year, week, weekday, &ordinal)) {
    case WEEK_OK: return day_of_week(ts, ordinal, out);
    case WEEK_BAD_YEAR: return gi_raise_status(ts, &gi_exc_ValueError, "Year is out of range: %d", year);
    case WEEK_BAD_WEEK: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid week: %d", week);
    default: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid day: %d (range is [1, 7])", weekday);
    }
}

/* The whole of the cursor. */
static GiStatus parse_day(GiThread *ts, Cursor *c, DtDay *out) {
    int year, month, day, week, weekday = 1;
    if (!take_number(c, 4, &year)) return invalid(ts, c->text);
    bool dashes = take(c, '-');
    if (take(c, 'W')) {
        int64_t ordinal;
        bool good = take_number(c, 2, &week) && (c->at == c->end || ((!dashes || take(c, '-')) && take_number(c, 1, &weekday)));
        if (!good || c->at != c->end) return invalid(ts, c->text);
        WeekFault fault = from_week(year, week, weekday, &ordinal);
        if (fault == WEEK_OK) return day_of_week(ts, ordinal, out);
        /* PYSEM: a year out of range is told as if the date were empty. */
        if (fault == WEEK_BAD_YEAR) return gi_raise_status(ts, &gi_exc_ValueError, "month must be in 1..12");
        return invalid(ts, c->text);
    }
    if (!take_number(c, 2, &month) || (dashes && !take(c, '-')) || !take_number(c, 2, &day) || c->at != c->end)
        return invalid(ts, c->text);
    return gi_dt_check_day(ts, year, month, day, out);
}

GiStatus gi_dt_parse_date(GiThread *ts, GiVal text, DtDay *day) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = {text, 0, gi_str_len(text)};
    return parse_day(ts, &c, day);
}

/* Where the date that a datetime begins with ends, and a separator (any character) follows. After a week, digits and
 * dashes may belong to either side. */
static size_t date_length(const Cursor *c) {
    if (peek_at(c, 4) == '-') {
        if (peek_at(c, 5) != 'W') return 10;
        return peek_at(c, 8) == '-' && !is_digit(peek_at(c, 10)) ? 10 : 8;
    }
    if (peek_at(c, 4) != 'W') return 8;
    size_t digits_end = 7;
    while (is_digit(peek_at(c, digits_end))) digits_end++;
    if (digits_end < 9) return digits_end;
    return digits_end % 2 == 0 ? 7 : 8;
}

/* ---- Times ---- */

typedef struct ClockParts {
    int hour, minute, second, us;
} ClockParts;

/* The fraction, to the end of the cursor: at least one digit, of which six count. */
static bool take_fraction(Cursor *c, int *us) {
    if (c->at == c->end) return false;
    int n = 0, digits = 0;
    for (; c->at < c->end; c->at++) {
        uint32_t ch = peek_at(c, c->at);
        if (!is_digit(ch)) return false;
        if (digits < 6) n = n * 10 + (int)(ch - '0'), digits++;
    }
    for (; digits < 6; digits++) n *= 10;
    *us = n;
    return true;
}

/* HH[:MM[:SS[.f]]], the whole of the cursor. */
static bool take_clock(Cursor *c, ClockParts *p) {
    *p = (ClockParts){0};
    if (!take_number(c, 2, &p->hour)) return false;
    if (c->at == c->end) return true;
    bool colons = peek_at(c, c->at) == ':';
    int *const rest[] = {&p->minute, &p->second};
    for (int i = 0; i < 2; i++) {
        if (c->at == c->end) return true;
        if (colons ? !take(c, ':') : false) return false;
        if (!take_number(c, 2, rest[i])) return false;
    }
    if (c->at == c->end) return true;
    return (take(c, '.') || take(c, ',')) && take_fraction(c, &p->us);
}

/* The offset behind a sign, or Z. GI_OK with *zone null: malformed. */
static GiStatus parse_zone(GiThread *ts, Cursor *c, GiRef *zone) {
    *zone = GI_NULL;
    if (take(c, 'Z')) {
        if (c->at == c->end) *zone = gi_dup(ts, gi_dt_shared()->utc);
        return GI_OK;
    }
    bool west = take(c, '-');
    ClockParts p;
    if (!west) (void)take(c, '+');
    if (!take_clock(c, &p)) return GI_OK;
    __int128 us = (p.hour * 3600 + p.minute * 60 + p.second) * DT_US_PER_SECOND + p.us;
    GI_AUTO GiRef offset = gi_dt_delta(ts, west ? -us : us);
    if (gi_is_null(offset)) return GI_FAIL;
    *zone = gi_dt_timezone(ts, gi_val(offset), GI_NOVAL);
    return gi_is_null(*zone) ? GI_FAIL : GI_OK;
}

/* From the cursor to its end. */
static GiStatus parse_clock(GiThread *ts, Cursor *c, DtClock *clock, GiRef *tzinfo) {
    Cursor zone = *c;
    while (zone.at < zone.end) {
        uint32_t ch = peek_at(&zone, zone.at);
        if (ch == '+' || ch == '-' || ch == 'Z') break;
        zone.at++;
    }
    c->end = zone.at;
    ClockParts p;
    if (!take_clock(c, &p)) return invalid(ts, c->text);
    GiRef found = GI_REF_NONE;
    if (zone.at < zone.end) {
        if (parse_zone(ts, &zone, &found)) return GI_FAIL;
        if (gi_is_null(found)) return invalid(ts, c->text);
    }
    if (gi_dt_check_clock(ts, p.hour, p.minute, p.second, p.us, 0, clock)) {
        gi_drop(ts, found);
        return GI_FAIL;
    }
    *tzinfo = found;
    return GI_OK;
}

GiStatus gi_dt_parse_time(GiThread *ts, GiVal text, DtClock *clock, GiRef *tzinfo) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = {text, 0, gi_str_len(text)};
    (void)take(&c, 'T');
    return parse_clock(ts, &c, clock, tzinfo);
}

GiStatus gi_dt_parse_datetime(GiThread *ts, GiVal text, DtDay *day, DtClock *clock, GiRef *tzinfo) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = {text, 0, gi_str_len(text)};
    size_t length = c.end, split = date_length(&c);
    if (length < 7) return invalid(ts, text);
    c.end = GI_MIN(split, length);
    if (parse_day(ts, &c, day)) return GI_FAIL;
    *clock = (DtClock){0};
    if (split >= length) {
        *tzinfo = GI_REF_NONE;
        return GI_OK;
    }
    c.at = split + 1;
    c.end = length;
    return parse_clock(ts, &c, clock, tzinfo);
}

