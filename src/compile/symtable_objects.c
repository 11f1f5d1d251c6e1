/* symtable_objects.c - scopes as objects of module _symtable. */
#include "compile/internal.h"
#include "objects/dict.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/native.h"

typedef struct GiSymtableEntry {
    GiObj obj;
    GiSlot id, name, symbols, varnames, children, type, lineno, nested;
} GiSymtableEntry;

enum { SCOPE_SHIFT = 11 };

static GiRef entry_repr(GiThread *ts, GiVal self) {
    GiSymtableEntry *e = (GiSymtableEntry *)gi_obj(self);
    return gi_str_format(ts, "<symtable entry %U(%S), line %S>", gi_val(e->name), gi_val(e->id), gi_val(e->lineno));
}

#define SLOT(name) GI_SLOT(GiSymtableEntry, name)
static const GiField entry_fields[] = {SLOT(id), SLOT(name), SLOT(symbols), SLOT(varnames), SLOT(children),
                                       SLOT(type), SLOT(lineno), SLOT(nested), GI_FIELDS_END};
#define MEMBER(name) {#name, GI_MEMBER_OBJECT, offsetof(GiSymtableEntry, name), true, NULL}
static const GiMemberDef entry_members[] = {MEMBER(id), MEMBER(name), MEMBER(symbols), MEMBER(varnames),
                                            MEMBER(children), MEMBER(nested), MEMBER(type), MEMBER(lineno),
                                            {.name = NULL}};
GiType gi_symtable_entry_type = {
    .obj = GI_TYPE_HEAD, .name = "symtable entry", .size = sizeof(GiSymtableEntry), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = entry_fields, .members = entry_members, .repr = entry_repr,
};

static GiStatus fill_symbols(GiThread *ts, const GiScope *scope, GiVal symbols, GiVal varnames) {
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        const GiSymbol *s = scope->symbols[i];
        int64_t flags = s->flags | (int64_t)s->scope << SCOPE_SHIFT;
        if (gi_dict_set(ts, symbols, s->name->str, gi_smallint(flags)) < 0) return GI_FAIL;
        if ((s->flags & GI_DEF_PARAM) && gi_list_append(ts, varnames, gi_dup(ts, s->name->str)) < 0) return GI_FAIL;
    }
    return GI_OK;
}

GiRef gi_symtable_object(GiThread *ts, const GiScope *scope) {
    if (gi_type_ready(ts, &gi_symtable_entry_type) < 0) return GI_NULL;
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_symtable_entry_type, sizeof(GiSymtableEntry)));
    if (gi_is_null(made)) return made;
    GiSymtableEntry *e = (GiSymtableEntry *)gi_obj(made);
    gi_slot_init(&e->symbols, gi_dict_new(ts));
    gi_slot_init(&e->varnames, gi_list_new(ts, 0));
    gi_slot_init(&e->children, gi_list_new(ts, 0));
    gi_slot_init(&e->id, gi_int_from_u64(ts, (uintptr_t)scope));
    gi_slot_init(&e->name, scope->kind == GI_BLOCK_MODULE ? gi_intern_cstr(ts, "top") : gi_dup(ts, scope->name->str));
    gi_slot_init(&e->type, gi_smallint_ref(scope->kind));
    gi_slot_init(&e->lineno, gi_smallint_ref(scope->kind == GI_BLOCK_MODULE ? 0 : scope->pos.lineno));
    gi_slot_init(&e->nested, gi_smallint_ref(scope->nested));
    if (e->symbols.bits == 0 || e->varnames.bits == 0 || e->children.bits == 0 || e->id.bits == 0 || e->name.bits == 0)
        goto fail;
    if (fill_symbols(ts, scope, gi_val(e->symbols), gi_val(e->varnames)) < 0) goto fail;
    for (const GiScope *child = scope->first_child; child != NULL; child = child->next) {
        GiRef entry = gi_symtable_object(ts, child);
        if (gi_is_null(entry) || gi_list_append(ts, gi_val(e->children), entry) < 0) goto fail;
    }
    return made;
fail:
    gi_drop(ts, made);
    return GI_NULL;
}
