/* shape.c - hidden classes, and the attributes of instances in either of their forms.
 *
 * The shapes of a class are a tree. The names of a path stand in one array (GiShapeIndex) that the
 * shapes along it share: a child appends to its parent's array when the parent is the last user of
 * it, and copies it otherwise, so a class whose instances get their attributes in one order has
 * one array. Above LINEAR names a table of small cells follows it.
 * A class that has too many shapes, or an instance with too many attributes, goes on with a dict.
 * LOCK: shape_lock guards the growth of every tree (trees of static types are shared by all VMs);
 * reading takes no lock: nodes and arrays live as long as the class, and what is added is complete
 * before it can be seen. The object's byte lock guards its attributes.
 *
 * Without the GIL attributes are read with no lock, and the VM also replaces those that stand in the object
 * itself with none (STORE_ATTR_SLOT). What makes that right:
 * - INVARIANT: an instance only ever moves on to a longer shape of its path, or to a dict, and never back; so
 *   what a slot means does not change while the instance is in slot mode. Deleting an attribute, or
 *   `__dict__`, therefore makes a dict of it;
 * - every slot is read by gi_slot_load and changed by gi_slot_exchange. Slots beside the object change under
 *   the lock alone, since their array is replaced when it grows; the array left behind is emptied before
 *   the lock is released, so that nothing in it can be taken for alive;
 * - the move to a dict goes by a shape of its own, `moving`: first that shape, then the slots are emptied, then
 *   the dict is put down, then its shape. Who sees `moving`, or finds an emptied slot, waits for the
 *   lock; who has stored into a slot looks at the shape again, and if it is a dict's by now takes out of
 *   the slot what is still there and stores it the slow way.
 */
#include "objects/container.h"
#include "objects/shape.h"
#include "memory/slots.h"
#include "threads/mutex.h"

#include <stdlib.h>

#define LINEAR 8
#define MAX_ATTRIBUTES 128
#define MAX_SHAPES 1024
#define FIRST_ID 128 /* what is less is not an id: instructions count where they keep one */

static GiMutex shape_lock;
/* Ids are unique in the process: static types and their shapes are shared by all VMs. */
static _Atomic uint64_t shape_last_id;

typedef struct GiShapeIndex {
    struct GiShapeIndex *next; /* all arrays of the class */
    uint32_t used, capacity;
    uint8_t *cells;            /* 2 * capacity of slot + 1, for capacity > LINEAR */
    GiVal names[];
} GiShapeIndex;

/* The root carries what the class has once. */
typedef struct RootShape {
    GiShape shape;
    GiShape dict;
    GiShape moving; /* on the way from slots to the dict; only while the object's lock is held */
    uint32_t shapes;
    GiShapeIndex *indexes;
} RootShape;

/* An id that no shape ever had; 0, which nothing is cached under, when there are no more. */
static uint32_t new_id(void) {
    uint64_t id = atomic_fetch_add_explicit(&shape_last_id, 1, memory_order_relaxed) + FIRST_ID;
    return id <= UINT32_MAX ? (uint32_t)id : 0;
}

static inline RootShape *root_of(GiType *type) { return (RootShape *)type->root_shape; }

void gi_shape_type_init(GiThread *ts, GiType *type) {
    if (type->root_shape) return;
    RootShape *root = calloc(1, sizeof *root);
    if (!root) {
        (void)gi_raise_nomem(ts);
        return;
    }
    root->shape.type = root->dict.type = root->moving.type = type;
    root->shape.inline_attrs = type->inline_attrs;
    root->shape.inline_offset = type->inline_offset;
    root->dict.is_dict = root->moving.is_dict = true;
    atomic_init(&root->shape.id, new_id());
    atomic_init(&root->dict.id, new_id());
    atomic_init(&root->moving.id, new_id());
    type->root_shape = &root->shape;
}

/* The next node of the tree in preorder, NULL after the last. */
static GiShape *next_in_tree(GiShape *s) {
    if (s->first_child) return s->first_child;
    while (s && !s->sibling) s = s->parent;
    return s ? s->sibling : NULL;
}

void gi_shape_type_free(GiThread *ts GI_UNUSED, GiType *type) {
    RootShape *root = root_of(type);
    if (!root) return;
    type->root_shape = NULL;
    /* Leaves first: a node without children goes, and its parent loses its first child. */
    GiShape *s = &root->shape;
    for (;;) {
        while (s->first_child) s = s->first_child;
        GiShape *parent = s->parent;
        if (!parent) break;
        parent->first_child = s->sibling;
        free(s);
        s = parent;
    }
    for (GiShapeIndex *i = root->indexes, *next; i; i = next) {
        next = i->next;
        free(i);
    }
    free(root);
}

void gi_shape_renew_ids(GiThread *ts GI_UNUSED, GiType *type) {
    RootShape *root = root_of(type);
    if (!root) return;
    gi_mutex_lock(&shape_lock);
    for (GiShape *s = &root->shape; s; s = next_in_tree(s))
        atomic_store_explicit(&s->id, new_id(), memory_order_relaxed);
    atomic_store_explicit(&root->dict.id, new_id(), memory_order_relaxed);
    atomic_store_explicit(&root->moving.id, new_id(), memory_order_relaxed);
    gi_mutex_unlock(&shape_lock);
}

static inline uint32_t name_hash(GiVal name) {
    return (uint32_t)(name.bits >> 4) * 0x9E3779B1u >> 16;
}

int gi_shape_find(const GiShape *shape, GiVal name) {
    const GiShapeIndex *index = shape->index;
    unsigned count = shape->count;
    if (!count) return -1;
    if (count <= LINEAR || !index->cells) {
        for (unsigned i = 0; i < count; i++)
            if (gi_same(index->names[i], name)) return (int)i;
        return -1;
    }
    uint32_t mask = index->capacity * 2 - 1;
    for (uint32_t i = name_hash(name) & mask;; i = (i + 1) & mask) {
        unsigned cell = __atomic_load_n(&index->cells[i], __ATOMIC_ACQUIRE);
        if (!cell) return -1;
        if (gi_same(index->names[cell - 1], name)) return cell - 1 < count ? (int)cell - 1 : -1;
    }
}

/* ---- Growing the tree; LOCK: shape_lock ---- */

static void index_append(GiShapeIndex *index, GiVal name) {
    uint32_t slot = index->used;
    index->names[slot] = name;
    if (index->cells) {
        uint32_t mask = index->capacity * 2 - 1, i = name_hash(name) & mask;
        while (index->cells[i]) i = (i + 1) & mask;
        __atomic_store_n(&index->cells[i], (uint8_t)(slot + 1), __ATOMIC_RELEASE);
    }
    index->used++;
}

/* An array with the parent's names and room for one more; NULL: out of memory. */
static GiShapeIndex *index_for_child(RootShape *root, const GiShape *parent) {
    GiShapeIndex *index = parent->index;
    if (index && index->used == parent->count && index->used < index->capacity) return index;
    uint32_t capacity = LINEAR;
    while (capacity <= parent->count) capacity *= 2;
    size_t size = sizeof *index + capacity * sizeof(GiVal) + (capacity > LINEAR ? capacity * 2 : 0);
    GiShapeIndex *fresh = calloc(1, size);
    if (!fresh) return NULL;
    fresh->capacity = capacity;
    if (capacity > LINEAR) fresh->cells = (uint8_t *)(fresh->names + capacity);
    for (unsigned i = 0; i < parent->count; i++) index_append(fresh, index->names[i]);
    fresh->next = root->indexes;
    root->indexes = fresh;
    return fresh;
}

static GiShape *find_child(GiShape *shape, GiVal name) {
    GiShape *child = __atomic_load_n(&shape->first_child, __ATOMIC_ACQUIRE);
    while (child && !gi_same(child->name, name)) child = child->sibling;
    return child;
}

GiShape *gi_shape_child(GiShape *shape, GiVal name) {
    GiShape *child = find_child(shape, name);
    if (GI_LIKELY(child != NULL)) return child;
    RootShape *root = root_of(shape->type);
    if (shape->count >= MAX_ATTRIBUTES || __atomic_load_n(&root->shapes, __ATOMIC_RELAXED) >= MAX_SHAPES) return NULL;
    gi_mutex_lock(&shape_lock);
    child = find_child(shape, name);
    if (!child && (child = calloc(1, sizeof *child)) != NULL) {
        child->index = index_for_child(root, shape);
        if (child->index) {
            index_append(child->index, name);
            atomic_init(&child->id, new_id());
            child->count = (uint16_t)(shape->count + 1);
            child->inline_attrs = shape->inline_attrs;
            child->inline_offset = shape->inline_offset;
            child->type = shape->type;
            child->parent = shape;
            child->name = (GiSlot){name.bits};
            child->sibling = shape->first_child;
            __atomic_store_n(&root->shapes, root->shapes + 1, __ATOMIC_RELAXED);
            __atomic_store_n(&shape->first_child, child, __ATOMIC_RELEASE);
        } else {
            free(child);
            child = NULL;
        }
    }
    gi_mutex_unlock(&shape_lock);
    return child;
}

/* ---- Attributes of an instance ---- */

#define ATTRS_LOCK(obj) ((GiByteLock *)gi_obj_lock_byte(obj))
#define lock_attrs(ts, obj) gi_bytelock_lock(&(ts)->core, ATTRS_LOCK(obj))
#define unlock_attrs(ts, obj) gi_bytelock_unlock(&(ts)->core, ATTRS_LOCK(obj))

/* The word of attrs that holds the dict, or the address of further slots. */
static inline GiSlot *dict_slot(GiAttrs *attrs) { return (GiSlot *)&attrs->overflow; }

/* Slots that the array beside the object has when an instance has `count` attributes. */
static inline size_t overflow_capacity(const GiShape *shape, size_t count) {
    if (count <= shape->inline_attrs) return 0;
    size_t n = count - shape->inline_attrs, capacity = 4;
    while (capacity < n) capacity *= 2;
    return capacity;
}

/* The interned form of a name, or null when no such name was ever interned (then no shape has it). */
static GiVal known_name(GiThread *ts, GiVal name) {
    if (GI_LIKELY(gi_str_is_interned(name))) return name;
    return gi_str_interned_peek(ts, name);
}

static inline GiShape *shape_load(const GiAttrs *attrs) { return __atomic_load_n(&attrs->shape, __ATOMIC_ACQUIRE); }
static inline bool is_moving(const GiShape *shape) { return shape == &root_of(shape->type)->moving; }

/* The shape of an object whose lock is held; it gets its first one here if it was made without. */
static GiShape *shape_locked(GiObj *obj) {
    GiAttrs *attrs = gi_attrs(obj);
    if (GI_UNLIKELY(!attrs->shape)) __atomic_store_n(&attrs->shape, gi_obj_type(obj)->root_shape, __ATOMIC_RELEASE);
    return attrs->shape;
}

/* The value of slot i of an object in slot mode, or null: ask again with the lock held. */
static GiRef load_slot(GiThread *ts, GiObj *obj, const GiShape *shape, int i) {
    if (i < shape->inline_attrs) return gi_slot_load(ts, gi_attrs_slot(obj, shape, i));
    GiSlot *array = __atomic_load_n(&gi_attrs(obj)->overflow, __ATOMIC_ACQUIRE);
    /* The word holds a dict only after the shape says so. */
    if (shape_load(gi_attrs(obj))->is_dict) return GI_NULL;
    return gi_slot_load(ts, array + (i - shape->inline_attrs));
}

/* Attribute `key` (interned) of an object that may be in slot mode. False: it has a dict; *out is untouched. */
static bool get_from_slots(GiThread *ts, GiObj *obj, GiVal key, GiRef *out) {
    const GiShape *shape = shape_load(gi_attrs(obj));
    if (!shape->is_dict) {
        int i = gi_is_null(key) ? -1 : gi_shape_find(shape, key);
        *out = i < 0 ? GI_NULL : load_slot(ts, obj, shape, i);
        if (i < 0 || GI_LIKELY(!gi_is_null(*out))) return true;
    } else if (!is_moving(shape)) {
        return false;
    }
    lock_attrs(ts, obj);
    shape = gi_attrs(obj)->shape;
    bool slots = !shape->is_dict;
    if (slots) {
        int i = gi_is_null(key) ? -1 : gi_shape_find(shape, key);
        *out = i < 0 ? GI_NULL : load_slot(ts, obj, shape, i);
    }
    unlock_attrs(ts, obj);
    return slots;
}

GiRef gi_attrs_get(GiThread *ts, GiObj *obj, GiVal name) {
    GiAttrs *attrs = gi_attrs(obj);
    GiShape *shape = shape_load(attrs);
    GiRef result = GI_NULL;
    if (!shape) return result;
    if (GI_UNLIKELY(ts->core.free_running)) {
        if (get_from_slots(ts, obj, known_name(ts, name), &result)) return result;
    } else if (!shape->is_dict) {
        name = known_name(ts, name);
        if (gi_is_null(name)) return result;
        int i = gi_shape_find(shape, name);
        return i < 0 ? result : gi_slot_dup(ts, gi_attrs_slot(obj, shape, i));
    }
    GiRef dict = gi_slot_load(ts, dict_slot(attrs));
    if (gi_is_null(dict)) return dict;
    if (gi_dict_get(ts, gi_val(dict), name, &result)) result = GI_NULL;
    gi_drop(ts, dict);
    return result;
}

/* Makes room for the attribute that `child` adds and stores it. Consumes value on success only. */
static bool add_slot_locked(GiThread *ts, GiObj *obj, GiShape *child, GiRef value) {
    GiAttrs *attrs = gi_attrs(obj);
    int i = child->count - 1;
    size_t before = overflow_capacity(child, (size_t)i), after = overflow_capacity(child, (size_t)i + 1);
    if (after > before) {
        GiSlot *fresh = gi_mem_alloc(ts, after * sizeof *fresh);
        if (!fresh) return false;
        if (before) memcpy(fresh, attrs->overflow, before * sizeof *fresh);
        memset(fresh + before, 0, (after - before) * sizeof *fresh);
        GiSlot *old = attrs->overflow;
        __atomic_store_n(&attrs->overflow, fresh, __ATOMIC_RELEASE);
        if (ts->core.free_running)
            for (size_t k = 0; k < before; k++) __atomic_store_n(&old[k].bits, 0, __ATOMIC_RELAXED);
        gi_mem_retire(ts, old);
    }
    gi_slot_init(gi_attrs_slot(obj, child, i), value);
    __atomic_store_n(&attrs->shape, child, __ATOMIC_RELEASE);
    return true;
}

/* The interned form of a name that is to become an attribute. Interning is for ever, so a new one is
 * made only where it can name a slot; else *key is null. */
static GiStatus name_for_slot(GiThread *ts, const GiShape *shape, GiVal name, GiVal *key) {
    *key = name;
    if (shape->is_dict || gi_str_is_interned(name)) return GI_OK;
    *key = known_name(ts, name);
    uint32_t shapes = __atomic_load_n(&root_of(shape->type)->shapes, __ATOMIC_RELAXED);
    if (!gi_is_null(*key) || shapes >= MAX_SHAPES) return GI_OK;
    GiRef exact = gi_is_str_exact(name) ? gi_dup(ts, name) : gi_str_slice(ts, name, 0, gi_str_len(name));
    if (!gi_is_null(exact) && !gi_is_str_exact(gi_val(exact))) {
        gi_drop(ts, exact);
        exact = gi_str_from_view(ts, gi_str_view(name));
    }
    exact = gi_str_intern(ts, exact);
    if (gi_is_null(exact)) return GI_FAIL;
    *key = gi_val(exact); /* immortal */
    return GI_OK;
}

GiStatus gi_attrs_set(GiThread *ts, GiObj *obj, GiVal name, GiRef value) {
    GiAttrs *attrs = gi_attrs(obj);
    GiVal key;
    GiShape *shape = shape_load(attrs);
    if (name_for_slot(ts, shape ? shape : gi_obj_type(obj)->root_shape, name, &key)) {
        gi_drop(ts, value);
        return GI_FAIL;
    }
    lock_attrs(ts, obj);
    shape = shape_locked(obj);
    if (!shape->is_dict && !gi_is_null(key)) {
        int i = gi_shape_find(shape, key);
        if (i >= 0) {
            GiRef old = gi_slot_exchange(ts, gi_attrs_slot(obj, shape, i), value);
            unlock_attrs(ts, obj);
            gi_xdrop(ts, old);
            return GI_OK;
        }
        GiShape *child = gi_shape_child(shape, key);
        if (child) {
            bool done = add_slot_locked(ts, obj, child, value);
            unlock_attrs(ts, obj);
            if (!done) gi_drop(ts, value);
            return done ? GI_OK : GI_FAIL;
        }
    }
    unlock_attrs(ts, obj);
    GiRef dict = gi_attrs_dict(ts, obj);
    if (gi_is_null(dict)) {
        gi_drop(ts, value);
        return GI_FAIL;
    }
    GiStatus status = gi_dict_set_steal(ts, gi_val(dict), name, value);
    gi_drop(ts, dict);
    return status;
}

/* Takes attribute i out of the slots; `fitting` is the shape without it. Gives the value. Under the GIL only. */
static GiRef remove_slot_locked(GiThread *ts, GiObj *obj, GiShape *shape, GiShape *fitting, int i) {
    GiAttrs *attrs = gi_attrs(obj);
    GiRef old = gi_slot_take(gi_attrs_slot(obj, shape, i));
    for (int k = i; k + 1 < shape->count; k++)
        gi_slot_init(gi_attrs_slot(obj, shape, k), gi_slot_take(gi_attrs_slot(obj, shape, k + 1)));
    size_t before = overflow_capacity(shape, shape->count), after = overflow_capacity(shape, fitting->count);
    __atomic_store_n(&attrs->shape, fitting, __ATOMIC_RELEASE);
    if (before && !after) {
        GiSlot *array = attrs->overflow;
        attrs->overflow = NULL;
        gi_mem_retire(ts, array);
    } else if (after < before) {
        /* The size follows from the shape alone, so the array must be cut with it. */
        GiSlot *array = attrs->overflow, *cut = NULL;
        cut = gi_mem_realloc(ts, array, after * sizeof *cut);
        if (cut) attrs->overflow = cut;
        else gi_exc_clear(ts); /* too long an array does no harm: growing copies what the shape says */
    }
    return old;
}

/* The shape of an instance with the attributes of `shape` but number i; NULL: there is none. */
static GiShape *shape_without(GiShape *shape, int i) {
    GiShape *s = shape;
    while (s->count > i) s = s->parent;
    for (int k = i + 1; s && k < shape->count; k++) s = gi_shape_child(s, shape->index->names[k]);
    return s;
}

GiStatus gi_attrs_del(GiThread *ts, GiObj *obj, GiVal name, bool *found) {
    GiAttrs *attrs = gi_attrs(obj);
    GiShape *shape = shape_load(attrs);
    *found = false;
    if (!shape) return GI_OK;
    if (!shape->is_dict) {
        GiVal key = known_name(ts, name);
        if (gi_is_null(key)) return GI_OK;
        lock_attrs(ts, obj);
        shape = attrs->shape;
        int i = shape->is_dict ? -1 : gi_shape_find(shape, key);
        GiShape *fitting = i >= 0 && !ts->core.free_running ? shape_without(shape, i) : NULL;
        if (fitting) {
            GiRef old = remove_slot_locked(ts, obj, shape, fitting, i);
            unlock_attrs(ts, obj);
            *found = true;
            gi_xdrop(ts, old);
            return GI_OK;
        }
        bool absent = !shape->is_dict && i < 0;
        unlock_attrs(ts, obj);
        if (absent) return GI_OK;
    }
    GiRef dict = gi_attrs_dict(ts, obj);
    if (gi_is_null(dict)) return GI_FAIL;
    GiStatus status = gi_dict_del(ts, gi_val(dict), name, found);
    gi_drop(ts, dict);
    return status;
}

/* A dict with the attributes of an instance in slot mode. copied: the values of the slots within the
 * object, as they were found (the dict has references to them); or NULL. */
static GiRef dict_of_slots_locked(GiThread *ts, GiObj *obj, const GiShape *shape, GiVal *copied) {
    GiRef dict = gi_dict_new_sized(ts, shape->count);
    for (int i = 0; i < shape->count && !gi_is_null(dict); i++) {
        GiRef value = gi_slot_load(ts, gi_attrs_slot(obj, shape, i));
        if (copied && i < shape->inline_attrs) copied[i] = gi_val(value);
        if (gi_is_null(value)) continue;
        if (gi_dict_set_steal(ts, gi_val(dict), shape->index->names[i], value)) {
            gi_drop(ts, dict);
            dict = GI_NULL;
        }
    }
    return dict;
}

/* What was in the slots of an instance, to be dropped when its lock is released; the array of further
 * slots is given back as it is. */
typedef struct OldSlots {
    GiSlot inlined[32];
    size_t inline_count;
    GiSlot *overflow;
    size_t overflow_count;
} OldSlots;

/* Empties the slots; in free mode `moving` is the shape already. */
static void take_slots_locked(GiThread *ts, GiObj *obj, const GiShape *shape, OldSlots *old) {
    old->inline_count = GI_MIN(shape->count, shape->inline_attrs);
    GI_ASSERT(old->inline_count <= GI_COUNTOF(old->inlined));
    for (size_t i = 0; i < old->inline_count; i++) {
        GiRef taken = gi_slot_exchange(ts, gi_attrs_slot(obj, shape, (int)i), GI_NULL);
        gi_slot_init(&old->inlined[i], taken);
    }
    old->overflow = overflow_capacity(shape, shape->count) ? gi_attrs(obj)->overflow : NULL;
    old->overflow_count = old->overflow ? (size_t)shape->count - shape->inline_attrs : 0;
}

static void drop_slots(GiThread *ts, OldSlots *old) {
    for (size_t i = 0; i < old->inline_count; i++) gi_xdrop(ts, gi_slot_take(&old->inlined[i]));
    for (size_t i = 0; i < old->overflow_count; i++)
        gi_xdrop(ts, gi_slot_exchange(ts, &old->overflow[i], GI_NULL));
    gi_mem_retire(ts, old->overflow);
}

/* From slots to the dict, which is consumed. copied: what the dict was filled with from the slots in
 * the object; NULL: the slots' values do not matter any more. */
static void move_to_dict_locked(GiThread *ts, GiObj *obj, RootShape *root, GiRef dict, const GiVal *copied,
                                OldSlots *old) {
    GiAttrs *attrs = gi_attrs(obj);
    GiShape *shape = attrs->shape;
    if (ts->core.free_running) (void)__atomic_exchange_n(&attrs->shape, &root->moving, __ATOMIC_SEQ_CST);
    take_slots_locked(ts, obj, shape, old);
    /* Somebody has stored into a slot after it was copied: the entry is there already, so that it can be
     * changed without memory; its old value is kept, to be dropped without the lock. */
    for (size_t i = 0; copied && i < old->inline_count; i++) {
        if (gi_same(gi_val(old->inlined[i]), copied[i]) || !old->inlined[i].bits || gi_is_null(copied[i])) continue;
        GiRef former = gi_dup(ts, copied[i]);
        GiRef latest = gi_slot_take(&old->inlined[i]);
        gi_slot_init(&old->inlined[i], former);
        if (gi_dict_set_steal(ts, gi_val(dict), shape->index->names[i], latest)) gi_exc_clear(ts);
    }
    __atomic_store_n(&dict_slot(attrs)->bits, dict.bits, __ATOMIC_RELEASE);
    __atomic_store_n(&attrs->shape, &root->dict, __ATOMIC_RELEASE);
}

GiRef gi_attrs_dict(GiThread *ts, GiObj *obj) {
    OldSlots old;
    GiVal copied[GI_COUNTOF(old.inlined)];
    lock_attrs(ts, obj);
    GiShape *shape = shape_locked(obj);
    if (shape->is_dict) {
        GiRef dict = gi_slot_load(ts, dict_slot(gi_attrs(obj)));
        unlock_attrs(ts, obj);
        return dict;
    }
    GiRef dict = dict_of_slots_locked(ts, obj, shape, copied);
    if (gi_is_null(dict)) {
        unlock_attrs(ts, obj);
        return dict;
    }
    move_to_dict_locked(ts, obj, root_of(shape->type), gi_dup(ts, gi_val(dict)), copied, &old);
    unlock_attrs(ts, obj);
    drop_slots(ts, &old);
    return dict;
}

GiStatus gi_attrs_set_dict(GiThread *ts, GiObj *obj, GiVal dict) {
    GiAttrs *attrs = gi_attrs(obj);
    OldSlots old = {.inline_count = 0, .overflow = NULL, .overflow_count = 0};
    GiRef old_dict = GI_NULL, fresh = gi_xdup(ts, dict);
    if (gi_is_null(fresh) && ts->core.free_running) {
        fresh = gi_dict_new(ts);
        if (gi_is_null(fresh)) return GI_FAIL;
    }
    lock_attrs(ts, obj);
    GiShape *shape = shape_locked(obj);
    RootShape *root = root_of(shape->type);
    if (gi_is_null(fresh)) {
        if (shape->is_dict) old_dict = gi_slot_take(dict_slot(attrs));
        else take_slots_locked(ts, obj, shape, &old);
        attrs->overflow = NULL;
        __atomic_store_n(&attrs->shape, &root->shape, __ATOMIC_RELEASE);
    } else if (shape->is_dict) {
        old_dict = gi_slot_exchange(ts, dict_slot(attrs), fresh);
    } else {
        move_to_dict_locked(ts, obj, root, fresh, NULL, &old);
    }
    unlock_attrs(ts, obj);
    gi_xdrop(ts, old_dict);
    drop_slots(ts, &old);
    return GI_OK;
}

void gi_attrs_class_changed(GiObj *obj) {
    GiAttrs *attrs = gi_attrs(obj);
    GI_ASSERT(attrs->shape && attrs->shape->is_dict);
    __atomic_store_n(&attrs->shape, &root_of(gi_obj_type(obj))->dict, __ATOMIC_RELEASE);
}

GiRef gi_attrs_snapshot(GiThread *ts, GiObj *obj) {
    GiAttrs *attrs = gi_attrs(obj);
    if (!shape_load(attrs)) return gi_dict_new(ts);
    lock_attrs(ts, obj);
    GiShape *shape = attrs->shape;
    GiRef result;
    if (!shape->is_dict) {
        result = dict_of_slots_locked(ts, obj, shape, NULL);
        unlock_attrs(ts, obj);
        return result;
    }
    GiRef dict = gi_slot_load(ts, dict_slot(attrs));
    unlock_attrs(ts, obj);
    result = gi_dict_copy(ts, gi_val(dict));
    gi_drop(ts, dict);
    return result;
}

void gi_attrs_each(GiObj *obj, GiVisit visit, void *arg) {
    GiAttrs *attrs = gi_attrs(obj);
    GiShape *shape = attrs->shape;
    if (!shape) return;
    if (shape->is_dict) {
        if (!gi_is_null(*dict_slot(attrs))) visit(dict_slot(attrs), arg);
        return;
    }
    for (int i = 0; i < shape->count; i++) {
        GiSlot *slot = gi_attrs_slot(obj, shape, i);
        if (!gi_is_null(*slot) && gi_is_heap(*slot)) visit(slot, arg);
    }
}

void gi_attrs_free(GiThread *ts, GiObj *obj) {
    GiAttrs *attrs = gi_attrs(obj);
    GiShape *shape = attrs->shape;
    if (!shape) return;
    if (shape->is_dict) {
        gi_xdrop(ts, gi_slot_take(dict_slot(attrs)));
        return;
    }
    for (int i = 0; i < shape->count; i++)
        gi_xdrop(ts, gi_slot_take(gi_attrs_slot(obj, shape, i)));
    if (shape->count > shape->inline_attrs) gi_mem_free(attrs->overflow);
    attrs->overflow = NULL;
    attrs->shape = NULL;
}
