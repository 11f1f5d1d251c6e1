/* _contextvars.c - contexts, context variables and tokens (PEP 567).
 *
 * A context holds an immutable mapping: a dict that is never changed once a context shows it; set
 * copies it. (Contexts are small; copying a context is free.) Only the thread that runs in a context replaces
 * its mapping, so it may look at it without counting; others take a reference (context_vars).
 */
#include "modules/module.h"

#include "memory/slots.h"

typedef struct GiContext { GiObj obj; GiSlot vars, previous; _Atomic bool entered; } GiContext;
typedef struct GiContextVar { GiObj obj; GiSlot name, fallback; } GiContextVar;
typedef struct GiToken { GiObj obj; GiSlot context, var, old; _Atomic bool used; } GiToken; /* old null: was missing */
extern GiType gi_context_type, gi_contextvar_type, gi_token_type, gi_token_missing_type;
#include "modules/_contextvars.gen.h"

#define CONTEXT(v) ((GiContext *)gi_obj(v))
#define VAR(v) ((GiContextVar *)gi_obj(v))
#define TOKEN(v) ((GiToken *)gi_obj(v))

static GiRef new_context(GiThread *ts, GiVal vars) {
    GiRef made = gi_own_obj(gi_heap_new(ts, &gi_context_type, sizeof(GiContext)));
    if (gi_is_null(made)) return made;
    GiRef dict = gi_is_null(vars) ? gi_dict_new(ts) : gi_dup(ts, vars);
    if (gi_is_null(dict)) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    gi_slot_init(&CONTEXT(made)->vars, dict);
    return made;
}
/* The mapping of any context. */
static GiRef context_vars(GiThread *ts, GiVal context) { return gi_slot_load(ts, &CONTEXT(context)->vars); }
/* The running context, made on first use; borrowed. */
static GiVal current(GiThread *ts) {
    if (ts->context.bits == 0) {
        GiRef made = new_context(ts, GI_NOVAL);
        if (gi_is_null(made)) return GI_NOVAL;
        gi_slot_init(&ts->context, made);
    }
    return gi_val(ts->context);
}
/* Replaces the mapping of the running context by a copy with one change. */
static GiStatus change(GiThread *ts, GiVal var, GiVal value) {
    GiVal context = current(ts);
    if (gi_is_null(context)) return GI_FAIL;
    GiRef vars = gi_dict_copy(ts, gi_val(CONTEXT(context)->vars));
    if (gi_is_null(vars)) return GI_FAIL;
    bool found;
    GiStatus status = gi_is_null(value) ? gi_dict_del(ts, gi_val(vars), var, &found) : gi_dict_set(ts, gi_val(vars), var, value);
    if (status < 0) gi_drop(ts, vars);
    else gi_slot_store(ts, &CONTEXT(context)->vars, vars);
    ts->context_version++;
    return status;
}

static GiRef context_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (nargs || !gi_is_null(kwnames)) return gi_raise_ref(ts, &gi_exc_TypeError, "Context() does not accept any arguments");
    return new_context(ts, GI_NOVAL);
}
GI_METHOD(context, run, "(self, callable = <unrepresentable>, /, *args, **kwargs)", NULL) {
    if (gi_is_null(a->callable))
        return gi_raise_ref(ts, &gi_exc_TypeError, "run() missing 1 required positional argument");
    GiContext *c = CONTEXT(self);
    if (atomic_exchange(&c->entered, true))
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "cannot enter context: %R is already entered", self);
    gi_slot_init(&c->previous, gi_slot_take(&ts->context));
    gi_slot_init(&ts->context, gi_dup(ts, self));
    ts->context_version++;
    GiRef args = gi_tuple_from(ts, a->args, a->args_count);
    GiRef r = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, a->callable, gi_val(args), a->kwargs);
    gi_xdrop(ts, args);
    GiRef running = gi_slot_take(&ts->context);
    gi_slot_init(&ts->context, gi_slot_take(&c->previous));
    gi_xdrop(ts, running);
    c->entered = false;
    ts->context_version++;
    return r;
}
GI_METHOD(context, copy, "(self)", "Return a shallow copy of the context object.") {
    GiRef vars = context_vars(ts, self), copy = new_context(ts, gi_val(vars));
    gi_drop(ts, vars);
    return copy;
}
GI_METHOD(context, get, "(self, key, default = None, /)", "Return the value for `key` if `key` has the value in the context object.\n\nIf `key` does not exist, return `default`. If `default` is not given,\nreturn None.") {
    if (!gi_is_exact(a->key, &gi_contextvar_type)) return gi_raise_ref(ts, &gi_exc_TypeError, "a ContextVar key was expected, got %R", a->key);
    GiRef r, vars = context_vars(ts, self);
    GiStatus status = gi_dict_get(ts, gi_val(vars), a->key, &r);
    gi_drop(ts, vars);
    if (status < 0) return GI_NULL;
    return !gi_is_null(r) ? r : gi_is_null(a->default_) ? GI_REF_NONE : gi_dup(ts, a->default_);
}
static GiRef vars_method(GiThread *ts, GiVal self, const char *name) {
    GiRef vars = context_vars(ts, self), r = gi_call_method_cstr(ts, gi_val(vars), name, NULL, 0);
    gi_drop(ts, vars);
    return r;
}
GI_METHOD(context, keys, "(self)", "Return a list of all variables in the context object.") { return vars_method(ts, self, "keys"); }
GI_METHOD(context, values, "(self)", "Return a list of all variables' values in the context object.") { return vars_method(ts, self, "values"); }
GI_METHOD(context, items, "(self)", "Return all variables and their values in the context object.\n\nThe result is returned as a list of 2-tuples (variable, value).") { return vars_method(ts, self, "items"); }
static GiRef context_iter(GiThread *ts, GiVal self) {
    GiRef vars = context_vars(ts, self), it = gi_iter(ts, gi_val(vars));
    gi_drop(ts, vars);
    return it;
}
static ssize_t context_length(GiThread *ts, GiVal self) {
    GiRef vars = context_vars(ts, self);
    ssize_t n = gi_length(ts, gi_val(vars));
    gi_drop(ts, vars);
    return n;
}
static GiRef context_subscript(GiThread *ts, GiVal self, GiVal key) {
    if (!gi_is_exact(key, &gi_contextvar_type)) return gi_raise_ref(ts, &gi_exc_TypeError, "a ContextVar key was expected, got %R", key);
    GiRef vars = context_vars(ts, self), r = gi_getitem(ts, gi_val(vars), key);
    gi_drop(ts, vars);
    return r;
}
static GiTruth context_contains(GiThread *ts, GiVal self, GiVal key) {
    if (!gi_is_exact(key, &gi_contextvar_type)) {
        gi_raise(ts, &gi_exc_TypeError, "a ContextVar key was expected, got %R", key);
        return GI_TRUTH_FAIL;
    }
    GiRef vars = context_vars(ts, self);
    GiTruth t = gi_dict_contains(ts, gi_val(vars), key);
    gi_drop(ts, vars);
    return t;
}
static GiRef context_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op) {
    if (!gi_is_exact(other, &gi_context_type) || (op != GI_EQ && op != GI_NE)) return GI_REF_NOTIMPLEMENTED;
    GiRef mine = context_vars(ts, self), theirs = context_vars(ts, other);
    GiRef r = gi_compare(ts, gi_val(mine), gi_val(theirs), op);
    gi_drop(ts, mine), gi_drop(ts, theirs);
    return r;
}
static const GiField context_fields[] = {GI_SLOT(GiContext, vars), GI_SLOT(GiContext, previous), GI_FIELDS_END};
GiType gi_context_type = {
    .obj = GI_TYPE_HEAD, .name = "Context", .module = "_contextvars", .size = sizeof(GiContext), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_WEAKREF, .fields = context_fields, .methods = context_methods, .new_ = context_new,
    .iter = context_iter, .length = context_length, .subscript = context_subscript, .contains = context_contains, .compare = context_compare};

GI_NEW(contextvar, "(cls, name, /, *, default = <unrepresentable>)", NULL) {
    if (!gi_is_str(a->name)) return gi_raise_ref(ts, &gi_exc_TypeError, "context variable name must be a str");
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    gi_slot_init(&VAR(made)->name, gi_dup(ts, a->name));
    gi_slot_init(&VAR(made)->fallback, gi_xdup(ts, a->default_));
    return made;
}
GI_METHOD(contextvar, get, "(self, default = <unrepresentable>, /)", "Return a value for the context variable for the current context.\n\nIf there is no value for the variable in the current context, the method will:\n * return the value of the default argument of the method, if provided; or\n * return the default value for the context variable, if it was created\n   with one; or\n * raise a LookupError.") {
    GiRef r = GI_NULL;
    if (ts->context.bits && gi_dict_get(ts, gi_val(CONTEXT(ts->context)->vars), self, &r) < 0) return GI_NULL;
    if (!gi_is_null(r)) return r;
    if (!gi_is_null(a->default_)) return gi_dup(ts, a->default_);
    if (VAR(self)->fallback.bits) return gi_slot_dup(ts, &VAR(self)->fallback);
    gi_raise_value(ts, &gi_exc_LookupError, self);
    return GI_NULL;
}
GI_METHOD(contextvar, set, "(self, value, /)", "Call to set a new value for the context variable in the current context.\n\nThe required *value* argument is the new value for the context variable.\n\nReturns a Token object that can be used to restore the variable to its previous\nvalue via the `ContextVar.reset()` method.") {
    GiVal context = current(ts);
    GiRef old;
    if (gi_is_null(context) || gi_dict_get(ts, gi_val(CONTEXT(context)->vars), self, &old) < 0) return GI_NULL;
    GiRef token = gi_own_obj(gi_heap_new(ts, &gi_token_type, sizeof(GiToken)));
    if (gi_is_null(token)) {
        gi_xdrop(ts, old);
        return token;
    }
    gi_slot_init(&TOKEN(token)->old, old);
    gi_slot_init(&TOKEN(token)->var, gi_dup(ts, self));
    gi_slot_init(&TOKEN(token)->context, gi_dup(ts, context));
    if (change(ts, self, a->value) < 0) {
        gi_drop(ts, token);
        return GI_NULL;
    }
    return token;
}
GI_METHOD(contextvar, reset, "(self, token, /)", "Reset the context variable.\n\nThe variable is reset to the value it had before the `ContextVar.set()` that\ncreated the token was used.") {
    if (!gi_is_exact(a->token, &gi_token_type)) return gi_raise_ref(ts, &gi_exc_TypeError, "expected an instance of Token, got %R", a->token);
    GiToken *t = TOKEN(a->token);
    if (t->used) return gi_raise_ref(ts, &gi_exc_RuntimeError, "%R has already been used once", a->token);
    if (!gi_same(t->var, self)) return gi_raise_ref(ts, &gi_exc_ValueError, "%R was created by a different ContextVar", a->token);
    GiVal context = current(ts);
    if (gi_is_null(context)) return GI_NULL;
    if (!gi_same(t->context, context)) return gi_raise_ref(ts, &gi_exc_ValueError, "%R was created in a different Context", a->token);
    if (atomic_exchange(&t->used, true))
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "%R has already been used once", a->token);
    return change(ts, self, gi_val(t->old)) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_CLASSMETHOD(contextvar, __class_getitem__, "(type, item, /)", "See PEP 585") { return gi_generic_alias_new(ts, self, a->item); }
static GiRef contextvar_repr(GiThread *ts, GiVal self) {
    if (VAR(self)->fallback.bits)
        return gi_str_format(ts, "<ContextVar name=%R default=%R at %p>", gi_val(VAR(self)->name), gi_val(VAR(self)->fallback), (void *)gi_obj(self));
    return gi_str_format(ts, "<ContextVar name=%R at %p>", gi_val(VAR(self)->name), (void *)gi_obj(self));
}
static const GiMemberDef contextvar_members[] = {{"name", GI_MEMBER_OBJECT, offsetof(GiContextVar, name), true, NULL}, {.name = NULL}};
static const GiField contextvar_fields[] = {GI_SLOT(GiContextVar, name), GI_SLOT(GiContextVar, fallback), GI_FIELDS_END};
GiType gi_contextvar_type = {
    .obj = GI_TYPE_HEAD, .name = "ContextVar", .module = "_contextvars", .size = sizeof(GiContextVar), .base = &gi_object_type,
    .flags = GI_TYPE_GC, .fields = contextvar_fields, .methods = contextvar_methods, .members = contextvar_members,
    .new_ = contextvar_new, .repr = contextvar_repr};

GI_GETTER(token, var, NULL) { return gi_slot_dup(ts, &TOKEN(self)->var); }
GI_GETTER(token, old_value, NULL) {
    if (TOKEN(self)->old.bits) return gi_slot_dup(ts, &TOKEN(self)->old);
    return gi_getattr_cstr(ts, gi_type_val(&gi_token_type), "MISSING");
}
GI_CLASSMETHOD(token, __class_getitem__, "(type, item, /)", "See PEP 585") { return gi_generic_alias_new(ts, self, a->item); }
static GiRef token_repr(GiThread *ts, GiVal self) {
    return gi_str_format(ts, "<Token%s var=%R at %p>", TOKEN(self)->used ? " used" : "", gi_val(TOKEN(self)->var), (void *)gi_obj(self));
}
static const GiField token_fields[] = {GI_SLOT(GiToken, context), GI_SLOT(GiToken, var), GI_SLOT(GiToken, old), GI_FIELDS_END};
GiType gi_token_type = {
    .obj = GI_TYPE_HEAD, .name = "Token", .module = "_contextvars", .size = sizeof(GiToken), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = token_fields, .methods = token_methods, .getset = token_getset, .repr = token_repr};
static GiRef missing_repr(GiThread *ts, GiVal self GI_UNUSED) { return gi_str_from_cstr(ts, "<Token.MISSING>"); }
GiType gi_token_missing_type = {.obj = GI_TYPE_HEAD, .name = "Token.MISSING", .size = sizeof(GiObj), .base = &gi_object_type,
                                .flags = GI_TYPE_NO_NEW, .repr = missing_repr};

GI_FUNCTION(_contextvars, copy_context, "()", NULL) {
    GiVal context = current(ts);
    return gi_is_null(context) ? GI_NULL : new_context(ts, gi_val(CONTEXT(context)->vars));
}
static GiStatus _contextvars_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &gi_context_type) < 0 || gi_module_add_type(ts, module, &gi_contextvar_type) < 0 ||
        gi_module_add_type(ts, module, &gi_token_type) < 0 || gi_type_ready(ts, &gi_token_missing_type) < 0)
        return GI_FAIL;
    GiRef missing = gi_own_obj(gi_heap_new(ts, &gi_token_missing_type, sizeof(GiObj)));
    if (gi_is_null(missing)) return GI_FAIL;
    gi_make_immortal(gi_obj(missing));
    if (gi_type_add(ts, &gi_token_type, "MISSING", gi_val(missing)) < 0) return GI_FAIL;
    gi_type_modified(ts, &gi_token_type, GI_NOVAL);
    return GI_OK;
}
const GiModuleDef gi_module__contextvars = {.name = "_contextvars", .doc = "Context Variables", .functions = _contextvars_functions, .exec = _contextvars_exec};
