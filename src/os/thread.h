/* thread.h - native threads: creation, identity, stack bounds, processors.
 *
 * No state of its own; everything is thread-safe.
 */
#ifndef GI_OS_THREAD_H
#define GI_OS_THREAD_H

#include <pthread.h>

#include "base/common.h"

typedef void (*GiThreadMain)(void *arg);

typedef struct {
    pthread_t handle;
} GiOsThread;

/* Starts `run(arg)` in a new thread; stack_size 0 is the platform's default; `detached` threads
 * need not be joined. All signals stay as in the caller. Gives 0 or an errno value. */
GI_NODISCARD int gi_os_thread_start(GiOsThread *thread, GiThreadMain run, void *arg,
                                    size_t stack_size, bool detached);
/* Waits for a thread that was not started detached; gives 0 or an errno value. */
int gi_os_thread_join(GiOsThread *thread);

/* True when a thread can be created with this stack size (what threading.stack_size accepts). */
bool gi_os_stack_size_ok(size_t stack_size);

/* The calling thread's identity as Python's get_ident() shows it; never 0. */
uint64_t gi_os_thread_ident(void);
/* The kernel's number of the calling thread (get_native_id()). */
uint64_t gi_os_thread_native_id(void);
/* Names the calling thread for debuggers; cut to what the platform takes. */
void gi_os_thread_set_name(const char *name);
/* Lets another runnable thread have the processor. */
void gi_os_thread_yield(void);
/* Never returns and touches no memory but its own stack: where daemon threads end up at exit. */
GI_NORETURN void gi_os_thread_hang(void);

/* What gi_os_wake_here changed of a thread; zeroed it says nothing. */
typedef struct {
    bool changed;
    unsigned processor;
    unsigned long before[1024 / (8 * sizeof(unsigned long))]; /* its affinity mask */
} GiOsPin;
/* Makes a thread that sleeps wake up on the caller's processor, if it may run there and elsewhere; the thread
 * itself calls gi_os_unpin when it is awake. Does nothing where the system cannot. */
void gi_os_wake_here(uint64_t native_id, GiOsPin *pin);
/* Lets the calling thread run again where it might before, unless its mask was changed by others meanwhile. */
void gi_os_unpin(GiOsPin *pin);

/* Bounds of the calling thread's C stack: lowest usable address and one past the highest.
 * For the main thread the lower bound follows RLIMIT_STACK. False when unknown. */
bool gi_os_stack_bounds(uintptr_t *low, uintptr_t *high);

/* Processors that this process may use (at least 1), honouring its affinity mask. */
int gi_os_cpu_usable(void);
/* Processors of the machine (at least 1): os.cpu_count(). */
int gi_os_cpu_count(void);

/* One turn of a busy loop. */
static inline void gi_os_spin_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#endif
}

#endif
