/* count.h - how often threads touch lines of memory that others may share.
 *
 * In builds configured with -Dcount=true (`make count`) each thread adds up what bench/scaling/count.py
 * prints for each item: what does not happen on a path cannot hold it up on any number of processors.
 * In all other builds there is nothing here.
 */
#ifndef GI_THREADS_COUNT_H
#define GI_THREADS_COUNT_H

#ifdef GI_COUNT
#include <stdint.h>
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
#define gi_count_shared(kind) ((void)0)
#endif

#endif
