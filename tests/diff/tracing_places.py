"""Places of trace events: a constant returned from another line, a generator that goes on after a
yield without an instruction of its own on that line, with statements of several items on one line."""
import sys


def constant():
    return (
        1)


def in_loop():
    for i in [1]:
        return (
            "a"
            "b")


def in_try():
    try:
        return (
            None)
    finally:
        x = 1


def inner():
    x = yield 1
    try:
        y = yield 2
    finally:
        z = yield 3
    return 4


def outer():
    return (yield from inner())


class Manager:
    def __init__(self, answer=False):
        self.answer = answer

    def __enter__(self):
        return self

    def __exit__(self, *a):
        return self.answer


def managers():
    with Manager() as a, Manager(), Manager() as c:
        1 / 0


def inner_suppresses():
    with Manager() as a, Manager(True), Manager() as c:
        x = 1
        1 / 0
    return x


def lines_apart():
    with Manager() as a:
        with Manager() as b:
            x = 1
            1 / 0


def tracer(frame, event, arg):
    print("  ", frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno, event)
    return tracer


for function in (constant, in_loop, in_try, managers, inner_suppresses, lines_apart):
    sys.settrace(tracer)
    try:
        function()
    except Exception as error:
        sys.settrace(None)
        print(type(error).__name__)
    sys.settrace(None)
sys.settrace(tracer)
for v in outer():
    pass
it = inner()
next(it), next(it)
try:
    it.throw(ValueError)
except ValueError:
    pass
sys.settrace(None)
