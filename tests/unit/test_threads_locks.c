/* test_threads_locks.c - mutex, event, once, parking lot, byte locks and Python's lock. */
#include <pthread.h>
#include <signal.h>

#include "check.h"
#include "threads/threads.h"

enum { THREADS = 6 };

static struct {
    GiWorld world;
    GiThreadCore main;
    GiThreadCore cores[THREADS];
    GiOsThread threads[THREADS];
    GiMutex mutex;
    GiEvent event;
    GiOnce once;
    GiLock lock;
    GiByteLock a, b;
    uint64_t plain, plain_b; /* guarded by whatever the test tests */
    _Atomic int count;
    _Atomic bool stop;
} T;

static void start(int i, GiThreadMain run)
{
    CHECK(gi_os_thread_start(&T.threads[i], run, &T.cores[i], 0, false) == 0);
}

static void start_core(int i, GiThreadMain run)
{
    gi_core_init(&T.cores[i], &T.world);
    CHECK(gi_core_register(&T.cores[i], &T.main) == GI_OK);
    start(i, run);
}

static void join(int i) { CHECK(gi_os_thread_join(&T.threads[i]) == 0); }

static void join_core(int i) { GI_BLOCKING(&T.main, "join") join(i); }

static void setup(GiMode mode)
{
    memset(&T, 0, sizeof T);
    CHECK(gi_world_init(&T.world, mode) == GI_OK);
    gi_core_init(&T.main, &T.world);
    CHECK(gi_core_register(&T.main, NULL) == GI_OK);
    gi_core_bind(&T.main);
    gi_attach(&T.main);
}

static void teardown(void)
{
    gi_core_unregister(&T.main, &T.main);
    CHECK(T.world.core_count == 0);
    gi_world_destroy(&T.world);
}

static void mutex_actor(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20000; i++) {
        gi_mutex_lock(&T.mutex);
        T.plain++;
        gi_mutex_unlock(&T.mutex);
    }
}

static void run_once(void *arg)
{
    gi_os_sleep_until(gi_os_deadline(GI_NS_PER_MS));
    ++*(uint64_t *)arg;
}

static void event_actor(void *arg)
{
    (void)arg;
    gi_once(&T.once, run_once, &T.plain);
    CHECK_INT(T.plain, 1);
    CHECK(gi_event_wait(&T.event, GI_NEVER));
    CHECK_INT(T.plain_b, 5);
}

static void test_native(void)
{
    memset(&T, 0, sizeof T);
    for (int i = 0; i < THREADS; i++) start(i, mutex_actor);
    for (int i = 0; i < THREADS; i++) join(i);
    CHECK_INT(T.plain, THREADS * 20000);
    CHECK(gi_mutex_trylock(&T.mutex) && !gi_mutex_trylock(&T.mutex));
    gi_mutex_unlock(&T.mutex);
    memset(&T, 0, sizeof T);
    CHECK(!gi_event_wait(&T.event, gi_os_deadline(GI_NS_PER_MS)));
    for (int i = 0; i < THREADS; i++) start(i, event_actor);
    gi_os_sleep_until(gi_os_deadline(3 * GI_NS_PER_MS));
    T.plain_b = 5;
    gi_event_set(&T.event);
    for (int i = 0; i < THREADS; i++) join(i);
    CHECK(gi_event_is_set(&T.event));
    GiShared shared;
    gi_shared_init(&shared);
    gi_shared_keep(&shared);
    CHECK(!gi_shared_drop(&shared));
    CHECK(gi_shared_drop(&shared));
}

static bool never(void *arg) { return (void)arg, false; }
static bool hand_over(void *arg, GiUnpark what)
{
    *(GiUnpark *)arg = what;
    return true;
}

static void park_actor(void *arg)
{
    (void)arg;
    GiParker parker = {0};
    atomic_fetch_add(&T.count, 1);
    GiPark how = gi_park(&parker, &T.plain, NULL, NULL, GI_NEVER, false);
    CHECK(how == GI_PARK_UNPARKED || how == GI_PARK_HANDED_OVER);
    atomic_fetch_add(&T.count, how == GI_PARK_HANDED_OVER ? 100 : 1);
}

/* Timeouts come in time, unparks in order, and interrupts only to those who want them. */
static void test_parking(void)
{
    memset(&T, 0, sizeof T);
    GiParker parker = {0};
    CHECK_INT(gi_park(&parker, &T, never, NULL, GI_NEVER, false), GI_PARK_INVALID);
    uint64_t begun = gi_os_mono_ns();
    CHECK_INT(gi_park(&parker, &T, NULL, NULL, begun + 5 * GI_NS_PER_MS, false), GI_PARK_TIMEOUT);
    CHECK(gi_os_mono_ns() - begun >= 5 * GI_NS_PER_MS);
    gi_parker_interrupt(&parker);
    CHECK_INT(gi_park(&parker, &T, NULL, NULL, GI_NEVER, true), GI_PARK_INTERRUPTED);
    gi_parker_interrupt(&parker);
    CHECK_INT(gi_park(&parker, &T, NULL, NULL, gi_os_deadline(GI_NS_PER_MS), false),
              GI_PARK_TIMEOUT);
    gi_parker_interrupt(&parker);
    gi_parker_clear(&parker);
    CHECK_INT(gi_park(&parker, &T, NULL, NULL, gi_os_deadline(GI_NS_PER_MS), true),
              GI_PARK_TIMEOUT);
    GiUnpark what;
    gi_unpark_one(&T.plain, hand_over, &what);
    CHECK(!what.found && !what.more);
    for (int i = 0; i < 3; i++) start(i, park_actor);
    while (atomic_load(&T.count) < 3) gi_os_thread_yield();
    gi_os_sleep_until(gi_os_deadline(5 * GI_NS_PER_MS));
    gi_unpark_one(&T.plain, hand_over, &what);
    CHECK(what.found && what.more && what.waited_ns > GI_NS_PER_US);
    CHECK_INT(gi_unpark_all(&T.plain), 2);
    for (int i = 0; i < 3; i++) join(i);
    CHECK_INT(atomic_load(&T.count), 3 + 100 + 2);
}

/* Many parks with short timeouts against many unparks: each unpark that found somebody is felt. */
static bool count_found(void *arg, GiUnpark what)
{
    (void)arg;
    if (what.found) atomic_fetch_add(&T.count, 1);
    return true;
}

static void timeout_actor(void *arg)
{
    (void)arg;
    GiParker parker = {0};
    int handed = 0;
    for (int i = 0; i < 400; i++)
        handed += gi_park(&parker, &T.plain, NULL, NULL, gi_os_deadline((uint64_t)(i % 50) * 1000),
                          false)
                  == GI_PARK_HANDED_OVER;
    atomic_fetch_sub(&T.count, handed);
    atomic_fetch_add(&T.lock.byte, 1);
}

static void test_parking_race(void)
{
    memset(&T, 0, sizeof T);
    for (int i = 0; i < 4; i++) start(i, timeout_actor);
    while (atomic_load(&T.lock.byte) < 4) gi_unpark_one(&T.plain, count_found, NULL);
    for (int i = 0; i < 4; i++) join(i);
    CHECK_INT(atomic_load(&T.count), 0);
}

static void byte_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    for (int i = 0; i < 5000; i++) {
        GI_LOCKED(core, &T.a) T.plain++;
        if (core->serial % 2)
            gi_bytelock_lock2(core, &T.a, &T.b);
        else
            gi_bytelock_lock2(core, &T.b, &T.a);
        T.plain++;
        T.plain_b++;
        gi_bytelock_unlock2(core, &T.b, &T.a);
        if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
    }
    gi_core_unregister(core, core);
}

/* No update is lost in either mode, two locks in either order do not deadlock, and a stopped world
 * finds none held. */
static void test_byte_locks(GiMode mode)
{
    setup(mode);
    for (int i = 0; i < THREADS; i++) start_core(i, byte_actor);
    for (int i = 0; i < 30; i++) {
        gi_stop_world(&T.main);
        CHECK(!(atomic_load(&T.a) & GI_LOCK_HELD) && !(atomic_load(&T.b) & GI_LOCK_HELD));
        gi_start_world(&T.main);
        GI_BLOCKING(&T.main, "sleep") gi_os_sleep_until(gi_os_deadline(100000));
    }
    for (int i = 0; i < THREADS; i++) join_core(i);
    CHECK_INT(T.plain, THREADS * 5000 * 2);
    CHECK_INT(T.plain_b, THREADS * 5000);
    gi_bytelock_lock2(&T.main, &T.a, &T.a);
    gi_bytelock_unlock2(&T.main, &T.a, &T.a);
    teardown();
}

static void lock_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    for (int i = 0; i < 1500; i++) {
        while (gi_lock_acquire(core, &T.lock, i % 3 ? -1 : 50000) != GI_LOCK_ACQUIRED) continue;
        CHECK(atomic_fetch_add(&T.count, 1) == 0);
        T.plain++;
        if (i % 64 == 0) GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(1000));
        CHECK(atomic_fetch_sub(&T.count, 1) == 1);
        CHECK(gi_lock_release(&T.lock));
        if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
    }
    gi_core_unregister(core, core);
}

static void test_lock_exclusion(GiMode mode)
{
    setup(mode);
    for (int i = 0; i < THREADS; i++) start_core(i, lock_actor);
    for (int i = 0; i < THREADS; i++) join_core(i);
    CHECK_INT(T.plain, THREADS * 1500);
    CHECK(!gi_lock_is_held(&T.lock));
    teardown();
}

static void release_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(5 * GI_NS_PER_MS));
    CHECK(gi_lock_release(&T.lock));
    gi_core_unregister(core, core);
}

static void on_signal(int signum)
{
    (void)signum;
    gi_request_main(&T.world, GI_SP_SIGNAL);
}

/* Sends the signal in another thread, so that the waiting one does not get EINTR from it. */
static void signal_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_os_sleep_until(gi_os_deadline(5 * GI_NS_PER_MS));
    raise(SIGUSR1);
    gi_attach(core);
    gi_core_unregister(core, core);
}

static void direct_signal_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_os_sleep_until(gi_os_deadline(5 * GI_NS_PER_MS));
    pthread_kill(T.main.handle, SIGUSR1);
    gi_attach(core);
    gi_core_unregister(core, core);
}

static void test_lock_waits(GiMode mode)
{
    setup(mode);
    GiThreadCore *core = &T.main;
    CHECK(!gi_lock_release(&T.lock));
    CHECK_INT(gi_lock_acquire(core, &T.lock, 0), GI_LOCK_ACQUIRED);
    CHECK_INT(gi_lock_acquire(core, &T.lock, 0), GI_LOCK_TIMEOUT);
    uint64_t begun = gi_os_mono_ns();
    CHECK_INT(gi_lock_acquire(core, &T.lock, 4000000), GI_LOCK_TIMEOUT);
    CHECK(gi_os_mono_ns() - begun >= 4000000);
    start_core(0, release_actor);
    CHECK_INT(gi_lock_acquire(core, &T.lock, -1), GI_LOCK_ACQUIRED);
    join_core(0);
    struct sigaction action = {.sa_handler = on_signal}, old;
    CHECK(sigaction(SIGUSR1, &action, &old) == 0);
    for (int i = 0; i < 2; i++) {
        start_core(0, i ? direct_signal_actor : signal_actor);
        CHECK_INT(gi_lock_acquire(core, &T.lock, -1), GI_LOCK_INTERRUPTED);
        CHECK_INT(gi_take_requests(core, GI_SP_SIGNAL), GI_SP_SIGNAL);
        join_core(0);
    }
    /* A signal that is already known interrupts at once; one that was served does not. */
    gi_request_main(&T.world, GI_SP_SIGNAL);
    CHECK_INT(gi_lock_acquire(core, &T.lock, -1), GI_LOCK_INTERRUPTED);
    gi_take_requests(core, GI_SP_SIGNAL);
    CHECK_INT(gi_lock_acquire(core, &T.lock, 1000000), GI_LOCK_TIMEOUT);
    CHECK(sigaction(SIGUSR1, &old, NULL) == 0);
    CHECK(gi_lock_release(&T.lock));
    gi_lock_after_fork_child(&T.lock);
    CHECK(!gi_lock_is_held(&T.lock));
    CHECK(!gi_event_wait_detached(core, &T.event, gi_os_deadline(1000), "event"));
    gi_event_set(&T.event);
    CHECK(gi_event_wait_detached(core, &T.event, GI_NEVER, "event"));
    teardown();
}

/* A thread that takes the lock again and again does not starve one that waits. */
static void greedy_actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load(&T.stop)) {
        CHECK_INT(gi_lock_acquire(core, &T.lock, -1), GI_LOCK_ACQUIRED);
        for (int i = 0; i < 200; i++) {
            T.plain++;
            if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
        }
        gi_lock_release(&T.lock);
    }
    gi_core_unregister(core, core);
}

static void test_lock_fairness(GiMode mode)
{
    setup(mode);
    start_core(0, greedy_actor);
    GI_BLOCKING(&T.main, "sleep") gi_os_sleep_until(gi_os_deadline(2000000));
    uint64_t begun = gi_os_mono_ns();
    for (int i = 0; i < 10; i++) {
        CHECK_INT(gi_lock_acquire(&T.main, &T.lock, -1), GI_LOCK_ACQUIRED);
        gi_lock_release(&T.lock);
    }
    CHECK(gi_os_mono_ns() - begun < GI_NS_PER_SEC);
    atomic_store(&T.stop, true);
    join_core(0);
    teardown();
}

int main(void)
{
    test_native();
    test_parking();
    test_parking_race();
    for (int mode = GI_MODE_GIL; mode <= GI_MODE_FREE; mode++) {
        test_byte_locks((GiMode)mode);
        test_lock_exclusion((GiMode)mode);
        test_lock_waits((GiMode)mode);
        test_lock_fairness((GiMode)mode);
    }
    return 0;
}
