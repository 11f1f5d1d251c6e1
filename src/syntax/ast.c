/* ast.c - the reflective description of the tree, generated from ast.def, and names.
 *
 * Only constant data and one allocation helper; no state, no locking.
 */
#include "syntax/ast.h"

#define FIELD(Type, ftype, field, shape_, off)                                                     \
    {.name = #field, .type = GI_AST_TYPE_##ftype, .shape = GI_AST_SHAPE_##shape_, .offset = (off)},

/* One array of fields for each constructor and each product. */
#define GI_AST_CTOR_BEGIN(Type, PREFIX, Name)                                                      \
    static const GiAstFieldInfo fields_##PREFIX##_##Name[] = {
#define GI_AST_ONE(Type, Name, ftype, field)                                                       \
    FIELD(Type, ftype, field, ONE, offsetof(GiAst##Type, Name.field))
#define GI_AST_OPT(Type, Name, ftype, field)                                                       \
    FIELD(Type, ftype, field, OPT, offsetof(GiAst##Type, Name.field))
#define GI_AST_SEQ(Type, Name, ftype, field)                                                       \
    FIELD(Type, ftype, field, SEQ, offsetof(GiAst##Type, Name.field))
#define GI_AST_CTOR_END(Type, PREFIX, Name)                                                        \
    }                                                                                              \
    ;
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs) static const GiAstFieldInfo fields_##type[] = {
#define GI_AST_ONE_P(Type, ftype, field)                                                           \
    FIELD(Type, ftype, field, ONE, offsetof(GiAst##Type, field))
#define GI_AST_OPT_P(Type, ftype, field)                                                           \
    FIELD(Type, ftype, field, OPT, offsetof(GiAst##Type, field))
#define GI_AST_SEQ_P(Type, ftype, field)                                                           \
    FIELD(Type, ftype, field, SEQ, offsetof(GiAst##Type, field))
#define GI_AST_PRODUCT_END(type, Type, attrs)                                                      \
    }                                                                                              \
    ;
#include "syntax/ast.def"

/* One array of constructors for each type. */
#define GI_AST_SUM_BEGIN(type_, Type, PREFIX, attrs)                                               \
    enum { id_of_##Type = GI_AST_TYPE_##type_ };                                                   \
    static const GiAstCtorInfo ctors_##type_[] = {
#define GI_AST_CTOR_BEGIN(Type, PREFIX, Name)                                                      \
    {.name = #Name,                                                                                \
     .type = id_of_##Type,                                                                         \
     .field_count = GI_COUNTOF(fields_##PREFIX##_##Name),                                          \
     .kind = GI_##PREFIX##_##Name,                                                                 \
     .fields = fields_##PREFIX##_##Name},
#define GI_AST_SUM_END(type, Type, PREFIX, attrs)                                                  \
    }                                                                                              \
    ;
#define GI_AST_ENUM_BEGIN(type_, Type, PREFIX)                                                     \
    enum { id_of_##Type = GI_AST_TYPE_##type_ };                                                   \
    static const GiAstCtorInfo ctors_##type_[] = {
#define GI_AST_ENUMERATOR(Type, PREFIX, Name)                                                      \
    {.name = #Name, .type = id_of_##Type, .kind = GI_##PREFIX##_##Name},
#define GI_AST_ENUM_END(type, Type, PREFIX)                                                        \
    }                                                                                              \
    ;
#define GI_AST_PRODUCT_BEGIN(type_, Type, attrs)                                                   \
    static const GiAstCtorInfo ctors_##type_[] = {                                                 \
        {.name = #type_,                                                                           \
         .type = GI_AST_TYPE_##type_,                                                              \
         .field_count = GI_COUNTOF(fields_##type_),                                                \
         .fields = fields_##type_}};
#include "syntax/ast.def"

#define POS_ATTRS(Type) .has_pos = true, .pos_offset = offsetof(GiAst##Type, pos),
#define POS_PLAIN(Type)

const GiAstTypeInfo gi_ast_types[GI_AST_TYPE_COUNT] = {
    [GI_AST_TYPE_identifier] = {.name = "identifier", .size = sizeof(GiName *)},
    [GI_AST_TYPE_string] = {.name = "string", .size = sizeof(GiName *)},
    [GI_AST_TYPE_int] = {.name = "int", .size = sizeof(int)},
    [GI_AST_TYPE_constant] = {.name = "constant", .size = sizeof(GiAstConst)},
#define GI_AST_SUM_BEGIN(type, Type, PREFIX, attrs)                                                \
    [GI_AST_TYPE_##type] = {.name = #type,                                                         \
                            .form = GI_AST_FORM_SUM,                                               \
                            POS_##attrs(Type).size = sizeof(GiAst##Type),                          \
                            .ctor_count = GI_COUNTOF(ctors_##type),                                \
                            .ctors = ctors_##type},
#define GI_AST_PRODUCT_BEGIN(type, Type, attrs)                                                    \
    [GI_AST_TYPE_##type] = {.name = #type,                                                         \
                            .form = GI_AST_FORM_PRODUCT,                                           \
                            POS_##attrs(Type).size = sizeof(GiAst##Type),                          \
                            .ctor_count = 1,                                                       \
                            .ctors = ctors_##type},
#define GI_AST_ENUM_BEGIN(type, Type, PREFIX)                                                      \
    [GI_AST_TYPE_##type] = {.name = #type,                                                         \
                            .form = GI_AST_FORM_ENUM,                                              \
                            .size = sizeof(GiAst##Type),                                           \
                            .ctor_count = GI_COUNTOF(ctors_##type),                                \
                            .ctors = ctors_##type},
#include "syntax/ast.def"
};

GiName *gi_name_new(GiArena *arena, const char *bytes, size_t len) {
    if (len > UINT32_MAX - sizeof(GiName) - 1) {
        return NULL;
    }
    GiName *name = gi_arena_alloc(arena, sizeof(GiName) + len + 1);
    if (name != NULL) {
        name->len = (uint32_t)len;
        name->hash = gi_name_hash(bytes, len);
        name->user = 0;
        if (len != 0) {
            memcpy(name->bytes, bytes, len);
        }
        name->bytes[len] = '\0';
    }
    return name;
}
