/* intern.c - the one str of each text, and the UTF-8 forms of non-ASCII strings.
 *
 * Both tables belong to the process: static types, whose dicts hold interned names, are shared by
 * all interpreters. INVARIANT: an interned str is immortal, so what the table gives needs no count.
 * LOCK: each table's mutex; nothing allocates Python objects or runs Python code under it. The table of
 * texts is read without it: a cell goes from empty to full once, with one store.
 */
#include "objects/str/internal.h"

#include <stdlib.h>

/* A cell holds the address of a GiStr and, in the upper 16 bits, as many bits of its text's hash, so
 * that a probe seldom looks at the text of another. */
#define TAG_BITS 16
#define ADDRESS ((UINT64_C(1) << (64 - TAG_BITS)) - 1)
#define FIRST_CAPACITY 8192

/* Open addressing. A table that was outgrown stays for those who are reading it: all of them together
 * are smaller than the one in use. */
typedef struct Cells {
    struct Cells *outgrown;
    size_t capacity;
    _Atomic uint64_t cells[];
} Cells;

static struct {
    GiMutex lock;
    Cells *_Atomic table; /* NULL at first; replaced under lock */
    size_t count;         /* LOCK: lock */
} intern_table;

static inline uint64_t mix(uint64_t h, uint64_t word) {
    h = (h ^ word) * 0x9E3779B97F4A7C15u;
    return h ^ h >> 32;
}
static uint64_t text_hash(const void *data, size_t size) {
    uint64_t h = size, word;
    const char *p = data;
    for (; size >= 8; size -= 8, p += 8) {
        memcpy(&word, p, 8);
        h = mix(h, word);
    }
    word = 0;
    memcpy(&word, p, size);
    return mix(h, word);
}

/* What is looked for: characters of a kind, and their hash. */
typedef struct Sought {
    const void *data;
    size_t size, length; /* bytes, characters */
    GiStrKind kind;
    uint64_t hash;
} Sought;
static Sought seek(const void *data, size_t length, GiStrKind kind) {
    size_t size = length << gi_str_shift(kind);
    return (Sought){data, size, length, kind, text_hash(data, size)};
}
static Sought seek_str(GiVal s) { return seek(gi_str_data(s), gi_str_len(s), gi_str_kind(s)); }

/* The string's cell, or the free one where it belongs. Any thread. */
static _Atomic uint64_t *find_cell(Cells *table, const Sought *t) {
    size_t mask = table->capacity - 1, i = t->hash & mask;
    uint64_t tag = t->hash & ~ADDRESS;
    for (uint64_t cell; (cell = atomic_load_explicit(&table->cells[i], memory_order_acquire)) != 0; i = (i + 1) & mask) {
        if ((cell & ~ADDRESS) != tag) continue;
        const GiStr *s = (const GiStr *)(uintptr_t)(cell & ADDRESS);
        if (s->length == t->length && gi_str_kind(gi_from_obj(s)) == t->kind && memcmp(s + 1, t->data, t->size) == 0)
            break;
    }
    return &table->cells[i];
}

/* A table that is large enough for one more, or NULL. LOCK: held. */
static Cells *table_with_room(void) {
    Cells *old = atomic_load_explicit(&intern_table.table, memory_order_relaxed);
    if (old && intern_table.count * 3 < old->capacity * 2) return old;
    size_t capacity = old ? old->capacity * 2 : FIRST_CAPACITY, size = sizeof(Cells) + capacity * sizeof(uint64_t);
    Cells *table = malloc(size);
    if (!table) return NULL;
    /* PERF: calloc's pages would be faulted in twice, for reading and for writing. */
    memset(table, 0, size);
    table->capacity = capacity;
    table->outgrown = old;
    for (size_t i = 0; old && i < old->capacity; i++) {
        uint64_t cell = atomic_load_explicit(&old->cells[i], memory_order_relaxed);
        if (!cell) continue;
        Sought t = seek_str(gi_from_obj((GiStr *)(uintptr_t)(cell & ADDRESS)));
        atomic_store_explicit(find_cell(table, &t), cell, memory_order_relaxed);
    }
    atomic_store_explicit(&intern_table.table, table, memory_order_release);
    return table;
}

static GiVal peek(const Sought *t) {
    if (t->length == 0) return GI_STR_EMPTY;
    if (t->length == 1 && t->kind <= GI_STR_LATIN1) return GI_STR_LATIN1_CHAR(*(const uint8_t *)t->data);
    Cells *table = atomic_load_explicit(&intern_table.table, memory_order_acquire);
    return (GiVal){table ? atomic_load_explicit(find_cell(table, t), memory_order_acquire) & ADDRESS : 0};
}

GiVal gi_str_interned_peek(GiThread *ts GI_UNUSED, GiVal s) {
    Sought t = seek_str(s);
    return peek(&t);
}

/* A private copy, for strings whose count another thread may be changing. */
static GiRef copy_of(GiThread *ts, GiVal s) {
    GiRef copy = gi_str_new(ts, gi_str_len(s), gi_str_kind(s));
    if (!gi_is_null(copy)) gi_str_copy(gi_val(copy), 0, s, 0, gi_str_len(s));
    return copy;
}

/* Enters a string that was not there a moment ago; gives the one that is there now. */
static GiRef enter(GiThread *ts, GiRef s, Sought *t) {
    t->data = gi_str_data(gi_val(s));
    (void)gi_str_hash(ts, gi_val(s));
    gi_mutex_lock(&intern_table.lock);
    Cells *table = table_with_room();
    if (!table) {
        gi_mutex_unlock(&intern_table.lock);
        gi_drop(ts, s);
        return gi_raise_nomem(ts);
    }
    _Atomic uint64_t *cell = find_cell(table, t);
    uint64_t other = atomic_load_explicit(cell, memory_order_relaxed) & ADDRESS;
    if (!other) {
        gi_make_immortal(gi_obj(s));
        __atomic_fetch_or(&gi_obj_flag_byte(gi_obj(s)), GI_STR_INTERNED, __ATOMIC_RELAXED);
        atomic_store_explicit(cell, (uint64_t)(uintptr_t)gi_obj(s) | (t->hash & ~ADDRESS), memory_order_release);
        intern_table.count++;
    }
    gi_mutex_unlock(&intern_table.lock);
    if (!other) return s;
    gi_drop(ts, s);
    return (GiRef){other};
}

GiRef gi_str_intern(GiThread *ts, GiRef s) {
    if (gi_is_null(s) || !gi_is_str_exact(s) || gi_str_is_interned(gi_val(s))) return s;
    Sought t = seek_str(gi_val(s));
    GiVal known = peek(&t);
    if (!gi_is_null(known)) {
        gi_drop(ts, s);
        return (GiRef){known.bits};
    }
    uint16_t owner = gi_obj_owner(gi_obj(s));
    if (gi_str_of(s)->room || (owner != ((GiThreadCore *)ts)->owner && owner != GI_OWNER_IMMORTAL)) {
        GiRef copy = copy_of(ts, gi_val(s));
        gi_drop(ts, s);
        if (gi_is_null(copy)) return copy;
        s = copy;
    }
    return enter(ts, s, &t);
}

GiRef gi_intern_ascii(GiThread *ts, const char *text, size_t len) {
    Sought t = seek(text, len, GI_STR_ASCII);
    GiVal known = peek(&t);
    if (!gi_is_null(known)) return (GiRef){known.bits};
    GiRef s = gi_str_new(ts, len, GI_STR_ASCII);
    if (gi_is_null(s)) return s;
    memcpy(gi_str_data(gi_val(s)), text, len);
    return enter(ts, s, &t);
}

GiRef gi_intern_cstr(GiThread *ts, const char *text) {
    size_t len = strlen(text);
    if (gi_ascii_prefix(text, len) == len) return gi_intern_ascii(ts, text, len);
    return gi_str_intern(ts, gi_str_from_cstr(ts, text));
}

/* ---- UTF-8 ---- */

typedef struct Utf8Entry {
    const GiStr *key; /* NULL: free */
    size_t len;
    char *text;
} Utf8Entry;

static struct {
    GiMutex lock;
    Utf8Entry *cells; /* open addressing, deletion by moving up; LOCK: lock */
    size_t count, capacity;
} utf8_table;

static size_t utf8_home(const GiStr *s) {
    return (size_t)(((uint64_t)(uintptr_t)s >> 4) * 0x9E3779B97F4A7C15ull >> 20) & (utf8_table.capacity - 1);
}

static size_t utf8_find(const GiStr *s) {
    size_t i = utf8_home(s);
    while (utf8_table.cells[i].key && utf8_table.cells[i].key != s) i = (i + 1) & (utf8_table.capacity - 1);
    return i;
}

static bool utf8_grow(void) {
    size_t old = utf8_table.capacity, capacity = old ? old * 2 : 64;
    Utf8Entry *before = utf8_table.cells, *cells = calloc(capacity, sizeof *cells);
    if (!cells) return false;
    utf8_table.cells = cells;
    utf8_table.capacity = capacity;
    for (size_t i = 0; i < old; i++)
        if (before[i].key) cells[utf8_find(before[i].key)] = before[i];
    free(before);
    return true;
}

void gi_str_utf8_forget(const GiStr *s) {
    gi_mutex_lock(&utf8_table.lock);
    size_t mask = utf8_table.capacity - 1, hole = utf8_find(s);
    if (utf8_table.cells[hole].key) {
        gi_mem_free(utf8_table.cells[hole].text);
        utf8_table.count--;
        for (size_t i = (hole + 1) & mask; utf8_table.cells[i].key; i = (i + 1) & mask) {
            size_t home = utf8_home(utf8_table.cells[i].key);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                utf8_table.cells[hole] = utf8_table.cells[i];
                hole = i;
            }
        }
        utf8_table.cells[hole] = (Utf8Entry){NULL, 0, NULL};
    }
    gi_mutex_unlock(&utf8_table.lock);
}

static const char *utf8_lookup(const GiStr *s, size_t *len) {
    gi_mutex_lock(&utf8_table.lock);
    Utf8Entry entry = utf8_table.capacity ? utf8_table.cells[utf8_find(s)] : (Utf8Entry){NULL, 0, NULL};
    gi_mutex_unlock(&utf8_table.lock);
    if (len) *len = entry.len;
    return entry.text;
}

/* Enters `text` unless another thread was first; gives what the table has now, NULL: no memory. */
static const char *utf8_enter(const GiStr *s, char *text, size_t len) {
    gi_mutex_lock(&utf8_table.lock);
    if (utf8_table.count * 3 >= utf8_table.capacity * 2 && !utf8_grow()) {
        gi_mutex_unlock(&utf8_table.lock);
        gi_mem_free(text);
        return NULL;
    }
    Utf8Entry *entry = &utf8_table.cells[utf8_find(s)];
    if (entry->key) {
        gi_mem_free(text);
        text = entry->text;
    } else {
        *entry = (Utf8Entry){s, len, text};
        utf8_table.count++;
        __atomic_fetch_or(&gi_obj_flag_byte(&((GiStr *)s)->obj), GI_STR_UTF8_CACHED, __ATOMIC_RELAXED);
    }
    gi_mutex_unlock(&utf8_table.lock);
    return text;
}

const char *gi_str_utf8(GiThread *ts, GiVal v, size_t *len) {
    GiStr *s = gi_str_of(v);
    if (gi_str_is_ascii(v)) {
        if (len) *len = gi_str_len(v);
        return gi_str_data(v);
    }
    if (gi_obj_flags(&s->obj) & GI_STR_UTF8_CACHED) return utf8_lookup(s, len);
    GiTextView view = gi_str_view(v);
    size_t bad = gi_text_find_surrogate(view, 0);
    if (bad < view.len) {
        size_t end = bad + 1;
        while (end < view.len && (gi_text_at(view, end) & 0xFFFFF800u) == 0xD800) end++;
        gi_raise_unicode_encode(ts, "utf-8", v, bad, end, "surrogates not allowed");
        return NULL;
    }
    size_t size = gi_utf8_size(view);
    char *text = size == SIZE_MAX ? NULL : gi_mem_alloc(ts, size + 1);
    if (!text) {
        if (size == SIZE_MAX) (void)gi_raise_nomem(ts);
        return NULL;
    }
    gi_utf8_encode(view, text);
    text[size] = 0;
    if (len) *len = size;
    const char *entered = utf8_enter(s, text, size);
    if (!entered) (void)gi_raise_nomem(ts);
    return entered;
}

const char *gi_str_cstr(GiThread *ts, GiVal s) {
    size_t len;
    const char *text = gi_str_utf8(ts, s, &len);
    if (text && memchr(text, 0, len)) {
        gi_raise(ts, &gi_exc_ValueError, "embedded null character");
        return NULL;
    }
    return text;
}
