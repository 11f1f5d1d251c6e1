"""The frame object of a generator that the collector takes away stays usable."""
import gc
import sys


def stubborn(a):
    me = yield
    while True:
        try:
            yield
        except GeneratorExit:
            pass


def make():
    g = stubborn(1)
    next(g)
    g.send(g)
    return g.gi_frame


sys.unraisablehook = lambda info: None
frame = make()
gc.collect()
gc.collect()
junk = [[object() for _ in range(100)] for _ in range(1000)]
assert frame.f_code.co_name == "stubborn" and frame.f_lineno
me = frame.f_locals["me"]
repr(me), me.__name__, me.__qualname__, me.gi_code, me.gi_frame
try:
    next(me)
except (StopIteration, ValueError):
    pass
frame.clear()
del frame, me, junk
gc.collect()
