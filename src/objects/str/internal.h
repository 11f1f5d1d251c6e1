/* internal.h - what the files of str share and others do not see. */
#ifndef GI_OBJECTS_STR_INTERNAL_H
#define GI_OBJECTS_STR_INTERNAL_H

#include "base/search.h"
#include "base/unicode.h"
#include "base/utf8.h"
#include "objects/bytes.h"
#include "objects/codec.h"
#include "objects/container.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/native.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#define GI_STR_MAX_LENGTH ((size_t)1 << 46)

/* Copies n units between kinds; the destination is at least as wide. Shifts are gi_str_shift's. */
static inline void gi_units_copy(void *dst, int dst_shift, const void *src, int src_shift, size_t n) {
    if (dst_shift == src_shift) {
        memcpy(dst, src, n << src_shift);
    } else if (src_shift == 0 && dst_shift == 1) {
        const uint8_t *s = src;
        for (size_t i = 0; i < n; i++) ((uint16_t *)dst)[i] = s[i];
    } else if (src_shift == 0) {
        const uint8_t *s = src;
        for (size_t i = 0; i < n; i++) ((uint32_t *)dst)[i] = s[i];
    } else {
        const uint16_t *s = src;
        for (size_t i = 0; i < n; i++) ((uint32_t *)dst)[i] = s[i];
    }
}
/* Copies n units into a narrower (or equal) kind that is known to hold them. */
void gi_units_narrow(void *dst, int dst_shift, const void *src, int src_shift, size_t n);

#define gi_str_shift_of(v) gi_str_shift(gi_str_kind(v))
/* Copies the characters [start, stop) of s to position at of d, whose kind is as wide. */
static inline void gi_str_copy(GiVal d, size_t at, GiVal s, size_t start, size_t stop) {
    int ds = gi_str_shift_of(d), ss = gi_str_shift_of(s);
    gi_units_copy((char *)gi_str_data(d) + (at << ds), ds, (char *)gi_str_data(s) + (start << ss), ss,
                  stop - start);
}
/* The needle as units of the hay's width: *out points into the needle or into memory to be freed
 * with gi_mem_free (*owned). False when the needle cannot occur because it is wider. */
GI_NODISCARD GiStatus gi_str_widen_needle(GiThread *ts, GiVal needle, int shift, const void **out,
                                          void **owned);

/* The UTF-8 table. */
void gi_str_utf8_forget(const GiStr *s);
/* The interned string of the same text or null (borrowed, immortal). */
GiVal gi_str_interned_peek(GiThread *ts, GiVal s);

/* case.c */
GI_NODISCARD GiRef gi_str_upper(GiThread *ts, GiVal s);
GI_NODISCARD GiRef gi_str_lower(GiThread *ts, GiVal s);
GI_NODISCARD GiRef gi_str_title(GiThread *ts, GiVal s);
GI_NODISCARD GiRef gi_str_capitalize(GiThread *ts, GiVal s);
GI_NODISCARD GiRef gi_str_swapcase(GiThread *ts, GiVal s);
GI_NODISCARD GiRef gi_str_casefold(GiThread *ts, GiVal s);

/* split.c. sep null: white space. */
GI_NODISCARD GiRef gi_str_split(GiThread *ts, GiVal s, GiVal sep, ssize_t maxsplit);
GI_NODISCARD GiRef gi_str_rsplit(GiThread *ts, GiVal s, GiVal sep, ssize_t maxsplit);
GI_NODISCARD GiRef gi_str_splitlines(GiThread *ts, GiVal s, bool keepends);
GI_NODISCARD GiRef gi_str_partition(GiThread *ts, GiVal s, GiVal sep, bool last);
GI_NODISCARD GiRef gi_str_replace(GiThread *ts, GiVal s, GiVal old, GiVal new_, ssize_t count);
enum { GI_STRIP_LEFT = 1, GI_STRIP_RIGHT = 2 };
GI_NODISCARD GiRef gi_str_strip(GiThread *ts, GiVal s, GiVal chars, int sides);
GI_NODISCARD GiRef gi_str_join_iterable(GiThread *ts, GiVal sep, GiVal iterable);

/* find.c: positions already clipped. */
GI_NODISCARD GiStatus gi_str_search(GiThread *ts, GiVal s, GiVal sub, size_t start, size_t stop,
                                    bool last, ssize_t *out);
GI_NODISCARD GiStatus gi_str_count(GiThread *ts, GiVal s, GiVal sub, size_t start, size_t stop,
                                   size_t max, size_t *out);
/* Whether s[start:stop] starts (or ends, if `tail`) with sub. */
bool gi_str_tail_match(GiVal s, GiVal sub, size_t start, size_t stop, bool tail);

/* format.c */
GI_NODISCARD GiRef gi_str_format_call(GiThread *ts, GiVal format, const GiVal *args, size_t nargs,
                                      GiVal kwargs);
/* Uses a mapping for the names and no positional arguments (format_map). */
GI_NODISCARD GiRef gi_str_format_map(GiThread *ts, GiVal format, GiVal mapping);

/* iter.c */
GI_NODISCARD GiRef gi_str_iter(GiThread *ts, GiVal s);

/* core.c: the slots of the type, which stands in methods.c. */
GiRef gi_str_slot_compare(GiThread *ts, GiVal self, GiVal other, GiCompareOp op);
GiRef gi_str_slot_concat(GiThread *ts, GiVal a, GiVal b);
GiRef gi_str_slot_repeat(GiThread *ts, GiVal v, ssize_t count);
ssize_t gi_str_slot_length(GiThread *ts, GiVal v);
GiRef gi_str_slot_item(GiThread *ts, GiVal v, ssize_t index);
GiRef gi_str_slot_subscript(GiThread *ts, GiVal v, GiVal key);
GiTruth gi_str_slot_contains(GiThread *ts, GiVal v, GiVal item);
GiRef gi_str_slot_str(GiThread *ts, GiVal v);
GiRef gi_str_slot_mod(GiThread *ts, GiVal a, GiVal b);
GiRef gi_str_slot_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
void gi_str_slot_destroy(GiThread *ts, GiObj *obj);

#endif
