/* sys_internal.h - parts of module sys. */
#ifndef GI_RUNTIME_SYS_INTERNAL_H
#define GI_RUNTIME_SYS_INTERNAL_H

#include "objects/native.h"

extern const GiMethodDef *const gi_sys_functions;

#endif
