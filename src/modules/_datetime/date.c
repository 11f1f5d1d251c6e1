/* date.c - dates, and the named tuple that isocalendar() gives. */
#include "modules/_datetime/internal.h"

#include "base/hash.h"

static GiRef date_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
#include "modules/_datetime/date.gen.h"

/* ---- Making ---- */

GiRef gi_dt_date_new(GiThread *ts, GiType *type, DtDay day) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(r)) gi_date_of(r)->day = day;
    return r;
}

GiRef gi_dt_date_make(GiThread *ts, GiVal cls, DtDay day) {
    if (gi_as_type(cls) == &gi_date_type) return gi_dt_date_new(ts, &gi_date_type, day);
    if (gi_as_type(cls) == &gi_datetime_type)
        return gi_dt_datetime_new(ts, &gi_datetime_type, day, (DtClock){0}, GI_NONE);
    return gi_call3(ts, cls, gi_smallint(day.year), gi_smallint(day.month), gi_smallint(day.day));
}

static GiRef date_from_ordinal(GiThread *ts, GiVal cls, int64_t ordinal) { return gi_dt_date_make(ts, cls, dt_day_of(ordinal)); }

static const char *const day_names[] = {"year", "month", "day"};

static GiRef date_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    static const DtParams params = {NULL, day_names, "iii", 3, 3};
    DtDay day;
    if (nargs == 1) {
        uint8_t s[4];
        int is_state = gi_dt_state(ts, args[0], 4, 2, 0, 1, 12, "date", s);
        if (is_state < 0) return GI_NULL;
        if (is_state) return gi_dt_date_new(ts, type, (DtDay){(uint16_t)(s[0] << 8 | s[1]), s[2], s[3]});
    }
    DtArg a[3];
    if (gi_dt_unpack(ts, &params, args, nargs, kwnames, a)) return GI_NULL;
    if (gi_dt_check_day(ts, a[0].i, a[1].i, a[2].i, &day)) return GI_NULL;
    return gi_dt_date_new(ts, type, day);
}

GI_CLASSMETHOD(date, fromtimestamp, "(type, timestamp, /)",
               "Create a date from a POSIX timestamp.\n\nThe timestamp is a number, e.g. created via time.time(), that "
               "is interpreted\nas local time.") {
    int64_t seconds;
    int us;
    DtDay day;
    DtClock clock;
    if (gi_dt_timestamp_arg(ts, a->timestamp, true, &seconds, &us) ||
        gi_dt_from_seconds(ts, seconds, DT_LOCAL_UNFOLDED, &day, &clock))
        return GI_NULL;
    return gi_dt_date_make(ts, self, day);
}
GI_CLASSMETHOD(date, fromordinal, "(type, *args)", "int -> date corresponding to a proleptic Gregorian ordinal.") {
    int ordinal = 0;
    if (gi_dt_exactly(ts, "fromordinal", a->args_count, 1) || gi_dt_int(ts, a->args[0], &ordinal)) return GI_NULL;
    if (ordinal < 1) return gi_raise_ref(ts, &gi_exc_ValueError, "ordinal must be >= 1");
    if (ordinal > DT_MAX_ORDINAL) {
        int month, day;
        return gi_raise_ref(ts, &gi_exc_ValueError, "year %d is out of range", (int)dt_civil(ordinal, &month, &day));
    }
    return date_from_ordinal(ts, self, ordinal);
}
GI_CLASSMETHOD(date, fromisoformat, "(type, string, /)", "str -> Construct a date from a string in ISO 8601 format.") {
    DtDay day;
    return gi_dt_parse_date(ts, a->string, &day) ? GI_NULL : gi_dt_date_make(ts, self, day);
}
GI_CLASSMETHOD(date, fromisocalendar, "(type, year, week, day)",
               "int, int, int -> Construct a date from the ISO year, week number and weekday.\n\nThis is the inverse "
               "of the date.isocalendar() function") {
    int year, week, weekday;
    DtDay day;
    if (gi_dt_int(ts, a->year, &year) || gi_dt_int(ts, a->week, &week) || gi_dt_int(ts, a->day, &weekday)) {
        if (!gi_exc_matches(ts, &gi_exc_OverflowError)) return GI_NULL;
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_ValueError, "ISO calendar component out of range");
    }
    return gi_dt_from_iso_week(ts, year, week, weekday, &day) ? GI_NULL : gi_dt_date_make(ts, self, day);
}
GI_CLASSMETHOD(date, today, "(type)",
               "Current date or datetime:  same as self.__class__.fromtimestamp(time.time()).") {
    GI_AUTO GiRef time = gi_import_attr(ts, "time", "time");
    GI_AUTO GiRef now = gi_is_null(time) ? GI_NULL : gi_call0(ts, gi_val(time));
    if (gi_is_null(now)) return GI_NULL;
    return gi_call_method(ts, gi_dt_shared()->fromtimestamp, (GiVal[]){self, gi_val(now)}, 2);
}

/* ---- Text ---- */

static GiRef date_iso(GiThread *ts, GiVal self) {
    char text[16];
    return gi_str_from_latin1(ts, text, (size_t)(gi_dt_put_day(text, gi_date_of(self)->day) - text));
}
GI_METHOD(date, ctime, "(self)", "Return ctime() style string.") { return gi_dt_ctime(ts, gi_date_of(self)->day, (DtClock){0}); }
GI_METHOD(date, strftime, "(self, format)", "format -> strftime() style string.") {
    if (gi_dt_want_str(ts, "strftime", 1, a->format)) return GI_NULL;
    GI_AUTO GiRef tuple = gi_call_method(ts, gi_dt_shared()->timetuple, &self, 1);
    if (gi_is_null(tuple)) return GI_NULL;
    if (!gi_is_datetime(self)) return gi_dt_strftime(ts, a->format, gi_val(tuple), GI_NONE, self, 0);
    GiDateTime *d = gi_datetime_of(self);
    return gi_dt_strftime(ts, a->format, gi_val(tuple), gi_val(d->tzinfo), self, d->clock.us);
}
GI_METHOD(date, __format__, "(self, format, /)", "Formats self with strftime.") {
    return gi_dt_want_str(ts, "__format__", 1, a->format) ? GI_NULL : gi_dt_format(ts, self, a->format);
}
GI_METHOD(date, timetuple, "(self)", "Return time tuple, compatible with time.localtime().") {
    return gi_dt_struct_time(ts, gi_date_of(self)->day, (DtClock){0}, -1);
}
static GiRef date_repr(GiThread *ts, GiVal self) {
    DtDay d = gi_date_of(self)->day;
    return gi_str_format(ts, "%s(%d, %d, %d)", gi_type_name(self), d.year, d.month, d.day);
}
static GiRef date_str(GiThread *ts, GiVal self) {
    if (gi_is_exact(self, &gi_date_type)) return date_iso(ts, self);
    return gi_call_method(ts, gi_dt_shared()->isoformat, &self, 1);
}

/* ---- The calendar ---- */

static GiRef isocalendar_of(GiThread *ts, int64_t year, int week, int weekday) {
    GiRef r = gi_type_alloc(ts, &gi_isocalendar_type, 3 * sizeof(GiSlot));
    if (gi_is_null(r)) return r;
    gi_tuple_of(r)->count = 3;
    gi_tuple_init(r, 0, gi_smallint_ref(year));
    gi_tuple_init(r, 1, gi_smallint_ref(week));
    gi_tuple_init(r, 2, gi_smallint_ref(weekday));
    return r;
}
GI_METHOD(date, isocalendar, "(self)", "Return a named tuple containing ISO year, week number, and weekday.") {
    int week;
    int64_t ordinal = dt_day_ordinal(gi_date_of(self)->day), year = dt_iso_week(ordinal, &week);
    return isocalendar_of(ts, year, week, dt_weekday(ordinal) + 1);
}
GI_METHOD(date, isoformat, "(self)", "Return string in ISO 8601 format, YYYY-MM-DD.") { return date_iso(ts, self); }
GI_METHOD(date, isoweekday, "(self)",
          "Return the day of the week represented by the date.\nMonday == 1 ... Sunday == 7") {
    return gi_smallint_ref(dt_weekday(dt_day_ordinal(gi_date_of(self)->day)) + 1);
}
GI_METHOD(date, toordinal, "(self)",
          "Return proleptic Gregorian ordinal.  January 1 of year 1 is day 1.") {
    return gi_smallint_ref(dt_day_ordinal(gi_date_of(self)->day));
}
GI_METHOD(date, weekday, "(self)", "Return the day of the week represented by the date.\nMonday == 0 ... Sunday == 6") {
    return gi_smallint_ref(dt_weekday(dt_day_ordinal(gi_date_of(self)->day)));
}
GI_METHOD(date, replace, "(self, year = <null>, month = <null>, day = <null>)", "Return date with new specified fields.") {
    DtDay d = gi_date_of(self)->day;
    int year = d.year, month = d.month, day = d.day;
    if (gi_dt_int_opt(ts, a->year, &year) || gi_dt_int_opt(ts, a->month, &month) || gi_dt_int_opt(ts, a->day, &day) ||
        gi_dt_check_day(ts, year, month, day, &d))
        return GI_NULL;
    return gi_dt_date_new(ts, gi_type_of(self), d);
}
GI_METHOD(date, __reduce__, "(self)", "__reduce__() -> (cls, state)") {
    DtDay d = gi_date_of(self)->day;
    GI_AUTO GiRef bytes = gi_bytes_from(ts, (uint8_t[]){(uint8_t)(d.year >> 8), (uint8_t)d.year, d.month, d.day}, 4);
    GI_AUTO GiRef state = gi_is_null(bytes) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(bytes));
    return gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(gi_type_of(self)), gi_val(state));
}
GI_GETTER(date, year, NULL) { return gi_smallint_ref(gi_date_of(self)->day.year); }
GI_GETTER(date, month, NULL) { return gi_smallint_ref(gi_date_of(self)->day.month); }
GI_GETTER(date, day, NULL) { return gi_smallint_ref(gi_date_of(self)->day.day); }

/* ---- Arithmetic, comparing, hash ---- */

static GiRef date_shift(GiThread *ts, GiVal date, int64_t days) {
    int64_t ordinal = dt_day_ordinal(gi_date_of(date)->day) + days;
    if (ordinal < 1 || ordinal > DT_MAX_ORDINAL)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "date value out of range");
    return date_from_ordinal(ts, gi_type_val(gi_type_of(date)), ordinal);
}
static GiRef date_add(GiThread *ts, GiVal l, GiVal r) {
    if (gi_is_datetime(l) || gi_is_datetime(r)) return GI_REF_NOTIMPLEMENTED;
    if (gi_is_date(l)) return gi_is_delta(r) ? date_shift(ts, l, gi_delta_of(r)->days) : GI_REF_NOTIMPLEMENTED;
    return gi_is_delta(l) ? date_shift(ts, r, gi_delta_of(l)->days) : GI_REF_NOTIMPLEMENTED;
}
static GiRef date_sub(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_date(l) || gi_is_datetime(l) || gi_is_datetime(r)) return GI_REF_NOTIMPLEMENTED;
    /* Only whole days count: those of the timedelta as it is written, not of its negative. */
    if (gi_is_delta(r)) return date_shift(ts, l, -(int64_t)gi_delta_of(r)->days);
    if (!gi_is_date(r)) return GI_REF_NOTIMPLEMENTED;
    int64_t days = dt_day_ordinal(gi_date_of(l)->day) - dt_day_ordinal(gi_date_of(r)->day);
    return gi_dt_delta(ts, days * (__int128)DT_US_PER_DAY);
}

static int64_t day_key(DtDay d) { return (int64_t)d.year << 16 | d.month << 8 | d.day; }
static GiRef date_compare(GiThread *ts GI_UNUSED, GiVal l, GiVal r, GiCompareOp op) {
    if (!gi_is_date(r)) return GI_REF_NOTIMPLEMENTED;
    return gi_order_ref(day_key(gi_date_of(l)->day) - day_key(gi_date_of(r)->day), op);
}

int64_t gi_dt_hash_bytes(GiThread *ts, const uint8_t *bytes, size_t n) {
    GiHashKey key;
    memcpy(&key, ts->vm->hash_key, sizeof key);
    return gi_hash_bytes(key, bytes, n);
}
static int64_t date_hash(GiThread *ts, GiVal v) {
    GiDate *d = gi_date_of(v);
    int64_t h = atomic_load_explicit(&d->hash, memory_order_relaxed);
    if (h == 0) {
        h = gi_dt_hash_bytes(ts, (uint8_t[]){(uint8_t)(d->day.year >> 8), (uint8_t)d->day.year, d->day.month, d->day.day}, 4);
        atomic_store_explicit(&d->hash, h, memory_order_relaxed);
    }
    return h;
}

GiType gi_date_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.date",
    .module = "datetime",
    .size = sizeof(GiDate),
    .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_IMMUTABLE,
    .doc = "date(year, month, day) --> date object",
    .methods = date_methods,
    .getset = date_getset,
    .new_ = date_new,
    .getattr = gi_object_getattr,
    .repr = date_repr,
    .str = date_str,
    .hash = date_hash,
    .compare = date_compare,
    .binary[GI_BIN_ADD] = date_add,
    .binary[GI_BIN_SUB] = date_sub,
};

/* ---- IsoCalendarDate ---- */

GI_NEW(isocalendar, "(cls, year, week, weekday)", NULL) {
    int year, week, weekday;
    if (gi_dt_int(ts, a->year, &year) || gi_dt_int(ts, a->week, &week) || gi_dt_int(ts, a->weekday, &weekday))
        return GI_NULL;
    return isocalendar_of(ts, year, week, weekday);
}
static GiRef isocalendar_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "%s(year=%S, week=%S, weekday=%S)", gi_type_name(self), gi_tuple_get(self, 0),
                         gi_tuple_get(self, 1), gi_tuple_get(self, 2));
}
GI_METHOD(isocalendar, __reduce__, "(self)", "__reduce__() -> (cls, state)") {
    GI_AUTO GiRef plain = gi_tuple_from(ts, gi_tuple_items(self), gi_tuple_len(self));
    GI_AUTO GiRef args = gi_is_null(plain) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(plain));
    return gi_is_null(args) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(&gi_tuple_type), gi_val(args));
}
GI_GETTER(isocalendar, year, NULL) { return gi_dup(ts, gi_tuple_get(self, 0)); }
GI_GETTER(isocalendar, week, NULL) { return gi_dup(ts, gi_tuple_get(self, 1)); }
GI_GETTER(isocalendar, weekday, NULL) { return gi_dup(ts, gi_tuple_get(self, 2)); }

GiType gi_isocalendar_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.IsoCalendarDate",
    .module = "datetime",
    .size = sizeof(GiTuple),
    .item_size = sizeof(GiSlot),
    .base = &gi_tuple_type,
    .flags = GI_TYPE_GC | GI_TYPE_TUPLE | GI_TYPE_VARSIZED | GI_TYPE_SEQUENCE | GI_TYPE_IMMUTABLE,
    .doc = "The result of date.isocalendar() or datetime.isocalendar()\n\nThis object may be accessed either as a tuple "
           "of\n  ((year, week, weekday)\nor via the object attributes as named in the above tuple.",
    .methods = isocalendar_methods,
    .getset = isocalendar_getset,
    .new_ = isocalendar_new,
    .repr = isocalendar_repr,
};
