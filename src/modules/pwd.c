/* pwd.c - the user database; see user_database.h. */
#include "modules/user_database.h"
extern const GiModuleDef gi_module_pwd;
#include "modules/pwd.gen.h"

static GiRef entry(GiThread *ts, GiVal type, const GiDbEntry *e) {
    const struct passwd *p = &e->user;
    GiRef v[] = {gi_db_text(ts, p->pw_name), gi_db_text(ts, p->pw_passwd), gi_imm(gi_id_value(p->pw_uid)), gi_imm(gi_id_value(p->pw_gid)),
                 gi_db_text(ts, p->pw_gecos), gi_db_text(ts, p->pw_dir), gi_db_text(ts, p->pw_shell)};
    return gi_structseq_new(ts, type, v, GI_COUNTOF(v));
}
static int find(const char *name, uint32_t uid, GiDbEntry *e, char *buffer, size_t size, bool *found) {
    struct passwd *p = NULL;
    int error = name ? getpwnam_r(name, &e->user, buffer, size, &p) : getpwuid_r(uid, &e->user, buffer, size, &p);
    *found = p != NULL;
    return error;
}
static int next(GiDbEntry *e, char *buffer, size_t size, bool *found) {
    struct passwd *p = NULL;
    int error = getpwent_r(&e->user, buffer, size, &p);
    *found = p != NULL;
    return error;
}
static const GiDatabase users = {.by_name = "getpwnam", .by_id = "getpwuid", .all = "getpwent", .id = "uid", .find = find,
                                 .next = next, .rewind = setpwent, .end = endpwent, .make = entry};

GI_FUNCTION(pwd, getpwuid, "(uidobj, /)", "Return the password database entry for the given numeric user ID.\n\nSee `help(pwd)` for more on password database entries.") {
    uint32_t uid;
    if (gi_read_id(ts, a->uidobj, "uid", &uid) < 0) {
        if (gi_exc_matches(ts, &gi_exc_OverflowError)) {
            gi_exc_clear(ts);
            gi_raise(ts, &gi_exc_KeyError, "getpwuid(): uid not found");
        }
        return GI_NULL;
    }
    return gi_db_by_id(ts, self, &users, uid);
}
GI_FUNCTION(pwd, getpwnam, "(name: str, /)", "Return the password database entry for the given user name.\n\nSee `help(pwd)` for more on password database entries.") {
    return gi_db_by_name(ts, self, &users, a->name);
}
GI_FUNCTION(pwd, getpwall, "()", "Return a list of all available password database entries, in arbitrary order.\n\nSee help(pwd) for more on password database entries.") {
    return gi_db_all(ts, self, &users);
}

static GiStatus pwd_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"pw_name", "user name"}, {"pw_passwd", "password"}, {"pw_uid", "user id"},
        {"pw_gid", "group id"}, {"pw_gecos", "real name"}, {"pw_dir", "home directory"}, {"pw_shell", "shell program"}};
    return gi_db_exec(ts, module, "struct_passwd", gi_structseq_type(ts, "pwd.struct_passwd", "pwd.struct_passwd: Results from getpw*() routines.\n\nThis object may be accessed either as a tuple of\n  (pw_name,pw_passwd,pw_uid,pw_gid,pw_gecos,pw_dir,pw_shell)\nor via the object attributes as named in the above tuple.", fields, 7, 7));
}
const GiModuleDef gi_module_pwd = {
    .name = "pwd", .functions = pwd_functions, .exec = pwd_exec, .state_size = sizeof(GiDbState), .state_fields = gi_db_state_fields,
    .doc = "This module provides access to the Unix password database.\nIt is available on all Unix versions.\n\nPassword database entries are reported as 7-tuples containing the following\nitems from the password database (see `<pwd.h>'), in order:\npw_name, pw_passwd, pw_uid, pw_gid, pw_gecos, pw_dir, pw_shell.\nThe uid and gid items are integers, all others are strings. An\nexception is raised if the entry asked for cannot be found.",
};
