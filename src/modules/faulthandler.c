/* faulthandler.c - tracebacks on fatal signals, on chosen signals, after a time, and on demand.
 *
 * What is written in a signal handler or by the watchdog is read from the frames as they stand,
 * without locks, allocation or references: it is a best effort, as in CPython.
 * The settings are the process's (a signal handler has no argument): `faults`. Files are kept open
 * by references in the module's state.
 * LOCK: watch_lock guards faults.watch, and is held while the watchdog writes.
 */
#include "modules/module.h"
#include "memory/gc.h"
#include "os/thread.h"
#include "vm/frame.h"
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include "modules/faulthandler.gen.h"

#define MAX_FRAMES 100
#define MAX_THREADS 100
#define MAX_TEXT 500
#define ALT_STACK_SIZE (64 * 1024)

typedef struct FatalSignal { int number; const char *name; } FatalSignal;
static const FatalSignal fatal_signals[] = {{SIGBUS, "Bus error"}, {SIGILL, "Illegal instruction"},
                                            {SIGFPE, "Floating point exception"}, {SIGABRT, "Aborted"},
                                            {SIGSEGV, "Segmentation fault"}};

typedef struct UserSignal { bool enabled, all_threads, chain; int fd; struct sigaction previous; } UserSignal;

/* Process-wide; read by signal handlers. */
static struct {
    GiVm *vm;
    bool enabled, all_threads;
    int fd;
    struct sigaction previous[GI_COUNTOF(fatal_signals)];
    void *alt_stack;
    UserSignal user[NSIG];
    struct {
        uint64_t generation; /* a watchdog of another one ends */
        uint64_t timeout_ns;
        bool repeat, exit;
        int fd;
        char header[64];
    } watch;
    pthread_mutex_t watch_lock;
    pthread_cond_t watch_changed;
    bool watch_ready;
} faults = {.watch_lock = PTHREAD_MUTEX_INITIALIZER};

typedef struct FaultState { GiSlot file, watch_file, user_files[NSIG]; } FaultState;

/* ---- Writing ---- */

static void put(int fd, const char *text, size_t n) {
    while (n > 0) {
        ssize_t done = write(fd, text, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return;
        text += done;
        n -= (size_t)done;
    }
}
static void put_text(int fd, const char *text) { put(fd, text, strlen(text)); }

static void put_hex(int fd, uint64_t value, int width) {
    char digits[17];
    int n = 0;
    do digits[16 - n++] = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0 || n < width);
    put(fd, digits + 17 - n, (size_t)n);
}
static void put_number(int fd, int value) {
    char digits[12];
    int n = 0;
    do digits[11 - n++] = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    put(fd, digits + 12 - n, (size_t)n);
}

/* A str as ASCII with escapes, cut to MAX_TEXT characters. */
static void put_str(int fd, GiVal s) {
    if (!gi_is_heap(s) || !gi_is_str(s)) {
        put_text(fd, "???");
        return;
    }
    size_t n = gi_str_len(s);
    for (size_t i = 0; i < n && i < MAX_TEXT; i++) {
        uint32_t c = gi_str_char(s, i);
        if (c >= ' ' && c < 127) {
            put(fd, (char[]){(char)c}, 1);
        } else {
            put_text(fd, c < 256 ? "\\x" : c < 65536 ? "\\u" : "\\U");
            put_hex(fd, c, c < 256 ? 2 : c < 65536 ? 4 : 8);
        }
    }
    if (n > MAX_TEXT) put_text(fd, "...");
}

static void put_stack(int fd, const GiThread *ts) {
    const GiFrame *frame = ts->frame;
    if (frame == NULL) put_text(fd, "  <no Python frame>\n");
    for (int depth = 0; frame != NULL; frame = frame->back, depth++) {
        if (depth >= MAX_FRAMES) {
            put_text(fd, "  ...\n");
            return;
        }
        put_text(fd, "  File ");
        put_text(fd, "\"");
        put_str(fd, gi_val(frame->code->filename));
        put_text(fd, "\", line ");
        int line = gi_frame_line(frame);
        if (line > 0) put_number(fd, line);
        else put_text(fd, "???");
        put_text(fd, " in ");
        put_str(fd, gi_val(frame->code->name));
        put_text(fd, "\n");
    }
}

static void put_thread(int fd, const GiThread *ts, bool current) {
    put_text(fd, current ? "Current thread 0x" : "Thread 0x");
    put_hex(fd, ts->core.ident, 16);
    put_text(fd, " (most recent call first):\n");
    if (current && ts->vm->gc != NULL && ts->vm->gc->collecting) put_text(fd, "  Garbage-collecting\n");
    put_stack(fd, ts);
}

/* The stacks of all threads, the newest first, or that of `current` (which may be NULL). */
static void put_traceback(int fd, GiVm *vm, const GiThread *current, bool all_threads) {
    if (!all_threads) {
        if (current == NULL) return;
        put_text(fd, "Stack (most recent call first):\n");
        if (current->vm->gc != NULL && current->vm->gc->collecting) put_text(fd, "  Garbage-collecting\n");
        put_stack(fd, current);
        return;
    }
    int count = 0;
    for (const GiThread *ts = vm ? vm->threads : NULL; ts != NULL; ts = ts->next, count++) {
        if (count > 0) put_text(fd, "\n");
        if (count >= MAX_THREADS) {
            put_text(fd, "...\n");
            return;
        }
        put_thread(fd, ts, ts == current);
    }
}

/* ---- Files ---- */

/* The descriptor of `file` (null: sys.stderr); *held is a reference that keeps it open, or null. */
static GiStatus file_descriptor(GiThread *ts, GiVal file, int *fd, GiRef *held) {
    *held = GI_NULL;
    if (gi_is_null(file) || gi_is_none(file)) {
        file = gi_dict_get_cstr_peek(ts, gi_val(ts->vm->sys_dict), "stderr");
        if (gi_is_null(file)) return gi_raise_status(ts, &gi_exc_RuntimeError, "unable to get sys.stderr");
        if (gi_is_none(file)) return gi_raise_status(ts, &gi_exc_RuntimeError, "sys.stderr is None");
    } else if (gi_is_int(file)) {
        if (gi_as_int(ts, file, fd) < 0) return GI_FAIL;
        if (*fd < 0) return gi_raise_status(ts, &gi_exc_ValueError, "file is not a valid file descripter");
        return GI_OK;
    }
    GiRef own = gi_dup(ts, file), number = gi_call_method_cstr(ts, file, "fileno", NULL, 0);
    int64_t value = -1;
    bool good = !gi_is_null(number) && gi_is_int(gi_val(number)) && gi_int_as_i64(gi_val(number), &value) == 0 &&
                value >= 0 && value <= INT32_MAX;
    if (gi_is_null(number)) {
        gi_drop(ts, own);
        return GI_FAIL;
    }
    gi_drop(ts, number);
    if (!good) {
        gi_drop(ts, own);
        return gi_raise_status(ts, &gi_exc_RuntimeError, "file.fileno() is not a valid file descriptor");
    }
    GiRef flushed = gi_call_method_cstr(ts, gi_val(own), "flush", NULL, 0);
    if (gi_is_null(flushed)) gi_exc_clear(ts);
    else gi_drop(ts, flushed);
    *fd = (int)value;
    *held = own;
    return GI_OK;
}

GI_FUNCTION(faulthandler, dump_traceback, "(file = <unrepresentable>, all_threads: boolint = True)",
            "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current thread, or of all "
            "threads if all_threads is True, into file") {
    int fd;
    GiRef held;
    if (file_descriptor(ts, a->file, &fd, &held) < 0) return GI_NULL;
    pthread_mutex_lock(&ts->vm->threads_lock);
    put_traceback(fd, ts->vm, ts, a->all_threads);
    pthread_mutex_unlock(&ts->vm->threads_lock);
    gi_xdrop(ts, held);
    return GI_REF_NONE;
}

/* ---- Fatal signals ---- */

static void restore_fatal_handlers(void) {
    for (size_t i = 0; i < GI_COUNTOF(fatal_signals); i++)
        (void)sigaction(fatal_signals[i].number, &faults.previous[i], NULL);
    faults.enabled = false;
}

static void fatal_handler(int signum) {
    int saved = errno;
    if (!faults.enabled) return;
    size_t which = 0;
    while (which < GI_COUNTOF(fatal_signals) - 1 && fatal_signals[which].number != signum) which++;
    (void)sigaction(signum, &faults.previous[which], NULL);
    put_text(faults.fd, "Fatal Python error: ");
    put_text(faults.fd, fatal_signals[which].name);
    put_text(faults.fd, "\n\n");
    put_traceback(faults.fd, faults.vm, gi_current_thread(), faults.all_threads);
    errno = saved;
    raise(signum); /* comes to the previous handler as soon as this one returns */
}

static GiStatus enable(GiThread *ts, int fd, bool all_threads) {
    faults.vm = ts->vm;
    faults.fd = fd;
    faults.all_threads = all_threads;
    if (faults.enabled) return GI_OK;
    if (faults.alt_stack == NULL) {
        /* So that a handler can run when the stack has overflowed. */
        stack_t stack = {.ss_size = ALT_STACK_SIZE, .ss_sp = malloc(ALT_STACK_SIZE)};
        if (stack.ss_sp == NULL || sigaltstack(&stack, NULL) < 0) free(stack.ss_sp);
        else faults.alt_stack = stack.ss_sp;
    }
    faults.enabled = true;
    struct sigaction act = {.sa_handler = fatal_handler, .sa_flags = SA_NODEFER | (faults.alt_stack ? SA_ONSTACK : 0)};
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < GI_COUNTOF(fatal_signals); i++) {
        if (sigaction(fatal_signals[i].number, &act, &faults.previous[i]) < 0) {
            gi_raise_errno(ts, errno, GI_NOVAL);
            return GI_FAIL;
        }
    }
    return GI_OK;
}

GI_FUNCTION(faulthandler, enable, "(file = <unrepresentable>, all_threads: boolint = True)",
            "enable(file=sys.stderr, all_threads=True): enable the fault handler") {
    int fd;
    GiRef held;
    if (file_descriptor(ts, a->file, &fd, &held) < 0) return GI_NULL;
    FaultState *state = gi_module_state(self);
    gi_slot_set(ts, &state->file, held);
    return enable(ts, fd, a->all_threads) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(faulthandler, disable, "()", "disable(): disable the fault handler") {
    bool was = faults.enabled;
    if (was) restore_fatal_handlers();
    gi_slot_clear(ts, &((FaultState *)gi_module_state(self))->file);
    return gi_bool_ref(was);
}
GI_FUNCTION(faulthandler, is_enabled, "()", "is_enabled()->bool: check if the handler is enabled") {
    return gi_bool_ref(faults.enabled);
}

/* ---- Watchdog ---- */

static void deadline_after(struct timespec *at, uint64_t ns) {
    clock_gettime(CLOCK_MONOTONIC, at);
    ns += (uint64_t)at->tv_nsec;
    at->tv_sec += (time_t)(ns / 1000000000u);
    at->tv_nsec = (long)(ns % 1000000000u);
}

static void watchdog(void *arg) {
    uint64_t generation = *(uint64_t *)arg;
    free(arg);
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    pthread_mutex_lock(&faults.watch_lock);
    bool go_on = true;
    while (go_on && faults.watch.generation == generation) {
        struct timespec at;
        deadline_after(&at, faults.watch.timeout_ns);
        int error = 0;
        while (error == 0 && faults.watch.generation == generation)
            error = pthread_cond_timedwait(&faults.watch_changed, &faults.watch_lock, &at);
        if (faults.watch.generation != generation) break;
        put_text(faults.watch.fd, faults.watch.header);
        put_traceback(faults.watch.fd, faults.vm, NULL, true);
        if (faults.watch.exit) _exit(1);
        go_on = faults.watch.repeat;
    }
    pthread_mutex_unlock(&faults.watch_lock);
}

static void cancel_watch(void) {
    pthread_mutex_lock(&faults.watch_lock);
    faults.watch.generation++;
    if (faults.watch_ready) pthread_cond_broadcast(&faults.watch_changed);
    pthread_mutex_unlock(&faults.watch_lock);
}

static void write_header(uint64_t us) {
    unsigned rest = (unsigned)(us % 1000000);
    uint64_t s = us / 1000000;
    char *to = faults.watch.header;
    int n = snprintf(to, sizeof faults.watch.header, "Timeout (%llu:%02u:%02u", (unsigned long long)(s / 3600),
                     (unsigned)(s / 60 % 60), (unsigned)(s % 60));
    if (rest) n += snprintf(to + n, sizeof faults.watch.header - (size_t)n, ".%06u", rest);
    snprintf(to + n, sizeof faults.watch.header - (size_t)n, ")!\n");
}

GI_FUNCTION(faulthandler, dump_traceback_later,
            "(timeout, repeat: boolint = False, file = <unrepresentable>, exit: boolint = False)",
            "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\ndump the traceback of all "
            "threads in timeout seconds,\nor each timeout seconds if repeat is True. If exit is True, call _exit(1)\n"
            "which is not safe.") {
    double seconds;
    if (gi_as_double(ts, a->timeout, &seconds) < 0) return GI_NULL;
    double us = ceil(seconds * 1e6);
    if (!(us > 0)) return gi_raise_ref(ts, &gi_exc_ValueError, "timeout must be greater than 0");
    if (us > 9e12) return gi_raise_ref(ts, &gi_exc_OverflowError, "timeout value is too large");
    int fd;
    GiRef held;
    if (file_descriptor(ts, a->file, &fd, &held) < 0) return GI_NULL;
    uint64_t *generation = malloc(sizeof *generation);
    if (generation == NULL) {
        gi_xdrop(ts, held);
        return gi_raise_nomem(ts);
    }
    cancel_watch();
    pthread_mutex_lock(&faults.watch_lock);
    if (!faults.watch_ready) {
        pthread_condattr_t how;
        pthread_condattr_init(&how);
        pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
        pthread_cond_init(&faults.watch_changed, &how);
        pthread_condattr_destroy(&how);
        faults.watch_ready = true;
    }
    faults.vm = ts->vm;
    *generation = faults.watch.generation;
    faults.watch.timeout_ns = (uint64_t)us * 1000;
    faults.watch.repeat = a->repeat;
    faults.watch.exit = a->exit;
    faults.watch.fd = fd;
    write_header((uint64_t)us);
    pthread_mutex_unlock(&faults.watch_lock);
    gi_slot_set(ts, &((FaultState *)gi_module_state(self))->watch_file, held);
    GiOsThread thread;
    if (gi_os_thread_start(&thread, watchdog, generation, 0, true) != 0) {
        free(generation);
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to start watchdog thread");
    }
    return GI_REF_NONE;
}
GI_FUNCTION(faulthandler, cancel_dump_traceback_later, "()",
            "cancel_dump_traceback_later():\ncancel the previous call to dump_traceback_later().") {
    cancel_watch();
    gi_slot_clear(ts, &((FaultState *)gi_module_state(self))->watch_file);
    return GI_REF_NONE;
}

/* ---- Chosen signals ---- */

static void user_handler(int signum);

static int set_user_handler(int signum, bool chain, struct sigaction *previous) {
    struct sigaction act = {.sa_handler = user_handler, .sa_flags = SA_RESTART | (chain ? SA_NODEFER : 0) |
                                                                    (faults.alt_stack ? SA_ONSTACK : 0)};
    sigemptyset(&act.sa_mask);
    return sigaction(signum, &act, previous);
}

static void user_handler(int signum) {
    UserSignal *user = &faults.user[signum];
    int saved = errno;
    if (!user->enabled) return;
    put_traceback(user->fd, faults.vm, gi_current_thread(), user->all_threads);
    if (user->chain) {
        (void)sigaction(signum, &user->previous, NULL);
        errno = saved;
        raise(signum);
        saved = errno;
        (void)set_user_handler(signum, user->chain, NULL);
    }
    errno = saved;
}

static GiStatus check_signal(GiThread *ts, int signum) {
    for (size_t i = 0; i < GI_COUNTOF(fatal_signals); i++)
        if (fatal_signals[i].number == signum)
            return gi_raise_status(ts, &gi_exc_RuntimeError, "signal %d cannot be registered, use enable() instead", signum);
    if (signum < 1 || signum >= NSIG) return gi_raise_status(ts, &gi_exc_ValueError, "signal number out of range");
    return GI_OK;
}

GI_FUNCTION(faulthandler, register,
            "(signum: int, file = <unrepresentable>, all_threads: boolint = True, chain: boolint = False)",
            "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for the signal "
            "'signum': dump the traceback of the current thread, or of all threads if all_threads is True, into file") {
    int fd;
    GiRef held;
    if (check_signal(ts, a->signum) < 0 || file_descriptor(ts, a->file, &fd, &held) < 0) return GI_NULL;
    UserSignal *user = &faults.user[a->signum];
    faults.vm = ts->vm;
    struct sigaction previous = user->previous;
    if (!user->enabled && set_user_handler(a->signum, a->chain, &previous) < 0) {
        gi_xdrop(ts, held);
        return gi_raise_errno(ts, errno, GI_NOVAL);
    }
    gi_slot_set(ts, &((FaultState *)gi_module_state(self))->user_files[a->signum], held);
    *user = (UserSignal){.enabled = true, .all_threads = a->all_threads, .chain = a->chain, .fd = fd,
                         .previous = previous};
    return GI_REF_NONE;
}
GI_FUNCTION(faulthandler, unregister, "(signum: int, /)",
            "unregister(signum): unregister the handler of the signal 'signum' registered by register()") {
    if (check_signal(ts, a->signum) < 0) return GI_NULL;
    UserSignal *user = &faults.user[a->signum];
    bool was = user->enabled;
    if (was) {
        user->enabled = false;
        (void)sigaction(a->signum, &user->previous, NULL);
        gi_slot_clear(ts, &((FaultState *)gi_module_state(self))->user_files[a->signum]);
    }
    return gi_bool_ref(was);
}

/* ---- For tests of crashes ---- */

static void no_core_file(void) {
    /* A test's crash leaves no core behind. */
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &limit);
    }
}
GI_FUNCTION(faulthandler, _read_null, "()", "_read_null(): read from NULL, raise a SIGSEGV or SIGBUS signal depending on the platform") {
    no_core_file();
    int *volatile nowhere = NULL;
    return gi_smallint_ref(*(volatile int *)nowhere);
}
GI_FUNCTION(faulthandler, _sigsegv, "(release_gil: boolint = False, /)", "_sigsegv(release_gil=False): raise a SIGSEGV signal") {
    no_core_file();
    if (a->release_gil) {
        GI_BLOCKING(&ts->core, "raise") raise(SIGSEGV);
    } else {
        raise(SIGSEGV);
    }
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

static void fatal_thread(void *unused GI_UNUSED) {
    put_text(2, "Fatal Python error: faulthandler_fatal_error_thread: in new thread\n"
                "Python runtime state: initialized\n\n");
    put_traceback(2, faults.vm, NULL, true);
    if (faults.enabled) restore_fatal_handlers();
    abort();
}
GI_FUNCTION(faulthandler, _fatal_error_c_thread, "()", "fatal_error_c_thread(): call Py_FatalError() in a new C thread.") {
    no_core_file();
    faults.vm = ts->vm;
    GiOsThread thread;
    if (gi_os_thread_start(&thread, fatal_thread, NULL, 0, false) != 0)
        return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to start the thread");
    gi_os_thread_join(&thread);
    return GI_REF_NONE;
}

static __attribute__((noinline)) uintptr_t overflow(uintptr_t low, size_t *depth) {
    /* The array makes each level large; the sum after the call keeps it from becoming a loop. */
    volatile char space[4096];
    space[0] = (char)*depth;
    ++*depth;
    if ((uintptr_t)space <= low) return (uintptr_t)space;
    return overflow(low, depth) + (uintptr_t)space[0];
}
GI_FUNCTION(faulthandler, _stack_overflow, "()", "_stack_overflow(): recursive call to raise a stack overflow") {
    no_core_file();
    size_t depth = 0;
    uintptr_t at = overflow(0, &depth);
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "unable to raise a stack overflow (reached %zx, %zu recursions)",
                        (size_t)at, depth);
}

static void each_file(GiObj *obj, GiVisit visit, void *arg) {
    FaultState *state = ((GiModule *)obj)->state;
    for (int i = 0; i < NSIG; i++) visit(&state->user_files[i], arg);
}
static const GiField state_fields[] = {GI_SLOT(FaultState, file), GI_SLOT(FaultState, watch_file),
                                       GI_CUSTOM(each_file), GI_FIELDS_END};

const GiModuleDef gi_module_faulthandler = {
    .name = "faulthandler", .doc = "faulthandler module.", .functions = faulthandler_functions,
    .state_size = sizeof(FaultState), .state_fields = state_fields,
};
