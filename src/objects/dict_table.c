/* dict_table.c - the hash table inside a dict; see dict_table.h. */
#include "objects/dict_table.h"

/* The index of dicts without storage: one empty cell. */
static const int8_t empty_index[8] = {-1, -1, -1, -1, -1, -1, -1, -1};

static inline size_t usable_cells(unsigned log2) { return ((size_t)2 << log2) / 3; }
static inline size_t cell_size(unsigned log2) {
    return log2 <= 7 ? 1 : log2 <= 15 ? 2 : log2 <= 31 ? 4 : 8;
}

static inline void cell_store(GiDict *d, size_t i, ssize_t value) {
    if (d->index_log2 <= 7) ((int8_t *)d->index)[i] = (int8_t)value;
    else if (d->index_log2 <= 15) ((int16_t *)d->index)[i] = (int16_t)value;
    else if (d->index_log2 <= 31) ((int32_t *)d->index)[i] = (int32_t)value;
    else ((int64_t *)d->index)[i] = (int64_t)value;
}

static inline void changed(GiDict *d) {
    d->mutations++;
    d->keys_version = 0;
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
    d->entry_count = n;
    d->first = gap;
    d->filled = 0;
    changed(d);
    for (size_t i = gap; i < n; i++) index_entry(d, i, entries[i].hash);
    gi_mem_retire(ts, old);
    return GI_OK;
}

GiStatus gi_dict_reserve_locked(GiThread *ts, GiDict *d, size_t count) {
    if (count <= d->used || count - d->used <= d->entry_capacity - GI_MAX(d->entry_count, d->filled))
        return GI_OK;
    return rebuild(ts, d, count, 0);
}

GiStatus gi_dict_insert_locked(GiThread *ts, GiDict *d, GiRef key, int64_t hash, GiRef value) {
    if (GI_UNLIKELY(d->entry_count >= d->entry_capacity || d->filled >= d->entry_capacity)) {
        if (d->used == 0 && d->entries != NULL && d->index_log2 <= 7) { /* small: start afresh */
            memset(d->index, 0xFF, (size_t)1 << d->index_log2);
            d->filled = d->first = d->entry_count = 0;
            d->str_keys = true;
        } else if (rebuild(ts, d, GI_MAX(d->used * 2, 1), 0)) return GI_FAIL;
    }
    size_t n = d->entry_count;
    GiDictEntry *e = &d->entries[n];
    e->hash = hash;
    gi_slot_init(&e->key, key);
    gi_slot_init(&e->value, value);
    d->entry_count = n + 1;
    d->used++;
    if (d->str_keys && !gi_is_str_exact(key)) d->str_keys = false;
    changed(d);
    index_entry(d, n, hash);
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
    d->entries[n].hash = hash;
    gi_slot_init(&d->entries[n].key, key);
    gi_slot_init(&d->entries[n].value, value);
    d->first = n;
    d->used++;
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
    cell_store(d, p.cell, GI_DICT_DELETED);
    *key = gi_slot_take(&e->key);
    *value = gi_slot_take(&e->value);
    d->used--;
    changed(d);
    /* PYSEM: entry numbers are not used again, so that an iterator meets what was put in after it
     * took out (tests/diff/containers_errors.py). */
    while (d->first < d->entry_count && gi_is_null(d->entries[d->first].key)) d->first++;
}

void gi_dict_trim_locked(GiDict *d) {
    while (d->entry_count > d->first && gi_is_null(d->entries[d->entry_count - 1].key))
        d->entry_count--;
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
        to->entry_count = from->entry_count;
        to->filled = from->filled;
    } else {
        if (rebuild(ts, to, from->used, 0)) return GI_FAIL;
        for (size_t i = from->first; i < from->entry_count; i++) {
            if (gi_is_null(from->entries[i].key)) continue;
            to->entries[to->entry_count] = from->entries[i];
            index_entry(to, to->entry_count++, from->entries[i].hash);
        }
    }
    to->used = from->used;
    changed(to);
    for (size_t i = 0; i < to->entry_count; i++) {
        gi_dup(ts, gi_val(to->entries[i].key));
        gi_xdup(ts, gi_val(to->entries[i].value));
    }
    return GI_OK;
}
