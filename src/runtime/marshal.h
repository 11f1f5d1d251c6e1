/* marshal.h - the marshal format (version 4), with code objects in Gila's own layout. */
#ifndef GI_RUNTIME_MARSHAL_H
#define GI_RUNTIME_MARSHAL_H

#include "objects/type.h"

/* Bytes of v; ValueError "unmarshallable object". */
GI_NODISCARD GiRef gi_marshal_dump(GiThread *ts, GiVal v, int version);
/* The object in data; *used (may be NULL) says how many bytes it took. EOFError, ValueError, TypeError
 * on bad data. Code objects are verified. */
GI_NODISCARD GiRef gi_marshal_load(GiThread *ts, const uint8_t *data, size_t len, size_t *used);

#endif
