/* own_library.h - Gila's own Python modules (lib/gila), which the path leads to when asked for.
 *
 * Their folder joins sys.path, at its end, when one of them is first searched for: a program that
 * has a module of the same name goes first, and all others never see (or pay for) the folder.
 */
#ifndef GI_RUNTIME_OWN_LIBRARY_H
#define GI_RUNTIME_OWN_LIBRARY_H

#include "objects/type.h"

/* Called before the path is searched for a module. */
GI_NODISCARD GiStatus gi_own_library_prepare(GiThread *ts, GiVal name);

#endif
