/* _lsprof.c - the deterministic profiler behind cProfile.
 *
 * The profiler installs itself as the thread's profile function (sys.setprofile) and keeps an entry
 * for each code object and native function, one for each pair of caller and callee, and a stack of
 * the calls that run. Times are integers: nanoseconds, or what a timer with a unit gives.
 * LOCK: the profiler's own lock guards its tables and its stack, and is free while the timer or any
 * other Python code runs; each of those may clear the profiler.
 */
#include "modules/module.h"
#include "bytecode/code.h"
#include "objects/container.h"
#include "os/clock.h"
#include "vm/frame.h"
#include <math.h>

typedef struct Counts { int64_t calls, recursive_calls, level, total, inside; } Counts;
typedef struct Entry { const void *key; GiSlot shown; Counts counts; } Entry;       /* shown: code object or text */
typedef struct Pair { uint32_t caller, callee; Counts counts; } Pair;
typedef struct Call { uint32_t entry; int64_t began, below; } Call;                 /* below: time in what it called */
typedef struct Table { uint32_t *cells; size_t size; } Table;                       /* number + 1 of an item; 0: free */

typedef struct GiProfiler {
    GiObj obj;
    GiSlot timer;
    double unit; /* of a timer that gives integers; 0: it gives seconds */
    bool subcalls, builtins, enabled;
    Entry *entries;
    Pair *pairs;
    Call *calls;
    size_t entry_count, entry_room, pair_count, pair_room, depth, depth_room;
    Table entry_table, pair_table;
} GiProfiler;
typedef struct ProfState { GiSlot entry, subentry; } ProfState;
extern const GiModuleDef gi_module__lsprof;
#include "modules/_lsprof.gen.h"

#define PROFILER(v) ((GiProfiler *)gi_obj(v))

/* ---- Tables ---- */

static uint64_t mix(uint64_t a, uint64_t b) { return ((a ^ (b << 32 | b >> 32)) * UINT64_C(0x9E3779B97F4A7C15)) >> 20; }
static uint64_t hash_entry(const GiProfiler *p, size_t i) { return mix((uintptr_t)p->entries[i].key, 0); }
static uint64_t hash_pair(const GiProfiler *p, size_t i) { return mix(p->pairs[i].caller, p->pairs[i].callee); }

static GiStatus grow_table(GiThread *ts, const GiProfiler *p, Table *t, size_t count, uint64_t (*hash)(const GiProfiler *p, size_t i)) {
    if ((count + 1) * 2 <= t->size) return GI_OK;
    size_t size = t->size ? t->size * 4 : 64;
    uint32_t *cells = gi_mem_calloc(ts, size, sizeof *cells);
    if (cells == NULL) return GI_FAIL;
    for (size_t i = 0; i < count; i++) {
        size_t at = hash(p, i) & (size - 1);
        while (cells[at]) at = (at + 1) & (size - 1);
        cells[at] = (uint32_t)i + 1;
    }
    gi_mem_free(t->cells);
    *t = (Table){cells, size};
    return GI_OK;
}
static GiStatus grow_array(GiThread *ts, void **items, size_t *room, size_t count, size_t size) {
    if (count < *room) return GI_OK;
    size_t more = GI_MAX(*room * 2, (size_t)32);
    void *grown = gi_mem_realloc(ts, *items, more * size);
    if (grown == NULL) return GI_FAIL;
    *items = grown;
    *room = more;
    return GI_OK;
}
/* The entry of a key, made if there is none; its `shown` is then still to be set. -1: raised. */
static ssize_t find_entry(GiThread *ts, GiProfiler *p, const void *key, bool make) {
    if (p->entry_table.size || make) {
        if (make && grow_table(ts, p, &p->entry_table, p->entry_count, hash_entry) < 0) return -1;
        size_t mask = p->entry_table.size - 1, at = mix((uintptr_t)key, 0) & mask;
        for (; p->entry_table.cells[at]; at = (at + 1) & mask)
            if (p->entries[p->entry_table.cells[at] - 1].key == key) return (ssize_t)p->entry_table.cells[at] - 1;
        if (make && grow_array(ts, (void **)&p->entries, &p->entry_room, p->entry_count, sizeof(Entry)) == GI_OK) {
            p->entries[p->entry_count] = (Entry){.key = key};
            p->entry_table.cells[at] = (uint32_t)++p->entry_count;
            return (ssize_t)p->entry_count - 1;
        }
    }
    return -1;
}
static Pair *find_pair(GiThread *ts, GiProfiler *p, uint32_t caller, uint32_t callee, bool make) {
    if (p->pair_table.size == 0 && !make) return NULL;
    if (make && grow_table(ts, p, &p->pair_table, p->pair_count, hash_pair) < 0) return NULL;
    size_t mask = p->pair_table.size - 1, at = mix(caller, callee) & mask;
    for (; p->pair_table.cells[at]; at = (at + 1) & mask) {
        Pair *pair = &p->pairs[p->pair_table.cells[at] - 1];
        if (pair->caller == caller && pair->callee == callee) return pair;
    }
    if (!make || grow_array(ts, (void **)&p->pairs, &p->pair_room, p->pair_count, sizeof(Pair)) < 0) return NULL;
    p->pairs[p->pair_count] = (Pair){.caller = caller, .callee = callee};
    p->pair_table.cells[at] = (uint32_t)++p->pair_count;
    return &p->pairs[p->pair_count - 1];
}

/* ---- Time ---- */

static int64_t now(GiThread *ts, GiProfiler *p) {
    if (gi_is_null(p->timer)) return (int64_t)gi_os_mono_ns();
    int64_t t = 0;
    double seconds;
    GiRef exc = gi_exc_take(ts), timer = gi_slot_dup(ts, &p->timer), r = gi_call0(ts, gi_val(timer));
    GiStatus status = gi_is_null(r) ? GI_FAIL : GI_OK;
    if (status == GI_OK && p->unit > 0) status = gi_as_i64(ts, gi_val(r), &t);
    else if (status == GI_OK && (status = gi_as_double(ts, gi_val(r), &seconds)) == GI_OK) t = (int64_t)floor(seconds * 1e9);
    if (status < 0) gi_unraisable(ts, gi_val(timer), NULL);
    gi_xdrop(ts, r);
    gi_drop(ts, timer);
    if (!gi_is_null(exc)) gi_exc_restore(ts, exc);
    return status < 0 ? 0 : t;
}

/* ---- Events ---- */

/* A call of the entry begins; the profiler is locked. */
static GiStatus push_call(GiThread *ts, GiProfiler *p, uint32_t entry) {
    if (grow_array(ts, (void **)&p->calls, &p->depth_room, p->depth, sizeof(Call)) < 0) return GI_FAIL;
    if (p->subcalls && p->depth) {
        Pair *pair = find_pair(ts, p, p->calls[p->depth - 1].entry, entry, true);
        if (pair == NULL) return GI_FAIL;
        pair->counts.level++;
    }
    p->entries[entry].counts.level++;
    p->calls[p->depth++] = (Call){.entry = entry};
    return GI_OK;
}
/* The thing called `shown` (code, or the text for a native function; consumed) is entered. */
static GiStatus begin(GiThread *ts, GiProfiler *p, const void *key, GiRef shown) {
    GiVal self = gi_from_obj(p);
    gi_lock_obj(ts, self);
    ssize_t entry = find_entry(ts, p, key, true);
    if (entry >= 0 && gi_is_null(p->entries[entry].shown)) {
        gi_slot_init(&p->entries[entry].shown, shown);
        shown = GI_NULL;
    }
    GiStatus status = entry < 0 ? GI_FAIL : push_call(ts, p, (uint32_t)entry);
    size_t depth = p->depth;
    gi_unlock_obj(ts, self);
    gi_xdrop(ts, shown);
    if (status < 0) return GI_FAIL;
    int64_t t = now(ts, p); /* a timer in Python may clear the profiler */
    gi_lock_obj(ts, self);
    if (p->depth == depth) p->calls[depth - 1].began = t;
    gi_unlock_obj(ts, self);
    return GI_OK;
}
static void add(Counts *c, int64_t total, int64_t inside) {
    if (--c->level == 0) c->total += total;
    else c->recursive_calls++;
    c->inside += inside;
    c->calls++;
}
/* The innermost call ends at t; the profiler is locked. */
static void pop_call(GiThread *ts, GiProfiler *p, int64_t t) {
    if (p->depth == 0) return; /* it began before we did */
    Call call = p->calls[--p->depth];
    int64_t total = t - call.began, inside = total - call.below;
    add(&p->entries[call.entry].counts, total, inside);
    if (p->depth == 0) return;
    p->calls[p->depth - 1].below += total;
    Pair *pair = p->subcalls ? find_pair(ts, p, p->calls[p->depth - 1].entry, call.entry, false) : NULL;
    if (pair) add(&pair->counts, total, inside);
}
static void end(GiThread *ts, GiProfiler *p) {
    int64_t t = now(ts, p);
    gi_lock_obj(ts, gi_from_obj(p));
    pop_call(ts, p, t);
    gi_unlock_obj(ts, gi_from_obj(p));
}
/* What a native function is called in the statistics. */
static GiRef native_name(GiThread *ts, GiVal v) {
    GiNative *fn = (GiNative *)gi_obj(v);
    GiVal self = gi_val(fn->self);
    bool of_module = gi_is_null(self) || gi_is_instance_of(self, &gi_module_type);
    if (!of_module) {
        GI_AUTO GiRef name = gi_intern_cstr(ts, fn->def->name);
        GI_AUTO GiRef method = gi_is_null(name) ? GI_NULL : gi_type_lookup(ts, gi_type_of(self), gi_val(name));
        GiRef text = gi_is_null(method) ? GI_NULL : gi_repr(ts, gi_val(method));
        if (!gi_is_null(text)) return text;
        if (gi_raised(ts)) gi_exc_clear(ts);
        return gi_str_format(ts, "<built-in method %s>", fn->def->name);
    }
    GiVal module = gi_val(fn->module);
    if (!gi_is_null(module) && gi_is_str(module)) return gi_str_format(ts, "<built-in method %U.%s>", module, fn->def->name);
    return gi_str_format(ts, "<built-in method %s>", fn->def->name);
}
static GiStatus on_call(GiThread *ts, GiProfiler *p, GiVal frame) {
    GiCode *code = ((GiFrameObject *)gi_obj(frame))->frame->code;
    return begin(ts, p, code, gi_dup(ts, gi_from_obj(code)));
}
static GiStatus on_native_call(GiThread *ts, GiProfiler *p, GiVal fn) {
    if (!gi_is_exact(fn, &gi_native_type)) return GI_OK;
    const void *key = ((GiNative *)gi_obj(fn))->def;
    gi_lock_obj(ts, gi_from_obj(p));
    bool known = find_entry(ts, p, key, false) >= 0;
    gi_unlock_obj(ts, gi_from_obj(p));
    GiRef name = known ? GI_NULL : native_name(ts, fn);
    return gi_is_null(name) && !known ? GI_FAIL : begin(ts, p, key, name);
}
/* The profile function itself. */
static GiRef profiler_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames GI_UNUSED) {
    GiProfiler *p = PROFILER(self);
    if (nargs != 3 || !gi_is_str(args[1]) || !gi_is_exact(args[0], &gi_frame_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "'_lsprof.Profiler' object is not callable");
    GiVal event = args[1];
    GiStatus status = GI_OK;
    if (!p->enabled) return GI_REF_NONE;
    if (gi_str_equals_cstr(event, "call")) status = on_call(ts, p, args[0]);
    else if (gi_str_equals_cstr(event, "return")) end(ts, p);
    else if (!p->builtins) return GI_REF_NONE;
    else if (gi_str_equals_cstr(event, "c_call")) status = on_native_call(ts, p, args[2]);
    else if (gi_is_exact(args[2], &gi_native_type)) end(ts, p);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}

/* ---- The profiler ---- */

static GiStatus set_profile(GiThread *ts, GiVal function) {
    GI_AUTO GiRef set = gi_import_attr(ts, "sys", "setprofile");
    GiRef r = gi_is_null(set) ? GI_NULL : gi_call1(ts, gi_val(set), function);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}
static void forget(GiThread *ts, GiProfiler *p) {
    gi_lock_obj(ts, gi_from_obj(p));
    Entry *entries = p->entries;
    size_t n = p->entry_count;
    gi_mem_free(p->pairs);
    gi_mem_free(p->calls);
    gi_mem_free(p->entry_table.cells);
    gi_mem_free(p->pair_table.cells);
    p->entries = NULL;
    p->pairs = NULL;
    p->calls = NULL;
    p->entry_count = p->entry_room = p->pair_count = p->pair_room = p->depth = p->depth_room = 0;
    p->entry_table = p->pair_table = (Table){0};
    gi_unlock_obj(ts, gi_from_obj(p));
    for (size_t i = 0; i < n; i++) gi_xdrop(ts, gi_slot_take(&entries[i].shown));
    gi_mem_free(entries);
}
GI_INIT(profiler, "(self, timer = None, timeunit: double? = 0.0, subcalls: bool = True, builtins: bool = True)") {
    GiProfiler *p = PROFILER(self);
    bool given = !gi_is_null(a->timer) && !gi_is_none(a->timer);
    gi_slot_set(ts, &p->timer, given ? gi_dup(ts, a->timer) : GI_NULL);
    p->unit = a->timeunit;
    p->subcalls = a->subcalls;
    p->builtins = a->builtins;
    return GI_OK;
}
GI_METHOD(profiler, enable, "(self, subcalls: bool = True, builtins: bool = True)", "enable(subcalls=True, builtins=True)\n\nStart collecting profiling information.\nIf 'subcalls' is True, also records for each function\nstatistics separated according to its current caller.\nIf 'builtins' is True, records the time spent in\nbuilt-in functions separately from their caller.\n") {
    GiProfiler *p = PROFILER(self);
    p->subcalls = a->subcalls;
    p->builtins = a->builtins;
    if (set_profile(ts, self) < 0) return GI_NULL;
    p->enabled = true;
    return GI_REF_NONE;
}
GI_METHOD(profiler, disable, "(self)", "disable()\n\nStop collecting profiling information.\n") {
    GiProfiler *p = PROFILER(self);
    if (p->enabled && set_profile(ts, GI_NONE) < 0) return GI_NULL;
    while (p->depth) end(ts, p); /* what still runs ends for us */
    p->enabled = false;
    return GI_REF_NONE;
}
GI_METHOD(profiler, clear, "(self)", "clear()\n\nClear all profiling information collected so far.\n") {
    forget(ts, PROFILER(self));
    return GI_REF_NONE;
}
/* What was counted, as it stands: the counts of entries and pairs, and what shows each entry. */
typedef struct Report { GiRef *shown; Counts *entries; Pair *pairs; size_t entry_count, pair_count; } Report;

static void free_report(GiThread *ts, const Report *r) {
    if (r->shown) gi_drop_all(ts, r->shown, r->entry_count);
    gi_mem_free(r->shown);
    gi_mem_free(r->entries);
    gi_mem_free(r->pairs);
}
static GiStatus take_report(GiThread *ts, GiProfiler *p, Report *r) {
    gi_lock_obj(ts, gi_from_obj(p));
    size_t n = p->entry_count, pairs = p->pair_count;
    *r = (Report){.shown = gi_mem_calloc(ts, n + 1, sizeof(GiRef))};
    if (r->shown) r->entries = gi_mem_alloc(ts, (n + 1) * sizeof(Counts));
    if (r->entries) r->pairs = gi_mem_alloc(ts, (pairs + 1) * sizeof(Pair));
    if (r->pairs) {
        r->entry_count = n;
        r->pair_count = pairs;
        for (size_t i = 0; i < n; i++) {
            r->shown[i] = gi_is_null(p->entries[i].shown) ? GI_REF_NONE : gi_slot_dup(ts, &p->entries[i].shown);
            r->entries[i] = p->entries[i].counts;
        }
        if (pairs) memcpy(r->pairs, p->pairs, pairs * sizeof(Pair));
    }
    gi_unlock_obj(ts, gi_from_obj(p));
    if (r->pairs) return GI_OK;
    free_report(ts, r);
    return GI_FAIL;
}
static void fill(GiThread *ts, GiRef *values, GiRef shown, const Counts *c, double unit) {
    values[0] = gi_dup(ts, gi_val(shown));
    values[1] = gi_int_from_i64(ts, c->calls);
    values[2] = gi_int_from_i64(ts, c->recursive_calls);
    values[3] = gi_double_ref((double)c->total * unit);
    values[4] = gi_double_ref((double)c->inside * unit);
}
/* Appends a record; consumes it. */
static GiStatus append(GiThread *ts, GiRef *list, GiRef item) {
    if (gi_is_null(*list)) *list = gi_list_new(ts, 0);
    if (gi_is_null(item)) return GI_FAIL;
    if (!gi_is_null(*list)) return gi_list_append(ts, gi_val(*list), item);
    gi_drop(ts, item);
    return GI_FAIL;
}
GI_METHOD(profiler, getstats, "(self)", "list of profiler_entry objects.\n\ngetstats() -> list of profiler_entry objects\n\nReturn all information collected by the profiler.\nEach profiler_entry is a tuple-like object with the\nfollowing attributes:\n\n    code          code object\n    callcount     how many times this was called\n    reccallcount  how many times called recursively\n    totaltime     total time in this entry\n    inlinetime    inline time in this entry (not in subcalls)\n    calls         details of the calls\n\nThe calls attribute is either None or a list of\nprofiler_subentry objects:\n\n    code          called code object\n    callcount     how many times this is called\n    reccallcount  how many times this is called recursively\n    totaltime     total time spent in this call\n    inlinetime    inline time (not in further subcalls)") {
    GiProfiler *p = PROFILER(self);
    ProfState *state = gi_module_state_of(ts, &gi_module__lsprof);
    double unit = gi_is_null(p->timer) || p->unit == 0 ? 1e-9 : p->unit;
    Report report;
    if (take_report(ts, p, &report) < 0) return GI_NULL;
    size_t n = report.entry_count;
    GiRef *calls = gi_mem_calloc(ts, n + 1, sizeof *calls);
    GiRef list = calls ? gi_list_new(ts, 0) : GI_NULL;
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < report.pair_count && status == GI_OK; i++) {
        const Pair *pair = &report.pairs[i];
        GiRef values[5];
        if (pair->counts.calls == 0) continue;
        fill(ts, values, report.shown[pair->callee], &pair->counts, unit);
        status = append(ts, &calls[pair->caller], gi_structseq_new(ts, gi_val(state->subentry), values, 5));
    }
    for (size_t i = 0; i < n && status == GI_OK; i++) {
        GiRef values[6];
        if (report.entries[i].calls == 0) continue;
        fill(ts, values, report.shown[i], &report.entries[i], unit);
        values[5] = gi_is_null(calls[i]) ? GI_REF_NONE : calls[i];
        calls[i] = GI_NULL;
        status = append(ts, &list, gi_structseq_new(ts, gi_val(state->entry), values, 6));
    }
    if (calls) gi_drop_all(ts, calls, n);
    gi_mem_free(calls);
    free_report(ts, &report);
    if (status == GI_OK) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}

static void each_entry(GiObj *obj, GiVisit visit, void *arg) {
    GiProfiler *p = (GiProfiler *)obj;
    for (size_t i = 0; i < p->entry_count; i++) visit(&p->entries[i].shown, arg);
}
static void profiler_destroy(GiThread *ts, GiObj *obj) { forget(ts, (GiProfiler *)obj); }
static GiType gi_profiler_type = {
    .obj = GI_TYPE_HEAD, .name = "_lsprof.Profiler", .module = "_lsprof", .size = sizeof(GiProfiler), .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC, .init = profiler_init, .methods = profiler_methods, .call = profiler_call, .destroy = profiler_destroy,
    .fields = (const GiField[]){GI_SLOT(GiProfiler, timer), GI_CUSTOM(each_entry), GI_FIELDS_END},
    .doc = "Profiler(timer=None, timeunit=None, subcalls=True, builtins=True)\n\n    Builds a profiler object using the specified timer function.\n    The default timer is a fast built-in one based on real time.\n    For custom timer functions returning integers, timeunit can\n    be a float specifying a scale (i.e. how long each integer unit\n    is, in seconds).\n",
};
static GiStatus _lsprof_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {
        {"code", "code object or built-in function name"}, {"callcount", "how many times this was called"},
        {"reccallcount", "how many times called recursively"}, {"totaltime", "total time in this entry"},
        {"inlinetime", "inline time in this entry (not in subcalls)"}, {"calls", "details of the calls"}};
    static const GiStructField subfields[] = {
        {"code", "called code object or built-in function name"}, {"callcount", "how many times this is called"},
        {"reccallcount", "how many times this is called recursively"}, {"totaltime", "total time spent in this call"},
        {"inlinetime", "inline time (not in further subcalls)"}};
    ProfState *state = gi_module_state(module);
    GiRef entry = gi_structseq_type(ts, "_lsprof.profiler_entry", NULL, fields, 6, 6);
    if (gi_is_null(entry)) return GI_FAIL;
    gi_slot_init(&state->entry, gi_dup(ts, gi_val(entry)));
    if (gi_module_add(ts, module, "profiler_entry", entry) < 0) return GI_FAIL;
    GiRef subentry = gi_structseq_type(ts, "_lsprof.profiler_subentry", NULL, subfields, 5, 5);
    if (gi_is_null(subentry)) return GI_FAIL;
    gi_slot_init(&state->subentry, gi_dup(ts, gi_val(subentry)));
    if (gi_module_add(ts, module, "profiler_subentry", subentry) < 0) return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_profiler_type);
}
static const GiField state_fields[] = {GI_SLOT(ProfState, entry), GI_SLOT(ProfState, subentry), GI_FIELDS_END};
const GiModuleDef gi_module__lsprof = {.name = "_lsprof", .doc = "Fast profiler", .exec = _lsprof_exec,
                                       .state_size = sizeof(ProfState), .state_fields = state_fields};
