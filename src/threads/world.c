/* world.c - attach and detach, threads coming and going, stopping the world, fork and exit.
 *
 * LOCK: world->lock guards the list of cores and is held by whoever has the world stopped, from
 * stop to start. An attached thread takes it only by trying, and detaches for a moment when it is
 * taken: otherwise it would wait for a stopper that waits for it.
 *
 * INVARIANT: the last thing a departing thread does with its world is a state change of its own
 * core, or, where it must wake a stopper afterwards, the decrement of world->in_flight. Hence when
 * every other core is HUNG and in_flight is 0, no other thread will touch the world again.
 */
#include "threads/world.h"

#include <stdlib.h>

#include "threads/epoch.h"
#include "os/remote.h"
#include "threads/gil.h"
#include "threads/peek.h"
#include "threads/stats.h"
#include "threads/trace.h"

/* How long a stopper sleeps at most before it looks at every core again: some changes of state
 * are not announced (leaving the GIL, and a race in detaching). */
#define STOP_LOOK_NS (100 * GI_NS_PER_US)

enum { OWNER_WORDS = (GI_OWNER_LIMIT + 31) / 32 };

static uint32_t state_of(GiThreadCore *core)
{
    return atomic_load_explicit(&core->state, memory_order_seq_cst);
}

static bool change_state(GiThreadCore *core, uint32_t from, uint32_t to)
{
    return atomic_compare_exchange_strong_explicit(&core->state, &from, to, memory_order_seq_cst,
                                                   memory_order_relaxed);
}

/* ---- Worlds ---- */

GiStatus gi_world_init(GiWorld *world, GiMode mode)
{
    memset(world, 0, sizeof *world);
    gi_os_ticks_init(&world->ticks);
    world->born = gi_ticks(&world->ticks);
    world->born_ns = gi_os_mono_ns();
    if (mode == GI_MODE_FREE) {
        world->owner_map = calloc(OWNER_WORDS, sizeof(uint32_t));
        if (!world->owner_map) return GI_FAIL;
        atomic_store(&world->gil.word, GI_GIL_LIFTED);
        world->gil.evicting = true;
    }
    atomic_store(&world->mode, mode);
    atomic_store(&world->epoch, 1);
    gi_world_set_interval(world, 5 * GI_NS_PER_MS);
    world->gil.lift_after = gi_ticks_from_ns(&world->ticks, 20 * GI_NS_PER_MS);
    if (gi_os_cpu_usable() > 1) world->spin = gi_ticks_from_ns(&world->ticks, 5 * GI_NS_PER_US);
    gi_peek_announce(world);
    return GI_OK;
}

void gi_world_destroy(GiWorld *world)
{
    GI_ASSERT(!world->stopper);
    gi_peek_withdraw(world);
    gi_epoch_drain_orphans(world);
    gi_stats_forget(world);
    free(world->owner_map);
    world->owner_map = NULL;
}

void gi_world_set_interval(GiWorld *world, uint64_t ns)
{
    ns = GI_MAX(ns, GI_NS_PER_US);
    ns = GI_MIN(ns, GI_NS_PER_SEC * 1000000);
    atomic_store_explicit(&world->interval_ns, ns, memory_order_relaxed);
    atomic_store_explicit(&world->interval, gi_ticks_from_ns(&world->ticks, ns),
                          memory_order_relaxed);
}

uint64_t gi_world_interval(GiWorld *world)
{
    return atomic_load_explicit(&world->interval_ns, memory_order_relaxed);
}

static bool is_half_full(const GiEventRing *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_relaxed) - atomic_load_explicit(&ring->tail, memory_order_relaxed)
           > ring->size / 2;
}

void gi_event_put(GiThreadCore *core, uint64_t when, GiEventKind kind, uint64_t arg, const char *why)
{
    GiWorld *world = core->world;
    GiEventRing *ring = atomic_load_explicit(&core->ring, memory_order_acquire);
    if (!ring) return;
    GiEventRecord record = {when ? when : gi_ticks(&world->ticks), arg, why, kind, 0};
    if ((kind == GI_EVENT_LEFT || kind == GI_EVENT_STOP_BEGIN) && world->sites)
        record.site = world->sites->number(core, ring);
    if (kind == GI_EVENT_LOCK_WAIT && world->sites && world->sites->object)
        record.site = world->sites->object(core, (const void *)(uintptr_t)arg);
    /* The trace may have begun while this thread was given its number. */
    if (atomic_load_explicit(&ring->thread, memory_order_relaxed) != core->native_id)
        atomic_store_explicit(&ring->thread, core->native_id, memory_order_relaxed);
    gi_ring_put(ring, &record);
    /* Here the thread is attached, and so the trace lives. */
    if (kind == GI_EVENT_LEFT && GI_UNLIKELY(is_half_full(ring)) && world->trace) gi_trace_hurry(world->trace);
}

void gi_core_set_name(GiThreadCore *core, const char *name)
{
    size_t n = 0;
    while (n < GI_NAME_SIZE - 1 && name[n]) n++;
    if (name[n])
        while (n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80) n--;
    memcpy(core->name, name, n);
    memset(core->name + n, 0, GI_NAME_SIZE - n);
    gi_trace_named(core);
}

/* ---- The list of threads ---- */

void gi_world_lock(GiWorld *world, GiThreadCore *self)
{
    if (!self) {
        gi_mutex_lock(&world->lock);
        return;
    }
    while (!gi_mutex_trylock(&world->lock)) {
        gi_detach(self, "world");
        gi_os_thread_yield();
        gi_attach(self);
    }
}

void gi_world_unlock(GiWorld *world, GiThreadCore *self)
{
    (void)self;
    gi_mutex_unlock(&world->lock);
}

GiThreadCore *gi_world_next_core(GiWorld *world, GiThreadCore *after)
{
    return after ? after->next : world->cores;
}

/* The lowest owner number that no thread has, or NONE. */
static uint16_t take_owner_locked(GiWorld *world)
{
    for (uint32_t i = 0; i < OWNER_WORDS; i++) {
        uint32_t free = ~world->owner_map[i];
        if (i == 0) free &= ~UINT32_C(3);
        if (free == 0) continue;
        uint32_t bit = (uint32_t)__builtin_ctz(free);
        if (i * 32 + bit >= GI_OWNER_LIMIT) break;
        world->owner_map[i] |= UINT32_C(1) << bit;
        return (uint16_t)(i * 32 + bit);
    }
    return GI_OWNER_NONE;
}

static void give_owner_locked(GiWorld *world, uint16_t owner)
{
    if (owner >= GI_OWNER_FIRST) world->owner_map[owner / 32] &= ~(UINT32_C(1) << (owner % 32));
}

void gi_core_init(GiThreadCore *core, GiWorld *world)
{
    memset(core, 0, sizeof *core);
    core->world = world;
    core->owner = GI_OWNER_GIL;
}

/* Others read the number without world->lock. */
static void count_cores_locked(GiWorld *world, int change)
{
    __atomic_store_n(&world->core_count, world->core_count + (size_t)change, __ATOMIC_RELAXED);
}

GiStatus gi_core_register(GiThreadCore *core, GiThreadCore *self)
{
    GiWorld *world = core->world;
    gi_world_lock(world, self);
    GiStatus status = GI_FAIL;
    if (atomic_load(&world->exiting)) goto done;
    core->free_running = atomic_load(&world->mode) == GI_MODE_FREE;
    if (core->free_running) {
        core->owner = take_owner_locked(world);
        if (core->owner == GI_OWNER_NONE) goto done;
    }
    core->serial = ++world->last_serial;
    /* Its wait since birth is no blocked time; it starts with no budget and no debt. */
    core->born = gi_ticks(&world->ticks);
    atomic_store(&core->since, core->born);
    gi_mutex_lock(&world->gil.lock);
    gi_policy_born_locked(world, core, core->free_running ? NULL : self, core->born);
    gi_mutex_unlock(&world->gil.lock);
    if (!world->cores) {
        core->is_main = true;
        atomic_store(&world->main_core, core);
    }
    core->prev = NULL;
    core->next = world->cores;
    if (core->next) core->next->prev = core;
    world->cores = core;
    /* Who starts threads may be looked at (peek.h). */
    count_cores_locked(world, 1);
    if (world->core_count == 2 && core->serial == 2) gi_os_allow_inspection();
    gi_trace_join_locked(core);
    status = GI_OK;
done:
    gi_world_unlock(world, self);
    return status;
}

void gi_core_bind(GiThreadCore *core)
{
    core->handle = pthread_self();
    core->ident = gi_os_thread_ident();
    core->native_id = gi_os_thread_native_id();
    gi_event(core, GI_EVENT_START, core->native_id, NULL);
}

static void unlist_locked(GiWorld *world, GiThreadCore *core)
{
    if (core->prev)
        core->prev->next = core->next;
    else
        world->cores = core->next;
    if (core->next) core->next->prev = core->prev;
    core->next = core->prev = NULL;
    count_cores_locked(world, -1);
    give_owner_locked(world, core->owner);
    GiThreadCore *self = core;
    atomic_compare_exchange_strong(&world->main_core, &self, NULL);
}

/* ---- Detaching ---- */

/* Ends the stretch in which the thread held the GIL (or ran free), and accounts for it. */
static void end_stretch(GiThreadCore *core, uint64_t now)
{
    uint64_t since = atomic_load_explicit(&core->since, memory_order_relaxed);
    uint64_t held = now > since ? now - since : 0;
    gi_count(&core->stats.hold, held);
    gi_count(&core->vtime, held);
    atomic_store_explicit(&core->since, now, memory_order_relaxed);
    if (GI_UNLIKELY(held
                    > atomic_load_explicit(&core->stats.longest_hold, memory_order_relaxed))) {
        atomic_store_explicit(&core->stats.longest_hold, held, memory_order_relaxed);
        gi_stats_find_site(core, &core->stats.longest_hold_at);
    }
}

static void call_suspended(GiThreadCore *core)
{
    const GiThreadHooks *hooks = atomic_load_explicit(&core->world->hooks, memory_order_acquire);
    if (GI_UNLIKELY(hooks != NULL) && hooks->suspended) hooks->suspended(core, hooks->arg);
}

static void call_resumed(GiThreadCore *core)
{
    const GiThreadHooks *hooks = atomic_load_explicit(&core->world->hooks, memory_order_acquire);
    if (GI_UNLIKELY(hooks != NULL) && hooks->resumed) hooks->resumed(core, hooks->arg);
}

static void call_ready(GiThreadCore *core)
{
    const GiThreadHooks *hooks = atomic_load_explicit(&core->world->hooks, memory_order_acquire);
    if (GI_UNLIKELY(hooks != NULL) && hooks->ready) hooks->ready(core, hooks->arg);
}

/* Changes the core's own state and tells a stopper, who may be waiting for just that. */
static void leave_and_tell(GiThreadCore *core, uint32_t state)
{
    GiWorld *world = core->world;
    atomic_fetch_add(&world->in_flight, 1);
    atomic_exchange(&core->state, state);
    atomic_fetch_add(&world->stop_news, 1);
    gi_os_futex_wake(&world->stop_news, 1);
    atomic_fetch_sub(&world->in_flight, 1);
}

/* Lets go of the GIL, if there is one, and changes the state: the last access to the world. */
static void leave(GiThreadCore *core, GiCause cause)
{
    if (core->free_running) {
        if (GI_UNLIKELY(gi_safepoint(core) & GI_SP_STOP))
            leave_and_tell(core, GI_STATE_DETACHED);
        else
            atomic_exchange_explicit(&core->state, GI_STATE_DETACHED, memory_order_seq_cst);
        return;
    }
    uintptr_t mine = (uintptr_t)core;
    if (GI_UNLIKELY(!atomic_compare_exchange_strong_explicit(&core->world->gil.word, &mine, 0,
                                                             memory_order_release,
                                                             memory_order_relaxed)))
        gi_gil_release(core, cause);
    atomic_store_explicit(&core->state, GI_STATE_DETACHED, memory_order_release);
}

void gi_detach(GiThreadCore *core, const char *why)
{
    GI_ASSERT(gi_is_attached(core));
    GI_ASSERT(core->locks_held == 0);
    GI_ASSERT(!gi_world_is_stopped(core));
    uint64_t now = gi_ticks(&core->world->ticks);
    end_stretch(core, now);
    atomic_store_explicit(&core->why, why, memory_order_relaxed);
    gi_event_at(core, now, GI_EVENT_LEFT, GI_CAUSE_BLOCK, why);
    call_suspended(core);
    leave(core, GI_CAUSE_BLOCK);
    gi_point();
}

/* ---- Attaching ---- */

/* Goes from detached to attached, waiting while suspended; never returns once hung. Until it
 * succeeds it reads nothing but its own core. */
static void enter(GiThreadCore *core)
{
    for (;;) {
        if (GI_LIKELY(change_state(core, GI_STATE_DETACHED, GI_STATE_ATTACHED))) break;
        uint32_t state = state_of(core);
        GI_ASSERT(state != GI_STATE_ATTACHED);
        if (state == GI_STATE_HUNG) gi_os_thread_hang();
        atomic_store_explicit(&core->held_up, true, memory_order_relaxed);
        if (state == GI_STATE_SUSPENDED)
            gi_os_futex_wait(&core->state, GI_STATE_SUSPENDED, GI_NEVER);
    }
    atomic_store_explicit(&core->held_up, false, memory_order_relaxed);
}

/* Stands still because the world is stopped, or this lock will be had by nobody any more. */
static void suspend(GiThreadCore *core)
{
    GiWorld *world = core->world;
    uint64_t begun = gi_ticks(&world->ticks);
    /* Who stops the world waits for this thread, so it is still there. */
    GiThreadCore *stopper = atomic_load_explicit(&world->stopper, memory_order_acquire);
    gi_event_at(core, begun, GI_EVENT_SUSPENDED, stopper ? stopper->native_id : 0, NULL);
    atomic_store_explicit(&core->held_up, true, memory_order_relaxed);
    leave_and_tell(core, GI_STATE_SUSPENDED);
    enter(core);
    uint64_t now = gi_ticks(&world->ticks);
    gi_count(&core->stats.stopped, now > begun ? now - begun : 0);
    atomic_store_explicit(&core->since, now, memory_order_relaxed);
    gi_event_at(core, now, GI_EVENT_RESUMED, 0, NULL);
}

/* With the state ATTACHED: gets the GIL, if there is one. */
static void get_gil(GiThreadCore *core)
{
    GiWorld *world = core->world;
    while (!core->free_running) {
        uintptr_t free = 0;
        /* Also a release: who waits reads the holder's core. */
        if (GI_LIKELY(atomic_compare_exchange_strong_explicit(
                &world->gil.word, &free, (uintptr_t)core, memory_order_acq_rel,
                memory_order_relaxed)))
            return;
        call_ready(core);
        int saved = errno;
        bool got = gi_gil_acquire(core);
        if (!got) suspend(core);
        errno = saved;
        if (got) return;
    }
}

void gi_attach(GiThreadCore *core)
{
    gi_point();
    if (GI_UNLIKELY(!change_state(core, GI_STATE_DETACHED, GI_STATE_ATTACHED))) {
        int saved = errno;
        enter(core);
        errno = saved;
    }
    uint64_t now = gi_ticks(&core->world->ticks);
    uint64_t since = atomic_load_explicit(&core->since, memory_order_relaxed);
    gi_count(&core->stats.blocked, now > since ? now - since : 0);
    /* Before the lock is taken: others read it of the holder. */
    atomic_store_explicit(&core->since, now, memory_order_relaxed);
    get_gil(core);
    atomic_store_explicit(&core->why, NULL, memory_order_relaxed);
    gi_count(&core->stats.acquisitions, 1);
    gi_event_at(core, atomic_load_explicit(&core->since, memory_order_relaxed), GI_EVENT_GOT,
                core->given_by, NULL);
    call_resumed(core);
}

/* ---- Safepoints ---- */

void gi_yield_gil(GiThreadCore *core)
{
    GI_ASSERT(core->locks_held == 0);
    gi_take_requests(core, GI_SP_DROP);
    GiWorld *world = core->world;
    if (core->free_running || gi_world_is_stopped(core)) return;
    if (!(atomic_load_explicit(&world->gil.word, memory_order_relaxed) & GI_GIL_WAITERS)) return;
    int saved = errno;
    uint64_t now = gi_ticks(&world->ticks);
    end_stretch(core, now);
    gi_event_at(core, now, GI_EVENT_LEFT, atomic_load(&world->gil.drop_cause), NULL);
    call_suspended(core);
    call_ready(core);
    if (!gi_gil_give_way(core)) {
        suspend(core);
        get_gil(core);
    }
    gi_count(&core->stats.acquisitions, 1);
    gi_event_at(core, atomic_load_explicit(&core->since, memory_order_relaxed), GI_EVENT_GOT,
                core->given_by, NULL);
    call_resumed(core);
    errno = saved;
}

void gi_safepoint_threads(GiThreadCore *core)
{
    GI_ASSERT(core->locks_held == 0);
    uint32_t bits = gi_safepoint(core);
    gi_point();
    if (bits & GI_SP_EPOCH) gi_epoch_safepoint(core);
    if ((bits & GI_SP_STOP) && !gi_world_is_stopped(core)) {
        int saved = errno;
        uint64_t now = gi_ticks(&core->world->ticks);
        end_stretch(core, now);
        gi_event_at(core, now, GI_EVENT_LEFT, GI_CAUSE_STOP, NULL);
        suspend(core);
        get_gil(core);
        gi_event(core, GI_EVENT_GOT, 0, NULL);
        errno = saved;
    }
    if (bits & GI_SP_DROP) gi_yield_gil(core);
}

void gi_request_all(GiWorld *world, uint32_t bits, GiThreadCore *self)
{
    bool locked = !self || !gi_world_is_stopped(self);
    if (locked) gi_world_lock(world, self);
    for (GiThreadCore *c = world->cores; c; c = c->next) gi_request(c, bits);
    if (locked) gi_world_unlock(world, self);
}

void gi_request_main(GiWorld *world, uint32_t bits)
{
    GiThreadCore *core = atomic_load(&world->main_core);
    if (!core) return;
    gi_request(core, bits);
    gi_parker_interrupt(&core->parker);
}

/* ---- Stopping the world ---- */

/* Suspends every core but the caller's; world->lock is held. Detached ones are marked, attached
 * ones come to a safepoint (free mode) or leave the GIL's machinery (after an eviction). */
static void suspend_others(GiThreadCore *core)
{
    GiWorld *world = core->world;
    for (GiThreadCore *c = world->cores; c; c = c->next)
        if (c != core) gi_request(c, GI_SP_STOP);
    for (;;) {
        uint32_t news = atomic_load(&world->stop_news);
        gi_point();
        size_t running = 0;
        for (GiThreadCore *c = world->cores; c; c = c->next)
            if (c != core && !change_state(c, GI_STATE_DETACHED, GI_STATE_SUSPENDED))
                running += state_of(c) == GI_STATE_ATTACHED;
        if (running == 0) return;
        gi_os_futex_wait(&world->stop_news, news, gi_os_deadline(STOP_LOOK_NS));
    }
}

/* A thread that stops the world again and again, since it collects in a loop, would hardly let others get farther
 * than to their next safepoint. So those who were held up are left as long as it took, the switch interval at most. */
static void leave_others_their_time(GiThreadCore *core)
{
    GiWorld *world = core->world;
    uint64_t until = atomic_load_explicit(&world->going_until, memory_order_relaxed);
    for (uint64_t now; until != 0 && (now = gi_ticks(&world->ticks)) < until;) {
        uint64_t left = gi_ticks_to_ns(&world->ticks, until - now);
        gi_detach(core, "world");
        if (left > STOP_LOOK_NS) gi_os_sleep_until(gi_os_deadline(left));
        else gi_os_thread_yield();
        gi_attach(core);
    }
}

void gi_stop_world_for(GiThreadCore *core, const char *why)
{
    GiWorld *world = core->world;
    GI_ASSERT(gi_is_attached(core));
    GI_ASSERT(core->locks_held == 0);
    if (gi_world_is_stopped(core)) {
        world->stop_depth++;
        return;
    }
    if (core->free_running) leave_others_their_time(core);
    gi_world_lock(world, core);
    atomic_store_explicit(&world->stopper, core, memory_order_relaxed);
    world->stop_depth = 1;
    uint64_t begun = gi_ticks(&world->ticks);
    /* With the GIL, holding it is enough. */
    int saved = errno;
    world->stop_began = begun;
    if (core->free_running) {
        suspend_others(core);
        gi_event_at(core, begun, GI_EVENT_STOP_BEGIN, gi_ticks(&world->ticks) - begun, why);
    }
    errno = saved;
}

bool gi_world_hold(GiThreadCore *self, GiThreadCore *other)
{
    GiWorld *world = self->world;
    if (gi_world_is_stopped(self)) return state_of(other) != GI_STATE_ATTACHED;
    if (state_of(other) == GI_STATE_ATTACHED || !gi_mutex_trylock(&world->lock)) return false;
    if (change_state(other, GI_STATE_DETACHED, GI_STATE_SUSPENDED)) return true;
    gi_mutex_unlock(&world->lock);
    return false;
}

void gi_world_release(GiThreadCore *self, GiThreadCore *other)
{
    GiWorld *world = self->world;
    if (gi_world_is_stopped(self)) return;
    if (change_state(other, GI_STATE_SUSPENDED, GI_STATE_DETACHED)) gi_os_futex_wake(&other->state, 1);
    gi_mutex_unlock(&world->lock);
}

void gi_start_world(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GI_ASSERT(gi_world_is_stopped(core));
    if (--world->stop_depth > 0) return;
    atomic_store_explicit(&world->stopper, NULL, memory_order_relaxed);
    if (core->free_running) {
        bool held_up = false;
        for (GiThreadCore *c = world->cores; c; c = c->next) {
            held_up |= atomic_load_explicit(&c->held_up, memory_order_relaxed);
            gi_take_requests(c, GI_SP_STOP);
            /* Waking wakes by address; the core cannot go before world->lock is free. */
            if (change_state(c, GI_STATE_SUSPENDED, GI_STATE_DETACHED))
                gi_os_futex_wake(&c->state, 1);
        }
        uint64_t now = gi_ticks(&world->ticks), length = now > world->stop_began ? now - world->stop_began : 0;
        uint64_t most = atomic_load_explicit(&world->interval, memory_order_relaxed);
        atomic_store_explicit(&world->going_until, held_up ? now + GI_MIN(length, most) : 0, memory_order_relaxed);
        gi_count(&core->stats.stops, 1);
        gi_count(&core->stats.stopping, length);
        gi_event_at(core, now, GI_EVENT_STOP_END, 0, NULL);
    }
    gi_mutex_unlock(&world->lock);
}

GiStatus gi_world_lift_gil(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GI_ASSERT(gi_world_is_stopped(core));
    if (core->free_running) return GI_OK;
    if (world->core_count >= GI_OWNER_LIMIT - GI_OWNER_FIRST) return GI_FAIL;
    world->owner_map = calloc(OWNER_WORDS, sizeof(uint32_t));
    if (!world->owner_map) return GI_FAIL;
    gi_gil_evict(world);
    suspend_others(core);
    for (GiThreadCore *c = world->cores; c; c = c->next) {
        c->free_running = true;
        if (!c->is_main) c->owner = take_owner_locked(world);
        gi_take_requests(c, GI_SP_DROP);
        atomic_store(&c->epoch_seen, atomic_load(&world->epoch));
    }
    atomic_store(&world->gil.word, GI_GIL_LIFTED);
    atomic_store(&world->mode, GI_MODE_FREE);
    world->lifted = gi_ticks(&world->ticks);
    gi_event_at(core, world->lifted, GI_EVENT_LIFTED, 0, NULL);
    return GI_OK;
}

/* ---- The end of a thread ---- */

void gi_core_unregister(GiThreadCore *core, GiThreadCore *self)
{
    GiWorld *world = core->world;
    if (self != core) {
        gi_world_lock(world, self);
        gi_epoch_abandon(core);
        unlist_locked(world, core);
        gi_trace_part(core);
        gi_world_unlock(world, self);
        return;
    }
    if (atomic_load_explicit(&core->ring, memory_order_relaxed))
        gi_event(core, GI_EVENT_END, gi_os_thread_cpu_ns(), NULL);
    gi_world_lock(world, core);
    gi_stats_depart_locked(core);
    uint64_t now = gi_ticks(&world->ticks);
    end_stretch(core, now);
    /* While it is listed: who ends a trace waits for this thread. */
    gi_event_at(core, now, GI_EVENT_LEFT, GI_CAUSE_EXIT, NULL);
    gi_trace_part(core);
    /* From the unlisting on a stopper does not wait for this thread; in_flight keeps the world. */
    atomic_fetch_add(&world->in_flight, 1);
    gi_epoch_abandon(core);
    unlist_locked(world, core);
    gi_mutex_unlock(&world->lock);
    call_suspended(core);
    leave(core, GI_CAUSE_EXIT);
    atomic_fetch_sub(&world->in_flight, 1);
}

/* ---- Fork and exit ---- */

void gi_world_before_fork(GiThreadCore *core)
{
    GiWorld *world = core->world;
    gi_stop_world(core);
    gi_mutex_lock(&world->gil.lock);
    gi_mutex_lock(&world->epoch_lock);
}

void gi_world_after_fork_parent(GiThreadCore *core)
{
    GiWorld *world = core->world;
    gi_mutex_unlock(&world->epoch_lock);
    gi_mutex_unlock(&world->gil.lock);
    gi_start_world(core);
}

GiThreadCore *gi_world_after_fork_child(GiThreadCore *core)
{
    GiWorld *world = core->world;
    gi_os_futex_after_fork_child();
    gi_parking_after_fork_child();
    gi_mutex_after_fork_child(&world->lock);
    gi_mutex_after_fork_child(&world->epoch_lock);
    GiGil *gil = &world->gil;
    gi_mutex_after_fork_child(&gil->lock);
    gil->first = gil->last = NULL;
    gil->waiting = 0;
    gil->favoured = gil->interrupted = NULL;
    if (!core->free_running) atomic_store(&gil->word, (uintptr_t)core);
    atomic_store_explicit(&world->stopper, NULL, memory_order_relaxed);
    world->stop_depth = 0;
    atomic_store(&world->going_until, 0);
    atomic_store(&world->in_flight, 0);
    GiThreadCore *gone = NULL;
    for (GiThreadCore *c = world->cores, *next; c; c = next) {
        next = c->next;
        if (c == core) continue;
        gi_epoch_abandon(c);
        unlist_locked(world, c);
        gi_trace_part(c);
        c->next = gone;
        gone = c;
    }
    core->is_main = true;
    atomic_store(&world->main_core, core);
    atomic_store(&core->parker.word, 0);
    gi_trace_after_fork_child(core);
    gi_stats_after_fork_child(core);
    gi_take_requests(core, GI_SP_DROP | GI_SP_STOP);
    gi_core_bind(core);
    return gone;
}

size_t gi_world_begin_exit(GiThreadCore *core)
{
    GiWorld *world = core->world;
    int saved = errno;
    gi_world_lock(world, core);
    atomic_store_explicit(&world->stopper, core, memory_order_relaxed);
    atomic_store(&world->exiting, true);
    if (!core->free_running) gi_gil_evict(world);
    suspend_others(core);
    size_t hung = 0;
    for (GiThreadCore *c = world->cores; c; c = c->next) {
        if (c == core) continue;
        hung++;
        atomic_store(&c->state, GI_STATE_HUNG);
        gi_os_futex_wake(&c->state, 1);
    }
    atomic_store_explicit(&world->stopper, NULL, memory_order_relaxed);
    gi_mutex_unlock(&world->lock);
    while (atomic_load(&world->in_flight) != 0) gi_os_thread_yield();
    errno = saved;
    return hung;
}
