/* native.c - calling native functions: unpacking arguments by a row's parameter table.
 *
 * A row whose parameters are all required, positional-only objects (or that has none) is called
 * with the caller's argument array as its struct. Everything else goes through Unpack: arguments
 * are sorted into one value a parameter, then each is converted into the argument struct.
 * PYSEM: the texts of errors follow the way CPython's own unpackers word them, which depends on
 * the kind of signature: positional-only ones say "insert expected 2 arguments, got 1", the others
 * "f() takes at most 2 arguments (3 given)".
 * No state; no locks.
 */
#include "objects/native.h"

#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include <alloca.h>
#include <limits.h>
#include <stdio.h>

/* The most derived static type at or above t. */
static const GiType *static_base(const GiType *t) {
    while ((t->flags & GI_TYPE_HEAP) && t->base) t = t->base;
    return t;
}

/* The type among t and its bases whose method table holds def. */
static const GiType *owner_of(const GiType *t, const GiMethodDef *def) {
    for (const GiType *k = t; k; k = k->base) {
        for (const GiMethodDef *m = k->methods; m && m->name; m++)
            if (m == def) return k;
    }
    return static_base(t);
}

/* The name that most messages use: "split", or the type's for __new__ and __init__. */
static const char *plain_name(const GiMethodDef *def, GiVal self) {
    if (def->binding == GI_METHOD_NEW) return gi_type_short_name(static_base(gi_as_type(self)));
    if (def->binding == GI_METHOD_INIT) return gi_type_short_name(static_base(gi_type_of(self)));
    return def->name;
}

/* "list.append()", "math.sin()", "len()": what messages about the number of arguments use. */
static GiRef full_name(GiThread *ts, const GiMethodDef *def, GiVal self) {
    switch (def->binding) {
    case GI_METHOD_INSTANCE:
        return gi_str_format(ts, "%s.%s()", gi_type_short_name(owner_of(gi_type_of(self), def)),
                             def->name);
    case GI_METHOD_CLASS:
        if (!gi_is_null(self) && gi_is_type(self))
            return gi_str_format(ts, "%s.%s()", gi_type_short_name(gi_as_type(self)), def->name);
        break;
    case GI_METHOD_FUNCTION:
        if (!gi_is_null(self) && gi_is_heap(self) &&
            gi_is_instance_of(self, &gi_module_type)) {
            GiVal name = gi_val(((GiModule *)gi_obj(self))->name);
            if (!gi_is_null(name) && gi_is_str(name) && !gi_str_equals_cstr(name, "builtins"))
                return gi_str_format(ts, "%U.%s()", name, def->name);
        }
        break;
    default: break;
    }
    return gi_str_format(ts, "%s()", plain_name(def, self));
}

static GI_COLD GiStatus raise_named(GiThread *ts, const GiMethodDef *def, GiVal self,
                                    const char *format, size_t n) {
    GiRef name = full_name(ts, def, self);
    if (gi_is_null(name)) return GI_FAIL;
    gi_raise(ts, &gi_exc_TypeError, format, gi_val(name), n);
    gi_drop(ts, name);
    return GI_FAIL;
}

GiStatus gi_no_kwargs(GiThread *ts, const char *fname, GiVal kwnames) {
    if (gi_is_null(kwnames) || gi_tuple_len(kwnames) == 0) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes no keyword arguments", fname);
}

GiStatus gi_check_args(GiThread *ts, const char *fname, size_t nargs, size_t min, size_t max) {
    if (nargs >= min && nargs <= max) return GI_OK;
    size_t limit = nargs < min ? min : max;
    const char *how = min == max ? "" : nargs < min ? "at least " : "at most ";
    return gi_raise_status(ts, &gi_exc_TypeError, "%s expected %s%zu argument%s, got %zu", fname, how,
                           limit, limit == 1 ? "" : "s", nargs);
}

/* ---- Sorting arguments into parameters ---- */

typedef struct Unpack {
    GiThread *ts;
    const GiMethodDef *def;
    GiVal self;
    const GiVal *args;
    size_t nargs;
    GiVal kwnames;
    size_t nkw;
    size_t params;        /* without *args and **kwargs */
    size_t posonly;
    size_t posonly_required;
    bool star, varkw, any_keyword;
    size_t varargs_offset, varkw_offset;
    GiVal *values;        /* one a parameter; null: not given */
    char *frame;          /* the argument struct */
    GiRef kwdict;
    size_t buffers;       /* how many leading parameters may hold a buffer to be released */
} Unpack;

static void survey(Unpack *u) {
    const GiMethodDef *def = u->def;
    u->params = def->param_count;
    for (size_t i = 0; i < def->param_count; i++) {
        const GiParam *p = &def->params[i];
        if (p->kind == GI_PARAM_VARARGS) {
            u->star = true;
            u->varargs_offset = p->offset;
            u->params--;
        } else if (p->kind == GI_PARAM_VARKW) {
            u->varkw = true;
            u->varkw_offset = p->offset;
            u->params--;
        } else if (p->flags & GI_PARAM_POSONLY) {
            u->posonly++;
            if (!(p->flags & GI_PARAM_OPTIONAL)) u->posonly_required++;
        } else {
            u->any_keyword = true;
        }
    }
}

/* Whether a function is of those whose wording is that of a tuple of arguments unpacked: find and its like,
 * which check for the first argument themselves. Their parameters are all positional and without shown defaults. */
static bool takes_tuple(const Unpack *u) {
    return u->posonly == u->params && u->params > 1 && u->def->required == 0 && u->def->text_signature == NULL;
}

static GI_COLD GiStatus count_error(Unpack *u) {
    GiThread *ts = u->ts;
    const GiMethodDef *def = u->def;
    const char *name = plain_name(def, u->self);
    size_t max = def->positional, min = def->required;
    if (!u->any_keyword) {
        if (u->params == 0 && !u->star)
            return raise_named(ts, def, u->self, "%U takes no arguments (%zu given)", u->nargs);
        if (u->params == 1 && min == 1 && !u->star && def->binding != GI_METHOD_NEW &&
            def->binding != GI_METHOD_INIT)
            return raise_named(ts, def, u->self, "%U takes exactly one argument (%zu given)",
                               u->nargs);
        if (takes_tuple(u))
            return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at most %zu arguments (%zu given)", name, max,
                                   u->nargs);
        return gi_check_args(ts, name, u->nargs, min, u->star ? SIZE_MAX : max);
    }
    size_t given = u->nargs + u->nkw;
    if (given > u->params && !u->star && !u->varkw)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes at most %zu %sargument%s (%zu given)",
                               name, u->params, u->nargs == 0 ? "keyword " : "",
                               u->params == 1 ? "" : "s", given);
    if (u->nargs > max) {
        if (max == 0)
            return gi_raise_status(ts, &gi_exc_TypeError, "%s() takes no positional arguments", name);
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "%s() takes %s %zu positional argument%s (%zu given)", name,
                               min < max ? "at most" : "exactly", max, max == 1 ? "" : "s", u->nargs);
    }
    size_t least = u->posonly_required;
    return gi_raise_status(ts, &gi_exc_TypeError,
                           "%s() takes %s %zu positional argument%s (%zu given)", name,
                           least < max ? "at least" : "exactly", least, least == 1 ? "" : "s",
                           u->nargs);
}

/* The parameter that may be given by this keyword, or -1. */
static ssize_t find_keyword(const Unpack *u, GiVal key) {
    for (size_t i = u->posonly; i < u->params; i++)
        if (gi_str_equals_cstr(key, u->def->params[i].name)) return (ssize_t)i;
    return -1;
}

static GiStatus take_keywords(Unpack *u) {
    GiThread *ts = u->ts;
    const char *name = plain_name(u->def, u->self);
    for (size_t k = 0; k < u->nkw; k++) {
        GiVal key = gi_tuple_get(u->kwnames, k);
        GiVal value = u->args[u->nargs + k];
        if (!gi_is_str(key)) return gi_raise_status(ts, &gi_exc_TypeError, "keywords must be strings");
        ssize_t i = find_keyword(u, key);
        if (i >= 0) {
            if (!gi_is_null(u->values[i]))
                return gi_raise_status(ts, &gi_exc_TypeError,
                                       "argument for %s() given by name ('%U') and position (%zd)", name,
                                       key, i + 1);
            u->values[i] = value;
        } else if (u->varkw) {
            if (gi_is_null(u->kwdict)) {
                u->kwdict = gi_dict_new(ts);
                if (gi_is_null(u->kwdict)) return GI_FAIL;
            }
            if (gi_dict_set(ts, gi_val(u->kwdict), key, value)) return GI_FAIL;
        } else {
            for (size_t m = u->nargs; m < u->params; m++) { /* a missing one is reported first */
                const GiParam *p = &u->def->params[m];
                if ((p->flags & GI_PARAM_OPTIONAL) || !gi_is_null(u->values[m])) continue;
                bool later = false;
                for (size_t j = k; j < u->nkw; j++)
                    later |= gi_str_equals_cstr(gi_tuple_get(u->kwnames, j), p->name);
                if (!later && !(p->flags & GI_PARAM_POSONLY))
                    return gi_raise_status(ts, &gi_exc_TypeError,
                                           "%s() missing required argument '%s' (pos %zu)", name,
                                           p->name, m + 1);
            }
            return gi_raise_status(ts, &gi_exc_TypeError, "'%U' is an invalid keyword argument for %s()",
                                   key, name);
        }
    }
    return GI_OK;
}

static GiStatus sort_arguments(Unpack *u) {
    const GiMethodDef *def = u->def;
    if (u->nkw && !u->any_keyword && !u->varkw)
        return raise_named(u->ts, def, u->self, "%U takes no keyword arguments", 0);
    bool over = u->nargs > def->positional && !u->star;
    if (u->any_keyword && !u->star && !u->varkw && u->nargs + u->nkw > u->params) over = true;
    if (over || u->nargs < u->posonly_required) return count_error(u);
    size_t n = GI_MIN(u->nargs, (size_t)def->positional);
    memcpy(u->values, u->args, n * sizeof *u->values);
    memset(u->values + n, 0, (u->params - n) * sizeof *u->values);
    if (u->nkw && take_keywords(u)) return GI_FAIL;
    if (n < def->required || def->positional < u->params) {
        for (size_t i = n; i < u->params; i++) {
            const GiParam *p = &def->params[i];
            if (gi_is_null(u->values[i]) && !(p->flags & GI_PARAM_OPTIONAL))
                return gi_raise_status(u->ts, &gi_exc_TypeError,
                                       "%s() missing required argument '%s' (pos %zu)",
                                       plain_name(def, u->self), p->name, i + 1);
        }
    }
    return GI_OK;
}

/* ---- Converting values ---- */

/* "replace() argument 1 must be str, not int" in the form that the signature calls for. */
static GI_COLD GiStatus kind_error(Unpack *u, size_t i, const char *expected, GiVal v) {
    const GiParam *p = &u->def->params[i];
    const char *name = plain_name(u->def, u->self);
    char which[80];
    if (!(p->flags & GI_PARAM_POSONLY))
        snprintf(which, sizeof which, " '%s'", p->name);
    else if (u->params == 1 && u->def->required == 1)
        which[0] = 0;
    else
        snprintf(which, sizeof which, " %zu", i + 1);
    const char *none = (p->flags & GI_PARAM_NONE_OK) ? " or None" : "";
    return gi_raise_status(u->ts, &gi_exc_TypeError, "%s() argument%s must be %s%s, not %#.50T", name,
                           which, expected, none, v);
}

static GiStatus convert_ssize(GiThread *ts, GiVal v, ssize_t *out) {
    if (gi_is_smallint(v)) {
        *out = gi_smallint_value(v);
        return GI_OK;
    }
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t i;
    int over = gi_int_as_i64(gi_val(index), &i);
    gi_drop(ts, index);
    if (over)
        return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C ssize_t");
    *out = (ssize_t)i;
    return GI_OK;
}

static GiStatus convert_uint(GiThread *ts, GiVal v, unsigned *out) {
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    uint64_t value;
    int over = gi_int_as_u64(gi_val(index), &value);
    gi_drop(ts, index);
    if (over < 0)
        return gi_raise_status(ts, &gi_exc_ValueError, "value must be positive");
    if (over || value > UINT_MAX)
        return gi_raise_status(ts, &gi_exc_OverflowError,
                               "Python int too large to convert to C unsigned int");
    *out = (unsigned)value;
    return GI_OK;
}

static GiStatus convert_fd(GiThread *ts, GiVal v, int *out) {
    GiRef number;
    if (gi_is_int(v)) {
        number = gi_dup(ts, v);
    } else {
        GiRef method;
        if (gi_getattr_opt(ts, v, GI_N(fileno), &method)) return GI_FAIL;
        if (gi_is_null(method))
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "argument must be an int, or have a fileno() method.");
        number = gi_call0(ts, gi_val(method));
        gi_drop(ts, method);
        if (gi_is_null(number)) return GI_FAIL;
        if (!gi_is_int(gi_val(number))) {
            gi_drop(ts, number);
            return gi_raise_status(ts, &gi_exc_TypeError, "fileno() returned a non-integer");
        }
    }
    int fd = -1;
    GiStatus status = gi_as_int(ts, gi_val(number), &fd);
    gi_drop(ts, number);
    if (status) return GI_FAIL;
    if (fd < 0)
        return gi_raise_status(ts, &gi_exc_ValueError,
                               "file descriptor cannot be a negative integer (%d)", fd);
    *out = fd;
    return GI_OK;
}

static GiStatus convert_buffer(Unpack *u, size_t i, GiVal v, GiBuffer *view) {
    GiThread *ts = u->ts;
    const GiParam *p = &u->def->params[i];
    if (p->kind == GI_PARAM_STRBUFFER && gi_is_str(v)) {
        size_t len;
        const char *text = gi_str_utf8(ts, v, &len);
        if (!text) return GI_FAIL;
        return gi_buffer_fill(ts, view, v, (void *)(uintptr_t)text, (ssize_t)len, true, GI_BUF_SIMPLE);
    }
    if (!gi_has_buffer(v)) {
        if (p->kind == GI_PARAM_RWBUFFER) return kind_error(u, i, "read-write bytes-like object", v);
        return gi_raise_status(ts, &gi_exc_TypeError, "a bytes-like object is required, not '%.100T'", v);
    }
    bool writable = p->kind == GI_PARAM_RWBUFFER;
    if (gi_buffer_get(ts, v, view, writable ? GI_BUF_WRITABLE : GI_BUF_BRIEF)) {
        if (writable && gi_exc_matches(ts, &gi_exc_BufferError)) {
            gi_exc_clear(ts);
            return kind_error(u, i, "read-write bytes-like object", v);
        }
        return GI_FAIL;
    }
    return GI_OK;
}

#define FIELD(type) (*(type *)(u->frame + p->offset))

static GiStatus convert_rare(Unpack *u, size_t i, GiVal v) {
    GiThread *ts = u->ts;
    const GiParam *p = &u->def->params[i];
    switch ((GiParamKind)p->kind) {
    case GI_PARAM_UINT: return convert_uint(ts, v, &FIELD(unsigned));
    case GI_PARAM_U64: return gi_as_u64(ts, v, &FIELD(uint64_t));
    case GI_PARAM_BYTES:
        if (!gi_is_bytes(v)) return kind_error(u, i, "bytes", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_LIST:
        if (!gi_is_list(v)) return kind_error(u, i, "list", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_TUPLE:
        if (!gi_is_tuple(v)) return kind_error(u, i, "tuple", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_DICT:
        if (!gi_is_dict(v)) return kind_error(u, i, "dict", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_TYPE:
        if (!gi_is_type(v)) return kind_error(u, i, "type", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_CHAR:
        if (!gi_is_str(v) || gi_str_len(v) != 1) return kind_error(u, i, "a unicode character", v);
        FIELD(uint32_t) = gi_str_char(v, 0);
        return GI_OK;
    case GI_PARAM_CSTR:
        if (!gi_is_str(v)) return kind_error(u, i, "str", v);
        FIELD(const char *) = gi_str_cstr(ts, v);
        return FIELD(const char *) ? GI_OK : GI_FAIL;
    case GI_PARAM_FD: return convert_fd(ts, v, &FIELD(int));
    case GI_PARAM_INDEX:
        if (!gi_is_int(v) && !gi_type_of(v)->index)
            return gi_raise_status(ts, &gi_exc_TypeError,
                                   "slice indices must be integers or have an __index__ method");
        return gi_as_ssize(ts, v, true, &FIELD(ssize_t));
    case GI_PARAM_BUFFER:
    case GI_PARAM_RWBUFFER:
    case GI_PARAM_STRBUFFER: return convert_buffer(u, i, v, &FIELD(GiBuffer));
    default: return gi_raise_status(ts, &gi_exc_SystemError, "bad parameter kind");
    }
}

static GiStatus convert(Unpack *u, size_t i, GiVal v) {
    GiThread *ts = u->ts;
    const GiParam *p = &u->def->params[i];
    switch ((GiParamKind)p->kind) {
    case GI_PARAM_OBJECT: FIELD(GiVal) = v; return GI_OK;
    case GI_PARAM_STR:
        if (!gi_is_str(v)) return kind_error(u, i, "str", v);
        FIELD(GiVal) = v;
        return GI_OK;
    case GI_PARAM_INT:
    case GI_PARAM_BOOLINT: return gi_as_int(ts, v, &FIELD(int));
    case GI_PARAM_SSIZE: return convert_ssize(ts, v, &FIELD(ssize_t));
    case GI_PARAM_I64: return gi_as_i64(ts, v, &FIELD(int64_t));
    case GI_PARAM_DOUBLE: return gi_as_double(ts, v, &FIELD(double));
    case GI_PARAM_BOOL: {
        GiTruth truth = gi_truth(ts, v);
        if (truth.value < 0) return GI_FAIL;
        FIELD(bool) = truth.value;
        return GI_OK;
    }
    default: return convert_rare(u, i, v);
    }
}

static void use_default(Unpack *u, const GiParam *p) {
    switch ((GiParamKind)p->kind) {
    case GI_PARAM_INT:
    case GI_PARAM_BOOLINT:
    case GI_PARAM_FD: FIELD(int) = (int)p->fallback.i; break;
    case GI_PARAM_UINT: FIELD(unsigned) = (unsigned)p->fallback.i; break;
    case GI_PARAM_CHAR: FIELD(uint32_t) = (uint32_t)p->fallback.i; break;
    case GI_PARAM_SSIZE:
    case GI_PARAM_INDEX: FIELD(ssize_t) = (ssize_t)p->fallback.i; break;
    case GI_PARAM_I64: FIELD(int64_t) = p->fallback.i; break;
    case GI_PARAM_U64: FIELD(uint64_t) = (uint64_t)p->fallback.i; break;
    case GI_PARAM_DOUBLE: FIELD(double) = p->fallback.d; break;
    case GI_PARAM_BOOL: FIELD(bool) = p->fallback.i != 0; break;
    case GI_PARAM_CSTR: FIELD(const char *) = NULL; break;
    case GI_PARAM_BUFFER:
    case GI_PARAM_RWBUFFER:
    case GI_PARAM_STRBUFFER: break; /* the struct is zeroed: an empty view */
    default: FIELD(GiVal) = GI_NOVAL; break;
    }
}

static bool is_buffer_kind(uint8_t kind) {
    return kind == GI_PARAM_BUFFER || kind == GI_PARAM_RWBUFFER || kind == GI_PARAM_STRBUFFER;
}

static GiStatus fill_frame(Unpack *u) {
    for (size_t i = 0; i < u->params; i++) {
        const GiParam *p = &u->def->params[i];
        GiVal v = u->values[i];
        if (gi_is_null(v) || ((p->flags & GI_PARAM_NONE_OK) && gi_is_none(v)))
            use_default(u, p);
        else if (convert(u, i, v))
            return GI_FAIL;
        if (is_buffer_kind(p->kind)) u->buffers = i + 1;
    }
    if (u->star) {
        size_t used = GI_MIN(u->nargs, (size_t)u->def->positional);
        *(const GiVal **)(u->frame + u->varargs_offset) = u->args + used;
        *(size_t *)(u->frame + u->varargs_offset + sizeof(void *)) = u->nargs - used;
    }
    if (u->varkw) *(GiVal *)(u->frame + u->varkw_offset) = gi_val(u->kwdict);
    return GI_OK;
}

static void release(Unpack *u) {
    for (size_t i = 0; i < u->buffers; i++) {
        const GiParam *p = &u->def->params[i];
        if (is_buffer_kind(p->kind)) gi_buffer_release(u->ts, &FIELD(GiBuffer));
    }
    gi_xdrop(u->ts, u->kwdict);
}

#undef FIELD

#define UNPACK_INIT(u)                                                                            \
    Unpack u = {.ts = ts, .def = def, .self = self, .args = args, .nargs = nargs,                 \
                .kwnames = kwnames, .nkw = gi_is_null(kwnames) ? 0 : gi_tuple_len(kwnames)};      \
    survey(&u);                                                                                   \
    u.values = alloca((u.params + 1) * sizeof *u.values);                                         \
    u.frame = alloca(def->struct_size + 16u);                                                     \
    memset(u.frame, 0, def->struct_size)

static GI_NOINLINE GiRef call_general(GiThread *ts, const GiMethodDef *def, GiVal self,
                                      const GiVal *args, size_t nargs, GiVal kwnames) {
    UNPACK_INIT(u);
    GiRef result = GI_NULL;
    if (!sort_arguments(&u) && !fill_frame(&u)) result = def->body(ts, self, u.frame);
    release(&u);
    return result;
}

/* PERF: only positional arguments, no *args or **kwargs: the struct is filled straight from args. */
static GiRef call_positional(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                             size_t nargs) {
    size_t n = def->param_count;
    Unpack u = {.ts = ts, .def = def, .self = self, .args = args, .nargs = nargs, .params = n};
    u.frame = alloca(def->struct_size + 16u);
    GiRef result = GI_NULL;
    for (size_t i = 0; i < n; i++) {
        const GiParam *p = &def->params[i];
        GiVal v = i < nargs ? args[i] : GI_NOVAL;
        if (p->kind == GI_PARAM_OBJECT) {
            bool none = (p->flags & GI_PARAM_NONE_OK) && gi_is_none(v);
            *(GiVal *)(u.frame + p->offset) = none ? GI_NOVAL : v;
            continue;
        }
        if (is_buffer_kind(p->kind)) {
            memset(u.frame + p->offset, 0, sizeof(GiBuffer));
            u.buffers = i + 1;
        }
        if (gi_is_null(v) || ((p->flags & GI_PARAM_NONE_OK) && gi_is_none(v))) use_default(&u, p);
        else if (convert(&u, i, v)) goto out;
    }
    result = def->body(ts, self, u.frame);
out:
    if (u.buffers) release(&u);
    return result;
}

/* True when call_positional may serve the call: nothing is missing or too many. */
static inline bool is_positional(const GiMethodDef *def, size_t nargs) {
    size_t n = def->param_count;
    if (nargs > def->positional || nargs < def->required) return false;
    if (n == 0) return true;
    if (def->params[n - 1].kind >= GI_PARAM_VARARGS) return false;
    for (size_t i = def->positional; i < n; i++)
        if (def->params[i].kind >= GI_PARAM_VARARGS || !(def->params[i].flags & GI_PARAM_OPTIONAL)) return false;
    return true;
}

GiRef gi_native_call(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                     size_t nargs, GiVal kwnames) {
    GI_ASSERT(!gi_raised(ts)); /* else its caller overlooked a failure */
    if (GI_UNLIKELY((char *)__builtin_frame_address(0) < ts->c_stack_limit)) {
        if (gi_enter_recursive(ts, " while calling a Python object")) return GI_NULL;
        gi_leave_recursive(ts);
    }
    GiRef result;
    if (def->shape == GI_CALL_RAW)
        result = ((GiRawBody)(void *)def->body)(ts, self, args, nargs, kwnames);
    else if (GI_LIKELY(gi_is_null(kwnames)) && def->shape != GI_CALL_GENERAL &&
             nargs == def->param_count && nargs <= def->positional)
        result = def->body(ts, self, args);
    else if (gi_is_null(kwnames) && def->shape == GI_CALL_OBJECTS && nargs >= def->required && nargs <= def->positional)
        result = gi_native_call_objects(ts, def, self, args, nargs);
    else if (gi_is_null(kwnames) && is_positional(def, nargs))
        result = call_positional(ts, def, self, args, nargs);
    else
        result = call_general(ts, def, self, args, nargs, kwnames);
    GI_ASSERT(gi_is_null(result) == gi_raised(ts) || def->binding == GI_METHOD_INIT);
    return result;
}

GiStatus gi_native_call_init(GiThread *ts, const GiMethodDef *def, GiVal self, const GiVal *args,
                             size_t nargs, GiVal kwnames) {
    UNPACK_INIT(u);
    GiStatus status = GI_FAIL;
    if (!sort_arguments(&u) && !fill_frame(&u))
        status = ((GiStatus (*)(GiThread *, GiVal, const void *))(void *)def->body)(ts, self, u.frame);
    release(&u);
    return status;
}
