/* collections.h - the types of the _collections module. */
#ifndef GI_MODULES_COLLECTIONS_H
#define GI_MODULES_COLLECTIONS_H

#include "modules/module.h"
#include "objects/container.h"
#include "objects/dict_table.h"

extern GiType gi_deque_type, gi_deque_iter_type, gi_deque_reverse_iter_type, gi_defaultdict_type,
    gi_odict_type, gi_odict_iter_type, gi_odict_keys_type, gi_odict_values_type, gi_odict_items_type,
    gi_tuplegetter_type;

static inline GiRef gi_iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

#endif
