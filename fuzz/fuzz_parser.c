/* fuzz_parser.c - fuzz target: any bytes as source text, in every mode.
 *
 * The first byte chooses mode, flags and feature version. A tree that comes out of GI_PARSE_EVAL
 * is also written back to text, and that text must parse again.
 */
#include <stdlib.h>

#include "syntax/parser.h"
#include "syntax/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the run if an annotation's text is not an expression again. */
static void check_round_trip(GiArena *arena, const GiParseOptions *options, const GiAstMod *mod) {
    const char *text;
    size_t len;
    GiParseResult again;
    if (gi_unparse_expr(arena, mod->Expression.body, NULL, &text, &len) != GI_OK) {
        return; /* too deep */
    }
    GiParseOptions second = *options;
    second.feature_minor = 11;
    if (gi_parse(arena, text, len, &second, &again) != GI_OK &&
        again.error.kind != GI_DIAG_SYNTAX && again.error.kind != GI_DIAG_MEMORY) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    static const unsigned flags[] = {0, GI_PARSE_TYPE_COMMENTS, GI_PARSE_DONT_IMPLY_DEDENT,
                                     GI_PARSE_DONT_IMPLY_DEDENT | GI_PARSE_ALLOW_INCOMPLETE};
    GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
    options.mode = (GiParseMode)(data[0] & 3);
    options.flags = flags[data[0] >> 2 & 3];
    options.feature_minor = data[0] & 64 ? 4 : 11;
    options.max_int_digits = 4300;
    GiArena arena;
    gi_arena_init(&arena);
    GiSourceEncoding encoding;
    gi_source_encoding((const char *)data, size, &encoding);
    GiParseResult result;
    GiStatus status = gi_parse(&arena, (const char *)data + 1, size - 1, &options, &result);
    if ((status == GI_OK) != (result.error.kind == GI_DIAG_NONE)) {
        abort();
    }
    if (status == GI_OK && options.mode == GI_PARSE_EVAL) {
        check_round_trip(&arena, &options, result.mod);
    }
    gi_arena_free(&arena);
    return 0;
}
