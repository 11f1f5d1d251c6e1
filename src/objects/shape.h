/* shape.h - hidden classes: which attribute of an instance stands in which slot.
 *
 * A shape is a node of a tree rooted in its class; adding an attribute moves along an edge. The id
 * is unique in the VM: comparing it checks the class, its version and the layout in one word; when
 * what attribute lookup finds on a class changes, its shapes (and subclasses') get new ids.
 * Slot i stands in the object while i < type->inline_attrs, else in attrs->overflow[i - inline].
 * When `__dict__` is asked for, the attributes move to a real dict: shape is then type's dict shape
 * (is_dict) and the word attrs->overflow is itself a GiSlot holding the dict. What holds without the GIL
 * says shape.c.
 */
#ifndef GI_OBJECTS_SHAPE_H
#define GI_OBJECTS_SHAPE_H

#include "objects/type.h"

typedef struct GiShape GiShape;
struct GiShape {
    _Atomic uint32_t id;
    uint16_t count;          /* attributes */
    uint16_t inline_attrs;
    uint32_t inline_offset;  /* of slot 0 from the object's start */
    bool is_dict;
    GiType *type;
    GiShape *parent;
    GiSlot name;             /* the attribute that this node adds; interned */
    GiShape *first_child, *sibling; /* transitions; LOCK: shape.c's */
    struct GiShapeIndex *index;     /* name -> slot for big shapes, made on demand */
};

void gi_shape_type_init(GiThread *ts, GiType *type); /* root and dict shapes */
void gi_shape_type_free(GiThread *ts, GiType *type);
void gi_shape_renew_ids(GiThread *ts, GiType *type);
/* Slot number of an interned name, -1 when absent. */
int gi_shape_find(const GiShape *shape, GiVal name);

/* The shape after adding an (interned) name; NULL: the class has too many shapes, or out of memory
 * (nothing is raised): the instance goes on with a dict. */
GiShape *gi_shape_child(GiShape *shape, GiVal name);

/* Own attributes of an instance with GI_TYPE_ATTRS, in any mode. Null without exception: absent. */
GiRef gi_attrs_get(GiThread *ts, GiObj *obj, GiVal name);
GI_NODISCARD GiStatus gi_attrs_set(GiThread *ts, GiObj *obj, GiVal name, GiRef value); /* consumes */
GI_NODISCARD GiStatus gi_attrs_del(GiThread *ts, GiObj *obj, GiVal name, bool *found);
/* The instance's __dict__, materialised. */
GI_NODISCARD GiRef gi_attrs_dict(GiThread *ts, GiObj *obj);
/* Replaces it; dict null: the instance has no attributes any more. */
GI_NODISCARD GiStatus gi_attrs_set_dict(GiThread *ts, GiObj *obj, GiVal dict);
/* The instance, which has a dict, has just been given another class (in a stopped world in free mode). */
void gi_attrs_class_changed(GiObj *obj);
/* A fresh dict with the attributes, without materialising. */
GI_NODISCARD GiRef gi_attrs_snapshot(GiThread *ts, GiObj *obj);
/* The slot where shape's attribute number i of obj stands. */
static inline GiSlot *gi_attrs_slot(GiObj *obj, const GiShape *shape, int i) {
    if (i < shape->inline_attrs) return (GiSlot *)((char *)obj + shape->inline_offset) + i;
    return gi_attrs(obj)->overflow + (i - shape->inline_attrs);
}
void gi_attrs_each(GiObj *obj, GiVisit visit, void *arg);
void gi_attrs_free(GiThread *ts, GiObj *obj);

#endif
