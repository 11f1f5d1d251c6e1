/* pwd.c - the user database. Lookups use the reentrant calls of the C library, detached; the
 * enumeration's position is the C library's own, so one thread at a time goes through it.
 * LOCK: enumeration guards that position; taken detached, held over the whole enumeration.
 */
#include "modules/idnum.h"
#include "modules/posix/internal.h"
#include "modules/wait_lock.h"
#include <pwd.h>
#include <stdlib.h>

typedef struct PwdState { GiSlot type; GiLock enumeration; } PwdState;
extern const GiModuleDef gi_module_pwd;
#include "modules/pwd.gen.h"

static GiRef text(GiThread *ts, const char *s) { return s ? gi_str_from_fs(ts, s, strlen(s)) : GI_REF_NONE; }
static GiRef entry(GiThread *ts, GiVal type, const struct passwd *p) {
    GiRef v[] = {text(ts, p->pw_name), text(ts, p->pw_passwd), gi_imm(gi_id_value(p->pw_uid)), gi_imm(gi_id_value(p->pw_gid)),
                 text(ts, p->pw_gecos), text(ts, p->pw_dir), text(ts, p->pw_shell)};
    return gi_structseq_new(ts, type, v, GI_COUNTOF(v));
}
static PwdState *state_of(GiVal module) { return gi_module_state(module); }

/* Looks up by name, or by number when name is NULL, with a buffer that grows. *found NULL: nobody.
 * *buffer is to be freed. */
static GiStatus look_up(GiThread *ts, const char *name, uid_t uid, struct passwd *p, struct passwd **found, char **buffer) {
    size_t size = 1024;
    int error = 0;
    *buffer = NULL;
    *found = NULL;
    do {
        GI_BLOCKING(&ts->core, name ? "getpwnam" : "getpwuid") {
            do {
                char *grown = realloc(*buffer, size);
                if (grown == NULL) {
                    error = ENOMEM;
                    break;
                }
                *buffer = grown;
                error = name ? getpwnam_r(name, p, grown, size, found) : getpwuid_r(uid, p, grown, size, found);
                size *= 2;
            } while (error == ERANGE);
        }
    } while (error == EINTR && gi_check_signals(ts) == 0);
    if (gi_raised(ts)) return GI_FAIL;
    if (error == ENOMEM) return gi_raise_nomem(ts), GI_FAIL;
    return GI_OK;
}

GI_FUNCTION(pwd, getpwuid, "(uidobj, /)", "Return the password database entry for the given numeric user ID.\n\nSee `help(pwd)` for more on password database entries.") {
    uint32_t uid;
    if (gi_read_id(ts, a->uidobj, "uid", &uid) < 0) {
        if (gi_exc_matches(ts, &gi_exc_OverflowError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_KeyError, "getpwuid(): uid not found");
        }
        return GI_NULL;
    }
    struct passwd p, *found;
    char *buffer;
    GiStatus status = look_up(ts, NULL, uid, &p, &found, &buffer);
    GiRef r = GI_NULL;
    if (status == GI_OK)
        r = found ? entry(ts, gi_val(state_of(self)->type), found)
                  : gi_raise_ref(ts, &gi_exc_KeyError, "getpwuid(): uid not found: %S", gi_id_value(uid));
    free(buffer);
    return r;
}
GI_FUNCTION(pwd, getpwnam, "(name: str, /)", "Return the password database entry for the given user name.\n\nSee `help(pwd)` for more on password database entries.") {
    GiRef name = gi_str_to_fs(ts, a->name), r = GI_NULL;
    if (gi_is_null(name)) return name;
    struct passwd p, *found;
    char *buffer = NULL;
    if (memchr(gi_bytes_data(name), 0, gi_bytes_len(name)))
        r = gi_raise_ref(ts, &gi_exc_ValueError, "embedded null byte");
    else if (look_up(ts, (const char *)gi_bytes_data(name), 0, &p, &found, &buffer) == GI_OK)
        r = found ? entry(ts, gi_val(state_of(self)->type), found)
                  : gi_raise_ref(ts, &gi_exc_KeyError, "getpwnam(): name not found: %R", a->name);
    free(buffer);
    gi_drop(ts, name);
    return r;
}

GI_FUNCTION(pwd, getpwall, "()", "Return a list of all available password database entries, in arbitrary order.\n\nSee help(pwd) for more on password database entries.") {
    PwdState *state = state_of(self);
    if (gi_wait_lock(ts, &state->enumeration) < 0) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    size_t size = 1024;
    char *buffer = malloc(size);
    if (!gi_is_null(list)) GI_BLOCKING(&ts->core, "setpwent") setpwent();
    while (!gi_is_null(list)) {
        struct passwd p, *found = NULL;
        int error = buffer ? 0 : ENOMEM;
        if (buffer) GI_BLOCKING(&ts->core, "getpwent") {
            while ((error = getpwent_r(&p, buffer, size, &found)) == ERANGE) {
                char *grown = realloc(buffer, size *= 2);
                if (grown == NULL) break;
                buffer = grown;
            }
        }
        if (error == ENOENT || (error == 0 && found == NULL)) break;
        GiRef item = error == ENOMEM || error == ERANGE ? gi_raise_nomem(ts) : error ? gi_raise_errno(ts, error, GI_NOVAL)
                     : entry(ts, gi_val(state->type), found);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    GI_BLOCKING(&ts->core, "endpwent") endpwent();
    free(buffer);
    gi_lock_release(&state->enumeration);
    return list;
}

static GiStatus pwd_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"pw_name", "user name"}, {"pw_passwd", "password"}, {"pw_uid", "user id"},
        {"pw_gid", "group id"}, {"pw_gecos", "real name"}, {"pw_dir", "home directory"}, {"pw_shell", "shell program"}};
    GiRef type = gi_structseq_type(ts, "pwd.struct_passwd", "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.", fields, 7, 7);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state_of(module)->type, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, "struct_passwd", type);
}
static const GiField state_fields[] = {GI_SLOT(PwdState, type), GI_FIELDS_END};
const GiModuleDef gi_module_pwd = {
    .name = "pwd", .functions = pwd_functions, .exec = pwd_exec, .state_size = sizeof(PwdState), .state_fields = state_fields,
    .doc = "This module provides access to the Unix password database.\nIt is available on all Unix versions.\n\nPassword database entries are reported as 7-tuples containing the following\nitems from the password database (see `<pwd.h>'), in order:\npw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.\nThe uid and gid items are integers, all others are strings. An\nexception is raised if the entry asked for cannot be found.",
};
