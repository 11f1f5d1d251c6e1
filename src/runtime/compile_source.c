/* compile_source.c - source text to code objects: decoding, parsing, syntax errors, warnings. */
#include "base/arena.h"
#include "base/unicode.h"
#include "compile/ast_objects.h"
#include "compile/compile.h"
#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "bytecode/code.h"
#include "runtime/parse_support.h"
#include "runtime/runtime.h"
#include "syntax/parser.h"
#include <stdio.h>
#include <stdlib.h>

/* Sets the SyntaxError (or subclass) that a diagnostic describes. */
static void raise_diagnostic(GiThread *ts, const GiDiagnostic *d, GiVal filename) {
    GiType *type = d->kind == GI_DIAG_INDENTATION ? &gi_exc_IndentationError
                   : d->kind == GI_DIAG_TAB       ? &gi_exc_TabError
                                                  : &gi_exc_SyntaxError;
    if (d->kind == GI_DIAG_MEMORY) {
        if (d->message && d->message[0]) gi_raise(ts, &gi_exc_MemoryError, "%s", d->message);
        else gi_raise_nomem(ts);
        return;
    }
    if (d->kind == GI_DIAG_RECURSION) {
        gi_raise(ts, &gi_exc_RecursionError, "%s", d->message ? d->message : "maximum recursion depth exceeded");
        return;
    }
    GiRef message = gi_str_from_cstr(ts, d->message ? d->message : "invalid syntax");
    GiRef text = d->text ? gi_str_from_wtf8(ts, d->text, d->text_len) : GI_REF_NONE;
    if (gi_is_null(message) || gi_is_null(text)) {
        gi_xdrop(ts, message);
        gi_xdrop(ts, text);
        return;
    }
    GiRef detail = d->end_lineno == 0 && d->end_offset == 0
        ? gi_tuple_pack(ts, 4, filename, gi_smallint(d->lineno), gi_smallint(d->offset), gi_val(text))
        : gi_tuple_pack(ts, 6, filename, gi_smallint(d->lineno), gi_smallint(d->offset), gi_val(text),
                        gi_smallint(d->end_lineno), gi_smallint(d->end_offset));
    gi_drop(ts, text);
    if (!gi_is_null(detail)) {
        GiRef exc = gi_call2(ts, gi_type_val(type), gi_val(message), gi_val(detail));
        gi_drop(ts, detail);
        if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    }
    gi_drop(ts, message);
}

/* Issues the parser's DeprecationWarnings; one that the filter turns into an error becomes a
 * SyntaxError at its place. */
static GiStatus issue_warnings(GiThread *ts, const GiParseWarning *w, GiVal filename) {
    for (; w != NULL; w = w->next) {
        GiRef message = gi_str_from_cstr(ts, w->message);
        if (gi_is_null(message)) return GI_FAIL;
        GiStatus status = gi_warn_explicit(ts, w->is_syntax ? &gi_exc_SyntaxWarning : &gi_exc_DeprecationWarning, gi_val(message), filename, w->lineno,
                                           GI_NOVAL, GI_NOVAL);
        gi_drop(ts, message);
        if (status < 0) {
            if (gi_exc_matches(ts, w->is_syntax ? &gi_exc_SyntaxWarning : &gi_exc_DeprecationWarning)) {
                gi_exc_clear(ts);
                raise_diagnostic(ts, &w->as_error, filename);
            }
            return GI_FAIL;
        }
    }
    return GI_OK;
}

static GiParseMode parse_mode(const char *mode) {
    return strcmp(mode, "eval") == 0        ? GI_PARSE_EVAL
           : strcmp(mode, "single") == 0    ? GI_PARSE_SINGLE
           : strcmp(mode, "func_type") == 0 ? GI_PARSE_FUNC_TYPE
                                            : GI_PARSE_EXEC;
}

/* The text of an error in a program's file is one line, also where the lexer gave several. */
static void show_one_line(GiDiagnostic *d, const char *source, size_t len) {
    if (d->text == NULL || d->text_len == 0 || memchr(d->text, '\n', d->text_len - 1) == NULL) return;
    const char *line = source, *end = source + len;
    for (int n = 1; n < d->lineno && line < end; line++) n += *line == '\n';
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    d->text = line;
    d->text_len = (size_t)((stop ? stop : end) - line);
}

GiRef gi_compile_source(GiThread *ts, const char *source, size_t len, GiVal filename, const char *mode, int flags,
                        int optimize, int feature_version) {
    GiArena arena;
    gi_arena_init(&arena);
    GiParseOptions options = GI_PARSE_OPTIONS_DEFAULT;
    options.mode = parse_mode(mode);
    if (flags & GI_PYCF_TYPE_COMMENTS) options.flags |= GI_PARSE_TYPE_COMMENTS;
    if (flags & GI_PYCF_DONT_IMPLY_DEDENT) options.flags |= GI_PARSE_DONT_IMPLY_DEDENT;
    if (flags & GI_PYCF_ALLOW_INCOMPLETE) options.flags |= GI_PARSE_ALLOW_INCOMPLETE;
    if (flags & GI_CO_FUTURE_BARRY) options.flags |= GI_PARSE_BARRY_AS_BDFL;
    if (feature_version > 0 && (flags & GI_PYCF_ONLY_AST)) options.feature_minor = feature_version;
    options.max_int_digits = ts->vm->int_max_str_digits;
    GiParseResult parsed;
    memset(&parsed, 0, sizeof parsed);
    GiRef result = GI_NULL;
    char *supplemented = options.mode == GI_PARSE_EXEC && !(flags & (GI_PYCF_ONLY_AST | GI_PYCF_SYMTABLE))
                             ? gi_supplemented(ts, filename, source, &len) : NULL;
    if (supplemented) source = supplemented;
    GiStatus status = gi_parse(&arena, source, len, &options, &parsed);
    if (issue_warnings(ts, parsed.warnings, filename) < 0) goto done;
    if (status < 0) {
        if (flags & GI_PYCF_WHOLE_FILE) show_one_line(&parsed.error, source, len);
        raise_diagnostic(ts, &parsed.error, filename);
        goto done;
    }
    if (flags & GI_PYCF_ONLY_AST) {
        result = gi_ast_to_object(ts, parsed.mod);
        goto done;
    }
    GiCompileOptions compile = {.filename = filename,
                                .optimize = optimize < 0 ? ts->vm->optimize : optimize,
                                .future = (uint32_t)flags & GI_CO_FUTURE_MASK,
                                .top_level_await = flags & GI_PYCF_TOP_LEVEL_AWAIT,
                                .only_symbols = flags & GI_PYCF_SYMTABLE,
                                .source = source,
                                .source_len = len};
    result = gi_compile_ast(ts, &arena, parsed.mod, &compile);
done:
    free(supplemented);
    gi_arena_free(&arena);
    return result;
}

/* A SyntaxError about the encoding of a source. Of a file (`whole`) it says no place. */
static GiStatus bad_encoding(GiThread *ts, bool whole, GiVal filename, const char *message) {
    if (whole) return gi_raise_status(ts, &gi_exc_SyntaxError, "%s", message);
    GiDiagnostic d = {.kind = GI_DIAG_SYNTAX, .message = message, .offset = -1};
    raise_diagnostic(ts, &d, filename);
    return GI_FAIL;
}

/* The reason that bytes do not decode, as text; null: another exception is set. */
static GiRef decode_reason(GiThread *ts, const char *bytes, size_t size, const char *encoding) {
    GiRef decoded = gi_decode(ts, bytes, size, encoding, NULL);
    if (!gi_is_null(decoded)) {
        gi_drop(ts, decoded);
        return gi_raise_ref(ts, &gi_exc_SystemError, "source text changed while it was read");
    }
    if (!gi_exc_matches(ts, &gi_exc_UnicodeDecodeError)) return GI_NULL;
    GiRef exc = gi_exc_take(ts), why = gi_str(ts, gi_val(exc));
    gi_drop(ts, exc);
    return why;
}

/* A SyntaxError for a byte that is not UTF-8, in line `number`. PYSEM: in a program's file the byte
 * is named; compile() tells of the string literal that holds it. */
static GiStatus bad_utf8(GiThread *ts, const char *bytes, size_t size, size_t number, bool whole, GiVal filename) {
    const char *line = bytes, *end = bytes + size;
    for (size_t n = 1; n < number && line < end; line++) n += *line == '\n';
    const char *stop = memchr(line, '\n', (size_t)(end - line)), *bad = line;
    if (stop == NULL) stop = end;
    for (size_t unused, n; bad < stop; bad += n) {
        unsigned char lead = (unsigned char)*bad;
        n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if ((size_t)(stop - bad) < n || !gi_source_check_utf8(bad, n, &unused)) break;
    }
    if (whole)
        return gi_raise_status(ts, &gi_exc_SyntaxError,
                               "Non-UTF-8 code starting with '\\x%02x' in file %U on line %zu, but no encoding declared; "
                               "see https://peps.python.org/pep-0263/ for details",
                               (unsigned char)*bad, filename, number);
    const char *open = bad;
    while (open > line && open[-1] != '"' && open[-1] != '\'') open--;
    const char *close = open > line ? memchr(bad, open[-1], (size_t)(stop - bad)) : NULL;
    GiRef why = close ? decode_reason(ts, open, (size_t)(close - open), "utf-8") : decode_reason(ts, bytes, size, "utf-8");
    GiRef text = gi_is_null(why) ? GI_NULL : gi_decode(ts, line, (size_t)(stop - line) + (stop < end), "utf-8", "replace");
    size_t len, shown_size;
    const char *words = gi_is_null(text) ? NULL : gi_str_utf8(ts, gi_val(why), &len);
    const char *shown = words ? gi_str_utf8(ts, gi_val(text), &shown_size) : NULL;
    if (shown) {
        char message[512];
        snprintf(message, sizeof message, "(unicode error) %s", words);
        /* The place is that of the token behind the literal, which the parser has looked at. */
        const char *next = close ? close + 1 : line;
        while (close && next < stop && (*next == ' ' || *next == '\t')) next++;
        int offset = close ? (int)(next - line) + 1 : 0;
        GiDiagnostic d = {.kind = GI_DIAG_SYNTAX, .message = message, .lineno = (int)number, .offset = offset,
                          .end_lineno = (int)number, .end_offset = offset, .text = shown, .text_len = shown_size};
        raise_diagnostic(ts, &d, filename);
    }
    gi_xdrop(ts, why);
    gi_xdrop(ts, text);
    return GI_FAIL;
}

/* Decodes source bytes by BOM and coding cookie into UTF-8. `whole`: of a program's file. */
static GiStatus decode_source(GiThread *ts, const char *bytes, size_t size, bool ignore_cookie, bool whole, GiVal filename,
                              GiRef *owner, const char **text, size_t *len) {
    char encoding[64], message[600];
    bool has_bom = size >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;
    if (has_bom) {
        bytes += 3;
        size -= 3;
    }
    bool cookie = !ignore_cookie && gi_source_cookie(bytes, size, encoding, sizeof encoding);
    if (cookie && has_bom && strcmp(encoding, "utf-8") != 0) {
        snprintf(message, sizeof message, "encoding problem: %s with BOM", encoding);
        return bad_encoding(ts, whole, filename, message);
    }
    if (!cookie || strcmp(encoding, "utf-8") == 0) {
        size_t bad_line = 0;
        if (!gi_source_check_utf8(bytes, size, &bad_line))
            return bad_utf8(ts, bytes, size, bad_line, whole && !cookie, filename);
        *text = bytes;
        *len = size;
        return GI_OK;
    }
    GiRef decoded = gi_decode(ts, bytes, size, encoding, NULL);
    if (gi_is_null(decoded)) {
        bool unknown = gi_exc_matches(ts, &gi_exc_LookupError);
        if (!unknown && !gi_exc_matches(ts, &gi_exc_UnicodeDecodeError)) return GI_FAIL;
        GiRef exc = gi_exc_take(ts), why = gi_str(ts, gi_val(exc));
        gi_drop(ts, exc);
        if (gi_is_null(why)) return GI_FAIL;
        if (whole) snprintf(message, sizeof message, "encoding problem: %s", encoding);
        else if (unknown) snprintf(message, sizeof message, "unknown encoding: %s", encoding);
        else snprintf(message, sizeof message, "%s", gi_str_utf8(ts, gi_val(why), NULL));
        gi_drop(ts, why);
        return bad_encoding(ts, whole, filename, message);
    }
    *text = gi_str_utf8(ts, gi_val(decoded), len);
    if (*text == NULL) {
        gi_drop(ts, decoded);
        return GI_FAIL;
    }
    if (!gi_is_null(*owner)) gi_drop(ts, *owner);
    *owner = decoded;
    return GI_OK;
}

/* A SyntaxError for a null byte in a program's file, at its line. */
static GiStatus null_byte(GiThread *ts, const char *text, const char *at, GiVal filename) {
    int line = 1;
    for (const char *p = text; p < at; p++) line += *p == '\n';
    GiDiagnostic d = {.kind = GI_DIAG_SYNTAX, .message = "source code cannot contain null bytes", .lineno = line};
    raise_diagnostic(ts, &d, filename);
    return GI_FAIL;
}

GiStatus gi_source_text(GiThread *ts, GiVal source, const char *what, int *flags, GiVal filename, GiRef *owner,
                        const char **text, size_t *len) {
    *owner = GI_NULL;
    if (gi_is_str(source)) {
        *flags |= GI_PYCF_IGNORE_COOKIE;
        *text = gi_str_utf8(ts, source, len);
        if (*text == NULL) return GI_FAIL;
        *owner = gi_dup(ts, source);
    } else if (gi_has_buffer(source)) {
        GiBuffer view;
        if (gi_buffer_get(ts, source, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
        *owner = gi_bytes_from(ts, view.data, (size_t)view.len);
        gi_buffer_release(ts, &view);
        if (gi_is_null(*owner)) return GI_FAIL;
        *text = (const char *)gi_bytes_data(*owner);
        *len = gi_bytes_len(*owner);
    } else {
        return gi_raise_status(ts, &gi_exc_TypeError, "%s must be a string, bytes or %s object", what,
                               strncmp(what, "compile", 7) == 0 ? "AST" : "code");
    }
    GiStatus status = GI_OK;
    bool whole = (*flags & GI_PYCF_WHOLE_FILE) != 0;
    *flags &= ~GI_PYCF_WHOLE_FILE;
    if (!whole && memchr(*text, 0, *len) != NULL)
        status = gi_raise_status(ts, &gi_exc_ValueError, "source code string cannot contain null bytes");
    else if (!gi_is_str(source))
        status = decode_source(ts, *text, *len, *flags & GI_PYCF_IGNORE_COOKIE, whole, filename, owner, text, len);
    /* In a program's file what cannot be decoded comes first. */
    const char *null = whole && status == GI_OK ? memchr(*text, 0, *len) : NULL;
    if (null != NULL) status = null_byte(ts, *text, null, filename);
    if (status < 0) {
        gi_xdrop(ts, *owner);
        *owner = GI_NULL;
    }
    return status;
}
