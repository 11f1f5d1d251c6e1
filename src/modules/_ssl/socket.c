/* socket.c - _SSLSocket: a connection, over a socket or over two memory BIOs.
 *
 * Each call of libssl is made detached and with the connection's lock, and never waits. When it wants the
 * socket to be readable or writable, the thread waits with nothing held, as the socket's timeout says; so one
 * thread may read while another writes. A write that waits keeps other writers out: libssl wants it to be
 * repeated before anything else is written.
 */
#include "modules/_ssl/internal.h"

#include "modules/_socket/internal.h"
#include "os/clock.h"
#include <poll.h>

#include "modules/_ssl/socket.gen.h"

#define CONN(v) gi_ssl_socket_of(v)

/* To the end of the block the connection is the calling thread's. */
#define CONNECTION_IS_MINE(failure)                                                                \
    if (gi_busy_enter(ts, &CONN(self)->busy) < 0) return failure;                                  \
    GI_BUSY_SCOPE(ts, &CONN(self)->busy)

/* ---- Callbacks ---- */

/* The Python object of a connection: its owner, else its socket; None when that is gone. */
static GiRef owner_of(GiThread *ts, GiSslSocket *c) {
    const GiSlot *places[2] = {&c->owner, &c->socket};
    for (int i = 0; i < 2; i++) {
        GI_AUTO GiRef ref = gi_slot_load(ts, places[i]);
        GiRef v = gi_is_null(ref) ? GI_NULL : gi_weakref_get(ts, gi_val(ref));
        if (!gi_is_null(v)) return v;
    }
    return GI_REF_NONE;
}

/* The type of a message, as RFC 8446 numbers it. */
static int message_type(int content, const uint8_t *data, size_t len) {
    switch (content) {
    case SSL3_RT_CHANGE_CIPHER_SPEC: return SSL3_MT_CHANGE_CIPHER_SPEC;
    case SSL3_RT_ALERT: return len >= 2 ? data[1] : -1;
    default: return len >= 1 ? data[0] : -1;
    }
}
static void tell_message(GiThread *ts, GiSslSocket *c, GiVal callback, int write, int version, int content, const uint8_t *data,
                         size_t len) {
    if (content == SSL3_RT_HEADER && len >= 3) version = data[1] << 8 | data[2];
    GiRef args[6] = {owner_of(ts, c),
                     gi_str_from_cstr(ts, write ? "write" : "read"),
                     gi_smallint_ref(version),
                     gi_smallint_ref(content),
                     gi_smallint_ref(message_type(content, data, len)),
                     gi_bytes_from(ts, len ? (const void *)data : "", len)};
    GI_AUTO GiRef all = gi_ssl_tuple(ts, args, 6);
    GiRef r = gi_is_null(all) ? GI_NULL : gi_call_ex(ts, callback, gi_val(all), GI_NOVAL);
    if (!gi_is_null(r)) gi_drop(ts, r);
    else if (gi_is_null(gi_val(c->raised))) gi_slot_set(ts, &c->raised, gi_exc_take(ts));
    else gi_exc_clear(ts);
}
void gi_ssl_on_message(int write, int version, int content, const void *data, size_t len, SSL *ssl, void *arg GI_UNUSED) {
    GiSslSocket *c = gi_ossl.SSL_get_ex_data(ssl, 0);
    if (!c || !c->ts) return;
    GiThread *ts = c->ts;
    gi_attach(&ts->core);
    GiRef context = gi_slot_load(ts, &c->context);
    GiRef callback = gi_slot_load(ts, &gi_ssl_context_of(context)->msg_callback);
    if (!gi_is_null(callback)) tell_message(ts, c, gi_val(callback), write, version, content, data, len);
    gi_xdrop(ts, callback);
    gi_drop(ts, context);
    gi_detach(&ts->core, "tls");
}

/* Asks the callback about a server name; gives what libssl is to do. */
static int ask_servername(GiThread *ts, GiSslSocket *c, GiVal callback, GiVal context, const char *name, int *alert) {
    GI_AUTO GiRef owner = owner_of(ts, c);
    GI_AUTO GiRef text = gi_ssl_text_or_none(ts, name);
    GI_AUTO GiRef answer = gi_is_null(text) ? GI_NULL : gi_call3(ts, callback, gi_val(owner), gi_val(text), context);
    int64_t number = 0;
    if (gi_is_null(answer)) {
        gi_unraisable(ts, callback, NULL);
        *alert = SSL_AD_HANDSHAKE_FAILURE;
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    }
    if (gi_is_none(gi_val(answer))) return SSL_TLSEXT_ERR_OK;
    *alert = SSL_AD_INTERNAL_ERROR;
    if (gi_as_i64(ts, gi_val(answer), &number) < 0) gi_unraisable(ts, gi_val(answer), NULL);
    else *alert = (int)number;
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}
int gi_ssl_on_servername(SSL *ssl, int *alert, void *arg) {
    GiSslSocket *c = gi_ossl.SSL_get_ex_data(ssl, 0);
    GiThread *ts = c->ts;
    gi_attach(&ts->core);
    GiVal context = gi_from_obj((GiObj *)arg);
    GiRef callback = gi_slot_load(ts, &gi_ssl_context_of(context)->sni_callback);
    int answer = SSL_TLSEXT_ERR_OK;
    if (!gi_is_null(callback)) {
        answer = ask_servername(ts, c, gi_val(callback), context,
                                gi_ossl.SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name), alert);
        gi_drop(ts, callback);
    }
    gi_detach(&ts->core, "tls");
    return answer;
}

/* ---- Making ---- */

/* The name that the client asks for: SNI, and what the certificate must be of. */
static GiStatus set_hostname(GiThread *ts, GiSslSocket *c, GiVal hostname, bool check) {
    if (!gi_is_str(hostname) || !gi_str_is_ascii(hostname)) {
        if (!gi_is_str(hostname)) return gi_raise_status(ts, &gi_exc_TypeError, "argument must be str, not %T", hostname);
        GI_AUTO GiRef bytes = gi_encode(ts, hostname, "ascii", NULL);
        return gi_is_null(bytes) ? GI_FAIL : GI_OK;
    }
    const char *name = gi_str_data(hostname);
    size_t len = gi_str_len(hostname);
    if (strlen(name) != len) return gi_raise_status(ts, &gi_exc_TypeError, "argument must be encoded string without null bytes, not str");
    if (len == 0 || name[0] == '.')
        return gi_raise_status(ts, &gi_exc_ValueError, "server_hostname cannot be an empty string or start with a leading dot.");
    ASN1_OCTET_STRING *ip = gi_ossl.a2i_IPADDRESS(name);
    gi_ossl.ERR_clear_error();
    bool ok = ip || gi_ossl.SSL_ctrl(c->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, (void *)(uintptr_t)name);
    if (ok && check) {
        X509_VERIFY_PARAM *params = gi_ossl.SSL_get0_param(c->ssl);
        ok = ip ? gi_ossl.X509_VERIFY_PARAM_set1_ip(params, gi_ossl.ASN1_STRING_get0_data(ip), (size_t)gi_ossl.ASN1_STRING_length(ip))
                : gi_ossl.X509_VERIFY_PARAM_set1_host(params, name, len);
    }
    if (ip) gi_ossl.ASN1_STRING_free(ip);
    gi_slot_set(ts, &c->hostname, gi_dup(ts, hostname));
    return ok ? GI_OK : ((void)gi_ssl_raise_last(ts, GI_AT_NEW_SOCKET), GI_FAIL);
}

/* A weak reference into a slot; None and null leave it empty. */
static GiStatus set_weak(GiThread *ts, GiSlot *slot, GiVal v) {
    if (gi_is_null(v) || gi_is_none(v)) {
        gi_slot_store(ts, slot, GI_NULL);
        return GI_OK;
    }
    GiRef ref = gi_weakref_new(ts, &gi_weakref_type, v, GI_NOVAL);
    if (gi_is_null(ref)) return GI_FAIL;
    gi_slot_store(ts, slot, ref);
    return GI_OK;
}

/* The ways out and in of a fresh SSL. */
static bool set_ways(GiSslSocket *c, GiVal incoming, GiVal outgoing) {
    if (c->over_socket) {
        BIO *bio = gi_ssl_wire_bio(&c->wire);
        if (bio) gi_ossl.SSL_set_bio(c->ssl, bio, bio);
        return bio != NULL;
    }
    BIO *in = gi_ssl_pipe_bio(gi_ssl_bio_of(incoming)->pipe), *out = gi_ssl_pipe_bio(gi_ssl_bio_of(outgoing)->pipe);
    if (in && out) gi_ossl.SSL_set_bio(c->ssl, in, out);
    else if (in) gi_ossl.BIO_free(in);
    return in && out;
}

/* Fills a fresh connection in; the context is the calling thread's. */
static GiStatus set_up(GiThread *ts, GiSslSocket *c, GiVal context, GiVal incoming, GiVal outgoing, GiVal hostname) {
    GiSslContext *from = gi_ssl_context_of(context);
    gi_ossl.ERR_clear_error();
    c->ssl = gi_ossl.SSL_new(from->ctx);
    if (!c->ssl) return (void)gi_ssl_raise_last(ts, GI_AT_NEW_SOCKET), GI_FAIL;
    gi_ossl.SSL_set_ex_data(c->ssl, 0, c);
    if (!set_ways(c, incoming, outgoing)) return gi_raise_nomem(ts), GI_FAIL;
    gi_ossl.SSL_ctrl(c->ssl, SSL_CTRL_MODE, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_AUTO_RETRY, NULL);
    if (from->post_handshake_auth) {
        int mode = gi_ossl.SSL_get_verify_mode(c->ssl);
        if (!c->server_side) gi_ossl.SSL_set_post_handshake_auth(c->ssl, 1);
        else if (mode & SSL_VERIFY_PEER)
            gi_ossl.SSL_set_verify(c->ssl, mode | SSL_VERIFY_POST_HANDSHAKE, gi_ossl.SSL_get_verify_callback(c->ssl));
    }
    if (!gi_is_null(hostname) && !gi_is_none(hostname) && set_hostname(ts, c, hostname, from->check_hostname) < 0) return GI_FAIL;
    if (c->server_side) gi_ossl.SSL_set_accept_state(c->ssl);
    else gi_ossl.SSL_set_connect_state(c->ssl);
    return GI_OK;
}
static GiStatus check_side(GiThread *ts, const GiSslContext *c, bool server_side) {
    const char *text = NULL;
    if (c->protocol == GI_SSL_CLIENT && server_side) text = "Cannot create a server socket with a PROTOCOL_TLS_CLIENT context";
    if (c->protocol == GI_SSL_SERVER && !server_side) text = "Cannot create a client socket with a PROTOCOL_TLS_SERVER context";
    if (!text) return GI_OK;
    (void)gi_ssl_raise(ts, GI_SSL_ERROR, NULL, 0, text, server_side ? GI_AT_NEW_SERVER : GI_AT_NEW_CLIENT, 0);
    return GI_FAIL;
}
GiRef gi_ssl_socket_new(GiThread *ts, GiVal self, GiVal sock, GiVal incoming, GiVal outgoing, bool server_side,
                        GiVal hostname, GiVal owner, GiVal session) {
    if (!gi_is_null(sock) && !gi_is_instance_of(sock, &gi_socket_type))
        return gi_raise_ref(ts, &gi_exc_TypeError, "_wrap_socket() argument 'sock' must be _socket.socket, not %T", sock);
    if (check_side(ts, gi_ssl_context_of(self), server_side) < 0) return GI_NULL;
    GI_AUTO GiRef made = gi_type_alloc(ts, &gi_ssl_socket_type, 0);
    if (gi_is_null(made)) return GI_NULL;
    GiSslSocket *c = CONN(made);
    c->server_side = server_side;
    c->over_socket = !gi_is_null(sock);
    gi_slot_init(&c->context, gi_dup(ts, self));
    gi_slot_init(&c->first_context, gi_dup(ts, self));
    if (gi_busy_enter(ts, &gi_ssl_context_of(self)->busy) < 0) return GI_NULL;
    GiStatus status = set_up(ts, c, self, incoming, outgoing, hostname);
    gi_busy_leave(ts, &gi_ssl_context_of(self)->busy);
    if (status < 0 || set_weak(ts, &c->socket, sock) < 0 || set_weak(ts, &c->owner, owner) < 0) return GI_NULL;
    if (!gi_is_null(session) && !gi_is_none(session) && gi_ssl_session_set(ts, c, session) < 0) return GI_NULL;
    return gi_move(&made);
}
static void connection_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiSslSocket *c = (GiSslSocket *)obj;
    if (!c->ssl) return;
    c->ts = NULL;
    gi_ossl.SSL_free(c->ssl);
}

/* ---- Operations ---- */

typedef enum { DO_HANDSHAKE, DO_READ, DO_WRITE, DO_SHUTDOWN } What;
static const struct { const char *why, *timed_out; int line, line_gone; } whats[] = {
    {"tls-handshake", "_ssl.c:975: The handshake operation timed out", GI_AT_HANDSHAKE, 933},
    {"tls-read", "The read operation timed out", GI_AT_READ, 2464},
    {"tls-write", "The write operation timed out", GI_AT_WRITE, 2321},
    {"tls-shutdown", "The shutdown operation timed out", GI_AT_SHUTDOWN, 2592},
};
/* One operation: its data, and what libssl made of it. */
typedef struct Operation {
    What what;
    void *data;
    size_t len, done;
    int value;  /* of SSL_shutdown */
    int result; /* of SSL_get_error */
    int error;  /* of the system */
    bool ended; /* the other side said goodbye */
} Operation;

/* The call itself, detached. */
static void call_library(GiSslSocket *c, Operation *op) {
    int ok = 0;
    gi_ossl.ERR_clear_error();
    c->wire.error = 0;
    switch (op->what) {
    case DO_HANDSHAKE: ok = gi_ossl.SSL_do_handshake(c->ssl); break;
    case DO_READ: ok = gi_ossl.SSL_read_ex(c->ssl, op->data, op->len, &op->done); break;
    case DO_WRITE: ok = gi_ossl.SSL_write_ex(c->ssl, op->data, op->len, &op->done); break;
    case DO_SHUTDOWN: ok = gi_ossl.SSL_shutdown(c->ssl); break;
    }
    op->value = ok;
    op->result = ok > 0 || (op->what == DO_SHUTDOWN && ok == 0) ? SSL_ERROR_NONE : gi_ossl.SSL_get_error(c->ssl, ok);
    op->error = c->wire.error;
    op->ended = op->what == DO_READ && op->result == SSL_ERROR_ZERO_RETURN && gi_ossl.SSL_get_shutdown(c->ssl) == SSL_RECEIVED_SHUTDOWN;
}

/* The socket of a connection; GI_OK with null when it is over BIOs. */
static GiStatus socket_of(GiThread *ts, GiSslSocket *c, What what, GiRef *out) {
    *out = GI_NULL;
    if (!c->over_socket) return GI_OK;
    GI_AUTO GiRef ref = gi_slot_load(ts, &c->socket);
    *out = gi_weakref_get(ts, gi_val(ref));
    if (!gi_is_null(*out)) return GI_OK;
    (void)gi_ssl_raise(ts, GI_SSL_ERROR, NULL, 0, "Underlying socket connection gone", whats[what].line_gone, 0);
    return GI_FAIL;
}

static bool wants_socket(const Operation *op) {
    return op->result == SSL_ERROR_WANT_READ || op->result == SSL_ERROR_WANT_WRITE;
}
static short events_of(const Operation *op) { return op->result == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT; }

/* A handshake waits for the socket right here, with the lock and without attaching in between: nothing else can be
 * done with the connection meanwhile. It stops at signals and when the time is over. */
static void shake_hands(GiSslSocket *c, Operation *op, uint64_t deadline) {
    for (call_library(c, op); wants_socket(op); call_library(c, op)) {
        uint64_t now = deadline == GI_NEVER ? 0 : gi_os_mono_ns();
        uint64_t ms = now >= deadline ? 0 : (deadline - now + GI_NS_PER_MS - 1) / GI_NS_PER_MS;
        struct pollfd p = {.fd = c->wire.fd, .events = events_of(op)};
        if (poll(&p, 1, deadline == GI_NEVER ? -1 : (int)GI_MIN(ms, (uint64_t)INT32_MAX)) <= 0) return;
    }
}

/* One call of the library with the lock. `wanted`: it is to be made again when the socket is ready. */
static GiStatus step(GiThread *ts, GiSslSocket *c, Operation *op, int fd, bool waits, uint64_t deadline, bool *wanted) {
    if (gi_busy_enter(ts, &c->busy) < 0) return GI_FAIL;
    GI_BUSY_SCOPE(ts, &c->busy);
    c->wire.fd = fd;
    c->ts = ts;
    GI_BLOCKING(&ts->core, whats[op->what].why) {
        if (op->what == DO_HANDSHAKE && waits) shake_hands(c, op, deadline);
        else call_library(c, op);
    }
    *wanted = wants_socket(op);
    return GI_OK;
}

/* Raises what an operation failed by. */
static GiStatus fail(GiThread *ts, GiSslSocket *c, const Operation *op) {
    if (gi_busy_enter(ts, &c->busy) < 0) return GI_FAIL;
    (void)gi_ssl_raise_result(ts, c, op->result, op->error, whats[op->what].line);
    gi_busy_leave(ts, &c->busy);
    return GI_FAIL;
}

/* Repeats an operation until it is done, fails or times out. */
static GiStatus operate(GiThread *ts, GiSslSocket *c, GiVal sock, Operation *op, uint64_t deadline) {
    for (;;) {
        GiSocket *s = gi_is_null(sock) ? NULL : (GiSocket *)gi_obj(sock);
        int fd = s ? atomic_load(&s->fd) : -1;
        bool wanted = false;
        if (s && fd < 0 && s->timeout_ns > 0) {
            (void)gi_ssl_raise(ts, GI_SSL_ERROR, NULL, SSL_ERROR_SSL, "Underlying socket has been closed.", whats[op->what].line, 0);
            return GI_FAIL;
        }
        if (step(ts, c, op, fd, s && s->timeout_ns != 0, deadline, &wanted) < 0 || gi_check_signals(ts) < 0) return GI_FAIL;
        if (op->result == SSL_ERROR_NONE || op->ended) return GI_OK;
        if (!wanted || !s || s->timeout_ns == 0) return fail(ts, c, op);
        int ready = gi_socket_wait(ts, fd, events_of(op), deadline);
        if (ready < 0) return GI_FAIL;
        if (ready == 0) return gi_raise_status(ts, &gi_exc_TimeoutError, "%s", whats[op->what].timed_out);
    }
}
static uint64_t deadline_of(GiVal sock) {
    int64_t ns = gi_is_null(sock) ? -1 : ((GiSocket *)gi_obj(sock))->timeout_ns;
    return ns > 0 ? gi_os_deadline((uint64_t)ns) : GI_NEVER;
}
/* The end of an operation: what a message callback raised is raised now, or is the context of what it failed by. */
static GiStatus finish(GiThread *ts, GiSslSocket *c, GiStatus status) {
    if (GI_LIKELY(gi_slot_empty(&c->raised))) return status;
    GiRef raised = gi_slot_exchange(ts, &c->raised, GI_NULL);
    if (gi_is_null(raised)) return status;
    if (status < 0) gi_exc_chain_context(ts, raised);
    else gi_exc_restore(ts, raised);
    return GI_FAIL;
}
static GiStatus perform(GiThread *ts, GiSslSocket *c, Operation *op) {
    GI_AUTO GiRef sock = GI_NULL;
    if (socket_of(ts, c, op->what, &sock) < 0) return GI_FAIL;
    return finish(ts, c, operate(ts, c, gi_val(sock), op, deadline_of(gi_val(sock))));
}

GI_METHOD(ssl_socket, do_handshake, "(self)", NULL) {
    Operation op = {.what = DO_HANDSHAKE};
    if (perform(ts, CONN(self), &op) < 0) return GI_NULL;
    gi_slot_store(ts, &CONN(self)->first_context, GI_NULL);
    return GI_REF_NONE;
}
GI_METHOD(ssl_socket, write, "(self, b: buffer, /)", "Writes the bytes-like object b into the SSL object.\n\nReturns the number of bytes written.") {
    Operation op = {.what = DO_WRITE, .data = a->b.data ? a->b.data : (void *)(uintptr_t)"", .len = (size_t)a->b.len};
    if (gi_busy_enter(ts, &CONN(self)->writing) < 0) return GI_NULL;
    GiStatus status = perform(ts, CONN(self), &op);
    gi_busy_leave(ts, &CONN(self)->writing);
    return status < 0 ? GI_NULL : gi_int_from_u64(ts, op.done);
}

/* read(size) gives bytes. */
static GiRef read_bytes(GiThread *ts, GiVal self, int size) {
    if (size < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "size should not be negative");
    if (size == 0) return gi_bytes_from(ts, "", 0);
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)size);
    if (gi_is_null(bytes)) return bytes;
    Operation op = {.what = DO_READ, .data = gi_bytes_data(bytes), .len = (size_t)size};
    if (perform(ts, CONN(self), &op) == GI_OK) return op.done == (size_t)size ? bytes : gi_bytes_shrink(ts, bytes, op.done);
    gi_drop(ts, bytes);
    return GI_NULL;
}
GI_METHOD(ssl_socket, read, "(self, size: int, buffer: object = <null>, /)", "read(size, [buffer])\nRead up to size bytes from the SSL socket.") {
    if (gi_is_null(a->buffer)) return read_bytes(ts, self, a->size);
    GiBuffer view;
    if (gi_buffer_get(ts, a->buffer, &view, GI_BUF_WRITABLE) < 0) {
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "read() argument 2 must be read-write bytes-like object, not %T", a->buffer);
    }
    Operation op = {.what = DO_READ, .data = view.data, .len = a->size <= 0 || a->size > view.len ? (size_t)view.len : (size_t)a->size};
    GiStatus status = op.len == 0 ? GI_OK : perform(ts, CONN(self), &op);
    gi_buffer_release(ts, &view);
    return status < 0 ? GI_NULL : gi_int_from_u64(ts, op.done);
}
GI_METHOD(ssl_socket, pending, "(self)", "Returns the number of already decrypted bytes available for read, pending on the connection.") {
    CONNECTION_IS_MINE(GI_NULL);
    return gi_int_from_i64(ts, gi_ossl.SSL_pending(CONN(self)->ssl));
}
GI_METHOD(ssl_socket, shutdown, "(self)", "Does the SSL shutdown handshake with the remote end.") {
    GI_AUTO GiRef sock = GI_NULL;
    if (socket_of(ts, CONN(self), DO_SHUTDOWN, &sock) < 0) return GI_NULL;
    uint64_t deadline = deadline_of(gi_val(sock));
    /* The first call says goodbye, the second waits for that of the other side. */
    for (int calls = 0; calls < 2; calls++) {
        Operation op = {.what = DO_SHUTDOWN};
        if (finish(ts, CONN(self), operate(ts, CONN(self), gi_val(sock), &op, deadline)) < 0) return GI_NULL;
        if (op.value > 0 || op.ended) break;
    }
    return gi_is_null(sock) ? GI_REF_NONE : gi_move(&sock);
}
GI_METHOD(ssl_socket, verify_client_post_handshake, "(self)", "Initiate TLS 1.3 post-handshake authentication") {
    CONNECTION_IS_MINE(GI_NULL);
    gi_ossl.ERR_clear_error();
    return gi_ossl.SSL_verify_client_post_handshake(CONN(self)->ssl) ? GI_REF_NONE : gi_ssl_raise_last(ts, GI_AT_POST_HANDSHAKE);
}

/* ---- What was agreed on ---- */

GI_METHOD(ssl_socket, getpeercert, "(self, der: bool = False, /)", "Returns the certificate for the peer.\n\nIf no certificate was provided, returns None.  If a certificate was\nprovided, but not validated, returns an empty dictionary.  Otherwise\nreturns a dict containing information about the peer certificate.\n\nIf the optional argument is True, returns a DER-encoded copy of the\npeer certificate, or None if no certificate was provided.  This will\nreturn the certificate even if it wasn't validated.") {
    CONNECTION_IS_MINE(GI_NULL);
    SSL *ssl = CONN(self)->ssl;
    if (!gi_ossl.SSL_is_init_finished(ssl)) return gi_raise_ref(ts, &gi_exc_ValueError, "handshake not done yet");
    X509 *cert = gi_ossl.SSL_get0_peer_certificate(ssl);
    if (!cert) return GI_REF_NONE;
    if (a->der) return gi_ssl_certificate_der(ts, cert);
    bool verified = gi_ossl.SSL_CTX_get_verify_mode(gi_ossl.SSL_get_SSL_CTX(ssl)) & SSL_VERIFY_PEER;
    return verified ? gi_ssl_certificate_info(ts, cert) : gi_dict_new(ts);
}
/* Certificates of a chain as a list, behind `first` if that is not NULL; None when there is no chain. */
static GiRef chain_list(GiThread *ts, const void *chain, X509 *first) {
    if (!chain && !first) return GI_REF_NONE;
    GI_AUTO GiRef list = gi_list_new(ts, 4);
    for (int i = first ? -1 : 0, n = chain ? gi_ossl.OPENSSL_sk_num(chain) : 0; i < n && !gi_is_null(list); i++) {
        GiRef cert = gi_ssl_certificate_new(ts, i < 0 ? first : gi_ossl.OPENSSL_sk_value(chain, i));
        if (gi_is_null(cert) || gi_list_append(ts, gi_val(list), cert) < 0) return GI_NULL;
    }
    return gi_move(&list);
}
GI_METHOD(ssl_socket, get_unverified_chain, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    SSL *ssl = CONN(self)->ssl;
    /* A server's chain is without the certificate of the client itself. */
    return chain_list(ts, gi_ossl.SSL_get_peer_cert_chain(ssl), CONN(self)->server_side ? gi_ossl.SSL_get0_peer_certificate(ssl) : NULL);
}
GI_METHOD(ssl_socket, get_verified_chain, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    return chain_list(ts, gi_ossl.SSL_get0_verified_chain(CONN(self)->ssl), NULL);
}
GI_METHOD(ssl_socket, cipher, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    const SSL_CIPHER *cipher = gi_ossl.SSL_get_current_cipher(CONN(self)->ssl);
    return cipher ? gi_ssl_cipher_tuple(ts, cipher) : GI_REF_NONE;
}
GI_METHOD(ssl_socket, shared_ciphers, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    const void *ciphers = gi_ossl.SSL_get_ciphers(CONN(self)->ssl); /* PYSEM: its own ones */
    if (!ciphers) return GI_REF_NONE;
    GI_AUTO GiRef list = gi_list_new(ts, 8);
    for (int i = 0, n = gi_ossl.OPENSSL_sk_num(ciphers); i < n && !gi_is_null(list); i++) {
        GiRef one = gi_ssl_cipher_tuple(ts, gi_ossl.OPENSSL_sk_value(ciphers, i));
        if (gi_is_null(one) || gi_list_append(ts, gi_val(list), one) < 0) return GI_NULL;
    }
    return gi_move(&list);
}
GI_METHOD(ssl_socket, version, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    return gi_ossl.SSL_is_init_finished(CONN(self)->ssl) ? gi_ssl_text_or_none(ts, gi_ossl.SSL_get_version(CONN(self)->ssl)) : GI_REF_NONE;
}
GI_METHOD(ssl_socket, compression, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    const COMP_METHOD *method = gi_ossl.SSL_get_current_compression(CONN(self)->ssl);
    int nid = method ? gi_ossl.COMP_get_type(method) : NID_undef;
    return nid == NID_undef ? GI_REF_NONE : gi_ssl_text_or_none(ts, gi_ossl.OBJ_nid2sn(nid));
}
GI_METHOD(ssl_socket, selected_alpn_protocol, "(self)", NULL) {
    CONNECTION_IS_MINE(GI_NULL);
    const unsigned char *name = NULL;
    unsigned len = 0;
    gi_ossl.SSL_get0_alpn_selected(CONN(self)->ssl, &name, &len);
    return name ? gi_str_from_utf8(ts, (const char *)name, len) : GI_REF_NONE;
}
GI_METHOD(ssl_socket, get_channel_binding, "(self, cb_type: cstr = 'tls-unique')", "Get channel binding data for current connection.\n\nRaise ValueError if the requested `cb_type` is not supported.  Return bytes\nof the data or None if the data is not available (e.g. before the handshake).\nOnly 'tls-unique' channel binding data from RFC 5929 is supported.") {
    unsigned char text[128];
    if (a->cb_type && strcmp(a->cb_type, "tls-unique") != 0)
        return gi_raise_ref(ts, &gi_exc_ValueError, "'%s' channel binding type not implemented", a->cb_type);
    CONNECTION_IS_MINE(GI_NULL);
    /* The first Finished of the handshake: the client's, unless a session was resumed. */
    bool own = (bool)gi_ossl.SSL_session_reused(CONN(self)->ssl) == CONN(self)->server_side;
    size_t n = own ? gi_ossl.SSL_get_finished(CONN(self)->ssl, text, sizeof text)
                   : gi_ossl.SSL_get_peer_finished(CONN(self)->ssl, text, sizeof text);
    return n ? gi_bytes_from(ts, text, GI_MIN(n, sizeof text)) : GI_REF_NONE;
}

/* ---- Attributes ---- */

GI_GETTER(ssl_socket, context, "_setter_context(ctx)\nThis changes the context associated with the SSLSocket. This is typically\nused from within a callback function set by the sni_callback\non the SSLContext to change the certificate information associated with the\nSSLSocket before the cryptographic exchange handshake messages\n") {
    return gi_slot_load(ts, &CONN(self)->context);
}
GI_SETTER(ssl_socket, context) {
    if (gi_is_null(value) || !gi_is_instance_of(value, &gi_ssl_context_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "The value must be a SSLContext");
    CONNECTION_IS_MINE(GI_FAIL);
    gi_slot_store(ts, &CONN(self)->context, gi_dup(ts, value));
    gi_ossl.SSL_set_SSL_CTX(CONN(self)->ssl, gi_ssl_context_of(value)->ctx);
    bool messages = !gi_slot_empty(&gi_ssl_context_of(value)->msg_callback);
    gi_ossl.SSL_set_msg_callback(CONN(self)->ssl, messages ? gi_ssl_on_message : NULL);
    return GI_OK;
}
GI_GETTER(ssl_socket, server_side, "Whether this is a server-side socket.") { (void)ts; return gi_bool_ref(CONN(self)->server_side); }
GI_GETTER(ssl_socket, server_hostname, "The currently set server hostname (for SNI).") {
    return gi_is_null(gi_val(CONN(self)->hostname)) ? GI_REF_NONE : gi_dup(ts, gi_val(CONN(self)->hostname));
}
GI_GETTER(ssl_socket, owner, "The Python-level owner of this object.Passed as \"self\" in servername callback.") {
    GI_AUTO GiRef ref = gi_slot_load(ts, &CONN(self)->owner);
    GiRef owner = gi_is_null(ref) ? GI_NULL : gi_weakref_get(ts, gi_val(ref));
    return gi_is_null(owner) ? GI_REF_NONE : owner;
}
GI_SETTER(ssl_socket, owner) { return set_weak(ts, &CONN(self)->owner, value); }
GI_GETTER(ssl_socket, session, "_setter_session(session)\nGet / set SSLSession.") { return gi_ssl_session_get(ts, CONN(self)); }
GI_SETTER(ssl_socket, session) {
    return gi_ssl_session_set(ts, CONN(self), gi_is_null(value) ? GI_NONE : value);
}
GI_GETTER(ssl_socket, session_reused, "Was the client session reused during handshake?") {
    CONNECTION_IS_MINE(GI_NULL);
    return gi_bool_ref(gi_ossl.SSL_session_reused(CONN(self)->ssl));
}
GiType gi_ssl_socket_type = {
    .obj = GI_TYPE_HEAD, .name = "_ssl._SSLSocket", .module = "_ssl", .size = sizeof(GiSslSocket), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .fields = (const GiField[]){GI_SLOT(GiSslSocket, context), GI_SLOT(GiSslSocket, first_context), GI_SLOT(GiSslSocket, socket),
                                GI_SLOT(GiSslSocket, owner), GI_SLOT(GiSslSocket, hostname), GI_SLOT(GiSslSocket, raised),
                                GI_FIELDS_END},
    .methods = ssl_socket_methods, .getset = ssl_socket_getset, .destroy = connection_destroy,
};
