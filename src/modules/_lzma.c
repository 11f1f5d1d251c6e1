/* _lzma.c - module _lzma over liblzma. The work is done detached (see coder.h). */
#include "modules/coder.h"
#include "objects/container.h"
#include <lzma.h>

typedef struct GiLzmaCompressor { GiObj obj; lzma_stream z; GiWaitLock busy; bool flushed; } GiLzmaCompressor;
typedef struct GiLzmaDecompressor { GiObj obj; lzma_stream z; GiCoderIn in; int check; } GiLzmaDecompressor;
typedef struct LzmaState { GiSlot error; } LzmaState;
extern const GiModuleDef gi_module__lzma;
extern GiType gi_lzma_compressor_type, gi_lzma_decompressor_type;
#include "modules/_lzma.gen.h"

enum { FORMAT_AUTO, FORMAT_XZ, FORMAT_ALONE, FORMAT_RAW };
enum { CHECK_UNKNOWN = LZMA_CHECK_ID_MAX + 1 };
#define COMPRESSOR(v) ((GiLzmaCompressor *)gi_obj(v))
#define DECOMPRESSOR(v) ((GiLzmaDecompressor *)gi_obj(v))

static GiStatus lzma_error(GiThread *ts, const char *format, ...) {
    va_list args;
    va_start(args, format);
    gi_vraise(ts, gi_as_type(((LzmaState *)gi_module_state_of(ts, &gi_module__lzma))->error), format, args);
    va_end(args);
    return GI_FAIL;
}
/* Raises what a code of the library means; GI_OK when it is none of failure. */
static GiStatus check(GiThread *ts, lzma_ret code) {
    switch (code) {
    case LZMA_OK: case LZMA_GET_CHECK: case LZMA_NO_CHECK: case LZMA_STREAM_END: return GI_OK;
    case LZMA_UNSUPPORTED_CHECK: return lzma_error(ts, "Unsupported integrity check");
    case LZMA_MEM_ERROR: return gi_raise_nomem(ts), GI_FAIL;
    case LZMA_MEMLIMIT_ERROR: return lzma_error(ts, "Memory usage limit exceeded");
    case LZMA_FORMAT_ERROR: return lzma_error(ts, "Input format not supported by decoder");
    case LZMA_OPTIONS_ERROR: return lzma_error(ts, "Invalid or unsupported options");
    case LZMA_DATA_ERROR: return lzma_error(ts, "Corrupt input data");
    case LZMA_BUF_ERROR: return lzma_error(ts, "Insufficient buffer space");
    case LZMA_PROG_ERROR: return lzma_error(ts, "Internal error");
    default: return lzma_error(ts, "Unrecognized error from liblzma: %d", (int)code);
    }
}

/* ---- Filters ---- */

/* One filter's options, in the union's member that its id means. */
typedef struct FilterOptions { union { lzma_options_lzma lzma; lzma_options_delta delta; lzma_options_bcj bcj; }; } FilterOptions;
typedef struct Chain { lzma_filter filters[LZMA_FILTERS_MAX + 1]; FilterOptions options[LZMA_FILTERS_MAX]; } Chain;
typedef struct Option { const char *name; void *to; } Option;

/* An unsigned number of 32 bits (or of 64 if `wide`). */
static GiStatus read_unsigned(GiThread *ts, GiVal v, bool wide, uint64_t *out) {
    if (!gi_is_int(v)) return gi_raise_status(ts, &gi_exc_TypeError, "an integer is required");
    int sign = gi_int_as_u64(v, out);
    if (sign < 0) return gi_raise_status(ts, &gi_exc_OverflowError, "can't convert negative int to unsigned");
    if (sign > 0) return gi_raise_status(ts, &gi_exc_OverflowError, "int too big to convert");
    if (!wide && *out > UINT32_MAX) return gi_raise_status(ts, &gi_exc_OverflowError, "Value too large for uint32_t type");
    return GI_OK;
}
/* spec[key]; null without exception: absent. */
static GiStatus spec_get(GiThread *ts, GiVal spec, const char *key, GiRef *out) {
    GI_AUTO GiRef name = gi_intern_cstr(ts, key);
    *out = gi_is_null(name) ? GI_NULL : gi_getitem(ts, spec, gi_val(name));
    if (!gi_is_null(*out)) return GI_OK;
    if (!gi_exc_matches(ts, &gi_exc_KeyError)) return GI_FAIL;
    gi_exc_clear(ts);
    return GI_OK;
}
/* Reads the options that a spec gives; any other key, or a value that does not fit, is an error. */
static GiStatus read_options(GiThread *ts, GiVal spec, const Option *options, size_t count, const char *what) {
    ssize_t known = 0, keys = gi_length(ts, spec);
    if (keys < 0) return GI_FAIL;
    static const char *const always[] = {"id", "preset"};
    for (size_t i = 0; i < (count > 1 ? 2 : 1); i++) {
        GiRef v;
        if (spec_get(ts, spec, always[i], &v) < 0) return GI_FAIL;
        known += !gi_is_null(v);
        gi_xdrop(ts, v);
    }
    for (size_t i = 0; i < count; i++) {
        GI_AUTO GiRef v = GI_NULL;
        uint64_t n;
        if (spec_get(ts, spec, options[i].name, &v) < 0) return GI_FAIL;
        if (gi_is_null(v)) continue;
        known++;
        if (read_unsigned(ts, gi_val(v), false, &n) < 0) {
            gi_exc_clear(ts);
            return gi_raise_status(ts, &gi_exc_ValueError, "Invalid filter specifier for %s filter", what);
        }
        uint32_t small = (uint32_t)n;
        memcpy(options[i].to, &small, sizeof small);
    }
    return known == keys ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "Invalid filter specifier for %s filter", what);
}
static GiStatus read_lzma_options(GiThread *ts, GiVal spec, lzma_options_lzma *o) {
    uint64_t preset = LZMA_PRESET_DEFAULT;
    GI_AUTO GiRef v = GI_NULL;
    if (spec_get(ts, spec, "preset", &v) < 0 || (!gi_is_null(v) && read_unsigned(ts, gi_val(v), false, &preset) < 0)) return GI_FAIL;
    if (lzma_lzma_preset(o, (uint32_t)preset)) return lzma_error(ts, "Invalid compression preset: %u", (unsigned)preset);
    const Option options[] = {{"dict_size", &o->dict_size}, {"lc", &o->lc}, {"lp", &o->lp}, {"pb", &o->pb},
                              {"mode", &o->mode}, {"nice_len", &o->nice_len}, {"mf", &o->mf}, {"depth", &o->depth}};
    return read_options(ts, spec, options, GI_COUNTOF(options), "LZMA");
}
static GiStatus read_filter(GiThread *ts, GiVal spec, lzma_filter *filter, FilterOptions *o) {
    if (!gi_is_mapping(spec)) return gi_raise_status(ts, &gi_exc_TypeError, "Filter specifier must be a dict or dict-like object");
    GI_AUTO GiRef id = GI_NULL;
    uint64_t n;
    if (spec_get(ts, spec, "id", &id) < 0) return GI_FAIL;
    if (gi_is_null(id)) return gi_raise_status(ts, &gi_exc_ValueError, "Filter specifier must have an \"id\" entry");
    if (read_unsigned(ts, gi_val(id), true, &n) < 0) return GI_FAIL;
    memset(o, 0, sizeof *o);
    filter->id = n;
    filter->options = o;
    switch (n) {
    case LZMA_FILTER_LZMA1: case LZMA_FILTER_LZMA2: return read_lzma_options(ts, spec, &o->lzma);
    case LZMA_FILTER_DELTA:
        o->delta.type = LZMA_DELTA_TYPE_BYTE;
        o->delta.dist = 1;
        return read_options(ts, spec, &(Option){"dist", &o->delta.dist}, 1, "delta");
    case LZMA_FILTER_X86: case LZMA_FILTER_POWERPC: case LZMA_FILTER_IA64: case LZMA_FILTER_ARM: case LZMA_FILTER_ARMTHUMB: case LZMA_FILTER_SPARC:
        return read_options(ts, spec, &(Option){"start_offset", &o->bcj.start_offset}, 1, "BCJ");
    default: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid filter ID: %llu", (unsigned long long)n);
    }
}
static GiStatus read_chain(GiThread *ts, GiVal specs, Chain *chain) {
    if (gi_is_dict(specs)) return gi_raise_status(ts, &gi_exc_TypeError, "%.200T is not a sequence", specs);
    ssize_t n = gi_length(ts, specs);
    if (n < 0) return GI_FAIL;
    if (n > LZMA_FILTERS_MAX)
        return gi_raise_status(ts, &gi_exc_ValueError, "Too many filters - liblzma supports a maximum of %d", LZMA_FILTERS_MAX);
    for (ssize_t i = 0; i < n; i++) {
        GI_AUTO GiRef spec = gi_sequence_item(ts, specs, i);
        if (gi_is_null(spec) || read_filter(ts, gi_val(spec), &chain->filters[i], &chain->options[i]) < 0) return GI_FAIL;
    }
    chain->filters[n] = (lzma_filter){.id = LZMA_VLI_UNKNOWN};
    return GI_OK;
}

/* ---- Compressor ---- */

static GiStatus start_encoder(GiThread *ts, lzma_stream *z, int format, int check_id, uint32_t preset, Chain *chain) {
    lzma_options_lzma options;
    if (format == FORMAT_XZ)
        return check(ts, chain ? lzma_stream_encoder(z, chain->filters, (lzma_check)check_id) : lzma_easy_encoder(z, preset, (lzma_check)check_id));
    if (format == FORMAT_RAW)
        return chain ? check(ts, lzma_raw_encoder(z, chain->filters)) : gi_raise_status(ts, &gi_exc_ValueError, "Must specify filters for FORMAT_RAW");
    if (chain == NULL) {
        if (lzma_lzma_preset(&options, preset)) return lzma_error(ts, "Invalid compression preset: %u", preset);
        return check(ts, lzma_alone_encoder(z, &options));
    }
    if (chain->filters[0].id == LZMA_FILTER_LZMA1 && chain->filters[1].id == LZMA_VLI_UNKNOWN)
        return check(ts, lzma_alone_encoder(z, chain->filters[0].options));
    return gi_raise_status(ts, &gi_exc_ValueError, "Invalid filter chain for FORMAT_ALONE - must be a single LZMA1 filter");
}
GI_NEW(lzma_compressor, "(cls, format: int = 1, check: int = -1, preset = None, filters = None)", NULL) {
    bool has_preset = !gi_is_null(a->preset) && !gi_is_none(a->preset), has_filters = !gi_is_null(a->filters) && !gi_is_none(a->filters);
    uint64_t preset = LZMA_PRESET_DEFAULT;
    Chain chain;
    if (has_preset && has_filters) return gi_raise_ref(ts, &gi_exc_ValueError, "Cannot specify both preset and filter chain");
    if (has_preset && read_unsigned(ts, a->preset, false, &preset) < 0) return GI_NULL;
    if (a->format != FORMAT_XZ && a->check != -1 && a->check != LZMA_CHECK_NONE)
        return gi_raise_ref(ts, &gi_exc_ValueError, "Integrity checks are only supported by FORMAT_XZ");
    if (a->format < FORMAT_XZ || a->format > FORMAT_RAW) return gi_raise_ref(ts, &gi_exc_ValueError, "Invalid container format: %d", a->format);
    if (has_filters && read_chain(ts, a->filters, &chain) < 0) return GI_NULL;
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    COMPRESSOR(made)->z = (lzma_stream)LZMA_STREAM_INIT;
    int check_id = a->format == FORMAT_XZ && a->check == -1 ? LZMA_CHECK_CRC64 : a->check;
    if (start_encoder(ts, &COMPRESSOR(made)->z, a->format, check_id, (uint32_t)preset, has_filters ? &chain : NULL) == GI_OK) return made;
    gi_drop(ts, made);
    return GI_NULL;
}
static lzma_ret encode(lzma_stream *z, const void *data, size_t n, lzma_action action, GiCoderOut *out) {
    z->next_in = data;
    z->avail_in = n;
    for (;;) {
        if (!gi_coder_room(out, SIZE_MAX)) return LZMA_MEM_ERROR;
        z->next_out = out->data + out->len;
        z->avail_out = out->capacity - out->len;
        lzma_ret code = lzma_code(z, action);
        out->len = out->capacity - z->avail_out;
        if (code == LZMA_BUF_ERROR && n == 0 && z->avail_out > 0) code = LZMA_OK; /* no input is no error */
        if (code != LZMA_OK) return code;
        if (action == LZMA_RUN && z->avail_in == 0 && z->avail_out > 0) return code;
    }
}
static GiRef compress(GiThread *ts, GiVal self, const void *data, size_t n, lzma_action action) {
    GiLzmaCompressor *c = COMPRESSOR(self);
    if (gi_wait_lock(ts, &c->busy) < 0) return GI_NULL;
    GiRef r = GI_NULL;
    if (c->flushed) {
        gi_raise(ts, &gi_exc_ValueError, action == LZMA_FINISH ? "Repeated call to flush()" : "Compressor has been flushed");
    } else {
        GiCoderOut out = {0};
        lzma_ret code = LZMA_OK;
        c->flushed = action == LZMA_FINISH;
        GI_BLOCKING(&ts->core, "lzma") code = encode(&c->z, data, n, action, &out);
        if (check(ts, code) == GI_OK) r = gi_coder_take(ts, &out);
        else free(out.data);
    }
    gi_wait_unlock(ts, &c->busy);
    return r;
}
GI_METHOD(lzma_compressor, compress, "(self, data: buffer, /)", "Provide data to the compressor object.\n\nReturns a chunk of compressed data if possible, or b'' otherwise.\n\nWhen you have finished providing data to the compressor, call the\nflush() method to finish the compression process.") {
    return compress(ts, self, a->data.data, (size_t)a->data.len, LZMA_RUN);
}
GI_METHOD(lzma_compressor, flush, "(self)", "Finish the compression process.\n\nReturns the compressed data left in internal buffers.\n\nThe compressor object may not be used after this method is called.") {
    return compress(ts, self, "", 0, LZMA_FINISH);
}
static void compressor_destroy(GiThread *ts GI_UNUSED, GiObj *obj) { lzma_end(&((GiLzmaCompressor *)obj)->z); }

/* ---- Decompressor ---- */

static GiStatus start_decoder(GiThread *ts, GiLzmaDecompressor *d, int format, uint64_t memlimit, Chain *chain) {
    const uint32_t flags = LZMA_TELL_ANY_CHECK | LZMA_TELL_NO_CHECK;
    switch (format) {
    case FORMAT_AUTO: return check(ts, lzma_auto_decoder(&d->z, memlimit, flags));
    case FORMAT_XZ: return check(ts, lzma_stream_decoder(&d->z, memlimit, flags));
    case FORMAT_ALONE: d->check = LZMA_CHECK_NONE; return check(ts, lzma_alone_decoder(&d->z, memlimit));
    case FORMAT_RAW: d->check = LZMA_CHECK_NONE; return check(ts, lzma_raw_decoder(&d->z, chain->filters));
    default: return gi_raise_status(ts, &gi_exc_ValueError, "Invalid container format: %d", format);
    }
}
GI_NEW(lzma_decompressor, "(cls, format: int = 0, memlimit = None, filters = None)", NULL) {
    bool has_limit = !gi_is_null(a->memlimit) && !gi_is_none(a->memlimit), has_filters = !gi_is_null(a->filters) && !gi_is_none(a->filters);
    uint64_t memlimit = UINT64_MAX;
    Chain chain;
    if (has_limit && a->format == FORMAT_RAW) return gi_raise_ref(ts, &gi_exc_ValueError, "Cannot specify memory limit with FORMAT_RAW");
    if (has_limit && read_unsigned(ts, a->memlimit, true, &memlimit) < 0) return GI_NULL;
    if (a->format == FORMAT_RAW && !has_filters) return gi_raise_ref(ts, &gi_exc_ValueError, "Must specify filters for FORMAT_RAW");
    if (a->format != FORMAT_RAW && has_filters) return gi_raise_ref(ts, &gi_exc_ValueError, "Cannot specify filters except with FORMAT_RAW");
    if (has_filters && read_chain(ts, a->filters, &chain) < 0) return GI_NULL;
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiLzmaDecompressor *d = DECOMPRESSOR(made);
    GiRef empty = gi_bytes_from(ts, "", 0);
    gi_slot_init(&d->in.unused_data, empty);
    d->z = (lzma_stream)LZMA_STREAM_INIT;
    d->in.needs_input = true;
    d->check = CHECK_UNKNOWN;
    if (!gi_is_null(empty) && start_decoder(ts, d, a->format, memlimit, &chain) == GI_OK) return made;
    gi_drop(ts, made);
    return GI_NULL;
}
/* Works until the input is used up, the stream ends or `limit` bytes are out. */
static lzma_ret decode(GiLzmaDecompressor *d, size_t limit, GiCoderOut *out) {
    lzma_stream *z = &d->z;
    for (;;) {
        if (!gi_coder_room(out, limit)) return out->len >= limit ? LZMA_OK : LZMA_MEM_ERROR;
        z->next_out = out->data + out->len;
        z->avail_out = out->capacity - out->len;
        lzma_ret code = lzma_code(z, LZMA_RUN);
        out->len = out->capacity - z->avail_out;
        if (code == LZMA_BUF_ERROR && z->avail_in == 0 && z->avail_out > 0) code = LZMA_OK;
        if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) d->check = (int)lzma_get_check(z);
        if (code == LZMA_STREAM_END) d->in.eof = true;
        else if (code == LZMA_GET_CHECK || code == LZMA_NO_CHECK) continue;
        if (code != LZMA_OK || (z->avail_in == 0 && z->avail_out > 0)) return code;
    }
}
GI_METHOD(lzma_decompressor, decompress, "(self, data: buffer, max_length: ssize = -1)", "Decompress *data*, returning uncompressed data as bytes.\n\nIf *max_length* is nonnegative, returns at most *max_length* bytes of\ndecompressed data. If this limit is reached and further output can be\nproduced, *self.needs_input* will be set to ``False``. In this case, the next\ncall to *decompress()* may provide *data* as b'' to obtain more of the output.\n\nIf all of the input data was decompressed and returned (either because this\nwas less than *max_length* bytes, or because *max_length* was negative),\n*self.needs_input* will be set to True.\n\nAttempting to decompress data after the end of stream is reached raises an\nEOFError.  Any data found after the end of the stream is ignored and saved in\nthe unused_data attribute.") {
    GiLzmaDecompressor *d = DECOMPRESSOR(self);
    if (gi_wait_lock(ts, &d->in.busy) < 0) return GI_NULL;
    GiRef r = GI_NULL;
    const uint8_t *at;
    size_t left;
    GiCoderOut out = {0};
    if (d->in.eof) {
        gi_raise(ts, &gi_exc_EOFError, "Already at end of stream");
    } else if (gi_coder_join(ts, &d->in, a->data.data, (size_t)a->data.len, &at, &left) == GI_OK) {
        size_t limit = a->max_length < 0 ? SIZE_MAX : (size_t)a->max_length;
        lzma_ret code = LZMA_OK;
        d->z.next_in = at;
        d->z.avail_in = left;
        GI_BLOCKING(&ts->core, "unlzma") code = decode(d, limit, &out);
        if (check(ts, code) == GI_OK && gi_coder_keep(ts, &d->in, d->z.next_in, d->z.avail_in) == GI_OK) {
            if (!d->in.eof) d->in.needs_input = d->in.count == 0 && out.len < limit;
            r = gi_coder_take(ts, &out);
        } else {
            d->in.needs_input = false;
            free(out.data);
        }
    }
    gi_wait_unlock(ts, &d->in.busy);
    return r;
}
static void decompressor_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiLzmaDecompressor *d = (GiLzmaDecompressor *)obj;
    lzma_end(&d->z);
    free(d->in.waiting);
}

/* ---- Functions ---- */

GI_FUNCTION(_lzma, is_check_supported, "(check_id: int, /)", "Test whether the given integrity check is supported.\n\nAlways returns True for CHECK_NONE and CHECK_CRC32.") {
    return gi_bool_ref(lzma_check_is_supported((lzma_check)a->check_id));
}
GI_FUNCTION(_lzma, _encode_filter_properties, "(filter, /)", "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).\n\nThe result does not include the filter ID itself, only the options.") {
    lzma_filter filter;
    FilterOptions options;
    uint32_t size;
    if (read_filter(ts, a->filter, &filter, &options) < 0 || check(ts, lzma_properties_size(&size, &filter)) < 0) return GI_NULL;
    GiRef bytes = gi_bytes_from(ts, NULL, size);
    if (gi_is_null(bytes) || check(ts, lzma_properties_encode(&filter, gi_bytes_data(bytes))) == GI_OK) return bytes;
    gi_drop(ts, bytes);
    return GI_NULL;
}
static GiStatus put(GiThread *ts, GiVal dict, const char *name, uint64_t value) {
    GI_AUTO GiRef number = gi_int_from_u64(ts, value);
    return gi_is_null(number) ? GI_FAIL : gi_dict_set_cstr(ts, dict, name, gi_val(number));
}
static GiStatus put_filter(GiThread *ts, GiVal dict, const lzma_filter *filter) {
    if (put(ts, dict, "id", filter->id) < 0) return GI_FAIL;
    const lzma_options_lzma *lzma = filter->options;
    switch (filter->id) {
    case LZMA_FILTER_LZMA1:
        if (put(ts, dict, "lc", lzma->lc) < 0 || put(ts, dict, "lp", lzma->lp) < 0 || put(ts, dict, "pb", lzma->pb) < 0) return GI_FAIL;
        return put(ts, dict, "dict_size", lzma->dict_size);
    case LZMA_FILTER_LZMA2: return put(ts, dict, "dict_size", lzma->dict_size);
    case LZMA_FILTER_DELTA: return put(ts, dict, "dist", ((const lzma_options_delta *)filter->options)->dist);
    default: return filter->options ? put(ts, dict, "start_offset", ((const lzma_options_bcj *)filter->options)->start_offset) : GI_OK;
    }
}
GI_FUNCTION(_lzma, _decode_filter_properties, "(filter_id, encoded_props: buffer, /)", "Return a bytes object encoding the options (properties) of the filter specified by *filter* (a dict).\n\nThe result does not include the filter ID itself, only the options.") {
    uint64_t id;
    if (read_unsigned(ts, a->filter_id, true, &id) < 0) return GI_NULL;
    lzma_filter filter = {.id = id};
    if (check(ts, lzma_properties_decode(&filter, NULL, a->encoded_props.data, (size_t)a->encoded_props.len)) < 0) return GI_NULL;
    GiRef dict = gi_dict_new(ts);
    if (!gi_is_null(dict) && put_filter(ts, gi_val(dict), &filter) < 0) {
        gi_drop(ts, dict);
        dict = GI_NULL;
    }
    free(filter.options);
    return dict;
}

static const GiMemberDef decompressor_members[] = {
    {"check", GI_MEMBER_INT, offsetof(GiLzmaDecompressor, check), true, "ID of the integrity check used by the input stream."},
    {"eof", GI_MEMBER_BOOL, offsetof(GiLzmaDecompressor, in.eof), true, "True if the end-of-stream marker has been reached."},
    {"needs_input", GI_MEMBER_BOOL, offsetof(GiLzmaDecompressor, in.needs_input), true, "True if more input is needed before more decompressed data can be produced."},
    {"unused_data", GI_MEMBER_OBJECT_EX, offsetof(GiLzmaDecompressor, in.unused_data), true, "Data found after the end of the compressed stream."},
    {.name = NULL}};
GiType gi_lzma_compressor_type = {
    .obj = GI_TYPE_HEAD, .name = "_lzma.LZMACompressor", .module = "_lzma", .size = sizeof(GiLzmaCompressor), .base = &gi_object_type,
    .new_ = lzma_compressor_new, .methods = lzma_compressor_methods, .destroy = compressor_destroy, .doc = "LZMACompressor(format=FORMAT_XZ, check=-1, preset=None, filters=None)\n\nCreate a compressor object for compressing data incrementally.\n\nformat specifies the container format to use for the output. This can\nbe FORMAT_XZ (default), FORMAT_ALONE, or FORMAT_RAW.\n\ncheck specifies the integrity check to use. For FORMAT_XZ, the default\nis CHECK_CRC64. FORMAT_ALONE and FORMAT_RAW do not support integrity\nchecks; for these formats, check must be omitted, or be CHECK_NONE.\n\nThe settings used by the compressor can be specified either as a\npreset compression level (with the 'preset' argument), or in detail\nas a custom filter chain (with the 'filters' argument). For FORMAT_XZ\nand FORMAT_ALONE, the default is to use the PRESET_DEFAULT preset\nlevel. For FORMAT_RAW, the caller must always specify a filter chain;\nthe raw compressor does not support preset compression levels.\n\npreset (if provided) should be an integer in the range 0-9, optionally\nOR-ed with the constant PRESET_EXTREME.\n\nfilters (if provided) should be a sequence of dicts. Each dict should\nhave an entry for \"id\" indicating the ID of the filter, plus\nadditional entries for options to the filter.\n\nFor one-shot compression, use the compress() function instead.\n",
};
GiType gi_lzma_decompressor_type = {
    .obj = GI_TYPE_HEAD, .name = "_lzma.LZMADecompressor", .module = "_lzma", .size = sizeof(GiLzmaDecompressor), .base = &gi_object_type,
    .flags = GI_TYPE_GC, .fields = (const GiField[]){GI_SLOT(GiLzmaDecompressor, in.unused_data), GI_FIELDS_END},
    .new_ = lzma_decompressor_new, .methods = lzma_decompressor_methods, .members = decompressor_members, .destroy = decompressor_destroy,
    .doc = "LZMADecompressor(format=FORMAT_AUTO, memlimit=None, filters=None)\n--\n\nCreate a decompressor object for decompressing data incrementally.\n\n  format\n    Specifies the container format of the input stream.  If this is\n    FORMAT_AUTO (the default), the decompressor will automatically detect\n    whether the input is FORMAT_XZ or FORMAT_ALONE.  Streams created with\n    FORMAT_RAW cannot be autodetected.\n  memlimit\n    Limit the amount of memory used by the decompressor.  This will cause\n    decompression to fail if the input cannot be decompressed within the\n    given limit.\n  filters\n    A custom filter chain.  This argument is required for FORMAT_RAW, and\n    not accepted with any other format.  When provided, this should be a\n    sequence of dicts, each indicating the ID and options for a single\n    filter.\n\nFor one-shot decompression, use the decompress() function instead.",
};
static GiStatus _lzma_exec(GiThread *ts, GiVal module) {
#define L(name) {#name, LZMA_##name}
    static const GiIntConstant constants[] = {
        {"FORMAT_AUTO", FORMAT_AUTO}, {"FORMAT_XZ", FORMAT_XZ}, {"FORMAT_ALONE", FORMAT_ALONE}, {"FORMAT_RAW", FORMAT_RAW},
        L(CHECK_NONE), L(CHECK_CRC32), L(CHECK_CRC64), L(CHECK_SHA256), L(CHECK_ID_MAX), {"CHECK_UNKNOWN", CHECK_UNKNOWN},
        L(FILTER_LZMA1), L(FILTER_LZMA2), L(FILTER_DELTA), L(FILTER_X86), L(FILTER_IA64), L(FILTER_ARM), L(FILTER_ARMTHUMB),
        L(FILTER_SPARC), L(FILTER_POWERPC), L(MF_HC3), L(MF_HC4), L(MF_BT2), L(MF_BT3), L(MF_BT4), L(MODE_FAST), L(MODE_NORMAL),
        L(PRESET_DEFAULT), L(PRESET_EXTREME)};
#undef L
    GiRef error = gi_type_make(ts, "_lzma.LZMAError", &gi_exc_Exception, "Call to liblzma failed.");
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&((LzmaState *)gi_module_state(module))->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "LZMAError", error) < 0 || gi_module_add_type(ts, module, &gi_lzma_compressor_type) < 0 ||
        gi_module_add_type(ts, module, &gi_lzma_decompressor_type) < 0)
        return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField state_fields[] = {GI_SLOT(LzmaState, error), GI_FIELDS_END};
const GiModuleDef gi_module__lzma = {.name = "_lzma", .functions = _lzma_functions, .exec = _lzma_exec,
                                     .state_size = sizeof(LzmaState), .state_fields = state_fields};
