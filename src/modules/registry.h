/* registry.h - the table of native modules that a VM is started with. */
#ifndef GI_MODULES_REGISTRY_H
#define GI_MODULES_REGISTRY_H

#include "runtime/runtime.h"

extern const GiNativeModules gi_native_module_table;

#endif
