/* weakref.h - weak references and proxies.
 *
 * Objects carry no field for them: a VM-wide table (LOCK: its own mutex) maps an object that has
 * the flag GI_OBJ_WEAKREFS to its list of references.
 */
#ifndef GI_OBJECTS_WEAKREF_H
#define GI_OBJECTS_WEAKREF_H

#include "objects/type.h"

typedef struct GiWeakRef {
    GiObj obj;
    GiObj *referent;       /* LOCK: table; NULL when dead */
    GiSlot callback;
    struct GiWeakRef *prev, *next;
    int64_t hash;          /* -1: not known */
} GiWeakRef;

extern GiType gi_weakref_type, gi_weakproxy_type, gi_weakcallableproxy_type;
GI_NODISCARD GiRef gi_weakref_new(GiThread *ts, GiType *type, GiVal referent, GiVal callback);
/* The referent, or null without exception when it is dead. */
GiRef gi_weakref_get(GiThread *ts, GiVal ref);
size_t gi_weakref_count(GiThread *ts, GiVal v);
GI_NODISCARD GiRef gi_weakref_list(GiThread *ts, GiVal v);
/* Called at deallocation (and by the collector): kills the references, then runs callbacks. */
void gi_weakrefs_clear(GiThread *ts, GiObj *obj, bool run_callbacks);
bool gi_type_supports_weakrefs(const GiType *type);

#endif
