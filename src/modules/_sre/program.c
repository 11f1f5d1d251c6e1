/* program.c - from code words to instructions, and what is known about them before matching. */
#include "modules/_sre/sre.h"

#include "base/unicode.h"

#include <ctype.h>
#include <stdlib.h>

/* ---- characters ---- */

static bool ascii_alnum(uint32_t c) { return c < 128 && isalnum((int)c); }
static bool ascii_space(uint32_t c) { return c == ' ' || c - 9 < 5; }

bool gi_sre_category(uint32_t category, uint32_t c) {
    switch (category) {
    case CATEGORY_DIGIT: return c - '0' < 10;
    case CATEGORY_NOT_DIGIT: return c - '0' >= 10;
    case CATEGORY_SPACE: return ascii_space(c);
    case CATEGORY_NOT_SPACE: return !ascii_space(c);
    case CATEGORY_WORD: return ascii_alnum(c) || c == '_';
    case CATEGORY_NOT_WORD: return !(ascii_alnum(c) || c == '_');
    case CATEGORY_LINEBREAK: return c == '\n';
    case CATEGORY_NOT_LINEBREAK: return c != '\n';
    case CATEGORY_LOC_WORD: return c < 256 && (isalnum((int)c) || c == '_');
    case CATEGORY_LOC_NOT_WORD: return !(c < 256 && (isalnum((int)c) || c == '_'));
    case CATEGORY_UNI_DIGIT: return gi_uc_is_decimal(c);
    case CATEGORY_UNI_NOT_DIGIT: return !gi_uc_is_decimal(c);
    case CATEGORY_UNI_SPACE: return gi_uc_is_space(c);
    case CATEGORY_UNI_NOT_SPACE: return !gi_uc_is_space(c);
    case CATEGORY_UNI_WORD: return c == '_' || gi_uc_is_alnum(c);
    case CATEGORY_UNI_NOT_WORD: return !(c == '_' || gi_uc_is_alnum(c));
    case CATEGORY_UNI_LINEBREAK: return gi_uc_is_linebreak(c);
    case CATEGORY_UNI_NOT_LINEBREAK: return !gi_uc_is_linebreak(c);
    default: return false;
    }
}

static uint32_t lower_ascii(uint32_t c) { return c - 'A' < 26 ? c | 0x20 : c; }
static uint32_t lower_locale(uint32_t c) { return c < 256 ? (uint32_t)tolower((int)c) : c; }
static uint32_t upper_locale(uint32_t c) { return c < 256 ? (uint32_t)toupper((int)c) : c; }

uint32_t gi_sre_unicode_lower(uint32_t c) {
    uint32_t mapped[3];
    if (c < 128) return lower_ascii(c);
    if (c > GI_UNICODE_MAX) return c;
    gi_uc_lower_full(c, mapped);
    return mapped[0];
}

uint32_t gi_sre_unicode_upper(uint32_t c) {
    uint32_t mapped[3];
    if (c > GI_UNICODE_MAX) return c;
    gi_uc_upper_full(c, mapped);
    return mapped[0];
}

/* Lower case as the code word op of the IGNORE families does it. */
uint32_t gi_sre_lower(uint8_t op, uint32_t c) {
    switch (op) {
    case SRE_GROUPREF_IGNORE:
    case SRE_IN_IGNORE:
    case SRE_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_IGNORE: return lower_ascii(c);
    case SRE_GROUPREF_UNI_IGNORE:
    case SRE_IN_UNI_IGNORE:
    case SRE_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE: return gi_sre_unicode_lower(c);
    case SRE_GROUPREF_LOC_IGNORE: return lower_locale(c);
    default: return c;
    }
}

bool gi_sre_chars_equal(uint8_t op, uint32_t a, uint32_t b) {
    return a == b || (op != SRE_GROUPREF && gi_sre_lower(op, a) == gi_sre_lower(op, b));
}

static bool in_charset(const uint32_t *set, uint32_t c) {
    bool found = true;
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE: return !found;
        case SRE_LITERAL:
            if (c == *set++) return found;
            break;
        case SRE_CATEGORY:
            if (gi_sre_category(*set++, c)) return found;
            break;
        case SRE_CHARSET:
            if (c < 256 && set[c >> 5] >> (c & 31) & 1) return found;
            set += 8;
            break;
        case SRE_RANGE:
            if (set[0] <= c && c <= set[1]) return found;
            set += 2;
            break;
        case SRE_RANGE_UNI_IGNORE: {
            uint32_t upper = gi_sre_unicode_upper(c);
            if ((set[0] <= c && c <= set[1]) || (set[0] <= upper && upper <= set[1])) return found;
            set += 2;
            break;
        }
        case SRE_NEGATE: found = !found; break;
        case SRE_BIGCHARSET: {
            uint32_t blocks = *set++;
            if (c < 65536) {
                uint32_t block = ((const uint8_t *)set)[c >> 8], bit = block * 256 + (c & 255);
                if (set[64 + (bit >> 5)] >> (bit & 31) & 1) return found;
            }
            set += 64 + blocks * 8;
            break;
        }
        default: return false;
        }
    }
}

static bool set_rule(const SreSet *s, uint32_t c) {
    switch (s->op) {
    case SRE_IN: return in_charset(s->code, c);
    case SRE_IN_IGNORE:
    case SRE_IN_UNI_IGNORE: return in_charset(s->code, gi_sre_lower(s->op, c));
    case SRE_IN_LOC_IGNORE: {
        uint32_t lower = lower_locale(c), upper = upper_locale(c);
        return in_charset(s->code, lower) || (upper != lower && in_charset(s->code, upper));
    }
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_UNI_IGNORE: return gi_sre_lower(s->op, c) == s->literal;
    case SRE_LITERAL_LOC_IGNORE:
        return c == s->literal || lower_locale(c) == s->literal || upper_locale(c) == s->literal;
    default: return gi_sre_category(s->literal, c);
    }
}

bool gi_sre_set_test(const SreSet *set, uint32_t c) { return set_rule(set, c) != set->negate; }

/* ---- translation ---- */

typedef struct Translator {
    GiThread *ts;
    const uint32_t *code;
    size_t n;
    SreProgram *out;
    size_t capacity;
    uint32_t groups;
    int depth;
    bool bad;
} Translator;

static bool fail(Translator *t) {
    t->bad = true;
    return false;
}

static SreIns *emit(Translator *t, SreOp op) {
    SreProgram *p = t->out;
    if (p->count == t->capacity) {
        size_t capacity = t->capacity ? 2 * t->capacity : 32;
        SreIns *ins = gi_mem_realloc(t->ts, p->ins, capacity * sizeof *ins);
        if (!ins) return NULL;
        p->ins = ins;
        t->capacity = capacity;
    }
    SreIns *i = &p->ins[p->count++];
    memset(i, 0, sizeof *i);
    i->op = (uint8_t)op;
    return i;
}

/* Checks a charset program at [i, end): complete words and a FAILURE at its very end. */
static bool check_charset(Translator *t, size_t i, size_t end) {
    const uint32_t *code = t->code;
    while (i < end) {
        switch (code[i++]) {
        case SRE_FAILURE: return i == end ? true : fail(t);
        case SRE_NEGATE: break;
        case SRE_LITERAL: i++; break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE: i += 2; break;
        case SRE_CHARSET: i += 8; break;
        case SRE_BIGCHARSET: {
            if (i + 65 > end || code[i] > 65536) return fail(t);
            uint32_t blocks = code[i];
            for (size_t k = 0; k < 256; k++)
                if (((const uint8_t *)&code[i + 1])[k] >= blocks) return fail(t);
            i += 65 + 8 * (size_t)blocks;
            break;
        }
        case SRE_CATEGORY:
            if (i >= end || code[i] >= CATEGORY_COUNT) return fail(t);
            i++;
            break;
        default: return fail(t);
        }
    }
    return fail(t);
}

static bool has_locale(const uint32_t *set) {
    for (;;) {
        switch (*set++) {
        case SRE_FAILURE: return false;
        case SRE_NEGATE: break;
        case SRE_LITERAL: set++; break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE: set += 2; break;
        case SRE_CHARSET: set += 8; break;
        case SRE_BIGCHARSET: set += 65 + 8 * (size_t)*set; break;
        case SRE_CATEGORY:
            if (*set == CATEGORY_LOC_WORD || *set == CATEGORY_LOC_NOT_WORD) return true;
            set++;
            break;
        default: return true;
        }
    }
}

static const SreSet *new_set(Translator *t, uint8_t op, bool negate, uint32_t literal, const uint32_t *code) {
    SreSet *s = gi_mem_calloc(t->ts, 1, sizeof *s);
    if (!s) return NULL;
    s->op = op;
    s->negate = negate;
    s->literal = literal;
    s->code = code;
    s->dynamic = op == SRE_IN_LOC_IGNORE || op == SRE_LITERAL_LOC_IGNORE ||
                 (op == SRE_CATEGORY && (literal == CATEGORY_LOC_WORD || literal == CATEGORY_LOC_NOT_WORD)) ||
                 (code && has_locale(code));
    for (uint32_t c = 0; c < 256; c++) s->table[c] = gi_sre_set_test(s, c);
    s->next = t->out->sets;
    t->out->sets = s;
    return s;
}

/* What one code word that takes one character becomes. Gives the position after it, 0: bad. */
static size_t single(Translator *t, size_t i, size_t end, SreIns *out) {
    uint32_t op = t->code[i];
    bool negate = false;
    memset(out, 0, sizeof *out);
    switch (op) {
    case SRE_ANY: out->op = OP_ANY; return i + 1;
    case SRE_ANY_ALL: out->op = OP_ALL; return i + 1;
    case SRE_LITERAL:
    case SRE_NOT_LITERAL:
        if (i + 2 > end) break;
        out->op = op == SRE_LITERAL ? OP_CHAR : OP_NOT;
        out->x = t->code[i + 1];
        return i + 2;
    case SRE_NOT_LITERAL_IGNORE:
    case SRE_NOT_LITERAL_UNI_IGNORE:
    case SRE_NOT_LITERAL_LOC_IGNORE:
        negate = true;
        op--;
        /* fall through */
    case SRE_LITERAL_IGNORE:
    case SRE_LITERAL_UNI_IGNORE:
    case SRE_LITERAL_LOC_IGNORE:
        if (i + 2 > end) break;
        out->op = OP_SET;
        out->set = new_set(t, (uint8_t)op, negate, t->code[i + 1], NULL);
        return out->set ? i + 2 : 0;
    case SRE_CATEGORY:
        if (i + 2 > end || t->code[i + 1] >= CATEGORY_COUNT) break;
        out->op = OP_SET;
        out->set = new_set(t, SRE_CATEGORY, false, t->code[i + 1], NULL);
        return out->set ? i + 2 : 0;
    case SRE_IN:
    case SRE_IN_IGNORE:
    case SRE_IN_UNI_IGNORE:
    case SRE_IN_LOC_IGNORE: {
        if (i + 2 > end) break;
        size_t skip = t->code[i + 1];
        if (skip < 2 || skip > end - i - 1 || !check_charset(t, i + 2, i + 1 + skip)) break;
        out->op = OP_SET;
        out->set = new_set(t, (uint8_t)op, false, 0, &t->code[i + 2]);
        return out->set ? i + 1 + skip : 0;
    }
    default: break;
    }
    fail(t);
    return 0;
}

static bool block(Translator *t, size_t i, size_t end, size_t *stop);

/* A block that must be used up to its end. */
static bool whole_block(Translator *t, size_t i, size_t end) {
    size_t stop;
    return block(t, i, end, &stop) && (stop == end || fail(t));
}

static bool branch(Translator *t, size_t i, size_t end, size_t *next) {
    size_t target = 0, jumps = SIZE_MAX; /* chain of JUMPs through their x */
    for (;;) {
        if (i >= end) return fail(t);
        size_t skip = t->code[i];
        if (skip == 0) break;
        if (skip < 3 || skip > end - i) return fail(t);
        size_t jump = i + skip - 2;
        if (t->code[jump] != SRE_JUMP || t->code[jump + 1] > end - jump - 1) return fail(t);
        if (target == 0) target = jump + 1 + t->code[jump + 1];
        if (target != jump + 1 + t->code[jump + 1]) return fail(t);
        size_t alt = t->out->count;
        if (!emit(t, OP_ALT) || !whole_block(t, i + 1, jump)) return false;
        SreIns *j = emit(t, OP_JUMP);
        if (!j) return false;
        j->x = (uint32_t)jumps;
        jumps = t->out->count - 1;
        i += skip;
        t->out->ins[alt].x = t->code[i] ? (uint32_t)t->out->count : 0;
    }
    if (target != i + 1) return fail(t);
    while (jumps != SIZE_MAX && jumps != UINT32_MAX) {
        uint32_t before = t->out->ins[jumps].x;
        t->out->ins[jumps].x = (uint32_t)t->out->count;
        jumps = before;
    }
    *next = i + 1;
    return true;
}

static bool repeat_one(Translator *t, size_t i, size_t end, size_t *next) {
    if (i + 4 > end) return fail(t);
    uint32_t op = t->code[i];
    size_t skip = t->code[i + 1];
    if (skip < 4 || skip > end - i - 1 || t->code[i + 2] > t->code[i + 3]) return fail(t);
    SreIns one;
    size_t after = single(t, i + 4, i + 1 + skip, &one);
    if (!after) return false;
    if (after + 1 != i + 1 + skip || t->code[after] != SRE_SUCCESS) return fail(t);
    SreIns *ins = emit(t, op == SRE_REPEAT_ONE ? OP_REP1 : op == SRE_MIN_REPEAT_ONE ? OP_MINREP1 : OP_POSS1);
    if (!ins) return false;
    ins->kind = one.op;
    ins->w = one.x;
    ins->set = one.set;
    ins->x = t->code[i + 2];
    ins->y = t->code[i + 3];
    ins->z = SRE_NO_HINT;
    *next = i + 1 + skip;
    return true;
}

static bool loop(Translator *t, size_t body, size_t end, uint32_t min, uint32_t max, SreOp until, bool atomic) {
    uint32_t reg = t->out->loops++;
    SreIns *ins = emit(t, OP_LOOP);
    if (!ins) return false;
    ins->x = reg;
    size_t head = t->out->count - 1, first = t->out->count;
    if (atomic && !emit(t, OP_ATOMIC)) return false;
    if (!whole_block(t, body, end)) return false;
    if (atomic && !emit(t, OP_ATOMIC_END)) return false;
    ins = emit(t, until);
    if (!ins) return false;
    ins->x = reg;
    ins->y = min;
    ins->z = max;
    ins->w = (uint32_t)first;
    t->out->ins[head].y = (uint32_t)(t->out->count - 1);
    return true;
}

static bool repeat(Translator *t, size_t i, size_t end, size_t *next) {
    if (i + 4 > end) return fail(t);
    size_t skip = t->code[i + 1], last = i + 1 + skip;
    uint32_t min = t->code[i + 2], max = t->code[i + 3];
    if (skip < 3 || skip >= end - i - 1 || min > max) return fail(t);
    uint32_t op = t->code[last];
    *next = last + 1;
    if (t->code[i] == SRE_POSSESSIVE_REPEAT) {
        if (op != SRE_SUCCESS) return fail(t);
        return emit(t, OP_ATOMIC) && loop(t, i + 4, last, min, max, OP_UNTIL, true) && emit(t, OP_ATOMIC_END);
    }
    if (op != SRE_MAX_UNTIL && op != SRE_MIN_UNTIL) return fail(t);
    return loop(t, i + 4, last, min, max, op == SRE_MAX_UNTIL ? OP_UNTIL : OP_MIN_UNTIL, false);
}

/* ASSERT, ASSERT_NOT and ATOMIC_GROUP: a body that ends in SUCCESS. */
static bool enclosed(Translator *t, size_t i, size_t end, size_t *next) {
    uint32_t op = t->code[i];
    size_t head = op == SRE_ATOMIC_GROUP ? 2 : 3;
    if (i + head > end) return fail(t);
    size_t skip = t->code[i + 1], stop = i + 1 + skip;
    if (skip < head - 1 || skip > end - i - 1 || t->code[stop - 1] != SRE_SUCCESS || stop - 1 < i + head)
        return fail(t);
    SreIns *ins = emit(t, op == SRE_ATOMIC_GROUP ? OP_ATOMIC : op == SRE_ASSERT ? OP_ASSERT : OP_REFUSE);
    if (!ins) return false;
    size_t at = t->out->count - 1;
    if (head == 3) ins->x = t->code[i + 2];
    if (!whole_block(t, i + head, stop - 1)) return false;
    if (!emit(t, op == SRE_ATOMIC_GROUP ? OP_ATOMIC_END : op == SRE_ASSERT ? OP_ASSERT_END : OP_REFUSE_END))
        return false;
    t->out->ins[at].y = (uint32_t)t->out->count;
    *next = stop;
    return true;
}

static bool conditional(Translator *t, size_t i, size_t end, size_t *next) {
    if (i + 3 > end || t->code[i + 1] >= t->groups) return fail(t);
    size_t skip = t->code[i + 2], target = i + 2 + skip - 1, stop;
    if (skip < 2 || target > end) return fail(t);
    SreIns *ins = emit(t, OP_IF);
    if (!ins) return false;
    size_t at = t->out->count - 1;
    ins->x = t->code[i + 1];
    if (!block(t, i + 3, target, &stop)) return false;
    if (stop == target) {
        t->out->ins[at].y = (uint32_t)t->out->count;
        *next = target;
        return true;
    }
    if (stop + 2 != target || t->code[stop] != SRE_JUMP || t->code[stop + 1] > end - stop - 1) return fail(t);
    size_t after = stop + 1 + t->code[stop + 1];
    if (after < target) return fail(t);
    if (!emit(t, OP_JUMP)) return false;
    size_t jump = t->out->count - 1;
    t->out->ins[at].y = (uint32_t)t->out->count;
    if (!whole_block(t, target, after)) return false;
    t->out->ins[jump].x = (uint32_t)t->out->count;
    *next = after;
    return true;
}

static bool simple(Translator *t, size_t i, size_t end, size_t *next) {
    uint32_t op = t->code[i];
    SreIns *ins, one;
    switch (op) {
    case SRE_FAILURE:
        *next = i + 1;
        return emit(t, OP_FAIL) != NULL;
    case SRE_MARK:
        if (i + 2 > end || t->code[i + 1] >= 2 * t->groups) return fail(t);
        ins = emit(t, OP_MARK);
        break;
    case SRE_AT:
        if (i + 2 > end || t->code[i + 1] >= AT_COUNT) return fail(t);
        ins = emit(t, OP_AT);
        break;
    case SRE_GROUPREF:
    case SRE_GROUPREF_IGNORE:
    case SRE_GROUPREF_UNI_IGNORE:
    case SRE_GROUPREF_LOC_IGNORE:
        if (i + 2 > end || t->code[i + 1] >= t->groups) return fail(t);
        ins = emit(t, OP_GROUPREF);
        if (ins) ins->kind = (uint8_t)op;
        break;
    default:
        *next = single(t, i, end, &one);
        if (!*next) return false;
        ins = emit(t, OP_CHAR);
        if (ins) *ins = one;
        return ins != NULL;
    }
    if (!ins) return false;
    ins->x = t->code[i + 1];
    *next = i + 2;
    return true;
}

/* Translates [i, end) or up to a JUMP or SUCCESS; *stop tells where it ended. */
static bool block(Translator *t, size_t i, size_t end, size_t *stop) {
    if (++t->depth > 3000) return fail(t);
    bool good = true;
    while (good && i < end && t->code[i] != SRE_JUMP && t->code[i] != SRE_SUCCESS) {
        switch (t->code[i]) {
        case SRE_INFO:
            if (i + 2 > end || t->code[i + 1] < 4 || t->code[i + 1] > end - i - 1) return fail(t);
            i += 1 + t->code[i + 1];
            break;
        case SRE_BRANCH: good = branch(t, i + 1, end, &i); break;
        case SRE_REPEAT_ONE:
        case SRE_MIN_REPEAT_ONE:
        case SRE_POSSESSIVE_REPEAT_ONE: good = repeat_one(t, i, end, &i); break;
        case SRE_REPEAT:
        case SRE_POSSESSIVE_REPEAT: good = repeat(t, i, end, &i); break;
        case SRE_ASSERT:
        case SRE_ASSERT_NOT:
        case SRE_ATOMIC_GROUP: good = enclosed(t, i, end, &i); break;
        case SRE_GROUPREF_EXISTS: good = conditional(t, i, end, &i); break;
        default: good = simple(t, i, end, &i);
        }
    }
    t->depth--;
    *stop = i;
    return good;
}

/* ---- what can come first ---- */

typedef struct FirstWalk {
    const SreProgram *p;
    SreFirst *out;
    uint8_t *seen;
    int depth;
} FirstWalk;

static void add_single(SreFirst *out, uint8_t kind, uint32_t c, const SreSet *set) {
    out->other = out->other || kind != OP_CHAR || c >= 256;
    for (uint32_t i = 0; i < 256; i++)
        switch (kind) {
        case OP_CHAR: out->table[i] |= i == c; break;
        case OP_NOT: out->table[i] |= i != c; break;
        case OP_ANY: out->table[i] |= i != '\n'; break;
        case OP_ALL: out->table[i] = 1; break;
        default: out->table[i] |= set->dynamic ? 1 : set->table[i];
        }
}

/* Collects what can begin a match of the program from pc on; false when it can be empty (up to
 * `stop`) or is not known. */
static bool walk_first(FirstWalk *w, size_t pc, size_t stop) {
    if (++w->depth > 200) return false;
    for (;;) {
        if (pc == stop) return false;
        if (w->seen[pc]) { /* reached before: what it adds is there already */
            w->depth--;
            return true;
        }
        w->seen[pc] = 1;
        const SreIns *i = &w->p->ins[pc];
        switch (i->op) {
        case OP_CHAR: case OP_NOT: case OP_ANY: case OP_ALL: case OP_SET:
            add_single(w->out, i->op, i->x, i->set);
            w->depth--;
            return true;
        case OP_FAIL: w->depth--; return true;
        case OP_MARK: case OP_AT: case OP_ATOMIC: pc++; break;
        case OP_JUMP: pc = i->x; break;
        case OP_ALT:
            if (!walk_first(w, pc + 1, stop)) return false;
            if (i->x == 0) {
                w->depth--;
                return true;
            }
            pc = i->x;
            break;
        case OP_REP1: case OP_MINREP1: case OP_POSS1:
            if (i->y) add_single(w->out, i->kind, i->w, i->set);
            if (i->x) {
                w->depth--;
                return true;
            }
            pc++;
            break;
        case OP_LOOP: {
            const SreIns *until = &w->p->ins[i->y];
            if (until->y == 0) {
                if (!walk_first(w, i->y + 1, stop)) return false;
            }
            if (until->z == 0) {
                w->depth--;
                return true;
            }
            pc++;
            break;
        }
        case OP_UNTIL: case OP_MIN_UNTIL: /* the end of an iteration: another one, or what follows */
            if (!walk_first(w, i->w, stop)) return false;
            pc++;
            break;
        case OP_ASSERT: case OP_REFUSE: pc = i->y; break;
        default: return false; /* the end of an atomic group too: it commits to what matched, even if
                                * what follows then fails, so nothing may be left out in it */
        }
    }
}

static const SreFirst *find_first(Translator *t, uint8_t *seen, size_t pc, size_t stop) {
    SreFirst *first = gi_mem_calloc(t->ts, 1, sizeof *first);
    if (!first) return NULL;
    memset(seen, 0, t->out->count + 1);
    FirstWalk w = {t->out, first, seen, 0};
    bool useful = false;
    if (walk_first(&w, pc, stop))
        for (int i = 0; i < 256 && !useful; i++) useful = !first->table[i];
    if (!useful) {
        gi_mem_free(first);
        return NULL;
    }
    first->next = t->out->firsts;
    t->out->firsts = first;
    return first;
}

static bool kind_matches(const SreIns *rep, uint32_t c) {
    switch (rep->kind) {
    case OP_CHAR: return c == rep->w;
    case OP_NOT: return c != rep->w;
    case OP_ANY: return c != '\n';
    case OP_ALL: return true;
    default: return rep->set->dynamic || gi_sre_set_test(rep->set, c);
    }
}

/* What follows a repeated character decides whether backtracking into it can ever help. */
static void look_behind_repeat(SreProgram *p, size_t pc) {
    SreIns *rep = &p->ins[pc];
    size_t next = pc + 1;
    while (p->ins[next].op == OP_MARK || p->ins[next].op == OP_JUMP)
        next = p->ins[next].op == OP_JUMP ? p->ins[next].x : next + 1;
    const SreIns *n = &p->ins[next];
    if ((n->op == OP_CHAR) || (n->op == OP_REP1 && n->kind == OP_CHAR && n->x > 0)) {
        rep->z = n->op == OP_CHAR ? n->x : n->w;
        if (rep->op == OP_REP1 && !kind_matches(rep, rep->z)) rep->op = OP_POSS1;
    } else if (rep->op == OP_REP1 &&
               ((n->op == OP_SET && !n->set->dynamic) ||
                ((n->op == OP_REP1 || n->op == OP_POSS1) && n->kind == OP_SET && n->x > 0 && !n->set->dynamic))) {
        rep->narrow = true;
        for (uint32_t c = 0; c < 256 && rep->narrow; c++)
            if (n->set->table[c] && kind_matches(rep, c)) rep->narrow = false;
    }
}

static bool analyse(Translator *t) {
    SreProgram *p = t->out;
    uint8_t *seen = gi_mem_alloc(t->ts, p->count + 1);
    if (!seen) return false;
    for (size_t pc = 0; pc < p->count; pc++) {
        SreIns *i = &p->ins[pc];
        if (i->op == OP_REP1 || i->op == OP_MINREP1) look_behind_repeat(p, pc);
        if (i->op == OP_ALT) i->first = find_first(t, seen, pc + 1, SIZE_MAX);
        if (i->op == OP_UNTIL) i->first = find_first(t, seen, i->w, pc);
    }
    if (!gi_raised(t->ts)) p->first = find_first(t, seen, 0, SIZE_MAX);
    size_t pc = 0;
    while (p->ins[pc].op == OP_MARK) pc++;
    p->anchored = p->ins[pc].op == OP_AT && (p->ins[pc].x == AT_BEGINNING || p->ins[pc].x == AT_BEGINNING_STRING);
    gi_mem_free(seen);
    return !gi_raised(t->ts);
}

static void read_info(Translator *t) {
    const uint32_t *code = t->code;
    if (t->n < 5 || code[0] != SRE_INFO || code[1] > t->n - 1 || code[1] < 4) return;
    uint32_t mask = code[2];
    t->out->min_width = code[3];
    if (mask & SRE_INFO_PREFIX && code[1] >= 6 && code[5] <= (code[1] - 6) / 2) {
        t->out->prefix_len = code[5];
        t->out->prefix = &code[7];
        t->out->literal = (mask & SRE_INFO_LITERAL) != 0;
    }
}

GiStatus gi_sre_translate(GiThread *ts, const uint32_t *code, size_t n, uint32_t groups, SreProgram *out) {
    memset(out, 0, sizeof *out);
    out->groups = groups;
    Translator t = {.ts = ts, .code = code, .n = n, .out = out, .groups = groups};
    size_t stop = 0;
    bool good = n > 0 && block(&t, 0, n, &stop) && stop + 1 == n && code[stop] == SRE_SUCCESS && emit(&t, OP_MATCH);
    if (good) {
        read_info(&t);
        good = analyse(&t);
    }
    if (good) return GI_OK;
    gi_sre_program_free(out);
    if (!gi_raised(ts)) gi_raise(ts, &gi_exc_RuntimeError, "invalid SRE code");
    return GI_FAIL;
}

void gi_sre_program_free(SreProgram *p) {
    while (p->sets) {
        SreSet *next = p->sets->next;
        gi_mem_free(p->sets);
        p->sets = next;
    }
    while (p->firsts) {
        SreFirst *next = p->firsts->next;
        gi_mem_free(p->firsts);
        p->firsts = next;
    }
    gi_mem_free(p->ins);
    p->ins = NULL;
}
