/* bytes.h - bytes (immutable, data in the object, a NUL behind) and bytearray (LOCK: byte lock). */
#ifndef GI_OBJECTS_BYTES_H
#define GI_OBJECTS_BYTES_H

#include "objects/type.h"
#include <sys/types.h>

typedef struct GiBytes {
    GiObj obj;
    size_t length;
    _Atomic int64_t hash; /* 0: not computed */
    uint8_t data[];
} GiBytes;
typedef struct GiByteArray {
    GiObj obj;
    uint8_t *data;    /* NUL behind the last byte */
    size_t length, capacity;
    uint8_t *block;   /* what was allocated: data may start later after deletions in front */
    ssize_t exports;  /* live views: resizing raises BufferError */
    ssize_t pins;     /* readers of the block in other threads: a change leaves it to them */
    struct GiByteBlock *left; /* blocks left to readers */
} GiByteArray;

extern GiType gi_bytes_type, gi_bytearray_type;
#define gi_is_bytes(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_BYTES))
#define gi_is_bytes_exact(v) gi_is_exact(v, &gi_bytes_type)
#define gi_is_bytearray(v) (gi_is_heap(v) && gi_is_instance_of(v, &gi_bytearray_type))
#define gi_bytes_of(v) ((GiBytes *)gi_obj(v))
#define gi_bytes_len(v) (gi_bytes_of(v)->length)
#define gi_bytes_data(v) (gi_bytes_of(v)->data)

GI_NODISCARD GiRef gi_bytes_from(GiThread *ts, const void *data, size_t len); /* data NULL: uninitialised */
/* The only reference, uninitialised bytes made by gi_bytes_from(NULL): consumes, gives the shrunk one. */
GI_NODISCARD GiRef gi_bytes_shrink(GiThread *ts, GiRef bytes, size_t len);
GI_NODISCARD GiRef gi_bytearray_from(GiThread *ts, const void *data, size_t len);
GI_NODISCARD GiStatus gi_bytearray_resize(GiThread *ts, GiVal v, size_t len);
GI_NODISCARD GiRef gi_bytes_concat(GiThread *ts, GiVal a, GiVal b);
GI_NODISCARD GiRef gi_bytes_repr(GiThread *ts, GiVal v);
/* bytes(x) for a bytes-like, iterable or __bytes__ object. */
GI_NODISCARD GiRef gi_to_bytes(GiThread *ts, GiVal v);

/* codecs (objects/codec.c): encode/decode through the registry, with fast ways for the common ones.
 * encoding/errors may be NULL. */
GI_NODISCARD GiRef gi_decode(GiThread *ts, const void *data, size_t len, const char *encoding, const char *errors);
GI_NODISCARD GiRef gi_encode(GiThread *ts, GiVal str, const char *encoding, const char *errors);
/* Path argument: str, bytes or os.PathLike -> bytes object in the file-system encoding; embedded
 * NUL raises ValueError. */
GI_NODISCARD GiRef gi_fs_path(GiThread *ts, GiVal path);

#endif
