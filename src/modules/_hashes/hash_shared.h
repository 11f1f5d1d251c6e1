/* hash_shared.h - what the hash modules share: feeding input, locking, hexadecimal text. */
#ifndef GI_MODULES_HASH_SHARED_H
#define GI_MODULES_HASH_SHARED_H

#include "modules/wait_lock.h"

#define GI_HASH_DETACH 2048 /* bytes of input from which hashing is done detached */

/* Hands a bytes-like object to `feed` with the lock held, detached when it is large; TypeError
 * for str and what is no buffer. */
GI_NODISCARD GiStatus gi_hash_feed(GiThread *ts, GiWaitLock *lock, void *ctx,
                                   bool (*feed)(void *ctx, const void *data, size_t len), GiVal data);
/* Lower-case hexadecimal digits. */
GI_NODISCARD GiRef gi_hex_text(GiThread *ts, const uint8_t *bytes, size_t len);

#endif
