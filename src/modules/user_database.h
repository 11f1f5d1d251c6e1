/* user_database.h - what grp and pwd share: lookups by the C library's reentrant calls, detached, and
 * the enumeration, whose position is the C library's own, so one thread at a time goes through it.
 *
 * LOCK: enumeration guards that position; taken detached, held over the whole enumeration.
 */
#ifndef GI_MODULES_USER_DATABASE_H
#define GI_MODULES_USER_DATABASE_H

#include "modules/idnum.h"
#include "modules/posix/internal.h"
#include "modules/wait_lock.h"
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>

typedef union GiDbEntry { struct passwd user; struct group group; } GiDbEntry;

/* The calls for one database. They give 0 or an error number, and *found; the strings stand in the buffer. */
typedef struct GiDatabase {
    const char *by_name, *by_id, *all; /* what the calls are named */
    const char *id;                    /* what the number is named */
    int (*find)(const char *name, uint32_t id, GiDbEntry *entry, char *buffer, size_t size, bool *found);
    int (*next)(GiDbEntry *entry, char *buffer, size_t size, bool *found);
    void (*rewind)(void);
    void (*end)(void);
    GiRef (*make)(GiThread *ts, GiVal type, const GiDbEntry *entry);
} GiDatabase;

/* The state of either module: the type of its entries. */
typedef struct GiDbState { GiSlot type; GiWaitLock enumeration; } GiDbState;
static const GiField gi_db_state_fields[] = {GI_SLOT(GiDbState, type), GI_FIELDS_END};

static inline GiRef gi_db_text(GiThread *ts, const char *s) {
    return s ? gi_str_from_fs(ts, s, strlen(s)) : GI_REF_NONE;
}

/* Looks up by name, or by number when name is NULL, with a buffer that grows. Null without exception: not there. */
static inline GiRef gi_db_find(GiThread *ts, GiVal module, const GiDatabase *db, const char *name, uint32_t id) {
    GiDbEntry entry;
    size_t size = 1024;
    int error = 0;
    bool found = false;
    char *buffer = NULL;
    do {
        GI_BLOCKING(&ts->core, name ? db->by_name : db->by_id) {
            do {
                char *grown = realloc(buffer, size);
                if (grown == NULL) {
                    error = ENOMEM;
                    break;
                }
                buffer = grown;
                error = db->find(name, id, &entry, buffer, size, &found);
                size *= 2;
            } while (error == ERANGE);
        }
    } while (error == EINTR && gi_check_signals(ts) == 0);
    GiRef r = GI_NULL;
    if (!gi_raised(ts)) {
        if (error == ENOMEM) r = gi_raise_nomem(ts);
        else if (found) r = db->make(ts, gi_val(((GiDbState *)gi_module_state(module))->type), &entry);
    }
    free(buffer);
    return r;
}

/* The entry of a number; KeyError. */
static inline GiRef gi_db_by_id(GiThread *ts, GiVal module, const GiDatabase *db, uint32_t id) {
    GiRef r = gi_db_find(ts, module, db, NULL, id);
    if (!gi_is_null(r) || gi_raised(ts)) return r;
    return gi_raise_ref(ts, &gi_exc_KeyError, "%s(): %s not found: %S", db->by_id, db->id, gi_id_value(id));
}

/* The entry of a name, a str; KeyError, ValueError. */
static inline GiRef gi_db_by_name(GiThread *ts, GiVal module, const GiDatabase *db, GiVal name) {
    GiRef text = gi_str_to_fs(ts, name), r = GI_NULL;
    if (gi_is_null(text)) return text;
    if (memchr(gi_bytes_data(text), 0, gi_bytes_len(text)))
        gi_raise(ts, &gi_exc_ValueError, "embedded null byte");
    else
        r = gi_db_find(ts, module, db, (const char *)gi_bytes_data(text), 0);
    gi_drop(ts, text);
    if (!gi_is_null(r) || gi_raised(ts)) return r;
    return gi_raise_ref(ts, &gi_exc_KeyError, "%s(): name not found: %R", db->by_name, name);
}

/* A list of all entries. */
static inline GiRef gi_db_all(GiThread *ts, GiVal module, const GiDatabase *db) {
    GiDbState *state = gi_module_state(module);
    if (gi_wait_lock(ts, &state->enumeration) < 0) return GI_NULL;
    GiRef list = gi_list_new(ts, 0);
    size_t size = 1024;
    char *buffer = malloc(size);
    if (!gi_is_null(list)) GI_BLOCKING(&ts->core, db->all) db->rewind();
    while (!gi_is_null(list)) {
        GiDbEntry entry;
        bool found = false;
        int error = buffer ? 0 : ENOMEM;
        if (buffer) GI_BLOCKING(&ts->core, db->all) {
            while ((error = db->next(&entry, buffer, size, &found)) == ERANGE) {
                char *grown = realloc(buffer, size *= 2);
                if (grown == NULL) break;
                buffer = grown;
            }
        }
        if (error == ENOENT || (error == 0 && !found)) break;
        GiRef item = error == ENOMEM || error == ERANGE ? gi_raise_nomem(ts) : error ? gi_raise_errno(ts, error, GI_NOVAL)
                     : db->make(ts, gi_val(state->type), &entry);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(list), item) < 0) {
            gi_drop(ts, list);
            list = GI_NULL;
        }
    }
    GI_BLOCKING(&ts->core, db->all) db->end();
    free(buffer);
    gi_wait_unlock(ts, &state->enumeration);
    return list;
}

/* Keeps the type in the module's state and adds it under a name; consumes it. */
static inline GiStatus gi_db_exec(GiThread *ts, GiVal module, const char *name, GiRef type) {
    if (gi_is_null(type)) return GI_FAIL;
    gi_slot_init(&((GiDbState *)gi_module_state(module))->type, gi_dup(ts, gi_val(type)));
    return gi_module_add(ts, module, name, type);
}

#endif
