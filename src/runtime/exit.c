/* exit.c - showing exceptions, and what status a program ends with. */
#include "memory/slots.h"
#include "objects/audit.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/int.h"
#include "objects/names.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <stdio.h>

/* Writes text to a Python file. */
static GiStatus write(GiThread *ts, GiVal file, GiRef text) {
    if (gi_is_null(text)) return GI_FAIL;
    GiVal arg = gi_val(text);
    GiRef r = gi_call_method_cstr(ts, file, "write", &arg, 1);
    gi_drop(ts, text);
    if (gi_is_null(r)) return GI_FAIL;
    gi_drop(ts, r);
    return GI_OK;
}

void gi_flush_standard(GiThread *ts) {
    static const char *const names[] = {"stderr", "stdout"};
    for (int i = 0; i < 2; i++) {
        GiRef stream = gi_sys_get(ts, names[i]);
        if (gi_is_null(stream) || gi_is_none(stream)) continue;
        GiRef r = gi_call_method_cstr(ts, gi_val(stream), "flush", NULL, 0);
        gi_drop(ts, stream);
        if (gi_is_null(r)) gi_exc_clear(ts);
        else gi_drop(ts, r);
    }
}

void gi_print_exception(GiThread *ts) {
    GiRef exc = gi_exc_take(ts);
    if (gi_is_null(exc)) return;
    GiVal v = gi_val(exc);
    GiRef held_tb = gi_slot_load(ts, &gi_exception_of(v)->traceback);
    if (gi_is_null(held_tb)) held_tb = GI_REF_NONE;
    GiVal tb = gi_val(held_tb);
    if (gi_sys_set(ts, "last_type", gi_dup(ts, gi_type_val(gi_type_of(v)))) < 0 ||
        gi_sys_set(ts, "last_value", gi_dup(ts, v)) < 0 || gi_sys_set(ts, "last_traceback", gi_dup(ts, tb)) < 0)
        gi_exc_clear(ts);
    GiRef hook = gi_sys_get(ts, "excepthook");
    if (gi_is_null(hook)) {
        GiRef held = gi_sys_get(ts, "stderr");
        if (!gi_is_null(held) && !gi_is_none(held)) {
            if (write(ts, gi_val(held), gi_str_from_cstr(ts, "sys.excepthook is missing\n")) < 0 ||
                gi_display_exception(ts, v, gi_val(held)) < 0)
                gi_exc_clear(ts);
            gi_drop(ts, held);
        }
    } else {
        GiRef r = GI_NULL;
        if (GI_AUDIT(ts, "sys.excepthook", gi_val(hook), gi_type_val(gi_type_of(v)), v, tb) == GI_OK)
            r = gi_call3(ts, gi_val(hook), gi_type_val(gi_type_of(v)), v, tb);
        gi_drop(ts, hook);
        if (gi_is_null(r)) {
            GiRef second = gi_exc_take(ts);
            if (gi_is_instance_of(gi_val(second), &gi_exc_SystemExit)) {
                gi_exc_restore(ts, second); /* the hook ends the program */
                gi_drop(ts, held_tb);
                gi_drop(ts, exc);
                return;
            }
            GiRef held_file = gi_sys_get(ts, "stderr");
            GiVal file = gi_val(held_file);
            if (!gi_is_null(file) && !gi_is_none(file)) {
                if (write(ts, file, gi_str_from_cstr(ts, "Error in sys.excepthook:\n")) < 0 ||
                    gi_display_exception(ts, gi_val(second), file) < 0 ||
                    write(ts, file, gi_str_from_cstr(ts, "\nOriginal exception was:\n")) < 0 ||
                    gi_display_exception(ts, v, file) < 0)
                    gi_exc_clear(ts);
            }
            gi_xdrop(ts, held_file);
            gi_drop(ts, second);
        } else {
            gi_drop(ts, r);
        }
    }
    gi_drop(ts, held_tb);
    gi_drop(ts, exc);
    gi_flush_standard(ts);
}

static int exit_status(GiThread *ts, GiRef exc) {
    GiRef code = gi_getattr_cstr(ts, gi_val(exc), "code");
    gi_drop(ts, exc);
    if (gi_is_null(code)) {
        gi_exc_clear(ts);
        return 1;
    }
    int status = 1;
    int64_t number;
    if (gi_is_none(code)) {
        status = 0;
    } else if (gi_is_int(gi_val(code))) {
        status = gi_int_as_i64(gi_val(code), &number) == 0 ? (int)number : -1;
    } else {
        GiRef held = gi_sys_get(ts, "stderr");
        GiVal file = gi_val(held);
        GiRef text = gi_str(ts, gi_val(code));
        if (gi_is_null(text) || gi_is_null(file) || gi_is_none(file)) {
            gi_exc_clear(ts);
            gi_xdrop(ts, text);
        } else {
            if (write(ts, file, text) < 0 || write(ts, file, gi_str_from_cstr(ts, "\n")) < 0) gi_exc_clear(ts);
        }
        gi_xdrop(ts, held);
    }
    gi_drop(ts, code);
    gi_flush_standard(ts);
    return status;
}

int gi_handle_exit(GiThread *ts) {
    GiRuntime *runtime = ts->vm->runtime;
    /* With -i the prompt follows: the exit is only shown. */
    bool exits = !runtime->config.inspect;
    runtime->exited = exits && gi_exc_matches(ts, &gi_exc_SystemExit);
    if (runtime->exited) return exit_status(ts, gi_exc_take(ts));
    bool interrupted = gi_exc_matches(ts, &gi_exc_KeyboardInterrupt);
    gi_print_exception(ts);
    if (gi_raised(ts) && gi_exc_matches(ts, &gi_exc_SystemExit)) {
        runtime->exited = true;
        return exit_status(ts, gi_exc_take(ts));
    }
    if (interrupted) ts->vm->runtime->exit_signal = 2;
    return 1;
}
