/* _typing - the one native helper of the typing module. No state. */
#include "modules/module.h"

#include "_typing.gen.h"

GI_FUNCTION(_typing, _idfunc, "(x, /)", "") { return gi_dup(ts, a->x); }

const GiModuleDef gi_module__typing = {
    .name = "_typing",
    .doc = "Accelerators for the typing module.\n",
    .functions = _typing_functions,
};
