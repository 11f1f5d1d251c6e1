/* thread.c - thread states and the memory of a VM: made, listed, freed.
 *
 * LOCK: vm->threads_lock guards the list of threads.
 */
#include "memory/fork.h"
#include "memory/thread.h"
#include "memory/extra.h"
#include "memory/gc.h"
#include "memory/heap_internal.h"
#include "memory/split.h"
#include "os/memory.h"

#include <stdlib.h>

/* The one thing that is found without a `ts`: who am I. */
static _Thread_local GiThread *current_thread __attribute__((tls_model("initial-exec")));

GiThread *gi_current_thread(void) { return current_thread; }
void gi_set_current_thread(GiThread *ts) { current_thread = ts; }

GiThread *gi_thread_new(GiVm *vm, GiThread *self) {
    /* Until now there was nobody to share with. */
    if (self && atomic_load_explicit(&vm->world.wish, memory_order_relaxed) == GI_WISH_NONE && gi_vm_lift(self) != GI_OK)
        return NULL;
    GiThread *ts = gi_os_aligned_zalloc((sizeof *ts + 63) & ~(size_t)63, 64);
    if (!ts) return NULL;
    ts->vm = vm;
    gi_core_init(&ts->core, &vm->world);
    if (gi_core_register(&ts->core, self ? &self->core : NULL) != GI_OK) {
        free(ts);
        return NULL;
    }
    /* After registering: who looks for a heap's owner number must find the final one. */
    if (gi_heap_thread_init(ts) != GI_OK) {
        gi_core_unregister(&ts->core, self ? &self->core : NULL);
        free(ts);
        return NULL;
    }
    if (vm->debug_flags & GI_DEBUG_SWITCH_EVERY) gi_request(&ts->core, GI_SP_CALLS);
    ts->recursion_limit = self ? self->recursion_limit : 1000;
    ts->names = self ? self->names : NULL;
    pthread_mutex_lock(&vm->threads_lock);
    ts->id = ++vm->next_thread_id;
    ts->next = vm->threads;
    if (ts->next) ts->next->prev = ts;
    vm->threads = ts;
    if (!vm->main_thread) vm->main_thread = ts;
    pthread_mutex_unlock(&vm->threads_lock);
    return ts;
}

/* What the slots of `of` hold is dropped by the running thread `ts`. */
static void clear_slots(GiThread *ts, GiThread *of) {
    GiSlot *slots[] = {&of->exc, &of->stop_value, &of->dict, &of->context, &of->async_exc,
                       &of->trace_func, &of->profile_func, &of->asyncgen_firstiter,
                       &of->asyncgen_finalizer, &of->repr_stack, &of->main_sentinel};
    for (size_t i = 0; i < GI_COUNTOF(slots); i++) gi_slot_clear(ts, slots[i]);
}

void gi_thread_clear(GiThread *ts) {
    clear_slots(ts, ts);
    gi_hot_forget(ts, ts);
    gi_take_handed_drops(ts);
}

/* The rest of what a thread's state owns, and the state itself. */
static void free_state(GiThread *ts) {
    for (size_t i = 0; i < GI_COUNTOF(ts->extra); i++) free(ts->extra[i]);
    free(ts->attr_cache);
    free(ts);
}

/* Once: a thread that has done so itself may vanish in a fork before its core is gone, and then be abandoned. */
static void unlist(GiVm *vm, GiThread *ts) {
    pthread_mutex_lock(&vm->threads_lock);
    if (ts->prev != ts) {
        if (ts->prev) ts->prev->next = ts->next;
        else vm->threads = ts->next;
        if (ts->next) ts->next->prev = ts->prev;
        ts->prev = ts;
    }
    if (vm->main_thread == ts) vm->main_thread = NULL;
    pthread_mutex_unlock(&vm->threads_lock);
}

void gi_memory_before_fork(GiVm *vm) {
    pthread_mutex_lock(&vm->threads_lock);
    gi_mutex_lock(&vm->heap->lock);
}

void gi_memory_after_fork(GiVm *vm) {
    gi_mutex_unlock(&vm->heap->lock);
    pthread_mutex_unlock(&vm->threads_lock);
}

void gi_thread_abandon(GiThread *self, GiThread *gone) {
    gi_hot_forget(self, gone);
    gi_heap_thread_end(gone);
    unlist(self->vm, gone);
    clear_slots(self, gone);
    free_state(gone);
}

void gi_thread_free(GiThread *ts, GiThread *self) {
    GiVm *vm = ts->vm;
    gi_heap_thread_end(ts);
    unlist(vm, ts);
    gi_core_unregister(&ts->core, self ? &self->core : NULL);
    if (current_thread == ts) current_thread = NULL;
    free_state(ts);
}

GiStatus gi_vm_lift(GiThread *ts) {
    GiVm *vm = ts->vm;
    if (ts->core.free_running) return GI_OK;
    gi_stop_world_for(&ts->core, "lifting the lock");
    GiStatus status = GI_OK;
    if (!ts->core.free_running) { /* else another thread was first */
        status = gi_heap_lift(vm);
        if (status == GI_OK) {
            status = gi_world_lift_gil(&ts->core);
            if (status == GI_OK) gi_heap_lifted(vm);
        }
    }
    gi_start_world(&ts->core);
    return status;
}

GiStatus gi_vm_memory_init(GiVm *vm, GiMode mode) {
    if (pthread_mutex_init(&vm->threads_lock, NULL) != 0) return GI_FAIL;
    atomic_init(&vm->next_version, 1);
    if (gi_heap_vm_init(vm) != GI_OK) goto fail;
    if (mode == GI_MODE_FREE && gi_heap_lift(vm) != GI_OK) goto fail;
    if (gi_gc_vm_init(vm) != GI_OK) goto fail;
    if (gi_world_init(&vm->world, mode) != GI_OK) goto fail;
    return GI_OK;
fail:
    gi_gc_vm_end(vm);
    gi_heap_vm_end(vm);
    pthread_mutex_destroy(&vm->threads_lock);
    return GI_FAIL;
}

void gi_vm_memory_end(GiVm *vm) {
    gi_gc_vm_end(vm);
    gi_heap_vm_end(vm);
    gi_world_destroy(&vm->world);
    pthread_mutex_destroy(&vm->threads_lock);
}
