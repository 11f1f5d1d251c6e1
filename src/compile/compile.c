/* compile.c - the compiler's entry, its errors and names.
 *
 * A compilation is one GiCompiler on the C stack. Everything it makes is listed there, so that
 * leaving by longjmp at an error leaks nothing. One thread.
 */
#include "compile/internal.h"
#include "objects/protocol.h"
#include <stdio.h>
#include <stdlib.h>

const GiAstPos gi_no_pos = {0, -1, 0, -1};

/* ---- Failing ---- */

void gi_compile_fail(GiCompiler *c) {
    GI_ASSERT(gi_raised(c->ts));
    longjmp(c->fail, 1);
}

/* The line of the file that is being compiled, or None: what CPython reads again from the file. */
static GiRef program_text(GiCompiler *c, int line) {
    GiThread *ts = c->ts;
    const char *path = gi_str_utf8(ts, c->options->filename, NULL);
    if (path == NULL) {
        gi_exc_clear(ts);
        return GI_REF_NONE;
    }
    FILE *file = line > 0 ? fopen(path, "rb") : NULL;
    if (file == NULL) return GI_REF_NONE;
    char *text = NULL;
    size_t size = 0;
    ssize_t len = -1;
    for (int i = 0; i < line; i++) {
        len = getline(&text, &size, file);
        if (len < 0) break;
    }
    fclose(file);
    GiRef result = GI_REF_NONE;
    if (len >= 0) {
        size_t start = line == 1 && len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        result = gi_str_from_utf8(ts, text + start, (size_t)len - start);
        if (gi_is_null(result)) {
            gi_exc_clear(ts);
            result = GI_REF_NONE;
        }
    }
    free(text);
    return result;
}

static void raise_syntax_error(GiCompiler *c, const GiAstPos *pos, GiRef message) {
    GiThread *ts = c->ts;
    if (gi_is_null(message)) return;
    static const GiAstPos nowhere = {-1, -1, -1, -1};
    if (pos->lineno == 0) pos = &nowhere;
    GiRef text = program_text(c, pos->lineno);
    GiRef where = GI_NULL;
    if (!gi_is_null(text))
        where = gi_tuple_pack(ts, 6, c->options->filename, gi_smallint(pos->lineno), gi_smallint(pos->col_offset + 1),
                              gi_val(text), gi_smallint(pos->end_lineno), gi_smallint(pos->end_col_offset + 1));
    gi_xdrop(ts, text);
    if (!gi_is_null(where)) {
        GiVal args[2] = {gi_val(message), gi_val(where)};
        GiRef exc = gi_call(ts, gi_type_val(&gi_exc_SyntaxError), args, 2, GI_NOVAL);
        gi_drop(ts, where);
        if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    }
    gi_drop(ts, message);
}

void gi_compile_error(GiCompiler *c, const GiAstPos *pos, const char *format, ...) {
    va_list args;
    va_start(args, format);
    GiRef message = gi_str_vformat(c->ts, format, args);
    va_end(args);
    raise_syntax_error(c, pos, message);
    gi_compile_fail(c);
}

/* Errors of the symbol table know their place by attributes only: args is (message,). */
void gi_symtable_error(GiCompiler *c, const GiAstPos *pos, const char *format, ...) {
    GiThread *ts = c->ts;
    bool has_end = pos->end_col_offset >= 0;
    va_list list;
    va_start(list, format);
    GiVal message = gi_keep(c, gi_str_vformat(ts, format, list));
    va_end(list);
    GiVal exc = gi_keep(c, gi_call1(ts, gi_type_val(&gi_exc_SyntaxError), message));
    GiVal text = gi_keep(c, program_text(c, pos->lineno));
    const struct { const char *name; GiVal value; } attributes[] = {
        {"filename", c->options->filename}, {"lineno", gi_smallint(pos->lineno)},
        {"offset", gi_smallint(pos->col_offset + 1)}, {"text", text},
        {"end_lineno", gi_smallint(has_end ? pos->end_lineno : pos->lineno)},
        {"end_offset", has_end ? gi_smallint(pos->end_col_offset + 1) : GI_NONE},
    };
    for (size_t i = 0; i < GI_COUNTOF(attributes); i++)
        if (gi_setattr_cstr(ts, exc, attributes[i].name, attributes[i].value) < 0) gi_compile_fail(c);
    gi_raise_object(ts, gi_dup(ts, exc));
    gi_compile_fail(c);
}

void gi_compile_warn(GiCompiler *c, const GiAstPos *pos, const char *format, ...) {
    GiThread *ts = c->ts;
    va_list args;
    va_start(args, format);
    GiVal message = gi_keep(c, gi_str_vformat(ts, format, args));
    va_end(args);
    if (gi_warn_explicit(ts, &gi_exc_SyntaxWarning, message, c->options->filename, pos->lineno, GI_NOVAL,
                         GI_NOVAL) == GI_OK)
        return;
    if (gi_exc_matches(ts, &gi_exc_SyntaxWarning)) {
        /* A warning turned into an error tells where it is. */
        gi_exc_clear(ts);
        raise_syntax_error(c, pos, gi_dup(ts, message));
    }
    gi_compile_fail(c);
}

void gi_enter(GiCompiler *c) {
    if (GI_UNLIKELY(++c->depth > c->max_depth || (char *)__builtin_frame_address(0) < c->ts->c_stack_limit)) {
        gi_raise(c->ts, &gi_exc_RecursionError, "maximum recursion depth exceeded during compilation");
        gi_compile_fail(c);
    }
}

/* ---- Memory ---- */

GiVal gi_keep(GiCompiler *c, GiRef ref) {
    if (gi_is_null(ref)) gi_compile_fail(c);
    if (!gi_is_heap(ref)) return gi_val(ref);
    if (gi_vec_push(&c->keep, ref) < 0) {
        gi_drop(c->ts, ref);
        gi_raise_nomem(c->ts);
        gi_compile_fail(c);
    }
    return gi_val(ref);
}

void *gi_compile_alloc(GiCompiler *c, size_t size) {
    void *p = gi_arena_calloc(c->arena, size);
    if (p == NULL) {
        gi_raise_nomem(c->ts);
        gi_compile_fail(c);
    }
    return p;
}

uint32_t *gi_word_map_at(GiCompiler *c, WordMap *map, uint64_t key, bool *fresh) {
    if (map->count * 2 >= map->capacity) {
        uint32_t size = map->capacity ? map->capacity * 2 : 16;
        uint64_t *keys = gi_compile_alloc(c, size * sizeof *keys);
        uint32_t *values = gi_compile_alloc(c, size * sizeof *values);
        for (uint32_t i = 0; i < map->capacity; i++) {
            if (map->keys[i] == 0) continue;
            uint32_t at = (uint32_t)(map->keys[i] * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (size - 1);
            while (keys[at] != 0) at = (at + 1) & (size - 1);
            keys[at] = map->keys[i];
            values[at] = map->values[i];
        }
        map->keys = keys;
        map->values = values;
        map->capacity = size;
    }
    uint32_t at = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (map->capacity - 1);
    while (map->keys[at] != 0 && map->keys[at] != key) at = (at + 1) & (map->capacity - 1);
    *fresh = map->keys[at] == 0;
    if (*fresh) {
        map->keys[at] = key;
        map->count++;
    }
    return &map->values[at];
}

bool gi_word_map_get(const WordMap *map, uint64_t key, uint32_t *value) {
    if (map->capacity == 0) return false;
    uint32_t at = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (map->capacity - 1);
    while (map->keys[at] != 0 && map->keys[at] != key) at = (at + 1) & (map->capacity - 1);
    if (map->keys[at] == 0) return false;
    *value = map->values[at];
    return true;
}

/* ---- Names ---- */

static void grow_names(GiCompiler *c) {
    uint32_t size = c->name_table ? (c->name_mask + 1) * 2 : 256;
    GiNameInfo **table = gi_compile_alloc(c, size * sizeof *table);
    for (uint32_t i = 0; c->name_table != NULL && i <= c->name_mask; i++) {
        GiNameInfo *info = c->name_table[i];
        if (info == NULL) continue;
        uint32_t at = info->hash & (size - 1);
        while (table[at] != NULL) at = (at + 1) & (size - 1);
        table[at] = info;
    }
    c->name_table = table;
    c->name_mask = size - 1;
}

GiNameInfo *gi_name_info_text(GiCompiler *c, const char *bytes, size_t len) {
    if (c->name_table == NULL || c->name_count * 2 > c->name_mask) grow_names(c);
    uint32_t hash = gi_name_hash(bytes, len), at = hash & c->name_mask;
    for (; c->name_table[at] != NULL; at = (at + 1) & c->name_mask) {
        GiNameInfo *info = c->name_table[at];
        if (info->hash == hash && info->len == len && memcmp(info->bytes, bytes, len) == 0) return info;
    }
    GiNameInfo *info = gi_compile_alloc(c, sizeof *info);
    GiRef str = gi_str_from_wtf8(c->ts, bytes, len);
    if (!gi_is_null(str)) str = gi_str_intern(c->ts, str);
    info->str = gi_keep(c, str);
    char *copy = gi_compile_alloc(c, len + 1);
    memcpy(copy, bytes, len);
    info->bytes = copy;
    info->len = (uint32_t)len;
    info->hash = hash;
    c->name_table[at] = info;
    c->name_count++;
    return info;
}

GiNameInfo *gi_name_info(GiCompiler *c, const GiName *name) {
    if (GI_LIKELY(name->user != 0)) return (GiNameInfo *)(uintptr_t)name->user;
    GiNameInfo *info = gi_name_info_text(c, name->bytes, name->len);
    GiName *writable = (GiName *)(uintptr_t)name;
    if (gi_vec_push(&c->touched, writable) < 0) {
        gi_raise_nomem(c->ts);
        gi_compile_fail(c);
    }
    writable->user = (uint64_t)(uintptr_t)info;
    return info;
}

GiNameInfo *gi_mangle(GiCompiler *c, GiNameInfo *class_name, GiNameInfo *name) {
    if (GI_LIKELY(class_name == NULL || name->len < 2 || name->bytes[0] != '_' || name->bytes[1] != '_')) return name;
    if (name->mangled_for == class_name) return name->mangled;
    if ((name->len >= 2 && memcmp(name->bytes + name->len - 2, "__", 2) == 0) ||
        memchr(name->bytes, '.', name->len) != NULL)
        return name;
    size_t skip = 0;
    while (skip < class_name->len && class_name->bytes[skip] == '_') skip++;
    if (skip == class_name->len) return name;
    size_t len = 1 + class_name->len - skip + name->len;
    char *text = gi_compile_alloc(c, len + 1);
    text[0] = '_';
    memcpy(text + 1, class_name->bytes + skip, class_name->len - skip);
    memcpy(text + 1 + class_name->len - skip, name->bytes, name->len);
    name->mangled = gi_name_info_text(c, text, len);
    name->mangled_for = class_name;
    return name->mangled;
}

GiNameInfo *gi_unit_mangle(GiCompiler *c, const GiName *name) {
    return gi_mangle(c, c->unit->scope->class_name, gi_name_info(c, name));
}

/* ---- from __future__ import ---- */

static void future_feature(GiCompiler *c, const GiAstStmt *s, const GiName *name) {
    static const char *const known[] = {"nested_scopes", "generators", "division", "absolute_import",
                                        "with_statement", "print_function", "unicode_literals", "generator_stop"};
    if (gi_name_is(name, "barry_as_FLUFL")) {
        c->future |= GI_CO_FUTURE_BARRY;
        return;
    }
    if (gi_name_is(name, "annotations")) {
        c->future |= GI_CO_FUTURE_ANNOTATIONS;
        return;
    }
    for (size_t i = 0; i < GI_COUNTOF(known); i++)
        if (gi_name_is(name, known[i])) return;
    GiAstPos pos = s->pos;
    pos.end_col_offset = -1;
    if (gi_name_is(name, "braces")) gi_symtable_error(c, &pos, "not a chance");
    GiVal str = gi_name_info_text(c, name->bytes, name->len)->str;
    gi_symtable_error(c, &pos, "future feature %U is not defined", str);
}

static void find_future(GiCompiler *c, const GiAstSeq_stmt *body) {
    bool first = true, done = false;
    int line = 0;
    for (uint32_t i = 0; i < body->count; i++) {
        const GiAstStmt *s = body->items[i];
        /* The line of the statement that ends the imports is looked at to its end. */
        if (done && s->pos.lineno > line) return;
        line = s->pos.lineno;
        if (s->kind == GI_STMT_ImportFrom && gi_name_is(s->ImportFrom.module, "__future__") &&
            s->ImportFrom.level == 0) {
            if (done) {
                GiAstPos pos = s->pos; /* PYSEM: shown one column before it */
                pos.col_offset--;
                pos.end_col_offset = -1;
                gi_symtable_error(c, &pos, "from __future__ imports must occur at the beginning of the file");
            }
            for (uint32_t k = 0; k < s->ImportFrom.names.count; k++)
                future_feature(c, s, s->ImportFrom.names.items[k]->name);
            c->future_line = s->pos.lineno;
        } else if (!(first && s->kind == GI_STMT_Expr && s->Expr.value->kind == GI_EXPR_Constant &&
                     s->Expr.value->Constant.value.kind == GI_CONST_STR)) {
            done = true;
        }
        first = false;
    }
}

/* ---- The whole ---- */

static GiVal compile_module(GiCompiler *c, GiAstMod *mod) {
    if (mod->kind == GI_MOD_Module) find_future(c, &mod->Module.body);
    else if (mod->kind == GI_MOD_Interactive) find_future(c, &mod->Interactive.body);
    if (!c->options->only_symbols) gi_fold_module(c, mod); /* PYSEM: __debug__ is a symbol to module symtable */
    c->depth = 0;
    gi_symtable_build(c, mod);
    if (c->options->only_symbols) return gi_keep(c, gi_symtable_object(c->ts, c->module_scope));
    c->depth = 0;
    GiVal name = gi_name_info_text(c, "<module>", 8)->str;
    gi_enter_unit(c, UNIT_MODULE, c->module_scope, name, 1);
    if (mod->kind == GI_MOD_Expression) {
        unsigned operand = gi_expr_operand(c, mod->Expression.body);
        gi_emit(c, &mod->Expression.body->pos, OP_RETURN, operand, 0, 0);
        return gi_finish_unit(c);
    }
    c->interactive = mod->kind == GI_MOD_Interactive;
    gi_compile_module_body(c, mod->kind == GI_MOD_Module ? &mod->Module.body : &mod->Interactive.body);
    return gi_finish_unit(c);
}

static void free_compiler(GiCompiler *c) {
    while (c->unit != NULL) {
        Unit *unit = c->unit;
        c->unit = unit->outer;
        gi_free_unit(unit);
    }
    for (size_t i = 0; i < c->touched.len; i++) c->touched.data[i]->user = 0;
    for (size_t i = 0; i < c->keep.len; i++) gi_drop(c->ts, c->keep.data[i]);
    gi_vec_free(&c->touched);
    gi_vec_free(&c->keep);
    gi_vec_free(&c->scope_list);
}

static GI_NOINLINE GiVal run_guarded(GiCompiler *c, GiAstMod *mod) {
    if (setjmp(c->fail) != 0) return GI_NOVAL;
    return compile_module(c, mod);
}

GiRef gi_compile_ast(GiThread *ts, GiArena *arena, const GiAstMod *mod, const GiCompileOptions *options) {
    GiCompiler c;
    memset(&c, 0, sizeof c);
    c.ts = ts;
    c.arena = arena;
    c.options = options;
    c.optimize = options->optimize;
    c.future = options->future & GI_CO_FUTURE_MASK;
    c.max_depth = 3 * ts->recursion_limit;
    /* Code of files lives as long as the process, in general: its constants are not counted. */
    c.immortal = gi_str_len(options->filename) > 0 && gi_str_char(options->filename, 0) != '<';
    GiVal code = run_guarded(&c, (GiAstMod *)(uintptr_t)mod);
    GiRef result = gi_is_null(code) ? GI_NULL : gi_dup(ts, code);
    if (gi_is_null(code)) {
        /* Dropping what was kept may run code: keep what is being raised. */
        GiRef exc = gi_exc_take(ts);
        free_compiler(&c);
        gi_exc_restore(ts, exc);
    } else {
        free_compiler(&c);
    }
    return result;
}
