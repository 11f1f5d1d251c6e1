/* format.c - str.format and str.__format__: filling fields in, padding text. */
#include "objects/str/internal.h"

#include "base/format_spec.h"
#include "base/markup.h"

/* ---- str.__format__ ---- */

GiRef gi_str_format_spec(GiThread *ts, GiVal s, GiVal spec_text) {
    if (gi_is_null(spec_text) || gi_str_len(spec_text) == 0) return gi_str(ts, s);
    GiFormatSpec spec;
    GiStrbuf message = {0};
    GiFormatStatus status = gi_format_spec_parse(gi_str_view(spec_text), 's', '<', gi_type_name(s), &spec, &message);
    if (status == GI_FORMAT_OK && spec.type != 's')
        status = gi_format_unknown_type(spec.type, gi_type_name(s), &message);
    if (status == GI_FORMAT_OK) status = gi_format_check_str(&spec, &message);
    if (status != GI_FORMAT_OK) {
        if (status == GI_FORMAT_NO_MEMORY || message.failed)
            (void)gi_raise_nomem(ts);
        else
            gi_raise(ts, &gi_exc_ValueError, "%s", message.data);
        gi_strbuf_free(&message);
        return GI_NULL;
    }
    size_t n = gi_str_len(s), left, right;
    if (spec.precision >= 0 && (size_t)spec.precision < n) n = (size_t)spec.precision;
    gi_format_padding(&spec, n, &left, &right);
    if (left == 0 && right == 0) return gi_str_slice(ts, s, 0, n);
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_fill(&sb, spec.fill, left);
    gi_sb_slice(&sb, s, 0, n);
    gi_sb_fill(&sb, spec.fill, right);
    return gi_sb_finish(&sb);
}

/* ---- str.format ---- */

typedef struct Filler {
    GiThread *ts;
    GiVal format;
    const GiVal *args;
    size_t nargs;
    GiVal kwargs;      /* dict or any mapping; null: none */
    bool mapping_only; /* format_map */
    int64_t next;      /* number of the next automatic field, -1: fields are numbered by hand */
    bool numbered;     /* some field was seen */
} Filler;

static GiRef text_part(Filler *f, size_t start, size_t end) { return gi_str_slice(f->ts, f->format, start, end); }

/* The value that the first part of a field name names. */
static GiRef first_value(Filler *f, const GiFieldPart *part) {
    GiThread *ts = f->ts;
    int64_t number = part->number;
    bool automatic = part->start == part->end;
    if (number >= 0 || automatic) {
        if (f->numbered && automatic != (f->next >= 0))
            return gi_raise_ref(ts, &gi_exc_ValueError, automatic
                ? "cannot switch from manual field specification to automatic field numbering"
                : "cannot switch from automatic field numbering to manual field specification");
        f->numbered = true;
        if (automatic)
            number = f->next++;
        else
            f->next = -1;
        if (f->mapping_only)
            return gi_raise_ref(ts, &gi_exc_ValueError, "Format string contains positional fields");
        if ((size_t)number >= f->nargs)
            return gi_raise_ref(ts, &gi_exc_IndexError,
                                "Replacement index %zd out of range for positional args tuple", (ssize_t)number);
        return gi_dup(ts, f->args[number]);
    }
    GiRef name = text_part(f, part->start, part->end);
    if (gi_is_null(name)) return name;
    GiRef value = GI_NULL;
    if (gi_is_null(f->kwargs)) {
        (void)gi_raise_key(ts, gi_val(name));
    } else if (gi_is_dict_exact(f->kwargs)) {
        if (gi_dict_get(ts, f->kwargs, gi_val(name), &value) == GI_OK && gi_is_null(value))
            (void)gi_raise_key(ts, gi_val(name));
    } else {
        value = gi_getitem(ts, f->kwargs, gi_val(name));
    }
    gi_drop(ts, name);
    return value;
}

static GiRef field_value(Filler *f, size_t start, size_t end) {
    GiThread *ts = f->ts;
    GiMarkup m = {gi_str_view(f->format), start, end};
    GiFieldPart part;
    const char *error;
    if (!gi_field_first(&m, &part, &error)) return gi_raise_ref(ts, &gi_exc_ValueError, "%s", error);
    GiRef value = first_value(f, &part);
    while (!gi_is_null(value)) {
        int more = gi_field_next(&m, &part, &error);
        if (more == 0) return value;
        GiRef next = GI_NULL;
        if (more < 0) {
            gi_raise(ts, &gi_exc_ValueError, "%s", error);
        } else if (part.number >= 0) {
            GiRef key = gi_int_from_i64(ts, part.number);
            if (!gi_is_null(key)) {
                next = gi_getitem(ts, gi_val(value), gi_val(key));
                gi_drop(ts, key);
            }
        } else {
            GiRef key = text_part(f, part.start, part.end);
            if (!gi_is_null(key)) {
                next = part.is_attr ? gi_getattr(ts, gi_val(value), gi_val(key))
                                    : gi_getitem(ts, gi_val(value), gi_val(key));
                gi_drop(ts, key);
            }
        }
        gi_drop(ts, value);
        value = next;
    }
    return value;
}

static GiRef converted(GiThread *ts, GiRef value, uint32_t conversion) {
    GiRef text;
    switch (conversion) {
    case 0: return value;
    case 'r': text = gi_repr(ts, gi_val(value)); break;
    case 's': text = gi_str(ts, gi_val(value)); break;
    case 'a': text = gi_ascii(ts, gi_val(value)); break;
    default:
        if (conversion > 32 && conversion < 127)
            gi_raise(ts, &gi_exc_ValueError, "Unknown conversion specifier %c", (int)conversion);
        else
            gi_raise(ts, &gi_exc_ValueError, "Unknown conversion specifier \\x%x", conversion);
        text = GI_NULL;
    }
    gi_drop(ts, value);
    return text;
}

static GiStatus fill_in(Filler *f, GiStrBuilder *sb, size_t start, size_t end, int depth);

/* The specification of a field, with its own fields filled in; *out null when it is empty. */
static GiStatus field_spec(Filler *f, const GiMarkupPiece *piece, int depth, GiRef *out) {
    *out = GI_NULL;
    if (piece->spec_start == piece->spec_end) return GI_OK;
    if (!piece->spec_nested) {
        *out = text_part(f, piece->spec_start, piece->spec_end);
    } else {
        GiStrBuilder sb;
        gi_sb_init(&sb, f->ts);
        if (fill_in(f, &sb, piece->spec_start, piece->spec_end, depth - 1) != GI_OK) {
            gi_sb_discard(&sb);
            return GI_FAIL;
        }
        *out = gi_sb_finish(&sb);
    }
    return gi_is_null(*out) ? GI_FAIL : GI_OK;
}

static GiStatus fill_field(Filler *f, GiStrBuilder *sb, const GiMarkupPiece *piece, int depth) {
    GiThread *ts = f->ts;
    GiRef value = field_value(f, piece->name_start, piece->name_end), spec;
    if (gi_is_null(value)) return GI_FAIL;
    value = converted(ts, value, piece->conversion);
    if (gi_is_null(value)) return GI_FAIL;
    if (field_spec(f, piece, depth, &spec) != GI_OK) {
        gi_drop(ts, value);
        return GI_FAIL;
    }
    GiRef text;
    if (gi_is_null(spec) && gi_is_str_exact(value))
        text = gi_dup(ts, gi_val(value));
    else
        text = gi_format(ts, gi_val(value), gi_val(spec));
    gi_xdrop(ts, spec);
    gi_drop(ts, value);
    if (gi_is_null(text)) return GI_FAIL;
    gi_sb_str(sb, gi_val(text));
    gi_drop(ts, text);
    return GI_OK;
}

static GiStatus fill_in(Filler *f, GiStrBuilder *sb, size_t start, size_t end, int depth) {
    if (depth <= 0) return gi_raise_status(f->ts, &gi_exc_ValueError, "Max string recursion exceeded");
    GiMarkup m = {gi_str_view(f->format), start, end};
    GiMarkupPiece piece;
    const char *error;
    int more;
    while ((more = gi_markup_next(&m, &piece, &error)) > 0) {
        gi_sb_slice(sb, f->format, piece.literal_start, piece.literal_end);
        if (piece.has_field && fill_field(f, sb, &piece, depth) != GI_OK) return GI_FAIL;
    }
    return more == 0 ? GI_OK : gi_raise_status(f->ts, &gi_exc_ValueError, "%s", error);
}

/* True if the format is nothing but text. */
static bool is_literal(GiVal format) {
    GiTextView t = gi_str_view(format);
    return gi_search_unit(t.data, t.len, '{', t.kind) < 0 && gi_search_unit(t.data, t.len, '}', t.kind) < 0;
}

static GiRef run(Filler *f) {
    if (is_literal(f->format)) return gi_dup(f->ts, f->format);
    GiStrBuilder sb;
    gi_sb_init(&sb, f->ts);
    if (fill_in(f, &sb, 0, gi_str_len(f->format), 2) == GI_OK) return gi_sb_finish(&sb);
    gi_sb_discard(&sb);
    return GI_NULL;
}

GiRef gi_str_format_call(GiThread *ts, GiVal format, const GiVal *args, size_t nargs, GiVal kwargs) {
    Filler f = {ts, format, args, nargs, kwargs, false, 0, false};
    return run(&f);
}

GiRef gi_str_format_map(GiThread *ts, GiVal format, GiVal mapping) {
    Filler f = {ts, format, NULL, 0, mapping, true, 0, false};
    return run(&f);
}
