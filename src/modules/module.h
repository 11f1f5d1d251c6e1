/* module.h - all that a native module includes: every object header, and module definitions.
 *
 * A module is one file (or folder) that defines
 *
 *     const GiModuleDef gi_module_NAME = {.name = "NAME", .doc = "...", .functions = NAME_functions,
 *                                         .exec = NAME_exec};
 *
 * and a line GI_MODULE(NAME) in modules.def. exec adds constants and types to the fresh module.
 * State that differs between interpreters stands in a struct of state_size bytes (zeroed; its
 * GiSlots are listed in state_fields), got by gi_module_state(self) - never in a static variable.
 */
#ifndef GI_MODULES_MODULE_H
#define GI_MODULES_MODULE_H

#include "memory/keep.h"
#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"
#include "objects/weakref.h"
#include "threads/threads.h"

typedef struct GiModuleDef {
    const char *name, *doc;
    const GiMethodDef *functions;
    GiStatus (*exec)(GiThread *ts, GiVal module);
    size_t state_size;
    const GiField *state_fields; /* offsets in the state struct */
    void (*state_free)(void *state);
} GiModuleDef;

GI_NODISCARD GiStatus gi_module_add(GiThread *ts, GiVal module, const char *name, GiRef value); /* consumes, fails on null */
GI_NODISCARD GiStatus gi_module_add_int(GiThread *ts, GiVal module, const char *name, int64_t value);
GI_NODISCARD GiStatus gi_module_add_str(GiThread *ts, GiVal module, const char *name, const char *text);
/* Adds the functions of a further table (modules of several files). */
GI_NODISCARD GiStatus gi_module_add_functions(GiThread *ts, GiVal module, const GiMethodDef *table);
/* Readies a static type and adds it under its name. */
GI_NODISCARD GiStatus gi_module_add_type(GiThread *ts, GiVal module, GiType *type);
typedef struct GiIntConstant { const char *name; int64_t value; } GiIntConstant;
GI_NODISCARD GiStatus gi_module_add_ints(GiThread *ts, GiVal module, const GiIntConstant *table, size_t count);
static inline void *gi_module_state(GiVal module) { return ((GiModule *)gi_obj(module))->state; }
/* The state of a native module by its definition, from anywhere (NULL: not imported yet). */
void *gi_module_state_of(GiThread *ts, const GiModuleDef *def);

/* Imports a module by dotted name; gets an attribute of it. */
GI_NODISCARD GiRef gi_import(GiThread *ts, const char *name);
GI_NODISCARD GiRef gi_import_attr(GiThread *ts, const char *module, const char *name);
/* Runs signal handlers and the like after EINTR: GI_FAIL when one raised. */
static inline GiStatus gi_check_signals(GiThread *ts) { return ts->vm->hooks->safepoint(ts); }

/* Scope clean-up for cold code: GI_AUTO GiRef x = ...; is dropped at the end of the scope. */
static inline void gi_auto_drop(GiRef *r) {
    if (!gi_is_null(*r)) gi_drop(gi_current_thread(), *r);
}
#define GI_AUTO __attribute__((cleanup(gi_auto_drop)))
static inline GiRef gi_move(GiRef *r) { GiRef out = *r; *r = GI_NULL; return out; }

#endif
