/* func.c - code for functions, lambdas, classes and comprehensions: units within units. */
#include "compile/internal.h"
#include "syntax/parser.h"

/* ---- Making function objects ---- */

/* The free variables of the current unit, to be looked up in the unit around it. */
static GiNameInfo **free_names(GiCompiler *c, unsigned *count) {
    Unit *u = c->unit;
    *count = u->free_count;
    GiNameInfo **names = gi_compile_alloc(c, (u->free_count + 1) * sizeof *names);
    for (unsigned i = 0; i < u->free_count; i++) names[i] = u->variables.data[u->local_count + i];
    return names;
}

static void load_cell(GiCompiler *c, const GiAstPos *pos, GiNameInfo *name, unsigned dst) {
    Unit *u = c->unit;
    GiSymbol *s = gi_scope_find(u->scope, name);
    if (u->scope->needs_class_cell && u->scope->kind == GI_BLOCK_CLASS && name->len == 9 &&
        memcmp(name->bytes, "__class__", 9) == 0) {
        gi_emit(c, pos, OP_COPY, dst, 0, 0);
    } else if (s != NULL && s->scope == GI_SCOPE_CELL) {
        gi_emit(c, pos, OP_COPY, dst, (unsigned)s->index, 0);
    } else if (s != NULL && s->index >= 0) {
        gi_emit(c, pos, OP_GET_FREE_CELL, dst, (unsigned)s->index, 0);
    } else {
        gi_raise(c->ts, &gi_exc_SystemError, "no closure variable '%U'", name->str);
        gi_compile_fail(c);
    }
}

/* Parts are in place from base on (their number is `used`); adds the closure and makes the
 * function in base. unit->top is base + 1 afterwards. */
static void make_function(GiCompiler *c, const GiAstPos *pos, unsigned base, unsigned used, unsigned flags, GiVal code,
                          GiNameInfo **frees, unsigned free_count) {
    if (free_count > 0) {
        unsigned closure = used == 0 ? base : gi_temp(c);
        for (unsigned i = 0; i < free_count; i++) load_cell(c, pos, frees[i], i == 0 ? closure : gi_temp(c));
        gi_emit(c, pos, OP_BUILD_TUPLE, closure, closure, free_count);
        flags |= 8;
    }
    gi_emit(c, pos, OP_MAKE_FUNCTION, base, gi_const_index(c, code), flags);
    c->unit->top = base + 1;
}

static unsigned part_register(GiCompiler *c, unsigned base, unsigned *used) { return (*used)++ == 0 ? base : gi_temp(c); }

static void defaults(GiCompiler *c, const GiAstPos *pos, const GiAstArguments *args, unsigned base, unsigned *used,
                     unsigned *flags) {
    if (args->defaults.count == 0) return;
    unsigned reg = part_register(c, base, used);
    GiAstExpr tuple = {.kind = GI_EXPR_Tuple, .pos = *pos};
    tuple.Tuple.elts = args->defaults;
    tuple.Tuple.ctx = GI_CTX_Load;
    bool constant = true;
    for (uint32_t i = 0; i < args->defaults.count; i++)
        constant = constant && args->defaults.items[i]->kind == GI_EXPR_Constant;
    if (constant) {
        GiVal *values = gi_compile_alloc(c, args->defaults.count * sizeof *values);
        for (uint32_t i = 0; i < args->defaults.count; i++)
            values[i] = gi_const_value(c, &args->defaults.items[i]->Constant.value);
        gi_load_const(c, pos, gi_keep(c, gi_tuple_from(c->ts, values, args->defaults.count)), reg);
    } else {
        gi_expr_to(c, &tuple, reg);
    }
    *flags |= 1;
}

static void keyword_defaults(GiCompiler *c, const GiAstPos *pos, const GiAstArguments *args, unsigned base, unsigned *used,
                             unsigned *flags) {
    uint32_t count = 0;
    GiVal *names = gi_compile_alloc(c, (args->kwonlyargs.count + 1) * sizeof *names);
    unsigned reg = 0;
    for (uint32_t i = 0; i < args->kwonlyargs.count; i++) {
        if (args->kw_defaults.items[i] == NULL) continue;
        names[count] = gi_unit_mangle(c, args->kwonlyargs.items[i]->arg)->str;
        unsigned to = count == 0 ? (reg = part_register(c, base, used)) : gi_temp(c);
        gi_expr_to(c, args->kw_defaults.items[i], to);
        count++;
    }
    if (count == 0) return;
    uint32_t index = gi_const_index(c, gi_keep(c, gi_tuple_from(c->ts, names, count)));
    gi_emit(c, pos, OP_BUILD_DICT_KEYS, reg, reg, index);
    c->unit->top = reg + 1;
    *flags |= 2;
}

static GiStatus object_text(void *context, uint64_t object, GiArena *arena, const char **text, size_t *len) {
    GiCompiler *c = context;
    GiRef r = gi_str_format(c->ts, "%R", (GiVal){object});
    if (gi_is_null(r)) return GI_FAIL;
    size_t n;
    const char *utf8 = gi_str_utf8(c->ts, gi_val(r), &n);
    char *copy = utf8 ? gi_arena_copy(arena, utf8, n) : NULL;
    gi_drop(c->ts, r);
    *text = copy;
    *len = n;
    return copy ? GI_OK : GI_FAIL;
}

void gi_annotation_to(GiCompiler *c, const GiAstExpr *annotation, unsigned dst) {
    if (c->future & GI_CO_FUTURE_ANNOTATIONS) {
        GiUnparseOptions options = {.object_repr = object_text, .context = c};
        const char *text;
        size_t len;
        if (gi_unparse_expr(c->arena, annotation, &options, &text, &len) < 0) {
            if (!gi_raised(c->ts))
                gi_raise(c->ts, &gi_exc_RecursionError, "maximum recursion depth exceeded during compilation");
            gi_compile_fail(c);
        }
        GiAstConst k = {.kind = GI_CONST_STR, .text = {text, len}};
        gi_load_const(c, &annotation->pos, gi_const_value(c, &k), dst);
    } else if (annotation->kind == GI_EXPR_Starred) {
        unsigned top = c->unit->top;
        unsigned operand = gi_expr_operand_in(c, annotation->Starred.value, dst);
        unsigned run = gi_temp(c);
        gi_emit(c, &annotation->pos, OP_UNPACK, run, operand, 1);
        gi_move_result(c, &annotation->pos, dst, run);
        c->unit->top = top;
    } else {
        gi_expr_to(c, annotation, dst);
    }
}

typedef struct Annotations { unsigned base, *used, reg, count; } Annotations;

static void one_annotation(GiCompiler *c, Annotations *a, const GiAstPos *pos, GiNameInfo *name, const GiAstExpr *annotation) {
    if (annotation == NULL) return;
    unsigned reg = a->count == 0 ? (a->reg = part_register(c, a->base, a->used)) : gi_temp(c);
    gi_load_const(c, pos, name->str, reg);
    gi_annotation_to(c, annotation, gi_temp(c));
    a->count++;
}

static void arg_annotations(GiCompiler *c, Annotations *a, const GiAstPos *pos, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++)
        one_annotation(c, a, pos, gi_unit_mangle(c, list->items[i]->arg), list->items[i]->annotation);
}

static void annotations(GiCompiler *c, const GiAstStmt *s, unsigned base, unsigned *used, unsigned *flags) {
    const GiAstArguments *args = s->FunctionDef.args;
    Annotations a = {base, used, 0, 0};
    arg_annotations(c, &a, &s->pos, &args->args);
    arg_annotations(c, &a, &s->pos, &args->posonlyargs);
    if (args->vararg) one_annotation(c, &a, &s->pos, gi_unit_mangle(c, args->vararg->arg), args->vararg->annotation);
    arg_annotations(c, &a, &s->pos, &args->kwonlyargs);
    if (args->kwarg) one_annotation(c, &a, &s->pos, gi_unit_mangle(c, args->kwarg->arg), args->kwarg->annotation);
    one_annotation(c, &a, &s->pos, gi_name_info_text(c, "return", 6), s->FunctionDef.returns);
    if (a.count == 0) return;
    gi_emit(c, &s->pos, OP_BUILD_TUPLE, a.reg, a.reg, 2 * a.count);
    c->unit->top = a.reg + 1;
    *flags |= 4;
}

/* ---- Functions ---- */

const GiAstExpr *gi_docstring(const GiAstSeq_stmt *body) {
    if (body->count == 0 || body->items[0]->kind != GI_STMT_Expr) return NULL;
    const GiAstExpr *e = body->items[0]->Expr.value;
    if (e->kind != GI_EXPR_Constant) return NULL;
    const GiAstConst *k = &e->Constant.value;
    if (k->kind == GI_CONST_STR || (k->kind == GI_CONST_OBJECT && gi_is_str((GiVal){k->object}))) return e;
    return NULL;
}

static void check_params(GiCompiler *c, const GiAstPos *pos, const GiAstSeq_arg *list) {
    for (uint32_t i = 0; i < list->count; i++)
        gi_check_forbidden(c, pos, gi_name_info(c, list->items[i]->arg), GI_CTX_Store);
}

static void check_arguments(GiCompiler *c, const GiAstPos *pos, const GiAstArguments *a) {
    check_params(c, pos, &a->posonlyargs);
    check_params(c, pos, &a->args);
    if (a->vararg) gi_check_forbidden(c, pos, gi_name_info(c, a->vararg->arg), GI_CTX_Store);
    check_params(c, pos, &a->kwonlyargs);
    if (a->kwarg) gi_check_forbidden(c, pos, gi_name_info(c, a->kwarg->arg), GI_CTX_Store);
}

static void set_arguments(GiCompiler *c, const GiAstArguments *a) {
    Unit *u = c->unit;
    u->posonly_count = a->posonlyargs.count;
    u->arg_count = a->posonlyargs.count + a->args.count;
    u->kwonly_count = a->kwonlyargs.count;
    if (a->posonlyargs.count > 0) u->first_arg = gi_name_info(c, a->posonlyargs.items[0]->arg);
    else if (a->args.count > 0) u->first_arg = gi_name_info(c, a->args.items[0]->arg);
}

static int first_line(const GiAstStmt *s, const GiAstSeq_expr *decorators) {
    return decorators->count > 0 ? decorators->items[0]->pos.lineno : s->pos.lineno;
}

/* Calls decorators, whose registers precede base, on what stands in base. */
static unsigned apply_decorators(GiCompiler *c, const GiAstSeq_expr *decorators, unsigned base) {
    for (uint32_t i = decorators->count; i-- > 0;) {
        base--;
        gi_emit(c, &decorators->items[i]->pos, OP_CALL, base, 1, 0);
    }
    return base;
}

void gi_compile_function(GiCompiler *c, const GiAstStmt *s) {
    const GiAstArguments *args = s->FunctionDef.args;
    const GiAstSeq_expr *decorators = &s->FunctionDef.decorator_list;
    unsigned top = c->unit->top;
    check_arguments(c, &s->pos, args);
    for (uint32_t i = 0; i < decorators->count; i++) gi_expr_temp(c, decorators->items[i]);
    unsigned base = gi_temp(c), used = 0, flags = 0;
    defaults(c, &s->pos, args, base, &used, &flags);
    keyword_defaults(c, &s->pos, args, base, &used, &flags);
    annotations(c, s, base, &used, &flags);

    UnitKind kind = s->kind == GI_STMT_FunctionDef ? UNIT_FUNCTION : UNIT_ASYNC_FUNCTION;
    Unit *u = gi_enter_unit(c, kind, gi_scope_of(c, s), gi_name_info(c, s->FunctionDef.name)->str,
                            first_line(s, decorators));
    set_arguments(c, args);
    const GiAstExpr *doc = gi_docstring(&s->FunctionDef.body);
    if (doc != NULL && c->optimize < 2) u->doc = gi_const_value(c, &doc->Constant.value);
    gi_const_index(c, u->doc);
    gi_compile_body(c, &s->FunctionDef.body, doc != NULL);
    gi_emit32(c, &gi_no_pos, OP_RETURN_K, 0, gi_const_far(c, GI_NONE));
    unsigned free_count;
    GiNameInfo **frees = free_names(c, &free_count);
    GiVal code = gi_finish_unit(c);

    make_function(c, &s->pos, base, used, flags, code, frees, free_count);
    base = apply_decorators(c, decorators, base);
    gi_check_forbidden(c, &s->pos, gi_name_info(c, s->FunctionDef.name), GI_CTX_Store);
    gi_store_name(c, &s->pos, gi_unit_mangle(c, s->FunctionDef.name), LAST(base));
    c->unit->top = top;
}

void gi_compile_lambda(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    unsigned top = c->unit->top;
    check_arguments(c, &e->pos, e->Lambda.args);
    unsigned base = gi_run_base(c, dst), used = 0, flags = 0;
    defaults(c, &e->pos, e->Lambda.args, base, &used, &flags);
    keyword_defaults(c, &e->pos, e->Lambda.args, base, &used, &flags);
    gi_enter_unit(c, UNIT_LAMBDA, gi_scope_of(c, e), gi_name_info_text(c, "<lambda>", 8)->str, e->pos.lineno);
    set_arguments(c, e->Lambda.args);
    gi_const_index(c, GI_NONE);
    unsigned operand = gi_expr_operand(c, e->Lambda.body);
    gi_emit(c, &e->Lambda.body->pos, OP_RETURN, operand, 0, 0);
    unsigned free_count;
    GiNameInfo **frees = free_names(c, &free_count);
    GiVal code = gi_finish_unit(c);
    make_function(c, &e->pos, base, used, flags, code, frees, free_count);
    gi_move_result(c, &e->pos, dst, base);
    c->unit->top = top;
}

/* ---- Classes ---- */

static GiVal class_body(GiCompiler *c, const GiAstStmt *s, GiNameInfo ***frees, unsigned *free_count) {
    int line = first_line(s, &s->ClassDef.decorator_list);
    GiAstPos pos = {line, 0, line, 0};
    Unit *u = gi_enter_unit(c, UNIT_CLASS, gi_scope_of(c, s), gi_name_info(c, s->ClassDef.name)->str, line);
    unsigned t = gi_temp(c);
    gi_load_name(c, &pos, gi_name_info_text(c, "__name__", 8), t);
    gi_store_name(c, &pos, gi_name_info_text(c, "__module__", 10), LAST(t));
    gi_load_const(c, &pos, u->qualname, t);
    gi_store_name(c, &pos, gi_name_info_text(c, "__qualname__", 12), LAST(t));
    u->top = t;
    gi_compile_module_body(c, &s->ClassDef.body);
    *frees = free_names(c, free_count);
    return gi_finish_unit(c);
}

void gi_compile_class(GiCompiler *c, const GiAstStmt *s) {
    const GiAstSeq_expr *decorators = &s->ClassDef.decorator_list;
    unsigned top = c->unit->top;
    for (uint32_t i = 0; i < decorators->count; i++) gi_expr_temp(c, decorators->items[i]);
    unsigned base = gi_temp(c), free_count;
    GiNameInfo **frees;
    GiVal code = class_body(c, s, &frees, &free_count);
    gi_emit(c, &s->pos, OP_LOAD_BUILD_CLASS, base, 0, 0);
    unsigned func = gi_temp(c);
    make_function(c, &s->pos, func, 0, 0, code, frees, free_count);
    gi_load_const(c, &s->pos, gi_name_info(c, s->ClassDef.name)->str, gi_temp(c));
    gi_emit_call(c, &s->pos, base, 2, &s->ClassDef.bases, &s->ClassDef.keywords);
    base = apply_decorators(c, decorators, base);
    gi_check_forbidden(c, &s->pos, gi_name_info(c, s->ClassDef.name), GI_CTX_Store);
    gi_store_name(c, &s->pos, gi_unit_mangle(c, s->ClassDef.name), LAST(base));
    c->unit->top = top;
}

/* ---- Comprehensions ---- */

typedef struct Comprehension {
    const GiAstExpr *node, *elt, *value; /* value: of a dict */
    const GiAstSeq_comprehension *generators;
    GiCompKind kind;
    const char *name;
    unsigned acc;
    GiAstPos pos;
} Comprehension;

static Comprehension describe(const GiAstExpr *e) {
    switch (e->kind) {
    case GI_EXPR_ListComp:
        return (Comprehension){e, e->ListComp.elt, NULL, &e->ListComp.generators, GI_COMP_LIST, "<listcomp>", 0, e->pos};
    case GI_EXPR_SetComp:
        return (Comprehension){e, e->SetComp.elt, NULL, &e->SetComp.generators, GI_COMP_SET, "<setcomp>", 0, e->pos};
    case GI_EXPR_DictComp:
        return (Comprehension){e, e->DictComp.key, e->DictComp.value, &e->DictComp.generators, GI_COMP_DICT, "<dictcomp>", 0, e->pos};
    default:
        return (Comprehension){e, e->GeneratorExp.elt, NULL, &e->GeneratorExp.generators, GI_COMP_GENERATOR, "<genexpr>", 0, e->pos};
    }
}

static void add_element(GiCompiler *c, Comprehension *m) {
    unsigned top = c->unit->top;
    const GiAstPos *pos = &m->pos;
    if (m->kind == GI_COMP_DICT) {
        unsigned key = gi_expr_operand(c, m->elt);
        unsigned value = gi_expr_operand(c, m->value);
        gi_emit(c, pos, OP_DICT_SET, m->acc, key, value);
    } else if (m->kind == GI_COMP_GENERATOR && c->unit->scope->coroutine) {
        unsigned reg = gi_expr_temp(c, m->elt);
        gi_emit(c, pos, OP_ASYNC_GEN_WRAP, reg, 0, 0);
        gi_emit(c, pos, OP_YIELD, reg, LAST(reg), 0);
        gi_emit(c, pos, OP_DROP, reg, 0, 0);
    } else if (m->kind == GI_COMP_GENERATOR) {
        unsigned reg = gi_temp(c);
        unsigned operand = gi_expr_operand_in(c, m->elt, reg);
        gi_emit(c, pos, OP_YIELD, reg, operand, 0);
        gi_emit(c, pos, OP_DROP, reg, 0, 0);
    } else {
        unsigned operand = gi_expr_operand(c, m->elt);
        gi_emit(c, pos, m->kind == GI_COMP_LIST ? OP_LIST_APPEND : OP_SET_ADD, m->acc, operand, 0);
    }
    c->unit->top = top;
}

static void generator_loop(GiCompiler *c, Comprehension *m, uint32_t index);

/* What happens for each item: conditions, inner loops, the element. */
static void generator_body(GiCompiler *c, Comprehension *m, uint32_t index, Label *next) {
    const GiAstComprehension *g = m->generators->items[index];
    for (uint32_t i = 0; i < g->ifs.count; i++) {
        gi_cond_jump(c, &m->pos, g->ifs.items[i], next, false);
        m->pos = gi_pos_after_cond(g->ifs.items[i], &m->pos);
    }
    if (index + 1 < m->generators->count) generator_loop(c, m, index + 1);
    else add_element(c, m);
}

void gi_for_target(GiCompiler *c, const GiAstPos *pos, unsigned iterator, const GiAstExpr *target, Label *end) {
    int local = -1;
    if (target->kind == GI_EXPR_Name) {
        gi_check_forbidden(c, &target->pos, gi_name_info(c, target->Name.id), GI_CTX_Store);
        local = gi_direct_local(c, gi_unit_mangle(c, target->Name.id));
    }
    unsigned top = c->unit->top;
    unsigned reg = local >= 0 ? (unsigned)local : gi_temp(c);
    gi_jump(c, pos, OP_FOR_ITER, iterator, reg, end);
    if (local >= 0) gi_mark_bound(c, reg);
    else gi_store_target(c, target, LAST(reg));
    c->unit->top = top;
}

unsigned gi_emit_async_next(GiCompiler *c, const GiAstPos *pos, unsigned iterator, Label *except) {
    Unit *u = c->unit;
    int outer = u->handler;
    u->handler = gi_new_handler(c, except, u->top);
    unsigned reg = gi_temp(c);
    gi_emit(c, pos, OP_GET_ANEXT, iterator, reg, 0);
    gi_emit_send_loop(c, pos, reg);
    u->handler = outer;
    return reg;
}

static void async_loop(GiCompiler *c, Comprehension *m, uint32_t index, unsigned iterator) {
    const GiAstComprehension *g = m->generators->items[index];
    Label *start = gi_label(c), *next = gi_label(c), *except = gi_label(c);
    unsigned top = c->unit->top;
    gi_place(c, start);
    unsigned reg = gi_emit_async_next(c, &m->pos, iterator, except);
    gi_store_target(c, g->target, LAST(reg));
    c->unit->top = top;
    generator_body(c, m, index, next);
    gi_place(c, next);
    gi_jump(c, &m->pos, OP_JUMP_BACK, 0, 0, start);
    gi_place(c, except);
    gi_emit(c, &m->pos, OP_END_ASYNC_FOR, gi_temp(c), iterator, 0);
    c->unit->top = top;
}

static void generator_loop(GiCompiler *c, Comprehension *m, uint32_t index) {
    const GiAstComprehension *g = m->generators->items[index];
    unsigned top = c->unit->top, iterator = 0;
    gi_enter(c);
    if (index > 0 && !g->is_async && (g->iter->kind == GI_EXPR_List || g->iter->kind == GI_EXPR_Tuple)) {
        const GiAstSeq_expr *elts = &g->iter->List.elts;
        if (g->iter->kind == GI_EXPR_Tuple) elts = &g->iter->Tuple.elts;
        if (elts->count == 1 && elts->items[0]->kind != GI_EXPR_Starred) {
            /* `for x in [y]` is an assignment. */
            Label *next = gi_label(c);
            unsigned reg = gi_expr_temp(c, elts->items[0]);
            gi_store_target(c, g->target, LAST(reg));
            c->unit->top = top;
            generator_body(c, m, index, next);
            gi_place(c, next);
            gi_leave(c);
            return;
        }
    }
    if (index > 0) {
        iterator = gi_temp(c);
        unsigned operand = gi_expr_operand_in(c, g->iter, iterator);
        if (g->is_async) {
            if (REG_OF(operand) != iterator) gi_emit(c, &m->pos, OP_COPY, iterator, operand, 0);
            gi_emit(c, &m->pos, OP_GET_AITER, iterator, 0, 0);
        } else {
            gi_emit(c, &m->pos, OP_GET_ITER, iterator, operand, 0);
        }
    }
    if (g->is_async) {
        async_loop(c, m, index, iterator);
    } else {
        Label *start = gi_label(c), *next = gi_label(c), *end = gi_label(c);
        gi_place(c, start);
        gi_for_target(c, &m->pos, iterator, g->target, end);
        generator_body(c, m, index, next);
        gi_place(c, next);
        gi_jump(c, &m->pos, OP_JUMP_BACK, 0, 0, start);
        gi_place(c, end);
    }
    c->unit->top = top;
    gi_leave(c);
}

static GiVal comprehension_code(GiCompiler *c, Comprehension *m, GiNameInfo ***frees, unsigned *free_count) {
    const GiAstExpr *e = m->node;
    Unit *u = gi_enter_unit(c, UNIT_COMPREHENSION, gi_scope_of(c, e), gi_name_info_text(c, m->name, strlen(m->name))->str,
                            e->pos.lineno);
    u->arg_count = 1;
    if (m->kind != GI_COMP_GENERATOR) {
        m->acc = gi_temp(c);
        unsigned op = m->kind == GI_COMP_LIST ? OP_BUILD_LIST : m->kind == GI_COMP_SET ? OP_BUILD_SET : OP_BUILD_DICT;
        gi_emit(c, &e->pos, op, m->acc, m->acc, 0);
    }
    generator_loop(c, m, 0);
    if (m->kind == GI_COMP_GENERATOR) gi_emit32(c, &e->pos, OP_RETURN_K, 0, gi_const_far(c, GI_NONE));
    else gi_emit(c, &e->pos, OP_RETURN, LAST(m->acc), 0, 0);
    *frees = free_names(c, free_count);
    return gi_finish_unit(c);
}

void gi_compile_comprehension(GiCompiler *c, const GiAstExpr *e, unsigned dst) {
    Comprehension m = describe(e);
    Unit *u = c->unit;
    unsigned top = u->top;
    GiScope *scope = gi_scope_of(c, e);
    const GiAstComprehension *first = m.generators->items[0];
    bool top_level_await = c->options->top_level_await && u->scope->kind == GI_BLOCK_MODULE;
    bool awaited = scope->coroutine && m.kind != GI_COMP_GENERATOR;
    if (awaited && u->kind != UNIT_ASYNC_FUNCTION && u->kind != UNIT_COMPREHENSION && !top_level_await)
        gi_compile_error(c, &e->pos, "asynchronous comprehension outside of an asynchronous function");
    unsigned base = gi_run_base(c, dst), free_count;
    GiNameInfo **frees;
    GiVal code = comprehension_code(c, &m, &frees, &free_count);
    make_function(c, &e->pos, base, 0, 0, code, frees, free_count);
    unsigned arg = gi_temp(c);
    if (first->is_async) {
        gi_expr_to(c, first->iter, arg);
        gi_emit(c, &e->pos, OP_GET_AITER, arg, 0, 0);
    } else {
        unsigned operand = gi_expr_operand_in(c, first->iter, arg);
        gi_emit(c, &e->pos, OP_GET_ITER, arg, operand, 0);
    }
    gi_emit(c, &e->pos, OP_CALL, base, 1, 0);
    u->top = base + 1;
    if (awaited) gi_emit_await(c, &e->pos, base, 0);
    gi_move_result(c, &e->pos, dst, base);
    u->top = top;
}
