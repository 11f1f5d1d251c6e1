/* itertools.c - the module itself; its iterators are in the files beside. No state. */
#include "modules/itertools/itertools.h"

#include "objects/range.h"
#include "objects/whole.h"
#include "os/clock.h"

#include "modules/itertools/itertools.gen.h"

static bool is_one_of(GiVal v, GiType *const *types, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (gi_type_of(v) == types[i]) return true;
    return false;
}

void gi_turn_for(GiTurn *turn, GiVal inner) {
    static GiType *const native[] = {&gi_tuple_iter_type, &gi_range_iter_type, &gi_str_iter_type, &gi_itertools_count_type,
                                     &gi_itertools_repeat_type};
    /* What they ask is known when they are made; a chain may yet come to Python code. */
    static GiType *const turned[] = {&gi_itertools_accumulate_type, &gi_itertools_compress_type, &gi_itertools_cycle_type,
                                     &gi_itertools_groupby_type, &gi_itertools_islice_type, &gi_itertools_pairwise_type,
                                     &gi_itertools_zip_longest_type};
    if (gi_is_container_iterator(inner) || is_one_of(inner, native, GI_COUNTOF(native))) return;
    if (is_one_of(inner, turned, GI_COUNTOF(turned)) &&
        !atomic_load_explicit(&((GiTurned *)gi_obj(inner))->turn.python, memory_order_relaxed))
        return;
    gi_turn_for_python(turn);
}

GiLock *gi_turn_wait(GiThread *ts, GiTurn *turn) {
    bool python = atomic_load_explicit(&turn->python, memory_order_relaxed);
    int64_t most = python ? (int64_t)GI_NS_PER_MS : (int64_t)GI_NS_PER_SEC;
    return gi_lock_acquire(&ts->core, &turn->lock, most) == GI_LOCK_ACQUIRED ? &turn->lock : NULL;
}

GiStatus gi_check_state(GiThread *ts, GiVal state, size_t min, size_t max) {
    if (!gi_is_tuple(state))
        return gi_raise_status(ts, &gi_exc_TypeError, "state is not a tuple");
    size_t n = gi_tuple_len(state);
    if (n >= min && n <= max) return GI_OK;
    size_t bound = n < min ? min : max;
    return gi_raise_status(ts, &gi_exc_TypeError, "function takes %s %zu argument%s (%zu given)",
                           min == max ? "exactly" : n < min ? "at least" : "at most", bound,
                           bound == 1 ? "" : "s", n);
}

GI_FUNCTION(itertools, tee, "(iterable, n: ssize = 2, /)",
            "Returns a tuple of n independent iterators.") {
    if (a->n < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "n must be >= 0");
    return gi_itertools_tee(ts, a->iterable, a->n);
}

static GiStatus itertools_exec(GiThread *ts, GiVal module) {
#define ADD(name)                                                                                  \
    if (gi_module_add_type(ts, module, &gi_itertools_##name##_type)) return GI_FAIL;
    GI_ITERTOOLS_TYPES(ADD)
#undef ADD
    return GI_OK;
}

const GiModuleDef gi_module_itertools = {
    .name = "itertools",
    .doc = "Functional tools for creating and using iterators.\n\nInfinite iterators:\ncount(start=0, "
           "step=1) --> start, start+step, start+2*step, ...\ncycle(p) --> p0, p1, ... plast, p0, "
           "p1, ...\nrepeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times",
    .functions = itertools_functions,
    .exec = itertools_exec,
};
