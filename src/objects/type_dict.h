/* type_dict.h - the dict of a type's own attributes.
 *
 * A program uses few of the builtin types, so the dict of a static type is made when it is first
 * asked for: whoever reads a type's dict does it through gi_type_dict. The dict of a heap type is
 * there from the beginning.
 */
#ifndef GI_OBJECTS_TYPE_DICT_H
#define GI_OBJECTS_TYPE_DICT_H

#include "objects/type.h"

GiVal gi_type_dict_slow(GiThread *ts, GiType *type);
/* Borrowed, as long as the type lives. Null without exception while the type is being made, and with
 * MemoryError when a static type's dict cannot be made. Any thread. */
static inline GiVal gi_type_dict(GiThread *ts, GiType *type) {
    uint64_t bits = __atomic_load_n(&type->dict.bits, __ATOMIC_ACQUIRE);
    return GI_LIKELY(bits != 0) ? (GiVal){bits} : gi_type_dict_slow(ts, type);
}

/* Adds an attribute to a static type, while nobody uses the type yet. */
GI_NODISCARD GiStatus gi_type_add(GiThread *ts, GiType *type, const char *name, GiVal value);

/* Remembers which slots a static type fills itself, before it inherits the others. */
GI_NODISCARD GiStatus gi_type_note_own_slots(GiThread *ts, GiType *type);

#endif
