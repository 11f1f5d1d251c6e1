/* count.h - where threads touch memory that others may share: how often, and points at which they can be held up.
 *
 * In builds configured with -Dcount=true (`make count`) each thread adds up what bench/scaling/count.py
 * prints for each item: what does not happen on a path cannot hold it up on any number of processors.
 *
 * In builds with assertions (dev, asan, tsan) each of these places, and those marked by gi_point() where another thread
 * would do most harm (between a look and the look that confirms it, after a lock is taken and let go, at the doors of
 * epochs and of the world), gives way or sleeps for some microseconds now and then, when GI_DEBUG=yield:SEED asks
 * for it. What a thread does follows from the seed and from its number. In optimised builds there is nothing here.
 */
#ifndef GI_THREADS_COUNT_H
#define GI_THREADS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* From now on the points hold threads up; before threads are made. No effect in optimised builds. */
void gi_points_begin(uint64_t seed);
#ifdef NDEBUG
static inline void gi_point(void) {}
#else
extern bool gi_points_on;
void gi_point_slow(void);
static inline void gi_point(void)
{
    if (__builtin_expect(gi_points_on, false)) gi_point_slow();
}
#endif

#ifdef GI_COUNT
enum {
    GI_COUNTED_COUNTS,    /* atomic changes of the counts of objects that other threads own */
    GI_COUNTED_HANDED,    /* references handed to their owner */
    GI_COUNTED_LOCKS,     /* byte locks taken */
    GI_COUNTED_MUTEXES,   /* mutexes taken */
    GI_COUNTED_EXCHANGES, /* slots exchanged */
    GI_COUNTED_KINDS,
};
extern _Thread_local uint64_t gi_counted[GI_COUNTED_KINDS];
#define gi_count_shared(kind) ((void)gi_counted[GI_COUNTED_##kind]++)
#else
#define gi_count_shared(kind) gi_point()
#endif

#endif
