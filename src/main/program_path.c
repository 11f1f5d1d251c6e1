/* program_path.c - sys.executable and sys._base_executable. See program_path.h. */
#include "main/program_path.h"

#include "os/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static bool is_program(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Takes `.`, `..` and empty parts out of an absolute path, in place, as os.path.normpath does. */
static void normalise(char *path) {
    char *end = path;
    for (char *part = path; *part;) {
        while (*part == '/') part++;
        size_t n = strcspn(part, "/");
        if (n == 2 && memcmp(part, "..", 2) == 0) {
            while (end > path && *--end != '/') {}
        } else if (n > 0 && !(n == 1 && *part == '.')) {
            *end++ = '/';
            memmove(end, part, n);
            end += n;
        }
        part += n;
    }
    if (end == path) *end++ = '/';
    *end = 0;
}

/* `name` made absolute, into out; false: too long or no working directory. */
static bool make_absolute(const char *name, char out[PATH_SIZE]) {
    char folder[PATH_SIZE] = "";
    if (*name != '/' && getcwd(folder, sizeof folder) == NULL) return false;
    if ((size_t)snprintf(out, PATH_SIZE, "%s/%s", folder, name) >= PATH_SIZE) return false;
    normalise(out);
    return true;
}

/* The first program of that name in PATH, into out. */
static bool search(const char *name, char out[PATH_SIZE]) {
    const char *path = getenv("PATH");
    for (const char *folder = path; folder != NULL;) {
        const char *colon = strchrnul(folder, ':');
        char candidate[PATH_SIZE];
        int n = snprintf(candidate, sizeof candidate, "%.*s/%s", (int)(colon - folder), colon == folder ? "." : folder, name);
        if ((size_t)n < sizeof candidate && is_program(candidate) && make_absolute(candidate, out)) return true;
        folder = *colon ? colon + 1 : NULL;
    }
    return false;
}

char *gi_program_path(const char *argv0) {
    char path[PATH_SIZE];
    bool found = argv0 != NULL && *argv0 &&
                 (strchr(argv0, '/') ? make_absolute(argv0, path) && is_program(path) : search(argv0, path));
    return found ? strdup(path) : gi_os_executable_path();
}

/* The value of `home = ...` in a pyvenv.cfg, into out. */
static bool read_home(const char *file, char out[PATH_SIZE]) {
    FILE *f = fopen(file, "re");
    if (f == NULL) return false;
    char line[PATH_SIZE];
    bool found = false;
    while (!found && fgets(line, sizeof line, f)) {
        char *text = line + strspn(line, " \t");
        char *value = strchr(text, '=');
        if (value == NULL || strncasecmp(text, "home", 4) != 0 || text + 4 + strspn(text + 4, " \t") != value) continue;
        value += 1 + strspn(value + 1, " \t");
        size_t n = strlen(value);
        while (n > 0 && strchr(" \t\r\n", value[n - 1])) n--;
        value[n] = 0;
        memcpy(out, value, n + 1);
        found = true;
    }
    fclose(f);
    return found;
}

char *gi_base_program_path(const char *executable) {
    char file[PATH_SIZE + 16], home[PATH_SIZE], base[2 * PATH_SIZE];
    const char *slash = strrchr(executable, '/');
    if (slash == NULL || slash - executable >= PATH_SIZE) return NULL;
    int folder = (int)(slash - executable);
    snprintf(file, sizeof file, "%.*s/pyvenv.cfg", folder, executable);
    if (access(file, R_OK) != 0) {
        while (folder > 0 && executable[--folder] != '/') {}
        snprintf(file, sizeof file, "%.*s/pyvenv.cfg", folder, executable);
        if (access(file, R_OK) != 0) return NULL;
    }
    struct stat st;
    if (lstat(executable, &st) == 0 && S_ISLNK(st.st_mode)) return gi_os_executable_path();
    if (!read_home(file, home)) return NULL;
    snprintf(base, sizeof base, "%s%s", home, slash);
    if (!is_program(base)) snprintf(base, sizeof base, "%s/gila", home);
    return is_program(base) ? strdup(base) : gi_os_executable_path();
}
