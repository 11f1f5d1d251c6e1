/* mutex.c - the waiting halves of the one-word mutex, event and once. See mutex.h. */
#include "threads/mutex.h"

#include "os/thread.h"

enum { SPINS = 60 };

void gi_mutex_lock_slow(GiMutex *mutex)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load_explicit(&mutex->state, memory_order_relaxed) == 0
            && gi_mutex_trylock(mutex))
            return;
        gi_os_spin_pause();
    }
    /* Taking it as 2 is pessimistic: the unlock may wake nobody, but never forgets anybody. */
    while (atomic_exchange_explicit(&mutex->state, 2, memory_order_acquire) != 0)
        gi_os_futex_wait(&mutex->state, 2, GI_NEVER);
}

void gi_mutex_unlock_slow(GiMutex *mutex) { gi_os_futex_wake(&mutex->state, 1); }

void gi_event_set(GiEvent *event)
{
    if (atomic_exchange_explicit(&event->state, 1, memory_order_acq_rel) == 2)
        gi_os_futex_wake(&event->state, INT32_MAX);
}

void gi_event_reset(GiEvent *event)
{
    atomic_store_explicit(&event->state, 0, memory_order_relaxed);
}

bool gi_event_wait(GiEvent *event, uint64_t deadline)
{
    for (;;) {
        uint32_t state = atomic_load_explicit(&event->state, memory_order_acquire);
        if (state == 1) return true;
        if (state == 0
            && !atomic_compare_exchange_strong_explicit(&event->state, &state, 2,
                                                        memory_order_acquire,
                                                        memory_order_acquire))
            continue;
        if (gi_os_futex_wait(&event->state, 2, deadline) == GI_WAIT_TIMEOUT)
            return gi_event_is_set(event);
    }
}

void gi_once_slow(GiOnce *once, void (*run)(void *arg), void *arg)
{
    for (;;) {
        uint32_t state = 0;
        if (atomic_compare_exchange_strong_explicit(&once->state, &state, 1, memory_order_acquire,
                                                    memory_order_acquire)) {
            run(arg);
            if (atomic_exchange_explicit(&once->state, 3, memory_order_acq_rel) == 2)
                gi_os_futex_wake(&once->state, INT32_MAX);
            return;
        }
        if (state == 3) return;
        if (state == 1
            && !atomic_compare_exchange_strong_explicit(&once->state, &state, 2,
                                                        memory_order_acquire,
                                                        memory_order_acquire))
            continue;
        gi_os_futex_wait(&once->state, 2, GI_NEVER);
    }
}
