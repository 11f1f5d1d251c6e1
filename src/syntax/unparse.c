/* unparse.c - placeholder until written below */
#include "syntax/parser.h"
GiStatus gi_unparse_expr(GiArena *arena, const GiAstExpr *expr, const GiUnparseOptions *options, const char **text, size_t *len) { (void)arena;(void)expr;(void)options;(void)text;(void)len; return GI_FAIL; }
