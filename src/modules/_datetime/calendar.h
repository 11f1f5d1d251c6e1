/* calendar.h - the proleptic Gregorian calendar as arithmetic on integers.
 *
 * A day is a number: 1 is January 1 of the year 1 (a Monday). The conversions count in eras of 400
 * years that begin on March 1, so that the leap day is the last of its year: Howard Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms" (2013). Times are microseconds since the beginning
 * of day 0; all of them, and all their differences, fit in 64 bits. Nothing here has state or fails.
 */
#ifndef GI_DATETIME_CALENDAR_H
#define GI_DATETIME_CALENDAR_H

#include "base/common.h"

enum { DT_MIN_YEAR = 1, DT_MAX_YEAR = 9999, DT_MAX_ORDINAL = 3652059, DT_EPOCH_ORDINAL = 719163 };
#define DT_US_PER_SECOND INT64_C(1000000)
#define DT_DAY_SECONDS INT64_C(86400)
#define DT_US_PER_DAY (DT_DAY_SECONDS * DT_US_PER_SECOND)

typedef struct DtDay {
    uint16_t year;
    uint8_t month, day;
} DtDay;

typedef struct DtClock {
    uint8_t hour, minute, second, fold;
    int32_t us;
} DtClock;

/* Quotient rounded towards minus infinity, for b > 0. */
static inline int64_t dt_floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0); }
static inline int64_t dt_floor_mod(int64_t a, int64_t b) { return a - dt_floor_div(a, b) * b; }

static inline bool dt_is_leap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

/* month in 1..12 */
static inline int dt_days_in_month(int64_t year, int month) {
    return month == 2 ? 28 + dt_is_leap(year) : 30 + ((month + month / 8) & 1);
}

/* The number of a day of any year; month in 1..12. */
static inline int64_t dt_ordinal(int64_t year, int month, int day) {
    year -= month <= 2;
    int64_t era = dt_floor_div(year, 400), of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 305;
}
static inline int64_t dt_day_ordinal(DtDay d) { return dt_ordinal(d.year, d.month, d.day); }

/* Its inverse: gives the year, which may be any. */
static inline int64_t dt_civil(int64_t ordinal, int *month, int *day) {
    int64_t n = ordinal + 305, era = dt_floor_div(n, 146097), of_era = n - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100), mp = (5 * of_year + 2) / 153;
    *day = (int)(of_year - (153 * mp + 2) / 5) + 1;
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return era * 400 + year + (*month <= 2);
}
/* For ordinals in 1..DT_MAX_ORDINAL. */
static inline DtDay dt_day_of(int64_t ordinal) {
    int month, day;
    int64_t year = dt_civil(ordinal, &month, &day);
    return (DtDay){(uint16_t)year, (uint8_t)month, (uint8_t)day};
}

/* 0 is Monday. */
static inline int dt_weekday(int64_t ordinal) { return (int)dt_floor_mod(ordinal - 1, 7); }

/* The Monday with which the ISO year begins: that of the week of January 4. */
static inline int64_t dt_iso_year_start(int64_t year) {
    int64_t fourth = dt_ordinal(year, 1, 4);
    return fourth - dt_weekday(fourth);
}
/* ISO year and week of a day: those of the Thursday of its week. */
static inline int64_t dt_iso_week(int64_t ordinal, int *week) {
    int month, day;
    int64_t thursday = ordinal - dt_weekday(ordinal) + 3, year = dt_civil(thursday, &month, &day);
    *week = (int)((thursday - dt_iso_year_start(year)) / 7) + 1;
    return year;
}
static inline int dt_iso_weeks_in_year(int64_t year) {
    return (int)((dt_iso_year_start(year + 1) - dt_iso_year_start(year)) / 7);
}

static inline int64_t dt_clock_seconds(DtClock c) { return c.hour * 3600 + c.minute * 60 + c.second; }
static inline int64_t dt_clock_us(DtClock c) { return dt_clock_seconds(c) * DT_US_PER_SECOND + c.us; }
/* The time of day of 0 <= us < DT_US_PER_DAY, without fold. */
static inline DtClock dt_clock_of(int64_t us) {
    int64_t s = us / DT_US_PER_SECOND;
    return (DtClock){(uint8_t)(s / 3600), (uint8_t)(s / 60 % 60), (uint8_t)(s % 60), 0, (int32_t)(us % DT_US_PER_SECOND)};
}
/* Day and time of day as one number, as if the day were in UTC. */
static inline int64_t dt_instant(DtDay d, DtClock c) { return dt_day_ordinal(d) * DT_US_PER_DAY + dt_clock_us(c); }
/* Its inverse; false when the day is out of the range of dates. */
static inline bool dt_split(int64_t instant, DtDay *d, DtClock *c) {
    int64_t ordinal = dt_floor_div(instant, DT_US_PER_DAY);
    if (ordinal < 1 || ordinal > DT_MAX_ORDINAL) return false;
    *d = dt_day_of(ordinal);
    *c = dt_clock_of(instant - ordinal * DT_US_PER_DAY);
    return true;
}

#endif
