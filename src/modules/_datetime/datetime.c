/* datetime.c - the type datetime: making, fields, text and pickling. Arithmetic is in datetime_ops.c. */
#include "modules/_datetime/internal.h"
#include "modules/_datetime/datetime_ops.h"

#include "os/clock.h"

#include <stdio.h>

static GiRef datetime_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
#include "modules/_datetime/datetime.gen.h"

/* ---- Making ---- */

GiRef gi_dt_datetime_new(GiThread *ts, GiType *type, DtDay day, DtClock clock, GiVal tzinfo) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    GiDateTime *d = gi_datetime_of(r);
    d->day = day;
    d->clock = clock;
    gi_slot_init(&d->tzinfo, gi_dup(ts, tzinfo));
    return r;
}

GiRef gi_dt_datetime_make(GiThread *ts, GiVal cls, DtDay d, DtClock c, GiVal tzinfo) {
    if (gi_as_type(cls) == &gi_datetime_type) return gi_dt_datetime_new(ts, &gi_datetime_type, d, c, tzinfo);
    const GiVal args[] = {gi_smallint(d.year), gi_smallint(d.month), gi_smallint(d.day), gi_smallint(c.hour),
                          gi_smallint(c.minute), gi_smallint(c.second), gi_smallint(c.us), tzinfo};
    return gi_call(ts, cls, args, GI_COUNTOF(args), GI_NOVAL); /* PYSEM: a subclass is not told of the fold */
}

static const char *const datetime_names[] = {"year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"};

/* datetime(state[, tzinfo]): 1 made, 0 these are no such arguments, -1 failed. */
static int datetime_from_state(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiRef *out) {
    uint8_t s[10];
    int is_state = gi_dt_state(ts, args[0], 10, 2, 0x80, 1, 12, "datetime", s);
    if (is_state <= 0) return is_state;
    GiVal tzinfo = nargs == 2 ? args[1] : GI_NONE;
    if (!gi_is_none(tzinfo) && !gi_is_tzinfo(tzinfo)) {
        gi_raise(ts, &gi_exc_TypeError, "bad tzinfo state arg");
        return -1;
    }
    DtDay day = {(uint16_t)(s[0] << 8 | s[1]), s[2] & 0x7F, s[3]};
    DtClock clock = {s[4], s[5], s[6], s[2] >> 7, s[7] << 16 | s[8] << 8 | s[9]};
    *out = gi_dt_datetime_new(ts, type, day, clock, tzinfo);
    return gi_is_null(*out) ? -1 : 1;
}

static GiRef datetime_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    static const DtParams params = {NULL, datetime_names, "iiiiiiiOi", 3, 8};
    GiRef made = GI_NULL;
    if (nargs == 1 || nargs == 2) {
        int done = datetime_from_state(ts, type, args, nargs, &made);
        if (done) return done < 0 ? GI_NULL : made;
    }
    DtArg a[9] = {0};
    DtDay day;
    DtClock clock;
    if (gi_dt_unpack(ts, &params, args, nargs, kwnames, a)) return GI_NULL;
    GiVal tzinfo = gi_is_null(a[7].v) ? GI_NONE : a[7].v;
    if (gi_dt_check_day(ts, a[0].i, a[1].i, a[2].i, &day) ||
        gi_dt_check_clock(ts, a[3].i, a[4].i, a[5].i, a[6].i, a[8].i, &clock) || gi_dt_check_tzinfo(ts, tzinfo))
        return GI_NULL;
    return gi_dt_datetime_new(ts, type, day, clock, tzinfo);
}

/* The moment as local time (tzinfo None) or as the time of tzinfo. */
static GiRef from_moment(GiThread *ts, GiVal cls, int64_t seconds, int us, DtWhere where, GiVal tzinfo) {
    DtDay day;
    DtClock clock;
    if (gi_dt_from_seconds(ts, seconds, where, &day, &clock)) return GI_NULL;
    clock.us = us;
    GiRef made = gi_dt_datetime_make(ts, cls, day, clock, tzinfo);
    if (gi_is_none(tzinfo) || gi_is_null(made)) return made;
    GiRef shown = gi_call_method(ts, gi_dt_shared()->fromutc, (GiVal[]){tzinfo, gi_val(made)}, 2);
    gi_drop(ts, made);
    return shown;
}
static GiRef now_in(GiThread *ts, GiVal cls, DtWhere where, GiVal tzinfo) {
    int64_t ns = gi_os_real_ns(), seconds = dt_floor_div(ns, 1000000000);
    return from_moment(ts, cls, seconds, (int)((ns - seconds * 1000000000) / 1000), where, tzinfo);
}

GI_CLASSMETHOD(datetime, now, "(type, tz = None)",
               "Returns new datetime object representing current time local to tz.\n\n  tz\n    Timezone object.\n\n"
               "If no tz is specified, uses local timezone.") {
    GiVal tz = gi_is_null(a->tz) ? GI_NONE : a->tz;
    return gi_dt_check_tzinfo(ts, tz) ? GI_NULL : now_in(ts, self, gi_is_none(tz) ? DT_LOCAL : DT_UTC, tz);
}
GI_CLASSMETHOD(datetime, utcnow, "(type)", "Return a new datetime representing UTC day and time.") {
    return now_in(ts, self, DT_UTC, GI_NONE);
}
GI_CLASSMETHOD(datetime, fromtimestamp, "(type, timestamp, tz = <null>)",
               "timestamp[, tz] -> tz's local time from POSIX timestamp.") {
    GiVal tz = gi_is_null(a->tz) ? GI_NONE : a->tz;
    int64_t seconds;
    int us;
    if (gi_dt_check_tzinfo(ts, tz) || gi_dt_timestamp_arg(ts, a->timestamp, false, &seconds, &us)) return GI_NULL;
    return from_moment(ts, self, seconds, us, gi_is_none(tz) ? DT_LOCAL : DT_UTC, tz);
}
GI_CLASSMETHOD(datetime, utcfromtimestamp, "(type, *args)", "Construct a naive UTC datetime from a POSIX timestamp.") {
    int64_t seconds;
    int us;
    if (gi_dt_exactly(ts, "utcfromtimestamp", a->args_count, 1) ||
        gi_dt_timestamp_arg(ts, a->args[0], false, &seconds, &us))
        return GI_NULL;
    return from_moment(ts, self, seconds, us, DT_UTC, GI_NONE);
}
GI_CLASSMETHOD(datetime, strptime, "(type, *args)",
               "string, format -> new datetime parsed from a string (like time.strptime()).") {
    if (gi_dt_exactly(ts, "strptime", a->args_count, 2) || gi_dt_want_str(ts, "strptime", 1, a->args[0]) ||
        gi_dt_want_str(ts, "strptime", 2, a->args[1]))
        return GI_NULL;
    GI_AUTO GiRef parse = gi_import_attr(ts, "_strptime", "_strptime_datetime");
    return gi_is_null(parse) ? GI_NULL : gi_call3(ts, gi_val(parse), self, a->args[0], a->args[1]);
}
GI_CLASSMETHOD(datetime, combine, "(type, date, time, tzinfo = <null>)",
               "date, time -> datetime with same date and time fields") {
    if (!gi_is_date(a->date))
        return gi_raise_ref(ts, &gi_exc_TypeError, "combine() argument 1 must be datetime.date, not %#T", a->date);
    if (!gi_is_time(a->time))
        return gi_raise_ref(ts, &gi_exc_TypeError, "combine() argument 2 must be datetime.time, not %#T", a->time);
    GiVal tzinfo = gi_is_null(a->tzinfo) ? gi_val(gi_time_of(a->time)->tzinfo) : a->tzinfo;
    if (gi_dt_check_tzinfo(ts, tzinfo)) return GI_NULL;
    return gi_dt_datetime_make(ts, self, gi_date_of(a->date)->day, gi_time_of(a->time)->clock, tzinfo);
}
GI_CLASSMETHOD(datetime, fromisoformat, "(type, string, /)",
               "string -> datetime from a string in most ISO 8601 formats") {
    DtDay day;
    DtClock clock;
    GI_AUTO GiRef tzinfo = GI_NULL;
    if (gi_dt_parse_datetime(ts, a->string, &day, &clock, &tzinfo)) return GI_NULL;
    return gi_dt_datetime_make(ts, self, day, clock, gi_val(tzinfo));
}

/* ---- Parts ---- */

GI_METHOD(datetime, date, "(self)", "Return date object with same year, month and day.") {
    return gi_dt_date_new(ts, &gi_date_type, gi_datetime_of(self)->day);
}
GI_METHOD(datetime, time, "(self)", "Return time object with same time but with tzinfo=None.") {
    return gi_dt_time_new(ts, &gi_time_type, gi_datetime_of(self)->clock, GI_NONE);
}
GI_METHOD(datetime, timetz, "(self)", "Return time object with same time and tzinfo.") {
    return gi_dt_time_new(ts, &gi_time_type, gi_datetime_of(self)->clock, gi_val(gi_datetime_of(self)->tzinfo));
}
GI_METHOD(datetime, ctime, "(self)", "Return ctime() style string.") {
    return gi_dt_ctime(ts, gi_datetime_of(self)->day, gi_datetime_of(self)->clock);
}
GI_METHOD(datetime, timetuple, "(self)", "Return time tuple, compatible with time.localtime().") {
    GiDateTime *d = gi_datetime_of(self);
    DtOffset dst;
    if (gi_dt_ask_offset(ts, gi_val(d->tzinfo), gi_dt_shared()->dst, self, &dst)) return GI_NULL;
    return gi_dt_struct_time(ts, d->day, d->clock, dst.known ? dst.us != 0 : -1);
}
GI_METHOD(datetime, timestamp, "(self)", "Return POSIX timestamp as float.") { return gi_dt_timestamp(ts, self); }
GI_METHOD(datetime, utctimetuple, "(self)", "Return UTC time tuple, compatible with time.localtime().") {
    GiDateTime *d = gi_datetime_of(self);
    DtOffset offset;
    DtDay day;
    DtClock clock;
    if (gi_dt_ask_offset(ts, gi_val(d->tzinfo), gi_dt_shared()->utcoffset, self, &offset)) return GI_NULL;
    if (!offset.us) return gi_dt_struct_time(ts, d->day, d->clock, 0);
    if (!dt_split(dt_instant(d->day, d->clock) - offset.us, &day, &clock))
        return gi_raise_ref(ts, &gi_exc_OverflowError, "date value out of range");
    return gi_dt_struct_time(ts, day, clock, 0);
}

/* ---- Text ---- */

static GiRef datetime_text(GiThread *ts, GiVal self, uint32_t sep, GiVal timespec) {
    GiDateTime *d = gi_datetime_of(self);
    char text[16 + DT_CLOCK_TEXT + DT_OFFSET_TEXT];
    size_t at = (size_t)(gi_dt_put_day(text, d->day) - text), len = at + 1;
    int n = gi_dt_clock_text(ts, text + len, d->clock, timespec);
    DtOffset offset;
    if (n < 0 || gi_dt_ask_offset(ts, gi_val(d->tzinfo), gi_dt_shared()->utcoffset, self, &offset)) return GI_NULL;
    len += (size_t)n;
    if (offset.known) len += gi_dt_offset_text(text + len, offset.us, true);
    text[at] = (char)sep;
    if (sep <= 0xFF) {
        return gi_str_from_latin1(ts, text, len);
    }
    uint32_t wide[sizeof text];
    for (size_t i = 0; i < len; i++) wide[i] = (uint8_t)text[i];
    wide[at] = sep;
    return gi_str_from_ucs4(ts, wide, len);
}

GI_METHOD(datetime, isoformat, "(self, sep = <null>, timespec = <null>)",
          "[sep] -> string in ISO 8601 format, YYYY-MM-DDT[HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\nsep is used to separate "
          "the year from the time, and defaults to 'T'.\nThe optional argument timespec specifies the number of "
          "additional terms\nof the time to include. Valid options are 'auto', 'hours', 'minutes',\n'seconds', "
          "'milliseconds' and 'microseconds'.\n") {
    if (!gi_is_null(a->sep) && (!gi_is_str(a->sep) || gi_str_len(a->sep) != 1))
        return gi_raise_ref(ts, &gi_exc_TypeError, "isoformat() argument 1 must be a unicode character, not %#T", a->sep);
    if (!gi_is_null(a->timespec) && gi_dt_want_str(ts, "isoformat", 2, a->timespec)) return GI_NULL;
    return datetime_text(ts, self, gi_is_null(a->sep) ? 'T' : gi_str_char(a->sep, 0), a->timespec);
}
static GiRef datetime_str(GiThread *ts, GiVal self) {
    if (gi_is_exact(self, &gi_datetime_type)) return datetime_text(ts, self, ' ', GI_NOVAL);
    return gi_call_method(ts, gi_dt_shared()->isoformat, (GiVal[]){self, GI_STR_LATIN1_CHAR(' ')}, 2);
}
static GiRef datetime_repr(GiThread *ts, GiVal self) {
    GiDateTime *d = gi_datetime_of(self);
    DtClock c = d->clock;
    char text[80];
    int n = snprintf(text, sizeof text, "%d, %d, %d, %d, %d", d->day.year, d->day.month, d->day.day, c.hour, c.minute);
    if (c.second || c.us) n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c.second);
    if (c.us) n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c.us);
    if (c.fold) snprintf(text + n, sizeof text - (size_t)n, ", fold=1");
    if (gi_is_none(d->tzinfo)) return gi_str_format(ts, "%s(%s)", gi_type_name(self), text);
    return gi_str_format(ts, "%s(%s, tzinfo=%R)", gi_type_name(self), text, gi_val(d->tzinfo));
}

/* ---- The zone ---- */

GI_METHOD(datetime, utcoffset, "(self)", "Return self.tzinfo.utcoffset(self).") {
    return gi_dt_ask_delta(ts, gi_val(gi_datetime_of(self)->tzinfo), gi_dt_shared()->utcoffset, self);
}
GI_METHOD(datetime, tzname, "(self)", "Return self.tzinfo.tzname(self).") {
    return gi_dt_ask_name(ts, gi_val(gi_datetime_of(self)->tzinfo), self);
}
GI_METHOD(datetime, dst, "(self)", "Return self.tzinfo.dst(self).") {
    return gi_dt_ask_delta(ts, gi_val(gi_datetime_of(self)->tzinfo), gi_dt_shared()->dst, self);
}
GI_METHOD(datetime, replace, "(self, year = <null>, month = <null>, day = <null>, hour = <null>, minute = <null>, "
          "second = <null>, microsecond = <null>, tzinfo = <null>, *, fold = <null>)",
          "Return datetime with new specified fields.") {
    DtDay d = gi_datetime_of(self)->day;
    DtClock c = gi_datetime_of(self)->clock;
    int year = d.year, month = d.month, day = d.day, hour = c.hour, minute = c.minute, second = c.second, us = c.us,
        fold = c.fold;
    GiVal tzinfo = gi_is_null(a->tzinfo) ? gi_val(gi_datetime_of(self)->tzinfo) : a->tzinfo;
    if (gi_dt_int_opt(ts, a->year, &year) || gi_dt_int_opt(ts, a->month, &month) || gi_dt_int_opt(ts, a->day, &day) ||
        gi_dt_int_opt(ts, a->hour, &hour) || gi_dt_int_opt(ts, a->minute, &minute) ||
        gi_dt_int_opt(ts, a->second, &second) || gi_dt_int_opt(ts, a->microsecond, &us) ||
        gi_dt_int_opt(ts, a->fold, &fold) || gi_dt_check_day(ts, year, month, day, &d) ||
        gi_dt_check_clock(ts, hour, minute, second, us, fold, &c) || gi_dt_check_tzinfo(ts, tzinfo))
        return GI_NULL;
    return gi_dt_datetime_new(ts, gi_type_of(self), d, c, tzinfo);
}
GI_METHOD(datetime, astimezone, "(self, tz = <null>)", "tz -> convert to local time in new timezone tz\n") {
    GiVal tz = gi_is_null(a->tz) ? GI_NONE : a->tz;
    return gi_dt_check_tzinfo(ts, tz) ? GI_NULL : gi_dt_astimezone(ts, self, tz);
}

/* ---- Pickling ---- */

static GiRef datetime_state(GiThread *ts, GiVal self, bool with_fold) {
    GiDateTime *d = gi_datetime_of(self);
    uint8_t bytes[10];
    gi_dt_datetime_bytes(d, bytes);
    if (with_fold && d->clock.fold) bytes[2] |= 0x80;
    GI_AUTO GiRef packed = gi_bytes_from(ts, bytes, sizeof bytes);
    if (gi_is_null(packed)) return GI_NULL;
    GI_AUTO GiRef state = gi_is_none(d->tzinfo) ? gi_tuple_pack(ts, 1, gi_val(packed))
                                                : gi_tuple_pack(ts, 2, gi_val(packed), gi_val(d->tzinfo));
    return gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(gi_type_of(self)), gi_val(state));
}
GI_METHOD(datetime, __reduce_ex__, "(self, *args)", "__reduce_ex__(proto) -> (cls, state)") {
    int protocol = 0;
    if (gi_dt_exactly(ts, "__reduce_ex__", a->args_count, 1) || gi_dt_int(ts, a->args[0], &protocol)) return GI_NULL;
    return datetime_state(ts, self, protocol > 3);
}
GI_METHOD(datetime, __reduce__, "(self)", "__reduce__() -> (cls, state)") { return datetime_state(ts, self, false); }

GI_GETTER(datetime, hour, NULL) { return gi_smallint_ref(gi_datetime_of(self)->clock.hour); }
GI_GETTER(datetime, minute, NULL) { return gi_smallint_ref(gi_datetime_of(self)->clock.minute); }
GI_GETTER(datetime, second, NULL) { return gi_smallint_ref(gi_datetime_of(self)->clock.second); }
GI_GETTER(datetime, microsecond, NULL) { return gi_smallint_ref(gi_datetime_of(self)->clock.us); }
GI_GETTER(datetime, tzinfo, NULL) { return gi_slot_dup(ts, &gi_datetime_of(self)->tzinfo); }
GI_GETTER(datetime, fold, NULL) { return gi_smallint_ref(gi_datetime_of(self)->clock.fold); }

static const GiField datetime_fields[] = {GI_SLOT(GiDateTime, tzinfo), GI_FIELDS_END};
GiType gi_datetime_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.datetime",
    .module = "datetime",
    .size = sizeof(GiDateTime),
    .base = &gi_date_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .doc = "datetime(year, month, day[, hour[, minute[, second[, microsecond[,tzinfo]]]]])\n\nThe year, month and day "
           "arguments are required. tzinfo may be None, or an\ninstance of a tzinfo subclass. The remaining arguments "
           "may be ints.\n",
    .fields = datetime_fields,
    .methods = datetime_methods,
    .getset = datetime_getset,
    .new_ = datetime_new,
    .getattr = gi_object_getattr,
    .repr = datetime_repr,
    .str = datetime_str,
    .hash = gi_dt_datetime_hash,
    .compare = gi_dt_datetime_compare,
    .binary[GI_BIN_ADD] = gi_dt_datetime_plus,
    .binary[GI_BIN_SUB] = gi_dt_datetime_minus,
};
