/* codec.c - the registry of codecs and error handlers, and the entry points gi_encode, gi_decode.
 *
 * vm->codec_state holds the search path (list), the cache of lookups (dict) and the registered
 * error handlers (dict), each made on first use. The package `encodings` is imported with the
 * first lookup that the shortcuts do not serve. Each is stored once, by whoever comes first, and stays.
 */
#include "objects/codec.h"
#include "memory/slots.h"

#include "base/utf8.h"
#include "objects/buffer.h"
#include "objects/bytes.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/hooks.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/tuple.h"

enum { SEARCH_PATH, CACHE, ERRORS, PACKAGE };

/* ---- UnicodeError ---- */

static void raise_unicode(GiThread *ts, GiType *type, const GiVal *args, size_t nargs) {
    GiRef exc = gi_call(ts, gi_type_val(type), args, nargs, GI_NOVAL);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
}

void gi_raise_unicode_encode(GiThread *ts, const char *encoding, GiVal str, size_t start, size_t end,
                             const char *reason) {
    GiRef name = gi_str_from_cstr(ts, encoding), why = gi_is_null(name) ? GI_NULL : gi_str_from_cstr(ts, reason);
    if (!gi_is_null(why)) {
        GiVal args[5] = {gi_val(name), str, gi_smallint((int64_t)start), gi_smallint((int64_t)end), gi_val(why)};
        raise_unicode(ts, &gi_exc_UnicodeEncodeError, args, 5);
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, why);
}

void gi_raise_unicode_translate(GiThread *ts, GiVal str, size_t start, size_t end, const char *reason) {
    GiRef why = gi_str_from_cstr(ts, reason);
    if (gi_is_null(why)) return;
    GiVal args[4] = {str, gi_smallint((int64_t)start), gi_smallint((int64_t)end), gi_val(why)};
    raise_unicode(ts, &gi_exc_UnicodeTranslateError, args, 4);
    gi_drop(ts, why);
}

void gi_raise_unicode_decode(GiThread *ts, const char *encoding, const void *data, size_t len, size_t start,
                             size_t end, const char *reason) {
    GiRef name = gi_str_from_cstr(ts, encoding), why = gi_is_null(name) ? GI_NULL : gi_str_from_cstr(ts, reason);
    GiRef bytes = gi_is_null(why) ? GI_NULL : gi_bytes_from(ts, data, len);
    if (!gi_is_null(bytes)) {
        GiVal args[5] = {gi_val(name), gi_val(bytes), gi_smallint((int64_t)start), gi_smallint((int64_t)end),
                         gi_val(why)};
        raise_unicode(ts, &gi_exc_UnicodeDecodeError, args, 5);
    }
    gi_xdrop(ts, name);
    gi_xdrop(ts, why);
    gi_xdrop(ts, bytes);
}

/* ---- the registry ---- */

static GiVal state(GiThread *ts, int which) {
    GiSlot *slot = &ts->vm->codec_state[which];
    uint64_t bits = __atomic_load_n(&slot->bits, __ATOMIC_ACQUIRE);
    if (GI_LIKELY(bits != 0)) return (GiVal){bits};
    GiRef made = which == SEARCH_PATH ? gi_list_new(ts, 4) : gi_dict_new(ts);
    if (gi_is_null(made)) return GI_NOVAL;
    if (__atomic_compare_exchange_n(&slot->bits, &bits, made.bits, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return gi_val(made);
    gi_drop(ts, made);
    return (GiVal){bits};
}

GiStatus gi_codec_register(GiThread *ts, GiVal search_function) {
    if (!gi_is_callable(search_function))
        return gi_raise_status(ts, &gi_exc_TypeError, "argument must be callable");
    GiVal path = state(ts, SEARCH_PATH);
    if (gi_is_null(path)) return GI_FAIL;
    return gi_list_append(ts, path, gi_dup(ts, search_function));
}

GiStatus gi_codec_unregister(GiThread *ts, GiVal search_function) {
    GiVal path = state(ts, SEARCH_PATH);
    if (gi_is_null(path)) return GI_FAIL;
    for (size_t i = 0; i < gi_list_len(path); i++) {
        GiRef one = gi_list_get(ts, path, i);
        bool same = gi_same(one, search_function);
        gi_xdrop(ts, one);
        if (!same) continue;
        GiVal cache = state(ts, CACHE);
        if (gi_is_null(cache)) return GI_FAIL;
        gi_dict_clear(ts, cache);
        return gi_delitem(ts, path, gi_smallint((int64_t)i));
    }
    return GI_OK;
}

/* The name as search functions see it: lower case, runs of other characters one underscore. */
static GiRef normal_name(GiThread *ts, const char *encoding) {
    GiStrbuf b = {0};
    bool gap = false;
    for (const char *p = encoding; *p; p++) {
        char c = *p;
        bool kept = (c >= '0' && c <= '9') || ((uint8_t)((c | 0x20) - 'a') < 26) || c == '.';
        if (!kept) {
            gap = true;
            continue;
        }
        if (gap && b.len) gi_strbuf_putc(&b, '_');
        gap = false;
        gi_strbuf_putc(&b, c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c);
    }
    GiRef name = b.failed ? gi_raise_nomem(ts) : gi_str_from_latin1(ts, b.data, b.len);
    gi_strbuf_free(&b);
    return name; /* not interned, which is for ever: names come from documents */
}

static GiRef search(GiThread *ts, GiVal path, GiVal name, const char *encoding) {
    for (size_t i = 0;; i++) {
        GiRef function = gi_list_get(ts, path, i);
        if (gi_is_null(function)) break;
        GiRef found = gi_call1(ts, gi_val(function), name);
        gi_drop(ts, function);
        if (gi_is_null(found)) return found;
        if (gi_is_none(found)) continue;
        if (gi_is_tuple(gi_val(found)) && gi_tuple_len(found) == 4) return found;
        gi_drop(ts, found);
        return gi_raise_ref(ts, &gi_exc_TypeError, "codec search functions must return 4-tuples");
    }
    GiRef shown = gi_str_from_cstr(ts, encoding);
    if (!gi_is_null(shown)) {
        gi_raise(ts, &gi_exc_LookupError, "unknown encoding: %U", gi_val(shown));
        gi_drop(ts, shown);
    }
    return GI_NULL;
}

/* Imports `encodings`, once. Its own import looks codecs up, and goes on without; other threads wait
 * for it in the import. PACKAGE: the thread that imports it, then True. */
static GiStatus load_package(GiThread *ts) {
    uint64_t *at = &ts->vm->codec_state[PACKAGE].bits;
    uint64_t now = __atomic_load_n(at, __ATOMIC_ACQUIRE), me = gi_smallint((int64_t)ts->core.serial).bits;
    if (now == GI_TRUE.bits || now == me || !ts->vm->hooks) return GI_OK;
    if (now == 0) __atomic_compare_exchange_n(at, &now, me, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    GiRef module = ts->vm->hooks->import(ts, "encodings");
    __atomic_store_n(at, gi_is_null(module) ? 0 : GI_TRUE.bits, __ATOMIC_RELEASE);
    if (gi_is_null(module)) return GI_FAIL;
    gi_drop(ts, module);
    return GI_OK;
}

GiRef gi_codec_lookup(GiThread *ts, const char *encoding) {
    GiVal path = state(ts, SEARCH_PATH), cache = state(ts, CACHE);
    if (gi_is_null(path) || gi_is_null(cache)) return GI_NULL;
    GiRef name = normal_name(ts, encoding), found = GI_NULL;
    if (gi_is_null(name)) return name;
    if (gi_dict_get(ts, cache, gi_val(name), &found) != GI_OK || !gi_is_null(found)) goto done;
    if (load_package(ts)) goto done;
    found = search(ts, path, gi_val(name), encoding);
    if (!gi_is_null(found) && gi_dict_set(ts, cache, gi_val(name), gi_val(found)) != GI_OK) {
        gi_drop(ts, found);
        found = GI_NULL;
    }
done:
    gi_drop(ts, name);
    return found;
}

GiRef gi_codec_lookup_error(GiThread *ts, const char *name) {
    GiVal errors = state(ts, ERRORS);
    if (gi_is_null(errors)) return GI_NULL;
    if (!name) name = "strict";
    GiRef key = gi_str_from_cstr(ts, name), handler = GI_NULL;
    if (gi_is_null(key)) return key;
    if (gi_dict_get(ts, errors, gi_val(key), &handler) == GI_OK && gi_is_null(handler)) {
        handler = gi_error_handler_native(ts, name);
        if (gi_is_null(handler) && !gi_raised(ts))
            gi_raise(ts, &gi_exc_LookupError, "unknown error handler name '%.400U'", gi_val(key));
        if (!gi_is_null(handler) && gi_dict_set(ts, errors, gi_val(key), gi_val(handler)) != GI_OK) {
            gi_drop(ts, handler);
            handler = GI_NULL;
        }
    }
    gi_drop(ts, key);
    return handler;
}

GiStatus gi_codec_register_error(GiThread *ts, GiVal name, GiVal handler) {
    if (!gi_is_callable(handler)) return gi_raise_status(ts, &gi_exc_TypeError, "handler must be callable");
    GiVal errors = state(ts, ERRORS);
    return gi_is_null(errors) ? GI_FAIL : gi_dict_set(ts, errors, name, handler);
}

/* Adds which codec failed to a raised exception, when that can be done without losing anything. */
static void add_context(GiThread *ts, const char *what, const char *encoding) {
    GiVal exc = gi_exc_peek(ts);
    GiType *type = gi_type_of(exc);
    GiException *e = gi_exception_of(exc);
    GiRef args = gi_slot_load(ts, &e->args);
    bool usual = !gi_is_null(args) && gi_tuple_len(args) <= 1 &&
                 (gi_tuple_len(args) == 0 || gi_is_str(gi_tuple_get(gi_val(args), 0)));
    gi_xdrop(ts, args);
    bool plain = usual &&
                 !gi_is_subtype(type, &gi_exc_UnicodeEncodeError) && !gi_is_subtype(type, &gi_exc_UnicodeDecodeError) &&
                 !gi_is_subtype(type, &gi_exc_UnicodeTranslateError) && !gi_is_subtype(type, &gi_exc_OSError) &&
                 !gi_is_subtype(type, &gi_exc_SyntaxError) && !gi_is_subtype(type, &gi_exc_StopIteration) &&
                 !gi_is_subtype(type, &gi_exc_SystemExit) && !gi_is_subtype(type, &gi_exc_ImportError);
    if (!plain) return;
    GiRef cause = gi_exc_take(ts), attributes = gi_getattr_cstr(ts, gi_val(cause), "__dict__");
    bool bare = gi_is_null(attributes) || !gi_is_dict(gi_val(attributes)) || gi_dict_len(attributes) == 0;
    gi_xdrop(ts, attributes);
    gi_exc_clear(ts);
    if (!bare) {
        gi_exc_restore(ts, cause);
        return;
    }
    GiRef text = gi_str(ts, gi_val(cause));
    if (gi_is_null(text)) {
        gi_exc_clear(ts);
        gi_exc_restore(ts, cause);
        return;
    }
    GiRef message = gi_str_format(ts, "%s with '%s' codec failed (%s: %U)", what, encoding, gi_type_short_name(type),
                                  gi_val(text));
    gi_drop(ts, text);
    GiRef made = gi_is_null(message) ? GI_NULL : gi_call1(ts, gi_type_val(type), gi_val(message));
    gi_xdrop(ts, message);
    if (gi_is_null(made)) {
        gi_exc_clear(ts);
        gi_exc_restore(ts, cause);
        return;
    }
    GiException *m = gi_exception_of(gi_val(made));
    gi_slot_store(ts, &m->cause, gi_dup(ts, gi_val(cause)));
    gi_slot_store(ts, &m->context, cause);
    m->suppress_context = true;
    gi_raise_object(ts, made);
}

/* Calls the registry's encoder (which 0) or decoder (1); text_only refuses codecs that are no text
 * encodings. */
static GiRef through_registry(GiThread *ts, GiVal obj, const char *encoding, const char *errors, int which,
                              bool text_only) {
    GiRef codec = gi_codec_lookup(ts, encoding), result = GI_NULL, handler = GI_NULL;
    if (gi_is_null(codec)) return codec;
    if (text_only && !gi_is_exact(gi_val(codec), &gi_tuple_type)) {
        GiRef flag = gi_getattr_cstr(ts, gi_val(codec), "_is_text_encoding");
        if (gi_is_null(flag)) {
            gi_exc_clear(ts);
        } else {
            GiTruth truth = gi_truth(ts, gi_val(flag));
            gi_drop(ts, flag);
            if (truth.value < 0) goto done;
            if (!truth.value) {
                gi_raise(ts, &gi_exc_LookupError,
                         "'%.400s' is not a text encoding; use %s to handle arbitrary codecs", encoding,
                         which ? "codecs.decode()" : "codecs.encode()");
                goto done;
            }
        }
    }
    GiVal args[2] = {obj, GI_NOVAL};
    if (errors) {
        handler = gi_str_from_cstr(ts, errors);
        if (gi_is_null(handler)) goto done;
        args[1] = gi_val(handler);
    }
    result = gi_call(ts, gi_tuple_get(gi_val(codec), (size_t)which), args, errors ? 2 : 1, GI_NOVAL);
    if (gi_is_null(result)) {
        add_context(ts, which ? "decoding" : "encoding", encoding);
        goto done;
    }
    if (!gi_is_tuple(gi_val(result)) || gi_tuple_len(result) != 2) {
        gi_raise(ts, &gi_exc_TypeError, "%s must return a tuple (object, integer)", which ? "decoder" : "encoder");
        gi_drop(ts, result);
        result = GI_NULL;
        goto done;
    }
    GiRef value = gi_dup(ts, gi_tuple_get(gi_val(result), 0));
    gi_drop(ts, result);
    result = value;
done:
    gi_xdrop(ts, handler);
    gi_drop(ts, codec);
    return result;
}

GiRef gi_codec_encode_any(GiThread *ts, GiVal obj, const char *encoding, const char *errors) {
    return through_registry(ts, obj, encoding, errors, 0, false);
}

GiRef gi_codec_decode_any(GiThread *ts, GiVal obj, const char *encoding, const char *errors) {
    return through_registry(ts, obj, encoding, errors, 1, false);
}

/* ---- gi_encode and gi_decode ---- */

typedef enum { FAST_NONE, FAST_UTF8, FAST_ASCII, FAST_LATIN1, FAST_UTF16, FAST_UTF32 } FastCodec;

static FastCodec fast_codec(const char *encoding) {
    static const struct { const char *name; FastCodec codec; } names[] = {
        {"utf_8", FAST_UTF8}, {"utf8", FAST_UTF8}, {"ascii", FAST_ASCII}, {"us_ascii", FAST_ASCII},
        {"latin_1", FAST_LATIN1}, {"latin1", FAST_LATIN1}, {"iso_8859_1", FAST_LATIN1},
        {"iso8859_1", FAST_LATIN1}, {"utf_16", FAST_UTF16}, {"utf16", FAST_UTF16}, {"utf_32", FAST_UTF32},
        {"utf32", FAST_UTF32},
    };
    char name[12];
    size_t n = 0;
    if (!encoding) return FAST_UTF8;
    for (const char *p = encoding; *p; p++) {
        if (n == sizeof name - 1) return FAST_NONE;
        name[n++] = *p == '-' ? '_' : *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
    }
    name[n] = 0;
    for (size_t i = 0; i < GI_COUNTOF(names); i++)
        if (strcmp(name, names[i].name) == 0) return names[i].codec;
    return FAST_NONE;
}

/* In development mode names are looked at even when nothing needs them. */
static GiStatus check_names(GiThread *ts, const char *encoding, const char *errors) {
    if (GI_LIKELY(!ts->vm->dev_mode) || !ts->vm->initialised) return GI_OK;
    if (encoding) {
        GiRef codec = gi_codec_lookup(ts, encoding);
        if (gi_is_null(codec)) return GI_FAIL;
        gi_drop(ts, codec);
    }
    if (errors) {
        GiRef handler = gi_codec_lookup_error(ts, errors);
        if (gi_is_null(handler)) return GI_FAIL;
        gi_drop(ts, handler);
    }
    return GI_OK;
}

GiRef gi_decode(GiThread *ts, const void *data, size_t len, const char *encoding, const char *errors) {
    GiDecodeRequest r = {.data = data, .len = len, .errors = errors, .final = true};
    if (check_names(ts, encoding, errors) != GI_OK) return GI_NULL;
    switch (fast_codec(encoding)) {
    case FAST_UTF8: return gi_decode_utf8_with(ts, data, len, errors, true, NULL);
    case FAST_ASCII:
        if (gi_ascii_prefix(data, len) == len) return gi_str_from_latin1(ts, data, len);
        r.core = gi_decode_ascii;
        r.encoding = "ascii";
        return gi_codec_run_decode(ts, &r);
    case FAST_LATIN1: return gi_str_from_latin1(ts, data, len);
    case FAST_UTF16:
        r.core = gi_decode_utf16;
        r.encoding = "utf-16";
        return gi_codec_run_decode(ts, &r);
    case FAST_UTF32:
        r.core = gi_decode_utf32;
        r.encoding = "utf-32";
        return gi_codec_run_decode(ts, &r);
    default: break;
    }
    GiRef bytes = gi_bytes_from(ts, data, len);
    if (gi_is_null(bytes)) return bytes;
    GiRef view = gi_memoryview_from(ts, gi_val(bytes));
    gi_drop(ts, bytes);
    if (gi_is_null(view)) return view;
    GiRef text = through_registry(ts, gi_val(view), encoding, errors, 1, true);
    gi_drop(ts, view);
    if (!gi_is_null(text) && !gi_is_str(gi_val(text))) {
        gi_raise(ts, &gi_exc_TypeError,
                 "'%.400s' decoder returned '%.400T' instead of 'str'; use codecs.decode() to decode to arbitrary types",
                 encoding, gi_val(text));
        gi_drop(ts, text);
        return GI_NULL;
    }
    return text;
}

GiRef gi_encode(GiThread *ts, GiVal str, const char *encoding, const char *errors) {
    if (check_names(ts, encoding, errors) != GI_OK) return GI_NULL;
    switch (fast_codec(encoding)) {
    case FAST_UTF8: return gi_encode_utf8_with(ts, str, errors);
    case FAST_ASCII: return gi_codec_run_encode(ts, gi_encode_ascii, "ascii", str, errors, 0, GI_NOVAL);
    case FAST_LATIN1: return gi_codec_run_encode(ts, gi_encode_latin1, "latin-1", str, errors, 0, GI_NOVAL);
    case FAST_UTF16: return gi_codec_run_encode(ts, gi_encode_utf16, "utf-16", str, errors, 0, GI_NOVAL);
    case FAST_UTF32: return gi_codec_run_encode(ts, gi_encode_utf32, "utf-32", str, errors, 0, GI_NOVAL);
    default: break;
    }
    GiRef bytes = through_registry(ts, str, encoding, errors, 0, true);
    if (gi_is_null(bytes) || gi_is_bytes(gi_val(bytes))) return bytes;
    if (gi_is_bytearray(gi_val(bytes))) {
        GiStatus warned = gi_warn(ts, &gi_exc_RuntimeWarning, 1,
                                  "encoder %s returned bytearray instead of bytes; use codecs.encode() to encode to "
                                  "arbitrary types", encoding);
        GiByteArray *array = (GiByteArray *)gi_obj(bytes);
        GiRef copy = warned == GI_OK ? gi_bytes_from(ts, array->data, array->length) : GI_NULL;
        gi_drop(ts, bytes);
        return copy;
    }
    gi_raise(ts, &gi_exc_TypeError,
             "'%.400s' encoder returned '%.400T' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
             encoding, gi_val(bytes));
    gi_drop(ts, bytes);
    return GI_NULL;
}

/* ---- paths ---- */

GiRef gi_fs_path(GiThread *ts, GiVal path) {
    GiRef given = GI_NULL;
    if (!gi_is_str(path) && !gi_is_bytes(path)) {
        GiRef method;
        if (gi_lookup_special(ts, path, GI_N(__fspath__), &method) != GI_OK) return GI_NULL;
        if (gi_is_null(method))
            return gi_raise_ref(ts, &gi_exc_TypeError, "expected str, bytes or os.PathLike object, not %.200T", path);
        given = gi_call0(ts, gi_val(method));
        gi_drop(ts, method);
        if (gi_is_null(given)) return given;
        if (!gi_is_str(gi_val(given)) && !gi_is_bytes(gi_val(given))) {
            gi_raise(ts, &gi_exc_TypeError, "expected %.200T.__fspath__() to return str or bytes, not %.200T", path,
                     gi_val(given));
            gi_drop(ts, given);
            return GI_NULL;
        }
        path = gi_val(given);
    }
    GiRef bytes = gi_is_str(path) ? gi_str_to_fs(ts, path) : gi_dup(ts, path);
    gi_xdrop(ts, given);
    if (!gi_is_null(bytes) && memchr(gi_bytes_data(bytes), 0, gi_bytes_len(bytes))) {
        gi_raise(ts, &gi_exc_ValueError, "embedded null byte");
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    return bytes;
}
