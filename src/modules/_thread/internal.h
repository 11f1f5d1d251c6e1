/* internal.h - parts of module _thread. */
#ifndef GI_MODULES_THREAD_INTERNAL_H
#define GI_MODULES_THREAD_INTERNAL_H

#include "modules/module.h"
#include "runtime/runtime.h"

typedef struct GiLockObject { GiObj obj; GiLock lock; } GiLockObject;
extern GiType gi_lock_type, gi_rlock_type, gi_local_type, gi_local_share_type;

/* The arguments of acquire(): deadline for gi_lock_acquire_until, or ValueError/OverflowError. */
GI_NODISCARD GiStatus gi_lock_deadline(GiThread *ts, bool blocking, GiVal timeout, uint64_t *deadline);
/* Acquires, running signal handlers when interrupted. 1 acquired, 0 timed out, -1 raised. */
int gi_lock_wait(GiThread *ts, GiLock *lock, uint64_t deadline);
GI_NODISCARD GiRef gi_lock_object_new(GiThread *ts);

#endif
