"""list(map(str, d)), dict(zip(d, q)), sum(filter(None, s)) ... while other threads change what is gone through. With the lock the
change may come between the making of the iterator and its use, which is an error then; without it there is none."""
import collections
import itertools
import sys
import threading
import time

d = dict.fromkeys(range(50))
o = collections.OrderedDict.fromkeys(range(50))
s = set(range(50))
q = collections.deque(range(50))
stop = threading.Event()


def change():
    for i in itertools.cycle(range(50, 90)):
        if stop.is_set():
            return
        d[i] = i
        o[i] = i
        s.add(i)
        q.append(i)
        del d[i], o[i]
        s.discard(i)
        q.pop()


takes = {
    "map dict": lambda: len(list(map(str, d))),
    "map items": lambda: len(tuple(map(repr, d.items()))),
    "map odict": lambda: len(list(map(float, o))),
    "map set": lambda: len(sorted(map(int, s))),
    "map deque": lambda: len(",".join(map(str, q)).split(",")),
    "zip": lambda: len(dict(zip(d, q))),
    "zip more": lambda: len(list(zip(s, q, o.values()))),
    "enumerate": lambda: len(list(enumerate(q))),
    "filter": lambda: len(set(filter(str, d))),
    "filter none": lambda: 1 + sum(1 for _ in tuple(filter(None, q))),
    "nested": lambda: len(list(map(str, enumerate(map(abs, d))))),
    "max": lambda: 50 + (max(map(int, s)) < 49),
}


def take():
    end = time.monotonic() + 1.5
    while time.monotonic() < end:
        for name, f in takes.items():
            n = f()
            assert n in (50, 51), (name, n)


def attempt(f):
    try:
        f()
    except BaseException as e:
        failures.append(e)


failures = []
free = not getattr(sys, "_is_gil_enabled", lambda: True)()
crew = [threading.Thread(target=attempt, args=(f,)) for f in (take, take, change if free else stop.wait)]
for t in crew:
    t.start()
for t in crew[:2]:
    t.join()
stop.set()
crew[2].join()
assert not failures, failures


# One thread sees what it saw: an error comes where it came, and Python functions may change what is gone through.
def grow(k):
    d[k + 1000] = None
    return k


def error(f):
    try:
        f()
    except Exception as e:
        return str(e)


assert error(lambda: list(map(grow, d))) == "dictionary changed size during iteration"
assert error(lambda: list(filter(grow, d))) == "dictionary changed size during iteration"
it = iter(s)
m = map(int, it)
next(it)
assert len(list(m)) == len(s) - 1 and list(it) == []
it = iter([1, "x", 3])
assert error(lambda: list(map(int, it))) == "invalid literal for int() with base 10: 'x'" and list(it) == [3]
held = iter({1: 1, "x": 2, 3: 3})
assert error(lambda: list(map(int, held))) is not None and list(held) == [3]
print("ok")
