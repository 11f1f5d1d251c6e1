/* grp.c - the group database. Lookups use the reentrant calls of the C library, detached; the
 * enumeration's position is the C library's own, so one thread at a time goes through it.
 * LOCK: enumeration guards that position; taken detached, held over the whole enumeration.
 */
#include "modules/idnum.h"
#include "modules/posix/internal.h"
#include "modules/wait_lock.h"
#include <grp.h>
#include <stdlib.h>

typedef struct GrpState { GiSlot type; GiLock enumeration; } GrpState;
#include "modules/grp.gen.h"

static GrpState *state_of(GiVal module) { return gi_module_state(module); }
static GiRef text(GiThread *ts, const char *s) { return s ? gi_str_from_fs(ts, s, strlen(s)) : GI_REF_NONE; }
static GiRef members(GiThread *ts, char **names) {
    GiRef list = gi_list_new(ts, 0);
    for (; names && *names && !gi_is_null(list); names++) {
        GiRef name = text(ts, *names);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}
static GiRef entry(GiThread *ts, GiVal type, const struct group *g) {
    GiRef v[] = {text(ts, g->gr_name), text(ts, g->gr_passwd), gi_imm(gi_id_value(g->gr_gid)), members(ts, g->gr_mem)};
    return gi_structseq_new(ts, type, v, GI_COUNTOF(v));
}

/* Looks up by name, or by number when name is NULL, with a buffer that grows. *found NULL: no
 * such group. *buffer is to be freed. */
static GiStatus look_up(GiThread *ts, const char *name, gid_t gid, struct group *g, struct group **found, char **buffer) {
    size_t size = 1024;
    int error = 0;
    *buffer = NULL;
    *found = NULL;
    do {
        GI_BLOCKING(&ts->core, name ? "getgrnam" : "getgrgid") {
            do {
                char *grown = realloc(*buffer, size);
                if (grown == NULL) {
                    error = ENOMEM;
                    break;
                }
                *buffer = grown;
                error = name ? getgrnam_r(name, g, grown, size, found) : getgrgid_r(gid, g, grown, size, found);
                size *= 2;
            } while (error == ERANGE);
        }
    } while (error == EINTR && gi_check_signals(ts) == 0);
    if (gi_raised(ts)) return GI_FAIL;
    if (error == ENOMEM) return gi_raise_nomem(ts), GI_FAIL;
    return GI_OK;
}

GI_FUNCTION(grp, getgrgid, "(id)", "Return the group database entry for the given numeric group ID.\n\nIf id is not valid, raise KeyError.") {
    uint32_t gid;
    if (gi_read_id(ts, a->id, "gid", &gid) < 0) return GI_NULL;
    struct group g, *found;
    char *buffer;
    GiStatus status = look_up(ts, NULL, gid, &g, &found, &buffer);
    GiRef r = GI_NULL;
    if (status == GI_OK)
        r = found ? entry(ts, gi_val(state_of(self)->type), found)
                  : gi_raise_ref(ts, &gi_exc_KeyError, "getgrgid(): gid not found: %S", gi_id_value(gid));
    free(buffer);
    return r;
}
GI_FUNCTION(grp, getgrnam, "(name: str)", "Return the group database entry for the given group name.\n\nIf name is not valid, raise KeyError.") {
    GiRef name = gi_str_to_fs(ts, a->name), r = GI_NULL;
    if (gi_is_null(name)) return name;
    struct group g, *found;
    char *buffer = NULL;
    if (memchr(gi_bytes_data(name), 0, gi_bytes_len(name)))
        r = gi_raise_ref(ts, &gi_exc_ValueError, "embedded null byte");
    else if (look_up(ts, (const char *)gi_bytes_data(name), 0, &g, &found, &buffer) == GI_OK)
        r = found ? entry(ts, gi_val(state_of(self)->type), found)
                  : gi_raise_ref(ts, &gi_exc_KeyError, "getgrnam(): name not found: %R", a->name);
    free(buffer);
    gi_drop(ts, name);
    return r;
}

GI_FUNCTION(grp, getgrall, "()", "Return a list of all available group entries, in arbitrary order.\n\nAn entry whose name starts with '+' or '-' represents an instruction\nto use YP/NIS and may not be accessible via getgrnam or getgrgid.") {
    GrpState *state = state_of(self);
    if (gi_wait_lock(ts, &state->enumeration) < 0) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    size_t size = 1024;
    char *buffer = malloc(size);
    if (!gi_is_null(list)) GI_BLOCKING(&ts->core, "setgrent") setgrent();
    while (!gi_is_null(list)) {
        struct group g, *found = NULL;
        int error = buffer ? 0 : ENOMEM;
        if (buffer) GI_BLOCKING(&ts->core, "getgrent") {
            while ((error = getgrent_r(&g, buffer, size, &found)) == ERANGE) {
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
    GI_BLOCKING(&ts->core, "endgrent") endgrent();
    free(buffer);
    gi_lock_release(&state->enumeration);
    return list;
}

static GiStatus grp_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"}};
    GiRef type = gi_structseq_type(ts, "grp.struct_group", "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n", fields, 4, 4);
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&state_of(module)->type, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, "struct_group", type);
}
static const GiField state_fields[] = {GI_SLOT(GrpState, type), GI_FIELDS_END};
const GiModuleDef gi_module_grp = {
    .name = "grp", .functions = grp_functions, .exec = grp_exec, .state_size = sizeof(GrpState), .state_fields = state_fields,
    .doc = "Access to the Unix group database.\n\nGroup entries are reported as 4-tuples containing the following fields\nfrom the group database, in order:\n\n  gr_name   - name of the group\n  gr_passwd - group password (encrypted); often empty\n  gr_gid    - numeric ID of the group\n  gr_mem    - list of members\n\nThe gid is an integer, name and password are strings.  (Note that most\nusers are not explicitly listed as members of the groups they are in\naccording to the password database.  Check both databases to get\ncomplete membership information.)",
};
