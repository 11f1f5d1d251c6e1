/* _bz2.c - module _bz2 over libbzip2. The work is done detached (see coder.h). */
#include "modules/coder.h"
#include <bzlib.h>

typedef struct GiBz2Compressor { GiObj obj; bz_stream z; GiWaitLock busy; bool open, flushed; } GiBz2Compressor;
typedef struct GiBz2Decompressor { GiObj obj; bz_stream z; GiCoderIn in; bool open, failed; } GiBz2Decompressor;
extern GiType gi_bz2_compressor_type, gi_bz2_decompressor_type;
#include "modules/_bz2.gen.h"

#define COMPRESSOR(v) ((GiBz2Compressor *)gi_obj(v))
#define DECOMPRESSOR(v) ((GiBz2Decompressor *)gi_obj(v))

/* Raises what a code of the library means; GI_OK when it is none of failure. */
static GiStatus check(GiThread *ts, int code) {
    switch (code) {
    case BZ_OK: case BZ_RUN_OK: case BZ_FLUSH_OK: case BZ_FINISH_OK: case BZ_STREAM_END: return GI_OK;
    case BZ_PARAM_ERROR: return gi_raise_status(ts, &gi_exc_ValueError, "Internal error - invalid parameters passed to libbzip2");
    case BZ_MEM_ERROR: return gi_raise_nomem(ts), GI_FAIL;
    case BZ_DATA_ERROR: case BZ_DATA_ERROR_MAGIC: return gi_raise_status(ts, &gi_exc_OSError, "Invalid data stream");
    case BZ_IO_ERROR: return gi_raise_status(ts, &gi_exc_OSError, "Unknown I/O error");
    case BZ_UNEXPECTED_EOF: return gi_raise_status(ts, &gi_exc_EOFError, "Compressed file ended before the logical end-of-stream was detected");
    case BZ_SEQUENCE_ERROR: return gi_raise_status(ts, &gi_exc_RuntimeError, "Internal error - Invalid sequence of commands sent to libbzip2");
    default: return gi_raise_status(ts, &gi_exc_OSError, "Unrecognized error from libbzip2: %d", code);
    }
}

/* ---- Compressor ---- */

GI_NEW(bz2_compressor, "(cls, compresslevel: int = 9, /)", NULL) {
    if (a->compresslevel < 1 || a->compresslevel > 9) return gi_raise_ref(ts, &gi_exc_ValueError, "compresslevel must be between 1 and 9");
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    int code = BZ2_bzCompressInit(&COMPRESSOR(made)->z, a->compresslevel, 0, 0);
    if (check(ts, code) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    COMPRESSOR(made)->open = true;
    return made;
}
/* Runs the compressor over the input, to its end if `action` is BZ_FINISH. */
static int deflate(bz_stream *z, const uint8_t *data, size_t n, int action, GiCoderOut *out) {
    int code = BZ_RUN_OK;
    do {
        unsigned step = (unsigned)GI_MIN(n, (size_t)1 << 30);
        z->next_in = (char *)(uintptr_t)data;
        z->avail_in = step;
        if (!gi_coder_room(out, SIZE_MAX)) return BZ_MEM_ERROR;
        unsigned room = (unsigned)GI_MIN(out->capacity - out->len, (size_t)1 << 30);
        z->next_out = (char *)out->data + out->len;
        z->avail_out = room;
        if (action == BZ_RUN && step == 0) break;
        code = BZ2_bzCompress(z, n > step ? BZ_RUN : action);
        out->len += room - z->avail_out;
        data += step - z->avail_in;
        n -= step - z->avail_in;
    } while (code >= 0 && code != BZ_STREAM_END && (n > 0 || action == BZ_FINISH));
    return code;
}
static GiRef compress(GiThread *ts, GiVal self, const void *data, size_t n, int action) {
    GiBz2Compressor *c = COMPRESSOR(self);
    if (gi_wait_lock(ts, &c->busy) < 0) return GI_NULL;
    GiRef r = GI_NULL;
    if (c->flushed) {
        gi_raise(ts, &gi_exc_ValueError, action == BZ_FINISH ? "Repeated call to flush()" : "Compressor has been flushed");
    } else {
        GiCoderOut out = {0};
        int code = BZ_OK;
        c->flushed = action == BZ_FINISH;
        GI_BLOCKING(&ts->core, "bzip2") code = deflate(&c->z, data, n, action, &out);
        if (check(ts, code) == GI_OK) r = gi_coder_take(ts, &out);
        else free(out.data);
    }
    gi_wait_unlock(ts, &c->busy);
    return r;
}
GI_METHOD(bz2_compressor, compress, "(self, data: buffer, /)", "Provide data to the compressor object.\n\nReturns a chunk of compressed data if possible, or b'' otherwise.\n\nWhen you have finished providing data to the compressor, call the\nflush() method to finish the compression process.") {
    return compress(ts, self, a->data.data, (size_t)a->data.len, BZ_RUN);
}
GI_METHOD(bz2_compressor, flush, "(self)", "Finish the compression process.\n\nReturns the compressed data left in internal buffers.\n\nThe compressor object may not be used after this method is called.") {
    return compress(ts, self, "", 0, BZ_FINISH);
}
static void compressor_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiBz2Compressor *c = (GiBz2Compressor *)obj;
    if (c->open) BZ2_bzCompressEnd(&c->z);
}

/* ---- Decompressor ---- */

static GiRef bz2_decompressor_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs, GiVal kwnames) {
    if (nargs) return gi_raise_ref(ts, &gi_exc_TypeError, "BZ2Decompressor() takes no positional arguments");
    if (gi_no_kwargs(ts, "BZ2Decompressor", kwnames) < 0) return GI_NULL;
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiBz2Decompressor *d = DECOMPRESSOR(made);
    GiRef empty = gi_bytes_from(ts, "", 0);
    gi_slot_init(&d->in.unused_data, empty);
    d->in.needs_input = true;
    if (gi_is_null(empty) || check(ts, BZ2_bzDecompressInit(&d->z, 0, 0)) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    d->open = true;
    return made;
}
/* Works until the input is used up, the stream ends or `limit` bytes are out. */
static int inflate(bz_stream *z, const uint8_t **data, size_t *n, size_t limit, GiCoderOut *out, bool *eof) {
    for (;;) {
        unsigned step = (unsigned)GI_MIN(*n, (size_t)1 << 30);
        if (!gi_coder_room(out, limit)) return out->len >= limit ? BZ_OK : BZ_MEM_ERROR;
        unsigned room = (unsigned)GI_MIN(out->capacity - out->len, (size_t)1 << 30);
        z->next_in = (char *)(uintptr_t)*data;
        z->avail_in = step;
        z->next_out = (char *)out->data + out->len;
        z->avail_out = room;
        int code = BZ2_bzDecompress(z);
        out->len += room - z->avail_out;
        *data += step - z->avail_in;
        *n -= step - z->avail_in;
        *eof = code == BZ_STREAM_END;
        if (code != BZ_OK || *n == 0) return code;
    }
}
GI_METHOD(bz2_decompressor, decompress, "(self, data: buffer, max_length: ssize = -1)", "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most *max_length* bytes of\ndecompressed data. If this limit is reached and further output can be\nproduced, *self.needs_input* will be set to ``False``. In this case, the next\ncall to *decompress()* may provide *data* as b'' to obtain more of the output.\n\nIf all of the input data was decompressed and returned (either because this\nwas less than *max_length* bytes, or because *max_length* was negative),\n*self.needs_input* will be set to True.\n\nAttempting to decompress data after the end of stream is reached raises an\nEOFError.  Any data found after the end of the stream is ignored and saved in\nthe unused_data attribute.") {
    GiBz2Decompressor *d = DECOMPRESSOR(self);
    if (gi_wait_lock(ts, &d->in.busy) < 0) return GI_NULL;
    GiRef r = GI_NULL;
    const uint8_t *at;
    size_t left;
    GiCoderOut out = {0};
    if (d->in.eof) {
        gi_raise(ts, &gi_exc_EOFError, "End of stream already reached");
    } else if (d->failed) { /* libbzip2 must not be called again then */
        gi_raise(ts, &gi_exc_ValueError, "Decompressor is unusable after a previous error");
    } else if (gi_coder_join(ts, &d->in, a->data.data, (size_t)a->data.len, &at, &left) == GI_OK) {
        size_t limit = a->max_length < 0 ? SIZE_MAX : (size_t)a->max_length;
        int code = BZ_OK;
        bool eof = false;
        GI_BLOCKING(&ts->core, "bunzip2") code = inflate(&d->z, &at, &left, limit, &out, &eof);
        d->in.eof = eof;
        if (check(ts, code) == GI_OK && gi_coder_keep(ts, &d->in, at, left) == GI_OK) {
            if (!eof) d->in.needs_input = left == 0;
            r = gi_coder_take(ts, &out);
        } else {
            d->in.needs_input = false;
            d->failed |= code < 0;
            free(out.data);
        }
    }
    gi_wait_unlock(ts, &d->in.busy);
    return r;
}
static void decompressor_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiBz2Decompressor *d = (GiBz2Decompressor *)obj;
    if (d->open) BZ2_bzDecompressEnd(&d->z);
    free(d->in.waiting);
}
static const GiMemberDef decompressor_members[] = {
    {"eof", GI_MEMBER_BOOL, offsetof(GiBz2Decompressor, in.eof), true, "True if the end-of-stream marker has been reached."},
    {"unused_data", GI_MEMBER_OBJECT_EX, offsetof(GiBz2Decompressor, in.unused_data), true, "Data found after the end of the compressed stream."},
    {"needs_input", GI_MEMBER_BOOL, offsetof(GiBz2Decompressor, in.needs_input), true, "True if more input is needed before more decompressed data can be produced."},
    {.name = NULL}};
GiType gi_bz2_compressor_type = {
    .obj = GI_TYPE_HEAD, .name = "_bz2.BZ2Compressor", .module = "_bz2", .size = sizeof(GiBz2Compressor), .base = &gi_object_type,
    .new_ = bz2_compressor_new, .methods = bz2_compressor_methods, .destroy = compressor_destroy,
    .doc = "BZ2Compressor(compresslevel=9, /)\n--\n\nCreate a compressor object for compressing data incrementally.\n\n  compresslevel\n    Compression level, as a number between 1 and 9.\n\nFor one-shot compression, use the compress() function instead.",
};
GiType gi_bz2_decompressor_type = {
    .obj = GI_TYPE_HEAD, .name = "_bz2.BZ2Decompressor", .module = "_bz2", .size = sizeof(GiBz2Decompressor), .base = &gi_object_type,
    .flags = GI_TYPE_GC, .fields = (const GiField[]){GI_SLOT(GiBz2Decompressor, in.unused_data), GI_FIELDS_END},
    .new_ = bz2_decompressor_new, .methods = bz2_decompressor_methods, .members = decompressor_members, .destroy = decompressor_destroy,
    .doc = "BZ2Decompressor()\n--\n\nCreate a decompressor object for decompressing data incrementally.\n\nFor one-shot decompression, use the decompress() function instead.",
};
static GiStatus _bz2_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &gi_bz2_compressor_type) < 0) return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_bz2_decompressor_type);
}
const GiModuleDef gi_module__bz2 = {.name = "_bz2", .exec = _bz2_exec};
