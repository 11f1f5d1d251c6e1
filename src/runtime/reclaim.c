/* reclaim.c - takes an interpreter down to the last byte, after gi_vm_stop.
 *
 * A process that ends leaves its memory to the system. Embedders that go on, and hostile builds,
 * which count what is left, come here. What the process shares between interpreters stays: interned
 * strings, constants of code, static types and all that hangs on them.
 */
#include "memory/gc.h"
#include "memory/ledger.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/weakref.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <stdlib.h>

static void clear_slots(GiThread *ts, GiSlot *slots, size_t count) {
    for (size_t i = 0; i < count; i++) gi_slot_clear(ts, &slots[i]);
}

static void collect_all(GiThread *ts) {
    ts->vm->gc->debug = 0;
    ts->vm->gc->notify = NULL;
    for (int round = 0; round < 10 && gi_gc_collect(ts, 2) > 0; round++) {}
}

/* Lets go of everything that the interpreter itself refers to. Finalizers that still run find the
 * builtins until the end. */
static void drop_roots(GiThread *ts) {
    GiVm *vm = ts->vm;
    GiRuntime *runtime = vm->runtime;
    if (!gi_is_null(vm->modules)) gi_dict_clear(ts, gi_val(vm->modules));
    collect_all(ts);
    GiSlot *own[] = {&runtime->audit_hooks, &runtime->unraisable_args, &runtime->compile_flags, &runtime->atexit_callbacks, &runtime->fork_before,
                     &runtime->fork_parent, &runtime->fork_child, &vm->gc->callbacks, &vm->gc->garbage};
    for (size_t i = 0; i < GI_COUNTOF(own); i++) gi_slot_clear(ts, own[i]);
    clear_slots(ts, vm->import_state, GI_COUNTOF(vm->import_state));
    clear_slots(ts, vm->warnings_state, GI_COUNTOF(vm->warnings_state));
    clear_slots(ts, vm->codec_state, GI_COUNTOF(vm->codec_state));
    gi_thread_clear(ts);
    collect_all(ts);
    if (!gi_is_null(vm->sys_dict)) gi_dict_clear(ts, gi_val(vm->sys_dict));
    collect_all(ts);
    if (!gi_is_null(vm->builtins_dict)) gi_dict_clear(ts, gi_val(vm->builtins_dict));
    gi_slot_clear(ts, &vm->sys_dict);
    gi_slot_clear(ts, &vm->builtins);
    gi_slot_clear(ts, &vm->builtins_dict);
    gi_slot_clear(ts, &vm->modules);
    collect_all(ts);
    if (runtime->natives) runtime->natives->release(ts);
    collect_all(ts);
    gi_thread_clear(ts);
    gi_exc_clear(ts);
    gi_types_end(ts);
    gi_errors_vm_end(ts);
}

bool gi_vm_reclaim(GiThread *ts, size_t *left) {
    GiVm *vm = ts->vm;
    *left = 0;
    if (vm->threads != ts || ts->next) return false; /* daemon threads wait for ever, in frames of their own */
    drop_roots(ts);
#ifdef GI_HOSTILE
    *left = gi_ledger_report(vm);
    gi_ledger_end(vm);
#endif
    gi_weakref_vm_end(vm);
    gi_stack_free(ts);
    gi_detach(&ts->core, "end");
    gi_thread_free(ts, NULL);
    gi_vm_memory_end(vm);
    free(vm->runtime);
    free(vm);
    return true;
}
