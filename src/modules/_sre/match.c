/* match.c - the backtracking machine: its stack, places in text, and the three widths of match.inc. */
#include "modules/_sre/sre.h"

#include "base/search.h"
#include "base/unicode.h"

#include <ctype.h>

typedef enum {
    E_CHOICE,    /* go on at pc, at */
    E_REP1,      /* give back one character: at is the end so far, low the least */
    E_MINREP1,   /* take one character more: at is the end so far, low the most */
    E_LOOP,      /* leave the loop at pc; low and n are the register's old content */
    E_LAZY,      /* one more iteration of the lazy loop at pc; n: iterations so far */
    E_LOOP_UNDO, /* register pc: low and n */
    E_MARK,      /* mark pc was at, lastindex was low */
    E_BARRIER,   /* an atomic group or assertion began at `at`; n: the barrier around it */
    E_REFUSE,    /* a negative assertion: when its body fails, go on at pc */
} EntryKind;

struct SreEntry {
    uint32_t kind, pc;
    ssize_t at, low;
    int64_t n;
};

static GiStatus gi_sre_grow(SreState *s) {
    size_t capacity = s->capacity ? s->capacity + s->capacity / 2 + 16 : 64;
    SreEntry *stack = gi_mem_realloc(s->ts, s->stack, capacity * sizeof *stack);
    if (!stack) return GI_FAIL;
    s->stack = stack;
    s->capacity = capacity;
    return GI_OK;
}

/* Takes the choices above the barrier away and keeps what must be undone; gives the new top. */
static size_t gi_sre_cut(SreState *s, const SreIns *ins, size_t barrier, size_t top) {
    size_t to = barrier;
    for (size_t k = barrier + 1; k < top; k++) {
        SreEntry *e = &s->stack[k];
        if (e->kind == E_MARK || e->kind == E_LOOP_UNDO)
            s->stack[to++] = *e;
        else if (e->kind == E_LOOP)
            s->stack[to++] = (SreEntry){E_LOOP_UNDO, ins[e->pc].x, 0, e->low, e->n};
    }
    return to;
}

/* Undoes everything above the barrier; gives the new top, with the barrier's entry still there. */
static size_t gi_sre_unwind(SreState *s, const SreIns *ins, size_t barrier, size_t top) {
    while (top > barrier + 1) {
        SreEntry *e = &s->stack[--top];
        if (e->kind == E_MARK) {
            s->marks[e->pc] = e->at;
            s->lastindex = e->low;
        } else if (e->kind == E_LOOP_UNDO || e->kind == E_LOOP) {
            uint32_t r = e->kind == E_LOOP ? ins[e->pc].x : e->pc;
            s->loops[r].count = e->n;
            s->loops[r].last = e->low;
        }
    }
    return top;
}

static bool word_at(uint32_t place, uint32_t c) {
    if (place == AT_LOC_BOUNDARY || place == AT_LOC_NON_BOUNDARY) return gi_sre_category(CATEGORY_LOC_WORD, c);
    if (c < 128) return isalnum((int)c) || c == '_';
    return (place == AT_UNI_BOUNDARY || place == AT_UNI_NON_BOUNDARY) && gi_uc_is_alnum(c);
}

#define DEFINE_AT(CH, NAME)                                                                        \
    static bool NAME(const CH *text, const CH *end, const CH *p, uint32_t place) {                 \
        switch (place) {                                                                           \
        case AT_BEGINNING:                                                                         \
        case AT_BEGINNING_STRING: return p == text;                                                \
        case AT_BEGINNING_LINE: return p == text || p[-1] == '\n';                                 \
        case AT_END: return p == end || (end - p == 1 && *p == '\n');                              \
        case AT_END_LINE: return p == end || *p == '\n';                                           \
        case AT_END_STRING: return p == end;                                                       \
        default: {                                                                                 \
            if (text == end) return false;                                                         \
            bool before = p > text && word_at(place, p[-1]), after = p < end && word_at(place, *p); \
            bool boundary = place == AT_BOUNDARY || place == AT_LOC_BOUNDARY || place == AT_UNI_BOUNDARY; \
            return (before != after) == boundary;                                                  \
        }                                                                                          \
        }                                                                                          \
    }

DEFINE_AT(uint8_t, at_8)
DEFINE_AT(uint16_t, at_16)
DEFINE_AT(uint32_t, at_32)

#define CH uint8_t
#define NAME(x) x##_8
#include "modules/_sre/match.inc"
#undef CH
#undef NAME
#define CH uint16_t
#define NAME(x) x##_16
#include "modules/_sre/match.inc"
#undef CH
#undef NAME
#define CH uint32_t
#define NAME(x) x##_32
#include "modules/_sre/match.inc"

GiStatus gi_sre_state_init(GiThread *ts, SreState *s, const SreProgram *program) {
    memset(s, 0, offsetof(SreState, small_marks));
    s->ts = ts;
    s->program = program;
    s->marks = s->small_marks;
    s->loops = (void *)s->small_loops;
    s->lastindex = -1;
    if (2 * program->groups > GI_COUNTOF(s->small_marks)) {
        s->marks = gi_mem_alloc(ts, 2 * (size_t)program->groups * sizeof *s->marks);
        if (!s->marks) return GI_FAIL;
    }
    if (program->loops > GI_COUNTOF(s->small_loops)) {
        s->loops = gi_mem_alloc(ts, program->loops * sizeof *s->loops);
        if (!s->loops) {
            gi_sre_state_free(s);
            return GI_FAIL;
        }
    }
    memset(s->loops, 0, program->loops * sizeof *s->loops);
    return GI_OK;
}

void gi_sre_state_free(SreState *s) {
    if (s->marks != s->small_marks) gi_mem_free(s->marks);
    if ((void *)s->loops != (void *)s->small_loops) gi_mem_free(s->loops);
    gi_mem_free(s->stack);
    s->stack = NULL;
}

static void reset(SreState *s) {
    for (size_t k = 0; k < 2 * (size_t)s->program->groups; k++) s->marks[k] = -1;
    s->lastindex = -1;
}

int gi_sre_match(SreState *s) {
    reset(s);
    if (s->start > s->length || s->length - s->start < s->program->min_width) return 0;
    return s->width == 1 ? match_8(s) : s->width == 2 ? match_16(s) : match_32(s);
}

int gi_sre_search(SreState *s) {
    reset(s);
    return s->width == 1 ? search_8(s) : s->width == 2 ? search_16(s) : search_32(s);
}
