/* keep.h - objects that give something back when they die, through a reference that they hold.
 *
 * The collector breaks a cycle by emptying the slots of its members. A view of a buffer must not lose
 * its exporter so: the exporter would count it for ever. Such a type lists the reference by a GI_CUSTOM
 * that leaves it out while slots are emptied. The rest of the cycle is emptied all the same, so the
 * object dies with it. */
#ifndef GI_MEMORY_KEEP_H
#define GI_MEMORY_KEEP_H

#include "memory/gc.h"

/* True if this visit empties slots to break cycles. */
bool gi_visit_empties(GiVisit visit);

#endif
