/* emit.c - instructions, labels, constants and units: what code generation writes into.
 *
 * Instructions are kept as structs until assemble.c lays them out. Code that cannot be reached is
 * not emitted: after an unconditional transfer everything is ignored until a label that some jump
 * uses is placed. Beside reachability every point knows which variables are bound for sure
 * (unit->state, one bit a register); a label collects the intersection over all jumps to it.
 * Variables that are ever deleted are never counted as bound, so that bits only grow along a way,
 * and a loop's head or a handler needs no second pass.
 */
#include "compile/internal.h"
#include "objects/bytes.h"
#include "objects/int.h"
#include "objects/set.h"

static GI_NORETURN void no_memory(GiCompiler *c) {
    gi_raise_nomem(c->ts);
    gi_compile_fail(c);
}

/* ---- Labels and reachability ---- */

Label *gi_label(GiCompiler *c) {
    Label *label = gi_compile_alloc(c, sizeof *label);
    label->at = -1;
    return label;
}

static void use_label(GiCompiler *c, Label *label) {
    Unit *u = c->unit;
    label->used = true;
    if (u->state_words == 0) return;
    if (label->state == NULL) {
        label->state = gi_compile_alloc(c, u->state_words * 8);
        memcpy(label->state, u->state, u->state_words * 8);
        return;
    }
    for (uint32_t i = 0; i < u->state_words; i++) label->state[i] &= u->state[i];
}

void gi_place(GiCompiler *c, Label *label) {
    Unit *u = c->unit;
    label->at = (int32_t)u->code.len;
    if (!label->used) return;
    if (!u->reachable) memcpy(u->state, label->state ? label->state : u->state, u->state_words * 8);
    else
        for (uint32_t i = 0; i < u->state_words; i++) u->state[i] &= label->state[i];
    u->reachable = true;
}

int gi_new_handler(GiCompiler *c, Label *label, unsigned depth) {
    Unit *u = c->unit;
    if (u->reachable) use_label(c, label);
    Handler handler = {label, depth};
    if (gi_vec_push(&u->handlers, handler) < 0) no_memory(c);
    return (int)u->handlers.len - 1;
}

/* ---- Emission ---- */

Instr *gi_emit(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, unsigned y, unsigned z) {
    Unit *u = c->unit;
    static const Instr nothing;
    Instr instr = nothing;
    if (u->reachable || u->code.len == 0) {
        if (gi_vec_reserve(&u->code, 1) < 0) no_memory(c);
    } else {
        /* A place to write to that nobody reads. */
        if (gi_vec_reserve(&u->code, 1) < 0) no_memory(c);
        u->code.data[u->code.len] = instr;
        return &u->code.data[u->code.len];
    }
    instr.op = (uint16_t)op;
    instr.a = (uint16_t)x;
    instr.b = (uint16_t)y;
    instr.c = (uint16_t)z;
    instr.handler = u->handler;
    instr.pos = *pos;
    u->code.data[u->code.len] = instr;
    switch (op) {
    case OP_JUMP: case OP_JUMP_BACK: case OP_RETURN: case OP_RETURN_K: case OP_RAISE: case OP_RERAISE:
        u->reachable = false;
        break;
    default: break;
    }
    return &u->code.data[u->code.len++];
}

void gi_emit32(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, uint32_t y) {
    gi_emit(c, pos, op, x, y & 0xFFFF, y >> 16);
}

void gi_jump(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned x, unsigned y, Label *label) {
    if (!c->unit->reachable) return;
    use_label(c, label);
    gi_emit(c, pos, op, x, y, 0)->target = label;
}

/* ---- Constants ---- */

static bool const_equal(GiVal a, GiVal b) {
    if (gi_same(a, b)) return true;
    if (!gi_is_heap(a) || !gi_is_heap(b)) return false;
    GiType *type = gi_obj_type(gi_obj(a));
    if (type != gi_obj_type(gi_obj(b))) return false;
    if (type == &gi_str_type) return gi_str_equal(a, b);
    if (type == &gi_bytes_type)
        return gi_bytes_len(a) == gi_bytes_len(b) && memcmp(gi_bytes_data(a), gi_bytes_data(b), gi_bytes_len(a)) == 0;
    if (type == &gi_int_type) return gi_int_order(a, b) == 0;
    if (type == &gi_complex_type)
        return memcmp(&((GiComplex *)gi_obj(a))->real, &((GiComplex *)gi_obj(b))->real, 2 * sizeof(double)) == 0;
    if (type == &gi_tuple_type) {
        if (gi_tuple_len(a) != gi_tuple_len(b)) return false;
        for (size_t i = 0; i < gi_tuple_len(a); i++)
            if (!const_equal(gi_tuple_get(a, i), gi_tuple_get(b, i))) return false;
        return true;
    }
    return false;
}

static uint64_t const_hash(GiThread *ts, GiVal v) {
    if (!gi_is_heap(v)) return v.bits * UINT64_C(0x9E3779B97F4A7C15);
    GiType *type = gi_obj_type(gi_obj(v));
    if (type == &gi_str_type) return (uint64_t)gi_str_hash(ts, v);
    if (type == &gi_int_type) return (uint64_t)gi_int_hash(v) + 1;
    if (type == &gi_bytes_type) {
        uint64_t hash = 14695981039346656037u;
        for (size_t i = 0; i < gi_bytes_len(v); i++) hash = (hash ^ gi_bytes_data(v)[i]) * 1099511628211u;
        return hash;
    }
    if (type == &gi_tuple_type) {
        uint64_t hash = gi_tuple_len(v);
        for (size_t i = 0; i < gi_tuple_len(v); i++)
            hash = (hash ^ const_hash(ts, gi_tuple_get(v, i))) * UINT64_C(0x9E3779B97F4A7C15);
        return hash;
    }
    if (type == &gi_complex_type) return (uint64_t)((GiComplex *)gi_obj(v))->imag + 7;
    return v.bits >> 4;
}

GiVal gi_const_canonical(GiCompiler *c, GiVal v) {
    if (!gi_is_heap(v)) return v;
    if (c->pool == NULL || c->pool_count * 2 > c->pool_mask) {
        uint32_t size = c->pool ? (c->pool_mask + 1) * 2 : 128;
        uint64_t *pool = gi_compile_alloc(c, size * sizeof *pool);
        for (uint32_t i = 0; c->pool != NULL && i <= c->pool_mask; i++) {
            if (c->pool[i] == 0) continue;
            uint64_t at = const_hash(c->ts, (GiVal){c->pool[i]});
            at = (at ^ at >> 32) & (size - 1);
            while (pool[at] != 0) at = (at + 1) & (size - 1);
            pool[at] = c->pool[i];
        }
        c->pool = pool;
        c->pool_mask = size - 1;
    }
    uint64_t at = const_hash(c->ts, v);
    at = (at ^ at >> 32) & c->pool_mask;
    for (; c->pool[at] != 0; at = (at + 1) & c->pool_mask)
        if (const_equal((GiVal){c->pool[at]}, v)) return (GiVal){c->pool[at]};
    c->pool[at] = v.bits;
    c->pool_count++;
    return v;
}

/* From this many constants on only what needs a small index gets one. */
enum { NEAR_CONSTS = 0xC000 };

unsigned gi_const_index(GiCompiler *c, GiVal value) {
    Unit *u = c->unit;
    value = gi_const_canonical(c, value);
    bool fresh;
    uint32_t *at = gi_word_map_at(c, &u->const_map, value.bits, &fresh);
    if (fresh) {
        if (u->consts.len > 0xFFFE) {
            gi_raise(c->ts, &gi_exc_OverflowError, "too many constants in one code block");
            gi_compile_fail(c);
        }
        *at = (uint32_t)u->consts.len;
        if (gi_vec_push(&u->consts, value.bits) < 0) no_memory(c);
    }
    return *at;
}

bool gi_const_near(GiCompiler *c, GiVal value, unsigned *index) {
    Unit *u = c->unit;
    uint32_t at;
    value = gi_const_canonical(c, value);
    if (gi_word_map_get(&u->const_map, value.bits, &at)) *index = at;
    else if (u->consts.len < NEAR_CONSTS) *index = gi_const_index(c, value);
    else return false;
    return true;
}

uint32_t gi_const_far(GiCompiler *c, GiVal value) {
    Unit *u = c->unit;
    unsigned near;
    if (gi_const_near(c, value, &near)) return near;
    bool fresh;
    value = gi_const_canonical(c, value);
    uint32_t *at = gi_word_map_at(c, &u->far_const_map, value.bits, &fresh);
    if (fresh) {
        *at = (uint32_t)u->far_consts.len | FAR_CONST;
        if (gi_vec_push(&u->far_consts, value.bits) < 0) no_memory(c);
    }
    return *at;
}

void gi_load_const(GiCompiler *c, const GiAstPos *pos, GiVal value, unsigned dst) {
    if (gi_is_none(value)) {
        gi_emit(c, pos, OP_LOAD_NONE, dst, 0, 0);
    } else if (gi_is_smallint(value) && gi_smallint_value(value) == (int16_t)gi_smallint_value(value)) {
        gi_emit(c, pos, OP_LOADI, dst, (uint16_t)(int16_t)gi_smallint_value(value), 0);
    } else {
        gi_emit32(c, pos, OP_LOADK, dst, gi_const_far(c, value));
    }
}

unsigned gi_name_index(GiCompiler *c, GiNameInfo *name) {
    Unit *u = c->unit;
    bool fresh;
    uint32_t *at = gi_word_map_at(c, &u->name_map, (uint64_t)(uintptr_t)name, &fresh);
    if (fresh) {
        *at = (uint32_t)u->names.len;
        if (u->names.len > 0xFFFF) {
            gi_raise(c->ts, &gi_exc_OverflowError, "too many names in one code block");
            gi_compile_fail(c);
        }
        if (gi_vec_push(&u->names, name) < 0) no_memory(c);
    }
    return *at;
}

/* ---- Units ---- */

static GiVal make_qualname(GiCompiler *c, Unit *u) {
    Unit *outer = u->outer;
    if (outer == NULL || outer->kind == UNIT_MODULE) return u->name;
    if (u->kind == UNIT_FUNCTION || u->kind == UNIT_ASYNC_FUNCTION || u->kind == UNIT_CLASS) {
        GiNameInfo *name = gi_mangle(c, outer->scope->class_name, u->scope->name);
        GiSymbol *s = gi_scope_find(outer->scope, name);
        if (s != NULL && s->scope == GI_SCOPE_GLOBAL_EXPLICIT) return u->name;
    }
    const char *format = outer->kind == UNIT_CLASS ? "%U.%U" : "%U.<locals>.%U";
    GiRef text = gi_str_format(c->ts, format, outer->qualname, u->name);
    if (!gi_is_null(text)) text = gi_str_intern(c->ts, text);
    return gi_keep(c, text);
}

static int order_names(const void *a, const void *b) {
    const GiSymbol *x = *(GiSymbol *const *)a, *y = *(GiSymbol *const *)b;
    return strcmp(x->name->bytes, y->name->bytes);
}

static void add_variable(GiCompiler *c, GiSymbol *s, GiNameInfo *name) {
    Unit *u = c->unit;
    if (s != NULL) s->index = (int32_t)u->variables.len;
    if (gi_vec_push(&u->variables, name) < 0) no_memory(c);
    if (u->variables.len >= GI_REGISTER_MAX) {
        gi_raise(c->ts, &gi_exc_OverflowError, "too many variables in one code block");
        gi_compile_fail(c);
    }
}

/* Gives registers to variables: parameters, plain locals, cells by name; then numbers to free ones. */
static void allocate_variables(GiCompiler *c) {
    Unit *u = c->unit;
    GiScope *scope = u->scope;
    GiSymbol **sorted = gi_compile_alloc(c, (scope->symbol_count + 1) * sizeof *sorted);
    uint32_t cells = 0;
    if (scope->kind == GI_BLOCK_FUNCTION) {
        for (uint32_t i = 0; i < scope->symbol_count; i++) {
            GiSymbol *s = scope->symbols[i];
            if (s->flags & GI_DEF_PARAM) add_variable(c, s, s->name);
        }
        for (uint32_t i = 0; i < scope->symbol_count; i++) {
            GiSymbol *s = scope->symbols[i];
            if (s->flags & GI_DEF_PARAM) continue;
            if (s->scope == GI_SCOPE_LOCAL) add_variable(c, s, s->name);
            else if (s->scope == GI_SCOPE_CELL) sorted[cells++] = s;
        }
        qsort(sorted, cells, sizeof *sorted, order_names);
        for (uint32_t i = 0; i < cells; i++) add_variable(c, sorted[i], sorted[i]->name);
    } else if (scope->needs_class_cell) {
        add_variable(c, NULL, gi_name_info_text(c, "__class__", 9));
    }
    u->local_count = (unsigned)u->variables.len;
    uint32_t frees = 0;
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        GiSymbol *s = scope->symbols[i];
        if (s->scope == GI_SCOPE_FREE || (s->flags & GI_DEF_FREE_CLASS)) sorted[frees++] = s;
    }
    qsort(sorted, frees, sizeof *sorted, order_names);
    for (uint32_t i = 0; i < frees; i++) {
        sorted[i]->index = (int32_t)i;
        if (gi_vec_push(&u->variables, sorted[i]->name) < 0) no_memory(c);
    }
    u->free_count = frees;
    u->top = u->max = u->local_count;
    u->state_words = (u->local_count + 63) / 64;
    u->state = gi_compile_alloc(c, (u->state_words + 1) * 8);
    u->deletable = gi_compile_alloc(c, (u->state_words + 1) * 8);
    for (uint32_t i = 0; i < scope->symbol_count; i++) {
        GiSymbol *s = scope->symbols[i];
        if (s->deleted && s->scope == GI_SCOPE_LOCAL && s->index >= 0 && u->state_words > 0)
            u->deletable[s->index / 64] |= UINT64_C(1) << (s->index % 64);
        else if (s->flags & GI_DEF_PARAM) u->state[s->index / 64] |= UINT64_C(1) << (s->index % 64);
    }
}

Unit *gi_enter_unit(GiCompiler *c, UnitKind kind, GiScope *scope, GiVal name, int first_line) {
    Unit *u = calloc(1, sizeof *u);
    if (u == NULL) no_memory(c);
    u->outer = c->unit;
    c->unit = u;
    u->kind = kind;
    u->scope = scope;
    u->name = name;
    u->first_line = first_line;
    u->handler = -1;
    u->reachable = true;
    u->doc = GI_NONE;
    u->qualname = make_qualname(c, u);
    allocate_variables(c);
    GiAstPos start = {first_line, 0, first_line, 0};
    if (scope->kind == GI_BLOCK_FUNCTION && (scope->generator || scope->coroutine))
        gi_emit(c, &start, OP_RETURN_GENERATOR, 0, 0, 0);
    else if (scope->kind == GI_BLOCK_MODULE && scope->coroutine && c->options->top_level_await)
        gi_emit(c, &start, OP_RETURN_GENERATOR, 0, 0, 0);
    for (uint32_t i = 0; i < scope->symbol_count && scope->kind == GI_BLOCK_FUNCTION; i++) {
        GiSymbol *s = scope->symbols[i];
        if (s->scope != GI_SCOPE_CELL) continue;
        gi_emit(c, &gi_no_pos, s->flags & GI_DEF_PARAM ? OP_MAKE_CELL : OP_NEW_CELL, (unsigned)s->index, 0, 0);
    }
    if (scope->needs_class_cell) gi_emit(c, &gi_no_pos, OP_NEW_CELL, 0, 0, 0);
    return u;
}

void gi_free_unit(Unit *unit) {
    gi_vec_free(&unit->code);
    gi_vec_free(&unit->handlers);
    gi_vec_free(&unit->consts);
    gi_vec_free(&unit->far_consts);
    gi_vec_free(&unit->names);
    gi_vec_free(&unit->variables);
    free(unit);
}

GiVal gi_finish_unit(GiCompiler *c) {
    Unit *u = c->unit;
    GiVal code = gi_keep(c, gi_assemble(c, u));
    c->unit = u->outer;
    gi_free_unit(u);
    return code;
}
