/* split.c - split counts. See split.h. */
#include "memory/split.h"

#include <stdlib.h>

#include "memory/heap_internal.h"
#include "os/memory.h"

/* What a thread remembers of samples: a direct-mapped table by address, and the objects that are
 * hot, each with a reference, until the next stop. */
enum { HOT_PLACES = 64, HOT_HITS = 6, HOT_WAITING = 32, TRANSFERRED = 1024 };
#define HOT_PAUSE_NS (500 * GI_NS_PER_US) /* between two stops for hot objects */

/* Of a crowd (the items of a list that all threads read) no single object is met often. So the pages that the
 * objects lie in are counted too: one is hot when each of its objects was counted PAGE_ROUNDS times, on the
 * average, and quickly. What is only handed from thread to thread is slower, and stays as it is. */
enum { PAGE_PLACES = 32, PAGES_WAITING = 8, PAGE_ROUNDS = 32, PAGE_COUNT_NS = 500 };

typedef struct GiHotPage {
    GiHeapPage *page;
    uint32_t hits;
    uint64_t since; /* ticks at the first of them */
} GiHotPage;

typedef struct GiHot {
    uintptr_t objects[HOT_PLACES];
    uint8_t hits[HOT_PLACES];
    GiObj *waiting[HOT_WAITING];
    unsigned count;
    GiHotPage pages[PAGE_PLACES];
    GiHeapPage *pages_waiting[PAGES_WAITING];
    unsigned page_count;
    uint64_t settled; /* ticks */
} GiHot;

/* INVARIANT: objects[n] is the object with number n or, when free, NULL. */
struct GiSplitTable {
    GI_VEC(GiObj *) objects;
    GI_VEC(uint32_t) free;      /* numbers */
    GI_VEC(int64_t) sums;       /* of threads that have ended, and what the object had when it was split */
    uintptr_t transferred[TRANSFERRED]; /* objects and pages whose bias was moved, by address; a hint */
};

static uint32_t number_of(uint64_t counts) { return (uint32_t)(counts >> 16); }

static size_t place_of(const void *p, size_t places) {
    return (size_t)((uint64_t)(uintptr_t)p * 0x9E3779B97F4A7C15ull >> 40) % places;
}

/* ---- Sums ---- */

/* LOCK: shared->lock. */
static int64_t total_locked(GiHeapShared *shared, uint32_t n) {
    int64_t total = shared->split->sums.data[n];
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        if (h->thread && h->thread->split) total += __atomic_load_n(&h->thread->split[n], __ATOMIC_RELAXED);
    return (int32_t)total; /* each thread's part may have wrapped around */
}

int64_t gi_split_refcount(uint64_t counts) {
    GiHeapShared *shared = gi_current_thread()->vm->heap;
    gi_mutex_lock(&shared->lock);
    int64_t total = total_locked(shared, number_of(counts));
    gi_mutex_unlock(&shared->lock);
    return total;
}

/* ---- Threads ---- */

GiStatus gi_split_thread_init(GiThread *ts) {
    ts->split = gi_os_pages_alloc(GI_SPLIT_LIMIT * sizeof *ts->split, gi_os_page_size());
    ts->hot = calloc(1, sizeof *ts->hot);
    ts->hot_rest = GI_HOT_EVERY;
    if (ts->split && ts->hot) return GI_OK;
    gi_split_thread_end(NULL, ts);
    return GI_FAIL;
}

void gi_split_thread_end(GiHeapShared *shared, GiThread *ts) {
    if (ts->split && shared && shared->split)
        for (size_t n = 0; n < shared->split->sums.len; n++) shared->split->sums.data[n] += ts->split[n];
    if (ts->split) gi_os_pages_free(ts->split, GI_SPLIT_LIMIT * sizeof *ts->split);
    ts->split = NULL;
    free(ts->hot);
    ts->hot = NULL;
}

void gi_split_vm_end(GiHeapShared *shared) {
    struct GiSplitTable *table = shared->split;
    if (!table) return;
    gi_vec_free(&table->objects);
    gi_vec_free(&table->free);
    gi_vec_free(&table->sums);
    free(table);
    shared->split = NULL;
}

/* ---- Splitting and undoing it, in a stopped world ---- */

/* A number for an object, UINT32_MAX when there is none to be had. */
static uint32_t take_number(struct GiSplitTable *table) {
    if (table->free.len) return gi_vec_pop(&table->free);
    if (table->objects.len == GI_SPLIT_LIMIT) return UINT32_MAX;
    if (gi_vec_reserve(&table->free, table->objects.len + 1) != GI_OK || gi_vec_reserve(&table->sums, 1) != GI_OK ||
        gi_vec_push(&table->objects, NULL) != GI_OK)
        return UINT32_MAX;
    table->sums.data[table->sums.len++] = 0;
    return (uint32_t)table->objects.len - 1;
}

static void split(GiHeapShared *shared, GiObj *obj) {
    uint64_t counts = gi_obj_counts(obj);
    uint32_t n = take_number(shared->split);
    if (n == UINT32_MAX) return;
    shared->split->objects.data[n] = obj;
    shared->split->sums.data[n] = (int64_t)(uint16_t)(counts >> 16) + (int32_t)(counts >> 32);
    __atomic_store_n(&gi_obj_counts(obj), (uint64_t)n << 16 | GI_OWNER_SPLIT, __ATOMIC_RELEASE);
}

/* Makes ts the owner, with so many references. */
static void own(GiThread *ts, GiObj *obj, int64_t total) {
    int64_t local = GI_MIN(total, 0x4000);
    uint64_t counts = (uint64_t)ts->core.owner | (uint64_t)local << 16 | (uint64_t)(total - local) << 32;
    __atomic_store_n(&gi_obj_counts(obj), counts, __ATOMIC_RELEASE);
}

/* Takes the number back; gives the sum. LOCK: shared->lock. */
static int64_t release_locked(GiHeapShared *shared, uint32_t n) {
    struct GiSplitTable *table = shared->split;
    int64_t total = total_locked(shared, n);
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        if (h->thread && h->thread->split) h->thread->split[n] = 0;
    table->sums.data[n] = 0;
    table->objects.data[n] = NULL;
    table->free.data[table->free.len++] = n; /* there is room for every number */
    return total;
}

void gi_split_undo(GiThread *ts, GiObj *obj) {
    uint64_t counts = gi_obj_counts(obj);
    if ((uint16_t)counts != GI_OWNER_SPLIT) return;
    GiHeapShared *shared = ts->vm->heap;
    gi_mutex_lock(&shared->lock);
    own(ts, obj, release_locked(shared, number_of(counts)));
    gi_mutex_unlock(&shared->lock);
}

size_t gi_split_take_dead(GiThread *ts, GiObj **dead, size_t limit) {
    GiHeapShared *shared = ts->vm->heap;
    struct GiSplitTable *table = shared->split;
    size_t found = 0;
    if (!table) return 0;
    gi_mutex_lock(&shared->lock);
    for (uint32_t n = 0; n < table->objects.len && found < limit; n++) {
        GiObj *obj = table->objects.data[n];
        if (!obj) continue;
        if (obj->owner == GI_OWNER_SPLIT && total_locked(shared, n) != 0) continue;
        bool immortal = obj->owner != GI_OWNER_SPLIT;
        release_locked(shared, n);
        if (immortal) continue;
        own(ts, obj, 1);
        dead[found++] = obj;
    }
    gi_mutex_unlock(&shared->lock);
    return found;
}

/* ---- What is hot ---- */

/* What is made once and used everywhere; that it dies late is no surprise. */
static bool is_lasting(const GiObj *obj) {
    const GiType *type = gi_obj_type(obj);
    return (type->flags & (GI_TYPE_IS_TYPE | GI_TYPE_LASTING)) != 0;
}

/* Whether a program may notice that the object does not die with its last reference. */
static bool death_is_awaited(GiObj *obj) {
    return gi_obj_type(obj)->finalize || gi_obj_flags(obj) & GI_OBJ_WEAKREFS;
}

/* Objects in memory of their own are rare enough to be met one by one. */
static void look_at_page(GiThread *ts, GiHot *hot, GiObj *obj) {
    if (!gi_heap_in_window(obj) || gi_obj_head(obj) & GI_HEAD_LARGE) return;
    const GiTicks *ticks = &ts->vm->world.ticks;
    GiHeapPage *page = gi_heap_page_of(obj);
    GiHotPage *h = &hot->pages[place_of(page, PAGE_PLACES)];
    if (h->page != page && h->hits > 0) {
        h->hits--;
        return;
    }
    h->page = page;
    if (h->hits++ == 0) h->since = gi_ticks(ticks);
    if (h->hits < page->block_count * PAGE_ROUNDS / GI_HOT_EVERY) return;
    h->hits = 0;
    uint64_t most = (uint64_t)page->block_count * PAGE_ROUNDS * PAGE_COUNT_NS;
    if (gi_ticks(ticks) - h->since > gi_ticks_from_ns(ticks, most) || hot->page_count == PAGES_WAITING) return;
    hot->pages_waiting[hot->page_count++] = page;
    gi_request(&ts->core, GI_SP_GC);
}

void gi_hot_sample(GiThread *ts, GiObj *obj) {
    GiHot *hot = ts->hot;
    ts->hot_rest = GI_HOT_EVERY;
    if (!hot) return;
    look_at_page(ts, hot, obj);
    size_t i = place_of(obj, HOT_PLACES);
    if (hot->objects[i] != (uintptr_t)obj) {
        /* A new one takes the place only of one that has cooled down. */
        if (hot->hits[i] > 0) hot->hits[i]--;
        else hot->objects[i] = (uintptr_t)obj;
        return;
    }
    if (hot->hits[i] < HOT_HITS) {
        hot->hits[i]++;
        return;
    }
    hot->hits[i] = 0;
    if (hot->count < HOT_WAITING) {
        /* Counted by hand: gi_incref_obj would come here again. */
        if (!gi_try_incref(ts, obj)) return;
        hot->waiting[hot->count++] = obj;
    }
    gi_request(&ts->core, GI_SP_GC);
}

/* True once what stands at an address had its bias moved; it is marked so. */
static bool was_transferred(GiHeapShared *shared, const void *p) {
    uintptr_t *known = &shared->split->transferred[place_of(p, TRANSFERRED)];
    bool was = *known == (uintptr_t)p;
    *known = (uintptr_t)p;
    return was;
}

/* Splits the object, or makes ts its owner if it never had another. The world is stopped. */
static void settle(GiThread *ts, GiHeapShared *shared, GiObj *obj, bool transferred) {
    uint16_t owner = (uint16_t)gi_obj_counts(obj);
    if (owner == GI_OWNER_SPLIT || owner == GI_OWNER_IMMORTAL || gi_obj_flags(obj) & GI_OBJ_DYING) return;
    if (is_lasting(obj) || (transferred && !death_is_awaited(obj))) split(shared, obj);
    else if (!transferred) own(ts, obj, gi_refcount(obj));
}

static void settle_page(GiThread *ts, GiHeapShared *shared, GiHeapPage *page) {
    bool transferred = was_transferred(shared, page);
    for (uint32_t i = 0; i < page->carved; i++) {
        GiObj *obj = gi_page_object(page, i);
        if (gi_obj_head(obj) == 0 || obj->owner == GI_OWNER_FREE || gi_refcount(obj) <= 0) continue;
        settle(ts, shared, obj, transferred);
    }
}

void gi_hot_forget(GiThread *ts, GiThread *of) {
    while (of->hot && of->hot->count) gi_decref_obj(ts, of->hot->waiting[--of->hot->count]);
}

void gi_hot_settle(GiThread *ts) {
    GiHot *hot = ts->hot;
    if (!hot || hot->count + hot->page_count == 0) return;
    GiHeapShared *shared = ts->vm->heap;
    GiWorld *world = &ts->vm->world;
    uint64_t now = gi_ticks(&world->ticks);
    if (hot->count < HOT_WAITING / 4 && hot->page_count < PAGES_WAITING && now - hot->settled < gi_ticks_from_ns(&world->ticks, HOT_PAUSE_NS)) return;
    hot->settled = now;
    GiObj *waiting[HOT_WAITING];
    unsigned count = hot->count;
    memcpy(waiting, hot->waiting, count * sizeof *waiting);
    hot->count = 0;
    gi_stop_world_for(&ts->core, "reference counts");
    if (!shared->split) shared->split = calloc(1, sizeof *shared->split);
    for (unsigned i = 0; i < count && shared->split; i++)
        settle(ts, shared, waiting[i], was_transferred(shared, waiting[i]));
    for (; hot->page_count && shared->split; hot->page_count--) settle_page(ts, shared, hot->pages_waiting[hot->page_count - 1]);
    gi_start_world(&ts->core);
    for (unsigned i = 0; i < count; i++) gi_decref_obj(ts, waiting[i]);
}
