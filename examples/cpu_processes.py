"""What do processes gain where threads do not? The same computation is done by several threads, by
as many processes, and by a process pool.

usage: cpu_processes.py [--json] [DRAWS [WORKERS [METHOD]]]
  DRAWS    random numbers each worker draws (5,000,000)
  WORKERS  how many (3)
  METHOD   fork, spawn or forkserver (what the platform prefers)

Every process has an interpreter and so a lock of its own: on two processors two of them compute at
once, and the ratio to threads approaches 1/2. The pool adds the cost of passing work and results.
"""
import json
import multiprocessing
import random
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor


def lowest(draws):
    """The piece of work that each thread, process or member of the pool does."""
    return min([random.random() * 100 for _ in range(draws)])


def seconds(job):
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def measure(draws=5_000_000, workers=3, method=None):
    """Returns the seconds of the three ways."""
    context = multiprocessing.get_context(method)

    def crew(make):
        members = [make(target=lowest, args=(draws,)) for _ in range(workers)]
        for member in members:
            member.start()
        for member in members:
            member.join()
        bad = [m for m in members if getattr(m, "exitcode", 0)]
        if bad:
            raise RuntimeError(f"{len(bad)} processes failed")

    def pool():
        with ProcessPoolExecutor(workers, mp_context=context) as executor:
            results = list(executor.map(lowest, [draws] * workers))
        if len(results) != workers or not all(0 <= r < 100 for r in results):
            raise RuntimeError("the pool lost results")

    return {
        "threads": seconds(lambda: crew(threading.Thread)),
        "processes": seconds(lambda: crew(context.Process)),
        "process pool": seconds(pool),
    }


if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--json"]
    result = measure(*map(int, arguments[:2]), *arguments[2:3])
    if "--json" in sys.argv:
        print(json.dumps(result))
    else:
        for label, value in result.items():
            print(f"{label:16}{value:9.3f} s")
        print(f"processes / threads: {result['processes'] / result['threads']:.2f}")
