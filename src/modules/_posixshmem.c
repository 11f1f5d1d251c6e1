/* _posixshmem.c - names of POSIX shared memory. */
#include "modules/posix/internal.h"
#include <sys/mman.h>
#include "modules/_posixshmem.gen.h"

GI_FUNCTION(_posixshmem, shm_open, "(path: str, flags: int, mode: int = 511)", "Open a shared memory object.  Returns a file descriptor (integer).") {
    const char *name = gi_str_cstr(ts, a->path);
    if (name == NULL) return GI_NULL;
    int fd;
    bool raised;
    GI_SYSCALL(ts, "shm_open", fd, raised, shm_open(name, a->flags, (mode_t)a->mode));
    if (fd < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, a->path);
    return gi_smallint_ref(fd);
}
GI_FUNCTION(_posixshmem, shm_unlink, "(path: str)", "Remove a shared memory object (similar to unlink()).\n\nRemove a shared memory object name, and, once all processes  have  unmapped\nthe object, de-allocates and destroys the contents of the associated memory\nregion.") {
    const char *name = gi_str_cstr(ts, a->path);
    if (name == NULL) return GI_NULL;
    int result;
    bool raised;
    GI_SYSCALL(ts, "shm_unlink", result, raised, shm_unlink(name));
    if (result < 0) return raised ? GI_NULL : gi_raise_errno(ts, errno, a->path);
    return GI_REF_NONE;
}
const GiModuleDef gi_module__posixshmem = {.name = "_posixshmem", .doc = "POSIX shared memory module", .functions = _posixshmem_functions};
