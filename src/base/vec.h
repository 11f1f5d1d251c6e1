/* vec.h - type-safe growable arrays.
 *
 * GI_VEC(T) is an anonymous struct {T *data; size_t len, cap}; zero-initialised is empty. Growing
 * macros are expressions of GiStatus: GI_FAIL means out of memory, the vector is then unchanged.
 * A vector belongs to one thread at a time; pointers into it die when it grows.
 */
#ifndef GI_BASE_VEC_H
#define GI_BASE_VEC_H

#include "base/common.h"

#include <stdlib.h>

#define GI_VEC(T)                                                                                  \
    struct {                                                                                       \
        T *data;                                                                                   \
        size_t len, cap;                                                                           \
    }

/* Reallocates data so that len + more items of item_size fit, growing geometrically; gives the new
 * address and capacity, or NULL when out of memory (data is then as before). */
void *gi_vec_grow_raw(void *data, size_t *cap, size_t len, size_t more,
                      size_t item_size) GI_NODISCARD;

/* Room for n more items. */
#define gi_vec_reserve(v, n)                                                                       \
    ({                                                                                             \
        GiStatus gi_vec_status_ = GI_OK;                                                           \
        if (GI_UNLIKELY((v)->cap - (v)->len < (size_t)(n))) {                                      \
            void *gi_vec_data_ =                                                                   \
                gi_vec_grow_raw((v)->data, &(v)->cap, (v)->len, (n), sizeof *(v)->data);           \
            if (gi_vec_data_)                                                                      \
                (v)->data = gi_vec_data_;                                                          \
            else                                                                                   \
                gi_vec_status_ = GI_FAIL;                                                          \
        }                                                                                          \
        gi_vec_status_;                                                                            \
    })

/* Appends one item. */
#define gi_vec_push(v, ...)                                                                        \
    (GI_UNLIKELY(gi_vec_reserve(v, 1) != GI_OK)                                                    \
         ? GI_FAIL                                                                                 \
         : ((v)->data[(v)->len++] = (__VA_ARGS__), GI_OK))

/* Appends n items copied from src. */
#define gi_vec_extend(v, src, n)                                                                   \
    (GI_UNLIKELY(gi_vec_reserve(v, n) != GI_OK)                                                    \
         ? GI_FAIL                                                                                 \
         : (gi_vec_copy_((v)->data + (v)->len, (src), (size_t)(n), sizeof *(v)->data),             \
            (v)->len += (size_t)(n), GI_OK))

/* Inserts one item before index i <= len. */
#define gi_vec_insert(v, i, ...)                                                                   \
    (GI_UNLIKELY(gi_vec_reserve(v, 1) != GI_OK)                                                    \
         ? GI_FAIL                                                                                 \
         : (memmove((v)->data + (i) + 1, (v)->data + (i), ((v)->len - (i)) * sizeof *(v)->data),   \
            (v)->len++, (v)->data[i] = (__VA_ARGS__), GI_OK))

/* Sets the length; new items are zeroed. */
#define gi_vec_resize(v, n)                                                                        \
    ((size_t)(n) <= (v)->len                                                                       \
         ? ((v)->len = (size_t)(n), GI_OK)                                                         \
         : (GI_UNLIKELY(gi_vec_reserve(v, (size_t)(n) - (v)->len) != GI_OK)                        \
                ? GI_FAIL                                                                          \
                : (memset((v)->data + (v)->len, 0,                                                 \
                          ((size_t)(n) - (v)->len) * sizeof *(v)->data),                           \
                   (v)->len = (size_t)(n), GI_OK)))

/* Removes and gives the last item; the vector must not be empty. */
#define gi_vec_pop(v) ((v)->data[--(v)->len])
/* The last item as an lvalue; the vector must not be empty. */
#define gi_vec_last(v) ((v)->data[(v)->len - 1])
/* Frees the storage and leaves an empty vector. */
#define gi_vec_free(v) (free((v)->data), (v)->data = NULL, (v)->len = (v)->cap = 0, (void)0)

static inline void gi_vec_copy_(void *dst, const void *src, size_t n, size_t item_size) {
    if (n) memcpy(dst, src, n * item_size);
}

#endif
