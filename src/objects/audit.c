/* audit.c - events for the hooks of sys.addaudithook. */
#include "objects/audit.h"
#include "objects/tuple.h"

GiStatus gi_audit(GiThread *ts, const char *event, const GiVal *args, size_t count) {
    if (!gi_audit_wanted(ts)) return GI_OK;
    GiRef tuple = gi_tuple_from(ts, args, count);
    if (gi_is_null(tuple)) return GI_FAIL;
    GiStatus status = ts->vm->hooks->audit(ts, event, gi_val(tuple));
    gi_drop(ts, tuple);
    return status;
}
