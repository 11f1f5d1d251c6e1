/* names.c - addresses to and from Python, name look-ups, byte order, interfaces. */
#include "objects/audit.h"
#include "modules/_socket/internal.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "modules/_socket/names.gen.h"

GiRef gi_raise_gai(GiThread *ts, int error) {
    if (error == EAI_SYSTEM) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef args = gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(error), gi_str_from_cstr(ts, gai_strerror(error))}, 2);
    GiRef exc = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, gi_val(gi_socket_state(ts)->gaierror), gi_val(args), GI_NOVAL);
    gi_xdrop(ts, args);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}

GiStatus gi_host_resolve(GiThread *ts, const char *host, int family, GiAddress *out, socklen_t *len) {
    memset(out, 0, sizeof *out);
    if (host[0] == 0) {
        out->any.sa_family = (sa_family_t)family;
        *len = family == AF_INET6 ? sizeof out->in6 : sizeof out->in4;
        if (family == AF_INET6) out->in6.sin6_addr = in6addr_any;
        return GI_OK;
    }
    if (family == AF_INET && strcmp(host, "<broadcast>") == 0) {
        out->in4.sin_family = AF_INET;
        out->in4.sin_addr.s_addr = INADDR_BROADCAST;
        *len = sizeof out->in4;
        return GI_OK;
    }
    if (family == AF_INET && inet_pton(AF_INET, host, &out->in4.sin_addr) == 1) {
        out->in4.sin_family = AF_INET;
        *len = sizeof out->in4;
        return GI_OK;
    }
    struct addrinfo hints = {.ai_family = family}, *found = NULL;
    int error = 0;
    GI_BLOCKING(&ts->core, "getaddrinfo") error = getaddrinfo(host, NULL, &hints, &found);
    if (error) {
        gi_raise_gai(ts, error);
        return GI_FAIL;
    }
    *len = GI_MIN(found->ai_addrlen, (socklen_t)sizeof *out);
    memcpy(out, found->ai_addr, *len);
    freeaddrinfo(found);
    return GI_OK;
}

/* The C text of a bytes object; NULL when there is a null byte in it. */
static const char *whole_text(GiVal bytes) {
    const char *text = (const char *)gi_bytes_data(bytes);
    return strlen(text) == gi_bytes_len(bytes) ? text : NULL;
}
/* v as bytes: text by IDNA; null without exception when v is no text. */
static GiRef host_bytes(GiThread *ts, GiVal v) {
    if (gi_is_str(v)) return gi_encode(ts, v, "idna", NULL);
    return gi_is_bytes(v) ? gi_dup(ts, v) : gi_is_bytearray(v) ? gi_to_bytes(ts, v) : GI_NULL;
}
const char *gi_host_text(GiThread *ts, GiVal v, GiRef *held) {
    *held = gi_is_str(v) && gi_str_is_ascii(v) ? gi_bytes_from(ts, gi_str_data(v), gi_str_len(v)) : host_bytes(ts, v);
    if (gi_is_null(*held)) {
        if (!gi_raised(ts)) {
            gi_raise(ts, &gi_exc_TypeError, "str, bytes or bytearray expected, not %T", v);
        } else if (gi_is_str(v) && gi_exc_matches(ts, &gi_exc_ValueError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, "encoding of hostname failed");
        }
        return NULL;
    }
    const char *text = whole_text(gi_val(*held));
    if (text == NULL) gi_raise(ts, &gi_exc_TypeError, "host name must not contain null character");
    return text;
}
const char *gi_host_argument(GiThread *ts, GiVal v, const char *function, GiRef *held) {
    *held = host_bytes(ts, v);
    if (gi_is_null(*held)) {
        if (!gi_raised(ts)) {
            if (gi_is_none(v)) gi_raise(ts, &gi_exc_TypeError, "%s() argument 1 must be str, bytes or bytearray, not None", function);
            else gi_raise(ts, &gi_exc_TypeError, "%s() argument 1 must be str, bytes or bytearray, not %T", function, v);
        }
        return NULL;
    }
    const char *text = whole_text(gi_val(*held));
    if (text == NULL) gi_raise(ts, &gi_exc_TypeError, "%s() argument 1 must be encoded string without null bytes, not %T", function, v);
    return text;
}

static GiStatus unix_address(GiThread *ts, GiVal v, GiAddress *out, socklen_t *len) {
    GiRef bytes;
    if (gi_is_str(v)) {
        bytes = gi_str_to_fs(ts, v);
    } else {
        GiBuffer view;
        if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
        bytes = gi_bytes_from(ts, view.data, (size_t)view.len);
        gi_buffer_release(ts, &view);
    }
    if (gi_is_null(bytes)) return GI_FAIL;
    size_t n = gi_bytes_len(bytes);
    bool abstract = n == 0 || gi_bytes_data(bytes)[0] == 0; /* of no name: the kernel finds one */
    if (n + !abstract > sizeof out->un.sun_path) {
        gi_drop(ts, bytes);
        return gi_raise_status(ts, &gi_exc_OSError, "AF_UNIX path too long");
    }
    memset(out, 0, sizeof *out);
    out->un.sun_family = AF_UNIX;
    memcpy(out->un.sun_path, gi_bytes_data(bytes), n);
    *len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n + !abstract);
    gi_drop(ts, bytes);
    return GI_OK;
}

GiStatus gi_address_from(GiThread *ts, const GiSocket *s, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    int family = s->family;
    if (family == AF_UNIX) return unix_address(ts, v, out, len);
    if (family != AF_INET && family != AF_INET6) return gi_family_address(ts, s, v, function, out, len);
    if (!gi_is_tuple(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s(): AF_INET%s address must be tuple, not %T", function,
                               family == AF_INET6 ? "6" : "", v);
    size_t n = gi_tuple_len(v);
    if (family == AF_INET ? n != 2 : n < 2 || n > 4)
        return gi_raise_status(ts, &gi_exc_TypeError, family == AF_INET ? "AF_INET address must be a pair (host, port)"
                                   : "AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])");
    int64_t port;
    uint64_t flow = 0, scope = 0;
    if (gi_as_i64(ts, gi_tuple_get(v, 1), &port) < 0 || (n > 2 && gi_as_u64(ts, gi_tuple_get(v, 2), &flow) < 0) ||
        (n > 3 && gi_as_u64(ts, gi_tuple_get(v, 3), &scope) < 0))
        return GI_FAIL;
    if (port < 0 || port > 0xffff) return gi_raise_status(ts, &gi_exc_OverflowError, "%s(): port must be 0-65535.", function);
    GiRef held;
    const char *host = gi_host_text(ts, gi_tuple_get(v, 0), &held);
    GiStatus status = host == NULL ? GI_FAIL : gi_host_resolve(ts, host, family, out, len);
    gi_xdrop(ts, held);
    if (status < 0) return status;
    if (family == AF_INET) {
        out->in4.sin_port = htons((uint16_t)port);
    } else {
        out->in6.sin6_port = htons((uint16_t)port);
        out->in6.sin6_flowinfo = htonl((uint32_t)flow);
        if (n > 3) out->in6.sin6_scope_id = (uint32_t)scope;
    }
    return GI_OK;
}

GiRef gi_address_object(GiThread *ts, const GiSocket *s, const GiAddress *a, socklen_t len) {
    char text[INET6_ADDRSTRLEN];
    if (len == 0) return GI_REF_NONE;
    switch (a->any.sa_family) {
    case AF_INET: {
        if (!inet_ntop(AF_INET, &a->in4.sin_addr, text, sizeof text)) return gi_raise_errno(ts, errno, GI_NOVAL);
        return gi_tuple_steal(ts, (GiRef[]){gi_str_from_cstr(ts, text), gi_smallint_ref(ntohs(a->in4.sin_port))}, 2);
    }
    case AF_INET6:
        if (!inet_ntop(AF_INET6, &a->in6.sin6_addr, text, sizeof text)) return gi_raise_errno(ts, errno, GI_NOVAL);
        return gi_tuple_steal(ts, (GiRef[]){gi_str_from_cstr(ts, text), gi_smallint_ref(ntohs(a->in6.sin6_port)),
                                            gi_smallint_ref(ntohl(a->in6.sin6_flowinfo)), gi_smallint_ref(a->in6.sin6_scope_id)}, 4);
    case AF_UNIX: {
        size_t n = len > offsetof(struct sockaddr_un, sun_path) ? len - offsetof(struct sockaddr_un, sun_path) : 0;
        if (n > 0 && a->un.sun_path[0] == 0) return gi_bytes_from(ts, a->un.sun_path, n);
        return gi_str_from_fs(ts, a->un.sun_path, strnlen(a->un.sun_path, n));
    }
    default: return gi_family_object(ts, s, a);
    }
}

GI_FUNCTION(_socket, getaddrinfo, "(host, port, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0)", "getaddrinfo(host, port [, family, type, proto, flags])\n    -> list of (family, type, proto, canonname, sockaddr)\n\nResolve host and port into addrinfo struct.") {
    GI_AUTO GiRef held = GI_NULL, number = GI_NULL;
    const char *host = NULL, *port = NULL;
    if (gi_is_str(a->host) || gi_is_bytes(a->host)) {
        held = host_bytes(ts, a->host);
        if (gi_is_null(held)) return GI_NULL;
        host = (const char *)gi_bytes_data(held); /* up to a null byte, as in CPython */
    } else if (!gi_is_none(a->host)) {
        return gi_raise_ref(ts, &gi_exc_TypeError, "getaddrinfo() argument 1 must be string or None");
    }
    if (gi_is_int(a->port)) {
        int64_t n;
        if (gi_int_as_i64(a->port, &n))
            return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
        number = gi_str(ts, a->port);
        port = gi_is_null(number) ? NULL : gi_str_utf8(ts, gi_val(number), NULL);
    } else if (gi_is_str(a->port)) {
        port = gi_str_utf8(ts, a->port, NULL);
    } else if (gi_is_bytes(a->port)) {
        port = (const char *)gi_bytes_data(a->port);
    } else if (!gi_is_none(a->port)) {
        gi_raise(ts, &gi_exc_OSError, "Int or String expected");
    }
    if (gi_raised(ts) || GI_AUDIT(ts, "socket.getaddrinfo", a->host, a->port, gi_smallint(a->family), gi_smallint(a->type),
                                  gi_smallint(a->proto)) < 0)
        return GI_NULL;
    GiRef list = GI_NULL;
    if (!gi_raised(ts)) {
        struct addrinfo hints = {.ai_family = a->family, .ai_socktype = a->type, .ai_protocol = a->proto, .ai_flags = a->flags}, *found = NULL;
        int error = 0;
        GI_BLOCKING(&ts->core, "getaddrinfo") error = getaddrinfo(host, port, &hints, &found);
        if (error) gi_raise_gai(ts, error);
        else list = gi_list_new(ts, 4);
        for (struct addrinfo *r = found; r && !error && !gi_is_null(list); r = r->ai_next) {
            GiAddress address;
            memset(&address, 0, sizeof address);
            memcpy(&address, r->ai_addr, GI_MIN(r->ai_addrlen, (socklen_t)sizeof address));
            GiRef sockaddr = gi_address_object(ts, NULL, &address, r->ai_addrlen);
            GiRef row = gi_is_null(sockaddr) ? GI_NULL
                : gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(r->ai_family), gi_smallint_ref(r->ai_socktype),
                      gi_smallint_ref(r->ai_protocol), gi_str_from_cstr(ts, r->ai_canonname ? r->ai_canonname : ""), sockaddr}, 5);
            if (gi_is_null(row) || gi_list_append(ts, gi_val(list), row) < 0) {
                gi_drop(ts, list);
                list = GI_NULL;
            }
        }
        if (found) freeaddrinfo(found);
    }
    return list;
}
/* The address in getnameinfo's tuple, whose host is a number. */
static GiStatus numeric_address(GiThread *ts, GiVal v, GiAddress *out, socklen_t *len) {
    size_t n = gi_tuple_len(v);
    if (n < 2 || n > 4 || !gi_is_str(gi_tuple_get(v, 0)))
        return gi_raise_status(ts, &gi_exc_TypeError, "getnameinfo(): illegal sockaddr argument");
    const char *host = gi_str_cstr(ts, gi_tuple_get(v, 0));
    int port;
    uint32_t words[2] = {0, 0};
    if (host == NULL || gi_as_int(ts, gi_tuple_get(v, 1), &port) < 0) return GI_FAIL;
    for (size_t i = 2; i < n; i++) {
        GiRef number = gi_index(ts, gi_tuple_get(v, i));
        if (gi_is_null(number)) return GI_FAIL;
        words[i - 2] = (uint32_t)gi_int_mask_u64(gi_val(number));
        gi_drop(ts, number);
    }
    if (words[0] > 0xfffff) return gi_raise_status(ts, &gi_exc_OverflowError, "getnameinfo(): flowinfo must be 0-1048575.");
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_DGRAM, .ai_flags = AI_NUMERICHOST}, *found = NULL;
    int error = 0;
    GI_BLOCKING(&ts->core, "getaddrinfo") error = getaddrinfo(host, service, &hints, &found);
    if (error) return gi_raise_gai(ts, error), GI_FAIL;
    *len = GI_MIN(found->ai_addrlen, (socklen_t)sizeof *out);
    memset(out, 0, sizeof *out);
    memcpy(out, found->ai_addr, *len);
    bool several = found->ai_next != NULL;
    freeaddrinfo(found);
    if (several) return gi_raise_status(ts, &gi_exc_OSError, "sockaddr resolved to multiple addresses");
    if (out->any.sa_family == AF_INET && n != 2) return gi_raise_status(ts, &gi_exc_OSError, "IPv4 sockaddr must be 2 tuple");
    if (out->any.sa_family == AF_INET6) {
        out->in6.sin6_flowinfo = htonl(words[0]);
        out->in6.sin6_scope_id = words[1];
    }
    return GI_OK;
}
GI_FUNCTION(_socket, getnameinfo, "(sockaddr: tuple, flags: int, /)", "getnameinfo(sockaddr, flags) --> (host, port)\n\nGet host and port for a sockaddr.") {
    GiAddress address;
    socklen_t len;
    if (numeric_address(ts, a->sockaddr, &address, &len) < 0 ||
        GI_AUDIT(ts, "socket.getnameinfo", a->sockaddr) < 0)
        return GI_NULL;
    char host[NI_MAXHOST], port[NI_MAXSERV];
    int error = 0;
    GI_BLOCKING(&ts->core, "getnameinfo") error = getnameinfo(&address.any, len, host, sizeof host, port, sizeof port, a->flags);
    if (error) return gi_raise_gai(ts, error);
    return gi_tuple_steal(ts, (GiRef[]){gi_str_from_cstr(ts, host), gi_str_from_cstr(ts, port)}, 2);
}
GI_FUNCTION(_socket, gethostname, "()", "gethostname() -> string\n\nReturn the current host name.") {
    if (gi_audit(ts, "socket.gethostname", NULL, 0) < 0) return GI_NULL;
    char name[1024];
    return gethostname(name, sizeof name) < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_str_from_fs(ts, name, strlen(name));
}
GI_FUNCTION(_socket, gethostbyname, "(host, /)", "gethostbyname(host) -> address\n\nReturn the IP address (a string of the form '255.255.255.255') for a host.") {
    GiAddress address;
    socklen_t len;
    GiRef held;
    const char *host = gi_host_argument(ts, a->host, "gethostbyname", &held);
    GiStatus status = host && GI_AUDIT(ts, "socket.gethostbyname", a->host) == GI_OK
                          ? gi_host_resolve(ts, host, AF_INET, &address, &len) : GI_FAIL;
    gi_xdrop(ts, held);
    char text[INET_ADDRSTRLEN];
    if (status < 0) return GI_NULL;
    inet_ntop(AF_INET, &address.in4.sin_addr, text, sizeof text);
    return gi_str_from_cstr(ts, text);
}
GI_FUNCTION(_socket, inet_aton, "(string: cstr, /)", "inet_aton(string) -> bytes giving packed 32-bit IP representation\n\nConvert an IP address in string format (123.45.67.89) to the 32-bit packed\nbinary format used in low-level network functions.") {
    struct in_addr in;
    if (!inet_aton(a->string, &in)) return gi_raise_ref(ts, &gi_exc_OSError, "illegal IP address string passed to inet_aton");
    return gi_bytes_from(ts, &in, 4);
}
GI_FUNCTION(_socket, inet_ntoa, "(packed: buffer, /)", "inet_ntoa(packed_ip) -> ip_address_string\n\nConvert an IP address from 32-bit packed binary format to string format") {
    char text[INET_ADDRSTRLEN];
    if (a->packed.len != 4) return gi_raise_ref(ts, &gi_exc_OSError, "packed IP wrong length for inet_ntoa");
    inet_ntop(AF_INET, a->packed.data, text, sizeof text);
    return gi_str_from_cstr(ts, text);
}
GI_FUNCTION(_socket, inet_pton, "(af: int, ip: cstr, /)", "inet_pton(af, ip) -> packed IP address string\n\nConvert an IP address from string format to a packed string suitable\nfor use with low-level network functions.") {
    uint8_t packed[16];
    int r = inet_pton(a->af, a->ip, packed);
    if (r < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    if (r == 0) return gi_raise_ref(ts, &gi_exc_OSError, "illegal IP address string passed to inet_pton");
    return gi_bytes_from(ts, packed, a->af == AF_INET6 ? 16 : 4);
}
GI_FUNCTION(_socket, inet_ntop, "(af: int, packed: buffer, /)", "inet_ntop(af, packed_ip) -> string formatted IP address\n\nConvert a packed IP address of the given family to string format.") {
    char text[INET6_ADDRSTRLEN];
    if (a->af != AF_INET && a->af != AF_INET6) return gi_raise_ref(ts, &gi_exc_ValueError, "unknown address family %d", a->af);
    if (a->packed.len != (a->af == AF_INET ? 4 : 16)) return gi_raise_ref(ts, &gi_exc_ValueError, "invalid length of packed IP address string");
    inet_ntop(a->af, a->packed.data, text, sizeof text);
    return gi_str_from_cstr(ts, text);
}
static GiRef swap16(GiThread *ts, int64_t v, const char *name) {
    if (v < 0) return gi_raise_ref(ts, &gi_exc_OverflowError, "%s: can't convert negative Python int to C 16-bit unsigned integer", name);
    if (v > 0xffff) return gi_raise_ref(ts, &gi_exc_OverflowError, "%s: Python int too large to convert to C 16-bit unsigned integer", name);
    return gi_smallint_ref(htons((uint16_t)v));
}
static GiRef swap32(GiThread *ts, GiVal v) {
    uint64_t n = 0;
    if (!gi_is_int(v)) return gi_raise_ref(ts, &gi_exc_TypeError, "expected int, %T found", v);
    int far = gi_int_as_u64(v, &n);
    if (far)
        return gi_raise_ref(ts, &gi_exc_OverflowError, far < 0 ? "can't convert negative value to unsigned int"
                                                               : "Python int too large to convert to C unsigned long");
    if (n > 0xffffffff) return gi_raise_ref(ts, &gi_exc_OverflowError, "int larger than 32 bits");
    return gi_smallint_ref(htonl((uint32_t)n));
}
GI_FUNCTION(_socket, htons, "(integer: i64, /)", "htons(integer) -> integer\n\nConvert a 16-bit unsigned integer from host to network byte order.") { return swap16(ts, a->integer, "htons"); }
GI_FUNCTION(_socket, ntohs, "(integer: i64, /)", "ntohs(integer) -> integer\n\nConvert a 16-bit unsigned integer from network to host byte order.") { return swap16(ts, a->integer, "ntohs"); }
GI_FUNCTION(_socket, htonl, "(integer, /)", "htonl(integer) -> integer\n\nConvert a 32-bit integer from host to network byte order.") { return swap32(ts, a->integer); }
GI_FUNCTION(_socket, ntohl, "(integer, /)", "ntohl(integer) -> integer\n\nConvert a 32-bit integer from network to host byte order.") { return swap32(ts, a->integer); }
GI_FUNCTION(_socket, getservbyname, "(name: cstr, proto: cstr = <null>, /)", "getservbyname(servicename[, protocolname]) -> integer\n\nReturn a port number from a service name and protocol name.") {
    if (gi_auditf(ts, "socket.getservbyname", "ss", a->name, a->proto) < 0) return GI_NULL;
    struct servent entry, *found = NULL;
    char buffer[4096];
    GI_BLOCKING(&ts->core, "getservbyname")
        if (getservbyname_r(a->name, a->proto, &entry, buffer, sizeof buffer, &found)) found = NULL;
    return found == NULL ? gi_raise_ref(ts, &gi_exc_OSError, "service/proto not found") : gi_smallint_ref(ntohs((uint16_t)found->s_port));
}
GI_FUNCTION(_socket, getprotobyname, "(name: cstr, /)", "getprotobyname(name) -> integer\n\nReturn the protocol number for the named protocol.  (Rarely used.)") {
    struct protoent entry, *found = NULL;
    char buffer[4096];
    GI_BLOCKING(&ts->core, "getprotobyname")
        if (getprotobyname_r(a->name, &entry, buffer, sizeof buffer, &found)) found = NULL;
    return found == NULL ? gi_raise_ref(ts, &gi_exc_OSError, "protocol not found") : gi_smallint_ref(found->p_proto);
}
GI_FUNCTION(_socket, if_nametoindex, "(name: cstr, /)", "Returns the interface index corresponding to the interface name if_name.") {
    unsigned i = if_nametoindex(a->name);
    return i == 0 ? gi_raise_ref(ts, &gi_exc_OSError, "no interface with this name") : gi_smallint_ref(i);
}
GI_FUNCTION(_socket, CMSG_LEN, "(length: ssize, /)", "CMSG_LEN(length) -> control message length\n\nReturn the total length, without trailing padding, of an ancillary\ndata item with associated data of the given length.") {
    if (a->length < 0 || a->length > INT_MAX - (ssize_t)CMSG_LEN(0)) return gi_raise_ref(ts, &gi_exc_OverflowError, "CMSG_LEN() argument out of range");
    return gi_int_from_u64(ts, CMSG_LEN((size_t)a->length));
}
GI_FUNCTION(_socket, CMSG_SPACE, "(length: ssize, /)", "CMSG_SPACE(length) -> buffer size\n\nReturn the buffer size needed for recvmsg() to receive an ancillary\ndata item with associated data of the given length, along with any\ntrailing padding.") {
    if (a->length < 0 || a->length > INT_MAX - (ssize_t)CMSG_SPACE(1)) return gi_raise_ref(ts, &gi_exc_OverflowError, "CMSG_SPACE() argument out of range");
    return gi_int_from_u64(ts, CMSG_SPACE((size_t)a->length));
}
const GiMethodDef *const gi_socket_name_functions = _socket_functions;
