/* stats.h - what the counters of threads say, as plain numbers: for this process, and for another.
 *
 * A GiThreadRecord is a copy in nanoseconds, the stretch that is going on included. Records of
 * threads that ended are kept (the last GI_DEPARTED_KEPT; older ones are added up).
 * LOCK: the departed are under world->lock.
 */
#ifndef GI_THREADS_STATS_H
#define GI_THREADS_STATS_H

#include "threads/world.h"

enum { GI_DEPARTED_KEPT = 256 };

typedef enum {
    GI_SHOWN_RUNNING,
    GI_SHOWN_WAITING, /* for the GIL, or for the lock of an object: then call says so */
    GI_SHOWN_BLOCKED,
    GI_SHOWN_STOPPED,
    GI_SHOWN_ENDED,
} GiShownState;

typedef struct {
    char name[GI_NAME_SIZE];
    uint64_t native_id, ident, serial; /* serial 0: several threads that ended, added up */
    bool is_main;
    GiShownState state;
    const char *call;                  /* the blocking call it is in, or NULL; its process's memory */
    uint64_t acquisitions, contended, drops_asked, drops_given, lock_waits, stops;
    uint64_t handovers[GI_CAUSE_COUNT];
    bool cpu_known;
    uint64_t cpu, lifetime, hold, wait, blocked, stopped, longest_hold, longest_wait;
    uint64_t lock_wait; /* for locks of objects; not part of `blocked` here */
    uint64_t stopping;  /* others */
    uint64_t going;     /* of the stretch that is going on, where it is in a call */
    GiSite longest_hold_at, longest_wait_at;
} GiThreadRecord;

/* What concerns the whole interpreter. */
typedef struct {
    GiMode mode;
    GiPolicy policy;
    uint64_t interval, switches, wall, threads, threads_ended;
    bool was_lifted;
    uint64_t lifted; /* since the beginning */
} GiWorldRecord;

/* Threads that ended, oldest first. */
typedef struct GiDeparted {
    uint64_t count;                    /* all that ever ended */
    GiThreadRecord *older;             /* the sum of those no longer kept, or NULL */
    size_t kept, first;                /* a ring */
    GiThreadRecord *records[GI_DEPARTED_KEPT];
} GiDeparted;

/* Fills a record from a core and its world, or from copies of them; `holder` tells whether it has
 * the GIL. The processor time is left out. */
void gi_stats_convert(const GiThreadCore *core, const GiWorld *world, bool holder, uint64_t now,
                      GiThreadRecord *record);
/* Fills a record from a world or a copy of one. */
void gi_stats_convert_world(const GiWorld *world, uint64_t now, GiWorldRecord *record);

/* Copies of all records, those of ended threads too, in order of creation; an array to be freed,
 * or NULL when out of memory. `self` is the caller's attached core. */
GI_NODISCARD GiThreadRecord *gi_stats_take(GiThreadCore *self, size_t *count);

/* What a cause is called. */
const char *gi_cause_name(GiCause cause);

/* The `why` of waiting for a byte lock, and of nothing else. */
extern const char gi_why_object_lock[];
/* A record whose call turns out to be waiting for a byte lock. */
void gi_stats_in_object_lock(GiThreadRecord *record);

/* ---- For world.c, gil.c and locks.c ---- */

/* A wait for a byte lock is over; `before` is what stats.blocked was. */
void gi_stats_lock_waited(GiThreadCore *core, uint64_t before);

/* Notes where the attached thread is. */
void gi_stats_find_site(GiThreadCore *core, GiSite *site);
/* Keeps the record of a thread that is ending. */
void gi_stats_depart_locked(GiThreadCore *core);
/* The child of a fork counts from nothing. */
void gi_stats_after_fork_child(GiThreadCore *core);
/* Frees the records of ended threads. */
void gi_stats_forget(GiWorld *world);

#endif
