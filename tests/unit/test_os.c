/* test_os.c - the platform layer: clocks, sleeping, futexes, threads, memory, process facts. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "check.h"
#include "os/clock.h"
#include "os/futex.h"
#include "os/memory.h"
#include "os/process.h"
#include "os/thread.h"

static void test_clocks(void)
{
    uint64_t a = gi_os_mono_ns(), cpu = gi_os_thread_cpu_ns();
    CHECK(gi_os_sleep_until(gi_os_deadline(3 * GI_NS_PER_MS)));
    uint64_t took = gi_os_mono_ns() - a;
    CHECK(took >= 3 * GI_NS_PER_MS && took < GI_NS_PER_SEC);
    CHECK(gi_os_thread_cpu_ns() - cpu < 3 * GI_NS_PER_MS);
    CHECK(gi_os_process_cpu_ns() >= gi_os_thread_cpu_ns() / 2);
    CHECK(gi_os_real_ns() > INT64_C(1600000000) * (int64_t)GI_NS_PER_SEC);
    CHECK(gi_os_deadline(GI_NEVER) == GI_NEVER);
    const char *name;
    CHECK(gi_os_clock_resolution(GI_CLOCK_MONOTONIC, &name) >= 1);
    CHECK(strstr(name, "MONOTONIC") != NULL);
    GiTicks ticks;
    gi_os_ticks_init(&ticks);
    uint64_t t0 = gi_ticks(&ticks), n0 = gi_os_mono_ns();
    gi_os_sleep_until(gi_os_deadline(20 * GI_NS_PER_MS));
    uint64_t t1 = gi_ticks(&ticks), n1 = gi_os_mono_ns();
    double ratio = (double)gi_ticks_to_ns(&ticks, t1 - t0) / (double)(n1 - n0);
    CHECK(ratio > 0.9 && ratio < 1.1);
    uint64_t back = gi_ticks_to_ns(&ticks, gi_ticks_from_ns(&ticks, 1000000));
    CHECK(back > 999000 && back < 1001000);
}

static _Atomic uint32_t word;

static void change_word(void *arg)
{
    (void)arg;
    gi_os_sleep_until(gi_os_deadline(2 * GI_NS_PER_MS));
    atomic_store(&word, 1);
    gi_os_futex_wake(&word, INT32_MAX);
}

static void test_futex(void)
{
    errno = 99;
    CHECK_INT(gi_os_futex_wait(&word, 5, GI_NEVER), GI_WAIT_WOKEN);
    CHECK_INT(gi_os_futex_wait(&word, 0, gi_os_deadline(GI_NS_PER_MS)), GI_WAIT_TIMEOUT);
    CHECK_INT(errno, 99);
    GiOsThread thread;
    CHECK_INT(gi_os_thread_start(&thread, change_word, NULL, 256 << 10, false), 0);
    while (atomic_load(&word) == 0) gi_os_futex_wait(&word, 0, GI_NEVER);
    CHECK_INT(gi_os_thread_join(&thread), 0);
}

static uint64_t ids[2];

static void look_at_self(void *arg)
{
    (void)arg;
    uintptr_t low, high, here = (uintptr_t)&low;
    gi_os_thread_set_name("a name that is too long for Linux");
    CHECK(gi_os_stack_bounds(&low, &high));
    CHECK(low < here && here < high);
    CHECK(high - low <= 64 << 20);
    ids[0] = gi_os_thread_ident();
    ids[1] = gi_os_thread_native_id();
}

static void test_threads(void)
{
    GiOsThread thread;
    CHECK_INT(gi_os_thread_start(&thread, look_at_self, NULL, 512 << 10, false), 0);
    CHECK_INT(gi_os_thread_join(&thread), 0);
    CHECK(ids[0] != 0 && ids[0] != gi_os_thread_ident());
    CHECK(ids[1] != gi_os_thread_native_id());
    CHECK_INT(gi_os_thread_native_id(), getpid());
    CHECK(gi_os_stack_size_ok(64 << 10) && !gi_os_stack_size_ok(100));
    CHECK(gi_os_cpu_count() >= 1 && gi_os_cpu_usable() >= 1);
    uintptr_t low, high, here = (uintptr_t)&low;
    CHECK(gi_os_stack_bounds(&low, &high));
    CHECK(low < here && here < high);
}

static void test_memory(void)
{
    size_t page = gi_os_page_size();
    for (size_t align = page; align <= (size_t)1 << 22; align *= 4) {
        char *pages = gi_os_pages_alloc(3 * page - 5, align);
        CHECK(pages && ((uintptr_t)pages & (align - 1)) == 0);
        CHECK(pages[0] == 0 && pages[3 * page - 1] == 0);
        memset(pages, 1, 3 * page);
        gi_os_pages_decommit(pages, 3 * page);
        CHECK_INT(gi_os_pages_protect(pages, page, false), 0);
        gi_os_pages_free(pages, 3 * page - 5);
    }
    CHECK(gi_os_pages_alloc(SIZE_MAX - 10, page) == NULL);
    char *block = gi_os_aligned_zalloc(100, 64);
    CHECK(block && ((uintptr_t)block & 63) == 0 && block[99] == 0);
    free(block);
    CHECK(gi_os_memory_peak() > 100000 && gi_os_memory_now() > 100000);
}

static void test_process(void)
{
    char *path = gi_os_executable_path();
    CHECK(path && path[0] == '/' && access(path, X_OK) == 0);
    free(path);
    CHECK(gi_os_environ_peek() != NULL);
    int fd = open("/dev/null", O_RDONLY);
    errno = 7;
    CHECK(!gi_os_is_terminal(fd));
    CHECK_INT(errno, 7);
    close(fd);
    unsigned char bytes[600] = {0};
    CHECK_INT(gi_os_random(bytes, sizeof bytes, true), 0);
    int zeros = 0;
    for (size_t i = 0; i < sizeof bytes; i++) zeros += bytes[i] == 0;
    CHECK(zeros < 100);
    const char *error = NULL;
    CHECK(gi_os_library_open("/nonexistent/lib.so", RTLD_NOW, &error) == NULL && error != NULL);
    void *self = gi_os_library_open(NULL, RTLD_NOW, &error);
    CHECK(self != NULL);
    CHECK(gi_os_library_symbol(self, "malloc", &error) != NULL);
    error = NULL;
    CHECK(gi_os_library_symbol(self, "no_such_symbol_here", &error) == NULL && error != NULL);
    CHECK_INT(gi_os_library_close(self, &error), 0);
}

int main(void)
{
    test_clocks();
    test_futex();
    test_threads();
    test_memory();
    test_process();
    return 0;
}
