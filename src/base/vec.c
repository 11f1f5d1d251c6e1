/* vec.c - the growth of type-safe arrays (see vec.h). */
#include "base/vec.h"

void *gi_vec_grow_raw(void *data, size_t *cap, size_t len, size_t more, size_t item_size) {
    size_t limit = (size_t)PTRDIFF_MAX / item_size;
    if (len > limit || more > limit - len) return NULL;
    size_t grown = *cap + *cap / 2;
    if (grown < 8) grown = 8;
    if (grown < len + more) grown = len + more;
    if (grown > limit) grown = limit;
    void *p = realloc(data, grown * item_size);
    if (p) *cap = grown;
    return p;
}
