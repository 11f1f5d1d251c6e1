/* dict_table.c - the hash table inside a dict; see dict_table.h. */
#include "objects/dict_table.h"

/* The index of dicts without storage: one empty cell. */
static const int8_t empty_index[8] = {-1, -1, -1, -1, -1, -1, -1, -1};

#define usable_cells gi_dict_usable
static inline size_t cell_size(unsigned log2) {
    return log2 <= 7 ? 1 : log2 <= 15 ? 2 : log2 <= 31 ? 4 : 8;
}

static inline void cell_store(GiDict *d, size_t i, ssize_t value) {
    if (d->index_log2 <= 7) gi_store_rel((int8_t *)d->index + i, (int8_t)value);
    else if (d->index_log2 <= 15) gi_store_rel((int16_t *)d->index + i, (int16_t)value);
    else if (d->index_log2 <= 31) gi_store_rel((int32_t *)d->index + i, (int32_t)value);
    else gi_store_rel((int64_t *)d->index + i, (int64_t)value);
}

/* In `table` while a new block takes the old one's place, with another number of entries. */
#define MOVING 1

/* Shows the table to readers without the lock. */
static inline void publish(GiDict *d) {
    gi_store_rel(&d->table, (uint64_t)(uintptr_t)d->entries | (uint64_t)d->index_log2 << GI_DICT_LOG2_SHIFT);
}

static inline void changed(GiDict *d) {
    gi_store_rel(&d->mutations, d->mutations + 1);
    __atomic_store_n(&d->keys_version, 0, __ATOMIC_RELAXED);
}

void gi_dict_table_init(GiDict *d) {
    d->index = (void *)(uintptr_t)empty_index;
    d->str_keys = true;
}

/* ---- Finding ---- */

static inline bool str_key_matches(const GiDictEntry *e, GiVal key, int64_t hash) {
    return e->key.bits == key.bits ||
           (e->hash == hash && !gi_is_null(e->key) && gi_str_equal(gi_val(e->key), key));
}

ssize_t gi_dict_find_str(const GiDict *d, GiVal key, int64_t hash) {
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(hash, mask);
    if (GI_LIKELY(d->index_log2 <= 7)) {
        const int8_t *index = d->index;
        for (;; gi_dict_probe_next(&p, mask)) {
            ssize_t i = index[p.cell];
            if (i >= 0) {
                if (str_key_matches(&d->entries[i], key, hash)) return i;
            } else if (i == GI_DICT_EMPTY) {
                return GI_DICT_ABSENT;
            }
        }
    }
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = gi_dict_cell(d, p.cell);
        if (i >= 0) {
            if (str_key_matches(&d->entries[i], key, hash)) return i;
        } else if (i == GI_DICT_EMPTY) {
            return GI_DICT_ABSENT;
        }
    }
}

static ssize_t find_general(GiThread *ts, GiVal dict, GiVal key, int64_t hash) {
    GiDict *d = gi_dict_of(dict);
    bool small = gi_is_smallint(key), text = gi_is_str_exact(key);
    unsigned restarts = 0;
restart:;
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(hash, mask);
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = gi_dict_cell(d, p.cell);
        if (i == GI_DICT_EMPTY) return GI_DICT_ABSENT;
        if (i < 0) continue;
        GiDictEntry *e = &d->entries[i];
        if (e->key.bits == key.bits) return i;
        if (e->hash != hash || gi_is_null(e->key)) continue;
        GiVal k = gi_val(e->key);
        if (small && gi_is_smallint(k)) continue;
        if (text && gi_is_str_exact(k)) {
            if (gi_str_equal(k, key)) return i;
            continue;
        }
        /* The comparison may run code that changes the dict. */
        GiDictEntry *entries = d->entries;
        size_t old_mask = mask;
        uint32_t mutations = d->mutations;
        GiRef candidate = gi_dup(ts, k);
        gi_unlock_obj(ts, dict);
        GiTruth eq = gi_equal(ts, gi_val(candidate), key);
        gi_lock_obj(ts, dict);
        bool there = d->entries == entries && GI_DICT_MASK(d) == old_mask && (size_t)i < d->entry_count &&
                     d->entries[i].key.bits == candidate.bits;
        /* If the key is gone this may be its last reference; until here its address was its own. */
        if (GI_UNLIKELY(!there)) gi_unlock_obj(ts, dict);
        gi_drop(ts, candidate);
        if (GI_UNLIKELY(!there)) gi_lock_obj(ts, dict);
        if (eq.value < 0) return GI_DICT_FAILED;
        if (!there) goto restart;
        if (eq.value) return i;
        /* Another thread may have put the key into a cell that was passed. (A comparison that changes
         * the dict each time is not to keep us for ever.) */
        if (GI_UNLIKELY(d->mutations != mutations && ts->core.free_running && restarts++ < 64)) goto restart;
    }
}

/* A small int: its own word is the key, unless an equal key of another kind stands there. */
static inline ssize_t find_small(GiThread *ts, GiVal dict, GiVal key, int64_t hash) {
    const GiDict *d = gi_dict_of(dict);
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(hash, mask);
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = gi_dict_cell(d, p.cell);
        if (i == GI_DICT_EMPTY) return GI_DICT_ABSENT;
        if (i < 0) continue;
        const GiDictEntry *e = &d->entries[i];
        if (GI_LIKELY(e->key.bits == key.bits)) return i;
        if (GI_UNLIKELY(e->hash == hash && !gi_is_smallint(e->key))) return find_general(ts, dict, key, hash);
    }
}

ssize_t gi_dict_find_locked(GiThread *ts, GiVal dict, GiVal key, int64_t hash) {
    GiDict *d = gi_dict_of(dict);
    if (GI_LIKELY(d->str_keys)) {
        if (GI_LIKELY(gi_is_str_exact(key))) return gi_dict_find_str(d, key, hash);
        if (!gi_is_heap(key)) return GI_DICT_ABSENT;
    }
    if (gi_is_smallint(key)) return find_small(ts, dict, key, hash);
    return find_general(ts, dict, key, hash);
}

/* True when the two decide without Python code; *same then tells. They are not one word. */
static inline bool natively(GiThread *ts, GiVal k, GiVal key, bool *same) {
    if (gi_is_smallint(k) && gi_is_smallint(key)) {
        *same = false;
        return true;
    }
    if (gi_is_str_exact(k) && gi_is_str_exact(key)) {
        *same = gi_str_equal(k, key);
        return true;
    }
    if (!gi_is_plain(k) || !gi_is_plain(key)) return false;
    *same = gi_equal(ts, k, key).value > 0;
    return true;
}

ssize_t gi_dict_find_native_locked(GiThread *ts, const GiDict *d, GiVal key, int64_t hash) {
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(hash, mask);
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = gi_dict_cell(d, p.cell);
        if (i == GI_DICT_EMPTY) return GI_DICT_ABSENT;
        if (i < 0) continue;
        const GiDictEntry *e = &d->entries[i];
        if (e->key.bits == key.bits) return i;
        if (e->hash != hash || gi_is_null(e->key)) continue;
        bool same;
        if (!natively(ts, gi_val(e->key), key, &same)) return GI_DICT_UNSURE;
        if (same) return i;
    }
}

/* ---- Reading without the lock ---- */

static inline ssize_t cell_load(const void *index, unsigned log2, size_t i) {
    if (GI_LIKELY(log2 <= 7)) return gi_load_acq((const int8_t *)index + i);
    if (log2 <= 15) return gi_load_acq((const int16_t *)index + i);
    if (log2 <= 31) return gi_load_acq((const int32_t *)index + i);
    return (ssize_t)gi_load_acq((const int64_t *)index + i);
}

static inline const GiDictEntry *table_entries(uint64_t table) {
    return (const GiDictEntry *)(uintptr_t)(table & (((uint64_t)1 << GI_DICT_LOG2_SHIFT) - 1));
}

/* Nothing has happened since `table` and `mutations` were read that could have put another key's
 * value beside this key: that takes four changes, of which the third is seen at the latest. */
static inline bool still(const GiDict *d, uint64_t table, uint32_t mutations) {
    return gi_load_acq(&d->table) == table && gi_load_acq(&d->mutations) - mutations < 3;
}

/* One probing. UNSURE: something moved, or needs Python code (*final is then set). */
static int probe_free(GiThread *ts, const GiDict *d, GiVal key, int64_t hash, GiRef *value, bool *final) {
    uint32_t mutations = gi_load_acq(&d->mutations);
    uint64_t table = gi_load_acq(&d->table);
    gi_point();
    if (table == 0) return GI_DICT_ABSENT;
    if (GI_UNLIKELY(table == MOVING)) return GI_DICT_UNSURE;
    unsigned log2 = (unsigned)(table >> GI_DICT_LOG2_SHIFT);
    const GiDictEntry *entries = table_entries(table);
    const void *index = entries + gi_dict_usable(log2);
    size_t mask = ((size_t)1 << log2) - 1;
    GiDictProbe p = gi_dict_probe(hash, mask);
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = cell_load(index, log2, p.cell);
        if (i == GI_DICT_EMPTY) return gi_load_acq(&d->table) == table ? GI_DICT_ABSENT : GI_DICT_UNSURE;
        if (i < 0) continue;
        const GiDictEntry *e = &entries[i];
        GiVal k = {gi_load_acq(&e->key.bits)};
        gi_point();
        if (GI_UNLIKELY(gi_is_null(k))) return GI_DICT_UNSURE; /* taken out, or moved */
        if (k.bits != key.bits) {
            if (gi_load_relaxed(&e->hash) != hash || (gi_is_smallint(k) && gi_is_smallint(key))) continue;
            GiRef other;
            bool same = false, known = gi_slot_try(ts, &e->key, &other);
            if (!known) return GI_DICT_UNSURE;
            known = !gi_is_null(other) && natively(ts, gi_val(other), key, &same);
            if (!known) *final = true;
            /* With the table as it was the dict has the key still, and this is not its last reference. */
            bool moved = !still(d, table, mutations);
            gi_xdrop(ts, other);
            if (!known || moved) return GI_DICT_UNSURE;
            if (!same) continue;
        }
        if (value == NULL) return still(d, table, mutations) ? GI_DICT_FOUND : GI_DICT_UNSURE;
        if (!gi_slot_try(ts, &e->value, value)) return GI_DICT_UNSURE;
        if (GI_LIKELY(!gi_is_null(*value) && gi_load_acq(&e->key.bits) == k.bits && still(d, table, mutations)))
            return GI_DICT_FOUND;
        gi_xdrop(ts, *value);
        return GI_DICT_UNSURE;
    }
}

int gi_dict_find_free(GiThread *ts, const GiDict *d, GiVal key, int64_t hash, GiRef *value) {
    bool final = false;
    for (int tries = 0; tries < 3 && !final; tries++) {
        int result = probe_free(ts, d, key, hash, value, &final);
        if (result != GI_DICT_UNSURE) return result;
    }
    return GI_DICT_UNSURE;
}

int gi_dict_entry_free(GiThread *ts, const GiDict *d, size_t index, GiVal name, GiRef *value) {
    *value = GI_NULL;
    uint32_t mutations = gi_load_acq(&d->mutations);
    uint64_t table = gi_load_acq(&d->table);
    size_t n = gi_load_acq(&d->entry_count);
    if (GI_UNLIKELY(table == MOVING || gi_load_acq(&d->table) != table)) return GI_DICT_UNSURE;
    if (table == 0 || index >= n) return GI_DICT_ABSENT;
    const GiDictEntry *e = &table_entries(table)[index];
    if (gi_load_acq(&e->key.bits) != name.bits) return GI_DICT_ABSENT;
    gi_point();
    GiRef v;
    if (!gi_slot_try(ts, &e->value, &v)) return GI_DICT_UNSURE;
    if (GI_LIKELY(gi_load_acq(&e->key.bits) == name.bits && still(d, table, mutations))) {
        *value = v;
        return GI_DICT_FOUND;
    }
    gi_xdrop(ts, v);
    return GI_DICT_UNSURE;
}

int gi_dict_step_free(GiThread *ts, const GiDict *d, size_t *pos, int64_t *hash, GiRef *key, GiRef *value) {
    uint32_t mutations = gi_load_acq(&d->mutations);
    uint64_t table = gi_load_acq(&d->table);
    size_t n = gi_load_acq(&d->entry_count), i = GI_MAX(*pos, gi_load_relaxed(&d->first));
    if (table == MOVING || gi_load_acq(&d->table) != table) return GI_DICT_UNSURE;
    const GiDictEntry *entries = table_entries(table);
    if (table == 0) n = 0;
    while (i < n && gi_load_relaxed(&entries[i].key.bits) == 0) i++;
    gi_point();
    GiRef k = GI_NULL, v = GI_NULL;
    bool good = true;
    if (i < n) {
        if (key != NULL) good = gi_slot_try(ts, &entries[i].key, &k);
        if (good && value != NULL && !gi_slot_try(ts, &entries[i].value, &v)) good = false, v = GI_NULL;
        else if (!good) k = GI_NULL;
        if (good && hash != NULL) *hash = gi_load_relaxed(&entries[i].hash);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
    }
    if (GI_UNLIKELY(!good || gi_load_acq(&d->table) != table || gi_load_acq(&d->mutations) != mutations)) {
        gi_xdrop(ts, k);
        gi_xdrop(ts, v);
        return GI_DICT_UNSURE;
    }
    *pos = i + 1;
    if (i >= n) return GI_DICT_ABSENT;
    if (key != NULL) *key = k;
    if (value != NULL) *value = v;
    return GI_DICT_FOUND;
}

/* ---- Changing ---- */

static void index_entry(GiDict *d, size_t entry, int64_t hash) {
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(hash, mask);
    for (;; gi_dict_probe_next(&p, mask)) {
        ssize_t i = gi_dict_cell(d, p.cell);
        if (i >= 0) continue;
        cell_store(d, p.cell, (ssize_t)entry);
        if (i == GI_DICT_EMPTY) d->filled++;
        return;
    }
}

/* A new block with room for `count` entries behind a gap, filled with the live entries. */
static GiStatus rebuild(GiThread *ts, GiDict *d, size_t count, size_t gap) {
    unsigned log2 = 3;
    if (count > SIZE_MAX / 128 - gap) {
        gi_raise_nomem(ts);
        return GI_FAIL;
    }
    while (usable_cells(log2) < count + gap) log2++;
    size_t capacity = usable_cells(log2), cells = ((size_t)1 << log2) * cell_size(log2);
    GiDictEntry *entries = gi_mem_alloc(ts, capacity * sizeof(GiDictEntry) + cells);
    if (entries == NULL) return GI_FAIL;
    size_t n = gap;
    if (gap) memset(entries, 0, gap * sizeof(GiDictEntry));
    if (d->used == d->entry_count) {
        if (d->used) memcpy(entries + n, d->entries, d->used * sizeof(GiDictEntry));
        n += d->used;
    } else {
        for (size_t i = d->first; i < d->entry_count; i++)
            if (!gi_is_null(d->entries[i].key)) entries[n++] = d->entries[i];
    }
    GiDictEntry *old = d->entries;
    void *index = entries + capacity;
    memset(index, 0xFF, cells);
    d->index = index;
    d->entries = entries;
    d->index_log2 = (uint8_t)log2;
    d->entry_capacity = capacity;
    __atomic_store_n(&d->first, gap, __ATOMIC_RELAXED);
    d->filled = 0;
    changed(d);
    for (size_t i = gap; i < n; i++) index_entry(d, i, entries[i].hash);
    gi_store_rel(&d->table, MOVING);
    gi_store_rel(&d->entry_count, n);
    publish(d);
    gi_mem_retire(ts, old);
    return GI_OK;
}

GiStatus gi_dict_reserve_locked(GiThread *ts, GiDict *d, size_t count) {
    if (count <= d->used || count - d->used <= d->entry_capacity - GI_MAX(d->entry_count, d->filled))
        return GI_OK;
    return rebuild(ts, d, count, 0);
}

static inline void fill_entry(GiDictEntry *e, GiRef key, int64_t hash, GiRef value) {
    __atomic_store_n(&e->hash, hash, __ATOMIC_RELAXED);
    gi_slot_publish(&e->value, value);
    gi_slot_publish(&e->key, key);
}

static inline void now_used(GiDict *d, size_t used) { __atomic_store_n(&d->used, used, __ATOMIC_RELAXED); }

GiStatus gi_dict_insert_locked(GiThread *ts, GiDict *d, GiRef key, int64_t hash, GiRef value) {
    if (GI_UNLIKELY(d->entry_count >= d->entry_capacity || d->filled >= d->entry_capacity)) {
        if (d->used == 0 && d->entries != NULL && d->index_log2 <= 7 && !ts->core.free_running) {
            /* small: start afresh */
            memset(d->index, 0xFF, (size_t)1 << d->index_log2);
            d->filled = d->first = d->entry_count = 0;
            d->str_keys = true;
        } else if (rebuild(ts, d, GI_MAX(d->used * 2, 1), 0)) return GI_FAIL;
    }
    size_t n = d->entry_count;
    fill_entry(&d->entries[n], key, hash, value);
    gi_point();
    gi_store_rel(&d->entry_count, n + 1);
    now_used(d, d->used + 1);
    if (d->str_keys && !gi_is_str_exact(key)) d->str_keys = false;
    changed(d);
    index_entry(d, n, hash);
    return GI_OK;
}

/* Room for those of s that are not there yet. */
static GiStatus reserve_for(GiThread *ts, GiDict *d, const GiDictSnapshot *s, size_t at) {
    size_t fresh = s->count - at;
    if (fresh <= d->entry_capacity - GI_MAX(d->entry_count, d->filled)) return GI_OK;
    for (size_t i = at; d->entries != NULL && i < s->count; i++)
        fresh -= gi_dict_find_native_locked(ts, d, gi_val(s->items[i].key), s->items[i].hash) >= 0;
    return gi_dict_reserve_locked(ts, d, d->used + fresh);
}

/* Readers find the table to be moving until all is there, and ask for the lock. */
GiStatus gi_dict_merge_locked(GiThread *ts, GiDict *d, const GiDictSnapshot *s, int override, size_t *at, GiRef *old,
                              size_t *dropped) {
    if (s->count == *at) return GI_OK;
    if (reserve_for(ts, d, s, *at)) return GI_FAIL;
    size_t n = d->entry_count, used = d->used, i = *at;
    gi_store_rel(&d->table, MOVING);
    for (; i < s->count; i++) {
        const GiDictCopied *c = &s->items[i];
        ssize_t entry = gi_dict_find_native_locked(ts, d, gi_val(c->key), c->hash);
        if (entry == GI_DICT_UNSURE || (entry >= 0 && override == 2)) break;
        gi_point();
        if (entry < 0) {
            fill_entry(&d->entries[n], gi_dup(ts, gi_val(c->key)), c->hash, gi_xdup(ts, gi_val(c->value)));
            if (d->str_keys && !gi_is_str_exact(c->key)) d->str_keys = false;
            index_entry(d, n++, c->hash);
            used++;
        } else if (override != 0) {
            GiSlot *value = &d->entries[entry].value;
            gi_dict_value_goes(d, gi_val(*value));
            old[(*dropped)++] = (GiRef){value->bits};
            gi_slot_publish(value, gi_xdup(ts, gi_val(c->value)));
        }
    }
    gi_store_rel(&d->entry_count, n);
    if (used != d->used) changed(d);
    now_used(d, used);
    publish(d);
    *at = i;
    return GI_OK;
}

GiStatus gi_dict_room_locked(GiThread *ts, GiDict *d, bool last, size_t *entry) {
    if (d->filled < d->entry_capacity && (last ? d->entry_count < d->entry_capacity : d->first > 0)) return GI_OK;
    size_t before = 0, gap = last ? 0 : d->used / 2 + 2;
    for (size_t i = d->first; i < *entry; i++) before += !gi_is_null(d->entries[i].key);
    if (rebuild(ts, d, last ? d->used * 2 : d->used + gap, gap)) return GI_FAIL;
    *entry = gap + before;
    return GI_OK;
}

GiStatus gi_dict_insert_first_locked(GiThread *ts, GiDict *d, GiRef key, int64_t hash, GiRef value) {
    if (d->used == 0) return gi_dict_insert_locked(ts, d, key, hash, value);
    if (d->first == 0 || d->filled >= d->entry_capacity) {
        if (rebuild(ts, d, d->used + d->used / 2 + 2, d->used / 2 + 2)) return GI_FAIL;
    }
    size_t n = d->first - 1;
    fill_entry(&d->entries[n], key, hash, value);
    __atomic_store_n(&d->first, n, __ATOMIC_RELAXED);
    now_used(d, d->used + 1);
    if (d->str_keys && !gi_is_str_exact(key)) d->str_keys = false;
    changed(d);
    index_entry(d, n, hash);
    return GI_OK;
}

void gi_dict_delete_locked(GiDict *d, size_t entry, GiRef *key, GiRef *value) {
    GiDictEntry *e = &d->entries[entry];
    size_t mask = GI_DICT_MASK(d);
    GiDictProbe p = gi_dict_probe(e->hash, mask);
    while (gi_dict_cell(d, p.cell) != (ssize_t)entry) gi_dict_probe_next(&p, mask);
    gi_dict_value_goes(d, GI_NOVAL);
    cell_store(d, p.cell, GI_DICT_DELETED);
    *key = gi_slot_withdraw(&e->key);
    *value = gi_slot_withdraw(&e->value);
    now_used(d, d->used - 1);
    changed(d);
    /* PYSEM: entry numbers are not used again, so that an iterator meets what was put in after it
     * took out (tests/diff/containers_errors.py). */
    size_t first = d->first;
    while (first < d->entry_count && gi_is_null(d->entries[first].key)) first++;
    __atomic_store_n(&d->first, first, __ATOMIC_RELAXED);
}

void gi_dict_trim_locked(GiDict *d) {
    size_t n = d->entry_count;
    while (n > d->first && gi_is_null(d->entries[n - 1].key)) n--;
    gi_store_rel(&d->entry_count, n);
}

void gi_dict_move_locked(GiDict *d, size_t entry, bool last) {
    GiDictEntry *from = &d->entries[entry];
    size_t mask = GI_DICT_MASK(d), n = last ? d->entry_count : d->first - 1;
    GI_ASSERT(last ? n < d->entry_capacity : d->first > 0);
    /* Readers find the one or the other. */
    fill_entry(&d->entries[n], (GiRef){from->key.bits}, from->hash, (GiRef){from->value.bits});
    if (last) gi_store_rel(&d->entry_count, n + 1);
    else __atomic_store_n(&d->first, n, __ATOMIC_RELAXED);
    GiDictProbe p = gi_dict_probe(from->hash, mask);
    while (gi_dict_cell(d, p.cell) != (ssize_t)entry) gi_dict_probe_next(&p, mask);
    cell_store(d, p.cell, (ssize_t)n);
    gi_slot_withdraw(&from->key);
    gi_slot_withdraw(&from->value);
    changed(d);
    size_t first = d->first;
    while (first < d->entry_count && gi_is_null(d->entries[first].key)) first++;
    __atomic_store_n(&d->first, first, __ATOMIC_RELAXED);
}

GiStatus gi_dict_clone_locked(GiThread *ts, GiDict *to, const GiDict *from) {
    if (from->used == 0) return GI_OK;
    to->str_keys = from->str_keys;
    if (from->used == from->entry_count && from->used * 4 >= from->entry_capacity) {
        size_t size = from->entry_capacity * sizeof(GiDictEntry) +
                      ((size_t)1 << from->index_log2) * cell_size(from->index_log2);
        GiDictEntry *entries = gi_mem_alloc(ts, size);
        if (entries == NULL) return GI_FAIL;
        memcpy(entries, from->entries, from->entry_count * sizeof(GiDictEntry));
        void *index = entries + from->entry_capacity;
        memcpy(index, from->index, ((size_t)1 << from->index_log2) * cell_size(from->index_log2));
        to->entries = entries;
        to->index = index;
        to->index_log2 = from->index_log2;
        to->entry_capacity = from->entry_capacity;
        gi_store_rel(&to->entry_count, from->entry_count);
        to->filled = from->filled;
    } else {
        if (rebuild(ts, to, from->used, 0)) return GI_FAIL;
        gi_store_rel(&to->table, MOVING);
        for (size_t i = from->first; i < from->entry_count; i++) {
            if (gi_is_null(from->entries[i].key)) continue;
            size_t n = to->entry_count;
            to->entries[n] = from->entries[i];
            gi_store_rel(&to->entry_count, n + 1);
            index_entry(to, n, from->entries[i].hash);
        }
    }
    for (size_t i = 0; i < to->entry_count; i++) {
        gi_dup(ts, gi_val(to->entries[i].key));
        gi_xdup(ts, gi_val(to->entries[i].value));
    }
    now_used(to, from->used);
    changed(to);
    publish(to);
    return GI_OK;
}
