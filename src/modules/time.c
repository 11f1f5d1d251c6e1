/* time.c - the module time: clocks, sleeping, and calendar time of the C library.
 *
 * Sleeping detaches and goes on after signals whose handlers did not raise (PEP 475).
 * strftime hands the C library one directive at a time and copies all other text itself, so that
 * any character may stand between directives.
 */
#include "modules/seconds.h"

#include "os/clock.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "modules/time.gen.h"

typedef struct TimeState {
    GiSlot struct_time;
} TimeState;

extern const GiModuleDef gi_module_time;

static const GiStructField struct_time_fields[] = {
    {"tm_year", "year, for example, 1993"},
    {"tm_mon", "month of year, range [1, 12]"},
    {"tm_mday", "day of month, range [1, 31]"},
    {"tm_hour", "hours, range [0, 23]"},
    {"tm_min", "minutes, range [0, 59]"},
    {"tm_sec", "seconds, range [0, 61])"},
    {"tm_wday", "day of week, range [0, 6], Monday is 0"},
    {"tm_yday", "day of year, range [1, 366]"},
    {"tm_isdst", "1 if summer time is in effect, 0 if not, and -1 if unknown"},
    {"tm_zone", "abbreviation of timezone name"},
    {"tm_gmtoff", "offset from UTC in seconds"},
};
enum { TM_ITEMS = 11, TM_SEQUENCE = 9 };

/* ---- Clocks ---- */

static GiRef seconds_ref(int64_t ns) {
    return gi_double_ref(ns % 1000000000 ? (double)ns / 1e9 : (double)(ns / 1000000000));
}
static GiRef raise_os(GiThread *ts) { return gi_raise_errno(ts, errno, GI_NOVAL); }

GI_FUNCTION(time, time, "()",
            "time() -> floating point number\n\nReturn the current time in seconds since the "
            "Epoch.\nFractions of a second may be present if the system clock provides them.") { return seconds_ref(gi_os_real_ns()); }
GI_FUNCTION(time, time_ns, "()",
            "time_ns() -> int\n\nReturn the current time in nanoseconds since the Epoch.") { return gi_int_from_i64(ts, gi_os_real_ns()); }
GI_FUNCTION(time, monotonic, "()",
            "monotonic() -> float\n\nMonotonic clock, cannot go backward.") { return seconds_ref((int64_t)gi_os_mono_ns()); }
GI_FUNCTION(time, monotonic_ns, "()",
            "monotonic_ns() -> int\n\nMonotonic clock, cannot go backward, as nanoseconds.") { return gi_int_from_u64(ts, gi_os_mono_ns()); }
GI_FUNCTION(time, perf_counter, "()",
            "perf_counter() -> float\n\nPerformance counter for benchmarking.") { return seconds_ref((int64_t)gi_os_mono_ns()); }
GI_FUNCTION(time, perf_counter_ns, "()",
            "perf_counter_ns() -> int\n\nPerformance counter for benchmarking as nanoseconds.") { return gi_int_from_u64(ts, gi_os_mono_ns()); }
GI_FUNCTION(time, process_time, "()",
            "process_time() -> float\n\nProcess time for profiling: sum of the kernel and "
            "user-space CPU time.") { return seconds_ref((int64_t)gi_os_process_cpu_ns()); }
GI_FUNCTION(time, process_time_ns, "()",
            "process_time() -> int\n\nProcess time for profiling as nanoseconds:\nsum of the "
            "kernel and user-space CPU time.") { return gi_int_from_u64(ts, gi_os_process_cpu_ns()); }
GI_FUNCTION(time, thread_time, "()",
            "thread_time() -> float\n\nThread time for profiling: sum of the kernel and "
            "user-space CPU time.") { return seconds_ref((int64_t)gi_os_thread_cpu_ns()); }
GI_FUNCTION(time, thread_time_ns, "()",
            "thread_time() -> int\n\nThread time for profiling as nanoseconds:\nsum of the kernel "
            "and user-space CPU time.") { return gi_int_from_u64(ts, gi_os_thread_cpu_ns()); }

static int64_t to_ns(struct timespec t) { return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec; }

GI_FUNCTION(time, clock_gettime, "(clk_id: int, /)",
            "clock_gettime(clk_id) -> float\n\nReturn the time of the specified clock clk_id.") {
    struct timespec t;
    return clock_gettime(a->clk_id, &t) ? raise_os(ts) : seconds_ref(to_ns(t));
}
GI_FUNCTION(time, clock_gettime_ns, "(clk_id: int, /)",
            "clock_gettime_ns(clk_id) -> int\n\nReturn the time of the specified clock clk_id as "
            "nanoseconds.") {
    struct timespec t;
    return clock_gettime(a->clk_id, &t) ? raise_os(ts) : gi_int_from_i64(ts, to_ns(t));
}
GI_FUNCTION(time, clock_getres, "(clk_id: int, /)",
            "clock_getres(clk_id) -> floating point number\n\nReturn the resolution (precision) "
            "of the specified clock clk_id.") {
    struct timespec t;
    return clock_getres(a->clk_id, &t) ? raise_os(ts) : seconds_ref(to_ns(t));
}

static GiRef set_clock(GiThread *ts, int id, int64_t ns) {
    struct timespec t = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    if (t.tv_nsec < 0) t.tv_sec--, t.tv_nsec += 1000000000;
    return clock_settime(id, &t) ? raise_os(ts) : GI_REF_NONE;
}

GI_FUNCTION(time, clock_settime, "(clk_id: int, time, /)",
            "clock_settime(clk_id, time)\n\nSet the time of the specified clock clk_id.") {
    int64_t ns = 0;
    return gi_read_time(ts, a->time, GI_UNIT_S, floor, &ns) ? GI_NULL : set_clock(ts, a->clk_id, ns);
}
GI_FUNCTION(time, clock_settime_ns, "(clk_id: int, time, /)",
            "clock_settime_ns(clk_id, time)\n\nSet the time of the specified clock clk_id with "
            "nanoseconds.") {
    int64_t ns = 0;
    if (!gi_is_int(a->time)) return gi_raise_ref(ts, &gi_exc_TypeError, "expect int, got %T", a->time);
    if (gi_int_as_i64(a->time, &ns))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
    return set_clock(ts, a->clk_id, ns);
}

GI_FUNCTION(time, pthread_getcpuclockid, "(thread_id: u64, /)",
            "pthread_getcpuclockid(thread_id) -> int\n\nReturn the clk_id of a thread's CPU time "
            "clock.") {
    clockid_t id = 0;
    int error = ESRCH;
    /* The C library would read at any address that it is given. */
    gi_world_lock(&ts->vm->world, &ts->core);
    for (GiThreadCore *c = NULL; error && (c = gi_world_next_core(&ts->vm->world, c)) != NULL;)
        if (c->ident == a->thread_id) error = pthread_getcpuclockid(c->handle, &id);
    gi_world_unlock(&ts->vm->world, &ts->core);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_int_from_i64(ts, id);
}

GI_FUNCTION(time, get_clock_info, "(name: str, /)",
            "get_clock_info(name: str) -> dict\n\nGet information of the specified clock.") {
    GiClockId id;
    bool adjustable = false;
    if (gi_str_equals_cstr(a->name, "time")) id = GI_CLOCK_REALTIME, adjustable = true;
    else if (gi_str_equals_cstr(a->name, "monotonic") || gi_str_equals_cstr(a->name, "perf_counter"))
        id = GI_CLOCK_MONOTONIC;
    else if (gi_str_equals_cstr(a->name, "process_time")) id = GI_CLOCK_PROCESS_CPU;
    else if (gi_str_equals_cstr(a->name, "thread_time")) id = GI_CLOCK_THREAD_CPU;
    else return gi_raise_ref(ts, &gi_exc_ValueError, "unknown clock");
    const char *call;
    uint64_t resolution = gi_os_clock_resolution(id, &call);
    GI_AUTO GiRef dict = gi_dict_new(ts);
    GI_AUTO GiRef text = gi_is_null(dict) ? GI_NULL : gi_str_from_cstr(ts, call);
    if (gi_is_null(text) || gi_dict_set_cstr(ts, gi_val(dict), "implementation", gi_val(text)) ||
        gi_dict_set_cstr(ts, gi_val(dict), "monotonic", gi_bool(id != GI_CLOCK_REALTIME)) ||
        gi_dict_set_cstr(ts, gi_val(dict), "adjustable", gi_bool(adjustable)) ||
        gi_dict_set_cstr(ts, gi_val(dict), "resolution", gi_double((double)resolution / 1e9)))
        return GI_NULL;
    return gi_namespace_new(ts, gi_val(dict));
}


GI_FUNCTION(time, sleep, "(seconds, /)",
            "sleep(seconds)\n\nDelay execution for a given number of seconds.  The argument may "
            "be\na floating point number for subsecond precision.") {
    int64_t ns = 0;
    if (gi_read_time(ts, a->seconds, GI_UNIT_S, gi_away_from_zero, &ns)) return GI_NULL;
    if (ns < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "sleep length must be non-negative");
    uint64_t deadline = gi_os_deadline((uint64_t)ns);
    for (;;) {
        bool reached = false;
        GI_BLOCKING(&ts->core, "sleep") reached = gi_os_sleep_until(deadline);
        if (reached) return GI_REF_NONE;
        if (gi_check_signals(ts)) return GI_NULL;
    }
}

/* ---- Calendar time ---- */

static GiVal struct_time_type(GiThread *ts) {
    TimeState *state = gi_module_state_of(ts, &gi_module_time);
    return gi_val(state->struct_time);
}

static GiRef from_tm(GiThread *ts, const struct tm *tm) {
    const int v[TM_SEQUENCE] = {tm->tm_year, tm->tm_mon + 1, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec,
                                (tm->tm_wday + 6) % 7, tm->tm_yday + 1, tm->tm_isdst};
    GiRef values[TM_ITEMS];
    for (size_t i = 0; i < TM_SEQUENCE; i++) values[i] = gi_smallint_ref(v[i]);
    values[0] = gi_smallint_ref((int64_t)tm->tm_year + 1900);
    values[9] = gi_str_from_fs(ts, tm->tm_zone ? tm->tm_zone : "", strlen(tm->tm_zone ? tm->tm_zone : ""));
    values[10] = gi_smallint_ref(tm->tm_gmtoff);
    return gi_structseq_new(ts, struct_time_type(ts), values, TM_ITEMS);
}

/* Seconds since the epoch from an argument; null or None: now. */
static GiStatus seconds_of(GiThread *ts, GiVal v, time_t *out) {
    if (gi_is_null(v) || gi_is_none(v)) {
        *out = time(NULL);
        return GI_OK;
    }
    if (gi_is_float(v)) {
        double d = floor(gi_float_value(v));
        if (isnan(d)) return gi_raise_status(ts, &gi_exc_ValueError, "Invalid value NaN (not a number)");
        if (d >= -9223372036854775808.0 && d < 9223372036854775808.0) {
            *out = (time_t)d;
            return GI_OK;
        }
    } else {
        GiRef index = gi_index(ts, v);
        if (gi_is_null(index)) return GI_FAIL;
        int64_t seconds;
        int far = gi_int_as_i64(gi_val(index), &seconds);
        gi_drop(ts, index);
        if (!far) {
            *out = (time_t)seconds;
            return GI_OK;
        }
    }
    return gi_raise_status(ts, &gi_exc_OverflowError, "timestamp out of range for platform time_t");
}

/* localtime_r or gmtime_r of an argument. */
static GiStatus broken_down(GiThread *ts, GiVal v, struct tm *(*fn)(const time_t *, struct tm *),
                            struct tm *tm) {
    time_t t;
    if (seconds_of(ts, v, &t)) return GI_FAIL;
    errno = 0;
    if (fn(&t, tm)) return GI_OK;
    if (errno == 0) errno = EINVAL;
    (void)raise_os(ts);
    return GI_FAIL;
}

GI_FUNCTION(time, gmtime, "(seconds=None, /)",
            "gmtime([seconds]) -> (tm_year, tm_mon, tm_mday, tm_hour, tm_min,\n                   "
            "    tm_sec, tm_wday, tm_yday, tm_isdst)\n\nConvert seconds since the Epoch to a time "
            "tuple expressing UTC (a.k.a.\nGMT).  When 'seconds' is not passed in, convert the "
            "current time instead.\n\nIf the platform supports the tm_gmtoff and tm_zone, they "
            "are available as\nattributes only.") {
    struct tm tm;
    return broken_down(ts, a->seconds, gmtime_r, &tm) ? GI_NULL : from_tm(ts, &tm);
}
GI_FUNCTION(time, localtime, "(seconds=None, /)",
            "localtime([seconds]) -> (tm_year,tm_mon,tm_mday,tm_hour,tm_min,\n                    "
            "      tm_sec,tm_wday,tm_yday,tm_isdst)\n\nConvert seconds since the Epoch to a time "
            "tuple expressing local time.\nWhen 'seconds' is not passed in, convert the current "
            "time instead.") {
    struct tm tm;
    return broken_down(ts, a->seconds, localtime_r, &tm) ? GI_NULL : from_tm(ts, &tm);
}

static GiStatus small_int(GiThread *ts, GiVal v, int *out) {
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t i = 0;
    int far = gi_int_as_i64(gi_val(index), &i);
    gi_drop(ts, index);
    if (far > 0 || i > INT_MAX)
        return gi_raise_status(ts, &gi_exc_OverflowError, "signed integer is greater than maximum");
    if (far < 0 || i < INT_MIN)
        return gi_raise_status(ts, &gi_exc_OverflowError, "signed integer is less than minimum");
    *out = (int)i;
    return GI_OK;
}

/* A struct_time or tuple of nine ints. zone[] keeps tm_zone's text. */
static GiStatus tm_of(GiThread *ts, GiVal v, const char *fname, struct tm *tm) {
    if (!gi_is_tuple(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "Tuple or struct_time argument required");
    if (gi_tuple_len(v) != TM_SEQUENCE)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s(): illegal time tuple argument", fname);
    int n[TM_SEQUENCE];
    for (size_t i = 0; i < TM_SEQUENCE; i++)
        if (small_int(ts, gi_tuple_get(v, i), &n[i])) return GI_FAIL;
    if (n[0] < INT_MIN + 1900) return gi_raise_status(ts, &gi_exc_OverflowError, "year out of range");
    *tm = (struct tm){.tm_year = n[0] - 1900, .tm_mon = (int)((unsigned)n[1] - 1), .tm_mday = n[2],
                      .tm_hour = n[3], .tm_min = n[4], .tm_sec = n[5], .tm_wday = (int)(((int64_t)n[6] + 1) % 7),
                      .tm_yday = (int)((unsigned)n[7] - 1), .tm_isdst = n[8]};
    if (gi_same(gi_type_val(gi_type_of(v)), struct_time_type(ts))) {
        GiVal zone = gi_val(gi_tuple_of(v)->items[9]), offset = gi_val(gi_tuple_of(v)->items[10]);
        if (!gi_is_null(zone) && !gi_is_none(zone)) {
            if (!gi_is_str(zone))
                return gi_raise_status(ts, &gi_exc_TypeError, "bad argument type for built-in operation");
            tm->tm_zone = gi_str_utf8(ts, zone, NULL);
            if (!tm->tm_zone) return GI_FAIL;
        }
        if (!gi_is_null(offset) && !gi_is_none(offset)) {
            int64_t seconds;
            if (gi_as_i64(ts, offset, &seconds)) return GI_FAIL;
            tm->tm_gmtoff = (long)seconds;
        }
    }
    return GI_OK;
}

/* What the C library's formatting can bear: months and days 0 count as 1. */
static GiStatus check_tm(GiThread *ts, struct tm *tm) {
    if (tm->tm_mon == -1) tm->tm_mon = 0;
    if (tm->tm_mday == 0) tm->tm_mday = 1;
    if (tm->tm_yday == -1) tm->tm_yday = 0;
    const char *what = tm->tm_mon < 0 || tm->tm_mon > 11     ? "month"
                       : tm->tm_mday < 0 || tm->tm_mday > 31 ? "day of month"
                       : tm->tm_hour < 0 || tm->tm_hour > 23 ? "hour"
                       : tm->tm_min < 0 || tm->tm_min > 59   ? "minute"
                       : tm->tm_sec < 0 || tm->tm_sec > 61   ? "seconds"
                       : tm->tm_wday < 0                     ? "day of week"
                       : tm->tm_yday < 0 || tm->tm_yday > 365 ? "day of year"
                                                              : NULL;
    return what ? gi_raise_status(ts, &gi_exc_ValueError, "%s out of range", what) : GI_OK;
}

static GiRef ascii_time(GiThread *ts, const struct tm *tm) {
    static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[64];
    int n = snprintf(text, sizeof text, "%.3s %.3s%3d %.2d:%.2d:%.2d %lld", days + 3 * tm->tm_wday,
                     months + 3 * tm->tm_mon, tm->tm_mday, tm->tm_hour, tm->tm_min, tm->tm_sec,
                     (long long)tm->tm_year + 1900);
    return gi_str_from_latin1(ts, text, (size_t)n);
}

GI_FUNCTION(time, asctime, "(tuple=<null>, /)",
            "asctime([tuple]) -> string\n\nConvert a time tuple to a string, e.g. 'Sat Jun 06 "
            "16:26:11 1998'.\nWhen the time tuple is not present, current time as returned by "
            "localtime()\nis used.") {
    struct tm tm;
    if (gi_is_null(a->tuple)) {
        if (broken_down(ts, GI_NOVAL, localtime_r, &tm)) return GI_NULL;
    } else if (tm_of(ts, a->tuple, "asctime", &tm) || check_tm(ts, &tm)) {
        return GI_NULL;
    }
    return ascii_time(ts, &tm);
}

GI_FUNCTION(time, ctime, "(seconds=None, /)",
            "ctime(seconds) -> string\n\nConvert a time in seconds since the Epoch to a string in "
            "local time.\nThis is equivalent to asctime(localtime(seconds)). When the time tuple "
            "is\nnot present, current time as returned by localtime() is used.") {
    struct tm tm;
    return broken_down(ts, a->seconds, localtime_r, &tm) ? GI_NULL : ascii_time(ts, &tm);
}

GI_FUNCTION(time, mktime, "(tuple, /)",
            "mktime(tuple) -> floating point number\n\nConvert a time tuple in local time to "
            "seconds since the Epoch.\nNote that mktime(gmtime(0)) will not generally return zero "
            "for most\ntime zones; instead the returned value will either be equal to that\nof "
            "the timezone or altzone attributes on the time module.") {
    struct tm tm;
    if (tm_of(ts, a->tuple, "mktime", &tm)) return GI_NULL;
    tm.tm_wday = -1; /* filled in on success */
    time_t t = mktime(&tm);
    if (t == -1 && tm.tm_wday == -1)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "mktime argument out of range");
    return gi_double_ref((double)t);
}

/* Length of the directive at format[i] (a '%'), or 0 when it is no ASCII directive. */
static size_t directive_len(GiVal format, size_t i) {
    size_t n = gi_str_len(format), k = i + 1;
    while (k < n && gi_str_char(format, k) - 1 < 0x7F && strchr("_-0^#", (int)gi_str_char(format, k))) k++;
    while (k < n && gi_str_char(format, k) - '0' < 10u) k++;
    if (k < n && (gi_str_char(format, k) == 'E' || gi_str_char(format, k) == 'O')) k++;
    if (k >= n || gi_str_char(format, k) == 0 || gi_str_char(format, k) >= 0x80 || k - i > 14) return 0;
    return k + 1 - i;
}

/* Appends what the C library makes of one directive. */
static GiStatus format_directive(GiThread *ts, GiStrBuilder *sb, GiVal format, size_t i, size_t n,
                                 const struct tm *tm) {
    char directive[20] = "x", stack[256], *text = stack; /* so that the result is never empty */
    for (size_t k = 0; k < n; k++) directive[k + 1] = (char)gi_str_char(format, i + k);
    directive[n + 1] = 0;
    size_t room = sizeof stack, len;
    while (!(len = strftime(text, room, directive, tm)) && room < 1 << 20) {
        if (text != stack) gi_mem_free(text);
        room *= 16;
        text = gi_mem_alloc(ts, room);
        if (!text) return GI_FAIL;
    }
    GiRef piece = gi_str_from_fs(ts, text + 1, len ? len - 1 : 0);
    if (text != stack) gi_mem_free(text);
    if (gi_is_null(piece)) return GI_FAIL;
    gi_sb_str(sb, gi_val(piece));
    gi_drop(ts, piece);
    return GI_OK;
}

GI_FUNCTION(time, strftime, "(format: str, tuple=<null>, /)",
            "strftime(format[, tuple]) -> string\n\nConvert a time tuple to a string according to "
            "a format specification.\nSee the library reference manual for formatting codes. When "
            "the time tuple\nis not present, current time as returned by localtime() is "
            "used.\n\nCommonly used format codes:\n\n%Y  Year with century as a decimal "
            "number.\n%m  Month as a decimal number [01,12].\n%d  Day of the month as a decimal "
            "number [01,31].\n%H  Hour (24-hour clock) as a decimal number [00,23].\n%M  Minute "
            "as a decimal number [00,59].\n%S  Second as a decimal number [00,61].\n%z  Time zone "
            "offset from UTC.\n%a  Locale's abbreviated weekday name.\n%A  Locale's full weekday "
            "name.\n%b  Locale's abbreviated month name.\n%B  Locale's full month name.\n%c  "
            "Locale's appropriate date and time representation.\n%I  Hour (12-hour clock) as a "
            "decimal number [01,12].\n%p  Locale's equivalent of either AM or PM.\n\nOther codes "
            "may be available on your platform.  See documentation for\nthe C library strftime "
            "function.\n") {
    struct tm tm;
    if (gi_is_null(a->tuple)) {
        if (broken_down(ts, GI_NOVAL, localtime_r, &tm)) return GI_NULL;
    } else if (tm_of(ts, a->tuple, "strftime", &tm) || check_tm(ts, &tm)) {
        return GI_NULL;
    }
    if (tm.tm_isdst < -1) tm.tm_isdst = -1;
    if (tm.tm_isdst > 1) tm.tm_isdst = 1;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t n = gi_str_len(a->format);
    for (size_t i = 0; i < n;) {
        uint32_t ch = gi_str_char(a->format, i);
        if (ch == 0) {
            gi_sb_discard(&sb);
            return gi_raise_ref(ts, &gi_exc_ValueError, "embedded null character");
        }
        size_t len = ch == '%' ? directive_len(a->format, i) : 0;
        if (len == 0) {
            gi_sb_char(&sb, ch);
            i++;
        } else {
            if (format_directive(ts, &sb, a->format, i, len, &tm)) {
                gi_sb_discard(&sb);
                return GI_NULL;
            }
            i += len;
        }
    }
    return gi_sb_finish(&sb);
}

GI_FUNCTION(time, strptime, "(*args)",
            "strptime(string, format) -> struct_time\n\nParse a string to a time tuple according "
            "to a format specification.\nSee the library reference manual for formatting codes "
            "(same as\nstrftime()).\n\nCommonly used format codes:\n\n%Y  Year with century as a "
            "decimal number.\n%m  Month as a decimal number [01,12].\n%d  Day of the month as a "
            "decimal number [01,31].\n%H  Hour (24-hour clock) as a decimal number [00,23].\n%M  "
            "Minute as a decimal number [00,59].\n%S  Second as a decimal number [00,61].\n%z  "
            "Time zone offset from UTC.\n%a  Locale's abbreviated weekday name.\n%A  Locale's "
            "full weekday name.\n%b  Locale's abbreviated month name.\n%B  Locale's full month "
            "name.\n%c  Locale's appropriate date and time representation.\n%I  Hour (12-hour "
            "clock) as a decimal number [01,12].\n%p  Locale's equivalent of either AM or "
            "PM.\n\nOther codes may be available on your platform.  See documentation for\nthe C "
            "library strftime function.\n") {
    GiRef fn = gi_import_attr(ts, "_strptime", "_strptime_time");
    if (gi_is_null(fn)) return fn;
    GiRef result = gi_call(ts, gi_val(fn), a->args, a->args_count, GI_NOVAL);
    gi_drop(ts, fn);
    return result;
}

/* ---- Time zone ---- */

/* timezone, altzone, daylight and tzname from what holds in January and July of this year. */
static GiStatus set_zone(GiThread *ts, GiVal module) {
    tzset();
    const time_t year = (365 * 24 + 6) * 3600;
    time_t start = time(NULL) / year * year, middle = start + year / 2;
    struct tm january, july;
    if (!localtime_r(&start, &january) || !localtime_r(&middle, &july)) {
        (void)raise_os(ts);
        return GI_FAIL;
    }
    bool southern = january.tm_gmtoff > july.tm_gmtoff;
    const struct tm *standard = southern ? &july : &january, *summer = southern ? &january : &july;
    GiRef names = gi_tuple_steal(ts,
                                 (GiRef[]){gi_str_from_fs(ts, standard->tm_zone, strlen(standard->tm_zone)),
                                           gi_str_from_fs(ts, summer->tm_zone, strlen(summer->tm_zone))},
                                 2);
    if (gi_module_add(ts, module, "tzname", names) ||
        gi_module_add_int(ts, module, "timezone", -standard->tm_gmtoff) ||
        gi_module_add_int(ts, module, "altzone", -summer->tm_gmtoff) ||
        gi_module_add_int(ts, module, "daylight", january.tm_gmtoff != july.tm_gmtoff))
        return GI_FAIL;
    return GI_OK;
}

GI_FUNCTION(time, tzset, "()",
            "tzset()\n\nInitialize, or reinitialize, the local timezone to the value stored "
            "in\nos.environ['TZ']. The TZ environment variable should be specified in\nstandard "
            "Unix timezone format as documented in the tzset man page\n(eg. 'US/Eastern', "
            "'Europe/Amsterdam'). Unknown timezones will silently\nfall back to UTC. If the TZ "
            "environment variable is not set, the local\ntimezone is set to the systems best "
            "guess of wallclock time.\nChanging the TZ environment variable without calling tzset "
            "*may* change\nthe local timezone used by methods such as localtime, but this "
            "behaviour\nshould not be relied on.") { return set_zone(ts, self) ? GI_NULL : GI_REF_NONE; }

static const GiIntConstant constants[] = {
    {"CLOCK_REALTIME", CLOCK_REALTIME},
    {"CLOCK_MONOTONIC", CLOCK_MONOTONIC},
    {"CLOCK_PROCESS_CPUTIME_ID", CLOCK_PROCESS_CPUTIME_ID},
    {"CLOCK_THREAD_CPUTIME_ID", CLOCK_THREAD_CPUTIME_ID},
#ifdef CLOCK_MONOTONIC_RAW
    {"CLOCK_MONOTONIC_RAW", CLOCK_MONOTONIC_RAW},
#endif
#ifdef CLOCK_BOOTTIME
    {"CLOCK_BOOTTIME", CLOCK_BOOTTIME},
#endif
#ifdef CLOCK_TAI
    {"CLOCK_TAI", CLOCK_TAI},
#endif
    {"_STRUCT_TM_ITEMS", TM_ITEMS},
};

static GiStatus time_exec(GiThread *ts, GiVal module) {
    GiRef type = gi_structseq_type(
        ts, "time.struct_time",
        "The time value as returned by gmtime(), localtime(), and strptime(), and\n"
           " accepted by asctime(), mktime() and strftime().  May be considered as a\n"
           " sequence of 9 integers.\n"
           "\n"
           " Note that several fields' values are not the same as those defined by\n"
           " the C language standard for struct tm.  For example, the value of the\n"
           " field tm_year is the actual year, not year - 1900.  See individual\n"
           " fields' descriptions for details.",
        struct_time_fields, TM_ITEMS, TM_SEQUENCE);
    if (gi_is_null(type)) return GI_FAIL;
    TimeState *state = gi_module_state(module);
    gi_slot_init(&state->struct_time, gi_dup(ts, gi_val(type)));
    if (gi_module_add(ts, module, "struct_time", type) ||
        gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)))
        return GI_FAIL;
    return set_zone(ts, module);
}

const GiModuleDef gi_module_time = {
    .name = "time",
    .doc = "This module provides various functions to manipulate time values.\n"
           "\n"
           "There are two standard representations of time.  One is the number\n"
           "of seconds since the Epoch, in UTC (a.k.a. GMT).  It may be an integer\n"
           "or a floating point number (to represent fractions of seconds).\n"
           "The Epoch is system-defined; on Unix, it is generally January 1st, 1970.\n"
           "The actual value can be retrieved by calling gmtime(0).\n"
           "\n"
           "The other representation is a tuple of 9 integers giving local time.\n"
           "The tuple items are:\n"
           "  year (including century, e.g. 1998)\n"
           "  month (1-12)\n"
           "  day (1-31)\n"
           "  hours (0-23)\n"
           "  minutes (0-59)\n"
           "  seconds (0-59)\n"
           "  weekday (0-6, Monday is 0)\n"
           "  Julian day (day in the year, 1-366)\n"
           "  DST (Daylight Savings Time) flag (-1, 0 or 1)\n"
           "If the DST flag is 0, the time is given in the regular time zone;\n"
           "if it is 1, the time is given in the DST time zone;\n"
           "if it is -1, mktime() should guess based on the date and time.\n",
    .functions = time_functions,
    .exec = time_exec,
    .state_size = sizeof(TimeState),
    .state_fields = (const GiField[]){GI_SLOT(TimeState, struct_time), GI_FIELDS_END},
};
