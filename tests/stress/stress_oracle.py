"""Two threads do two operations each on a fresh object: what they see is what some order of the four gives.

usage: stress_oracle.py [--trials N] [--seed N] [--part I/N] [--list] [--kinds] [KIND...]
For every ordered pair (f, g) of operations, thread 1 does f and g, thread 2 does g and f. The results and
what is left must be among those of the six orders in which one thread can do it.
"""
import argparse
import faulthandler
import inspect
import itertools
import random
import sys
import threading
import time
import types
import zlib

import rows

KINDS = ["list", "dict", "set", "deque", "deque_bounded", "bytearray", "array_i", "defaultdict", "OrderedDict", "Counter",
         "SimpleQueue", "list_iterator", "range_iterator", "enumerate", "count", "repeat", "chain", "islice", "cycle", "accumulate",
         "pairwise", "zip_longest", "permutations", "tee", "BytesIO", "StringIO", "Random", "slots", "instance"]
# Not one step in any mode, or not told by their results.
UNTOLD = {"__dir__", "__hash__", "__repr__", "__str__", "dir()", "deepcopy()", "reduce()", "list()", "sum()", "sorted()", "tuple()",
          "compare()", "copy()", "with", "raise", "__init__", "__reduce__", "__sizeof__", "attribute+=", "getattr()", "__copy__",
          "__deepcopy__", "readlines", "writelines", "__enter__", "__exit__", "sort", "seed", "setstate", "getstate", "__setstate__",
          "__getstate__", "_dealloc_warn", "_checkClosed", "_checkReadable", "_checkSeekable", "_checkWritable", "close",
          "most_common", "elements", "_keep_positive", "subtract", "call()", "getbuffer"}


def plain(value, depth=0):
    """Something that can be compared and hashed."""
    if value is None or isinstance(value, (int, str, bytes, float, bool)):
        return value
    if depth < 3:
        if isinstance(value, (list, tuple)):
            return type(value).__name__, tuple(plain(v, depth + 1) for v in value)
        if isinstance(value, dict):
            return "dict", tuple((plain(k), plain(v, depth + 1)) for k, v in value.items())
        if isinstance(value, (set, frozenset)):
            return "set", frozenset(plain(v) for v in value)
    return type(value).__name__


def content(kind, obj):
    if kind == "SimpleQueue":
        return tuple(obj.get_nowait() for _ in range(obj.qsize()))
    if kind in ("BytesIO", "StringIO"):
        return obj.tell(), obj.getvalue()
    if kind == "slots":
        return tuple(getattr(obj, n, "none") for n in rows.NAMES)
    if kind == "instance":
        return tuple(vars(obj).items())
    if kind == "Random":
        return obj.getrandbits(32)
    if kind == "bytearray":
        return bytes(obj)
    if kind in ("OrderedDict", "defaultdict", "Counter", "dict"):
        return plain(dict(obj))
    if kind == "set":
        return plain(set(obj))
    return plain(list(itertools.islice(obj, 20)))


def result(operation, obj, args):
    try:
        value = operation.call(obj, *args)
        return "same" if value is obj else plain(value)
    except Exception as e:
        return "raised", type(e).__name__


ORDERS = sorted(set(itertools.permutations((0, 0, 1, 1))))


def sequential(kind, first, second):
    """All outcomes of one thread's orders; None if they are not told alike twice."""
    outcomes = []
    for _ in range(2):
        found = set()
        for order in ORDERS:
            obj = rows.KINDS[kind]()
            todo = [[first, second], [second, first]]
            seen = [[], []]
            for who in order:
                operation, args = todo[who].pop(0)
                seen[who].append(result(operation, obj, args))
            found.add((tuple(seen[0]), tuple(seen[1]), content(kind, obj)))
        outcomes.append(found)
    return outcomes[0] if outcomes[0] == outcomes[1] else None


class Pair:
    """Two threads that do their two operations at the same moment, again and again."""

    def __init__(self):
        self.round, self.job, self.seen, self.ready = 0, None, [None, None], [0, 0]
        self.threads = [threading.Thread(target=self.work, args=(i,), daemon=True) for i in range(2)]
        for t in self.threads:
            t.start()

    def work(self, number):
        last = 0
        while True:
            spins = 0
            while self.round == last:
                spins += 1
                if spins > 200:
                    time.sleep(0)
            last = self.round
            if last < 0:
                return
            obj, todo = self.job
            self.ready[number] = last
            spins = 0
            while self.ready[1 - number] != last and spins < 10000:
                spins += 1
                if spins > 500:
                    time.sleep(0)
            self.seen[number] = last, tuple([result(operation, obj, args) for operation, args in todo[number]])

    def run(self, obj, first, second):
        self.job = obj, ((first, second), (second, first))
        self.round += 1
        while not all(s is not None and s[0] == self.round for s in self.seen):
            time.sleep(0)
        return self.seen[0][1], self.seen[1][1]

    def end(self):
        self.round = -1


def told(kind, operation, args):
    """The operation gives the same twice on fresh objects."""
    try:
        pairs = []
        for _ in range(2):
            obj = rows.KINDS[kind]()
            pairs.append((result(operation, obj, args), content(kind, obj)))
        hash(pairs[0])
        return pairs[0] == pairs[1]
    except Exception:
        return False


def in_python(kind, name):
    """Methods that are functions of the library are no steps in any mode."""
    cls = type(rows.KINDS[kind]())
    name = {"ior": "__ior__", "iadd": "__iadd__", "eq()": "__eq__"}.get(name, name)
    return isinstance(inspect.getattr_static(cls, name, None), types.FunctionType)


def pairs_of(kind, seed):
    rng = random.Random(f"{kind} {seed}")
    calls = []
    for operation in rows.operations(kind):
        if operation.name.startswith(".") or operation.name in UNTOLD or in_python(kind, operation.name):
            continue
        for _ in range(2):
            args = list(operation.make(rng, rows.KINDS[kind]()))
            if any(hasattr(a, "__next__") or type(a) is type(rows.KINDS[kind]()) and kind != "slots" for a in args):
                continue
            if told(kind, operation, args):
                calls.append((operation, args))
                break
    return [(f, g) for f in calls for g in calls]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--trials", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--kinds", dest="names", action="store_true")
    parser.add_argument("kinds", nargs="*")
    args = parser.parse_args()
    if args.names:
        print("\n".join(KINDS))
        return 0
    part, parts = map(int, args.part.split("/"))
    pair = Pair()
    wrong = {}
    tried = 0
    for kind in args.kinds or KINDS:
        for number, (first, second) in enumerate(pairs_of(kind, args.seed)):
            if zlib.crc32(f"{kind} {number}".encode()) % parts != part:
                continue
            row = f"{kind} {first[0].name}{tuple(first[1])} {second[0].name}{tuple(second[1])}"
            if args.list:
                print(row)
                continue
            faulthandler.dump_traceback_later(30, exit=True)
            expected = sequential(kind, first, second)
            if expected is None:
                continue
            tried += 1
            for _ in range(args.trials):
                obj = rows.KINDS[kind]()
                seen = pair.run(obj, first, second)
                outcome = (*seen, content(kind, obj))
                if outcome not in expected:
                    wrong.setdefault(kind, []).append(f"{row}\n    {outcome}")
                    break
    pair.end()
    for kind, problems in wrong.items():
        print(f"{kind}: {len(problems)} pairs, as")
        print("  " + "\n  ".join(problems[:4]))
    if not args.list:
        print(f"{tried} pairs tried, {sum(map(len, wrong.values()))} gave what no order gives: {' '.join(wrong)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
