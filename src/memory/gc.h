/* gc.h - the cycle collector, and the reference fields that types declare.
 *
 * Traverse, clear, free and heap validation all derive from the list of GiField of a type and of
 * its bases. The collector is trial deletion: it counts, for each collectable object, how many
 * references come from collectable objects; what others refer to, and all it reaches, lives.
 * Runs at a safepoint with the world stopped, when the number of new collectable objects since the
 * last run exceeds the threshold and half of those that survived it.
 */
#ifndef GI_MEMORY_GC_H
#define GI_MEMORY_GC_H

#include "memory/heap.h"

/* Is called for slots with heap objects, and may be for empty ones and immediates. */
typedef void (*GiVisit)(GiSlot *slot, void *arg);
/* The object in a slot, NULL for an immediate or nothing. */
static inline GiObj *gi_slot_obj(const GiSlot *slot) {
    return gi_is_heap(*slot) ? (GiObj *)(uintptr_t)slot->bits : NULL;
}

typedef enum {
    GI_FIELD_END = 0,
    GI_FIELD_SLOT,    /* a GiSlot at `offset` */
    GI_FIELD_ARRAY,   /* GiSlot * at `offset`, its length as size_t at `count`; freed with the object */
    GI_FIELD_INLINE,  /* GiSlot[] starting at `offset`, its length as size_t at `count` */
    GI_FIELD_CUSTOM,  /* `each` visits every slot that the object owns elsewhere */
    GI_FIELD_BUFFER,  /* void * at `offset`: gi_mem memory without references, freed with the object */
} GiFieldKind;

typedef struct GiField {
    GiFieldKind kind;
    uint32_t offset;
    uint32_t count;
    void (*each)(GiObj *obj, GiVisit visit, void *arg);
} GiField;

#define GI_FIELDS_END {GI_FIELD_END, 0, 0, NULL}
#define GI_SLOT(type, member) {GI_FIELD_SLOT, offsetof(type, member), 0, NULL}
#define GI_ARRAY(type, items, n) {GI_FIELD_ARRAY, offsetof(type, items), offsetof(type, n), NULL}
#define GI_INLINE(type, items, n) {GI_FIELD_INLINE, offsetof(type, items), offsetof(type, n), NULL}
#define GI_CUSTOM(function) {GI_FIELD_CUSTOM, 0, 0, function}
#define GI_BUFFER_FIELD(type, member) {GI_FIELD_BUFFER, offsetof(type, member), 0, NULL}

/* Visits every reference slot of obj: fields of its type and bases, __slots__, attributes. */
void gi_each_slot(GiObj *obj, GiVisit visit, void *arg);
/* As gi_each_slot, and the reference that an instance has to its heap type. To look at only. */
void gi_each_reference(GiObj *obj, GiVisit visit, void *arg);

/* Runs a collection (generation 0, 1 or 2; all collect everything). Gives the number of unreachable
 * objects found; 0 when a collection is already running. Attached; may run Python code (__del__,
 * weakref callbacks) after the world goes on. Keeps what is being raised. */
size_t gi_gc_collect(GiThread *ts, int generation);

/* The counterpart of GI_SP_GC at safepoints: takes drops that other threads handed over, and
 * collects if the threshold is passed. */
void gi_gc_safepoint(GiThread *ts);
/* Asks for a collection at the next safepoint; called when gc_countdown runs out. */
void gi_gc_request(GiThread *ts);

/* Called when a reference count reaches zero: finalizer, weak references, fields, memory. Deep
 * chains do not recurse: beyond a depth the object is queued on the thread. */
void gi_dealloc(GiThread *ts, GiObj *obj);
/* Finds fields_type and slots_type; on first use. */
void gi_type_prepare_dealloc(GiType *type);
/* Runs obj's finalizer unless it has run; the object is kept alive by the caller. */
void gi_finalize(GiThread *ts, GiObj *obj);

/* ---- What the gc module shows ---- */

enum { GI_GC_STATS = 1, GI_GC_COLLECTABLE = 2, GI_GC_UNCOLLECTABLE = 4, GI_GC_SAVEALL = 32 };

typedef struct GiGcGeneration {
    _Atomic int threshold;
    _Atomic size_t collections, collected, uncollectable;
} GiGcGeneration;

/* What programs set and ask for at any time is atomic. */
typedef struct GiGcState {
    _Atomic bool enabled;
    bool collecting;       /* taken by a swap */
    _Atomic int debug;
    GiGcGeneration generations[3];
    size_t survivors;      /* live collectable objects after the last collection */
    _Atomic int64_t budget;      /* what gc_countdown of each thread started from */
    _Atomic int counts[3];       /* collections of the generation below since the last of this one */
    GiSlot garbage;        /* list: what DEBUG_SAVEALL keeps; made by the gc module */
    /* gc.callbacks, set by the gc module: before (start) and after a collection. */
    void (*notify)(GiThread *ts, bool start, int generation, size_t collected, size_t uncollectable);
    GiSlot callbacks;      /* list, or null */
    int32_t *refs;         /* side array of the pages; grows only */
    size_t refs_capacity;
} GiGcState;

GI_NODISCARD GiStatus gi_gc_vm_init(GiVm *vm);
void gi_gc_vm_end(GiVm *vm);
/* Sets gc_countdown of the thread (one that starts) from the state. */
void gi_gc_thread_init(GiThread *ts);
/* Applies a change of threshold or `enabled` to the calling thread. */
void gi_gc_rearm(GiThread *ts);
/* Collectable objects made less those freed since the last collection. */
int64_t gi_gc_count(GiThread *ts);
/* gc.freeze / unfreeze: leaves what lives now out of collections (GI_OBJ_UNTRACKED). */
void gi_gc_freeze(GiThread *ts);
void gi_gc_unfreeze(GiThread *ts);
size_t gi_gc_frozen_count(GiThread *ts);
/* Whether taking all objects down would run code or write something: an object with a finalizer
 * lives (`known` are left out) or a weak reference with a callback, or collections are watched.
 * When false, a process that ends may leave its memory to the system. Other threads do not run. */
bool gi_gc_end_is_visible(GiThread *ts, GiObj *const *known, size_t known_count);
/* The object is of a collectable kind. */
bool gi_gc_is_collectable(GiVal v);

#endif
