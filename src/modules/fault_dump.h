/* fault_dump.h - the Python stacks of threads, written from a signal handler or a foreign thread. */
#ifndef GI_MODULES_FAULT_DUMP_H
#define GI_MODULES_FAULT_DUMP_H

#include "memory/thread.h"

/* Writes "Stack (most recent call first):" and the frames of one thread. Async-signal-safe. */
void gi_fault_dump_thread(int fd, GiThread *ts);
/* The same for every thread of the VM, newest first; `current` (or NULL) is named as such. */
void gi_fault_dump_threads(int fd, GiVm *vm, GiThread *current);
/* The native modules that are loaded and not of the standard library. */
void gi_fault_dump_modules(int fd, GiVm *vm);
void gi_fault_write(int fd, const char *text);

#endif
