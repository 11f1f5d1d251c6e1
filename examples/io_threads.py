"""Do threads help a program that waits? Two pieces of work that sleep and compute in turn, three
times each, are done one after the other, and then in two threads at once.

usage: io_threads.py [--json] [DRAWS [PAUSE]]     DRAWS: random numbers in each burst (2,000,000)
                                                  PAUSE: seconds of each sleep (0.3)

A thread that sleeps has let go of the interpreter, so the other one runs meanwhile: the sleeps
overlap and the ratio falls below 1, the more the longer they are compared with the computation.
"""
import json
import random
import sys
import threading
import time


def burst(draws):
    return min([random.random() * 100 for _ in range(draws)])


def piece(draws, pause):
    """The piece of work: three times a sleep and a burst of computation."""
    for _ in range(3):
        time.sleep(pause)
        burst(draws)


def seconds(job):
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def measure(draws=2_000_000, pause=0.3):
    """Returns the seconds of both ways."""
    def one_by_one():
        for _ in range(2):
            piece(draws, pause)

    def side_by_side():
        pair = [threading.Thread(target=piece, args=(draws, pause)) for _ in range(2)]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()

    return {"sequential": seconds(one_by_one), "two threads": seconds(side_by_side)}


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--json"]
    result = measure(*map(int, arguments[:1]), *map(float, arguments[1:2]))
    if "--json" in sys.argv:
        print(json.dumps(result))
    else:
        for label, value in result.items():
            print(f"{label:16}{value:9.3f} s")
        print(f"two threads / sequential: {result['two threads'] / result['sequential']:.2f}")
