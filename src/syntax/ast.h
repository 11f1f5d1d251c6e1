/* ast.h - the abstract syntax tree of Python 3.11, generated from ast.def.
 *
 * Shape. A type with several constructors is a tagged struct: `kind` says which member of the
 * (anonymous) union holds its fields, and the member is named like the constructor:
 *
 *     GiAstExpr *e;   if (e->kind == GI_EXPR_BinOp) visit(e->BinOp.left);
 *
 * Kinds count from 1, so 0 is never valid. Products (arguments, arg, keyword, alias, ...) have
 * their fields directly; enumerations (operator, cmpop, expr_context, ...) are C enums.
 * Types with attributes carry `pos`; columns are UTF-8 byte offsets from 0, lines count from 1.
 * A sequence is {count, items}; items is NULL when count is 0. Two sequences may hold NULL
 * items: Dict.keys (a `**mapping` entry) and arguments.kw_defaults (no default).
 *
 * Memory. All nodes live in a GiArena and die with it; nothing is freed singly.
 *
 * Leaves are no Python objects: identifiers and strings are GiName, constants GiAstConst.
 *
 * Reflection. gi_ast_types describes every type, constructor and field with byte offsets, so that
 * another layer can convert trees to and from objects of module _ast without knowing any node.
 */
#ifndef GI_SYNTAX_AST_H
#define GI_SYNTAX_AST_H

#include "base/arena.h"
#include "base/common.h"

/* An identifier or short text. From the parser: one GiName for each spelling in a tree, so names
 * of one tree compare by address; identifiers are NFKC-normalised UTF-8. */
typedef struct GiName {
    uint32_t len;
    uint32_t hash;
    uint64_t user; /* 0 at first; free for the layer that makes objects (a cached object) */
    char bytes[];  /* UTF-8 (identifiers) or WTF-8 (other text), NUL-terminated */
} GiName;

typedef struct {
    int32_t lineno, col_offset, end_lineno, end_col_offset;
} GiAstPos;

typedef enum {
    GI_CONST_NONE = 1,
    GI_CONST_TRUE,
    GI_CONST_FALSE,
    GI_CONST_ELLIPSIS,
    GI_CONST_INT,       /* text: digits without prefix and underscores; base 2, 8, 10 or 16 */
    GI_CONST_FLOAT,     /* number */
    GI_CONST_IMAGINARY, /* number: the imaginary part */
    GI_CONST_STR,       /* text: WTF-8, that is UTF-8 that may hold encoded surrogates and NULs */
    GI_CONST_BYTES,     /* text: the bytes */
    GI_CONST_OBJECT     /* object: whatever compile() was given in a tree of Python objects */
} GiConstKind;

/* The value of a Constant or MatchSingleton. */
typedef struct GiAstConst {
    uint8_t kind; /* GiConstKind */
    uint8_t base; /* of GI_CONST_INT */
    bool ascii;   /* of GI_CONST_STR: only bytes below 128 */
    union {
        struct {
            const char *bytes; /* NUL-terminated, NUL not counted */
            size_t len;
        } text;
        double number;
        uint64_t object;
    };
} GiAstConst;

/* ---- Enumerations ---------------------------------------------------------------------------- */

#define GI_AST_ENUM_BEGIN(type, Type, PREFIX) typedef enum { GI_##PREFIX##_invalid = 0,
#define GI_AST_ENUMERATOR(Type, PREFIX, Name) GI_##PREFIX##_##Name,
#define GI_AST_ENUM_END(type, Type, PREFIX)                                                        \
    GI_##PREFIX##_last                                                                             \
    }                                                                                              \
    GiAst##Type;
#include "syntax/ast.def"

#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs) typedef enum { GI_##PREFIX##_invalid = 0,
#define GI_AST_CTOR_BEGIN(Type, PREFIX, Name) GI_##PREFIX##_##Name,
#define GI_AST_SUM_END(type, Type, PREFIX, attrs)                                                  \
    GI_##PREFIX##_last                                                                             \
    }                                                                                              \
    GiAst##Type##Kind;
#include "syntax/ast.def"

/* ---- Field types: GiAstOne_T is a field of type T, GiAstSeq_T a sequence of them ------------- */

#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs)                                                \
    typedef struct GiAst##Type GiAst##Type;                                                        \
    typedef GiAst##Type *GiAstOne_##type;
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs)                                                    \
    typedef struct GiAst##Type GiAst##Type;                                                        \
    typedef GiAst##Type *GiAstOne_##type;
#define GI_AST_ENUM_BEGIN(type, Type, PREFIX) typedef GiAst##Type GiAstOne_##type;
#include "syntax/ast.def"

typedef GiName *GiAstOne_identifier;
typedef GiName *GiAstOne_string;
typedef int GiAstOne_int;
typedef GiAstConst GiAstOne_constant;

/* What every sequence field looks like to code that does not know its type. items points to an
 * array of pointers, except for sequences of an enumeration (an array of the enum). */
typedef struct {
    uint32_t count;
    void *items;
} GiAstAnySeq;

#define GI_AST_DECLARE_SEQ(type)                                                                   \
    typedef struct {                                                                               \
        uint32_t count;                                                                            \
        GiAstOne_##type *items;                                                                    \
    } GiAstSeq_##type;
#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs) GI_AST_DECLARE_SEQ(type)
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs) GI_AST_DECLARE_SEQ(type)
#define GI_AST_ENUM_BEGIN(type, Type, PREFIX) GI_AST_DECLARE_SEQ(type)
#include "syntax/ast.def"
GI_AST_DECLARE_SEQ(identifier)

/* ---- Nodes ----------------------------------------------------------------------------------- */

#define GI_AST_POS_ATTRS GiAstPos pos;
#define GI_AST_POS_PLAIN

#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs)                                                \
    struct GiAst##Type {                                                                           \
        GiAst##Type##Kind kind;                                                                    \
        GI_AST_POS_##attrs union {
#define GI_AST_CTOR_BEGIN(Type, PREFIX, Name) struct {
#define GI_AST_ONE(Type, Name, ftype, field) GiAstOne_##ftype field;
#define GI_AST_OPT(Type, Name, ftype, field) GiAstOne_##ftype field;
#define GI_AST_SEQ(Type, Name, ftype, field) GiAstSeq_##ftype field;
#define GI_AST_CTOR_END(Type, PREFIX, Name)                                                        \
    }                                                                                              \
    Name;
#define GI_AST_SUM_END(type, Type, PREFIX, attrs)                                                  \
    }                                                                                              \
    ;                                                                                              \
    }                                                                                              \
    ;
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs)                                                    \
    struct GiAst##Type {                                                                           \
        GI_AST_POS_##attrs
#define GI_AST_ONE_P(Type, ftype, field) GiAstOne_##ftype field;
#define GI_AST_OPT_P(Type, ftype, field) GiAstOne_##ftype field;
#define GI_AST_SEQ_P(Type, ftype, field) GiAstSeq_##ftype field;
#define GI_AST_PRODUCT_END(type, Type, attrs)                                                      \
    }                                                                                              \
    ;
#include "syntax/ast.def"

/* ---- Reflection ------------------------------------------------------------------------------ */

typedef enum {
    GI_AST_TYPE_identifier, /* GiName * */
    GI_AST_TYPE_string,     /* GiName * */
    GI_AST_TYPE_int,        /* int */
    GI_AST_TYPE_constant,   /* GiAstConst, in place */
#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs) GI_AST_TYPE_##type,
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs) GI_AST_TYPE_##type,
#define GI_AST_ENUM_BEGIN(type, Type, PREFIX) GI_AST_TYPE_##type,
#include "syntax/ast.def"
    GI_AST_TYPE_COUNT
} GiAstTypeId;

typedef enum {
    GI_AST_FORM_PRIMITIVE,
    GI_AST_FORM_SUM,     /* a pointer to a struct that opens with its kind */
    GI_AST_FORM_PRODUCT, /* a pointer to a struct; one constructor, named like the type */
    GI_AST_FORM_ENUM     /* a C enum; constructors without fields */
} GiAstForm;

typedef enum { GI_AST_SHAPE_ONE, GI_AST_SHAPE_OPT, GI_AST_SHAPE_SEQ } GiAstShape;

typedef struct {
    const char *name;
    uint8_t type;    /* GiAstTypeId */
    uint8_t shape;   /* GiAstShape */
    uint16_t offset; /* in the node's struct; a sequence is a GiAstAnySeq there */
} GiAstFieldInfo;

typedef struct {
    const char *name;
    uint8_t type; /* GiAstTypeId of the type it belongs to */
    uint8_t field_count;
    int kind; /* the value of `kind` or of the enum; 0 for products */
    const GiAstFieldInfo *fields;
} GiAstCtorInfo;

typedef struct {
    const char *name;
    uint8_t form; /* GiAstForm */
    bool has_pos;
    uint16_t pos_offset; /* of the GiAstPos, if has_pos */
    uint16_t size;       /* of the node's struct; allocate that much, zeroed */
    uint16_t ctor_count;
    const GiAstCtorInfo *ctors; /* in order: a sum's or enum's kind k stands at k - 1 */
} GiAstTypeInfo;

extern const GiAstTypeInfo gi_ast_types[GI_AST_TYPE_COUNT];

/* Makes a name from len bytes; NULL when out of memory. Does not look for an equal one. */
GiName *gi_name_new(GiArena *arena, const char *bytes, size_t len);

/* Tells whether a name has exactly the spelling of a C string. */
static inline bool gi_name_is(const GiName *name, const char *text) {
    return name != NULL && strcmp(name->bytes, text) == 0;
}

/* The hash that GiName.hash holds. */
static inline uint32_t gi_name_hash(const char *bytes, size_t len) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    }
    return hash;
}

#endif
