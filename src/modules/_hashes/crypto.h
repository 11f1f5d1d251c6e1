/* crypto.h - OpenSSL's libcrypto, loaded when the first hash is made.
 *
 * Linking it would cost every start of the interpreter its 20,000 relocations and 100 dirty pages
 * (docs/internals/dependencies.md); most programs hash nothing.
 */
#ifndef GI_MODULES_CRYPTO_H
#define GI_MODULES_CRYPTO_H

#include "memory/thread.h"

#include <openssl/err.h>
#include <openssl/evp.h>

/* The functions that are used, by name: X(name). */
#define GI_CRYPTO_FUNCTIONS(X) \
    X(OPENSSL_init_crypto) X(ERR_clear_error) X(ERR_peek_last_error) X(ERR_lib_error_string) \
    X(ERR_reason_error_string) X(OBJ_nid2ln) \
    X(EVP_MD_CTX_new) X(EVP_MD_CTX_free) X(EVP_MD_CTX_copy_ex) X(EVP_MD_CTX_get0_md) X(EVP_get_digestbyname) \
    X(EVP_DigestInit_ex) X(EVP_DigestUpdate) X(EVP_DigestFinal_ex) X(EVP_DigestFinalXOF) \
    X(EVP_MD_fetch) X(EVP_MD_free) X(EVP_MD_up_ref) X(EVP_MD_do_all_provided) X(EVP_MD_get_type) \
    X(EVP_MD_get_flags) X(EVP_MD_get_size) X(EVP_MD_get_block_size) X(EVP_MD_get0_name) \
    X(EVP_MAC_fetch) X(EVP_MAC_free) X(EVP_MAC_CTX_new) X(EVP_MAC_CTX_free) X(EVP_MAC_CTX_dup) \
    X(EVP_MAC_init) X(EVP_MAC_update) X(EVP_MAC_final) X(OSSL_PARAM_construct_utf8_string) \
    X(OSSL_PARAM_construct_end) X(PKCS5_PBKDF2_HMAC) X(EVP_PBE_scrypt) X(EVP_default_properties_is_fips_enabled)

typedef struct GiCrypto {
#define GI_CRYPTO_MEMBER(name) __typeof__(name) *name;
    GI_CRYPTO_FUNCTIONS(GI_CRYPTO_MEMBER)
#undef GI_CRYPTO_MEMBER
} GiCrypto;

/* The VM's table of functions, the same at every call and valid as long as the VM. NULL with
 * ImportError when the library is missing. Any thread; the first call loads detached. */
const GiCrypto *gi_crypto(GiThread *ts);

#endif
