/* audit.c - events for the hooks of sys.addaudithook. */
#include "objects/audit.h"
#include "objects/bytes.h"
#include "objects/int.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include <stdarg.h>
#include <string.h>

GiStatus gi_audit(GiThread *ts, const char *event, const GiVal *args, size_t count) {
    if (!gi_audit_wanted(ts)) return GI_OK;
    GiRef tuple = gi_tuple_from(ts, args, count);
    if (gi_is_null(tuple)) return GI_FAIL;
    GiStatus status = ts->vm->hooks->audit(ts, event, gi_val(tuple));
    gi_drop(ts, tuple);
    return status;
}

static GiRef audit_value(GiThread *ts, char letter, va_list *args) {
    if (letter == 'i') return gi_smallint_ref(va_arg(*args, int));
    if (letter == 'n') return gi_int_from_i64(ts, va_arg(*args, int64_t));
    if (letter == 'u') return gi_int_from_u64(ts, va_arg(*args, uint64_t));
    if (letter == 'O') {
        GiVal v = va_arg(*args, GiVal);
        return gi_is_null(v) ? GI_REF_NONE : gi_dup(ts, v);
    }
    const char *text = va_arg(*args, const char *);
    return text == NULL ? GI_REF_NONE : letter == 's' ? gi_str_from_cstr(ts, text) : gi_bytes_from(ts, text, strlen(text));
}
GiStatus gi_auditf(GiThread *ts, const char *event, const char *format, ...) {
    if (!gi_audit_wanted(ts)) return GI_OK;
    GiRef values[8];
    size_t count = 0, made = 0;
    va_list args;
    va_start(args, format);
    for (; format[count]; count++) {
        values[count] = audit_value(ts, format[count], &args);
        made += !gi_is_null(values[count]);
    }
    va_end(args);
    GiRef tuple = made == count ? gi_tuple_steal(ts, values, count) : GI_NULL;
    if (made < count)
        for (size_t i = 0; i < count; i++) gi_xdrop(ts, values[i]);
    if (gi_is_null(tuple)) return GI_FAIL;
    GiStatus status = ts->vm->hooks->audit(ts, event, gi_val(tuple));
    gi_drop(ts, tuple);
    return status;
}
