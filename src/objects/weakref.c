/* weakref.c - the table of weak references, and the type of references.
 *
 * An object's references form a list: the plain reference without callback first, then the plain
 * proxy, then the others, newest first. INVARIANT: a reference is in a list if and only if its
 * referent is not NULL; an object has GI_OBJ_WEAKREFS if and only if its list is not empty.
 * LOCK: lock_table guards table, lists and referents. Nothing is dropped and no Python code runs
 * under it.
 */
#include "objects/container.h"
#include "objects/weakref.h"
#include "threads/mutex.h"

#include <stdlib.h>

#include "objects/weakref.gen.h"

typedef struct WeakCell {
    GiObj *key; /* NULL: free */
    GiWeakRef *first;
} WeakCell;

struct GiWeakTable {
    GiMutex lock;
    WeakCell *cells; /* open addressing, deletion by moving up */
    size_t count, capacity;
};

static void lock_table(GiThread *ts) {
    if (GI_UNLIKELY(ts->core.free_running)) gi_mutex_lock(&ts->vm->weak->lock);
}
static void unlock_table(GiThread *ts) {
    if (GI_UNLIKELY(ts->core.free_running)) gi_mutex_unlock(&ts->vm->weak->lock);
}

/* ---- The table ---- */

static GiStatus need_table(GiThread *ts) {
    if (GI_LIKELY(__atomic_load_n(&ts->vm->weak, __ATOMIC_ACQUIRE) != NULL)) return GI_OK;
    struct GiWeakTable *fresh = calloc(1, sizeof *fresh), *expected = NULL;
    if (!fresh) {
        (void)gi_raise_nomem(ts);
        return GI_FAIL;
    }
    if (!__atomic_compare_exchange_n(&ts->vm->weak, &expected, fresh, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE))
        free(fresh);
    return GI_OK;
}

static size_t home_of(const struct GiWeakTable *t, const GiObj *key) {
    return (size_t)(((uint64_t)(uintptr_t)key >> 4) * 0x9E3779B97F4A7C15ull >> 24) & (t->capacity - 1);
}

/* The cell of the key, or the free one where it would stand. The table has cells. */
static WeakCell *find_cell(const struct GiWeakTable *t, const GiObj *key) {
    size_t i = home_of(t, key);
    while (t->cells[i].key && t->cells[i].key != key) i = (i + 1) & (t->capacity - 1);
    return &t->cells[i];
}

static GiWeakRef *list_of(const struct GiWeakTable *t, GiObj *key) {
    if (!t || !t->capacity || !(gi_obj_flags(key) & GI_OBJ_WEAKREFS)) return NULL;
    return find_cell(t, key)->first;
}

static bool grow(struct GiWeakTable *t) {
    size_t old = t->capacity;
    WeakCell *before = t->cells, *cells = calloc(old ? old * 2 : 64, sizeof *cells);
    if (!cells) return false;
    t->cells = cells;
    t->capacity = old ? old * 2 : 64;
    for (size_t i = 0; i < old; i++)
        if (before[i].key) *find_cell(t, before[i].key) = before[i];
    free(before);
    return true;
}

static void remove_cell(struct GiWeakTable *t, WeakCell *cell) {
    size_t mask = t->capacity - 1, hole = (size_t)(cell - t->cells);
    __atomic_fetch_and(&gi_obj_flag_byte(cell->key), (uint8_t)~GI_OBJ_WEAKREFS, __ATOMIC_RELAXED);
    t->count--;
    for (size_t i = (hole + 1) & mask; t->cells[i].key; i = (i + 1) & mask) {
        size_t home = home_of(t, t->cells[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            t->cells[hole] = t->cells[i];
            hole = i;
        }
    }
    t->cells[hole] = (WeakCell){NULL, NULL};
}

static bool is_plain(const GiWeakRef *ref, const GiType *type) {
    return gi_obj_type(&ref->obj) == type && gi_is_null(ref->callback);
}

/* The reference of exactly this type without callback, in a list that begins with such. */
static GiWeakRef *find_plain(GiWeakRef *list, const GiType *type) {
    if (list && is_plain(list, &gi_weakref_type)) {
        if (type == &gi_weakref_type) return list;
        list = list->next;
    }
    if (type == &gi_weakref_type || !list || !gi_is_null(list->callback)) return NULL;
    return gi_obj_type(&list->obj) == type ? list : NULL;
}

static bool is_proxy_type(const GiType *type) {
    return type == &gi_weakproxy_type || type == &gi_weakcallableproxy_type;
}

/* Puts ref into its place in the list of the cell. */
static void insert_locked(WeakCell *cell, GiWeakRef *ref) {
    GiType *type = gi_obj_type(&ref->obj);
    GiWeakRef *after = NULL, *next = cell->first;
    if (!is_plain(ref, &gi_weakref_type)) {
        if (next && is_plain(next, &gi_weakref_type)) {
            after = next;
            next = next->next;
        }
        bool plain_proxy = is_proxy_type(type) && gi_is_null(ref->callback);
        if (!plain_proxy && next && gi_is_null(next->callback) && is_proxy_type(gi_obj_type(&next->obj))) {
            after = next;
            next = next->next;
        }
    }
    ref->prev = after;
    ref->next = next;
    if (next) next->prev = ref;
    if (after) after->next = ref;
    else cell->first = ref;
}

static void unlink_locked(struct GiWeakTable *t, GiWeakRef *ref) {
    if (ref->next) ref->next->prev = ref->prev;
    if (ref->prev) {
        ref->prev->next = ref->next;
    } else {
        WeakCell *cell = find_cell(t, ref->referent);
        cell->first = ref->next;
        if (!cell->first) remove_cell(t, cell);
    }
    ref->prev = ref->next = NULL;
    __atomic_store_n(&ref->referent, NULL, __ATOMIC_RELAXED);
}

bool gi_type_supports_weakrefs(const GiType *type) { return type->flags & GI_TYPE_WEAKREF; }

GiRef gi_weakref_new(GiThread *ts, GiType *type, GiVal referent, GiVal callback) {
    if (!gi_is_heap(referent) || !gi_type_supports_weakrefs(gi_type_of(referent)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "cannot create weak reference to '%T' object", referent);
    if (need_table(ts)) return GI_NULL;
    struct GiWeakTable *t = ts->vm->weak;
    GiObj *target = gi_obj(referent);
    bool has_callback = !gi_is_null(callback) && !gi_is_none(callback);
    bool shared = !has_callback && (type == &gi_weakref_type || is_proxy_type(type));
    if (shared) {
        lock_table(ts);
        GiWeakRef *known = find_plain(list_of(t, target), type);
        if (known && !gi_try_incref(ts, &known->obj)) known = NULL;
        unlock_table(ts);
        if (known) return gi_own_obj(known);
    }
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiWeakRef *ref = (GiWeakRef *)gi_obj(made);
    ref->hash = -1;
    if (has_callback) gi_slot_init(&ref->callback, gi_dup(ts, callback));
    lock_table(ts);
    if ((t->count + 1) * 3 >= t->capacity * 2 && !grow(t)) {
        unlock_table(ts);
        gi_drop(ts, made);
        return gi_raise_nomem(ts);
    }
    if (shared) { /* another thread may have made it meanwhile */
        GiWeakRef *known = find_plain(list_of(t, target), type);
        if (known && gi_try_incref(ts, &known->obj)) {
            unlock_table(ts);
            gi_drop(ts, made);
            return gi_own_obj(known);
        }
    }
    WeakCell *cell = find_cell(t, target);
    if (!cell->key) {
        cell->key = target;
        t->count++;
        __atomic_fetch_or(&gi_obj_flag_byte(target), GI_OBJ_WEAKREFS, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&ref->referent, target, __ATOMIC_RELAXED);
    insert_locked(cell, ref);
    unlock_table(ts);
    return made;
}

GiRef gi_weakproxy_new(GiThread *ts, GiVal referent, GiVal callback) {
    GiType *type = gi_is_callable(referent) ? &gi_weakcallableproxy_type : &gi_weakproxy_type;
    return gi_weakref_new(ts, type, referent, callback);
}

GiRef gi_weakref_get(GiThread *ts, GiVal v) {
    GiWeakRef *ref = (GiWeakRef *)gi_obj(v);
    if (!__atomic_load_n(&ref->referent, __ATOMIC_RELAXED)) return GI_NULL;
    lock_table(ts);
    GiObj *obj = ref->referent;
    if (obj && !gi_try_incref(ts, obj)) obj = NULL;
    unlock_table(ts);
    return gi_own_obj(obj);
}

size_t gi_weakref_count(GiThread *ts, GiVal v) {
    if (!gi_is_heap(v) || !ts->vm->weak) return 0;
    size_t n = 0;
    lock_table(ts);
    for (GiWeakRef *r = list_of(ts->vm->weak, gi_obj(v)); r; r = r->next) n++;
    unlock_table(ts);
    return n;
}

GiRef gi_weakref_list(GiThread *ts, GiVal v) {
    size_t n = gi_weakref_count(ts, v);
    GiRef list = gi_list_new(ts, n);
    if (gi_is_null(list) || !n) return list;
    GiRef *found = gi_mem_alloc(ts, n * sizeof *found);
    if (!found) {
        gi_drop(ts, list);
        return GI_NULL;
    }
    size_t count = 0;
    lock_table(ts);
    for (GiWeakRef *r = list_of(ts->vm->weak, gi_obj(v)); r && count < n; r = r->next)
        if (gi_try_incref(ts, &r->obj)) found[count++] = gi_own_obj(r);
    unlock_table(ts);
    for (size_t i = 0; i < count; i++) {
        if (!gi_is_null(list) && gi_list_append(ts, gi_val(list), found[i]) == GI_OK) continue;
        if (gi_is_null(list)) gi_drop(ts, found[i]);
        else gi_drop(ts, list);
        list = GI_NULL;
    }
    gi_mem_free(found);
    return list;
}

/* ---- Death ---- */

void gi_weakrefs_detach(GiThread *ts, GiObj *obj, bool (*wanted)(GiWeakRef *ref, void *arg), void *arg,
                        GiWeakRef **chain) {
    struct GiWeakTable *t = ts->vm->weak;
    GiWeakRef *first = NULL, **last = &first;
    lock_table(ts);
    GiWeakRef *ref = list_of(t, obj), *next;
    if (ref) remove_cell(t, find_cell(t, obj));
    for (; ref; ref = next) {
        next = ref->next;
        ref->prev = ref->next = NULL;
        __atomic_store_n(&ref->referent, NULL, __ATOMIC_RELAXED);
        if (gi_is_null(ref->callback) || (wanted && !wanted(ref, arg))) continue;
        if (!gi_try_incref(ts, &ref->obj)) continue;
        *last = ref;
        last = &ref->next;
    }
    unlock_table(ts);
    if (first) {
        *last = *chain;
        *chain = first;
    }
}

void gi_weakrefs_run(GiThread *ts, GiWeakRef *chain) {
    GiRef saved = gi_exc_take(ts);
    for (GiWeakRef *ref = chain, *next; ref; ref = next) {
        next = ref->next;
        ref->next = NULL;
        GiRef callback = gi_slot_take(&ref->callback);
        if (!gi_is_null(callback)) {
            GiRef result = gi_call1(ts, gi_val(callback), gi_from_obj(ref));
            if (gi_is_null(result)) gi_unraisable(ts, gi_val(callback), NULL);
            else gi_drop(ts, result);
            gi_drop(ts, callback);
        }
        gi_drop(ts, gi_own_obj(ref));
    }
    gi_exc_restore(ts, saved);
}

void gi_weakrefs_clear(GiThread *ts, GiObj *obj, bool run_callbacks) {
    GiWeakRef *chain = NULL;
    gi_weakrefs_detach(ts, obj, NULL, NULL, &chain);
    if (run_callbacks) {
        if (chain) gi_weakrefs_run(ts, chain);
        return;
    }
    for (GiWeakRef *next; chain; chain = next) {
        next = chain->next;
        chain->next = NULL;
        gi_drop(ts, gi_own_obj(chain));
    }
}

void gi_weakref_vm_end(GiVm *vm) {
    struct GiWeakTable *t = vm->weak;
    vm->weak = NULL;
    if (!t) return;
    free(t->cells);
    free(t);
}

void gi_weakref_destroy(GiThread *ts, GiObj *self) {
    GiWeakRef *ref = (GiWeakRef *)self;
    if (!__atomic_load_n(&ref->referent, __ATOMIC_RELAXED)) return;
    lock_table(ts);
    if (ref->referent) unlink_locked(ts->vm->weak, ref);
    unlock_table(ts);
}

/* ---- weakref.ref ---- */

static GiRef weakref_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                         GiVal kwnames GI_UNUSED) {
    if (nargs < 1 || nargs > 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "__new__ expected at %s, got %zu",
                            nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    return gi_weakref_new(ts, type, args[0], nargs > 1 ? args[1] : GI_NOVAL);
}

static GiStatus weakref_init(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args GI_UNUSED, size_t nargs,
                             GiVal kwnames) {
    if (!gi_is_null(kwnames) && gi_tuple_len(kwnames))
        return gi_raise_status(ts, &gi_exc_TypeError, "ref() takes no keyword arguments");
    if (nargs < 1 || nargs > 2)
        return gi_raise_status(ts, &gi_exc_TypeError, "__init__ expected at %s, got %zu",
                               nargs < 1 ? "least 1 argument" : "most 2 arguments", nargs);
    return GI_OK;
}

static GiRef weakref_call(GiThread *ts, GiVal self, const GiVal *args GI_UNUSED, size_t nargs,
                          GiVal kwnames) {
    if (nargs) return gi_raise_ref(ts, &gi_exc_TypeError, "weakref expected 0 arguments, got %zu", nargs);
    if (!gi_is_null(kwnames) && gi_tuple_len(kwnames))
        return gi_raise_ref(ts, &gi_exc_TypeError, "weakref() takes no keyword arguments");
    GiRef r = gi_weakref_get(ts, self);
    return gi_is_null(r) ? GI_REF_NONE : r;
}

static int64_t weakref_hash(GiThread *ts, GiVal self) {
    GiWeakRef *ref = (GiWeakRef *)gi_obj(self);
    int64_t known = __atomic_load_n(&ref->hash, __ATOMIC_RELAXED);
    if (known != -1) return known;
    GiRef referent = gi_weakref_get(ts, self);
    if (gi_is_null(referent)) {
        gi_raise(ts, &gi_exc_TypeError, "weak object has gone away");
        return -1;
    }
    int64_t h = gi_hash(ts, gi_val(referent));
    gi_drop(ts, referent);
    if (h != -1) __atomic_store_n(&ref->hash, h, __ATOMIC_RELAXED);
    return h;
}

static GiRef weakref_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_weakref(a) || !gi_is_weakref(b))
        return GI_REF_NOTIMPLEMENTED;
    GiRef x = gi_weakref_get(ts, a), y = gi_weakref_get(ts, b), result;
    if (gi_is_null(x) || gi_is_null(y)) result = gi_bool_ref(gi_same(a, b) == (op == GI_EQ));
    else result = gi_compare(ts, gi_val(x), gi_val(y), op);
    gi_xdrop(ts, x);
    gi_xdrop(ts, y);
    return result;
}

static GiRef weakref_repr(GiThread *ts, GiVal self) {
    GiRef referent = gi_weakref_get(ts, self), name, text;
    void *here = gi_obj(self);
    if (gi_is_null(referent)) return gi_str_format(ts, "<weakref at %p; dead>", here);
    if (gi_getattr_opt(ts, gi_val(referent), GI_N(__name__), &name)) {
        gi_drop(ts, referent);
        return GI_NULL;
    }
    if (gi_is_null(name) || !gi_is_str(gi_val(name)))
        text = gi_str_format(ts, "<weakref at %p; to '%T' at %p>", here, gi_val(referent),
                             (void *)gi_obj(referent));
    else
        text = gi_str_format(ts, "<weakref at %p; to '%T' at %p (%U)>", here, gi_val(referent),
                             (void *)gi_obj(referent), gi_val(name));
    gi_xdrop(ts, name);
    gi_drop(ts, referent);
    return text;
}

GI_CLASSMETHOD(weakref, __class_getitem__, "(cls, item, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->item);
}

static const GiField weakref_fields[] = {GI_SLOT(GiWeakRef, callback), GI_FIELDS_END};
static const GiMemberDef weakref_members[] = {
    {"__callback__", GI_MEMBER_OBJECT, offsetof(GiWeakRef, callback), true, NULL},
    {.name = NULL},
};
GiType gi_weakref_type = {
    .obj = GI_TYPE_HEAD,
    .name = "ReferenceType",
    .module = "weakref",
    .flags = GI_TYPE_BASE | GI_TYPE_GC,
    .size = sizeof(GiWeakRef),
    .base = &gi_object_type,
    .fields = weakref_fields,
    .methods = weakref_methods,
    .members = weakref_members,
    .new_ = weakref_new,
    .init = weakref_init,
    .destroy = gi_weakref_destroy,
    .repr = weakref_repr,
    .hash = weakref_hash,
    .compare = weakref_compare,
    .call = weakref_call,
};
