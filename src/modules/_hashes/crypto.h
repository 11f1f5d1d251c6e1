/* crypto.h - OpenSSL's libcrypto, loaded when the first hash is made.
 *
 * Linking it would cost every start of the interpreter its 20,000 relocations and 100 dirty pages
 * (docs/internals/dependencies.md); most programs hash nothing.
 */
#ifndef GI_MODULES_CRYPTO_H
#define GI_MODULES_CRYPTO_H

#include "memory/thread.h"

#include <openssl/evp.h>

/* The functions that are used, by name: X(name). */
#define GI_CRYPTO_FUNCTIONS(X) \
    X(EVP_MD_CTX_new) X(EVP_MD_CTX_free) X(EVP_MD_CTX_copy_ex) X(EVP_get_digestbyname) \
    X(EVP_DigestInit_ex) X(EVP_DigestUpdate) X(EVP_DigestFinal_ex) X(EVP_DigestFinalXOF)

typedef struct GiCrypto {
#define GI_CRYPTO_MEMBER(name) __typeof__(name) *name;
    GI_CRYPTO_FUNCTIONS(GI_CRYPTO_MEMBER)
#undef GI_CRYPTO_MEMBER
} GiCrypto;

/* The VM's table of functions, the same at every call and valid as long as the VM. NULL with
 * ImportError when the library is missing. Any thread; the first call loads detached. */
const GiCrypto *gi_crypto(GiThread *ts);

#endif
