/* type_dict.c - making the dicts of static types: see type_dict.h.
 *
 * Everything in such a dict is immortal, and the same for all threads and interpreters. LOCK: none; a
 * dict is made aside and put in its place with one compare-and-swap. Two threads may make the same
 * one; what the loser made stays unused. Failing leaves nothing behind.
 */
#include "objects/type_dict.h"

#include "memory/gc.h"
#include "objects/shape.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"

#include <stdlib.h>

/* Bit i: row i of gi_slot_rows is the type's own. */
typedef struct OwnSlots {
    uint64_t bits[2];
} OwnSlots;

GiStatus gi_type_note_own_slots(GiThread *ts, GiType *type) {
    OwnSlots *own = gi_mem_calloc(ts, 1, sizeof *own);
    if (own == NULL) return GI_FAIL;
    for (size_t i = 0; i < gi_slot_row_count; i++)
        if (gi_slot_at(type, gi_slot_rows[i].offset) != NULL) own->bits[i / 64] |= UINT64_C(1) << (i % 64);
    type->cache = own;
    return GI_OK;
}

/* True if the type fills a slot of this row itself. */
static bool owns_row(const GiType *type, size_t row) {
    const OwnSlots *own = type->cache;
    return own->bits[row / 64] >> (row % 64) & 1;
}
static bool owns_slot(const GiType *type, size_t offset) {
    for (size_t i = 0; i < gi_slot_row_count; i++)
        if (gi_slot_rows[i].offset == offset) return owns_row(type, i);
    return false;
}

/* A type whose dict is being made. */
typedef struct Maker {
    GiThread *ts;
    GiType *type;
    GiVal dict;
} Maker;

static bool has_key(Maker *m, GiVal name) { return !gi_is_null(gi_dict_get_str_peek(m->ts, m->dict, name)); }

static GiStatus add_descr(Maker *m, const char *name, GiType *kind, const void *def) {
    GiThread *ts = m->ts;
    GiRef key = gi_intern_cstr(ts, name); /* immortal, as all that is interned */
    if (gi_is_null(key)) return GI_FAIL;
    GiRef descr = gi_descr_new(ts, kind, m->type, gi_val(key), def, NULL);
    if (gi_is_null(descr)) return GI_FAIL;
    return gi_dict_set_steal(ts, m->dict, gi_val(key), descr);
}

static GiStatus add_static_method(Maker *m, const GiMethodDef *def) {
    GiThread *ts = m->ts;
    GiRef function = gi_native_new(ts, def, gi_type_val(m->type), GI_NOVAL);
    if (gi_is_null(function)) return GI_FAIL;
    gi_slot_set(ts, &((GiNative *)gi_obj(function))->qualname_owner, gi_dup(ts, gi_type_val(m->type)));
    GiObj *wrap = gi_heap_new(ts, &gi_staticmethod_type, sizeof(GiWrapMethod));
    if (!wrap) {
        gi_drop(ts, function);
        return GI_FAIL;
    }
    gi_slot_init(&((GiWrapMethod *)wrap)->func, function);
    if (gi_staticmethod_type.root_shape) gi_attrs(wrap)->shape = gi_staticmethod_type.root_shape;
    GiStatus status = gi_dict_set_cstr(ts, m->dict, def->name, gi_from_obj(wrap));
    gi_drop(ts, gi_own_obj(wrap));
    return status;
}

static GiStatus add_tables(Maker *m) {
    const GiType *type = m->type;
    for (const GiMethodDef *row = type->methods; row && row->name; row++) {
        GiType *kind = row->binding == GI_METHOD_CLASS ? &gi_classmethod_descr_type : &gi_method_descr_type;
        if (row->binding == GI_METHOD_STATIC ? add_static_method(m, row) : add_descr(m, row->name, kind, row))
            return GI_FAIL;
    }
    for (const GiMemberDef *row = type->members; row && row->name; row++)
        if (add_descr(m, row->name, &gi_member_descr_type, row)) return GI_FAIL;
    for (const GiGetSetDef *row = type->getset; row && row->name; row++)
        if (add_descr(m, row->name, &gi_getset_descr_type, row)) return GI_FAIL;
    return GI_OK;
}

static GiStatus add_new_function(Maker *m) {
    GiThread *ts = m->ts;
    if (!owns_slot(m->type, offsetof(GiType, new_)) || (m->type->flags & GI_TYPE_NO_NEW)) return GI_OK;
    GiRef function = gi_native_new(ts, &gi_new_wrapper_def, gi_type_val(m->type), GI_NOVAL);
    if (gi_is_null(function)) return GI_FAIL;
    return gi_dict_set_steal(ts, m->dict, GI_N(__new__), function);
}

/* The slots as methods. */
static GiStatus add_wrappers(Maker *m) {
    GiThread *ts = m->ts;
    for (size_t i = 0; i < gi_slot_row_count; i++) {
        const GiSlotRow *row = &gi_slot_rows[i];
        if (!owns_row(m->type, i) || row->wrap == GI_WRAP_NONE || row->wrap == GI_WRAP_NEW) continue;
        void (*fn)(void) = gi_slot_at(m->type, row->offset);
        GiVal name = ts->names[row->name_id];
        if (fn == (void (*)(void))gi_hash_unhashable || has_key(m, name)) continue;
        GiRef d = gi_descr_new(ts, &gi_wrapper_descr_type, m->type, name, row, (void *)fn);
        if (gi_is_null(d)) return GI_FAIL;
        if (gi_dict_set_steal(ts, m->dict, name, d)) return GI_FAIL;
    }
    return GI_OK;
}

static GiStatus add_extras(Maker *m) {
    GiThread *ts = m->ts;
    GiType *type = m->type;
    if (!has_key(m, GI_N(__doc__))) {
        const char *doc = gi_type_doc_text(type);
        GiRef text = doc ? gi_str_from_cstr(ts, doc) : GI_REF_NONE;
        if (gi_is_null(text)) return GI_FAIL;
        if (gi_dict_set_steal(ts, m->dict, GI_N(__doc__), text)) return GI_FAIL;
    }
    if (owns_slot(type, offsetof(GiType, compare)) && type->hash == gi_hash_unhashable && !has_key(m, GI_N(__hash__)) &&
        gi_dict_set(ts, m->dict, GI_N(__hash__), GI_NONE))
        return GI_FAIL;
    bool adds_dict = (type->flags & GI_TYPE_ATTRS) && !(type->base && (type->base->flags & GI_TYPE_ATTRS));
    if (adds_dict && !has_key(m, GI_N(__dict__))) return add_descr(m, "__dict__", &gi_getset_descr_type, &gi_dict_getset_row);
    return GI_OK;
}

/* How many attributes there will be, but for wrappers of slots. */
static size_t count_attributes(const GiType *type) {
    size_t count = 3; /* __doc__, __new__, __dict__ or __hash__ */
    for (const GiMethodDef *m = type->methods; m && m->name; m++) count++;
    for (const GiMemberDef *m = type->members; m && m->name; m++) count++;
    for (const GiGetSetDef *g = type->getset; g && g->name; g++) count++;
    return count;
}

/* Nothing fails any more: from now on the dict and what it holds live for ever. Names are interned, and
 * types immortal, already. */
static void settle(GiVal dict) {
    GiVal key, value;
    for (size_t pos = 0; gi_dict_next_peek(dict, &pos, &key, &value);) {
        if (gi_is_heap(value)) gi_make_immortal(gi_obj(value));
        if (gi_is_exact(value, &gi_staticmethod_type)) gi_make_immortal(gi_obj(((GiWrapMethod *)gi_obj(value))->func));
    }
    gi_make_immortal(gi_obj(dict));
}

static GiRef make_dict(GiThread *ts, GiType *type) {
    GiRef dict = gi_dict_new_sized(ts, count_attributes(type));
    if (gi_is_null(dict)) return dict;
    Maker m = {ts, type, gi_val(dict)};
    if (add_new_function(&m) || add_wrappers(&m) || add_tables(&m) || add_extras(&m)) {
        gi_drop(ts, dict);
        return GI_NULL;
    }
    settle(gi_val(dict));
    return dict;
}

GiVal gi_type_dict_slow(GiThread *ts, GiType *type) {
    if ((type->flags & GI_TYPE_HEAP) || !(type->flags & GI_TYPE_READY)) return GI_NOVAL;
    GiRef pending = gi_exc_take(ts); /* look-ups happen while an exception is on its way */
    GiRef dict = make_dict(ts, type);
    /* Look-ups do not fail otherwise: what could not be had a moment ago is worth asking for again. */
    if (gi_is_null(dict)) {
        gi_exc_clear(ts);
        dict = make_dict(ts, type);
    }
    if (!gi_is_null(pending)) {
        if (gi_raised(ts)) gi_exc_clear(ts);
        gi_exc_restore(ts, pending);
    }
    if (gi_is_null(dict)) return GI_NOVAL;
    uint64_t none = 0;
    if (__atomic_compare_exchange_n(&type->dict.bits, &none, dict.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return gi_val(dict);
    gi_drop(ts, dict);
    return (GiVal){none};
}

GiStatus gi_type_add(GiThread *ts, GiType *type, const char *name, GiVal value) {
    GiVal dict = gi_type_dict(ts, type);
    return gi_is_null(dict) ? GI_FAIL : gi_dict_set_cstr(ts, dict, name, value);
}
