/* exceptions_os.c - OSError and its subclasses.
 *
 * OSError(errno, ...) makes an instance of the subclass of that errno. The arguments are read in
 * new_, unless a subclass overrides __init__ and not __new__: then in init.
 */
#include "objects/exceptions_internal.h"

#include "objects/int.h"

#include <errno.h>

#include "objects/exceptions_os.gen.h"

#define os_error_of(v) ((GiOSError *)gi_obj(v))

static GiStatus os_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames);
static GiRef os_error_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);

static const struct { int number; GiType *type; } errno_types[] = {
    {EAGAIN, &gi_exc_BlockingIOError},        {EALREADY, &gi_exc_BlockingIOError},
    {EINPROGRESS, &gi_exc_BlockingIOError},   {EPIPE, &gi_exc_BrokenPipeError},
    {ESHUTDOWN, &gi_exc_BrokenPipeError},     {ECHILD, &gi_exc_ChildProcessError},
    {ECONNABORTED, &gi_exc_ConnectionAbortedError},
    {ECONNREFUSED, &gi_exc_ConnectionRefusedError},
    {ECONNRESET, &gi_exc_ConnectionResetError},
    {EEXIST, &gi_exc_FileExistsError},        {ENOENT, &gi_exc_FileNotFoundError},
    {EISDIR, &gi_exc_IsADirectoryError},      {ENOTDIR, &gi_exc_NotADirectoryError},
    {EINTR, &gi_exc_InterruptedError},        {EACCES, &gi_exc_PermissionError},
    {EPERM, &gi_exc_PermissionError},         {ESRCH, &gi_exc_ProcessLookupError},
    {ETIMEDOUT, &gi_exc_TimeoutError},
};

static bool init_reads_arguments(const GiType *type) {
    return type->init != os_error_init && type->new_ == os_error_new;
}

/* Fills the fields from the arguments. */
static GiStatus fill(GiThread *ts, GiVal self, const GiVal *args, size_t nargs) {
    GiOSError *exc = os_error_of(self);
    size_t kept = nargs;
    if (nargs >= 2 && nargs <= 5) {
        GiVal filename = nargs > 2 ? args[2] : GI_NONE, filename2 = nargs > 4 ? args[4] : GI_NONE;
        if (!gi_is_none(filename)) {
            GiType *given = gi_type_of(filename);
            bool number = given->index || given->to_int || given->to_float || gi_is_instance_of(filename, &gi_complex_type);
            if (gi_type_of(self) == &gi_exc_BlockingIOError && number) {
                GiRef index = gi_index(ts, filename);
                int64_t n;
                if (gi_is_null(index)) return GI_FAIL;
                int range = gi_int_as_i64(gi_val(index), &n);
                gi_drop(ts, index);
                if (range)
                    return gi_raise_status(ts, &gi_exc_ValueError,
                                           "cannot fit 'int' into an index-sized integer");
                exc->written = n;
            } else {
                gi_slot_copy(ts, &exc->filename, filename);
                if (!gi_is_none(filename2)) gi_slot_copy(ts, &exc->filename2, filename2);
                kept = 2;
            }
        }
        gi_slot_copy(ts, &exc->errno_, args[0]);
        gi_slot_copy(ts, &exc->strerror, args[1]);
    }
    GiRef tuple = gi_tuple_from(ts, args, kept);
    if (gi_is_null(tuple)) return GI_FAIL;
    gi_slot_store(ts, &exc->base.args, tuple);
    return GI_OK;
}

/* The class for an errno: any int with its value will do. */
static GiType *type_of_errno(GiVal number) {
    int64_t n = 0;
    if (!gi_is_int(number) || gi_int_as_i64(number, &n)) return &gi_exc_OSError;
    for (size_t i = 0; i < GI_COUNTOF(errno_types); i++)
        if (errno_types[i].number == n) return errno_types[i].type;
    return &gi_exc_OSError;
}

static GiRef os_error_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    bool later = init_reads_arguments(type);
    if (!later) {
        if (gi_exc_no_kwargs(ts, type, kwnames)) return GI_NULL;
        if (type == &gi_exc_OSError && nargs >= 2 && nargs <= 5) type = type_of_errno(args[0]);
    }
    GiRef self = gi_base_exception_new(ts, type, args, 0, GI_NOVAL);
    if (gi_is_null(self)) return self;
    os_error_of(self)->written = -1;
    if (!later && fill(ts, gi_val(self), args, nargs)) {
        gi_drop(ts, self);
        return GI_NULL;
    }
    return self;
}

static GiStatus os_error_init(GiThread *ts, GiVal self, const GiVal *args, size_t nargs, GiVal kwnames) {
    if (!init_reads_arguments(gi_type_of(self))) return GI_OK;
    if (gi_exc_no_kwargs(ts, gi_type_of(self), kwnames)) return GI_FAIL;
    return fill(ts, self, args, nargs);
}

static GiRef os_error_str(GiThread *ts, GiVal self) {
    GiOSError *exc = os_error_of(self);
    /* Owned: the texts of the parts may be made by code that assigns the others. */
    GiRef number = gi_slot_load(ts, &exc->errno_), text = gi_slot_load(ts, &exc->strerror);
    GiRef file = gi_slot_load(ts, &exc->filename), file2 = gi_slot_load(ts, &exc->filename2), result;
    bool plain = gi_is_null(file) && (gi_is_null(number) || gi_is_null(text));
    if (gi_is_null(number)) number = GI_REF_NONE;
    if (gi_is_null(text)) text = GI_REF_NONE;
    if (plain)
        result = gi_base_exception_str(ts, self);
    else if (gi_is_null(file))
        result = gi_str_format(ts, "[Errno %S] %S", gi_val(number), gi_val(text));
    else if (gi_is_null(file2))
        result = gi_str_format(ts, "[Errno %S] %S: %R", gi_val(number), gi_val(text), gi_val(file));
    else
        result = gi_str_format(ts, "[Errno %S] %S: %R -> %R", gi_val(number), gi_val(text), gi_val(file), gi_val(file2));
    gi_drop(ts, number);
    gi_drop(ts, text);
    gi_xdrop(ts, file);
    gi_xdrop(ts, file2);
    return result;
}

GI_METHOD(os_error, __reduce__, "(self, /)", NULL) {
    GiOSError *exc = os_error_of(self);
    GiRef full = gi_slot_load(ts, &exc->base.args), file = gi_slot_load(ts, &exc->filename);
    if (gi_is_null(full)) {
        full = gi_tuple_new(ts, 0);
    } else if (gi_tuple_len(full) == 2 && !gi_is_null(file)) {
        GiRef file2 = gi_slot_load(ts, &exc->filename2), args = full;
        full = gi_tuple_pack(ts, gi_is_null(file2) ? 3 : 5, gi_tuple_get(gi_val(args), 0),
                             gi_tuple_get(gi_val(args), 1), gi_val(file), GI_NONE,
                             gi_is_null(file2) ? GI_NONE : gi_val(file2));
        gi_drop(ts, args);
        gi_xdrop(ts, file2);
    }
    gi_xdrop(ts, file);
    return gi_exc_reduce(ts, self, full, GI_NULL);
}

GI_GETTER(os_error, characters_written, NULL) {
    ssize_t n = os_error_of(self)->written;
    if (n == -1) return gi_raise_ref(ts, &gi_exc_AttributeError, "characters_written");
    return gi_int_from_i64(ts, n);
}
GI_SETTER(os_error, characters_written) {
    GiOSError *exc = os_error_of(self);
    if (gi_is_null(value)) {
        if (exc->written == -1)
            return gi_raise_status(ts, &gi_exc_AttributeError, "characters_written");
        exc->written = -1;
        return GI_OK;
    }
    GiRef index = gi_index(ts, value);
    int64_t n;
    if (gi_is_null(index)) return GI_FAIL;
    int range = gi_int_as_i64(gi_val(index), &n);
    gi_drop(ts, index);
    if (range)
        return gi_raise_status(ts, &gi_exc_ValueError, "cannot fit '%T' into an index-sized integer", value);
    exc->written = n;
    return GI_OK;
}

static const GiField os_error_fields[] = {
    GI_SLOT(GiOSError, errno_), GI_SLOT(GiOSError, strerror), GI_SLOT(GiOSError, filename),
    GI_SLOT(GiOSError, filename2), GI_FIELDS_END,
};
static const GiMemberDef os_error_members[] = {
    {"errno", GI_MEMBER_OBJECT, offsetof(GiOSError, errno_), false, "POSIX exception code"},
    {"strerror", GI_MEMBER_OBJECT, offsetof(GiOSError, strerror), false, "exception strerror"},
    {"filename", GI_MEMBER_OBJECT, offsetof(GiOSError, filename), false, "exception filename"},
    {"filename2", GI_MEMBER_OBJECT, offsetof(GiOSError, filename2), false, "second exception filename"},
    {.name = NULL},
};
GiType gi_exc_OSError = {
    .obj = GI_TYPE_HEAD,
    .name = "OSError",
    .flags = EXC_FLAGS,
    .size = sizeof(GiOSError),
    .base = &gi_exc_Exception,
    .doc = "Base class for I/O related errors.",
    .fields = os_error_fields,
    .members = os_error_members,
    .methods = os_error_methods,
    .getset = os_error_getset,
    .new_ = os_error_new,
    .init = os_error_init,
    .str = os_error_str,
};

#define OS(name_, base_, doc_)                                                                     \
    GiType gi_exc_##name_ = {.obj = GI_TYPE_HEAD,                                                  \
                             .name = #name_,                                                       \
                             .flags = EXC_FLAGS,                                                   \
                             .size = sizeof(GiOSError),                                            \
                             .base = &gi_exc_##base_,                                              \
                             .init = os_error_init,                                                \
                             .doc = doc_}
OS(BlockingIOError, OSError, "I/O operation would block.");
OS(ChildProcessError, OSError, "Child process error.");
OS(ConnectionError, OSError, "Connection error.");
OS(BrokenPipeError, ConnectionError, "Broken pipe.");
OS(ConnectionAbortedError, ConnectionError, "Connection aborted.");
OS(ConnectionRefusedError, ConnectionError, "Connection refused.");
OS(ConnectionResetError, ConnectionError, "Connection reset.");
OS(FileExistsError, OSError, "File already exists.");
OS(FileNotFoundError, OSError, "File not found.");
OS(InterruptedError, OSError, "Interrupted by signal.");
OS(IsADirectoryError, OSError, "Operation doesn't work on directories.");
OS(NotADirectoryError, OSError, "Operation only works on directories.");
OS(PermissionError, OSError, "Not enough permissions.");
OS(ProcessLookupError, OSError, "Process not found.");
OS(TimeoutError, OSError, "Timeout expired.");
