/* specialise.c - inline caches: instructions become special forms of what they meet.
 *
 * An instruction is rewritten with one 64-bit store; its cache words are written before it. A
 * special form that misses falls back to the general one, which looks again. Caches hold unique
 * ids (shapes, type versions, dict versions), never counted references: a value in a cache is kept
 * alive by the class whose id it was cached under.
 */
#include "vm/ops.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/native.h"
#include "objects/names.h"
#include "objects/shape.h"
#include "objects/dispatch.h"
#include "objects/str.h"

static void rewrite(uint64_t *ip, unsigned op) {
    __atomic_store_n(ip, (*ip & ~0xFFFFull) | op, __ATOMIC_RELEASE);
}

static bool may_cache(GiThread *ts) { return !(ts->vm->debug_flags & GI_DEBUG_CACHE_OFF); }

void gi_specialise_global(GiThread *ts, GiFrame *f, uint64_t *ip, GiVal name) {
    GiFunction *func = gi_frame_func(f);
    unsigned base = gi_instr_op(*ip);
    if (base == OP_LOAD_GLOBAL_MODULE || base == OP_LOAD_GLOBAL_BUILTIN) rewrite(ip, OP_LOAD_GLOBAL);
    if (gi_instr_op(*ip) == OP_LOAD_NAME && f->locals.bits != 0) return;
    if (!gi_is_dict_exact(gi_val(func->globals)) || !gi_is_dict_exact(gi_val(func->builtins)) || !may_cache(ts))
        return;
    /* LOAD_NAME keeps its general form: another frame of the same code may have locals. */
    if (gi_instr_op(*ip) != OP_LOAD_GLOBAL) return;
    uint64_t a_b = *ip & 0x0000FFFFFFFF0000ull;
    ssize_t at = gi_dict_entry_of(ts, gi_val(func->globals), name);
    if (at >= 0) {
        if (at <= 0xFFFF && gi_same(gi_dict_of(func->globals)->entries[at].key, name))
            __atomic_store_n(ip, a_b | OP_LOAD_GLOBAL_MODULE | (uint64_t)at << 48, __ATOMIC_RELEASE);
        return;
    }
    at = gi_dict_entry_of(ts, gi_val(func->builtins), name);
    if (at < 0 || at > 0xFFFF || !gi_same(gi_dict_of(func->builtins)->entries[at].key, name)) return;
    ip[1] = gi_dict_version(ts, gi_val(func->globals));
    __atomic_store_n(ip, a_b | OP_LOAD_GLOBAL_BUILTIN | (uint64_t)at << 48, __ATOMIC_RELEASE);
}

/* The slot of an own attribute that stands in the object; false when it has none. */
static bool own_slot(GiVal v, GiVal name, uint32_t *id, uint64_t *offset) {
    if (!gi_is_heap(v) || !(gi_obj_type(gi_obj(v))->flags & GI_TYPE_ATTRS)) return false;
    GiShape *shape = gi_attrs(gi_obj(v))->shape;
    if (shape == NULL || shape->is_dict) return false;
    int i = gi_shape_find(shape, name);
    if (i < 0 || i >= shape->inline_attrs) return false;
    *id = atomic_load_explicit(&shape->id, memory_order_relaxed);
    *offset = (uint64_t)((char *)gi_attrs_slot(gi_obj(v), shape, i) - (char *)gi_obj(v));
    return *id != 0;
}

static bool is_data_descriptor(GiVal v) { return gi_type_of(v)->descr_set != NULL; }

/* A __slots__ member or another plain object member of exactly this type's layout. */
static bool member_slot(GiVal descr, GiType *type, uint64_t *offset) {
    if (!gi_is_exact(descr, &gi_member_descr_type)) return false;
    GiDescr *d = (GiDescr *)gi_obj(descr);
    if (d->def != NULL || !gi_is_subtype(type, gi_as_type(d->owner))) return false;
    *offset = (uint64_t)(uintptr_t)d->wrapped;
    return true;
}

static bool has_own(GiVal v, GiVal name) {
    GiShape *shape = gi_attrs(gi_obj(v))->shape;
    return shape == NULL || shape->is_dict || gi_shape_find(shape, name) >= 0;
}

static bool module_entry(GiThread *ts, GiVal v, GiVal name, uint64_t *entry) {
    if (!gi_is_exact(v, &gi_module_type)) return false;
    GiVal dict = gi_module_dict(v);
    if (!gi_is_dict_exact(dict)) return false;
    ssize_t at = gi_dict_entry_of(ts, dict, name);
    if (at < 0 || !gi_same(gi_dict_of(dict)->entries[at].key, name)) return false;
    *entry = (uint64_t)at;
    return true;
}

void gi_specialise_load_attr(GiThread *ts, uint64_t *ip, GiVal v, GiVal name) {
    if (gi_instr_op(*ip) != OP_LOAD_ATTR) rewrite(ip, OP_LOAD_ATTR);
    if (!gi_is_heap(v) || !may_cache(ts)) return;
    GiType *type = gi_obj_type(gi_obj(v));
    uint64_t offset;
    uint32_t id;
    if (module_entry(ts, v, name, &offset)) {
        ip[1] = offset;
        rewrite(ip, OP_LOAD_ATTR_MODULE);
        return;
    }
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR)) return;
    GiVal descr = gi_type_lookup_peek(ts, type, name);
    if (!gi_is_null(descr)) {
        if (member_slot(descr, type, &offset)) {
            ip[1] = atomic_load_explicit(&type->version, memory_order_relaxed) | offset << 32;
            if ((uint32_t)ip[1] != 0) rewrite(ip, OP_LOAD_ATTR_MEMBER);
            return;
        }
        if (is_data_descriptor(descr)) return;
    }
    if (own_slot(v, name, &id, &offset)) {
        ip[1] = id | offset << 32;
        rewrite(ip, OP_LOAD_ATTR_SLOT);
        return;
    }
    if (!gi_is_null(descr) && gi_type_of(descr)->descr_get == NULL && (type->flags & GI_TYPE_ATTRS) && !has_own(v, name)) {
        ip[1] = atomic_load_explicit(&gi_attrs(gi_obj(v))->shape->id, memory_order_relaxed);
        ip[2] = descr.bits;
        if (ip[1] != 0) rewrite(ip, OP_LOAD_ATTR_CLASS);
    }
}

void gi_specialise_load_method(GiThread *ts, uint64_t *ip, GiVal v, GiVal name) {
    if (gi_instr_op(*ip) != OP_LOAD_METHOD) rewrite(ip, OP_LOAD_METHOD);
    if (!may_cache(ts)) return;
    uint64_t entry;
    if (module_entry(ts, v, name, &entry)) {
        ip[1] = entry;
        rewrite(ip, OP_LOAD_METHOD_MODULE);
        return;
    }
    GiType *type = gi_type_of(v);
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR)) return;
    GiVal method = gi_type_lookup_peek(ts, type, name);
    if (gi_is_null(method) || !gi_has_flag(method, GI_TYPE_METHOD_DESCR)) return;
    if (type->flags & GI_TYPE_ATTRS) {
        if (has_own(v, name)) return;
        ip[1] = atomic_load_explicit(&gi_attrs(gi_obj(v))->shape->id, memory_order_relaxed);
        ip[2] = method.bits;
        if (ip[1] != 0) rewrite(ip, OP_LOAD_METHOD_SHAPE);
    } else {
        ip[1] = atomic_load_explicit(&type->version, memory_order_relaxed);
        ip[2] = method.bits;
        if (ip[1] != 0) rewrite(ip, OP_LOAD_METHOD_TYPE);
    }
}

void gi_specialise_store_attr(GiThread *ts, uint64_t *ip, GiVal v, GiVal name, const void *shape_before) {
    if (gi_instr_op(*ip) != OP_STORE_ATTR) rewrite(ip, OP_STORE_ATTR);
    if (!gi_is_heap(v) || !may_cache(ts)) return;
    GiType *type = gi_obj_type(gi_obj(v));
    if (!(type->flags & GI_TYPE_PLAIN_SETATTR)) return;
    uint64_t offset;
    uint32_t id;
    GiVal descr = gi_type_lookup_peek(ts, type, name);
    if (!gi_is_null(descr)) {
        if (member_slot(descr, type, &offset)) {
            ip[1] = atomic_load_explicit(&type->version, memory_order_relaxed) | offset << 32;
            if ((uint32_t)ip[1] != 0) rewrite(ip, OP_STORE_ATTR_MEMBER);
            return;
        }
        if (is_data_descriptor(descr)) return;
    }
    if (!own_slot(v, name, &id, &offset)) return;
    GiShape *now = gi_attrs(gi_obj(v))->shape;
    if (now == shape_before) {
        ip[1] = id | offset << 32;
        rewrite(ip, OP_STORE_ATTR_SLOT);
    } else if (shape_before != NULL && now->parent == shape_before) {
        ip[1] = atomic_load_explicit(&((const GiShape *)shape_before)->id, memory_order_relaxed) | offset << 32;
        ip[2] = (uint64_t)(uintptr_t)now;
        if ((uint32_t)ip[1] != 0) rewrite(ip, OP_STORE_ATTR_ADD);
    }
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
