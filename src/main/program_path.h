/* program_path.h - by which path the program was started, and which program a virtual environment is of. */
#ifndef GI_MAIN_PROGRAM_PATH_H
#define GI_MAIN_PROGRAM_PATH_H

#include "base/common.h"

/* The absolute path of what argv[0] names (found in PATH when it has no slash), links not followed; where
 * there is no such program, the path of the running one. In a malloc'ed string; NULL without memory. */
GI_NODISCARD char *gi_program_path(const char *argv0);

/* The program that the virtual environment around `executable` (pyvenv.cfg beside it or above it) was made
 * of, in a malloc'ed string; NULL: it stands in none. */
GI_NODISCARD char *gi_base_program_path(const char *executable);

#endif
