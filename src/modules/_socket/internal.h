/* internal.h - parts of module _socket: addresses, the socket object, name look-ups. */
#ifndef GI_MODULES_SOCKET_INTERNAL_H
#define GI_MODULES_SOCKET_INTERNAL_H

#include "modules/module.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

typedef union GiAddress {
    struct sockaddr any;
    struct sockaddr_in in4;
    struct sockaddr_in6 in6;
    struct sockaddr_un un;
    struct sockaddr_storage storage;
} GiAddress;

typedef struct GiSocket {
    GiObj obj;
    _Atomic int fd;             /* -1: closed, by any thread */
    int family, type, proto;
    int64_t timeout_ns; /* -1: blocking; 0: non-blocking */
} GiSocket;
extern GiType gi_socket_type;

typedef struct GiSocketState { GiSlot herror, gaierror; int64_t default_timeout_ns; } GiSocketState;
GiSocketState *gi_socket_state(GiThread *ts);

/* An address as Python gives it (tuple, str or bytes) into *out; raises TypeError, OSError, gaierror. */
GI_NODISCARD GiStatus gi_address_from(GiThread *ts, const GiSocket *s, GiVal v, const char *function, GiAddress *out, socklen_t *len);
/* The Python form of an address (of a socket, or s NULL); None when it has none. */
GI_NODISCARD GiRef gi_address_object(GiThread *ts, const GiSocket *s, const GiAddress *address, socklen_t len);
/* The same for the families of families.c; "bad family" of any other. */
GI_NODISCARD GiStatus gi_family_address(GiThread *ts, const GiSocket *s, GiVal v, const char *function, GiAddress *out, socklen_t *len);
GI_NODISCARD GiRef gi_family_object(GiThread *ts, const GiSocket *s, const GiAddress *address);
GiRef gi_raise_gai(GiThread *ts, int error);
/* seconds (None: -1) as nanoseconds. */
GI_NODISCARD GiStatus gi_timeout_ns(GiThread *ts, GiVal v, int64_t *ns);
/* Waits until the descriptor is ready for the events of poll: 1, 0 timed out, -1 raised. */
int gi_socket_wait(GiThread *ts, int fd, short events, uint64_t deadline);
/* Adds the constants of constants.c. */
GI_NODISCARD GiStatus gi_socket_add_constants(GiThread *ts, GiVal module);
extern const GiMethodDef *const gi_socket_name_functions, *const gi_socket_host_functions;
/* The text of the host in an address, borrowed from v or *held (to be dropped in every case); NULL: raised. */
const char *gi_host_text(GiThread *ts, GiVal v, GiRef *held);
/* The same for the argument of a function that looks hosts up. */
const char *gi_host_argument(GiThread *ts, GiVal v, const char *function, GiRef *held);
/* Resolves a host name for a family. */
GI_NODISCARD GiStatus gi_host_resolve(GiThread *ts, const char *host, int family, GiAddress *out, socklen_t *len);

#endif
