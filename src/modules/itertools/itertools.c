/* itertools.c - the module itself; its iterators are in the files beside. No state. */
#include "modules/itertools/itertools.h"

#include "modules/itertools/itertools.gen.h"

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
