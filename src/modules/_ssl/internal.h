/* internal.h - parts of module _ssl: contexts, connections, memory BIOs, sessions, certificates, errors.
 *
 * LOCK: `busy` of a context is held by who changes it or makes a connection of it; `busy` of a connection for
 * each single call of libssl about it, and not while a thread waits for its socket, but for a handshake, during
 * which nothing else can be done with it. Both may be entered again by the callbacks (server name, password,
 * messages), which libssl makes detached and which attach for a while.
 * A connection never blocks inside libssl: its BIO reads and writes without waiting.
 * LOCK: the bytes of a memory BIO are under a mutex of their own, since libssl takes them detached.
 */
#ifndef GI_MODULES_SSL_INTERNAL_H
#define GI_MODULES_SSL_INTERNAL_H

#include "modules/_ssl/openssl.h"
#include "modules/module.h"
#include "modules/step.h"
#include "modules/wait_lock.h"
#include "objects/exceptions.h"

/* The exceptions, as the slots of the state stand. */
typedef enum {
    GI_SSL_ERROR, GI_SSL_ZERO_RETURN, GI_SSL_WANT_READ, GI_SSL_WANT_WRITE, GI_SSL_SYSCALL, GI_SSL_EOF,
    GI_SSL_CERT_VERIFICATION, GI_SSL_ERRORS,
} GiSslErrorKind;

typedef struct GiSslState {
    GiSlot errors[GI_SSL_ERRORS];
    GiSlot reasons, libraries; /* dicts: (library, reason) and library, by number, to names */
} GiSslState;
extern const GiModuleDef gi_module__ssl;
static inline GiSslState *gi_ssl_state(GiThread *ts) { return gi_module_state_of(ts, &gi_module__ssl); }

/* Numbers of the module's own. */
enum { GI_SSL_NUMBER_EOF = 8, GI_SSL_NUMBER_INVALID = 10 };
enum { GI_SSL_ENCODING_PEM = 1, GI_SSL_ENCODING_DER = 2 };
enum { GI_SSL_CERT_NONE, GI_SSL_CERT_OPTIONAL, GI_SSL_CERT_REQUIRED };
#define GI_SSL_DEFAULT_CIPHERS "ALL:!COMPLEMENTOFDEFAULT:!eNULL"

/* Protocols of a context. */
enum { GI_SSL_TLS = 2, GI_SSL_TLS1 = 3, GI_SSL_TLS1_1 = 4, GI_SSL_TLS1_2 = 5, GI_SSL_CLIENT = 16, GI_SSL_SERVER = 17 };

/* Names of protocols as ALPN sends them; what was set before stays, for handshakes under way. */
typedef struct GiAlpn {
    struct GiAlpn *before;
    unsigned len;
    uint8_t names[];
} GiAlpn;

typedef struct GiSslContext {
    GiObj obj;
    GiBusy busy;
    SSL_CTX *ctx;
    GiSlot sni_callback, msg_callback, keylog_name;
    _Atomic(GiAlpn *) alpn;
    _Atomic int keylog_fd; /* -1: none */
    int protocol;
    _Atomic unsigned host_flags;
    _Atomic bool check_hostname, post_handshake_auth;
} GiSslContext;

/* Bytes that one side writes and the other reads; shared by a MemoryBIO and the connections over it. */
typedef struct GiSslPipe {
    GiMutex lock;
    _Atomic uint32_t refs;
    uint8_t *data;
    size_t start, end, capacity;
    bool eof;
} GiSslPipe;
typedef struct GiSslBio { GiObj obj; GiSslPipe *pipe; } GiSslBio;

/* The socket of a connection as its BIO sees it. */
typedef struct GiSslWire { int fd, error; bool eof; } GiSslWire;

typedef struct GiSslSocket {
    GiObj obj;
    GiBusy busy;
    GiBusy writing;     /* one write, over all its waits */
    SSL *ssl;
    GiThread *ts;       /* who is in libssl now, for callbacks; under busy */
    GiSslWire wire;
    GiSlot context, socket, owner, hostname; /* socket, owner: weak references or null; socket null: over BIOs */
    GiSlot first_context; /* until the handshake is done: libssl still calls its callbacks when there is another one */
    GiSlot raised;      /* what a message callback raised */
    bool server_side, over_socket;
} GiSslSocket;

typedef struct GiSslSession { GiObj obj; SSL_SESSION *session; GiSlot context; } GiSslSession;
typedef struct GiSslCertificate { GiObj obj; X509 *cert; } GiSslCertificate;

extern GiType gi_ssl_context_type, gi_ssl_socket_type, gi_ssl_bio_type, gi_ssl_session_type, gi_ssl_certificate_type,
    gi_ssl_error_type;
#define gi_ssl_context_of(v) ((GiSslContext *)gi_obj(v))
#define gi_ssl_socket_of(v) ((GiSslSocket *)gi_obj(v))
#define gi_ssl_bio_of(v) ((GiSslBio *)gi_obj(v))
#define gi_ssl_session_of(v) ((GiSslSession *)gi_obj(v))
#define gi_ssl_certificate_of(v) ((GiSslCertificate *)gi_obj(v))

/* PYSEM: messages end in the place in CPython's _ssl.c where it makes them: programs show it and compare it. */
enum {
    GI_AT_CIPHER_LIST = 3284, GI_AT_CERT_CHAIN = 3877, GI_AT_PRIVATE_KEY = 3898, GI_AT_KEY_CHECK = 3906, GI_AT_NO_CADATA = 3992,
    GI_AT_CADATA = 4007, GI_AT_VERIFY_LOCATIONS = 4126, GI_AT_DH_PARAMS = 4174, GI_AT_DEFAULT_PATHS = 4254,
    GI_AT_ECDH_CURVE = 4349, GI_AT_CERTIFICATE = 1500, GI_AT_HANDSHAKE = 992, GI_AT_WRITE = 2393, GI_AT_READ = 2546, GI_AT_SHUTDOWN = 2672,
    GI_AT_NEW_SOCKET = 845, GI_AT_POST_HANDSHAKE = 2760, GI_AT_RANDOM = 5400, GI_AT_NEW_SERVER = 788, GI_AT_NEW_CLIENT = 795,
};

/* To the end of the block the context `self` is the calling thread's. */
#define CONTEXT_IS_MINE(failure)                                                                   \
    if (gi_busy_enter(ts, &gi_ssl_context_of(self)->busy) < 0) return failure;                     \
    GI_BUSY_SCOPE(ts, &gi_ssl_context_of(self)->busy)

/* ---- errors.c ---- */

/* Raises an exception of a kind with number and text; text NULL: what `code` of OpenSSL's queue says (0: nothing).
 * Clears the queue. With a connection the result of its verification is told. */
GiRef gi_ssl_raise(GiThread *ts, GiSslErrorKind kind, GiSslSocket *conn, int number, const char *text, int line,
                   unsigned long code);
/* SSLError with the last failure in OpenSSL's queue. */
GiRef gi_ssl_raise_last(GiThread *ts, int line);
/* SSLError(text). */
GiRef gi_ssl_raise_text(GiThread *ts, const char *text);
/* What a call about a connection failed by: `result` of SSL_get_error, `error` of the system. */
GiRef gi_ssl_raise_result(GiThread *ts, GiSslSocket *conn, int result, int error, int line);
/* Makes the exceptions and the tables of codes. */
GI_NODISCARD GiStatus gi_ssl_add_errors(GiThread *ts, GiVal module);

/* ---- bio.c ---- */

/* A BIO over a wire or (a counted reference to) a pipe; NULL: no memory. */
BIO *gi_ssl_wire_bio(GiSslWire *wire);
BIO *gi_ssl_pipe_bio(GiSslPipe *pipe);
/* Makes the kinds of BIO; once a process. */
bool gi_ssl_make_bios(void);

/* ---- certificate.c ---- */

/* The dict of a certificate. */
GI_NODISCARD GiRef gi_ssl_certificate_info(GiThread *ts, X509 *cert);
GI_NODISCARD GiRef gi_ssl_certificate_der(GiThread *ts, X509 *cert);
/* The object; takes a reference of its own. */
GI_NODISCARD GiRef gi_ssl_certificate_new(GiThread *ts, X509 *cert);
/* str of text, None of NULL. */
GI_NODISCARD GiRef gi_ssl_text_or_none(GiThread *ts, const char *text);
/* The dict of a cipher, as get_ciphers() shows it. */
GI_NODISCARD GiRef gi_ssl_cipher_info(GiThread *ts, const SSL_CIPHER *cipher);
/* (name, version, bits) of a cipher. */
GI_NODISCARD GiRef gi_ssl_cipher_tuple(GiThread *ts, const SSL_CIPHER *cipher);
/* A tuple of new values; consumes them, fails when one is null. */
GI_NODISCARD GiRef gi_ssl_tuple(GiThread *ts, const GiRef *items, size_t count);
/* Puts a new value under a key; consumes it, fails on null. */
GI_NODISCARD GiStatus gi_ssl_put(GiThread *ts, GiVal dict, const char *key, GiRef value);

/* ---- context_load.c: certificates, keys and parameters from files ---- */
GI_NODISCARD GiRef gi_ssl_load_cert_chain(GiThread *ts, GiVal self, GiVal certfile, GiVal keyfile, GiVal given_password);
GI_NODISCARD GiRef gi_ssl_load_verify_locations(GiThread *ts, GiVal self, GiVal cafile, GiVal capath, GiVal cadata);
GI_NODISCARD GiRef gi_ssl_set_default_verify_paths(GiThread *ts, GiVal self);
GI_NODISCARD GiRef gi_ssl_load_dh_params(GiThread *ts, GiVal self, GiVal path);
GI_NODISCARD GiRef gi_ssl_set_ecdh_curve(GiThread *ts, GiVal self, GiVal name);

/* ---- socket.c ---- */

/* A connection over a socket (memory BIOs null) or over two of them. */
GI_NODISCARD GiRef gi_ssl_socket_new(GiThread *ts, GiVal context, GiVal sock, GiVal incoming, GiVal outgoing, bool server_side,
                                     GiVal hostname, GiVal owner, GiVal session);
/* Callbacks of libssl, for context.c. */
void gi_ssl_on_message(int write, int version, int content, const void *data, size_t len, SSL *ssl, void *arg);
int gi_ssl_on_servername(SSL *ssl, int *alert, void *arg);

/* ---- session.c ---- */

/* The session of a connection, or None. */
GI_NODISCARD GiRef gi_ssl_session_get(GiThread *ts, GiSslSocket *conn);
GI_NODISCARD GiStatus gi_ssl_session_set(GiThread *ts, GiSslSocket *conn, GiVal session);

#endif
