/* time.c - times of day.
 *
 * A time with a tzinfo is aware if the tzinfo gives an offset for no date at all (None).
 */
#include "modules/_datetime/internal.h"

#include <stdio.h>

static GiRef time_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
#include "modules/_datetime/time.gen.h"

/* ---- Making ---- */

GiRef gi_dt_time_new(GiThread *ts, GiType *type, DtClock clock, GiVal tzinfo) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    gi_time_of(r)->clock = clock;
    gi_slot_init(&gi_time_of(r)->tzinfo, gi_dup(ts, tzinfo));
    return r;
}

GiRef gi_dt_time_make(GiThread *ts, GiVal cls, DtClock c, GiVal tzinfo) {
    if (gi_as_type(cls) == &gi_time_type) return gi_dt_time_new(ts, &gi_time_type, c, tzinfo);
    return gi_call(ts, cls, (GiVal[]){gi_smallint(c.hour), gi_smallint(c.minute), gi_smallint(c.second), gi_smallint(c.us), tzinfo},
                   5, GI_NOVAL);
}

static const char *const time_names[] = {"hour", "minute", "second", "microsecond", "tzinfo", "fold"};

/* time(state[, tzinfo]): 1 made, 0 these are no such arguments, -1 failed. */
static int time_from_state(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiRef *out) {
    uint8_t s[6];
    int is_state = gi_dt_state(ts, args[0], 6, 0, 0x80, 0, 23, "time", s);
    if (is_state <= 0) return is_state;
    GiVal tzinfo = nargs == 2 ? args[1] : GI_NONE;
    if (!gi_is_none(tzinfo) && !gi_is_tzinfo(tzinfo)) {
        gi_raise(ts, &gi_exc_TypeError, "bad tzinfo state arg");
        return -1;
    }
    DtClock clock = {s[0] & 0x7F, s[1], s[2], s[0] >> 7, s[3] << 16 | s[4] << 8 | s[5]};
    *out = gi_dt_time_new(ts, type, clock, tzinfo);
    return gi_is_null(*out) ? -1 : 1;
}

static GiRef time_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    static const DtParams params = {NULL, time_names, "iiiiOi", 0, 5};
    GiRef made = GI_NULL;
    if (nargs == 1 || nargs == 2) {
        int done = time_from_state(ts, type, args, nargs, &made);
        if (done) return done < 0 ? GI_NULL : made;
    }
    DtArg a[6] = {0};
    DtClock clock;
    if (gi_dt_unpack(ts, &params, args, nargs, kwnames, a)) return GI_NULL;
    GiVal tzinfo = gi_is_null(a[4].v) ? GI_NONE : a[4].v;
    if (gi_dt_check_clock(ts, a[0].i, a[1].i, a[2].i, a[3].i, a[5].i, &clock) || gi_dt_check_tzinfo(ts, tzinfo))
        return GI_NULL;
    return gi_dt_time_new(ts, type, clock, tzinfo);
}

/* ---- Text ---- */

static GiRef time_text(GiThread *ts, GiVal self, GiVal timespec) {
    GiTime *t = gi_time_of(self);
    char text[DT_CLOCK_TEXT + DT_OFFSET_TEXT];
    int n = gi_dt_clock_text(ts, text, t->clock, timespec);
    DtOffset offset;
    if (n < 0 || gi_dt_ask_offset(ts, gi_val(t->tzinfo), gi_dt_shared()->utcoffset, GI_NONE, &offset)) return GI_NULL;
    size_t len = (size_t)n;
    if (offset.known) len += gi_dt_offset_text(text + len, offset.us, true);
    return gi_str_from_latin1(ts, text, len);
}

GI_METHOD(time, isoformat, "(self, timespec = <null>)",
          "Return string in ISO 8601 format, [HH[:MM[:SS[.mmm[uuu]]]]][+HH:MM].\n\nThe optional argument timespec "
          "specifies the number of additional terms\nof the time to include. Valid options are 'auto', 'hours', "
          "'minutes',\n'seconds', 'milliseconds' and 'microseconds'.\n") {
    if (!gi_is_null(a->timespec) && gi_dt_want_str(ts, "isoformat", 1, a->timespec)) return GI_NULL;
    return time_text(ts, self, a->timespec);
}
GI_METHOD(time, strftime, "(self, format)", "format -> strftime() style string.") {
    if (gi_dt_want_str(ts, "strftime", 1, a->format)) return GI_NULL;
    GiTime *t = gi_time_of(self);
    /* No date is at hand: the first day of 1900, a Monday. */
    const int fields[9] = {1900, 1, 1, t->clock.hour, t->clock.minute, t->clock.second, 0, 1, -1};
    GiVal items[9];
    for (int i = 0; i < 9; i++) items[i] = gi_smallint(fields[i]);
    GI_AUTO GiRef tuple = gi_tuple_from(ts, items, 9);
    if (gi_is_null(tuple)) return GI_NULL;
    return gi_dt_strftime(ts, a->format, gi_val(tuple), gi_val(t->tzinfo), GI_NONE, t->clock.us);
}
GI_METHOD(time, __format__, "(self, format, /)", "Formats self with strftime.") {
    return gi_dt_want_str(ts, "__format__", 1, a->format) ? GI_NULL : gi_dt_format(ts, self, a->format);
}
static GiRef time_repr(GiThread *ts, GiVal self) {
    GiTime *t = gi_time_of(self);
    DtClock c = t->clock;
    char text[64];
    int n = snprintf(text, sizeof text, "%d, %d", c.hour, c.minute);
    if (c.second || c.us) n += snprintf(text + n, sizeof text - (size_t)n, ", %d", c.second);
    if (c.us) snprintf(text + n, sizeof text - (size_t)n, ", %d", c.us);
    const char *name = gi_type_name(self), *fold = c.fold ? ", fold=1" : "";
    if (gi_is_none(t->tzinfo)) return gi_str_format(ts, "%s(%s%s)", name, text, fold);
    return gi_str_format(ts, "%s(%s, tzinfo=%R%s)", name, text, gi_val(t->tzinfo), fold);
}
static GiRef time_str(GiThread *ts, GiVal self) {
    if (gi_is_exact(self, &gi_time_type)) return time_text(ts, self, GI_NOVAL);
    return gi_call_method(ts, gi_dt_shared()->isoformat, &self, 1);
}

/* ---- Methods ---- */

GI_METHOD(time, utcoffset, "(self)", "Return self.tzinfo.utcoffset(self).") {
    return gi_dt_ask_delta(ts, gi_val(gi_time_of(self)->tzinfo), gi_dt_shared()->utcoffset, GI_NONE);
}
GI_METHOD(time, tzname, "(self)", "Return self.tzinfo.tzname(self).") {
    return gi_dt_ask_name(ts, gi_val(gi_time_of(self)->tzinfo), GI_NONE);
}
GI_METHOD(time, dst, "(self)", "Return self.tzinfo.dst(self).") {
    return gi_dt_ask_delta(ts, gi_val(gi_time_of(self)->tzinfo), gi_dt_shared()->dst, GI_NONE);
}
GI_METHOD(time, replace, "(self, hour = <null>, minute = <null>, second = <null>, microsecond = <null>, tzinfo = <null>, *, fold = <null>)",
          "Return time with new specified fields.") {
    DtClock c = gi_time_of(self)->clock;
    int hour = c.hour, minute = c.minute, second = c.second, us = c.us, fold = c.fold;
    GiVal tzinfo = gi_is_null(a->tzinfo) ? gi_val(gi_time_of(self)->tzinfo) : a->tzinfo;
    if (gi_dt_int_opt(ts, a->hour, &hour) || gi_dt_int_opt(ts, a->minute, &minute) ||
        gi_dt_int_opt(ts, a->second, &second) || gi_dt_int_opt(ts, a->microsecond, &us) ||
        gi_dt_int_opt(ts, a->fold, &fold) || gi_dt_check_clock(ts, hour, minute, second, us, fold, &c) ||
        gi_dt_check_tzinfo(ts, tzinfo))
        return GI_NULL;
    return gi_dt_time_new(ts, gi_type_of(self), c, tzinfo);
}
GI_CLASSMETHOD(time, fromisoformat, "(type, string, /)", "string -> time from a string in ISO 8601 format") {
    DtClock clock;
    GI_AUTO GiRef tzinfo = GI_NULL;
    if (gi_dt_parse_time(ts, a->string, &clock, &tzinfo)) return GI_NULL;
    return gi_dt_time_make(ts, self, clock, gi_val(tzinfo));
}

static GiRef time_state(GiThread *ts, GiVal self, bool with_fold) {
    GiTime *t = gi_time_of(self);
    DtClock c = t->clock;
    GI_AUTO GiRef bytes = gi_bytes_from(ts, (uint8_t[]){(uint8_t)(c.hour | (with_fold && c.fold ? 0x80 : 0)), c.minute,
                                        c.second, (uint8_t)(c.us >> 16), (uint8_t)(c.us >> 8), (uint8_t)c.us}, 6);
    if (gi_is_null(bytes)) return GI_NULL;
    GI_AUTO GiRef state = gi_is_none(t->tzinfo) ? gi_tuple_pack(ts, 1, gi_val(bytes))
                                                : gi_tuple_pack(ts, 2, gi_val(bytes), gi_val(t->tzinfo));
    return gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(gi_type_of(self)), gi_val(state));
}
GI_METHOD(time, __reduce_ex__, "(self, *args)", "__reduce_ex__(proto) -> (cls, state)") {
    int protocol = 0;
    if (gi_dt_exactly(ts, "__reduce_ex__", a->args_count, 1) || gi_dt_int(ts, a->args[0], &protocol)) return GI_NULL;
    return time_state(ts, self, protocol > 3);
}
GI_METHOD(time, __reduce__, "(self)", "__reduce__() -> (cls, state)") { return time_state(ts, self, false); }

GI_GETTER(time, hour, NULL) { return gi_smallint_ref(gi_time_of(self)->clock.hour); }
GI_GETTER(time, minute, NULL) { return gi_smallint_ref(gi_time_of(self)->clock.minute); }
GI_GETTER(time, second, NULL) { return gi_smallint_ref(gi_time_of(self)->clock.second); }
GI_GETTER(time, microsecond, NULL) { return gi_smallint_ref(gi_time_of(self)->clock.us); }
GI_GETTER(time, tzinfo, NULL) { return gi_slot_dup(ts, &gi_time_of(self)->tzinfo); }
GI_GETTER(time, fold, NULL) { return gi_smallint_ref(gi_time_of(self)->clock.fold); }

/* ---- Comparing and hash ---- */

static GiStatus time_offset(GiThread *ts, GiVal v, DtOffset *out) {
    return gi_dt_ask_offset(ts, gi_val(gi_time_of(v)->tzinfo), gi_dt_shared()->utcoffset, GI_NONE, out);
}

static GiRef time_compare(GiThread *ts, GiVal l, GiVal r, GiCompareOp op) {
    if (!gi_is_time(r)) return GI_REF_NOTIMPLEMENTED;
    int64_t x = dt_clock_us(gi_time_of(l)->clock), y = dt_clock_us(gi_time_of(r)->clock);
    if (gi_same(gi_time_of(l)->tzinfo, gi_time_of(r)->tzinfo)) return gi_order_ref(x - y, op);
    DtOffset a, b;
    if (time_offset(ts, l, &a) || time_offset(ts, r, &b)) return GI_NULL;
    if (gi_dt_same_offset(a, b)) return gi_order_ref(x - y, op);
    if (a.known && b.known) {
        /* PYSEM: of an offset only whole seconds count here. */
        x -= dt_floor_div(a.us, DT_US_PER_SECOND) * DT_US_PER_SECOND;
        y -= dt_floor_div(b.us, DT_US_PER_SECOND) * DT_US_PER_SECOND;
        return gi_order_ref(x - y, op);
    }
    if (op == GI_EQ || op == GI_NE) return gi_bool_ref(op == GI_NE);
    return gi_raise_ref(ts, &gi_exc_TypeError, "can't compare offset-naive and offset-aware times");
}

static int64_t time_hash(GiThread *ts, GiVal v) {
    GiTime *t = gi_time_of(v);
    int64_t h = atomic_load_explicit(&t->hash, memory_order_relaxed);
    if (h != 0) return h;
    DtOffset offset;
    if (time_offset(ts, v, &offset)) return -1;
    DtClock c = t->clock;
    h = offset.known ? gi_dt_delta_hash(dt_clock_us(c) - offset.us)
                     : gi_dt_hash_bytes(ts, (uint8_t[]){c.hour, c.minute, c.second, (uint8_t)(c.us >> 16),
                                                        (uint8_t)(c.us >> 8), (uint8_t)c.us}, 6);
    atomic_store_explicit(&t->hash, h, memory_order_relaxed);
    return h;
}

static const GiField time_fields[] = {GI_SLOT(GiTime, tzinfo), GI_FIELDS_END};
GiType gi_time_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.time",
    .module = "datetime",
    .size = sizeof(GiTime),
    .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_IMMUTABLE,
    .doc = "time([hour[, minute[, second[, microsecond[, tzinfo]]]]]) --> a time object\n\nAll arguments are optional. "
           "tzinfo may be None, or an instance of\na tzinfo subclass. The remaining arguments may be ints.\n",
    .fields = time_fields,
    .methods = time_methods,
    .getset = time_getset,
    .new_ = time_new,
    .getattr = gi_object_getattr,
    .repr = time_repr,
    .str = time_str,
    .hash = time_hash,
    .compare = time_compare,
};
