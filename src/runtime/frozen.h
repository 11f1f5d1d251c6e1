/* frozen.h - the library modules that are imported without the path being searched.
 *
 * The names are CPython's. The code is not part of the program: it is compiled from the library's
 * file when it is first needed, and kept with the user's compiled files (code_cache.h). What is
 * saved is importlib's work for each: looking for the file, the cache file's name and checks.
 */
#ifndef GI_RUNTIME_FROZEN_H
#define GI_RUNTIME_FROZEN_H

#include "objects/type.h"

typedef struct GiFrozen {
    const char *name;
    const char *origin; /* the module whose code it is */
    const char *file;   /* under the library's folder */
    bool package;
    bool essential;     /* found even with -X frozen_modules=off */
} GiFrozen;

/* All of them; the last has no name. */
extern const GiFrozen gi_frozen_modules[];
/* By name; NULL when there is none, or when -X frozen_modules=off leaves it to the path. */
const GiFrozen *gi_frozen_find(GiThread *ts, GiVal name);
/* Its code object, with the file name "<frozen ORIGIN>". */
GI_NODISCARD GiRef gi_frozen_code(GiThread *ts, const GiFrozen *frozen);

#endif
