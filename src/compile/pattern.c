/* pattern.c - code for match statements.
 *
 * A pattern reads its subject from a register and leaves temporaries (parts of the subject) live
 * above `base`. Names are bound only when the whole pattern has matched, so captures are a list of
 * registers until then. A test that fails jumps to the label of the number of temporaries live at
 * that point: a ladder of drops that ends at the next case.
 */
#include "compile/internal.h"
#include "objects/protocol.h"

typedef struct Capture {
    GiNameInfo *name;
    unsigned reg;
} Capture;

typedef struct Pattern {
    bool irrefutable;        /* a pattern that always matches may stand here */
    unsigned base;
    Label **ladder;          /* by number of live temporaries */
    unsigned ladder_size;
    Capture *captures;
    unsigned count, capacity;
} Pattern;

static void match_pattern(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x);

/* Where to go when a test fails now. */
static Label *fail_label(GiCompiler *c, Pattern *x) {
    unsigned depth = c->unit->top - x->base;
    if (depth >= x->ladder_size) {
        unsigned size = GI_MAX(depth + 1, x->ladder_size * 2);
        Label **grown = gi_compile_alloc(c, size * sizeof *grown);
        if (x->ladder_size) memcpy(grown, x->ladder, x->ladder_size * sizeof *grown);
        x->ladder = grown;
        x->ladder_size = size;
    }
    if (x->ladder[depth] == NULL) x->ladder[depth] = gi_label(c);
    return x->ladder[depth];
}

/* Emits the ladder; what comes next is reached when the pattern has failed. */
static void place_ladder(GiCompiler *c, Pattern *x) {
    for (unsigned depth = x->ladder_size; depth-- > 0;) {
        if (x->ladder[depth] != NULL) gi_place(c, x->ladder[depth]);
        if (depth > 0) gi_emit(c, &gi_no_pos, OP_DROP, x->base + depth - 1, 0, 0);
    }
}

static void capture(GiCompiler *c, Pattern *x, GiNameInfo *name, unsigned reg) {
    for (unsigned i = 0; i < x->count; i++)
        if (x->captures[i].name == name)
            gi_compile_error(c, &c->pattern_pos, "multiple assignments to name '%U' in pattern", name->str);
    if (x->count == x->capacity) {
        unsigned size = x->capacity ? x->capacity * 2 : 8;
        Capture *grown = gi_compile_alloc(c, size * sizeof *grown);
        if (x->count) memcpy(grown, x->captures, x->count * sizeof *grown);
        x->captures = grown;
        x->capacity = size;
    }
    x->captures[x->count++] = (Capture){name, reg};
}

static void capture_name(GiCompiler *c, Pattern *x, const GiName *name, unsigned reg) {
    gi_check_forbidden(c, &c->pattern_pos, gi_name_info(c, name), GI_CTX_Store);
    capture(c, x, gi_unit_mangle(c, name), reg);
}

/* Fails unless the temporary or register compares so with a small number. */
static void require_number(GiCompiler *c, const GiAstPos *pos, unsigned op, unsigned operand, uint32_t number, Label *fail) {
    gi_jump(c, pos, op, operand, gi_const_index(c, gi_smallint(number)), fail);
}

static bool is_wildcard(const GiAstPattern *p) { return p->kind == GI_PATTERN_MatchAs && p->MatchAs.name == NULL; }
static bool is_wildcard_star(const GiAstPattern *p) { return p->kind == GI_PATTERN_MatchStar && p->MatchStar.name == NULL; }

static void subpattern(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    bool irrefutable = x->irrefutable;
    x->irrefutable = true;
    match_pattern(c, p, subject, x);
    x->irrefutable = irrefutable;
}

static void match_value(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    const GiAstExpr *value = p->MatchValue.value;
    GiVal k;
    unsigned index;
    if (value->kind != GI_EXPR_Constant && value->kind != GI_EXPR_Attribute)
        gi_compile_error(c, &p->pos, "patterns may only match literals and attribute lookups");
    if (gi_is_const(c, value, &k) && gi_const_near(c, k, &index)) {
        gi_jump(c, &p->pos, OP_JUMP_NOT_EQ_K, subject, index, fail_label(c, x));
        return;
    }
    unsigned top = c->unit->top;
    unsigned operand = gi_expr_operand(c, value);
    c->unit->top = top;
    gi_jump(c, &p->pos, OP_JUMP_NOT_EQ, subject, operand, fail_label(c, x));
}

static void match_singleton(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    GiVal value = gi_const_value(c, &p->MatchSingleton.value);
    unsigned top = c->unit->top;
    if (gi_is_none(value)) {
        gi_jump(c, &p->pos, OP_JUMP_IF_NOT_NONE, subject, 0, fail_label(c, x));
        return;
    }
    unsigned t = gi_temp(c);
    gi_load_const(c, &p->pos, value, t);
    gi_emit(c, &p->pos, OP_IS, t, subject, LAST(t));
    c->unit->top = top;
    gi_jump(c, &p->pos, OP_JUMP_IF_NOT, LAST(t), 0, fail_label(c, x));
}

/* ---- Sequences ---- */

static void items_by_index(GiCompiler *c, const GiAstPattern *p, unsigned subject, int star, Pattern *x) {
    const GiAstSeq_pattern *parts = &p->MatchSequence.patterns;
    for (uint32_t i = 0; i < parts->count; i++) {
        if ((int)i == star || is_wildcard(parts->items[i])) continue;
        unsigned t = gi_temp(c);
        if ((int)i < star) {
            gi_emit(c, &p->pos, OP_GET_ITEM_K, t, subject, gi_const_index(c, gi_smallint(i)));
        } else {
            gi_emit(c, &p->pos, OP_MATCH_LEN, t, subject, 0);
            gi_emit(c, &p->pos, OP_SUB_K, t, LAST(t), gi_const_index(c, gi_smallint(parts->count - i)));
            gi_emit(c, &p->pos, OP_GET_ITEM, t, subject, LAST(t));
        }
        subpattern(c, parts->items[i], t, x);
    }
}

/* Items of a value into fresh temporaries: the first. `from` may be one of them. */
static unsigned unpack_items(GiCompiler *c, const GiAstPos *pos, unsigned from, unsigned count, int star) {
    Unit *u = c->unit;
    unsigned run = from & GI_LAST_USE ? REG_OF(from) : u->top;
    u->top = run;
    for (unsigned i = 0; i < count; i++) gi_temp(c);
    if (star < 0) gi_emit(c, pos, OP_UNPACK, run, from, count);
    else gi_emit(c, pos, OP_UNPACK_EX, run, from, (unsigned)star)->extra = count - (unsigned)star - 1;
    return run;
}

static void match_sequence(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    Unit *u = c->unit;
    const GiAstSeq_pattern *parts = &p->MatchSequence.patterns;
    int star = -1;
    bool only_wildcards = true, wildcard_star = false;
    for (uint32_t i = 0; i < parts->count; i++) {
        const GiAstPattern *part = parts->items[i];
        only_wildcards = only_wildcards && (is_wildcard(part) || is_wildcard_star(part));
        if (part->kind != GI_PATTERN_MatchStar) continue;
        if (star >= 0) gi_compile_error(c, &p->pos, "multiple starred names in sequence pattern");
        star = (int)i;
        wildcard_star = is_wildcard_star(part);
    }
    unsigned t = gi_temp(c), count = parts->count;
    gi_emit(c, &p->pos, OP_MATCH_SEQUENCE, t, subject, 0);
    u->top = t;
    gi_jump(c, &p->pos, OP_JUMP_IF_NOT, LAST(t), 0, fail_label(c, x));
    if (star < 0) {
        gi_emit(c, &p->pos, OP_MATCH_LEN, t, subject, 0);
        require_number(c, &p->pos, OP_JUMP_NOT_EQ_K, LAST(t), count, fail_label(c, x));
    } else if (count > 1) {
        gi_emit(c, &p->pos, OP_MATCH_LEN, t, subject, 0);
        require_number(c, &p->pos, OP_JUMP_NOT_GE_K, LAST(t), count - 1, fail_label(c, x));
    }
    if (only_wildcards) return;
    if (wildcard_star) {
        items_by_index(c, p, subject, star, x);
        return;
    }
    unsigned run = unpack_items(c, &p->pos, subject, count, star);
    for (uint32_t i = 0; i < count; i++) {
        const GiAstPattern *part = parts->items[i];
        subpattern(c, part, run + i, x);
    }
}

/* ---- Mappings ---- */

static void mapping_keys(GiCompiler *c, const GiAstPattern *p, unsigned reg) {
    const GiAstSeq_expr *keys = &p->MatchMapping.keys;
    GiVal *seen = gi_compile_alloc(c, (keys->count + 1) * sizeof *seen);
    uint32_t known = 0;
    for (uint32_t i = 0; i < keys->count; i++) {
        const GiAstExpr *key = keys->items[i];
        GiVal k;
        if (gi_is_const(c, key, &k)) {
            for (uint32_t j = 0; j < known; j++) {
                GiTruth same = gi_compare_truth(c->ts, seen[j], k, GI_EQ);
                if (same.value < 0) gi_compile_fail(c);
                if (same.value) gi_compile_error(c, &p->pos, "mapping pattern checks duplicate key (%R)", k);
            }
            seen[known++] = k;
        } else if (key->kind != GI_EXPR_Attribute) {
            gi_compile_error(c, &p->pos, "mapping pattern keys may only match literals and attribute lookups");
        }
    }
    if (known == keys->count) {
        gi_load_const(c, &p->pos, gi_keep(c, gi_tuple_from(c->ts, seen, known)), reg);
        return;
    }
    for (uint32_t i = 0; i < keys->count; i++) gi_expr_to(c, keys->items[i], i == 0 ? reg : gi_temp(c));
    gi_emit(c, &p->pos, OP_BUILD_TUPLE, reg, reg, keys->count);
    c->unit->top = reg + 1;
}

/* The rest of the mapping replaces the tuple of keys in reg. */
static void mapping_rest(GiCompiler *c, const GiAstPos *pos, unsigned subject, unsigned reg, unsigned count) {
    unsigned top = c->unit->top, dict = gi_temp(c);
    gi_emit(c, pos, OP_BUILD_DICT, dict, dict, 0);
    gi_emit(c, pos, OP_DICT_UPDATE, dict, subject, 0);
    unsigned run = gi_temp(c);
    for (unsigned i = 1; i < count; i++) gi_temp(c);
    gi_emit(c, pos, OP_UNPACK, run, LAST(reg), count);
    for (unsigned i = count; i-- > 0;) gi_emit(c, pos, OP_DEL_ITEM, dict, LAST(run + i), 0);
    gi_emit(c, pos, OP_MOVE, reg, LAST(dict), 0);
    c->unit->top = top;
}

static void match_mapping(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    Unit *u = c->unit;
    const GiAstSeq_pattern *parts = &p->MatchMapping.patterns;
    uint32_t count = p->MatchMapping.keys.count;
    const GiName *rest = p->MatchMapping.rest;
    unsigned t = gi_temp(c);
    gi_emit(c, &p->pos, OP_MATCH_MAPPING, t, subject, 0);
    u->top = t;
    gi_jump(c, &p->pos, OP_JUMP_IF_NOT, LAST(t), 0, fail_label(c, x));
    if (count > 0) {
        gi_emit(c, &p->pos, OP_MATCH_LEN, t, subject, 0);
        require_number(c, &p->pos, OP_JUMP_NOT_GE_K, LAST(t), count, fail_label(c, x));
    } else {
        if (rest == NULL) return;
        unsigned dict = gi_temp(c);
        gi_emit(c, &p->pos, OP_BUILD_DICT, dict, dict, 0);
        gi_emit(c, &p->pos, OP_DICT_UPDATE, dict, subject, 0);
        capture_name(c, x, rest, dict);
        return;
    }
    unsigned keys = gi_temp(c), values = keys;
    mapping_keys(c, p, keys);
    if (rest != NULL) values = gi_temp(c);
    gi_emit(c, &p->pos, OP_MATCH_KEYS, values, subject, rest ? keys : LAST(keys));
    u->top = values;
    gi_jump(c, &p->pos, OP_JUMP_IF_NONE, values, 0, fail_label(c, x));
    u->top = values + 1;
    unsigned run = unpack_items(c, &p->pos, LAST(values), count, -1);
    if (rest != NULL) mapping_rest(c, &p->pos, subject, keys, count);
    for (uint32_t i = 0; i < count; i++) subpattern(c, parts->items[i], run + i, x);
    if (rest != NULL) capture_name(c, x, rest, keys);
}

/* ---- Classes ---- */

static void check_attributes(GiCompiler *c, const GiAstPattern *p) {
    const GiAstSeq_identifier *names = &p->MatchClass.kwd_attrs;
    for (uint32_t i = 0; i < names->count; i++) {
        GiNameInfo *name = gi_name_info(c, names->items[i]);
        const GiAstPos *pos = &p->MatchClass.kwd_patterns.items[i]->pos;
        gi_check_forbidden(c, pos, name, GI_CTX_Store);
        for (uint32_t j = i + 1; j < names->count; j++)
            if (gi_name_info(c, names->items[j]) == name)
                gi_compile_error(c, &p->MatchClass.kwd_patterns.items[j]->pos,
                                 "attribute name repeated in class pattern: %U", name->str);
    }
}

static void match_class(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    Unit *u = c->unit;
    const GiAstSeq_identifier *names = &p->MatchClass.kwd_attrs;
    uint32_t positional = p->MatchClass.patterns.count, count = positional + names->count;
    check_attributes(c, p);
    unsigned t = gi_temp(c);
    gi_emit(c, &p->pos, OP_COPY, t, subject, 0);
    gi_expr_to(c, p->MatchClass.cls, gi_temp(c));
    GiVal *list = gi_compile_alloc(c, (names->count + 1) * sizeof *list);
    for (uint32_t i = 0; i < names->count; i++) list[i] = gi_name_info(c, names->items[i])->str;
    uint32_t index = gi_const_index(c, gi_keep(c, gi_tuple_from(c->ts, list, names->count)));
    gi_emit(c, &p->pos, OP_MATCH_CLASS, t, positional, index);
    u->top = t;
    gi_jump(c, &p->pos, OP_JUMP_IF_NONE, t, 0, fail_label(c, x));
    if (count == 0) {
        gi_emit(c, &p->pos, OP_DROP, t, 0, 0);
        return;
    }
    u->top = t + 1;
    unsigned run = unpack_items(c, &p->pos, LAST(t), count, -1);
    for (uint32_t i = 0; i < count; i++) {
        const GiAstPattern *part = i < positional ? p->MatchClass.patterns.items[i]
                                                  : p->MatchClass.kwd_patterns.items[i - positional];
        if (!is_wildcard(part)) subpattern(c, part, run + i, x);
    }
}

/* ---- Alternatives ---- */

static unsigned count_names(const GiAstPattern *p) {
    unsigned n = 0;
    switch (p->kind) {
    case GI_PATTERN_MatchSequence:
        for (uint32_t i = 0; i < p->MatchSequence.patterns.count; i++) n += count_names(p->MatchSequence.patterns.items[i]);
        return n;
    case GI_PATTERN_MatchMapping:
        for (uint32_t i = 0; i < p->MatchMapping.patterns.count; i++) n += count_names(p->MatchMapping.patterns.items[i]);
        return n + (p->MatchMapping.rest != NULL);
    case GI_PATTERN_MatchClass:
        for (uint32_t i = 0; i < p->MatchClass.patterns.count; i++) n += count_names(p->MatchClass.patterns.items[i]);
        for (uint32_t i = 0; i < p->MatchClass.kwd_patterns.count; i++) n += count_names(p->MatchClass.kwd_patterns.items[i]);
        return n;
    case GI_PATTERN_MatchStar: return p->MatchStar.name != NULL;
    case GI_PATTERN_MatchAs: return (p->MatchAs.name != NULL) + (p->MatchAs.pattern ? count_names(p->MatchAs.pattern) : 0);
    case GI_PATTERN_MatchOr: return count_names(p->MatchOr.patterns.items[0]);
    default: return 0;
    }
}

/* Does a capture after number i use the same register? */
static bool used_later(const Pattern *x, unsigned i) {
    for (unsigned j = i + 1; j < x->count; j++)
        if (x->captures[j].reg == x->captures[i].reg) return true;
    return false;
}

static void drop_uncaptured(GiCompiler *c, const Pattern *x) {
    for (unsigned reg = x->base; reg < c->unit->top; reg++) {
        bool captured = false;
        for (unsigned i = 0; i < x->count; i++) captured = captured || x->captures[i].reg == reg;
        if (!captured) gi_emit(c, &gi_no_pos, OP_DROP, reg, 0, 0);
    }
}

static void match_or(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    Unit *u = c->unit;
    const GiAstSeq_pattern *alternatives = &p->MatchOr.patterns;
    unsigned count = count_names(alternatives->items[0]), canonical = u->top;
    for (unsigned i = 0; i < count; i++) gi_temp(c);
    GiNameInfo **names = gi_compile_alloc(c, (count + 1) * sizeof *names);
    Label *end = gi_label(c);
    for (uint32_t i = 0; i < alternatives->count; i++) {
        bool last = i + 1 == alternatives->count;
        Pattern y = {.irrefutable = last && x->irrefutable, .base = canonical + count};
        u->top = y.base;
        match_pattern(c, alternatives->items[i], subject, &y);
        if (y.count != count) gi_compile_error(c, &c->pattern_pos, "alternative patterns bind different names");
        for (unsigned k = 0; k < count; k++) {
            if (i == 0) names[k] = y.captures[k].name;
            unsigned at = 0;
            while (at < count && names[at] != y.captures[k].name) at++;
            if (at == count) gi_compile_error(c, &c->pattern_pos, "alternative patterns bind different names");
            unsigned reg = y.captures[k].reg;
            bool move = reg >= y.base && !used_later(&y, k);
            gi_emit(c, &p->pos, move ? OP_MOVE : OP_COPY, canonical + at, move ? LAST(reg) : reg, 0);
        }
        drop_uncaptured(c, &y);
        gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
        place_ladder(c, &y);
        u->top = canonical;
    }
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, fail_label(c, x));
    u->top = canonical + count;
    gi_place(c, end);
    for (unsigned k = 0; k < count; k++) capture(c, x, names[k], canonical + k);
}

/* ---- The choice ---- */

static void match_as(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    if (p->MatchAs.pattern != NULL) {
        match_pattern(c, p->MatchAs.pattern, subject, x);
    } else if (!x->irrefutable) {
        if (p->MatchAs.name != NULL)
            gi_compile_error(c, &p->pos, "name capture '%U' makes remaining patterns unreachable",
                             gi_name_info(c, p->MatchAs.name)->str);
        gi_compile_error(c, &p->pos, "wildcard makes remaining patterns unreachable");
    }
    if (p->MatchAs.name != NULL) capture_name(c, x, p->MatchAs.name, subject);
}

static void match_pattern(GiCompiler *c, const GiAstPattern *p, unsigned subject, Pattern *x) {
    gi_enter(c);
    c->pattern_pos = p->pos;
    switch (p->kind) {
    case GI_PATTERN_MatchValue: match_value(c, p, subject, x); break;
    case GI_PATTERN_MatchSingleton: match_singleton(c, p, subject, x); break;
    case GI_PATTERN_MatchSequence: match_sequence(c, p, subject, x); break;
    case GI_PATTERN_MatchMapping: match_mapping(c, p, subject, x); break;
    case GI_PATTERN_MatchClass: match_class(c, p, subject, x); break;
    case GI_PATTERN_MatchStar:
        if (p->MatchStar.name) capture_name(c, x, p->MatchStar.name, subject);
        break;
    case GI_PATTERN_MatchAs: match_as(c, p, subject, x); break;
    case GI_PATTERN_MatchOr: match_or(c, p, subject, x); break;
    default:
        gi_raise(c->ts, &gi_exc_SystemError, "invalid match pattern node in AST");
        gi_compile_fail(c);
    }
    gi_leave(c);
}

static void match_case(GiCompiler *c, const GiAstMatchCase *m, unsigned subject, bool last, Label *end) {
    Unit *u = c->unit;
    Pattern x = {.irrefutable = m->guard != NULL || last, .base = u->top};
    gi_emit(c, &m->pattern->pos, OP_NOP, 0, 0, 0);
    match_pattern(c, m->pattern, subject, &x);
    for (unsigned i = 0; i < x.count; i++) {
        unsigned reg = x.captures[i].reg;
        bool move = reg >= x.base && !used_later(&x, i);
        gi_store_name(c, &m->pattern->pos, x.captures[i].name, move ? LAST(reg) : reg);
    }
    drop_uncaptured(c, &x);
    u->top = x.base;
    if (m->guard) gi_cond_jump(c, &m->pattern->pos, m->guard, fail_label(c, &x), false);
    gi_emit(c, &gi_no_pos, OP_DROP, subject, 0, 0);
    gi_compile_body(c, &m->body, 0);
    gi_jump(c, &gi_no_pos, OP_JUMP, 0, 0, end);
    place_ladder(c, &x);
}

void gi_compile_match(GiCompiler *c, const GiAstStmt *s) {
    Unit *u = c->unit;
    unsigned top = u->top;
    unsigned subject = gi_expr_temp(c, s->Match.subject);
    Label *end = gi_label(c);
    for (uint32_t i = 0; i < s->Match.cases.count; i++)
        match_case(c, s->Match.cases.items[i], subject, i + 1 == s->Match.cases.count, end);
    gi_emit(c, &gi_no_pos, OP_DROP, subject, 0, 0);
    gi_place(c, end);
    u->top = top;
}
