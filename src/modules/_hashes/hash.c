/* hash.c - _md5, _sha1, _sha256, _sha512 and _sha3: hash objects over OpenSSL's libcrypto, which is
 * loaded by the first of these modules (see crypto.h).
 *
 * LOCK: an object's lock guards its context. Large input is hashed detached with the lock held.
 */
#include "modules/_hashes/crypto.h"
#include "modules/_hashes/hash_shared.h"

typedef struct HashKind {
    const char *name;      /* of the Python type */
    const char *algorithm; /* as libcrypto names it */
    int digest_size, block_size; /* digest_size 0: extendable output */
} HashKind;

typedef struct GiHash {
    GiObj obj;
    GiWaitLock lock;
    const GiCrypto *crypto;
    EVP_MD_CTX *ctx;
} GiHash;

GI_SHARED_METHODS(common, hash, shake);

#include "modules/_hashes/hash.gen.h"

#define hash_of(v) ((GiHash *)gi_obj(v))
#define kind_of(v) ((const HashKind *)gi_type_of(v)->native)

static void hash_destroy(GiThread *ts GI_UNUSED, GiObj *self) {
    GiHash *hash = (GiHash *)self;
    if (hash->ctx) hash->crypto->EVP_MD_CTX_free(hash->ctx);
}

static bool feed_context(void *arg, const void *data, size_t len) {
    GiHash *hash = arg;
    return hash->crypto->EVP_DigestUpdate(hash->ctx, data, len);
}

static GiRef bad_crypto(GiThread *ts) {
    return gi_raise_ref(ts, &gi_exc_ValueError, "the hash function failed");
}

GiStatus gi_hash_feed(GiThread *ts, GiWaitLock *lock, void *ctx, bool (*feed)(void *, const void *, size_t),
                      GiVal data) {
    GiBuffer view;
    if (gi_is_str(data))
        return gi_raise_status(ts, &gi_exc_TypeError, "Strings must be encoded before hashing");
    if (!gi_has_buffer(data))
        return gi_raise_status(ts, &gi_exc_TypeError, "object supporting the buffer API required");
    if (gi_buffer_get(ts, data, &view, GI_BUF_BRIEF)) return GI_FAIL;
    if (view.ndim > 1) {
        gi_buffer_release(ts, &view);
        return gi_raise_status(ts, &gi_exc_BufferError, "Buffer must be single dimension");
    }
    if (gi_wait_lock(ts, lock) < 0) {
        gi_buffer_release(ts, &view);
        return GI_FAIL;
    }
    bool ok = true;
    GI_BLOCKING_IF(&ts->core, "hash", view.len >= GI_HASH_DETACH) ok = feed(ctx, view.data, (size_t)view.len);
    gi_wait_unlock(ts, lock);
    gi_buffer_release(ts, &view);
    return ok ? GI_OK : ((void)bad_crypto(ts), GI_FAIL);
}

/* A fresh object of a type, with a context but not initialised. */
static GiRef hash_alloc(GiThread *ts, GiType *type) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    GiHash *hash = hash_of(r);
    hash->crypto = gi_crypto(ts);
    if (hash->crypto) {
        hash->ctx = hash->crypto->EVP_MD_CTX_new();
        if (hash->ctx) return r;
        gi_raise_nomem(ts);
    }
    gi_drop(ts, r);
    return GI_NULL;
}

static GiRef hash_make(GiThread *ts, GiType *type, GiVal data) {
    GiRef r = hash_alloc(ts, type);
    if (gi_is_null(r)) return r;
    const GiCrypto *crypto = hash_of(r)->crypto;
    const EVP_MD *md = crypto->EVP_get_digestbyname(((const HashKind *)type->native)->algorithm);
    if (!md || !crypto->EVP_DigestInit_ex(hash_of(r)->ctx, md, NULL)) {
        (void)bad_crypto(ts);
    } else if (gi_is_null(data) ||
               !gi_hash_feed(ts, &hash_of(r)->lock, hash_of(r), feed_context, data)) {
        return r;
    }
    gi_drop(ts, r);
    return GI_NULL;
}

/* ---- Methods ---- */

GI_METHOD(common, update, "(self, obj, /)", "Update this hash object's state with the provided string.") {
    return gi_hash_feed(ts, &hash_of(self)->lock, hash_of(self), feed_context, a->obj) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(common, copy, "(self)", "Return a copy of the hash object.") {
    GiRef r = hash_alloc(ts, gi_type_of(self));
    if (gi_is_null(r)) return r;
    if (gi_wait_lock(ts, &hash_of(self)->lock) < 0) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    bool ok = hash_of(r)->crypto->EVP_MD_CTX_copy_ex(hash_of(r)->ctx, hash_of(self)->ctx);
    gi_wait_unlock(ts, &hash_of(self)->lock);
    if (ok) return r;
    gi_drop(ts, r);
    return bad_crypto(ts);
}

/* The digest so far, as bytes or hexadecimal text. */
static GiRef finish(GiThread *ts, GiVal self, size_t len, bool hex) {
    GiRef copy = common_copy_body(ts, self, NULL), bytes = GI_NULL;
    if (gi_is_null(copy)) return copy;
    bytes = gi_bytes_from(ts, len ? NULL : "", len);
    if (!gi_is_null(bytes) && len > 0) {
        GiHash *hash = hash_of(copy);
        bool ok = kind_of(self)->digest_size
                      ? hash->crypto->EVP_DigestFinal_ex(hash->ctx, gi_bytes_data(bytes), NULL)
                      : hash->crypto->EVP_DigestFinalXOF(hash->ctx, gi_bytes_data(bytes), len);
        if (!ok) {
            gi_drop(ts, bytes);
            bytes = bad_crypto(ts);
        }
    }
    gi_drop(ts, copy);
    if (!hex || gi_is_null(bytes)) return bytes;
    GiRef text = gi_hex_text(ts, gi_bytes_data(bytes), len);
    gi_drop(ts, bytes);
    return text;
}

GiRef gi_hex_text(GiThread *ts, const uint8_t *bytes, size_t len) {
    static const char digits[] = "0123456789abcdef";
    GiRef text = gi_str_new(ts, len * 2, GI_STR_ASCII);
    if (gi_is_null(text) || len == 0) return text;
    char *to = gi_str_data(text);
    for (size_t i = 0; i < len; i++) {
        *to++ = digits[bytes[i] >> 4];
        *to++ = digits[bytes[i] & 15];
    }
    return text;
}

GI_METHOD(hash, digest, "(self)", "Return the digest value as a bytes object.") {
    return finish(ts, self, (size_t)kind_of(self)->digest_size, false);
}
GI_METHOD(hash, hexdigest, "(self)", "Return the digest value as a string of hexadecimal digits.") {
    return finish(ts, self, (size_t)kind_of(self)->digest_size, true);
}

static GiRef finish_long(GiThread *ts, GiVal self, GiVal length, bool hex) {
    uint64_t n = 0;
    if (!gi_is_int(length)) return gi_raise_ref(ts, &gi_exc_TypeError, "an integer is required");
    int far = gi_int_as_u64(length, &n);
    if (far < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "value must be positive");
    if (far > 0)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C unsigned long");
    if (n >= 1 << 29) return gi_raise_ref(ts, &gi_exc_ValueError, "length is too large");
    return finish(ts, self, (size_t)n, hex);
}

GI_METHOD(shake, digest, "(self, length, /)", "Return the digest value as a bytes object.") {
    return finish_long(ts, self, a->length, false);
}
GI_METHOD(shake, hexdigest, "(self, length, /)", "Return the digest value as a string of hexadecimal digits.") {
    return finish_long(ts, self, a->length, true);
}

GI_GETTER(hash, block_size, NULL) { (void)ts; return gi_smallint_ref(kind_of(self)->block_size); }
GI_GETTER(hash, digest_size, NULL) { (void)ts; return gi_smallint_ref(kind_of(self)->digest_size); }
GI_GETTER(hash, name, NULL) { return gi_str_from_cstr(ts, kind_of(self)->name); }

GI_GETTER(sha3, block_size, NULL) { return hash_get_block_size(ts, self); }
GI_GETTER(sha3, digest_size, NULL) { return hash_get_digest_size(ts, self); }
GI_GETTER(sha3, name, NULL) { return hash_get_name(ts, self); }
GI_GETTER(sha3, _capacity_bits, NULL) { (void)ts; return gi_smallint_ref(1600 - kind_of(self)->block_size * 8); }
GI_GETTER(sha3, _rate_bits, NULL) { (void)ts; return gi_smallint_ref(kind_of(self)->block_size * 8); }
GI_GETTER(sha3, _suffix, NULL) { return gi_bytes_from(ts, kind_of(self)->digest_size ? "\x06" : "\x1f", 1); }

/* ---- Types ---- */

#define HASH_TYPE(id, mod, digest_bytes, block_bytes) \
    static const HashKind id##_kind = {#id, #id, digest_bytes, block_bytes}; \
    static GiType id##_type = { \
        .obj = GI_TYPE_HEAD, .name = mod "." #id, .module = mod, .flags = GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, \
        .size = sizeof(GiHash), .base = &gi_object_type, .methods = hash_methods, .getset = hash_getset, \
        .native = (void *)&id##_kind, .destroy = hash_destroy};
HASH_TYPE(md5, "_md5", 16, 64)
HASH_TYPE(sha1, "_sha1", 20, 64)
HASH_TYPE(sha224, "_sha256", 28, 64)
HASH_TYPE(sha256, "_sha256", 32, 64)
HASH_TYPE(sha384, "_sha512", 48, 128)
HASH_TYPE(sha512, "_sha512", 64, 128)

GI_NEW(sha3, "(cls, data=b'', /, *, usedforsecurity: bool = True)", "") { return hash_make(ts, type, a->data); }

#define SHA3_TYPE(id, evp, digest_bytes, block_bytes, table, text) \
    static const HashKind id##_kind = {#id, evp, digest_bytes, block_bytes}; \
    static GiType id##_type = { \
        .obj = GI_TYPE_HEAD, .name = "_sha3." #id, .module = "_sha3", .flags = GI_TYPE_IMMUTABLE, \
        .size = sizeof(GiHash), .base = &gi_object_type, .doc = text, .methods = table, .getset = sha3_getset, \
        .native = (void *)&id##_kind, .new_ = sha3_new, .destroy = hash_destroy};
#define SHA3_DOC(name, bytes) \
    name "([data], *, usedforsecurity=True) -> SHA3 object\n\nReturn a new SHA3 hash object with a hashbit " \
         "length of " bytes " bytes."
#define SHAKE_DOC(name) \
    name "([data], *, usedforsecurity=True) -> SHAKE object\n\nReturn a new SHAKE hash object."
SHA3_TYPE(sha3_224, "sha3-224", 28, 144, hash_methods, SHA3_DOC("sha3_224", "28"))
SHA3_TYPE(sha3_256, "sha3-256", 32, 136, hash_methods, SHA3_DOC("sha3_256", "32"))
SHA3_TYPE(sha3_384, "sha3-384", 48, 104, hash_methods, SHA3_DOC("sha3_384", "48"))
SHA3_TYPE(sha3_512, "sha3-512", 64, 72, hash_methods, SHA3_DOC("sha3_512", "64"))
SHA3_TYPE(shake_128, "shake128", 0, 168, shake_methods, SHAKE_DOC("shake_128"))
SHA3_TYPE(shake_256, "shake256", 0, 136, shake_methods, SHAKE_DOC("shake_256"))

/* ---- Modules ---- */

GI_FUNCTION(_md5, md5, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new MD5 hash object; optionally initialized with a string.") {
    return hash_make(ts, &md5_type, a->string);
}
GI_FUNCTION(_sha1, sha1, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new SHA1 hash object; optionally initialized with a string.") {
    return hash_make(ts, &sha1_type, a->string);
}
GI_FUNCTION(_sha256, sha224, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new SHA-224 hash object; optionally initialized with a string.") {
    return hash_make(ts, &sha224_type, a->string);
}
GI_FUNCTION(_sha256, sha256, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new SHA-256 hash object; optionally initialized with a string.") {
    return hash_make(ts, &sha256_type, a->string);
}
GI_FUNCTION(_sha512, sha384, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new SHA-384 hash object; optionally initialized with a string.") {
    return hash_make(ts, &sha384_type, a->string);
}
GI_FUNCTION(_sha512, sha512, "(string=b'', *, usedforsecurity: bool = True)",
            "Return a new SHA-512 hash object; optionally initialized with a string.") {
    return hash_make(ts, &sha512_type, a->string);
}

/* Readies a type and adds it under another name than its own. */
static GiStatus add_type_as(GiThread *ts, GiVal module, const char *name, GiType *type) {
    if (!gi_crypto(ts) || gi_type_ready(ts, type)) return GI_FAIL;
    return name ? gi_module_add(ts, module, name, gi_dup(ts, gi_type_val(type))) : GI_OK;
}

static GiStatus md5_exec(GiThread *ts, GiVal module) { return add_type_as(ts, module, "MD5Type", &md5_type); }
static GiStatus sha1_exec(GiThread *ts, GiVal module) { return add_type_as(ts, module, "SHA1Type", &sha1_type); }
static GiStatus sha256_exec(GiThread *ts, GiVal module) {
    if (add_type_as(ts, module, "SHA224Type", &sha224_type)) return GI_FAIL;
    return add_type_as(ts, module, "SHA256Type", &sha256_type);
}
/* PYSEM: SHA384Type is the type of sha512 objects, and nothing names that of sha384. */
static GiStatus sha512_exec(GiThread *ts, GiVal module) {
    if (add_type_as(ts, module, NULL, &sha384_type)) return GI_FAIL;
    return add_type_as(ts, module, "SHA384Type", &sha512_type);
}
static GiStatus sha3_exec(GiThread *ts, GiVal module) {
    if (add_type_as(ts, module, "sha3_224", &sha3_224_type) ||
        add_type_as(ts, module, "sha3_256", &sha3_256_type) ||
        add_type_as(ts, module, "sha3_384", &sha3_384_type) ||
        add_type_as(ts, module, "sha3_512", &sha3_512_type) ||
        add_type_as(ts, module, "shake_128", &shake_128_type) ||
        add_type_as(ts, module, "shake_256", &shake_256_type) ||
        gi_module_add_int(ts, module, "keccakopt", 0) ||
        gi_module_add_str(ts, module, "implementation", "OpenSSL"))
        return GI_FAIL;
    return GI_OK;
}

const GiModuleDef gi_module__md5 = {.name = "_md5", .functions = _md5_functions, .exec = md5_exec};
const GiModuleDef gi_module__sha1 = {.name = "_sha1", .functions = _sha1_functions, .exec = sha1_exec};
const GiModuleDef gi_module__sha256 = {.name = "_sha256", .functions = _sha256_functions, .exec = sha256_exec};
const GiModuleDef gi_module__sha512 = {.name = "_sha512", .functions = _sha512_functions, .exec = sha512_exec};
const GiModuleDef gi_module__sha3 = {.name = "_sha3", .exec = sha3_exec};
