/* epoch.h - freeing memory that other threads may be reading: by quiescent states.
 *
 * Readers in free mode take no lock; they promise to hold no borrowed memory across a safepoint or
 * a detach. Who unlinks something retires it; it is freed once every thread that was attached then
 * has passed a safepoint or been detached. Under the GIL, and in a stopped world, retiring frees
 * at once.
 *
 * A thread collects what it retires in batches. A full batch is closed with a goal, the world's
 * epoch after an increment; GI_SP_EPOCH asks the attached threads to note the epoch they see.
 * INVARIANT: a batch is freed only when each core was seen detached, or with epoch_seen >= goal,
 * after the batch was closed.
 */
#ifndef GI_THREADS_EPOCH_H
#define GI_THREADS_EPOCH_H

#include "threads/world.h"

typedef void (*GiRetireFree)(void *ptr, void *arg);

/* Frees `ptr` by free_fn(ptr, arg) when no thread can be reading it. The thread is attached.
 * Never detaches. Never fails: without memory for a batch the block is given up (and counted in
 * world->epoch_lost). free_fn runs in some attached thread (perhaps another one) at a safepoint,
 * must not detach, and may retire more. `size` in bytes, as far as known (0: little): much memory
 * does not wait for a batch to fill. */
void gi_retire(GiThreadCore *core, void *ptr, size_t size, GiRetireFree free_fn, void *arg);

/* Closes the batch that is being filled, so that its time begins at the next safepoint. */
void gi_epoch_flush(GiThreadCore *core);

/* At a safepoint: frees those batches of this thread (and orphans) whose goal is reached, and asks
 * the others to report for the rest; true when nothing is left waiting. Does not wait. */
bool gi_epoch_poll(GiThreadCore *core);

/* What a safepoint with GI_SP_EPOCH does: reports, looks, and as long as anything waits, asks itself
 * to look again. */
void gi_epoch_safepoint(GiThreadCore *core);

/* Notes that the thread holds no borrowed memory; called at safepoints that find GI_SP_EPOCH. */
void gi_epoch_quiesce(GiThreadCore *core);

/* Frees everything that is retired in the whole world; the caller has it stopped, or is alone. */
void gi_epoch_drain(GiThreadCore *core);

/* Frees what departed threads have left; nobody may be reading. */
void gi_epoch_drain_orphans(GiWorld *world);

/* Leaves what a departing thread has retired to the others (gi_core_unregister calls it). */
void gi_epoch_abandon(GiThreadCore *core);

#endif
