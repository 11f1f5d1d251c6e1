/* clock.h - clocks, sleeping, and the cheap tick counter.
 *
 * Times are unsigned 64-bit nanoseconds unless a name says ticks. A deadline is a point on the
 * monotonic clock; GI_NEVER waits for ever. Nothing here has state; all of it is thread-safe.
 */
#ifndef GI_OS_CLOCK_H
#define GI_OS_CLOCK_H

#include "base/common.h"

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#define GI_NEVER UINT64_MAX
#define GI_NS_PER_SEC UINT64_C(1000000000)
#define GI_NS_PER_MS UINT64_C(1000000)
#define GI_NS_PER_US UINT64_C(1000)

/* The clocks that Python's time module shows. */
typedef enum {
    GI_CLOCK_MONOTONIC, /* also perf_counter */
    GI_CLOCK_REALTIME,
    GI_CLOCK_THREAD_CPU,
    GI_CLOCK_PROCESS_CPU,
} GiClockId;

/* Nanoseconds of the clock that deadlines are measured with; never goes back. */
uint64_t gi_os_mono_ns(void);
/* Nanoseconds since 1970; may be set back by the administrator; signed because it may precede. */
int64_t gi_os_real_ns(void);
/* Processor time of the calling thread. */
uint64_t gi_os_thread_cpu_ns(void);
/* Processor time of a thread of this process by its native id; false when there is none. */
bool gi_os_thread_cpu_of(uint64_t native_id, uint64_t *ns);
/* Processor time of the process, all threads, user and system. */
uint64_t gi_os_process_cpu_ns(void);
/* Resolution of a clock in nanoseconds; `name` (may be NULL) gets the POSIX call's description. */
uint64_t gi_os_clock_resolution(GiClockId id, const char **name);

/* The deadline `ns` from now, saturating at GI_NEVER. */
uint64_t gi_os_deadline(uint64_t ns);

/* Sleeps to a deadline; true when it was reached, false when a signal came before (errno kept). */
bool gi_os_sleep_until(uint64_t deadline);

/* A counter that is read in a few nanoseconds: the processor's invariant time stamp counter where
 * there is one, else the monotonic clock. Calibrated once by its owner (20 microseconds). */
typedef struct {
    bool tsc;            /* ticks come from the processor */
    uint64_t ns_per_tick; /* 32.32 fixed point */
    uint64_t tick_per_ns; /* 32.32 fixed point */
} GiTicks;

/* Calibrates `ticks`. */
void gi_os_ticks_init(GiTicks *ticks);

static inline uint64_t gi_ticks(const GiTicks *ticks)
{
#if defined(__x86_64__)
    if (GI_LIKELY(ticks->tsc)) return __rdtsc();
#endif
    (void)ticks;
    return gi_os_mono_ns();
}

static inline uint64_t gi_ticks_to_ns(const GiTicks *ticks, uint64_t n)
{
    return (uint64_t)(((unsigned __int128)n * ticks->ns_per_tick) >> 32);
}

static inline uint64_t gi_ticks_from_ns(const GiTicks *ticks, uint64_t ns)
{
    return (uint64_t)(((unsigned __int128)ns * ticks->tick_per_ns) >> 32);
}

#endif
