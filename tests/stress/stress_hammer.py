"""Threads do random operations on one shared object: nothing crashes, and nothing is leaked.

usage: stress_hammer.py [--seconds S] [--seed N] [--kinds] [KIND...]
Each kind (rows.py) runs in a process of its own for so many seconds (0.15). Exceptions are what operations
may end in. A failure names the kind and the seed.
"""
import argparse
import faulthandler
import os
import random
import subprocess
import sys
import threading
import time
import weakref

import rows

THREADS = 4


def hammer(kind, seconds, seed):
    faulthandler.dump_traceback_later(seconds * 3 + 20, exit=True)
    end = time.monotonic() + seconds
    tokens = [rows.Token(f"token {i}") for i in range(4)]
    watched = [weakref.ref(t) for t in tokens]
    rows.POOL[:] = tokens
    operations = rows.operations(kind)
    shared = [rows.KINDS[kind]()]
    wrong = []
    counts = [0] * THREADS

    def work(number):
        rng = random.Random(seed * 100 + number)
        while time.monotonic() < end and not wrong:
            obj = shared[0]
            for _ in range(50):
                operation = rng.choice(operations)
                try:
                    operation.call(obj, *operation.make(rng, obj))
                except (SystemError, MemoryError) as e:
                    wrong.append(f"{operation.name}: {e!r}")
                except BaseException:
                    pass
                counts[number] += 1
                rows.bound(obj)
            if rng.random() < 0.05:
                shared[0] = rows.KINDS[kind]()
            if rng.random() < 0.01:
                rows.collect()

    threads = [threading.Thread(target=work, args=(i,)) for i in range(THREADS)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    del threads, work, shared, operations
    rows.POOL.clear()
    tokens.clear()
    for _ in range(3):
        rows.collect()
    left = [w() for w in watched if w() is not None]
    if left:
        wrong.append(f"never freed: {left}")
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--kinds", dest="names", action="store_true")
    parser.add_argument("--row")
    parser.add_argument("kinds", nargs="*")
    args = parser.parse_args()
    if args.row:
        sys.stderr = open(os.devnull, "w")
        return hammer(args.row, args.seconds, args.seed)
    kinds = args.kinds or list(rows.KINDS)
    if args.names:
        print("\n".join(kinds))
        return 0
    failed = []
    for kind in kinds:
        command = [sys.executable, __file__, "--row", kind, "--seconds", str(args.seconds), "--seed", str(args.seed)]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode:
            failed.append(kind)
            print(f"{kind}: status {result.returncode}, --seed {args.seed}\n{(result.stdout + result.stderr)[-1500:]}", flush=True)
    print(f"{len(kinds) - len(failed)} kinds stand it, {len(failed)} do not: {' '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
