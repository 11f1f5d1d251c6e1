/* identity.c - users and groups, priorities, scheduling, the processes of a terminal. */
#include "modules/posix/internal.h"
#include <grp.h>
#include <limits.h>
#include <pty.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <utmp.h>
#include "modules/posix/identity.gen.h"

static GiRef check(GiThread *ts, int result) { return result < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : GI_REF_NONE; }

GiStatus gi_posix_id(GiThread *ts, GiVal v, const char *kind, uint32_t *out) {
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError, "%s should be integer, not %.200T", kind, v);
    GiRef index = gi_index(ts, v);
    if (gi_is_null(index)) return GI_FAIL;
    int64_t number;
    bool fits = gi_int_as_i64(gi_val(index), &number) == 0;
    bool negative = fits ? number < -1 : gi_int_sign(gi_val(index)) < 0;
    gi_drop(ts, index);
    if (fits && number >= -1 && number <= UINT32_MAX) {
        *out = (uint32_t)number;
        return GI_OK;
    }
    /* PYSEM: CPython says "less than minimum" of what exceeds the type but fits a long. */
    return gi_raise_status(ts, &gi_exc_OverflowError, negative || fits ? "%s is less than minimum" : "%s is greater than maximum", kind);
}
/* -1, "leave it as it is", reads back as -1. */
static GiRef id_object(GiThread *ts, uint32_t id) { return id == UINT32_MAX ? gi_smallint_ref(-1) : gi_int_from_u64(ts, id); }
static GiRef id_list(GiThread *ts, const gid_t *ids, int n) {
    GiRef list = gi_list_new(ts, (size_t)n);
    for (int i = 0; i < n && !gi_is_null(list); i++)
        if (gi_list_append(ts, gi_val(list), id_object(ts, ids[i])) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    return list;
}

GI_FUNCTION(posix, getuid, "()", "Return the current process's user id.") { return gi_smallint_ref(getuid()); }
GI_FUNCTION(posix, geteuid, "()", "Return the current process's effective user id.") { return gi_smallint_ref(geteuid()); }
GI_FUNCTION(posix, getgid, "()", "Return the current process's group id.") { return gi_smallint_ref(getgid()); }
GI_FUNCTION(posix, getegid, "()", "Return the current process's effective group id.") { return gi_smallint_ref(getegid()); }
GI_FUNCTION(posix, getgroups, "()", "Return list of supplemental group IDs for the process.") {
    gid_t *groups = NULL;
    int n, room;
    do {
        room = getgroups(0, NULL);
        gid_t *grown = realloc(groups, ((size_t)GI_MAX(room, 0) + 1) * sizeof *groups);
        if (grown == NULL) {
            free(groups);
            return gi_raise_nomem(ts);
        }
        groups = grown;
        n = getgroups(room, groups);
    } while (n < 0 && errno == EINVAL);
    GiRef list = n < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : id_list(ts, groups, n);
    free(groups);
    return list;
}
GI_FUNCTION(posix, getlogin, "()", "Return the actual login name.") {
    char name[256];
    int error = getlogin_r(name, sizeof name);
    return error ? gi_raise_errno(ts, error, GI_NOVAL) : gi_str_from_fs(ts, name, strlen(name));
}
/* A call with one to three identities. */
#define SET_ID(kind, x, call)                                                      \
    do {                                                                           \
        uint32_t id;                                                               \
        if (gi_posix_id(ts, x, kind, &id) < 0) return GI_NULL;                     \
        return check(ts, call(id));                                                \
    } while (0)
GI_FUNCTION(posix, setuid, "(uid, /)", "Set the current process's user id.") { SET_ID("uid", a->uid, setuid); }
GI_FUNCTION(posix, seteuid, "(euid, /)", "Set the current process's effective user id.") { SET_ID("uid", a->euid, seteuid); }
GI_FUNCTION(posix, setgid, "(gid, /)", "Set the current process's group id.") { SET_ID("gid", a->gid, setgid); }
GI_FUNCTION(posix, setegid, "(egid, /)", "Set the current process's effective group id.") { SET_ID("gid", a->egid, setegid); }
GI_FUNCTION(posix, setreuid, "(ruid, euid, /)", "Set the current process's real and effective user ids.") {
    uint32_t r, e;
    if (gi_posix_id(ts, a->ruid, "uid", &r) < 0 || gi_posix_id(ts, a->euid, "uid", &e) < 0) return GI_NULL;
    return check(ts, setreuid(r, e));
}
GI_FUNCTION(posix, setregid, "(rgid, egid, /)", "Set the current process's real and effective group ids.") {
    uint32_t r, e;
    if (gi_posix_id(ts, a->rgid, "gid", &r) < 0 || gi_posix_id(ts, a->egid, "gid", &e) < 0) return GI_NULL;
    return check(ts, setregid(r, e));
}
GI_FUNCTION(posix, setresuid, "(ruid, euid, suid, /)", "Set the current process's real, effective, and saved user ids.") {
    uint32_t r, e, s;
    if (gi_posix_id(ts, a->ruid, "uid", &r) < 0 || gi_posix_id(ts, a->euid, "uid", &e) < 0 ||
        gi_posix_id(ts, a->suid, "uid", &s) < 0)
        return GI_NULL;
    return check(ts, setresuid(r, e, s));
}
GI_FUNCTION(posix, setresgid, "(rgid, egid, sgid, /)", "Set the current process's real, effective, and saved group ids.") {
    uint32_t r, e, s;
    if (gi_posix_id(ts, a->rgid, "gid", &r) < 0 || gi_posix_id(ts, a->egid, "gid", &e) < 0 ||
        gi_posix_id(ts, a->sgid, "gid", &s) < 0)
        return GI_NULL;
    return check(ts, setresgid(r, e, s));
}
GI_FUNCTION(posix, getresuid, "()", "Return a tuple of the current process's real, effective, and saved user ids.") {
    uid_t r, e, s;
    if (getresuid(&r, &e, &s) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_tuple_pack(ts, 3, gi_smallint(r), gi_smallint(e), gi_smallint(s));
}
GI_FUNCTION(posix, getresgid, "()", "Return a tuple of the current process's real, effective, and saved group ids.") {
    gid_t r, e, s;
    if (getresgid(&r, &e, &s) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_tuple_pack(ts, 3, gi_smallint(r), gi_smallint(e), gi_smallint(s));
}
GI_FUNCTION(posix, setgroups, "(groups, /)", "Set the groups of the current process to list.") {
    if (!gi_is_sequence(a->groups)) return gi_raise_ref(ts, &gi_exc_TypeError, "setgroups argument must be a sequence");
    ssize_t n = gi_length(ts, a->groups);
    if (n < 0) return GI_NULL;
    if (n > 65536) return gi_raise_ref(ts, &gi_exc_ValueError, "too many groups");
    GiRef list = gi_to_tuple(ts, a->groups);
    gid_t *groups = gi_is_null(list) ? NULL : malloc((gi_tuple_len(list) + 1) * sizeof *groups);
    size_t count = gi_is_null(list) ? 0 : gi_tuple_len(list);
    if (!gi_is_null(list) && groups == NULL) gi_raise_nomem(ts);
    for (size_t i = 0; groups && i < count; i++) {
        GiVal v = gi_tuple_get(gi_val(list), i);
        if (!gi_is_int(v)) gi_raise(ts, &gi_exc_TypeError, "groups must be integers");
        else if (gi_posix_id(ts, v, "gid", &groups[i]) == GI_OK) continue;
        free(groups);
        groups = NULL;
    }
    gi_xdrop(ts, list);
    if (groups == NULL) return GI_NULL;
    int result = setgroups(count, groups), error = errno;
    free(groups);
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, initgroups, "(username, gid, /)", "Initialize the group access list.\n\nCall the system initgroups() to initialize the group access list with all of\nthe groups of which the specified username is a member, plus the specified\ngroup id.") {
    uint32_t gid;
    GI_PATH(name);
    if (gi_path_get(ts, a->username, NULL, "username", false, false, &name) < 0) return GI_NULL;
    if (gi_posix_id(ts, a->gid, "gid", &gid) < 0) {
        gi_path_drop(ts, &name);
        return GI_NULL;
    }
    int result = 0, error = 0;
    GI_BLOCKING(&ts->core, "initgroups") {
        result = initgroups(name.text, gid);
        error = errno;
    }
    gi_path_drop(ts, &name);
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
GI_FUNCTION(posix, getgrouplist, "(user: cstr, group, /)", "Returns a list of groups to which a user belongs.\n\n  user\n    username to lookup\n  group\n    base group id of the user") {
    uint32_t gid;
    if (gi_posix_id(ts, a->group, "gid", &gid) < 0) return GI_NULL;
    gid_t *groups = NULL;
    int n = 16, result = -1;
    while (result < 0 && n <= 1 << 20) {
        gid_t *grown = realloc(groups, (size_t)n * sizeof *groups);
        if (grown == NULL) {
            free(groups);
            return gi_raise_nomem(ts);
        }
        groups = grown;
        int room = n;
        GI_BLOCKING(&ts->core, "getgrouplist") result = getgrouplist(a->user, gid, groups, &n);
        if (result < 0 && n <= room) n = room * 2;
    }
    GiRef list = id_list(ts, groups, n);
    free(groups);
    return list;
}

/* ---- Priorities and scheduling ---- */

GI_FUNCTION(posix, getpriority, "(which: int, who: int)", "Return program scheduling priority.") {
    errno = 0;
    int r = getpriority((__priority_which_t)a->which, (id_t)a->who);
    return errno ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, setpriority, "(which: int, who: int, priority: int)", "Set program scheduling priority.") {
    return check(ts, setpriority((__priority_which_t)a->which, (id_t)a->who, a->priority));
}
GI_FUNCTION(posix, nice, "(increment: int, /)", "Add increment to the priority of process and return the new priority.") {
    errno = 0;
    int r = nice(a->increment);
    return r == -1 && errno ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, sched_getaffinity, "(pid: int, /)", "Return the affinity of the process identified by pid (or the current process if zero).\n\nThe affinity is returned as a set of CPU identifiers.") {
    cpu_set_t set;
    if (sched_getaffinity(a->pid, sizeof set, &set) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef r = gi_set_new(ts, GI_NOVAL);
    for (int i = 0; i < CPU_SETSIZE && !gi_is_null(r); i++)
        if (CPU_ISSET(i, &set) && gi_set_add(ts, gi_val(r), gi_smallint(i)) < 0) {
            gi_drop(ts, r);
            return GI_NULL;
        }
    return r;
}
GI_FUNCTION(posix, sched_yield, "()", "Voluntarily relinquish the CPU.") {
    GI_BLOCKING(&ts->core, "sched_yield") sched_yield();
    return GI_REF_NONE;
}
GI_FUNCTION(posix, sched_setaffinity, "(pid: int, mask, /)", "Set the CPU affinity of the process identified by pid to mask.\n\n  pid\n    The PID of the process to be restricted.\n  mask\n    An iterable of integers identifying CPUs.") {
    cpu_set_t set;
    CPU_ZERO(&set);
    GiRef list = gi_to_list(ts, a->mask);
    if (gi_is_null(list)) return list;
    for (size_t i = 0; i < gi_list_len(list); i++) {
        GiVal item = gi_list_peek_locked(gi_val(list), i);
        int64_t cpu = 0;
        if (!gi_is_int(item))
            gi_raise(ts, &gi_exc_TypeError, "expected an iterator of ints, but iterator yielded %R", gi_type_val(gi_type_of(item)));
        else if (gi_int_sign(item) < 0)
            gi_raise(ts, &gi_exc_ValueError, "negative CPU number");
        else if (gi_int_as_i64(item, &cpu) != 0 || cpu >= INT_MAX)
            gi_raise(ts, &gi_exc_OverflowError, "CPU number too large");
        if (gi_raised(ts)) {
            gi_drop(ts, list);
            return GI_NULL;
        }
        if (cpu < CPU_SETSIZE) CPU_SET((size_t)cpu, &set);
    }
    gi_drop(ts, list);
    return check(ts, sched_setaffinity(a->pid, sizeof set, &set));
}
GI_FUNCTION(posix, sched_get_priority_max, "(policy: int)", "Get the maximum scheduling priority for policy.") {
    int r = sched_get_priority_max(a->policy);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, sched_get_priority_min, "(policy: int)", "Get the minimum scheduling priority for policy.") {
    int r = sched_get_priority_min(a->policy);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, sched_getscheduler, "(pid: int, /)", "Get the scheduling policy for the process identified by pid.\n\nPassing 0 for pid returns the scheduling policy for the calling process.") {
    int r = sched_getscheduler(a->pid);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, sched_rr_get_interval, "(pid: int, /)", "Return the round-robin quantum for the process identified by pid, in seconds.\n\nValue returned is a float.") {
    struct timespec t;
    if (sched_rr_get_interval(a->pid, &t) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_double_ref((double)t.tv_sec + 1e-9 * (double)t.tv_nsec);
}
GiStatus gi_posix_sched_param(GiThread *ts, GiVal v, struct sched_param *out) {
    GiVal type = gi_val(gi_posix_state(ts)->sched_param);
    int64_t priority;
    if (gi_is_null(type) || gi_type_of(v) != gi_as_type(type))
        return gi_raise_status(ts, &gi_exc_TypeError, "must have a sched_param object");
    GiRef index = gi_index(ts, gi_tuple_get(v, 0));
    if (gi_is_null(index)) return GI_FAIL;
    bool fits = gi_int_as_i64(gi_val(index), &priority) == 0 && priority >= INT_MIN && priority <= INT_MAX;
    gi_drop(ts, index);
    if (!fits) return gi_raise_status(ts, &gi_exc_OverflowError, "sched_priority out of range");
    *out = (struct sched_param){.sched_priority = (int)priority};
    return GI_OK;
}
GI_FUNCTION(posix, sched_getparam, "(pid: int, /)", "Returns scheduling parameters for the process identified by pid.\n\nIf pid is 0, returns parameters for the calling process.\nReturn value is an instance of sched_param.") {
    struct sched_param param;
    if (sched_getparam(a->pid, &param) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef value = gi_smallint_ref(param.sched_priority);
    return gi_structseq_new(ts, gi_val(gi_posix_state(ts)->sched_param), &value, 1);
}
GI_FUNCTION(posix, sched_setparam, "(pid: int, param, /)", "Set scheduling parameters for the process identified by pid.\n\nIf pid is 0, sets parameters for the calling process.\nparam should be an instance of sched_param.") {
    struct sched_param param;
    if (gi_posix_sched_param(ts, a->param, &param) < 0) return GI_NULL;
    return check(ts, sched_setparam(a->pid, &param));
}
GI_FUNCTION(posix, sched_setscheduler, "(pid: int, policy: int, param, /)", "Set the scheduling policy for the process identified by pid.\n\nIf pid is 0, the calling process is changed.\nparam is an instance of sched_param.") {
    struct sched_param param;
    if (gi_posix_sched_param(ts, a->param, &param) < 0) return GI_NULL;
    return check(ts, sched_setscheduler(a->pid, a->policy, &param) < 0 ? -1 : 0);
}
/* Unlike other structs of this kind it is made from its fields. */
GI_NEW(sched_param, "(cls, sched_priority)", NULL) {
    GiRef value = gi_dup(ts, a->sched_priority);
    return gi_structseq_new(ts, gi_type_val(type), &value, 1);
}

/* ---- Terminals ---- */

GI_FUNCTION(posix, tcgetpgrp, "(fd: int, /)", "Return the process group associated with the terminal specified by fd.") {
    pid_t r = tcgetpgrp(a->fd);
    return r < 0 ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_smallint_ref(r);
}
GI_FUNCTION(posix, tcsetpgrp, "(fd: int, pgid: int, /)", "Set the process group associated with the terminal specified by fd.") {
    return check(ts, tcsetpgrp(a->fd, a->pgid));
}
GI_FUNCTION(posix, login_tty, "(fd: fd, /)", "Prepare the tty of which fd is a file descriptor for a new login session.\n\nMake the calling process a session leader; make the tty the\ncontrolling tty, the stdin, the stdout, and the stderr of the\ncalling process; close fd.") {
    return check(ts, login_tty(a->fd));
}
GI_FUNCTION(posix, ctermid, "()", "Return the name of the controlling terminal for this process.") {
    char name[L_ctermid + 1];
    return ctermid(name) == NULL ? gi_raise_errno(ts, errno, GI_NOVAL) : gi_str_from_fs(ts, name, strlen(name));
}

GiStatus gi_posix_identity_init(GiThread *ts, GiVal module) {
    static const GiStructField field = {"sched_priority", "the scheduling priority"};
    static const GiIntConstant constants[] = {
        {"SCHED_OTHER", SCHED_OTHER}, {"SCHED_FIFO", SCHED_FIFO}, {"SCHED_RR", SCHED_RR}, {"SCHED_BATCH", SCHED_BATCH},
        {"SCHED_IDLE", SCHED_IDLE}, {"SCHED_RESET_ON_FORK", SCHED_RESET_ON_FORK}, {"PRIO_PROCESS", PRIO_PROCESS},
        {"PRIO_PGRP", PRIO_PGRP}, {"PRIO_USER", PRIO_USER}};
    if (gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0) return GI_FAIL;
    GiRef type = gi_structseq_type(ts, "posix.sched_param", "sched_param(sched_priority)\n--\n\nCurrently has only one field: sched_priority\n\n  sched_priority\n    A scheduling parameter.", &field, 1, 1);
    if (gi_is_null(type)) return GI_FAIL;
    gi_as_type(type)->new_ = sched_param_new;
    gi_slot_init(&((GiPosixState *)gi_module_state(module))->sched_param, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, "sched_param", type);
}
const GiMethodDef *const gi_posix_identity_functions = posix_functions;
