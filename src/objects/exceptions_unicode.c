/* exceptions_unicode.c - UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError. */
#include "objects/exceptions_internal.h"

#include <stdio.h>

#define unicode_error_of(v) ((GiUnicodeError *)gi_obj(v))

static GiStatus need_str(GiThread *ts, GiVal v, int position) {
    if (gi_is_str(v)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "argument %d must be str, not %#T", position, v);
}

/* Reads start, end and reason, whose positions among the arguments begin at `first` (1-based). */
static GiStatus read_range(GiThread *ts, const GiVal *args, int first, ssize_t *start, ssize_t *end) {
    if (gi_as_ssize(ts, args[0], false, start) || gi_as_ssize(ts, args[1], false, end)) {
        if (gi_exc_matches(ts, &gi_exc_IndexError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
        }
        return GI_FAIL;
    }
    return need_str(ts, args[2], first + 2);
}

/* The common part of the three constructors; `encoding` null for translation. Object is consumed. */
static GiStatus store(GiThread *ts, GiVal self, GiVal encoding, GiRef object, ssize_t start, ssize_t end,
                      GiVal reason) {
    GiUnicodeError *exc = unicode_error_of(self);
    gi_slot_copy(ts, &exc->encoding, encoding);
    gi_slot_store(ts, &exc->object, object);
    gi_slot_copy(ts, &exc->reason, reason);
    exc->start = start;
    exc->end = end;
    return GI_OK;
}

static GiStatus check_count(GiThread *ts, size_t nargs, size_t wanted) {
    if (nargs == wanted) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "function takes exactly %zu arguments (%zu given)",
                           wanted, nargs);
}

/* What a failed initialisation leaves: nothing. */
static void forget(GiThread *ts, GiVal self) {
    GiUnicodeError *exc = unicode_error_of(self);
    gi_slot_store(ts, &exc->encoding, GI_NULL);
    gi_slot_store(ts, &exc->object, GI_NULL);
    gi_slot_store(ts, &exc->reason, GI_NULL);
}

static GiStatus encode_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    ssize_t start, end;
    forget(ts, self);
    if (gi_base_exception_init(ts, self, args, nargs, kwnames) || check_count(ts, nargs, 5) ||
        need_str(ts, args[0], 1) || need_str(ts, args[1], 2) ||
        read_range(ts, args + 2, 3, &start, &end))
        return GI_FAIL;
    return store(ts, self, args[0], gi_dup(ts, args[1]), start, end, args[4]);
}

static GiStatus decode_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    ssize_t start, end;
    forget(ts, self);
    if (gi_base_exception_init(ts, self, args, nargs, kwnames) || check_count(ts, nargs, 5) ||
        need_str(ts, args[0], 1) || read_range(ts, args + 2, 3, &start, &end))
        return GI_FAIL;
    GiRef object;
    if (gi_is_bytes(args[1])) {
        object = gi_dup(ts, args[1]);
    } else {
        GiBuffer view;
        if (gi_buffer_get(ts, args[1], &view, GI_BUF_BRIEF)) return GI_FAIL;
        object = gi_bytes_from(ts, view.data, (size_t)view.len);
        gi_buffer_release(ts, &view);
        if (gi_is_null(object)) return GI_FAIL;
    }
    return store(ts, self, args[0], object, start, end, args[4]);
}

static GiStatus translate_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                     GiVal kwnames) {
    ssize_t start, end;
    forget(ts, self);
    if (gi_base_exception_init(ts, self, args, nargs, kwnames) || check_count(ts, nargs, 4) ||
        need_str(ts, args[0], 1) || read_range(ts, args + 1, 2, &start, &end))
        return GI_FAIL;
    return store(ts, self, GI_NOVAL, gi_dup(ts, args[0]), start, end, args[3]);
}

/* What the text of an error is made of. Fields can be assigned anything, at any time. */
typedef struct Parts {
    GiRef object, encoding, reason;
    ssize_t start, end;
} Parts;

static bool load_parts(GiThread *ts, GiVal self, Parts *p) {
    const GiUnicodeError *exc = unicode_error_of(self);
    *p = (Parts){gi_slot_load(ts, &exc->object), gi_slot_load(ts, &exc->encoding),
                 gi_slot_load(ts, &exc->reason), exc->start, exc->end};
    if (gi_is_null(p->encoding)) p->encoding = gi_dup(ts, GI_STR_EMPTY);
    if (gi_is_null(p->reason)) p->reason = gi_dup(ts, GI_STR_EMPTY);
    return !gi_is_null(p->object);
}

/* The text, "" without an object. Consumes both. */
static GiRef drop_parts(GiThread *ts, Parts *p, GiRef text) {
    bool none = gi_is_null(p->object);
    gi_xdrop(ts, p->object);
    gi_drop(ts, p->encoding);
    gi_drop(ts, p->reason);
    return none ? gi_dup(ts, GI_STR_EMPTY) : text;
}

/* The range is one item of an object with n of them. */
static bool is_one(const Parts *p, size_t n) {
    return p->start >= 0 && p->start < (ssize_t)n && p->end == p->start + 1;
}

static void bad_char_text(char *out, size_t size, uint32_t ch) {
    snprintf(out, size, ch <= 0xFF ? "\\x%02x" : ch <= 0xFFFF ? "\\u%04x" : "\\U%08x", ch);
}

static GiRef encode_error_str(GiThread *ts, GiVal self) {
    Parts p;
    GiRef text = GI_NULL;
    if (load_parts(ts, self, &p)) {
        if (gi_is_str(p.object) && is_one(&p, gi_str_len(p.object))) {
            char bad[16];
            bad_char_text(bad, sizeof bad, gi_str_char(gi_val(p.object), (size_t)p.start));
            text = gi_str_format(ts, "'%U' codec can't encode character '%s' in position %zd: %U",
                                 gi_val(p.encoding), bad, p.start, gi_val(p.reason));
        } else {
            text = gi_str_format(ts, "'%U' codec can't encode characters in position %zd-%zd: %U",
                                 gi_val(p.encoding), p.start, p.end - 1, gi_val(p.reason));
        }
    }
    return drop_parts(ts, &p, text);
}

static GiRef decode_error_str(GiThread *ts, GiVal self) {
    Parts p;
    GiRef text = GI_NULL;
    if (load_parts(ts, self, &p)) {
        GiVal object = gi_val(p.object);
        if (gi_is_bytes(object) && is_one(&p, gi_bytes_len(object)))
            text = gi_str_format(ts, "'%U' codec can't decode byte 0x%02x in position %zd: %U",
                                 gi_val(p.encoding), gi_bytes_data(object)[p.start], p.start, gi_val(p.reason));
        else
            text = gi_str_format(ts, "'%U' codec can't decode bytes in position %zd-%zd: %U",
                                 gi_val(p.encoding), p.start, p.end - 1, gi_val(p.reason));
    }
    return drop_parts(ts, &p, text);
}

static GiRef translate_error_str(GiThread *ts, GiVal self) {
    Parts p;
    GiRef text = GI_NULL;
    if (load_parts(ts, self, &p)) {
        if (gi_is_str(p.object) && is_one(&p, gi_str_len(p.object))) {
            char bad[16];
            bad_char_text(bad, sizeof bad, gi_str_char(gi_val(p.object), (size_t)p.start));
            text = gi_str_format(ts, "can't translate character '%s' in position %zd: %U", bad, p.start,
                                 gi_val(p.reason));
        } else {
            text = gi_str_format(ts, "can't translate characters in position %zd-%zd: %U", p.start, p.end - 1,
                                 gi_val(p.reason));
        }
    }
    return drop_parts(ts, &p, text);
}

static const GiField unicode_error_fields[] = {GI_SLOT(GiUnicodeError, encoding),
                                               GI_SLOT(GiUnicodeError, object),
                                               GI_SLOT(GiUnicodeError, reason), GI_FIELDS_END};
static const GiMemberDef unicode_error_members[] = {
    {"encoding", GI_MEMBER_OBJECT, offsetof(GiUnicodeError, encoding), false, "exception encoding"},
    {"object", GI_MEMBER_OBJECT, offsetof(GiUnicodeError, object), false, "exception object"},
    {"start", GI_MEMBER_SSIZE, offsetof(GiUnicodeError, start), false, "exception start"},
    {"end", GI_MEMBER_SSIZE, offsetof(GiUnicodeError, end), false, "exception end"},
    {"reason", GI_MEMBER_OBJECT, offsetof(GiUnicodeError, reason), false, "exception reason"},
    {.name = NULL},
};

#define UNICODE(name_, doc_, kind)                                                                 \
    GiType gi_exc_##name_ = {.obj = GI_TYPE_HEAD,                                                  \
                             .name = #name_,                                                       \
                             .flags = EXC_FLAGS,                                                   \
                             .size = sizeof(GiUnicodeError),                                       \
                             .base = &gi_exc_UnicodeError,                                         \
                             .doc = doc_,                                                          \
                             .fields = unicode_error_fields,                                       \
                             .members = unicode_error_members,                                     \
                             .new_ = gi_base_exception_new,                                        \
                             .init = kind##_error_init,                                            \
                             .str = kind##_error_str}
UNICODE(UnicodeDecodeError, "Unicode decoding error.", decode);
UNICODE(UnicodeEncodeError, "Unicode encoding error.", encode);
UNICODE(UnicodeTranslateError, "Unicode translation error.", translate);
