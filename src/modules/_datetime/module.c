/* module.c - the module _datetime: its types, their constants, UTC. */
#include "modules/_datetime/internal.h"

/* An attribute of a static type, which all interpreters share: made once, immortal. Consumes value. */
static GiStatus add_constant(GiThread *ts, GiType *type, const char *name, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiVal dict = gi_type_dict(ts, type);
    GiStatus status = GI_FAIL;
    if (!gi_is_null(dict)) {
        if (!gi_is_null(gi_dict_get_cstr_peek(ts, dict, name))) status = GI_OK;
        else if (!gi_make_immortal_deep(ts, gi_obj(value))) status = gi_type_add(ts, type, name, gi_val(value));
    }
    gi_drop(ts, value);
    return status;
}

static GiStatus add_constants(GiThread *ts) {
    static const DtDay first = {1, 1, 1}, last = {9999, 12, 31};
    static const DtClock evening = {23, 59, 59, 0, 999999}, midnight = {0};
    static const __int128 minute = 60 * DT_US_PER_SECOND, most = (__int128)1000000000 * DT_US_PER_DAY - 1;
    GiVal utc = gi_dt_shared()->utc;
    GI_AUTO GiRef east = gi_dt_delta(ts, DT_US_PER_DAY - minute);
    GI_AUTO GiRef west = gi_is_null(east) ? GI_NULL : gi_dt_delta(ts, minute - DT_US_PER_DAY);
    if (gi_is_null(west)) return GI_FAIL;
    if (add_constant(ts, &gi_delta_type, "resolution", gi_dt_delta(ts, 1)) ||
        add_constant(ts, &gi_delta_type, "min", gi_dt_delta(ts, -(__int128)999999999 * DT_US_PER_DAY)) ||
        add_constant(ts, &gi_delta_type, "max", gi_dt_delta(ts, most)) ||
        add_constant(ts, &gi_date_type, "min", gi_dt_date_new(ts, &gi_date_type, first)) ||
        add_constant(ts, &gi_date_type, "max", gi_dt_date_new(ts, &gi_date_type, last)) ||
        add_constant(ts, &gi_date_type, "resolution", gi_dt_delta(ts, DT_US_PER_DAY)) ||
        add_constant(ts, &gi_time_type, "min", gi_dt_time_new(ts, &gi_time_type, midnight, GI_NONE)) ||
        add_constant(ts, &gi_time_type, "max", gi_dt_time_new(ts, &gi_time_type, evening, GI_NONE)) ||
        add_constant(ts, &gi_time_type, "resolution", gi_dt_delta(ts, 1)) ||
        add_constant(ts, &gi_datetime_type, "min", gi_dt_datetime_new(ts, &gi_datetime_type, first, midnight, GI_NONE)) ||
        add_constant(ts, &gi_datetime_type, "max", gi_dt_datetime_new(ts, &gi_datetime_type, last, evening, GI_NONE)) ||
        add_constant(ts, &gi_datetime_type, "resolution", gi_dt_delta(ts, 1)) ||
        add_constant(ts, &gi_timezone_type, "utc", gi_dup(ts, utc)) ||
        add_constant(ts, &gi_timezone_type, "min", gi_dt_timezone(ts, gi_val(west), GI_NOVAL)) ||
        add_constant(ts, &gi_timezone_type, "max", gi_dt_timezone(ts, gi_val(east), GI_NOVAL)))
        return GI_FAIL;
    GiType *const types[] = {&gi_delta_type, &gi_date_type, &gi_time_type, &gi_datetime_type, &gi_timezone_type};
    for (size_t i = 0; i < GI_COUNTOF(types); i++) gi_type_modified(ts, types[i], GI_NOVAL);
    return GI_OK;
}

static GiStatus _datetime_exec(GiThread *ts, GiVal module) {
    GiType *const types[] = {&gi_date_type, &gi_datetime_type, &gi_time_type, &gi_delta_type, &gi_tzinfo_type, &gi_timezone_type};
    for (size_t i = 0; i < GI_COUNTOF(types); i++)
        if (gi_module_add_type(ts, module, types[i])) return GI_FAIL;
    if (gi_type_ready(ts, &gi_isocalendar_type) || gi_dt_make_shared(ts) || add_constants(ts)) return GI_FAIL;
    if (gi_module_add_int(ts, module, "MINYEAR", DT_MIN_YEAR) || gi_module_add_int(ts, module, "MAXYEAR", DT_MAX_YEAR))
        return GI_FAIL;
    return gi_module_add(ts, module, "UTC", gi_dup(ts, gi_dt_shared()->utc));
}

const GiModuleDef gi_module__datetime = {
    .name = "_datetime", .doc = "Fast implementation of the datetime type.", .exec = _datetime_exec};
