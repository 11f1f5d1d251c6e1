/* _gil.c - the GIL's counters and trace as Python sees them; docs/internals/gil.md has the names.
 *
 * lib/gila/gil is what users import. All state is the world's.
 */
#include "modules/module.h"
#include "os/remote.h"
#include "runtime/gil_watch.h"
#include "threads/peek.h"
#include <stdlib.h>
#include "modules/_gil.gen.h"

static GiRef seconds(uint64_t ns) { return gi_double_ref((double)ns / 1e9); }

/* Adds a value, consumed, under a name; false after a failure here or before. */
static bool add(GiThread *ts, GiRef dict, const char *name, GiRef value) {
    if (gi_is_null(value)) return false;
    GiStatus status = gi_dict_set_cstr(ts, gi_val(dict), name, gi_val(value));
    gi_drop(ts, value);
    return status == GI_OK;
}
static GiRef text(GiThread *ts, const char *bytes) { return gi_str_from_fs(ts, bytes, strlen(bytes)); }

/* (file, line, function), or None. */
static GiRef site(GiThread *ts, const GiSite *at) {
    if (at->line == 0) return GI_REF_NONE;
    return gi_tuple_steal(ts, (GiRef[]){text(ts, at->file), gi_smallint_ref(at->line), text(ts, at->function)}, 3);
}

static GiRef handovers(GiThread *ts, const GiThreadRecord *r) {
    GiRef dict = gi_dict_new(ts);
    for (int i = 0; i < GI_CAUSE_COUNT && !gi_is_null(dict); i++)
        if (!add(ts, dict, gi_cause_name((GiCause)i), gi_int_from_u64(ts, r->handovers[i]))) {
            gi_drop(ts, dict);
            return GI_NULL;
        }
    return dict;
}

static GiRef record_dict(GiThread *ts, const GiThreadRecord *r) {
    static const char *const states[] = {"running", "waiting", "blocked", "stopped", "ended"};
    GiRef d = gi_dict_new(ts);
    if (gi_is_null(d)) return d;
    bool ok = add(ts, d, "name", text(ts, r->name)) && add(ts, d, "native_id", gi_int_from_u64(ts, r->native_id)) &&
              add(ts, d, "ident", gi_int_from_u64(ts, r->ident)) && add(ts, d, "serial", gi_int_from_u64(ts, r->serial)) &&
              add(ts, d, "main", gi_bool_ref(r->is_main)) && add(ts, d, "alive", gi_bool_ref(r->state != GI_SHOWN_ENDED)) &&
              add(ts, d, "state", text(ts, states[r->state])) &&
              add(ts, d, "call", r->call ? text(ts, r->call) : GI_REF_NONE);
    const struct { const char *name; uint64_t n; } counts[] = {
        {"acquisitions", r->acquisitions}, {"contended", r->contended}, {"drops_asked", r->drops_asked},
        {"drops_given", r->drops_given}, {"lock_waits", r->lock_waits}, {"stops", r->stops}};
    const struct { const char *name; uint64_t ns; } times[] = {
        {"lifetime", r->lifetime}, {"holding", r->hold}, {"waiting", r->wait}, {"blocked", r->blocked},
        {"stopped", r->stopped}, {"longest_hold", r->longest_hold}, {"longest_wait", r->longest_wait},
        {"lock_waiting", r->lock_wait}, {"stopping", r->stopping}};
    for (size_t i = 0; ok && i < GI_COUNTOF(counts); i++) ok = add(ts, d, counts[i].name, gi_int_from_u64(ts, counts[i].n));
    for (size_t i = 0; ok && i < GI_COUNTOF(times); i++) ok = add(ts, d, times[i].name, seconds(times[i].ns));
    ok = ok && add(ts, d, "running", r->cpu_known ? seconds(r->cpu) : GI_REF_NONE) &&
         add(ts, d, "longest_hold_at", site(ts, &r->longest_hold_at)) &&
         add(ts, d, "longest_wait_at", site(ts, &r->longest_wait_at)) && add(ts, d, "handovers", handovers(ts, r));
    if (ok) return d;
    gi_drop(ts, d);
    return GI_NULL;
}

static GiRef record_list(GiThread *ts, const GiThreadRecord *records, size_t count) {
    GiRef list = gi_list_new(ts, count);
    for (size_t i = 0; i < count && !gi_is_null(list); i++) {
        GiRef one = record_dict(ts, &records[i]);
        if (gi_is_null(one) || gi_list_append(ts, gi_val(list), one) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static GiRef totals_dict(GiThread *ts, const GiWorldRecord *w, uint64_t cpu) {
    GiRef d = gi_dict_new(ts);
    if (gi_is_null(d)) return d;
    bool ok = add(ts, d, "mode", text(ts, w->mode == GI_MODE_FREE ? "free" : "gil")) &&
              add(ts, d, "policy", text(ts, w->policy == GI_POLICY_CPYTHON ? "cpython" : "budget")) &&
              add(ts, d, "lifted", w->was_lifted ? seconds(w->lifted) : GI_REF_NONE) &&
              add(ts, d, "interval", seconds(w->interval)) && add(ts, d, "switches", gi_int_from_u64(ts, w->switches)) &&
              add(ts, d, "wall", seconds(w->wall)) && add(ts, d, "cpu", seconds(cpu)) &&
              add(ts, d, "cpus", gi_smallint_ref(gi_os_cpu_usable())) &&
              add(ts, d, "threads", gi_int_from_u64(ts, w->threads)) &&
              add(ts, d, "threads_ended", gi_int_from_u64(ts, w->threads_ended));
    if (ok) return d;
    gi_drop(ts, d);
    return GI_NULL;
}

GI_FUNCTION(_gil, enabled, "()", "True while there is one lock around the interpreter.") {
    return gi_bool_ref(gi_gil_is_enabled(ts->vm));
}
GI_FUNCTION(_gil, mode, "()", "'gil', or 'free' without the lock.") { return text(ts, gi_gil_is_enabled(ts->vm) ? "gil" : "free"); }
GI_FUNCTION(_gil, lift, "()", "Takes the lock away, for good: from now on threads run in parallel.\n\nRuntimeError if something in the program has required the lock.") {
    GiStatus status = gi_gil_lift(ts);
    return status == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_FUNCTION(_gil, require, "(who=None, /)", "Keeps the lock for code that needs it, whatever the program was started with.\n\nSays so on stderr if that is a change. RuntimeError if the lock is lifted already.") {
    GiStatus status = gi_gil_require(ts, a->who);
    return status == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_FUNCTION(_gil, policy, "()", "'budget' or 'cpython': who gets the lock next.") {
    return text(ts, ts->vm->world.policy == GI_POLICY_CPYTHON ? "cpython" : "budget");
}

GI_FUNCTION(_gil, stats, "()", "A list of dicts, one for each thread in order of creation: how it fared with the lock.\n\nTimes are in seconds, and include what is going on now.") {
    size_t count;
    gi_gil_refresh_names(ts);
    GiThreadRecord *records = gi_stats_take(&ts->core, &count);
    if (records == NULL) return gi_raise_nomem(ts);
    GiRef list = record_list(ts, records, count);
    free(records);
    return list;
}

GI_FUNCTION(_gil, totals, "()", "A dict of what concerns the whole interpreter.") {
    GiWorldRecord w;
    gi_stop_world_for(&ts->core, "counters");
    GiWorld *world = &ts->vm->world;
    gi_stats_convert_world(world, gi_ticks(&world->ticks), &w);
    w.threads_ended = world->departed ? world->departed->count : 0;
    /* Another thread may end the trace as soon as the world goes on. */
    GiTrace *trace = world->trace;
    GiTraceCounts counts = trace ? gi_trace_counts(trace) : (GiTraceCounts){0};
    char *path = trace ? strdup(gi_trace_path(trace)) : NULL;
    gi_start_world(&ts->core);
    if (trace && !path) return gi_raise_nomem(ts);
    GiRef d = totals_dict(ts, &w, gi_os_process_cpu_ns());
    bool ok = !gi_is_null(d) && add(ts, d, "tracing", path ? text(ts, path) : GI_REF_NONE) &&
              add(ts, d, "trace_events", gi_int_from_u64(ts, counts.events)) &&
              add(ts, d, "trace_dropped", gi_int_from_u64(ts, counts.dropped));
    free(path);
    if (ok) return d;
    gi_xdrop(ts, d);
    return GI_NULL;
}

GI_FUNCTION(_gil, trace_start, "(path)", "Records what the threads do with the lock into a file, until trace_stop().") {
    GiRef path = gi_fs_path(ts, a->path);
    if (gi_is_null(path)) return path;
    int error = gi_gil_trace_start(ts, (const char *)gi_bytes_data(path));
    gi_drop(ts, path);
    if (error == EBUSY) return gi_raise_ref(ts, &gi_exc_RuntimeError, "a trace is being recorded already");
    return error ? gi_raise_errno(ts, error, a->path) : GI_REF_NONE;
}

GI_FUNCTION(_gil, trace_stop, "()", "Ends the trace; gives (events, dropped).") {
    GiTraceCounts counts;
    if (!gi_gil_trace_stop(ts, &counts)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "no trace is being recorded");
    if (counts.error) return gi_raise_errno(ts, counts.error, GI_NOVAL);
    return gi_tuple_steal(ts, (GiRef[]){gi_int_from_u64(ts, counts.events), gi_int_from_u64(ts, counts.dropped)}, 2);
}

/* ---- Another process ---- */

static GiRef arguments(GiThread *ts, long pid) {
    size_t size = 0;
    char *all = gi_os_remote_arguments(pid, &size);
    GiRef list = gi_list_new(ts, 4);
    for (size_t at = 0; at < size && !gi_is_null(list);) {
        size_t n = strnlen(all + at, size - at);
        GiRef one = gi_str_from_fs(ts, all + at, n);
        if (gi_is_null(one) || gi_list_append(ts, gi_val(list), one) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
        at += n + 1;
    }
    free(all);
    return list;
}

static GiRef os_error(GiThread *ts, int error, const char *format, long pid) {
    GiRef message = gi_str_format(ts, format, pid);
    if (gi_is_null(message)) return message;
    GiRef code = gi_smallint_ref(error);
    GiRef exc = gi_call2(ts, gi_type_val(&gi_exc_OSError), gi_val(code), gi_val(message));
    gi_drop(ts, message);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}

static GiRef peek_failed(GiThread *ts, GiPeekStatus status, long pid) {
    switch (status) {
    case GI_PEEK_NO_PROCESS: return os_error(ts, ESRCH, "there is no process %ld", pid);
    case GI_PEEK_FORBIDDEN:
        return os_error(ts, EPERM, "process %ld belongs to another user, or the system forbids looking into it", pid);
    case GI_PEEK_NOT_GILA: return gi_raise_ref(ts, &gi_exc_ValueError, "process %ld does not run Gila", pid);
    case GI_PEEK_OTHER_LAYOUT: return gi_raise_ref(ts, &gi_exc_ValueError, "process %ld runs another version of Gila", pid);
    case GI_PEEK_NO_MEMORY: return gi_raise_nomem(ts);
    case GI_PEEK_UNSUPPORTED: return gi_raise_ref(ts, &gi_exc_RuntimeError, "looking into processes needs Linux");
    default: return gi_raise_ref(ts, &gi_exc_RuntimeError, "process %ld is just starting or ending", pid);
    }
}

GI_FUNCTION(_gil, peek, "(pid: i64, /)", "The counters of another Gila process of this user: a dict.") {
    GiPeeked peeked;
    GiPeekStatus status = GI_PEEK_NO_PROCESS;
    long pid = (long)a->pid;
    if (pid > 0 && pid <= INT32_MAX) GI_BLOCKING(&ts->core, "peek") status = gi_peek(pid, &peeked);
    if (status != GI_PEEK_OK) return peek_failed(ts, status, pid);
    GiRef d = gi_dict_new(ts), totals = gi_is_null(d) ? GI_NULL : totals_dict(ts, &peeked.world, peeked.cpu);
    bool ok = !gi_is_null(totals) && add(ts, totals, "tracing", gi_bool_ref(peeked.tracing)) &&
              add(ts, d, "pid", gi_smallint_ref(pid)) && add(ts, d, "started", gi_int_from_u64(ts, peeked.started)) &&
              add(ts, d, "program", arguments(ts, pid)) &&
              add(ts, d, "threads", record_list(ts, peeked.threads, peeked.count));
    gi_peek_free(&peeked);
    if (ok) ok = add(ts, d, "totals", totals);
    else gi_xdrop(ts, totals);
    if (ok) return d;
    gi_xdrop(ts, d);
    return GI_NULL;
}

const GiModuleDef gi_module__gil = {
    .name = "_gil", .doc = "Counters and trace of the lock around the interpreter; see module gil.", .functions = _gil_functions};
