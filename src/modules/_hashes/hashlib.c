/* hashlib.c - _hashlib: every digest of OpenSSL's libcrypto by name, HMAC over them, and the derivation
 * of keys from passwords.
 *
 * LOCK: an object's lock guards its context; large input is hashed detached with the lock held.
 * INVARIANT: a digest that was fetched under one of the known names stays in the module's state, and is
 * published there by one compare-and-swap.
 */
#include "modules/_hashes/crypto.h"
#include "modules/_hashes/hash_shared.h"
#include "modules/compare_digest.h"

#include <openssl/core_names.h>
#include <openssl/obj_mac.h>
#include <strings.h>

/* Digests as Python names them. */
static const struct { const char *name, *algorithm; int nid; } known[] = {
    {"md5", "MD5", NID_md5}, {"md5-sha1", "MD5-SHA1", NID_md5_sha1}, {"ripemd160", "RIPEMD160", NID_ripemd160},
    {"sha1", "SHA1", NID_sha1}, {"sha224", "SHA224", NID_sha224}, {"sha256", "SHA256", NID_sha256},
    {"sha384", "SHA384", NID_sha384}, {"sha512", "SHA512", NID_sha512},
    {"sha512_224", "SHA512-224", NID_sha512_224}, {"sha512_256", "SHA512-256", NID_sha512_256},
    {"sha3_224", "SHA3-224", NID_sha3_224}, {"sha3_256", "SHA3-256", NID_sha3_256},
    {"sha3_384", "SHA3-384", NID_sha3_384}, {"sha3_512", "SHA3-512", NID_sha3_512},
    {"shake_128", "SHAKE128", NID_shake128}, {"shake_256", "SHAKE256", NID_shake256},
    {"blake2b", "BLAKE2b512", NID_blake2b512}, {"blake2s", "BLAKE2s256", NID_blake2s256}, {"sm3", "SM3", NID_sm3},
};

typedef struct GiHashlibState {
    GiSlot constructors;      /* dict: the functions openssl_* and the names of their digests */
    GiSlot unsupported_error;
    const GiCrypto *crypto;
    _Atomic(EVP_MD *) fetched[2][GI_COUNTOF(known)]; /* by use: for security, for anything */
} GiHashlibState;

typedef struct GiEvpHash { GiObj obj; GiWaitLock lock; const GiCrypto *crypto; EVP_MD_CTX *ctx; } GiEvpHash;
typedef struct GiHmac { GiObj obj; GiWaitLock lock; const GiCrypto *crypto; EVP_MAC_CTX *ctx; EVP_MD *md; } GiHmac;
extern const GiModuleDef gi_module__hashlib;
static GiType hash_type, xof_type, hmac_type;

#include "modules/_hashes/hashlib.gen.h"

#define hash_of(v) ((GiEvpHash *)gi_obj(v))
#define hmac_of(v) ((GiHmac *)gi_obj(v))

/* ValueError with what libcrypto says about its last failure. */
static GiRef raise_crypto(GiThread *ts, const GiCrypto *c, const char *otherwise) {
    unsigned long code = c->ERR_peek_last_error();
    const char *library = c->ERR_lib_error_string(code), *reason = c->ERR_reason_error_string(code);
    c->ERR_clear_error();
    if (library && reason) gi_raise(ts, &gi_exc_ValueError, "[%s] %s", library, reason);
    else gi_raise(ts, &gi_exc_ValueError, "%s", reason ? reason : library ? library : otherwise);
    return GI_NULL;
}
#define NO_REASON "no reason supplied"

static const char *name_of(const GiCrypto *c, const EVP_MD *md) {
    int nid = md ? c->EVP_MD_get_type(md) : NID_undef;
    for (size_t i = 0; i < GI_COUNTOF(known); i++)
        if (known[i].nid == nid) return known[i].name;
    const char *name = c->OBJ_nid2ln(nid);
    return name ? name : "undefined";
}

/* The digest of a name, a reference to be freed; NULL: ValueError. */
static EVP_MD *find_digest(GiThread *ts, const char *name, bool for_security) {
    GiHashlibState *state = gi_module_state_of(ts, &gi_module__hashlib);
    const GiCrypto *c = state->crypto;
    _Atomic(EVP_MD *) *place = NULL;
    for (size_t i = 0; i < GI_COUNTOF(known) && !place; i++) {
        if (strcasecmp(name, known[i].name) != 0 && strcasecmp(name, known[i].algorithm) != 0) continue;
        name = known[i].algorithm;
        place = &state->fetched[!for_security][i];
    }
    EVP_MD *md = place ? atomic_load_explicit(place, memory_order_acquire) : NULL, *none = NULL;
    if (!md) {
        md = c->EVP_MD_fetch(NULL, name, for_security ? NULL : "-fips");
        if (!md) return (void)raise_crypto(ts, c, NO_REASON), NULL;
        if (!place) return md;
        if (!atomic_compare_exchange_strong(place, &none, md)) {
            c->EVP_MD_free(md);
            md = none;
        }
    }
    return c->EVP_MD_up_ref(md) ? md : ((void)raise_crypto(ts, c, NO_REASON), NULL);
}

/* ---- HASH ---- */

static bool feed_hash(void *arg, const void *data, size_t len) {
    GiEvpHash *h = arg;
    return h->crypto->EVP_DigestUpdate(h->ctx, data, len);
}

static GiRef hash_alloc(GiThread *ts, const GiCrypto *c, GiType *type) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    hash_of(r)->crypto = c;
    hash_of(r)->ctx = c->EVP_MD_CTX_new();
    if (hash_of(r)->ctx) return r;
    gi_drop(ts, r);
    return gi_raise_nomem(ts);
}

static void hash_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiEvpHash *h = (GiEvpHash *)obj;
    if (h->ctx) h->crypto->EVP_MD_CTX_free(h->ctx);
}

static GiRef hash_make(GiThread *ts, const char *name, GiVal data, bool for_security) {
    EVP_MD *md = find_digest(ts, name, for_security);
    if (!md) return GI_NULL;
    const GiCrypto *c = gi_crypto(ts);
    bool xof = c->EVP_MD_get_flags(md) & EVP_MD_FLAG_XOF;
    GiRef r = hash_alloc(ts, c, xof ? &xof_type : &hash_type);
    bool ok = !gi_is_null(r) && c->EVP_DigestInit_ex(hash_of(r)->ctx, md, NULL);
    if (!ok && !gi_is_null(r)) (void)raise_crypto(ts, c, NO_REASON);
    c->EVP_MD_free(md);
    if (ok && (gi_is_null(data) || !gi_hash_feed(ts, &hash_of(r)->lock, hash_of(r), feed_hash, data))) return r;
    gi_xdrop(ts, r);
    return GI_NULL;
}

GI_METHOD(evp_hash, update, "(self, obj, /)", "Update this hash object's state with the provided string.") {
    return gi_hash_feed(ts, &hash_of(self)->lock, hash_of(self), feed_hash, a->obj) ? GI_NULL : GI_REF_NONE;
}

GI_METHOD(evp_hash, copy, "(self)", "Return a copy of the hash object.") {
    GiEvpHash *h = hash_of(self);
    GiRef r = hash_alloc(ts, h->crypto, gi_is_instance_of(self, &xof_type) ? &xof_type : &hash_type);
    if (gi_is_null(r)) return r;
    if (gi_wait_lock(ts, &h->lock) < 0) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    bool ok = h->crypto->EVP_MD_CTX_copy_ex(hash_of(r)->ctx, h->ctx);
    gi_wait_unlock(ts, &h->lock);
    if (ok) return r;
    gi_drop(ts, r);
    return raise_crypto(ts, h->crypto, NO_REASON);
}

/* Bytes as they are, or as hexadecimal text. */
static GiRef shown(GiThread *ts, GiRef bytes, bool hex) {
    if (!hex || gi_is_null(bytes)) return bytes;
    GiRef text = gi_hex_text(ts, gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(ts, bytes);
    return text;
}

/* The digest so far; len -1: of its own size. */
static GiRef hash_finish(GiThread *ts, GiVal self, ssize_t len, bool hex) {
    const GiCrypto *c = hash_of(self)->crypto;
    GI_AUTO GiRef copy = evp_hash_copy_body(ts, self, NULL);
    if (gi_is_null(copy)) return GI_NULL;
    EVP_MD_CTX *ctx = hash_of(copy)->ctx;
    size_t n = len < 0 ? (size_t)c->EVP_MD_get_size(c->EVP_MD_CTX_get0_md(ctx)) : (size_t)len;
    GiRef bytes = gi_bytes_from(ts, n ? NULL : "", n);
    if (!gi_is_null(bytes) && n > 0) {
        int ok = 0;
        GI_BLOCKING_IF(&ts->core, "hash", n >= GI_HASH_DETACH)
            ok = len < 0 ? c->EVP_DigestFinal_ex(ctx, gi_bytes_data(bytes), NULL)
                         : c->EVP_DigestFinalXOF(ctx, gi_bytes_data(bytes), n);
        if (!ok) {
            gi_drop(ts, bytes);
            return raise_crypto(ts, c, NO_REASON);
        }
    }
    return shown(ts, bytes, hex);
}

GI_METHOD(evp_hash, digest, "(self)", "Return the digest value as a bytes object.") { return hash_finish(ts, self, -1, false); }
GI_METHOD(evp_hash, hexdigest, "(self)", "Return the digest value as a string of hexadecimal digits.") {
    return hash_finish(ts, self, -1, true);
}

static GiRef xof_finish(GiThread *ts, GiVal self, ssize_t len, bool hex) {
    if (len < 0) return gi_raise_ref(ts, &gi_exc_SystemError, "Negative size passed to PyBytes_FromStringAndSize");
    return hash_finish(ts, self, len, hex);
}
GI_METHOD(evp_xof, digest, "(self, length: ssize)", "Return the digest value as a bytes object.") {
    return xof_finish(ts, self, a->length, false);
}
GI_METHOD(evp_xof, hexdigest, "(self, length: ssize)", "Return the digest value as a string of hexadecimal digits.") {
    return xof_finish(ts, self, a->length, true);
}

/* The digest of an object, which never changes. */
static const EVP_MD *digest_of(GiVal self) { return hash_of(self)->crypto->EVP_MD_CTX_get0_md(hash_of(self)->ctx); }
GI_GETTER(evp_hash, block_size, NULL) {
    return gi_int_from_i64(ts, hash_of(self)->crypto->EVP_MD_get_block_size(digest_of(self)));
}
GI_GETTER(evp_hash, digest_size, NULL) {
    return gi_int_from_i64(ts, hash_of(self)->crypto->EVP_MD_get_size(digest_of(self)));
}
GI_GETTER(evp_hash, name, NULL) { return gi_str_from_cstr(ts, name_of(hash_of(self)->crypto, digest_of(self))); }
GI_GETTER(evp_xof, digest_size, NULL) { (void)ts; return gi_smallint_ref(0); }
static GiRef hash_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<%s %s object @ %p>", name_of(hash_of(self)->crypto, digest_of(self)), gi_type_name(self),
                         (void *)gi_obj(self));
}

#define HASH_DOC(length)                                                                                        \
    "A hash is an object used to calculate a checksum of a string of information.\n\nMethods:\n\nupdate() -- "  \
    "updates the current digest with an additional string\ndigest(" length ") -- return the current digest "   \
    "value\nhexdigest(" length ") -- return the current digest as a string of hexadecimal digits\ncopy() -- "  \
    "return a copy of the current hash object\n\nAttributes:\n\nname -- the hash algorithm being used by this " \
    "object\ndigest_size -- number of bytes in this hashes output"
static GiType hash_type = {
    .obj = GI_TYPE_HEAD, .name = "_hashlib.HASH", .module = "_hashlib", .size = sizeof(GiEvpHash), .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, .doc = HASH_DOC(""), .methods = evp_hash_methods,
    .getset = evp_hash_getset, .repr = hash_repr, .destroy = hash_destroy,
};
static GiType xof_type = {
    .obj = GI_TYPE_HEAD, .name = "_hashlib.HASHXOF", .module = "_hashlib", .size = sizeof(GiEvpHash), .base = &hash_type,
    .flags = GI_TYPE_BASE | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, .doc = HASH_DOC("length"), .methods = evp_xof_methods,
    .getset = evp_xof_getset,
};

GI_FUNCTION(_hashlib, new, "(name, string=b'', *, usedforsecurity: bool = True)", "Return a new hash object using the named algorithm.\n\nAn optional string argument may be provided and will be\nautomatically hashed.\n\nThe MD5 and SHA1 algorithms are always supported.") {
    size_t len = 0;
    const char *name = gi_is_str(a->name) ? gi_str_utf8(ts, a->name, &len) : NULL;
    if (!name || strlen(name) != len) return gi_raise_ref(ts, &gi_exc_TypeError, "name must be a string");
    return hash_make(ts, name, a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_md5, "(string=b'', *, usedforsecurity: bool = True)", "Returns a md5 hash object; optionally initialized with a string") {
    return hash_make(ts, "md5", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha1, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha1 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha1", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha224, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha224 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha224", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha256, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha256 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha256", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha384, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha384 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha384", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha512, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha512 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha512", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha3_224, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha3-224 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha3_224", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha3_256, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha3-256 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha3_256", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha3_384, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha3-384 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha3_384", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_sha3_512, "(string=b'', *, usedforsecurity: bool = True)", "Returns a sha3-512 hash object; optionally initialized with a string") {
    return hash_make(ts, "sha3_512", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_shake_128, "(string=b'', *, usedforsecurity: bool = True)", "Returns a shake-128 variable hash object; optionally initialized with a string") {
    return hash_make(ts, "shake_128", a->string, a->usedforsecurity);
}
GI_FUNCTION(_hashlib, openssl_shake_256, "(string=b'', *, usedforsecurity: bool = True)", "Returns a shake-256 variable hash object; optionally initialized with a string") {
    return hash_make(ts, "shake_256", a->string, a->usedforsecurity);
}

/* ---- HMAC ---- */

static bool feed_hmac(void *arg, const void *data, size_t len) {
    GiHmac *h = arg;
    return h->crypto->EVP_MAC_update(h->ctx, data, len);
}

/* The digest that `digestmod` names, a str or one of the functions openssl_*; NULL: raised. */
static EVP_MD *digest_for(GiThread *ts, GiVal digestmod) {
    GiHashlibState *state = gi_module_state_of(ts, &gi_module__hashlib);
    GI_AUTO GiRef name = GI_NULL;
    if (gi_is_str(digestmod)) {
        name = gi_dup(ts, digestmod);
    } else {
        if (gi_dict_get(ts, gi_val(state->constructors), digestmod, &name) < 0) gi_exc_clear(ts);
    }
    if (!gi_is_null(name)) {
        const char *text = gi_str_cstr(ts, gi_val(name));
        return text ? find_digest(ts, text, true) : NULL;
    }
    gi_raise(ts, gi_as_type(state->unsupported_error), "Unsupported digestmod %R", digestmod);
    return NULL;
}

/* A context with key and digest; NULL: raised. */
static EVP_MAC_CTX *hmac_context(GiThread *ts, const EVP_MD *md, const GiBuffer *key) {
    const GiCrypto *c = gi_crypto(ts);
    OSSL_PARAM params[2] = {c->OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)(uintptr_t)c->EVP_MD_get0_name(md), 0),
                            c->OSSL_PARAM_construct_end()};
    EVP_MAC *mac = c->EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *ctx = mac ? c->EVP_MAC_CTX_new(mac) : NULL;
    c->EVP_MAC_free(mac);
    if (ctx && c->EVP_MAC_init(ctx, key->data ? key->data : (const void *)"", (size_t)key->len, params)) return ctx;
    c->EVP_MAC_CTX_free(ctx);
    (void)raise_crypto(ts, c, NO_REASON);
    return NULL;
}

static GiRef hmac_alloc(GiThread *ts, EVP_MAC_CTX *ctx, EVP_MD *md) { /* consumes both */
    const GiCrypto *c = gi_crypto(ts);
    GiRef r = ctx ? gi_type_alloc(ts, &hmac_type, 0) : GI_NULL;
    if (gi_is_null(r)) {
        c->EVP_MAC_CTX_free(ctx);
        c->EVP_MD_free(md);
        return r;
    }
    hmac_of(r)->crypto = c;
    hmac_of(r)->ctx = ctx;
    hmac_of(r)->md = md;
    return r;
}
static void hmac_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiHmac *h = (GiHmac *)obj;
    if (!h->ctx) return;
    h->crypto->EVP_MAC_CTX_free(h->ctx);
    h->crypto->EVP_MD_free(h->md);
}

GI_FUNCTION(_hashlib, hmac_new, "(key: buffer, msg=b'', digestmod=None)", "Return a new hmac object.") {
    if (gi_is_null(a->digestmod)) return gi_raise_ref(ts, &gi_exc_TypeError, "Missing required parameter 'digestmod'.");
    EVP_MD *md = digest_for(ts, a->digestmod);
    if (!md) return GI_NULL;
    GiRef r = hmac_alloc(ts, hmac_context(ts, md, &a->key), md);
    if (gi_is_null(r) || gi_is_null(a->msg) || gi_is_none(a->msg) ||
        !gi_hash_feed(ts, &hmac_of(r)->lock, hmac_of(r), feed_hmac, a->msg))
        return r;
    gi_drop(ts, r);
    return GI_NULL;
}

/* The code of what a context has been given, which it is the end of. */
static GiRef hmac_code(GiThread *ts, EVP_MAC_CTX *ctx, bool hex) {
    const GiCrypto *c = gi_crypto(ts);
    uint8_t out[EVP_MAX_MD_SIZE];
    size_t n = 0;
    if (!c->EVP_MAC_final(ctx, out, &n, sizeof out)) return raise_crypto(ts, c, NO_REASON);
    return hex ? gi_hex_text(ts, out, n) : gi_bytes_from(ts, out, n);
}

GI_FUNCTION(_hashlib, hmac_digest, "(key: buffer, msg: buffer, digest)", "Single-shot HMAC.") {
    EVP_MD *md = digest_for(ts, a->digest);
    if (!md) return GI_NULL;
    const GiCrypto *c = gi_crypto(ts);
    EVP_MAC_CTX *ctx = hmac_context(ts, md, &a->key);
    c->EVP_MD_free(md);
    if (!ctx) return GI_NULL;
    int ok = 0;
    GI_BLOCKING_IF(&ts->core, "hmac", a->msg.len >= GI_HASH_DETACH)
        ok = c->EVP_MAC_update(ctx, a->msg.data, (size_t)a->msg.len);
    GiRef r = ok ? hmac_code(ts, ctx, false) : raise_crypto(ts, c, NO_REASON);
    c->EVP_MAC_CTX_free(ctx);
    return r;
}

GI_METHOD(evp_hmac, update, "(self, msg)", "Update the HMAC object with msg.") {
    return gi_hash_feed(ts, &hmac_of(self)->lock, hmac_of(self), feed_hmac, a->msg) ? GI_NULL : GI_REF_NONE;
}
/* A copy of the context; NULL: raised. */
static EVP_MAC_CTX *hmac_dup(GiThread *ts, GiVal self) {
    GiHmac *h = hmac_of(self);
    if (gi_wait_lock(ts, &h->lock) < 0) return NULL;
    EVP_MAC_CTX *ctx = h->crypto->EVP_MAC_CTX_dup(h->ctx);
    gi_wait_unlock(ts, &h->lock);
    if (!ctx) (void)raise_crypto(ts, h->crypto, NO_REASON);
    return ctx;
}
GI_METHOD(evp_hmac, copy, "(self)", "Return a copy (\"clone\") of the HMAC object.") {
    EVP_MAC_CTX *ctx = hmac_dup(ts, self);
    if (!ctx) return GI_NULL;
    hmac_of(self)->crypto->EVP_MD_up_ref(hmac_of(self)->md);
    return hmac_alloc(ts, ctx, hmac_of(self)->md);
}
static GiRef hmac_finish(GiThread *ts, GiVal self, bool hex) {
    EVP_MAC_CTX *ctx = hmac_dup(ts, self);
    if (!ctx) return GI_NULL;
    GiRef r = hmac_code(ts, ctx, hex);
    hmac_of(self)->crypto->EVP_MAC_CTX_free(ctx);
    return r;
}
GI_METHOD(evp_hmac, digest, "(self)", "Return the digest of the bytes passed to the update() method so far.") { return hmac_finish(ts, self, false); }
GI_METHOD(evp_hmac, hexdigest, "(self)", "Return hexadecimal digest of the bytes passed to the update() method so far.\n\nThis may be used to exchange the value safely in email or other non-binary\nenvironments.") {
    return hmac_finish(ts, self, true);
}
GI_GETTER(evp_hmac, digest_size, NULL) { return gi_int_from_i64(ts, hmac_of(self)->crypto->EVP_MD_get_size(hmac_of(self)->md)); }
GI_GETTER(evp_hmac, block_size, NULL) {
    return gi_int_from_i64(ts, hmac_of(self)->crypto->EVP_MD_get_block_size(hmac_of(self)->md));
}
GI_GETTER(evp_hmac, name, NULL) { return gi_str_format(ts, "hmac-%s", name_of(hmac_of(self)->crypto, hmac_of(self)->md)); }
static GiRef hmac_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<%s HMAC object @ %p>", name_of(hmac_of(self)->crypto, hmac_of(self)->md), (void *)gi_obj(self));
}
static GiType hmac_type = {
    .obj = GI_TYPE_HEAD, .name = "_hashlib.HMAC", .module = "_hashlib", .size = sizeof(GiHmac), .base = &gi_object_type,
    .flags = GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, .methods = evp_hmac_methods, .getset = evp_hmac_getset, .repr = hmac_repr,
    .destroy = hmac_destroy,
    .doc = "The object used to calculate HMAC of a message.\n\nMethods:\n\nupdate() -- updates the current digest with an "
           "additional string\ndigest() -- return the current digest value\nhexdigest() -- return the current digest as a "
           "string of hexadecimal digits\ncopy() -- return a copy of the current hash object\n\nAttributes:\n\nname -- the "
           "name, including the hash algorithm used by this object\ndigest_size -- number of bytes in digest() output\n",
};

/* ---- Keys from passwords ---- */

GI_FUNCTION(_hashlib, pbkdf2_hmac, "(hash_name: cstr, password: buffer, salt: buffer, iterations: i64, dklen: object = None)", "Password based key derivation function 2 (PKCS #5 v2.0) with HMAC as pseudorandom function.") {
    EVP_MD *md = find_digest(ts, a->hash_name, true);
    if (!md) return GI_NULL;
    const GiCrypto *c = gi_crypto(ts);
    int64_t len = c->EVP_MD_get_size(md);
    GiRef r = GI_NULL;
    if (a->password.len > INT_MAX) gi_raise(ts, &gi_exc_OverflowError, "password is too long.");
    else if (a->salt.len > INT_MAX) gi_raise(ts, &gi_exc_OverflowError, "salt is too long.");
    else if (a->iterations < 1) gi_raise(ts, &gi_exc_ValueError, "iteration value must be greater than 0.");
    else if (a->iterations > INT_MAX) gi_raise(ts, &gi_exc_OverflowError, "iteration value is too great.");
    else if (!gi_is_null(a->dklen) && !gi_is_none(a->dklen) && gi_as_i64(ts, a->dklen, &len) < 0) len = 0;
    else if (len < 1) gi_raise(ts, &gi_exc_ValueError, "key length must be greater than 0.");
    else if (len > INT_MAX) gi_raise(ts, &gi_exc_OverflowError, "key length is too great.");
    else r = gi_bytes_from(ts, NULL, (size_t)len);
    if (!gi_is_null(r)) {
        int ok = 0;
        GI_BLOCKING(&ts->core, "pbkdf2")
            ok = c->PKCS5_PBKDF2_HMAC(a->password.data ? a->password.data : "", (int)a->password.len, a->salt.data,
                                      (int)a->salt.len, (int)a->iterations, md, (int)len, gi_bytes_data(r));
        if (!ok) {
            gi_drop(ts, r);
            r = raise_crypto(ts, c, NO_REASON);
        }
    }
    c->EVP_MD_free(md);
    return r;
}

/* One of scrypt's numbers: an int that must be given. */
static GiStatus scrypt_number(GiThread *ts, const char *name, GiVal v, uint64_t *out) {
    if (!gi_is_null(v) && !gi_is_none(v) && !gi_is_int(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "scrypt() argument '%s' must be int, not %T", name, v);
    if (gi_is_null(v) || gi_is_none(v) || gi_int_as_u64(v, out) != 0)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s is required and must be an unsigned int", name);
    return GI_OK;
}
GI_FUNCTION(_hashlib, scrypt, "(password: buffer, *, salt: object = None, n: object = None, r: object = None, p: object = None, maxmem: i64 = 0, dklen: i64 = 64)", "scrypt password-based key derivation function.") {
    const GiCrypto *c = gi_crypto(ts);
    uint64_t n = 0, r = 0, p = 0;
    if (gi_is_null(a->salt)) return gi_raise_ref(ts, &gi_exc_TypeError, "salt is required");
    if (scrypt_number(ts, "n", a->n, &n) < 0) return GI_NULL;
    if (n < 2 || n & (n - 1)) return gi_raise_ref(ts, &gi_exc_ValueError, "n must be a power of 2.");
    if (scrypt_number(ts, "r", a->r, &r) < 0 || scrypt_number(ts, "p", a->p, &p) < 0) return GI_NULL;
    if (a->maxmem < 0 || a->maxmem > INT_MAX)
        return gi_raise_ref(ts, &gi_exc_ValueError, "maxmem must be positive and smaller than %d", INT_MAX);
    if (a->dklen < 1 || a->dklen > INT_MAX)
        return gi_raise_ref(ts, &gi_exc_ValueError, "dklen must be greater than 0 and smaller than %d", INT_MAX);
    if (!c->EVP_PBE_scrypt(NULL, 0, NULL, 0, n, r, p, (uint64_t)a->maxmem, NULL, 0))
        return raise_crypto(ts, c, "Invalid parameter combination for n, r, p, maxmem.");
    GiBuffer salt;
    if (gi_buffer_get(ts, a->salt, &salt, GI_BUF_SIMPLE) < 0) return GI_NULL;
    GiRef key = gi_bytes_from(ts, NULL, (size_t)a->dklen);
    if (!gi_is_null(key)) {
        int ok = 0;
        GI_BLOCKING(&ts->core, "scrypt")
            ok = c->EVP_PBE_scrypt(a->password.data, (size_t)a->password.len, salt.data, (size_t)salt.len, n, r, p,
                                   (uint64_t)a->maxmem, gi_bytes_data(key), (size_t)a->dklen);
        if (!ok) {
            gi_drop(ts, key);
            key = raise_crypto(ts, c, NO_REASON);
        }
    }
    gi_buffer_release(ts, &salt);
    return key;
}

/* ---- The module ---- */

GI_FUNCTION(_hashlib, get_fips_mode, "()", "Determine the OpenSSL FIPS mode of operation.\n\nFor OpenSSL 3.0.0 and newer it returns the state of the default provider\nin the default OSSL context. It's not quite the same as FIPS_mode() but good\nenough for unittests.\n\nEffectively any non-zero return value indicates FIPS mode;\nvalues other than 1 may have additional significance.") {
    return gi_int_from_i64(ts, gi_crypto(ts)->EVP_default_properties_is_fips_enabled(NULL));
}
GI_FUNCTION(_hashlib, compare_digest, "(a, b, /)", "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, making it appropriate for cryptography.\n\na and b must both be of the same type: either str (ASCII only),\nor any bytes-like object.\n\nNote: If a and b are of different lengths, or if an error occurs,\na timing attack could theoretically reveal information about the\ntypes and lengths of a and b--but not their values.") {
    return gi_compare_digest(ts, a->a, a->b);
}

/* Adds the name of a digest to a set. */
typedef struct Names { GiThread *ts; const GiCrypto *crypto; GiVal set; bool failed; } Names;
static void add_name(EVP_MD *md, void *arg) {
    Names *names = arg;
    if (names->failed || names->crypto->EVP_MD_get_type(md) == NID_undef) return;
    GiRef name = gi_str_from_cstr(names->ts, name_of(names->crypto, md));
    names->failed = gi_is_null(name) || gi_set_add(names->ts, names->set, gi_val(name)) < 0;
    gi_xdrop(names->ts, name);
}
static GiStatus add_names(GiThread *ts, GiVal module, const GiCrypto *c) {
    GI_AUTO GiRef set = gi_set_new(ts, GI_NOVAL);
    if (gi_is_null(set)) return GI_FAIL;
    Names names = {ts, c, gi_val(set), false};
    c->EVP_MD_do_all_provided(NULL, add_name, &names);
    if (names.failed) return GI_FAIL;
    return gi_module_add(ts, module, "openssl_md_meth_names", gi_frozenset_new(ts, gi_val(set)));
}
/* _constructors: what each function openssl_* makes. */
static GiStatus add_constructors(GiThread *ts, GiVal module, GiHashlibState *state) {
    gi_slot_set(ts, &state->constructors, gi_dict_new(ts));
    if (!state->constructors.bits) return GI_FAIL;
    for (const GiMethodDef *row = _hashlib_functions; row->name; row++) {
        if (strncmp(row->name, "openssl_", 8) != 0) continue;
        GI_AUTO GiRef function = gi_dict_get_cstr(ts, gi_module_dict(module), row->name);
        GI_AUTO GiRef name = gi_str_from_cstr(ts, row->name + 8);
        if (gi_is_null(function) || gi_is_null(name) ||
            gi_dict_set(ts, gi_val(state->constructors), gi_val(function), gi_val(name)) < 0)
            return GI_FAIL;
    }
    return gi_module_add(ts, module, "_constructors", gi_mappingproxy_new(ts, gi_val(state->constructors)));
}
static GiStatus hashlib_exec(GiThread *ts, GiVal module) {
    GiHashlibState *state = gi_module_state(module);
    state->crypto = gi_crypto(ts);
    if (!state->crypto) return GI_FAIL;
    gi_slot_set(ts, &state->unsupported_error,
                gi_type_make(ts, "_hashlib.UnsupportedDigestmodError", &gi_exc_ValueError, NULL));
    if (!state->unsupported_error.bits ||
        gi_module_add(ts, module, "UnsupportedDigestmodError", gi_slot_dup(ts, &state->unsupported_error)) < 0 ||
        gi_module_add_type(ts, module, &hash_type) < 0 || gi_module_add_type(ts, module, &xof_type) < 0 ||
        gi_module_add_type(ts, module, &hmac_type) < 0 || add_names(ts, module, state->crypto) < 0)
        return GI_FAIL;
    return add_constructors(ts, module, state);
}
static void hashlib_free(void *arg) {
    GiHashlibState *state = arg;
    for (size_t i = 0; i < GI_COUNTOF(known); i++)
        for (int use = 0; use < 2; use++)
            if (state->fetched[use][i]) state->crypto->EVP_MD_free(state->fetched[use][i]);
}
const GiModuleDef gi_module__hashlib = {
    .name = "_hashlib", .doc = "OpenSSL interface for hashlib module", .functions = _hashlib_functions, .exec = hashlib_exec,
    .state_size = sizeof(GiHashlibState), .state_free = hashlib_free,
    .state_fields = (const GiField[]){GI_SLOT(GiHashlibState, constructors), GI_SLOT(GiHashlibState, unsupported_error), GI_FIELDS_END},
};
