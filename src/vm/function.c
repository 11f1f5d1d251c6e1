/* function.c - the function type. */
#include "memory/slots.h"
#include "objects/audit.h"
#include "vm/function.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/shape.h"
#include "vm/frame.h"
#include "vm/function.gen.h"

/* ---- Builtins ----
 *
 * PYSEM: globals['__builtins__'] may be any object, which is asked by []. The instructions know dicts
 * only, so what is none is kept in a dict of its own, under a key that no name is. */

#define ODD_KEY gi_type_val(&gi_function_type)

/* Consumes what globals have as builtins. */
static GiRef as_builtins(GiThread *ts, GiRef object) {
    if (gi_is_dict_exact(gi_val(object))) return object;
    GiRef dict = gi_is_instance_of(gi_val(object), &gi_module_type) ? gi_dup(ts, gi_module_dict(gi_val(object)))
                                                                    : gi_dict_new(ts);
    if (!gi_is_null(dict) && !gi_is_instance_of(gi_val(object), &gi_module_type) &&
        gi_dict_set(ts, gi_val(dict), ODD_KEY, gi_val(object)) < 0) {
        gi_drop(ts, dict);
        dict = GI_NULL;
    }
    gi_drop(ts, object);
    return dict;
}

GiRef gi_builtins_object(GiThread *ts, const GiFunction *func) {
    GiRef odd;
    if (gi_dict_get(ts, gi_val(func->builtins), ODD_KEY, &odd) < 0 || !gi_is_null(odd)) return odd;
    return gi_slot_dup(ts, &func->builtins);
}

GiStatus gi_builtins_get(GiThread *ts, const GiFunction *func, GiVal name, GiRef *out) {
    GiRef odd;
    if (gi_dict_get(ts, gi_val(func->builtins), name, out) < 0) return GI_FAIL;
    if (!gi_is_null(*out)) return GI_OK;
    if (gi_dict_get(ts, gi_val(func->builtins), ODD_KEY, &odd) < 0) return GI_FAIL;
    if (gi_is_null(odd)) return GI_OK;
    *out = gi_getitem(ts, gi_val(odd), name);
    gi_drop(ts, odd);
    if (!gi_is_null(*out)) return GI_OK;
    if (!gi_exc_matches(ts, &gi_exc_KeyError)) return GI_FAIL;
    gi_exc_clear(ts);
    return GI_OK;
}

GiRef gi_function_make(GiThread *ts, GiVal code, GiVal globals, GiVal builtins, GiVal module) {
    GiFunction *f = (GiFunction *)gi_heap_new_fast(ts, &gi_function_type, sizeof(GiFunction));
    if (f == NULL) return GI_NULL;
    GiCode *c = gi_code_of(code);
    gi_slot_init(&f->code, gi_dup(ts, code));
    gi_slot_init(&f->globals, gi_dup(ts, globals));
    gi_slot_init(&f->builtins, gi_dup(ts, builtins));
    gi_slot_init(&f->name, gi_slot_dup(ts, &c->name));
    gi_slot_init(&f->qualname, gi_slot_dup(ts, &c->qualname));
    gi_slot_init(&f->module, gi_xdup(ts, module));
    return gi_own_obj(f);
}

GiRef gi_function_new(GiThread *ts, GiVal code, GiVal globals, GiVal qualname) {
    GiRef builtins, module;
    if (gi_dict_get(ts, globals, GI_N(__builtins__), &builtins) < 0) return GI_NULL;
    /* PYSEM: globals without __builtins__ go on with those of the running code. */
    if (gi_is_null(builtins))
        builtins = gi_slot_dup(ts, ts->frame ? &gi_frame_func(ts->frame)->builtins : &ts->vm->builtins_dict);
    else
        builtins = as_builtins(ts, builtins);
    if (gi_is_null(builtins) && gi_raised(ts)) return GI_NULL;
    if (gi_dict_get(ts, globals, GI_N(__name__), &module) < 0) {
        gi_xdrop(ts, builtins);
        return GI_NULL;
    }
    GiRef made = gi_function_make(ts, code, globals, gi_val(builtins), gi_val(module));
    gi_xdrop(ts, builtins);
    gi_xdrop(ts, module);
    if (!gi_is_null(made) && !gi_is_null(qualname))
        gi_slot_set(ts, &gi_function_of(made)->qualname, gi_dup(ts, qualname));
    return made;
}

static GiStatus audit_setattr(GiThread *ts, GiVal self, const char *name, GiVal value) {
    GiRef text = gi_intern_cstr(ts, name);
    GiStatus status = gi_is_null(text) ? GI_FAIL : GI_AUDIT(ts, "object.__setattr__", self, gi_val(text), value);
    gi_xdrop(ts, text);
    return status;
}

GI_NEW(function, "(cls, code, globals, name: object = None, argdefs: object = None, closure: object = None)",
       "Create a function object.") {
    (void)type;
    if (!gi_is_exact(a->code, &gi_code_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "function() argument 'code' must be code, not %T", a->code);
    if (!gi_is_dict(a->globals))
        return gi_raise_ref(ts, &gi_exc_TypeError, "function() argument 'globals' must be dict, not %T", a->globals);
    GiCode *code = gi_code_of(a->code);
    GiVal name = gi_is_null(a->name) ? GI_NONE : a->name;
    GiVal defaults = gi_is_null(a->argdefs) ? GI_NONE : a->argdefs;
    GiVal closure = gi_is_null(a->closure) ? GI_NONE : a->closure;
    if (!gi_is_none(name) && !gi_is_str(name))
        return gi_raise_ref(ts, &gi_exc_TypeError, "arg 3 (name) must be None or string");
    if (!gi_is_none(defaults) && !gi_is_tuple(defaults))
        return gi_raise_ref(ts, &gi_exc_TypeError, "arg 4 (defaults) must be None or tuple");
    if (!gi_is_tuple(closure)) {
        if (code->free_count && gi_is_none(closure))
            return gi_raise_ref(ts, &gi_exc_TypeError, "arg 5 (closure) must be tuple");
        if (!gi_is_none(closure))
            return gi_raise_ref(ts, &gi_exc_TypeError, "arg 5 (closure) must be None or tuple");
    }
    size_t given = gi_is_none(closure) ? 0 : gi_tuple_len(closure);
    if (given != code->free_count)
        return gi_raise_ref(ts, &gi_exc_ValueError, "%U requires closure of length %zu, not %zu",
                            gi_val(code->name), (size_t)code->free_count, given);
    for (size_t i = 0; i < given; i++)
        if (!gi_is_exact(gi_tuple_get(closure, i), &gi_cell_type))
            return gi_raise_ref(ts, &gi_exc_TypeError, "arg 5 (closure) expected cell, found %T",
                                gi_tuple_get(closure, i));
    GiRef made = gi_function_new(ts, a->code, a->globals, GI_NOVAL);
    if (gi_is_null(made)) return made;
    GiFunction *f = gi_function_of(made);
    if (!gi_is_none(name)) gi_slot_set(ts, &f->name, gi_dup(ts, name));
    if (!gi_is_none(defaults)) gi_slot_set(ts, &f->defaults, gi_dup(ts, defaults));
    if (!gi_is_none(closure)) gi_slot_set(ts, &f->closure, gi_dup(ts, closure));
    return made;
}

#define SELF gi_function_of(self)

/* PERF: the docstring stands in the body of the code, which most functions never need. */
static GiStatus load_doc(GiThread *ts, GiVal self) {
    if (SELF->doc.bits != 0) return GI_OK;
    GiRef doc = gi_code_doc(ts, gi_code_of(SELF->code));
    if (gi_is_null(doc)) return GI_FAIL;
    uint64_t none = 0;
    if (!__atomic_compare_exchange_n(&SELF->doc.bits, &none, doc.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        gi_drop(ts, doc);
    return GI_OK;
}
GI_GETTER(function, __doc__, NULL) { return load_doc(ts, self) < 0 ? GI_NULL : gi_slot_load(ts, &SELF->doc); }
GI_SETTER(function, __doc__) {
    gi_slot_store(ts, &SELF->doc, gi_is_null(value) ? GI_REF_NONE : gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __code__, NULL) { return gi_slot_load(ts, &SELF->code); }
/* Keeps the function's code, which it is about to lose, for the frames that run it. */
static GiStatus keep_former(GiThread *ts, GiFunction *func) {
    if (func->former.bits == 0) {
        GiRef list = gi_list_new(ts, 1);
        if (gi_is_null(list)) return GI_FAIL;
        uint64_t none = 0;
        if (!__atomic_compare_exchange_n(&func->former.bits, &none, list.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            gi_drop(ts, list);
    }
    GiVal former = gi_val(func->former); /* never another list */
    GiRef code = gi_slot_load(ts, &func->code);
    for (size_t i = 0; !ts->core.free_running && i < gi_list_len(former); i++)
        if (gi_same(gi_list_peek_locked(former, i), gi_val(code))) {
            gi_drop(ts, code);
            return GI_OK;
        }
    return gi_list_append(ts, former, code);
}

GI_SETTER(function, __code__) {
    if (gi_is_null(value) || !gi_is_exact(value, &gi_code_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "__code__ must be set to a code object");
    size_t have = gi_code_of(SELF->code)->free_count, want = gi_code_of(value)->free_count;
    if (have != want)
        return gi_raise_status(ts, &gi_exc_ValueError,
                               "%U() requires a code object with %zu free vars, not %zu", gi_val(SELF->name),
                               have, want);
    if (load_doc(ts, self) < 0 || audit_setattr(ts, self, "__code__", value) < 0 || keep_former(ts, SELF) < 0)
        return GI_FAIL;
    gi_slot_store(ts, &SELF->code, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __builtins__, NULL) { return gi_builtins_object(ts, SELF); }
static GiRef load_or_none(GiThread *ts, const GiSlot *slot) {
    GiRef r = gi_slot_load(ts, slot);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
/* Puts `fresh` (consumed) where `before` is, unless another thread was first. */
static void replace(GiThread *ts, GiSlot *slot, GiVal before, GiRef fresh) {
    uint64_t expected = before.bits;
    if (__atomic_compare_exchange_n(&slot->bits, &expected, fresh.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        gi_xdrop(ts, (GiRef){before.bits});
    else
        gi_drop(ts, fresh);
}
GI_GETTER(function, __defaults__, NULL) {
    return load_or_none(ts, &SELF->defaults);
}
GI_SETTER(function, __defaults__) {
    if (gi_is_null(value) || gi_is_none(value)) {
        gi_slot_store(ts, &SELF->defaults, GI_NULL);
        return GI_OK;
    }
    if (!gi_is_tuple(value)) return gi_raise_status(ts, &gi_exc_TypeError, "__defaults__ must be set to a tuple object");
    gi_slot_store(ts, &SELF->defaults, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __kwdefaults__, NULL) {
    return load_or_none(ts, &SELF->kwdefaults);
}
GI_SETTER(function, __kwdefaults__) {
    if (gi_is_null(value) || gi_is_none(value)) {
        gi_slot_store(ts, &SELF->kwdefaults, GI_NULL);
        return GI_OK;
    }
    if (!gi_is_dict(value)) return gi_raise_status(ts, &gi_exc_TypeError, "__kwdefaults__ must be set to a dict object");
    gi_slot_store(ts, &SELF->kwdefaults, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __annotations__, NULL) {
    GiSlot *slot = &SELF->annotations;
    for (;;) {
        GiRef now = gi_slot_load(ts, slot);
        if (!gi_is_null(now) && !gi_is_tuple(gi_val(now))) return now;
        /* The compiler leaves name, value, name, value ...; the dict is made when asked for. */
        GiRef dict = gi_dict_new(ts);
        for (size_t i = 0; !gi_is_null(now) && !gi_is_null(dict) && i + 1 < gi_tuple_len(now); i += 2) {
            GiVal name = gi_tuple_get(gi_val(now), i), value = gi_tuple_get(gi_val(now), i + 1);
            if (gi_dict_set(ts, gi_val(dict), name, value) < 0) {
                gi_drop(ts, dict);
                dict = GI_NULL;
            }
        }
        if (!gi_is_null(dict)) replace(ts, slot, gi_val(now), dict);
        gi_xdrop(ts, now);
        if (gi_is_null(dict)) return GI_NULL;
    }
}
GI_SETTER(function, __annotations__) {
    if (!gi_is_null(value) && !gi_is_none(value) && !gi_is_dict(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__annotations__ must be set to a dict object");
    gi_slot_store(ts, &SELF->annotations, gi_is_null(value) || gi_is_none(value) ? GI_NULL : gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __name__, NULL) { return gi_slot_load(ts, &SELF->name); }
GI_SETTER(function, __name__) {
    if (gi_is_null(value) || !gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__name__ must be set to a string object");
    gi_slot_store(ts, &SELF->name, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __qualname__, NULL) { return gi_slot_load(ts, &SELF->qualname); }
GI_SETTER(function, __qualname__) {
    if (gi_is_null(value) || !gi_is_str(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__qualname__ must be set to a string object");
    gi_slot_store(ts, &SELF->qualname, gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(function, __dict__, NULL) { return gi_attrs_dict(ts, gi_obj(self)); }
GI_SETTER(function, __dict__) {
    if (gi_is_null(value) || !gi_is_dict(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__dict__ must be set to a dictionary, not a '%s'",
                               gi_is_null(value) ? "NULL" : gi_type_name(value));
    return gi_attrs_set_dict(ts, gi_obj(self), value);
}

static const GiMemberDef function_members[] = {
    {"__closure__", GI_MEMBER_OBJECT, offsetof(GiFunction, closure), true, NULL},
    {"__globals__", GI_MEMBER_OBJECT, offsetof(GiFunction, globals), true, NULL},
    {"__module__", GI_MEMBER_OBJECT, offsetof(GiFunction, module), false, NULL},
    {.name = NULL}};

static const GiField function_fields[] = {
    GI_SLOT(GiFunction, code), GI_SLOT(GiFunction, globals), GI_SLOT(GiFunction, builtins),
    GI_SLOT(GiFunction, name), GI_SLOT(GiFunction, qualname), GI_SLOT(GiFunction, defaults),
    GI_SLOT(GiFunction, kwdefaults), GI_SLOT(GiFunction, closure), GI_SLOT(GiFunction, doc),
    GI_SLOT(GiFunction, annotations), GI_SLOT(GiFunction, module), GI_SLOT(GiFunction, former), GI_FIELDS_END};

static GiRef function_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<function %U at %p>", gi_val(SELF->qualname), (void *)gi_obj(self));
}
static GiRef function_descr_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj)) return gi_dup(ts, self);
    return gi_bound_method_new(ts, self, obj);
}

GiType gi_function_type = {
    .obj = GI_TYPE_HEAD, .name = "function", .size = sizeof(GiFunction), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_WEAKREF | GI_TYPE_METHOD_DESCR | GI_TYPE_FUNCTION | GI_TYPE_LASTING,
    .fields = function_fields, .members = function_members, .getset = function_getset,
    .new_ = function_new, .repr = function_repr, .call = gi_function_call, .descr_get = function_descr_get,
    .doc = "function(code, globals, name=None, argdefs=None, closure=None)\n--\n\nCreate a function object.\n\n"
           "  code\n    a code object\n  globals\n    the globals dictionary\n  name\n    a string that overrides "
           "the name from the code object\n  argdefs\n    a tuple that specifies the default argument values\n"
           "  closure\n    a tuple that supplies the bindings for free variables",
};

/* ---- Calls from native code ---- */

static GiRef run_frame(GiThread *ts, GiFrame *frame) {
    /* The frame counts as recursion already; the C stack is looked at here. */
    if (GI_UNLIKELY((char *)__builtin_frame_address(0) < ts->c_stack_limit)) {
        if (gi_enter_recursive(ts, "") < 0) {
            gi_frame_pop(ts, frame);
            return GI_NULL;
        }
        gi_leave_recursive(ts);
    }
    frame->flags |= GI_FRAME_ENTRY;
    return gi_vm_run(ts, frame);
}

GiRef gi_function_call(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs, GiVal kwnames) {
    GiFunction *func = gi_function_of(callable);
    GiCode *code = gi_code_of(func->code);
    size_t keywords = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    bool simple = code->simple_args && nargs == code->arg_count && keywords == 0;
    GiFrame *frame = gi_frame_push_fast(ts, gi_dup(ts, callable), code, simple ? (unsigned)nargs : 0);
    if (frame == NULL) return GI_NULL;
    if (GI_LIKELY(simple)) {
        for (size_t i = 0; i < nargs; i++) gi_slot_init(&frame->regs[i], gi_dup(ts, args[i]));
    } else if (gi_bind_arguments(ts, func, code, frame->regs, args, nargs + keywords, kwnames) < 0) {
        gi_frame_pop(ts, frame);
        return GI_NULL;
    }
    return run_frame(ts, frame);
}

GiRef gi_eval_code(GiThread *ts, GiVal code, GiVal globals, GiVal locals, GiVal closure) {
    GiRef func = gi_function_new(ts, code, globals, GI_NOVAL);
    if (gi_is_null(func)) return func;
    if (!gi_is_null(closure)) gi_slot_set(ts, &gi_function_of(func)->closure, gi_dup(ts, closure));
    GiFrame *frame = gi_frame_push(ts, func, gi_code_of(code));
    if (frame == NULL) return GI_NULL;
    if (!gi_is_null(locals) && !gi_same(locals, globals) && !(gi_code_of(code)->flags & GI_CO_OPTIMIZED))
        gi_slot_init(&frame->locals, gi_dup(ts, locals));
    return run_frame(ts, frame);
}
