/* coder.h - what compressors and decompressors of streams share: growing output, input that waits,
 * and one user at a time.
 *
 * LOCK: a coder's `busy` is held by the thread whose method runs, over detached work too; waiters
 * wait for it detached.
 */
#ifndef GI_MODULES_CODER_H
#define GI_MODULES_CODER_H

#include "memory/slots.h"
#include "modules/module.h"
#include "modules/wait_lock.h"
#include <stdlib.h>

/* Output in malloc'ed memory, so that work can go on detached. */
typedef struct GiCoderOut { uint8_t *data; size_t len, capacity; } GiCoderOut;

/* Makes room behind len; false: out of memory, or (with a limit, SIZE_MAX: none) the limit is reached. */
static inline bool gi_coder_room(GiCoderOut *o, size_t limit) {
    if (o->len < o->capacity) return true;
    size_t capacity = GI_MIN(o->capacity ? o->capacity * 2 : (size_t)16384, limit);
    uint8_t *grown = capacity > o->capacity ? realloc(o->data, capacity) : NULL;
    if (grown == NULL) return false;
    o->data = grown;
    o->capacity = capacity;
    return true;
}
/* The output as bytes; frees it. */
GI_NODISCARD static inline GiRef gi_coder_take(GiThread *ts, GiCoderOut *o) {
    GiRef r = gi_bytes_from(ts, o->data ? (const void *)o->data : "", o->len);
    free(o->data);
    return r;
}

/* The part of a decompressor that knows no format. */
typedef struct GiCoderIn {
    GiWaitLock busy;
    uint8_t *waiting; /* input that was not used yet */
    size_t count, capacity;
    bool eof, needs_input;
    GiSlot unused_data;
} GiCoderIn;

/* Puts new input behind what waits; gives what to work on. */
GI_NODISCARD static inline GiStatus gi_coder_join(GiThread *ts, GiCoderIn *in, const void *data, size_t n, const uint8_t **start, size_t *len) {
    if (in->count == 0) {
        *start = data;
        *len = n;
        return GI_OK;
    }
    if (in->capacity - in->count < n) {
        size_t capacity = (in->count + n) * 2;
        uint8_t *grown = realloc(in->waiting, capacity);
        if (grown == NULL) return gi_raise_nomem(ts), GI_FAIL;
        in->waiting = grown;
        in->capacity = capacity;
    }
    if (n) memcpy(in->waiting + in->count, data, n);
    *start = in->waiting;
    *len = in->count + n;
    return GI_OK;
}
/* Keeps `left` bytes from `rest` on: behind the end as unused_data, else for the next call. */
GI_NODISCARD static inline GiStatus gi_coder_keep(GiThread *ts, GiCoderIn *in, const uint8_t *rest, size_t left) {
    if (in->eof) {
        in->needs_input = false;
        GiRef unused = gi_bytes_from(ts, left ? (const void *)rest : "", left);
        if (gi_is_null(unused)) return GI_FAIL;
        gi_slot_store(ts, &in->unused_data, unused);
        left = 0;
    }
    if (left > in->capacity) {
        uint8_t *fresh = malloc(left);
        if (fresh == NULL) return gi_raise_nomem(ts), GI_FAIL;
        memcpy(fresh, rest, left);
        free(in->waiting);
        in->waiting = fresh;
        in->capacity = left;
    } else if (left) {
        memmove(in->waiting, rest, left);
    }
    in->count = left;
    return GI_OK;
}

#endif
