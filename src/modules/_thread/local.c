/* local.c - _thread._local: attributes that each thread has its own of.
 *
 * A thread's attribute dicts stand in ts->dict, by the number of the local object. A local object
 * that dies takes its dicts away from all threads; a thread that ends drops ts->dict.
 */
#include "modules/_thread/internal.h"
#include "objects/dispatch.h"
#include "modules/_thread/local.gen.h"

typedef struct GiLocal { GiObj obj; GiSlot key, args, kwargs; } GiLocal;
#define LOCAL(v) ((GiLocal *)gi_obj(v))

GI_NEW(local, "(cls, /, *args, **kwargs)", NULL) {
    if ((a->args_count || !gi_is_null(a->kwargs)) && type->init == gi_object_type.init)
        return gi_raise_ref(ts, &gi_exc_TypeError, "Initialization arguments are not supported");
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiLocal *local = LOCAL(made);
    /* The number is unique for ever, unlike an address. */
    gi_slot_init(&local->key, gi_int_from_u64(ts, atomic_fetch_add(&ts->vm->runtime->local_numbers, 1)));
    GiRef args = gi_tuple_from(ts, a->args, a->args_count);
    gi_slot_init(&local->args, args);
    if (!gi_is_null(a->kwargs)) gi_slot_init(&local->kwargs, gi_dict_copy(ts, a->kwargs));
    if (local->key.bits == 0 || gi_is_null(args) || (!gi_is_null(a->kwargs) && local->kwargs.bits == 0)) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    /* The creating thread's dict exists from the start; __init__ runs in type.__call__. */
    if (ts->dict.bits == 0) {
        GiRef all = gi_dict_new(ts);
        if (gi_is_null(all)) {
            gi_drop(ts, made);
            return GI_NULL;
        }
        gi_slot_init(&ts->dict, all);
    }
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict) || gi_dict_set_steal(ts, gi_val(ts->dict), gi_val(local->key), dict) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    return made;
}

/* The running thread's dict of self, made (and __init__ run) on first use. New reference. */
static GiRef own_dict(GiThread *ts, GiVal self) {
    GiRef dict;
    if (ts->dict.bits == 0) {
        GiRef all = gi_dict_new(ts);
        if (gi_is_null(all)) return all;
        gi_slot_init(&ts->dict, all);
    }
    GiLocal *local = LOCAL(self);
    if (gi_dict_get(ts, gi_val(ts->dict), gi_val(local->key), &dict) < 0 || !gi_is_null(dict)) return dict;
    dict = gi_dict_new(ts);
    if (gi_is_null(dict) || gi_dict_set(ts, gi_val(ts->dict), gi_val(local->key), gi_val(dict)) < 0) {
        gi_xdrop(ts, dict);
        return GI_NULL;
    }
    GiType *type = gi_type_of(self);
    if (type->init == gi_object_type.init) return dict;
    GiRef init = gi_getattr(ts, self, GI_N(__init__));
    GiRef r = gi_is_null(init) ? GI_NULL : gi_call_ex(ts, gi_val(init), gi_val(local->args), gi_val(local->kwargs));
    gi_xdrop(ts, init);
    if (gi_is_null(r)) {
        GiRef raised = gi_exc_take(ts);
        bool found;
        if (gi_dict_del(ts, gi_val(ts->dict), gi_val(local->key), &found) < 0) gi_exc_clear(ts);
        gi_exc_restore(ts, raised);
        gi_drop(ts, dict);
        return GI_NULL;
    }
    gi_drop(ts, r);
    return dict;
}

static GiRef local_getattr(GiThread *ts, GiVal self, GiVal name) {
    GiRef dict = own_dict(ts, self);
    if (gi_is_null(dict)) return dict;
    if (gi_str_equals_cstr(name, "__dict__")) return dict;
    GiType *type = gi_type_of(self);
    GiRef descr = gi_type_lookup(ts, type, name), r = GI_NULL;
    GiType *dt = gi_is_null(descr) ? NULL : gi_type_of(gi_val(descr));
    if (dt && dt->descr_get && dt->descr_set) {
        r = dt->descr_get(ts, gi_val(descr), self, gi_type_val(type));
    } else if (gi_dict_get(ts, gi_val(dict), name, &r) == GI_OK && gi_is_null(r)) {
        if (dt && dt->descr_get) r = dt->descr_get(ts, gi_val(descr), self, gi_type_val(type));
        else if (dt) r = gi_dup(ts, gi_val(descr));
        else gi_raise_attribute(ts, self, name, "'%T' object has no attribute '%U'", self, name);
    }
    gi_xdrop(ts, descr);
    gi_drop(ts, dict);
    return r;
}

static GiStatus local_setattr(GiThread *ts, GiVal self, GiVal name, GiVal value) {
    GiRef dict = own_dict(ts, self);
    if (gi_is_null(dict)) return GI_FAIL;
    GiStatus status;
    GiType *type = gi_type_of(self);
    if (gi_str_equals_cstr(name, "__dict__")) {
        gi_drop(ts, dict);
        gi_raise_attribute(ts, self, name, "'%T' object attribute '%U' is read-only", self, name);
        return GI_FAIL;
    }
    GiRef descr = gi_type_lookup(ts, type, name);
    if (!gi_is_null(descr) && gi_type_of(gi_val(descr))->descr_set) {
        status = gi_type_of(gi_val(descr))->descr_set(ts, gi_val(descr), self, value);
    } else if (!gi_is_null(value)) {
        status = gi_dict_set(ts, gi_val(dict), name, value);
    } else {
        bool found;
        status = gi_dict_del(ts, gi_val(dict), name, &found);
        if (status == GI_OK && !found) {
            gi_raise_attribute(ts, self, name, "'%T' object has no attribute '%U'", self, name);
            status = GI_FAIL;
        }
    }
    gi_xdrop(ts, descr);
    gi_drop(ts, dict);
    return status;
}

/* The object dies: its dicts go, whichever thread's they are. */
static void local_destroy(GiThread *ts, GiObj *obj) {
    GiLocal *local = (GiLocal *)obj;
    if (local->key.bits == 0) return;
    GiRef raised = gi_exc_take(ts), dead[64];
    size_t n;
    do {
        n = 0;
        gi_stop_world(&ts->core);
        for (GiThreadCore *core = NULL; n < 64 && (core = gi_world_next_core(&ts->vm->world, core)) != NULL;) {
            GiThread *other = (GiThread *)core;
            if (other->dict.bits == 0) continue;
            GiRef dict = gi_dict_pop(ts, gi_val(other->dict), gi_val(local->key));
            if (!gi_is_null(dict)) dead[n++] = dict;
            else if (gi_raised(ts)) gi_exc_clear(ts);
        }
        gi_start_world(&ts->core);
        for (size_t i = 0; i < n; i++) gi_drop(ts, dead[i]);
    } while (n == 64);
    if (!gi_is_null(raised)) gi_exc_restore(ts, raised);
}

static const GiField local_fields[] = {GI_SLOT(GiLocal, key), GI_SLOT(GiLocal, args), GI_SLOT(GiLocal, kwargs), GI_FIELDS_END};
GiType gi_local_type = {
    .obj = GI_TYPE_HEAD, .name = "_thread._local", .module = "_thread", .size = sizeof(GiLocal), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_BASE | GI_TYPE_WEAKREF, .fields = local_fields, .new_ = local_new,
    .getattr = local_getattr, .setattr = local_setattr, .destroy = local_destroy, .doc = "Thread-local data",
};
