/* registry.c - the table of native modules; making, executing and finding them. */
#include "modules/registry.h"
#include "modules/module.h"

#define GI_MODULE(name) extern const GiModuleDef gi_module_##name;
#include "modules/modules.def"
#undef GI_MODULE

static const GiModuleDef *const definitions[] = {
#define GI_MODULE(name) &gi_module_##name,
#include "modules/modules.def"
#undef GI_MODULE
};

static const char *const names[] = {
#define GI_MODULE(name) #name,
#include "modules/modules.def"
#undef GI_MODULE
    "builtins", "sys", NULL};

static const GiModuleDef *find(GiVal name) {
    for (size_t i = 0; i < GI_COUNTOF(definitions); i++)
        if (gi_str_equals_cstr(name, definitions[i]->name)) return definitions[i];
    return NULL;
}

static GiStatus add_functions(GiThread *ts, GiVal module, GiVal name, const GiMethodDef *row) {
    size_t count = 0;
    while (row[count].name) count++;
    if (gi_dict_reserve(ts, gi_module_dict(module), count) < 0) return GI_FAIL;
    for (; row->name; row++) {
        GiRef f = gi_native_new(ts, row, module, name);
        if (gi_is_null(f)) return GI_FAIL;
        GiStatus status = gi_dict_set_cstr(ts, gi_module_dict(module), row->name, gi_val(f));
        gi_drop(ts, f);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}
GiStatus gi_module_add_functions(GiThread *ts, GiVal module, const GiMethodDef *table) {
    return add_functions(ts, module, gi_val(((GiModule *)gi_obj(module))->name), table);
}

static GiStatus fill(GiThread *ts, GiVal module, GiVal name, const GiModuleDef *def) {
    if (def->doc) {
        GiRef doc = gi_str_from_cstr(ts, def->doc);
        if (gi_is_null(doc) || gi_dict_set_steal(ts, gi_module_dict(module), GI_N(__doc__), doc) < 0) return GI_FAIL;
    }
    return def->functions ? add_functions(ts, module, name, def->functions) : GI_OK;
}

/* The first module of each definition (a test may import a fresh one), kept for its state: types of a module that has gone from
 * sys.modules still need that, at the latest when the interpreter ends. */
struct GiModuleStates { GiSlot modules[GI_COUNTOF(definitions)]; };

static GiStatus keep(GiThread *ts, GiVal module, const GiModuleDef *def) {
    struct GiModuleStates *states = ts->vm->module_states;
    if (states == NULL) {
        states = gi_mem_calloc(ts, 1, sizeof *states);
        if (states == NULL) return GI_FAIL;
        ts->vm->module_states = states;
    }
    for (size_t i = 0; i < GI_COUNTOF(definitions); i++)
        if (definitions[i] == def && states->modules[i].bits == 0)
            gi_slot_init(&states->modules[i], gi_dup(ts, module));
    return GI_OK;
}

static GiRef create(GiThread *ts, GiVal name, GiVal spec GI_UNUSED, bool *exists) {
    *exists = true;
    if (gi_str_equals_cstr(name, "builtins")) return gi_slot_dup(ts, &ts->vm->builtins);
    if (gi_str_equals_cstr(name, "sys")) {
        GiRef sys;
        return gi_dict_get(ts, gi_val(ts->vm->modules), name, &sys) < 0 ? GI_NULL : sys;
    }
    const GiModuleDef *def = find(name);
    *exists = def != NULL;
    if (def == NULL) return GI_NULL;
    GiRef module = gi_module_new(ts, name);
    if (gi_is_null(module)) return module;
    GiModule *m = (GiModule *)gi_obj(module);
    m->def = def;
    m->state_fields = def->state_fields;
    m->state_free = def->state_free;
    if (def->state_size) {
        m->state = gi_mem_calloc(ts, 1, def->state_size);
        if (m->state == NULL || keep(ts, gi_val(module), def) < 0) goto fail;
    }
    if (fill(ts, gi_val(module), name, def) < 0) goto fail;
    return module;
fail:
    gi_drop(ts, module);
    return GI_NULL;
}

static GiStatus exec(GiThread *ts, GiVal module) {
    if (!gi_is_exact(module, &gi_module_type)) return GI_OK;
    GiModule *m = (GiModule *)gi_obj(module);
    if (m->def == NULL || m->executed) return GI_OK;
    m->executed = true;
    return m->def->exec ? m->def->exec(ts, module) : GI_OK;
}

static void release(GiThread *ts) {
    struct GiModuleStates *states = ts->vm->module_states;
    ts->vm->module_states = NULL;
    for (size_t i = 0; states != NULL && i < GI_COUNTOF(definitions); i++) gi_slot_clear(ts, &states->modules[i]);
    gi_mem_free(states);
}

const GiNativeModules gi_native_module_table = {.create = create, .exec = exec, .names = names, .release = release};

GiStatus gi_module_add(GiThread *ts, GiVal module, const char *name, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_dict_set_cstr(ts, gi_module_dict(module), name, gi_val(value));
    gi_drop(ts, value);
    return status;
}
GiStatus gi_module_add_int(GiThread *ts, GiVal module, const char *name, int64_t value) {
    return gi_module_add(ts, module, name, gi_int_from_i64(ts, value));
}
GiStatus gi_module_add_str(GiThread *ts, GiVal module, const char *name, const char *text) {
    return gi_module_add(ts, module, name, gi_str_from_cstr(ts, text));
}
GiStatus gi_module_add_type(GiThread *ts, GiVal module, GiType *type) {
    if (gi_type_ready(ts, type) < 0) return GI_FAIL;
    return gi_dict_set_cstr(ts, gi_module_dict(module), gi_type_short_name(type), gi_type_val(type));
}
GiStatus gi_module_add_ints(GiThread *ts, GiVal module, const GiIntConstant *table, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (gi_module_add_int(ts, module, table[i].name, table[i].value) < 0) return GI_FAIL;
    return GI_OK;
}
void *gi_module_state_of(GiThread *ts, const GiModuleDef *def) {
    struct GiModuleStates *states = ts->vm->module_states;
    for (size_t i = 0; states != NULL && i < GI_COUNTOF(definitions); i++)
        if (definitions[i] == def)
            return states->modules[i].bits ? ((GiModule *)gi_obj(states->modules[i]))->state : NULL;
    return NULL;
}
GiRef gi_import(GiThread *ts, const char *name) { return ts->vm->hooks->import(ts, name); }
GiRef gi_import_attr(GiThread *ts, const char *module, const char *name) {
    GiRef m = gi_import(ts, module);
    if (gi_is_null(m)) return m;
    GiRef r = gi_getattr_cstr(ts, gi_val(m), name);
    gi_drop(ts, m);
    return r;
}
