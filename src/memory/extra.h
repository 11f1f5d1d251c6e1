/* extra.h - who uses which word of GiThread.extra: memory of native modules for one thread.
 *
 * What stands there is one block of malloc, or NULL; it is freed with the thread's state.
 */
#ifndef GI_MEMORY_EXTRA_H
#define GI_MEMORY_EXTRA_H

enum GiThreadExtra {
    GI_EXTRA_RANDOM, /* modules/_random.c: leases of shared generators */
    GI_EXTRA_IMPORT, /* runtime/import.c: how long imports took, with -X importtime */
    GI_EXTRA_ASYNCIO, /* modules/_asyncio/module.c: the running loop */
    GI_EXTRA_CTYPES, /* modules/_ctypes/call.c: errno of foreign functions */
};

#endif
