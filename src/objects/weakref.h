/* weakref.h - weak references and proxies.
 *
 * Objects carry no field for them: a VM-wide table maps an object that has the flag
 * GI_OBJ_WEAKREFS to its list of references. LOCK: the table's mutex in free mode; under the GIL
 * the GIL itself guards table and lists.
 */
#ifndef GI_OBJECTS_WEAKREF_H
#define GI_OBJECTS_WEAKREF_H

#include "objects/type.h"

typedef struct GiWeakRef {
    GiObj obj;
    GiObj *referent;       /* LOCK: table; NULL when dead */
    GiSlot callback;
    struct GiWeakRef *prev, *next; /* LOCK: table */
    int64_t hash;          /* -1: not known */
} GiWeakRef;

extern GiType gi_weakref_type, gi_weakproxy_type, gi_weakcallableproxy_type;
#define gi_is_weakref(v) gi_is_instance_of(v, &gi_weakref_type)
#define gi_is_weakproxy(v) (gi_is_exact(v, &gi_weakproxy_type) || gi_is_exact(v, &gi_weakcallableproxy_type))

/* A reference (or proxy) of the given type; callback null or None: none, and then an existing one
 * is given if type is a builtin one. TypeError when referents cannot be weakly referenced. */
GI_NODISCARD GiRef gi_weakref_new(GiThread *ts, GiType *type, GiVal referent, GiVal callback);
/* A proxy, of the callable kind if referent is callable. */
GI_NODISCARD GiRef gi_weakproxy_new(GiThread *ts, GiVal referent, GiVal callback);
/* The referent of a reference or proxy, or null without exception when it is dead. */
GiRef gi_weakref_get(GiThread *ts, GiVal ref);
size_t gi_weakref_count(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_weakref_list(GiThread *ts, GiVal v);
/* Called at deallocation: kills the references, then runs callbacks. */
void gi_weakrefs_clear(GiThread *ts, GiObj *obj, bool run_callbacks);
/* For the collector: kills the references to obj. Those with a callback for which `wanted` holds
 * are chained (through next, an owned reference each) in front of *chain. Runs no Python code. */
void gi_weakrefs_detach(GiThread *ts, GiObj *obj, bool (*wanted)(GiWeakRef *ref, void *arg), void *arg,
                        GiWeakRef **chain);
/* Runs the callbacks of such a chain and drops it. */
void gi_weakrefs_run(GiThread *ts, GiWeakRef *chain);
bool gi_type_supports_weakrefs(const GiType *type);
/* Frees the VM's table; no weak reference is left. */
void gi_weakref_vm_end(GiVm *vm);

#endif
