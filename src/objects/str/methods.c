/* methods.c - the methods of str, and its type. The work is in the other files of this folder. */
#include "objects/str/internal.h"

#include "base/format_spec.h"
#include "objects/str/methods.gen.h"



/* A slice bound: null and None leave *out as it is. */
static GiStatus bound(GiThread *ts, GiVal v, ssize_t *out) {
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (gi_is_smallint(v)) {
        *out = gi_smallint_value(v);
        return GI_OK;
    }
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "slice indices must be integers or None or have an __index__ method");
    return gi_as_ssize(ts, v, true, out);
}

/* Bounds as find and its like take them, clipped. False in *possible when start > len. */
static GiStatus bounds(GiThread *ts, GiVal s, GiVal start, GiVal end, size_t *first, size_t *last) {
    ssize_t n = (ssize_t)gi_str_len(s), i = 0, j = SSIZE_MAX;
    if (bound(ts, start, &i) != GI_OK || bound(ts, end, &j) != GI_OK) return GI_FAIL;
    if (j > n) j = n;
    if (j < 0) j = GI_MAX(j + n, 0);
    if (i < 0) i = GI_MAX(i + n, 0);
    *first = (size_t)i;
    *last = (size_t)j;
    return GI_OK;
}

static GiStatus find_in(GiThread *ts, GiVal s, GiVal sub, GiVal start, GiVal end, bool last, ssize_t *out) {
    size_t i, j;
    if (bounds(ts, s, start, end, &i, &j) != GI_OK) return GI_FAIL;
    if (!gi_is_str(sub)) return gi_raise_status(ts, &gi_exc_TypeError, "must be str, not %.100T", sub);
    return gi_str_search(ts, s, sub, i, j, last, out);
}

/* These take their arguments as old functions do, whose message this is. */
static GiStatus need_first(GiThread *ts, const char *name, GiVal first) {
    if (!gi_is_null(first)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at least 1 argument (0 given)", name);
}

static GiRef find_or(GiThread *ts, GiVal s, GiVal sub, GiVal start, GiVal end, bool last, bool must) {
    const char *name = must ? (last ? "rindex" : "index") : last ? "rfind" : "find";
    if (need_first(ts, name, sub) != GI_OK) return GI_NULL;
    ssize_t at;
    if (find_in(ts, s, sub, start, end, last, &at) != GI_OK) return GI_NULL;
    if (at < 0 && must) return gi_raise_ref(ts, &gi_exc_ValueError, "substring not found");
    return gi_smallint_ref(at);
}

GI_METHOD(str, find, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "S.find(sub[, start[, end]]) -> int\n\nReturn the lowest index in S where substring sub is found,\nsuch that sub is contained within S[start:end].  Optional\narguments start and end are interpreted as in slice notation.\n\nReturn -1 on failure.") {
    return find_or(ts, self, a->sub, a->start, a->end, false, false);
}
GI_METHOD(str, rfind, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "S.rfind(sub[, start[, end]]) -> int\n\nReturn the highest index in S where substring sub is found,\nsuch that sub is contained within S[start:end].  Optional\narguments start and end are interpreted as in slice notation.\n\nReturn -1 on failure.") {
    return find_or(ts, self, a->sub, a->start, a->end, true, false);
}
GI_METHOD(str, index, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "S.index(sub[, start[, end]]) -> int\n\nLike S.find() but raise ValueError when the substring is not found.") {
    return find_or(ts, self, a->sub, a->start, a->end, false, true);
}
GI_METHOD(str, rindex, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "S.rindex(sub[, start[, end]]) -> int\n\nLike S.rfind() but raise ValueError when the substring is not found.") {
    return find_or(ts, self, a->sub, a->start, a->end, true, true);
}
GI_METHOD(str, count, "(self, sub=<null>, start=<null>, end=<null>, /)",
          "S.count(sub[, start[, end]]) -> int\n\nReturn the number of non-overlapping occurrences of substring sub in\nstring S[start:end].") {
    if (need_first(ts, "count", a->sub) != GI_OK) return GI_NULL;
    size_t i, j, count;
    if (bounds(ts, self, a->start, a->end, &i, &j) != GI_OK) return GI_NULL;
    if (!gi_is_str(a->sub)) return gi_raise_ref(ts, &gi_exc_TypeError, "must be str, not %.100T", a->sub);
    if (gi_str_count(ts, self, a->sub, i, j, SIZE_MAX, &count) != GI_OK)
        return GI_NULL;
    return gi_smallint_ref((int64_t)count);
}

static GiRef tail_match(GiThread *ts, GiVal s, GiVal affix, GiVal start, GiVal end, bool tail) {
    const char *name = tail ? "endswith" : "startswith";
    size_t i, j;
    if (need_first(ts, name, affix) != GI_OK) return GI_NULL;
    if (bounds(ts, s, start, end, &i, &j) != GI_OK) return GI_NULL;
    if (gi_is_str(affix)) return gi_bool_ref(gi_str_tail_match(s, affix, i, j, tail));
    if (!gi_is_tuple(affix))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s first arg must be str or a tuple of str, not %.100T",
                            name, affix);
    for (size_t k = 0; k < gi_tuple_len(affix); k++) {
        GiVal item = gi_tuple_get(affix, k);
        if (!gi_is_str(item))
            return gi_raise_ref(ts, &gi_exc_TypeError, "tuple for %s must only contain str, not %.100T", name, item);
        if (gi_str_tail_match(s, item, i, j, tail)) return GI_REF_TRUE;
    }
    return GI_REF_FALSE;
}

GI_METHOD(str, startswith, "(self, prefix=<null>, start=<null>, end=<null>, /)",
          "S.startswith(prefix[, start[, end]]) -> bool\n\nReturn True if S starts with the specified prefix, False otherwise.\nWith optional start, test S beginning at that position.\nWith optional end, stop comparing S at that position.\nprefix can also be a tuple of strings to try.") {
    return tail_match(ts, self, a->prefix, a->start, a->end, false);
}
GI_METHOD(str, endswith, "(self, suffix=<null>, start=<null>, end=<null>, /)",
          "S.endswith(suffix[, start[, end]]) -> bool\n\nReturn True if S ends with the specified suffix, False otherwise.\nWith optional start, test S beginning at that position.\nWith optional end, stop comparing S at that position.\nsuffix can also be a tuple of strings to try.") {
    return tail_match(ts, self, a->suffix, a->start, a->end, true);
}

GI_METHOD(str, removeprefix, "(self, prefix: str, /)",
          "Return a str with the given prefix string removed if present.\n\nIf the string starts with the prefix string, return string[len(prefix):].\nOtherwise, return a copy of the original string.") {
    size_t n = gi_str_len(self), m = gi_str_len(a->prefix);
    return gi_str_slice(ts, self, gi_str_tail_match(self, a->prefix, 0, n, false) ? m : 0, n);
}
GI_METHOD(str, removesuffix, "(self, suffix: str, /)",
          "Return a str with the given suffix string removed if present.\n\nIf the string ends with the suffix string and that suffix is not empty,\nreturn string[:-len(suffix)]. Otherwise, return a copy of the original\nstring.") {
    size_t n = gi_str_len(self), m = gi_str_len(a->suffix);
    return gi_str_slice(ts, self, 0, gi_str_tail_match(self, a->suffix, 0, n, true) ? n - m : n);
}

GI_METHOD(str, capitalize, "(self)", "Return a capitalized version of the string.\n\nMore specifically, make the first character have upper case and the rest lower\ncase.") {
    return gi_str_capitalize(ts, self);
}
GI_METHOD(str, casefold, "(self)", "Return a version of the string suitable for caseless comparisons.") {
    return gi_str_casefold(ts, self);
}
GI_METHOD(str, lower, "(self)", "Return a copy of the string converted to lowercase.") {
    return gi_str_lower(ts, self);
}
GI_METHOD(str, upper, "(self)", "Return a copy of the string converted to uppercase.") {
    return gi_str_upper(ts, self);
}
GI_METHOD(str, title, "(self)", "Return a version of the string where each word is titlecased.\n\nMore specifically, words start with uppercased characters and all remaining\ncased characters have lower case.") {
    return gi_str_title(ts, self);
}
GI_METHOD(str, swapcase, "(self)", "Convert uppercase characters to lowercase and lowercase characters to uppercase.") {
    return gi_str_swapcase(ts, self);
}

static GiRef sep_split(GiThread *ts, GiVal self, GiVal sep, ssize_t maxsplit, bool last) {
    if (gi_is_none(sep)) sep = GI_NOVAL;
    if (!gi_is_null(sep) && !gi_is_str(sep))
        return gi_raise_ref(ts, &gi_exc_TypeError, "must be str or None, not %.100T", sep);
    return last ? gi_str_rsplit(ts, self, sep, maxsplit) : gi_str_split(ts, self, sep, maxsplit);
}

GI_METHOD(str, split, "(self, sep=None, maxsplit: ssize = -1)",
          "Return a list of the substrings in the string, using sep as the separator string.\n\n  sep\n    The separator used to split the string.\n\n    When set to None (the default value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of splits (starting from the left).\n    -1 (the default value) means no limit.\n\nNote, str.split() is mainly useful for data that has been intentionally\ndelimited.  With natural text that includes punctuation, consider using\nthe regular expression module.") {
    return sep_split(ts, self, a->sep, a->maxsplit, false);
}
GI_METHOD(str, rsplit, "(self, sep=None, maxsplit: ssize = -1)",
          "Return a list of the substrings in the string, using sep as the separator string.\n\n  sep\n    The separator used to split the string.\n\n    When set to None (the default value), will split on any whitespace\n    character (including \\n \\r \\t \\f and spaces) and will discard\n    empty strings from the result.\n  maxsplit\n    Maximum number of splits (starting from the left).\n    -1 (the default value) means no limit.\n\nSplitting starts at the end of the string and works to the front.") {
    return sep_split(ts, self, a->sep, a->maxsplit, true);
}
GI_METHOD(str, splitlines, "(self, keepends: boolint = False)",
          "Return a list of the lines in the string, breaking at line boundaries.\n\nLine breaks are not included in the resulting list unless keepends is given and\ntrue.") {
    return gi_str_splitlines(ts, self, a->keepends);
}
GI_METHOD(str, partition, "(self, sep, /)",
          "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string.  If the separator is found,\nreturns a 3-tuple containing the part before the separator, the separator\nitself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing the original string\nand two empty strings.") {
    return gi_str_partition(ts, self, a->sep, false);
}
GI_METHOD(str, rpartition, "(self, sep, /)",
          "Partition the string into three parts using the given separator.\n\nThis will search for the separator in the string, starting at the end. If\nthe separator is found, returns a 3-tuple containing the part before the\nseparator, the separator itself, and the part after it.\n\nIf the separator is not found, returns a 3-tuple containing two empty strings\nand the original string.") {
    return gi_str_partition(ts, self, a->sep, true);
}

static GiRef strip_with(GiThread *ts, GiVal self, GiVal chars, int sides, const char *name) {
    if (gi_is_none(chars)) chars = GI_NOVAL;
    if (!gi_is_null(chars) && !gi_is_str(chars))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%s arg must be None or str", name);
    return gi_str_strip(ts, self, chars, sides);
}

GI_METHOD(str, strip, "(self, chars=None, /)",
          "Return a copy of the string with leading and trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.") {
    return strip_with(ts, self, a->chars, GI_STRIP_LEFT | GI_STRIP_RIGHT, "strip");
}
GI_METHOD(str, lstrip, "(self, chars=None, /)",
          "Return a copy of the string with leading whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.") {
    return strip_with(ts, self, a->chars, GI_STRIP_LEFT, "lstrip");
}
GI_METHOD(str, rstrip, "(self, chars=None, /)",
          "Return a copy of the string with trailing whitespace removed.\n\nIf chars is given and not None, remove characters in chars instead.") {
    return strip_with(ts, self, a->chars, GI_STRIP_RIGHT, "rstrip");
}

GI_METHOD(str, replace, "(self, old: str, new: str, count: ssize = -1, /)",
          "Return a copy with all occurrences of substring old replaced by new.\n\n  count\n    Maximum number of occurrences to replace.\n    -1 (the default value) means replace all occurrences.\n\nIf the optional argument count is given, only the first count occurrences are\nreplaced.") {
    return gi_str_replace(ts, self, a->old, a->new, a->count);
}
GI_METHOD(str, join, "(self, iterable, /)",
          "Concatenate any number of strings.\n\nThe string whose method is called is inserted in between each given string.\nThe result is returned as a new string.\n\nExample: '.'.join(['ab', 'pq', 'rs']) -> 'ab.pq.rs'") {
    return gi_str_join_iterable(ts, self, a->iterable);
}

/* ---- padding ---- */

static GiRef padded(GiThread *ts, GiVal s, size_t left, size_t right, uint32_t fill) {
    if (left == 0 && right == 0) return gi_str_slice(ts, s, 0, gi_str_len(s));
    if (left + right > GI_STR_MAX_LENGTH) return gi_raise_nomem(ts);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_fill(&sb, fill, left);
    gi_sb_str(&sb, s);
    gi_sb_fill(&sb, fill, right);
    return gi_sb_finish(&sb);
}

static GiStatus fill_char(GiThread *ts, GiVal v, uint32_t *out) {
    *out = ' ';
    if (gi_is_null(v)) return GI_OK;
    if (!gi_is_str(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "The fill character must be a unicode character, not %.100T", v);
    if (gi_str_len(v) != 1)
        return gi_raise_status(ts, &gi_exc_TypeError, "The fill character must be exactly one character long");
    *out = gi_str_char(v, 0);
    return GI_OK;
}

static size_t room(GiVal s, ssize_t width) {
    return width <= (ssize_t)gi_str_len(s) ? 0 : (size_t)width - gi_str_len(s);
}

GI_METHOD(str, center, "(self, width: ssize, fillchar=' ', /)",
          "Return a centered string of length width.\n\nPadding is done using the specified fill character (default is a space).") {
    uint32_t fill;
    if (fill_char(ts, a->fillchar, &fill) != GI_OK) return GI_NULL;
    size_t pad = room(self, a->width), left = pad / 2 + (pad & (size_t)a->width & 1);
    return padded(ts, self, left, pad - left, fill);
}
GI_METHOD(str, ljust, "(self, width: ssize, fillchar=' ', /)",
          "Return a left-justified string of length width.\n\nPadding is done using the specified fill character (default is a space).") {
    uint32_t fill;
    if (fill_char(ts, a->fillchar, &fill) != GI_OK) return GI_NULL;
    return padded(ts, self, 0, room(self, a->width), fill);
}
GI_METHOD(str, rjust, "(self, width: ssize, fillchar=' ', /)",
          "Return a right-justified string of length width.\n\nPadding is done using the specified fill character (default is a space).") {
    uint32_t fill;
    if (fill_char(ts, a->fillchar, &fill) != GI_OK) return GI_NULL;
    return padded(ts, self, room(self, a->width), 0, fill);
}
GI_METHOD(str, zfill, "(self, width: ssize, /)",
          "Pad a numeric string with zeros on the left, to fill a field of the given width.\n\nThe string is never truncated.") {
    size_t pad = room(self, a->width), n = gi_str_len(self);
    if (pad == 0 || n == 0 || (gi_str_char(self, 0) != '+' && gi_str_char(self, 0) != '-'))
        return padded(ts, self, pad, 0, '0');
    if (pad > GI_STR_MAX_LENGTH) return gi_raise_nomem(ts);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_char(&sb, gi_str_char(self, 0));
    gi_sb_fill(&sb, '0', pad);
    gi_sb_slice(&sb, self, 1, n);
    return gi_sb_finish(&sb);
}
GI_METHOD(str, expandtabs, "(self, tabsize: int = 8)",
          "Return a copy where all tab characters are expanded using spaces.\n\nIf tabsize is not given, a tab size of 8 characters is assumed.") {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    size_t column = 0, n = gi_str_len(self), start = 0;
    for (size_t i = 0; i < n && !sb.failed; i++) {
        uint32_t c = gi_str_char(self, i);
        if (c == '\t') {
            gi_sb_slice(&sb, self, start, i);
            start = i + 1;
            if (a->tabsize > 0) {
                size_t more = (size_t)a->tabsize - column % (size_t)a->tabsize;
                gi_sb_fill(&sb, ' ', more);
                column += more;
            }
        } else {
            column = c == '\n' || c == '\r' ? 0 : column + 1;
        }
    }
    if (start == 0 && !sb.failed) {
        gi_sb_discard(&sb);
        return gi_str_slice(ts, self, 0, n);
    }
    gi_sb_slice(&sb, self, start, n);
    return gi_sb_finish(&sb);
}

/* ---- tests ---- */

/* True when the text is not empty and every character has one of the flags. */
static GiRef all_have(GiVal s, unsigned flags) {
    GiTextView t = gi_str_view(s);
    for (size_t i = 0; i < t.len; i++)
        if (!(gi_uc_flags(gi_text_at(t, i)) & flags)) return GI_REF_FALSE;
    return gi_bool_ref(t.len > 0);
}

GI_METHOD(str, isalnum, "(self)", "Return True if the string is an alpha-numeric string, False otherwise.\n\nA string is alpha-numeric if all characters in the string are alpha-numeric and\nthere is at least one character in the string.") {
    return all_have(self, GI_UC_ALNUM);
}
GI_METHOD(str, isalpha, "(self)", "Return True if the string is an alphabetic string, False otherwise.\n\nA string is alphabetic if all characters in the string are alphabetic and there\nis at least one character in the string.") {
    return all_have(self, GI_UC_ALPHA);
}
GI_METHOD(str, isascii, "(self)", "Return True if all characters in the string are ASCII, False otherwise.\n\nASCII characters have code points in the range U+0000-U+007F.\nEmpty string is ASCII too.") {
    return gi_bool_ref(gi_str_is_ascii(self));
}
GI_METHOD(str, isdecimal, "(self)", "Return True if the string is a decimal string, False otherwise.\n\nA string is a decimal string if all characters in the string are decimal and\nthere is at least one character in the string.") {
    return all_have(self, GI_UC_DECIMAL);
}
GI_METHOD(str, isdigit, "(self)", "Return True if the string is a digit string, False otherwise.\n\nA string is a digit string if all characters in the string are digits and there\nis at least one character in the string.") {
    return all_have(self, GI_UC_DIGIT);
}
GI_METHOD(str, isnumeric, "(self)", "Return True if the string is a numeric string, False otherwise.\n\nA string is numeric if all characters in the string are numeric and there is at\nleast one character in the string.") {
    return all_have(self, GI_UC_NUMERIC);
}
GI_METHOD(str, isspace, "(self)", "Return True if the string is a whitespace string, False otherwise.\n\nA string is whitespace if all characters in the string are whitespace and there\nis at least one character in the string.") {
    return all_have(self, GI_UC_SPACE);
}
GI_METHOD(str, isprintable, "(self)", "Return True if the string is printable, False otherwise.\n\nA string is printable if all of its characters are considered printable in\nrepr() or if it is empty.") {
    return gi_str_len(self) == 0 ? GI_REF_TRUE : all_have(self, GI_UC_PRINTABLE);
}
GI_METHOD(str, isidentifier, "(self)", "Return True if the string is a valid Python identifier, False otherwise.\n\nCall keyword.iskeyword(s) to test whether string s is a reserved identifier,\nsuch as \"def\" or \"class\".") {
    return gi_bool_ref(gi_uc_is_identifier(gi_str_view(self)));
}

/* islower (`wanted` GI_UC_LOWER) and isupper. */
static GiRef one_case(GiVal s, unsigned wanted, unsigned refused) {
    GiTextView t = gi_str_view(s);
    bool cased = false;
    for (size_t i = 0; i < t.len; i++) {
        unsigned flags = gi_uc_flags(gi_text_at(t, i));
        if (flags & refused) return GI_REF_FALSE;
        if (flags & wanted) cased = true;
    }
    return gi_bool_ref(cased);
}

GI_METHOD(str, islower, "(self)", "Return True if the string is a lowercase string, False otherwise.\n\nA string is lowercase if all cased characters in the string are lowercase and\nthere is at least one cased character in the string.") {
    return one_case(self, GI_UC_LOWER, GI_UC_UPPER | GI_UC_TITLE);
}
GI_METHOD(str, isupper, "(self)", "Return True if the string is an uppercase string, False otherwise.\n\nA string is uppercase if all cased characters in the string are uppercase and\nthere is at least one cased character in the string.") {
    return one_case(self, GI_UC_UPPER, GI_UC_LOWER | GI_UC_TITLE);
}
GI_METHOD(str, istitle, "(self)", "Return True if the string is a title-cased string, False otherwise.\n\nIn a title-cased string, upper- and title-case characters may only\nfollow uncased characters and lowercase characters only cased ones.") {
    GiTextView t = gi_str_view(self);
    bool cased = false, inside = false;
    for (size_t i = 0; i < t.len; i++) {
        unsigned flags = gi_uc_flags(gi_text_at(t, i));
        if (flags & (GI_UC_UPPER | GI_UC_TITLE)) {
            if (inside) return GI_REF_FALSE;
            inside = cased = true;
        } else if (flags & GI_UC_LOWER) {
            if (!inside) return GI_REF_FALSE;
            cased = true;
        } else {
            inside = false;
        }
    }
    return gi_bool_ref(cased);
}

/* ---- translate ---- */

/* One entry of a table: the key is a character or its number. */
static GiStatus add_mapping(GiThread *ts, GiVal table, GiVal key, GiVal value) {
    if (gi_is_str(key)) {
        if (gi_str_len(key) != 1)
            return gi_raise_status(ts, &gi_exc_ValueError, "string keys in translate table must be of length 1");
        return gi_dict_set(ts, table, gi_smallint(gi_str_char(key, 0)), value);
    }
    if (!gi_is_int(key))
        return gi_raise_status(ts, &gi_exc_TypeError, "keys in translate table must be strings or integers");
    return gi_dict_set(ts, table, key, value);
}

GI_STATICMETHOD(str, maketrans, "(x, y: str = <unrepresentable>, z: str = <unrepresentable>, /)",
                "Return a translation table usable for str.translate().\n\nIf there is only one argument, it must be a dictionary mapping Unicode\nordinals (integers) or characters to Unicode ordinals, strings or None.\nCharacter keys will be then converted to ordinals.\nIf there are two arguments, they must be strings of equal length, and\nin the resulting dictionary, each character in x will be mapped to the\ncharacter at the same position in y. If there is a third argument, it\nmust be a string, whose characters will be mapped to None in the result.") {
    GiRef table = gi_dict_new(ts);
    if (gi_is_null(table)) return table;
    if (!gi_is_null(a->y)) {
        if (!gi_is_str(a->x)) {
            gi_raise(ts, &gi_exc_TypeError, "first maketrans argument must be a string if there is a second argument");
            goto fail;
        }
        if (gi_str_len(a->x) != gi_str_len(a->y)) {
            gi_raise(ts, &gi_exc_ValueError, "the first two maketrans arguments must have equal length");
            goto fail;
        }
        for (size_t i = 0; i < gi_str_len(a->x); i++)
            if (gi_dict_set(ts, gi_val(table), gi_smallint(gi_str_char(a->x, i)),
                            gi_smallint(gi_str_char(a->y, i))) != GI_OK)
                goto fail;
        for (size_t i = 0; !gi_is_null(a->z) && i < gi_str_len(a->z); i++)
            if (gi_dict_set(ts, gi_val(table), gi_smallint(gi_str_char(a->z, i)), GI_NONE) != GI_OK) goto fail;
        return table;
    }
    if (!gi_is_dict_exact(a->x)) {
        gi_raise(ts, &gi_exc_TypeError, "if you give only one argument to maketrans it must be a dict");
        goto fail;
    }
    size_t pos = 0;
    GiRef key, value;
    while (gi_dict_next(ts, a->x, &pos, &key, &value)) {
        GiStatus status = add_mapping(ts, gi_val(table), gi_val(key), gi_val(value));
        gi_drop(ts, key);
        gi_drop(ts, value);
        if (status) goto fail;
    }
    return table;
fail:
    gi_drop(ts, table);
    return GI_NULL;
}

/* Looks up what a character becomes: appends it, and gives in *single the one ASCII character it
 * becomes (or -1 when it is something else). */
static GiStatus translate_char(GiThread *ts, GiStrBuilder *sb, GiVal table, uint32_t c, int *single) {
    *single = -1;
    GiRef to = gi_getitem(ts, table, gi_smallint(c));
    if (gi_is_null(to)) {
        if (!gi_exc_matches(ts, &gi_exc_LookupError)) return GI_FAIL;
        gi_exc_clear(ts);
        gi_sb_char(sb, c);
        *single = (int)c;
        return GI_OK;
    }
    GiStatus status = GI_OK;
    if (gi_is_int(gi_val(to))) {
        int64_t code;
        if (gi_int_as_i64(gi_val(to), &code) != 0 || code < 0 || code > 0x10FFFF) {
            gi_raise(ts, &gi_exc_ValueError, "character mapping must be in range(0x110000)");
            status = GI_FAIL;
        } else {
            gi_sb_char(sb, (uint32_t)code);
            if (code < 128) *single = (int)code;
        }
    } else if (gi_is_str(to)) {
        gi_sb_str(sb, gi_val(to));
        if (gi_str_len(to) == 1 && gi_str_char(gi_val(to), 0) < 128) *single = (int)gi_str_char(gi_val(to), 0);
    } else if (!gi_is_none(to)) {
        gi_raise(ts, &gi_exc_TypeError, "character mapping must return integer, None or str");
        status = GI_FAIL;
    }
    gi_drop(ts, to);
    return status;
}

GI_METHOD(str, translate, "(self, table, /)",
          "Replace each character in the string using the given translation table.\n\n  table\n    Translation table, which must be a mapping of Unicode ordinals to\n    Unicode ordinals, strings, or None.\n\nThe table must implement lookup/indexing via __getitem__, for instance a\ndictionary or list.  If this operation raises LookupError, the character is\nleft untouched.  Characters mapped to None are deleted.") {
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    int8_t known[128];
    memset(known, -1, sizeof known);
    size_t n = gi_str_len(self);
    for (size_t i = 0; i < n && !sb.failed; i++) {
        uint32_t c = gi_str_char(self, i);
        int single;
        if (c < 128 && known[c] >= 0) {
            gi_sb_char(&sb, (uint32_t)known[c]);
            continue;
        }
        if (translate_char(ts, &sb, a->table, c, &single) != GI_OK) {
            gi_sb_discard(&sb);
            return GI_NULL;
        }
        if (c < 128 && single >= 0) known[c] = (int8_t)single;
    }
    return gi_sb_finish(&sb);
}

/* ---- the rest ---- */

GI_METHOD(str, encode, "(self, encoding: cstr = 'utf-8', errors: cstr = 'strict')",
          "Encode the string using the codec registered for encoding.\n\n  encoding\n    The encoding in which to encode the string.\n  errors\n    The error handling scheme to use for encoding errors.\n    The default is 'strict' meaning that encoding errors raise a\n    UnicodeEncodeError.  Other possible values are 'ignore', 'replace' and\n    'xmlcharrefreplace' as well as any other name registered with\n    codecs.register_error that can handle UnicodeEncodeErrors.") {
    return gi_encode(ts, self, a->encoding, a->errors);
}
GI_METHOD(str, format, "(self, *args, **kwargs)",
          "S.format(*args, **kwargs) -> str\n\nReturn a formatted version of S, using substitutions from args and kwargs.\nThe substitutions are identified by braces ('{' and '}').") {
    return gi_str_format_call(ts, self, a->args, a->args_count, a->kwargs);
}
GI_METHOD(str, format_map, "(self, mapping, /)",
          "S.format_map(mapping) -> str\n\nReturn a formatted version of S, using substitutions from mapping.\nThe substitutions are identified by braces ('{' and '}').") {
    return gi_str_format_map(ts, self, a->mapping);
}
GI_METHOD(str, __format__, "(self, format_spec: str, /)",
          "Return a formatted version of the string as described by format_spec.") {
    return gi_str_format_spec(ts, self, a->format_spec);
}
GI_METHOD(str, __sizeof__, "(self)", "Return the size of the string in memory, in bytes.") {
    return gi_smallint_ref((int64_t)(sizeof(GiStr) + ((gi_str_len(self) + 1) << gi_str_shift_of(self))));
}
GI_METHOD(str, __getnewargs__, "(self)", "") {
    size_t n = gi_str_len(self);
    GiRef text = gi_str_new(ts, n, gi_str_kind(self)); /* a copy, always */
    if (gi_is_null(text)) return text;
    if (n) gi_str_copy(gi_val(text), 0, self, 0, n);
    return gi_tuple_steal(ts, &text, 1);
}

GiType gi_str_type = {
    .obj = GI_TYPE_HEAD,
    .name = "str",
    .flags = GI_TYPE_BASE | GI_TYPE_STR | GI_TYPE_VARSIZED | GI_TYPE_MATCH_SELF,
    .size = sizeof(GiStr),
    .base = &gi_object_type,
    .doc = "str(object='') -> str\n"
           "str(bytes_or_buffer[, encoding[, errors]]) -> str\n"
           "\n"
           "Create a new string object from the given object. If encoding or\n"
           "errors is specified, then the object must expose a data buffer\n"
           "that will be decoded using the given encoding and error handler.\n"
           "Otherwise, returns the result of object.__str__() (if defined)\n"
           "or repr(object).\n"
           "encoding defaults to sys.getdefaultencoding().\n"
           "errors defaults to 'strict'.",
    .methods = str_methods,
    .new_ = gi_str_slot_new,
    .vectornew = gi_str_slot_new,
    .destroy = gi_str_slot_destroy,
    .repr = gi_str_repr,
    .str = gi_str_slot_str,
    .hash = gi_str_hash,
    .compare = gi_str_slot_compare,
    .iter = gi_str_iter,
    .length = gi_str_slot_length,
    .item = gi_str_slot_item,
    .subscript = gi_str_slot_subscript,
    .contains = gi_str_slot_contains,
    .concat = gi_str_slot_concat,
    .repeat = gi_str_slot_repeat,
    .binary[GI_BIN_MOD] = gi_str_slot_mod,
};
