/* attr_cache.h - attributes at sites that meet more than one shape.
 *
 * An instruction's own cache holds one shape. One that misses it turns into its _POLY form, which
 * looks here: a table of each thread from (shape id or type version, name, kind of access) to where
 * the attribute is. Ids are never used again, and change with whatever attribute lookup finds, so
 * that an entry is right or never matches; it holds no references, for what it names is kept alive
 * by the class whose id it was entered under.
 */
#ifndef GI_VM_ATTR_CACHE_H
#define GI_VM_ATTR_CACHE_H

#include "objects/shape.h"

#define GI_ATTR_CACHE_SIZE 512u /* a power of two */

typedef enum { GI_ATTR_LOAD = 1, GI_ATTR_METHOD = 2, GI_ATTR_STORE = 3 } GiAttrAccess;
#define GI_ATTR_BY_SHAPE 4u /* in a key: the id is that of a shape */

#define GI_ATTR_MEMBER 1u /* the slot is not one of a shape: its meaning never changes */

typedef struct GiAttrEntry {
    uint64_t key;    /* the interned name's bits, GiAttrAccess, GI_ATTR_BY_SHAPE */
    uint32_t id;
    uint32_t offset; /* from the object's start of the attribute's slot; 0: value */
    uint64_t value;  /* LOAD, METHOD: bits of what the class gives; STORE: the shape afterwards, 0, or GI_ATTR_MEMBER */
} GiAttrEntry;

struct GiAttrCache {
    uint32_t rest; /* without the lock: how often this thread leaves sites alone that have nothing special */
    GiAttrEntry entries[GI_ATTR_CACHE_SIZE];
};

/* The id that says what lookup finds on v, and in *key whose it is; 0: there is none. */
static inline uint32_t gi_attr_id(GiVal v, uint64_t *key) {
    GiType *type = gi_type_of(v);
    if (gi_is_heap(v) && (gi_obj_head(gi_obj(v)) & GI_HEAD_ATTRS)) {
        const GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
        *key |= GI_ATTR_BY_SHAPE;
        return shape ? atomic_load_explicit(&shape->id, memory_order_relaxed) : 0;
    }
    return atomic_load_explicit(&type->version, memory_order_relaxed);
}

/* The id with a mark whose it is, as instructions keep it that serve both kinds; 0: there is none. */
static inline uint64_t gi_attr_marked_id(GiVal v) {
    uint64_t key = 0;
    uint32_t id = gi_attr_id(v, &key);
    return id ? id | (key ? UINT64_C(2) : UINT64_C(1)) << 32 : 0;
}

static inline GiAttrEntry *gi_attr_entry(const GiThread *ts, uint32_t id, uint64_t key) {
    uint32_t h = (id ^ (uint32_t)(key >> 4) ^ (uint32_t)key << 28) * 0x9E3779B1u;
    return &ts->attr_cache->entries[h >> 23];
}

/* The entry for an access of v, NULL when there is none. The thread has a cache: instructions become
 * _POLY only when it was made (gi_attr_enter), by each thread that meets them. */
static inline const GiAttrEntry *gi_attr_find(const GiThread *ts, GiVal v, GiVal name, GiAttrAccess access) {
    if (GI_UNLIKELY(!ts->attr_cache)) return NULL;
    uint64_t key = name.bits | access;
    uint32_t id = gi_attr_id(v, &key);
    const GiAttrEntry *e = gi_attr_entry(ts, id, key);
    return e->id == id && e->key == key ? e : NULL;
}

/* Enters what was found under an id (not 0). Without memory for the table nothing happens. */
void gi_attr_enter(GiThread *ts, uint32_t id, uint64_t key, uint32_t offset, uint64_t value);

#endif
