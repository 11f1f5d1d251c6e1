/* _string.c - the parsers of str.format's language for string.Formatter. */
#include "modules/module.h"

#include "base/markup.h"

typedef struct MarkupIter {
    GiObj obj;
    GiSlot text;
    size_t pos, end;
} MarkupIter;

typedef MarkupIter FieldIter;

#include "modules/_string.gen.h"

extern GiType gi_formatter_iter_type, gi_fieldname_iter_type;

static GiRef make_iter(GiThread *ts, GiType *type, GiVal text, size_t pos) {
    MarkupIter *it = (MarkupIter *)gi_heap_new(ts, type, sizeof(MarkupIter));
    if (!it) return GI_NULL;
    gi_slot_init(&it->text, gi_dup(ts, text));
    it->pos = pos;
    it->end = gi_str_len(text);
    return gi_own_obj(it);
}

static GiRef iter_self(GiThread *ts, GiVal self) { return gi_dup(ts, self); }

static GiRef formatter_next(GiThread *ts, GiVal self) {
    MarkupIter *it = (MarkupIter *)gi_obj(self);
    GiVal text = gi_slot_peek(&it->text);
    GiMarkup m = {gi_str_view(text), it->pos, it->end};
    GiMarkupPiece piece;
    const char *error;
    int more = gi_markup_next(&m, &piece, &error);
    it->pos = m.pos;
    if (more < 0) gi_raise(ts, &gi_exc_ValueError, "%s", error);
    if (more <= 0) return GI_NULL;
    GiRef parts[4] = {gi_str_slice(ts, text, piece.literal_start, piece.literal_end), GI_REF_NONE, GI_REF_NONE,
                      GI_REF_NONE};
    if (piece.has_field) {
        parts[1] = gi_str_slice(ts, text, piece.name_start, piece.name_end);
        parts[2] = gi_str_slice(ts, text, piece.spec_start, piece.spec_end);
        if (piece.conversion) parts[3] = gi_str_from_char(ts, piece.conversion);
    }
    bool good = true;
    for (int i = 0; i < 4; i++) good = good && !gi_is_null(parts[i]);
    if (good) return gi_tuple_steal(ts, parts, 4);
    for (int i = 0; i < 4; i++) gi_xdrop(ts, parts[i]);
    return GI_NULL;
}

/* The part as Python sees it: an int or a str. */
static GiRef part_value(GiThread *ts, GiVal text, const GiFieldPart *part) {
    if (part->number >= 0 && !part->is_attr) return gi_int_from_i64(ts, part->number);
    return gi_str_slice(ts, text, part->start, part->end);
}

static GiRef fieldname_next(GiThread *ts, GiVal self) {
    FieldIter *it = (FieldIter *)gi_obj(self);
    GiVal text = gi_slot_peek(&it->text);
    GiMarkup m = {gi_str_view(text), it->pos, it->end};
    GiFieldPart part;
    const char *error;
    int more = gi_field_next(&m, &part, &error);
    it->pos = m.pos;
    if (more < 0) gi_raise(ts, &gi_exc_ValueError, "%s", error);
    if (more <= 0) return GI_NULL;
    GiRef value = part_value(ts, text, &part);
    if (gi_is_null(value)) return value;
    GiRef parts[2] = {gi_bool_ref(part.is_attr), value};
    return gi_tuple_steal(ts, parts, 2);
}

static const GiField iter_fields[] = {GI_SLOT(MarkupIter, text), GI_FIELDS_END};

#define ITER_TYPE(type_name, next_function)                                                        \
    {.obj = GI_TYPE_HEAD, .name = type_name, .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,                 \
     .size = sizeof(MarkupIter), .fields = iter_fields, .base = &gi_object_type,                   \
     .iter = iter_self, .next = next_function}

GiType gi_formatter_iter_type = ITER_TYPE("formatteriterator", formatter_next);
GiType gi_fieldname_iter_type = ITER_TYPE("fieldnameiterator", fieldname_next);

GI_FUNCTION(_string, formatter_parser, "(format_string, /)", "parse the argument as a format string") {
    if (!gi_is_str(a->format_string))
        return gi_raise_ref(ts, &gi_exc_TypeError, "expected str, got %T", a->format_string);
    return make_iter(ts, &gi_formatter_iter_type, a->format_string, 0);
}

GI_FUNCTION(_string, formatter_field_name_split, "(field_name, /)", "split the argument as a field name") {
    if (!gi_is_str(a->field_name)) return gi_raise_ref(ts, &gi_exc_TypeError, "expected str, got %T", a->field_name);
    GiMarkup m = {gi_str_view(a->field_name), 0, gi_str_len(a->field_name)};
    GiFieldPart part;
    const char *error;
    if (!gi_field_first(&m, &part, &error)) return gi_raise_ref(ts, &gi_exc_ValueError, "%s", error);
    GiRef first = part_value(ts, a->field_name, &part);
    GiRef rest = gi_is_null(first) ? first : make_iter(ts, &gi_fieldname_iter_type, a->field_name, m.pos);
    if (gi_is_null(rest)) {
        gi_xdrop(ts, first);
        return rest;
    }
    GiRef parts[2] = {first, rest};
    return gi_tuple_steal(ts, parts, 2);
}

static GiStatus string_exec(GiThread *ts, GiVal module) {
    (void)module;
    if (gi_type_ready(ts, &gi_formatter_iter_type) != GI_OK) return GI_FAIL;
    return gi_type_ready(ts, &gi_fieldname_iter_type);
}

const GiModuleDef gi_module__string = {
    .name = "_string", .doc = "string helper module", .functions = _string_functions, .exec = string_exec};
