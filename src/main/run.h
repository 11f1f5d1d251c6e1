/* run.h - running what the command line names. */
#ifndef GI_MAIN_RUN_H
#define GI_MAIN_RUN_H

#include "main/options.h"

/* Runs it to its end, prompt included: exit status. */
int gi_run(GiThread *ts, const GiOptions *options);
/* Runs a file's bytes in __main__: 0, or the exit status of the exception, which is printed. */
int gi_run_source(GiThread *ts, const char *text, size_t len, const char *filename);
/* "Python 3.11 ... on linux" on stderr. */
void gi_banner(GiThread *ts);
/* The interactive prompt on standard input, until its end or SystemExit: exit status. */
int gi_prompt(GiThread *ts, GiVal globals);

#endif
