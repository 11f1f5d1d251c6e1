/* gil.h - the lock itself and its policy, for world.c; not for upper layers.
 *
 * LOCK: functions ending in _locked need gil.lock. None of these attaches or detaches in the sense
 * of world.h: the core's state is ATTACHED throughout.
 */
#ifndef GI_THREADS_GIL_H
#define GI_THREADS_GIL_H

#include "threads/world.h"

/* Takes the GIL when the quick attempt failed, waiting in the queue. False: nobody may have it any
 * more (it is being lifted, or the world ends), and the caller must suspend itself. */
bool gi_gil_acquire(GiThreadCore *core);

/* Lets the GIL go: straight to a waiter, if there is one. */
void gi_gil_release(GiThreadCore *core, GiCause cause);

/* Gives way to a waiter, if there is one, and waits to be served again; result as of acquire. */
bool gi_gil_give_way(GiThreadCore *core);

/* Sends every waiter away and lets none wait from now on; the caller holds the GIL. */
void gi_gil_evict(GiWorld *world);

static inline GiThreadCore *gi_gil_holder_locked(GiGil *gil)
{
    uintptr_t word = atomic_load_explicit(&gil->word, memory_order_acquire);
    return word == GI_GIL_LIFTED ? NULL : (GiThreadCore *)(word & ~GI_GIL_WAITERS);
}

/* ---- The policy (gil_policy.c) ---- */

/* Charges a new thread what the least charged active one is charged: no budget, no debt. `holder` is who has the
 * GIL, or NULL when that is not known. */
void gi_policy_born_locked(GiWorld *world, GiThreadCore *core, const GiThreadCore *holder, uint64_t now);

/* Prepares a core that is about to join the queue: what it is charged, when it may ask. */
void gi_policy_enqueue_locked(GiWorld *world, GiThreadCore *core, uint64_t now);

/* True when the waiting core may ask the holder to give way now, *cause telling why; in either
 * case core->due is set to when to look again. */
bool gi_policy_may_ask_locked(GiWorld *world, GiThreadCore *core, uint64_t now, GiCause *cause);

/* Which waiter gets the GIL; the queue is not empty. */
GiThreadCore *gi_policy_choose_locked(GiWorld *world, uint64_t now);

/* Notes that `core`, which waited awake or asleep, was chosen. */
void gi_policy_granted_locked(GiWorld *world, GiThreadCore *core, bool awake, uint64_t now);

#endif
