/* specialise.c - inline caches: instructions become special forms of what they meet.
 *
 * An instruction is rewritten with one 64-bit store; its cache words are written before it. A
 * special form that misses falls back to the general one, which looks again. Caches hold unique
 * ids (shapes, type versions, dict versions), never counted references: a value in a cache is kept
 * alive by the class whose id it was cached under. A site that meets a second shape goes by the
 * thread's table from then on (attr_cache.h).
 *
 * Without the GIL other threads run the instruction meanwhile. INVARIANT: its caches are written once then,
 * by the thread that claims them (CLAIMED in the first word), before the opcode; a special form that misses
 * becomes a _POLY, which reads none of them, and stays one. Words that are no id yet are SKIP at most, so
 * that no shape has them (ids begin above). What was planned is cached only if the object's id was the same
 * before and after.
 */
#include "memory/slots.h"
#include "vm/attr_cache.h"
#include "vm/ops.h"
#include "bytecode/specialised.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/native.h"
#include "objects/names.h"
#include "objects/shape.h"
#include "objects/dispatch.h"
#include "objects/str.h"

#include <stdlib.h>

#define rewrite gi_rewrite_op

static bool may_cache(GiThread *ts) { return !(ts->vm->debug_flags & GI_DEBUG_CACHE_OFF); }

/* True if only the LOAD_METHOD behind it uses what this LOAD_GLOBAL loads, on the same line (a line's event
 * belongs to its first instruction). */
static bool feeds_method(const GiFrame *f, const uint64_t *ip) {
    const GiCode *code = f->code;
    uint32_t at = (uint32_t)(ip - code->instrs);
    return gi_general_opcode(gi_instr_op(gi_word(&ip[2]))) == OP_LOAD_METHOD &&
           gi_instr_b(gi_word(&ip[2])) == (gi_instr_a(gi_word(ip)) | GI_LAST_USE) &&
           gi_code_position(code, at).line == gi_code_position(code, at + 2).line;
}

/* True when entry `at` of the dict is that of this very name. */
static bool entry_is(GiThread *ts, GiVal dict, ssize_t at, GiVal name) {
    if (GI_LIKELY(!ts->core.free_running)) return gi_same(gi_dict_of(dict)->entries[at].key, name);
    GiRef value = gi_dict_entry_load(ts, dict, (uint32_t)at, name);
    gi_xdrop(ts, value);
    return !gi_is_null(value);
}

void gi_specialise_global(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name) {
    GiFunction *func = gi_frame_func(f);
    unsigned general = gi_general_opcode(gi_instr_op(gi_word(ip)));
    bool by_name = general == OP_LOAD_NAME;
    if (gi_instr_op(gi_word(ip)) != general) rewrite(ip, general);
    if (by_name && f->locals.bits != 0) return;
    if (!gi_is_dict_exact(gi_val(func->globals)) || !gi_is_dict_exact(gi_val(func->builtins)) || !may_cache(ts))
        return;
    uint64_t a_b = gi_word(ip) & 0x0000FFFFFFFF0000ull;
    uint32_t version = gi_dict_version(ts, gi_val(func->globals)); /* before looking: the name may come meanwhile */
    ssize_t at = gi_dict_entry_of(ts, gi_val(func->globals), name);
    if (at >= 0) {
        if (at > 0xFFFF) return;
        GiRef value = gi_dict_entry_load(ts, gi_val(func->globals), (uint32_t)at, name);
        if (gi_is_null(value)) return;
        unsigned op = by_name                                                           ? OP_LOAD_NAME_MODULE
                      : gi_is_exact(gi_val(value), &gi_module_type) && feeds_method(f, ip) ? OP_LOAD_GLOBAL_METHOD
                                                                                       : OP_LOAD_GLOBAL_MODULE;
        gi_drop(ts, value);
        gi_word_publish(ip, a_b | op | (uint64_t)at << 48);
        return;
    }
    at = gi_dict_entry_of(ts, gi_val(func->builtins), name);
    if (at < 0 || at > 0xFFFF || !entry_is(ts, gi_val(func->builtins), at, name)) return;
    /* Whoever finds this version finds the builtin: which thread's is stored matters not. */
    gi_word_set(&ip[1], version);
    gi_word_publish(ip, a_b | (by_name ? OP_LOAD_NAME_BUILTIN : OP_LOAD_GLOBAL_BUILTIN) | (uint64_t)at << 48);
}

/* ---- module.function without the GIL ----
 *
 * Looking at two dicts that others may be changing costs more than the rest of a short call. So the function
 * itself is remembered, with the epoch of constants before it was looked up and the id of the globals: both
 * in one word (`mark`), which is written behind the function and read before it. The site keeps no reference:
 * an object with another's counts is not taken (its memory may be another's by now), and one that this thread
 * owns, or that is split, lives to its next safepoint if it was in the dict since the last one.
 * INVARIANT: whoever writes the function first does so by a swap, for good for these globals; whoever renews it
 * claims the mark, and only if it is of the same globals. So a function of other globals never stands beside an
 * old mark, whatever became of the instruction in between. No dict has the id of the marks that are none. */
#define CALLEE_CLAIMED 0xFFFFFFFFull
#define CALLEE_NEVER 0x1FFFFFFFFull
/* After so many changes of constants the program is one that changes them, and nothing is remembered anew. */
#define CALLEE_EPOCHS 4096

/* The function that module.attr is now, if instructions may remember it, and null otherwise. */
static GiRef callee_of(GiThread *ts, GiVal globals, uint32_t entry, GiVal name, uint32_t attr_entry, GiVal attr) {
    GiRef module = gi_dict_entry_load(ts, globals, entry, name), function = GI_NULL;
    if (!gi_is_null(module) && gi_is_exact(gi_val(module), &gi_module_type) && gi_is_dict_exact(gi_module_dict(gi_val(module)))) {
        GiVal dict = gi_module_dict(gi_val(module));
        gi_dict_constants(ts, dict);
        function = gi_dict_entry_load(ts, dict, attr_entry, attr);
        if (!gi_is_null(function) && !gi_dict_may_be_constant(gi_val(function))) {
            gi_drop(ts, function);
            function = GI_NULL;
        }
    }
    gi_xdrop(ts, module);
    return function;
}

void gi_specialise_callee(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name, GiVal attr) {
    GiVal globals = gi_frame_globals(f);
    uint32_t epoch = atomic_load_explicit(&ts->vm->constants_epoch, memory_order_acquire);
    uint64_t mark = gi_word_mark(&ip[1]), first = gi_word_mark(&ip[4]);
    if (mark == CALLEE_CLAIMED || mark == CALLEE_NEVER || epoch >= CALLEE_EPOCHS || !may_cache(ts) || !gi_is_dict_exact(globals))
        return;
    uint32_t id = gi_dict_constants(ts, globals);
    if (first != 0 && (uint32_t)mark != id) return;
    GiRef function = callee_of(ts, globals, gi_instr_c(gi_word(ip)), name, (uint32_t)gi_word(&ip[3]), attr);
    if (gi_is_null(function)) {
        if (first == 0) gi_word_set(&ip[1], CALLEE_NEVER);
        return;
    }
    bool mine = first == 0 ? __atomic_compare_exchange_n(&ip[4], &first, function.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)
                           : __atomic_compare_exchange_n(&ip[1], &mark, CALLEE_CLAIMED, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
    if (mine) {
        gi_word_set(&ip[4], function.bits);
        gi_word_publish(&ip[1], id | (uint64_t)epoch << 32);
        rewrite(ip, OP_LOAD_GLOBAL_CALLEE);
    }
    gi_drop(ts, function);
}

void gi_specialise_store_global(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name) {
    GiVal globals = gi_frame_globals(f);
    unsigned general = gi_general_opcode(gi_instr_op(gi_word(ip)));
    if (gi_instr_op(gi_word(ip)) != general) rewrite(ip, general);
    bool by_name = general == OP_STORE_NAME;
    if ((by_name && f->locals.bits != 0) || !gi_is_dict_exact(globals) || !may_cache(ts)) return;
    ssize_t at = gi_dict_entry_of(ts, globals, name);
    if (at < 0 || at > 0xFFFF || !entry_is(ts, globals, at, name)) return;
    uint64_t op = by_name ? OP_STORE_NAME_MODULE : OP_STORE_GLOBAL_MODULE;
    gi_word_publish(ip, (gi_word(ip) & 0x0000FFFFFFFF0000ull) | op | (uint64_t)at << 48);
}

/* The slot of an own attribute that stands in the object; false when it has none. */
static bool own_slot(GiVal v, GiVal name, uint32_t *id, uint64_t *offset) {
    if (!gi_is_heap(v) || !(gi_obj_type(gi_obj(v))->flags & GI_TYPE_ATTRS)) return false;
    GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
    if (shape == NULL || shape->is_dict) return false;
    int i = gi_shape_find(shape, name);
    if (i < 0 || i >= shape->inline_attrs) return false;
    *id = atomic_load_explicit(&shape->id, memory_order_relaxed);
    *offset = (uint64_t)((char *)gi_attrs_slot(gi_obj(v), shape, i) - (char *)gi_obj(v));
    return *id != 0;
}

static bool is_data_descriptor(GiVal v) { return gi_type_of(v)->descr_set != NULL; }

/* Whether what a class has under a name may become a descriptor later, by a change of its own class, of
 * which the ids that caches hold tell nothing. */
static bool may_change(GiVal v) {
    return (gi_type_of(v)->flags & (GI_TYPE_HEAP | GI_TYPE_IMMUTABLE)) == GI_TYPE_HEAP;
}

/* A __slots__ member or another plain object member of exactly this type's layout. */
static bool member_slot(GiVal descr, GiType *type, uint64_t *offset) {
    if (!gi_is_exact(descr, &gi_member_descr_type)) return false;
    GiDescr *d = (GiDescr *)gi_obj(descr);
    if (d->def != NULL || !gi_is_subtype(type, gi_as_type(d->owner))) return false;
    *offset = (uint64_t)(uintptr_t)d->wrapped;
    return true;
}

static bool has_own(GiVal v, GiVal name) {
    GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
    return shape == NULL || shape->is_dict || gi_shape_find(shape, name) >= 0;
}

static bool module_entry(GiThread *ts, GiVal v, GiVal name, uint64_t *entry) {
    if (!gi_is_exact(v, &gi_module_type)) return false;
    GiVal dict = gi_module_dict(v);
    if (!gi_is_dict_exact(dict)) return false;
    ssize_t at = gi_dict_entry_of(ts, dict, name);
    if (at < 0 || at > INT32_MAX || !entry_is(ts, dict, at, name)) return false;
    *entry = (uint64_t)at;
    return true;
}

/* What to do with an access: the special form, the id it depends on, and what it needs. */
typedef struct Plan {
    unsigned op;     /* 0: nothing special about it */
    uint32_t id;
    uint32_t offset; /* of the slot, or the entry in a module's dict */
    uint64_t value;
} Plan;

/* Executions for which an instruction that could not be specialised is left alone. */
#define SKIP 64
#define CLAIMED 100 /* neither an id nor a count */
#define MODULE_MARK 1 /* upper half of the word of a _MODULE form, so that it is no count */

/* The forms of an instruction. */
typedef struct Family {
    unsigned general, poly, module;
    GiAttrAccess access;
} Family;
static const Family loads = {OP_LOAD_ATTR, OP_LOAD_ATTR_POLY, OP_LOAD_ATTR_MODULE, GI_ATTR_LOAD};
static const Family methods = {OP_LOAD_METHOD, OP_LOAD_METHOD_POLY, OP_LOAD_METHOD_MODULE, GI_ATTR_METHOD};
static const Family stores = {OP_STORE_ATTR, OP_STORE_ATTR_POLY, 0, GI_ATTR_STORE};

/* True when it is not yet time to look again; counts down. */
static bool rests(GiThread *ts, uint64_t *ip, const Family *f) {
    unsigned op = gi_instr_op(gi_word(ip));
    if (op != f->general && op != f->poly) return false;
    if (GI_UNLIKELY(ts->core.free_running)) {
        if (!ts->attr_cache || !ts->attr_cache->rest) return false;
        if (op == f->general && gi_word(&ip[1]) == 0) return false;
        ts->attr_cache->rest--;
        return true;
    }
    uint64_t left = gi_word(&ip[1]);
    if (GI_LIKELY(left == 0)) return false;
    gi_word_set(&ip[1], left - 1);
    return true;
}

/* Forms that only an instruction's own cache serves. */
static bool is_once(unsigned op) {
    switch (op) {
    case OP_LOAD_ATTR_GETSET: case OP_LOAD_ATTR_PROPERTY: case OP_LOAD_ATTR_OF_CLASS: case OP_LOAD_METHOD_OF_CLASS:
    case OP_LOAD_METHOD_FROM_CLASS: case OP_LOAD_METHOD_STATIC: case OP_LOAD_METHOD_CLASS:
        return true;
    default: return false;
    }
}

/* carry_out where other threads may be running the instruction. */
static void carry_out_shared(GiThread *ts, uint64_t *ip, const Family *f, const Plan *plan, uint32_t v_id, uint64_t v_key) {
    unsigned now = gi_instr_op(gi_word_mark(ip));
    uint64_t word = gi_word(&ip[1]);
    bool once = plan->op == 0 || plan->op == f->module || is_once(plan->op) || v_id == 0;
    if (now == f->general) {
        if (word > SKIP) return; /* somebody is writing the caches */
        uint64_t to = plan->op ? CLAIMED : SKIP;
        if (word == to || !__atomic_compare_exchange_n(&ip[1], &word, to, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
            if (!plan->op && ts->attr_cache) ts->attr_cache->rest = SKIP;
            return;
        }
        if (!plan->op) return;
        gi_word_set(&ip[2], plan->value);
        gi_word_publish(&ip[1], plan->id | (uint64_t)plan->offset << 32);
        rewrite(ip, plan->op);
        return;
    }
    rewrite(ip, f->poly);
    if (once && ts->attr_cache) ts->attr_cache->rest = SKIP;
    if (!once) gi_attr_enter(ts, v_id, v_key, plan->offset, plan->value);
}

/* Rewrites the instruction by the plan; a second shape makes it a _POLY. `v_id` and `v_key` are
 * gi_attr_id's before the access. */
static void carry_out(GiThread *ts, uint64_t *ip, const Family *f, const Plan *plan, uint32_t v_id, uint64_t v_key) {
    if (GI_UNLIKELY(ts->core.free_running)) {
        carry_out_shared(ts, ip, f, plan, v_id, v_key);
        return;
    }
    unsigned now = gi_instr_op(gi_word(ip));
    if (plan->op == 0) {
        if (now != f->general && now != f->poly) rewrite(ip, f->general);
        gi_word_set(&ip[1], SKIP);
    } else if (now == f->general) {
        gi_word_set(&ip[1], plan->id | (uint64_t)plan->offset << 32);
        gi_word_set(&ip[2], plan->value);
        rewrite(ip, plan->op);
    } else {
        if (now != f->poly) {
            rewrite(ip, f->poly);
            gi_word_set(&ip[1], 0);
        }
        bool once = plan->op == f->module || is_once(plan->op);
        if (once || v_id == 0) gi_word_set(&ip[1], SKIP);
        else gi_attr_enter(ts, v_id, v_key, plan->offset, plan->value);
    }
}

void gi_attr_enter(GiThread *ts, uint32_t id, uint64_t key, uint32_t offset, uint64_t value) {
    if (!ts->attr_cache) {
        ts->attr_cache = calloc(1, sizeof *ts->attr_cache);
        if (!ts->attr_cache) return;
    }
    *gi_attr_entry(ts, id, key) = (GiAttrEntry){key, id, offset, value};
}

/* The special form for what a data descriptor computes, 0: none. */
static unsigned computed_by(GiThread *ts, GiVal descr, GiType *type) {
    if (gi_is_exact(descr, &gi_getset_descr_type)) {
        const GiDescr *d = (GiDescr *)gi_obj(descr);
        return gi_is_subtype(type, gi_as_type(d->owner)) ? OP_LOAD_ATTR_GETSET : 0;
    }
    if (!gi_is_exact(descr, &gi_property_type)) return 0;
    GiRef getter = gi_slot_load(ts, &((GiProperty *)gi_obj(descr))->get);
    bool simple = !gi_is_null(getter) && gi_is_exact(gi_val(getter), &gi_function_type);
    if (simple) {
        const GiCode *code = gi_code_of(gi_function_of(getter)->code);
        simple = code->simple_args && code->arg_count == 1;
    }
    gi_xdrop(ts, getter);
    return simple ? OP_LOAD_ATTR_PROPERTY : 0;
}

/* A classmethod or staticmethod of just that type, of a Python function. */
static bool wraps_function(GiThread *ts, GiVal v, GiType *type) {
    if (!gi_is_exact(v, type)) return false;
    GiRef func = gi_slot_load(ts, &((GiWrapMethod *)gi_obj(v))->func);
    bool is = !gi_is_null(func) && gi_is_exact(gi_val(func), &gi_function_type);
    gi_xdrop(ts, func);
    return is;
}

/* An access of a class. */
static Plan plan_class(GiThread *ts, GiVal v, GiVal name, bool call) {
    static const Plan none = {0};
    GiType *meta = gi_type_of(v), *type = gi_as_type(v);
    if (meta->getattr != gi_type_getattr || !gi_is_null(gi_type_lookup_peek(ts, meta, name))) return none;
    GiVal found = gi_type_lookup_peek(ts, type, name);
    if (gi_is_null(found) || may_change(found)) return none;
    uint32_t id = atomic_load_explicit(&type->version, memory_order_relaxed);
    uint32_t of_meta = atomic_load_explicit(&meta->version, memory_order_relaxed);
    if (!id || !of_meta) return none;
    if (gi_is_exact(found, &gi_function_type) || !gi_type_of(found)->descr_get)
        return (Plan){call ? OP_LOAD_METHOD_OF_CLASS : OP_LOAD_ATTR_OF_CLASS, id, of_meta, found.bits};
    if (call && wraps_function(ts, found, &gi_classmethod_type)) return (Plan){OP_LOAD_METHOD_FROM_CLASS, id, of_meta, found.bits};
    return none;
}

static Plan plan_load(GiThread *ts, GiVal v, GiVal name) {
    static const Plan none = {0};
    if (gi_is_type(v)) return plan_class(ts, v, name, false);
    GiType *type = gi_obj_type(gi_obj(v));
    uint64_t offset;
    uint32_t id;
    if (module_entry(ts, v, name, &offset)) return (Plan){OP_LOAD_ATTR_MODULE, (uint32_t)offset, MODULE_MARK, 0};
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR)) return none;
    GiVal descr = gi_type_lookup_peek(ts, type, name);
    if (!gi_is_null(descr)) {
        if (may_change(descr)) return none;
        if (member_slot(descr, type, &offset)) {
            id = atomic_load_explicit(&type->version, memory_order_relaxed);
            return id ? (Plan){OP_LOAD_ATTR_MEMBER, id, (uint32_t)offset, 0} : none;
        }
        unsigned op = computed_by(ts, descr, type);
        uint64_t marked = op ? gi_attr_marked_id(v) : 0;
        if (marked) return (Plan){op, (uint32_t)marked, (uint32_t)(marked >> 32), descr.bits};
        if (is_data_descriptor(descr)) return none;
    }
    if (own_slot(v, name, &id, &offset)) return (Plan){OP_LOAD_ATTR_SLOT, id, (uint32_t)offset, 0};
    if (gi_is_null(descr) || gi_type_of(descr)->descr_get || !(type->flags & GI_TYPE_ATTRS) || has_own(v, name))
        return none;
    id = gi_attr_id(v, &(uint64_t){0});
    return id ? (Plan){OP_LOAD_ATTR_CLASS, id, 0, descr.bits} : none;
}

/* False when v has become another, by another thread's doing, while the plan was made. */
static bool same_id(GiVal v, uint32_t id) {
    uint64_t key = 0;
    return gi_attr_id(v, &key) == id;
}

void gi_specialise_load_attr(GiThread *ts, uint64_t *ip, GiVal v, GiVal name) {
    if (rests(ts, ip, &loads) || !gi_is_heap(v) || !may_cache(ts)) return;
    uint64_t key = name.bits | GI_ATTR_LOAD;
    uint32_t id = gi_attr_id(v, &key);
    Plan plan = plan_load(ts, v, name);
    if (!same_id(v, id)) return;
    carry_out(ts, ip, &loads, &plan, id, key);
}

static Plan plan_method(GiThread *ts, GiVal v, GiVal name) {
    static const Plan none = {0};
    uint64_t entry;
    if (gi_is_type(v)) return plan_class(ts, v, name, true);
    if (module_entry(ts, v, name, &entry)) return (Plan){OP_LOAD_METHOD_MODULE, (uint32_t)entry, MODULE_MARK, 0};
    GiType *type = gi_type_of(v);
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR)) return none;
    GiVal method = gi_type_lookup_peek(ts, type, name);
    if (gi_is_null(method) || may_change(method)) return none;
    bool by_shape = type->flags & GI_TYPE_ATTRS;
    if (by_shape && has_own(v, name)) return none;
    if (wraps_function(ts, method, &gi_staticmethod_type) || wraps_function(ts, method, &gi_classmethod_type)) {
        uint64_t marked = gi_attr_marked_id(v);
        unsigned op = gi_is_exact(method, &gi_staticmethod_type) ? OP_LOAD_METHOD_STATIC : OP_LOAD_METHOD_CLASS;
        return marked ? (Plan){op, (uint32_t)marked, (uint32_t)(marked >> 32), method.bits} : none;
    }
    if (!gi_has_flag(method, GI_TYPE_METHOD_DESCR)) return none;
    const GiShape *shape = by_shape ? __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE) : NULL;
    uint32_t id = atomic_load_explicit(shape ? &shape->id : &type->version, memory_order_relaxed);
    return id ? (Plan){by_shape ? OP_LOAD_METHOD_SHAPE : OP_LOAD_METHOD_TYPE, id, 0, method.bits} : none;
}

void gi_specialise_load_method(GiThread *ts, uint64_t *ip, GiVal v, GiVal name) {
    if (rests(ts, ip, &methods) || !may_cache(ts)) return;
    uint64_t key = name.bits | GI_ATTR_METHOD;
    uint32_t id = gi_attr_id(v, &key);
    Plan plan = plan_method(ts, v, name);
    if (!same_id(v, id)) return;
    carry_out(ts, ip, &methods, &plan, id, key);
}

static Plan plan_store(GiThread *ts, GiVal v, GiVal name, const GiShape *before) {
    static const Plan none = {0};
    GiType *type = gi_obj_type(gi_obj(v));
    if (!(type->flags & GI_TYPE_PLAIN_SETATTR)) return none;
    uint64_t offset;
    uint32_t id;
    GiVal descr = gi_type_lookup_peek(ts, type, name);
    if (!gi_is_null(descr)) {
        if (may_change(descr)) return none;
        if (member_slot(descr, type, &offset)) {
            id = atomic_load_explicit(&type->version, memory_order_relaxed);
            return id ? (Plan){OP_STORE_ATTR_MEMBER, id, (uint32_t)offset, GI_ATTR_MEMBER} : none;
        }
        if (is_data_descriptor(descr)) return none;
    }
    if (!own_slot(v, name, &id, &offset)) return none;
    GiShape *now = __atomic_load_n(&gi_attrs(gi_obj(v))->shape, __ATOMIC_ACQUIRE);
    if (now == before) return (Plan){OP_STORE_ATTR_SLOT, id, (uint32_t)offset, 0};
    if (before == NULL || now->parent != before || !gi_same(now->name, name)) return none;
    id = atomic_load_explicit(&before->id, memory_order_relaxed);
    return id ? (Plan){OP_STORE_ATTR_ADD, id, (uint32_t)offset, (uint64_t)(uintptr_t)now} : none;
}

void gi_specialise_store_attr(GiThread *ts, uint64_t *ip, GiVal v, GiVal name, const void *shape_before) {
    if (rests(ts, ip, &stores) || !gi_is_heap(v) || !may_cache(ts)) return;
    uint64_t key = name.bits | GI_ATTR_STORE;
    uint32_t id = gi_attr_id(v, &key);
    Plan plan = plan_store(ts, v, name, shape_before);
    if (!same_id(v, id)) return;
    /* An attribute that was added: the id was another before. */
    carry_out(ts, ip, &stores, &plan, plan.op == OP_STORE_ATTR_ADD ? plan.id : id, key);
}

GiVal gi_type_python_init_peek(GiThread *ts, GiType *type) {
    if (type->new_ != gi_object_new || type->vectornew != NULL || (type->flags & GI_TYPE_ABSTRACT) ||
        !(type->flags & GI_TYPE_HEAP))
        return GI_NOVAL;
    GiVal init = gi_type_lookup_peek(ts, type, GI_N(__init__));
    if (gi_is_null(init) || !gi_is_exact(init, &gi_function_type)) return GI_NOVAL;
    /* A generator or coroutine as __init__ goes the general way, which complains. */
    return gi_code_of(gi_function_of(init)->code)->flags & GI_CO_ANY_GENERATOR ? GI_NOVAL : init;
}
