/* symtable_analyze.c - decides what each name of each scope means.
 *
 * A name that a scope does not bind is looked for in the functions around it, nearest first;
 * classes are transparent (but own the cell __class__). Where it is found it becomes a cell, and
 * every scope in between passes it on as a free variable.
 */
#include "compile/internal.h"

/* The scope around `scope` that owns the variable, or NULL. *global: a function around declares it
 * global. */
static GiScope *find_owner(GiCompiler *c, GiScope *scope, GiNameInfo *name, bool *global) {
    GiNameInfo *class_cell = gi_name_info_text(c, "__class__", 9);
    *global = false;
    for (GiScope *s = scope->parent; s != NULL; s = s->parent) {
        if (s->kind == GI_BLOCK_CLASS) {
            if (name == class_cell) return s;
            continue;
        }
        if (s->kind != GI_BLOCK_FUNCTION) continue;
        GiSymbol *symbol = gi_scope_find(s, name);
        if (symbol == NULL) continue;
        if (symbol->flags & GI_DEF_GLOBAL) {
            *global = true;
            return NULL;
        }
        if (symbol->flags & GI_DEF_NONLOCAL) continue;
        if (symbol->flags & GI_DEF_BOUND) return s;
    }
    return NULL;
}

/* Makes the name a cell of `owner` and a free variable of the scopes below it down to `scope`. */
static void pass_down(GiCompiler *c, GiScope *owner, GiScope *scope, GiNameInfo *name) {
    if (owner->kind == GI_BLOCK_CLASS) owner->needs_class_cell = true;
    else gi_scope_find(owner, name)->scope = GI_SCOPE_CELL;
    for (GiScope *s = scope->parent; s != owner; s = s->parent) {
        GiSymbol *symbol = gi_scope_find(s, name);
        if (symbol == NULL) {
            symbol = gi_scope_add(c, s, name);
            symbol->flags |= GI_DEF_FREE;
            symbol->scope = GI_SCOPE_FREE;
        } else if (s->kind == GI_BLOCK_CLASS && (symbol->flags & (GI_DEF_BOUND | GI_DEF_GLOBAL)) &&
                   !(symbol->flags & GI_DEF_NONLOCAL)) {
            symbol->flags |= GI_DEF_FREE_CLASS;
        }
    }
}

static void analyze_symbol(GiCompiler *c, GiScope *scope, GiSymbol *s) {
    GiNameInfo *name = s->name;
    bool global;
    if (s->flags & GI_DEF_GLOBAL) {
        if (s->flags & GI_DEF_NONLOCAL)
            gi_symtable_error(c, &s->where, "name '%U' is nonlocal and global", name->str);
        s->scope = GI_SCOPE_GLOBAL_EXPLICIT;
        return;
    }
    if (s->flags & GI_DEF_NONLOCAL) {
        if (scope->kind == GI_BLOCK_MODULE)
            gi_symtable_error(c, &s->where, "nonlocal declaration not allowed at module level");
        GiScope *owner = find_owner(c, scope, name, &global);
        if (owner == NULL) gi_symtable_error(c, &s->where, "no binding for nonlocal '%U' found", name->str);
        s->scope = GI_SCOPE_FREE;
        pass_down(c, owner, scope, name);
        return;
    }
    if (s->flags & GI_DEF_BOUND) {
        if (s->scope != GI_SCOPE_CELL) s->scope = GI_SCOPE_LOCAL;
        return;
    }
    if (s->scope == GI_SCOPE_FREE) return; /* passed down already */
    GiScope *owner = find_owner(c, scope, name, &global);
    if (owner == NULL) {
        s->scope = GI_SCOPE_GLOBAL_IMPLICIT;
        return;
    }
    s->scope = GI_SCOPE_FREE;
    pass_down(c, owner, scope, name);
}

void gi_symtable_analyze(GiCompiler *c, GiScope *scope) {
    gi_enter(c);
    for (uint32_t i = 0; i < scope->symbol_count; i++) analyze_symbol(c, scope, scope->symbols[i]);
    for (GiScope *child = scope->first_child; child != NULL; child = child->next) gi_symtable_analyze(c, child);
    gi_leave(c);
}
