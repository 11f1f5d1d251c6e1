/* save_reduce.c - saving what is not a builtin container: by name, through copyreg's table, through
 * __reduce_ex__.
 */
#include "modules/_pickle/pickle.h"
#include "objects/container.h"
#include "objects/dispatch.h"
#include "objects/shape.h"
#include "runtime/runtime.h"
#include "vm/function.h"

/* ---- By name ---- */

GiRef gi_pickle_getattr(GiThread *ts, GiVal obj, GiVal name, bool dotted, GiRef *parent) {
    GiRef at = gi_dup(ts, obj);
    size_t n = gi_str_len(name), start = 0;
    if (parent) *parent = GI_NULL;
    while (start <= n) {
        ssize_t dot = dotted ? gi_str_find(name, GI_STR_LATIN1_CHAR('.'), start, n) : -1;
        size_t stop = dot < 0 ? n : (size_t)dot;
        GI_AUTO GiRef part = gi_str_slice(ts, name, start, stop);
        GiRef next = GI_NULL;
        if (gi_is_null(part) || gi_getattr_opt(ts, gi_val(at), gi_val(part), &next) < 0) break;
        if (gi_is_null(next)) {
            gi_raise(ts, &gi_exc_AttributeError, "Can't get attribute %R on %R", name, obj);
            break;
        }
        if (dot < 0) {
            if (parent) *parent = at;
            else gi_drop(ts, at);
            return next;
        }
        gi_drop(ts, at);
        at = next;
        start = stop + 1;
    }
    gi_drop(ts, at);
    return GI_NULL;
}
/* Does the dotted name go through a function's locals? */
static bool is_local(GiVal name) {
    static const char mark[] = "<locals>";
    size_t n = gi_str_len(name), run = 0, part = 0;
    for (size_t i = 0; i <= n; i++) {
        uint32_t ch = i < n ? gi_str_char(name, i) : '.';
        if (ch == '.') {
            if (run == 8 && part == 8) return true;
            run = part = 0;
        } else {
            if (part < 8 && run == part && ch == (uint32_t)mark[part]) run++;
            part++;
        }
    }
    return false;
}
/* The module where obj is found under a dotted name: its __module__, or else by a search. */
static GiRef which_module(GiThread *ts, GiVal obj, GiVal name) {
    GiRef module;
    if (gi_getattr_opt(ts, obj, GI_N(__module__), &module) < 0) return GI_NULL;
    if (!gi_is_null(module) && !gi_is_none(module)) return module;
    gi_xdrop(ts, module);
    GI_AUTO GiRef owned = gi_sys_get(ts, "modules");
    GiVal modules = gi_val(owned);
    if (gi_is_null(modules)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to get sys.modules");
    GI_AUTO GiRef items = gi_is_dict_exact(modules) ? gi_dict_items_list(ts, modules) : GI_NULL;
    if (gi_is_null(items)) {
        if (gi_raised(ts)) return GI_NULL;
        GI_AUTO GiRef view = gi_call_method_cstr(ts, modules, "items", NULL, 0);
        items = gi_is_null(view) ? GI_NULL : gi_to_list(ts, gi_val(view));
        if (gi_is_null(items)) return GI_NULL;
    }
    for (size_t i = 0; i < gi_list_len(items); i++) {
        GiVal pair = gi_list_peek_locked(gi_val(items), i), key = gi_tuple_get(pair, 0), candidate = gi_tuple_get(pair, 1);
        if (gi_is_none(candidate) || (gi_is_str(key) && gi_str_equals_cstr(key, "__main__"))) continue;
        GiRef found = gi_pickle_getattr(ts, candidate, name, true, NULL);
        if (gi_is_null(found)) {
            if (!gi_exc_matches(ts, &gi_exc_AttributeError)) return GI_NULL;
            gi_exc_clear(ts);
            continue;
        }
        bool same = gi_same(found, obj);
        gi_drop(ts, found);
        if (same) return gi_dup(ts, key);
    }
    return gi_intern_cstr(ts, "__main__");
}
/* 1: saved as an extension code, 0: it has none, -1: failed. */
static int save_extension(GiSaver *s, GiVal obj, GiVal module, GiVal name) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef key = gi_tuple_pack(ts, 2, module, name);
    GiRef code;
    if (gi_is_null(key) || gi_dict_get(ts, gi_val(s->state->extension_registry), gi_val(key), &code) < 0) return -1;
    if (gi_is_null(code)) return 0;
    int64_t n;
    if (!gi_is_int(gi_val(code))) {
        gi_pickling_error(ts, "Can't pickle %R: extension code %R isn't an integer", obj, gi_val(code));
        gi_drop(ts, code);
        return -1;
    }
    int big = gi_int_as_i64(gi_val(code), &n);
    gi_drop(ts, code);
    if (big || n <= 0 || n > 0x7fffffff) {
        gi_raise(ts, &gi_exc_RuntimeError, "Can't pickle %R: extension code %ld is out of range", obj, (long)n);
        return -1;
    }
    uint8_t op[5] = {n < 256 ? OP_EXT1 : n < 65536 ? OP_EXT2 : OP_EXT4, (uint8_t)n, (uint8_t)(n >> 8), (uint8_t)(n >> 16), (uint8_t)(n >> 24)};
    return gi_save_bytes_raw(s, op, n < 256 ? 2 : n < 65536 ? 3 : 5) < 0 ? -1 : 1;
}
/* The names that Python 2 had for these. */
static GiStatus map_to_python2(GiSaver *s, GiRef *module, GiRef *name) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef key = gi_tuple_pack(ts, 2, gi_val(*module), gi_val(*name));
    GiRef hit;
    if (gi_is_null(key) || gi_dict_get(ts, gi_val(s->state->names_3to2), gi_val(key), &hit) < 0) return GI_FAIL;
    if (!gi_is_null(hit)) {
        if (!gi_is_tuple(gi_val(hit)) || gi_tuple_len(hit) != 2) {
            gi_drop(ts, hit);
            return gi_raise_status(ts, &gi_exc_RuntimeError, "_compat_pickle.REVERSE_NAME_MAPPING values should be 2-tuples");
        }
        gi_drop(ts, *module);
        gi_drop(ts, *name);
        *module = gi_dup(ts, gi_tuple_get(gi_val(hit), 0));
        *name = gi_dup(ts, gi_tuple_get(gi_val(hit), 1));
        gi_drop(ts, hit);
        return GI_OK;
    }
    if (gi_dict_get(ts, gi_val(s->state->modules_3to2), gi_val(*module), &hit) < 0) return GI_FAIL;
    if (!gi_is_null(hit)) {
        gi_drop(ts, *module);
        *module = hit;
    }
    return GI_OK;
}
/* The line of a GLOBAL: in ASCII before protocol 3. */
static GiStatus put_line(GiSaver *s, GiVal text, GiVal module, GiVal name) {
    size_t n;
    const char *utf8 = gi_is_str(text) ? gi_str_utf8(s->ts, text, &n) : NULL;
    if (utf8 == NULL || (s->protocol < 3 && !gi_str_is_ascii(text))) {
        if (gi_raised(s->ts) && !gi_exc_matches(s->ts, &gi_exc_UnicodeEncodeError)) return GI_FAIL;
        gi_exc_clear(s->ts);
        gi_pickling_error(s->ts, "can't pickle %s identifier '%S' using pickle protocol %i",
                          gi_same(text, module) ? "module" : "global", gi_same(text, module) ? module : name, s->protocol);
        return GI_FAIL;
    }
    if (gi_save_bytes_raw(s, utf8, n) < 0) return GI_FAIL;
    return gi_save_op(s, '\n');
}
static GiStatus put_global(GiSaver *s, GiVal module_name, GiVal global_name) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef module = gi_dup(ts, module_name);
    GI_AUTO GiRef name = gi_dup(ts, global_name);
    if (s->fix_imports && s->protocol < 3 && map_to_python2(s, &module, &name) < 0) return GI_FAIL;
    if (gi_save_op(s, OP_GLOBAL) < 0 || put_line(s, gi_val(module), gi_val(module), gi_val(name)) < 0) return GI_FAIL;
    return put_line(s, gi_val(name), GI_NOVAL, gi_val(name));
}
/* What follows the last dot of a name (all of it when there is none, the same object). */
static GiRef last_part(GiThread *ts, GiVal name) {
    size_t n = gi_str_len(name), start = n;
    while (start > 0 && gi_str_char(name, start - 1) != '.') start--;
    return start ? gi_str_slice(ts, name, start, n) : gi_dup(ts, name);
}
/* getattr(parent, last part): how a nested name is written before protocol 4. */
static GiStatus put_nested(GiSaver *s, GiVal parent, GiVal global_name) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef last = last_part(ts, global_name);
    GI_AUTO GiRef args = gi_is_null(last) ? GI_NULL : gi_tuple_pack(ts, 2, parent, gi_val(last));
    GI_AUTO GiRef value = gi_is_null(args) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(s->state->getattr), gi_val(args));
    return gi_is_null(value) ? GI_FAIL : gi_save_reduced(s, gi_val(value), GI_NOVAL);
}
GiStatus gi_save_global(GiSaver *s, GiVal obj, GiVal name) {
    GiThread *ts = s->ts;
    GI_AUTO GiRef global_name = GI_NULL;
    if (!gi_is_null(name)) {
        global_name = gi_dup(ts, name);
    } else {
        if (gi_getattr_opt(ts, obj, GI_N(__qualname__), &global_name) < 0) return GI_FAIL;
        if (gi_is_null(global_name)) global_name = gi_getattr(ts, obj, GI_N(__name__));
        if (gi_is_null(global_name)) return GI_FAIL;
    }
    if (!gi_is_str(gi_val(global_name)))
        return gi_pickling_error(ts, "Can't pickle %R: its name is not a str", obj), GI_FAIL;
    if (is_local(gi_val(global_name)))
        return gi_raise_status(ts, &gi_exc_AttributeError, "Can't pickle local object %R", gi_val(global_name));
    GI_AUTO GiRef module_name = which_module(ts, obj, gi_val(global_name));
    if (gi_is_null(module_name)) return GI_FAIL;
    const char *module_text = gi_is_str(gi_val(module_name)) ? gi_str_cstr(ts, gi_val(module_name)) : NULL;
    GI_AUTO GiRef module = module_text ? gi_import(ts, module_text) : GI_NULL;
    if (gi_is_null(module)) {
        gi_exc_clear(ts);
        return gi_pickling_error(ts, "Can't pickle %R: import of module %R failed", obj, gi_val(module_name)), GI_FAIL;
    }
    GI_AUTO GiRef parent = GI_NULL;
    GI_AUTO GiRef found = gi_pickle_getattr(ts, gi_val(module), gi_val(global_name), true, &parent);
    if (gi_is_null(found)) {
        gi_exc_clear(ts);
        return gi_pickling_error(ts, "Can't pickle %R: attribute lookup %S on %S failed", obj, gi_val(global_name), gi_val(module_name)), GI_FAIL;
    }
    if (!gi_same(found, obj))
        return gi_pickling_error(ts, "Can't pickle %R: it's not the same object as %S.%S", obj, gi_val(module_name), gi_val(global_name)), GI_FAIL;
    if (s->protocol >= 2) {
        int coded = save_extension(s, obj, gi_val(module_name), gi_val(global_name));
        if (coded) return coded < 0 ? GI_FAIL : GI_OK;
    }
    if (gi_same(parent, module)) { /* a dotted name may lead back to the module */
        GiRef last = last_part(ts, gi_val(global_name));
        if (gi_is_null(last)) return GI_FAIL;
        gi_drop(ts, global_name);
        global_name = last;
    }
    GiStatus status;
    if (s->protocol >= 4) {
        status = gi_save(s, gi_val(module_name), false);
        if (status == GI_OK) status = gi_save(s, gi_val(global_name), false);
        if (status == GI_OK) status = gi_save_op(s, OP_STACK_GLOBAL);
    } else if (!gi_same(parent, module)) {
        status = put_nested(s, gi_val(parent), gi_val(global_name));
    } else {
        status = put_global(s, gi_val(module_name), gi_val(global_name));
    }
    return status < 0 ? GI_FAIL : gi_save_memoize(s, obj);
}
/* The types of the singletons have no name to be found by: type(None) and so on. */
GiStatus gi_save_type(GiSaver *s, GiVal obj) {
    GiType *type = gi_as_type(obj);
    GiVal instance = type == &gi_none_type ? GI_NONE : type == &gi_ellipsis_type ? GI_ELLIPSIS
                     : type == &gi_notimplemented_type ? GI_NOTIMPLEMENTED : GI_NOVAL;
    if (gi_is_null(instance)) return gi_save_global(s, obj, GI_NOVAL);
    GI_AUTO GiRef args = gi_tuple_pack(s->ts, 1, instance);
    GI_AUTO GiRef value = gi_is_null(args) ? GI_NULL : gi_tuple_pack(s->ts, 2, gi_type_val(&gi_type_type), gi_val(args));
    return gi_is_null(value) ? GI_FAIL : gi_save_reduced(s, gi_val(value), obj);
}

/* ---- By the value of a reduce function ---- */

typedef struct Parts { GiVal callable, args, state, items, pairs, setter; } Parts; /* null: none */

static GiVal part(GiVal value, size_t i) {
    if (i >= gi_tuple_len(value) || gi_is_none(gi_tuple_get(value, i))) return GI_NOVAL;
    return gi_tuple_get(value, i);
}
static GiStatus read_parts(GiThread *ts, GiVal value, Parts *p) {
    const char *wrong = NULL;
    if (gi_tuple_len(value) < 2 || gi_tuple_len(value) > 6)
        return gi_pickling_error(ts, "tuple returned by __reduce__ must contain 2 through 6 elements"), GI_FAIL;
    *p = (Parts){gi_tuple_get(value, 0), gi_tuple_get(value, 1), part(value, 2), part(value, 3), part(value, 4), part(value, 5)};
    if (!gi_is_callable(p->callable)) wrong = "first item of the tuple returned by __reduce__ must be callable";
    else if (!gi_is_tuple(p->args)) wrong = "second item of the tuple returned by __reduce__ must be a tuple";
    if (wrong) return gi_pickling_error(ts, "%s", wrong), GI_FAIL;
    GiVal culprit = GI_NOVAL;
    if (!gi_is_null(p->items) && !gi_is_iterator(p->items))
        wrong = "fourth element of the tuple returned by %s must be an iterator, not %T", culprit = p->items;
    else if (!gi_is_null(p->pairs) && !gi_is_iterator(p->pairs))
        wrong = "fifth element of the tuple returned by %s must be an iterator, not %T", culprit = p->pairs;
    else if (!gi_is_null(p->setter) && !gi_is_callable(p->setter))
        wrong = "sixth element of the tuple returned by %s must be a function, not %T", culprit = p->setter;
    return wrong ? (gi_pickling_error(ts, wrong, "__reduce__", culprit), GI_FAIL) : GI_OK;
}
/* Which of copyreg's makers is it: 1 __newobj__, 2 __newobj_ex__, 0 neither, -1 failed. */
static int which_maker(GiSaver *s, GiVal callable) {
    if (gi_same(callable, s->state->newobj)) return 1;
    GiRef name;
    GiThread *ts = s->ts;
    if (gi_getattr_opt(ts, callable, GI_N(__name__), &name) < 0) return -1;
    int which = 0;
    if (!gi_is_null(name) && gi_is_str(gi_val(name)))
        which = gi_str_equals_cstr(gi_val(name), "__newobj__") ? 1 : gi_str_equals_cstr(gi_val(name), "__newobj_ex__") ? 2 : 0;
    gi_xdrop(s->ts, name);
    return which;
}
static bool has_new(GiThread *ts, GiVal cls) {
    GiRef method;
    if (gi_is_type(cls)) return gi_as_type(cls)->new_ != NULL;
    if (gi_getattr_opt(ts, cls, GI_N(__new__), &method) < 0) return false;
    gi_xdrop(ts, method);
    return !gi_is_null(method);
}
static GiStatus save_newobj(GiSaver *s, GiVal args, GiVal obj) {
    GiThread *ts = s->ts;
    if (gi_tuple_len(args) < 1) return gi_pickling_error(ts, "__newobj__ arglist is empty"), GI_FAIL;
    GiVal cls = gi_tuple_get(args, 0);
    if (!has_new(ts, cls)) {
        if (!gi_raised(ts)) gi_pickling_error(ts, "args[0] from __newobj__ args has no __new__");
        return GI_FAIL;
    }
    GiType *type = gi_is_null(obj) ? NULL : gi_type_of(obj);
    bool plain = type && (type->flags & GI_TYPE_PLAIN_GETATTR) && gi_same(gi_type_val(type), cls) &&
                 gi_same(gi_type_lookup_peek(ts, type, GI_N(__class__)), gi_type_lookup_peek(ts, &gi_object_type, GI_N(__class__)));
    if (!gi_is_null(obj) && !plain) {
        GiRef its = gi_getattr(ts, obj, GI_N(__class__));
        if (gi_is_null(its)) return GI_FAIL;
        bool same = gi_same(its, cls);
        gi_drop(ts, its);
        if (!same) return gi_pickling_error(ts, "args[0] from __newobj__ args has the wrong class"), GI_FAIL;
    }
    if (gi_save(s, cls, false) < 0) return GI_FAIL;
    if (gi_tuple_len(args) == 1) { /* the usual case, without making the empty tuple */
        GiRef none = gi_tuple_new(ts, 0);
        GiStatus status = gi_is_null(none) ? GI_FAIL : gi_save(s, gi_val(none), false);
        gi_xdrop(ts, none);
        return status < 0 ? GI_FAIL : gi_save_op(s, OP_NEWOBJ);
    }
    GI_AUTO GiRef rest = gi_tuple_slice(ts, args, 1, gi_tuple_len(args));
    if (gi_is_null(rest) || gi_save(s, gi_val(rest), false) < 0) return GI_FAIL;
    return gi_save_op(s, OP_NEWOBJ);
}
static GiStatus save_newobj_ex(GiSaver *s, GiVal args) {
    GiThread *ts = s->ts;
    if (gi_tuple_len(args) != 3)
        return gi_pickling_error(ts, "length of the NEWOBJ_EX argument tuple must be exactly 3, not %zd", (ssize_t)gi_tuple_len(args)), GI_FAIL;
    GiVal cls = gi_tuple_get(args, 0), positional = gi_tuple_get(args, 1), kwargs = gi_tuple_get(args, 2);
    if (!gi_is_type(cls)) return gi_pickling_error(ts, "first item from NEWOBJ_EX argument tuple must be a class, not %.200T", cls), GI_FAIL;
    if (!gi_is_tuple(positional)) return gi_pickling_error(ts, "second item from NEWOBJ_EX argument tuple must be a tuple, not %.200T", positional), GI_FAIL;
    if (!gi_is_dict(kwargs)) return gi_pickling_error(ts, "third item from NEWOBJ_EX argument tuple must be a dict, not %.200T", kwargs), GI_FAIL;
    if (s->protocol >= 4) {
        if (gi_save(s, cls, false) < 0 || gi_save(s, positional, false) < 0 || gi_save(s, kwargs, false) < 0) return GI_FAIL;
        return gi_save_op(s, OP_NEWOBJ_EX);
    }
    /* Without that opcode: a partial of cls.__new__, called without arguments. */
    GI_AUTO GiRef new_method = gi_getattr(ts, cls, GI_N(__new__));
    if (gi_is_null(new_method)) return GI_FAIL;
    GI_AUTO GiRef head = gi_tuple_pack(ts, 2, gi_val(new_method), cls);
    GI_AUTO GiRef all = gi_is_null(head) ? GI_NULL : gi_binary(ts, GI_BIN_ADD, gi_val(head), positional);
    GI_AUTO GiRef callable = gi_is_null(all) ? GI_NULL : gi_call_ex(ts, gi_val(s->state->partial), gi_val(all), kwargs);
    GI_AUTO GiRef none = gi_is_null(callable) ? GI_NULL : gi_tuple_new(ts, 0);
    if (gi_is_null(none) || gi_save(s, gi_val(callable), false) < 0 || gi_save(s, gi_val(none), false) < 0) return GI_FAIL;
    return gi_save_op(s, OP_REDUCE);
}
static GiStatus save_state(GiSaver *s, const Parts *p, GiVal obj) {
    if (gi_is_null(p->state)) return GI_OK;
    if (gi_is_null(p->setter)) return gi_save(s, p->state, false) < 0 ? GI_FAIL : gi_save_op(s, OP_BUILD);
    /* setter(obj, state), its result thrown away */
    static const uint8_t call[] = {OP_TUPLE2, OP_REDUCE, OP_POP};
    if (gi_save(s, p->setter, false) < 0 || gi_save(s, obj, false) < 0 || gi_save(s, p->state, false) < 0) return GI_FAIL;
    return gi_save_bytes_raw(s, call, sizeof call);
}
GiStatus gi_save_reduced(GiSaver *s, GiVal value, GiVal obj) {
    Parts p;
    if (read_parts(s->ts, value, &p) < 0) return GI_FAIL;
    int maker = s->protocol >= 2 ? which_maker(s, p.callable) : 0;
    GiStatus status;
    if (maker == 1) {
        status = save_newobj(s, p.args, obj);
    } else if (maker == 2) {
        status = save_newobj_ex(s, p.args);
    } else {
        status = maker < 0 ? GI_FAIL : gi_save(s, p.callable, false);
        if (status == GI_OK) status = gi_save(s, p.args, false);
        if (status == GI_OK) status = gi_save_op(s, OP_REDUCE);
    }
    if (status < 0) return GI_FAIL;
    if (!gi_is_null(obj)) {
        ssize_t known = s->fast ? -1 : gi_memo_get(s->memo, obj);
        /* Its own arguments contain it, and it was saved with them: that one is taken. */
        if (known >= 0) return gi_save_op(s, OP_POP) < 0 ? GI_FAIL : gi_save_get(s, (size_t)known);
        if (gi_save_memoize(s, obj) < 0) return GI_FAIL;
    }
    if (!gi_is_null(p.items) && gi_save_batch_list(s, p.items) < 0) return GI_FAIL;
    if (!gi_is_null(p.pairs) && gi_save_batch_dict(s, p.pairs) < 0) return GI_FAIL;
    return save_state(s, &p, obj);
}

/* ---- Any other object ---- */

/* The function of a dispatch table for this class; null without exception: none. */
static GiStatus find_reducer(GiSaver *s, GiType *type, GiRef *out) {
    GiThread *ts = s->ts;
    GiVal table = s->dispatch_table;
    if (gi_is_null(table)) return gi_dict_get(ts, gi_val(s->state->dispatch_table), gi_type_val(type), out);
    *out = gi_getitem(ts, table, gi_type_val(type));
    if (!gi_is_null(*out)) return GI_OK;
    if (!gi_exc_matches(ts, &gi_exc_KeyError) && !gi_exc_matches(ts, &gi_exc_LookupError)) return GI_FAIL;
    gi_exc_clear(ts);
    return GI_OK;
}
/* True if the class leaves both __reduce_ex__ and __reduce__ to object. */
static bool reduces_as_object(GiThread *ts, GiVal obj) {
    GiType *type = gi_type_of(obj);
    if (!(type->flags & GI_TYPE_PLAIN_GETATTR)) return false;
    const GiVal names[] = {GI_N(__reduce_ex__), GI_N(__reduce__)};
    for (int i = 0; i < 2; i++) {
        GiVal found = gi_type_lookup_peek(ts, type, names[i]);
        if (gi_is_null(found) || !gi_same(found, gi_type_lookup_peek(ts, &gi_object_type, names[i]))) return false;
        GiRef own = type->flags & GI_TYPE_ATTRS ? gi_attrs_get(ts, gi_obj(obj), names[i]) : GI_NULL;
        if (!gi_is_null(own)) {
            gi_drop(ts, own);
            return false;
        }
    }
    return true;
}
static GiRef call_reduce_ex(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    GiRef method;
    /* PERF: the usual object needs no bound method. */
    if (reduces_as_object(ts, obj)) return gi_object_reduce(ts, obj, s->protocol);
    if (gi_getattr_opt(ts, obj, GI_N(__reduce_ex__), &method) < 0) return GI_NULL;
    if (!gi_is_null(method)) {
        GiRef r = gi_call1(ts, gi_val(method), gi_smallint(s->protocol));
        gi_drop(ts, method);
        return r;
    }
    if (gi_getattr_opt(ts, obj, GI_N(__reduce__), &method) < 0) return GI_NULL;
    if (gi_is_null(method)) return gi_pickling_error(ts, "can't pickle '%.200T' object: %R", obj, obj);
    GiRef r = gi_call0(ts, gi_val(method));
    gi_drop(ts, method);
    return r;
}
GiStatus gi_save_object(GiSaver *s, GiVal obj) {
    GiThread *ts = s->ts;
    GiType *type = gi_type_of(obj);
    GI_AUTO GiRef value = GI_NULL;
    if (!gi_is_null(s->reducer_override)) {
        value = gi_call1(ts, s->reducer_override, obj);
        if (gi_is_null(value)) return GI_FAIL;
        if (gi_is_notimplemented(value)) value = GI_NULL;
    }
    if (gi_is_null(value)) {
        if (type == &gi_type_type) return gi_save_type(s, obj);
        if (type == &gi_function_type) return gi_save_global(s, obj, GI_NOVAL);
        GI_AUTO GiRef reducer = GI_NULL;
        if (find_reducer(s, type, &reducer) < 0) return GI_FAIL;
        if (!gi_is_null(reducer)) value = gi_call1(ts, gi_val(reducer), obj);
        else if (gi_is_type(obj)) return gi_save_global(s, obj, GI_NOVAL);
        else value = call_reduce_ex(s, obj);
        if (gi_is_null(value)) return GI_FAIL;
    }
    if (gi_is_str(gi_val(value))) return gi_save_global(s, obj, gi_val(value));
    if (!gi_is_tuple(gi_val(value))) return gi_pickling_error(ts, "__reduce__ must return a string or tuple"), GI_FAIL;
    return gi_save_reduced(s, gi_val(value), obj);
}
