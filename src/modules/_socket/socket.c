/* socket.c - the socket object and module _socket.
 *
 * With a timeout the descriptor is non-blocking and every operation first waits with poll. A call
 * on a socket that cannot block does not let the GIL go.
 */
#include "objects/audit.h"
#include "modules/_socket/internal.h"
#include "modules/seconds.h"
#include "modules/unclosed.h"
#include "os/clock.h"
#include <fcntl.h>
#include <linux/if_alg.h>
#include <math.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>
#include "modules/_socket/socket.gen.h"

extern const GiModuleDef gi_module__socket;
GiSocketState *gi_socket_state(GiThread *ts) { return gi_module_state_of(ts, &gi_module__socket); }

#define SOCK(v) ((GiSocket *)gi_obj(v))

GiStatus gi_timeout_ns(GiThread *ts, GiVal v, int64_t *ns) {
    int64_t timeout = -1;
    if (!gi_is_none(v)) {
        if (gi_read_time(ts, v, GI_UNIT_S, gi_away_from_zero, &timeout) < 0) return GI_FAIL;
        if (timeout < 0) return gi_raise_status(ts, &gi_exc_ValueError, "Timeout value out of range");
    }
    *ns = timeout;
    return GI_OK;
}

int gi_socket_wait(GiThread *ts, int fd, short events, uint64_t deadline) {
    struct pollfd p = {.fd = fd, .events = events};
    for (;;) {
        int n = 0, error = 0, ms = -1;
        if (deadline != GI_NEVER) {
            uint64_t now = gi_os_mono_ns();
            ms = now >= deadline ? 0 : (int)GI_MIN((deadline - now + GI_NS_PER_MS - 1) / GI_NS_PER_MS, (uint64_t)INT32_MAX);
        }
        /* While others wait for the GIL it is first asked without waiting. */
        if (ms != 0 && gi_gil_wanted(&ts->core)) n = poll(&p, 1, 0);
        if (n <= 0) GI_BLOCKING_IF(&ts->core, "poll", ms != 0) {
            n = poll(&p, 1, ms);
            error = errno;
        }
        if (n > 0) return 1;
        if (n == 0) return 0;
        if (error != EINTR) {
            gi_raise_errno(ts, error, GI_NOVAL);
            return -1;
        }
        if (gi_check_signals(ts) < 0) return -1;
    }
}

static GiRef timed_out(GiThread *ts) { return gi_raise_ref(ts, &gi_exc_TimeoutError, "timed out"); }

/* One call of the socket layer and its arguments. */
typedef enum { DO_ACCEPT, DO_RECV, DO_RECVFROM, DO_RECVMSG, DO_SEND, DO_SENDTO, DO_SENDMSG } Call;
typedef struct Transfer {
    Call call;
    int flags;
    void *data;
    size_t len;
    GiAddress *address;
    socklen_t address_len;  /* given for sending, filled in for receiving */
    struct msghdr *msg;     /* of sendmsg and recvmsg */
    uint64_t until;         /* deadline; 0: the socket's timeout from now on */
} Transfer;

/* The call itself: no object is touched. -1 and errno on failure. */
static ssize_t perform(int fd, Transfer *t) {
    switch (t->call) {
    case DO_ACCEPT:
        t->address_len = sizeof *t->address;
        return accept4(fd, &t->address->any, &t->address_len, SOCK_CLOEXEC);
    case DO_RECV: return recv(fd, t->data, t->len, t->flags);
    case DO_RECVFROM:
        t->address_len = sizeof *t->address;
        return recvfrom(fd, t->data, t->len, t->flags, &t->address->any, &t->address_len);
    case DO_RECVMSG: {
        struct msghdr fresh = *t->msg; /* a call that fails may have changed the lengths */
        ssize_t n = recvmsg(fd, &fresh, t->flags | MSG_CMSG_CLOEXEC);
        if (n >= 0) *t->msg = fresh;
        return n;
    }
    case DO_SEND: return send(fd, t->data, t->len, t->flags);
    case DO_SENDTO: return sendto(fd, t->data, t->len, t->flags, &t->address->any, t->address_len);
    case DO_SENDMSG: return sendmsg(fd, t->msg, t->flags);
    }
    errno = EINVAL;
    return -1;
}

static uint64_t deadline_of(const GiSocket *so) {
    return so->timeout_ns > 0 ? gi_os_deadline((uint64_t)so->timeout_ns) : GI_NEVER;
}

/* Larger transfers are copied detached even where they cannot block. */
enum { SMALL_TRANSFER = 65536 };

/* Tries a call that could block without letting go of the GIL; false: it would have to wait. *result
 * -1: it failed, with errno (a socket tells some failures only once). What a stream took of a message
 * is in *sent, and no longer in the transfer. */
static bool try_attached(int fd, Transfer *t, ssize_t *result, size_t *sent) {
    if (t->call == DO_ACCEPT || t->call == DO_RECVMSG || t->call == DO_SENDMSG || t->len > SMALL_TRANSFER ||
        (t->flags & MSG_WAITALL))
        return false;
    int flags = t->flags;
    t->flags |= MSG_DONTWAIT;
    ssize_t n = perform(fd, t);
    t->flags = flags;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return false;
    if (t->call >= DO_SEND && n >= 0 && (size_t)n < t->len) {
        *sent += (size_t)n;
        t->data = (char *)t->data + n;
        t->len -= (size_t)n;
        return false;
    }
    *result = n;
    return true;
}

/* Performs a call, again after signals and (with a timeout) after waiting. Negative: an exception
 * is set. A socket that cannot block keeps the thread attached; while others wait for the GIL one
 * that can is first tried without blocking. */
static ssize_t operate(GiThread *ts, GiVal self, Transfer *t) {
    static const char *const names[] = {"accept", "recv", "recvfrom", "recvmsg", "send", "sendto", "sendmsg"};
    GiSocket *so = SOCK(self);
    uint64_t until = t->until ? t->until : deadline_of(so);
    Transfer rest = *t;
    size_t sent = 0;
    for (;;) {
        if (so->timeout_ns > 0) {
            int ready = gi_socket_wait(ts, so->fd, t->call <= DO_RECVMSG ? POLLIN : POLLOUT, until);
            if (ready == 0) timed_out(ts);
            if (ready <= 0) return -1;
        }
        ssize_t result = -1;
        int fd = so->fd, error = 0;
        bool done = so->timeout_ns < 0 && gi_gil_wanted(&ts->core) && try_attached(fd, &rest, &result, &sent);
        if (done) error = errno;
        else
            GI_BLOCKING_IF(&ts->core, names[t->call], so->timeout_ns < 0 || t->len > SMALL_TRANSFER) {
                result = perform(fd, &rest);
                error = errno;
            }
        t->address_len = rest.address_len;
        if (result >= 0) return result + (ssize_t)sent;
        if (error == EINTR) {
            if (gi_check_signals(ts) == 0) continue;
            return -1;
        }
        if (so->timeout_ns > 0 && (error == EAGAIN || error == EWOULDBLOCK)) continue;
        if (sent) return (ssize_t)sent;
        gi_raise_errno(ts, error, GI_NOVAL);
        return -1;
    }
}
static GiStatus set_blocking(GiThread *ts, int fd, bool blocking) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK) < 0) {
        gi_raise_errno(ts, errno, GI_NOVAL);
        return GI_FAIL;
    }
    return GI_OK;
}

static GiRef socket_new(GiThread *ts, GiType *type, const GiVal *args GI_UNUSED, size_t nargs GI_UNUSED, GiVal kw GI_UNUSED) {
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    SOCK(made)->fd = -1;
    SOCK(made)->timeout_ns = gi_socket_state(ts)->default_timeout_ns;
    return made;
}
GI_INIT(socket, "(self, family: int = -1, type: int = -1, proto: int = -1, fileno = None)") {
    if (GI_AUDIT(ts, "socket.__new__", self, gi_smallint(a->family), gi_smallint(a->type), gi_smallint(a->proto)) < 0)
        return GI_FAIL;
    GiSocket *s = SOCK(self);
    int family = a->family, type = a->type, proto = a->proto, fd = -1;
    if (!gi_is_null(a->fileno) && !gi_is_none(a->fileno)) {
        if (gi_as_int(ts, a->fileno, &fd) < 0) return GI_FAIL;
        if (fd < 0) return gi_raise_status(ts, &gi_exc_ValueError, "negative file descriptor");
        GiAddress address;
        socklen_t len = sizeof address;
        memset(&address, 0, sizeof address);
        if (getsockname(fd, &address.any, &len) < 0) {
            if (family == -1 || errno == EBADF || errno == ENOTSOCK) {
                gi_raise_errno(ts, errno, GI_NOVAL);
                return GI_FAIL;
            }
        } else if (family == -1) {
            family = address.any.sa_family;
        }
        int value;
        socklen_t size = sizeof value;
        if (type == -1) {
            if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &size) < 0) return gi_raise_errno(ts, errno, GI_NOVAL), GI_FAIL;
            type = value;
        }
        if (proto == -1) {
            size = sizeof value;
            proto = getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &value, &size) < 0 ? 0 : value;
        }
    } else {
        if (family == -1) family = AF_INET;
        if (type == -1) type = SOCK_STREAM;
        if (proto == -1) proto = 0;
        GI_BLOCKING(&ts->core, "socket") fd = socket(family, type | SOCK_CLOEXEC, proto);
        if (fd < 0) return gi_raise_errno(ts, errno, GI_NOVAL), GI_FAIL;
    }
    s->fd = fd;
    s->family = family;
    s->proto = proto;
    s->timeout_ns = type & SOCK_NONBLOCK ? 0 : gi_socket_state(ts)->default_timeout_ns;
    s->type = type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    return s->timeout_ns >= 0 ? set_blocking(ts, fd, false) : GI_OK;
}

GI_METHOD(socket, fileno, "(self)", "fileno() -> integer\n\nReturn the integer file descriptor of the socket.") { return gi_smallint_ref(SOCK(self)->fd); }
/* The descriptor, which is then the caller's alone; -1: another thread was first. */
static int take_fd(GiVal self) { return atomic_exchange(&SOCK(self)->fd, -1); }
GI_METHOD(socket, detach, "(self)", "detach()\n\nClose the socket object without closing the underlying file descriptor.\nThe object cannot be used after this call, but the file descriptor\ncan be reused for other purposes.  The file descriptor is returned.") {
    return gi_smallint_ref(take_fd(self));
}
static int close_fd(GiThread *ts, int fd) {
    int result = 0, error = 0;
    if (fd < 0) return 0;
    GI_BLOCKING(&ts->core, "close") {
        result = close(fd);
        error = errno;
    }
    return result < 0 && error != EINTR && error != ECONNRESET ? error : 0;
}
GI_METHOD(socket, close, "(self)", "close()\n\nClose the socket.  It cannot be used after this call.") {
    int error = close_fd(ts, take_fd(self));
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(socket, _accept, "(self)", "_accept() -> (integer, address info)\n\nWait for an incoming connection.  Return a new socket file descriptor\nrepresenting the connection, and the address of the client.\nFor IP sockets, the address info is a pair (hostaddr, port).") {
    GiAddress address;
    memset(&address, 0, sizeof address);
    Transfer t = {.call = DO_ACCEPT, .address = &address};
    int fd = (int)operate(ts, self, &t);
    if (fd < 0) return GI_NULL;
    GiRef from = gi_address_object(ts, SOCK(self), &address, t.address_len);
    if (gi_is_null(from)) {
        close(fd);
        return from;
    }
    return gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(fd), from}, 2);
}
GI_METHOD(socket, bind, "(self, address, /)", "bind(address)\n\nBind the socket to a local address.  For IP sockets, the address is a\npair (host, port); the host must refer to the local host.") {
    GiAddress address;
    socklen_t len;
    int result = 0, error = 0;
    if (gi_address_from(ts, SOCK(self), a->address, "bind", &address, &len) < 0 ||
        GI_AUDIT(ts, "socket.bind", self, a->address) < 0)
        return GI_NULL;
    GI_BLOCKING(&ts->core, "bind") {
        result = bind(SOCK(self)->fd, &address.any, len);
        error = errno;
    }
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
/* 0, or an errno value; -1: an exception is set. */
static int do_connect(GiThread *ts, GiVal self, GiVal target, const char *name) {
    GiSocket *s = SOCK(self);
    GiAddress address;
    socklen_t len;
    int result = 0, error = 0;
    if (gi_address_from(ts, s, target, name, &address, &len) < 0 || GI_AUDIT(ts, "socket.connect", self, target) < 0) return -1;
    GI_BLOCKING(&ts->core, "connect") {
        result = connect(s->fd, &address.any, len);
        error = errno;
    }
    if (result == 0) return 0;
    if (error == EINTR && gi_check_signals(ts) < 0) return -1;
    if ((error == EINPROGRESS && s->timeout_ns > 0) || (error == EINTR && s->timeout_ns != 0)) {
        int ready = gi_socket_wait(ts, s->fd, POLLOUT, s->timeout_ns > 0 ? gi_os_deadline((uint64_t)s->timeout_ns) : GI_NEVER);
        if (ready < 0) return -1;
        if (ready == 0) return EAGAIN + 10000; /* timed out */
        socklen_t size = sizeof error;
        if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) error = errno;
        return error == EISCONN ? 0 : error;
    }
    return error;
}
GI_METHOD(socket, connect, "(self, address, /)", "connect(address)\n\nConnect the socket to a remote address.  For IP sockets, the address\nis a pair (host, port).") {
    int error = do_connect(ts, self, a->address, "connect");
    if (error == EAGAIN + 10000) return timed_out(ts);
    return error < 0 ? GI_NULL : error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(socket, connect_ex, "(self, address, /)", "connect_ex(address) -> errno\n\nThis is like connect(address), but returns an error code (the errno value)\ninstead of raising an exception when an error occurs.") {
    int error = do_connect(ts, self, a->address, "connect_ex");
    return error < 0 ? GI_NULL : gi_smallint_ref(error == EAGAIN + 10000 ? EAGAIN : error);
}
GI_METHOD(socket, listen, "(self, backlog: int = 128, /)", "listen([backlog])\n\nEnable a server to accept connections.") {
    if (listen(SOCK(self)->fd, GI_MAX(a->backlog, 0)) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}
GI_METHOD(socket, shutdown, "(self, flag: int, /)", "shutdown(flag)\n\nShut down the reading side of the socket (flag == SHUT_RD), the writing side\nof the socket (flag == SHUT_WR), or both ends (flag == SHUT_RDWR).") {
    return shutdown(SOCK(self)->fd, a->flag) < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
static GiRef end_name(GiThread *ts, GiVal self, int (*call)(int, struct sockaddr *, socklen_t *)) {
    GiAddress address;
    socklen_t len = sizeof address;
    memset(&address, 0, sizeof address);
    if (call(SOCK(self)->fd, &address.any, &len) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_address_object(ts, SOCK(self), &address, len);
}
GI_METHOD(socket, getsockname, "(self)", "getsockname() -> address info\n\nReturn the address of the local endpoint. The format depends on the\naddress family.") { return end_name(ts, self, getsockname); }
GI_METHOD(socket, getpeername, "(self)", "getpeername() -> address info\n\nReturn the address of the remote endpoint.  For IP sockets, the address\ninfo is a pair (hostaddr, port).") { return end_name(ts, self, getpeername); }

GI_METHOD(socket, recv, "(self, bufsize: ssize, flags: int = 0, /)", "recv(buffersize[, flags]) -> data\n\nReceive up to buffersize bytes from the socket.  For the optional flags\nargument, see the Unix manual.  When no data is available, block until\nat least one byte is available or until the remote end is closed.  When\nthe remote end is closed and all data is read, return the empty string.") {
    if (a->bufsize < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative buffersize in recv");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->bufsize);
    if (gi_is_null(bytes) || a->bufsize == 0) return bytes; /* nothing is asked for: there is no wait */
    ssize_t n = operate(ts, self, &(Transfer){.call = DO_RECV, .data = gi_bytes_data(bytes), .len = (size_t)a->bufsize, .flags = a->flags});
    if (n < 0) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    return n < a->bufsize ? gi_bytes_shrink(ts, bytes, (size_t)n) : bytes;
}
GI_METHOD(socket, recv_into, "(self, buffer: rwbuffer, nbytes: ssize = 0, flags: int = 0)", "recv_into(buffer, [nbytes[, flags]]) -> nbytes_read\n\nA version of recv() that stores its data into a buffer rather than creating\na new string.") {
    size_t want = a->nbytes ? (size_t)a->nbytes : (size_t)a->buffer.len;
    if (a->nbytes < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative buffersize in recv_into");
    if (want > (size_t)a->buffer.len) return gi_raise_ref(ts, &gi_exc_ValueError, "buffer too small for requested bytes");
    if (want == 0) return gi_smallint_ref(0);
    ssize_t n = operate(ts, self, &(Transfer){.call = DO_RECV, .data = a->buffer.data, .len = want, .flags = a->flags});
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
GI_METHOD(socket, recvfrom, "(self, bufsize: ssize, flags: int = 0, /)", "recvfrom(buffersize[, flags]) -> (data, address info)\n\nLike recv(buffersize, flags) but also return the sender's address info.") {
    if (a->bufsize < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative buffersize in recvfrom");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->bufsize);
    if (gi_is_null(bytes)) return bytes;
    GiAddress address;
    memset(&address, 0, sizeof address);
    Transfer t = {.call = DO_RECVFROM, .data = gi_bytes_data(bytes), .len = (size_t)a->bufsize, .flags = a->flags, .address = &address};
    ssize_t n = operate(ts, self, &t);
    if (n < 0) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    if (n < a->bufsize) bytes = gi_bytes_shrink(ts, bytes, (size_t)n);
    GiRef from = gi_address_object(ts, SOCK(self), &address, t.address_len);
    return gi_tuple_steal(ts, (GiRef[]){bytes, from}, 2);
}
GI_METHOD(socket, recvfrom_into, "(self, buffer: rwbuffer, nbytes: ssize = 0, flags: int = 0)", "recvfrom_into(buffer[, nbytes[, flags]]) -> (nbytes, address info)\n\nLike recv_into(buffer[, nbytes[, flags]]) but also return the sender's address info.") {
    size_t want = a->nbytes ? (size_t)a->nbytes : (size_t)a->buffer.len;
    if (a->nbytes < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative buffersize in recvfrom_into");
    if (want > (size_t)a->buffer.len) return gi_raise_ref(ts, &gi_exc_ValueError, "nbytes is greater than the length of the buffer");
    GiAddress address;
    memset(&address, 0, sizeof address);
    Transfer t = {.call = DO_RECVFROM, .data = a->buffer.data, .len = want, .flags = a->flags, .address = &address};
    ssize_t n = operate(ts, self, &t);
    if (n < 0) return GI_NULL;
    return gi_tuple_steal(ts, (GiRef[]){gi_int_from_i64(ts, n), gi_address_object(ts, SOCK(self), &address, t.address_len)}, 2);
}
GI_METHOD(socket, send, "(self, data: buffer, flags: int = 0, /)", "send(data[, flags]) -> count\n\nSend a data string to the socket.  For the optional flags\nargument, see the Unix manual.  Return the number of bytes\nsent; this may be less than len(data) if the network is busy.") {
    ssize_t n = operate(ts, self, &(Transfer){.call = DO_SEND, .data = a->data.data, .len = (size_t)a->data.len, .flags = a->flags});
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
GI_METHOD(socket, sendall, "(self, data: buffer, flags: int = 0, /)", "sendall(data[, flags])\n\nSend a data string to the socket.  For the optional flags\nargument, see the Unix manual.  This calls send() repeatedly\nuntil all data is sent.  If an error occurs, it's impossible\nto tell how much data has been sent.") {
    /* The timeout is one for all of it. */
    Transfer t = {.call = DO_SEND, .data = a->data.data, .len = (size_t)a->data.len, .flags = a->flags, .until = deadline_of(SOCK(self))};
    do {
        ssize_t n = operate(ts, self, &t);
        if (n < 0) return GI_NULL;
        t.data = (char *)t.data + n;
        t.len -= (size_t)n;
        if (t.len > 0 && gi_check_signals(ts) < 0) return GI_NULL; /* a signal may have cut it short */
    } while (t.len > 0);
    return GI_REF_NONE;
}
GI_METHOD(socket, sendto, "(self, *args)", "sendto(data[, flags], address) -> count\n\nLike send(data, flags) but allows specifying the destination address.\nFor IP sockets, the address is a pair (hostaddr, port).") {
    if (a->args_count != 2 && a->args_count != 3)
        return gi_raise_ref(ts, &gi_exc_TypeError, "sendto() takes 2 or 3 arguments (%zu given)", a->args_count);
    GiBuffer view;
    int flags = 0;
    GiAddress address;
    socklen_t len;
    ssize_t n = -1;
    if (gi_buffer_get(ts, a->args[0], &view, GI_BUF_BRIEF) < 0) return GI_NULL;
    if ((a->args_count == 2 || gi_as_int(ts, a->args[1], &flags) == GI_OK) &&
        gi_address_from(ts, SOCK(self), a->args[a->args_count - 1], "sendto", &address, &len) == GI_OK &&
        GI_AUDIT(ts, "socket.sendto", self, a->args[a->args_count - 1]) == GI_OK)
        n = operate(ts, self, &(Transfer){.call = DO_SENDTO, .data = view.data, .len = (size_t)view.len, .flags = flags,
                                          .address = &address, .address_len = len});
    gi_buffer_release(ts, &view);
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}

/* Buffers of an iterable as iovecs; release with drop_views. */
typedef struct Views { GiBuffer *views; struct iovec *vecs; size_t count; } Views;
static void drop_views(GiThread *ts, Views *v) {
    for (size_t i = 0; i < v->count; i++) gi_buffer_release(ts, &v->views[i]);
    free(v->views);
    free(v->vecs);
}
static GiStatus get_views(GiThread *ts, GiVal iterable, const char *function, int flags, Views *v) {
    memset(v, 0, sizeof *v);
    GiRef list = gi_to_list(ts, iterable);
    if (gi_is_null(list)) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return GI_FAIL;
        gi_exc_clear(ts);
        return gi_raise_status(ts, &gi_exc_TypeError, "%s() argument 1 must be an iterable", function);
    }
    size_t n = gi_list_len(list);
    v->views = calloc(n + 1, sizeof *v->views);
    v->vecs = calloc(n + 1, sizeof *v->vecs);
    GiStatus status = v->views && v->vecs ? GI_OK : (gi_raise_nomem(ts), GI_FAIL);
    for (size_t i = 0; i < n && status == GI_OK; i++) {
        status = gi_buffer_get(ts, gi_list_peek_locked(gi_val(list), i), &v->views[i], flags);
        if (status < 0) break;
        v->vecs[i] = (struct iovec){v->views[i].data, (size_t)v->views[i].len};
        v->count++;
    }
    gi_drop(ts, list);
    if (status < 0) drop_views(ts, v);
    return status;
}
/* Ancillary data [(level, type, data), ...] into a control buffer. */
static GiStatus fill_control(GiThread *ts, GiVal ancdata, struct msghdr *msg) {
    GiRef list = gi_to_list(ts, ancdata);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = GI_OK;
    size_t n = gi_list_len(list), total = 0;
    GiBuffer *views = calloc(n + 1, sizeof *views);
    size_t got = 0;
    if (views == NULL) status = (gi_raise_nomem(ts), GI_FAIL);
    for (size_t i = 0; i < n && status == GI_OK; i++) {
        GiVal item = gi_list_peek_locked(gi_val(list), i);
        if (!gi_is_tuple(item) || gi_tuple_len(item) != 3)
            status = gi_raise_status(ts, &gi_exc_TypeError, "[sendmsg() ancillary data items must be 3-tuples]");
        else if ((status = gi_buffer_get(ts, gi_tuple_get(item, 2), &views[i], GI_BUF_BRIEF)) == GI_OK) {
            got++;
            total += CMSG_SPACE((size_t)views[i].len);
        }
    }
    if (status == GI_OK && total) {
        msg->msg_control = calloc(1, total);
        msg->msg_controllen = total;
        if (msg->msg_control == NULL) status = (gi_raise_nomem(ts), GI_FAIL);
        struct cmsghdr *c = msg->msg_control ? CMSG_FIRSTHDR(msg) : NULL;
        for (size_t i = 0; i < n && status == GI_OK; i++, c = CMSG_NXTHDR(msg, c)) {
            GiVal item = gi_list_peek_locked(gi_val(list), i);
            c->cmsg_len = CMSG_LEN((size_t)views[i].len);
            if (gi_as_int(ts, gi_tuple_get(item, 0), &c->cmsg_level) < 0 || gi_as_int(ts, gi_tuple_get(item, 1), &c->cmsg_type) < 0)
                status = GI_FAIL;
            memcpy(CMSG_DATA(c), views[i].data, (size_t)views[i].len);
        }
    }
    for (size_t i = 0; i < got; i++) gi_buffer_release(ts, &views[i]);
    free(views);
    gi_drop(ts, list);
    return status;
}
GI_METHOD(socket, sendmsg, "(self, buffers, ancdata = (), flags: int = 0, address = None, /)", "sendmsg(buffers[, ancdata[, flags[, address]]]) -> count\n\nSend normal and ancillary data to the socket, gathering the\nnon-ancillary data from a series of buffers and concatenating it into\na single message.") {
    Views views;
    GiAddress address;
    struct msghdr msg = {0};
    ssize_t n = -2;
    if (gi_auditf(ts, "socket.sendmsg", "OO", self, a->address) < 0) return GI_NULL;
    if (!gi_is_null(a->address) && !gi_is_none(a->address)) {
        if (gi_address_from(ts, SOCK(self), a->address, "sendmsg", &address, &msg.msg_namelen) < 0) return GI_NULL;
        msg.msg_name = &address;
    }
    if (get_views(ts, a->buffers, "sendmsg", GI_BUF_SIMPLE, &views) < 0) return GI_NULL;
    msg.msg_iov = views.vecs;
    msg.msg_iovlen = views.count;
    if (gi_is_null(a->ancdata) || fill_control(ts, a->ancdata, &msg) == GI_OK)
        n = operate(ts, self, &(Transfer){.call = DO_SENDMSG, .msg = &msg, .flags = a->flags});
    free(msg.msg_control);
    drop_views(ts, &views);
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
/* One item of ancillary data for AF_ALG; gives the place of the next. */
static struct cmsghdr *put_alg(struct msghdr *msg, struct cmsghdr *c, int type, const void *data, size_t len) {
    c->cmsg_level = SOL_ALG;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(len);
    memcpy(CMSG_DATA(c), data, len);
    return CMSG_NXTHDR(msg, c);
}
GI_METHOD(socket, sendmsg_afalg, "(self, msg = (), *, op: int = -1, iv: buffer = <unrepresentable>, assoclen = <unrepresentable>, flags: int = 0)", "sendmsg_afalg([msg], *, op[, iv[, assoclen[, flags=MSG_MORE]]])\n\nSet operation mode, IV and length of associated data for an AF_ALG\noperation socket.") {
    Views views = {NULL, NULL, 0};
    int assoclen = -1;
    if (SOCK(self)->family != AF_ALG) return gi_raise_ref(ts, &gi_exc_OSError, "algset is only supported for AF_ALG");
    if (a->op < 0) return gi_raise_ref(ts, &gi_exc_TypeError, "Invalid or missing argument 'op'");
    if (!gi_is_null(a->assoclen)) {
        if (gi_as_int(ts, a->assoclen, &assoclen) < 0) return GI_NULL;
        if (assoclen < 0) return gi_raise_ref(ts, &gi_exc_TypeError, "assoclen must be positive");
    }
    if (!gi_is_null(a->msg) && get_views(ts, a->msg, "sendmsg_afalg", GI_BUF_SIMPLE, &views) < 0) return GI_NULL;
    uint32_t op = (uint32_t)a->op, associated = (uint32_t)assoclen, iv_len = a->iv.data ? (uint32_t)a->iv.len : 0;
    size_t room = CMSG_SPACE(4) + (a->iv.data ? CMSG_SPACE(4 + (size_t)iv_len) : 0) + (assoclen >= 0 ? CMSG_SPACE(4) : 0);
    struct msghdr msg = {.msg_iov = views.vecs, .msg_iovlen = views.count, .msg_control = calloc(1, room), .msg_controllen = room};
    uint8_t *iv = malloc(4 + (size_t)iv_len);
    ssize_t n = -1;
    if (msg.msg_control == NULL || iv == NULL) {
        gi_raise_nomem(ts);
    } else {
        struct cmsghdr *c = put_alg(&msg, CMSG_FIRSTHDR(&msg), ALG_SET_OP, &op, 4);
        memcpy(iv, &iv_len, 4);
        if (iv_len) memcpy(iv + 4, a->iv.data, iv_len);
        if (a->iv.data) c = put_alg(&msg, c, ALG_SET_IV, iv, 4 + (size_t)iv_len);
        if (assoclen >= 0) put_alg(&msg, c, ALG_SET_AEAD_ASSOCLEN, &associated, 4);
        n = operate(ts, self, &(Transfer){.call = DO_SENDMSG, .msg = &msg, .flags = a->flags});
    }
    free(iv);
    free(msg.msg_control);
    drop_views(ts, &views);
    return n < 0 ? GI_NULL : gi_int_from_i64(ts, n);
}
static GiRef control_list(GiThread *ts, struct msghdr *msg) {
    GiRef list = gi_list_new(ts, 0);
    for (struct cmsghdr *c = msg->msg_controllen ? CMSG_FIRSTHDR(msg) : NULL; c && !gi_is_null(list); c = CMSG_NXTHDR(msg, c)) {
        size_t room = (size_t)((char *)msg->msg_control + msg->msg_controllen - (char *)CMSG_DATA(c));
        size_t len = GI_MIN(c->cmsg_len - CMSG_LEN(0), room);
        GiRef item = gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(c->cmsg_level), gi_smallint_ref(c->cmsg_type), gi_bytes_from(ts, CMSG_DATA(c), len)}, 3);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}
/* recvmsg and recvmsg_into: `first` (consumed) makes the first item from the byte count. */
static GiRef receive_message(GiThread *ts, GiVal self, struct iovec *vecs, size_t count, ssize_t ancbufsize, int flags, ssize_t *n,
                             GiRef rest[3]) {
    GiAddress address;
    memset(&address, 0, sizeof address);
    if (ancbufsize < 0 || ancbufsize > 0x7fffffff) return gi_raise_ref(ts, &gi_exc_ValueError, "invalid ancillary data buffer length");
    char *control = ancbufsize ? malloc((size_t)ancbufsize) : NULL;
    if (ancbufsize && control == NULL) return gi_raise_nomem(ts);
    struct msghdr msg = {.msg_name = &address, .msg_namelen = sizeof address, .msg_iov = vecs, .msg_iovlen = count,
                         .msg_control = control, .msg_controllen = (size_t)ancbufsize};
    *n = operate(ts, self, &(Transfer){.call = DO_RECVMSG, .msg = &msg, .flags = flags});
    GiRef ok = GI_NULL;
    if (*n >= 0) {
        rest[0] = control_list(ts, &msg);
        rest[1] = gi_smallint_ref(msg.msg_flags & ~MSG_CMSG_CLOEXEC);
        rest[2] = gi_address_object(ts, SOCK(self), &address, msg.msg_namelen);
        ok = GI_REF_TRUE;
    }
    free(control);
    return ok;
}
GI_METHOD(socket, recvmsg, "(self, bufsize: ssize, ancbufsize: ssize = 0, flags: int = 0, /)", "recvmsg(bufsize[, ancbufsize[, flags]]) -> (data, ancdata, msg_flags, address)\n\nReceive normal data (up to bufsize bytes) and ancillary data from the\nsocket.") {
    if (a->bufsize < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative buffer size in recvmsg()");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->bufsize), rest[3];
    if (gi_is_null(bytes)) return bytes;
    struct iovec vec = {gi_bytes_data(bytes), (size_t)a->bufsize};
    ssize_t n;
    if (gi_is_null(receive_message(ts, self, &vec, 1, a->ancbufsize, a->flags, &n, rest))) {
        gi_drop(ts, bytes);
        return GI_NULL;
    }
    if (n < a->bufsize) bytes = gi_bytes_shrink(ts, bytes, (size_t)n);
    return gi_tuple_steal(ts, (GiRef[]){bytes, rest[0], rest[1], rest[2]}, 4);
}
GI_METHOD(socket, recvmsg_into, "(self, buffers, ancbufsize: ssize = 0, flags: int = 0, /)", "recvmsg_into(buffers[, ancbufsize[, flags]]) -> (nbytes, ancdata, msg_flags, address)\n\nReceive normal data and ancillary data from the socket, scattering the\nnon-ancillary data into a series of buffers.") {
    Views views;
    GiRef rest[3];
    ssize_t n;
    if (get_views(ts, a->buffers, "recvmsg_into", GI_BUF_WRITABLE, &views) < 0) {
        if (!gi_exc_matches(ts, &gi_exc_BufferError)) return GI_NULL;
        gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers");
    }
    GiRef ok = receive_message(ts, self, views.vecs, views.count, a->ancbufsize, a->flags, &n, rest);
    drop_views(ts, &views);
    if (gi_is_null(ok)) return ok;
    return gi_tuple_steal(ts, (GiRef[]){gi_int_from_i64(ts, n), rest[0], rest[1], rest[2]}, 4);
}

GI_METHOD(socket, setblocking, "(self, flag: bool, /)", "setblocking(flag)\n\nSet the socket to blocking (flag is true) or non-blocking (false).\nsetblocking(True) is equivalent to settimeout(None);\nsetblocking(False) is equivalent to settimeout(0.0).") {
    SOCK(self)->timeout_ns = a->flag ? -1 : 0;
    return set_blocking(ts, SOCK(self)->fd, a->flag) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(socket, getblocking, "(self)", "getblocking()\n\nReturns True if socket is in blocking mode, or False if it\nis in non-blocking mode.") { return gi_bool_ref(SOCK(self)->timeout_ns != 0); }
GI_METHOD(socket, settimeout, "(self, timeout, /)", "settimeout(timeout)\n\nSet a timeout on socket operations.  'timeout' can be a float,\ngiving in seconds, or None.  Setting a timeout of None disables\nthe timeout feature and is equivalent to setblocking(1).\nSetting a timeout of zero is the same as setblocking(0).") {
    int64_t ns;
    if (gi_timeout_ns(ts, a->timeout, &ns) < 0) return GI_NULL;
    SOCK(self)->timeout_ns = ns;
    return set_blocking(ts, SOCK(self)->fd, ns < 0) < 0 ? GI_NULL : GI_REF_NONE;
}
static GiRef timeout_object(int64_t ns) { return ns < 0 ? GI_REF_NONE : gi_double_ref((double)ns / 1e9); }
GI_METHOD(socket, gettimeout, "(self)", "gettimeout() -> timeout\n\nReturns the timeout in seconds (float) associated with socket\noperations. A timeout of None indicates that timeouts on socket\noperations are disabled.") {
    (void)ts;
    return timeout_object(SOCK(self)->timeout_ns);
}
GI_METHOD(socket, setsockopt, "(self, level: int, option: int, value, optlen = <null>, /)", "setsockopt(level, option, value: int)\nsetsockopt(level, option, value: buffer)\nsetsockopt(level, option, None, optlen: int)\n\nSet a socket option.  See the Unix manual for level and option.\nThe value argument can either be an integer, a string buffer, or\nNone, optlen.") {
    int64_t wide;
    int result;
    if (gi_is_int(a->value) && gi_int_as_i64(a->value, &wide) == 0 && wide >= INT_MIN && wide <= INT_MAX && gi_is_null(a->optlen)) {
        int number = (int)wide;
        bool eight = SOCK(self)->family == AF_VSOCK;
        result = setsockopt(SOCK(self)->fd, a->level, a->option, eight ? (void *)&wide : &number, eight ? sizeof wide : sizeof number);
    } else if (gi_is_none(a->value) && !gi_is_null(a->optlen)) {
        uint64_t len;
        if (gi_as_u64(ts, a->optlen, &len) < 0) return GI_NULL;
        result = setsockopt(SOCK(self)->fd, a->level, a->option, NULL, (socklen_t)len);
    } else if (!gi_is_null(a->optlen)) {
        return gi_raise_ref(ts, &gi_exc_TypeError, "setsockopt() takes exactly 3 arguments (4 given)");
    } else {
        GiBuffer view;
        if (gi_buffer_get(ts, a->value, &view, GI_BUF_BRIEF) < 0) return GI_NULL;
        result = setsockopt(SOCK(self)->fd, a->level, a->option, view.data, (socklen_t)view.len);
        gi_buffer_release(ts, &view);
    }
    return result < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(socket, getsockopt, "(self, level: int, option: int, buffersize: int = 0, /)", "getsockopt(level, option[, buffersize]) -> value\n\nGet a socket option.  See the Unix manual for level and option.\nIf a nonzero buffersize argument is given, the return value is a\nstring of that length; otherwise it is an integer.") {
    if (a->buffersize < 0 || a->buffersize > 1024) return gi_raise_ref(ts, &gi_exc_OSError, "getsockopt buflen out of range");
    char data[1024];
    bool eight = SOCK(self)->family == AF_VSOCK;
    socklen_t len = a->buffersize ? (socklen_t)a->buffersize : eight ? sizeof(uint64_t) : sizeof(int);
    memset(data, 0, sizeof data);
    if (getsockopt(SOCK(self)->fd, a->level, a->option, data, &len) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    if (a->buffersize) return gi_bytes_from(ts, data, len);
    int number;
    uint64_t wide;
    memcpy(&number, data, sizeof number);
    memcpy(&wide, data, sizeof wide);
    return eight ? gi_int_from_u64(ts, wide) : gi_smallint_ref(number);
}
GI_GETTER(socket, timeout, "the socket timeout") { (void)ts; return timeout_object(SOCK(self)->timeout_ns); }
static const GiMemberDef socket_members[] = {
    {"family", GI_MEMBER_INT, offsetof(GiSocket, family), true, "the socket family"},
    {"type", GI_MEMBER_INT, offsetof(GiSocket, type), true, "the socket type"},
    {"proto", GI_MEMBER_INT, offsetof(GiSocket, proto), true, "the socket protocol"}, {.name = NULL}};
static GiRef socket_repr(GiThread *ts, GiVal self) {
    GiSocket *s = SOCK(self);
    return gi_str_format(ts, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd, s->family, s->type, s->proto);
}
static void socket_finalize(GiThread *ts, GiVal self) {
    if (SOCK(self)->fd < 0) return;
    gi_warn_unclosed(ts, "", self, self);
    close_fd(ts, take_fd(self));
}
GiType gi_socket_type = {
    .obj = GI_TYPE_HEAD, .name = "_socket.socket", .module = "_socket", .size = sizeof(GiSocket), .base = &gi_object_type,
    .flags = GI_TYPE_BASE, .methods = socket_methods, .members = socket_members, .getset = socket_getset, .new_ = socket_new,
    .init = socket_init, .repr = socket_repr, .finalize = socket_finalize,
    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\nsocket(family=-1, type=-1, proto=-1, fileno=None) -> socket object\n\nOpen a socket of the given type.",
};

GI_FUNCTION(_socket, close, "(fd: int, /)", "close(integer) -> None\n\nClose an integer socket file descriptor.  This is like os.close(), but for\nsockets; on some platforms os.close() won't work for socket file descriptors.") {
    int error = a->fd < 0 ? EBADF : close_fd(ts, a->fd);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(_socket, dup, "(fd: int, /)", "dup(integer) -> integer\n\nDuplicate an integer socket file descriptor.  This is like os.dup(), but for\nsockets; on some platforms os.dup() won't work for socket file descriptors.") {
    int fd = fcntl(a->fd, F_DUPFD_CLOEXEC, 0);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(fd);
}
GI_FUNCTION(_socket, socketpair, "(family: int = 1, type: int = 1, proto: int = 0, /)", "socketpair([family[, type [, proto]]]) -> (socket object, socket object)\n\nCreate a pair of socket objects from the sockets returned by the platform\nsocketpair() function.") {
    int fds[2];
    if (socketpair(a->family, a->type | SOCK_CLOEXEC, a->proto, fds) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef pair[2] = {GI_NULL, GI_NULL};
    for (int i = 0; i < 2; i++) {
        pair[i] = socket_new(ts, &gi_socket_type, NULL, 0, GI_NOVAL);
        if (gi_is_null(pair[i])) {
            close(fds[i]);
            if (i == 0) close(fds[1]);
            gi_xdrop(ts, pair[0]);
            return GI_NULL;
        }
        GiSocket *s = SOCK(pair[i]);
        s->fd = fds[i];
        s->family = a->family;
        s->type = a->type;
        s->proto = a->proto;
    }
    return gi_tuple_steal(ts, pair, 2);
}
GI_FUNCTION(_socket, getdefaulttimeout, "()", "getdefaulttimeout() -> timeout\n\nReturns the default timeout in seconds (float) for new socket objects.\nA value of None indicates that new socket objects have no timeout.\nWhen the socket module is first imported, the default is None.") {
    return timeout_object(gi_socket_state(ts)->default_timeout_ns);
}
GI_FUNCTION(_socket, setdefaulttimeout, "(timeout, /)", "setdefaulttimeout(timeout)\n\nSet the default timeout in seconds (float) for new socket objects.\nA value of None indicates that new socket objects have no timeout.\nWhen the socket module is first imported, the default is None.") {
    return gi_timeout_ns(ts, a->timeout, &gi_socket_state(ts)->default_timeout_ns) < 0 ? GI_NULL : GI_REF_NONE;
}

#define C(name) {#name, name}
static const GiIntConstant constants[] = {
    C(AF_UNSPEC), C(AF_UNIX), C(AF_INET), C(AF_INET6), C(AF_NETLINK), C(AF_PACKET), C(AF_BLUETOOTH), C(AF_CAN), C(AF_VSOCK), C(AF_ALG),
    C(SOCK_STREAM), C(SOCK_DGRAM), C(SOCK_RAW), C(SOCK_RDM), C(SOCK_SEQPACKET), C(SOCK_CLOEXEC), C(SOCK_NONBLOCK), C(SOL_SOCKET),
    C(SO_DEBUG), C(SO_REUSEADDR), C(SO_REUSEPORT), C(SO_KEEPALIVE), C(SO_DONTROUTE), C(SO_BROADCAST), C(SO_LINGER), C(SO_OOBINLINE),
    C(SO_SNDBUF), C(SO_RCVBUF), C(SO_SNDLOWAT), C(SO_RCVLOWAT), C(SO_SNDTIMEO), C(SO_RCVTIMEO), C(SO_ERROR), C(SO_TYPE),
    C(SO_PASSCRED), C(SO_PEERCRED), C(SO_PASSSEC), C(SO_PEERSEC), C(SO_BINDTODEVICE), C(SO_PRIORITY), C(SO_MARK), C(SO_DOMAIN),
    C(SO_PROTOCOL), C(SO_ACCEPTCONN), C(SO_INCOMING_CPU), C(SOMAXCONN), C(SCM_RIGHTS), C(SCM_CREDENTIALS), C(MSG_OOB), C(MSG_PEEK), C(MSG_DONTROUTE), C(MSG_DONTWAIT),
    C(MSG_TRUNC), C(MSG_CTRUNC), C(MSG_WAITALL), C(MSG_EOR), C(MSG_NOSIGNAL), C(MSG_MORE), C(MSG_CMSG_CLOEXEC), C(MSG_CONFIRM),
    C(MSG_ERRQUEUE), C(MSG_FASTOPEN), C(IPPROTO_IP), C(IPPROTO_ICMP), C(IPPROTO_TCP), C(IPPROTO_UDP), C(IPPROTO_IPV6),
    C(IPPROTO_ICMPV6), C(IPPROTO_RAW), C(IPPROTO_NONE), C(IPPROTO_SCTP), C(IPPROTO_UDPLITE), C(INADDR_ANY), C(INADDR_BROADCAST),
    C(INADDR_LOOPBACK), C(INADDR_NONE), C(INADDR_UNSPEC_GROUP), C(INADDR_ALLHOSTS_GROUP), C(INADDR_MAX_LOCAL_GROUP),
    C(IP_OPTIONS), C(IP_HDRINCL), C(IP_TOS), C(IP_TTL), C(IP_RECVOPTS), C(IP_RECVRETOPTS), C(IP_RETOPTS), C(IP_MULTICAST_IF),
    C(IP_MULTICAST_TTL), C(IP_MULTICAST_LOOP), C(IP_ADD_MEMBERSHIP), C(IP_DROP_MEMBERSHIP), C(IP_TRANSPARENT), C(IP_RECVTOS),
    C(IPV6_JOIN_GROUP), C(IPV6_LEAVE_GROUP), C(IPV6_MULTICAST_HOPS), C(IPV6_MULTICAST_IF), C(IPV6_MULTICAST_LOOP),
    C(IPV6_UNICAST_HOPS), C(IPV6_V6ONLY), C(IPV6_CHECKSUM), C(IPV6_RECVPKTINFO), C(IPV6_PKTINFO), C(TCP_NODELAY), C(TCP_MAXSEG), C(TCP_CORK), C(TCP_KEEPIDLE),
    C(TCP_KEEPINTVL), C(TCP_KEEPCNT), C(TCP_SYNCNT), C(TCP_LINGER2), C(TCP_DEFER_ACCEPT), C(TCP_WINDOW_CLAMP), C(TCP_INFO),
    C(TCP_QUICKACK), C(TCP_FASTOPEN), C(TCP_CONGESTION), C(TCP_USER_TIMEOUT), C(TCP_NOTSENT_LOWAT), C(EAI_ADDRFAMILY), C(EAI_AGAIN), C(EAI_BADFLAGS),
    C(EAI_FAIL), C(EAI_FAMILY), C(EAI_MEMORY), C(EAI_NODATA), C(EAI_NONAME), C(EAI_OVERFLOW), C(EAI_SERVICE), C(EAI_SOCKTYPE),
    C(EAI_SYSTEM), C(AI_PASSIVE), C(AI_CANONNAME), C(AI_NUMERICHOST), C(AI_NUMERICSERV), C(AI_ALL), C(AI_ADDRCONFIG), C(AI_V4MAPPED),
    C(NI_MAXHOST), C(NI_MAXSERV), C(NI_NOFQDN), C(NI_NUMERICHOST), C(NI_NAMEREQD), C(NI_NUMERICSERV), C(NI_DGRAM), C(SHUT_RD),
    C(SHUT_WR), C(SHUT_RDWR), {"SOL_IP", 0}, {"SOL_TCP", 6}, {"SOL_UDP", 17}, {"IPPORT_RESERVED", 1024}, {"IPPORT_USERRESERVED", 5000},
};
static GiStatus _socket_exec(GiThread *ts, GiVal module) {
    GiSocketState *state = gi_module_state(module);
    state->default_timeout_ns = -1;
    if (gi_module_add_functions(ts, module, gi_socket_name_functions) < 0 ||
        gi_module_add_functions(ts, module, gi_socket_host_functions) < 0 || gi_module_add_type(ts, module, &gi_socket_type) < 0 ||
        gi_module_add(ts, module, "SocketType", gi_dup(ts, gi_type_val(&gi_socket_type))) < 0 ||
        gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_OSError))) < 0 ||
        gi_module_add(ts, module, "timeout", gi_dup(ts, gi_type_val(&gi_exc_TimeoutError))) < 0 ||
        gi_module_add(ts, module, "has_ipv6", GI_REF_TRUE) < 0)
        return GI_FAIL;
    GiRef herror = gi_type_make(ts, "socket.herror", &gi_exc_OSError, NULL), gaierror = gi_type_make(ts, "socket.gaierror", &gi_exc_OSError, NULL);
    if (gi_is_null(herror) || gi_is_null(gaierror)) return GI_FAIL;
    gi_slot_init(&state->herror, gi_dup(ts, gi_val(herror)));
    gi_slot_init(&state->gaierror, gi_dup(ts, gi_val(gaierror)));
    if (gi_module_add(ts, module, "herror", herror) < 0 || gi_module_add(ts, module, "gaierror", gaierror) < 0) return GI_FAIL;
    if (gi_socket_add_constants(ts, module) < 0) return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField socket_state_fields[] = {GI_SLOT(GiSocketState, herror), GI_SLOT(GiSocketState, gaierror), GI_FIELDS_END};
const GiModuleDef gi_module__socket = {
    .name = "_socket", .doc = "Implementation module for socket operations.\n\nSee the socket module for documentation.",
    .functions = _socket_functions, .exec = _socket_exec, .state_size = sizeof(GiSocketState), .state_fields = socket_state_fields};
