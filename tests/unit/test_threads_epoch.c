/* test_threads_epoch.c - nothing is freed while it may be read, and everything is in the end. */
#include "check.h"
#include "threads/threads.h"

enum { READERS = 3, LIVE = 0x600d, DEAD = 0xdead };

typedef struct {
    _Atomic uint32_t state;
} Node;

static struct {
    GiWorld world;
    GiThreadCore main;
    GiThreadCore cores[READERS];
    GiOsThread threads[READERS];
    Node *_Atomic shared;
    _Atomic size_t freed;
    _Atomic bool stop;
} T;

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
    gi_world_destroy(&T.world);
    CHECK_INT(atomic_load(&T.world.epoch_lost), 0);
}

static Node *new_node(void)
{
    Node *node = malloc(sizeof *node);
    CHECK(node != NULL);
    atomic_init(&node->state, LIVE);
    return node;
}

static void free_node(void *ptr, void *arg)
{
    Node *node = ptr;
    CHECK(arg == &T);
    CHECK(atomic_exchange(&node->state, DEAD) == LIVE);
    free(node);
    atomic_fetch_add(&T.freed, 1);
}

static void safepoint(GiThreadCore *core)
{
    if (gi_safepoint(core) & GI_SP_THREADS) gi_safepoint_threads(core);
}

static void reader(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    for (unsigned n = 0; !atomic_load_explicit(&T.stop, memory_order_relaxed); n++) {
        Node *node = atomic_load_explicit(&T.shared, memory_order_acquire);
        for (int i = 0; i < 50; i++) CHECK_INT(atomic_load(&node->state), LIVE);
        if (n % 256 == 0) GI_BLOCKING(core, "sleep") gi_os_sleep_until(gi_os_deadline(2000));
        safepoint(core);
    }
    gi_core_unregister(core, core);
}

/* A departing writer leaves orphans, which others free. */
static void brief_writer(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    for (int i = 0; i < 10; i++) gi_retire(core, new_node(), 0, free_node, &T);
    gi_core_unregister(core, core);
}

static void test_free_mode(void)
{
    setup(GI_MODE_FREE);
    size_t retired = 0;
    atomic_store(&T.shared, new_node());
    for (int i = 0; i < READERS; i++) {
        gi_core_init(&T.cores[i], &T.world);
        CHECK(gi_core_register(&T.cores[i], &T.main) == GI_OK);
        CHECK(gi_os_thread_start(&T.threads[i], i == 0 ? brief_writer : reader, &T.cores[i], 0,
                                 false)
              == 0);
    }
    GI_BLOCKING(&T.main, "join") gi_os_thread_join(&T.threads[0]);
    for (int i = 0; i < 5000; i++, retired++) {
        Node *old = atomic_exchange(&T.shared, new_node());
        gi_retire(&T.main, old, 0, free_node, &T);
        safepoint(&T.main);
    }
    gi_epoch_flush(&T.main);
    uint64_t end = gi_os_deadline(5 * GI_NS_PER_SEC);
    while (!gi_epoch_poll(&T.main) && gi_os_mono_ns() < end) {
        GI_BLOCKING(&T.main, "sleep") gi_os_sleep_until(gi_os_deadline(10000));
    }
    CHECK_INT(atomic_load(&T.freed), retired + 10);
    atomic_store(&T.stop, true);
    for (int i = 1; i < READERS; i++)
        GI_BLOCKING(&T.main, "join") gi_os_thread_join(&T.threads[i]);
    gi_retire(&T.main, atomic_load(&T.shared), 0, free_node, &T);
    teardown();
    CHECK_INT(atomic_load(&T.freed), retired + 11);
}

/* What is retired while a thread stands between two safepoints waits for it. */
static _Atomic int phase;

static void standing_reader(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    atomic_store(&phase, 1);
    while (atomic_load(&phase) == 1) gi_os_thread_yield();
    safepoint(core);
    atomic_store(&phase, 3);
    while (atomic_load(&phase) == 3) gi_os_thread_yield();
    gi_core_unregister(core, core);
}

static void test_waits_for_reader(void)
{
    setup(GI_MODE_FREE);
    atomic_store(&phase, 0);
    gi_core_init(&T.cores[0], &T.world);
    CHECK(gi_core_register(&T.cores[0], &T.main) == GI_OK);
    CHECK(gi_os_thread_start(&T.threads[0], standing_reader, &T.cores[0], 0, false) == 0);
    while (atomic_load(&phase) != 1) gi_os_thread_yield();
    gi_retire(&T.main, new_node(), 0, free_node, &T);
    gi_epoch_flush(&T.main);
    for (int i = 0; i < 10; i++) CHECK(!gi_epoch_poll(&T.main));
    CHECK_INT(atomic_load(&T.freed), 0);
    atomic_store(&phase, 2);
    while (atomic_load(&phase) != 3) gi_os_thread_yield();
    CHECK(gi_epoch_poll(&T.main));
    CHECK_INT(atomic_load(&T.freed), 1);
    atomic_store(&phase, 4);
    GI_BLOCKING(&T.main, "join") gi_os_thread_join(&T.threads[0]);
    gi_retire(&T.main, new_node(), 0, free_node, &T);
    gi_stop_world(&T.main);
    gi_epoch_drain(&T.main);
    CHECK_INT(atomic_load(&T.freed), 2);
    gi_retire(&T.main, new_node(), 0, free_node, &T);
    CHECK_INT(atomic_load(&T.freed), 3);
    gi_start_world(&T.main);
    teardown();
}

static void test_gil_mode(void)
{
    setup(GI_MODE_GIL);
    gi_retire(&T.main, new_node(), 0, free_node, &T);
    CHECK_INT(atomic_load(&T.freed), 1);
    teardown();
}

int main(void)
{
    test_gil_mode();
    test_waits_for_reader();
    test_free_mode();
    return 0;
}
