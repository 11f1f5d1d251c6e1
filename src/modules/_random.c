/* _random.c - random.Random's generator: a Mersenne Twister.
 *
 * LOCK: the object's byte lock guards the state. Under the GIL it costs nothing.
 * PYSEM: the same seeds give the same numbers as CPython (tests/diff/random_numbers.py).
 */
#include "modules/module.h"

#include "base/mt19937.h"
#include "os/process.h"

#include <limits.h>

typedef struct GiRandom {
    GiObj obj;
    GiMt mt;
} GiRandom;

#include "modules/_random.gen.h"

#define mt_of(v) (&((GiRandom *)gi_obj(v))->mt)
#define LOCKED(v) GI_LOCKED(&ts->core, (GiByteLock *)gi_obj_lock_byte(gi_obj(v)))

GI_METHOD(Random, random, "(self)",
          "random() -> x in the interval [0, 1).") {
    GiByteLock *lock = (GiByteLock *)gi_obj_lock_byte(gi_obj(self));
    gi_bytelock_lock(&ts->core, lock);
    double d = gi_mt_double(mt_of(self));
    gi_bytelock_unlock(&ts->core, lock);
    return gi_double_ref(d);
}

static GiStatus seed_from_system(GiThread *ts, GiVal self) {
    uint32_t key[GI_MT_N];
    int error = gi_os_random(key, sizeof key, false);
    if (error) {
        (void)gi_raise_errno(ts, error, GI_NOVAL);
        return GI_FAIL;
    }
    LOCKED(self) gi_mt_seed_array(mt_of(self), key, GI_MT_N);
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
    LOCKED(self) gi_mt_seed_array(mt_of(self), key, words);
    if (key != small) gi_mem_free(key);
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
    GiMt state;
    LOCKED(self) state = *mt_of(self);
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
    LOCKED(self) *mt_of(self) = state;
    return GI_REF_NONE;
}

GI_METHOD(Random, getrandbits, "(self, k, /)",
          "getrandbits(k) -> x.  Generates an int with k random bits.") {
    int k;
    if (gi_as_int(ts, a->k, &k)) return GI_NULL;
    if (k < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "number of bits must be non-negative");
    if (k == 0) return gi_smallint_ref(0);
    if (k <= 32) {
        uint32_t word = 0;
        LOCKED(self) word = gi_mt_next(mt_of(self));
        return gi_smallint_ref(word >> (32 - k));
    }
    size_t bits = (size_t)k, n = (bits + 63) / 64;
    mp_limb_t small[8], *limbs = small;
    if (n > GI_COUNTOF(small) && !(limbs = gi_mem_alloc(ts, n * sizeof *limbs))) return GI_NULL;
    LOCKED(self) {
        for (size_t i = 0; i < n; i++) {
            size_t left = bits - i * 64;
            limbs[i] = gi_mt_next(mt_of(self));
            if (left < 32) limbs[i] >>= 32 - left;
            else if (left > 32) {
                uint64_t high = gi_mt_next(mt_of(self));
                if (left < 64) high >>= 64 - left;
                limbs[i] |= high << 32;
            }
        }
    }
    GiRef r = gi_int_from_limbs(ts, limbs, n, false);
    if (limbs != small) gi_mem_free(limbs);
    return r;
}

static GiRef Random_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                        GiVal kwnames GI_UNUSED) {
    GiRef self = gi_type_alloc(ts, type, 0);
    if (!gi_is_null(self)) gi_mt_seed(mt_of(self), 0);
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
