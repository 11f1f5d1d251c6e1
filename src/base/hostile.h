/* hostile.h - included before everything else in hostile builds: allocations that can be made to fail.
 *
 * Every call of malloc and its like in the sources passes the functions below, which count it and
 * answer NULL when the injected failure is due. The countdown belongs to the calling OS thread; it
 * is off (0) at first. The number of live blocks belongs to the process.
 */
#ifndef GI_BASE_HOSTILE_H
#define GI_BASE_HOSTILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

/* What GI_HOSTILE adds to the functions of the C library: same contracts. */
void *gi_hostile_malloc(size_t size);
void *gi_hostile_calloc(size_t count, size_t size);
void *gi_hostile_realloc(void *block, size_t size);
char *gi_hostile_strdup(const char *text);
char *gi_hostile_strndup(const char *text, size_t size);
int gi_hostile_memalign(void **block, size_t align, size_t size);
char *gi_hostile_realpath(const char *path, char *out);
char *gi_hostile_getcwd(char *out, size_t size);
ssize_t gi_hostile_getline(char **line, size_t *size, FILE *file);
void gi_hostile_free(void *block);

/* The nth attempt from now on fails in this thread (n = 0: none does); with `onwards` so do all
 * that follow it. */
void gi_hostile_fail(int64_t n, bool onwards);
/* Attempts that are left before the failure; 0 once it has happened, or when none is asked for. */
int64_t gi_hostile_left(void);
/* Counts an attempt: true when it must fail. */
bool gi_hostile_due(void);
/* Live blocks of the C library's allocator. */
int64_t gi_hostile_blocks(void);

#define malloc(size) gi_hostile_malloc(size)
#define calloc(count, size) gi_hostile_calloc(count, size)
#define realloc(block, size) gi_hostile_realloc(block, size)
#undef strdup
#define strdup(text) gi_hostile_strdup(text)
#undef strndup
#define strndup(text, size) gi_hostile_strndup(text, size)
#define posix_memalign(block, align, size) gi_hostile_memalign(block, align, size)
#define realpath(path, out) gi_hostile_realpath(path, out)
#define getcwd(out, size) gi_hostile_getcwd(out, size)
#define getline(line, size, file) gi_hostile_getline(line, size, file)
#define free(block) gi_hostile_free(block)

#endif
