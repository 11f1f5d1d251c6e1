/* local.c - timestamps, and the local time zone as the C library knows it.
 *
 * Everything about the zone is asked as one question: how far the local clocks are from UTC at a
 * given second. The way back (PEP 495, "Temporal arithmetic ... and fold") looks for offsets a day around: no
 * zone of the tz database has two transitions closer than that.
 */
#include "modules/_datetime/internal.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <time.h>

enum { A_DAY = 86400 };

static GiStatus year_error(GiThread *ts, int64_t year) {
    return gi_raise_status(ts, &gi_exc_ValueError, "year %d is out of range", (int)year);
}

/* localtime_r; OSError, and ValueError for years that dates do not have. */
static GiStatus local_tm(GiThread *ts, int64_t seconds, struct tm *tm) {
    time_t t = seconds;
    errno = 0;
    if (!localtime_r(&t, tm)) {
        (void)gi_raise_errno(ts, errno ? errno : EINVAL, GI_NOVAL);
        return GI_FAIL;
    }
    int64_t year = (int64_t)tm->tm_year + 1900;
    return year < DT_MIN_YEAR || year > DT_MAX_YEAR ? year_error(ts, year) : GI_OK;
}
static GiStatus local_offset(GiThread *ts, int64_t seconds, int64_t *offset) {
    struct tm tm;
    if (local_tm(ts, seconds, &tm)) return GI_FAIL;
    *offset = tm.tm_gmtoff;
    return GI_OK;
}

/* The day of UTC; years that do not fit C's int are OSError as from the C library. */
static GiStatus utc_day(GiThread *ts, int64_t seconds, DtDay *day, DtClock *clock) {
    int64_t ordinal = dt_floor_div(seconds, DT_DAY_SECONDS) + DT_EPOCH_ORDINAL;
    if (ordinal < 1 || ordinal > DT_MAX_ORDINAL) {
        int month, of_month;
        int64_t year = dt_civil(ordinal, &month, &of_month);
        if (year - 1900 >= INT_MIN && year - 1900 <= INT_MAX) return year_error(ts, year);
        (void)gi_raise_errno(ts, EOVERFLOW, GI_NOVAL);
        return GI_FAIL;
    }
    *day = dt_day_of(ordinal);
    *clock = dt_clock_of(dt_floor_mod(seconds, DT_DAY_SECONDS) * DT_US_PER_SECOND);
    return GI_OK;
}

GiStatus gi_dt_from_seconds(GiThread *ts, int64_t seconds, DtWhere where, DtDay *day, DtClock *clock) {
    if (where == DT_UTC) return utc_day(ts, seconds, day, clock);
    struct tm tm;
    int64_t before, then;
    if (local_tm(ts, seconds, &tm)) return GI_FAIL;
    *day = (DtDay){(uint16_t)(tm.tm_year + 1900), (uint8_t)(tm.tm_mon + 1), (uint8_t)tm.tm_mday};
    *clock = (DtClock){(uint8_t)tm.tm_hour, (uint8_t)tm.tm_min, (uint8_t)GI_MIN(tm.tm_sec, 59), 0, 0};
    if (where == DT_LOCAL_UNFOLDED) return GI_OK;
    /* The second pass of these clocks over this time, if their offset was greater and still was at the first. */
    if (local_offset(ts, seconds - A_DAY, &before)) return GI_FAIL;
    if (before > tm.tm_gmtoff) {
        if (local_offset(ts, seconds + tm.tm_gmtoff - before, &then)) return GI_FAIL;
        clock->fold = then == before;
    }
    return GI_OK;
}

/* u with u + offset(u) = t. Of two solutions fold takes the later; in a gap, where there is none, fold 0 means the
 * offset before it. */
GiStatus gi_dt_local_seconds(GiThread *ts, DtDay day, DtClock clock, int64_t *seconds) {
    int64_t t = (dt_day_ordinal(day) - DT_EPOCH_ORDINAL) * DT_DAY_SECONDS + dt_clock_seconds(clock);
    int64_t a, b, at;
    if (local_offset(ts, t, &a) || local_offset(ts, t - a, &b)) return GI_FAIL;
    int64_t first = t - a;
    bool solved = b == a;
    if (solved) {
        if (local_offset(ts, first + (clock.fold ? A_DAY : -A_DAY), &b)) return GI_FAIL;
        if (a == b) {
            *seconds = first;
            return GI_OK;
        }
    }
    int64_t second = t - b;
    if (local_offset(ts, second, &at)) return GI_FAIL;
    if (at == b) *seconds = second;
    else if (solved) *seconds = first;
    else *seconds = clock.fold ? GI_MIN(first, second) : GI_MAX(first, second);
    return GI_OK;
}

GiRef gi_dt_local_timezone(GiThread *ts, int64_t seconds) {
    struct tm tm;
    time_t t = seconds;
    errno = 0;
    if (!localtime_r(&t, &tm)) return gi_raise_errno(ts, errno ? errno : EINVAL, GI_NOVAL);
    const char *zone = tm.tm_zone ? tm.tm_zone : "";
    GI_AUTO GiRef name = gi_str_from_fs(ts, zone, strlen(zone));
    GI_AUTO GiRef offset = gi_is_null(name) ? GI_NULL : gi_dt_delta(ts, tm.tm_gmtoff * (__int128)DT_US_PER_SECOND);
    return gi_is_null(offset) ? GI_NULL : gi_dt_timezone(ts, gi_val(offset), gi_val(name));
}

GiStatus gi_dt_timestamp_arg(GiThread *ts, GiVal v, bool floor_seconds, int64_t *seconds, int *us) {
    *us = 0;
    if (gi_is_float(v)) {
        double d = gi_float_value(v), whole;
        if (isnan(d)) return gi_raise_status(ts, &gi_exc_ValueError, "Invalid value NaN (not a number)");
        double rest = modf(floor_seconds ? floor(d) : d, &whole);
        rest = nearbyint(rest * 1e6); /* halves to even */
        if (rest >= 1e6) rest -= 1e6, whole += 1;
        if (rest < 0) rest += 1e6, whole -= 1;
        if (!(whole >= -9223372036854775808.0 && whole < 9223372036854775808.0))
            return gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t");
        *seconds = (int64_t)whole;
        *us = (int)rest;
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int far = gi_int_as_i64(gi_val(index), seconds);
    gi_drop(ts, index);
    return far ? gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t") : GI_OK;
}
