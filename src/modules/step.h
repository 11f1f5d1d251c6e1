/* step.h - changing what stands in a native object that other threads may use: iterators, above all.
 *
 * GI_STEP(ts, v) { ... } has the native state of `v` for itself: with its byte lock if another thread can
 * reach the object, else for nothing. Inside there is no Python code and no dropping: what is taken out of
 * a slot is dropped behind it. Slots that are written in steps may be read plainly in them, since whoever
 * holds the lock finds them alive; a look from outside (gi_slot_empty) is a hint that the step tests again.
 */
#ifndef GI_MODULES_STEP_H
#define GI_MODULES_STEP_H

#include "objects/container.h"

typedef struct GiStep {
    GiThread *ts;
    GiByteLock *lock; /* NULL: nobody else can reach the object */
    bool done;
} GiStep;

static inline GiStep gi_step_begin(GiThread *ts, GiVal v) {
    GiStep step = {ts, NULL, false};
    if (!gi_is_private(ts, v)) {
        step.lock = GI_OBJ_LOCK(v);
        gi_bytelock_lock(&ts->core, step.lock);
    }
    return step;
}
static inline void gi_step_end(GiStep *step) {
    if (GI_UNLIKELY(step->lock != NULL)) gi_bytelock_unlock(&step->ts->core, step->lock);
}

#define GI_STEP(ts, v)                                                                             \
    for (GiStep gi_step __attribute__((cleanup(gi_step_end))) = gi_step_begin((ts), (v));          \
         !gi_step.done; gi_step.done = true)

/* True if nothing stood in the slot a moment ago. */
static inline bool gi_slot_empty(const GiSlot *slot) {
    return __atomic_load_n(&slot->bits, __ATOMIC_RELAXED) == 0;
}
/* In a step: puts r into the slot and gives what was there. */
static inline GiRef gi_step_swap(GiSlot *slot, GiRef r) {
    GiRef old = {slot->bits};
    __atomic_store_n(&slot->bits, r.bits, __ATOMIC_RELAXED);
    return old;
}
/* In a step: takes out what is in the slot. */
static inline GiRef gi_step_take(GiSlot *slot) { return gi_step_swap(slot, GI_NULL); }
/* In a step: takes it out if it still is `v`. */
static inline GiRef gi_step_take_if(GiSlot *slot, GiVal v) {
    return slot->bits == v.bits ? gi_step_take(slot) : GI_NULL;
}

#endif
