/* code_cache.h - compiled code of library files, kept under the user's cache directory.
 *
 * File: <cache>/gila/<version>-<opcode magic>/<hash of path>; begins with size and time of the
 * source. Nothing is written beside Debian's files. importlib's own cache functions are pointed
 * there by setting sys.pycache_prefix (unless the user set it).
 */
#ifndef GI_RUNTIME_CODE_CACHE_H
#define GI_RUNTIME_CODE_CACHE_H

#include "objects/type.h"

/* The content of a regular file, with a zero behind it, from malloc; NULL with errno. */
char *gi_read_whole_file(GiThread *ts, const char *path, size_t *len);
/* The fresh code of `path`, or null without exception. */
GiRef gi_code_cache_load(GiThread *ts, const char *path, GiVal filename);
/* Stores it; failures are ignored (a read-only home is no error). */
void gi_code_cache_store(GiThread *ts, const char *path, GiVal code);
/* Points importlib's cache files to the user's cache directory. */
GI_NODISCARD GiStatus gi_code_cache_install(GiThread *ts, GiVal external);

#endif
