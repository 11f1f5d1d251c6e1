/* audit.h - events for the hooks of sys.addaudithook. */
#ifndef GI_OBJECTS_AUDIT_H
#define GI_OBJECTS_AUDIT_H

#include "objects/hooks.h"

/* Whether anybody listens. */
static inline bool gi_audit_wanted(GiThread *ts) { return ts->vm->hooks->audit(ts, NULL, GI_NOVAL) != GI_OK; }

/* Tells the audit hooks, if there are any, of an event with these arguments; GI_FAIL when one raised. */
GI_NODISCARD GiStatus gi_audit(GiThread *ts, const char *event, const GiVal *args, size_t count);
#define GI_AUDIT(ts, event, ...) \
    gi_audit(ts, event, (const GiVal[]){__VA_ARGS__}, sizeof((const GiVal[]){__VA_ARGS__}) / sizeof(GiVal))

/* The same with C values: format has a letter for each of what follows, O (GiVal; null is None), i (int), n (int64_t),
 * u (uint64_t), s (C string as str; NULL is None), y (C string as bytes). */
GI_NODISCARD GiStatus gi_auditf(GiThread *ts, const char *event, const char *format, ...);

#endif
