/* internal.h - the objects of the module _datetime, and what its files share.
 *
 * INVARIANT: the objects are immutable. Only `hash` is written after an object is made, whole and
 * always with the same value (0: not computed yet), so threads need no lock. A field of the tzinfo
 * kind holds None or an instance of tzinfo.
 * Days and times that come from pickled bytes are checked no more than CPython checks them: month and
 * hour are sane, the rest fits its byte.
 */
#ifndef GI_DATETIME_INTERNAL_H
#define GI_DATETIME_INTERNAL_H

#include "modules/_datetime/calendar.h"
#include "modules/module.h"

typedef struct GiDelta {
    GiObj obj;
    _Atomic int64_t hash;
    int32_t days, seconds, us; /* 0 <= seconds < 86400, 0 <= us < 1000000 */
} GiDelta;

typedef struct GiDate {
    GiObj obj;
    _Atomic int64_t hash;
    DtDay day;
} GiDate;

typedef struct GiDateTime { /* begins as GiDate does */
    GiObj obj;
    _Atomic int64_t hash;
    DtDay day;
    DtClock clock;
    GiSlot tzinfo;
} GiDateTime;
_Static_assert(offsetof(GiDateTime, day) == offsetof(GiDate, day), "a datetime is a date");

typedef struct GiTime {
    GiObj obj;
    _Atomic int64_t hash;
    DtClock clock;
    GiSlot tzinfo;
} GiTime;

typedef struct GiTimezone {
    GiObj obj;
    GiSlot offset; /* timedelta */
    GiSlot name;   /* str or null */
} GiTimezone;

extern GiType gi_delta_type, gi_date_type, gi_datetime_type, gi_time_type, gi_tzinfo_type, gi_timezone_type,
    gi_isocalendar_type;

#define gi_delta_of(v) ((GiDelta *)gi_obj(v))
#define gi_date_of(v) ((GiDate *)gi_obj(v))
#define gi_datetime_of(v) ((GiDateTime *)gi_obj(v))
#define gi_time_of(v) ((GiTime *)gi_obj(v))
#define gi_timezone_of(v) ((GiTimezone *)gi_obj(v))
#define gi_is_delta(v) gi_is_instance_of(v, &gi_delta_type)
#define gi_is_date(v) gi_is_instance_of(v, &gi_date_type)
#define gi_is_datetime(v) gi_is_instance_of(v, &gi_datetime_type)
#define gi_is_time(v) gi_is_instance_of(v, &gi_time_type)
#define gi_is_tzinfo(v) gi_is_instance_of(v, &gi_tzinfo_type)

/* What all interpreters of the process share: immortal, made when the module is first executed. */
typedef struct DtShared {
    GiVal utc;
    GiVal utcoffset, dst, tzname, fromutc, isoformat, strftime, timetuple, fromtimestamp;
} DtShared;
static inline const DtShared *gi_dt_shared(void) {
    return __atomic_load_n((const DtShared **)&gi_timezone_type.native, __ATOMIC_ACQUIRE);
}

/* ---- Arguments (arguments.c) ---- */

typedef struct DtArg {
    GiVal v; /* null: not given */
    int i;
} DtArg;
typedef struct DtParams {
    const char *fname;   /* "timedelta()", or NULL: messages say "function" */
    const char *const *names;
    const char *kinds;   /* one letter each: i an int, O any object */
    uint8_t required, positional;
} DtParams;
/* Sorts the arguments of a constructor into out (one for each kind, i as it was when not given). */
GI_NODISCARD GiStatus gi_dt_unpack(GiThread *ts, const DtParams *p, const GiVal *args, size_t nargs, GiVal kwnames,
                                   DtArg *out);
/* The same for a method, which has its keywords as a dict (or null). */
GI_NODISCARD GiStatus gi_dt_unpack_dict(GiThread *ts, const DtParams *p, const GiVal *args, size_t nargs, GiVal kwargs,
                                        DtArg *out);
/* A C int from what has __index__; OverflowError, TypeError. */
GI_NODISCARD GiStatus gi_dt_int(GiThread *ts, GiVal v, int *out);
/* As gi_dt_int when v is not null, else leaves *out. */
GI_NODISCARD GiStatus gi_dt_int_opt(GiThread *ts, GiVal v, int *out);
/* TypeError unless count is the one that `fname` takes. */
GI_NODISCARD GiStatus gi_dt_exactly(GiThread *ts, const char *fname, size_t count, size_t wanted);
/* TypeError unless v, argument `number` of `fname`, is a str. */
GI_NODISCARD GiStatus gi_dt_want_str(GiThread *ts, const char *fname, int number, GiVal v);
/* The bytes of a pickled state of n bytes, given as bytes or as a str of Latin-1 (Python 2): 1 and the
 * bytes, 0 when v is neither or its byte `at` is not in [low, high] without the bits of `mask`, -1 failed. */
int gi_dt_state(GiThread *ts, GiVal v, size_t n, size_t at, uint8_t mask, uint8_t low, uint8_t high,
                const char *what, uint8_t *out);

/* ---- Checks: ValueError or TypeError as the constructors raise ---- */

GI_NODISCARD GiStatus gi_dt_check_day(GiThread *ts, int year, int month, int day, DtDay *out);
GI_NODISCARD GiStatus gi_dt_check_clock(GiThread *ts, int hour, int minute, int second, int us, int fold, DtClock *out);
GI_NODISCARD GiStatus gi_dt_check_tzinfo(GiThread *ts, GiVal tzinfo);

/* ---- timedelta (timedelta.c) ---- */

/* A timedelta of type; OverflowError. */
GI_NODISCARD GiRef gi_dt_delta_new(GiThread *ts, GiType *type, __int128 us);
#define gi_dt_delta(ts, us) gi_dt_delta_new(ts, &gi_delta_type, us)
static inline __int128 gi_dt_delta_us(GiVal v) {
    const GiDelta *d = gi_delta_of(v);
    return (__int128)d->days * DT_US_PER_DAY + d->seconds * DT_US_PER_SECOND + d->us;
}
/* us / 10**6, correctly rounded. */
double gi_dt_seconds(__int128 us);
/* The hash of a timedelta of so many microseconds. */
int64_t gi_dt_delta_hash(__int128 us);

/* ---- date (date.c) and datetime (datetime.c) ---- */

GI_NODISCARD GiRef gi_dt_date_new(GiThread *ts, GiType *type, DtDay day);
/* For the alternative constructors: a subclass is called with the fields. */
GI_NODISCARD GiRef gi_dt_date_make(GiThread *ts, GiVal cls, DtDay day);
GI_NODISCARD GiRef gi_dt_datetime_new(GiThread *ts, GiType *type, DtDay day, DtClock clock, GiVal tzinfo);
GI_NODISCARD GiRef gi_dt_datetime_make(GiThread *ts, GiVal cls, DtDay day, DtClock clock, GiVal tzinfo);
GI_NODISCARD GiRef gi_dt_time_new(GiThread *ts, GiType *type, DtClock clock, GiVal tzinfo);
GI_NODISCARD GiRef gi_dt_time_make(GiThread *ts, GiVal cls, DtClock clock, GiVal tzinfo);
/* dt + us, of the same class and tzinfo; OverflowError. */
GI_NODISCARD GiRef gi_dt_datetime_add(GiThread *ts, GiVal dt, __int128 us);
/* The hash of the bytes of a state. */
int64_t gi_dt_hash_bytes(GiThread *ts, const uint8_t *bytes, size_t n);
/* struct_time of a day and time. */
GI_NODISCARD GiRef gi_dt_struct_time(GiThread *ts, DtDay day, DtClock clock, int isdst);

/* ---- tzinfo (timezone.c) ---- */

/* What utcoffset() or dst() said. */
typedef struct DtOffset {
    bool known; /* false: None */
    int64_t us; /* 0 when not known */
} DtOffset;
/* tzinfo.utcoffset(arg), .dst(arg) or .tzname(arg), checked; tzinfo None gives None. */
GI_NODISCARD GiRef gi_dt_ask_delta(GiThread *ts, GiVal tzinfo, GiVal name, GiVal arg);
GI_NODISCARD GiRef gi_dt_ask_name(GiThread *ts, GiVal tzinfo, GiVal arg);
GI_NODISCARD GiStatus gi_dt_ask_offset(GiThread *ts, GiVal tzinfo, GiVal name, GiVal arg, DtOffset *out);
static inline bool gi_dt_same_offset(DtOffset a, DtOffset b) { return a.known == b.known && a.us == b.us; }
/* A timezone; name null: none, and a zero offset gives the one of UTC. ValueError out of range. */
GI_NODISCARD GiRef gi_dt_timezone(GiThread *ts, GiVal offset, GiVal name);
GI_NODISCARD GiStatus gi_dt_make_shared(GiThread *ts);

/* ---- The local zone (local.c) ---- */

/* Seconds since the epoch, the rest as microseconds, from a number; OverflowError, ValueError. */
GI_NODISCARD GiStatus gi_dt_timestamp_arg(GiThread *ts, GiVal v, bool floor_seconds, int64_t *seconds, int *us);
typedef enum { DT_UTC, DT_LOCAL, DT_LOCAL_UNFOLDED } DtWhere;
/* Date and time of day of a time in seconds since the epoch, as clocks show it there (unfolded: the fold is not
 * looked for). ValueError and OSError out of range. */
GI_NODISCARD GiStatus gi_dt_from_seconds(GiThread *ts, int64_t seconds, DtWhere where, DtDay *day, DtClock *clock);
/* Seconds since the epoch of what the local clocks show. */
GI_NODISCARD GiStatus gi_dt_local_seconds(GiThread *ts, DtDay day, DtClock clock, int64_t *seconds);
/* The local zone as it is at that time. */
GI_NODISCARD GiRef gi_dt_local_timezone(GiThread *ts, int64_t seconds);

/* ---- Text (text.c, parse.c) ---- */

/* PERF: these write digits themselves; snprintf took most of the time of isoformat(). */
/* Writes a number with at least so many digits; "2024-01-31". Give the end. */
char *gi_dt_put(char *to, unsigned value, int width);
char *gi_dt_put_day(char *to, DtDay day);
/* "+05:30", with seconds and microseconds if there are any, or without the colons. Gives the length. */
enum { DT_OFFSET_TEXT = 24 };
size_t gi_dt_offset_text(char text[DT_OFFSET_TEXT], int64_t us, bool colons);
/* The time of day as timespec wants it (null: auto); -1: ValueError is set. */
enum { DT_CLOCK_TEXT = 32 };
int gi_dt_clock_text(GiThread *ts, char text[DT_CLOCK_TEXT], DtClock clock, GiVal timespec);
/* Formats by time.strftime, with what a day or time knows of %z, %Z and %f. */
GI_NODISCARD GiRef gi_dt_strftime(GiThread *ts, GiVal format, GiVal timetuple, GiVal tzinfo, GiVal arg, int us);
/* "Mon Jan  1 00:00:00 2024" */
GI_NODISCARD GiRef gi_dt_ctime(GiThread *ts, DtDay day, DtClock clock);
/* str(v) when the spec is empty, else v.strftime(spec). */
GI_NODISCARD GiRef gi_dt_format(GiThread *ts, GiVal self, GiVal spec);
/* The texts of ISO 8601: ValueError. *tzinfo is a new reference, None if there is no offset. */
GI_NODISCARD GiStatus gi_dt_parse_date(GiThread *ts, GiVal text, DtDay *day);
GI_NODISCARD GiStatus gi_dt_parse_time(GiThread *ts, GiVal text, DtClock *clock, GiRef *tzinfo);
GI_NODISCARD GiStatus gi_dt_parse_datetime(GiThread *ts, GiVal text, DtDay *day, DtClock *clock, GiRef *tzinfo);
/* The day of an ISO week date: ValueError. */
GI_NODISCARD GiStatus gi_dt_from_iso_week(GiThread *ts, int year, int week, int weekday, DtDay *out);

#endif
