/* iter.c - repr of text, and its iterators (one type for ASCII text, one for the rest). */
#include "objects/str/internal.h"

#include "objects/container.h"

/* ---- repr ---- */

static const char hex_digits[] = "0123456789abcdef";

/* Appends one character as repr shows it. */
static void repr_char(GiStrBuilder *sb, uint32_t c, uint32_t quote) {
    char text[10];
    if (c == quote || c == '\\') {
        gi_sb_char(sb, '\\');
        gi_sb_char(sb, c);
    } else if (c == '\n' || c == '\r' || c == '\t') {
        gi_sb_char(sb, '\\');
        gi_sb_char(sb, c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    } else if (c < 0x7F ? c >= ' ' : gi_uc_is_printable(c)) {
        gi_sb_char(sb, c);
    } else {
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        text[0] = '\\';
        text[1] = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
        for (int i = 0; i < digits; i++) text[2 + i] = hex_digits[c >> 4 * (digits - 1 - i) & 15];
        gi_sb_ascii(sb, text, (size_t)digits + 2);
    }
}

GiRef gi_str_repr(GiThread *ts, GiVal s) {
    GiTextView t = gi_str_view(s);
    bool single = gi_search_unit(t.data, t.len, '\'', t.kind) >= 0;
    char quote = single && gi_search_unit(t.data, t.len, '"', t.kind) < 0 ? '"' : '\'';
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_char(&sb, (uint8_t)quote);
    size_t i = 0;
    while (i < t.len && !sb.failed) {
        size_t run = i;
        if (t.kind == 1) {
            const uint8_t *p = t.data;
            while (run < t.len && p[run] >= ' ' && p[run] < 0x7F && p[run] != '\\' && p[run] != (uint8_t)quote) run++;
            gi_sb_ascii(&sb, (const char *)p + i, run - i);
        }
        i = run;
        if (i < t.len) repr_char(&sb, gi_text_at(t, i++), (uint8_t)quote);
    }
    gi_sb_char(&sb, (uint8_t)quote);
    return gi_sb_finish(&sb);
}

/* ---- iterators ---- */

typedef struct StrIter {
    GiObj obj;
    GiSlot str; /* null: exhausted */
    ssize_t index; /* -1: exhausted */
} StrIter;

#include "objects/str/iter.gen.h"

extern GiType gi_str_iter_type, gi_str_ascii_iter_type;

GiRef gi_str_iter(GiThread *ts, GiVal s) {
    StrIter *it = (StrIter *)gi_heap_new(ts, gi_str_is_ascii(s) && gi_is_str_exact(s) ? &gi_str_ascii_iter_type : &gi_str_iter_type,
                                         sizeof(StrIter));
    if (!it) return GI_NULL;
    gi_slot_init(&it->str, gi_dup(ts, s));
    return gi_own_obj(it);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef iter_next(GiThread *ts, GiVal self) {
    StrIter *it = (StrIter *)gi_obj(self);
    GiVal s = gi_slot_peek_shared(&it->str);
    if (gi_is_null(s)) return GI_NULL;
    for (;;) {
        ssize_t i = gi_position(&it->index);
        if ((size_t)i < gi_str_len(s)) {
            if (GI_LIKELY(gi_claim(ts, self, &it->index, i, i + 1))) return gi_str_from_char(ts, gi_str_char(s, (size_t)i));
        } else if (i == -1 || gi_claim(ts, self, &it->index, i, -1)) {
            gi_exhaust_of(ts, self, &it->str);
            return GI_NULL;
        }
    }
}

ssize_t *gi_str_iter_position(GiVal it) {
    bool is = gi_is_exact(it, &gi_str_iter_type) || gi_is_exact(it, &gi_str_ascii_iter_type);
    return is ? &((StrIter *)gi_obj(it))->index : NULL;
}

GiRef gi_str_iter_item(GiThread *ts, GiVal it, ssize_t index) {
    GiVal s = gi_slot_peek_shared(&((StrIter *)gi_obj(it))->str);
    return gi_is_null(s) || (size_t)index >= gi_str_len(s) ? GI_NULL : gi_str_from_char(ts, gi_str_char(s, (size_t)index));
}

/* The text of an iterator that is not exhausted, and its position. */
static GiRef iter_text(GiThread *ts, GiVal self, ssize_t *index) {
    StrIter *it = (StrIter *)gi_obj(self);
    *index = gi_position(&it->index);
    return *index < 0 ? GI_NULL : gi_slot_load(ts, &it->str);
}

GI_METHOD(str_iter, __length_hint__, "(self)", "Private method returning an estimate of len(list(it)).") {
    ssize_t index, left = 0;
    GiRef s = iter_text(ts, self, &index);
    if (!gi_is_null(s)) left = (ssize_t)gi_str_len(s) - index;
    gi_xdrop(ts, s);
    return gi_smallint_ref(GI_MAX(left, 0));
}

GI_METHOD(str_iter, __reduce__, "(self)", "Return state information for pickling.") {
    ssize_t index;
    GiRef s = iter_text(ts, self, &index), iter = gi_builtin(ts, "iter");
    GiRef args = gi_is_null(iter) ? GI_NULL : gi_tuple_pack(ts, 1, gi_is_null(s) ? GI_STR_EMPTY : gi_val(s)), r = GI_NULL;
    if (!gi_is_null(args))
        r = gi_is_null(s) ? gi_tuple_pack(ts, 2, gi_val(iter), gi_val(args))
                          : gi_tuple_pack(ts, 3, gi_val(iter), gi_val(args), gi_smallint(index));
    gi_xdrop(ts, s), gi_xdrop(ts, iter), gi_xdrop(ts, args);
    return r;
}

GI_METHOD(str_iter, __setstate__, "(self, state: ssize, /)", "Set state information for unpickling.") {
    ssize_t index;
    GiRef s = iter_text(ts, self, &index);
    if (gi_is_null(s)) return GI_REF_NONE;
    ssize_t to = GI_MIN(GI_MAX(a->state, 0), (ssize_t)gi_str_len(s)), *position = gi_str_iter_position(self);
    while (index >= 0 && !gi_claim(ts, self, position, index, to)) index = gi_position(position);
    gi_drop(ts, s);
    return GI_REF_NONE;
}

static bool iter_spent(GiObj *self) { return ((StrIter *)self)->index == -1; }

static const GiField iter_fields[] = {GI_SLOT(StrIter, str), GI_FIELDS_END};

#define ITER_TYPE(type_name)                                                                       \
    {.obj = GI_TYPE_HEAD, .name = type_name, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,                 \
     .size = sizeof(StrIter), .fields = iter_fields, .base = &gi_object_type,                      \
     .methods = str_iter_methods, .iter = iter_self, .next = iter_next, .spent = iter_spent}

GiType gi_str_iter_type = ITER_TYPE("str_iterator");
GiType gi_str_ascii_iter_type = ITER_TYPE("str_ascii_iterator");
