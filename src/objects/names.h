/* names.h - the interned names that C code refers to, as GI_N(name): a borrowed, immortal str.
 *
 * The table is made once a process (objects/names.c) and shared by all threads through ts->names.
 */
#ifndef GI_OBJECTS_NAMES_H
#define GI_OBJECTS_NAMES_H

#include "objects/str.h"

typedef enum {
#define GI_NAME_DEF(id) GI_NAME_##id,
#include "objects/names.def"
#undef GI_NAME_DEF
    GI_NAME_COUNT
} GiNameId;

/* Sets ts->names; threads made later inherit it. GI_FAIL: exception set. */
GI_NODISCARD GiStatus gi_names_init(GiThread *ts);

/* Needs `ts` in scope. */
#define GI_N(id) (ts->names[GI_NAME_##id])

#endif
