/* test_threads_world.c - stopping the world, lifting the GIL, fork, exit beside daemon threads. */
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "threads/threads.h"

enum { THREADS = 6 };

#if defined(__SANITIZE_THREAD__)
#define THREADS_IN_CHILD 0 /* ThreadSanitizer cannot start threads in a threaded process's child */
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define THREADS_IN_CHILD 0
#endif
#endif
#ifndef THREADS_IN_CHILD
#define THREADS_IN_CHILD 1
#endif

typedef struct {
    GiThreadCore core;
    GiOsThread thread;
    unsigned seed;
    uint64_t turns;
} Actor;

/* Heap allocated and never freed while daemon threads exist, as the contract demands. */
static struct Scene {
    GiWorld *world;
    Actor *main;
    Actor *actors[THREADS];
    _Atomic bool stop;
    _Atomic bool stopped; /* the main thread has the world stopped: nobody may run */
    _Atomic int running;
    _Atomic unsigned walked; /* by walking_actor */
} T;

static void safepoint(GiThreadCore *core)
{
    if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
}

static void start(int i, GiThreadMain run, bool detached)
{
    Actor *a = T.actors[i] = calloc(1, sizeof *a);
    CHECK(a != NULL);
    a->seed = (unsigned)i + 1;
    gi_core_init(&a->core, T.world);
    CHECK(gi_core_register(&a->core, &T.main->core) == GI_OK);
    CHECK(gi_os_thread_start(&a->thread, run, a, 0, detached) == 0);
}

static void join(int i)
{
    GI_BLOCKING(&T.main->core, "join") gi_os_thread_join(&T.actors[i]->thread);
    free(T.actors[i]);
}

static void setup(GiMode mode)
{
    memset(&T, 0, sizeof T);
    T.world = calloc(1, sizeof *T.world);
    T.main = calloc(1, sizeof *T.main);
    CHECK(T.world && T.main);
    CHECK(gi_world_init(T.world, mode) == GI_OK);
    gi_core_init(&T.main->core, T.world);
    CHECK(gi_core_register(&T.main->core, NULL) == GI_OK);
    gi_core_bind(&T.main->core);
    gi_attach(&T.main->core);
}

static void teardown(void)
{
    gi_core_unregister(&T.main->core, &T.main->core);
    CHECK(T.world->core_count == 0);
    gi_world_destroy(T.world);
    free(T.world);
    free(T.main);
}

/* Runs, sleeps, stops the world itself now and then, until told to end. */
static void mixed_actor(void *arg)
{
    Actor *a = arg;
    GiThreadCore *core = &a->core;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        for (int i = 0; i < 200; i++)
            CHECK(!atomic_load_explicit(&T.stopped, memory_order_relaxed));
        a->turns++;
        a->seed = a->seed * 1103515245u + 12345u;
        switch (a->seed >> 16 & 31) {
        case 0:
            GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(a->seed >> 15 & 0xffff));
            break;
        case 1:
        case 2:
        case 3:
            GI_BLOCKING(core, "nothing") {}
            break;
        case 4:
            gi_stop_world(core);
            gi_stop_world(core);
            gi_start_world(core);
            gi_start_world(core);
            break;
        default: break;
        }
        safepoint(core);
    }
    gi_core_unregister(core, core);
}

static uint64_t all_turns(void)
{
    uint64_t sum = 0;
    for (int i = 0; i < THREADS; i++) sum += T.actors[i]->turns;
    return sum;
}

static void check_stop(void)
{
    GiThreadCore *core = &T.main->core;
    gi_stop_world(core);
    atomic_store(&T.stopped, true);
    uint64_t before = all_turns();
    gi_os_sleep_until(gi_os_deadline(300 * GI_NS_PER_US));
    CHECK(all_turns() == before);
    int listed = 0;
    for (GiThreadCore *c = NULL; (c = gi_world_next_core(T.world, c));) listed++;
    CHECK_INT(listed, THREADS + 1);
    atomic_store(&T.stopped, false);
    gi_start_world(core);
    safepoint(core);
}

static void test_stop(GiMode mode)
{
    setup(mode);
    for (int i = 0; i < THREADS; i++) start(i, mixed_actor, false);
    for (int n = 0; n < 60; n++) {
        check_stop();
        GI_BLOCKING(&T.main->core, "sleep") gi_os_sleep_until(gi_os_deadline(200000));
    }
    atomic_store(&T.stop, true);
    for (int i = 0; i < THREADS; i++) join(i);
    teardown();
}

static void spin(uint64_t ns)
{
    uint64_t end = gi_os_mono_ns() + ns;
    while (gi_os_mono_ns() < end) gi_os_spin_pause();
}

/* Computes a tenth of a millisecond between two safepoints. */
static void walking_actor(void *arg)
{
    Actor *a = arg;
    GiThreadCore *core = &a->core;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load_explicit(&T.stop, memory_order_relaxed)) {
        spin(100 * GI_NS_PER_US);
        atomic_fetch_add(&T.walked, 1);
        safepoint(core);
    }
    gi_core_unregister(core, core);
}

/* Who stops the world without a pause lets the others get farther than to their next safepoint each time. */
static void test_stop_in_a_loop(void)
{
    setup(GI_MODE_FREE);
    GiThreadCore *core = &T.main->core;
    start(0, walking_actor, false);
    unsigned stops = 0, walked = 0;
    while (stops < 50 || (walked < 3 * stops && stops < 2000)) {
        gi_stop_world(core);
        spin(2000 * GI_NS_PER_US);
        gi_start_world(core);
        stops++;
        walked = atomic_load(&T.walked);
    }
    CHECK(walked >= 3 * stops);
    atomic_store(&T.stop, true);
    join(0);
    teardown();
}

/* Threads that start under the GIL go on free, each with its own owner number. */
static void test_lift(void)
{
    setup(GI_MODE_GIL);
    GiThreadCore *core = &T.main->core;
    gi_world_set_interval(T.world, 200 * GI_NS_PER_US);
    for (int i = 0; i < THREADS; i++) start(i, mixed_actor, false);
    for (int n = 0; n < 10; n++) check_stop();
    CHECK_INT(core->owner, GI_OWNER_GIL);
    gi_stop_world(core);
    atomic_store(&T.stopped, true);
    CHECK(gi_world_lift_gil(core) == GI_OK);
    for (GiThreadCore *c = NULL; (c = gi_world_next_core(T.world, c));) {
        CHECK(c->free_running && (c->is_main ? c->owner == GI_OWNER_GIL : c->owner >= GI_OWNER_FIRST));
        for (GiThreadCore *d = NULL; (d = gi_world_next_core(T.world, d));)
            CHECK(c == d || c->owner != d->owner);
    }
    atomic_store(&T.stopped, false);
    gi_start_world(core);
    for (int n = 0; n < 30; n++) check_stop();
    atomic_store(&T.stop, true);
    for (int i = 0; i < THREADS; i++) join(i);
    teardown();
}

/* Threads come and go while others stop the world. */
static void brief_actor(void *arg)
{
    Actor *a = arg;
    gi_core_bind(&a->core);
    gi_attach(&a->core);
    CHECK(!atomic_load(&T.stopped));
    safepoint(&a->core);
    CHECK(!atomic_load(&T.stopped));
    gi_core_unregister(&a->core, &a->core);
}

static void test_come_and_go(GiMode mode)
{
    setup(mode);
    for (int n = 0; n < 40; n++) {
        for (int i = 0; i < THREADS; i++) start(i, brief_actor, false);
        gi_stop_world(&T.main->core);
        atomic_store(&T.stopped, true);
        gi_os_sleep_until(gi_os_deadline(20000));
        atomic_store(&T.stopped, false);
        gi_start_world(&T.main->core);
        for (int i = 0; i < THREADS; i++) join(i);
    }
    CHECK_INT(T.world->last_serial, 40 * THREADS + 1);
    teardown();
}

/* In the child only the forking thread is left, and everything works. */
static void child_checks(void)
{
    GiThreadCore *core = &T.main->core;
    size_t gone = 0;
    GiThreadCore *next = NULL;
    for (GiThreadCore *c = gi_world_after_fork_child(core); c; c = next, gone++) {
        next = c->next;
        free(c);
    }
    CHECK_INT(gone, THREADS);
    CHECK(T.world->core_count == 1 && gi_is_attached(core) && core->is_main);
    CHECK_INT(core->native_id, getpid());
    atomic_store(&T.stop, false);
    if (THREADS_IN_CHILD) start(0, mixed_actor, false);
    for (int i = 0; i < 20; i++) GI_BLOCKING(core, "sleep") gi_os_thread_yield();
    gi_stop_world(core);
    gi_start_world(core);
    atomic_store(&T.stop, true);
    if (THREADS_IN_CHILD) join(0);
    teardown();
}

static void test_fork(GiMode mode)
{
    setup(mode);
    for (int i = 0; i < THREADS; i++) start(i, mixed_actor, false);
    for (int n = 0; n < 8; n++) {
        GI_BLOCKING(&T.main->core, "sleep") gi_os_sleep_until(gi_os_deadline(500000));
        gi_world_before_fork(&T.main->core);
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            child_checks();
            _exit(0);
        }
        gi_world_after_fork_parent(&T.main->core);
        int status = -1;
        GI_BLOCKING(&T.main->core, "waitpid") CHECK(waitpid(pid, &status, 0) == pid);
        CHECK_INT(status, 0);
    }
    atomic_store(&T.stop, true);
    for (int i = 0; i < THREADS; i++) join(i);
    teardown();
}

/* Daemon threads that compute, sleep or wait when the world ends never run again, though the
 * world's memory is gone. */
static void daemon_actor(void *arg)
{
    Actor *a = arg;
    GiThreadCore *core = &a->core;
    _Atomic bool *stopped = &T.stopped;
    gi_core_bind(core);
    gi_attach(core);
    atomic_fetch_add(&T.running, 1);
    for (;;) {
        for (int i = 0; i < 100; i++) CHECK(!atomic_load_explicit(stopped, memory_order_relaxed));
        a->seed = a->seed * 1103515245u + 12345u;
        if ((a->seed >> 16 & 7) == 0)
            GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(a->seed >> 16 & 0xfffff));
        safepoint(core);
    }
}

static void test_exit(GiMode mode, bool lift)
{
    setup(mode);
    GiThreadCore *core = &T.main->core;
    for (int i = 0; i < THREADS; i++) start(i, daemon_actor, true);
    while (atomic_load(&T.running) < THREADS) {
        GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(100000));
    }
    if (lift) {
        gi_stop_world(core);
        CHECK(gi_world_lift_gil(core) == GI_OK);
        gi_start_world(core);
        GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(100000));
    }
    CHECK_INT(gi_world_begin_exit(core), THREADS);
    atomic_store(&T.stopped, true);
    CHECK(gi_is_attached(core));
    GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(100000));
    Actor late;
    gi_core_init(&late.core, T.world);
    CHECK(gi_core_register(&late.core, core) == GI_FAIL);
    gi_core_unregister(core, core);
    gi_world_destroy(T.world);
    memset(T.world, 0xdd, sizeof *T.world);
    free(T.world);
    free(T.main);
    gi_os_sleep_until(gi_os_deadline(3 * GI_NS_PER_MS));
    for (int i = 0; i < THREADS; i++)
        CHECK_INT(atomic_load(&T.actors[i]->core.state), GI_STATE_HUNG);
}

/* Requests reach one, all, or the main thread. */
static void test_requests(void)
{
    setup(GI_MODE_GIL);
    GiThreadCore *core = &T.main->core;
    CHECK_INT(gi_safepoint(core), 0);
    gi_request_all(T.world, GI_SP_GC, core);
    gi_request_main(T.world, GI_SP_SIGNAL);
    CHECK_INT(gi_safepoint(core), GI_SP_GC | GI_SP_SIGNAL);
    CHECK_INT(gi_take_requests(core, GI_SP_SIGNAL | GI_SP_CALLS), GI_SP_SIGNAL);
    CHECK_INT(gi_take_requests(core, GI_SP_GC), GI_SP_GC);
    gi_stop_world(core);
    gi_request_all(T.world, GI_SP_CALLS, core);
    gi_start_world(core);
    CHECK_INT(gi_take_requests(core, ~0u), GI_SP_CALLS);
    teardown();
}

int main(void)
{
    test_requests();
    for (int mode = GI_MODE_GIL; mode <= GI_MODE_FREE; mode++) {
        test_stop((GiMode)mode);
        test_come_and_go((GiMode)mode);
        test_fork((GiMode)mode);
    }
    test_stop_in_a_loop();
    test_lift();
    test_exit(GI_MODE_GIL, false);
    test_exit(GI_MODE_FREE, false);
    test_exit(GI_MODE_GIL, true);
    return 0;
}
