/* try.c - code for try, except*, with, and for leaving them by return, break and continue.
 *
 * A handler finds the exception in register d, the first temporary that was free at the start of
 * the protected code. PUSH_EXC d makes it the handled one (d + 1: what was handled before); code
 * that runs then is itself protected by a cleanup which undoes that and raises on.
 * finally bodies are emitted once for every way out.
 */
#include "compile/internal.h"

/* ---- Leaving blocks ---- */

void gi_call_exit(GiCompiler *c, const GiAstPos *pos, unsigned reg, bool is_async) {
    Unit *u = c->unit;
    unsigned top = u->top, base = reg;
    if (reg + 1 != top) {
        base = gi_temp(c);
        gi_emit(c, pos, OP_MOVE, base, LAST(reg), 0);
    }
    for (int i = 0; i < 3; i++) gi_emit(c, pos, OP_LOAD_NONE, gi_temp(c), 0, 0);
    gi_emit(c, pos, OP_CALL, base, 3, 0);
    u->top = base + 1;
    if (is_async) gi_emit_await(c, pos, base, 2);
    gi_emit(c, pos, OP_DROP, base, 0, 0);
    u->top = top;
}

/* The end of `except ... as name`: the name is unbound. */
static void unbind(GiCompiler *c, GiNameInfo *name) {
    if (name == NULL) return;
    unsigned t = gi_temp(c);
    gi_emit(c, &gi_no_pos, OP_LOAD_NONE, t, 0, 0);
    gi_store_name(c, &gi_no_pos, name, LAST(t));
    gi_delete_name(c, &gi_no_pos, name);
    c->unit->top = t;
}

static void unwind_block(GiCompiler *c, const GiAstPos *pos, const Block *b, int value) {
    Unit *u = c->unit;
    u->handler = b->handler;
    switch (b->kind) {
    case BLOCK_WHILE:
    case BLOCK_TRY: break;
    case BLOCK_FOR:
    case BLOCK_ASYNC_FOR: gi_emit(c, pos, OP_DROP, b->reg, 0, 0); break;
    case BLOCK_FINALLY: {
        Block pending = {.reg = (unsigned)(value >= 0 ? value : 0)};
        if (value >= 0) gi_push_block(c, &pending, BLOCK_VALUE);
        gi_compile_body(c, b->body, 0);
        if (value >= 0) gi_pop_block(c, &pending);
        break;
    }
    case BLOCK_FINALLY_END: gi_emit(c, pos, OP_POP_EXC, b->reg, 0, 0); break;
    case BLOCK_WITH:
    case BLOCK_ASYNC_WITH: gi_call_exit(c, &b->pos, b->reg, b->kind == BLOCK_ASYNC_WITH); break;
    case BLOCK_HANDLER:
        gi_emit(c, pos, OP_POP_EXC, b->reg, 0, 0);
        unbind(c, b->name);
        break;
    case BLOCK_STAR_HANDLER:
        gi_compile_error(c, pos, "'break', 'continue' and 'return' cannot appear in an except* block");
    case BLOCK_VALUE: gi_emit(c, pos, OP_DROP, b->reg, 0, 0); break;
    }
}

const GiAstPos *gi_unwind(GiCompiler *c, const GiAstPos *pos, const Block *stop, int value) {
    Unit *u = c->unit;
    for (Block *b = u->block; b != NULL && b != stop; b = b->outer) {
        u->block = b->outer; /* what is emitted now runs outside of b */
        unwind_block(c, pos, b, value);
        /* PYSEM: going on after a finally body or __exit__ is no step back to the statement's line. */
        if (b->kind == BLOCK_FINALLY || b->kind == BLOCK_WITH || b->kind == BLOCK_ASYNC_WITH) pos = &gi_no_pos;
    }
    return pos;
}

/* ---- Handlers ---- */

/* At a handler's label: PUSH_EXC; gives d, and protects what follows by `cleanup`. */
static unsigned begin_handler(GiCompiler *c, const GiAstPos *pos, Label *label, Label *cleanup) {
    Unit *u = c->unit;
    gi_place(c, label);
    unsigned d = gi_temp(c);
    gi_temp(c);
    gi_emit(c, pos, OP_PUSH_EXC, d, 0, 0);
    u->handler = gi_new_handler(c, cleanup, d + 2);
    return d;
}

/* RERAISE's operand: whether the frame, if it ends thereby, ends where the exception was raised. */
enum { STAY_HERE, GO_BACK };

/* Where exceptions in a handler come to, in t: d is no longer the handled one. */
static void end_cleanup(GiCompiler *c, unsigned d, unsigned t, Label *cleanup, int outer) {
    c->unit->handler = outer;
    gi_place(c, cleanup);
    gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
    gi_emit(c, &gi_no_pos, OP_RERAISE, t, GO_BACK, 0);
}

/* What was not handled is raised again; also where exceptions in handlers come to. */
static void end_handler(GiCompiler *c, const GiAstPos *pos, unsigned d, Label *cleanup, int outer, unsigned how) {
    Unit *u = c->unit;
    u->top = d + 2;
    unsigned t = gi_temp(c);
    gi_emit(c, pos, OP_COPY, t, d, 0);
    u->handler = outer;
    gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
    gi_emit(c, &gi_no_pos, OP_RERAISE, t, how, 0);
    end_cleanup(c, d, t, cleanup, outer);
    u->top = d;
}

/* ---- try ... except ---- */

/* outer: the handler in effect around the whole statement, where code that leaves runs. */
static void except_clause(GiCompiler *c, const GiAstExceptHandler *h, unsigned d, int outer, Label *end) {
    Unit *u = c->unit;
    unsigned top = u->top;
    Label *next = gi_label(c);
    if (h->ExceptHandler.type) {
        unsigned m = gi_temp(c);
        unsigned type = gi_expr_operand_in(c, h->ExceptHandler.type, m);
        gi_emit(c, &h->pos, OP_MATCH_EXC, m, d, type);
        gi_jump(c, &h->pos, OP_JUMP_IF_NOT, LAST(m), 0, next);
        u->top = top;
    } else {
        gi_emit(c, &h->pos, OP_NOP, 0, 0, 0);
    }
    Block block = {.reg = d};
    int cleanup = u->handler;
    gi_push_block(c, &block, BLOCK_HANDLER);
    block.handler = outer;
    if (h->ExceptHandler.name) {
        Label *unbound = gi_label(c);
        block.name = gi_unit_mangle(c, h->ExceptHandler.name);
        gi_check_forbidden(c, &h->pos, gi_name_info(c, h->ExceptHandler.name), GI_CTX_Store);
        gi_store_name(c, &h->pos, block.name, d);
        u->handler = gi_new_handler(c, unbound, top);
        gi_compile_body(c, &h->ExceptHandler.body, 0);
        u->handler = outer;
        gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
        unbind(c, block.name);
        gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
        u->handler = cleanup;
        gi_place(c, unbound);
        unsigned t = gi_temp(c);
        unbind(c, block.name);
        gi_emit(c, &gi_no_pos, OP_RERAISE, t, GO_BACK, 0);
    } else {
        gi_compile_body(c, &h->ExceptHandler.body, 0);
        u->handler = outer;
        gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
        gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    }
    u->block = block.outer;
    u->handler = cleanup;
    u->top = top;
    gi_place(c, next);
}

static void try_except(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    Label *except = gi_label(c), *cleanup = gi_label(c), *end = gi_label(c);
    int outer = u->handler;
    Block block = {.reg = 0};
    gi_push_block(c, &block, BLOCK_TRY);
    u->handler = gi_new_handler(c, except, top);
    gi_compile_body(c, &s->Try.body, 0);
    gi_pop_block(c, &block);
    gi_compile_body(c, &s->Try.orelse, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    unsigned d = begin_handler(c, &gi_no_pos, except, cleanup);
    uint32_t count = s->Try.handlers.count;
    for (uint32_t i = 0; i < count; i++) {
        const GiAstExceptHandler *h = s->Try.handlers.items[i];
        if (h->ExceptHandler.type == NULL && i + 1 < count)
            gi_compile_error(c, &h->pos, "default 'except:' must be last");
        except_clause(c, h, d, outer, end);
    }
    end_handler(c, &gi_no_pos, d, cleanup, outer, STAY_HERE);
    u->top = top;
    gi_place(c, end);
}

/* ---- try ... except* ---- */

static void star_clause(GiCompiler *c, const GiAstExceptHandler *h, unsigned list) {
    Unit *u = c->unit;
    unsigned rest = list + 1, match = list + 2;
    u->top = match + 1;
    if (match + 1 > u->max) u->max = match + 1;
    Label *next = gi_label(c), *raised = gi_label(c);
    unsigned types = gi_expr_operand(c, h->ExceptHandler.type);
    gi_emit(c, &h->pos, OP_MATCH_EXC_GROUP, rest, types, 0);
    gi_jump(c, &h->pos, OP_JUMP_IF_NONE, match, 0, next);
    int cleanup = u->handler;
    u->top = match + 1;
    Block block = {.reg = match};
    gi_push_block(c, &block, BLOCK_STAR_HANDLER);
    if (h->ExceptHandler.name) {
        block.name = gi_unit_mangle(c, h->ExceptHandler.name);
        gi_check_forbidden(c, &h->pos, gi_name_info(c, h->ExceptHandler.name), GI_CTX_Store);
        gi_store_name(c, &h->pos, block.name, match);
    }
    u->handler = gi_new_handler(c, raised, match + 1);
    gi_compile_body(c, &h->ExceptHandler.body, 0);
    u->handler = cleanup;
    unbind(c, block.name);
    gi_emit(c, &gi_no_pos, OP_DROP, match, 0, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, next);
    gi_place(c, raised);
    unsigned exc = gi_temp(c);
    unbind(c, block.name);
    gi_emit(c, &gi_no_pos, OP_LIST_APPEND, list, LAST(exc), 0);
    gi_emit(c, &gi_no_pos, OP_DROP, match, 0, 0);
    gi_pop_block(c, &block);
    u->top = match + 1;
    gi_place(c, next);
}

static void try_star(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    Label *except = gi_label(c), *cleanup = gi_label(c), *end = gi_label(c), *handled = gi_label(c);
    int outer = u->handler;
    Block block = {.reg = 0};
    gi_push_block(c, &block, BLOCK_TRY);
    u->handler = gi_new_handler(c, except, top);
    gi_compile_body(c, &s->TryStar.body, 0);
    gi_pop_block(c, &block);
    gi_compile_body(c, &s->TryStar.orelse, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    unsigned d = begin_handler(c, &gi_no_pos, except, cleanup);
    unsigned list = gi_temp(c), rest = gi_temp(c);
    gi_emit(c, &gi_no_pos, OP_BUILD_LIST, list, list, 0);
    gi_emit(c, &gi_no_pos, OP_COPY, rest, d, 0);
    for (uint32_t i = 0; i < s->TryStar.handlers.count; i++) star_clause(c, s->TryStar.handlers.items[i], list);
    gi_emit(c, &gi_no_pos, OP_LIST_APPEND, list, LAST(rest), 0);
    gi_emit(c, &gi_no_pos, OP_COPY, rest, d, 0);
    gi_emit(c, &gi_no_pos, OP_MOVE, rest + 1, LAST(list), 0);
    gi_emit(c, &gi_no_pos, OP_PREPARE_RERAISE_STAR, rest, 0, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP_IF_NONE, rest, 0, handled);
    gi_emit(c, &gi_no_pos, OP_MOVE, list, LAST(rest), 0);
    u->handler = outer;
    gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
    gi_emit(c, &gi_no_pos, OP_RERAISE, list, STAY_HERE, 0);
    end_cleanup(c, d, list, cleanup, outer);
    gi_place(c, handled);
    gi_emit(c, &gi_no_pos, OP_POP_EXC, d, 0, 0);
    u->top = top;
    gi_place(c, end);
}

/* ---- try ... finally ---- */

static void try_finally(GiCompiler *c, const GiAstStmt *s, void (*inner)(GiCompiler *, const GiAstStmt *)) {
    Unit *u = c->unit;
    unsigned top = u->top;
    Label *except = gi_label(c), *cleanup = gi_label(c), *end = gi_label(c);
    int outer = u->handler;
    Block block = {.body = &s->Try.finalbody};
    gi_push_block(c, &block, BLOCK_FINALLY);
    u->handler = gi_new_handler(c, except, top);
    if (s->Try.handlers.count > 0) inner(c, s);
    else gi_compile_body(c, &s->Try.body, 0);
    gi_pop_block(c, &block);
    if (u->reachable) {
        gi_compile_body(c, &s->Try.finalbody, 0);
        gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    }
    unsigned d = begin_handler(c, &gi_no_pos, except, cleanup);
    int handler = u->handler;
    Block raising = {.reg = d};
    u->handler = outer;
    gi_push_block(c, &raising, BLOCK_FINALLY_END);
    u->handler = handler;
    gi_compile_body(c, &s->Try.finalbody, 0);
    gi_pop_block(c, &raising);
    u->handler = handler;
    end_handler(c, &gi_no_pos, d, cleanup, outer, STAY_HERE);
    u->top = top;
    gi_place(c, end);
}

void gi_compile_try(GiCompiler *c, const GiAstStmt *s) {
    gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    if (s->Try.finalbody.count > 0) try_finally(c, s, try_except);
    else try_except(c, s);
}

void gi_compile_try_star(GiCompiler *c, const GiAstStmt *s) {
    gi_emit(c, &s->pos, OP_NOP, 0, 0, 0);
    if (s->TryStar.finalbody.count > 0) try_finally(c, s, try_star);
    else try_star(c, s);
}

/* ---- with ---- */

void gi_compile_with(GiCompiler *c, const GiAstStmt *s, size_t item, bool is_async) {
    Unit *u = c->unit;
    const GiAstWithItem *w = s->With.items.items[item];
    unsigned top = u->top, exit = gi_temp(c);
    Label *except = gi_label(c), *cleanup = gi_label(c), *suppress = gi_label(c), *end = gi_label(c);
    gi_enter(c);
    gi_expr_to(c, w->context_expr, exit);
    unsigned value = gi_temp(c);
    gi_emit(c, &s->pos, is_async ? OP_BEGIN_ASYNC_WITH : OP_BEGIN_WITH, exit, 0, 0);
    if (is_async) gi_emit_await(c, &s->pos, value, 1);
    int outer = u->handler;
    Block block = {.reg = exit, .pos = s->pos};
    gi_push_block(c, &block, is_async ? BLOCK_ASYNC_WITH : BLOCK_WITH);
    u->handler = gi_new_handler(c, except, exit + 1);
    if (w->optional_vars) gi_store_target(c, w->optional_vars, LAST(value));
    else gi_emit(c, &s->pos, OP_DROP, value, 0, 0);
    u->top = exit + 1;
    if (item + 1 < s->With.items.count) gi_compile_with(c, s, item + 1, is_async);
    else gi_compile_body(c, &s->With.body, 0);
    gi_pop_block(c, &block);
    u->handler = outer;
    if (u->reachable) {
        gi_call_exit(c, &s->pos, exit, is_async);
        gi_jump(c, &s->pos, OP_JUMP, 0, 0, end);
    }
    u->top = exit + 1;
    unsigned d = begin_handler(c, &s->pos, except, cleanup);
    unsigned t = gi_temp(c);
    gi_emit(c, &s->pos, OP_WITH_EXCEPT, t, exit, d);
    if (is_async) gi_emit_await(c, &s->pos, t, 2);
    gi_jump(c, &s->pos, OP_JUMP_IF, LAST(t), 0, suppress);
    end_handler(c, &s->pos, d, cleanup, outer, GO_BACK);
    gi_place(c, suppress);
    gi_emit(c, &s->pos, OP_POP_EXC, d, 0, 0);
    gi_emit(c, &s->pos, OP_DROP, exit, 0, 0);
    gi_place(c, end);
    u->top = top;
    gi_leave(c);
}
