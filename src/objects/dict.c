/* dict.c - dict: what C code does with it, its protocol and its methods.
 *
 * LOCK: the byte lock guards the table; keys are compared in Python code without it (dict_table.c
 * checks afterwards that nothing moved). Free-running threads look for a key without it first. References taken out are dropped after
 * unlocking. Views and iterators are in dict_views.c.
 */
#include "objects/descr.h"
#include "objects/dict_table.h"
#include "objects/set_table.h"
#include "objects/whole.h"

#include "objects/dict.gen.h"

/* ---- For C code ---- */

GiRef gi_dict_new(GiThread *ts) {
    GiDict *d = (GiDict *)gi_heap_new_fast(ts, &gi_dict_type, sizeof(GiDict));
    if (GI_UNLIKELY(d == NULL)) return GI_NULL;
    gi_dict_table_init(d);
    return gi_own_obj(d);
}

GiRef gi_dict_new_sized(GiThread *ts, size_t expected) {
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict) || expected == 0) return dict;
    if (gi_dict_reserve_locked(ts, gi_dict_of(dict), expected)) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    return dict;
}

GiStatus gi_dict_reserve(GiThread *ts, GiVal dict, size_t more) {
    gi_lock_obj(ts, dict);
    GiStatus status = gi_dict_reserve_locked(ts, gi_dict_of(dict), gi_dict_of(dict)->used + more);
    gi_unlock_obj(ts, dict);
    return status;
}

static GI_NOINLINE GiStatus get_free(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef *out) {
    GiDict *d = gi_dict_of(dict);
    GiRef value = GI_NULL;
    int found = gi_dict_find_free(ts, d, key, hash, &value);
    if (GI_UNLIKELY(found == GI_DICT_UNSURE)) {
        gi_lock_obj(ts, dict);
        ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
        value = i >= 0 ? gi_slot_dup(ts, &d->entries[i].value) : GI_NULL;
        gi_unlock_obj(ts, dict);
        if (GI_UNLIKELY(i == GI_DICT_FAILED)) return GI_FAIL;
    } else if (found == GI_DICT_ABSENT) {
        value = GI_NULL;
    }
    *out = value;
    return GI_OK;
}

GiStatus gi_dict_get_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef *out) {
    if (GI_UNLIKELY(ts->core.free_running)) return get_free(ts, dict, key, hash, out);
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    GiRef value = i >= 0 ? gi_slot_dup(ts, &d->entries[i].value) : GI_NULL;
    gi_unlock_obj(ts, dict);
    if (GI_UNLIKELY(i == GI_DICT_FAILED)) return GI_FAIL;
    *out = value;
    return GI_OK;
}

GiStatus gi_dict_get(GiThread *ts, GiVal dict, GiVal key, GiRef *out) {
    int64_t hash = gi_key_hash(ts, key);
    if (GI_UNLIKELY(hash == -1)) return GI_FAIL;
    return gi_dict_get_hashed(ts, dict, key, hash, out);
}

GiVal gi_dict_get_str_peek(GiThread *ts, GiVal dict, GiVal key) {
    GiDict *d = gi_dict_of(dict);
    int64_t hash = atomic_load_explicit(&gi_str_of(key)->hash, memory_order_relaxed);
    if (GI_UNLIKELY(hash == 0)) hash = gi_str_hash(ts, key);
    ssize_t i;
    if (GI_LIKELY(d->str_keys && gi_is_str_exact(key))) {
        i = gi_dict_find_str(d, key, hash);
    } else {
        gi_lock_obj(ts, dict);
        i = gi_dict_find_locked(ts, dict, key, hash);
        gi_unlock_obj(ts, dict);
    }
    return i >= 0 ? gi_slot_peek(&d->entries[i].value) : GI_NOVAL;
}

GiRef gi_dict_get_str(GiThread *ts, GiVal dict, GiVal key) {
    GiRef value = GI_NULL;
    int64_t hash = gi_key_hash(ts, key);
    return gi_dict_get_hashed(ts, dict, key, hash, &value) ? GI_NULL : value;
}

GiRef gi_dict_entry_load(GiThread *ts, GiVal dict, uint32_t index, GiVal name) {
    const GiDict *d = gi_dict_of(dict);
    GiRef value = GI_NULL;
    if (ts->core.free_running) {
        int found = gi_dict_entry_free(ts, d, index, name, &value);
        if (GI_LIKELY(found != GI_DICT_UNSURE)) return value;
    }
    gi_lock_obj(ts, dict);
    if (index < d->entry_count && gi_same(d->entries[index].key, name))
        value = gi_slot_dup(ts, &d->entries[index].value);
    gi_unlock_obj(ts, dict);
    return value;
}

bool gi_dict_entry_store(GiThread *ts, GiVal dict, uint32_t index, GiVal name, GiRef value) {
    GiDict *d = gi_dict_of(dict);
    GiRef old = GI_NULL;
    gi_lock_obj(ts, dict);
    bool same = index < d->entry_count && gi_same(d->entries[index].key, name);
    if (same) {
        old.bits = d->entries[index].value.bits;
        gi_dict_value_goes(d, gi_val(old));
        gi_slot_publish(&d->entries[index].value, value);
    }
    gi_unlock_obj(ts, dict);
    gi_xdrop(ts, old);
    return same;
}

/* A str on the stack: making it cannot fail. Nothing keeps it, since no code of keys runs. */
typedef struct StackStr { GiStr str; char text[104]; } StackStr;

static GiVal stack_str(StackStr *s, const char *text) {
    size_t n = strlen(text);
    GI_ASSERT(n < sizeof s->text);
    s->str = (GiStr){.obj.head = (uint64_t)(uintptr_t)&gi_str_type, .obj.owner = GI_OWNER_IMMORTAL, .length = n};
    gi_obj_flag_byte(&s->str.obj) = (uint8_t)(GI_STR_ASCII << GI_OBJ_TYPE_SHIFT);
    memcpy(s->text, text, n + 1);
    return gi_from_obj(&s->str);
}

GiVal gi_dict_get_cstr_peek(GiThread *ts, GiVal dict, const char *key) {
    StackStr s;
    return gi_dict_get_str_peek(ts, dict, stack_str(&s, key));
}

GiRef gi_dict_get_cstr(GiThread *ts, GiVal dict, const char *key) {
    StackStr s;
    return gi_dict_get_str(ts, dict, stack_str(&s, key));
}

GiStatus gi_dict_set_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef value) {
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    if (i >= 0) {
        GiRef old = {d->entries[i].value.bits};
        gi_dict_value_goes(d, gi_val(old));
        gi_slot_publish(&d->entries[i].value, value);
        gi_unlock_obj(ts, dict);
        gi_xdrop(ts, old);
        return GI_OK;
    }
    GiStatus status = GI_FAIL;
    GiRef k = GI_NULL;
    if (i == GI_DICT_ABSENT) {
        k = gi_dup(ts, key);
        status = gi_dict_insert_locked(ts, d, k, hash, value);
    }
    gi_unlock_obj(ts, dict);
    if (GI_UNLIKELY(status != GI_OK)) {
        gi_xdrop(ts, k);
        gi_xdrop(ts, value);
    }
    return status;
}

GiStatus gi_dict_set_steal(GiThread *ts, GiVal dict, GiVal key, GiRef value) {
    int64_t hash = gi_key_hash(ts, key);
    if (GI_UNLIKELY(hash == -1)) {
        gi_drop(ts, value);
        return GI_FAIL;
    }
    return gi_dict_set_hashed(ts, dict, key, hash, value);
}

GiStatus gi_dict_set(GiThread *ts, GiVal dict, GiVal key, GiVal value) {
    return gi_dict_set_steal(ts, dict, key, gi_dup(ts, value));
}

GiStatus gi_dict_set_cstr(GiThread *ts, GiVal dict, const char *key, GiVal value) {
    GiRef k = gi_intern_cstr(ts, key);
    if (gi_is_null(k)) return GI_FAIL;
    GiStatus status = gi_dict_set(ts, dict, gi_val(k), value);
    gi_drop(ts, k);
    return status;
}

GiRef gi_dict_pop_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash) {
    GiRef k = GI_NULL, value = GI_NULL;
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    if (i >= 0) gi_dict_delete_locked(gi_dict_of(dict), (size_t)i, &k, &value);
    gi_unlock_obj(ts, dict);
    gi_xdrop(ts, k);
    return value;
}

GiRef gi_dict_pop(GiThread *ts, GiVal dict, GiVal key) {
    int64_t hash = gi_key_hash(ts, key);
    return hash == -1 ? GI_NULL : gi_dict_pop_hashed(ts, dict, key, hash);
}

GiStatus gi_dict_del(GiThread *ts, GiVal dict, GiVal key, bool *found) {
    GiRef value = gi_dict_pop(ts, dict, key);
    if (gi_is_null(value) && gi_raised(ts)) return GI_FAIL;
    *found = !gi_is_null(value);
    gi_xdrop(ts, value);
    return GI_OK;
}

GiRef gi_dict_setdefault_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiVal fallback) {
    GiDict *d = gi_dict_of(dict);
    GiRef result = GI_NULL;
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    if (i >= 0) {
        result = gi_slot_dup(ts, &d->entries[i].value);
    } else if (i == GI_DICT_ABSENT) {
        GiRef k = gi_dup(ts, key), v = gi_dup(ts, fallback);
        result = gi_dup(ts, fallback);
        if (gi_dict_insert_locked(ts, d, k, hash, v)) {
            gi_unlock_obj(ts, dict);
            gi_drop(ts, k), gi_drop(ts, v), gi_drop(ts, result);
            return GI_NULL;
        }
    }
    gi_unlock_obj(ts, dict);
    return result;
}

GiRef gi_dict_setdefault(GiThread *ts, GiVal dict, GiVal key, GiVal fallback) {
    int64_t hash = gi_key_hash(ts, key);
    return hash == -1 ? GI_NULL : gi_dict_setdefault_hashed(ts, dict, key, hash, fallback);
}

GiTruth gi_dict_contains(GiThread *ts, GiVal dict, GiVal key) {
    int64_t hash = gi_key_hash(ts, key);
    if (hash == -1) return GI_TRUTH_FAIL;
    if (GI_UNLIKELY(ts->core.free_running)) {
        int found = gi_dict_find_free(ts, gi_dict_of(dict), key, hash, NULL);
        if (GI_LIKELY(found != GI_DICT_UNSURE)) return gi_truth_of(found == GI_DICT_FOUND);
    }
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    gi_unlock_obj(ts, dict);
    return i == GI_DICT_FAILED ? GI_TRUTH_FAIL : gi_truth_of(i >= 0);
}

GiRef gi_dict_copy(GiThread *ts, GiVal dict) {
    GiRef copy = gi_dict_new(ts);
    if (gi_is_null(copy)) return copy;
    gi_lock_obj(ts, dict);
    GiStatus status = gi_dict_clone_locked(ts, gi_dict_of(copy), gi_dict_of(dict));
    gi_unlock_obj(ts, dict);
    if (status == GI_OK) return copy;
    gi_drop(ts, copy);
    return GI_NULL;
}

void gi_dict_clear(GiThread *ts, GiVal dict) {
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, dict);
    GiDictEntry *entries = d->entries;
    size_t n = d->entry_count;
    gi_dict_value_goes(d, GI_NOVAL);
    gi_store_rel(&d->table, 0);
    __atomic_store_n(&d->used, 0, __ATOMIC_RELAXED);
    gi_store_rel(&d->entry_count, 0);
    __atomic_store_n(&d->first, 0, __ATOMIC_RELAXED);
    d->entries = NULL;
    d->entry_capacity = d->filled = 0;
    d->index_log2 = 0;
    gi_dict_table_init(d);
    gi_store_rel(&d->mutations, d->mutations + 1);
    __atomic_store_n(&d->keys_version, 0, __ATOMIC_RELAXED);
    gi_unlock_obj(ts, dict);
    for (size_t i = 0; i < n; i++) {
        gi_xdrop(ts, (GiRef){entries[i].key.bits});
        gi_xdrop(ts, (GiRef){entries[i].value.bits});
    }
    gi_mem_retire(ts, entries);
}

bool gi_dict_next_peek(GiVal dict, size_t *pos, GiVal *key, GiVal *value) {
    GiDict *d = gi_dict_of(dict);
    size_t i = GI_MAX(*pos, d->first);
    while (i < d->entry_count && gi_is_null(d->entries[i].key)) i++;
    *pos = i + 1;
    if (i >= d->entry_count) return false;
    if (key != NULL) *key = gi_val(d->entries[i].key);
    if (value != NULL) *value = gi_val(d->entries[i].value);
    return true;
}

bool gi_dict_next(GiThread *ts, GiVal dict, size_t *pos, GiRef *key, GiRef *value) {
    GiVal k, v;
    if (ts->core.free_running) {
        int result = gi_dict_step_free(ts, gi_dict_of(dict), pos, NULL, key, value);
        if (result != GI_DICT_UNSURE) return result == GI_DICT_FOUND;
    }
    gi_lock_obj(ts, dict);
    bool found = gi_dict_next_peek(dict, pos, &k, &v);
    if (found) {
        if (key != NULL) *key = gi_dup(ts, k);
        if (value != NULL) *value = gi_xdup(ts, v);
    }
    gi_unlock_obj(ts, dict);
    return found;
}

bool gi_dict_next_key(GiThread *ts, GiVal dict, size_t *pos, GiRef *key, int64_t *hash) {
    GiVal k;
    if (ts->core.free_running) {
        int result = gi_dict_step_free(ts, gi_dict_of(dict), pos, hash, key, NULL);
        if (result != GI_DICT_UNSURE) return result == GI_DICT_FOUND;
    }
    gi_lock_obj(ts, dict);
    bool found = gi_dict_next_peek(dict, pos, &k, NULL);
    if (found) {
        *key = gi_dup(ts, k);
        *hash = gi_dict_of(dict)->entries[*pos - 1].hash;
    }
    gi_unlock_obj(ts, dict);
    return found;
}

void gi_dict_popitem(GiThread *ts, GiVal dict, bool last, GiRef *key, GiRef *value) {
    GiDict *d = gi_dict_of(dict);
    *key = *value = GI_NULL;
    gi_lock_obj(ts, dict);
    if (d->used) {
        if (last) gi_dict_trim_locked(d);
        gi_dict_delete_locked(d, last ? d->entry_count - 1 : d->first, key, value);
        if (last) gi_dict_trim_locked(d);
    }
    gi_unlock_obj(ts, dict);
}

GiStatus gi_dict_move_to_end(GiThread *ts, GiVal dict, GiVal key, bool last, bool *found) {
    int64_t hash = gi_key_hash(ts, key);
    if (hash == -1) return GI_FAIL;
    GiDict *d = gi_dict_of(dict);
    GiStatus status = GI_OK;
    gi_lock_obj(ts, dict);
    ssize_t i = gi_dict_find_locked(ts, dict, key, hash);
    gi_dict_trim_locked(d);
    size_t entry = (size_t)i;
    if (i >= 0 && entry != (last ? d->entry_count - 1 : d->first)) {
        status = gi_dict_room_locked(ts, d, last, &entry);
        if (status == GI_OK && entry != (last ? d->entry_count - 1 : d->first)) gi_dict_move_locked(d, entry, last);
    }
    gi_unlock_obj(ts, dict);
    *found = i >= 0;
    return i == GI_DICT_FAILED ? GI_FAIL : status;
}

GiStatus gi_dict_snapshot(GiThread *ts, GiVal dict, GiDictSnapshot *out) {
    const GiDict *d = gi_dict_of(dict);
    for (;;) {
        size_t room = gi_load_relaxed(&d->used), n = 0;
        out->items = gi_mem_alloc(ts, (room + 1) * sizeof(GiDictCopied));
        if (out->items == NULL) return GI_FAIL;
        gi_lock_obj(ts, dict);
        bool fits = d->used <= room;
        for (size_t i = d->first; fits && i < d->entry_count; i++) {
            const GiDictEntry *e = &d->entries[i];
            if (gi_is_null(e->key)) continue;
            out->items[n++] = (GiDictCopied){e->hash, gi_dup(ts, gi_val(e->key)), gi_slot_dup(ts, &e->value)};
        }
        gi_unlock_obj(ts, dict);
        out->count = n;
        if (GI_LIKELY(fits)) return GI_OK;
        gi_mem_free(out->items); /* it grew while memory was being found */
    }
}

void gi_dict_snapshot_drop(GiThread *ts, GiDictSnapshot *s) {
    for (size_t i = 0; i < s->count; i++) {
        gi_drop(ts, s->items[i].key);
        gi_xdrop(ts, s->items[i].value);
    }
    gi_mem_free(s->items);
}

/* The list as it is at one moment, while other threads change the dict. */
static GI_COLD GiRef dict_list_free(GiThread *ts, GiVal dict, GiDictKind kind) {
    GiDictSnapshot s;
    if (gi_dict_snapshot(ts, dict, &s)) return GI_NULL;
    GiRef list = gi_list_new(ts, s.count);
    for (size_t i = 0; i < s.count && !gi_is_null(list); i++) {
        GiDictCopied *c = &s.items[i];
        GiRef item = kind == GI_DICT_KEYS     ? gi_dup(ts, gi_val(c->key))
                     : kind == GI_DICT_VALUES ? gi_xdup(ts, gi_val(c->value))
                                              : gi_tuple_pack(ts, 2, gi_val(c->key), gi_val(c->value));
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item)) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    gi_dict_snapshot_drop(ts, &s);
    return list;
}

/* A list of keys, values or pairs, as they are at one moment. */
static GiRef dict_list(GiThread *ts, GiVal dict, GiDictKind kind) {
    if (ts->core.free_running) return dict_list_free(ts, dict, kind);
    size_t n = gi_dict_len(dict);
    GiRef list = gi_list_new(ts, n), key = GI_NULL, value = GI_NULL;
    size_t pos = 0;
    while (!gi_is_null(list) &&
           gi_dict_next(ts, dict, &pos, kind == GI_DICT_VALUES ? NULL : &key,
                        kind == GI_DICT_KEYS ? NULL : &value)) {
        GiRef item = kind == GI_DICT_KEYS     ? key
                     : kind == GI_DICT_VALUES ? value
                                              : gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item)) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    return list;
}

GiRef gi_dict_keys_list(GiThread *ts, GiVal dict) { return dict_list(ts, dict, GI_DICT_KEYS); }
GiRef gi_dict_values_list(GiThread *ts, GiVal dict) { return dict_list(ts, dict, GI_DICT_VALUES); }
GiRef gi_dict_items_list(GiThread *ts, GiVal dict) { return dict_list(ts, dict, GI_DICT_ITEMS); }

uint32_t gi_dict_version(GiThread *ts, GiVal dict) {
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, dict);
    while (d->keys_version == 0)
        __atomic_store_n(&d->keys_version, atomic_fetch_add_explicit(&ts->vm->next_version, 1, memory_order_relaxed) + 1,
                         __ATOMIC_RELAXED);
    uint32_t version = d->keys_version;
    gi_unlock_obj(ts, dict);
    return version;
}

uint32_t gi_dict_constants(GiThread *ts, GiVal dict) {
    GiDict *d = gi_dict_of(dict);
    gi_lock_obj(ts, dict);
    while (d->constants == 0)
        __atomic_store_n(&d->constants, atomic_fetch_add_explicit(&ts->vm->next_version, 1, memory_order_relaxed) + 1,
                         __ATOMIC_RELAXED);
    uint32_t id = d->constants;
    gi_unlock_obj(ts, dict);
    return id;
}

bool gi_dict_may_be_constant(GiVal value) {
    if (!gi_is_heap(value)) return false;
    const GiType *type = gi_obj_type(gi_obj(value));
    return type->call != NULL || type == &gi_module_type;
}

void gi_dict_constant_goes(GiVal old) {
    if (gi_is_null(old) || gi_dict_may_be_constant(old))
        atomic_fetch_add_explicit(&gi_current_thread()->vm->constants_epoch, 1, memory_order_release);
}

ssize_t gi_dict_entry_of(GiThread *ts, GiVal dict, GiVal key) {
    GiDict *d = gi_dict_of(dict);
    if (!d->str_keys) return -1;
    int64_t hash = gi_key_hash(ts, key);
    gi_lock_obj(ts, dict);
    ssize_t i = d->str_keys ? gi_dict_find_str(d, key, hash) : GI_DICT_ABSENT;
    gi_unlock_obj(ts, dict);
    return i < 0 ? -1 : i;
}

/* ---- Merging ---- */

static GiRef dict_iter(GiThread *ts, GiVal self) {
    return gi_dict_iter_new(ts, self, GI_DICT_KEYS, false);
}

static GiStatus merge_one(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef value,
                          int override) {
    if (override != 1) {
        GiRef old = GI_NULL;
        if (gi_dict_get_hashed(ts, dict, key, hash, &old)) {
            gi_drop(ts, value);
            return GI_FAIL;
        }
        if (!gi_is_null(old)) {
            gi_drop(ts, old);
            gi_drop(ts, value);
            if (override == 0) return GI_OK;
            gi_raise_key(ts, key);
            return GI_FAIL;
        }
    }
    return gi_dict_set_hashed(ts, dict, key, hash, value);
}

/* The part of merge_dict that runs no Python code, in one step for other threads: from *at on until
 * a key is met that it could need (*at is then less than the count). override 0 or 1. */
static GiStatus merge_natively(GiThread *ts, GiVal dict, const GiDictSnapshot *s, int override, size_t *at) {
    GiRef *old = gi_mem_alloc(ts, (s->count - *at + 1) * sizeof(GiRef));
    if (old == NULL) return GI_FAIL;
    size_t dropped = 0;
    gi_lock_obj(ts, dict);
    GiStatus status = gi_dict_merge_locked(ts, gi_dict_of(dict), s, override, at, old, &dropped);
    gi_unlock_obj(ts, dict);
    gi_drop_all(ts, old, dropped);
    gi_mem_free(old);
    return status;
}

static GI_COLD GiStatus merge_dict_free(GiThread *ts, GiVal dict, GiVal other, int override) {
    GiDictSnapshot s;
    if (gi_dict_snapshot(ts, other, &s)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < s.count && status == GI_OK; i++) {
        status = merge_natively(ts, dict, &s, override, &i);
        if (status != GI_OK || i == s.count) break;
        /* Python code comes in between: what it changes is met, as under the lock. */
        status = merge_one(ts, dict, gi_val(s.items[i].key), s.items[i].hash,
                           gi_xdup(ts, gi_val(s.items[i].value)), override);
        if (status == GI_OK && gi_dict_len(other) != s.count)
            status = gi_raise_status(ts, &gi_exc_RuntimeError, "dict mutated during update");
    }
    gi_dict_snapshot_drop(ts, &s);
    return status;
}

/* From a dict whose iteration is the dict's own. */
static GiStatus merge_dict(GiThread *ts, GiVal dict, GiVal other, int override) {
    if (gi_same(dict, other)) return GI_OK;
    GiDict *to = gi_dict_of(dict), *from = gi_dict_of(other);
    GiStatus status = GI_OK;
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(dict), GI_OBJ_LOCK(other));
    bool done = to->entries == NULL;
    if (done) status = gi_dict_clone_locked(ts, to, from);
    else if (to->used * 2 < from->used)
        status = gi_dict_reserve_locked(ts, to, to->used + from->used);
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(dict), GI_OBJ_LOCK(other));
    if (done || status) return status;
    if (ts->core.free_running) return merge_dict_free(ts, dict, other, override);
    size_t used = from->used, pos = 0;
    for (;;) {
        GiRef key, value;
        int64_t hash = 0;
        gi_lock_obj(ts, other);
        GiVal k, v;
        bool more = gi_dict_next_peek(other, &pos, &k, &v);
        if (more) {
            hash = from->entries[pos - 1].hash;
            key = gi_dup(ts, k);
            value = gi_xdup(ts, v);
        }
        gi_unlock_obj(ts, other);
        if (!more) return GI_OK;
        status = merge_one(ts, dict, gi_val(key), hash, value, override);
        gi_drop(ts, key);
        if (status) return status;
        if (from->used != used)
            return gi_raise_status(ts, &gi_exc_RuntimeError, "dict mutated during update");
    }
}

GiStatus gi_dict_merge(GiThread *ts, GiVal dict, GiVal mapping, int override) {
    if (GI_UNLIKELY(ts->core.free_running) && gi_is_exact(mapping, &gi_mappingproxy_type) &&
        gi_is_dict_exact(gi_mappingproxy_of(mapping)))
        mapping = gi_mappingproxy_of(mapping);
    if (gi_is_dict(mapping) &&
        (gi_type_of(mapping)->iter == dict_iter || (ts->core.free_running && gi_is_builtin(mapping))))
        return merge_dict(ts, dict, mapping, override); /* an OrderedDict too, if that must be one step */
    GiRef keys = gi_call_method(ts, GI_N(keys), &mapping, 1);
    if (gi_is_null(keys)) return GI_FAIL;
    GiRef it = gi_iter_whole(ts, gi_val(keys));
    gi_drop(ts, keys);
    if (gi_is_null(it)) return GI_FAIL;
    GiStatus status = GI_OK;
    while (status == GI_OK) {
        GiRef key = gi_next(ts, gi_val(it));
        if (gi_is_null(key)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        int64_t hash = gi_key_hash(ts, gi_val(key));
        GiRef value = hash == -1 ? GI_NULL : gi_getitem(ts, mapping, gi_val(key));
        status = gi_is_null(value) ? GI_FAIL : merge_one(ts, dict, gi_val(key), hash, value, override);
        gi_drop(ts, key);
    }
    gi_drop(ts, it);
    return status;
}

static GiStatus merge_pairs(GiThread *ts, GiVal dict, GiVal pairs);

/* One element of an update from pairs; consumes it. */
static GiStatus merge_pair(GiThread *ts, GiVal dict, GiRef element, size_t number) {
    GiItems pair;
    GiStatus status = GI_FAIL;
    if (gi_is_tuple_exact(gi_val(element)) && gi_tuple_len(element) == 2) {
        status = gi_dict_set(ts, dict, gi_tuple_get(gi_val(element), 0),
                             gi_tuple_get(gi_val(element), 1));
        gi_drop(ts, element);
        return status;
    }
    if (gi_items_of(ts, gi_val(element), &pair, NULL)) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError,
                     "cannot convert dictionary update sequence element #%zu to a sequence", number);
        }
    } else {
        if (pair.count != 2)
            gi_raise(ts, &gi_exc_ValueError,
                     "dictionary update sequence element #%zu has length %zu; 2 is required", number,
                     pair.count);
        else
            status = gi_dict_set(ts, dict, gi_val(pair.items[0]), gi_val(pair.items[1]));
        gi_items_drop(ts, &pair);
    }
    gi_drop(ts, element);
    return status;
}

/* True if all of a list's or tuple's items are tuples of two, of which nothing but native code looks at the first. */
static bool are_plain_pairs(GiVal pairs) {
    size_t n = gi_is_list_exact(pairs) ? gi_list_len(pairs) : gi_tuple_len(pairs);
    for (size_t i = 0; i < n; i++) {
        GiVal pair = gi_is_list_exact(pairs) ? gi_list_peek_locked(pairs, i) : gi_tuple_get(pairs, i);
        if (!gi_is_tuple_exact(pair) || gi_tuple_len(pair) != 2 || !gi_is_plain(gi_tuple_get(pair, 0))) return false;
    }
    return true;
}

/* Where others use the dict, pairs are put into one of their own first. *done false: that may take Python code, and
 * nothing is done. */
static GI_COLD GiStatus update_pairs_free(GiThread *ts, GiVal dict, GiVal pairs, bool *done) {
    *done = are_plain_pairs(pairs);
    if (!*done) return GI_OK;
    GiRef fresh = gi_dict_new(ts);
    GiStatus status = gi_is_null(fresh) || merge_pairs(ts, gi_val(fresh), pairs) ? GI_FAIL : merge_dict(ts, dict, gi_val(fresh), 1);
    gi_xdrop(ts, fresh);
    return status;
}

GiRef gi_dict_iter_pairs(GiThread *ts, GiVal dict, GiVal pairs) {
    bool listed = false, done = false;
    GiRef it = gi_iter_listed(ts, pairs, &listed);
    if (gi_is_null(it)) return it;
    if (!gi_is_private(ts, dict) && (listed || gi_is_tuple_exact(pairs))) {
        GiStatus status = update_pairs_free(ts, dict, listed ? gi_val(it) : pairs, &done);
        if (done || status) {
            gi_drop(ts, it);
            return GI_NULL;
        }
    }
    return listed ? gi_iter_of_list(ts, it) : it;
}

static GiStatus merge_pairs(GiThread *ts, GiVal dict, GiVal pairs) {
    GiRef it = gi_dict_iter_pairs(ts, dict, pairs);
    if (gi_is_null(it)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    GiStatus status = GI_OK;
    for (size_t i = 0; status == GI_OK; i++) {
        GiRef element = gi_next(ts, gi_val(it));
        if (gi_is_null(element)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = merge_pair(ts, dict, element, i);
    }
    gi_drop(ts, it);
    return status;
}

GiStatus gi_dict_update(GiThread *ts, GiVal dict, GiVal other) {
    if (gi_is_dict_exact(other)) return merge_dict(ts, dict, other, 1);
    GiRef keys = GI_NULL;
    if (!gi_is_list_exact(other) && !gi_is_tuple_exact(other)) {
        if (gi_getattr_opt(ts, other, GI_N(keys), &keys)) return GI_FAIL;
    }
    if (gi_is_null(keys)) return merge_pairs(ts, dict, other);
    gi_drop(ts, keys);
    return gi_dict_merge(ts, dict, other, 1);
}

GiStatus gi_dict_update_args(GiThread *ts, GiVal dict, const char *fname, const GiVal *args,
                             size_t nargs, GiVal kwnames) {
    if (nargs > 1)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s expected at most 1 argument, got %zu",
                               fname, nargs);
    if (nargs == 1 && gi_dict_update(ts, dict, args[0])) return GI_FAIL;
    if (gi_is_null(kwnames)) return GI_OK;
    for (size_t i = 0; i < gi_tuple_len(kwnames); i++)
        if (gi_dict_set(ts, dict, gi_tuple_get(kwnames, i), args[nargs + i])) return GI_FAIL;
    return GI_OK;
}

/* ---- Slots ---- */

static GiRef dict_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                      GiVal kwnames GI_UNUSED) {
    if (type == &gi_dict_type) return gi_dict_new(ts);
    GiRef dict = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(dict)) gi_dict_table_init(gi_dict_of(dict));
    return dict;
}

static GiStatus dict_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    return gi_dict_update_args(ts, self, "dict", args, nargs, kwnames);
}

static GiRef dict_vectornew(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                            GiVal kwnames) {
    GiRef dict = dict_new(ts, type, args, nargs, kwnames);
    if (gi_is_null(dict)) return dict;
    if (gi_dict_update_args(ts, gi_val(dict), "dict", args, nargs, kwnames)) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    return dict;
}

static ssize_t dict_length(GiThread *ts GI_UNUSED, GiVal self) { return (ssize_t)gi_dict_len(self); }

static GI_COLD GiRef dict_missing(GiThread *ts, GiVal self, GiVal key) {
    if (!gi_is_dict_exact(self)) {
        GiRef method = GI_NULL;
        if (gi_lookup_special(ts, self, GI_N(__missing__), &method)) return GI_NULL;
        if (!gi_is_null(method)) {
            GiRef value = gi_call1(ts, gi_val(method), key);
            gi_drop(ts, method);
            return value;
        }
    }
    return gi_raise_key(ts, key);
}

static GiRef dict_subscript(GiThread *ts, GiVal self, GiVal key) {
    GiRef value = GI_NULL;
    if (gi_dict_get(ts, self, key, &value)) return GI_NULL;
    return GI_LIKELY(!gi_is_null(value)) ? value : dict_missing(ts, self, key);
}

static GiStatus dict_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value) {
    if (!gi_is_null(value)) return gi_dict_set(ts, self, key, value);
    bool found;
    if (gi_dict_del(ts, self, key, &found)) return GI_FAIL;
    if (found) return GI_OK;
    gi_raise_key(ts, key);
    return GI_FAIL;
}

/* Equality of two dicts, either of which may change while values are compared. */
static GiTruth dict_equal(GiThread *ts, GiVal x, GiVal y) {
    if (gi_dict_len(x) != gi_dict_len(y)) return GI_TRUTH_NO;
    GiRef key, value;
    for (size_t pos = 0; gi_dict_next(ts, x, &pos, &key, &value);) {
        GiRef other = GI_NULL;
        GiStatus status = gi_dict_get(ts, y, gi_val(key), &other);
        GiTruth eq = GI_TRUTH_NO;
        if (status) eq = GI_TRUTH_FAIL;
        else if (!gi_is_null(other)) eq = gi_item_equal(ts, gi_val(value), gi_val(other));
        gi_drop(ts, key);
        gi_xdrop(ts, value);
        gi_xdrop(ts, other);
        if (eq.value <= 0) return eq;
    }
    return GI_TRUTH_YES;
}

/* The same in one step: 1, 0, or -1 when that takes Python code. */
static int equal_natively(GiThread *ts, GiVal x, GiVal y) {
    const GiDict *a = gi_dict_of(x), *b = gi_dict_of(y);
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
    int equal = a->used == b->used;
    for (size_t i = a->first; equal == 1 && a->used && i < a->entry_count; i++) {
        const GiDictEntry *e = &a->entries[i];
        if (gi_is_null(e->key)) continue;
        ssize_t at = gi_dict_find_native_locked(ts, b, gi_val(e->key), e->hash);
        GiVal p = gi_val(e->value), q = at < 0 ? GI_NOVAL : gi_val(b->entries[at].value);
        if (at == GI_DICT_UNSURE) equal = -1;
        else if (at < 0) equal = 0;
        else if (gi_same(p, q)) continue;
        else if (!gi_is_plain(p) || !gi_is_plain(q)) equal = -1;
        else equal = gi_equal(ts, p, q).value > 0;
    }
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
    return equal;
}

/* Of dicts that others may be changing, what both hold at one moment is compared. */
static GI_COLD GiTruth equal_free(GiThread *ts, GiVal x, GiVal y) {
    GiRef copies[2];
    int equal = equal_natively(ts, x, y);
    if (equal >= 0) return gi_truth_of(equal);
    if (gi_copy_both(ts, x, y, copies)) return GI_TRUTH_FAIL;
    GiTruth eq = dict_equal(ts, gi_val(copies[0]), gi_val(copies[1]));
    gi_drop(ts, copies[0]), gi_drop(ts, copies[1]);
    return eq;
}

static GiRef dict_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_dict(self) || !gi_is_dict(other))
        return GI_REF_NOTIMPLEMENTED;
    bool alone = gi_is_private(ts, self) && gi_is_private(ts, other);
    GiTruth eq = GI_LIKELY(alone) ? dict_equal(ts, self, other) : equal_free(ts, self, other);
    if (eq.value < 0) return GI_NULL;
    return gi_bool_ref(eq.value == (op == GI_EQ));
}

static GiRef repr_items(GiThread *ts, GiVal self) {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_char(&sb, '{');
    GiRef key, value;
    bool first = true;
    for (size_t pos = 0; !sb.failed && gi_dict_next(ts, self, &pos, &key, &value); first = false) {
        if (!first) gi_sb_lit(&sb, ", ");
        gi_sb_repr(&sb, gi_val(key));
        gi_sb_lit(&sb, ": ");
        gi_sb_repr(&sb, gi_val(value));
        gi_drop(ts, key);
        gi_xdrop(ts, value);
    }
    gi_sb_char(&sb, '}');
    return gi_sb_finish(&sb);
}

/* Of what others may be changing, what it holds at one moment is shown. */
GiRef gi_dict_repr_items(GiThread *ts, GiVal self) {
    if (!gi_is_private(ts, self)) {
        GiRef copy = gi_dict_copy(ts, self);
        if (gi_is_null(copy)) return copy;
        GiRef text = repr_items(ts, gi_val(copy));
        gi_drop(ts, copy);
        return text;
    }
    return repr_items(ts, self);
}

static GiRef dict_repr(GiThread *ts, GiVal self) {
    if (gi_dict_len(self) == 0) return gi_str_from_cstr(ts, "{}");
    int entered = gi_repr_enter(ts, self);
    if (entered != 0) return entered < 0 ? GI_NULL : gi_str_from_cstr(ts, "{...}");
    GiRef text = gi_dict_repr_items(ts, self);
    gi_repr_leave(ts, self);
    return text;
}

static GiRef dict_or(GiThread *ts, GiVal left, GiVal right) {
    if (!gi_is_dict(left) || !gi_is_dict(right)) return GI_REF_NOTIMPLEMENTED;
    GiRef result = gi_dict_copy(ts, left);
    if (!gi_is_null(result) && gi_dict_update(ts, gi_val(result), right)) {
        gi_drop(ts, result);
        return GI_NULL;
    }
    return result;
}

static GiRef dict_inplace_or(GiThread *ts, GiVal self, GiVal other) {
    if (gi_dict_update(ts, self, other)) return GI_NULL;
    return gi_dup(ts, self);
}

/* ---- Methods ---- */

GI_METHOD(dict, get, "(self, key, default = None, /)",
          "Return the value for key if key is in the dictionary, else default.") {
    GiRef value = GI_NULL;
    if (gi_dict_get(ts, self, a->key, &value)) return GI_NULL;
    if (!gi_is_null(value)) return value;
    return gi_is_null(a->default_) ? GI_REF_NONE : gi_dup(ts, a->default_);
}

GI_METHOD(dict, setdefault, "(self, key, default = None, /)",
          "Insert key with a value of default if key is not in the dictionary.\n\nReturn the value "
          "for key if key is in the dictionary, else default.") {
    return gi_dict_setdefault(ts, self, a->key, gi_is_null(a->default_) ? GI_NONE : a->default_);
}

GI_METHOD(dict, pop, "(self, key, default = <unrepresentable>, /)",
          "D.pop(k[,d]) -> v, remove specified key and return the corresponding value.\n\nIf the key "
          "is not found, return the default if given; otherwise,\nraise a KeyError.") {
    if (gi_dict_len(self) == 0) { /* as the language has it, the key is not even hashed */
        if (!gi_is_null(a->default_)) return gi_dup(ts, a->default_);
        return gi_raise_key(ts, a->key);
    }
    GiRef value = gi_dict_pop(ts, self, a->key);
    if (!gi_is_null(value) || gi_raised(ts)) return value;
    if (!gi_is_null(a->default_)) return gi_dup(ts, a->default_);
    return gi_raise_key(ts, a->key);
}

GI_METHOD(dict, popitem, "(self, /)",
          "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO "
          "(last-in, first-out) order.\nRaises KeyError if the dict is empty.") {
    GiRef key, value;
    gi_dict_popitem(ts, self, true, &key, &value);
    if (gi_is_null(key))
        return gi_raise_ref(ts, &gi_exc_KeyError, "popitem(): dictionary is empty");
    return gi_tuple_steal(ts, (GiRef[]){key, value}, 2);
}

GI_METHOD(dict, keys, "(self, /)",
          "D.keys() -> a set-like object providing a view on D's keys") {
    return gi_dict_view_new(ts, self, GI_DICT_KEYS);
}

GI_METHOD(dict, items, "(self, /)",
          "D.items() -> a set-like object providing a view on D's items") {
    return gi_dict_view_new(ts, self, GI_DICT_ITEMS);
}

GI_METHOD(dict, values, "(self, /)", "D.values() -> an object providing a view on D's values") {
    return gi_dict_view_new(ts, self, GI_DICT_VALUES);
}

GI_METHOD(dict, update, "(self, *args, **kwargs)",
          "D.update([E, ]**F) -> None.  Update D from dict/iterable E and F.\nIf E is present and "
          "has a .keys() method, then does:  for k in E: D[k] = E[k]\nIf E is present and lacks a "
          ".keys() method, then does:  for k, v in E: D[k] = v\nIn either case, this is followed "
          "by: for k in F:  D[k] = F[k]") {
    if (gi_dict_update_args(ts, self, "update", a->args, a->args_count, GI_NOVAL)) return GI_NULL;
    if (!gi_is_null(a->kwargs) && gi_dict_merge(ts, self, a->kwargs, 1)) return GI_NULL;
    return GI_REF_NONE;
}

/* The keys of an exact set or dict, whose hashes are known, into an exact dict. */
static GiStatus fill_from_hashed(GiThread *ts, GiVal dict, GiVal keys, GiVal value) {
    GiStatus status = GI_OK;
    if (!gi_is_private(ts, keys)) {
        GiHashedKeys all;
        if (gi_hashed_keys_of(ts, keys, &all)) return GI_FAIL;
        for (size_t i = 0; status == GI_OK && i < all.count; i++)
            status = gi_dict_set_hashed(ts, dict, gi_val(all.items[i].key), all.items[i].hash, gi_dup(ts, value));
        gi_hashed_keys_drop(ts, &all);
        return status;
    }
    GiRef key;
    int64_t hash;
    bool is_dict = gi_is_dict_exact(keys);
    for (size_t pos = 0; status == GI_OK && (is_dict ? gi_dict_next_key(ts, keys, &pos, &key, &hash)
                                                     : gi_set_next(ts, keys, &pos, &key, &hash));) {
        status = gi_dict_set_hashed(ts, dict, gi_val(key), hash, gi_dup(ts, value));
        gi_drop(ts, key);
    }
    return status;
}

/* The keys of an iterable into what fromkeys has made. */
static GiStatus fill_from_keys(GiThread *ts, GiVal dict, GiVal iterable, GiVal value) {
    if (gi_is_dict_exact(dict) &&
        (gi_is_dict_exact(iterable) || gi_is_exact(iterable, &gi_set_type) ||
         gi_is_exact(iterable, &gi_frozenset_type)))
        return fill_from_hashed(ts, dict, iterable, value);
    bool exact = gi_is_dict_exact(dict);
    GiRef it = gi_is_builtin(dict) ? gi_iter_whole(ts, iterable) : gi_iter(ts, iterable);
    if (gi_is_null(it)) return GI_FAIL;
    GiStatus status = GI_OK;
    while (status == GI_OK) {
        GiRef key = gi_next(ts, gi_val(it));
        if (gi_is_null(key)) {
            if (gi_raised(ts)) status = GI_FAIL;
            break;
        }
        status = exact ? gi_dict_set(ts, dict, gi_val(key), value)
                       : gi_setitem(ts, dict, gi_val(key), value);
        gi_drop(ts, key);
    }
    gi_drop(ts, it);
    return status;
}

GI_CLASSMETHOD(dict, fromkeys, "(type, iterable, value = None, /)",
               "Create a new dictionary with keys from iterable and values set to value.") {
    GiRef dict = gi_call0(ts, self);
    if (gi_is_null(dict)) return dict;
    if (fill_from_keys(ts, gi_val(dict), a->iterable, gi_is_null(a->value) ? GI_NONE : a->value)) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    return dict;
}

/* PYSEM: methods beside the slots, so that what is bound to a dict is a builtin function. */
GI_METHOD(dict, __contains__, "(self, key, /)", "True if the dictionary has the specified key, else False.") {
    GiTruth in = gi_dict_contains(ts, self, a->key);
    return in.value < 0 ? GI_NULL : gi_bool_ref(in.value);
}
GI_METHOD(dict, __getitem__, "(self, object, /)", "x.__getitem__(y) <==> x[y]") {
    return dict_subscript(ts, self, a->object);
}

GI_METHOD(dict, clear, "(self, /)", "D.clear() -> None.  Remove all items from D.") {
    gi_dict_clear(ts, self);
    return GI_REF_NONE;
}

GI_METHOD(dict, copy, "(self, /)", "D.copy() -> a shallow copy of D") {
    return gi_dict_copy(ts, self);
}

GI_METHOD(dict, __reversed__, "(self, /)", "Return a reverse iterator over the dict keys.") {
    return gi_dict_iter_new(ts, self, GI_DICT_KEYS, true);
}

GI_METHOD(dict, __sizeof__, "(self, /)", "D.__sizeof__() -> size of D in memory, in bytes") {
    GiDict *d = gi_dict_of(self);
    size_t cell = d->index_log2 <= 7 ? 1 : d->index_log2 <= 15 ? 2 : d->index_log2 <= 31 ? 4 : 8;
    size_t size = gi_type_of(self)->size;
    if (d->entries != NULL)
        size += d->entry_capacity * sizeof(GiDictEntry) + (cell << d->index_log2);
    return gi_smallint_ref((int64_t)size);
}

GI_CLASSMETHOD(dict, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}

static void dict_each(GiObj *obj, GiVisit visit, void *arg) {
    GiDict *d = (GiDict *)obj;
    for (size_t i = 0; i < d->entry_count; i++) {
        visit(&d->entries[i].key, arg);
        visit(&d->entries[i].value, arg);
    }
}

GiType gi_dict_type = {
    .obj = GI_TYPE_HEAD,
    .name = "dict",
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_MAPPING | GI_TYPE_MATCH_SELF | GI_TYPE_DICT |
             GI_TYPE_IMMUTABLE,
    .size = sizeof(GiDict),
    .base = &gi_object_type,
    .doc = "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a "
           "mapping object's\n    (key, value) pairs\ndict(iterable) -> new dictionary initialized "
           "as if via:\n    d = {}\n    for k, v in iterable:\n        d[k] = v\ndict(**kwargs) -> "
           "new dictionary initialized with the name=value pairs\n    in the keyword argument "
           "list.  For example:  dict(one=1, two=2)",
    .fields = (const GiField[]){GI_CUSTOM(dict_each), GI_BUFFER_FIELD(GiDict, entries),
                                GI_FIELDS_END},
    .methods = dict_methods,
    .new_ = dict_new,
    .init = dict_init,
    .vectornew = dict_vectornew,
    .repr = dict_repr,
    .compare = dict_compare,
    .iter = dict_iter,
    .length = dict_length,
    .subscript = dict_subscript,
    .set_subscript = dict_set_subscript,
    .contains = gi_dict_contains,
    .binary[GI_BIN_OR] = dict_or,
    .inplace[GI_BIN_OR] = dict_inplace_or,
};
