/* jump.c - f_lineno set by a trace function: the frame goes on at another line.
 *
 * A line fits if every temporary that is live where it begins is live now, for the same use: a loop's
 * iterator, the exit of a with block, an exception that is handled. What is live now and not there is
 * dropped, which leaves loops, with blocks (without calling __exit__) and handlers.
 */
#include "objects/exceptions.h"
#include "vm/ops.h"

typedef enum { KIND_OTHER, KIND_ITERATOR, KIND_EXIT, KIND_EXCEPTION, KIND_HANDLED } TempKind;

typedef struct Jump {
    GiThread *ts;
    GiFrame *frame;
    const GiCode *code;
    uint64_t *words;   /* the instructions without special forms */
    uint32_t *at;      /* [0]: now; then the places where the line begins */
    uint8_t *live;     /* for each of those, by register */
    size_t count;
} Jump;

/* What temporary `reg`, live at word `at`, is used for: the last instruction before that made it
 * (its word in *maker). */
static TempKind kind_of(const Jump *j, uint32_t at, unsigned reg, uint32_t *maker) {
    const GiCode *code = j->code;
    TempKind kind = KIND_OTHER;
    *maker = at;
    for (uint32_t i = 0; i < at;) {
        uint64_t w = j->words[i];
        unsigned op = gi_instr_op(w), a = gi_instr_a(w);
        TempKind before = kind;
        kind = KIND_OTHER;
        if (a == reg && (op == OP_GET_ITER || op == OP_GET_AITER)) kind = KIND_ITERATOR;
        else if (a == reg && (op == OP_BEGIN_WITH || op == OP_BEGIN_ASYNC_WITH)) kind = KIND_EXIT;
        else if (a == reg && op == OP_PUSH_EXC) kind = KIND_EXCEPTION;
        else if (a + 1 == reg && op == OP_PUSH_EXC) kind = KIND_HANDLED;
        if (kind == KIND_OTHER) kind = before;
        else *maker = i;
        i += 1u + gi_opcode_info[op].caches;
    }
    for (size_t h = 0; h < code->handler_count; h++)
        if (code->handlers[h].target == at && code->handlers[h].depth == reg) kind = KIND_EXCEPTION;
    return kind;
}

/* Whether the handler that begins with the PUSH_EXC at `at` is that of `except` clauses with types. */
static bool is_except(const Jump *j, uint32_t at) {
    unsigned d = gi_instr_a(j->words[at]);
    for (uint32_t i = at; i < j->code->instr_count; i += 1u + gi_opcode_info[gi_instr_op(j->words[i])].caches) {
        unsigned op = gi_instr_op(j->words[i]);
        if (op == OP_MATCH_EXC && gi_instr_b(j->words[i]) == d) return true;
        if (op == OP_POP_EXC && gi_instr_a(j->words[i]) == d) return false;
    }
    return false;
}

/* Whether what `reg` holds now serves at word `at`. PYSEM: one `except` clause does for another, since
 * its body does not need the exception; the way of an exception through `finally` does. */
static bool serves(const Jump *j, uint32_t at, unsigned reg, TempKind kind, uint32_t maker) {
    uint32_t own;
    if (kind == KIND_OTHER || !j->live[reg] || kind_of(j, j->at[0], reg, &own) != kind) return false;
    if (kind != KIND_EXCEPTION && kind != KIND_HANDLED) return true;
    return own == maker || (maker < at && is_except(j, own) && is_except(j, maker));
}

/* Why the frame cannot go on at place i, or NULL. */
static const char *obstacle(const Jump *j, size_t i) {
    const uint8_t *then = j->live + i * j->code->register_count;
    for (unsigned r = j->code->local_count; r < j->code->register_count; r++) {
        if (!then[r]) continue;
        uint32_t maker;
        TempKind kind = kind_of(j, j->at[i], r, &maker);
        if (serves(j, j->at[i], r, kind, maker)) continue;
        switch (kind) {
        case KIND_ITERATOR: return "can't jump into the body of a for loop";
        case KIND_EXCEPTION:
        case KIND_HANDLED: return "can't jump into an 'except' block as there's no exception";
        default: return "incompatible stacks";
        }
    }
    return NULL;
}

/* The place that fits and keeps most of what is live; 0 when none fits, then *why says why not. */
static size_t choose(const Jump *j, const char **why) {
    size_t best = 0, most = 0;
    for (size_t i = 1; i < j->count; i++) {
        const char *here = obstacle(j, i);
        if (here != NULL) {
            if (*why == NULL) *why = here;
            continue;
        }
        size_t kept = 1;
        for (unsigned r = j->code->local_count; r < j->code->register_count; r++)
            kept += j->live[i * j->code->register_count + r];
        if (kept > most) most = kept, best = i;
    }
    return best;
}

/* Drops what is live now and not at place i. */
static void leave_blocks(const Jump *j, size_t i) {
    GiThread *ts = j->ts;
    GiFrame *frame = j->frame;
    const uint8_t *now = j->live, *then = j->live + i * j->code->register_count;
    for (unsigned r = j->code->register_count; r-- > j->code->local_count;) {
        if (!now[r] || then[r]) continue;
        uint32_t maker;
        if (kind_of(j, j->at[0], r, &maker) == KIND_HANDLED) { /* as POP_EXC does */
            GiRef handled = gi_slot_take(&frame->handled.exc);
            frame->handled.exc.bits = gi_slot_take(&frame->regs[r]).bits;
            if (frame->handled.exc.bits == 0) gi_handled_unlink(ts, frame);
            gi_xdrop(ts, handled);
        } else {
            gi_slot_clear(ts, &frame->regs[r]);
        }
    }
    /* The compiler may have left out checks that the way around an assignment would need. */
    for (unsigned r = 0; r < j->code->local_count; r++)
        if (frame->regs[r].bits == 0 && !j->code->variable_is_cell[r]) frame->regs[r].bits = GI_NONE.bits;
}

/* The places where the first line from `line` on begins. */
static size_t find_places(const GiCode *code, int line, uint32_t *at, int *found) {
    int best = 0;
    for (size_t i = 0; i < code->position_count; i++) {
        int l = code->positions[i].line;
        if (l >= line && (best == 0 || l < best)) best = l;
    }
    size_t count = 0;
    for (size_t i = 0; best != 0 && i < code->position_count; i++)
        if (code->positions[i].line == best && (i == 0 || code->positions[i - 1].line != best))
            at[count++] = code->positions[i].start;
    *found = best;
    return count;
}

GiStatus gi_frame_jump(GiThread *ts, GiFrame *frame, int line) {
    const GiCode *code = frame->code;
    if (line < code->first_line)
        return gi_raise_status(ts, &gi_exc_ValueError, "line %d comes before the current code block", line);
    Jump j = {.ts = ts, .frame = frame, .code = code};
    int found;
    GiStatus status = GI_FAIL;
    j.at = gi_mem_alloc(ts, (code->position_count + 1) * sizeof *j.at);
    if (j.at == NULL) return GI_FAIL;
    j.at[0] = (uint32_t)(frame->pc - code->instrs);
    j.count = 1 + find_places(code, line, j.at + 1, &found);
    if (j.count == 1) {
        gi_raise(ts, &gi_exc_ValueError, "line %d comes after the current code block", line);
        goto done;
    }
    j.live = gi_mem_alloc(ts, j.count * code->register_count + 1);
    j.words = j.live ? gi_code_general_instrs(ts, code) : NULL;
    if (j.words == NULL || gi_code_live_temps(ts, code, j.at, j.count, j.live) < 0) goto done;
    const char *why = NULL;
    size_t best = choose(&j, &why);
    if (best == 0) {
        gi_raise(ts, &gi_exc_ValueError, "%s", why);
        goto done;
    }
    leave_blocks(&j, best);
    frame->pc = code->instrs + j.at[best];
    frame->trace_line = found;
    status = GI_OK;
done:
    gi_mem_free(j.at);
    gi_mem_free(j.live);
    gi_mem_free(j.words);
    return status;
}
