/* _hostile.c - what tests of hostile builds ask of the interpreter; in no other build.
 *
 * Stateless: the countdown belongs to the OS thread (base/hostile.h).
 */
#ifdef GI_HOSTILE
#include "base/hostile.h"
#include "modules/module.h"
#include "modules/_hostile.gen.h"

GI_FUNCTION(_hostile, fail, "(n: i64, onwards: bool = False, /)", "Make the nth allocation of this thread fail (0: none), and with onwards all that follow.") {
    gi_hostile_fail(a->n, a->onwards);
    return GI_REF_NONE;
}

GI_FUNCTION(_hostile, left, "()", "Allocations before the one that fails; 0 once it has failed. Switches failing off.") {
    int64_t left = gi_hostile_left();
    gi_hostile_fail(0, false);
    return gi_int_from_i64(ts, left);
}

GI_FUNCTION(_hostile, blocks, "()", "Live blocks of the C library's allocator.") {
    return gi_int_from_i64(ts, gi_hostile_blocks());
}

const GiModuleDef gi_module__hostile = {
    .name = "_hostile",
    .doc = "Allocations that fail on demand.",
    .functions = _hostile_functions,
};
#else
typedef int gi_hostile_module_is_off; /* a file must declare something */
#endif
