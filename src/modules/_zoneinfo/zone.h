/* zone.h - a time zone as numbers: the transitions of a TZif file (RFC 8536), and the rule after them.
 *
 * Times are seconds since the epoch, in UTC or as local clocks show them. At a transition clocks go from
 * one offset to another; a local time that comes twice or never belongs before the transition for fold 0 and
 * behind it for fold 1 (PEP 495): local times below `transition + max(offsets)`, or min for fold 1, are before.
 * No Gila values here; immutable once filled.
 */
#ifndef GI_ZONEINFO_ZONE_H
#define GI_ZONEINFO_ZONE_H

#include "base/common.h"

#include <sys/types.h>

/* When, each year, clocks change: "M3.2.0/2", "J60", "59". */
typedef struct GiZoneDate {
    enum { ZONE_WEEKDAY, ZONE_JULIAN, ZONE_DAY } kind;
    uint8_t month, week;  /* ZONE_WEEKDAY: week 5 is the last one */
    uint16_t day;         /* 0 is Sunday; or a day of the year: from 1, never February 29, or from 0 */
    int32_t seconds;      /* local time since that day's midnight, may be negative or above a day */
} GiZoneDate;

/* A POSIX TZ string. */
typedef struct GiZoneRule {
    const char *std_name, *dst_name; /* into the text; dst_name NULL: no summer time */
    size_t std_len, dst_len;
    int32_t std_offset, dst_offset;  /* east of Greenwich */
    GiZoneDate start, end;
} GiZoneRule;

/* Reads a TZ string; NULL, or what is wrong with it (the beginning of a message). */
const char *gi_zone_parse_rule(const char *text, size_t len, GiZoneRule *rule);

/* Summer time? For local clocks in a year, or (with *fold) for a time in UTC of that year. */
bool gi_zone_rule_local(const GiZoneRule *rule, int64_t local, int64_t year, bool fold);
bool gi_zone_rule_utc(const GiZoneRule *rule, int64_t utc, int64_t year, bool *fold);

/* How many of n ascending times are not above t. */
size_t gi_zone_search(const int64_t *times, size_t n, int64_t t);

/* What dst() says for each type: offsets and flags by type, types by transition. */
void gi_zone_infer_dst(const uint8_t *types, size_t transitions, const int32_t *offsets, const bool *is_dst,
                       size_t type_count, int32_t *dst);

#endif
