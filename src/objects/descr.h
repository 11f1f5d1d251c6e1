/* descr.h - property, classmethod, staticmethod, super, bound method, cell, module, namespace. */
#ifndef GI_OBJECTS_DESCR_H
#define GI_OBJECTS_DESCR_H

#include "objects/type.h"

typedef struct GiBoundMethod { GiObj obj; GiSlot func, self; } GiBoundMethod;
typedef struct GiCell { GiObj obj; GiSlot value; } GiCell; /* null value: empty */
typedef struct GiProperty { GiObj obj; GiSlot get, set, del, doc, name; bool getter_doc; } GiProperty;
typedef struct GiWrapMethod { GiObj obj; GiSlot func; } GiWrapMethod; /* classmethod, staticmethod */
/* A module's dict is always real; md_def and state belong to native modules. */
typedef struct GiModule { GiObj obj; GiSlot dict; GiSlot name; const struct GiModuleDef *def; void *state; } GiModule;

extern GiType gi_bound_method_type, gi_cell_type, gi_property_type, gi_classmethod_type,
    gi_staticmethod_type, gi_module_type, gi_namespace_type, gi_generic_alias_type, gi_union_type;

GI_NODISCARD GiRef gi_bound_method_new(GiThread *ts, GiVal func, GiVal self);
GI_NODISCARD GiRef gi_cell_new(GiThread *ts, GiRef value);   /* consumes; null: empty */
GI_NODISCARD GiRef gi_module_new(GiThread *ts, GiVal name);
GI_NODISCARD GiRef gi_namespace_new(GiThread *ts, GiVal dict_or_null); /* types.SimpleNamespace */
GI_NODISCARD GiRef gi_generic_alias_new(GiThread *ts, GiVal origin, GiVal args);
GI_NODISCARD GiRef gi_union_new(GiThread *ts, GiVal a, GiVal b); /* X | Y of types; NotImplemented otherwise */
static inline GiVal gi_module_dict(GiVal module) { return gi_val(((GiModule *)gi_obj(module))->dict); }
/* sentinel-free iterators shared by many types */
GI_NODISCARD GiRef gi_seqiter_new(GiThread *ts, GiVal sequence);      /* iter() over __getitem__ */
GI_NODISCARD GiRef gi_calliter_new(GiThread *ts, GiVal callable, GiVal sentinel);

#endif
