/* driver.c - drives one fuzz target for a bounded time, without a fuzzing engine.
 *
 * usage: fuzz_NAME [--seconds N] [--seed N] [--keep FILE] [--max BYTES] FILE-OR-FOLDER...
 *
 * The target is LLVMFuzzerTestOneInput(), so that clang's libFuzzer can drive the same file. Seeds are
 * the files given (folders are searched for .py, .json and files without an extension). Each is run as
 * it is once, and then mutated: bytes changed, ranges removed, doubled and moved, tokens put in, two
 * seeds joined. The input that is being run stands in the file given by --keep, which is a mapping, so
 * it survives a crash. The numbers come from a fixed seed: a run can be repeated. Single-threaded.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A piece that is copied fits the local buffer of mutate(). */
#define GI_PIECE_LIMIT(left) ((left) < 255 ? (left) : 255)

typedef struct {
    uint8_t *data;
    size_t size;
} Seed;

typedef struct {
    Seed *seeds;
    size_t count, capacity;
    size_t max;
    uint64_t state;
    uint8_t *keep; /* mapping of the --keep file: the size as text, a newline, then the input */
    size_t keep_size;
} Driver;

static const char *const tokens[] = {
    "def ", "class ", "lambda ", "lambda: ", "return ", "yield ", "yield from ", "await ", "async ",
    "for ", " in ", "while ", "if ", "elif ", "else:", "try:", "except ", "except* ", "finally:", "with ",
    " as ", "import ", "from ", "global ", "nonlocal ", "del ", "assert ", "raise ", "pass", "break",
    "continue", "match ", "case ", "_", "not ", " and ", " or ", " is ", "None", "True", "False", "...",
    "(", ")", "[", "]", "{", "}", ":", ",", ";", ".", "=", ":=", "==", "!=", "->", "+=", "**", "*", "//",
    "@", "~", "<<", ">>", "\n", "\n    ", "\n\t", "\\\n", "#", "'", "\"", "'''", "\"\"\"", "f'", "f\"{",
    "}'", "{x!r}", "{x:>{y}}", "rb'", "\\N{", "\\x", "\\u", "0x", "0b", "0o", "1e", "1j", "1_", "0.", "é",
    "𝄞", "\xff", "\xed\xa0\x80", "", "99999999999999999999", "(?P<", "(?:", "(?=", "|", "*?", "{2,}", "\\b",
    "[^", "$", "^", "null", "true", "{\"a\":", "\\ud800", "-0", "NaN", "<4sI", "*args, **kw", "/, ", "*, ",
};

static uint64_t next_number(Driver *d) {
    d->state ^= d->state << 13;
    d->state ^= d->state >> 7;
    d->state ^= d->state << 17;
    return d->state;
}

static size_t below(Driver *d, size_t limit) { return limit ? (size_t)(next_number(d) % limit) : 0; }

static void add_file(Driver *d, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) return;
    uint8_t *data = malloc(d->max);
    size_t size = data ? fread(data, 1, d->max, file) : 0;
    fclose(file);
    if (d->count == d->capacity) {
        size_t capacity = d->capacity ? d->capacity * 2 : 64;
        Seed *grown = realloc(d->seeds, capacity * sizeof(Seed));
        if (!grown) {
            free(data);
            return;
        }
        d->seeds = grown;
        d->capacity = capacity;
    }
    if (data) d->seeds[d->count++] = (Seed){data, size};
}

static void add_path(Driver *d, const char *path, int depth) {
    struct stat st;
    if (stat(path, &st) != 0) return;
    if (!S_ISDIR(st.st_mode)) {
        add_file(d, path);
        return;
    }
    DIR *folder = depth < 6 ? opendir(path) : NULL;
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.' || strcmp(entry->d_name, "__pycache__") == 0) continue;
        char name[4096];
        snprintf(name, sizeof name, "%s/%s", path, entry->d_name);
        const char *dot = strrchr(entry->d_name, '.');
        if (stat(name, &st) != 0) continue;
        if (S_ISDIR(st.st_mode) || !dot || !strcmp(dot, ".py") || !strcmp(dot, ".json"))
            add_path(d, name, depth + 1);
    }
    closedir(folder);
}

static void run_one(Driver *d, const uint8_t *data, size_t size) {
    if (d->keep) {
        int head = snprintf((char *)d->keep, 32, "%zu\n", size);
        memcpy(d->keep + head, data, size);
    }
    /* A copy of exactly this size, so that the sanitizer sees a read past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact) return;
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

/* Replaces old bytes at a place of the buffer by new ones; gives the new size, within max. */
static size_t replace(Driver *d, uint8_t *buffer, size_t size, size_t at, size_t old, const uint8_t *with,
                     size_t length) {
    if (at > size) at = size;
    if (old > size - at) old = size - at;
    if (size - old + length > d->max) return size;
    memmove(buffer + at + length, buffer + at + old, size - at - old);
    memcpy(buffer + at, with, length);
    return size - old + length;
}

static size_t mutate(Driver *d, uint8_t *buffer, size_t size) {
    uint8_t piece[256];
    switch (below(d, 8)) {
    case 0: /* a bit */
        if (size) buffer[below(d, size)] ^= (uint8_t)(1u << below(d, 8));
        return size;
    case 1: /* a byte */
        if (size) buffer[below(d, size)] = (uint8_t)next_number(d);
        return size;
    case 2: /* a range removed */
        return replace(d, buffer, size, below(d, size + 1), below(d, 1 + below(d, 40)), piece, 0);
    case 3:
    case 4: { /* a token put in, or put over something */
        const char *token = tokens[below(d, sizeof tokens / sizeof tokens[0])];
        return replace(d, buffer, size, below(d, size + 1), below(d, 4), (const uint8_t *)token, strlen(token));
    }
    case 5: { /* a range doubled elsewhere */
        size_t from = below(d, size + 1), length = below(d, 1 + GI_PIECE_LIMIT(size - from));
        memcpy(piece, buffer + from, length);
        return replace(d, buffer, size, below(d, size + 1), 0, piece, length);
    }
    case 6: { /* a token many times: nesting */
        const char *token = tokens[below(d, sizeof tokens / sizeof tokens[0])];
        size_t times = 1 + below(d, 200), at = below(d, size + 1);
        while (times--)
            size = replace(d, buffer, size, at, 0, (const uint8_t *)token, strlen(token));
        return size;
    }
    default: { /* a range of another seed */
        const Seed *other = &d->seeds[below(d, d->count)];
        size_t from = below(d, other->size + 1), length = below(d, 1 + GI_PIECE_LIMIT(other->size - from));
        return replace(d, buffer, size, below(d, size + 1), below(d, 20), other->data + from, length);
    }
    }
}

static double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void map_keep(Driver *d, const char *path) {
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0) return;
    d->keep_size = d->max + 64;
    if (ftruncate(fd, (off_t)d->keep_size) == 0) {
        void *map = mmap(NULL, d->keep_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (map != MAP_FAILED) d->keep = map;
    }
    close(fd);
}

int main(int argc, char **argv) {
    Driver d = {.max = 1 << 16, .state = 0x9E3779B97F4A7C15u};
    double limit = 10;
    const char *keep = NULL;
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (!strcmp(argv[i], "--seconds")) limit = atof(argv[i + 1]);
        else if (!strcmp(argv[i], "--seed")) d.state ^= strtoull(argv[i + 1], NULL, 10) * 0xBF58476D1CE4E5B9u;
        else if (!strcmp(argv[i], "--keep")) keep = argv[i + 1];
        else if (!strcmp(argv[i], "--max")) d.max = strtoull(argv[i + 1], NULL, 10);
        else break;
    }
    if (keep) map_keep(&d, keep);
    for (; i < argc; i++) add_path(&d, argv[i], 0);
    if (d.count == 0) add_file(&d, "/dev/null");
    double end = seconds_now() + limit;
    size_t runs = 0;
    for (size_t s = 0; s < d.count && seconds_now() < end; s++, runs++) {
        run_one(&d, d.seeds[s].data, d.seeds[s].size);
    }
    uint8_t *buffer = malloc(d.max);
    while (buffer && seconds_now() < end) {
        const Seed *seed = &d.seeds[below(&d, d.count)];
        /* Mostly a window of the seed: small inputs run fast. */
        size_t from = 0, size = seed->size;
        if (size > 600 && below(&d, 8)) {
            from = below(&d, size - 300);
            size = 1 + below(&d, 500 < size - from ? 500 : size - from);
        }
        memcpy(buffer, seed->data + from, size);
        for (size_t n = 1 + below(&d, 8); n--;) size = mutate(&d, buffer, size);
        run_one(&d, buffer, size);
        runs++;
    }
    free(buffer);
    printf("%zu inputs from %zu seeds\n", runs, d.count);
    for (size_t s = 0; s < d.count; s++) free(d.seeds[s].data);
    free(d.seeds);
    return 0;
}
