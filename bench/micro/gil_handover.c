/* gil_handover.c - what the GIL costs by itself.
 *
 * usage: gil_handover [SECONDS [switch]]      switch: only the first two figures
 * Prints one figure a line: an uncontended detach and attach; hand-overs a second between two
 * threads that only hand the lock to each other, against two pthreads doing so with a bare mutex
 * and condition; two computing threads against one; and the time a thread back from a blocking
 * call waits beside one and four computing threads.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "threads/threads.h"

enum { MOST = 9 };

static struct {
    GiWorld world;
    GiThreadCore main;
    GiThreadCore cores[MOST];
    GiOsThread threads[MOST];
    _Atomic bool stop;
    uint64_t counted[MOST];
    uint64_t waits[1 << 16];
    size_t wait_count;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    int turn;
    uint64_t bare;
} B;

static void setup(GiPolicy policy)
{
    memset(&B, 0, sizeof B);
    if (gi_world_init(&B.world, GI_MODE_GIL) != GI_OK) abort();
    B.world.policy = policy;
    gi_core_init(&B.main, &B.world);
    if (gi_core_register(&B.main, NULL) != GI_OK) abort();
    gi_core_bind(&B.main);
    gi_attach(&B.main);
}

static void teardown(void)
{
    gi_core_unregister(&B.main, &B.main);
    gi_world_destroy(&B.world);
}

static void start(int i, GiThreadMain run)
{
    gi_core_init(&B.cores[i], &B.world);
    if (gi_core_register(&B.cores[i], &B.main) != GI_OK) abort();
    if (gi_os_thread_start(&B.threads[i], run, &B.cores[i], 0, false) != 0) abort();
}

static void run_for(double seconds, int threads)
{
    GI_BLOCKING(&B.main, "sleep")
    {
        gi_os_sleep_until(gi_os_deadline((uint64_t)(seconds * 1e9)));
        atomic_store(&B.stop, true);
        for (int i = 0; i < threads; i++) gi_os_thread_join(&B.threads[i]);
    }
}

static void uncontended(void)
{
    enum { TURNS = 5000000 };
    setup(GI_POLICY_BUDGET);
    uint64_t begun = gi_os_mono_ns();
    for (int i = 0; i < TURNS; i++) {
        gi_detach(&B.main, "nothing");
        gi_attach(&B.main);
    }
    printf("detach and attach, uncontended: %.1f ns\n",
           (double)(gi_os_mono_ns() - begun) / TURNS);
    teardown();
}

static void handing(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load_explicit(&B.stop, memory_order_relaxed)) gi_yield_gil(core);
    gi_core_unregister(core, core);
}

static void *bare(void *arg)
{
    int me = (int)(intptr_t)arg;
    pthread_mutex_lock(&B.mutex);
    while (!atomic_load(&B.stop)) {
        while (B.turn != me && !atomic_load(&B.stop)) pthread_cond_wait(&B.cond, &B.mutex);
        B.turn = !me;
        B.bare++;
        pthread_cond_signal(&B.cond);
    }
    pthread_mutex_unlock(&B.mutex);
    return NULL;
}

static void hand_overs(double seconds)
{
    setup(GI_POLICY_BUDGET);
    start(0, handing);
    start(1, handing);
    run_for(seconds, 2);
    double gil = (double)atomic_load(&B.world.gil.switches) / seconds;
    teardown();
    memset(&B, 0, sizeof B);
    pthread_mutex_init(&B.mutex, NULL);
    pthread_cond_init(&B.cond, NULL);
    pthread_t pair[2];
    for (int i = 0; i < 2; i++) pthread_create(&pair[i], NULL, bare, (void *)(intptr_t)i);
    gi_os_sleep_until(gi_os_deadline((uint64_t)(seconds * 1e9)));
    atomic_store(&B.stop, true);
    pthread_cond_broadcast(&B.cond);
    for (int i = 0; i < 2; i++) pthread_join(pair[i], NULL);
    double plain = (double)B.bare / seconds;
    printf("hand-overs a second: %.0f; bare mutex and condition: %.0f; ratio %.2f\n", gil, plain,
           gil / plain);
}

static void counting(void *arg)
{
    GiThreadCore *core = arg;
    size_t i = (size_t)(core - B.cores);
    uint64_t n = 0;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load_explicit(&B.stop, memory_order_relaxed)) {
        n++;
        if (GI_UNLIKELY(gi_safepoint(core) & GI_SP_THREADS)) gi_safepoint_threads(core);
    }
    B.counted[i] = n;
    gi_core_unregister(core, core);
}

/* Counts a second with so many threads. */
static double count_with(int threads, double seconds)
{
    setup(GI_POLICY_BUDGET);
    for (int i = 0; i < threads; i++) start(i, counting);
    run_for(seconds, threads);
    uint64_t sum = 0;
    for (int i = 0; i < threads; i++) sum += B.counted[i];
    teardown();
    return (double)sum / seconds;
}

static void returning(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    while (!atomic_load(&B.stop) && B.wait_count < GI_COUNTOF(B.waits)) {
        gi_detach(core, "sleep");
        gi_os_sleep_until(gi_os_deadline(GI_NS_PER_MS));
        uint64_t begun = gi_os_mono_ns();
        gi_attach(core);
        B.waits[B.wait_count++] = gi_os_mono_ns() - begun;
    }
    gi_core_unregister(core, core);
}

static int by_size(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void latency(GiPolicy policy, int computing, double seconds)
{
    setup(policy);
    start(0, returning);
    for (int i = 1; i <= computing; i++) start(i, counting);
    run_for(seconds, computing + 1);
    qsort(B.waits, B.wait_count, sizeof B.waits[0], by_size);
    printf("back from a blocking call beside %d computing (%s): p50 %.1f us, p99 %.1f us\n",
           computing, policy == GI_POLICY_BUDGET ? "budget" : "cpython",
           (double)B.waits[B.wait_count / 2] / 1e3,
           (double)B.waits[B.wait_count * 99 / 100] / 1e3);
    teardown();
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 1.0;
    uncontended();
    hand_overs(seconds);
    if (argc > 2) return 0;
    double one = count_with(1, seconds), two = count_with(2, seconds),
           eight = count_with(8, seconds);
    printf("counting by 2 and 8 threads against 1: time ratio %.3f, %.3f\n", one / two,
           one / eight);
    for (int policy = GI_POLICY_BUDGET; policy <= GI_POLICY_CPYTHON; policy++) {
        latency((GiPolicy)policy, 1, seconds);
        latency((GiPolicy)policy, 4, seconds);
    }
    return 0;
}
