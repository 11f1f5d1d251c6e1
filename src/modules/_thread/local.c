/* local.c - _thread._local: attributes that each thread has its own of.
 *
 * A local object owns the attribute dicts, by the number of the thread, so that the collector sees
 * what a thread's attributes refer to as reached through the object. A thread's ts->dict has, by the
 * number of the object, a share: when the thread ends it dies and takes the thread's dict out of the
 * object; when the object dies it takes its shares out of all threads.
 */
#include "modules/_thread/internal.h"
#include "objects/dispatch.h"
#include "objects/weakref.h"
#include "modules/_thread/local.gen.h"

typedef struct GiLocal {
    GiObj obj;
    GiSlot table;    /* dict: thread's serial -> dict */
    GiSlot args, kwargs;
    uint64_t number; /* unique for ever, unlike an address */
} GiLocal;
#define LOCAL(v) ((GiLocal *)gi_obj(v))

typedef struct GiLocalShare {
    GiObj obj;
    GiSlot local;    /* weak reference */
    uint64_t serial; /* the thread's */
} GiLocalShare;

/* The thread ended: its dict goes. */
static void share_destroy(GiThread *ts, GiObj *obj) {
    GiLocalShare *share = (GiLocalShare *)obj;
    if (share->local.bits == 0) return;
    GiRef local = gi_weakref_get(ts, gi_val(share->local));
    if (gi_is_null(local)) return;
    GiRef raised = gi_exc_take(ts), serial = gi_int_from_u64(ts, share->serial), dict = GI_NULL;
    if (!gi_is_null(serial) && LOCAL(local)->table.bits) {
        dict = gi_dict_pop(ts, gi_val(LOCAL(local)->table), gi_val(serial));
        if (gi_is_null(dict)) gi_exc_clear(ts);
    }
    gi_xdrop(ts, serial);
    gi_xdrop(ts, dict);
    gi_drop(ts, local);
    gi_exc_restore(ts, raised);
}
static const GiField share_fields[] = {GI_SLOT(GiLocalShare, local), GI_FIELDS_END};
GiType gi_local_share_type = {
    .obj = GI_TYPE_HEAD, .name = "_thread._localdummy", .module = "_thread", .size = sizeof(GiLocalShare),
    .base = &gi_object_type, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = share_fields,
    .destroy = share_destroy, .doc = "Thread-local dummy",
};

/* Gives the running thread a new, empty dict in self. New reference. */
static GiRef add_own_dict(GiThread *ts, GiVal self) {
    GiLocal *local = LOCAL(self);
    if (local->table.bits == 0) return gi_raise_ref(ts, &gi_exc_RuntimeError, "the thread-local object is dying");
    if (ts->dict.bits == 0) {
        GiRef all = gi_dict_new(ts);
        if (gi_is_null(all)) return all;
        gi_slot_init(&ts->dict, all);
    }
    GiRef number = gi_int_from_u64(ts, local->number), serial = gi_int_from_u64(ts, ts->core.serial);
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_local_share_type, sizeof(GiLocalShare)));
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(number) || gi_is_null(serial) || gi_is_null(made) || gi_is_null(dict)) goto fail;
    GiLocalShare *share = (GiLocalShare *)gi_obj(made);
    share->serial = ts->core.serial;
    gi_slot_init(&share->local, gi_weakref_new(ts, &gi_weakref_type, self, GI_NOVAL));
    if (share->local.bits == 0 || gi_dict_set(ts, gi_val(ts->dict), gi_val(number), gi_val(made)) < 0) goto fail;
    if (gi_dict_set(ts, gi_val(local->table), gi_val(serial), gi_val(dict)) < 0) goto fail;
    gi_drop(ts, number);
    gi_drop(ts, serial);
    gi_drop(ts, made);
    return dict;
fail:
    gi_xdrop(ts, number);
    gi_xdrop(ts, serial);
    gi_xdrop(ts, made);
    gi_xdrop(ts, dict);
    return GI_NULL;
}

GI_NEW(local, "(cls, /, *args, **kwargs)", NULL) {
    if ((a->args_count || !gi_is_null(a->kwargs)) && type->init == gi_object_type.init)
        return gi_raise_ref(ts, &gi_exc_TypeError, "Initialization arguments are not supported");
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiLocal *local = LOCAL(made);
    local->number = atomic_fetch_add(&ts->vm->runtime->local_numbers, 1) + 1;
    gi_slot_init(&local->table, gi_dict_new(ts));
    gi_slot_init(&local->args, gi_tuple_from(ts, a->args, a->args_count));
    if (!gi_is_null(a->kwargs)) gi_slot_init(&local->kwargs, gi_dict_copy(ts, a->kwargs));
    GiRef dict = GI_NULL;
    if (local->table.bits && local->args.bits && (gi_is_null(a->kwargs) || local->kwargs.bits)) {
        /* The creating thread's dict exists from the start; __init__ runs in type.__call__. */
        dict = add_own_dict(ts, gi_val(made));
    }
    if (gi_is_null(dict)) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    gi_drop(ts, dict);
    return made;
}

/* Takes the running thread's dict and share away again. The raised exception stays. */
static void remove_own_dict(GiThread *ts, GiVal self) {
    GiRef raised = gi_exc_take(ts), number = gi_int_from_u64(ts, LOCAL(self)->number);
    bool found;
    /* The share's death takes the dict out. */
    if (gi_is_null(number) || gi_dict_del(ts, gi_val(ts->dict), gi_val(number), &found) < 0) gi_exc_clear(ts);
    gi_xdrop(ts, number);
    gi_exc_restore(ts, raised);
}

/* The running thread's dict of self, made (and __init__ run) on first use. New reference. */
static GiRef own_dict(GiThread *ts, GiVal self) {
    GiLocal *local = LOCAL(self);
    if (local->table.bits != 0) {
        GiRef serial = gi_int_from_u64(ts, ts->core.serial), known;
        if (gi_is_null(serial)) return serial;
        GiStatus status = gi_dict_get(ts, gi_val(local->table), gi_val(serial), &known);
        gi_drop(ts, serial);
        if (status < 0 || !gi_is_null(known)) return known;
    }
    GiRef dict = add_own_dict(ts, self);
    if (gi_is_null(dict) || gi_type_of(self)->init == gi_object_type.init) return dict;
    GiRef init = gi_getattr(ts, self, GI_N(__init__));
    GiRef r = gi_is_null(init) ? GI_NULL : gi_call_ex(ts, gi_val(init), gi_val(local->args), gi_val(local->kwargs));
    gi_xdrop(ts, init);
    if (gi_is_null(r)) {
        remove_own_dict(ts, self);
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

/* The object dies: its shares go, whichever thread's they are. */
static void local_destroy(GiThread *ts, GiObj *obj) {
    GiLocal *local = (GiLocal *)obj;
    if (local->number == 0) return;
    GiRef raised = gi_exc_take(ts), number = gi_int_from_u64(ts, local->number), dead[64];
    size_t n = gi_is_null(number) ? 0 : 64;
    while (n == 64) {
        n = 0;
        gi_stop_world(&ts->core);
        for (GiThreadCore *core = NULL; n < 64 && (core = gi_world_next_core(&ts->vm->world, core)) != NULL;) {
            GiThread *other = (GiThread *)core;
            if (other->dict.bits == 0) continue;
            GiRef share = gi_dict_pop(ts, gi_val(other->dict), gi_val(number));
            if (!gi_is_null(share)) dead[n++] = share;
            else gi_exc_clear(ts);
        }
        gi_start_world(&ts->core);
        for (size_t i = 0; i < n; i++) gi_drop(ts, dead[i]);
    }
    gi_xdrop(ts, number);
    gi_exc_restore(ts, raised);
}

static const GiField local_fields[] = {GI_SLOT(GiLocal, table), GI_SLOT(GiLocal, args), GI_SLOT(GiLocal, kwargs), GI_FIELDS_END};
GiType gi_local_type = {
    .obj = GI_TYPE_HEAD, .name = "_thread._local", .module = "_thread", .size = sizeof(GiLocal), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_BASE | GI_TYPE_WEAKREF, .fields = local_fields, .new_ = local_new,
    .getattr = local_getattr, .setattr = local_setattr, .destroy = local_destroy, .doc = "Thread-local data",
};
