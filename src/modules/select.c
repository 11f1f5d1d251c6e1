/* select.c - select, poll and epoll. Every wait is detached, and goes on after a signal (PEP 475).
 * Where the timeout is zero nothing is waited for: the thread stays attached. */
#include "modules/seconds.h"
#include "modules/step.h"
#include "os/clock.h"
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

typedef struct GiPoll { GiObj obj; struct pollfd *items; size_t count, capacity; _Atomic bool polling; } GiPoll;
typedef struct GiEpoll { GiObj obj; _Atomic int fd; } GiEpoll; /* fd -1: closed */
extern GiType gi_poll_type, gi_epoll_type;
#include "modules/select.gen.h"

/* To look at more descriptors than this takes long enough to let others run. */
enum { ATTACHED_MOST = 256 };

/* A timeout, in units of so many nanoseconds, as a deadline: None or negative (for polls) is GI_NEVER. */
static GiStatus deadline_of(GiThread *ts, GiVal timeout, int64_t unit, bool polls, uint64_t *deadline) {
    *deadline = GI_NEVER;
    if (gi_is_null(timeout) || gi_is_none(timeout)) return GI_OK;
    int64_t ns = 0;
    if (gi_read_time(ts, timeout, unit, gi_away_from_zero, &ns) < 0) {
        if (gi_exc_matches(ts, &gi_exc_TypeError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_TypeError, polls ? "timeout must be an integer or None" : "timeout must be a float or None");
        }
        return GI_FAIL;
    }
    int64_t ms = ns / GI_UNIT_MS;
    if (polls && (ms < INT32_MIN || ms >= INT32_MAX)) return gi_raise_status(ts, &gi_exc_OverflowError, "timeout is too large");
    if (ns < 0) return polls ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "timeout must be non-negative");
    *deadline = ns == 0 ? 0 : gi_os_deadline((uint64_t)ns);
    return GI_OK;
}
/* Milliseconds until the deadline, rounded up, for poll: -1 for ever. */
static int left_ms(uint64_t deadline) {
    if (deadline == GI_NEVER) return -1;
    if (deadline == 0) return 0;
    uint64_t now = gi_os_mono_ns();
    if (now >= deadline) return 0;
    uint64_t ms = (deadline - now + GI_NS_PER_MS - 1) / GI_NS_PER_MS;
    return ms > INT32_MAX ? INT32_MAX : (int)ms;
}

static GiStatus as_fd(GiThread *ts, GiVal v, int *fd) {
    if (gi_is_int(v)) {
        if (gi_as_int(ts, v, fd) < 0) return GI_FAIL;
    } else {
        GiRef method;
        if (gi_getattr_opt(ts, v, GI_N(fileno), &method) < 0) return GI_FAIL;
        if (gi_is_null(method)) return gi_raise_status(ts, &gi_exc_TypeError, "argument must be an int, or have a fileno() method.");
        GiRef r = gi_call0(ts, gi_val(method));
        gi_drop(ts, method);
        if (gi_is_null(r)) return GI_FAIL;
        GiStatus status = gi_is_int(gi_val(r)) ? gi_as_int(ts, gi_val(r), fd)
                                               : gi_raise_status(ts, &gi_exc_TypeError, "fileno() returned a non-integer");
        gi_drop(ts, r);
        if (status < 0) return status;
    }
    if (*fd < 0) return gi_raise_status(ts, &gi_exc_ValueError, "file descriptor cannot be a negative integer (%i)", *fd);
    return GI_OK;
}

typedef struct FdList { GiRef objects; int *fds; size_t count; fd_set set; } FdList;
/* Reads what v holds; fileno() may change a list while it is read. */
static GiStatus read_items(GiThread *ts, GiVal v, FdList *out, int *max) {
    for (size_t i = 0;; i++) {
        GiRef item = gi_list_get(ts, v, i);
        if (gi_is_null(item)) return GI_OK;
        if (gi_list_append(ts, gi_val(out->objects), item) < 0) return GI_FAIL;
        if (i >= FD_SETSIZE) return gi_raise_status(ts, &gi_exc_ValueError, "too many file descriptors in select()");
        if (as_fd(ts, gi_list_peek_locked(gi_val(out->objects), i), &out->fds[i]) < 0) return GI_FAIL;
        if (out->fds[i] >= FD_SETSIZE) return gi_raise_status(ts, &gi_exc_ValueError, "filedescriptor out of range in select()");
        out->count = i + 1;
        FD_SET(out->fds[i], &out->set);
        *max = GI_MAX(*max, out->fds[i]);
    }
}
static GiStatus read_list(GiThread *ts, GiVal v, FdList *out, int *max) {
    FD_ZERO(&out->set);
    out->fds = malloc(FD_SETSIZE * sizeof *out->fds);
    if (out->fds == NULL) return gi_raise_nomem(ts), GI_FAIL;
    GiRef items = gi_is_list(v) ? gi_dup(ts, v) : gi_to_list(ts, v);
    if (gi_is_null(items)) {
        if (!gi_exc_matches(ts, &gi_exc_TypeError)) return GI_FAIL;
        gi_exc_clear(ts);
        return gi_raise_status(ts, &gi_exc_TypeError, "arguments 1-3 must be sequences");
    }
    out->objects = gi_list_new(ts, 0);
    GiStatus status = gi_is_null(out->objects) ? GI_FAIL : read_items(ts, gi_val(items), out, max);
    gi_drop(ts, items);
    return status;
}
static GiRef ready_list(GiThread *ts, const FdList *list, const fd_set *set) {
    GiRef r = gi_list_new(ts, 0);
    for (size_t i = 0; i < list->count && !gi_is_null(r); i++)
        if (FD_ISSET(list->fds[i], set) &&
            gi_list_append(ts, gi_val(r), gi_dup(ts, gi_list_peek_locked(gi_val(list->objects), i))) < 0) {
            gi_drop(ts, r);
            return GI_NULL;
        }
    return r;
}
GI_FUNCTION(select, select, "(rlist, wlist, xlist, timeout = None, /)", "Wait until one or more file descriptors are ready for some kind of I/O.\n\nThe first three arguments are iterables of file descriptors to be waited for:\nrlist -- wait until ready for reading\nwlist -- wait until ready for writing\nxlist -- wait for an \\\"exceptional condition\\\"\nIf only one kind of condition is required, pass [] for the other lists.") {
    uint64_t deadline;
    if (deadline_of(ts, a->timeout, GI_UNIT_S, false, &deadline) < 0) return GI_NULL;
    FdList lists[3] = {{.objects = GI_NULL}, {.objects = GI_NULL}, {.objects = GI_NULL}};
    GiRef result = GI_NULL;
    int max = -1, n = 0, error = 0;
    GiVal args[3] = {a->rlist, a->wlist, a->xlist};
    for (int i = 0; i < 3; i++)
        if (read_list(ts, args[i], &lists[i], &max) < 0) goto done;
    fd_set sets[3];
    for (;;) {
        for (int i = 0; i < 3; i++) sets[i] = lists[i].set;
        struct timeval t, *tp = NULL;
        if (deadline != GI_NEVER) {
            uint64_t now = deadline ? gi_os_mono_ns() : 0, left = deadline > now ? deadline - now : 0;
            t = (struct timeval){.tv_sec = (time_t)(left / GI_NS_PER_SEC), .tv_usec = (suseconds_t)((left % GI_NS_PER_SEC + 999) / 1000)};
            if (t.tv_usec >= 1000000) t.tv_sec++, t.tv_usec = 0;
            tp = &t;
        }
        GI_BLOCKING_IF(&ts->core, "select", deadline != 0 || max >= ATTACHED_MOST) {
            n = select(max + 1, &sets[0], &sets[1], &sets[2], tp);
            error = errno;
        }
        if (n >= 0) break;
        if (error != EINTR) {
            gi_raise_errno(ts, error, GI_NOVAL);
            goto done;
        }
        if (gi_check_signals(ts) < 0) goto done;
    }
    GiRef parts[3];
    for (int i = 0; i < 3; i++) {
        if (n == 0) FD_ZERO(&sets[i]);
        parts[i] = ready_list(ts, &lists[i], &sets[i]);
    }
    if (!gi_is_null(parts[0]) && !gi_is_null(parts[1]) && !gi_is_null(parts[2])) result = gi_tuple_steal(ts, parts, 3);
    else for (int i = 0; i < 3; i++) gi_xdrop(ts, parts[i]);
done:
    for (int i = 0; i < 3; i++) {
        gi_xdrop(ts, lists[i].objects);
        free(lists[i].fds);
    }
    return result;
}

/* ---- poll ---- */
#define POLL(v) ((GiPoll *)gi_obj(v))
GI_FUNCTION(select, poll, "()", "Returns a polling object.\n\nThis object supports registering and unregistering file descriptors, and then\npolling them for I/O events.") {
    return gi_type_alloc(ts, &gi_poll_type, 0);
}
static struct pollfd *find(GiPoll *p, int fd) {
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].fd == fd) return &p->items[i];
    return NULL;
}
/* NULL: no memory. */
static struct pollfd *find_or_add(GiPoll *p, int fd) {
    struct pollfd *item = find(p, fd);
    if (item != NULL) return item;
    if (p->count == p->capacity) {
        size_t capacity = GI_MAX(p->capacity * 2, (size_t)8);
        struct pollfd *grown = realloc(p->items, capacity * sizeof *grown);
        if (grown == NULL) return NULL;
        p->items = grown;
        p->capacity = capacity;
    }
    item = &p->items[p->count++];
    *item = (struct pollfd){.fd = fd};
    return item;
}
static GiStatus as_events(GiThread *ts, GiVal v, uint16_t *events) {
    int64_t n;
    if (gi_as_i64(ts, v, &n) < 0) return GI_FAIL;
    if (n < 0) return gi_raise_status(ts, &gi_exc_ValueError, "value must be positive");
    if (n > 65535) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large for C unsigned short");
    *events = (uint16_t)n;
    return GI_OK;
}
GI_METHOD(poll, register, "(self, fd, eventmask = <unrepresentable>, /)", "Register a file descriptor with the polling object.\n\n  fd\n    either an integer, or an object with a fileno() method returning an int\n  eventmask\n    an optional bitmask describing the type of events to check for") {
    GiPoll *p = POLL(self);
    int fd;
    uint16_t events = POLLIN | POLLPRI | POLLOUT;
    if (as_fd(ts, a->fd, &fd) < 0 || (!gi_is_null(a->eventmask) && as_events(ts, a->eventmask, &events) < 0)) return GI_NULL;
    struct pollfd *item = NULL;
    GI_STEP(ts, self) {
        item = find_or_add(p, fd);
        if (item != NULL) item->events = (short)events;
    }
    return item == NULL ? gi_raise_nomem(ts) : GI_REF_NONE;
}
GI_METHOD(poll, modify, "(self, fd, eventmask, /)", "Modify an already registered file descriptor.") {
    int fd;
    uint16_t events;
    if (as_fd(ts, a->fd, &fd) < 0 || as_events(ts, a->eventmask, &events) < 0) return GI_NULL;
    struct pollfd *item = NULL;
    GI_STEP(ts, self) {
        item = find(POLL(self), fd);
        if (item != NULL) item->events = (short)events;
    }
    return item == NULL ? gi_raise_errno(ts, ENOENT, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(poll, unregister, "(self, fd, /)", "Remove a file descriptor being tracked by the polling object.") {
    int fd;
    if (as_fd(ts, a->fd, &fd) < 0) return GI_NULL;
    GiPoll *p = POLL(self);
    struct pollfd *item = NULL;
    GI_STEP(ts, self) {
        item = find(p, fd);
        if (item == NULL) continue;
        memmove(item, item + 1, (size_t)(p->items + p->count - item - 1) * sizeof *item);
        p->count--;
    }
    return item == NULL ? (gi_raise_key(ts, gi_smallint(fd)), GI_NULL) : GI_REF_NONE;
}
/* What is to be polled, copied; to be freed. NULL: no memory. */
static struct pollfd *copy_items(GiThread *ts, GiVal self, size_t *count) {
    GiPoll *p = POLL(self);
    for (size_t room = 8;; room = *count) {
        struct pollfd *items = malloc((room + 1) * sizeof *items);
        if (items == NULL) return NULL;
        GI_STEP(ts, self) {
            *count = p->count;
            if (*count <= room) memcpy(items, p->items, *count * sizeof *items);
        }
        if (*count <= room) return items;
        free(items);
    }
}
GI_METHOD(poll, poll, "(self, timeout = None, /)", "Polls the set of registered file descriptors.\n\nReturns a list containing any descriptors that have events or errors to\nreport, as a list of (fd, event) 2-tuples.") {
    GiPoll *p = POLL(self);
    uint64_t deadline;
    if (deadline_of(ts, a->timeout, GI_UNIT_MS, true, &deadline) < 0) return GI_NULL;
    if (atomic_exchange(&p->polling, true))
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "concurrent poll() invocation");
    size_t count = 0;
    struct pollfd *items = copy_items(ts, self, &count);
    if (items == NULL) {
        p->polling = false;
        return gi_raise_nomem(ts);
    }
    int n = 0, error = 0;
    bool raised = false;
    do {
        GI_BLOCKING_IF(&ts->core, "poll", deadline != 0 || count >= ATTACHED_MOST) {
            n = poll(items, count, left_ms(deadline));
            error = errno;
        }
    } while (n < 0 && error == EINTR && !(raised = gi_check_signals(ts) < 0));
    p->polling = false;
    GiRef list = GI_NULL;
    if (n < 0) {
        if (!raised) gi_raise_errno(ts, error, GI_NOVAL);
    } else {
        list = gi_list_new(ts, (size_t)n);
    }
    for (size_t i = 0; i < count && !gi_is_null(list); i++) {
        if (items[i].revents == 0) continue;
        GiRef pair = gi_tuple_pack(ts, 2, gi_smallint(items[i].fd), gi_smallint(items[i].revents & 0xffff));
        if (gi_is_null(pair) || gi_list_append(ts, gi_val(list), pair) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    free(items);
    return list;
}
static void poll_destroy(GiThread *ts GI_UNUSED, GiObj *obj) { free(((GiPoll *)obj)->items); }
GiType gi_poll_type = {.obj = GI_TYPE_HEAD, .name = "select.poll", .module = "select", .size = sizeof(GiPoll), .base = &gi_object_type,
                       .flags = GI_TYPE_NO_NEW, .methods = poll_methods, .destroy = poll_destroy};

/* ---- epoll ---- */
#define EPOLL(v) ((GiEpoll *)gi_obj(v))
/* The descriptor; -1 and an exception when it is closed. */
static int open_fd(GiThread *ts, GiVal self) {
    int fd = EPOLL(self)->fd;
    if (fd < 0) gi_raise(ts, &gi_exc_ValueError, "I/O operation on closed epoll object");
    return fd;
}
static GiStatus check_open(GiThread *ts, GiVal self) { return open_fd(ts, self) < 0 ? GI_FAIL : GI_OK; }
static GiRef epoll_over(GiThread *ts, GiType *type, int fd) {
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) close(fd);
    else EPOLL(made)->fd = fd;
    return made;
}
GI_NEW(epoll, "(cls, sizehint: int = -1, flags: int = 0)", "Returns an epolling object.") {
    if (a->sizehint != -1 && a->sizehint <= 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative sizehint");
    if (a->flags & ~EPOLL_CLOEXEC) return gi_raise_ref(ts, &gi_exc_OSError, "invalid flags");
    int fd = epoll_create1(EPOLL_CLOEXEC);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : epoll_over(ts, type, fd);
}
GI_CLASSMETHOD(epoll, fromfd, "(type, fd: int, /)", "Create an epoll object from a given control fd.") { return epoll_over(ts, gi_as_type(self), a->fd); }
static GiRef control(GiThread *ts, GiVal self, int op, GiVal target, uint32_t events) {
    int fd, result = 0, error = 0;
    if (check_open(ts, self) < 0 || as_fd(ts, target, &fd) < 0) return GI_NULL;
    struct epoll_event event = {.events = events, .data.fd = fd};
    int epoll = EPOLL(self)->fd; /* -1 if as_fd or another thread has closed it: EBADF */
    GI_BLOCKING(&ts->core, "epoll_ctl") {
        result = epoll_ctl(epoll, op, fd, &event);
        error = errno;
    }
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(epoll, register, "(self, fd, eventmask: uint = 7)", "Registers a new fd or raises an OSError if the fd is already registered.") { return control(ts, self, EPOLL_CTL_ADD, a->fd, a->eventmask); }
GI_METHOD(epoll, modify, "(self, fd, eventmask: uint)", "Modify event mask for a registered file descriptor.") { return control(ts, self, EPOLL_CTL_MOD, a->fd, a->eventmask); }
GI_METHOD(epoll, unregister, "(self, fd)", "Remove a registered file descriptor from the epoll object.") { return control(ts, self, EPOLL_CTL_DEL, a->fd, 0); }
GI_METHOD(epoll, poll, "(self, timeout = None, maxevents: int = -1)", "Wait for events on the epoll file descriptor.\n\n  timeout\n    the maximum time to wait in seconds (as float);\n    a timeout of None or -1 makes poll wait indefinitely\n  maxevents\n    the maximum number of events returned; -1 means no limit") {
    uint64_t deadline;
    if (check_open(ts, self) < 0 || deadline_of(ts, a->timeout, GI_UNIT_S, true, &deadline) < 0) return GI_NULL;
    int max = a->maxevents == -1 ? FD_SETSIZE - 1 : a->maxevents;
    if (max < 1) return gi_raise_ref(ts, &gi_exc_ValueError, "maxevents must be greater than 0, got %d", a->maxevents);
    struct epoll_event *events = malloc((size_t)max * sizeof *events);
    if (events == NULL) return gi_raise_nomem(ts);
    int n = 0, error = 0, fd = EPOLL(self)->fd;
    bool raised = false;
    do {
        GI_BLOCKING_IF(&ts->core, "epoll_wait", deadline != 0) {
            n = epoll_wait(fd, events, max, left_ms(deadline));
            error = errno;
        }
    } while (n < 0 && error == EINTR && !(raised = gi_check_signals(ts) < 0));
    GiRef list = n >= 0 ? gi_list_new(ts, (size_t)n) : raised ? GI_NULL : gi_raise_errno(ts, error, GI_NOVAL);
    for (int i = 0; i < n && !gi_is_null(list); i++) {
        GiRef pair = gi_tuple_pack(ts, 2, gi_smallint(events[i].data.fd), gi_smallint(events[i].events));
        if (gi_is_null(pair) || gi_list_append(ts, gi_val(list), pair) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    free(events);
    return list;
}
static GiRef close_epoll(GiThread *ts, GiVal self) {
    int fd = atomic_exchange(&EPOLL(self)->fd, -1), result = 0, error = 0; /* of two that close it, one does */
    if (fd < 0) return GI_REF_NONE;
    GI_BLOCKING(&ts->core, "close") {
        result = close(fd);
        error = errno;
    }
    return result < 0 && error != EINTR ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_METHOD(epoll, close, "(self)", "Close the epoll control file descriptor.\n\nFurther operations on the epoll object will raise an exception.") {
    return close_epoll(ts, self);
}
GI_METHOD(epoll, fileno, "(self)", "Return the epoll control file descriptor.") {
    int fd = open_fd(ts, self);
    return fd < 0 ? GI_NULL : gi_smallint_ref(fd);
}
GI_METHOD(epoll, __enter__, "(self)", NULL) { return check_open(ts, self) < 0 ? GI_NULL : gi_dup(ts, self); }
GI_METHOD(epoll, __exit__, "(self, exc_type = None, exc_value = None, exc_tb = None, /)", NULL) {
    return close_epoll(ts, self);
}
GI_GETTER(epoll, closed, "True if the epoll handler is closed") { (void)ts; return gi_bool_ref(EPOLL(self)->fd < 0); }
static void epoll_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    int fd = ((GiEpoll *)obj)->fd;
    if (fd >= 0) close(fd);
}
GiType gi_epoll_type = {.obj = GI_TYPE_HEAD, .name = "select.epoll", .module = "select", .size = sizeof(GiEpoll), .base = &gi_object_type,
                        .methods = epoll_methods, .getset = epoll_getset, .new_ = epoll_new, .destroy = epoll_destroy,
                        .doc = "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object"};

static const GiIntConstant constants[] = {
    {"POLLIN", POLLIN}, {"POLLPRI", POLLPRI}, {"POLLOUT", POLLOUT}, {"POLLERR", POLLERR}, {"POLLHUP", POLLHUP},
    {"POLLNVAL", POLLNVAL}, {"POLLRDNORM", POLLRDNORM}, {"POLLRDBAND", POLLRDBAND}, {"POLLWRNORM", POLLWRNORM},
    {"POLLWRBAND", POLLWRBAND}, {"POLLMSG", 0x400}, {"POLLRDHUP", POLLRDHUP}, {"EPOLLIN", EPOLLIN}, {"EPOLLOUT", EPOLLOUT},
    {"EPOLLPRI", EPOLLPRI}, {"EPOLLERR", EPOLLERR}, {"EPOLLHUP", EPOLLHUP}, {"EPOLLRDHUP", EPOLLRDHUP},
    {"EPOLLET", (int64_t)(uint32_t)EPOLLET}, {"EPOLLONESHOT", EPOLLONESHOT}, {"EPOLLEXCLUSIVE", EPOLLEXCLUSIVE},
    {"EPOLLRDNORM", EPOLLRDNORM}, {"EPOLLRDBAND", EPOLLRDBAND}, {"EPOLLWRNORM", EPOLLWRNORM},
    {"EPOLLWRBAND", EPOLLWRBAND}, {"EPOLLMSG", EPOLLMSG}, {"EPOLL_CLOEXEC", EPOLL_CLOEXEC}, {"PIPE_BUF", 4096},
};
static GiStatus select_exec(GiThread *ts, GiVal module) {
    if (gi_type_ready(ts, &gi_poll_type) < 0 || gi_module_add_type(ts, module, &gi_epoll_type) < 0) return GI_FAIL;
    if (gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_OSError))) < 0) return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
const GiModuleDef gi_module_select = {
    .name = "select", .doc = "This module supports asynchronous I/O on multiple file descriptors.\n\n*** IMPORTANT NOTICE ***\nOn Windows, only sockets are supported; on Unix, all file descriptors.",
    .functions = select_functions, .exec = select_exec};
