/* gil.c - the global interpreter lock: one word, a queue, and direct hand-over.
 *
 * Taking and leaving the free lock is one compare-and-swap each (world.c does it); everything else
 * is here, under gil.lock. The lock is never free while somebody waits: who leaves it writes the
 * next holder into the word, so nobody can take it in between (no lost wake-up, no convoy at the
 * word), and wakes that thread alone. The policy (gil_policy.c) chooses the thread and says when a
 * waiter may ask the holder to give way; the mechanism here does not depend on its choices.
 *
 * INVARIANT: a core is in the queue if and only if its verdict is WAITING or PARKED; whoever takes
 * it out writes the verdict, under gil.lock. INVARIANT: the word's low bit is set if and only if
 * the queue is not empty; only holders of gil.lock change it. So a holder cannot leave unnoticed
 * while somebody under gil.lock looks at it.
 */
#include "threads/gil.h"
#include "threads/stats.h"

/* Who gave way to a thread on budget waits awake for so many times world->spin. */
enum { GI_SPIN_FAVOURED = 4 };

/* How a wait stands. WAITING: queued, awake (spinning). PARKED: queued, asleep on this word.
 * GRANTED: is the holder. EVICTED: must go away. */
enum { WAITING, PARKED, GRANTED, EVICTED };

static void queue_append_locked(GiGil *gil, GiThreadCore *core)
{
    core->gil_next = NULL;
    core->gil_prev = gil->last;
    if (gil->last)
        gil->last->gil_next = core;
    else
        gil->first = core;
    gil->last = core;
    gil->waiting++;
    atomic_store_explicit(&core->verdict, WAITING, memory_order_relaxed);
}

static void queue_remove_locked(GiGil *gil, GiThreadCore *core)
{
    if (core->gil_prev)
        core->gil_prev->gil_next = core->gil_next;
    else
        gil->first = core->gil_next;
    if (core->gil_next)
        core->gil_next->gil_prev = core->gil_prev;
    else
        gil->last = core->gil_prev;
    core->gil_next = core->gil_prev = NULL;
    gil->waiting--;
}

/* Ends a wait; true when the thread must be woken, by its address alone (it may be gone). */
static bool give_verdict_locked(GiThreadCore *core, uint32_t verdict)
{
    return atomic_exchange_explicit(&core->verdict, verdict, memory_order_acq_rel) == PARKED;
}

/* Makes the chosen waiter the holder. Gives the word to wake it by after unlocking, or NULL. */
static _Atomic uint32_t *hand_over_locked(GiThreadCore *from, GiThreadCore *next, uint64_t now)
{
    GiWorld *world = from->world;
    GiGil *gil = &world->gil;
    next->given_by = from->native_id;
    queue_remove_locked(gil, next);
    bool awake = atomic_load_explicit(&next->verdict, memory_order_relaxed) == WAITING;
    gi_policy_granted_locked(world, next, awake, now);
    atomic_store_explicit(&next->since, now, memory_order_relaxed);
    gi_count(&gil->switches, 1);
    uintptr_t word = (uintptr_t)next | (gil->first ? GI_GIL_WAITERS : 0);
    atomic_store_explicit(&gil->word, word, memory_order_release);
    return give_verdict_locked(next, GRANTED) ? &next->verdict : NULL;
}

/* Makes a sleeping waiter that takes turns with the caller go on where the caller runs, which is about to sleep: what
 * both use is in the caches there, and a processor that was idle is slow at first. */
static void bring_here_locked(GiWorld *world, GiThreadCore *next)
{
    if (world->policy == GI_POLICY_CPYTHON || world->spin == 0) return;
    if (atomic_load_explicit(&next->verdict, memory_order_relaxed) == PARKED)
        gi_os_wake_here(atomic_load_explicit(&next->native_id, memory_order_relaxed), &next->pin);
}

/* Sets the drop bit on the holder, once. */
static void ask_holder_locked(GiThreadCore *core, GiCause cause)
{
    GiGil *gil = &core->world->gil;
    GiThreadCore *holder = gi_gil_holder_locked(gil);
    if (gi_safepoint(holder) & GI_SP_DROP) return;
    atomic_store_explicit(&gil->drop_cause, cause, memory_order_relaxed);
    gi_request(holder, GI_SP_DROP);
    gi_count(&core->stats.drops_asked, 1);
    gi_event(core, GI_EVENT_DROP_ASKED, holder->native_id, NULL);
}

/* Looks whether it is time to ask, and does; gives the deadline for looking again. */
static uint64_t look_locked(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GiCause cause;
    uint64_t now = gi_ticks(&world->ticks);
    if (gi_policy_may_ask_locked(world, core, now, &cause)) ask_holder_locked(core, cause);
    uint64_t left = core->due > now ? core->due - now : 0;
    return gi_os_deadline(gi_ticks_to_ns(&world->ticks, left));
}

/* Waits awake for a holder that is about to let go, which is cheaper than sleeping. */
static void spin_for_verdict(GiThreadCore *core, uint64_t ticks)
{
    GiWorld *world = core->world;
    uint64_t end = gi_ticks(&world->ticks) + ticks;
    while (atomic_load_explicit(&core->verdict, memory_order_relaxed) == WAITING
           && gi_ticks(&world->ticks) < end)
        gi_os_spin_pause();
}

/* Sleeps in the queue until somebody gives the verdict; true when it is GRANTED. */
static bool wait_for_verdict(GiThreadCore *core, uint64_t deadline, uint64_t spin)
{
    GiGil *gil = &core->world->gil;
    if (spin) spin_for_verdict(core, spin);
    uint32_t verdict = WAITING;
    if (atomic_compare_exchange_strong_explicit(&core->verdict, &verdict, PARKED,
                                                memory_order_acq_rel, memory_order_acquire))
        verdict = PARKED;
    while (verdict == PARKED) {
        GiWait wait = gi_os_futex_wait(&core->verdict, PARKED, deadline);
        verdict = atomic_load_explicit(&core->verdict, memory_order_acquire);
        if (verdict != PARKED || wait != GI_WAIT_TIMEOUT) continue;
        gi_mutex_lock(&gil->lock);
        verdict = atomic_load_explicit(&core->verdict, memory_order_acquire);
        if (verdict == PARKED) deadline = look_locked(core);
        gi_mutex_unlock(&gil->lock);
    }
    gi_os_unpin(&core->pin);
    return verdict == GRANTED;
}

/* With GI_WISH_AUTO: adds up what computing threads wait, and asks for the end of the GIL when in a
 * window of twenty times the threshold it is more than that. */
static void consider_lifting(GiThreadCore *core, uint64_t now, uint64_t waited)
{
    GiGil *gil = &core->world->gil;
    gi_mutex_lock(&gil->lock);
    if (now - gil->window_began > 20 * gil->lift_after) {
        gil->window_began = now;
        gil->window_waited = 0;
    }
    gil->window_waited += waited;
    bool enough = gil->window_waited >= gil->lift_after;
    gi_mutex_unlock(&gil->lock);
    if (enough) gi_request(core, GI_SP_LIFT);
}

/* Accounts for a wait that ended with the GIL. */
static void note_granted(GiThreadCore *core, uint64_t asked_at)
{
    GiWorld *world = core->world;
    uint64_t now = gi_ticks(&world->ticks);
    uint64_t waited = now > asked_at ? now - asked_at : 0;
    atomic_store_explicit(&core->since, now, memory_order_relaxed);
    gi_count(&core->stats.contended, 1);
    gi_count(&core->stats.wait, waited);
    if (GI_UNLIKELY(atomic_load_explicit(&world->wish, memory_order_relaxed) == GI_WISH_AUTO) && !core->returning)
        consider_lifting(core, now, waited);
    if (waited > atomic_load_explicit(&core->stats.longest_wait, memory_order_relaxed)) {
        atomic_store_explicit(&core->stats.longest_wait, waited, memory_order_relaxed);
        gi_stats_find_site(core, &core->stats.longest_wait_at);
    }
}

/* Takes the lock if it is free, else marks it as waited for; true when taken. */
static bool take_or_mark_locked(GiGil *gil, GiThreadCore *core)
{
    uintptr_t word = atomic_load_explicit(&gil->word, memory_order_relaxed);
    for (;;) {
        GI_ASSERT(word != GI_GIL_LIFTED);
        if (word & GI_GIL_WAITERS) return false;
        uintptr_t wanted = word == 0 ? (uintptr_t)core : word | GI_GIL_WAITERS;
        if (atomic_compare_exchange_weak_explicit(&gil->word, &word, wanted, memory_order_acq_rel,
                                                  memory_order_relaxed))
            return word == 0;
    }
}

bool gi_gil_acquire(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GiGil *gil = &world->gil;
    uint64_t asked_at = gi_ticks(&world->ticks);
    gi_mutex_lock(&gil->lock);
    if (gil->evicting) {
        gi_mutex_unlock(&gil->lock);
        return false;
    }
    if (take_or_mark_locked(gil, core)) {
        gil->favoured = NULL;
        gi_mutex_unlock(&gil->lock);
        return true;
    }
    core->returning = true;
    gi_policy_enqueue_locked(world, core, asked_at);
    queue_append_locked(gil, core);
    gi_event_at(core, asked_at, GI_EVENT_ASKED, gi_gil_holder_locked(gil)->native_id, NULL);
    uint64_t deadline = look_locked(core);
    uint64_t spin = gi_safepoint(gi_gil_holder_locked(gil)) & GI_SP_DROP ? world->spin : 0;
    gi_mutex_unlock(&gil->lock);
    if (!wait_for_verdict(core, deadline, spin)) return false;
    note_granted(core, asked_at);
    return true;
}

void gi_gil_release(GiThreadCore *core, GiCause cause)
{
    GiWorld *world = core->world;
    GiGil *gil = &world->gil;
    _Atomic uint32_t *wake = NULL;
    gi_mutex_lock(&gil->lock);
    gi_take_requests(core, GI_SP_DROP);
    if (gil->first) {
        uint64_t now = gi_ticks(&world->ticks);
        wake = hand_over_locked(core, gi_policy_choose_locked(world, now), now);
        gi_count(&core->stats.handovers[cause], 1);
    } else {
        atomic_store_explicit(&gil->word, 0, memory_order_release);
    }
    gi_mutex_unlock(&gil->lock);
    if (wake) gi_os_futex_wake(wake, 1);
}

bool gi_gil_give_way(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GiGil *gil = &world->gil;
    gi_mutex_lock(&gil->lock);
    gi_take_requests(core, GI_SP_DROP);
    if (!gil->first) {
        gi_mutex_unlock(&gil->lock);
        return true;
    }
    uint64_t now = gi_ticks(&world->ticks), spin = 0;
    GiThreadCore *next = gi_policy_choose_locked(world, now);
    uint32_t cause = atomic_load_explicit(&gil->drop_cause, memory_order_relaxed);
    gi_count(&core->stats.drops_given, 1);
    gi_count(&core->stats.handovers[cause], 1);
    /* Joining the queue comes first: the next holder must see that somebody waits. */
    core->returning = false;
    gi_policy_enqueue_locked(world, core, now);
    queue_append_locked(gil, core);
    gi_event_at(core, now, GI_EVENT_ASKED, next->native_id, NULL);
    if (cause == GI_CAUSE_INTERVAL) bring_here_locked(world, next);
    _Atomic uint32_t *wake = hand_over_locked(core, next, now);
    if (cause == GI_CAUSE_RETURN && gil->favoured == next) {
        /* What comes back from a call mostly goes into the next one soon. */
        if (!gil->interrupted) gil->interrupted = core;
        spin = GI_SPIN_FAVOURED * world->spin;
    }
    uint64_t left = core->due - now;
    uint64_t deadline = gi_os_deadline(gi_ticks_to_ns(&world->ticks, left));
    gi_mutex_unlock(&gil->lock);
    if (wake) gi_os_futex_wake(wake, 1);
    if (!wait_for_verdict(core, deadline, spin)) return false;
    note_granted(core, now);
    return true;
}

void gi_gil_evict(GiWorld *world)
{
    GiGil *gil = &world->gil;
    gi_mutex_lock(&gil->lock);
    gil->evicting = true;
    gil->interrupted = NULL;
    while (gil->first) {
        GiThreadCore *core = gil->first;
        queue_remove_locked(gil, core);
        /* Waking under the lock: a cold path, and the core is still there. */
        if (give_verdict_locked(core, EVICTED)) gi_os_futex_wake(&core->verdict, 1);
    }
    atomic_fetch_and_explicit(&gil->word, ~GI_GIL_WAITERS, memory_order_relaxed);
    gi_mutex_unlock(&gil->lock);
}
