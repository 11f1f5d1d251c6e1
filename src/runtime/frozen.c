/* frozen.c - the library modules that are imported without the path being searched; see frozen.h. */
#include "runtime/frozen.h"

#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/str.h"
#include "runtime/code_cache.h"
#include "runtime/runtime.h"

#include <stdio.h>
#include <stdlib.h>

#define MODULE(name) {name, name, name ".py", false, false}

const GiFrozen gi_frozen_modules[] = {
    {"_frozen_importlib", "importlib._bootstrap", "importlib/_bootstrap.py", false, true},
    {"_frozen_importlib_external", "importlib._bootstrap_external", "importlib/_bootstrap_external.py", false, true},
    {"zipimport", "zipimport", "zipimport.py", false, true},
    MODULE("abc"),
    MODULE("codecs"),
    MODULE("io"),
    MODULE("_collections_abc"),
    MODULE("_sitebuiltins"),
    MODULE("genericpath"),
    MODULE("ntpath"),
    MODULE("posixpath"),
    {"os.path", "posixpath", "posixpath.py", false, false},
    MODULE("os"),
    MODULE("site"),
    MODULE("stat"),
    {"importlib.util", "importlib.util", "importlib/util.py", false, false},
    {"importlib.machinery", "importlib.machinery", "importlib/machinery.py", false, false},
    MODULE("runpy"),
    MODULE("__hello__"),
    {"__phello__", "__phello__", "__phello__/__init__.py", true, false},
    {"__phello__.spam", "__phello__.spam", "__phello__/spam.py", false, false},
    {NULL, NULL, NULL, false, false},
};

static bool switched_off(const GiConfig *config) {
    bool off = false;
    for (int i = 0; i < config->x_option_count; i++) {
        if (strcmp(config->x_options[i], "frozen_modules=off") == 0) off = true;
        if (strcmp(config->x_options[i], "frozen_modules=on") == 0) off = false;
    }
    return off;
}

const GiFrozen *gi_frozen_find(GiThread *ts, GiVal name) {
    for (const GiFrozen *f = gi_frozen_modules; f->name; f++)
        if (gi_str_equals_cstr(name, f->name)) {
            int override = ts->vm->runtime->frozen_override;
            bool used = override ? override > 0 : !switched_off(&ts->vm->runtime->config);
            return f->essential || used ? f : NULL;
        }
    return NULL;
}

GiRef gi_frozen_code(GiThread *ts, const GiFrozen *frozen) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", ts->vm->runtime->config.stdlib, frozen->file);
    GiRef filename = gi_str_format(ts, "<frozen %s>", frozen->origin);
    if (gi_is_null(filename)) return filename;
    GiRef code = gi_code_cache_load(ts, path, gi_val(filename));
    if (gi_is_null(code) && !gi_raised(ts)) {
        size_t len;
        char *text = gi_read_whole_file(ts, path, &len);
        if (text == NULL) {
            gi_raise(ts, &gi_exc_ImportError, "cannot read %s", path);
        } else {
            code = gi_compile_source(ts, text, len, gi_val(filename), "exec", 0, 0, -1);
            free(text);
            if (!gi_is_null(code)) gi_code_cache_store(ts, path, gi_val(code));
        }
    }
    gi_drop(ts, filename);
    return code;
}
