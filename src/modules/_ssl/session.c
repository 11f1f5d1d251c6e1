/* session.c - SSLSession: the session of a connection, to be resumed by another one. Immutable. */
#include "modules/_ssl/internal.h"

#include "modules/_ssl/session.gen.h"

/* A session object; consumes the session, which may be NULL for None. */
static GiRef session_new(GiThread *ts, SSL_SESSION *session, GiVal context) {
    if (!session) return GI_REF_NONE;
    GiRef made = gi_type_alloc(ts, &gi_ssl_session_type, 0);
    if (gi_is_null(made)) {
        gi_ossl.SSL_SESSION_free(session);
        return made;
    }
    gi_ssl_session_of(made)->session = session;
    gi_slot_init(&gi_ssl_session_of(made)->context, gi_dup(ts, context));
    return made;
}

/* A copy: a connection that ends without its goodbye marks its own as not to be used again. */
GiRef gi_ssl_session_get(GiThread *ts, GiSslSocket *conn) {
    GI_AUTO GiRef context = gi_slot_load(ts, &conn->context);
    if (gi_busy_enter(ts, &conn->busy) < 0) return GI_NULL;
    SSL_SESSION *own = gi_ossl.SSL_get_session(conn->ssl), *copy = NULL;
    bool early = own && gi_ossl.i2d_SSL_SESSION(own, NULL) == 0; /* nothing is agreed on yet */
    if (own && !early) copy = gi_ossl.SSL_SESSION_dup(own);
    gi_busy_leave(ts, &conn->busy);
    if (early) return gi_raise_ref(ts, &gi_exc_ValueError, "i2d() failed.");
    if (own && !copy) return gi_ssl_raise_last(ts, GI_AT_NEW_SOCKET);
    return session_new(ts, copy, gi_val(context));
}

GiStatus gi_ssl_session_set(GiThread *ts, GiSslSocket *conn, GiVal value) {
    if (!gi_is_instance_of(value, &gi_ssl_session_type))
        return gi_raise_status(ts, &gi_exc_TypeError, "Value is not a SSLSession.");
    GI_AUTO GiRef context = gi_slot_load(ts, &conn->context);
    if (gi_ssl_context_of(gi_val(gi_ssl_session_of(value)->context))->ctx != gi_ssl_context_of(context)->ctx)
        return gi_raise_status(ts, &gi_exc_ValueError, "Session refers to a different SSLContext.");
    if (conn->server_side)
        return gi_raise_status(ts, &gi_exc_ValueError, "Cannot set session for server-side SSLSocket.");
    if (gi_busy_enter(ts, &conn->busy) < 0) return GI_FAIL;
    bool late = gi_ossl.SSL_is_init_finished(conn->ssl), ok = false;
    if (!late) {
        SSL_SESSION *copy = gi_ossl.SSL_SESSION_dup(gi_ssl_session_of(value)->session);
        ok = copy && gi_ossl.SSL_set_session(conn->ssl, copy);
        gi_ossl.SSL_SESSION_free(copy);
    }
    gi_busy_leave(ts, &conn->busy);
    if (late) return gi_raise_status(ts, &gi_exc_ValueError, "Cannot set session after handshake.");
    return ok ? GI_OK : ((void)gi_ssl_raise_last(ts, GI_AT_NEW_SOCKET), GI_FAIL);
}

static void session_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiSslSession *s = (GiSslSession *)obj;
    if (s->session) gi_ossl.SSL_SESSION_free(s->session);
}

GI_GETTER(ssl_session, has_ticket, "Does the session contain a ticket?") {
    (void)ts;
    return gi_bool_ref(gi_ossl.SSL_SESSION_has_ticket(gi_ssl_session_of(self)->session));
}
GI_GETTER(ssl_session, id, "Session id") {
    unsigned len = 0;
    const unsigned char *id = gi_ossl.SSL_SESSION_get_id(gi_ssl_session_of(self)->session, &len);
    return gi_bytes_from(ts, len ? (const void *)id : "", len);
}
GI_GETTER(ssl_session, ticket_lifetime_hint, "Ticket life time hint.") {
    return gi_int_from_u64(ts, gi_ossl.SSL_SESSION_get_ticket_lifetime_hint(gi_ssl_session_of(self)->session));
}
GI_GETTER(ssl_session, time, "Session creation time (seconds since epoch).") {
    return gi_int_from_i64(ts, gi_ossl.SSL_SESSION_get_time(gi_ssl_session_of(self)->session));
}
GI_GETTER(ssl_session, timeout, "Session timeout (delta in seconds).") {
    return gi_int_from_i64(ts, gi_ossl.SSL_SESSION_get_timeout(gi_ssl_session_of(self)->session));
}
static GiRef session_compare(GiThread *ts GI_UNUSED, GiVal self, GiVal other, GiCompareOp op) {
    if ((op != GI_EQ && op != GI_NE) || !gi_is_instance_of(other, &gi_ssl_session_type)) return GI_REF_NOTIMPLEMENTED;
    unsigned n = 0, m = 0;
    const unsigned char *x = gi_ossl.SSL_SESSION_get_id(gi_ssl_session_of(self)->session, &n);
    const unsigned char *y = gi_ossl.SSL_SESSION_get_id(gi_ssl_session_of(other)->session, &m);
    return gi_bool_ref((n == m && (n == 0 || memcmp(x, y, n) == 0)) == (op == GI_EQ));
}
GiType gi_ssl_session_type = {
    .obj = GI_TYPE_HEAD, .name = "_ssl.SSLSession", .module = "_ssl", .size = sizeof(GiSslSession), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE,
    .fields = (const GiField[]){GI_SLOT(GiSslSession, context), GI_FIELDS_END}, .compare = session_compare,
    .getset = ssl_session_getset, .destroy = session_destroy,
};
