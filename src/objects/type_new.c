/* type_new.c - making classes: layout, __slots__, slots of the protocol, __set_name__ and
 * __init_subclass__; heap types from C; assignment to __bases__.
 *
 * The fixed part of an instance is that of the best base, then this class's __slots__, then (not
 * counted in `size`) the inline attributes. INVARIANT: a class under construction is not reachable
 * from Python code before its mro, slots and dict are complete, except by metaclass.mro().
 */
#include "objects/dispatch.h"
#include "memory/slots.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/hooks.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"

#include "base/unicode.h"

enum { DEFAULT_INLINE_ATTRS = 4, MAX_INLINE_ATTRS = 24 };

/* ---- Layout ---- */

GiType *gi_type_solid_base(GiType *t) {
    while (t->base && t->size == t->base->size && !t->slots_count &&
           (t->flags & GI_TYPE_VARSIZED) == (t->base->flags & GI_TYPE_VARSIZED))
        t = t->base;
    return t;
}

GiType *gi_type_best_base(GiThread *ts, GiVal bases) {
    GiType *best = NULL, *winner = NULL;
    for (size_t i = 0; i < gi_tuple_len(bases); i++) {
        GiVal item = gi_tuple_get(bases, i);
        if (!gi_is_type(item)) {
            gi_raise(ts, &gi_exc_TypeError, "bases must be types");
            return NULL;
        }
        GiType *base = gi_as_type(item);
        if (!(base->flags & GI_TYPE_BASE)) {
            gi_raise(ts, &gi_exc_TypeError, "type '%.100s' is not an acceptable base type", base->name);
            return NULL;
        }
        GiType *solid = gi_type_solid_base(base);
        if (!winner || (winner != solid && gi_is_subtype(solid, winner))) {
            winner = solid;
            best = base;
        } else if (!gi_is_subtype(winner, solid)) {
            gi_raise(ts, &gi_exc_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return best;
}

/* The state of a class being made. */
typedef struct Maker {
    GiThread *ts;
    GiType *meta, *base, *type;
    GiVal name, bases;
    GiRef dict;       /* the copy that becomes type->dict */
    GiRef slots;      /* tuple of mangled names, sorted; null: no __slots__ */
    GiRef cell;       /* __classcell__ or null */
    bool add_dict, add_weakref;
} Maker;

/* ---- __slots__ ---- */

static bool has_dict(GiThread *ts, GiType *t) {
    if (t->flags & (GI_TYPE_ATTRS | GI_TYPE_IS_TYPE)) return true;
    return !gi_is_null(gi_type_lookup_peek(ts, t, GI_N(__dict__)));
}

static bool is_identifier(GiVal s) {
    size_t n = gi_str_len(s);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = gi_str_char(s, i);
        bool letter = c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool digit = i > 0 && c >= '0' && c <= '9';
        if (c < 0x80 ? !(letter || digit) : !(i ? gi_uc_is_xid_continue(c) : gi_uc_is_xid_start(c)))
            return false;
    }
    return n > 0;
}

/* __x becomes _Class__x; other names as they are. */
static GiRef mangle(GiThread *ts, GiVal cls, GiVal name) {
    size_t n = gi_str_len(name), c = gi_str_len(cls), lead = 0;
    bool private = n > 2 && gi_str_char(name, 0) == '_' && gi_str_char(name, 1) == '_' &&
                   !(gi_str_char(name, n - 1) == '_' && gi_str_char(name, n - 2) == '_');
    while (lead < c && gi_str_char(cls, lead) == '_') lead++;
    if (!private || lead == c) return gi_str_intern(ts, gi_dup(ts, name));
    GiRef stripped = gi_str_slice(ts, cls, lead, c);
    if (gi_is_null(stripped)) return GI_NULL;
    GiRef text = gi_str_format(ts, "_%U%U", gi_val(stripped), name);
    gi_drop(ts, stripped);
    return gi_is_null(text) ? GI_NULL : gi_str_intern(ts, text);
}

/* Takes one entry of __slots__: sets a flag for the two special ones, else appends to `names`. */
static GiStatus take_slot(Maker *m, GiVal slot, GiVal names) {
    GiThread *ts = m->ts;
    if (!gi_is_str(slot))
        return gi_raise_status(ts, &gi_exc_TypeError, "__slots__ items must be strings, not '%.200T'", slot);
    if (!is_identifier(slot)) return gi_raise_status(ts, &gi_exc_TypeError, "__slots__ must be identifiers");
    if (gi_str_equals_cstr(slot, "__dict__")) {
        if (has_dict(ts, m->base) || m->add_dict)
            return gi_raise_status(ts, &gi_exc_TypeError, "__dict__ slot disallowed: we already got one");
        m->add_dict = true;
        return GI_OK;
    }
    if (gi_str_equals_cstr(slot, "__weakref__")) {
        if ((m->base->flags & (GI_TYPE_WEAKREF | GI_TYPE_VARSIZED)) || m->add_weakref)
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "__weakref__ slot disallowed: either we already got one, or "
                                   "__itemsize__ != 0");
        m->add_weakref = true;
        return GI_OK;
    }
    GiRef mangled = mangle(ts, m->name, slot);
    if (gi_is_null(mangled)) return GI_FAIL;
    GiTruth taken = gi_dict_contains(ts, gi_val(m->dict), gi_val(mangled));
    if (taken.value > 0 && !gi_str_equals_cstr(slot, "__qualname__") &&
        !gi_str_equals_cstr(slot, "__classcell__"))
        gi_raise(ts, &gi_exc_ValueError, "%R in __slots__ conflicts with class variable", slot);
    if (gi_raised(ts)) {
        gi_drop(ts, mangled);
        return GI_FAIL;
    }
    return gi_list_append(ts, names, mangled);
}

static GiStatus read_slots(Maker *m) {
    GiThread *ts = m->ts;
    GiVal value = gi_dict_get_str_peek(ts, gi_val(m->dict), GI_N(__slots__));
    bool may_weakref = !(m->base->flags & (GI_TYPE_WEAKREF | GI_TYPE_VARSIZED));
    if (gi_is_null(value)) {
        if (gi_raised(ts)) return GI_FAIL;
        m->add_dict = !has_dict(ts, m->base);
        m->add_weakref = may_weakref || (m->base->flags & GI_TYPE_STR && !(m->base->flags & GI_TYPE_WEAKREF));
        return GI_OK;
    }
    GiRef slots = gi_is_str(value) ? gi_tuple_from(ts, &value, 1) : gi_to_tuple(ts, value);
    if (gi_is_null(slots)) return GI_FAIL;
    GiStatus status = GI_FAIL;
    GiRef names = GI_NULL;
    if (gi_tuple_len(slots) > 0 && (m->base->flags & GI_TYPE_VARSIZED) && !(m->base->flags & GI_TYPE_STR)) {
        gi_raise(ts, &gi_exc_TypeError, "nonempty __slots__ not supported for subtype of '%s'", m->base->name);
        goto out;
    }
    names = gi_list_new(ts, gi_tuple_len(slots));
    if (gi_is_null(names)) goto out;
    for (size_t i = 0; i < gi_tuple_len(slots); i++)
        if (take_slot(m, gi_tuple_get(gi_val(slots), i), gi_val(names))) goto out;
    if ((m->base->flags & GI_TYPE_VARSIZED) && gi_list_len(names) > 0) {
        /* The characters of a str follow its fixed part: the attributes live in a __dict__ instead. */
        m->add_dict = !has_dict(ts, m->base);
        status = GI_OK;
        goto out;
    }
    if (gi_list_sort(ts, gi_val(names), GI_NOVAL, false)) goto out;
    m->slots = gi_list_to_tuple(ts, gi_val(names));
    if (gi_is_null(m->slots)) goto out;
    for (size_t i = 0; i < gi_tuple_len(m->bases); i++) { /* other bases may bring these */
        GiType *other = gi_as_type(gi_tuple_get(m->bases, i));
        if ((other->flags & GI_TYPE_ATTRS) && !has_dict(ts, m->base)) m->add_dict = true;
        if ((other->flags & GI_TYPE_WEAKREF) && may_weakref) m->add_weakref = true;
    }
    status = GI_OK;
out:
    gi_drop(ts, slots);
    gi_xdrop(ts, names);
    return status;
}

static GiStatus add_descr(Maker *m, GiVal name, GiType *kind, const void *def, void *wrapped) {
    GiRef d = gi_descr_new(m->ts, kind, m->type, name, def, wrapped);
    if (gi_is_null(d)) return GI_FAIL;
    return gi_dict_set_steal(m->ts, gi_val(m->type->dict), name, d);
}

static GiStatus add_slot_descriptors(Maker *m) {
    GiThread *ts = m->ts;
    GiType *type = m->type;
    size_t n = gi_is_null(m->slots) ? 0 : gi_tuple_len(m->slots);
    for (size_t i = 0; i < n; i++) {
        uintptr_t offset = type->slots_offset + i * sizeof(GiSlot);
        if (add_descr(m, gi_tuple_get(gi_val(m->slots), i), &gi_member_descr_type, NULL, (void *)offset))
            return GI_FAIL;
    }
    if (m->add_dict && gi_is_null(gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__dict__))) &&
        add_descr(m, GI_N(__dict__), &gi_getset_descr_type, &gi_dict_getset_row, NULL))
        return GI_FAIL;
    if (m->add_weakref && gi_is_null(gi_dict_get_str_peek(ts, gi_val(type->dict), GI_N(__weakref__))) &&
        add_descr(m, GI_N(__weakref__), &gi_getset_descr_type, &gi_weakref_getset_row, NULL))
        return GI_FAIL;
    return gi_raised(ts) ? GI_FAIL : GI_OK;
}

/* ---- The dict ---- */

static GiStatus set_module(Maker *m) {
    GiThread *ts = m->ts;
    GiVal dict = gi_val(m->dict);
    GiTruth has = gi_dict_contains(ts, dict, GI_N(__module__));
    if (has.value) return has.value < 0 ? GI_FAIL : GI_OK;
    const GiHooks *hooks = ts->vm->hooks;
    GiVal globals = hooks && hooks->current_globals ? hooks->current_globals(ts) : GI_NOVAL;
    if (gi_is_null(globals)) return GI_OK;
    GiRef name = gi_dict_get_str(ts, globals, GI_N(__name__));
    if (gi_is_null(name)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    return gi_dict_set_steal(ts, dict, GI_N(__module__), name);
}

/* Takes `name` out of the dict; null (no exception) when it is not there. */
static GiStatus take_out(Maker *m, GiVal name, GiRef *out) {
    *out = gi_dict_pop(m->ts, gi_val(m->dict), name);
    return gi_is_null(*out) && gi_raised(m->ts) ? GI_FAIL : GI_OK;
}

static GiStatus set_qualname(Maker *m) {
    GiThread *ts = m->ts;
    GiRef qualname;
    if (take_out(m, GI_N(__qualname__), &qualname)) return GI_FAIL;
    if (gi_is_null(qualname)) {
        qualname = gi_dup(ts, m->name);
    } else if (!gi_is_str(gi_val(qualname))) {
        gi_raise(ts, &gi_exc_TypeError, "type __qualname__ must be a str, not %T", gi_val(qualname));
        gi_drop(ts, qualname);
        return GI_FAIL;
    }
    gi_slot_init(&m->type->qualname, qualname);
    return GI_OK;
}

/* A plain function under this name becomes a static or class method. */
static GiStatus wrap_function(Maker *m, GiVal name, GiType *wrapper) {
    GiThread *ts = m->ts;
    GiVal fn = gi_dict_get_str_peek(ts, gi_val(m->dict), name);
    if (gi_is_null(fn) || !gi_has_flag(fn, GI_TYPE_FUNCTION)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    GiRef wrapped = gi_call1(ts, gi_type_val(wrapper), fn);
    if (gi_is_null(wrapped)) return GI_FAIL;
    return gi_dict_set_steal(ts, gi_val(m->dict), name, wrapped);
}

static GiStatus prepare_dict(Maker *m) {
    GiThread *ts = m->ts;
    if (set_module(m) || set_qualname(m)) return GI_FAIL;
    if (wrap_function(m, GI_N(__new__), &gi_staticmethod_type) ||
        wrap_function(m, GI_N(__init_subclass__), &gi_classmethod_type) ||
        wrap_function(m, GI_N(__class_getitem__), &gi_classmethod_type))
        return GI_FAIL;
    if (take_out(m, GI_N(__classcell__), &m->cell)) return GI_FAIL;
    if (!gi_is_null(m->cell) && !gi_is_exact(gi_val(m->cell), &gi_cell_type))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "__classcell__ must be a nonlocal cell, not <class '%.200T'>", gi_val(m->cell));
    return GI_OK;
}

/* What goes behind the class body's names: __doc__, and __hash__ = None beside an own __eq__. */
static GiStatus complete_dict(Maker *m) {
    GiThread *ts = m->ts;
    GiVal dict = gi_val(m->type->dict);
    GiTruth doc = gi_dict_contains(ts, dict, GI_N(__doc__));
    if (doc.value < 0 || (!doc.value && gi_dict_set(ts, dict, GI_N(__doc__), GI_NONE))) return GI_FAIL;
    GiVal text = gi_dict_get_str_peek(ts, dict, GI_N(__doc__));
    size_t len;
    /* PYSEM: what cannot be encoded is no documentation. */
    if (gi_is_str(text) && gi_str_utf8(ts, text, &len) == NULL) return GI_FAIL;
    GiTruth eq = gi_dict_contains(ts, dict, GI_N(__eq__));
    if (eq.value < 0) return GI_FAIL;
    if (!eq.value) return GI_OK;
    GiTruth hash = gi_dict_contains(ts, dict, GI_N(__hash__));
    if (hash.value < 0 || (!hash.value && gi_dict_set(ts, dict, GI_N(__hash__), GI_NONE))) return GI_FAIL;
    return GI_OK;
}

/* ---- The type object ---- */

static void copy_slots(GiType *type, const GiType *base) {
    size_t from = offsetof(GiType, new_), to = offsetof(GiType, cache);
    memcpy((char *)type + from, (const char *)base + from, to - from);
    type->vectornew = NULL;
}

/* Sets the fields that make the layout of instances. */
static void set_layout(Maker *m) {
    GiType *type = m->type, *base = m->base;
    size_t n = gi_is_null(m->slots) ? 0 : gi_tuple_len(m->slots);
    type->size = base->size;
    type->item_size = base->item_size;
    type->slots_offset = (base->size + 7u) & ~7u;
    type->slots_count = (uint16_t)n;
    if (n) {
        type->size = type->slots_offset + (uint32_t)(n * sizeof(GiSlot));
        type->flags |= GI_TYPE_GC | GI_TYPE_SLOTTED;
    }
    if (m->add_dict) type->flags |= GI_TYPE_ATTRS | GI_TYPE_GC;
    if (m->add_weakref) type->flags |= GI_TYPE_WEAKREF;
    type->inline_offset = (type->size + 7u) & ~7u;
    if (!(type->flags & GI_TYPE_ATTRS) || (type->flags & GI_TYPE_VARSIZED)) return;
    int inline_attrs = GI_MAX(DEFAULT_INLINE_ATTRS, (int)base->inline_attrs);
    GiThread *ts = m->ts;
    const GiHooks *hooks = ts->vm->hooks;
    GiVal init = gi_dict_get_str_peek(ts, gi_val(m->dict), GI_N(__init__));
    if (!gi_is_null(init) && gi_has_flag(init, GI_TYPE_FUNCTION) && hooks && hooks->attr_hint) {
        int hint = hooks->attr_hint(ts, init);
        inline_attrs = GI_MAX(inline_attrs, GI_MIN(hint, MAX_INLINE_ATTRS));
    }
    type->inline_attrs = (uint16_t)inline_attrs;
}

static GiStatus allocate(Maker *m) {
    GiThread *ts = m->ts;
    GiObj *obj = gi_heap_new(ts, m->meta, m->meta->size);
    if (!obj) return GI_FAIL;
    GiType *type = m->type = (GiType *)obj;
    type->flags = GI_TYPE_HEAP | GI_TYPE_BASE;
    type->base = m->base;
    gi_slot_init(&type->name_str, gi_dup(ts, m->name));
    gi_slot_init(&type->bases, gi_dup(ts, m->bases));
    type->name = gi_str_utf8(ts, m->name, NULL);
    return type->name ? GI_OK : GI_FAIL;
}

/* mro, dict, slots, registration with the bases. */
static GiStatus make_ready(Maker *m) {
    GiThread *ts = m->ts;
    GiType *type = m->type;
    gi_type_inherit_flags(type, m->base);
    /* PYSEM: what it is for patterns is what its first base is that is either. */
    const uint32_t pattern = GI_TYPE_MAPPING | GI_TYPE_SEQUENCE;
    type->flags &= ~pattern;
    for (size_t i = 0; i < gi_tuple_len(m->bases) && !(type->flags & pattern); i++)
        type->flags |= gi_as_type(gi_tuple_get(m->bases, i))->flags & pattern;
    set_layout(m);
    gi_slot_init(&type->dict, m->dict);
    m->dict = GI_NULL;
    if (!gi_is_null(m->slots)) gi_slot_init(&type->slot_names, gi_dup(ts, gi_val(m->slots)));
    if (add_slot_descriptors(m) || complete_dict(m)) return GI_FAIL;
    copy_slots(type, m->base);
    gi_type_set_plain_flags(type);
    if (gi_type_compute_mro(ts, type)) return GI_FAIL;
    /* A metaclass's mro() may have given it other bases already, and with them registered it. */
    for (size_t i = 0; gi_same(type->bases, m->bases) && i < gi_tuple_len(m->bases); i++)
        if (gi_type_add_subclass(ts, gi_as_type(gi_tuple_get(m->bases, i)), type)) return GI_FAIL;
    gi_type_derive_slots(ts, type, m->base);
    gi_type_assign_version(ts, type);
    if (type->flags & GI_TYPE_ATTRS) gi_shape_type_init(ts, type);
    if (gi_raised(ts)) return GI_FAIL;
    type->flags |= GI_TYPE_READY;
    return GI_OK;
}

/* ---- Afterwards ---- */

static GiStatus call_set_name(GiThread *ts, GiVal type, GiVal key, GiVal value) {
    GiRef method;
    if (gi_lookup_special(ts, value, GI_N(__set_name__), &method)) return GI_FAIL;
    if (gi_is_null(method)) return GI_OK;
    GiRef r = gi_call2(ts, gi_val(method), type, key);
    gi_drop(ts, method);
    if (gi_is_null(r)) {
        gi_raise_from_cause(ts, &gi_exc_RuntimeError,
                            "Error calling __set_name__ on '%.100T' instance %R in '%.100s'", value, key,
                            gi_as_type(type)->name);
        return GI_FAIL;
    }
    gi_drop(ts, r);
    return GI_OK;
}

static GiStatus set_names(GiThread *ts, GiType *type) {
    GiVal dict = gi_val(type->dict);
    bool any = false;
    size_t pos = 0;
    GiVal key, value;
    while (!any && gi_dict_next_peek(dict, &pos, &key, &value)) {
        GiType *t = gi_type_of(value);
        any = !(t->flags & GI_TYPE_FUNCTION) &&
              !gi_is_null(gi_type_lookup_peek(ts, t, GI_N(__set_name__)));
    }
    if (!any) return GI_OK;
    GiRef copy = gi_dict_copy(ts, dict);
    if (gi_is_null(copy)) return GI_FAIL;
    pos = 0;
    GiStatus status = GI_OK;
    while (!status && gi_dict_next_peek(gi_val(copy), &pos, &key, &value))
        status = call_set_name(ts, gi_type_val(type), key, value);
    gi_drop(ts, copy);
    return status;
}

/* super(type, type).__init_subclass__(**kwargs) */
static GiStatus init_subclass(GiThread *ts, GiType *type, const GiVal *kwvalues, GiVal kwnames) {
    GiVal self = gi_type_val(type);
    GiRef method = GI_NULL;
    GiType *owner = NULL;
    size_t at = 0;
    while (at < gi_tuple_len(type->mro) && !gi_same(gi_tuple_get(gi_val(type->mro), at), self)) at++;
    if (at == gi_tuple_len(type->mro))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "super(type, obj): obj must be an instance or subtype of type");
    for (size_t i = at + 1; i < gi_tuple_len(type->mro) && gi_is_null(method); i++) {
        owner = gi_as_type(gi_tuple_get(gi_val(type->mro), i));
        GiVal dict = gi_type_dict(ts, owner);
        GiVal found = gi_is_null(dict)
                          ? GI_NOVAL
                          : gi_dict_get_str_peek(ts, dict, GI_N(__init_subclass__));
        method = gi_xdup(ts, found);
    }
    if (gi_is_null(method)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    if (owner == &gi_object_type && gi_is_null(kwnames)) { /* does nothing */
        gi_drop(ts, method);
        return GI_OK;
    }
    GiType *t = gi_type_of(gi_val(method));
    if (t->descr_get) {
        GiRef bound = t->descr_get(ts, gi_val(method), GI_NOVAL, self);
        gi_drop(ts, method);
        if (gi_is_null(bound)) return GI_FAIL;
        method = bound;
    }
    GiRef r = gi_call(ts, gi_val(method), kwvalues, 0, kwnames);
    gi_drop(ts, method);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

static GiStatus make_class(Maker *m, const GiVal *kwvalues, GiVal kwnames) {
    GiThread *ts = m->ts;
    size_t len;
    const char *text = gi_str_utf8(ts, m->name, &len);
    if (!text) return GI_FAIL;
    if (strlen(text) != len)
        return gi_raise_status(ts, &gi_exc_ValueError, "type name must not contain null characters");
    if (gi_is_null(m->dict) || read_slots(m) || allocate(m) || prepare_dict(m)) return GI_FAIL;
    if (!gi_is_null(m->cell)) /* before a metaclass's mro() runs, which may use super() */
        gi_slot_store(ts, &((GiCell *)gi_obj(m->cell))->value, gi_dup(ts, gi_type_val(m->type)));
    if (make_ready(m)) return GI_FAIL;
    if (set_names(ts, m->type)) return GI_FAIL;
    return init_subclass(ts, m->type, kwvalues, kwnames);
}

GiRef gi_type_new_class(GiThread *ts, GiType *meta, GiVal name, GiVal bases, GiVal dict,
                        const GiVal *kwvalues, GiVal kwnames) {
    GiRef owned_bases;
    if (gi_tuple_len(bases) == 0) {
        GiVal object = gi_type_val(&gi_object_type);
        owned_bases = gi_tuple_from(ts, &object, 1);
    } else {
        owned_bases = gi_dup(ts, bases);
    }
    if (gi_is_null(owned_bases)) return GI_NULL;
    Maker m = {.ts = ts, .meta = meta, .name = name, .bases = gi_val(owned_bases)};
    m.base = gi_type_best_base(ts, m.bases);
    if (!m.base) {
        gi_drop(ts, owned_bases);
        return GI_NULL;
    }
    m.dict = gi_dict_copy(ts, dict);
    GiStatus status = make_class(&m, kwvalues, kwnames);
    gi_xdrop(ts, m.dict);
    gi_xdrop(ts, m.slots);
    gi_xdrop(ts, m.cell);
    gi_drop(ts, owned_bases);
    GiRef result = gi_own_obj(m.type);
    if (!status) return result;
    gi_xdrop(ts, result);
    return GI_NULL;
}

GiRef gi_type_make(GiThread *ts, const char *dotted_name, GiType *base, const char *doc) {
    const char *dot = strrchr(dotted_name, '.');
    GiRef name = gi_str_from_cstr(ts, dot ? dot + 1 : dotted_name);
    GiRef full = gi_str_from_cstr(ts, dotted_name);
    GiVal base_value = gi_type_val(base ? base : &gi_object_type);
    GiRef bases = gi_tuple_from(ts, &base_value, 1);
    GiRef dict = gi_dict_new(ts);
    GiRef result = GI_NULL;
    if (gi_is_null(name) || gi_is_null(full) || gi_is_null(bases) || gi_is_null(dict)) goto out;
    if (dot) {
        GiRef module = gi_str_from_utf8(ts, dotted_name, (size_t)(dot - dotted_name));
        if (gi_is_null(module) || gi_dict_set_steal(ts, gi_val(dict), GI_N(__module__), module)) goto out;
    }
    if (doc) {
        GiRef text = gi_str_from_cstr(ts, doc);
        if (gi_is_null(text) || gi_dict_set_steal(ts, gi_val(dict), GI_N(__doc__), text)) goto out;
    }
    result = gi_type_new_class(ts, &gi_type_type, gi_val(name), gi_val(bases), gi_val(dict), NULL, GI_NOVAL);
    if (!gi_is_null(result)) { /* tp_name of such types is the dotted one */
        GiType *type = gi_as_type(result);
        const char *text = gi_str_utf8(ts, gi_val(full), NULL);
        if (text) {
            type->name = text;
            gi_slot_init(&type->full_name, gi_dup(ts, gi_val(full)));
        }
    }
out:
    gi_xdrop(ts, name);
    gi_xdrop(ts, full);
    gi_xdrop(ts, bases);
    gi_xdrop(ts, dict);
    return result;
}
