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
    GI_EVENT_ASKED,     /* wants the GIL and must wait [arg: native id of who has it] */
    GI_EVENT_GOT,       /* attached [arg, after ASKED or a byte lock: native id of who let go of it] */
    GI_EVENT_LEFT,      /* lets go [arg: GiCause; why: name of the blocking call; site: where] */
    GI_EVENT_DROP_ASKED, /* asked the holder to give way [arg: the holder's native id] */
    GI_EVENT_STOP_BEGIN, /* stops the world, in free mode [why; arg: ticks until all others stood] */
    GI_EVENT_STOP_END,
    GI_EVENT_LIFTED,    /* took the GIL away */
    GI_EVENT_SUSPENDED, /* was stopped by another thread [arg: its native id] */
    GI_EVENT_RESUMED,
    GI_EVENT_LOCK_WAIT, /* waits for a byte lock [arg: its address; site: the kind of object] */
    GI_EVENT_LOCK_GOT,
    GI_EVENT_START,     /* thread bound to its core [arg: native id] */
    GI_EVENT_END,       /* thread unregistered [arg: processor time it had, ns] */
    GI_EVENT_LOST,      /* events are missing here, for the ring was full [arg: how many] */
} GiEventKind;

/* Why a thread let the GIL go. */
typedef enum {
    GI_CAUSE_BLOCK,    /* a call that can block ("call" to users) */
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
    uint32_t site; /* number of a place in the program (trace.h), 0: none */
} GiEventRecord;

/* A place in the program, as text, so that nothing need be kept alive for it and another process
 * can read it. Written by its thread alone; the version is odd meanwhile. */
typedef struct {
    _Atomic uint32_t version;
    int32_t line;       /* 0: no place */
    char file[120];     /* UTF-8; the end of a name that is too long */
    char function[64];  /* UTF-8; the beginning of a name that is too long */
} GiSite;

/* What places were met last by a thread that is recorded: (code, word) to number. */
enum { GI_SITE_LINES = 64 };
typedef struct {
    const void *code;
    uint32_t at, site;
} GiSiteLine;

typedef struct GiEventRing {
    uint32_t size; /* power of two */
    uint32_t sites_of; /* which trace the numbers in `sites` belong to */
    _Atomic uint64_t head;
    _Atomic uint64_t dropped;
    _Atomic uint64_t thread; /* native id; 0 until it is known, which it is with the first record */
    uint64_t lost; /* dropped, and not yet told of by a LOST record */
    GiSiteLine sites[GI_SITE_LINES];
    char pad[64 - 5 * 8];
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
    void *arg;
} GiThreadHooks;

/* How this layer learns where a thread is, which a higher one knows; run by the attached thread
 * itself, must not attach, block or raise. */
typedef struct GiSiteFinder {
    /* Fills in file, function and line; line 0 when no program code runs. */
    void (*find)(struct GiThreadCore *core, GiSite *site);
    /* The number of the place in the trace being recorded, by the ring's cache of places. */
    uint32_t (*number)(struct GiThreadCore *core, GiEventRing *ring);
    /* The number in that trace of the kind of object that a byte lock belongs to; 0: not known. */
    uint32_t (*object)(struct GiThreadCore *core, const void *lock);
} GiSiteFinder;

#endif
