/* _random.c - random.Random's generator: a Mersenne Twister.
 *
 * Under the GIL, and for the only thread that draws, a draw is a step of the generator and nothing else.
 * Without the GIL `who` says how a generator is drawn from. INVARIANT: each word of the stream is given to
 * one draw only, and draws that are ordered one after the other get its words in order, whoever makes them:
 *
 *   nobody    none has drawn yet: the first one to do so becomes its owner
 *   a thread  its owner draws without a lock. Another thread that draws stops the world to end that, which
 *             finds the generator whole, since there is no safepoint within a draw
 *   the lock  whoever has the object's byte lock draws. One thread that draws OWN_AFTER times in a row
 *             becomes the owner
 *   a key     draws have overlapped OVERLAPS times, so nobody can tell their order: threads take what is left of
 *             a block, and up to seven more, with the lock (a lease, good while `who` is its key) and draw from
 *             that without it. Making a block needs the whole one before, which another processor has made:
 *             with many at a time those lines move seldom.
 *             One thread that takes ALONE_AFTER leases in a row ends it
 *
 * seed(), setstate() and getstate() have the generator for themselves and void all leases, so that what is
 * drawn after them is what follows that state.
 * LOCK: the object's byte lock guards everything but `who` in the last two states; `who` changes with the
 * lock held, in a stopped world, or by a swap from "nobody".
 * PYSEM: the same seeds give the same numbers as CPython (tests/diff/random_numbers.py); what threads get,
 * tests/threads/free_random.py.
 */
#include "modules/module.h"

#include "base/mt19937.h"
#include "memory/extra.h"
#include "os/process.h"

#include <limits.h>
#include <stdlib.h>

typedef struct GiRandom {
    GiObj obj;
    _Atomic uint64_t who; /* WHO_NOBODY, WHO_LOCK, or with these low bits a thread's serial or a key */
    uint64_t last;        /* serial of who drew or took a lease last, `streak` times in a row */
    uint32_t streak;
    uint32_t overlaps;    /* draws that found the lock taken */
    GiMt mt;              /* from mt.index on nobody has been given the words */
} GiRandom;

enum { WHO_NOBODY = 0, WHO_LOCK = 1, WHO_THREAD = 2, WHO_KEY = 3, WHO_MASK = 3 };
enum { OVERLAPS = 4, OWN_AFTER = 4096, ALONE_AFTER = 64, LEASES = 8, LEASE_BLOCKS = 8 };

/* Words of a generator's stream that one thread may draw. */
typedef struct GiLease {
    uint64_t key;
    uint32_t at, end, blocks; /* blocks: twice as many each time, for who draws much */
    uint32_t words[LEASE_BLOCKS * GI_MT_N]; /* not tempered yet */
} GiLease;
/* Those of a thread: each generator has its place by its key. */
typedef struct GiLeases {
    uint32_t keys_made;
    GiLease *latest; /* the one drawn from last; NULL: none yet */
    GiLease leases[LEASES];
} GiLeases;

#include "modules/_random.gen.h"

#define random_of(v) ((GiRandom *)gi_obj(v))

static inline uint64_t as_owner(GiThread *ts) { return ts->core.serial << 2 | WHO_THREAD; }
static inline uint64_t who_draws(GiRandom *r) { return atomic_load_explicit(&r->who, memory_order_acquire); }
static inline void let_draw(GiRandom *r, uint64_t who) {
    atomic_store_explicit(&r->who, who, memory_order_release);
}
/* True if the calling thread may step the generator, to its next safepoint. */
static inline bool is_mine(GiThread *ts, GiRandom *r) {
    return GI_LIKELY(!ts->core.free_running) ||
           atomic_load_explicit(&r->who, memory_order_relaxed) == as_owner(ts);
}

static GiLeases *leases_of(GiThread *ts) {
    if (ts->extra[GI_EXTRA_RANDOM] == NULL) ts->extra[GI_EXTRA_RANDOM] = calloc(1, sizeof(GiLeases));
    return ts->extra[GI_EXTRA_RANDOM];
}
static inline GiLease *lease_for(GiLeases *all, uint64_t key) {
    return &all->leases[(key >> 2 ^ key >> 34) % LEASES];
}

/* Ends that a thread draws without a lock; another takes its place if it is gone. */
static void end_ownership(GiThread *ts, GiRandom *r, uint64_t owner) {
    gi_stop_world(&ts->core);
    if (who_draws(r) == owner) {
        GiThreadCore *core = NULL;
        while ((core = gi_world_next_core(ts->core.world, core)) && core->serial << 2 != (owner & ~3ull)) continue;
        r->overlaps = r->streak = 0;
        let_draw(r, core ? WHO_LOCK : as_owner(ts));
    }
    gi_start_world(&ts->core);
}

/* Takes the lock; counts it when another thread is drawing, and lends blocks if that happens often. */
static void lock_to_draw(GiThread *ts, GiRandom *r) {
    GiByteLock *lock = (GiByteLock *)gi_obj_lock_byte(&r->obj);
    if (gi_bytelock_trylock(&ts->core, lock)) return;
    GiLeases *mine = leases_of(ts);
    gi_bytelock_lock(&ts->core, lock);
    if (mine == NULL || who_draws(r) != WHO_LOCK || ++r->overlaps < OVERLAPS) return;
    r->overlaps = r->streak = 0;
    let_draw(r, ts->core.serial << 34 | (uint64_t)++mine->keys_made << 2 | WHO_KEY);
}

/* LOCK: held. True when this thread drew so many times in a row. */
static bool row_of(GiThread *ts, GiRandom *r, uint32_t most) {
    if (r->last != ts->core.serial) r->streak = 0;
    r->last = ts->core.serial;
    if (++r->streak < most) return false;
    r->streak = r->overlaps = 0;
    return true;
}

static bool draw_leased(GiThread *ts, uint64_t key, uint32_t *out, size_t n) {
    GiLeases *all = ts->extra[GI_EXTRA_RANDOM];
    GiLease *lease = all ? lease_for(all, key) : NULL;
    if (lease == NULL || lease->key != key || lease->end - lease->at < n) return false;
    for (size_t i = 0; i < n; i++) out[i] = gi_mt_temper(lease->words[lease->at++]);
    all->latest = lease;
    return true;
}

/* LOCK: held. A lease of what is left of the block and the next ones; false when that is less than n words. */
static bool take_lease(GiThread *ts, GiRandom *r, uint64_t key, size_t n) {
    GiLeases *all = leases_of(ts);
    if (all == NULL) return false;
    GiLease *lease = lease_for(all, key);
    uint32_t blocks = lease->key == key ? GI_MIN(lease->blocks * 2, (uint32_t)LEASE_BLOCKS) : 1, end = 0;
    if (r->mt.index >= GI_MT_N) gi_mt_block(&r->mt);
    if (GI_MT_N - r->mt.index + (blocks - 1) * (size_t)GI_MT_N < n) return false;
    for (uint32_t i = 0; i < blocks; i++) {
        if (r->mt.index >= GI_MT_N) gi_mt_block(&r->mt);
        size_t left = GI_MT_N - r->mt.index;
        memcpy(lease->words + end, r->mt.state + r->mt.index, left * sizeof(uint32_t));
        end += (uint32_t)left;
        r->mt.index = GI_MT_N;
    }
    lease->key = key;
    lease->blocks = blocks;
    lease->at = 0;
    lease->end = end;
    if (row_of(ts, r, ALONE_AFTER)) let_draw(r, WHO_LOCK);
    return true;
}

static void draw_here(GiRandom *r, uint32_t *out, size_t n) {
    for (size_t i = 0; i < n; i++) out[i] = gi_mt_next(&r->mt);
}

/* The next n words for a thread that shares the generator. */
static void draw_shared(GiThread *ts, GiRandom *r, uint32_t *out, size_t n) {
    GiByteLock *lock = (GiByteLock *)gi_obj_lock_byte(&r->obj);
    for (bool drawn = false; !drawn;) {
        uint64_t who = who_draws(r);
        if (who == as_owner(ts)) {
            draw_here(r, out, n);
            return;
        }
        if (who == WHO_NOBODY) {
            atomic_compare_exchange_strong(&r->who, &who, as_owner(ts));
            continue;
        }
        if ((who & WHO_MASK) == WHO_THREAD) {
            end_ownership(ts, r, who);
            continue;
        }
        if ((who & WHO_MASK) == WHO_KEY && draw_leased(ts, who, out, n)) return;
        lock_to_draw(ts, r);
        who = who_draws(r);
        if (who == WHO_LOCK || ((who & WHO_MASK) == WHO_KEY && !take_lease(ts, r, who, n))) {
            draw_here(r, out, n);
            drawn = true;
            if (who == WHO_LOCK && row_of(ts, r, OWN_AFTER)) let_draw(r, as_owner(ts));
        }
        gi_bytelock_unlock(&ts->core, lock);
    }
}

/* The next n words. */
static inline void draw(GiThread *ts, GiVal self, uint32_t *out, size_t n) {
    if (is_mine(ts, random_of(self))) draw_here(random_of(self), out, n);
    else draw_shared(ts, random_of(self), out, n);
}

typedef enum { ALONE, FIRST, WITH_LOCK } Entry;

/* Has the generator for the calling thread alone, until `leave`; no safepoint between. */
static Entry enter(GiThread *ts, GiRandom *r) {
    for (;;) {
        if (is_mine(ts, r)) return ALONE;
        uint64_t who = who_draws(r);
        if (who == WHO_NOBODY) {
            if (atomic_compare_exchange_strong(&r->who, &who, as_owner(ts))) return FIRST;
        } else if ((who & WHO_MASK) == WHO_THREAD) {
            end_ownership(ts, r, who);
        } else {
            gi_bytelock_lock(&ts->core, (GiByteLock *)gi_obj_lock_byte(&r->obj));
            if ((who_draws(r) & WHO_MASK) != WHO_THREAD) return WITH_LOCK;
            gi_bytelock_unlock(&ts->core, (GiByteLock *)gi_obj_lock_byte(&r->obj));
        }
    }
}

/* Lets the others draw; leases are void. */
static void leave(GiThread *ts, GiRandom *r, Entry entry) {
    if (entry == FIRST) let_draw(r, WHO_NOBODY);
    if (entry != WITH_LOCK) return;
    r->overlaps = r->streak = 0;
    let_draw(r, WHO_LOCK);
    gi_bytelock_unlock(&ts->core, (GiByteLock *)gi_obj_lock_byte(&r->obj));
}

static void install(GiThread *ts, GiVal self, const GiMt *mt) {
    GiRandom *r = random_of(self);
    Entry entry = enter(ts, r);
    r->mt = *mt;
    leave(ts, r, entry);
}

GI_METHOD(Random, random, "(self)",
          "random() -> x in the interval [0, 1).") {
    GiRandom *r = random_of(self);
    if (GI_LIKELY(is_mine(ts, r))) return gi_double_ref(gi_mt_double(&r->mt));
    /* PERF: what draw_shared comes to when many threads draw, in place. */
    GiLeases *all = ts->extra[GI_EXTRA_RANDOM];
    GiLease *lease = all ? all->latest : NULL;
    if (GI_LIKELY(lease != NULL && lease->key == who_draws(r) && lease->end - lease->at >= 2)) {
        uint32_t first = gi_mt_temper(lease->words[lease->at]), second = gi_mt_temper(lease->words[lease->at + 1]);
        lease->at += 2;
        return gi_double_ref(gi_mt_as_double(first, second));
    }
    uint32_t words[2];
    draw_shared(ts, r, words, 2);
    return gi_double_ref(gi_mt_as_double(words[0], words[1]));
}

static GiStatus seed_from_system(GiThread *ts, GiVal self) {
    uint32_t key[GI_MT_N];
    int error = gi_os_random(key, sizeof key, false);
    if (error) {
        (void)gi_raise_errno(ts, error, GI_NOVAL);
        return GI_FAIL;
    }
    GiMt mt;
    gi_mt_seed_array(&mt, key, GI_MT_N);
    install(ts, self, &mt);
    return GI_OK;
}

/* From the absolute value of an int, in words of 32 bits. */
static GiStatus seed_from_int(GiThread *ts, GiVal self, GiVal v) {
    const mp_limb_t *limbs;
    mp_limb_t store[1];
    ssize_t n = gi_int_limbs(v, &limbs, store);
    size_t words = (size_t)(n < 0 ? -n : n) * 2;
    uint32_t small[2] = {0, 0}, *key = small;
    if (words > 2 && !(key = gi_mem_alloc(ts, words * sizeof *key))) return GI_FAIL;
    for (size_t i = 0; i < words; i++) key[i] = (uint32_t)(limbs[i / 2] >> (i % 2 * 32));
    while (words > 1 && key[words - 1] == 0) words--;
    if (words == 0) words = 1;
    GiMt mt;
    gi_mt_seed_array(&mt, key, words);
    if (key != small) gi_mem_free(key);
    install(ts, self, &mt);
    return GI_OK;
}

static GiStatus seed(GiThread *ts, GiVal self, GiVal n) {
    if (gi_is_null(n) || gi_is_none(n)) return seed_from_system(ts, self);
    if (gi_is_int(n)) return seed_from_int(ts, self, n);
    int64_t hash = gi_hash(ts, n);
    if (hash == -1) return GI_FAIL;
    GiRef v = gi_int_from_u64(ts, (uint64_t)hash);
    if (gi_is_null(v)) return GI_FAIL;
    GiStatus status = seed_from_int(ts, self, gi_val(v));
    gi_drop(ts, v);
    return status;
}

GI_METHOD(Random, seed, "(self, n=None, /)",
          "seed([n]) -> None.\n\nDefaults to use urandom and falls back to a combination\nof the "
          "current time and the process identifier.") { return seed(ts, self, a->n) ? GI_NULL : GI_REF_NONE; }

GI_METHOD(Random, getstate, "(self)",
          "getstate() -> tuple containing the current state.") {
    Entry entry = enter(ts, random_of(self));
    GiMt state = random_of(self)->mt;
    leave(ts, random_of(self), entry);
    GiRef t = gi_tuple_new(ts, GI_MT_N + 1);
    if (gi_is_null(t)) return t;
    for (size_t i = 0; i < GI_MT_N; i++) gi_tuple_init(t, i, gi_smallint_ref(state.state[i]));
    gi_tuple_init(t, GI_MT_N, gi_smallint_ref(state.index));
    return t;
}

/* A word of the state: an int modulo 2^32. */
static GiStatus state_word(GiThread *ts, GiVal v, uint32_t *out) {
    uint64_t word;
    if (!gi_is_int(v)) return gi_raise_status(ts, &gi_exc_TypeError, "an integer is required");
    int far = gi_int_as_u64(v, &word);
    if (far)
        return gi_raise_status(ts, &gi_exc_OverflowError,
                               far < 0 ? "can't convert negative value to unsigned int"
                                       : "Python int too large to convert to C unsigned long");
    *out = (uint32_t)word;
    return GI_OK;
}

GI_METHOD(Random, setstate, "(self, state, /)",
          "setstate(state) -> None.  Restores generator state.") {
    GiMt state;
    int64_t index;
    if (!gi_is_tuple(a->state)) return gi_raise_ref(ts, &gi_exc_TypeError, "state vector must be a tuple");
    if (gi_tuple_len(a->state) != GI_MT_N + 1)
        return gi_raise_ref(ts, &gi_exc_ValueError, "state vector is the wrong size");
    for (size_t i = 0; i < GI_MT_N; i++)
        if (state_word(ts, gi_tuple_get(a->state, i), &state.state[i])) return GI_NULL;
    if (gi_as_i64(ts, gi_tuple_get(a->state, GI_MT_N), &index)) return GI_NULL;
    if (index < 0 || index > GI_MT_N) return gi_raise_ref(ts, &gi_exc_ValueError, "invalid state");
    state.index = (uint32_t)index;
    install(ts, self, &state);
    return GI_REF_NONE;
}

GI_METHOD(Random, getrandbits, "(self, k, /)",
          "getrandbits(k) -> x.  Generates an int with k random bits.") {
    int k;
    if (gi_as_int(ts, a->k, &k)) return GI_NULL;
    if (k < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "number of bits must be non-negative");
    if (k == 0) return gi_smallint_ref(0);
    if (k <= 32) {
        uint32_t word;
        draw(ts, self, &word, 1);
        return gi_smallint_ref(word >> (32 - k));
    }
    size_t words = ((size_t)k + 31) / 32, n = (words + 1) / 2;
    mp_limb_t small[8], *limbs = small;
    if (n > GI_COUNTOF(small) && !(limbs = gi_mem_alloc(ts, n * sizeof *limbs))) return GI_NULL;
    uint32_t *out = (uint32_t *)limbs; /* little-endian: the words of a limb stand in their order */
    draw(ts, self, out, words);
    out[words - 1] >>= words * 32 - (size_t)k;
    if (words % 2) out[words] = 0;
    GiRef r = gi_int_from_limbs(ts, limbs, n, false);
    if (limbs != small) gi_mem_free(limbs);
    return r;
}

static GiRef Random_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    GiRef self = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(self)) gi_mt_seed(&random_of(self)->mt, 0);
    return self;
}

static GiStatus Random_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_type_of(self)->init == Random_init && gi_no_kwargs(ts, "Random", kwnames)) return GI_FAIL;
    if (nargs > 1) return gi_raise_status(ts, &gi_exc_TypeError, "Random() requires 0 or 1 argument");
    return seed(ts, self, nargs ? args[0] : GI_NOVAL);
}

static GiType random_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_random.Random",
    .module = "_random",
    .flags = GI_TYPE_BASE,
    .size = sizeof(GiRandom),
    .base = &gi_object_type,
    .doc = "Random() -> create a random number generator with its own internal state.",
    .methods = Random_methods,
    .new_ = Random_new,
    .init = Random_init,
};

static GiStatus _random_exec(GiThread *ts, GiVal module) {
    return gi_module_add_type(ts, module, &random_type);
}

const GiModuleDef gi_module__random = {
    .name = "_random",
    .doc = "Module implements the Mersenne Twister random number generator.",
    .exec = _random_exec,
};
