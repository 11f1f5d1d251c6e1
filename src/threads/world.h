/* world.h - threads and their world: attach, detach, safepoints, the GIL, stopping the world.
 *
 * A GiWorld is one interpreter as threads see it; a GiThreadCore is one thread in it. A thread is
 * attached (may touch objects) or detached. With the GIL at most one thread is attached; in free
 * mode all may be, except while the world is stopped. docs/internals/threads.md explains the
 * states, docs/internals/gil.md the policy by which the GIL is given.
 *
 * LOCK order, outermost first: the GIL / being attached; world->lock; gil.lock; a ring or epoch
 * list; a parking bucket. An attached thread never waits for world->lock without detaching in
 * free mode (its holder may be stopping the world); see world.c.
 *
 * INVARIANT: after a thread detached or left for good nothing of it reads world memory before the
 * state word of its own core has said so; that is what lets daemon threads outlive the world.
 */
#ifndef GI_THREADS_WORLD_H
#define GI_THREADS_WORLD_H

#include <errno.h>
#include <pthread.h>

#include "os/thread.h"
#include "threads/events.h"
#include "threads/mutex.h"
#include "threads/parking.h"

typedef struct GiWorld GiWorld;
typedef struct GiThreadCore GiThreadCore;

/* Bits of the safepoint word. DROP, STOP and EPOCH are served here; the rest by upper layers,
 * which take them with gi_take_requests(). */
enum {
    GI_SP_DROP = 1u << 0,      /* give way: another thread wants the GIL */
    GI_SP_STOP = 1u << 1,      /* the world is being stopped */
    GI_SP_EPOCH = 1u << 2,     /* say that you hold no borrowed memory */
    GI_SP_SIGNAL = 1u << 3,    /* run signal handlers (main thread) */
    GI_SP_ASYNC_EXC = 1u << 4, /* raise the exception left by another thread */
    GI_SP_GC = 1u << 5,        /* run the cycle collector */
    GI_SP_CALLS = 1u << 6,     /* run pending calls */
    GI_SP_TRACE = 1u << 7,     /* tracing or profiling was switched on or off */
    GI_SP_LIFT = 1u << 8,      /* threads contend for the GIL so much that it is to be lifted */
    GI_SP_THREADS = GI_SP_DROP | GI_SP_STOP | GI_SP_EPOCH,
};

/* INVARIANT: only the thread itself goes DETACHED -> ATTACHED -> DETACHED or SUSPENDED; only a
 * stopper goes DETACHED -> SUSPENDED -> DETACHED; only begin_exit goes SUSPENDED -> HUNG. With the
 * GIL, ATTACHED means holding it or on the way to or from it. */
typedef enum {
    GI_STATE_DETACHED,
    GI_STATE_ATTACHED,
    GI_STATE_SUSPENDED, /* detached, and may not attach before the world goes on */
    GI_STATE_HUNG,      /* the world ends: may never attach again */
} GiState;

/* Names of threads are cut to this (with a zero at the end). */
enum { GI_NAME_SIZE = 48 };

typedef enum { GI_MODE_GIL, GI_MODE_FREE } GiMode;

/* What is wanted of the GIL (-X gil=1, 0, auto). It is lifted when the second thread is made (NONE),
 * or when threads contend for it (AUTO); a program may require that it stays (KEEP). */
typedef enum { GI_WISH_KEEP, GI_WISH_NONE, GI_WISH_AUTO } GiWish;

/* How the GIL's next holder is chosen: see gil_policy.c. */
typedef enum { GI_POLICY_BUDGET, GI_POLICY_CPYTHON } GiPolicy;

/* Owner numbers of biased counts. All threads bear GI_OWNER_GIL under the GIL; in free mode each
 * has its own from GI_OWNER_FIRST on, but the main thread keeps GI_OWNER_GIL when the GIL is lifted,
 * since most of what was made before is its own. 0 is nobody. Numbers from the limit on have a
 * meaning of their own (memory/object.h). */
enum { GI_OWNER_NONE = 0, GI_OWNER_GIL = 1, GI_OWNER_FIRST = 2, GI_OWNER_LIMIT = 0xFFFD };

/* Counters of one thread, always on; written by it alone (relaxed), read by anyone. Times are in
 * ticks: gi_ticks_to_ns(&world->ticks, n). */
typedef struct {
    _Atomic uint64_t acquisitions;   /* times it got the GIL (or joined the running) */
    _Atomic uint64_t contended;      /* of which it had to wait */
    _Atomic uint64_t hold;           /* time with the GIL, finished stretches */
    _Atomic uint64_t wait;           /* time waiting for it */
    _Atomic uint64_t blocked;        /* time detached in calls that can block */
    _Atomic uint64_t longest_hold;
    _Atomic uint64_t longest_wait;
    _Atomic uint64_t drops_asked;    /* it asked a holder to give way */
    _Atomic uint64_t drops_given;    /* it gave way when asked */
    _Atomic uint64_t stopped;        /* time stopped by other threads */
    _Atomic uint64_t lock_waits;     /* byte locks waited for */
    _Atomic uint64_t lock_wait;      /* time of it, which is part of `blocked` */
    _Atomic uint64_t stops;          /* times it stopped all others, in free mode */
    _Atomic uint64_t stopping;       /* from asking them to letting them go */
    _Atomic uint64_t handovers[GI_CAUSE_COUNT]; /* it let go to a waiting thread, by cause */
    GiSite longest_hold_at;          /* where it let go */
    GiSite longest_wait_at;          /* where it was when it got the GIL */
} GiThreadStats;

/* The part of a thread's state that this layer knows; FIRST member of the interpreter's thread
 * state, on a cache line boundary (gi_os_aligned_zalloc). */
struct GiThreadCore {
    /* The hot line: read at every safepoint, attach and detach. */
    _Atomic uint32_t safepoint;     /* GI_SP_* bits; zero is the common case */
    uint16_t owner;                 /* number for biased counts */
    bool free_running;              /* the world is in free mode: byte locks are real */
    uint8_t locks_held;             /* byte locks held (checked builds) */
    _Atomic uint32_t state;         /* GiState */
    GiWorld *world;
    _Atomic uint64_t since;         /* ticks when it attached last, or detached last */
    GiEventRing *_Atomic ring;      /* NULL: events are off */
    _Atomic(const char *) why;      /* the blocking call it is in, NULL when attached */
    _Atomic uint64_t vtime;         /* ticks of GIL time charged to it; see gil_policy.c */
    struct GiTrack *track;          /* its part in the trace, or in one that ended; trace.h */

    /* Waiting for the GIL; under gil.lock except verdict. */
    _Atomic uint32_t verdict;       /* how the wait ended; see gil.c */
    bool returning;                 /* comes back from a blocking call (else it gave way) */
    bool woken_by_peer;             /* ... that another thread of the program ended */
    uint64_t asked_at;              /* ticks */
    uint64_t due;                   /* ticks when it may ask the holder to give way */
    GiThreadCore *gil_next, *gil_prev;
    uint64_t given_by;              /* native id of who handed it over last */
    GiOsPin pin;                    /* it was made to wake where that one ran */

    /* Identity. */
    char name[GI_NAME_SIZE];        /* UTF-8, cut; by whoever makes the thread */
    uint64_t born;                  /* ticks */
    _Atomic uint64_t ident;         /* gi_os_thread_ident(); 0 until the thread runs */
    _Atomic uint64_t native_id;     /* likewise */
    pthread_t handle;
    uint64_t serial;                /* 1, 2, 3 ... in order of registration in its world */
    bool is_main;                   /* the thread that runs signal handlers */
    _Atomic bool held_up;           /* it waits for a stopped world to go on */

    GiParker parker;                /* where it sleeps for locks */
    GiThreadCore *next, *prev;      /* world->cores; under world->lock */

    _Atomic uint64_t epoch_seen;    /* see epoch.h */
    struct GiEpochBatch *retired;   /* batches waiting for their epoch, oldest first */
    struct GiEpochBatch *retired_last;
    size_t retired_bytes;           /* in the batch that is being filled, as far as known */
    uint64_t polled;                /* ticks when it last looked whether a batch is ripe */

    GiThreadStats stats;
};

/* INVARIANT: word is 0 (free), a core (held, nobody waits), core|1 (held, somebody queued), or
 * GI_GIL_LIFTED for good. The queue is not empty if and only if bit 0 is set. */
#define GI_GIL_LIFTED UINTPTR_MAX
#define GI_GIL_WAITERS ((uintptr_t)1)

typedef struct {
    _Atomic uintptr_t word;
    char pad[64 - sizeof(uintptr_t)];
    GiMutex lock;
    GiThreadCore *first, *last;     /* the waiters, oldest first */
    uint32_t waiting;
    bool evicting;                  /* nobody may wait here: the lock is lifted, or the end comes */
    _Atomic uint32_t drop_cause;    /* GiCause: why the holder was asked to give way */
    GiThreadCore *favoured;         /* the holder, if it was served on its budget */
    GiThreadCore *interrupted;      /* the waiter that gave way for that, or NULL */
    uint64_t vclock;                /* least charged time among active threads; only grows */
    uint64_t granted_at;            /* ticks when it was last handed over */
    _Atomic uint64_t switches;      /* hand-overs */
    uint64_t lift_after;            /* ticks that computing threads wait in a window until the GIL is
                                       lifted (GI_WISH_AUTO) */
    uint64_t window_began, window_waited; /* under lock */
} GiGil;

struct GiWorld {
    /* Read-mostly line. */
    _Atomic uint32_t mode;          /* GiMode; goes from GIL to free at most once */
    _Atomic uint32_t wish;          /* GiWish */
    GiPolicy policy;
    GiTicks ticks;
    _Atomic uint64_t interval;      /* switch interval, ticks */
    _Atomic uint64_t interval_ns;
    uint64_t spin;                  /* ticks to spin for a hand-over; 0 on one processor */
    const GiThreadHooks *_Atomic hooks;
    const GiSiteFinder *sites;      /* NULL: places are not known */
    _Atomic bool exiting;

    GiGil gil;

    GiMutex lock;                   /* threads come and go, the world stops: under this */
    GiThreadCore *cores;
    size_t core_count;
    uint64_t last_serial;
    _Atomic(GiThreadCore *) main_core;
    _Atomic(GiThreadCore *) stopper; /* who has stopped the world */
    unsigned stop_depth;
    uint64_t stop_began;            /* ticks; the stopper's */
    _Atomic uint64_t going_until;   /* ticks until when nobody stops it, for those who were held up; or 0 */
    _Atomic uint32_t stop_news;     /* changes when a thread suspends: the stopper's futex */
    _Atomic uint32_t in_flight;     /* threads between their last state change and their last
                                       access to the world */

    uint64_t born;                  /* ticks */
    uint64_t lifted;                /* ticks when the GIL was lifted, or 0 */
    uint64_t born_ns;               /* monotonic clock */
    struct GiTrace *trace;          /* the trace being recorded; under lock; see trace.h */
    struct GiDeparted *departed;    /* counters of threads that ended; under lock; see stats.h */

    uint32_t *owner_map;            /* owner numbers in use, one bit each (free mode) */

    _Atomic uint64_t epoch;         /* see epoch.h */
    GiMutex epoch_lock;
    struct GiEpochBatch *orphans;
    _Atomic uint64_t epoch_lost;    /* blocks given up for want of memory */
};

/* ---- Worlds and threads coming and going ---- */

/* Makes a world in the given mode; GI_FAIL when out of memory. */
GI_NODISCARD GiStatus gi_world_init(GiWorld *world, GiMode mode);
/* Ends a world in which no thread but hung ones is registered (see gi_world_begin_exit). */
void gi_world_destroy(GiWorld *world);

/* The switch interval in nanoseconds; at least 1 microsecond is enforced. */
void gi_world_set_interval(GiWorld *world, uint64_t ns);
uint64_t gi_world_interval(GiWorld *world);

/* Prepares a core whose memory is zeroed. */
void gi_core_init(GiThreadCore *core, GiWorld *world);
/* Lists the core in its world, detached. `self` is the calling thread's own attached core, or NULL
 * when the caller is not attached. The first core registered is the main thread's. GI_FAIL when
 * there are too many threads or the world ends. */
GI_NODISCARD GiStatus gi_core_register(GiThreadCore *core, GiThreadCore *self);
/* Called by the native thread that will use the core, before its first attach. */
void gi_core_bind(GiThreadCore *core);
/* Takes a core from its world; its memory may be freed afterwards. Either `self` is `core`: the
 * calling thread, attached, ends, and is detached and unlisted on return. Or the core is one that
 * was never bound to a running thread; then `self` is as above. */
void gi_core_unregister(GiThreadCore *core, GiThreadCore *self);

/* Keeps another thread from attaching, if it is detached now and nobody stops the world: for moments,
 * in which the caller does not come to a safepoint. False: it runs, or cannot be held just now. */
GI_NODISCARD bool gi_world_hold(GiThreadCore *self, GiThreadCore *other);
void gi_world_release(GiThreadCore *self, GiThreadCore *other);

/* ---- Attaching and detaching ---- */

/* Names the thread for those who look at it; any length, cut between characters. */
void gi_core_set_name(GiThreadCore *core, const char *name);

void gi_event_put(GiThreadCore *core, uint64_t when, GiEventKind kind, uint64_t arg, const char *why);

/* Adds to a counter of which the caller is the only writer. */
static inline void gi_count(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

/* Records an event if this thread is being recorded. */
static inline void gi_event(GiThreadCore *core, GiEventKind kind, uint64_t arg, const char *why)
{
    if (GI_UNLIKELY(atomic_load_explicit(&core->ring, memory_order_relaxed) != NULL))
        gi_event_put(core, 0, kind, arg, why);
}

/* The same for something that happened at the given ticks. */
static inline void gi_event_at(GiThreadCore *core, uint64_t when, GiEventKind kind, uint64_t arg,
                               const char *why)
{
    if (GI_UNLIKELY(atomic_load_explicit(&core->ring, memory_order_relaxed) != NULL))
        gi_event_put(core, when, kind, arg, why);
}

/* Attaches: on return the thread may touch objects. Waits for the GIL, or while the world is
 * stopped. Keeps errno. Does not return when the world has ended (daemon threads). */
void gi_attach(GiThreadCore *core);

/* Detaches before an operation that can block; `why` names it and must live for ever. Keeps
 * errno. The thread must hold no byte lock. */
void gi_detach(GiThreadCore *core, const char *why);

/* True when the calling thread, whose core this is, may touch objects. */
static inline bool gi_is_attached(GiThreadCore *core)
{
    return atomic_load_explicit(&core->state, memory_order_relaxed) == GI_STATE_ATTACHED;
}

/* GI_BLOCKING(core, "recv") { ... }: the block runs detached. Leaving it in any way (end, break,
 * continue, return, goto) attaches again; errno survives. */
typedef struct {
    GiThreadCore *core;
    bool done;
} GiBlocking;

static inline GiBlocking gi_blocking_begin(GiThreadCore *core, const char *why)
{
    gi_detach(core, why);
    return (GiBlocking){core, false};
}
static inline void gi_blocking_end(GiBlocking *blocking) { gi_attach(blocking->core); }

/* The same for an operation that perhaps cannot block: it detaches only `if` so. */
static inline GiBlocking gi_blocking_begin_if(GiThreadCore *core, const char *why, bool detach)
{
    if (detach) gi_detach(core, why);
    return (GiBlocking){detach ? core : NULL, false};
}
static inline void gi_blocking_end_if(GiBlocking *blocking)
{
    if (blocking->core) gi_attach(blocking->core);
}

#define GI_BLOCKING_IF(core, why, detach)                                                        \
    for (GiBlocking gi_blocking_scope __attribute__((cleanup(gi_blocking_end_if))) =             \
             gi_blocking_begin_if((core), (why), (detach));                                      \
         !gi_blocking_scope.done; gi_blocking_scope.done = true)

/* True when some thread waits for the GIL: then it is worth a system call or two to find out
 * whether an operation can block, since letting go costs a hand-over there and one back. */
static inline bool gi_gil_wanted(GiThreadCore *core)
{
    return !core->free_running
           && (atomic_load_explicit(&core->world->gil.word, memory_order_relaxed) & GI_GIL_WAITERS);
}

#define GI_BLOCKING(core, why)                                                                   \
    for (GiBlocking gi_blocking_scope __attribute__((cleanup(gi_blocking_end))) =                \
             gi_blocking_begin((core), (why));                                                   \
         !gi_blocking_scope.done; gi_blocking_scope.done = true)

/* ---- Safepoints and requests ---- */

/* The requests that wait for this thread; zero is the common case. One load. */
static inline uint32_t gi_safepoint(GiThreadCore *core)
{
    return atomic_load_explicit(&core->safepoint, memory_order_relaxed);
}

/* Serves the bits of GI_SP_THREADS: gives way, stands while the world is stopped, reports an
 * epoch. The thread is attached before and after; others ran between. */
void gi_safepoint_threads(GiThreadCore *core);

/* Gives the GIL to a waiting thread, if there is one, and waits to get it back. */
void gi_yield_gil(GiThreadCore *core);

/* Clears the given bits and gives those that were set. */
static inline uint32_t gi_take_requests(GiThreadCore *core, uint32_t bits)
{
    return atomic_fetch_and_explicit(&core->safepoint, ~bits, memory_order_acq_rel) & bits;
}

/* Sets bits for one thread; async-signal-safe. The core must stay registered meanwhile. */
static inline void gi_request(GiThreadCore *core, uint32_t bits)
{
    atomic_fetch_or_explicit(&core->safepoint, bits, memory_order_seq_cst);
}

/* Sets bits for every thread; `self` is the caller's attached core or NULL. */
void gi_request_all(GiWorld *world, uint32_t bits, GiThreadCore *self);

/* For signal handlers: sets bits on the main thread and ends its wait for a GiLock, if it is in
 * one. Async-signal-safe. */
void gi_request_main(GiWorld *world, uint32_t bits);

/* ---- Stopping the world ---- */

/* On return no other thread is attached, and none will be until gi_start_world. The caller is
 * attached; it may have been detached meanwhile. Nests. `why` is shown to users, and lives for ever. */
void gi_stop_world_for(GiThreadCore *core, const char *why);
static inline void gi_stop_world(GiThreadCore *core) { gi_stop_world_for(core, "the interpreter"); }
/* Lets the others go on. */
void gi_start_world(GiThreadCore *core);
/* True while the calling thread has the world stopped. */
static inline bool gi_world_is_stopped(GiThreadCore *core)
{
    return atomic_load_explicit(&core->world->stopper, memory_order_relaxed) == core;
}

/* With the world stopped by `core`: goes from the GIL to free mode, once and for all. Gives every
 * thread its owner number. GI_FAIL (nothing changed) when there are too many threads. */
GI_NODISCARD GiStatus gi_world_lift_gil(GiThreadCore *core);

/* The next core of the world after `after` (NULL: the first). Only while the caller has the world
 * stopped or holds it locked by gi_world_lock. */
GiThreadCore *gi_world_next_core(GiWorld *world, GiThreadCore *after);
/* Keeps threads from coming and going; short native sections only; `self` as for register, and
 * it may be detached and attached again to get there. */
void gi_world_lock(GiWorld *world, GiThreadCore *self);
void gi_world_unlock(GiWorld *world, GiThreadCore *self);

/* ---- Fork and exit ---- */

/* Before fork(), by an attached thread: no thread is inside this layer's locks afterwards. In free
 * mode the world is stopped. */
void gi_world_before_fork(GiThreadCore *core);
/* In the parent: goes on. */
void gi_world_after_fork_parent(GiThreadCore *core);
/* In the child: only `core` is left, and it is the main thread. Gives the chain of the cores of
 * threads that do not exist here (linked by ->next), unlisted, for the caller to dispose of. */
GI_NODISCARD GiThreadCore *gi_world_after_fork_child(GiThreadCore *core);

/* By an attached thread: no other thread will ever attach again or touch the world. Those that try
 * hang; their cores must stay allocated for ever, and so must memory that they may be using in
 * blocking calls. Gives the number of such threads when all are out. On return the caller is
 * attached, alone; threads registered later are refused. */
size_t gi_world_begin_exit(GiThreadCore *core);

#endif
