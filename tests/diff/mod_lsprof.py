"""_lsprof and cProfile: who called whom how often; timers; wrong arguments."""
import _lsprof
import cProfile
import math
import pstats
import io
import re
import sys


def f(n):
    return n and f(n - 1) + len([1])


def gen(n):
    for i in range(n):
        yield math.sqrt(i)


class C:
    def __init__(self):
        self.x = sorted([3, 1, 2], key=lambda v: -v)

    def __getattr__(self, name):
        return name.upper()


def work():
    f(3)
    list(gen(3))
    C().foo
    "a,b".split(",")
    try:
        int("x")
    except ValueError:
        pass
    try:
        math.sqrt(-1)
    except ValueError:
        pass


def name(code):
    return code if isinstance(code, str) else code.co_name


def show(p):
    for e in sorted(p.getstats(), key=lambda e: name(e.code)):
        calls = e.calls and sorted((name(c.code), c.callcount, c.reccallcount) for c in e.calls)
        print(name(e.code), e.callcount, e.reccallcount, calls)


def t(fn, *a, **k):
    try:
        print(fn(*a, **k))
    except BaseException as e:
        print(type(e).__name__, e)


p = _lsprof.Profiler()
p.enable()
work()
p.disable()
show(p)
p.clear()
print(p.getstats())
for options in ({"builtins": False}, {"subcalls": False}, {"subcalls": False, "builtins": False}):
    p = _lsprof.Profiler()
    p.enable(**options)
    work()
    p.disable()
    print(options)
    show(p)
p = _lsprof.Profiler()
p.enable()
max(*([0],), **{"key": int})
max([0], key=int)
list(*([1],))
[].append(*(1,))
p.disable()
show(p)
print(sys.getprofile())
p.enable()
print(sys.getprofile() is p)
p.disable()
ticks = iter(range(1000000))
p = _lsprof.Profiler(lambda: next(ticks), 0.5)
p.enable(builtins=False)
f(2)
p.disable()
for e in p.getstats():
    print(name(e.code), e.callcount, e.reccallcount, e.totaltime, e.inlinetime)
t(_lsprof.Profiler, foo=1)
t(p.enable, 1, 2, 3)
print(_lsprof.profiler_entry.__name__, _lsprof.profiler_entry.n_fields, _lsprof.profiler_subentry.n_fields)
out = io.StringIO()
profile = cProfile.Profile()
print(profile.runcall(f, 2))
pstats.Stats(profile, stream=out).strip_dirs().sort_stats("name").print_stats()
print(re.sub(r"\d+\.\d+", "T", out.getvalue()))
