/* gil.pml - the GIL's protocol (src/threads/gil.c) for spin.
 *
 * One step here is one atomic access there: compare-and-swap of the word, the exchange of a
 * verdict, the futex's test and sleep, taking gil.lock. Between them everything may interleave,
 * also the quick paths of world.c, which do not take gil.lock. The policy is any that respects its
 * bound: who is chosen is left open, but for a waiter that was passed over LIMIT times.
 *
 * The C functions keep their names. Where the model leaves something out: a timeout comes at any
 * time, but only to a thread whose verdict is not given, so that a lost wake-up shows (as a
 * deadlock) instead of being mended by the timeout, and only if the holder is not asked yet, for it
 * would change nothing; asking at once may or may not happen, after a timeout it does.
 *
 * Checked: exclusion; the queue is not empty if and only if the word is marked; the quick path
 * takes the lock only while nobody waits; no deadlock and no lost wake-up (finite runs end with the
 * lock free); with -DSTARVATION that every waiter is served, under weak fairness.
 * MUTANT=1..6 breaks the protocol in one place each; run.py checks that each is found out.
 */
#ifndef N
#define N 3          /* threads */
#endif
#ifndef TURNS
#define TURNS 2      /* of each thread, in finite runs */
#endif
#define LIMIT 2      /* passed over so often, a waiter is next */
#define FREE 0       /* threads are 1..N */
#ifndef MUTANT
#define MUTANT 0
#endif

mtype = { WAITING, PARKED, GRANTED };

/* GiGil */
byte holder = FREE;          /* the word: who has it */
bool marked = false;         /* the word: bit 0 */
bool locked = false;         /* gil.lock */
byte queue[N];               /* waiters, oldest first */
byte waiting = 0;

/* GiThreadCore */
mtype verdict[N + 1];
bool drop[N + 1];            /* GI_SP_DROP in the safepoint word */
bool asleep[N + 1];          /* in the futex */
byte passed[N + 1];

/* The checker's */
byte inside = 0;
bool wants[N + 1];

inline lock_gil() { atomic { !locked -> locked = true } }
inline unlock_gil()
{
    /* INVARIANT 1 */
    d_step {
        assert((waiting > 0) == marked);
        locked = false
    }
}

inline queue_append_locked(t)
{
    d_step {
        queue[waiting] = t;
        waiting++;
        verdict[t] = WAITING;
        passed[t] = 0;
        wants[t] = true
    }
}

/* gi_policy_choose_locked: any waiter, but the oldest if it was passed over too often; and
 * queue_remove_locked. */
inline choose_and_remove_locked(next)
{
    i = 0;
    if
#if MUTANT != 6
    /* MUTANT 6: however often it was passed over. */
    :: passed[queue[0]] >= LIMIT -> skip
#endif
    :: else ->
        do
        :: i + 1 < waiting -> i++
        :: break
        od
    fi;
    skip; /* spin wants no jump into d_step */
    d_step {
        next = queue[i];
        k = 0;
        do
        :: k < i -> passed[queue[k]] = (passed[queue[k]] < LIMIT -> passed[queue[k]] + 1 : LIMIT); k++
        :: else -> break
        od;
        do
        :: k + 1 < waiting -> queue[k] = queue[k + 1]; k++
        :: else -> break
        od;
        waiting--;
        queue[waiting] = 0;
        i = 0;
        k = 0
    }
}

/* hand_over_locked: the word, then the verdict; `wake` is who must be woken. */
inline hand_over_locked(next)
{
    atomic {
        holder = next;
        marked = (waiting > 0)
    }
#if MUTANT == 1
    /* Whether it sleeps is looked at before the verdict is given. */
    wake = (verdict[next] == PARKED -> next : 0);
    verdict[next] = GRANTED
#else
    atomic {
        wake = (verdict[next] == PARKED -> next : 0);
        verdict[next] = GRANTED
    }
#endif
}

inline futex_wake(t) { asleep[t] = false }

/* ask_holder_locked; the holder cannot leave unnoticed under gil.lock. */
inline ask_holder_locked()
{
    d_step {
        assert(holder != FREE && marked);
        drop[holder] = true
    }
}

inline wait_for_verdict(me)
{
    atomic {
        if
        :: verdict[me] == WAITING -> verdict[me] = PARKED
        :: else
        fi
    }
    do
    :: verdict[me] != PARKED -> break
    :: else ->
        /* gi_os_futex_wait: sleeps only if the word is still PARKED */
#if MUTANT == 2
        if
        :: verdict[me] == PARKED -> asleep[me] = true
        :: else
        fi;
#else
        atomic {
            if
            :: verdict[me] == PARKED -> asleep[me] = true
            :: else
            fi
        }
#endif
        if
        :: atomic { !asleep[me] -> skip }
        :: atomic { asleep[me] && verdict[me] == PARKED && !drop[holder] -> asleep[me] = false }
            /* the deadline */
            lock_gil();
            if
            :: verdict[me] == PARKED -> ask_holder_locked()
            :: else
            fi;
            unlock_gil()
        fi
    od;
    skip;
    d_step {
        assert(verdict[me] == GRANTED && holder == me);
        wants[me] = false
    }
}

/* get_gil of world.c, then gi_gil_acquire */
inline acquire(me)
{
    got = false;
    atomic {
        if
        :: holder == FREE && !marked ->
            assert(waiting == 0);
            holder = me;
            got = true
        :: else
        fi
    }
    if
    :: got
    :: else ->
        lock_gil();
        /* take_or_mark_locked: reads the word, then swaps it if it is still the same */
        do
        :: atomic { marked -> break }
        :: atomic { !marked -> seen = holder }
            atomic {
                if
                :: holder == seen && !marked && seen == FREE -> holder = me; got = true
                :: holder == seen && !marked && seen != FREE -> marked = true
                :: else
                fi
            }
            if
            :: got -> break
            :: else
            fi
        od;
        seen = 0;
        if
        :: got -> unlock_gil()
        :: else ->
            queue_append_locked(me);
            if
            :: ask_holder_locked()
            :: skip
            fi;
            unlock_gil();
            wait_for_verdict(me)
        fi
    fi;
    got = false
}

/* leave of world.c, then gi_gil_release */
inline release(me)
{
    got = false;
    atomic {
        if
        :: holder == me && !marked -> holder = FREE; got = true
        :: else
        fi
    }
#if MUTANT == 3
    /* Leaves although somebody waits. */
    atomic {
        if
        :: !got && marked -> holder = FREE; marked = false; got = true
        :: else
        fi
    }
#endif
    if
    :: got
    :: else ->
        lock_gil();
        drop[me] = false;
        wake = 0;
        if
        :: waiting > 0 ->
            choose_and_remove_locked(next);
            hand_over_locked(next)
        :: else -> atomic { holder = FREE; marked = false }
        fi;
        unlock_gil();
        if
        :: wake -> futex_wake(wake)
        :: else
        fi;
        wake = 0;
        next = 0
    fi;
    got = false
}

/* gi_gil_give_way */
inline give_way(me)
{
    lock_gil();
    drop[me] = false;
    if
    :: waiting == 0 -> unlock_gil()
    :: else ->
        choose_and_remove_locked(next);
#if MUTANT == 4
        /* Joins the queue only when the lock is gone. */
        hand_over_locked(next);
        queue_append_locked(me);
#else
        queue_append_locked(me);
        hand_over_locked(next);
#endif
        unlock_gil();
#if MUTANT != 5
        /* MUTANT 5: nobody is woken. */
        if
        :: wake -> futex_wake(wake)
        :: else
        fi;
#endif
        wake = 0;
        next = 0;
        wait_for_verdict(me)
    fi
}

inline use(me)
{
    d_step {
        assert(inside == 0 && holder == me);
        inside++
    }
    inside--
}

proctype thread(byte me)
{
    byte i, k, next, wake, seen, turns;
    bool got;
    acquire(me);
#ifdef STARVATION
    do
    :: use(me);
        if
        :: drop[me] -> give_way(me)         /* a safepoint */
        :: !drop[me] -> skip                /* computes on */
        :: release(me); acquire(me)         /* a blocking call */
        fi
    od
#else
    do
    :: turns < TURNS ->
        turns++;
        use(me);
        if
        :: give_way(me)                     /* asked, or gi_yield_gil */
        :: release(me); acquire(me)
        fi
    :: else -> break
    od;
    use(me);
    release(me)
#endif
}

init {
    byte t = 1;
    atomic {
        do
        :: t <= N -> run thread(t); t++
        :: else -> break
        od
    }
#ifndef STARVATION
    _nr_pr == 1;
    assert(holder == FREE && !marked && waiting == 0 && inside == 0)
#endif
}

#ifdef STARVATION
/* Threads are alike: what holds of the first holds of all. */
ltl served { [] (wants[1] -> <> (holder == 1)) }
#endif
