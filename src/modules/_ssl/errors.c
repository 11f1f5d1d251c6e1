/* errors.c - ssl.SSLError and its kinds, and what OpenSSL's queue of errors says in them. */
#include "modules/_ssl/internal.h"

#include "modules/_ssl/reasons.h"

/* ---- Raising ---- */

/* The name of a number in a table of the state; None when it has none. */
static GiRef name_in(GiThread *ts, const GiSlot *table, GiRef key) {
    GiRef name = GI_NULL;
    if (gi_is_null(key) || gi_dict_get(ts, gi_val(*table), gi_val(key), &name) < 0) gi_exc_clear(ts);
    gi_xdrop(ts, key);
    return gi_is_null(name) ? GI_REF_NONE : name;
}
static GiRef reason_of(GiThread *ts, unsigned long code) {
    if (code == 0) return GI_REF_NONE;
    GiRef pair[2] = {gi_int_from_i64(ts, ERR_GET_LIB(code)), gi_int_from_i64(ts, ERR_GET_REASON(code))};
    return name_in(ts, &gi_ssl_state(ts)->reasons, gi_ssl_tuple(ts, pair, 2));
}
static GiRef library_of(GiThread *ts, unsigned long code) {
    return code == 0 ? GI_REF_NONE : name_in(ts, &gi_ssl_state(ts)->libraries, gi_int_from_i64(ts, ERR_GET_LIB(code)));
}

/* What the verification of the peer's certificate ended by. */
static GiRef verification_text(GiThread *ts, GiSslSocket *conn, long result) {
    const char *what = result == X509_V_ERR_HOSTNAME_MISMATCH     ? "Hostname mismatch"
                       : result == X509_V_ERR_IP_ADDRESS_MISMATCH ? "IP address mismatch"
                                                                  : NULL;
    if (!what) return gi_ssl_text_or_none(ts, gi_ossl.X509_verify_cert_error_string(result));
    return gi_str_format(ts, "%s, certificate is not valid for '%S'.", what, gi_val(conn->hostname));
}

static GiStatus set(GiThread *ts, GiVal exc, const char *name, GiVal value) {
    return gi_setattr_cstr(ts, exc, name, value);
}

GiRef gi_ssl_raise(GiThread *ts, GiSslErrorKind kind, GiSslSocket *conn, int number, const char *text, int line,
                   unsigned long code) {
    GI_AUTO GiRef reason = reason_of(ts, code);
    GI_AUTO GiRef library = library_of(ts, code);
    GI_AUTO GiRef detail = GI_NULL;
    GI_AUTO GiRef message = GI_NULL;
    long result = 0;
    if (!text && code) text = gi_ossl.ERR_reason_error_string(code);
    if (!text) text = "unknown error";
    if (kind == GI_SSL_CERT_VERIFICATION && conn) {
        result = gi_ossl.SSL_get_verify_result(conn->ssl);
        detail = verification_text(ts, conn, result);
        if (gi_is_null(detail)) return detail;
    }
    gi_ossl.ERR_clear_error();
    GiVal l = gi_val(library), r = gi_val(reason);
    if (!gi_is_null(detail) && !gi_is_none(l) && !gi_is_none(r))
        message = gi_str_format(ts, "[%S: %S] %s: %S (_ssl.c:%d)", l, r, text, gi_val(detail), line);
    else if (!gi_is_none(l) && !gi_is_none(r)) message = gi_str_format(ts, "[%S: %S] %s (_ssl.c:%d)", l, r, text, line);
    else if (!gi_is_none(l)) message = gi_str_format(ts, "[%S] %s (_ssl.c:%d)", l, text, line);
    else message = gi_str_format(ts, "%s (_ssl.c:%d)", text, line);
    if (gi_is_null(message)) return message;
    GiRef exc = gi_call2(ts, gi_val(gi_ssl_state(ts)->errors[kind]), gi_smallint(number), gi_val(message));
    if (gi_is_null(exc)) return exc;
    if (set(ts, gi_val(exc), "reason", r) < 0 || set(ts, gi_val(exc), "library", l) < 0 ||
        (!gi_is_null(detail) && (set(ts, gi_val(exc), "verify_code", gi_smallint(result)) < 0 ||
                                 set(ts, gi_val(exc), "verify_message", gi_val(detail)) < 0))) {
        gi_drop(ts, exc);
        return GI_NULL;
    }
    gi_raise_object(ts, exc);
    return GI_NULL;
}

GiRef gi_ssl_raise_last(GiThread *ts, int line) {
    unsigned long code = gi_ossl.ERR_peek_last_error();
    return gi_ssl_raise(ts, GI_SSL_ERROR, NULL, ERR_GET_REASON(code), NULL, line, code);
}

GiRef gi_ssl_raise_text(GiThread *ts, const char *text) {
    gi_raise(ts, gi_as_type(gi_ssl_state(ts)->errors[GI_SSL_ERROR]), "%s", text);
    return GI_NULL;
}

/* The end of the stream, or what the system said. */
static GiRef raise_system(GiThread *ts, GiSslSocket *conn, int error, unsigned long code, int line) {
    if (code) return gi_ssl_raise(ts, GI_SSL_SYSCALL, conn, SSL_ERROR_SYSCALL, NULL, line, code);
    if (!conn->over_socket || error == 0)
        return gi_ssl_raise(ts, GI_SSL_EOF, conn, GI_SSL_NUMBER_EOF, "EOF occurred in violation of protocol", line, 0);
    gi_ossl.ERR_clear_error();
    return gi_raise_errno(ts, error, GI_NOVAL);
}

GiRef gi_ssl_raise_result(GiThread *ts, GiSslSocket *conn, int result, int error, int line) {
    unsigned long code = gi_ossl.ERR_peek_last_error();
    switch (result) {
    case SSL_ERROR_ZERO_RETURN:
        return gi_ssl_raise(ts, GI_SSL_ZERO_RETURN, conn, result, "TLS/SSL connection has been closed (EOF)", line, code);
    case SSL_ERROR_WANT_READ:
        return gi_ssl_raise(ts, GI_SSL_WANT_READ, conn, result, "The operation did not complete (read)", line, code);
    case SSL_ERROR_WANT_WRITE:
        return gi_ssl_raise(ts, GI_SSL_WANT_WRITE, conn, result, "The operation did not complete (write)", line, code);
    case SSL_ERROR_WANT_X509_LOOKUP:
        return gi_ssl_raise(ts, GI_SSL_ERROR, conn, result, "The operation did not complete (X509 lookup)", line, code);
    case SSL_ERROR_WANT_CONNECT:
        return gi_ssl_raise(ts, GI_SSL_ERROR, conn, result, "The operation did not complete (connect)", line, code);
    case SSL_ERROR_SYSCALL: return raise_system(ts, conn, error, code, line);
    case SSL_ERROR_SSL: {
        bool ssl = ERR_GET_LIB(code) == ERR_LIB_SSL;
        int reason = ERR_GET_REASON(code);
        if (ssl && reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            return gi_ssl_raise(ts, GI_SSL_EOF, conn, GI_SSL_NUMBER_EOF, "EOF occurred in violation of protocol", line, code);
        bool verification = ssl && reason == SSL_R_CERTIFICATE_VERIFY_FAILED;
        return gi_ssl_raise(ts, verification ? GI_SSL_CERT_VERIFICATION : GI_SSL_ERROR, conn, result,
                            code ? NULL : "A failure in the SSL library occurred", line, code);
    }
    default: return gi_ssl_raise(ts, GI_SSL_ERROR, conn, GI_SSL_NUMBER_INVALID, "Invalid error code", line, code);
    }
}

/* ---- The exceptions ---- */

/* PYSEM: the text alone when there is one, else the arguments. */
static GiRef ssl_error_str(GiThread *ts, GiVal self) {
    GI_AUTO GiRef text = gi_slot_load(ts, &((GiOSError *)gi_obj(self))->strerror);
    if (!gi_is_null(text) && gi_is_str(text)) return gi_move(&text);
    GI_AUTO GiRef args = gi_slot_load(ts, &((GiException *)gi_obj(self))->args);
    return gi_is_null(args) ? gi_str_from_cstr(ts, "()") : gi_str(ts, gi_val(args));
}
GiType gi_ssl_error_type = {
    .obj = GI_TYPE_HEAD, .name = "ssl.SSLError", .module = "ssl", .size = sizeof(GiOSError), .base = &gi_exc_OSError,
    .flags = GI_TYPE_BASE | GI_TYPE_GC | GI_TYPE_ATTRS | GI_TYPE_EXCEPTION, .str = ssl_error_str,
    .doc = "An error occurred in the SSL implementation.",
};

static const struct { const char *name, *doc; } kinds[GI_SSL_ERRORS] = {
    [GI_SSL_ERROR] = {"SSLError", NULL},
    [GI_SSL_ZERO_RETURN] = {"SSLZeroReturnError", "SSL/TLS session closed cleanly."},
    [GI_SSL_WANT_READ] = {"SSLWantReadError", "Non-blocking SSL socket needs to read more data\nbefore the requested operation can be completed."},
    [GI_SSL_WANT_WRITE] = {"SSLWantWriteError", "Non-blocking SSL socket needs to write more data\nbefore the requested operation can be completed."},
    [GI_SSL_SYSCALL] = {"SSLSyscallError", "System error when attempting SSL operation."},
    [GI_SSL_EOF] = {"SSLEOFError", "SSL/TLS connection terminated abruptly."},
    [GI_SSL_CERT_VERIFICATION] = {"SSLCertVerificationError", "A certificate could not be verified."},
};

static GiRef make_kind(GiThread *ts, GiSslErrorKind kind) {
    GI_AUTO GiRef name = gi_str_from_cstr(ts, kinds[kind].name);
    GI_AUTO GiRef dict = gi_dict_new(ts);
    GI_AUTO GiRef bases = kind == GI_SSL_CERT_VERIFICATION
                              ? gi_tuple_pack(ts, 2, gi_type_val(&gi_ssl_error_type), gi_type_val(&gi_exc_ValueError))
                              : gi_tuple_pack(ts, 1, gi_type_val(&gi_ssl_error_type));
    if (gi_is_null(name) || gi_is_null(dict) || gi_is_null(bases) ||
        gi_ssl_put(ts, gi_val(dict), "__module__", gi_str_from_cstr(ts, "ssl")) < 0 ||
        gi_ssl_put(ts, gi_val(dict), "__doc__", gi_str_from_cstr(ts, kinds[kind].doc)) < 0)
        return GI_NULL;
    return gi_type_new_class(ts, &gi_type_type, gi_val(name), gi_val(bases), gi_val(dict), NULL, GI_NOVAL);
}

/* ---- Numbers and names ---- */

/* err_codes_to_names, err_names_to_codes and lib_codes_to_names, from reason_table. */
static GiStatus add_reasons(GiThread *ts, GiSslState *state, GiVal codes) {
    int64_t library = 0;
    for (const char *line = reason_table; *line; line = strchr(line, '\n') + 1) {
        const char *space = strchr(line, ' '), *end = strchr(line, '\n');
        bool is_library = *line < '0' || *line > '9';
        int64_t number = strtol(is_library ? space + 1 : line, NULL, 10);
        const char *name = is_library ? line : space + 1;
        GI_AUTO GiRef text = gi_intern_ascii(ts, name, (size_t)((is_library ? space : end) - name));
        if (gi_is_null(text)) return GI_FAIL;
        if (is_library) {
            library = number;
            if (gi_dict_set(ts, gi_val(state->libraries), gi_smallint(number), gi_val(text)) < 0) return GI_FAIL;
            continue;
        }
        GI_AUTO GiRef pair = gi_tuple_pack(ts, 2, gi_smallint(library), gi_smallint(number));
        if (gi_is_null(pair) || gi_dict_set(ts, gi_val(state->reasons), gi_val(pair), gi_val(text)) < 0 ||
            gi_dict_set(ts, codes, gi_val(text), gi_val(pair)) < 0)
            return GI_FAIL;
    }
    return GI_OK;
}

GiStatus gi_ssl_add_errors(GiThread *ts, GiVal module) {
    GiSslState *state = gi_module_state(module);
    if (gi_type_ready(ts, &gi_ssl_error_type) < 0) return GI_FAIL;
    for (GiSslErrorKind kind = 0; kind < GI_SSL_ERRORS; kind++) {
        GiRef type = kind == GI_SSL_ERROR ? gi_dup(ts, gi_type_val(&gi_ssl_error_type)) : make_kind(ts, kind);
        if (gi_is_null(type)) return GI_FAIL;
        gi_slot_set(ts, &state->errors[kind], type);
        if (gi_module_add(ts, module, kinds[kind].name, gi_slot_dup(ts, &state->errors[kind])) < 0) return GI_FAIL;
    }
    gi_slot_set(ts, &state->reasons, gi_dict_new(ts));
    gi_slot_set(ts, &state->libraries, gi_dict_new(ts));
    GI_AUTO GiRef codes = gi_dict_new(ts);
    if (!state->reasons.bits || !state->libraries.bits || gi_is_null(codes) || add_reasons(ts, state, gi_val(codes)) < 0 ||
        gi_module_add(ts, module, "err_codes_to_names", gi_slot_dup(ts, &state->reasons)) < 0 ||
        gi_module_add(ts, module, "lib_codes_to_names", gi_slot_dup(ts, &state->libraries)) < 0)
        return GI_FAIL;
    return gi_module_add(ts, module, "err_names_to_codes", gi_move(&codes));
}
