/* ledger.c - the ledger of objects of hostile builds (see ledger.h); empty in all others.
 *
 * LOCK: GiLedger.lock guards the table. Entries are keyed by address; a block that is used again
 * overwrites the entry of its last object.
 */
#include "memory/ledger.h"

#ifdef GI_HOSTILE
#include "memory/heap_internal.h"

#include <stdio.h>
#include <stdlib.h>
#ifdef GI_HEAP_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

#define STACK_DEPTH 12

typedef struct Birth {
    GiObj *obj;
    uint64_t number; /* 0: dead */
    void *stack[STACK_DEPTH];
} Birth;

struct GiLedger {
    GiMutex lock;
    Birth *births; /* open addressing; addresses stay */
    size_t count, capacity;
    uint64_t next;
    GiObj *watched;
};

/* Return addresses from the chain of frame pointers. */
__attribute__((no_sanitize("address"), noinline)) static void stack_of_caller(void **pcs) {
    void **fp = __builtin_frame_address(0);
    for (int i = 0; i < STACK_DEPTH; i++) {
        pcs[i] = NULL;
        if (!fp) continue;
        pcs[i] = fp[1];
        void **up = fp[0];
        fp = up > fp && (char *)up - (char *)fp < 1 << 20 ? up : NULL;
    }
}

static void print_stack(void *const *pcs, int from) {
    for (int i = from; i < STACK_DEPTH && pcs[i]; i++) {
        char text[400] = "";
#ifdef GI_HEAP_ASAN
        __sanitizer_symbolize_pc((char *)pcs[i] - 1, "%f %s:%l", text, sizeof text);
#endif
        fprintf(stderr, "    %p %s\n", pcs[i], text);
    }
}

static Birth *find(struct GiLedger *ledger, const GiObj *obj) {
    size_t i = (size_t)((uint64_t)(uintptr_t)obj * 0x9E3779B97F4A7C15ull >> 20) & (ledger->capacity - 1);
    while (ledger->births[i].obj && ledger->births[i].obj != obj) i = (i + 1) & (ledger->capacity - 1);
    return &ledger->births[i];
}

static void grow(struct GiLedger *ledger) {
    size_t before = ledger->capacity;
    Birth *old = ledger->births;
    ledger->capacity = before ? before * 2 : 1 << 16;
    ledger->births = calloc(ledger->capacity, sizeof(Birth));
    if (!ledger->births) abort();
    for (size_t i = 0; i < before; i++)
        if (old[i].obj) *find(ledger, old[i].obj) = old[i];
    free(old);
}

/* The ledger, made when it is first asked for; NULL when none is kept. */
static struct GiLedger *ledger_of(GiVm *vm) {
    if (GI_LIKELY(!(vm->debug_flags & GI_DEBUG_LEDGER))) return NULL;
    if (!vm->ledger) vm->ledger = calloc(1, sizeof *vm->ledger);
    return vm->ledger;
}

void gi_ledger_born(GiThread *ts, GiObj *obj) {
    struct GiLedger *ledger = ledger_of(ts->vm);
    if (!ledger) return;
    gi_mutex_lock(&ledger->lock);
    if (ledger->count * 2 >= ledger->capacity) grow(ledger);
    Birth *birth = find(ledger, obj);
    ledger->count += !birth->obj;
    birth->obj = obj;
    birth->number = ++ledger->next;
    stack_of_caller(birth->stack);
    if (birth->number == ts->vm->ledger_watch) {
        ledger->watched = obj;
        fprintf(stderr, "object %llu, a %s, is born\n", (unsigned long long)birth->number, gi_obj_type(obj)->name);
        print_stack(birth->stack, 1);
    }
    gi_mutex_unlock(&ledger->lock);
}

void gi_ledger_died(GiThread *ts, GiObj *obj) {
    struct GiLedger *ledger = ts->vm->ledger;
    if (!ledger || !ledger->capacity) return;
    gi_mutex_lock(&ledger->lock);
    Birth *birth = find(ledger, obj);
    birth->number = 0;
    if (ledger->watched == obj) {
        fprintf(stderr, "the object dies\n");
        ledger->watched = NULL;
    }
    gi_mutex_unlock(&ledger->lock);
}

static GI_COLD void show_change(GiObj *obj, int change) {
    void *stack[STACK_DEPTH];
    stack_of_caller(stack);
    fprintf(stderr, "reference %s (there were %lld)\n", change > 0 ? "taken" : "dropped", (long long)gi_refcount(obj));
    print_stack(stack, 1);
}

void gi_hostile_counts(GiThread *ts, GiObj *obj, int change) {
    if (GI_UNLIKELY(obj->head == 0 && obj->owner != GI_OWNER_IMMORTAL)) {
        fprintf(stderr, "gila: a reference to a dead object is %s\n", change > 0 ? "taken" : "dropped");
        abort();
    }
    struct GiLedger *ledger = ts->vm->ledger;
    if (GI_UNLIKELY(ledger && ledger->watched == obj)) show_change(obj, change);
}

/* ---- What is left ---- */

typedef struct Left {
    GiObj *obj;
    Birth *birth;
} Left;

static void each_live(GiVm *vm, void (*visit)(GiObj *obj, void *arg), void *arg) {
    for (GiHeapLocal *h = vm->heap->heaps; h; h = h->next)
        for (int kind = GI_KIND_PLAIN; kind < GI_KIND_COUNT; kind++)
            for (GiHeapPage *page = h->pages[kind]; page; page = page->next)
                for (uint32_t i = 0; i < page->carved; i++) {
                    GiObj *obj = gi_page_object(page, i);
                    if (obj->head && obj->owner != GI_OWNER_IMMORTAL) visit(obj, arg);
                }
    for (GiLarge *l = vm->heap->large.next; l != &vm->heap->large; l = l->next) {
        GiObj *obj = (GiObj *)((char *)(l + 1) + (l->kind == GI_KIND_ATTRS ? sizeof(GiAttrs) : 0));
        if (obj->head && obj->owner != GI_OWNER_IMMORTAL) visit(obj, arg);
    }
}

typedef struct Report {
    struct GiLedger *ledger;
    GI_VEC(Left) left;
} Report;

static void gather(GiObj *obj, void *arg) {
    Report *report = arg;
    Birth *birth = report->ledger && report->ledger->capacity ? find(report->ledger, obj) : NULL;
    if (birth && !birth->number) birth = NULL;
    if (gi_vec_push(&report->left, (Left){obj, birth}) != GI_OK) abort();
}

static int by_place(const void *a, const void *b) {
    const Left *x = a, *y = b;
    int order = strcmp(gi_obj_type(x->obj)->name, gi_obj_type(y->obj)->name);
    if (order || !x->birth || !y->birth) return order ? order : (x->birth != NULL) - (y->birth != NULL);
    order = memcmp(x->birth->stack, y->birth->stack, sizeof x->birth->stack);
    return order ? order : x->birth->number < y->birth->number ? -1 : 1;
}

size_t gi_ledger_report(GiVm *vm) {
    Report report = {.ledger = vm->ledger};
    each_live(vm, gather, &report);
    size_t n = report.left.len;
    if (n) {
        fprintf(stderr, "gila: %zu objects were never freed\n", n);
        qsort(report.left.data, n, sizeof(Left), by_place);
    }
    for (size_t i = 0, groups = 0; i < n && groups < 60; groups++) {
        Left *first = &report.left.data[i];
        size_t same = 1;
        while (i + same < n && strcmp(gi_obj_type(first[same].obj)->name, gi_obj_type(first->obj)->name) == 0 &&
               (!first->birth || (first[same].birth && !memcmp(first[same].birth->stack, first->birth->stack, sizeof first->birth->stack))))
            same++;
        fprintf(stderr, "  %zu of type %s", same, gi_obj_type(first->obj)->name);
        if (first->birth) {
            fprintf(stderr, ", the first is object %llu with %lld references, born at\n",
                    (unsigned long long)first->birth->number, (long long)gi_refcount(first->obj));
            print_stack(first->birth->stack, 2);
        } else {
            fputc('\n', stderr);
        }
        i += same;
    }
    gi_vec_free(&report.left);
    return n;
}

void gi_ledger_end(GiVm *vm) {
    if (!vm->ledger) return;
    free(vm->ledger->births);
    free(vm->ledger);
    vm->ledger = NULL;
}
#endif
