"""Tracing that begins in the middle of a frame; generators that return something end a loop with an event."""
import sys

events = []


def tracer(frame, event, arg):
    if frame.f_code.co_filename == __file__ and frame.f_code.co_name != "<module>":
        events.append((frame.f_code.co_name, event, frame.f_lineno, arg if event in ("return",) else event == "exception" and repr(arg[1])))
    return tracer


def start():
    f = sys._getframe()
    while f is not None:
        f.f_trace = tracer
        f = f.f_back
    sys.settrace(tracer)


def inner():
    start()
    a = 1
    return a


def middle():
    x = inner() + 1
    y = x
    for i in range(2):
        y += i
    return y


def outer():
    z = [middle(), 1]
    return z


outer()
sys.settrace(None)
for e in events:
    print(e)


def gen(value):
    yield 1
    return value


def delegating(value):
    got = yield from gen(value)
    return got


def loops():
    for value in (None, 5):
        for _ in gen(value):
            pass
        for _ in delegating(value):
            pass
        list(gen(value))
        [i for i in gen(value)]


events.clear()
sys.settrace(tracer)
loops()
sys.settrace(None)
for e in events:
    print(e)


def leaf():
    caller = sys._getframe(1)
    caller.f_trace = tracer
    return 1


def not_traced(frame, event, arg):
    return None


def called_untraced():
    a = leaf()
    b = a
    return b


events.clear()
sys.settrace(not_traced)
called_untraced()
sys.settrace(None)
for e in events:
    print(e)
