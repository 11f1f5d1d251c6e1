/* remote.c - looking at another process, over process_vm_readv and /proc. See remote.h. */
#include "os/remote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__linux__)
#include <elf.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER 0x59616d61
#endif

int gi_os_remote_read(long pid, uint64_t address, void *to, size_t size, size_t *got)
{
    struct iovec here = {to, size}, there = {(void *)(uintptr_t)address, size};
    ssize_t n = process_vm_readv((pid_t)pid, &here, 1, &there, 1, 0);
    if (n < 0) return errno;
    if (got) *got = (size_t)n;
    return got || (size_t)n == size ? 0 : EFAULT;
}

/* Opens a file of /proc/PID; -1 with *error set. A process that ended is ESRCH. */
static int open_proc(long pid, const char *name, int *error)
{
    char path[80];
    snprintf(path, sizeof path, "/proc/%ld/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) return fd;
    *error = errno == ENOENT && kill((pid_t)pid, 0) != 0 && errno == ESRCH ? ESRCH : errno;
    return -1;
}

static bool read_at(int fd, uint64_t at, void *to, size_t size)
{
    return pread(fd, to, size, (off_t)at) == (ssize_t)size;
}

/* How far the program was moved from where it was linked. */
static bool load_base(long pid, int exe, const Elf64_Ehdr *head, uint64_t *base)
{
    *base = 0;
    if (head->e_type != ET_DYN) return true;
    uint64_t aux[64][2], phdr = 0;
    int error, fd = open_proc(pid, "auxv", &error);
    ssize_t n = fd < 0 ? 0 : read(fd, aux, sizeof aux);
    if (fd >= 0) close(fd);
    for (size_t i = 0; n > 0 && i < (size_t)n / 16; i++)
        if (aux[i][0] == AT_PHDR) phdr = aux[i][1];
    for (int i = 0; phdr && i < head->e_phnum; i++) {
        Elf64_Phdr p;
        if (!read_at(exe, head->e_phoff + (uint64_t)i * sizeof p, &p, sizeof p)) return false;
        if (p.p_type != PT_PHDR) continue;
        *base = phdr - p.p_vaddr;
        return true;
    }
    return false;
}

static int find_section(long pid, int exe, const char *name, uint64_t *address)
{
    Elf64_Ehdr head;
    Elf64_Shdr names, s;
    if (!read_at(exe, 0, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_shentsize != sizeof s)
        return ENOENT;
    if (!read_at(exe, head.e_shoff + (uint64_t)head.e_shstrndx * sizeof s, &names, sizeof names)) return ENOENT;
    for (int i = 0; i < head.e_shnum; i++) {
        char text[32];
        size_t len = strlen(name) + 1;
        if (!read_at(exe, head.e_shoff + (uint64_t)i * sizeof s, &s, sizeof s)) return ENOENT;
        if (len > sizeof text || !(s.sh_flags & SHF_ALLOC) || !read_at(exe, names.sh_offset + s.sh_name, text, len) ||
            memcmp(text, name, len) != 0)
            continue;
        uint64_t base;
        if (!load_base(pid, exe, &head, &base)) return ENOENT;
        *address = s.sh_addr + base;
        return 0;
    }
    return ENOENT;
}

int gi_os_remote_section(long pid, const char *name, uint64_t *address)
{
    int error, exe = open_proc(pid, "exe", &error);
    if (exe < 0) return error; /* ENOENT: a thread of the kernel, or a process that was not waited for */
    error = find_section(pid, exe, name, address);
    close(exe);
    return error;
}

/* A small file of /proc as text; false with *error set. */
static bool read_proc(long pid, const char *name, char *text, size_t size, int *error)
{
    int fd = open_proc(pid, name, error);
    if (fd < 0) return false;
    ssize_t n = read(fd, text, size - 1);
    if (n < 0) *error = errno;
    close(fd);
    if (n < 0) return false;
    text[n] = 0;
    return true;
}

int gi_os_remote_started(long pid, uint64_t *started)
{
    char text[1024];
    int error = 0;
    if (!read_proc(pid, "stat", text, sizeof text, &error)) return error == ENOENT ? ESRCH : error;
    /* After the name, which may contain anything, the 20th field. */
    char *p = strrchr(text, ')');
    for (int field = 2; p && field < 22; field++) p = strchr(p + 1, ' ');
    if (!p) return ESRCH;
    *started = strtoull(p + 1, NULL, 10);
    return 0;
}

char *gi_os_remote_arguments(long pid, size_t *size)
{
    int error, fd = open_proc(pid, "cmdline", &error);
    if (fd < 0) return NULL;
    size_t room = 4096, n = 0;
    char *text = malloc(room);
    for (;;) {
        ssize_t got = text ? read(fd, text + n, room - n) : -1;
        if (got <= 0) break;
        n += (size_t)got;
        if (n < room) continue;
        char *grown = room < (1u << 22) ? realloc(text, room *= 2) : NULL;
        if (!grown) break;
        text = grown;
    }
    close(fd);
    *size = n;
    return text;
}

bool gi_os_remote_cpu(long pid, uint64_t tid, uint64_t *ns)
{
    char name[64], text[1024];
    int error;
    if (tid) {
        snprintf(name, sizeof name, "task/%llu/schedstat", (unsigned long long)tid);
        if (read_proc(pid, name, text, sizeof text, &error) && (*ns = strtoull(text, NULL, 10)) > 0) return true;
        snprintf(name, sizeof name, "task/%llu/stat", (unsigned long long)tid);
    } else {
        snprintf(name, sizeof name, "stat");
    }
    if (!read_proc(pid, name, text, sizeof text, &error)) return false;
    char *p = strrchr(text, ')');
    for (int field = 2; p && field < 14; field++) p = strchr(p + 1, ' ');
    if (!p) return false;
    unsigned long long user = strtoull(p + 1, &p, 10), system = strtoull(p, NULL, 10);
    *ns = (user + system) * (UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK));
    return true;
}

void gi_os_allow_inspection(void) { prctl(PR_SET_PTRACER, (unsigned long)-1, 0, 0, 0); }

#else

int gi_os_remote_read(long pid GI_UNUSED, uint64_t address GI_UNUSED, void *to GI_UNUSED, size_t size GI_UNUSED,
                      size_t *got GI_UNUSED)
{
    return ENOSYS;
}
int gi_os_remote_section(long pid GI_UNUSED, const char *name GI_UNUSED, uint64_t *address GI_UNUSED) { return ENOSYS; }
int gi_os_remote_started(long pid GI_UNUSED, uint64_t *started GI_UNUSED) { return ENOSYS; }
char *gi_os_remote_arguments(long pid GI_UNUSED, size_t *size GI_UNUSED) { return NULL; }
bool gi_os_remote_cpu(long pid GI_UNUSED, uint64_t tid GI_UNUSED, uint64_t *ns GI_UNUSED) { return false; }
void gi_os_allow_inspection(void) {}

#endif
