/* structseq.c - struct sequences: tuple types with named fields (os.stat_result, sys.flags).
 *
 * A type is made at run time but is immutable and lives for ever, like the builtin ones. Fields
 * beyond the sequence part stand in the instance behind the tuple's items.
 */
#include "objects/container.h"
#include "objects/type_dict.h"

#include "objects/structseq.gen.h"

typedef struct StructInfo {
    size_t n_fields, n_sequence, n_unnamed;
    GiStructField *fields;
    GiMemberDef *members;
    char *module;
} StructInfo;
#define info_of(type) ((StructInfo *)(type)->native)

static void hidden_each(GiObj *obj, GiVisit visit, void *arg) {
    GiTuple *t = (GiTuple *)obj;
    for (size_t i = t->count; i < info_of(gi_obj_type(obj))->n_fields; i++) visit(&t->items[i], arg);
}

static const GiField structseq_fields[] = {GI_CUSTOM(hidden_each), GI_FIELDS_END};

GiRef gi_structseq_new(GiThread *ts, GiVal type, const GiRef *values, size_t n) {
    GiType *t = gi_as_type(type);
    GI_ASSERT(n == info_of(t)->n_fields);
    for (size_t i = 0; i < n; i++)
        if (gi_is_null(values[i])) { /* making one of them failed */
            gi_drop_all(ts, values, n);
            return GI_NULL;
        }
    GiRef s = gi_type_alloc(ts, t, n * sizeof(GiSlot));
    if (gi_is_null(s)) {
        gi_drop_all(ts, values, n);
        return s;
    }
    for (size_t i = 0; i < n; i++) gi_slot_init(&gi_tuple_of(s)->items[i], values[i]);
    gi_tuple_of(s)->count = info_of(t)->n_sequence;
    return s;
}

/* The value of a hidden field, or null when there is no dict, or it does not have it. */
static GiStatus field_of_dict(GiThread *ts, GiVal dict, const char *name, GiRef *out) {
    if (gi_is_null(dict) || name == NULL) return GI_OK;
    GiRef key = gi_intern_cstr(ts, name);
    if (gi_is_null(key)) return GI_FAIL;
    GiStatus status = gi_dict_get(ts, dict, gi_val(key), out);
    gi_drop(ts, key);
    return status;
}

/* The hidden fields begin with the names of the unnamed items, and take what stands there when
 * nothing else is given (os.stat_result's times). */
static void fill_named(GiThread *ts, const StructInfo *info, GiRef *all) {
    size_t hidden = info->n_sequence;
    for (size_t i = 0; i < info->n_sequence && hidden < info->n_fields; i++)
        if (info->fields[i].name == NULL) {
            if (gi_is_none(all[hidden])) all[hidden] = gi_dup(ts, gi_val(all[i]));
            hidden++;
        }
}

GI_NEW(structseq, "(cls, sequence, dict = <unrepresentable>)", "") {
    StructInfo *info = info_of(type);
    GiItems items;
    if (!gi_is_null(a->dict) && !gi_is_dict(a->dict))
        return gi_raise_ref(ts, &gi_exc_TypeError, "%N() takes a dict as second arg, if any", type);
    GiVal dict = a->dict;
    if (gi_items_of(ts, a->sequence, &items, "constructor requires a sequence")) return GI_NULL;
    size_t low = info->n_sequence, high = info->n_fields, n = items.count;
    if (n < low || n > high) {
        const char *how = low == high ? "a" : n < low ? "an at least" : "an at most";
        gi_raise(ts, &gi_exc_TypeError, "%N() takes %s %zu-sequence (%zu-sequence given)", type, how,
                 n < low ? low : high, n);
        gi_items_drop(ts, &items);
        return GI_NULL;
    }
    GiRef *all = gi_mem_alloc(ts, high * sizeof(GiRef));
    if (all == NULL) {
        gi_items_drop(ts, &items);
        return GI_NULL;
    }
    memcpy(all, items.items, n * sizeof(GiRef));
    gi_mem_free(items.items);
    for (size_t i = n; i < high; i++) {
        all[i] = GI_NULL;
        if (gi_raised(ts)) continue;
        if (field_of_dict(ts, dict, info->fields[i].name, &all[i]) == GI_OK && gi_is_null(all[i]))
            all[i] = GI_REF_NONE;
    }
    fill_named(ts, info, all);
    GiRef result = gi_structseq_new(ts, gi_type_val(type), all, high);
    gi_mem_free(all);
    return result;
}

static GiRef structseq_repr(GiThread *ts, GiVal self) {
    GiType *type = gi_type_of(self);
    StructInfo *info = info_of(type);
    if (gi_enter_recursive(ts, " while getting the repr of an object")) return GI_NULL;
    GiStrBuilder sb;
    gi_sb_init(&sb, ts);
    gi_sb_ascii(&sb, type->name, strlen(type->name));
    gi_sb_char(&sb, '(');
    size_t shown = 0;
    for (size_t i = 0; i < info->n_sequence && !sb.failed; i++) {
        /* The name of an unnamed item is that of the next member, as attributes go. */
        if (i) gi_sb_lit(&sb, ", ");
        const char *name = info->members[shown++].name;
        gi_sb_ascii(&sb, name, strlen(name));
        gi_sb_char(&sb, '=');
        gi_sb_repr(&sb, gi_tuple_get(self, i));
    }
    gi_sb_char(&sb, ')');
    gi_leave_recursive(ts);
    return gi_sb_finish(&sb);
}

GI_METHOD(structseq, __reduce__, "(self)", NULL) {
    GiType *type = gi_type_of(self);
    StructInfo *info = info_of(type);
    GiRef items = gi_tuple_from(ts, gi_tuple_items(self), info->n_sequence);
    GiRef dict = gi_is_null(items) ? GI_NULL : gi_dict_new(ts);
    for (size_t i = info->n_sequence; i < info->n_fields && !gi_is_null(dict); i++) {
        if (info->fields[i].name == NULL) continue;
        if (gi_dict_set_cstr(ts, gi_val(dict), info->fields[i].name,
                             gi_val(gi_tuple_of(self)->items[i]))) {
            gi_drop(ts, dict);
            dict = GI_NULL;
        }
    }
    if (gi_is_null(dict)) {
        gi_xdrop(ts, items);
        return GI_NULL;
    }
    GiRef args = gi_tuple_steal(ts, (GiRef[]){items, dict}, 2);
    return gi_reduce_tuple(ts, gi_dup(ts, gi_type_val(type)), args, GI_NULL);
}

/* The block that describes a type: info, copies of the fields, members, module name. */
static StructInfo *info_new(GiThread *ts, const char *dotted_name, const GiStructField *fields,
                            size_t n_fields, size_t n_sequence) {
    const char *dot = strrchr(dotted_name, '.');
    size_t module_length = dot ? (size_t)(dot - dotted_name) : 0;
    char *block = gi_mem_calloc(ts, 1, sizeof(StructInfo) + n_fields * sizeof(GiStructField) +
                                           (n_fields + 1) * sizeof(GiMemberDef) + module_length + 1);
    if (block == NULL) return NULL;
    StructInfo *info = (StructInfo *)block;
    info->n_fields = n_fields;
    info->n_sequence = n_sequence;
    info->fields = (GiStructField *)(info + 1);
    info->members = (GiMemberDef *)(info->fields + n_fields);
    memcpy(info->fields, fields, n_fields * sizeof(GiStructField));
    size_t named = 0;
    for (size_t i = 0; i < n_fields; i++) {
        if (fields[i].name == NULL) {
            info->n_unnamed++;
            continue;
        }
        info->members[named++] = (GiMemberDef){
            fields[i].name, GI_MEMBER_OBJECT, (uint32_t)(sizeof(GiTuple) + i * sizeof(GiSlot)), true,
            fields[i].doc};
    }
    if (dot) {
        info->module = (char *)(info->members + n_fields + 1);
        memcpy(info->module, dotted_name, module_length);
    }
    return info;
}

/* n_fields and the like, and __match_args__. */
static GiStatus add_attributes(GiThread *ts, GiType *type) {
    StructInfo *info = info_of(type);
    if (gi_type_add(ts, type, "n_sequence_fields", gi_smallint((int64_t)info->n_sequence)) ||
        gi_type_add(ts, type, "n_fields", gi_smallint((int64_t)info->n_fields)) ||
        gi_type_add(ts, type, "n_unnamed_fields", gi_smallint((int64_t)info->n_unnamed)))
        return GI_FAIL;
    size_t n = 0;
    for (size_t i = 0; i < info->n_sequence; i++) n += info->fields[i].name != NULL;
    GiRef names = gi_tuple_new(ts, n);
    if (gi_is_null(names)) return GI_FAIL;
    n = 0;
    for (size_t i = 0; i < info->n_sequence; i++) {
        if (info->fields[i].name == NULL) continue;
        GiRef name = gi_intern_cstr(ts, info->fields[i].name);
        if (gi_is_null(name)) {
            gi_drop(ts, names);
            return GI_FAIL;
        }
        gi_tuple_init(names, n++, name);
    }
    gi_make_immortal(gi_obj(names)); /* as the dict of the type is */
    return gi_type_add(ts, type, "__match_args__", gi_val(names));
}

GiRef gi_structseq_type(GiThread *ts, const char *dotted_name, const char *doc,
                        const GiStructField *fields, size_t n_fields, size_t n_sequence) {
    StructInfo *info = info_new(ts, dotted_name, fields, n_fields, n_sequence);
    if (info == NULL) return GI_NULL;
    GiType *type = gi_mem_calloc(ts, 1, sizeof(GiType));
    if (type == NULL) {
        gi_mem_free(info);
        return GI_NULL;
    }
    type->obj = (GiObj)GI_TYPE_HEAD;
    type->name = dotted_name;
    type->module = info->module;
    type->flags = GI_TYPE_GC | GI_TYPE_SEQUENCE | GI_TYPE_TUPLE | GI_TYPE_VARSIZED | GI_TYPE_IMMUTABLE;
    type->size = sizeof(GiTuple);
    type->item_size = sizeof(GiSlot);
    type->base = &gi_tuple_type;
    type->doc = doc;
    type->fields = structseq_fields;
    type->methods = structseq_methods;
    type->members = info->members;
    type->native = info;
    type->new_ = structseq_new;
    type->repr = structseq_repr;
    /* From here on the type may be known to others: it stays, also on failure. */
    if (gi_type_ready(ts, type) || add_attributes(ts, type)) return GI_NULL;
    return gi_own_obj(type);
}
