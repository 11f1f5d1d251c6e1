/* itertools.c - the module itself; its iterators are in the files beside. No state. */
#include "modules/itertools/itertools.h"

#include "objects/range.h"
#include "os/clock.h"

#include "modules/itertools/itertools.gen.h"

void gi_turn_for(GiTurn *turn, GiVal inner) {
    static GiType *const native[] = {&gi_list_iter_type, &gi_list_reverse_iter_type, &gi_tuple_iter_type,
                                     &gi_range_iter_type, &gi_set_iter_type, &gi_str_iter_type,
                                     &gi_itertools_count_type, &gi_itertools_repeat_type};
    for (size_t i = 0; i < GI_COUNTOF(native); i++)
        if (gi_type_of(inner) == native[i]) return;
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
