/* dispatch.h - the table of special methods: which dunder name belongs to which slot of a type.
 *
 * slots.def lists every pair. From it come the slot wrappers of builtin types (the slot as a
 * method) and the dispatchers of Python classes (the method as a slot). Private to types and
 * descriptors.
 */
#ifndef GI_OBJECTS_DISPATCH_H
#define GI_OBJECTS_DISPATCH_H

#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/type.h"

/* How a wrapper calls its slot, i.e. the slot's signature. */
typedef enum {
    GI_WRAP_UNARY, GI_WRAP_BINARY, GI_WRAP_BINARY_R, GI_WRAP_TERNARY, GI_WRAP_TERNARY_R,
    GI_WRAP_HASH, GI_WRAP_TRUTH, GI_WRAP_COMPARE, GI_WRAP_LENGTH, GI_WRAP_GETATTR, GI_WRAP_SETATTR,
    GI_WRAP_DELATTR, GI_WRAP_CALL, GI_WRAP_INIT, GI_WRAP_DEL, GI_WRAP_DESCR_GET, GI_WRAP_DESCR_SET,
    GI_WRAP_DESCR_DELETE, GI_WRAP_NEXT, GI_WRAP_ITEM, GI_WRAP_SET_ITEM, GI_WRAP_DEL_ITEM,
    GI_WRAP_SUBSCRIPT, GI_WRAP_SET_SUBSCRIPT, GI_WRAP_DEL_SUBSCRIPT, GI_WRAP_CONTAINS,
    GI_WRAP_REPEAT, GI_WRAP_NEW, GI_WRAP_NONE,
} GiWrapKind;

typedef struct GiSlotRow {
    const char *name;
    uint16_t name_id;   /* GiNameId */
    uint16_t offset;    /* of the slot in GiType */
    uint8_t wrap;       /* GiWrapKind; GI_WRAP_NONE: no wrapper is made (__getattr__) */
    uint8_t op;         /* GiCompareOp of comparisons */
    void (*dispatcher)(void);
    const char *doc, *text_signature;
} GiSlotRow;

/* Rows of one slot stand together. */
extern const GiSlotRow gi_slot_rows[];
extern const size_t gi_slot_row_count;

#define gi_slot_at(type, offset_) (*(void (**)(void))((char *)(type) + (offset_)))

/* Finds the rows of an interned name: an open hash table of addresses. Made once a VM. */
typedef struct GiSlotIndex {
    uint64_t names[256];
    uint8_t rows[256];                  /* the first row of names[i], + 1 */
    uint8_t next[128];                  /* row + 1 -> the next row of the same name, + 1; 0: none */
} GiSlotIndex;
void gi_slot_index_fill(GiThread *ts, GiSlotIndex *index);
const GiSlotIndex *gi_slot_index_peek(GiThread *ts);

/* Calls the slot that a wrapper_descriptor wraps, as the method would be called. */
GiRef gi_wrapper_call(GiThread *ts, const GiDescr *wrapper, GiVal self, const GiVal *args, size_t nargs,
                      GiVal kwnames);
/* Works out the slots of a heap type that `name` belongs to, or all (null). */
void gi_type_update_slots(GiThread *ts, GiType *type, GiVal name);
/* The same for all slots of a new type, which are a copy of base's so far. */
void gi_type_derive_slots(GiThread *ts, GiType *type, const GiType *base);

/* The row of the function object T.__new__ of a static type: its `self` is T. */
extern const GiMethodDef gi_new_wrapper_def;
/* The slot of types whose __hash__ is None. */
int64_t gi_hash_unhashable(GiThread *ts, GiVal self);
/* Calls the special method `name` of args[0]'s type; AttributeError when there is none. */
GI_NODISCARD GiRef gi_call_special(GiThread *ts, GiVal name, const GiVal *args, size_t nargs);
/* The same; GI_OK with a null result when there is none. */
GI_NODISCARD GiStatus gi_call_special_opt(GiThread *ts, GiVal name, const GiVal *args, size_t nargs,
                                          GiRef *out);
/* The attribute of v by the generic rules without raising when it is missing: GI_OK, *out null. */
GI_NODISCARD GiStatus gi_object_getattr_opt(GiThread *ts, GiVal v, GiVal name, GiRef *out);

/* type_new.c, type_attrs.c, object.c: parts of one whole. */
GI_NODISCARD GiStatus gi_type_compute_mro(GiThread *ts, GiType *type);
GI_NODISCARD GiRef gi_mro_merge(GiThread *ts, GiType *type, GiVal bases);
GI_NODISCARD GiStatus gi_type_add_subclass(GiThread *ts, GiType *base, GiType *type);
void gi_type_remove_subclass(GiThread *ts, GiType *base, GiType *type);
GI_NODISCARD GiRef gi_type_subclass_list(GiThread *ts, GiType *type);
/* A static type's doc without the text signature in front of it; may be NULL. */
const char *gi_type_doc_text(const GiType *type);
void gi_type_free_subclasses(GiType *type);
/* TypeError unless instances of both are laid out alike; attr is "__class__" or "__bases__". */
GI_NODISCARD GiStatus gi_type_check_compatible(GiThread *ts, GiType *old, GiType *fresh, const char *attr);
/* Adds the names of a class and its bases to a dict, as dir() wants. */
GI_NODISCARD GiStatus gi_merge_class_dict(GiThread *ts, GiVal names, GiVal cls);
/* The direct base whose layout instances of a class with these bases have. Raises TypeError. */
GiType *gi_type_best_base(GiThread *ts, GiVal bases);
/* The type in t's line of bases that last changed the layout of instances. */
GiType *gi_type_solid_base(GiType *t);
void gi_type_assign_version(GiThread *ts, GiType *type);
void gi_type_inherit_flags(GiType *type, const GiType *base);
void gi_type_set_plain_flags(GiType *type);
GI_NODISCARD GiRef gi_type_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);
GI_NODISCARD GiRef gi_type_getattr(GiThread *ts, GiVal self, GiVal name);
GI_NODISCARD GiStatus gi_type_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value);
extern const GiGetSetDef gi_dict_getset_row, gi_weakref_getset_row;
GI_NODISCARD GiStatus gi_object_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                     GiVal kwnames);
GI_NODISCARD GiRef gi_object_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                                 GiVal kwnames);
GI_NODISCARD GiRef gi_object_repr(GiThread *ts, GiVal self);
int64_t gi_object_hash(GiThread *ts, GiVal self);
/* object.__reduce_ex__ for protocols of 2 and above. */
GI_NODISCARD GiRef gi_object_reduce(GiThread *ts, GiVal self, int protocol);
GI_NODISCARD GiRef gi_object_getstate(GiThread *ts, GiVal self, bool required);
/* type.__instancecheck__ and type.__subclasscheck__: without looking for overrides. */
GiTruth gi_plain_isinstance(GiThread *ts, GiVal v, GiVal cls);
GiTruth gi_plain_issubclass(GiThread *ts, GiVal sub, GiVal cls);
/* 0 no, 1 yes; -1 failed: the value (a method of a class) is abstract. */
GiTruth gi_is_abstract_method(GiThread *ts, GiVal v);
/* Binds a special method found on a type: its __get__ if it has one. Consumes. */
GI_NODISCARD GiRef gi_bind(GiThread *ts, GiRef descr, GiVal obj, GiType *type);

#endif
