/* futex.h - waiting on a 32-bit word until another thread says that it changed.
 *
 * On Linux these are the futex calls; elsewhere (or with -DGI_OS_PORTABLE_FUTEX) a table of
 * condition variables. INVARIANT: waking touches nothing at the address, so a word may be freed
 * between the change that released its waiter and the wake; a stray wake is a spurious wake-up.
 * Both calls keep errno. Waking is async-signal-safe in the Linux form only.
 */
#ifndef GI_OS_FUTEX_H
#define GI_OS_FUTEX_H

#include <stdatomic.h>

#include "os/clock.h"

typedef enum {
    GI_WAIT_WOKEN,       /* woken, the word differed, or spuriously: look again */
    GI_WAIT_TIMEOUT,     /* the deadline passed */
    GI_WAIT_INTERRUPTED, /* a signal handler ran in this thread */
} GiWait;

/* Sleeps while *word == expected until a wake, the deadline, or a signal. */
GiWait gi_os_futex_wait(_Atomic uint32_t *word, uint32_t expected, uint64_t deadline);

/* Wakes at most `count` threads that wait on `word` (INT32_MAX for all). */
void gi_os_futex_wake(_Atomic uint32_t *word, int count);

/* Makes the waiting tables usable in the child of a fork (no-op where there are none). */
void gi_os_futex_after_fork_child(void);

#endif
