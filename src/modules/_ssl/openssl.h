/* openssl.h - the functions of OpenSSL's libssl and libcrypto that _ssl uses, loaded when it is imported.
 *
 * INVARIANT: gi_ossl is filled once a process, before the first object of the module is made, and read only
 * afterwards. It is not in a VM since OpenSSL hands its callbacks nothing that would lead there.
 */
#ifndef GI_MODULES_OPENSSL_H
#define GI_MODULES_OPENSSL_H

/* Some of what Python offers OpenSSL 3 has for compatibility only. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "memory/thread.h"

#include <openssl/comp.h>
#include <openssl/dh.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* By name: X(name). */
#define GI_OSSL_FUNCTIONS(X) \
    X(OPENSSL_init_ssl) X(i2d_SSL_SESSION) \
    X(ASN1_OBJECT_free) X(ASN1_STRING_free) X(ASN1_STRING_get0_data) X(ASN1_STRING_length) \
    X(ASN1_STRING_to_UTF8) X(ASN1_TIME_print) X(AUTHORITY_INFO_ACCESS_free) X(BIO_clear_flags) \
    X(BIO_ctrl) X(BIO_free) X(BIO_get_data) X(BIO_get_new_index) X(BIO_meth_new) \
    X(BIO_meth_set_ctrl) X(BIO_meth_set_destroy) X(BIO_meth_set_read) X(BIO_meth_set_write) \
    X(BIO_new) X(BIO_new_file) X(BIO_new_mem_buf) X(BIO_s_mem) X(BIO_set_data) X(BIO_set_flags) \
    X(BIO_set_init) X(COMP_get_type) X(CRL_DIST_POINTS_free) X(CRYPTO_free) X(DH_free) \
    X(EC_KEY_free) X(EC_KEY_new_by_curve_name) X(ERR_clear_error) X(ERR_peek_last_error) \
    X(ERR_reason_error_string) X(GENERAL_NAMES_free) X(GENERAL_NAME_get0_value) \
    X(GENERAL_NAME_print) X(OBJ_nid2ln) X(OBJ_nid2obj) X(OBJ_nid2sn) X(OBJ_obj2nid) \
    X(OBJ_obj2txt) X(OBJ_sn2nid) X(OBJ_txt2obj) X(OPENSSL_sk_num) X(OPENSSL_sk_value) \
    X(OpenSSL_version) X(OpenSSL_version_num) X(PEM_read_DHparams) X(PEM_read_bio_X509) \
    X(PEM_write_bio_X509) X(RAND_add) X(RAND_bytes) X(RAND_status) X(SSL_CIPHER_description) \
    X(SSL_CIPHER_get_auth_nid) X(SSL_CIPHER_get_bits) X(SSL_CIPHER_get_cipher_nid) \
    X(SSL_CIPHER_get_digest_nid) X(SSL_CIPHER_get_id) X(SSL_CIPHER_get_kx_nid) \
    X(SSL_CIPHER_get_name) X(SSL_CIPHER_get_version) X(SSL_CIPHER_is_aead) \
    X(SSL_CTX_callback_ctrl) X(SSL_CTX_check_private_key) X(SSL_CTX_clear_options) \
    X(SSL_CTX_ctrl) X(SSL_CTX_free) X(SSL_CTX_get0_param) X(SSL_CTX_get_cert_store) \
    X(SSL_CTX_get_default_passwd_cb) X(SSL_CTX_get_default_passwd_cb_userdata) \
    X(SSL_CTX_get_ex_data) X(SSL_CTX_get_num_tickets) X(SSL_CTX_get_options) \
    X(SSL_CTX_get_security_level) X(SSL_CTX_get_verify_callback) X(SSL_CTX_get_verify_mode) \
    X(SSL_CTX_load_verify_locations) X(SSL_CTX_new) X(SSL_CTX_set_alpn_protos) \
    X(SSL_CTX_set_alpn_select_cb) X(SSL_CTX_set_cipher_list) X(SSL_CTX_set_default_passwd_cb) \
    X(SSL_CTX_set_default_passwd_cb_userdata) X(SSL_CTX_set_default_verify_paths) \
    X(SSL_CTX_set_ex_data) X(SSL_CTX_set_keylog_callback) X(SSL_CTX_set_msg_callback) \
    X(SSL_CTX_set_num_tickets) X(SSL_CTX_set_options) X(SSL_CTX_set_post_handshake_auth) \
    X(SSL_CTX_set_session_id_context) X(SSL_CTX_set_verify) X(SSL_CTX_use_PrivateKey_file) \
    X(SSL_CTX_use_certificate_chain_file) X(SSL_SESSION_dup) X(SSL_SESSION_free) \
    X(SSL_SESSION_get_id) X(SSL_SESSION_get_ticket_lifetime_hint) X(SSL_SESSION_get_time) \
    X(SSL_SESSION_get_timeout) X(SSL_SESSION_has_ticket) X(SSL_ctrl) X(SSL_do_handshake) \
    X(SSL_free) X(SSL_get0_alpn_selected) X(SSL_get0_param) X(SSL_get0_peer_certificate) \
    X(SSL_get0_verified_chain) X(SSL_get_SSL_CTX) X(SSL_get_ciphers) \
    X(SSL_get_current_cipher) X(SSL_get_current_compression) X(SSL_get_error) X(SSL_get_ex_data) \
    X(SSL_get_finished) X(SSL_get_peer_cert_chain) X(SSL_get_peer_finished) X(SSL_get_servername) \
    X(SSL_get_session) X(SSL_get_shutdown) X(SSL_get_verify_callback) X(SSL_get_verify_mode) \
    X(SSL_get_verify_result) X(SSL_get_version) X(SSL_is_init_finished) X(SSL_new) X(SSL_pending) \
    X(SSL_read_ex) X(SSL_select_next_proto) X(SSL_session_reused) X(SSL_set_SSL_CTX) \
    X(SSL_set_accept_state) X(SSL_set_bio) X(SSL_set_connect_state) X(SSL_set_ex_data) \
    X(SSL_set_msg_callback) X(SSL_set_post_handshake_auth) X(SSL_set_session) X(SSL_set_verify) \
    X(SSL_shutdown) X(SSL_verify_client_post_handshake) X(SSL_write_ex) X(TLS_client_method) \
    X(TLS_method) X(TLS_server_method) X(TLSv1_1_method) X(TLSv1_2_method) X(TLSv1_method) \
    X(X509_NAME_ENTRY_get_data) X(X509_NAME_ENTRY_get_object) X(X509_NAME_ENTRY_set) \
    X(X509_NAME_entry_count) X(X509_NAME_get_entry) X(X509_NAME_print_ex) \
    X(X509_OBJECT_get0_X509) X(X509_OBJECT_get_type) X(X509_STORE_add_cert) \
    X(X509_STORE_get0_objects) X(X509_STORE_lock) X(X509_STORE_unlock) \
    X(X509_VERIFY_PARAM_clear_flags) X(X509_VERIFY_PARAM_get_flags) \
    X(X509_VERIFY_PARAM_set1_host) X(X509_VERIFY_PARAM_set1_ip) X(X509_VERIFY_PARAM_set_flags) \
    X(X509_VERIFY_PARAM_set_hostflags) X(X509_check_ca) X(X509_cmp) X(X509_free) \
    X(X509_get0_notAfter) X(X509_get0_notBefore) X(X509_get0_serialNumber) \
    X(X509_get_default_cert_dir) X(X509_get_default_cert_dir_env) X(X509_get_default_cert_file) \
    X(X509_get_default_cert_file_env) X(X509_get_ext_d2i) X(X509_get_issuer_name) \
    X(X509_get_subject_name) X(X509_get_version) X(X509_subject_name_hash) X(X509_up_ref) \
    X(X509_verify_cert_error_string) X(a2i_IPADDRESS) X(d2i_X509_bio) X(i2a_ASN1_INTEGER) \
    X(i2d_X509)

typedef struct GiOpenSsl {
#define GI_OSSL_MEMBER(name) __typeof__(name) *name;
    GI_OSSL_FUNCTIONS(GI_OSSL_MEMBER)
#undef GI_OSSL_MEMBER
    BIO_METHOD *wire_kind, *pipe_kind; /* bio.c */
} GiOpenSsl;
extern GiOpenSsl gi_ossl;

/* Loads the library if that has not been done; ImportError when it is missing. */
GI_NODISCARD GiStatus gi_ossl_load(GiThread *ts);

#endif
