"""Is the lock shared out fairly? One thread computes a millisecond and then offers its turn, over and
over; beside it are threads that only compute.

usage: cpued.py [COMPUTING [SECONDS]]      COMPUTING: threads that only compute (1); SECONDS (2)

A lock that favours those who come back from a call would starve the computing threads here, and one
that gives nothing for it, as CPython's, starves the thread that offers its turn. Prints the share of
the processor time that each thread had; the fair one is 1 / (COMPUTING + 1).
"""
import sys
import threading
import time


def measure(computing=1, seconds=2.0):
    """Returns the shares, that of the thread which offers its turn first."""
    finished = False
    had = [0.0] * (computing + 1)

    def offers_turn():
        while not finished:
            until = time.thread_time() + 0.001
            while time.thread_time() < until:
                pass
            time.sleep(0)
        had[0] = time.thread_time()

    def computes(place):
        n = 0
        while not finished:
            n += 1
        had[place] = time.thread_time()

    threads = [threading.Thread(target=offers_turn)]
    threads += [threading.Thread(target=computes, args=(place,)) for place in range(1, computing + 1)]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    finished = True
    for thread in threads:
        thread.join()
    return [share / (sum(had) or 1) for share in had]


def main():
    computing = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    first, *others = measure(computing, float(sys.argv[2]) if len(sys.argv) > 2 else 2.0)
    print(f"yielding_share={first:.3f} pure_shares=" + ",".join(f"{share:.3f}" for share in others))


if __name__ == "__main__":
    main()
