"""Threads that look at each other's frames while these run, return and raise; super() and functions made meanwhile."""
import sys
import threading
import time

sys.setswitchinterval(1e-4)
END = time.monotonic() + 1.0
errors = []


class Base:
    def f(self, n):
        return n


class Sub(Base):
    def f(self, n):
        return super().f(n) + 1


class Other(Sub):
    def f(self, n):
        return super().f(n) + 1


def deep(n):
    if n:
        return deep(n - 1) + 1
    made = lambda: n
    return made() + Sub().f(0) + Other().f(0) - 3


def generate(n):
    for i in range(n):
        yield deep(i % 3)


def run():
    for i in range(50):
        assert deep(i % 20) == i % 20
        sum(generate(5))
        frame = sys._getframe()
        assert frame.f_code is run.__code__ and frame.f_lineno > 0 and frame.f_back.f_code is work.__code__


def look():
    for frame in sys._current_frames().values():
        depth = 0
        while frame is not None and depth < 40:
            assert frame.f_code.co_name and (frame.f_lineno or 1) > 0 and frame.f_lasti >= -1
            assert isinstance(frame.f_globals, dict) and frame.f_builtins is not None
            repr(frame)
            frame = frame.f_back
            depth += 1


def work(function):
    try:
        while time.monotonic() < END and not errors:
            function()
    except BaseException as e:
        errors.append(e)
        raise


threads = [threading.Thread(target=work, args=(f,)) for f in (run, run, look)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not errors, errors
print("ok")
