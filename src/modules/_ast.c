/* _ast.c - module _ast: the classes of the syntax tree. */
#include "compile/ast_objects.h"
#include "modules/module.h"
#include "runtime/runtime.h"

static GiStatus _ast_exec(GiThread *ts, GiVal module) {
    GiVal all = gi_ast_classes_peek(ts);
    if (gi_is_null(all)) return GI_FAIL;
    size_t pos = 0;
    GiVal name, cls;
    while (gi_dict_next_peek(all, &pos, &name, &cls))
        if (gi_is_type(cls) && gi_dict_set(ts, gi_module_dict(module), name, cls) < 0) return GI_FAIL;
    static const GiIntConstant flags[] = {{"PyCF_ALLOW_TOP_LEVEL_AWAIT", GI_PYCF_TOP_LEVEL_AWAIT},
                                          {"PyCF_ONLY_AST", GI_PYCF_ONLY_AST}, {"PyCF_TYPE_COMMENTS", GI_PYCF_TYPE_COMMENTS}};
    return gi_module_add_ints(ts, module, flags, GI_COUNTOF(flags));
}
const GiModuleDef gi_module__ast = {.name = "_ast", .exec = _ast_exec};
