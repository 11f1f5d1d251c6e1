/* atexit.c - functions to call when the interpreter ends. LOCK: the list object's own. */
#include "modules/module.h"
#include "runtime/runtime.h"
#include "modules/atexit.gen.h"

static GiRef callbacks(GiThread *ts) {
    GiRuntime *runtime = ts->vm->runtime;
    if (__atomic_load_n(&runtime->atexit_callbacks.bits, __ATOMIC_ACQUIRE) == 0) { /* the first that is made stays */
        GiRef list = gi_list_new(ts, 4);
        uint64_t none = 0;
        if (gi_is_null(list)) return list;
        if (!__atomic_compare_exchange_n(&runtime->atexit_callbacks.bits, &none, list.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            gi_drop(ts, list);
    }
    return gi_slot_dup(ts, &runtime->atexit_callbacks);
}

/* Calls them, last registered first; failures are reported as unraisable. */
static void run(GiThread *ts) {
    GiRef list = callbacks(ts);
    if (gi_is_null(list)) {
        gi_exc_clear(ts);
        return;
    }
    for (size_t n; (n = gi_list_len(list)) > 0;) {
        GiVal last = gi_smallint((int64_t)n - 1);
        GiRef entry = gi_list_get(ts, gi_val(list), n - 1);
        if (gi_delitem(ts, gi_val(list), last) < 0) gi_exc_clear(ts);
        if (gi_is_null(entry)) break;
        GiVal kwargs = gi_tuple_get(gi_val(entry), 2);
        GiRef r = gi_call_ex(ts, gi_tuple_get(gi_val(entry), 0), gi_tuple_get(gi_val(entry), 1),
                             gi_is_none(kwargs) ? GI_NOVAL : kwargs);
        if (gi_is_null(r)) gi_unraisable(ts, gi_tuple_get(gi_val(entry), 0), "Exception ignored in atexit callback");
        else gi_drop(ts, r);
        gi_drop(ts, entry);
    }
    gi_drop(ts, list);
}

GI_FUNCTION(atexit, register, "(func, /, *args, **kwargs)", "register(func, *args, **kwargs) -> func\n\nRegister a function to be executed upon normal program termination\n\n    func - function to be called at exit\n    args - optional arguments to pass to func\n    kwargs - optional keyword arguments to pass to func\n\n    func is returned to facilitate usage as a decorator.") {
    if (!gi_is_callable(a->func)) return gi_raise_ref(ts, &gi_exc_TypeError, "the first argument must be callable");
    GiRef list = callbacks(ts), args = gi_tuple_from(ts, a->args, a->args_count), kwargs = GI_REF_NONE;
    if (!gi_is_null(a->kwargs)) kwargs = gi_dict_copy(ts, a->kwargs);
    GiRef entry = gi_is_null(list) || gi_is_null(args) || gi_is_null(kwargs) ? GI_NULL
                  : gi_tuple_pack(ts, 3, a->func, gi_val(args), gi_val(kwargs));
    GiStatus status = gi_is_null(entry) ? GI_FAIL : gi_list_append(ts, gi_val(list), entry);
    gi_xdrop(ts, list);
    gi_xdrop(ts, args);
    gi_xdrop(ts, kwargs);
    return status < 0 ? GI_NULL : gi_dup(ts, a->func);
}
GI_FUNCTION(atexit, unregister, "(func, /)", "unregister(func) -> None\n\nUnregister an exit function which was previously registered using\natexit.register\n\n    func - function to be unregistered") {
    GiRef list = callbacks(ts);
    if (gi_is_null(list)) return list;
    for (size_t i = 0; i < gi_list_len(list);) {
        GiRef entry = gi_list_get(ts, gi_val(list), i);
        GiTruth same = gi_is_null(entry) ? GI_TRUTH_NO : gi_compare_truth(ts, gi_tuple_get(gi_val(entry), 0), a->func, GI_EQ);
        gi_xdrop(ts, entry);
        if (same.value < 0 || (same.value && gi_delitem(ts, gi_val(list), gi_smallint((int64_t)i)) < 0)) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        if (!same.value) i++;
    }
    gi_drop(ts, list);
    return GI_REF_NONE;
}
GI_FUNCTION(atexit, _clear, "()", "_clear() -> None\n\nClear the list of previously registered exit functions.") {
    GiRef list = callbacks(ts);
    if (gi_is_null(list)) return list;
    gi_list_clear(ts, gi_val(list));
    gi_drop(ts, list);
    return GI_REF_NONE;
}
GI_FUNCTION(atexit, _run_exitfuncs, "()", "_run_exitfuncs() -> None\n\nRun all registered exit functions.\n\nIf a callback raises an exception, it is logged with sys.unraisablehook.") {
    run(ts);
    return GI_REF_NONE;
}
GI_FUNCTION(atexit, _ncallbacks, "()", "_ncallbacks() -> int\n\nReturn the number of registered exit functions.") {
    GiRef list = callbacks(ts);
    if (gi_is_null(list)) return list;
    GiRef n = gi_int_from_u64(ts, gi_list_len(list));
    gi_drop(ts, list);
    return n;
}
static GiStatus atexit_exec(GiThread *ts, GiVal module GI_UNUSED) {
    ts->vm->runtime->run_atexit = run;
    return GI_OK;
}
const GiModuleDef gi_module_atexit = {
    .name = "atexit", .doc = "allow programmer to define multiple exit functions to be executed\nupon normal program termination.\n\nTwo public functions, register and unregister, are defined.\n",
    .functions = atexit_functions, .exec = atexit_exec};
