"""Two threads do operations of two objects on the same two, in opposite order: none waits for ever.

usage: stress_pairs.py [--rounds N] [--list]
A thread that has not come back after some seconds ends the program with the stacks of all.
"""
import argparse
import array
import collections
import copy
import faulthandler
import io
import operator
import os
import pickle
import sys
import threading

MAKERS = {
    "list": lambda: [1, 2, 3],
    "dict": lambda: {1: 2, 3: 4},
    "set": lambda: {1, 2, 3},
    "deque": lambda: collections.deque([1, 2]),
    "bytearray": lambda: bytearray(b"ab"),
    "array": lambda: array.array("i", [1, 2]),
    "OrderedDict": lambda: collections.OrderedDict({1: 2}),
    "defaultdict": lambda: collections.defaultdict(int, {1: 2}),
    "Counter": lambda: collections.Counter("ab"),
}


def method(name):
    def call(a, b):
        return getattr(a, name)(b)
    call.__name__ = name
    return call


def contain(a, b):
    """Each holds the other while it is shown, compared or pickled."""
    if isinstance(a, list):
        a[:1] = [b]
    elif isinstance(a, dict):
        a[0] = b
    elif isinstance(a, collections.deque):
        a[0] = b
    return repr(a)


def pickled(a, b):
    return pickle.dumps((a, b), 4)


def copied(a, b):
    return copy.copy(a), copy.copy(b)


OPERATIONS = [operator.eq, operator.lt, operator.le, operator.or_, operator.and_, operator.sub, operator.xor, operator.iadd,
              operator.ior, operator.iand, operator.isub, operator.ixor, operator.add, operator.contains, contain, pickled, copied,
              *map(method, ("extend", "update", "extendleft", "union", "intersection_update", "difference_update", "issubset",
                            "symmetric_difference_update", "isdisjoint", "subtract", "join", "fromlist", "append", "add", "remove"))]


def limit(obj):
    try:
        if len(obj) > 50:
            obj.clear() if hasattr(obj, "clear") else obj.__delitem__(slice(None))
    except Exception:
        pass


def opposite(a, b, operation, rounds):
    barrier = threading.Barrier(2)

    def work(x, y):
        barrier.wait()
        for _ in range(rounds):
            try:
                operation(x, y)
            except Exception:
                pass
            limit(x)

    threads = [threading.Thread(target=work, args=pair) for pair in ((a, b), (b, a))]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


class Forwarding(io.TextIOBase):
    """A text stream in Python that passes on what is written."""

    def __init__(self):
        self.to = None
        self.depth = 0

    def write(self, text):
        if self.to is not None and text.startswith("forward"):
            self.to.write("stop")
        return len(text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--list", action="store_true")
    args = parser.parse_args()
    names = [(a, b) for a in MAKERS for b in MAKERS if a <= b]
    if args.list:
        print(*(f"{a} {b} {op.__name__}" for a, b in names for op in OPERATIONS), sep="\n")
        return 0
    sys.setrecursionlimit(300)
    for a, b in names:
        for operation in OPERATIONS:
            row = f"{a} {b} {operation.__name__}"
            print(row, file=log)
            faulthandler.dump_traceback_later(10, exit=True)
            opposite(MAKERS[a](), MAKERS[b](), operation, args.rounds)
    faulthandler.cancel_dump_traceback_later()
    return 0


if __name__ == "__main__":
    log = open(os.devnull, "w") if "-v" not in sys.argv else sys.stderr
    sys.argv = [a for a in sys.argv if a != "-v"]
    sys.exit(main())
