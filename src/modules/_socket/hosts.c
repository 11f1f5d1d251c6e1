/* hosts.c - the host, service and interface data bases, by the older functions of the C library. */
#include "modules/_socket/internal.h"
#include "objects/audit.h"
#include <arpa/inet.h>
#include <net/if.h>
#include <unistd.h>
#include "modules/_socket/hosts.gen.h"

static GiRef raise_herror(GiThread *ts, int error) {
    GiRef args = gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(error), gi_str_from_cstr(ts, hstrerror(error))}, 2);
    GiRef exc = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, gi_val(gi_socket_state(ts)->herror), gi_val(args), GI_NOVAL);
    gi_xdrop(ts, args);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}

/* Calls a _r function with a buffer that grows until the entry fits. */
typedef struct Lookup {
    struct hostent entry, *found;
    char *buffer;
    size_t size;
    int error;
} Lookup;

static bool grow(Lookup *l) {
    l->size = l->size ? l->size * 2 : 2048;
    char *buffer = l->size > 1 << 24 ? NULL : realloc(l->buffer, l->size);
    if (buffer != NULL) l->buffer = buffer;
    return buffer != NULL;
}

/* Looks up an address (len bytes of the family) or, with len 0, a name. */
static void look_up(Lookup *l, const void *what, socklen_t len, int family) {
    int r = ERANGE;
    while (r == ERANGE && grow(l))
        r = len ? gethostbyaddr_r(what, len, family, &l->entry, l->buffer, l->size, &l->found, &l->error)
                : gethostbyname_r(what, &l->entry, l->buffer, l->size, &l->found, &l->error);
    if (r) l->found = NULL;
}

static GiStatus append(GiThread *ts, GiRef list, GiRef item) {
    return gi_is_null(item) ? GI_FAIL : gi_list_append(ts, gi_val(list), item);
}

/* (name, aliases, addresses); frees the look-up. */
static GiRef host_entry(GiThread *ts, Lookup *l) {
    struct hostent *h = l->found;
    if (h == NULL) {
        free(l->buffer);
        return raise_herror(ts, l->error ? l->error : HOST_NOT_FOUND);
    }
    GiRef aliases = gi_list_new(ts, 0), addresses = gi_list_new(ts, 1);
    GiStatus status = gi_is_null(aliases) || gi_is_null(addresses) ? GI_FAIL : GI_OK;
    for (char **p = h->h_aliases; p && *p && status == GI_OK; p++)
        status = append(ts, aliases, gi_str_from_fs(ts, *p, strlen(*p)));
    for (char **p = h->h_addr_list; p && *p && status == GI_OK; p++) {
        char text[INET6_ADDRSTRLEN];
        status = inet_ntop(h->h_addrtype, *p, text, sizeof text) ? append(ts, addresses, gi_str_from_cstr(ts, text))
                                                                 : gi_raise_status(ts, &gi_exc_OSError, "unsupported address family");
    }
    GiRef name = status == GI_OK ? gi_str_from_fs(ts, h->h_name, strlen(h->h_name)) : GI_NULL;
    free(l->buffer);
    if (!gi_is_null(name)) return gi_tuple_steal(ts, (GiRef[]){name, aliases, addresses}, 3);
    gi_xdrop(ts, aliases), gi_xdrop(ts, addresses);
    return GI_NULL;
}

GI_FUNCTION(_socket, gethostbyname_ex, "(host, /)", "gethostbyname_ex(host) -> (name, aliaslist, addresslist)\n\nReturn the true host name, a list of aliases, and a list of IP addresses,\nfor a host.  The host argument is a string giving a host name or IP number.") {
    GiRef held;
    GiAddress address;
    socklen_t len;
    Lookup l = {.buffer = NULL};
    const char *host = gi_host_argument(ts, a->host, "gethostbyname_ex", &held);
    GiStatus status = host && GI_AUDIT(ts, "socket.gethostbyname", a->host) == GI_OK ? gi_host_resolve(ts, host, AF_INET, &address, &len) : GI_FAIL;
    if (status == GI_OK) GI_BLOCKING(&ts->core, "gethostbyname") look_up(&l, host, 0, AF_INET);
    gi_xdrop(ts, held);
    return status < 0 ? GI_NULL : host_entry(ts, &l);
}
GI_FUNCTION(_socket, gethostbyaddr, "(host, /)", "gethostbyaddr(host) -> (name, aliaslist, addresslist)\n\nReturn the true host name, a list of aliases, and a list of IP addresses,\nfor a host.  The host argument is a string giving a host name or IP number.") {
    GiRef held;
    GiAddress address;
    socklen_t len;
    const char *host = gi_host_argument(ts, a->host, "gethostbyaddr", &held);
    GiStatus status = host && GI_AUDIT(ts, "socket.gethostbyaddr", a->host) == GI_OK ? gi_host_resolve(ts, host, AF_UNSPEC, &address, &len) : GI_FAIL;
    gi_xdrop(ts, held);
    if (status < 0) return GI_NULL;
    Lookup l = {.buffer = NULL};
    bool six = address.any.sa_family == AF_INET6;
    GI_BLOCKING(&ts->core, "gethostbyaddr")
        look_up(&l, six ? (void *)&address.in6.sin6_addr : (void *)&address.in4.sin_addr, six ? 16 : 4, address.any.sa_family);
    return host_entry(ts, &l);
}
GI_FUNCTION(_socket, getservbyport, "(port: int, proto: cstr = <null>, /)", "getservbyport(port[, protocolname]) -> string\n\nReturn the service name from a port number and protocol name.\nThe optional protocol name, if given, should be 'tcp' or 'udp',\notherwise any protocol will match.") {
    if (a->port < 0 || a->port > 0xffff) return gi_raise_ref(ts, &gi_exc_OverflowError, "getservbyport: port must be 0-65535.");
    if (gi_auditf(ts, "socket.getservbyport", "is", a->port, a->proto) < 0) return GI_NULL;
    struct servent entry, *found = NULL;
    char buffer[4096];
    GI_BLOCKING(&ts->core, "getservbyport")
        if (getservbyport_r(htons((uint16_t)a->port), a->proto, &entry, buffer, sizeof buffer, &found)) found = NULL;
    if (found == NULL) return gi_raise_ref(ts, &gi_exc_OSError, "port/proto not found");
    return gi_str_from_cstr(ts, found->s_name);
}
GI_FUNCTION(_socket, sethostname, "(name, /)", "sethostname(name)\n\nSets the hostname to name.") {
    GiRef bytes = gi_is_bytes(a->name) ? gi_dup(ts, a->name) : gi_fs_path(ts, a->name);
    if (gi_is_null(bytes)) return bytes;
    if (GI_AUDIT(ts, "socket.sethostname", gi_val(bytes)) < 0) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    int r = sethostname((const char *)gi_bytes_data(bytes), gi_bytes_len(bytes));
    gi_drop(ts, bytes);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(_socket, if_nameindex, "()", "if_nameindex()\n\nReturns a list of network interface information (index, name) tuples.") {
    struct if_nameindex *names = if_nameindex();
    if (names == NULL) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef list = gi_list_new(ts, 4);
    GiStatus status = gi_is_null(list) ? GI_FAIL : GI_OK;
    for (struct if_nameindex *n = names; n->if_index && status == GI_OK; n++)
        status = append(ts, list, gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(n->if_index), gi_str_from_fs(ts, n->if_name, strlen(n->if_name))}, 2));
    if_freenameindex(names);
    if (status == GI_OK) return list;
    gi_xdrop(ts, list);
    return GI_NULL;
}
GI_FUNCTION(_socket, if_indextoname, "(if_index: uint, /)", "if_indextoname(if_index)\n\nReturns the interface name corresponding to the interface index if_index.") {
    char name[IF_NAMESIZE];
    return if_indextoname(a->if_index, name) == NULL ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_str_from_fs(ts, name, strlen(name));
}
const GiMethodDef *const gi_socket_host_functions = _socket_functions;
