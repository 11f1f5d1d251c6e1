/* _symtable.c - module _symtable: what the compiler knows of names. */
#include "compile/symtable.h"
#include "modules/module.h"
#include "runtime/runtime.h"
#include "modules/_symtable.gen.h"

GI_FUNCTION(_symtable, symtable, "(source, filename, startstr: cstr, /)",
            "Return symbol and scope dictionaries used internally by compiler.") {
    GiRef filename = gi_compile_filename(ts, a->filename), owner, result = GI_NULL;
    if (gi_is_null(filename)) return filename;
    bool known = strcmp(a->startstr, "exec") == 0 || strcmp(a->startstr, "eval") == 0 || strcmp(a->startstr, "single") == 0;
    int flags = GI_PYCF_SYMTABLE;
    const char *text;
    size_t len;
    if (!gi_is_str(a->source) && !gi_has_buffer(a->source)) {
        gi_raise(ts, &gi_exc_TypeError, "symtable() arg 1 must be a string or bytes object");
    } else if (gi_source_text(ts, a->source, "symtable() arg 1", &flags, gi_val(filename), &owner, &text, &len) == GI_OK) {
        if (known) result = gi_compile_source(ts, text, len, gi_val(filename), a->startstr, flags, 0, -1);
        else gi_raise(ts, &gi_exc_ValueError, "symtable() arg 3 must be 'exec' or 'eval' or 'single'");
        gi_drop(ts, owner);
    }
    gi_drop(ts, filename);
    return result;
}

static GiStatus _symtable_exec(GiThread *ts, GiVal module) {
    static const GiIntConstant constants[] = {
        {"USE", GI_USE}, {"DEF_GLOBAL", GI_DEF_GLOBAL}, {"DEF_NONLOCAL", GI_DEF_NONLOCAL}, {"DEF_LOCAL", GI_DEF_LOCAL},
        {"DEF_PARAM", GI_DEF_PARAM}, {"DEF_FREE", GI_DEF_FREE}, {"DEF_FREE_CLASS", GI_DEF_FREE_CLASS},
        {"DEF_IMPORT", GI_DEF_IMPORT}, {"DEF_BOUND", GI_DEF_BOUND}, {"DEF_ANNOT", GI_DEF_ANNOT},
        {"TYPE_FUNCTION", GI_BLOCK_FUNCTION}, {"TYPE_CLASS", GI_BLOCK_CLASS}, {"TYPE_MODULE", GI_BLOCK_MODULE},
        {"LOCAL", GI_SCOPE_LOCAL}, {"GLOBAL_EXPLICIT", GI_SCOPE_GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", GI_SCOPE_GLOBAL_IMPLICIT}, {"FREE", GI_SCOPE_FREE}, {"CELL", GI_SCOPE_CELL},
        {"SCOPE_OFF", 11}, {"SCOPE_MASK", 15}};
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiModuleDef gi_module__symtable = {.name = "_symtable", .functions = _symtable_functions, .exec = _symtable_exec};
