/* parking.h - the parking lot: waiting on any address, for locks too small to hold a queue.
 *
 * A hashed table of queues, keyed by address. The table is the process's (addresses are unique in
 * a process), and is one of the listed mutable globals. LOCK: each bucket has a GiMutex, the
 * innermost of all locks; the callbacks below run under it and may only touch the word parked on.
 *
 * INVARIANT: a waiter whose park ends by timeout or interrupt touches nothing but its own parker
 * and the table, so the address may have been freed meanwhile (a daemon thread at exit).
 */
#ifndef GI_THREADS_PARKING_H
#define GI_THREADS_PARKING_H

#include "threads/mutex.h"

/* Where a thread sleeps: one a thread, reused for every wait. Zero is its initial state. */
typedef struct {
    _Atomic uint32_t word; /* see parking.c */
    uint64_t by;           /* native id of who let go of the byte lock it waited for */
} GiParker;

typedef enum {
    GI_PARK_UNPARKED,    /* an unpark chose this thread */
    GI_PARK_HANDED_OVER, /* an unpark chose it and gave it what it waited for */
    GI_PARK_INVALID,     /* `still` said that there is nothing to wait for */
    GI_PARK_TIMEOUT,
    GI_PARK_INTERRUPTED, /* a signal handler ran here, or gi_parker_interrupt() was called */
} GiPark;

/* Says whether the thread should sleep; runs under the bucket's lock. */
typedef bool (*GiParkCheck)(void *arg);

/* What an unpark found, for its callback. */
typedef struct {
    bool found;          /* a waiter was taken from the queue */
    bool more;           /* others are still queued on this address */
    uint64_t waited_ns;  /* how long the waiter that was found has waited */
    GiParker *waiter;    /* where it sleeps */
} GiUnpark;

/* Runs under the bucket's lock before the waiter runs; true hands over to it. */
typedef bool (*GiUnparkChoice)(void *arg, GiUnpark what);

/* Queues the caller on `address` and sleeps, unless still(arg) denies it, until an unpark, the
 * deadline, or (with interruptible) an interrupt. The caller must not be attached. */
GiPark gi_park(GiParker *parker, const void *address, GiParkCheck still, void *arg,
               uint64_t deadline, bool interruptible);

/* Takes the oldest waiter of `address` from its queue, runs choice(arg, ...) and wakes the waiter.
 * The callback runs also when there was none. */
void gi_unpark_one(const void *address, GiUnparkChoice choice, void *arg);

/* Wakes every waiter of `address`; gives their number. */
size_t gi_unpark_all(const void *address);

/* Ends the thread's present park, or makes its next one end at once, if it is interruptible.
 * Async-signal-safe where futexes are. */
void gi_parker_interrupt(GiParker *parker);
/* Forgets an interrupt that no park has consumed. */
void gi_parker_clear(GiParker *parker);

/* Empties the table in the child of a fork: the other waiters do not exist there. */
void gi_parking_after_fork_child(void);

#endif
