/* textio_read.c - TextIOWrapper: decoding, reading characters and lines, seek and tell. */
#include "modules/_io/textio.h"
#include "base/utf8.h"
#include "objects/codec.h"

/* ---- the decoder ---- */

static const char *errors_text(GiThread *ts, GiTextIO *t) { return gi_str_utf8(ts, gi_val(t->errors), NULL); }

/* Code that this object called may have initialised it anew, for writing only. */
static GiStatus check_decoder(GiThread *ts, GiTextIO *t) {
    if (GI_LIKELY(t->decoder.bits)) return GI_OK;
    (void)gi_io_unsupported(ts, "not readable");
    return GI_FAIL;
}
/* Keeps the bytes of an incomplete character for the next call. */
static GiRef decode_utf8(GiThread *ts, GiTextIO *t, const uint8_t *data, size_t len, bool final) {
    uint8_t *joined = NULL;
    if (t->tail_len) {
        joined = gi_mem_alloc(ts, len + t->tail_len);
        if (!joined) return GI_NULL;
        memcpy(joined, t->tail, t->tail_len);
        memcpy(joined + t->tail_len, data, len);
        data = joined;
        len += t->tail_len;
    }
    size_t consumed;
    GiRef text = gi_decode_utf8_with(ts, data, len, errors_text(ts, t), final, &consumed);
    if (!gi_is_null(text)) {
        size_t left = GI_MIN(len - consumed, sizeof t->tail);
        memcpy(t->tail, data + len - left, left);
        t->tail_len = (uint8_t)left;
    }
    gi_mem_free(joined);
    return text;
}

/* Bytes to text, without newlines. `input` is the object (may be null for native codecs). */
static GiRef decode_bytes(GiThread *ts, GiVal self, const uint8_t *data, size_t len, GiVal input, bool final) {
    GiTextIO *t = TEXTIO(self);
    switch (t->codec) {
    case GI_TEXT_UTF8:
        if (GI_LIKELY(t->tail_len == 0 && gi_ascii_prefix(data, len) == len)) return gi_str_from_latin1(ts, data, len);
        return decode_utf8(ts, t, data, len, final);
    case GI_TEXT_ASCII:
        if (gi_ascii_prefix(data, len) == len) return gi_str_from_latin1(ts, data, len);
        return gi_decode(ts, data, len, "ascii", errors_text(ts, t));
    case GI_TEXT_LATIN1: return gi_str_from_latin1(ts, data, len);
    case GI_TEXT_OBJECT: break;
    }
    if (check_decoder(ts, t) < 0) return GI_NULL;
    GiRef made = gi_is_null(input) ? gi_bytes_from(ts, data, len) : gi_dup(ts, input);
    if (gi_is_null(made)) return made;
    GiRef decoder = gi_slot_dup(ts, &t->decoder);
    GiRef text = gi_io_call2(ts, gi_val(decoder), GI_N(decode), gi_val(made), gi_bool(final));
    gi_drop(ts, decoder);
    gi_drop(ts, made);
    if (!gi_is_null(text) && !gi_is_str(gi_val(text))) {
        gi_raise(ts, &gi_exc_TypeError, "decoder should return a string result, not '%.200T'", gi_val(text));
        gi_drop(ts, text);
        return GI_NULL;
    }
    return text;
}
static GiRef decode(GiThread *ts, GiVal self, const uint8_t *data, size_t len, GiVal input, bool final) {
    GiRef text = decode_bytes(ts, self, data, len, input, final);
    return TEXTIO(self)->read_universal ? gi_newlines_translate(ts, &TEXTIO(self)->newlines, text, final) : text;
}

/* The decoder's state: bytes it holds back (a bytes object), and flags. */
static GiStatus decoder_state(GiThread *ts, GiVal self, GiRef *held, uint64_t *flags) {
    GiTextIO *t = TEXTIO(self);
    *flags = 0;
    if (t->codec != GI_TEXT_OBJECT) {
        *held = gi_bytes_from(ts, t->tail, t->tail_len);
        if (gi_is_null(*held)) return GI_FAIL;
    } else {
        if (check_decoder(ts, t) < 0) return GI_FAIL;
        GiRef state = gi_io_call0(ts, gi_val(t->decoder), GI_N(getstate));
        if (gi_is_null(state)) return GI_FAIL;
        GiVal pair = gi_val(state);
        GiStatus status = GI_OK;
        if (!gi_is_tuple(pair) || gi_tuple_len(pair) != 2 || !gi_is_int(gi_tuple_get(pair, 1)))
            status = gi_raise_status(ts, &gi_exc_TypeError, "illegal decoder state");
        else if (!gi_is_bytes(gi_tuple_get(pair, 0)))
            status = gi_raise_status(ts, &gi_exc_TypeError, "illegal decoder state: the first item should be a bytes object, not '%.200T'",
                                     gi_tuple_get(pair, 0));
        else
            status = gi_as_u64(ts, gi_tuple_get(pair, 1), flags);
        if (status == GI_OK) *held = gi_dup(ts, gi_tuple_get(pair, 0));
        gi_drop(ts, state);
        if (status < 0) return GI_FAIL;
    }
    if (t->read_universal) *flags = *flags << 1 | t->newlines.pending_cr;
    return GI_OK;
}
static GiStatus decoder_set(GiThread *ts, GiVal self, GiVal held, uint64_t flags) {
    GiTextIO *t = TEXTIO(self);
    if (t->read_universal) {
        t->newlines.pending_cr = flags & 1;
        flags >>= 1;
    }
    if (t->codec != GI_TEXT_OBJECT) {
        t->tail_len = (uint8_t)GI_MIN(gi_bytes_len(held), sizeof t->tail);
        memcpy(t->tail, gi_bytes_data(held), t->tail_len);
        return GI_OK;
    }
    if (check_decoder(ts, t) < 0) return GI_FAIL;
    GiRef number = gi_int_from_u64(ts, flags);
    GiRef state = gi_is_null(number) ? GI_NULL : gi_tuple_pack(ts, 2, held, gi_val(number));
    gi_xdrop(ts, number);
    if (gi_is_null(state)) return GI_FAIL;
    GiRef r = gi_call_method_cstr(ts, gi_val(t->decoder), "setstate", (GiVal[]){gi_val(state)}, 1);
    gi_drop(ts, state);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}
GiStatus gi_textio_reset_decoder(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (!t->can_read) return GI_OK;
    t->tail_len = 0;
    t->newlines.pending_cr = false;
    t->newlines.seen = 0;
    if (t->codec != GI_TEXT_OBJECT) return GI_OK;
    if (check_decoder(ts, t) < 0) return GI_FAIL;
    GiRef r = gi_call_method_cstr(ts, gi_val(t->decoder), "reset", NULL, 0);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

void gi_textio_forget(GiThread *ts, GiTextIO *t) {
    t->used = 0;
    if (t->decoded.bits) gi_slot_clear(ts, &t->decoded);
    if (t->snap_input.bits) gi_slot_clear(ts, &t->snap_input);
}
static void set_decoded(GiThread *ts, GiTextIO *t, GiRef text) {
    t->used = 0;
    gi_slot_set(ts, &t->decoded, text);
}
static inline size_t decoded_left(GiTextIO *t) { return t->decoded.bits ? gi_str_len(t->decoded) - t->used : 0; }

/* ---- reading ---- */

static GiRef take_decoded(GiThread *ts, GiTextIO *t, size_t n) {
    if (!t->decoded.bits) return gi_str_from_latin1(ts, "", 0);
    n = GI_MIN(n, decoded_left(t));
    GiRef text = n == gi_str_len(t->decoded) ? gi_slot_dup(ts, &t->decoded)
                                             : gi_str_slice(ts, gi_val(t->decoded), t->used, t->used + n);
    if (!gi_is_null(text)) t->used += n;
    return text;
}

/* Bytes from the buffer: read1(n), or read(n). */
static GiRef read_buffer(GiThread *ts, GiVal self, ssize_t n) {
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    GiTextIO *t = TEXTIO(self);
    GiVal buffer = gi_val(t->buffer);
    if (t->has_read1 && (gi_io_plain(ts, buffer, &gi_buffered_reader_type) || gi_io_plain(ts, buffer, &gi_buffered_random_type)))
        return gi_buffered_read1(ts, buffer, n);
    GiRef count = gi_int_from_i64(ts, n);
    if (gi_is_null(count)) return count;
    GiRef r = t->has_read1 ? gi_call_method_cstr(ts, buffer, "read1", (GiVal[]){gi_val(count)}, 1)
                           : gi_io_call1(ts, buffer, GI_N(read), gi_val(count));
    gi_drop(ts, count);
    return r;
}

/* Reads and decodes a piece into t->decoded. 1: got something; 0: the end; -1: failed. */
static int read_chunk(GiThread *ts, GiVal self, size_t hint) {
    GiTextIO *t = TEXTIO(self);
    if (!t->can_read) return gi_io_unsupported(ts, "not readable").bits ? 0 : -1;
    GiRef held = GI_NULL;
    uint64_t flags = 0;
    if (t->telling && decoder_state(ts, self, &held, &flags) < 0) return -1;
    ssize_t want = t->chunk;
    if (hint > 0) {
        double bytes = GI_MAX(t->bytes_per_char, 1.0) * (double)hint;
        if (bytes > (double)want) want = bytes < 1e18 ? (ssize_t)bytes : want;
    }
    GiRef input = read_buffer(ts, self, want);
    GiBuffer view;
    int result = -1;
    if (gi_is_null(input)) goto done;
    if (gi_buffer_get(ts, gi_val(input), &view, GI_BUF_BRIEF) < 0) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_TypeError, "underlying %s() should have returned a bytes-like object, not '%.200T'",
                 t->has_read1 ? "read1" : "read", gi_val(input));
        goto done;
    }
    size_t n = (size_t)view.len;
    GiRef text = gi_textio_check(ts, self) < 0 ? GI_NULL : decode(ts, self, view.data, n, gi_val(input), n == 0);
    if (gi_is_null(text)) {
        gi_buffer_release(ts, &view);
        goto done;
    }
    size_t chars = gi_str_len(text);
    set_decoded(ts, t, text);
    t->bytes_per_char = chars ? (double)n / (double)chars : 0.0;
    result = n || chars;
    if (!gi_is_null(held)) {
        GiRef all;
        if (gi_bytes_len(held) == 0 && gi_is_bytes_exact(gi_val(input))) {
            all = gi_dup(ts, gi_val(input));
        } else {
            all = gi_bytes_from(ts, NULL, gi_bytes_len(held) + n);
            if (!gi_is_null(all)) {
                memcpy(gi_bytes_data(all), gi_bytes_data(held), gi_bytes_len(held));
                memcpy(gi_bytes_data(all) + gi_bytes_len(held), view.data, n);
            }
        }
        if (gi_is_null(all)) result = -1;
        else gi_slot_set(ts, &t->snap_input, all);
        t->snap_flags = flags;
    }
    gi_buffer_release(ts, &view);
done:
    gi_xdrop(ts, input);
    gi_xdrop(ts, held);
    return result;
}

static GiRef read_rest(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    GiRef buffer = gi_slot_dup(ts, &t->buffer);
    GiRef bytes = gi_io_call0(ts, gi_val(buffer), GI_N(read));
    gi_drop(ts, buffer);
    if (gi_is_null(bytes)) return bytes;
    GiBuffer view;
    if (gi_buffer_get(ts, gi_val(bytes), &view, GI_BUF_BRIEF) < 0) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    GiRef text = decode(ts, self, view.data, (size_t)view.len, gi_val(bytes), true);
    gi_buffer_release(ts, &view);
    gi_drop(ts, bytes);
    if (gi_is_null(text)) return text;
    if (decoded_left(t)) {
        GiRef head = take_decoded(ts, t, SIZE_MAX);
        GiRef all = gi_is_null(head) ? GI_NULL : gi_str_concat(ts, gi_val(head), gi_val(text));
        gi_xdrop(ts, head);
        gi_drop(ts, text);
        text = all;
    }
    if (!gi_is_null(text)) gi_textio_forget(ts, t);
    return text;
}

GiRef gi_textio_read(GiThread *ts, GiVal self, ssize_t n) {
    GiTextIO *t = TEXTIO(self);
    if (!t->can_read) return gi_io_unsupported(ts, "not readable");
    if (gi_textio_write_pending(ts, self) < 0) return GI_NULL;
    if (n < 0) return read_rest(ts, self);
    GiRef text = take_decoded(ts, t, (size_t)n);
    if (gi_is_null(text)) return text;
    while (gi_str_len(text) < (size_t)n) {
        size_t missing = (size_t)n - gi_str_len(text);
        int got = read_chunk(ts, self, missing);
        if (got < 0) {
            gi_drop(ts, text);
            return GI_NULL;
        }
        if (got == 0) break;
        GiRef more = take_decoded(ts, t, missing);
        if (!gi_is_null(more)) text = gi_str_append(ts, text, gi_val(more));
        else gi_drop(ts, text), text = GI_NULL;
        gi_xdrop(ts, more);
        if (gi_is_null(text)) break;
    }
    return text;
}

/* A line that is not all in what is decoded. */
static GiRef long_line(GiThread *ts, GiVal self, ssize_t limit) {
    GiTextIO *t = TEXTIO(self);
    GiStrBuilder sb;
    GiRef carry = GI_NULL; /* what may be the beginning of a line end */
    size_t taken = 0;
    gi_sb_init(&sb, ts);
    for (;;) {
        int got = 1;
        while (decoded_left(t) == 0 && got > 0) got = read_chunk(ts, self, 0);
        if (got < 0) goto fail;
        if (got == 0) {
            gi_textio_forget(ts, t);
            if (!gi_is_null(carry)) gi_sb_str(&sb, gi_val(carry));
            break;
        }
        GiRef line;
        size_t start, before = 0;
        if (gi_is_null(carry)) {
            line = gi_slot_dup(ts, &t->decoded);
            start = t->used;
        } else {
            GiRef rest = gi_str_slice(ts, gi_val(t->decoded), t->used, gi_str_len(t->decoded));
            before = gi_str_len(carry);
            line = gi_is_null(rest) ? GI_NULL : gi_str_concat(ts, gi_val(carry), gi_val(rest));
            gi_xdrop(ts, rest);
            gi_drop(ts, carry);
            carry = GI_NULL;
            if (gi_is_null(line)) goto fail;
            start = 0;
        }
        size_t base = start == 0 && before ? t->used : 0; /* line[i] is decoded[i - before + base] */
        size_t from, len = gi_str_len(line), stop = gi_newlines_find(gi_val(line), start, t->read_universal, t->read_nl, &from);
        bool done = stop != SIZE_MAX;
        if (limit >= 0 && (done ? stop : len) - start + taken >= (size_t)limit) {
            stop = start + (size_t)limit - taken;
            done = true;
        }
        if (done) {
            gi_sb_slice(&sb, gi_val(line), start, stop);
            t->used = before ? base + (stop > before ? stop - before : 0) : stop;
            gi_drop(ts, line);
            break;
        }
        gi_sb_slice(&sb, gi_val(line), start, start + from);
        taken += from;
        if (start + from < len) carry = gi_str_slice(ts, gi_val(line), start + from, len);
        bool failed = start + from < len && gi_is_null(carry);
        gi_drop(ts, line);
        set_decoded(ts, t, GI_NULL);
        if (failed) goto fail;
    }
    gi_xdrop(ts, carry);
    return gi_sb_finish(&sb);
fail:
    gi_xdrop(ts, carry);
    gi_sb_discard(&sb);
    return GI_NULL;
}

GiRef gi_textio_readline(GiThread *ts, GiVal self, ssize_t limit) {
    GiTextIO *t = TEXTIO(self);
    if (t->pending_len && gi_textio_write_pending(ts, self) < 0) return GI_NULL;
    if (GI_LIKELY(decoded_left(t))) {
        size_t from, start = t->used, stop;
        GiVal text = gi_val(t->decoded);
        /* PERF: the usual case: one line of text of one byte a character. */
        if (gi_str_kind(text) <= GI_STR_LATIN1 && (t->newlines.translate || !t->read_universal) && t->read_nl[1] == 0) {
            const char *p = (const char *)gi_str_data(text);
            const char *nl = memchr(p + start, t->newlines.translate ? '\n' : t->read_nl[0], gi_str_len(text) - start);
            stop = nl ? (size_t)(nl - p) + 1 : SIZE_MAX;
        } else {
            stop = gi_newlines_find(text, start, t->read_universal, t->read_nl, &from);
        }
        size_t have = (stop == SIZE_MAX ? gi_str_len(text) : stop) - start;
        if (limit >= 0 && have >= (size_t)limit) stop = start + (size_t)limit;
        if (stop != SIZE_MAX) {
            GiRef line = gi_str_slice(ts, text, start, stop);
            if (!gi_is_null(line)) t->used = stop;
            return line;
        }
    }
    return limit == 0 ? gi_str_from_latin1(ts, "", 0) : long_line(ts, self, limit);
}

GiRef gi_textio_next(GiThread *ts, GiVal self) {
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    GiTextIO *t = TEXTIO(self);
    GiRef line;
    if (gi_is_exact(self, &gi_textio_type)) {
        GI_IO_GUARD(&t->lock);
        t->telling = false;
        if (gi_textio_check_open(ts, self) < 0) return GI_NULL;
        line = gi_textio_readline(ts, self, -1);
    } else {
        {
            GI_IO_GUARD(&t->lock);
            t->telling = false;
        }
        line = gi_io_call0(ts, self, GI_N(readline));
        if (!gi_is_null(line) && !gi_is_str(gi_val(line))) {
            gi_raise(ts, &gi_exc_OSError, "readline() should have returned a str object, not '%.200T'", gi_val(line));
            gi_drop(ts, line);
            return GI_NULL;
        }
    }
    if (gi_is_null(line) || gi_str_len(line)) return line;
    gi_drop(ts, line);
    GI_IO_GUARD(&t->lock);
    if (t->snap_input.bits) gi_slot_clear(ts, &t->snap_input);
    t->telling = t->seekable;
    return GI_NULL;
}

/* ---- positions ----
 *
 * A cookie is one int: where in the file the decoder was in a known state (64 bits), its flags,
 * how many bytes to give it then, how many characters of what it makes to skip (64 bits each), and
 * whether to tell it that the input ends. */

typedef struct Cookie { uint64_t start, flags, feed, skip, eof; } Cookie;

static GiRef cookie_pack(GiThread *ts, const Cookie *c) {
    mp_limb_t limbs[5] = {c->start, c->flags, c->feed, c->skip, c->eof};
    return gi_int_from_limbs(ts, limbs, 5, false);
}
static GiStatus cookie_unpack(GiThread *ts, GiVal v, Cookie *c) {
    uint8_t bytes[40];
    uint64_t limbs[5];
    if (gi_int_to_bytes(ts, v, bytes, sizeof bytes, true, false) < 0) return GI_FAIL;
    memcpy(limbs, bytes, sizeof limbs);
    *c = (Cookie){limbs[0], limbs[1], limbs[2], limbs[3], limbs[4]};
    return GI_OK;
}

/* Decodes input[from, to) and gives the number of characters; -1: failed. */
static ssize_t count_decoded(GiThread *ts, GiVal self, GiVal input, size_t from, size_t to, bool final) {
    GiRef text = decode(ts, self, gi_bytes_data(input) + from, to - from, GI_NOVAL, final);
    if (gi_is_null(text)) return -1;
    ssize_t n = (ssize_t)gi_str_len(text);
    gi_drop(ts, text);
    return n;
}

/* Finds the cookie's state: the last place in input, before `skip` characters of it, where the
 * decoder holds nothing back; and how to go on from there. The decoder is in the state `flags`. */
static GiStatus find_state(GiThread *ts, GiVal self, GiVal input, Cookie *c) {
    GiTextIO *t = TEXTIO(self);
    size_t at = 0, len = gi_bytes_len(input);
    uint64_t flags;
    GiRef held, empty = gi_bytes_from(ts, "", 0);
    if (gi_is_null(empty)) return GI_FAIL;
    /* Jump near the place first; halve the jump until it does not go too far. */
    for (size_t jump = GI_MIN((size_t)(t->bytes_per_char * (double)c->skip), len); jump > 8; jump /= 2) {
        if (decoder_set(ts, self, gi_val(empty), c->flags) < 0) goto fail;
        ssize_t n = count_decoded(ts, self, input, 0, jump, false);
        if (n < 0 || decoder_state(ts, self, &held, &flags) < 0) goto fail;
        size_t kept = gi_bytes_len(held);
        gi_drop(ts, held);
        if ((uint64_t)n > c->skip || kept > 0) continue;
        at = jump;
        c->start += jump;
        c->skip -= (uint64_t)n;
        c->flags = flags;
        break;
    }
    if (decoder_set(ts, self, gi_val(empty), c->flags) < 0) goto fail;
    uint64_t chars = 0;
    c->feed = c->eof = 0;
    while (chars < c->skip) {
        if (at == len) {
            ssize_t n = count_decoded(ts, self, input, len, len, true);
            if (n < 0) goto fail;
            c->eof = 1;
            if (chars + (uint64_t)n < c->skip) {
                gi_raise(ts, &gi_exc_OSError, "can't reconstruct logical file position");
                goto fail;
            }
            break;
        }
        ssize_t n = count_decoded(ts, self, input, at, at + 1, false);
        if (n < 0 || decoder_state(ts, self, &held, &flags) < 0) goto fail;
        at++;
        c->feed++;
        chars += (uint64_t)n;
        if (gi_bytes_len(held) == 0 && chars <= c->skip) {
            c->start += c->feed;
            c->skip -= chars;
            c->flags = flags;
            c->feed = chars = 0;
        }
        gi_drop(ts, held);
    }
    gi_drop(ts, empty);
    return GI_OK;
fail:
    gi_drop(ts, empty);
    return GI_FAIL;
}

GiRef gi_textio_tell(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (!t->seekable) return gi_io_unsupported(ts, "underlying stream is not seekable");
    if (!t->telling) return gi_raise_ref(ts, &gi_exc_OSError, "telling position disabled by next() call");
    if (gi_textio_write_pending(ts, self) < 0) return GI_NULL;
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    if (gi_is_null(r)) return r;
    gi_drop(ts, r);
    if (gi_textio_check(ts, self) < 0) return GI_NULL;
    r = gi_io_call0(ts, gi_val(t->buffer), GI_N(tell));
    if (gi_is_null(r) || !t->can_read || !t->snap_input.bits) return r;
    int64_t at;
    GiStatus status = gi_io_offset(ts, gi_val(r), &at);
    gi_drop(ts, r);
    if (status < 0) return GI_NULL;
    GiRef input = gi_slot_dup(ts, &t->snap_input);
    Cookie c = {.start = (uint64_t)at - gi_bytes_len(input), .flags = t->snap_flags, .skip = t->used};
    if (c.skip == 0) {
        gi_drop(ts, input);
        return cookie_pack(ts, &c);
    }
    GiRef held;
    uint64_t flags;
    if (decoder_state(ts, self, &held, &flags) < 0) {
        gi_drop(ts, input);
        return GI_NULL;
    }
    uint8_t seen = t->newlines.seen;
    status = find_state(ts, self, gi_val(input), &c);
    GiRef first = status < 0 ? gi_exc_take(ts) : GI_NULL;
    GiStatus restored = decoder_set(ts, self, gi_val(held), flags);
    t->newlines.seen = seen;
    gi_drop(ts, held);
    gi_drop(ts, input);
    gi_io_chain(ts, first);
    return status < 0 || restored < 0 ? GI_NULL : cookie_pack(ts, &c);
}

static GiStatus call_flush(GiThread *ts, GiVal self) {
    GiRef r = gi_io_call0(ts, self, GI_N(flush));
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return gi_textio_check(ts, self);
}

static GiRef seek_to_end(GiThread *ts, GiVal self) {
    GiTextIO *t = TEXTIO(self);
    if (call_flush(ts, self) < 0) return GI_NULL;
    gi_textio_forget(ts, t);
    if (gi_textio_reset_decoder(ts, self) < 0 || gi_textio_check(ts, self) < 0) return GI_NULL;
    GiRef r = gi_io_call2(ts, gi_val(t->buffer), GI_N(seek), gi_smallint(0), gi_smallint(2));
    if (gi_is_null(r) || !t->can_write) return r;
    GiTruth zero = gi_compare_truth(ts, gi_val(r), gi_smallint(0), GI_EQ);
    if (zero.value >= 0 && gi_textio_reset_encoder(ts, self, zero.value) == GI_OK) return r;
    gi_drop(ts, r);
    return GI_NULL;
}

GiRef gi_textio_seek(GiThread *ts, GiVal self, GiVal where, int whence) {
    GiTextIO *t = TEXTIO(self);
    if (!t->seekable) return gi_io_unsupported(ts, "underlying stream is not seekable");
    if (whence < 0 || whence > 2)
        return gi_raise_ref(ts, &gi_exc_ValueError, "invalid whence (%d, should be %d, %d or %d)", whence, 0, 1, 2);
    GiTruth truth = whence ? gi_compare_truth(ts, where, gi_smallint(0), GI_EQ) : gi_compare_truth(ts, where, gi_smallint(0), GI_LT);
    if (truth.value < 0) return GI_NULL;
    if (whence == 1 && !truth.value) return gi_io_unsupported(ts, "can't do nonzero cur-relative seeks");
    if (whence == 2 && !truth.value) return gi_io_unsupported(ts, "can't do nonzero end-relative seeks");
    if (whence == 2) return seek_to_end(ts, self);
    if (whence == 0 && truth.value) return gi_raise_ref(ts, &gi_exc_ValueError, "negative seek position %R", where);
    GiRef cookie = whence ? gi_io_call0(ts, self, GI_N(tell)) : gi_dup(ts, where), input = GI_NULL;
    Cookie c;
    if (gi_is_null(cookie)) return cookie;
    GiRef number = gi_number_int(ts, gi_val(cookie));
    if (gi_is_null(number)) goto fail;
    if (call_flush(ts, self) < 0 || cookie_unpack(ts, gi_val(number), &c) < 0) goto fail;
    GiRef start = gi_int_from_u64(ts, c.start);
    GiRef r = gi_is_null(start) ? GI_NULL : gi_io_call1(ts, gi_val(t->buffer), GI_N(seek), gi_val(start));
    gi_xdrop(ts, start);
    if (gi_is_null(r)) goto fail;
    gi_drop(ts, r);
    gi_textio_forget(ts, t);
    if (t->can_read) {
        GiRef empty = gi_bytes_from(ts, "", 0);
        if (gi_is_null(empty)) goto fail;
        GiStatus status = c.start == 0 && c.flags == 0 ? gi_textio_reset_decoder(ts, self)
                                                       : decoder_set(ts, self, gi_val(empty), c.flags);
        t->snap_flags = c.flags;
        if (c.skip == 0) gi_slot_set(ts, &t->snap_input, empty);
        else gi_drop(ts, empty);
        if (status < 0) goto fail;
    }
    if (c.skip) {
        if (gi_textio_check(ts, self) < 0) goto fail;
        GiRef feed = gi_int_from_u64(ts, c.feed);
        if (gi_is_null(feed)) goto fail;
        input = gi_io_call1(ts, gi_val(t->buffer), GI_N(read), gi_val(feed));
        gi_drop(ts, feed);
        if (gi_is_null(input)) goto fail;
        if (!gi_is_bytes(gi_val(input))) {
            gi_raise(ts, &gi_exc_TypeError, "underlying read() should have returned a bytes object, not '%.200T'", gi_val(input));
            goto fail;
        }
        gi_slot_set(ts, &t->snap_input, gi_dup(ts, gi_val(input)));
        GiRef text = decode(ts, self, gi_bytes_data(input), gi_bytes_len(input), gi_val(input), c.eof != 0);
        if (gi_is_null(text)) goto fail;
        size_t chars = gi_str_len(text);
        set_decoded(ts, t, text);
        if (chars < c.skip) {
            gi_raise(ts, &gi_exc_OSError, "can't restore logical file position");
            goto fail;
        }
        t->used = (size_t)c.skip;
        gi_drop(ts, input);
        input = GI_NULL;
    }
    if (t->can_write && gi_textio_reset_encoder(ts, self, c.start == 0 && c.flags == 0) < 0) goto fail;
    gi_drop(ts, number);
    return cookie;
fail:
    gi_drop(ts, cookie);
    gi_xdrop(ts, number);
    gi_xdrop(ts, input);
    return GI_NULL;
}
