/* struct.c - Structure and Union: where fields stand, bit fields, fields as descriptors, initialisation.
 *
 * LOCK: a layout is worked out apart and put into the class in one step; who comes second finds the class final.
 */
#include "modules/_ctypes/ctypes.h"
#include <stdio.h>
#include <wchar.h>
#include "modules/step.h"
#include "objects/list.h"
#include "objects/tuple.h"

typedef struct GiCField {
    GiObj obj;
    GiSlot proto;      /* the C type */
    size_t offset, size, index;
    uint16_t bits, low; /* bits: 0 if it is no bit field */
} GiCField;

#include "modules/_ctypes/struct.gen.h"

#define field_of(v) ((GiCField *)gi_obj(v))
#define field_type(f) ((GiCType *)gi_obj((f)->proto))

/* ---- Layout ---- */

/* A layout being worked out. */
typedef struct Plan {
    GiThread *ts;
    GiCType *ct;
    size_t size, offset, align, count, pack;
    size_t storage, used; /* bits of the unit that bit fields go to (0: none), and those taken */
    bool is_union, big, has_pointer;
    GiStrBuilder format;
    ffi_type *members[65];
    size_t member_count;
} Plan;

/* Finds the field's place, as gcc does on this platform (so far as CPython does). */
static void place(Plan *p, GiCField *f, const GiCType *type, int bits) {
    size_t size = type->size, align = type->align, wanted = (size_t)bits;
    if (p->pack) align = GI_MIN(align, p->pack);
    bool join = bits && p->storage && size * 8 <= p->storage && p->used + wanted <= p->storage;
    bool grow = bits && p->storage && !join && size * 8 >= p->storage && p->used + wanted <= size * 8;
    if (grow) {
        p->size += size - p->storage / 8;
        p->offset += size - p->storage / 8;
        p->storage = size * 8;
        join = true;
    }
    if (join) {
        f->offset = p->offset - size;
    } else {
        size_t padding = align && p->offset % align ? align - p->offset % align : 0;
        p->size += padding + size;
        p->offset += padding;
        f->offset = p->offset;
        p->offset += size;
        p->align = GI_MAX(p->align, align);
        p->storage = bits ? size * 8 : 0;
        p->used = 0;
    }
    f->size = size;
    if (bits == 0) return;
    f->bits = (uint16_t)bits;
    f->low = (uint16_t)(p->big ? p->storage - p->used - wanted : p->used);
    p->used += wanted;
}

static void place_in_union(Plan *p, GiCField *f, const GiCType *type, int bits) {
    size_t align = p->pack ? GI_MIN(type->align, p->pack) : type->align;
    f->offset = 0;
    f->size = type->size;
    f->bits = (uint16_t)bits;
    f->low = (uint16_t)(bits && p->big ? type->size * 8 - (size_t)bits : 0);
    p->size = GI_MAX(p->size, type->size);
    p->align = GI_MAX(p->align, align);
}

static GiStatus check_bits(GiThread *ts, const GiCType *type, GiVal v, int *bits) {
    int64_t n;
    const GiCodeInfo *info = type->kind == GI_CT_SIMPLE ? gi_ct_code((uint32_t)type->code) : NULL;
    if (gi_as_i64(ts, v, &n)) return GI_FAIL;
    if (info == NULL || !info->bits)
        return gi_raise_status(ts, &gi_exc_TypeError, "bit fields not allowed for type %s", type->type.name);
    if (n <= 0 || n > (int64_t)type->size * 8)
        return gi_raise_status(ts, &gi_exc_ValueError, "number of bits invalid for bit field");
    *bits = (int)n;
    return GI_OK;
}

static void describe(Plan *p, const GiCType *type, GiVal name) {
    GiStrBuilder *sb = &p->format;
    char text[32];
    if (type->ndim) {
        gi_sb_lit(sb, "(");
        for (int i = 0; i < type->ndim; i++) {
            int n = snprintf(text, sizeof text, i ? ",%zd" : "%zd", type->shape[i]);
            gi_sb_ascii(sb, text, (size_t)n);
        }
        gi_sb_lit(sb, ")");
    }
    gi_sb_utf8(sb, type->format ? type->format : "B", type->format ? strlen(type->format) : 1);
    gi_sb_lit(sb, ":");
    gi_sb_str(sb, name);
    gi_sb_lit(sb, ":");
}

static GiStatus bad_pair(GiThread *ts) {
    return gi_raise_status(ts, &gi_exc_TypeError, "'_fields_' must be a sequence of (name, C type) pairs");
}

/* One item of _fields_: a new descriptor. */
static GiRef plan_field(Plan *p, GiVal pair, size_t i) {
    GiThread *ts = p->ts;
    size_t n = gi_is_tuple(pair) ? gi_tuple_len(pair) : 0;
    if (n < 2 || n > 3 || !gi_is_str(gi_tuple_get(pair, 0)) || (n == 3 && !gi_is_int(gi_tuple_get(pair, 2)))) {
        (void)!bad_pair(ts);
        return GI_NULL;
    }
    GiCType *type = gi_ct_of(gi_tuple_get(pair, 1));
    if (type == NULL || !type->sized)
        return gi_raise_ref(ts, &gi_exc_TypeError, "second item in _fields_ tuple (index %zu) must be a C type", i);
    __atomic_store_n(&type->final, true, __ATOMIC_RELEASE);
    if (type == p->ct) return gi_raise_ref(ts, &gi_exc_AttributeError, "Structure or union cannot contain itself");
    int bits = 0;
    if (n == 3 && check_bits(ts, type, gi_tuple_get(pair, 2), &bits)) return GI_NULL;
    GiCField *f = (GiCField *)gi_heap_new(ts, &gi_cfield_type, sizeof *f);
    if (f == NULL) return GI_NULL;
    gi_slot_init(&f->proto, gi_dup(ts, gi_ct_ref(type)));
    f->index = p->ct->length + i;
    if (p->is_union) place_in_union(p, f, type, bits);
    else place(p, f, type, bits);
    describe(p, type, gi_tuple_get(pair, 0));
    p->has_pointer |= type->has_pointer;
    if (p->member_count < 65) p->members[p->member_count++] = &type->ffi;
    return gi_own_obj(f);
}

static GiStatus read_pack(Plan *p) {
    GiThread *ts = p->ts;
    GiRef name = gi_intern_cstr(ts, "_pack_"), pack = GI_NULL;
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, gi_ct_ref(p->ct), gi_val(name), &pack);
    gi_xdrop(ts, name);
    if (status < 0 || gi_is_null(pack)) return status;
    int64_t n = -1;
    bool good = gi_is_int(gi_val(pack)) && gi_int_as_i64(gi_val(pack), &n) == 0 && n >= 0 && n <= INT32_MAX;
    gi_drop(ts, pack);
    if (!good) return gi_raise_status(ts, &gi_exc_ValueError, "_pack_ must be a non-negative integer");
    p->pack = (size_t)n;
    return GI_OK;
}

/* Fields of an anonymous member, as fields of the class itself. */
static GiStatus lift_anonymous(GiThread *ts, GiCType *ct, GiVal member);

/* Whether a type names one of its members in _anonymous_; whose fields go further up then. */
static GiStatus lift_further(GiThread *ts, GiCType *ct, GiVal inner_type, GiVal name) {
    GiRef key = gi_intern_cstr(ts, "_anonymous_"), names = GI_NULL;
    GiStatus status = gi_is_null(key) ? GI_FAIL : gi_getattr_opt(ts, inner_type, gi_val(key), &names);
    gi_xdrop(ts, key);
    if (status < 0 || gi_is_null(names)) return status;
    GiTruth listed = gi_contains(ts, gi_val(names), name);
    gi_drop(ts, names);
    if (listed.value <= 0) return listed.value < 0 ? GI_FAIL : GI_OK;
    return lift_anonymous(ts, ct, name);
}

static GiStatus lift_anonymous(GiThread *ts, GiCType *ct, GiVal member) {
    GiRef outer = gi_getattr(ts, gi_ct_ref(ct), member);
    if (gi_is_null(outer)) return GI_FAIL;
    GiStatus status = GI_FAIL;
    GiRef fields = GI_NULL;
    if (!gi_is_exact(gi_val(outer), &gi_cfield_type)) {
        gi_raise(ts, &gi_exc_AttributeError, "'%U' is specified in _anonymous_ but not in _fields_", member);
        goto out;
    }
    fields = gi_getattr_cstr(ts, gi_val(field_of(outer)->proto), "_fields_");
    GiRef list = gi_is_null(fields) ? GI_NULL : gi_to_tuple(ts, gi_val(fields));
    if (gi_is_null(list)) goto out;
    status = GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(list); i++) {
        GiVal pair = gi_tuple_get(gi_val(list), i);
        status = GI_FAIL;
        if (!gi_is_tuple(pair) || gi_tuple_len(pair) < 2) {
            (void)!bad_pair(ts);
            break;
        }
        GiVal name = gi_tuple_get(pair, 0);
        GiRef inner = gi_getattr(ts, gi_val(field_of(outer)->proto), name);
        if (gi_is_null(inner)) break;
        if (gi_is_exact(gi_val(inner), &gi_cfield_type)) {
            GiCField *f = (GiCField *)gi_heap_new(ts, &gi_cfield_type, sizeof *f), *from = field_of(inner);
            if (f != NULL) {
                f->offset = from->offset + field_of(outer)->offset;
                f->size = from->size;
                f->bits = from->bits;
                f->low = from->low;
                f->index = from->index + field_of(outer)->index;
                gi_slot_init(&f->proto, gi_slot_dup(ts, &from->proto));
                GiRef made = gi_own_obj(f);
                status = gi_type_type.setattr(ts, gi_ct_ref(ct), name, gi_val(made));
                gi_drop(ts, made);
                if (status == GI_OK) status = lift_further(ts, ct, gi_val(field_of(outer)->proto), name);
            }
        } else {
            gi_raise(ts, &gi_exc_TypeError, "unexpected type");
        }
        gi_drop(ts, inner);
    }
    gi_drop(ts, list);
out:
    gi_xdrop(ts, fields);
    gi_drop(ts, outer);
    return status;
}

static GiStatus lift_all(GiThread *ts, GiCType *ct) {
    GiRef name = gi_intern_cstr(ts, "_anonymous_"), names = GI_NULL;
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, gi_ct_ref(ct), gi_val(name), &names);
    gi_xdrop(ts, name);
    if (status < 0 || gi_is_null(names)) return status;
    GiRef list = gi_is_sequence(gi_val(names)) ? gi_to_tuple(ts, gi_val(names)) : GI_NULL;
    gi_drop(ts, names);
    if (gi_is_null(list))
        return gi_raised(ts) ? GI_FAIL : gi_raise_status(ts, &gi_exc_TypeError, "_anonymous_ must be a sequence");
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(list); i++)
        status = lift_anonymous(ts, ct, gi_tuple_get(gi_val(list), i));
    gi_drop(ts, list);
    return status;
}

/* Puts the layout into the class; GI_FAIL if it has become final. */
static GiStatus publish(Plan *p, GiRef names, GiRef format) {
    GiThread *ts = p->ts;
    GiCType *ct = p->ct;
    size_t text_len = 0;
    const char *text = gi_str_utf8(ts, gi_val(format), &text_len);
    char *copy = text && !p->pack && !p->is_union ? gi_mem_alloc(ts, text_len + 1) : NULL;
    if (copy) memcpy(copy, text, text_len + 1);
    gi_drop(ts, format);
    if (text == NULL || gi_raised(ts)) {
        gi_drop(ts, names);
        return GI_FAIL;
    }
    size_t size = p->align ? (p->size + p->align - 1) / p->align * p->align : p->size;
    ffi_type **elements = gi_ct_elements(ts, p->members, size <= 64 && p->member_count <= 64 ? p->member_count : 0);
    if (elements == NULL) {
        gi_mem_free(copy);
        gi_drop(ts, names);
        return GI_FAIL;
    }
    char *old_format = NULL;
    ffi_type **old_elements = NULL;
    GiRef old_names = GI_NULL;
    bool late = false;
    GI_STEP(ts, gi_ct_ref(ct)) {
        late = ct->final;
        if (late) break;
        old_format = ct->format;
        old_elements = ct->elements;
        old_names = gi_step_swap(&ct->names, names);
        ct->format = copy;
        ct->size = size;
        ct->align = p->align;
        ct->length += p->count;
        ct->has_pointer |= p->has_pointer;
        gi_ct_set_ffi(ct, elements);
        __atomic_store_n(&ct->final, true, __ATOMIC_RELEASE);
    }
    if (late) {
        gi_mem_free(copy);
        gi_mem_free(elements);
        gi_drop(ts, names);
        return gi_raise_status(ts, &gi_exc_AttributeError, "_fields_ is final");
    }
    gi_mem_free(old_format);
    gi_mem_free(old_elements);
    gi_xdrop(ts, old_names);
    return GI_OK;
}

static GiStatus plan_all(Plan *p, GiVal pairs) {
    GiThread *ts = p->ts;
    size_t n = gi_tuple_len(pairs);
    GiRef names = gi_tuple_new(ts, n);
    if (gi_is_null(names)) return GI_FAIL;
    for (size_t i = 0; i < n; i++) {
        GiVal pair = gi_tuple_get(pairs, i);
        GiRef field = plan_field(p, pair, i);
        GiStatus status = gi_is_null(field) ? GI_FAIL
                                            : gi_type_type.setattr(ts, gi_ct_ref(p->ct), gi_tuple_get(pair, 0), gi_val(field));
        gi_xdrop(ts, field);
        if (status < 0) {
            gi_drop(ts, names);
            return status;
        }
        gi_tuple_init(names, i, gi_dup(ts, gi_tuple_get(pair, 0)));
    }
    p->count = n;
    gi_sb_lit(&p->format, "}");
    GiRef format = gi_sb_finish(&p->format);
    if (gi_is_null(format)) {
        gi_drop(ts, names);
        return GI_FAIL;
    }
    return publish(p, names, format);
}

GiStatus gi_ct_set_fields(GiThread *ts, GiCType *ct, GiVal fields) {
    if (!gi_is_sequence(fields)) return gi_raise_status(ts, &gi_exc_TypeError, "'_fields_' must be a sequence of pairs");
    if (__atomic_load_n(&ct->final, __ATOMIC_ACQUIRE))
        return gi_raise_status(ts, &gi_exc_AttributeError, "_fields_ is final");
    GiRef name = gi_intern_cstr(ts, "_swappedbytes_"), swapped = GI_NULL;
    GiStatus status = gi_is_null(name) ? GI_FAIL : gi_getattr_opt(ts, gi_ct_ref(ct), gi_val(name), &swapped);
    gi_xdrop(ts, name);
    if (status < 0) return status;
    Plan p = {.ts = ts, .ct = ct, .size = ct->size, .offset = ct->size, .align = ct->align, .is_union = ct->kind == GI_CT_UNION,
              .big = !gi_is_null(swapped)};
    gi_xdrop(ts, swapped);
    if (p.is_union) p.offset = 0;
    if (read_pack(&p)) return GI_FAIL;
    gi_sb_init(&p.format, ts);
    gi_sb_lit(&p.format, "T{");
    /* In the body of a class it has not taken over its base's members yet. */
    const GiCType *inherited = ct->elements ? ct : gi_ct_of_type(ct->type.base);
    if (ct->size && inherited && inherited->elements)
        for (ffi_type **e = inherited->elements; *e && p.member_count < 65; e++) p.members[p.member_count++] = *e;
    GiRef pairs = gi_to_tuple(ts, fields);
    if (gi_is_null(pairs)) {
        gi_sb_discard(&p.format);
        return GI_FAIL;
    }
    status = plan_all(&p, gi_val(pairs));
    gi_drop(ts, pairs);
    return status < 0 ? status : lift_all(ts, ct);
}

/* ---- Fields ---- */

static uint64_t load_unit(const GiCField *f, const GiCType *type, const uint8_t *at) {
    uint64_t u = 0;
    memcpy(&u, at, f->size);
    return type->swapped ? __builtin_bswap64(u) >> (64 - 8 * f->size) : u;
}
static uint64_t bit_mask(const GiCField *f) { return f->bits >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << f->bits) - 1; }

static GiRef load_bits(GiThread *ts, const GiCField *f, const GiCType *type, const uint8_t *at) {
    uint64_t u = f->low < 64 ? load_unit(f, type, at) >> f->low & bit_mask(f) : 0;
    if (type->code == '?' || type->code == 'v') return gi_bool_ref(u != 0);
    bool is_signed = strchr("bhilq", type->code) != NULL;
    if (is_signed && f->bits < 64 && u >> (f->bits - 1) & 1) u |= ~bit_mask(f);
    return is_signed ? gi_int_from_i64(ts, (int64_t)u) : gi_int_from_u64(ts, u);
}

static GiStatus store_bits(GiThread *ts, const GiCField *f, const GiCType *type, GiVal v, uint8_t *at) {
    uint64_t u;
    if (type->code == '?' || type->code == 'v') {
        GiTruth t = gi_truth(ts, v);
        if (t.value < 0) return GI_FAIL;
        u = type->code == 'v' ? (uint64_t)-t.value : (uint64_t)t.value;
    } else {
        GiRef n = gi_index(ts, v);
        if (gi_is_null(n)) return GI_FAIL;
        u = gi_int_mask_u64(gi_val(n));
        gi_drop(ts, n);
    }
    if (f->low >= 64) return GI_OK;
    uint64_t unit = load_unit(f, type, at);
    unit = (unit & ~(bit_mask(f) << f->low)) | (u & bit_mask(f)) << f->low;
    if (type->swapped) unit = __builtin_bswap64(unit) >> (64 - 8 * f->size);
    memcpy(at, &unit, f->size);
    return GI_OK;
}

/* Where a field stands in an object, which may be of another class: NULL, raised, if it is no C object or too small. */
static uint8_t *field_at(GiThread *ts, const GiCField *f, GiVal obj) {
    if (!gi_is_cdata(obj)) gi_raise(ts, &gi_exc_TypeError, "not a ctype instance");
    else if (f->offset + f->size <= gi_cdata(obj)->size) return gi_cdata(obj)->data + f->offset;
    else gi_raise(ts, &gi_exc_TypeError, "the field ends behind the %T instance", obj);
    return NULL;
}

static GiRef field_get(GiThread *ts, GiVal self, GiVal obj, GiVal type GI_UNUSED) {
    if (gi_is_null(obj)) return gi_dup(ts, self);
    GiCField *f = field_of(self);
    GiCType *proto = field_type(f);
    uint8_t *at = field_at(ts, f, obj);
    if (at == NULL) return GI_NULL;
    if (f->bits) return load_bits(ts, f, proto, at);
    if (proto->kind == GI_CT_ARRAY && gi_ct_is_chars(proto, 'c'))
        return gi_bytes_from(ts, at, strnlen((const char *)at, proto->size));
    if (proto->kind == GI_CT_ARRAY && gi_ct_is_chars(proto, 'u'))
        return gi_ct_wide_text(ts, at, wcsnlen((const wchar_t *)(void *)at, proto->length));
    return gi_cdata_get(ts, proto, obj, f->index, at);
}

/* Text into an array of characters; *done tells whether it was text. */
static GiStatus store_text(GiThread *ts, GiCType *proto, GiVal v, uint8_t *at, bool *done) {
    *done = true;
    if (gi_ct_is_chars(proto, 'c') && !gi_is_cdata(v)) {
        if (!gi_is_bytes(v)) return gi_raise_status(ts, &gi_exc_TypeError, "expected bytes, %T found", v);
        size_t n = strlen((const char *)gi_bytes_data(v));
        if (n > proto->length)
            return gi_raise_status(ts, &gi_exc_ValueError, "bytes too long (%zu, maximum length %zu)", n, proto->length);
        memcpy(at, gi_bytes_data(v), n < proto->length ? n + 1 : n);
        return GI_OK;
    }
    if (gi_ct_is_chars(proto, 'u') && !gi_is_cdata(v)) {
        if (!gi_is_str(v)) return gi_raise_status(ts, &gi_exc_TypeError, "unicode string expected instead of %T instance", v);
        size_t n = gi_str_len(v);
        if (n > proto->length)
            return gi_raise_status(ts, &gi_exc_ValueError, "string too long (%zu, maximum length %zu)", n, proto->length);
        for (size_t i = 0; i <= n && i < proto->length; i++) {
            uint32_t ch = i < n ? gi_str_char(v, i) : 0;
            memcpy(at + 4 * i, &ch, 4);
        }
        return GI_OK;
    }
    *done = false;
    return GI_OK;
}

static GiStatus field_set(GiThread *ts, GiVal self, GiVal obj, GiVal value) {
    GiCField *f = field_of(self);
    GiCType *proto = field_type(f);
    uint8_t *at = field_at(ts, f, obj);
    if (at == NULL) return GI_FAIL;
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "can't delete attribute");
    if (f->bits) return store_bits(ts, f, proto, value, at);
    if (proto->kind == GI_CT_ARRAY) {
        bool done;
        GiStatus status = store_text(ts, proto, value, at, &done);
        if (done || status < 0) return status;
    }
    return gi_cdata_set(ts, obj, proto, value, f->index, at);
}

static GiRef field_repr(GiThread *ts, GiVal self) {
    GiCField *f = field_of(self);
    if (f->bits)
        return gi_str_format(ts, "<Field type=%s, ofs=%zu:%d, bits=%d>", field_type(f)->type.name, f->offset, (int)f->low, (int)f->bits);
    return gi_str_format(ts, "<Field type=%s, ofs=%zu, size=%zu>", field_type(f)->type.name, f->offset, f->size);
}

GI_GETTER(cfield, offset, "offset in bytes of this field") { return gi_int_from_u64(ts, field_of(self)->offset); }
GI_GETTER(cfield, size, "size in bytes of this field") {
    GiCField *f = field_of(self);
    return gi_int_from_u64(ts, f->bits ? (uint64_t)f->bits << 16 | f->low : f->size);
}

GiType gi_cfield_type = {
    .obj = GI_TYPE_HEAD, .name = "CField", .module = "_ctypes", .size = sizeof(GiCField), .flags = GI_TYPE_GC | GI_TYPE_NO_NEW,
    .base = &gi_object_type, .doc = "Structure/Union member", .getset = cfield_getset, .repr = field_repr,
    .descr_get = field_get, .descr_set = field_set,
    .fields = (const GiField[]){GI_SLOT(GiCField, proto), GI_FIELDS_END},
};

/* ---- Objects ---- */

/* Sets the fields that a class adds, after those of its bases, from args[*next...]. */
static GiStatus init_fields(GiThread *ts, GiVal self, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames, size_t *next) {
    if (type == NULL || gi_ct_of_type(type) == NULL) return GI_OK;
    if (init_fields(ts, self, type->base, args, nargs, kwnames, next)) return GI_FAIL;
    GiVal names = gi_val(((GiCType *)type)->names);
    for (size_t i = 0; !gi_is_null(names) && i < gi_tuple_len(names) && *next < nargs; i++) {
        GiVal name = gi_tuple_get(names, i);
        for (size_t k = 0; !gi_is_null(kwnames) && k < gi_tuple_len(kwnames); k++)
            if (gi_str_equal(gi_tuple_get(kwnames, k), name))
                return gi_raise_status(ts, &gi_exc_TypeError, "duplicate values for field %R", name);
        if (gi_setattr(ts, self, name, args[(*next)++])) return GI_FAIL;
    }
    return GI_OK;
}

static GiStatus struct_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    size_t next = 0;
    if (nargs) {
        if (init_fields(ts, self, gi_type_of(self), args, nargs, kwnames, &next)) return GI_FAIL;
        if (next < nargs) return gi_raise_status(ts, &gi_exc_TypeError, "too many initializers");
    }
    for (size_t k = 0; !gi_is_null(kwnames) && k < gi_tuple_len(kwnames); k++)
        if (gi_setattr(ts, self, gi_tuple_get(kwnames, k), args[nargs + k])) return GI_FAIL;
    return GI_OK;
}

static GiRef struct_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t n GI_UNUSED, GiVal kw GI_UNUSED) {
    return gi_cdata_new(ts, type);
}

#define AGGREGATE(variable, meta, text, about)                                                                \
    GiCType variable = {.type = {                                                                             \
        .obj = {.head = (uint64_t)(uintptr_t)&meta, .owner = GI_OWNER_IMMORTAL, .local = 1}, .name = text,     \
        .module = "_ctypes", .size = sizeof(GiCData), .flags = GI_TYPE_BASE | GI_TYPE_GC,   \
        .base = &gi_cdata_type, .doc = about, .new_ = struct_new, .init = struct_init}}
AGGREGATE(gi_c_struct, gi_cstruct_meta, "Structure", "Structure base class");
AGGREGATE(gi_c_union, gi_cunion_meta, "Union", "Union base class");
