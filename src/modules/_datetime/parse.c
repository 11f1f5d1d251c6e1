/* parse.c - fromisoformat: the texts of ISO 8601.
 *
 * A date is YYYY-MM-DD, YYYYMMDD, YYYY-Www[-D] or YYYYWww[D]; a time HH[:MM[:SS[.f...]]] or the same without
 * colons, of whose fraction six digits count; an offset is Z or a sign and a time. What does not have that
 * form is an "Invalid isoformat string"; fields out of range are told as the constructors tell them.
 */
#include "modules/_datetime/internal.h"

typedef struct DayParts {
    int year, month, day;
} DayParts;
typedef struct ClockParts {
    int hour, minute, second, us;
} ClockParts;

/* A part of a str; digits are those of ASCII only. */
typedef struct Cursor {
    GiVal text;
    const uint8_t *ascii; /* its characters if all are ASCII, else NULL */
    size_t at, end;
} Cursor;

static Cursor cursor_of(GiVal text) {
    return (Cursor){text, gi_str_is_ascii(text) ? gi_str_data(text) : NULL, 0, gi_str_len(text)};
}
static uint32_t char_at(const Cursor *c, size_t i) { return GI_LIKELY(c->ascii != NULL) ? c->ascii[i] : gi_str_char(c->text, i); }
static uint32_t peek_at(const Cursor *c, size_t i) { return i < c->end ? char_at(c, i) : 0; }
static bool is_digit(uint32_t ch) { return ch - '0' < 10u; }
static bool take(Cursor *c, uint32_t ch) {
    if (c->at >= c->end || char_at(c, c->at) != ch) return false;
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

/* The length of what is left as UTF-8; 0 if there are surrogates. */
static size_t utf8_length(const Cursor *c) {
    size_t n = 0;
    if (c->ascii) return c->end - c->at;
    for (size_t i = c->at; i < c->end; i++) {
        uint32_t ch = gi_str_char(c->text, i);
        if (ch >= 0xD800 && ch < 0xE000) return 0;
        n += 1 + (ch >= 0x80) + (ch >= 0x800) + (ch >= 0x10000);
    }
    return n;
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

static DayParts day_parts(int64_t ordinal) {
    DayParts d;
    d.year = (int)dt_civil(ordinal, &d.month, &d.day);
    return d;
}
/* Weeks reach beyond the last date. */
static GiStatus check_day(GiThread *ts, DayParts d, DtDay *out) { return gi_dt_check_day(ts, d.year, d.month, d.day, out); }

GiStatus gi_dt_from_iso_week(GiThread *ts, int year, int week, int weekday, DtDay *out) {
    int64_t ordinal;
    switch (from_week(year, week, weekday, &ordinal)) {
    case WEEK_OK: return check_day(ts, day_parts(ordinal), out);
    case WEEK_BAD_YEAR: return gi_raise_status(ts, &gi_exc_ValueError, "Year is out of range: %d", year);
    case WEEK_BAD_WEEK: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid week: %d", week);
    default: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid day: %d (range is [1, 7])", weekday);
    }
}

/* The whole of the cursor. PYSEM: of ten bytes without dashes the last two are overlooked, as in CPython 3.11. */
static bool take_day(Cursor *c, DayParts *d) {
    int week, weekday = 1;
    size_t length = utf8_length(c);
    if (length != 7 && length != 8 && length != 10) return false;
    if (!take_number(c, 4, &d->year)) return false;
    bool dashes = take(c, '-');
    if (!take(c, 'W'))
        return take_number(c, 2, &d->month) && (!dashes || take(c, '-')) && take_number(c, 2, &d->day);
    if (!take_number(c, 2, &week)) return false;
    if (length > 7 + (size_t)dashes && ((dashes && !take(c, '-')) || !take_number(c, 1, &weekday))) return false;
    int64_t ordinal;
    /* PYSEM: year 0 (which is laid out as year 400) is told as if the month were out of range. */
    bool year_0 = d->year == 0;
    if (from_week(year_0 ? 400 : d->year, week, weekday, &ordinal) != WEEK_OK) return false;
    *d = year_0 ? (DayParts){1, 0, 0} : day_parts(ordinal);
    return true;
}

GiStatus gi_dt_parse_date(GiThread *ts, GiVal text, DtDay *day) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = cursor_of(text);
    DayParts d;
    return take_day(&c, &d) ? check_day(ts, d, day) : invalid(ts, text);
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

/* The fraction: six digits count, and more of them are passed over. */
static bool take_fraction(Cursor *c, int *us) {
    int digits = (int)GI_MIN(c->end - c->at, 6);
    if (!take_number(c, digits, us)) return false;
    for (int i = digits; i < 6; i++) *us *= 10;
    while (is_digit(peek_at(c, c->at))) c->at++;
    return true;
}

/* HH[:MM[:SS]][.f]: the fraction is of a second, wherever it stands. The cursor stops where that ends. PYSEM: behind
 * seconds the separator that was used so far will do for the point; one character more at the end is left for the
 * caller, who overlooks it before an offset, as CPython 3.11 does. */
static bool take_clock(Cursor *c, ClockParts *p) {
    *p = (ClockParts){0};
    int *const parts[] = {&p->hour, &p->minute, &p->second};
    bool colons = false;
    for (int i = 0; i < 3; i++) {
        if (i && colons && !take(c, ':')) return false;
        if (!take_number(c, 2, parts[i])) return false;
        if (c->at == c->end || (c->at + 1 == c->end && peek_at(c, c->at) < 0x80)) return true;
        if (i == 0) colons = peek_at(c, c->at) == ':';
        if (take(c, '.') || take(c, ',')) return take_fraction(c, &p->us);
    }
    return (!colons || take(c, ':')) && take_fraction(c, &p->us);
}

/* PYSEM: a NUL ends the text, too, where it should end. */
static bool is_end(const Cursor *c) { return peek_at(c, c->at) == 0; }

/* The offset behind a sign, or Z. GI_OK with *zone null: malformed. */
static GiStatus parse_zone(GiThread *ts, Cursor *c, GiRef *zone) {
    *zone = GI_NULL;
    if (take(c, 'Z')) {
        if (is_end(c)) *zone = gi_dup(ts, gi_dt_shared()->utc);
        return GI_OK;
    }
    bool west = take(c, '-');
    ClockParts p;
    if (!west) (void)take(c, '+');
    if (!take_clock(c, &p) || !is_end(c)) return GI_OK;
    __int128 us = (p.hour * 3600 + p.minute * 60 + p.second) * DT_US_PER_SECOND;
    us = us ? us + p.us : 0; /* PYSEM: a fraction alone does not count */
    GI_AUTO GiRef offset = gi_dt_delta(ts, west ? -us : us);
    if (gi_is_null(offset)) return GI_FAIL;
    *zone = gi_dt_timezone(ts, gi_val(offset), GI_NOVAL);
    return gi_is_null(*zone) ? GI_FAIL : GI_OK;
}

/* From the cursor to its end. */
static GiStatus parse_clock(GiThread *ts, Cursor *c, ClockParts *p, GiRef *tzinfo) {
    const Cursor all = *c;
    Cursor zone = *c;
    while (zone.at < zone.end) {
        uint32_t ch = peek_at(&zone, zone.at);
        if (ch == '+' || ch == '-' || ch == 'Z') break;
        zone.at++;
    }
    bool has_zone = zone.at < zone.end;
    c->end = zone.at;
    if (utf8_length(&all) == 0 || !take_clock(c, p) || (!has_zone && !is_end(c))) return invalid(ts, c->text);
    *tzinfo = GI_REF_NONE;
    if (has_zone && parse_zone(ts, &zone, tzinfo)) return GI_FAIL;
    return gi_is_null(*tzinfo) ? invalid(ts, c->text) : GI_OK;
}
static GiStatus check_clock(GiThread *ts, ClockParts p, DtClock *out) {
    return gi_dt_check_clock(ts, p.hour, p.minute, p.second, p.us, 0, out);
}

GiStatus gi_dt_parse_time(GiThread *ts, GiVal text, DtClock *clock, GiRef *tzinfo) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = cursor_of(text);
    ClockParts p;
    (void)take(&c, 'T');
    GI_AUTO GiRef zone = GI_NULL;
    if (parse_clock(ts, &c, &p, &zone) || check_clock(ts, p, clock)) return GI_FAIL;
    *tzinfo = gi_move(&zone);
    return GI_OK;
}

GiStatus gi_dt_parse_datetime(GiThread *ts, GiVal text, DtDay *day, DtClock *clock, GiRef *tzinfo) {
    if (want_text(ts, text)) return GI_FAIL;
    Cursor c = cursor_of(text);
    size_t length = c.end, split = date_length(&c);
    DayParts d;
    ClockParts p = {0};
    GI_AUTO GiRef zone = GI_REF_NONE;
    c.end = GI_MIN(split, length);
    if (!take_day(&c, &d)) return invalid(ts, text);
    if (split < length) {
        c.at = split + 1;
        c.end = length;
        if (parse_clock(ts, &c, &p, &zone)) return GI_FAIL;
    }
    if (check_day(ts, d, day) || check_clock(ts, p, clock)) return GI_FAIL;
    *tzinfo = gi_move(&zone);
    return GI_OK;
}
