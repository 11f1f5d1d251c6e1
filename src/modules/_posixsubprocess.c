/* _posixsubprocess.c - fork_exec: starting a child program with its descriptors set up.
 *
 * Everything the child needs is made before the fork; between fork and exec it calls only
 * async-signal-safe functions (unless a preexec_fn asks for Python in the child).
 */
#include "modules/idnum.h"
#include "modules/module.h"
#include "modules/posix/fork.h"
#include "os/process.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include "modules/_posixsubprocess.gen.h"

typedef struct Child {
    char **argv, **env, **paths;
    const char *cwd;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
    int *keep;
    size_t keep_count;
    bool close_fds, restore_signals, new_session, set_gid, set_groups, set_uid;
    int pgid, umask_value;
    gid_t gid, *groups;
    size_t group_count;
    uid_t uid;
    GiVal preexec;
    GiThread *ts;
} Child;

static bool is_kept(const Child *c, int fd) {
    for (size_t i = 0; i < c->keep_count; i++)
        if (c->keep[i] == fd) return true;
    return false;
}
static void close_others(const Child *c) {
    /* close_range over the gaps between the kept descriptors, which are sorted. */
    unsigned start = 3;
    for (size_t i = 0; i < c->keep_count; i++) {
        if (c->keep[i] < (int)start) continue;
        if ((unsigned)c->keep[i] > start) close_range(start, (unsigned)c->keep[i] - 1, 0);
        start = (unsigned)c->keep[i] + 1;
    }
    if (close_range(start, ~0U, 0) < 0)
        for (long fd = 3, max = sysconf(_SC_OPEN_MAX); fd < max; fd++)
            if (!is_kept(c, (int)fd)) close((int)fd);
}
static int set_inheritable(int fd) {
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}
/* Makes `from` the descriptor `to`. */
static int put(int from, int to) {
    if (from == to) return set_inheritable(from);
    return from == -1 ? 0 : dup2(from, to) < 0 ? -1 : 0;
}

/* In the child. Never returns; failures go through the error pipe as "class:errno:where". */
static GI_NORETURN void run_child(Child *c) {
    const char *where = "noexec", *class_name = "OSError"; /* "noexec": so the library names cwd */
    int saved = 0;
    for (size_t i = 0; i < c->keep_count; i++)
        if (c->keep[i] != c->errpipe_write && set_inheritable(c->keep[i]) < 0) goto fail;
    if (c->p2cwrite != -1) close(c->p2cwrite);
    if (c->c2pread != -1) close(c->c2pread);
    if (c->errread != -1) close(c->errread);
    close(c->errpipe_read);
    /* Descriptors 0..2 that are in the way of another move out of it. */
    if (c->c2pwrite == 0 && (c->c2pwrite = fcntl(0, F_DUPFD, 3)) < 0) goto fail;
    while (c->errwrite == 0 || c->errwrite == 1)
        if ((c->errwrite = fcntl(c->errwrite, F_DUPFD, 3)) < 0) goto fail;
    if (put(c->p2cread, 0) < 0 || put(c->c2pwrite, 1) < 0 || put(c->errwrite, 2) < 0) goto fail;
    if (c->cwd && chdir(c->cwd) < 0) {
        goto fail;
    }
    if (c->umask_value >= 0) umask((mode_t)c->umask_value);
    if (c->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (c->new_session) setsid();
    if (c->pgid >= 0 && setpgid(0, c->pgid) < 0) goto fail;
    if (c->set_groups && setgroups(c->group_count, c->groups) < 0) goto fail;
    if (c->set_gid && setregid(c->gid, c->gid) < 0) goto fail;
    if (c->set_uid && setreuid(c->uid, c->uid) < 0) goto fail;
    if (!gi_is_null(c->preexec)) {
        GiRef r = gi_call0(c->ts, c->preexec);
        if (gi_is_null(r)) {
            class_name = "SubprocessError";
            where = "Exception occurred in preexec_fn.";
            errno = 0;
            goto fail;
        }
    }
    if (c->close_fds) close_others(c);
    where = "";
    for (char **path = c->paths; *path; path++) {
        execve(*path, c->argv, c->env ? c->env : gi_os_environ_peek());
        if (errno != ENOENT && errno != ENOTDIR && saved == 0) saved = errno;
    }
    if (saved) errno = saved;
fail:;
    char message[256];
    int n = snprintf(message, sizeof message, "%s:%x:%s", class_name, errno, where);
    (void)!write(c->errpipe_write, message, (size_t)n);
    _exit(255);
}

static int compare_ints(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static GiStatus read_keep(GiThread *ts, GiVal tuple, Child *c) {
    c->keep_count = gi_tuple_len(tuple);
    c->keep = calloc(c->keep_count + 1, sizeof *c->keep);
    if (c->keep == NULL) return gi_raise_nomem(ts), GI_FAIL;
    for (size_t i = 0; i < c->keep_count; i++) {
        if (gi_as_int(ts, gi_tuple_get(tuple, i), &c->keep[i]) < 0 || c->keep[i] < 0) {
            if (gi_raised(ts)) gi_exc_clear(ts);
            return gi_raise_status(ts, &gi_exc_ValueError, "bad value(s) in fds_to_keep");
        }
    }
    qsort(c->keep, c->keep_count, sizeof *c->keep, compare_ints);
    return GI_OK;
}
static GiStatus read_groups(GiThread *ts, GiVal groups, Child *c) {
    if (gi_is_none(groups)) return GI_OK;
    if (!gi_is_list(groups)) return gi_raise_status(ts, &gi_exc_TypeError, "setgroups argument must be a list");
    c->set_groups = true;
    c->group_count = gi_list_len(groups);
    c->groups = calloc(c->group_count + 1, sizeof *c->groups);
    if (c->groups == NULL) return gi_raise_nomem(ts), GI_FAIL;
    for (size_t i = 0; i < c->group_count; i++) {
        GiRef item = gi_list_get(ts, groups, i);
        if (gi_is_null(item)) {
            c->group_count = i;
            break;
        }
        bool integer = gi_is_int(gi_val(item));
        GiStatus status = integer ? gi_read_id(ts, gi_val(item), "gid", &c->groups[i]) : GI_FAIL;
        gi_drop(ts, item);
        if (!integer) return gi_raise_status(ts, &gi_exc_TypeError, "groups must be integers");
        if (status == GI_OK) continue;
        gi_exc_clear(ts);
        return gi_raise_status(ts, &gi_exc_ValueError, "invalid group id");
    }
    return GI_OK;
}

GI_FUNCTION(_posixsubprocess, fork_exec,
            "(args, executable_list, close_fds: bool, fds_to_keep: tuple, cwd, env, p2cread: int, p2cwrite: int, c2pread: int, "
            "c2pwrite: int, errread: int, errwrite: int, errpipe_read: int, errpipe_write: int, restore_signals: bool, "
            "call_setsid: bool, pgid_to_set: int, gid, groups_list, uid, child_umask: int, preexec_fn, allow_vfork: bool, /)",
            "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n          p2cread, p2cwrite, c2pread, c2pwrite,\n          errread, errwrite, errpipe_read, errpipe_write,\n          restore_signals, call_setsid, pgid_to_set,\n          gid, groups_list, uid,\n          preexec_fn)\n\nForks a child process, closes parent file descriptors as appropriate in the\nchild and dups the few that are needed before calling exec() in the child\nprocess.") {
    if (a->close_fds && a->errpipe_write < 3) return gi_raise_ref(ts, &gi_exc_ValueError, "errpipe_write must be >= 3");
    Child c = {.p2cread = a->p2cread, .p2cwrite = a->p2cwrite, .c2pread = a->c2pread, .c2pwrite = a->c2pwrite,
               .errread = a->errread, .errwrite = a->errwrite, .errpipe_read = a->errpipe_read,
               .errpipe_write = a->errpipe_write, .close_fds = a->close_fds, .restore_signals = a->restore_signals,
               .new_session = a->call_setsid, .pgid = a->pgid_to_set, .umask_value = a->child_umask, .ts = ts,
               .preexec = gi_is_none(a->preexec_fn) ? GI_NOVAL : a->preexec_fn};
    GiRef cwd = GI_NULL, result = GI_NULL;
    if (read_keep(ts, a->fds_to_keep, &c) < 0 || read_groups(ts, a->groups_list, &c) < 0) goto done;
    if (!gi_is_none(a->gid)) {
        if (gi_read_id(ts, a->gid, "gid", &c.gid) < 0) goto done;
        c.set_gid = true;
    }
    if (!gi_is_none(a->uid)) {
        if (gi_read_id(ts, a->uid, "uid", &c.uid) < 0) goto done;
        c.set_uid = true;
    }
    if ((c.paths = gi_strings_from(ts, a->executable_list)) == NULL || (c.argv = gi_strings_from(ts, a->args)) == NULL) goto done;
    if (!gi_is_none(a->env) && (c.env = gi_strings_from(ts, a->env)) == NULL) goto done;
    if (!gi_is_none(a->cwd)) {
        cwd = gi_fs_path(ts, a->cwd);
        if (gi_is_null(cwd)) goto done;
        c.cwd = (const char *)gi_bytes_data(cwd);
    }
    /* Hooks are for children that go on in Python. */
    bool hooks = !gi_is_null(c.preexec);
    sigset_t all, old;
    if (hooks) gi_fork_before(ts);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &old);
    pid_t pid = fork();
    int error = errno;
    if (pid == 0) {
        for (int signum = 1; !hooks && signum < NSIG; signum++) {
            struct sigaction act; /* handlers are ours: none may run in the child before exec */
            if (sigaction(signum, NULL, &act) == 0 && act.sa_handler != SIG_IGN && act.sa_handler != SIG_DFL) signal(signum, SIG_DFL);
        }
        pthread_sigmask(SIG_SETMASK, &old, NULL);
        if (hooks) gi_fork_child(ts);
        run_child(&c);
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (hooks) gi_fork_parent(ts);
    result = pid < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : gi_smallint_ref(pid);
done:
    gi_strings_free(c.paths);
    gi_strings_free(c.argv);
    gi_strings_free(c.env);
    free(c.keep);
    free(c.groups);
    gi_xdrop(ts, cwd);
    return result;
}

const GiModuleDef gi_module__posixsubprocess = {.name = "_posixsubprocess", .doc = "A POSIX helper for the subprocess module.",
                                                .functions = _posixsubprocess_functions};
