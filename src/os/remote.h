/* remote.h - looking at another process of the same user. Linux; elsewhere everything is ENOSYS.
 *
 * No state; nothing here changes the other process. Results are 0 or an errno value: ESRCH (no
 * such process, or it has ended), EPERM or EACCES (the kernel forbids it).
 */
#ifndef GI_OS_REMOTE_H
#define GI_OS_REMOTE_H

#include "base/common.h"

/* Copies memory of another process; EFAULT when it is not mapped there. With `got` (else NULL)
 * less than `size` is no failure. */
GI_NODISCARD int gi_os_remote_read(long pid, uint64_t address, void *to, size_t size, size_t *got);
/* Where the section of that name of the process's program is in its memory; ENOENT: it has none. */
GI_NODISCARD int gi_os_remote_section(long pid, const char *name, uint64_t *address);
/* When the process started, in the kernel's units: tells processes of the same number apart. */
GI_NODISCARD int gi_os_remote_started(long pid, uint64_t *started);
/* The process's arguments, each ended by a zero byte; to be freed. NULL: none to be had. */
char *gi_os_remote_arguments(long pid, size_t *size);
/* Processor time in ns of a thread, or (tid 0) of the whole process; false when unknown. */
bool gi_os_remote_cpu(long pid, uint64_t tid, uint64_t *ns);
/* Lets other processes of this user look into this one where the kernel's Yama module would allow
 * that to ancestors only. */
void gi_os_allow_inspection(void);

#endif
