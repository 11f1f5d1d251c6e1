/* own_library.c - where Gila's own Python modules are. See own_library.h. */
#include "runtime/own_library.h"

#include "objects/list.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "os/process.h"
#include "runtime/runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const own_modules[] = {"gil"};

/* The folder, beside the program: PREFIX/bin/gila has PREFIX/lib/gila; in the build tree
 * build/gila and build/dev/gila have lib/gila of the sources. To be freed; NULL: there is none. */
static char *find_folder(const char *executable, const char *module) {
    char folder[4096 + 32], probe[4096 + 128];
    const char *slash = strrchr(executable, '/');
    if (slash == NULL || slash - executable > 4000) return NULL;
    for (int up = 1; up <= 2; up++) {
        snprintf(folder, sizeof folder, "%.*s/%slib/gila", (int)(slash - executable), executable, up == 1 ? "../" : "../../");
        snprintf(probe, sizeof probe, "%s/%s/__init__.py", folder, module);
        if (access(probe, R_OK) == 0) return realpath(folder, NULL);
    }
    return NULL;
}

GiStatus gi_own_library_prepare(GiThread *ts, GiVal name) {
    const char *module = NULL;
    for (size_t i = 0; i < GI_COUNTOF(own_modules); i++)
        if (gi_str_equals_cstr(name, own_modules[i])) module = own_modules[i];
    char *program = module ? gi_os_executable_path() : NULL; /* sys.executable may be a link to it */
    char *folder = program ? find_folder(program, module) : NULL;
    free(program);
    if (folder == NULL) return GI_OK;
    GiRef held = gi_sys_get(ts, "path");
    if (gi_is_null(held) || !gi_is_list(held)) {
        gi_xdrop(ts, held);
        free(folder);
        return GI_OK;
    }
    GiRef text = gi_str_from_fs(ts, folder, strlen(folder));
    free(folder);
    GiTruth known = gi_is_null(text) ? GI_TRUTH_FAIL : gi_contains(ts, gi_val(held), gi_val(text));
    GiStatus status = known.value < 0 ? GI_FAIL : GI_OK;
    if (known.value == 0) status = gi_list_append(ts, gi_val(held), text);
    else gi_xdrop(ts, text);
    gi_drop(ts, held);
    return status;
}
