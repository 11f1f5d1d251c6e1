/* descr.h - property, classmethod, staticmethod, super, bound method, cell, module, namespace. */
#ifndef GI_OBJECTS_DESCR_H
#define GI_OBJECTS_DESCR_H

#include "objects/type.h"

typedef struct GiBoundMethod { GiObj obj; GiSlot func, self; } GiBoundMethod;
typedef struct GiCell { GiObj obj; GiSlot value; } GiCell; /* null value: empty */
typedef struct GiProperty { GiObj obj; GiSlot get, set, del, doc, name; bool getter_doc; } GiProperty;
typedef struct GiWrapMethod { GiObj obj; GiSlot func; } GiWrapMethod; /* classmethod, staticmethod */
/* A module's dict is always real; def and what follows belong to native modules. The maker of a
 * native module sets them: state is gi_mem memory, freed (after state_free) with the module. */
typedef struct GiModule {
    GiObj obj;
    GiSlot dict;
    GiSlot name;
    const struct GiModuleDef *def;
    void *state;
    const GiField *state_fields; /* offsets in state; NULL: none */
    void (*state_free)(void *state);
    bool executed; /* the definition's exec has begun */
} GiModule;
typedef struct GiSuper { GiObj obj; GiSlot type, self, self_type; } GiSuper;
typedef struct GiGenericAlias { GiObj obj; GiSlot origin, args, parameters; bool starred; } GiGenericAlias;
typedef struct GiUnion { GiObj obj; GiSlot args, parameters; } GiUnion;

extern GiType gi_bound_method_type, gi_cell_type, gi_property_type, gi_classmethod_type,
    gi_staticmethod_type, gi_module_type, gi_namespace_type, gi_generic_alias_type, gi_union_type,
    gi_generic_alias_iter_type;

GI_NODISCARD GiRef gi_bound_method_new(GiThread *ts, GiVal func, GiVal self);
GI_NODISCARD GiRef gi_cell_new(GiThread *ts, GiRef value);   /* consumes; null: empty */
GI_NODISCARD GiRef gi_module_new(GiThread *ts, GiVal name);
GI_NODISCARD GiRef gi_namespace_new(GiThread *ts, GiVal dict_or_null); /* types.SimpleNamespace */
GI_NODISCARD GiRef gi_generic_alias_new(GiThread *ts, GiVal origin, GiVal args);
GI_NODISCARD GiRef gi_union_new(GiThread *ts, GiVal a, GiVal b); /* X | Y of types; NotImplemented otherwise */
static inline GiVal gi_module_dict(GiVal module) { return gi_val(((GiModule *)gi_obj(module))->dict); }
/* super(type, obj); obj null or None: unbound. Checks that obj fits type. */
GI_NODISCARD GiRef gi_super_new(GiThread *ts, GiVal type, GiVal obj);
/* super(type, obj).name without making the super object: the raw attribute (not bound) that follows
 * `type` in the mro of obj's class; null without exception when there is none. */
GiRef gi_super_lookup(GiThread *ts, GiType *type, GiType *obj_type, GiVal name);
GI_NODISCARD GiRef gi_classmethod_new(GiThread *ts, GiVal callable);
GI_NODISCARD GiRef gi_staticmethod_new(GiThread *ts, GiVal callable);
/* sentinel-free iterators shared by many types */
GI_NODISCARD GiRef gi_seqiter_new(GiThread *ts, GiVal sequence);      /* iter() over __getitem__ */
GI_NODISCARD GiRef gi_calliter_new(GiThread *ts, GiVal callable, GiVal sentinel);

#endif
