/* fork.h - what memory/ guards with locks that a thread may hold while it ends, detached, beside a fork.
 *
 * The world is stopped around a fork, but a thread that ends is no part of it any more. So the list of threads and
 * that of heaps are locked across the fork: the child finds both whole, and no lock held by a thread that is gone.
 */
#ifndef GI_MEMORY_FORK_H
#define GI_MEMORY_FORK_H

#include "memory/thread.h"

/* In a stopped world, by the thread that forks; between the two it neither makes nor ends a thread. */
void gi_memory_before_fork(GiVm *vm);
/* In the parent and in the child. */
void gi_memory_after_fork(GiVm *vm);

#endif
