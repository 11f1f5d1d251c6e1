/* ast_objects.h - trees to and from objects of module _ast, driven by gi_ast_types. */
#ifndef GI_COMPILE_AST_OBJECTS_H
#define GI_COMPILE_AST_OBJECTS_H

#include "base/arena.h"
#include "objects/type.h"
#include "syntax/ast.h"

/* The VM's classes of module _ast as a dict name -> class, made on first use. Borrowed; null: raised. */
GiVal gi_ast_classes_peek(GiThread *ts);
GI_NODISCARD GiRef gi_ast_to_object(GiThread *ts, const GiAstMod *mod);
/* An instance of ast.AST. */
bool gi_is_ast_object(GiThread *ts, GiVal v);
/* mode: "exec", "eval", "single", "func_type"; TypeError / ValueError as compile() raises. */
GI_NODISCARD GiStatus gi_ast_from_object(GiThread *ts, GiVal v, GiArena *arena, const char *mode, GiAstMod **out);
/* Whether the tree is one that a program can have: ValueError or TypeError as compile() raises. */
GI_NODISCARD GiStatus gi_ast_validate(GiThread *ts, const GiAstMod *mod);

#endif
