/* peek.h - the counters of another Gila process, read out of its memory.
 *
 * A process announces its first world in a struct in a section of its own (gi_anchor, in
 * ".gila.anchor"), which is found by the section's name also in a stripped program. It costs the
 * process nothing: the reader copies its memory while it runs. So what is read may change
 * meanwhile; every pointer is checked by what it leads to, and reading goes on a bounded number of
 * steps.
 */
#ifndef GI_THREADS_PEEK_H
#define GI_THREADS_PEEK_H

#include "threads/stats.h"

enum { GI_PEEK_CALL = 32 };

typedef enum {
    GI_PEEK_OK,
    GI_PEEK_NO_PROCESS,
    GI_PEEK_FORBIDDEN,
    GI_PEEK_NOT_GILA,
    GI_PEEK_OTHER_LAYOUT, /* Gila, but not this build's structs */
    GI_PEEK_NOT_RUNNING,  /* it is starting, or ending */
    GI_PEEK_NO_MEMORY,
    GI_PEEK_UNSUPPORTED,
} GiPeekStatus;

typedef struct {
    uint64_t started;       /* gi_os_remote_started */
    GiWorldRecord world;
    uint64_t cpu;           /* of the process, ns */
    bool tracing;
    size_t count;
    GiThreadRecord *threads; /* of living threads, in order of creation; record->call points into calls */
    char (*calls)[GI_PEEK_CALL];
} GiPeeked;

/* Reads the counters of a process; after GI_PEEK_OK free them with gi_peek_free. May block. */
GI_NODISCARD GiPeekStatus gi_peek(long pid, GiPeeked *out);
void gi_peek_free(GiPeeked *peeked);

/* For world.c: a world has begun, or ends. */
void gi_peek_announce(GiWorld *world);
void gi_peek_withdraw(GiWorld *world);

#endif
