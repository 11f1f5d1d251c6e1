/* gil_watch.c - the GIL seen by users. See gil_watch.h. */
#include "runtime/gil_watch.h"

#include "base/utf8.h"
#include "bytecode/code.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/frame.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Where threads are ---- */

static bool is_library(GiThread *ts, const GiCode *code) {
    GiVal name = gi_val(code->filename);
    if (gi_is_null(name) || gi_str_kind(name) != GI_STR_ASCII) return false;
    const char *text = gi_str_data(name), *library = ts->vm->runtime->config.stdlib;
    size_t len = gi_str_len(name), n = library ? strlen(library) : 0;
    if (len > 8 && memcmp(text, "<frozen ", 8) == 0) return true;
    return n && len > n && text[n] == '/' && memcmp(text, library, n) == 0;
}

static const GiFrame *place(GiThread *ts) {
    for (const GiFrame *f = ts->frame; f; f = f->back)
        if (!is_library(ts, f->code)) return f;
    return ts->frame;
}

static uint32_t plain_char(GiVal text, size_t i) {
    uint32_t c = gi_str_char(text, i);
    return c >= 0xD800 && c < 0xE000 ? 0xFFFD : c;
}
static size_t utf8_size(uint32_t c) { return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4; }

/* Copies a str as UTF-8, zero at the end; of one that is too long the end or the beginning. */
static void copy_text(char *to, size_t size, GiVal text, bool keep_end) {
    size_t len = gi_is_null(text) ? 0 : gi_str_len(text), from = 0, bytes = 0;
    if (keep_end) {
        size_t room = size - 1, n;
        for (from = len; from > 0 && (n = utf8_size(plain_char(text, from - 1))) <= room; from--) room -= n;
    }
    for (size_t i = from; i < len; i++) {
        uint32_t c = plain_char(text, i);
        if (bytes + utf8_size(c) >= size) break;
        bytes += gi_utf8_put(to + bytes, c);
    }
    to[bytes] = 0;
}

static void fill_site(const GiFrame *f, GiSite *site) {
    copy_text(site->file, sizeof site->file, gi_val(f->code->filename), true);
    copy_text(site->function, sizeof site->function, gi_val(f->code->qualname), false);
    site->line = gi_frame_line(f);
}

static void find_site(GiThreadCore *core, GiSite *site) {
    const GiFrame *f = place((GiThread *)core);
    if (f) fill_site(f, site);
    else site->line = 0;
}

static uint32_t number_site(GiThreadCore *core, GiEventRing *ring) {
    GiThread *ts = (GiThread *)core;
    GiTrace *trace = core->world->trace;
    const GiFrame *f = place(ts);
    if (!f || !trace) return 0;
    if (ring->sites_of != gi_trace_number(trace)) {
        memset(ring->sites, 0, sizeof ring->sites);
        ring->sites_of = gi_trace_number(trace);
    }
    uint32_t at = (uint32_t)(f->pc - f->code->instrs);
    GiSiteLine *line = &ring->sites[((uintptr_t)f->code / 64 + at) % GI_SITE_LINES];
    if (line->code == f->code && line->at == at) return line->site;
    uint32_t number = gi_trace_find_site(trace, f->code, at);
    if (number == 0) {
        GiSite site = {0};
        fill_site(f, &site);
        number = gi_trace_add_site(trace, f->code, at, &site);
        if (number) (void)!gi_is_null(gi_dup(ts, gi_from_obj(f->code))); /* the trace owns it */
    }
    *line = (GiSiteLine){f->code, at, number};
    return number;
}

/* Every byte lock is that of an object, which the thread that waits for it keeps alive. The kind stands
 * among the places, with the type as what it belongs to. */
static uint32_t number_object(GiThreadCore *core, const void *lock) {
    GiThread *ts = (GiThread *)core;
    GiTrace *trace = core->world->trace;
    if (!trace || ((uintptr_t)lock & 7) != 7) return 0;
    GiType *type = gi_obj_type((const GiObj *)((const char *)lock - 7));
    uint32_t number = gi_trace_find_site(trace, type, GI_TRACE_OBJECT);
    if (number == 0) {
        GiSite kind = {0};
        snprintf(kind.function, sizeof kind.function, "%s", type->name);
        number = gi_trace_add_site(trace, type, GI_TRACE_OBJECT, &kind);
        if (number) (void)!gi_is_null(gi_dup(ts, gi_type_val(type))); /* the trace owns it */
    }
    return number;
}

const GiSiteFinder gi_site_finder = {.find = find_site, .number = number_site, .object = number_object};

/* ---- The trace file ---- */

int gi_gil_trace_start(GiThread *ts, const char *path) {
    const GiConfig *config = &ts->vm->runtime->config;
    GiTraceHeader header = {.program = config->argc > 0 ? config->argv[0] : "", .version = GI_VERSION,
                            .argc = config->orig_argc, .argv = config->orig_argv};
    GiTrace *trace = NULL;
    int error = 0;
    if (ts->vm->world.trace) return EBUSY;
    gi_gil_refresh_names(ts);
    GI_BLOCKING(&ts->core, "open") {
        trace = gi_trace_open(&ts->vm->world, path, &header);
        error = errno;
    }
    if (!trace) return error;
    /* Another thread may still be finishing the last one. */
    while ((error = gi_trace_begin(&ts->core, trace)) == EBUSY && !ts->vm->world.trace)
        GI_BLOCKING(&ts->core, "trace") gi_os_sleep_until(gi_os_deadline(GI_NS_PER_MS));
    if (error) gi_trace_free(trace);
    return error;
}

static void free_trace(GiThread *ts, GiTrace *trace) {
    const void *code;
    while ((code = gi_trace_next_owner(trace)) != NULL) gi_drop(ts, gi_own_obj(code));
    gi_trace_free(trace);
}

bool gi_gil_trace_stop(GiThread *ts, GiTraceCounts *counts) {
    if (!ts->vm->world.trace) return false;
    gi_gil_refresh_names(ts);
    GiTrace *trace = gi_trace_end(&ts->core);
    if (!trace) return false;
    GI_BLOCKING(&ts->core, "trace") gi_trace_finish(trace, counts);
    free_trace(ts, trace);
    return true;
}

void gi_gil_watch_after_fork_child(GiThread *ts) {
    GiTrace *trace = ts->vm->world.trace;
    ts->vm->world.trace = NULL;
    ts->vm->runtime->config.gil_stats = false;
    if (!trace) return;
    free_trace(ts, trace);
    /* A file for each process was asked for. */
    const char *path = ts->vm->runtime->config.gil_trace;
    if (path && strstr(path, "%p")) (void)gi_gil_watch_begin(ts);
}

void gi_gil_watch_sync(GiThread *ts) {
    GiTrace *trace = ts->vm->world.trace;
    if (trace) gi_trace_sync(trace);
}

/* ---- Names ---- */

/* The _name of a Thread, without running Python code; null when it has none. */
static GiRef name_of(GiThread *ts, GiVal thread) {
    if (!gi_is_heap(thread)) return GI_NULL;
    GiRef key = gi_intern_cstr(ts, "_name");
    GiRef name = gi_is_null(key) || !(gi_type_of(thread)->flags & GI_TYPE_ATTRS) ? GI_NULL
                                                                          : gi_attrs_get(ts, gi_obj(thread), gi_val(key));
    gi_xdrop(ts, key);
    if (gi_raised(ts)) gi_exc_clear(ts);
    if (gi_is_null(name) || gi_is_str(gi_val(name))) return name;
    gi_drop(ts, name);
    return GI_NULL;
}

static void set_name(GiThreadCore *core, GiVal name) {
    char text[4 * GI_NAME_SIZE];
    copy_text(text, sizeof text, name, false);
    gi_core_set_name(core, text);
}

void gi_gil_name_new_thread(GiThread *ts, GiThread *made, GiVal func) {
    GiRef name = GI_NULL;
    if (gi_is_exact(func, &gi_bound_method_type)) name = name_of(ts, gi_val(((GiBoundMethod *)gi_obj(func))->self));
    if (!gi_is_null(name)) {
        set_name(&made->core, gi_val(name));
        gi_drop(ts, name);
        return;
    }
    char text[GI_NAME_SIZE];
    snprintf(text, sizeof text, "thread %llu", (unsigned long long)made->core.serial);
    gi_core_set_name(&made->core, text);
}

static GiThreadCore *core_by_ident(GiVm *vm, uint64_t ident) {
    for (GiThreadCore *c = NULL; (c = gi_world_next_core(&vm->world, c)) != NULL;)
        if (c->ident == ident) return c;
    return NULL;
}

void gi_gil_refresh_names(GiThread *ts) {
    GiRef raised = gi_exc_take(ts), active = GI_NULL, items = GI_NULL;
    GiVal threading = ts->vm->modules.bits ? gi_dict_get_cstr_peek(ts, gi_val(ts->vm->modules), "threading") : GI_NOVAL;
    if (!gi_is_null(threading) && gi_is_exact(threading, &gi_module_type)) {
        GiVal known = gi_dict_get_cstr_peek(ts, gi_module_dict(threading), "_active");
        if (!gi_is_null(known)) active = gi_dup(ts, known);
    }
    if (!gi_is_null(active) && gi_is_exact(gi_val(active), &gi_dict_type)) items = gi_dict_items_list(ts, gi_val(active));
    for (size_t i = 0; !gi_is_null(items) && i < gi_list_len(items); i++) {
        GiRef pair = gi_list_get(ts, gi_val(items), i);
        uint64_t ident;
        GiRef name = gi_is_null(pair) ? GI_NULL : name_of(ts, gi_tuple_get(gi_val(pair), 1));
        if (!gi_is_null(name) && gi_as_u64(ts, gi_tuple_get(gi_val(pair), 0), &ident) == GI_OK) {
            gi_stop_world_for(&ts->core, "trace");
            GiThreadCore *core = core_by_ident(ts->vm, ident);
            if (core) set_name(core, gi_val(name));
            gi_start_world(&ts->core);
        }
        gi_xdrop(ts, name);
        gi_xdrop(ts, pair);
    }
    gi_xdrop(ts, items);
    gi_xdrop(ts, active);
    if (gi_raised(ts)) gi_exc_clear(ts);
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

/* ---- With or without it ---- */

bool gi_gil_is_enabled(GiVm *vm) {
    return atomic_load_explicit(&vm->world.mode, memory_order_relaxed) == GI_MODE_GIL &&
           atomic_load_explicit(&vm->world.wish, memory_order_relaxed) != GI_WISH_NONE;
}

void gi_gil_lift_wanted(GiThread *ts) {
    if (atomic_load_explicit(&ts->vm->world.wish, memory_order_relaxed) != GI_WISH_AUTO) return;
    /* Without memory for it the lock stays, and it is tried again later. */
    if (gi_vm_lift(ts) != GI_OK) return;
}

GiStatus gi_gil_lift(GiThread *ts) {
    if (ts->core.free_running) return GI_OK;
    if (ts->vm->runtime->gil_required) {
        (void)gi_raise(ts, &gi_exc_RuntimeError, "the lock cannot be lifted: something in the program requires it");
        return GI_FAIL;
    }
    if (gi_vm_lift(ts) != GI_OK) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    return GI_OK;
}

/* The module whose code runs, as an own reference to a str; null when there is none. */
static GiRef running_module(GiThread *ts) {
    GiFrame *frame = ts->frame;
    if (!frame) return GI_NULL;
    GiRef name = GI_NULL;
    if (gi_dict_get(ts, gi_frame_globals(frame), GI_N(__name__), &name) < 0) gi_exc_clear(ts);
    if (!gi_is_null(name) && gi_is_str(gi_val(name))) return name;
    gi_xdrop(ts, name);
    return GI_NULL;
}

GiStatus gi_gil_require(GiThread *ts, GiVal who) {
    GiWorld *world = &ts->vm->world;
    if (ts->core.free_running) {
        (void)gi_raise(ts, &gi_exc_RuntimeError, "the lock is lifted already: require it before the first thread is made");
        return GI_FAIL;
    }
    ts->vm->runtime->gil_required = true;
    if (atomic_exchange(&world->wish, GI_WISH_KEEP) == GI_WISH_KEEP) return GI_OK;
    GiRef name = !gi_is_null(who) && gi_is_str(who) ? gi_dup(ts, who) : running_module(ts);
    const char *text = gi_is_null(name) ? NULL : gi_str_utf8(ts, gi_val(name), NULL);
    if (!text) gi_exc_clear(ts);
    fprintf(stderr, "gila: the GIL stays: %s requires it\n", text ? text : "the program");
    gi_xdrop(ts, name);
    return GI_OK;
}

/* ---- The table at the end ---- */

static double seconds(uint64_t ns) { return (double)ns / 1e9; }

/* "12.3 ms prog.py:7 work" */
static void print_longest(FILE *out, uint64_t ns, const GiSite *at) {
    const char *slash = strrchr(at->file, '/');
    fprintf(out, "  %9.2f ms", (double)ns / 1e6);
    if (at->line) fprintf(out, " %s:%d %s", slash ? slash + 1 : at->file, at->line, at->function);
}

static void print_thread(FILE *out, const GiThreadRecord *r) {
    fprintf(out, "%-20.20s", r->name[0] ? r->name : "?");
    if (r->cpu_known) fprintf(out, " %9.3f", seconds(r->cpu));
    else fprintf(out, " %9s", "-");
    fprintf(out, " %9.3f %9.3f %9.3f %9llu %9llu %9llu\n", seconds(r->hold), seconds(r->wait), seconds(r->blocked),
            (unsigned long long)r->acquisitions, (unsigned long long)r->contended, (unsigned long long)r->drops_given);
    if (r->acquisitions == 0) return;
    fputs("    longest hold", out);
    print_longest(out, r->longest_hold, &r->longest_hold_at);
    if (r->contended) {
        fputs("\n    longest wait", out);
        print_longest(out, r->longest_wait, &r->longest_wait_at);
    }
    fputs("\n    let go to a waiter:", out);
    for (int i = 0; i < GI_CAUSE_COUNT; i++)
        fprintf(out, " %s %llu%s", gi_cause_name((GiCause)i), (unsigned long long)r->handovers[i],
                i + 1 < GI_CAUSE_COUNT ? "," : "\n");
}

/* The same without the lock: what a thread waits for are objects, and others that stop all. */
static void print_free_thread(FILE *out, const GiThreadRecord *r) {
    fprintf(out, "%-20.20s", r->name[0] ? r->name : "?");
    if (r->cpu_known) fprintf(out, " %9.3f", seconds(r->cpu));
    else fprintf(out, " %9s", "-");
    fprintf(out, " %9.3f %9.3f %9.3f %9.3f %9llu %9llu\n", seconds(r->hold), seconds(r->lock_wait), seconds(r->stopped),
            seconds(r->blocked), (unsigned long long)r->lock_waits, (unsigned long long)r->stops);
    if (r->wait > 0) fprintf(out, "    waited for the lock before it was lifted  %9.3f\n", seconds(r->wait));
    if (r->lock_waits + r->contended == 0) return;
    fputs("    longest wait", out);
    print_longest(out, r->longest_wait, &r->longest_wait_at);
    fputc('\n', out);
}

static void print_free_stats(FILE *out, const GiThreadRecord *records, size_t count) {
    fprintf(out, "%-20s %9s %9s %9s %9s %9s %9s %9s\n", "thread (seconds)", "processor", "running", "objects", "stopped", "blocked",
            "waits", "stops");
    for (size_t i = 0; i < count; i++) print_free_thread(out, &records[i]);
}

static void print_stats(GiThread *ts, FILE *out) {
    size_t count;
    gi_gil_refresh_names(ts);
    GiThreadRecord *records = gi_stats_take(&ts->core, &count);
    if (!records) return;
    GiWorldRecord w;
    gi_stats_convert_world(&ts->vm->world, gi_ticks(&ts->vm->world.ticks), &w);
    bool free_mode = w.mode == GI_MODE_FREE;
    if (free_mode && w.was_lifted) fprintf(out, "gil: lifted after %.3f s", seconds(w.lifted));
    else if (free_mode) fputs("gil: none", out);
    else
        fprintf(out, "gil: policy %s, switch interval %g ms", w.policy == GI_POLICY_CPYTHON ? "cpython" : "budget",
                (double)w.interval / 1e6);
    double wall = seconds(w.wall), cpu = seconds(gi_os_process_cpu_ns());
    fprintf(out, "; %.3f s, %zu thread%s, %llu hand-overs, %.2f of %d processors busy\n", wall, count, count == 1 ? "" : "s",
            (unsigned long long)w.switches, wall > 0 ? cpu / wall : 0, gi_os_cpu_usable());
    if (free_mode) {
        print_free_stats(out, records, count);
    } else {
        fprintf(out, "%-20s %9s %9s %9s %9s %9s %9s %9s\n", "thread (seconds)", "running", "holding", "waiting", "blocked",
                "got lock", "waited", "gave way");
        for (size_t i = 0; i < count; i++) print_thread(out, &records[i]);
    }
    free(records);
}

/* ---- Options ---- */

bool gi_gil_watch_begin(GiThread *ts) {
    /* What the interpreter's start took is not the program's. */
    atomic_store(&ts->core.stats.longest_hold, 0);
    const char *path = ts->vm->runtime->config.gil_trace;
    int error = path ? gi_gil_trace_start(ts, path) : 0;
    if (error) fprintf(stderr, "gila: -X gil-trace=%s: %s\n", path, strerror(error));
    return error == 0;
}

void gi_gil_watch_end(GiThread *ts) {
    GiConfig *config = &ts->vm->runtime->config;
    GiTraceCounts counts;
    if (gi_gil_trace_stop(ts, &counts) && config->gil_trace) {
        if (counts.error) fprintf(stderr, "gila: -X gil-trace=%s: %s\n", config->gil_trace, strerror(counts.error));
        else if (counts.dropped)
            fprintf(stderr, "gila: -X gil-trace=%s: %llu events came too fast and are missing\n", config->gil_trace,
                    (unsigned long long)counts.dropped);
    }
    if (config->gil_stats) print_stats(ts, stderr);
    config->gil_stats = false;
}
