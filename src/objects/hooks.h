/* hooks.h - the few things that objects need of higher layers, set once at start in vm->hooks. */
#ifndef GI_OBJECTS_HOOKS_H
#define GI_OBJECTS_HOOKS_H

#include "objects/type.h"

typedef struct GiHooks {
    /* import of a module by dotted name: the module itself (not its top package). */
    GiRef (*import)(GiThread *ts, const char *name);
    GiStatus (*warn)(GiThread *ts, GiType *category, GiVal message, int stack_level);
    GiStatus (*warn_explicit)(GiThread *ts, GiType *category, GiVal message, GiVal filename, int lineno,
                              GiVal module, GiVal registry);
    void (*unraisable)(GiThread *ts, GiVal where, const char *message);
    /* Runs signal handlers, asynchronous exceptions, pending calls, collection, GIL hand-over:
     * everything asked for in core.safepoint. GI_FAIL: exception set. */
    GiStatus (*safepoint)(GiThread *ts);
    /* The traceback entry of the current frame for the exception being raised is the VM's work. */
    GiVal (*current_globals)(GiThread *ts);  /* borrowed; null outside Python code */
    /* sys.audit */
    GiStatus (*audit)(GiThread *ts, const char *event, GiVal args_tuple);
    /* For super() without arguments: the __class__ cell's content and the first argument of the
     * running function. Raises RuntimeError with CPython's texts. */
    GiStatus (*super_context)(GiThread *ts, GiRef *type, GiRef *self);
    /* How many distinct attributes of its first parameter a function (an __init__) stores. */
    int (*attr_hint)(GiThread *ts, GiVal function);
    /* pickling support etc. call Python helpers through import. */
} GiHooks;

#endif
