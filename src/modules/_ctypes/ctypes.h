/* ctypes.h - what the files of _ctypes share: C types as classes, objects over C memory, arguments.
 *
 * A C type is a class whose metaclass is one of six; its layout stands in the class object (GiCType), is
 * worked out once and does not change afterwards: `final` is set before other threads can see it used.
 * An object (GiCData) is a piece of memory, its own or a part of another's, and what must live as long.
 *
 * LOCK: the memory itself is plain memory: two threads that write it race, as in C. What is kept alive for it
 * stands in a dict, which guards itself, or in slots that are exchanged. A struct's layout is published
 * in a step of its class.
 */
#ifndef GI_MODULES_CTYPES_H
#define GI_MODULES_CTYPES_H

#include "memory/slots.h"
#include "modules/module.h"
#include <ffi.h>

typedef enum { GI_CT_NONE, GI_CT_SIMPLE, GI_CT_STRUCT, GI_CT_UNION, GI_CT_ARRAY, GI_CT_POINTER, GI_CT_FUNCTION } GiCKind;

typedef struct GiCType {
    GiType type;
    uint8_t kind;
    char code;          /* simple: the type code */
    bool sized;         /* can have instances */
    bool final;         /* structs: the fields may no longer be set */
    bool swapped;       /* simple: the other byte order */
    bool has_pointer;   /* cannot be pickled */
    size_t size, align, length; /* length: items of an array, fields of a struct, 1 for pointers */
    int flags;          /* function types */
    GiSlot item;        /* type of items or of what is pointed to, or null */
    GiSlot names;       /* tuple: a struct's own fields */
    GiSlot argtypes, converters, restype; /* function types; null: none */
    GiSlot other;       /* simple: the class with the other byte order; null: none */
    char *format;       /* for buffers; NULL: "B" */
    int ndim;
    ssize_t *shape;
    ffi_type ffi;
    ffi_type **elements;
} GiCType;

typedef struct GiCData {
    GiObj obj;
    uint8_t *data;
    size_t size;
    size_t index;       /* in base */
    GiSlot base;        /* the object whose memory this is a part of, or null */
    GiSlot keep;        /* _objects: a dict, for simple types any object, or null */
    bool owned;         /* data is its own */
    union { uint8_t bytes[16]; long double align; } value; /* data, if it fits */
} GiCData;

typedef union GiCValue {
    int8_t i8; int16_t i16; int32_t i32; int64_t i64; float f; double d; long double g; void *p;
    uint8_t bytes[16];
} GiCValue;

/* byref(x), and what from_param makes of a Python object. */
typedef struct GiCArg {
    GiObj obj;
    char tag;           /* a type code, 'P' for byref */
    ffi_type *ffi;
    GiSlot keep;
    GiCValue value;
} GiCArg;

typedef struct GiCodeInfo { char code; uint8_t size; ffi_type *ffi; const char *format; bool swappable, bits; } GiCodeInfo;

typedef struct GiCtypes {
    GiSlot pointer_types; /* _pointer_type_cache: dict */
    GiSlot unpickle;      /* _ctypes._unpickle */
    GiSlot arrays;        /* dict: (type, length) to a weak reference to the array type */
    GiSlot argument_error;
} GiCtypes;

extern const GiModuleDef gi_module__ctypes;
extern GiCType gi_c_simple, gi_c_struct, gi_c_union, gi_c_array, gi_c_pointer, gi_c_function;
extern GiType gi_cdata_type, gi_carg_type, gi_cfield_type, gi_cthunk_type;
extern GiType gi_csimple_meta, gi_cstruct_meta, gi_cunion_meta, gi_carray_meta, gi_cpointer_meta, gi_cfunction_meta;

static inline GiCtypes *gi_ct_state(GiThread *ts) { return gi_module_state_of(ts, &gi_module__ctypes); }
void gi_ct_type_destroy(GiThread *ts, GiObj *obj);
/* The C type that a class is, or NULL. */
static inline GiCType *gi_ct_of_type(GiType *type) {
    return gi_obj_type(&type->obj)->destroy == gi_ct_type_destroy ? (GiCType *)type : NULL;
}
static inline GiCType *gi_ct_of(GiVal v) { return gi_is_type(v) ? gi_ct_of_type(gi_as_type(v)) : NULL; }
#define gi_cdata(v) ((GiCData *)gi_obj(v))
#define gi_is_cdata(v) gi_is_instance_of(v, &gi_cdata_type)
#define gi_cdata_ct(v) ((GiCType *)gi_obj_type(gi_obj(v))) /* of an object: always a C type */
#define gi_ct_ref(ct) gi_type_val(&(ct)->type)
/* Simple types that Python sees as numbers and text, not subclasses of them. */
static inline bool gi_ct_is_plain(const GiCType *ct) { return ct->kind == GI_CT_SIMPLE && ct->type.base == &gi_c_simple.type; }
static inline bool gi_ct_is_chars(const GiCType *ct, char code) {
    return ct && (ct->kind == GI_CT_ARRAY || ct->kind == GI_CT_POINTER) && !gi_is_null(ct->item) &&
           ((GiCType *)gi_obj(ct->item))->kind == GI_CT_SIMPLE && ((GiCType *)gi_obj(ct->item))->code == code;
}
static inline GiCType *gi_ct_item(const GiCType *ct) { return gi_is_null(ct->item) ? NULL : (GiCType *)gi_obj(ct->item); }

/* codes.c */
const GiCodeInfo *gi_ct_code(uint32_t code); /* NULL: no such code */
GI_NODISCARD GiRef gi_ct_load(GiThread *ts, const GiCType *ct, const uint8_t *from);
/* *keep: what must live as long as the memory does, or None. */
GI_NODISCARD GiStatus gi_ct_store(GiThread *ts, const GiCType *ct, GiVal v, uint8_t *to, GiRef *keep);
/* A str as wchar_t with a NUL behind, in a bytes object. */
GI_NODISCARD GiRef gi_ct_wide(GiThread *ts, GiVal text);
GI_NODISCARD GiRef gi_ct_wide_text(GiThread *ts, const void *from, size_t n);

/* types.c */
GI_NODISCARD GiStatus gi_ct_not_abstract(GiThread *ts, const GiCType *ct);
/* The array type of n items of ct. */
GI_NODISCARD GiRef gi_ct_array_of(GiThread *ts, GiCType *ct, ssize_t n);
GI_NODISCARD GiRef gi_ct_pointer_to(GiThread *ts, GiVal type);
/* The members of an aggregate for libffi, which gi_ct_set_ffi gives to a type whose size is known; NULL: no memory, raised. */
ffi_type **gi_ct_elements(GiThread *ts, ffi_type *const *members, size_t count);
void gi_ct_set_ffi(GiCType *ct, ffi_type **elements);
GI_NODISCARD GiRef gi_ct_from_param(GiThread *ts, GiVal type, GiVal value);

/* data.c */
GI_NODISCARD GiRef gi_cdata_new(GiThread *ts, GiType *type);                   /* zeroed memory of its own */
GI_NODISCARD GiRef gi_cdata_part(GiThread *ts, GiCType *ct, GiVal base, size_t index, uint8_t *at);
GI_NODISCARD GiRef gi_cdata_at(GiThread *ts, GiCType *ct, void *at);           /* memory of somebody else */
GI_NODISCARD GiRef gi_cdata_get(GiThread *ts, GiCType *ct, GiVal base, size_t index, uint8_t *at);
GI_NODISCARD GiStatus gi_cdata_set(GiThread *ts, GiVal dst, GiCType *ct, GiVal value, size_t index, uint8_t *at);
/* Keeps `kept` alive with the object that dst is a part of (None: nothing to do). Consumes it. */
GI_NODISCARD GiStatus gi_cdata_keep(GiThread *ts, GiVal dst, size_t index, GiRef kept);
GI_NODISCARD GiRef gi_cdata_kept(GiThread *ts, GiVal src); /* what src keeps alive: dict, object or None */

/* struct.c */
GI_NODISCARD GiStatus gi_ct_set_fields(GiThread *ts, GiCType *ct, GiVal fields);

/* function.c, call.c, callback.c */
typedef struct GiCFunction {
    GiCData head;
    GiSlot callable, thunk, argtypes, converters, restype, errcheck, paramflags;
    _Atomic bool has_argtypes, has_restype;
} GiCFunction;
/* Adds the functions of function.c to the module. */
GI_NODISCARD GiStatus gi_ct_add_byref(GiThread *ts, GiVal module);
GI_NODISCARD GiRef gi_carg_new(GiThread *ts, char tag, ffi_type *ffi, GiVal keep);
GI_NODISCARD GiRef gi_ct_call(GiThread *ts, void *address, int flags, const GiVal *args, size_t nargs, GiVal converters,
                              GiVal restype);
/* A closure that calls `callable`; *code is its address. */
GI_NODISCARD GiRef gi_cthunk_new(GiThread *ts, GiVal callable, GiVal argtypes, GiVal restype, int flags, void **code);
/* argtypes as a tuple, and their from_param methods. */
GI_NODISCARD GiStatus gi_ct_converters(GiThread *ts, GiVal argtypes, GiRef *types, GiRef *converters);
int *gi_ct_errno(GiThread *ts); /* the thread's copy; NULL: out of memory, raised */
enum { GI_CT_CDECL = 1, GI_CT_PYTHONAPI = 4, GI_CT_USE_ERRNO = 8 };

#endif
