/* type.c - readying builtin types, lookup along the mro with its cache, versions, subclasses.
 *
 * Static types are readied once a process (LOCK: ready_lock) and never change afterwards; their dicts are
 * made later (type_dict.c). Heap types change through type.__setattr__ only (type_attrs.c), which calls
 * gi_type_modified.
 * INVARIANT: a type's version is new whenever what lookup finds on it may have changed, so an
 * entry of the cache (type, version, name) is right for ever; entries are never invalidated.
 * LOCK: in free mode a class is changed with the world stopped, so that what gi_type_lookup_peek
 * gave stays valid up to the reader's next safepoint. Entries of the cache bear a sequence number
 * that is odd while they are being written. Lists of subclasses have a mutex each.
 */
#include "objects/dispatch.h"
#include "memory/slots.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/exceptions.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"
#include "threads/mutex.h"

#include <stdlib.h>

/* ---- Names ---- */

const char *gi_type_short_name(const GiType *type) {
    if (type->flags & GI_TYPE_HEAP) {
        GiVal name = gi_val(type->name_str);
        return !gi_is_null(name) && gi_str_is_ascii(name) ? gi_str_data(name) : type->name;
    }
    const char *dot = strrchr(type->name, '.');
    return dot ? dot + 1 : type->name;
}

GiRef gi_type_fullname(GiThread *ts, GiType *type) {
    if (!(type->flags & GI_TYPE_HEAP)) {
        if (!type->module || strcmp(type->module, "builtins") == 0)
            return gi_str_from_cstr(ts, gi_type_short_name(type));
        return gi_str_format(ts, "%s.%s", type->module, gi_type_short_name(type));
    }
    GiRef qualname = gi_slot_load(ts, &type->qualname);
    GiVal module = gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__module__));
    if (gi_is_null(module) || !gi_is_str(module) || gi_str_equals_cstr(module, "builtins"))
        return qualname;
    GiRef text = gi_str_format(ts, "%U.%U", module, gi_val(qualname));
    gi_drop(ts, qualname);
    return text;
}

/* ---- Lookup ---- */

enum { CACHE_LOG2 = 10, CACHE_SIZE = 1 << CACHE_LOG2 };

typedef struct CacheEntry {
    _Atomic uint32_t sequence;
    _Atomic uint32_t version;
    _Atomic uintptr_t type;
    _Atomic uint64_t name;   /* owned */
    _Atomic uint64_t value;  /* borrowed; valid while the version is current. 0: absent */
} CacheEntry;

struct GiTypeCache {
    CacheEntry entries[CACHE_SIZE];
    GiSlotIndex slots;
};
const GiSlotIndex *gi_slot_index_peek(GiThread *ts) { return &ts->vm->type_cache->slots; }

bool gi_is_subtype(const GiType *type, const GiType *base) {
    if (type == base) return true;
    if (gi_is_null(type->mro)) {
        for (; type; type = type->base)
            if (type == base) return true;
        return base == &gi_object_type;
    }
    const GiTuple *mro = gi_tuple_of(type->mro);
    for (size_t i = 0; i < mro->count; i++)
        if (mro->items[i].bits == gi_type_val(base).bits) return true;
    return false;
}

/* *complete turns false when the dict of a builtin type could not be made: what was not found may be there. */
static GiVal lookup_uncached(GiThread *ts, GiType *type, GiVal name, bool *complete) {
    GiVal mro = gi_slot_peek(&type->mro), found = GI_NOVAL;
    if (gi_is_null(mro)) return GI_NOVAL;
    GiRef held = GI_NULL;
    bool pending = gi_raised(ts); /* lookups happen while an exception is on its way: it stays */
    for (size_t i = 0; i < gi_tuple_len(mro) && gi_is_null(found); i++) {
        GiType *t = gi_as_type(gi_tuple_get(mro, i));
        GiVal dict = gi_type_dict(ts, t);
        if (gi_is_null(dict)) {
            *complete = (t->flags & GI_TYPE_HEAP) || !(t->flags & GI_TYPE_READY);
            if (!*complete) break;
            continue;
        }
        /* PERF: not counted, since classes change in a stopped world only: until code of keys may run. */
        if (GI_UNLIKELY(!gi_dict_of(dict)->str_keys) && gi_is_null(held)) held = gi_dup(ts, mro);
        found = gi_dict_get_str_peek(ts, dict, name);
        if (gi_is_null(found) && !pending && GI_UNLIKELY(gi_raised(ts))) gi_exc_clear(ts);
    }
    gi_xdrop(ts, held);
    return found;
}

static void cache_store(GiThread *ts, CacheEntry *e, GiType *type, uint32_t version, GiVal name,
                        GiVal value) {
    uint32_t seq = atomic_load_explicit(&e->sequence, memory_order_relaxed);
    if ((seq & 1) || !atomic_compare_exchange_strong_explicit(&e->sequence, &seq, seq + 1,
                                                              memory_order_acquire,
                                                              memory_order_relaxed))
        return;
    atomic_thread_fence(memory_order_release);
    GiRef old = {atomic_load_explicit(&e->name, memory_order_relaxed)};
    atomic_store_explicit(&e->type, (uintptr_t)type, memory_order_relaxed);
    atomic_store_explicit(&e->version, version, memory_order_relaxed);
    atomic_store_explicit(&e->name, gi_dup(ts, name).bits, memory_order_relaxed);
    atomic_store_explicit(&e->value, value.bits, memory_order_relaxed);
    atomic_store_explicit(&e->sequence, seq + 2, memory_order_release);
    gi_xdrop(ts, old);
}

static GI_NOINLINE GiVal lookup_slow(GiThread *ts, GiType *type, GiVal name) {
    uint32_t version = atomic_load_explicit(&type->version, memory_order_relaxed);
    bool complete = true;
    GiVal found = lookup_uncached(ts, type, name, &complete);
    struct GiTypeCache *cache = ts->vm->type_cache;
    if (version && cache && complete && gi_str_is_interned(name) && !(ts->vm->debug_flags & GI_DEBUG_CACHE_OFF)) {
        uint64_t h = (name.bits >> 4) ^ ((uint64_t)version * 0x9E3779B1u) ^ (name.bits >> 17);
        cache_store(ts, &cache->entries[h & (CACHE_SIZE - 1)], type, version, name, found);
    }
    return found;
}

GiVal gi_type_lookup_peek(GiThread *ts, GiType *type, GiVal name) {
    uint32_t version = atomic_load_explicit(&type->version, memory_order_relaxed);
    struct GiTypeCache *cache = ts->vm->type_cache;
    if (GI_LIKELY(version && cache)) {
        uint64_t h = (name.bits >> 4) ^ ((uint64_t)version * 0x9E3779B1u) ^ (name.bits >> 17);
        CacheEntry *e = &cache->entries[h & (CACHE_SIZE - 1)];
        uint32_t seq = atomic_load_explicit(&e->sequence, memory_order_acquire);
        if (atomic_load_explicit(&e->name, memory_order_relaxed) == name.bits &&
            atomic_load_explicit(&e->version, memory_order_relaxed) == version &&
            atomic_load_explicit(&e->type, memory_order_relaxed) == (uintptr_t)type) {
            GiVal value = {atomic_load_explicit(&e->value, memory_order_relaxed)};
            atomic_thread_fence(memory_order_acquire);
            if (GI_LIKELY(!(seq & 1) &&
                          atomic_load_explicit(&e->sequence, memory_order_relaxed) == seq))
                return value;
        }
    }
    return lookup_slow(ts, type, name);
}

GiRef gi_type_lookup(GiThread *ts, GiType *type, GiVal name) {
    return gi_xdup(ts, gi_type_lookup_peek(ts, type, name));
}

/* ---- Versions ---- */

#define FIRST_VERSION 128u /* what is less is not one: instructions count where they keep one */
#define LAST_VERSION 0x7FFFFFF0u

/* INVARIANT: no number is used twice. Those of static types have the top bit and come from their
 * address, so that they are the same in every VM; those of heap types are counted by the VM. */
void gi_type_assign_version(GiThread *ts, GiType *type) {
    uint32_t version;
    if (type->flags & GI_TYPE_HEAP) {
        /* When there are no more it is 0, under which nothing is cached. */
        version = atomic_load_explicit(&ts->vm->next_version, memory_order_relaxed);
        do version = version > LAST_VERSION ? 0 : atomic_fetch_add_explicit(&ts->vm->next_version, 1, memory_order_relaxed);
        while (version && version < FIRST_VERSION);
    } else {
        version = (uint32_t)((uintptr_t)type >> 4) | 0x80000000u;
    }
    atomic_store_explicit(&type->version, version, memory_order_relaxed);
}

/* ---- Subclasses ---- */

struct GiSubclasses {
    GiMutex lock;
    GiType **items; /* borrowed: a type takes itself out when it dies */
    size_t count, capacity;
};

static struct GiSubclasses *subclasses_of(GiThread *ts, GiType *base) {
    struct GiSubclasses *list = __atomic_load_n(&base->subclasses, __ATOMIC_ACQUIRE);
    if (list) return list;
    list = calloc(1, sizeof *list);
    if (!list) {
        (void)gi_raise_nomem(ts);
        return NULL;
    }
    struct GiSubclasses *expected = NULL;
    if (__atomic_compare_exchange_n(&base->subclasses, &expected, list, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return list;
    free(list);
    return expected;
}

GiStatus gi_type_add_subclass(GiThread *ts, GiType *base, GiType *type) {
    struct GiSubclasses *list = subclasses_of(ts, base);
    if (!list) return GI_FAIL;
    GiStatus status = GI_OK;
    gi_mutex_lock(&list->lock);
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 4;
        GiType **items = realloc(list->items, capacity * sizeof *items);
        if (items) {
            list->items = items;
            list->capacity = capacity;
        } else {
            status = GI_FAIL;
        }
    }
    if (!status) list->items[list->count++] = type;
    gi_mutex_unlock(&list->lock);
    if (status) (void)gi_raise_nomem(ts);
    return status;
}

void gi_type_remove_subclass(GiThread *ts GI_UNUSED, GiType *base, GiType *type) {
    struct GiSubclasses *list = base->subclasses;
    if (!list) return;
    gi_mutex_lock(&list->lock);
    for (size_t i = list->count; i-- > 0;) {
        if (list->items[i] != type) continue;
        memmove(list->items + i, list->items + i + 1, (list->count - i - 1) * sizeof *list->items);
        list->count--;
        break;
    }
    gi_mutex_unlock(&list->lock);
}

GiRef gi_type_subclass_list(GiThread *ts, GiType *type) {
    struct GiSubclasses *list = __atomic_load_n(&type->subclasses, __ATOMIC_ACQUIRE);
    size_t count = 0, found = 0;
    if (list) {
        gi_mutex_lock(&list->lock);
        count = list->count;
        gi_mutex_unlock(&list->lock);
    }
    GiRef tuple = gi_tuple_new(ts, count);
    if (gi_is_null(tuple) || count == 0) return tuple;
    gi_mutex_lock(&list->lock);
    for (size_t i = 0; i < list->count && found < count; i++) {
        GiObj *obj = &list->items[i]->obj;
        if (gi_try_incref(ts, obj)) gi_tuple_init(tuple, found++, gi_own_obj(obj));
    }
    gi_mutex_unlock(&list->lock);
    if (found == count) return tuple;
    GiRef shorter = gi_tuple_from(ts, gi_tuple_items(tuple), found);
    gi_drop(ts, tuple);
    return shorter;
}

/* Calls f for each subclass, direct and indirect ones alike through recursion in f. */
static void each_subclass(GiThread *ts, GiType *type, GiVal name) {
    struct GiSubclasses *list = __atomic_load_n(&type->subclasses, __ATOMIC_ACQUIRE);
    if (!list) return;
    for (size_t i = 0; i < list->count; i++) { /* nothing below runs Python code */
        GiType *sub = list->items[i];
        /* One that the collector has found dead, and begun to take apart, is found there until its death. */
        if (!(sub->flags & GI_TYPE_READY)) continue;
        gi_type_modified(ts, sub, name);
    }
}

void gi_type_set_plain_flags(GiType *type) {
    type->flags &= ~(uint32_t)(GI_TYPE_PLAIN_GETATTR | GI_TYPE_PLAIN_SETATTR);
    if (type->getattr == gi_object_getattr) type->flags |= GI_TYPE_PLAIN_GETATTR;
    if (type->setattr == gi_object_setattr) type->flags |= GI_TYPE_PLAIN_SETATTR;
}

void gi_type_modified(GiThread *ts, GiType *type, GiVal name) {
    if (!(type->flags & GI_TYPE_HEAP) || gi_is_null(type->mro)) return; /* not yet, or no more, a class */
    gi_type_assign_version(ts, type);
    if (type->flags & GI_TYPE_ATTRS) gi_shape_renew_ids(ts, type);
    gi_type_update_slots(ts, type, name);
    each_subclass(ts, type, name);
}

/* ---- Method resolution order (C3) ---- */

typedef struct Merge {
    const GiVal *items;
    size_t count, head;
} Merge;

static bool in_tail(const Merge *list, GiVal candidate) {
    for (size_t i = list->head + 1; i < list->count; i++)
        if (gi_same(list->items[i], candidate)) return true;
    return false;
}

static GI_COLD GiStatus merge_failed(GiThread *ts, const Merge *lists, size_t n) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_lit(&sb, "Cannot create a consistent method resolution\norder (MRO) for bases ");
    GiRef seen = gi_tuple_new(ts, n);
    size_t shown = 0;
    for (size_t i = 0; i < n && !gi_is_null(seen); i++) {
        if (lists[i].head >= lists[i].count) continue;
        GiVal head = lists[i].items[lists[i].head];
        bool known = false;
        for (size_t k = 0; k < shown; k++) known |= gi_same(gi_tuple_get(gi_val(seen), k), head);
        if (known) continue;
        gi_tuple_init(seen, shown++, gi_dup(ts, head));
        if (shown > 1) gi_sb_lit(&sb, ", ");
        GiRef name = gi_getattr(ts, head, GI_N(__name__));
        if (gi_is_null(name)) gi_exc_clear(ts);
        if (!gi_is_null(name) && gi_is_str(gi_val(name)))
            gi_sb_str(&sb, gi_val(name));
        else
            gi_sb_lit(&sb, "?");
        gi_xdrop(ts, name);
    }
    gi_xdrop(ts, seen);
    GiRef text = gi_sb_finish(&sb);
    if (gi_is_null(text)) return GI_FAIL;
    gi_raise_value(ts, &gi_exc_TypeError, gi_val(text));
    gi_drop(ts, text);
    return GI_FAIL;
}

/* The merge proper: out has room for every item of every list. */
static GiStatus merge(GiThread *ts, Merge *lists, size_t n, GiVal *out, size_t *out_count) {
    for (;;) {
        bool done = true;
        GiVal chosen = GI_NOVAL;
        for (size_t i = 0; i < n && gi_is_null(chosen); i++) {
            if (lists[i].head >= lists[i].count) continue;
            done = false;
            GiVal candidate = lists[i].items[lists[i].head];
            bool blocked = false;
            for (size_t k = 0; k < n && !blocked; k++) blocked = in_tail(&lists[k], candidate);
            if (!blocked) chosen = candidate;
        }
        if (done) return GI_OK;
        if (gi_is_null(chosen)) return merge_failed(ts, lists, n);
        out[(*out_count)++] = chosen;
        for (size_t i = 0; i < n; i++)
            if (lists[i].head < lists[i].count && gi_same(lists[i].items[lists[i].head], chosen))
                lists[i].head++;
    }
}

GiRef gi_mro_merge(GiThread *ts, GiType *type, GiVal bases) {
    size_t n = gi_tuple_len(bases), total = 1 + n;
    for (size_t i = 0; i < n; i++) {
        GiVal base = gi_tuple_get(bases, i);
        GiType *b = gi_as_type(base);
        if (gi_is_null(b->mro))
            return gi_raise_ref(ts, &gi_exc_TypeError, "Cannot extend an incomplete type '%.100s'",
                                b->name);
        total += gi_tuple_len(b->mro);
        for (size_t k = i + 1; k < n; k++) {
            if (!gi_same(base, gi_tuple_get(bases, k))) continue;
            GiRef name = gi_getattr(ts, base, GI_N(__name__));
            if (gi_is_null(name)) return GI_NULL;
            gi_raise(ts, &gi_exc_TypeError, "duplicate base class %S", gi_val(name));
            gi_drop(ts, name);
            return GI_NULL;
        }
    }
    GiVal *out = gi_mem_alloc(ts, total * sizeof *out);
    Merge *lists = gi_mem_alloc(ts, (n + 1) * sizeof *lists);
    GiRef result = GI_NULL;
    if (out && lists) {
        size_t count = 0;
        out[count++] = gi_type_val(type);
        for (size_t i = 0; i < n; i++) {
            GiVal mro = gi_val(gi_as_type(gi_tuple_get(bases, i))->mro);
            lists[i] = (Merge){gi_tuple_items(mro), gi_tuple_len(mro), 0};
        }
        lists[n] = (Merge){gi_tuple_items(bases), n, 0};
        if (merge(ts, lists, n == 1 ? 1 : n + 1, out, &count) == GI_OK)
            result = gi_tuple_from(ts, out, count);
    }
    gi_mem_free(out);
    gi_mem_free(lists);
    return result;
}

/* What a metaclass's own mro() gave, checked: a tuple. Consumes. */
static GiRef check_custom_mro(GiThread *ts, GiType *type, GiRef result) {
    if (gi_is_null(result)) return GI_NULL;
    GiRef tuple = gi_to_tuple(ts, gi_val(result));
    gi_drop(ts, result);
    if (gi_is_null(tuple)) return GI_NULL;
    GiType *solid = gi_type_solid_base(type);
    for (size_t i = 0; i < gi_tuple_len(tuple); i++) {
        GiVal item = gi_tuple_get(gi_val(tuple), i);
        if (!gi_is_type(item)) {
            gi_raise(ts, &gi_exc_TypeError, "mro() returned a non-class ('%.500T')", item);
        } else if (!gi_is_subtype(solid, gi_type_solid_base(gi_as_type(item)))) {
            gi_raise(ts, &gi_exc_TypeError, "mro() returned base with unsuitable layout ('%.500s')",
                     gi_as_type(item)->name);
        } else {
            continue;
        }
        gi_drop(ts, tuple);
        return GI_NULL;
    }
    if (gi_tuple_len(tuple) == 0) {
        gi_drop(ts, tuple);
        return gi_raise_ref(ts, &gi_exc_TypeError, "type MRO must not be empty");
    }
    return tuple;
}

GiStatus gi_type_compute_mro(GiThread *ts, GiType *type) {
    GiType *meta = gi_obj_type(&type->obj);
    GiRef mro;
    GiVal custom = meta == &gi_type_type ? GI_NOVAL : gi_type_lookup_peek(ts, meta, GI_N(mro));
    GiVal standard = gi_is_null(custom) ? GI_NOVAL : gi_type_lookup_peek(ts, &gi_type_type, GI_N(mro));
    if (!gi_same(custom, standard)) {
        GiVal self = gi_type_val(type);
        mro = check_custom_mro(ts, type, gi_call_special(ts, GI_N(mro), &self, 1));
    } else {
        mro = gi_mro_merge(ts, type, gi_val(type->bases));
    }
    if (gi_is_null(mro)) return GI_FAIL;
    /* Others read the mro of a class that is in use without counting it. */
    bool stop = ts->core.free_running && (type->flags & GI_TYPE_READY);
    if (stop) gi_stop_world_for(&ts->core, "class change");
    GiRef old = gi_slot_exchange(ts, &type->mro, mro);
    if (stop) gi_start_world(&ts->core);
    gi_xdrop(ts, old);
    return GI_OK;
}

/* ---- Readying static types ---- */

/* The doc without the "name(signature)\n--\n\n" in front of it. */
const char *gi_type_doc_text(const GiType *type) {
    const char *doc = type->doc;
    if (!doc) return NULL;
    const char *name = gi_type_short_name(type);
    size_t n = strlen(name);
    if (strncmp(doc, name, n) == 0 && doc[n] == '(') {
        const char *end = strstr(doc, ")\n--\n\n");
        if (end) return end + 6;
    }
    return doc;
}

/* Flags that subclasses have because the base has them. */
#define INHERITED_FLAGS                                                                            \
    (GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF | GI_TYPE_MAPPING | GI_TYPE_SEQUENCE |           \
     GI_TYPE_MATCH_SELF | GI_TYPE_VARSIZED | GI_TYPE_IS_TYPE | GI_TYPE_INT | GI_TYPE_STR |         \
     GI_TYPE_BYTES | GI_TYPE_LIST | GI_TYPE_TUPLE | GI_TYPE_DICT | GI_TYPE_EXCEPTION |             \
     GI_TYPE_FLOAT | GI_TYPE_SET | GI_TYPE_FUNCTION | GI_TYPE_HAS_FINALIZER)

void gi_type_inherit_flags(GiType *type, const GiType *base) {
    uint32_t flags = base->flags & INHERITED_FLAGS;
    if ((type->flags & (GI_TYPE_MAPPING | GI_TYPE_SEQUENCE)))
        flags &= ~(uint32_t)(GI_TYPE_MAPPING | GI_TYPE_SEQUENCE);
    type->flags |= flags;
    if (type->finalize) type->flags |= GI_TYPE_HAS_FINALIZER;
}

#define INHERIT(slot)                                                                              \
    if (!type->slot) type->slot = base->slot

/* Fills the slots that a static type leaves out. vectornew is not inherited. */
static void inherit_slots(GiType *type, const GiType *base) {
    if (!type->compare && !type->hash) {
        type->compare = base->compare;
        type->hash = base->hash;
    }
    if (!(type->flags & GI_TYPE_NO_NEW)) INHERIT(new_);
    INHERIT(init); INHERIT(finalize); INHERIT(destroy); INHERIT(repr); INHERIT(str);
    INHERIT(truth); INHERIT(getattr); INHERIT(setattr); INHERIT(call);
    INHERIT(descr_get); INHERIT(descr_set);
    INHERIT(iter); INHERIT(next); INHERIT(await_); INHERIT(aiter); INHERIT(anext); INHERIT(send);
    INHERIT(length); INHERIT(item); INHERIT(set_item); INHERIT(subscript); INHERIT(set_subscript);
    INHERIT(contains); INHERIT(concat); INHERIT(inplace_concat); INHERIT(repeat);
    INHERIT(inplace_repeat); INHERIT(power); INHERIT(to_int); INHERIT(to_float); INHERIT(index);
    INHERIT(get_buffer); INHERIT(release_buffer);
    for (int i = 0; i < GI_BIN_COUNT; i++) {
        INHERIT(binary[i]);
        INHERIT(inplace[i]);
    }
    for (int i = 0; i < GI_UN_COUNT; i++) INHERIT(unary[i]);
    if (!type->size) type->size = base->size;
    if (!type->item_size) type->item_size = base->item_size;
}

/* Types of modules that two threads import at once have bases in common. */
static GiMutex ready_lock;

static GiStatus ready_locked(GiThread *ts, GiType *type);

static GiStatus set_static_bases(GiThread *ts, GiType *type) {
    if (gi_is_null(type->bases)) {
        GiVal base = type->base ? gi_type_val(type->base) : GI_NOVAL;
        GiRef bases = gi_tuple_from(ts, &base, type->base ? 1 : 0);
        if (gi_is_null(bases)) return GI_FAIL;
        gi_make_immortal(gi_obj(bases));
        gi_slot_init(&type->bases, bases);
    }
    for (size_t i = 0; i < gi_tuple_len(type->bases); i++) {
        GiType *base = gi_as_type(gi_tuple_get(gi_val(type->bases), i));
        if (ready_locked(ts, base)) return GI_FAIL;
    }
    GiRef mro = gi_mro_merge(ts, type, gi_val(type->bases));
    if (gi_is_null(mro)) return GI_FAIL;
    gi_make_immortal(gi_obj(mro));
    gi_slot_init(&type->mro, mro);
    return GI_OK;
}

/* "deque" of module "collections" becomes the "collections.deque" that messages say; a dotted name
 * without module gives the module. */
static GiStatus set_static_name(GiThread *ts, GiType *type) {
    const char *dot = strrchr(type->name, '.');
    if (type->module && !dot && strcmp(type->module, "builtins") != 0) {
        size_t m = strlen(type->module), n = strlen(type->name);
        char *full = malloc(m + n + 2);
        if (!full) {
            (void)gi_raise_nomem(ts);
            return GI_FAIL;
        }
        memcpy(full, type->module, m);
        full[m] = '.';
        memcpy(full + m + 1, type->name, n + 1);
        type->name = full;
    } else if (!type->module && dot) {
        char *module = strndup(type->name, (size_t)(dot - type->name));
        if (!module) {
            (void)gi_raise_nomem(ts);
            return GI_FAIL;
        }
        type->module = module;
    }
    return GI_OK;
}

/* LOCK: ready_lock. */
static GiStatus ready_locked(GiThread *ts, GiType *type) {
    if (type->flags & (GI_TYPE_READY | GI_TYPE_HEAP)) return GI_OK;
    if (!type->base && type != &gi_object_type) type->base = &gi_object_type;
    if (type->base && ready_locked(ts, type->base)) return GI_FAIL;
    if (!gi_obj_type(&type->obj)) {
        GiType *meta = type->base ? gi_obj_type(&type->base->obj) : &gi_type_type;
        type->obj.head = (type->obj.head & ~GI_HEAD_TYPE_MASK) | (uint64_t)(uintptr_t)meta;
    }
    type->flags |= GI_TYPE_IMMUTABLE;
    if (set_static_name(ts, type) || set_static_bases(ts, type)) return GI_FAIL;
    if (type->compare && !type->hash) type->hash = gi_hash_unhashable;
    if (gi_type_note_own_slots(ts, type)) return GI_FAIL;
    if (type->base) {
        inherit_slots(type, type->base);
        gi_type_inherit_flags(type, type->base);
        for (size_t i = 0; i < gi_tuple_len(type->bases); i++) {
            GiType *base = gi_as_type(gi_tuple_get(gi_val(type->bases), i));
            if (base != type->base) inherit_slots(type, base);
            if (gi_type_add_subclass(ts, base, type)) return GI_FAIL;
        }
    }
    type->inline_offset = (type->size + 7u) & ~7u;
    if (type->flags & GI_TYPE_VARSIZED) type->inline_attrs = 0;
    if (type->flags & GI_TYPE_ATTRS) gi_shape_type_init(ts, type);
    gi_type_set_plain_flags(type);
    gi_type_assign_version(ts, type);
    __atomic_store_n(&type->flags, type->flags | GI_TYPE_READY, __ATOMIC_RELEASE);
    return gi_raised(ts) ? GI_FAIL : GI_OK;
}

GiStatus gi_type_ready(GiThread *ts, GiType *type) {
    if (__atomic_load_n(&type->flags, __ATOMIC_ACQUIRE) & (GI_TYPE_READY | GI_TYPE_HEAP)) return GI_OK;
    gi_mutex_lock(&ready_lock);
    GiStatus status = ready_locked(ts, type);
    gi_mutex_unlock(&ready_lock);
    return status;
}

GiStatus gi_types_init(GiThread *ts) {
    if (!ts->vm->type_cache) {
        ts->vm->type_cache = calloc(1, sizeof *ts->vm->type_cache);
        if (!ts->vm->type_cache) {
            (void)gi_raise_nomem(ts);
            return GI_FAIL;
        }
        gi_slot_index_fill(ts, &ts->vm->type_cache->slots);
    }
#define GI_BUILTIN_TYPE(t)                                                                         \
    {                                                                                              \
        extern GiType t;                                                                           \
        if (gi_type_ready(ts, &t)) return GI_FAIL;                                                 \
    }
#include "objects/builtin_types.def"
#undef GI_BUILTIN_TYPE
    return gi_exceptions_init(ts);
}

void gi_types_end(GiThread *ts) {
    struct GiTypeCache *cache = ts->vm->type_cache;
    ts->vm->type_cache = NULL;
    if (!cache) return;
    for (size_t i = 0; i < CACHE_SIZE; i++) gi_xdrop(ts, (GiRef){cache->entries[i].name});
    free(cache);
}

void gi_type_hint_attrs(GiType *type, int n) {
    if (!(type->flags & GI_TYPE_ATTRS) || (type->flags & GI_TYPE_VARSIZED) || type->root_shape) return;
    if (n > 24) n = 24;
    if (n > type->inline_attrs) type->inline_attrs = (uint16_t)n;
}

GiRef gi_type_alloc(GiThread *ts, GiType *type, size_t extra) {
    size_t size = type->size + extra;
    if (type->inline_attrs) size = type->inline_offset + type->inline_attrs * sizeof(GiSlot);
    return gi_own_obj(gi_heap_new_fast(ts, type, size)); /* attributes begin with the root shape */
}

void gi_type_free_subclasses(GiType *type) {
    if (!type->subclasses) return;
    free(type->subclasses->items);
    free(type->subclasses);
    type->subclasses = NULL;
}
