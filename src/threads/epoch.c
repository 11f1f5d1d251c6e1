/* epoch.c - quiescent-state based reclamation. See epoch.h.
 *
 * LOCK: a core's own batches are its thread's alone; world->epoch_lock guards the orphans; looking
 * at the other cores needs world->lock, which is only ever tried for here, since the caller is
 * attached and may not detach.
 */
#include "threads/epoch.h"

#include <stdlib.h>

enum { BATCH_ITEMS = 62, OPEN = 0 };
/* So many bytes may wait in a batch that is not full, and so long a thread leaves the others alone
 * between two looks whether its batches are ripe. */
#define BATCH_BYTES ((size_t)256 * 1024)
#define POLL_PAUSE_NS (20 * GI_NS_PER_US)

typedef struct {
    void *ptr;
    GiRetireFree free_fn;
    void *arg;
} Item;

typedef struct GiEpochBatch {
    struct GiEpochBatch *next;
    uint64_t goal; /* OPEN while it is being filled */
    size_t count;
    Item items[BATCH_ITEMS];
} Batch;

/* Frees a chain of batches and what is in them; what that retires goes to other batches. */
static void free_batches(Batch *batch)
{
    while (batch) {
        Batch *next = batch->next;
        for (size_t i = 0; i < batch->count; i++)
            batch->items[i].free_fn(batch->items[i].ptr, batch->items[i].arg);
        free(batch);
        batch = next;
    }
}

static void close_batch(GiWorld *world, Batch *batch)
{
    batch->goal = atomic_fetch_add(&world->epoch, 1) + 1;
    gi_point();
}

/* The batch to fill, which has room; NULL when out of memory. */
static Batch *open_batch(GiThreadCore *core)
{
    Batch *last = core->retired_last;
    if (last && last->goal == OPEN && last->count < BATCH_ITEMS) return last;
    Batch *batch = malloc(sizeof *batch);
    if (!batch) return NULL;
    batch->next = NULL;
    batch->goal = OPEN;
    batch->count = 0;
    if (last)
        last->next = batch;
    else
        core->retired = batch;
    core->retired_last = batch;
    return batch;
}

void gi_retire(GiThreadCore *core, void *ptr, size_t size, GiRetireFree free_fn, void *arg)
{
    GiWorld *world = core->world;
    gi_point();
    if (!core->free_running || gi_world_is_stopped(core)) {
        free_fn(ptr, arg);
        return;
    }
    Batch *batch = open_batch(core);
    if (!batch) {
        atomic_fetch_add(&world->epoch_lost, 1);
        return;
    }
    batch->items[batch->count++] = (Item){ptr, free_fn, arg};
    core->retired_bytes += size;
    if (batch->count == BATCH_ITEMS || core->retired_bytes >= BATCH_BYTES) gi_epoch_flush(core);
}

void gi_epoch_flush(GiThreadCore *core)
{
    Batch *batch = core->retired_last;
    if (!batch || batch->goal != OPEN) return;
    close_batch(core->world, batch);
    core->retired_bytes = 0;
    core->polled = 0;
    gi_request(core, GI_SP_EPOCH);
}

void gi_epoch_safepoint(GiThreadCore *core)
{
    GiWorld *world = core->world;
    uint64_t now = gi_ticks(&world->ticks);
    if (now - core->polled < gi_ticks_from_ns(&world->ticks, POLL_PAUSE_NS)) {
        /* Others may be waiting for this thread's word. */
        gi_epoch_quiesce(core);
        if (!core->retired || core->retired->goal == OPEN) gi_take_requests(core, GI_SP_EPOCH);
        return;
    }
    gi_take_requests(core, GI_SP_EPOCH);
    core->polled = now;
    gi_epoch_poll(core);
    if (core->retired && core->retired->goal != OPEN) gi_request(core, GI_SP_EPOCH);
}

void gi_epoch_quiesce(GiThreadCore *core)
{
    gi_point();
    atomic_store_explicit(&core->epoch_seen, atomic_load(&core->world->epoch),
                          memory_order_seq_cst);
}

/* The greatest goal that is reached, 0 when unknown. Asks those who hold back `wanted` to report. */
static uint64_t reached(GiThreadCore *core, uint64_t wanted)
{
    GiWorld *world = core->world;
    if (!gi_mutex_trylock(&world->lock)) return 0;
    uint64_t least = UINT64_MAX;
    for (GiThreadCore *c = world->cores; c; c = c->next) {
        gi_point();
        if (atomic_load(&c->state) != GI_STATE_ATTACHED) continue;
        uint64_t seen = atomic_load(&c->epoch_seen);
        if (seen < wanted && c != core) gi_request(c, GI_SP_EPOCH);
        least = GI_MIN(least, seen);
    }
    gi_mutex_unlock(&world->lock);
    return least;
}

/* Takes from the front of a chain, sorted by goal, what is reached. */
static Batch *take_ripe(Batch **chain, uint64_t goal)
{
    Batch *ripe = *chain, **end = &ripe;
    while (*end && (*end)->goal != OPEN && (*end)->goal <= goal) end = &(*end)->next;
    *chain = *end;
    *end = NULL;
    return ripe;
}

/* The same for the orphans, which are not sorted. */
static Batch *take_ripe_orphans(GiWorld *world, uint64_t goal)
{
    Batch *ripe = NULL;
    if (!gi_mutex_trylock(&world->epoch_lock)) return NULL;
    for (Batch **at = &world->orphans; *at;) {
        Batch *batch = *at;
        if (batch->goal > goal) {
            at = &batch->next;
            continue;
        }
        *at = batch->next;
        batch->next = ripe;
        ripe = batch;
    }
    gi_mutex_unlock(&world->epoch_lock);
    return ripe;
}

bool gi_epoch_poll(GiThreadCore *core)
{
    GiWorld *world = core->world;
    gi_epoch_quiesce(core);
    uint64_t wanted = 0;
    for (Batch *batch = core->retired; batch; batch = batch->next)
        wanted = GI_MAX(wanted, batch->goal);
    bool orphans = false;
    if (gi_mutex_trylock(&world->epoch_lock)) {
        orphans = world->orphans != NULL;
        for (Batch *batch = world->orphans; batch; batch = batch->next)
            wanted = GI_MAX(wanted, batch->goal);
        gi_mutex_unlock(&world->epoch_lock);
    }
    if (wanted == 0) return core->retired == NULL;
    uint64_t goal = reached(core, wanted);
    Batch *ripe = take_ripe(&core->retired, goal);
    if (!core->retired) core->retired_last = NULL;
    free_batches(ripe);
    if (orphans) free_batches(take_ripe_orphans(world, goal));
    return goal >= wanted && core->retired == NULL;
}

void gi_epoch_drain(GiThreadCore *core)
{
    GiWorld *world = core->world;
    GI_ASSERT(gi_world_is_stopped(core) || world->core_count <= 1 || atomic_load(&world->exiting));
    for (GiThreadCore *c = world->cores; c; c = c->next) {
        Batch *chain = c->retired;
        c->retired = c->retired_last = NULL;
        free_batches(chain);
    }
    gi_epoch_drain_orphans(world);
}

void gi_epoch_drain_orphans(GiWorld *world)
{
    gi_mutex_lock(&world->epoch_lock);
    Batch *chain = world->orphans;
    world->orphans = NULL;
    gi_mutex_unlock(&world->epoch_lock);
    free_batches(chain);
}

void gi_epoch_abandon(GiThreadCore *core)
{
    GiWorld *world = core->world;
    Batch *chain = core->retired, *last = core->retired_last;
    if (!chain) return;
    core->retired = core->retired_last = NULL;
    if (last->goal == OPEN) close_batch(world, last);
    gi_mutex_lock(&world->epoch_lock);
    last->next = world->orphans;
    world->orphans = chain;
    gi_mutex_unlock(&world->epoch_lock);
}
