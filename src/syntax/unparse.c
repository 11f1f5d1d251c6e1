/* unparse.c - expressions back to text, as annotations are spelled under `from __future__ import
 * annotations`.
 *
 * Parentheses are put by binding strength only, so the text may have more than the source had.
 * PYSEM: tests/unit/test_syntax.c shows the spelling that Python programs see.
 */
#include "base/float_text.h"
#include "base/unicode.h"
#include "syntax/chars.h"
#include "syntax/parser.h"

#define MAX_DEPTH 3000

/* Binding strengths, weakest first. */
enum {
    P_TUPLE,
    P_TEST,
    P_OR,
    P_AND,
    P_NOT,
    P_CMP,
    P_EXPR,
    P_BOR = P_EXPR,
    P_BXOR,
    P_BAND,
    P_SHIFT,
    P_ARITH,
    P_TERM,
    P_FACTOR,
    P_POWER,
    P_AWAIT,
    P_ATOM
};

typedef struct {
    GiArena *arena;
    const GiUnparseOptions *options;
    char *bytes;
    size_t len, capacity;
    int depth;
    bool failed;
} Writer;

static void put_bytes(Writer *w, const char *bytes, size_t len) {
    if (w->failed) {
        return;
    }
    if (len >= w->capacity - w->len) {
        size_t capacity = GI_MAX(w->capacity * 2, w->len + len + 64);
        char *grown = gi_arena_alloc(w->arena, capacity);
        if (grown == NULL) {
            w->failed = true;
            return;
        }
        if (w->len != 0) {
            memcpy(grown, w->bytes, w->len);
        }
        w->bytes = grown;
        w->capacity = capacity;
    }
    memcpy(w->bytes + w->len, bytes, len);
    w->len += len;
}

static void put(Writer *w, const char *text) {
    put_bytes(w, text, strlen(text));
}

static void put_name(Writer *w, const GiName *name) {
    put_bytes(w, name->bytes, name->len);
}

static void put_if(Writer *w, bool condition, const char *text) {
    if (condition) {
        put(w, text);
    }
}

static void expr(Writer *w, const GiAstExpr *e, int level);

/* ---- Constants ------------------------------------------------------------------------------- */

/* The quote repr() chooses for a text. */
static char choose_quote(const char *s, size_t len) {
    return memchr(s, '\'', len) != NULL && memchr(s, '"', len) == NULL ? '"' : '\'';
}

/* What repr() writes for one character with a backslash; 0: nothing special. */
static char short_escape(uint32_t c) {
    switch (c) {
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\\': return '\\';
    default: return 0;
    }
}

static void put_hex(Writer *w, char letter, uint32_t c, int digits) {
    char text[12] = {'\\', letter};
    for (int i = 0; i < digits; i++) {
        text[2 + i] = "0123456789abcdef"[c >> (4 * (digits - 1 - i)) & 15];
    }
    put_bytes(w, text, (size_t)digits + 2);
}

static void put_str_repr(Writer *w, const char *s, size_t len) {
    char quote = choose_quote(s, len);
    const char *end = s + len;
    put_bytes(w, &quote, 1);
    while (s < end) {
        uint32_t c;
        int n = gi_chars_decode(s, end, &c);
        char letter = short_escape(c);
        if (letter != 0 || c == (unsigned char)quote) {
            char text[2] = {'\\', letter != 0 ? letter : quote};
            put_bytes(w, text, 2);
        } else if (c < 0x80 ? c >= ' ' && c != 0x7f : gi_uc_is_printable(c)) {
            put_bytes(w, s, (size_t)n);
        } else if (c < 0x100) {
            put_hex(w, 'x', c, 2);
        } else {
            put_hex(w, c < 0x10000 ? 'u' : 'U', c, c < 0x10000 ? 4 : 8);
        }
        s += n;
    }
    put_bytes(w, &quote, 1);
}

static void put_bytes_repr(Writer *w, const char *s, size_t len) {
    char quote = choose_quote(s, len);
    put(w, "b");
    put_bytes(w, &quote, 1);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        char letter = short_escape(c);
        if (letter != 0 || c == (unsigned char)quote) {
            char text[2] = {'\\', letter != 0 ? letter : quote};
            put_bytes(w, text, 2);
        } else if (c >= ' ' && c < 0x7f) {
            put_bytes(w, (const char *)&s[i], 1);
        } else {
            put_hex(w, 'x', c, 2);
        }
    }
    put_bytes(w, &quote, 1);
}

/* Infinity is written as a literal that overflows. */
static void put_float(Writer *w, double v, bool imaginary) {
    char text[GI_FLOAT_REPR_MAX];
    if (v > 1.7976931348623157e308) {
        put(w, "1e309");
    } else {
        size_t len = gi_float_repr(v, text);
        /* A complex number's part has no ".0". */
        if (imaginary && len > 2 && text[len - 2] == '.' && text[len - 1] == '0') {
            len -= 2;
        }
        put_bytes(w, text, len);
    }
    put_if(w, imaginary, "j");
}

/* An integer in decimal, by repeated multiplication of the digits so far. */
static void put_int(Writer *w, const GiAstConst *c) {
    const char *s = c->text.bytes;
    size_t len = c->text.len;
    while (len > 1 && *s == '0') {
        s++;
        len--;
    }
    if (c->base == 10) {
        put_bytes(w, s, len);
        return;
    }
    /* Limbs of nine decimal digits, least significant first. */
    size_t capacity = len / 7 + 2;
    uint32_t *limbs = gi_arena_calloc(w->arena, capacity * sizeof *limbs);
    if (limbs == NULL) {
        w->failed = true;
        return;
    }
    size_t used = 1;
    for (size_t i = 0; i < len; i++) {
        char d = s[i];
        uint64_t carry = (uint64_t)(d <= '9' ? d - '0' : (d | 0x20) - 'a' + 10);
        for (size_t k = 0; k < used; k++) {
            uint64_t v = (uint64_t)limbs[k] * c->base + carry;
            limbs[k] = (uint32_t)(v % 1000000000u);
            carry = v / 1000000000u;
        }
        if (carry != 0) {
            limbs[used++] = (uint32_t)carry;
        }
    }
    for (size_t k = used; k-- > 0;) {
        char text[9];
        uint32_t v = limbs[k];
        for (int i = 8; i >= 0; i--) {
            text[i] = (char)('0' + v % 10);
            v /= 10;
        }
        size_t skip = 0;
        while (k == used - 1 && skip < 8 && text[skip] == '0') {
            skip++;
        }
        put_bytes(w, text + skip, 9 - skip);
    }
}

static void put_object(Writer *w, uint64_t object) {
    const char *text;
    size_t len;
    if (w->options->object_repr == NULL ||
        w->options->object_repr(w->options->context, object, w->arena, &text, &len) != GI_OK) {
        w->failed = true;
        return;
    }
    put_bytes(w, text, len);
}

static void constant(Writer *w, const GiAstExpr *e) {
    const GiAstConst *c = &e->Constant.value;
    put_if(w, e->Constant.kind != NULL, "u");
    switch ((GiConstKind)c->kind) {
    case GI_CONST_NONE: put(w, "None"); break;
    case GI_CONST_TRUE: put(w, "True"); break;
    case GI_CONST_FALSE: put(w, "False"); break;
    case GI_CONST_ELLIPSIS: put(w, "..."); break;
    case GI_CONST_INT: put_int(w, c); break;
    case GI_CONST_FLOAT: put_float(w, c->number, false); break;
    case GI_CONST_IMAGINARY: put_float(w, c->number, true); break;
    case GI_CONST_STR: put_str_repr(w, c->text.bytes, c->text.len); break;
    case GI_CONST_BYTES: put_bytes_repr(w, c->text.bytes, c->text.len); break;
    case GI_CONST_OBJECT: put_object(w, c->object); break;
    }
}

/* ---- f-strings ------------------------------------------------------------------------------- */

static void fstring_part(Writer *w, const GiAstExpr *e, bool spec);

/* Text of an f-string: braces doubled, unless it is a specification. */
static void fstring_text(Writer *w, const char *s, size_t len) {
    for (size_t i = 0; i < len; i++) {
        put_bytes(w, s + i, 1);
        if (s[i] == '{' || s[i] == '}') {
            put_bytes(w, s + i, 1);
        }
    }
}

static void formatted_value(Writer *w, const GiAstExpr *e) {
    /* The expression is written apart: if it begins with a brace, a blank keeps it from looking
     * like a doubled one. */
    Writer inner = {.arena = w->arena, .options = w->options, .depth = w->depth};
    expr(&inner, e->FormattedValue.value, P_TEST + 1);
    if (inner.failed) {
        w->failed = true;
        return;
    }
    put(w, inner.len != 0 && inner.bytes[0] == '{' ? "{ " : "{");
    put_bytes(w, inner.bytes, inner.len);
    if (e->FormattedValue.conversion > 0) {
        char text[2] = {'!', (char)e->FormattedValue.conversion};
        put_bytes(w, text, 2);
    }
    if (e->FormattedValue.format_spec != NULL) {
        put(w, ":");
        fstring_part(w, e->FormattedValue.format_spec, true);
    }
    put(w, "}");
}

static void fstring_part(Writer *w, const GiAstExpr *e, bool spec) {
    switch (e->kind) {
    case GI_EXPR_Constant:
        if (e->Constant.value.kind == GI_CONST_STR) {
            fstring_text(w, e->Constant.value.text.bytes, e->Constant.value.text.len);
        } else {
            constant(w, e);
        }
        break;
    case GI_EXPR_JoinedStr:
        for (uint32_t i = 0; i < e->JoinedStr.values.count; i++) {
            fstring_part(w, e->JoinedStr.values.items[i], spec);
        }
        break;
    case GI_EXPR_FormattedValue: formatted_value(w, e); break;
    default: w->failed = true; break;
    }
}

/* A whole f-string: its text, and that quoted as repr() does. */
static void fstring(Writer *w, const GiAstExpr *e) {
    Writer inner = {.arena = w->arena, .options = w->options, .depth = w->depth};
    put_bytes(&inner, "", 0);
    fstring_part(&inner, e, false);
    if (inner.failed) {
        w->failed = true;
        return;
    }
    put(w, "f");
    put_str_repr(w, inner.bytes != NULL ? inner.bytes : "", inner.len);
}

/* ---- Operators ------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    uint8_t strength;
} binary_ops[GI_OPERATOR_last] = {
    [GI_OPERATOR_Add] = {" + ", P_ARITH},    [GI_OPERATOR_Sub] = {" - ", P_ARITH},
    [GI_OPERATOR_Mult] = {" * ", P_TERM},    [GI_OPERATOR_MatMult] = {" @ ", P_TERM},
    [GI_OPERATOR_Div] = {" / ", P_TERM},     [GI_OPERATOR_Mod] = {" % ", P_TERM},
    [GI_OPERATOR_LShift] = {" << ", P_SHIFT}, [GI_OPERATOR_RShift] = {" >> ", P_SHIFT},
    [GI_OPERATOR_BitOr] = {" | ", P_BOR},    [GI_OPERATOR_BitXor] = {" ^ ", P_BXOR},
    [GI_OPERATOR_BitAnd] = {" & ", P_BAND},  [GI_OPERATOR_FloorDiv] = {" // ", P_TERM},
    [GI_OPERATOR_Pow] = {" ** ", P_POWER},
};

static const char *const compare_ops[GI_CMPOP_last] = {
    [GI_CMPOP_Eq] = " == ",  [GI_CMPOP_NotEq] = " != ",     [GI_CMPOP_Lt] = " < ",
    [GI_CMPOP_LtE] = " <= ", [GI_CMPOP_Gt] = " > ",         [GI_CMPOP_GtE] = " >= ",
    [GI_CMPOP_Is] = " is ",  [GI_CMPOP_IsNot] = " is not ", [GI_CMPOP_In] = " in ",
    [GI_CMPOP_NotIn] = " not in ",
};

static void binary(Writer *w, const GiAstExpr *e, int level) {
    int strength = binary_ops[e->BinOp.op].strength;
    bool to_right = e->BinOp.op == GI_OPERATOR_Pow;
    put_if(w, level > strength, "(");
    expr(w, e->BinOp.left, strength + to_right);
    put(w, binary_ops[e->BinOp.op].text);
    expr(w, e->BinOp.right, strength + !to_right);
    put_if(w, level > strength, ")");
}

static void unary(Writer *w, const GiAstExpr *e, int level) {
    bool is_not = e->UnaryOp.op == GI_UNARYOP_Not;
    int strength = is_not ? P_NOT : P_FACTOR;
    put_if(w, level > strength, "(");
    put(w, is_not                               ? "not "
           : e->UnaryOp.op == GI_UNARYOP_Invert ? "~"
           : e->UnaryOp.op == GI_UNARYOP_UAdd   ? "+"
                                                : "-");
    expr(w, e->UnaryOp.operand, strength);
    put_if(w, level > strength, ")");
}

static void bool_op(Writer *w, const GiAstExpr *e, int level) {
    bool is_and = e->BoolOp.op == GI_BOOLOP_And;
    int strength = is_and ? P_AND : P_OR;
    put_if(w, level > strength, "(");
    for (uint32_t i = 0; i < e->BoolOp.values.count; i++) {
        put_if(w, i != 0, is_and ? " and " : " or ");
        expr(w, e->BoolOp.values.items[i], strength + 1);
    }
    put_if(w, level > strength, ")");
}

static void compare(Writer *w, const GiAstExpr *e, int level) {
    put_if(w, level > P_CMP, "(");
    expr(w, e->Compare.left, P_CMP + 1);
    for (uint32_t i = 0; i < e->Compare.ops.count; i++) {
        put(w, compare_ops[e->Compare.ops.items[i]]);
        expr(w, e->Compare.comparators.items[i], P_CMP + 1);
    }
    put_if(w, level > P_CMP, ")");
}

/* ---- Calls, functions, brackets -------------------------------------------------------------- */

static void items(Writer *w, const GiAstSeq_expr *seq, int level) {
    for (uint32_t i = 0; i < seq->count; i++) {
        put_if(w, i != 0, ", ");
        expr(w, seq->items[i], level);
    }
}

static void arg(Writer *w, const GiAstArg *a) {
    put_name(w, a->arg);
    if (a->annotation != NULL) {
        put(w, ": ");
        expr(w, a->annotation, P_TEST);
    }
}

static void arguments(Writer *w, const GiAstArguments *a) {
    bool first = true;
    uint32_t positional = a->posonlyargs.count + a->args.count;
    for (uint32_t i = 0; i < positional; i++) {
        put_if(w, !first, ", ");
        first = false;
        bool only = i < a->posonlyargs.count;
        arg(w, only ? a->posonlyargs.items[i] : a->args.items[i - a->posonlyargs.count]);
        if (i + a->defaults.count >= positional) {
            put(w, "=");
            expr(w, a->defaults.items[i + a->defaults.count - positional], P_TEST);
        }
        put_if(w, only && i + 1 == a->posonlyargs.count, ", /");
    }
    if (a->vararg != NULL || a->kwonlyargs.count != 0) {
        put(w, first ? "*" : ", *");
        first = false;
        if (a->vararg != NULL) {
            arg(w, a->vararg);
        }
    }
    for (uint32_t i = 0; i < a->kwonlyargs.count; i++) {
        put(w, ", ");
        arg(w, a->kwonlyargs.items[i]);
        if (a->kw_defaults.items[i] != NULL) {
            put(w, "=");
            expr(w, a->kw_defaults.items[i], P_TEST);
        }
    }
    if (a->kwarg != NULL) {
        put(w, first ? "**" : ", **");
        arg(w, a->kwarg);
    }
}

static void lambda(Writer *w, const GiAstExpr *e, int level) {
    const GiAstArguments *a = e->Lambda.args;
    put_if(w, level > P_TEST, "(");
    /* PYSEM: no blank before a star. */
    put(w, a->posonlyargs.count + a->args.count != 0 ? "lambda " : "lambda");
    arguments(w, a);
    put(w, ": ");
    expr(w, e->Lambda.body, P_TEST);
    put_if(w, level > P_TEST, ")");
}

static void conditional(Writer *w, const GiAstExpr *e, int level) {
    put_if(w, level > P_TEST, "(");
    expr(w, e->IfExp.body, P_TEST + 1);
    put(w, " if ");
    expr(w, e->IfExp.test, P_TEST + 1);
    put(w, " else ");
    expr(w, e->IfExp.orelse, P_TEST);
    put_if(w, level > P_TEST, ")");
}

static void dict(Writer *w, const GiAstExpr *e) {
    put(w, "{");
    for (uint32_t i = 0; i < e->Dict.values.count; i++) {
        put_if(w, i != 0, ", ");
        if (e->Dict.keys.items[i] != NULL) {
            expr(w, e->Dict.keys.items[i], P_TEST);
            put(w, ": ");
            expr(w, e->Dict.values.items[i], P_TEST);
        } else {
            put(w, "**");
            expr(w, e->Dict.values.items[i], P_EXPR);
        }
    }
    put(w, "}");
}

static void clauses(Writer *w, const GiAstSeq_comprehension *generators) {
    for (uint32_t i = 0; i < generators->count; i++) {
        const GiAstComprehension *c = generators->items[i];
        put(w, c->is_async ? " async for " : " for ");
        expr(w, c->target, P_TUPLE);
        put(w, " in ");
        expr(w, c->iter, P_TEST + 1);
        for (uint32_t k = 0; k < c->ifs.count; k++) {
            put(w, " if ");
            expr(w, c->ifs.items[k], P_TEST + 1);
        }
    }
}

static void comprehension(Writer *w, const char *open, const GiAstExpr *elt,
                          const GiAstSeq_comprehension *generators, const char *close) {
    put(w, open);
    expr(w, elt, P_TEST);
    clauses(w, generators);
    put(w, close);
}

static void call(Writer *w, const GiAstExpr *e) {
    const GiAstSeq_expr *args = &e->Call.args;
    expr(w, e->Call.func, P_ATOM);
    if (args->count == 1 && e->Call.keywords.count == 0 &&
        args->items[0]->kind == GI_EXPR_GeneratorExp) {
        expr(w, args->items[0], P_TEST);
        return;
    }
    put(w, "(");
    items(w, args, P_TEST);
    for (uint32_t i = 0; i < e->Call.keywords.count; i++) {
        const GiAstKeyword *k = e->Call.keywords.items[i];
        put_if(w, i != 0 || args->count != 0, ", ");
        if (k->arg != NULL) {
            put_name(w, k->arg);
            put(w, "=");
        } else {
            put(w, "**");
        }
        expr(w, k->value, P_TEST);
    }
    put(w, ")");
}

static void tuple(Writer *w, const GiAstExpr *e, int level) {
    if (e->Tuple.elts.count == 0) {
        put(w, "()");
        return;
    }
    put_if(w, level > P_TUPLE, "(");
    items(w, &e->Tuple.elts, P_TEST);
    put_if(w, e->Tuple.elts.count == 1, ",");
    put_if(w, level > P_TUPLE, ")");
}

static void attribute(Writer *w, const GiAstExpr *e) {
    const GiAstExpr *value = e->Attribute.value;
    expr(w, value, P_ATOM);
    /* 1 .real: an integer must not run into the point. */
    bool integer =
        value->kind == GI_EXPR_Constant && value->Constant.value.kind == GI_CONST_INT;
    put(w, integer ? " ." : ".");
    put_name(w, e->Attribute.attr);
}

static void slice(Writer *w, const GiAstExpr *e) {
    if (e->Slice.lower != NULL) {
        expr(w, e->Slice.lower, P_TEST);
    }
    put(w, ":");
    if (e->Slice.upper != NULL) {
        expr(w, e->Slice.upper, P_TEST);
    }
    if (e->Slice.step != NULL) {
        put(w, ":");
        expr(w, e->Slice.step, P_TEST);
    }
}

static void yield(Writer *w, const GiAstExpr *e) {
    if (e->kind == GI_EXPR_YieldFrom) {
        put(w, "(yield from ");
        expr(w, e->YieldFrom.value, P_TEST);
    } else if (e->Yield.value == NULL) {
        put(w, "(yield");
    } else {
        put(w, "(yield ");
        expr(w, e->Yield.value, P_TUPLE);
    }
    put(w, ")");
}

static void dispatch(Writer *w, const GiAstExpr *e, int level) {
    switch (e->kind) {
    case GI_EXPR_BoolOp: bool_op(w, e, level); break;
    case GI_EXPR_BinOp: binary(w, e, level); break;
    case GI_EXPR_UnaryOp: unary(w, e, level); break;
    case GI_EXPR_Lambda: lambda(w, e, level); break;
    case GI_EXPR_IfExp: conditional(w, e, level); break;
    case GI_EXPR_Dict: dict(w, e); break;
    case GI_EXPR_Set:
        put(w, "{");
        items(w, &e->Set.elts, P_TEST);
        put(w, "}");
        break;
    case GI_EXPR_GeneratorExp:
        comprehension(w, "(", e->GeneratorExp.elt, &e->GeneratorExp.generators, ")");
        break;
    case GI_EXPR_ListComp:
        comprehension(w, "[", e->ListComp.elt, &e->ListComp.generators, "]");
        break;
    case GI_EXPR_SetComp:
        comprehension(w, "{", e->SetComp.elt, &e->SetComp.generators, "}");
        break;
    case GI_EXPR_DictComp:
        put(w, "{");
        expr(w, e->DictComp.key, P_TEST);
        comprehension(w, ": ", e->DictComp.value, &e->DictComp.generators, "}");
        break;
    case GI_EXPR_Yield:
    case GI_EXPR_YieldFrom: yield(w, e); break;
    case GI_EXPR_Await:
        put_if(w, level > P_AWAIT, "(");
        put(w, "await ");
        expr(w, e->Await.value, P_ATOM);
        put_if(w, level > P_AWAIT, ")");
        break;
    case GI_EXPR_Compare: compare(w, e, level); break;
    case GI_EXPR_Call: call(w, e); break;
    case GI_EXPR_Constant: constant(w, e); break;
    case GI_EXPR_JoinedStr: fstring(w, e); break;
    case GI_EXPR_FormattedValue: formatted_value(w, e); break;
    case GI_EXPR_Attribute: attribute(w, e); break;
    case GI_EXPR_Starred:
        put(w, "*");
        expr(w, e->Starred.value, P_EXPR);
        break;
    case GI_EXPR_Name: put_name(w, e->Name.id); break;
    case GI_EXPR_List:
        put(w, "[");
        items(w, &e->List.elts, P_TEST);
        put(w, "]");
        break;
    case GI_EXPR_Tuple: tuple(w, e, level); break;
    case GI_EXPR_Subscript:
        expr(w, e->Subscript.value, P_ATOM);
        put(w, "[");
        expr(w, e->Subscript.slice, P_TUPLE);
        put(w, "]");
        break;
    case GI_EXPR_Slice: slice(w, e); break;
    case GI_EXPR_NamedExpr:
        put_if(w, level > P_TUPLE, "(");
        expr(w, e->NamedExpr.target, P_ATOM);
        put(w, " := ");
        expr(w, e->NamedExpr.value, P_ATOM);
        put_if(w, level > P_TUPLE, ")");
        break;
    default: w->failed = true; break;
    }
}

/* Writes e where something of at least strength `level` is expected. */
static void expr(Writer *w, const GiAstExpr *e, int level) {
    if (w->failed || w->depth >= MAX_DEPTH) {
        w->failed = true;
        return;
    }
    w->depth++;
    dispatch(w, e, level);
    w->depth--;
}

GiStatus gi_unparse_expr(GiArena *arena, const GiAstExpr *e, const GiUnparseOptions *options,
                         const char **text, size_t *len) {
    static const GiUnparseOptions none = {0};
    Writer w = {.arena = arena, .options = options != NULL ? options : &none};
    expr(&w, e, P_TEST);
    put_bytes(&w, "", 1);
    if (w.failed) {
        return GI_FAIL;
    }
    *text = w.bytes;
    *len = w.len - 1;
    return GI_OK;
}
