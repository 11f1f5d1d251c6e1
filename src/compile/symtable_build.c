/* symtable_build.c - collects the names of every scope: who binds, uses, declares what.
 *
 * One walk over the tree. What a name means is decided afterwards (symtable_analyze.c). Names are
 * canonical and mangled. Belongs to one compilation; errors leave by gi_symtable_error.
 */
#include "compile/internal.h"

static void visit_expr(GiCompiler *c, const GiAstExpr *e);
static void visit_stmts(GiCompiler *c, const GiAstSeq_stmt *body);
static void visit_pattern(GiCompiler *c, const GiAstPattern *p);

static inline uint32_t hash_pointer(const void *p) {
    uint64_t x = (uint64_t)(uintptr_t)p * UINT64_C(0x9E3779B97F4A7C15);
    return (uint32_t)(x >> 32);
}

GiSymbol *gi_scope_find(const GiScope *scope, const GiNameInfo *name) {
    if (scope->table == NULL) return NULL;
    for (uint32_t i = hash_pointer(name) & scope->table_mask;; i = (i + 1) & scope->table_mask) {
        GiSymbol *s = scope->table[i];
        if (s == NULL || s->name == name) return s;
    }
}

static void grow_table(GiCompiler *c, GiScope *scope) {
    uint32_t size = scope->table ? (scope->table_mask + 1) * 2 : 8;
    GiSymbol **table = gi_compile_alloc(c, size * sizeof *table);
    GiSymbol **list = gi_compile_alloc(c, size * sizeof *list);
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        GiSymbol *s = list[i] = scope->symbols[i];
        uint32_t at = hash_pointer(s->name) & (size - 1);
        while (table[at] != NULL) at = (at + 1) & (size - 1);
        table[at] = s;
    }
    scope->table = table;
    scope->symbols = list;
    scope->table_mask = size - 1;
    scope->symbol_capacity = size / 2;
}

GiSymbol *gi_scope_add(GiCompiler *c, GiScope *scope, GiNameInfo *name) {
    GiSymbol *s = gi_scope_find(scope, name);
    if (s != NULL) return s;
    if (scope->symbol_count >= scope->symbol_capacity) grow_table(c, scope);
    s = gi_compile_alloc(c, sizeof *s);
    s->name = name;
    s->index = -1;
    scope->symbols[scope->symbol_count++] = s;
    uint32_t at = hash_pointer(name) & scope->table_mask;
    while (scope->table[at] != NULL) at = (at + 1) & scope->table_mask;
    scope->table[at] = s;
    return s;
}

GiScope *gi_scope_of(GiCompiler *c, const void *node) {
    uint32_t index;
    if (!gi_word_map_get(&c->scopes, (uint64_t)(uintptr_t)node, &index)) {
        gi_raise(c->ts, &gi_exc_SystemError, "unknown symbol table entry");
        gi_compile_fail(c);
    }
    return c->scope_list.data[index];
}

static GiScope *enter_scope(GiCompiler *c, GiBlockKind kind, GiNameInfo *name, const void *node,
                            const GiAstPos *pos) {
    GiScope *scope = gi_compile_alloc(c, sizeof *scope), *outer = c->scope;
    scope->kind = kind;
    scope->name = name;
    scope->node = node;
    scope->parent = outer;
    if (pos != NULL) scope->pos = *pos;
    if (outer != NULL) {
        scope->nested = outer->nested || outer->kind == GI_BLOCK_FUNCTION;
        scope->class_name = outer->class_name;
        scope->comp_iter_expr = outer->comp_iter_expr;
    }
    c->scope = scope;
    /* An annotation that is never evaluated has no scope that anybody sees. */
    if (kind == GI_BLOCK_ANNOTATION) return scope;
    if (outer != NULL) {
        if (outer->last_child) outer->last_child->next = scope;
        else outer->first_child = scope;
        outer->last_child = scope;
    }
    bool fresh;
    uint32_t *at = gi_word_map_at(c, &c->scopes, (uint64_t)(uintptr_t)node, &fresh);
    *at = (uint32_t)c->scope_list.len;
    if (gi_vec_push(&c->scope_list, scope) < 0) {
        gi_raise_nomem(c->ts);
        gi_compile_fail(c);
    }
    return scope;
}

static void leave_scope(GiCompiler *c) { c->scope = c->scope->parent; }

static GiNameInfo *mangled(GiCompiler *c, const GiName *name) {
    return gi_mangle(c, c->scope->class_name, gi_name_info(c, name));
}

static GiSymbol *add_def_in(GiCompiler *c, GiScope *scope, GiNameInfo *name, unsigned flag,
                            const GiAstPos *pos) {
    GiSymbol *s = gi_scope_add(c, scope, name);
    if ((flag & GI_DEF_PARAM) && (s->flags & GI_DEF_PARAM))
        gi_symtable_error(c, pos, "duplicate argument '%U' in function definition", name->str);
    unsigned flags = s->flags | flag;
    if (scope->comp_iter_target) {
        if (flags & (GI_DEF_GLOBAL | GI_DEF_NONLOCAL))
            gi_symtable_error(c, pos, "comprehension inner loop cannot rebind assignment expression target '%U'",
                              name->str);
        flags |= GI_DEF_COMP_ITER;
    }
    s->flags = (uint16_t)flags;
    if (flag & GI_DEF_PARAM) scope->param_count++;
    else if (flag & GI_DEF_GLOBAL) gi_scope_add(c, c->module_scope, name)->flags |= GI_DEF_GLOBAL;
    return s;
}

static GiSymbol *add_def(GiCompiler *c, const GiName *name, unsigned flag, const GiAstPos *pos) {
    return add_def_in(c, c->scope, mangled(c, name), flag, pos);
}

static void check_annotation(GiCompiler *c, const char *what, const GiAstPos *pos) {
    if (c->scope->kind == GI_BLOCK_ANNOTATION)
        gi_symtable_error(c, pos, "'%s' can not be used within an annotation", what);
}

static void visit_exprs(GiCompiler *c, const GiAstSeq_expr *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i] != NULL) visit_expr(c, list->items[i]);
}

static void visit_keywords(GiCompiler *c, const GiAstSeq_keyword *list) {
    for (uint32_t i = 0; i < list->count; i++) visit_expr(c, list->items[i]->value);
}

/* ---- Expressions ---- */

/* A := in a comprehension binds in the scope around all comprehensions. */
static void extend_walrus(GiCompiler *c, const GiAstExpr *target) {
    GiNameInfo *name = mangled(c, target->Name.id);
    for (GiScope *scope = c->scope; scope != NULL; scope = scope->parent) {
        if (scope->kind == GI_BLOCK_ANNOTATION) continue;
        GiSymbol *s = gi_scope_find(scope, name);
        if (scope->comprehension != GI_COMP_NONE) {
            if (s != NULL && (s->flags & GI_DEF_COMP_ITER))
                gi_symtable_error(c, &target->pos,
                                  "assignment expression cannot rebind comprehension iteration variable '%U'",
                                  name->str);
            continue;
        }
        if (scope->kind == GI_BLOCK_CLASS)
            gi_symtable_error(c, &target->pos,
                              "assignment expression within a comprehension cannot be used in a class body");
        bool global = scope->kind == GI_BLOCK_MODULE || (s != NULL && (s->flags & GI_DEF_GLOBAL));
        add_def_in(c, c->scope, name, global ? GI_DEF_GLOBAL : GI_DEF_NONLOCAL, &target->pos)->where = target->pos;
        add_def_in(c, scope, name, scope->kind == GI_BLOCK_MODULE ? GI_DEF_GLOBAL : GI_DEF_LOCAL, &target->pos);
        return;
    }
}

static void visit_walrus(GiCompiler *c, const GiAstExpr *e) {
    check_annotation(c, "named expression", &e->pos);
    if (c->scope->comp_iter_expr > 0)
        gi_symtable_error(c, &e->pos, "assignment expression cannot be used in a comprehension iterable expression");
    const GiAstExpr *target = e->NamedExpr.target;
    if (c->scope->comprehension != GI_COMP_NONE && target->kind == GI_EXPR_Name) extend_walrus(c, target);
    visit_expr(c, e->NamedExpr.value);
    visit_expr(c, target);
    if (target->kind == GI_EXPR_Name) {
        GiSymbol *s = gi_scope_find(c->scope, mangled(c, target->Name.id));
        if (s != NULL) s->walrus = true;
    }
}

static void visit_target(GiCompiler *c, const GiAstExpr *target) {
    c->scope->comp_iter_target = true;
    visit_expr(c, target);
    c->scope->comp_iter_target = false;
}

static void visit_comprehension(GiCompiler *c, const GiAstExpr *e, GiCompKind kind, const char *name,
                                const GiAstSeq_comprehension *generators, const GiAstExpr *elt,
                                const GiAstExpr *value) {
    const GiAstComprehension *first = generators->items[0];
    c->scope->comp_iter_expr++;
    visit_expr(c, first->iter);
    c->scope->comp_iter_expr--;
    GiScope *scope = enter_scope(c, GI_BLOCK_FUNCTION, gi_name_info_text(c, name, strlen(name)), e, &e->pos);
    scope->comprehension = kind;
    if (first->is_async) scope->coroutine = true;
    add_def_in(c, scope, gi_name_info_text(c, ".0", 2), GI_DEF_PARAM, &e->pos);
    visit_target(c, first->target);
    visit_exprs(c, &first->ifs);
    for (uint32_t i = 1; i < generators->count; i++) {
        const GiAstComprehension *g = generators->items[i];
        visit_target(c, g->target);
        scope->comp_iter_expr++;
        visit_expr(c, g->iter);
        scope->comp_iter_expr--;
        visit_exprs(c, &g->ifs);
        if (g->is_async) scope->coroutine = true;
    }
    if (value != NULL) visit_expr(c, value);
    visit_expr(c, elt);
    scope->generator = kind == GI_COMP_GENERATOR;
    bool is_async = scope->coroutine && kind != GI_COMP_GENERATOR;
    leave_scope(c);
    if (is_async) c->scope->coroutine = true;
}

static void visit_params(GiCompiler *c, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++)
        add_def(c, list->items[i]->arg, GI_DEF_PARAM, &list->items[i]->pos);
}

/* The parameters, in the order of registers. */
static void visit_arguments(GiCompiler *c, const GiAstArguments *args) {
    visit_params(c, &args->posonlyargs);
    visit_params(c, &args->args);
    visit_params(c, &args->kwonlyargs);
    if (args->vararg) {
        add_def(c, args->vararg->arg, GI_DEF_PARAM, &args->vararg->pos);
        c->scope->varargs = true;
    }
    if (args->kwarg) {
        add_def(c, args->kwarg->arg, GI_DEF_PARAM, &args->kwarg->pos);
        c->scope->varkw = true;
    }
}

static void visit_yield(GiCompiler *c, const GiAstExpr *e, const GiAstExpr *value) {
    check_annotation(c, "yield expression", &e->pos);
    if (value != NULL) visit_expr(c, value);
    c->scope->generator = true;
    if (c->scope->comprehension != GI_COMP_NONE) {
        static const char *const names[] = {"", "list comprehension", "set comprehension", "dict comprehension",
                                            "generator expression"};
        gi_symtable_error(c, &e->pos, "'yield' inside %s", names[c->scope->comprehension]);
    }
}

static void visit_name(GiCompiler *c, const GiAstExpr *e) {
    GiSymbol *s = add_def(c, e->Name.id, e->Name.ctx == GI_CTX_Load ? GI_USE : GI_DEF_LOCAL, &e->pos);
    if (e->Name.ctx == GI_CTX_Del) s->deleted = true;
    if (e->Name.ctx == GI_CTX_Load && c->scope->kind == GI_BLOCK_FUNCTION && gi_name_is(e->Name.id, "super"))
        add_def_in(c, c->scope, gi_name_info_text(c, "__class__", 9), GI_USE, &e->pos);
}

static void visit_lambda(GiCompiler *c, const GiAstExpr *e) {
    const GiAstArguments *args = e->Lambda.args;
    visit_exprs(c, &args->defaults);
    visit_exprs(c, &args->kw_defaults);
    enter_scope(c, GI_BLOCK_FUNCTION, gi_name_info_text(c, "lambda", 6), e, &e->pos);
    visit_arguments(c, args);
    visit_expr(c, e->Lambda.body);
    leave_scope(c);
}

static void visit_expr_inner(GiCompiler *c, const GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_BoolOp: visit_exprs(c, &e->BoolOp.values); break;
    case GI_EXPR_NamedExpr: visit_walrus(c, e); break;
    case GI_EXPR_BinOp:
        visit_expr(c, e->BinOp.left);
        visit_expr(c, e->BinOp.right);
        break;
    case GI_EXPR_UnaryOp: visit_expr(c, e->UnaryOp.operand); break;
    case GI_EXPR_Lambda: visit_lambda(c, e); break;
    case GI_EXPR_IfExp:
        visit_expr(c, e->IfExp.test);
        visit_expr(c, e->IfExp.body);
        visit_expr(c, e->IfExp.orelse);
        break;
    case GI_EXPR_Dict:
        for (uint32_t i = 0; i < e->Dict.values.count; i++) {
            if (e->Dict.keys.items[i]) visit_expr(c, e->Dict.keys.items[i]);
            visit_expr(c, e->Dict.values.items[i]);
        }
        break;
    case GI_EXPR_Set: visit_exprs(c, &e->Set.elts); break;
    case GI_EXPR_ListComp:
        visit_comprehension(c, e, GI_COMP_LIST, "listcomp", &e->ListComp.generators, e->ListComp.elt, NULL);
        break;
    case GI_EXPR_SetComp:
        visit_comprehension(c, e, GI_COMP_SET, "setcomp", &e->SetComp.generators, e->SetComp.elt, NULL);
        break;
    case GI_EXPR_DictComp:
        visit_comprehension(c, e, GI_COMP_DICT, "dictcomp", &e->DictComp.generators, e->DictComp.key,
                            e->DictComp.value);
        break;
    case GI_EXPR_GeneratorExp:
        visit_comprehension(c, e, GI_COMP_GENERATOR, "genexpr", &e->GeneratorExp.generators, e->GeneratorExp.elt,
                            NULL);
        break;
    case GI_EXPR_Await:
        check_annotation(c, "await expression", &e->pos);
        visit_expr(c, e->Await.value);
        c->scope->coroutine = true;
        break;
    case GI_EXPR_Yield: visit_yield(c, e, e->Yield.value); break;
    case GI_EXPR_YieldFrom: visit_yield(c, e, e->YieldFrom.value); break;
    case GI_EXPR_Compare:
        visit_expr(c, e->Compare.left);
        visit_exprs(c, &e->Compare.comparators);
        break;
    case GI_EXPR_Call:
        visit_expr(c, e->Call.func);
        visit_exprs(c, &e->Call.args);
        visit_keywords(c, &e->Call.keywords);
        break;
    case GI_EXPR_FormattedValue:
        visit_expr(c, e->FormattedValue.value);
        if (e->FormattedValue.format_spec) visit_expr(c, e->FormattedValue.format_spec);
        break;
    case GI_EXPR_JoinedStr: visit_exprs(c, &e->JoinedStr.values); break;
    case GI_EXPR_Attribute: visit_expr(c, e->Attribute.value); break;
    case GI_EXPR_Subscript:
        visit_expr(c, e->Subscript.value);
        visit_expr(c, e->Subscript.slice);
        break;
    case GI_EXPR_Starred: visit_expr(c, e->Starred.value); break;
    case GI_EXPR_Name: visit_name(c, e); break;
    case GI_EXPR_List: visit_exprs(c, &e->List.elts); break;
    case GI_EXPR_Tuple: visit_exprs(c, &e->Tuple.elts); break;
    case GI_EXPR_Slice:
        if (e->Slice.lower) visit_expr(c, e->Slice.lower);
        if (e->Slice.upper) visit_expr(c, e->Slice.upper);
        if (e->Slice.step) visit_expr(c, e->Slice.step);
        break;
    default: break;
    }
}

static void visit_expr(GiCompiler *c, const GiAstExpr *e) {
    if (e->kind == GI_EXPR_Constant) return;
    gi_enter(c);
    visit_expr_inner(c, e);
    gi_leave(c);
}

/* ---- Statements ---- */

static void visit_annotation(GiCompiler *c, const GiAstExpr *e) {
    bool future = (c->future & GI_CO_FUTURE_ANNOTATIONS) != 0;
    if (future) enter_scope(c, GI_BLOCK_ANNOTATION, NULL, e, &e->pos);
    visit_expr(c, e);
    if (future) leave_scope(c);
}

static void visit_arg_annotations(GiCompiler *c, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++)
        if (list->items[i]->annotation) visit_annotation(c, list->items[i]->annotation);
}

static void visit_function(GiCompiler *c, const GiAstStmt *s) {
    /* FunctionDef and AsyncFunctionDef have the same fields. */
    const GiAstArguments *args = s->FunctionDef.args;
    add_def(c, s->FunctionDef.name, GI_DEF_LOCAL, &s->pos);
    visit_exprs(c, &args->defaults);
    visit_exprs(c, &args->kw_defaults);
    visit_arg_annotations(c, &args->posonlyargs);
    visit_arg_annotations(c, &args->args);
    if (args->vararg && args->vararg->annotation) visit_annotation(c, args->vararg->annotation);
    if (args->kwarg && args->kwarg->annotation) visit_annotation(c, args->kwarg->annotation);
    visit_arg_annotations(c, &args->kwonlyargs);
    if (s->FunctionDef.returns) visit_annotation(c, s->FunctionDef.returns);
    visit_exprs(c, &s->FunctionDef.decorator_list);
    GiScope *scope = enter_scope(c, GI_BLOCK_FUNCTION, gi_name_info(c, s->FunctionDef.name), s, &s->pos);
    if (s->kind == GI_STMT_AsyncFunctionDef) scope->coroutine = true;
    visit_arguments(c, args);
    visit_stmts(c, &s->FunctionDef.body);
    leave_scope(c);
}

static void visit_class(GiCompiler *c, const GiAstStmt *s) {
    add_def(c, s->ClassDef.name, GI_DEF_LOCAL, &s->pos);
    visit_exprs(c, &s->ClassDef.bases);
    visit_keywords(c, &s->ClassDef.keywords);
    visit_exprs(c, &s->ClassDef.decorator_list);
    GiScope *scope = enter_scope(c, GI_BLOCK_CLASS, gi_name_info(c, s->ClassDef.name), s, &s->pos);
    scope->class_name = scope->name;
    visit_stmts(c, &s->ClassDef.body);
    leave_scope(c);
}

static void visit_declaration(GiCompiler *c, const GiAstStmt *s) {
    bool global = s->kind == GI_STMT_Global;
    const char *what = global ? "global" : "nonlocal";
    const GiAstSeq_identifier *names = &s->Global.names;
    for (uint32_t i = 0; i < names->count; i++) {
        GiNameInfo *name = mangled(c, names->items[i]);
        GiSymbol *old = gi_scope_find(c->scope, name);
        unsigned flags = old ? old->flags : 0;
        if (flags & GI_DEF_PARAM)
            gi_symtable_error(c, &s->pos, "name '%U' is parameter and %s", name->str, what);
        if (flags & GI_USE)
            gi_symtable_error(c, &s->pos, "name '%U' is used prior to %s declaration", name->str, what);
        if (flags & GI_DEF_ANNOT)
            gi_symtable_error(c, &s->pos, "annotated name '%U' can't be %s", name->str, what);
        if (flags & GI_DEF_LOCAL)
            gi_symtable_error(c, &s->pos, "name '%U' is assigned to before %s declaration", name->str, what);
        GiSymbol *symbol = add_def_in(c, c->scope, name, global ? GI_DEF_GLOBAL : GI_DEF_NONLOCAL, &s->pos);
        if (symbol->where.lineno == 0) symbol->where = s->pos;
    }
}

static void visit_ann_assign(GiCompiler *c, const GiAstStmt *s) {
    const GiAstExpr *target = s->AnnAssign.target;
    if (target->kind == GI_EXPR_Name) {
        GiNameInfo *name = mangled(c, target->Name.id);
        GiSymbol *old = gi_scope_find(c->scope, name);
        unsigned flags = old ? old->flags : 0;
        if ((flags & (GI_DEF_GLOBAL | GI_DEF_NONLOCAL)) && c->scope->kind != GI_BLOCK_MODULE && s->AnnAssign.simple)
            gi_symtable_error(c, &s->pos, "annotated name '%U' can't be %s", name->str,
                              flags & GI_DEF_GLOBAL ? "global" : "nonlocal");
        if (s->AnnAssign.simple) add_def_in(c, c->scope, name, GI_DEF_ANNOT | GI_DEF_LOCAL, &target->pos);
        else if (s->AnnAssign.value) add_def_in(c, c->scope, name, GI_DEF_LOCAL, &target->pos);
    } else {
        visit_expr(c, target);
    }
    visit_annotation(c, s->AnnAssign.annotation);
    if (s->AnnAssign.value) visit_expr(c, s->AnnAssign.value);
}

static void visit_aliases(GiCompiler *c, const GiAstSeq_alias *list) {
    for (uint32_t i = 0; i < list->count; i++) {
        const GiAstAlias *a = list->items[i];
        const GiName *name = a->asname ? a->asname : a->name;
        if (gi_name_is(name, "*")) {
            if (c->scope->kind != GI_BLOCK_MODULE)
                gi_symtable_error(c, &a->pos, "import * only allowed at module level");
            continue;
        }
        const char *dot = memchr(name->bytes, '.', name->len);
        GiNameInfo *info = dot ? gi_name_info_text(c, name->bytes, (size_t)(dot - name->bytes)) : gi_name_info(c, name);
        add_def_in(c, c->scope, gi_mangle(c, c->scope->class_name, info), GI_DEF_IMPORT, &a->pos);
    }
}

static void visit_try(GiCompiler *c, const GiAstStmt *s) {
    /* Try and TryStar have the same fields. */
    visit_stmts(c, &s->Try.body);
    visit_stmts(c, &s->Try.orelse);
    for (uint32_t i = 0; i < s->Try.handlers.count; i++) {
        const GiAstExceptHandler *h = s->Try.handlers.items[i];
        if (h->ExceptHandler.type) visit_expr(c, h->ExceptHandler.type);
        if (h->ExceptHandler.name) add_def(c, h->ExceptHandler.name, GI_DEF_LOCAL, &h->pos)->deleted = true;
        visit_stmts(c, &h->ExceptHandler.body);
    }
    visit_stmts(c, &s->Try.finalbody);
}

static void visit_with(GiCompiler *c, const GiAstStmt *s) {
    for (uint32_t i = 0; i < s->With.items.count; i++) {
        visit_expr(c, s->With.items.items[i]->context_expr);
        if (s->With.items.items[i]->optional_vars) visit_expr(c, s->With.items.items[i]->optional_vars);
    }
    visit_stmts(c, &s->With.body);
}

static void visit_match(GiCompiler *c, const GiAstStmt *s) {
    visit_expr(c, s->Match.subject);
    for (uint32_t i = 0; i < s->Match.cases.count; i++) {
        const GiAstMatchCase *m = s->Match.cases.items[i];
        visit_pattern(c, m->pattern);
        if (m->guard) visit_expr(c, m->guard);
        visit_stmts(c, &m->body);
    }
}

static void visit_stmt_inner(GiCompiler *c, const GiAstStmt *s) {
    switch (s->kind) {
    case GI_STMT_FunctionDef:
    case GI_STMT_AsyncFunctionDef: visit_function(c, s); break;
    case GI_STMT_ClassDef: visit_class(c, s); break;
    case GI_STMT_Return:
        if (s->Return.value) {
            visit_expr(c, s->Return.value);
            c->scope->returns_value = true;
        }
        break;
    case GI_STMT_Delete: visit_exprs(c, &s->Delete.targets); break;
    case GI_STMT_Assign:
        visit_expr(c, s->Assign.value);
        visit_exprs(c, &s->Assign.targets);
        break;
    case GI_STMT_AugAssign:
        visit_expr(c, s->AugAssign.target);
        visit_expr(c, s->AugAssign.value);
        break;
    case GI_STMT_AnnAssign: visit_ann_assign(c, s); break;
    case GI_STMT_For:
    case GI_STMT_AsyncFor:
        if (s->kind == GI_STMT_AsyncFor) c->scope->coroutine = true; /* matters at top level */
        visit_expr(c, s->For.target);
        visit_expr(c, s->For.iter);
        visit_stmts(c, &s->For.body);
        visit_stmts(c, &s->For.orelse);
        break;
    case GI_STMT_While:
        visit_expr(c, s->While.test);
        visit_stmts(c, &s->While.body);
        visit_stmts(c, &s->While.orelse);
        break;
    case GI_STMT_If:
        visit_expr(c, s->If.test);
        visit_stmts(c, &s->If.body);
        visit_stmts(c, &s->If.orelse);
        break;
    case GI_STMT_With:
    case GI_STMT_AsyncWith:
        if (s->kind == GI_STMT_AsyncWith) c->scope->coroutine = true; /* likewise */
        visit_with(c, s);
        break;
    case GI_STMT_Match: visit_match(c, s); break;
    case GI_STMT_Raise:
        if (s->Raise.exc) visit_expr(c, s->Raise.exc);
        if (s->Raise.cause) visit_expr(c, s->Raise.cause);
        break;
    case GI_STMT_Try:
    case GI_STMT_TryStar: visit_try(c, s); break;
    case GI_STMT_Assert:
        visit_expr(c, s->Assert.test);
        if (s->Assert.msg) visit_expr(c, s->Assert.msg);
        break;
    case GI_STMT_Import: visit_aliases(c, &s->Import.names); break;
    case GI_STMT_ImportFrom: visit_aliases(c, &s->ImportFrom.names); break;
    case GI_STMT_Global:
    case GI_STMT_Nonlocal: visit_declaration(c, s); break;
    case GI_STMT_Expr: visit_expr(c, s->Expr.value); break;
    default: break;
    }
}

static void visit_stmts(GiCompiler *c, const GiAstSeq_stmt *body) {
    for (uint32_t i = 0; i < body->count; i++) {
        gi_enter(c);
        visit_stmt_inner(c, body->items[i]);
        gi_leave(c);
    }
}

static void visit_patterns(GiCompiler *c, const GiAstSeq_pattern *list) {
    for (uint32_t i = 0; i < list->count; i++) visit_pattern(c, list->items[i]);
}

static void visit_pattern(GiCompiler *c, const GiAstPattern *p) {
    gi_enter(c);
    switch (p->kind) {
    case GI_PATTERN_MatchValue: visit_expr(c, p->MatchValue.value); break;
    case GI_PATTERN_MatchSequence: visit_patterns(c, &p->MatchSequence.patterns); break;
    case GI_PATTERN_MatchStar:
        if (p->MatchStar.name) add_def(c, p->MatchStar.name, GI_DEF_LOCAL, &p->pos);
        break;
    case GI_PATTERN_MatchMapping:
        visit_exprs(c, &p->MatchMapping.keys);
        visit_patterns(c, &p->MatchMapping.patterns);
        if (p->MatchMapping.rest) add_def(c, p->MatchMapping.rest, GI_DEF_LOCAL, &p->pos);
        break;
    case GI_PATTERN_MatchClass:
        visit_expr(c, p->MatchClass.cls);
        visit_patterns(c, &p->MatchClass.patterns);
        visit_patterns(c, &p->MatchClass.kwd_patterns);
        break;
    case GI_PATTERN_MatchAs:
        if (p->MatchAs.pattern) visit_pattern(c, p->MatchAs.pattern);
        if (p->MatchAs.name) add_def(c, p->MatchAs.name, GI_DEF_LOCAL, &p->pos);
        break;
    case GI_PATTERN_MatchOr: visit_patterns(c, &p->MatchOr.patterns); break;
    default: break;
    }
    gi_leave(c);
}

void gi_symtable_build(GiCompiler *c, const GiAstMod *mod) {
    c->scope = NULL;
    c->module_scope = enter_scope(c, GI_BLOCK_MODULE, gi_name_info_text(c, "top", 3), mod, NULL);
    switch (mod->kind) {
    case GI_MOD_Module: visit_stmts(c, &mod->Module.body); break;
    case GI_MOD_Interactive: visit_stmts(c, &mod->Interactive.body); break;
    case GI_MOD_Expression: visit_expr(c, mod->Expression.body); break;
    default:
        gi_raise(c->ts, &gi_exc_RuntimeError, "this compiler does not handle FunctionTypes");
        gi_compile_fail(c);
    }
    gi_symtable_analyze(c, c->module_scope);
}
