/* faulthandler.c - Python stacks on faults, on signals, and after a time.
 *
 * Signal handlers have no argument, so what they need is the process's: `fault` says which signals
 * of death are caught, `users` which others, `later` is the watchdog. They are written by attached
 * threads and read by handlers; a handler's entry is enabled last and disabled first.
 * LOCK: later.mutex guards the watchdog's requests. The watchdog never attaches: it can tell of a
 * deadlock, and its dump reads foreign memory with care (fault_dump.c).
 */
#include "modules/fault_dump.h"
#include "modules/seconds.h"
#include "runtime/runtime.h"
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

extern const GiModuleDef gi_module_faulthandler;
/* Files whose descriptors are in use are kept alive: of enable, of the watchdog, of each signal. */
typedef struct FaultState { GiSlot file, later_file; size_t user_count; GiSlot user_files[NSIG]; } FaultState;
#include "modules/faulthandler.gen.h"

typedef struct FaultSignal { int signum; const char *name; bool enabled; struct sigaction previous; } FaultSignal;
static struct {
    _Atomic bool enabled;
    int fd;
    bool all_threads;
    GiVm *vm;
    stack_t stack;
    FaultSignal signals[5];
} fault = {.signals = {{.signum = SIGBUS, .name = "Bus error"}, {.signum = SIGILL, .name = "Illegal instruction"},
                       {.signum = SIGFPE, .name = "Floating point exception"}, {.signum = SIGABRT, .name = "Aborted"},
                       {.signum = SIGSEGV, .name = "Segmentation fault"}}};
static struct { _Atomic bool enabled; int fd; bool all_threads, chain; GiVm *vm; struct sigaction previous; } users[NSIG];
static struct {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ready, running, cancelled;
    pid_t pid;
    pthread_t thread;
    uint64_t period; /* ns */
    bool repeat, leave;
    int fd;
    char header[64];
    GiVm *vm;
} later;

static FaultState *state_of(GiThread *ts) { return gi_module_state_of(ts, &gi_module_faulthandler); }

/* ---- Arguments ---- */

/* The descriptor of a file argument: null or None is sys.stderr, an int is one itself. *keep owns
 * the file object (null for an int). The file is flushed. */
static GiStatus read_file(GiThread *ts, GiVal file, int *fd, GiRef *keep) {
    GiRef owner = GI_NULL;
    *keep = GI_NULL;
    if (gi_is_null(file) || gi_is_none(file)) {
        owner = gi_sys_get(ts, "stderr");
        file = gi_val(owner);
        if (gi_is_null(file)) return gi_raise_status(ts, &gi_exc_RuntimeError, "unable to get sys.stderr");
        if (gi_is_none(file)) return gi_raise_status(ts, &gi_exc_RuntimeError, "sys.stderr is None");
    } else if (gi_is_int(file)) {
        if (gi_as_int(ts, file, fd) < 0) return GI_FAIL;
        return *fd >= 0 ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "file is not a valid file descripter");
    }
    if (gi_is_null(owner)) owner = gi_dup(ts, file);
    GiRef number = gi_call_method_cstr(ts, file, "fileno", NULL, 0);
    int64_t n = -1;
    if (gi_is_null(number)) goto fail;
    if (!gi_is_int(gi_val(number)) || gi_int_as_i64(gi_val(number), &n) || n < 0 || n > INT_MAX) {
        gi_drop(ts, number);
        gi_raise(ts, &gi_exc_RuntimeError, "file.fileno() is not a valid file descriptor");
        goto fail;
    }
    gi_drop(ts, number);
    *fd = (int)n;
    GiRef flushed = gi_call_method_cstr(ts, gi_val(owner), "flush", NULL, 0);
    if (gi_is_null(flushed)) gi_exc_clear(ts);
    gi_xdrop(ts, flushed);
    *keep = owner;
    return GI_OK;
fail:
    gi_drop(ts, owner);
    return GI_FAIL;
}

/* ---- Signals of death ---- */

static void dump(int fd, bool all_threads, GiVm *vm) {
    GiThread *current = gi_current_thread();
    if (all_threads && vm) gi_fault_dump_threads(fd, vm, current);
    else if (current) gi_fault_dump_thread(fd, current);
}
static void restore(FaultSignal *s) {
    if (!s->enabled) return;
    s->enabled = false;
    sigaction(s->signum, &s->previous, NULL);
}
static void on_fault(int signum) {
    int saved = errno;
    if (!atomic_load(&fault.enabled)) return;
    FaultSignal *s = &fault.signals[0];
    for (size_t i = 0; i < GI_COUNTOF(fault.signals); i++)
        if (fault.signals[i].signum == signum) s = &fault.signals[i];
    restore(s); /* a second fault, in here, kills */
    gi_fault_write(fault.fd, "Fatal Python error: ");
    gi_fault_write(fault.fd, s->name);
    gi_fault_write(fault.fd, "\n\n");
    dump(fault.fd, fault.all_threads, fault.vm);
    if (gi_current_thread()) gi_fault_dump_modules(fault.fd, fault.vm);
    errno = saved;
    raise(signum);
}
/* Signals that overflow of the stack raises need a stack of their own. */
static void make_stack(void) {
    stack_t old;
    if (fault.stack.ss_sp || sigaltstack(NULL, &old) < 0 || !(old.ss_flags & SS_DISABLE)) return;
    fault.stack.ss_size = 65536 + (size_t)GI_MAX(SIGSTKSZ, 0);
    fault.stack.ss_sp = malloc(fault.stack.ss_size);
    if (fault.stack.ss_sp) sigaltstack(&fault.stack, NULL);
}
/* 0 or an errno value. */
static int catch_faults(GiVm *vm, int fd, bool all_threads) {
    fault.fd = fd;
    fault.all_threads = all_threads;
    fault.vm = vm;
    if (atomic_exchange(&fault.enabled, true)) return 0;
    make_stack();
    for (size_t i = 0; i < GI_COUNTOF(fault.signals); i++) {
        FaultSignal *s = &fault.signals[i];
        struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER | (fault.stack.ss_sp ? SA_ONSTACK : 0)};
        if (sigaction(s->signum, &action, &s->previous) < 0) return errno;
        s->enabled = true;
    }
    return 0;
}
static void let_faults_be(void) {
    if (!atomic_exchange(&fault.enabled, false)) return;
    for (size_t i = 0; i < GI_COUNTOF(fault.signals); i++) restore(&fault.signals[i]);
}

GI_FUNCTION(faulthandler, enable, "(file = <unrepresentable>, all_threads: boolint = 1)", "enable(file=sys.stderr, all_threads=True): enable the fault handler") {
    int fd;
    GiRef keep;
    if (read_file(ts, a->file, &fd, &keep) < 0) return GI_NULL;
    gi_slot_set(ts, &state_of(ts)->file, keep);
    int error = catch_faults(ts->vm, fd, a->all_threads != 0);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(faulthandler, disable, "()", "disable(): disable the fault handler") {
    if (!atomic_load(&fault.enabled)) return GI_REF_FALSE;
    let_faults_be();
    gi_slot_clear(ts, &state_of(ts)->file);
    return GI_REF_TRUE;
}
GI_FUNCTION(faulthandler, is_enabled, "()", "is_enabled()->bool: check if the handler is enabled") { return gi_bool_ref(atomic_load(&fault.enabled)); }

GI_FUNCTION(faulthandler, dump_traceback, "(file = <unrepresentable>, all_threads: boolint = 1)", "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current thread, or of all threads if all_threads is True, into file") {
    int fd;
    GiRef keep;
    if (read_file(ts, a->file, &fd, &keep) < 0) return GI_NULL;
    dump(fd, a->all_threads != 0, ts->vm);
    gi_xdrop(ts, keep);
    return GI_REF_NONE;
}

/* ---- After a time ---- */

/* The watchdog: waits for its time or for being cancelled, with all signals blocked. */
static void *watch(void *arg GI_UNUSED) {
    pthread_mutex_lock(&later.mutex);
    struct timespec when;
    clock_gettime(CLOCK_MONOTONIC, &when);
    while (!later.cancelled) {
        uint64_t ns = (uint64_t)when.tv_nsec + later.period % 1000000000u;
        when.tv_sec += (time_t)(later.period / 1000000000u + ns / 1000000000u);
        when.tv_nsec = (long)(ns % 1000000000u);
        int error = 0;
        while (!later.cancelled && error != ETIMEDOUT) error = pthread_cond_timedwait(&later.changed, &later.mutex, &when);
        if (later.cancelled) break;
        gi_fault_write(later.fd, later.header);
        gi_fault_dump_threads(later.fd, later.vm, NULL);
        if (later.leave) _exit(1);
        if (!later.repeat) break;
    }
    pthread_mutex_unlock(&later.mutex);
    return NULL;
}
static void cancel_watch(void) {
    if (!later.running) return;
    later.running = false;
    if (later.pid != getpid()) { /* a fork did not take the thread along */
        later.ready = false;
        return;
    }
    pthread_mutex_lock(&later.mutex);
    later.cancelled = true;
    pthread_cond_signal(&later.changed);
    pthread_mutex_unlock(&later.mutex);
    pthread_join(later.thread, NULL);
}
static void prepare_watch(void) {
    if (later.ready && later.pid == getpid()) return;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&later.mutex, NULL);
    pthread_cond_init(&later.changed, &attributes);
    pthread_condattr_destroy(&attributes);
    later.ready = true;
    later.pid = getpid();
}
/* 0 or an errno value. */
static int start_watch(void) {
    sigset_t all, before;
    sigfillset(&all);
    later.cancelled = false;
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&later.thread, NULL, watch, NULL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    later.running = error == 0;
    return error;
}
static GiStatus read_timeout(GiThread *ts, GiVal v, uint64_t *ns) {
    int64_t wait = 0;
    if (gi_read_time(ts, v, GI_UNIT_S, gi_away_from_zero, &wait) < 0) return GI_FAIL;
    if (wait <= 0) return gi_raise_status(ts, &gi_exc_ValueError, "timeout must be greater than 0");
    *ns = ((uint64_t)wait + 999) / 1000 * 1000;
    return GI_OK;
}
GI_FUNCTION(faulthandler, dump_traceback_later, "(timeout, repeat: boolint = 0, file = <unrepresentable>, exit: boolint = 0)", "dump_traceback_later(timeout, repeat=False, file=sys.stderrn, exit=False):\ndump the traceback of all threads in timeout seconds,\nor each timeout seconds if repeat is True. If exit is True, call _exit(1) which is not safe.") {
    uint64_t period;
    int fd;
    GiRef keep;
    if (read_timeout(ts, a->timeout, &period) < 0 || read_file(ts, a->file, &fd, &keep) < 0) return GI_NULL;
    GI_BLOCKING(&ts->core, "faulthandler") cancel_watch();
    prepare_watch();
    gi_slot_set(ts, &state_of(ts)->later_file, keep);
    later.period = period;
    later.repeat = a->repeat != 0;
    later.leave = a->exit != 0;
    later.fd = fd;
    later.vm = ts->vm;
    uint64_t us = period / 1000, s = us / 1000000;
    int n = snprintf(later.header, sizeof later.header, "Timeout (%llu:%02llu:%02llu", (unsigned long long)(s / 3600),
                     (unsigned long long)(s / 60 % 60), (unsigned long long)(s % 60));
    if (us % 1000000) n += snprintf(later.header + n, sizeof later.header - (size_t)n, ".%06llu", (unsigned long long)(us % 1000000));
    snprintf(later.header + n, sizeof later.header - (size_t)n, ")!\n");
    if (start_watch() == 0) return GI_REF_NONE;
    gi_slot_clear(ts, &state_of(ts)->later_file);
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to start watchdog thread");
}
GI_FUNCTION(faulthandler, cancel_dump_traceback_later, "()", "cancel_dump_traceback_later():\ncancel the previous call to dump_traceback_later().") {
    GI_BLOCKING(&ts->core, "faulthandler") cancel_watch();
    gi_slot_clear(ts, &state_of(ts)->later_file);
    return GI_REF_NONE;
}

/* ---- On signals ---- */

static void on_user(int signum);
static void arm_user(int signum, struct sigaction *previous) {
    struct sigaction action = {.sa_handler = on_user, .sa_flags = SA_RESTART | (users[signum].chain ? SA_NODEFER : 0) |
                                                                  (fault.stack.ss_sp ? SA_ONSTACK : 0)};
    sigaction(signum, &action, previous);
}
static void on_user(int signum) {
    if (!atomic_load(&users[signum].enabled)) return;
    int saved = errno;
    dump(users[signum].fd, users[signum].all_threads, users[signum].vm);
    if (users[signum].chain) {
        sigaction(signum, &users[signum].previous, NULL);
        errno = saved;
        raise(signum);
        saved = errno;
        arm_user(signum, NULL);
    }
    errno = saved;
}
static GiStatus check_signal(GiThread *ts, int signum) {
    for (size_t i = 0; i < GI_COUNTOF(fault.signals); i++)
        if (fault.signals[i].signum == signum)
            return gi_raise_status(ts, &gi_exc_RuntimeError, "signal %i cannot be registered, use enable() instead", signum);
    if (signum < 1 || signum >= NSIG) return gi_raise_status(ts, &gi_exc_ValueError, "signal number out of range");
    return GI_OK;
}
static bool release_user(int signum) {
    if (!atomic_exchange(&users[signum].enabled, false)) return false;
    sigaction(signum, &users[signum].previous, NULL);
    return true;
}
GI_FUNCTION(faulthandler, register, "(signum: int, file = <unrepresentable>, all_threads: boolint = 1, chain: boolint = 0)", "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for the signal 'signum': dump the traceback of the current thread, or of all threads if all_threads is True, into file") {
    int fd;
    GiRef keep;
    if (check_signal(ts, a->signum) < 0 || read_file(ts, a->file, &fd, &keep) < 0) return GI_NULL;
    bool before = atomic_load(&users[a->signum].enabled), chain = users[a->signum].chain;
    users[a->signum].chain = a->chain != 0;
    if (!before) {
        make_stack();
        struct sigaction probe;
        struct sigaction action = {.sa_handler = on_user, .sa_flags = SA_RESTART | (a->chain ? SA_NODEFER : 0) | (fault.stack.ss_sp ? SA_ONSTACK : 0)};
        if (sigaction(a->signum, &action, &probe) < 0) {
            int error = errno;
            users[a->signum].chain = chain;
            gi_xdrop(ts, keep);
            return gi_raise_errno(ts, error, GI_NOVAL);
        }
        users[a->signum].previous = probe;
    }
    users[a->signum].fd = fd;
    users[a->signum].all_threads = a->all_threads != 0;
    users[a->signum].vm = ts->vm;
    gi_slot_set(ts, &state_of(ts)->user_files[a->signum], keep);
    atomic_store(&users[a->signum].enabled, true);
    return GI_REF_NONE;
}
GI_FUNCTION(faulthandler, unregister, "(signum: int, /)", "unregister(signum): unregister the handler of the signal 'signum' registered by register()") {
    if (check_signal(ts, a->signum) < 0) return GI_NULL;
    bool was = release_user(a->signum);
    gi_slot_clear(ts, &state_of(ts)->user_files[a->signum]);
    return gi_bool_ref(was);
}

/* ---- Faults to try it with ---- */

static void no_core_file(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) < 0) return;
    limit.rlim_cur = 0;
    setrlimit(RLIMIT_CORE, &limit);
}
GI_FUNCTION(faulthandler, _read_null, "()", "_read_null(): read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform") {
    no_core_file();
    volatile uintptr_t address = 0;
    return gi_smallint_ref(*(volatile int *)address);
}
GI_FUNCTION(faulthandler, _sigsegv, "(release_gil: boolint = 0, /)", "_sigsegv(release_gil=False): raise a SIGSEGV signal") {
    no_core_file();
    if (a->release_gil) GI_BLOCKING(&ts->core, "raise") raise(SIGSEGV);
    else raise(SIGSEGV);
    return GI_REF_NONE;
}
GI_FUNCTION(faulthandler, _sigabrt, "()", "_sigabrt(): raise a SIGABRT signal") {
    no_core_file();
    abort();
}
GI_FUNCTION(faulthandler, _sigfpe, "()", "_sigfpe(): raise a SIGFPE signal") {
    no_core_file();
    raise(SIGFPE);
    return GI_REF_NONE;
}
/* Uses up the stack; gives the depth at which `limit` bytes were used without a fault. */
static __attribute__((noinline)) size_t sink(const volatile char *top, size_t limit, size_t depth) {
    volatile char block[4096];
    block[0] = block[4095] = (char)depth;
    if ((size_t)(top - block) > limit) return depth;
    size_t n = sink(top, limit, depth + 1);
    return n + (block[0] != block[4095]);
}
GI_FUNCTION(faulthandler, _stack_overflow, "()", "_stack_overflow(): recursive call to raise a stack overflow") {
    no_core_file();
    volatile char top = 0;
    size_t limit = 100u << 20, depth = sink(&top, limit, 0);
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to raise a stack overflow (allocated %zu bytes on the stack, %zu recursive calls)", limit, depth);
}
static void *die(void *vm) {
    gi_fault_write(2, "Fatal Python error: faulthandler_fatal_error_thread: in new thread\nPython runtime state: initialized\n\n");
    gi_fault_dump_threads(2, vm, NULL);
    let_faults_be();
    abort();
}
GI_FUNCTION(faulthandler, _fatal_error_c_thread, "()", "fatal_error_c_thread(): call Py_FatalError() in a new C thread.") {
    no_core_file();
    pthread_t thread;
    if (pthread_create(&thread, NULL, die, ts->vm) != 0) return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to start the thread");
    GI_BLOCKING(&ts->core, "pthread_join") pthread_join(thread, NULL);
    return GI_REF_NONE;
}

/* The module dies with its VM: nothing may look at that any more. */
static void state_free(void *state GI_UNUSED) {
    cancel_watch();
    let_faults_be();
    for (int i = 1; i < NSIG; i++) release_user(i);
}
static GiStatus faulthandler_exec(GiThread *ts GI_UNUSED, GiVal module) {
    ((FaultState *)gi_module_state(module))->user_count = NSIG;
    return GI_OK;
}
static const GiField state_fields[] = {GI_SLOT(FaultState, file), GI_SLOT(FaultState, later_file),
                                       GI_INLINE(FaultState, user_files, user_count), GI_FIELDS_END};
const GiModuleDef gi_module_faulthandler = {
    .name = "faulthandler", .doc = "faulthandler module.", .functions = faulthandler_functions, .exec = faulthandler_exec,
    .state_size = sizeof(FaultState), .state_fields = state_fields, .state_free = state_free,
};
