/* generic_alias.c - types.GenericAlias (list[int]) and types.UnionType (int | str).
 *
 * Immutable but for the parameters, which are worked out when first asked for (a race computes
 * them twice). The typing module's classes take part through __typing_subst__,
 * __typing_prepare_subst__, __parameters__ and __typing_unpacked_tuple_args__.
 */
#include "objects/descr.h"
#include "memory/slots.h"
#include "objects/container.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include "base/hash.h"
#include "generic_alias.gen.h"

#define ALIAS(v) ((GiGenericAlias *)gi_obj(v))
#define UNION(v) ((GiUnion *)gi_obj(v))

/* ---- Text ---- */

/* One item of an alias or union, as a type is written in an annotation. */
static void put_item(GiStrBuilder *sb, GiVal v, bool none_short) {
    GiThread *ts = sb->ts;
    if (sb->failed) return;
    if (gi_is_ellipsis(v)) {
        gi_sb_lit(sb, "...");
        return;
    }
    if (none_short && gi_is_exact(v, &gi_type_type) && gi_as_type(v) == &gi_none_type) {
        gi_sb_lit(sb, "None");
        return;
    }
    GiRef origin, args = GI_NULL, qualname = GI_NULL, module = GI_NULL;
    if (gi_getattr_opt(ts, v, GI_N(__origin__), &origin)) goto fail;
    if (!gi_is_null(origin)) {
        gi_drop(ts, origin);
        if (gi_getattr_opt(ts, v, GI_N(__args__), &args)) goto fail;
        if (!gi_is_null(args)) {
            gi_drop(ts, args);
            gi_sb_repr(sb, v);
            return;
        }
    }
    if (gi_getattr_opt(ts, v, GI_N(__qualname__), &qualname) ||
        gi_getattr_opt(ts, v, GI_N(__module__), &module))
        goto fail;
    if (gi_is_null(qualname) || gi_is_null(module) || gi_is_none(module)) {
        gi_sb_repr(sb, v);
    } else {
        GiRef m = gi_str(ts, gi_val(module)), q = gi_str(ts, gi_val(qualname));
        if (!gi_is_null(m) && !gi_is_null(q)) {
            if (!gi_str_equals_cstr(gi_val(m), "builtins")) {
                gi_sb_str(sb, gi_val(m));
                gi_sb_char(sb, '.');
            }
            gi_sb_str(sb, gi_val(q));
        } else {
            sb->failed = true;
        }
        gi_xdrop(ts, m);
        gi_xdrop(ts, q);
    }
    gi_xdrop(ts, qualname);
    gi_xdrop(ts, module);
    return;
fail:
    gi_xdrop(ts, qualname);
    gi_xdrop(ts, module);
    sb->failed = true;
}

/* The text, or null: also when an item failed (the exception is set then). */
static GiRef finish(GiStrBuilder *sb) {
    if (sb->failed && gi_raised(sb->ts)) {
        gi_sb_discard(sb);
        return GI_NULL;
    }
    return gi_sb_finish(sb);
}

static GiRef alias_repr(GiThread *ts, GiVal self) {
    GiGenericAlias *g = ALIAS(self);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    if (g->starred) gi_sb_char(&sb, '*');
    put_item(&sb, gi_val(g->origin), false);
    gi_sb_char(&sb, '[');
    size_t n = gi_tuple_len(g->args);
    for (size_t i = 0; i < n; i++) {
        if (i) gi_sb_lit(&sb, ", ");
        put_item(&sb, gi_tuple_get(gi_val(g->args), i), false);
    }
    if (!n) gi_sb_lit(&sb, "()");
    gi_sb_char(&sb, ']');
    return finish(&sb);
}

static GiRef union_repr(GiThread *ts, GiVal self) {
    GiVal args = gi_val(UNION(self)->args);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    for (size_t i = 0; i < gi_tuple_len(args); i++) {
        if (i) gi_sb_lit(&sb, " | ");
        put_item(&sb, gi_tuple_get(args, i), true);
    }
    return finish(&sb);
}

/* ---- Parameters ---- */

static GiStatus add_unique(GiThread *ts, GiVal list, GiVal item) {
    for (size_t i = 0; i < gi_list_len(list); i++)
        if (gi_same(gi_list_peek_locked(list, i), item)) return GI_OK;
    return gi_list_append(ts, list, gi_dup(ts, item));
}

static GiStatus collect_from(GiThread *ts, GiVal list, GiVal item) {
    if (gi_is_type(item)) return GI_OK;
    GiRef subst, inner;
    if (gi_getattr_opt(ts, item, GI_N(__typing_subst__), &subst)) return GI_FAIL;
    if (!gi_is_null(subst)) {
        gi_drop(ts, subst);
        return add_unique(ts, list, item);
    }
    if (gi_getattr_opt(ts, item, GI_N(__parameters__), &inner)) return GI_FAIL;
    GiStatus status = GI_OK;
    if (!gi_is_null(inner) && gi_is_tuple(gi_val(inner)))
        for (size_t i = 0; i < gi_tuple_len(inner) && !status; i++)
            status = add_unique(ts, list, gi_tuple_get(gi_val(inner), i));
    gi_xdrop(ts, inner);
    return status;
}

/* The type variables among args, each once. */
static GiRef collect_parameters(GiThread *ts, GiVal args) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return GI_NULL;
    GiRef tuple = GI_NULL;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < gi_tuple_len(args) && !status; i++)
        status = collect_from(ts, gi_val(list), gi_tuple_get(args, i));
    if (!status) tuple = gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    return tuple;
}

static GiRef cached_parameters(GiThread *ts, GiVal args, GiSlot *slot) {
    GiRef found = gi_slot_load(ts, slot);
    if (!gi_is_null(found)) return found;
    found = collect_parameters(ts, args);
    if (gi_is_null(found)) return found;
    /* Whoever comes first stores it, and others have the same ever after. */
    uint64_t none = 0;
    if (__atomic_compare_exchange_n(&slot->bits, &none, found.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return gi_dup(ts, gi_val(found));
    gi_drop(ts, found);
    return gi_slot_load(ts, slot);
}

/* ---- Substitution ---- */

/* The items between the brackets, with unpacked tuples spread out. */
static GiRef spread_items(GiThread *ts, GiVal item) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return GI_NULL;
    size_t n = gi_is_tuple(item) ? gi_tuple_len(item) : 1;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < n && !status; i++) {
        GiVal x = gi_is_tuple(item) ? gi_tuple_get(item, i) : item;
        GiRef inner = GI_NULL;
        if (!gi_is_type(x)) status = gi_getattr_opt(ts, x, GI_N(__typing_unpacked_tuple_args__), &inner);
        if (status) break;
        bool spread = !gi_is_null(inner) && gi_is_tuple(gi_val(inner));
        size_t k = spread ? gi_tuple_len(inner) : 0;
        if (spread && k > 0 && gi_is_ellipsis(gi_tuple_get(gi_val(inner), k - 1))) spread = false;
        if (!spread) status = gi_list_append(ts, gi_val(list), gi_dup(ts, x));
        for (size_t j = 0; spread && j < k && !status; j++)
            status = gi_list_append(ts, gi_val(list), gi_dup(ts, gi_tuple_get(gi_val(inner), j)));
        gi_xdrop(ts, inner);
    }
    GiRef tuple = status ? GI_NULL : gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    return tuple;
}

static ssize_t index_of(GiVal parameters, GiVal param) {
    for (size_t i = 0; i < gi_tuple_len(parameters); i++)
        if (gi_same(gi_tuple_get(parameters, i), param)) return (ssize_t)i;
    return -1;
}

/* arg[the items that stand for arg's own parameters] */
static GiRef substitute_inner(GiThread *ts, GiVal arg, GiVal inner, GiVal parameters, GiVal items) {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return GI_NULL;
    GiStatus status = GI_OK;
    for (size_t i = 0; i < gi_tuple_len(inner) && !status; i++) {
        GiVal param = gi_tuple_get(inner, i);
        ssize_t at = index_of(parameters, param);
        GiVal x = at >= 0 ? gi_tuple_get(items, (size_t)at) : param;
        /* What stands for a TypeVarTuple is a tuple, spread out here. */
        GiType *t = gi_type_of(param);
        if (at >= 0 && gi_is_tuple(x) && !gi_is_null(gi_type_lookup_peek(ts, t, GI_N(__iter__))))
            status = gi_list_extend(ts, gi_val(list), x);
        else
            status = gi_list_append(ts, gi_val(list), gi_dup(ts, x));
    }
    GiRef key = status ? GI_NULL : gi_list_to_tuple(ts, gi_val(list));
    gi_drop(ts, list);
    if (gi_is_null(key)) return GI_NULL;
    GiRef r = gi_getitem(ts, arg, gi_val(key));
    gi_drop(ts, key);
    return r;
}

static GiStatus substitute_one(GiThread *ts, GiVal arg, GiVal parameters, GiVal items, GiVal out) {
    if (gi_is_type(arg)) return gi_list_append(ts, out, gi_dup(ts, arg));
    GiRef unpacked, subst, r = GI_NULL;
    if (gi_getattr_opt(ts, arg, GI_N(__typing_is_unpacked_typevartuple__), &unpacked)) return GI_FAIL;
    bool unpack = false;
    if (!gi_is_null(unpacked)) {
        GiTruth t = gi_truth(ts, gi_val(unpacked));
        gi_drop(ts, unpacked);
        if (t.value < 0) return GI_FAIL;
        unpack = t.value;
    }
    if (gi_getattr_opt(ts, arg, GI_N(__typing_subst__), &subst)) return GI_FAIL;
    if (!gi_is_null(subst)) {
        ssize_t at = index_of(parameters, arg);
        r = at < 0 ? gi_dup(ts, arg) : gi_call1(ts, gi_val(subst), gi_tuple_get(items, (size_t)at));
        gi_drop(ts, subst);
    } else {
        GiRef inner;
        if (gi_getattr_opt(ts, arg, GI_N(__parameters__), &inner)) return GI_FAIL;
        if (!gi_is_null(inner) && gi_is_tuple(gi_val(inner)) && gi_tuple_len(inner))
            r = substitute_inner(ts, arg, gi_val(inner), parameters, items);
        else
            r = gi_dup(ts, arg);
        gi_xdrop(ts, inner);
    }
    if (gi_is_null(r)) return GI_FAIL;
    if (!unpack) return gi_list_append(ts, out, r);
    GiStatus status = gi_is_tuple(gi_val(r))
                          ? gi_list_extend(ts, out, gi_val(r))
                          : gi_raise_status(ts, &gi_exc_TypeError,
                                            "expected __typing_subst__ of %.200T objects to return a tuple, "
                                            "not %.200T", arg, gi_val(r));
    gi_drop(ts, r);
    return status;
}

/* Each parameter may rearrange the items (ParamSpec, TypeVarTuple do). */
static GiRef prepare_items(GiThread *ts, GiVal self, GiVal parameters, GiRef items) {
    for (size_t i = 0; i < gi_tuple_len(parameters) && !gi_is_null(items); i++) {
        GiRef prepare = GI_NULL, name = gi_intern_cstr(ts, "__typing_prepare_subst__");
        GiStatus status = gi_is_null(name) ? GI_FAIL
                                           : gi_getattr_opt(ts, gi_tuple_get(parameters, i), gi_val(name), &prepare);
        gi_xdrop(ts, name);
        if (status) {
            gi_drop(ts, items);
            return GI_NULL;
        }
        if (gi_is_null(prepare) || gi_is_none(prepare)) continue;
        GiRef r = gi_call2(ts, gi_val(prepare), self, gi_val(items));
        gi_drop(ts, prepare);
        gi_drop(ts, items);
        if (gi_is_null(r)) return GI_NULL;
        items = gi_is_tuple(gi_val(r)) ? r : gi_tuple_steal(ts, &r, 1);
    }
    return items;
}

/* The arguments of self[item]. */
static GiRef substitute(GiThread *ts, GiVal self, GiVal args, GiVal parameters, GiVal item) {
    size_t n = gi_tuple_len(parameters);
    if (n == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "%R is not a generic class", self);
    GiRef items = prepare_items(ts, self, parameters, spread_items(ts, item));
    if (gi_is_null(items)) return GI_NULL;
    GiRef result = GI_NULL;
    if (gi_tuple_len(items) != n) {
        gi_raise(ts, &gi_exc_TypeError, "Too %s arguments for %R; actual %zu, expected %zu",
                 gi_tuple_len(items) > n ? "many" : "few", self, gi_tuple_len(items), n);
    } else {
        GiRef out = gi_list_new(ts, gi_tuple_len(args));
        GiStatus status = gi_is_null(out) ? GI_FAIL : GI_OK;
        for (size_t i = 0; i < gi_tuple_len(args) && !status; i++)
            status = substitute_one(ts, gi_tuple_get(args, i), parameters, gi_val(items), gi_val(out));
        if (!status) result = gi_list_to_tuple(ts, gi_val(out));
        gi_xdrop(ts, out);
    }
    gi_drop(ts, items);
    return result;
}

/* ---- GenericAlias ---- */

static GiRef alias_make(GiThread *ts, GiType *type, GiVal origin, GiVal args, bool starred) {
    GiRef tuple = gi_is_tuple(args) ? gi_dup(ts, args) : gi_tuple_from(ts, &args, 1);
    if (gi_is_null(tuple)) return GI_NULL;
    GiRef self = gi_type_alloc(ts, type, 0);
    if (gi_is_null(self)) {
        gi_drop(ts, tuple);
        return GI_NULL;
    }
    gi_slot_init(&ALIAS(self)->origin, gi_dup(ts, origin));
    gi_slot_init(&ALIAS(self)->args, tuple);
    ALIAS(self)->starred = starred;
    return self;
}

GiRef gi_generic_alias_new(GiThread *ts, GiVal origin, GiVal args) {
    return alias_make(ts, &gi_generic_alias_type, origin, args, false);
}

static GiRef alias_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "GenericAlias", kwnames) || gi_check_args(ts, "GenericAlias", nargs, 2, 2))
        return GI_NULL;
    return alias_make(ts, type, args[0], args[1], false);
}

static GiRef alias_parameters(GiThread *ts, GiVal self) {
    return cached_parameters(ts, gi_val(ALIAS(self)->args), &ALIAS(self)->parameters);
}

static GiRef alias_subscript(GiThread *ts, GiVal self, GiVal item) {
    GiRef parameters = alias_parameters(ts, self);
    if (gi_is_null(parameters)) return GI_NULL;
    GiRef args = substitute(ts, self, gi_val(ALIAS(self)->args), gi_val(parameters), item);
    gi_drop(ts, parameters);
    if (gi_is_null(args)) return GI_NULL;
    GiRef r = alias_make(ts, gi_type_of(self), gi_val(ALIAS(self)->origin), gi_val(args), ALIAS(self)->starred);
    gi_drop(ts, args);
    return r;
}

static GiRef alias_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiRef obj = gi_call(ts, gi_val(ALIAS(self)->origin), args, nargs, kwnames);
    if (gi_is_null(obj)) return GI_NULL;
    if (gi_setattr(ts, gi_val(obj), GI_N(__orig_class__), self)) {
        if (!gi_exc_matches(ts, &gi_exc_AttributeError) && !gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_drop(ts, obj);
            return GI_NULL;
        }
        gi_exc_clear(ts);
    }
    return obj;
}

static const char *const own_attributes[] = {
    "__class__", "__origin__", "__args__", "__unpacked__", "__parameters__", "__typing_unpacked_tuple_args__",
    "__mro_entries__", "__reduce_ex__", "__reduce__", "__copy__", "__deepcopy__",
};

static GiRef alias_getattr(GiThread *ts, GiVal self, GiVal name) {
    for (size_t i = 0; i < GI_COUNTOF(own_attributes); i++)
        if (gi_str_equals_cstr(name, own_attributes[i])) return gi_object_getattr(ts, self, name);
    return gi_getattr(ts, gi_val(ALIAS(self)->origin), name);
}

static int64_t alias_hash(GiThread *ts, GiVal self) {
    int64_t a = gi_hash(ts, gi_val(ALIAS(self)->origin));
    if (a == -1) return -1;
    int64_t b = gi_hash(ts, gi_val(ALIAS(self)->args));
    return b == -1 ? -1 : gi_hash_fix(a ^ b);
}

static GiRef alias_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_heap(b) || !gi_is_instance_of(b, &gi_generic_alias_type) ||
        !gi_is_instance_of(a, &gi_generic_alias_type))
        return GI_REF_NOTIMPLEMENTED;
    GiTruth same = gi_truth_of(ALIAS(a)->starred == ALIAS(b)->starred);
    if (same.value) same = gi_equal(ts, gi_val(ALIAS(a)->origin), gi_val(ALIAS(b)->origin));
    if (same.value > 0) same = gi_equal(ts, gi_val(ALIAS(a)->args), gi_val(ALIAS(b)->args));
    if (same.value < 0) return GI_NULL;
    return gi_bool_ref(same.value == (op == GI_EQ));
}

static GiRef alias_or(GiThread *ts, GiVal a, GiVal b) { return gi_union_new(ts, a, b); }

/* *list[int]: an iterator that gives the starred alias, once. */
typedef struct AliasIter { GiObj obj; GiSlot alias; } AliasIter;
#define ALIAS_ITER(v) ((AliasIter *)gi_obj(v))

static GiRef alias_iter(GiThread *ts, GiVal self) {
    GiRef it = gi_type_alloc(ts, &gi_generic_alias_iter_type, 0);
    if (!gi_is_null(it)) gi_slot_init(&ALIAS_ITER(it)->alias, gi_dup(ts, self));
    return it;
}

static GiRef self_iter(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef alias_iter_next(GiThread *ts, GiVal self) {
    GiRef alias = gi_slot_exchange(ts, &ALIAS_ITER(self)->alias, GI_NULL);
    if (gi_is_null(alias)) return GI_NULL;
    GiRef starred = alias_make(ts, &gi_generic_alias_type, gi_val(ALIAS(alias)->origin),
                               gi_val(ALIAS(alias)->args), true);
    gi_drop(ts, alias);
    return starred;
}

/* (function, (arg,)); consumes arg. */
static GiRef reduce_to(GiThread *ts, const char *function, GiRef arg) {
    GiRef fn = gi_is_null(arg) ? GI_NULL : gi_builtin(ts, function);
    if (gi_is_null(fn)) {
        gi_xdrop(ts, arg);
        return GI_NULL;
    }
    GiRef args = gi_tuple_steal(ts, &arg, 1);
    if (gi_is_null(args)) {
        gi_drop(ts, fn);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, (GiRef[]){fn, args}, 2);
}

GI_METHOD(alias_iter, __reduce__, "(self, /)", "") {
    GiRef alias = gi_slot_load(ts, &ALIAS_ITER(self)->alias);
    return reduce_to(ts, "iter", gi_is_null(alias) ? gi_tuple_new(ts, 0) : alias);
}

static const GiField alias_iter_fields[] = {GI_SLOT(AliasIter, alias), GI_FIELDS_END};
GiType gi_generic_alias_iter_type = {
    .obj = GI_TYPE_HEAD, .name = "generic_alias_iterator", .size = sizeof(AliasIter),
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = alias_iter_fields, .methods = alias_iter_methods,
    .iter = self_iter, .next = alias_iter_next,
};

GI_METHOD(alias, __mro_entries__, "(self, bases, /)", "") {
    GiVal origin = gi_val(ALIAS(self)->origin);
    return gi_tuple_from(ts, &origin, 1);
}
GI_METHOD(alias, __instancecheck__, "(self, instance, /)", "") {
    return gi_raise_ref(ts, &gi_exc_TypeError, "isinstance() argument 2 cannot be a parameterized generic");
}
GI_METHOD(alias, __subclasscheck__, "(self, cls, /)", "") {
    return gi_raise_ref(ts, &gi_exc_TypeError, "issubclass() argument 2 cannot be a parameterized generic");
}
GI_METHOD(alias, __reduce__, "(self, /)", "") {
    GiGenericAlias *g = ALIAS(self);
    if (!g->starred) {
        GiRef args = gi_tuple_pack(ts, 2, gi_val(g->origin), gi_val(g->args));
        if (gi_is_null(args)) return GI_NULL;
        GiRef r = gi_tuple_pack(ts, 2, gi_type_val(&gi_generic_alias_type), gi_val(args));
        gi_drop(ts, args);
        return r;
    }
    GiRef plain = alias_make(ts, &gi_generic_alias_type, gi_val(g->origin), gi_val(g->args), false);
    if (gi_is_null(plain)) return GI_NULL;
    GiRef it = alias_iter(ts, gi_val(plain));
    gi_drop(ts, plain);
    return reduce_to(ts, "next", it);
}
GI_METHOD(alias, __dir__, "(self, /)", "") {
    GiVal origin = gi_val(ALIAS(self)->origin);
    GiRef names;
    if (gi_is_type(origin)) {
        GiRef dict = gi_dict_new(ts);
        if (gi_is_null(dict)) return GI_NULL;
        names = gi_merge_class_dict(ts, gi_val(dict), origin) ? GI_NULL : gi_dict_keys_list(ts, gi_val(dict));
        gi_drop(ts, dict);
    } else {
        names = gi_call_special(ts, GI_N(__dir__), &origin, 1);
    }
    if (gi_is_null(names)) return GI_NULL;
    GiRef list = gi_to_list(ts, gi_val(names));
    gi_drop(ts, names);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < GI_COUNTOF(own_attributes) && !status; i++) {
        GiRef name = gi_intern_cstr(ts, own_attributes[i]);
        GiTruth has = gi_is_null(name) ? GI_TRUTH_FAIL : gi_contains(ts, gi_val(list), gi_val(name));
        status = has.value < 0 ? GI_FAIL : has.value ? GI_OK : gi_list_append(ts, gi_val(list), gi_dup(ts, gi_val(name)));
        gi_xdrop(ts, name);
    }
    if (!status) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}
GI_GETTER(alias, __parameters__, "Type variables in the GenericAlias.") { return alias_parameters(ts, self); }
GI_GETTER(alias, __typing_unpacked_tuple_args__, "") {
    GiGenericAlias *g = ALIAS(self);
    if (g->starred && gi_same(g->origin, gi_type_val(&gi_tuple_type))) return gi_slot_load(ts, &g->args);
    return GI_REF_NONE;
}

static const GiField alias_fields[] = {GI_SLOT(GiGenericAlias, origin), GI_SLOT(GiGenericAlias, args),
                                       GI_SLOT(GiGenericAlias, parameters), GI_FIELDS_END};
static const GiMemberDef alias_members[] = {
    {"__origin__", GI_MEMBER_OBJECT, offsetof(GiGenericAlias, origin), true, NULL},
    {"__args__", GI_MEMBER_OBJECT, offsetof(GiGenericAlias, args), true, NULL},
    {"__unpacked__", GI_MEMBER_BOOL, offsetof(GiGenericAlias, starred), true, NULL},
    {.name = NULL},
};
GiType gi_generic_alias_type = {
    .obj = GI_TYPE_HEAD, .name = "GenericAlias", .module = "types", .size = sizeof(GiGenericAlias),
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_WEAKREF,
    .doc = "Represent a PEP 585 generic type\n\nE.g. for t = list[int], t.__origin__ is list and t.__args__ is "
           "(int,).",
    .fields = alias_fields, .members = alias_members, .methods = alias_methods, .getset = alias_getset,
    .new_ = alias_new, .repr = alias_repr, .hash = alias_hash, .compare = alias_compare, .call = alias_call,
    .getattr = alias_getattr, .iter = alias_iter, .subscript = alias_subscript, .binary[GI_BIN_OR] = alias_or,
};

/* ---- UnionType ---- */

static bool may_unite(GiVal v) {
    return gi_is_none(v) || gi_is_type(v) ||
           (gi_is_heap(v) && (gi_is_instance_of(v, &gi_generic_alias_type) || gi_is_exact(v, &gi_union_type)));
}

/* Appends v, or a union's members, without repetition. None stands for its type. */
static GiStatus add_members(GiThread *ts, GiVal list, GiVal v) {
    if (gi_is_exact(v, &gi_union_type)) {
        GiVal args = gi_val(UNION(v)->args);
        for (size_t i = 0; i < gi_tuple_len(args); i++)
            if (add_members(ts, list, gi_tuple_get(args, i))) return GI_FAIL;
        return GI_OK;
    }
    if (gi_is_none(v)) v = gi_type_val(&gi_none_type);
    bool alias = !gi_is_type(v);
    for (size_t i = 0; i < gi_list_len(list); i++) {
        GiVal x = gi_list_peek_locked(list, i);
        if (gi_same(x, v)) return GI_OK;
        if (!alias || gi_is_type(x)) continue;
        GiTruth same = gi_equal(ts, x, v);
        if (same.value) return same.value < 0 ? GI_FAIL : GI_OK;
    }
    return gi_list_append(ts, list, gi_dup(ts, v));
}

GiRef gi_union_new(GiThread *ts, GiVal a, GiVal b) {
    if (!may_unite(a) || !may_unite(b)) return GI_REF_NOTIMPLEMENTED;
    GiRef list = gi_list_new(ts, 2);
    if (gi_is_null(list)) return GI_NULL;
    GiRef r = GI_NULL;
    if (!add_members(ts, gi_val(list), a) && !add_members(ts, gi_val(list), b)) {
        if (gi_list_len(list) == 1) {
            r = gi_list_get(ts, gi_val(list), 0);
        } else {
            GiRef args = gi_list_to_tuple(ts, gi_val(list));
            r = gi_is_null(args) ? GI_NULL : gi_type_alloc(ts, &gi_union_type, 0);
            if (!gi_is_null(r))
                gi_slot_init(&UNION(r)->args, args);
            else
                gi_xdrop(ts, args);
        }
    }
    gi_drop(ts, list);
    return r;
}

static GiRef union_set(GiThread *ts, GiVal self) { return gi_frozenset_new(ts, gi_val(UNION(self)->args)); }

static int64_t union_hash(GiThread *ts, GiVal self) {
    GiRef set = union_set(ts, self);
    if (gi_is_null(set)) return -1;
    int64_t h = gi_hash(ts, gi_val(set));
    gi_drop(ts, set);
    return h;
}

static GiRef union_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_exact(b, &gi_union_type) || !gi_is_exact(a, &gi_union_type))
        return GI_REF_NOTIMPLEMENTED;
    GiRef x = union_set(ts, a);
    if (gi_is_null(x)) return GI_NULL;
    GiRef y = union_set(ts, b);
    GiRef r = gi_is_null(y) ? GI_NULL : gi_compare(ts, gi_val(x), gi_val(y), op);
    gi_drop(ts, x);
    gi_xdrop(ts, y);
    return r;
}

static GiRef union_or(GiThread *ts, GiVal a, GiVal b) { return gi_union_new(ts, a, b); }

static GiRef union_parameters(GiThread *ts, GiVal self) {
    return cached_parameters(ts, gi_val(UNION(self)->args), &UNION(self)->parameters);
}

static GiRef union_subscript(GiThread *ts, GiVal self, GiVal item) {
    GiRef parameters = union_parameters(ts, self);
    if (gi_is_null(parameters)) return GI_NULL;
    GiRef args = substitute(ts, self, gi_val(UNION(self)->args), gi_val(parameters), item);
    gi_drop(ts, parameters);
    if (gi_is_null(args)) return GI_NULL;
    GiRef r = gi_dup(ts, gi_tuple_get(gi_val(args), 0));
    for (size_t i = 1; i < gi_tuple_len(args) && !gi_is_null(r); i++) {
        GiRef next = gi_binary(ts, GI_BIN_OR, gi_val(r), gi_tuple_get(gi_val(args), i));
        gi_drop(ts, r);
        r = next;
    }
    gi_drop(ts, args);
    return r;
}

GI_METHOD(union, __instancecheck__, "(self, instance, /)", "") {
    GiVal args = gi_val(UNION(self)->args);
    for (size_t i = 0; i < gi_tuple_len(args); i++) {
        GiTruth t = gi_isinstance(ts, a->instance, gi_tuple_get(args, i));
        if (t.value) return t.value < 0 ? GI_NULL : GI_REF_TRUE;
    }
    return GI_REF_FALSE;
}
GI_METHOD(union, __subclasscheck__, "(self, cls, /)", "") {
    GiVal args = gi_val(UNION(self)->args);
    if (!gi_is_type(a->cls))
        return gi_raise_ref(ts, &gi_exc_TypeError, "issubclass() arg 1 must be a class");
    for (size_t i = 0; i < gi_tuple_len(args); i++) {
        GiTruth t = gi_issubclass(ts, a->cls, gi_tuple_get(args, i));
        if (t.value) return t.value < 0 ? GI_NULL : GI_REF_TRUE;
    }
    return GI_REF_FALSE;
}
GI_GETTER(union, __parameters__, "Type variables in the types.UnionType.") {
    return union_parameters(ts, self);
}

static const GiField union_fields[] = {GI_SLOT(GiUnion, args), GI_SLOT(GiUnion, parameters), GI_FIELDS_END};
static const GiMemberDef union_members[] = {
    {"__args__", GI_MEMBER_OBJECT, offsetof(GiUnion, args), true, NULL},
    {.name = NULL},
};
/* PYSEM: __module__ of an instance is the type's, as typing needs it. */
static GiRef union_getattr(GiThread *ts, GiVal self, GiVal name) {
    if (gi_is_str(name) && gi_str_equals_cstr(name, "__module__")) return gi_intern_cstr(ts, "types");
    return gi_object_getattr(ts, self, name);
}
GiType gi_union_type = {
    .obj = GI_TYPE_HEAD, .name = "UnionType", .module = "types", .size = sizeof(GiUnion),
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .doc = "Represent a PEP 604 union type\n\nE.g. for int | str",
    .fields = union_fields, .members = union_members, .methods = union_methods, .getset = union_getset,
    .repr = union_repr, .hash = union_hash, .compare = union_compare, .subscript = union_subscript,
    .getattr = union_getattr, .binary[GI_BIN_OR] = union_or,
};
