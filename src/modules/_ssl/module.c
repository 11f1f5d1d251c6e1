/* module.c - the module _ssl: its functions about random numbers and object identifiers, and its constants. */
#include "modules/_ssl/internal.h"

#include "modules/_ssl/module.gen.h"

/* ---- Random numbers ---- */

GI_FUNCTION(_ssl, RAND_add, "(string: strbuffer, entropy: double, /)", "Mix string into the OpenSSL PRNG state.\n\nentropy (a float) is a lower bound on the entropy contained in\nstring.  See RFC 4086.") {
    const char *at = a->string.data;
    for (size_t left = (size_t)a->string.len; left > 0;) {
        size_t n = GI_MIN(left, (size_t)INT_MAX);
        gi_ossl.RAND_add(at, (int)n, a->entropy);
        at += n;
        left -= n;
    }
    return GI_REF_NONE;
}
/* n random bytes; GI_NULL: raised. */
static GiRef random_bytes(GiThread *ts, int n) {
    if (n < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "num must be positive");
    GiRef bytes = gi_bytes_from(ts, n ? NULL : "", (size_t)n);
    if (gi_is_null(bytes) || n == 0 || gi_ossl.RAND_bytes(gi_bytes_data(bytes), n) == 1) return bytes;
    gi_drop(ts, bytes);
    return gi_ssl_raise_last(ts, GI_AT_RANDOM);
}
GI_FUNCTION(_ssl, RAND_bytes, "(n: int, /)", "Generate n cryptographically strong pseudo-random bytes.") { return random_bytes(ts, a->n); }
GI_FUNCTION(_ssl, RAND_pseudo_bytes, "(n: int, /)", "Generate n pseudo-random bytes.\n\nReturn a pair (bytes, is_cryptographic).  is_cryptographic is True\nif the bytes generated are cryptographically strong.") {
    if (gi_warn(ts, &gi_exc_DeprecationWarning, 1, "ssl.RAND_pseudo_bytes() is deprecated") < 0) return GI_NULL;
    GiRef pair[2] = {random_bytes(ts, a->n), GI_REF_TRUE};
    return gi_ssl_tuple(ts, pair, 2);
}
GI_FUNCTION(_ssl, RAND_status, "()", "Returns True if the OpenSSL PRNG has been seeded with enough data and False if not.\n\nIt is necessary to seed the PRNG with RAND_add() on some platforms before\nusing the ssl() function.") {
    return gi_bool_ref(gi_ossl.RAND_status());
}

/* ---- Object identifiers ---- */

/* (nid, short name, long name, dotted numbers). */
static GiRef object_tuple(GiThread *ts, const ASN1_OBJECT *object) {
    int nid = gi_ossl.OBJ_obj2nid(object);
    if (nid == NID_undef) return gi_raise_ref(ts, &gi_exc_ValueError, "Unknown object");
    char text[256];
    int n = gi_ossl.OBJ_obj2txt(text, sizeof text, object, 1);
    GiRef items[4] = {gi_int_from_i64(ts, nid), gi_ssl_text_or_none(ts, gi_ossl.OBJ_nid2sn(nid)),
                      gi_ssl_text_or_none(ts, gi_ossl.OBJ_nid2ln(nid)), n > 0 ? gi_ssl_text_or_none(ts, text) : GI_REF_NONE};
    return gi_ssl_tuple(ts, items, 4);
}
GI_FUNCTION(_ssl, txt2obj, "(txt: cstr, name: bool = False)", "Lookup NID, short name, long name and OID of an ASN1_OBJECT.\n\nBy default objects are looked up by OID. With name=True short and\nlong name are also matched.") {
    ASN1_OBJECT *object = gi_ossl.OBJ_txt2obj(a->txt, !a->name);
    gi_ossl.ERR_clear_error();
    if (!object) return gi_raise_ref(ts, &gi_exc_ValueError, "unknown object '%.100s'", a->txt);
    GiRef r = object_tuple(ts, object);
    gi_ossl.ASN1_OBJECT_free(object);
    return r;
}
GI_FUNCTION(_ssl, nid2obj, "(nid: int, /)", "Lookup NID, short name, long name and OID of an ASN1_OBJECT by NID.") {
    if (a->nid < NID_undef) return gi_raise_ref(ts, &gi_exc_ValueError, "NID must be positive.");
    ASN1_OBJECT *object = gi_ossl.OBJ_nid2obj(a->nid);
    gi_ossl.ERR_clear_error();
    if (!object) return gi_raise_ref(ts, &gi_exc_ValueError, "unknown NID %i", a->nid);
    return object_tuple(ts, object); /* libcrypto's own: not freed */
}

/* ---- Files ---- */

GI_FUNCTION(_ssl, get_default_verify_paths, "()", "Return search paths and environment vars that are used by SSLContext's set_default_verify_paths() to load default CAs.\n\nThe values are 'cert_file_env', 'cert_file', 'cert_dir_env', 'cert_dir'.") {
    const char *texts[4] = {gi_ossl.X509_get_default_cert_file_env(), gi_ossl.X509_get_default_cert_file(),
                            gi_ossl.X509_get_default_cert_dir_env(), gi_ossl.X509_get_default_cert_dir()};
    GiRef items[4];
    for (int i = 0; i < 4; i++) items[i] = gi_str_from_fs(ts, texts[i], strlen(texts[i]));
    return gi_ssl_tuple(ts, items, 4);
}
GI_FUNCTION(_ssl, _test_decode_cert, "(path, /)", NULL) {
    GI_AUTO GiRef path = gi_fs_path(ts, a->path);
    if (gi_is_null(path)) return GI_NULL;
    bool opened = false;
    X509 *cert = NULL;
    GI_BLOCKING(&ts->core, "read") {
        BIO *file = gi_ossl.BIO_new_file((const char *)gi_bytes_data(path), "r");
        opened = file != NULL;
        if (opened) cert = gi_ossl.PEM_read_bio_X509(file, NULL, NULL, NULL);
        if (opened) gi_ossl.BIO_free(file);
        gi_ossl.ERR_clear_error();
    }
    if (!cert) return gi_ssl_raise_text(ts, opened ? "Error decoding PEM-encoded file" : "Can't open file");
    GiRef info = gi_ssl_certificate_info(ts, cert);
    gi_ossl.X509_free(cert);
    return info;
}

/* ---- Constants ---- */

static const GiIntConstant constants[] = {
    {"CERT_NONE", GI_SSL_CERT_NONE}, {"CERT_OPTIONAL", GI_SSL_CERT_OPTIONAL}, {"CERT_REQUIRED", GI_SSL_CERT_REQUIRED},
    {"PROTOCOL_SSLv23", GI_SSL_TLS}, {"PROTOCOL_TLS", GI_SSL_TLS}, {"PROTOCOL_TLS_CLIENT", GI_SSL_CLIENT},
    {"PROTOCOL_TLS_SERVER", GI_SSL_SERVER}, {"PROTOCOL_TLSv1", GI_SSL_TLS1}, {"PROTOCOL_TLSv1_1", GI_SSL_TLS1_1},
    {"PROTOCOL_TLSv1_2", GI_SSL_TLS1_2}, {"PROTO_MINIMUM_SUPPORTED", -2}, {"PROTO_MAXIMUM_SUPPORTED", -1},
    {"PROTO_SSLv3", SSL3_VERSION}, {"PROTO_TLSv1", TLS1_VERSION}, {"PROTO_TLSv1_1", TLS1_1_VERSION},
    {"PROTO_TLSv1_2", TLS1_2_VERSION}, {"PROTO_TLSv1_3", TLS1_3_VERSION}, {"ENCODING_PEM", GI_SSL_ENCODING_PEM},
    {"ENCODING_DER", GI_SSL_ENCODING_DER},
    {"SSL_ERROR_SSL", SSL_ERROR_SSL}, {"SSL_ERROR_WANT_READ", SSL_ERROR_WANT_READ},
    {"SSL_ERROR_WANT_WRITE", SSL_ERROR_WANT_WRITE}, {"SSL_ERROR_WANT_X509_LOOKUP", SSL_ERROR_WANT_X509_LOOKUP},
    {"SSL_ERROR_SYSCALL", SSL_ERROR_SYSCALL}, {"SSL_ERROR_ZERO_RETURN", SSL_ERROR_ZERO_RETURN},
    {"SSL_ERROR_WANT_CONNECT", SSL_ERROR_WANT_CONNECT}, {"SSL_ERROR_EOF", GI_SSL_NUMBER_EOF},
    {"SSL_ERROR_INVALID_ERROR_CODE", GI_SSL_NUMBER_INVALID},
    {"VERIFY_DEFAULT", 0}, {"VERIFY_CRL_CHECK_LEAF", X509_V_FLAG_CRL_CHECK},
    {"VERIFY_CRL_CHECK_CHAIN", X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL},
    {"VERIFY_X509_STRICT", X509_V_FLAG_X509_STRICT}, {"VERIFY_ALLOW_PROXY_CERTS", X509_V_FLAG_ALLOW_PROXY_CERTS},
    {"VERIFY_X509_TRUSTED_FIRST", X509_V_FLAG_TRUSTED_FIRST}, {"VERIFY_X509_PARTIAL_CHAIN", X509_V_FLAG_PARTIAL_CHAIN},
    {"HOSTFLAG_ALWAYS_CHECK_SUBJECT", X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT},
    {"HOSTFLAG_NEVER_CHECK_SUBJECT", X509_CHECK_FLAG_NEVER_CHECK_SUBJECT},
    {"HOSTFLAG_NO_WILDCARDS", X509_CHECK_FLAG_NO_WILDCARDS},
    {"HOSTFLAG_NO_PARTIAL_WILDCARDS", X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS},
    {"HOSTFLAG_MULTI_LABEL_WILDCARDS", X509_CHECK_FLAG_MULTI_LABEL_WILDCARDS},
    {"HOSTFLAG_SINGLE_LABEL_SUBDOMAINS", X509_CHECK_FLAG_SINGLE_LABEL_SUBDOMAINS},
    {"OP_ALL", (int64_t)(SSL_OP_ALL & ~SSL_OP_DONT_INSERT_EMPTY_FRAGMENTS)}, {"OP_NO_SSLv2", 0}, {"OP_NO_SSLv3", SSL_OP_NO_SSLv3},
    {"OP_NO_TLSv1", SSL_OP_NO_TLSv1}, {"OP_NO_TLSv1_1", SSL_OP_NO_TLSv1_1}, {"OP_NO_TLSv1_2", SSL_OP_NO_TLSv1_2},
    {"OP_NO_TLSv1_3", SSL_OP_NO_TLSv1_3}, {"OP_CIPHER_SERVER_PREFERENCE", SSL_OP_CIPHER_SERVER_PREFERENCE},
    {"OP_SINGLE_DH_USE", SSL_OP_SINGLE_DH_USE}, {"OP_NO_TICKET", SSL_OP_NO_TICKET},
    {"OP_SINGLE_ECDH_USE", SSL_OP_SINGLE_ECDH_USE}, {"OP_NO_COMPRESSION", SSL_OP_NO_COMPRESSION},
    {"OP_ENABLE_MIDDLEBOX_COMPAT", SSL_OP_ENABLE_MIDDLEBOX_COMPAT}, {"OP_NO_RENEGOTIATION", SSL_OP_NO_RENEGOTIATION},
    {"OP_IGNORE_UNEXPECTED_EOF", SSL_OP_IGNORE_UNEXPECTED_EOF},
#define ALERT(name) {"ALERT_DESCRIPTION_" #name, SSL_AD_##name}
    ALERT(ACCESS_DENIED), ALERT(BAD_CERTIFICATE), ALERT(BAD_CERTIFICATE_HASH_VALUE), ALERT(BAD_CERTIFICATE_STATUS_RESPONSE),
    ALERT(BAD_RECORD_MAC), ALERT(CERTIFICATE_EXPIRED), ALERT(CERTIFICATE_REVOKED), ALERT(CERTIFICATE_UNKNOWN),
    ALERT(CERTIFICATE_UNOBTAINABLE), ALERT(CLOSE_NOTIFY), ALERT(DECODE_ERROR), ALERT(DECOMPRESSION_FAILURE), ALERT(DECRYPT_ERROR),
    ALERT(HANDSHAKE_FAILURE), ALERT(ILLEGAL_PARAMETER), ALERT(INSUFFICIENT_SECURITY), ALERT(INTERNAL_ERROR),
    ALERT(NO_RENEGOTIATION), ALERT(PROTOCOL_VERSION), ALERT(RECORD_OVERFLOW), ALERT(UNEXPECTED_MESSAGE), ALERT(UNKNOWN_CA),
    ALERT(UNKNOWN_PSK_IDENTITY), ALERT(UNRECOGNIZED_NAME), ALERT(UNSUPPORTED_CERTIFICATE), ALERT(UNSUPPORTED_EXTENSION),
    ALERT(USER_CANCELLED),
};
static const struct { const char *name; bool value; } flags[] = {
    {"HAS_SNI", true}, {"HAS_TLS_UNIQUE", true}, {"HAS_ECDH", true}, {"HAS_NPN", false}, {"HAS_ALPN", true}, {"HAS_SSLv2", false},
    {"HAS_SSLv3", false}, {"HAS_TLSv1", true}, {"HAS_TLSv1_1", true}, {"HAS_TLSv1_2", true}, {"HAS_TLSv1_3", true},
};

/* A version number as (major, minor, fix, patch, status). */
static GiRef version_tuple(GiThread *ts, unsigned long v) {
    GiRef items[5] = {gi_smallint_ref((int64_t)(v >> 28 & 0xf)), gi_smallint_ref((int64_t)(v >> 20 & 0xff)),
                      gi_smallint_ref((int64_t)(v >> 12 & 0xff)), gi_smallint_ref((int64_t)(v >> 4 & 0xff)),
                      gi_smallint_ref((int64_t)(v & 0xf))};
    return gi_ssl_tuple(ts, items, 5);
}
static GiStatus add_constants(GiThread *ts, GiVal module) {
    for (size_t i = 0; i < GI_COUNTOF(flags); i++)
        if (gi_module_add(ts, module, flags[i].name, gi_bool_ref(flags[i].value)) < 0) return GI_FAIL;
    unsigned long version = gi_ossl.OpenSSL_version_num();
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0 ||
        gi_module_add_int(ts, module, "OPENSSL_VERSION_NUMBER", (int64_t)version) < 0 ||
        gi_module_add(ts, module, "OPENSSL_VERSION_INFO", version_tuple(ts, version)) < 0 ||
        gi_module_add_str(ts, module, "OPENSSL_VERSION", gi_ossl.OpenSSL_version(OPENSSL_VERSION)) < 0 ||
        gi_module_add(ts, module, "_OPENSSL_API_VERSION", version_tuple(ts, OPENSSL_VERSION_NUMBER)) < 0)
        return GI_FAIL;
    return gi_module_add_str(ts, module, "_DEFAULT_CIPHERS", GI_SSL_DEFAULT_CIPHERS);
}
static GiStatus ssl_exec(GiThread *ts, GiVal module) {
    if (gi_ossl_load(ts) < 0) return GI_FAIL;
    /* Connections look at the fields of socket objects. */
    GI_AUTO GiRef socket = gi_import(ts, "_socket");
    if (gi_is_null(socket) || gi_ssl_add_errors(ts, module) < 0 || add_constants(ts, module) < 0 ||
        gi_module_add_type(ts, module, &gi_ssl_context_type) < 0 || gi_module_add_type(ts, module, &gi_ssl_socket_type) < 0 ||
        gi_module_add_type(ts, module, &gi_ssl_bio_type) < 0 || gi_module_add_type(ts, module, &gi_ssl_session_type) < 0)
        return GI_FAIL;
    return gi_module_add_type(ts, module, &gi_ssl_certificate_type);
}

static const GiField state_fields[] = {
    GI_SLOT(GiSslState, errors[0]), GI_SLOT(GiSslState, errors[1]), GI_SLOT(GiSslState, errors[2]), GI_SLOT(GiSslState, errors[3]),
    GI_SLOT(GiSslState, errors[4]), GI_SLOT(GiSslState, errors[5]), GI_SLOT(GiSslState, errors[6]), GI_SLOT(GiSslState, reasons),
    GI_SLOT(GiSslState, libraries), GI_FIELDS_END};
const GiModuleDef gi_module__ssl = {
    .name = "_ssl", .functions = _ssl_functions, .exec = ssl_exec, .state_size = sizeof(GiSslState), .state_fields = state_fields,
    .doc = "Implementation module for SSL socket operations.  See the socket module\nfor documentation.",
};
