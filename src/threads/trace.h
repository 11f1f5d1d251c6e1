/* trace.h - the trace file: what every thread did with the GIL, as Chrome's trace events.
 *
 * Each recorded thread puts events into its ring; one more native thread, which never attaches,
 * takes them out every 20 ms, or when a ring is half full, and writes lines of JSON. docs/internals/gil.md has the format. What
 * is written is whole lines, so the file of a killed program lacks nothing but its end.
 *
 * Memory is bounded: a ring of GI_TRACE_RING records a thread, one buffer, at most
 * GI_TRACE_SITES places. INVARIANT: a track (a thread's ring and what the writer knows of it) has
 * two owners, the core and the trace, and is freed by the last: a thread between a safepoint and
 * the GIL may still put an event while a trace ends.
 * LOCK: world->trace and the list of tracks change in a stopped world, or under world->lock.
 */
#ifndef GI_THREADS_TRACE_H
#define GI_THREADS_TRACE_H

#include "threads/world.h"

enum { GI_TRACE_RING = 8192, GI_TRACE_SITES = 65536 };
/* As `at` of a place: not a place, but the kind of object that `owner`, a type, stands for. */
#define GI_TRACE_OBJECT UINT32_MAX

typedef struct GiTrace GiTrace;
typedef struct GiTrack GiTrack;

typedef struct {
    const char *program, *version; /* UTF-8 */
    int argc;
    char **argv;
} GiTraceHeader;

typedef struct {
    uint64_t events, dropped;
    int error; /* errno of the write that failed, or 0 */
} GiTraceCounts;

/* Opens the file of a trace, which begins with gi_trace_begin; may block. NULL with errno set.
 * "%p" in the path stands for the process's number. */
GI_NODISCARD GiTrace *gi_trace_open(GiWorld *world, const char *path, const GiTraceHeader *header);
/* Begins to record all threads; `self` is attached. 0, or an errno value: EBUSY when a trace is
 * being recorded, or one that has ended is not finished (world->trace is NULL then). In case of failure the caller discards the trace. */
GI_NODISCARD int gi_trace_begin(GiThreadCore *self, GiTrace *trace);
/* Ends the recording; NULL when there is none. What remains is to finish, and to free, the trace. */
GI_NODISCARD GiTrace *gi_trace_end(GiThreadCore *self);
/* Writes what is left and closes the file; touches no thread, may block. */
void gi_trace_finish(GiTrace *trace, GiTraceCounts *counts);
/* Frees a trace that is finished or never began, or, in the child of a fork, the parent's. */
void gi_trace_free(GiTrace *trace);

/* What is written so far. */
GiTraceCounts gi_trace_counts(GiTrace *trace);
const char *gi_trace_path(GiTrace *trace);
/* What the numbers of sites in rings belong to; never 0. */
uint32_t gi_trace_number(GiTrace *trace);

/* A place that events may refer to: word `at` of the code `owner`. Gives its number, or 0 when it
 * is new (then add it), or there are too many. Both thread-safe; the owner must live on until
 * gi_trace_next_owner gives it back. */
uint32_t gi_trace_find_site(GiTrace *trace, const void *owner, uint32_t at);
uint32_t gi_trace_add_site(GiTrace *trace, const void *owner, uint32_t at, const GiSite *site);
/* The owners of all sites, one after the other, until NULL; for a trace that has ended. */
const void *gi_trace_next_owner(GiTrace *trace);

/* Waits (at most 200 ms) until what was recorded up to now is in the file: before exec. */
void gi_trace_sync(GiTrace *trace);

/* ---- For world.c ---- */

/* A ring is half full: the writer is not to wait for its time. By an attached thread that is listed. */
void gi_trace_hurry(GiTrace *trace);

/* A core has come: it is recorded if the world is; under world->lock. */
void gi_trace_join_locked(GiThreadCore *core);
/* It has been named; what has begun to run keeps its name until the trace ends. */
void gi_trace_named(GiThreadCore *core);
/* A core goes: its last event is in the ring. */
void gi_trace_part(GiThreadCore *core);
/* In the child of a fork: nothing is recorded any more; world->trace is for the caller to free. */
void gi_trace_after_fork_child(GiThreadCore *core);

#endif
