/* itertools.h - the types of the itertools module, and what their files share.
 *
 * A slot that is null says that the iterator is exhausted. What may be let go of while user code
 * runs is held by the caller meanwhile. The iterators are not locked: threads that share one may
 * see items twice or skip some, as the language allows, but never a freed object.
 */
#ifndef GI_MODULES_ITERTOOLS_H
#define GI_MODULES_ITERTOOLS_H

#include "modules/module.h"
#include "objects/container.h"

#define GI_ITERTOOLS_TYPES(X)                                                                      \
    X(accumulate) X(chain) X(combinations) X(combinations_with_replacement) X(compress) X(count)   \
    X(cycle) X(dropwhile) X(filterfalse) X(groupby) X(grouper) X(islice) X(pairwise)               \
    X(permutations) X(product) X(repeat) X(starmap) X(takewhile) X(tee) X(tee_data) X(zip_longest)
#define GI_ITERTOOLS_DECLARE(name) extern GiType gi_itertools_##name##_type;
GI_ITERTOOLS_TYPES(GI_ITERTOOLS_DECLARE)
#undef GI_ITERTOOLS_DECLARE

static inline GiRef gi_iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }
static inline GiRef gi_type_ref(GiThread *ts, GiVal self) {
    return gi_dup(ts, gi_type_val(gi_type_of(self)));
}

/* Checks that the state given to __setstate__ is a tuple of min to max items. */
GI_NODISCARD GiStatus gi_check_state(GiThread *ts, GiVal state, size_t min, size_t max);
/* An iterator over two iterables, one after the other. */
GI_NODISCARD GiRef gi_chain_two(GiThread *ts, GiRef first, GiRef second);
/* tee(iterable, n). */
GI_NODISCARD GiRef gi_itertools_tee(GiThread *ts, GiVal iterable, ssize_t n);

#endif
