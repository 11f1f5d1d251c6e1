/* _counted.c - what a thread has done to lines that others may share; in builds that count, and no other. */
#ifdef GI_COUNT
#include "modules/module.h"
#include "threads/count.h"
#include "modules/_counted.gen.h"

GI_FUNCTION(_counted, counted, "()", "A tuple of what the calling thread has counted: counts, handed, locks, mutexes, exchanges.") {
    GiRef numbers[GI_COUNTED_KINDS];
    uint64_t now[GI_COUNTED_KINDS];
    memcpy(now, gi_counted, sizeof now);
    for (size_t i = 0; i < GI_COUNTED_KINDS; i++) numbers[i] = gi_int_from_u64(ts, now[i]);
    return gi_tuple_steal(ts, numbers, GI_COUNTED_KINDS);
}

const GiModuleDef gi_module__counted = {
    .name = "_counted", .doc = "Atomic changes and locks, counted.", .functions = _counted_functions};
#else
typedef int gi_counted_module_is_off; /* a file must declare something */
#endif
