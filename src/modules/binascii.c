/* binascii.c - the module binascii, over base/bintext.h. */
#include "modules/module.h"

#include "base/bintext.h"
#include "objects/byteslike.h"

typedef struct State {
    GiSlot error, incomplete;
} State;

extern const GiModuleDef gi_module_binascii;

#include "modules/binascii.gen.h"

/* Data given as ASCII text or a bytes-like object. */
static GiStatus ascii_data(GiThread *ts, GiVal v, GiBuffer *out) {
    memset(out, 0, sizeof *out);
    if (gi_is_str(v)) {
        if (!gi_str_is_ascii(v))
            return gi_raise_status(ts, &gi_exc_ValueError, "string argument should contain only ASCII characters");
        out->data = gi_str_data(v);
        out->len = (ssize_t)gi_str_len(v);
        return GI_OK;
    }
    if (!gi_has_buffer(v))
        return gi_raise_status(ts, &gi_exc_TypeError,
                               "argument should be bytes, buffer or ASCII string, not '%.100T'", v);
    return gi_buffer_get(ts, v, out, GI_BUF_BRIEF);
}

/* The result of a conversion into `out` (freed): message NULL is success. */
static GiRef finish(GiThread *ts, const char *message, GiStrbuf *out) {
    GiRef r = GI_NULL;
    if (message == GI_BINTEXT_NO_MEMORY || out->failed) {
        (void)gi_raise_nomem(ts);
    } else if (message) {
        State *state = gi_module_state_of(ts, &gi_module_binascii);
        gi_raise(ts, gi_as_type(state->error), "%s", message);
    } else {
        r = gi_bytes_from(ts, out->data, out->len);
    }
    gi_strbuf_free(out);
    return r;
}

GI_FUNCTION(binascii, a2b_uu, "(data, /)", "Decode a line of uuencoded data.") {
    GiBuffer data;
    if (ascii_data(ts, a->data, &data) != GI_OK) return GI_NULL;
    GiStrbuf out = {0};
    const char *message = gi_uu_decode(data.data, (size_t)data.len, &out);
    gi_buffer_release(ts, &data);
    return finish(ts, message, &out);
}
GI_FUNCTION(binascii, b2a_uu, "(data: buffer, /, *, backtick: bool = False)", "Uuencode line of data.") {
    GiStrbuf out = {0};
    return finish(ts, gi_uu_encode(a->data.data, (size_t)a->data.len, a->backtick, &out), &out);
}
GI_FUNCTION(binascii, a2b_base64, "(data, /, *, strict_mode: bool = False)", "Decode a line of base64 data.\n\n  strict_mode\n    When set to True, bytes that are not in the base64 standard are not allowed.\n    The same applies to excess data after padding (= / ==).") {
    GiBuffer data;
    char text[GI_BINTEXT_MESSAGE_MAX];
    if (ascii_data(ts, a->data, &data) != GI_OK) return GI_NULL;
    GiStrbuf out = {0};
    const char *message = gi_base64_decode(data.data, (size_t)data.len, a->strict_mode, &out, text);
    gi_buffer_release(ts, &data);
    return finish(ts, message, &out);
}
GI_FUNCTION(binascii, b2a_base64, "(data: buffer, /, *, newline: bool = True)", "Base64-code line of data.") {
    GiStrbuf out = {0};
    GiStatus status = gi_base64_encode(a->data.data, (size_t)a->data.len, a->newline, &out);
    return finish(ts, status == GI_OK ? NULL : GI_BINTEXT_NO_MEMORY, &out);
}
GI_FUNCTION(binascii, a2b_qp, "(data, header: boolint = False)", "Decode a string of qp-encoded data.") {
    GiBuffer data;
    if (ascii_data(ts, a->data, &data) != GI_OK) return GI_NULL;
    GiStrbuf out = {0};
    GiStatus status = gi_qp_decode(data.data, (size_t)data.len, a->header, &out);
    gi_buffer_release(ts, &data);
    return finish(ts, status == GI_OK ? NULL : GI_BINTEXT_NO_MEMORY, &out);
}
GI_FUNCTION(binascii, b2a_qp, "(data: buffer, quotetabs: boolint = False, istext: boolint = True, header: boolint = False)", "Encode a string using quoted-printable encoding.\n\nOn encoding, when istext is set, newlines are not encoded, and white\nspace at end of lines is.  When istext is not set, \\r and \\n (CR/LF)\nare both encoded.  When quotetabs is set, space and tabs are encoded.") {
    GiStrbuf out = {0};
    GiStatus status = gi_qp_encode(a->data.data, (size_t)a->data.len, a->quotetabs, a->istext, a->header, &out);
    return finish(ts, status == GI_OK ? NULL : GI_BINTEXT_NO_MEMORY, &out);
}

static GiRef hexlify(GiThread *ts, const GiBuffer *data, GiVal sep, int group) {
    GiRef text = gi_bytes_hex(ts, data->data, (size_t)data->len, sep, group);
    if (gi_is_null(text)) return text;
    GiRef bytes = gi_bytes_from(ts, gi_str_data(text), gi_str_len(text));
    gi_drop(ts, text);
    return bytes;
}
GI_FUNCTION(binascii, b2a_hex, "(data: buffer, sep=<unrepresentable>, bytes_per_sep: int = 1)", "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nThe return value is a bytes object.  This function is also\navailable as \"hexlify()\".\n\nExample:\n>>> binascii.b2a_hex(b'\\xb9\\x01\\xef')\nb'b901ef'\n>>> binascii.hexlify(b'\\xb9\\x01\\xef', ':')\nb'b9:01:ef'\n>>> binascii.b2a_hex(b'\\xb9\\x01\\xef', b'_', 2)\nb'b9_01ef'") {
    return hexlify(ts, &a->data, a->sep, a->bytes_per_sep);
}
GI_FUNCTION(binascii, hexlify, "(data: buffer, sep=<unrepresentable>, bytes_per_sep: int = 1)", "Hexadecimal representation of binary data.\n\n  sep\n    An optional single character or byte to separate hex bytes.\n  bytes_per_sep\n    How many bytes between separators.  Positive values count from the\n    right, negative values count from the left.\n\nThe return value is a bytes object.  This function is also\navailable as \"b2a_hex()\".") {
    return hexlify(ts, &a->data, a->sep, a->bytes_per_sep);
}

static GiRef unhexlify(GiThread *ts, GiVal hexstr) {
    GiBuffer data;
    if (ascii_data(ts, hexstr, &data) != GI_OK) return GI_NULL;
    State *state = gi_module_state_of(ts, &gi_module_binascii);
    GiRef bytes = GI_NULL;
    if (data.len % 2) {
        gi_raise(ts, gi_as_type(state->error), "Odd-length string");
    } else {
        bytes = gi_bytes_from(ts, NULL, (size_t)data.len / 2);
        if (!gi_is_null(bytes) && data.len && !gi_hex_decode(data.data, (size_t)data.len, gi_bytes_data(bytes))) {
            gi_drop(ts, bytes);
            bytes = GI_NULL;
            gi_raise(ts, gi_as_type(state->error), "Non-hexadecimal digit found");
        }
    }
    gi_buffer_release(ts, &data);
    return bytes;
}
GI_FUNCTION(binascii, a2b_hex, "(hexstr, /)", "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower case).\nThis function is also available as \"unhexlify()\".") {
    return unhexlify(ts, a->hexstr);
}
GI_FUNCTION(binascii, unhexlify, "(hexstr, /)", "Binary data of hexadecimal representation.\n\nhexstr must contain an even number of hex digits (upper or lower case).") {
    return unhexlify(ts, a->hexstr);
}

/* The low 32 bits of an int of any size. */
static GiStatus low_word(GiThread *ts, GiVal v, uint32_t *out) {
    *out = 0;
    if (gi_is_null(v)) return GI_OK;
    GiRef i = gi_index(ts, v);
    if (gi_is_null(i)) return GI_FAIL;
    *out = (uint32_t)gi_int_mask_u64(gi_val(i));
    gi_drop(ts, i);
    return GI_OK;
}
GI_FUNCTION(binascii, crc32, "(data: buffer, crc=0, /)", "Compute CRC-32 incrementally.") {
    uint32_t crc;
    if (low_word(ts, a->crc, &crc) != GI_OK) return GI_NULL;
    return gi_smallint_ref(gi_crc32(a->data.data, (size_t)a->data.len, crc));
}
GI_FUNCTION(binascii, crc_hqx, "(data: buffer, crc, /)", "Compute CRC-CCITT incrementally.") {
    uint32_t crc;
    if (low_word(ts, a->crc, &crc) != GI_OK) return GI_NULL;
    return gi_smallint_ref(gi_crc_hqx(a->data.data, (size_t)a->data.len, (uint16_t)crc));
}

static GiStatus binascii_exec(GiThread *ts, GiVal module) {
    State *state = gi_module_state(module);
    GiRef error = gi_type_make(ts, "binascii.Error", &gi_exc_ValueError, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&state->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "Error", error) != GI_OK) return GI_FAIL;
    GiRef incomplete = gi_type_make(ts, "binascii.Incomplete", &gi_exc_Exception, NULL);
    if (gi_is_null(incomplete)) return GI_FAIL;
    gi_slot_init(&state->incomplete, gi_dup(ts, gi_val(incomplete)));
    return gi_module_add(ts, module, "Incomplete", incomplete);
}

static const GiField state_fields[] = {GI_SLOT(State, error), GI_SLOT(State, incomplete), GI_FIELDS_END};

const GiModuleDef gi_module_binascii = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = binascii_functions,
    .exec = binascii_exec,
    .state_size = sizeof(State),
    .state_fields = state_fields,
};
