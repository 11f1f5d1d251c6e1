/* _struct.c - packed binary data: Struct objects and the module's functions over a cache of them. */
#include "modules/module.h"
#include "modules/step.h"

#include "base/float_text.h"

#include <ctype.h>
#include <math.h>

typedef struct Code {
    char format;
    bool native;   /* native byte order, size and rules of conversion */
    bool big;
    uint32_t size; /* of one item; of the whole for s and p */
    size_t offset, repeat;
} Code;

/* What a format says: an object without Python methods, never changed, so that whoever works by it
 * keeps it while __init__ gives the Struct another one. */
typedef struct Layout {
    GiObj obj;
    size_t count;   /* codes */
    ssize_t size, items;
    Code codes[];
} Layout;

typedef struct Struct {
    GiObj obj;
    GiSlot format;  /* bytes; null before __init__ */
    GiSlot layout;  /* null before __init__ */
} Struct;

typedef struct UnpackIter {
    GiObj obj;
    GiSlot layout; /* null: exhausted */
    GiBuffer buffer;
    ssize_t index;
} UnpackIter;

typedef struct State {
    GiSlot error, cache;
} State;

extern const GiModuleDef gi_module__struct;
extern GiType gi_struct_type, gi_struct_layout_type, gi_unpack_iter_type;

#define STRUCT(v) ((Struct *)gi_obj(v))
#define LAYOUT(v) ((Layout *)gi_obj(v))

/* struct.error; at the end of the interpreter the module may be gone already. */
static GiType *error_type(GiThread *ts) {
    State *state = gi_module_state_of(ts, &gi_module__struct);
    return state && !gi_is_null(state->error) ? gi_as_type(state->error) : &gi_exc_RuntimeError;
}
#define ERROR(ts) error_type(ts)

#include "modules/_struct.gen.h"

/* ---- formats ---- */

static uint32_t native_size(char c, uint32_t *align) {
    uint32_t size;
    switch (c) {
    case 'x': case 'b': case 'B': case 'c': case 's': case 'p': case '?': size = 1; break;
    case 'h': case 'H': case 'e': size = 2; break;
    case 'i': case 'I': case 'f': size = 4; break;
    case 'l': case 'L': case 'q': case 'Q': case 'n': case 'N': case 'd': case 'P': size = 8; break;
    default: return 0;
    }
    *align = size;
    return size;
}

static uint32_t standard_size(char c) {
    uint32_t align;
    if (c == 'l' || c == 'L') return 4;
    if (c == 'n' || c == 'N' || c == 'P') return 0;
    return native_size(c, &align);
}

/* Reads a format; the codes are counted first (out NULL), then written. */
static GiStatus parse(GiThread *ts, const char *text, Layout *s, Code *out) {
    bool native = true, big = false;
    if (*text == '@' || *text == '=' || *text == '<' || *text == '>' || *text == '!') {
        native = *text == '@';
        big = *text == '>' || *text == '!';
        text++;
    }
    size_t size = 0, items = 0, codes = 0;
    const size_t most = SSIZE_MAX;
    for (const char *p = text; *p; p++) {
        if (isspace((unsigned char)*p)) continue;
        size_t repeat = 1;
        if (*p >= '0' && *p <= '9') {
            repeat = 0;
            for (; *p >= '0' && *p <= '9'; p++) {
                if (repeat > (most - 9) / 10) goto too_long;
                repeat = repeat * 10 + (size_t)(*p - '0');
            }
            if (!*p)
                return gi_raise_status(ts, ERROR(ts), "repeat count given without format specifier");
        }
        uint32_t align = 1, width = native ? native_size(*p, &align) : standard_size(*p);
        if (!width) return gi_raise_status(ts, ERROR(ts), "bad char in struct format");
        if (native && align > 1) {
            size_t padded = (size + align - 1) / align * align;
            if (padded < size || padded > most) goto too_long;
            size = padded;
        }
        size_t start = size;
        if (repeat > (most - size) / width) goto too_long;
        size += repeat * width;
        if (*p == 'x') continue;
        bool text_code = *p == 's' || *p == 'p';
        if (!text_code && repeat == 0) continue;
        if (out)
            out[codes] = (Code){*p, native, big, text_code ? (uint32_t)GI_MIN(repeat, UINT32_MAX) : width, start,
                                text_code ? 1 : repeat};
        if (text_code && repeat > UINT32_MAX) goto too_long;
        codes++;
        items += text_code ? 1 : repeat;
    }
    s->size = (ssize_t)size;
    s->items = (ssize_t)items;
    s->count = codes;
    return GI_OK;
too_long:
    return gi_raise_status(ts, ERROR(ts), "total struct size too long");
}

/* ---- packing ---- */

static GiStatus range_error(GiThread *ts) { return gi_raise_status(ts, ERROR(ts), "argument out of range"); }

static void store(const Code *code, char *to, uint64_t bits) {
    if (code->big) bits = __builtin_bswap64(bits) >> 8 * (8 - code->size);
    switch (code->size) {
    case 1: *to = (char)bits; break;
    case 2: { uint16_t v = (uint16_t)bits; memcpy(to, &v, 2); break; }
    case 4: { uint32_t v = (uint32_t)bits; memcpy(to, &v, 4); break; }
    default: memcpy(to, &bits, 8);
    }
}

static uint64_t load(const Code *code, const char *from) {
    uint64_t bits = 0;
    switch (code->size) {
    case 1: bits = *(const uint8_t *)from; break;
    case 2: { uint16_t v; memcpy(&v, from, 2); bits = v; break; }
    case 4: { uint32_t v; memcpy(&v, from, 4); bits = v; break; }
    default: memcpy(&bits, from, 8);
    }
    return code->big ? __builtin_bswap64(bits) >> 8 * (8 - code->size) : bits;
}

static bool is_signed(char c) { return c == 'b' || c == 'h' || c == 'i' || c == 'l' || c == 'q' || c == 'n'; }

static GiStatus out_of_range(GiThread *ts, const Code *code) {
    bool words = code->size == 1 || (code->size == 2 && !code->big);
    int bits = 8 * (int)code->size;
    if (code->size == 8) return range_error(ts);
    if (words) {
        const char *name = code->size == 1 ? "byte" : "short";
        if (is_signed(code->format))
            return gi_raise_status(ts, ERROR(ts), "%s format requires %d <= number <= %d", name, -(1 << (bits - 1)),
                                   (1 << (bits - 1)) - 1);
        return gi_raise_status(ts, ERROR(ts), "u%s format requires 0 <= number <= %d", name, (1 << bits) - 1);
    }
    if (is_signed(code->format))
        return gi_raise_status(ts, ERROR(ts), "'%c' format requires %lld <= number <= %lld", code->format,
                               -(1LL << (bits - 1)), (1LL << (bits - 1)) - 1);
    return gi_raise_status(ts, ERROR(ts), "'%c' format requires 0 <= number <= %llu", code->format,
                           (1ULL << bits) - 1);
}

static GiStatus pack_int(GiThread *ts, const Code *code, char *to, GiVal v) {
    GiRef made = GI_NULL;
    if (!gi_is_int(v)) {
        if (!gi_type_of(v)->index) return gi_raise_status(ts, ERROR(ts), "required argument is not an integer");
        made = gi_index(ts, v);
        if (gi_is_null(made)) return GI_FAIL;
        v = gi_val(made);
    }
    int bits = 8 * (int)code->size;
    int64_t s = 0;
    uint64_t u = 0;
    GiStatus status = GI_OK;
    if (code->format == 'P') {
        if (gi_int_sign(v) < 0 ? gi_int_as_i64(v, &s) != 0 : gi_int_as_u64(v, &u) != 0)
            status = gi_raise_status(ts, ERROR(ts), "int too large to convert");
        if (gi_int_sign(v) < 0) u = (uint64_t)s;
    } else if (is_signed(code->format)) {
        if (gi_int_as_i64(v, &s) != 0)
            status = code->size == 8 && code->big ? gi_raise_status(ts, ERROR(ts), "int too big to convert") : range_error(ts);
        else if (bits < 64 && (s < -(INT64_C(1) << (bits - 1)) || s >= INT64_C(1) << (bits - 1)))
            status = out_of_range(ts, code);
        u = (uint64_t)s;
    } else {
        bool negative = gi_int_sign(v) < 0;
        bool words = code->size == 1 || (code->size == 2 && !code->big);
        if (negative && words)
            status = out_of_range(ts, code);
        else if (negative || gi_int_as_u64(v, &u) != 0)
            status = code->size == 8 && code->big
                         ? gi_raise_status(ts, ERROR(ts), negative ? "can't convert negative int to unsigned"
                                                                   : "int too big to convert")
                         : range_error(ts);
        else if (bits < 64 && u >> bits)
            status = out_of_range(ts, code);
    }
    gi_xdrop(ts, made);
    if (status == GI_OK) store(code, to, u);
    return status;
}

static GiStatus pack_float(GiThread *ts, const Code *code, char *to, GiVal v) {
    double d;
    uint64_t bits;
    if (gi_as_double(ts, v, &d) != GI_OK) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return GI_FAIL;
        gi_exc_clear(ts);
        return gi_raise_status(ts, ERROR(ts), "required argument is not a float");
    }
    if (code->format == 'e') {
        uint16_t half;
        if (!gi_float_to_half(d, &half))
            return gi_raise_status(ts, &gi_exc_OverflowError, "float too large to pack with e format");
        bits = half;
    } else if (code->format == 'f') {
        float f = (float)d;
        uint32_t word;
        if (isinf(f) && !isinf(d) && !code->native)
            return gi_raise_status(ts, &gi_exc_OverflowError, "float too large to pack with f format");
        memcpy(&word, &f, 4);
        bits = word;
    } else {
        memcpy(&bits, &d, 8);
    }
    store(code, to, bits);
    return GI_OK;
}

static GiStatus pack_text(GiThread *ts, const Code *code, char *to, GiVal v) {
    const uint8_t *data;
    size_t n;
    if (gi_is_bytes(v)) {
        data = gi_bytes_data(v);
        n = gi_bytes_len(v);
    } else if (gi_is_bytearray(v)) {
        data = ((GiByteArray *)gi_obj(v))->data;
        n = ((GiByteArray *)gi_obj(v))->length;
    } else {
        return gi_raise_status(ts, ERROR(ts), "argument for '%c' must be a bytes object", code->format);
    }
    size_t room = code->size;
    if (code->format == 's') {
        if (n > room) n = room;
        if (n) memcpy(to, data, n);
        memset(to + n, 0, room - n);
    } else if (room) {
        if (n > room - 1) n = room - 1;
        if (n) memcpy(to + 1, data, n);
        memset(to + 1 + n, 0, room - 1 - n);
        to[0] = (char)GI_MIN(n, 255);
    }
    return GI_OK;
}

static GiStatus pack_one(GiThread *ts, const Code *code, char *to, GiVal v) {
    switch (code->format) {
    case 's':
    case 'p': return pack_text(ts, code, to, v);
    case 'c':
        if (!gi_is_bytes(v) || gi_bytes_len(v) != 1)
            return gi_raise_status(ts, ERROR(ts), "char format requires a bytes object of length 1");
        *to = (char)gi_bytes_data(v)[0];
        return GI_OK;
    case '?': {
        GiTruth truth = gi_truth(ts, v);
        if (truth.value < 0) return GI_FAIL;
        *to = truth.value;
        return GI_OK;
    }
    case 'e':
    case 'f':
    case 'd': return pack_float(ts, code, to, v);
    default: return pack_int(ts, code, to, v);
    }
}

static GiStatus pack_all(GiThread *ts, const Layout *s, char *to, const GiVal *args) {
    memset(to, 0, (size_t)s->size);
    for (size_t k = 0; k < s->count; k++) {
        const Code *code = &s->codes[k];
        char *at = to + code->offset;
        for (size_t i = 0; i < code->repeat; i++, at += code->size)
            if (pack_one(ts, code, at, *args++) != GI_OK) return GI_FAIL;
    }
    return GI_OK;
}

static GiRef pack_bytes(GiThread *ts, const Layout *s, const GiVal *args, size_t n) {
    if ((ssize_t)n != s->items)
        return gi_raise_ref(ts, ERROR(ts), "pack expected %zd items for packing (got %zd)", s->items, (ssize_t)n);
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)s->size);
    if (gi_is_null(bytes) || s->size == 0) return bytes;
    if (pack_all(ts, s, (char *)gi_bytes_data(bytes), args) == GI_OK) return bytes;
    gi_drop(ts, bytes);
    return GI_NULL;
}

static GiRef pack_into(GiThread *ts, const Layout *s, const GiVal *args, size_t n) {
    if (n < 2 || (ssize_t)(n - 2) != s->items) {
        if (n == 0) return gi_raise_ref(ts, ERROR(ts), "pack_into expected buffer argument");
        if (n == 1) return gi_raise_ref(ts, ERROR(ts), "pack_into expected offset argument");
        return gi_raise_ref(ts, ERROR(ts), "pack_into expected %zd items for packing (got %zd)", s->items,
                            (ssize_t)(n - 2));
    }
    GiBuffer b;
    if (!gi_has_buffer(args[0]) || gi_buffer_get(ts, args[0], &b, GI_BUF_WRITABLE) != GI_OK) {
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "argument must be read-write bytes-like object, not %.50T", args[0]);
    }
    ssize_t offset;
    GiStatus status = gi_as_ssize(ts, args[1], false, &offset);
    if (status == GI_OK && offset < 0) {
        if (offset + s->size > 0)
            status = gi_raise_status(ts, ERROR(ts), "no space to pack %zd bytes at offset %zd", s->size, offset);
        else if (offset + b.len < 0)
            status = gi_raise_status(ts, ERROR(ts), "offset %zd out of range for %zd-byte buffer", offset, b.len);
        else
            offset += b.len;
    }
    if (status == GI_OK && b.len - offset < s->size)
        status = gi_raise_status(ts, ERROR(ts),
                                 "pack_into requires a buffer of at least %zu bytes for packing %zd bytes at offset "
                                 "%zd (actual buffer size is %zd)",
                                 (size_t)s->size + (size_t)offset, s->size, offset, b.len);
    if (status == GI_OK) status = pack_all(ts, s, (char *)b.data + offset, args + 2);
    gi_buffer_release(ts, &b);
    return status == GI_OK ? GI_REF_NONE : GI_NULL;
}

/* ---- unpacking ---- */

static GiRef unpack_one(GiThread *ts, const Code *code, const char *from) {
    uint64_t bits;
    switch (code->format) {
    case 's': return gi_bytes_from(ts, from, code->size);
    case 'p': {
        size_t n = code->size ? (uint8_t)*from : 0;
        if (code->size && n >= code->size) n = code->size - 1;
        return gi_bytes_from(ts, from + 1, n);
    }
    case 'c': return gi_bytes_from(ts, from, 1);
    case '?': return gi_bool_ref(*from != 0);
    case 'e': return gi_double_ref(gi_float_from_half((uint16_t)load(code, from)));
    case 'f': {
        uint32_t word = (uint32_t)load(code, from);
        float f;
        memcpy(&f, &word, 4);
        return gi_double_ref(f);
    }
    case 'd': {
        double d;
        bits = load(code, from);
        memcpy(&d, &bits, 8);
        return gi_double_ref(d);
    }
    default: break;
    }
    bits = load(code, from);
    if (is_signed(code->format)) {
        int shift = 64 - 8 * (int)code->size;
        return gi_int_from_i64(ts, (int64_t)(bits << shift) >> shift);
    }
    return gi_int_from_u64(ts, bits);
}

static GiRef unpack_all(GiThread *ts, const Layout *s, const char *from) {
    GiRef tuple = gi_tuple_new(ts, (size_t)s->items);
    if (gi_is_null(tuple)) return tuple;
    size_t n = 0;
    for (size_t k = 0; k < s->count; k++) {
        const Code *code = &s->codes[k];
        const char *at = from + code->offset;
        for (size_t i = 0; i < code->repeat; i++, at += code->size) {
            GiRef item = unpack_one(ts, code, at);
            if (gi_is_null(item)) {
                gi_drop(ts, tuple);
                return GI_NULL;
            }
            gi_tuple_init(tuple, n++, item);
        }
    }
    return tuple;
}

static GiRef unpack_exactly(GiThread *ts, const Layout *s, const GiBuffer *b) {
    if (b->len != s->size) return gi_raise_ref(ts, ERROR(ts), "unpack requires a buffer of %zd bytes", s->size);
    return unpack_all(ts, s, b->data);
}

static GiRef unpack_from(GiThread *ts, const Layout *s, const GiBuffer *b, ssize_t offset) {
    if (offset < 0) {
        if (offset + s->size > 0)
            return gi_raise_ref(ts, ERROR(ts), "not enough data to unpack %zd bytes at offset %zd", s->size, offset);
        if (offset + b->len < 0)
            return gi_raise_ref(ts, ERROR(ts), "offset %zd out of range for %zd-byte buffer", offset, b->len);
        offset += b->len;
    }
    if (b->len - offset < s->size)
        return gi_raise_ref(ts, ERROR(ts),
                            "unpack_from requires a buffer of at least %zu bytes for unpacking %zd bytes at offset "
                            "%zd (actual buffer size is %zd)",
                            (size_t)s->size + (size_t)offset, s->size, offset, b->len);
    return unpack_all(ts, s, (const char *)b->data + offset);
}

static GiRef iter_unpack(GiThread *ts, GiVal layout, GiVal buffer) {
    const Layout *s = LAYOUT(layout);
    if (s->size == 0)
        return gi_raise_ref(ts, ERROR(ts), "cannot iteratively unpack with a struct of length 0");
    UnpackIter *it = (UnpackIter *)gi_heap_new(ts, &gi_unpack_iter_type, sizeof(UnpackIter));
    if (!it) return GI_NULL;
    GiRef r = gi_own_obj(it);
    if (gi_buffer_get(ts, buffer, &it->buffer, GI_BUF_SIMPLE) != GI_OK) {
        memset(&it->buffer, 0, sizeof it->buffer);
        gi_drop(ts, r);
        return GI_NULL;
    }
    if (it->buffer.len % s->size) {
        gi_drop(ts, r);
        return gi_raise_ref(ts, ERROR(ts), "iterative unpacking requires a buffer of a multiple of %zd bytes", s->size);
    }
    gi_slot_init(&it->layout, gi_dup(ts, layout));
    return r;
}

/* ---- Struct ---- */

/* The layout, new reference; null when __init__ has not run. */
static GiRef layout_of(GiThread *ts, GiVal self) {
    if (!gi_is_null(STRUCT(self)->layout)) return gi_slot_dup(ts, &STRUCT(self)->layout);
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "Struct object is not initialized");
}

static GiRef struct_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    (void)args, (void)nargs, (void)kwnames;
    return gi_type_alloc(ts, type, 0);
}

/* The layout that a format (bytes) describes. */
static GiRef layout_new(GiThread *ts, GiVal format) {
    const char *chars = (const char *)gi_bytes_data(format);
    Layout counted = {0};
    if (strlen(chars) != gi_bytes_len(format)) return gi_raise_ref(ts, ERROR(ts), "embedded null character");
    if (parse(ts, chars, &counted, NULL) != GI_OK) return GI_NULL;
    Layout *s = (Layout *)gi_heap_new(ts, &gi_struct_layout_type, sizeof(Layout) + counted.count * sizeof(Code));
    if (!s) return GI_NULL;
    if (parse(ts, chars, s, s->codes) == GI_OK) return gi_own_obj(s);
    gi_drop(ts, gi_own_obj(s));
    return GI_NULL;
}

/* The format (str or bytes) as bytes. */
static GiRef format_bytes(GiThread *ts, GiVal format) {
    if (gi_is_str(format)) return gi_encode(ts, format, "ascii", NULL);
    if (gi_is_bytes(format)) return gi_dup(ts, format);
    return gi_raise_ref(ts, &gi_exc_TypeError, "Struct() argument 1 must be a str or bytes object, not %.200T", format);
}

GI_INIT(struct, "(self, format)") {
    GiRef text = format_bytes(ts, a->format);
    if (gi_is_null(text)) return GI_FAIL;
    GiRef layout = layout_new(ts, gi_val(text));
    if (gi_is_null(layout)) {
        gi_drop(ts, text);
        return GI_FAIL;
    }
    gi_slot_set(ts, &STRUCT(self)->layout, layout);
    gi_slot_set(ts, &STRUCT(self)->format, text);
    return GI_OK;
}

/* Evaluates the expression, in which `s` is the layout that the first argument owns. */
#define WITH_LAYOUT(owned, expression)                                                             \
    do {                                                                                           \
        GiRef layout = (owned);                                                                    \
        if (gi_is_null(layout)) return layout;                                                     \
        const Layout *s = LAYOUT(layout);                                                          \
        (void)s;                                                                                   \
        GiRef result = (expression);                                                               \
        gi_drop(ts, layout);                                                                       \
        return result;                                                                             \
    } while (0)

GI_METHOD(struct, pack, "(self, *args)", "S.pack(v1, v2, ...) -> bytes\n\nReturn a bytes object containing values v1, v2, ... packed according\nto the format string S.format.  See help(struct) for more on format\nstrings.") {
    WITH_LAYOUT(layout_of(ts, self), pack_bytes(ts, s, a->args, a->args_count));
}
GI_METHOD(struct, pack_into, "(self, *args)", "S.pack_into(buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string S.format\nand write the packed bytes into the writable buffer buf starting at\noffset.  Note that the offset is a required argument.  See\nhelp(struct) for more on format strings.") {
    WITH_LAYOUT(layout_of(ts, self), pack_into(ts, s, a->args, a->args_count));
}
GI_METHOD(struct, unpack, "(self, buffer: buffer, /)", "Return a tuple containing unpacked values.\n\nUnpack according to the format string Struct.format. The buffer's size\nin bytes must be Struct.size.\n\nSee help(struct) for more on format strings.") {
    WITH_LAYOUT(layout_of(ts, self), unpack_exactly(ts, s, &a->buffer));
}
GI_METHOD(struct, unpack_from, "(self, buffer: buffer, offset: ssize = 0)", "Return a tuple containing unpacked values.\n\nValues are unpacked according to the format string Struct.format.\n\nThe buffer's size in bytes, starting at position offset, must be\nat least Struct.size.\n\nSee help(struct) for more on format strings.") {
    WITH_LAYOUT(layout_of(ts, self), unpack_from(ts, s, &a->buffer, a->offset));
}
GI_METHOD(struct, iter_unpack, "(self, buffer, /)", "Return an iterator yielding tuples.\n\nTuples are unpacked from the given bytes source, like a repeated\ninvocation of unpack_from().\n\nRequires that the bytes length be a multiple of the struct size.") {
    WITH_LAYOUT(layout_of(ts, self), iter_unpack(ts, gi_val(layout), a->buffer));
}
GI_METHOD(struct, __sizeof__, "(self)", "S.__sizeof__() -> size of S in memory, in bytes") {
    WITH_LAYOUT(layout_of(ts, self), gi_smallint_ref((int64_t)(sizeof(Struct) + sizeof(Layout) + s->count * sizeof(Code))));
}
GI_GETTER(struct, format, "struct format string") {
    GiRef text = gi_slot_dup(ts, &STRUCT(self)->format);
    if (gi_is_null(text)) return gi_raise_ref(ts, &gi_exc_RuntimeError, "Struct object is not initialized");
    GiRef str = gi_str_from_latin1(ts, gi_bytes_data(text), gi_bytes_len(text));
    gi_drop(ts, text);
    return str;
}
GI_GETTER(struct, size, "struct size in bytes") { WITH_LAYOUT(layout_of(ts, self), gi_smallint_ref(s->size)); }

static const GiField struct_fields[] = {GI_SLOT(Struct, format), GI_SLOT(Struct, layout), GI_FIELDS_END};

GiType gi_struct_layout_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_struct.layout",
    .module = "_struct",
    .flags = GI_TYPE_NO_NEW,
    .size = sizeof(Layout),
    .base = &gi_object_type,
};

GiType gi_struct_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_struct.Struct",
    .module = "_struct",
    .flags = GI_TYPE_BASE | GI_TYPE_WEAKREF,
    .size = sizeof(Struct),
    .fields = struct_fields,
    .base = &gi_object_type,
    .doc = "Struct(fmt) --> compiled struct object\n\n",
    .methods = struct_methods,
    .getset = struct_getset,
    .new_ = struct_new,
    .init = struct_init,
};

/* ---- iter_unpack's iterator ---- */

#define ITER(v) ((UnpackIter *)gi_obj(v))

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef iter_next(GiThread *ts, GiVal self) {
    UnpackIter *it = ITER(self);
    GiRef tuple = GI_NULL, end = GI_NULL;
    GI_STEP(ts, self) {
        if (!gi_is_null(it->layout) && it->index < it->buffer.len) {
            tuple = unpack_all(ts, LAYOUT(it->layout), (const char *)it->buffer.data + it->index);
            it->index += LAYOUT(it->layout)->size;
        } else {
            end = gi_step_take(&it->layout);
        }
    }
    if (!gi_is_null(end)) gi_buffer_release(ts, &it->buffer); /* only one thread comes here */
    gi_xdrop(ts, end);
    return tuple;
}

static void iter_destroy(GiThread *ts, GiObj *obj) { gi_buffer_release(ts, &((UnpackIter *)obj)->buffer); }

GI_METHOD(unpack_iterator, __length_hint__, "(self)", "") {
    UnpackIter *it = ITER(self);
    ssize_t left = 0;
    GI_STEP(ts, self) if (!gi_is_null(it->layout)) left = (it->buffer.len - it->index) / LAYOUT(it->layout)->size;
    return gi_smallint_ref(left);
}

static void iter_owner(GiObj *obj, GiVisit visit, void *arg) {
    if (!gi_visit_empties(visit)) visit(&((UnpackIter *)obj)->buffer.owner, arg);
}
static const GiField iter_fields[] = {GI_SLOT(UnpackIter, layout), GI_CUSTOM(iter_owner), GI_FIELDS_END};

GiType gi_unpack_iter_type = {
    .obj = GI_TYPE_HEAD,
    .name = "_struct.unpack_iterator",
    .module = "_struct",
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .size = sizeof(UnpackIter),
    .fields = iter_fields,
    .base = &gi_object_type,
    .methods = unpack_iterator_methods,
    .iter = iter_self,
    .next = iter_next,
    .destroy = iter_destroy,
};

/* ---- functions ---- */

/* The layout of a format, from the cache when it is known. */
static GiRef cached(GiThread *ts, GiVal format) {
    State *state = gi_module_state_of(ts, &gi_module__struct);
    bool keyed = state && !gi_is_null(state->cache) && (gi_is_str_exact(format) || gi_is_bytes_exact(format));
    GiRef layout = GI_NULL, cache = keyed ? gi_slot_dup(ts, &state->cache) : GI_NULL;
    if (keyed && (gi_dict_get(ts, gi_val(cache), format, &layout) != GI_OK || !gi_is_null(layout))) goto done;
    GiRef text = format_bytes(ts, format);
    if (gi_is_null(text)) goto done;
    layout = layout_new(ts, gi_val(text));
    gi_drop(ts, text);
    if (gi_is_null(layout) || !keyed) goto done;
    if (gi_dict_len(gi_val(cache)) >= 100) gi_dict_clear(ts, gi_val(cache));
    if (gi_dict_set(ts, gi_val(cache), format, gi_val(layout)) != GI_OK) gi_exc_clear(ts);
done:
    gi_xdrop(ts, cache);
    return layout;
}

GI_FUNCTION(_struct, calcsize, "(format, /)", "Return size in bytes of the struct described by the format string.") {
    WITH_LAYOUT(cached(ts, a->format), gi_smallint_ref(s->size));
}
GI_FUNCTION(_struct, pack, "(*args)", "pack(format, v1, v2, ...) -> bytes\n\nReturn a bytes object containing the values v1, v2, ... packed according\nto the format string.  See help(struct) for more on format strings.") {
    if (a->args_count == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "missing format argument");
    WITH_LAYOUT(cached(ts, a->args[0]), pack_bytes(ts, s, a->args + 1, a->args_count - 1));
}
GI_FUNCTION(_struct, pack_into, "(*args)", "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack the values v1, v2, ... according to the format string and write\nthe packed bytes into the writable buffer buf starting at offset.  Note\nthat the offset is a required argument.  See help(struct) for more\non format strings.") {
    if (a->args_count == 0) return gi_raise_ref(ts, &gi_exc_TypeError, "missing format argument");
    WITH_LAYOUT(cached(ts, a->args[0]), pack_into(ts, s, a->args + 1, a->args_count - 1));
}
GI_FUNCTION(_struct, unpack, "(format, buffer: buffer, /)", "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size in bytes must be calcsize(format).\n\nSee help(struct) for more on format strings.") {
    WITH_LAYOUT(cached(ts, a->format), unpack_exactly(ts, s, &a->buffer));
}
GI_FUNCTION(_struct, unpack_from, "(format, /, buffer: buffer, offset: ssize = 0)", "Return a tuple containing values unpacked according to the format string.\n\nThe buffer's size, minus offset, must be at least calcsize(format).\n\nSee help(struct) for more on format strings.") {
    WITH_LAYOUT(cached(ts, a->format), unpack_from(ts, s, &a->buffer, a->offset));
}
GI_FUNCTION(_struct, iter_unpack, "(format, buffer, /)", "Return an iterator yielding tuples unpacked from the given bytes.\n\nThe bytes are unpacked according to the format string, like\na repeated invocation of unpack_from().\n\nRequires that the bytes length be a multiple of the format struct size.") {
    WITH_LAYOUT(cached(ts, a->format), iter_unpack(ts, gi_val(layout), a->buffer));
}
GI_FUNCTION(_struct, _clearcache, "()", "Clear the internal cache.") {
    gi_dict_clear(ts, gi_slot_peek(&((State *)gi_module_state(self))->cache));
    return GI_REF_NONE;
}

static GiStatus struct_exec(GiThread *ts, GiVal module) {
    State *state = gi_module_state(module);
    GiRef error = gi_type_make(ts, "struct.error", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&state->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "error", error) != GI_OK || gi_type_ready(ts, &gi_unpack_iter_type) != GI_OK ||
        gi_type_ready(ts, &gi_struct_layout_type) != GI_OK)
        return GI_FAIL;
    GiRef cache = gi_dict_new(ts);
    if (gi_is_null(cache)) return GI_FAIL;
    gi_slot_init(&state->cache, cache);
    return gi_module_add_type(ts, module, &gi_struct_type);
}

static const GiField state_fields[] = {GI_SLOT(State, error), GI_SLOT(State, cache), GI_FIELDS_END};

const GiModuleDef gi_module__struct = {
    .name = "_struct",
    .doc = "Functions to convert between Python values and C structs.\nPython bytes objects are used to hold the data representing the C struct\nand also as format strings (explained below) to describe the layout of data\nin the C struct.\n",
    .functions = _struct_functions,
    .exec = struct_exec,
    .state_size = sizeof(State),
    .state_fields = state_fields,
};
