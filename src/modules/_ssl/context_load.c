/* context_load.c - certificates, keys and parameters that a context gets from files and memory.
 *
 * Files are read detached; the callback for a password attaches for its time.
 */
#include "modules/_ssl/internal.h"
#include "objects/audit.h"

#include <errno.h>
#include <stdio.h>

#define CTX(v) (gi_ssl_context_of(v)->ctx)

/* The bytes of a path; GI_OK with null for None. TypeError names the argument. */
static GiStatus path_of(GiThread *ts, GiVal v, const char *argument, GiRef *out) {
    *out = GI_NULL;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    *out = gi_fs_path(ts, v);
    if (!gi_is_null(*out)) return GI_OK;
    if (gi_exc_matches(ts, &gi_exc_TypeError)) {
        gi_exc_clear(ts);
        gi_raise(ts, &gi_exc_TypeError, "%s should be a valid filesystem path", argument);
    }
    return GI_FAIL;
}
static const char *text_of(GiVal path) { return gi_is_null(path) ? NULL : (const char *)gi_bytes_data(path); }

/* What reading failed by: the system's error if there was one, else OpenSSL's. */
static GiRef raise_failure(GiThread *ts, int error, int line) {
    if (!error) return gi_ssl_raise_last(ts, line);
    gi_ossl.ERR_clear_error();
    return gi_raise_errno(ts, error, GI_NOVAL);
}

/* ---- Passwords ---- */

typedef struct Password {
    GiThread *ts;
    GiVal callback; /* null: the text */
    char text[1024];
    size_t len;
    bool failed;
} Password;

/* Takes the text of a str or bytes-like object; `otherwise` is the TypeError of anything else. */
static GiStatus take_password(Password *p, GiVal v, const char *otherwise) {
    GiThread *ts = p->ts;
    size_t len = 0;
    const char *text = NULL;
    GiBuffer view = {0};
    if (gi_is_str(v)) {
        text = gi_str_utf8(ts, v, &len);
        if (!text) return GI_FAIL;
    } else if (gi_is_bytes(v) || gi_is_bytearray(v)) {
        if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
        text = view.data;
        len = (size_t)view.len;
    } else {
        return gi_raise_status(ts, &gi_exc_TypeError, "%s", otherwise);
    }
    bool fits = len <= sizeof p->text;
    if (fits && len > 0) memcpy(p->text, text, len);
    p->len = fits ? len : 0;
    if (view.data) gi_buffer_release(ts, &view);
    return fits ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "password cannot be longer than %d bytes", (int)sizeof p->text);
}
static int on_password(char *to, int size, int writing GI_UNUSED, void *arg) {
    Password *p = arg;
    if (!gi_is_null(p->callback) && !p->failed) { /* libssl asks again after a failure */
        gi_attach(&p->ts->core);
        GiRef answer = gi_call0(p->ts, p->callback);
        p->failed = gi_is_null(answer) || take_password(p, gi_val(answer), "password callback must return a string") < 0;
        gi_xdrop(p->ts, answer);
        gi_detach(&p->ts->core, "certificate");
    }
    if (p->failed) return -1;
    if (p->len > (size_t)size) {
        gi_attach(&p->ts->core);
        gi_raise(p->ts, &gi_exc_ValueError, "password cannot be longer than %d bytes", size);
        p->failed = true;
        gi_detach(&p->ts->core, "certificate");
        return -1;
    }
    memcpy(to, p->text, p->len);
    return (int)p->len;
}

/* Certificate and key into the context; gives the line of what failed, 0 for nothing. */
static int load_chain(SSL_CTX *ctx, const char *certificate, const char *key) {
    errno = 0;
    if (gi_ossl.SSL_CTX_use_certificate_chain_file(ctx, certificate) != 1) return GI_AT_CERT_CHAIN;
    errno = 0;
    if (gi_ossl.SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) return GI_AT_PRIVATE_KEY;
    errno = 0;
    return gi_ossl.SSL_CTX_check_private_key(ctx) == 1 ? 0 : GI_AT_KEY_CHECK;
}
GiRef gi_ssl_load_cert_chain(GiThread *ts, GiVal self, GiVal certfile, GiVal keyfile, GiVal given_password) {
    GI_AUTO GiRef cert = GI_NULL, key = GI_NULL;
    Password password = {.ts = ts};
    if (gi_is_none(certfile)) return gi_raise_ref(ts, &gi_exc_TypeError, "certfile should be a valid filesystem path");
    if (path_of(ts, certfile, "certfile", &cert) < 0 || path_of(ts, keyfile, "keyfile", &key) < 0) return GI_NULL;
    bool given = !gi_is_null(given_password) && !gi_is_none(given_password);
    if (given && gi_is_callable(given_password)) password.callback = given_password;
    else if (given && take_password(&password, given_password, "password should be a string or callable") < 0) return GI_NULL;
    CONTEXT_IS_MINE(GI_NULL);
    SSL_CTX *ctx = CTX(self);
    pem_password_cb *before = gi_ossl.SSL_CTX_get_default_passwd_cb(ctx);
    void *before_arg = gi_ossl.SSL_CTX_get_default_passwd_cb_userdata(ctx);
    if (given) {
        gi_ossl.SSL_CTX_set_default_passwd_cb(ctx, on_password);
        gi_ossl.SSL_CTX_set_default_passwd_cb_userdata(ctx, &password);
    }
    int line = 0, error = 0;
    const char *name = text_of(gi_val(cert)), *key_name = gi_is_null(key) ? name : text_of(gi_val(key));
    gi_ossl.ERR_clear_error();
    GI_BLOCKING(&ts->core, "certificate") {
        line = load_chain(ctx, name, key_name);
        error = errno;
    }
    gi_ossl.SSL_CTX_set_default_passwd_cb(ctx, before);
    gi_ossl.SSL_CTX_set_default_passwd_cb_userdata(ctx, before_arg);
    explicit_bzero(password.text, sizeof password.text);
    if (password.failed) return gi_ossl.ERR_clear_error(), GI_NULL;
    return line == 0 ? GI_REF_NONE : raise_failure(ts, line == GI_AT_KEY_CHECK ? 0 : error, line);
}

/* ---- Authorities ---- */

/* Adds each certificate in the data (PEM text, or DER) to the store. */
static GiStatus add_authorities(GiThread *ts, SSL_CTX *ctx, const void *data, size_t len, bool pem) {
    if (len == 0) return gi_raise_status(ts, &gi_exc_ValueError, "Empty certificate data");
    if (len > INT_MAX) return gi_raise_status(ts, &gi_exc_OverflowError, "Certificate data is too long.");
    BIO *bio = gi_ossl.BIO_new_mem_buf(data, (int)len);
    if (!bio) return (void)gi_ssl_raise_last(ts, GI_AT_CADATA), GI_FAIL;
    X509_STORE *store = gi_ossl.SSL_CTX_get_cert_store(ctx);
    int loaded = 0;
    bool stored = true;
    gi_ossl.ERR_clear_error();
    while (stored && (pem || gi_ossl.BIO_ctrl(bio, BIO_CTRL_PENDING, 0, NULL) > 0)) {
        X509 *cert = pem ? gi_ossl.PEM_read_bio_X509(bio, NULL, gi_ossl.SSL_CTX_get_default_passwd_cb(ctx),
                                                     gi_ossl.SSL_CTX_get_default_passwd_cb_userdata(ctx))
                         : gi_ossl.d2i_X509_bio(bio, NULL);
        if (!cert) break;
        stored = gi_ossl.X509_STORE_add_cert(store, cert); /* what is there already is no failure */
        gi_ossl.X509_free(cert);
        loaded += stored;
    }
    gi_ossl.BIO_free(bio);
    unsigned long code = gi_ossl.ERR_peek_last_error();
    if (loaded == 0) {
        const char *text = pem ? "no start line: cadata does not contain a certificate" : "not enough data: cadata does not contain a certificate";
        (void)gi_ssl_raise(ts, GI_SSL_ERROR, NULL, 0, text, GI_AT_NO_CADATA, 0);
        return GI_FAIL;
    }
    bool at_end = pem && ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
    if (code == 0 || at_end) return gi_ossl.ERR_clear_error(), GI_OK;
    return (void)gi_ssl_raise_last(ts, GI_AT_CADATA), GI_FAIL;
}
static GiStatus add_cadata(GiThread *ts, SSL_CTX *ctx, GiVal data) {
    if (gi_is_str(data) && gi_str_is_ascii(data)) return add_authorities(ts, ctx, gi_str_data(data), gi_str_len(data), true);
    if (gi_is_str(data) || !gi_has_buffer(data))
        return gi_raise_status(ts, &gi_exc_TypeError, "cadata should be an ASCII string or a bytes-like object");
    GiBuffer view;
    if (gi_buffer_get(ts, data, &view, GI_BUF_SIMPLE) < 0) return GI_FAIL;
    GiStatus status = add_authorities(ts, ctx, view.data, (size_t)view.len, false);
    gi_buffer_release(ts, &view);
    return status;
}
GiRef gi_ssl_load_verify_locations(GiThread *ts, GiVal self, GiVal cafile, GiVal capath, GiVal cadata) {
    GI_AUTO GiRef file = GI_NULL, folder = GI_NULL;
    bool data = !gi_is_null(cadata) && !gi_is_none(cadata);
    if (path_of(ts, cafile, "cafile", &file) < 0 || path_of(ts, capath, "capath", &folder) < 0) return GI_NULL;
    const char *file_name = text_of(gi_val(file)), *folder_name = text_of(gi_val(folder));
    if (!file_name && !folder_name && !data)
        return gi_raise_ref(ts, &gi_exc_TypeError, "cafile, capath and cadata cannot be all omitted");
    CONTEXT_IS_MINE(GI_NULL);
    if (data && add_cadata(ts, CTX(self), cadata) < 0) return GI_NULL;
    if (!file_name && !folder_name) return GI_REF_NONE;
    int ok = 0, error = 0;
    gi_ossl.ERR_clear_error();
    GI_BLOCKING(&ts->core, "certificate") {
        errno = 0;
        ok = gi_ossl.SSL_CTX_load_verify_locations(CTX(self), file_name, folder_name);
        error = errno;
    }
    return ok == 1 ? GI_REF_NONE : raise_failure(ts, error, GI_AT_VERIFY_LOCATIONS);
}
GiRef gi_ssl_set_default_verify_paths(GiThread *ts, GiVal self) {
    CONTEXT_IS_MINE(GI_NULL);
    int ok = 0;
    GI_BLOCKING(&ts->core, "certificate") ok = gi_ossl.SSL_CTX_set_default_verify_paths(CTX(self));
    if (!ok) return gi_ssl_raise_last(ts, GI_AT_DEFAULT_PATHS);
    gi_ossl.ERR_clear_error();
    return GI_REF_NONE;
}

/* ---- Parameters of key exchange ---- */

GiRef gi_ssl_load_dh_params(GiThread *ts, GiVal self, GiVal path) {
    GI_AUTO GiRef bytes = gi_fs_path(ts, path);
    if (gi_is_null(bytes)) return GI_NULL;
    CONTEXT_IS_MINE(GI_NULL);
    if (gi_auditf(ts, "open", "Osi", path, "rb", 0) < 0) return GI_NULL;
    const char *name = text_of(gi_val(bytes));
    DH *dh = NULL;
    FILE *file = NULL;
    int error = 0;
    gi_ossl.ERR_clear_error();
    GI_BLOCKING(&ts->core, "certificate") {
        file = fopen(name, "rbe");
        error = errno;
        if (file) {
            errno = 0;
            dh = gi_ossl.PEM_read_DHparams(file, NULL, NULL, NULL);
            error = errno;
            fclose(file);
        }
    }
    if (!file) return gi_raise_errno(ts, error, path);
    if (!dh) return error ? raise_failure(ts, error, GI_AT_DH_PARAMS) : gi_ssl_raise_last(ts, GI_AT_DH_PARAMS);
    long ok = gi_ossl.SSL_CTX_ctrl(CTX(self), SSL_CTRL_SET_TMP_DH, 0, dh);
    gi_ossl.DH_free(dh);
    return ok ? GI_REF_NONE : gi_ssl_raise_last(ts, GI_AT_DH_PARAMS);
}
GiRef gi_ssl_set_ecdh_curve(GiThread *ts, GiVal self, GiVal name) {
    GI_AUTO GiRef bytes = gi_fs_path(ts, name);
    if (gi_is_null(bytes)) return GI_NULL;
    int nid = gi_ossl.OBJ_sn2nid(text_of(gi_val(bytes)));
    if (nid == NID_undef) return gi_raise_ref(ts, &gi_exc_ValueError, "unknown elliptic curve name %R", name);
    CONTEXT_IS_MINE(GI_NULL);
    gi_ossl.ERR_clear_error();
    EC_KEY *key = gi_ossl.EC_KEY_new_by_curve_name(nid);
    if (!key) return gi_ssl_raise_last(ts, GI_AT_ECDH_CURVE);
    long ok = gi_ossl.SSL_CTX_ctrl(CTX(self), SSL_CTRL_SET_TMP_ECDH, 0, key);
    gi_ossl.EC_KEY_free(key);
    return ok ? GI_REF_NONE : gi_ssl_raise_last(ts, GI_AT_ECDH_CURVE);
}
