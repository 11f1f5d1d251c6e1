/* process.h - what a process knows of itself and its surroundings.
 *
 * The environment is the C library's; callers serialise changes to it (under the GIL or a lock).
 */
#ifndef GI_OS_PROCESS_H
#define GI_OS_PROCESS_H

#include "base/common.h"

/* Absolute path of the running executable in a malloc'ed string; NULL with errno set. */
GI_NODISCARD char *gi_os_executable_path(void);

/* The environment as a NULL-terminated array of "NAME=value". */
char **gi_os_environ_peek(void);

/* True when the descriptor is a terminal. */
bool gi_os_is_terminal(int fd);

/* Fills `bytes` from the system's generator; with block false gives EAGAIN instead of waiting
 * for entropy at boot. Gives 0 or an errno value. Interrupted calls are resumed. */
GI_NODISCARD int gi_os_random(void *bytes, size_t size, bool block);

/* Opens a shared library with RTLD_* flags; NULL on failure, then *error (may be NULL) points to
 * a message that is valid until the thread's next call here. */
void *gi_os_library_open(const char *path, int flags, const char **error);
/* Address of a symbol, or NULL and *error as above. */
void *gi_os_library_symbol(void *library, const char *name, const char **error);
/* Closes a library; 0 on success, else -1 and *error as above. */
int gi_os_library_close(void *library, const char **error);

#endif
