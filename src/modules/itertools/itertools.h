/* itertools.h - the types of the itertools module, and what their files share.
 *
 * A slot that is null says that the iterator is exhausted. What may be let go of while user code
 * runs is held by the caller meanwhile. LOCK: slots that change, indices and counters change in steps
 * (modules/step.h). Besides, threads that share an iterator take turns in its `next`, iterators behind included,
 * as they do under the GIL where these are native: GiTurn.
 */
#ifndef GI_MODULES_ITERTOOLS_H
#define GI_MODULES_ITERTOOLS_H

#include "modules/module.h"
#include "modules/step.h"

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

/* Threads taking turns in an iterator that asks others. What those run may be Python code, which may wait for
 * the very thread that waits here, or come back to the iterator: under the GIL another thread gets in
 * then, and so it does here, after a moment. */
typedef struct GiTurn {
    GiLock lock;
    _Atomic bool python; /* something else than a builtin iterator over a container is asked */
} GiTurn;

/* How the objects of this module begin that threads take turns in. */
typedef struct GiTurned {
    GiObj obj;
    GiTurn turn;
} GiTurned;

/* Notes that the iterator `inner` is asked in turns. */
void gi_turn_for(GiTurn *turn, GiVal inner);
static inline void gi_turn_for_python(GiTurn *turn) {
    atomic_store_explicit(&turn->python, true, memory_order_relaxed);
}
/* Waits for the turn; NULL when that takes too long, or a signal came. */
GiLock *gi_turn_wait(GiThread *ts, GiTurn *turn);

typedef struct GiTurnScope {
    GiLock *lock;
    bool done;
} GiTurnScope;
static inline GiTurnScope gi_turn_begin(GiThread *ts, GiVal v, GiTurn *turn) {
    return (GiTurnScope){gi_is_private(ts, v) ? NULL : gi_turn_wait(ts, turn), false};
}
static inline void gi_turn_end(GiTurnScope *scope) {
    if (GI_UNLIKELY(scope->lock != NULL)) (void)gi_lock_release(scope->lock);
}
#define GI_TURN(ts, v, turn)                                                                       \
    for (GiTurnScope gi_turn __attribute__((cleanup(gi_turn_end))) = gi_turn_begin((ts), (v), (turn)); \
         !gi_turn.done; gi_turn.done = true)

/* Checks that the state given to __setstate__ is a tuple of min to max items. */
GI_NODISCARD GiStatus gi_check_state(GiThread *ts, GiVal state, size_t min, size_t max);
/* An iterator over two iterables, one after the other. */
GI_NODISCARD GiRef gi_chain_two(GiThread *ts, GiRef first, GiRef second);
/* tee(iterable, n). */
GI_NODISCARD GiRef gi_itertools_tee(GiThread *ts, GiVal iterable, ssize_t n);

#endif
