/* split.h - counts of objects that many threads use: every thread counts for itself.
 *
 * A biased count is cheap for one thread alone. What all threads call and look at (functions,
 * classes, modules, an instance that they share) would have its line of memory pulled from core to
 * core by counting. Such an object is given a number; its counts word holds that number
 * (GI_OWNER_SPLIT), and each thread adds and subtracts in an array of its own, so that its sum alone
 * has a meaning. The idea is that of sloppy counters (Boyd-Wickizer et al., OSDI 2010).
 *
 * Nobody sees the sum reach zero at once: that is found in a stopped world, by the collector. So a
 * shared object dies late, at the next collection; it is never one whose death a program waits for
 * (with a __del__, or with weak references), unless it is a function, a class, a module or code.
 *
 * Which objects they are is learned, not known beforehand: of the counts that a thread changes
 * for objects of others (the slow way), every 16th is looked at, and what is met again and again
 * is hot. A hot object belongs to the thread that uses it first (its bias is transferred), and is
 * split when another thread finds it hot too.
 *
 * LOCK: the table of numbers changes in a stopped world only; GiHeapShared.lock guards the sums,
 * since a thread may end while the world is stopped.
 */
#ifndef GI_MEMORY_SPLIT_H
#define GI_MEMORY_SPLIT_H

#include "memory/thread.h"

/* So many objects can be split at a time; the rest stays as it is. */
enum { GI_SPLIT_LIMIT = 1 << 18, GI_HOT_EVERY = 16 };

/* Begins to serve a thread when the GIL is lifted, or when it is made afterwards; adds what it
 * counted to the sums when it ends. LOCK: GiHeapShared.lock is held for both. */
GI_NODISCARD GiStatus gi_split_thread_init(GiThread *ts);
void gi_split_thread_end(GiHeapShared *shared, GiThread *ts);

/* Looks at one count in GI_HOT_EVERY that ts changed for an object of another thread, alive. */
void gi_hot_sample(GiThread *ts, GiObj *obj);
static inline void gi_hot_look(GiThread *ts, GiObj *obj) {
    if (GI_UNLIKELY(--ts->hot_rest == 0)) gi_hot_sample(ts, obj);
}
/* Splits, or transfers, what the thread found hot. At a safepoint; stops the world. */
void gi_hot_settle(GiThread *ts);
/* Lets go of what waits to be settled in `of`: before that thread ends, or when it has vanished in a
 * fork. ts is the caller, attached. */
void gi_hot_forget(GiThread *ts, GiThread *of);

/* Gives a split object ordinary counts, owned by ts; nothing to do for others. In a stopped world. */
void gi_split_undo(GiThread *ts, GiObj *obj);
/* Split objects that nobody refers to any more, each with one reference of the caller's; gives how
 * many stand in `dead`, which has room for `limit`. In a stopped world. */
size_t gi_split_take_dead(GiThread *ts, GiObj **dead, size_t limit);
void gi_split_vm_end(GiHeapShared *shared);

#endif
