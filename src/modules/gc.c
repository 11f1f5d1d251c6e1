/* gc.c - the gc module: what programs see and set of the collector (memory/gc.h). */
#include "modules/module.h"
#include "objects/audit.h"

#include "modules/gc.gen.h"

static GiGcState *state_of(GiThread *ts) { return ts->vm->gc; }

GI_FUNCTION(gc, enable, "()", "Enable automatic garbage collection.") {
    state_of(ts)->enabled = true;
    gi_gc_rearm(ts);
    return GI_REF_NONE;
}

GI_FUNCTION(gc, disable, "()", "Disable automatic garbage collection.") {
    state_of(ts)->enabled = false;
    gi_gc_rearm(ts);
    return GI_REF_NONE;
}

GI_FUNCTION(gc, isenabled, "()", "Returns true if automatic garbage collection is enabled.") {
    return gi_bool_ref(state_of(ts)->enabled);
}

GI_FUNCTION(gc, collect, "(generation: int = 2)",
            "Run the garbage collector.\n\nWith no arguments, run a full collection.  The optional "
            "argument\nmay be an integer specifying which generation to collect.  A ValueError\nis "
            "raised if the generation number is invalid.\n\nThe number of unreachable objects is "
            "returned.") {
    if (a->generation < 0 || a->generation > 2)
        return gi_raise_ref(ts, &gi_exc_ValueError, "invalid generation");
    return gi_int_from_u64(ts, gi_gc_collect(ts, a->generation));
}

GI_FUNCTION(gc, set_debug, "(flags: int, /)",
            "Set the garbage collection debugging flags.\n\n  flags\n    An integer that can have the "
            "following bits turned on:\n      DEBUG_STATS - Print statistics during collection.\n      "
            "DEBUG_COLLECTABLE - Print collectable objects found.\n      DEBUG_UNCOLLECTABLE - Print "
            "unreachable but uncollectable objects\n        found.\n      DEBUG_SAVEALL - Save objects "
            "to gc.garbage rather than freeing them.\n      DEBUG_LEAK - Debug leaking programs "
            "(everything but STATS).\n\nDebugging information is written to sys.stderr.") {
    state_of(ts)->debug = a->flags;
    return GI_REF_NONE;
}

GI_FUNCTION(gc, get_debug, "()", "Get the garbage collection debugging flags.") {
    return gi_smallint_ref(state_of(ts)->debug);
}

GI_FUNCTION(gc, set_threshold, "(*args)",
            "set_threshold(threshold0, [threshold1, threshold2]) -> None\n\nSets the collection "
            "thresholds.  Setting threshold0 to zero disables\ncollection.\n") {
    int values[3];
    GiGcState *state = state_of(ts);
    if (a->args_count < 1 || a->args_count > 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "set_threshold() takes at %s (%zu given)",
                            a->args_count < 1 ? "least 1 argument" : "most 3 arguments", a->args_count);
    for (size_t i = 0; i < a->args_count; i++)
        if (gi_as_int(ts, a->args[i], &values[i])) return GI_NULL;
    for (size_t i = 0; i < a->args_count; i++) state->generations[i].threshold = values[i];
    gi_gc_rearm(ts);
    return GI_REF_NONE;
}

GI_FUNCTION(gc, get_threshold, "()", "Return the current collection thresholds.") {
    GiGcGeneration *g = state_of(ts)->generations;
    return gi_tuple_pack(ts, 3, gi_smallint(g[0].threshold), gi_smallint(g[1].threshold),
                         gi_smallint(g[2].threshold));
}

GI_FUNCTION(gc, get_count, "()", "Return a three-tuple of the current collection counts.") {
    GiGcState *state = state_of(ts);
    return gi_tuple_pack(ts, 3, gi_smallint(GI_MIN(gi_gc_count(ts), INT32_MAX)),
                         gi_smallint(state->counts[1]), gi_smallint(state->counts[2]));
}

GI_FUNCTION(gc, get_stats, "()", "Return a list of dictionaries containing per-generation statistics.") {
    GiRef list = gi_list_new(ts, 3);
    for (int i = 0; i < 3 && !gi_is_null(list); i++) {
        GiGcGeneration *g = &state_of(ts)->generations[i];
        GiRef row = gi_dict_new(ts);
        if (gi_is_null(row) ||
            gi_dict_set_cstr(ts, gi_val(row), "collections", gi_smallint((int64_t)g->collections)) ||
            gi_dict_set_cstr(ts, gi_val(row), "collected", gi_smallint((int64_t)g->collected)) ||
            gi_dict_set_cstr(ts, gi_val(row), "uncollectable", gi_smallint((int64_t)g->uncollectable))) {
            gi_xdrop(ts, row);
            gi_drop(ts, list);
            return GI_NULL;
        }
        if (gi_list_append(ts, gi_val(list), row)) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

/* ---- Looking at objects ---- */

static bool is_atomic(GiVal v) { return gi_is_null(v) || !gi_gc_is_collectable(v); }

/* Whether the collector has any business with it: containers of atoms need none. Tuples that are
 * nested deeply (or in themselves) count as tracked. */
static bool is_tracked_at(GiVal v, int depth) {
    if (!gi_is_null(v) && gi_is_heap(v) && (gi_type_of(v)->flags & GI_TYPE_HEAP)) return true; /* PYSEM: with or without attributes */
    if (is_atomic(v)) return false; /* an empty place of a nested tuple that is being filled, too */
    if (gi_obj_flags(gi_obj(v)) & GI_OBJ_UNTRACKED) return true; /* frozen */
    if (gi_is_type(v) && !(((GiType *)gi_obj(v))->flags & GI_TYPE_HEAP)) return false;
    if (gi_is_tuple_exact(v)) {
        size_t i = 0;
        if (depth == 0) return true;
        while (i < gi_tuple_len(v) && !is_tracked_at(gi_tuple_get(v, i), depth - 1)) i++;
        return i < gi_tuple_len(v);
    }
    if (gi_is_dict_exact(v)) {
        size_t pos = 0;
        GiVal key, value;
        while (gi_dict_next_peek(v, &pos, &key, &value))
            if (!is_atomic(key) || !is_atomic(value)) return true;
        return false;
    }
    return true;
}

static bool is_tracked(GiVal v) { return is_tracked_at(v, 10); }

GI_FUNCTION(gc, is_tracked, "(obj, /)",
            "Returns true if the object is tracked by the garbage collector.\n\nSimple atomic objects "
            "will return false.") {
    return gi_bool_ref(is_tracked(a->obj));
}

GI_FUNCTION(gc, is_finalized, "(obj, /)",
            "Returns true if the object has been already finalized by the GC.") {
    return gi_bool_ref(gi_gc_is_collectable(a->obj) && gi_obj_flags(gi_obj(a->obj)) & GI_OBJ_FINALIZED);
}

/* Objects found while walking the heap; nothing may be allocated there but by malloc. */
typedef struct Found {
    GiThread *ts;
    GiVal *items;
    size_t count, capacity;
    bool failed;
    const GiVal *wanted; /* get_referrers */
    size_t wanted_count;
    bool hit;
} Found;

static void found_add(Found *f, GiVal v) {
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? f->capacity * 2 : 256;
        GiVal *items = gi_mem_realloc(f->ts, f->items, capacity * sizeof *items);
        if (!items) {
            f->failed = true;
            return;
        }
        f->items = items;
        f->capacity = capacity;
    }
    if (gi_is_heap(v)) gi_incref_obj(f->ts, gi_obj(v));
    f->items[f->count++] = v;
}

/* Turns what was found into a list; frees it. */
static GiRef found_list(Found *f) {
    GiThread *ts = f->ts;
    GiRef list = f->failed ? GI_NULL : gi_list_new(ts, f->count);
    for (size_t i = 0; i < f->count; i++) {
        GiRef item = {f->items[i].bits};
        if (gi_is_null(list)) {
            gi_drop(ts, item);
        } else if (gi_list_append(ts, gi_val(list), item)) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    gi_mem_free(f->items);
    return list;
}

/* False for a tuple that native code is still filling: nobody may see its empty places. */
static bool is_complete(GiVal v) {
    for (size_t i = 0; gi_is_tuple(v) && i < gi_tuple_len(v); i++)
        if (gi_is_null(gi_tuple_get(v, i))) return false;
    return true;
}

static void objects_visit(GiObj *obj, void *arg) {
    Found *f = arg;
    GiVal v = gi_from_obj(obj);
    if (f->failed || gi_refcount(obj) == 0 || !is_complete(v) || !is_tracked(v)) return;
    found_add(f, gi_from_obj(obj));
}

GI_FUNCTION(gc, get_objects, "(generation=None)",
            "Return a list of objects tracked by the collector (excluding the list returned).\n\n  "
            "generation\n    Generation to extract the objects from.\n\nIf generation is not None, "
            "return only the objects tracked by the collector\nthat are in that generation.") {
    if (GI_AUDIT(ts, "gc.get_objects", gi_is_null(a->generation) || gi_is_none(a->generation) ? gi_smallint(-1)
                                                                                              : a->generation) < 0)
        return GI_NULL;
    if (!gi_is_null(a->generation) && !gi_is_none(a->generation)) {
        int64_t generation;
        if (!gi_is_int(a->generation) && !gi_type_of(a->generation)->index)
            return gi_raise_ref(ts, &gi_exc_TypeError, "argument should be integer or None, not '%T'",
                                a->generation);
        if (gi_as_i64(ts, a->generation, &generation)) return GI_NULL;
        if (generation < -1) /* -1 stands for all */
            return gi_raise_ref(ts, &gi_exc_ValueError, "generation parameter cannot be negative");
        if (generation >= 3)
            return gi_raise_ref(ts, &gi_exc_ValueError, "generation parameter must be less than the "
                                                        "number of available generations (3)");
    }
    Found f = {.ts = ts};
    gi_stop_world(&ts->core);
    gi_heap_each(ts->vm, objects_visit, &f);
    gi_start_world(&ts->core);
    return found_list(&f);
}

static void referrer_slot_visit(GiSlot *slot, void *arg) {
    Found *f = arg;
    for (size_t i = 0; i < f->wanted_count && !f->hit; i++) f->hit = gi_same(*slot, f->wanted[i]);
}

static void referrers_visit(GiObj *obj, void *arg) {
    Found *f = arg;
    if (f->failed || gi_refcount(obj) == 0 || !is_complete(gi_from_obj(obj))) return;
    f->hit = false;
    gi_each_reference(obj, referrer_slot_visit, f);
    if (f->hit) found_add(f, gi_from_obj(obj));
}

static GiStatus audit_objects(GiThread *ts, const char *event, const GiVal *objs, size_t count) {
    GiRef tuple = gi_tuple_from(ts, objs, count);
    GiStatus status = gi_is_null(tuple) ? GI_FAIL : GI_AUDIT(ts, event, gi_val(tuple));
    gi_xdrop(ts, tuple);
    return status;
}

GI_FUNCTION(gc, get_referrers, "(*objs)",
            "get_referrers(*objs) -> list\nReturn the list of objects that directly refer to any of objs.") {
    if (audit_objects(ts, "gc.get_referrers", a->objs, a->objs_count) < 0) return GI_NULL;
    Found f = {.ts = ts, .wanted = a->objs, .wanted_count = a->objs_count};
    gi_stop_world(&ts->core);
    gi_heap_each(ts->vm, referrers_visit, &f);
    gi_start_world(&ts->core);
    return found_list(&f);
}

static void referents_visit(GiSlot *slot, void *arg) {
    Found *f = arg;
    if (!f->failed && !gi_is_null(*slot) && !gi_is_unbound(*slot) && is_complete(gi_val(*slot))) found_add(f, gi_val(*slot));
}

static void add_immediate(Found *f, GiVal v) {
    if (!f->failed && !gi_is_null(v) && !gi_is_heap(v) && !gi_is_unbound(v)) found_add(f, v);
}
/* The items of lists and tuples that are no heap objects, which the collector's visitors pass over. */
static void add_immediates(Found *f, GiVal v) {
    if (gi_is_list(v)) {
        for (size_t i = 0; i < gi_list_len(v); i++) add_immediate(f, gi_list_peek_locked(v, i));
    } else if (gi_is_tuple(v)) {
        for (size_t i = 0; i < gi_tuple_len(v); i++) add_immediate(f, gi_tuple_get(v, i));
    }
}

GI_FUNCTION(gc, get_referents, "(*objs)",
            "get_referents(*objs) -> list\nReturn the list of objects that are directly referred to by objs.") {
    if (audit_objects(ts, "gc.get_referents", a->objs, a->objs_count) < 0) return GI_NULL;
    Found f = {.ts = ts};
    for (size_t i = 0; i < a->objs_count; i++)
        if (gi_gc_is_collectable(a->objs[i])) {
            gi_each_reference(gi_obj(a->objs[i]), referents_visit, &f);
            add_immediates(&f, a->objs[i]);
        }
    return found_list(&f);
}

/* ---- Freezing ---- */

GI_FUNCTION(gc, freeze, "()",
            "Freeze all current tracked objects and ignore them for future collections.\n\nThis can be "
            "used before a POSIX fork() call to make the gc copy-on-write friendly.\nNote: collection "
            "before a POSIX fork() call may free pages for future allocation\nwhich can cause "
            "copy-on-write.") {
    gi_gc_freeze(ts);
    return GI_REF_NONE;
}

GI_FUNCTION(gc, unfreeze, "()",
            "Unfreeze all objects in the permanent generation.\n\nPut all objects in the permanent "
            "generation back into oldest generation.") {
    gi_gc_unfreeze(ts);
    return GI_REF_NONE;
}

GI_FUNCTION(gc, get_freeze_count, "()", "Return the number of objects in the permanent generation.") {
    return gi_int_from_u64(ts, gi_gc_frozen_count(ts));
}

/* ---- gc.callbacks ---- */

static void run_callbacks(GiThread *ts, GiVal list, GiVal phase, GiVal info) {
    for (size_t i = 0;; i++) {
        GiRef callback = gi_list_get(ts, list, i);
        if (gi_is_null(callback)) return;
        GiRef result = gi_call2(ts, gi_val(callback), phase, info);
        if (gi_is_null(result)) gi_unraisable(ts, gi_val(callback), NULL);
        else gi_drop(ts, result);
        gi_drop(ts, callback);
    }
}

static void notify(GiThread *ts, bool start, int generation, size_t collected, size_t uncollectable) {
    GiVal list = gi_val(state_of(ts)->callbacks);
    if (gi_is_null(list) || !gi_is_list(list) || gi_list_len(list) == 0) return;
    GiRef info = gi_dict_new(ts), phase = gi_str_from_cstr(ts, start ? "start" : "stop");
    if (!gi_is_null(info) && !gi_is_null(phase) &&
        gi_dict_set_cstr(ts, gi_val(info), "generation", gi_smallint(generation)) == GI_OK &&
        gi_dict_set_cstr(ts, gi_val(info), "collected", gi_smallint((int64_t)collected)) == GI_OK &&
        gi_dict_set_cstr(ts, gi_val(info), "uncollectable", gi_smallint((int64_t)uncollectable)) == GI_OK)
        run_callbacks(ts, list, gi_val(phase), gi_val(info));
    if (gi_raised(ts)) gi_unraisable(ts, GI_NOVAL, NULL);
    gi_xdrop(ts, info);
    gi_xdrop(ts, phase);
}

/* The list in the state's slot, made on first use. */
static GiStatus add_list(GiThread *ts, GiVal module, const char *name, GiSlot *slot) {
    if (gi_is_null(*slot)) {
        GiRef list = gi_list_new(ts, 0);
        if (gi_is_null(list)) return GI_FAIL;
        gi_slot_init(slot, list);
    }
    return gi_module_add(ts, module, name, gi_slot_dup(ts, slot));
}

static GiStatus gc_exec(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"DEBUG_STATS", GI_GC_STATS},
        {"DEBUG_COLLECTABLE", GI_GC_COLLECTABLE},
        {"DEBUG_UNCOLLECTABLE", GI_GC_UNCOLLECTABLE},
        {"DEBUG_SAVEALL", GI_GC_SAVEALL},
        {"DEBUG_LEAK", GI_GC_COLLECTABLE | GI_GC_UNCOLLECTABLE | GI_GC_SAVEALL},
    };
    GiGcState *state = state_of(ts);
    if (add_list(ts, module, "garbage", &state->garbage) ||
        add_list(ts, module, "callbacks", &state->callbacks) ||
        gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)))
        return GI_FAIL;
    state->notify = notify;
    return GI_OK;
}

const GiModuleDef gi_module_gc = {
    .name = "gc",
    .doc = "This module provides access to the garbage collector for reference cycles.\n\n"
           "enable() -- Enable automatic garbage collection.\n"
           "disable() -- Disable automatic garbage collection.\n"
           "isenabled() -- Returns true if automatic collection is enabled.\n"
           "collect() -- Do a full collection right now.\n"
           "get_count() -- Return the current collection counts.\n"
           "get_stats() -- Return list of dictionaries containing per-generation stats.\n"
           "set_debug() -- Set debugging flags.\n"
           "get_debug() -- Get debugging flags.\n"
           "set_threshold() -- Set the collection thresholds.\n"
           "get_threshold() -- Return the current the collection thresholds.\n"
           "get_objects() -- Return a list of all objects tracked by the collector.\n"
           "is_tracked() -- Returns true if a given object is tracked.\n"
           "is_finalized() -- Returns true if a given object has been already finalized.\n"
           "get_referrers() -- Return the list of objects that refer to an object.\n"
           "get_referents() -- Return the list of objects that an object refers to.\n"
           "freeze() -- Freeze all tracked objects and ignore them for future collections.\n"
           "unfreeze() -- Unfreeze all objects in the permanent generation.\n"
           "get_freeze_count() -- Return the number of objects in the permanent generation.\n",
    .functions = gc_functions,
    .exec = gc_exec,
};
