/* spawn.c - posix_spawn, and waitid. */
#include "modules/posix/internal.h"
#include "modules/posix/fork.h"
#include <sched.h>
#include <stdio.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include "modules/posix/spawn.gen.h"

/* All that one call of posix_spawn needs; freed by spawn_free. */
typedef struct Spawn {
    posix_spawn_file_actions_t actions, *actions_at; /* NULL: none */
    posix_spawnattr_t attributes;
    short flags;
    char **argv, **env;
    GiRef keep; /* list of what the actions point to */
} Spawn;

/* One element of file_actions. `n` words after the kind are ints but for the path of an open. */
static GiStatus add_action(GiThread *ts, Spawn *s, GiVal action) {
    enum { OPEN, CLOSE, DUP2 };
    int kind, fd, n, error;
    if (!gi_is_tuple(action) || gi_tuple_len(action) == 0)
        return gi_raise_status(ts, &gi_exc_TypeError, "Each file_actions element must be a non-empty tuple");
    if (gi_as_int(ts, gi_tuple_get(action, 0), &kind) < 0) return GI_FAIL;
    static const struct { const char *name; size_t words; } kinds[] = {{"open", 5}, {"close", 2}, {"dup2", 3}};
    if (kind < 0 || kind > DUP2) return gi_raise_status(ts, &gi_exc_TypeError, "Unknown file_actions identifier");
    if (gi_tuple_len(action) != kinds[kind].words)
        return gi_raise_status(ts, &gi_exc_TypeError, "A %s file_action tuple must have %zu elements", kinds[kind].name, kinds[kind].words);
    if (gi_as_int(ts, gi_tuple_get(action, 1), &fd) < 0) return GI_FAIL;
    if (kind == CLOSE) {
        error = posix_spawn_file_actions_addclose(&s->actions, fd);
    } else if (kind == DUP2) {
        if (gi_as_int(ts, gi_tuple_get(action, 2), &n) < 0) return GI_FAIL;
        error = posix_spawn_file_actions_adddup2(&s->actions, fd, n);
    } else {
        GI_PATH(path);
        int64_t mode;
        if (gi_path_get(ts, gi_tuple_get(action, 2), NULL, "path", false, false, &path) < 0) return GI_FAIL;
        if (gi_as_int(ts, gi_tuple_get(action, 3), &n) < 0 || gi_as_i64(ts, gi_tuple_get(action, 4), &mode) < 0 ||
            gi_list_append(ts, gi_val(s->keep), gi_dup(ts, gi_val(path.bytes))) < 0) {
            gi_path_drop(ts, &path);
            return GI_FAIL;
        }
        error = posix_spawn_file_actions_addopen(&s->actions, fd, path.text, n, (mode_t)mode);
        gi_path_drop(ts, &path);
    }
    if (error) gi_raise_errno(ts, error, GI_NOVAL);
    return error ? GI_FAIL : GI_OK;
}
static GiStatus add_actions(GiThread *ts, Spawn *s, GiVal actions) {
    if (gi_is_null(actions) || gi_is_none(actions)) return GI_OK;
    if (!gi_is_sequence(actions)) return gi_raise_status(ts, &gi_exc_TypeError, "file_actions must be a sequence or None");
    GiRef list = gi_to_tuple(ts, actions);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(list); i++) {
        status = add_action(ts, s, gi_tuple_get(gi_val(list), i));
        s->actions_at = &s->actions;
    }
    gi_drop(ts, list);
    return status;
}
static GiStatus signal_set(GiThread *ts, GiVal signals, sigset_t *set) {
    sigemptyset(set);
    GiRef list = gi_to_tuple(ts, signals);
    if (gi_is_null(list)) return GI_FAIL;
    GiStatus status = GI_OK;
    for (size_t i = 0; status == GI_OK && i < gi_tuple_len(list); i++) {
        int64_t number;
        status = gi_as_i64(ts, gi_tuple_get(gi_val(list), i), &number);
        if (status == GI_OK && (number < 1 || number >= NSIG))
            status = gi_raise_status(ts, &gi_exc_ValueError, "signal number %lld out of range [1; %d]", (long long)number, NSIG - 1);
        if (status == GI_OK) sigaddset(set, (int)number);
    }
    gi_drop(ts, list);
    return status;
}
static GiStatus add_scheduler(GiThread *ts, Spawn *s, GiVal scheduler) {
    int policy;
    struct sched_param param;
    if (gi_is_null(scheduler) || gi_is_none(scheduler)) return GI_OK;
    if (!gi_is_tuple(scheduler) || gi_tuple_len(scheduler) != 2)
        return gi_raise_status(ts, &gi_exc_TypeError, "A scheduler tuple must have two elements");
    GiVal first = gi_tuple_get(scheduler, 0);
    bool has_policy = !gi_is_none(first);
    if (has_policy && gi_as_int(ts, first, &policy) < 0) return GI_FAIL;
    if (gi_posix_sched_param(ts, gi_tuple_get(scheduler, 1), &param) < 0) return GI_FAIL;
    if (has_policy) {
        posix_spawnattr_setschedpolicy(&s->attributes, policy);
        s->flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    posix_spawnattr_setschedparam(&s->attributes, &param);
    s->flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return GI_OK;
}
typedef struct posix_posix_spawn_args SpawnArgs;

static GiStatus add_attributes(GiThread *ts, Spawn *s, const SpawnArgs *a) {
    sigset_t set;
    if (!gi_is_null(a->setpgroup) && !gi_is_none(a->setpgroup)) {
        int group;
        if (gi_as_int(ts, a->setpgroup, &group) < 0) return GI_FAIL;
        posix_spawnattr_setpgroup(&s->attributes, group);
        s->flags |= POSIX_SPAWN_SETPGROUP;
    }
    if (a->resetids) s->flags |= POSIX_SPAWN_RESETIDS;
    if (a->setsid) s->flags |= POSIX_SPAWN_SETSID;
    if (!gi_is_null(a->setsigmask)) {
        if (signal_set(ts, a->setsigmask, &set) < 0) return GI_FAIL;
        posix_spawnattr_setsigmask(&s->attributes, &set);
        s->flags |= POSIX_SPAWN_SETSIGMASK;
    }
    if (!gi_is_null(a->setsigdef)) {
        if (signal_set(ts, a->setsigdef, &set) < 0) return GI_FAIL;
        posix_spawnattr_setsigdefault(&s->attributes, &set);
        s->flags |= POSIX_SPAWN_SETSIGDEF;
    }
    if (add_scheduler(ts, s, a->scheduler) < 0) return GI_FAIL;
    posix_spawnattr_setflags(&s->attributes, s->flags);
    return GI_OK;
}
static void spawn_free(GiThread *ts, Spawn *s) {
    posix_spawn_file_actions_destroy(&s->actions);
    posix_spawnattr_destroy(&s->attributes);
    gi_strings_free(s->argv);
    gi_strings_free(s->env);
    gi_xdrop(ts, s->keep);
}
static GiRef spawn(GiThread *ts, const char *name, const SpawnArgs *a, bool search) {
    char what[32];
    snprintf(what, sizeof what, "%s: argv", name);
    GI_PATH(path);
    if (gi_path_get(ts, a->path, name, "path", false, false, &path) < 0) return GI_NULL;
    Spawn s = {.keep = gi_list_new(ts, 0)};
    posix_spawn_file_actions_init(&s.actions);
    posix_spawnattr_init(&s.attributes);
    GiRef result = GI_NULL;
    if (gi_is_null(s.keep) || gi_check_argv(ts, what, a->argv) < 0) goto out;
    if (!gi_is_mapping(a->env) && !gi_is_none(a->env)) {
        gi_raise(ts, &gi_exc_TypeError, "%s: environment must be a mapping object", name);
        goto out;
    }
    if ((s.argv = gi_strings_from(ts, a->argv)) == NULL) goto out;
    if (s.argv[0] == NULL || s.argv[0][0] == 0) {
        gi_raise(ts, &gi_exc_ValueError, "%s first element cannot be empty", what);
        goto out;
    }
    if ((s.env = gi_environment_from(ts, a->env)) == NULL || add_actions(ts, &s, a->file_actions) < 0 ||
        add_attributes(ts, &s, a) < 0 || gi_auditf(ts, "os.posix_spawn", "OOO", path.object, a->argv, a->env) < 0)
        goto out;
    pid_t pid = 0;
    int error = 0;
    GI_BLOCKING(&ts->core, "posix_spawn")
        error = (search ? posix_spawnp : posix_spawn)(&pid, path.text, s.actions_at, &s.attributes, s.argv, s.env);
    result = error ? gi_raise_errno(ts, error, path.object) : gi_smallint_ref(pid);
out:
    spawn_free(ts, &s);
    gi_path_drop(ts, &path);
    return result;
}
GI_FUNCTION(posix, posix_spawn, "(path, argv, env, /, *, file_actions = (), setpgroup = <unrepresentable>, resetids: boolint = False, setsid: boolint = False, setsigmask = (), setsigdef = (), scheduler = <unrepresentable>)", "Execute the program specified by path in a new process.\n\n  path\n    Path of executable file.\n  argv\n    Tuple or list of strings.\n  env\n    Dictionary of strings mapping to strings.\n  file_actions\n    A sequence of file action tuples.\n  setpgroup\n    The pgroup to use with the POSIX_SPAWN_SETPGROUP flag.\n  resetids\n    If the value is `true` the POSIX_SPAWN_RESETIDS will be activated.\n  setsid\n    If the value is `true` the POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP will be activated.\n  setsigmask\n    The sigmask to use with the POSIX_SPAWN_SETSIGMASK flag.\n  setsigdef\n    The sigmask to use with the POSIX_SPAWN_SETSIGDEF flag.\n  scheduler\n    A tuple with the scheduler policy (optional) and parameters.") {
    return spawn(ts, "posix_spawn", a, false);
}
GI_FUNCTION(posix, posix_spawnp, "(path, argv, env, /, *, file_actions = (), setpgroup = <unrepresentable>, resetids: boolint = False, setsid: boolint = False, setsigmask = (), setsigdef = (), scheduler = <unrepresentable>)", "Execute the program specified by path in a new process.\n\n  path\n    Path of executable file.\n  argv\n    Tuple or list of strings.\n  env\n    Dictionary of strings mapping to strings.\n  file_actions\n    A sequence of file action tuples.\n  setpgroup\n    The pgroup to use with the POSIX_SPAWN_SETPGROUP flag.\n  resetids\n    If the value is `True` the POSIX_SPAWN_RESETIDS will be activated.\n  setsid\n    If the value is `True` the POSIX_SPAWN_SETSID or POSIX_SPAWN_SETSID_NP will be activated.\n  setsigmask\n    The sigmask to use with the POSIX_SPAWN_SETSIGMASK flag.\n  setsigdef\n    The sigmask to use with the POSIX_SPAWN_SETSIGDEF flag.\n  scheduler\n    A tuple with the scheduler policy (optional) and parameters.") {
    SpawnArgs same = {a->path, a->argv, a->env, a->file_actions, a->setpgroup, a->resetids, a->setsid, a->setsigmask,
                      a->setsigdef, a->scheduler};
    return spawn(ts, "posix_spawnp", &same, true);
}

GI_FUNCTION(posix, waitid, "(idtype: int, id: int, options: int, /)", "Returns the result of waiting for a process or processes.\n\n  idtype\n    Must be one of be P_PID, P_PGID or P_ALL.\n  id\n    The id to wait on.\n  options\n    Constructed from the ORing of one or more of WEXITED, WSTOPPED\n    or WCONTINUED and additionally may be ORed with WNOHANG or WNOWAIT.\n\nReturns either waitid_result or None if WNOHANG is specified and there are\nno children in a waitable state.") {
    siginfo_t info;
    int result;
    bool raised;
    memset(&info, 0, sizeof info);
    GI_SYSCALL(ts, "waitid", result, raised, waitid((idtype_t)a->idtype, (id_t)a->id, &info, a->options));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, GI_NOVAL);
    if (info.si_pid == 0) return GI_REF_NONE;
    GiRef v[] = {gi_smallint_ref(info.si_pid), gi_smallint_ref(info.si_uid), gi_smallint_ref(info.si_signo),
                 gi_smallint_ref(info.si_status), gi_smallint_ref(info.si_code)};
    return gi_structseq_new(ts, gi_val(gi_posix_state(ts)->waitid_result), v, GI_COUNTOF(v));
}

GiStatus gi_posix_spawn_init(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"si_pid", NULL}, {"si_uid", NULL}, {"si_signo", NULL}, {"si_status", NULL}, {"si_code", NULL}};
    static const GiIntConstant constants[] = {{"POSIX_SPAWN_OPEN", 0}, {"POSIX_SPAWN_CLOSE", 1}, {"POSIX_SPAWN_DUP2", 2}};
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0) return GI_FAIL;
    GiRef type = gi_structseq_type(ts, "posix.waitid_result", "waitid_result: Result from waitid.\n\nThis object may be accessed either as a tuple of\n  (si_pid, si_uid, si_signo, si_status, si_code),\nor via the attributes si_pid, si_uid, and so on.\n\nSee os.waitid for more information.", fields, 5, 5);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&((GiPosixState *)gi_module_state(module))->waitid_result, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, "waitid_result", type);
}
const GiMethodDef *const gi_posix_spawn_functions = posix_functions;
