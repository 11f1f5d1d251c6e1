"""module.function(...) in one step: the module, its function and the global may change at any time."""
import math
import sys
import types

other = types.ModuleType("other")
other.sqrt = lambda x: ("other", x)


class Plain:
    def sqrt(self, x):
        return ("plain", x)


tool = math


def call(x):
    return tool.sqrt(x)


def call_over_lines(x):
    return (tool
            .sqrt(x))


def run(expected):
    for _ in range(200):
        assert call(4) == expected, (call(4), expected)
        assert call_over_lines(4) == expected


run(2.0)
tool = other
run(("other", 4))
other.sqrt = lambda x: ("again", x)
run(("again", 4))
del other.sqrt
other.__getattr__ = lambda name: lambda x: (name, x)
run(("sqrt", 4))
tool = Plain()
run(("plain", 4))
tool = math
run(2.0)
del tool
try:
    call(4)
except NameError as error:
    assert str(error) == "name 'tool' is not defined"
else:
    raise AssertionError
tool = other
run(("sqrt", 4))


class Sub(types.ModuleType):
    @property
    def sqrt(self):
        return lambda x: ("property", x)


tool = Sub("sub")
run(("property", 4))
tool = other
other.__dict__.clear()
try:
    call(4)
except AttributeError:
    pass
else:
    raise AssertionError

tool = math
run(2.0)
lines = []


def trace(frame, event, arg):
    if frame.f_code is call_over_lines.__code__:
        lines.append((event, frame.f_lineno - frame.f_code.co_firstlineno))
    return trace


sys.settrace(trace)
call_over_lines(4)
sys.settrace(None)
assert lines == [("call", 0), ("line", 1), ("line", 2), ("line", 1), ("return", 1)], lines

before = sys.getrefcount(math)
for _ in range(1000):
    call(9)
assert sys.getrefcount(math) == before
print("ok")
