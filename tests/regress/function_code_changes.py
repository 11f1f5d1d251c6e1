"""A function's code may be replaced while frames still run it or show it."""
import gc


def make(source):
    space = {}
    exec(source, space)
    return space


def other(a=1):
    return a


f = make("""
def f(g):
    f.__code__ = g.__code__
    x = [1] * 10
    for i in range(3):
        x.append(i)
    return x
""")['f']
assert f(other) == [1] * 10 + [0, 1, 2]
assert f(3) == 3

space = make("""
import sys
def f():
    frame = sys._getframe()
    return frame
def g():
    yield sys._getframe()
    yield 2
""")
frame = space['f']()
space['f'].__code__ = other.__code__
gc.collect()
assert (frame.f_code.co_name, frame.f_lineno, list(frame.f_locals)) == ("f", 5, ["frame"])
generator = space['g']()
frame = next(generator)
space['g'].__code__ = other.__code__
gc.collect()
assert next(generator) == 2 and frame.f_code.co_name == "g"

for code in [compile("1", "x", "eval"), other.__code__] * 50:
    space['f'].__code__ = code

try:
    make("""
def fail():
    fail.__code__ = (lambda: 1).__code__
    raise ValueError
fail()
""")
except ValueError as e:
    tb = e.__traceback__.tb_next.tb_next.tb_next
    gc.collect()
    assert tb.tb_frame.f_code.co_name == "fail" and tb.tb_lineno == 4

