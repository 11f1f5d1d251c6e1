/* newline_decoder.c - universal newlines: translating and finding line ends; the class
 * IncrementalNewlineDecoder.
 *
 * A '\r' at the end of a piece that is not the last is kept back until the next piece tells whether
 * it begins a '\r\n'.
 */
#include "memory/slots.h"
#include "modules/_io/io.h"
#include "modules/wait_lock.h"

typedef struct GiNewlineDecoder {
    GiObj obj;
    GiSlot decoder; /* null: not initialised; None: input is text */
    GiSlot errors;
    GiNewlines state;
    GiBusy use; /* without the GIL: one thread at a time */
} GiNewlineDecoder;
#define NLDECODER(v) ((GiNewlineDecoder *)gi_obj(v))

#include "modules/_io/newline_decoder.gen.h"

/* Index of the next '\r' or '\n' at or after i; len if none. */
static size_t next_end(GiTextView t, size_t i) {
    if (t.kind == 1) {
        const char *p = t.data;
        for (; i < t.len; i++)
            if (GI_UNLIKELY((uint8_t)p[i] <= '\r') && (p[i] == '\n' || p[i] == '\r')) return i;
        return i;
    }
    for (; i < t.len; i++) {
        uint32_t c = gi_text_at(t, i);
        if (c == '\n' || c == '\r') return i;
    }
    return i;
}
static bool has_char(GiTextView t, char c) {
    if (t.kind == 1) return t.len && memchr(t.data, c, t.len) != NULL;
    for (size_t i = 0; i < t.len; i++)
        if (gi_text_at(t, i) == (uint32_t)c) return true;
    return false;
}

GiRef gi_newlines_translate(GiThread *ts, GiNewlines *s, GiRef text, bool final) {
    if (gi_is_null(text)) return text;
    if (s->pending_cr && (final || gi_str_len(text) > 0)) {
        GiRef joined = gi_str_concat(ts, GI_STR_LATIN1_CHAR('\r'), gi_val(text));
        gi_drop(ts, text);
        if (gi_is_null(joined)) return joined;
        s->pending_cr = false;
        text = joined;
    }
    size_t len = gi_str_len(text);
    if (!final && len && gi_str_char(gi_val(text), len - 1) == '\r') {
        GiRef cut = gi_str_slice(ts, gi_val(text), 0, --len);
        gi_drop(ts, text);
        if (gi_is_null(cut)) return cut;
        s->pending_cr = true;
        text = cut;
    }
    if (len == 0) return text;
    GiTextView view = gi_str_view(gi_val(text));
    if (!has_char(view, '\r')) {
        if (!(s->seen & GI_SEEN_LF) && has_char(view, '\n')) s->seen |= GI_SEEN_LF;
        return text;
    }
    unsigned seen = s->seen;
    GiStrBuilder sb;
    if (s->translate) gi_sb_init(&sb, ts);
    for (size_t i = 0; i < len;) {
        size_t end = next_end(view, i), next = end;
        if (end < len) {
            next = end + 1;
            if (gi_text_at(view, end) == '\n') {
                seen |= GI_SEEN_LF;
            } else if (next < len && gi_text_at(view, next) == '\n') {
                seen |= GI_SEEN_CRLF;
                next++;
            } else {
                seen |= GI_SEEN_CR;
            }
        }
        if (s->translate) {
            gi_sb_slice(&sb, gi_val(text), i, end);
            if (end < len) gi_sb_char(&sb, '\n');
        }
        i = next;
    }
    s->seen = (uint8_t)seen;
    if (!s->translate) return text;
    gi_drop(ts, text);
    return gi_sb_finish(&sb);
}

GiRef gi_newlines_seen(GiThread *ts, unsigned seen) {
    static const char *const names[] = {"\r", "\n", "\r\n"};
    GiRef items[3];
    size_t n = 0;
    for (unsigned i = 0; i < 3; i++)
        if (seen & (1u << i)) {
            items[n] = gi_str_from_cstr(ts, names[i]);
            if (gi_is_null(items[n])) {
                while (n) gi_drop(ts, items[--n]);
                return GI_NULL;
            }
            n++;
        }
    if (n == 0) return GI_REF_NONE;
    return n == 1 ? items[0] : gi_tuple_steal(ts, items, n);
}

size_t gi_newlines_find(GiVal text, size_t start, bool universal, const char *nl, size_t *from) {
    GiTextView t = gi_str_view(text);
    *from = t.len - start;
    if (universal) {
        size_t i = next_end(t, start);
        if (i == t.len) return SIZE_MAX;
        return gi_text_at(t, i) == '\r' && i + 1 < t.len && gi_text_at(t, i + 1) == '\n' ? i + 2 : i + 1;
    }
    size_t nl_len = nl[1] ? 2 : 1;
    for (size_t i = start; i < t.len; i++) {
        if (t.kind == 1) {
            const char *p = memchr((const char *)t.data + i, nl[0], t.len - i);
            if (p == NULL) return SIZE_MAX;
            i = (size_t)(p - (const char *)t.data);
        } else if (gi_text_at(t, i) != (uint32_t)nl[0]) {
            continue;
        }
        if (nl_len == 1) return i + 1;
        if (i + 1 == t.len) {
            *from = i - start;
            return SIZE_MAX;
        }
        if (gi_text_at(t, i + 1) == (uint32_t)nl[1]) return i + 2;
    }
    return SIZE_MAX;
}

GiRef gi_newlines_expand(GiThread *ts, GiVal text, const char *nl) {
    GiTextView view = gi_str_view(text);
    if (!has_char(view, '\n')) return gi_dup(ts, text);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    for (size_t i = 0, start = 0; i <= view.len; i++) {
        if (i < view.len && gi_text_at(view, i) != '\n') continue;
        gi_sb_slice(&sb, text, start, i);
        if (i < view.len) gi_sb_ascii(&sb, nl, strlen(nl));
        start = i + 1;
    }
    return gi_sb_finish(&sb);
}

/* ---- IncrementalNewlineDecoder ---- */

static GiStatus check_initialised(GiThread *ts, GiVal self) {
    if (NLDECODER(self)->decoder.bits) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "IncrementalNewlineDecoder.__init__() not called");
}

static GiRef nldecoder_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                           GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GI_INIT(nldecoder, "(self, decoder, translate: bool, errors = 'strict')") {
    GiNewlineDecoder *d = NLDECODER(self);
    GI_BUSY_IF_FREE(ts, &d->use, GI_FAIL);
    GiRef errors = gi_is_null(a->errors) ? gi_str_from_cstr(ts, "strict") : gi_dup(ts, a->errors);
    if (gi_is_null(errors)) return GI_FAIL;
    gi_slot_store(ts, &d->errors, errors);
    gi_slot_store(ts, &d->decoder, gi_dup(ts, a->decoder));
    d->state = (GiNewlines){.translate = a->translate};
    return GI_OK;
}
GI_METHOD(nldecoder, decode, "(self, input, final: bool = False)", NULL) {
    if (check_initialised(ts, self) < 0) return GI_NULL;
    GiNewlineDecoder *d = NLDECODER(self);
    GI_BUSY_IF_FREE(ts, &d->use, GI_NULL);
    GiRef text;
    if (gi_is_none(d->decoder)) {
        text = gi_dup(ts, a->input);
    } else {
        GiRef decoder = gi_slot_dup(ts, &d->decoder);
        text = gi_io_call2(ts, gi_val(decoder), GI_N(decode), a->input, gi_bool(a->final));
        gi_drop(ts, decoder);
        if (gi_is_null(text)) return text;
    }
    if (!gi_is_str(gi_val(text))) {
        gi_raise(ts, &gi_exc_TypeError, "decoder should return a string result, not '%.200T'", gi_val(text));
        gi_drop(ts, text);
        return GI_NULL;
    }
    return gi_newlines_translate(ts, &d->state, text, a->final);
}
GI_METHOD(nldecoder, getstate, "(self)", NULL) {
    if (check_initialised(ts, self) < 0) return GI_NULL;
    GiNewlineDecoder *d = NLDECODER(self);
    GI_BUSY_IF_FREE(ts, &d->use, GI_NULL);
    GiRef buffer, flags;
    if (gi_is_none(d->decoder)) {
        buffer = gi_bytes_from(ts, "", 0);
        flags = gi_smallint_ref(0);
    } else {
        GiRef state = gi_io_call0(ts, gi_val(d->decoder), GI_N(getstate));
        if (gi_is_null(state)) return state;
        if (!gi_is_tuple(gi_val(state)) || gi_tuple_len(state) != 2 || !gi_is_int(gi_tuple_get(gi_val(state), 1))) {
            gi_drop(ts, state);
            return gi_raise_ref(ts, &gi_exc_TypeError, "illegal decoder state");
        }
        buffer = gi_dup(ts, gi_tuple_get(gi_val(state), 0));
        flags = gi_dup(ts, gi_tuple_get(gi_val(state), 1));
        gi_drop(ts, state);
    }
    if (gi_is_null(buffer)) return buffer;
    uint64_t number;
    GiStatus status = gi_as_u64(ts, gi_val(flags), &number);
    gi_drop(ts, flags);
    flags = status < 0 ? GI_NULL : gi_int_from_u64(ts, number << 1 | d->state.pending_cr);
    if (gi_is_null(flags)) {
        gi_drop(ts, buffer);
        return GI_NULL;
    }
    return gi_tuple_steal(ts, (GiRef[]){buffer, flags}, 2);
}
GI_METHOD(nldecoder, setstate, "(self, state, /)", NULL) {
    if (check_initialised(ts, self) < 0) return GI_NULL;
    GiNewlineDecoder *d = NLDECODER(self);
    GI_BUSY_IF_FREE(ts, &d->use, GI_NULL);
    if (!gi_is_tuple(a->state)) return gi_raise_ref(ts, &gi_exc_TypeError, "state argument must be a tuple");
    uint64_t flags;
    if (gi_tuple_len(a->state) != 2) return gi_raise_ref(ts, &gi_exc_TypeError, "setstate(): illegal state argument");
    if (gi_as_u64(ts, gi_tuple_get(a->state, 1), &flags) < 0) return GI_NULL;
    d->state.pending_cr = flags & 1;
    if (gi_is_none(d->decoder)) return GI_REF_NONE;
    GiRef number = gi_int_from_u64(ts, flags >> 1);
    GiRef inner = gi_is_null(number) ? GI_NULL : gi_tuple_pack(ts, 2, gi_tuple_get(a->state, 0), gi_val(number));
    gi_xdrop(ts, number);
    if (gi_is_null(inner)) return inner;
    GiRef r = gi_call_method_cstr(ts, gi_val(d->decoder), "setstate", (GiVal[]){gi_val(inner)}, 1);
    gi_drop(ts, inner);
    return r;
}
GI_METHOD(nldecoder, reset, "(self)", NULL) {
    if (check_initialised(ts, self) < 0) return GI_NULL;
    GiNewlineDecoder *d = NLDECODER(self);
    GI_BUSY_IF_FREE(ts, &d->use, GI_NULL);
    d->state.seen = 0;
    d->state.pending_cr = false;
    if (gi_is_none(d->decoder)) return GI_REF_NONE;
    return gi_call_method_cstr(ts, gi_val(d->decoder), "reset", NULL, 0);
}
GI_GETTER(nldecoder, newlines, NULL) {
    return check_initialised(ts, self) < 0 ? GI_NULL : gi_newlines_seen(ts, NLDECODER(self)->state.seen);
}

static const GiField nldecoder_fields[] = {GI_SLOT(GiNewlineDecoder, decoder), GI_SLOT(GiNewlineDecoder, errors), GI_FIELDS_END};
GiType gi_newline_decoder_type = {
    .obj = GI_TYPE_HEAD, .name = "_io.IncrementalNewlineDecoder", .module = "_io", .size = sizeof(GiNewlineDecoder),
    .base = &gi_object_type, .flags = GI_TYPE_BASE | GI_TYPE_GC, .fields = nldecoder_fields,
    .methods = nldecoder_methods, .getset = nldecoder_getset, .new_ = nldecoder_new, .init = nldecoder_init,
    .doc = "IncrementalNewlineDecoder(decoder, translate, errors='strict')\n--\n\nCodec used when reading a file in universal newlines mode.\n\nIt wraps another incremental decoder, translating \\r\\n and \\r into \\n.\nIt also records the types of newlines encountered.  When used with\ntranslate=False, it ensures that the newline sequence is returned in\none piece. When used with decoder=None, it expects unicode strings as\ndecode input and translates newlines without first invoking an external\ndecoder.",
};
