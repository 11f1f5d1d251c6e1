/* ledger.h - hostile builds: where objects were born, who counts them, and which of them never died.
 *
 * With GI_DEBUG=ledger each object gets a number and the C stack of its birth; the report at the
 * end groups what is left by birthplace. GI_DEBUG=ledger=N shows, as it happens, every reference
 * taken and dropped of object N: with PYTHONHASHSEED=0 a second run numbers as the first one did.
 */
#ifndef GI_MEMORY_LEDGER_H
#define GI_MEMORY_LEDGER_H

#include "memory/thread.h"

#ifdef GI_HOSTILE
void gi_ledger_born(GiThread *ts, GiObj *obj);
void gi_ledger_died(GiThread *ts, GiObj *obj);
/* Writes the objects that are alive and not immortal to stderr, by type, and by birthplace where
 * the ledger was kept. Gives their number. */
size_t gi_ledger_report(GiVm *vm);
void gi_ledger_end(GiVm *vm);
#else
static inline void gi_ledger_born(GiThread *ts GI_UNUSED, GiObj *obj GI_UNUSED) {}
static inline void gi_ledger_died(GiThread *ts GI_UNUSED, GiObj *obj GI_UNUSED) {}
#endif

#endif
