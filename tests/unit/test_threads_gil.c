/* test_threads_gil.c - mutual exclusion, forced switches, fairness and no lost wake-ups. */
#include "check.h"
#include "threads/threads.h"

#include <sched.h>

enum { MOST = 16 };

typedef struct {
    GiThreadCore core;
    GiWorld *world;
    GiOsThread thread;
    unsigned seed;
    uint64_t work_ns, block_ns; /* what compute_and_block repeats */
    uint64_t turns;
    uint64_t longest_latency;
} Actor;

static struct {
    GiWorld world;
    Actor main;
    Actor actors[MOST];
    _Atomic bool stop;
    _Atomic int inside;
    uint64_t shared; /* plain: only the GIL protects it */
    GiLock lock;
    _Atomic uint64_t got_at;
    /* Plain, under the GIL: who had it last, on which processor, and how often it went from one to another. */
    Actor *last;
    unsigned last_processor;
    uint64_t handed_over, same_processor, other_masks;
    cpu_set_t mask;
} T;

/* Whether the last run_for() had a processor for most of its time: else shares and waits say
 * nothing of the policy, for a thread that holds the GIL may have stood still. */
static bool had_processor;

static void safepoint(GiThreadCore *core)
{
    if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
}

static void enter_check(void) { CHECK(atomic_fetch_add(&T.inside, 1) == 0); }
static void leave_check(void) { CHECK(atomic_fetch_sub(&T.inside, 1) == 1); }

static uint64_t rnd(Actor *a) { return a->seed = a->seed * 1103515245u + 12345u, a->seed >> 16; }

static void start(int i, GiThreadMain run)
{
    Actor *a = &T.actors[i];
    memset(a, 0, sizeof *a);
    a->world = &T.world;
    a->seed = (unsigned)i + 1;
    gi_core_init(&a->core, &T.world);
    CHECK(gi_core_register(&a->core, &T.main.core) == GI_OK);
    CHECK(gi_os_thread_start(&a->thread, run, a, 0, false) == 0);
}

static void join(int i)
{
    GI_BLOCKING(&T.main.core, "join") gi_os_thread_join(&T.actors[i].thread);
}

static void setup(GiPolicy policy)
{
    memset(&T, 0, sizeof T);
    CHECK(gi_world_init(&T.world, GI_MODE_GIL) == GI_OK);
    T.world.policy = policy;
    gi_core_init(&T.main.core, &T.world);
    CHECK(gi_core_register(&T.main.core, NULL) == GI_OK);
    gi_core_bind(&T.main.core);
    gi_attach(&T.main.core);
}

static void teardown(void)
{
    gi_core_unregister(&T.main.core, &T.main.core);
    CHECK(T.world.core_count == 0);
    CHECK(atomic_load(&T.world.gil.word) == 0);
    gi_world_destroy(&T.world);
}

/* Each thread computes, blocks, yields and sleeps at random. */
static void random_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    for (int i = 0; i < 400; i++) {
        enter_check();
        for (uint64_t n = rnd(a) % 2000; n > 0; n--) T.shared++;
        leave_check();
        switch (rnd(a) % 4) {
        case 0:
            GI_BLOCKING(&a->core, "nothing") {}
            break;
        case 1:
            GI_BLOCKING(&a->core, "sleep") gi_os_sleep_until(gi_os_deadline(rnd(a) % 200000));
            break;
        case 2: gi_yield_gil(&a->core); break;
        default: safepoint(&a->core); break;
        }
        a->turns++;
    }
    gi_core_unregister(&a->core, &a->core);
}

static void test_random(GiPolicy policy, uint64_t interval_ns, int threads)
{
    setup(policy);
    gi_world_set_interval(&T.world, interval_ns);
    for (int i = 0; i < threads; i++) start(i, random_actor);
    for (int i = 0; i < threads; i++) join(i);
    for (int i = 0; i < threads; i++) CHECK_INT(T.actors[i].turns, 400);
    teardown();
}

/* Computes for ever, with safepoints every few microseconds. */
static void compute_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        enter_check();
        for (int i = 0; i < 500; i++) T.shared++;
        leave_check();
        a->turns++;
        safepoint(&a->core);
    }
    gi_core_unregister(&a->core, &a->core);
}

/* Computes and blocks in turn, measuring how long it takes to get the GIL back. */
static void blocking_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        uint64_t until = gi_os_mono_ns() + a->work_ns;
        do {
            T.shared++;
            safepoint(&a->core);
        } while (gi_os_mono_ns() < until);
        gi_detach(&a->core, "sleep");
        if (a->block_ns) gi_os_sleep_until(gi_os_deadline(a->block_ns));
        uint64_t begun = gi_os_mono_ns();
        gi_attach(&a->core);
        uint64_t took = gi_os_mono_ns() - begun;
        a->longest_latency = GI_MAX(a->longest_latency, took);
        a->turns++;
    }
    gi_core_unregister(&a->core, &a->core);
}

static void run_for(uint64_t ns)
{
    uint64_t begun = gi_os_mono_ns(), cpu = gi_os_process_cpu_ns();
    GI_BLOCKING(&T.main.core, "sleep") gi_os_sleep_until(gi_os_deadline(ns));
    had_processor = (gi_os_process_cpu_ns() - cpu) * 10 >= (gi_os_mono_ns() - begun) * 8;
    atomic_store(&T.stop, true);
}

/* Whether each has been made to give way often enough. */
static bool all_switched(int threads)
{
    for (int i = 0; i < threads; i++) {
        Actor *a = &T.actors[i];
        if (atomic_load(&a->core.stats.drops_given) < 3) return false;
        if (atomic_load(&a->core.stats.handovers[GI_CAUSE_INTERVAL]) < 3) return false;
    }
    return atomic_load(&T.world.gil.switches) >= 20;
}

/* A waiter forces a switch about once an interval, and every thread gets its share. */
static void test_forced_switch(int threads)
{
    setup(GI_POLICY_BUDGET);
    uint64_t begun = gi_os_mono_ns();
    for (int i = 0; i < threads; i++) start(i, compute_actor);
    /* A busy machine takes its time. */
    do GI_BLOCKING(&T.main.core, "sleep") gi_os_sleep_until(gi_os_deadline(200 * GI_NS_PER_MS));
    while (!all_switched(threads) && gi_os_mono_ns() - begun < 30 * GI_NS_PER_SEC);
    atomic_store(&T.stop, true);
    for (int i = 0; i < threads; i++) join(i);
    CHECK(all_switched(threads));
    uint64_t total = 0, intervals = (gi_os_mono_ns() - begun) / (5 * GI_NS_PER_MS);
    for (int i = 0; i < threads; i++) total += atomic_load(&T.actors[i].core.stats.hold);
    for (int i = 0; i < threads; i++)
        CHECK(atomic_load(&T.actors[i].core.stats.hold) > total / (uint64_t)threads / 4);
    CHECK(atomic_load(&T.world.gil.switches) < 100 + 3 * intervals);
    teardown();
}

/* A thread that mostly blocks beside one that computes: served at once, not after an interval.
 * Gives how often it came back in 300 ms. */
static uint64_t try_budget(void)
{
    setup(GI_POLICY_BUDGET);
    gi_world_set_interval(&T.world, 50 * GI_NS_PER_MS);
    start(0, compute_actor);
    start(1, blocking_actor);
    T.actors[1].block_ns = 2 * GI_NS_PER_MS;
    run_for(300 * GI_NS_PER_MS);
    join(0);
    join(1);
    uint64_t turns = T.actors[1].turns;
    teardown();
    return turns;
}

static void test_budget(void)
{
    uint64_t most = 0;
    /* Waiting out intervals would allow 6; an idle machine gives 140, a busy one takes more tries. */
    for (int i = 0; i < 30 && most < 12; i++) most = GI_MAX(most, try_budget());
    CHECK(most >= 12);
}

static void lock_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    CHECK(gi_lock_acquire(&a->core, &T.lock, -1) == GI_LOCK_ACQUIRED);
    atomic_store(&T.got_at, gi_os_mono_ns());
    gi_core_unregister(&a->core, &a->core);
}

/* Who is woken by a thread that goes on computing leaves it alone for a while, and is served then. */
static void test_patience(void)
{
    setup(GI_POLICY_BUDGET);
    CHECK(gi_lock_acquire(&T.main.core, &T.lock, 0) == GI_LOCK_ACQUIRED);
    start(0, lock_actor);
    GI_BLOCKING(&T.main.core, "sleep") gi_os_sleep_until(gi_os_deadline(30 * GI_NS_PER_MS));
    uint64_t released_at = gi_os_mono_ns();
    gi_lock_release(&T.lock);
    while (!atomic_load(&T.got_at)) safepoint(&T.main.core);
    CHECK(atomic_load(&T.got_at) - released_at >= 400 * GI_NS_PER_US);
    join(0);
    teardown();
}

/* Tries something until it holds; it fails if it did not hold although there was a processor. */
enum { TRIES = 12 };
#define CHECK_IN_TRIES(try)                                                                      \
    do {                                                                                         \
        bool holds = false, failed = false;                                                      \
        for (int i = 0; i < TRIES && !holds; i++) {                                              \
            holds = (try);                                                                       \
            failed = failed || (!holds && had_processor);                                        \
        }                                                                                        \
        CHECK(holds || !failed);                                                                 \
    } while (0)

/* A thread that computes 1 ms and yields has its share beside threads that only compute. */
static bool try_share(int pure)
{
    bool fine = true;
    setup(GI_POLICY_BUDGET);
    start(0, blocking_actor);
    T.actors[0].work_ns = GI_NS_PER_MS;
    for (int i = 1; i <= pure; i++) start(i, compute_actor);
    run_for(600 * GI_NS_PER_MS);
    uint64_t total = 0;
    for (int i = 0; i <= pure; i++) {
        join(i);
        total += atomic_load(&T.actors[i].core.stats.hold);
    }
    for (int i = 0; i <= pure; i++) {
        uint64_t share = atomic_load(&T.actors[i].core.stats.hold) * 100 / total;
        fine = fine && share * (uint64_t)(pure + 1) >= 50;
    }
    teardown();
    return fine;
}

/* Comes back from nothing without end, doing hardly anything: it would have the GIL for ever if
 * coming back were free. */
static void greedy_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        T.shared++;
        GI_BLOCKING(&a->core, "nothing") {}
        a->turns++;
    }
    gi_core_unregister(&a->core, &a->core);
}

/* Threads that live on their budget starve neither those that compute nor each other, and nobody
 * waits longer than the policy's bound (docs/internals/gil.md), with time for a busy machine. */
static bool try_budget_starvation(int greedy, int pure)
{
    bool fine = true;
    setup(GI_POLICY_BUDGET);
    gi_world_set_interval(&T.world, 2 * GI_NS_PER_MS);
    int n = greedy + pure;
    for (int i = 0; i < greedy; i++) start(i, greedy_actor);
    for (int i = greedy; i < n; i++) start(i, compute_actor);
    run_for(500 * GI_NS_PER_MS);
    uint64_t total = 0, computed = 0;
    for (int i = 0; i < n; i++) {
        join(i);
        uint64_t held = atomic_load(&T.actors[i].core.stats.hold);
        total += held;
        if (i >= greedy) computed += held;
        fine = fine && T.actors[i].turns > 0;
    }
    /* Whoever computes loses at most half of its share to those who come back. */
    fine = fine && computed * 2 * (uint64_t)n >= total * (uint64_t)pure;
    uint64_t bound = gi_ticks_from_ns(&T.world.ticks, (uint64_t)(3 * (n + 2)) * 2 * GI_NS_PER_MS + 200 * GI_NS_PER_MS);
    for (int i = 0; i < n; i++) fine = fine && atomic_load(&T.actors[i].core.stats.longest_wait) <= bound;
    teardown();
    return fine;
}

/* INVARIANT (share): what threads that always compute are charged differs by two intervals at most,
 * and by what a holder takes to its next safepoint; also when another thread interrupts them. */
static bool try_charged_alike(int pure, bool interrupted)
{
    setup(GI_POLICY_BUDGET);
    for (int i = 0; i < pure; i++) start(i, compute_actor);
    start(pure, blocking_actor);
    T.actors[pure].block_ns = interrupted ? 500 * GI_NS_PER_US : 200 * GI_NS_PER_MS;
    run_for(400 * GI_NS_PER_MS);
    uint64_t least = UINT64_MAX, most = 0, longest = 0;
    for (int i = 0; i <= pure; i++) {
        join(i);
        if (i == pure) break;
        uint64_t charged = atomic_load(&T.actors[i].core.vtime);
        least = GI_MIN(least, charged);
        most = GI_MAX(most, charged);
        longest = GI_MAX(longest, atomic_load(&T.actors[i].core.stats.longest_hold));
    }
    bool fine = most - least <= 2 * atomic_load(&T.world.interval) + 2 * longest;
    teardown();
    return fine;
}

/* What a thread computed by itself, before others came, is no debt to them: it has its share beside threads
 * that are new, and beside some that slept all the while. */
static bool try_no_old_debt(bool slept)
{
    enum { OTHERS = 3 };
    setup(GI_POLICY_BUDGET);
    uint64_t old = gi_ticks_from_ns(&T.world.ticks, 20 * GI_NS_PER_SEC);
    if (!slept) atomic_fetch_add(&T.main.core.vtime, old);
    for (int i = 0; i < OTHERS; i++) start(i, compute_actor);
    for (int i = 0; i < OTHERS && !slept; i++) CHECK(atomic_load(&T.actors[i].core.vtime) >= old);
    GI_BLOCKING(&T.main.core, "sleep")
    {
        gi_os_sleep_until(gi_os_deadline(30 * GI_NS_PER_MS));
        if (slept) atomic_fetch_add(&T.main.core.vtime, old);
    }
    GiThreadStats *stats = &T.main.core.stats;
    uint64_t before = atomic_load(&stats->hold), begun = gi_os_mono_ns(), turns = 0;
    while (gi_os_mono_ns() - begun < 400 * GI_NS_PER_MS) {
        for (int i = 0; i < 500; i++) T.shared++;
        safepoint(&T.main.core);
        /* Now and then it comes back from a call. */
        if (++turns % 1024 == 0) GI_BLOCKING(&T.main.core, "test") {}
    }
    uint64_t mine = atomic_load(&stats->hold) - before, all = mine;
    atomic_store(&T.stop, true);
    for (int i = 0; i < OTHERS; i++) {
        join(i);
        all += atomic_load(&T.actors[i].core.stats.hold);
    }
    teardown();
    return (double)mine >= 0.6 * (double)all / (OTHERS + 1);
}

static int early_return(GiThreadCore *core)
{
    GI_BLOCKING(core, "test") { return 7; }
    return 0;
}

/* Leaving a blocking scope by any way attaches again and keeps errno. */
static void test_scope(void)
{
    setup(GI_POLICY_BUDGET);
    GiThreadCore *core = &T.main.core;
    CHECK_INT(early_return(core), 7);
    CHECK(gi_is_attached(core));
    GI_BLOCKING(core, "test") break;
    CHECK(gi_is_attached(core));
    GI_BLOCKING(core, "test") goto out;
out:
    CHECK(gi_is_attached(core));
    GI_BLOCKING(core, "test")
    {
        CHECK(!gi_is_attached(core));
        errno = 42;
    }
    CHECK_INT(errno, 42);
    CHECK(atomic_load(&core->stats.acquisitions) == 5);
    teardown();
}

static void count_hook(GiThreadCore *core, void *arg)
{
    (void)core;
    ++*(int *)arg;
}

/* Rings and hooks see what happens, and nothing when they are off. */
static void test_events(void)
{
    setup(GI_POLICY_BUDGET);
    GiThreadCore *core = &T.main.core;
    GiEventRecord records[16];
    GiEventRing *ring = gi_ring_new(16);
    int resumed = 0;
    GiThreadHooks hooks = {.resumed = count_hook, .arg = &resumed};
    atomic_store(&core->ring, ring);
    atomic_store(&T.world.hooks, &hooks);
    GI_BLOCKING(core, "recv") {}
    CHECK_INT(gi_ring_take(ring, records, 16), 2);
    CHECK_INT(records[0].kind, GI_EVENT_LEFT);
    CHECK_TEXT(records[0].why, strlen(records[0].why), "recv");
    CHECK_INT(records[1].kind, GI_EVENT_GOT);
    CHECK(records[1].when >= records[0].when);
    for (int i = 0; i < 20; i++) GI_BLOCKING(core, "recv") {}
    CHECK_INT(gi_ring_take(ring, records, 16), 16);
    CHECK_INT(atomic_load(&ring->dropped), 24);
    CHECK_INT(resumed, 21);
    atomic_store(&core->ring, NULL);
    atomic_store(&T.world.hooks, NULL);
    gi_ring_free(ring);
    teardown();
}

/* Computes, noting where it is each time it got the lock from another, and where it may be. */
static void roaming_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        unsigned processor = 0;
        CHECK(getcpu(&processor, NULL) == 0);
        if (T.last != a) {
            cpu_set_t now;
            CHECK(sched_getaffinity(0, sizeof now, &now) == 0);
            T.handed_over++;
            T.same_processor += processor == T.last_processor;
            T.other_masks += !CPU_EQUAL(&now, &T.mask);
        }
        T.last = a;
        T.last_processor = processor;
        for (int i = 0; i < 500; i++) T.shared++;
        safepoint(&a->core);
    }
    gi_core_unregister(&a->core, &a->core);
}

/* Threads that take turns go on where the one before them was, and may run everywhere when they do. (Left alone, the
 * system does the same at times; whether it was left alone shows in the pins.) */
static bool try_one_processor(GiPolicy policy, int threads)
{
    int pinned = 0;
    setup(policy);
    CHECK(sched_getaffinity(0, sizeof T.mask, &T.mask) == 0);
    for (int i = 0; i < threads; i++) start(i, roaming_actor);
    run_for(300 * GI_NS_PER_MS);
    for (int i = 0; i < threads; i++) join(i);
    for (int i = 0; i < threads; i++) pinned += T.actors[i].core.pin.before[0] != 0;
    uint64_t handed_over = T.handed_over, same = T.same_processor;
    if (policy == GI_POLICY_CPYTHON || CPU_COUNT(&T.mask) < 2) CHECK_INT(pinned, 0);
    if (policy == GI_POLICY_CPYTHON) same = handed_over;
    else if (CPU_COUNT(&T.mask) > 1 && pinned < threads) same = 0;
    CHECK_INT(T.other_masks, 0);
    teardown();
    return handed_over >= 10 && same * 10 >= handed_over * 8;
}

/* What a thread may do is left alone when another changed it while it was pinned. */
static void test_pin(void)
{
    cpu_set_t before, now;
    GiOsPin pin = {0};
    CHECK(sched_getaffinity(0, sizeof before, &before) == 0);
    if (CPU_COUNT(&before) < 2) return;
    gi_os_wake_here(gi_os_thread_native_id(), &pin);
    CHECK(pin.changed);
    CHECK(sched_getaffinity(0, sizeof now, &now) == 0);
    CHECK_INT(CPU_COUNT(&now), 1);
    CHECK(CPU_ISSET(pin.processor, &now));
    gi_os_unpin(&pin);
    CHECK(sched_getaffinity(0, sizeof now, &now) == 0);
    CHECK(CPU_EQUAL(&now, &before));
    gi_os_wake_here(gi_os_thread_native_id(), &pin);
    CHECK(sched_setaffinity(0, sizeof before, &before) == 0);
    cpu_set_t other = before;
    CPU_CLR(pin.processor, &other);
    CHECK(sched_setaffinity(0, sizeof other, &other) == 0);
    gi_os_unpin(&pin);
    CHECK(!pin.changed);
    CHECK(sched_getaffinity(0, sizeof now, &now) == 0);
    CHECK(CPU_EQUAL(&now, &other));
    CHECK(sched_setaffinity(0, sizeof before, &before) == 0);
    gi_os_wake_here(UINT32_MAX, &pin); /* no such thread */
    CHECK(!pin.changed);
}

int main(void)
{
    test_scope();
    test_pin();
    CHECK_IN_TRIES(try_one_processor(GI_POLICY_BUDGET, 2));
    CHECK_IN_TRIES(try_one_processor(GI_POLICY_BUDGET, 4));
    CHECK_IN_TRIES(try_one_processor(GI_POLICY_CPYTHON, 2));
    test_events();
    test_random(GI_POLICY_BUDGET, 5 * GI_NS_PER_MS, 8);
    test_random(GI_POLICY_BUDGET, 20 * GI_NS_PER_US, MOST);
    test_random(GI_POLICY_CPYTHON, 100 * GI_NS_PER_US, 6);
    test_forced_switch(2);
    test_forced_switch(4);
    test_budget();
    test_patience();
    CHECK_IN_TRIES(try_share(1));
    CHECK_IN_TRIES(try_share(3));
    CHECK_IN_TRIES(try_budget_starvation(1, 1));
    CHECK_IN_TRIES(try_budget_starvation(3, 1));
    CHECK_IN_TRIES(try_budget_starvation(2, 3));
    CHECK_IN_TRIES(try_charged_alike(2, false));
    CHECK_IN_TRIES(try_charged_alike(3, true));
    CHECK_IN_TRIES(try_no_old_debt(false));
    CHECK_IN_TRIES(try_no_old_debt(true));
    return 0;
}
