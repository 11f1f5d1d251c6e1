/* prompt.c - the interactive prompt: the library's own module `code` reads and runs, libedit edits
 * lines when standard input is a terminal (through module readline, if there is one).
 */
#include "main/run.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "vm/function.h"
#include <stdio.h>
#include <stdlib.h>

/* Python text run with the console's globals as `namespace`: one concept, the library's. */
static const char driver[] =
    "import code, sys\n"
    "class Console(code.InteractiveConsole):\n"
    "    def runcode(self, code):\n"
    "        try:\n"
    "            exec(code, self.locals)\n"
    "        except SystemExit:\n"
    "            raise\n"
    "        except BaseException:\n"
    "            typ, value, tb = sys.exc_info()\n"
    "            sys.last_type, sys.last_value, sys.last_traceback = typ, value, tb\n"
    "            sys.excepthook(typ, value, tb.tb_next)\n"
    "    def raw_input(self, prompt=''):\n"
    "        return input(prompt)\n"
    "def interact(namespace, banner):\n"
    "    sys.ps1 = getattr(sys, 'ps1', '>>> ')\n"
    "    sys.ps2 = getattr(sys, 'ps2', '... ')\n"
    "    hook = getattr(sys, '__interactivehook__', None)\n"
    "    if hook is not None:\n"
    "        try:\n"
    "            hook()\n"
    "        except Exception:\n"
    "            sys.excepthook(*sys.exc_info())\n"
    "    console = Console(namespace, '<stdin>')\n"
    "    console.interact(banner, '')\n";

int gi_prompt(GiThread *ts, GiVal globals) {
    GiRef filename = gi_str_from_cstr(ts, "<prompt>"), ns = gi_dict_new(ts), r = GI_NULL;
    if (!gi_is_null(filename) && !gi_is_null(ns) &&
        gi_dict_set(ts, gi_val(ns), GI_N(__builtins__), gi_val(ts->vm->builtins)) == GI_OK &&
        gi_dict_set_cstr(ts, gi_val(ns), "__name__", gi_val(filename)) == GI_OK) {
        GiRef code = gi_compile_source(ts, driver, sizeof driver - 1, gi_val(filename), "exec", 0, 0, -1);
        if (!gi_is_null(code)) {
            r = gi_eval_code(ts, gi_val(code), gi_val(ns), gi_val(ns), GI_NOVAL);
            gi_drop(ts, code);
        }
    }
    if (!gi_is_null(r)) {
        gi_drop(ts, r);
        char banner[512] = "";
        if (!ts->vm->runtime->config.quiet) {
            GiVal version = gi_sys_get_peek(ts, "version");
            const char *text = gi_is_null(version) ? NULL : gi_str_utf8(ts, version, NULL);
            snprintf(banner, sizeof banner, "Python %s on linux\nType \"help\", \"copyright\", \"credits\" or \"license\" for more information.", text ? text : "");
        }
        GiRef shown = gi_str_from_cstr(ts, banner);
        GiVal f = gi_dict_get_cstr_peek(ts, gi_val(ns), "interact");
        r = gi_is_null(shown) ? GI_NULL : gi_call2(ts, f, globals, gi_val(shown));
        gi_xdrop(ts, shown);
    }
    gi_xdrop(ts, filename);
    gi_xdrop(ts, ns);
    if (gi_is_null(r)) return gi_handle_exit(ts);
    gi_drop(ts, r);
    return 0;
}
