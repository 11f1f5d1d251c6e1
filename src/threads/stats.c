/* stats.c - counters as plain numbers. See stats.h. */
#include "threads/stats.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t load(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit((_Atomic uint64_t *)counter, memory_order_relaxed);
}

const char *gi_cause_name(GiCause cause)
{
    static const char *const names[] = {"call", "interval", "return", "stop", "exit"};
    return (unsigned)cause < GI_CAUSE_COUNT ? names[cause] : "?";
}

void gi_stats_find_site(GiThreadCore *core, GiSite *site)
{
    const GiSiteFinder *finder = core->world->sites;
    if (!finder) return;
    uint32_t version = atomic_load_explicit(&site->version, memory_order_relaxed);
    atomic_store_explicit(&site->version, version + 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    finder->find(core, site);
    atomic_store_explicit(&site->version, version + 2, memory_order_release);
}

const char gi_why_object_lock[] = "object lock";

void gi_stats_lock_waited(GiThreadCore *core, uint64_t before)
{
    uint64_t waited = load(&core->stats.blocked) - before;
    gi_count(&core->stats.lock_wait, waited);
    if (waited <= load(&core->stats.longest_wait)) return;
    atomic_store_explicit(&core->stats.longest_wait, waited, memory_order_relaxed);
    gi_stats_find_site(core, &core->stats.longest_wait_at);
}

void gi_stats_in_object_lock(GiThreadRecord *r)
{
    r->state = GI_SHOWN_WAITING;
    r->blocked -= GI_MIN(r->blocked, r->going);
    r->lock_wait += r->going;
    r->going = 0;
}

static void copy_site(GiSite *to, const GiSite *from)
{
    memcpy(to->file, from->file, sizeof to->file);
    memcpy(to->function, from->function, sizeof to->function);
    to->file[sizeof to->file - 1] = to->function[sizeof to->function - 1] = 0;
    /* Another process may be writing it: half a name is no name. */
    to->line = atomic_load_explicit((_Atomic uint32_t *)&from->version, memory_order_relaxed) & 1 ? 0 : from->line;
    atomic_store_explicit(&to->version, 0, memory_order_relaxed);
}

/* What the thread does, and adds the stretch that is going on. */
static void add_present(const GiThreadCore *core, bool holder, uint64_t now, GiThreadRecord *r)
{
    uint64_t since = load(&core->since);
    uint64_t going = now > since ? now - since : 0;
    switch (atomic_load_explicit((_Atomic uint32_t *)&core->state, memory_order_relaxed)) {
    case GI_STATE_ATTACHED:
        r->state = holder ? GI_SHOWN_RUNNING : GI_SHOWN_WAITING;
        *(holder ? &r->hold : &r->wait) += going;
        break;
    case GI_STATE_SUSPENDED:
        r->state = GI_SHOWN_STOPPED;
        r->stopped += going;
        break;
    default:
        r->state = GI_SHOWN_BLOCKED;
        r->blocked += going;
        r->going = going;
        r->call = atomic_load_explicit((_Atomic(const char *) *)&core->why, memory_order_relaxed);
    }
}

void gi_stats_convert(const GiThreadCore *core, const GiWorld *world, bool holder, uint64_t now,
                      GiThreadRecord *r)
{
    const GiThreadStats *s = &core->stats;
    memset(r, 0, sizeof *r);
    memcpy(r->name, core->name, GI_NAME_SIZE - 1);
    r->native_id = core->native_id;
    r->ident = core->ident;
    r->serial = core->serial;
    r->is_main = core->is_main;
    r->acquisitions = load(&s->acquisitions);
    r->contended = load(&s->contended);
    r->drops_asked = load(&s->drops_asked);
    r->drops_given = load(&s->drops_given);
    r->lock_waits = load(&s->lock_waits);
    r->stops = load(&s->stops);
    r->stopping = load(&s->stopping);
    r->lock_wait = load(&s->lock_wait);
    for (int i = 0; i < GI_CAUSE_COUNT; i++) r->handovers[i] = load(&s->handovers[i]);
    r->hold = load(&s->hold);
    r->wait = load(&s->wait);
    r->blocked = load(&s->blocked);
    r->blocked -= GI_MIN(r->blocked, r->lock_wait);
    r->stopped = load(&s->stopped);
    r->longest_hold = load(&s->longest_hold);
    r->longest_wait = load(&s->longest_wait);
    r->lifetime = now > core->born ? now - core->born : 0;
    if (core->native_id) add_present(core, holder, now, r);
    else r->state = GI_SHOWN_BLOCKED; /* not begun yet */
    uint64_t *times[] = {&r->hold, &r->wait, &r->blocked, &r->stopped, &r->longest_hold, &r->longest_wait, &r->lifetime,
                         &r->lock_wait, &r->stopping, &r->going};
    for (size_t i = 0; i < GI_COUNTOF(times); i++) *times[i] = gi_ticks_to_ns(&world->ticks, *times[i]);
    copy_site(&r->longest_hold_at, &s->longest_hold_at);
    copy_site(&r->longest_wait_at, &s->longest_wait_at);
}

void gi_stats_convert_world(const GiWorld *world, uint64_t now, GiWorldRecord *r)
{
    r->mode = (GiMode)atomic_load_explicit((_Atomic uint32_t *)&world->mode, memory_order_relaxed);
    r->policy = world->policy;
    r->interval = load(&world->interval_ns);
    r->switches = load(&world->gil.switches);
    r->wall = gi_ticks_to_ns(&world->ticks, now > world->born ? now - world->born : 0);
    r->threads = __atomic_load_n(&world->core_count, __ATOMIC_RELAXED);
    r->threads_ended = 0;
    r->was_lifted = world->lifted != 0;
    r->lifted = world->lifted > world->born ? gi_ticks_to_ns(&world->ticks, world->lifted - world->born) : 0;
}

/* ---- Threads that ended ---- */

static void add_up(GiThreadRecord *sum, const GiThreadRecord *r)
{
    uint64_t *to[] = {&sum->acquisitions, &sum->contended, &sum->drops_asked, &sum->drops_given, &sum->lock_waits,
                      &sum->cpu, &sum->lifetime, &sum->hold, &sum->wait, &sum->blocked, &sum->stopped,
                      &sum->lock_wait, &sum->stops, &sum->stopping};
    const uint64_t from[] = {r->acquisitions, r->contended, r->drops_asked, r->drops_given, r->lock_waits,
                             r->cpu, r->lifetime, r->hold, r->wait, r->blocked, r->stopped,
                             r->lock_wait, r->stops, r->stopping};
    for (size_t i = 0; i < GI_COUNTOF(to); i++) *to[i] += from[i];
    for (int i = 0; i < GI_CAUSE_COUNT; i++) sum->handovers[i] += r->handovers[i];
    if (r->longest_hold > sum->longest_hold) {
        sum->longest_hold = r->longest_hold;
        sum->longest_hold_at = r->longest_hold_at;
    }
    if (r->longest_wait > sum->longest_wait) {
        sum->longest_wait = r->longest_wait;
        sum->longest_wait_at = r->longest_wait_at;
    }
}

/* Makes room by adding the oldest record to the sum. */
static void merge_oldest(GiDeparted *d)
{
    GiThreadRecord *oldest = d->records[d->first];
    d->first = (d->first + 1) % GI_DEPARTED_KEPT;
    d->kept--;
    if (!d->older) {
        d->older = oldest;
        oldest->serial = 0;
    } else {
        add_up(d->older, oldest);
        free(oldest);
    }
    uint64_t merged = d->count - d->kept;
    snprintf(d->older->name, sizeof d->older->name, "(%llu more that ended)", (unsigned long long)merged);
}

void gi_stats_depart_locked(GiThreadCore *core)
{
    GiWorld *world = core->world;
    if (load(&core->stats.acquisitions) == 0) return;
    if (!world->departed) world->departed = calloc(1, sizeof *world->departed);
    GiDeparted *d = world->departed;
    GiThreadRecord *r = malloc(sizeof *r);
    if (!d || !r) {
        free(r);
        return;
    }
    gi_stats_convert(core, world, true, gi_ticks(&world->ticks), r);
    r->state = GI_SHOWN_ENDED;
    r->call = NULL;
    r->cpu = gi_os_thread_cpu_ns();
    r->cpu_known = true;
    /* It is still to come. */
    if (atomic_load_explicit(&world->gil.word, memory_order_relaxed) == ((uintptr_t)core | GI_GIL_WAITERS))
        r->handovers[GI_CAUSE_EXIT]++;
    if (d->kept == GI_DEPARTED_KEPT) merge_oldest(d);
    d->records[(d->first + d->kept++) % GI_DEPARTED_KEPT] = r;
    d->count++;
}

void gi_stats_forget(GiWorld *world)
{
    GiDeparted *d = world->departed;
    if (!d) return;
    while (d->kept > 0) free(d->records[(d->first + --d->kept) % GI_DEPARTED_KEPT]);
    free(d->older);
    free(d);
    world->departed = NULL;
}

void gi_stats_after_fork_child(GiThreadCore *core)
{
    GiWorld *world = core->world;
    gi_stats_forget(world);
    memset(&core->stats, 0, sizeof core->stats);
    if (world->lifted) world->lifted = gi_ticks(&world->ticks);
    world->born = core->born = gi_ticks(&world->ticks);
    world->born_ns = gi_os_mono_ns();
    atomic_store(&core->since, core->born);
    atomic_store(&world->gil.switches, 0);
}

/* ---- All of them ---- */

static int by_serial(const void *a, const void *b)
{
    uint64_t x = ((const GiThreadRecord *)a)->serial, y = ((const GiThreadRecord *)b)->serial;
    return x < y ? -1 : x > y;
}

GiThreadRecord *gi_stats_take(GiThreadCore *self, size_t *count)
{
    GiWorld *world = self->world;
    /* No thread writes its counters now but those that wait for the GIL or are blocked, and these
     * only where it is atomic. */
    gi_stop_world_for(self, "counters");
    GiDeparted *d = world->departed;
    size_t most = world->core_count + (d ? d->kept + 1 : 0), n = 0;
    GiThreadRecord *records = malloc(most * sizeof *records);
    if (records) {
        if (d && d->older) records[n++] = *d->older;
        for (size_t i = 0; d && i < d->kept; i++)
            records[n++] = *d->records[(d->first + i) % GI_DEPARTED_KEPT];
        uint64_t now = gi_ticks(&world->ticks);
        for (GiThreadCore *c = world->cores; c; c = c->next) {
            GiThreadRecord *r = &records[n++];
            gi_stats_convert(c, world, c == self, now, r);
            if (r->call == gi_why_object_lock) gi_stats_in_object_lock(r);
            /* Suspended by this very look at it. */
            if (r->state == GI_SHOWN_STOPPED && self->free_running) r->state = GI_SHOWN_RUNNING;
            r->cpu_known = c->native_id && gi_os_thread_cpu_of(c->native_id, &r->cpu);
        }
    }
    gi_start_world(self);
    if (records) qsort(records, n, sizeof *records, by_serial);
    *count = n;
    return records;
}
