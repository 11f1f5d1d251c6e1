/* byteslike.h - what bytes and bytearray share, between their files.
 *
 * Both are seen as (data, len). A bytearray is pinned while its data is looked at (bytearray.c).
 */
#ifndef GI_OBJECTS_BYTESLIKE_H
#define GI_OBJECTS_BYTESLIKE_H

#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/codec.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

typedef struct GiBytesView {
    uint8_t *data;
    size_t len;
    GiThread *ts;
    GiByteArray *pinned; /* null for bytes */
    void *pin;           /* what of it */
} GiBytesView;

GiBytesView gi_bytes_open(GiThread *ts, GiVal self);
void gi_bytes_close(GiBytesView *view);
#define GI_BYTES_SELF(name, v) \
    GiBytesView name __attribute__((cleanup(gi_bytes_close))) = gi_bytes_open(ts, v)

/* The byte at `index` (from the end if that is negative), -1: out of range. Pins nothing. */
int gi_byte_at(GiThread *ts, GiVal self, ssize_t index);
/* An iterator over what bytes are made of: of a list as it is at one moment, unless Python code turns its items into
 * numbers, which may change the list. */
GI_NODISCARD GiRef gi_bytes_numbers(GiThread *ts, GiVal source);
/* A new object of the kind of `self` (bytes or bytearray, never a subclass). */
GI_NODISCARD GiRef gi_bytes_like(GiThread *ts, GiVal self, const void *data, size_t len);
static inline uint8_t *gi_bytes_like_data(GiRef made) {
    return gi_is_bytes(gi_val(made)) ? gi_bytes_data(made) : ((GiByteArray *)gi_obj(made))->data;
}
/* An int in range(256); ValueError "byte must be in range(0, 256)". */
GI_NODISCARD GiStatus gi_byte_value(GiThread *ts, GiVal v, uint8_t *out);
/* The bytes of the argument(s) of bytes() and bytearray(), as a bytes object. null: not given. */
GI_NODISCARD GiRef gi_bytes_from_args(GiThread *ts, const char *fname, GiVal source, GiVal encoding,
                                      GiVal errors);
/* Unpacks (source, encoding, errors) for fname "bytes" or "bytearray". */
GI_NODISCARD GiStatus gi_bytes_unpack_args(GiThread *ts, const char *fname, const GiVal *args, size_t nargs,
                                           GiVal kwnames, GiVal out[3]);
/* repr of data: b'...'; that of a bytearray escapes ' even between ". */
void gi_bytes_repr_to(GiStrBuilder *sb, const uint8_t *data, size_t len, bool array);
GI_NODISCARD GiRef gi_bytes_iter(GiThread *ts, GiVal v);
/* bytes.hex: sep null or a str or bytes of length 1. */
GI_NODISCARD GiRef gi_bytes_hex(GiThread *ts, const void *data, size_t len, GiVal sep, int group);

/* Slots that both types have (byteslike_slots.c). */
GiRef gi_byteslike_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op);
GiTruth gi_byteslike_contains(GiThread *ts, GiVal self, GiVal item);
GiRef gi_byteslike_repeat(GiThread *ts, GiVal self, ssize_t n);
GiRef gi_byteslike_concat(GiThread *ts, GiVal a, GiVal b);
GiRef gi_byteslike_mod(GiThread *ts, GiVal a, GiVal b);
GiRef gi_byteslike_subscript(GiThread *ts, GiVal self, GiVal key);
GiRef gi_byteslike_item(GiThread *ts, GiVal self, ssize_t index);
ssize_t gi_byteslike_length(GiThread *ts, GiVal self);
GiRef gi_byteslike_repr(GiThread *ts, GiVal self);
GiRef gi_byteslike_str(GiThread *ts, GiVal self);

/* bytes.c */
GiRef gi_bytes_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
int64_t gi_bytes_slot_hash(GiThread *ts, GiVal self);
GiStatus gi_bytes_slot_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags);

/* bytearray.c */
GiRef gi_bytearray_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
GiStatus gi_bytearray_slot_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);
void gi_bytearray_slot_destroy(GiThread *ts, GiObj *obj);
GiStatus gi_bytearray_slot_set_item(GiThread *ts, GiVal self, ssize_t index, GiVal value);
GiStatus gi_bytearray_slot_set_subscript(GiThread *ts, GiVal self, GiVal key, GiVal value);
GiRef gi_bytearray_slot_inplace_concat(GiThread *ts, GiVal self, GiVal other);
GiRef gi_bytearray_slot_inplace_repeat(GiThread *ts, GiVal self, ssize_t n);
GiStatus gi_bytearray_slot_buffer(GiThread *ts, GiVal self, GiBuffer *view, int flags);
void gi_bytearray_slot_release(GiThread *ts, GiVal self, GiBuffer *view);
/* Replaces [start, stop) by data; the whole change under the lock. */
GI_NODISCARD GiStatus gi_bytearray_splice(GiThread *ts, GiVal self, size_t start, size_t stop, const void *data,
                                          size_t len);
/* list's insert, remove and reverse. */
GI_NODISCARD GiStatus gi_bytearray_insert(GiThread *ts, GiVal self, ssize_t index, uint8_t byte);
GI_NODISCARD GiStatus gi_bytearray_remove(GiThread *ts, GiVal self, uint8_t byte, bool *found);
/* How two compare (below 0, 0, above 0), as both are at one moment. */
int gi_bytearray_order(GiThread *ts, GiVal x, GiVal y);
GI_NODISCARD GiStatus gi_bytearray_reverse(GiThread *ts, GiVal self);
/* Takes out one byte (a negative index counts from the end). GI_FAIL without exception: out of range. */
GI_NODISCARD GiStatus gi_bytearray_take(GiThread *ts, GiVal self, ssize_t index, uint8_t *byte, bool *empty);
GI_NODISCARD GiStatus gi_bytearray_extend(GiThread *ts, GiVal self, GiVal iterable);

#endif
