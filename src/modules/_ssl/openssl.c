/* openssl.c - loads libssl, and with it libcrypto, on which it depends. */
#include "modules/_ssl/internal.h"

#include <dlfcn.h>

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#define LIBRARY "libssl.so." TEXT(OPENSSL_SHLIB_VERSION)

GiOpenSsl gi_ossl;
static struct { GiMutex lock; _Atomic bool done; } loading;

/* Fills the table; false when the library or one of its functions is missing. */
static bool load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return false;
    bool complete = true;
#define FIND(name) complete = (gi_ossl.name = (__typeof__(name) *)dlsym(library, #name)) && complete;
    GI_OSSL_FUNCTIONS(FIND)
#undef FIND
    /* Without the clean-up at exit, under which threads that are still at work would lose their memory. */
    return complete && gi_ossl.OPENSSL_init_ssl(OPENSSL_INIT_NO_ATEXIT, NULL) && gi_ssl_make_bios();
}

GiStatus gi_ossl_load(GiThread *ts) {
    bool done = false;
    GI_BLOCKING(&ts->core, "dlopen") {
        gi_mutex_lock(&loading.lock);
        done = atomic_load(&loading.done) || load();
        atomic_store(&loading.done, done);
        gi_mutex_unlock(&loading.lock);
    }
    if (done) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ImportError, "%s cannot be loaded: install Debian's package libssl3", LIBRARY);
}
