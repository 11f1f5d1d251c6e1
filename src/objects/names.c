/* names.c - the interned names of C code.
 *
 * Made once a process, by the first thread of the first VM; immortal, as all interned strings.
 */
#include "objects/names.h"
#include "threads/mutex.h"

static GiMutex names_lock;
static bool names_made;
static GiVal names_table[GI_NAME_COUNT];

static const char *const names_text[GI_NAME_COUNT] = {
#define GI_NAME_DEF(id) #id,
#include "objects/names.def"
#undef GI_NAME_DEF
};

GiStatus gi_names_init(GiThread *ts) {
    gi_mutex_lock(&names_lock);
    for (size_t i = 0; i < GI_NAME_COUNT && !names_made; i++) {
        GiRef name = gi_intern_cstr(ts, names_text[i]);
        if (gi_is_null(name)) {
            gi_mutex_unlock(&names_lock);
            return GI_FAIL;
        }
        names_table[i] = gi_val(name);
    }
    names_made = true;
    gi_mutex_unlock(&names_lock);
    ts->names = names_table;
    return GI_OK;
}
