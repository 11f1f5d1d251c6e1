/* byteslike.c - the methods that bytes and bytearray have in common, those that only bytearray
 * has, and the two types.
 *
 * A shared method sees its receiver through GI_BYTES_SELF, which pins a bytearray.
 */
#include "base/shared_bytes.h"
#include "objects/byteslike.h"

#include "base/bintext.h"
#include "base/search.h"
#include "objects/container.h"
#include "objects/native.h"

GI_SHARED_METHODS(byteslike, bytes, bytearray);

#include "objects/byteslike.gen.h"

#define IS_LOWER(c) ((uint8_t)((c) - 'a') < 26)
#define IS_UPPER(c) ((uint8_t)((c) - 'A') < 26)
#define IS_ALPHA(c) IS_LOWER((c) | 0x20)
#define IS_DIGIT(c) ((uint8_t)((c) - '0') < 10)
#define IS_SPACE(c) ((c) == ' ' || (uint8_t)((c) - 9) < 5)


/* ---- bounds and needles ---- */

static GiStatus bound(GiThread *ts, GiVal v, ssize_t *out) {
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "slice indices must be integers or None or have an __index__ method");
    return gi_as_ssize(ts, v, true, out);
}

typedef struct Bounds {
    ssize_t start, end;
} Bounds;

static GiStatus bounds(GiThread *ts, GiVal start, GiVal end, Bounds *out) {
    *out = (Bounds){0, SSIZE_MAX};
    if (bound(ts, start, &out->start) != GI_OK) return GI_FAIL;
    return bound(ts, end, &out->end);
}

static void clip(Bounds *b, size_t len) {
    ssize_t n = (ssize_t)len;
    if (b->end > n) b->end = n;
    if (b->end < 0) b->end = GI_MAX(b->end + n, 0);
    if (b->start < 0) b->start = GI_MAX(b->start + n, 0);
}

/* What find and count look for: a byte or a view. */
typedef struct Needle {
    GiBuffer view;
    uint8_t byte;
    const void *data;
    size_t len;
} Needle;

static GiStatus needle_get(GiThread *ts, GiVal v, Needle *n) {
    memset(n, 0, sizeof *n);
    if (gi_has_buffer(v)) {
        if (gi_buffer_get(ts, v, &n->view, GI_BUF_BRIEF) != GI_OK) return GI_FAIL;
        n->data = n->view.data;
        n->len = (size_t)n->view.len;
        return GI_OK;
    }
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError, "argument should be integer or bytes-like object, not '%.200T'",
                               v);
    if (gi_byte_value(ts, v, &n->byte) != GI_OK) return GI_FAIL;
    n->len = 1;
    return GI_OK;
}
#define NEEDLE_DATA(n) ((n)->data ? (n)->data : (const void *)&(n)->byte)

/* These take their arguments as old functions do, whose message this is. */
static GiStatus need_first(GiThread *ts, const char *name, GiVal first) {
    if (!gi_is_null(first)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at least 1 argument (0 given)", name);
}

static GiRef find_or(GiThread *ts, GiVal self, GiVal sub, GiVal start, GiVal end, bool last, bool must) {
    const char *name = must ? (last ? "rindex" : "index") : last ? "rfind" : "find";
    if (need_first(ts, name, sub) != GI_OK) return GI_NULL;
    Needle needle;
    Bounds b;
    if (bounds(ts, start, end, &b) != GI_OK || needle_get(ts, sub, &needle) != GI_OK) return GI_NULL;
    ssize_t at = -1;
    {
        GI_BYTES_SELF(v, self);
        clip(&b, v.len);
        if (b.start <= b.end) {
            const uint8_t *hay = v.data + b.start;
            size_t n = (size_t)(b.end - b.start);
            at = last ? gi_search_last(hay, n, NEEDLE_DATA(&needle), needle.len, 1)
                      : gi_search(hay, n, NEEDLE_DATA(&needle), needle.len, 1);
            if (at >= 0) at += b.start;
        }
    }
    gi_buffer_release(ts, &needle.view);
    if (at < 0 && must) return gi_raise_ref(ts, &gi_exc_ValueError, "subsection not found");
    return gi_smallint_ref(at);
}

GI_METHOD(byteslike, find, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "B.find(sub[, start[, end]]) -> int\n\nReturn the lowest index in B where subsection sub is found,\nsuch that sub is contained within B[start,end].  Optional\narguments start and end are interpreted as in slice notation.\n\nReturn -1 on failure.") {
    return find_or(ts, self, a->sub, a->start, a->end, false, false);
}
GI_METHOD(byteslike, rfind, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "B.rfind(sub[, start[, end]]) -> int\n\nReturn the highest index in B where subsection sub is found,\nsuch that sub is contained within B[start,end].  Optional\narguments start and end are interpreted as in slice notation.\n\nReturn -1 on failure.") {
    return find_or(ts, self, a->sub, a->start, a->end, true, false);
}
GI_METHOD(byteslike, index, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "B.index(sub[, start[, end]]) -> int\n\nReturn the lowest index in B where subsection sub is found,\nsuch that sub is contained within B[start,end].  Optional\narguments start and end are interpreted as in slice notation.\n\nRaises ValueError when the subsection is not found.") {
    return find_or(ts, self, a->sub, a->start, a->end, false, true);
}
GI_METHOD(byteslike, rindex, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "B.rindex(sub[, start[, end]]) -> int\n\nReturn the highest index in B where subsection sub is found,\nsuch that sub is contained within B[start,end].  Optional\narguments start and end are interpreted as in slice notation.\n\nRaise ValueError when the subsection is not found.") {
    return find_or(ts, self, a->sub, a->start, a->end, true, true);
}
GI_METHOD(byteslike, count, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "B.count(sub[, start[, end]]) -> int\n\nReturn the number of non-overlapping occurrences of subsection sub in\nbytes B[start:end].  Optional arguments start and end are interpreted\nas in slice notation.") {
    if (need_first(ts, "count", a->sub) != GI_OK) return GI_NULL;
    Needle needle;
    Bounds b;
    if (bounds(ts, a->start, a->end, &b) != GI_OK || needle_get(ts, a->sub, &needle) != GI_OK) return GI_NULL;
    size_t count = 0;
    {
        GI_BYTES_SELF(v, self);
        clip(&b, v.len);
        if (b.start <= b.end)
            count = gi_search_count(v.data + b.start, (size_t)(b.end - b.start), NEEDLE_DATA(&needle), needle.len, 1,
                                    SIZE_MAX);
    }
    gi_buffer_release(ts, &needle.view);
    return gi_smallint_ref((int64_t)count);
}

static GiTruth has_affix(GiThread *ts, GiVal self, GiVal affix, Bounds b, bool tail) {
    GiBuffer view;
    if (gi_buffer_get(ts, affix, &view, GI_BUF_BRIEF) != GI_OK) return GI_TRUTH_FAIL;
    bool yes = false;
    {
        GI_BYTES_SELF(v, self);
        clip(&b, v.len);
        if (b.start <= b.end && view.len <= b.end - b.start)
            yes = view.len == 0 ||
                  memcmp(v.data + (tail ? b.end - view.len : b.start), view.data, (size_t)view.len) == 0;
    }
    gi_buffer_release(ts, &view);
    return gi_truth_of(yes);
}

static GiRef tail_match(GiThread *ts, GiVal self, GiVal affix, GiVal start, GiVal end, bool tail) {
    if (need_first(ts, tail ? "endswith" : "startswith", affix) != GI_OK) return GI_NULL;
    Bounds b;
    if (bounds(ts, start, end, &b) != GI_OK) return GI_NULL;
    if (gi_is_tuple(affix)) {
        for (size_t i = 0; i < gi_tuple_len(affix); i++) {
            GiTruth yes = has_affix(ts, self, gi_tuple_get(affix, i), b, tail);
            if (yes.value) return yes.value < 0 ? GI_NULL : GI_REF_TRUE;
        }
        return GI_REF_FALSE;
    }
    if (!gi_has_buffer(affix))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s first arg must be bytes or a tuple of bytes, not %.100T",
                            tail ? "endswith" : "startswith", affix);
    GiTruth yes = has_affix(ts, self, affix, b, tail);
    return yes.value < 0 ? GI_NULL : gi_bool_ref(yes.value);
}

GI_METHOD(byteslike, startswith, "(self, prefix=<null>, start=<null>, end=<null>, /)",
          "B.startswith(prefix[, start[, end]]) -> bool\n\nReturn True if B starts with the specified prefix, False otherwise.\nWith optional start, test B beginning at that position.\nWith optional end, stop comparing B at that position.\nprefix can also be a tuple of bytes to try.") {
    return tail_match(ts, self, a->prefix, a->start, a->end, false);
}
GI_METHOD(byteslike, endswith, "(self, suffix=<null>, start=<null>, end=<null>, /)",
          "B.endswith(suffix[, start[, end]]) -> bool\n\nReturn True if B ends with the specified suffix, False otherwise.\nWith optional start, test B beginning at that position.\nWith optional end, stop comparing B at that position.\nsuffix can also be a tuple of bytes to try.") {
    return tail_match(ts, self, a->suffix, a->start, a->end, true);
}

/* self[start:stop]; an exact bytes object as a whole is given itself. */
static GiRef part_of(GiThread *ts, GiVal self, const GiBytesView *v, size_t start, size_t stop) {
    if (stop - start == v->len && gi_is_exact(self, &gi_bytes_type)) return gi_dup(ts, self);
    return gi_bytes_like(ts, self, start < stop ? v->data + start : NULL, stop - start);
}

GI_METHOD(byteslike, removeprefix, "(self, prefix: buffer, /)",
          "Return a bytes object with the given prefix string removed if present.\n\nIf the bytes starts with the prefix string, return bytes[len(prefix):].\nOtherwise, return a copy of the original bytes.") {
    GI_BYTES_SELF(v, self);
    size_t m = (size_t)a->prefix.len;
    bool yes = m && m <= v.len && memcmp(v.data, a->prefix.data, m) == 0;
    return part_of(ts, self, &v, yes ? m : 0, v.len);
}
GI_METHOD(byteslike, removesuffix, "(self, suffix: buffer, /)",
          "Return a bytes object with the given suffix string removed if present.\n\nIf the bytes ends with the suffix string and that suffix is not empty,\nreturn bytes[:-len(prefix)].  Otherwise, return a copy of the original\nbytes.") {
    GI_BYTES_SELF(v, self);
    size_t m = (size_t)a->suffix.len;
    bool yes = m && m <= v.len && memcmp(v.data + v.len - m, a->suffix.data, m) == 0;
    return part_of(ts, self, &v, 0, yes ? v.len - m : v.len);
}

/* ---- case and classes: ASCII only ---- */

typedef enum { TO_UPPER, TO_LOWER, TO_SWAP, TO_TITLE, TO_CAPITAL } Recase;

static GiRef recase(GiThread *ts, GiVal self, Recase mode) {
    GI_BYTES_SELF(v, self);
    GiRef r = gi_bytes_like(ts, self, NULL, v.len);
    if (gi_is_null(r) || v.len == 0) return r;
    uint8_t *to = gi_bytes_like_data(r);
    bool inside = false;
    for (size_t i = 0; i < v.len; i++) {
        uint8_t c = v.data[i];
        bool letter = IS_ALPHA(c);
        bool upper = mode == TO_UPPER  ? true
                     : mode == TO_SWAP ? (c & 0x20) != 0
                     : mode == TO_TITLE ? !inside
                     : mode == TO_CAPITAL ? i == 0
                                          : false;
        to[i] = !letter ? c : upper ? c & (uint8_t)~0x20 : c | 0x20;
        inside = letter;
    }
    return r;
}

GI_METHOD(byteslike, upper, "(self)", "B.upper() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to uppercase.") {
    return recase(ts, self, TO_UPPER);
}
GI_METHOD(byteslike, lower, "(self)", "B.lower() -> copy of B\n\nReturn a copy of B with all ASCII characters converted to lowercase.") {
    return recase(ts, self, TO_LOWER);
}
GI_METHOD(byteslike, swapcase, "(self)", "B.swapcase() -> copy of B\n\nReturn a copy of B with uppercase ASCII characters converted\nto lowercase ASCII and vice versa.") {
    return recase(ts, self, TO_SWAP);
}
GI_METHOD(byteslike, title, "(self)", "B.title() -> copy of B\n\nReturn a titlecased version of B, i.e. ASCII words start with uppercase\ncharacters, all remaining cased characters have lowercase.") {
    return recase(ts, self, TO_TITLE);
}
GI_METHOD(byteslike, capitalize, "(self)", "B.capitalize() -> copy of B\n\nReturn a copy of B with only its first character capitalized (ASCII)\nand the rest lower-cased.") {
    return recase(ts, self, TO_CAPITAL);
}

#define ALL(condition)                                                                             \
    GI_BYTES_SELF(v, self);                                                                        \
    for (size_t i = 0; i < v.len; i++) {                                                           \
        uint8_t c = v.data[i];                                                                     \
        if (!(condition)) return GI_REF_FALSE;                                                     \
    }                                                                                              \
    return gi_bool_ref(v.len > 0)

GI_METHOD(byteslike, isalnum, "(self)", "B.isalnum() -> bool\n\nReturn True if all characters in B are alphanumeric\nand there is at least one character in B, False otherwise.") {
    ALL(IS_ALPHA(c) || IS_DIGIT(c));
}
GI_METHOD(byteslike, isalpha, "(self)", "B.isalpha() -> bool\n\nReturn True if all characters in B are alphabetic\nand there is at least one character in B, False otherwise.") {
    ALL(IS_ALPHA(c));
}
GI_METHOD(byteslike, isascii, "(self)", "B.isascii() -> bool\n\nReturn True if B is empty or all characters in B are ASCII,\nFalse otherwise.") {
    GI_BYTES_SELF(v, self);
    for (size_t i = 0; i < v.len; i++)
        if (v.data[i] >= 0x80) return GI_REF_FALSE;
    return GI_REF_TRUE;
}
GI_METHOD(byteslike, isdigit, "(self)", "B.isdigit() -> bool\n\nReturn True if all characters in B are digits\nand there is at least one character in B, False otherwise.") {
    ALL(IS_DIGIT(c));
}
GI_METHOD(byteslike, isspace, "(self)", "B.isspace() -> bool\n\nReturn True if all characters in B are whitespace\nand there is at least one character in B, False otherwise.") {
    ALL(IS_SPACE(c));
}

static GiRef one_case(GiThread *ts, GiVal self, bool upper) {
    GI_BYTES_SELF(v, self);
    bool cased = false;
    for (size_t i = 0; i < v.len; i++) {
        if (!IS_ALPHA(v.data[i])) continue;
        if (IS_UPPER(v.data[i]) != upper) return GI_REF_FALSE;
        cased = true;
    }
    return gi_bool_ref(cased);
}

GI_METHOD(byteslike, islower, "(self)", "B.islower() -> bool\n\nReturn True if all cased characters in B are lowercase and there is\nat least one cased character in B, False otherwise.") {
    return one_case(ts, self, false);
}
GI_METHOD(byteslike, isupper, "(self)", "B.isupper() -> bool\n\nReturn True if all cased characters in B are uppercase and there is\nat least one cased character in B, False otherwise.") {
    return one_case(ts, self, true);
}
GI_METHOD(byteslike, istitle, "(self)", "B.istitle() -> bool\n\nReturn True if B is a titlecased string and there is at least one\ncharacter in B, i.e. uppercase characters may only follow uncased\ncharacters and lowercase characters only cased ones. Return False\notherwise.") {
    GI_BYTES_SELF(v, self);
    bool cased = false, inside = false;
    for (size_t i = 0; i < v.len; i++) {
        uint8_t c = v.data[i];
        if (!IS_ALPHA(c)) {
            inside = false;
            continue;
        }
        if (IS_UPPER(c) == inside) return GI_REF_FALSE;
        inside = cased = true;
    }
    return gi_bool_ref(cased);
}

/* ---- taking apart ---- */

static GiStatus add_part(GiThread *ts, GiVal list, GiVal self, const GiBytesView *v, size_t start, size_t stop) {
    GiRef part = part_of(ts, self, v, start, stop);
    if (gi_is_null(part)) return GI_FAIL;
    return gi_list_append(ts, list, part);
}

/* Splits at white space; from the right when `last` (the list is then in reverse). */
static GiStatus split_spaces(GiThread *ts, GiVal list, GiVal self, const GiBytesView *v, size_t max, bool last) {
    size_t i = last ? v->len : 0, n = v->len;
    const uint8_t *p = v->data;
    for (;;) {
        if (last)
            while (i > 0 && IS_SPACE(p[i - 1])) i--;
        else
            while (i < n && IS_SPACE(p[i])) i++;
        if (i == (last ? 0 : n)) return GI_OK;
        size_t from = i;
        bool rest = max-- == 0;
        if (last) {
            if (rest)
                i = 0;
            else
                while (i > 0 && !IS_SPACE(p[i - 1])) i--;
        } else {
            if (rest)
                i = n;
            else
                while (i < n && !IS_SPACE(p[i])) i++;
        }
        if (add_part(ts, list, self, v, GI_MIN(i, from), GI_MAX(i, from)) != GI_OK) return GI_FAIL;
        if (rest) return GI_OK;
    }
}

static GiStatus split_at(GiThread *ts, GiVal list, GiVal self, const GiBytesView *v, const GiBuffer *sep, size_t max,
                         bool last) {
    size_t start = 0, stop = v->len, m = (size_t)sep->len;
    while (max-- > 0) {
        ssize_t at = last ? gi_search_last(v->data + start, stop - start, sep->data, m, 1)
                          : gi_search(v->data + start, stop - start, sep->data, m, 1);
        if (at < 0) break;
        size_t cut = start + (size_t)at;
        GiStatus status = last ? add_part(ts, list, self, v, cut + m, stop) : add_part(ts, list, self, v, start, cut);
        if (status != GI_OK) return GI_FAIL;
        if (last)
            stop = cut;
        else
            start = cut + m;
    }
    return add_part(ts, list, self, v, start, stop);
}

static GiRef split(GiThread *ts, GiVal self, GiVal sep, ssize_t maxsplit, bool last) {
    size_t max = maxsplit < 0 ? SIZE_MAX - 1 : (size_t)maxsplit;
    GiBuffer view = {0};
    bool spaces = gi_is_null(sep) || gi_is_none(sep);
    if (!spaces) {
        if (gi_buffer_get(ts, sep, &view, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
        if (view.len == 0) {
            gi_buffer_release(ts, &view);
            return gi_raise_ref(ts, &gi_exc_ValueError, "empty separator");
        }
    }
    GiRef list = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    if (status == GI_OK) {
        GI_BYTES_SELF(v, self);
        status = spaces ? split_spaces(ts, gi_val(list), self, &v, max, last)
                        : split_at(ts, gi_val(list), self, &v, &view, max, last);
    }
    gi_buffer_release(ts, &view);
    if (status == GI_OK && last) status = gi_list_reverse(ts, gi_val(list));
    if (status == GI_OK) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}

GI_METHOD(byteslike, split, "(self, sep=None, maxsplit: ssize = -1)",
          "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  sep\n    The delimiter according which to split the bytes.\n    None (the default value) means split on ASCII whitespace characters\n    (space, tab, return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of splits to do.\n    -1 (the default value) means no limit.") {
    return split(ts, self, a->sep, a->maxsplit, false);
}
GI_METHOD(byteslike, rsplit, "(self, sep=None, maxsplit: ssize = -1)",
          "Return a list of the sections in the bytes, using sep as the delimiter.\n\n  sep\n    The delimiter according which to split the bytes.\n    None (the default value) means split on ASCII whitespace characters\n    (space, tab, return, newline, formfeed, vertical tab).\n  maxsplit\n    Maximum number of splits to do.\n    -1 (the default value) means no limit.\n\nSplitting is done starting at the end of the bytes and working to the front.") {
    return split(ts, self, a->sep, a->maxsplit, true);
}
GI_METHOD(byteslike, splitlines, "(self, keepends: boolint = False)",
          "Return a list of the lines in the bytes, breaking at line boundaries.\n\nLine breaks are not included in the resulting list unless keepends is given and\ntrue.") {
    GiRef list = gi_list_new(ts, 0);
    if (gi_is_null(list)) return list;
    GI_BYTES_SELF(v, self);
    for (size_t i = 0; i < v.len;) {
        size_t start = i;
        while (i < v.len && v.data[i] != '\n' && v.data[i] != '\r') i++;
        size_t stop = i;
        if (i < v.len) {
            i += v.data[i] == '\r' && i + 1 < v.len && v.data[i + 1] == '\n' ? 2 : 1;
            if (a->keepends) stop = i;
        }
        if (add_part(ts, gi_val(list), self, &v, start, stop) != GI_OK) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static GiRef partition(GiThread *ts, GiVal self, GiVal sep, const GiBuffer *view, bool last) {
    if (view->len == 0) return gi_raise_ref(ts, &gi_exc_ValueError, "empty separator");
    GI_BYTES_SELF(v, self);
    size_t m = (size_t)view->len;
    ssize_t at = last ? gi_search_last(v.data, v.len, view->data, m, 1) : gi_search(v.data, v.len, view->data, m, 1);
    GiRef parts[3];
    if (at < 0) {
        parts[last ? 2 : 0] = gi_is_bytes(self) ? gi_dup(ts, self) : gi_bytes_like(ts, self, v.data, v.len);
        parts[1] = gi_bytes_like(ts, self, NULL, 0);
        parts[last ? 0 : 2] = gi_bytes_like(ts, self, NULL, 0);
    } else {
        parts[0] = part_of(ts, self, &v, 0, (size_t)at);
        parts[1] = gi_is_bytes(self) ? gi_dup(ts, sep) : gi_bytes_like(ts, self, view->data, m);
        parts[2] = part_of(ts, self, &v, (size_t)at + m, v.len);
    }
    if (!gi_is_null(parts[0]) && !gi_is_null(parts[1]) && !gi_is_null(parts[2])) return gi_tuple_steal(ts, parts, 3);
    for (int i = 0; i < 3; i++) gi_xdrop(ts, parts[i]);
    return GI_NULL;
}

static GiRef partition_by(GiThread *ts, GiVal self, GiVal sep, bool last) {
    GiBuffer view;
    if (gi_buffer_get(ts, sep, &view, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
    GiRef r = partition(ts, self, sep, &view, last);
    gi_buffer_release(ts, &view);
    return r;
}

GI_METHOD(byteslike, partition, "(self, sep, /)",
          "Partition the bytes into three parts using the given separator.\n\nThis will search for the separator sep in the bytes. If the separator is found,\nreturns a 3-tuple containing the part before the separator, the separator\nitself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing the original bytes\nobject and two empty bytes objects.") {
    return partition_by(ts, self, a->sep, false);
}
GI_METHOD(byteslike, rpartition, "(self, sep, /)",
          "Partition the bytes into three parts using the given separator.\n\nThis will search for the separator sep in the bytes, starting at the end. If\nthe separator is found, returns a 3-tuple containing the part before the\nseparator, the separator itself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing two empty bytes\nobjects and the original bytes object.") {
    return partition_by(ts, self, a->sep, true);
}

enum { LEFT = 1, RIGHT = 2 };

static GiRef strip(GiThread *ts, GiVal self, GiVal bytes, int sides) {
    bool in_set[256] = {false};
    if (gi_is_null(bytes) || gi_is_none(bytes)) {
        for (int c = 0; c < 128; c++) in_set[c] = IS_SPACE(c);
    } else {
        GiBuffer view;
        if (gi_buffer_get(ts, bytes, &view, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
        for (ssize_t i = 0; i < view.len; i++) in_set[((const uint8_t *)view.data)[i]] = true;
        gi_buffer_release(ts, &view);
    }
    GI_BYTES_SELF(v, self);
    size_t start = 0, stop = v.len;
    if (sides & LEFT)
        while (start < stop && in_set[v.data[start]]) start++;
    if (sides & RIGHT)
        while (stop > start && in_set[v.data[stop - 1]]) stop--;
    return part_of(ts, self, &v, start, stop);
}

GI_METHOD(byteslike, strip, "(self, bytes=None, /)",
          "Strip leading and trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading and trailing ASCII whitespace.") {
    return strip(ts, self, a->bytes, LEFT | RIGHT);
}
GI_METHOD(byteslike, lstrip, "(self, bytes=None, /)",
          "Strip leading bytes contained in the argument.\n\nIf the argument is omitted or None, strip leading  ASCII whitespace.") {
    return strip(ts, self, a->bytes, LEFT);
}
GI_METHOD(byteslike, rstrip, "(self, bytes=None, /)",
          "Strip trailing bytes contained in the argument.\n\nIf the argument is omitted or None, strip trailing ASCII whitespace.") {
    return strip(ts, self, a->bytes, RIGHT);
}

/* ---- putting together ---- */

/* Memory that may be written to may be just now, by another thread. */
static inline void copy_from(uint8_t *to, const GiBuffer *from, size_t n) {
    if (from->readonly) memcpy(to, from->data, n);
    else gi_shared_load(to, from->data, n);
}

/* Writes v with its first `count` places of old as new; false: they are not there any more, since the
 * memory of one of them (of a memoryview, say) is being written to. */
static bool replace_into(const GiBytesView *v, const GiBuffer *old, const GiBuffer *new, size_t count, uint8_t *to) {
    size_t at = 0, m = (size_t)old->len, k = (size_t)new->len;
    for (size_t done = 0; done < count; done++) {
        ssize_t skip = m ? gi_search(v->data + at, v->len - at, old->data, m, 1) : done > 0;
        if (skip < 0) return false;
        if (skip) memcpy(to, v->data + at, (size_t)skip);
        if (k) copy_from(to + skip, new, k);
        to += (size_t)skip + k;
        at += (size_t)skip + m;
    }
    if (v->len > at) memcpy(to, v->data + at, v->len - at);
    return true;
}

GI_METHOD(byteslike, replace, "(self, old: buffer, new: buffer, count: ssize = -1, /)",
          "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    Maximum number of occurrences to replace.\n    -1 (the default value) means replace all occurrences.\n\nIf the optional argument count is given, only the first count occurrences are\nreplaced.") {
    GI_BYTES_SELF(v, self);
    size_t max = a->count < 0 ? SIZE_MAX : (size_t)a->count, m = (size_t)a->old.len, k = (size_t)a->new.len;
    for (;;) {
        size_t count = max && (m || k) ? gi_search_count(v.data, v.len, a->old.data, m, 1, max) : 0;
        if (count == 0) return part_of(ts, self, &v, 0, v.len);
        if (k > m && count > ((size_t)1 << 46) / (k - m))
            return gi_raise_ref(ts, &gi_exc_OverflowError, "replace bytes is too long");
        GiRef r = gi_bytes_like(ts, self, NULL, v.len - count * m + count * k);
        if (gi_is_null(r) || v.len - count * m + count * k == 0) return r;
        if (GI_LIKELY(replace_into(&v, &a->old, &a->new, count, gi_bytes_like_data(r)))) return r;
        gi_drop(ts, r);
    }
}

/* Joins the items of a tuple whose views are held in `views`. */
static GiRef join_views(GiThread *ts, GiVal self, const GiBytesView *sep, const GiBuffer *views, size_t count) {
    size_t total = count ? sep->len * (count - 1) : 0;
    for (size_t i = 0; i < count; i++) {
        total += (size_t)views[i].len;
        if (total >= (size_t)1 << 46)
            return gi_raise_ref(ts, &gi_exc_OverflowError, "join() result is too long");
    }
    GiRef r = gi_bytes_like(ts, self, NULL, total);
    if (gi_is_null(r) || total == 0) return r;
    uint8_t *to = gi_bytes_like_data(r);
    for (size_t i = 0; i < count; i++) {
        if (i && sep->len) {
            memcpy(to, sep->data, sep->len);
            to += sep->len;
        }
        if (ts->core.free_running && !gi_is_bytes(gi_val(views[i].owner))) gi_shared_load(to, views[i].data, (size_t)views[i].len);
        else if (views[i].len) memcpy(to, views[i].data, (size_t)views[i].len);
        to += views[i].len;
    }
    return r;
}

GI_METHOD(byteslike, join, "(self, iterable_of_bytes, /)",
          "Concatenate any number of bytes objects.\n\nThe bytes whose method is called is inserted in between each pair.\n\nThe result is returned as a new bytes object.\n\nExample: b'.'.join([b'ab', b'pq', b'rs']) -> b'ab.pq.rs'.") {
    GiItems items;
    if (gi_items_of(ts, a->iterable_of_bytes, &items, "can only join an iterable")) return GI_NULL;
    size_t count = items.count, got = 0;
    GiRef r = GI_NULL;
    GiBuffer *views = count ? gi_mem_calloc(ts, count, sizeof *views) : NULL;
    if (count && !views) goto done;
    if (count == 1 && gi_is_bytes(self) && gi_is_bytes_exact(gi_val(items.items[0]))) {
        r = gi_dup(ts, gi_val(items.items[0]));
        goto done;
    }
    for (; got < count; got++) {
        GiVal item = gi_val(items.items[got]);
        if (!gi_has_buffer(item)) {
            gi_raise(ts, &gi_exc_TypeError, "sequence item %zd: expected a bytes-like object, %.80T found",
                     (ssize_t)got, item);
            goto done;
        }
        if (gi_buffer_get(ts, item, &views[got], GI_BUF_BRIEF) != GI_OK) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "sequence item %zd: expected a bytes-like object, %.80T found",
                     (ssize_t)got, item);
            goto done;
        }
    }
    {
        GI_BYTES_SELF(v, self);
        r = join_views(ts, self, &v, views, count);
    }
done:
    for (size_t i = 0; i < got; i++) gi_buffer_release(ts, &views[i]);
    gi_mem_free(views);
    gi_items_drop(ts, &items);
    return r;
}

static GiStatus fill_byte(GiThread *ts, const char *fname, GiVal v, uint8_t *out) {
    *out = ' ';
    if (gi_is_null(v)) return GI_OK;
    if (gi_is_bytes(v) && gi_bytes_len(v) == 1) {
        *out = gi_bytes_data(v)[0];
        return GI_OK;
    }
    if (gi_is_bytearray(v) && gi_byteslike_length(ts, v) == 1) {
        GI_BYTES_SELF(fill, v);
        *out = fill.data[0];
        return GI_OK;
    }
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() argument 2 must be a byte string of length 1, not %#.50T",
                           fname, v);
}

static GiRef padded(GiThread *ts, GiVal self, const GiBytesView *v, size_t left, size_t right, uint8_t fill) {
    if (left + right == 0) return part_of(ts, self, v, 0, v->len);
    GiRef r = gi_bytes_like(ts, self, NULL, v->len + left + right);
    if (gi_is_null(r)) return r;
    uint8_t *to = gi_bytes_like_data(r);
    memset(to, fill, left);
    if (v->len) memcpy(to + left, v->data, v->len);
    memset(to + left + v->len, fill, right);
    return r;
}

static size_t missing(const GiBytesView *v, ssize_t width) {
    return width <= (ssize_t)v->len ? 0 : (size_t)width - v->len;
}

GI_METHOD(byteslike, center, "(self, width: ssize, fillchar=b' ', /)",
          "Return a centered string of length width.\n\nPadding is done using the specified fill character.") {
    uint8_t fill;
    if (fill_byte(ts, "center", a->fillchar, &fill) != GI_OK) return GI_NULL;
    GI_BYTES_SELF(v, self);
    size_t pad = missing(&v, a->width), left = pad / 2 + (pad & (size_t)a->width & 1);
    return padded(ts, self, &v, left, pad - left, fill);
}
GI_METHOD(byteslike, ljust, "(self, width: ssize, fillchar=b' ', /)",
          "Return a left-justified string of length width.\n\nPadding is done using the specified fill character.") {
    uint8_t fill;
    if (fill_byte(ts, "ljust", a->fillchar, &fill) != GI_OK) return GI_NULL;
    GI_BYTES_SELF(v, self);
    return padded(ts, self, &v, 0, missing(&v, a->width), fill);
}
GI_METHOD(byteslike, rjust, "(self, width: ssize, fillchar=b' ', /)",
          "Return a right-justified string of length width.\n\nPadding is done using the specified fill character.") {
    uint8_t fill;
    if (fill_byte(ts, "rjust", a->fillchar, &fill) != GI_OK) return GI_NULL;
    GI_BYTES_SELF(v, self);
    return padded(ts, self, &v, missing(&v, a->width), 0, fill);
}
GI_METHOD(byteslike, zfill, "(self, width: ssize, /)",
          "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe original string is never truncated.") {
    GI_BYTES_SELF(v, self);
    size_t pad = missing(&v, a->width);
    GiRef r = padded(ts, self, &v, pad, 0, '0');
    if (!gi_is_null(r) && pad && v.len && (v.data[0] == '+' || v.data[0] == '-')) {
        uint8_t *to = gi_bytes_like_data(r);
        to[pad] = '0';
        to[0] = v.data[0];
    }
    return r;
}
GI_METHOD(byteslike, expandtabs, "(self, tabsize: int = 8)",
          "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed.") {
    GiStrbuf out = {0};
    size_t column = 0;
    {
        GI_BYTES_SELF(v, self);
        for (size_t i = 0; i < v.len; i++) {
            uint8_t c = v.data[i];
            if (c == '\t') {
                size_t more = a->tabsize > 0 ? (size_t)a->tabsize - column % (size_t)a->tabsize : 0;
                gi_strbuf_fill(&out, ' ', more);
                column += more;
            } else {
                gi_strbuf_putc(&out, (char)c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
    }
    GiRef r = out.failed ? gi_raise_nomem(ts) : gi_bytes_like(ts, self, out.data, out.len);
    gi_strbuf_free(&out);
    return r;
}

/* ---- translation, text forms ---- */

static GiRef translate(GiThread *ts, GiVal self, const uint8_t *table, GiVal del) {
    bool gone[256] = {false};
    if (!gi_is_null(del)) {
        GiBuffer view;
        if (gi_buffer_get(ts, del, &view, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
        for (ssize_t i = 0; i < view.len; i++) gone[((const uint8_t *)view.data)[i]] = true;
        gi_buffer_release(ts, &view);
    }
    GI_BYTES_SELF(v, self);
    GiStrbuf out = {0};
    if (gi_strbuf_reserve(&out, v.len) != GI_OK) return gi_raise_nomem(ts);
    for (size_t i = 0; i < v.len; i++)
        if (!gone[v.data[i]]) out.data[out.len++] = (char)(table ? table[v.data[i]] : v.data[i]);
    GiRef r = gi_bytes_like(ts, self, out.data, out.len);
    gi_strbuf_free(&out);
    return r;
}

GI_METHOD(byteslike, translate, "(self, table, /, delete = b'')",
          "Return a copy with each character mapped by the given translation table.\n\n  table\n    Translation table, which must be a bytes object of length 256.\n\nAll characters occurring in the optional argument delete are removed.\nThe remaining characters are mapped through the given translation table.") {
    if (gi_is_none(a->table)) return translate(ts, self, NULL, a->delete);
    GiBuffer table;
    if (gi_buffer_get(ts, a->table, &table, GI_BUF_BRIEF) != GI_OK) return GI_NULL;
    GiRef r = table.len == 256 ? translate(ts, self, table.data, a->delete)
                               : gi_raise_ref(ts, &gi_exc_ValueError, "translation table must be 256 characters long");
    gi_buffer_release(ts, &table);
    return r;
}
GI_STATICMETHOD(byteslike, maketrans, "(frm: buffer, to: buffer, /)",
                "Return a translation table useable for the bytes or bytearray translate method.\n\nThe returned table will be one where each byte in frm is mapped to the byte at\nthe same position in to.\n\nThe bytes objects frm and to must be of the same length.") {
    if (a->frm.len != a->to.len)
        return gi_raise_ref(ts, &gi_exc_ValueError, "maketrans arguments must have same length");
    GiRef r = gi_bytes_from(ts, NULL, 256);
    if (gi_is_null(r)) return r;
    for (int i = 0; i < 256; i++) gi_bytes_data(r)[i] = (uint8_t)i;
    for (ssize_t i = 0; i < a->frm.len; i++)
        gi_bytes_data(r)[((const uint8_t *)a->frm.data)[i]] = ((const uint8_t *)a->to.data)[i];
    return r;
}

GI_METHOD(byteslike, decode, "(self, encoding: cstr = 'utf-8', errors: cstr = 'strict')",
          "Decode the bytes using the codec registered for encoding.\n\n  encoding\n    The encoding with which to decode the bytes.\n  errors\n    The error handling scheme to use for the handling of decoding errors.\n    The default is 'strict' meaning that decoding errors raise a\n    UnicodeDecodeError. Other possible values are 'ignore' and 'replace'\n    as well as any other name registered with codecs.register_error that\n    can handle UnicodeDecodeErrors.") {
    GI_BYTES_SELF(v, self);
    /* PYSEM: for nothing to decode no codec is looked up (tests/diff/builtin_odd_arguments.py). */
    if (v.len == 0 && !ts->vm->dev_mode) return gi_dup(ts, GI_STR_EMPTY);
    return gi_decode(ts, v.data, v.len, a->encoding, a->errors);
}

GiRef gi_bytes_hex(GiThread *ts, const void *data, size_t len, GiVal sep, int group) {
    char separator = 0;
    if (!gi_is_null(sep)) {
        ssize_t n = gi_length(ts, sep);
        if (n < 0) return GI_NULL;
        if (n != 1) return gi_raise_ref(ts, &gi_exc_ValueError, "sep must be length 1.");
        uint32_t c;
        if (gi_is_str(sep))
            c = gi_str_char(sep, 0);
        else if (gi_is_bytes(sep))
            c = gi_bytes_data(sep)[0];
        else
            return gi_raise_ref(ts, &gi_exc_TypeError, "sep must be str or bytes.");
        if (c >= 128) return gi_raise_ref(ts, &gi_exc_ValueError, "sep must be ASCII.");
        separator = (char)c;
    } else {
        group = 0;
    }
    if (group == 0) {
        GiRef r = gi_str_new(ts, 2 * len, GI_STR_ASCII);
        if (!gi_is_null(r) && len) gi_hex_encode(data, len, gi_str_data(r));
        return r;
    }
    GiStrbuf out = {0};
    GiRef r = gi_hex_encode_sep(data, len, separator, group, &out) == GI_OK ? gi_str_from_latin1(ts, out.data, out.len)
                                                                           : gi_raise_nomem(ts);
    gi_strbuf_free(&out);
    return r;
}

GI_METHOD(byteslike, hex, "(self, sep=<unrepresentable>, bytes_per_sep: int = 1)",
          "Create a string of hexadecimal numbers from a bytes object.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nExample:\n>>> value = b'\\xb9\\x01\\xef'\n>>> value.hex()\n'b901ef'\n>>> value.hex(':')\n'b9:01:ef'\n>>> value.hex(':', 2)\n'b9:01ef'\n>>> value.hex(':', -2)\n'b901:ef'") {
    GI_BYTES_SELF(v, self);
    return gi_bytes_hex(ts, v.data, v.len, a->sep, a->bytes_per_sep);
}

static int hex_value(uint32_t c) {
    if (c - '0' < 10) return (int)(c - '0');
    c |= 0x20;
    return c - 'a' < 6 ? (int)(c - 'a' + 10) : -1;
}

GI_CLASSMETHOD(byteslike, fromhex, "(type, string: str, /)",
               "Create a bytes object from a string of hexadecimal numbers.\n\nSpaces between two numbers are accepted.\nExample: bytes.fromhex('B9 01EF') -> b'\\\\xb9\\\\x01\\\\xef'.") {
    GiVal s = a->string;
    size_t n = gi_str_len(s), bad = 0;
    GiStrbuf out = {0};
    if (gi_strbuf_reserve(&out, n / 2 + 1) != GI_OK) return gi_raise_nomem(ts);
    for (size_t i = 0; i < n;) {
        uint32_t c = gi_str_char(s, i);
        if (c < 128 && IS_SPACE(c)) {
            i++;
            continue;
        }
        int high = hex_value(c), low = i + 1 < n ? hex_value(gi_str_char(s, i + 1)) : -1;
        if (high < 0 || low < 0) {
            bad = high < 0 ? i : i + 1;
            gi_strbuf_free(&out);
            return gi_raise_ref(ts, &gi_exc_ValueError,
                                "non-hexadecimal number found in fromhex() arg at position %zd", (ssize_t)bad);
        }
        out.data[out.len++] = (char)(high << 4 | low);
        i += 2;
    }
    GiType *type = gi_as_type(self);
    bool array = gi_is_subtype(type, &gi_bytearray_type);
    GiRef r = array ? gi_bytearray_from(ts, out.data, out.len) : gi_bytes_from(ts, out.data, out.len);
    gi_strbuf_free(&out);
    if (gi_is_null(r) || type == &gi_bytes_type || type == &gi_bytearray_type) return r;
    GiRef made = gi_call1(ts, self, gi_val(r));
    gi_drop(ts, r);
    return made;
}

GI_METHOD(byteslike, __sizeof__, "(self)", "Returns the size of the object in memory, in bytes.") {
    return gi_smallint_ref((int64_t)(gi_is_bytes(self) ? sizeof(GiBytes) + gi_bytes_len(self) + 1
                                                       : sizeof(GiByteArray) + ((GiByteArray *)gi_obj(self))->capacity));
}

/* ---- bytes alone ---- */

GI_METHOD(bytes, __getnewargs__, "(self)", "") {
    GiRef copy = gi_bytes_from(ts, gi_bytes_data(self), gi_bytes_len(self));
    return gi_is_null(copy) ? copy : gi_tuple_steal(ts, &copy, 1);
}
GI_METHOD(bytes, __bytes__, "(self)", "Convert this value to exact type bytes.") {
    if (gi_is_bytes_exact(self)) return gi_dup(ts, self);
    return gi_bytes_from(ts, gi_bytes_data(self), gi_bytes_len(self));
}

/* ---- bytearray alone ---- */

#define ARRAY ((GiByteArray *)gi_obj(self))

GI_METHOD(bytearray, append, "(self, item, /)", "Append a single item to the end of the bytearray.\n\n  item\n    The item to be appended.") {
    uint8_t byte;
    if (gi_byte_value(ts, a->item, &byte) != GI_OK ||
        gi_bytearray_splice(ts, self, SIZE_MAX, SIZE_MAX, &byte, 1) != GI_OK)
        return GI_NULL;
    return GI_REF_NONE;
}
GI_METHOD(bytearray, clear, "(self)", "Remove all items from the bytearray.") {
    return gi_bytearray_resize(ts, self, 0) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_METHOD(bytearray, copy, "(self)", "Return a copy of B.") {
    GI_BYTES_SELF(v, self);
    return gi_bytearray_from(ts, v.data, v.len);
}
GI_METHOD(bytearray, extend, "(self, iterable_of_ints, /)", "Append all the items from the iterator or sequence to the bytearray.\n\n  iterable_of_ints\n    The iterable of items to append.") {
    return gi_bytearray_extend(ts, self, a->iterable_of_ints) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_METHOD(bytearray, insert, "(self, index: ssize, item, /)", "Insert a single item into the bytearray before the given index.\n\n  index\n    The index where the value is to be inserted.\n  item\n    The item to be inserted.") {
    uint8_t byte;
    if (gi_byte_value(ts, a->item, &byte) != GI_OK) return GI_NULL;
    return gi_bytearray_insert(ts, self, a->index, byte) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_METHOD(bytearray, pop, "(self, index: ssize = -1, /)", "Remove and return a single item from B.\n\n  index\n    The index from where to remove the item.\n    -1 (the default value) means remove the last item.\n\nIf no index argument is given, will pop the last item.") {
    uint8_t byte;
    bool empty;
    bool found = gi_bytearray_take(ts, self, a->index, &byte, &empty) == GI_OK;
    if (gi_raised(ts)) return GI_NULL;
    if (empty) return gi_raise_ref(ts, &gi_exc_IndexError, "pop from empty bytearray");
    if (!found) return gi_raise_ref(ts, &gi_exc_IndexError, "pop index out of range");
    return gi_smallint_ref(byte);
}
GI_METHOD(bytearray, remove, "(self, value, /)", "Remove the first occurrence of a value in the bytearray.\n\n  value\n    The value to remove.") {
    uint8_t byte;
    if (gi_byte_value(ts, a->value, &byte) != GI_OK) return GI_NULL;
    bool found;
    if (gi_bytearray_remove(ts, self, byte, &found) != GI_OK) return GI_NULL;
    return found ? GI_REF_NONE : gi_raise_ref(ts, &gi_exc_ValueError, "value not found in bytearray");
}
GI_METHOD(bytearray, reverse, "(self)", "Reverse the order of the values in B in place.") {
    return gi_bytearray_reverse(ts, self) == GI_OK ? GI_REF_NONE : GI_NULL;
}
GI_METHOD(bytearray, __alloc__, "(self)", "B.__alloc__() -> int\n\nReturn the number of bytes actually allocated.") {
    return gi_smallint_ref((int64_t)ARRAY->capacity);
}

static GiRef reduce(GiThread *ts, GiVal self, int protocol) {
    GiRef args[2] = {GI_NULL, GI_NULL}, tuple = GI_NULL, state;
    {
        GI_BYTES_SELF(v, self);
        if (v.len == 0) {
            tuple = gi_tuple_new(ts, 0);
        } else if (protocol < 3) {
            args[0] = gi_str_from_latin1(ts, v.data, v.len);
            args[1] = gi_str_from_cstr(ts, "latin-1");
            tuple = gi_is_null(args[0]) || gi_is_null(args[1])
                        ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(args[0]), gi_val(args[1]));
        } else {
            args[0] = gi_bytes_from(ts, v.data, v.len);
            tuple = gi_is_null(args[0]) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(args[0]));
        }
    }
    gi_xdrop(ts, args[0]);
    gi_xdrop(ts, args[1]);
    if (gi_is_null(tuple)) return tuple;
    GiRef r = GI_NULL;
    state = gi_call_method_cstr(ts, self, "__getstate__", NULL, 0);
    if (!gi_is_null(state)) r = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(self)), gi_val(tuple), gi_val(state));
    gi_xdrop(ts, state);
    gi_drop(ts, tuple);
    return r;
}

GI_METHOD(bytearray, __reduce__, "(self)", "Return state information for pickling.") { return reduce(ts, self, 2); }
GI_METHOD(bytearray, __reduce_ex__, "(self, proto: int = 0, /)", "Return state information for pickling.") {
    return reduce(ts, self, a->proto);
}

/* ---- the types ---- */

GiType gi_bytes_type = {
    .obj = GI_TYPE_HEAD,
    .name = "bytes",
    .flags = GI_TYPE_BASE | GI_TYPE_BYTES | GI_TYPE_VARSIZED | GI_TYPE_MATCH_SELF,
    .size = sizeof(GiBytes),
    .item_size = 1,
    .base = &gi_object_type,
    .doc = "bytes(iterable_of_ints) -> bytes\n"
           "bytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
           "bytes(int) -> bytes object of size given by the parameter initialized with null bytes\n"
           "bytes() -> empty bytes object\n"
           "\n"
           "Construct an immutable array of bytes from:\n"
           "  - an iterable yielding integers in range(256)\n"
           "  - a text string encoded using the specified encoding\n"
           "  - any object implementing the buffer API.\n"
           "  - an integer",
    .methods = bytes_methods,
    .new_ = gi_bytes_slot_new,
    .vectornew = gi_bytes_slot_new,
    .repr = gi_byteslike_repr,
    .str = gi_byteslike_str,
    .hash = gi_bytes_slot_hash,
    .compare = gi_byteslike_compare,
    .iter = gi_bytes_iter,
    .length = gi_byteslike_length,
    .item = gi_byteslike_item,
    .subscript = gi_byteslike_subscript,
    .contains = gi_byteslike_contains,
    .concat = gi_byteslike_concat,
    .repeat = gi_byteslike_repeat,
    .binary[GI_BIN_MOD] = gi_byteslike_mod,
    .get_buffer = gi_bytes_slot_buffer,
};

GiType gi_bytearray_type = {
    .obj = GI_TYPE_HEAD,
    .name = "bytearray",
    .flags = GI_TYPE_BASE | GI_TYPE_MATCH_SELF,
    .size = sizeof(GiByteArray),
    .base = &gi_object_type,
    .doc = "bytearray(iterable_of_ints) -> bytearray\n"
           "bytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
           "bytearray(int) -> bytes array of size given by the parameter initialized with null bytes\n"
           "bytearray() -> empty bytes array\n"
           "\n"
           "Construct a mutable bytearray object from:\n"
           "  - an iterable yielding integers in range(256)\n"
           "  - a text string encoded using the specified encoding\n"
           "  - a bytes or a buffer object\n"
           "  - any object implementing the buffer API.\n"
           "  - an integer",
    .methods = bytearray_methods,
    .new_ = gi_bytearray_slot_new,
    .init = gi_bytearray_slot_init,
    .destroy = gi_bytearray_slot_destroy,
    .repr = gi_byteslike_repr,
    .str = gi_byteslike_str,
    .compare = gi_byteslike_compare,
    .iter = gi_bytes_iter,
    .length = gi_byteslike_length,
    .item = gi_byteslike_item,
    .set_item = gi_bytearray_slot_set_item,
    .subscript = gi_byteslike_subscript,
    .set_subscript = gi_bytearray_slot_set_subscript,
    .contains = gi_byteslike_contains,
    .concat = gi_byteslike_concat,
    .inplace_concat = gi_bytearray_slot_inplace_concat,
    .repeat = gi_byteslike_repeat,
    .inplace_repeat = gi_bytearray_slot_inplace_repeat,
    .binary[GI_BIN_MOD] = gi_byteslike_mod,
    .get_buffer = gi_bytearray_slot_buffer,
    .release_buffer = gi_bytearray_slot_release,
};
