/* crypto.c - loads libcrypto.
 *
 * The table is published with one compare-and-swap: two threads that load at once open the same
 * library, and the later one's table is thrown away.
 */
#include "modules/_hashes/crypto.h"

#include "objects/error.h"
#include "objects/exceptions.h"
#include "runtime/runtime.h"
#include "threads/world.h"

#include <dlfcn.h>
#include <openssl/opensslv.h>
#include <stdlib.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define LIBRARY "libcrypto.so." TEXT(OPENSSL_SHLIB_VERSION)

/* Fills the table; false when the library or one of its functions is missing. */
static bool load(GiCrypto *table) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    bool complete = true;
#define FIND(name) complete = (table->name = (__typeof__(name) *)dlsym(library, #name)) && complete;
    GI_CRYPTO_FUNCTIONS(FIND)
#undef FIND
    /* Without its clean-up at exit, under which threads that are still at work would lose their memory. */
    complete = complete && table->OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
    if (!complete) dlclose(library);
    return complete;
}

const GiCrypto *gi_crypto(GiThread *ts) {
    GiRuntime *runtime = ts->vm->runtime;
    GiCrypto *known = atomic_load_explicit(&runtime->crypto, memory_order_acquire);
    if (GI_LIKELY(known)) return known;
    GiCrypto *table = calloc(1, sizeof *table);
    if (!table) {
        gi_raise_nomem(ts);
        return NULL;
    }
    bool loaded = false;
    GI_BLOCKING(&ts->core, "dlopen") loaded = load(table);
    if (loaded && atomic_compare_exchange_strong(&runtime->crypto, &known, table)) return table;
    free(table);
    if (loaded) return known;
    gi_raise(ts, &gi_exc_ImportError, "%s cannot be loaded: install Debian's package libssl3", LIBRARY);
    return NULL;
}
