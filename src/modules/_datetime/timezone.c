/* timezone.c - tzinfo, the abstract zone; timezone, a fixed offset; and asking any tzinfo.
 *
 * timezone.utc is one object for all interpreters of the process: immortal, found in DtShared.
 */
#include "modules/_datetime/internal.h"

#include <stdlib.h>

#include "modules/_datetime/timezone.gen.h"

/* ---- Asking ---- */

static bool in_a_day(__int128 us) { return us > -DT_US_PER_DAY && us < DT_US_PER_DAY; }

#define STRICTLY "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24)"

GiRef gi_dt_ask_delta(GiThread *ts, GiVal tzinfo, GiVal name, GiVal arg) {
    if (gi_is_none(tzinfo)) return GI_REF_NONE;
    if (gi_is_exact(tzinfo, &gi_timezone_type))
        return gi_same(name, gi_dt_shared()->dst) ? GI_REF_NONE : gi_slot_dup(ts, &gi_timezone_of(tzinfo)->offset);
    GiRef r = gi_call_method(ts, name, (GiVal[]){tzinfo, arg}, 2);
    if (gi_is_null(r) || gi_is_none(r)) return r;
    if (!gi_is_delta(gi_val(r)))
        gi_raise(ts, &gi_exc_TypeError, "tzinfo.%U() must return None or timedelta, not '%.200T'", name, gi_val(r));
    else if (!in_a_day(gi_dt_delta_us(gi_val(r))))
        gi_raise(ts, &gi_exc_ValueError, STRICTLY ".");
    else
        return r;
    gi_drop(ts, r);
    return GI_NULL;
}

GiStatus gi_dt_ask_offset(GiThread *ts, GiVal tzinfo, GiVal name, GiVal arg, DtOffset *out) {
    GiRef r = gi_dt_ask_delta(ts, tzinfo, name, arg);
    if (gi_is_null(r)) return GI_FAIL;
    *out = (DtOffset){!gi_is_none(r), 0};
    if (out->known) out->us = (int64_t)gi_dt_delta_us(gi_val(r));
    gi_drop(ts, r);
    return GI_OK;
}

static GiRef timezone_name(GiThread *ts, GiVal self);

GiRef gi_dt_ask_name(GiThread *ts, GiVal tzinfo, GiVal arg) {
    if (gi_is_none(tzinfo)) return GI_REF_NONE;
    if (gi_is_exact(tzinfo, &gi_timezone_type)) return timezone_name(ts, tzinfo);
    GiRef r = gi_call_method(ts, gi_dt_shared()->tzname, (GiVal[]){tzinfo, arg}, 2);
    if (gi_is_null(r) || gi_is_none(r) || gi_is_str(gi_val(r))) return r;
    gi_raise(ts, &gi_exc_TypeError, "tzinfo.tzname() must return None or a string, not '%.200T'", gi_val(r));
    gi_drop(ts, r);
    return GI_NULL;
}

/* ---- tzinfo ---- */

static GiRef not_implemented(GiThread *ts, const char *name) {
    return gi_raise_ref(ts, &gi_exc_NotImplementedError, "a tzinfo subclass must implement %s()", name);
}

/* TypeError or ValueError unless dt is a datetime of this zone. */
static GiStatus want_own(GiThread *ts, GiVal self, GiVal dt) {
    if (!gi_is_datetime(dt)) return gi_raise_status(ts, &gi_exc_TypeError, "fromutc: argument must be a datetime");
    if (!gi_same(gi_datetime_of(dt)->tzinfo, self))
        return gi_raise_status(ts, &gi_exc_ValueError, "fromutc: dt.tzinfo is not self");
    return GI_OK;
}

GI_METHOD(tzinfo, tzname, "(self, dt, /)", "datetime -> string name of time zone.") { return not_implemented(ts, "tzname"); }
GI_METHOD(tzinfo, utcoffset, "(self, dt, /)",
          "datetime -> timedelta showing offset from UTC, negative values indicating West of UTC") {
    return not_implemented(ts, "utcoffset");
}
GI_METHOD(tzinfo, dst, "(self, dt, /)", "datetime -> DST offset as timedelta positive east of UTC.") {
    return not_implemented(ts, "dst");
}
GI_METHOD(tzinfo, fromutc, "(self, dt, /)", "datetime in UTC -> datetime in local time.") {
    if (want_own(ts, self, a->dt)) return GI_NULL;
    DtOffset offset, dst;
    if (gi_dt_ask_offset(ts, self, gi_dt_shared()->utcoffset, a->dt, &offset)) return GI_NULL;
    if (!offset.known) return gi_raise_ref(ts, &gi_exc_ValueError, "fromutc: non-None utcoffset() result required");
    if (gi_dt_ask_offset(ts, self, gi_dt_shared()->dst, a->dt, &dst)) return GI_NULL;
    if (!dst.known) return gi_raise_ref(ts, &gi_exc_ValueError, "fromutc: non-None dst() result required");
    /* Standard time first, then what dst() says of that. */
    GiRef standard = gi_dt_datetime_add(ts, a->dt, offset.us - dst.us);
    if (gi_is_null(standard)) return standard;
    GiStatus status = gi_dt_ask_offset(ts, self, gi_dt_shared()->dst, gi_val(standard), &dst);
    GiRef result = GI_NULL;
    if (status == GI_OK && !dst.known)
        gi_raise(ts, &gi_exc_ValueError, "fromutc: tz.dst() gave inconsistent results; cannot convert");
    else if (status == GI_OK && dst.us == 0)
        return standard;
    else if (status == GI_OK)
        result = gi_is_datetime(gi_val(standard)) ? gi_dt_datetime_add(ts, gi_val(standard), dst.us) : gi_dup(ts, gi_val(standard));
    gi_drop(ts, standard);
    return result;
}
GI_METHOD(tzinfo, __reduce__, "(self)", "-> (cls, state)") {
    GiRef initargs;
    if (gi_getattr_opt(ts, self, GI_N(__getinitargs__), &initargs)) return GI_NULL;
    GI_AUTO GiRef args = gi_is_null(initargs) ? gi_tuple_new(ts, 0) : gi_call0(ts, gi_val(initargs));
    gi_xdrop(ts, initargs);
    GI_AUTO GiRef state = gi_is_null(args) ? GI_NULL : gi_call_method(ts, GI_N(__getstate__), &self, 1);
    return gi_is_null(state) ? GI_NULL : gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(self)), gi_val(args), gi_val(state));
}
static GiRef tzinfo_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0); /* whatever the arguments: they are a subclass's */
}

GiType gi_tzinfo_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.tzinfo",
    .module = "datetime",
    .size = sizeof(GiObj),
    .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_IMMUTABLE,
    .doc = "Abstract base class for time zone info objects.",
    .methods = tzinfo_methods,
    .new_ = tzinfo_new,
    .getattr = gi_object_getattr,
};

/* ---- timezone ---- */

static GiRef timezone_make(GiThread *ts, GiVal offset, GiVal name) {
    GiRef r = gi_type_alloc(ts, &gi_timezone_type, 0);
    if (gi_is_null(r)) return r;
    gi_slot_init(&gi_timezone_of(r)->offset, gi_dup(ts, offset));
    gi_slot_init(&gi_timezone_of(r)->name, gi_xdup(ts, name));
    return r;
}

GiRef gi_dt_timezone(GiThread *ts, GiVal offset, GiVal name) {
    __int128 us = gi_dt_delta_us(offset);
    if (gi_is_null(name) && us == 0) return gi_dup(ts, gi_dt_shared()->utc);
    if (!in_a_day(us)) return gi_raise_ref(ts, &gi_exc_ValueError, STRICTLY ", not %R.", offset);
    return timezone_make(ts, offset, name);
}

GI_NEW(timezone, "(cls, offset, name = <null>)", NULL) {
    if (!gi_is_delta(a->offset))
        return gi_raise_ref(ts, &gi_exc_TypeError, "timezone() argument 1 must be datetime.timedelta, not %#T", a->offset);
    if (!gi_is_null(a->name) && gi_dt_want_str(ts, "timezone", 2, a->name)) return GI_NULL;
    return gi_dt_timezone(ts, a->offset, a->name);
}

static bool is_utc(GiVal self) { return gi_same(self, gi_dt_shared()->utc); }

static GiRef timezone_name(GiThread *ts, GiVal self) {
    GiTimezone *z = gi_timezone_of(self);
    if (z->name.bits) return gi_slot_dup(ts, &z->name);
    char text[8 + DT_OFFSET_TEXT] = "UTC";
    int64_t us = (int64_t)gi_dt_delta_us(gi_val(z->offset));
    size_t n = us ? gi_dt_offset_text(text + 3, us, true) : 0;
    return gi_str_from_latin1(ts, text, 3 + n);
}
static GiRef timezone_repr(GiThread *ts, GiVal self) {
    GiTimezone *z = gi_timezone_of(self);
    const char *name = gi_type_name(self);
    if (is_utc(self)) return gi_str_format(ts, "%s.utc", name);
    if (z->name.bits) return gi_str_format(ts, "%s(%R, %R)", name, gi_val(z->offset), gi_val(z->name));
    return gi_str_format(ts, "%s(%R)", name, gi_val(z->offset));
}
static GiRef timezone_compare(GiThread *ts GI_UNUSED, GiVal l, GiVal r, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(r, &gi_timezone_type)) return GI_REF_NOTIMPLEMENTED;
    bool same = gi_dt_delta_us(gi_val(gi_timezone_of(l)->offset)) == gi_dt_delta_us(gi_val(gi_timezone_of(r)->offset));
    return gi_bool_ref(same == (op == GI_EQ));
}
static int64_t timezone_hash(GiThread *ts GI_UNUSED, GiVal v) {
    return gi_dt_delta_hash(gi_dt_delta_us(gi_val(gi_timezone_of(v)->offset)));
}

/* TypeError unless dt is a datetime or None. */
static GiStatus want_datetime(GiThread *ts, const char *name, GiVal dt) {
    if (gi_is_none(dt) || gi_is_datetime(dt)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s(dt) argument must be a datetime instance or None, not %.200T", name, dt);
}
GI_METHOD(timezone, tzname, "(self, dt, /)",
          "If name is specified when timezone is created, returns the name.  Otherwise returns offset as 'UTC(+|-)HH:MM'.") {
    return want_datetime(ts, "tzname", a->dt) ? GI_NULL : timezone_name(ts, self);
}
GI_METHOD(timezone, utcoffset, "(self, dt, /)", "Return fixed offset.") {
    return want_datetime(ts, "utcoffset", a->dt) ? GI_NULL : gi_slot_dup(ts, &gi_timezone_of(self)->offset);
}
GI_METHOD(timezone, dst, "(self, dt, /)", "Return None.") {
    return want_datetime(ts, "dst", a->dt) ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(timezone, fromutc, "(self, dt, /)", "datetime in UTC -> datetime in local time.") {
    if (want_own(ts, self, a->dt)) return GI_NULL;
    return gi_dt_datetime_add(ts, a->dt, gi_dt_delta_us(gi_val(gi_timezone_of(self)->offset)));
}
GI_METHOD(timezone, __getinitargs__, "(self)", "pickle support") {
    GiTimezone *z = gi_timezone_of(self);
    if (!z->name.bits) return gi_tuple_pack(ts, 1, gi_val(z->offset));
    return gi_tuple_pack(ts, 2, gi_val(z->offset), gi_val(z->name));
}

static const GiField timezone_fields[] = {GI_SLOT(GiTimezone, offset), GI_SLOT(GiTimezone, name), GI_FIELDS_END};
GiType gi_timezone_type = {
    .obj = GI_TYPE_HEAD,
    .name = "datetime.timezone",
    .module = "datetime",
    .size = sizeof(GiTimezone),
    .base = &gi_tzinfo_type,
    .flags = GI_TYPE_IMMUTABLE,
    .doc = "Fixed offset from UTC implementation of tzinfo.",
    .fields = timezone_fields,
    .methods = timezone_methods,
    .new_ = timezone_new,
    .repr = timezone_repr,
    .str = timezone_name,
    .hash = timezone_hash,
    .compare = timezone_compare,
};

/* ---- What is shared ---- */

static GiStatus fill_shared(GiThread *ts, DtShared *s) {
    const struct { GiVal *to; const char *text; } names[] = {
        {&s->utcoffset, "utcoffset"}, {&s->dst, "dst"}, {&s->tzname, "tzname"}, {&s->fromutc, "fromutc"},
        {&s->isoformat, "isoformat"}, {&s->strftime, "strftime"}, {&s->timetuple, "timetuple"},
        {&s->fromtimestamp, "fromtimestamp"}};
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        GiRef name = gi_intern_cstr(ts, names[i].text); /* immortal, as all that is interned */
        if (gi_is_null(name)) return GI_FAIL;
        *names[i].to = gi_val(name);
    }
    GiRef zero = gi_dt_delta(ts, 0);
    GiRef utc = gi_is_null(zero) ? zero : timezone_make(ts, gi_val(zero), GI_NOVAL);
    gi_xdrop(ts, zero);
    if (gi_is_null(utc) || gi_make_immortal_deep(ts, gi_obj(utc))) return GI_FAIL;
    s->utc = gi_val(utc);
    return GI_OK;
}

GiStatus gi_dt_make_shared(GiThread *ts) {
    if (gi_dt_shared()) return GI_OK;
    DtShared *made = calloc(1, sizeof *made);
    if (!made) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    if (fill_shared(ts, made)) {
        free(made);
        return GI_FAIL;
    }
    void *none = NULL;
    if (!__atomic_compare_exchange_n(&gi_timezone_type.native, &none, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        free(made); /* another interpreter was first; the zone that it did not need stays, being immortal */
    return GI_OK;
}
