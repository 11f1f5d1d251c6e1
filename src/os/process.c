/* process.c - executable path, environment, terminals, entropy, shared libraries. See process.h. */
#include "os/process.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

extern char **environ;

char *gi_os_executable_path(void)
{
#if defined(__linux__)
    size_t size = 256;
    for (;;) {
        char *path = malloc(size);
        if (!path) return NULL;
        ssize_t n = readlink("/proc/self/exe", path, size);
        if (n < 0) {
            free(path);
            return NULL;
        }
        if ((size_t)n < size) {
            path[n] = 0;
            return path;
        }
        free(path);
        size *= 2;
    }
#elif defined(__APPLE__)
    uint32_t size = 0;
    _NSGetExecutablePath(NULL, &size);
    char *raw = malloc(size);
    if (!raw || _NSGetExecutablePath(raw, &size) != 0) {
        free(raw);
        return NULL;
    }
    char *path = realpath(raw, NULL);
    free(raw);
    return path;
#else
    errno = ENOSYS;
    return NULL;
#endif
}

char **gi_os_environ_peek(void) { return environ; }

bool gi_os_is_terminal(int fd)
{
    int saved = errno;
    bool terminal = isatty(fd) == 1;
    errno = saved;
    return terminal;
}

int gi_os_random(void *bytes, size_t size, bool block)
{
    char *to = bytes;
    while (size > 0) {
#if defined(__linux__)
        ssize_t n = getrandom(to, size, block ? 0 : GRND_NONBLOCK);
        if (n < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
#else
        size_t n = GI_MIN(size, (size_t)256);
        (void)block;
        if (getentropy(to, n) != 0) return errno;
#endif
        to += n;
        size -= (size_t)n;
    }
    return 0;
}

void *gi_os_library_open(const char *path, int flags, const char **error)
{
    void *library = dlopen(path, flags);
    if (!library && error) *error = dlerror();
    return library;
}

void *gi_os_library_symbol(void *library, const char *name, const char **error)
{
    dlerror();
    void *symbol = dlsym(library, name);
    const char *message = symbol ? NULL : dlerror();
    if (message && error) *error = message;
    return message ? NULL : symbol;
}

int gi_os_library_close(void *library, const char **error)
{
    if (dlclose(library) == 0) return 0;
    if (error) *error = dlerror();
    return -1;
}
