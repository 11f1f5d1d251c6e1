/* main.c - the command `gila`: options, and what is run. */
#include "main/options.h"
#include "main/run.h"
#include "modules/registry.h"
#include "objects/error.h"
#include "runtime/gil_watch.h"
#include <string.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The process ends: its memory is the system's to take back. Hostile builds with GI_DEBUG=leaks
 * take the interpreter apart, and give the status 98 when anything is left. */
static int check_leaks(GiThread *ts) {
#ifdef GI_HOSTILE
    size_t left;
    if (ts->vm->debug_flags & GI_DEBUG_LEAKS && gi_vm_reclaim(ts, &left) && left) return 98;
#endif
    (void)ts;
    return 0;
}

int main(int argc, char **argv) {
    GiOptions options;
    int status = gi_options_parse(&options, argc, argv);
    if (status >= 0) return status;
    gi_options_choose_locale(&options);
    /* A closed pipe is an OSError, and a file that grows too large as well. */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    options.config.natives = &gi_native_module_table;
    if (!gi_options_find_library(&options)) return 1;
    GiThread *ts = gi_vm_start(&options.config);
    if (ts == NULL) return 1;
    if (!gi_gil_watch_begin(ts)) _exit(2);
    status = gi_run(ts, &options);
    GiRuntime *runtime = ts->vm->runtime;
    int flush_status = gi_vm_stop(ts);
    int exit_signal = runtime->exit_signal;
    int checked = check_leaks(ts);
    if (checked) flush_status = checked;
    if (exit_signal) {
        /* The shell must see that an interrupt ended the program. */
        signal(exit_signal, SIG_DFL);
        kill(getpid(), exit_signal);
    }
    gi_options_free(&options);
    fflush(NULL);
    _exit(flush_status ? flush_status : status);
}
