/* verify.c - checks a code object before it runs.
 *
 * First the form: operands in range, jumps to instructions, tables in order, constants of the
 * right type. Then the discipline of temporaries, by abstract interpretation: each is written once
 * and consumed once on every way, handlers find what their depth says, and nothing is left at a
 * return. A register is DEAD, LIVE, or MAYBE (live on some ways only: it may only be dropped or
 * overwritten).
 */
#include "bytecode/code.h"
#include "bytecode/specialised.h"
#include "objects/error.h"
#include "objects/tuple.h"
#include <stdlib.h>

enum { DEAD, LIVE, MAYBE };

typedef struct Verifier {
    GiThread *ts;
    const GiCode *code;
    uint8_t *is_start;     /* of words: an instruction begins here */
    uint8_t **states;      /* of words: state on entry, where ways meet; NULL: not reached */
    uint32_t *work;        /* words whose state has changed */
    size_t work_count;
    uint8_t *queued;       /* of words. Bit 0: in the work list; bit 1: ways meet here */
    uint8_t *now;          /* state of temporaries */
    uint32_t at;
    bool failed;
} Verifier;

static void fail(Verifier *v, const char *what, unsigned reg) {
    if (v->failed) return;
    v->failed = true;
    const GiCode *code = v->code;
    unsigned op = v->at < code->instr_count ? gi_instr_op(code->instrs[v->at]) : 0;
    gi_raise(v->ts, &gi_exc_ValueError, "bad code: %s (register %u) in %s at %u of %S, line %d", what, reg,
             op < OP_COUNT ? gi_opcode_info[op].name : "?", v->at, gi_val(code->qualname),
             gi_code_position(code, v->at).line);
}

/* ---- Form ---- */

static bool is_specialised(unsigned op) { return op >= OP_LOAD_GLOBAL_MODULE; }

static void check_register(Verifier *v, unsigned reg) {
    if (reg >= v->code->register_count) fail(v, "no such register", reg);
}

static void check_run(Verifier *v, unsigned first, unsigned count) {
    if (count > 0 && (uint64_t)first + count > v->code->register_count) fail(v, "run of registers too long", first);
}

static void check_operand(Verifier *v, GiOperandKind kind, unsigned x) {
    const GiCode *code = v->code;
    switch (kind) {
    case GI_OPERAND_R:
        check_register(v, x & GI_REGISTER_MAX);
        if ((x & GI_LAST_USE) && (x & GI_REGISTER_MAX) < code->local_count) fail(v, "last use of a variable", x);
        break;
    case GI_OPERAND_W:
    case GI_OPERAND_S:
    case GI_OPERAND_X: check_register(v, x); break;
    case GI_OPERAND_K:
        if (x >= code->const_count) fail(v, "no such constant", x);
        break;
    case GI_OPERAND_N:
        if (x >= code->name_count) fail(v, "no such name", x);
        break;
    case GI_OPERAND_F:
        if (x >= code->free_count) fail(v, "no such free variable", x);
        break;
    default: break;
    }
}

static void check_tuple(Verifier *v, unsigned index) {
    if (index >= v->code->const_count || !gi_is_exact(gi_val(v->code->consts[index]), &gi_tuple_type))
        fail(v, "constant is no tuple", index);
}

static void check_special(Verifier *v, unsigned op, uint64_t w) {
    const GiCode *code = v->code;
    unsigned a = gi_instr_a(w), b = gi_instr_b(w), c = gi_instr_c(w);
    switch (op) {
    case OP_LOADK:
    case OP_RETURN_K:
        if (gi_instr_bc(w) >= code->const_count) fail(v, "no such constant", gi_instr_bc(w));
        break;
    case OP_CALL:
    case OP_CALL_METHOD:
        if (c != 0) {
            check_tuple(v, c - 1);
            if (!v->failed && gi_tuple_len(gi_val(code->consts[c - 1])) > b) fail(v, "too many keyword names", c);
        }
        break;
    case OP_BUILD_DICT_KEYS: check_tuple(v, c); break;
    case OP_MATCH_CLASS: check_tuple(v, c); break;
    case OP_MAKE_FUNCTION:
        if (b >= code->const_count || !gi_is_exact(gi_val(code->consts[b]), &gi_code_type)) fail(v, "constant is no code", b);
        break;
    case OP_LOAD_CELL: case OP_LOAD_CLASS_CELL:
        if (b >= code->local_count || !code->variable_is_cell[b]) fail(v, "no cell", b);
        break;
    case OP_STORE_CELL: case OP_DELETE_CELL:
        if (a >= code->local_count || !code->variable_is_cell[a]) fail(v, "no cell", a);
        break;
    case OP_MAKE_CELL: case OP_NEW_CELL:
        if (a >= code->local_count || !code->variable_is_cell[a]) fail(v, "no cell", a);
        break;
    case OP_CHECK_LOCAL: case OP_DELETE_LOCAL:
        if (b >= code->variable_count || (a & GI_REGISTER_MAX) >= code->local_count) fail(v, "no variable", b);
        break;
    case OP_LOAD_FREE: case OP_DELETE_FREE:
        if (c >= code->variable_count) fail(v, "no variable", c);
        break;
    case OP_UNPACK_EX:
        if (code->instrs[v->at + 1] > GI_REGISTER_MAX) fail(v, "too many items", b);
        break;
    default: break;
    }
    if (gi_opcode_info[op].operands[0] == GI_OPERAND_W && op != OP_NEW_CELL && a < code->local_count && code->variable_is_cell[a])
        fail(v, "writes over a cell", a);
}

static void check_form(Verifier *v) {
    const GiCode *code = v->code;
    for (uint32_t at = 0; at < code->instr_count && !v->failed;) {
        v->at = at;
        uint64_t w = code->instrs[at];
        unsigned op = gi_instr_op(w);
        if (op >= OP_COUNT || is_specialised(op)) {
            fail(v, "no such instruction", op);
            return;
        }
        const GiOpcodeInfo *info = &gi_opcode_info[op];
        if (at + info->caches >= code->instr_count) {
            fail(v, "code ends in an instruction", 0);
            return;
        }
        v->is_start[at] = 1;
        for (unsigned i = 1; i <= info->caches; i++)
            if (code->instrs[at + i] != gi_code_general_cache(w, code->instrs[at + i])) fail(v, "cache is not empty", 0);
        if (op != OP_RAISE || gi_instr_c(w) >= 1) check_operand(v, info->operands[0], gi_instr_a(w));
        if (op != OP_RAISE || gi_instr_c(w) == 2) check_operand(v, info->operands[1], gi_instr_b(w));
        if (op != OP_CALL && op != OP_CALL_METHOD) check_operand(v, info->operands[2], gi_instr_c(w));
        if (!v->failed) check_special(v, op, w);
        at += 1u + info->caches;
    }
}

static void check_tables(Verifier *v) {
    const GiCode *code = v->code;
    uint32_t end = 0;
    for (size_t i = 0; i < code->handler_count && !v->failed; i++) {
        const GiHandler *h = &code->handlers[i];
        v->at = h->start < code->instr_count ? h->start : 0;
        if (h->start < end || h->end <= h->start || h->end > code->instr_count) fail(v, "handlers out of order", 0);
        else if (h->target >= code->instr_count || !v->is_start[h->target]) fail(v, "handler is no instruction", 0);
        else if (h->depth < code->local_count || h->depth >= code->register_count) fail(v, "depth out of range", h->depth);
        end = h->end;
    }
    for (size_t i = 1; i < code->position_count && !v->failed; i++)
        if (code->positions[i].start <= code->positions[i - 1].start) fail(v, "positions out of order", 0);
}

/* ---- Temporaries ---- */

static inline bool is_temp(const Verifier *v, unsigned reg) { return reg >= v->code->local_count; }

static void need(Verifier *v, unsigned reg) {
    if (reg >= v->code->register_count) fail(v, "no such register", reg);
    else if (is_temp(v, reg) && v->now[reg] != LIVE) fail(v, v->now[reg] == DEAD ? "dead register is read" : "register may be dead", reg);
}

static void use(Verifier *v, unsigned operand) {
    unsigned reg = operand & GI_REGISTER_MAX;
    need(v, reg);
    if (!v->failed && (operand & GI_LAST_USE)) v->now[reg] = DEAD;
}

static void take(Verifier *v, unsigned reg) {
    if (!is_temp(v, reg)) {
        fail(v, "variable is consumed", reg);
        return;
    }
    need(v, reg);
    if (!v->failed) v->now[reg] = DEAD;
}

static void take_run(Verifier *v, unsigned first, unsigned count) {
    check_run(v, first, count);
    for (unsigned i = 0; i < count && !v->failed; i++) take(v, first + i);
}

static void make(Verifier *v, unsigned reg) {
    if (reg >= v->code->register_count) {
        fail(v, "no such register", reg);
        return;
    }
    if (!is_temp(v, reg)) return;
    if (v->now[reg] == LIVE) fail(v, "live register is overwritten", reg);
    v->now[reg] = LIVE;
}

static void flow(Verifier *v, int64_t target) {
    const GiCode *code = v->code;
    if (v->failed) return;
    if (target < 0 || target >= code->instr_count || !v->is_start[target]) {
        fail(v, "jump to no instruction", 0);
        return;
    }
    uint8_t **state = &v->states[target];
    bool changed = false;
    if (*state == NULL) {
        *state = malloc(code->register_count + 1u);
        if (*state == NULL) {
            gi_raise_nomem(v->ts);
            v->failed = true;
            return;
        }
        memcpy(*state, v->now, code->register_count);
        changed = true;
    } else {
        for (unsigned i = code->local_count; i < code->register_count; i++)
            if ((*state)[i] != v->now[i] && (*state)[i] != MAYBE) (*state)[i] = MAYBE, changed = true;
    }
    if (changed && !(v->queued[target] & 1)) {
        v->queued[target] |= 1;
        v->work[v->work_count++] = (uint32_t)target;
    }
}

/* The way to the handler of an instruction that fails. */
static void flow_to_handler(Verifier *v) {
    const GiHandler *h = gi_code_handler(v->code, v->at);
    if (h == NULL || v->failed) return;
    unsigned n = v->code->register_count - h->depth;
    uint8_t saved[n];
    memcpy(saved, v->now + h->depth, n);
    memset(v->now + h->depth, DEAD, n);
    v->now[h->depth] = LIVE;
    flow(v, h->target);
    memcpy(v->now + h->depth, saved, n);
}

static void check_return(Verifier *v) {
    for (unsigned i = v->code->local_count; i < v->code->register_count; i++)
        if (v->now[i] != DEAD) fail(v, "register is alive at return", i);
}

/* The operands of plain instructions: reads, then writes. */
static void plain_operands(Verifier *v, unsigned op, uint64_t w) {
    const uint8_t *kinds = gi_opcode_info[op].operands;
    unsigned operands[3] = {gi_instr_a(w), gi_instr_b(w), gi_instr_c(w)};
    for (int i = 0; i < 3 && !v->failed; i++) {
        if (kinds[i] == GI_OPERAND_R) use(v, operands[i]);
        else if (kinds[i] == GI_OPERAND_X) need(v, operands[i]);
    }
    for (int i = 0; i < 3 && !v->failed; i++)
        if (kinds[i] == GI_OPERAND_W) make(v, operands[i]);
}

static unsigned count_bits(unsigned x) { return (unsigned)__builtin_popcount(x); }

/* Executes the instruction on the state; false when the next one is not reached. */
static bool step(Verifier *v) {
    const GiCode *code = v->code;
    uint64_t w = code->instrs[v->at];
    unsigned op = gi_instr_op(w), a = gi_instr_a(w), b = gi_instr_b(w), c = gi_instr_c(w);
    int64_t next = (int64_t)v->at + 1 + gi_opcode_info[op].caches;
    int64_t far = next + (int32_t)gi_instr_bc(w);
    flow_to_handler(v);
    if (v->failed) return false;
    switch (op) {
    case OP_DROP:
        if (!is_temp(v, a)) fail(v, "variable is dropped", a);
        else v->now[a] = DEAD;
        return true;
    case OP_LOAD_METHOD: use(v, b); make(v, a); make(v, a + 1); return true;
    case OP_LOAD_SUPER: take_run(v, a, 3); make(v, a); make(v, a + 1); return true;
    case OP_BUILD_SLICE: take_run(v, a, b); make(v, a); return true;
    case OP_GET_SLICE: case OP_GET_SLICE_STEP:
        take_run(v, c, op == OP_GET_SLICE ? 2 : 3); use(v, b); make(v, a); return true;
    case OP_SET_SLICE: use(v, c); take_run(v, b, 2); use(v, a); return true;
    case OP_BUILD_TUPLE: case OP_BUILD_LIST: case OP_BUILD_SET: case OP_BUILD_STRING:
        take_run(v, b, c); make(v, a); return true;
    case OP_BUILD_DICT: take_run(v, b, 2 * c); make(v, a); return true;
    case OP_BUILD_DICT_KEYS: take_run(v, b, (unsigned)gi_tuple_len(gi_val(code->consts[c]))); make(v, a); return true;
    case OP_FORMAT_SPEC: take_run(v, a, 2); make(v, a); return true;
    case OP_UNPACK:
    case OP_UNPACK_EX: {
        unsigned count = op == OP_UNPACK ? c : c + 1 + (unsigned)code->instrs[v->at + 1];
        use(v, b);
        check_run(v, a, count);
        for (unsigned i = 0; i < count && !v->failed; i++) make(v, a + i);
        return true;
    }
    case OP_CALL: take_run(v, a, 1 + b); make(v, a); return true;
    case OP_CALL_METHOD: take_run(v, a, 2 + b); make(v, a); return true;
    case OP_CALL_EX: take_run(v, a, b ? 3 : 2); make(v, a); return true;
    case OP_MAKE_FUNCTION: take_run(v, a, count_bits(c & 15)); make(v, a); return true;
    case OP_RETURN: use(v, a); if (!v->failed) check_return(v); return false;
    case OP_RETURN_K: check_return(v); return false;
    case OP_RAISE:
        if (c >= 1) use(v, a);
        if (c == 2) use(v, b);
        return false;
    case OP_RERAISE: take(v, a); return false;
    case OP_SEND: {
        need(v, a);
        need(v, a + 1);
        if (v->failed) return false;
        uint8_t saved = v->now[a];
        v->now[a] = DEAD;
        flow(v, far);
        v->now[a] = saved;
        return true;
    }
    case OP_YIELD_DELEGATE: need(v, a); need(v, a + 1); return true;
    case OP_END_ASYNC_FOR:
        take(v, a);
        if (is_temp(v, b)) take(v, b);
        return true;
    case OP_PUSH_EXC: need(v, a); make(v, a + 1); return true;
    case OP_POP_EXC: take_run(v, a, 2); return true;
    case OP_MATCH_EXC_GROUP: use(v, b); need(v, a); make(v, a + 1); return true;
    case OP_PREPARE_RERAISE_STAR: case OP_MATCH_CLASS: case OP_IMPORT_NAME:
        take_run(v, a, 2); make(v, a); return true;
    case OP_BEGIN_WITH: case OP_BEGIN_ASYNC_WITH: need(v, a); make(v, a + 1); return true;
    case OP_FOR_ITER: {
        need(v, a);
        if (v->failed) return false;
        uint8_t saved = v->now[a];
        if (is_temp(v, a)) v->now[a] = DEAD;
        flow(v, next + (int32_t)code->instrs[v->at + 1]);
        v->now[a] = saved;
        make(v, b);
        return true;
    }
    case OP_JUMP_OR_POP: case OP_JUMP_NOT_OR_POP:
        need(v, a); flow(v, far); if (!v->failed) v->now[a] = DEAD; return true;
    case OP_JUMP: case OP_JUMP_BACK: flow(v, far); return false;
    case OP_JUMP_IF_NONE: case OP_JUMP_IF_NOT_NONE: {
        use(v, a);
        if (v->failed) return false;
        unsigned reg = a & GI_REGISTER_MAX;
        uint8_t saved = v->now[reg];
        if (op == OP_JUMP_IF_NONE && is_temp(v, reg)) v->now[reg] = DEAD; /* None needs no drop */
        flow(v, far);
        v->now[reg] = op == OP_JUMP_IF_NOT_NONE && is_temp(v, reg) ? DEAD : saved;
        return true;
    }
    default:
        plain_operands(v, op, w);
        if (gi_opcode_info[op].operands[1] == GI_OPERAND_JJ) flow(v, far);
        else if (gi_opcode_info[op].operands[2] == GI_OPERAND_J) flow(v, next + (int16_t)c);
        return true;
    }
}

static void run_from(Verifier *v, uint32_t start) {
    const GiCode *code = v->code;
    memcpy(v->now, v->states[start], code->register_count);
    v->at = start;
    for (;;) {
        bool more = step(v);
        if (v->failed || !more) return;
        uint32_t next = v->at + 1 + gi_opcode_info[gi_instr_op(code->instrs[v->at])].caches;
        if (next >= code->instr_count) {
            fail(v, "runs off the end", 0);
            return;
        }
        if (v->queued[next] & 2) { /* ways meet here */
            flow(v, next);
            return;
        }
        v->at = next;
    }
}

/* Marks the words where ways meet: targets of jumps and of handlers. */
static void mark_leaders(Verifier *v, uint8_t *leader) {
    const GiCode *code = v->code;
    for (uint32_t at = 0; at < code->instr_count;) {
        uint64_t w = code->instrs[at];
        const GiOpcodeInfo *info = &gi_opcode_info[gi_instr_op(w)];
        int64_t next = (int64_t)at + 1 + info->caches, target = -1;
        if (gi_instr_op(w) == OP_FOR_ITER) target = next + (int32_t)code->instrs[at + 1];
        else if (info->operands[1] == GI_OPERAND_JJ) target = next + (int32_t)gi_instr_bc(w);
        else if (info->operands[2] == GI_OPERAND_J) target = next + (int16_t)gi_instr_c(w);
        if (target >= 0 && target < code->instr_count) leader[target] = 2;
        at = (uint32_t)next;
    }
    for (size_t i = 0; i < code->handler_count; i++) leader[code->handlers[i].target] = 2;
}

static void check_flow(Verifier *v) {
    mark_leaders(v, v->queued);
    v->at = 0;
    memset(v->now, DEAD, v->code->register_count);
    v->queued[0] |= 2;
    flow(v, 0);
    while (v->work_count > 0 && !v->failed) {
        uint32_t at = v->work[--v->work_count];
        v->queued[at] &= (uint8_t)~1;
        run_from(v, at);
    }
}

static bool begin(Verifier *v) {
    size_t n = v->code->instr_count;
    v->is_start = calloc(n, 1);
    v->queued = calloc(n, 1);
    v->states = calloc(n, sizeof *v->states);
    v->work = calloc(n + 1, sizeof *v->work);
    v->now = calloc(v->code->register_count + 1u, 1);
    if (v->is_start != NULL && v->queued != NULL && v->states != NULL && v->work != NULL && v->now != NULL) return true;
    gi_raise_nomem(v->ts);
    v->failed = true;
    return false;
}

static void end(Verifier *v) {
    for (size_t i = 0; v->states != NULL && i < v->code->instr_count; i++) free(v->states[i]);
    free(v->is_start);
    free(v->queued);
    free(v->states);
    free(v->work);
    free(v->now);
}

GiStatus gi_code_live_temps(GiThread *ts, const GiCode *code, const uint32_t *at, size_t count, uint8_t *live) {
    GiCode general = *code;
    size_t n = code->instr_count;
    general.instrs = gi_code_general_instrs(ts, code);
    if (general.instrs == NULL) return GI_FAIL;
    Verifier v = {.ts = ts, .code = &general};
    if (begin(&v)) check_form(&v);
    if (!v.failed) {
        for (size_t i = 0; i < count; i++) v.queued[at[i]] |= 2;
        check_flow(&v);
    }
    for (size_t i = 0; i < count && !v.failed; i++) {
        uint8_t *out = live + i * code->register_count;
        memset(out, 0, code->register_count);
        if (at[i] < n && v.states[at[i]] == NULL) memset(out, 1, code->register_count); /* not reached: fits nowhere */
        else for (unsigned r = code->local_count; r < code->register_count; r++) out[r] = v.states[at[i]][r] == LIVE;
    }
    end(&v);
    gi_mem_free(general.instrs);
    return v.failed ? GI_FAIL : GI_OK;
}

GiStatus gi_code_verify(GiThread *ts, const GiCode *code) {
    Verifier v = {.ts = ts, .code = code};
    size_t n = code->instr_count;
    if (n == 0 || code->register_count < code->local_count || code->arg_count + code->kwonly_count > code->local_count ||
        code->posonly_count > code->arg_count || code->variable_count != (size_t)code->local_count + code->free_count)
        return gi_raise_status(ts, &gi_exc_ValueError, "bad code: counts do not fit");
    if (begin(&v)) check_form(&v);
    if (!v.failed) check_tables(&v);
    if (!v.failed) check_flow(&v);
    end(&v);
    return v.failed ? GI_FAIL : GI_OK;
}
