/* events.h - what the GIL does, recorded: event rings and hooks, each one test when off.
 *
 * A ring belongs to one thread, which alone writes it; one reader (the trace writer) drains it.
 * When the reader is slow the newest events are dropped and counted, so memory stays bounded and
 * the writer never waits. INVARIANT: head and tail only grow; tail <= head <= tail + size.
 */
#ifndef GI_THREADS_EVENTS_H
#define GI_THREADS_EVENTS_H

#include <stdatomic.h>

#include "base/common.h"

/* What happened; `arg` and `why` are given in brackets. */
typedef enum {
    GI_EVENT_ASKED,     /* wants the GIL and must wait */
    GI_EVENT_GOT,       /* attached [arg: ticks waited; why: NULL] */
    GI_EVENT_LEFT,      /* detached [arg: GiCause; why: name of the blocking call] */
    GI_EVENT_DROP_ASKED, /* asked the holder to give way [arg: the holder's native id] */
    GI_EVENT_STOP_BEGIN, /* stopped the world [arg: ticks until all others stood] */
    GI_EVENT_STOP_END,
    GI_EVENT_SUSPENDED, /* was stopped by another thread */
    GI_EVENT_RESUMED,
    GI_EVENT_LOCK_WAIT, /* waits for a byte lock [arg: its address] */
    GI_EVENT_LOCK_GOT,
    GI_EVENT_START,     /* thread registered */
    GI_EVENT_END,       /* thread unregistered */
} GiEventKind;

/* Why a thread let the GIL go. */
typedef enum {
    GI_CAUSE_BLOCK,    /* a call that can block */
    GI_CAUSE_INTERVAL, /* a waiter had waited out the switch interval */
    GI_CAUSE_RETURN,   /* a thread came back from a blocking call and had budget */
    GI_CAUSE_STOP,     /* another thread stopped the world */
    GI_CAUSE_EXIT,     /* the thread ended */
    GI_CAUSE_COUNT
} GiCause;

typedef struct {
    uint64_t when; /* ticks */
    uint64_t arg;
    const char *why;
    uint32_t kind;
    uint32_t thread; /* low bits of the native thread number */
} GiEventRecord;

typedef struct GiEventRing {
    uint32_t size; /* power of two */
    _Atomic uint64_t head;
    _Atomic uint64_t dropped;
    char pad[64 - 3 * 8];
    _Atomic uint64_t tail;
    GiEventRecord records[];
} GiEventRing;

/* A ring for `size` records (rounded up to a power of two), or NULL when out of memory. */
GI_NODISCARD GiEventRing *gi_ring_new(uint32_t size);
void gi_ring_free(GiEventRing *ring);
/* Appends a record, or counts it as dropped; the owning thread only. */
void gi_ring_put(GiEventRing *ring, const GiEventRecord *record);
/* Takes up to `count` records in order; gives how many; the reader only. */
size_t gi_ring_take(GiEventRing *ring, GiEventRecord *records, size_t count);

struct GiThreadCore;

/* Called by the threads themselves, in embedders' terms; each may be NULL. They run without the
 * GIL (ready, suspended) or with it (resumed), must not attach or block, and must be quick. */
typedef struct GiThreadHooks {
    void (*ready)(struct GiThreadCore *core, void *arg);     /* starts to wait for the GIL */
    void (*resumed)(struct GiThreadCore *core, void *arg);   /* has got it */
    void (*suspended)(struct GiThreadCore *core, void *arg); /* is about to let it go */
    /* The stretch that just ended is the thread's longest so far; runs with the GIL held. */
    void (*longest_hold)(struct GiThreadCore *core, uint64_t ticks, void *arg);
    void *arg;
} GiThreadHooks;

#endif
