/* exceptions_syntax.c - SyntaxError, IndentationError, TabError. */
#include "objects/exceptions_internal.h"

#define syntax_error_of(v) ((GiSyntaxError *)gi_obj(v))

static GiStatus syntax_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs,
                                  GiVal kwnames) {
    GiSyntaxError *exc = syntax_error_of(self);
    if (gi_base_exception_init(ts, self, args, nargs, kwnames)) return GI_FAIL;
    if (nargs >= 1) gi_slot_copy(ts, &exc->msg, args[0]);
    if (nargs != 2) return GI_OK;
    gi_slot_store(ts, &exc->end_lineno, GI_NULL);
    gi_slot_store(ts, &exc->end_offset, GI_NULL);
    GiRef info = gi_to_tuple(ts, args[1]);
    if (gi_is_null(info)) return GI_FAIL;
    size_t n = gi_tuple_len(info);
    if (n < 4 || n > 6) {
        gi_raise(ts, &gi_exc_TypeError, "function takes at %s arguments (%zu given)",
                 n < 4 ? "least 4" : "most 6", n);
        gi_drop(ts, info);
        return GI_FAIL;
    }
    GiSlot *slots[] = {&exc->filename, &exc->lineno, &exc->offset, &exc->text, &exc->end_lineno,
                       &exc->end_offset};
    for (size_t i = 0; i < 6; i++)
        gi_slot_copy(ts, slots[i], i < n ? gi_tuple_get(gi_val(info), i) : GI_NOVAL);
    gi_drop(ts, info);
    if (n == 5)
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "end_offset must be provided when end_lineno is provided");
    return GI_OK;
}

/* The part of a path after its last slash; a new str. */
static GiRef base_name(GiThread *ts, GiVal path) {
    size_t n = gi_str_len(path), i = n;
    while (i > 0 && gi_str_char(path, i - 1) != '/') i--;
    return gi_str_slice(ts, path, i, n);
}

static GiRef syntax_error_str(GiThread *ts, GiVal self) {
    GiSyntaxError *exc = syntax_error_of(self);
    GiRef path = gi_slot_load(ts, &exc->filename), file = GI_NULL, text;
    bool has_file = !gi_is_null(path) && gi_is_str(path);
    if (has_file) file = base_name(ts, gi_val(path));
    gi_xdrop(ts, path);
    if (has_file && gi_is_null(file)) return file;
    /* Owned: the text of the message may be made by code that assigns the fields. */
    GiRef msg = gi_slot_load(ts, &exc->msg), line = gi_slot_load(ts, &exc->lineno);
    if (gi_is_null(msg)) msg = GI_REF_NONE;
    bool has_line = !gi_is_null(line) && gi_is_int_exact(gi_val(line));
    if (has_file && has_line)
        text = gi_str_format(ts, "%S (%U, line %S)", gi_val(msg), gi_val(file), gi_val(line));
    else if (has_file)
        text = gi_str_format(ts, "%S (%U)", gi_val(msg), gi_val(file));
    else if (has_line)
        text = gi_str_format(ts, "%S (line %S)", gi_val(msg), gi_val(line));
    else
        text = gi_str(ts, gi_val(msg));
    gi_xdrop(ts, file);
    gi_drop(ts, msg);
    gi_xdrop(ts, line);
    return text;
}

static const GiField syntax_error_fields[] = {
    GI_SLOT(GiSyntaxError, msg), GI_SLOT(GiSyntaxError, filename), GI_SLOT(GiSyntaxError, lineno),
    GI_SLOT(GiSyntaxError, offset), GI_SLOT(GiSyntaxError, end_lineno),
    GI_SLOT(GiSyntaxError, end_offset), GI_SLOT(GiSyntaxError, text),
    GI_SLOT(GiSyntaxError, print_file_and_line), GI_FIELDS_END,
};
#define MEMBER(name, field, doc) {name, GI_MEMBER_OBJECT, offsetof(GiSyntaxError, field), false, doc}
static const GiMemberDef syntax_error_members[] = {
    MEMBER("msg", msg, "exception msg"),
    MEMBER("filename", filename, "exception filename"),
    MEMBER("lineno", lineno, "exception lineno"),
    MEMBER("offset", offset, "exception offset"),
    MEMBER("text", text, "exception text"),
    MEMBER("end_lineno", end_lineno, "exception end lineno"),
    MEMBER("end_offset", end_offset, "exception end offset"),
    MEMBER("print_file_and_line", print_file_and_line, "exception print_file_and_line"),
    {.name = NULL},
};
GiType gi_exc_SyntaxError = {
    .obj = GI_TYPE_HEAD,
    .name = "SyntaxError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiSyntaxError),
    .base = &gi_exc_Exception,
    .doc = "Invalid syntax.",
    .fields = syntax_error_fields,
    .members = syntax_error_members,
    .init = syntax_error_init,
    .str = syntax_error_str,
};
GiType gi_exc_IndentationError = {
    .obj = GI_TYPE_HEAD,
    .name = "IndentationError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiSyntaxError),
    .base = &gi_exc_SyntaxError,
    .doc = "Improper indentation.",
    .init = syntax_error_init,
};
GiType gi_exc_TabError = {
    .obj = GI_TYPE_HEAD,
    .name = "TabError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiSyntaxError),
    .base = &gi_exc_IndentationError,
    .doc = "Improper mixture of spaces and tabs.",
    .init = syntax_error_init,
};
