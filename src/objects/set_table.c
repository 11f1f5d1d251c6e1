/* set_table.c - the hash table of sets; see set_table.h. */
#include "objects/set_table.h"

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
    }
}

static void place(GiSet *s, GiSetCell item) {
    EACH_PROBE(p, item.hash, s->mask) {
        GiSetCell *c = &s->cells[p.at];
        if (!gi_is_null(c->key)) continue;
        if (is_empty(c)) s->filled++; /* else a cell marked deleted serves again */
        *c = item;
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
    s->mutations++;
    for (size_t i = 0; i < old_count; i++)
        if (!gi_is_null(old[i].key)) place(s, old[i]);
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
    s->used++;
    s->mutations++;
    /* Growing afterwards may fail without harm, as long as a cell is empty. */
    if (s->filled * 5 >= s->mask * 3 && resize(ts, s, s->used > 50000 ? s->used * 2 : s->used * 4))
        gi_exc_clear(ts);
    return GI_OK;
}

GiRef gi_set_delete_locked(GiSet *s, size_t cell) {
    GiRef key = gi_slot_take(&s->cells[cell].key);
    s->cells[cell].hash = -1;
    s->used--;
    s->mutations++;
    return key;
}

GiStatus gi_set_clone_locked(GiThread *ts, GiSet *to, const GiSet *from) {
    if (from->used == 0) return GI_OK;
    /* The size that adding the items one by one to a fresh table of enough room gives. */
    if (resize(ts, to, from->used * 5 >= (SMALLEST - 1) * 3 ? from->used * 2 : 0)) return GI_FAIL;
    if (to->mask == from->mask && from->filled == from->used) {
        memcpy(to->cells, from->cells, (from->mask + 1) * sizeof(GiSetCell));
        to->filled = from->filled;
    } else {
        for (size_t i = 0; i <= from->mask; i++)
            if (!gi_is_null(from->cells[i].key)) place(to, from->cells[i]);
    }
    to->used = from->used;
    for (size_t i = 0; i <= to->mask; i++) gi_xdup(ts, gi_val(to->cells[i].key));
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
    s->used = s->filled = s->finger = 0;
    s->mutations++;
    gi_unlock_obj(ts, set);
    for (size_t i = 0; i < n; i++) gi_xdrop(ts, (GiRef){cells[i].key.bits});
    gi_mem_retire(ts, cells);
}
