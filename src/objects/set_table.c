/* set_table.c - the hash table of sets; see set_table.h. */
#include "objects/set_table.h"
#include "objects/dict_table.h"

#define NEIGHBOURS 9
#define SMALLEST 8

typedef struct Probe {
    size_t at, perturb, mask, near;
} Probe;

static inline Probe probe_begin(int64_t hash, size_t mask) {
    size_t at = (size_t)hash & mask;
    return (Probe){at, (size_t)hash, mask, at + NEIGHBOURS <= mask ? NEIGHBOURS : 0};
}
static inline void probe_next(Probe *p, size_t *base) {
    if (p->near) {
        p->near--;
        p->at++;
        return;
    }
    p->perturb >>= 5;
    *base = (*base * 5 + 1 + p->perturb) & p->mask;
    p->at = *base;
    p->near = p->at + NEIGHBOURS <= p->mask ? NEIGHBOURS : 0;
}
#define EACH_PROBE(p, hash, mask)                                                                  \
    Probe p = probe_begin(hash, mask);                                                             \
    for (size_t p##_base = p.at;; probe_next(&p, &p##_base))

#define is_empty(cell) (gi_is_null((cell)->key) && (cell)->hash == 0)

ssize_t gi_set_find_locked(GiThread *ts, GiVal set, GiVal key, int64_t hash) {
    GiSet *s = gi_set_of(set);
    bool small = gi_is_smallint(key), text = gi_is_str_exact(key);
    unsigned restarts = 0;
restart:
    if (s->cells == NULL) return GI_SET_ABSENT;
    EACH_PROBE(p, hash, s->mask) {
        GiSetCell *c = &s->cells[p.at];
        if (gi_is_null(c->key)) {
            if (c->hash == 0) return GI_SET_ABSENT;
            continue;
        }
        if (c->hash != hash) continue;
        if (c->key.bits == key.bits) return (ssize_t)p.at;
        GiVal k = gi_val(c->key);
        if (small && gi_is_smallint(k)) continue;
        if (text && gi_is_str_exact(k)) {
            if (gi_str_equal(k, key)) return (ssize_t)p.at;
            continue;
        }
        /* The comparison may run code that changes the set. */
        GiSetCell *cells = s->cells;
        size_t mask = s->mask;
        uint32_t mutations = s->mutations;
        GiRef candidate = gi_dup(ts, k);
        gi_unlock_obj(ts, set);
        GiTruth eq = gi_equal(ts, gi_val(candidate), key);
        gi_lock_obj(ts, set);
        bool there = s->cells == cells && s->mask == mask && cells[p.at].key.bits == candidate.bits;
        /* If the key is gone this may be its last reference; until here its address was its own. */
        if (GI_UNLIKELY(!there)) gi_unlock_obj(ts, set);
        gi_drop(ts, candidate);
        if (GI_UNLIKELY(!there)) gi_lock_obj(ts, set);
        if (eq.value < 0) return GI_SET_FAILED;
        if (!there) goto restart;
        if (eq.value) return (ssize_t)p.at;
        /* Another thread may have put the key into a cell that was passed. */
        if (GI_UNLIKELY(s->mutations != mutations && ts->core.free_running && restarts++ < 64)) goto restart;
    }
}

/* True when the two decide without Python code; *same then tells. */
static inline bool natively(GiThread *ts, GiVal k, GiVal key, bool *same) {
    if (gi_is_str_exact(k) && gi_is_str_exact(key)) {
        *same = gi_str_equal(k, key);
        return true;
    }
    if (!gi_is_plain(k) || !gi_is_plain(key)) return false;
    *same = gi_equal(ts, k, key).value > 0;
    return true;
}

/* The part of gi_set_find_locked that runs no Python code, and stays locked: UNSURE otherwise. */
static ssize_t find_native_locked(GiThread *ts, const GiSet *s, GiVal key, int64_t hash) {
    if (s->cells == NULL) return GI_SET_ABSENT;
    EACH_PROBE(p, hash, s->mask) {
        const GiSetCell *c = &s->cells[p.at];
        if (gi_is_null(c->key)) {
            if (c->hash == 0) return GI_SET_ABSENT;
            continue;
        }
        if (c->hash != hash) continue;
        if (c->key.bits == key.bits) return (ssize_t)p.at;
        bool same;
        if (!natively(ts, gi_val(c->key), key, &same)) return GI_SET_UNSURE;
        if (same) return (ssize_t)p.at;
    }
}

/* ---- Without the lock ---- */

static inline const GiSetCell *table_cells(uint64_t table, size_t *mask) {
    *mask = ((size_t)1 << (table >> GI_SET_LOG2_SHIFT)) - 1;
    return (const GiSetCell *)(uintptr_t)(table & (((uint64_t)1 << GI_SET_LOG2_SHIFT) - 1));
}

static inline void begin_bulk(GiSet *s) { gi_store_rel(&s->table, GI_SET_MOVING); }

/* Shows cells and mask to readers without the lock. */
static inline void end_bulk(GiSet *s) {
    unsigned log2 = (unsigned)__builtin_ctzll((uint64_t)s->mask + 1);
    gi_store_rel(&s->table, s->cells == NULL ? 0 : (uint64_t)(uintptr_t)s->cells | (uint64_t)log2 << GI_SET_LOG2_SHIFT);
}

static inline void publish(GiSet *s) {
    if (s->table != GI_SET_MOVING) end_bulk(s);
}

static inline void changed(GiSet *s, size_t used) {
    __atomic_store_n(&s->used, used, __ATOMIC_RELAXED);
    gi_store_rel(&s->mutations, s->mutations + 1);
}

int gi_set_find_free(GiThread *ts, const GiSet *s, GiVal key, int64_t hash) {
    uint64_t table = gi_load_acq(&s->table);
    if (GI_UNLIKELY(table <= GI_SET_MOVING)) return table == GI_SET_MOVING ? GI_SET_UNSURE : GI_SET_ABSENT;
    size_t mask;
    const GiSetCell *cells = table_cells(table, &mask);
    EACH_PROBE(p, hash, mask) {
        const GiSetCell *c = &cells[p.at];
        GiVal k = {gi_load_acq(&c->key.bits)};
        gi_point();
        if (k.bits == key.bits) return GI_SET_FOUND;
        int64_t h = gi_load_acq(&c->hash);
        if (gi_is_null(k)) {
            if (h == 0) return gi_load_acq(&s->table) == table ? GI_SET_ABSENT : GI_SET_UNSURE;
            continue;
        }
        if (h != hash || (gi_is_smallint(k) && gi_is_smallint(key))) continue;
        GiRef other;
        if (!gi_slot_try(ts, &c->key, &other) || gi_is_null(other)) return GI_SET_UNSURE;
        bool same = false, known = natively(ts, gi_val(other), key, &same);
        /* With the table as it was, what was counted is what stood there. */
        bool moved = gi_load_acq(&s->table) != table || gi_load_acq(&c->key.bits) != other.bits;
        gi_drop(ts, other);
        if (!known || moved) return GI_SET_UNSURE;
        if (same) return GI_SET_FOUND;
    }
}

int gi_set_step_free(GiThread *ts, const GiSet *s, size_t *pos, GiRef *key, int64_t *hash) {
    uint32_t mutations = gi_load_acq(&s->mutations);
    uint64_t table = gi_load_acq(&s->table);
    if (GI_UNLIKELY(table <= GI_SET_MOVING)) return table == GI_SET_MOVING ? GI_SET_UNSURE : GI_SET_ABSENT;
    size_t mask, i = *pos;
    const GiSetCell *cells = table_cells(table, &mask);
    while (i <= mask && gi_load_relaxed(&cells[i].key.bits) == 0) i++;
    *pos = i + 1;
    if (i > mask) return gi_load_acq(&s->mutations) == mutations ? GI_SET_ABSENT : GI_SET_UNSURE;
    *pos = i;
    gi_point();
    int64_t h = gi_load_acq(&cells[i].hash);
    if (!gi_slot_try(ts, &cells[i].key, key)) return GI_SET_UNSURE;
    if (!gi_is_null(*key) && gi_load_acq(&s->table) == table && gi_load_acq(&s->mutations) == mutations) {
        *pos = i + 1;
        if (hash != NULL) *hash = h;
        return GI_SET_FOUND;
    }
    gi_xdrop(ts, *key);
    *key = GI_NULL;
    return GI_SET_UNSURE;
}

/* PERF: inlined into what inserts and what rebuilds. */
static inline __attribute__((always_inline)) void place(GiSet *s, GiSetCell item) {
    EACH_PROBE(p, item.hash, s->mask) {
        GiSetCell *c = &s->cells[p.at];
        if (!gi_is_null(c->key)) continue;
        if (is_empty(c)) s->filled++; /* else a cell marked deleted serves again */
        gi_store_rel(&c->hash, item.hash);
        gi_store_rel(&c->key.bits, item.key.bits);
        return;
    }
}

static GiStatus resize(GiThread *ts, GiSet *s, size_t above) {
    size_t n = SMALLEST;
    while (n <= above) {
        if (n > PTRDIFF_MAX / sizeof(GiSetCell) / 2) {
            gi_raise_nomem(ts);
            return GI_FAIL;
        }
        n *= 2;
    }
    GiSetCell *cells = gi_mem_calloc(ts, n, sizeof(GiSetCell)), *old = s->cells;
    if (cells == NULL) return GI_FAIL;
    size_t old_count = old == NULL ? 0 : s->mask + 1;
    s->cells = cells;
    s->mask = n - 1;
    s->filled = 0;
    changed(s, s->used);
    for (size_t i = 0; i < old_count; i++)
        if (!gi_is_null(old[i].key)) place(s, old[i]);
    publish(s);
    gi_mem_retire(ts, old);
    return GI_OK;
}

GiStatus gi_set_reserve_locked(GiThread *ts, GiSet *s, size_t count) {
    if (s->cells != NULL && (s->filled + (count - GI_MIN(count, s->used))) * 5 < s->mask * 3)
        return GI_OK;
    return resize(ts, s, count * 2);
}

GiStatus gi_set_insert_locked(GiThread *ts, GiSet *s, GiRef key, int64_t hash) {
    if (GI_UNLIKELY(s->cells == NULL) && resize(ts, s, 0)) return GI_FAIL;
    if (GI_UNLIKELY((s->filled + 1) * 5 >= s->mask * 5)) { /* cannot fill it: always one empty */
        if (resize(ts, s, s->used * 4)) return GI_FAIL;
    }
    place(s, (GiSetCell){hash, {key.bits}});
    changed(s, s->used + 1);
    /* Growing afterwards may fail without harm, as long as a cell is empty. */
    if (s->filled * 5 >= s->mask * 3 && resize(ts, s, s->used > 50000 ? s->used * 2 : s->used * 4))
        gi_exc_clear(ts);
    return GI_OK;
}

GiRef gi_set_delete_locked(GiSet *s, size_t cell) {
    GiRef key = gi_slot_withdraw(&s->cells[cell].key);
    gi_store_rel(&s->cells[cell].hash, -1);
    changed(s, s->used - 1);
    return key;
}

GiStatus gi_set_clone_locked(GiThread *ts, GiSet *to, const GiSet *from) {
    if (from->used == 0) return GI_OK;
    begin_bulk(to);
    /* The size that adding the items one by one to a fresh table of enough room gives. */
    if (resize(ts, to, from->used * 5 >= (SMALLEST - 1) * 3 ? from->used * 2 : 0)) {
        end_bulk(to);
        return GI_FAIL;
    }
    if (to->mask == from->mask && from->filled == from->used) {
        memcpy(to->cells, from->cells, (from->mask + 1) * sizeof(GiSetCell));
        to->filled = from->filled;
    } else {
        for (size_t i = 0; i <= from->mask; i++)
            if (!gi_is_null(from->cells[i].key)) place(to, from->cells[i]);
    }
    for (size_t i = 0; i <= to->mask; i++) gi_xdup(ts, gi_val(to->cells[i].key));
    changed(to, from->used);
    end_bulk(to);
    return GI_OK;
}

GiStatus gi_set_add_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash) {
    gi_lock_obj(ts, set);
    ssize_t i = gi_set_find_locked(ts, set, key, hash);
    GiStatus status = i >= 0 ? GI_OK : GI_FAIL;
    GiRef k = GI_NULL;
    if (i == GI_SET_ABSENT) {
        k = gi_dup(ts, key);
        status = gi_set_insert_locked(ts, gi_set_of(set), k, hash);
    }
    gi_unlock_obj(ts, set);
    if (status) gi_xdrop(ts, k);
    return status;
}

GiTruth gi_set_contains_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash) {
    if (GI_UNLIKELY(ts->core.free_running)) {
        int found = gi_set_find_free(ts, gi_set_of(set), key, hash);
        if (found == GI_SET_UNSURE) found = gi_set_find_free(ts, gi_set_of(set), key, hash);
        if (GI_LIKELY(found != GI_SET_UNSURE)) return gi_truth_of(found == GI_SET_FOUND);
    }
    gi_lock_obj(ts, set);
    ssize_t i = gi_set_find_locked(ts, set, key, hash);
    gi_unlock_obj(ts, set);
    return i == GI_SET_FAILED ? GI_TRUTH_FAIL : gi_truth_of(i >= 0);
}

GiStatus gi_set_discard_hashed(GiThread *ts, GiVal set, GiVal key, int64_t hash, bool *found) {
    GiRef k = GI_NULL;
    gi_lock_obj(ts, set);
    ssize_t i = gi_set_find_locked(ts, set, key, hash);
    if (i >= 0) k = gi_set_delete_locked(gi_set_of(set), (size_t)i);
    gi_unlock_obj(ts, set);
    gi_xdrop(ts, k);
    *found = i >= 0;
    return i == GI_SET_FAILED ? GI_FAIL : GI_OK;
}

bool gi_set_next_peek(GiVal set, size_t *pos, GiVal *item) {
    GiSet *s = gi_set_of(set);
    if (s->cells == NULL) return false;
    size_t i = *pos;
    while (i <= s->mask && gi_is_null(s->cells[i].key)) i++;
    *pos = i + 1;
    if (i > s->mask) return false;
    *item = gi_val(s->cells[i].key);
    return true;
}

bool gi_set_next(GiThread *ts, GiVal set, size_t *pos, GiRef *key, int64_t *hash) {
    GiVal k;
    if (ts->core.free_running) {
        int result = gi_set_step_free(ts, gi_set_of(set), pos, key, hash);
        if (result != GI_SET_UNSURE) return result == GI_SET_FOUND;
    }
    gi_lock_obj(ts, set);
    bool found = gi_set_next_peek(set, pos, &k);
    if (found) {
        *key = gi_dup(ts, k);
        *hash = gi_set_of(set)->cells[*pos - 1].hash;
    }
    gi_unlock_obj(ts, set);
    return found;
}

void gi_set_clear(GiThread *ts, GiVal set) {
    GiSet *s = gi_set_of(set);
    gi_lock_obj(ts, set);
    GiSetCell *cells = s->cells;
    size_t n = cells == NULL ? 0 : s->mask + 1;
    s->cells = NULL;
    s->filled = s->finger = 0;
    publish(s);
    changed(s, 0);
    gi_unlock_obj(ts, set);
    for (size_t i = 0; i < n; i++) gi_xdrop(ts, (GiRef){cells[i].key.bits});
    gi_mem_retire(ts, cells);
}

/* ---- Many keys at once, for several threads ---- */

static GiStatus keys_of_set(GiThread *ts, GiVal set, GiHashedKeys *out) {
    const GiSet *s = gi_set_of(set);
    for (;;) {
        size_t room = gi_load_relaxed(&s->used);
        *out = (GiHashedKeys){gi_mem_alloc(ts, (room + 1) * sizeof(GiHashedKey)), 0, true};
        if (out->items == NULL) return GI_FAIL;
        gi_lock_obj(ts, set);
        bool fits = s->used <= room;
        for (size_t i = 0; fits && s->cells != NULL && i <= s->mask; i++) {
            if (gi_is_null(s->cells[i].key)) continue;
            out->items[out->count++] = (GiHashedKey){s->cells[i].hash, gi_dup(ts, gi_val(s->cells[i].key))};
        }
        gi_unlock_obj(ts, set);
        if (GI_LIKELY(fits)) return GI_OK;
        gi_mem_free(out->items); /* it grew while memory was being found */
    }
}

static GiStatus keys_of_dict(GiThread *ts, GiVal dict, GiHashedKeys *out) {
    GiDictSnapshot s;
    if (gi_dict_snapshot(ts, dict, &s)) return GI_FAIL;
    *out = (GiHashedKeys){gi_mem_alloc(ts, (s.count + 1) * sizeof(GiHashedKey)), s.count, true};
    for (size_t i = 0; i < s.count && out->items != NULL; i++)
        out->items[i] = (GiHashedKey){s.items[i].hash, gi_dup(ts, gi_val(s.items[i].key))};
    gi_dict_snapshot_drop(ts, &s);
    return out->items == NULL ? GI_FAIL : GI_OK;
}

GiStatus gi_hashed_keys_of(GiThread *ts, GiVal container, GiHashedKeys *out) {
    if (gi_is_set(container)) return keys_of_set(ts, container, out);
    if (gi_is_dict(container)) return keys_of_dict(ts, container, out);
    GiItems items;
    if (gi_items_of(ts, container, &items, NULL)) return GI_FAIL;
    *out = (GiHashedKeys){gi_mem_alloc(ts, (items.count + 1) * sizeof(GiHashedKey)), 0, false};
    bool good = out->items != NULL;
    for (size_t i = 0; i < items.count && good; i++) {
        int64_t hash = gi_key_hash(ts, gi_val(items.items[i]));
        good = hash != -1;
        if (good) out->items[out->count++] = (GiHashedKey){hash, gi_dup(ts, gi_val(items.items[i]))};
    }
    gi_items_drop(ts, &items);
    if (good) return GI_OK;
    if (out->items != NULL) gi_hashed_keys_drop(ts, out);
    return GI_FAIL;
}

void gi_hashed_keys_drop(GiThread *ts, GiHashedKeys *keys) {
    for (size_t i = 0; i < keys->count; i++) gi_drop(ts, keys->items[i].key);
    gi_mem_free(keys->items);
}

GiRef gi_set_list(GiThread *ts, GiVal set) {
    GiHashedKeys keys;
    if (keys_of_set(ts, set, &keys)) return GI_NULL;
    GiRef list = gi_list_new(ts, keys.count);
    for (size_t i = 0; i < keys.count && !gi_is_null(list); i++) {
        if (gi_list_append(ts, gi_val(list), gi_dup(ts, gi_val(keys.items[i].key))) == GI_OK) continue;
        gi_drop(ts, list);
        list = GI_NULL;
    }
    gi_hashed_keys_drop(ts, &keys);
    return list;
}

/* From *at on until a key is met that takes Python code (then *at is less than the count). */
static GiStatus change_natively(GiThread *ts, GiVal set, const GiHashedKeys *keys, GiSetChange change, size_t *at) {
    GiSet *s = gi_set_of(set);
    GiRef *old = gi_mem_alloc(ts, (keys->count - *at + 1) * sizeof(GiRef));
    if (old == NULL) return GI_FAIL;
    size_t dropped = 0, i = *at;
    GiStatus status = GI_OK;
    gi_lock_obj(ts, set);
    begin_bulk(s);
    size_t least = s->cells == NULL ? SMALLEST - 1 : s->mask;
    if (change == GI_SET_ADD && keys->distinct && i == 0 && (s->filled + keys->count) * 5 >= least * 3)
        status = gi_set_reserve_locked(ts, s, s->used + keys->count);
    for (; i < keys->count && status == GI_OK; i++) {
        gi_point();
        const GiHashedKey *k = &keys->items[i];
        ssize_t cell = find_native_locked(ts, s, gi_val(k->key), k->hash);
        if (cell == GI_SET_UNSURE) break;
        if (cell >= 0) {
            if (change != GI_SET_ADD) old[dropped++] = gi_set_delete_locked(s, (size_t)cell);
        } else if (change != GI_SET_REMOVE) {
            status = gi_set_insert_locked(ts, s, gi_dup(ts, gi_val(k->key)), k->hash);
            if (status) old[dropped++] = (GiRef){k->key.bits};
        }
    }
    end_bulk(s);
    gi_unlock_obj(ts, set);
    gi_drop_all(ts, old, dropped);
    gi_mem_free(old);
    *at = i;
    return status;
}

GiStatus gi_set_change_free(GiThread *ts, GiVal set, const GiHashedKeys *keys, GiSetChange change) {
    for (size_t i = 0; i < keys->count; i++) {
        if (change_natively(ts, set, keys, change, &i)) return GI_FAIL;
        if (i == keys->count) break;
        GiVal key = gi_val(keys->items[i].key);
        bool found = false;
        if (change != GI_SET_ADD && gi_set_discard_hashed(ts, set, key, keys->items[i].hash, &found)) return GI_FAIL;
        if (change != GI_SET_REMOVE && !found && gi_set_add_hashed(ts, set, key, keys->items[i].hash)) return GI_FAIL;
    }
    return GI_OK;
}

GiStatus gi_set_retain_free(GiThread *ts, GiVal set, GiVal other, bool *done) {
    GiSet *s = gi_set_of(set), *in = gi_set_of(other);
    size_t room = gi_load_relaxed(&s->used) + 16, taken = 0;
    GiRef *old = gi_mem_alloc(ts, room * sizeof(GiRef));
    if (old == NULL) return GI_FAIL;
    *done = true;
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(set), GI_OBJ_LOCK(other));
    if (s->used > room || s->cells == NULL) *done = s->cells == NULL;
    for (size_t i = 0; *done && s->cells != NULL && i <= s->mask; i++) { /* can all of them be decided? */
        const GiSetCell *c = &s->cells[i];
        *done = gi_is_null(c->key) || find_native_locked(ts, in, gi_val(c->key), c->hash) != GI_SET_UNSURE;
    }
    begin_bulk(s);
    for (size_t i = 0; *done && s->cells != NULL && i <= s->mask; i++) {
        const GiSetCell *c = &s->cells[i];
        if (!gi_is_null(c->key) && find_native_locked(ts, in, gi_val(c->key), c->hash) < 0)
            old[taken++] = gi_set_delete_locked(s, i);
    }
    end_bulk(s);
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(set), GI_OBJ_LOCK(other));
    gi_drop_all(ts, old, taken);
    gi_mem_free(old);
    return GI_OK;
}

int gi_set_within_free(GiThread *ts, GiVal x, GiVal y, size_t *m, size_t *n) {
    const GiSet *a = gi_set_of(x), *b = gi_set_of(y);
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
    *m = a->used, *n = b->used;
    int within = *m <= *n;
    for (size_t i = 0; within == 1 && a->cells != NULL && i <= a->mask; i++) {
        if (gi_is_null(a->cells[i].key)) continue;
        ssize_t cell = find_native_locked(ts, b, gi_val(a->cells[i].key), a->cells[i].hash);
        if (cell < 0) within = cell == GI_SET_UNSURE ? -1 : 0;
    }
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(x), GI_OBJ_LOCK(y));
    return within;
}

GiStatus gi_set_filter_free(GiThread *ts, GiVal from, GiVal in, bool present, GiVal out, bool *done) {
    const GiSet *a = gi_set_of(from);
    GiRef left = GI_NULL;
    *done = true;
    gi_bytelock_lock2(&ts->core, GI_OBJ_LOCK(from), GI_OBJ_LOCK(in));
    for (size_t i = 0; gi_is_null(left) && *done && a->cells != NULL && i <= a->mask; i++) {
        const GiSetCell *c = &a->cells[i];
        if (gi_is_null(c->key)) continue;
        ssize_t cell = find_native_locked(ts, gi_set_of(in), gi_val(c->key), c->hash);
        if (cell == GI_SET_UNSURE) *done = false;
        if (cell == GI_SET_UNSURE || (cell >= 0) != present) continue;
        GiRef key = gi_dup(ts, gi_val(c->key));
        if (gi_set_insert_locked(ts, gi_set_of(out), key, c->hash)) left = key;
    }
    gi_bytelock_unlock2(&ts->core, GI_OBJ_LOCK(from), GI_OBJ_LOCK(in));
    if (gi_is_null(left)) return GI_OK;
    gi_drop(ts, left);
    return GI_FAIL;
}
