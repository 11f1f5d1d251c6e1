/* run.h - running what the command line names. */
#ifndef GI_MAIN_RUN_H
#define GI_MAIN_RUN_H

#include "main/options.h"

/* Runs it to its end, prompt included: exit status. */
int gi_run(GiThread *ts, const GiOptions *options);
/* The interactive prompt, until end of input. */
int gi_prompt(GiThread *ts, GiVal globals);

#endif
