"""f_lineno set by a trace function: into, out of and over blocks."""
import sys


def run(func, start, to, event="line"):
    first = func.__code__.co_firstlineno
    done = []

    def trace(frame, what, arg):
        if frame.f_code is func.__code__ and what == event and frame.f_lineno == first + start and not done:
            done.append(1)
            frame.f_lineno = first + to
        return trace

    out = []
    sys.settrace(trace)
    try:
        func(out)
    except Exception as error:
        out.append(f"{type(error).__name__}: {error}")
    finally:
        sys.settrace(None)
    print(func.__name__, start, to, out, sys.exception())


class With:
    def __enter__(self):
        return self

    def __exit__(self, *info):
        pass


def plain(out):
    a = 1
    out.append(a)
    a = 2
    out.append(a)


def loops(out):
    for i in 1, 2:
        out.append(i)
        for j in 3, 4:
            out.append(j)
    out.append("end")


def withs(out):
    out.append(1)
    with With():
        out.append(2)
    out.append(3)


def tries(out):
    try:
        out.append(1)
        1 / 0
    except ZeroDivisionError as e:
        out.append(type(e).__name__)
        out.append(sys.exception() is e)
    finally:
        out.append("finally")
        out.append("more")
    out.append(sys.exception())


for args in (2, 4), (4, 2), (4, -5), (2, 50), (3, 1):
    run(plain, *args)
for args in (5, 2), (4, 5), (4, 1), (1, 2), (5, 4), (2, 5):
    run(loops, *args)
for args in (1, 3), (3, 4), (3, 1), (4, 3), (1, 2):
    run(withs, *args)
for args in (2, 5), (5, 2), (6, 10), (5, 6), (8, 9), (9, 10), (2, 8), (10, 2):
    run(tries, *args)
run(plain, 0, 2, "call")
run(plain, 4, 2, "return")


def outside():
    frame = sys._getframe()
    try:
        frame.f_lineno = frame.f_lineno + 1
    except ValueError as e:
        print(e)


outside()
