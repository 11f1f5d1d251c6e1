/* ops_data.c - unpacking, display building, formatting, calls with * and **, functions. */
#include "memory/slots.h"
#include "vm/ops.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/set.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/int.h"
#include "vm/generator.h"
#include "objects/whole.h"

static GiStatus cannot_unpack(GiThread *ts, GiVal v) {
    if (gi_exc_matches(ts, &gi_exc_TypeError) && gi_type_of(v)->iter == NULL && !gi_is_sequence(v)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_TypeError, "cannot unpack non-iterable %T object", v);
    }
    return GI_FAIL;
}

static void drop_run(GiThread *ts, GiSlot *out, size_t count) {
    for (size_t i = 0; i < count; i++) gi_slot_clear(ts, &out[i]);
}

/* Fills out[0..count) from the iterator; GI_FAIL with ValueError when it ends early. */
static GiStatus take_items(GiThread *ts, GiVal it, GiSlot *out, size_t count, size_t wanted, bool at_least) {
    for (size_t i = 0; i < count; i++) {
        GiRef item = gi_next(ts, it);
        if (gi_is_null(item)) {
            if (!gi_raised(ts))
                gi_raise(ts, &gi_exc_ValueError, "not enough values to unpack (expected %s%zu, got %zu)",
                         at_least ? "at least " : "", wanted, i);
            drop_run(ts, out, i);
            return GI_FAIL;
        }
        gi_slot_set(ts, &out[i], item);
    }
    return GI_OK;
}

GiStatus gi_op_unpack(GiThread *ts, GiVal v, GiSlot *out, size_t count) {
    if (gi_is_list_exact(v) || gi_is_tuple_exact(v)) {
        GiRef tuple = gi_to_tuple(ts, v);
        if (gi_is_null(tuple)) return GI_FAIL;
        size_t n = gi_tuple_len(tuple);
        if (n != count) {
            if (n > count)
                gi_raise(ts, &gi_exc_ValueError, "too many values to unpack (expected %zu)", count);
            else
                gi_raise(ts, &gi_exc_ValueError, "not enough values to unpack (expected %zu, got %zu)", count, n);
            gi_drop(ts, tuple);
            return GI_FAIL;
        }
        for (size_t i = 0; i < n; i++) gi_slot_set(ts, &out[i], gi_dup(ts, gi_tuple_get(gi_val(tuple), i)));
        gi_drop(ts, tuple);
        return GI_OK;
    }
    GiRef it = gi_iter_whole(ts, v);
    if (gi_is_null(it)) return cannot_unpack(ts, v);
    GiStatus status = take_items(ts, gi_val(it), out, count, count, false);
    if (status == GI_OK) {
        GiRef more = gi_next(ts, gi_val(it));
        if (!gi_is_null(more)) {
            gi_drop(ts, more);
            gi_raise(ts, &gi_exc_ValueError, "too many values to unpack (expected %zu)", count);
        }
        if (gi_raised(ts)) {
            drop_run(ts, out, count);
            status = GI_FAIL;
        }
    }
    gi_drop(ts, it);
    return status;
}

GiStatus gi_op_unpack_ex(GiThread *ts, GiVal v, GiSlot *out, size_t before, size_t after) {
    GiRef it = gi_iter_whole(ts, v);
    if (gi_is_null(it)) return cannot_unpack(ts, v);
    if (take_items(ts, gi_val(it), out, before, before + after, true) < 0) {
        gi_drop(ts, it);
        return GI_FAIL;
    }
    GiRef rest = gi_to_list(ts, gi_val(it));
    gi_drop(ts, it);
    if (gi_is_null(rest)) {
        drop_run(ts, out, before);
        return GI_FAIL;
    }
    size_t n = gi_list_len(rest);
    if (n < after) {
        gi_raise(ts, &gi_exc_ValueError, "not enough values to unpack (expected at least %zu, got %zu)",
                 before + after, before + n);
        gi_drop(ts, rest);
        drop_run(ts, out, before);
        return GI_FAIL;
    }
    GiList *list = gi_list_of(rest);
    for (size_t i = 0; i < after; i++) {
        GiRef item = gi_slot_take(&list->items[n - after + i]);
        gi_slot_set(ts, &out[before + 1 + i], item);
    }
    list->count = n - after;
    gi_slot_set(ts, &out[before], rest);
    return GI_OK;
}

GiStatus gi_op_list_extend(GiThread *ts, GiVal list, GiVal v, bool in_call) {
    if (gi_list_extend(ts, list, v) == GI_OK) return GI_OK;
    if (gi_exc_matches(ts, &gi_exc_TypeError) && gi_type_of(v)->iter == NULL && !gi_is_sequence(v)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_TypeError, "Value after * must be an iterable, not %T", v);
        (void)in_call;
    }
    return GI_FAIL;
}

GiStatus gi_op_dict_update(GiThread *ts, GiVal dict, GiVal v) {
    if (gi_dict_merge(ts, dict, v, 1) == GI_OK) return GI_OK;
    if (gi_exc_matches(ts, &gi_exc_AttributeError)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_TypeError, "'%T' object is not a mapping", v);
    }
    return GI_FAIL;
}

/* "module.f()" as messages about calls name functions; any object by its str. */
static GiRef function_text(GiThread *ts, GiVal callable) {
    GiRef qualname;
    if (gi_getattr_opt(ts, callable, GI_N(__qualname__), &qualname) < 0) return GI_NULL;
    if (gi_is_null(qualname)) return gi_str(ts, callable);
    GiRef module;
    if (gi_getattr_opt(ts, callable, GI_N(__module__), &module) < 0) {
        gi_drop(ts, qualname);
        return GI_NULL;
    }
    GiRef text;
    if (!gi_is_null(module) && gi_is_str(gi_val(module)) && !gi_str_equals_cstr(gi_val(module), "builtins"))
        text = gi_str_format(ts, "%S.%S()", gi_val(module), gi_val(qualname));
    else
        text = gi_str_format(ts, "%S()", gi_val(qualname));
    gi_xdrop(ts, module);
    gi_drop(ts, qualname);
    return text;
}

GiStatus gi_op_dict_merge(GiThread *ts, GiVal dict, GiVal v, GiVal callable) {
    if (gi_dict_merge(ts, dict, v, 2) == GI_OK) return GI_OK;
    if (gi_exc_matches(ts, &gi_exc_AttributeError)) {
        gi_exc_clear(ts);
        GiRef text = function_text(ts, callable);
        if (gi_is_null(text)) return GI_FAIL;
        gi_raise(ts, &gi_exc_TypeError, "%U argument after ** must be a mapping, not %T", gi_val(text), v);
        gi_drop(ts, text);
    } else if (gi_exc_matches(ts, &gi_exc_KeyError)) {
        GiRef exc = gi_exc_take(ts);
        GiRef args = gi_getattr_cstr(ts, gi_val(exc), "args");
        GiRef text = gi_is_null(args) ? GI_NULL : function_text(ts, callable);
        if (!gi_is_null(text) && gi_is_tuple(gi_val(args)) && gi_tuple_len(args) == 1) {
            GiVal key = gi_tuple_get(gi_val(args), 0);
            gi_raise(ts, &gi_exc_TypeError, "%U got multiple values for keyword argument '%S'", gi_val(text), key);
            gi_drop(ts, exc);
        } else {
            gi_exc_restore(ts, exc);
        }
        gi_xdrop(ts, args);
        gi_xdrop(ts, text);
    }
    return GI_FAIL;
}

GiRef gi_op_call_ex(GiThread *ts, GiVal callable, GiVal args, GiVal kwargs) {
    GiRef tuple;
    if (gi_is_tuple_exact(args)) {
        tuple = gi_dup(ts, args);
    } else {
        if (gi_type_of(args)->iter == NULL && !gi_is_sequence(args)) {
            GiRef text = function_text(ts, callable);
            if (gi_is_null(text)) return text;
            gi_raise(ts, &gi_exc_TypeError, "%U argument after * must be an iterable, not %T", gi_val(text), args);
            gi_drop(ts, text);
            return GI_NULL;
        }
        tuple = gi_to_tuple(ts, args);
        if (gi_is_null(tuple)) return tuple;
    }
    GiRef dict = GI_NULL;
    if (!gi_is_null(kwargs) && !gi_is_dict_exact(kwargs)) {
        dict = gi_dict_new(ts);
        if (gi_is_null(dict) || gi_op_dict_merge(ts, gi_val(dict), kwargs, callable) < 0) {
            gi_xdrop(ts, dict);
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        kwargs = gi_val(dict);
    }
    GiRef r = GI_UNLIKELY(ts->tracing) ? gi_trace_native_call_ex(ts, callable, gi_val(tuple), kwargs)
                                       : gi_call_ex(ts, callable, gi_val(tuple), kwargs);
    gi_drop(ts, tuple);
    gi_xdrop(ts, dict);
    return r;
}

GiRef gi_op_format(GiThread *ts, GiVal v, unsigned conversion, GiVal spec) {
    GiRef converted = GI_NULL;
    if (conversion != 0) {
        converted = conversion == 's' ? gi_str(ts, v) : conversion == 'r' ? gi_repr(ts, v) : gi_ascii(ts, v);
        if (gi_is_null(converted)) return converted;
        v = gi_val(converted);
    }
    GiRef r;
    bool no_spec = gi_is_null(spec) || gi_str_len(spec) == 0;
    if (no_spec && gi_is_str_exact(v)) r = gi_dup(ts, v);
    else if (no_spec && (gi_is_smallint(v) || gi_is_double(v))) r = gi_str(ts, v);
    else r = gi_format(ts, v, spec);
    gi_xdrop(ts, converted);
    return r;
}

GiRef gi_op_build_string(GiThread *ts, const GiVal *parts, size_t count) {
    /* PERF: the length of ASCII text is known beforehand. */
    size_t length = 0;
    bool ascii = true;
    for (size_t i = 0; i < count && ascii; i++) {
        ascii = gi_str_is_ascii(parts[i]);
        length += gi_str_len(parts[i]);
    }
    if (GI_LIKELY(ascii && length > 1)) {
        GiRef r = gi_str_new(ts, length, GI_STR_ASCII);
        if (gi_is_null(r)) return r;
        char *to = gi_str_data(r);
        for (size_t i = 0; i < count; i++) {
            size_t n = gi_str_len(parts[i]);
            memcpy(to, gi_str_data(parts[i]), n);
            to += n;
        }
        return r;
    }
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    for (size_t i = 0; i < count; i++) gi_sb_str(&sb, parts[i]);
    return gi_sb_finish(&sb);
}

/* The value of entry i of the globals when its key is the name, else null. Borrowed. */
static inline GiVal known_entry(const GiDict *globals, uint32_t i, GiVal name) {
    return i < globals->entry_count && gi_same(globals->entries[i].key, name) ? gi_val(globals->entries[i].value)
                                                                             : GI_NOVAL;
}

GiRef gi_op_make_function(GiThread *ts, GiFrame *f, GiVal code, GiSlot *run, unsigned flags, uint64_t *ip) {
    /* The cache word: in which entries of the globals __builtins__ and __name__ were last time. */
    GiVal globals = gi_frame_globals(f);
    const GiDict *dict = gi_dict_of(globals);
    uint64_t places = gi_word(&ip[1]);
    GiRef made;
    bool alone = !ts->core.free_running;
    GiVal builtins = alone ? known_entry(dict, (uint32_t)places, GI_N(__builtins__)) : GI_NOVAL;
    GiVal module = alone ? known_entry(dict, (uint32_t)(places >> 32), GI_N(__name__)) : GI_NOVAL;
    if (!gi_is_null(builtins) && gi_is_exact(builtins, &gi_module_type)) builtins = gi_module_dict(builtins);
    if (GI_LIKELY(!gi_is_null(builtins) && gi_is_dict_exact(builtins) && !gi_is_null(module))) {
        made = gi_function_make(ts, code, globals, builtins, module);
    } else {
        made = gi_function_new(ts, code, globals, GI_NOVAL);
        ssize_t at = alone ? gi_dict_entry_of(ts, globals, GI_N(__builtins__)) : -1;
        ssize_t named = alone ? gi_dict_entry_of(ts, globals, GI_N(__name__)) : -1;
        if (at >= 0 && named >= 0 && at <= INT32_MAX && named <= INT32_MAX)
            gi_word_set(&ip[1], (uint64_t)at | (uint64_t)named << 32);
    }
    if (gi_is_null(made)) return made;
    GiFunction *func = gi_function_of(made);
    unsigned i = 0;
    if (flags & 1) gi_slot_init(&func->defaults, gi_slot_take(&run[i++]));
    if (flags & 2) gi_slot_init(&func->kwdefaults, gi_slot_take(&run[i++]));
    if (flags & 4) gi_slot_init(&func->annotations, gi_slot_take(&run[i++]));
    if (flags & 8) gi_slot_init(&func->closure, gi_slot_take(&run[i++]));
    return made;
}

/* The method that super(cls, self).name is, when calling it with self is all there is to it. Borrowed. */
static GiVal super_method(GiThread *ts, GiVal cls, GiVal self, GiVal name) {
    if (gi_is_null(cls) || !gi_is_type(cls) || gi_is_type(self)) return GI_NOVAL;
    GiType *type = gi_type_of(self);
    if (!gi_is_subtype(type, gi_as_type(cls))) return GI_NOVAL;
    GiRef found = gi_super_lookup(ts, gi_as_type(cls), type, name);
    if (gi_is_null(found)) return GI_NOVAL;
    bool plain = gi_is_exact(gi_val(found), &gi_function_type) || gi_is_exact(gi_val(found), &gi_method_descr_type) ||
                 gi_is_exact(gi_val(found), &gi_wrapper_descr_type);
    gi_drop(ts, found); /* the class keeps it */
    return plain ? gi_val(found) : GI_NOVAL;
}

static uint64_t super_mark(GiVal cls, GiVal self) {
    uint64_t of_class = atomic_load_explicit(&gi_as_type(cls)->version, memory_order_relaxed);
    return atomic_load_explicit(&gi_type_of(self)->version, memory_order_relaxed) | of_class << 32;
}

GiStatus gi_op_load_super(GiThread *ts, GiSlot *run, GiVal name, uint64_t *ip) {
    GiVal super = gi_val(run[0]), self = gi_val(run[2]);
    GiRef held = gi_slot_load(ts, &((GiCell *)gi_obj(run[1]))->value);
    GiVal cls = gi_val(held), method = GI_NOVAL;
    bool is_super = gi_same(super, gi_type_val(&gi_super_type)), known = false;
    if (ts->core.free_running && is_super && !gi_is_null(cls) && gi_is_type(cls)) {
        /* The caches are written once then, ip[1] last. */
        known = gi_word_mark(&ip[1]) == super_mark(cls, self);
        if (known) method = (GiVal){gi_word(&ip[2])};
    }
    if (is_super && !known) method = super_method(ts, cls, self, name);
    gi_xdrop(ts, held); /* the running method keeps its class */
    if (gi_raised(ts)) return GI_FAIL;
    if (gi_is_null(method)) {
        /* super() itself looks for the class and the argument, and complains. */
        GiRef proxy = gi_call0(ts, super);
        if (gi_is_null(proxy)) return GI_FAIL;
        GiRef r = gi_getattr(ts, gi_val(proxy), name);
        gi_drop(ts, proxy);
        if (gi_is_null(r)) return GI_FAIL;
        gi_slot_set(ts, &run[0], r);
        gi_slot_clear(ts, &run[1]);
        gi_slot_clear(ts, &run[2]);
        return GI_OK;
    }
    uint64_t mark = super_mark(cls, self), none = 0;
    if (known || !(uint32_t)mark || !(mark >> 32) || (ts->vm->debug_flags & GI_DEBUG_CACHE_OFF)) {
        /* nothing to remember */
    } else if (!ts->core.free_running) {
        gi_word_set(&ip[2], method.bits);
        gi_word_set(&ip[1], mark);
    } else if (__atomic_compare_exchange_n(&ip[1], &none, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) {
        gi_word_set(&ip[2], method.bits);
        gi_word_publish(&ip[1], mark);
    }
    gi_slot_set(ts, &run[0], gi_dup(ts, method));
    gi_slot_set(ts, &run[1], gi_slot_take(&run[2]));
    return GI_OK;
}

GiRef gi_op_yield_from_iter(GiThread *ts, GiFrame *f, GiVal v) {
    if (gi_is_exact(v, &gi_coroutine_type)) {
        if (!(f->code->flags & (GI_CO_COROUTINE | GI_CO_ITERABLE_COROUTINE)))
            return gi_raise_ref(ts, &gi_exc_TypeError,
                                "cannot 'yield from' a coroutine object in a non-coroutine generator");
        return gi_dup(ts, v);
    }
    if (gi_is_exact(v, &gi_generator_type)) return gi_dup(ts, v);
    return gi_iter(ts, v);
}

GiRef gi_op_get_aiter(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    if (type->aiter == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "'async for' requires an object with __aiter__ method, got %T", v);
    GiRef r = type->aiter(ts, v);
    if (gi_is_null(r)) return r;
    if (gi_type_of(gi_val(r))->anext == NULL) {
        gi_raise(ts, &gi_exc_TypeError,
                 "'async for' received an object from __aiter__ that does not implement __anext__: %T", gi_val(r));
        gi_drop(ts, r);
        return GI_NULL;
    }
    return r;
}

GiRef gi_op_get_anext(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    if (type->anext == NULL)
        return gi_raise_ref(ts, &gi_exc_TypeError, "'async for' requires an iterator with __anext__ method, got %T", v);
    GiRef next = type->anext(ts, v);
    if (gi_is_null(next) || type == &gi_async_generator_type) return next;
    GiRef awaitable = gi_get_awaitable(ts, gi_val(next), 0);
    if (gi_is_null(awaitable))
        gi_raise_from_cause(ts, &gi_exc_TypeError, "'async for' received an invalid object from __anext__: %T",
                            gi_val(next));
    gi_drop(ts, next);
    return awaitable;
}
