"""Does a second thread make computation faster? Two pieces of pure computation are done one after
the other, and then in two threads at once.

usage: cpu_threads.py [--json] [DRAWS]        DRAWS: random numbers in each piece (10,000,000)

With one lock around the interpreter only one thread computes at a time, so both ways take the same
time: the ratio is about 1. Without that lock it approaches 1/2 on two processors.
"""
import json
import random
import sys
import threading
import time


def lowest(draws):
    """The piece of work: the lowest of so many random numbers, all held in a list."""
    return min([random.random() * 100 for _ in range(draws)])


def seconds(job):
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def measure(draws=10_000_000):
    """Returns the seconds of both ways."""
    def one_by_one():
        for _ in range(2):
            lowest(draws)

    def side_by_side():
        pair = [threading.Thread(target=lowest, args=(draws,)) for _ in range(2)]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()

    return {"sequential": seconds(one_by_one), "two threads": seconds(side_by_side)}


def show(times):
    for label, value in times.items():
        print(f"{label:16}{value:9.3f} s")
    first, *others = times.items()
    for label, value in others:
        print(f"{label} / {first[0]}: {value / first[1]:.2f}")


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--json"]
    result = measure(*map(int, arguments[:1]))
    if "--json" in sys.argv:
        print(json.dumps(result))
    else:
        show(result)
