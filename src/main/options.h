/* options.h - the command line and the environment. */
#ifndef GI_MAIN_OPTIONS_H
#define GI_MAIN_OPTIONS_H

#include "runtime/runtime.h"

typedef enum { GI_RUN_STDIN, GI_RUN_FILE, GI_RUN_COMMAND, GI_RUN_MODULE } GiRunWhat;

typedef struct GiOptions {
    GiConfig config;
    GiRunWhat what;
    char *target;       /* file, command text or module name */
    char *executable, *base_executable; /* owned */
    char *library;      /* owned */
    char **sys_argv;    /* owned array of borrowed strings */
    int utf8;           /* UTF-8 mode asked for: -1 no word, 0 off, 1 on */
    bool skip_first_line; /* -x */
    bool randomise;       /* -R: hashes, whatever PYTHONHASHSEED says */
} GiOptions;

/* Reads options and environment; exit status, or -1 to go on. Messages are on stdout or stderr. */
int gi_options_parse(GiOptions *options, int argc, char **argv);
/* Sets the process's locale for characters as the environment says, and UTF-8 mode by it. */
void gi_options_choose_locale(GiOptions *options);
/* Finds the folder of Python's library; false: a message says which package is missing. */
bool gi_options_find_library(GiOptions *options);
void gi_options_free(GiOptions *options);

#endif
