/* context.c - _SSLContext: settings that connections are made with. context_load.c has what comes from files. */
#include "modules/_ssl/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "modules/_ssl/context.gen.h"

#define CTX(v) (gi_ssl_context_of(v)->ctx)

static GiStatus deprecated(GiThread *ts, const char *what) {
    return gi_warn(ts, &gi_exc_DeprecationWarning, 2, "%s deprecated", what);
}

/* ---- Making ---- */

/* The method of a protocol, with its deprecation told; NULL: raised. */
static const SSL_METHOD *method_of(GiThread *ts, int protocol) {
    switch (protocol) {
    case GI_SSL_TLS: return deprecated(ts, "ssl.PROTOCOL_TLS is") < 0 ? NULL : gi_ossl.TLS_method();
    case GI_SSL_CLIENT: return gi_ossl.TLS_client_method();
    case GI_SSL_SERVER: return gi_ossl.TLS_server_method();
    case GI_SSL_TLS1: return deprecated(ts, "ssl.PROTOCOL_TLSv1 is") < 0 ? NULL : gi_ossl.TLSv1_method();
    case GI_SSL_TLS1_1: return deprecated(ts, "ssl.PROTOCOL_TLSv1_1 is") < 0 ? NULL : gi_ossl.TLSv1_1_method();
    case GI_SSL_TLS1_2: return deprecated(ts, "ssl.PROTOCOL_TLSv1_2 is") < 0 ? NULL : gi_ossl.TLSv1_2_method();
    default:
        gi_raise(ts, &gi_exc_ValueError, "invalid or unsupported protocol version %i", protocol);
        return NULL;
    }
}

/* What a fresh context is set to. */
static bool set_defaults(GiSslContext *c) {
    SSL_CTX *ctx = c->ctx;
    gi_ossl.SSL_CTX_set_verify(ctx, c->protocol == GI_SSL_CLIENT ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_NONE, NULL);
    c->check_hostname = c->protocol == GI_SSL_CLIENT;
    uint64_t options = SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS;
    options |= SSL_OP_NO_SSLv3 | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF |
               SSL_OP_ENABLE_MIDDLEBOX_COMPAT | SSL_OP_SINGLE_DH_USE | SSL_OP_SINGLE_ECDH_USE;
    gi_ossl.SSL_CTX_set_options(ctx, options);
    gi_ossl.SSL_CTX_ctrl(ctx, SSL_CTRL_MODE, SSL_MODE_RELEASE_BUFFERS, NULL);
    X509_VERIFY_PARAM *params = gi_ossl.SSL_CTX_get0_param(ctx);
    gi_ossl.X509_VERIFY_PARAM_set_flags(params, X509_V_FLAG_TRUSTED_FIRST);
    c->host_flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS;
    gi_ossl.X509_VERIFY_PARAM_set_hostflags(params, c->host_flags);
    gi_ossl.SSL_CTX_set_post_handshake_auth(ctx, 0);
    return gi_ossl.SSL_CTX_set_cipher_list(ctx, GI_SSL_DEFAULT_CIPHERS) &&
           gi_ossl.SSL_CTX_set_session_id_context(ctx, (const unsigned char *)"Python", 6);
}
static GiRef context_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    int protocol;
    if (gi_no_kwargs(ts, "_SSLContext", kwnames) < 0 || gi_check_args(ts, "_SSLContext", nargs, 1, 1) < 0 ||
        gi_as_int(ts, args[0], &protocol) < 0)
        return GI_NULL;
    const SSL_METHOD *method = method_of(ts, protocol);
    GiRef made = method ? gi_type_alloc(ts, type, 0) : GI_NULL;
    if (gi_is_null(made)) return made;
    GiSslContext *c = gi_ssl_context_of(made);
    c->protocol = protocol;
    c->keylog_fd = -1;
    c->ctx = gi_ossl.SSL_CTX_new(method);
    if (c->ctx && set_defaults(c)) return made;
    gi_drop(ts, made);
    return gi_ssl_raise_last(ts, GI_AT_CIPHER_LIST);
}
static void context_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiSslContext *c = (GiSslContext *)obj;
    if (!c->ctx) return;
    /* Connections that were given another context may keep it. */
    gi_ossl.SSL_CTX_callback_ctrl(c->ctx, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, NULL);
    gi_ossl.SSL_CTX_set_alpn_select_cb(c->ctx, NULL, NULL);
    gi_ossl.SSL_CTX_set_keylog_callback(c->ctx, NULL);
    gi_ossl.SSL_CTX_set_msg_callback(c->ctx, NULL);
    gi_ossl.SSL_CTX_free(c->ctx);
    for (GiAlpn *alpn = c->alpn, *before; alpn; alpn = before) {
        before = alpn->before;
        free(alpn);
    }
    if (c->keylog_fd >= 0) close(c->keylog_fd);
}

/* ---- Connections ---- */

GI_METHOD(ssl_context, _wrap_socket, "(self, sock, server_side: boolint, server_hostname: object = None, *, owner: object = None, session: object = None)", NULL) {
    return gi_ssl_socket_new(ts, self, a->sock, GI_NOVAL, GI_NOVAL, a->server_side != 0, a->server_hostname, a->owner, a->session);
}
GI_METHOD(ssl_context, _wrap_bio, "(self, incoming, outgoing, server_side: boolint, server_hostname: object = None, *, owner: object = None, session: object = None)", NULL) {
    GiVal bios[2] = {a->incoming, a->outgoing};
    for (int i = 0; i < 2; i++)
        if (!gi_is_exact(bios[i], &gi_ssl_bio_type))
            return gi_raise_ref(ts, &gi_exc_TypeError, "_wrap_bio() argument '%s' must be _ssl.MemoryBIO, not %T", i ? "outgoing" : "incoming", bios[i]);
    return gi_ssl_socket_new(ts, self, GI_NOVAL, a->incoming, a->outgoing, a->server_side != 0, a->server_hostname, a->owner, a->session);
}

/* ---- From files ---- */

GI_METHOD(ssl_context, load_cert_chain, "(self, certfile, keyfile: object = None, password: object = None)", NULL) {
    return gi_ssl_load_cert_chain(ts, self, a->certfile, a->keyfile, a->password);
}
GI_METHOD(ssl_context, load_verify_locations, "(self, cafile: object = None, capath: object = None, cadata: object = None)", NULL) {
    return gi_ssl_load_verify_locations(ts, self, a->cafile, a->capath, a->cadata);
}
GI_METHOD(ssl_context, set_default_verify_paths, "(self)", NULL) { return gi_ssl_set_default_verify_paths(ts, self); }
GI_METHOD(ssl_context, load_dh_params, "(self, path, /)", NULL) { return gi_ssl_load_dh_params(ts, self, a->path); }
GI_METHOD(ssl_context, set_ecdh_curve, "(self, name, /)", NULL) { return gi_ssl_set_ecdh_curve(ts, self, a->name); }

/* ---- Ciphers and protocols ---- */

GI_METHOD(ssl_context, set_ciphers, "(self, cipherlist: cstr, /)", NULL) {
    CONTEXT_IS_MINE(GI_NULL);
    if (gi_ossl.SSL_CTX_set_cipher_list(CTX(self), a->cipherlist)) return GI_REF_NONE;
    gi_ossl.ERR_clear_error();
    return gi_ssl_raise_text(ts, "No cipher can be selected.");
}
GI_METHOD(ssl_context, get_ciphers, "(self)", NULL) {
    CONTEXT_IS_MINE(GI_NULL);
    SSL *ssl = gi_ossl.SSL_new(CTX(self));
    if (!ssl) return gi_ssl_raise_last(ts, GI_AT_NEW_SOCKET);
    const void *ciphers = gi_ossl.SSL_get_ciphers(ssl);
    GiRef list = gi_list_new(ts, 32);
    for (int i = 0, n = ciphers ? gi_ossl.OPENSSL_sk_num(ciphers) : 0; i < n && !gi_is_null(list); i++) {
        GiRef info = gi_ssl_cipher_info(ts, gi_ossl.OPENSSL_sk_value(ciphers, i));
        if (!gi_is_null(info) && gi_list_append(ts, gi_val(list), info) == GI_OK) continue;
        gi_drop(ts, list);
        list = GI_NULL;
    }
    gi_ossl.SSL_free(ssl);
    return list;
}

static int on_alpn(SSL *ssl GI_UNUSED, const unsigned char **out, unsigned char *out_len, const unsigned char *offered,
                   unsigned offered_len, void *arg) {
    const GiAlpn *own = atomic_load_explicit(&((GiSslContext *)arg)->alpn, memory_order_acquire);
    int answer = gi_ossl.SSL_select_next_proto((unsigned char **)(uintptr_t)out, out_len, own->names, own->len, offered, offered_len);
    return answer == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}
GI_METHOD(ssl_context, _set_alpn_protocols, "(self, protos: buffer, /)", NULL) {
    if (a->protos.len > UINT_MAX) return gi_raise_ref(ts, &gi_exc_OverflowError, "protocols longer than %u bytes", UINT_MAX);
    CONTEXT_IS_MINE(GI_NULL);
    GiSslContext *c = gi_ssl_context_of(self);
    GiAlpn *alpn = malloc(sizeof *alpn + (size_t)a->protos.len);
    if (!alpn) return gi_raise_nomem(ts);
    alpn->len = (unsigned)a->protos.len;
    if (alpn->len) memcpy(alpn->names, a->protos.data, alpn->len);
    if (gi_ossl.SSL_CTX_set_alpn_protos(c->ctx, alpn->names, alpn->len)) {
        free(alpn);
        return gi_raise_nomem(ts); /* PYSEM: also when the names are malformed */
    }
    alpn->before = c->alpn;
    atomic_store_explicit(&c->alpn, alpn, memory_order_release);
    gi_ossl.SSL_CTX_set_alpn_select_cb(c->ctx, on_alpn, c);
    return GI_REF_NONE;
}

/* ---- Numbers ---- */

GI_GETTER(ssl_context, protocol, NULL) { (void)ts; return gi_smallint_ref(gi_ssl_context_of(self)->protocol); }
GI_GETTER(ssl_context, security_level, "The current security level") {
    return gi_int_from_i64(ts, gi_ossl.SSL_CTX_get_security_level(CTX(self)));
}

GI_GETTER(ssl_context, verify_mode, NULL) {
    int mode = gi_ossl.SSL_CTX_get_verify_mode(CTX(self)) & (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT);
    if (mode == SSL_VERIFY_FAIL_IF_NO_PEER_CERT) return gi_ssl_raise_text(ts, "invalid return value from SSL_CTX_get_verify_mode");
    return gi_smallint_ref(mode == SSL_VERIFY_NONE ? GI_SSL_CERT_NONE : mode == SSL_VERIFY_PEER ? GI_SSL_CERT_OPTIONAL : GI_SSL_CERT_REQUIRED);
}
static void set_verify_mode(GiVal self, int mode) {
    static const int modes[] = {SSL_VERIFY_NONE, SSL_VERIFY_PEER, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT};
    gi_ossl.SSL_CTX_set_verify(CTX(self), modes[mode], gi_ossl.SSL_CTX_get_verify_callback(CTX(self)));
}
static GiStatus cannot_delete(GiThread *ts) {
    return gi_raise_status(ts, &gi_exc_TypeError, "function takes at least one argument");
}
/* A long, as messages of overflow call it. */
static GiStatus as_long(GiThread *ts, GiVal value, int64_t *out) {
    return gi_is_null(value) ? cannot_delete(ts) : gi_as_i64(ts, value, out);
}
GI_SETTER(ssl_context, verify_mode) {
    int64_t mode;
    if (as_long(ts, value, &mode) < 0) return GI_FAIL;
    CONTEXT_IS_MINE(GI_FAIL);
    if (mode == GI_SSL_CERT_NONE && gi_ssl_context_of(self)->check_hostname)
        return gi_raise_status(ts, &gi_exc_ValueError, "Cannot set verify_mode to CERT_NONE when check_hostname is enabled.");
    if (mode < GI_SSL_CERT_NONE || mode > GI_SSL_CERT_REQUIRED)
        return gi_raise_status(ts, &gi_exc_ValueError, "invalid value for verify_mode");
    set_verify_mode(self, (int)mode);
    return GI_OK;
}
GI_GETTER(ssl_context, check_hostname, NULL) { (void)ts; return gi_bool_ref(gi_ssl_context_of(self)->check_hostname); }
GI_SETTER(ssl_context, check_hostname) {
    if (gi_is_null(value)) return cannot_delete(ts);
    GiTruth on = gi_truth(ts, value);
    if (on.value < 0) return GI_FAIL;
    CONTEXT_IS_MINE(GI_FAIL);
    if (on.value && gi_ossl.SSL_CTX_get_verify_mode(CTX(self)) == SSL_VERIFY_NONE) set_verify_mode(self, GI_SSL_CERT_REQUIRED);
    gi_ssl_context_of(self)->check_hostname = on.value;
    return GI_OK;
}
GI_GETTER(ssl_context, verify_flags, NULL) {
    return gi_int_from_u64(ts, gi_ossl.X509_VERIFY_PARAM_get_flags(gi_ossl.SSL_CTX_get0_param(CTX(self))));
}
GI_SETTER(ssl_context, verify_flags) {
    if (gi_is_null(value)) return cannot_delete(ts);
    if (!gi_is_int(value)) return gi_raise_status(ts, &gi_exc_TypeError, gi_is_none(value) ? "argument must be int, not None" : "argument must be int, not %T", value);
    uint64_t flags = gi_int_mask_u64(value);
    CONTEXT_IS_MINE(GI_FAIL);
    X509_VERIFY_PARAM *params = gi_ossl.SSL_CTX_get0_param(CTX(self));
    uint64_t old = gi_ossl.X509_VERIFY_PARAM_get_flags(params), clear = old & ~flags, more = ~old & flags;
    if ((clear && !gi_ossl.X509_VERIFY_PARAM_clear_flags(params, clear)) || (more && !gi_ossl.X509_VERIFY_PARAM_set_flags(params, more)))
        return (void)gi_ssl_raise_last(ts, GI_AT_CIPHER_LIST), GI_FAIL;
    return GI_OK;
}
GI_GETTER(ssl_context, _host_flags, NULL) { return gi_int_from_u64(ts, gi_ssl_context_of(self)->host_flags); }
GI_SETTER(ssl_context, _host_flags) {
    if (gi_is_null(value)) return cannot_delete(ts);
    GI_AUTO GiRef number = gi_index(ts, value);
    if (gi_is_null(number)) return GI_FAIL;
    CONTEXT_IS_MINE(GI_FAIL);
    unsigned flags = (unsigned)gi_int_mask_u64(gi_val(number));
    gi_ssl_context_of(self)->host_flags = flags;
    gi_ossl.X509_VERIFY_PARAM_set_hostflags(gi_ossl.SSL_CTX_get0_param(CTX(self)), flags);
    return GI_OK;
}
GI_GETTER(ssl_context, options, NULL) { return gi_int_from_i64(ts, (int64_t)gi_ossl.SSL_CTX_get_options(CTX(self))); }
GI_SETTER(ssl_context, options) {
    int64_t options;
    const uint64_t versions = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2 | SSL_OP_NO_TLSv1_3;
    if (as_long(ts, value, &options) < 0) return GI_FAIL;
    uint64_t old = gi_ossl.SSL_CTX_get_options(CTX(self)), more = ~old & (uint64_t)options;
    if ((more & versions) && deprecated(ts, "ssl.OP_NO_SSL*/ssl.OP_NO_TLS* options are") < 0) return GI_FAIL;
    CONTEXT_IS_MINE(GI_FAIL);
    gi_ossl.SSL_CTX_clear_options(CTX(self), old & ~(uint64_t)options);
    gi_ossl.SSL_CTX_set_options(CTX(self), more);
    return GI_OK;
}
GI_GETTER(ssl_context, num_tickets, "Control the number of TLSv1.3 session tickets") {
    return gi_int_from_u64(ts, gi_ossl.SSL_CTX_get_num_tickets(CTX(self)));
}
GI_SETTER(ssl_context, num_tickets) {
    int64_t n;
    if (as_long(ts, value, &n) < 0) return GI_FAIL;
    if (n < 0) return gi_raise_status(ts, &gi_exc_ValueError, "value must be non-negative");
    if (gi_ssl_context_of(self)->protocol != GI_SSL_SERVER)
        return gi_raise_status(ts, &gi_exc_ValueError, "SSLContext is not a server context.");
    CONTEXT_IS_MINE(GI_FAIL);
    return gi_ossl.SSL_CTX_set_num_tickets(CTX(self), (size_t)n) ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "failed to set num tickets.");
}
GI_GETTER(ssl_context, post_handshake_auth, NULL) { (void)ts; return gi_bool_ref(gi_ssl_context_of(self)->post_handshake_auth); }
GI_SETTER(ssl_context, post_handshake_auth) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_AttributeError, "cannot delete attribute");
    GiTruth on = gi_truth(ts, value);
    if (on.value < 0) return GI_FAIL;
    gi_ssl_context_of(self)->post_handshake_auth = on.value;
    return GI_OK;
}

/* ---- Versions ---- */

enum { ANY_MINIMUM = -2, ANY_MAXIMUM = -1 };

static GiRef version_of(GiThread *ts, GiVal self, int command, int any) {
    long version = gi_ossl.SSL_CTX_ctrl(CTX(self), command, 0, NULL);
    return gi_int_from_i64(ts, version ? version : any);
}
static GiStatus set_version(GiThread *ts, GiVal self, GiVal value, bool minimum) {
    static const char *const old[] = {"ssl.TLSVersion.SSLv3 is", "ssl.TLSVersion.TLSv1 is", "ssl.TLSVersion.TLSv1_1 is"};
    int64_t version;
    int protocol = gi_ssl_context_of(self)->protocol;
    if (as_long(ts, value, &version) < 0) return GI_FAIL;
    if (protocol != GI_SSL_TLS && protocol != GI_SSL_CLIENT && protocol != GI_SSL_SERVER)
        return gi_raise_status(ts, &gi_exc_ValueError, "The context's protocol doesn't support modification of highest and lowest version.");
    if (version >= SSL3_VERSION && version <= TLS1_1_VERSION && deprecated(ts, old[version - SSL3_VERSION]) < 0) return GI_FAIL;
    if (version == ANY_MINIMUM) version = minimum ? 0 : TLS1_VERSION;
    else if (version == ANY_MAXIMUM) version = minimum ? TLS1_3_VERSION : 0;
    else if (version < SSL3_VERSION || version > TLS1_3_VERSION)
        return gi_raise_status(ts, &gi_exc_ValueError, "Unsupported TLS/SSL version 0x%x", (unsigned)version);
    CONTEXT_IS_MINE(GI_FAIL);
    if (gi_ossl.SSL_CTX_ctrl(CTX(self), minimum ? SSL_CTRL_SET_MIN_PROTO_VERSION : SSL_CTRL_SET_MAX_PROTO_VERSION, version, NULL)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "Unsupported protocol version 0x%x", (unsigned)version);
}
GI_GETTER(ssl_context, minimum_version, NULL) { return version_of(ts, self, SSL_CTRL_GET_MIN_PROTO_VERSION, ANY_MINIMUM); }
GI_SETTER(ssl_context, minimum_version) { return set_version(ts, self, value, true); }
GI_GETTER(ssl_context, maximum_version, NULL) { return version_of(ts, self, SSL_CTRL_GET_MAX_PROTO_VERSION, ANY_MAXIMUM); }
GI_SETTER(ssl_context, maximum_version) { return set_version(ts, self, value, false); }

/* ---- Callbacks ---- */

static GiRef slot_or_none(GiThread *ts, const GiSlot *slot) {
    GiRef v = gi_slot_load(ts, slot);
    return gi_is_null(v) ? GI_REF_NONE : v;
}
/* Stores a callable or (None) nothing. */
static GiStatus set_callable(GiThread *ts, GiSlot *slot, GiVal value) {
    bool none = gi_is_null(value) || gi_is_none(value);
    if (!none && !gi_is_callable(value)) {
        gi_slot_store(ts, slot, GI_NULL);
        return gi_raise_status(ts, &gi_exc_TypeError, "not a callable object");
    }
    gi_slot_store(ts, slot, none ? GI_NULL : gi_dup(ts, value));
    return GI_OK;
}
GI_GETTER(ssl_context, sni_callback, "Set a callback that will be called when a server name is provided by the SSL/TLS client in the SNI extension.\n\nIf the argument is None then the callback is disabled. The method is called\nwith the SSLSocket, the server name as a string, and the SSLContext object.\nSee RFC 6066 for details of the SNI extension.") {
    return slot_or_none(ts, &gi_ssl_context_of(self)->sni_callback);
}
GI_SETTER(ssl_context, sni_callback) {
    GiSslContext *c = gi_ssl_context_of(self);
    if (c->protocol == GI_SSL_CLIENT)
        return gi_raise_status(ts, &gi_exc_ValueError, "sni_callback cannot be set on TLS_CLIENT context");
    CONTEXT_IS_MINE(GI_FAIL);
    GiStatus status = set_callable(ts, &c->sni_callback, value);
    bool on = !gi_is_null(gi_val(c->sni_callback));
    gi_ossl.SSL_CTX_ctrl(c->ctx, SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, 0, c);
    gi_ossl.SSL_CTX_callback_ctrl(c->ctx, SSL_CTRL_SET_TLSEXT_SERVERNAME_CB, on ? (void (*)(void))gi_ssl_on_servername : NULL);
    return status;
}
GI_GETTER(ssl_context, _msg_callback, NULL) { return slot_or_none(ts, &gi_ssl_context_of(self)->msg_callback); }
GI_SETTER(ssl_context, _msg_callback) {
    GiSslContext *c = gi_ssl_context_of(self);
    CONTEXT_IS_MINE(GI_FAIL);
    GiStatus status = set_callable(ts, &c->msg_callback, value);
    gi_ossl.SSL_CTX_set_msg_callback(c->ctx, gi_is_null(gi_val(c->msg_callback)) ? NULL : gi_ssl_on_message);
    return status;
}

/* A line of keys, in one write, so that lines of threads do not mix. */
static void on_keylog(const SSL *ssl, const char *line) {
    GiSslContext *c = gi_ossl.SSL_CTX_get_ex_data(gi_ossl.SSL_get_SSL_CTX(ssl), 0);
    char text[512];
    int n = snprintf(text, sizeof text, "%s\n", line);
    if (c && n > 0 && (size_t)n < sizeof text && c->keylog_fd >= 0 && write(c->keylog_fd, text, (size_t)n) < 0) return;
}
GI_GETTER(ssl_context, keylog_filename, NULL) { return slot_or_none(ts, &gi_ssl_context_of(self)->keylog_name); }
GI_SETTER(ssl_context, keylog_filename) {
    static const char head[] = "# TLS secrets log file, generated by OpenSSL / Python\n";
    GiSslContext *c = gi_ssl_context_of(self);
    CONTEXT_IS_MINE(GI_FAIL);
    gi_ossl.SSL_CTX_set_keylog_callback(c->ctx, NULL);
    int old = atomic_exchange(&c->keylog_fd, -1), fd = -1, error = 0;
    if (old >= 0) close(old);
    gi_slot_store(ts, &c->keylog_name, GI_NULL);
    if (gi_is_null(value) || gi_is_none(value)) return GI_OK;
    GI_AUTO GiRef path = gi_fs_path(ts, value);
    if (gi_is_null(path)) return GI_FAIL;
    const char *name = (const char *)gi_bytes_data(path);
    GI_BLOCKING(&ts->core, "open") {
        fd = open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        error = errno;
        if (fd >= 0 && lseek(fd, 0, SEEK_END) == 0 && write(fd, head, sizeof head - 1) < 0) error = errno;
    }
    if (fd < 0) return (void)gi_raise_errno(ts, error, value), GI_FAIL;
    c->keylog_fd = fd;
    gi_slot_store(ts, &c->keylog_name, gi_dup(ts, value));
    gi_ossl.SSL_CTX_set_ex_data(c->ctx, 0, c);
    gi_ossl.SSL_CTX_set_keylog_callback(c->ctx, on_keylog);
    return GI_OK;
}

/* ---- What is in it ---- */

GI_METHOD(ssl_context, session_stats, "(self)", NULL) {
    static const struct { const char *name; int command; } rows[] = {
        {"number", SSL_CTRL_SESS_NUMBER}, {"connect", SSL_CTRL_SESS_CONNECT}, {"connect_good", SSL_CTRL_SESS_CONNECT_GOOD},
        {"connect_renegotiate", SSL_CTRL_SESS_CONNECT_RENEGOTIATE}, {"accept", SSL_CTRL_SESS_ACCEPT},
        {"accept_good", SSL_CTRL_SESS_ACCEPT_GOOD}, {"accept_renegotiate", SSL_CTRL_SESS_ACCEPT_RENEGOTIATE},
        {"hits", SSL_CTRL_SESS_HIT}, {"misses", SSL_CTRL_SESS_MISSES}, {"timeouts", SSL_CTRL_SESS_TIMEOUTS},
        {"cache_full", SSL_CTRL_SESS_CACHE_FULL}};
    GI_AUTO GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict)) return GI_NULL;
    for (size_t i = 0; i < GI_COUNTOF(rows); i++)
        if (gi_ssl_put(ts, gi_val(dict), rows[i].name, gi_int_from_i64(ts, gi_ossl.SSL_CTX_ctrl(CTX(self), rows[i].command, 0, NULL))) < 0)
            return GI_NULL;
    return gi_move(&dict);
}

/* Calls `see` for each object of the store, with the store locked. */
static void each_object(GiVal self, void (*see)(X509_OBJECT *object, void *arg), void *arg) {
    X509_STORE *store = gi_ossl.SSL_CTX_get_cert_store(CTX(self));
    gi_ossl.X509_STORE_lock(store);
    const void *objects = gi_ossl.X509_STORE_get0_objects(store);
    for (int i = 0, n = gi_ossl.OPENSSL_sk_num(objects); i < n; i++) see(gi_ossl.OPENSSL_sk_value(objects, i), arg);
    gi_ossl.X509_STORE_unlock(store);
}
static void count_object(X509_OBJECT *object, void *arg) {
    int *counts = arg;
    int kind = gi_ossl.X509_OBJECT_get_type(object);
    if (kind == X509_LU_CRL) counts[1]++;
    if (kind != X509_LU_X509) return;
    counts[0]++;
    if (gi_ossl.X509_check_ca(gi_ossl.X509_OBJECT_get0_X509(object))) counts[2]++;
}
GI_METHOD(ssl_context, cert_store_stats, "(self)", "Returns quantities of loaded X.509 certificates.\n\nX.509 certificates with a CA extension and certificate revocation lists\ninside the context's cert store.\n\nNOTE: Certificates in a capath directory aren't loaded unless they have\nbeen used at least once.") {
    int counts[3] = {0};
    each_object(self, count_object, counts);
    GI_AUTO GiRef dict = gi_dict_new(ts);
    if (gi_is_null(dict) || gi_ssl_put(ts, gi_val(dict), "x509", gi_smallint_ref(counts[0])) < 0 ||
        gi_ssl_put(ts, gi_val(dict), "crl", gi_smallint_ref(counts[1])) < 0 ||
        gi_ssl_put(ts, gi_val(dict), "x509_ca", gi_smallint_ref(counts[2])) < 0)
        return GI_NULL;
    return gi_move(&dict);
}
typedef struct Certificates { X509 **items; size_t count, capacity; bool failed; } Certificates;
static void collect_authority(X509_OBJECT *object, void *arg) {
    Certificates *all = arg;
    X509 *cert = gi_ossl.X509_OBJECT_get_type(object) == X509_LU_X509 ? gi_ossl.X509_OBJECT_get0_X509(object) : NULL;
    if (!cert || !gi_ossl.X509_check_ca(cert) || all->failed) return;
    if (all->count == all->capacity) {
        size_t capacity = all->capacity ? all->capacity * 2 : 64;
        X509 **grown = realloc(all->items, capacity * sizeof *grown);
        all->failed = !grown;
        if (!grown) return;
        all->items = grown;
        all->capacity = capacity;
    }
    gi_ossl.X509_up_ref(cert);
    all->items[all->count++] = cert;
}
GI_METHOD(ssl_context, get_ca_certs, "(self, binary_form: bool = False)", "Returns a list of dicts with information of loaded CA certs.\n\nIf the optional argument is True, returns a DER-encoded copy of the CA\ncertificate.\n\nNOTE: Certificates in a capath directory aren't loaded unless they have\nbeen used at least once.") {
    Certificates all = {0};
    each_object(self, collect_authority, &all);
    GiRef list = all.failed ? gi_raise_nomem(ts) : gi_list_new(ts, all.count);
    for (size_t i = 0; i < all.count; i++) {
        if (!gi_is_null(list)) {
            GiRef item = a->binary_form ? gi_ssl_certificate_der(ts, all.items[i]) : gi_ssl_certificate_info(ts, all.items[i]);
            if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
                gi_drop(ts, list);
                list = GI_NULL;
            }
        }
        gi_ossl.X509_free(all.items[i]);
    }
    free(all.items);
    return list;
}

GiType gi_ssl_context_type = {
    .obj = GI_TYPE_HEAD, .name = "_ssl._SSLContext", .module = "_ssl", .size = sizeof(GiSslContext), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_BASE | GI_TYPE_IMMUTABLE,
    .fields = (const GiField[]){GI_SLOT(GiSslContext, sni_callback), GI_SLOT(GiSslContext, msg_callback),
                                GI_SLOT(GiSslContext, keylog_name), GI_FIELDS_END},
    .new_ = context_new, .methods = ssl_context_methods, .getset = ssl_context_getset, .destroy = context_destroy,
};
