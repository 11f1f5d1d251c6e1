/* zone.c - arithmetic of time zones: TZ strings, rules of summer time, transitions. */
#include "modules/_zoneinfo/zone.h"

#include "modules/_datetime/calendar.h"

/* ---- TZ strings ---- */

typedef struct Text {
    const char *at, *end;
} Text;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
static bool take(Text *t, char c) {
    if (t->at == t->end || *t->at != c) return false;
    t->at++;
    return true;
}
/* min to max digits. */
static bool take_number(Text *t, int min, int max, int *out) {
    int n = 0, digits = 0;
    for (; digits < max && t->at < t->end && is_digit(*t->at); digits++) n = n * 10 + (*t->at++ - '0');
    *out = n;
    return digits >= min;
}

/* "EST", or "<+03>". */
static bool take_name(Text *t, const char **name, size_t *len) {
    bool quoted = take(t, '<');
    *name = t->at;
    while (t->at < t->end &&
           (is_letter(*t->at) || (quoted && (is_digit(*t->at) || *t->at == '+' || *t->at == '-'))))
        t->at++;
    *len = (size_t)(t->at - *name);
    return quoted ? take(t, '>') : *len > 0;
}

/* [+-]h[h][:mm[:ss]] */
static bool take_clock(Text *t, int max_hours, int32_t *seconds) {
    bool negative = take(t, '-');
    int part[3] = {0};
    if (!negative) (void)take(t, '+');
    if (!take_number(t, 1, 2, &part[0]) || part[0] > max_hours) return false;
    for (int i = 1; i < 3 && take(t, ':'); i++)
        if (!take_number(t, 2, 2, &part[i])) return false;
    *seconds = (part[0] * 3600 + part[1] * 60 + part[2]) * (negative ? -1 : 1);
    return true;
}
/* What is written is west of Greenwich. */
static bool take_offset(Text *t, int32_t *east) {
    int32_t west;
    if (!take_clock(t, 24, &west)) return false;
    *east = -west;
    return true;
}

static bool take_date(Text *t, GiZoneDate *date) {
    int month, week, day;
    *date = (GiZoneDate){.kind = ZONE_DAY, .seconds = 2 * 3600};
    if (take(t, 'M')) {
        date->kind = ZONE_WEEKDAY;
        if (!take_number(t, 1, 2, &month) || !take(t, '.') || !take_number(t, 1, 1, &week) || !take(t, '.') ||
            !take_number(t, 1, 1, &day) || month < 1 || month > 12 || week < 1 || week > 5 || day > 6)
            return false;
        date->month = (uint8_t)month, date->week = (uint8_t)week;
    } else {
        if (take(t, 'J')) date->kind = ZONE_JULIAN;
        if (!take_number(t, 1, 3, &day) || day > 365 || day < (date->kind == ZONE_JULIAN)) return false;
    }
    date->day = (uint16_t)day;
    return !take(t, '/') || take_clock(t, 99, &date->seconds);
}

const char *gi_zone_parse_rule(const char *text, size_t len, GiZoneRule *rule) {
    Text t = {text, text + len};
    *rule = (GiZoneRule){0};
    if (!take_name(&t, &rule->std_name, &rule->std_len)) return "Invalid STD format in";
    if (!take_offset(&t, &rule->std_offset)) return "Invalid STD offset in";
    if (t.at == t.end) return NULL;
    if (!take_name(&t, &rule->dst_name, &rule->dst_len)) return "Invalid DST format in";
    rule->dst_offset = rule->std_offset + 3600;
    if ((t.at == t.end || *t.at != ',') && !take_offset(&t, &rule->dst_offset)) return "Invalid DST offset in";
    GiZoneDate *const dates[] = {&rule->start, &rule->end};
    for (int i = 0; i < 2; i++) {
        if (!take(&t, ',')) return "Missing transition rules in TZ string:";
        if (!take_date(&t, dates[i])) return "Malformed transition rule in TZ string:";
    }
    return t.at == t.end ? NULL : "Extraneous characters at end of TZ string:";
}

/* ---- Rules ---- */

/* The change of clocks in a year, as the clocks before it show it. */
static int64_t change_in(const GiZoneDate *date, int64_t year) {
    int64_t ordinal;
    if (date->kind == ZONE_WEEKDAY) {
        int64_t first = dt_ordinal(year, date->month, 1);
        int sunday_based = (dt_weekday(first) + 1) % 7;
        int day = (date->day - sunday_based + 7) % 7 + (date->week - 1) * 7;
        if (day >= dt_days_in_month(year, date->month)) day -= 7;
        ordinal = first + day;
    } else {
        /* PYSEM: a day counted from 0 is one day earlier than POSIX has it, and J59 February 29 in leap years, as in
         * CPython 3.11. */
        ordinal = dt_ordinal(year, 1, 1) - 1 + date->day;
        if (date->kind == ZONE_JULIAN && date->day >= 59 && dt_is_leap(year)) ordinal++;
    }
    return (ordinal - DT_EPOCH_ORDINAL) * DT_DAY_SECONDS + date->seconds;
}

/* Is t in the summer time from start to end? In the south that lasts over the new year. */
static bool in_summer(int64_t t, int64_t start, int64_t end) {
    return start < end ? start <= t && t < end : t < end || t >= start;
}

bool gi_zone_rule_local(const GiZoneRule *r, int64_t local, int64_t year, bool fold) {
    int64_t low = GI_MIN(r->std_offset, r->dst_offset), high = GI_MAX(r->std_offset, r->dst_offset);
    int64_t shown = fold ? low : high;
    return in_summer(local, change_in(&r->start, year) - r->std_offset + shown,
                     change_in(&r->end, year) - r->dst_offset + shown);
}

bool gi_zone_rule_utc(const GiZoneRule *r, int64_t utc, int64_t year, bool *fold) {
    int64_t start = change_in(&r->start, year) - r->std_offset, end = change_in(&r->end, year) - r->dst_offset;
    int64_t gain = (int64_t)r->dst_offset - r->std_offset;
    /* Clocks that go back show the last `back` seconds again. */
    int64_t again = gain > 0 ? end : start, back = gain > 0 ? gain : -gain;
    *fold = again <= utc && utc < again + back;
    return in_summer(utc, start, end);
}

/* ---- Transitions ---- */

size_t gi_zone_search(const int64_t *times, size_t n, int64_t t) {
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (times[middle] <= t) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* A file tells only which types are summer time. By how much is seen where such a type begins or ends beside standard
 * time; one hour where that is never seen. */
void gi_zone_infer_dst(const uint8_t *types, size_t transitions, const int32_t *offsets, const bool *is_dst,
                       size_t type_count, int32_t *dst) {
    for (size_t i = 0; i < type_count; i++) dst[i] = 0;
    for (size_t i = 1; i < transitions; i++) {
        uint8_t type = types[i];
        if (!is_dst[type] || dst[type]) continue;
        if (!is_dst[types[i - 1]]) dst[type] = offsets[type] - offsets[types[i - 1]];
        /* PYSEM: the last type is not compared with what follows it, as in CPython 3.11. */
        bool look_on = !dst[type] && (size_t)type + 1 < type_count && i + 1 < transitions;
        if (look_on && !is_dst[types[i + 1]]) dst[type] = offsets[type] - offsets[types[i + 1]];
    }
    for (size_t i = 0; i < type_count; i++)
        if (is_dst[i] && !dst[i]) dst[i] = 3600;
}
