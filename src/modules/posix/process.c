/* process.c - processes: fork, exec, wait, exit, kill, environment, names of the machine.
 *
 * fork with other threads running: the before-hooks run, the world is brought to a point where no
 * thread is inside the threading layer, and in the child the forking thread is the only and the
 * main one; the states of the others are freed.
 */
#include "memory/fork.h"
#include "modules/posix/internal.h"
#include "modules/posix/fork.h"
#include "os/process.h"
#include "os/thread.h"
#include "runtime/gil_watch.h"
#include "vm/frame.h"
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <sys/ioctl.h>
#include <pty.h>
#include "modules/posix/process.gen.h"

/* Calls the hooks of a list; failures are reported and forgotten. */
static void call_hooks(GiThread *ts, GiSlot *hooks, bool backwards) {
    if (hooks->bits == 0) return;
    GiRef list = gi_to_list(ts, gi_val(*hooks));
    if (gi_is_null(list)) {
        gi_exc_clear(ts);
        return;
    }
    size_t n = gi_list_len(list);
    for (size_t i = 0; i < n; i++) {
        GiRef hook = gi_list_get(ts, gi_val(list), backwards ? n - 1 - i : i);
        GiRef r = gi_call0(ts, gi_val(hook));
        if (gi_is_null(r)) gi_unraisable(ts, gi_val(hook), NULL);
        else gi_drop(ts, r);
        gi_drop(ts, hook);
    }
    gi_drop(ts, list);
}

/* Takes or lets go of the import lock, so that no import is cut in two by a fork. */
static void import_lock(GiThread *ts, const char *method) {
    GiRef held = gi_dict_get_cstr(ts, gi_val(ts->vm->modules), "_imp");
    GiRef r = gi_is_null(held) ? GI_NULL : gi_call_method_cstr(ts, gi_val(held), method, NULL, 0);
    if (gi_raised(ts)) gi_exc_clear(ts);
    gi_xdrop(ts, r);
    gi_xdrop(ts, held);
}

void gi_fork_before(GiThread *ts) {
    call_hooks(ts, &ts->vm->runtime->fork_before, true);
    import_lock(ts, "acquire_lock");
    gi_world_before_fork(&ts->core);
    gi_memory_before_fork(ts->vm);
}
void gi_fork_parent(GiThread *ts) {
    gi_memory_after_fork(ts->vm);
    gi_world_after_fork_parent(&ts->core);
    import_lock(ts, "release_lock");
    call_hooks(ts, &ts->vm->runtime->fork_parent, false);
}
void gi_fork_child(GiThread *ts) {
    GiThreadCore *gone = gi_world_after_fork_child(&ts->core);
    gi_memory_after_fork(ts->vm);
    ts->vm->main_thread = ts;
    ts->core.is_main = true;
    gi_set_current_thread(ts);
    atomic_store(&ts->vm->runtime->thread_count, 0);
    while (gone != NULL) {
        GiThreadCore *next = gone->next;
        gi_stack_abandon((GiThread *)gone);
        gi_thread_abandon(ts, (GiThread *)gone);
        gone = next;
    }
    gi_gil_watch_after_fork_child(ts);
    import_lock(ts, "release_lock");
    call_hooks(ts, &ts->vm->runtime->fork_child, false);
}

static GiStatus add_hook(GiThread *ts, GiSlot *slot, GiVal hook) {
    if (gi_is_null(hook)) return GI_OK;
    if (slot->bits == 0) {
        GiRef list = gi_list_new(ts, 4);
        if (gi_is_null(list)) return GI_FAIL;
        gi_slot_init(slot, list);
    }
    return gi_list_append(ts, gi_val(*slot), gi_dup(ts, hook));
}
GI_FUNCTION(posix, register_at_fork, "(*, before = <unrepresentable>, after_in_child = <unrepresentable>, after_in_parent = <unrepresentable>)", "Register callables to be called when forking a new process.\n\n  before\n    A callable to be called in the parent before the fork() syscall.\n  after_in_child\n    A callable to be called in the child after fork().\n  after_in_parent\n    A callable to be called in the parent after fork().\n\n'before' callbacks are called in reverse order.\n'after_in_child' and 'after_in_parent' callbacks are called in order.") {
    GiRuntime *runtime = ts->vm->runtime;
    if (gi_is_null(a->before) && gi_is_null(a->after_in_child) && gi_is_null(a->after_in_parent))
        return gi_raise_ref(ts, &gi_exc_TypeError, "At least one argument is required.");
    const struct { GiVal v; const char *name; } hooks[] = {{a->before, "before"}, {a->after_in_child, "after_in_child"}, {a->after_in_parent, "after_in_parent"}};
    for (size_t i = 0; i < 3; i++)
        if (!gi_is_null(hooks[i].v) && !gi_is_callable(hooks[i].v))
            return gi_raise_ref(ts, &gi_exc_TypeError, "'%s' must be callable, not %T", hooks[i].name, hooks[i].v);
    if (add_hook(ts, &runtime->fork_before, a->before) < 0 || add_hook(ts, &runtime->fork_child, a->after_in_child) < 0 ||
        add_hook(ts, &runtime->fork_parent, a->after_in_parent) < 0)
        return GI_NULL;
    return GI_REF_NONE;
}
static GiRef do_fork(GiThread *ts) {
    if (gi_audit(ts, "os.fork", NULL, 0) < 0) return GI_NULL;
    gi_fork_before(ts);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) gi_fork_child(ts);
    else gi_fork_parent(ts);
    return pid < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : gi_smallint_ref(pid);
}
GI_FUNCTION(posix, fork, "()", "Fork a child process.\n\nReturn 0 to child process and PID of child to parent process.") { return do_fork(ts); }
GI_FUNCTION(posix, forkpty, "()", "Fork a new process with a new pseudo-terminal as controlling tty.\n\nReturns a tuple of (pid, master_fd).\nLike fork(), return pid of 0 to the child process,\nand pid of child to the parent process.\nTo both, return fd of newly opened pseudo-terminal.") {
    int master = -1;
    if (gi_audit(ts, "os.forkpty", NULL, 0) < 0) return GI_NULL;
    gi_fork_before(ts);
    pid_t pid = forkpty(&master, NULL, NULL, NULL);
    int error = errno;
    if (pid == 0) gi_fork_child(ts);
    else gi_fork_parent(ts);
    if (pid < 0) return gi_raise_errno(ts, error, GI_NOVAL);
    return gi_tuple_pack(ts, 2, gi_smallint(pid), gi_smallint(master));
}
GI_FUNCTION(posix, _exit, "(status: int)", "Exit to the system with specified status, without normal exit processing.") {
    gi_gil_watch_end(ts);
    _exit(a->status);
}
GI_FUNCTION(posix, abort, "()", "Abort the interpreter immediately.\n\nThis function 'dumps core' or otherwise fails in the hardest way possible\non the hosting operating system.  This function never returns.") { abort(); }

static GiRef wait_result(GiThread *ts, pid_t pid, int status) { return gi_tuple_pack(ts, 2, gi_smallint(pid), gi_smallint(status)); }
GI_FUNCTION(posix, waitpid, "(pid: int, options: int, /)", "Wait for completion of a given child process.\n\nReturns a tuple of information regarding the child process:\n    (pid, status)\n\nThe options argument is ignored on Windows.") {
    int status = 0;
    pid_t pid;
    bool raised;
    GI_SYSCALL(ts, "waitpid", pid, raised, waitpid(a->pid, &status, a->options));
    if (pid < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return wait_result(ts, pid, status);
}
GI_FUNCTION(posix, wait, "()", "Wait for completion of a child process.\n\nReturns a tuple of information about the child process:\n    (pid, status)") {
    int status = 0;
    pid_t pid;
    bool raised;
    GI_SYSCALL(ts, "wait", pid, raised, wait(&status));
    if (pid < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return wait_result(ts, pid, status);
}
static GiRef rusage_result(GiThread *ts, pid_t pid, int status, const struct rusage *u) {
    GiRef type = gi_import_attr(ts, "resource", "struct_rusage");
    if (gi_is_null(type)) return type;
#define TIME(t) gi_double_ref((double)(t).tv_sec + (double)(t).tv_usec * 1e-6)
    GiRef v[] = {TIME(u->ru_utime), TIME(u->ru_stime), gi_smallint_ref(u->ru_maxrss), gi_smallint_ref(u->ru_ixrss),
                 gi_smallint_ref(u->ru_idrss), gi_smallint_ref(u->ru_isrss), gi_smallint_ref(u->ru_minflt),
                 gi_smallint_ref(u->ru_majflt), gi_smallint_ref(u->ru_nswap), gi_smallint_ref(u->ru_inblock),
                 gi_smallint_ref(u->ru_oublock), gi_smallint_ref(u->ru_msgsnd), gi_smallint_ref(u->ru_msgrcv),
                 gi_smallint_ref(u->ru_nsignals), gi_smallint_ref(u->ru_nvcsw), gi_smallint_ref(u->ru_nivcsw)};
#undef TIME
    GiRef usage = gi_structseq_new(ts, gi_val(type), v, GI_COUNTOF(v));
    gi_drop(ts, type);
    if (gi_is_null(usage)) return usage;
    GiRef r = gi_tuple_pack(ts, 3, gi_smallint(pid), gi_smallint(status), gi_val(usage));
    gi_drop(ts, usage);
    return r;
}
GI_FUNCTION(posix, wait4, "(pid: int, options: int)", "Wait for completion of a specific child process.\n\nReturns a tuple of information about the child process:\n  (pid, status, rusage)") {
    int status = 0;
    pid_t pid;
    bool raised;
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    GI_SYSCALL(ts, "wait4", pid, raised, wait4(a->pid, &status, a->options, &usage));
    if (pid < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return rusage_result(ts, pid, status, &usage);
}
GI_FUNCTION(posix, wait3, "(options: int)", "Wait for completion of a child process.\n\nReturns a tuple of information about the child process:\n  (pid, status, rusage)") {
    int status = 0;
    pid_t pid;
    bool raised;
    struct rusage usage;
    memset(&usage, 0, sizeof usage);
    GI_SYSCALL(ts, "wait3", pid, raised, wait3(&status, a->options, &usage));
    if (pid < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    return rusage_result(ts, pid, status, &usage);
}
GI_FUNCTION(posix, waitstatus_to_exitcode, "(status: int)", "Convert a wait status to an exit code.") {
    if (WIFEXITED(a->status)) return gi_smallint_ref(WEXITSTATUS(a->status));
    if (WIFSIGNALED(a->status)) return gi_smallint_ref(-WTERMSIG(a->status));
    if (WIFSTOPPED(a->status))
        return gi_raise_ref(ts, &gi_exc_ValueError, "process stopped by delivery of signal %i", WSTOPSIG(a->status));
    return gi_raise_ref(ts, &gi_exc_ValueError, "invalid wait status: %i", a->status);
}
GI_FUNCTION(posix, WCOREDUMP, "(status: int, /)", "Return True if the process returning status was dumped to a core file.") { return gi_bool_ref(WCOREDUMP(a->status)); }
GI_FUNCTION(posix, WIFCONTINUED, "(status: int)", "Return True if a particular process was continued from a job control stop.\n\nReturn True if the process returning status was continued from a\njob control stop.") { return gi_bool_ref(WIFCONTINUED(a->status)); }
GI_FUNCTION(posix, WIFSTOPPED, "(status: int)", "Return True if the process returning status was stopped.") { return gi_bool_ref(WIFSTOPPED(a->status)); }
GI_FUNCTION(posix, WIFSIGNALED, "(status: int)", "Return True if the process returning status was terminated by a signal.") { return gi_bool_ref(WIFSIGNALED(a->status)); }
GI_FUNCTION(posix, WIFEXITED, "(status: int)", "Return True if the process returning status exited via the exit() system call.") { return gi_bool_ref(WIFEXITED(a->status)); }
GI_FUNCTION(posix, WEXITSTATUS, "(status: int)", "Return the process return code from status.") { return gi_smallint_ref(WEXITSTATUS(a->status)); }
GI_FUNCTION(posix, WTERMSIG, "(status: int)", "Return the signal that terminated the process that provided the status value.") { return gi_smallint_ref(WTERMSIG(a->status)); }
GI_FUNCTION(posix, WSTOPSIG, "(status: int)", "Return the signal that stopped the process that provided the status value.") { return gi_smallint_ref(WSTOPSIG(a->status)); }

/* A NULL-terminated array of the byte strings of a sequence (or of "k=v" of a mapping). */
void gi_strings_free(char **list) {
    for (size_t i = 0; list && list[i]; i++) free(list[i]);
    free(list);
}
static char *copy_path(GiThread *ts, GiVal v) {
    GiRef bytes = gi_fs_path(ts, v);
    if (gi_is_null(bytes)) return NULL;
    if (memchr(gi_bytes_data(bytes), 0, gi_bytes_len(bytes)) != NULL) {
        gi_drop(ts, bytes);
        gi_raise(ts, &gi_exc_ValueError, "embedded null byte");
        return NULL;
    }
    char *text = strdup((const char *)gi_bytes_data(bytes));
    gi_drop(ts, bytes);
    if (text == NULL) gi_raise_nomem(ts);
    return text;
}
char **gi_strings_from(GiThread *ts, GiVal sequence) {
    GiRef list = gi_to_tuple(ts, sequence);
    if (gi_is_null(list)) return NULL;
    size_t n = gi_tuple_len(list);
    char **out = calloc(n + 1, sizeof *out);
    if (out == NULL) gi_raise_nomem(ts);
    for (size_t i = 0; out && i < n; i++)
        if ((out[i] = copy_path(ts, gi_tuple_get(gi_val(list), i))) == NULL) {
            gi_strings_free(out);
            out = NULL;
        }
    gi_drop(ts, list);
    return out;
}
char **gi_environment_from(GiThread *ts, GiVal mapping) {
    GiRef items = gi_call_method_cstr(ts, mapping, "items", NULL, 0);
    GiRef list = gi_is_null(items) ? GI_NULL : gi_to_list(ts, gi_val(items));
    gi_xdrop(ts, items);
    if (gi_is_null(list)) return NULL;
    size_t n = gi_list_len(list);
    char **out = calloc(n + 1, sizeof *out);
    for (size_t i = 0; out && i < n; i++) {
        GiVal pair = gi_list_peek_locked(gi_val(list), i);
        char *key = gi_is_tuple(pair) && gi_tuple_len(pair) == 2 ? copy_path(ts, gi_tuple_get(pair, 0)) : NULL;
        char *value = key ? copy_path(ts, gi_tuple_get(pair, 1)) : NULL;
        bool bad = key && (key[0] == 0 || strchr(key + 1, '=') != NULL);
        if (bad) gi_raise(ts, &gi_exc_ValueError, "illegal environment variable name");
        if (value && !bad && (out[i] = malloc(strlen(key) + strlen(value) + 2)) != NULL) {
            strcpy(out[i], key);
            strcat(out[i], "=");
            strcat(out[i], value);
        }
        free(key);
        free(value);
        if (out[i] == NULL) {
            if (!gi_raised(ts)) gi_raise(ts, &gi_exc_TypeError, "env.items() must give pairs");
            gi_strings_free(out);
            out = NULL;
        }
    }
    gi_drop(ts, list);
    return out;
}
GiStatus gi_check_argv(GiThread *ts, const char *what, GiVal argv) {
    if (!gi_is_list(argv) && !gi_is_tuple(argv))
        return gi_raise_status(ts, &gi_exc_TypeError, "%s must be a tuple or list", what);
    return gi_length(ts, argv) > 0 ? GI_OK : gi_raise_status(ts, &gi_exc_ValueError, "%s must not be empty", what);
}
static GiRef do_exec(GiThread *ts, const char *name, GiVal file, GiVal argv, GiVal env) {
    /* PYSEM: execv words its complaints otherwise: tests/diff/os_errors.py. */
    const char *what = gi_is_null(env) ? "execv() arg 2" : "execve: argv";
    if (gi_check_argv(ts, what, argv) < 0) return GI_NULL;
    GI_PATH(path);
    if (gi_path_get(ts, file, name, "path", !gi_is_null(env), false, &path) < 0) return GI_NULL;
    char **args = gi_strings_from(ts, argv);
    char **environment = args == NULL || gi_is_null(env) ? NULL : gi_environment_from(ts, env);
    bool known = args != NULL && (environment != NULL || gi_is_null(env));
    if (known && args[0][0] == 0) {
        gi_raise(ts, &gi_exc_ValueError, "%s first element cannot be empty", what);
    } else if (known && gi_auditf(ts, "os.exec", "OOO", path.object, argv, env) == GI_OK) {
        gi_gil_watch_sync(ts);
        if (gi_is_null(env)) environment = gi_os_environ_peek(); /* it changes in a stopped world only */
        if (path.text) execve(path.text, args, environment);
        else fexecve(path.fd, args, environment);
        if (gi_is_null(env)) gi_raise_errno(ts, errno, GI_NOVAL);
        else gi_path_error(ts, &path);
    }
    gi_strings_free(args);
    if (!gi_is_null(env)) gi_strings_free(environment);
    gi_path_drop(ts, &path);
    return GI_NULL;
}
GI_FUNCTION(posix, execv, "(path, argv, /)", "Execute an executable path with arguments, replacing current process.\n\n  path\n    Path of executable file.\n  argv\n    Tuple or list of strings.") { return do_exec(ts, "execv", a->path, a->argv, GI_NOVAL); }
GI_FUNCTION(posix, execve, "(path, argv, env)", "Execute an executable path with arguments, replacing current process.\n\n  path\n    Path of executable file.\n  argv\n    Tuple or list of strings.\n  env\n    Dictionary of strings mapping to strings.") {
    if (!gi_is_mapping(a->env)) return gi_raise_ref(ts, &gi_exc_TypeError, "execve: environment must be a mapping object");
    return do_exec(ts, "execve", a->path, a->argv, a->env);
}
GI_FUNCTION(posix, system, "(command)", "Execute the command in a subshell.") {
    GI_PATH(path);
    if (gi_path_get(ts, a->command, NULL, "command", false, false, &path) < 0 || gi_auditf(ts, "os.system", "y", path.text) < 0) return GI_NULL;
    int result = 0;
    GI_BLOCKING(&ts->core, "system") result = system(path.text);
    gi_path_drop(ts, &path);
    return gi_smallint_ref(result);
}
GI_FUNCTION(posix, kill, "(pid: int, signal: int, /)", "Kill a process with a signal.") {
    if (gi_auditf(ts, "os.kill", "ii", a->pid, a->signal) < 0) return GI_NULL;
    if (kill(a->pid, a->signal) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_check_signals(ts) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(posix, killpg, "(pgid: int, signal: int, /)", "Kill a process group with a signal.") {
    if (gi_auditf(ts, "os.killpg", "ii", a->pgid, a->signal) < 0) return GI_NULL;
    if (killpg(a->pgid, a->signal) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_check_signals(ts) < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(posix, getpid, "()", "Return the current process id.") { return gi_smallint_ref(getpid()); }
GI_FUNCTION(posix, getppid, "()", "Return the parent's process id.\n\nIf the parent process has already exited, Windows machines will still\nreturn its id; others systems will return the id of the 'init' process (1).") { return gi_smallint_ref(getppid()); }
GI_FUNCTION(posix, getpgrp, "()", "Return the current process group id.") { return gi_smallint_ref(getpgrp()); }
static GiRef check(GiThread *ts, int result) { return result < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE; }
GI_FUNCTION(posix, setpgid, "(pid: int, pgrp: int, /)", "Call the system call setpgid(pid, pgrp).") { return check(ts, setpgid(a->pid, a->pgrp)); }
GI_FUNCTION(posix, setpgrp, "()", "Make the current process the leader of its process group.") { return check(ts, setpgrp()); }
GI_FUNCTION(posix, setsid, "()", "Call the system call setsid().") { return check(ts, setsid()); }
GI_FUNCTION(posix, getpgid, "(pid: int)", "Call the system call getpgid(), and return the result.") {
    pid_t r = getpgid(a->pid);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, getsid, "(pid: int, /)", "Call the system call getsid(pid) and return the result.") {
    pid_t r = getsid(a->pid);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, umask, "(mask: int, /)", "Set the current numeric umask and return the previous umask.") { return gi_smallint_ref(umask((mode_t)a->mask)); }
GI_FUNCTION(posix, cpu_count, "()", "Return the number of CPUs in the system; return None if indeterminable.\n\nThis number is not equivalent to the number of CPUs the current process can\nuse.  The number of usable CPUs can be obtained with\n``len(os.sched_getaffinity(0))``") { return gi_smallint_ref(gi_os_cpu_count()); }
GI_FUNCTION(posix, urandom, "(size: ssize, /)", "Return a bytes object containing random bytes suitable for cryptographic use.") {
    if (a->size < 0) return gi_raise_ref(ts, &gi_exc_ValueError, "negative argument not allowed");
    GiRef bytes = gi_bytes_from(ts, NULL, (size_t)a->size);
    if (gi_is_null(bytes)) return bytes;
    int error = 0;
    GI_BLOCKING(&ts->core, "getrandom") error = gi_os_random(gi_bytes_data(bytes), (size_t)a->size, true);
    if (error) {
        gi_drop(ts, bytes);
        return gi_raise_errno(ts, error, GI_NOVAL);
    }
    return bytes;
}
GI_FUNCTION(posix, getloadavg, "()", "Return average recent system load information.\n\nReturn the number of processes in the system run queue averaged over\nthe last 1, 5, and 15 minutes as a tuple of three floats.\nRaises OSError if the load average was unobtainable.") {
    double load[3];
    if (getloadavg(load, 3) != 3) return gi_raise_ref(ts, &gi_exc_OSError, "Load averages are unobtainable");
    return gi_tuple_pack(ts, 3, gi_double(load[0]), gi_double(load[1]), gi_double(load[2]));
}
GI_FUNCTION(posix, strerror, "(code: int, /)", "Translate an error code to a message string.") { return gi_str_from_cstr(ts, strerror(a->code)); }
/* LOCK: the C library's environment is changed while no other thread is attached, since who reads it
 * (localtime, getenv) takes no lock. `value` NULL: the variable goes. */
static GiRef change_environment(GiThread *ts, const char *name, const char *value) {
    bool others = ts->core.free_running;
    if (others) gi_stop_world(&ts->core);
    int result = value ? setenv(name, value, 1) : unsetenv(name), error = errno;
    if (others) gi_start_world(&ts->core);
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, putenv, "(name, value, /)", "Change or add an environment variable.") {
    char *name = copy_path(ts, a->name), *value = name ? copy_path(ts, a->value) : NULL;
    GiRef r = GI_NULL;
    if (value) {
        if (strchr(name, '=')) gi_raise(ts, &gi_exc_ValueError, "illegal environment variable name");
        else if (gi_auditf(ts, "os.putenv", "yy", name, value) == GI_OK) r = change_environment(ts, name, value);
    }
    free(name);
    free(value);
    return r;
}
GI_FUNCTION(posix, unsetenv, "(name, /)", "Delete an environment variable.") {
    char *name = copy_path(ts, a->name);
    if (name == NULL) return GI_NULL;
    GiRef r = gi_auditf(ts, "os.unsetenv", "y", name) < 0 ? GI_NULL : change_environment(ts, name, NULL);
    free(name);
    return r;
}
GI_FUNCTION(posix, pidfd_open, "(pid: int, flags: uint = 0)", "Return a file descriptor referring to the process *pid*.\n\nThe descriptor can be used to perform process management without races and\nsignals.") {
    int fd = (int)syscall(SYS_pidfd_open, a->pid, a->flags);
    return fd < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(fd);
}
static GiRef record(GiThread *ts, GiVal module, const char *name, GiRef *values, size_t n) {
    GiRef type = gi_dict_get_cstr(ts, gi_module_dict(module), name);
    GiRef made = gi_structseq_new(ts, gi_val(type), values, n);
    gi_xdrop(ts, type);
    return made;
}
GI_FUNCTION(posix, uname, "()", "Return an object identifying the current operating system.\n\nThe object behaves like a named tuple with the following fields:\n  (sysname, nodename, release, version, machine)") {
    struct utsname u;
    if (uname(&u) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef v[] = {gi_str_from_fs(ts, u.sysname, strlen(u.sysname)), gi_str_from_fs(ts, u.nodename, strlen(u.nodename)),
                 gi_str_from_fs(ts, u.release, strlen(u.release)), gi_str_from_fs(ts, u.version, strlen(u.version)),
                 gi_str_from_fs(ts, u.machine, strlen(u.machine))};
    return record(ts, self, "uname_result", v, 5);
}
GI_FUNCTION(posix, times, "()", "Return a collection containing process timing information.\n\nThe object returned behaves like a named tuple with these fields:\n  (utime, stime, cutime, cstime, elapsed_time)\nAll fields are floating point numbers.") {
    struct tms t;
    clock_t elapsed = times(&t);
    double tick = (double)sysconf(_SC_CLK_TCK);
    GiRef v[] = {gi_double_ref((double)t.tms_utime / tick), gi_double_ref((double)t.tms_stime / tick),
                 gi_double_ref((double)t.tms_cutime / tick), gi_double_ref((double)t.tms_cstime / tick),
                 gi_double_ref((double)elapsed / tick)};
    return record(ts, self, "times_result", v, 5);
}
GI_FUNCTION(posix, get_terminal_size, "(fd: int = <unrepresentable>, /)", "Return the size of the terminal window as (columns, lines).\n\nThe optional argument fd (default standard output) specifies\nwhich file descriptor should be queried.\n\nIf the file descriptor is not connected to a terminal, an OSError\nis thrown.\n\nThis function will only be defined if an implementation is\navailable for this system.\n\nshutil.get_terminal_size is the high-level function which should\nnormally be used, os.get_terminal_size is the low-level implementation.") {
    struct winsize w;
    if (ioctl(a->fd, TIOCGWINSZ, &w) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef v[] = {gi_smallint_ref(w.ws_col), gi_smallint_ref(w.ws_row)};
    return record(ts, self, "terminal_size", v, 2);
}

GiStatus gi_posix_process_init(GiThread *ts, GiVal module) {
    static const GiStructField uname_fields[] = {{"sysname", "operating system name"}, {"nodename", "name of machine on network (implementation-defined)"},
        {"release", "operating system release"}, {"version", "operating system version"}, {"machine", "hardware identifier"}};
    static const GiStructField times_fields[] = {{"user", "user time"}, {"system", "system time"}, {"children_user", "user time of children"},
        {"children_system", "system time of children"}, {"elapsed", "elapsed time since an arbitrary point in the past"}};
    static const GiStructField size_fields[] = {{"columns", "width of the terminal window in characters"}, {"lines", "height of the terminal window in characters"}};
    if (gi_module_add(ts, module, "uname_result", gi_structseq_type(ts, "posix.uname_result", "uname_result: Result from os.uname().\n\nThis object may be accessed either as a tuple of\n  (sysname, nodename, release, version, machine),\nor via the attributes sysname, nodename, release, version, and machine.\n\nSee os.uname for more information.", uname_fields, 5, 5)) < 0 ||
        gi_module_add(ts, module, "times_result", gi_structseq_type(ts, "posix.times_result", "times_result: Result from os.times().\n\nThis object may be accessed either as a tuple of\n  (user, system, children_user, children_system, elapsed),\nor via the attributes user, system, children_user, children_system,\nand elapsed.\n\nSee os.times for more information.", times_fields, 5, 5)) < 0)
        return GI_FAIL;
    static const GiIntConstant constants[] = {
        {"WNOHANG", WNOHANG}, {"WUNTRACED", WUNTRACED}, {"WCONTINUED", WCONTINUED}, {"WEXITED", WEXITED}, {"WNOWAIT", WNOWAIT},
        {"WSTOPPED", WSTOPPED}, {"P_PID", P_PID}, {"P_PGID", P_PGID}, {"P_ALL", P_ALL}, {"P_PIDFD", 3}, {"EX_OK", 0},
        {"EX_USAGE", 64}, {"EX_DATAERR", 65}, {"EX_NOINPUT", 66}, {"EX_NOUSER", 67}, {"EX_NOHOST", 68}, {"EX_UNAVAILABLE", 69},
        {"EX_SOFTWARE", 70}, {"EX_OSERR", 71}, {"EX_OSFILE", 72}, {"EX_CANTCREAT", 73}, {"EX_IOERR", 74}, {"EX_TEMPFAIL", 75},
        {"EX_PROTOCOL", 76}, {"EX_NOPERM", 77}, {"EX_CONFIG", 78}, {"NGROUPS_MAX", 65536}, {"TMP_MAX", 238328},
        {"CLD_EXITED", CLD_EXITED}, {"CLD_KILLED", CLD_KILLED}, {"CLD_DUMPED", CLD_DUMPED}, {"CLD_TRAPPED", CLD_TRAPPED},
        {"CLD_STOPPED", CLD_STOPPED}, {"CLD_CONTINUED", CLD_CONTINUED}};
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0) return GI_FAIL;
    return gi_module_add(ts, module, "terminal_size", gi_structseq_type(ts, "os.terminal_size", "A tuple of (columns, lines) for holding terminal window size", size_fields, 2, 2));
}
const GiMethodDef *const gi_posix_process_functions = posix_functions;
