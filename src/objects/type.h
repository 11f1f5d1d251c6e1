/* type.h - the type object: layout, slots (protocol implementations), attributes.
 *
 * Builtin types are static GiType structs, made ready once a process and then immutable and shared
 * by all VMs. Classes made by Python code are heap objects of the same struct.
 * A slot is what the interpreter calls; the dunder methods of builtin types are made from the
 * slots (objects/slots.def), and the slots of Python classes are dispatchers to dunder methods.
 * Contract of every slot: arguments are borrowed; a GiRef result is new, null with an exception
 * set on failure.
 */
#ifndef GI_OBJECTS_TYPE_H
#define GI_OBJECTS_TYPE_H

#include "memory/gc.h"
#include "memory/thread.h"

/* Arguments are args[0 .. nargs-1] positional, then one value for each name in kwnames (a tuple of
 * str, or null). `callable` is what is being called (for a native method: its function object). */
typedef GiRef (*GiCallFn)(GiThread *ts, GiVal callable, const GiVal *args, size_t nargs,
                          GiVal kwnames);
typedef GiRef (*GiUnaryFn)(GiThread *ts, GiVal self);
typedef GiRef (*GiBinaryFn)(GiThread *ts, GiVal left, GiVal right);
typedef GiRef (*GiTernaryFn)(GiThread *ts, GiVal a, GiVal b, GiVal c);

typedef enum { GI_LT, GI_LE, GI_EQ, GI_NE, GI_GT, GI_GE } GiCompareOp;

/* Truth and comparison results that cannot be read as true by mistake. */
typedef struct GiTruth { int8_t value; } GiTruth; /* 1, 0, or -1: failed, exception set */
#define GI_TRUTH_FAIL ((GiTruth){-1})
#define GI_TRUTH_YES ((GiTruth){1})
#define GI_TRUTH_NO ((GiTruth){0})
static inline GiTruth gi_truth_of(bool b) { return (GiTruth){(int8_t)b}; }

/* Binary number slots. Order: GiBinOp. The in-place slots follow in the same order. */
typedef enum {
    GI_BIN_ADD, GI_BIN_SUB, GI_BIN_MUL, GI_BIN_TRUEDIV, GI_BIN_FLOORDIV, GI_BIN_MOD, GI_BIN_POW,
    GI_BIN_LSHIFT, GI_BIN_RSHIFT, GI_BIN_AND, GI_BIN_OR, GI_BIN_XOR, GI_BIN_MATMUL, GI_BIN_DIVMOD,
    GI_BIN_COUNT,
} GiBinOp;

typedef enum { GI_UN_NEG, GI_UN_POS, GI_UN_INVERT, GI_UN_ABS, GI_UN_COUNT } GiUnOp;

/* The buffer protocol (PEP 3118); see objects/buffer.h. */
typedef struct GiBuffer GiBuffer;

typedef struct GiMethodDef GiMethodDef;
typedef struct GiGetSetDef GiGetSetDef;
typedef struct GiMemberDef GiMemberDef;

enum { /* GiType.flags */
    GI_TYPE_READY = 1 << 0,
    GI_TYPE_HEAP = 1 << 1,          /* made at run time: counted, mutable unless IMMUTABLE */
    GI_TYPE_BASE = 1 << 2,          /* may be subclassed */
    GI_TYPE_GC = 1 << 3,            /* instances are collectable */
    GI_TYPE_ATTRS = 1 << 4,         /* instances are preceded by GiAttrs: they have a __dict__ */
    GI_TYPE_WEAKREF = 1 << 5,       /* instances can be weakly referenced */
    GI_TYPE_ABSTRACT = 1 << 6,      /* has abstract methods */
    GI_TYPE_IMMUTABLE = 1 << 7,
    GI_TYPE_NO_NEW = 1 << 8,        /* cannot create instances ("cannot create 'x' instances") */
    GI_TYPE_METHOD_DESCR = 1 << 9,  /* binding f(self) without a bound method is allowed */
    GI_TYPE_MAPPING = 1 << 10,      /* pattern matching */
    GI_TYPE_SEQUENCE = 1 << 11,
    GI_TYPE_MATCH_SELF = 1 << 12,   /* class pattern with one positional matches the subject */
    GI_TYPE_SLOTTED = 1 << 13,      /* has __slots__ with at least one descriptor */
    GI_TYPE_HAS_FINALIZER = 1 << 14,
    GI_TYPE_VARSIZED = 1 << 15,     /* instances end in a variable part (tuple, int, bytes, str) */
    GI_TYPE_PLAIN_GETATTR = 1 << 16,/* getattr slot is gi_object_getattr: inline caches may apply */
    GI_TYPE_PLAIN_SETATTR = 1 << 17,
    GI_TYPE_IS_TYPE = 1 << 18,      /* a metatype (subclass of type) */
    /* Fast isinstance for the common builtin bases. */
    GI_TYPE_INT = 1 << 19,
    GI_TYPE_STR = 1 << 20,
    GI_TYPE_BYTES = 1 << 21,
    GI_TYPE_LIST = 1 << 22,
    GI_TYPE_TUPLE = 1 << 23,
    GI_TYPE_DICT = 1 << 24,
    GI_TYPE_EXCEPTION = 1 << 25,
    GI_TYPE_FLOAT = 1 << 26,
    GI_TYPE_SET = 1 << 27,          /* set or frozenset */
    GI_TYPE_FUNCTION = 1 << 28,
    GI_TYPE_ITEM_FROM_END = 1 << 29,/* the item slots take negative indices themselves; not inherited */
    /* Set at the first death of an instance (memory/dealloc.c); never inherited. */
};
/* Instances are made once and used everywhere: no program waits for their death (memory/split.h). */
#define GI_TYPE_LASTING (1u << 31)

struct GiType {
    GiObj obj;
    const char *name;        /* last part of the dotted name for static types, tp_name for heap */
    uint32_t flags;
    _Atomic uint32_t version; /* changes with every change of what attribute lookup finds; 0: none */
    uint32_t size;           /* bytes of an instance's fixed part, header included */
    uint32_t item_size;      /* for variable-sized types (informational: __itemsize__) */
    const GiField *fields;   /* the reference fields that this type adds to its base */
    const char *doc;
    const GiMethodDef *methods;
    const GiGetSetDef *getset;
    const GiMemberDef *members;
    const char *module;      /* __module__ of static types; NULL means builtins */

    GiType *base;            /* borrowed from bases for heap types */
    GiSlot bases, mro;       /* tuples */
    GiSlot dict;             /* dict: the type's own attributes */
    GiSlot name_str, qualname; /* heap types */
    GiSlot full_name;        /* types made by gi_type_make: the dotted name, owner of `name` */
    struct GiSubclasses *subclasses;
    struct GiShape *root_shape; /* instances' first shape (GI_TYPE_ATTRS) */
    GiSlot slot_names;       /* tuple of the names in __slots__, mangled, or null */
    uint32_t slots_offset;   /* where this type's own __slots__ begin */
    uint16_t slots_count;    /* how many this type adds */
    uint16_t inline_attrs;   /* attribute slots that stand in the instance itself */
    uint32_t inline_offset;
    GiSlot module_obj;       /* native module that made the type, or null (for module state) */
    /* How instances die, found when the first one does (memory/dealloc.c). All atomic. */
    uint8_t drop;            /* 0: not known; see dealloc.c */
    GiType *fields_type;     /* nearest type from this on along `base` that has fields */
    GiType *slots_type;      /* the same for slots_count > 0 */
    void *native;            /* free use by the type's implementation; static iterator types: objects/whole.h */

    /* Life of instances. */
    /* __new__: args without the class. NULL: inherited; GI_TYPE_NO_NEW: none. */
    GiRef (*new_)(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
    GiStatus (*init)(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);
    /* Calling the type itself, bypassing new_/init (e.g. type(x), int("3")); NULL: new_ and init. */
    GiRef (*vectornew)(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
    void (*finalize)(GiThread *ts, GiVal self);   /* __del__; the object may be revived */
    /* Native clean-up before the fields are dropped. Inherited; who overrides it calls the base's. */
    void (*destroy)(GiThread *ts, GiObj *self);

    /* Basic protocol. */
    GiUnaryFn repr, str;
    /* Hash is any int64 but -1, which is failure. NULL: unhashable when `eq` is defined. */
    int64_t (*hash)(GiThread *ts, GiVal self);
    GiRef (*compare)(GiThread *ts, GiVal self, GiVal other, GiCompareOp op); /* or NotImplemented */
    GiTruth (*truth)(GiThread *ts, GiVal self);
    GiRef (*getattr)(GiThread *ts, GiVal self, GiVal name);
    GiStatus (*setattr)(GiThread *ts, GiVal self, GiVal name, GiVal value); /* null value: delete */
    GiCallFn call;
    GiRef (*descr_get)(GiThread *ts, GiVal descr, GiVal obj, GiVal type); /* obj null: from class */
    GiStatus (*descr_set)(GiThread *ts, GiVal descr, GiVal obj, GiVal value); /* null: delete */

    /* Iteration. next: null without exception means the end (StopIteration is not raised). */
    GiUnaryFn iter, next;
    /* True when an iterator's own word says that it is at its end for good. Without the lock its fields then hold
     * what it went over, where another thread may have been looking at it; a collection empties them. Called
     * in a stopped world. Not inherited. */
    bool (*spent)(GiObj *self);
    GiUnaryFn await_, aiter, anext;
    /* send(value) of generators and coroutines: *result_is_return tells a return from a yield. */
    GiRef (*send)(GiThread *ts, GiVal self, GiVal value, bool *is_return);

    /* Containers. Two sets, as in the language: `item` with an index (sequences: the index is
     * already adjusted by len for negatives unless the type has no length), `subscript` with any key. */
    ssize_t (*length)(GiThread *ts, GiVal self); /* -1: failed */
    GiRef (*item)(GiThread *ts, GiVal self, ssize_t index);
    GiStatus (*set_item)(GiThread *ts, GiVal self, ssize_t index, GiVal value);
    GiRef (*subscript)(GiThread *ts, GiVal self, GiVal key);
    GiStatus (*set_subscript)(GiThread *ts, GiVal self, GiVal key, GiVal value); /* null: delete */
    GiTruth (*contains)(GiThread *ts, GiVal self, GiVal item);
    GiBinaryFn concat, inplace_concat;
    GiRef (*repeat)(GiThread *ts, GiVal self, ssize_t n);
    GiRef (*inplace_repeat)(GiThread *ts, GiVal self, ssize_t n);

    /* Numbers. binary[] is called with (left, right) where either is of this type. */
    GiBinaryFn binary[GI_BIN_COUNT];
    GiBinaryFn inplace[GI_BIN_COUNT];
    GiTernaryFn power; /* pow(a, b, mod); binary[GI_BIN_POW] is the form without mod */
    GiUnaryFn unary[GI_UN_COUNT];
    GiUnaryFn to_int, to_float, index;

    GiStatus (*get_buffer)(GiThread *ts, GiVal self, GiBuffer *view, int flags);
    void (*release_buffer)(GiThread *ts, GiVal self, GiBuffer *view);

    /* Extra words for heap types: slot caches of dispatchers, see objects/dispatch.c. */
    void *cache;
};

#define GI_TYPE_HEAD {.head = 0, .owner = GI_OWNER_IMMORTAL, .local = 1, .shared = 0}

/* The type of any value. The special immediates' types stand in a small table. */
extern GiType gi_int_type, gi_float_type;
extern GiType *const gi_special_types[8];
static inline GiType *gi_type_of(GiVal v) {
    if (gi_is_heap(v)) return gi_obj_type(gi_obj(v));
    if (gi_is_smallint(v)) return &gi_int_type;
    if (v.bits >= GI_TAG_DOUBLE) return &gi_float_type;
    return gi_special_types[v.bits & 7];
}
#define gi_has_flag(v, flag) ((gi_type_of(v)->flags & (flag)) != 0)
#define gi_type_val(type) gi_from_obj(type)
#define gi_as_type(v) ((GiType *)gi_obj(v))
static inline bool gi_is_type(GiVal v) {
    return gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_IS_TYPE);
}
/* Exact type test. */
static inline bool gi_is_exact(GiVal v, const GiType *type) {
    return gi_is_heap(v) && gi_obj_type(gi_obj(v)) == type;
}
bool gi_is_subtype(const GiType *type, const GiType *base);
static inline bool gi_is_instance_of(GiVal v, const GiType *type) {
    GiType *t = gi_type_of(v);
    return t == type || gi_is_subtype(t, type);
}

extern GiType gi_type_type, gi_object_type, gi_none_type, gi_bool_type, gi_ellipsis_type,
    gi_notimplemented_type, gi_super_type;

/* Makes a static type usable: inherits slots, builds mro and dict. Raises MemoryError. */
GI_NODISCARD GiStatus gi_type_ready(GiThread *ts, GiType *type);
/* Looks a name up along the mro, without descriptors. Borrowed (valid until the type changes:
 * dup it before running Python code); null when absent, never raises. */
GiVal gi_type_lookup_peek(GiThread *ts, GiType *type, GiVal name);
/* As above, an owned reference; null without exception when absent. */
GiRef gi_type_lookup(GiThread *ts, GiType *type, GiVal name);
/* Must be called after any change of type->dict or bases: new version for it and its subclasses,
 * slots of heap types are computed anew for `name` (null: all). */
void gi_type_modified(GiThread *ts, GiType *type, GiVal name);
/* type(name, bases, dict): the whole of class creation after the metaclass is known. */
GI_NODISCARD GiRef gi_type_new_class(GiThread *ts, GiType *meta, GiVal name, GiVal bases, GiVal dict,
                        const GiVal *kwvalues, GiVal kwnames);
/* A heap type from C (exceptions of modules, struct sequences): base may be NULL (object). */
GI_NODISCARD GiRef gi_type_make(GiThread *ts, const char *dotted_name, GiType *base, const char *doc);
/* An instance with all fields zero: allocation and shape only. */
GI_NODISCARD GiRef gi_type_alloc(GiThread *ts, GiType *type, size_t extra_bytes);
/* The text that messages use: "int", "collections.OrderedDict"... (tp_name). */
#define gi_type_name(v) (gi_type_of(v)->name)
/* The last part of the name (__name__ of a static type), for reprs. */
const char *gi_type_short_name(const GiType *type);
/* Instances of `type` will hold about n attributes. Only before the first instance is made. */
void gi_type_hint_attrs(GiType *type, int n);
/* Readies every type of builtin_types.def and all exceptions; once for each VM. */
GI_NODISCARD GiStatus gi_types_init(GiThread *ts);
/* Drops the VM's cache of lookups. */
void gi_types_end(GiThread *ts);
GiRef gi_type_fullname(GiThread *ts, GiType *type); /* "module.qualname", builtins without module */

#include "objects/alloc.h"

#endif
