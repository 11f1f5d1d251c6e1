/* load.c - reading a pickle: input from memory or a file, the stack machine.
 *
 * A file is never read beyond the end of the pickle: what is wanted is asked for exactly, a frame at
 * once; or peek() shows what lies ahead, and what was used of it is read afterwards.
 * The stack owns its values; marks are heights of it. INVARIANT: fence is the last mark, or 0.
 */
#include "modules/_pickle/pickle.h"
#include "objects/container.h"
#include <stdlib.h>

enum { PEEK_SIZE = 128 * 1024 };

/* ---- Input ---- */

static GI_COLD GiStatus truncated(GiLoader *l) { return gi_unpickling_error(l->ts, "pickle data was truncated"); }

static void set_chunk(GiLoader *l, GiRef chunk, bool peeked) {
    gi_xdrop(l->ts, l->chunk);
    l->chunk = chunk;
    l->peeked = peeked;
    l->start = l->at = gi_is_null(chunk) ? NULL : gi_bytes_data(chunk);
    l->end = gi_is_null(chunk) ? NULL : l->at + gi_bytes_len(chunk);
}
static GiRef read_call(GiLoader *l, GiVal method, ssize_t n, const char *name) {
    GiRef count = n < 0 ? GI_REF_NONE : gi_int_from_i64(l->ts, n);
    if (gi_is_null(count)) return count;
    GiRef r = n < 0 ? gi_call0(l->ts, method) : gi_call1(l->ts, method, gi_val(count));
    gi_drop(l->ts, count);
    if (gi_is_null(r) || gi_is_bytes(gi_val(r))) return r;
    gi_raise(l->ts, &gi_exc_ValueError, "%s() returned non-bytes object (%R)", name, gi_val(r));
    gi_drop(l->ts, r);
    return GI_NULL;
}
/* Reads what was used of a peek, so that the file stands where we do. */
static GiStatus catch_up(GiLoader *l) {
    if (!l->peeked) return GI_OK;
    ssize_t used = l->at - l->start;
    set_chunk(l, GI_NULL, false);
    if (used == 0) return GI_OK;
    GiRef r = read_call(l, l->read, used, "read");
    gi_xdrop(l->ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}
/* n bytes that are not at hand. */
static GI_COLD const uint8_t *fetch(GiLoader *l, size_t n) {
    GiThread *ts = l->ts;
    if (gi_is_null(l->read)) return truncated(l), NULL;
    if (n > PTRDIFF_MAX) return gi_raise(ts, &gi_exc_OverflowError, "read would exceed the size of memory"), NULL;
    if (l->peeked && catch_up(l) < 0) return NULL;
    size_t left = (size_t)(l->end - l->at);
    if (left == 0 && !gi_is_null(l->peek) && n < PEEK_SIZE) {
        GiRef ahead = gi_call1(ts, l->peek, gi_smallint(PEEK_SIZE));
        if (gi_is_null(ahead)) {
            if (!gi_exc_matches(ts, &gi_exc_NotImplementedError)) return NULL;
            gi_exc_clear(ts);
            l->peek = GI_NOVAL;
        } else if (gi_is_bytes(gi_val(ahead)) && gi_bytes_len(ahead) >= n) {
            set_chunk(l, ahead, true);
            l->at += n;
            return l->at - n;
        } else {
            gi_drop(ts, ahead);
        }
    }
    GiRef more = read_call(l, l->read, (ssize_t)(n - left), "read");
    if (gi_is_null(more)) return NULL;
    if (left) {
        GiRef rest = gi_bytes_from(ts, l->at, left), all = gi_is_null(rest) ? GI_NULL : gi_bytes_concat(ts, gi_val(rest), gi_val(more));
        gi_xdrop(ts, rest);
        gi_drop(ts, more);
        if (gi_is_null(all)) return NULL;
        more = all;
    }
    if (gi_bytes_len(more) < n) {
        gi_drop(ts, more);
        return truncated(l), NULL;
    }
    set_chunk(l, more, false);
    l->at += n;
    return l->at - n;
}
/* The next n bytes, valid until more is asked for; NULL: raised. */
static inline const uint8_t *take(GiLoader *l, size_t n) {
    if (GI_UNLIKELY((size_t)(l->end - l->at) < n)) return fetch(l, n);
    l->at += n;
    return l->at - n;
}
/* A line with its end; NULL: raised. */
static const uint8_t *take_line(GiLoader *l, size_t *len) {
    const uint8_t *start = l->at, *eol = l->at < l->end ? memchr(l->at, '\n', (size_t)(l->end - l->at)) : NULL;
    if (eol == NULL) {
        if (gi_is_null(l->readline)) return truncated(l), NULL;
        if (catch_up(l) < 0) return NULL;
        GiRef line = read_call(l, l->readline, -1, "readline");
        if (gi_is_null(line)) return NULL;
        set_chunk(l, line, false);
        start = l->at;
        eol = l->at < l->end ? memchr(l->at, '\n', (size_t)(l->end - l->at)) : NULL;
        if (eol == NULL) return truncated(l), NULL;
    }
    l->at = eol + 1;
    *len = (size_t)(l->at - start);
    return start;
}
static uint64_t little(const uint8_t *p, size_t n) {
    uint64_t v = 0;
    memcpy(&v, p, n);
    return v;
}
/* A length field of n bytes; false: raised. */
static bool take_length(GiLoader *l, size_t n, const char *what, size_t *out) {
    const uint8_t *p = take(l, n);
    if (p == NULL) return false;
    uint64_t v = little(p, n);
    if (v > PTRDIFF_MAX) {
        gi_raise(l->ts, &gi_exc_OverflowError, "%s exceeds system's maximum size of %zd bytes", what, (ssize_t)PTRDIFF_MAX);
        return false;
    }
    *out = (size_t)v;
    return true;
}

/* ---- Stack ---- */

static GI_COLD GiStatus grow_stack(GiLoader *l) {
    size_t capacity = l->capacity ? l->capacity * 2 : 64;
    GiRef *stack = gi_mem_realloc(l->ts, l->stack, capacity * sizeof *stack);
    if (stack == NULL) return GI_FAIL;
    l->stack = stack;
    l->capacity = capacity;
    return GI_OK;
}
/* Consumes v; fails on a null one. */
static inline GiStatus push(GiLoader *l, GiRef v) {
    if (GI_UNLIKELY(gi_is_null(v))) return GI_FAIL;
    if (GI_UNLIKELY(l->top == l->capacity) && grow_stack(l) < 0) {
        gi_drop(l->ts, v);
        return GI_FAIL;
    }
    l->stack[l->top++] = v;
    return GI_OK;
}
static GI_COLD GiStatus underflow(GiLoader *l) {
    return gi_unpickling_error(l->ts, l->mark_count ? "unexpected MARK found" : "unpickling stack underflow");
}
/* There are n values above the last mark. */
static inline bool has(const GiLoader *l, size_t n) { return l->top >= l->fence + n; }
static inline GiVal peek_at(const GiLoader *l, size_t depth) { return gi_val(l->stack[l->top - depth]); }
static void pop_to(GiLoader *l, size_t height) {
    while (l->top > height) gi_drop(l->ts, l->stack[--l->top]);
}
static GiStatus push_mark(GiLoader *l) {
    if (l->mark_count == l->mark_capacity) {
        size_t capacity = l->mark_capacity ? l->mark_capacity * 2 : 32;
        size_t *marks = gi_mem_realloc(l->ts, l->marks, capacity * sizeof *marks);
        if (marks == NULL) return GI_FAIL;
        l->marks = marks;
        l->mark_capacity = capacity;
    }
    l->marks[l->mark_count++] = l->fence = l->top;
    return GI_OK;
}
/* The height at the last mark, which goes; -1: raised. */
static ssize_t pop_mark(GiLoader *l) {
    if (l->mark_count == 0) return gi_unpickling_error(l->ts, "could not find MARK"), -1;
    size_t height = l->marks[--l->mark_count];
    l->fence = l->mark_count ? l->marks[l->mark_count - 1] : 0;
    return (ssize_t)height;
}

/* ---- Memo ---- */

GiStatus gi_load_memo_put(GiThread *ts, GiLoadMemo *memo, size_t index, GiVal v) {
    if (index >= memo->capacity) {
        if (index >= SIZE_MAX / 4 / sizeof(GiSlot)) return gi_raise_nomem(ts), GI_FAIL;
        size_t capacity = GI_MAX(index * 2, (size_t)32);
        GiSlot *items = gi_mem_calloc(ts, capacity, sizeof *items);
        if (items == NULL) return GI_FAIL;
        if (memo->capacity) memcpy(items, memo->items, memo->capacity * sizeof *items);
        gi_mem_free(memo->items);
        memo->items = items;
        memo->capacity = capacity;
    }
    if (gi_is_null(memo->items[index])) memo->used++;
    gi_slot_set(ts, &memo->items[index], gi_dup(ts, v));
    return GI_OK;
}
void gi_load_memo_clear(GiThread *ts, GiLoadMemo *memo) {
    GiLoadMemo old = *memo;
    *memo = (GiLoadMemo){0};
    for (size_t i = 0; i < old.capacity; i++) gi_xdrop(ts, gi_slot_take(&old.items[i]));
    gi_mem_free(old.items);
}
static GiStatus load_get(GiLoader *l, int64_t index) {
    if (index < 0 || (uint64_t)index >= l->memo->capacity || gi_is_null(l->memo->items[index]))
        return gi_unpickling_error(l->ts, "Memo value not found at index %ld", (long)index);
    return push(l, gi_slot_dup(l->ts, &l->memo->items[index]));
}
static GiStatus load_put(GiLoader *l, int64_t index) {
    if (!has(l, 1)) return underflow(l);
    if (index < 0) return gi_raise_status(l->ts, &gi_exc_ValueError, "negative PUT argument");
    return gi_load_memo_put(l->ts, l->memo, (size_t)index, peek_at(l, 1));
}
/* A decimal number on a line of its own. */
static GiStatus line_number(GiLoader *l, int64_t *out) {
    size_t n;
    const uint8_t *line = take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    GiRef v = gi_int_from_text(l->ts, (const char *)line, n, 10);
    if (gi_is_null(v)) return GI_FAIL;
    if (gi_int_as_i64(gi_val(v), out)) {
        gi_drop(l->ts, v);
        return gi_raise_status(l->ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
    }
    gi_drop(l->ts, v);
    return GI_OK;
}

/* ---- Values from text ---- */

static GiStatus load_int(GiLoader *l) {
    size_t n;
    const char *line = (const char *)take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    if (n == 3 && line[0] == '0' && (line[1] == '0' || line[1] == '1')) return push(l, gi_bool_ref(line[1] == '1'));
    GiRef v = gi_int_from_text(l->ts, line, n, 10);
    if (!gi_is_null(v) || !gi_exc_matches(l->ts, &gi_exc_ValueError)) return push(l, v);
    gi_exc_clear(l->ts);
    v = gi_int_from_text(l->ts, line, n, 0);
    if (!gi_is_null(v)) return push(l, v);
    gi_exc_clear(l->ts);
    return gi_raise_status(l->ts, &gi_exc_ValueError, "could not convert string to int");
}
static GiStatus load_long(GiLoader *l) {
    size_t n;
    const char *line = (const char *)take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    n--;
    if (n && line[n - 1] == 'L') n--;
    return push(l, gi_int_from_text(l->ts, line, n, 10));
}
static GiStatus load_float(GiLoader *l) {
    size_t n;
    GiThread *ts = l->ts;
    const char *line = (const char *)take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    GI_AUTO GiRef text = gi_bytes_from(ts, line, n);
    if (gi_is_null(text)) return GI_FAIL;
    GiRef v = gi_call1(ts, gi_type_val(&gi_float_type), gi_val(text));
    if (gi_is_null(v) && gi_exc_matches(ts, &gi_exc_ValueError)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_ValueError, "could not convert string to float: '%.200s'", (const char *)gi_bytes_data(text));
    }
    return push(l, v);
}
/* An 8-bit string of Python 2. */
static GiRef decode_8bit(GiLoader *l, const void *data, size_t n) {
    if (strcmp(l->encoding, "bytes") == 0) return gi_bytes_from(l->ts, data, n);
    return gi_decode(l->ts, data, n, l->encoding, l->errors);
}
static GiStatus load_string(GiLoader *l) {
    size_t n;
    GiThread *ts = l->ts;
    const uint8_t *line = take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    n--;
    if (n < 2 || line[0] != line[n - 1] || (line[0] != '"' && line[0] != '\''))
        return gi_unpickling_error(ts, "the STRING opcode argument must be quoted");
    GI_AUTO GiRef inner = gi_bytes_from(ts, line + 1, n - 2);
    GI_AUTO GiRef pair = gi_is_null(inner) ? GI_NULL : gi_call1(ts, gi_val(l->state->escape_decode), gi_val(inner));
    if (gi_is_null(pair)) return GI_FAIL;
    GiVal bytes = gi_tuple_get(gi_val(pair), 0);
    return push(l, decode_8bit(l, gi_bytes_data(bytes), gi_bytes_len(bytes)));
}
static GiStatus load_unicode(GiLoader *l) {
    size_t n;
    const uint8_t *line = take_line(l, &n);
    return line == NULL ? GI_FAIL : push(l, gi_decode(l->ts, line, n - 1, "raw-unicode-escape", NULL));
}

/* ---- Values from binary ---- */

static GiStatus load_long_bytes(GiLoader *l, size_t n) {
    const uint8_t *p = take(l, n);
    if (p == NULL) return GI_FAIL;
    return push(l, n ? gi_int_from_bytes(l->ts, p, n, true, true) : gi_smallint_ref(0));
}
static GiStatus load_binfloat(GiLoader *l) {
    const uint8_t *p = take(l, 8);
    if (p == NULL) return GI_FAIL;
    uint64_t raw = __builtin_bswap64(little(p, 8));
    double d;
    memcpy(&d, &raw, 8);
    return push(l, gi_double_ref(d));
}
static GiStatus load_bytes(GiLoader *l, size_t width) {
    size_t n;
    if (!take_length(l, width, "BINBYTES", &n)) return GI_FAIL;
    const uint8_t *p = take(l, n);
    return p == NULL ? GI_FAIL : push(l, gi_bytes_from(l->ts, n ? (const void *)p : "", n));
}
static GiStatus load_bytearray(GiLoader *l) {
    size_t n;
    if (!take_length(l, 8, "BYTEARRAY8", &n)) return GI_FAIL;
    const uint8_t *p = take(l, n);
    return p == NULL ? GI_FAIL : push(l, gi_bytearray_from(l->ts, n ? (const void *)p : "", n));
}
static GiStatus load_binstring(GiLoader *l, size_t width) {
    const uint8_t *p = take(l, width);
    if (p == NULL) return GI_FAIL;
    uint64_t n = little(p, width);
    p = take(l, (size_t)n);
    return p == NULL ? GI_FAIL : push(l, decode_8bit(l, n ? (const void *)p : "", (size_t)n));
}
static GiStatus load_binunicode(GiLoader *l, size_t width) {
    size_t n;
    if (!take_length(l, width, "BINUNICODE", &n)) return GI_FAIL;
    const uint8_t *p = take(l, n);
    return p == NULL ? GI_FAIL : push(l, gi_str_from_wtf8(l->ts, n ? (const char *)p : "", n));
}
static GiStatus load_frame(GiLoader *l) {
    size_t n;
    if (!take_length(l, 8, "FRAME length", &n)) return GI_FAIL;
    if (take(l, n) == NULL) return GI_FAIL;
    l->at -= n; /* all of it is at hand now */
    return GI_OK;
}
static GiStatus load_next_buffer(GiLoader *l) {
    if (gi_is_null(l->buffers))
        return gi_unpickling_error(l->ts, "pickle stream refers to out-of-band data but no *buffers* argument was given");
    GiRef next = gi_next(l->ts, l->buffers);
    if (gi_is_null(next) && !gi_raised(l->ts)) return gi_unpickling_error(l->ts, "not enough out-of-band buffers");
    return push(l, next);
}
static GiStatus load_readonly_buffer(GiLoader *l) {
    GiThread *ts = l->ts;
    if (!has(l, 1)) return underflow(l);
    GiVal v = peek_at(l, 1);
    if (!gi_has_buffer(v)) return gi_raise_status(ts, &gi_exc_TypeError, "memoryview: a bytes-like object is required, not '%T'", v);
    GI_AUTO GiRef view = gi_memoryview_from(ts, v);
    GI_AUTO GiRef flag = gi_is_null(view) ? GI_NULL : gi_getattr_cstr(ts, gi_val(view), "readonly");
    if (gi_is_null(flag)) return GI_FAIL;
    if (gi_is_true(flag)) return GI_OK;
    GiRef readonly = gi_call_method_cstr(ts, gi_val(view), "toreadonly", NULL, 0);
    if (gi_is_null(readonly)) return GI_FAIL;
    pop_to(l, l->top - 1);
    return push(l, readonly);
}

/* ---- Containers ---- */

/* Replaces the top n values by a tuple of them. */
static GiStatus load_tuple(GiLoader *l, size_t n) {
    if (!has(l, n)) return underflow(l);
    l->top -= n;
    return push(l, gi_tuple_steal(l->ts, l->stack + l->top, n));
}
/* The values above the mark, as a tuple; the mark goes. Null: raised. */
static GiRef marked_tuple(GiLoader *l, size_t skip) {
    ssize_t height = pop_mark(l);
    if (height < 0) return GI_NULL;
    size_t from = (size_t)height + skip, n = l->top - GI_MIN(from, l->top);
    l->top -= n;
    return gi_tuple_steal(l->ts, l->stack + l->top, n);
}
static GiRef list_above(GiLoader *l, size_t height) {
    GiRef list = gi_list_new(l->ts, l->top - height);
    for (size_t i = height; i < l->top && !gi_is_null(list); i++)
        if (gi_list_append(l->ts, gi_val(list), gi_dup(l->ts, gi_val(l->stack[i]))) < 0) {
            gi_drop(l->ts, list);
            return GI_NULL;
        }
    pop_to(l, height);
    return list;
}
static GiStatus load_list(GiLoader *l) {
    ssize_t height = pop_mark(l);
    return height < 0 ? GI_FAIL : push(l, list_above(l, (size_t)height));
}
static GiStatus set_pairs(GiLoader *l, GiVal dict, size_t height) {
    bool exact = gi_is_dict_exact(dict);
    for (size_t i = height; i + 1 < l->top; i += 2) {
        GiVal key = gi_val(l->stack[i]), value = gi_val(l->stack[i + 1]);
        if ((exact ? gi_dict_set(l->ts, dict, key, value) : gi_setitem(l->ts, dict, key, value)) < 0) return GI_FAIL;
    }
    return GI_OK;
}
static GiStatus load_dict(GiLoader *l) {
    ssize_t height = pop_mark(l);
    if (height < 0) return GI_FAIL;
    if ((l->top - (size_t)height) % 2) return gi_unpickling_error(l->ts, "odd number of items for DICT");
    GiRef dict = gi_dict_new(l->ts);
    if (gi_is_null(dict)) return GI_FAIL;
    if (set_pairs(l, gi_val(dict), (size_t)height) < 0) {
        gi_drop(l->ts, dict);
        return GI_FAIL;
    }
    pop_to(l, (size_t)height);
    return push(l, dict);
}
static GiStatus load_setitems(GiLoader *l, size_t height) {
    if (l->top < height || height <= l->fence) return underflow(l);
    if ((l->top - height) % 2) return gi_unpickling_error(l->ts, "odd number of items for SETITEMS");
    if (set_pairs(l, gi_val(l->stack[height - 1]), height) < 0) return GI_FAIL;
    pop_to(l, height);
    return GI_OK;
}
static GiStatus append_each(GiLoader *l, GiVal list, size_t height, GiVal name) {
    GI_AUTO GiRef method = gi_getattr(l->ts, list, name);
    if (gi_is_null(method)) return GI_FAIL;
    for (size_t i = height; i < l->top; i++) {
        GiRef r = gi_call1(l->ts, gi_val(method), gi_val(l->stack[i]));
        if (gi_is_null(r)) return GI_FAIL;
        gi_drop(l->ts, r);
    }
    pop_to(l, height);
    return GI_OK;
}
static GiStatus load_appends(GiLoader *l, size_t height) {
    GiThread *ts = l->ts;
    if (l->top < height || height <= l->fence) return underflow(l);
    if (l->top == height) return GI_OK;
    GiVal list = gi_val(l->stack[height - 1]);
    if (gi_is_list_exact(list)) {
        for (size_t i = height; i < l->top; i++) {
            GiRef item = l->stack[i];
            l->stack[i] = GI_REF_NONE;
            if (gi_list_append(ts, list, item) < 0) return GI_FAIL;
        }
        l->top = height;
        return GI_OK;
    }
    GiRef extend;
    if (gi_getattr_opt(ts, list, GI_N(extend), &extend) < 0) return GI_FAIL;
    if (gi_is_null(extend)) return append_each(l, list, height, GI_N(append));
    GI_AUTO GiRef items = list_above(l, height);
    GiRef r = gi_is_null(items) ? GI_NULL : gi_call1(ts, gi_val(extend), gi_val(items));
    gi_drop(ts, extend);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}
static GiStatus load_additems(GiLoader *l) {
    ssize_t mark = pop_mark(l);
    if (mark < 0) return GI_FAIL;
    size_t height = (size_t)mark;
    if (height <= l->fence) return underflow(l);
    if (l->top == height) return GI_OK;
    GiVal set = gi_val(l->stack[height - 1]);
    if (!gi_is_exact(set, &gi_set_type)) {
        GI_AUTO GiRef name = gi_intern_cstr(l->ts, "add");
        return gi_is_null(name) ? GI_FAIL : append_each(l, set, height, gi_val(name));
    }
    for (size_t i = height; i < l->top; i++)
        if (gi_set_add(l->ts, set, gi_val(l->stack[i])) < 0) return GI_FAIL;
    pop_to(l, height);
    return GI_OK;
}
static GiStatus load_frozenset(GiLoader *l) {
    GI_AUTO GiRef items = marked_tuple(l, 0);
    return gi_is_null(items) ? GI_FAIL : push(l, gi_frozenset_new(l->ts, gi_val(items)));
}

/* ---- Classes and instances ---- */

static GiRef line_str(GiLoader *l) {
    size_t n;
    const uint8_t *line = take_line(l, &n);
    return line == NULL ? GI_NULL : gi_str_from_utf8(l->ts, (const char *)line, n - 1);
}
static GiRef global_of_lines(GiLoader *l) {
    GI_AUTO GiRef module = line_str(l);
    GI_AUTO GiRef name = gi_is_null(module) ? GI_NULL : line_str(l);
    return gi_is_null(name) ? GI_NULL : gi_load_find_class(l, gi_val(module), gi_val(name));
}
static GiStatus load_stack_global(GiLoader *l) {
    if (!has(l, 2)) return underflow(l);
    GiVal module = peek_at(l, 2), name = peek_at(l, 1);
    if (!gi_is_str_exact(module) || !gi_is_str_exact(name)) return gi_unpickling_error(l->ts, "STACK_GLOBAL requires str");
    GiRef found = gi_load_find_class(l, module, name);
    if (gi_is_null(found)) return GI_FAIL;
    pop_to(l, l->top - 2);
    return push(l, found);
}
static GiStatus load_inst(GiLoader *l) {
    GI_AUTO GiRef args = marked_tuple(l, 0);
    GI_AUTO GiRef cls = gi_is_null(args) ? GI_NULL : global_of_lines(l);
    return gi_is_null(cls) ? GI_FAIL : push(l, gi_load_instantiate(l, gi_val(cls), gi_val(args)));
}
static GiStatus load_obj(GiLoader *l) {
    if (l->mark_count && l->top <= l->marks[l->mark_count - 1]) {
        pop_mark(l);
        return underflow(l);
    }
    GI_AUTO GiRef args = marked_tuple(l, 1);
    if (gi_is_null(args)) return GI_FAIL;
    GI_AUTO GiRef cls = l->stack[--l->top];
    return push(l, gi_load_instantiate(l, gi_val(cls), gi_val(args)));
}
static GiStatus load_newobj(GiLoader *l, bool with_kwargs) {
    size_t n = with_kwargs ? 3 : 2;
    if (!has(l, n)) return underflow(l);
    GiRef made = gi_load_new(l, peek_at(l, n), peek_at(l, n - 1), with_kwargs ? peek_at(l, 1) : GI_NOVAL, with_kwargs ? "NEWOBJ_EX" : "NEWOBJ");
    if (gi_is_null(made)) return GI_FAIL;
    pop_to(l, l->top - n);
    return push(l, made);
}
static GiStatus load_reduce(GiLoader *l) {
    if (!has(l, 2)) return underflow(l);
    GiVal callable = peek_at(l, 2), args = peek_at(l, 1);
    if (!gi_is_tuple(args)) return gi_raise_status(l->ts, &gi_exc_TypeError, "argument list must be a tuple");
    GiRef r = gi_call(l->ts, callable, gi_tuple_items(args), gi_tuple_len(args), GI_NOVAL);
    if (gi_is_null(r)) return GI_FAIL;
    pop_to(l, l->top - 2);
    return push(l, r);
}
static GiStatus load_build(GiLoader *l) {
    if (!has(l, 2)) return underflow(l);
    if (gi_load_build(l, peek_at(l, 2), peek_at(l, 1)) < 0) return GI_FAIL;
    pop_to(l, l->top - 1);
    return GI_OK;
}
static GiStatus load_extension(GiLoader *l, size_t width) {
    const uint8_t *p = take(l, width);
    if (p == NULL) return GI_FAIL;
    int64_t code = (int32_t)little(p, width);
    if (code <= 0) return gi_unpickling_error(l->ts, "EXT specifies code <= 0");
    return push(l, gi_load_extension(l, code));
}
static GiStatus no_persistent_load(GiLoader *l) {
    return gi_unpickling_error(l->ts, "A load persistent id instruction was encountered,\nbut no persistent_load function was specified.");
}
static GiStatus load_persid(GiLoader *l) {
    if (gi_is_null(l->persistent_load)) return no_persistent_load(l);
    size_t n;
    const uint8_t *line = take_line(l, &n);
    if (line == NULL) return GI_FAIL;
    for (size_t i = 0; i + 1 < n; i++)
        if (line[i] >= 0x80) return gi_unpickling_error(l->ts, "persistent IDs in protocol 0 must be ASCII strings");
    GI_AUTO GiRef pid = gi_str_from_latin1(l->ts, line, n - 1);
    return gi_is_null(pid) ? GI_FAIL : push(l, gi_call1(l->ts, l->persistent_load, gi_val(pid)));
}
static GiStatus load_binpersid(GiLoader *l) {
    if (gi_is_null(l->persistent_load)) return no_persistent_load(l);
    if (!has(l, 1)) return underflow(l);
    GiRef v = gi_call1(l->ts, l->persistent_load, peek_at(l, 1));
    if (gi_is_null(v)) return GI_FAIL;
    pop_to(l, l->top - 1);
    return push(l, v);
}

/* ---- The machine ---- */

static GiStatus load_proto(GiLoader *l) {
    const uint8_t *p = take(l, 1);
    if (p == NULL) return GI_FAIL;
    if (*p > GI_PICKLE_HIGHEST) return gi_raise_status(l->ts, &gi_exc_ValueError, "unsupported pickle protocol: %d", *p);
    l->protocol = *p;
    if (l->seen_protocol) *l->seen_protocol = *p;
    return GI_OK;
}
static GiStatus load_pop(GiLoader *l) {
    if (l->mark_count && l->marks[l->mark_count - 1] == l->top) return pop_mark(l) < 0 ? GI_FAIL : GI_OK;
    if (!has(l, 1)) return underflow(l);
    pop_to(l, l->top - 1);
    return GI_OK;
}
static GI_COLD GiStatus bad_key(GiLoader *l, uint8_t op) {
    if (op >= 0x20 && op <= 0x7e && op != '\'' && op != '\\') return gi_unpickling_error(l->ts, "invalid load key, '%c'.", op);
    return gi_unpickling_error(l->ts, "invalid load key, '\\x%02x'.", op);
}
/* The opcodes whose argument is a mark, a number or a line. */
static GiStatus run_rare(GiLoader *l, uint8_t op) {
    int64_t number;
    ssize_t height;
    const uint8_t *p;
    switch (op) {
    case OP_GET: return line_number(l, &number) < 0 ? GI_FAIL : load_get(l, number);
    case OP_PUT:
        if (line_number(l, &number) < 0) return GI_FAIL;
        return load_put(l, number);
    case OP_INT: return load_int(l);
    case OP_LONG: return load_long(l);
    case OP_FLOAT: return load_float(l);
    case OP_STRING: return load_string(l);
    case OP_UNICODE: return load_unicode(l);
    case OP_BINSTRING: return load_binstring(l, 4);
    case OP_SHORT_BINSTRING: return load_binstring(l, 1);
    case OP_GLOBAL: return push(l, global_of_lines(l));
    case OP_INST: return load_inst(l);
    case OP_OBJ: return load_obj(l);
    case OP_DICT: return load_dict(l);
    case OP_LIST: return load_list(l);
    case OP_PERSID: return load_persid(l);
    case OP_BINPERSID: return load_binpersid(l);
    case OP_POP: return load_pop(l);
    case OP_POP_MARK:
        height = pop_mark(l);
        if (height < 0) return GI_FAIL;
        pop_to(l, (size_t)height);
        return GI_OK;
    case OP_DUP: return has(l, 1) ? push(l, gi_dup(l->ts, peek_at(l, 1))) : underflow(l);
    case OP_EXT1: return load_extension(l, 1);
    case OP_EXT2: return load_extension(l, 2);
    case OP_EXT4: return load_extension(l, 4);
    case OP_LONG4:
        p = take(l, 4);
        if (p == NULL) return GI_FAIL;
        number = (int32_t)little(p, 4);
        if (number < 0) return gi_unpickling_error(l->ts, "LONG pickle has negative byte count");
        return load_long_bytes(l, (size_t)number);
    case OP_BYTEARRAY8: return load_bytearray(l);
    case OP_NEXT_BUFFER: return load_next_buffer(l);
    case OP_READONLY_BUFFER: return load_readonly_buffer(l);
    case OP_ADDITEMS: return load_additems(l);
    case OP_FROZENSET: return load_frozenset(l);
    case OP_PROTO: return load_proto(l);
    case OP_FRAME: return load_frame(l);
    default: return bad_key(l, op);
    }
}
static inline GiStatus run_op(GiLoader *l, uint8_t op) {
    const uint8_t *p;
    ssize_t height;
    switch (op) {
    case OP_MARK: return push_mark(l);
    case OP_NONE: return push(l, GI_REF_NONE);
    case OP_NEWTRUE: return push(l, GI_REF_TRUE);
    case OP_NEWFALSE: return push(l, GI_REF_FALSE);
    case OP_BININT: return (p = take(l, 4)) == NULL ? GI_FAIL : push(l, gi_smallint_ref((int32_t)little(p, 4)));
    case OP_BININT1: return (p = take(l, 1)) == NULL ? GI_FAIL : push(l, gi_smallint_ref(*p));
    case OP_BININT2: return (p = take(l, 2)) == NULL ? GI_FAIL : push(l, gi_smallint_ref(p[0] | p[1] << 8));
    case OP_LONG1: return (p = take(l, 1)) == NULL ? GI_FAIL : load_long_bytes(l, *p);
    case OP_BINFLOAT: return load_binfloat(l);
    case OP_SHORT_BINUNICODE: return load_binunicode(l, 1);
    case OP_BINUNICODE: return load_binunicode(l, 4);
    case OP_BINUNICODE8: return load_binunicode(l, 8);
    case OP_SHORT_BINBYTES: return load_bytes(l, 1);
    case OP_BINBYTES: return load_bytes(l, 4);
    case OP_BINBYTES8: return load_bytes(l, 8);
    case OP_EMPTY_TUPLE: return push(l, gi_tuple_new(l->ts, 0));
    case OP_TUPLE1: return load_tuple(l, 1);
    case OP_TUPLE2: return load_tuple(l, 2);
    case OP_TUPLE3: return load_tuple(l, 3);
    case OP_TUPLE: return push(l, marked_tuple(l, 0));
    case OP_EMPTY_LIST: return push(l, gi_list_new(l->ts, 0));
    case OP_EMPTY_DICT: return push(l, gi_dict_new(l->ts));
    case OP_EMPTY_SET: return push(l, gi_set_new(l->ts, GI_NOVAL));
    case OP_APPEND: return has(l, 1) ? load_appends(l, l->top - 1) : underflow(l);
    case OP_APPENDS: return (height = pop_mark(l)) < 0 ? GI_FAIL : load_appends(l, (size_t)height);
    case OP_SETITEM: return has(l, 2) ? load_setitems(l, l->top - 2) : underflow(l);
    case OP_SETITEMS: return (height = pop_mark(l)) < 0 ? GI_FAIL : load_setitems(l, (size_t)height);
    case OP_BINGET: return (p = take(l, 1)) == NULL ? GI_FAIL : load_get(l, *p);
    case OP_LONG_BINGET: return (p = take(l, 4)) == NULL ? GI_FAIL : load_get(l, (int64_t)little(p, 4));
    case OP_BINPUT: return (p = take(l, 1)) == NULL ? GI_FAIL : load_put(l, *p);
    case OP_LONG_BINPUT: return (p = take(l, 4)) == NULL ? GI_FAIL : load_put(l, (int64_t)little(p, 4));
    case OP_MEMOIZE: return load_put(l, (int64_t)l->memo->used);
    case OP_STACK_GLOBAL: return load_stack_global(l);
    case OP_REDUCE: return load_reduce(l);
    case OP_BUILD: return load_build(l);
    case OP_NEWOBJ: return load_newobj(l, false);
    case OP_NEWOBJ_EX: return load_newobj(l, true);
    default: return run_rare(l, op);
    }
}
GiRef gi_load_stream(GiLoader *l) {
    GiRef result = GI_NULL;
    for (;;) {
        const uint8_t *p = take(l, 1);
        if (GI_UNLIKELY(p == NULL)) {
            if (gi_exc_matches(l->ts, gi_as_type(l->state->unpickling_error))) {
                gi_exc_clear(l->ts);
                gi_raise(l->ts, &gi_exc_EOFError, "Ran out of input");
            }
            break;
        }
        if (*p == OP_STOP) {
            if (!has(l, 1)) {
                underflow(l);
                break;
            }
            if (catch_up(l) < 0) break;
            result = l->stack[--l->top];
            break;
        }
        if (run_op(l, *p) < 0) break;
    }
    pop_to(l, 0);
    gi_mem_free(l->stack);
    gi_mem_free(l->marks);
    set_chunk(l, GI_NULL, false);
    return result;
}
