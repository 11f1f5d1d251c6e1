/* attr.c - getting and setting attributes: the generic rules of object, and the protocol.
 *
 * PYSEM: a data descriptor of the class comes before the instance's own attributes, those before
 * any other attribute of the class. No state.
 */
#include "objects/dispatch.h"
#include "memory/slots.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/shape.h"
#include "objects/stack.h"
#include "objects/str.h"

/* name as an exact str, owned: the interned one if there is one. Interning is for ever, and programs ask
 * for names that come from outside (getattr(self, "do_" + command)), so nothing is interned here. */
static GiRef exact_name(GiThread *ts, GiVal name) {
    GiVal known = gi_str_interned_peek(ts, name);
    if (!gi_is_null(known)) return gi_dup(ts, known);
    if (GI_LIKELY(gi_is_str_exact(name))) return gi_dup(ts, name);
    return gi_str_from_view(ts, gi_str_view(name));
}

static GiStatus getattr_exact(GiThread *ts, GiVal v, GiVal name, GiRef *out) {
    GiType *type = gi_type_of(v);
    GiRef descr = gi_type_lookup(ts, type, name);
    GiType *dt = NULL;
    *out = GI_NULL;
    if (!gi_is_null(descr)) {
        dt = gi_type_of(gi_val(descr));
        if (dt->descr_set && dt->descr_get) {
            *out = dt->descr_get(ts, gi_val(descr), v, gi_type_val(type));
            gi_drop(ts, descr);
            return gi_is_null(*out) ? GI_FAIL : GI_OK;
        }
    }
    if (type->flags & GI_TYPE_ATTRS) {
        GiRef own = gi_attrs_get(ts, gi_obj(v), name);
        if (!gi_is_null(own)) {
            gi_xdrop(ts, descr);
            *out = own;
            return GI_OK;
        }
        if (GI_UNLIKELY(gi_raised(ts))) {
            gi_xdrop(ts, descr);
            return GI_FAIL;
        }
    }
    /* A module keeps its attributes in a dict of its own; object.__getattribute__ finds them too. */
    if (GI_UNLIKELY(type->getattr != gi_object_getattr) && gi_is_instance_of(v, &gi_module_type)) {
        GiVal dict = gi_module_dict(v);
        GiRef own = gi_is_null(dict) ? GI_NULL : gi_dict_get_str(ts, dict, name);
        if (!gi_is_null(own)) {
            gi_xdrop(ts, descr);
            *out = own;
            return GI_OK;
        }
    }
    if (gi_is_null(descr)) return GI_OK;
    if (!dt->descr_get) {
        *out = descr;
        return GI_OK;
    }
    *out = dt->descr_get(ts, gi_val(descr), v, gi_type_val(type));
    gi_drop(ts, descr);
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}

GiStatus gi_object_getattr_opt(GiThread *ts, GiVal v, GiVal name, GiRef *out) {
    if (GI_LIKELY(gi_is_str_exact(name) && gi_str_is_interned(name)))
        return getattr_exact(ts, v, name, out);
    *out = GI_NULL;
    GiRef key = exact_name(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = getattr_exact(ts, v, gi_val(key), out);
    gi_drop(ts, key);
    return status;
}

GiRef gi_object_getattr(GiThread *ts, GiVal v, GiVal name) {
    GiRef result;
    if (GI_UNLIKELY(!gi_is_str(name)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    if (gi_object_getattr_opt(ts, v, name, &result)) return GI_NULL;
    if (GI_UNLIKELY(gi_is_null(result)))
        gi_raise_attribute(ts, v, name, "'%.100T' object has no attribute '%U'", v, name);
    return result;
}

static GiStatus setattr_exact(GiThread *ts, GiVal v, GiVal name, GiVal value) {
    GiType *type = gi_type_of(v);
    GiRef descr = gi_type_lookup(ts, type, name);
    if (!gi_is_null(descr)) {
        GiType *dt = gi_type_of(gi_val(descr));
        if (dt->descr_set) {
            GiStatus status = dt->descr_set(ts, gi_val(descr), v, value);
            gi_drop(ts, descr);
            return status;
        }
        gi_drop(ts, descr);
    }
    if (GI_UNLIKELY(type->setattr != gi_object_setattr) && gi_is_instance_of(v, &gi_module_type))
        return gi_module_type.setattr(ts, v, name, value);
    if (type->flags & GI_TYPE_ATTRS) {
        if (!gi_is_null(value)) return gi_attrs_set(ts, gi_obj(v), name, gi_dup(ts, value));
        bool found = false;
        if (gi_attrs_del(ts, gi_obj(v), name, &found)) return GI_FAIL;
        if (found) return GI_OK;
        gi_raise(ts, &gi_exc_AttributeError, "'%.100T' object has no attribute '%U'", v, name);
        return GI_FAIL;
    }
    if (gi_is_null(descr))
        gi_raise(ts, &gi_exc_AttributeError, "'%.100T' object has no attribute '%U'", v, name);
    else
        gi_raise(ts, &gi_exc_AttributeError, "'%.50T' object attribute '%U' is read-only", v, name);
    return GI_FAIL;
}

GiStatus gi_object_setattr(GiThread *ts, GiVal v, GiVal name, GiVal value) {
    if (GI_UNLIKELY(!gi_is_str(name)))
        return gi_raise_status(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    if (GI_LIKELY(gi_is_str_exact(name) && gi_str_is_interned(name)))
        return setattr_exact(ts, v, name, value);
    GiRef key = exact_name(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = setattr_exact(ts, v, gi_val(key), value);
    gi_drop(ts, key);
    return status;
}

/* ---- The protocol ---- */

/* An AttributeError without a name that comes out of a lookup is told what was looked up. */
static GI_COLD void add_context(GiThread *ts, GiVal v, GiVal name) {
    if (!gi_exc_matches(ts, &gi_exc_AttributeError)) return;
    GiAttributeError *exc = (GiAttributeError *)gi_obj(gi_exc_peek(ts));
    if (__atomic_load_n(&exc->name.bits, __ATOMIC_RELAXED) || __atomic_load_n(&exc->object.bits, __ATOMIC_RELAXED)) return;
    gi_slot_store(ts, &exc->name, gi_dup(ts, name));
    gi_slot_store(ts, &exc->object, gi_dup(ts, v));
}

GiRef gi_getattr(GiThread *ts, GiVal v, GiVal name) {
    if (GI_UNLIKELY(!gi_is_str(name)))
        return gi_raise_ref(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    if (gi_stack_spent(ts)) return GI_NULL;
    GiRef result = gi_type_of(v)->getattr(ts, v, name);
    if (GI_UNLIKELY(gi_is_null(result))) add_context(ts, v, name);
    return result;
}

GiStatus gi_getattr_opt(GiThread *ts, GiVal v, GiVal name, GiRef *out) {
    GiType *type = gi_type_of(v);
    *out = GI_NULL;
    if (gi_stack_spent(ts)) return GI_FAIL;
    if (type->flags & GI_TYPE_PLAIN_GETATTR) {
        if (!gi_object_getattr_opt(ts, v, name, out)) return GI_OK;
    } else {
        *out = type->getattr(ts, v, name);
        if (!gi_is_null(*out)) return GI_OK;
    }
    if (gi_raised(ts)) {
        if (!gi_exc_matches(ts, &gi_exc_AttributeError)) return GI_FAIL;
        gi_exc_clear(ts);
    }
    return GI_OK;
}

GiStatus gi_setattr(GiThread *ts, GiVal v, GiVal name, GiVal value) {
    if (GI_UNLIKELY(!gi_is_str(name)))
        return gi_raise_status(ts, &gi_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    return gi_type_of(v)->setattr(ts, v, name, value);
}

GiStatus gi_delattr(GiThread *ts, GiVal v, GiVal name) { return gi_setattr(ts, v, name, GI_NOVAL); }

GiRef gi_getattr_cstr(GiThread *ts, GiVal v, const char *name) {
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_NULL;
    GiRef result = gi_getattr(ts, v, gi_val(key));
    gi_drop(ts, key);
    return result;
}

GiStatus gi_setattr_cstr(GiThread *ts, GiVal v, const char *name, GiVal value) {
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = gi_setattr(ts, v, gi_val(key), value);
    gi_drop(ts, key);
    return status;
}
