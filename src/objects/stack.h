/* stack.h - a guard for native code that recurses through objects nested in each other.
 *
 * Calls, repr and comparisons are counted or guarded already (objects/call.c). What goes from object to
 * object without a call (an iterator over an iterator over ...) asks here: how deep it may go is only a
 * question of the C stack. */
#ifndef GI_OBJECTS_STACK_H
#define GI_OBJECTS_STACK_H

#include "memory/thread.h"

/* Raises RecursionError. */
void gi_raise_stack_spent(GiThread *ts);

/* True, with RecursionError raised, when hardly any of the C stack is left. */
static inline bool gi_stack_spent(GiThread *ts) {
    if (GI_LIKELY((char *)__builtin_frame_address(0) >= ts->c_stack_limit)) return false;
    gi_raise_stack_spent(ts);
    return true;
}

#endif
