/* Counts without the GIL: threads share objects, and drop references that others own. */
#include "check.h"

#include "memory/heap_internal.h"
#include "memory/gc.h"
#include "memory/slots.h"
#include "memory/split.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/weakref.h"
#include "os/memory.h"

#define THREADS 3
#define OBJECTS 64
#define ROUNDS 20000

typedef struct Node { GiObj obj; GiSlot next; } Node;
static _Atomic int destroyed, made;
static GiVm *vm;
static GiThread *main_ts;
static GiMutex table_lock;
static GiSlot table[OBJECTS]; /* even places: guarded by table_lock, odd ones: by nothing */
static GiSlot weak[OBJECTS];

static void node_destroy(GiThread *ts, GiObj *self) {
    (void)ts;
    (void)self;
    atomic_fetch_add(&destroyed, 1);
}
static const GiField node_fields[] = {GI_SLOT(Node, next), GI_FIELDS_END};
static GiType node_type = {.obj = GI_TYPE_HEAD, .name = "Node", .flags = GI_TYPE_GC | GI_TYPE_WEAKREF,
                           .size = sizeof(Node), .base = &gi_object_type, .fields = node_fields,
                           .destroy = node_destroy};

static GiRef node_new(GiThread *ts) {
    /* Some are large, and have memory of their own. */
    size_t size = atomic_load(&made) % 16 ? sizeof(Node) : GI_HEAP_SMALL_MAX + 100;
    GiObj *obj = gi_heap_new(ts, &node_type, size);
    CHECK(obj);
    atomic_fetch_add(&made, 1);
    return gi_own_obj(obj);
}

static void safepoint(GiThread *ts) {
    uint32_t bits = gi_safepoint(&ts->core);
    if (bits & GI_SP_THREADS) gi_safepoint_threads(&ts->core);
    if (gi_take_requests(&ts->core, GI_SP_GC)) gi_gc_safepoint(ts);
}

static void work(GiThread *ts, uint32_t seed) {
    GiRef held[8] = {{0}};
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245u + 12345u;
        unsigned at = seed >> 16 & (OBJECTS - 1), h = seed >> 24 & 7;
        GiRef mine = GI_NULL;
        switch (seed >> 28 & 3) {
        case 0: mine = node_new(ts); /* fall through: put it in the table */
            {
                GiRef kept = gi_dup(ts, gi_val(mine));
                if (at & 1) {
                    gi_slot_store(ts, &table[at], kept);
                    break;
                }
                gi_mutex_lock(&table_lock);
                GiRef old = gi_slot_take(&table[at]);
                gi_slot_init(&table[at], kept);
                gi_mutex_unlock(&table_lock);
                gi_xdrop(ts, old);
            }
            break;
        case 1: /* take one that somebody else may have made */
            if (at & 1) {
                mine = gi_slot_load(ts, &table[at]);
                break;
            }
            gi_mutex_lock(&table_lock);
            mine = gi_slot_dup(ts, &table[at]);
            gi_mutex_unlock(&table_lock);
            break;
        case 2: /* through a weak reference */
            if (!gi_is_null(weak[at])) mine = gi_weakref_get(ts, gi_val(weak[at]));
            break;
        default:
            for (int k = 0; k < 30; k++) {
                if (gi_is_null(held[h])) break;
                GiRef more = gi_dup(ts, gi_val(held[h]));
                gi_drop(ts, more);
            }
            break;
        }
        if (!gi_is_null(mine)) {
            gi_xdrop(ts, held[h]);
            held[h] = mine;
        }
        safepoint(ts);
    }
    for (int h = 0; h < 8; h++) gi_xdrop(ts, held[h]);
}

static void *thread_main(void *arg) {
    GiThread *ts = arg;
    gi_set_current_thread(ts);
    gi_core_bind(&ts->core);
    gi_attach(&ts->core);
    work(ts, (uint32_t)ts->id * 7919u);
    gi_thread_clear(ts);
    gi_detach(&ts->core, "end");
    return NULL;
}

int main(void) {
    vm = gi_os_aligned_zalloc(sizeof *vm, 64);
    CHECK(vm && gi_vm_memory_init(vm, GI_MODE_FREE) == GI_OK);
    GiThread *ts = main_ts = gi_thread_new(vm, NULL);
    CHECK(ts);
    gi_set_current_thread(ts);
    gi_core_bind(&ts->core);
    gi_attach(&ts->core);
    CHECK(gi_names_init(ts) == GI_OK && gi_types_init(ts) == GI_OK);
    CHECK(gi_type_ready(ts, &node_type) == GI_OK);
    for (int i = 0; i < OBJECTS; i++) {
        gi_slot_init(&table[i], node_new(ts));
        gi_slot_init(&weak[i], gi_weakref_new(ts, &gi_weakref_type, gi_val(table[i]), GI_NOVAL));
    }
    GiThread *threads[THREADS];
    pthread_t handles[THREADS];
    for (int i = 0; i < THREADS; i++) {
        threads[i] = gi_thread_new(vm, ts);
        CHECK(threads[i] && pthread_create(&handles[i], NULL, thread_main, threads[i]) == 0);
    }
    work(ts, 1);
    for (int i = 0; i < THREADS; i++) {
        GI_BLOCKING(&ts->core, "join") pthread_join(handles[i], NULL);
        gi_thread_free(threads[i], ts);
    }
    for (int i = 0; i < OBJECTS; i++) {
        gi_slot_clear(ts, &table[i]);
        gi_slot_clear(ts, &weak[i]);
    }
    gi_hot_forget(ts, ts);
    gi_take_handed_drops(ts);
    (void)gi_gc_collect(ts, 2); /* what was split dies only now */
    CHECK_INT(atomic_load(&destroyed), atomic_load(&made));
    CHECK_INT(gi_gc_collect(ts, 2), 0);
    return 0;
}
