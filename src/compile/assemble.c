/* assemble.c - lays a unit's instructions out as words and makes the code object.
 *
 * Steps: exits without a line of their own are copied to where they are reached from; jumps to
 * jumps are shortened; instructions that do nothing go; then sizes and addresses are found, where a
 * compare-and-jump too far for 16 bits becomes its opposite around a long jump.
 */
#include "compile/internal.h"

static inline bool is_short_jump(unsigned op) { return gi_opcode_info[op].operands[2] == GI_OPERAND_J; }

static bool is_implicit_return(const Instr *i) { return i->op == OP_RETURN_K && i->pos.lineno == 0; }

static bool falls_through(unsigned op) {
    return op != OP_JUMP && op != OP_JUMP_BACK && op != OP_RETURN && op != OP_RETURN_K && op != OP_RAISE && op != OP_RERAISE;
}

/* Instructions without a place take that of the one instruction that leads to them; with `only_jumps`
 * only unconditional jumps get one. */
static void inherit_positions(GiCompiler *c, Unit *u, bool only_jumps) {
    size_t n = u->code.len;
    uint8_t *ways = gi_compile_alloc(c, n + 1);
    uint32_t *from = gi_compile_alloc(c, (n + 1) * sizeof *from);
    GiAstPos *pos = gi_compile_alloc(c, (n + 1) * sizeof *pos);
    for (size_t i = 0; i < n; i++) {
        const Instr *in = &u->code.data[i];
        if (in->target != NULL && (size_t)in->target->at < n) {
            if (ways[in->target->at] < 2) ways[in->target->at]++;
            from[in->target->at] = (uint32_t)i;
        }
        if (falls_through(in->op)) {
            if (ways[i + 1] < 2) ways[i + 1]++;
            from[i + 1] = (uint32_t)i;
        }
    }
    for (size_t i = 0; i < n; i++) {
        Instr *in = &u->code.data[i];
        pos[i] = in->pos;
        if (in->pos.lineno == 0 && ways[i] == 1) pos[i] = from[i] < i ? pos[from[i]] : u->code.data[from[i]].pos;
        if (!only_jumps || in->op == OP_JUMP) in->pos = pos[i];
    }
}

/* Where a jump to `at` ends, past jumps without a line. */
static size_t through_jumps(const Unit *u, int32_t at) {
    for (int steps = 0; steps < 100; steps++) {
        const Instr *in = &u->code.data[at];
        if (in->op == OP_NOP && in->pos.lineno == 0) at++;
        else if (in->op == OP_JUMP && in->pos.lineno == 0 && in->target->at > at) at = in->target->at;
        else break;
        if ((size_t)at + 1 >= u->code.len) break;
    }
    return (size_t)at;
}

/* A return that no statement stands for takes the line of what leads to it: every jump to it gets a
 * copy of its own. */
static void copy_exits(GiCompiler *c, Unit *u) {
    size_t count = u->code.len;
    for (size_t i = 0; i < count; i++) {
        Instr *in = &u->code.data[i];
        if (in->target == NULL || (size_t)in->target->at >= count) continue;
        Instr exit = u->code.data[through_jumps(u, in->target->at)];
        if (!is_implicit_return(&exit)) continue;
        GiAstPos pos = in->pos;
        if (pos.lineno == 0) continue;
        if (in->op == OP_JUMP) {
            int32_t handler = in->handler;
            *in = exit;
            in->pos = pos;
            in->handler = handler;
            continue;
        }
        Label *label = gi_label(c);
        label->at = (int32_t)u->code.len;
        label->used = true;
        exit.pos = pos;
        in->target = label;
        if (gi_vec_push(&u->code, exit) < 0) {
            gi_raise_nomem(c->ts);
            gi_compile_fail(c);
        }
    }
    for (size_t i = 1; i < count; i++) {
        Instr *in = &u->code.data[i];
        if (is_implicit_return(in)) in->pos = in[-1].pos;
    }
}

/* The next instruction at or after `at` that is not an empty one. */
static size_t skip_empty(const Unit *u, const uint8_t *dead, size_t at) {
    while (at < u->code.len && dead[at]) at++;
    return at;
}

static void thread_jumps(Unit *u, const uint8_t *dead) {
    for (size_t i = 0; i < u->code.len; i++) {
        Instr *in = &u->code.data[i];
        if (dead[i] || in->target == NULL || in->op == OP_JUMP_BACK || in->op == OP_FOR_ITER || in->op == OP_SEND)
            continue;
        for (int steps = 0; steps < 16; steps++) {
            size_t at = skip_empty(u, dead, (size_t)in->target->at);
            if (at >= u->code.len || at <= i) break;
            const Instr *next = &u->code.data[at];
            /* A jump that shows a line of its own is not skipped. */
            if (next->pos.lineno != 0 && next->pos.lineno != in->pos.lineno) break;
            if (next->op == OP_JUMP && next->target != in->target) {
                in->target = next->target;
            } else if (next->op == OP_JUMP_BACK && in->op == OP_JUMP) {
                in->target = next->target;
                in->op = OP_JUMP_BACK;
                break;
            } else {
                break;
            }
        }
    }
}

/* NOPs keep a line visible for tracing; one whose line its neighbour has is not needed. */
static void drop_nops(Unit *u, uint8_t *dead) {
    int last_line = -1;
    for (size_t i = 0; i < u->code.len; i++) {
        Instr *in = &u->code.data[i];
        if (in->op == OP_NOP) {
            int line = in->pos.lineno;
            bool next_same = i + 1 < u->code.len && (u->code.data[i + 1].pos.lineno == line);
            if (line == 0 || line == last_line || next_same) {
                dead[i] = 1;
                continue;
            }
        }
        last_line = in->pos.lineno;
    }
}

static void drop_jumps_to_next(Unit *u, uint8_t *dead) {
    int last_line = -1;
    for (size_t i = 0; i < u->code.len; i++) {
        Instr *in = &u->code.data[i];
        if (dead[i]) continue;
        if (in->op == OP_JUMP && skip_empty(u, dead, (size_t)in->target->at) == skip_empty(u, dead, i + 1)) {
            size_t next = skip_empty(u, dead, i + 1);
            int line = in->pos.lineno;
            if (line == 0 || line == last_line || (next < u->code.len && u->code.data[next].pos.lineno == line))
                dead[i] = 1;
            else
                in->op = OP_NOP, in->target = NULL;
        }
        last_line = in->pos.lineno;
    }
}

typedef struct Layout {
    uint32_t *start;   /* word of each instruction, and the end */
    uint8_t *size;     /* 0: dropped */
    uint8_t *far;
} Layout;

static int64_t jump_offset(const Layout *l, size_t i, const Instr *in, unsigned size) {
    return (int64_t)l->start[in->target->at] - ((int64_t)l->start[i] + size);
}

static void lay_out(GiCompiler *c, Unit *u, const uint8_t *dead, Layout *l) {
    size_t n = u->code.len;
    l->start = gi_compile_alloc(c, (n + 1) * sizeof *l->start);
    l->size = gi_compile_alloc(c, n + 1);
    l->far = gi_compile_alloc(c, n + 1);
    for (bool changed = true; changed;) {
        uint32_t at = 0;
        changed = false;
        for (size_t i = 0; i < n; i++) {
            l->start[i] = at;
            l->size[i] = dead[i] ? 0 : (uint8_t)(1 + gi_opcode_info[u->code.data[i].op].caches + l->far[i]);
            at += l->size[i];
        }
        l->start[n] = at;
        for (size_t i = 0; i < n; i++) {
            const Instr *in = &u->code.data[i];
            if (dead[i] || l->far[i] || !in->target || !is_short_jump(in->op)) continue;
            int64_t offset = jump_offset(l, i, in, 1);
            if (offset != (int16_t)offset) {
                l->far[i] = 1;
                changed = true;
            }
        }
    }
}

/* JUMP_LT <-> JUMP_NOT_LT and so on. */
static unsigned opposite(unsigned op) {
    if (op == OP_JUMP_IS || op == OP_JUMP_IN) return op + 1;
    if (op == OP_JUMP_IS_NOT || op == OP_JUMP_NOT_IN) return op - 1;
    if (op >= OP_JUMP_LT && op <= OP_JUMP_GE) return op - OP_JUMP_LT + OP_JUMP_NOT_LT;
    if (op >= OP_JUMP_NOT_LT && op <= OP_JUMP_NOT_GE) return op - OP_JUMP_NOT_LT + OP_JUMP_LT;
    if (op >= OP_JUMP_LT_K && op <= OP_JUMP_GE_K) return op - OP_JUMP_LT_K + OP_JUMP_NOT_LT_K;
    return op - OP_JUMP_NOT_LT_K + OP_JUMP_LT_K;
}

static void write_instr(const Unit *u, const Layout *l, size_t i, uint64_t *w) {
    const Instr *in = &u->code.data[i];
    if (in->target == NULL) {
        *w = gi_instr(in->op, in->a, in->b, in->c);
        if ((in->op == OP_LOADK || in->op == OP_RETURN_K) && (gi_instr_bc(*w) & FAR_CONST))
            *w = gi_instr32(in->op, in->a, (uint32_t)u->consts.len + (gi_instr_bc(*w) & ~FAR_CONST));
        if (in->op == OP_UNPACK_EX) w[1] = in->extra;
        return;
    }
    int64_t offset = jump_offset(l, i, in, l->size[i]);
    if (in->op == OP_FOR_ITER) {
        w[0] = gi_instr(in->op, in->a, in->b, in->c);
        w[1] = (uint32_t)(int32_t)offset;
    } else if (!is_short_jump(in->op)) {
        *w = gi_instr32(in->op, in->a, (uint32_t)(int32_t)offset);
    } else if (l->far[i]) {
        w[0] = gi_instr(opposite(in->op), in->a, in->b, 1);
        w[1] = gi_instr32(OP_JUMP, 0, (uint32_t)(int32_t)offset);
    } else {
        *w = gi_instr(in->op, in->a, in->b, (uint16_t)(int16_t)offset);
    }
}

static bool same_pos(const GiAstPos *a, const GiPosition *b) {
    return a->lineno == b->line && a->end_lineno == b->end_line && a->col_offset == b->col && a->end_col_offset == b->end_col;
}

/* Counts (out NULL) or writes the table of positions. */
static size_t write_positions(const Unit *u, const Layout *l, GiPosition *out) {
    size_t count = 0;
    GiPosition last = {0, -2, 0, 0, 0};
    for (size_t i = 0; i < u->code.len; i++) {
        const GiAstPos *pos = &u->code.data[i].pos;
        if (l->size[i] == 0 || same_pos(pos, &last)) continue;
        last = (GiPosition){l->start[i], pos->lineno, pos->end_lineno, pos->col_offset, pos->end_col_offset};
        if (out != NULL) out[count] = last;
        count++;
    }
    return count;
}

static size_t write_handlers(const Unit *u, const Layout *l, GiHandler *out) {
    size_t count = 0;
    for (size_t i = 0; i < u->code.len;) {
        int handler = u->code.data[i].handler;
        size_t end = i + 1;
        while (end < u->code.len && u->code.data[end].handler == handler) end++;
        if (handler >= 0 && l->start[end] > l->start[i]) {
            const Handler *h = &u->handlers.data[handler];
            if (out != NULL)
                out[count] = (GiHandler){l->start[i], l->start[end], l->start[h->label->at], (uint16_t)h->depth};
            count++;
        }
        i = end;
    }
    return count;
}

static void make_immortal(GiVal v) {
    if (!gi_is_heap(v) || gi_is_exact(v, &gi_code_type)) return;
    if (gi_is_exact(v, &gi_tuple_type))
        for (size_t i = 0; i < gi_tuple_len(v); i++) make_immortal(gi_tuple_get(v, i));
    gi_make_immortal(gi_obj(v));
}

/* The constants: first those that operands of 16 bits reach. */
static GiSlot *copy_consts(GiCompiler *c, const Unit *u) {
    size_t near = u->consts.len, count = near + u->far_consts.len;
    GiSlot *slots = gi_mem_calloc(c->ts, count + 1, sizeof *slots);
    if (slots == NULL) gi_compile_fail(c);
    for (size_t i = 0; i < count; i++) {
        GiVal v = {i < near ? u->consts.data[i] : u->far_consts.data[i - near]};
        if (c->immortal) make_immortal(v);
        gi_slot_init(&slots[i], gi_dup(c->ts, v));
    }
    return slots;
}

static GiSlot *copy_names(GiCompiler *c, GiNameInfo **names, size_t count) {
    GiSlot *slots = gi_mem_calloc(c->ts, count + 1, sizeof *slots);
    if (slots == NULL) gi_compile_fail(c);
    for (size_t i = 0; i < count; i++) {
        if (c->immortal) gi_make_immortal(gi_obj(names[i]->str));
        gi_slot_init(&slots[i], gi_dup(c->ts, names[i]->str));
    }
    return slots;
}

static void *need(GiCompiler *c, size_t count, size_t size) {
    void *p = gi_mem_calloc(c->ts, count + 1, size);
    if (p == NULL) gi_compile_fail(c);
    return p;
}

static uint32_t code_flags(GiCompiler *c, const Unit *u) {
    const GiScope *s = u->scope;
    uint32_t flags = c->future;
    if (s->kind == GI_BLOCK_FUNCTION) {
        flags |= GI_CO_OPTIMIZED | GI_CO_NEWLOCALS;
        if (s->nested) flags |= GI_CO_NESTED;
        if (s->generator) flags |= s->coroutine ? GI_CO_ASYNC_GENERATOR : GI_CO_GENERATOR;
        else if (s->coroutine) flags |= GI_CO_COROUTINE;
        if (s->varargs) flags |= GI_CO_VARARGS;
        if (s->varkw) flags |= GI_CO_VARKEYWORDS;
    } else if (c->options->top_level_await && s->kind == GI_BLOCK_MODULE && s->coroutine) {
        flags |= GI_CO_COROUTINE;
    }
    return flags;
}

static void fill_variables(GiCompiler *c, const Unit *u, GiCode *code) {
    code->variables = copy_names(c, u->variables.data, u->variables.len);
    code->variable_count = u->variables.len;
    code->local_count = (uint16_t)u->local_count;
    code->free_count = (uint16_t)u->free_count;
    code->register_count = (uint16_t)GI_MAX(u->max, u->local_count);
    code->variable_is_cell = need(c, u->local_count, 1);
    const GiScope *s = u->scope;
    for (uint32_t i = 0; i < s->symbol_count && s->kind == GI_BLOCK_FUNCTION; i++)
        if (s->symbols[i]->scope == GI_SCOPE_CELL) code->variable_is_cell[s->symbols[i]->index] = 1;
    if (s->needs_class_cell) code->variable_is_cell[0] = 1;
}

static void fill_code(GiCompiler *c, const Unit *u, const Layout *l, GiCode *code) {
    GiThread *ts = c->ts;
    code->instr_count = l->start[u->code.len];
    code->instrs = need(c, code->instr_count, sizeof(uint64_t));
    for (size_t i = 0; i < u->code.len; i++)
        if (l->size[i] != 0) write_instr(u, l, i, code->instrs + l->start[i]);
    code->position_count = write_positions(u, l, NULL);
    code->positions = code->own_positions = need(c, code->position_count, sizeof(GiPosition));
    write_positions(u, l, code->own_positions);
    code->handler_count = write_handlers(u, l, NULL);
    code->handlers = need(c, code->handler_count, sizeof(GiHandler));
    write_handlers(u, l, code->handlers);
    code->flags = code_flags(c, u);
    code->arg_count = (uint16_t)u->arg_count;
    code->posonly_count = (uint16_t)u->posonly_count;
    code->kwonly_count = (uint16_t)u->kwonly_count;
    code->simple_args = u->kwonly_count == 0 && !(code->flags & (GI_CO_VARARGS | GI_CO_VARKEYWORDS));
    code->self_attrs = (uint16_t)GI_MIN(u->attr_map.count, 0xFFFFu);
    code->first_line = u->first_line;
    code->consts = copy_consts(c, u);
    code->const_count = u->consts.len + u->far_consts.len;
    code->names = copy_names(c, u->names.data, u->names.len);
    code->name_count = u->names.len;
    fill_variables(c, u, code);
    gi_slot_set(ts, &code->filename, gi_dup(ts, c->options->filename));
    gi_slot_set(ts, &code->name, gi_dup(ts, u->name));
    gi_slot_set(ts, &code->qualname, gi_dup(ts, u->qualname));
    gi_slot_set(ts, &code->doc, gi_dup(ts, u->doc));
}

GiRef gi_assemble(GiCompiler *c, Unit *u) {
    inherit_positions(c, u, true);
    copy_exits(c, u);
    uint8_t *dead = gi_compile_alloc(c, u->code.len + 1);
    drop_nops(u, dead);
    thread_jumps(u, dead);
    inherit_positions(c, u, false);
    drop_jumps_to_next(u, dead);
    if (c->ts->vm->debug_flags & GI_VM_NO_COLUMNS)
        for (size_t i = 0; i < u->code.len; i++) {
            int line = u->code.data[i].pos.lineno;
            u->code.data[i].pos = (GiAstPos){.lineno = line, .end_lineno = line, .col_offset = -1, .end_col_offset = -1};
        }
    Layout l;
    lay_out(c, u, dead, &l);
    GiVal code = gi_keep(c, gi_code_new(c->ts));
    fill_code(c, u, &l, gi_code_of(code));
    if (gi_code_seal(c->ts, code) < 0) gi_compile_fail(c);
    return gi_dup(c->ts, code);
}
