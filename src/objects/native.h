/* native.h - native functions: parameter tables, method rows, getters, members, unpacking.
 *
 * A native function stands once, in its C file:
 *
 *     GI_METHOD(list, insert, "(self, index: ssize, object, /)", "Insert object before index.") {
 *         ... a->index, a->object ...   (self, ts and a are in scope; returns GiRef)
 *     }
 *
 * tools/gen_natives.py reads these and writes FILE.gen.h beside FILE.c: for every function its
 * argument struct, parameter table and row, and for every type/module the table of rows. The C
 * file includes its FILE.gen.h after its own struct definitions and before the first function.
 *
 * Forms:
 *     GI_METHOD(type, name, sig, doc)        method; `self` is the first parameter
 *     GI_CLASSMETHOD(type, name, sig, doc)   `self` is the class ("(cls, ...)" or "(type, ...)")
 *     GI_STATICMETHOD(type, name, sig, doc)  no self in sig
 *     GI_FUNCTION(module, name, sig, doc)    module function; `self` is the module object
 *     GI_NEW(type, sig, doc)                 body of new_: `type` (GiType *) in scope, sig "(cls, ...)"
 *     GI_INIT(type, sig)                     body of init: `self`; returns GiStatus
 *     GI_GETTER(type, name, doc)             property: GiRef from self
 *     GI_SETTER(type, name)                  `value` null: delete; returns GiStatus
 * The tables: `<type>_methods[]`, `<type>_getset[]`, `<module>_functions[]`; new/init give
 * `<type>_new` and `<type>_init` with the slots' signatures. A C name other than the Python name:
 * write `GI_METHOD(list, insert, ...)`; for names that are C keywords or dunder the Python name is
 * used as it is (body functions are prefixed with the type).
 *
 * Parameter kinds in the signature text, `name: kind = default`:
 *     (none) or object   GiVal              int    int             ssize  ssize_t (via __index__)
 *     i64 int64_t        u64  uint64_t      uint   unsigned int    double double
 *     bool   bool (truth value)             boolint  int 0/1: any int accepted ("p"/"i" flags)
 *     str    GiVal, checked to be a str     bytes  GiVal, checked to be bytes
 *     char   uint32_t, a str of length 1    type   GiVal, checked to be a class
 *     buffer GiBuffer (simple, contiguous; released by the unpacker after the body)
 *     rwbuffer  GiBuffer, writable          strbuffer GiBuffer of bytes-like or a str's UTF-8
 *     fd     int: an int or an object with fileno()
 *     cstr   const char *: UTF-8 of a str without NUL, valid during the call
 *     index  ssize_t clipped (slice bounds: __index__, huge values clip)
 *     list, tuple, dict   GiVal checked
 * `kind?` also accepts None: object kinds give null GiVal then, C kinds need a default.
 * Defaults: a Python literal (None, True, -1, '', b''), shown in the text signature. A GiVal
 * parameter with a default that is not given is a null GiVal (the body knows its meaning); C kinds
 * need a number/True/False default. `= <unrepresentable>` gives null and is shown so; `= <null>` gives null and no text signature.
 * `*args` gives `const GiVal *args; size_t args_count`; `**kwargs` gives a dict GiVal (null when
 * empty; dropped by the unpacker). `/` and `*` as in Python.
 *
 * Sources of speed: rows whose parameters are all positional-only plain objects are called with the
 * caller's argument array as the struct; no parameter at all likewise.
 */
#ifndef GI_OBJECTS_NATIVE_H
#define GI_OBJECTS_NATIVE_H

#include "objects/type.h"
#include "objects/buffer.h"

typedef enum {
    GI_PARAM_OBJECT, GI_PARAM_INT, GI_PARAM_SSIZE, GI_PARAM_I64, GI_PARAM_U64, GI_PARAM_UINT,
    GI_PARAM_DOUBLE, GI_PARAM_BOOL, GI_PARAM_BOOLINT, GI_PARAM_STR, GI_PARAM_BYTES, GI_PARAM_CHAR,
    GI_PARAM_TYPE, GI_PARAM_BUFFER, GI_PARAM_RWBUFFER, GI_PARAM_STRBUFFER, GI_PARAM_FD,
    GI_PARAM_CSTR, GI_PARAM_INDEX, GI_PARAM_LIST, GI_PARAM_TUPLE, GI_PARAM_DICT,
    GI_PARAM_VARARGS, GI_PARAM_VARKW,
} GiParamKind;

enum { GI_PARAM_OPTIONAL = 1, GI_PARAM_NONE_OK = 2, GI_PARAM_POSONLY = 4, GI_PARAM_KWONLY = 8 };

typedef union GiParamDefault { int64_t i; double d; } GiParamDefault;

typedef struct GiParam {
    const char *name;
    uint8_t kind, flags;
    uint16_t offset; /* in the argument struct */
    GiParamDefault fallback;
} GiParam;

typedef enum {
    GI_CALL_GENERAL,   /* unpack by table */
    GI_CALL_NOARGS,
    GI_CALL_DIRECT,    /* all parameters positional-only, required, plain objects */
    GI_CALL_OBJECTS,   /* all plain objects, at most GI_CALL_OBJECTS_MAX; what may be left out is null then */
    GI_CALL_RAW,       /* hand-written rows: body is a GiRawBody and unpacks for itself */
} GiCallShape;

#define GI_CALL_OBJECTS_MAX 8

/* The row of a native function. `body` is called with the filled argument struct; for GI_INIT it
 * returns GiStatus (cast). */
typedef GiRef (*GiNativeBody)(GiThread *ts, GiVal self, const void *args);
typedef GiRef (*GiRawBody)(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);

enum { GI_METHOD_INSTANCE, GI_METHOD_CLASS, GI_METHOD_STATIC, GI_METHOD_FUNCTION, GI_METHOD_NEW,
       GI_METHOD_INIT };

struct GiMethodDef {
    const char *name;       /* NULL ends a table */
    GiNativeBody body;
    const GiParam *params;
    uint8_t param_count, required, positional; /* positional: how many may be given by position */
    uint8_t shape, binding; /* GiCallShape; GI_METHOD_... */
    uint16_t struct_size;
    const char *text_signature; /* "($self, index, object, /)" or NULL */
    const char *doc;
};

struct GiGetSetDef {
    const char *name;
    GiRef (*get)(GiThread *ts, GiVal self);
    GiStatus (*set)(GiThread *ts, GiVal self, GiVal value); /* NULL: read-only */
    const char *doc;
};

/* Plain fields of native structs. */
typedef enum {
    GI_MEMBER_OBJECT,      /* GiSlot; null reads as None */
    GI_MEMBER_OBJECT_EX,   /* GiSlot; null raises AttributeError */
    GI_MEMBER_INT, GI_MEMBER_UINT, GI_MEMBER_I64, GI_MEMBER_SSIZE, GI_MEMBER_DOUBLE, GI_MEMBER_BOOL,
    GI_MEMBER_CSTR,
} GiMemberKind;
struct GiMemberDef {
    const char *name;
    GiMemberKind kind;
    uint32_t offset;
    bool readonly;
    const char *doc;
};

#define GI_METHOD(type, name, sig, doc) \
    static GiRef type##_##name##_body(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED, \
                                      const struct type##_##name##_args *a GI_UNUSED)
/* GI_SHARED_METHODS(x, a, b): the methods written for x belong to the tables of types a and b. */
#define GI_SHARED_METHODS(...) _Static_assert(1, "")
#define GI_CLASSMETHOD(type, name, sig, doc) GI_METHOD(type, name, sig, doc)
#define GI_STATICMETHOD(type, name, sig, doc) GI_METHOD(type, name, sig, doc)
#define GI_FUNCTION(module, name, sig, doc) GI_METHOD(module, name, sig, doc)
#define GI_NEW(ctype, sig, doc) \
    static GiRef ctype##_new_body(GiThread *ts GI_UNUSED, GiType *type GI_UNUSED, \
                                  const struct ctype##_new_args *a GI_UNUSED)
#define GI_INIT(ctype, sig) \
    static GiStatus ctype##_init_body(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED, \
                                      const struct ctype##_init_args *a GI_UNUSED)
#define GI_GETTER(type, name, doc) \
    static GiRef type##_get_##name(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED)
#define GI_SETTER(type, name) \
    static GiStatus type##_set_##name(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED, GiVal value)

/* Unpacks the arguments by def's table and calls its body. `fname` prefix for messages comes from
 * def->name ("insert() missing required argument 'object' (pos 2)"). */
GiRef gi_native_call(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                     size_t nargs, GiVal kwnames);
/* A call by position of a row of shape GI_CALL_OBJECTS, required <= nargs <= positional. */
static inline GiRef gi_native_call_objects(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                                           size_t nargs) {
    GiVal all[GI_CALL_OBJECTS_MAX];
    size_t i = 0;
    for (; i < nargs; i++) all[i] = args[i];
    for (; i < def->param_count; i++) all[i] = GI_NOVAL;
    return def->body(ts, self, all);
}
GiStatus gi_native_call_init(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                             size_t nargs, GiVal kwnames);

/* builtin_function_or_method: a native function bound to self (a module or an instance). */
typedef struct GiNative {
    GiObj obj;
    const GiMethodDef *def;
    GiSlot self;    /* null for static methods */
    GiSlot module;  /* __module__: str or null */
    GiSlot qualname_owner; /* type for the qualified name, or null */
} GiNative;
extern GiType gi_native_type;
GI_NODISCARD GiRef gi_native_new(GiThread *ts, const GiMethodDef *def, GiVal self, GiVal module_name);

/* Descriptors made from the tables: method_descriptor, classmethod_descriptor, getset_descriptor,
 * member_descriptor, wrapper_descriptor (a slot as a method) share this layout. `def` is a
 * GiMethodDef, GiGetSetDef, GiMemberDef or slot row, by the object's type. */
typedef struct GiDescr {
    GiObj obj;
    GiSlot owner;     /* __objclass__: a type */
    GiSlot name;
    const void *def;
    void *wrapped;    /* wrapper_descriptor: the slot's function. member of __slots__: offset */
} GiDescr;
/* method-wrapper: a wrapper_descriptor bound to an object. */
typedef struct GiMethodWrapper { GiObj obj; GiSlot descr, self; } GiMethodWrapper;
extern GiType gi_method_descr_type, gi_classmethod_descr_type, gi_getset_descr_type,
    gi_member_descr_type, gi_wrapper_descr_type, gi_method_wrapper_type;
/* A descriptor of the given descriptor type. */
GI_NODISCARD GiRef gi_descr_new(GiThread *ts, GiType *kind, GiType *owner, GiVal name, const void *def,
                                void *wrapped);
#define gi_descr_of(v) ((GiDescr *)gi_obj(v))
#define gi_descr_owner(d) gi_as_type((d)->owner)

/* Helpers for hand-written new_/init: "name() takes no arguments" etc. */
GI_NODISCARD GiStatus gi_no_kwargs(GiThread *ts, const char *fname, GiVal kwnames);
GI_NODISCARD GiStatus gi_check_args(GiThread *ts, const char *fname, size_t nargs, size_t min, size_t max);

#endif
