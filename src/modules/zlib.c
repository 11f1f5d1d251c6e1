/* zlib.c - module zlib over the system's zlib. Large buffers are worked on detached.
 * LOCK: an object's `busy` is held by the thread whose method runs, over detached work too; it is a
 * lock that waiters wait for detached, so whoever holds it can always come back and let it go.
 */
#include "memory/slots.h"
#include "modules/wait_lock.h"
#include <stdlib.h>
#include <zlib.h>

typedef struct GiZStream {
    GiObj obj;
    z_stream z;
    GiWaitLock busy;
    bool inflating, open, eof;
    GiSlot unused_data, unconsumed_tail, zdict;
} GiZStream;
typedef struct ZlibState { GiSlot error; } ZlibState;
extern GiType gi_compress_type, gi_decompress_type;
extern const GiModuleDef gi_module_zlib;
#include "modules/zlib.gen.h"

#define Z(v) ((GiZStream *)gi_obj(v))
#define CHUNK 16384u

static GiRef raise_zlib(GiThread *ts, z_stream *z, int code, const char *what) {
    ZlibState *state = gi_module_state_of(ts, &gi_module_zlib);
    const char *why = z && z->msg ? z->msg : code == Z_BUF_ERROR ? "incomplete or truncated stream"
                      : code == Z_STREAM_ERROR ? "inconsistent stream state" : code == Z_DATA_ERROR ? "invalid input data" : NULL;
    if (code == Z_MEM_ERROR) return gi_raise_nomem(ts);
    GiType *type = state ? gi_as_type(state->error) : &gi_exc_ValueError;
    return why ? gi_raise_ref(ts, type, "Error %d %s: %s", code, what, why) : gi_raise_ref(ts, type, "Error %d %s", code, what);
}

/* Growing output in malloc'ed memory, so that the work can go on detached. */
typedef struct Output { uint8_t *data; size_t len, capacity; bool failed; } Output;
static bool more_room(Output *o, size_t limit) {
    size_t capacity = o->capacity ? o->capacity * 2 : CHUNK;
    if (limit && capacity > limit) capacity = limit;
    uint8_t *grown = capacity > o->capacity ? realloc(o->data, capacity) : NULL;
    if (grown == NULL) return false;
    o->data = grown;
    o->capacity = capacity;
    return true;
}

/* Runs deflate or inflate over the input until it is used up (or the limit is reached). */
static int pump(z_stream *z, bool inflating, const uint8_t *in, size_t len, int flush, size_t limit, Output *o, const GiBuffer *dict) {
    int code = Z_OK;
    do {
        z->next_in = (Bytef *)in;
        uInt step = (uInt)GI_MIN(len, (size_t)0x40000000);
        z->avail_in = step;
        int mode = step < len ? Z_NO_FLUSH : flush;
        do {
            if (o->len == o->capacity) {
                if (limit && o->len >= limit) goto out;
                if (!more_room(o, limit)) {
                    o->failed = true;
                    return Z_MEM_ERROR;
                }
            }
            uInt room = (uInt)GI_MIN(o->capacity - o->len, (size_t)0x40000000);
            z->next_out = o->data + o->len;
            z->avail_out = room;
            code = inflating ? inflate(z, mode) : deflate(z, mode);
            o->len += room - z->avail_out;
            if (code == Z_NEED_DICT && dict && dict->data) {
                code = inflateSetDictionary(z, dict->data, (uInt)dict->len);
                if (code == Z_OK) continue;
            }
            if (code != Z_OK && code != Z_BUF_ERROR) goto out;
        } while (z->avail_out == 0 || (inflating && z->avail_in > 0 && code == Z_OK));
out:;
        size_t used = step - z->avail_in;
        in += used;
        len -= used;
        if (code != Z_OK && code != Z_BUF_ERROR) break;
        if (limit && o->len >= limit) break;
        if (used == 0) break;
    } while (len > 0);
    return code;
}

static GiRef take_output(GiThread *ts, Output *o) {
    GiRef r = o->failed ? gi_raise_nomem(ts) : gi_bytes_from(ts, o->data ? (const void *)o->data : "", o->len);
    free(o->data);
    return r;
}

GI_FUNCTION(zlib, compress, "(data: buffer, /, level: int = -1, wbits: int = 15)", "Returns a bytes object containing compressed data.") {
    z_stream z = {0};
    Output o = {0};
    int code = deflateInit2(&z, a->level, Z_DEFLATED, a->wbits, 8, Z_DEFAULT_STRATEGY);
    if (code == Z_STREAM_ERROR)
        return gi_raise_ref(ts, gi_as_type(((ZlibState *)gi_module_state(self))->error), "Bad compression level");
    if (code != Z_OK) return raise_zlib(ts, &z, code, "while compressing data");
    GI_BLOCKING(&ts->core, "deflate") {
        code = pump(&z, false, a->data.data, (size_t)a->data.len, Z_FINISH, 0, &o, NULL);
        deflateEnd(&z);
    }
    return take_output(ts, &o);
}
GI_FUNCTION(zlib, decompress, "(data: buffer, /, wbits: int = 15, bufsize: ssize = 16384)", "Returns a bytes object containing the uncompressed data.") {
    if (a->bufsize < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "bufsize must be non-negative");
    z_stream z = {0};
    Output o = {0};
    int code = inflateInit2(&z, a->wbits);
    if (code != Z_OK) return raise_zlib(ts, &z, code, "while preparing to decompress data");
    GI_BLOCKING(&ts->core, "inflate") code = pump(&z, true, a->data.data, (size_t)a->data.len, Z_SYNC_FLUSH, 0, &o, NULL);
    if (code != Z_STREAM_END) {
        if (code == Z_OK) code = Z_BUF_ERROR;
        raise_zlib(ts, &z, code, "while decompressing data");
        inflateEnd(&z);
        free(o.data);
        return GI_NULL;
    }
    inflateEnd(&z);
    return take_output(ts, &o);
}
GI_FUNCTION(zlib, crc32, "(data: buffer, value: u64 = 0, /)", "Compute a CRC-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer.") {
    uLong sum = (uLong)(uint32_t)a->value;
    if (a->data.len > 5000) GI_BLOCKING(&ts->core, "crc32") sum = crc32_z(sum, a->data.data, (size_t)a->data.len);
    else sum = crc32_z(sum, a->data.data, (size_t)a->data.len);
    return gi_int_from_u64(ts, sum & 0xffffffff);
}
GI_FUNCTION(zlib, adler32, "(data: buffer, value: u64 = 1, /)", "Compute an Adler-32 checksum of data.\n\n  value\n    Starting value of the checksum.\n\nThe returned checksum is an integer.") {
    uLong sum = (uLong)(uint32_t)a->value;
    if (a->data.len > 5000) GI_BLOCKING(&ts->core, "adler32") sum = adler32_z(sum, a->data.data, (size_t)a->data.len);
    else sum = adler32_z(sum, a->data.data, (size_t)a->data.len);
    return gi_int_from_u64(ts, sum & 0xffffffff);
}

static GiRef new_stream(GiThread *ts, GiType *type) {
    GiRef made = gi_own_obj(gi_heap_new(ts, type, sizeof(GiZStream)));
    if (gi_is_null(made)) return made;
    GiRef empty = gi_bytes_from(ts, "", 0), tail = gi_bytes_from(ts, "", 0);
    gi_slot_init(&Z(made)->unused_data, empty);
    gi_slot_init(&Z(made)->unconsumed_tail, tail);
    return made;
}
GI_FUNCTION(zlib, compressobj, "(level: int = -1, method: int = 8, wbits: int = 15, memLevel: int = 8, strategy: int = 0, zdict: buffer = <unrepresentable>)", "Return a compressor object.") {
    GiRef made = new_stream(ts, &gi_compress_type);
    if (gi_is_null(made)) return made;
    GiZStream *s = Z(made);
    int code = deflateInit2(&s->z, a->level, a->method, a->wbits, a->memLevel, a->strategy);
    if (code == Z_OK) {
        s->open = true;
        if (a->zdict.data && deflateSetDictionary(&s->z, a->zdict.data, (uInt)a->zdict.len) != Z_OK) code = Z_STREAM_ERROR;
    }
    if (code == Z_OK) return made;
    gi_drop(ts, made);
    return code == Z_STREAM_ERROR ? gi_raise_ref(ts, &gi_exc_ValueError, "Invalid initialization option")
                                  : raise_zlib(ts, NULL, code, "while creating compression object");
}
GI_FUNCTION(zlib, decompressobj, "(wbits: int = 15, zdict = b'')", "Return a decompressor object.") {
    GiRef made = new_stream(ts, &gi_decompress_type);
    if (gi_is_null(made)) return made;
    GiZStream *s = Z(made);
    s->inflating = true;
    if (!gi_is_null(a->zdict)) {
        if (!gi_has_buffer(a->zdict)) {
            gi_drop(ts, made);
            return gi_raise_ref(ts, &gi_exc_TypeError, "zdict argument must support the buffer protocol");
        }
        gi_slot_init(&s->zdict, gi_dup(ts, a->zdict));
    }
    int code = inflateInit2(&s->z, a->wbits);
    if (code == Z_OK) {
        s->open = true;
        /* A raw stream does not ask for its dictionary. */
        if (gi_is_null(s->zdict) || a->wbits >= 0) return made;
        GiBuffer dict;
        if (gi_buffer_get(ts, gi_val(s->zdict), &dict, GI_BUF_SIMPLE) < 0) {
            gi_drop(ts, made);
            return GI_NULL;
        }
        code = inflateSetDictionary(&s->z, dict.data, (uInt)dict.len);
        gi_buffer_release(ts, &dict);
        if (code == Z_OK) return made;
        raise_zlib(ts, &s->z, code, "while setting zdict");
        gi_drop(ts, made);
        return GI_NULL;
    }
    gi_drop(ts, made);
    return code == Z_STREAM_ERROR ? gi_raise_ref(ts, &gi_exc_ValueError, "Invalid initialization option")
                                  : raise_zlib(ts, NULL, code, "while creating decompression object");
}
static GiStatus take(GiThread *ts, GiZStream *s) { return gi_wait_lock(ts, &s->busy); }
static void leave(GiThread *ts, GiZStream *s) { gi_wait_unlock(ts, &s->busy); }

static void end_stream(GiZStream *s) {
    if (!s->open) return;
    s->open = false;
    if (s->inflating) inflateEnd(&s->z);
    else deflateEnd(&s->z);
}

#define FAILED (-100) /* beside zlib's codes: an exception is set */
/* One step of an object that this thread has taken: output and zlib's code. */
static int step(GiThread *ts, GiZStream *s, const void *data, size_t len, int flush, size_t limit, Output *o, size_t *left) {
    GiBuffer dict = {0};
    if (s->zdict.bits && gi_buffer_get(ts, gi_val(s->zdict), &dict, GI_BUF_SIMPLE) < 0) return FAILED;
    int code = 0;
    GI_BLOCKING(&ts->core, s->inflating ? "inflate" : "deflate") {
        code = pump(&s->z, s->inflating, data, len, flush, limit, o, &dict);
        *left = len ? (size_t)((const uint8_t *)data + len - s->z.next_in) : 0;
    }
    if (dict.data) gi_buffer_release(ts, &dict);
    return code;
}
/* A step of a compressor from beginning to end. */
static GiRef deflate_step(GiThread *ts, GiVal self, const void *data, size_t len, int mode, const char *what) {
    Output o = {0};
    size_t left;
    if (take(ts, Z(self)) < 0) return GI_NULL;
    int code = step(ts, Z(self), data, len, mode, 0, &o, &left);
    GiRef r;
    if (code == FAILED || code == Z_STREAM_ERROR) {
        free(o.data);
        r = code == FAILED ? GI_NULL : raise_zlib(ts, &Z(self)->z, code, what);
    } else {
        r = take_output(ts, &o);
        if (code == Z_STREAM_END && mode == Z_FINISH) end_stream(Z(self)); /* of no further use */
    }
    leave(ts, Z(self));
    return r;
}
GI_METHOD(compress, compress, "(self, data: buffer, /)", "Returns a bytes object containing compressed data.\n\n  data\n    Binary data to be compressed.\n\nAfter calling this function, some of the input data may still\nbe stored in internal buffers for later processing.\nCall the flush() method to clear these buffers.") {
    return deflate_step(ts, self, a->data.data, (size_t)a->data.len, Z_NO_FLUSH, "while compressing data");
}
GI_METHOD(compress, flush, "(self, mode: int = 4, /)", "Return a bytes object containing any remaining compressed data.") {
    if (a->mode == Z_NO_FLUSH) return gi_bytes_from(ts, "", 0);
    return deflate_step(ts, self, "", 0, a->mode, "while flushing");
}
static GiRef copy_stream(GiThread *ts, GiVal self) {
    GiRef made = new_stream(ts, gi_type_of(self));
    if (gi_is_null(made)) return made;
    GiZStream *from = Z(self), *to = Z(made);
    if (take(ts, from) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    int code = from->inflating ? inflateCopy(&to->z, &from->z) : deflateCopy(&to->z, &from->z);
    to->open = code == Z_OK;
    to->inflating = from->inflating;
    to->eof = from->eof;
    gi_slot_store(ts, &to->unused_data, gi_slot_dup(ts, &from->unused_data));
    gi_slot_store(ts, &to->unconsumed_tail, gi_slot_dup(ts, &from->unconsumed_tail));
    gi_slot_set(ts, &to->zdict, gi_slot_dup(ts, &from->zdict));
    leave(ts, from);
    if (code == Z_OK) return made;
    gi_drop(ts, made);
    return code == Z_STREAM_ERROR ? gi_raise_ref(ts, &gi_exc_ValueError, "Inconsistent stream state") : raise_zlib(ts, NULL, code, "while copying stream");
}
GI_METHOD(compress, copy, "(self)", "Return a copy of the compression object.") { return copy_stream(ts, self); }
GI_METHOD(compress, __copy__, "(self)", NULL) { return copy_stream(ts, self); }
GI_METHOD(compress, __deepcopy__, "(self, memo, /)", NULL) { return copy_stream(ts, self); }
GI_METHOD(decompress, copy, "(self)", "Return a copy of the decompression object.") { return copy_stream(ts, self); }
GI_METHOD(decompress, __copy__, "(self)", NULL) { return copy_stream(ts, self); }
GI_METHOD(decompress, __deepcopy__, "(self, memo, /)", NULL) { return copy_stream(ts, self); }

/* What the stream did not take: behind its end it is unused_data, else unconsumed_tail. */
static GiStatus keep_rest(GiThread *ts, GiZStream *s, const uint8_t *data, size_t len, size_t left, int code) {
    if (code == Z_STREAM_END) {
        s->eof = true;
        if (left) {
            GiRef rest = gi_bytes_from(ts, data + len - left, left);
            GiRef all = gi_is_null(rest) ? GI_NULL : gi_bytes_concat(ts, gi_val(s->unused_data), gi_val(rest));
            gi_xdrop(ts, rest);
            if (gi_is_null(all)) return GI_FAIL;
            gi_slot_store(ts, &s->unused_data, all);
        }
        left = 0;
    }
    GiRef tail = gi_bytes_from(ts, left ? (const void *)(data + len - left) : "", left);
    if (gi_is_null(tail)) return GI_FAIL;
    gi_slot_store(ts, &s->unconsumed_tail, tail);
    return GI_OK;
}
/* A step of a decompressor that this thread has taken, and what is left over kept. */
static GiRef inflate_step(GiThread *ts, GiZStream *s, const void *data, size_t len, int mode, size_t limit) {
    Output o = {0};
    size_t left = len;
    int code = s->eof ? Z_STREAM_END : step(ts, s, data, len, mode, limit, &o, &left);
    GiRef r = GI_NULL;
    if (code == FAILED) {
        free(o.data);
    } else if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END) {
        free(o.data);
        r = raise_zlib(ts, &s->z, code, "while decompressing data");
    } else if (keep_rest(ts, s, data, len, left, code) < 0) {
        free(o.data);
    } else {
        r = take_output(ts, &o);
    }
    return r;
}
GI_METHOD(decompress, decompress, "(self, data: buffer, /, max_length: ssize = 0)", "Return a bytes object containing the decompressed version of the data.") {
    GiZStream *s = Z(self);
    if (a->max_length < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "max_length must be non-negative");
    if (take(ts, s) < 0) return GI_NULL;
    GiRef r = inflate_step(ts, s, a->data.data, (size_t)a->data.len, Z_SYNC_FLUSH, (size_t)a->max_length);
    leave(ts, s);
    return r;
}
GI_METHOD(decompress, flush, "(self, length: ssize = 16384, /)", "Return a bytes object containing any remaining decompressed data.") {
    GiZStream *s = Z(self);
    if (a->length <= 0) return gi_raise_ref(ts, &gi_exc_ValueError, "length must be greater than zero");
    if (take(ts, s) < 0) return GI_NULL;
    GiRef tail = gi_slot_dup(ts, &s->unconsumed_tail);
    GiRef r = inflate_step(ts, s, gi_bytes_data(tail), gi_bytes_len(tail), Z_FINISH, 0);
    if (!gi_is_null(r) && s->eof) end_stream(s);
    leave(ts, s);
    gi_drop(ts, tail);
    return r;
}
static const GiMemberDef decompress_members[] = {
    {"unused_data", GI_MEMBER_OBJECT, offsetof(GiZStream, unused_data), true, NULL},
    {"unconsumed_tail", GI_MEMBER_OBJECT, offsetof(GiZStream, unconsumed_tail), true, NULL},
    {"eof", GI_MEMBER_BOOL, offsetof(GiZStream, eof), true, NULL}, {.name = NULL}};
static void stream_destroy(GiThread *ts GI_UNUSED, GiObj *obj) { end_stream((GiZStream *)obj); }
static const GiField stream_fields[] = {GI_SLOT(GiZStream, unused_data), GI_SLOT(GiZStream, unconsumed_tail), GI_SLOT(GiZStream, zdict), GI_FIELDS_END};
GiType gi_compress_type = {.obj = GI_TYPE_HEAD, .name = "zlib.Compress", .module = "zlib", .size = sizeof(GiZStream), .base = &gi_object_type,
                           .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = stream_fields, .methods = compress_methods, .destroy = stream_destroy};
GiType gi_decompress_type = {.obj = GI_TYPE_HEAD, .name = "zlib.Decompress", .module = "zlib", .size = sizeof(GiZStream), .base = &gi_object_type,
                             .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .fields = stream_fields, .methods = decompress_methods,
                             .members = decompress_members, .destroy = stream_destroy};

static const GiIntConstant constants[] = {
    {"MAX_WBITS", MAX_WBITS}, {"DEFLATED", Z_DEFLATED}, {"DEF_MEM_LEVEL", 8}, {"DEF_BUF_SIZE", 16384}, {"Z_BEST_SPEED", Z_BEST_SPEED},
    {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION}, {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION}, {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
    {"Z_FILTERED", Z_FILTERED}, {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY}, {"Z_RLE", Z_RLE}, {"Z_FIXED", Z_FIXED},
    {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY}, {"Z_NO_FLUSH", Z_NO_FLUSH}, {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
    {"Z_SYNC_FLUSH", Z_SYNC_FLUSH}, {"Z_FULL_FLUSH", Z_FULL_FLUSH}, {"Z_FINISH", Z_FINISH}, {"Z_BLOCK", Z_BLOCK}, {"Z_TREES", Z_TREES}};
static GiStatus zlib_exec(GiThread *ts, GiVal module) {
    GiRef error = gi_type_make(ts, "zlib.error", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&((ZlibState *)gi_module_state(module))->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "error", error) < 0 || gi_type_ready(ts, &gi_compress_type) < 0 ||
        gi_type_ready(ts, &gi_decompress_type) < 0 || gi_module_add_str(ts, module, "ZLIB_VERSION", ZLIB_VERSION) < 0 ||
        gi_module_add_str(ts, module, "ZLIB_RUNTIME_VERSION", zlibVersion()) < 0 || gi_module_add_str(ts, module, "__version__", "1.0") < 0)
        return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField zlib_state_fields[] = {GI_SLOT(ZlibState, error), GI_FIELDS_END};
const GiModuleDef gi_module_zlib = {.name = "zlib", .doc = "The functions in this module allow compression and decompression using the\nzlib library, which is based on GNU zip.",
    .functions = zlib_functions, .exec = zlib_exec, .state_size = sizeof(ZlibState), .state_fields = zlib_state_fields};
