/* thread.h - the state of one Python thread, and of one interpreter (VM).
 *
 * GiThread is passed explicitly as `ts`. It belongs to its thread: others touch only the atomic
 * fields of `core` and the fields marked LOCK. Nothing hangs off globals: everything off GiVm.
 */
#ifndef GI_MEMORY_THREAD_H
#define GI_MEMORY_THREAD_H

#include "memory/heap.h"
#include "threads/threads.h"
#include <pthread.h>

typedef struct GiFrame GiFrame;
typedef struct GiStackChunk GiStackChunk;

#define GI_HEAP_CLASSES (GI_HEAP_SMALL_MAX / 16 + 1)

/* An exception that an `except` or `finally` block is handling: a link of ts->handled. It stands in
 * the frame (or in native code's own stack). A suspended generator's links are taken out. */
typedef struct GiHandled {
    GiSlot exc;
    struct GiHandled *back;
} GiHandled;

struct GiThread {
    GiThreadCore core;  /* first: the threads layer and the counts cast to it */
    GiVm *vm;

    /* Frames (vm/frame.h). */
    GiFrame *frame;         /* innermost Python frame, NULL outside Python code */
    GiSlot *stack_top;      /* first free word of the register stack */
    GiSlot *stack_limit;
    GiStackChunk *stack_chunk;
    int recursion;          /* Python and C recursion together; see gi_enter_recursive */
    int recursion_limit;
    int recursion_headroom; /* > 0 while a RecursionError is being handled */
    char *c_stack_limit;    /* lowest C stack address we may use before RecursionError */

    /* Exceptions (objects/error.h). */
    GiSlot exc;             /* the exception being raised, or null */
    GiSlot stop_value;      /* value of the StopIteration that ended the last iteration, or null */
    GiHandled *handled;     /* innermost exception being handled (sys.exception()), or NULL */

    /* Heap (memory/heap.h). */
    GiHeapFree *free_lists[GI_KIND_COUNT][GI_HEAP_CLASSES];
    struct GiHeapLocal *heap; /* the pages it allocates from */
    struct GiAttrCache *attr_cache; /* vm/attr_cache.h; NULL until needed; gi_mem memory */
    int64_t gc_countdown;   /* new collectable objects until a collection is asked for */
    int dealloc_depth;
    GiObj *dealloc_queue;
    int32_t *split;         /* its part of split counts (memory/split.h); NULL before the GIL is lifted */
    struct GiHot *hot;      /* which objects of others it counts often; likewise */
    uint32_t hot_rest;      /* counts until the next sample */

    /* Interned names: shared, immutable (objects/names.h). */
    const GiVal *names;

    /* Rarely used. */
    GiSlot dict;            /* per-thread dict of native modules (_thread._local), or null */
    GiSlot context;         /* current contextvars.Context, or null */
    uint64_t context_version;
    GiSlot async_exc;       /* LOCK: world's thread list lock */
    GiSlot trace_func, profile_func;
    void *trace_state;
    GiSlot asyncgen_firstiter, asyncgen_finalizer;
    int coroutine_origin_depth;
    int tracing;
    int in_repr_depth;
    bool installing_trace;  /* sys.settrace or setprofile is dropping the function before */
    GiSlot repr_stack;      /* list of objects whose repr is being made, or null */
    uint64_t id;
    GiSlot main_sentinel;   /* _thread._set_sentinel's lock, weakly known */
    GiThread *prev, *next;  /* LOCK: vm->threads_lock */
    void *extra[8];         /* for modules: index by GiThreadExtra in memory/thread.h */
};

/* One interpreter. Fields that higher layers own are slots or opaque pointers here. */
struct GiVm {
    GiWorld world;               /* GIL, list of thread cores, stop the world */
    pthread_mutex_t threads_lock;
    GiThread *threads;           /* LOCK: threads_lock */
    GiThread *main_thread;
    uint64_t next_thread_id;
    bool finalizing;
    bool initialised;

    /* memory/ */
    GiHeapShared *heap;
    struct GiGcState *gc;
    struct GiErrorState *errors; /* objects/error.c: spare MemoryErrors */
    struct GiWeakTable *weak;    /* objects/weakref.c: object -> its weak references */
    _Atomic uint32_t constants_epoch; /* see gi_dict_constants (objects/dict.h) */
    _Atomic uint32_t next_version; /* unique ids for type versions, shapes, dict keys; 0 is never */

    /* objects/ */
    struct GiTypeCache *type_cache;
    struct GiInternTable *interned;
    uint8_t hash_key[16];
    bool hash_randomised;
    GiSlot codec_state[4];       /* search path, cache, error registry, spare */

    /* runtime/: the modules that the interpreter itself touches. */
    GiSlot sys_dict;             /* sys.__dict__ */
    GiSlot builtins;             /* module */
    GiSlot builtins_dict;
    GiSlot modules;              /* sys.modules */
    GiSlot import_state[8];
    GiSlot warnings_state[4];
    struct GiRuntime *runtime;   /* signals, atexit, fork hooks, config */
    struct GiModuleStates *module_states; /* per-VM state of native modules */
    /* How lower layers reach higher ones without including them; set at start. */
    const struct GiHooks *hooks;
    int int_max_str_digits;
    int optimize;                /* -O level */
    bool dev_mode, bytes_warning, verbose;
    uint32_t debug_flags;        /* GI_DEBUG: hostile modes */
    uint64_t ledger_watch;       /* GI_DEBUG=ledger=N (memory/ledger.h) */
    struct GiLedger *ledger;
};

enum { /* GiVm.debug_flags */
    GI_DEBUG_GC_EVERY = 1,     /* collect at every safepoint that follows an allocation */
    GI_DEBUG_SWITCH_EVERY = 2, /* give way at every safepoint */
    GI_DEBUG_VALIDATE = 4,     /* check the heap before and after collections */
    GI_DEBUG_CACHE_OFF = 8,
    GI_DEBUG_LEDGER = 16,      /* hostile builds: keep the birthplaces of objects */
    GI_DEBUG_LEAKS = 32,       /* hostile builds: fail when objects are left at the end */
};

/* A thread of the VM, with its heap, listed, not attached (`self` is the caller, or NULL for the
 * first one). NULL when out of memory or the world ends. */
GI_NODISCARD GiThread *gi_thread_new(GiVm *vm, GiThread *self);
/* Drops what the (attached) thread's own slots hold. */
void gi_thread_clear(GiThread *ts);
/* Takes the detached thread off the lists and frees it; its pages go to the VM. */
void gi_thread_free(GiThread *ts, GiThread *self);
/* In a forked child: drops what the slots of a vanished thread hold, and frees its state, which the
 * world has unlisted. `self` is the one thread that is left. Its register stack is the VM's to free. */
void gi_thread_abandon(GiThread *self, GiThread *gone);
/* Ends the GIL for good, in a stopped world; nothing to do when it is lifted. GI_FAIL: no memory (the
 * lock stays, and no exception is set). The caller is attached and at a safepoint. */
GI_NODISCARD GiStatus gi_vm_lift(GiThread *ts);
/* The memory of a VM: heap, collector and world; the first thread is still to be made. GI_FAIL:
 * out of memory. */
GI_NODISCARD GiStatus gi_vm_memory_init(GiVm *vm, GiMode mode);
/* Frees all pages and tables; no thread is left, no object may be touched any more. */
void gi_vm_memory_end(GiVm *vm);

/* The attached thread of this OS thread, NULL when there is none. For scope cleanup and callbacks
 * from C libraries only; everything else gets ts passed. */
GiThread *gi_current_thread(void);
void gi_set_current_thread(GiThread *ts);

#endif
