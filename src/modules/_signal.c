/* _signal.c - signals: handlers in Python, run by the main thread at safepoints.
 *
 * The C handler only notes the signal, asks the main thread for a safepoint and writes to the
 * wake-up descriptor; all of that is async-signal-safe. The notes are the process's (a signal
 * handler has no argument), so they are among the few globals.
 */
#include "modules/seconds.h"
#include "objects/audit.h"
#include "objects/exceptions.h"
#include "os/clock.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include "objects/whole.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include "modules/_signal.gen.h"

/* Process-wide: set by the C handler, taken by the main thread of the one VM that owns signals. */
static struct {
    _Atomic bool any;
    _Atomic bool tripped[NSIG];
    _Atomic int wakeup_fd; /* -1: none */
    _Atomic bool warn_on_full;
    _Atomic int wakeup_errno;
    _Atomic(GiWorld *) world;
} pending = {.wakeup_fd = -1, .warn_on_full = true};

typedef struct SignalState {
    GiSlot handlers[NSIG];
    size_t handler_count; /* NSIG */
    GiSlot default_int, siginfo_type, itimer_error;
} SignalState;
extern const GiModuleDef gi_module__signal;
static SignalState *state_of(GiThread *ts) { return gi_module_state_of(ts, &gi_module__signal); }

static void trip(int signum) {
    int saved = errno;
    atomic_store(&pending.tripped[signum], true);
    atomic_store(&pending.any, true);
    GiWorld *world = atomic_load(&pending.world);
    if (world) gi_request_main(world, GI_SP_SIGNAL);
    int fd = atomic_load(&pending.wakeup_fd);
    if (fd >= 0) {
        unsigned char byte = (unsigned char)signum;
        if (write(fd, &byte, 1) < 0 && (atomic_load(&pending.warn_on_full) || (errno != EAGAIN && errno != EWOULDBLOCK)))
            atomic_store(&pending.wakeup_errno, errno);
    }
    errno = saved;
}
static void c_handler(int signum) { trip(signum); }
static void trip_signal(GiThread *ts, int signum) {
    SignalState *state = state_of(ts);
    if (state == NULL) return;
    GiVal handler = gi_val(state->handlers[signum]);
    /* Ignored or defaulted signals are not simulated. */
    if (gi_is_null(handler) || gi_is_none(handler) || gi_is_int(handler)) return;
    trip(signum);
}

/* Runs the handlers of the signals that came. By the main thread, attached. */
static GiStatus run_signals(GiThread *ts) {
    if (!ts->core.is_main || !atomic_exchange(&pending.any, false)) return GI_OK;
    int error = atomic_exchange(&pending.wakeup_errno, 0);
    if (error) {
        gi_raise_errno(ts, error, GI_NOVAL);
        gi_unraisable(ts, GI_NOVAL, "Exception ignored when trying to write to the signal wakeup fd");
    }
    SignalState *state = state_of(ts);
    for (int signum = 1; state && signum < NSIG; signum++) {
        if (!atomic_exchange(&pending.tripped[signum], false)) continue;
        GiRef handler = gi_slot_dup(ts, &state->handlers[signum]);
        if (gi_is_null(handler) || gi_is_none(handler) || gi_is_int(gi_val(handler))) {
            gi_xdrop(ts, handler);
            continue;
        }
        GiRef frame = ts->frame ? gi_frame_object(ts, ts->frame) : GI_REF_NONE;
        GiRef r = gi_is_null(frame) ? GI_NULL : gi_call2(ts, gi_val(handler), gi_smallint(signum), gi_val(frame));
        gi_xdrop(ts, frame);
        gi_drop(ts, handler);
        if (gi_is_null(r)) {
            /* Those that wait behind it stay noted. */
            atomic_store(&pending.any, true);
            gi_request(&ts->core, GI_SP_SIGNAL);
            return GI_FAIL;
        }
        gi_drop(ts, r);
    }
    return GI_OK;
}

static bool valid_signal(GiThread *ts, int signum) {
    if (signum >= 1 && signum < NSIG) return true;
    gi_raise(ts, &gi_exc_ValueError, "signal number out of range");
    return false;
}
static GiRef handler_of(GiThread *ts, SignalState *state, int signum) {
    return state->handlers[signum].bits ? gi_slot_dup(ts, &state->handlers[signum]) : GI_REF_NONE;
}

GI_FUNCTION(_signal, default_int_handler, "(signalnum: int, frame, /)", "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt.") {
    gi_raise_none(ts, &gi_exc_KeyboardInterrupt);
    return GI_NULL;
}
GI_FUNCTION(_signal, signal, "(signalnum: int, handler, /)", "Set the action for the given signal.\n\nThe action can be SIG_DFL, SIG_IGN, or a callable Python object.\nThe previous action is returned.  See getsignal() for possible return values.\n\n*** IMPORTANT NOTICE ***\nA signal handler function is called with two arguments:\nthe first is the signal number, the second is the interrupted stack frame.") {
    SignalState *state = gi_module_state(self);
    if (!ts->core.is_main)
        return gi_raise_ref(ts, &gi_exc_ValueError, "signal only works in main thread of the main interpreter");
    if (!valid_signal(ts, a->signalnum)) return GI_NULL;
    void (*action)(int) = c_handler;
    int64_t number;
    if (gi_is_int(a->handler) && gi_int_as_i64(a->handler, &number) == 0 && (number == 0 || number == 1))
        action = number == 0 ? SIG_DFL : SIG_IGN;
    else if (!gi_is_callable(a->handler))
        return gi_raise_ref(ts, &gi_exc_TypeError, "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object");
    if (gi_check_signals(ts) < 0) return GI_NULL;
    struct sigaction act = {.sa_handler = action};
    sigemptyset(&act.sa_mask);
    if (sigaction(a->signalnum, &act, NULL) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef old = handler_of(ts, state, a->signalnum);
    GiRef stored = action == c_handler ? gi_dup(ts, a->handler) : gi_smallint_ref(action == SIG_DFL ? 0 : 1);
    gi_slot_set(ts, &state->handlers[a->signalnum], stored);
    return old;
}
GI_FUNCTION(_signal, getsignal, "(signalnum: int, /)", "Return the current action for the given signal.\n\nThe return value can be:\n  SIG_IGN -- if the signal is being ignored\n  SIG_DFL -- if the default action for the signal is in effect\n  None    -- if an unknown handler is in effect\n  anything else -- the callable Python object used as a handler") {
    if (!valid_signal(ts, a->signalnum)) return GI_NULL;
    return handler_of(ts, gi_module_state(self), a->signalnum);
}
GI_FUNCTION(_signal, raise_signal, "(signalnum: int, /)", "Send a signal to the executing process.") {
    int result = 0, error = 0;
    GI_BLOCKING(&ts->core, "raise") {
        result = raise(a->signalnum);
        error = errno;
    }
    if (result) return gi_raise_errno(ts, error, GI_NOVAL);
    return gi_check_signals(ts) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_signal, alarm, "(seconds: int, /)", "Arrange for SIGALRM to arrive after the given number of seconds.") { return gi_smallint_ref(alarm((unsigned)a->seconds)); }
GI_FUNCTION(_signal, pause, "()", "Wait until a signal arrives.") {
    GI_BLOCKING(&ts->core, "pause") pause();
    return gi_check_signals(ts) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_signal, strsignal, "(signalnum: int, /)", "Return the system description of the given signal.\n\nReturns the description of signal *signalnum*, such as \\\"Interrupt\\\"\nfor :const:`SIGINT`. Returns :const:`None` if *signalnum* has no\ndescription. Raises :exc:`ValueError` if *signalnum* is invalid.") {
    if (!valid_signal(ts, a->signalnum)) return GI_NULL;
    const char *text = strsignal(a->signalnum);
    return text == NULL || strncmp(text, "Unknown signal", 14) == 0 ? GI_REF_NONE : gi_str_from_cstr(ts, text);
}
GI_FUNCTION(_signal, siginterrupt, "(signalnum: int, flag: int, /)", "Change system call restart behaviour.\n\nIf flag is False, system calls will be restarted when interrupted by\nsignal sig, else system calls will be interrupted.") {
    if (!valid_signal(ts, a->signalnum)) return GI_NULL;
    struct sigaction act;
    sigaction(a->signalnum, NULL, &act);
    if (a->flag) act.sa_flags &= ~SA_RESTART;
    else act.sa_flags |= SA_RESTART;
    return sigaction(a->signalnum, &act, NULL) < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(_signal, set_wakeup_fd, "(fd: int, /, *, warn_on_full_buffer: bool = True)", "set_wakeup_fd(fd, *, warn_on_full_buffer=True) -> fd\n\nSets the fd to be written to (with the signal number) when a signal\ncomes in.  A library can use this to wakeup select or poll.\nThe previous fd or -1 is returned.\n\nThe fd must be non-blocking.") {
    if (!ts->core.is_main)
        return gi_raise_ref(ts, &gi_exc_ValueError, "set_wakeup_fd only works in main thread of the main interpreter");
    if (a->fd != -1) {
        int flags = fcntl(a->fd, F_GETFL);
        if (flags < 0) {

            return gi_raise_errno(ts, errno, GI_NOVAL);
        }
        if (!(flags & O_NONBLOCK))
            return gi_raise_ref(ts, &gi_exc_ValueError, "the fd %i must be in non-blocking mode", a->fd);
    }
    atomic_store(&pending.warn_on_full, a->warn_on_full_buffer);
    return gi_smallint_ref(atomic_exchange(&pending.wakeup_fd, a->fd));
}

static GiStatus read_timeval(GiThread *ts, GiVal v, struct timeval *out) {
    *out = (struct timeval){0};
    int64_t ns = 0;
    if (gi_is_null(v)) return GI_OK;
    if (gi_read_time(ts, v, GI_UNIT_S, ceil, &ns) < 0) return GI_FAIL;
    int64_t us = ns / 1000 + (ns % 1000 > 0);
    *out = (struct timeval){.tv_sec = us / 1000000, .tv_usec = us % 1000000};
    if (out->tv_usec < 0) out->tv_sec--, out->tv_usec += 1000000;
    return GI_OK;
}
static double from_timeval(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }
static GiRef itimer_result(GiThread *ts, const struct itimerval *v) {
    return gi_tuple_pack(ts, 2, gi_double(from_timeval(v->it_value)), gi_double(from_timeval(v->it_interval)));
}
static GiRef itimer_failed(GiThread *ts, GiVal self) {
    SignalState *state = gi_module_state(self);
    GiRef args = gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(errno), gi_str_from_cstr(ts, strerror(errno))}, 2);
    GiRef exc = gi_is_null(args) ? GI_NULL : gi_call_ex(ts, gi_val(state->itimer_error), gi_val(args), GI_NOVAL);
    gi_xdrop(ts, args);
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}
GI_FUNCTION(_signal, setitimer, "(which: int, seconds, interval = 0.0, /)", "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).\n\nThe timer will fire after value seconds and after that every interval seconds.\nThe itimer can be cleared by setting seconds to zero.\n\nReturns old values as a tuple: (delay, interval).") {
    struct itimerval new, old;
    if (read_timeval(ts, a->seconds, &new.it_value) < 0 || read_timeval(ts, a->interval, &new.it_interval) < 0) return GI_NULL;
    if (setitimer(a->which, &new, &old) < 0) return itimer_failed(ts, self);
    return itimer_result(ts, &old);
}
GI_FUNCTION(_signal, getitimer, "(which: int, /)", "Returns current value of given itimer.") {
    struct itimerval old;
    if (getitimer(a->which, &old) < 0) return itimer_failed(ts, self);
    return itimer_result(ts, &old);
}

static GiStatus read_sigset(GiThread *ts, GiVal iterable, sigset_t *set) {
    sigemptyset(set);
    GiRef it = gi_iter_whole(ts, iterable), item;
    if (gi_is_null(it)) return GI_FAIL;
    while (!gi_is_null(item = gi_next(ts, gi_val(it)))) {
        int64_t signum = -1;
        GiRef index = gi_index(ts, gi_val(item));
        GiStatus status = gi_is_null(index) ? GI_FAIL : GI_OK;
        if (status == GI_OK && gi_int_as_i64(gi_val(index), &signum) != 0) signum = -1;
        gi_xdrop(ts, index);
        gi_drop(ts, item);
        if (status == GI_OK && (signum < 1 || signum >= NSIG))
            status = gi_raise_status(ts, &gi_exc_ValueError, "signal number %lld out of range [1; %d]", (long long)signum, NSIG - 1);
        if (status < 0) {
            gi_drop(ts, it);
            return GI_FAIL;
        }
        sigaddset(set, (int)signum);
    }
    gi_drop(ts, it);
    return gi_raised(ts) ? GI_FAIL : GI_OK;
}
static GiRef sigset_set(GiThread *ts, const sigset_t *set) {
    GiRef result = gi_set_new(ts, GI_NOVAL);
    for (int signum = 1; signum < NSIG && !gi_is_null(result); signum++)
        if (sigismember(set, signum) == 1 && gi_set_add(ts, gi_val(result), gi_smallint(signum)) < 0) {
            gi_drop(ts, result);
            return GI_NULL;
        }
    return result;
}
GI_FUNCTION(_signal, pthread_sigmask, "(how: int, mask, /)", "Fetch and/or change the signal mask of the calling thread.") {
    sigset_t set, old;
    if (read_sigset(ts, a->mask, &set) < 0) return GI_NULL;
    int error = pthread_sigmask(a->how, &set, &old);
    if (error) return gi_raise_errno(ts, error, GI_NOVAL);
    if (gi_check_signals(ts) < 0) return GI_NULL;
    return sigset_set(ts, &old);
}
GI_FUNCTION(_signal, sigpending, "()", "Examine pending signals.\n\nReturns a set of signal numbers that are pending for delivery to\nthe calling thread.") {
    sigset_t set;
    return sigpending(&set) < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : sigset_set(ts, &set);
}
GI_FUNCTION(_signal, valid_signals, "()", "Return a set of valid signal numbers on this platform.\n\nThe signal numbers returned by this function can be safely passed to\nfunctions like `pthread_kill`.") {
    sigset_t set;
    sigfillset(&set);
    return sigset_set(ts, &set);
}
GI_FUNCTION(_signal, pthread_kill, "(thread_id: u64, signalnum: int, /)", "Send a signal to a thread.") {
    if (gi_auditf(ts, "signal.pthread_kill", "ui", a->thread_id, a->signalnum) < 0) return GI_NULL;
    int error = pthread_kill((pthread_t)a->thread_id, a->signalnum);
    if (error) return gi_raise_errno(ts, error, GI_NOVAL);
    return gi_check_signals(ts) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_signal, pidfd_send_signal, "(pidfd: int, signalnum: int, siginfo = None, flags: int = 0, /)", "Send a signal to a process referred to by a pid file descriptor.") {
    if (!gi_is_null(a->siginfo) && !gi_is_none(a->siginfo)) return gi_raise_ref(ts, &gi_exc_TypeError, "siginfo must be None");
    if (syscall(SYS_pidfd_send_signal, a->pidfd, a->signalnum, NULL, a->flags) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}
GI_FUNCTION(_signal, sigwait, "(sigset, /)", "Wait for a signal.\n\nSuspend execution of the calling thread until the delivery of one of the\nsignals specified in the signal set sigset.  The function accepts the signal\nand returns the signal number.") {
    sigset_t set;
    int signum = 0, error = 0;
    if (read_sigset(ts, a->sigset, &set) < 0) return GI_NULL;
    GI_BLOCKING(&ts->core, "sigwait") error = sigwait(&set, &signum);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_smallint_ref(signum);
}
static GiRef siginfo(GiThread *ts, GiVal self, const siginfo_t *si) {
    GiRef v[] = {gi_int_from_i64(ts, si->si_signo), gi_int_from_i64(ts, si->si_code), gi_int_from_i64(ts, si->si_errno),
                 gi_int_from_i64(ts, si->si_pid), gi_int_from_i64(ts, si->si_uid), gi_int_from_i64(ts, si->si_status),
                 gi_int_from_i64(ts, si->si_band)};
    return gi_structseq_new(ts, gi_val(((SignalState *)gi_module_state(self))->siginfo_type), v, GI_COUNTOF(v));
}
/* Waits until a signal of the set, or the deadline: 1, 0, -1 raised. */
static int wait_info(GiThread *ts, const sigset_t *set, uint64_t deadline, siginfo_t *si) {
    for (;;) {
        uint64_t now = gi_os_mono_ns(), left = deadline == GI_NEVER ? 0 : deadline > now ? deadline - now : 0;
        struct timespec t = {.tv_sec = (time_t)(left / GI_NS_PER_SEC), .tv_nsec = (long)(left % GI_NS_PER_SEC)};
        int result = 0, error = 0;
        GI_BLOCKING(&ts->core, "sigwaitinfo") {
            result = deadline == GI_NEVER ? sigwaitinfo(set, si) : sigtimedwait(set, si, &t);
            error = errno;
        }
        if (result != -1) return 1;
        if (error == EAGAIN) return 0;
        if (error != EINTR) {
            gi_raise_errno(ts, error, GI_NOVAL);
            return -1;
        }
        if (gi_check_signals(ts) < 0) return -1;
    }
}
GI_FUNCTION(_signal, sigwaitinfo, "(sigset, /)", "Wait synchronously until one of the signals in *sigset* is delivered.\n\nReturns a struct_siginfo containing information about the signal.") {
    sigset_t set;
    siginfo_t si;
    if (read_sigset(ts, a->sigset, &set) < 0) return GI_NULL;
    return wait_info(ts, &set, GI_NEVER, &si) < 0 ? GI_NULL : siginfo(ts, self, &si);
}
GI_FUNCTION(_signal, sigtimedwait, "(sigset, timeout, /)", "Like sigwaitinfo(), but with a timeout.\n\nThe timeout is specified in seconds, with floating point numbers allowed.") {
    sigset_t set;
    siginfo_t si;
    int64_t ns = 0;
    if (gi_read_time(ts, a->timeout, GI_UNIT_S, ceil, &ns) < 0) return GI_NULL;
    if (ns < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "timeout must be non-negative");
    if (read_sigset(ts, a->sigset, &set) < 0) return GI_NULL;
    int got = wait_info(ts, &set, gi_os_deadline((uint64_t)ns), &si);
    return got < 0 ? GI_NULL : got == 0 ? GI_REF_NONE : siginfo(ts, self, &si);
}

static const GiIntConstant constants[] = {
    {"NSIG", NSIG}, {"SIG_DFL", 0}, {"SIG_IGN", 1}, {"SIG_BLOCK", SIG_BLOCK}, {"SIG_UNBLOCK", SIG_UNBLOCK},
    {"SIG_SETMASK", SIG_SETMASK}, {"ITIMER_REAL", ITIMER_REAL}, {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
    {"ITIMER_PROF", ITIMER_PROF}, {"SIGHUP", SIGHUP}, {"SIGINT", SIGINT}, {"SIGQUIT", SIGQUIT}, {"SIGILL", SIGILL},
    {"SIGTRAP", SIGTRAP}, {"SIGIOT", SIGIOT}, {"SIGABRT", SIGABRT}, {"SIGFPE", SIGFPE}, {"SIGKILL", SIGKILL},
    {"SIGBUS", SIGBUS}, {"SIGSEGV", SIGSEGV}, {"SIGSYS", SIGSYS}, {"SIGPIPE", SIGPIPE}, {"SIGALRM", SIGALRM},
    {"SIGTERM", SIGTERM}, {"SIGUSR1", SIGUSR1}, {"SIGUSR2", SIGUSR2}, {"SIGCLD", SIGCHLD}, {"SIGCHLD", SIGCHLD},
    {"SIGPWR", SIGPWR}, {"SIGIO", SIGIO}, {"SIGURG", SIGURG}, {"SIGWINCH", SIGWINCH}, {"SIGPOLL", SIGPOLL},
    {"SIGSTOP", SIGSTOP}, {"SIGTSTP", SIGTSTP}, {"SIGCONT", SIGCONT}, {"SIGTTIN", SIGTTIN}, {"SIGTTOU", SIGTTOU},
    {"SIGVTALRM", SIGVTALRM}, {"SIGPROF", SIGPROF}, {"SIGXCPU", SIGXCPU}, {"SIGXFSZ", SIGXFSZ}, {"SIGSTKFLT", SIGSTKFLT},
};

static GiStatus init_handlers(GiThread *ts, GiVal module, SignalState *state) {
    gi_slot_init(&state->default_int, gi_dict_get_cstr(ts, gi_module_dict(module), "default_int_handler"));
    for (int signum = 1; signum < NSIG; signum++) {
        struct sigaction act;
        if (sigaction(signum, NULL, &act) < 0) continue;
        gi_slot_init(&state->handlers[signum], act.sa_handler == SIG_DFL   ? gi_smallint_ref(0)
                                               : act.sa_handler == SIG_IGN ? gi_smallint_ref(1) : GI_REF_NONE);
    }
    if (gi_is_int(gi_val(state->handlers[SIGINT])) && gi_smallint_value(state->handlers[SIGINT]) == 0) {
        struct sigaction act = {.sa_handler = c_handler};
        sigemptyset(&act.sa_mask);
        sigaction(SIGINT, &act, NULL);
        gi_slot_set(ts, &state->handlers[SIGINT], gi_slot_dup(ts, &state->default_int));
    }
    return GI_OK;
}

static GiStatus _signal_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {
        {"si_signo", "signal number"}, {"si_code", "signal code"}, {"si_errno", "errno associated with this signal"},
        {"si_pid", "sending process ID"}, {"si_uid", "real user ID of sending process"},
        {"si_status", "exit value or signal"}, {"si_band", "band event for SIGPOLL"}};
    SignalState *state = gi_module_state(module);
    state->handler_count = NSIG;
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0 ||
        gi_module_add_int(ts, module, "SIGRTMIN", SIGRTMIN) < 0 || gi_module_add_int(ts, module, "SIGRTMAX", SIGRTMAX) < 0)
        return GI_FAIL;
    GiRef type = gi_structseq_type(ts, "signal.struct_siginfo", "struct_siginfo: Result from sigwaitinfo or sigtimedwait.\n\nThis object may be accessed either as a tuple of\n(si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band),\nor via the attributes si_signo, si_code, and so on.", fields, 7, 7);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state->siginfo_type, gi_dup(ts, gi_val(type)));
    if (gi_module_add(ts, module, "struct_siginfo", type) < 0) return GI_FAIL;
    GiRef error = gi_type_make(ts, "signal.itimer_error", &gi_exc_OSError, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&state->itimer_error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "ItimerError", error) < 0) return GI_FAIL;
    atomic_store(&pending.world, &ts->vm->world);
    ts->vm->runtime->run_signals = run_signals;
    ts->vm->runtime->trip_signal = trip_signal;
    return init_handlers(ts, module, state);
}
static const GiField signal_state_fields[] = {GI_SLOT(SignalState, default_int), GI_SLOT(SignalState, siginfo_type),
                                              GI_SLOT(SignalState, itimer_error), GI_INLINE(SignalState, handlers, handler_count), GI_FIELDS_END};
const GiModuleDef gi_module__signal = {
    .name = "_signal", .doc = "This module provides mechanisms to use signal handlers in Python.", .functions = _signal_functions,
    .exec = _signal_exec, .state_size = sizeof(SignalState), .state_fields = signal_state_fields};
