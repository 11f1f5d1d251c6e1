/* gil_watch.h - the GIL seen by users: where threads are, the trace file, the table at the end.
 *
 * What a place in a program is: the innermost line outside the standard library, or the innermost
 * one when there is none. A code object that an event refers to is kept alive until its trace ends,
 * since its address stands for it in the threads' caches.
 */
#ifndef GI_RUNTIME_GIL_WATCH_H
#define GI_RUNTIME_GIL_WATCH_H

#include "objects/type.h"
#include "runtime/runtime.h"
#include "threads/stats.h"
#include "threads/trace.h"

extern const GiSiteFinder gi_site_finder;

/* Begins to record into a file; 0 or an errno value (EBUSY: a trace is being recorded). */
GI_NODISCARD int gi_gil_trace_start(GiThread *ts, const char *path);
/* Ends the recording; false: there was none. */
bool gi_gil_trace_stop(GiThread *ts, GiTraceCounts *counts);
/* Gives threads the names that `threading` knows now. */
void gi_gil_refresh_names(GiThread *ts);
/* The name of a thread that is about to be started with this function: that of its Thread. */
void gi_gil_name_new_thread(GiThread *ts, GiThread *made, GiVal func);

/* Whether the program runs with the GIL: so it does not with -X gil=0, though the lock is there until
 * the second thread is made. */
bool gi_gil_is_enabled(GiVm *vm);
/* Serves GI_SP_LIFT. */
void gi_gil_lift_wanted(GiThread *ts);
/* Lifts it now. GI_FAIL: it is required (RuntimeError), or no memory. */
GI_NODISCARD GiStatus gi_gil_lift(GiThread *ts);
/* Keeps it for `who` (a str; else, null as well: the code that runs), which stderr is told when it would not have
 * stayed. GI_FAIL: it is lifted already (RuntimeError). */
GI_NODISCARD GiStatus gi_gil_require(GiThread *ts, GiVal who);

/* What -X gil-trace and -X gil-stats ask for, at the beginning (false: a message is on stderr) and
 * at the end, when no other thread runs any more. */
bool gi_gil_watch_begin(GiThread *ts);
void gi_gil_watch_end(GiThread *ts);
/* In the child of a fork: the parent's trace is let go of; where the option's path has a "%p", the
 * child is recorded into a file of its own. */
void gi_gil_watch_after_fork_child(GiThread *ts);
/* Before exec: what was recorded is written. */
void gi_gil_watch_sync(GiThread *ts);

#endif
