/* wait_lock.h - taking a lock that may be held over detached work. */
#ifndef GI_MODULES_WAIT_LOCK_H
#define GI_MODULES_WAIT_LOCK_H

#include "modules/module.h"

/* Takes the lock; waits for it detached and lets signal handlers run. GI_FAIL when one raised: the
 * lock is not held then. Release it with gi_lock_release. */
GI_NODISCARD static inline GiStatus gi_wait_lock(GiThread *ts, GiLock *lock) {
    GiLockResult result;
    while ((result = gi_lock_acquire(&ts->core, lock, -1)) == GI_LOCK_INTERRUPTED)
        if (gi_check_signals(ts) < 0) return GI_FAIL;
    return GI_OK;
}

#endif
