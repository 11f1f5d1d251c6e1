/* peek.c - reading the counters of another process. See peek.h. */
#include "threads/peek.h"

#include <stdlib.h>

#include "os/remote.h"
#include "threads/gil.h"

#define MAGIC UINT64_C(0x31414C4947414C49) /* "ILAGILA1" */
/* Changes with whatever the reader looks at. */
#define LAYOUT (sizeof(GiWorld) | sizeof(GiThreadCore) << 16 | offsetof(GiThreadCore, stats) << 32 | \
                offsetof(GiWorld, cores) << 48)
#define TRIES 5

typedef struct {
    uint64_t magic, layout;
    _Atomic(GiWorld *) world;
} Anchor;

__attribute__((section(".gila.anchor"), used)) Anchor gi_anchor = {.magic = MAGIC, .layout = LAYOUT};

void gi_peek_announce(GiWorld *world)
{
    GiWorld *none = NULL;
    atomic_compare_exchange_strong(&gi_anchor.world, &none, world);
}

void gi_peek_withdraw(GiWorld *world)
{
    atomic_compare_exchange_strong(&gi_anchor.world, &world, NULL);
}

static GiPeekStatus status_of(int error)
{
    switch (error) {
    case ESRCH: return GI_PEEK_NO_PROCESS;
    case EPERM:
    case EACCES: return GI_PEEK_FORBIDDEN;
    case ENOENT: return GI_PEEK_NOT_GILA;
    case ENOSYS: return GI_PEEK_UNSUPPORTED;
    default: return GI_PEEK_NOT_RUNNING;
    }
}

/* Reads one core after the other; false when the list changed under our eyes. */
static bool read_threads(long pid, const GiWorld *world, uint64_t world_at, size_t most, GiPeeked *out)
{
    uint64_t at = (uint64_t)(uintptr_t)world->cores;
    uint64_t holder = atomic_load_explicit((_Atomic uintptr_t *)&world->gil.word, memory_order_relaxed);
    bool free_mode = holder == GI_GIL_LIFTED;
    out->count = 0;
    while (at && out->count < most) {
        GiThreadCore core;
        if (gi_os_remote_read(pid, at, &core, sizeof core, NULL) != 0 || (uint64_t)(uintptr_t)core.world != world_at)
            return false;
        GiThreadRecord *r = &out->threads[out->count];
        uint64_t now = gi_ticks(&world->ticks);
        gi_stats_convert(&core, world, free_mode || (holder & ~(uint64_t)GI_GIL_WAITERS) == at, now, r);
        if (r->call) {
            char *call = out->calls[out->count];
            size_t got = 0;
            memset(call, 0, GI_PEEK_CALL);
            if (gi_os_remote_read(pid, (uint64_t)(uintptr_t)r->call, call, GI_PEEK_CALL - 1, &got) != 0) return false;
            call[got] = 0;
            r->call = call;
            if (strcmp(call, gi_why_object_lock) == 0) gi_stats_in_object_lock(r);
        }
        r->cpu_known = r->native_id && gi_os_remote_cpu(pid, r->native_id, &r->cpu);
        out->count++;
        at = (uint64_t)(uintptr_t)core.next;
    }
    return out->count == world->core_count;
}

static int by_serial(const void *a, const void *b)
{
    uint64_t x = ((const GiThreadRecord *)a)->serial, y = ((const GiThreadRecord *)b)->serial;
    return x < y ? -1 : x > y;
}

static GiPeekStatus read_world(long pid, uint64_t world_at, GiPeeked *out)
{
    GiWorld world;
    int error = gi_os_remote_read(pid, world_at, &world, sizeof world, NULL);
    if (error) return status_of(error);
    if (world.core_count > 1000000) return GI_PEEK_NOT_RUNNING;
    gi_stats_convert_world(&world, gi_ticks(&world.ticks), &out->world);
    out->tracing = world.trace != NULL;
    if (world.departed &&
        gi_os_remote_read(pid, (uint64_t)(uintptr_t)world.departed + offsetof(GiDeparted, count),
                          &out->world.threads_ended, sizeof out->world.threads_ended, NULL) != 0)
        return GI_PEEK_NOT_RUNNING;
    size_t most = world.core_count + 8;
    out->threads = malloc(most * sizeof *out->threads);
    out->calls = malloc(most * sizeof *out->calls);
    if (!out->threads || !out->calls) {
        gi_peek_free(out);
        return GI_PEEK_NO_MEMORY;
    }
    if (!read_threads(pid, &world, world_at, most, out)) {
        gi_peek_free(out);
        return GI_PEEK_NOT_RUNNING;
    }
    qsort(out->threads, out->count, sizeof *out->threads, by_serial);
    return GI_PEEK_OK;
}

GiPeekStatus gi_peek(long pid, GiPeeked *out)
{
    memset(out, 0, sizeof *out);
    uint64_t at, again;
    if (pid <= 0) return GI_PEEK_NO_PROCESS;
    int error = gi_os_remote_started(pid, &out->started);
    if (!error) error = gi_os_remote_section(pid, ".gila.anchor", &at);
    if (error) return status_of(error);
    Anchor anchor;
    error = gi_os_remote_read(pid, at, &anchor, sizeof anchor, NULL);
    if (error) return status_of(error);
    if (anchor.magic != MAGIC) return GI_PEEK_NOT_GILA;
    if (anchor.layout != LAYOUT) return GI_PEEK_OTHER_LAYOUT;
    uint64_t world_at = (uint64_t)(uintptr_t)atomic_load(&anchor.world);
    if (!world_at) return GI_PEEK_NOT_RUNNING;
    GiPeekStatus status = GI_PEEK_NOT_RUNNING;
    for (int i = 0; i < TRIES && status == GI_PEEK_NOT_RUNNING; i++) status = read_world(pid, world_at, out);
    if (status != GI_PEEK_OK) return status;
    /* The number may have gone to another process meanwhile. */
    if (gi_os_remote_started(pid, &again) != 0 || again != out->started) {
        gi_peek_free(out);
        return GI_PEEK_NO_PROCESS;
    }
    if (!gi_os_remote_cpu(pid, 0, &out->cpu)) out->cpu = 0;
    return GI_PEEK_OK;
}

void gi_peek_free(GiPeeked *peeked)
{
    free(peeked->threads);
    free(peeked->calls);
    peeked->threads = NULL;
    peeked->calls = NULL;
    peeked->count = 0;
}
