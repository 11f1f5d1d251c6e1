# gil: 0
"""Native code that goes through a container takes what is in it at one moment: no RuntimeError, no mixture of two states."""
import array
import collections
import csv
import functools
import io
import itertools
import math
import operator
import sys
import time

from _together import in_threads

SECONDS = float(sys.argv[1]) if len(sys.argv) > 1 else 0.002


class Deque(collections.deque):
    pass


class List(list):
    pass


class Dict(dict):
    pass


class Set(set):
    pass


class Asked:
    """Gives the iterator of what it holds: Python code, but none between two items."""

    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


# How it is made from ints, and how it gets from one state to the other and back, each in one step.
SEQUENCE = lambda obj: obj.append(7), lambda obj: obj.pop()
REVERSED = lambda obj: obj.reverse(), lambda obj: obj.reverse()
MAPPING = lambda obj: obj.__setitem__(7, 7), lambda obj: obj.__delitem__(7)
SETS = lambda obj: obj.add(7), lambda obj: obj.discard(7)
KINDS = {
    "deque": (collections.deque, *SEQUENCE), "Deque": (Deque, *SEQUENCE), "deque reversed": (collections.deque, *REVERSED),
    "list": (list, *SEQUENCE), "List": (List, *SEQUENCE), "list reversed": (list, *REVERSED),
    "dict": (lambda n: dict(zip(n, n)), *MAPPING), "Dict": (lambda n: Dict(zip(n, n)), *MAPPING),
    "defaultdict": (lambda n: collections.defaultdict(int, zip(n, n)), *MAPPING),
    "OrderedDict": (lambda n: collections.OrderedDict(zip(n, n)), *MAPPING),
    "Counter": (lambda n: collections.Counter(dict(zip(n, n))), *MAPPING),
    "set": (set, *SETS), "Set": (Set, *SETS),
}


def unpack(obj):
    first, *rest = obj
    return first, rest


def unpack_five(obj):
    try:
        a, b, c, d, e = obj
    except ValueError:
        return "more"
    return a, b, c, d, e


def written(obj):
    out = io.StringIO()
    csv.writer(out).writerow(obj)
    return out.getvalue()


def changed(start, method):
    def change(obj):
        fresh = type(start)(start)
        getattr(fresh, method)(obj)
        return fresh
    return change


def of_mapping(f):
    return lambda obj: f(obj) if hasattr(obj, "keys") else None


CONSUMERS = {
    "list": list, "tuple": tuple, "sorted": sorted, "set": set, "frozenset": frozenset, "sum": sum, "min": min, "max": max,
    "max key": lambda obj: max(obj, key=abs), "any": lambda obj: any(obj), "all": lambda obj: all(obj),
    "fromkeys": dict.fromkeys, "OrderedDict.fromkeys": collections.OrderedDict.fromkeys,
    "defaultdict.fromkeys": collections.defaultdict.fromkeys, "deque()": collections.deque, "bytes": bytes, "bytearray": bytearray,
    "bytearray.extend": changed(bytearray(), "extend"), "array": lambda obj: array.array("i", obj),
    "list.extend": changed([], "extend"), "+=": lambda obj: operator.iadd([], obj), "deque.extend": changed(collections.deque(), "extend"),
    "extendleft": changed(collections.deque(), "extendleft"),
    "set.update": changed({9}, "update"), "union": lambda obj: {9}.union(obj),
    "intersection": lambda obj: {0, 1, 2, 3, 4, 7}.intersection(obj), "difference": lambda obj: {0, 7, 9}.difference(obj),
    "symmetric_difference": lambda obj: {9}.symmetric_difference(obj), "isdisjoint": lambda obj: {9}.isdisjoint(obj),
    "issubset": lambda obj: {7}.issubset(obj), "issuperset": lambda obj: {0, 1, 2, 3, 4}.issuperset(obj),
    "Counter()": collections.Counter, "reduce": lambda obj: functools.reduce(operator.add, obj), "fsum": math.fsum,
    "prod": math.prod, "countOf": lambda obj: operator.countOf(obj, 7), "indexOf": lambda obj: operator.indexOf(obj, 3),
    "unpack": unpack, "unpack five": unpack_five, "*args": lambda obj: (lambda *args: args)(*obj), "[*obj]": lambda obj: [*obj, 9],
    "{*obj}": lambda obj: {*obj, 9}, "writerow": written, "permutations": lambda obj: list(itertools.permutations(obj, 1)),
    "product": lambda obj: list(itertools.product(obj)), "items": of_mapping(lambda obj: list(obj.items())),
    "sum values": of_mapping(lambda obj: sum(obj.values())), "dict(items)": of_mapping(lambda obj: dict(obj.items())),
    "keys &": of_mapping(lambda obj: obj.keys() & [0, 7]), "keys |": of_mapping(lambda obj: obj.keys() | [9]),
    "update": of_mapping(changed({}, "update")), "Asked list": lambda obj: list(Asked(obj)), "Asked sum": lambda obj: sum(Asked(obj)),
    "in iterator": lambda obj: 7 in iter(Asked(obj)) if isinstance(obj, int) else None,
}


def comparable(value):
    return list(value.items()) if isinstance(value, dict) else value


def beside_changes():
    jobs = [(kind, name) for kind in KINDS for name in CONSUMERS]
    wrong, now = {}, [None, None, None]

    def change():
        while now is not None and now[0] != "end":
            obj, there, back = now
            if there is not None:
                for _ in range(10):
                    there(obj)
                    back(obj)

    def consume():
        for kind, name in jobs:
            make, there, back = KINDS[kind]
            consumer = CONSUMERS[name]
            obj, other = make(range(5)), make(range(5))
            there(other)
            expected = comparable(consumer(obj)), comparable(consumer(other))
            now[:] = obj, there, back
            end = time.monotonic() + SECONDS
            while time.monotonic() < end and (kind, name) not in wrong:
                try:
                    seen = comparable(consumer(obj))
                except Exception as e:
                    seen = repr(e)
                if seen not in expected:
                    wrong[kind, name] = seen
        now[:] = "end", None, None

    in_threads(change, consume)
    assert not wrong, wrong


def own_changes():
    """What the program itself changes while it goes through it is noticed as ever."""
    d = dict.fromkeys(range(5))
    it = iter(d)
    next(it)
    d[9] = 9
    for _ in range(2):
        try:
            list(it)
        except RuntimeError as e:
            assert "changed size" in str(e)
        else:
            raise AssertionError
    q = collections.deque(range(5))
    it = iter(q)
    next(it)
    assert list(it) == [1, 2, 3, 4] and list(it) == []
    it = iter(q)
    q.append(1)
    try:
        sum(it)
    except RuntimeError:
        pass
    else:
        raise AssertionError
    L = [1, 2, 3]
    it = reversed(L)
    assert next(it) == 3 and list(it) == [2, 1] and list(it) == []
    it = iter(L)
    next(it)
    L.append(4)
    assert tuple(it) == (2, 3, 4)
    L.append(5)
    assert tuple(it) == ()
    d = {1: 2, 3: 4, 5: 6}
    it = iter(d.items())
    assert next(it) == (1, 2) and dict(it) == {3: 4, 5: 6} and list(reversed(d.values())) == [6, 4, 2]
    o = collections.OrderedDict(d)
    it = iter(o.values())
    assert next(it) == 2 and list(it) == [4, 6] and list(it) == []
    s = {1, 2, 3}
    it = iter(s)
    first = next(it)
    assert {first, *it} == s and list(it) == []


in_threads(own_changes, own_changes)
beside_changes()
