/* grp.c - the group database; see user_database.h. */
#include "modules/user_database.h"
#include "modules/grp.gen.h"

static GiRef members(GiThread *ts, char **names) {
    GiRef list = gi_list_new(ts, 0);
    for (; names && *names && !gi_is_null(list); names++) {
        GiRef name = gi_db_text(ts, *names);
        if (gi_is_null(name) || gi_list_append(ts, gi_val(list), name) < 0) {
            gi_drop(ts, list);
            return GI_NULL;
        }
    }
    return list;
}
static GiRef entry(GiThread *ts, GiVal type, const GiDbEntry *e) {
    const struct group *g = &e->group;
    GiRef v[] = {gi_db_text(ts, g->gr_name), gi_db_text(ts, g->gr_passwd), gi_imm(gi_id_value(g->gr_gid)), members(ts, g->gr_mem)};
    return gi_structseq_new(ts, type, v, GI_COUNTOF(v));
}
static int find(const char *name, uint32_t gid, GiDbEntry *e, char *buffer, size_t size, bool *found) {
    struct group *g = NULL;
    int error = name ? getgrnam_r(name, &e->group, buffer, size, &g) : getgrgid_r(gid, &e->group, buffer, size, &g);
    *found = g != NULL;
    return error;
}
static int next(GiDbEntry *e, char *buffer, size_t size, bool *found) {
    struct group *g = NULL;
    int error = getgrent_r(&e->group, buffer, size, &g);
    *found = g != NULL;
    return error;
}
static const GiDatabase groups = {.by_name = "getgrnam", .by_id = "getgrgid", .all = "getgrent", .id = "gid", .find = find,
                                  .next = next, .rewind = setgrent, .end = endgrent, .make = entry};

GI_FUNCTION(grp, getgrgid, "(id)", "Return the group database entry for the given numeric group ID.\n\nIf id is not valid, raise KeyError.") {
    uint32_t gid;
    if (gi_read_id(ts, a->id, "gid", &gid) < 0) return GI_NULL;
    return gi_db_by_id(ts, self, &groups, gid);
}
GI_FUNCTION(grp, getgrnam, "(name: str)", "Return the group database entry for the given group name.\n\nIf name is not valid, raise KeyError.") {
    return gi_db_by_name(ts, self, &groups, a->name);
}
GI_FUNCTION(grp, getgrall, "()", "Return a list of all available group entries, in arbitrary order.\n\nAn entry whose name starts with '+' or '-' represents an instruction\nto use YP/NIS and may not be accessible via getgrnam or getgrgid.") {
    return gi_db_all(ts, self, &groups);
}

static GiStatus grp_exec(GiThread *ts, GiVal module) {
    static const GiStructField fields[] = {{"gr_name", "group name"}, {"gr_passwd", "password"}, {"gr_gid", "group id"}, {"gr_mem", "group members"}};
    return gi_db_exec(ts, module, "struct_group", gi_structseq_type(ts, "grp.struct_group", "grp.struct_group: Results from getgr*() routines.\n\nThis object may be accessed either as a tuple of\n  (gr_name,gr_passwd,gr_gid,gr_mem)\nor via the object attributes as named in the above tuple.\n", fields, 4, 4));
}
const GiModuleDef gi_module_grp = {
    .name = "grp", .functions = grp_functions, .exec = grp_exec, .state_size = sizeof(GiDbState), .state_fields = gi_db_state_fields,
    .doc = "Access to the Unix group database.\n\nGroup entries are reported as 4-tuples containing the following fields\nfrom the group database, in order:\n\n  gr_name   - name of the group\n  gr_passwd - group password (encrypted); often empty\n  gr_gid    - numeric ID of the group\n  gr_mem    - list of members\n\nThe gid is an integer, name and password are strings.  (Note that most\nusers are not explicitly listed as members of the groups they are in\naccording to the password database.  Check both databases to get\ncomplete membership information.)",
};
