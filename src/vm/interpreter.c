/* interpreter.c - the dispatch loop.
 *
 * State of the loop: `frame` (the innermost), `ip` (the current instruction's word), `regs`,
 * `consts`. frame->pc is brought up to date (SYNC) before anything that can raise, call, or look
 * at the frame. Python calls Python by switching frames; the C stack grows only through native
 * code.
 * INVARIANT: operands are read before results are written; a dead register holds no heap pointer;
 * a failing instruction leaves its operands in their registers (unwinding drops them).
 * The loop is the one exception to the size rules for functions.
 */
#ifndef __clang__
/* PERF: what common subexpressions gain is lost in registers: 1.5% of the geometric mean of bench/. */
#pragma GCC optimize("no-gcse")
#endif
#include "memory/slots.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/dict_entry.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/range.h"
#include "objects/set.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/attr_cache.h"
#include "vm/fast_paths.h"
#include "vm/generator.h"
#include "vm/ops.h"

#define HEAP_BITS(bits) ((bits)-1 < GI_TAG_SPECIAL - 1)

static inline __attribute__((always_inline)) void drop_bits(GiThread *ts, uint64_t bits) {
    if (HEAP_BITS(bits)) gi_decref_obj(ts, (GiObj *)(uintptr_t)bits);
}

/* Ends an operand's temporary if this was its last use. */
static inline __attribute__((always_inline)) void consume(GiThread *ts, GiSlot *regs, unsigned operand) {
    if (operand & GI_LAST_USE) {
        GiSlot *slot = &regs[operand & GI_REGISTER_MAX];
        uint64_t bits = slot->bits;
        slot->bits = 0;
        drop_bits(ts, bits);
    }
}

static inline __attribute__((always_inline)) void set_reg(GiThread *ts, GiSlot *slot, uint64_t bits) {
    uint64_t old = slot->bits;
    slot->bits = bits;
    drop_bits(ts, old);
}

/* Drops what a frame that ended normally still holds and takes it off the stack. */
static inline void pop_finished(GiThread *ts, GiFrame *frame) {
    if (GI_UNLIKELY(frame->object.bits | frame->locals.bits | frame->handled.exc.bits |
                    (frame->flags & GI_FRAME_CHUNK))) {
        gi_frame_pop(ts, frame);
        return;
    }
    GiSlot *regs = frame->regs;
    /* Out of the chain first: what a finalizer looks at is the caller, not the registers dropped here. */
    ts->frame = frame->back;
    for (unsigned i = 0, n = frame->code->local_count; i < n; i++) drop_bits(ts, regs[i].bits);
    ts->stack_top = (GiSlot *)frame;
    ts->recursion--;
    gi_decref_obj(ts, gi_obj(frame->func));
}

/* Calls a native function that is met without keyword arguments. */
static inline GiRef call_native(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args, size_t nargs) {
    char here; /* PERF: __builtin_frame_address would cost the loop a register */
    if (GI_LIKELY((unsigned)(def->shape - GI_CALL_NOARGS) <= GI_CALL_OBJECTS - GI_CALL_NOARGS &&
                  nargs - def->required <= (size_t)(def->positional - def->required) && &here >= ts->c_stack_limit)) {
        GI_ASSERT(!gi_raised(ts));
        GiRef result = nargs == def->param_count ? def->body(ts, self, args)
                                                 : gi_native_call_objects(ts, def, self, args, nargs);
        GI_ASSERT(gi_is_null(result) == gi_raised(ts) || def->binding == GI_METHOD_INIT);
        return result;
    }
    return gi_native_call(ts, def, self, args, nargs, GI_NOVAL);
}

static inline uint32_t shape_id(const GiShape *shape) {
    return atomic_load_explicit(&shape->id, memory_order_relaxed);
}
static inline uint32_t type_version(const GiType *type) {
    return atomic_load_explicit(&type->version, memory_order_relaxed);
}
/* The shape of an object whose type has GI_TYPE_ATTRS, else NULL. */
static inline GiShape *shape_of(GiVal v) {
    if (GI_UNLIKELY(!gi_is_heap(v) || !(gi_obj_head(gi_obj(v)) & GI_HEAD_ATTRS))) return NULL;
    return __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
}

/* v may be null. */
static inline bool is_function(GiVal v) { return !gi_is_null(v) && gi_is_exact(v, &gi_function_type); }

/* The code of a function that somebody keeps: what it loses later, it keeps as its former code. */
static inline GiCode *function_code(const GiFunction *func) {
    return gi_code_of(gi_slot_peek(&func->code));
}

#define A gi_instr_a(instr)
#define B gi_instr_b(instr)
#define C gi_instr_c(instr)
#define BC gi_instr_bc(instr)
#define REG(x) (&regs[(x) & GI_REGISTER_MAX])
#define VAL(x) gi_val(*REG(x))
#define CONST(i) gi_val(consts[i])
#define NAME(i) gi_val(frame->code->names[i])
#define MARK gi_word_mark(&ip[1])
#define CACHE(i) gi_word(&ip[i])
#define SYNC() (frame->pc = ip)
#define DISPATCH()                                \
    do {                                          \
        instr = gi_word(ip);                              \
        goto *dispatch[(uint16_t)instr];          \
    } while (0)
#define NEXT(caches)                              \
    do {                                          \
        ip += 1 + (caches);                       \
        DISPATCH();                               \
    } while (0)
#define JUMP_BY(caches, offset)                   \
    do {                                          \
        ip += 1 + (caches) + (ptrdiff_t)(offset); \
        DISPATCH();                               \
    } while (0)
/* Puts an owned value into a register that may be a variable. PYSEM: a finalizer that runs when its old
 * value dies sees this instruction's line (tests/diff/finalizer_lines.py). */
#define SET_VARIABLE(slot, new_bits)                             \
    do {                                                         \
        GiSlot *slot_ = (slot);                                  \
        uint64_t new_ = (new_bits), old_ = slot_->bits;          \
        slot_->bits = new_;                                      \
        if (HEAP_BITS(old_)) {                                   \
            SYNC();                                              \
            gi_decref_obj(ts, (GiObj *)(uintptr_t)old_);         \
        }                                                        \
    } while (0)
/* Puts an owned result into register a. */
#define RESULT(ref) SET_VARIABLE(&regs[A], (ref).bits)
#define TARGET(name) L_##name
#define LOAD_FRAME()                              \
    do {                                          \
        regs = frame->regs;                       \
        consts = frame->code->consts;             \
    } while (0)
#define CHOOSE_DISPATCH() (dispatch = GI_UNLIKELY(ts->tracing) ? tracing_targets : targets)

/* PYSEM: a generator that returns None ends a delegation without an exception, a coroutine never. */
static GI_COLD GiStatus trace_sent(GiThread *ts, GiFrame *frame, GiVal generator, GiVal value) {
    if (gi_is_none(value) && !gi_is_exact(generator, &gi_coroutine_type)) return GI_OK;
    return gi_trace_stop(ts, frame, value);
}

static GiRef run(GiThread *ts, GiFrame *frame, bool throwing) {
    static const void *const targets[OP_COUNT] = {
#define OP(name, caches, a, b, c, doc) [OP_##name] = &&L_##name,
#include "bytecode/opcodes.def"
#undef OP
    };
    static const void *const tracing_targets[OP_COUNT] = {[0 ... OP_COUNT - 1] = &&trace_instruction};
    const void *const *dispatch;
    GiSlot *regs, *consts;
    uint64_t *ip = frame->pc;
    uint64_t instr;
    CHOOSE_DISPATCH();
    LOAD_FRAME();
    if (throwing) {
        if (GI_UNLIKELY(ts->tracing)) gi_trace_throw(ts, frame);
        goto error;
    }
    if (GI_UNLIKELY(gi_safepoint(&ts->core)) && ts->vm->hooks->safepoint(ts) < 0) goto error;
    if (GI_UNLIKELY(ts->tracing) && gi_trace_call(ts, frame) < 0) goto error;
    DISPATCH();

trace_instruction:
    SYNC();
    if (gi_trace_line(ts, frame) < 0) goto error;
    if (frame->pc != ip) { /* f_lineno was set */
        ip = frame->pc;
        instr = gi_word(ip);
    }
    CHOOSE_DISPATCH();
    goto *targets[(uint16_t)instr];

    /* ---- Registers, constants, cells ---- */
    TARGET(NOP) : NEXT(0);
    TARGET(MOVE) : {
        GiSlot *from = REG(B);
        uint64_t bits = from->bits;
        from->bits = 0;
        SET_VARIABLE(&regs[A], bits);
        NEXT(0);
    }
    TARGET(COPY) : {
        GiRef r = gi_dup(ts, VAL(B));
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(LOADK) : RESULT(gi_dup(ts, CONST(BC)));
    NEXT(0);
    TARGET(LOADI) : RESULT(gi_smallint((int16_t)B));
    NEXT(0);
    TARGET(LOAD_NONE) : RESULT(GI_NONE);
    NEXT(0);
    TARGET(DROP) : set_reg(ts, &regs[A], 0);
    NEXT(0);
    TARGET(DELETE_LOCAL) : {
        if (regs[A].bits == 0) {
            gi_raise_unbound_local(ts, frame->code, B);
            goto error;
        }
        SYNC();
        set_reg(ts, &regs[A], 0);
        NEXT(0);
    }
    TARGET(CHECK_LOCAL) : {
        if (GI_UNLIKELY(regs[A].bits == 0)) {
            gi_raise_unbound_local(ts, frame->code, B);
            goto error;
        }
        NEXT(0);
    }
    TARGET(MAKE_CELL) : {
        GiRef content = gi_slot_take(&regs[A]);
        GiRef cell = gi_cell_new(ts, content);
        if (gi_is_null(cell)) goto error;
        gi_slot_init(&regs[A], cell);
        NEXT(0);
    }
    TARGET(NEW_CELL) : {
        GiRef cell = gi_cell_new(ts, GI_NULL);
        if (gi_is_null(cell)) goto error;
        RESULT(cell);
        NEXT(0);
    }
    TARGET(LOAD_CELL) : {
        GiRef r = gi_slot_load(ts, &((GiCell *)gi_obj(*REG(B)))->value);
        if (GI_UNLIKELY(gi_is_null(r))) {
            gi_raise_unbound_cell(ts, frame->code, C);
            goto error;
        }
        RESULT(r);
        NEXT(0);
    }
    TARGET(STORE_CELL) : {
        SYNC();
        GiRef r = gi_dup(ts, VAL(B));
        gi_slot_store(ts, &((GiCell *)gi_obj(*REG(A)))->value, r);
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(DELETE_CELL) : {
        GiCell *cell = (GiCell *)gi_obj(*REG(A));
        SYNC();
        GiRef old = gi_slot_exchange(ts, &cell->value, GI_NULL);
        if (gi_is_null(old)) {
            gi_raise_unbound_cell(ts, frame->code, B);
            goto error;
        }
        gi_drop(ts, old);
        NEXT(0);
    }
#define FREE_CELL(i) \
    ((GiCell *)gi_obj(gi_tuple_get(gi_val(gi_frame_func(frame)->closure), (i))))
    TARGET(LOAD_FREE) : {
        GiRef r = gi_slot_load(ts, &FREE_CELL(B)->value);
        if (GI_UNLIKELY(gi_is_null(r))) {
            gi_raise_unbound_cell(ts, frame->code, C);
            goto error;
        }
        RESULT(r);
        NEXT(0);
    }
    TARGET(STORE_FREE) : {
        SYNC();
        gi_slot_store(ts, &FREE_CELL(B)->value, gi_dup(ts, VAL(A)));
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(DELETE_FREE) : {
        GiCell *cell = FREE_CELL(B);
        SYNC();
        GiRef old = gi_slot_exchange(ts, &cell->value, GI_NULL);
        if (gi_is_null(old)) {
            gi_raise_unbound_cell(ts, frame->code, C);
            goto error;
        }
        gi_drop(ts, old);
        NEXT(0);
    }
    TARGET(GET_FREE_CELL) : RESULT(gi_dup(ts, gi_from_obj(FREE_CELL(B))));
    NEXT(0);
    TARGET(LOAD_CLASS_FREE) : {
        SYNC();
        GiRef r = gi_op_load_class_cell(ts, frame, NAME(C), gi_from_obj(FREE_CELL(B)), true);
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(LOAD_CLASS_CELL) : {
        SYNC();
        GiRef r = gi_op_load_class_cell(ts, frame, NAME(C), VAL(B), false);
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }

    /* ---- Names ---- */
    TARGET(LOAD_GLOBAL) : {
        SYNC();
        GiVal name = NAME(B);
        GiRef r = gi_op_load_global(ts, frame, name);
        if (gi_is_null(r)) goto error;
        gi_specialise_global(ts, frame, ip, name);
        RESULT(r);
        NEXT(1);
    }
    TARGET(LOAD_GLOBAL_CALLEE) : {
        /* The same as a constant, while nothing that is one has changed (vm/specialise.c). */
        uint64_t mark = gi_word_mark(&ip[1]);
        uint32_t epoch = atomic_load_explicit(&ts->vm->constants_epoch, memory_order_acquire);
        if (GI_LIKELY((uint32_t)mark == __atomic_load_n(&gi_dict_of(gi_frame_globals(frame))->constants, __ATOMIC_RELAXED) && mark >> 32 == epoch)) {
            GiRef r = gi_lasting_dup(ts, (GiVal){gi_word(&ip[4])});
            if (GI_LIKELY(!gi_is_null(r))) {
                unsigned to = gi_instr_a(CACHE(2));
                set_reg(ts, &regs[to], r.bits);
                set_reg(ts, &regs[to + 1], 0);
                ip += 2;
                NEXT(2);
            }
        } else if (mark >> 32 != epoch) {
            SYNC();
            gi_specialise_callee(ts, frame, ip, NAME(B), NAME(gi_instr_c(CACHE(2))));
        }
    }
    TARGET(LOAD_GLOBAL_METHOD) : {
        /* module.function(...): the module is not counted on the way. */
        GiDict *dict = gi_dict_of(gi_frame_globals(frame));
        unsigned i = C;
        if (GI_UNLIKELY(gi_instr_op(CACHE(2)) != OP_LOAD_METHOD_MODULE)) goto L_LOAD_GLOBAL_MODULE;
        if (GI_UNLIKELY(ts->core.free_running)) {
            GiVal of = gi_dict_entry_lasting(ts, dict, i, NAME(B));
            if (GI_UNLIKELY(gi_is_null(of) || !gi_is_exact(of, &gi_module_type))) goto L_LOAD_GLOBAL_MODULE;
            GiRef r = gi_dict_entry_quick(ts, gi_dict_of(gi_module_dict(of)), (uint32_t)CACHE(3), NAME(gi_instr_c(CACHE(2))));
            if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_GLOBAL_MODULE;
            unsigned to = gi_instr_a(CACHE(2));
            set_reg(ts, &regs[to], r.bits);
            set_reg(ts, &regs[to + 1], 0);
            if (gi_instr_op(instr) == OP_LOAD_GLOBAL_METHOD) {
                SYNC();
                gi_specialise_callee(ts, frame, ip, NAME(B), NAME(gi_instr_c(CACHE(2))));
            }
            ip += 2;
            NEXT(2);
        }
        if (GI_UNLIKELY(i >= dict->entry_count || !gi_same(dict->entries[i].key, NAME(B)))) goto L_LOAD_GLOBAL;
        GiVal module = gi_val(dict->entries[i].value);
        if (GI_UNLIKELY(!gi_is_exact(module, &gi_module_type))) goto L_LOAD_GLOBAL_MODULE;
        dict = gi_dict_of(gi_module_dict(module));
        uint32_t at = (uint32_t)CACHE(3);
        if (GI_UNLIKELY(at >= dict->entry_count || !gi_same(dict->entries[at].key, NAME(gi_instr_c(CACHE(2))))))
            goto L_LOAD_GLOBAL_MODULE;
        GiRef r = gi_dup(ts, gi_val(dict->entries[at].value));
        unsigned to = gi_instr_a(CACHE(2));
        set_reg(ts, &regs[to], r.bits);
        set_reg(ts, &regs[to + 1], 0);
        ip += 2;
        NEXT(2);
    }
    TARGET(LOAD_NAME_MODULE) : if (GI_UNLIKELY(frame->locals.bits != 0)) goto L_LOAD_NAME;
    TARGET(LOAD_GLOBAL_MODULE) : {
        GiDict *dict = gi_dict_of(gi_frame_globals(frame));
        unsigned i = C;
        if (GI_UNLIKELY(ts->core.free_running)) {
            GiRef r = gi_dict_entry_quick(ts, dict, i, NAME(B));
            if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_GLOBAL;
            RESULT(r);
            NEXT(1);
        }
        if (GI_LIKELY(i < dict->entry_count && gi_same(dict->entries[i].key, NAME(B)))) {
            RESULT(gi_dup(ts, gi_val(dict->entries[i].value)));
            NEXT(1);
        }
        goto L_LOAD_GLOBAL;
    }
    TARGET(LOAD_NAME_BUILTIN) : if (GI_UNLIKELY(frame->locals.bits != 0)) goto L_LOAD_NAME;
    TARGET(LOAD_GLOBAL_BUILTIN) : {
        GiFunction *func = gi_frame_func(frame);
        GiDict *dict = gi_dict_of(func->builtins);
        unsigned i = C;
        if (GI_UNLIKELY(ts->core.free_running)) {
            const uint32_t *version = &gi_dict_of(func->globals)->keys_version;
            GiRef r = __atomic_load_n(version, __ATOMIC_RELAXED) == (uint32_t)gi_word(&ip[1])
                          ? gi_dict_entry_quick(ts, dict, i, NAME(B)) : GI_NULL;
            if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_GLOBAL;
            RESULT(r);
            NEXT(1);
        }
        if (GI_LIKELY(gi_dict_of(func->globals)->keys_version == (uint32_t)MARK &&
                      i < dict->entry_count && gi_same(dict->entries[i].key, NAME(B)))) {
            RESULT(gi_dup(ts, gi_val(dict->entries[i].value)));
            NEXT(1);
        }
        goto L_LOAD_GLOBAL;
    }
    TARGET(STORE_GLOBAL) : {
        SYNC();
        if (gi_dict_set(ts, gi_frame_globals(frame), NAME(B), VAL(A)) < 0) goto error;
        gi_specialise_store_global(ts, frame, ip, NAME(B));
        consume(ts, regs, A);
        NEXT(1);
    }
    TARGET(STORE_NAME_MODULE) : if (GI_UNLIKELY(frame->locals.bits != 0)) goto L_STORE_NAME;
    TARGET(STORE_GLOBAL_MODULE) : {
        GiDict *dict = gi_dict_of(gi_frame_globals(frame));
        unsigned i = C;
        if (GI_LIKELY(!ts->core.free_running && i < dict->entry_count && gi_same(dict->entries[i].key, NAME(B)))) {
            SYNC();
            gi_slot_set(ts, &dict->entries[i].value, gi_dup(ts, VAL(A)));
            consume(ts, regs, A);
            NEXT(1);
        }
        if (ts->core.free_running) {
            SYNC();
            GiRef value = gi_dup(ts, VAL(A));
            if (GI_LIKELY(gi_dict_entry_store(ts, gi_from_obj(dict), i, NAME(B), value))) {
                consume(ts, regs, A);
                NEXT(1);
            }
            gi_drop(ts, value);
        }
        if (gi_instr_op(instr) == OP_STORE_NAME_MODULE) goto L_STORE_NAME;
        goto L_STORE_GLOBAL;
    }
    TARGET(DELETE_GLOBAL) : {
        SYNC();
        if (gi_op_delete_global(ts, frame, NAME(B)) < 0) goto error;
        NEXT(0);
    }
    TARGET(LOAD_NAME) : {
        if (frame->locals.bits == 0) goto L_LOAD_GLOBAL;
        SYNC();
        GiRef r = gi_op_load_name(ts, frame, NAME(B));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(1);
    }
    TARGET(STORE_NAME) : {
        SYNC();
        if (gi_op_store_name(ts, frame, NAME(B), VAL(A)) < 0) goto error;
        gi_specialise_store_global(ts, frame, ip, NAME(B));
        consume(ts, regs, A);
        NEXT(1);
    }
    TARGET(DELETE_NAME) : {
        SYNC();
        if (gi_op_delete_name(ts, frame, NAME(B)) < 0) goto error;
        NEXT(0);
    }
    TARGET(SETUP_ANNOTATIONS) : {
        SYNC();
        if (gi_op_setup_annotations(ts, frame) < 0) goto error;
        NEXT(0);
    }

    /* ---- Attributes ---- */
    TARGET(LOAD_ATTR) : {
        SYNC();
        GiVal v = VAL(B);
        GiRef r = gi_getattr(ts, v, NAME(C));
        if (gi_is_null(r)) goto error;
        gi_specialise_load_attr(ts, ip, v, NAME(C));
        consume(ts, regs, B);
        RESULT(r);
        NEXT(2);
    }
    TARGET(LOAD_ATTR_SLOT) : {
        GiVal v = VAL(B);
        GiShape *shape = shape_of(v);
        if (GI_LIKELY(shape && shape_id(shape) == (uint32_t)MARK)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + (MARK >> 32));
            GiRef r = gi_slot_load(ts, slot);
            if (GI_LIKELY(!gi_is_null(r))) {
                SYNC();
                consume(ts, regs, B);
                RESULT(r);
                NEXT(2);
            }
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_MODULE) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_exact(v, &gi_module_type))) {
            GiDict *dict = gi_dict_of(gi_module_dict(v));
            uint32_t i = (uint32_t)MARK;
            if (GI_UNLIKELY(ts->core.free_running)) {
                GiRef r = gi_dict_entry_quick(ts, dict, i, NAME(C));
                if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_ATTR;
                consume(ts, regs, B);
                RESULT(r);
                NEXT(2);
            }
            if (GI_LIKELY(i < dict->entry_count && gi_same(dict->entries[i].key, NAME(C)))) {
                GiRef r = gi_dup(ts, gi_val(dict->entries[i].value));
                consume(ts, regs, B);
                RESULT(r);
                NEXT(2);
            }
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_CLASS) : {
        GiVal v = VAL(B);
        GiShape *shape = shape_of(v);
        if (GI_LIKELY(shape && shape_id(shape) == (uint32_t)MARK)) {
            GiRef r = gi_dup(ts, (GiVal){CACHE(2)});
            SYNC();
            consume(ts, regs, B);
            RESULT(r);
            NEXT(2);
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_POLY) : {
        GiVal v = VAL(B);
        const GiAttrEntry *e = gi_attr_find(ts, v, NAME(C), GI_ATTR_LOAD);
        if (GI_LIKELY(e != NULL)) {
            GiRef r = e->offset ? gi_slot_load(ts, (GiSlot *)((char *)gi_obj(v) + e->offset)) : gi_dup(ts, (GiVal){e->value});
            if (GI_LIKELY(!gi_is_null(r))) {
                SYNC();
                consume(ts, regs, B);
                RESULT(r);
                NEXT(2);
            }
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_GETSET) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_attr_marked_id(v) == MARK)) {
            SYNC();
            const GiDescr *descr = (GiDescr *)(uintptr_t)CACHE(2);
            GiRef r = ((const GiGetSetDef *)descr->def)->get(ts, v);
            if (GI_UNLIKELY(gi_is_null(r))) goto error;
            consume(ts, regs, B);
            RESULT(r);
            NEXT(2);
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_PROPERTY) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_attr_marked_id(v) == MARK)) {
            GiRef getter = gi_slot_load(ts, &((GiProperty *)(uintptr_t)CACHE(2))->get);
            GiCode *code = is_function(gi_val(getter)) ? function_code(gi_function_of(getter)) : NULL;
            if (GI_LIKELY(code && code->simple_args && code->arg_count == 1)) {
                /* The getter's frame returns to after this instruction, like a call's. */
                SYNC();
                GiFrame *callee = gi_frame_push_fast(ts, getter, code, 1);
                if (callee == NULL) goto error;
                callee->result = (uint16_t)A;
                if (B & GI_LAST_USE) {
                    callee->regs[0] = *REG(B);
                    REG(B)->bits = 0;
                } else {
                    gi_slot_init(&callee->regs[0], gi_dup(ts, v));
                }
                frame = callee;
                goto enter_frame;
            }
            gi_xdrop(ts, getter);
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_ATTR_MEMBER) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_heap(v) && type_version(gi_obj_type(gi_obj(v))) == (uint32_t)MARK)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + (MARK >> 32));
            GiRef r = gi_slot_load(ts, slot);
            if (GI_LIKELY(!gi_is_null(r))) {
                SYNC();
                consume(ts, regs, B);
                RESULT(r);
                NEXT(2);
            }
        }
        goto L_LOAD_ATTR;
    }
    TARGET(STORE_ATTR) : {
        SYNC();
        GiVal v = VAL(A);
        GiShape *before = shape_of(v);
        if (gi_setattr(ts, v, NAME(B), VAL(C)) < 0) goto error;
        gi_specialise_store_attr(ts, ip, v, NAME(B), before);
        consume(ts, regs, C);
        consume(ts, regs, A);
        NEXT(2);
    }
    TARGET(STORE_ATTR_SLOT) : {
        GiVal v = VAL(A);
        GiShape *shape = shape_of(v);
        if (GI_LIKELY(shape && shape_id(shape) == (uint32_t)MARK)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + (MARK >> 32));
            SYNC();
            if (GI_UNLIKELY(ts->core.free_running)) {
                if (gi_op_store_slot(ts, v, slot, NAME(B), gi_dup(ts, VAL(C))) < 0) goto error;
            } else {
                gi_slot_set(ts, slot, gi_dup(ts, VAL(C)));
            }
            consume(ts, regs, C);
            consume(ts, regs, A);
            NEXT(2);
        }
        goto L_STORE_ATTR;
    }
    TARGET(STORE_ATTR_ADD) : {
        GiVal v = VAL(A);
        GiShape *shape = shape_of(v);
        if (GI_LIKELY(shape && shape_id(shape) == (uint32_t)MARK)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + (MARK >> 32));
            SYNC();
            if (GI_UNLIKELY(ts->core.free_running)) {
                if (!gi_op_add_slot(ts, v, shape, (uint32_t)MARK, slot, VAL(C), (GiShape *)(uintptr_t)CACHE(2))) goto L_STORE_ATTR;
            } else {
                gi_slot_init(slot, gi_dup(ts, VAL(C)));
                gi_attrs(gi_obj(v))->shape = (GiShape *)(uintptr_t)CACHE(2);
            }
            consume(ts, regs, C);
            consume(ts, regs, A);
            NEXT(2);
        }
        goto L_STORE_ATTR;
    }
    TARGET(STORE_ATTR_POLY) : {
        GiVal v = VAL(A);
        const GiAttrEntry *e = gi_attr_find(ts, v, NAME(B), GI_ATTR_STORE);
        if (GI_LIKELY(e != NULL)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + e->offset);
            SYNC();
            if (GI_UNLIKELY(ts->core.free_running)) {
                int done = gi_op_store_known(ts, v, e, slot, NAME(B), VAL(C));
                if (GI_UNLIKELY(done < 0)) goto error;
                if (GI_UNLIKELY(!done)) goto L_STORE_ATTR;
            } else if (e->value > GI_ATTR_MEMBER) {
                gi_slot_init(slot, gi_dup(ts, VAL(C)));
                gi_attrs(gi_obj(v))->shape = (GiShape *)(uintptr_t)e->value;
            } else {
                gi_slot_set(ts, slot, gi_dup(ts, VAL(C)));
            }
            consume(ts, regs, C);
            consume(ts, regs, A);
            NEXT(2);
        }
        goto L_STORE_ATTR;
    }
    TARGET(STORE_ATTR_MEMBER) : {
        GiVal v = VAL(A);
        if (GI_LIKELY(gi_is_heap(v) && type_version(gi_obj_type(gi_obj(v))) == (uint32_t)MARK)) {
            GiSlot *slot = (GiSlot *)((char *)gi_obj(v) + (MARK >> 32));
            SYNC();
            gi_slot_store(ts, slot, gi_dup(ts, VAL(C)));
            consume(ts, regs, C);
            consume(ts, regs, A);
            NEXT(2);
        }
        goto L_STORE_ATTR;
    }
    TARGET(DELETE_ATTR) : {
        SYNC();
        if (gi_delattr(ts, VAL(A), NAME(B)) < 0) goto error;
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(LOAD_METHOD) : {
        SYNC();
        GiVal v = VAL(B);
        bool with_self = false;
        GiRef method = gi_getmethod(ts, v, NAME(C), &with_self);
        if (gi_is_null(method)) goto error;
        gi_specialise_load_method(ts, ip, v, NAME(C));
        GiRef self = with_self ? gi_dup(ts, v) : GI_NULL;
        consume(ts, regs, B);
        set_reg(ts, &regs[A], method.bits);
        set_reg(ts, &regs[A + 1], self.bits);
        NEXT(2);
    }
#define METHOD_FOUND(function_bits) METHOD_TAKEN(gi_dup(ts, (GiVal){function_bits}))
#define METHOD_TAKEN(function)                                            \
    do {                                                                  \
        GiRef method = (function);                                        \
        GiRef self;                                                       \
        if (B & GI_LAST_USE) {                                            \
            self = gi_slot_take(REG(B));                                  \
        } else {                                                          \
            self = gi_dup(ts, v);                                         \
        }                                                                 \
        set_reg(ts, &regs[A], method.bits);                               \
        set_reg(ts, &regs[A + 1], self.bits);                             \
        NEXT(2);                                                          \
    } while (0)
    TARGET(LOAD_METHOD_TYPE) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(type_version(gi_type_of(v)) == (uint32_t)MARK)) METHOD_FOUND(CACHE(2));
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_SHAPE) : {
        GiVal v = VAL(B);
        GiShape *shape = shape_of(v);
        if (GI_LIKELY(shape && shape_id(shape) == (uint32_t)MARK)) METHOD_FOUND(CACHE(2));
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_POLY) : {
        GiVal v = VAL(B);
        const GiAttrEntry *e = gi_attr_find(ts, v, NAME(C), GI_ATTR_METHOD);
        if (GI_LIKELY(e != NULL)) METHOD_FOUND(e->value);
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_MODULE) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_exact(v, &gi_module_type))) {
            GiDict *dict = gi_dict_of(gi_module_dict(v));
            uint32_t i = (uint32_t)MARK;
            if (GI_UNLIKELY(ts->core.free_running)) {
                GiRef r = gi_dict_entry_quick(ts, dict, i, NAME(C));
                if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_METHOD;
                consume(ts, regs, B);
                set_reg(ts, &regs[A], r.bits);
                set_reg(ts, &regs[A + 1], 0);
                NEXT(2);
            }
            if (GI_LIKELY(i < dict->entry_count && gi_same(dict->entries[i].key, NAME(C)))) {
                GiRef r = gi_dup(ts, gi_val(dict->entries[i].value));
                consume(ts, regs, B);
                set_reg(ts, &regs[A], r.bits);
                set_reg(ts, &regs[A + 1], 0);
                NEXT(2);
            }
        }
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_SUPER) : {
        SYNC();
        GiSlot *run = &regs[A];
        GiVal cls = gi_slot_peek(&((GiCell *)gi_obj(run[1]))->value);
        if (GI_LIKELY(!ts->core.free_running && gi_same(run[0], gi_type_val(&gi_super_type)) && !gi_is_null(cls) && gi_is_type(cls) &&
                      MARK == (type_version(gi_type_of(gi_val(run[2]))) | (uint64_t)type_version(gi_as_type(cls)) << 32))) {
            run[0].bits = gi_dup(ts, (GiVal){CACHE(2)}).bits;
            set_reg(ts, &run[1], gi_slot_take(&run[2]).bits);
        } else if (gi_op_load_super(ts, run, NAME(C), ip) < 0) {
            goto error;
        }
        NEXT(2);
    }
    /* Of classes: what their metaclass does not have. */
#define CLASS_MARK(v) (type_version(gi_as_type(v)) | (uint64_t)type_version(gi_obj_type(gi_obj(v))) << 32)
    TARGET(LOAD_ATTR_OF_CLASS) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_type(v) && CLASS_MARK(v) == MARK)) {
            GiRef r = gi_dup(ts, (GiVal){CACHE(2)});
            SYNC();
            consume(ts, regs, B);
            RESULT(r);
            NEXT(2);
        }
        goto L_LOAD_ATTR;
    }
    TARGET(LOAD_METHOD_OF_CLASS) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_type(v) && CLASS_MARK(v) == MARK)) {
            GiRef r = gi_dup(ts, (GiVal){CACHE(2)});
            SYNC();
            consume(ts, regs, B);
            set_reg(ts, &regs[A], r.bits);
            set_reg(ts, &regs[A + 1], 0);
            NEXT(2);
        }
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_FROM_CLASS) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_is_type(v) && CLASS_MARK(v) == MARK)) {
            GiRef func = gi_slot_load(ts, &((GiWrapMethod *)(uintptr_t)CACHE(2))->func);
            if (GI_LIKELY(!gi_is_null(func))) METHOD_TAKEN(func);
        }
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_STATIC) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_attr_marked_id(v) == MARK)) {
            GiRef r = gi_slot_load(ts, &((GiWrapMethod *)(uintptr_t)CACHE(2))->func);
            if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_METHOD;
            SYNC();
            consume(ts, regs, B);
            set_reg(ts, &regs[A], r.bits);
            set_reg(ts, &regs[A + 1], 0);
            NEXT(2);
        }
        goto L_LOAD_METHOD;
    }
    TARGET(LOAD_METHOD_CLASS) : {
        GiVal v = VAL(B);
        if (GI_LIKELY(gi_attr_marked_id(v) == MARK)) {
            GiRef r = gi_slot_load(ts, &((GiWrapMethod *)(uintptr_t)CACHE(2))->func);
            if (GI_UNLIKELY(gi_is_null(r))) goto L_LOAD_METHOD;
            GiRef cls = gi_dup(ts, gi_type_val(gi_type_of(v)));
            SYNC();
            consume(ts, regs, B);
            set_reg(ts, &regs[A], r.bits);
            set_reg(ts, &regs[A + 1], cls.bits);
            NEXT(2);
        }
        goto L_LOAD_METHOD;
    }
#undef CLASS_MARK

    /* ---- Items ---- */
    TARGET(GET_ITEM) : {
        GiVal v = VAL(B), key = VAL(C);
        GiRef r = fast_get_item(ts, v, key);
        SYNC();
        if (GI_UNLIKELY(gi_is_null(r))) {
            r = get_item(ts, v, key);
            if (gi_is_null(r)) goto error;
        }
        consume(ts, regs, C);
        consume(ts, regs, B);
        RESULT(r);
        NEXT(1);
    }
    TARGET(GET_ITEM_K) : {
        GiVal v = VAL(B), key = CONST(C);
        GiRef r = fast_get_item(ts, v, key);
        SYNC();
        if (GI_UNLIKELY(gi_is_null(r))) {
            r = get_item(ts, v, key);
            if (gi_is_null(r)) goto error;
        }
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(SET_ITEM) : {
        SYNC();
        if (!fast_set_item(ts, VAL(A), VAL(B), VAL(C)) &&
            set_item(ts, VAL(A), VAL(B), VAL(C)) < 0)
            goto error;
        consume(ts, regs, C);
        consume(ts, regs, B);
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(DEL_ITEM) : {
        SYNC();
        if (gi_delitem(ts, VAL(A), VAL(B)) < 0) goto error;
        consume(ts, regs, B);
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(GET_SLICE) : {
        SYNC();
        GiSlot *run = &regs[C];
        GiRef r = gi_get_slice(ts, VAL(B), gi_val(run[0]), gi_val(run[1]), GI_NONE);
        if (gi_is_null(r)) goto error;
        set_reg(ts, &run[1], 0);
        set_reg(ts, &run[0], 0);
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(GET_SLICE_STEP) : {
        SYNC();
        GiSlot *run = &regs[C];
        GiRef r = gi_get_slice(ts, VAL(B), gi_val(run[0]), gi_val(run[1]), gi_val(run[2]));
        if (gi_is_null(r)) goto error;
        for (int i = 2; i >= 0; i--) set_reg(ts, &run[i], 0);
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(SET_SLICE) : {
        SYNC();
        GiSlot *run = &regs[B];
        if (gi_set_slice(ts, VAL(A), gi_val(run[0]), gi_val(run[1]), VAL(C)) < 0) goto error;
        consume(ts, regs, C);
        set_reg(ts, &run[1], 0);
        set_reg(ts, &run[0], 0);
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(BUILD_SLICE) : {
        GiSlot *run = &regs[A];
        unsigned parts = B;
        GiRef r = gi_slice_new(ts, gi_val(run[0]), gi_val(run[1]), parts == 3 ? gi_val(run[2]) : GI_NONE);
        if (gi_is_null(r)) goto error;
        for (unsigned i = 1; i < parts; i++) set_reg(ts, &run[i], 0);
        RESULT(r);
        NEXT(0);
    }

    /* ---- Operators ---- */
#define BINARY_BODY(fast, rhs, slow, consume_rhs)                     \
    {                                                                 \
        uint64_t x = REG(B)->bits, y = (rhs).bits;                    \
        uint64_t r = fast(x, y);                                      \
        if (GI_UNLIKELY(r == 0)) {                                    \
            SYNC();                                                   \
            GiRef ref = slow;                                         \
            if (gi_is_null(ref)) goto error;                          \
            consume_rhs;                                              \
            consume(ts, regs, B);                                     \
            r = ref.bits;                                             \
        }                                                             \
        SET_VARIABLE(&regs[A], r);                                    \
        NEXT(0);                                                      \
    }
#define BINARY(NAME_, fast)                                                                       \
    TARGET(NAME_) : BINARY_BODY(fast, *REG(C), gi_binary(ts, GI_BIN_##NAME_, (GiVal){x}, (GiVal){y}), \
                                consume(ts, regs, C))                                             \
    TARGET(NAME_##_K) : BINARY_BODY(fast, consts[C],                                              \
                                    gi_binary(ts, GI_BIN_##NAME_, (GiVal){x}, (GiVal){y}), (void)0) \
    TARGET(I##NAME_) : BINARY_BODY(fast, *REG(C),                                                 \
                                   gi_inplace(ts, GI_BIN_##NAME_, (GiVal){x}, (GiVal){y}),        \
                                   consume(ts, regs, C))                                          \
    TARGET(I##NAME_##_K) : BINARY_BODY(fast, consts[C],                                           \
                                       gi_inplace(ts, GI_BIN_##NAME_, (GiVal){x}, (GiVal){y}), (void)0)
    BINARY(SUB, fast_sub)
    BINARY(MUL, fast_mul)
    BINARY(TRUEDIV, fast_truediv)
    BINARY(FLOORDIV, fast_floordiv)
    BINARY(MOD, fast_mod)
    BINARY(POW, fast_pow)
    BINARY(LSHIFT, fast_lshift)
    BINARY(RSHIFT, fast_rshift)
    BINARY(AND, fast_and)
    BINARY(OR, fast_or)
    BINARY(XOR, fast_xor)
    BINARY(MATMUL, fast_matmul)
    TARGET(ADD_K) : BINARY_BODY(fast_add, consts[C], gi_binary(ts, GI_BIN_ADD, (GiVal){x}, (GiVal){y}),
                                (void)0)
    TARGET(IADD_K) : BINARY_BODY(fast_add, consts[C], gi_inplace(ts, GI_BIN_ADD, (GiVal){x}, (GiVal){y}),
                                 (void)0)
    TARGET(ADD) : BINARY_BODY(fast_add, *REG(C), gi_binary(ts, GI_BIN_ADD, (GiVal){x}, (GiVal){y}),
                              consume(ts, regs, C))
    TARGET(IADD) : {
        uint64_t x = REG(B)->bits, y = REG(C)->bits;
        uint64_t r = fast_add(x, y);
        if (GI_UNLIKELY(r == 0)) {
            SYNC();
            GiRef ref;
            if (A == (B & GI_REGISTER_MAX) && gi_is_exact((GiVal){x}, &gi_str_type) &&
                gi_is_exact((GiVal){y}, &gi_str_type)) {
                /* The register gives its reference away, so that s += t can grow s in place. */
                ref = gi_str_append(ts, gi_slot_take(&regs[A]), (GiVal){y});
                if (gi_is_null(ref)) goto error;
                consume(ts, regs, C);
                gi_slot_init(&regs[A], ref);
                NEXT(0);
            }
            ref = gi_inplace(ts, GI_BIN_ADD, (GiVal){x}, (GiVal){y});
            if (gi_is_null(ref)) goto error;
            consume(ts, regs, C);
            consume(ts, regs, B);
            r = ref.bits;
        }
        SET_VARIABLE(&regs[A], r);
        NEXT(0);
    }

#define UNARY(NAME_, fast, slow)                     \
    TARGET(NAME_) : {                                \
        GiVal v = VAL(B);                            \
        GiRef r = GI_NULL;                           \
        fast;                                        \
        if (gi_is_null(r)) {                         \
            SYNC();                                  \
            r = slow;                                \
            if (gi_is_null(r)) goto error;           \
            consume(ts, regs, B);                    \
        }                                            \
        RESULT(r);                                   \
        NEXT(0);                                     \
    }
    UNARY(NEG,
          if (gi_is_smallint(v) && gi_smallint_value(v) != GI_INT_MIN) r = gi_smallint_ref(-gi_smallint_value(v));
          else if (gi_is_double(v)) r = gi_double_ref(-gi_double_value(v)),
          gi_unary(ts, GI_UN_NEG, v))
    UNARY(POS, if (gi_is_smallint(v) || gi_is_double(v)) r = (GiRef){v.bits}, gi_unary(ts, GI_UN_POS, v))
    UNARY(INVERT, if (gi_is_smallint(v)) r = gi_smallint_ref(~gi_smallint_value(v)),
          gi_unary(ts, GI_UN_INVERT, v))
#undef UNARY
#define TRUTH_OF(result, operand)                                \
    int result = fast_truth(REG(operand)->bits);                 \
    if (GI_UNLIKELY(result < 0)) {                               \
        SYNC();                                                  \
        result = gi_truth(ts, VAL(operand)).value;               \
        if (result < 0) goto error;                              \
        consume(ts, regs, operand);                              \
    }
    TARGET(NOT) : {
        TRUTH_OF(truth, B);
        RESULT(gi_bool(!truth));
        NEXT(0);
    }
    TARGET(TRUTH) : {
        TRUTH_OF(truth, B);
        RESULT(gi_bool(truth));
        NEXT(0);
    }

#define COMPARE_BODY(op_, fast, rhs, consume_rhs)                              \
    {                                                                          \
        uint64_t x = REG(B)->bits, y = (rhs).bits;                             \
        int t = fast(x, y);                                                    \
        uint64_t r;                                                            \
        if (GI_LIKELY(t >= 0)) {                                               \
            r = GI_BITS_FALSE | (uint64_t)t;                                   \
        } else {                                                               \
            SYNC();                                                            \
            GiRef ref = gi_compare(ts, (GiVal){x}, (GiVal){y}, op_);           \
            if (gi_is_null(ref)) goto error;                                   \
            consume_rhs;                                                       \
            consume(ts, regs, B);                                              \
            r = ref.bits;                                                      \
        }                                                                      \
        SET_VARIABLE(&regs[A], r);                                             \
        NEXT(0);                                                               \
    }
/* Jumps: operands a and b, offset c. */
#define COMPARE_JUMP(op_, fast, rhs, consume_rhs, wanted)                      \
    {                                                                          \
        uint64_t x = REG(A)->bits, y = (rhs).bits;                             \
        int t = fast(x, y);                                                    \
        if (GI_UNLIKELY(t < 0)) {                                              \
            SYNC();                                                            \
            t = gi_compare_truth(ts, (GiVal){x}, (GiVal){y}, op_).value;       \
            if (t < 0) goto error;                                             \
            consume_rhs;                                                       \
            consume(ts, regs, A);                                              \
        }                                                                      \
        if (t == (wanted)) JUMP_BY(0, (int16_t)C);                             \
        NEXT(0);                                                               \
    }
#define COMPARE(OP_, fast)                                                                \
    TARGET(OP_) : COMPARE_BODY(GI_##OP_, fast, *REG(C), consume(ts, regs, C))             \
    TARGET(OP_##_K) : COMPARE_BODY(GI_##OP_, fast, consts[C], (void)0)                    \
    TARGET(JUMP_##OP_) : COMPARE_JUMP(GI_##OP_, fast, *REG(B), consume(ts, regs, B), 1)   \
    TARGET(JUMP_NOT_##OP_) : COMPARE_JUMP(GI_##OP_, fast, *REG(B), consume(ts, regs, B), 0) \
    TARGET(JUMP_##OP_##_K) : COMPARE_JUMP(GI_##OP_, fast, consts[B], (void)0, 1)          \
    TARGET(JUMP_NOT_##OP_##_K) : COMPARE_JUMP(GI_##OP_, fast, consts[B], (void)0, 0)
    COMPARE(LT, fast_lt)
    COMPARE(LE, fast_le)
    COMPARE(EQ, fast_eq)
    COMPARE(NE, fast_ne)
    COMPARE(GT, fast_gt)
    COMPARE(GE, fast_ge)

#define IDENTITY(NAME_, sign)                                  \
    TARGET(NAME_) : {                                          \
        bool same = gi_same(*REG(B), *REG(C));                 \
        SYNC();                                                \
        consume(ts, regs, C);                                  \
        consume(ts, regs, B);                                  \
        RESULT(gi_bool(sign same));                            \
        NEXT(0);                                               \
    }
    IDENTITY(IS, )
    IDENTITY(IS_NOT, !)
#undef IDENTITY
#define MEMBERSHIP(NAME_, sign)                                \
    TARGET(NAME_) : {                                          \
        SYNC();                                                \
        GiTruth t = contains(ts, VAL(C), VAL(B));           \
        if (t.value < 0) goto error;                           \
        consume(ts, regs, C);                                  \
        consume(ts, regs, B);                                  \
        RESULT(gi_bool(sign t.value));                         \
        NEXT(0);                                               \
    }
    MEMBERSHIP(IN, )
    MEMBERSHIP(NOT_IN, !)
#undef MEMBERSHIP
#define JUMP_IDENTITY(NAME_, sign)                             \
    TARGET(NAME_) : {                                          \
        bool same = gi_same(*REG(A), *REG(B));                 \
        SYNC();                                                \
        consume(ts, regs, B);                                  \
        consume(ts, regs, A);                                  \
        if (sign same) JUMP_BY(0, (int16_t)C);                 \
        NEXT(0);                                               \
    }
    JUMP_IDENTITY(JUMP_IS, )
    JUMP_IDENTITY(JUMP_IS_NOT, !)
#undef JUMP_IDENTITY
#define JUMP_MEMBERSHIP(NAME_, sign)                           \
    TARGET(NAME_) : {                                          \
        SYNC();                                                \
        GiTruth t = contains(ts, VAL(B), VAL(A));              \
        if (t.value < 0) goto error;                           \
        consume(ts, regs, B);                                  \
        consume(ts, regs, A);                                  \
        if (sign t.value) JUMP_BY(0, (int16_t)C);              \
        NEXT(0);                                               \
    }
    JUMP_MEMBERSHIP(JUMP_IN, )
    JUMP_MEMBERSHIP(JUMP_NOT_IN, !)
#undef JUMP_MEMBERSHIP

    /* ---- Jumps ---- */
    TARGET(JUMP) : JUMP_BY(0, (int32_t)BC);
    TARGET(JUMP_BACK) : {
        ip += 1 + (int32_t)BC;
        if (GI_UNLIKELY(gi_safepoint(&ts->core))) {
            SYNC();
            if (ts->vm->hooks->safepoint(ts) < 0) goto error;
            CHOOSE_DISPATCH();
        }
        DISPATCH();
    }
    TARGET(JUMP_IF) : {
        TRUTH_OF(truth, A);
        if (truth) JUMP_BY(0, (int32_t)BC);
        NEXT(0);
    }
    TARGET(JUMP_IF_NOT) : {
        TRUTH_OF(truth, A);
        if (!truth) JUMP_BY(0, (int32_t)BC);
        NEXT(0);
    }
    TARGET(JUMP_IF_NONE) : {
        bool none = gi_is_none(*REG(A));
        SYNC();
        consume(ts, regs, A);
        if (none) JUMP_BY(0, (int32_t)BC);
        NEXT(0);
    }
    TARGET(JUMP_IF_NOT_NONE) : {
        bool none = gi_is_none(*REG(A));
        SYNC();
        consume(ts, regs, A);
        if (!none) JUMP_BY(0, (int32_t)BC);
        NEXT(0);
    }
#define JUMP_OR_DROP(NAME_, wanted)                                \
    TARGET(NAME_) : {                                              \
        int truth = fast_truth(regs[A].bits);                      \
        if (truth < 0) {                                           \
            SYNC();                                                \
            truth = gi_truth(ts, gi_val(regs[A])).value;           \
            if (truth < 0) goto error;                             \
        }                                                          \
        if (truth == (wanted)) JUMP_BY(0, (int32_t)BC);            \
        set_reg(ts, &regs[A], 0);                                  \
        NEXT(0);                                                   \
    }
    JUMP_OR_DROP(JUMP_OR_POP, 1)
    JUMP_OR_DROP(JUMP_NOT_OR_POP, 0)
#undef JUMP_OR_DROP

    /* ---- Iteration ---- */
    TARGET(GET_ITER) : {
        SYNC();
        GiRef r = gi_iter(ts, VAL(B));
        if (gi_is_null(r)) goto error;
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(FOR_ITER) : {
        GiVal it = gi_val(regs[A]);
        GiType *type = gi_type_of(it);
        SYNC();
        if (type == &gi_range_iter_type) gi_rewrite_op(ip, OP_FOR_ITER_RANGE);
        else if (type == &gi_list_iter_type) gi_rewrite_op(ip, OP_FOR_ITER_LIST);
        else if (type == &gi_tuple_iter_type) gi_rewrite_op(ip, OP_FOR_ITER_TUPLE);
        else if (type == &gi_generator_type) {
            gi_rewrite_op(ip, OP_FOR_ITER_GENERATOR);
            goto L_FOR_ITER_GENERATOR;
        }
        if (GI_UNLIKELY(type->next == NULL)) { /* the class lost its __next__ meanwhile */
            gi_raise(ts, &gi_exc_TypeError, "'%.200T' object is not an iterator", it);
            goto error;
        }
        if (GI_UNLIKELY(ts->tracing)) gi_slot_clear(ts, &ts->stop_value);
        GiRef r = type->next(ts, it);
        if (GI_UNLIKELY(gi_is_null(r))) {
            bool stopped = gi_raised(ts);
            if (stopped) {
                if (!gi_exc_matches(ts, &gi_exc_StopIteration)) goto error;
                gi_exc_clear(ts);
            }
            if (GI_UNLIKELY(ts->tracing) && (stopped || ts->stop_value.bits) &&
                gi_trace_stop(ts, frame, GI_NONE) < 0)
                goto error;
            set_reg(ts, &regs[A], 0);
            JUMP_BY(1, (int32_t)ip[1]);
        }
        set_reg(ts, REG(B), r.bits);
        NEXT(1);
    }
    TARGET(FOR_ITER_RANGE) : {
        GiVal it = gi_val(regs[A]);
        if (GI_UNLIKELY(!gi_is_exact(it, &gi_range_iter_type))) goto for_iter_general;
        GiRangeIter *range = (GiRangeIter *)gi_obj(it);
        if (GI_UNLIKELY(ts->core.free_running) && !gi_is_sole(it)) goto for_iter_shared;
        if (range->index < range->length) {
            int64_t i = (int64_t)((uint64_t)range->start + (uint64_t)range->index * (uint64_t)range->step);
            range->index++;
            if (GI_LIKELY(gi_fits_smallint(i))) {
                SET_VARIABLE(REG(B), gi_smallint(i).bits);
            } else {
                GiRef r = gi_int_from_i64(ts, i);
                if (gi_is_null(r)) goto error;
                SET_VARIABLE(REG(B), r.bits);
            }
            NEXT(1);
        }
        set_reg(ts, &regs[A], 0);
        JUMP_BY(1, (int32_t)ip[1]);
    }
    TARGET(FOR_ITER_LIST) : {
        GiVal it = gi_val(regs[A]);
        if (GI_UNLIKELY(!gi_is_exact(it, &gi_list_iter_type))) goto for_iter_general;
        GiListIter *state = (GiListIter *)gi_obj(it);
        GiRef r;
        SYNC();
        if (GI_LIKELY(state->list.bits != 0 && !ts->core.free_running)) {
            const GiList *list = gi_list_of(state->list);
            if ((size_t)state->index < list->count) { /* an exhausted one has index -1 */
                r = gi_dup(ts, gi_val(list->items[state->index]));
                state->index++;
                set_reg(ts, REG(B), r.bits);
                NEXT(1);
            }
        }
        r = gi_list_iter_type.next(ts, it);
        if (GI_UNLIKELY(gi_is_null(r))) {
            if (gi_raised(ts)) goto error;
            set_reg(ts, &regs[A], 0);
            JUMP_BY(1, (int32_t)ip[1]);
        }
        set_reg(ts, REG(B), r.bits);
        NEXT(1);
    }
    TARGET(FOR_ITER_TUPLE) : {
        GiVal it = gi_val(regs[A]);
        if (GI_UNLIKELY(!gi_is_exact(it, &gi_tuple_iter_type))) goto for_iter_general;
        GiTupleIter *state = (GiTupleIter *)gi_obj(it);
        SYNC();
        if (GI_UNLIKELY(ts->core.free_running) && !gi_is_sole(it)) goto for_iter_shared;
        if (GI_LIKELY(state->tuple.bits != 0 && state->index < gi_tuple_len(state->tuple))) {
            GiRef r = gi_dup(ts, gi_tuple_get(gi_val(state->tuple), state->index));
            state->index++;
            set_reg(ts, REG(B), r.bits);
            NEXT(1);
        }
        set_reg(ts, &regs[A], 0);
        JUMP_BY(1, (int32_t)ip[1]);
    }
    for_iter_shared: { /* the iterator is not this thread's alone: its own code claims the item */
        SYNC();
        GiRef r = gi_obj_type(gi_obj(regs[A]))->next(ts, gi_val(regs[A]));
        if (GI_UNLIKELY(gi_is_null(r))) {
            if (gi_raised(ts)) goto error;
            set_reg(ts, &regs[A], 0);
            JUMP_BY(1, (int32_t)ip[1]);
        }
        set_reg(ts, REG(B), r.bits);
        NEXT(1);
    }
    for_iter_general:
    gi_rewrite_op(ip, OP_FOR_ITER);
    goto L_FOR_ITER;
    TARGET(FOR_ITER_GENERATOR) : {
        GiVal it = gi_val(regs[A]);
        if (GI_UNLIKELY(!gi_is_exact(it, &gi_generator_type))) goto for_iter_general;
        GiGenerator *gen = (GiGenerator *)gi_obj(it);
        SYNC();
        int entered = gi_generator_enter(ts, gen, GI_NONE);
        if (GI_UNLIKELY(entered != 0)) {
            if (entered < 0) goto error;
            set_reg(ts, &regs[A], 0);
            JUMP_BY(1, (int32_t)ip[1]);
        }
        GiRef none = GI_REF_NONE;
        frame = &gen->frame;
        LOAD_FRAME();
        ip = frame->pc;
        instr = gi_word(ip);
        if (gi_instr_op(instr) == OP_YIELD) set_reg(ts, &regs[A], none.bits);
        else if (gi_instr_op(instr) == OP_YIELD_DELEGATE) set_reg(ts, &regs[A + 1], none.bits);
        goto resumed;
    }

    /* ---- Building ---- */
    TARGET(BUILD_TUPLE) : {
        unsigned n = C;
        GiSlot *run = REG(B);
        GiRef r = gi_tuple_new(ts, n);
        if (gi_is_null(r)) goto error;
        if (n > 0) memcpy(gi_tuple_of(r)->items, run, n * sizeof *run);
        for (unsigned i = 0; i < n; i++) run[i].bits = 0;
        RESULT(r);
        NEXT(0);
    }
    TARGET(BUILD_LIST) : {
        unsigned n = C;
        GiSlot *run = REG(B);
        GiRef r = gi_list_new(ts, n);
        if (gi_is_null(r)) goto error;
        GiList *list = gi_list_of(r);
        for (unsigned i = 0; i < n; i++) {
            list->items[i] = run[i];
            run[i].bits = 0;
        }
        list->count = n;
        RESULT(r);
        NEXT(0);
    }
    TARGET(BUILD_SET) : {
        SYNC();
        unsigned n = C;
        GiSlot *run = REG(B);
        GiRef r = gi_set_new(ts, GI_NOVAL);
        if (gi_is_null(r)) goto error;
        for (unsigned i = 0; i < n; i++)
            if (gi_set_add(ts, gi_val(r), gi_val(run[i])) < 0) {
                gi_drop(ts, r);
                goto error;
            }
        for (unsigned i = 0; i < n; i++) set_reg(ts, &run[i], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(BUILD_DICT) : {
        SYNC();
        unsigned n = C;
        GiSlot *run = REG(B);
        GiRef r = gi_dict_new_sized(ts, n);
        if (gi_is_null(r)) goto error;
        for (unsigned i = 0; i < n; i++)
            if (gi_dict_set(ts, gi_val(r), gi_val(run[2 * i]), gi_val(run[2 * i + 1])) < 0) {
                gi_drop(ts, r);
                goto error;
            }
        for (unsigned i = 0; i < 2 * n; i++) set_reg(ts, &run[i], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(BUILD_DICT_KEYS) : {
        SYNC();
        GiVal keys = CONST(C);
        size_t n = gi_tuple_len(keys);
        GiSlot *run = REG(B);
        GiRef r = gi_dict_new_sized(ts, n);
        if (gi_is_null(r)) goto error;
        for (size_t i = 0; i < n; i++)
            if (gi_dict_set(ts, gi_val(r), gi_tuple_get(keys, i), gi_val(run[i])) < 0) {
                gi_drop(ts, r);
                goto error;
            }
        for (size_t i = 0; i < n; i++) set_reg(ts, &run[i], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(BUILD_STRING) : {
        SYNC();
        unsigned n = C;
        GiSlot *run = REG(B);
        GiRef r = gi_op_build_string(ts, (const GiVal *)run, n);
        if (gi_is_null(r)) goto error;
        for (unsigned i = 0; i < n; i++) set_reg(ts, &run[i], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(FORMAT_VALUE) : {
        SYNC();
        GiRef r = gi_op_format(ts, VAL(B), C, GI_NOVAL);
        if (gi_is_null(r)) goto error;
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(FORMAT_SPEC) : {
        SYNC();
        GiRef r = gi_op_format(ts, gi_val(regs[A]), B, gi_val(regs[A + 1]));
        if (gi_is_null(r)) goto error;
        set_reg(ts, &regs[A + 1], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(LIST_APPEND) : {
        GiList *list = gi_list_of(regs[A]);
        GiRef item;
        if (B & GI_LAST_USE) item = gi_slot_take(REG(B));
        else item = gi_dup(ts, VAL(B));
        /* A list that is being made is known to nobody else. */
        if (GI_LIKELY(list->count < list->capacity && (!ts->core.free_running || gi_is_sole(VAL(A))))) {
            list->items[list->count++].bits = item.bits;
        } else if (gi_list_append(ts, gi_val(regs[A]), item) < 0) {
            goto error;
        }
        NEXT(0);
    }
    TARGET(LIST_EXTEND) : {
        SYNC();
        if (gi_op_list_extend(ts, gi_val(regs[A]), VAL(B), C) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(LIST_TO_TUPLE) : {
        GiRef r = gi_list_to_tuple(ts, gi_val(regs[A]));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(SET_ADD) : {
        SYNC();
        if (gi_set_add(ts, gi_val(regs[A]), VAL(B)) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(SET_UPDATE) : {
        SYNC();
        if (gi_set_update(ts, gi_val(regs[A]), VAL(B)) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(DICT_SET) : {
        SYNC();
        if (gi_dict_set(ts, gi_val(regs[A]), VAL(B), VAL(C)) < 0) goto error;
        consume(ts, regs, C);
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(DICT_UPDATE) : {
        SYNC();
        if (gi_op_dict_update(ts, gi_val(regs[A]), VAL(B)) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(DICT_MERGE) : {
        SYNC();
        if (gi_op_dict_merge(ts, gi_val(regs[A]), VAL(B), VAL(C)) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(UNPACK) : {
        SYNC();
        GiVal v = VAL(B);
        unsigned n = C;
        GiRef held = gi_dup(ts, v); /* the run may begin at b */
        consume(ts, regs, B);
        int status;
        if (gi_is_tuple_exact(v) && gi_tuple_len(v) == n) {
            for (unsigned i = 0; i < n; i++) set_reg(ts, &regs[A + i], gi_dup(ts, gi_tuple_get(v, i)).bits);
            status = 0;
        } else {
            status = gi_op_unpack(ts, v, &regs[A], n);
        }
        gi_drop(ts, held);
        if (status < 0) goto error;
        NEXT(0);
    }
    TARGET(UNPACK_EX) : {
        SYNC();
        GiRef held = gi_dup(ts, VAL(B));
        consume(ts, regs, B);
        int status = gi_op_unpack_ex(ts, gi_val(held), &regs[A], C, (size_t)ip[1]);
        gi_drop(ts, held);
        if (status < 0) goto error;
        NEXT(1);
    }

    /* ---- Calls ---- */
    {
        unsigned base, nargs, kw;
        GiSlot *args;
        GiRef r;
        GiCode *code;
        GiVal callable, kwnames;

/* The special forms of calls have no keywords. */
        TARGET(CALL_METHOD_FUNCTION) : {
            callable = gi_val(regs[A]);
            if (GI_LIKELY(gi_is_exact(callable, &gi_function_type) && regs[A + 1].bits != 0)) {
                code = gi_code_of(gi_function_of(callable)->code);
                nargs = B + 1;
                if (GI_LIKELY(code->simple_args && nargs == code->arg_count)) goto enter_taken;
            }
            goto L_CALL_METHOD;
        }
        TARGET(CALL_FUNCTION) : {
            callable = gi_val(regs[A]);
            if (GI_LIKELY(gi_is_exact(callable, &gi_function_type))) {
                code = gi_code_of(gi_function_of(callable)->code);
                nargs = B;
                if (GI_LIKELY(code->simple_args && nargs == code->arg_count)) goto enter_taken;
            }
            goto L_CALL;
        }
        enter_taken:
        args = &regs[A + 1];
        SYNC();
        r = gi_slot_take(&regs[A]);
        enter_simple: {
            /* Enters function r, whose parameters are just the run of nargs arguments at args. */
            GiFrame *callee = gi_frame_push_fast(ts, r, code, nargs);
            if (GI_UNLIKELY(callee == NULL)) goto error;
            callee->result = (uint16_t)A;
            GiSlot *to = (GiSlot *)callee + GI_FRAME_WORDS;
            for (unsigned i = 0; i < nargs; i++) {
                to[i] = args[i];
                args[i].bits = 0;
            }
            frame = callee;
            goto enter_frame;
        }
        TARGET(CALL_METHOD_NATIVE) : {
            callable = gi_val(regs[A]);
            if (GI_LIKELY(gi_is_exact(callable, &gi_method_descr_type) && !ts->tracing)) {
                const GiDescr *method = (GiDescr *)gi_obj(callable);
                args = &regs[A + 1];
                if (GI_LIKELY(args->bits != 0 && gi_type_of(gi_val(*args)) == gi_as_type(method->owner))) {
                    SYNC();
                    nargs = B + 1;
                    base = A;
                    r = call_native(ts, method->def, gi_val(*args), (const GiVal *)args + 1, B);
                    goto native_called;
                }
            }
            goto L_CALL_METHOD;
        }
        TARGET(CALL_NATIVE) : {
            callable = gi_val(regs[A]);
            if (GI_LIKELY(gi_is_exact(callable, &gi_native_type) && !ts->tracing)) {
                const GiNative *native = (GiNative *)gi_obj(callable);
                SYNC();
                base = A;
                args = &regs[A + 1];
                nargs = B;
                r = call_native(ts, native->def, gi_val(native->self), (const GiVal *)args, nargs);
                goto native_called;
            }
            goto L_CALL;
        }
        TARGET(CALL_METHOD) : {
            base = A;
            nargs = B;
            kw = C;
            callable = gi_val(regs[base]);
            if (regs[base + 1].bits != 0) {
                args = &regs[base + 1];
                nargs++;
            } else {
                args = &regs[base + 2];
            }
            goto do_call;
        }
        TARGET(CALL_CLASS) : TARGET(CALL) : {
            base = A;
            nargs = B;
            kw = C;
            callable = gi_val(regs[base]);
            args = &regs[base + 1];
        }
    do_call:
        SYNC();
        if (GI_UNLIKELY(!gi_is_heap(callable))) goto call_general;
        GiType *type = gi_obj_type(gi_obj(callable));
        if (type == &gi_function_type) {
            GiFunction *func = (GiFunction *)gi_obj(callable);
            code = gi_code_of(func->code);
            if (GI_LIKELY(code->simple_args && nargs == code->arg_count && kw == 0)) {
                if (args == &regs[base + 1])
                    gi_specialise_call(ip, nargs == B ? OP_CALL_FUNCTION : OP_CALL_METHOD_FUNCTION);
                r = gi_slot_take(&regs[base]);
                goto enter_simple;
            }
            GiFrame *callee = gi_frame_push_fast(ts, gi_dup(ts, callable), code, 0);
            if (callee == NULL) goto error;
            callee->result = (uint16_t)base;
            if (gi_bind_arguments(ts, func, code, callee->regs, (const GiVal *)args, nargs,
                                  kw ? CONST(kw - 1) : GI_NOVAL) < 0) {
                gi_frame_pop(ts, callee);
                goto error;
            }
            for (GiSlot *s = &regs[base]; s < args + nargs; s++) set_reg(ts, s, 0);
            frame = callee;
            goto enter_frame;
        } else if (type == &gi_native_type && kw == 0 && !ts->tracing) {
            const GiNative *native = (GiNative *)gi_obj(callable);
            if (args == &regs[base + 1] && nargs == B) gi_specialise_call(ip, OP_CALL_NATIVE);
            r = call_native(ts, native->def, gi_val(native->self), (const GiVal *)args, nargs);
            goto native_called;
        } else if (type == &gi_method_descr_type && kw == 0 && nargs > 0 && !ts->tracing) {
            const GiDescr *method = (GiDescr *)gi_obj(callable);
            GiVal self = gi_val(args[0]);
            if (GI_UNLIKELY(gi_type_of(self) != gi_as_type(method->owner)) &&
                !gi_is_subtype(gi_type_of(self), gi_as_type(method->owner)))
                goto call_general;
            if (args == &regs[base + 1] && nargs == B + 1u) gi_specialise_call(ip, OP_CALL_METHOD_NATIVE);
            r = call_native(ts, method->def, self, (const GiVal *)args + 1, nargs - 1);
            goto native_called;
        } else if (type == &gi_bound_method_type && args == &regs[base + 1]) {
            /* The bound method's register becomes the receiver's. */
            GiBoundMethod *method = (GiBoundMethod *)gi_obj(callable);
            GiVal func = gi_val(method->func);
            if (gi_is_exact(func, &gi_function_type)) {
                GiRef held = gi_dup(ts, func);
                GiRef self = gi_dup(ts, gi_val(method->self));
                set_reg(ts, &regs[base], self.bits);
                args = &regs[base];
                nargs++;
                r = held;
                goto enter_bound;
            }
        } else if ((type->flags & GI_TYPE_HEAP) && is_function(gi_type_lookup_peek(ts, type, GI_N(__call__)))) {
            /* An instance whose __call__ is a Python function: it is the first argument itself. */
            r = gi_dup(ts, gi_type_lookup_peek(ts, type, GI_N(__call__)));
            args--;
            nargs++;
            if (args != &regs[base]) gi_slot_init(args, gi_slot_take(&regs[base]));
            goto enter_bound;
        } else if (type == &gi_type_type && kw == 0 && args == &regs[base + 1]) {
            GiType *cls = gi_as_type(callable);
            GiVal init = gi_type_python_init_peek(ts, cls);
            if (!gi_is_null(init)) {
                GiFunction *func = gi_function_of(init);
                code = gi_code_of(func->code);
                GiRef instance = gi_type_alloc(ts, cls, 0);
                if (gi_is_null(instance)) goto error;
                bool simple = GI_LIKELY(code->simple_args && nargs + 1 == code->arg_count);
                GiFrame *callee = gi_frame_push_fast(ts, gi_dup(ts, init), code, simple ? nargs + 1 : 0);
                if (callee == NULL) {
                    gi_drop(ts, instance);
                    goto error;
                }
                callee->result = (uint16_t)base;
                callee->flags |= GI_FRAME_INIT;
                gi_slot_init(&callee->instance, instance);
                set_reg(ts, &regs[base], gi_dup(ts, gi_val(instance)).bits);
                args = &regs[base];
                nargs++;
                if (simple) {
                    for (unsigned i = 0; i < nargs; i++) {
                        callee->regs[i] = args[i];
                        args[i].bits = 0;
                    }
                } else {
                    if (gi_bind_arguments(ts, func, code, callee->regs, (const GiVal *)args, nargs,
                                          GI_NOVAL) < 0) {
                        gi_frame_pop(ts, callee);
                        goto error;
                    }
                    for (unsigned i = 0; i < nargs; i++) set_reg(ts, &args[i], 0);
                }
                frame = callee;
                goto enter_frame;
            }
        }
        goto call_general;
    enter_bound: {
            /* Function r with the run of nargs arguments at args, which belong to this instruction. */
            GiFunction *f = (GiFunction *)gi_obj(r);
            code = gi_code_of(f->code);
            if (GI_LIKELY(code->simple_args && nargs == code->arg_count && kw == 0)) goto enter_simple;
            GiFrame *callee = gi_frame_push_fast(ts, r, code, 0);
            if (callee == NULL) goto error;
            callee->result = (uint16_t)base;
            if (gi_bind_arguments(ts, f, code, callee->regs, (const GiVal *)args, nargs, kw ? CONST(kw - 1) : GI_NOVAL) < 0) {
                gi_frame_pop(ts, callee);
                goto error;
            }
            for (unsigned i = 0; i < nargs; i++) set_reg(ts, &args[i], 0);
            frame = callee;
            goto enter_frame;
        }
    call_general:
        kwnames = kw ? CONST(kw - 1) : GI_NOVAL;
        size_t keywords = kw ? gi_tuple_len(kwnames) : 0;
        r = GI_UNLIKELY(ts->tracing) ? gi_trace_native_call(ts, callable, (const GiVal *)args, nargs - keywords, kwnames)
                                     : gi_call(ts, callable, (const GiVal *)args, nargs - keywords, kwnames);
    native_called:
        if (GI_UNLIKELY(gi_is_null(r))) goto error;
        for (GiSlot *s = args; s < args + nargs; s++) set_reg(ts, s, 0);
        if (args == &regs[base + 2]) regs[base + 1].bits = 0;
        set_reg(ts, &regs[base], r.bits);
        /* PYSEM: a signal that came during a native call is handled before the next instruction. */
        if (GI_UNLIKELY(gi_safepoint(&ts->core)) && ts->vm->hooks->safepoint(ts) < 0) goto error;
        if (GI_UNLIKELY(ts->tracing)) CHOOSE_DISPATCH();
        NEXT(2);
    }
enter_frame:
    LOAD_FRAME();
    ip = frame->code->instrs;
    frame->pc = ip;
    if (GI_UNLIKELY(gi_safepoint(&ts->core)) && ts->vm->hooks->safepoint(ts) < 0) goto error;
    if (GI_UNLIKELY(ts->tracing)) {
        CHOOSE_DISPATCH();
        if (gi_trace_call(ts, frame) < 0) goto error;
    }
    DISPATCH();

    TARGET(CALL_EX) : {
        SYNC();
        unsigned n = B;
        GiRef r = gi_op_call_ex(ts, gi_val(regs[A]), gi_val(regs[A + 1]), n ? gi_val(regs[A + 2]) : GI_NOVAL);
        if (gi_is_null(r)) goto error;
        if (n) set_reg(ts, &regs[A + 2], 0);
        set_reg(ts, &regs[A + 1], 0);
        RESULT(r);
        if (GI_UNLIKELY(gi_safepoint(&ts->core)) && ts->vm->hooks->safepoint(ts) < 0) goto error; /* as after CALL */
        CHOOSE_DISPATCH();
        NEXT(0);
    }
    {
        GiRef value;
        TARGET(RETURN_K) : value = gi_dup(ts, CONST(BC));
        goto do_return;
        /* Variables die now anyway, unless a frame object shows them. */
        TARGET(RETURN) : value = GI_UNLIKELY(frame->object.bits != 0) ? gi_dup(ts, VAL(A)) : gi_slot_take(REG(A));
    do_return:
        SYNC();
        if (GI_UNLIKELY(ts->tracing)) {
            if (gi_trace_return(ts, frame, gi_val(value)) < 0) {
                gi_drop(ts, value);
                goto error;
            }
            CHOOSE_DISPATCH();
        }
        unsigned flags = frame->flags;
        if (GI_UNLIKELY(flags & (GI_FRAME_ENTRY | GI_FRAME_GENERATOR | GI_FRAME_INIT))) {
            if (flags & GI_FRAME_GENERATOR) {
                GiFrame *back = frame->back;
                gi_generator_finish(ts, frame->generator);
                if (flags & GI_FRAME_ENTRY) return value;
                frame = back;
                LOAD_FRAME();
                ip = frame->pc;
                instr = gi_word(ip);
                CHOOSE_DISPATCH();
                if (gi_instr_op(instr) == OP_SEND) {
                    set_reg(ts, &regs[A + 1], value.bits);
                    if (GI_UNLIKELY(ts->tracing) && trace_sent(ts, frame, gi_val(regs[A]), gi_val(value)) < 0)
                        goto error;
                    set_reg(ts, &regs[A], 0);
                    JUMP_BY(0, (int32_t)BC);
                }
                /* PYSEM: a loop's end is an exception event when the generator returned something. */
                GiStatus traced = GI_UNLIKELY(ts->tracing) ? trace_sent(ts, frame, gi_val(regs[A]), gi_val(value)) : GI_OK;
                gi_drop(ts, value);
                if (GI_UNLIKELY(traced < 0)) goto error;
                set_reg(ts, &regs[A], 0);
                JUMP_BY(1, (int32_t)ip[1]);
            }
            if (flags & GI_FRAME_INIT) {
                if (!gi_is_none(value)) {
                    gi_raise(ts, &gi_exc_TypeError, "__init__() should return None, not '%T'", gi_val(value));
                    gi_drop(ts, value);
                    goto error;
                }
                value = gi_slot_take(&frame->instance);
            }
            if (flags & GI_FRAME_ENTRY) {
                pop_finished(ts, frame);
                return value;
            }
        }
        unsigned result = frame->result;
        GiFrame *back = frame->back;
        pop_finished(ts, frame);
        frame = back;
        LOAD_FRAME();
        ip = frame->pc;
        set_reg(ts, &regs[result], value.bits);
        NEXT(2);
    }
    TARGET(MAKE_FUNCTION) : {
        SYNC();
        GiRef r = gi_op_make_function(ts, frame, CONST(B), &regs[A], C, ip);
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(1);
    }
    TARGET(LOAD_BUILD_CLASS) : {
        SYNC();
        GiRef r;
        if (gi_builtins_get(ts, gi_frame_func(frame), GI_N(__build_class__), &r) < 0) goto error;
        if (gi_is_null(r)) {
            gi_raise(ts, &gi_exc_NameError, "__build_class__ not found");
            goto error;
        }
        RESULT(r);
        NEXT(0);
    }

    /* ---- Generators ---- */
    TARGET(RETURN_GENERATOR) : {
        SYNC();
        GiFrame *back = frame->back;
        unsigned flags = frame->flags, result = frame->result;
        GiRef gen = gi_generator_from_frame(ts, frame);
        if (gi_is_null(gen)) goto error;
        if (flags & GI_FRAME_ENTRY) return gen;
        frame = back;
        LOAD_FRAME();
        ip = frame->pc;
        set_reg(ts, &regs[result], gen.bits);
        NEXT(2);
    }
    TARGET(YIELD) : {
        SYNC();
        GiRef value;
        if (B & GI_LAST_USE) value = gi_slot_take(REG(B));
        else value = gi_dup(ts, VAL(B));
        goto do_yield_value;
        TARGET(YIELD_DELEGATE) : SYNC();
        value = gi_slot_take(&regs[A + 1]);
    do_yield_value:
        if (GI_UNLIKELY(ts->tracing) && gi_trace_return(ts, frame, gi_val(value)) < 0) {
            gi_drop(ts, value);
            goto error;
        }
        GiGenerator *gen = frame->generator;
        GiFrame *back = frame->back;
        unsigned flags = frame->flags;
        gi_generator_leave(ts, gen);
        if (flags & GI_FRAME_ENTRY) return value;
        frame = back;
        LOAD_FRAME();
        ip = frame->pc;
        instr = gi_word(ip);
        CHOOSE_DISPATCH();
        if (gi_instr_op(instr) == OP_SEND) {
            set_reg(ts, &regs[A + 1], value.bits);
            NEXT(0);
        }
        set_reg(ts, REG(B), value.bits);
        NEXT(1);
    }
    TARGET(GET_YIELD_FROM) : {
        SYNC();
        GiRef r = gi_op_yield_from_iter(ts, frame, gi_val(regs[A]));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(SEND) : {
        SYNC();
        GiVal it = gi_val(regs[A]);
        GiType *type = gi_type_of(it);
        if (type == &gi_generator_type || type == &gi_coroutine_type) {
            GiGenerator *gen = (GiGenerator *)gi_obj(it);
            GiGenState state = gi_generator_state(gen);
            if (state == GI_GEN_SUSPENDED || (state == GI_GEN_CREATED && gi_is_none(regs[A + 1]))) {
                int entered = gi_generator_enter(ts, gen, gi_val(regs[A + 1]));
                if (GI_UNLIKELY(entered < 0)) goto error;
                if (GI_UNLIKELY(entered > 0)) goto send_general; /* it was closed just now */
                GiRef sent = gi_slot_take(&regs[A + 1]);
                frame = &gen->frame;
                LOAD_FRAME();
                ip = frame->pc;
                instr = gi_word(ip);
                if (gi_instr_op(instr) == OP_YIELD) set_reg(ts, &regs[A], sent.bits);
                else if (gi_instr_op(instr) == OP_YIELD_DELEGATE) set_reg(ts, &regs[A + 1], sent.bits);
                else gi_xdrop(ts, sent);
                goto resumed;
            }
        }
    send_general:;
        bool returned = false;
        GiRef r;
        if (type->send != NULL) {
            r = type->send(ts, it, gi_val(regs[A + 1]), &returned);
        } else if (gi_is_none(regs[A + 1])) {
            if (type->next == NULL) {
                gi_raise(ts, &gi_exc_TypeError, "'%T' object is not an iterator", it);
                goto error;
            }
            r = gi_next(ts, it);
            if (gi_is_null(r) && !gi_raised(ts)) {
                bool raised = !gi_is_null(ts->stop_value);
                returned = true;
                r = gi_take_stop_value(ts);
                if (GI_UNLIKELY(ts->tracing) && raised && gi_trace_stop(ts, frame, gi_val(r)) < 0) {
                    gi_drop(ts, r);
                    goto error;
                }
            }
        } else {
            GiVal send_args[2] = {it, gi_val(regs[A + 1])};
            r = gi_call_method(ts, GI_N(send), send_args, 2);
            if (gi_is_null(r) && gi_exc_matches(ts, &gi_exc_StopIteration)) {
                r = gi_take_raised_stop(ts);
                returned = true;
            }
        }
        if (gi_is_null(r)) goto error;
        set_reg(ts, &regs[A + 1], r.bits);
        if (returned) {
            set_reg(ts, &regs[A], 0);
            JUMP_BY(0, (int32_t)BC);
        }
        NEXT(0);
    }
resumed:
    /* A generator's frame goes on after the instruction at its pc. */
    ip += 1;
    frame->pc = ip;
    if (GI_UNLIKELY(gi_safepoint(&ts->core)) && ts->vm->hooks->safepoint(ts) < 0) goto error;
    if (GI_UNLIKELY(ts->tracing)) {
        CHOOSE_DISPATCH();
        if (gi_trace_call(ts, frame) < 0) goto error;
    }
    DISPATCH();

    TARGET(GET_AWAITABLE) : {
        SYNC();
        GiRef r = gi_get_awaitable(ts, gi_val(regs[A]), B);
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(GET_AITER) : {
        SYNC();
        GiRef r = gi_op_get_aiter(ts, gi_val(regs[A]));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(GET_ANEXT) : {
        SYNC();
        GiRef r = gi_op_get_anext(ts, VAL(A));
        if (gi_is_null(r)) goto error;
        set_reg(ts, REG(B), r.bits);
        NEXT(0);
    }
    TARGET(END_ASYNC_FOR) : {
        SYNC();
        if (!gi_is_instance_of(gi_val(regs[A]), &gi_exc_StopAsyncIteration)) {
            gi_exc_restore(ts, gi_slot_take(&regs[A]));
            goto unwind;
        }
        set_reg(ts, &regs[A], 0);
        set_reg(ts, REG(B), 0);
        NEXT(0);
    }
    TARGET(ASYNC_GEN_WRAP) : {
        GiRef r = gi_asyncgen_wrap(ts, gi_val(regs[A]));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }

    /* ---- Exceptions ---- */
    TARGET(RAISE) : {
        SYNC();
        unsigned count = C;
        bool again = gi_op_raise(ts, count, count ? VAL(A) : GI_NOVAL, count == 2 ? VAL(B) : GI_NOVAL);
        if (again) goto unwind;
        goto error;
    }
    TARGET(RERAISE) : {
        SYNC();
        gi_exc_restore(ts, gi_slot_take(&regs[A]));
        goto unwind;
    }
    TARGET(PUSH_EXC) : {
        GiSlot *run = &regs[A];
        uint64_t before = frame->handled.exc.bits;
        if (before == 0) gi_handled_link(ts, frame);
        frame->handled.exc.bits = gi_dup(ts, gi_val(run[0])).bits;
        set_reg(ts, &run[1], before);
        NEXT(0);
    }
    TARGET(POP_EXC) : {
        SYNC();
        GiSlot *run = &regs[A];
        GiRef before = gi_slot_take(&run[1]);
        GiRef now = gi_slot_take(&frame->handled.exc);
        frame->handled.exc.bits = before.bits;
        if (gi_is_null(before)) gi_handled_unlink(ts, frame);
        set_reg(ts, &run[0], 0);
        gi_drop(ts, now);
        NEXT(0);
    }
    TARGET(MATCH_EXC) : {
        SYNC();
        GiTruth t = gi_op_match_exc(ts, VAL(B), VAL(C));
        if (t.value < 0) goto error;
        consume(ts, regs, C);
        RESULT(gi_bool(t.value));
        NEXT(0);
    }
    TARGET(MATCH_EXC_GROUP) : {
        SYNC();
        if (gi_op_match_exc_group(ts, &regs[A], VAL(B)) < 0) goto error;
        consume(ts, regs, B);
        NEXT(0);
    }
    TARGET(PREPARE_RERAISE_STAR) : {
        SYNC();
        GiRef r = gi_op_prepare_reraise_star(ts, gi_val(regs[A]), gi_val(regs[A + 1]));
        if (gi_is_null(r)) goto error;
        set_reg(ts, &regs[A + 1], 0);
        RESULT(r);
        NEXT(0);
    }
    TARGET(BEGIN_WITH) : {
        SYNC();
        if (gi_op_begin_with(ts, &regs[A], false) < 0) goto error;
        NEXT(0);
    }
    TARGET(BEGIN_ASYNC_WITH) : {
        SYNC();
        if (gi_op_begin_with(ts, &regs[A], true) < 0) goto error;
        NEXT(0);
    }
    TARGET(WITH_EXCEPT) : {
        SYNC();
        GiRef r = gi_op_with_except(ts, VAL(B), VAL(C));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(LOAD_ASSERTION_ERROR) : RESULT(gi_type_val(&gi_exc_AssertionError));
    NEXT(0);

    /* ---- Pattern matching ---- */
    TARGET(MATCH_LEN) : {
        SYNC();
        ssize_t n = gi_length(ts, VAL(B));
        if (n < 0) goto error;
        RESULT(gi_smallint((int64_t)n));
        NEXT(0);
    }
    TARGET(MATCH_MAPPING) : RESULT(gi_bool(gi_has_flag(VAL(B), GI_TYPE_MAPPING)));
    NEXT(0);
    TARGET(MATCH_SEQUENCE) : RESULT(gi_bool(gi_has_flag(VAL(B), GI_TYPE_SEQUENCE)));
    NEXT(0);
    TARGET(MATCH_KEYS) : {
        SYNC();
        GiRef r = gi_op_match_keys(ts, VAL(B), VAL(C));
        if (gi_is_null(r)) goto error;
        consume(ts, regs, C);
        consume(ts, regs, B);
        RESULT(r);
        NEXT(0);
    }
    TARGET(MATCH_CLASS) : {
        SYNC();
        GiRef r = gi_op_match_class(ts, gi_val(regs[A]), gi_val(regs[A + 1]), B, CONST(C));
        if (gi_is_null(r)) goto error;
        set_reg(ts, &regs[A + 1], 0);
        RESULT(r);
        NEXT(0);
    }

    /* ---- Imports and others ---- */
    TARGET(IMPORT_NAME) : {
        SYNC();
        GiRef r = gi_op_import_name(ts, frame, NAME(B), gi_val(regs[A]), gi_val(regs[A + 1]));
        if (gi_is_null(r)) goto error;
        set_reg(ts, &regs[A + 1], 0);
        RESULT(r);
        CHOOSE_DISPATCH();
        NEXT(0);
    }
    TARGET(IMPORT_FROM) : {
        SYNC();
        GiRef r = gi_op_import_from(ts, VAL(B), NAME(C));
        if (gi_is_null(r)) goto error;
        RESULT(r);
        NEXT(0);
    }
    TARGET(IMPORT_STAR) : {
        SYNC();
        if (gi_op_import_star(ts, frame, VAL(A)) < 0) goto error;
        consume(ts, regs, A);
        NEXT(0);
    }
    TARGET(PRINT_EXPR) : {
        SYNC();
        if (gi_op_print_expr(ts, VAL(A)) < 0) goto error;
        consume(ts, regs, A);
        NEXT(0);
    }

    /* ---- Failure ---- */
error:
    GI_ASSERT(gi_raised(ts));
    SYNC();
    gi_traceback_add(ts, frame);
    if (GI_UNLIKELY(ts->tracing)) {
        CHOOSE_DISPATCH();
        gi_trace_exception(ts, frame);
    }
unwind:
    for (;;) {
        GiCode *code = frame->code;
        const GiHandler *handler = gi_code_handler(code, (uint32_t)(frame->pc - code->instrs));
        if (gi_instr_op(gi_word(frame->pc)) == OP_RERAISE && gi_instr_b(gi_word(frame->pc))) {
            gi_frame_go_back(ts, frame);
            if (GI_UNLIKELY(ts->tracing)) frame->trace_line = gi_frame_line(frame);
        }
        if (handler != NULL) {
            LOAD_FRAME();
            for (unsigned i = handler->depth; i < code->register_count; i++)
                if (HEAP_BITS(regs[i].bits)) set_reg(ts, &regs[i], 0);
            gi_slot_set(ts, &regs[handler->depth], gi_exc_take(ts));
            ip = code->instrs + handler->target;
            SYNC();
            DISPATCH();
        }
        if (GI_UNLIKELY(ts->tracing) && gi_trace_return(ts, frame, GI_NOVAL) < 0)
            GI_ASSERT(gi_raised(ts)); /* the trace function's exception goes on instead */
        GiFrame *back = frame->back;
        unsigned flags = frame->flags;
        if (flags & GI_FRAME_GENERATOR) {
            GiGenerator *gen = frame->generator;
            GiRef held = gi_dup(ts, gi_from_obj(gen));
            gi_generator_finish(ts, gen);
            gi_generator_fix_exception(ts, gen);
            gi_drop(ts, held);
        } else {
            gi_frame_pop(ts, frame);
        }
        if (flags & GI_FRAME_ENTRY) return GI_NULL;
        frame = back;
        LOAD_FRAME();
        ip = frame->pc;
        goto error;
    }
}

GiRef gi_vm_run(GiThread *ts, GiFrame *frame) { return run(ts, frame, false); }
GiRef gi_vm_throw(GiThread *ts, GiFrame *frame) { return run(ts, frame, true); }
