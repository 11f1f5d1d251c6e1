/* namespace.c - types.SimpleNamespace: an object whose attributes are all it is.
 *
 * Attributes lock themselves (shape.c).
 */
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include "namespace.gen.h"

static GiStatus update(GiThread *ts, GiVal self, GiVal dict) {
    GiRef key, value;
    GiStatus status = GI_OK;
    for (size_t pos = 0; status == GI_OK && gi_dict_next(ts, dict, &pos, &key, &value);) {
        status = gi_object_setattr(ts, self, gi_val(key), gi_val(value));
        gi_drop(ts, key);
        gi_xdrop(ts, value);
    }
    return status;
}

GiRef gi_namespace_new(GiThread *ts, GiVal dict) {
    GiRef self = gi_type_alloc(ts, &gi_namespace_type, 0);
    if (gi_is_null(self) || gi_is_null(dict) || !update(ts, gi_val(self), dict)) return self;
    gi_drop(ts, self);
    return GI_NULL;
}

static GiRef namespace_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                           GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}

static GiStatus namespace_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (nargs)
        return gi_raise_status(ts, &gi_exc_TypeError, "no positional arguments expected");
    size_t n = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    for (size_t i = 0; i < n; i++) {
        if (gi_attrs_set(ts, gi_obj(self), gi_tuple_get(kwnames, i), gi_dup(ts, args[i]))) return GI_FAIL;
    }
    return GI_OK;
}

static GiRef namespace_repr(GiThread *ts, GiVal self) {
    const char *name = gi_is_exact(self, &gi_namespace_type) ? "namespace" : gi_type_short_name(gi_type_of(self));
    int entered = gi_repr_enter(ts, self);
    if (entered < 0) return GI_NULL;
    if (entered) return gi_str_format(ts, "%s(...)", name);
    GiRef dict = gi_attrs_snapshot(ts, gi_obj(self)), r = GI_NULL;
    if (!gi_is_null(dict)) {
        GiStrBuilder sb;
        gi_sb_init(&sb, ts);
        gi_sb_ascii(&sb, name, strlen(name));
        gi_sb_char(&sb, '(');
        size_t pos = 0;
        bool first = true;
        GiVal key, value;
        while (gi_dict_next_peek(gi_val(dict), &pos, &key, &value)) {
            if (!gi_is_str(key) || gi_str_len(key) == 0) continue;
            if (!first) gi_sb_lit(&sb, ", ");
            first = false;
            gi_sb_str(&sb, key);
            gi_sb_char(&sb, '=');
            gi_sb_repr(&sb, value);
        }
        gi_sb_char(&sb, ')');
        r = gi_sb_finish(&sb);
        gi_drop(ts, dict);
    }
    gi_repr_leave(ts, self);
    return r;
}

static GiRef namespace_compare(GiThread *ts, GiVal a, GiVal b, GiCompareOp op) {
    if (!gi_is_heap(b) || !gi_is_instance_of(a, &gi_namespace_type) || !gi_is_instance_of(b, &gi_namespace_type))
        return GI_REF_NOTIMPLEMENTED;
    GiRef x = gi_attrs_dict(ts, gi_obj(a));
    if (gi_is_null(x)) return GI_NULL;
    GiRef y = gi_attrs_dict(ts, gi_obj(b));
    GiRef r = gi_is_null(y) ? GI_NULL : gi_compare(ts, gi_val(x), gi_val(y), op);
    gi_drop(ts, x);
    gi_xdrop(ts, y);
    return r;
}

GI_METHOD(namespace, __reduce__, "(self, /)", "Return state information for pickling") {
    GiRef empty = gi_tuple_new(ts, 0), dict = gi_attrs_dict(ts, gi_obj(self)), r = GI_NULL;
    if (!gi_is_null(empty) && !gi_is_null(dict))
        r = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(self)), gi_val(empty), gi_val(dict));
    gi_xdrop(ts, empty);
    gi_xdrop(ts, dict);
    return r;
}

GiType gi_namespace_type = {
    .obj = GI_TYPE_HEAD, .name = "SimpleNamespace", .module = "types", .size = sizeof(GiObj),
    .inline_attrs = 6, .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS,
    .doc = "A simple attribute-based namespace.\n\nSimpleNamespace(**kwargs)",
    .methods = namespace_methods, .new_ = namespace_new, .init = namespace_init, .repr = namespace_repr,
    .compare = namespace_compare,
};
