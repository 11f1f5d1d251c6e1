/* audioop - operations on sound fragments: signed samples of 1 to 4 bytes in the machine's order.
 *
 * Samples are worked on as int32_t at their own width, or scaled to 32 bits where widths meet.
 * Results that do not fit are clipped to the width. No state but the exception.
 */
#include "modules/module.h"

#include <math.h>

typedef struct AudioState { GiSlot error; } AudioState;

#include "modules/audioop.gen.h"

/* A fragment as samples. */
typedef struct Samples {
    const uint8_t *data;
    size_t count;
    int width;
} Samples;

static GiRef fail(GiThread *ts, GiVal module, const char *message) {
    GiRef text = gi_str_from_cstr(ts, message);
    GiRef exc = gi_is_null(text) ? text : gi_call1(ts, gi_val(((AudioState *)gi_module_state(module))->error), gi_val(text));
    gi_xdrop(ts, text);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}

static bool bad_width(GiThread *ts, GiVal module, int width) {
    if (width >= 1 && width <= 4) return false;
    fail(ts, module, "Size should be 1, 2, 3 or 4");
    return true;
}

static GiStatus samples_of(GiThread *ts, GiVal module, const GiBuffer *b, int width, Samples *out) {
    if (bad_width(ts, module, width)) return GI_FAIL;
    if (b->len % width) {
        fail(ts, module, "not a whole number of frames");
        return GI_FAIL;
    }
    *out = (Samples){b->data, (size_t)(b->len / width), width};
    return GI_OK;
}

static int32_t get_raw(const uint8_t *p, int width) {
    switch (width) {
    case 1: return (int8_t)p[0];
    case 2: {
        int16_t v;
        memcpy(&v, p, 2);
        return v;
    }
    case 3: return (int32_t)(p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (p[2] & 0x80 ? 0xFF000000u : 0));
    default: {
        int32_t v;
        memcpy(&v, p, 4);
        return v;
    }
    }
}
static void put_raw(uint8_t *p, int width, int32_t v) {
    for (int i = 0; i < width; i++) p[i] = (uint8_t)((uint32_t)v >> (8 * i));
}
static int32_t sample(const Samples *s, size_t i) { return get_raw(s->data + i * (size_t)s->width, s->width); }
/* The sample at 32 bits, and back. */
static int32_t get32(const uint8_t *p, int width) { return (int32_t)((uint32_t)get_raw(p, width) << (32 - 8 * width)); }
static void put32(uint8_t *p, int width, int32_t v) { put_raw(p, width, v >> (32 - 8 * width)); }

static int64_t highest(int width) { return (INT64_C(1) << (8 * width - 1)) - 1; }
static int64_t lowest(int width) { return -(INT64_C(1) << (8 * width - 1)); }

/* Rounds down into what the width holds. */
static int32_t clip(double v, int width) {
    double low = (double)lowest(width), high = (double)highest(width);
    if (v > high) v = high;
    else if (v < low + 1.0) v = low;
    return (int32_t)floor(v);
}

static GiRef new_fragment(GiThread *ts, size_t count, int width) {
    if (count > SSIZE_MAX / 8) return gi_raise_ref(ts, &gi_exc_MemoryError, "not enough memory for output buffer");
    return gi_bytes_from(ts, NULL, count * (size_t)width);
}

/* ---- Measuring ---- */

GI_FUNCTION(audioop, getsample, "(fragment: buffer, width: int, index: ssize, /)", "Return the value of sample index from the fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    if (a->index < 0 || (size_t)a->index >= s.count) return fail(ts, self, "Index out of range");
    return gi_smallint_ref(sample(&s, (size_t)a->index));
}
GI_FUNCTION(audioop, max, "(fragment: buffer, width: int, /)", "Return the maximum of the absolute value of all samples in a fragment.") {
    Samples s;
    int64_t most = 0;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    for (size_t i = 0; i < s.count; i++) most = GI_MAX(most, llabs((long long)sample(&s, i)));
    return gi_smallint_ref(most);
}
GI_FUNCTION(audioop, minmax, "(fragment: buffer, width: int, /)", "Return the minimum and maximum values of all samples in the sound fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    int32_t low = INT32_MAX, high = INT32_MIN;
    for (size_t i = 0; i < s.count; i++) {
        int32_t v = sample(&s, i);
        if (v > high) high = v;
        if (v < low) low = v;
    }
    return gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(low), gi_smallint_ref(high)}, 2);
}
GI_FUNCTION(audioop, avg, "(fragment: buffer, width: int, /)", "Return the average over all samples in the fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    double sum = 0;
    for (size_t i = 0; i < s.count; i++) sum += sample(&s, i);
    return gi_smallint_ref(s.count ? (int64_t)floor(sum / (double)s.count) : 0);
}
GI_FUNCTION(audioop, rms, "(fragment: buffer, width: int, /)", "Return the root-mean-square of the fragment, i.e. sqrt(sum(S_i^2)/n).") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    double sum = 0;
    for (size_t i = 0; i < s.count; i++) sum += (double)sample(&s, i) * sample(&s, i);
    return gi_smallint_ref(s.count ? (int64_t)sqrt(sum / (double)s.count) : 0);
}
GI_FUNCTION(audioop, cross, "(fragment: buffer, width: int, /)", "Return the number of zero crossings in the fragment passed as an argument.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    int64_t crossings = s.count ? 0 : -1;
    for (size_t i = 1; i < s.count; i++) crossings += (sample(&s, i) < 0) != (sample(&s, i - 1) < 0);
    return gi_smallint_ref(crossings);
}

/* The distances between successive turning points, of which the first counts from the second on. */
typedef struct Peaks {
    double sum;
    int64_t most;
    size_t count;
} Peaks;
static Peaks find_peaks(const Samples *s) {
    Peaks p = {0, 0, 0};
    bool rising = false, moving = false, seen = false;
    int32_t turn = 0;
    for (size_t i = 1; i < s->count; i++) {
        int32_t before = sample(s, i - 1), v = sample(s, i);
        if (v == before) continue;
        if (moving && rising != (v > before)) {
            if (seen) {
                int64_t distance = llabs((long long)before - turn);
                p.sum += (double)distance;
                p.most = GI_MAX(p.most, distance);
                p.count++;
            }
            seen = true;
            turn = before;
        }
        moving = true;
        rising = v > before;
    }
    return p;
}
GI_FUNCTION(audioop, avgpp, "(fragment: buffer, width: int, /)", "Return the average peak-peak value over all samples in the fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    Peaks p = find_peaks(&s);
    return gi_smallint_ref(p.count ? (int64_t)(p.sum / (double)p.count) : 0);
}
GI_FUNCTION(audioop, maxpp, "(fragment: buffer, width: int, /)", "Return the maximum peak-peak value in the sound fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    return gi_smallint_ref(find_peaks(&s).most);
}

/* ---- Fitting (16-bit samples) ---- */

static double dot(const Samples *x, size_t from, const Samples *y, size_t at, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)sample(x, from + i) * sample(y, at + i);
    return sum;
}
static GiStatus even(GiThread *ts, GiVal module, const GiBuffer *b, Samples *s) {
    if (b->len & 1) {
        fail(ts, module, "Strings should be even-sized");
        return GI_FAIL;
    }
    return samples_of(ts, module, b, 2, s);
}
GI_FUNCTION(audioop, findfit, "(fragment: buffer, reference: buffer, /)", "Try to match reference as well as possible to a portion of fragment.") {
    Samples x, r;
    if (even(ts, self, &a->fragment, &x) || even(ts, self, &a->reference, &r)) return GI_NULL;
    if (x.count < r.count) return fail(ts, self, "First sample should be longer");
    /* Least squares: what is left of the fragment after the best multiple of the reference. */
    double energy = dot(&r, 0, &r, 0, r.count), best = 0;
    size_t where = 0;
    for (size_t j = 0; j + r.count <= x.count; j++) {
        double own = dot(&x, j, &x, j, r.count), mixed = dot(&x, j, &r, 0, r.count);
        double left = (own * energy - mixed * mixed) / own;
        if (j == 0 || left < best) {
            best = left;
            where = j;
        }
    }
    double factor = dot(&x, where, &r, 0, r.count) / energy;
    return gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref((int64_t)where), gi_double_ref(factor)}, 2);
}
GI_FUNCTION(audioop, findfactor, "(fragment: buffer, reference: buffer, /)", "Return a factor F such that rms(add(fragment, mul(reference, -F))) is minimal.") {
    Samples x, r;
    if (even(ts, self, &a->fragment, &x) || even(ts, self, &a->reference, &r)) return GI_NULL;
    if (x.count != r.count) return fail(ts, self, "Samples should be same size");
    return gi_double_ref(dot(&x, 0, &r, 0, x.count) / dot(&r, 0, &r, 0, r.count));
}
GI_FUNCTION(audioop, findmax, "(fragment: buffer, length: ssize, /)", "Search fragment for a slice of specified number of samples with maximum energy.") {
    Samples x;
    if (even(ts, self, &a->fragment, &x)) return GI_NULL;
    if (a->length < 0 || (size_t)a->length > x.count) return fail(ts, self, "Input sample should be longer");
    size_t n = (size_t)a->length, where = 0;
    double energy = dot(&x, 0, &x, 0, n), best = energy;
    for (size_t j = 1; j + n <= x.count; j++) {
        double out = sample(&x, j - 1), in = n ? sample(&x, j + n - 1) : out;
        energy += in * in - out * out;
        if (energy > best) {
            best = energy;
            where = j;
        }
    }
    return gi_smallint_ref((int64_t)where);
}

/* ---- Changing ---- */

GI_FUNCTION(audioop, mul, "(fragment: buffer, width: int, factor: double, /)", "Return a fragment that has all samples in the original fragment multiplied by the floating-point value factor.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, s.width);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++)
        put_raw(gi_bytes_data(out) + i * (size_t)s.width, s.width, clip(sample(&s, i) * a->factor, s.width));
    return out;
}
GI_FUNCTION(audioop, tomono, "(fragment: buffer, width: int, lfactor: double, rfactor: double, /)", "Convert a stereo fragment to a mono fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    if (s.count % 2) return fail(ts, self, "not a whole number of frames");
    GiRef out = new_fragment(ts, s.count / 2, s.width);
    for (size_t i = 0; !gi_is_null(out) && i < s.count / 2; i++)
        put_raw(gi_bytes_data(out) + i * (size_t)s.width, s.width,
                clip(sample(&s, 2 * i) * a->lfactor + sample(&s, 2 * i + 1) * a->rfactor, s.width));
    return out;
}
GI_FUNCTION(audioop, tostereo, "(fragment: buffer, width: int, lfactor: double, rfactor: double, /)", "Generate a stereo fragment from a mono fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count * 2, s.width);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++) {
        uint8_t *p = gi_bytes_data(out) + 2 * i * (size_t)s.width;
        put_raw(p, s.width, clip(sample(&s, i) * a->lfactor, s.width));
        put_raw(p + s.width, s.width, clip(sample(&s, i) * a->rfactor, s.width));
    }
    return out;
}
GI_FUNCTION(audioop, add, "(fragment1: buffer, fragment2: buffer, width: int, /)", "Return a fragment which is the addition of the two samples passed as parameters.") {
    Samples x, y;
    if (samples_of(ts, self, &a->fragment1, a->width, &x)) return GI_NULL;
    if (a->fragment1.len != a->fragment2.len) return fail(ts, self, "Lengths should be the same");
    if (samples_of(ts, self, &a->fragment2, a->width, &y)) return GI_NULL;
    GiRef out = new_fragment(ts, x.count, x.width);
    for (size_t i = 0; !gi_is_null(out) && i < x.count; i++) {
        int64_t sum = (int64_t)sample(&x, i) + sample(&y, i);
        sum = GI_MIN(GI_MAX(sum, lowest(x.width)), highest(x.width));
        put_raw(gi_bytes_data(out) + i * (size_t)x.width, x.width, (int32_t)sum);
    }
    return out;
}
GI_FUNCTION(audioop, bias, "(fragment: buffer, width: int, bias: int, /)", "Return a fragment that is the original fragment with a bias added to each sample.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, s.width);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++)
        put_raw(gi_bytes_data(out) + i * (size_t)s.width, s.width, (int32_t)((uint32_t)sample(&s, i) + (uint32_t)a->bias));
    return out;
}
GI_FUNCTION(audioop, reverse, "(fragment: buffer, width: int, /)", "Reverse the samples in a fragment and returns the modified fragment.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, s.width);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++)
        put_raw(gi_bytes_data(out) + (s.count - 1 - i) * (size_t)s.width, s.width, sample(&s, i));
    return out;
}
GI_FUNCTION(audioop, byteswap, "(fragment: buffer, width: int, /)", "Convert big-endian samples to little-endian and vice versa.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, s.width);
    size_t w = (size_t)s.width;
    for (size_t i = 0; !gi_is_null(out) && i < s.count * w; i++)
        gi_bytes_data(out)[i] = s.data[i / w * w + (w - 1 - i % w)];
    return out;
}
GI_FUNCTION(audioop, lin2lin, "(fragment: buffer, width: int, newwidth: int, /)", "Convert samples between 1-, 2-, 3- and 4-byte formats.") {
    Samples s;
    if (samples_of(ts, self, &a->fragment, a->width, &s) || bad_width(ts, self, a->newwidth)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, a->newwidth);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++)
        put32(gi_bytes_data(out) + i * (size_t)a->newwidth, a->newwidth, get32(s.data + i * (size_t)s.width, s.width));
    return out;
}

/* ---- Changing the rate ---- */

static int64_t divisor(int64_t x, int64_t y) {
    while (y) {
        int64_t t = x % y;
        x = y;
        y = t;
    }
    return x;
}

/* Linear interpolation; `due` is how far the next output sample is behind the last input sample, in
 * units of 1 / (inrate * outrate) s, and negative while input is wanted. */
typedef struct Converter {
    int channels, width;
    int64_t in, out, due;
    int32_t *before, *now; /* per channel, at 32 bits */
} Converter;

/* A C int out of a state tuple. */
static GiStatus state_int(GiThread *ts, GiVal v, int *out) {
    int64_t wide;
    if (gi_as_i64(ts, v, &wide)) return GI_FAIL;
    if (wide != (int)wide)
        return gi_raise_status(ts, &gi_exc_OverflowError, "signed integer is %s",
                               wide > 0 ? "greater than maximum" : "less than minimum");
    *out = (int)wide;
    return GI_OK;
}
static GiStatus illegal_state(GiThread *ts) {
    return gi_raise_status(ts, &gi_exc_TypeError, "ratecv(): illegal state argument");
}
static GiStatus converter_restore(GiThread *ts, GiVal module, Converter *c, GiVal state) {
    if (!gi_is_tuple(state)) return gi_raise_status(ts, &gi_exc_TypeError, "state must be a tuple or None");
    GiVal rows = gi_tuple_len(state) == 2 ? gi_tuple_get(state, 1) : GI_NOVAL;
    if (gi_is_null(rows) || !gi_is_tuple(rows)) return illegal_state(ts);
    int due;
    if (state_int(ts, gi_tuple_get(state, 0), &due)) return GI_FAIL;
    c->due = due;
    if ((int)gi_tuple_len(rows) != c->channels) {
        fail(ts, module, "illegal state argument");
        return GI_FAIL;
    }
    for (int i = 0; i < c->channels; i++) {
        GiVal row = gi_tuple_get(rows, (size_t)i);
        if (!gi_is_tuple(row) || gi_tuple_len(row) != 2) return illegal_state(ts);
        if (state_int(ts, gi_tuple_get(row, 0), &c->before[i]) || state_int(ts, gi_tuple_get(row, 1), &c->now[i])) return GI_FAIL;
    }
    return GI_OK;
}
static GiRef converter_state(GiThread *ts, const Converter *c) {
    GiRef rows = gi_tuple_new(ts, (size_t)c->channels);
    for (int i = 0; i < c->channels && !gi_is_null(rows); i++) {
        GiRef row = gi_tuple_pack(ts, 2, gi_smallint(c->before[i]), gi_smallint(c->now[i]));
        if (gi_is_null(row)) {
            gi_drop(ts, rows);
            return GI_NULL;
        }
        gi_tuple_init(rows, (size_t)i, row);
    }
    return gi_is_null(rows) ? rows : gi_tuple_steal(ts, (GiRef[]){gi_int_from_i64(ts, c->due), rows}, 2);
}

static GiRef convert(GiThread *ts, Converter *c, const Samples *s, double weight_a, double weight_b) {
    size_t frames = s->count / (size_t)c->channels, made = 0;
    double expected = ((double)frames + 1) * (double)c->out / (double)c->in + 2;
    if (expected * c->width * c->channels > 1e15) return gi_raise_nomem(ts);
    size_t room = (size_t)expected * (size_t)c->channels;
    uint8_t *buffer = gi_mem_alloc(ts, (room + (size_t)c->channels) * (size_t)c->width);
    if (!buffer) return GI_NULL;
    for (size_t frame = 0;;) {
        while (c->due < 0 && frame < frames) {
            for (int i = 0; i < c->channels; i++) {
                double v = get32(s->data + (frame * (size_t)c->channels + (size_t)i) * (size_t)c->width, c->width);
                c->before[i] = c->now[i];
                c->now[i] = (int32_t)((weight_a * v + weight_b * c->before[i]) / (weight_a + weight_b));
            }
            frame++;
            c->due += c->out;
        }
        if (c->due < 0) break;
        for (; c->due >= 0 && made < room; c->due -= c->in)
            for (int i = 0; i < c->channels; i++)
                put32(buffer + made++ * (size_t)c->width, c->width,
                      (int32_t)(((double)c->before[i] * (double)c->due + (double)c->now[i] * (double)(c->out - c->due)) / (double)c->out));
        if (made >= room && c->due >= 0) break;
    }
    GiRef out = gi_bytes_from(ts, buffer, made * (size_t)c->width);
    gi_mem_free(buffer);
    return out;
}

GI_FUNCTION(audioop, ratecv, "(fragment: buffer, width: int, nchannels: int, inrate: int, outrate: int, state, weightA: int = 1, weightB: int = 0, /)", "Convert the frame rate of the input fragment.") {
    if (bad_width(ts, self, a->width)) return GI_NULL;
    if (a->nchannels < 1) return fail(ts, self, "# of channels should be >= 1");
    if (a->width > INT32_MAX / a->nchannels)
        return gi_raise_ref(ts, &gi_exc_OverflowError, "width * nchannels too big for a C int");
    if (a->weightA < 1 || a->weightB < 0)
        return fail(ts, self, "weightA should be >= 1, weightB should be >= 0");
    if (a->fragment.len % ((ssize_t)a->width * a->nchannels)) return fail(ts, self, "not a whole number of frames");
    if (a->inrate <= 0 || a->outrate <= 0) return fail(ts, self, "sampling rate not > 0");
    int64_t common = divisor(a->inrate, a->outrate), weights = divisor(a->weightA, a->weightB);
    Samples s = {a->fragment.data, (size_t)(a->fragment.len / a->width), a->width};
    Converter c = {.channels = a->nchannels, .width = a->width, .in = a->inrate / common, .out = a->outrate / common};
    c.due = -c.out;
    c.before = gi_mem_calloc(ts, 2 * (size_t)a->nchannels, sizeof *c.before);
    if (!c.before) return GI_NULL;
    c.now = c.before + a->nchannels;
    GiRef out = GI_NULL, state = GI_NULL;
    if (gi_is_none(a->state) || converter_restore(ts, self, &c, a->state) == GI_OK)
        out = convert(ts, &c, &s, (double)(a->weightA / weights), (double)(a->weightB / weights));
    if (!gi_is_null(out)) state = converter_state(ts, &c);
    gi_mem_free(c.before);
    if (!gi_is_null(state)) return gi_tuple_steal(ts, (GiRef[]){out, state}, 2);
    gi_xdrop(ts, out);
    return GI_NULL;
}

/* ---- Logarithmic encodings (ITU-T G.711) ---- */

/* The number of the chord: how often v, above `first`, must be halved to be at most `first`. */
static int chord_of(int v, int first) {
    int chord = 0;
    for (; v > first; first = 2 * first + 1) chord++;
    return chord;
}

/* u-law of a 14-bit value. */
static uint8_t to_ulaw(int v) {
    int mask = 0xFF;
    if (v < 0) {
        v = -v;
        mask = 0x7F;
    }
    v = GI_MIN(v, 8159) + 33;
    int chord = chord_of(v, 0x3F);
    return (uint8_t)(chord >= 8 ? 0x7F ^ mask : ((chord << 4) | ((v >> (chord + 1)) & 0xF)) ^ mask);
}
/* The 16-bit value of a u-law byte. */
static int from_ulaw(uint8_t byte) {
    byte = (uint8_t)~byte;
    int v = ((((byte & 0xF) << 3) + 0x84) << ((byte >> 4) & 7)) - 0x84;
    return byte & 0x80 ? -v : v;
}
/* A-law of a 13-bit value. */
static uint8_t to_alaw(int v) {
    int mask = 0xD5;
    if (v < 0) {
        mask = 0x55;
        v = -v - 1;
    }
    int chord = chord_of(v, 0x1F);
    if (chord >= 8) return (uint8_t)(0x7F ^ mask);
    return (uint8_t)(((chord << 4) | ((v >> (chord < 2 ? 1 : chord)) & 0xF)) ^ mask);
}
static int from_alaw(uint8_t byte) {
    byte ^= 0x55;
    int v = (byte & 0xF) << 4, chord = (byte >> 4) & 7;
    v += chord == 0 ? 8 : 0x108;
    if (chord > 1) v <<= chord - 1;
    return byte & 0x80 ? v : -v;
}

static GiRef compress(GiThread *ts, GiVal module, const GiBuffer *fragment, int width, bool alaw) {
    Samples s;
    if (samples_of(ts, module, fragment, width, &s)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count, 1);
    for (size_t i = 0; !gi_is_null(out) && i < s.count; i++) {
        int32_t v = get32(s.data + i * (size_t)width, width);
        gi_bytes_data(out)[i] = alaw ? to_alaw(v >> 19) : to_ulaw(v >> 18);
    }
    return out;
}
static GiRef expand(GiThread *ts, GiVal module, const GiBuffer *fragment, int width, bool alaw) {
    if (bad_width(ts, module, width)) return GI_NULL;
    GiRef out = new_fragment(ts, (size_t)fragment->len, width);
    for (size_t i = 0; !gi_is_null(out) && i < (size_t)fragment->len; i++) {
        uint8_t byte = ((const uint8_t *)fragment->data)[i];
        put32(gi_bytes_data(out) + i * (size_t)width, width, (alaw ? from_alaw(byte) : from_ulaw(byte)) * 65536);
    }
    return out;
}
GI_FUNCTION(audioop, lin2ulaw, "(fragment: buffer, width: int, /)", "Convert samples in the audio fragment to u-LAW encoding.") { return compress(ts, self, &a->fragment, a->width, false); }
GI_FUNCTION(audioop, ulaw2lin, "(fragment: buffer, width: int, /)", "Convert sound fragments in u-LAW encoding to linearly encoded sound fragments.") { return expand(ts, self, &a->fragment, a->width, false); }
GI_FUNCTION(audioop, lin2alaw, "(fragment: buffer, width: int, /)", "Convert samples in the audio fragment to a-LAW encoding.") { return compress(ts, self, &a->fragment, a->width, true); }
GI_FUNCTION(audioop, alaw2lin, "(fragment: buffer, width: int, /)", "Convert sound fragments in a-LAW encoding to linearly encoded sound fragments.") { return expand(ts, self, &a->fragment, a->width, true); }

/* ---- Intel/DVI ADPCM: four bits a sample, the difference in steps whose size adapts ---- */

static const int16_t step_sizes[89] = {
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107,
    118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963,
    1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894,
    6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794,
    32767};

typedef struct Adpcm { int value, index; } Adpcm;

static GiStatus adpcm_restore(GiThread *ts, const char *function, GiVal state, Adpcm *d) {
    *d = (Adpcm){0, 0};
    if (gi_is_none(state)) return GI_OK;
    if (!gi_is_tuple(state)) return gi_raise_status(ts, &gi_exc_TypeError, "state must be a tuple or None");
    if (gi_tuple_len(state) != 2)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s(): illegal state argument", function);
    if (state_int(ts, gi_tuple_get(state, 0), &d->value) || state_int(ts, gi_tuple_get(state, 1), &d->index)) return GI_FAIL;
    if (d->value >= 0x8000 || d->value < -0x8000 || (size_t)d->index >= GI_COUNTOF(step_sizes))
        return gi_raise_status(ts, &gi_exc_ValueError, "bad state");
    return GI_OK;
}

/* Moves the predicted value by a coded difference; both directions do this. */
static void adpcm_apply(Adpcm *d, int code) {
    int step = step_sizes[d->index], change = step >> 3;
    if (code & 4) change += step;
    if (code & 2) change += step >> 1;
    if (code & 1) change += step >> 2;
    d->value += code & 8 ? -change : change;
    d->value = GI_MIN(GI_MAX(d->value, -32768), 32767);
    d->index += code & 4 ? 2 * (code & 3) + 2 : -1;
    d->index = GI_MIN(GI_MAX(d->index, 0), (int)GI_COUNTOF(step_sizes) - 1);
}
static int adpcm_code(const Adpcm *d, int v) {
    int step = step_sizes[d->index], difference = v - d->value, code = 0;
    if (difference < 0) {
        code = 8;
        difference = -difference;
    }
    for (int bit = 4; bit; bit >>= 1, step >>= 1)
        if (difference >= step) {
            code |= bit;
            difference -= step;
        }
    return code;
}
static GiRef adpcm_result(GiThread *ts, GiRef out, const Adpcm *d) {
    return gi_tuple_steal(ts, (GiRef[]){out, gi_tuple_pack(ts, 2, gi_smallint(d->value), gi_smallint(d->index))}, 2);
}
GI_FUNCTION(audioop, lin2adpcm, "(fragment: buffer, width: int, state, /)", "Convert samples to 4 bit Intel/DVI ADPCM encoding.") {
    Samples s;
    Adpcm d;
    if (samples_of(ts, self, &a->fragment, a->width, &s) || adpcm_restore(ts, "lin2adpcm", a->state, &d)) return GI_NULL;
    GiRef out = new_fragment(ts, s.count / 2, 1);
    if (gi_is_null(out)) return out;
    int high = 0;
    for (size_t i = 0; i < s.count; i++) {
        int code = adpcm_code(&d, get32(s.data + i * (size_t)s.width, s.width) >> 16);
        adpcm_apply(&d, code);
        if (i % 2) gi_bytes_data(out)[i / 2] = (uint8_t)(high << 4 | code);
        else high = code;
    }
    return adpcm_result(ts, out, &d);
}
GI_FUNCTION(audioop, adpcm2lin, "(fragment: buffer, width: int, state, /)", "Decode an Intel/DVI ADPCM coded fragment to a linear fragment.") {
    Adpcm d;
    if (bad_width(ts, self, a->width) || adpcm_restore(ts, "adpcm2lin", a->state, &d)) return GI_NULL;
    GiRef out = new_fragment(ts, 2 * (size_t)a->fragment.len, a->width);
    if (gi_is_null(out)) return out;
    for (size_t i = 0; i < 2 * (size_t)a->fragment.len; i++) {
        int byte = ((const uint8_t *)a->fragment.data)[i / 2];
        adpcm_apply(&d, i % 2 ? byte & 0xF : byte >> 4);
        put32(gi_bytes_data(out) + i * (size_t)a->width, a->width, d.value * 65536);
    }
    return adpcm_result(ts, out, &d);
}

static GiStatus audioop_exec(GiThread *ts, GiVal module) {
    AudioState *state = gi_module_state(module);
    if (gi_warn(ts, &gi_exc_DeprecationWarning, 7, "'audioop' is deprecated and slated for removal in Python 3.13"))
        return GI_FAIL;
    GiRef error = gi_type_make(ts, "audioop.error", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&state->error, gi_dup(ts, gi_val(error)));
    return gi_module_add(ts, module, "error", error);
}
static const GiField audio_state_fields[] = {GI_SLOT(AudioState, error), GI_FIELDS_END};
const GiModuleDef gi_module_audioop = {
    .name = "audioop", .functions = audioop_functions, .exec = audioop_exec, .state_size = sizeof(AudioState),
    .state_fields = audio_state_fields,
};
