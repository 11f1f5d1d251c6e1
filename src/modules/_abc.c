/* _abc - the native half of abc.ABCMeta: registration, and isinstance/issubclass with caches.
 *
 * A class's caches are tables of versions of types: a version names one type in one state for ever,
 * so an entry needs no invalidation when classes change or die; beside it stands a weak reference,
 * for _get_dump only. LOCK: the byte lock of the class's _abc_data guards changes of its tables; their
 * versions are looked up without it: a table is published whole, and retired when a larger one
 * takes its place.
 */
#include "memory/slots.h"
#include "modules/module.h"
#include "objects/container.h"

typedef struct Entry {
    _Atomic uint32_t version; /* 0: free */
    GiSlot ref;               /* LOCK */
} Entry;

/* Open addressing; never full. */
typedef struct Table {
    size_t count; /* LOCK */
    size_t capacity; /* a power of two */
    Entry entries[];
} Table;
typedef _Atomic(Table *) TableRef; /* NULL: empty */

typedef struct AbcData {
    GiObj obj;
    GiSlot registry;  /* set of weak references, or null */
    TableRef cache, negative;
    _Atomic uint64_t negative_version;
} AbcData;

typedef struct AbcState {
    _Atomic uint64_t counter; /* grows with every registration: negative caches depend on it */
} AbcState;

#include "_abc.gen.h"

enum { TABLE_MAX = 1 << 14 };

#define DATA(v) ((AbcData *)gi_obj(v))
static AbcState *state_of(GiVal module) { return gi_module_state(module); }

/* ---- Tables ---- */

static bool table_has(TableRef *ref, uint32_t version) {
    const Table *t = atomic_load_explicit(ref, memory_order_acquire);
    if (t == NULL) return false;
    for (size_t i = version * 0x9E3779B1u;; i++) {
        uint32_t found = atomic_load_explicit(&t->entries[i & (t->capacity - 1)].version, memory_order_relaxed);
        if (found == version) return true;
        if (!found) return false;
    }
}

/* Takes the table out, to be dropped by the caller outside the lock. */
static Table *table_take(TableRef *ref) { return atomic_exchange(ref, NULL); }

static void table_drop(GiThread *ts, Table *t) {
    if (t == NULL) return;
    for (size_t i = 0; i < t->capacity; i++) gi_xdrop(ts, gi_slot_take(&t->entries[i].ref));
    gi_mem_retire(ts, t);
}

static void table_put(Table *t, uint32_t version, GiRef ref) {
    for (size_t i = version * 0x9E3779B1u;; i++) {
        Entry *e = &t->entries[i & (t->capacity - 1)];
        if (atomic_load_explicit(&e->version, memory_order_relaxed)) continue;
        gi_slot_init(&e->ref, ref);
        atomic_store_explicit(&e->version, version, memory_order_relaxed);
        t->count++;
        return;
    }
}

/* LOCK: held. A table of twice the size with the same entries; with TABLE_MAX reached, an empty one. */
static GiStatus table_grow(GiThread *ts, TableRef *ref, Table **old) {
    Table *now = *old = atomic_load_explicit(ref, memory_order_relaxed);
    size_t capacity = now ? now->capacity * 2 : 8;
    bool restart = capacity > TABLE_MAX;
    if (restart) capacity = 8;
    Table *t = gi_mem_calloc(ts, 1, sizeof *t + capacity * sizeof(Entry));
    if (!t) {
        *old = NULL;
        return GI_FAIL;
    }
    t->capacity = capacity;
    for (size_t i = 0; now && i < now->capacity && !restart; i++)
        if (now->entries[i].version) table_put(t, now->entries[i].version, gi_slot_take(&now->entries[i].ref));
    atomic_store_explicit(ref, t, memory_order_release);
    return GI_OK;
}

static GiByteLock *lock_of(AbcData *d) { return (GiByteLock *)gi_obj_lock_byte(&d->obj); }

/* The version of a class, which the first look into it gives it; 0: it can have none. */
static uint32_t version_of(GiThread *ts, GiVal cls) {
    uint32_t version = atomic_load_explicit(&gi_as_type(cls)->version, memory_order_relaxed);
    if (version) return version;
    (void)gi_type_lookup_peek(ts, gi_as_type(cls), GI_N(__class__));
    return atomic_load_explicit(&gi_as_type(cls)->version, memory_order_relaxed);
}
static bool lookup(TableRef *ref, uint32_t version) { return version && table_has(ref, version); }

/* Notes the answer for a class that had this version before the question was put: yes, or no with the
 * registrations that were known then. */
static GiStatus remember(GiThread *ts, AbcData *d, GiVal cls, uint32_t version, bool yes, uint64_t known) {
    if (!version) return GI_OK;
    GiRef ref = gi_weakref_new(ts, &gi_weakref_type, cls, GI_NOVAL);
    if (gi_is_null(ref)) return GI_FAIL;
    TableRef *to = yes ? &d->cache : &d->negative;
    Table *old = NULL;
    GiStatus status = GI_OK;
    gi_bytelock_lock(&ts->core, lock_of(d));
    if ((yes || d->negative_version == known) && !table_has(to, version)) {
        Table *t = *to;
        if (t == NULL || t->count * 4 >= t->capacity * 3) status = table_grow(ts, to, &old);
        if (!status) {
            table_put(*to, version, ref);
            ref = GI_NULL;
        }
    }
    gi_bytelock_unlock(&ts->core, lock_of(d));
    gi_xdrop(ts, ref);
    table_drop(ts, old);
    return status;
}

/* ---- _abc_data ---- */

static void each_table_slot(GiObj *obj, GiVisit visit, void *arg) {
    AbcData *d = (AbcData *)obj;
    Table *tables[] = {d->cache, d->negative};
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; tables[k] && i < tables[k]->capacity; i++) {
            GiSlot *s = &tables[k]->entries[i].ref;
            if (!gi_is_null(*s) && gi_is_heap(*s)) visit(s, arg);
        }
}

static void abc_data_destroy(GiThread *ts, GiObj *obj) {
    AbcData *d = (AbcData *)obj;
    table_drop(ts, table_take(&d->cache));
    table_drop(ts, table_take(&d->negative));
}

static GiRef abc_data_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                          GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}

static const GiField abc_data_fields[] = {GI_SLOT(AbcData, registry), GI_CUSTOM(each_table_slot), GI_FIELDS_END};
static GiType abc_data_type = {
    .obj = GI_TYPE_HEAD, .name = "_abc_data", .module = "_abc", .size = sizeof(AbcData), .flags = GI_TYPE_GC,
    .doc = "Internal state held by ABC machinery.", .fields = abc_data_fields, .destroy = abc_data_destroy,
    .new_ = abc_data_new,
};

/* cls._abc_impl of a class, borrowed to the next safepoint; null where that is not so simple. */
static GiVal data_peek(GiThread *ts, GiVal cls) {
    GiVal impl = gi_is_type(cls) ? gi_type_lookup_peek(ts, gi_as_type(cls), GI_N(_abc_impl)) : GI_NOVAL;
    return !gi_is_null(impl) && gi_is_exact(impl, &abc_data_type) ? impl : GI_NOVAL;
}

/* cls._abc_impl, an owned reference. */
static GiRef data_of(GiThread *ts, GiVal cls) {
    GiRef impl;
    if (gi_is_type(cls)) {
        impl = gi_type_lookup(ts, gi_as_type(cls), GI_N(_abc_impl));
        if (gi_is_null(impl)) impl = gi_getattr(ts, cls, GI_N(_abc_impl));
    } else {
        impl = gi_getattr(ts, cls, GI_N(_abc_impl));
    }
    if (gi_is_null(impl) || gi_is_exact(gi_val(impl), &abc_data_type)) return impl;
    gi_drop(ts, impl);
    return gi_raise_ref(ts, &gi_exc_TypeError, "_abc_impl is set to a wrong type");
}

/* ---- Abstract methods ---- */

static GiTruth is_abstract(GiThread *ts, GiVal v) {
    GiRef flag;
    if (gi_getattr_opt(ts, v, GI_N(__isabstractmethod__), &flag)) return GI_TRUTH_FAIL;
    if (gi_is_null(flag)) return GI_TRUTH_NO;
    GiTruth t = gi_truth(ts, gi_val(flag));
    gi_drop(ts, flag);
    return t;
}

static GiStatus add_own(GiThread *ts, GiVal cls, GiVal set) {
    GiVal dict = gi_type_dict(ts, gi_as_type(cls));
    GiRef items = gi_is_null(dict) ? GI_NULL : gi_dict_copy(ts, dict);
    if (gi_is_null(items)) return GI_FAIL;
    size_t pos = 0;
    GiVal key, value;
    GiStatus status = GI_OK;
    while (!status && gi_dict_next_peek(gi_val(items), &pos, &key, &value)) {
        GiTruth t = is_abstract(ts, value);
        if (t.value < 0 || (t.value && gi_set_add(ts, set, key))) status = GI_FAIL;
    }
    gi_drop(ts, items);
    return status;
}

/* Names abstract in a base and not overridden. */
static GiStatus add_inherited(GiThread *ts, GiVal cls, GiVal base, GiVal set) {
    GiRef names;
    if (gi_getattr_opt(ts, base, GI_N(__abstractmethods__), &names)) return GI_FAIL;
    if (gi_is_null(names)) return GI_OK;
    GiRef list = gi_to_list(ts, gi_val(names));
    gi_drop(ts, names);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < gi_list_len(gi_val(list)) && !status; i++) {
        GiRef name = gi_list_get(ts, gi_val(list), i), value;
        if (gi_is_null(name)) break;
        status = gi_getattr_opt(ts, cls, gi_val(name), &value);
        if (!status && !gi_is_null(value)) {
            GiTruth t = is_abstract(ts, gi_val(value));
            gi_drop(ts, value);
            if (t.value < 0 || (t.value && gi_set_add(ts, set, gi_val(name)))) status = GI_FAIL;
        }
        gi_drop(ts, name);
    }
    gi_drop(ts, list);
    return status;
}

static GiStatus set_abstract_methods(GiThread *ts, GiVal cls) {
    GiRef set = gi_set_new(ts, GI_NOVAL);
    if (gi_is_null(set)) return GI_FAIL;
    GiStatus status = add_own(ts, cls, gi_val(set));
    GiVal bases = gi_val(gi_as_type(cls)->bases);
    for (size_t i = 0; i < gi_tuple_len(bases) && !status; i++)
        status = add_inherited(ts, cls, gi_tuple_get(bases, i), gi_val(set));
    GiRef frozen = status ? GI_NULL : gi_frozenset_new(ts, gi_val(set));
    gi_drop(ts, set);
    if (gi_is_null(frozen)) return GI_FAIL;
    status = gi_setattr(ts, cls, GI_N(__abstractmethods__), gi_val(frozen));
    gi_drop(ts, frozen);
    return status;
}

/* collections.abc marks its Sequence and Mapping by CPython's bits of type flags. */
static GiStatus take_pattern_flags(GiThread *ts, GiVal cls) {
    GiType *type = gi_as_type(cls);
    GiVal flags = gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__abc_tpflags__));
    if (gi_is_null(flags)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    if (!gi_is_smallint(flags)) return GI_OK;
    int64_t bits = gi_smallint_value(flags);
    bool sequence = bits & (1 << 5), mapping = bits & (1 << 6);
    if (sequence && mapping)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
    type->flags &= ~(uint32_t)(GI_TYPE_SEQUENCE | GI_TYPE_MAPPING);
    type->flags |= (sequence ? GI_TYPE_SEQUENCE : 0) | (mapping ? GI_TYPE_MAPPING : 0);
    return gi_delattr(ts, cls, GI_N(__abc_tpflags__));
}

GI_FUNCTION(_abc, _abc_init, "(self, /)", "Internal ABC helper for class set-up. Should be never used outside abc module.") {
    GiVal cls = a->self;
    if (!gi_is_type(cls)) return gi_raise_ref(ts, &gi_exc_TypeError, "_abc_init() argument must be a class");
    if (set_abstract_methods(ts, cls)) return GI_NULL;
    GiRef data = gi_type_alloc(ts, &abc_data_type, 0);
    if (gi_is_null(data)) return GI_NULL;
    DATA(data)->negative_version = atomic_load(&state_of(self)->counter);
    GiStatus status = gi_setattr(ts, cls, GI_N(_abc_impl), gi_val(data));
    gi_drop(ts, data);
    if (status || take_pattern_flags(ts, cls)) return GI_NULL;
    return GI_REF_NONE;
}

/* ---- Registration ---- */

static void spread_pattern_flag(GiThread *ts, GiType *type, uint32_t flag) {
    if (type->flags & (GI_TYPE_IMMUTABLE | flag)) return;
    if (ts->core.free_running) gi_stop_world(&ts->core);
    type->flags = (type->flags & ~(uint32_t)(GI_TYPE_SEQUENCE | GI_TYPE_MAPPING)) | flag;
    if (ts->core.free_running) gi_start_world(&ts->core);
    GiVal self = gi_type_val(type);
    GiRef subs = gi_call_method_cstr(ts, gi_type_val(&gi_type_type), "__subclasses__", &self, 1);
    if (gi_is_null(subs)) {
        gi_exc_clear(ts);
        return;
    }
    for (size_t i = 0;; i++) {
        GiRef sub = gi_list_get(ts, gi_val(subs), i);
        if (gi_is_null(sub)) break;
        spread_pattern_flag(ts, gi_as_type(sub), flag);
        gi_drop(ts, sub);
    }
    gi_drop(ts, subs);
}

/* The set of registered classes, made by the first that asks. */
static GiRef registry_of(GiThread *ts, AbcData *d) {
    GiRef set = gi_slot_load(ts, &d->registry);
    if (!gi_is_null(set)) return set;
    GiRef made = gi_set_new(ts, GI_NOVAL);
    if (gi_is_null(made)) return made;
    gi_bytelock_lock(&ts->core, lock_of(d));
    set = gi_slot_load(ts, &d->registry);
    if (gi_is_null(set)) {
        set = gi_dup(ts, gi_val(made));
        made = gi_slot_exchange(ts, &d->registry, made);
    }
    gi_bytelock_unlock(&ts->core, lock_of(d));
    gi_xdrop(ts, made);
    return set;
}

GI_FUNCTION(_abc, _abc_register, "(self, subclass, /)", "Internal ABC helper for subclasss registration. Should be never used outside abc module.") {
    if (!gi_is_type(a->subclass)) return gi_raise_ref(ts, &gi_exc_TypeError, "Can only register classes");
    GiTruth known = gi_issubclass(ts, a->subclass, a->self);
    if (known.value < 0) return GI_NULL;
    if (known.value) return gi_dup(ts, a->subclass);
    GiTruth cycle = gi_issubclass(ts, a->self, a->subclass);
    if (cycle.value < 0) return GI_NULL;
    if (cycle.value) return gi_raise_ref(ts, &gi_exc_RuntimeError, "Refusing to create an inheritance cycle");
    GiRef impl = data_of(ts, a->self);
    if (gi_is_null(impl)) return GI_NULL;
    AbcData *d = DATA(impl);
    GiStatus status = GI_FAIL;
    GiRef registry = registry_of(ts, d);
    GiRef ref = gi_is_null(registry) ? GI_NULL : gi_weakref_new(ts, &gi_weakref_type, a->subclass, GI_NOVAL);
    if (!gi_is_null(ref)) {
        status = gi_set_add(ts, gi_val(registry), gi_val(ref));
        gi_drop(ts, ref);
    }
    gi_xdrop(ts, registry), gi_drop(ts, impl);
    if (status) return GI_NULL;
    atomic_fetch_add(&state_of(self)->counter, 1);
    if (gi_is_type(a->self)) {
        uint32_t flag = gi_as_type(a->self)->flags & (GI_TYPE_SEQUENCE | GI_TYPE_MAPPING);
        if (flag) spread_pattern_flag(ts, gi_as_type(a->subclass), flag);
    }
    return gi_dup(ts, a->subclass);
}

/* ---- Checks ---- */

/* The classes registered with d, as a list of strong references. */
static GiRef registered(GiThread *ts, AbcData *d) {
    GiRef list = gi_list_new(ts, 0), set = gi_slot_load(ts, &d->registry);
    if (gi_is_null(list) || gi_is_null(set)) {
        gi_xdrop(ts, set);
        return list;
    }
    GiRef refs = gi_to_list(ts, gi_val(set));
    GiStatus status = gi_is_null(refs) ? GI_FAIL : GI_OK;
    for (size_t i = 0; !status && i < gi_list_len(gi_val(refs)); i++) {
        GiRef ref = gi_list_get(ts, gi_val(refs), i), cls = gi_weakref_get(ts, gi_val(ref));
        if (!gi_is_null(cls)) status = gi_list_append(ts, gi_val(list), cls);
        gi_drop(ts, ref);
    }
    gi_drop(ts, set), gi_xdrop(ts, refs);
    if (!status) return list;
    gi_drop(ts, list);
    return GI_NULL;
}

/* issubclass(sub, any of classes) */
static GiTruth any_subclass(GiThread *ts, GiVal sub, GiVal classes) {
    for (size_t i = 0; i < gi_list_len(classes); i++) {
        GiRef cls = gi_list_get(ts, classes, i);
        if (gi_is_null(cls)) break;
        GiTruth t = gi_issubclass(ts, sub, gi_val(cls));
        gi_drop(ts, cls);
        if (t.value) return t;
    }
    return GI_TRUTH_NO;
}

/* cls.__subclasshook__(sub): 1, 0, -1, or -2 for NotImplemented. */
static GiTruth ask_hook(GiThread *ts, GiVal cls, GiVal sub) {
    GiVal found = gi_type_lookup_peek(ts, gi_as_type(cls), GI_N(__subclasshook__));
    if (gi_same(found, gi_type_lookup_peek(ts, &gi_object_type, GI_N(__subclasshook__))))
        return (GiTruth){-2};
    GiVal args[2] = {cls, sub};
    GiRef r = gi_call_method(ts, GI_N(__subclasshook__), args, 2);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    if (gi_is_bool(r)) return gi_truth_of(gi_is_true(r));
    if (gi_is_notimplemented(r)) return (GiTruth){-2};
    gi_drop(ts, r);
    gi_raise(ts, &gi_exc_AssertionError,
             "__subclasshook__ must return either False, True, or NotImplemented");
    return GI_TRUTH_FAIL;
}

static bool negative_is_current(AbcData *d, AbcState *state) {
    return atomic_load_explicit(&d->negative_version, memory_order_acquire) == atomic_load(&state->counter);
}

/* What the tables know of a class in that version: yes, no, or nothing (a failure without an exception). */
static GiTruth known_answer(AbcData *d, AbcState *state, uint32_t version) {
    if (lookup(&d->cache, version)) return GI_TRUTH_YES;
    return negative_is_current(d, state) && lookup(&d->negative, version) ? GI_TRUTH_NO : GI_TRUTH_FAIL;
}

static GiTruth check_relatives(GiThread *ts, AbcData *d, GiVal cls, GiVal sub) {
    GiRef list = registered(ts, d);
    if (gi_is_null(list)) return GI_TRUTH_FAIL;
    GiTruth t = any_subclass(ts, sub, gi_val(list));
    gi_drop(ts, list);
    if (t.value) return t;
    GiRef subs = gi_call_method_cstr(ts, cls, "__subclasses__", NULL, 0);
    if (gi_is_null(subs)) return GI_TRUTH_FAIL;
    if (!gi_is_list(gi_val(subs))) {
        gi_drop(ts, subs);
        gi_raise(ts, &gi_exc_TypeError, "__subclasses__() must return a list");
        return GI_TRUTH_FAIL;
    }
    t = any_subclass(ts, sub, gi_val(subs));
    gi_drop(ts, subs);
    return t;
}

static GiTruth subclass_check(GiThread *ts, AbcState *state, GiVal cls, GiVal sub) {
    if (!gi_is_type(sub)) {
        gi_raise(ts, &gi_exc_TypeError, "issubclass() arg 1 must be a class");
        return GI_TRUTH_FAIL;
    }
    uint64_t registrations = atomic_load(&state->counter);
    uint32_t version = version_of(ts, sub);
    GiVal peeked = data_peek(ts, cls);
    GiTruth t = gi_is_null(peeked) ? GI_TRUTH_FAIL : known_answer(DATA(peeked), state, version);
    if (t.value >= 0) return t;
    GiRef impl = data_of(ts, cls);
    if (gi_is_null(impl)) return GI_TRUTH_FAIL;
    AbcData *d = DATA(impl);
    t = known_answer(d, state, version);
    if (t.value < 0) {
        if (!negative_is_current(d, state)) {
            gi_bytelock_lock(&ts->core, lock_of(d));
            Table *old = table_take(&d->negative);
            d->negative_version = registrations;
            gi_bytelock_unlock(&ts->core, lock_of(d));
            table_drop(ts, old);
        }
        t = ask_hook(ts, cls, sub);
        if (t.value == -2) {
            if (gi_is_type(cls) && gi_is_subtype(gi_as_type(sub), gi_as_type(cls)))
                t = GI_TRUTH_YES;
            else
                t = check_relatives(ts, d, cls, sub);
        }
        if (t.value >= 0 && remember(ts, d, sub, version, t.value, registrations)) t = GI_TRUTH_FAIL;
    }
    gi_drop(ts, impl);
    return t;
}

static GiRef truth_ref(GiTruth t) { return t.value < 0 ? GI_NULL : gi_bool_ref(t.value); }

GI_FUNCTION(_abc, _abc_subclasscheck, "(self, subclass, /)", "Internal ABC helper for subclasss checks. Should be never used outside abc module.") {
    return truth_ref(subclass_check(ts, state_of(self), a->self, a->subclass));
}

/* cls.__subclasscheck__(sub), directly when it is ABCMeta's. */
static GiTruth ask_class(GiThread *ts, GiVal cls, GiVal sub) {
    GiVal args[2] = {cls, sub};
    GiRef r = gi_call_method(ts, GI_N(__subclasscheck__), args, 2);
    if (gi_is_null(r)) return GI_TRUTH_FAIL;
    GiTruth t = gi_truth(ts, gi_val(r));
    gi_drop(ts, r);
    return t;
}

GI_FUNCTION(_abc, _abc_instancecheck, "(self, instance, /)", "Internal ABC helper for instance checks. Should be never used outside abc module.") {
    GiType *type = gi_type_of(a->instance);
    GiRef cls = gi_getattr(ts, a->instance, GI_N(__class__));
    if (gi_is_null(cls)) return cls;
    GiVal peeked = data_peek(ts, a->self);
    GiRef held = gi_is_null(peeked) ? data_of(ts, a->self) : GI_NULL;
    if (!gi_is_null(held)) peeked = gi_val(held);
    GiTruth t = GI_TRUTH_FAIL;
    if (!gi_is_null(peeked)) {
        bool same = gi_same(cls, gi_type_val(type));
        if (gi_is_type(gi_val(cls))) t = known_answer(DATA(peeked), state_of(self), version_of(ts, gi_val(cls)));
        if (t.value < 0 || (t.value == 0 && !same)) {
            t = ask_class(ts, a->self, gi_val(cls));
            if (t.value == 0 && !same) t = ask_class(ts, a->self, gi_type_val(type));
        }
    }
    gi_drop(ts, cls), gi_xdrop(ts, held);
    return truth_ref(t);
}

/* ---- Looking inside ---- */

/* The weak references of a table, as it is in one moment. */
static GiRef table_refs(GiThread *ts, AbcData *d, TableRef *table) {
    for (;;) {
        const Table *now = *table;
        size_t capacity = now ? now->capacity : 0, n = 0;
        GiRef *refs = gi_mem_alloc(ts, GI_MAX(capacity, 1) * sizeof *refs);
        if (refs == NULL) return GI_NULL;
        bool same = false;
        gi_bytelock_lock(&ts->core, lock_of(d));
        same = *table == now;
        for (size_t i = 0; same && i < capacity; i++)
            if (now->entries[i].version) refs[n++] = gi_slot_dup(ts, &now->entries[i].ref);
        gi_bytelock_unlock(&ts->core, lock_of(d));
        GiRef tuple = same ? gi_tuple_steal(ts, refs, n) : GI_NULL;
        gi_mem_free(refs);
        if (same) return tuple;
    }
}

static GiRef table_as_set(GiThread *ts, AbcData *d, TableRef *table) {
    GiRef set = gi_set_new(ts, GI_NOVAL), refs = table_refs(ts, d, table);
    GiStatus status = gi_is_null(set) || gi_is_null(refs) ? GI_FAIL : GI_OK;
    for (size_t i = 0; !status && i < gi_tuple_len(gi_val(refs)); i++) {
        GiVal ref = gi_tuple_get(gi_val(refs), i);
        GiRef alive = gi_weakref_get(ts, ref);
        status = gi_is_null(alive) ? GI_OK : gi_set_add(ts, gi_val(set), ref);
        gi_xdrop(ts, alive);
    }
    gi_xdrop(ts, refs);
    if (!status) return set;
    gi_xdrop(ts, set);
    return GI_NULL;
}

GI_FUNCTION(_abc, _get_dump, "(self, /)", "Internal ABC helper for cache and registry debugging.\\n\\nReturn shallow copies of registry, of both caches, and\\nnegative cache version. Don't call this function directly,\\ninstead use ABC._dump_registry() for a nice repr.") {
    GiRef impl = data_of(ts, a->self);
    if (gi_is_null(impl)) return GI_NULL;
    AbcData *d = DATA(impl);
    GiRef registry = gi_slot_load(ts, &d->registry);
    GiRef parts[4] = {gi_set_new(ts, gi_val(registry)), table_as_set(ts, d, &d->cache),
                      table_as_set(ts, d, &d->negative), gi_int_from_u64(ts, d->negative_version)};
    gi_xdrop(ts, registry), gi_drop(ts, impl);
    for (int i = 0; i < 4; i++) {
        if (!gi_is_null(parts[i])) continue;
        for (int k = 0; k < 4; k++) gi_xdrop(ts, parts[k]);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, parts, 4);
}

GI_FUNCTION(_abc, _reset_registry, "(self, /)", "Internal ABC helper to reset registry of a given class.\\n\\nShould be only used by refleak.py") {
    GiRef impl = data_of(ts, a->self);
    if (gi_is_null(impl)) return GI_NULL;
    gi_slot_store(ts, &DATA(impl)->registry, GI_NULL);
    gi_drop(ts, impl);
    return GI_REF_NONE;
}

GI_FUNCTION(_abc, _reset_caches, "(self, /)", "Internal ABC helper to reset both caches of a given class.\\n\\nShould be only used by refleak.py") {
    GiRef impl = data_of(ts, a->self);
    if (gi_is_null(impl)) return GI_NULL;
    AbcData *d = DATA(impl);
    gi_bytelock_lock(&ts->core, lock_of(d));
    Table *cache = table_take(&d->cache), *negative = table_take(&d->negative);
    gi_bytelock_unlock(&ts->core, lock_of(d));
    table_drop(ts, cache);
    table_drop(ts, negative);
    gi_drop(ts, impl);
    return GI_REF_NONE;
}

GI_FUNCTION(_abc, get_cache_token, "()", "Returns the current ABC cache token.\\n\\nThe token is an opaque object (supporting equality testing) identifying the\\ncurrent version of the ABC cache for virtual subclasses. The token changes\\nwith every call to register() on any ABC.") {
    return gi_int_from_u64(ts, atomic_load(&state_of(self)->counter));
}

static GiStatus abc_exec(GiThread *ts, GiVal module GI_UNUSED) { return gi_type_ready(ts, &abc_data_type); }

const GiModuleDef gi_module__abc = {
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = _abc_functions,
    .exec = abc_exec,
    .state_size = sizeof(AbcState),
};
