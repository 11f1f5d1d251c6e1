/* blake2.c - the module _blake2: BLAKE2b and BLAKE2s (RFC 7693) with keys, salts, personalisation
 * and tree parameters, which OpenSSL does not offer.
 *
 * One text serves both: the functions of blake2_core.h are written for words of 64 and 32 bits.
 * LOCK: an object's lock guards its state; see hash_shared.h.
 */
#include "modules/_hashes/hash_shared.h"

static const uint8_t sigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

#define WORD uint64_t
#define NAME(x) b_##x
#define BLOCK 128
#define ROUNDS 12
#define ROT1 32
#define ROT2 24
#define ROT3 16
#define ROT4 63
#define IV \
    { UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b), \
      UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f), \
      UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179) }
#include "modules/_hashes/blake2_core.h"

#define WORD uint32_t
#define NAME(x) s_##x
#define BLOCK 64
#define ROUNDS 10
#define ROT1 16
#define ROT2 12
#define ROT3 8
#define ROT4 7
#define IV \
    { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }
#include "modules/_hashes/blake2_core.h"

typedef struct GiBlake2 {
    GiObj obj;
    GiWaitLock lock;
    bool small;     /* BLAKE2s */
    int digest_size;
    union {
        struct b_State b;
        struct s_State s;
    };
} GiBlake2;

#include "modules/_hashes/blake2.gen.h"

#define blake_of(v) ((GiBlake2 *)gi_obj(v))

static bool feed_state(void *ctx, const void *data, size_t len) {
    GiBlake2 *h = ctx;
    if (h->small) s_update(&h->s, data, len);
    else b_update(&h->b, data, len);
    return true;
}

/* ---- Parameters ---- */

/* What both constructors take, checked; sizes of key, salt and person stand in the views. */
typedef struct Parameters {
    int64_t digest_size, fanout, depth, node_depth, inner_size;
    uint64_t leaf_size, node_offset;
    bool last_node;
    GiBuffer *key, *salt, *person;
} Parameters;

/* An int that must not be negative, in 64 bits. */
static GiStatus unsigned_of(GiThread *ts, GiVal v, uint64_t *out) {
    *out = 0;
    if (gi_is_null(v)) return GI_OK;
    if (!gi_is_int(v)) return gi_raise_status(ts, &gi_exc_TypeError, "an integer is required");
    int far = gi_int_as_u64(v, out);
    if (far < 0) return gi_raise_status(ts, &gi_exc_ValueError, "value must be positive");
    if (far > 0) return gi_raise_status(ts, &gi_exc_OverflowError, "int too big to convert");
    return GI_OK;
}

static GiStatus check_range(GiThread *ts, const char *name, int64_t v, int64_t low, int64_t high) {
    if (v >= low && v <= high) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "%s must be between %lld and %lld", name, (long long)low,
                           (long long)high);
}

static GiStatus check_parameters(GiThread *ts, const Parameters *p, int max_digest, int max_salt) {
    if (p->digest_size < 1 || p->digest_size > max_digest)
        return gi_raise_status(ts, &gi_exc_ValueError, "digest_size must be between 1 and %d bytes", max_digest);
    if (p->salt->len > max_salt)
        return gi_raise_status(ts, &gi_exc_ValueError, "maximum salt length is %d bytes", max_salt);
    if (p->person->len > max_salt)
        return gi_raise_status(ts, &gi_exc_ValueError, "maximum person length is %d bytes", max_salt);
    if (check_range(ts, "fanout", p->fanout, 0, 255) || check_range(ts, "depth", p->depth, 1, 255))
        return GI_FAIL;
    if (p->leaf_size > UINT32_MAX)
        return gi_raise_status(ts, &gi_exc_OverflowError, "leaf_size is too large");
    if (max_digest == 32 && p->node_offset >> 48)
        return gi_raise_status(ts, &gi_exc_OverflowError, "node_offset is too large");
    if (check_range(ts, "node_depth", p->node_depth, 0, 255)) return GI_FAIL;
    if (p->inner_size < 0 || p->inner_size > max_digest)
        return gi_raise_status(ts, &gi_exc_ValueError, "inner_size must be between 0 and is %d", max_digest);
    if (p->key->len > max_digest)
        return gi_raise_status(ts, &gi_exc_ValueError, "maximum key length is %d bytes", max_digest);
    return GI_OK;
}

static void put_le(uint8_t *to, uint64_t v, size_t n) {
    for (size_t i = 0; i < n; i++) to[i] = (uint8_t)(v >> (8 * i));
}

/* The parameter block of either function: 64 or 32 bytes. */
static void parameter_block(const Parameters *p, bool small, uint8_t block[64]) {
    memset(block, 0, 64);
    block[0] = (uint8_t)p->digest_size;
    block[1] = (uint8_t)p->key->len;
    block[2] = (uint8_t)p->fanout;
    block[3] = (uint8_t)p->depth;
    put_le(block + 4, p->leaf_size, 4);
    put_le(block + 8, p->node_offset, small ? 6 : 8);
    block[small ? 14 : 16] = (uint8_t)p->node_depth;
    block[small ? 15 : 17] = (uint8_t)p->inner_size;
    memcpy(block + (small ? 16 : 32), p->salt->data ? p->salt->data : "", (size_t)p->salt->len);
    memcpy(block + (small ? 24 : 48), p->person->data ? p->person->data : "", (size_t)p->person->len);
}

static GiRef blake_make(GiThread *ts, GiType *type, bool small, Parameters *p, GiVal data, GiVal leaf_size,
                        GiVal node_offset) {
    if (unsigned_of(ts, leaf_size, &p->leaf_size) || unsigned_of(ts, node_offset, &p->node_offset) ||
        check_parameters(ts, p, small ? 32 : 64, small ? 8 : 16))
        return GI_NULL;
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    GiBlake2 *h = blake_of(r);
    uint8_t block[64], key[128] = {0};
    h->small = small;
    h->digest_size = (int)p->digest_size;
    parameter_block(p, small, block);
    if (small) s_init(&h->s, block, p->last_node);
    else b_init(&h->b, block, p->last_node);
    if (p->key->len > 0) {
        memcpy(key, p->key->data, (size_t)p->key->len);
        feed_state(h, key, small ? 64 : 128);
        explicit_bzero(key, sizeof key);
    }
    if (!gi_is_null(data) && gi_hash_feed(ts, &h->lock, h, feed_state, data)) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

#define PARAMETERS \
    {.digest_size = a->digest_size, .fanout = a->fanout, .depth = a->depth, .node_depth = a->node_depth, \
     .inner_size = a->inner_size, .last_node = a->last_node, .key = (GiBuffer *)&a->key, \
     .salt = (GiBuffer *)&a->salt, .person = (GiBuffer *)&a->person}

GI_NEW(blake2b,
       "(cls, data=b'', /, *, digest_size: int = 64, key: buffer = b'', salt: buffer = b'', "
       "person: buffer = b'', fanout: int = 1, depth: int = 1, leaf_size=0, node_offset=0, "
       "node_depth: int = 0, inner_size: int = 0, last_node: bool = False, usedforsecurity: bool = True)",
       "Return a new BLAKE2b hash object.") {
    Parameters p = PARAMETERS;
    return blake_make(ts, type, false, &p, a->data, a->leaf_size, a->node_offset);
}

GI_NEW(blake2s,
       "(cls, data=b'', /, *, digest_size: int = 32, key: buffer = b'', salt: buffer = b'', "
       "person: buffer = b'', fanout: int = 1, depth: int = 1, leaf_size=0, node_offset=0, "
       "node_depth: int = 0, inner_size: int = 0, last_node: bool = False, usedforsecurity: bool = True)",
       "Return a new BLAKE2s hash object.") {
    Parameters p = PARAMETERS;
    return blake_make(ts, type, true, &p, a->data, a->leaf_size, a->node_offset);
}

/* ---- Methods ---- */

GI_METHOD(blake2, update, "(self, data, /)", "Update this hash object's state with the provided bytes-like object.") {
    return gi_hash_feed(ts, &blake_of(self)->lock, blake_of(self), feed_state, a->data) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(blake2, copy, "(self)", "Return a copy of the hash object.") {
    GiRef r = gi_type_alloc(ts, gi_type_of(self), 0);
    if (gi_is_null(r)) return r;
    GiBlake2 *from = blake_of(self), *to = blake_of(r);
    if (gi_wait_lock(ts, &from->lock) < 0) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    to->small = from->small;
    to->digest_size = from->digest_size;
    if (from->small) to->s = from->s;
    else to->b = from->b;
    gi_wait_unlock(ts, &from->lock);
    return r;
}

/* The digest so far and its size; 0: failed. */
static size_t blake_digest(GiThread *ts, GiVal self, uint8_t out[64]) {
    GiBlake2 *h = blake_of(self);
    struct b_State b;
    struct s_State s;
    if (gi_wait_lock(ts, &h->lock) < 0) return 0;
    if (h->small) s = h->s;
    else b = h->b;
    gi_wait_unlock(ts, &h->lock);
    if (h->small) s_final(&s, out);
    else b_final(&b, out);
    return (size_t)h->digest_size;
}

GI_METHOD(blake2, digest, "(self)", "Return the digest value as a bytes object.") {
    uint8_t out[64];
    size_t n = blake_digest(ts, self, out);
    return n ? gi_bytes_from(ts, out, n) : GI_NULL;
}
GI_METHOD(blake2, hexdigest, "(self)", "Return the digest value as a string of hexadecimal digits.") {
    uint8_t out[64];
    size_t n = blake_digest(ts, self, out);
    return n ? gi_hex_text(ts, out, n) : GI_NULL;
}

GI_GETTER(blake2, name, NULL) { return gi_str_from_cstr(ts, blake_of(self)->small ? "blake2s" : "blake2b"); }
GI_GETTER(blake2, block_size, NULL) { (void)ts; return gi_smallint_ref(blake_of(self)->small ? 64 : 128); }
GI_GETTER(blake2, digest_size, NULL) { (void)ts; return gi_smallint_ref(blake_of(self)->digest_size); }

#define BLAKE_TYPE(id, text) \
    static GiType id##_type = { \
        .obj = GI_TYPE_HEAD, .name = "_blake2." #id, .module = "_blake2", .flags = GI_TYPE_IMMUTABLE, \
        .size = sizeof(GiBlake2), .base = &gi_object_type, .doc = text, .methods = blake2_methods, \
        .getset = blake2_getset, .new_ = id##_new};
#define BLAKE_DOC(id, name) \
    id "(data=b'', /, *, digest_size=_blake2." id ".MAX_DIGEST_SIZE,\n        key=b'', salt=b'', person=b'', " \
       "fanout=1, depth=1, leaf_size=0,\n        node_offset=0, node_depth=0, inner_size=0, " \
       "last_node=False,\n        usedforsecurity=True)\n--\n\nReturn a new " name " hash object."
BLAKE_TYPE(blake2b, BLAKE_DOC("blake2b", "BLAKE2b"))
BLAKE_TYPE(blake2s, BLAKE_DOC("blake2s", "BLAKE2s"))

/* The type, with its sizes as attributes of the class and of the module. */
static GiStatus add_type(GiThread *ts, GiVal module, GiType *type, const char *prefix, int digest, int salt) {
    const struct { const char *name; int value; } sizes[] = {
        {"SALT_SIZE", salt}, {"PERSON_SIZE", salt}, {"MAX_KEY_SIZE", digest}, {"MAX_DIGEST_SIZE", digest}};
    if (gi_module_add_type(ts, module, type)) return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(sizes); i++) {
        char name[40] = "";
        strcat(strcat(strcat(name, prefix), "_"), sizes[i].name);
        if (gi_module_add_int(ts, module, name, sizes[i].value) ||
            gi_type_add(ts, type, sizes[i].name, gi_smallint(sizes[i].value)))
            return GI_FAIL;
    }
    return GI_OK;
}

static GiStatus blake2_exec(GiThread *ts, GiVal module) {
    if (add_type(ts, module, &blake2b_type, "BLAKE2B", 64, 16)) return GI_FAIL;
    return add_type(ts, module, &blake2s_type, "BLAKE2S", 32, 8);
}

const GiModuleDef gi_module__blake2 = {
    .name = "_blake2",
    .doc = "_blake2b provides BLAKE2b for hashlib\n",
    .exec = blake2_exec,
};
