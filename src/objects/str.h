/* str.h - immutable text: one, two or four bytes a character, with an ASCII flag.
 *
 * INVARIANT: the narrowest kind that fits is used, so equal strings have equal kinds; a NUL follows
 * the last character. Surrogates are allowed as code points. The hash is made on demand (0: not yet).
 */
#ifndef GI_OBJECTS_STR_H
#define GI_OBJECTS_STR_H

#include "base/text_view.h"
#include "objects/type.h"
#include <stdarg.h>
#include <sys/types.h>

typedef enum { GI_STR_ASCII, GI_STR_LATIN1, GI_STR_UCS2, GI_STR_UCS4 } GiStrKind;

typedef struct GiStr {
    GiObj obj;
    uint64_t length : 48;   /* in characters; read it through gi_str_len */
    uint64_t room : 16;     /* 0: no more than length; otherwise gi_str_append's capacity mark */
    _Atomic int64_t hash;   /* 0: not computed */
    /* data follows */
} GiStr;

enum {
    GI_STR_KIND_MASK = 3 << GI_OBJ_TYPE_SHIFT,
    GI_STR_INTERNED = 4 << GI_OBJ_TYPE_SHIFT,
    GI_STR_UTF8_CACHED = 8 << GI_OBJ_TYPE_SHIFT, /* the table of UTF-8 forms has an entry */
};

extern GiType gi_str_type, gi_str_iter_type;

/* Instances of str subclasses have the same layout. */
#define gi_is_str(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_STR))
#define gi_is_str_exact(v) gi_is_exact(gi_val(v), &gi_str_type)
#define gi_str_of(v) ((GiStr *)gi_obj(v))
#define gi_str_len(v) ((size_t)gi_str_of(v)->length)
#define gi_str_kind(v) ((GiStrKind)((gi_obj_flags(gi_obj(v)) >> GI_OBJ_TYPE_SHIFT) & 3))
#define gi_str_is_ascii(v) (gi_str_kind(v) == GI_STR_ASCII)
#define gi_str_data(v) ((void *)(gi_str_of(v) + 1))
/* log2 of bytes per character */
static inline int gi_str_shift(GiStrKind kind) { return kind <= GI_STR_LATIN1 ? 0 : (int)kind - 1; }
static inline uint32_t gi_str_char(GiVal s, size_t i) {
    switch (gi_str_kind(s)) {
    case GI_STR_ASCII:
    case GI_STR_LATIN1: return ((const uint8_t *)gi_str_data(s))[i];
    case GI_STR_UCS2: return ((const uint16_t *)gi_str_data(s))[i];
    default: return ((const uint32_t *)gi_str_data(s))[i];
    }
}

/* The characters of a str as the base layer sees them; valid while the str lives. */
static inline GiTextView gi_str_view(GiVal s) {
    return (GiTextView){gi_str_data(s), gi_str_len(s), 1 << gi_str_shift(gi_str_kind(s))};
}

/* Making strings. The static empty and one-character Latin-1 strings are shared. */
GI_NODISCARD GiRef gi_str_from_utf8(GiThread *ts, const char *text, size_t len); /* strict: UnicodeDecodeError */
GI_NODISCARD GiRef gi_str_from_wtf8(GiThread *ts, const char *text, size_t len); /* surrogates pass */
GI_NODISCARD GiRef gi_str_from_cstr(GiThread *ts, const char *text);             /* trusted UTF-8 */
GI_NODISCARD GiRef gi_str_from_latin1(GiThread *ts, const void *text, size_t len);
GI_NODISCARD GiRef gi_str_from_ucs4(GiThread *ts, const uint32_t *text, size_t len);
GI_NODISCARD GiRef gi_str_from_ucs2(GiThread *ts, const uint16_t *text, size_t len);
GI_NODISCARD GiRef gi_str_from_char(GiThread *ts, uint32_t ch);
GI_NODISCARD GiRef gi_str_from_view(GiThread *ts, GiTextView text); /* any kind, narrowed */
GI_NODISCARD GiRef gi_str_from_u32buf(GiThread *ts, GiU32Buf *buf); /* frees the buffer */
/* The shared empty string and one-character strings below 256: borrowed, immortal. */
extern struct GiStrStatic { GiStr str; uint8_t data[8]; } gi_str_static_chars[256], gi_str_static_empty;
#define GI_STR_EMPTY gi_from_obj(&gi_str_static_empty)
#define GI_STR_LATIN1_CHAR(ch) gi_from_obj(&gi_str_static_chars[(uint8_t)(ch)])
/* File-system encoding (UTF-8 with surrogateescape). */
GI_NODISCARD GiRef gi_str_from_fs(GiThread *ts, const char *bytes, size_t len);
GI_NODISCARD GiRef gi_str_to_fs(GiThread *ts, GiVal s); /* bytes object; ValueError on NUL is the caller's */
/* Uninitialised exact str to be filled by the caller before anyone sees it (max char decides kind). */
GI_NODISCARD GiRef gi_str_new(GiThread *ts, size_t length, GiStrKind kind);
static inline GiStrKind gi_str_kind_for(uint32_t max_char) {
    return max_char < 0x80 ? GI_STR_ASCII : max_char < 0x100 ? GI_STR_LATIN1
           : max_char < 0x10000 ? GI_STR_UCS2 : GI_STR_UCS4;
}
void gi_str_put(GiVal s, size_t i, uint32_t ch); /* while filling */

/* UTF-8 of s, valid while s lives (ASCII: the data itself; otherwise cached beside the VM).
 * Strict: lone surrogates raise UnicodeEncodeError. *len may be NULL. */
const char *gi_str_utf8(GiThread *ts, GiVal s, size_t *len);
/* As gi_str_utf8, and an embedded NUL raises ValueError("embedded null character"). */
const char *gi_str_cstr(GiThread *ts, GiVal s);

/* Interning: the one str of this text. Consumes and returns. Only exact str. */
GI_NODISCARD GiRef gi_str_intern(GiThread *ts, GiRef s);
GI_NODISCARD GiRef gi_intern_cstr(GiThread *ts, const char *text);
/* The interned str of ASCII characters (which the caller has made sure they are). */
GI_NODISCARD GiRef gi_intern_ascii(GiThread *ts, const char *text, size_t len);
/* The interned str of the same text, or null (borrowed, immortal). */
GiVal gi_str_interned_peek(GiThread *ts, GiVal s);
static inline bool gi_str_is_interned(GiVal s) { return gi_obj_flags(gi_obj(s)) & GI_STR_INTERNED; }

int64_t gi_str_hash(GiThread *ts, GiVal s);
bool gi_str_equal(GiVal a, GiVal b);              /* both str */
bool gi_str_equals_cstr(GiVal a, const char *ascii);
int gi_str_order(GiVal a, GiVal b);               /* -1, 0, 1 by code points */
GI_NODISCARD GiRef gi_str_concat(GiThread *ts, GiVal a, GiVal b);
/* Consumes left; grows it in place when it is the only reference (s += t stays linear). */
GI_NODISCARD GiRef gi_str_append(GiThread *ts, GiRef left, GiVal right);
GI_NODISCARD GiRef gi_str_slice(GiThread *ts, GiVal s, size_t start, size_t stop);
GI_NODISCARD GiRef gi_str_join(GiThread *ts, GiVal sep, const GiVal *parts, size_t count);
ssize_t gi_str_find(GiVal s, GiVal sub, size_t start, size_t stop); /* -1: none */
GI_NODISCARD GiRef gi_str_repr(GiThread *ts, GiVal s);
/* str.format / % / format(): implemented in objects/str/format.c. */
GI_NODISCARD GiRef gi_str_format_spec(GiThread *ts, GiVal s, GiVal spec);
GI_NODISCARD GiRef gi_str_mod(GiThread *ts, GiVal format, GiVal args);

/* Builder: collects text of any width, then makes the str. Errors are remembered: appends after a
 * failure do nothing and finish gives null with the exception. Not to be copied: data may point
 * into the struct. */
typedef struct GiStrBuilder {
    GiThread *ts;
    void *data;
    size_t length, capacity; /* in characters of `kind` */
    GiStrKind kind;
    bool failed;
    uint32_t inline_data[48];
} GiStrBuilder;
void gi_sb_init(GiStrBuilder *sb, GiThread *ts);
void gi_sb_char(GiStrBuilder *sb, uint32_t ch);
void gi_sb_ascii(GiStrBuilder *sb, const char *text, size_t len);
#define gi_sb_lit(sb, literal) gi_sb_ascii(sb, literal, sizeof(literal) - 1)
void gi_sb_str(GiStrBuilder *sb, GiVal s);
void gi_sb_slice(GiStrBuilder *sb, GiVal s, size_t start, size_t stop);
void gi_sb_repr(GiStrBuilder *sb, GiVal v);   /* repr(v); raises are remembered */
void gi_sb_view(GiStrBuilder *sb, GiTextView text);
void gi_sb_utf8(GiStrBuilder *sb, const char *text, size_t len); /* trusted UTF-8 */
void gi_sb_fill(GiStrBuilder *sb, uint32_t ch, size_t count);
GI_NODISCARD GiRef gi_sb_finish(GiStrBuilder *sb);
void gi_sb_discard(GiStrBuilder *sb);

#endif
