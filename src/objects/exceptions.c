/* exceptions.c - BaseException, and the exceptions with few or no fields of their own.
 *
 * PYSEM: fields, constructors and texts are those of CPython 3.11 (tests/diff/exceptions_*.py).
 * OSError, SyntaxError, UnicodeError and exception groups have files of their own.
 */
#include "objects/exceptions_internal.h"

#include "objects/exceptions.gen.h"

/* ---- BaseException ---- */

GiStatus gi_exc_no_kwargs(GiThread *ts, GiType *type, GiVal kwnames) {
    if (gi_is_null(kwnames) || gi_tuple_len(kwnames) == 0) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes no keyword arguments", type->name);
}

GiRef gi_base_exception_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs,
                            GiVal kwnames GI_UNUSED) {
    GiException *exc = (GiException *)gi_obj(gi_type_alloc(ts, type, 0));
    if (!exc) return GI_NULL;
    GiRef tuple = gi_tuple_from(ts, args, nargs);
    if (gi_is_null(tuple)) {
        gi_drop(ts, gi_own_obj(exc));
        return GI_NULL;
    }
    gi_slot_init(&exc->args, tuple);
    return gi_own_obj(exc);
}

GiStatus gi_base_exception_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                GiVal kwnames) {
    if (gi_exc_no_kwargs(ts, gi_type_of(self), kwnames)) return GI_FAIL;
    GiException *exc = gi_exception_of(self);
    /* Usually new_ has stored the same arguments a moment ago. */
    GiRef stored = gi_slot_load(ts, &exc->args);
    bool same = !gi_is_null(stored) && gi_tuple_len(stored) == nargs &&
                memcmp(gi_tuple_items(stored), args, nargs * sizeof *args) == 0;
    gi_xdrop(ts, stored);
    if (same) return GI_OK;
    GiRef tuple = gi_tuple_from(ts, args, nargs);
    if (gi_is_null(tuple)) return GI_FAIL;
    gi_slot_store(ts, &exc->args, tuple);
    return GI_OK;
}

/* An owned reference to args, which is a tuple even in an instance that was never initialised. */
static GiRef args_of(GiThread *ts, GiVal self) {
    GiRef args = gi_slot_load(ts, &gi_exception_of(self)->args);
    return gi_is_null(args) ? gi_tuple_new(ts, 0) : args;
}

GiRef gi_base_exception_str(GiThread *ts, GiVal self) {
    GiRef args = args_of(ts, self), text;
    if (gi_is_null(args)) return args;
    switch (gi_tuple_len(args)) {
    case 0: text = gi_dup(ts, GI_STR_EMPTY); break;
    case 1: text = gi_str(ts, gi_tuple_get(gi_val(args), 0)); break;
    default: text = gi_str(ts, gi_val(args)); break;
    }
    gi_drop(ts, args);
    return text;
}

static GiRef base_exception_repr(GiThread *ts, GiVal self) {
    const char *name = gi_type_name(self), *dot = strrchr(name, '.');
    if (dot) name = dot + 1;
    GiRef args = args_of(ts, self);
    if (gi_is_null(args)) return args;
    GiRef text = gi_tuple_len(args) == 1
                     ? gi_str_format(ts, "%s(%R)", name, gi_tuple_get(gi_val(args), 0))
                     : gi_str_format(ts, "%s%R", name, gi_val(args));
    gi_drop(ts, args);
    return text;
}

GiRef gi_exc_state(GiThread *ts, GiVal self) {
    GiShape *shape = __atomic_load_n(&gi_attrs(gi_obj(self))->shape, __ATOMIC_ACQUIRE);
    if (!shape || (!shape->is_dict && !shape->count)) return GI_NULL;
    return gi_attrs_snapshot(ts, gi_obj(self));
}

GiRef gi_exc_reduce(GiThread *ts, GiVal self, GiRef args, GiRef state) {
    if (gi_is_null(args)) {
        gi_xdrop(ts, state);
        return GI_NULL;
    }
    if (gi_is_null(state)) state = gi_exc_state(ts, self);
    GiRef result = GI_NULL;
    if (!gi_raised(ts))
        result = gi_tuple_pack(ts, gi_is_null(state) ? 2 : 3, gi_type_val(gi_type_of(self)),
                               gi_val(args), gi_val(state));
    gi_drop(ts, args);
    gi_xdrop(ts, state);
    return result;
}

GI_METHOD(base_exception, __reduce__, "(self, /)", NULL) {
    return gi_exc_reduce(ts, self, args_of(ts, self), GI_NULL);
}

GI_METHOD(base_exception, __setstate__, "(self, state, /)", NULL) {
    if (gi_is_none(a->state)) return GI_REF_NONE;
    if (!gi_is_dict(a->state))
        return gi_raise_ref(ts, &gi_exc_TypeError, "state is not a dictionary");
    GiRef items = gi_dict_items_list(ts, a->state);
    if (gi_is_null(items)) return items;
    GiRef result = GI_REF_NONE;
    for (size_t i = 0; i < gi_list_len(items); i++) {
        GiVal pair = gi_list_peek_locked(gi_val(items), i);
        if (gi_setattr(ts, self, gi_tuple_get(pair, 0), gi_tuple_get(pair, 1))) {
            result = GI_NULL;
            break;
        }
    }
    gi_drop(ts, items);
    return result;
}

/* The VM's type is above this layer: known by its name. */
static bool is_traceback(GiVal v) {
    GiType *type = gi_type_of(v);
    return !(type->flags & GI_TYPE_HEAP) && strcmp(type->name, "traceback") == 0;
}

static GiStatus set_traceback(GiThread *ts, GiVal self, GiVal value) {
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__traceback__ may not be deleted");
    if (!gi_is_none(value) && !is_traceback(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__traceback__ must be a traceback or None");
    gi_exception_set_traceback(ts, self, gi_dup(ts, value));
    return GI_OK;
}

GI_METHOD(base_exception, with_traceback, "(self, object, /)",
          "Exception.with_traceback(tb) --\n    set self.__traceback__ to tb and return self.") {
    if (set_traceback(ts, self, a->object)) return GI_NULL;
    return gi_dup(ts, self);
}

GiStatus gi_exception_add_note(GiThread *ts, GiVal exc, GiVal note) {
    GiRef notes = GI_NULL;
    if (!gi_is_str(note))
        return gi_raise_status(ts, &gi_exc_TypeError, "note must be a str, not '%T'", note);
    if (gi_getattr_opt(ts, exc, GI_N(__notes__), &notes)) return GI_FAIL;
    if (gi_is_null(notes)) {
        notes = gi_list_new(ts, 1);
        if (gi_is_null(notes)) return GI_FAIL;
        if (gi_setattr(ts, exc, GI_N(__notes__), gi_val(notes))) goto fail;
    } else if (!gi_is_list(notes)) {
        gi_raise(ts, &gi_exc_TypeError, "Cannot add note: __notes__ is not a list");
        goto fail;
    }
    if (gi_list_append(ts, gi_val(notes), gi_dup(ts, note))) goto fail;
    gi_drop(ts, notes);
    return GI_OK;
fail:
    gi_drop(ts, notes);
    return GI_FAIL;
}

GI_METHOD(base_exception, add_note, "(self, object, /)",
          "Exception.add_note(note) --\n    add a note to the exception") {
    if (gi_exception_add_note(ts, self, a->object)) return GI_NULL;
    return GI_REF_NONE;
}

GI_GETTER(base_exception, __dict__, NULL) { return gi_attrs_dict(ts, gi_obj(self)); }
GI_SETTER(base_exception, __dict__) {
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "cannot delete __dict__");
    if (!gi_is_dict(value))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "__dict__ must be set to a dictionary, not a '%.200T'", value);
    return gi_attrs_set_dict(ts, gi_obj(self), value);
}

GI_GETTER(base_exception, args, NULL) {
    GiRef args = gi_slot_load(ts, &gi_exception_of(self)->args);
    return gi_is_null(args) ? GI_REF_NONE : args;
}
GI_SETTER(base_exception, args) {
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "args may not be deleted");
    GiRef tuple = gi_to_tuple(ts, value);
    if (gi_is_null(tuple)) return GI_FAIL;
    gi_slot_store(ts, &gi_exception_of(self)->args, tuple);
    return GI_OK;
}

static GiRef slot_or_none(GiThread *ts, const GiSlot *slot) {
    GiRef r = gi_slot_load(ts, slot);
    return gi_is_null(r) ? GI_REF_NONE : r;
}

GI_GETTER(base_exception, __traceback__, NULL) {
    return slot_or_none(ts, &gi_exception_of(self)->traceback);
}
GI_SETTER(base_exception, __traceback__) { return set_traceback(ts, self, value); }

GI_GETTER(base_exception, __context__, "exception context") {
    return slot_or_none(ts, &gi_exception_of(self)->context);
}
GI_SETTER(base_exception, __context__) {
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__context__ may not be deleted");
    if (!gi_is_none(value) && !gi_is_exception(value))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "exception context must be None or derive from BaseException");
    gi_exception_set_context(ts, self, gi_dup(ts, value));
    return GI_OK;
}

GI_GETTER(base_exception, __cause__, "exception cause") {
    return slot_or_none(ts, &gi_exception_of(self)->cause);
}
GI_SETTER(base_exception, __cause__) {
    if (gi_is_null(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "__cause__ may not be deleted");
    if (!gi_is_none(value) && !gi_is_exception(value))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "exception cause must be None or derive from BaseException");
    gi_exception_set_cause(ts, self, gi_dup(ts, value));
    return GI_OK;
}

static const GiField base_exception_fields[] = {
    GI_SLOT(GiException, args), GI_SLOT(GiException, traceback), GI_SLOT(GiException, context),
    GI_SLOT(GiException, cause), GI_FIELDS_END,
};
static const GiMemberDef base_exception_members[] = {
    {"__suppress_context__", GI_MEMBER_BOOL, offsetof(GiException, suppress_context), false, NULL},
    {.name = NULL},
};

GiType gi_exc_BaseException = {
    .obj = GI_TYPE_HEAD,
    .name = "BaseException",
    .flags = EXC_FLAGS,
    .size = sizeof(GiException),
    .base = &gi_object_type,
    .doc = "Common base class for all exceptions",
    .fields = base_exception_fields,
    .methods = base_exception_methods,
    .getset = base_exception_getset,
    .members = base_exception_members,
    .new_ = gi_base_exception_new,
    .init = gi_base_exception_init,
    .repr = base_exception_repr,
    .str = gi_base_exception_str,
};

/* ---- Types without anything of their own ---- */

/* PYSEM: each has __new__ and __init__ of its own, so that in a class with several bases the first
 * one's constructor counts (tests/diff/exception_bases.py). */

#define SIMPLE(name_, base_, doc_)                                                                 \
    GiType gi_exc_##name_ = {.obj = GI_TYPE_HEAD,                                                  \
                             .name = #name_,                                                       \
                             .flags = EXC_FLAGS,                                                   \
                             .size = sizeof(GiException),                                          \
                             .base = &gi_exc_##base_,                                              \
                             .new_ = gi_base_exception_new,                                        \
                             .init = gi_base_exception_init,                                       \
                             .doc = doc_}

SIMPLE(GeneratorExit, BaseException, "Request that a generator exit.");
SIMPLE(KeyboardInterrupt, BaseException, "Program interrupted by user.");
SIMPLE(Exception, BaseException, "Common base class for all non-exit exceptions.");
SIMPLE(ArithmeticError, Exception, "Base class for arithmetic errors.");
SIMPLE(FloatingPointError, ArithmeticError, "Floating point operation failed.");
SIMPLE(OverflowError, ArithmeticError, "Result too large to be represented.");
SIMPLE(ZeroDivisionError, ArithmeticError,
       "Second argument to a division or modulo operation was zero.");
SIMPLE(AssertionError, Exception, "Assertion failed.");
SIMPLE(BufferError, Exception, "Buffer error.");
SIMPLE(EOFError, Exception, "Read beyond end of file.");
SIMPLE(LookupError, Exception, "Base class for lookup errors.");
SIMPLE(IndexError, LookupError, "Sequence index out of range.");
SIMPLE(ReferenceError, Exception, "Weak ref proxy used after referent went away.");
SIMPLE(RuntimeError, Exception, "Unspecified run-time error.");
SIMPLE(NotImplementedError, RuntimeError, "Method or function hasn't been implemented yet.");
SIMPLE(RecursionError, RuntimeError, "Recursion limit exceeded.");
SIMPLE(StopAsyncIteration, Exception, "Signal the end from iterator.__anext__().");
SIMPLE(SystemError, Exception,
       "Internal error in the Python interpreter.\n\n"
       "Please report this to the Python maintainer, along with the traceback,\n"
       "the Python version, and the hardware/OS platform and version.");
SIMPLE(TypeError, Exception, "Inappropriate argument type.");
SIMPLE(ValueError, Exception, "Inappropriate argument value (of correct type).");
SIMPLE(UnicodeError, ValueError, "Unicode related error.");
SIMPLE(Warning, Exception, "Base class for warning categories.");
SIMPLE(BytesWarning, Warning,
       "Base class for warnings about bytes and buffer related problems, mostly\n"
       "related to conversion from str or comparing to str.");
SIMPLE(DeprecationWarning, Warning, "Base class for warnings about deprecated features.");
SIMPLE(EncodingWarning, Warning, "Base class for warnings about encodings.");
SIMPLE(FutureWarning, Warning,
       "Base class for warnings about constructs that will change semantically\nin the future.");
SIMPLE(ImportWarning, Warning, "Base class for warnings about probable mistakes in module imports");
SIMPLE(PendingDeprecationWarning, Warning,
       "Base class for warnings about features which will be deprecated\nin the future.");
SIMPLE(ResourceWarning, Warning, "Base class for warnings about resource usage.");
SIMPLE(RuntimeWarning, Warning, "Base class for warnings about dubious runtime behavior.");
SIMPLE(SyntaxWarning, Warning, "Base class for warnings about dubious syntax.");
SIMPLE(UnicodeWarning, Warning,
       "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.");
SIMPLE(UserWarning, Warning, "Base class for warnings generated by user code.");

GiType gi_exc_MemoryError = {
    .obj = GI_TYPE_HEAD,
    .name = "MemoryError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiException),
    .base = &gi_exc_Exception,
    .doc = "Out of memory.",
    .new_ = gi_base_exception_new,
    .init = gi_base_exception_init,
    .finalize = gi_memory_error_finalize,
};

/* ---- StopIteration, SystemExit: the argument under a name ---- */

static GiStatus stop_iteration_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                    GiVal kwnames) {
    if (gi_base_exception_init(ts, self, args, nargs, kwnames)) return GI_FAIL;
    gi_slot_copy(ts, &((GiStopIteration *)gi_obj(self))->value, nargs ? args[0] : GI_NONE);
    return GI_OK;
}
static const GiField stop_iteration_fields[] = {GI_SLOT(GiStopIteration, value), GI_FIELDS_END};
static const GiMemberDef stop_iteration_members[] = {
    {"value", GI_MEMBER_OBJECT, offsetof(GiStopIteration, value), false, "generator return value"},
    {.name = NULL},
};
GiType gi_exc_StopIteration = {
    .obj = GI_TYPE_HEAD,
    .name = "StopIteration",
    .flags = EXC_FLAGS,
    .size = sizeof(GiStopIteration),
    .base = &gi_exc_Exception,
    .doc = "Signal the end from iterator.__next__().",
    .fields = stop_iteration_fields,
    .members = stop_iteration_members,
    .init = stop_iteration_init,
};

static GiStatus system_exit_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                 GiVal kwnames) {
    if (gi_base_exception_init(ts, self, args, nargs, kwnames)) return GI_FAIL;
    GiSlot *code = &((GiSystemExit *)gi_obj(self))->code;
    if (nargs == 1) gi_slot_copy(ts, code, args[0]);
    else if (nargs > 1) gi_slot_store(ts, code, gi_slot_load(ts, &gi_exception_of(self)->args));
    return GI_OK;
}
static const GiField system_exit_fields[] = {GI_SLOT(GiSystemExit, code), GI_FIELDS_END};
static const GiMemberDef system_exit_members[] = {
    {"code", GI_MEMBER_OBJECT, offsetof(GiSystemExit, code), false, "exception code"},
    {.name = NULL},
};
GiType gi_exc_SystemExit = {
    .obj = GI_TYPE_HEAD,
    .name = "SystemExit",
    .flags = EXC_FLAGS,
    .size = sizeof(GiSystemExit),
    .base = &gi_exc_BaseException,
    .doc = "Request to exit from the interpreter.",
    .fields = system_exit_fields,
    .members = system_exit_members,
    .init = system_exit_init,
};

/* ---- KeyError ---- */

static GiRef key_error_str(GiThread *ts, GiVal self) {
    GiRef args = gi_slot_load(ts, &gi_exception_of(self)->args);
    /* repr, so that KeyError('') does not print as nothing. */
    bool key = !gi_is_null(args) && gi_tuple_len(args) == 1;
    GiRef text = key ? gi_repr(ts, gi_tuple_get(gi_val(args), 0)) : gi_base_exception_str(ts, self);
    gi_xdrop(ts, args);
    return text;
}
GiType gi_exc_KeyError = {
    .obj = GI_TYPE_HEAD,
    .name = "KeyError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiException),
    .base = &gi_exc_LookupError,
    .doc = "Mapping key not found.",
    .init = gi_base_exception_init,
    .str = key_error_str,
};

/* ---- ImportError, NameError, AttributeError: fields by keyword ---- */

typedef struct Keyword {
    const char *name;
    GiSlot *slot;
} Keyword;

/* Initialises as BaseException with the positional arguments, and stores the keywords. */
static GiStatus init_with_keywords(GiThread *ts, GiVal self, const char *fname, const Keyword *keys,
                                   size_t count, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_base_exception_init(ts, self, args, nargs, GI_NOVAL)) return GI_FAIL;
    size_t given = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames);
    if (given > count)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at most %zu keyword argument%s (%zu given)",
                               fname, count, count == 1 ? "" : "s", given);
    for (size_t i = 0; i < count; i++) gi_slot_store(ts, keys[i].slot, GI_NULL);
    for (size_t k = 0; k < given; k++) {
        GiVal name = gi_tuple_get(kwnames, k);
        size_t i = 0;
        while (i < count && !gi_str_equals_cstr(name, keys[i].name)) i++;
        if (i == count)
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "'%U' is an invalid keyword argument for %s()", name, fname);
        gi_slot_copy(ts, keys[i].slot, args[nargs + k]);
    }
    return GI_OK;
}

static GiStatus import_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                  GiVal kwnames) {
    GiImportError *exc = (GiImportError *)gi_obj(self);
    const Keyword keys[] = {{"name", &exc->name}, {"path", &exc->path}};
    if (init_with_keywords(ts, self, "ImportError", keys, 2, args, nargs, kwnames)) return GI_FAIL;
    gi_slot_copy(ts, &exc->msg, nargs == 1 ? args[0] : GI_NOVAL);
    return GI_OK;
}

static GiRef import_error_str(GiThread *ts, GiVal self) {
    GiRef msg = gi_slot_load(ts, &((GiImportError *)gi_obj(self))->msg);
    if (!gi_is_null(msg) && gi_is_str_exact(gi_val(msg))) return msg;
    gi_xdrop(ts, msg);
    return gi_base_exception_str(ts, self);
}

GI_METHOD(import_error, __reduce__, "(self, /)", NULL) {
    GiImportError *exc = (GiImportError *)gi_obj(self);
    GiRef state = GI_NULL, name = gi_slot_load(ts, &exc->name), path = gi_slot_load(ts, &exc->path);
    GiStatus status = GI_OK;
    if (!gi_is_null(name) || !gi_is_null(path)) {
        state = gi_exc_state(ts, self);
        if (gi_is_null(state) && !gi_raised(ts)) state = gi_dict_new(ts);
        if (gi_is_null(state)) status = GI_FAIL;
        if (!status && !gi_is_null(name)) status = gi_dict_set(ts, gi_val(state), GI_N(name), gi_val(name));
        if (!status && !gi_is_null(path)) status = gi_dict_set(ts, gi_val(state), GI_N(path), gi_val(path));
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, path);
    if (status) {
        gi_xdrop(ts, state);
        return GI_NULL;
    }
    return gi_exc_reduce(ts, self, args_of(ts, self), state);
}

static const GiField import_error_fields[] = {GI_SLOT(GiImportError, msg), GI_SLOT(GiImportError, name),
                                              GI_SLOT(GiImportError, path), GI_FIELDS_END};
static const GiMemberDef import_error_members[] = {
    {"msg", GI_MEMBER_OBJECT, offsetof(GiImportError, msg), false, "exception message"},
    {"name", GI_MEMBER_OBJECT, offsetof(GiImportError, name), false, "module name"},
    {"path", GI_MEMBER_OBJECT, offsetof(GiImportError, path), false, "module path"},
    {.name = NULL},
};
GiType gi_exc_ImportError = {
    .obj = GI_TYPE_HEAD,
    .name = "ImportError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiImportError),
    .base = &gi_exc_Exception,
    .doc = "Import can't find module, or can't find name in module.",
    .fields = import_error_fields,
    .members = import_error_members,
    .methods = import_error_methods,
    .init = import_error_init,
    .str = import_error_str,
};
GiType gi_exc_ModuleNotFoundError = {
    .obj = GI_TYPE_HEAD,
    .name = "ModuleNotFoundError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiImportError),
    .base = &gi_exc_ImportError,
    .doc = "Module not found.",
    .init = import_error_init,
};

static GiStatus name_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                GiVal kwnames) {
    const Keyword keys[] = {{"name", &((GiNameError *)gi_obj(self))->name}};
    return init_with_keywords(ts, self, "NameError", keys, 1, args, nargs, kwnames);
}
static const GiField name_error_fields[] = {GI_SLOT(GiNameError, name), GI_FIELDS_END};
static const GiMemberDef name_error_members[] = {
    {"name", GI_MEMBER_OBJECT, offsetof(GiNameError, name), false, "name"},
    {.name = NULL},
};
GiType gi_exc_NameError = {
    .obj = GI_TYPE_HEAD,
    .name = "NameError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiNameError),
    .base = &gi_exc_Exception,
    .doc = "Name not found globally.",
    .fields = name_error_fields,
    .members = name_error_members,
    .init = name_error_init,
    .str = gi_base_exception_str,
};
GiType gi_exc_UnboundLocalError = {
    .obj = GI_TYPE_HEAD,
    .name = "UnboundLocalError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiNameError),
    .base = &gi_exc_NameError,
    .doc = "Local name referenced but not bound to a value.",
    .init = name_error_init,
};

static GiStatus attribute_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                     GiVal kwnames) {
    GiAttributeError *exc = (GiAttributeError *)gi_obj(self);
    const Keyword keys[] = {{"name", &exc->name}, {"obj", &exc->object}};
    return init_with_keywords(ts, self, "AttributeError", keys, 2, args, nargs, kwnames);
}
static const GiField attribute_error_fields[] = {GI_SLOT(GiAttributeError, name),
                                                 GI_SLOT(GiAttributeError, object), GI_FIELDS_END};
static const GiMemberDef attribute_error_members[] = {
    {"name", GI_MEMBER_OBJECT, offsetof(GiAttributeError, name), false, "attribute name"},
    {"obj", GI_MEMBER_OBJECT, offsetof(GiAttributeError, object), false, "object"},
    {.name = NULL},
};
GiType gi_exc_AttributeError = {
    .obj = GI_TYPE_HEAD,
    .name = "AttributeError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiAttributeError),
    .base = &gi_exc_Exception,
    .doc = "Attribute not found.",
    .fields = attribute_error_fields,
    .members = attribute_error_members,
    .init = attribute_error_init,
    .str = gi_base_exception_str,
};

/* ---- Start ---- */

GiStatus gi_exceptions_init(GiThread *ts) {
#define GI_EXC(name, base) &gi_exc_##name,
    static GiType *const all[] = {
#include "objects/exceptions.def"
    };
#undef GI_EXC
    if (gi_type_ready(ts, &gi_exc_BaseException) || gi_type_ready(ts, &gi_exc_Exception) ||
        gi_type_ready(ts, &gi_exc_BaseExceptionGroup))
        return GI_FAIL;
    /* The one builtin type with two bases. */
    if (gi_is_null(gi_exc_ExceptionGroup.bases)) {
        GiRef bases = gi_tuple_pack(ts, 2, gi_type_val(&gi_exc_BaseExceptionGroup),
                                    gi_type_val(&gi_exc_Exception));
        if (gi_is_null(bases)) return GI_FAIL;
        gi_make_immortal(gi_obj(bases));
        gi_slot_init(&gi_exc_ExceptionGroup.bases, bases);
    }
    for (size_t i = 0; i < GI_COUNTOF(all); i++)
        if (gi_type_ready(ts, all[i])) return GI_FAIL;
    return gi_errors_vm_init(ts);
}
