/* ast_objects.c - trees to and from objects of module _ast.
 *
 * Everything is driven by gi_ast_types: no node is known by name. The classes are made once a VM
 * and kept in a dict, name -> class (vm->import_state[7]).
 */
#include "compile/ast_objects.h"
#include "base/strbuf.h"
#include "bytecode/code.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/set.h"
#include "objects/shape.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "objects/type_dict.h"
#include <stdio.h>
#include <stdlib.h>
#include "compile/ast_objects.gen.h"

enum { STATE_CLASSES = 7 };

/* ---- The class AST ---- */

static GiRef field_names(GiThread *ts, GiVal self, const char *attribute) {
    GiRef name = gi_intern_cstr(ts, attribute), names = GI_NULL;
    if (gi_is_null(name)) return name;
    GiStatus status = gi_getattr_opt(ts, gi_type_val(gi_type_of(self)), gi_val(name), &names);
    gi_drop(ts, name);
    if (status < 0) return GI_NULL;
    return gi_is_null(names) ? gi_tuple_new(ts, 0) : names;
}

GI_INIT(ast_node, "(self, *args, **kwargs)") {
    GiRef fields = field_names(ts, self, "_fields");
    if (gi_is_null(fields)) return GI_FAIL;
    ssize_t n = gi_length(ts, gi_val(fields));
    GiStatus status = n < 0 ? GI_FAIL : GI_OK;
    if (status == GI_OK && (size_t)n < a->args_count)
        status = gi_raise_status(ts, &gi_exc_TypeError, "%s constructor takes at most %zd positional argument%s",
                                 gi_type_short_name(gi_type_of(self)), n, n == 1 ? "" : "s");
    for (size_t i = 0; status == GI_OK && i < a->args_count; i++) {
        GiRef name = gi_sequence_item(ts, gi_val(fields), (ssize_t)i);
        status = gi_is_null(name) ? GI_FAIL : gi_setattr(ts, self, gi_val(name), a->args[i]);
        gi_xdrop(ts, name);
    }
    size_t pos = 0;
    GiVal key, value;
    while (status == GI_OK && !gi_is_null(a->kwargs) && gi_dict_next_peek(a->kwargs, &pos, &key, &value)) {
        for (size_t i = 0; i < a->args_count && status == GI_OK; i++) {
            GiRef name = gi_sequence_item(ts, gi_val(fields), (ssize_t)i);
            if (gi_is_null(name)) status = GI_FAIL;
            else if (gi_is_str(gi_val(name)) && gi_str_equal(gi_val(name), key))
                status = gi_raise_status(ts, &gi_exc_TypeError, "%s got multiple values for argument '%S'",
                                         gi_type_short_name(gi_type_of(self)), key);
            gi_xdrop(ts, name);
        }
        if (status == GI_OK) status = gi_setattr(ts, self, key, value);
    }
    gi_drop(ts, fields);
    return status;
}
GI_METHOD(ast_node, __reduce__, "(self)", NULL) {
    GiRef dict = gi_attrs_snapshot(ts, gi_obj(self)), none = gi_tuple_new(ts, 0), r = GI_NULL;
    if (!gi_is_null(dict) && !gi_is_null(none))
        r = gi_tuple_pack(ts, 3, gi_type_val(gi_type_of(self)), gi_val(none), gi_val(dict));
    gi_xdrop(ts, dict);
    gi_xdrop(ts, none);
    return r;
}
static GiRef ast_node_new_plain(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED,
                                GiVal kwnames GI_UNUSED) {
    return gi_type_alloc(ts, type, 0);
}
GiType gi_ast_node_type = {
    .obj = GI_TYPE_HEAD, .name = "ast.AST", .module = "ast", .size = sizeof(GiObj), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_BASE | GI_TYPE_WEAKREF, .methods = ast_node_methods,
    .new_ = ast_node_new_plain, .init = ast_node_init,
};

static GiRef text_tuple(GiThread *ts, const GiAstFieldInfo *fields, size_t n) {
    GiRef tuple = gi_tuple_new(ts, n);
    for (size_t i = 0; i < n && !gi_is_null(tuple); i++) {
        GiRef name = gi_intern_cstr(ts, fields[i].name);
        if (gi_is_null(name)) {
            gi_drop(ts, tuple);
            return GI_NULL;
        }
        gi_tuple_init(tuple, i, name);
    }
    return tuple;
}

static GiStatus put(GiThread *ts, GiVal dict, const char *key, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_dict_set_cstr(ts, dict, key, gi_val(value));
    gi_drop(ts, value);
    return status;
}

static GiRef attribute_names(GiThread *ts) {
    static const char *const names[] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};
    GiRef tuple = gi_tuple_new(ts, 4);
    for (size_t i = 0; i < 4 && !gi_is_null(tuple); i++) {
        GiRef name = gi_intern_cstr(ts, names[i]);
        if (gi_is_null(name)) return name;
        gi_tuple_init(tuple, i, name);
    }
    return tuple;
}

/* Appends " | name(field type, ...)" as the classes' doc strings show it. */
static void describe(GiStrbuf *doc, const GiAstCtorInfo *ctor) {
    gi_strbuf_puts(doc, ctor->name);
    if (ctor->field_count == 0) return;
    gi_strbuf_puts(doc, "(");
    for (size_t i = 0; i < ctor->field_count; i++) {
        const GiAstFieldInfo *f = &ctor->fields[i];
        gi_strbuf_printf(doc, "%s%s%s %s", i ? ", " : "", gi_ast_types[f->type].name,
                         f->shape == GI_AST_SHAPE_OPT ? "?" : f->shape == GI_AST_SHAPE_SEQ ? "*" : "", f->name);
    }
    gi_strbuf_puts(doc, ")");
}

/* A class with its _fields (fields NULL: keeps the base's) and optional fields defaulting to None. */
static GiRef make_class(GiThread *ts, GiVal all, const char *name, GiVal base, const GiAstFieldInfo *fields, size_t n,
                        bool own_attributes, bool has_pos, const char *doc) {
    GiRef dict = gi_dict_new(ts), bases = gi_tuple_pack(ts, 1, base), text = gi_intern_cstr(ts, name), cls = GI_NULL;
    if (gi_is_null(dict) || gi_is_null(bases) || gi_is_null(text)) goto done;
    GiVal d = gi_val(dict);
    if (put(ts, d, "__module__", gi_intern_cstr(ts, "ast")) < 0 || put(ts, d, "_fields", text_tuple(ts, fields, n)) < 0 ||
        put(ts, d, "__match_args__", text_tuple(ts, fields, n)) < 0 || put(ts, d, "__doc__", gi_str_from_cstr(ts, doc)) < 0)
        goto done;
    if (own_attributes) {
        if (put(ts, d, "_attributes", has_pos ? attribute_names(ts) : gi_tuple_new(ts, 0)) < 0) goto done;
        if (has_pos && (gi_dict_set(ts, d, GI_N(end_lineno), GI_NONE) < 0 || gi_dict_set_cstr(ts, d, "end_col_offset", GI_NONE) < 0))
            goto done;
    }
    for (size_t i = 0; i < n; i++)
        if ((fields[i].shape == GI_AST_SHAPE_OPT) && gi_dict_set_cstr(ts, d, fields[i].name, GI_NONE) < 0) goto done;
    cls = gi_type_new_class(ts, &gi_type_type, gi_val(text), gi_val(bases), d, NULL, GI_NOVAL);
    if (!gi_is_null(cls) && gi_dict_set(ts, all, gi_val(text), gi_val(cls)) < 0) {
        gi_drop(ts, cls);
        cls = GI_NULL;
    }
done:
    gi_xdrop(ts, dict);
    gi_xdrop(ts, bases);
    gi_xdrop(ts, text);
    return cls;
}

static GiStatus make_type(GiThread *ts, GiVal all, const GiAstTypeInfo *type) {
    GiStrbuf doc = {0};
    GiStatus status = GI_OK;
    if (type->form == GI_AST_FORM_PRODUCT) {
        describe(&doc, &type->ctors[0]);
        GiRef cls = make_class(ts, all, type->name, gi_type_val(&gi_ast_node_type), type->ctors[0].fields,
                               type->ctors[0].field_count, true, type->has_pos, doc.data ? doc.data : "");
        status = gi_is_null(cls) ? GI_FAIL : GI_OK;
        gi_xdrop(ts, cls);
        gi_strbuf_free(&doc);
        return status;
    }
    gi_strbuf_printf(&doc, "%s = ", type->name);
    for (size_t i = 0; i < type->ctor_count; i++) {
        if (i && type->form == GI_AST_FORM_ENUM) {
            gi_strbuf_puts(&doc, " | ");
        } else if (i) {
            gi_strbuf_puts(&doc, "\n");
            gi_strbuf_fill(&doc, ' ', strlen(type->name) + 1);
            gi_strbuf_puts(&doc, "| ");
        }
        describe(&doc, &type->ctors[i]);
    }
    GiRef base = make_class(ts, all, type->name, gi_type_val(&gi_ast_node_type), NULL, 0, true, type->has_pos,
                            doc.data ? doc.data : "");
    gi_strbuf_free(&doc);
    if (gi_is_null(base)) return GI_FAIL;
    for (size_t i = 0; status == GI_OK && i < type->ctor_count; i++) {
        const GiAstCtorInfo *ctor = &type->ctors[i];
        describe(&doc, ctor);
        GiRef cls = make_class(ts, all, ctor->name, gi_val(base), ctor->fields, ctor->field_count, false, false,
                               doc.data ? doc.data : "");
        gi_strbuf_free(&doc);
        if (gi_is_null(cls)) status = GI_FAIL;
        else if (type->form == GI_AST_FORM_ENUM) {
            /* Enumerators are singletons: Load() and the like, kept in the class under a private name. */
            GiRef one = gi_call0(ts, gi_val(cls));
            char key[64];
            snprintf(key, sizeof key, "%s\n", ctor->name);
            status = put(ts, all, key, one);
        }
        gi_xdrop(ts, cls);
    }
    gi_drop(ts, base);
    return status;
}

GiVal gi_ast_classes_peek(GiThread *ts) {
    GiSlot *slot = &ts->vm->import_state[STATE_CLASSES];
    if (slot->bits) return gi_val(*slot);
    if (gi_type_ready(ts, &gi_ast_node_type) < 0) return GI_NOVAL;
    GiVal dict = gi_type_dict(ts, &gi_ast_node_type);
    GiRef all = gi_is_null(dict) ? GI_NULL : gi_dict_new(ts);
    if (gi_is_null(all)) return GI_NOVAL;
    GiStatus status = put(ts, dict, "_fields", gi_tuple_new(ts, 0));
    if (status == GI_OK) status = put(ts, dict, "_attributes", gi_tuple_new(ts, 0));
    if (status == GI_OK) status = put(ts, dict, "__match_args__", gi_tuple_new(ts, 0));
    if (status == GI_OK) gi_type_modified(ts, &gi_ast_node_type, GI_NOVAL);
    if (status == GI_OK) status = gi_dict_set_cstr(ts, gi_val(all), "AST", gi_type_val(&gi_ast_node_type));
    for (size_t i = 0; status == GI_OK && i < GI_AST_TYPE_COUNT; i++)
        if (gi_ast_types[i].form != GI_AST_FORM_PRIMITIVE) status = make_type(ts, gi_val(all), &gi_ast_types[i]);
    if (status < 0) {
        gi_drop(ts, all);
        return GI_NOVAL;
    }
    gi_slot_init(slot, all);
    return gi_val(all);
}

bool gi_is_ast_object(GiThread *ts, GiVal v) {
    (void)ts;
    return gi_is_heap(v) && (gi_ast_node_type.flags & GI_TYPE_READY) && gi_is_instance_of(v, &gi_ast_node_type);
}

/* ---- Tree to objects ---- */

GiRef gi_ast_const_to_object(GiThread *ts, const GiAstConst *c) {
    switch ((GiConstKind)c->kind) {
    case GI_CONST_NONE: return GI_REF_NONE;
    case GI_CONST_TRUE: return GI_REF_TRUE;
    case GI_CONST_FALSE: return GI_REF_FALSE;
    case GI_CONST_ELLIPSIS: return GI_REF_ELLIPSIS;
    case GI_CONST_INT: return gi_int_from_text(ts, c->text.bytes, c->text.len, c->base);
    case GI_CONST_FLOAT: return gi_double_ref(c->number);
    case GI_CONST_IMAGINARY: return gi_complex_new(ts, 0.0, c->number);
    case GI_CONST_STR: return gi_str_from_wtf8(ts, c->text.bytes, c->text.len);
    case GI_CONST_BYTES: return gi_bytes_from(ts, c->text.bytes, c->text.len);
    case GI_CONST_OBJECT: return gi_dup(ts, (GiVal){c->object});
    }
    return gi_raise_bad_call(ts, "constant of an unknown kind");
}

static GiRef node_object(GiThread *ts, GiVal all, unsigned type, const void *node);

static GiRef enum_object(GiThread *ts, GiVal all, unsigned type, int kind) {
    char key[64];
    snprintf(key, sizeof key, "%s\n", gi_ast_types[type].ctors[kind - 1].name);
    GiVal v = gi_dict_get_cstr_peek(ts, all, key);
    return gi_is_null(v) ? gi_raise_bad_call(ts, "enumerator") : gi_dup(ts, v);
}

/* One value of a field: `at` points to where the field (or the sequence's item) stands. */
static GiRef value_object(GiThread *ts, GiVal all, unsigned type, const void *at) {
    switch (type) {
    case GI_AST_TYPE_identifier:
    case GI_AST_TYPE_string: {
        const GiName *name = *(GiName *const *)at;
        if (name == NULL) return GI_REF_NONE;
        GiRef text = gi_str_from_wtf8(ts, name->bytes, name->len);
        return type == GI_AST_TYPE_identifier && !gi_is_null(text) ? gi_str_intern(ts, text) : text;
    }
    case GI_AST_TYPE_int: return gi_smallint_ref(*(const int *)at);
    case GI_AST_TYPE_constant: return gi_ast_const_to_object(ts, at);
    }
    if (gi_ast_types[type].form == GI_AST_FORM_ENUM) return enum_object(ts, all, type, *(const int *)at);
    const void *node = *(void *const *)at;
    return node == NULL ? GI_REF_NONE : node_object(ts, all, type, node);
}

static GiRef sequence_object(GiThread *ts, GiVal all, unsigned type, const GiAstAnySeq *seq) {
    GiRef list = gi_list_new(ts, seq->count);
    size_t step = gi_ast_types[type].form == GI_AST_FORM_ENUM ? sizeof(int) : sizeof(void *);
    for (uint32_t i = 0; i < seq->count && !gi_is_null(list); i++) {
        GiRef item = value_object(ts, all, type, (const char *)seq->items + i * step);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}

static GiStatus set_position(GiThread *ts, GiVal object, const GiAstPos *p) {
    if (gi_setattr(ts, object, GI_N(lineno), gi_smallint(p->lineno)) < 0 ||
        gi_setattr_cstr(ts, object, "col_offset", gi_smallint(p->col_offset)) < 0 ||
        gi_setattr(ts, object, GI_N(end_lineno), gi_smallint(p->end_lineno)) < 0)
        return GI_FAIL;
    return gi_setattr_cstr(ts, object, "end_col_offset", gi_smallint(p->end_col_offset));
}

static GiRef node_object(GiThread *ts, GiVal all, unsigned type, const void *node) {
    const GiAstTypeInfo *info = &gi_ast_types[type];
    const GiAstCtorInfo *ctor = info->form == GI_AST_FORM_SUM ? &info->ctors[*(const int *)node - 1] : &info->ctors[0];
    GiVal cls = gi_dict_get_cstr_peek(ts, all, info->form == GI_AST_FORM_PRODUCT ? info->name : ctor->name);
    if (gi_is_null(cls)) return gi_raise_bad_call(ts, ctor->name);
    if (gi_enter_recursive(ts, " during  ast construction") < 0) return GI_NULL;
    GiRef made = gi_type_alloc(ts, gi_as_type(cls), 0);
    for (size_t i = 0; i < ctor->field_count && !gi_is_null(made); i++) {
        const GiAstFieldInfo *f = &ctor->fields[i];
        const void *at = (const char *)node + f->offset;
        GiRef value = f->shape == GI_AST_SHAPE_SEQ ? sequence_object(ts, all, f->type, at) : value_object(ts, all, f->type, at);
        GiRef name = gi_is_null(value) ? GI_NULL : gi_intern_cstr(ts, f->name);
        GiStatus status = gi_is_null(name) ? GI_FAIL : gi_setattr(ts, gi_val(made), gi_val(name), gi_val(value));
        gi_xdrop(ts, value);
        gi_xdrop(ts, name);
        if (status < 0) {
            gi_drop(ts, made);
            made = GI_NULL;
        }
    }
    if (!gi_is_null(made) && info->has_pos &&
        set_position(ts, gi_val(made), (const GiAstPos *)((const char *)node + info->pos_offset)) < 0) {
        gi_drop(ts, made);
        made = GI_NULL;
    }
    gi_leave_recursive(ts);
    return made;
}

GiRef gi_ast_to_object(GiThread *ts, const GiAstMod *mod) {
    GiVal all = gi_ast_classes_peek(ts);
    return gi_is_null(all) ? GI_NULL : node_object(ts, all, GI_AST_TYPE_mod, mod);
}

/* ---- Objects to tree ---- */

typedef struct Reader { GiThread *ts; GiArena *arena; GiVal all; } Reader;

static GiStatus read_node(Reader *r, unsigned type, GiVal v, void **out);

static GiStatus bad_field(Reader *r, const char *what, const char *need, GiVal v) {
    return gi_raise_status(r->ts, &gi_exc_TypeError, "%s must be %s, not %R", what, need, v);
}

static GiStatus read_name(Reader *r, unsigned type, GiVal v, GiName **out) {
    if (type == GI_AST_TYPE_identifier ? !gi_is_str_exact(v) : !gi_is_str_exact(v) && !gi_is_bytes_exact(v))
        return gi_raise_status(r->ts, &gi_exc_TypeError, type == GI_AST_TYPE_identifier ? "AST identifier must be of type str"
                                                                                       : "AST string must be of type str");
    size_t len;
    const char *text = gi_str_utf8(r->ts, v, &len);
    if (text == NULL) return GI_FAIL;
    *out = gi_name_new(r->arena, text, len);
    return *out ? GI_OK : (gi_raise_nomem(r->ts), GI_FAIL);
}

static GiStatus check_constants(GiThread *ts, GiVal v);

/* TypeError unless v is what a literal, or folding literals, can give. */
static GiStatus check_constant(GiThread *ts, GiVal v) {
    GiType *type = gi_type_of(v);
    bool good = gi_is_heap(v) ? type == &gi_int_type || type == &gi_float_type || type == &gi_complex_type ||
                                    type == &gi_str_type || type == &gi_bytes_type
                              : !gi_is_notimplemented(v);
    if (good) return GI_OK;
    if (type == &gi_tuple_type || type == &gi_frozenset_type) return check_constants(ts, v);
    return gi_raise_status(ts, &gi_exc_TypeError, "got an invalid type in Constant: %s", gi_type_short_name(type));
}

static GiStatus check_constants(GiThread *ts, GiVal v) {
    if (gi_enter_recursive(ts, " during compilation") < 0) return GI_FAIL;
    GiStatus status = GI_OK;
    size_t pos = 0;
    GiVal item;
    if (gi_is_tuple(v)) {
        for (size_t i = 0; status == GI_OK && i < gi_tuple_len(v); i++) status = check_constant(ts, gi_tuple_get(v, i));
    } else {
        while (status == GI_OK && gi_set_next_peek(v, &pos, &item)) status = check_constant(ts, item);
    }
    gi_leave_recursive(ts);
    return status;
}

static GiStatus read_value(Reader *r, unsigned type, GiVal v, void *at, const char *owner, const char *field) {
    GiThread *ts = r->ts;
    if (type == GI_AST_TYPE_identifier || type == GI_AST_TYPE_string) return read_name(r, type, v, at);
    if (type == GI_AST_TYPE_int) {
        if (!gi_is_int(v)) return gi_raise_status(ts, &gi_exc_ValueError, "invalid integer value: %R", v);
        return gi_as_int(ts, v, at);
    }
    if (type == GI_AST_TYPE_constant) {
        GiAstConst *c = at;
        if (check_constant(ts, v) < 0) return GI_FAIL;
        memset(c, 0, sizeof *c);
        if (gi_is_none(v)) c->kind = GI_CONST_NONE;
        else if (gi_is_true(v)) c->kind = GI_CONST_TRUE;
        else if (gi_is_false(v)) c->kind = GI_CONST_FALSE;
        else if (gi_is_ellipsis(v)) c->kind = GI_CONST_ELLIPSIS;
        else if (gi_is_str_exact(v)) {
            GiRef bytes = gi_encode(ts, v, "utf-8", "surrogatepass");
            if (gi_is_null(bytes)) return GI_FAIL;
            c->kind = GI_CONST_STR;
            c->ascii = gi_str_is_ascii(v);
            c->text.len = gi_bytes_len(bytes);
            c->text.bytes = gi_arena_copy(r->arena, (const char *)gi_bytes_data(bytes), c->text.len);
            gi_drop(ts, bytes);
            if (c->text.bytes == NULL) return gi_raise_nomem(ts), GI_FAIL;
        } else {
            c->kind = GI_CONST_OBJECT; /* borrowed: the tree of objects outlives the compilation */
            c->object = v.bits;
        }
        return GI_OK;
    }
    const GiAstTypeInfo *info = &gi_ast_types[type];
    if (info->form == GI_AST_FORM_ENUM) {
        for (int k = 1; k <= info->ctor_count; k++) {
            GiVal cls = gi_dict_get_cstr_peek(ts, r->all, info->ctors[k - 1].name);
            GiTruth is = gi_isinstance(ts, v, cls);
            if (is.value < 0) return GI_FAIL;
            if (is.value) {
                *(int *)at = k;
                return GI_OK;
            }
        }
        return gi_raise_status(ts, &gi_exc_TypeError, "expected some sort of %s, but got %R", info->name, v);
    }
    (void)owner, (void)field, (void)bad_field;
    return read_node(r, type, v, at);
}

static GiStatus read_sequence(Reader *r, const GiAstFieldInfo *f, GiVal v, GiAstAnySeq *seq, const char *owner) {
    GiThread *ts = r->ts;
    if (!gi_is_list(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s field \"%s\" must be a list, not a %T", owner, f->name, v);
    size_t n = gi_list_len(v), step = gi_ast_types[f->type].form == GI_AST_FORM_ENUM ? sizeof(int) : sizeof(void *);
    seq->count = (uint32_t)n;
    seq->items = n ? gi_arena_calloc(r->arena, n * step) : NULL;
    if (n && seq->items == NULL) return gi_raise_nomem(ts), GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        GiRef item = gi_list_get(ts, v, i);
        if (gi_is_null(item) || gi_list_len(v) != n) {
            gi_xdrop(ts, item);
            return gi_raise_status(ts, &gi_exc_RuntimeError, "%s field \"%s\" changed size during iteration", owner, f->name);
        }
        bool hole = gi_is_none(item) && (strcmp(f->name, "keys") == 0 || strcmp(f->name, "kw_defaults") == 0);
        GiStatus status = hole ? GI_OK
            : gi_is_none(item) && step == sizeof(void *) && f->type > GI_AST_TYPE_constant
                ? gi_raise_status(ts, &gi_exc_ValueError, "None disallowed in %s list",
                                  strcmp(gi_ast_types[f->type].name, "expr") == 0 ? "expression" :
                                  strcmp(gi_ast_types[f->type].name, "stmt") == 0 ? "statement" : gi_ast_types[f->type].name)
                : read_value(r, f->type, gi_val(item), (char *)seq->items + i * step, owner, f->name);
        gi_drop(ts, item);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}

static GiStatus read_int_attr(Reader *r, GiVal v, const char *name, const char *owner, bool required, int fallback, int *out) {
    GiThread *ts = r->ts;
    GiRef key = gi_intern_cstr(ts, name), value;
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = gi_getattr_opt(ts, v, gi_val(key), &value);
    gi_drop(ts, key);
    if (status < 0) return GI_FAIL;
    if (gi_is_null(value) || (!required && gi_is_none(value))) {
        if (required && gi_is_null(value))
            return gi_raise_status(ts, &gi_exc_TypeError, "required field \"%s\" missing from %s", name, owner);
        *out = fallback;
        return GI_OK;
    }
    if (!gi_is_int(gi_val(value))) status = gi_raise_status(ts, &gi_exc_ValueError, "invalid integer value: %R", gi_val(value));
    else status = gi_as_int(ts, gi_val(value), out);
    gi_drop(ts, value);
    return status;
}

static GiStatus read_fields(Reader *r, const GiAstCtorInfo *ctor, GiVal v, void *node, const char *owner) {
    GiThread *ts = r->ts;
    for (size_t i = 0; i < ctor->field_count; i++) {
        const GiAstFieldInfo *f = &ctor->fields[i];
        GiRef name = gi_intern_cstr(ts, f->name), value;
        if (gi_is_null(name)) return GI_FAIL;
        GiStatus status = gi_getattr_opt(ts, v, gi_val(name), &value);
        gi_drop(ts, name);
        if (status < 0) return GI_FAIL;
        void *at = (char *)node + f->offset;
        if (f->shape == GI_AST_SHAPE_SEQ) {
            if (gi_is_null(value)) {
                if (strcmp(f->name, "type_ignores") != 0)
                    return gi_raise_status(ts, &gi_exc_TypeError, "required field \"%s\" missing from %s", f->name, owner);
                continue;
            }
            status = read_sequence(r, f, gi_val(value), at, owner);
        } else if (gi_is_null(value)) {
            if (f->shape == GI_AST_SHAPE_OPT) continue;
            return gi_raise_status(ts, &gi_exc_TypeError, "required field \"%s\" missing from %s", f->name, owner);
        } else if (gi_is_none(value) && f->shape == GI_AST_SHAPE_OPT && f->type != GI_AST_TYPE_constant) {
            status = GI_OK;
        } else if (gi_is_none(value) && f->type > GI_AST_TYPE_constant) {
            status = gi_raise_status(ts, &gi_exc_ValueError, "field '%s' is required for %s", f->name, owner);
        } else {
            status = read_value(r, f->type, gi_val(value), at, owner, f->name);
        }
        gi_drop(ts, value);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}

/* Attributes of nodes: the place in the text. */
static GiStatus read_position(Reader *r, const GiAstTypeInfo *info, GiVal v, void *node) {
    if (!info->has_pos) return GI_OK;
    GiAstPos *p = (GiAstPos *)((char *)node + info->pos_offset);
    if (read_int_attr(r, v, "lineno", info->name, true, 0, &p->lineno) < 0) return GI_FAIL;
    if (read_int_attr(r, v, "col_offset", info->name, true, 0, &p->col_offset) < 0) return GI_FAIL;
    if (read_int_attr(r, v, "end_lineno", info->name, false, p->lineno, &p->end_lineno) < 0) return GI_FAIL;
    return read_int_attr(r, v, "end_col_offset", info->name, false, p->col_offset, &p->end_col_offset);
}

static GiStatus read_node(Reader *r, unsigned type, GiVal v, void **out) {
    GiThread *ts = r->ts;
    const GiAstTypeInfo *info = &gi_ast_types[type];
    GiTruth is = GI_TRUTH_NO;
    const GiAstCtorInfo *ctor = NULL;
    for (size_t i = 0; i < info->ctor_count && !is.value; i++) {
        ctor = &info->ctors[i];
        GiVal cls = gi_dict_get_cstr_peek(ts, r->all, info->form == GI_AST_FORM_PRODUCT ? info->name : ctor->name);
        is = gi_isinstance(ts, v, cls);
    }
    if (is.value < 0) return GI_FAIL;
    if (!is.value) return gi_raise_status(ts, &gi_exc_TypeError, "expected some sort of %s, but got %R", info->name, v);
    if (gi_enter_recursive(ts, " during compilation") < 0) return GI_FAIL;
    void *node = gi_arena_calloc(r->arena, info->size);
    GiStatus status = node ? GI_OK : (gi_raise_nomem(ts), GI_FAIL);
    if (status == GI_OK) {
        if (info->form == GI_AST_FORM_SUM) *(int *)node = ctor->kind;
        *out = node;
    }
    /* PYSEM: attributes are looked at before the fields, but for types of one form. */
    bool product = info->form == GI_AST_FORM_PRODUCT;
    if (status == GI_OK && !product) status = read_position(r, info, v, node);
    if (status == GI_OK)
        status = read_fields(r, ctor, v, node, product ? info->name : ctor->name);
    if (status == GI_OK && product) status = read_position(r, info, v, node);
    gi_leave_recursive(ts);
    return status;
}

GiStatus gi_ast_from_object(GiThread *ts, GiVal v, GiArena *arena, const char *mode, GiAstMod **out) {
    Reader r = {.ts = ts, .arena = arena, .all = gi_ast_classes_peek(ts)};
    if (gi_is_null(r.all)) return GI_FAIL;
    const char *wanted = strcmp(mode, "eval") == 0 ? "Expression" : strcmp(mode, "single") == 0 ? "Interactive" : "Module";
    GiVal cls = gi_dict_get_cstr_peek(ts, r.all, wanted);
    GiTruth is = gi_isinstance(ts, v, cls);
    if (is.value < 0) return GI_FAIL;
    if (!is.value)
        return gi_raise_status(ts, &gi_exc_TypeError, "expected %s node, got %s", wanted, gi_type_short_name(gi_type_of(v)));
    return read_node(&r, GI_AST_TYPE_mod, v, (void **)out);
}
