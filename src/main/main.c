/* main.c - the command `gila`: options, and what is run. */
#include "main/options.h"
#include "main/run.h"
#include "modules/registry.h"
#include "objects/error.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv) {
    GiOptions options;
    int status = gi_options_parse(&options, argc, argv);
    if (status >= 0) return status;
    options.config.natives = &gi_native_module_table;
    if (!gi_options_find_library(&options)) return 1;
    GiThread *ts = gi_vm_start(&options.config);
    if (ts == NULL) return 1;
    status = gi_run(ts, &options);
    GiRuntime *runtime = ts->vm->runtime;
    int flush_status = gi_vm_stop(ts);
    if (runtime->exit_signal) {
        /* The shell must see that an interrupt ended the program. */
        signal(runtime->exit_signal, SIG_DFL);
        kill(getpid(), runtime->exit_signal);
    }
    gi_options_free(&options);
    fflush(NULL);
    _exit(flush_status ? flush_status : status);
}
