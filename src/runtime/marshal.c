/* marshal.c - writing and reading the marshal format.
 *
 * One type byte an object, bit 7 set when it can be referred to again ('r' and its number). Depth
 * is limited, sizes are checked against what is left: bad data raises. A code object has a head and
 * a body; the body numbers its objects anew and has its length before it, so that it can be skipped
 * and read later.
 */
#include "runtime/marshal.h"
#include "base/float_text.h"
#include "base/strbuf.h"
#include "bytecode/code.h"
#include "compile/compile.h"
#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/set.h"
#include "base/utf8.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/protocol.h"
#include <stdio.h>

#define MAX_DEPTH 2000
#define FLAG_REF 0x80
/* Bodies of code begin at multiples of this, so that their tables of positions can be used in place. */
#define BODY_ALIGN 4

typedef struct Writer {
    GiThread *ts;
    GiStrbuf out;
    int depth, version;
    GiRef seen;       /* dict id -> number; null: version < 3 */
    uint32_t next_ref;
    bool held;          /* the object that is written next has a reference of ours besides its own */
    const GiCode *code; /* whose body is written */
    const char *error;
} Writer;

static void put_byte(Writer *w, int b) {
    char c = (char)b;
    gi_strbuf_append(&w->out, &c, 1);
}
static void put_u16(Writer *w, unsigned v) { put_byte(w, (int)(v & 255)), put_byte(w, (int)(v >> 8 & 255)); }
static void put_u32(Writer *w, uint32_t v) { gi_strbuf_append(&w->out, (const char *)&v, 4); }

static GiStatus write_object(Writer *w, GiVal v);

/* The same for what a container that may change gave us a reference to, which is dropped. */
static GiStatus write_item(Writer *w, GiRef item) {
    w->held = true;
    GiStatus status = write_object(w, gi_val(item));
    gi_drop(w->ts, item);
    return status;
}

/* Writes 'r' and the number when v was written before. 1: done; 0: *flag tells what to set; -1. */
static int write_ref(Writer *w, GiVal v, bool held, int *flag) {
    *flag = 0;
    if (gi_is_null(w->seen) || !gi_is_heap(v)) return 0;
    if (gi_refcount(gi_obj(v)) == 1 + held && gi_obj(v)->owner != GI_OWNER_IMMORTAL) return 0;
    GiRef id = gi_int_from_u64(w->ts, v.bits), number;
    if (gi_is_null(id) || gi_dict_get(w->ts, gi_val(w->seen), gi_val(id), &number) < 0) return -1;
    if (!gi_is_null(number)) {
        put_byte(w, 'r');
        put_u32(w, (uint32_t)gi_smallint_value(number));
        gi_drop(w->ts, id);
        return 1;
    }
    int status = gi_dict_set(w->ts, gi_val(w->seen), gi_val(id), gi_smallint(w->next_ref++));
    gi_drop(w->ts, id);
    *flag = FLAG_REF;
    return status < 0 ? -1 : 0;
}

static GiStatus write_int(Writer *w, GiVal v, int flag) {
    int64_t i;
    if (gi_int_as_i64(v, &i) == 0 && i >= INT32_MIN && i <= INT32_MAX) {
        put_byte(w, 'i' | flag);
        put_u32(w, (uint32_t)i);
        return GI_OK;
    }
    /* 15-bit digits, lowest first; the count carries the sign. */
    size_t bits = gi_int_bit_length(v), digits = (bits + 14) / 15, n = (digits * 15 + 7) / 8 + 1;
    uint8_t *bytes = gi_mem_alloc(w->ts, n + 4);
    if (bytes == NULL) return GI_FAIL;
    GiRef magnitude = gi_unary(w->ts, GI_UN_ABS, v);
    if (gi_is_null(magnitude) || gi_int_to_bytes(w->ts, gi_val(magnitude), bytes, n, true, false) < 0) {
        gi_xdrop(w->ts, magnitude);
        gi_mem_free(bytes);
        return GI_FAIL;
    }
    gi_drop(w->ts, magnitude);
    memset(bytes + n, 0, 4);
    put_byte(w, 'l' | flag);
    put_u32(w, gi_int_sign(v) < 0 ? (uint32_t) - (int32_t)digits : (uint32_t)digits);
    for (size_t d = 0; d < digits; d++) {
        size_t bit = d * 15;
        uint32_t word;
        memcpy(&word, bytes + bit / 8, 4);
        put_u16(w, word >> (bit % 8) & 0x7FFF);
    }
    gi_mem_free(bytes);
    return GI_OK;
}

static GiStatus write_str(Writer *w, GiVal v, int flag) {
    size_t len = gi_str_len(v);
    bool interned = gi_str_is_interned(v);
    if (gi_str_is_ascii(v) && w->version >= 4) {
        if (len < 256) {
            put_byte(w, (interned ? 'Z' : 'z') | flag);
            put_byte(w, (int)len);
        } else {
            put_byte(w, (interned ? 'A' : 'a') | flag);
            put_u32(w, (uint32_t)len);
        }
        gi_strbuf_append(&w->out, gi_str_data(v), len);
        return GI_OK;
    }
    GiRef bytes = gi_encode(w->ts, v, "utf-8", "surrogatepass");
    if (gi_is_null(bytes)) return GI_FAIL;
    put_byte(w, (interned && w->version >= 3 ? 't' : 'u') | flag);
    put_u32(w, (uint32_t)gi_bytes_len(bytes));
    gi_strbuf_append(&w->out, (const char *)gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(w->ts, bytes);
    return GI_OK;
}

static GiStatus write_slots(Writer *w, const GiSlot *items, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (write_object(w, items[i].bits ? gi_val(items[i]) : GI_NONE) < 0) return GI_FAIL;
    return GI_OK;
}

/* The body stands by itself: it refers to nothing outside, so that it can be read alone. */
static GiStatus write_body(Writer *w, GiCode *c) {
    if (write_slots(w, &c->doc, 1) < 0) return GI_FAIL;
    while (w->out.len % BODY_ALIGN != 0) put_byte(w, 0);
    put_u32(w, c->instr_count);
    put_u32(w, (uint32_t)c->const_count), put_u32(w, (uint32_t)c->name_count);
    put_u32(w, (uint32_t)c->handler_count), put_u32(w, (uint32_t)c->position_count);
    gi_strbuf_append(&w->out, (const char *)c->positions, c->position_count * sizeof(GiPosition));
    uint64_t *words = gi_code_general_instrs(w->ts, c);
    if (words == NULL) return GI_FAIL;
    gi_strbuf_append(&w->out, (const char *)words, c->instr_count * sizeof *words);
    gi_mem_free(words);
    gi_strbuf_append(&w->out, (const char *)c->handlers, c->handler_count * sizeof(GiHandler));
    gi_strbuf_append(&w->out, (const char *)c->variable_is_cell, c->local_count);
    if (write_slots(w, c->consts, c->const_count) < 0 || write_slots(w, c->names, c->name_count) < 0 ||
        write_slots(w, c->variables, c->variable_count) < 0)
        return GI_FAIL;
    return GI_OK;
}

static GiStatus write_code(Writer *w, GiVal v) {
    GiCode *c = gi_code_of(v);
    if (gi_code_load(w->ts, c) < 0) return GI_FAIL;
    put_u32(w, c->flags);
    put_u16(w, c->arg_count), put_u16(w, c->posonly_count), put_u16(w, c->kwonly_count);
    put_u16(w, c->local_count), put_u16(w, c->register_count), put_u16(w, c->free_count);
    put_u16(w, c->self_attrs), put_byte(w, c->simple_args);
    put_u32(w, (uint32_t)c->first_line);
    bool same_file = w->code != NULL && gi_str_equal(gi_val(w->code->filename), gi_val(c->filename));
    GiSlot head[3] = {c->name, c->qualname, same_file ? (GiSlot){GI_BITS_NONE} : c->filename};
    if (write_slots(w, head, 3) < 0) return GI_FAIL;
    size_t length_at = w->out.len;
    put_u32(w, 0);
    while (w->out.len % BODY_ALIGN != 0) put_byte(w, 0);
    size_t begin = w->out.len;
    Writer outer = *w;
    w->code = c;
    w->next_ref = 0;
    GiStatus status = GI_OK;
    if (!gi_is_null(outer.seen)) {
        w->seen = gi_dict_new(w->ts);
        if (gi_is_null(w->seen)) status = GI_FAIL;
    }
    if (status == GI_OK) status = write_body(w, c);
    gi_xdrop(w->ts, w->seen);
    w->seen = outer.seen;
    w->next_ref = outer.next_ref;
    w->code = outer.code;
    uint32_t length = (uint32_t)(w->out.len - begin);
    if (!w->out.failed) memcpy(w->out.data + length_at, &length, 4);
    return status;
}

/* The items of a set in the order of their own marshalled bytes: equal sets give equal bytes. */
static GiStatus write_sorted(Writer *w, GiVal set) {
    GiThread *ts = w->ts;
    if (gi_set_len(set) == 1) { /* PERF: sorting writes everything twice, on each level */
        GiRef one = gi_to_list(ts, set);
        if (gi_is_null(one)) return GI_FAIL;
        GiRef item = gi_list_get(ts, gi_val(one), 0);
        gi_drop(ts, one);
        return gi_is_null(item) ? GI_FAIL : write_item(w, item);
    }
    GiRef pairs = gi_list_new(ts, gi_set_len(set)), items = gi_to_list(ts, set);
    GiStatus status = gi_is_null(pairs) || gi_is_null(items) ? GI_FAIL : GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_list_len(items); i++) {
        GiVal item = gi_list_peek_locked(gi_val(items), i);
        GiRef bytes = gi_marshal_dump(ts, item, w->version);
        GiRef pair = gi_is_null(bytes) ? bytes : gi_tuple_steal(ts, (GiRef[]){bytes, gi_smallint_ref((int64_t)i)}, 2);
        status = gi_is_null(pair) ? GI_FAIL : gi_list_append(ts, gi_val(pairs), pair);
    }
    if (status == GI_OK) status = gi_list_sort(ts, gi_val(pairs), GI_NOVAL, false);
    for (size_t i = 0; status == GI_OK && i < gi_list_len(pairs); i++) {
        GiVal number = gi_tuple_get(gi_list_peek_locked(gi_val(pairs), i), 1);
        status = write_object(w, gi_list_peek_locked(gi_val(items), (size_t)gi_smallint_value(number)));
    }
    gi_xdrop(ts, pairs), gi_xdrop(ts, items);
    return status;
}


static GiStatus write_collection(Writer *w, GiVal v, int flag) {
    GiType *type = gi_type_of(v);
    if (type == &gi_tuple_type) {
        size_t n = gi_tuple_len(v);
        if (n < 256 && w->version >= 4) put_byte(w, ')' | flag), put_byte(w, (int)n);
        else put_byte(w, '(' | flag), put_u32(w, (uint32_t)n);
        return write_slots(w, gi_tuple_of(v)->items, n);
    }
    if (type == &gi_list_type) {
        size_t n = gi_list_len(v);
        put_byte(w, '[' | flag), put_u32(w, (uint32_t)n);
        for (size_t i = 0; i < n; i++) {
            GiRef item = gi_list_get(w->ts, v, i);
            if (write_item(w, gi_is_null(item) ? GI_REF_NONE : item) < 0) return GI_FAIL;
        }
        return GI_OK;
    }
    if (type == &gi_dict_type) {
        put_byte(w, '{' | flag);
        size_t pos = 0;
        GiRef key, value;
        while (gi_dict_next(w->ts, v, &pos, &key, &value)) {
            GiStatus status = write_item(w, key);
            if (status < 0) gi_drop(w->ts, value);
            else status = write_item(w, value);
            if (status < 0) return GI_FAIL;
        }
        put_byte(w, '0');
        return GI_OK;
    }
    if (type == &gi_set_type || type == &gi_frozenset_type) {
        put_byte(w, (type == &gi_set_type ? '<' : '>') | flag);
        put_u32(w, (uint32_t)gi_set_len(v));
        return write_sorted(w, v);
    }
    if (type == &gi_code_type) {
        put_byte(w, 'c' | flag);
        return write_code(w, v);
    }
    GiBuffer view;
    if (gi_has_buffer(v) && gi_buffer_get(w->ts, v, &view, GI_BUF_BRIEF) == GI_OK) {
        put_byte(w, 's' | flag);
        put_u32(w, (uint32_t)view.len);
        gi_strbuf_append(&w->out, view.data, (size_t)view.len);
        gi_buffer_release(w->ts, &view);
        return GI_OK;
    }
    if (gi_raised(w->ts)) gi_exc_clear(w->ts);
    put_byte(w, '?');
    w->error = "unmarshallable object";
    return GI_FAIL;
}

static GiStatus write_object(Writer *w, GiVal v) {
    bool held = w->held;
    w->held = false;
    static const struct { uint64_t bits; char type; } constants[] = {
        {GI_BITS_NONE, 'N'}, {GI_BITS_TRUE, 'T'}, {GI_BITS_FALSE, 'F'}, {GI_BITS_ELLIPSIS, '.'}};
    for (size_t i = 0; i < GI_COUNTOF(constants); i++)
        if (v.bits == constants[i].bits) {
            put_byte(w, constants[i].type);
            return GI_OK;
        }
    if (gi_is_heap(v) && gi_is_type(v) && gi_same(v, gi_type_val(&gi_exc_StopIteration))) {
        put_byte(w, 'S');
        return GI_OK;
    }
    if (++w->depth > MAX_DEPTH) {
        w->error = "object too deeply nested to marshal";
        return GI_FAIL;
    }
    int flag, known = write_ref(w, v, held, &flag);
    GiStatus status = known < 0 ? GI_FAIL : GI_OK;
    if (known == 0) {
        if (gi_is_int_exact(v)) {
            status = write_int(w, v, flag);
        } else if (gi_is_double(v)) {
            double d = gi_double_value(v);
            if (w->version > 1) {
                put_byte(w, 'g');
                gi_strbuf_append(&w->out, (const char *)&d, 8);
            } else {
                char repr[32];
                int n = snprintf(repr, sizeof repr, "%.17g", d);
                put_byte(w, 'f'), put_byte(w, n);
                gi_strbuf_append(&w->out, repr, (size_t)n);
            }
        } else if (gi_is_exact(v, &gi_complex_type)) {
            GiComplex *c = (GiComplex *)gi_obj(v);
            put_byte(w, 'y' | flag);
            gi_strbuf_append(&w->out, (const char *)&c->real, 8);
            gi_strbuf_append(&w->out, (const char *)&c->imag, 8);
        } else if (gi_is_bytes_exact(v)) {
            put_byte(w, 's' | flag);
            put_u32(w, (uint32_t)gi_bytes_len(v));
            gi_strbuf_append(&w->out, (const char *)gi_bytes_data(v), gi_bytes_len(v));
        } else if (gi_is_str_exact(v)) {
            status = write_str(w, v, flag);
        } else {
            status = write_collection(w, v, flag);
        }
    }
    w->depth--;
    return status;
}

GiRef gi_marshal_dump(GiThread *ts, GiVal v, int version) {
    Writer w = {.ts = ts, .version = version};
    if (version >= 3) {
        w.seen = gi_dict_new(ts);
        if (gi_is_null(w.seen)) return GI_NULL;
    }
    GiRef result = GI_NULL;
    if (write_object(&w, v) == GI_OK) {
        if (w.out.failed) gi_raise_nomem(ts);
        else result = gi_bytes_from(ts, w.out.data ? w.out.data : "", w.out.len);
    } else if (w.error) {
        gi_raise(ts, &gi_exc_ValueError, "%s", w.error);
    }
    gi_strbuf_free(&w.out);
    gi_xdrop(ts, w.seen);
    return result;
}

/* ---- Reading ---- */

typedef struct Reader {
    GiThread *ts;
    const uint8_t *start, *at, *end;
    GiRef *refs;        /* what can be referred to; null while it is being made */
    size_t ref_count, ref_room;
    int depth;
    GiVal source;       /* GiCodeSource, or null: bodies are read at once */
    const GiCode *code; /* whose body is read, or NULL */
    GiVal file;         /* where more comes from, or null */
    uint8_t *buffer;    /* what came from there: all from start on */
    size_t room;
} Reader;

enum { FILE_PIECE = 1 << 16 };

/* Has the file's readinto() fill `piece`, a bytearray, and copies it: `wanted` bytes, or an exception is set. */
static GiStatus read_piece(GiThread *ts, GiVal file, GiVal piece, uint8_t *out, size_t wanted) {
    int64_t got;
    GiRef count = gi_call_method_cstr(ts, file, "readinto", &piece, 1);
    GiStatus status = gi_is_null(count) ? GI_FAIL : gi_as_i64(ts, gi_val(count), &got);
    gi_xdrop(ts, count);
    if (status < 0) return status;
    if (got > (int64_t)wanted)
        return gi_raise_status(ts, &gi_exc_ValueError, "read() returned too much data: %zu bytes requested, %lld returned",
                               wanted, (long long)got);
    GiBuffer view;
    if (gi_buffer_get(ts, piece, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
    bool full = got == (int64_t)wanted && view.len == (ssize_t)wanted;
    if (full) memcpy(out, view.data, wanted);
    gi_buffer_release(ts, &view);
    return full ? GI_OK : gi_raise_status(ts, &gi_exc_EOFError, "EOF read where not expected");
}
/* Reads from the file until n bytes are at hand, never more. */
static bool fill(Reader *r, size_t n) {
    GiThread *ts = r->ts;
    if (gi_raised(ts)) return false;
    for (;;) {
        size_t used = (size_t)(r->at - r->start), have = (size_t)(r->end - r->at);
        if (have >= n) return true;
        size_t wanted = GI_MIN(n - have, (size_t)FILE_PIECE);
        if (used + have + wanted > r->room) {
            size_t room = (used + have + wanted) * 2;
            uint8_t *buffer = gi_mem_realloc(ts, r->buffer, room);
            if (buffer == NULL) return false;
            r->buffer = buffer;
            r->room = room;
            r->start = buffer;
            r->at = buffer + used;
            r->end = r->at + have;
        }
        GiRef piece = gi_bytearray_from(ts, NULL, wanted);
        if (gi_is_null(piece)) return false;
        GiStatus status = read_piece(ts, r->file, gi_val(piece), r->buffer + used + have, wanted);
        gi_drop(ts, piece);
        if (status < 0) return false;
        r->end += wanted;
    }
}
static GI_NOINLINE bool need_more(Reader *r, size_t n) {
    if (!gi_is_null(r->file)) return fill(r, n);
    if (!gi_raised(r->ts)) gi_raise(r->ts, &gi_exc_EOFError, "marshal data too short");
    return false;
}
static inline bool need(Reader *r, size_t n) { return GI_LIKELY((size_t)(r->end - r->at) >= n) || need_more(r, n); }
/* That n objects, of a byte at least, may follow. */
static bool need_objects(Reader *r, size_t n) {
    if (need(r, n)) return true;
    if (gi_exc_matches(r->ts, &gi_exc_EOFError)) {
        gi_exc_clear(r->ts);
        gi_raise(r->ts, &gi_exc_EOFError, "EOF read where object expected");
    }
    return false;
}
static uint32_t get_u32(Reader *r) {
    if (!need(r, 4)) return 0;
    uint32_t v;
    memcpy(&v, r->at, 4);
    r->at += 4;
    return v;
}
static uint16_t get_u16(Reader *r) {
    if (!need(r, 2)) return 0;
    uint16_t v;
    memcpy(&v, r->at, 2);
    r->at += 2;
    return v;
}
static int get_byte(Reader *r) { return need(r, 1) ? *r->at++ : -1; }

static GiRef bad(Reader *r, const char *why) {
    if (!gi_raised(r->ts)) gi_raise(r->ts, &gi_exc_ValueError, "bad marshal data (%s)", why);
    return GI_NULL;
}
/* How many items or bytes a `what` has; false: an exception is set. */
static bool get_size(Reader *r, const char *what, size_t *n) {
    *n = get_u32(r);
    if (gi_raised(r->ts)) return false;
    if (*n > INT32_MAX) gi_raise(r->ts, &gi_exc_ValueError, "bad marshal data (%s size out of range)", what);
    return *n <= INT32_MAX;
}

/* Makes room for one more object that can be referred to; its number, or -1. */
static ssize_t new_ref(Reader *r) {
    if (r->ref_count == r->ref_room) {
        size_t room = r->ref_room ? r->ref_room * 2 : 32;
        GiRef *refs = gi_mem_realloc(r->ts, r->refs, room * sizeof *refs);
        if (refs == NULL) return -1;
        r->refs = refs;
        r->ref_room = room;
    }
    r->refs[r->ref_count] = GI_NULL;
    return (ssize_t)r->ref_count++;
}
/* What number `ref` stands for, if it is one: v. */
static void set_ref(Reader *r, ssize_t ref, GiVal v) {
    if (ref < 0) return;
    GiRef old = r->refs[ref];
    r->refs[ref] = gi_dup(r->ts, v);
    gi_xdrop(r->ts, old);
}
static void drop_refs(Reader *r) {
    for (size_t i = 0; i < r->ref_count; i++) gi_xdrop(r->ts, r->refs[i]);
    gi_mem_free(r->refs);
}

/* Null with no exception: the end mark of a dict. */
static GiRef read_object(Reader *r);

/* A member of a `what`. */
static GiRef read_member(Reader *r, const char *what) {
    GiRef v = read_object(r);
    if (gi_is_null(v) && !gi_raised(r->ts)) gi_raise(r->ts, &gi_exc_TypeError, "NULL object in marshal data for %s", what);
    return v;
}
static GiRef read_item(Reader *r) { return read_member(r, "object"); }

static GiRef read_long(Reader *r) {
    int32_t n = (int32_t)get_u32(r);
    if (gi_raised(r->ts)) return GI_NULL;
    if (n == INT32_MIN) return bad(r, "long size out of range");
    size_t digits = (size_t)(n < 0 ? -(int64_t)n : n);
    if (!need(r, digits * 2)) return GI_NULL;
    size_t size = digits * 15 / 8 + 8;
    uint8_t *bytes = gi_mem_calloc(r->ts, size, 1);
    if (bytes == NULL) return GI_NULL;
    for (size_t d = 0; d < digits; d++) {
        uint32_t digit = get_u16(r);
        if (digit > 0x7FFF || (digit == 0 && d + 1 == digits)) {
            gi_mem_free(bytes);
            return bad(r, digit ? "digit out of range in long" : "unnormalized long data");
        }
        size_t bit = d * 15;
        uint32_t word;
        memcpy(&word, bytes + bit / 8, 4);
        word |= digit << (bit % 8);
        memcpy(bytes + bit / 8, &word, 4);
    }
    GiRef v = gi_int_from_bytes(r->ts, bytes, size, true, false);
    gi_mem_free(bytes);
    if (n < 0 && !gi_is_null(v)) {
        GiRef negative = gi_unary(r->ts, GI_UN_NEG, gi_val(v));
        gi_drop(r->ts, v);
        return negative;
    }
    return v;
}

static GiRef read_text(Reader *r, size_t len, bool ascii, bool interned) {
    if (!need(r, len)) return GI_NULL;
    const char *data = (const char *)r->at;
    r->at += len;
    if (ascii && interned && gi_ascii_prefix(data, len) == len) return gi_intern_ascii(r->ts, data, len);
    GiRef v = ascii ? gi_str_from_latin1(r->ts, data, len) : gi_decode(r->ts, data, len, "utf-8", "surrogatepass");
    return interned && !gi_is_null(v) ? gi_str_intern(r->ts, v) : v;
}

static GiRef read_tuple(Reader *r, size_t n, ssize_t ref) {
    if (!need_objects(r, n)) return GI_NULL;
    GiRef tuple = gi_tuple_new(r->ts, n);
    if (gi_is_null(tuple)) return tuple;
    for (size_t i = 0; i < n; i++) gi_tuple_init(tuple, i, GI_REF_NONE); /* it may be referred to before it is full */
    set_ref(r, ref, gi_val(tuple));
    for (size_t i = 0; i < n; i++) {
        GiRef item = read_member(r, "tuple");
        if (gi_is_null(item)) goto fail;
        gi_tuple_init(tuple, i, item);
    }
    return tuple;
fail:
    gi_drop(r->ts, tuple);
    return GI_NULL;
}

static GiRef read_list(Reader *r, ssize_t ref) {
    size_t n;
    if (!get_size(r, "list", &n) || !need_objects(r, n)) return GI_NULL;
    GiRef list = gi_list_new(r->ts, n);
    if (gi_is_null(list)) return list;
    set_ref(r, ref, gi_val(list));
    for (size_t i = 0; i < n; i++) {
        GiRef item = read_member(r, "list");
        if (gi_is_null(item) || gi_list_append(r->ts, gi_val(list), item) < 0) {
            gi_drop(r->ts, list);
            return GI_NULL;
        }
    }
    return list;
}

/* A key or a value that is the end mark ends the dict. */
static GiRef read_dict(Reader *r, ssize_t ref) {
    GiThread *ts = r->ts;
    GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return dict;
    set_ref(r, ref, gi_val(dict));
    for (;;) {
        GiRef key = read_object(r);
        if (gi_is_null(key)) break;
        GiRef value = read_object(r);
        GiStatus status = gi_is_null(value) ? GI_FAIL : gi_dict_set(ts, gi_val(dict), gi_val(key), gi_val(value));
        gi_xdrop(ts, value);
        gi_drop(ts, key);
        if (status < 0) break;
    }
    if (!gi_raised(ts)) return dict;
    gi_drop(ts, dict);
    return GI_NULL;
}

/* A frozenset is a set until it has its items, and cannot be referred to before that. */
static GiRef read_set(Reader *r, bool frozen, ssize_t ref) {
    GiThread *ts = r->ts;
    size_t n;
    if (!get_size(r, "set", &n) || !need_objects(r, n)) return GI_NULL;
    GiRef set = gi_set_new(ts, GI_NOVAL);
    if (gi_is_null(set)) return set;
    if (!frozen) set_ref(r, ref, gi_val(set));
    for (size_t i = 0; i < n; i++) {
        GiRef item = read_member(r, "set");
        GiStatus status = gi_is_null(item) ? GI_FAIL : gi_set_add(ts, gi_val(set), gi_val(item));
        gi_xdrop(ts, item);
        if (status < 0) {
            gi_drop(ts, set);
            return GI_NULL;
        }
    }
    if (!frozen) return set;
    GiRef result = gi_frozenset_new(ts, gi_val(set));
    gi_drop(ts, set);
    return result;
}

/* *count tells how many are to be dropped, on failure as well. */
static GiStatus read_slots(Reader *r, GiSlot **out, size_t *count, size_t n) {
    if (!need(r, n)) return GI_FAIL;
    *out = gi_mem_alloc(r->ts, (n ? n : 1) * sizeof(GiSlot));
    if (*out == NULL) return GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        GiRef v = read_item(r);
        if (gi_is_null(v)) return GI_FAIL;
        gi_slot_init(&(*out)[i], v);
        *count = i + 1;
    }
    return GI_OK;
}
static GiStatus read_block(Reader *r, void **out, size_t count, size_t size) {
    if (count > SIZE_MAX / size || !need(r, count * size)) return GI_FAIL;
    *out = gi_mem_alloc(r->ts, count * size + 1);
    if (*out == NULL) return GI_FAIL;
    memcpy(*out, r->at, count * size);
    r->at += count * size;
    return GI_OK;
}

/* The table is used where it stands if it stays there. PYSEM: with -X no_debug_ranges nobody is told of the
 * columns that were written down. */
static GiStatus read_positions(Reader *r, GiCode *part, size_t count) {
    if (count > SIZE_MAX / sizeof(GiPosition) || !need(r, count * sizeof(GiPosition))) return GI_FAIL;
    bool columns = !(r->ts->vm->debug_flags & GI_VM_NO_COLUMNS);
    if (columns && !gi_is_null(r->source) && (uintptr_t)r->at % _Alignof(GiPosition) == 0) {
        part->positions = (const GiPosition *)(const void *)r->at;
        r->at += count * sizeof(GiPosition);
    } else {
        if (read_block(r, (void **)&part->own_positions, count, sizeof(GiPosition)) < 0) return GI_FAIL;
        for (size_t i = 0; i < count && !columns; i++) part->own_positions[i].col = part->own_positions[i].end_col = -1;
        part->positions = part->own_positions;
    }
    part->position_count = count;
    return GI_OK;
}

static bool all_text(const GiSlot *slots, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!gi_is_str(gi_val(slots[i]))) return false;
    return true;
}

static GiStatus read_body(Reader *r, GiCode *part, bool only_doc) {
    GiRef doc = read_item(r);
    if (gi_is_null(doc)) return GI_FAIL;
    gi_slot_init(&part->doc, doc);
    if (only_doc) return GI_OK;
    size_t padding = (size_t)(r->start - r->at) % BODY_ALIGN;
    if (!need(r, padding)) return GI_FAIL;
    r->at += padding;
    uint32_t instrs = get_u32(r);
    size_t consts = get_u32(r), names = get_u32(r), handlers = get_u32(r), positions = get_u32(r);
    size_t variables = (size_t)part->local_count + part->free_count;
    if (gi_raised(r->ts) || read_positions(r, part, positions) < 0 ||
        read_block(r, (void **)&part->instrs, instrs, 8) < 0)
        return GI_FAIL;
    part->instr_count = instrs;
    if (read_block(r, (void **)&part->handlers, handlers, sizeof(GiHandler)) < 0 ||
        read_block(r, (void **)&part->variable_is_cell, part->local_count, 1) < 0)
        return GI_FAIL;
    part->handler_count = handlers;
    if (read_slots(r, &part->consts, &part->const_count, consts) < 0 ||
        read_slots(r, &part->names, &part->name_count, names) < 0 ||
        read_slots(r, &part->variables, &part->variable_count, variables) < 0)
        return GI_FAIL;
    for (size_t i = 0; i < part->local_count; i++) part->variable_is_cell[i] = part->variable_is_cell[i] != 0;
    if (!all_text(part->names, names) || !all_text(part->variables, variables) ||
        (positions > 0 && part->positions[positions - 1].start > instrs)) {
        bad(r, "invalid code");
        return GI_FAIL;
    }
    return GI_OK;
}

/* Reads a body by itself. */
static GiStatus read_body_alone(GiThread *ts, const GiCode *code, GiVal source, int depth, GiCode *part, bool only_doc) {
    Reader r = {.ts = ts, .start = code->body, .at = code->body, .end = code->body + code->body_len,
                .depth = depth, .source = source, .code = code};
    GiStatus status = read_body(&r, part, only_doc);
    if (status < 0) GI_ASSERT(gi_raised(ts));
    drop_refs(&r);
    return status;
}
static GiStatus read_later(GiThread *ts, const GiCode *code, GiCode *part, bool only_doc) {
    return read_body_alone(ts, code, gi_val(code->source), 0, part, only_doc);
}

GiRef gi_marshal_source(GiThread *ts, GiVal owner, void *mapping, size_t mapped) {
    return gi_code_source_new(ts, gi_xdup(ts, owner), mapping, mapped, read_later);
}

static GiStatus read_head(Reader *r, GiCode *c) {
    c->flags = get_u32(r);
    c->arg_count = get_u16(r), c->posonly_count = get_u16(r), c->kwonly_count = get_u16(r);
    c->local_count = get_u16(r), c->register_count = get_u16(r), c->free_count = get_u16(r);
    c->self_attrs = get_u16(r);
    c->simple_args = get_byte(r) > 0;
    c->first_line = (int32_t)get_u32(r);
    GiSlot *texts[3] = {&c->name, &c->qualname, &c->filename};
    for (int i = 0; i < 3; i++) {
        GiRef v = gi_raised(r->ts) ? GI_NULL : read_item(r);
        if (gi_is_null(v)) return GI_FAIL;
        if (i == 2 && gi_is_none(gi_val(v)) && r->code != NULL) v = gi_slot_dup(r->ts, &r->code->filename);
        if (!gi_is_str(gi_val(v))) {
            gi_drop(r->ts, v);
            bad(r, "invalid code");
            return GI_FAIL;
        }
        gi_slot_init(texts[i], v);
    }
    c->body_len = get_u32(r);
    size_t padding = (size_t)(r->start - r->at) % BODY_ALIGN;
    if (gi_raised(r->ts) || !need(r, padding) || !need(r, padding + c->body_len)) return GI_FAIL;
    c->body = r->at + padding;
    r->at += padding + c->body_len;
    return GI_OK;
}

static GiRef read_code(Reader *r) {
    GiThread *ts = r->ts;
    GiRef made = gi_code_new(ts);
    if (gi_is_null(made)) return made;
    GiCode *c = gi_code_of(made);
    GiStatus status = read_head(r, c);
    if (status == GI_OK && gi_is_null(r->source)) {
        status = read_body_alone(ts, c, GI_NOVAL, r->depth, c, false);
        c->body = NULL;
        if (status == GI_OK) status = gi_code_verify(ts, c);
    } else if (status == GI_OK) {
        gi_slot_init(&c->source, gi_dup(ts, r->source));
    }
    if (status == GI_OK) status = gi_code_seal(ts, gi_val(made));
    if (status == GI_OK) return made;
    gi_drop(ts, made);
    return GI_NULL;
}

/* A float as text: its length in a byte, and so many bytes. */
static GiStatus read_float_text(Reader *r, double *out) {
    int n = get_byte(r);
    if (n < 0 || !need(r, (size_t)n)) return GI_FAIL;
    char text[256];
    memcpy(text, r->at, (size_t)n);
    text[n] = 0;
    r->at += n;
    size_t len = strlen(text);
    if (len > 0 && gi_float_parse(text, len, out) == len) return GI_OK;
    return gi_raise_status(r->ts, &gi_exc_ValueError, "could not convert string to float: '%.200s'", text);
}

/* Up to two floats, each as eight bytes or as text. */
static GiStatus read_floats(Reader *r, bool text, double *out, size_t count) {
    for (size_t i = 0; i < count && text; i++)
        if (read_float_text(r, &out[i]) < 0) return GI_FAIL;
    if (text) return GI_OK;
    if (!need(r, count * sizeof *out)) return GI_FAIL;
    memcpy(out, r->at, count * sizeof *out);
    r->at += count * sizeof *out;
    return GI_OK;
}

static GiRef read_reference(Reader *r) {
    size_t n = get_u32(r);
    if (gi_raised(r->ts)) return GI_NULL;
    if (n >= r->ref_count || gi_is_null(r->refs[n])) return bad(r, "invalid reference");
    return gi_dup(r->ts, gi_val(r->refs[n]));
}

static GiRef read_bytes(Reader *r) {
    size_t n;
    if (!get_size(r, "bytes object", &n) || !need(r, n)) return GI_NULL;
    GiRef v = gi_bytes_from(r->ts, r->at, n);
    r->at += n;
    return v;
}

static GiRef read_typed(Reader *r, int type, ssize_t ref) {
    GiThread *ts = r->ts;
    double d[2];
    size_t n;
    int small;
    switch (type) {
    case 'i':
        small = (int)get_u32(r);
        return gi_raised(ts) ? GI_NULL : gi_smallint_ref(small);
    case 'I': {
        int64_t v;
        if (!need(r, 8)) return GI_NULL;
        memcpy(&v, r->at, 8);
        r->at += 8;
        return gi_int_from_i64(ts, v);
    }
    case 'l': return read_long(r);
    case 'f':
    case 'g': return read_floats(r, type == 'f', d, 1) < 0 ? GI_NULL : gi_double_ref(d[0]);
    case 'x':
    case 'y': return read_floats(r, type == 'x', d, 2) < 0 ? GI_NULL : gi_complex_new(ts, d[0], d[1]);
    case 's': return read_bytes(r);
    case 'z':
    case 'Z': small = get_byte(r); return small < 0 ? GI_NULL : read_text(r, (size_t)small, true, type == 'Z');
    case 'a':
    case 'A':
    case 'u':
    case 't':
        if (!get_size(r, "string", &n)) return GI_NULL;
        return read_text(r, n, type == 'a' || type == 'A', type == 'A' || type == 't');
    case ')': small = get_byte(r); return small < 0 ? GI_NULL : read_tuple(r, (size_t)small, ref);
    case '(': return get_size(r, "tuple", &n) ? read_tuple(r, n, ref) : GI_NULL;
    case '[': return read_list(r, ref);
    case '{': return read_dict(r, ref);
    case '<':
    case '>': return read_set(r, type == '>', ref);
    case 'c': return read_code(r);
    default: return bad(r, "unknown type code");
    }
}

static GiRef read_object(Reader *r) {
    GiThread *ts = r->ts;
    int code = need_objects(r, 1) ? get_byte(r) : -1;
    if (code < 0) return GI_NULL;
    int type = code & ~FLAG_REF;
    if (r->depth >= MAX_DEPTH) return gi_raise_ref(ts, &gi_exc_ValueError, "recursion limit exceeded");
    switch (type) { /* what has no number, whatever its flag says */
    case '0': return GI_NULL;
    case 'N': return GI_REF_NONE;
    case 'T': return GI_REF_TRUE;
    case 'F': return GI_REF_FALSE;
    case '.': return GI_REF_ELLIPSIS;
    case 'S': return gi_dup(ts, gi_type_val(&gi_exc_StopIteration));
    case 'r': return read_reference(r);
    default: break;
    }
    ssize_t ref = -1;
    if (code & FLAG_REF && (ref = new_ref(r)) < 0) return GI_NULL;
    r->depth++;
    GiRef v = read_typed(r, type, ref);
    if (!gi_is_null(v)) set_ref(r, ref, gi_val(v));
    r->depth--;
    return v;
}

GiRef gi_marshal_load(GiThread *ts, const uint8_t *data, size_t len, GiVal source) {
    Reader r = {.ts = ts, .start = data, .at = data, .end = data + len, .source = source};
    GiRef v = read_item(&r);
    drop_refs(&r);
    return v;
}
GiRef gi_marshal_read(GiThread *ts, GiVal file) {
    Reader r = {.ts = ts, .file = file, .room = 256};
    r.buffer = gi_mem_alloc(ts, r.room);
    r.start = r.at = r.end = r.buffer;
    GiRef v = r.buffer ? read_item(&r) : GI_NULL;
    gi_mem_free(r.buffer);
    drop_refs(&r);
    return v;
}
