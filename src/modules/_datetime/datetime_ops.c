/* datetime_ops.c - arithmetic, comparison and conversion of datetimes.
 *
 * Datetimes are counted in microseconds as their clocks show them; two with different offsets are
 * brought to UTC first, which may lie beyond the range of dates.
 */
#include "modules/_datetime/datetime_ops.h"

static int64_t instant_of(GiVal v) { return dt_instant(gi_datetime_of(v)->day, gi_datetime_of(v)->clock); }
static GiStatus offset_of(GiThread *ts, GiVal v, DtOffset *out) {
    return gi_dt_ask_offset(ts, gi_val(gi_datetime_of(v)->tzinfo), gi_dt_shared()->utcoffset, v, out);
}
static GiRef out_of_range(GiThread *ts) { return gi_raise_ref(ts, &gi_exc_OverflowError, "date value out of range"); }

/* ---- Arithmetic ---- */

GiRef gi_dt_datetime_add(GiThread *ts, GiVal dt, __int128 us) {
    static const __int128 all = (__int128)DT_MAX_ORDINAL * DT_US_PER_DAY;
    DtDay day;
    DtClock clock;
    if (us > all || us < -all || !dt_split(instant_of(dt) + (int64_t)us, &day, &clock)) return out_of_range(ts);
    return gi_dt_datetime_make(ts, gi_type_val(gi_type_of(dt)), day, clock, gi_val(gi_datetime_of(dt)->tzinfo));
}
GiRef gi_dt_datetime_plus(GiThread *ts, GiVal l, GiVal r) {
    if (gi_is_datetime(l)) return gi_is_delta(r) ? gi_dt_datetime_add(ts, l, gi_dt_delta_us(r)) : GI_REF_NOTIMPLEMENTED;
    return gi_is_delta(l) && gi_is_datetime(r) ? gi_dt_datetime_add(ts, r, gi_dt_delta_us(l)) : GI_REF_NOTIMPLEMENTED;
}
GiRef gi_dt_datetime_minus(GiThread *ts, GiVal l, GiVal r) {
    if (!gi_is_datetime(l)) return GI_REF_NOTIMPLEMENTED;
    if (gi_is_delta(r)) return gi_dt_datetime_add(ts, l, -gi_dt_delta_us(r));
    if (!gi_is_datetime(r)) return GI_REF_NOTIMPLEMENTED;
    int64_t us = instant_of(l) - instant_of(r);
    if (!gi_same(gi_datetime_of(l)->tzinfo, gi_datetime_of(r)->tzinfo)) {
        DtOffset x, y;
        if (offset_of(ts, l, &x) || offset_of(ts, r, &y)) return GI_NULL;
        if (x.known != y.known)
            return gi_raise_ref(ts, &gi_exc_TypeError, "can't subtract offset-naive and offset-aware datetimes");
        us -= x.us - y.us;
    }
    return gi_dt_delta(ts, us);
}

/* ---- Comparing and hash ---- */

static GiRef folded(GiThread *ts, GiVal v, uint8_t fold) {
    GiDateTime *d = gi_datetime_of(v);
    DtClock clock = d->clock;
    clock.fold = fold;
    return gi_dt_datetime_new(ts, gi_type_of(v), d->day, clock, gi_val(d->tzinfo));
}

/* PYSEM: a time whose offset depends on fold (PEP 495) equals no time of another zone. */
static GiTruth is_problematic(GiThread *ts, GiVal v, DtOffset offset) {
    GI_AUTO GiRef other = folded(ts, v, !gi_datetime_of(v)->clock.fold);
    DtOffset changed;
    if (gi_is_null(other) || offset_of(ts, gi_val(other), &changed)) return GI_TRUTH_FAIL;
    return gi_truth_of(!gi_dt_same_offset(offset, changed));
}

static GiRef compare_zones(GiThread *ts, GiVal l, GiVal r, GiCompareOp op) {
    DtOffset x, y;
    bool equality = op == GI_EQ || op == GI_NE;
    if (offset_of(ts, l, &x) || offset_of(ts, r, &y)) return GI_NULL;
    if (x.known != y.known) {
        if (equality) return gi_bool_ref(op == GI_NE);
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't compare offset-naive and offset-aware datetimes");
    }
    int64_t order = instant_of(l) - x.us - (instant_of(r) - y.us);
    if (equality && order == 0) {
        GiTruth odd = is_problematic(ts, l, x);
        if (odd.value == 0) odd = is_problematic(ts, r, y);
        if (odd.value < 0) return GI_NULL;
        if (odd.value) return gi_bool_ref(op == GI_NE);
    }
    return gi_order_ref(order, op);
}

GiRef gi_dt_datetime_compare(GiThread *ts, GiVal l, GiVal r, GiCompareOp op) {
    if (!gi_is_datetime(r)) {
        if (!gi_is_date(r)) return GI_REF_NOTIMPLEMENTED;
        if (op == GI_EQ || op == GI_NE) return gi_bool_ref(op == GI_NE);
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't compare %T to %T", l, r);
    }
    if (!gi_same(gi_datetime_of(l)->tzinfo, gi_datetime_of(r)->tzinfo)) return compare_zones(ts, l, r, op);
    return gi_order_ref(instant_of(l) - instant_of(r), op);
}

void gi_dt_datetime_bytes(const GiDateTime *d, uint8_t bytes[10]) {
    const uint8_t all[10] = {(uint8_t)(d->day.year >> 8), (uint8_t)d->day.year, d->day.month, d->day.day, d->clock.hour,
                             d->clock.minute, d->clock.second, (uint8_t)(d->clock.us >> 16), (uint8_t)(d->clock.us >> 8),
                             (uint8_t)d->clock.us};
    memcpy(bytes, all, sizeof all);
}

/* Equal times have equal hashes, with and without fold: the offset is that of fold 0. */
int64_t gi_dt_datetime_hash(GiThread *ts, GiVal v) {
    GiDateTime *d = gi_datetime_of(v);
    int64_t h = atomic_load_explicit(&d->hash, memory_order_relaxed);
    if (h != 0) return h;
    DtOffset offset;
    GI_AUTO GiRef plain = d->clock.fold ? folded(ts, v, 0) : gi_dup(ts, v);
    if (gi_is_null(plain) || offset_of(ts, gi_val(plain), &offset)) return -1;
    if (offset.known) {
        h = gi_dt_delta_hash(instant_of(v) - offset.us);
    } else {
        uint8_t bytes[10];
        gi_dt_datetime_bytes(d, bytes);
        h = gi_dt_hash_bytes(ts, bytes, sizeof bytes);
    }
    atomic_store_explicit(&d->hash, h, memory_order_relaxed);
    return h;
}

/* ---- Between zones ---- */

GiRef gi_dt_timestamp(GiThread *ts, GiVal self) {
    GiDateTime *d = gi_datetime_of(self);
    DtOffset offset;
    int64_t seconds;
    if (!gi_is_none(d->tzinfo)) {
        if (offset_of(ts, self, &offset)) return GI_NULL;
        if (offset.known)
            return gi_double_ref(gi_dt_seconds(instant_of(self) - offset.us - DT_EPOCH_ORDINAL * DT_US_PER_DAY));
        return gi_raise_ref(ts, &gi_exc_TypeError, "can't subtract offset-naive and offset-aware datetimes");
    }
    if (gi_dt_local_seconds(ts, d->day, d->clock, &seconds)) return GI_NULL;
    return gi_double_ref((double)seconds + d->clock.us / 1e6);
}

/* The offset that a datetime is understood to have: of its tzinfo, else of the local zone. */
static GiStatus any_offset(GiThread *ts, GiVal self, DtOffset *out) {
    if (offset_of(ts, self, out)) return GI_FAIL;
    if (out->known) return GI_OK;
    GiDateTime *d = gi_datetime_of(self);
    int64_t seconds;
    if (gi_dt_local_seconds(ts, d->day, d->clock, &seconds)) return GI_FAIL;
    GI_AUTO GiRef zone = gi_dt_local_timezone(ts, seconds);
    return gi_is_null(zone) ? GI_FAIL : gi_dt_ask_offset(ts, gi_val(zone), gi_dt_shared()->utcoffset, self, out);
}

GiRef gi_dt_astimezone(GiThread *ts, GiVal self, GiVal tz) {
    GiDateTime *d = gi_datetime_of(self);
    if (!gi_is_none(tz) && gi_same(d->tzinfo, tz)) return gi_dup(ts, self);
    DtOffset offset;
    DtDay day;
    DtClock clock;
    if (any_offset(ts, self, &offset)) return GI_NULL;
    int64_t utc = instant_of(self) - offset.us;
    if (!dt_split(utc, &day, &clock)) return out_of_range(ts);
    GI_AUTO GiRef zone = gi_is_none(tz) ? gi_dt_local_timezone(ts, dt_floor_div(utc, DT_US_PER_SECOND) - DT_EPOCH_ORDINAL * DT_DAY_SECONDS)
                                        : gi_dup(ts, tz);
    if (gi_is_null(zone)) return GI_NULL;
    GI_AUTO GiRef in_utc = gi_dt_datetime_make(ts, gi_type_val(gi_type_of(self)), day, clock, gi_val(zone));
    if (gi_is_null(in_utc)) return GI_NULL;
    return gi_call_method(ts, gi_dt_shared()->fromutc, (GiVal[]){gi_val(zone), gi_val(in_utc)}, 2);
}
