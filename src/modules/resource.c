/* resource.c - limits and use of resources. */
#include "modules/posix/internal.h"
#include <sys/resource.h>

typedef struct ResourceState { GiSlot rusage; } ResourceState;
#include "modules/resource.gen.h"

static ResourceState *state_of(GiVal module) { return gi_module_state(module); }
static double seconds(struct timeval t) { return (double)t.tv_sec + (double)t.tv_usec / 1e6; }

GI_FUNCTION(resource, getrusage, "(who: int, /)", NULL) {
    struct rusage u;
    if (getrusage(a->who, &u) < 0)
        return errno == EINVAL ? gi_raise_ref(ts, &gi_exc_ValueError, "invalid who parameter") : gi_raise_errno(ts, errno, GI_NOVAL);
    GiRef v[16] = {gi_double_ref(seconds(u.ru_utime)), gi_double_ref(seconds(u.ru_stime))};
    const long numbers[] = {u.ru_maxrss, u.ru_ixrss, u.ru_idrss, u.ru_isrss, u.ru_minflt, u.ru_majflt, u.ru_nswap,
                            u.ru_inblock, u.ru_oublock, u.ru_msgsnd, u.ru_msgrcv, u.ru_nsignals, u.ru_nvcsw, u.ru_nivcsw};
    for (size_t i = 0; i < GI_COUNTOF(numbers); i++) v[i + 2] = gi_int_from_i64(ts, numbers[i]);
    return gi_structseq_new(ts, gi_val(state_of(self)->rusage), v, 16);
}

static GiRef pair(GiThread *ts, struct rlimit limit) {
    GiRef v[] = {gi_int_from_i64(ts, (int64_t)limit.rlim_cur), gi_int_from_i64(ts, (int64_t)limit.rlim_max)};
    return gi_tuple_steal(ts, v, 2);
}
static bool bad_resource(GiThread *ts, int resource) {
    if (resource >= 0 && resource < (int)RLIM_NLIMITS) return false;
    gi_raise(ts, &gi_exc_ValueError, "invalid resource specified");
    return true;
}
static GiStatus read_one(GiThread *ts, GiVal v, rlim_t *out) {
    GiRef n = gi_index(ts, v);
    if (gi_is_null(n)) return GI_FAIL;
    int64_t value;
    int sign = gi_int_as_i64(gi_val(n), &value);
    gi_drop(ts, n);
    if (sign) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    *out = (rlim_t)value;
    return GI_OK;
}
/* A pair (soft, hard) out of any iterable. */
static GiStatus read_limits(GiThread *ts, GiVal limits, struct rlimit *out) {
    GiRef t = gi_to_tuple(ts, limits);
    if (gi_is_null(t)) return GI_FAIL;
    GiStatus status;
    if (gi_tuple_len(t) != 2) status = gi_raise_status(ts, &gi_exc_ValueError, "expected a tuple of 2 integers");
    else {
        status = read_one(ts, gi_tuple_get(gi_val(t), 0), &out->rlim_cur);
        if (status == GI_OK) status = read_one(ts, gi_tuple_get(gi_val(t), 1), &out->rlim_max);
    }
    gi_drop(ts, t);
    return status;
}
static GiRef limit_error(GiThread *ts, int error) {
    if (error == EINVAL) return gi_raise_ref(ts, &gi_exc_ValueError, "current limit exceeds maximum limit");
    if (error == EPERM) return gi_raise_ref(ts, &gi_exc_ValueError, "not allowed to raise maximum limit");
    return gi_raise_errno(ts, error, GI_NOVAL);
}
GI_FUNCTION(resource, getrlimit, "(resource: int, /)", NULL) {
    struct rlimit limit;
    if (bad_resource(ts, a->resource)) return GI_NULL;
    if (getrlimit((__rlimit_resource_t)a->resource, &limit) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return pair(ts, limit);
}
GI_FUNCTION(resource, setrlimit, "(resource: int, limits, /)", NULL) {
    struct rlimit limit;
    if (bad_resource(ts, a->resource) || gi_auditf(ts, "resource.setrlimit", "iO", a->resource, a->limits) < 0 || read_limits(ts, a->limits, &limit) < 0) return GI_NULL;
    if (setrlimit((__rlimit_resource_t)a->resource, &limit) < 0) return limit_error(ts, errno);
    return GI_REF_NONE;
}
static GiRef prlimit_raw(GiThread *ts, GiVal self GI_UNUSED, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (gi_no_kwargs(ts, "resource.prlimit", kwnames) < 0) return GI_NULL;
    if (nargs < 2 || nargs > 3) return gi_raise_ref(ts, &gi_exc_TypeError, "resource.prlimit requires 2 to 3 arguments");
    int pid, resource;
    if (gi_as_int(ts, args[0], &pid) < 0 || gi_as_int(ts, args[1], &resource) < 0 || bad_resource(ts, resource)) return GI_NULL;
    struct rlimit before, after;
    if (nargs == 3 && read_limits(ts, args[2], &after) < 0) return GI_NULL;
    if (gi_auditf(ts, "resource.prlimit", "iiO", pid, resource, nargs == 3 ? args[2] : GI_NONE) < 0) return GI_NULL;
    if (prlimit(pid, (enum __rlimit_resource)resource, nargs == 3 ? &after : NULL, &before) < 0)
        return errno == EINVAL ? gi_raise_ref(ts, &gi_exc_ValueError, "current limit exceeds maximum limit") : gi_raise_errno(ts, errno, GI_NOVAL);
    return pair(ts, before);
}
GI_FUNCTION(resource, getpagesize, "()", NULL) { return gi_smallint_ref(sysconf(_SC_PAGESIZE)); }

static const GiMethodDef raw_functions[] = {
    {.name = "prlimit", .body = (GiNativeBody)(void (*)(void))prlimit_raw, .shape = GI_CALL_RAW, .binding = GI_METHOD_FUNCTION,
     .doc = "prlimit(pid, resource, [limits])"},
    {.name = NULL}};

static GiStatus resource_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {
        {"ru_utime", "user time used"}, {"ru_stime", "system time used"}, {"ru_maxrss", "max. resident set size"},
        {"ru_ixrss", "shared memory size"}, {"ru_idrss", "unshared data size"}, {"ru_isrss", "unshared stack size"},
        {"ru_minflt", "page faults not requiring I/O"}, {"ru_majflt", "page faults requiring I/O"}, {"ru_nswap", "number of swap outs"},
        {"ru_inblock", "block input operations"}, {"ru_oublock", "block output operations"}, {"ru_msgsnd", "IPC messages sent"},
        {"ru_msgrcv", "IPC messages received"}, {"ru_nsignals", "signals received"}, {"ru_nvcsw", "voluntary context switches"},
        {"ru_nivcsw", "involuntary context switches"}};
    static const GiIntConstant constants[] = {
        {"RLIMIT_AS", RLIMIT_AS}, {"RLIMIT_CORE", RLIMIT_CORE}, {"RLIMIT_CPU", RLIMIT_CPU}, {"RLIMIT_DATA", RLIMIT_DATA},
        {"RLIMIT_FSIZE", RLIMIT_FSIZE}, {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK}, {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
        {"RLIMIT_NICE", RLIMIT_NICE}, {"RLIMIT_NOFILE", RLIMIT_NOFILE}, {"RLIMIT_NPROC", RLIMIT_NPROC}, {"RLIMIT_OFILE", RLIMIT_OFILE},
        {"RLIMIT_RSS", RLIMIT_RSS}, {"RLIMIT_RTPRIO", RLIMIT_RTPRIO}, {"RLIMIT_RTTIME", RLIMIT_RTTIME},
        {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING}, {"RLIMIT_STACK", RLIMIT_STACK}, {"RLIM_INFINITY", (int64_t)RLIM_INFINITY},
        {"RUSAGE_CHILDREN", RUSAGE_CHILDREN}, {"RUSAGE_SELF", RUSAGE_SELF}, {"RUSAGE_THREAD", RUSAGE_THREAD}};
    GiRef type = gi_structseq_type(ts, "resource.struct_rusage", "struct_rusage: Result from getrusage.\n\nThis object may be accessed either as a tuple of\n    (utime,stime,maxrss,ixrss,idrss,isrss,minflt,majflt,\n    nswap,inblock,oublock,msgsnd,msgrcv,nsignals,nvcsw,nivcsw)\nor via the attributes ru_utime, ru_stime, ru_maxrss, and so on.", fields, 16, 16);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state_of(module)->rusage, gi_dup(ts, gi_val(type)));
    if (gi_module_add(ts, module, "struct_rusage", type) < 0 || gi_module_add_functions(ts, module, raw_functions) < 0 ||
        gi_module_add(ts, module, "error", gi_dup(ts, gi_type_val(&gi_exc_OSError))) < 0)
        return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField state_fields[] = {GI_SLOT(ResourceState, rusage), GI_FIELDS_END};
const GiModuleDef gi_module_resource = {.name = "resource", .functions = resource_functions, .exec = resource_exec,
                                        .state_size = sizeof(ResourceState), .state_fields = state_fields};
