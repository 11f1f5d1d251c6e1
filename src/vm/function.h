/* function.h - Python functions, and running code. */
#ifndef GI_VM_FUNCTION_H
#define GI_VM_FUNCTION_H

#include "bytecode/code.h"

typedef struct GiFunction {
    GiObj obj;                 /* GI_KIND_ATTRS */
    GiSlot code, globals, builtins, name, qualname, defaults, kwdefaults, closure, doc, annotations,
        module;                /* defaults, kwdefaults, closure: null when absent; doc: null: the code's */
    GiSlot former;             /* null, or a list of what `code` was: frames point into it */
} GiFunction;
/* INVARIANT: builtins is a dict. An object that is none stands in one of its own; see
 * gi_builtins_get. */

extern GiType gi_function_type;
#define gi_function_of(v) ((GiFunction *)gi_obj(v))

/* builtins are taken from globals['__builtins__'] or the VM's. qualname null: the code's. */
GI_NODISCARD GiRef gi_function_new(GiThread *ts, GiVal code, GiVal globals, GiVal qualname);
/* The same for who knows what the function's builtins and globals['__name__'] (null: absent) are. */
GI_NODISCARD GiRef gi_function_make(GiThread *ts, GiVal code, GiVal globals, GiVal builtins, GiVal module);
/* exec/eval of a code object without free variables (closure: tuple of cells or null). locals
 * null: globals. */
GI_NODISCARD GiRef gi_eval_code(GiThread *ts, GiVal code, GiVal globals, GiVal locals, GiVal closure);

/* The name in a function's builtins; *out null when they have none. */
GI_NODISCARD GiStatus gi_builtins_get(GiThread *ts, const GiFunction *func, GiVal name, GiRef *out);
/* What Python programs see as a function's __builtins__. */
GI_NODISCARD GiRef gi_builtins_object(GiThread *ts, const GiFunction *func);

#endif
