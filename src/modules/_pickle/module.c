/* module.c - module _pickle: exceptions, and what it takes from the library's modules. */
#include "modules/_pickle/pickle.h"

extern const GiModuleDef gi_module__pickle;
GiPickleState *gi_pickle_state(GiThread *ts) { return gi_module_state_of(ts, &gi_module__pickle); }

GiRef gi_pickling_error(GiThread *ts, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, gi_as_type(gi_pickle_state(ts)->pickling_error), format, args);
    va_end(args);
    return GI_NULL;
}
GiStatus gi_unpickling_error(GiThread *ts, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, gi_as_type(gi_pickle_state(ts)->unpickling_error), format, args);
    va_end(args);
    return GI_FAIL;
}

static GiStatus take(GiThread *ts, const char *module, const char *name, bool dict, GiSlot *slot) {
    GiRef v = gi_import_attr(ts, module, name);
    if (gi_is_null(v)) return GI_FAIL;
    if (dict && !gi_is_dict(gi_val(v))) {
        gi_raise(ts, &gi_exc_RuntimeError, "%s.%s should be a dict, not %.200T", module, name, gi_val(v));
        gi_drop(ts, v);
        return GI_FAIL;
    }
    gi_slot_init(slot, v);
    return GI_OK;
}
static GiStatus take_library(GiThread *ts, GiPickleState *state) {
    const struct { const char *module, *name; bool dict; GiSlot *slot; } wanted[] = {
        {"copyreg", "dispatch_table", true, &state->dispatch_table},
        {"copyreg", "_extension_registry", true, &state->extension_registry},
        {"copyreg", "_inverted_registry", true, &state->inverted_registry},
        {"copyreg", "_extension_cache", true, &state->extension_cache},
        {"copyreg", "__newobj__", false, &state->newobj},
        {"_compat_pickle", "NAME_MAPPING", true, &state->names_2to3},
        {"_compat_pickle", "IMPORT_MAPPING", true, &state->modules_2to3},
        {"_compat_pickle", "REVERSE_NAME_MAPPING", true, &state->names_3to2},
        {"_compat_pickle", "REVERSE_IMPORT_MAPPING", true, &state->modules_3to2},
        {"_codecs", "encode", false, &state->codecs_encode},
        {"_codecs", "escape_decode", false, &state->escape_decode},
        {"functools", "partial", false, &state->partial},
        {"builtins", "getattr", false, &state->getattr},
    };
    for (size_t i = 0; i < GI_COUNTOF(wanted); i++)
        if (take(ts, wanted[i].module, wanted[i].name, wanted[i].dict, wanted[i].slot) < 0) return GI_FAIL;
    return GI_OK;
}
static GiStatus add_error(GiThread *ts, GiVal module, const char *name, GiType *base, GiSlot *slot) {
    GiRef type = gi_type_make(ts, name, base, NULL);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(slot, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, name + sizeof "_pickle", type);
}
static GiStatus _pickle_exec(GiThread *ts, GiVal module) {
    GiPickleState *state = gi_module_state(module);
    if (add_error(ts, module, "_pickle.PickleError", &gi_exc_Exception, &state->pickle_error) < 0 ||
        add_error(ts, module, "_pickle.PicklingError", gi_as_type(state->pickle_error), &state->pickling_error) < 0 ||
        add_error(ts, module, "_pickle.UnpicklingError", gi_as_type(state->pickle_error), &state->unpickling_error) < 0 ||
        take_library(ts, state) < 0 || gi_module_add_functions(ts, module, gi_pickler_functions) < 0 ||
        gi_module_add_functions(ts, module, gi_unpickler_functions) < 0 || gi_type_ready(ts, &gi_pickler_memo_type) < 0 ||
        gi_type_ready(ts, &gi_unpickler_memo_type) < 0 || gi_module_add_type(ts, module, &gi_pickler_type) < 0 ||
        gi_module_add_type(ts, module, &gi_unpickler_type) < 0)
        return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_pickle_buffer_type);
}
static const GiField state_fields[] = {
    GI_SLOT(GiPickleState, pickle_error), GI_SLOT(GiPickleState, pickling_error), GI_SLOT(GiPickleState, unpickling_error),
    GI_SLOT(GiPickleState, dispatch_table), GI_SLOT(GiPickleState, extension_registry), GI_SLOT(GiPickleState, inverted_registry),
    GI_SLOT(GiPickleState, extension_cache), GI_SLOT(GiPickleState, newobj), GI_SLOT(GiPickleState, names_2to3),
    GI_SLOT(GiPickleState, modules_2to3), GI_SLOT(GiPickleState, names_3to2), GI_SLOT(GiPickleState, modules_3to2),
    GI_SLOT(GiPickleState, codecs_encode), GI_SLOT(GiPickleState, escape_decode), GI_SLOT(GiPickleState, partial),
    GI_SLOT(GiPickleState, getattr), GI_FIELDS_END};
const GiModuleDef gi_module__pickle = {.name = "_pickle", .doc = "Optimized C implementation for the Python pickle module.", .exec = _pickle_exec,
                                       .state_size = sizeof(GiPickleState), .state_fields = state_fields};
