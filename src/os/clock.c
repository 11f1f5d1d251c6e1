/* clock.c - clocks, sleeping and tick calibration over POSIX clock_gettime. See clock.h. */
#include "os/clock.h"

#include <errno.h>
#include <time.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

static uint64_t clock_ns(clockid_t id)
{
    struct timespec t;
    if (clock_gettime(id, &t) != 0) return 0;
    return (uint64_t)t.tv_sec * GI_NS_PER_SEC + (uint64_t)t.tv_nsec;
}

uint64_t gi_os_mono_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
uint64_t gi_os_thread_cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }
bool gi_os_thread_cpu_of(uint64_t native_id, uint64_t *ns)
{
#if defined(__linux__)
    /* How the kernel numbers the clocks of threads. */
    clockid_t clock = (clockid_t)((~(unsigned)native_id << 3) | 6);
    struct timespec t;
    if (clock_gettime(clock, &t) != 0) return false;
    *ns = (uint64_t)t.tv_sec * GI_NS_PER_SEC + (uint64_t)t.tv_nsec;
    return true;
#else
    (void)native_id;
    (void)ns;
    return false;
#endif
}

uint64_t gi_os_process_cpu_ns(void) { return clock_ns(CLOCK_PROCESS_CPUTIME_ID); }

int64_t gi_os_real_ns(void)
{
    struct timespec t;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0) return 0;
    return (int64_t)t.tv_sec * (int64_t)GI_NS_PER_SEC + t.tv_nsec;
}

uint64_t gi_os_clock_resolution(GiClockId id, const char **name)
{
    static const struct {
        clockid_t id;
        const char *name;
    } clocks[] = {
        [GI_CLOCK_MONOTONIC] = {CLOCK_MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)"},
        [GI_CLOCK_REALTIME] = {CLOCK_REALTIME, "clock_gettime(CLOCK_REALTIME)"},
        [GI_CLOCK_THREAD_CPU] = {CLOCK_THREAD_CPUTIME_ID, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)"},
        [GI_CLOCK_PROCESS_CPU] = {CLOCK_PROCESS_CPUTIME_ID,
                                  "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)"},
    };
    struct timespec t = {0, 1};
    clock_getres(clocks[id].id, &t);
    if (name) *name = clocks[id].name;
    return (uint64_t)t.tv_sec * GI_NS_PER_SEC + (uint64_t)t.tv_nsec;
}

uint64_t gi_os_deadline(uint64_t ns)
{
    uint64_t now = gi_os_mono_ns();
    return ns >= GI_NEVER - now ? GI_NEVER : now + ns;
}

bool gi_os_sleep_until(uint64_t deadline)
{
    int saved = errno;
    struct timespec t = {(time_t)(deadline / GI_NS_PER_SEC), (long)(deadline % GI_NS_PER_SEC)};
#if defined(__APPLE__)
    uint64_t now = gi_os_mono_ns();
    uint64_t left = deadline > now ? deadline - now : 0;
    t = (struct timespec){(time_t)(left / GI_NS_PER_SEC), (long)(left % GI_NS_PER_SEC)};
    bool interrupted = nanosleep(&t, NULL) != 0 && errno == EINTR;
#else
    bool interrupted = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR;
#endif
    errno = saved;
    return !interrupted;
}

#if defined(__x86_64__)
static bool tsc_is_invariant(void)
{
    unsigned a, b, c, d;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) && (d & (1u << 8));
}

/* Reads both clocks at (nearly) one moment: of five tries the one that took the fewest ticks, so
 * that losing the processor between the two reads does no harm. */
static void read_both(uint64_t *tsc, uint64_t *ns)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 5; i++) {
        uint64_t before = __rdtsc();
        uint64_t now = gi_os_mono_ns();
        uint64_t after = __rdtsc();
        if (after - before < best) {
            best = after - before;
            *tsc = before + (after - before) / 2;
            *ns = now;
        }
    }
}
#endif

void gi_os_ticks_init(GiTicks *ticks)
{
    *ticks = (GiTicks){false, UINT64_C(1) << 32, UINT64_C(1) << 32};
#if defined(__x86_64__)
    if (!tsc_is_invariant()) return;
    uint64_t tsc0 = 0, ns0 = 0, tsc1 = 0, ns1 = 0;
    read_both(&tsc0, &ns0);
    while (gi_os_mono_ns() < ns0 + 20 * GI_NS_PER_US) continue;
    read_both(&tsc1, &ns1);
    /* A counter below 100 MHz or above 10 GHz is no time stamp counter that we understand. */
    if (tsc1 - tsc0 < (ns1 - ns0) / 10 || tsc1 - tsc0 > (ns1 - ns0) * 10) return;
    ticks->ns_per_tick = (uint64_t)(((unsigned __int128)(ns1 - ns0) << 32) / (tsc1 - tsc0));
    ticks->tick_per_ns = (uint64_t)(((unsigned __int128)(tsc1 - tsc0) << 32) / (ns1 - ns0));
    ticks->tsc = true;
#endif
}
