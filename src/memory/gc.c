/* gc.c - the cycle collector.
 *
 * Trial deletion over the pages of collectable objects. No object has a header for it: each block
 * of a page has a cell in a side array, which lives between collections only to be used again.
 *     0          no candidate: free, dying, immortal, frozen
 *     1 + n      candidate with n references not yet explained by other candidates
 *     REACHED    lives
 * What is left at 1 is garbage. Then, in CPython's order: weak references to garbage die; callbacks
 * of those references that are not garbage themselves run; finalizers run, once in an object's
 * life; if any Python code ran, garbage is computed anew among what was found (it may have been
 * revived); what still is garbage is sealed, has its slots emptied, and dies by its counts.
 * INVARIANT: nobody meets an object that the collector empties. Sealing an object kills the weak
 * references that finalizers made to it, and marks it as dying, so that neither the weak table nor
 * a walk over the heap gives it out.
 *
 * Other threads: with the GIL holding it is enough; in free mode the world is stopped while cells
 * are in use, and while garbage is sealed.
 * INVARIANT: nothing is allocated on the heap and no Python code runs meanwhile.
 * Memory that the collector itself needs and does not get makes it give up, harmlessly.
 */
#include "memory/gc.h"
#include "memory/keep.h"
#include "memory/heap_internal.h"
#include "memory/split.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/weakref.h"

#include <stdio.h>
#include <stdlib.h>

#define REACHED INT32_MAX
/* What gc.get_threshold() gives at first, as in CPython. Its collections of the youngest look at so
 * many objects; ours look at all, so that as long as nobody sets the threshold we wait for more. */
#define GI_GC_THRESHOLD 700
#define GI_GC_YOUNG_MIN 10000

typedef struct Collector {
    GiThread *ts;
    GiVm *vm;
    GiGcState *state;
    GI_VEC(GiObj *) stack;   /* reached, not yet looked into */
    GI_VEC(GiObj *) garbage; /* one reference held of each */
    GI_VEC(GiRef) pending;   /* taken out of slots, to be dropped */
    bool failed;             /* out of memory */
    bool ran_code;
    size_t live;
} Collector;

/* The cell of a collectable object, NULL for others. */
static inline int32_t *cell_of(Collector *gc, GiObj *obj) {
    if (!obj || obj->owner == GI_OWNER_IMMORTAL) return NULL;
    if (GI_UNLIKELY(obj->head & GI_HEAD_LARGE)) {
        GiLarge *large = gi_heap_large_of(obj);
        return large->kind == GI_KIND_PLAIN ? NULL : &large->gc_refs;
    }
    GiHeapPage *page = gi_heap_page_of(obj);
    if (page->kind == GI_KIND_PLAIN) return NULL;
    return &gc->state->refs[page->gc_base + gi_page_index(page, obj)];
}

/* ---- Walking ---- */

static void each_cell(Collector *gc, void (*visit)(Collector *gc, GiObj *obj, int32_t *cell)) {
    GiHeapShared *shared = gc->vm->heap;
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        for (int kind = GI_KIND_GC; kind < GI_KIND_COUNT; kind++)
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next) {
                int32_t *cells = gc->state->refs + page->gc_base;
                for (uint32_t i = 0; i < page->carved; i++) visit(gc, gi_page_object(page, i), &cells[i]);
            }
    for (GiLarge *l = shared->large.next; l != &shared->large; l = l->next) {
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        visit(gc, obj, &l->gc_refs);
    }
}

/* Gives every page its part of the side array. */
static bool lay_out(Collector *gc) {
    size_t total = 0;
    GiHeapShared *shared = gc->vm->heap;
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        for (int kind = GI_KIND_GC; kind < GI_KIND_COUNT; kind++)
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next) {
                page->gc_base = (uint32_t)total;
                total += page->carved;
            }
    if (total > UINT32_MAX) return false;
    GiGcState *state = gc->state;
    if (total > state->refs_capacity) {
        free(state->refs);
        state->refs_capacity = total + total / 4 + 1024;
        state->refs = malloc(state->refs_capacity * sizeof *state->refs);
        if (!state->refs) state->refs_capacity = 0;
    }
    return state->refs != NULL;
}

static void take_visit(GiSlot *slot, void *arg) {
    Collector *gc = arg;
    if (!gi_slot_obj(slot)) return;
    /* Without memory for the list the slot stays; another member of the cycle will be emptied. */
    if (gi_vec_reserve(&gc->pending, 1) == GI_OK) gc->pending.data[gc->pending.len++] = gi_slot_take(slot);
    else gc->failed = true;
}

/* Takes from iterators that are at their end what they went over. */
static void empty_spent_cell(Collector *gc, GiObj *obj, int32_t *cell GI_UNUSED) {
    if (!obj->head || obj->owner == GI_OWNER_FREE || gi_refcount(obj) <= 0 || gi_obj_flags(obj) & GI_OBJ_DYING) return;
    const GiType *type = gi_obj_type(obj);
    if (GI_UNLIKELY(type->spent != NULL) && type->spent(obj)) gi_each_slot(obj, take_visit, gc);
}

static void init_cell(Collector *gc GI_UNUSED, GiObj *obj, int32_t *cell) {
    *cell = 0;
    if (!obj->head || obj->owner == GI_OWNER_IMMORTAL ||
        gi_obj_flags(obj) & (GI_OBJ_DYING | GI_OBJ_UNTRACKED))
        return;
    int64_t count = gi_refcount(obj);
    if (count > 0 && count < REACHED - 1) *cell = (int32_t)count + 1;
}

static void subtract_visit(GiSlot *slot, void *arg) {
    Collector *gc = arg;
    int32_t *cell = cell_of(gc, gi_slot_obj(slot));
    if (!cell || !*cell) return;
    if (GI_LIKELY(*cell > 1)) {
        --*cell;
    } else if (gc->vm->debug_flags & GI_DEBUG_VALIDATE) {
        fprintf(stderr, "gila: an object of type %s has more references than its count says\n",
                gi_obj_type(gi_obj(*slot))->name);
        abort();
    }
}

static void subtract_cell(Collector *gc, GiObj *obj, int32_t *cell) {
    if (*cell) gi_each_reference(obj, subtract_visit, gc);
}

static void reach(Collector *gc, GiObj *obj, int32_t *cell) {
    *cell = REACHED;
    gc->live++;
    if (gi_vec_push(&gc->stack, obj) != GI_OK) gc->failed = true;
}

static void reach_visit(GiSlot *slot, void *arg) {
    Collector *gc = arg;
    GiObj *obj = gi_slot_obj(slot);
    int32_t *cell = cell_of(gc, obj);
    if (cell && *cell && *cell != REACHED) reach(gc, obj, cell);
}

static void reach_cell(Collector *gc, GiObj *obj, int32_t *cell) {
    if (*cell <= 1 || *cell == REACHED || gc->failed) return;
    reach(gc, obj, cell);
    while (gc->stack.len && !gc->failed) gi_each_reference(gi_vec_pop(&gc->stack), reach_visit, gc);
}

static void gather_cell(Collector *gc, GiObj *obj, int32_t *cell) {
    if (*cell != 1 || gc->failed) return;
    if (gi_vec_push(&gc->garbage, obj) != GI_OK) gc->failed = true;
    else gi_incref_obj(gc->ts, obj);
}

/* ---- Weak references and finalizers ---- */

static bool callback_wanted(GiWeakRef *ref, void *arg) {
    Collector *gc = arg;
    int32_t *cell = cell_of(gc, &ref->obj);
    return !cell || *cell != 1;
}

static GiWeakRef *detach_weakrefs(Collector *gc) {
    GiWeakRef *chain = NULL;
    for (size_t i = 0; i < gc->garbage.len; i++) {
        GiObj *obj = gc->garbage.data[i];
        if (gi_obj_flags(obj) & GI_OBJ_WEAKREFS)
            gi_weakrefs_detach(gc->ts, obj, callback_wanted, gc, &chain);
    }
    return chain;
}

/* Whether an object of this type is finalized by its builtin base (a file closes itself). */
static bool finalizes_itself(const GiType *type) {
    const GiType *base = type;
    while (base->flags & GI_TYPE_HEAP && base->base) base = base->base;
    return base->finalize == type->finalize;
}

/* PYSEM: what classes define (__del__) comes first, so that it finds the files it holds still open. */
static void finalize_garbage(Collector *gc) {
    for (int builtin = 0; builtin < 2; builtin++) {
        for (size_t i = 0; i < gc->garbage.len; i++) {
            GiObj *obj = gc->garbage.data[i];
            const GiType *type = gi_obj_type(obj);
            if (!type->finalize || gi_obj_flags(obj) & GI_OBJ_FINALIZED || finalizes_itself(type) != builtin) continue;
            gi_finalize(gc->ts, obj);
            gc->ran_code = true;
        }
    }
}

/* ---- Was anything revived? ---- */

/* The garbage as a hash table from address to its place: cells of pages made since do not exist. */
typedef struct Subset {
    Collector *gc;
    uint32_t *table; /* place + 1 */
    size_t mask;
    int64_t *refs;   /* references from outside; -1: reached */
    GI_VEC(size_t) stack;
    bool failed;
} Subset;

static size_t subset_hash(const Subset *s, const GiObj *obj) {
    return (size_t)(((uint64_t)(uintptr_t)obj >> 4) * 0x9E3779B97F4A7C15ull >> 20) & s->mask;
}

/* The place of obj in the garbage, SIZE_MAX when it is not in it. */
static size_t subset_find(const Subset *s, const GiObj *obj) {
    for (size_t i = subset_hash(s, obj); s->table[i]; i = (i + 1) & s->mask)
        if (s->gc->garbage.data[s->table[i] - 1] == obj) return s->table[i] - 1;
    return SIZE_MAX;
}

static void subset_subtract(GiSlot *slot, void *arg) {
    Subset *s = arg;
    size_t i = subset_find(s, gi_slot_obj(slot));
    if (i != SIZE_MAX) s->refs[i]--;
}

static void subset_reach(GiSlot *slot, void *arg) {
    Subset *s = arg;
    size_t i = subset_find(s, gi_slot_obj(slot));
    if (i == SIZE_MAX || s->refs[i] < 0) return;
    s->refs[i] = -1;
    if (gi_vec_push(&s->stack, i) != GI_OK) s->failed = true;
}

static void subset_mark(Subset *s) {
    GiObj **garbage = s->gc->garbage.data;
    size_t n = s->gc->garbage.len;
    for (size_t i = 0; i < n; i++) {
        size_t at = subset_hash(s, garbage[i]);
        while (s->table[at]) at = (at + 1) & s->mask;
        s->table[at] = (uint32_t)i + 1;
        s->refs[i] = gi_refcount(garbage[i]) - 1; /* less the one that we hold */
    }
    for (size_t i = 0; i < n; i++) gi_each_reference(garbage[i], subset_subtract, s);
    for (size_t i = 0; i < n; i++) {
        if (s->refs[i] <= 0) continue;
        s->refs[i] = -1;
        gi_each_reference(garbage[i], subset_reach, s);
        while (s->stack.len && !s->failed) gi_each_reference(garbage[gi_vec_pop(&s->stack)], subset_reach, s);
    }
}

static bool late_callback_wanted(GiWeakRef *ref, void *arg) {
    Subset *s = arg;
    size_t i = subset_find(s, &ref->obj);
    return i == SIZE_MAX || s->refs[i] < 0;
}

/* Seals what is still garbage; the callbacks of its weak references are chained. */
static void subset_seal(Subset *s, GiWeakRef **callbacks) {
    for (size_t i = 0; i < s->gc->garbage.len; i++) {
        GiObj *obj = s->gc->garbage.data[i];
        if (s->refs[i] < 0) continue;
        if (gi_obj_flags(obj) & GI_OBJ_WEAKREFS)
            gi_weakrefs_detach(s->gc->ts, obj, late_callback_wanted, s, callbacks);
        gi_obj_flag_on(obj, GI_OBJ_DYING);
        gi_split_undo(s->gc->ts, obj); /* so that its last reference is seen to go */
    }
}

/* Finds out what of the garbage is referred to from outside of it; without memory, `failed`.
 * With `callbacks`, the rest of it is sealed at once. */
static Subset subset_look(Collector *gc, GiWeakRef **callbacks) {
    size_t n = gc->garbage.len, size = 16;
    while (size < n * 2) size *= 2;
    Subset s = {.gc = gc, .mask = size - 1};
    s.table = calloc(size, sizeof *s.table);
    s.refs = malloc((n + 1) * sizeof *s.refs);
    s.failed = !s.table || !s.refs;
    if (!s.failed) {
        gi_stop_world_for(&gc->ts->core, "garbage collection");
        subset_mark(&s);
        if (callbacks && !s.failed) subset_seal(&s, callbacks);
        gi_start_world(&gc->ts->core);
    }
    return s;
}

static void subset_end(Subset *s) {
    gi_vec_free(&s->stack);
    free(s->table);
    free(s->refs);
}

/* Takes what was revived out of the garbage and seals the rest. Gives the callbacks of weak
 * references that finalizers made: they run when the objects are dead. */
static GiWeakRef *drop_revived(Collector *gc) {
    GiWeakRef *callbacks = NULL;
    Subset s = subset_look(gc, gc->state->debug & GI_GC_SAVEALL ? NULL : &callbacks);
    size_t n = gc->garbage.len, kept = 0;
    for (size_t i = 0; i < n; i++) {
        GiObj *obj = gc->garbage.data[i];
        if (!s.failed && s.refs[i] >= 0) gc->garbage.data[kept++] = obj;
        else if (gi_vec_push(&gc->pending, gi_own_obj(obj)) != GI_OK) gi_decref_obj(gc->ts, obj);
    }
    gc->garbage.len = kept;
    while (gc->pending.len) gi_drop(gc->ts, gi_vec_pop(&gc->pending));
    subset_end(&s);
    return callbacks;
}

/* ---- Breaking cycles ---- */

/* Lets a later collection find what could not be emptied for want of memory. */
static void unseal(Collector *gc) {
    for (size_t i = 0; i < gc->garbage.len; i++) gi_obj_flag_off(gc->garbage.data[i], GI_OBJ_DYING);
}

bool gi_visit_empties(GiVisit visit) { return visit == take_visit; }

static void drop_pending(Collector *gc) {
    while (gc->pending.len) gi_drop(gc->ts, gi_vec_pop(&gc->pending));
}

/* The last of the garbage: tuples. Those that only such tuples refer to are emptied. */
static void clear_tuples(Collector *gc) {
    bool cyclic = false;
    for (size_t i = 0; i < gc->garbage.len && !cyclic; i++) cyclic = gi_refcount(gc->garbage.data[i]) > 1;
    if (cyclic) {
        Subset s = subset_look(gc, NULL);
        for (size_t i = 0; i < gc->garbage.len && !s.failed; i++)
            if (s.refs[i] >= 0) gi_each_slot(gc->garbage.data[i], take_visit, gc);
        if (s.failed || gc->failed) unseal(gc);
        subset_end(&s);
    }
    while (gc->garbage.len) gi_decref_obj(gc->ts, gi_vec_pop(&gc->garbage));
    drop_pending(gc);
}

/* Breaks the cycles: slots are emptied, and what they held is dropped. Everything is taken out
 * before anything dies, since objects know each other by plain pointers too (a frame its code).
 * Tuples keep their items while something else in the cycle can be emptied; those that are left in
 * cycles of tuples alone come last. Classes lose only their mro: their own death needs the rest. */
static void clear_garbage(Collector *gc) {
    GiThread *ts = gc->ts;
    for (size_t i = 0; i < gc->garbage.len; i++) {
        GiObj *obj = gc->garbage.data[i];
        gi_obj_flag_on(obj, GI_OBJ_DYING); /* sealed already if anything ran since it was found */
        if (!(gi_obj_type(obj)->flags & (GI_TYPE_TUPLE | GI_TYPE_IS_TYPE))) gi_each_slot(obj, take_visit, gc);
    }
    drop_pending(gc);
    for (size_t i = 0; i < gc->garbage.len; i++) {
        GiObj *obj = gc->garbage.data[i];
        if (gi_obj_type(obj)->flags & GI_TYPE_IS_TYPE) take_visit(&((GiType *)obj)->mro, gc);
    }
    drop_pending(gc);
    if (gc->failed) unseal(gc);
    size_t tuples = 0;
    for (size_t i = 0; i < gc->garbage.len; i++) {
        GiObj *obj = gc->garbage.data[i];
        if (gi_obj_type(obj)->flags & GI_TYPE_TUPLE) gc->garbage.data[tuples++] = obj;
        else gi_decref_obj(ts, obj);
    }
    gc->garbage.len = tuples;
    clear_tuples(gc);
}

/* gc.DEBUG_SAVEALL: garbage is kept for the program to look at. */
static void save_garbage(Collector *gc) {
    for (size_t i = 0; i < gc->garbage.len; i++) {
        GiRef obj = gi_own_obj(gc->garbage.data[i]);
        if (gi_is_null(gc->state->garbage) || !gi_is_list(gi_val(gc->state->garbage)))
            gi_drop(gc->ts, obj);
        else if (gi_list_append(gc->ts, gi_val(gc->state->garbage), obj) != GI_OK)
            gi_exc_clear(gc->ts);
    }
}

static void print_collectable(Collector *gc) {
    for (size_t i = 0; i < gc->garbage.len; i++)
        fprintf(stderr, "gc: collectable <%s %p>\n", gi_obj_type(gc->garbage.data[i])->name,
                (void *)gc->garbage.data[i]);
}

/* ---- A collection ---- */

/* The part for which the world stands. Gives the callbacks to run. */
static GiWeakRef *find_garbage(Collector *gc) {
    if (!lay_out(gc)) {
        gc->failed = true;
        return NULL;
    }
    if (gc->ts->core.free_running) each_cell(gc, empty_spent_cell);
    each_cell(gc, init_cell);
    each_cell(gc, subtract_cell);
    each_cell(gc, reach_cell);
    if (!gc->failed) {
        gc->state->survivors = gc->live;
        each_cell(gc, gather_cell);
    }
    if (gc->failed) {
        /* Give back what was gathered; nothing of it can die by that. */
        while (gc->garbage.len) gi_decref_obj(gc->ts, gi_vec_pop(&gc->garbage));
        return NULL;
    }
    return detach_weakrefs(gc);
}

static void set_budget(GiVm *vm) {
    GiGcState *state = vm->gc;
    int64_t base = state->generations[0].threshold;
    if (base == GI_GC_THRESHOLD) base = GI_GC_YOUNG_MIN;
    if (!state->enabled || base <= 0) state->budget = INT64_MAX / 4;
    else state->budget = GI_MAX(base, (int64_t)(state->survivors / 2));
}

/* Starts counting anew in every thread. The world is stopped or the GIL held. */
static void restart_counts(GiVm *vm) {
    set_budget(vm);
    for (GiThread *t = vm->threads; t; t = t->next) t->gc_countdown = vm->gc->budget;
}

/* Buries split objects that nobody refers to. Their death may be that of others: again, until there
 * are none. */
static void bury_split(GiThread *ts) {
    enum { AT_ONCE = 256 };
    GiObj *dead[AT_ONCE];
    size_t n;
    if (!ts->core.free_running) return;
    do {
        gi_stop_world_for(&ts->core, "garbage collection");
        n = gi_split_take_dead(ts, dead, AT_ONCE);
        gi_start_world(&ts->core);
        for (size_t i = 0; i < n; i++) gi_decref_obj(ts, dead[i]);
    } while (n);
}

size_t gi_gc_collect(GiThread *ts, int generation) {
    GiVm *vm = ts->vm;
    GiGcState *state = vm->gc;
    bool idle = false;
    if (!__atomic_compare_exchange_n(&state->collecting, &idle, true, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED))
        return 0;
    GiRef saved = gi_exc_take(ts);
    Collector gc = {.ts = ts, .vm = vm, .state = state};
    gi_take_all_handed_drops(ts);
    bury_split(ts);
    if (state->notify) state->notify(ts, true, generation, 0, 0);
    if (state->debug & GI_GC_STATS)
        fprintf(stderr, "gc: collecting generation %d...\n", generation);
    gi_stop_world_for(&ts->core, "garbage collection");
    GiWeakRef *callbacks = find_garbage(&gc);
    for (int i = 0; i <= generation; i++) state->counts[i] = 0;
    if (generation < 2) state->counts[generation + 1]++;
    restart_counts(vm);
    gi_start_world(&ts->core);
    size_t found = gc.garbage.len;
    if (gc.pending.len) {
        gc.ran_code = true;
        drop_pending(&gc);
    }
    if (state->debug & GI_GC_COLLECTABLE) print_collectable(&gc);
    if (callbacks) {
        gc.ran_code = true;
        gi_weakrefs_run(ts, callbacks);
    }
    finalize_garbage(&gc);
    GiWeakRef *late = NULL;
    if (gc.garbage.len && (gc.ran_code || ts->core.free_running)) late = drop_revived(&gc);
    size_t collected = gc.garbage.len;
    if (state->debug & GI_GC_SAVEALL) save_garbage(&gc);
    else clear_garbage(&gc);
    if (late) gi_weakrefs_run(ts, late);
    bury_split(ts);
    gi_vec_free(&gc.stack);
    gi_vec_free(&gc.garbage);
    gi_vec_free(&gc.pending);
    if (state->debug & GI_GC_STATS)
        fprintf(stderr, "gc: done, %zu unreachable, 0 uncollectable\n", found);
    state->generations[generation].collections++;
    state->generations[generation].collected += collected;
    if (state->notify) state->notify(ts, false, generation, collected, 0);
    __atomic_store_n(&state->collecting, false, __ATOMIC_RELEASE);
    gi_exc_restore(ts, saved);
    return collected;
}

/* ---- When ---- */

void gi_gc_request(GiThread *ts) {
    GiGcState *state = ts->vm->gc;
    if (!state->enabled || __atomic_load_n(&state->collecting, __ATOMIC_RELAXED)) return;
    if (!(gi_safepoint(&ts->core) & GI_SP_GC)) gi_request(&ts->core, GI_SP_GC);
}

void gi_gc_safepoint(GiThread *ts) {
    GiGcState *state = ts->vm->gc;
    gi_take_handed_drops(ts);
    gi_hot_settle(ts);
    if (!state->enabled || __atomic_load_n(&state->collecting, __ATOMIC_RELAXED)) return;
    bool every = ts->vm->debug_flags & GI_DEBUG_GC_EVERY;
    if (ts->gc_countdown >= 0 && !every) return;
    int generation = 0;
    state->counts[0] = 0;
    while (generation < 2 && state->generations[generation + 1].threshold > 0 &&
           state->counts[generation + 1] >= state->generations[generation + 1].threshold)
        generation++;
    gi_gc_collect(ts, generation);
    if (every) {
        ts->gc_countdown = 0;
    }
}

void gi_gc_thread_init(GiThread *ts) { ts->gc_countdown = ts->vm->gc->budget; }

void gi_gc_rearm(GiThread *ts) {
    gi_stop_world(&ts->core);
    int64_t before = ts->vm->gc->budget;
    set_budget(ts->vm);
    for (GiThread *t = ts->vm->threads; t; t = t->next)
        t->gc_countdown = ts->vm->gc->budget - (before - t->gc_countdown);
    gi_start_world(&ts->core);
}

int64_t gi_gc_count(GiThread *ts) {
    int64_t count = ts->vm->gc->budget - ts->gc_countdown;
    return count < 0 ? 0 : count;
}

GiStatus gi_gc_vm_init(GiVm *vm) {
    GiGcState *state = calloc(1, sizeof *state);
    if (!state) return GI_FAIL;
    static const int thresholds[3] = {GI_GC_THRESHOLD, 10, 10};
    state->enabled = true;
    for (int i = 0; i < 3; i++) state->generations[i].threshold = thresholds[i];
    vm->gc = state;
    set_budget(vm);
    return GI_OK;
}

void gi_gc_vm_end(GiVm *vm) {
    GiGcState *state = vm->gc;
    vm->gc = NULL;
    if (!state) return;
    free(state->refs);
    free(state);
}

/* ---- The end ---- */

static bool is_weak_type(const GiType *type) {
    while (type->flags & GI_TYPE_HEAP) type = type->base;
    return type == &gi_weakref_type || type == &gi_weakproxy_type || type == &gi_weakcallableproxy_type;
}

static bool death_is_visible(GiObj *obj, GiObj *const *known, size_t known_count) {
    if (!obj->head || obj->owner == GI_OWNER_IMMORTAL) return false;
    const GiType *type = gi_obj_type(obj);
    if (is_weak_type(type)) return type->finalize || !gi_is_null(((GiWeakRef *)obj)->callback);
    if (GI_LIKELY(!type->finalize || type->finalize == gi_exc_MemoryError.finalize)) return false;
    for (size_t i = 0; i < known_count; i++)
        if (known[i] == obj) return false;
    return true;
}

bool gi_gc_end_is_visible(GiThread *ts, GiObj *const *known, size_t known_count) {
    GiHeapShared *shared = ts->vm->heap;
    GiGcState *state = ts->vm->gc;
    if (state->debug || state->notify) return true;
    for (GiHeapLocal *h = shared->heaps; h; h = h->next)
        for (int kind = GI_KIND_PLAIN; kind < GI_KIND_COUNT; kind++)
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next)
                for (uint32_t i = 0; i < page->carved; i++)
                    if (death_is_visible(gi_page_object(page, i), known, known_count)) return true;
    for (GiLarge *l = shared->large.next; l != &shared->large; l = l->next) {
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        if (death_is_visible(obj, known, known_count)) return true;
    }
    return false;
}

/* ---- Freezing ---- */

static void freeze_visit(GiObj *obj, void *arg GI_UNUSED) { gi_obj_flag_byte(obj) |= GI_OBJ_UNTRACKED; }
static void unfreeze_visit(GiObj *obj, void *arg GI_UNUSED) {
    gi_obj_flag_byte(obj) &= (uint8_t)~GI_OBJ_UNTRACKED;
}
static void count_frozen_visit(GiObj *obj, void *arg) {
    *(size_t *)arg += (gi_obj_flags(obj) & GI_OBJ_UNTRACKED) != 0;
}

void gi_gc_freeze(GiThread *ts) {
    gi_stop_world(&ts->core);
    gi_heap_each(ts->vm, freeze_visit, NULL);
    gi_start_world(&ts->core);
}

void gi_gc_unfreeze(GiThread *ts) {
    gi_stop_world(&ts->core);
    gi_heap_each(ts->vm, unfreeze_visit, NULL);
    gi_start_world(&ts->core);
}

size_t gi_gc_frozen_count(GiThread *ts) {
    size_t n = 0;
    gi_stop_world(&ts->core);
    gi_heap_each(ts->vm, count_frozen_visit, &n);
    gi_start_world(&ts->core);
    return n;
}

bool gi_gc_is_collectable(GiVal v) { return gi_is_heap(v) && (gi_type_of(v)->flags & GI_TYPE_GC); }
