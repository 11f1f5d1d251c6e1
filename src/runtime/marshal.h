/* marshal.h - the marshal format (version 4), with code objects in Gila's own layout. */
#ifndef GI_RUNTIME_MARSHAL_H
#define GI_RUNTIME_MARSHAL_H

#include "objects/type.h"

/* Bytes of v; ValueError "unmarshallable object". */
GI_NODISCARD GiRef gi_marshal_dump(GiThread *ts, GiVal v, int version);
/* The object in data. EOFError, ValueError, TypeError on bad data. If source is not null, the data stays as it is while that object lives, and bodies of
 * code are read when they are first needed; otherwise all is read now. */
GI_NODISCARD GiRef gi_marshal_load(GiThread *ts, const uint8_t *data, size_t len, GiVal source);
/* The object that a file's readinto() gives; not a byte behind it is read. */
GI_NODISCARD GiRef gi_marshal_read(GiThread *ts, GiVal file);
/* A source for data that belongs to `owner` (a bytes object), or that is mapped memory of `mapped`
 * bytes, which is unmapped when the last code object that needs it is gone, or at once on failure. */
GI_NODISCARD GiRef gi_marshal_source(GiThread *ts, GiVal owner, void *mapping, size_t mapped);

#endif
