"""Trace events and line numbers where blocks are left: finally, with, implicit returns, reraising."""
import sys


def events(f):
    seen = []

    def trace(frame, event, arg):
        seen.append((frame.f_code.co_name, event, frame.f_lineno and frame.f_lineno - f.__code__.co_firstlineno))
        return trace

    sys.settrace(trace)
    try:
        f()
    except Exception as error:
        lines = []
        tb = error.__traceback__.tb_next
        while tb:
            frame = tb.tb_frame
            lines.append((tb.tb_lineno - f.__code__.co_firstlineno,
                          frame.f_lineno and frame.f_lineno - frame.f_code.co_firstlineno))
            tb = tb.tb_next
    else:
        lines = None
    finally:
        sys.settrace(None)
    print(f.__name__, lines)
    for event in seen:
        print("   ", *event)


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *info):
        pass


def break_finally():
    for i in (1, 2):
        try:
            if i:
                break
        finally:
            i + 1
    return 5


def return_finally():
    try:
        return 1
    finally:
        len("")


def return_with():
    with Manager():
        return len("x")


def nested_if(a=0, b=1):
    if b:
        if a:
            a = 1
        else:
            if a:
                pass
    else:
        pass


def try_in_try():
    try:
        try:
            len("")
        except ValueError:
            pass
    except OSError:
        pass


def raise_in_with():
    with Manager():
        1 / 0
        len("")


def raise_in_handler():
    try:
        1 / 0
    except ZeroDivisionError as e:
        e + 1
        len("")


def not_matched():
    try:
        1 / 0
    except KeyError:
        pass


def raise_in_finally():
    try:
        1 / 0
    finally:
        [] + 1
        len("")


def generator():
    try:
        yield 1
        yield 2
    finally:
        len("")


def closes():
    g = generator()
    next(g)
    g.close()


def delegates():
    def outer():
        x = yield from generator()
        return x
    for i in outer():
        pass


class Count:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 1:
            raise StopIteration
        return self.n


def iterates():
    for i in Count():
        pass


for f in (break_finally, return_finally, return_with, nested_if, try_in_try, raise_in_with, raise_in_handler,
          not_matched, raise_in_finally, closes, delegates, iterates):
    events(f)
