/* _json.c - the module behind json: make_scanner, make_encoder and the string functions.
 *
 * The parser stands in scan.inc, once for each width of characters. Both directions recurse in C,
 * guarded by the interpreter's recursion limit.
 */
#include "modules/module.h"

#include "base/float_text.h"
#include "base/int_text.h"
#include "base/strbuf.h"
#include "modules/_json/json_text.h"

typedef struct Scanner {
    GiObj obj;
    GiSlot strict, object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
} Scanner;

typedef struct Encoder {
    GiObj obj;
    GiSlot markers, default_, encoder, indent, key_separator, item_separator;
    bool sort_keys, skipkeys, allow_nan;
    uint8_t fast; /* 1: encode_basestring_ascii, 2: encode_basestring, 0: call encoder */
} Encoder;

#define SCANNER(v) ((Scanner *)gi_obj(v))
#define ENCODER(v) ((Encoder *)gi_obj(v))

#include "modules/_json/_json.gen.h"

/* ---- parsing ---- */

#define KEY_CACHE 128

typedef struct Scan {
    GiThread *ts;
    GiVal text;
    const void *data;
    size_t length;
    bool strict, plain_int, plain_float;
    GiVal object_hook, object_pairs_hook, parse_float, parse_int, parse_constant;
    GiRef keys[KEY_CACHE]; /* keys seen, by a hash of their text */
} Scan;

/* JSONDecodeError(message, text, position). */
static GiRef decode_error(Scan *s, const char *message, ssize_t position) {
    GiThread *ts = s->ts;
    GiRef type = gi_import_attr(ts, "json.decoder", "JSONDecodeError");
    if (gi_is_null(type)) return type;
    GiRef text = gi_str_from_cstr(ts, message);
    if (!gi_is_null(text)) {
        GiRef exc = gi_call3(ts, gi_val(type), gi_val(text), s->text, gi_smallint(position));
        gi_drop(ts, text);
        if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    }
    gi_drop(ts, type);
    return GI_NULL;
}

/* No value here: StopIteration(i). */
static GiRef stop(Scan *s, size_t i) {
    gi_raise_stop_iteration(s->ts, gi_smallint((int64_t)i));
    return GI_NULL;
}

/* The key that stands at [start, stop) of one-byte text; keys that occur again are shared. */
static GiRef known_key(Scan *s, size_t start, size_t stop_at) {
    const uint8_t *p = (const uint8_t *)s->data + start;
    size_t n = stop_at - start;
    if (n < 2 || n > 64) return gi_str_slice(s->ts, s->text, start, stop_at);
    uint32_t h = (uint32_t)n * 31 + p[0];
    for (size_t i = 1; i < n; i++) h = h * 33 + p[i];
    GiRef *cell = &s->keys[(h ^ h >> 7 ^ h >> 15) % KEY_CACHE];
    if (!gi_is_null(*cell) && gi_str_len(*cell) == n && gi_str_kind(*cell) <= GI_STR_LATIN1 &&
        memcmp(gi_str_data(*cell), p, n) == 0)
        return gi_dup(s->ts, gi_val(*cell));
    GiRef key = gi_str_slice(s->ts, s->text, start, stop_at);
    if (gi_is_null(key)) return key;
    gi_xdrop(s->ts, *cell);
    *cell = gi_dup(s->ts, gi_val(key));
    return key;
}

static GiRef make_number(Scan *s, size_t start, size_t end, bool is_float) {
    GiThread *ts = s->ts;
    if (is_float ? !s->plain_float : !s->plain_int) {
        GiRef text = gi_str_slice(ts, s->text, start, end);
        if (gi_is_null(text)) return text;
        GiRef r = gi_call1(ts, is_float ? s->parse_float : s->parse_int, gi_val(text));
        gi_drop(ts, text);
        return r;
    }
    char small[64], *chars = small;
    size_t n = end - start;
    if (n >= sizeof small && !(chars = gi_mem_alloc(ts, n + 1))) return GI_NULL;
    for (size_t i = 0; i < n; i++) chars[i] = (char)gi_str_char(s->text, start + i);
    chars[n] = 0;
    GiRef r;
    if (is_float) {
        double value = 0;
        gi_float_parse(chars, n, &value);
        r = gi_double_ref(value);
    } else {
        r = gi_int_from_text(ts, chars, n, 10);
    }
    if (chars != small) gi_mem_free(chars);
    return r;
}

static GiRef make_constant(Scan *s, const char *name, size_t after, size_t *end) {
    GiThread *ts = s->ts;
    GiRef text = gi_intern_cstr(ts, name);
    if (gi_is_null(text)) return text;
    GiRef r = gi_call1(ts, s->parse_constant, gi_val(text));
    gi_drop(ts, text);
    *end = after;
    return r;
}

#define CH uint8_t
#define NAME(x) x##_8
#include "modules/_json/scan.inc"
#undef CH
#undef NAME
#define CH uint16_t
#define NAME(x) x##_16
#include "modules/_json/scan.inc"
#undef CH
#undef NAME
#define CH uint32_t
#define NAME(x) x##_32
#include "modules/_json/scan.inc"

static GiRef value_and_end(GiThread *ts, GiRef value, size_t end) {
    if (gi_is_null(value)) return value;
    GiRef parts[2] = {value, gi_smallint_ref((int64_t)end)};
    return gi_tuple_steal(ts, parts, 2);
}

static void scan_init(GiThread *ts, Scan *s, GiVal text) {
    memset(s, 0, sizeof *s);
    s->ts = ts;
    s->text = text;
    s->data = gi_str_data(text);
    s->length = gi_str_len(text);
}

static GiStatus need_str(GiThread *ts, GiVal v) {
    if (gi_is_str(v)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "first argument must be a string, not %.80T", v);
}

GI_FUNCTION(_json, scanstring, "(string, end: ssize, strict: boolint = True, /)",
            "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON string. End is the index of the\ncharacter in s after the quote that started the JSON string.\nUnescapes all valid JSON string escape sequences and raises ValueError\non attempt to decode an invalid string. If strict is False then literal\ncontrol characters are allowed in the string.\n\nReturns a tuple of the decoded string and the index of the character in s\nafter the end quote.") {
    if (need_str(ts, a->string) != GI_OK) return GI_NULL;
    if (a->end < 0 || (size_t)a->end > gi_str_len(a->string))
        return gi_raise_ref(ts, &gi_exc_ValueError, "end is out of bounds");
    Scan s;
    scan_init(ts, &s, a->string);
    s.strict = a->strict;
    size_t end = 0;
    GiRef text;
    switch (gi_str_shift(gi_str_kind(a->string))) {
    case 0: text = string_8(&s, (size_t)a->end, a->end - 1, false, &end); break;
    case 1: text = string_16(&s, (size_t)a->end, a->end - 1, false, &end); break;
    default: text = string_32(&s, (size_t)a->end, a->end - 1, false, &end);
    }
    return value_and_end(ts, text, end);
}

GI_NEW(scanner, "(cls, context)", "JSON scanner object") {
    static const char *const names[] = {"strict", "object_hook", "object_pairs_hook", "parse_float", "parse_int",
                                        "parse_constant"};
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiSlot *slots = &SCANNER(made)->strict;
    for (size_t i = 0; i < GI_COUNTOF(names); i++) {
        GiRef v = gi_getattr_cstr(ts, a->context, names[i]);
        if (!gi_is_null(v) && i == 0) {
            GiTruth strict = gi_truth(ts, gi_val(v));
            gi_drop(ts, v);
            v = strict.value < 0 ? GI_NULL : gi_bool_ref(strict.value);
        }
        if (gi_is_null(v)) {
            gi_drop(ts, made);
            return v;
        }
        gi_slot_init(&slots[i], v);
    }
    return made;
}

GI_METHOD(scanner, __call__, "(self, string, idx: ssize)", "") {
    Scanner *sc = SCANNER(self);
    if (need_str(ts, a->string) != GI_OK) return GI_NULL;
    if (a->idx < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "idx cannot be negative");
    Scan s;
    scan_init(ts, &s, a->string);
    s.strict = gi_is_true(sc->strict);
    s.object_hook = gi_slot_peek(&sc->object_hook);
    s.object_pairs_hook = gi_slot_peek(&sc->object_pairs_hook);
    s.parse_float = gi_slot_peek(&sc->parse_float);
    s.parse_int = gi_slot_peek(&sc->parse_int);
    s.parse_constant = gi_slot_peek(&sc->parse_constant);
    s.plain_int = gi_same(s.parse_int, gi_type_val(&gi_int_type));
    s.plain_float = gi_same(s.parse_float, gi_type_val(&gi_float_type));
    size_t end = 0;
    GiRef value;
    switch (gi_str_shift(gi_str_kind(a->string))) {
    case 0: value = value_8(&s, (size_t)a->idx, &end); break;
    case 1: value = value_16(&s, (size_t)a->idx, &end); break;
    default: value = value_32(&s, (size_t)a->idx, &end);
    }
    for (size_t i = 0; i < KEY_CACHE; i++) gi_xdrop(ts, s.keys[i]);
    return value_and_end(ts, value, end);
}

/* The tables' rows are methods; a call slot needs its row by itself. */
static const GiMethodDef *call_row(const GiMethodDef *methods) {
    while (strcmp(methods->name, "__call__") != 0) methods++;
    return methods;
}

static GiRef scanner_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    return gi_native_call(ts, call_row(scanner_methods), self, args, nargs, kwnames);
}

static const GiField scanner_fields[] = {
    GI_SLOT(Scanner, strict), GI_SLOT(Scanner, object_hook), GI_SLOT(Scanner, object_pairs_hook),
    GI_SLOT(Scanner, parse_float), GI_SLOT(Scanner, parse_int), GI_SLOT(Scanner, parse_constant), GI_FIELDS_END};

static const GiMemberDef scanner_members[] = {
    {"strict", GI_MEMBER_OBJECT, offsetof(Scanner, strict), true, "strict"},
    {"object_hook", GI_MEMBER_OBJECT, offsetof(Scanner, object_hook), true, "object_hook"},
    {"object_pairs_hook", GI_MEMBER_OBJECT, offsetof(Scanner, object_pairs_hook), true, NULL},
    {"parse_float", GI_MEMBER_OBJECT, offsetof(Scanner, parse_float), true, "parse_float"},
    {"parse_int", GI_MEMBER_OBJECT, offsetof(Scanner, parse_int), true, "parse_int"},
    {"parse_constant", GI_MEMBER_OBJECT, offsetof(Scanner, parse_constant), true, "parse_constant"},
    {.name = NULL},
};

GiType gi_json_scanner_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_json.Scanner",
    .module = "_json",
    .flags = GI_TYPE_GC | GI_TYPE_BASE,
    .size = sizeof(Scanner),
    .fields = scanner_fields,
    .base = &gi_object_type,
    .doc = "JSON scanner object",
    .members = scanner_members,
    .new_ = scanner_new,
    .call = scanner_call,
};

/* ---- encoding ---- */

typedef struct Encode {
    GiThread *ts;
    Encoder *e;
    GiStrBuilder out;
} Encode;

/* A container that is being encoded, and what contains it. */
typedef struct Nest {
    GiVal object;
    const struct Nest *outer;
} Nest;

static inline void put(Encode *x, const char *text, size_t n) {
    GiStrBuilder *sb = &x->out;
    if (GI_LIKELY(sb->kind == GI_STR_ASCII && sb->capacity - sb->length >= n && !sb->failed)) {
        memcpy((char *)sb->data + sb->length, text, n);
        sb->length += n;
    } else {
        gi_sb_ascii(sb, text, n);
    }
}
#define PUT(x, literal) put((x), literal, sizeof(literal) - 1)

static GiStatus put_str(Encode *x, GiVal v) {
    GiThread *ts = x->ts;
    if (x->e->fast) {
        gi_json_quote(&x->out, v, x->e->fast == 1);
        return GI_OK;
    }
    GiRef text = gi_call1(ts, gi_slot_peek(&x->e->encoder), v);
    if (gi_is_null(text)) return GI_FAIL;
    GiStatus status = GI_OK;
    if (gi_is_str(gi_val(text)))
        gi_sb_str(&x->out, gi_val(text));
    else
        status = gi_raise_status(ts, &gi_exc_TypeError, "encoder() must return a string, not %.80T", gi_val(text));
    gi_drop(ts, text);
    return status;
}

static GiStatus put_float(Encode *x, double d) {
    char text[GI_FLOAT_REPR_MAX];
    if (d - d != 0) {
        if (!x->e->allow_nan)
            return gi_raise_status(x->ts, &gi_exc_ValueError, "Out of range float values are not JSON compliant");
        if (d > 0) PUT(x, "Infinity");
        else if (d < 0) PUT(x, "-Infinity");
        else PUT(x, "NaN");
        return GI_OK;
    }
    put(x, text, gi_float_repr(d, text));
    return GI_OK;
}

static GiStatus put_int(Encode *x, GiVal v) {
    int64_t i;
    if (gi_int_as_i64(v, &i) == 0) {
        char text[GI_INT_TEXT_MAX + 1];
        put(x, text, gi_i64_to_text(i, text));
        return GI_OK;
    }
    GiRef text = gi_int_to_str(x->ts, v, 10, false);
    if (gi_is_null(text)) return GI_FAIL;
    gi_sb_str(&x->out, gi_val(text));
    gi_drop(x->ts, text);
    return GI_OK;
}

static GiStatus encode(Encode *x, GiVal v, const Nest *nest);

static GiStatus enter(Encode *x, GiVal v, const Nest *outer, Nest *nest) {
    nest->object = v;
    nest->outer = outer;
    if (!gi_is_none(x->e->markers))
        for (const Nest *n = outer; n; n = n->outer)
            if (gi_same(n->object, v)) return gi_raise_status(x->ts, &gi_exc_ValueError, "Circular reference detected");
    return GI_OK;
}

/* The items of v, which is `of` or what that gives when it is iterated over. */
static GiStatus encode_items(Encode *x, GiVal v, GiVal of, const Nest *outer) {
    Nest nest;
    if ((gi_is_list(v) ? gi_list_len(v) : gi_tuple_len(v)) == 0) {
        PUT(x, "[]");
        return GI_OK;
    }
    if (enter(x, of, outer, &nest) != GI_OK) return GI_FAIL;
    PUT(x, "[");
    GiVal separator = gi_slot_peek(&x->e->item_separator);
    bool is_list = gi_is_list(v);
    for (size_t i = 0;; i++) { /* the default function may shorten or lengthen a list */
        if (i >= (is_list ? gi_list_len(v) : gi_tuple_len(v))) break;
        GiRef item = is_list ? gi_list_get(x->ts, v, i) : gi_dup(x->ts, gi_tuple_get(v, i));
        if (gi_is_null(item)) break;
        if (i) gi_sb_str(&x->out, separator);
        GiStatus status = encode(x, gi_val(item), &nest);
        gi_drop(x->ts, item);
        if (status != GI_OK) return GI_FAIL;
    }
    PUT(x, "]");
    return GI_OK;
}

/* PYSEM: subclasses of list and tuple are asked for their items (tests/diff/lib_json.py). */
static GiStatus encode_list(Encode *x, GiVal v, const Nest *outer) {
    if (gi_is_list_exact(v) || gi_is_tuple_exact(v)) return encode_items(x, v, v, outer);
    GiRef list = gi_to_list(x->ts, v);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = encode_items(x, gi_val(list), v, outer);
    gi_drop(x->ts, list);
    return status;
}

/* Writes the key; *skip when it is to be left out with its value. */
static GiStatus encode_key(Encode *x, GiVal key, bool first, bool *skip) {
    *skip = false;
    bool known = gi_is_str(key) || gi_is_float(key) || gi_is_bool(key) || gi_is_none(key) || gi_is_int(key);
    if (!known) {
        if (x->e->skipkeys) {
            *skip = true;
            return GI_OK;
        }
        return gi_raise_status(x->ts, &gi_exc_TypeError,
                               "keys must be str, int, float, bool or None, not %.100T", key);
    }
    if (!first) gi_sb_str(&x->out, gi_slot_peek(&x->e->item_separator));
    if (gi_is_str(key)) {
        if (put_str(x, key) != GI_OK) return GI_FAIL;
    } else {
        /* Digits and words need no escapes, so the quotes can stand around them (an encoder of the
         * caller's own is asked all the same). */
        Encode inner = {x->ts, x->e, {0}};
        Encode *to = x->e->fast ? x : &inner;
        if (to == &inner) gi_sb_init(&inner.out, x->ts);
        if (x->e->fast) PUT(x, "\"");
        GiStatus status = GI_OK;
        if (gi_is_none(key)) PUT(to, "null");
        else if (gi_is_bool(key)) gi_is_true(key) ? PUT(to, "true") : PUT(to, "false");
        else if (gi_is_float(key)) status = put_float(to, gi_float_value(key));
        else status = put_int(to, key);
        if (x->e->fast) {
            PUT(x, "\"");
            if (status != GI_OK) return GI_FAIL;
        } else {
            GiRef text = gi_sb_finish(&inner.out);
            if (status == GI_OK) status = gi_is_null(text) ? GI_FAIL : put_str(x, gi_val(text));
            gi_xdrop(x->ts, text);
            if (status != GI_OK) return GI_FAIL;
        }
    }
    gi_sb_str(&x->out, gi_slot_peek(&x->e->key_separator));
    return GI_OK;
}

static GiStatus encode_pair(Encode *x, GiVal key, GiVal value, const Nest *nest, bool *first) {
    bool skip;
    if (encode_key(x, key, *first, &skip) != GI_OK) return GI_FAIL;
    if (skip) return GI_OK;
    *first = false;
    return encode(x, value, nest);
}

/* The items of a mapping as a list of pairs, sorted if asked for. */
static GiRef item_list(Encode *x, GiVal v) {
    GiThread *ts = x->ts;
    GiRef items;
    if (gi_is_dict_exact(v)) {
        items = gi_dict_items_list(ts, v);
    } else {
        GiRef view = gi_call_method_cstr(ts, v, "items", NULL, 0);
        if (gi_is_null(view)) return view;
        GiRef it = gi_iter(ts, gi_val(view));
        if (gi_is_null(it) && gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "%.200T.items() returned a non-iterable (type %.200T)", v, gi_val(view));
        }
        items = gi_is_null(it) ? it : gi_to_list(ts, gi_val(it));
        gi_drop(ts, view);
        gi_xdrop(ts, it);
    }
    if (!gi_is_null(items) && x->e->sort_keys && gi_list_sort(ts, gi_val(items), GI_NONE, false) != GI_OK) {
        gi_drop(ts, items);
        return GI_NULL;
    }
    return items;
}

/* An exact dict that no other thread can change meanwhile. PYSEM: what default() and the like do to
 * it has no effect on the text, so all that stands in it is held first (tests/diff/lib_json.py). */
static GiStatus encode_plain_dict(Encode *x, GiVal v, const Nest *nest, bool *first) {
    GiThread *ts = x->ts;
    enum { FEW = 8 };
    GiRef stack[2 * FEW], *all = stack;
    size_t n = gi_dict_len(v), pos = 0, held = 0;
    GiVal key, value;
    if (n > FEW && !(all = gi_mem_alloc(ts, 2 * n * sizeof *all))) return GI_FAIL;
    while (held < n && gi_dict_next_peek(v, &pos, &key, &value)) {
        all[2 * held] = gi_dup(ts, key);
        all[2 * held++ + 1] = gi_dup(ts, value);
    }
    GiStatus status = GI_OK;
    for (size_t i = 0; i < held; i++) {
        if (status == GI_OK) status = encode_pair(x, gi_val(all[2 * i]), gi_val(all[2 * i + 1]), nest, first);
        gi_drop(ts, all[2 * i]);
        gi_drop(ts, all[2 * i + 1]);
    }
    if (all != stack) gi_mem_free(all);
    return status;
}

static GiStatus encode_dict(Encode *x, GiVal v, const Nest *outer) {
    GiThread *ts = x->ts;
    Nest nest;
    if (gi_dict_len(v) == 0) {
        PUT(x, "{}");
        return GI_OK;
    }
    if (enter(x, v, outer, &nest) != GI_OK) return GI_FAIL;
    PUT(x, "{");
    bool first = true;
    GiStatus status = GI_OK;
    if (gi_is_dict_exact(v) && !x->e->sort_keys && !ts->core.free_running) {
        status = encode_plain_dict(x, v, &nest, &first);
    } else {
        GiRef items = item_list(x, v);
        if (gi_is_null(items)) return GI_FAIL;
        for (size_t i = 0; status == GI_OK; i++) {
            GiRef pair = gi_list_get(ts, gi_val(items), i);
            if (gi_is_null(pair)) break;
            if (!gi_is_tuple(gi_val(pair)) || gi_tuple_len(pair) != 2)
                status = gi_raise_status(ts, &gi_exc_ValueError, "items must return 2-tuples");
            else
                status = encode_pair(x, gi_tuple_get(gi_val(pair), 0), gi_tuple_get(gi_val(pair), 1), &nest, &first);
            gi_drop(ts, pair);
        }
        gi_drop(ts, items);
    }
    PUT(x, "}");
    return status;
}

/* What is none of JSON's own types: what default() makes of it. */
static GiStatus encode_default(Encode *x, GiVal v, const Nest *outer) {
    Nest nest;
    if (enter(x, v, outer, &nest) != GI_OK) return GI_FAIL;
    GiRef other = gi_call1(x->ts, gi_slot_peek(&x->e->default_), v);
    if (gi_is_null(other)) return GI_FAIL;
    GiStatus status = encode(x, gi_val(other), &nest);
    gi_drop(x->ts, other);
    return status;
}

static GiStatus encode(Encode *x, GiVal v, const Nest *nest) {
    if (gi_is_none(v)) PUT(x, "null");
    else if (gi_is_true(v)) PUT(x, "true");
    else if (gi_is_false(v)) PUT(x, "false");
    else if (gi_is_str(v)) return put_str(x, v);
    else if (gi_is_int(v)) return put_int(x, v);
    else if (gi_is_float(v)) return put_float(x, gi_float_value(v));
    else {
        if (gi_enter_recursive(x->ts, " while encoding a JSON object") != GI_OK) return GI_FAIL;
        GiStatus status = gi_is_list(v) || gi_is_tuple(v) ? encode_list(x, v, nest)
                          : gi_is_dict(v)                 ? encode_dict(x, v, nest)
                                                          : encode_default(x, v, nest);
        gi_leave_recursive(x->ts);
        return status;
    }
    return GI_OK;
}

GI_FUNCTION(_json, encode_basestring_ascii, "(string, /)",
            "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a Python string") {
    if (need_str(ts, a->string) != GI_OK) return GI_NULL;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_json_quote(&sb, a->string, true);
    return gi_sb_finish(&sb);
}

GI_FUNCTION(_json, encode_basestring, "(string, /)",
            "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string") {
    if (need_str(ts, a->string) != GI_OK) return GI_NULL;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_json_quote(&sb, a->string, false);
    return gi_sb_finish(&sb);
}

/* Which of the two native string functions v is: 1, 2, or 0. */
static uint8_t native_encoder(GiVal v) {
    if (!gi_is_exact(v, &gi_native_type)) return 0;
    GiNativeBody body = ((GiNative *)gi_obj(v))->def->body;
    if (body == (GiNativeBody)(void (*)(void))_json_encode_basestring_ascii_body) return 1;
    return body == (GiNativeBody)(void (*)(void))_json_encode_basestring_body ? 2 : 0;
}

GI_NEW(encoder, "(cls, markers, default, encoder, indent, key_separator: str, item_separator: str, sort_keys: bool, skipkeys: bool, allow_nan: bool)",
       "_iterencode(obj, _current_indent_level) -> iterable") {
    if (!gi_is_none(a->markers) && !gi_is_dict(a->markers))
        return gi_raise_ref(ts, &gi_exc_TypeError, "make_encoder() argument 1 must be dict or None, not %.200T", a->markers);
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    Encoder *e = ENCODER(made);
    gi_slot_init(&e->markers, gi_dup(ts, a->markers));
    gi_slot_init(&e->default_, gi_dup(ts, a->default_));
    gi_slot_init(&e->encoder, gi_dup(ts, a->encoder));
    gi_slot_init(&e->indent, gi_dup(ts, a->indent));
    gi_slot_init(&e->key_separator, gi_dup(ts, a->key_separator));
    gi_slot_init(&e->item_separator, gi_dup(ts, a->item_separator));
    e->sort_keys = a->sort_keys;
    e->skipkeys = a->skipkeys;
    e->allow_nan = a->allow_nan;
    e->fast = native_encoder(a->encoder);
    return made;
}

GI_METHOD(encoder, __call__, "(self, obj, _current_indent_level: ssize)", "") {
    Encode x = {.ts = ts, .e = ENCODER(self)};
    gi_sb_init(&x.out, ts);
    if (encode(&x, a->obj, NULL) != GI_OK) {
        gi_sb_discard(&x.out);
        return GI_NULL;
    }
    GiRef text = gi_sb_finish(&x.out);
    if (gi_is_null(text)) return text;
    GiRef list = gi_list_new(ts, 1);
    if (gi_is_null(list)) {
        gi_drop(ts, text);
        return list;
    }
    if (gi_list_append(ts, gi_val(list), text) == GI_OK) return list;
    gi_drop(ts, list);
    return GI_NULL;
}

static GiRef encoder_call(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    return gi_native_call(ts, call_row(encoder_methods), self, args, nargs, kwnames);
}

static const GiField encoder_fields[] = {
    GI_SLOT(Encoder, markers), GI_SLOT(Encoder, default_), GI_SLOT(Encoder, encoder), GI_SLOT(Encoder, indent),
    GI_SLOT(Encoder, key_separator), GI_SLOT(Encoder, item_separator), GI_FIELDS_END};

static const GiMemberDef encoder_members[] = {
    {"markers", GI_MEMBER_OBJECT, offsetof(Encoder, markers), true, "markers"},
    {"default", GI_MEMBER_OBJECT, offsetof(Encoder, default_), true, "default"},
    {"encoder", GI_MEMBER_OBJECT, offsetof(Encoder, encoder), true, "encoder"},
    {"indent", GI_MEMBER_OBJECT, offsetof(Encoder, indent), true, "indent"},
    {"key_separator", GI_MEMBER_OBJECT, offsetof(Encoder, key_separator), true, "key_separator"},
    {"item_separator", GI_MEMBER_OBJECT, offsetof(Encoder, item_separator), true, "item_separator"},
    {"sort_keys", GI_MEMBER_BOOL, offsetof(Encoder, sort_keys), true, "sort_keys"},
    {"skipkeys", GI_MEMBER_BOOL, offsetof(Encoder, skipkeys), true, "skipkeys"},
    {.name = NULL},
};

GiType gi_json_encoder_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_json.Encoder",
    .module = "_json",
    .flags = GI_TYPE_GC | GI_TYPE_BASE,
    .size = sizeof(Encoder),
    .fields = encoder_fields,
    .base = &gi_object_type,
    .doc = "_iterencode(obj, _current_indent_level) -> iterable",
    .members = encoder_members,
    .new_ = encoder_new,
    .call = encoder_call,
};

static GiStatus json_exec(GiThread *ts, GiVal module) {
    if (gi_type_ready(ts, &gi_json_scanner_type) != GI_OK || gi_type_ready(ts, &gi_json_encoder_type) != GI_OK)
        return GI_FAIL;
    if (gi_module_add(ts, module, "make_scanner", gi_dup(ts, gi_type_val(&gi_json_scanner_type))) != GI_OK)
        return GI_FAIL;
    return gi_module_add(ts, module, "make_encoder", gi_dup(ts, gi_type_val(&gi_json_encoder_type)));
}

const GiModuleDef gi_module__json = {
    .name = "_json", .doc = "json speedups\n", .functions = _json_functions, .exec = json_exec};
