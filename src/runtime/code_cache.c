/* code_cache.c - where compiled code is kept, and the two bootstrap files' own cache files. */
#include "runtime/code_cache.h"
#include "base/hash.h"
#include "bytecode/code.h"
#include "objects/bytes.h"
#include "objects/error.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "os/thread.h"
#include "runtime/marshal.h"
#include "runtime/runtime.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Header {
    char magic[8];
    uint32_t opcodes, spare;
    uint64_t size;
    int64_t mtime_ns;
} Header;

/* The cache's folder: $XDG_CACHE_HOME/gila or ~/.cache/gila; false when there is no home. */
static bool cache_folder(char *out, size_t size) {
    const char *base = getenv("XDG_CACHE_HOME"); /* like HOME, also with -E: only PYTHON* are ignored there */
    int n;
    if (base && base[0] == '/') {
        n = snprintf(out, size, "%s/gila", base);
    } else {
        const char *home = getenv("HOME");
        if (home == NULL || home[0] != '/') return false;
        n = snprintf(out, size, "%s/.cache/gila", home);
    }
    return n > 0 && (size_t)n < size;
}

static bool cache_path(GiThread *ts, const char *path, char *out, size_t size) {
    char folder[3072];
    if (!cache_folder(folder, sizeof folder)) return false;
    GiHashKey key = gi_hash_key_from_seed(0);
    uint64_t hash = (uint64_t)gi_hash_bytes(key, path, strlen(path));
    int n = snprintf(out, size, "%s/%08x/%016llx.code", folder, ts->vm->runtime->opcode_magic, (unsigned long long)hash);
    return n > 0 && (size_t)n < size;
}

static bool make_header(GiThread *ts, const char *path, Header *h) {
    struct stat info;
    int result = 0;
    GI_BLOCKING(&ts->core, "stat") result = stat(path, &info);
    if (result < 0) return false;
    memset(h, 0, sizeof *h);
    memcpy(h->magic, "gilacode", 8);
    h->opcodes = ts->vm->runtime->opcode_magic;
    h->size = (uint64_t)info.st_size;
    h->mtime_ns = (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
    return true;
}

/* A whole cache file, mapped; NULL when it is missing or empty. These files are never written again,
 * only replaced, and nobody may write to them (write_file), so that what is mapped stays as it is, for
 * as long as code objects have bodies there to be read. Only the superuser can cut one short under a
 * program, which ends with SIGBUS then. PERF: copies of the files would make `-c pass` 5 % slower (11.2
 * to 11.8 ms, unoptimised), for a process of that length touches few of their pages. */
static char *map_file(const char *file, size_t *len) {
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    struct stat info;
    void *data = MAP_FAILED;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0) {
        *len = (size_t)info.st_size;
        data = mmap(NULL, *len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    }
    close(fd);
    return data == MAP_FAILED ? NULL : data;
}

GiRef gi_code_cache_load(GiThread *ts, const char *path, GiVal filename GI_UNUSED) {
    char file[4096];
    Header want;
    size_t len;
    if (!cache_path(ts, path, file, sizeof file) || !make_header(ts, path, &want)) return GI_NULL;
    char *data = NULL;
    GI_BLOCKING(&ts->core, "read") data = map_file(file, &len);
    if (data == NULL) return GI_NULL;
    GiRef code = GI_NULL, source = gi_marshal_source(ts, GI_NOVAL, data, len);
    if (gi_is_null(source)) return source;
    if (len > sizeof want && memcmp(data, &want, sizeof want) == 0) {
        code = gi_marshal_load(ts, (const uint8_t *)data + sizeof want, len - sizeof want, gi_val(source));
        /* A damaged file is as good as none. */
        if (gi_is_null(code) || !gi_is_exact(gi_val(code), &gi_code_type) || gi_code_load(ts, gi_code_of(code)) < 0) {
            gi_exc_clear(ts);
            gi_xdrop(ts, code);
            code = GI_NULL;
        }
    }
    gi_drop(ts, source);
    return code;
}

static void make_folders(char *path) {
    for (char *p = path + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            if (mkdir(path, 0700) < 0 && errno != EEXIST) {
                *p = '/';
                return;
            }
            *p = '/';
        }
}

/* Puts the file in its place whole or not at all. Failure leaves no trace: it is only a cache. The
 * temporary file is this thread's own: others may write the same one at the same time. */
static void write_file(char *file, const Header *header, const void *data, size_t len) {
    char temporary[4224];
    make_folders(file);
    snprintf(temporary, sizeof temporary, "%s.%llu.tmp", file, (unsigned long long)gi_os_thread_native_id());
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
    FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");
    if (out == NULL) {
        if (fd >= 0) close(fd), unlink(temporary);
        return;
    }
    bool ok = fwrite(header, sizeof *header, 1, out) == 1 && fwrite(data, 1, len, out) == len;
    ok = fclose(out) == 0 && ok;
    if (!ok || rename(temporary, file) < 0) unlink(temporary);
}

void gi_code_cache_store(GiThread *ts, const char *path, GiVal code) {
    char file[4096];
    Header header;
    if (ts->vm->runtime->config.dont_write_bytecode || !cache_path(ts, path, file, sizeof file) ||
        !make_header(ts, path, &header))
        return;
    GiRef bytes = gi_marshal_dump(ts, code, 4);
    if (gi_is_null(bytes)) {
        gi_exc_clear(ts);
        return;
    }
    const void *data = gi_bytes_data(bytes);
    size_t len = gi_bytes_len(bytes);
    GI_BLOCKING(&ts->core, "write") write_file(file, &header, data, len);
    gi_drop(ts, bytes);
}

GiStatus gi_code_cache_install(GiThread *ts, GiVal external) {
    uint32_t magic = ts->vm->runtime->opcode_magic;
    uint8_t bytes[4] = {(uint8_t)magic, (uint8_t)(magic >> 8), '\r', '\n'};
    GiRef number = gi_bytes_from(ts, bytes, 4);
    if (gi_is_null(number)) return GI_FAIL;
    GiStatus status = gi_setattr_cstr(ts, external, "MAGIC_NUMBER", gi_val(number));
    gi_drop(ts, number);
    uint32_t raw;
    memcpy(&raw, bytes, 4);
    if (status == GI_OK) status = gi_setattr_cstr(ts, external, "_RAW_MAGIC_NUMBER", gi_smallint(raw));
    char folder[3072], full[3200];
    if (status < 0 || ts->vm->runtime->config.pycache_prefix || !cache_folder(folder, sizeof folder)) return status;
    snprintf(full, sizeof full, "%s/%08x", folder, magic);
    return gi_sys_set(ts, "pycache_prefix", gi_str_from_fs(ts, full, strlen(full)));
}
