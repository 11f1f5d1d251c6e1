/* _multiprocessing.c - SemLock: locks and semaphores shared between processes (POSIX semaphores). */
#include "modules/module.h"
#include "os/clock.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* LOCK: count and owner are written by the thread that holds the semaphore. */
typedef struct GiSemLock {
    GiObj obj;
    sem_t *handle;
    _Atomic uint64_t owner;
    _Atomic int count;
    int maxvalue, kind;
    GiSlot name; /* str or null */
} GiSemLock;
enum { RECURSIVE_MUTEX, SEMAPHORE };
extern GiType gi_semlock_type;
#include "modules/_multiprocessing.gen.h"

#define SEM(v) ((GiSemLock *)gi_obj(v))
static bool mine(GiThread *ts, GiSemLock *s) { return atomic_load(&s->count) > 0 && atomic_load(&s->owner) == ts->core.ident; }

static GiRef make(GiThread *ts, GiType *type, sem_t *handle, int kind, int maxvalue, GiVal name) {
    GiRef made = gi_type_alloc(ts, type, 0);
    if (gi_is_null(made)) return made;
    GiSemLock *s = SEM(made);
    s->handle = handle;
    s->kind = kind;
    s->maxvalue = maxvalue;
    gi_slot_init(&s->name, gi_is_none(name) ? GI_NULL : gi_dup(ts, name));
    return made;
}

GI_NEW(semlock, "(cls, kind: int, value: int, maxvalue: int, name: str, unlink: bool)", NULL) {
    if (a->kind != RECURSIVE_MUTEX && a->kind != SEMAPHORE) return gi_raise_ref(ts, &gi_exc_ValueError, "unrecognized kind");
    const char *name = gi_str_cstr(ts, a->name);
    if (name == NULL) return GI_NULL;
    sem_t *handle = SEM_FAILED;
    int error = 0;
    GI_BLOCKING(&ts->core, "sem_open") {
        handle = sem_open(name, O_CREAT | O_EXCL, 0600, (unsigned)a->value);
        if (handle == SEM_FAILED) {
            error = errno;
        } else if (a->unlink && sem_unlink(name) < 0) {
            error = errno;
            sem_close(handle);
        }
    }
    if (error) return gi_raise_errno(ts, error, GI_NOVAL);
    GiRef made = make(ts, type, handle, a->kind, a->maxvalue, a->unlink ? GI_NONE : a->name);
    if (gi_is_null(made)) sem_close(handle);
    return made;
}
GI_CLASSMETHOD(semlock, _rebuild, "(cls, handle: i64, kind: int, maxvalue: int, name, /)", NULL) {
    sem_t *handle = (sem_t *)(intptr_t)a->handle;
    if (!gi_is_none(a->name)) {
        const char *name = gi_is_str(a->name) ? gi_str_cstr(ts, a->name) : NULL;
        if (name == NULL) return gi_raised(ts) ? GI_NULL : gi_raise_ref(ts, &gi_exc_TypeError, "name must be a str or None");
        int error = 0;
        GI_BLOCKING(&ts->core, "sem_open") {
            handle = sem_open(name, 0);
            error = errno;
        }
        if (handle == SEM_FAILED) return gi_raise_errno(ts, error, GI_NOVAL);
    }
    return make(ts, gi_as_type(self), handle, a->kind, a->maxvalue, a->name);
}
static GiRef acquire(GiThread *ts, GiVal self, bool block, GiVal timeout) {
    GiSemLock *s = SEM(self);
    if (s->kind == RECURSIVE_MUTEX && mine(ts, s)) {
        atomic_fetch_add(&s->count, 1);
        return GI_REF_TRUE;
    }
    bool limited = block && !gi_is_null(timeout) && !gi_is_none(timeout);
    struct timespec deadline = {0};
    if (limited) {
        double seconds;
        if (gi_as_double(ts, timeout, &seconds) < 0) return GI_NULL;
        if (!(seconds > 0)) seconds = 0;
        if (seconds > 1e12) seconds = 1e12;
        clock_gettime(CLOCK_REALTIME, &deadline);
        double whole = floor(seconds);
        deadline.tv_sec += (time_t)whole;
        deadline.tv_nsec += (long)((seconds - whole) * 1e9 + 0.5);
        if (deadline.tv_nsec >= 1000000000) deadline.tv_sec++, deadline.tv_nsec -= 1000000000;
    }
    int result = sem_trywait(s->handle), error = errno;
    while (result < 0 && error == EAGAIN && block) {
        do {
            GI_BLOCKING(&ts->core, "sem_wait") {
                result = limited ? sem_timedwait(s->handle, &deadline) : sem_wait(s->handle);
                error = errno;
            }
            if (result < 0 && error == EINTR && gi_check_signals(ts) < 0) return GI_NULL;
        } while (result < 0 && error == EINTR);
    }
    if (result < 0) {
        if (error == EAGAIN || error == ETIMEDOUT) return GI_REF_FALSE;
        return gi_raise_errno(ts, error, GI_NOVAL);
    }
    atomic_fetch_add(&s->count, 1);
    atomic_store(&s->owner, ts->core.ident);
    return GI_REF_TRUE;
}
GI_METHOD(semlock, acquire, "(self, block: bool = True, timeout = None)", "Acquire the semaphore/lock.") { return acquire(ts, self, a->block, a->timeout); }
GI_METHOD(semlock, __enter__, "(self)", "Enter the semaphore/lock.") { return acquire(ts, self, true, GI_NOVAL); }
static GiRef release(GiThread *ts, GiVal self) {
    GiSemLock *s = SEM(self);
    if (s->kind == RECURSIVE_MUTEX) {
        if (!mine(ts, s)) return gi_raise_ref(ts, &gi_exc_AssertionError, "attempt to release recursive lock not owned by thread");
        if (atomic_load(&s->count) > 1) {
            atomic_fetch_sub(&s->count, 1);
            return GI_REF_NONE;
        }
    } else {
        int value;
        if (sem_getvalue(s->handle, &value) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
        if (value >= s->maxvalue) return gi_raise_ref(ts, &gi_exc_ValueError, "semaphore or lock released too many times");
    }
    atomic_fetch_sub(&s->count, 1);
    if (sem_post(s->handle) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return GI_REF_NONE;
}
GI_METHOD(semlock, release, "(self)", "Release the semaphore/lock.") { return release(ts, self); }
GI_METHOD(semlock, __exit__, "(self, exc_type = None, exc_value = None, exc_tb = None, /)", "Exit the semaphore/lock.") { return release(ts, self); }
GI_METHOD(semlock, _count, "(self)", "Num of `acquire()`s minus num of `release()`s for this process.") { return gi_smallint_ref(atomic_load(&SEM(self)->count)); }
GI_METHOD(semlock, _is_mine, "(self)", "Whether the lock is owned by this thread.") { return gi_bool_ref(mine(ts, SEM(self))); }
GI_METHOD(semlock, _get_value, "(self)", "Get the value of the semaphore.") {
    int value;
    if (sem_getvalue(SEM(self)->handle, &value) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_smallint_ref(value < 0 ? 0 : value);
}
GI_METHOD(semlock, _is_zero, "(self)", "Return whether semaphore has value zero.") {
    int value;
    if (sem_getvalue(SEM(self)->handle, &value) < 0) return gi_raise_errno(ts, errno, GI_NOVAL);
    return gi_bool_ref(value == 0);
}
GI_METHOD(semlock, _after_fork, "(self)", "Rezero the net acquisition count after fork().") {
    atomic_store(&SEM(self)->count, 0);
    return GI_REF_NONE;
}
GI_GETTER(semlock, handle, NULL) { return gi_int_from_i64(ts, (int64_t)(intptr_t)SEM(self)->handle); }
static void semlock_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiSemLock *s = (GiSemLock *)obj;
    if (s->handle) sem_close(s->handle);
}
static const GiMemberDef semlock_members[] = {
    {"kind", GI_MEMBER_INT, offsetof(GiSemLock, kind), true, NULL}, {"maxvalue", GI_MEMBER_INT, offsetof(GiSemLock, maxvalue), true, NULL},
    {"name", GI_MEMBER_OBJECT, offsetof(GiSemLock, name), true, NULL}, {.name = NULL}};
static const GiField semlock_fields[] = {GI_SLOT(GiSemLock, name), GI_FIELDS_END};
GiType gi_semlock_type = {
    .obj = GI_TYPE_HEAD, .name = "_multiprocessing.SemLock", .module = "_multiprocessing", .size = sizeof(GiSemLock),
    .base = &gi_object_type, .flags = GI_TYPE_BASE | GI_TYPE_GC, .fields = semlock_fields, .methods = semlock_methods,
    .members = semlock_members, .getset = semlock_getset, .new_ = semlock_new, .destroy = semlock_destroy,
    .doc = "Semaphore/Mutex type",
};
GI_FUNCTION(_multiprocessing, sem_unlink, "(name: str, /)", NULL) {
    const char *name = gi_str_cstr(ts, a->name);
    if (name == NULL) return GI_NULL;
    int result = 0, error = 0;
    GI_BLOCKING(&ts->core, "sem_unlink") {
        result = sem_unlink(name);
        error = errno;
    }
    return result < 0 ? gi_raise_errno(ts, error, GI_NOVAL) : GI_REF_NONE;
}
static GiStatus _multiprocessing_exec(GiThread *ts, GiVal module) {
    if (gi_module_add_type(ts, module, &gi_semlock_type) < 0 ||
        gi_type_add(ts, &gi_semlock_type, "SEM_VALUE_MAX", gi_smallint(INT_MAX)) < 0)
        return GI_FAIL;
    gi_type_modified(ts, &gi_semlock_type, GI_NOVAL);
    GiRef flags = gi_dict_new(ts);
    static const char *const have[] = {"HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT"};
    for (size_t i = 0; i < 2; i++)
        if (gi_is_null(flags) || gi_dict_set_cstr(ts, gi_val(flags), have[i], gi_smallint(1)) < 0) return GI_FAIL;
    return gi_module_add(ts, module, "flags", flags);
}
const GiModuleDef gi_module__multiprocessing = {.name = "_multiprocessing", .functions = _multiprocessing_functions, .exec = _multiprocessing_exec};
