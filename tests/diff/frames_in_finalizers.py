"""A finalizer that runs while a function's variables are dropped sees the caller's frame, and what it
keeps of frames stays valid."""
import gc
import sys
import traceback

kept = []


class Look:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        frame = sys._getframe(1)
        kept.append(frame)
        print(self.name, "dropped in", frame.f_code.co_name)
        try:
            raise ValueError(self.name)
        except ValueError as e:
            kept.append(e)


def leaf(n):
    a, b = Look("a%d" % n), Look("b%d" % n)
    c = [a, b]
    return n


def method_like(self=Look, x=None):
    local = Look("m")


def inner(n):
    return leaf(n) + 1


def gen():
    held = Look("g")
    yield 1


for i in range(3):
    inner(i)
method_like()
list(gen())
g = gen()
next(g)
del g
gc.collect()
for f in kept:
    if isinstance(f, ValueError):
        print(len(traceback.extract_tb(f.__traceback__)), f)
    else:
        print(f.f_code.co_name, sorted(f.f_locals)[:3] if f.f_code.co_name != "<module>" else "")
kept.clear()
gc.collect()


def deep(n):
    x = Look("d%d" % n)
    return deep(n - 1) if n else None


deep(5)
print([f.f_code.co_name for f in kept if not isinstance(f, ValueError)])
Look.__del__ = lambda self: None
