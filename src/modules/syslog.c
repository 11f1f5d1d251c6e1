/* syslog.c - messages to the system's log.
 *
 * The C library keeps one connection a process and takes no copy of the identity, so the module
 * keeps the str that openlog was given. LOCK: the C library's own.
 */
#include "objects/audit.h"
#include "modules/posix/internal.h"
#include <stdlib.h>
#include <syslog.h>

typedef struct SyslogState { GiSlot ident; bool open; } SyslogState;
extern const GiModuleDef gi_module_syslog;
#include "modules/syslog.gen.h"

static SyslogState *state_of(GiThread *ts) { return gi_module_state_of(ts, &gi_module_syslog); }

/* The program's name: what follows the last slash of sys.argv[0]; null when there is none. */
static GiRef default_ident(GiThread *ts) {
    GiRef argv = gi_sys_get(ts, "argv");
    GiRef first = gi_is_null(argv) || !gi_is_list(argv) ? GI_NULL : gi_list_get(ts, gi_val(argv), 0);
    gi_xdrop(ts, argv);
    if (gi_is_null(first)) return first;
    if (!gi_is_str(gi_val(first)) || gi_str_len(first) == 0) {
        gi_drop(ts, first);
        return GI_NULL;
    }
    size_t n = gi_str_len(first), start = n;
    while (start > 0 && gi_str_char(gi_val(first), start - 1) != '/') start--;
    if (start == 0 || start == n) return first;
    GiRef base = gi_str_slice(ts, gi_val(first), start, n);
    gi_drop(ts, first);
    return base;
}
static GiStatus open_log(GiThread *ts, GiVal ident, int option, int facility) {
    GiRef keep = gi_is_null(ident) || gi_is_none(ident) ? default_ident(ts) : gi_dup(ts, ident);
    if (gi_raised(ts)) return GI_FAIL;
    const char *text = gi_is_null(keep) ? NULL : gi_str_cstr(ts, gi_val(keep));
    if (!gi_is_null(keep) && text == NULL) {
        gi_drop(ts, keep);
        return GI_FAIL;
    }
    if (GI_AUDIT(ts, "syslog.openlog", gi_is_null(keep) ? GI_NONE : gi_val(keep), gi_smallint(option),
                 gi_smallint(facility)) < 0) {
        gi_xdrop(ts, keep);
        return GI_FAIL;
    }
    SyslogState *state = state_of(ts);
    openlog(text, option, facility);
    gi_slot_set(ts, &state->ident, keep);
    state->open = true;
    return GI_OK;
}
GI_FUNCTION(syslog, openlog, "(ident: str = None, logoption: i64 = 0, facility: i64 = 8)", NULL) {
    return open_log(ts, a->ident, (int)a->logoption, (int)a->facility) < 0 ? GI_NULL : GI_REF_NONE;
}
static GiRef syslog_raw(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "syslog.syslog", kwnames) < 0) return GI_NULL;
    int priority = LOG_INFO;
    if (nargs == 2 && gi_is_int(args[0]) && gi_is_str(args[1])) {
        if (gi_as_int(ts, args[0], &priority) < 0) return GI_NULL;
    } else if (nargs != 1 || !gi_is_str(args[0])) {
        return gi_raise_ref(ts, &gi_exc_TypeError, "[priority,] message string");
    }
    if (GI_AUDIT(ts, "syslog.syslog", gi_smallint(priority), args[nargs - 1]) < 0) return GI_NULL;
    GI_AUTO GiRef message = gi_encode(ts, args[nargs - 1], "utf-8", NULL);
    if (gi_is_null(message)) return GI_NULL;
    SyslogState *state = state_of(ts);
    if (!state->open && open_log(ts, GI_NOVAL, 0, LOG_USER) < 0) return GI_NULL;
    GI_AUTO GiRef ident GI_UNUSED = gi_slot_dup(ts, &state->ident); /* stays while it is used */
    const char *text = (const char *)gi_bytes_data(message);
    GI_BLOCKING(&ts->core, "syslog") syslog(priority, "%s", text);
    return GI_REF_NONE;
}
GI_FUNCTION(syslog, closelog, "()", NULL) {
    SyslogState *state = state_of(ts);
    if (gi_audit(ts, "syslog.closelog", NULL, 0) < 0) return GI_NULL;
    if (state->open) {
        closelog();
        state->open = false;
        gi_slot_clear(ts, &state->ident);
    }
    return GI_REF_NONE;
}
GI_FUNCTION(syslog, setlogmask, "(maskpri: i64, /)", NULL) {
    if (GI_AUDIT(ts, "syslog.setlogmask", gi_smallint(a->maskpri)) < 0) return GI_NULL;
    return gi_smallint_ref(setlogmask((int)a->maskpri));
}
GI_FUNCTION(syslog, LOG_MASK, "(pri: i64, /)", NULL) { return gi_smallint_ref(LOG_MASK((int)a->pri & 31)); }
GI_FUNCTION(syslog, LOG_UPTO, "(pri: i64, /)", NULL) { return gi_smallint_ref(LOG_UPTO((int)a->pri & 31)); }

static const GiMethodDef raw_functions[] = {
    {.name = "syslog", .body = (GiNativeBody)(void (*)(void))syslog_raw, .shape = GI_CALL_RAW, .binding = GI_METHOD_FUNCTION},
    {.name = NULL}};
static GiStatus syslog_exec(GiThread *ts, GiVal module) {
#define C(name) {#name, name}
    static const GiIntConstant constants[] = {
        C(LOG_ALERT), C(LOG_AUTH), C(LOG_AUTHPRIV), C(LOG_CONS), C(LOG_CRIT), C(LOG_CRON), C(LOG_DAEMON), C(LOG_DEBUG),
        C(LOG_EMERG), C(LOG_ERR), C(LOG_INFO), C(LOG_KERN), C(LOG_LOCAL0), C(LOG_LOCAL1), C(LOG_LOCAL2), C(LOG_LOCAL3),
        C(LOG_LOCAL4), C(LOG_LOCAL5), C(LOG_LOCAL6), C(LOG_LOCAL7), C(LOG_LPR), C(LOG_MAIL), C(LOG_NDELAY),
        C(LOG_NEWS), C(LOG_NOTICE), C(LOG_NOWAIT), C(LOG_ODELAY), C(LOG_PERROR), C(LOG_PID), C(LOG_SYSLOG),
        C(LOG_USER), C(LOG_UUCP), C(LOG_WARNING)};
#undef C
    if (gi_module_add_functions(ts, module, raw_functions) < 0) return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField state_fields[] = {GI_SLOT(SyslogState, ident), GI_FIELDS_END};
const GiModuleDef gi_module_syslog = {.name = "syslog", .functions = syslog_functions, .exec = syslog_exec,
                                      .state_size = sizeof(SyslogState), .state_fields = state_fields};
