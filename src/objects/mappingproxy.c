/* mappingproxy.c - a read-only view of any mapping (types.MappingProxyType). Immutable. */
#include "objects/container.h"
#include "objects/stack.h"
#include "objects/whole.h"

#include "objects/mappingproxy.gen.h"

typedef struct GiMappingProxy {
    GiObj obj;
    GiSlot mapping;
} GiMappingProxy;
#define mapping_of(v) gi_slot_peek(&((GiMappingProxy *)gi_obj(v))->mapping)
#define is_proxy(v) gi_is_exact(v, &gi_mappingproxy_type)

GiRef gi_mappingproxy_new(GiThread *ts, GiVal mapping) {
    GiMappingProxy *p = (GiMappingProxy *)gi_heap_new(ts, &gi_mappingproxy_type, sizeof(*p));
    if (p == NULL) return GI_NULL;
    gi_slot_init(&p->mapping, gi_dup(ts, mapping));
    return gi_own_obj(p);
}

GiVal gi_mappingproxy_of(GiVal proxy) { return mapping_of(proxy); }

GI_NEW(mappingproxy, "(cls, mapping)", "") {
    (void)type;
    if (!gi_is_mapping(a->mapping) || gi_is_list(a->mapping) || gi_is_tuple(a->mapping))
        return gi_raise_ref(ts, &gi_exc_TypeError,
                            "mappingproxy() argument must be a mapping, not %T", a->mapping);
    return gi_mappingproxy_new(ts, a->mapping);
}

static ssize_t proxy_length(GiThread *ts, GiVal self) { return gi_length(ts, mapping_of(self)); }
static GiRef proxy_subscript(GiThread *ts, GiVal self, GiVal key) {
    return gi_getitem(ts, mapping_of(self), key);
}
static GiTruth proxy_contains(GiThread *ts, GiVal self, GiVal key) {
    GiVal m = mapping_of(self);
    return gi_is_dict_exact(m) ? gi_dict_contains(ts, m, key) : gi_contains(ts, m, key);
}
static GiRef proxy_iter(GiThread *ts, GiVal self) { return gi_iter(ts, mapping_of(self)); }
static GiRef proxy_str(GiThread *ts, GiVal self) { return gi_str(ts, mapping_of(self)); }
static GiRef proxy_repr(GiThread *ts, GiVal self) {
    if (gi_enter_recursive(ts, " while getting the repr of an object")) return GI_NULL;
    GiRef text = gi_str_format(ts, "mappingproxy(%R)", mapping_of(self));
    gi_leave_recursive(ts);
    return text;
}
static GiRef proxy_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!is_proxy(self)) return GI_REF_NOTIMPLEMENTED;
    return gi_compare(ts, mapping_of(self), other, op);
}
static GiRef proxy_or(GiThread *ts, GiVal left, GiVal right) {
    if (gi_stack_spent(ts)) return GI_NULL;
    if (is_proxy(left)) left = mapping_of(left);
    if (is_proxy(right)) right = mapping_of(right);
    return gi_binary(ts, GI_BIN_OR, left, right);
}
static GiRef proxy_inplace_or(GiThread *ts, GiVal self GI_UNUSED, GiVal other GI_UNUSED) {
    return gi_raise_ref(ts, &gi_exc_TypeError, "'|=' is not supported by %T; use '|' instead", self);
}

GI_METHOD(mappingproxy, get, "(self, key, default = None, /)",
          "Return the value for key if key is in the mapping, else default.") {
    GiVal fallback = gi_is_null(a->default_) ? GI_NONE : a->default_;
    return gi_call_method(ts, GI_N(get), (GiVal[]){mapping_of(self), a->key, fallback}, 3);
}
GI_METHOD(mappingproxy, keys, "(self, /)", "D.keys() -> a set-like object providing a view on D's keys") {
    GiVal m = mapping_of(self);
    return gi_call_method(ts, GI_N(keys), &m, 1);
}
GI_METHOD(mappingproxy, values, "(self, /)", "D.values() -> an object providing a view on D's values") {
    GiVal m = mapping_of(self);
    return gi_call_method(ts, GI_N(values), &m, 1);
}
GI_METHOD(mappingproxy, items, "(self, /)", "D.items() -> a set-like object providing a view on D's items") {
    GiVal m = mapping_of(self);
    return gi_call_method(ts, GI_N(items), &m, 1);
}
GI_METHOD(mappingproxy, copy, "(self, /)", "D.copy() -> a shallow copy of D") {
    GiVal m = mapping_of(self);
    return gi_call_method(ts, GI_N(copy), &m, 1);
}
GI_CLASSMETHOD(mappingproxy, __class_getitem__, "(cls, object, /)", "See PEP 585") {
    return gi_generic_alias_new(ts, self, a->object);
}
GI_METHOD(mappingproxy, __reversed__, "(self, /)", "D.__reversed__() -> reverse iterator") {
    GiVal m = mapping_of(self);
    return gi_call_method(ts, GI_N(__reversed__), &m, 1);
}

GiType gi_mappingproxy_type = {
    .obj = GI_TYPE_HEAD,
    .name = "mappingproxy",
    .flags = GI_TYPE_GC | GI_TYPE_MAPPING | GI_TYPE_IMMUTABLE,
    .size = sizeof(GiMappingProxy),
    .base = &gi_object_type,
    .fields = (const GiField[]){GI_SLOT(GiMappingProxy, mapping), GI_FIELDS_END},
    .methods = mappingproxy_methods,
    .new_ = mappingproxy_new,
    .repr = proxy_repr,
    .str = proxy_str,
    .compare = proxy_compare,
    .iter = proxy_iter,
    .length = proxy_length,
    .subscript = proxy_subscript,
    .contains = proxy_contains,
    .binary[GI_BIN_OR] = proxy_or,
    .inplace[GI_BIN_OR] = proxy_inplace_or,
};
