/* pickle.h - what the files of module _pickle share.
 *
 * save.c writes the stream of one dump, save_reduce.c what is saved through classes and __reduce__,
 * pickler.c is the type Pickler around it; load.c reads the stream of one load, load_class.c finds
 * and builds instances, unpickler.c is the type Unpickler; buffer.c is PickleBuffer.
 * A GiSaver or GiLoader belongs to the thread that runs the call.
 */
#ifndef GI_MODULES_PICKLE_H
#define GI_MODULES_PICKLE_H

#include "modules/wait_lock.h"

enum { GI_PICKLE_DEFAULT = 4, GI_PICKLE_HIGHEST = 5, GI_PICKLE_BATCH = 1000 };

/* The opcodes of the format (see the library's pickletools). */
enum {
    OP_MARK = '(', OP_STOP = '.', OP_POP = '0', OP_POP_MARK = '1', OP_DUP = '2', OP_FLOAT = 'F', OP_INT = 'I', OP_BININT = 'J',
    OP_BININT1 = 'K', OP_BININT2 = 'M', OP_LONG = 'L', OP_NONE = 'N', OP_PERSID = 'P', OP_BINPERSID = 'Q', OP_REDUCE = 'R',
    OP_STRING = 'S', OP_BINSTRING = 'T', OP_SHORT_BINSTRING = 'U', OP_UNICODE = 'V', OP_BINUNICODE = 'X', OP_APPEND = 'a',
    OP_BUILD = 'b', OP_GLOBAL = 'c', OP_DICT = 'd', OP_EMPTY_DICT = '}', OP_APPENDS = 'e', OP_GET = 'g', OP_BINGET = 'h',
    OP_INST = 'i', OP_LONG_BINGET = 'j', OP_LIST = 'l', OP_EMPTY_LIST = ']', OP_OBJ = 'o', OP_PUT = 'p', OP_BINPUT = 'q',
    OP_LONG_BINPUT = 'r', OP_SETITEM = 's', OP_TUPLE = 't', OP_EMPTY_TUPLE = ')', OP_SETITEMS = 'u', OP_BINFLOAT = 'G',
    /* protocol 2 */
    OP_PROTO = 0x80, OP_NEWOBJ, OP_EXT1, OP_EXT2, OP_EXT4, OP_TUPLE1, OP_TUPLE2, OP_TUPLE3, OP_NEWTRUE, OP_NEWFALSE, OP_LONG1, OP_LONG4,
    /* protocol 3 */
    OP_BINBYTES = 'B', OP_SHORT_BINBYTES = 'C',
    /* protocol 4 */
    OP_SHORT_BINUNICODE = 0x8c, OP_BINUNICODE8, OP_BINBYTES8, OP_EMPTY_SET, OP_ADDITEMS, OP_FROZENSET, OP_NEWOBJ_EX,
    OP_STACK_GLOBAL, OP_MEMOIZE, OP_FRAME,
    /* protocol 5 */
    OP_BYTEARRAY8, OP_NEXT_BUFFER, OP_READONLY_BUFFER,
};

typedef struct GiPickleState {
    GiSlot pickle_error, pickling_error, unpickling_error;
    /* of copyreg */
    GiSlot dispatch_table, extension_registry, inverted_registry, extension_cache, newobj;
    /* of _compat_pickle */
    GiSlot names_2to3, modules_2to3, names_3to2, modules_3to2;
    GiSlot codecs_encode, escape_decode, partial, getattr;
} GiPickleState;
GiPickleState *gi_pickle_state(GiThread *ts);
GiRef gi_pickling_error(GiThread *ts, const char *format, ...);

/* ---- Saving ---- */

/* Which objects were saved, by identity, and under what number. Owns its keys. */
typedef struct GiMemoEntry { GiSlot key; size_t index; } GiMemoEntry;
typedef struct GiMemo { GiMemoEntry *entries; size_t capacity, used; } GiMemo; /* capacity: 0 or 2^n */
/* The number of an object, or -1. */
ssize_t gi_memo_get(const GiMemo *memo, GiVal key);
GI_NODISCARD GiStatus gi_memo_put(GiThread *ts, GiMemo *memo, GiVal key, size_t index);
void gi_memo_clear(GiThread *ts, GiMemo *memo);

typedef struct GiSaver {
    GiThread *ts;
    GiPickleState *state;
    GiMemo *memo;
    int protocol;
    bool binary, fix_imports, framing, fast;
    int fast_depth;
    GiRef fast_seen;       /* dict of id -> None: guards cycles in fast mode */
    uint8_t *out;          /* what is not written to the file yet */
    size_t len, capacity;
    ssize_t frame;         /* where the header of the open frame is reserved, -1: none */
    /* Borrowed for the call; null: none. */
    GiVal write, persistent_id, dispatch_table, buffer_callback, reducer_override;
} GiSaver;

/* The whole stream of one object: from PROTO to STOP, written out if there is a file. */
GI_NODISCARD GiStatus gi_save_stream(GiSaver *s, GiVal obj);
GI_NODISCARD GiStatus gi_save(GiSaver *s, GiVal obj, bool no_persistent_id);
GI_NODISCARD GiStatus gi_save_bytes_raw(GiSaver *s, const void *data, size_t n);
GI_NODISCARD GiStatus gi_save_op(GiSaver *s, int op);
GI_NODISCARD GiStatus gi_save_memoize(GiSaver *s, GiVal obj);
GI_NODISCARD GiStatus gi_save_get(GiSaver *s, size_t index);
GI_NODISCARD GiStatus gi_save_batch_list(GiSaver *s, GiVal iterator);
GI_NODISCARD GiStatus gi_save_batch_dict(GiSaver *s, GiVal iterator);
/* save_reduce.c: an object by name; by class; by the value of a reduce function (obj null: it is
 * not memoized); by whatever its class offers. */
GI_NODISCARD GiStatus gi_save_global(GiSaver *s, GiVal obj, GiVal name);
GI_NODISCARD GiStatus gi_save_type(GiSaver *s, GiVal obj);
GI_NODISCARD GiStatus gi_save_reduced(GiSaver *s, GiVal value, GiVal obj);
GI_NODISCARD GiStatus gi_save_object(GiSaver *s, GiVal obj);
/* obj.a.b.c for a dotted name (one part unless `dotted`); *parent may be NULL. Null: AttributeError. */
GI_NODISCARD GiRef gi_pickle_getattr(GiThread *ts, GiVal obj, GiVal name, bool dotted, GiRef *parent);
/* The protocol that an argument asks for: ValueError. */
GI_NODISCARD GiStatus gi_pickle_protocol(GiThread *ts, GiVal v, GiVal buffer_callback, int *protocol);

/* ---- Loading ---- */

typedef struct GiLoadMemo { GiSlot *items; size_t capacity, used; } GiLoadMemo; /* null items: absent */
GI_NODISCARD GiStatus gi_load_memo_put(GiThread *ts, GiLoadMemo *memo, size_t index, GiVal v);
void gi_load_memo_clear(GiThread *ts, GiLoadMemo *memo);

typedef struct GiLoader {
    GiThread *ts;
    GiPickleState *state;
    GiLoadMemo *memo;
    const uint8_t *at, *end, *start; /* input at hand */
    GiRef chunk;           /* owns it when it came from a file */
    bool peeked;           /* it is still in the file as well */
    GiVal read, readline, peek; /* null: from memory only */
    GiRef *stack;
    size_t top, capacity;
    size_t *marks;
    size_t mark_count, mark_capacity, fence;
    int protocol, *seen_protocol; /* where it is noted too, or NULL */
    bool fix_imports;
    const char *encoding, *errors;
    GiVal self;            /* an Unpickler of a subclass: find_class may be its own; or null */
    GiVal persistent_load, buffers;
} GiLoader;

GI_NODISCARD GiRef gi_load_stream(GiLoader *l);
GiStatus gi_unpickling_error(GiThread *ts, const char *format, ...);
/* load_class.c */
GI_NODISCARD GiRef gi_find_class(GiThread *ts, GiPickleState *state, int protocol, bool fix_imports, GiVal module, GiVal name);
GI_NODISCARD GiRef gi_load_find_class(GiLoader *l, GiVal module, GiVal name);
GI_NODISCARD GiRef gi_load_new(GiLoader *l, GiVal cls, GiVal args, GiVal kwargs, const char *op);
GI_NODISCARD GiRef gi_load_instantiate(GiLoader *l, GiVal cls, GiVal args);
GI_NODISCARD GiStatus gi_load_build(GiLoader *l, GiVal inst, GiVal state);
GI_NODISCARD GiRef gi_load_extension(GiLoader *l, int64_t code);

/* ---- Types ---- */

extern GiType gi_pickler_type, gi_pickler_memo_type, gi_unpickler_type, gi_unpickler_memo_type, gi_pickle_buffer_type;
extern const GiMethodDef *const gi_pickler_functions, *const gi_unpickler_functions;
/* The view inside a PickleBuffer; ValueError when it was released. */
typedef struct GiPickleBufferLook {
    void *data;
    ssize_t len;
    bool readonly, contiguous, plain; /* plain: unsigned bytes in one dimension */
} GiPickleBufferLook;
/* What a PickleBuffer holds. ValueError when it is released. */
GI_NODISCARD GiStatus gi_pickle_buffer_look(GiThread *ts, GiVal v, GiPickleBufferLook *look);
/* Its bytes; of a contiguous one. */
GI_NODISCARD GiRef gi_pickle_buffer_copy(GiThread *ts, GiVal v);

#endif
