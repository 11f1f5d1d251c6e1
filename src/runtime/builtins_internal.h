/* builtins_internal.h - parts of module builtins that stand in several files. */
#ifndef GI_RUNTIME_BUILTINS_INTERNAL_H
#define GI_RUNTIME_BUILTINS_INTERNAL_H

#include "objects/native.h"

extern const GiMethodDef *const gi_builtins_code_functions;
extern GiType gi_enumerate_type, gi_filter_type, gi_frozenset_type, gi_map_type, gi_range_type, gi_reversed_type,
    gi_set_type, gi_zip_type;

#endif
