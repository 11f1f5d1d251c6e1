/* locks.c - the waiting halves of byte locks and of Python's lock. See locks.h.
 *
 * LOCK: the parking bucket of the byte's address; under it a release decides who is next.
 */
#include "threads/locks.h"

#include "threads/stats.h"

#include <errno.h>

#ifdef GI_COUNT
_Thread_local uint64_t gi_counted[GI_COUNTED_KINDS];
#endif

/* ---- Points ---- */

#ifdef NDEBUG
void gi_points_begin(uint64_t seed GI_UNUSED) {}
#else
bool gi_points_on;
static uint64_t points_seed;
static _Atomic uint64_t points_threads;
static _Thread_local uint64_t points_state;

void gi_points_begin(uint64_t seed)
{
    points_seed = seed;
    gi_points_on = true;
}

void gi_point_slow(void)
{
    enum { RARELY = 61, SPIN = 2000, SLEEP_NS = 60000 };
    uint64_t x = points_state;
    if (x == 0) x = (points_seed + atomic_fetch_add(&points_threads, 1) + 1) * 0x9E3779B97F4A7C15u | 1;
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    points_state = x;
    uint64_t draw = x >> 16;
    if (draw % RARELY) return;
    draw /= RARELY;
    int saved = errno;
    if (draw % 4 == 0) gi_os_sleep_until(gi_os_deadline(draw / 4 % SLEEP_NS));
    else if (draw % 4 == 1)
        for (uint64_t i = draw / 4 % SPIN; i > 0; i--) gi_os_spin_pause();
    else gi_os_thread_yield();
    errno = saved;
}
#endif

/* A waiter that has waited this long is handed the lock. */
#define FAIR_NS GI_NS_PER_MS
/* A byte lock is held for a moment only; Python's lock may be waited for on purpose. */
enum { BYTE_LOCK_ROUNDS = 4, LOCK_ROUNDS = 3, KEEP_AWAY_PAUSES = 128 };

static bool take_if_free(GiByteLock *lock)
{
    uint8_t seen = atomic_load_explicit(lock, memory_order_relaxed);
    while (!(seen & GI_LOCK_HELD))
        if (atomic_compare_exchange_weak_explicit(lock, &seen, seen | GI_LOCK_HELD,
                                                  memory_order_acquire, memory_order_relaxed))
            return true;
    return false;
}

static bool still_held(void *lock)
{
    return atomic_load_explicit((GiByteLock *)lock, memory_order_relaxed)
           == (GI_LOCK_HELD | GI_LOCK_PARKED);
}

/* Announces a waiter; false when the lock was found free instead. */
static bool mark_parked(GiByteLock *lock)
{
    uint8_t seen = atomic_load_explicit(lock, memory_order_relaxed);
    while (seen == GI_LOCK_HELD)
        if (atomic_compare_exchange_weak_explicit(lock, &seen, GI_LOCK_HELD | GI_LOCK_PARKED,
                                                  memory_order_relaxed, memory_order_relaxed))
            return true;
    return seen & GI_LOCK_HELD;
}

/* What a release has to decide. */
typedef struct {
    GiByteLock *lock;
    bool fair;
    uint64_t by; /* of byte locks: who lets go, for the trace */
} Release;

static bool choose_release(void *arg, GiUnpark what)
{
    Release *release = arg;
    uint8_t parked = what.more ? GI_LOCK_PARKED : 0;
    if (what.found) what.waiter->by = release->by;
    if (!gi_lock_is_held((GiLock *)release->lock)) return false;
    if (release->fair && what.found && what.waited_ns >= FAIR_NS) {
        atomic_store_explicit(release->lock, GI_LOCK_HELD | parked, memory_order_release);
        return true;
    }
    atomic_store_explicit(release->lock, parked, memory_order_release);
    return false;
}

void gi_keep_away(unsigned round)
{
    for (unsigned i = 0; i < (unsigned)KEEP_AWAY_PAUSES << round; i++) gi_os_spin_pause();
}

/* ---- Byte locks ---- */

void gi_bytelock_unlock_slow(GiThreadCore *core, GiByteLock *lock)
{
    /* Never handed over: its waiters are detached, and a stopped world must find none held. */
    Release release = {lock, false, core->native_id};
    gi_unpark_one(lock, choose_release, &release);
}

void gi_bytelock_lock_slow(GiThreadCore *core, GiByteLock *lock)
{
    GI_ASSERT(core->locks_held == 0);
    for (unsigned round = 0; core->world->spin && round < BYTE_LOCK_ROUNDS; round++) {
        gi_keep_away(round);
        if (take_if_free(lock)) return;
    }
    gi_event(core, GI_EVENT_LOCK_WAIT, (uint64_t)(uintptr_t)lock, NULL);
    gi_count(&core->stats.lock_waits, 1);
    uint64_t before = atomic_load_explicit(&core->stats.blocked, memory_order_relaxed);
    while (!take_if_free(lock)) {
        if (!mark_parked(lock)) continue;
        core->parker.by = 0;
        gi_detach(core, gi_why_object_lock);
        gi_park(&core->parker, lock, still_held, lock, GI_NEVER, false);
        core->given_by = core->parker.by;
        gi_attach(core);
    }
    gi_stats_lock_waited(core, before);
    gi_event(core, GI_EVENT_LOCK_GOT, (uint64_t)(uintptr_t)lock, NULL);
}

void gi_bytelock_lock2(GiThreadCore *core, GiByteLock *a, GiByteLock *b)
{
    if (a == b) {
        gi_bytelock_lock(core, a);
        return;
    }
    GiByteLock *first = a < b ? a : b, *second = a < b ? b : a;
    gi_bytelock_lock(core, first);
    while (!gi_bytelock_trylock(core, second)) {
        /* Waiting happens with no lock held; then the other one is tried for. */
        gi_bytelock_unlock(core, first);
        gi_bytelock_lock(core, second);
        if (gi_bytelock_trylock(core, first)) return;
        gi_bytelock_unlock(core, second);
        gi_bytelock_lock(core, first);
    }
}

void gi_bytelock_unlock2(GiThreadCore *core, GiByteLock *a, GiByteLock *b)
{
    gi_bytelock_unlock(core, a);
    if (b != a) gi_bytelock_unlock(core, b);
}

/* ---- Python's lock ---- */

void gi_lock_release_slow(GiLock *lock)
{
    Release release = {&lock->byte, true, 0};
    gi_unpark_one(&lock->byte, choose_release, &release);
}

/* Waits for the lock while detached. A wait that ends without it touches no memory but the
 * core's: the lock may be gone by then. */
static GiLockResult wait_for_lock(GiThreadCore *core, GiLock *lock, uint64_t deadline)
{
    for (;;) {
        if (take_if_free(&lock->byte)) return GI_LOCK_ACQUIRED;
        if (!mark_parked(&lock->byte)) continue;
        if (gi_safepoint(core) & GI_SP_SIGNAL) return GI_LOCK_INTERRUPTED;
        switch (gi_park(&core->parker, &lock->byte, still_held, &lock->byte, deadline, true)) {
        case GI_PARK_HANDED_OVER: return GI_LOCK_ACQUIRED;
        case GI_PARK_TIMEOUT: return GI_LOCK_TIMEOUT;
        case GI_PARK_INTERRUPTED:
            if (gi_safepoint(core) & GI_SP_SIGNAL) return GI_LOCK_INTERRUPTED;
            break;
        case GI_PARK_UNPARKED:
        case GI_PARK_INVALID: break;
        }
    }
}

GiLockResult gi_lock_acquire_until(GiThreadCore *core, GiLock *lock, uint64_t deadline)
{
    if (GI_LIKELY(take_if_free(&lock->byte))) return GI_LOCK_ACQUIRED;
    if (deadline == 0) return GI_LOCK_TIMEOUT;
    /* Whoever holds it may run beside this thread, and mostly lets go soon. */
    for (unsigned round = 0; core->free_running && core->world->spin && round < LOCK_ROUNDS; round++) {
        gi_keep_away(round);
        if (take_if_free(&lock->byte)) return GI_LOCK_ACQUIRED;
    }
    gi_detach(core, "lock");
    GiLockResult result = wait_for_lock(core, lock, deadline);
    core->woken_by_peer = result == GI_LOCK_ACQUIRED;
    gi_attach(core);
    core->woken_by_peer = false;
    return result;
}

GiLockResult gi_lock_acquire(GiThreadCore *core, GiLock *lock, int64_t timeout)
{
    if (GI_LIKELY(take_if_free(&lock->byte))) return GI_LOCK_ACQUIRED;
    if (timeout == 0) return GI_LOCK_TIMEOUT;
    uint64_t deadline = timeout < 0 ? GI_NEVER : gi_os_deadline((uint64_t)timeout);
    return gi_lock_acquire_until(core, lock, deadline);
}

bool gi_event_wait_detached(GiThreadCore *core, GiEvent *event, uint64_t deadline,
                            const char *why)
{
    if (gi_event_is_set(event)) return true;
    gi_detach(core, why);
    bool set = gi_event_wait(event, deadline);
    core->woken_by_peer = set;
    gi_attach(core);
    core->woken_by_peer = false;
    return set;
}
