/* certificate.c - what is in a certificate and a cipher, as Python sees it; the type Certificate. */
#include "modules/_ssl/internal.h"

#include <arpa/inet.h>

#include "modules/_ssl/certificate.gen.h"

GiRef gi_ssl_text_or_none(GiThread *ts, const char *text) {
    return text ? gi_str_from_utf8(ts, text, strlen(text)) : GI_REF_NONE;
}
GiRef gi_ssl_tuple(GiThread *ts, const GiRef *items, size_t count) {
    bool failed = false;
    for (size_t i = 0; i < count; i++) failed |= gi_is_null(items[i]);
    if (!failed) return gi_tuple_steal(ts, items, count);
    for (size_t i = 0; i < count; i++) gi_xdrop(ts, items[i]);
    return GI_NULL;
}
GiStatus gi_ssl_put(GiThread *ts, GiVal dict, const char *key, GiRef value) {
    if (gi_is_null(value)) return GI_FAIL;
    GiStatus status = gi_dict_set_cstr(ts, dict, key, gi_val(value));
    gi_drop(ts, value);
    return status;
}

/* ---- Text by a BIO ---- */

/* The text that was written into a BIO, which is freed; no: writing failed. */
static GiRef text_of(GiThread *ts, BIO *bio, bool ok) {
    char *data = NULL;
    long len = bio && ok ? gi_ossl.BIO_ctrl(bio, BIO_CTRL_INFO, 0, &data) : -1;
    GiRef text = len < 0 ? gi_ssl_raise_last(ts, GI_AT_CERTIFICATE) : gi_str_from_utf8(ts, data ? data : "", (size_t)len);
    if (bio) gi_ossl.BIO_free(bio);
    return text;
}
static BIO *memory(void) { return gi_ossl.BIO_new(gi_ossl.BIO_s_mem()); }

static GiRef time_text(GiThread *ts, const ASN1_TIME *time) {
    BIO *bio = memory();
    return text_of(ts, bio, bio && gi_ossl.ASN1_TIME_print(bio, time));
}
/* The text of an object's identifier, by name if `named` and it has one. */
static GiRef object_text(GiThread *ts, const ASN1_OBJECT *object, bool named) {
    char text[256];
    int n = gi_ossl.OBJ_obj2txt(text, sizeof text, object, !named);
    if (n < 0) return gi_ssl_raise_last(ts, GI_AT_CERTIFICATE);
    return gi_str_from_utf8(ts, text, GI_MIN((size_t)n, sizeof text - 1));
}
static GiRef string_text(GiThread *ts, const ASN1_STRING *s) {
    return gi_str_from_utf8(ts, (const char *)gi_ossl.ASN1_STRING_get0_data(s), (size_t)gi_ossl.ASN1_STRING_length(s));
}

/* ---- Names ---- */

/* (name, value) of an entry. */
static GiRef entry_pair(GiThread *ts, const X509_NAME_ENTRY *entry) {
    unsigned char *utf8 = NULL;
    int n = gi_ossl.ASN1_STRING_to_UTF8(&utf8, gi_ossl.X509_NAME_ENTRY_get_data(entry));
    if (n < 0) return gi_ssl_raise_last(ts, GI_AT_CERTIFICATE);
    GiRef pair[2] = {object_text(ts, gi_ossl.X509_NAME_ENTRY_get_object(entry), true),
                     gi_str_from_utf8(ts, (const char *)utf8, (size_t)n)};
    gi_ossl.CRYPTO_free(utf8, "", 0);
    return gi_ssl_tuple(ts, pair, 2);
}
/* A list with `item` (consumed) at its end becomes longer; GI_FAIL also when the item is null. */
static GiStatus append(GiThread *ts, GiVal list, GiRef item) {
    return gi_is_null(item) ? GI_FAIL : gi_list_append(ts, list, item);
}
/* A tuple of relative names, each a tuple of pairs: entries of one set stand together. */
static GiRef name_tuple(GiThread *ts, const X509_NAME *name) {
    GI_AUTO GiRef names = gi_list_new(ts, 8), parts = GI_NULL;
    int count = gi_ossl.X509_NAME_entry_count(name), before = -1;
    if (gi_is_null(names)) return GI_NULL;
    for (int i = 0; i < count; i++) {
        const X509_NAME_ENTRY *entry = gi_ossl.X509_NAME_get_entry(name, i);
        if (gi_ossl.X509_NAME_ENTRY_set(entry) != before || gi_is_null(parts)) {
            if (!gi_is_null(parts) && append(ts, gi_val(names), gi_list_to_tuple(ts, gi_val(parts))) < 0) return GI_NULL;
            gi_xdrop(ts, gi_move(&parts));
            parts = gi_list_new(ts, 1);
            before = gi_ossl.X509_NAME_ENTRY_set(entry);
        }
        if (gi_is_null(parts) || append(ts, gi_val(parts), entry_pair(ts, entry)) < 0) return GI_NULL;
    }
    if (!gi_is_null(parts) && append(ts, gi_val(names), gi_list_to_tuple(ts, gi_val(parts))) < 0) return GI_NULL;
    return gi_list_to_tuple(ts, gi_val(names));
}

static GiRef address_text(GiThread *ts, const ASN1_OCTET_STRING *ip) {
    const unsigned char *b = gi_ossl.ASN1_STRING_get0_data(ip);
    int n = gi_ossl.ASN1_STRING_length(ip);
    if (n == 4) return gi_str_format(ts, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
    if (n != 16) return gi_str_from_cstr(ts, "<invalid>");
    char text[48];
    size_t at = 0;
    for (int i = 0; i < 16; i += 2) at += (size_t)snprintf(text + at, sizeof text - at, i ? ":%X" : "%X", b[i] << 8 | b[i + 1]);
    return gi_str_from_cstr(ts, text);
}
/* Any other alternative name, by libcrypto's text "kind:value". */
static GiRef printed_pair(GiThread *ts, GENERAL_NAME *name) {
    BIO *bio = memory();
    GI_AUTO GiRef text = text_of(ts, bio, bio && gi_ossl.GENERAL_NAME_print(bio, name));
    if (gi_is_null(text)) return GI_NULL;
    size_t n = gi_str_len(text), colon = 0;
    while (colon < n && gi_str_char(gi_val(text), colon) != ':') colon++;
    if (colon == n) return gi_raise_ref(ts, &gi_exc_ValueError, "Invalid value %.200U", gi_val(text));
    GiRef pair[2] = {gi_str_slice(ts, gi_val(text), 0, colon), gi_str_slice(ts, gi_val(text), colon + 1, n)};
    return gi_ssl_tuple(ts, pair, 2);
}
static GiRef alternative_name(GiThread *ts, GENERAL_NAME *name) {
    int kind = -1;
    const void *value = gi_ossl.GENERAL_NAME_get0_value(name, &kind);
    GiRef pair[2] = {GI_NULL, GI_NULL};
    switch (kind) {
    case GEN_DIRNAME:
        pair[0] = gi_str_from_cstr(ts, "DirName");
        pair[1] = name_tuple(ts, value);
        break;
    case GEN_EMAIL: case GEN_DNS: case GEN_URI:
        pair[0] = gi_str_from_cstr(ts, kind == GEN_EMAIL ? "email" : kind == GEN_DNS ? "DNS" : "URI");
        pair[1] = string_text(ts, value);
        break;
    case GEN_RID:
        pair[0] = gi_str_from_cstr(ts, "Registered ID");
        pair[1] = object_text(ts, value, true);
        break;
    case GEN_IPADD:
        pair[0] = gi_str_from_cstr(ts, "IP Address");
        pair[1] = address_text(ts, value);
        break;
    default: return printed_pair(ts, name);
    }
    return gi_ssl_tuple(ts, pair, 2);
}

/* ---- Extensions ---- */

static void *extension(const X509 *cert, int nid) { return gi_ossl.X509_get_ext_d2i(cert, nid, NULL, NULL); }
static size_t stack_size(const void *stack) { return (size_t)gi_ossl.OPENSSL_sk_num(stack); }
static void *stack_at(const void *stack, size_t i) { return gi_ossl.OPENSSL_sk_value(stack, (int)i); }

/* Puts a list under a key as a tuple, if it has items or `also_empty`. */
static GiStatus put_tuple(GiThread *ts, GiVal info, const char *key, GiVal list, bool also_empty) {
    return gi_list_len(list) > 0 || also_empty ? gi_ssl_put(ts, info, key, gi_list_to_tuple(ts, list)) : GI_OK;
}
static GiStatus put_alternative_names(GiThread *ts, GiVal info, const X509 *cert) {
    GENERAL_NAMES *names = extension(cert, NID_subject_alt_name);
    if (!names) return GI_OK;
    GI_AUTO GiRef list = gi_list_new(ts, stack_size(names));
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < stack_size(names) && status == GI_OK; i++)
        status = append(ts, gi_val(list), alternative_name(ts, stack_at(names, i)));
    gi_ossl.GENERAL_NAMES_free(names);
    return status < 0 ? status : put_tuple(ts, info, "subjectAltName", gi_val(list), true);
}
/* Addresses of one kind from "authority information access". */
static GiStatus put_access(GiThread *ts, GiVal info, const X509 *cert, int nid, const char *key) {
    AUTHORITY_INFO_ACCESS *all = extension(cert, NID_info_access);
    if (!all) return GI_OK;
    GI_AUTO GiRef list = gi_list_new(ts, 1);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < stack_size(all) && status == GI_OK; i++) {
        const ACCESS_DESCRIPTION *one = stack_at(all, i);
        if (gi_ossl.OBJ_obj2nid(one->method) == nid && one->location->type == GEN_URI)
            status = append(ts, gi_val(list), string_text(ts, one->location->d.uniformResourceIdentifier));
    }
    gi_ossl.AUTHORITY_INFO_ACCESS_free(all);
    return status < 0 ? status : put_tuple(ts, info, key, gi_val(list), false);
}
static GiStatus put_revocation_lists(GiThread *ts, GiVal info, const X509 *cert) {
    CRL_DIST_POINTS *points = extension(cert, NID_crl_distribution_points);
    if (!points) return GI_OK;
    GI_AUTO GiRef list = gi_list_new(ts, 1);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (size_t i = 0; i < stack_size(points) && status == GI_OK; i++) {
        const DIST_POINT *point = stack_at(points, i);
        if (!point->distpoint || point->distpoint->type != 0) continue;
        const GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (size_t j = 0; j < stack_size(names) && status == GI_OK; j++) {
            const GENERAL_NAME *name = stack_at(names, j);
            if (name->type == GEN_URI) status = append(ts, gi_val(list), string_text(ts, name->d.uniformResourceIdentifier));
        }
    }
    gi_ossl.CRL_DIST_POINTS_free(points);
    return status < 0 ? status : put_tuple(ts, info, "crlDistributionPoints", gi_val(list), false);
}

static GiRef serial_text(GiThread *ts, X509 *cert) {
    BIO *bio = memory();
    return text_of(ts, bio, bio && gi_ossl.i2a_ASN1_INTEGER(bio, gi_ossl.X509_get0_serialNumber(cert)) >= 0);
}
GiRef gi_ssl_certificate_info(GiThread *ts, X509 *cert) {
    GI_AUTO GiRef dict = gi_dict_new(ts);
    GiVal info = gi_val(dict);
    if (gi_is_null(dict) || gi_ssl_put(ts, info, "subject", name_tuple(ts, gi_ossl.X509_get_subject_name(cert))) < 0 ||
        gi_ssl_put(ts, info, "issuer", name_tuple(ts, gi_ossl.X509_get_issuer_name(cert))) < 0 ||
        gi_ssl_put(ts, info, "version", gi_int_from_i64(ts, gi_ossl.X509_get_version(cert) + 1)) < 0 ||
        gi_ssl_put(ts, info, "serialNumber", serial_text(ts, cert)) < 0 ||
        gi_ssl_put(ts, info, "notBefore", time_text(ts, gi_ossl.X509_get0_notBefore(cert))) < 0 ||
        gi_ssl_put(ts, info, "notAfter", time_text(ts, gi_ossl.X509_get0_notAfter(cert))) < 0 ||
        put_alternative_names(ts, info, cert) < 0 || put_access(ts, info, cert, NID_ad_OCSP, "OCSP") < 0 ||
        put_access(ts, info, cert, NID_ad_ca_issuers, "caIssuers") < 0 || put_revocation_lists(ts, info, cert) < 0)
        return GI_NULL;
    gi_ossl.ERR_clear_error();
    return gi_move(&dict);
}
GiRef gi_ssl_certificate_der(GiThread *ts, X509 *cert) {
    unsigned char *der = NULL;
    int n = gi_ossl.i2d_X509(cert, &der);
    if (n < 0) return gi_ssl_raise_last(ts, GI_AT_CERTIFICATE);
    GiRef bytes = gi_bytes_from(ts, der, (size_t)n);
    gi_ossl.CRYPTO_free(der, "", 0);
    return bytes;
}

/* ---- Certificate ---- */

GiRef gi_ssl_certificate_new(GiThread *ts, X509 *cert) {
    GiRef made = gi_type_alloc(ts, &gi_ssl_certificate_type, 0);
    if (gi_is_null(made)) return made;
    gi_ossl.X509_up_ref(cert);
    gi_ssl_certificate_of(made)->cert = cert;
    return made;
}
static void certificate_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiSslCertificate *c = (GiSslCertificate *)obj;
    if (c->cert) gi_ossl.X509_free(c->cert);
}
GI_METHOD(ssl_certificate, public_bytes, "(self, format: int = 1)", NULL) {
    X509 *cert = gi_ssl_certificate_of(self)->cert;
    if (a->format == GI_SSL_ENCODING_DER) return gi_ssl_certificate_der(ts, cert);
    if (a->format != GI_SSL_ENCODING_PEM) return gi_raise_ref(ts, &gi_exc_ValueError, "Unsupported format");
    BIO *bio = memory();
    return text_of(ts, bio, bio && gi_ossl.PEM_write_bio_X509(bio, cert));
}
GI_METHOD(ssl_certificate, get_info, "(self)", NULL) { return gi_ssl_certificate_info(ts, gi_ssl_certificate_of(self)->cert); }
static GiRef certificate_repr(GiThread *ts, GiVal self) {
    BIO *bio = memory();
    const X509_NAME *subject = gi_ossl.X509_get_subject_name(gi_ssl_certificate_of(self)->cert);
    GI_AUTO GiRef text = text_of(ts, bio, bio && gi_ossl.X509_NAME_print_ex(bio, subject, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0);
    return gi_is_null(text) ? GI_NULL : gi_str_format(ts, "<%s '%U'>", gi_type_name(self), gi_val(text));
}
static GiRef certificate_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_instance_of(other, &gi_ssl_certificate_type)) return GI_REF_NOTIMPLEMENTED;
    bool same = gi_ossl.X509_cmp(gi_ssl_certificate_of(self)->cert, gi_ssl_certificate_of(other)->cert) == 0;
    return gi_bool_ref(same == (op == GI_EQ));
}
static int64_t certificate_hash(GiThread *ts GI_UNUSED, GiVal self) {
    return (int64_t)gi_ossl.X509_subject_name_hash(gi_ssl_certificate_of(self)->cert);
}
GiType gi_ssl_certificate_type = {
    .obj = GI_TYPE_HEAD, .name = "_ssl.Certificate", .module = "_ssl", .size = sizeof(GiSslCertificate),
    .base = &gi_object_type, .flags = GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, .repr = certificate_repr,
    .compare = certificate_compare, .hash = certificate_hash, .methods = ssl_certificate_methods, .destroy = certificate_destroy,
};

/* ---- Ciphers ---- */

static GiRef nid_text(GiThread *ts, int nid) {
    return nid == NID_undef ? GI_REF_NONE : gi_ssl_text_or_none(ts, gi_ossl.OBJ_nid2ln(nid));
}
static GiRef description_text(GiThread *ts, const SSL_CIPHER *cipher) {
    char text[512] = "";
    gi_ossl.SSL_CIPHER_description(cipher, text, sizeof text - 1);
    return gi_str_from_utf8(ts, text, strcspn(text, "\n"));
}
GiRef gi_ssl_cipher_info(GiThread *ts, const SSL_CIPHER *cipher) {
    GI_AUTO GiRef dict = gi_dict_new(ts);
    GiVal info = gi_val(dict);
    int bits = 0, strength = gi_ossl.SSL_CIPHER_get_bits(cipher, &bits);
    if (gi_is_null(dict) || gi_ssl_put(ts, info, "id", gi_int_from_u64(ts, gi_ossl.SSL_CIPHER_get_id(cipher))) < 0 ||
        gi_ssl_put(ts, info, "name", gi_ssl_text_or_none(ts, gi_ossl.SSL_CIPHER_get_name(cipher))) < 0 ||
        gi_ssl_put(ts, info, "protocol", gi_ssl_text_or_none(ts, gi_ossl.SSL_CIPHER_get_version(cipher))) < 0 ||
        gi_ssl_put(ts, info, "description", description_text(ts, cipher)) < 0 ||
        gi_ssl_put(ts, info, "strength_bits", gi_int_from_i64(ts, strength)) < 0 ||
        gi_ssl_put(ts, info, "alg_bits", gi_int_from_i64(ts, bits)) < 0 ||
        gi_ssl_put(ts, info, "aead", gi_bool_ref(gi_ossl.SSL_CIPHER_is_aead(cipher))) < 0 ||
        gi_ssl_put(ts, info, "symmetric", nid_text(ts, gi_ossl.SSL_CIPHER_get_cipher_nid(cipher))) < 0 ||
        gi_ssl_put(ts, info, "digest", nid_text(ts, gi_ossl.SSL_CIPHER_get_digest_nid(cipher))) < 0 ||
        gi_ssl_put(ts, info, "kea", nid_text(ts, gi_ossl.SSL_CIPHER_get_kx_nid(cipher))) < 0 ||
        gi_ssl_put(ts, info, "auth", nid_text(ts, gi_ossl.SSL_CIPHER_get_auth_nid(cipher))) < 0)
        return GI_NULL;
    return gi_move(&dict);
}
GiRef gi_ssl_cipher_tuple(GiThread *ts, const SSL_CIPHER *cipher) {
    GiRef items[3] = {gi_ssl_text_or_none(ts, gi_ossl.SSL_CIPHER_get_name(cipher)),
                      gi_ssl_text_or_none(ts, gi_ossl.SSL_CIPHER_get_version(cipher)),
                      gi_int_from_i64(ts, gi_ossl.SSL_CIPHER_get_bits(cipher, NULL))};
    return gi_ssl_tuple(ts, items, 3);
}
