/* gil_policy.c - who gets the GIL next, and when a waiter may ask for it.
 *
 * Every thread is charged the time it holds the GIL (core->vtime, ticks). The budget of a thread
 * is what it is behind the least charged thread that is active (gil.vclock), at most one switch
 * interval: a thread earns by not computing. The next holder is the waiter charged least.
 * A thread back from a blocking call may ask the holder to give way as soon as the holder is
 * charged more than itself; being served so costs it a hand-over charge, so one that comes back
 * again and again runs out of budget, and then waits until the holder has caught up. One whose wait
 * another thread of the program ended has patience: who hands on work mostly waits itself soon, and
 * would else be interrupted at every item. A thread that was itself asked to give way waits out the
 * switch interval.
 *
 * INVARIANT (share): among n threads that always want the GIL, charged times differ by no more
 * than two switch intervals. INVARIANT (bound): a waiter older than 2 (n + 1) intervals is served
 * before all younger ones. INVARIANT (hold): a holder is asked to give way at the latest when some
 * waiter has waited an interval for each thread queued up to it.
 *
 * LOCK: everything here runs under gil.lock, on which the queue and the charged times of all
 * active threads depend; a holder's own accounting on its quick path is relaxed atomic.
 */
#include "threads/gil.h"

/* What being served out of turn costs: about two wake-ups, or, for one that is awake, two moves of what the
 * caches hold. With less, two threads that hand work to each other change places at every item. */
#define HAND_OVER_NS (10 * GI_NS_PER_US)
#define HAND_OVER_AWAKE_NS (5 * GI_NS_PER_US)
/* A holder served on its budget is left alone for this long, and no waiter looks more often. */
#define GRAIN_NS (100 * GI_NS_PER_US)
/* So long, but no longer than a tenth of the interval, waits who was woken by a peer. */
#define PATIENCE_NS (500 * GI_NS_PER_US)
/* No thread's budget exceeds this, however long the switch interval. */
#define BUDGET_NS (5 * GI_NS_PER_MS)

static uint64_t vtime_of(const GiThreadCore *core)
{
    return atomic_load_explicit(&core->vtime, memory_order_relaxed);
}

static uint64_t held_for(const GiThreadCore *holder, uint64_t now)
{
    uint64_t since = atomic_load_explicit(&holder->since, memory_order_relaxed);
    return now > since ? now - since : 0;
}

static uint64_t in_ticks(const GiWorld *world, uint64_t ns)
{
    return gi_ticks_from_ns(&world->ticks, ns);
}

static uint64_t interval_of(GiWorld *world)
{
    return atomic_load_explicit(&world->interval, memory_order_relaxed);
}

static uint64_t patience_of(GiWorld *world, const GiThreadCore *core)
{
    return core->woken_by_peer ? GI_MIN(in_ticks(world, PATIENCE_NS), interval_of(world) / 10) : 0;
}

static uint64_t most_budget(GiWorld *world) { return GI_MIN(interval_of(world), in_ticks(world, BUDGET_NS)); }

/* Raises a thread's charged time so that its budget is no more than allowed. */
static void limit_budget(GiWorld *world, GiThreadCore *core)
{
    uint64_t most = most_budget(world);
    uint64_t least = world->gil.vclock > most ? world->gil.vclock - most : 0;
    if (vtime_of(core) < least) atomic_store_explicit(&core->vtime, least, memory_order_relaxed);
}

/* Brings gil.vclock up to the least charged of those who have or want the lock. */
static void advance_clock(GiWorld *world, const GiThreadCore *holder, uint64_t now)
{
    GiGil *gil = &world->gil;
    uint64_t least = vtime_of(holder) + held_for(holder, now);
    for (GiThreadCore *c = gil->first; c; c = c->gil_next) least = GI_MIN(least, vtime_of(c));
    gil->vclock = GI_MAX(gil->vclock, least);
}

void gi_policy_born_locked(GiWorld *world, GiThreadCore *core, const GiThreadCore *holder, uint64_t now)
{
    if (holder) advance_clock(world, holder, now);
    atomic_store_explicit(&core->vtime, world->gil.vclock, memory_order_relaxed);
}

void gi_policy_enqueue_locked(GiWorld *world, GiThreadCore *core, uint64_t now)
{
    GiGil *gil = &world->gil;
    GiThreadCore *holder = gi_gil_holder_locked(gil);
    advance_clock(world, holder, now);
    /* Those who have the lock while this one was away may have been away longer: what was computed before is no
     * debt to them. With others in the queue, only what exceeds the differences that taking turns makes. */
    uint64_t differs = most_budget(world) + (gil->first ? 2 * interval_of(world) : 0), mine = vtime_of(core);
    if (core->returning && mine > differs) gil->vclock = GI_MAX(gil->vclock, mine - differs);
    for (GiThreadCore *c = gil->first; c; c = c->gil_next) limit_budget(world, c);
    limit_budget(world, holder);
    limit_budget(world, core);
    core->asked_at = now;
    if (world->policy == GI_POLICY_CPYTHON)
        core->due = now + interval_of(world);
    else
        core->due = core->returning ? now + patience_of(world, core)
                                    : now + interval_of(world) * gil->waiting;
}

/* CPython's rule: ask when an interval went by without a switch. */
static bool may_ask_cpython(GiWorld *world, GiThreadCore *core, uint64_t now)
{
    uint64_t interval = interval_of(world);
    uint64_t from = GI_MAX(core->asked_at, world->gil.granted_at);
    core->due = from + interval;
    if (now < core->due) return false;
    core->due = now + interval;
    return true;
}

bool gi_policy_may_ask_locked(GiWorld *world, GiThreadCore *core, uint64_t now, GiCause *cause)
{
    *cause = GI_CAUSE_INTERVAL;
    if (world->policy == GI_POLICY_CPYTHON) return may_ask_cpython(world, core, now);
    GiGil *gil = &world->gil;
    GiThreadCore *holder = gi_gil_holder_locked(gil);
    uint64_t interval = interval_of(world), grain = in_ticks(world, GRAIN_NS);
    uint64_t held = held_for(holder, now);
    uint64_t waited = now > core->asked_at ? now - core->asked_at : 0;
    /* Timers are late rather than early, but clocks differ by a little. */
    uint64_t slack = interval / 64;
    if (waited + slack >= interval && held + slack >= interval) {
        core->due = now + interval;
        return true;
    }
    uint64_t again = held < interval ? interval - held : grain;
    again = GI_MAX(again, waited < interval ? interval - waited : 0);
    bool asks = false;
    if (core->returning) {
        uint64_t mine = vtime_of(core), charged = vtime_of(holder) + held;
        uint64_t grace = gil->favoured == holder && held < grain ? grain - held : 0;
        uint64_t patience = patience_of(world, core);
        if (waited < patience) grace = GI_MAX(grace, patience - waited);
        if (mine < charged && grace == 0) {
            *cause = GI_CAUSE_RETURN;
            asks = true;
            again = GI_MIN(again, 10 * grain);
        } else {
            again = GI_MIN(again, GI_MAX(mine < charged ? grace : mine - charged, grain));
        }
    }
    core->due = now + GI_MAX(again, GI_MIN(grain, interval));
    return asks;
}

GiThreadCore *gi_policy_choose_locked(GiWorld *world, uint64_t now)
{
    GiGil *gil = &world->gil;
    GiThreadCore *oldest = gil->first, *best = oldest;
    if (world->policy == GI_POLICY_CPYTHON) return oldest;
    uint64_t bound = interval_of(world) * 2 * (gil->waiting + 1);
    if (now > oldest->asked_at && now - oldest->asked_at > bound) return oldest;
    for (GiThreadCore *c = oldest->gil_next; c; c = c->gil_next)
        if (vtime_of(c) < vtime_of(best)) best = c;
    /* Who was interrupted goes on, if it is not far ahead: it is probably awake. */
    GiThreadCore *interrupted = gil->interrupted;
    if (interrupted && !best->returning && vtime_of(interrupted) < vtime_of(best) + interval_of(world))
        return interrupted;
    return best;
}

void gi_policy_granted_locked(GiWorld *world, GiThreadCore *core, bool awake, uint64_t now)
{
    GiGil *gil = &world->gil;
    gil->granted_at = now;
    gil->favoured = NULL;
    if (!core->returning || core == gil->interrupted) gil->interrupted = NULL;
    if (core->returning && world->policy == GI_POLICY_BUDGET) {
        uint64_t charge = in_ticks(world, awake ? HAND_OVER_AWAKE_NS : HAND_OVER_NS);
        gil->favoured = core;
        atomic_store_explicit(&core->vtime, vtime_of(core) + charge, memory_order_relaxed);
    }
}
